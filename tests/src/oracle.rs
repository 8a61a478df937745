//! Another evaluator: the tree of a formula over reduced rationals, slow and obvious.
//!
//! It shares the grammar's tree with the library and nothing else: no lowering, no folding, no number of its own making.

use kaohe_grammar::{BinaryOperator, ComparisonOperator, Expr, ExprKind, NumberLiteral, NumberSuffix, UnaryOperator};
use num_bigint::BigInt;
use num_rational::Ratio;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

/// An exact number.
pub type Rational = Ratio<BigInt>;

/// A value of the oracle.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing is there.
    Missing,
    /// An exact number.
    Number(Rational),
    /// True or false.
    Truth(bool),
}

/// Why there is no value, by the code people see.
pub type Fault = &'static str;

/// A value is missing where one is needed.
pub const MISSING: Fault = "K0901";
/// A division by zero.
pub const DIVISION_BY_ZERO: Fault = "K0902";
/// A figure of more than 28 digits.
pub const OVERFLOW: Fault = "K0908";
/// The square root of a negative number.
pub const NEGATIVE_ROOT: Fault = "K0913";
/// A lower limit above the upper one.
pub const LIMITS_CROSS: Fault = "K0916";

/// What a formula comes to.
pub type Answer = Result<Value, Fault>;

/// 10 to that power.
#[must_use]
pub fn ten_to(exponent: i32) -> Rational {
    let power = Rational::from(Pow::pow(BigInt::from(10), exponent.unsigned_abs()));
    if exponent < 0 { power.recip() } else { power }
}

/// A decimal text as it stands.
///
/// # Panics
///
/// When it is none.
#[must_use]
pub fn decimal(text: &str) -> Rational {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let mantissa: BigInt = format!("{whole}{decimals}").parse().expect("digits");
    Rational::from(mantissa) * ten_to(-i32::try_from(decimals.len()).expect("a short text"))
}

/// Rounding by its definition.
///
/// # Panics
///
/// When there is no such mode.
#[must_use]
pub fn rounded(value: &Rational, places: i32, mode: &str) -> Rational {
    let units = value * ten_to(places);
    let (below, above) = (units.floor(), units.ceil());
    let (away, toward) = if units.is_negative() { (&below, &above) } else { (&above, &below) };
    let doubled = (&units - &below) * BigInt::from(2);
    let nearest = |at_the_tie: &Rational| {
        if doubled < Rational::one() {
            below.clone()
        } else if doubled > Rational::one() {
            above.clone()
        } else {
            at_the_tie.clone()
        }
    };
    let even = if (below.to_integer() % BigInt::from(2)).is_zero() { &below } else { &above };
    let chosen = match mode {
        "floor" => below.clone(),
        "ceil" => above.clone(),
        "up" => away.clone(),
        "down" => toward.clone(),
        "half_up" => nearest(away),
        "half_even" => nearest(even),
        _ => panic!("no way of rounding: {mode}"),
    };
    chosen / ten_to(places)
}

/// The square root of what is not negative, correctly rounded to 12 decimals.
fn root(value: &Rational) -> Rational {
    // the whole number whose square is at most value × 10^24, and whether the half above it is reached
    let scaled = value * ten_to(24);
    let below = scaled.to_integer().sqrt();
    let half = Rational::from(below.clone()) + Rational::new(1.into(), 2.into());
    let units = if &half * &half <= scaled { below + 1 } else { below };
    Rational::from(units) * ten_to(-12)
}

/// A number as it is published: with so many decimals, or at most twelve; nothing when it has more than 28 digits.
///
/// The second is whether the exact value has more decimals than are shown.
#[must_use]
pub fn published(value: &Rational, places: Option<u32>) -> Option<(String, bool)> {
    let at = i32::try_from(places.unwrap_or(12)).ok()?;
    let shown = rounded(value, at, "half_up");
    let units = (&shown * ten_to(at)).to_integer();
    let digits = units.abs().to_string();
    if digits.len() > 28 {
        return None;
    }
    let width = usize::try_from(at).ok()? + 1;
    let padded = format!("{digits:0>width$}");
    let (whole, decimals) = padded.split_at(padded.len() - width + 1);
    let decimals = if places.is_some() { decimals } else { decimals.trim_end_matches('0') };
    let sign = if units.is_negative() { "-" } else { "" };
    let point = if decimals.is_empty() { "" } else { "." };
    Some((format!("{sign}{whole}{point}{decimals}"), shown != *value))
}

