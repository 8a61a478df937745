//! What a row is evaluated from: its cells, its detail rows, the values of the run, the figures over its groups.

use std::collections::HashMap;
use std::sync::Arc;

use super::figures::GroupFigures;
use super::input;
use super::owners::Owners;
use super::row::CellResult;
use crate::column::Column;
use crate::fault::{Cause, Fault, FaultCode};
use crate::plan::{Detail, Input, InputId, Plan};
use crate::row::Cell;
use crate::value::Value;

/// The facts of one row, read already.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Facts<'a> {
    /// For each input its cell.
    pub(crate) inputs: &'a [CellResult],
    /// For each value of the run its value.
    pub(crate) given: &'a [Result<Value, FaultCode>],
    /// For each detail table its rows, of all people.
    pub(crate) details: &'a [DetailTable],
    /// The figures over groups, as far as they are computed.
    pub(crate) groups: &'a [GroupFigures],
    /// The place of the row among those of the run.
    pub(crate) row: usize,
}

/// The rows of a detail table.
#[derive(Debug, Default)]
pub(crate) struct DetailTable {
    /// For each input of the table its facts, in the form they came in; nothing where they are read already.
    pub(crate) columns: Vec<Column>,
    /// For each input of the table its cells, a cell for each row, where all are looked at before the run.
    pub(crate) cells: Vec<Vec<CellResult>>,
    /// How many rows there are.
    pub(crate) rows: usize,
    /// Whose the rows are.
    pub(crate) owners: Owners,
    /// What people call each row, where it is not its number from 1.
    pub(crate) lines: Option<Vec<u32>>,
    /// What stands in cells that are no answer to their question, by input and row, to be told with what is wrong.
    pub(crate) refused: HashMap<(InputId, u32), Arc<str>>,
}

impl DetailTable {
    /// A cell as it was read.
    pub(crate) fn cell(&self, plan: &Plan, table: &Detail, input: usize, row: u32) -> CellResult {
        if let Some(cells) = self.cells.get(input) {
            return cells.get(row as usize).cloned().unwrap_or(Ok(Value::Missing));
        }
        match (table.inputs.get(input), self.columns.get(input)) {
            (Some(input), Some(column)) => read_cell(plan, input, &column.cell(row as usize)),
            _ => Ok(Value::Missing),
        }
    }

    /// The rows of a key.
    pub(crate) fn rows_of(&self, key: &str) -> &[u32] {
        match &self.owners {
            Owners::One(rows) => rows,
            Owners::ByKey(rows) => rows.rows_of(key),
            Owners::NotGiven => &[],
        }
    }

    /// What people call a row.
    pub(crate) fn line(&self, row: u32) -> u32 {
        line_of(self.lines.as_deref(), row)
    }
}

/// What people call a row: as it is stated, otherwise its number from 1.
pub(crate) fn line_of(lines: Option<&[u32]>, row: u32) -> u32 {
    lines.and_then(|lines| lines.get(row as usize)).copied().unwrap_or(row.saturating_add(1))
}

/// A cell of a detail table as its input reads it.
pub(crate) fn read_cell(plan: &Plan, input: &Input, cell: &Cell) -> CellResult {
    let node = plan.column(input.column).body;
    input::read(input, cell).map_err(|code| Cause::Fault(Fault { code, node }))
}
