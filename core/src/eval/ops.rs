//! What each operation means on values: the one truth every evaluator follows.

use std::cmp::Ordering;

use kaohe_grammar::ComparisonOperator;

use crate::date::Date;
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::{Arithmetic, CompositeMethod, DatePart, DateShift, DateSpan, Ends, Extreme, WhenMissing};
use crate::value::Value;

type Answer<T> = Result<T, FaultCode>;

/// `a + b`, `a - b`, `a * b`, `a / b`, exact.
pub(crate) fn arithmetic(operator: Arithmetic, a: &Number, b: &Number) -> Answer<Number> {
    match operator {
        Arithmetic::Add => Ok(a.add(b)),
        Arithmetic::Subtract => Ok(a.subtract(b)),
        Arithmetic::Multiply => Ok(a.multiply(b)),
        Arithmetic::Divide => a.divide(b).ok_or(FaultCode::DivisionByZero),
    }
}

/// `a ^ n`; a negative power of zero is a division by zero.
pub(crate) fn power(base: &Number, exponent: i32) -> Answer<Number> {
    if base.is_zero() && exponent < 0 {
        return Err(FaultCode::DivisionByZero);
    }
    base.power(exponent).map_err(|_| FaultCode::Overflow)
}

/// The square root, correctly rounded half up to 12 decimals.
pub(crate) fn square_root(value: &Number) -> Answer<Number> {
    value.square_root(crate::number::ROOT_PLACES).ok_or(FaultCode::NegativeRoot)
}

