//! What decides a grade besides its seats: who is graded, standards, eligibility, shifts, movement, decisions.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::step::{Fact, Step, StepKind};
use super::told::Walker;
use crate::plan::{Extreme, NodeId, Op, Step as Label};

impl Walker<'_, '_> {
    /// Whether somebody is graded at all.
    pub(super) fn graded(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let holds = self.teller.truth(node)?;
        let Message { en, zh } = self.teller.question(inner, holds);
        let told = if holds {
            say!("graded, as {en}", "参加评级：{zh}")
        } else {
            say!("not graded, as {en}", "不参加评级：{zh}")
        };
        Some(Step::new(StepKind::Graded, told).fact("graded", Fact::Truth(holds)))
    }

    /// The standards of a grade, and where they do not all hold the first that does not.
    pub(super) fn standard(&mut self, node: NodeId, grade: &str, inner: NodeId) -> Option<Step> {
        let holds = self.teller.truth(node)?;
        let step = |told| Step::new(StepKind::Standard, told).fact("grade", Fact::Text(grade.to_owned()));
        if holds {
            let told = say!("{grade}: all its standards hold", "{grade}：各项标准全部达到");
            return Some(step(told).fact("holds", Fact::Truth(true)));
        }
        let mut failing = inner;
        while let Op::And(a, b) = self.teller.plan.node(failing).op {
            failing = if self.teller.truth(a) == Some(false) { a } else { b };
        }
        let Message { en, zh } = self.teller.question(failing, false);
        let told = say!("not {grade}: {en}", "未达 {grade}：{zh}");
        let step = step(told).fact("holds", Fact::Truth(false));
        Some(step.fact("condition", self.text_of(failing).map(Fact::Text)))
    }

    /// Who may not have a grade; who may needs no line.
    pub(super) fn eligible(&mut self, node: NodeId, grade: &str, inner: NodeId) -> Option<Step> {
        if self.teller.truth(node)? {
            return None;
        }
        Some(self.not_eligible(grade, inner))
    }

    /// Why somebody may not have a grade.
    pub(super) fn not_eligible(&mut self, grade: &str, condition: NodeId) -> Step {
        let Message { en, zh } = self.teller.question(condition, false);
        let told = say!("not eligible for {grade}: {en}", "不符合 {grade} 的条件：{zh}");
        let step = Step::new(StepKind::Eligible, told).fact("grade", Fact::Text(grade.to_owned()));
        step.fact("condition", self.text_of(condition).map(Fact::Text))
    }

    /// A condition as it is written.
    fn text_of(&self, node: NodeId) -> Option<String> {
        let text = super::teller::one_line(self.teller.plan.node(node).span?.of(self.teller.scheme.source()));
        (!text.is_empty()).then_some(text)
    }

    /// Steps up or down for a reason: applied, stopped at an end of the ladder, or carried across into the grading outside.
    pub(super) fn shift(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        event: NodeId,
        moved: NodeId,
        before: NodeId,
    ) -> Option<Step> {
        let applies = self.teller.truth(event)?;
        let (old, new) = (self.value_text(before, false), self.value_text(node, false));
        let inner = match &self.teller.plan.node(event).op {
            Op::Tell(_, inner) => *inner,
            _ => event,
        };
        let across = match self.teller.plan.node(inner).op {
            // one that carries across from the grading inside: its own condition, and whether it stands at the best there
            Op::And(condition, crosses) if self.is_made(inner) => Some((condition, crosses)),
            _ => None,
        };
        let told = match (across, applies) {
            (Some((condition, _)), false) if self.teller.truth(condition) == Some(false) => {
                let Message { en, zh } = self.turned_on(name, condition, false);
                say!("shift {name} from the grading inside: {en}", "{name}（来自内层等级）：{zh}")
            }
            (Some((_, crosses)), false) => {
                let at_best = match self.teller.plan.node(crosses).op {
                    Op::And(at_best, _) => self.teller.truth(at_best) == Some(true),
                    _ => false,
                };
                if at_best {
                    say!(
                        "shift {name} does not carry across from the grading inside: {old} is the best already",
                        "{name}（来自内层等级）：{old} 已是最高级，不跨级"
                    )
                } else {
                    say!(
                        "shift {name} does not carry across from the grading inside: not at the best there",
                        "{name}（来自内层等级）：内层不在最高档，不跨级"
                    )
                }
            }
            (Some(_), true) => say!(
                "shift {name} carries across from the best of the grading inside: {old} becomes {new}",
                "{name}（来自内层等级，内层已在最高档）：跨级，由 {old} 升为 {new}"
            ),
            (None, false) => {
                let Message { en, zh } = self.turned_on(name, inner, false);
                say!("shift {name}: {en}", "{name}：{zh}")
            }
            (None, true) => {
                let Message { en, zh } = self.turned_on(name, inner, true);
                let crossed = match self.teller.plan.node(moved).op {
                    Op::Choose { condition, .. } => self.teller.truth(condition) == Some(true),
                    _ => false,
                };
                if crossed {
                    say!(
                        "shift {name}: {en}; at the best already, so across into the next grade outside, and {new} there",
                        "{name}：{zh}；已在最高档，跨入外层上一级，在其中为 {new}"
                    )
                } else if old == new {
                    say!(
                        "shift {name}: {en}; {old} is the end of the ladder, so it stays",
                        "{name}：{zh}；{old} 已到顶端，不变"
                    )
                } else {
                    say!("shift {name}: {en}; {old} becomes {new}", "{name}：{zh}；由 {old} 调为 {new}")
                }
            }
        };
        let step = Step::new(StepKind::Shift, told).fact("name", Fact::Text(name.to_string()));
        let step = step.fact("applies", Fact::Truth(applies));
        Some(step.fact("before", self.teller.fact(before)).fact("after", self.teller.fact(node)))
    }

