//! What a run has computed over groups: for each row its figure, and which rows were left out.

use std::collections::HashMap;

use super::group::{Answer, NO_GROUP};
use super::row::CellResult;
use crate::fault::{Cause, Fault};
use crate::plan::NodeId;
use crate::value::Value;

/// A figure over groups, for every row of a run.
#[derive(Debug, Default)]
pub(crate) struct GroupFigures {
    /// Whether its stage has been reached.
    pub(crate) known: bool,
    /// What was computed.
    pub(crate) answer: Option<Answer>,
    /// The rows that were left out, each with the cause.
    pub(crate) faults: HashMap<u32, Cause>,
    /// For each row the number of its group, or [`NO_GROUP`].
    pub(crate) group_of: Vec<u32>,
    /// For each group the rows that were left out and could have changed its figures: its own, and those whose absence an
    /// operand of one of its rows was computed without.
    pub(crate) left_out: Vec<Vec<u32>>,
    /// Rows left out that could have changed the figures of any group, as theirs is not known.
    pub(crate) astray: Vec<u32>,
}

/// The figure of a row.
#[derive(Debug, Clone)]
pub(crate) struct GroupFigure {
    /// The figure, or why there is none.
    pub(crate) value: CellResult,
    /// Whether a row that was left out could have changed it.
    pub(crate) provisional: bool,
}

impl GroupFigures {
    /// The number of a row's group, or [`NO_GROUP`].
    pub(crate) fn group_of(&self, row: usize) -> u32 {
        self.group_of.get(row).copied().unwrap_or(NO_GROUP)
    }

    /// The figure of a row.
    pub(crate) fn read(&self, row: usize) -> GroupFigure {
        let value = self.value(row);
        GroupFigure { provisional: value.is_ok() && self.left_out_beside(row).next().is_some(), value }
    }

    fn value(&self, row: usize) -> CellResult {
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        if let Some(cause) = self.faults.get(&number) {
            return Err(*cause);
        }
        // a fault of the figure itself has no place of its own: it is told where the figure is read
        let own = |code| Cause::Fault(Fault { code, node: NodeId::NONE });
        match &self.answer {
            Some(answer) => answer.figure(number, self.group_of(row)).map_err(own),
            None => Ok(Value::Missing),
        }
    }

    /// The rows left out that could have changed the figure of a row.
    pub(crate) fn left_out_beside(&self, row: usize) -> impl Iterator<Item = u32> + '_ {
        let own = self.left_out.get(self.group_of(row) as usize).map_or(&[][..], Vec::as_slice);
        own.iter().chain(&self.astray).copied()
    }
}
