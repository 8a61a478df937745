//! Figures of a whole group: total, mean, extremes, median, deviation.
//!
//! What is added up is decimal (the checker sees to it), so a total of many is no longer than its longest part and a
//! little.

use kaohe_grammar::Direction;

use super::{Figure, Lineup, Members, Operand};
use crate::eval::ops;
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::Extreme;
use crate::value::Value;

/// One number a group, or why there is none.
type Numbers = Vec<Result<Number, FaultCode>>;

/// How many count in each group.
fn counts(members: Members<'_>) -> Vec<u32> {
    let mut counts = vec![0; members.count as usize];
    for (_, group) in members.iter() {
        if let Some(count) = counts.get_mut(group as usize) {
            *count += 1;
        }
    }
    counts
}

/// The total of each group, of something made of each value.
fn totals_of(members: Members<'_>, operand: &Operand, made: impl Fn(Number) -> Number) -> Numbers {
    let mut totals = vec![Ok(Number::ZERO); members.count as usize];
    for (row, group) in members.iter() {
        if let Some(slot) = totals.get_mut(group as usize)
            && let Ok(total) = slot
        {
            *slot = operand.number(row).map(|number| total.add(&made(number)));
        }
    }
    totals
}

/// The total of each group.
pub(super) fn totals(members: Members<'_>, operand: &Operand) -> Numbers {
    totals_of(members, operand, |number| number)
}

/// How many count in each group, as figures.
pub(super) fn count(members: Members<'_>) -> Vec<Figure> {
    counts(members).into_iter().map(|count| Ok(Value::Number(count.into()))).collect()
}

/// The total of each group, as figures; 0 when nobody counts.
pub(super) fn sum(members: Members<'_>, operand: &Operand) -> Vec<Figure> {
    totals(members, operand).into_iter().map(|total| total.map(Value::Number)).collect()
}

/// The mean of each group.
pub(super) fn average(members: Members<'_>, operand: &Operand) -> Vec<Figure> {
    let groups = totals(members, operand).into_iter().zip(counts(members));
    groups.map(|(total, count)| over_count(&total?, &count.into()).map(Value::Number)).collect()
}

/// A total over how many there are; nobody has no mean.
fn over_count(total: &Number, count: &Number) -> Result<Number, FaultCode> {
    total.divide(count).ok_or(FaultCode::NoRows)
}

/// The smallest or largest of each group.
pub(super) fn extreme(members: Members<'_>, operand: &Operand, extreme: Extreme) -> Vec<Figure> {
    let mut best = vec![None; members.count as usize];
    for (row, group) in members.iter() {
        let Some(best) = best.get_mut(group as usize) else { continue };
        let value = operand.value(row);
        if best.as_ref().is_none_or(|best| ops::replaces(extreme, &value, best)) {
            *best = Some(value);
        }
    }
    best.into_iter().map(|best| best.ok_or(FaultCode::NoRows)).collect()
}

/// The median of each group.
pub(super) fn median(members: Members<'_>, operand: &Operand) -> Vec<Figure> {
    let lineup = Lineup::by(members, operand, Direction::Ascending);
    let of_line = |rows: &[u32]| {
        // the one or two in the middle have the median of all
        let middle = rows.get(rows.len().saturating_sub(1) / 2..rows.len() / 2 + 1).unwrap_or_default();
        let numbers = middle.iter().map(|row| operand.number(*row)).collect::<Result<_, _>>()?;
        ops::median(numbers).map(Value::Number).map_err(|_| FaultCode::NoRows)
    };
    lineup.groups().map(|line| of_line(line.rows)).collect()
}

/// The population standard deviation of each group, correctly rounded to 12 decimals.
pub(super) fn deviation(members: Members<'_>, operand: &Operand) -> Vec<Figure> {
    let squares = totals_of(members, operand, |number| number.multiply(&number));
    let groups = totals(members, operand).into_iter().zip(squares).zip(counts(members));
    groups.map(|((total, squares), count)| deviation_of(&total?, &squares?, &count.into())).collect()
}

/// From Σx, Σx² and n: the root of (n·Σx² − (Σx)²) / n², the exact variance as one quotient.
fn deviation_of(total: &Number, squares: &Number, count: &Number) -> Figure {
    let spread = count.multiply(squares).subtract(&total.multiply(total));
    let variance = over_count(&spread, &count.multiply(count))?;
    ops::square_root(&variance).map(Value::Number)
}
