//! Severity inside a run: the sheets of each role over all people, without what their raters add.
//!
//! The mathematics is [`SeverityAdjustment`]'s; here are gathered the sheets it is asked of. What is told of raters counts
//! them and names nobody but those who are rated.

use std::collections::HashMap;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::read::{listed, sheet_cell};
use super::sheet_marks::is_blank;
use crate::code::Code;
use crate::error::DataError;
use crate::eval::facts::DetailTable;
use crate::eval::figures::{AdjustedSheets, GroupFigures};
use crate::eval::row::CellResult;
use crate::eval::trace::Sink;
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::{ColumnId, Detail, Group, NodeId, SheetCell, SheetSeverity};
use crate::ratings::RatingTable;
use crate::ratings::severity::{Method, SeverityAdjustment, Unconnected, connected};
use crate::value::Value;

/// How many groups of raters a note tells of.
const GROUPS_TOLD: usize = 5;

/// One sheet as it was scored: whose column, whose sheet, which one.
pub(super) struct SheetScore {
    pub(super) column: ColumnId,
    pub(super) person: usize,
    pub(super) sheet: u32,
    pub(super) score: CellResult,
}

/// Keeps the scores of sheets, and nothing else.
pub(super) struct Scores<'c> {
    pub(super) columns: &'c [ColumnId],
    pub(super) person: usize,
    pub(super) found: Vec<SheetScore>,
}

impl Sink for Scores<'_> {
    fn record(&mut self, _: NodeId, _: &CellResult) {}

    fn row(&mut self, _: NodeId, _: u32, _: &Value) {}

    fn cell(&mut self, column: ColumnId, sheet: u32, cell: &CellResult) {
        if self.columns.contains(&column) {
            self.found.push(SheetScore { column, person: self.person, sheet, score: cell.clone() });
        }
    }
}

/// What the sheets of one role come to. `keys` are the keys of the people, by row; `called` is what the role is called.
pub(super) fn of_role(
    (group, severity): (&Group, &SheetSeverity),
    (detail, table): (&Detail, &DetailTable),
    sheets: &[SheetScore],
    keys: &[String],
) -> GroupFigures {
    let place =
        |is: fn(&SheetCell) -> bool| detail.inputs.iter().position(|input| input.sheet.as_ref().is_some_and(is));
    let role_at = place(|cell| matches!(cell, SheetCell::Role(_)));
    let rater_at = place(|cell| matches!(cell, SheetCell::Rater));
    let cell = |at: Option<usize>, sheet: u32| {
        at.and_then(|at| sheet_cell(table, at, sheet)).and_then(|cell| cell.as_ref().ok())
    };
    let (mut left_out, mut astray) = (Vec::new(), Vec::new());
    let mut own: Vec<&SheetScore> = Vec::new();
    let mut of_person: HashMap<usize, u32> = HashMap::new();
    for each in sheets.iter().filter(|each| Some(each.column) == group.value) {
        match cell(role_at, each.sheet) {
            Some(Value::Choice(role)) if *role == severity.role && !is_blank(detail, table, each.sheet) => {
                own.push(each);
                *of_person.entry(each.person).or_default() += 1;
            }
            Some(_) => {}
            None => astray.push(u32::try_from(each.person).unwrap_or(u32::MAX)),
        }
    }
    own.retain(|each| of_person.get(&each.person).is_some_and(|count| *count >= severity.minimum));
    let mut rated: Vec<(u32, usize, Arc<str>, Number)> = Vec::new();
    for each in own {
        match (cell(rater_at, each.sheet), &each.score) {
            (Some(Value::Text(rater)), Ok(Value::Number(score))) => {
                rated.push((each.sheet, each.person, Arc::clone(rater), score.clone()));
            }
            _ => left_out.push(u32::try_from(each.person).unwrap_or(u32::MAX)),
        }
    }
    for list in [&mut left_out, &mut astray] {
        list.sort_unstable();
        list.dedup();
    }
    let counted = u32::try_from(rated.len()).unwrap_or(u32::MAX);
    GroupFigures {
        known: true,
        group_of: vec![0; keys.len()],
        left_out: vec![left_out],
        astray,
        counted: vec![counted],
        sheets: Some(Box::new(adjusted(&role_called(detail, severity.role), severity, &rated, keys))),
        ..GroupFigures::default()
    }
}

/// What a role is called: `民主测评.同事`.
fn role_called(detail: &Detail, role: u32) -> String {
    let words = detail.inputs.iter().find_map(|input| match (&input.sheet, &input.kind) {
        (Some(SheetCell::Role(_)), crate::value::Kind::Choice(list)) => list.word(role),
        _ => None,
    });
    format!("{}.{}", detail.name, words.map_or("", |word| &**word))
}

