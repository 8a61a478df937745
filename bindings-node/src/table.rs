//! A table on its way in: taken over block by block on the event loop, made one of the library off it.

use std::collections::HashSet;

use kaohe::plan::Input;
use kaohe::{Cell, Row, Scheme, Table};
use kaohe_grammar::fold_name;
use napi::bindgen_prelude::{Either, Float64Array};

use crate::cell;
use crate::error::Result;

/// A column of a block as it came: read off the event loop.
pub(crate) enum Column {
    Numbers(Vec<f64>),
    Marked(String),
}

impl Column {
    pub(crate) fn of(column: Either<Float64Array, String>) -> Self {
        match column {
            Either::A(numbers) => Self::Numbers(numbers.to_vec()),
            Either::B(marked) => Self::Marked(marked),
        }
    }

    fn cells(self) -> Result<Vec<Cell>> {
        match self {
            Self::Numbers(numbers) => Ok(numbers.into_iter().map(cell::number).collect()),
            Self::Marked(marked) => cell::column(&marked),
        }
    }
}

/// Some rows of a table.
enum Block {
    /// One column for each header that is looked at.
    Columns(Vec<Column>),
    /// A JSON list, where rows do not all have the same names.
    Rows(String),
}

/// A table that is being taken over.
pub(crate) struct Incoming {
    headers: Vec<String>,
    /// For each header whether the scheme reads anything under it. The others are names alone, so that the library can
    /// tell a misspelt name from one that has nothing to do with it.
    read: Vec<bool>,
    blocks: Vec<Block>,
    rows: usize,
}

impl Incoming {
    /// A table of people, or of a detail table's rows.
    pub(crate) fn new(scheme: &Scheme, detail: Option<&str>, headers: Vec<String>) -> Self {
        Self::of(&names(scheme, detail), headers)
    }

    /// A table of which the cells under these names are looked at.
    pub(crate) fn of(names: &HashSet<&str>, headers: Vec<String>) -> Self {
        let read = headers.iter().map(|header| names.contains(&*fold_name(header.trim()))).collect();
        Self { headers, read, blocks: Vec::new(), rows: 0 }
    }

    /// For each header whether its cells are looked at.
    pub(crate) fn read(&self) -> &[bool] {
        &self.read
    }

    /// Adds rows by column: one for each header that is looked at.
    pub(crate) fn add_columns(&mut self, rows: usize, columns: Vec<Column>) {
        self.rows = self.rows.saturating_add(rows);
        self.blocks.push(Block::Columns(columns));
    }

    /// Adds rows that name their cells.
    pub(crate) fn add_rows(&mut self, rows: usize, json: String) {
        self.rows = self.rows.saturating_add(rows);
        self.blocks.push(Block::Rows(json));
    }

    /// The table as the library takes it.
    pub(crate) fn into_table(self) -> Result<Table> {
        let read = self.read.iter().filter(|read| **read).count();
        let (mut columns, mut rows) = (vec![Vec::new(); read], None::<Vec<Row>>);
        for block in self.blocks {
            match block {
                Block::Rows(json) => rows.get_or_insert_default().extend(cell::rows(&json)?),
                Block::Columns(part) => {
                    for (column, part) in columns.iter_mut().zip(part) {
                        column.extend(part.cells()?);
                    }
                }
            }
        }
        if let Some(rows) = rows {
            return Ok(Table::of_rows(rows));
        }
        let mut columns = columns.into_iter();
        let headers = self.headers.into_iter().zip(self.read);
        let table: Vec<(String, Vec<Cell>)> = headers
            .map(|(header, read)| (header, if read { columns.next().unwrap_or_default() } else { Vec::new() }))
            .collect();
        Ok(Table::of_columns(table).with_rows(self.rows))
    }
}

/// The names under which a table's cells are looked at.
fn names<'s>(scheme: &'s Scheme, detail: Option<&str>) -> HashSet<&'s str> {
    let of = |inputs: &'s [Input]| inputs.iter().flat_map(Input::names);
    let Some(name) = detail else { return of(scheme.inputs()).collect() };
    let plan = scheme.plan();
    let Some(detail) = plan.detail_named(&fold_name(name.trim())).map(|id| plan.detail(id)) else {
        return HashSet::new();
    };
    of(&detail.inputs).chain(detail.key_headers.iter().map(|header| &**header)).collect()
}
