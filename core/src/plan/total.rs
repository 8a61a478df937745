//! How a total comes about after its parts: the stages from the composite to the value before rounding.

use std::sync::Arc;

use super::{Arithmetic, Composite, CompositeRole, Extreme, NodeId, Op, Plan, Step};

/// One stage of a total: the value before it and the value after.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// What is done.
    pub(crate) kind: StageKind,
    /// The value it is done to.
    pub(crate) before: NodeId,
    /// What comes out.
    pub(crate) after: NodeId,
}

/// What a stage of a total does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StageKind {
    /// Adds an adjustment.
    Adjustment(Arc<str>),
    /// Holds it down when an event has happened.
    Veto(Arc<str>),
    /// Holds it up.
    Floor,
    /// Holds it down.
    Cap,
    /// Something that has no name.
    Other,
}

impl Plan {
    /// The composite behind its name and the check of its weights.
    pub(crate) fn composite_at(&self, node: NodeId) -> Option<&Composite> {
        let mut at = node;
        loop {
            at = match &self.node(at).op {
                Op::Composite(composite) => return Some(composite),
                Op::Tell(_, inner) => *inner,
                Op::Choose { then, .. } => *then,
                _ => return None,
            };
        }
    }

    /// The stages of a total in the order they are applied. Each begins where the one before it ended, so what they
    /// change adds up to the way from the composite to the value before rounding.
    pub(crate) fn stages_of(&self, role: &CompositeRole) -> Vec<Stage> {
        let mut stages = Vec::new();
        let mut at = role.before_rounding;
        // from the outermost stage inwards
        while at != role.composite {
            let (kind, before) = match &self.node(at).op {
                Op::Tell(Step::Floor | Step::Cap, limited) => match self.limited(*limited) {
                    Some((Extreme::Maximum, before)) => (StageKind::Floor, before),
                    Some((Extreme::Minimum, before)) => (StageKind::Cap, before),
                    None => break,
                },
                Op::Choose { condition, then, otherwise } => match &self.node(*condition).op {
                    Op::Tell(Step::Veto(name), _) => (StageKind::Veto(Arc::clone(name)), *otherwise),
                    // a guard, such as of a floor that is not above the cap
                    _ => {
                        at = *then;
                        continue;
                    }
                },
                Op::Arithmetic(Arithmetic::Add, before, points) => match &self.node(*points).op {
                    Op::Tell(Step::Adjustment(name), _) => (StageKind::Adjustment(Arc::clone(name)), *before),
                    _ => break,
                },
                Op::Tell(_, inner) => {
                    at = *inner;
                    continue;
                }
                _ => break,
            };
            stages.push(Stage { kind, before, after: at });
            at = before;
        }
        if at != role.composite {
            // something this version cannot name still has to be accounted for
            stages.push(Stage { kind: StageKind::Other, before: role.composite, after: at });
        }
        stages.reverse();
        stages
    }

    fn limited(&self, node: NodeId) -> Option<(Extreme, NodeId)> {
        match &self.node(node).op {
            Op::Extreme(extreme, list) => match **list {
                [before, _] => Some((*extreme, before)),
                _ => None,
            },
            _ => None,
        }
    }
}
