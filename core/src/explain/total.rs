//! Totals: what each part brings, and what every step after them changes. All of it adds up, exactly.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::step::{Fact, Step, StepKind};
use super::teller::{Teller, one_line};
use super::told::{Told, Voice};
use super::{Part, number_text};
use crate::number::Number;
use crate::plan::{
    Arithmetic, Column, ColumnId, Composite, CompositeMethod, CompositeRole, Extreme, NodeId, Op, Step as Label,
    WhenMissing,
};
use crate::value::Value;

impl Teller<'_> {
    /// A dimension or total: its parts, then adjustments, vetoes and limits in the order they were applied.
    pub(super) fn total(&self, column: &Column, role: &CompositeRole) -> Told {
        let mut told = self.walk(column, column.body, Voice::Quiet);
        if let Some(composite) = self.composite(role.composite) {
            told.parts = self.parts(composite);
            let mut reads: Vec<ColumnId> = composite.parts.iter().map(|part| part.column).collect();
            reads.extend(&role.adjustments);
            reads.extend(told.reads.iter().copied());
            let mut once = std::collections::HashSet::new();
            reads.retain(|read| once.insert(*read));
            told.reads = reads;
            told.steps.extend(self.together(role, composite));
        }
        told.steps.extend(self.stages(role));
        told
    }

    /// The composite itself, behind its name and the check of its weights.
    pub(super) fn composite(&self, node: NodeId) -> Option<&Composite> {
        let mut at = node;
        loop {
            at = match &self.plan.node(at).op {
                Op::Composite(composite) => return Some(composite),
                Op::Tell(_, inner) => *inner,
                Op::Choose { then, .. } => *then,
                _ => return None,
            };
        }
    }

    /// What each part brings. Derived from the recorded scores and weights; it adds up to the recorded composite.
    pub(super) fn parts(&self, composite: &Composite) -> Vec<Part> {
        let mut parts: Vec<Part> = composite
            .parts
            .iter()
            .map(|part| {
                let weight = self.number(part.weight).cloned();
                let full = match (&weight, composite.method) {
                    (Some(weight), method) => Some(method.full(weight)),
                    (None, CompositeMethod::Weighted) => Some(Number::HUNDRED),
                    (None, CompositeMethod::Points) => None,
                };
                let missing = matches!(self.value(part.score), Some(Value::Missing)).then_some(part.when_missing);
                let score = match missing {
                    None => self.number(part.score).cloned(),
                    Some(WhenMissing::Zero) => Some(Number::ZERO),
                    Some(WhenMissing::Full) => full.clone(),
                    Some(WhenMissing::Redistribute | WhenMissing::Error) => None,
                };
                Part {
                    column: Arc::clone(&self.plan.column(part.column).name),
                    figure: self.figure(part.column),
                    score,
                    full,
                    weight,
                    effective_weight: None,
                    missing,
                    contribution: None,
                    lost: None,
                }
            })
            .collect();
        // without every weight nothing can be shared out
        let mut all = Number::ZERO;
        let mut present = Number::ZERO;
        for part in &parts {
            let Some(weight) = &part.weight else { return hide_points_weight(parts, composite.method) };
            all = all.add(weight);
            if part.score.is_some() {
                present = present.add(weight);
            } else if part.missing != Some(WhenMissing::Redistribute) {
                return hide_points_weight(parts, composite.method);
            }
        }
        let Some(moved) = all.divide(&present) else { return hide_points_weight(parts, composite.method) };
        for part in &mut parts {
            let (Some(weight), Some(score), Some(full)) = (&part.weight, &part.score, &part.full) else {
                part.effective_weight = Some(Number::ZERO);
                part.contribution = Some(Number::ZERO);
                continue;
            };
            let factor = match composite.method {
                CompositeMethod::Weighted => weight.divide(&present),
                CompositeMethod::Points => Some(moved.clone()),
            };
            part.contribution = factor.as_ref().map(|factor| score.multiply(factor));
            part.lost = factor.as_ref().map(|factor| full.subtract(score).multiply(factor));
            part.effective_weight = Some(weight.multiply(&moved));
        }
        hide_points_weight(parts, composite.method)
    }

    /// The line that puts the parts together.
    fn together(&self, role: &CompositeRole, composite: &Composite) -> Option<Step> {
        let value = self.number(role.composite)?;
        let text = number_text::result(value);
        let told = match composite.method {
            CompositeMethod::Weighted => {
                say!("the parts by weight: {text}", "各项按权重折合后合计：{text}")
            }
            CompositeMethod::Points => say!("the points of the parts: {text}", "各项得分合计：{text}"),
        };
        Some(Step::new(StepKind::Parts, told).number("value", Some(value)))
    }

    /// From the composite to the value before rounding, one stage after the other: each tells what it changed.
    fn stages(&self, role: &CompositeRole) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = role.before_rounding;
        // from the outermost stage inwards; the values telescope, so what they change adds up
        while at != role.composite {
            let (step, inner) = match &self.plan.node(at).op {
                Op::Tell(Label::Floor | Label::Cap, limited) => match &self.plan.node(*limited).op {
                    Op::Extreme(extreme, list) => match **list {
                        [before, limit] => (self.total_limit(*extreme, before, limit, at), before),
                        _ => break,
                    },
                    _ => break,
                },
                Op::Choose { condition, then, otherwise } => match &self.plan.node(*condition).op {
                    Op::Tell(Label::Veto(name), _) => {
                        (self.total_veto(name, *condition, *then, *otherwise, at), *otherwise)
                    }
                    _ => (None, *then), // a guard, such as of a floor that is not above the cap
                },
                Op::Extreme(Extreme::Minimum, list) => match **list {
                    [before, limit] => (self.total_limit(Extreme::Minimum, before, limit, at), before),
                    _ => break,
                },
                Op::Arithmetic(Arithmetic::Add, before, points) => match &self.plan.node(*points).op {
                    Op::Tell(Label::Adjustment(name), _) => (self.adjusted(name, *before, *points, at), *before),
                    _ => break,
                },
                Op::Tell(_, inner) => (None, *inner),
                _ => break,
            };
            steps.extend(step);
            at = inner;
        }
        if at != role.composite {
            // something this version cannot name still has to be accounted for
            steps.extend(self.unnamed(role.composite, at));
        }
        steps.reverse();
        steps
    }

    fn unnamed(&self, before: NodeId, after: NodeId) -> Option<Step> {
        let (old, new) = (self.number(before)?, self.number(after)?);
        let (from, to) = (number_text::told(old), number_text::told(new));
        let told = say!("{from} becomes {to}", "由 {from} 变为 {to}");
        Some(
            Step::new(StepKind::Other, told)
                .number("before", Some(old))
                .number("after", Some(new))
                .changes(new.subtract(old)),
        )
    }

    fn adjusted(&self, name: &Arc<str>, before: NodeId, points: NodeId, after: NodeId) -> Option<Step> {
        let (old, new) = (self.number(before)?, self.number(after)?);
        let points = self.number(points)?;
        let (added, from, to) = (number_text::signed(points), number_text::told(old), number_text::result(new));
        let told = if points.is_zero() {
            say!("adjustment {name}: none", "加减分项 {name}：无")
        } else {
            say!("adjustment {name}: {added}, {from} becomes {to}", "加减分项 {name}：{added}，由 {from} 变为 {to}")
        };
        let step = Step::new(StepKind::Adjustment, told).fact("name", Fact::Text(name.to_string()));
        let step = step.number("points", Some(points)).number("before", Some(old)).number("after", Some(new));
        Some(step.changes(new.subtract(old)))
    }

    fn total_veto(
        &self,
        name: &Arc<str>,
        event: NodeId,
        limited: NodeId,
        before: NodeId,
        after: NodeId,
    ) -> Option<Step> {
        let met = self.truth(event)?;
        let (old, new) = (self.number(before)?, self.number(after)?);
        let allowed = match &self.plan.node(limited).op {
            Op::Extreme(_, list) => match **list {
                [_, allowed] => Some(allowed),
                _ => None,
            },
            _ => None,
        };
        let most = allowed.and_then(|allowed| self.allowed(allowed)).unwrap_or_default();
        let allowed = allowed.and_then(|allowed| self.number(allowed));
        let (from, to) = (number_text::told(old), number_text::told(new));
        let Message { en, zh } = self.event(name, event, met);
        let told = match (met, old == new) {
            (false, _) => say!("veto {name}: {en}", "一票否决 {name}：{zh}"),
            (true, true) => say!(
                "veto {name}: {en}; at most {most}, {from} is no more than that",
                "一票否决 {name}：{zh}；最高 {most}，{from} 未超过，不变"
            ),
            (true, false) => say!(
                "veto {name}: {en}; at most {most}, {from} becomes {to}",
                "一票否决 {name}：{zh}；最高 {most}，由 {from} 降为 {to}"
            ),
        };
        let step = Step::new(StepKind::Veto, told).fact("name", Fact::Text(name.to_string()));
        let step = step.fact("met", Fact::Truth(met)).number("at_most", allowed);
        Some(step.number("before", Some(old)).number("after", Some(new)).changes(new.subtract(old)))
    }

    /// A limit of a total, with its formula when it is one.
    fn allowed(&self, limit: NodeId) -> Option<String> {
        let value = number_text::told(self.number(limit)?);
        let node = self.plan.node(limit);
        let text = node.span.map(|span| one_line(span.of(self.scheme.source()))).unwrap_or_default();
        if matches!(node.op, Op::Constant(_)) || text.is_empty() {
            return Some(value);
        }
        Some(format!("{value} (`{text}`)"))
    }

    fn total_limit(&self, extreme: Extreme, before: NodeId, limit: NodeId, after: NodeId) -> Option<Step> {
        let (old, new) = (self.number(before)?, self.number(after)?);
        let edge = self.allowed(limit)?;
        let from = number_text::told(old);
        let (kind, told) = match (extreme, old == new) {
            (Extreme::Minimum, true) => {
                (StepKind::Cap, say!("{from}, not above the cap of {edge}", "{from}，不高于上限 {edge}"))
            }
            (Extreme::Minimum, false) => {
                (StepKind::Cap, say!("{from}, above the cap, so {edge}", "{from}，高于上限，按 {edge} 计"))
            }
            (Extreme::Maximum, true) => {
                (StepKind::Floor, say!("{from}, not below the floor of {edge}", "{from}，不低于下限 {edge}"))
            }
            (Extreme::Maximum, false) => {
                (StepKind::Floor, say!("{from}, below the floor, so {edge}", "{from}，低于下限，按 {edge} 计"))
            }
        };
        let step = Step::new(kind, told).number("before", Some(old)).number("limit", self.number(limit));
        Some(step.number("after", Some(new)).changes(new.subtract(old)))
    }
}

/// Under points the full marks are no weight; only what was moved shows in them.
fn hide_points_weight(mut parts: Vec<Part>, method: CompositeMethod) -> Vec<Part> {
    if method == CompositeMethod::Points {
        for part in &mut parts {
            part.weight = None;
        }
    }
    parts
}