/// The value of an expression, names looked up in `names`.
///
/// # Errors
///
/// The first fault on the way, from left to right; what is not evaluated cannot fail.
///
/// # Panics
///
/// On what the generator never makes: dates, text, look-ups, details.
pub fn evaluate(expr: &Expr, names: &dyn Fn(&str) -> Answer) -> Answer {
    let value = |expr: &Expr| evaluate(expr, names);
    let number = |expr: &Expr| match evaluate(expr, names)? {
        Value::Number(number) => Ok(number),
        Value::Missing => Err(MISSING),
        Value::Truth(_) => panic!("a truth where a number belongs: {expr:?}"),
    };
    let truth = |expr: &Expr| match evaluate(expr, names)? {
        Value::Truth(truth) => Ok(truth),
        Value::Missing => Err(MISSING),
        Value::Number(_) => panic!("a number where a truth belongs: {expr:?}"),
    };
    match &expr.kind {
        ExprKind::Missing => Ok(Value::Missing),
        ExprKind::Truth(truth) => Ok(Value::Truth(*truth)),
        ExprKind::Number(number) => Ok(Value::Number(literal(number))),
        ExprKind::Name(name) => names(&name.name),
        ExprKind::Unary { operator: UnaryOperator::Negate, operand } => Ok(Value::Number(-number(operand)?)),
        ExprKind::Unary { operator: UnaryOperator::Not, operand } => Ok(Value::Truth(!truth(operand)?)),
        ExprKind::Binary { operator: BinaryOperator::And, left, right } => {
            Ok(Value::Truth(truth(left)? && truth(right)?))
        }
        ExprKind::Binary { operator: BinaryOperator::Or, left, right } => {
            Ok(Value::Truth(truth(left)? || truth(right)?))
        }
        ExprKind::Binary { operator, left, right } => {
            let (left, right) = (number(left)?, number(right)?);
            Ok(Value::Number(match operator {
                BinaryOperator::Add => left + right,
                BinaryOperator::Subtract => left - right,
                BinaryOperator::Multiply => left * right,
                BinaryOperator::Divide if right.is_zero() => return Err(DIVISION_BY_ZERO),
                BinaryOperator::Divide => left / right,
                BinaryOperator::Power => {
                    let exponent = right.to_integer().to_i32().expect("a small exponent");
                    if left.is_zero() && exponent < 0 {
                        return Err(DIVISION_BY_ZERO);
                    }
                    left.pow(exponent)
                }
                BinaryOperator::And | BinaryOperator::Or => panic!("answered before"),
            }))
        }
        ExprKind::Comparison { first, rest } => {
            let mut left = present(value(first)?)?;
            for (operator, right) in rest {
                let right = present(value(right)?)?;
                if !holds(*operator, &left, &right) {
                    return Ok(Value::Truth(false));
                }
                left = right;
            }
            Ok(Value::Truth(true))
        }
        ExprKind::In { value: wanted, list } => {
            let wanted = present(value(wanted)?)?;
            for each in list {
                if present(value(each)?)? == wanted {
                    return Ok(Value::Truth(true));
                }
            }
            Ok(Value::Truth(false))
        }
        ExprKind::Between { value, low, high } => {
            let value = number(value)?;
            Ok(Value::Truth(value >= number(low)? && value <= number(high)?))
        }
        ExprKind::If { condition, then, otherwise } => value(if truth(condition)? { then } else { otherwise }),
        ExprKind::Case { arms, otherwise } => {
            for (condition, result) in arms {
                if truth(condition)? {
                    return value(result);
                }
            }
            value(otherwise)
        }
        ExprKind::Call { function, arguments, .. } => call(function, arguments, names),
        ExprKind::Text(_) | ExprKind::Date { .. } | ExprKind::Index { .. } => panic!("never generated: {expr:?}"),
    }
}

fn literal(literal: &NumberLiteral) -> Rational {
    let factor = match &literal.suffix {
        NumberSuffix::None => 0,
        NumberSuffix::Percent => -2,
        NumberSuffix::Permille => -3,
        NumberSuffix::Letters(letters) => match &**letters {
            "万" => 4,
            "亿" => 8,
            _ => panic!("never generated: {letters}"),
        },
    };
    decimal(&literal.digits) * ten_to(factor)
}

fn present(value: Value) -> Answer {
    if value == Value::Missing { Err(MISSING) } else { Ok(value) }
}

fn holds(operator: ComparisonOperator, left: &Value, right: &Value) -> bool {
    match (operator, left, right) {
        (ComparisonOperator::Equal, _, _) => left == right,
        (ComparisonOperator::NotEqual, _, _) => left != right,
        (ComparisonOperator::Less, Value::Number(left), Value::Number(right)) => left < right,
        (ComparisonOperator::AtMost, Value::Number(left), Value::Number(right)) => left <= right,
        (ComparisonOperator::Greater, Value::Number(left), Value::Number(right)) => left > right,
        (ComparisonOperator::AtLeast, Value::Number(left), Value::Number(right)) => left >= right,
        _ => panic!("no order: {left:?}, {right:?}"),
    }
}

