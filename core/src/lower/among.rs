//! Figures that a rule needs of the group it scores somebody in: who takes part, and by which columns groups are formed.

use kaohe_grammar::{BinaryOperator, Expr, ExprKind, UnaryOperator};

use super::builder::Builder;
use crate::document::model::{FormulaText, Named};
use crate::plan::{ColumnId, GroupFunction, NodeId, Op};
use crate::rules::Item;
use crate::value::Kind;

/// A figure and the group it is scored in.
#[derive(Debug)]
pub(crate) struct Among {
    /// The figure.
    pub(crate) of: NodeId,
    expr: Expr,
    column: ColumnId,
    filter: Option<ColumnId>,
    within: Vec<ColumnId>,
}

impl Builder<'_> {
    /// A figure of any kind that has an order, in its group: with whoever the item applies to and whose figure is there.
    pub(crate) fn among(&mut self, of: &FormulaText, within: &[Named], item: &Item<'_>) -> Option<Among> {
        let id = self.formula(of)?;
        let within = self.group_columns(within)?;
        let filter = self.taking_part(id, of, item.only_when)?;
        let column = self.operand_column(id, &of.expr)?;
        Some(Among { of: id, expr: (*of.expr).clone(), column, filter, within })
    }

    /// The same of a figure that is a number.
    pub(crate) fn number_among(&mut self, of: &FormulaText, within: &[Named], item: &Item<'_>) -> Option<Among> {
        let among = self.among(of, within, item)?;
        self.inside(&of.path, of.span, |this| this.demand(among.of, &Kind::Number, of.span))?;
        Some(among)
    }

    /// A figure over the group.
    pub(crate) fn over(&mut self, function: GroupFunction, among: &Among) -> Option<NodeId> {
        self.group_operand(&function, among.of, among.expr.span)?;
        self.over_column(function, Some((among.column, among.of)), among.filter, among.within.clone())
    }

    /// The same group, and in it a figure that came of it: a place, to look at all places.
    pub(crate) fn onwards(&mut self, from: Among, of: NodeId, expr: Expr) -> Option<Among> {
        let column = self.operand_column(of, &expr)?;
        Some(Among { of, expr, column, ..from })
    }

    /// Who takes part, as a column; nothing when everybody does. Absence is a value, and nobody waits for it: the row
    /// takes no part. A fault is none, and leaves the row out.
    fn taking_part(
        &mut self,
        of: NodeId,
        text: &FormulaText,
        only_when: Option<&FormulaText>,
    ) -> Option<Option<ColumnId>> {
        let there = self.facts(of).may_be_missing.then(|| {
            let absent = self.truth_node(Op::IsMissing(of));
            (self.truth_node(Op::Not(absent)), is_there(&text.expr))
        });
        let applies = match only_when {
            Some(condition) => Some((self.truth(condition)?, (*condition.expr).clone())),
            None => None,
        };
        let (id, expr) = match (applies, there) {
            (None, None) => return Some(None),
            (Some(only), None) | (None, Some(only)) => only,
            (Some((applies, condition)), Some((there, is_there))) => {
                let span = condition.span;
                let (left, right) = (Box::new(condition), Box::new(is_there));
                let kind = ExprKind::Binary { operator: BinaryOperator::And, left, right };
                (self.truth_node(Op::And(applies, there)), Expr { kind, span })
            }
        };
        self.operand_column(id, &expr).map(Some)
    }
}

/// `not is_missing(of)`, for people to read.
fn is_there(of: &Expr) -> Expr {
    let span = of.span;
    let kind = ExprKind::Call {
        function: "is_missing".into(),
        function_span: span,
        arguments: vec![of.clone()],
        clauses: Vec::new(),
    };
    let operand = Box::new(Expr { kind, span });
    Expr { kind: ExprKind::Unary { operator: UnaryOperator::Not, operand }, span }
}
