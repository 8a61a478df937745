//! The syntax tree: what the author wrote, with places, nothing resolved.

use crate::Span;

/// One expression as the author wrote it: no names resolved, no types known.
///
/// Equality ignores where the text stood, so `parse("a+b") == parse("a + b")`.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What was written.
    pub kind: ExprKind,
    /// Where, in the text as it was handed in.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The forms an expression has.
///
/// Equality ignores where function names and clauses stood, as that of [`Expr`] does.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `missing`: the value that is not there
    Missing,
    /// `true`, `是`
    Truth(bool),
    /// `0.85`, `85%`, `2200万`, `500元`
    Number(NumberLiteral),
    /// `"A"`, `“高级”`: the characters between the quotes
    Text(Box<str>),
    /// `2026-07-01`; that the day exists is not checked here
    Date {
        /// The year, four digits.
        year: u16,
        /// The month as written, 0 to 99.
        month: u8,
        /// The day as written, 0 to 99.
        day: u8,
    },
    /// `日均存款`, `贷款.余额`
    Name(Name),
    /// `效益系数[级别, 档次]`
    Index {
        /// What is looked up in.
        name: Name,
        /// The keys, at least one.
        keys: Vec<Expr>,
    },
    /// `-a`, `not a`
    Unary {
        /// Which.
        operator: UnaryOperator,
        /// On what.
        operand: Box<Expr>,
    },
    /// `a + b`, `a and b`
    Binary {
        /// Which.
        operator: BinaryOperator,
        /// Its left side.
        left: Box<Expr>,
        /// Its right side.
        right: Box<Expr>,
    },
    /// `a < b`, and in one direction `60 <= x < 70`
    Comparison {
        /// The leftmost side.
        first: Box<Expr>,
        /// Each further side with the sign before it, at least one.
        rest: Vec<(ComparisonOperator, Expr)>,
    },
    /// `x in [a, b]`
    In {
        /// What is looked for.
        value: Box<Expr>,
        /// Among these, at least one.
        list: Vec<Expr>,
    },
    /// `x between a and b`, both ends included
    Between {
        /// What is looked at.
        value: Box<Expr>,
        /// The lower end.
        low: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
    },
    /// `if c then a else b`, `if(c, a, b)`
    If {
        /// What decides.
        condition: Box<Expr>,
        /// The value when it holds.
        then: Box<Expr>,
        /// The value when it does not.
        otherwise: Box<Expr>,
    },
    /// `case when c then a … else z end`
    Case {
        /// Conditions with their values, at least one.
        arms: Vec<(Expr, Expr)>,
        /// The value when none holds.
        otherwise: Box<Expr>,
    },
    /// `min(a, b)`, `sum(贷款.余额 where 贷款.不良)`
    Call {
        /// The function's name as written, folded and normalised, letters not yet lower-cased.
        function: Box<str>,
        /// Where the name stands.
        function_span: Span,
        /// What it is given.
        arguments: Vec<Expr>,
        /// The words after the arguments: `where …`, `when_empty …`, `by …`, `desc`, `ties …`, `within …`.
        clauses: Vec<(Clause, Span)>,
    },
}

impl PartialEq for ExprKind {
    fn eq(&self, other: &Self) -> bool {
        use ExprKind::{
            Between, Binary, Call, Case, Comparison, Date, If, In, Index, Missing, Name, Number, Text, Truth, Unary,
        };
        match (self, other) {
            (Missing, Missing) => true,
            (Truth(a), Truth(b)) => a == b,
            (Number(a), Number(b)) => a == b,
            (Text(a), Text(b)) => a == b,
            (Date { year, month, day }, Date { year: y, month: m, day: d }) => (year, month, day) == (y, m, d),
            (Name(a), Name(b)) => a == b,
            (Index { name, keys }, Index { name: n, keys: k }) => name == n && keys == k,
            (Unary { operator, operand }, Unary { operator: o, operand: x }) => operator == o && operand == x,
            (Binary { operator, left, right }, Binary { operator: o, left: l, right: r }) => {
                operator == o && left == l && right == r
            }
            (Comparison { first, rest }, Comparison { first: f, rest: r }) => first == f && rest == r,
            (In { value, list }, In { value: v, list: l }) => value == v && list == l,
            (Between { value, low, high }, Between { value: v, low: l, high: h }) => {
                value == v && low == l && high == h
            }
            (If { condition, then, otherwise }, If { condition: c, then: t, otherwise: o }) => {
                condition == c && then == t && otherwise == o
            }
            (Case { arms, otherwise }, Case { arms: a, otherwise: o }) => arms == a && otherwise == o,
            (Call { function, arguments, clauses, .. }, Call { function: f, arguments: a, clauses: c, .. }) => {
                function == f
                    && arguments == a
                    && clauses.iter().map(|(clause, _)| clause).eq(c.iter().map(|(clause, _)| clause))
            }
            _ => false,
        }
    }
}

/// `贷款.余额` or `得分`.
#[derive(Debug, Clone)]
pub struct Name {
    /// The name before the dot, if there is one: a detail table, a rating, a grading.
    pub table: Option<Box<str>>,
    /// The name itself, folded and in NFC, without its quotes.
    pub name: Box<str>,
    /// Where the whole of it stands.
    pub span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.table == other.table && self.name == other.name
    }
}

/// A number as written, kept as text so that no digit is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberLiteral {
    /// Digits with at most one point, underscores removed: `1200`, `.5`, `1200.50`.
    pub digits: Box<str>,
    /// What follows the digits directly.
    pub suffix: NumberSuffix,
}

/// What follows the digits of a number directly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberSuffix {
    /// `1200`
    None,
    /// `85%`
    Percent,
    /// `3‰`
    Permille,
    /// `2200万`, `500元`, `3万元`: the run of letters, magnitude and unit not yet told apart
    Letters(Box<str>),
}

/// An operator before its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-a`
    Negate,
    /// `not a`, `非 a`
    Not,
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `a or b`, `a 或 b`
    Or,
    /// `a and b`, `a 且 b`
    And,
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`, `a × b`
    Multiply,
    /// `a / b`, `a ÷ b`
    Divide,
    /// `a ^ 2`
    Power,
}

/// A comparison sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComparisonOperator {
    /// `=`, `==`
    Equal,
    /// `!=`, `<>`, `≠`
    NotEqual,
    /// `<`
    Less,
    /// `<=`, `≤`
    AtMost,
    /// `>`
    Greater,
    /// `>=`, `≥`
    AtLeast,
}

/// A worded part of a call, after its arguments.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `where 贷款.不良`
    Where(Expr),
    /// `when_empty 0`
    WhenEmpty(Expr),
    /// `by t.日期`
    By(Expr),
    /// `desc`, `asc`
    Direction(Direction),
    /// `ties min`; which words there are is not known here
    Ties(Box<str>),
    /// `within 网点`, `within [网点, 岗位]`
    Within(Vec<Expr>),
}

/// Which end of an order comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The smallest first.
    Ascending,
    /// The largest first.
    Descending,
}
