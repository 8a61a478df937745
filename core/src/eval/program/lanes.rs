//! What was computed for each row before a program runs: columns of an earlier stage, figures over detail rows.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::around::lane;
use super::compile::Form;
use super::float::Float;
use super::instruction::Slot;
use super::lane::Lane;
use crate::eval::row::CellResult;
use crate::plan::{ColumnId, NodeId, Plan, Role};
use crate::value::Kind;

/// What lanes are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// A column of an earlier stage, in units of its last place.
    Column(ColumnId),
    /// A column that the exact evaluator computes for each block before its program runs.
    Aside(ColumnId),
    /// A figure over detail rows; where that is a fraction, its numerator.
    Figure(NodeId),
    /// The denominator of such a figure.
    Divisor(NodeId),
    /// What detail rows read of the people they belong to, a slot of a program along people.
    OfPerson(Slot),
}

impl Source {
    /// The column that is computed aside, when it is one.
    pub(super) const fn aside(self) -> Option<ColumnId> {
        match self {
            Self::Aside(column) => Some(column),
            Self::Column(_) | Self::Figure(_) | Self::Divisor(_) | Self::OfPerson(_) => None,
        }
    }
}

/// Where lanes go that were computed before.
#[derive(Debug, Clone, Copy)]
pub(super) struct LaneLoad {
    pub(super) source: Source,
    pub(super) slot: Slot,
}

/// What a figure over detail rows is as a lane.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownFigure {
    pub(super) form: Form,
    /// Whether it is a numerator with a denominator beside it.
    pub(super) is_fraction: bool,
    /// Whether there is none over no rows.
    pub(super) may_be_absent: bool,
    /// Whether the row it is of may have none.
    pub(super) may_be_missing: bool,
}

/// What is computed before a program runs.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) columns: HashSet<ColumnId>,
    pub(super) figures: HashMap<NodeId, KnownFigure>,
    /// The columns that are left to the exact evaluator, in the order they are computed.
    pub(super) aside: BTreeSet<ColumnId>,
}

/// Lanes that were computed, one for each row: whole numbers below 2^53, what stands for nothing, and [`UNKNOWN`].
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    of: HashMap<Source, Vec<f64>>,
}

/// A value that lanes do not have: single rows are asked for it.
pub(super) const UNKNOWN: f64 = f64::NAN;

impl Lanes {
    pub(super) fn of(&self, source: Source) -> Option<&[f64]> {
        self.of.get(&source).map(Vec::as_slice)
    }

    pub(super) fn insert(&mut self, source: Source, lanes: Vec<f64>) {
        self.of.insert(source, lanes);
    }

    pub(super) fn lane_mut(&mut self, source: Source, row: usize) -> Option<&mut f64> {
        self.of.get_mut(&source).and_then(|lanes| lanes.get_mut(row))
    }

    /// The columns there are.
    pub(super) fn columns(&self) -> impl Iterator<Item = ColumnId> {
        self.of.keys().filter_map(|source| match source {
            Source::Column(column) => Some(*column),
            Source::Aside(_) | Source::Figure(_) | Source::Divisor(_) | Source::OfPerson(_) => None,
        })
    }

    /// Keeps the whole numbers of a column, in units of its last place.
    pub(crate) fn keep_units(&mut self, column: ColumnId, units: &[i64]) {
        let lane = |unit: &i64| Float::from_wide((*unit).into()).map_or(UNKNOWN, |lane| lane.0);
        self.insert(Source::Column(column), units.iter().map(lane).collect());
    }

    /// Keeps the places of a column's words in their list.
    pub(crate) fn keep_places(&mut self, column: ColumnId, places: &[u32]) {
        self.insert(Source::Column(column), places.iter().copied().map(f64::from).collect());
    }

    /// Keeps the values of a column as they are.
    pub(crate) fn keep(&mut self, plan: &Plan, column: ColumnId, values: impl Iterator<Item = Option<CellResult>>) {
        let one = |value: Option<CellResult>| value.map_or(UNKNOWN, |value| of_cell(plan, column, &value));
        self.insert(Source::Column(column), values.map(one).collect());
    }

    /// The value of a row is not to be taken from here.
    pub(crate) fn forget(&mut self, column: ColumnId, row: usize) {
        if let Some(lane) = self.lane_mut(Source::Column(column), row) {
            *lane = UNKNOWN;
        }
    }
}

/// A cell of a column as a lane.
pub(super) fn of_cell(plan: &Plan, column: ColumnId, cell: &CellResult) -> f64 {
    let definition = plan.column(column);
    let facts = &plan.node(definition.body).facts;
    let scale = definition.places.unwrap_or(0);
    let found =
        cell.as_ref().ok().and_then(|value| lane::<Float>(value, &facts.kind, scale, facts.may_be_missing).ok());
    found.map_or(UNKNOWN, |lane| lane.0)
}

/// Whether a run keeps the values of a column for what follows.
pub(crate) fn is_kept(plan: &Plan, id: ColumnId) -> bool {
    let column = plan.column(id);
    let is_lane = match &plan.node(column.body).facts.kind {
        Kind::Number => column.places.is_some(),
        Kind::Truth | Kind::Date | Kind::Choice(_) => true,
        Kind::Text | Kind::Missing => false,
    };
    // an input is read as quickly as anything that was kept
    is_lane && column.detail.is_none() && !matches!(column.role, Role::Input(_))
}
