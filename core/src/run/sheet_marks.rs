//! Sheets of raters as they come in: marks all in one text are taken apart, and nobody rates himself where others do.

use std::collections::BTreeSet;

use kaohe_grammar::{fold_name, say};

use super::read::{listed, sheet_cell};
use super::table::Bound;
use crate::code::Code;
use crate::error::DataError;
use crate::eval::facts::DetailTable;
use crate::eval::input::{as_text, read};
use crate::fault::{Cause, Fault, FaultCode};
use crate::number::Number;
use crate::plan::{Detail, Plan, SheetCell};
use crate::ratings::Scale;
use crate::row::Cell;
use crate::value::Value;

/// Writes who rates as text, without blanks around it: a number is its digits, as a host reads a column of ids with gaps as
/// floats.
///
/// # Errors
///
/// [`DataError`] naming every sheet whose rater is nothing of the kind.
pub(super) fn raters_named(detail: &Detail, bound: &mut Bound) -> Result<(), DataError> {
    let place = detail.inputs.iter().position(|input| matches!(input.sheet, Some(SheetCell::Rater)));
    let Some(mut cells) = place.and_then(|place| bound.columns.get_mut(place)).map(std::mem::take) else {
        return Ok(());
    };
    let mut wrong = Vec::new();
    for (row, cell) in cells.iter_mut().enumerate() {
        let text = match cell {
            Cell::Missing => continue,
            Cell::Text(text) => Some(text.trim().to_owned()),
            Cell::Integer(integer) => Some(integer.to_string()),
            Cell::Float(float) if float.is_nan() => {
                *cell = Cell::Missing;
                continue;
            }
            Cell::Float(float) => Number::from_float(*float).ok().flatten().and_then(|number| whole(&number)),
            Cell::Decimal(decimal) => whole(&Number::from(*decimal)),
            Cell::Truth(_) | Cell::Date(_) | Cell::Unreadable => None,
        };
        match text {
            Some(text) if text.is_empty() => *cell = Cell::Missing,
            Some(text) => *cell = Cell::Text(text),
            None => wrong.push(bound.line(row).to_string()),
        }
    }
    if let Some(column) = place.and_then(|place| bound.columns.get_mut(place)) {
        *column = cells;
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let (name, told) = (&detail.name, listed(&wrong));
    let (en, zh) = (told.en, told.zh);
    Err(DataError {
        code: Code::WrongType,
        message: say!(
            "ratings `{name}`: sheets whose rater is neither a text nor a whole number: {en}",
            "测评 `{name}`：以下考评表的考评人既不是文本也不是整数：{zh}"
        ),
        help: Some(say!("name raters by text, or leave them out", "考评人请用文本，也可以不写")),
        offenders: wrong,
    })
}

fn whole(number: &Number) -> Option<String> {
    number.is_integer().then(|| number.to_string())
}

/// Puts marks that stand in one text into the columns of the items, one for each in their order.
///
/// # Errors
///
/// [`DataError`] naming every sheet whose text has not one mark for each item, or that has marks of its own besides.
pub(super) fn taken_apart(detail: &Detail, bound: &mut Bound) -> Result<(), DataError> {
    let place = detail.inputs.iter().position(|input| matches!(input.sheet, Some(SheetCell::Marks)));
    let Some(cells) = place.and_then(|place| bound.columns.get_mut(place)).map(std::mem::take) else { return Ok(()) };
    let Some((.., SheetCell::Item { scale, .. })) = detail.items().next() else { return Ok(()) };
    let role = detail.role_column();
    let mut wrong = Vec::new();
    for (row, cell) in cells.iter().enumerate() {
        let role = role.and_then(|place| {
            let cell = bound.columns.get(place)?.get(row)?;
            role_of(read(detail.inputs.get(place)?, cell).ok()?)
        });
        let items: Vec<usize> = detail.items().filter(|(.., item)| item.is_asked_of(role)).map(|(at, ..)| at).collect();
        let marks = match as_text(cell) {
            Ok(None) => continue,
            Ok(Some(text)) => marks_in(scale, &text),
            Err(_) => Vec::new(),
        };
        let twice = items.iter().any(|at| {
            let own = bound.columns.get(*at).and_then(|column| column.get(row));
            own.is_some_and(|cell| as_text(cell) != Ok(None))
        });
        if marks.len() != items.len() || twice {
            wrong.push(bound.line(row).to_string());
            continue;
        }
        for (at, mark) in items.iter().zip(marks) {
            if let Some(cell) = bound.columns.get_mut(*at).and_then(|column| column.get_mut(row)) {
                *cell = Cell::Text(mark);
            }
        }
    }
    if let Some(column) = place.and_then(|place| bound.columns.get_mut(place)) {
        *column = cells;
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let (count, told) = (detail.items().count(), listed(&wrong));
    let (name, en, zh) = (&detail.name, told.en, told.zh);
    let all_asked = detail.items().all(|(.., item)| matches!(item, SheetCell::Item { asked: None, .. }));
    Err(DataError {
        code: Code::SheetMarks,
        message: if all_asked {
            say!(
                "ratings `{name}`: sheets without one mark for each of the {count} items: {en}",
                "测评 `{name}`：以下考评表的评分与 {count} 个考评项不是一一对应：{zh}"
            )
        } else {
            say!(
                "ratings `{name}`: sheets without one mark for each item that their role is asked: {en}",
                "测评 `{name}`：以下考评表的评分与其角色应评的考评项不是一一对应：{zh}"
            )
        },
        help: Some(say!(
            "write a mark for each item in their order, such as `BAABBAA`, or a column for each item",
            "请按考评项的顺序逐项写评分，如 `BAABBAA`，或每项一列"
        )),
        offenders: wrong,
    })
}

/// The place of a role among those of the appraisal.
fn role_of(value: Value) -> Option<usize> {
    match value {
        Value::Choice(role) => usize::try_from(role).ok(),
        _ => None,
    }
}

/// Holds the marks that were read to what the plan asks of the role of each sheet: an item that is asked is there where it
/// must be, and none is there that is not asked.
///
/// # Errors
///
/// [`DataError`] naming every sheet with a mark for an item that its role is not asked.
pub(super) fn just_what_is_asked(plan: &Plan, detail: &Detail, found: &mut DetailTable) -> Result<(), DataError> {
    let roles = detail.role_column().and_then(|place| found.cells.get(place)).map_or(&[][..], Vec::as_slice);
    let roles: Vec<Option<usize>> = roles.iter().map(|role| role_of(role.as_ref().ok()?.clone())).collect();
    let mut beside: BTreeSet<usize> = BTreeSet::new();
    for (place, input, item) in detail.items() {
        let SheetCell::Item { asked: Some(asked), .. } = item else { continue };
        let absent = Cause::Fault(Fault { code: FaultCode::Missing, node: plan.column(input.column).body });
        let cells = found.cells.get_mut(place).map_or(&mut [][..], Vec::as_mut_slice);
        for ((row, cell), role) in cells.iter_mut().enumerate().zip(&roles) {
            let is_missing = matches!(cell, Ok(Value::Missing));
            match item.is_asked_of(*role) {
                true if is_missing && asked.required => *cell = Err(absent),
                false if !is_missing => {
                    beside.insert(row);
                }
                _ => {}
            }
        }
    }
    if beside.is_empty() {
        return Ok(());
    }
    let line = |row: &usize| found.line(u32::try_from(*row).unwrap_or(u32::MAX)).to_string();
    let offenders: Vec<String> = beside.iter().map(line).collect();
    let (name, told) = (&detail.name, listed(&offenders));
    let (en, zh) = (told.en, told.zh);
    Err(DataError {
        code: Code::SheetMarks,
        message: say!(
            "ratings `{name}`: sheets with marks for items that the plan does not ask of their role: {en}",
            "测评 `{name}`：以下考评表对考核计划未要求该角色评的考评项评了分：{zh}"
        ),
        help: Some(say!(
            "leave these marks empty, or have the plan ask the role for the items",
            "请留空这些评分，或在考核计划中让该角色评这些考评项"
        )),
        offenders,
    })
}

/// Whether nothing is marked in a sheet: it counts for nobody. Where every item that is asked must be marked, one that is
/// not is a fault, and no sheet is blank.
pub(super) fn is_blank(detail: &Detail, table: &DetailTable, sheet: u32) -> bool {
    detail.items().all(|(at, ..)| matches!(sheet_cell(table, at, sheet), Some(Ok(Value::Missing))))
}

/// The marks of a text: what stands between separators, or each of its characters where there are none.
fn marks_in(scale: &Scale, text: &str) -> Vec<String> {
    let folded = fold_name(text.trim());
    let separates = |each: char| matches!(each, ',' | ';' | '/') || each.is_whitespace();
    if folded.contains(separates) {
        return folded.split(separates).map(str::trim).filter(|mark| !mark.is_empty()).map(str::to_owned).collect();
    }
    let single = match scale {
        Scale::Letters(letters) => letters.iter().all(|letter| letter.chars().count() == 1),
        Scale::Stars(stars) => *stars < 10,
        Scale::Marks { max, places, .. } => *max < 10 && *places == 0,
    };
    if single { folded.chars().map(String::from).collect() } else { vec![folded] }
}

/// Holds sheets to who rates whom: in a role of one's own everybody rates himself, in the others nobody does. `owners` are
/// the rows with the keys of those they are about.
///
/// # Errors
///
/// [`DataError`] naming every sheet that is otherwise.
pub(super) fn nobody_rates_himself(detail: &Detail, bound: &Bound, owners: &[(&str, &[u32])]) -> Result<(), DataError> {
    let find = |is: fn(&SheetCell) -> bool| {
        let place = detail.inputs.iter().position(|input| input.sheet.as_ref().is_some_and(is))?;
        Some((detail.inputs.get(place)?, bound.columns.get(place)?))
    };
    let role = find(|cell| matches!(cell, SheetCell::Role(_)));
    let rater = find(|cell| matches!(cell, SheetCell::Rater));
    let (Some((role, roles)), Some((rater, raters))) = (role, rater) else { return Ok(()) };
    let Some(SheetCell::Role(own)) = &role.sheet else { return Ok(()) };
    let mut wrong: Vec<u32> = Vec::new();
    for (key, rows) in owners {
        for row in *rows {
            let role = roles.get(*row as usize).and_then(|cell| read(role, cell).ok());
            let rater = raters.get(*row as usize).and_then(|cell| read(rater, cell).ok());
            let (Some(Value::Choice(role)), Some(Value::Text(rater))) = (role, rater) else {
                continue;
            };
            let is_own = own.get(role as usize).copied().unwrap_or(false);
            if is_own != (&*rater == *key) {
                wrong.push(bound.line(*row as usize));
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.sort_unstable();
    let offenders: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    let (name, told) = (&detail.name, listed(&offenders));
    let (en, zh) = (told.en, told.zh);
    Err(DataError {
        code: Code::SelfRating,
        message: say!(
            "ratings `{name}`: people rate themselves in a role with `self: true`, and there alone: {en}",
            "测评 `{name}`：只有 `self: true` 的角色由本人自评，且只能自评：{zh}"
        ),
        help: Some(say!("correct the role or the rater of these sheets", "请更正这些考评表的角色或考评人")),
        offenders,
    })
}
