//! What columns and operations read, and what that reads.

use std::collections::HashSet;

use super::{ColumnId, NodeId, Op, Plan};

/// Something that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    Column(ColumnId),
    Node(NodeId),
}

/// All that was come across.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    pub(crate) columns: HashSet<ColumnId>,
    pub(crate) nodes: HashSet<NodeId>,
}

impl Op {
    /// Its operands, and the column it reads.
    pub(crate) fn reads(&self) -> Vec<Read> {
        match self {
            Self::Column(column) => vec![Read::Column(*column)],
            op => op.operands().into_iter().map(Read::Node).collect(),
        }
    }
}

impl Plan {
    /// All that is reached from here, each once; `next` says what an operation leads to, and `ends` of which columns it does
    /// not matter how they are computed.
    pub(crate) fn reached(
        &self,
        from: impl IntoIterator<Item = Read>,
        next: impl Fn(&Op) -> Vec<Read>,
        ends: impl Fn(ColumnId) -> bool,
    ) -> Reached {
        let mut reached = Reached::default();
        let mut waiting: Vec<Read> = from.into_iter().collect();
        while let Some(read) = waiting.pop() {
            match read {
                Read::Column(column) => {
                    if reached.columns.insert(column) && !ends(column) {
                        waiting.push(Read::Node(self.column(column).body));
                    }
                }
                Read::Node(node) => {
                    if reached.nodes.insert(node) {
                        waiting.extend(next(&self.node(node).op));
                    }
                }
            }
        }
        reached
    }

    /// How deep figures over detail rows stand within each other in each operation: 0 where there is none, 1 where they do
    /// not.
    pub(crate) fn depths_over_rows(&self) -> Vec<u32> {
        // an operation reads only those before it
        let mut depths: Vec<u32> = Vec::with_capacity(self.nodes.len());
        let depth_of = |depths: &[u32], node: NodeId| depths.get(node.index()).copied().unwrap_or(0);
        for node in &self.nodes {
            let below = node.op.operands().into_iter().map(|operand| depth_of(&depths, operand)).max().unwrap_or(0);
            depths.push(match &node.op {
                Op::Column(column) => depth_of(&depths, self.column(*column).body),
                Op::Aggregate(_) => below.saturating_add(1),
                _ => below,
            });
        }
        depths
    }
}
