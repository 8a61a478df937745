//! What a rule computed, written as an expression with the values in it.

use super::number_text;
use super::teller::one_line;
use super::told::Walker;
use crate::plan::{Arithmetic, ComparisonOperator, NodeId, Op, Step as Label};
use crate::value::{UNLIMITED, Value};

/// How deep an expression of a rule is written out; a rule is never so deep, a long chain ends in a value.
const DEPTH: u32 = 8;

/// How tightly an expression holds together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Operand,
}

impl Walker<'_, '_> {
    /// Whether a rule made this node, and not a formula: then it stands where its column is defined.
    pub(super) fn is_made(&self, node: NodeId) -> bool {
        let span = self.teller.plan.node(node).span;
        span.is_none() || span == self.span
    }

    /// The value of a node in a sentence.
    pub(super) fn value_text(&self, node: NodeId, percent: bool) -> String {
        match self.teller.value(node) {
            Some(Value::Number(number)) if percent => number_text::percent(number),
            Some(Value::Number(number)) => match self.teller.plan.node(node).op {
                Op::Column(column) => number_text::fixed(number, self.teller.plan.column(column).places),
                _ => number_text::told(number),
            },
            Some(Value::Missing) => "missing".to_owned(),
            Some(Value::Unlimited) => UNLIMITED.to_owned(),
            Some(Value::Truth(truth)) => truth.to_string(),
            Some(Value::Text(text)) => text.to_string(),
            Some(Value::Date(date)) => date.to_string(),
            Some(value @ Value::Choice(_)) => self.teller.word(node, value).unwrap_or_default(),
            None => "?".to_owned(),
        }
    }

    /// The text of a formula that is an operand of a rule; nothing for what the rule made itself, or a bare number.
    pub(super) fn name_of(&self, node: NodeId) -> Option<String> {
        let found = self.teller.plan.node(node);
        if matches!(found.op, Op::Constant(_)) || self.is_made(node) {
            return None;
        }
        let text = one_line(found.span?.of(self.teller.scheme.source()));
        (!text.is_empty()).then_some(text)
    }

    /// An operand with its name where it has one: `不良率 2.25%`, and of a longer formula what it comes from.
    pub(super) fn named(&mut self, node: NodeId, percent: bool) -> String {
        let value = self.value_text(node, percent);
        let Some(name) = self.name_of(node) else { return value };
        self.told_names.insert(node);
        let simple = matches!(self.teller.plan.node(node).op, Op::Column(_) | Op::Tell(Label::Parameter { .. }, _));
        if simple {
            return format!("{name} {value}");
        }
        let substituted = self.teller.plan.node(node).span.and_then(|span| self.teller.substituted_at(span));
        match substituted.filter(|text| *text != name) {
            Some(substituted) => format!("`{name}` = {substituted} = {value}"),
            None => format!("`{name}` = {value}"),
        }
    }

    /// An operand within an expression: its value, and its name when it is met for the first time.
    fn operand(&mut self, node: NodeId, percent: bool) -> String {
        let value = self.value_text(node, percent);
        match self.name_of(node) {
            Some(name) if self.told_names.insert(node) => format!("{value} ({name})"),
            _ => value,
        }
    }

    /// Through choices to the branch that was taken, as long as the rule made them.
    pub(super) fn taken(&self, node: NodeId) -> NodeId {
        let mut at = node;
        for _ in 0..DEPTH {
            match &self.teller.plan.node(at).op {
                Op::Choose { condition, then, otherwise } if self.is_made(at) => {
                    at = match self.teller.truth(*condition) {
                        Some(true) => *then,
                        Some(false) => *otherwise,
                        None => return at,
                    };
                }
                _ => return at,
            }
        }
        at
    }

    /// What was computed, with values: `(2.25% - 2%) ÷ 0.1%`. Nothing when the node is no arithmetic of a rule.
    pub(super) fn expression(&mut self, node: NodeId) -> Option<String> {
        let node = self.taken(node);
        let arithmetic = matches!(self.teller.plan.node(node).op, Op::Arithmetic(..)) && self.is_made(node);
        arithmetic.then(|| self.written(node, DEPTH).0)
    }

    fn written(&mut self, node: NodeId, depth: u32) -> (String, Binding) {
        let node = self.taken(node);
        let Op::Arithmetic(operator, a, b) = self.teller.plan.node(node).op else {
            return (self.operand(node, self.is_percent(node)), Binding::Operand);
        };
        if !self.is_made(node) || depth == 0 {
            return (self.operand(node, self.is_percent(node)), Binding::Operand);
        }
        let (left, left_binding) = self.written(a, depth - 1);
        let (right, right_binding) = self.written(b, depth - 1);
        // a sum with something negative is a difference
        let (operator, right) = match (operator, right.strip_prefix('-')) {
            (Arithmetic::Add, Some(positive)) if right_binding > Binding::Sum => {
                (Arithmetic::Subtract, positive.to_owned())
            }
            _ => (operator, right),
        };
        let (sign, binding) = match operator {
            Arithmetic::Add => ("+", Binding::Sum),
            Arithmetic::Subtract => ("-", Binding::Sum),
            Arithmetic::Multiply => ("×", Binding::Product),
            Arithmetic::Divide => ("÷", Binding::Product),
        };
        let left = if left_binding < binding { format!("({left})") } else { left };
        let loose = right_binding < binding
            || (right_binding == binding && matches!(operator, Arithmetic::Subtract | Arithmetic::Divide));
        let right = if loose || right.starts_with('-') { format!("({right})") } else { right };
        (format!("{left} {sign} {right}"), binding)
    }

    /// Whether people write this value as a percentage.
    pub(super) fn is_percent(&self, node: NodeId) -> bool {
        self.percent_within(node, DEPTH)
    }

    fn percent_within(&self, node: NodeId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let found = self.teller.plan.node(node);
        match &found.op {
            Op::Constant(_) => {
                found.span.is_some_and(|span| span.of(self.teller.scheme.source()).trim_end().ends_with('%'))
            }
            Op::Column(column) => self.teller.plan.column(*column).show.percent,
            Op::Tell(Label::Attainment | Label::Proportion, _) => true,
            Op::Tell(_, a) | Op::Negate(a) | Op::Absolute(a) | Op::Round { value: a, .. } => {
                self.percent_within(*a, depth)
            }
            Op::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, a, b) => {
                self.percent_within(*a, depth) || self.percent_within(*b, depth)
            }
            Op::Extreme(_, list) => list.iter().any(|each| self.percent_within(*each, depth)),
            _ => false,
        }
    }

    /// What holds between two operands: `不良率 2.25% > 2%`, the sign turned over when the comparison failed.
    pub(super) fn relation(&mut self, operator: ComparisonOperator, a: NodeId, b: NodeId, holds: bool) -> String {
        let percent = self.is_percent(a) || self.is_percent(b);
        let (left, right) = (self.named(a, percent), self.named(b, percent));
        format!("{left} {} {right}", sign(operator, holds))
    }
}

/// The sign of a comparison, or of its opposite.
pub(super) const fn sign(operator: ComparisonOperator, holds: bool) -> &'static str {
    use ComparisonOperator as C;
    match (operator, holds) {
        (C::Equal, true) | (C::NotEqual, false) => "=",
        (C::NotEqual, true) | (C::Equal, false) => "≠",
        (C::Less, true) | (C::AtLeast, false) => "<",
        (C::AtMost, true) | (C::Greater, false) => "≤",
        (C::Greater, true) | (C::AtMost, false) => ">",
        (C::AtLeast, true) | (C::Less, false) => "≥",
    }
}
