//! Reason codes: where points were lost below a total, the largest loss first.

use std::sync::Arc;

use super::Lost;
use super::teller::Teller;
use crate::number::Number;
use crate::plan::{ColumnId, CompositeMethod, NodeId, Op, Role, Step as Label};

impl Teller<'_> {
    /// The items below a total that fell short of full marks. Empty for other columns.
    ///
    /// What each cost is its shortfall times the weights on the way up; what adjustments and limits of a dimension did
    /// on that way is told there.
    pub(super) fn lost(&self, total: ColumnId) -> Vec<Lost> {
        let mut lost = Vec::new();
        if self.cell_value(total).is_none() {
            return Vec::new(); // what something cost a figure that is not there cannot be said
        }
        let mut waiting = vec![(total, Number::ONE)];
        let mut seen = std::collections::HashSet::new();
        while let Some((id, scale)) = waiting.pop() {
            let Role::Composite(role) = &self.plan.column(id).role else { continue };
            if !seen.insert(id) {
                continue;
            }
            let Some(composite) = self.composite(role.composite) else { continue };
            let parts = self.parts(composite);
            let mut present = Number::ZERO;
            let mut all = Number::ZERO;
            for (told, part) in parts.iter().zip(&composite.parts) {
                let Some(weight) = self.number(part.weight) else { continue };
                all = all.add(weight);
                if told.score.is_some() {
                    present = present.add(weight);
                }
            }
            for (told, part) in parts.iter().zip(&composite.parts) {
                let (Some(score), Some(full)) = (&told.score, &told.full) else { continue };
                let Some(weight) = self.number(part.weight) else { continue };
                let factor = match composite.method {
                    CompositeMethod::Weighted => weight.divide(&present),
                    CompositeMethod::Points => all.divide(&present),
                };
                let Some(factor) = factor.map(|factor| factor.multiply(&scale)) else { continue };
                let is_total = matches!(self.plan.column(part.column).role, Role::Composite(_));
                if is_total && told.missing.is_none() {
                    waiting.push((part.column, factor.multiply(&self.scaling(part.score))));
                    continue;
                }
                let points = full.subtract(score);
                if points.sign() > 0 {
                    let reason = Lost {
                        column: Arc::clone(&told.column),
                        effect: points.multiply(&factor),
                        points,
                        full: full.clone(),
                        places: self.plan.column(part.column).places,
                    };
                    lost.push((part.column, reason));
                }
            }
        }
        // of equal losses the earlier in the scheme stands first
        lost.sort_by(|(a, lost_a), (b, lost_b)| lost_b.effect.cmp(&lost_a.effect).then_with(|| a.cmp(b)));
        lost.into_iter().map(|(_, reason)| reason).collect()
    }

    /// By what a dimension's score is multiplied before its parent reads it.
    fn scaling(&self, score: NodeId) -> Number {
        if let Op::Tell(Label::Scaled, scaled) = &self.plan.node(score).op
            && let Op::Arithmetic(_, _, factor) = self.plan.node(*scaled).op
            && let Some(factor) = self.number(factor)
        {
            return factor.clone();
        }
        Number::ONE
    }
}
