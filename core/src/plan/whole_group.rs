//! Which figures are one and the same for everybody of a group.

use std::collections::HashSet;

use super::{Column, ColumnId, Group, GroupId, Node, NodeId, Op, Plan};
use crate::fault::FaultCode;

/// The nodes, columns and groups of a plan, also of one that is still being written.
#[derive(Clone, Copy)]
pub(crate) struct Nodes<'p> {
    pub(crate) nodes: &'p [Node],
    pub(crate) columns: &'p [Column],
    pub(crate) groups: &'p [Group],
}

impl Plan {
    /// Whether a figure is one and the same for everybody of a group, such as what a pool has or carries on: computed from
    /// figures of whole groups, and from nothing of the person but what forms the groups. Added up over people it would say
    /// nothing.
    pub(crate) fn is_of_whole_group(&self, column: ColumnId) -> bool {
        let parts = Nodes { nodes: &self.nodes, columns: &self.columns, groups: &self.groups };
        parts.is_of_whole_group(self.column(column).body)
    }
}

impl<'p> Nodes<'p> {
    /// The same of a value.
    pub(crate) fn is_of_whole_group(self, value: NodeId) -> bool {
        let within = self.within(value);
        let mut is_of_group = false;
        let mut waiting = vec![value];
        let mut seen = HashSet::new();
        while let Some(node) = waiting.pop() {
            let Some(op) = self.op(node).filter(|_| seen.insert(node)) else { continue };
            match op {
                Op::Input(_) | Op::DetailInput(..) | Op::Aggregate(_) => return false,
                Op::Group(group) if self.is_whole(*group) => is_of_group = true,
                Op::Group(_) => return false,
                Op::Column(column) if within.contains(column) => {}
                Op::Column(column) => waiting.extend(self.body(*column)),
                // what was held to be the same for everybody of the group
                Op::Choose { condition, otherwise, .. }
                    if matches!(self.op(*otherwise), Some(Op::Fail(FaultCode::NotOne))) =>
                {
                    waiting.push(*condition);
                }
                op => waiting.extend(op.operands()),
            }
        }
        is_of_group
    }

    /// The columns that form the groups of what a value is computed from.
    fn within(self, value: NodeId) -> HashSet<ColumnId> {
        let (mut within, mut seen) = (HashSet::new(), HashSet::new());
        let mut waiting = vec![value];
        while let Some(node) = waiting.pop() {
            let Some(op) = self.op(node).filter(|_| seen.insert(node)) else { continue };
            match op {
                Op::Group(group) if self.is_whole(*group) => {
                    within.extend(self.group(*group).into_iter().flat_map(|group| group.within.iter().copied()));
                }
                Op::Column(column) => waiting.extend(self.body(*column)),
                op => waiting.extend(op.operands()),
            }
        }
        within
    }

    fn op(self, node: NodeId) -> Option<&'p Op> {
        self.nodes.get(node.index()).map(|node| &node.op)
    }

    fn body(self, column: ColumnId) -> Option<NodeId> {
        self.columns.get(column.index()).map(|column| column.body)
    }

    fn group(self, group: GroupId) -> Option<&'p Group> {
        self.groups.get(group.index())
    }

    fn is_whole(self, group: GroupId) -> bool {
        self.group(group).is_some_and(|group| group.function.is_of_whole_group())
    }
}
