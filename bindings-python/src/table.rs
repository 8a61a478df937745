//! A table on its way in: headers with columns of values, or rows of dictionaries, become a table of the library.

use std::collections::HashSet;

use kaohe::{Cell, Row, Table};
use kaohe_grammar::fold_name;
use pyo3::prelude::*;
use pyo3::types::{PyAny, PyDict, PyList};

use crate::cell::cell;
use crate::row::{Refused, row};

/// The names a value is looked at under; the others are handed on as names alone, so that the library can tell a
/// misspelt name from one that has nothing to do with it.
pub(crate) type Names = HashSet<String>;

/// A table as Python took it apart.
#[derive(FromPyObject)]
pub(crate) enum Frame<'py> {
    /// Its headers, how many rows it has, and what gives the list of values of the column at a place.
    Columns(Vec<String>, usize, Bound<'py, PyAny>),
    /// Rows that do not all have the same names.
    Rows(Vec<Bound<'py, PyDict>>),
}

/// The library's table of one of Python.
///
/// # Errors
///
/// `DataError` naming every column with a value that is no cell, with the first such row.
pub(crate) fn table(py: Python<'_>, names: &Names, frame: Frame<'_>) -> PyResult<Table> {
    let mut refused = Refused::default();
    let table = match frame {
        Frame::Columns(headers, rows, column) => {
            let mut columns = Vec::with_capacity(headers.len());
            for (at, header) in headers.into_iter().enumerate() {
                let cells = if names.contains(&*fold_name(header.trim())) {
                    let values = column.call1((at,))?;
                    cells(&header, rows, values.cast::<PyList>()?, &mut refused)
                } else {
                    Vec::new()
                };
                columns.push((header, cells));
            }
            Table::of_columns(columns).with_rows(rows)
        }
        Frame::Rows(all) => {
            let rows = all.iter().enumerate().map(|(at, facts)| row(names, facts, Some(at), &mut refused));
            Table::of_rows(rows.collect::<PyResult<Vec<Row>>>()?)
        }
    };
    refused.into_result(py)?;
    Ok(table)
}

/// The cells of a column, up to the first value that is none.
fn cells(header: &str, rows: usize, values: &Bound<'_, PyList>, refused: &mut Refused) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(rows);
    for (at, value) in values.iter().enumerate() {
        match cell(&value) {
            Ok(cell) => cells.push(cell),
            Err(refusal) => {
                refused.add(header, Some(at), refusal);
                break;
            }
        }
    }
    cells
}
