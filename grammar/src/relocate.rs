//! Moves the places of a tree: from the formula's own text to the document it stands in.

use crate::{Clause, Expr, ExprKind, Name, Span};

impl Expr {
    /// Replaces every place in the tree by what `place` makes of it.
    ///
    /// A formula stands in a document, and its messages point into the document. The depth of a tree that was parsed is
    /// limited, so this cannot run out of stack.
    pub fn relocate(&mut self, place: &mut impl FnMut(Span) -> Span) {
        self.span = place(self.span);
        match &mut self.kind {
            ExprKind::Missing
            | ExprKind::Truth(_)
            | ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Date { .. } => {}
            ExprKind::Name(name) => name.relocate(place),
            ExprKind::Index { name, keys } => {
                name.relocate(place);
                keys.iter_mut().for_each(|key| key.relocate(place));
            }
            ExprKind::Unary { operand, .. } => operand.relocate(place),
            ExprKind::Binary { left, right, .. } => {
                left.relocate(place);
                right.relocate(place);
            }
            ExprKind::Comparison { first, rest } => {
                first.relocate(place);
                rest.iter_mut().for_each(|(_, side)| side.relocate(place));
            }
            ExprKind::In { value, list } => {
                value.relocate(place);
                list.iter_mut().for_each(|each| each.relocate(place));
            }
            ExprKind::Between { value, low, high } => {
                value.relocate(place);
                low.relocate(place);
                high.relocate(place);
            }
            ExprKind::If { condition, then, otherwise } => {
                condition.relocate(place);
                then.relocate(place);
                otherwise.relocate(place);
            }
            ExprKind::Case { arms, otherwise } => {
                for (condition, value) in arms {
                    condition.relocate(place);
                    value.relocate(place);
                }
                otherwise.relocate(place);
            }
            ExprKind::Call { function_span, arguments, clauses, .. } => {
                *function_span = place(*function_span);
                arguments.iter_mut().for_each(|argument| argument.relocate(place));
                for (clause, span) in clauses {
                    *span = place(*span);
                    match clause {
                        Clause::Where(expr) | Clause::WhenEmpty(expr) | Clause::By(expr) => expr.relocate(place),
                        Clause::Within(columns) => columns.iter_mut().for_each(|column| column.relocate(place)),
                        Clause::Direction(_) | Clause::Ties(_) => {}
                    }
                }
            }
        }
    }
}

impl Name {
    fn relocate(&mut self, place: &mut impl FnMut(Span) -> Span) {
        self.span = place(self.span);
    }
}
