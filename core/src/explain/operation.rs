//! What the operations of a rule did: one sentence for each that the words of the field have a name for.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::expression::sign;
use super::number_text;
use super::step::{Fact, Step, StepKind};
use super::told::Walker;
use crate::plan::{BandEdge, Bands, Extreme, Interpolate, NodeId, Op, Step as Label};

impl Walker<'_, '_> {
    /// What an operation did, told after its operands.
    pub(super) fn leave(&mut self, node: NodeId) -> Option<Step> {
        let teller = self.teller;
        if let Op::Group(group) = teller.plan.node(node).op {
            return self.group(node, group);
        }
        teller.value(node)?;
        match &teller.plan.node(node).op {
            Op::Tell(label, inner) => self.label(node, label, *inner),
            Op::Bands(bands) => self.band(node, bands),
            Op::Portion(portion) => self.portion(node, portion),
            Op::Interpolate(line) => self.knots(node, line),
            Op::Choose { condition, otherwise, then } => match &teller.plan.node(*condition).op {
                Op::Tell(Label::Veto(name), event) => self.grade_veto(node, name, *event, *then, *otherwise),
                Op::Tell(Label::Shift(name), event) => self.shift(node, name, *event, *then, *otherwise),
                _ => None,
            },
            _ => None,
        }
    }

    fn label(&mut self, node: NodeId, label: &Label, inner: NodeId) -> Option<Step> {
        match label {
            Label::Attainment => {
                let value = self.value_text(node, true);
                let told = match self.expression(inner) {
                    Some(expression) => say!("attainment {expression} = {value}", "完成率 {expression} = {value}"),
                    None => {
                        let of = self.named(inner, true);
                        say!("attainment {of}", "完成率 {of}")
                    }
                };
                Some(Step::new(StepKind::Attainment, told).number("attainment", self.teller.number(node)))
            }
            Label::Proportion => {
                let expression = self.expression(inner)?;
                let value = self.value_text(node, true);
                let told = say!("proportion {expression} = {value}", "比例 {expression} = {value}");
                Some(Step::new(StepKind::Proportion, told).number("proportion", self.teller.number(node)))
            }
            Label::Enough(role) => self.enough(node, role, inner),
            Label::Rated if self.teller.truth(node) == Some(false) => {
                Some(Step::new(StepKind::Sheets, say!("nobody has rated", "没有考评表")))
            }
            Label::Passed => self.passed(node, inner),
            Label::OutOf => self.out_of(node, inner),
            Label::Gate => self.gate(node, inner),
            Label::Floor | Label::Cap => self.limit(node, label, inner),
            Label::Units => self.units(node, inner),
            Label::Rule(_) => self.points(node, inner),
            Label::Applies => {
                let holds = self.teller.truth(node)?;
                let Message { en, zh } = self.teller.question(inner, holds);
                let told = if holds {
                    say!("{en}, so the item applies", "{zh}，本项适用")
                } else {
                    say!("{en}, so the item does not apply", "{zh}，本项不适用")
                };
                Some(Step::new(StepKind::Applies, told).fact("applies", self.teller.fact(node)))
            }
            Label::Paid | Label::TakenBack => self.paid(node, label, inner),
            Label::Years => self.years(node, inner),
            Label::Amount => self.amount(node, inner),
            Label::Carried => self.carried(node, inner),
            Label::Calculated if node != self.body => {
                let grade = self.value_text(node, false);
                let told = say!("the grade before what follows: {grade}", "初定等级：{grade}");
                Some(Step::new(StepKind::Calculated, told).fact("grade", self.teller.fact(node)))
            }
            Label::Graded => self.graded(node, inner),
            Label::Standard(name) => self.standard(node, name, inner),
            Label::Eligible(name) => self.eligible(node, name, inner),
            Label::Movement => self.movement(node, inner),
            Label::Decision => self.decision(node),
            _ => None,
        }
    }

    fn passed(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let Op::Compare(_, total, mark) = self.teller.plan.node(inner).op else { return None };
        let (value, edge) = (self.value_text(total, false), self.value_text(mark, false));
        let told = if self.teller.truth(node)? {
            say!("the pass mark is reached: {value} ≥ {edge}", "达到及格线：{value} ≥ {edge}")
        } else {
            say!("the pass mark is not reached: {value} < {edge}", "未达及格线：{value} < {edge}")
        };
        let step = Step::new(StepKind::Pass, told).number("total", self.teller.number(total));
        Some(step.number("mark", self.teller.number(mark)).fact("reached", self.teller.fact(node)))
    }

    /// A result on the full marks of the item.
    fn out_of(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let Op::Arithmetic(_, result, factor) = self.teller.plan.node(inner).op else { return None };
        let (value, factor) = (self.value_text(result, false), self.value_text(factor, false));
        let scaled = number_text::result(self.teller.number(node)?);
        let told = say!(
            "on the item's full marks: {value} × {factor} = {scaled}",
            "按本项满分折算：{value} × {factor} = {scaled}"
        );
        let step = Step::new(StepKind::OutOf, told).number("result", self.teller.number(result));
        Some(step.number("scaled", self.teller.number(node)))
    }