    /// What a shift turned on, unless its name says that already.
    fn turned_on(&self, name: &str, condition: NodeId, holds: bool) -> Message {
        match (self.text_of(condition).as_deref() == Some(name), holds) {
            (false, _) => self.teller.question(condition, holds),
            (true, true) => say!("applies", "适用"),
            (true, false) => say!("does not apply", "不适用"),
        }
    }

    /// The grade within the movement that is allowed from the one before.
    pub(super) fn movement(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let (mut at, mut last) = (inner, None);
        let (mut up, mut down) = (None, None);
        while let Op::Extreme(extreme, list) = &self.teller.plan.node(at).op
            && let [before, limit] = **list
            && let Op::MoveGrade { grade, steps, .. } = self.teller.plan.node(limit).op
        {
            match extreme {
                Extreme::Minimum => up = Some(steps),
                Extreme::Maximum => down = steps.checked_neg(),
            }
            (at, last) = (before, Some(grade));
        }
        let from = self.value_text(last?, false);
        let (old, new) = (self.value_text(at, false), self.value_text(node, false));
        let (en, zh) = match (up, down) {
            (Some(up), Some(down)) => {
                (format!("at most {up} up and {down} down"), format!("最多升 {up} 级、降 {down} 级"))
            }
            (Some(up), None) => (format!("at most {up} up"), format!("最多升 {up} 级")),
            (None, Some(down)) => (format!("at most {down} down"), format!("最多降 {down} 级")),
            (None, None) => return None,
        };
        let told = if old == new {
            say!("from {from} before, {en}: {old} is within that", "上期 {from}，{zh}：{old} 在范围之内")
        } else {
            say!("from {from} before, {en}: {old} becomes {new}", "上期 {from}，{zh}：由 {old} 调为 {new}")
        };
        let number = |steps: Option<i32>| steps.map(|steps| Fact::Number(i64::from(steps).into()));
        let step = Step::new(StepKind::Movement, told).fact("from", last.and_then(|last| self.teller.fact(last)));
        let step = step.fact("up", number(up)).fact("down", number(down));
        Some(step.fact("before", self.teller.fact(at)).fact("after", self.teller.fact(node)))
    }

    /// What it means that something is not there: no grade before, no decision.
    pub(super) fn absent(&mut self, absent: bool, otherwise: NodeId) -> Option<Step> {
        if !absent {
            return None;
        }
        match &self.teller.plan.node(otherwise).op {
            Op::Tell(Label::Movement, _) => {
                let told = say!("no grade before, so nothing limits the movement", "上期没有等级，不受升降限制");
                Some(Step::new(StepKind::Movement, told))
            }
            Op::Choose { otherwise, .. }
                if matches!(self.teller.plan.node(*otherwise).op, Op::Tell(Label::Decision, _)) =>
            {
                let told = say!(
                    "nothing was decided about this person, so the grade is as calculated",
                    "没有对本人另作决定，按计算等级"
                );
                Some(Step::new(StepKind::Decision, told))
            }
            _ => None,
        }
    }

    /// What was decided, with its reason, beside what was calculated.
    pub(super) fn decision(&mut self, node: NodeId) -> Option<Step> {
        let decided = self.value_text(node, false);
        let reason = self.reason.map(|reason| self.value_text(reason, false))?;
        let calculated = self.teller.plan.column_named(&format!("{}.calculated", self.name));
        let before = calculated.map(|column| self.teller.figure(column));
        if let Some(column) = calculated
            && !self.told.reads.contains(&column)
        {
            // not read, as it was decided otherwise, but it belongs beside it
            self.told.reads.push(column);
        }
        let beside = before.as_ref().map(ToString::to_string).unwrap_or_default();
        let told = say!(
            "decided: {decided}, because “{reason}”; calculated: {beside}",
            "决定为 {decided}，理由“{reason}”；计算等级为 {beside}"
        );
        let step = Step::new(StepKind::Decision, told).fact("decided", self.teller.fact(node));
        let step = step.fact("reason", Fact::Text(reason));
        Some(step.fact("calculated", before.as_ref().map(super::group::as_fact)))
    }
}