fn call(function: &str, arguments: &[Expr], names: &dyn Fn(&str) -> Answer) -> Answer {
    let number = |at: usize| match evaluate(&arguments[at], names)? {
        Value::Number(number) => Ok(number),
        Value::Missing => Err(MISSING),
        Value::Truth(_) => panic!("a truth where a number belongs: {:?}", arguments[at]),
    };
    let numbers = || (0..arguments.len()).map(number).collect::<Result<Vec<Rational>, Fault>>();
    let count = Rational::from(BigInt::from(arguments.len()));
    let result = match function {
        "coalesce" => {
            for argument in arguments {
                let value = evaluate(argument, names)?;
                if value != Value::Missing {
                    return Ok(value);
                }
            }
            return Ok(Value::Missing);
        }
        "is_missing" => return Ok(Value::Truth(evaluate(&arguments[0], names)? == Value::Missing)),
        "count_true" => {
            let mut total = Rational::zero();
            for argument in arguments {
                match evaluate(argument, names)? {
                    Value::Truth(true) => total += Rational::one(),
                    Value::Truth(false) => {}
                    Value::Missing => return Err(MISSING),
                    Value::Number(_) => panic!("a number where a truth belongs: {argument:?}"),
                }
            }
            total
        }
        "min" => numbers()?.into_iter().min().expect("an argument"),
        "max" => numbers()?.into_iter().max().expect("an argument"),
        "sum" => numbers()?.into_iter().sum(),
        "avg" => numbers()?.into_iter().sum::<Rational>() / count,
        "median" => {
            let mut numbers = numbers()?;
            numbers.sort();
            let last = numbers.len() - 1;
            (&numbers[last / 2] + &numbers[last.div_ceil(2)]) / BigInt::from(2)
        }
        "abs" => number(0)?.abs(),
        "sign" => number(0)?.signum(),
        "sqrt" => {
            let value = number(0)?;
            if value.is_negative() {
                return Err(NEGATIVE_ROOT);
            }
            root(&value)
        }
        "floor" => number(0)?.floor(),
        "ceil" => number(0)?.ceil(),
        "trunc" => number(0)?.trunc(),
        "round" => {
            let value = number(0)?;
            let places = if arguments.len() > 1 { number(1)?.to_integer().to_i32().expect("few places") } else { 0 };
            let mode = match arguments.get(2).map(|mode| &mode.kind) {
                None => "half_up",
                Some(ExprKind::Text(mode)) => mode,
                Some(ExprKind::Name(mode)) => &mode.name,
                Some(other) => panic!("no way of rounding: {other:?}"),
            };
            rounded(&value, places, mode)
        }
        "clamp" => {
            // the limits first: they are a condition on the value
            let (low, high) = (number(1)?, number(2)?);
            if low > high {
                return Err(LIMITS_CROSS);
            }
            number(0)?.max(low).min(high)
        }
        "ratio" => {
            // the divisor first: it decides whether the dividend is looked at
            if arguments.len() == 3 && number(1)?.is_zero() {
                return evaluate(&arguments[2], names);
            }
            let (top, bottom) = (number(0)?, number(1)?);
            if bottom.is_zero() {
                return Err(DIVISION_BY_ZERO);
            }
            top / bottom
        }
        _ => panic!("never generated: {function}"),
    };
    Ok(Value::Number(result))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(text: &str, places: i32, mode: &str) -> String {
        published(&rounded(&decimal(text), places, mode), None).unwrap().0
    }

    #[test]
    fn ties_go_where_the_mode_says() {
        for (mode, wanted) in [
            ("half_up", ["0.13", "-0.13"]),
            ("half_even", ["0.12", "-0.12"]),
            ("up", ["0.13", "-0.13"]),
            ("down", ["0.12", "-0.12"]),
            ("floor", ["0.12", "-0.13"]),
            ("ceil", ["0.13", "-0.12"]),
        ] {
            assert_eq!([round("0.125", 2, mode), round("-0.125", 2, mode)], wanted, "{mode}");
        }
    }

    #[test]
    fn a_figure_has_at_most_twelve_decimals_and_twenty_eight_digits() {
        let third = Rational::new(1.into(), 3.into());
        assert_eq!(published(&third, None), Some(("0.333333333333".to_owned(), true)));
        assert_eq!(published(&decimal("1.50"), None), Some(("1.5".to_owned(), false)));
        assert_eq!(published(&decimal("-1.005"), Some(2)), Some(("-1.01".to_owned(), true)));
        assert_eq!(published(&decimal("0.0004"), Some(2)), Some(("0.00".to_owned(), true)));
        assert_eq!(published(&ten_to(16), None), None);
    }

    #[test]
    fn a_root_is_rounded_once() {
        assert_eq!(root(&decimal("2")), decimal("1.414213562373"));
        assert_eq!(root(&decimal("0.00000000000000000000000025")), decimal("0.000000000001"));
        assert_eq!(root(&decimal("9")), decimal("3"));
    }
}