    fn gate(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let Op::Compare(_, attainment, gate) = self.teller.plan.node(inner).op else { return None };
        let reached = self.teller.truth(node)?;
        let (value, edge) = (self.value_text(attainment, true), self.value_text(gate, true));
        let told = if reached {
            say!("the gate is reached: {value} ≥ {edge}", "达到门槛：{value} ≥ {edge}")
        } else {
            say!("the gate is not reached, so no points: {value} < {edge}", "未达门槛，不得分：{value} < {edge}")
        };
        let step = Step::new(StepKind::Gate, told).number("attainment", self.teller.number(attainment));
        Some(step.number("gate", self.teller.number(gate)).fact("reached", self.teller.fact(node)))
    }

    /// A floor, a cap, or the most a side of a rule can change.
    fn limit(&mut self, node: NodeId, label: &Label, inner: NodeId) -> Option<Step> {
        let inner = self.taken(inner);
        let Op::Extreme(extreme, list) = &self.teller.plan.node(inner).op else { return None };
        let [before, limit] = **list else { return None };
        let percent = self.is_percent(limit) || self.is_percent(before);
        let before_text = self.value_text(before, percent);
        let derived = match self.expression(before) {
            Some(expression) => format!("{expression} = {before_text}"),
            None => before_text,
        };
        let edge = self.value_text(limit, percent);
        let applied = self.teller.number(before)? != self.teller.number(node)?;
        let (kind, told) = match (label, extreme, applied) {
            (Label::Cap, Extreme::Maximum, false) => {
                (StepKind::Limit, say!("{derived}, within the limit of {edge}", "{derived}，未超过限额 {edge}"))
            }
            (Label::Cap, Extreme::Maximum, true) => {
                (StepKind::Limit, say!("{derived}, past the limit, so {edge}", "{derived}，超过限额，按 {edge} 计"))
            }
            (_, Extreme::Maximum, false) => {
                (StepKind::Floor, say!("{derived}, not below the floor of {edge}", "{derived}，不低于下限 {edge}"))
            }
            (_, Extreme::Maximum, true) => {
                (StepKind::Floor, say!("{derived}, below the floor, so {edge}", "{derived}，低于下限，按 {edge} 计"))
            }
            (_, Extreme::Minimum, false) => {
                (StepKind::Cap, say!("{derived}, not above the cap of {edge}", "{derived}，不高于上限 {edge}"))
            }
            (_, Extreme::Minimum, true) => {
                (StepKind::Cap, say!("{derived}, above the cap, so {edge}", "{derived}，高于上限，按 {edge} 计"))
            }
        };
        let step = Step::new(kind, told).number("before", self.teller.number(before));
        let step = step.number("limit", self.teller.number(limit)).number("after", self.teller.number(node));
        Some(step.fact("applied", Fact::Truth(applied)))
    }

    fn units(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let units = self.teller.number(node)?;
        let counted = number_text::told(units);
        let (of, told) = match self.teller.plan.node(inner).op {
            Op::Round { value, .. } => {
                let exact = number_text::result(self.teller.number(value)?);
                let expression = self.expression(value)?;
                let told = say!(
                    "{expression} = {exact}, {counted} whole units count",
                    "{expression} = {exact}，满 {counted} 个单位（不足一个的不计）"
                );
                (value, told)
            }
            _ => {
                let exact = number_text::result(units);
                let expression = self.expression(inner)?;
                let told = say!(
                    "{expression} = {exact} units, parts of one counted too",
                    "{expression} = {exact} 个单位（不足一个的按比例计）"
                );
                (inner, told)
            }
        };
        let step = Step::new(StepKind::Units, told).number("exact", self.teller.number(of));
        Some(step.number("units", Some(units)))
    }

    /// The points of a rule, when they are computed and not simply read off.
    fn points(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        if self.formula.is_some() {
            return None;
        }
        let points = self.teller.number(node)?;
        let value = number_text::result(points);
        let expression = self.expression(inner)?;
        let told = say!("points: {expression} = {value}", "得分：{expression} = {value}");
        Some(Step::new(StepKind::Points, told).number("points", Some(points)))
    }

    /// The band a figure fell in: its own edge, and the next better one that was not reached.
    fn band(&mut self, node: NodeId, bands: &Bands) -> Option<Step> {
        let won = bands.bands.iter().position(|(_, result)| self.teller.is_evaluated(*result));
        let edge = won.and_then(|at| bands.bands.get(at)).map(|(edge, _)| *edge);
        let passed = match won {
            Some(at) => at.checked_sub(1).and_then(|before| bands.bands.get(before)),
            None => bands.bands.last(),
        };
        let percent = bands.bands.iter().any(|(edge, _)| self.is_percent(*edge)) || self.is_percent(bands.value);
        let of = self.named(bands.value, percent);
        let operator = bands.edge.comparison();
        let mut relation = Message::new(of.clone(), of);
        let edges = [edge.map(|edge| (edge, true)), passed.map(|(edge, _)| (*edge, false))];
        for (at, (edge, holds)) in edges.into_iter().flatten().enumerate() {
            let (sign, text) = (sign(operator, holds), self.value_text(edge, percent));
            let (comma_en, comma_zh) = if at > 0 { (", ", "，") } else { (" ", " ") };
            let Message { en, zh } = relation;
            relation = say!("{en}{comma_en}{sign} {text}", "{zh}{comma_zh}{sign} {text}");
        }
        let value = match self.teller.number(node) {
            Some(number) => number_text::result(number),
            None => self.value_text(node, false),
        };
        let Message { en, zh } = relation;
        let told = say!("{en}: {value}", "{zh}：{value}");
        let mut step = Step::new(StepKind::Band, told).fact("of", self.teller.fact(bands.value));
        if let Some(edge) = edge {
            step = step.fact(edge_name(bands.edge), self.teller.fact(edge));
        }
        if let Some((passed, _)) = passed {
            step = step.fact(passed_name(bands.edge), self.teller.fact(*passed));
        }
        Some(step.fact("value", self.teller.fact(node)))
    }

