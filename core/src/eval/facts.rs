//! What a row is evaluated from: its cells, its detail rows, the values of the run, the figures over its groups.

use std::collections::HashMap;
use std::sync::Arc;

use super::figures::GroupFigures;
use super::input;
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

/// Whose rows they are.
#[derive(Debug)]
pub(crate) enum Owners {
    /// All of them belong to the one person there is.
    One(Vec<u32>),
    /// For each key its rows.
    ByKey(ByKey),
    /// There is no table: what is computed over its rows is a fault.
    NotGiven,
}

impl Default for Owners {
    fn default() -> Self {
        Self::One(Vec::new())
    }
}

/// For each key its rows, in their order.
#[derive(Debug, Default)]
pub(crate) struct ByKey {
    numbers: HashMap<Arc<str>, u32, ahash::RandomState>,
    /// For each key where its rows begin, and at last where they end.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// For each person the number of his key, where that is a fact of his.
    people: Vec<Owner>,
}

/// Whose rows a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Those of this number.
    Number(u32),
    /// Nobody's: there is none.
    Nobody,
    /// Who he is, is not known.
    Unknown,
}

impl ByKey {
    /// The rows of keys: for each row the number of its key, and for each key its number.
    pub(crate) fn of(numbers: HashMap<Arc<str>, u32, ahash::RandomState>, of_rows: &[u32]) -> Self {
        let mut starts = vec![0_u32; numbers.len().saturating_add(1)];
        for number in of_rows {
            if let Some(count) = starts.get_mut((*number as usize).saturating_add(1)) {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for start in &mut starts {
            sum = sum.saturating_add(*start);
            *start = sum;
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; of_rows.len()];
        for (row, number) in (0_u32..).zip(of_rows) {
            let Some(place) = next.get_mut(*number as usize) else { continue };
            if let Some(slot) = rows.get_mut(*place as usize) {
                *slot = row;
            }
            *place = place.saturating_add(1);
        }
        Self { numbers, starts, rows, people: Vec::new() }
    }

    fn rows_numbered(&self, number: u32) -> &[u32] {
        let at = number as usize;
        let range = self.starts.get(at).zip(self.starts.get(at.saturating_add(1)));
        range.and_then(|(start, end)| self.rows.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// The rows of a key.
    pub(crate) fn rows_of(&self, key: &str) -> &[u32] {
        self.numbers.get(key).map_or(&[], |number| self.rows_numbered(*number))
    }

    /// Every key with its rows.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &[u32])> {
        self.numbers.iter().map(|(key, number)| (key, self.rows_numbered(*number)))
    }

    /// Whose rows a key has.
    pub(crate) fn owner(&self, key: &str) -> Owner {
        self.numbers.get(key).map_or(Owner::Nobody, |number| Owner::Number(*number))
    }

    /// Keeps whose rows each person has; the keys that are nobody's.
    pub(crate) fn belong_to(&mut self, people: Vec<Owner>) -> impl Iterator<Item = (&Arc<str>, &[u32])> {
        let mut is_known = vec![false; self.numbers.len()];
        for owner in &people {
            if let Owner::Number(number) = owner
                && let Some(known) = is_known.get_mut(*number as usize)
            {
                *known = true;
            }
        }
        self.people = people;
        let nobodys = move |number: &u32| is_known.get(*number as usize) == Some(&false);
        self.numbers
            .iter()
            .filter(move |(_, number)| nobodys(number))
            .map(|(key, number)| (key, self.rows_numbered(*number)))
    }

    /// The rows of a person; nothing where it is not known who he is.
    pub(crate) fn rows_of_person(&self, row: usize) -> Option<&[u32]> {
        match self.people.get(row)? {
            Owner::Number(number) => Some(self.rows_numbered(*number)),
            Owner::Nobody => Some(&[]),
            Owner::Unknown => None,
        }
    }
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
        let line = self.lines.as_ref().and_then(|lines| lines.get(row as usize)).copied();
        line.unwrap_or(row.saturating_add(1))
    }
}

/// A cell of a detail table as its input reads it.
pub(crate) fn read_cell(plan: &Plan, input: &Input, cell: &Cell) -> CellResult {
    let node = plan.column(input.column).body;
    input::read(input, cell).map_err(|code| Cause::Fault(Fault { code, node }))
}
