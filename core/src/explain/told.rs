//! The steps of one column: a walk over what was evaluated, in the order it was evaluated.

use std::collections::HashSet;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::step::{Step, StepKind};
use super::teller::{Teller, one_line};
use super::{ParameterRead, Part};
use crate::diagnostic::Span;
use crate::number::Number;
use crate::plan::{Column, ColumnId, NodeId, Op, Role, Step as Label};

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
    pub(super) has_formula: bool,
    pub(super) body: NodeId,
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
        let mut step = Step::new(StepKind::Condition, told);
        if let Op::Compare(_, a, b) = self.teller.plan.node(condition).op {
            step = step.fact("of", self.teller.fact(a)).fact("edge", self.teller.fact(b));
        }
        Some(step.fact("holds", self.teller.fact(condition)))
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
}
