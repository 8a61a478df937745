//! Cells to slots: the decisions of `eval/input.rs`, precomputed as bounds. What is odd goes to another tier.

use super::instruction::{Escape, Load, LoadKind, Program};
use super::lane::Lane;
use super::machine::{ALWAYS, Machine};
use crate::eval::input;
use crate::number::Number;
use crate::plan::Plan;
use crate::row::Cell;
use crate::value::{Kind, Value};

/// The largest whole number up to which a float stands for just one decimal of so many digits.
const FLOAT_DIGITS: f64 = 1e15;

impl<L: Lane> Machine<L> {
    /// Reads the cells a program needs.
    #[inline]
    pub(super) fn load(&mut self, program: &Program<L>, plan: &Plan, cells: &[Cell]) -> Result<(), Escape> {
        self.remainders = ALWAYS;
        for load in &program.loads {
            let cell = cells.get(load.input).unwrap_or(&Cell::Missing);
            let value = read(load, program, plan, cell)?;
            self.set(load.slot, value);
        }
        Ok(())
    }
}

#[inline(always)]
fn read<L: Lane>(load: &Load<L>, program: &Program<L>, plan: &Plan, cell: &Cell) -> Result<L, Escape> {
    match &load.what {
        LoadKind::Number { places, unit, float_unit, low, high, longer } => {
            let found = match cell {
                Cell::Decimal(decimal) => {
                    let (mantissa, scale) = (decimal.mantissa(), decimal.scale());
                    if scale == *places {
                        L::from_wide(mantissa)
                    } else {
                        return within(load, rescaled(mantissa, scale, *places, *longer)?, *low, *high);
                    }
                }
                Cell::Integer(integer) => L::from_wide((*integer).into()).and_then(|integer| integer.times(*unit)),
                Cell::Float(float) => match float_units(*float, *float_unit) {
                    Some(units) => L::from_wide(units),
                    None => return text_or_other(load, plan, cell, *places, *longer, (*low, *high)),
                },
                Cell::Missing => return load.absent.ok_or(Escape::Exact),
                _ => return text_or_other(load, plan, cell, *places, *longer, (*low, *high)),
            };
            within(load, found.ok_or(Escape::Wider)?, *low, *high)
        }
        LoadKind::Text => text(load, program, plan, cell),
        LoadKind::Other => other(load, plan, cell),
    }
}

#[inline(always)]
fn within<L: Lane>(_: &Load<L>, value: L, low: L, high: L) -> Result<L, Escape> {
    if low <= value && value <= high { Ok(value) } else { Err(Escape::Exact) }
}

/// A float that is a decimal of at most so many digits, in units of its last place: exact, or nothing.
#[inline(always)]
fn float_units(float: f64, unit: f64) -> Option<i128> {
    let units = (float * unit).round();
    // the quotient is correctly rounded, so it is the float again only if the decimal means this float; and of at most
    // fifteen digits just one decimal does
    #[expect(clippy::cast_possible_truncation, reason = "whole, and of at most fifteen digits")]
    #[expect(clippy::float_cmp, reason = "that they are the very same float is the proof")]
    (units.abs() <= FLOAT_DIGITS && units / unit == float).then_some(units as i64 as i128)
}

#[inline]
fn rescaled<L: Lane>(mantissa: i128, scale: u32, places: u32, longer: Escape) -> Result<L, Escape> {
    let value = if scale < places {
        let ten = 10_i128.checked_pow(places - scale).ok_or(Escape::Exact)?;
        mantissa.checked_mul(ten).ok_or(Escape::Exact)?
    } else {
        let ten = 10_i128.checked_pow(scale - places).ok_or(Escape::Exact)?;
        if mantissa % ten != 0 {
            return Err(longer);
        }
        mantissa / ten
    };
    L::from_wide(value).ok_or(Escape::Wider)
}

#[cold]
fn number<L: Lane>(number: &Number, places: u32, longer: Escape) -> Result<L, Escape> {
    let units = number.scaled(places).ok_or(longer)?;
    L::from_wide(units).ok_or(Escape::Wider)
}

#[inline(never)]
fn text_or_other<L: Lane>(
    load: &Load<L>,
    plan: &Plan,
    cell: &Cell,
    places: u32,
    longer: Escape,
    (low, high): (L, L),
) -> Result<L, Escape> {
    let input = plan.inputs.get(load.input).ok_or(Escape::Exact)?;
    match input::convert(input, cell) {
        Ok(Value::Number(found)) => within(load, number(&found, places, longer)?, low, high),
        Ok(Value::Missing) => load.absent.ok_or(Escape::Exact),
        _ => Err(Escape::Exact),
    }
}

/// The number of a text among the words the program knows; any other has a number of its own.
#[inline]
fn text<L: Lane>(load: &Load<L>, program: &Program<L>, plan: &Plan, cell: &Cell) -> Result<L, Escape> {
    let numbered = |text: &str| {
        let known = program.words.iter().position(|word| **word == *text);
        let at = known.unwrap_or(program.words.len() + load.input);
        i128::try_from(at).ok().and_then(L::from_wide).ok_or(Escape::Exact)
    };
    match cell {
        Cell::Text(text) if !text.is_empty() => numbered(text),
        Cell::Missing => load.absent.ok_or(Escape::Exact),
        _ => match input::convert(plan.inputs.get(load.input).ok_or(Escape::Exact)?, cell) {
            Ok(Value::Text(text)) => numbered(&text),
            Ok(Value::Missing) => load.absent.ok_or(Escape::Exact),
            _ => Err(Escape::Exact),
        },
    }
}

#[inline]
fn other<L: Lane>(load: &Load<L>, plan: &Plan, cell: &Cell) -> Result<L, Escape> {
    let input = plan.inputs.get(load.input).ok_or(Escape::Exact)?;
    let value = match input::convert(input, cell) {
        Ok(Value::Missing) => return load.absent.ok_or(Escape::Exact),
        Ok(value) => value,
        Err(_) => return Err(Escape::Exact),
    };
    constant(&value, &input.kind).ok_or(Escape::Exact)
}

/// A value that is no number and no text, as a lane holds it.
pub(super) fn constant<L: Lane>(value: &Value, kind: &Kind) -> Option<L> {
    let units = match (value, kind) {
        (Value::Missing, _) => return Some(L::MISSING),
        (Value::Truth(truth), _) => i128::from(*truth),
        (Value::Date(date), _) => date.to_unix_days().into(),
        (Value::Choice(at), _) => (*at).into(),
        _ => return None,
    };
    L::from_wide(units)
}