    fn knots(&mut self, node: NodeId, line: &Interpolate) -> Option<Step> {
        let percent = line.knots.iter().any(|(place, _)| self.is_percent(*place)) || self.is_percent(line.value);
        let of = self.named(line.value, percent);
        let value = self.teller.number(line.value)?;
        let reached: Vec<(NodeId, NodeId)> =
            line.knots.iter().copied().filter(|(_, result)| self.teller.is_evaluated(*result)).collect();
        let result = number_text::result(self.teller.number(node)?);
        let plain = self.value_text(line.value, percent);
        let mut facts = vec![("of", line.value)];
        let told = match *reached.as_slice() {
            [(from, low), (to, high)] => {
                facts.extend([("from", from), ("from_value", low), ("to", to), ("to_value", high)]);
                let (from, to) = (self.value_text(from, percent), self.value_text(to, percent));
                let (low, high) = (self.value_text(low, false), self.value_text(high, false));
                let rise = if high.starts_with('-') { format!("({high})") } else { high.clone() };
                let fall = if low.starts_with('-') { format!("({low})") } else { low.clone() };
                let line = format!("{low} + ({plain} - {from}) ÷ ({to} - {from}) × ({rise} - {fall}) = {result}");
                say!(
                    "{of}, between {from} ({low}) and {to} ({high}): {line}",
                    "{of}，在 {from}（{low}）与 {to}（{high}）之间：{line}"
                )
            }
            [(place, score), ..] => {
                facts.extend([("from", place), ("from_value", score)]);
                let at = self.teller.number(place)?;
                let edge = self.value_text(place, percent);
                if value == at {
                    say!("{of}, exactly at the knot {edge}: {result}", "{of}，正在节点 {edge} 上：{result}")
                } else if value < at {
                    say!(
                        "{of}, below the first knot {edge}, whose value holds: {result}",
                        "{of}，低于第一个节点 {edge}，取该节点的值：{result}"
                    )
                } else {
                    say!(
                        "{of}, above the last knot {edge}, whose value holds: {result}",
                        "{of}，高于最后一个节点 {edge}，取该节点的值：{result}"
                    )
                }
            }
            [] => return None,
        };
        let step = Step::new(StepKind::Knots, told);
        let step = facts.into_iter().fold(step, |step, (name, node)| step.number(name, self.teller.number(node)));
        Some(step.number("value", self.teller.number(node)))
    }

    /// An event that limits a grade.
    fn grade_veto(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        event: NodeId,
        limited: NodeId,
        before: NodeId,
    ) -> Option<Step> {
        let met = self.teller.truth(event)?;
        let (old, new) = (self.value_text(before, false), self.value_text(node, false));
        let Message { en, zh } = self.teller.event(name, event, met);
        let told = if !met {
            say!("veto {name}: {en}", "一票否决 {name}：{zh}")
        } else if old == new {
            say!(
                "veto {name}: {en}; {old} is no better than it allows",
                "一票否决 {name}：{zh}；{old} 未超过限定，不变"
            )
        } else {
            say!("veto {name}: {en}; {old} becomes {new}", "一票否决 {name}：{zh}；由 {old} 降为 {new}")
        };
        let mut step =
            Step::new(StepKind::Veto, told).fact("name", Fact::Text(name.to_string())).fact("met", Fact::Truth(met));
        if let Op::Extreme(_, list) = &self.teller.plan.node(limited).op
            && let [_, allowed] = **list
        {
            step = step.fact("at_most", self.teller.fact(allowed));
        }
        Some(step.fact("before", self.teller.fact(before)).fact("after", self.teller.fact(node)))
    }
}

const fn edge_name(edge: BandEdge) -> &'static str {
    match edge {
        BandEdge::AtLeast => "at_least",
        BandEdge::Above => "above",
        BandEdge::UpTo => "up_to",
        BandEdge::Below => "below",
    }
}

/// What not reaching an edge of that kind is called.
const fn passed_name(edge: BandEdge) -> &'static str {
    match edge {
        BandEdge::AtLeast => "below",
        BandEdge::Above => "up_to",
        BandEdge::UpTo => "above",
        BandEdge::Below => "at_least",
    }
}
