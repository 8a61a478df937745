//! The columns of a scheme that reports ask for: gradings with their stages, totals that are part of no other.

use std::collections::HashSet;
use std::sync::Arc;

use crate::lower::{CALCULATED, SEATED, qualified};
use crate::plan::{ColumnId, Op, Plan, Role};

/// An earlier stage of a grading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// By seats, before shifts, movement and vetoes.
    Seated,
    /// Before decisions.
    Calculated,
}

impl Stage {
    /// Both, in the order they are decided.
    pub(super) const ALL: [Self; 2] = [Self::Seated, Self::Calculated];

    /// The name of the column of that stage.
    pub(super) fn of(self, grading: &str) -> Arc<str> {
        match self {
            Self::Seated => qualified(grading, SEATED),
            Self::Calculated => qualified(grading, CALCULATED),
        }
    }
}

/// The gradings people are shown, in the order of the scheme; an earlier stage of one is none.
pub(super) fn gradings(plan: &Plan) -> Vec<ColumnId> {
    let shown = plan.shown.iter().copied().filter(|id| plan.column(*id).role == Role::Grade);
    let grades: Vec<ColumnId> = shown.collect();
    let stages = grades.iter().flat_map(|id| Stage::ALL.map(|stage| stage.of(&plan.column(*id).name)));
    let stages: HashSet<Arc<str>> = stages.collect();
    grades.into_iter().filter(|id| !stages.contains(&plan.column(*id).name)).collect()
}

/// The columns that are part of a total.
fn parts_of_totals(plan: &Plan) -> HashSet<ColumnId> {
    let totals = plan.columns.iter().filter_map(|column| match &column.role {
        Role::Composite(role) => plan.composite_at(role.composite),
        _ => None,
    });
    totals.flat_map(|total| total.parts.iter().map(|part| part.column)).collect()
}

/// The totals people are shown that are part of no other, in the order of the scheme.
pub(super) fn outermost_totals(plan: &Plan) -> Vec<ColumnId> {
    let parts = parts_of_totals(plan);
    let is_total = |id: &ColumnId| matches!(plan.column(*id).role, Role::Composite(_));
    plan.shown.iter().copied().filter(|id| is_total(id) && !parts.contains(id)).collect()
}

/// Whether a figure is one and the same for everybody of a group, such as what a pool has or carries on: computed from
/// figures of whole groups and from nothing of the person. Added up over people it would say nothing.
pub(super) fn is_of_whole_group(plan: &Plan, id: ColumnId) -> bool {
    let mut is_of_group = false;
    let mut waiting = vec![plan.column(id).body];
    let mut seen = HashSet::new();
    while let Some(node) = waiting.pop() {
        if !seen.insert(node) {
            continue;
        }
        match &plan.node(node).op {
            Op::Input(_) | Op::DetailInput(..) | Op::Aggregate(_) => return false,
            Op::Group(group) if plan.group(*group).function.is_of_whole_group() => is_of_group = true,
            Op::Group(_) => return false,
            Op::Column(column) => waiting.push(plan.column(*column).body),
            op => waiting.extend(op.operands()),
        }
    }
    is_of_group
}
