//! The steps of one column: a walk over what was evaluated, in the order it was evaluated.

use std::collections::HashSet;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::expression::sign;
use super::number_text;
use super::step::{Step, StepKind};
use super::teller::{Teller, one_line};
use super::{ParameterRead, Part};
use crate::diagnostic::Span;
use crate::number::Number;
use crate::plan::{BandEdge, Bands, Column, ColumnId, Extreme, Interpolate, NodeId, Op, Role, Step as Label};

/// What a walk over a column has found.
#[derive(Default)]
pub(super) struct Told {
    pub(super) steps: Vec<Step>,
    pub(super) parameters: Vec<ParameterRead>,
    pub(super) reads: Vec<ColumnId>,
    pub(super) parts: Vec<Part>,
}

/// Walks over one column.
pub(super) struct Walker<'t, 'a> {
    pub(super) teller: &'t Teller<'a>,
    /// Where the column is defined: what a rule made stands there.
    pub(super) span: Option<Span>,
    /// Operands that were named already, and need not be named again.
    pub(super) told_names: HashSet<NodeId>,
    has_formula: bool,
    body: NodeId,
    told: Told,
}

enum Visit {
    Enter { node: NodeId, quiet: bool },
    Condition(NodeId),
    Leave(NodeId),
}

impl Teller<'_> {
    /// The steps of a column from a node down, and what it read; `quiet`: only what it read.
    pub(super) fn walk(&self, column: &Column, from: NodeId, quiet: bool) -> Told {
        let mut walker = Walker {
            teller: self,
            span: column.span,
            told_names: HashSet::new(),
            has_formula: column.formula.is_some(),
            body: from,
            told: Told::default(),
        };
        walker.walk(from, quiet);
        if let (Role::Item(item), false) = (&column.role, quiet) {
            walker.walk(item.full, true);
        }
        walker.told
    }
}

impl Teller<'_> {
    /// A condition that is a formula, and whether it holds.
    pub(super) fn question(&self, condition: NodeId, holds: bool) -> Message {
        let span = self.plan.node(condition).span;
        let text = span.map(|span| one_line(span.of(self.scheme.source()))).unwrap_or_default();
        let values = span.and_then(|span| self.substituted_at(span)).filter(|values| *values != text);
        let values = values.filter(|values| values != "true" && values != "false");
        let values = values.map(|values| format!(" ({values})")).unwrap_or_default();
        if holds {
            say!("`{text}` holds{values}", "`{text}` 成立{values}")
        } else {
            say!("`{text}` does not hold{values}", "`{text}` 不成立{values}")
        }
    }

    /// What a veto turned on, unless its name says that already.
    pub(super) fn event(&self, name: &str, event: NodeId, met: bool) -> Message {
        let inner = match &self.plan.node(event).op {
            Op::Tell(_, inner) => *inner,
            _ => event,
        };
        let span = self.plan.node(inner).span;
        let text = span.map(|span| one_line(span.of(self.scheme.source()))).unwrap_or_default();
        if text == name {
            return if met { say!("met", "已触发") } else { say!("not met", "未触发") };
        }
        let Message { en, zh } = self.question(inner, met);
        if met { say!("met, {en}", "已触发，{zh}") } else { say!("not met, {en}", "未触发，{zh}") }
    }
}

impl Walker<'_, '_> {
    /// Operands before operations, conditions before the branch they decide. No recursion: a sum can be long.
    fn walk(&mut self, from: NodeId, quiet: bool) {
        let mut seen = HashSet::new();
        let mut waiting = vec![Visit::Enter { node: from, quiet }];
        while let Some(visit) = waiting.pop() {
            match visit {
                Visit::Enter { node, quiet } if self.teller.is_evaluated(node) && seen.insert(node) => {
                    self.enter(node, quiet, &mut waiting);
                }
                Visit::Enter { .. } => {}
                Visit::Condition(node) => {
                    let step = self.condition(node);
                    self.told.steps.extend(step);
                }
                Visit::Leave(node) => {
                    let step = self.leave(node);
                    self.told.steps.extend(step);
                }
            }
        }
    }

    fn enter(&mut self, node: NodeId, quiet: bool, waiting: &mut Vec<Visit>) {
        let op = &self.teller.plan.node(node).op;
        if !quiet {
            waiting.push(Visit::Leave(node));
        }
        match op {
            Op::Column(column) => {
                if !self.told.reads.contains(column) {
                    self.told.reads.push(*column);
                }
            }
            Op::Tell(Label::Parameter { name, source }, inner) => {
                self.parameter(node, name, source.as_ref());
                waiting.push(Visit::Enter { node: *inner, quiet: true });
            }
            Op::Choose { condition, then, otherwise } => {
                let taken = self.teller.truth(*condition).map(|holds| if holds { *then } else { *otherwise });
                let taken = taken.map(|node| Visit::Enter { node, quiet });
                let condition_first = Visit::Enter { node: *condition, quiet };
                if matches!(self.teller.plan.node(*condition).op, Op::Tell(Label::Veto(_), _)) {
                    // a veto comes after what it limits
                    waiting.push(condition_first);
                    waiting.extend(taken);
                } else {
                    waiting.extend(taken);
                    if !quiet {
                        waiting.push(Visit::Condition(node));
                    }
                    waiting.push(condition_first);
                }
            }
            _ => waiting.extend(op.operands().into_iter().rev().map(|node| Visit::Enter { node, quiet })),
        }
    }

