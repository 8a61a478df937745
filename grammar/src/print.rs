//! From tree to canonical text.
//!
//! ASCII operators, English words in small letters, as few brackets as will do, one space on each side of an operator.
//! Reading it again gives the same tree. A text stands in `"…"`, or in `“…”` when it holds a `"`.

use std::fmt::{self, Display, Formatter, Write};

use crate::words::is_plain_name;
use crate::{
    BinaryOperator, Clause, ComparisonOperator, Direction, Expr, ExprKind, Name, NumberLiteral, NumberSuffix,
    UnaryOperator,
};

/// The canonical text of a tree: what [`parse`](crate::parse) reads back to the same tree.
///
/// The language has no sign to escape a quote, so a text made elsewhere that holds both `"` and `”` has no text to
/// be read from; [`parse`](crate::parse) gives no such tree.
///
/// ```
/// use kaohe_grammar::{parse, print};
/// let formula = parse("IF(任职年限≥3 且 非 见习,（基数+津贴）×1.1,0)")?;
/// assert_eq!(print(&formula), "if 任职年限 >= 3 and not 见习 then (基数 + 津贴) * 1.1 else 0");
/// # Ok::<(), Vec<kaohe_grammar::SyntaxError>>(())
/// ```
#[must_use]
pub fn print(expr: &Expr) -> String {
    expr.to_string()
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_expr(f, self, Binding::Or, false)
    }
}

/// How tightly a form holds together; what binds looser than its place allows is put in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Operand,
}

impl Binding {
    const fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Comparison,
            Self::Comparison => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Sign,
            Self::Sign => Self::Power,
            Self::Power | Self::Operand => Self::Operand,
        }
    }
}

impl BinaryOperator {
    const fn binding(self) -> Binding {
        match self {
            Self::Or => Binding::Or,
            Self::And => Binding::And,
            Self::Add | Self::Subtract => Binding::Sum,
            Self::Multiply | Self::Divide => Binding::Product,
            Self::Power => Binding::Power,
        }
    }

    /// The sign in canonical text: `*`, `and`.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }
}

impl ComparisonOperator {
    /// The sign in canonical text: `=`, `!=`, `<=`.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

fn binding(expr: &Expr) -> Binding {
    match &expr.kind {
        ExprKind::Binary { operator, .. } => operator.binding(),
        ExprKind::Unary { operator: UnaryOperator::Not, .. } => Binding::Not,
        ExprKind::Unary { operator: UnaryOperator::Negate, .. } => Binding::Sign,
        ExprKind::Comparison { .. } | ExprKind::In { .. } | ExprKind::Between { .. } => Binding::Comparison,
        _ => Binding::Operand,
    }
}

/// Writes one expression where only forms at least as tight as `needed` may stand bare.
///
/// `followed`: something that could still belong to the `else` of an `if` comes after, so that the `if` needs brackets.
fn write_expr(f: &mut Formatter<'_>, expr: &Expr, needed: Binding, followed: bool) -> fmt::Result {
    let open_ended = followed && matches!(expr.kind, ExprKind::If { .. });
    if open_ended || binding(expr) < needed {
        f.write_char('(')?;
        write_kind(f, &expr.kind, false)?;
        f.write_char(')')
    } else {
        write_kind(f, &expr.kind, followed)
    }
}

/// An expression between brackets, commas or words, where any form may stand bare.
fn write_whole(f: &mut Formatter<'_>, expr: &Expr) -> fmt::Result {
    write_expr(f, expr, Binding::Or, false)
}

fn write_kind(f: &mut Formatter<'_>, kind: &ExprKind, followed: bool) -> fmt::Result {
    match kind {
        ExprKind::Missing => f.write_str("missing"),
        ExprKind::Truth(truth) => write!(f, "{truth}"),
        ExprKind::Number(number) => number.fmt(f),
        ExprKind::Text(text) if text.contains(['"', '＂']) => write!(f, "“{text}”"),
        ExprKind::Text(text) => write!(f, "\"{text}\""),
        ExprKind::Date { year, month, day } => write!(f, "{year:04}-{month:02}-{day:02}"),
        ExprKind::Name(name) => name.fmt(f),
        ExprKind::Index { name, keys } => {
            name.fmt(f)?;
            write_list(f, keys)
        }
        ExprKind::Unary { operator: UnaryOperator::Not, operand } => {
            f.write_str("not ")?;
            write_expr(f, operand, Binding::Not, followed)
        }
        ExprKind::Unary { operator: UnaryOperator::Negate, operand } => {
            f.write_char('-')?;
            write_negated(f, operand, followed)
        }
        ExprKind::Binary { operator, left, right } => write_binary(f, *operator, left, right, followed),
        ExprKind::Comparison { first, rest } => {
            write_expr(f, first, Binding::Sum, true)?;
            for (place, (operator, right)) in rest.iter().enumerate() {
                write!(f, " {} ", operator.sign())?;
                write_expr(f, right, Binding::Sum, followed || place + 1 < rest.len())?;
            }
            Ok(())
        }
        ExprKind::In { value, list } => {
            write_expr(f, value, Binding::Sum, true)?;
            f.write_str(" in ")?;
            write_list(f, list)
        }
        ExprKind::Between { value, low, high } => {
            write_expr(f, value, Binding::Sum, true)?;
            f.write_str(" between ")?;
            write_expr(f, low, Binding::Sum, true)?;
            f.write_str(" and ")?;
            write_expr(f, high, Binding::Sum, followed)
        }
        ExprKind::If { condition, then, otherwise } => {
            f.write_str("if ")?;
            write_whole(f, condition)?;
            f.write_str(" then ")?;
            write_whole(f, then)?;
            f.write_str(" else ")?;
            write_whole(f, otherwise)
        }
        ExprKind::Case { arms, otherwise } => {
            f.write_str("case")?;
            for (condition, value) in arms {
                f.write_str(" when ")?;
                write_whole(f, condition)?;
                f.write_str(" then ")?;
                write_whole(f, value)?;
            }
            f.write_str(" else ")?;
            write_whole(f, otherwise)?;
            f.write_str(" end")
        }
        ExprKind::Call { function, arguments, clauses, .. } => {
            write!(f, "{function}(")?;
            write_items(f, arguments)?;
            for (place, (clause, _)) in clauses.iter().enumerate() {
                let first = place == 0 && arguments.is_empty();
                if !first {
                    f.write_char(' ')?;
                }
                write_clause(f, clause, first)?;
            }
            f.write_char(')')
        }
    }
}

/// `-a ^ 2` is not in the language, so a power under a minus has brackets though it binds tighter.
fn write_negated(f: &mut Formatter<'_>, operand: &Expr, followed: bool) -> fmt::Result {
    let needed = if binding(operand) == Binding::Power { Binding::Operand } else { Binding::Sign };
    write_expr(f, operand, needed, followed)
}

fn write_binary(
    f: &mut Formatter<'_>,
    operator: BinaryOperator,
    left: &Expr,
    right: &Expr,
    followed: bool,
) -> fmt::Result {
    let own = operator.binding();
    // Powers neither begin with a sign nor stand in rows.
    let on_the_left = if operator == BinaryOperator::Power { Binding::Operand } else { own };
    write_expr(f, left, on_the_left, true)?;
    write!(f, " {} ", operator.sign())?;
    let signed = matches!(right.kind, ExprKind::Unary { operator: UnaryOperator::Negate, .. });
    let on_the_right = if operator == BinaryOperator::Power && signed { Binding::Sign } else { own.tighter() };
    write_expr(f, right, on_the_right, followed)
}

fn write_list(f: &mut Formatter<'_>, list: &[Expr]) -> fmt::Result {
    f.write_char('[')?;
    write_items(f, list)?;
    f.write_char(']')
}

fn write_items(f: &mut Formatter<'_>, items: &[Expr]) -> fmt::Result {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            f.write_str(", ")?;
        }
        write_whole(f, item)?;
    }
    Ok(())
}

