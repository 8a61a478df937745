//! What a program for many rows leaves to the exact evaluator: some columns of each row, before the program runs.

use super::block::Rows;
use super::lanes::{self, Lanes, Source};
use crate::eval::row::CellResult;
use crate::plan::{ColumnId, Op, Plan, Read};

/// The columns that are computed beside a program.
#[derive(Debug)]
pub(crate) struct Aside {
    /// These, in the order they are computed.
    pub(crate) columns: Box<[ColumnId]>,
    /// For each of these that is shown its place among the columns asked for, and its number.
    pub(crate) shown: Box<[(usize, ColumnId)]>,
    /// All that has to be computed for them, in that order.
    pub(crate) way: Box<[ColumnId]>,
    /// The inputs that are read on the way.
    pub(crate) inputs: Box<[usize]>,
    /// Whether detail rows are.
    pub(crate) reads_rows: bool,
}

/// What came of some rows beside their program.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(super) lanes: Lanes,
    /// The rows that the exact evaluator has to answer altogether.
    pub(super) gone: Rows,
}

impl Aside {
    pub(super) fn new(plan: &Plan, shown: &[ColumnId], columns: impl IntoIterator<Item = ColumnId>) -> Self {
        let columns: Box<[ColumnId]> = columns.into_iter().collect();
        let next = |op: &Op| {
            let mut reads = op.reads();
            if let Op::Aggregate(aggregate) = op {
                // whose rows they are
                reads.push(Read::Column(plan.detail(aggregate.table).key));
            }
            reads
        };
        let reached = plan.reached(columns.iter().copied().map(Read::Column), next, |_| false);
        let ops = || reached.nodes.iter().map(|node| &plan.node(*node).op);
        let reads_rows = ops().any(|op| matches!(op, Op::Aggregate(_)));
        let input = |op: &Op| match op {
            Op::Input(input) => Some(input.index()),
            _ => None,
        };
        let inputs = ops().filter_map(input).collect();
        let mut way: Vec<ColumnId> = reached.columns.into_iter().collect();
        way.sort_unstable();
        let shown = (0..).zip(shown.iter().copied()).filter(|(_, id)| columns.contains(id)).collect();
        Self { columns, shown, way: way.into(), inputs, reads_rows }
    }
}

impl Beside {
    /// The values of a column in each of the rows; nothing where that row is answered altogether.
    pub(crate) fn keep(&mut self, plan: &Plan, column: ColumnId, values: impl Iterator<Item = Option<CellResult>>) {
        if lanes::is_kept(plan, column) {
            self.lanes.insert(Source::Aside(column), lanes::of_values(plan, column, values));
        }
    }

    /// A row is answered by the exact evaluator altogether.
    pub(crate) fn leave(&mut self, row: usize) {
        self.gone.insert(row);
    }
}
