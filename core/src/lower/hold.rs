//! What holds the money of a pool back: whoever is left out of one of its claims is left out of all of them.

use std::collections::HashSet;

use super::builder::Builder;
use crate::document::model::PoolText;
use crate::plan::{Awaited, ColumnId, GroupFunction, GroupId, NodeId, Op};

impl Builder<'_> {
    /// Has every claim of a pool wait for what the others are shared out by.
    ///
    /// What is computed from a claim itself cannot be waited for: in its place stand the columns it is computed from that
    /// no claim of the pool decides.
    pub(super) fn hold_together(&mut self, pool: &PoolText) -> Option<()> {
        let mut claims = Vec::new();
        for claim in &pool.claims {
            let column = self.by_name.get(&*claim.common.name.name)?;
            claims.push(self.allotment(self.columns.get(column.index())?.body)?);
        }
        let mut awaited: Vec<Awaited> = Vec::new();
        for claim in &claims {
            let Some(GroupFunction::Allot(allot)) = self.groups.get(claim.index()).map(|group| &group.function) else {
                continue;
            };
            for column in [Some(allot.key), allot.limit].into_iter().flatten() {
                if self.depends(column, &claims) {
                    let below = self.decided_before(column, &claims);
                    awaited.extend(below.into_iter().map(|column| Awaited { column, present: false }));
                } else {
                    awaited.push(Awaited { column, present: true });
                }
            }
        }
        let mut seen = HashSet::new();
        awaited.retain(|each| seen.insert(each.column));
        for claim in claims {
            if let Some(GroupFunction::Allot(allot)) =
                self.groups.get_mut(claim.index()).map(|group| &mut group.function)
            {
                allot.awaited = awaited.clone().into();
            }
        }
        Some(())
    }

    /// The figure that shares out money, below the rounding of a claim's column.
    fn allotment(&self, body: NodeId) -> Option<GroupId> {
        let mut waiting = vec![body];
        while let Some(node) = waiting.pop() {
            match &self.node(node).op {
                Op::Group(group) => return Some(*group),
                op => waiting.extend(op.operands()),
            }
        }
        None
    }

    /// Whether a column is computed from one of some figures over groups.
    fn depends(&self, column: ColumnId, on: &[GroupId]) -> bool {
        let (mut seen, mut waiting) = (HashSet::new(), vec![column]);
        while let Some(column) = waiting.pop() {
            if !seen.insert(column) {
                continue;
            }
            let (columns, groups) = self.direct(column);
            if groups.iter().any(|group| on.contains(group)) {
                return true;
            }
            waiting.extend(columns);
        }
        false
    }

    /// The nearest columns below one that are not computed from those figures.
    fn decided_before(&self, column: ColumnId, on: &[GroupId]) -> Vec<ColumnId> {
        let (mut seen, mut waiting) = (HashSet::new(), vec![column]);
        let mut found = Vec::new();
        while let Some(column) = waiting.pop() {
            if !seen.insert(column) {
                continue;
            }
            if self.depends(column, on) {
                waiting.extend(self.direct(column).0);
            } else {
                found.push(column);
            }
        }
        found
    }

    /// The columns that a column reads itself or through a figure over a group, and those figures.
    fn direct(&self, column: ColumnId) -> (Vec<ColumnId>, Vec<GroupId>) {
        let (mut columns, mut groups) = (Vec::new(), Vec::new());
        let (mut seen, mut waiting) = (HashSet::new(), Vec::new());
        waiting.extend(self.columns.get(column.index()).map(|column| column.body));
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            match &self.node(node).op {
                Op::Column(column) => columns.push(*column),
                Op::Group(group) => {
                    columns.extend(self.groups.get(group.index()).into_iter().flat_map(|group| group.reads()));
                    groups.push(*group);
                }
                op => waiting.extend(op.operands()),
            }
        }
        (columns, groups)
    }
}