fn write_clause(f: &mut Formatter<'_>, clause: &Clause, first: bool) -> fmt::Result {
    match clause {
        Clause::Where(condition) => write_worded(f, "where", condition),
        Clause::WhenEmpty(value) => write_worded(f, "when_empty", value),
        Clause::By(order) => write_worded(f, "by", order),
        Clause::Direction(Direction::Ascending) => f.write_str("asc"),
        Clause::Direction(Direction::Descending) => f.write_str("desc"),
        Clause::Ties(word) => write!(f, "ties {word}"),
        Clause::Within(columns) => {
            f.write_str("within ")?;
            match columns.as_slice() {
                [column] => {
                    let text = column.to_string();
                    // Straight after the bracket, `within` is only a clause when a name follows, or a list.
                    let begins_with_name = text.starts_with(|first: char| {
                        matches!(first, '「' | '`' | '_') || pest::unicode::XID_START(first)
                    });
                    if first && !begins_with_name { write!(f, "[{text}]") } else { f.write_str(&text) }
                }
                _ => write_list(f, columns),
            }
        }
    }
}

fn write_worded(f: &mut Formatter<'_>, word: &str, expr: &Expr) -> fmt::Result {
    write!(f, "{word} ")?;
    write_whole(f, expr)
}

impl Display for NumberLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.digits)?;
        match &self.suffix {
            NumberSuffix::None => Ok(()),
            NumberSuffix::Percent => f.write_char('%'),
            NumberSuffix::Permille => f.write_char('‰'),
            NumberSuffix::Letters(letters) => f.write_str(letters),
        }
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(table) = &self.table {
            write_name(f, table)?;
            f.write_char('.')?;
        }
        write_name(f, &self.name)
    }
}

fn write_name(f: &mut Formatter<'_>, name: &str) -> fmt::Result {
    // A column called `within` could be taken for the clause where it opens the arguments of a function.
    if is_plain_name(name) && !name.eq_ignore_ascii_case("within") {
        f.write_str(name)
    } else if name.contains('」') {
        write!(f, "`{name}`")
    } else {
        write!(f, "「{name}」")
    }
}
