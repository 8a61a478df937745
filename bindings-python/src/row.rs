//! One person's facts on their way in: a dictionary becomes a row.

use std::collections::HashSet;

use kaohe::code::Code;
use kaohe::diagnostic::Message;
use kaohe::{Cell, Row};
use kaohe_grammar::{fold_name, say};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::cell::{Refusal, cell};
use crate::error::refuse;

/// The names a row can have a fact under.
pub(crate) type Names = HashSet<String>;

/// The row a dictionary is.
///
/// A value is only looked at when its name is one of `names`; the others are handed on as names without a value, so
/// that the library can tell a misspelt name from one that has nothing to do with it.
pub(crate) fn row(names: &Names, facts: &Bound<'_, PyDict>) -> PyResult<Row> {
    let py = facts.py();
    let mut row = Row::new();
    let mut seen = HashSet::with_capacity(facts.len());
    let mut refused = Refused::default();
    for (key, value) in facts.iter() {
        let Ok(name) = key.cast::<PyString>() else { continue };
        let Ok(name) = name.to_str() else { continue };
        let folded = fold_name(name);
        let fact = if names.contains(&*folded) { cell(&value) } else { Ok(Cell::Missing) };
        match fact {
            Ok(fact) => row.set(name, fact),
            Err(refusal) => refused.add(name, None, refusal),
        }
        if !seen.insert(folded) {
            return Err(refuse(
                py,
                Code::HeaderTwice,
                say!("the row has two facts for `{name}`", "该行有两个值对应 `{name}`"),
                say!("keep one of them", "请只留一个"),
                vec![name.to_owned()],
            ));
        }
    }
    refused.into_result(py)?;
    Ok(row)
}

/// The values that are no cells, told together.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    found: Vec<(String, Option<usize>, Refusal)>,
}

impl Refused {
    /// One more: of this column, in this row of a table.
    pub(crate) fn add(&mut self, column: &str, row: Option<usize>, refusal: Refusal) {
        self.found.push((column.to_owned(), row, refusal));
    }

    /// One error that names them all, if there are any.
    pub(crate) fn into_result(self, py: Python<'_>) -> PyResult<()> {
        let Some((_, _, first)) = self.found.first() else { return Ok(()) };
        let help = first.help();
        let told: Vec<Message> = self
            .found
            .iter()
            .map(|(column, row, refusal)| {
                let told = refusal.told(column);
                match row.map(|row| row.saturating_add(1)) {
                    Some(row) => {
                        Message::new(format!("{} (row {row})", told.en), format!("{}（第 {row} 行）", told.zh))
                    }
                    None => told,
                }
            })
            .collect();
        let join = |of: fn(&Message) -> &str, with: &str| told.iter().map(of).collect::<Vec<_>>().join(with);
        let message = Message::new(join(|told| &told.en, "; "), join(|told| &told.zh, "；"));
        let offenders = self.found.into_iter().map(|(column, ..)| column).collect();
        Err(refuse(py, Code::WrongType, message, help, offenders))
    }
}