    fn parameter(&mut self, node: NodeId, name: &Arc<str>, source: Option<&Arc<str>>) {
        let Some(value) = self.teller.fact(node) else { return };
        let span = self.teller.plan.node(node).span;
        let written = span.map(|span| one_line(span.of(self.teller.scheme.source())));
        // with its keys, when it has any: 系数["中级"]
        let name = match (written.filter(|text| text.starts_with(&**name) && text.ends_with(']')), span) {
            (Some(text), Some(span)) => self.keys(&text, span).unwrap_or(text),
            _ => name.to_string(),
        };
        let read = ParameterRead { name, value, source: source.cloned() };
        if !self.told.parameters.contains(&read) {
            self.told.parameters.push(read);
        }
    }

    /// `系数[级别]` with the values of its keys.
    fn keys(&self, text: &str, span: Span) -> Option<String> {
        let open = text.find('[')?;
        let written = span.of(self.teller.scheme.source());
        let at = u32::try_from(written.find('[')?).ok()?;
        // the keys read like the arguments of a list
        let inside = Span::new(span.start.checked_add(at)?.checked_add(1)?, span.end.checked_sub(1)?);
        let keys = self.teller.substituted_at(inside)?;
        Some(format!("{}[{keys}]", text.get(..open)?))
    }

    // -- conditions --

    /// What a choice turned on, told before the branch that was taken.
    fn condition(&mut self, node: NodeId) -> Option<Step> {
        let Op::Choose { condition, then, otherwise } = self.teller.plan.node(node).op else { return None };
        let holds = self.teller.truth(condition)?;
        let taken = if holds { then } else { otherwise };
        let other = if holds { otherwise } else { then };
        match &self.teller.plan.node(condition).op {
            // told where they stand themselves
            Op::Tell(Label::Gate | Label::Applies | Label::Veto(_), _) | Op::IsMissing(_) => return None,
            _ => {}
        }
        if matches!(self.teller.plan.node(other).op, Op::Fail(_)) {
            return None; // a guard that let the value pass
        }
        if !self.is_made(node) {
            return self.branch(node, condition, taken, holds);
        }
        let relation = match self.teller.plan.node(condition).op {
            Op::Compare(operator, a, b) if self.is_made(condition) => {
                let guards_zero = self.is_made(b) && self.teller.number(b).is_some_and(Number::is_zero);
                if guards_zero && holds {
                    return None;
                }
                let text = self.relation(operator, a, b, holds);
                Message::new(text.clone(), text)
            }
            _ => self.teller.question(condition, holds),
        };
        let told = match self.settled(taken) {
            Some(value) => {
                let Message { en, zh } = relation;
                say!("{en}, so {value}", "{zh}，得 {value}")
            }
            None => relation,
        };
        Some(Step::new(StepKind::Condition, told).fact("holds", self.teller.fact(condition)))
    }

    /// The value of a branch that is a number and nothing else.
    fn settled(&self, node: NodeId) -> Option<String> {
        matches!(self.teller.plan.node(node).op, Op::Constant(_)).then(|| self.value_text(node, false))
    }

    /// A branch of a formula: which condition held.
    fn branch(&mut self, node: NodeId, condition: NodeId, taken: NodeId, holds: bool) -> Option<Step> {
        let (whole, own) = (self.teller.plan.node(node).span, self.teller.plan.node(condition).span);
        let told = if own == whole {
            // the zero divisor of `ratio`: told only when the policy was needed
            if !holds {
                return None;
            }
            let value = self.value_text(taken, self.is_percent(taken));
            say!("the divisor is zero, so {value}, as the formula says", "除数为零，按公式规定取 {value}")
        } else {
            self.teller.question(condition, holds)
        };
        Some(Step::new(StepKind::Branch, told).fact("holds", self.teller.fact(condition)))
    }

    // -- operations --

    /// What an operation did, told after its operands.
    fn leave(&mut self, node: NodeId) -> Option<Step> {
        let teller = self.teller;
        teller.value(node)?;
        match &teller.plan.node(node).op {
            Op::Tell(label, inner) => self.label(node, label, *inner),
            Op::Bands(bands) => self.band(node, bands),
            Op::Interpolate(line) => self.knots(node, line),
            Op::Choose { condition, otherwise, then } => match &teller.plan.node(*condition).op {
                Op::Tell(Label::Veto(name), event) => self.grade_veto(node, name, *event, *then, *otherwise),
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
            Label::Calculated if node != self.body => {
                let grade = self.value_text(node, false);
                let told = say!("before vetoes: {grade}", "否决前：{grade}");
                Some(Step::new(StepKind::Calculated, told).fact("grade", self.teller.fact(node)))
            }
            _ => None,
        }
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
        Some(step.fact("applied", super::Fact::Truth(applied)))
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
        if self.has_formula {
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
        let mut step = Step::new(StepKind::Veto, told)
            .fact("name", super::Fact::Text(name.to_string()))
            .fact("met", super::Fact::Truth(met));
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
