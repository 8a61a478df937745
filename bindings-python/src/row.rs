//! One person's facts on their way in: a dictionary becomes a row.

use kaohe::code::Code;
use kaohe::diagnostic::Message;
use kaohe::{Cell, Row};
use kaohe_grammar::fold_name;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::cell::{Refusal, cell};
use crate::error::{data_error, refuse};
use crate::table::Names;

/// The row a dictionary is; `at`: its place in a table, if it is of one.
///
/// A value is only looked at when its name is one of `names`. One that is no cell goes to `refused`.
pub(crate) fn row(names: &Names, facts: &Bound<'_, PyDict>, at: Option<usize>, refused: &mut Refused) -> PyResult<Row> {
    let py = facts.py();
    let mut row = Row::new();
    for (key, value) in facts.iter() {
        let Ok(name) = key.cast::<PyString>() else { continue };
        let Ok(name) = name.to_str() else { continue };
        let fact = if names.contains(&*fold_name(name.trim())) { cell(&value) } else { Ok(Cell::Missing) };
        let fact = fact.unwrap_or_else(|refusal| {
            refused.add(name, at, refusal);
            Cell::Missing
        });
        row.add(name, fact).map_err(|error| data_error(py, &error))?;
    }
    Ok(row)
}

/// The row of one person, all of whose facts are cells.
pub(crate) fn person(names: &Names, facts: &Bound<'_, PyDict>) -> PyResult<Row> {
    let mut refused = Refused::default();
    let row = row(names, facts, None, &mut refused)?;
    refused.into_result(facts.py())?;
    Ok(row)
}

/// The values that are no cells, told together.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    found: Vec<(String, Option<usize>, Refusal)>,
}

impl Refused {
    /// One more: of this column, in this row of a table. The first of a column is told.
    pub(crate) fn add(&mut self, column: &str, row: Option<usize>, refusal: Refusal) {
        if !self.found.iter().any(|(found, ..)| found == column) {
            self.found.push((column.to_owned(), row, refusal));
        }
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
