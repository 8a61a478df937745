//! A formula with the values put in for the names, in its own spelling.

use kaohe_grammar::{Expr, ExprKind, parse};

use super::number_text;
use super::teller::{Teller, one_line};
use crate::diagnostic::Span;
use crate::plan::{NodeId, Op, Step as Label};
use crate::value::{UNLIMITED, Value};

impl Teller<'_> {
    /// The text of a formula with values for names; `placed` is its tree with places in the scheme's text.
    ///
    /// A name without a value stays a name.
    pub(super) fn substituted(&self, text: &str, placed: &Expr) -> Option<String> {
        let read = parse(text).ok()?;
        if self.is_over_others(&read.kind, placed.span) {
            return None; // its value is all there is to say, and stands beside it
        }
        let mut found = Vec::new();
        let mut waiting = vec![(&read, placed)];
        while let Some((here, there)) = waiting.pop() {
            if let Some(value) = self.literal_for(&here.kind, there.span) {
                found.push((here.span, value));
                continue;
            }
            waiting.extend(here.children().into_iter().zip(there.children()));
        }
        Some(put_in(text, found))
    }

    /// The same for a part of a rule, of which only the place is known.
    pub(super) fn substituted_at(&self, span: Span) -> Option<String> {
        let text = span.of(self.scheme.source());
        let read = parse(text).ok()?;
        let mut found = Vec::new();
        let mut waiting = vec![&read];
        while let Some(here) = waiting.pop() {
            let place = Span::new(span.start.saturating_add(here.span.start), span.start.saturating_add(here.span.end));
            if let Some(value) = self.literal_for(&here.kind, place) {
                found.push((here.span, value));
                continue;
            }
            if self.is_over_others(&here.kind, place) {
                continue;
            }
            waiting.extend(here.children());
        }
        Some(put_in(text, found))
    }

    /// The value of what stands at a place, as a formula can hold it: of a name, or of a figure over rows or groups.
    fn literal_for(&self, kind: &ExprKind, span: Span) -> Option<String> {
        let node = *self.leaves.get(&span)?;
        let op = &self.plan.node(node).op;
        match (kind, op) {
            // of a column of detail rows there is a value for each row
            (ExprKind::Name(_) | ExprKind::Index { .. }, Op::Column(column)) => {
                let column = Some(*column).filter(|column| self.plan.column(*column).detail.is_none())?;
                self.literal(self.plan.column(column).body, self.cell_value(column)?)
            }
            (ExprKind::Name(_) | ExprKind::Index { .. }, _)
            | (ExprKind::Call { .. }, Op::Aggregate(_) | Op::Group(_) | Op::Tell(Label::Dated, _)) => {
                self.literal(node, self.value(node)?)
            }
            _ => None,
        }
    }

    /// Whether a call is a figure over rows or groups: what stands in it is not of this person alone.
    fn is_over_others(&self, kind: &ExprKind, span: Span) -> bool {
        let node = self.leaves.get(&span).filter(|_| matches!(kind, ExprKind::Call { .. }));
        node.is_some_and(|node| {
            matches!(self.plan.node(*node).op, Op::Aggregate(_) | Op::Group(_) | Op::Tell(Label::Dated, _))
        })
    }

    pub(super) fn literal(&self, node: NodeId, value: &Value) -> Option<String> {
        Some(match value {
            Value::Missing => "missing".to_owned(),
            Value::Unlimited => UNLIMITED.to_owned(),
            Value::Number(number) => number_text::literal(number),
            Value::Truth(truth) => truth.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Text(text) => quoted(text),
            Value::Choice(_) => quoted(&self.word(node, value)?),
        })
    }
}

fn quoted(text: &str) -> String {
    if text.contains('"') { format!("“{text}”") } else { format!("\"{text}\"") }
}

/// The text with other text at some places; a negative number has brackets unless it stands alone.
fn put_in(text: &str, mut found: Vec<(Span, String)>) -> String {
    found.sort_by_key(|(span, _)| span.start);
    let mut out = String::new();
    let mut done = 0;
    for (span, value) in found {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(before) = text.get(done..start) else { continue };
        out.push_str(before);
        let opens = out.trim_end().chars().next_back().is_none_or(|last| matches!(last, '(' | ',' | '[' | '（' | '，'));
        let closes = text
            .get(end..)
            .and_then(|rest| rest.trim_start().chars().next())
            .is_none_or(|next| matches!(next, ')' | ',' | ']' | '）' | '，'));
        let bare = !value.starts_with('-') || (opens && closes);
        if bare {
            out.push_str(&value)
        } else {
            out.push_str(&format!("({value})"))
        }
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    one_line(&out)
}
