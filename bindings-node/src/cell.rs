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

use crate::error::{Result, data, internal};

/// The largest float of which every smaller whole number is a float too.
pub(crate) const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

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

/// Marked cells by name, as they come in JSON.
type Marked = HashMap<String, Option<String>>;

fn row_of(cells: &Marked) -> Result<Row> {
    let mut row = Row::new();
    for (name, text) in cells {
        row.add(name, marked(text.as_deref())?).map_err(|refused| data(&refused))?;
    }
    Ok(row)
}

/// One person's facts from a JSON map of marked cells.
pub(crate) fn row(json: &str) -> Result<Row> {
    row_of(&serde_json::from_str(json).map_err(|error| internal(&error))?)
}

/// The facts of several rows from a JSON list of maps of marked cells.
pub(crate) fn rows(json: &str) -> Result<Vec<Row>> {
    let rows: Vec<Marked> = serde_json::from_str(json).map_err(|error| internal(&error))?;
    rows.iter().map(row_of).collect()
}

/// The rows of detail tables from a JSON list of pairs: a name, and a list of maps of marked cells.
pub(crate) fn tables(json: &str) -> Result<Vec<(String, Vec<Row>)>> {
    let tables: Vec<(String, Vec<Marked>)> = serde_json::from_str(json).map_err(|error| internal(&error))?;
    tables.into_iter().map(|(name, rows)| Ok((name, rows.iter().map(row_of).collect::<Result<_>>()?))).collect()
}

/// Cells by name from a JSON map of marked cells.
pub(crate) fn by_name(json: &str) -> Result<Vec<(String, Cell)>> {
    let cells: Marked = serde_json::from_str(json).map_err(|error| internal(&error))?;
    cells.into_iter().map(|(name, text)| Ok((name, marked(text.as_deref())?))).collect()
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
