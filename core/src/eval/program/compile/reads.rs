//! What is read on the way to a column.

use std::collections::HashSet;

use crate::eval::program::lanes::Known;
use crate::plan::{ColumnId, NodeId, Op, Plan};

/// The columns that are read on the way to those shown, and figures over detail rows; what is computed before reads
/// nothing.
pub(super) fn needed(plan: &Plan, known: &Known, shown: &[ColumnId]) -> HashSet<ColumnId> {
    let mut found: HashSet<ColumnId> = HashSet::new();
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut nodes: Vec<NodeId> = Vec::new();
    let mut columns: Vec<ColumnId> = shown.to_vec();
    loop {
        if let Some(node) = nodes.pop() {
            if seen.insert(node) {
                match &plan.node(node).op {
                    Op::Column(column) => columns.push(*column),
                    Op::Aggregate(aggregate) => nodes.extend(aggregate.when_empty),
                    op => nodes.extend(op.operands()),
                }
            }
        } else if let Some(column) = columns.pop() {
            if found.insert(column) && !known.columns.contains(&column) {
                nodes.push(plan.column(column).body);
            }
        } else {
            return found;
        }
    }
}

/// The figures over detail rows that these operations read.
pub(super) fn aggregates_below(plan: &Plan, from: impl Iterator<Item = NodeId>) -> HashSet<NodeId> {
    let mut found: HashSet<NodeId> = HashSet::new();
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut nodes: Vec<NodeId> = from.collect();
    while let Some(node) = nodes.pop() {
        if !seen.insert(node) {
            continue;
        }
        match &plan.node(node).op {
            Op::Column(column) => nodes.push(plan.column(*column).body),
            op => {
                if matches!(op, Op::Aggregate(_)) {
                    found.insert(node);
                }
                nodes.extend(op.operands());
            }
        }
    }
    found
}
