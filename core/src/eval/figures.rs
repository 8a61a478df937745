//! What a run has computed over groups: for each row its figure, and which rows were left out.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::group::{Answer, NO_GROUP, Seat, Seated, SeatedGroup};
use super::row::CellResult;
use crate::code::Code;
use crate::diagnostic::Message;
use crate::fault::{Cause, Fault, FaultCode};
use crate::number::Number;
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
    /// For each group how many count in it.
    pub(crate) counted: Vec<u32>,
    /// The scores of sheets, when these are scores without severity.
    pub(crate) sheets: Option<Box<AdjustedSheets>>,
}

/// The sheets of a role without their raters' severity.
#[derive(Debug, Default)]
pub(crate) struct AdjustedSheets {
    /// The score of each sheet that took part, by its row in the table of sheets.
    pub(crate) scores: HashMap<u32, Number>,
    /// Why there is no score at all.
    pub(crate) refused: Option<FaultCode>,
    /// What whoever answers for the run should know, in words that name no rater.
    pub(crate) notes: Vec<(Code, Message)>,
}

impl AdjustedSheets {
    /// The score of a sheet.
    pub(crate) fn score(&self, sheet: u32) -> Result<Number, FaultCode> {
        match (self.refused, self.scores.get(&sheet)) {
            (Some(code), _) => Err(code),
            (None, Some(score)) => Ok(score.clone()),
            // a sheet that could not take part has a fault of its own, which is met before
            (None, None) => Err(FaultCode::Missing),
        }
    }
}

/// How a row stands among those that count in its group, by the figures that were computed for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// How many have a smaller figure.
    pub(crate) smaller: u32,
    /// How many have the same figure, the row itself among them.
    pub(crate) same: u32,
    /// How many have a larger figure.
    pub(crate) larger: u32,
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
    /// Whether nobody was left out anywhere, so that every figure is known and certain.
    pub(crate) fn is_whole(&self) -> bool {
        self.faults.is_empty() && self.astray.is_empty() && self.left_out.iter().all(Vec::is_empty)
    }

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

    /// The seats of all groups, when these are seats.
    pub(crate) const fn seated(&self) -> Option<&Seated> {
        match &self.answer {
            Some(Answer::Seats(seated)) => Some(seated),
            _ => None,
        }
    }

    /// How many count in the group of a row.
    pub(crate) fn counted_beside(&self, row: usize) -> u32 {
        self.counted.get(self.group_of(row) as usize).copied().unwrap_or(0)
    }

    /// How a row stands among those that count in its group; nothing for one without a figure of its own.
    pub(crate) fn standing(&self, row: usize) -> Option<Standing> {
        let (answer, group) = (self.answer.as_ref()?, self.group_of(row));
        let number = |row: u32| match answer.figure(row, group) {
            Ok(Value::Number(number)) => Some(number),
            _ => None,
        };
        let own = number(u32::try_from(row).ok()?)?;
        let mut standing = Standing::default();
        for (other, _) in (0..).zip(&self.group_of).filter(|(_, of)| **of == group) {
            match number(other).map(|other| other.cmp(&own)) {
                Some(Ordering::Less) => standing.smaller += 1,
                Some(Ordering::Equal) => standing.same += 1,
                Some(Ordering::Greater) => standing.larger += 1,
                None => {}
            }
        }
        Some(standing)
    }

    /// The total of the group of a row, where its figure is a part of that.
    pub(crate) fn total_beside(&self, row: usize) -> Option<&Number> {
        match self.answer.as_ref()? {
            Answer::Shares { totals, .. } => totals.get(self.group_of(row) as usize)?.as_ref().ok(),
            _ => None,
        }
    }

    /// How the seats of the group of a row came about, with the place of the row in the order and its seat.
    pub(crate) fn seats_beside(&self, row: usize) -> Option<(&SeatedGroup, u32, Seat)> {
        let Some(Answer::Seats(seated)) = &self.answer else { return None };
        let group = seated.groups.get(self.group_of(row) as usize)?;
        Some((group, *seated.places.get(row)?, *seated.rows.get(row)?))
    }

    /// The rows left out that could have changed the figure of a row.
    pub(crate) fn left_out_beside(&self, row: usize) -> impl Iterator<Item = u32> + '_ {
        let own = self.left_out.get(self.group_of(row) as usize).map_or(&[][..], Vec::as_slice);
        own.iter().chain(&self.astray).copied()
    }
}
