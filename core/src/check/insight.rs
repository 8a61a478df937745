//! What is known of every node of a plan, with the conditions under which it is reached.

use std::cell::Cell;
use std::collections::HashMap;

use super::assume::{Assumed, Class, Classes, Conditions};
use super::known::{Known, View, opposite, outcome, shares};
use super::range::Range;
use crate::plan::{Bands, ColumnId, NodeId, Op, Plan, TableId};

/// The most operations that are supposed anew for one plan; what is beyond is not known.
const MOST_SUPPOSED: usize = 500_000;

/// What is known of a plan.
pub(super) struct Insight<'p> {
    pub(super) plan: &'p Plan,
    pub(super) classes: Classes,
    /// What each node is, whatever the conditions around it.
    plain: Vec<Known>,
    /// What each node is where it is reached.
    known: Vec<Known>,
    /// Under which conditions it is reached; nothing when it never is.
    reached: Vec<Option<Assumed>>,
    /// The column each node belongs to.
    owners: Vec<Option<ColumnId>>,
    tables: Vec<Known>,
    /// How many operations may still be supposed.
    left: Cell<usize>,
}

impl<'p> Insight<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let mut insight = Self {
            plan,
            classes: Classes::new(plan),
            plain: Vec::with_capacity(plan.nodes.len()),
            known: Vec::with_capacity(plan.nodes.len()),
            reached: vec![None; plan.nodes.len()],
            owners: vec![None; plan.nodes.len()],
            tables: plan.tables.iter().map(Known::of_table).collect(),
            left: Cell::new(MOST_SUPPOSED),
        };
        for node in &plan.nodes {
            let known = outcome(&node.op, &Plain { plan, known: &insight.plain, tables: &insight.tables });
            insight.plain.push(known);
        }
        insight.reach();
        for (at, node) in plan.nodes.iter().enumerate() {
            let known = match insight.reached.get(at) {
                Some(Some(assumed)) => {
                    let known = outcome(&node.op, &Here { insight: &insight, assumed });
                    let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
                    assumed.of(insight.classes.of(id)).map_or_else(|| known.clone(), |range| known.meet(range))
                }
                _ => Known::Nothing,
            };
            insight.known.push(known);
        }
        insight
    }

    /// Goes from each column's result to what it is computed from, with what the conditions on the way say.
    fn reach(&mut self) {
        for (at, column) in self.plan.columns.iter().enumerate() {
            self.arrive(column.body, &Assumed::default(), u32::try_from(at).ok().map(ColumnId));
        }
        for at in (0..self.plan.nodes.len()).rev() {
            let Some(Some(assumed)) = self.reached.get(at).cloned() else { continue };
            let owner = self.owners.get(at).copied().flatten();
            let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
            match &self.plan.node(id).op {
                Op::Choose { condition, then, otherwise } => {
                    self.arrive(*condition, &assumed, owner);
                    let decided = self.plain.get(condition.index()).cloned().unwrap_or(Known::Anything);
                    for (holds, branch) in [(true, *then), (false, *otherwise)] {
                        if decided.can_be(holds) {
                            let inside = self.conditions().assume(&assumed, *condition, holds);
                            self.arrive(branch, &inside, owner);
                        }
                    }
                }
                Op::And(a, b) | Op::Or(a, b) => {
                    let holds = matches!(self.plan.node(id).op, Op::And(..));
                    self.arrive(*a, &assumed, owner);
                    let inside = self.conditions().assume(&assumed, *a, holds);
                    self.arrive(*b, &inside, owner);
                }
                Op::Bands(bands) => self.reach_bands(bands, &assumed, owner),
                op => op.operands().into_iter().for_each(|operand| self.arrive(operand, &assumed, owner)),
            }
        }
    }

    /// A band's result is looked at only when the value falls in the band.
    fn reach_bands(&mut self, bands: &Bands, assumed: &Assumed, owner: Option<ColumnId>) {
        self.arrive(bands.value, assumed, owner);
        let operator = bands.edge.comparison();
        let mut below = assumed.clone();
        for (edge, result) in &bands.bands {
            self.arrive(*edge, assumed, owner);
            let inside = self.conditions().compared(&below, operator, bands.value, *edge);
            self.arrive(*result, &inside, owner);
            below = self.conditions().compared(&below, opposite(operator), bands.value, *edge);
        }
        if let Some(otherwise) = bands.otherwise {
            self.arrive(otherwise, &below, owner);
        }
    }

    fn arrive(&mut self, id: NodeId, assumed: &Assumed, owner: Option<ColumnId>) {
        if assumed.is_impossible() {
            return;
        }
        if let Some(reached) = self.reached.get_mut(id.index()) {
            *reached = Some(match reached.as_ref() {
                Some(before) => before.join(assumed),
                None => assumed.clone(),
            });
        }
        if let Some(own) = self.owners.get_mut(id.index()) {
            *own = own.or(owner);
        }
    }

    fn conditions(&self) -> Conditions<'_> {
        Conditions { plan: self.plan, classes: &self.classes, known: &self.plain }
    }

    /// The nodes that are reached, in order.
    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> {
        let reached = self.reached.iter().enumerate().filter(|(_, reached)| reached.is_some());
        reached.filter_map(|(at, _)| u32::try_from(at).ok().map(NodeId))
    }

    /// The column a node belongs to.
    pub(super) fn owner(&self, id: NodeId) -> Option<ColumnId> {
        self.owners.get(id.index()).copied().flatten()
    }

    /// What a node is wherever it is reached from.
    pub(super) fn at(&self, id: NodeId) -> &Known {
        self.known.get(id.index()).unwrap_or(&Known::Anything)
    }

    /// What a node is whatever the conditions, whether it is reached or not.
    pub(super) fn plainly(&self, id: NodeId) -> &Known {
        self.plain.get(id.index()).unwrap_or(&Known::Anything)
    }

    /// What an operand is as the operation that reads it sees it.
    pub(super) fn seen(&self, from: NodeId, operand: NodeId) -> Known {
        match self.reached.get(from.index()) {
            Some(Some(assumed)) => Here { insight: self, assumed }.operand(operand),
            _ => Known::Nothing,
        }
    }

    /// The two results of a choice, each when it is taken.
    pub(super) fn branches(&self, from: NodeId, condition: NodeId, then: NodeId, otherwise: NodeId) -> (Known, Known) {
        match self.reached.get(from.index()) {
            Some(Some(assumed)) => {
                let here = Here { insight: self, assumed };
                (here.branch(condition, true, then), here.branch(condition, false, otherwise))
            }
            _ => (Known::Nothing, Known::Nothing),
        }
    }

    /// What each band takes of the value's range, and what is left.
    pub(super) fn shares(&self, from: NodeId, bands: &Bands) -> Option<(Range, Vec<Option<Range>>, Range)> {
        let assumed = self.reached.get(from.index())?.as_ref()?;
        let here = Here { insight: self, assumed };
        let Known::Number(range) = here.operand(bands.value) else { return None };
        let (shares, left) = shares(bands, &range, &here);
        Some((range, shares, left))
    }

    /// What the node would be, were the nodes of some classes and some inputs in these ranges.
    ///
    /// Every node that is looked at is kept, so that the work is in proportion to the plan; and all of it together has
    /// an end, past which nothing is known.
    pub(super) fn suppose(&self, supposed: &dyn Supposed, id: NodeId, kept: &mut HashMap<NodeId, Known>) -> Known {
        let mut waiting = vec![(id, false)];
        while let Some((at, ready)) = waiting.pop() {
            if kept.contains_key(&at) {
                continue;
            }
            let Some(left) = self.left.get().checked_sub(1) else { return Known::Anything };
            self.left.set(left);
            if let Some(known) = supposed.known(self, at) {
                kept.insert(at, known);
                continue;
            }
            let op = &self.plan.node(at).op;
            if !ready {
                waiting.push((at, true));
                match op {
                    Op::Column(column) => waiting.push((self.plan.column(*column).body, false)),
                    _ => waiting.extend(op.operands().into_iter().map(|operand| (operand, false))),
                }
                continue;
            }
            let known = outcome(op, &Imagined { insight: self, kept });
            kept.insert(at, known);
        }
        kept.get(&id).cloned().unwrap_or(Known::Anything)
    }
}

