//! Going through a tree without knowing all its forms.

use crate::{Clause, Expr, ExprKind, Name};

impl Clause {
    /// The expressions of the clause, from left to right.
    #[must_use]
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            Self::Where(expr) | Self::WhenEmpty(expr) | Self::By(expr) => vec![expr],
            Self::Within(columns) => columns.iter().collect(),
            Self::Direction(_) | Self::Ties(_) => Vec::new(),
        }
    }
}

impl Expr {
    /// The expressions one level below, from left to right as they are written.
    #[must_use]
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Missing
            | ExprKind::Truth(_)
            | ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Date { .. }
            | ExprKind::Name(_) => Vec::new(),
            ExprKind::Index { keys, .. } => keys.iter().collect(),
            ExprKind::Unary { operand, .. } => vec![operand],
            ExprKind::Binary { left, right, .. } => vec![left, right],
            ExprKind::Comparison { first, rest } => {
                std::iter::once(&**first).chain(rest.iter().map(|(_, right)| right)).collect()
            }
            ExprKind::In { value, list } => std::iter::once(&**value).chain(list).collect(),
            ExprKind::Between { value, low, high } => vec![value, low, high],
            ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
            ExprKind::Case { arms, otherwise } => {
                arms.iter().flat_map(|(condition, value)| [condition, value]).chain([&**otherwise]).collect()
            }
            ExprKind::Call { arguments, clauses, .. } => {
                arguments.iter().chain(clauses.iter().flat_map(|(clause, _)| clause.children())).collect()
            }
        }
    }

    /// This expression and all below it, each before its parts, from left to right.
    ///
    /// ```
    /// let formula = kaohe_grammar::parse("min(a, b + 1)")?;
    /// let texts: Vec<_> = formula.descendants().map(ToString::to_string).collect();
    /// assert_eq!(texts, ["min(a, b + 1)", "a", "b + 1", "b", "1"]);
    /// # Ok::<(), Vec<kaohe_grammar::SyntaxError>>(())
    /// ```
    pub fn descendants(&self) -> impl Iterator<Item = &Expr> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let expr = waiting.pop()?;
            waiting.extend(expr.children().into_iter().rev());
            Some(expr)
        })
    }

    /// Every name the formula reads, as often as it stands there; functions are not among them.
    ///
    /// ```
    /// let formula = kaohe_grammar::parse("系数[级别] * sum(贷款.余额 where 贷款.不良)")?;
    /// let names: Vec<_> = formula.names().map(ToString::to_string).collect();
    /// assert_eq!(names, ["系数", "级别", "贷款.余额", "贷款.不良"]);
    /// # Ok::<(), Vec<kaohe_grammar::SyntaxError>>(())
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.descendants().filter_map(|expr| match &expr.kind {
            ExprKind::Name(name) | ExprKind::Index { name, .. } => Some(name),
            _ => None,
        })
    }
}
