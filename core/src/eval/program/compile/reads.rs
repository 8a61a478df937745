//! What is read on the way to a column.

use std::collections::HashSet;

use crate::eval::program::lanes::Known;
use crate::plan::{Aggregate, ColumnId, NodeId, Op, Plan, Read};

/// What an operation leads to for whom figures over detail rows are computed already: of these the value over no rows.
fn without_rows(op: &Op) -> Vec<Read> {
    match op {
        Op::Aggregate(aggregate) => aggregate.when_empty.into_iter().map(Read::Node).collect(),
        op => op.reads(),
    }
}

/// The columns that are read on the way to those shown, and figures over detail rows; what is computed before reads
/// nothing.
pub(super) fn needed(plan: &Plan, known: &Known, shown: &[ColumnId]) -> HashSet<ColumnId> {
    let is_known = |column: ColumnId| known.columns.contains(&column) || known.aside.contains(&column);
    plan.reached(shown.iter().copied().map(Read::Column), without_rows, is_known).columns
}

/// The figures over detail rows that these columns read, in their order; not those that are read in detail rows.
pub(super) fn aggregates(plan: &Plan, columns: impl Iterator<Item = ColumnId>) -> Vec<(NodeId, &Aggregate)> {
    let reached = plan.reached(columns.map(Read::Column), without_rows, |_| false);
    let mut nodes: Vec<NodeId> = reached.nodes.into_iter().collect();
    nodes.sort_unstable();
    let aggregate = |node: NodeId| match &plan.node(node).op {
        Op::Aggregate(aggregate) => Some((node, &**aggregate)),
        _ => None,
    };
    nodes.into_iter().filter_map(aggregate).collect()
}
