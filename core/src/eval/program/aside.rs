//! What a program for many rows leaves to the exact evaluator: some columns of each row, before the program runs.

use super::block::Rows;
use super::instruction::Program;
use super::lanes::{self, Lanes, Source};
use crate::eval::row::CellResult;
use crate::plan::{ColumnId, Op, Plan, Read};

/// The columns that are computed aside from a program.
#[derive(Debug)]
pub(crate) struct Aside {
    /// Those that are shown, with their places among the columns asked for.
    pub(crate) shown: Box<[(usize, ColumnId)]>,
    /// Those that the program reads.
    pub(crate) read: Box<[ColumnId]>,
    /// All that has to be computed for these, in that order.
    pub(crate) way: Box<[ColumnId]>,
    /// The inputs on the way.
    pub(crate) inputs: Box<[usize]>,
    /// Whether detail rows are looked at on the way.
    pub(crate) looks_at_rows: bool,
}

/// What came of some rows aside from their program.
#[derive(Debug, Default)]
pub(crate) struct AsideLanes {
    pub(super) lanes: Lanes,
    /// The rows that the exact evaluator has to answer as a whole.
    pub(super) gone: Rows,
}

impl Aside {
    /// What a program leaves aside of the columns asked for; nothing when that is none.
    pub(super) fn of<L>(plan: &Plan, program: &Program<L>, asked: &[ColumnId]) -> Option<Self> {
        let shown: Box<[(usize, ColumnId)]> =
            (0..).zip(asked.iter().copied()).filter(|(place, _)| program.leaves_aside(*place)).collect();
        let read: Box<[ColumnId]> = program.lanes.iter().filter_map(|load| load.source.aside()).collect();
        if shown.is_empty() && read.is_empty() {
            return None;
        }
        let next = |op: &Op| {
            let mut reads = op.reads();
            if let Op::Aggregate(aggregate) = op {
                // whose rows they are
                reads.push(Read::Column(plan.detail(aggregate.table).key));
            }
            reads
        };
        let columns = shown.iter().map(|(_, id)| *id).chain(read.iter().copied());
        let reached = plan.reached(columns.map(Read::Column), next, |_| false);
        let ops = || reached.nodes.iter().map(|node| &plan.node(*node).op);
        let looks_at_rows = ops().any(|op| matches!(op, Op::Aggregate(_)));
        let mut inputs: Vec<usize> = ops()
            .filter_map(|op| match op {
                Op::Input(input) => Some(input.index()),
                _ => None,
            })
            .collect();
        inputs.sort_unstable();
        inputs.dedup();
        let mut way: Vec<ColumnId> = reached.columns.into_iter().collect();
        way.sort_unstable();
        Some(Self { shown, read, way: way.into(), inputs: inputs.into(), looks_at_rows })
    }
}

impl AsideLanes {
    /// Lanes for the columns that the program reads, of so many rows.
    pub(crate) fn new(aside: &Aside, rows: usize) -> Self {
        let mut lanes = Lanes::default();
        for id in &aside.read {
            lanes.insert(Source::Aside(*id), vec![lanes::UNKNOWN; rows]);
        }
        Self { lanes, gone: Rows::NONE }
    }

    /// The cell of a column in one of the rows.
    pub(crate) fn set(&mut self, plan: &Plan, column: ColumnId, row: usize, cell: &CellResult) {
        if let Some(lane) = self.lanes.lane_mut(Source::Aside(column), row) {
            *lane = lanes::of_cell(plan, column, cell);
        }
    }

    /// The exact evaluator has to answer a row as a whole.
    pub(crate) fn leave(&mut self, row: usize) {
        self.gone.insert(row);
    }
}
