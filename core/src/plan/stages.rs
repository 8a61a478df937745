//! What a column waits for: the row of a detail table, or a figure over a group.

use std::collections::HashSet;

use super::reached::Read;
use super::{Column, ColumnId, Detail, Group, GroupFunction, GroupId, Node, Op, Plan};

/// For each detail table the shared nodes whose value depends on the row of it that is looked at.
pub(super) fn remembered(
    nodes: &[Node],
    columns: &[Column],
    details: &[Detail],
    shared: &[Option<u32>],
) -> Vec<Vec<u32>> {
    let mut found = vec![Vec::new(); details.len()];
    if details.is_empty() {
        return found;
    }
    // for each node the tables whose row it depends on; a figure over rows depends on none of its own table
    let mut depends: Vec<Vec<usize>> = Vec::with_capacity(nodes.len());
    for (node, place) in nodes.iter().zip(shared) {
        let mut own: Vec<usize> = match &node.op {
            Op::DetailInput(table, _) => vec![table.index()],
            Op::Column(column) => columns
                .get(column.index())
                .and_then(|column| column.detail)
                .map(|table| table.index())
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
        for operand in node.op.operands() {
            let below = depends.get(operand.index()).into_iter().flatten();
            let outside = |table: &&usize| match &node.op {
                Op::Aggregate(aggregate) => **table != aggregate.table.index() || aggregate.when_empty == Some(operand),
                _ => true,
            };
            for table in below.filter(outside) {
                if !own.contains(table) {
                    own.push(*table);
                }
            }
        }
        if let Some(place) = place {
            for table in &own {
                if let Some(list) = found.get_mut(*table) {
                    list.push(*place);
                }
            }
        }
        depends.push(own);
    }
    found
}

/// In which stage of rows each column can be computed; sets the stage of each figure over a group, too.
///
/// Columns and figures are numbered in an order in which each reads only those before it, so one pass settles all.
pub(super) fn levels(nodes: &[Node], columns: &[Column], details: &[Detail], groups: &mut [Group]) -> Vec<u32> {
    groups.iter_mut().for_each(|group| group.level = 0);
    loop {
        let of_columns = pass(nodes, columns, details, groups);
        let mut is_settled = true;
        for group in groups.iter_mut() {
            // what holds money back may be numbered after it, and is computed from none of it
            let awaited = group.awaited().iter().filter_map(|each| of_columns.get(each.column.index()).copied()).max();
            if let Some(level) = awaited.filter(|level| *level > group.level) {
                (group.level, is_settled) = (level, false);
            }
        }
        if is_settled {
            return of_columns;
        }
    }
}

/// The stages of all columns; a figure over a group is in none before the one that is set.
fn pass(nodes: &[Node], columns: &[Column], details: &[Detail], groups: &mut [Group]) -> Vec<u32> {
    let mut of_columns: Vec<u32> = Vec::with_capacity(columns.len());
    let mut of_nodes: Vec<Option<u32>> = vec![None; nodes.len()];
    let mut settled = 0;
    for column in columns {
        let level = level(column.body.index(), nodes, &of_columns, details, groups, &mut of_nodes, &mut settled);
        of_columns.push(level);
    }
    settle(groups, &of_columns, &mut settled, groups.len());
    of_columns
}

/// Settles the stages of the figures before `until`: each waits for its operands.
fn settle(groups: &mut [Group], of_columns: &[u32], settled: &mut usize, until: usize) {
    for group in groups.iter_mut().take(until).skip(*settled) {
        let level = group.operands().filter_map(|column| of_columns.get(column.index())).max().copied();
        group.level = level.unwrap_or(0).max(group.level);
    }
    *settled = until.max(*settled);
}

/// The stage of a node; without recursion, as an expression may be long.
fn level(
    from: usize,
    nodes: &[Node],
    of_columns: &[u32],
    details: &[Detail],
    groups: &mut [Group],
    of_nodes: &mut [Option<u32>],
    settled: &mut usize,
) -> u32 {
    let mut waiting = vec![from];
    while let Some(at) = waiting.last().copied() {
        let Some(node) = nodes.get(at) else { break };
        if of_nodes.get(at).copied().flatten().is_some() {
            waiting.pop();
            continue;
        }
        let operands = node.op.operands();
        let before = waiting.len();
        waiting.extend(
            operands.iter().map(|operand| operand.index()).filter(|at| of_nodes.get(*at).copied().flatten().is_none()),
        );
        if waiting.len() > before {
            continue;
        }
        let own = match &node.op {
            Op::Column(column) => of_columns.get(column.index()).copied().unwrap_or(0),
            Op::Group(group) | Op::Adjusted { group, .. } => {
                settle(groups, of_columns, settled, group.index() + 1);
                groups.get(group.index()).map_or(0, |group| group.level.saturating_add(1))
            }
            // whose rows they are is known once their key is
            Op::Aggregate(aggregate) => details
                .get(aggregate.table.index())
                .and_then(|detail| of_columns.get(detail.key.index()))
                .map_or(0, |level| *level),
            _ => 0,
        };
        let below = operands.iter().filter_map(|operand| of_nodes.get(operand.index()).copied().flatten()).max();
        if let Some(slot) = of_nodes.get_mut(at) {
            *slot = Some(own.max(below.unwrap_or(0)));
        }
        waiting.pop();
    }
    of_nodes.get(from).copied().flatten().unwrap_or(0)
}

impl Plan {
    /// The figures over groups that these columns depend on, by their places.
    pub(crate) fn groups_behind(&self, columns: &[ColumnId]) -> HashSet<usize> {
        let all = || (0..self.groups.len()).collect();
        // raters' severity is a figure over all sheets, read from inside the details
        if self.groups.iter().any(|group| matches!(group.function, GroupFunction::Severity(_))) {
            return all();
        }
        let next = |op: &Op| {
            let mut reads = op.reads();
            match op {
                Op::Aggregate(aggregate) => reads.push(Read::Column(self.detail(aggregate.table).key)),
                Op::Group(group) => reads.extend(self.group(*group).operands().map(Read::Column)),
                _ => {}
            }
            reads
        };
        let reached = self.reached(columns.iter().copied().map(Read::Column), next, |_| false);
        let groups = reached.nodes.iter().filter_map(|node| match self.node(*node).op {
            Op::Group(group) => Some(group),
            _ => None,
        });
        let found: HashSet<GroupId> = groups.collect();
        // who waits for money is told by all claims of a pool together
        if found.iter().any(|group| matches!(self.group(*group).function, GroupFunction::Allot(_))) {
            return all();
        }
        found.into_iter().map(GroupId::index).collect()
    }

    /// The inputs that these columns are computed from, be it by way of a group; by their places.
    pub(crate) fn inputs_behind(&self, columns: &[ColumnId]) -> HashSet<usize> {
        let groups = self.groups_behind(columns);
        let of_groups = groups.iter().filter_map(|at| self.groups.get(*at)).flat_map(Group::reads);
        let from = columns.iter().copied().chain(of_groups).map(Read::Column);
        let reached = self.reached(from, Op::reads, |_| false);
        let inputs = reached.nodes.iter().filter_map(|node| match self.node(*node).op {
            Op::Input(input) => Some(input.index()),
            _ => None,
        });
        inputs.collect()
    }
}