fn adjusted(
    called: &str,
    severity: &SheetSeverity,
    rated: &[(u32, usize, Arc<str>, Number)],
    keys: &[String],
) -> AdjustedSheets {
    if rated.is_empty() {
        return AdjustedSheets::default();
    }
    let key = |person: &usize| keys.get(*person).map_or("", String::as_str);
    let ratings = rated.iter().map(|(_, person, rater, score)| (key(person), &**rater, score.clone()));
    let table = match RatingTable::new(ratings) {
        Ok(table) => table,
        Err(error) => return refused(called, None, &error),
    };
    let found = match SeverityAdjustment::of(&table, severity.method) {
        Ok(found) => found,
        Err(error) => return refused(called, Some(&table), &error),
    };
    let places = i32::try_from(severity.places).unwrap_or(0);
    let scores: HashMap<u32, Number> = rated
        .iter()
        .zip(found.adjusted())
        .filter_map(|((sheet, ..), score)| Some((*sheet, score?.round(places, severity.mode))))
        .collect();
    let mut notes = Vec::new();
    if severity.method == (Method::Additive { unconnected: Unconnected::Separate }) && found.groups() > 1 {
        let Message { en, zh } = groups_told(&table);
        notes.push((
            Code::NotConnected,
            say!(
                "`{called}`: groups of raters that share nobody they rate are each adjusted in themselves: {en}",
                "`{called}`：没有共同考核对象的考评人分组，各组分别调整：{zh}"
            ),
        ));
    }
    if let count @ 1.. = found.without_spread().len() {
        let raters = if count == 1 { "rater" } else { "raters" };
        notes.push((
            Code::NoSpread,
            say!(
                "`{called}`: {count} {raters} whose scores are all equal are only centred",
                "`{called}`：{count} 名考评人评分全部相同，只作均值中心化"
            ),
        ));
    }
    AdjustedSheets { scores, refused: None, notes }
}

/// Nothing is adjusted, and why; raters are counted.
fn refused(called: &str, table: Option<&RatingTable>, error: &DataError) -> AdjustedSheets {
    let message = match (error.code, table) {
        (Code::NotConnected, Some(table)) => {
            let Message { en, zh } = groups_told(table);
            say!(
                "`{called}`: the raters form groups that share nobody they rate, so their severity cannot be compared: {en}",
                "`{called}`：考评人分成几组，组间没有共同的考核对象，宽严无法比较：{zh}"
            )
        }
        (Code::NoSpread, Some(_)) => match error.offenders.len() {
            0 => {
                let Message { en, zh } = &error.message;
                say!("`{called}`: {en}", "`{called}`：{zh}")
            }
            count => say!(
                "`{called}`: {count} of the raters gave scores that are all equal, which have no z-scores",
                "`{called}`：有 {count} 名考评人评分全部相同，没有标准分"
            ),
        },
        (Code::TooManyDigits, _) => {
            say!("`{called}`: a score has too many digits", "`{called}`：有评分位数过多")
        }
        _ => {
            let Message { en, zh } = &error.message;
            say!("`{called}`: {en}", "`{called}`：{zh}")
        }
    };
    let code = match error.code {
        Code::NotConnected => FaultCode::NotConnected,
        Code::NoSpread => FaultCode::NoSpread,
        Code::TooManyDigits => FaultCode::TooManyDigits,
        // one rater's sheets of one person in one role are one, so nothing but a limit is left
        _ => FaultCode::TooManySheets,
    };
    AdjustedSheets { scores: HashMap::new(), refused: Some(code), notes: vec![(error.code, message)] }
}

/// Groups of raters by how many they are and whom they rate.
fn groups_told(table: &RatingTable) -> Message {
    let groups = connected(table);
    let told: Vec<Message> = groups
        .iter()
        .take(GROUPS_TOLD)
        .map(|(raters, ratees)| {
            let quoted: Vec<String> = ratees.iter().map(|ratee| format!("`{ratee}`")).collect();
            let Message { en, zh } = listed(&quoted);
            let of = if *raters == 1 { "rater" } else { "raters" };
            say!("{raters} {of} of {en}", "{raters} 人评 {zh}")
        })
        .collect();
    let join = |of: fn(&Message) -> &str, with: &str| told.iter().map(of).collect::<Vec<_>>().join(with);
    let more = if groups.len() > told.len() { " / …" } else { "" };
    Message::new(join(|told| &told.en, " / ") + more, join(|told| &told.zh, " / ") + more)
}
