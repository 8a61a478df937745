//! The columns of a scheme that reports ask for: gradings with their stages, totals that are part of no other.

use std::collections::HashSet;
use std::sync::Arc;

use crate::lower::{CALCULATED, SEATED, qualified};
use crate::plan::{Column, ColumnId, DetailKind, NodeId, Op, Plan, Role};

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

/// The totals people are shown that are part of no other, each the top of a table of its own: first the outermost, then
/// those that an item has its score from.
pub(super) fn top_totals(plan: &Plan) -> Vec<ColumnId> {
    let parts = parts_of_totals(plan);
    let scored = read_by_items(plan, &parts);
    let is_total = |id: &ColumnId| matches!(plan.column(*id).role, Role::Composite(_));
    let mut tops: Vec<ColumnId> = plan.shown.iter().copied().filter(|id| is_total(id) && !parts.contains(id)).collect();
    tops.sort_by_key(|id| (scored.contains(id), is_of_sheets(plan, *id)));
    tops
}

/// The totals that say what somebody has come to: part of no other, nor what an item of another is scored by. What is
/// scored comes before an examination or appraisal that stands beside it.
pub(super) fn outermost_totals(plan: &Plan) -> Vec<ColumnId> {
    let scored = read_by_items(plan, &parts_of_totals(plan));
    top_totals(plan).into_iter().filter(|id| !scored.contains(id)).collect()
}

/// Whether a total is one of an examination or an appraisal.
fn is_of_sheets(plan: &Plan, total: ColumnId) -> bool {
    let name = &plan.column(total).name;
    plan.details.iter().any(|detail| detail.kind != DetailKind::Rows && detail.name == *name)
}

/// The totals that items have their scores from, as an examination is read by the item `exam:` names it in.
fn read_by_items(plan: &Plan, parts: &HashSet<ColumnId>) -> HashSet<ColumnId> {
    let items = parts.iter().filter(|id| matches!(plan.column(**id).role, Role::Item(_)));
    let mut waiting: Vec<NodeId> = items.map(|id| plan.column(*id).body).collect();
    let (mut seen, mut found) = (HashSet::new(), HashSet::new());
    while let Some(node) = waiting.pop() {
        if !seen.insert(node) {
            continue;
        }
        let read = match &plan.node(node).op {
            Op::Column(column) => Some(*column),
            Op::Group(group) => plan.group(*group).value,
            op => {
                waiting.extend(op.operands());
                None
            }
        };
        match read.map(|id| (id, plan.column(id))) {
            Some((id, Column { role: Role::Composite(_), .. })) => drop(found.insert(id)),
            Some((_, column)) => waiting.push(column.body),
            None => {}
        }
    }
    found
}
