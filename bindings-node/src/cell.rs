//! Cells on their way in: a text whose first letter says what it was in JavaScript.
//!
//! | mark | cell |
//! |---|---|
//! | `t…` | text |
//! | `n…` | a number, in the shortest text that means it |
//! | `i…` | a bigint |
//! | `b1`, `b0` | true, false |
//!
//! Nothing at all is a missing cell. A column that has only numbers comes as the numbers themselves.

use std::collections::HashMap;

use kaohe::{Cell, Row};

use crate::error::{Result, internal};

/// The largest float of which every smaller whole number is a float too.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A JavaScript number. A whole one is an integer, so that `7` can also be an employee's number or a truth of 0 and 1.
pub(crate) fn number(value: f64) -> Cell {
    if value.fract() == 0.0 && value.abs() <= MAX_WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "whole and at most 2^53, so the integer is the float")]
        return Cell::Integer(value as i64);
    }
    Cell::Float(value)
}

/// A marked cell.
pub(crate) fn marked(text: Option<&str>) -> Result<Cell> {
    let Some(text) = text else { return Ok(Cell::Missing) };
    let mut characters = text.chars();
    let (mark, rest) = (characters.next(), characters.as_str());
    match mark {
        Some('t') => Ok(Cell::from(rest)),
        Some('n') => rest.parse().map(number).map_err(|error| internal(&error)),
        // beyond 64 bits its digits are a decimal text like any other
        Some('i') => Ok(rest.parse::<i64>().map_or_else(|_| Cell::from(rest), Cell::from)),
        Some('b') => Ok(Cell::Truth(rest == "1")),
        _ => Err(internal(&"a cell without its mark")),
    }
}

/// The text of a cell that names a row; empty when there is none.
pub(crate) fn key(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Integer(integer) => integer.to_string(),
        Cell::Float(float) if !float.is_nan() => float.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        _ => String::new(),
    }
}

/// One person's facts from a JSON map of marked cells.
pub(crate) fn row(json: &str) -> Result<Row> {
    let cells: HashMap<String, Option<String>> = serde_json::from_str(json).map_err(|error| internal(&error))?;
    let mut row = Row::new();
    for (name, text) in &cells {
        row.set(name, marked(text.as_deref())?);
    }
    Ok(row)
}

/// A column of facts from a JSON list of marked cells.
pub(crate) fn column(json: &str) -> Result<Vec<Cell>> {
    let cells: Vec<Option<String>> = serde_json::from_str(json).map_err(|error| internal(&error))?;
    cells.iter().map(|text| marked(text.as_deref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_what_its_mark_says() {
        let cell = |text| marked(Some(text)).unwrap();
        assert_eq!(cell("t007"), Cell::Text("007".to_owned()));
        assert_eq!(cell("n7"), Cell::Integer(7));
        assert_eq!(cell("n0.1"), Cell::Float(0.1));
        assert_eq!(cell("n1e+21"), Cell::Float(1e21));
        assert_eq!(cell("i-12"), Cell::Integer(-12));
        assert_eq!(cell("i123456789012345678901"), Cell::Text("123456789012345678901".to_owned()));
        assert_eq!(cell("b1"), Cell::Truth(true));
        assert_eq!(marked(None).unwrap(), Cell::Missing);
        assert!(marked(Some("")).is_err() && marked(Some("x1")).is_err());
    }

    #[test]
    fn numbers_that_are_none_stay_floats() {
        assert_eq!(number(f64::INFINITY), Cell::Float(f64::INFINITY));
        assert!(matches!(number(f64::NAN), Cell::Float(nan) if nan.is_nan()));
        assert_eq!(number(1e17), Cell::Float(1e17));
        assert_eq!(number(-0.0), Cell::Integer(0));
    }
}