/// How two values of one kind compare; nothing when they are of different kinds.
pub(crate) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Unlimited, Value::Unlimited) => Some(Ordering::Equal),
        (Value::Unlimited, Value::Number(_)) => Some(Ordering::Greater),
        (Value::Number(_), Value::Unlimited) => Some(Ordering::Less),
        (Value::Truth(a), Value::Truth(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Choice(a), Value::Choice(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether an order satisfies a comparison sign.
pub(crate) const fn holds(operator: ComparisonOperator, order: Ordering) -> bool {
    match operator {
        ComparisonOperator::Equal => order.is_eq(),
        ComparisonOperator::NotEqual => order.is_ne(),
        ComparisonOperator::Less => order.is_lt(),
        ComparisonOperator::AtMost => order.is_le(),
        ComparisonOperator::Greater => order.is_gt(),
        ComparisonOperator::AtLeast => order.is_ge(),
    }
}

/// Whether `candidate` replaces the `best` found so far; of equals the first stays.
pub(crate) fn replaces(extreme: Extreme, candidate: &Value, best: &Value) -> bool {
    match extreme {
        Extreme::Minimum => order(candidate, best).is_some_and(Ordering::is_lt),
        Extreme::Maximum => order(candidate, best).is_some_and(Ordering::is_gt),
    }
}

/// The middle of numbers; the mean of the middle two when they are even in number.
pub(crate) fn median(mut numbers: Vec<Number>) -> Answer<Number> {
    numbers.sort();
    let middle = numbers.len() / 2;
    let upper = numbers.get(middle).ok_or(FaultCode::Missing)?;
    if numbers.len() % 2 == 1 {
        return Ok(upper.clone());
    }
    let lower = middle.checked_sub(1).and_then(|at| numbers.get(at)).ok_or(FaultCode::Missing)?;
    Ok(lower.add(upper).multiply(&Number::from_parts(5, 1)))
}

/// The numbers in order, without those that are left out at both ends.
pub(crate) fn within(mut numbers: Vec<Number>, ends: Ends) -> Vec<Number> {
    numbers.sort();
    let (lowest, highest) = ends.of(numbers.len());
    let kept = numbers.len().saturating_sub(highest);
    numbers.into_iter().take(kept).skip(lowest).collect()
}

/// The same number, a fraction in its lowest terms.
fn reduced(number: Number) -> Number {
    if number.decimal_scale().is_some() {
        return number;
    }
    let (numerator, denominator) = number.to_fraction();
    Number::from_ratio(numerator, denominator).unwrap_or(number)
}

/// The mean of numbers without those that are left out at both ends; nothing when none is left.
pub(crate) fn mean_of(numbers: Vec<Number>, ends: Ends) -> Option<Number> {
    let kept = within(numbers, ends);
    let count = Number::from_integer(i64::try_from(kept.len()).ok()?);
    // fractions are reduced on the way: with different divisors an unreduced sum would grow with every number
    let sum = kept.iter().fold(Number::ZERO, |sum, each| reduced(sum.add(each)));
    sum.divide(&count)
}

/// Where `value` lies on the line from one knot to the next.
pub(crate) fn between_knots(value: &Number, from: (&Number, &Number), to: (&Number, &Number)) -> Answer<Number> {
    let run = to.0.subtract(from.0);
    let rise = to.1.subtract(from.1);
    let along = value.subtract(from.0).multiply(&rise);
    arithmetic(Arithmetic::Divide, &along, &run).map(|part| from.1.add(&part))
}

/// The score of one part as it counts, or nothing when its weight goes to its siblings.
pub(crate) fn part(score: &Value, full: &Number, policy: WhenMissing) -> Answer<Option<Number>> {
    match (score, policy) {
        (Value::Number(score), _) => Ok(Some(score.clone())),
        (_, WhenMissing::Zero) => Ok(Some(Number::ZERO)),
        (_, WhenMissing::Full) => Ok(Some(full.clone())),
        (_, WhenMissing::Redistribute) => Ok(None),
        (_, WhenMissing::Error) => Err(FaultCode::Missing),
    }
}

/// A composite over its parts: score and weight, the score nothing when it is redistributed.
pub(crate) fn composite(method: CompositeMethod, parts: &[(Option<Number>, Number)]) -> Answer<Number> {
    let mut sum = Number::ZERO;
    let mut weights = Number::ZERO;
    let mut missing = Number::ZERO;
    for (score, weight) in parts {
        match (score, method) {
            (None, _) => missing = missing.add(weight),
            (Some(score), CompositeMethod::Weighted) => {
                sum = sum.add(&score.multiply(weight));
                weights = weights.add(weight);
            }
            (Some(score), CompositeMethod::Points) => {
                sum = sum.add(score);
                weights = weights.add(weight);
            }
        }
    }
    match method {
        CompositeMethod::Weighted => sum.divide(&weights).ok_or(FaultCode::NothingToScore),
        CompositeMethod::Points if missing.is_zero() => Ok(sum),
        // what is left stands for the whole: points × all full marks / full marks that are there
        CompositeMethod::Points => {
            let whole = weights.add(&missing);
            sum.multiply(&whole).divide(&weights).ok_or(FaultCode::NothingToScore)
        }
    }
}

/// What each part brings to a composite, with the weight that counts after missing parts have given theirs away; both add
/// up to the whole. Nothing when there is nothing to score.
pub(crate) fn contributions(
    method: CompositeMethod,
    parts: &[(Option<Number>, Number)],
) -> Option<Vec<(Number, Number)>> {
    let mut all = Number::ZERO;
    let mut present = Number::ZERO;
    for (score, weight) in parts {
        all = all.add(weight);
        if score.is_some() {
            present = present.add(weight);
        }
    }
    let whole = all == present;
    let brought = |(score, weight): &(Option<Number>, Number)| {
        let Some(score) = score else { return Some((Number::ZERO, Number::ZERO)) };
        let moved = if whole { weight.clone() } else { weight.multiply(&all).divide(&present)? };
        let brings = match method {
            CompositeMethod::Weighted => score.multiply(weight).divide(&present)?,
            CompositeMethod::Points if whole => score.clone(),
            CompositeMethod::Points => score.multiply(&all).divide(&present)?,
        };
        Some((brings, moved))
    };
    parts.iter().map(brought).collect()
}

/// A grade so many steps better, not beyond the ends; who stands below `floor` is not graded and stays.
pub(crate) fn move_grade(at: u32, steps: i32, floor: u32, top: u32) -> u32 {
    if at < floor { at } else { at.saturating_add_signed(steps).clamp(floor, top.max(floor)) }
}

/// One number out of a date.
pub(crate) fn date_part(part: DatePart, date: Date) -> Number {
    Number::from_integer(match part {
        DatePart::Year => i64::from(date.year()),
        DatePart::Month => i64::from(date.month()),
        DatePart::Day => i64::from(date.day()),
    })
}

/// A count between two dates.
pub(crate) fn date_span(span: DateSpan, from: Date, to: Date) -> Number {
    Number::from_integer(match span {
        DateSpan::DaysBetween => i64::from(from.days_between(to)),
        // both ends count in either direction
        DateSpan::DaysInclusive => {
            let days = i64::from(from.days_between(to));
            if days < 0 { days - 1 } else { days + 1 }
        }
        DateSpan::MonthsBetween => i64::from(from.months_between(to)),
        DateSpan::YearsBetween => i64::from(from.years_between(to)),
    })
}

/// A date moved by a whole number.
pub(crate) fn date_shift(shift: DateShift, date: Date, by: &Number) -> Answer<Date> {
    let by = by.to_i64().ok_or(FaultCode::NotACount)?;
    match shift {
        DateShift::Days => date.add_days(by),
        DateShift::Months => date.add_months(by),
    }
    .ok_or(FaultCode::NoSuchDate)
}

/// The day of that year, month and day.
pub(crate) fn make_date(year: &Number, month: &Number, day: &Number) -> Answer<Date> {
    let whole = |number: &Number| number.to_i64().ok_or(FaultCode::NotACount);
    let (year, month, day) = (whole(year)?, whole(month)?, whole(day)?);
    let found = match (i32::try_from(year), u32::try_from(month), u32::try_from(day)) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day),
        _ => None,
    };
    found.ok_or(FaultCode::NoSuchDate)
}
