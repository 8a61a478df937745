//! The checker that knows the field: what a finished plan is certain to do, held against what its author can have meant.
//!
//! Every figure is followed as a range, from what the inputs declare through every operation ([`known`], [`range`]),
//! narrowed by the conditions it stands under ([`assume`], [`insight`]). What is told is told of the ranges alone: where
//! they do not decide, nothing is said, except of the direction of a score, where the author asked by `better`.

mod always;
mod assume;
mod divisor;
mod falls;
mod hidden;
mod insight;
mod known;
mod percent;
mod range;
mod reach;
mod unused;
mod way;
mod way_among;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Message, Span};
use crate::document::model::{Document, FormulaText};
use crate::document::tree::MAX_PROBLEMS;
use crate::plan::{Column, ColumnId, NodeId, Op, Plan};
use insight::Insight;
use kaohe_grammar::{ExprKind, NumberSuffix};
pub(crate) use unused::warn_unused;

/// Where things stand in the document, and how its numbers are written.
#[derive(Debug, Default)]
pub(crate) struct Writing {
    /// The place of each column, as keys.
    paths: HashMap<Arc<str>, Arc<str>>,
    /// The literals that are written in percent.
    percents: HashSet<Span>,
}

impl Writing {
    /// Takes note of a column and its formulas.
    pub(crate) fn note(&mut self, name: &Arc<str>, path: &Arc<str>, formulas: &[&FormulaText]) {
        self.paths.insert(Arc::clone(name), Arc::clone(path));
        for expr in formulas.iter().flat_map(|formula| formula.expr.descendants()) {
            if let ExprKind::Number(literal) = &expr.kind
                && matches!(literal.suffix, NumberSuffix::Percent | NumberSuffix::Permille)
            {
                self.percents.insert(expr.span);
            }
        }
    }
}

/// Warns of what a plan is certain to do and its author can hardly have meant.
pub(crate) fn check(document: &Document, writing: &Writing, plan: &Plan, problems: &mut Vec<Diagnostic>) {
    let insight = Insight::new(plan);
    let mut checker = Checker { document, writing, insight, explained: HashSet::new(), told: HashSet::new(), problems };
    // what is explained by a wrong scale is not told a second time
    checker.percents();
    checker.divisors();
    checker.reach();
    checker.always();
    checker.hidden_digits();
    checker.falls();
}

/// A plan with what is known of it, and what is told.
struct Checker<'a> {
    document: &'a Document,
    writing: &'a Writing,
    insight: Insight<'a>,
    /// Nodes of which the reason is told already.
    explained: HashSet<NodeId>,
    /// Columns of whose operations something is told.
    told: HashSet<ColumnId>,
    problems: &'a mut Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn plan(&self) -> &'a Plan {
        self.insight.plan
    }

    fn warn(&mut self, code: Code, span: Span, path: &str, message: Message, help: Message) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Diagnostic::warning(code, span, message).at(path).help(help));
        }
    }

    /// Warns of a node, at the place where it is written.
    fn warn_at(&mut self, code: Code, id: NodeId, message: Message, help: Message) {
        let owner = self.insight.owner(id);
        self.told.extend(owner);
        let column = owner.map(|owner| self.plan().column(owner));
        let span = self.plan().node(id).span.or_else(|| column.and_then(|column| column.span));
        let path = column.map(|column| self.path(column)).unwrap_or_default();
        self.warn(code, span.unwrap_or_default(), &path, message, help);
    }

    /// Warns of a column, at its name.
    fn warn_of(&mut self, code: Code, column: &Column, message: Message, help: Message) {
        let path = self.path(column);
        self.warn(code, column.span.unwrap_or_default(), &path, message, help);
    }

    fn path(&self, column: &Column) -> Arc<str> {
        self.writing.paths.get(&column.name).cloned().unwrap_or_else(|| "".into())
    }

    /// The column a node is, when it is nothing but a column.
    fn column_of(&self, id: NodeId) -> Option<&'a Column> {
        match &self.plan().node(id).op {
            Op::Column(column) => Some(self.plan().column(*column)),
            Op::Tell(_, inner) => self.column_of(*inner),
            _ => None,
        }
    }

    /// Whether a literal is written in percent.
    fn in_percent(&self, id: NodeId) -> bool {
        self.plan().node(id).span.is_some_and(|span| self.writing.percents.contains(&span))
    }

    /// What a figure is called in a message: its name, otherwise what it is.
    fn called(&self, id: NodeId, otherwise: (&str, &str)) -> (String, String) {
        match self.column_of(id) {
            Some(column) => (format!("`{}`", column.name), format!("`{}` ", column.name)),
            None => (otherwise.0.to_owned(), otherwise.1.to_owned()),
        }
    }
}
