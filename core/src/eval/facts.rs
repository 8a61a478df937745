//! What a row is evaluated from: its cells, its detail rows, the values of the run, the figures over its groups.

use std::collections::HashMap;
use std::sync::Arc;

use super::figures::GroupFigures;
use super::row::CellResult;
use crate::fault::FaultCode;
use crate::plan::InputId;
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

/// The rows of a detail table, read already.
#[derive(Debug, Default)]
pub(crate) struct DetailTable {
    /// For each input of the table its cells, a cell for each row.
    pub(crate) cells: Vec<Vec<CellResult>>,
    /// Whose the rows are.
    pub(crate) owners: Owners,
    /// What people call each row: the line of the file, or the number of the row from 1.
    pub(crate) lines: Vec<u32>,
    /// What stands in cells that are no answer to their question, by input and row, to be told with what is wrong.
    pub(crate) refused: HashMap<(InputId, u32), Arc<str>>,
}

/// Whose rows they are.
#[derive(Debug)]
pub(crate) enum Owners {
    /// All of them belong to the one person there is.
    One(Vec<u32>),
    /// For each key its rows, in their order.
    ByKey(HashMap<Arc<str>, Vec<u32>>),
    /// There is no table: what is computed over its rows is a fault.
    NotGiven,
}

impl Default for Owners {
    fn default() -> Self {
        Self::One(Vec::new())
    }
}

impl DetailTable {
    /// The rows of a key.
    pub(crate) fn rows_of(&self, key: &str) -> &[u32] {
        match &self.owners {
            Owners::One(rows) => rows,
            Owners::ByKey(rows) => rows.get(key).map_or(&[], Vec::as_slice),
            Owners::NotGiven => &[],
        }
    }

    /// What people call a row.
    pub(crate) fn line(&self, row: u32) -> u32 {
        self.lines.get(row as usize).copied().unwrap_or(row.saturating_add(1))
    }
}