/// What some nodes are supposed to be.
pub(super) trait Supposed {
    /// The value this node is supposed to have, if it is.
    fn known(&self, insight: &Insight<'_>, id: NodeId) -> Option<Known>;
}

/// Nodes of one class in a range; everything else as it is where it is reached.
pub(super) struct One {
    pub(super) class: Class,
    pub(super) range: Range,
}

impl Supposed for One {
    fn known(&self, insight: &Insight<'_>, id: NodeId) -> Option<Known> {
        (insight.classes.of(id) == self.class).then(|| Known::number(self.range.clone()))
    }
}

/// The operands without any condition.
struct Plain<'a> {
    plan: &'a Plan,
    known: &'a [Known],
    tables: &'a [Known],
}

impl View for Plain<'_> {
    fn plan(&self) -> &Plan {
        self.plan
    }

    fn operand(&self, id: NodeId) -> Known {
        self.known.get(id.index()).cloned().unwrap_or(Known::Anything)
    }

    fn branch(&self, _: NodeId, _: bool, id: NodeId) -> Known {
        self.operand(id)
    }

    fn column(&self, id: ColumnId) -> Known {
        self.operand(self.plan.column(id).body)
    }

    fn table(&self, id: TableId) -> Known {
        self.tables.get(id.index()).cloned().unwrap_or(Known::Anything)
    }
}

/// The operands as they are under the conditions of the node that reads them.
struct Here<'a> {
    insight: &'a Insight<'a>,
    assumed: &'a Assumed,
}

impl Here<'_> {
    fn under(&self, assumed: &Assumed, id: NodeId) -> Known {
        let known = self.insight.at(id);
        assumed.of(self.insight.classes.of(id)).map_or_else(|| known.clone(), |range| known.meet(range))
    }
}

impl View for Here<'_> {
    fn plan(&self) -> &Plan {
        self.insight.plan
    }

    fn operand(&self, id: NodeId) -> Known {
        self.under(self.assumed, id)
    }

    fn branch(&self, condition: NodeId, holds: bool, id: NodeId) -> Known {
        self.under(&self.insight.conditions().assume(self.assumed, condition, holds), id)
    }

    fn column(&self, id: ColumnId) -> Known {
        self.insight.at(self.insight.plan.column(id).body).clone()
    }

    fn table(&self, id: TableId) -> Known {
        self.insight.tables.get(id.index()).cloned().unwrap_or(Known::Anything)
    }
}

/// The operands as they are supposed to be.
struct Imagined<'a> {
    insight: &'a Insight<'a>,
    kept: &'a HashMap<NodeId, Known>,
}

impl View for Imagined<'_> {
    fn plan(&self) -> &Plan {
        self.insight.plan
    }

    fn operand(&self, id: NodeId) -> Known {
        self.kept.get(&id).cloned().unwrap_or(Known::Anything)
    }

    fn branch(&self, _: NodeId, _: bool, id: NodeId) -> Known {
        self.operand(id)
    }

    fn column(&self, id: ColumnId) -> Known {
        self.operand(self.insight.plan.column(id).body)
    }

    fn table(&self, id: TableId) -> Known {
        self.insight.tables.get(id.index()).cloned().unwrap_or(Known::Anything)
    }
}
