//! What a column reads: the nearest columns people know, through those that nobody is shown.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::eval::trace::Trace;
use crate::plan::{ColumnId, DetailId, GroupId, InputId, NodeId, Op, Plan, Role};

/// What one node of a column reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    /// The node that reads it: it was read when that was evaluated.
    pub(super) node: NodeId,
    pub(super) what: What,
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// A column of the person.
    Column(ColumnId),
    /// An input of a detail table.
    Detail(DetailId, InputId),
    /// A value of the run.
    Given(InputId),
    /// A figure over the group.
    Group(GroupId),
}

/// The columns of a plan with what they read, found once.
#[derive(Debug)]
pub(super) struct Reads<'p> {
    plan: &'p Plan,
    /// The columns that have a name people know: the others are looked through.
    known: HashSet<ColumnId>,
    leaves: HashMap<ColumnId, Arc<[Leaf]>>,
}

impl<'p> Reads<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let inputs = plan.inputs.iter().map(|input| input.column);
        Self { plan, known: plan.shown.iter().copied().chain(inputs).collect(), leaves: HashMap::new() }
    }

    /// What a column reads.
    pub(super) fn of(&mut self, column: ColumnId) -> Arc<[Leaf]> {
        if let Some(known) = self.leaves.get(&column) {
            return Arc::clone(known);
        }
        let leaves: Arc<[Leaf]> = self.walk(self.plan.column(column).body).into();
        self.leaves.insert(column, Arc::clone(&leaves));
        leaves
    }

    /// The columns people know among, or behind, the operands of a figure over the group.
    pub(super) fn operands(&mut self, group: GroupId) -> Vec<What> {
        let mut found = Vec::new();
        for column in self.plan.group(group).operands() {
            if self.known.contains(&column) {
                found.push(What::Column(column));
            } else {
                found.extend(self.of(column).iter().map(|leaf| leaf.what));
            }
        }
        let mut once = HashSet::new();
        found.retain(|what| once.insert(*what));
        found
    }

    fn walk(&self, from: NodeId) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = vec![from];
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            match &self.plan.node(node).op {
                Op::Column(column) => {
                    let read = self.plan.column(*column);
                    match (&read.role, read.detail) {
                        (Role::Input(input), Some(table)) => {
                            leaves.push(Leaf { node, what: What::Detail(table, *input) });
                        }
                        _ if self.known.contains(column) => leaves.push(Leaf { node, what: What::Column(*column) }),
                        _ => waiting.push(read.body),
                    }
                }
                Op::DetailInput(table, input) => leaves.push(Leaf { node, what: What::Detail(*table, *input) }),
                Op::Given(given) => leaves.push(Leaf { node, what: What::Given(*given) }),
                Op::Group(group) => leaves.push(Leaf { node, what: What::Group(*group) }),
                op => {
                    if let Op::Aggregate(aggregate) = op {
                        // whose rows they are decides, too
                        let key = self.plan.detail(aggregate.table).key;
                        leaves.push(Leaf { node, what: What::Column(key) });
                    }
                    waiting.extend(op.operands().into_iter().rev());
                }
            }
        }
        leaves
    }
}

impl Leaf {
    /// Whether it was read.
    pub(super) fn is_read(&self, trace: &Trace) -> bool {
        trace.value(self.node).is_some()
    }
}
