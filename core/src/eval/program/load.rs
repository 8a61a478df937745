//! Cells to slots: the decisions of `eval/input.rs`, precomputed as bounds. What is odd goes to another tier.

use super::instruction::{Escape, NumberLoad, OtherLoad, Program};
use super::lane::Lane;
use super::machine::{ALWAYS, Machine, Slots};
use crate::eval::input;
use crate::plan::Input;
use crate::row::Cell;
use crate::value::{Kind, Value};

/// The largest whole number up to which a float stands for just one decimal of so many digits.
pub(super) const FLOAT_DIGITS: f64 = 1e15;

/// The powers of ten an input's decimals can make.
pub(super) const TENS: [i64; 13] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
    10_000_000_000,
    100_000_000_000,
    1_000_000_000_000,
];

impl<L: Lane> Machine<L> {
    /// Reads the cells a program needs.
    #[inline]
    pub(super) fn load(&mut self, program: &Program<L>, inputs: &[Input], cells: &[Cell]) -> Result<(), Escape> {
        self.remainders = ALWAYS;
        for load in &program.numbers {
            let cell = cells.get(load.input as usize).unwrap_or(&Cell::Missing);
            // nearly all cells are decimals at the places of their input
            let value = match cell {
                Cell::Decimal(decimal) if decimal.scale() == u32::from(load.places) => {
                    within(load, L::from_wide(decimal.mantissa()).ok_or(Escape::Wider)?)?
                }
                _ => number(load, inputs, cell)?,
            };
            self.set(load.slot, value);
        }
        for load in &program.others {
            let cell = cells.get(load.input as usize).unwrap_or(&Cell::Missing);
            let value = if load.text { text(load, program, inputs, cell)? } else { other(load, inputs, cell)? };
            self.set(load.slot, value);
        }
        Ok(())
    }
}

#[inline(always)]
fn within<L: Lane>(load: &NumberLoad<L>, value: L) -> Result<L, Escape> {
    if load.low <= value && value <= load.high { Ok(value) } else { Err(Escape::Exact) }
}

/// A number in any form: in units of the input's last place.
#[inline(never)]
pub(super) fn number<L: Lane>(load: &NumberLoad<L>, inputs: &[Input], cell: &Cell) -> Result<L, Escape> {
    let unit = *TENS.get(usize::from(load.places)).ok_or(Escape::Exact)?;
    let units = match cell {
        Cell::Missing => return load.absent.ok_or(Escape::Exact),
        Cell::Decimal(decimal) => rescaled(decimal.mantissa(), decimal.scale(), load)?,
        Cell::Integer(integer) => i128::from(*integer) * i128::from(unit),
        Cell::Float(float) => match float_units(*float, unit) {
            Some(units) => units,
            None => return written(load, inputs, cell),
        },
        _ => return written(load, inputs, cell),
    };
    within(load, L::from_wide(units).ok_or(Escape::Wider)?)
}

/// A float that is a decimal of at most so many digits, in units of its last place: exact, or nothing.
#[inline]
#[expect(clippy::cast_precision_loss, reason = "a power of ten up to 10^12 is a float")]
#[expect(clippy::cast_possible_truncation, reason = "whole, and of at most fifteen digits")]
#[expect(clippy::float_cmp, reason = "that they are the very same float is the proof")]
fn float_units(float: f64, unit: i64) -> Option<i128> {
    let unit = unit as f64;
    let units = (float * unit).round();
    // the quotient is correctly rounded, so it is the float again only if the decimal means this float; and of at most
    // fifteen digits just one decimal does
    (units.abs() <= FLOAT_DIGITS && units / unit == float).then_some(i128::from(units as i64))
}

#[inline]
fn rescaled<L: Lane>(mantissa: i128, scale: u32, load: &NumberLoad<L>) -> Result<i128, Escape> {
    let places = u32::from(load.places);
    if let Some(more) = places.checked_sub(scale) {
        let ten = 10_i128.checked_pow(more).ok_or(Escape::Exact)?;
        return mantissa.checked_mul(ten).ok_or(Escape::Exact);
    }
    let ten = 10_i128.checked_pow(scale - places).ok_or(Escape::Exact)?;
    if mantissa % ten == 0 { Ok(mantissa / ten) } else { Err(load.longer) }
}

/// A text, or what is no number at all, as the exact evaluator reads it.
#[inline(never)]
fn written<L: Lane>(load: &NumberLoad<L>, inputs: &[Input], cell: &Cell) -> Result<L, Escape> {
    let input = inputs.get(load.input as usize).ok_or(Escape::Exact)?;
    match input::convert(input, cell) {
        Ok(Value::Number(number)) => {
            let units = number.scaled(load.places.into()).ok_or(load.longer)?;
            within(load, L::from_wide(units).ok_or(Escape::Wider)?)
        }
        Ok(Value::Missing) => load.absent.ok_or(Escape::Exact),
        _ => Err(Escape::Exact),
    }
}

/// The number of a text among the words the program knows; any other has that of its input.
#[inline]
pub(super) fn numbered<L: Lane>(program: &Program<L>, load: &OtherLoad<L>, text: &str) -> Result<L, Escape> {
    let known = program.words.iter().position(|word| **word == *text);
    let at = known.unwrap_or(program.words.len() + load.input as usize);
    i128::try_from(at).ok().and_then(L::from_wide).ok_or(Escape::Exact)
}

/// The number of the text in a cell.
#[inline]
pub(super) fn text<L: Lane>(
    load: &OtherLoad<L>,
    program: &Program<L>,
    inputs: &[Input],
    cell: &Cell,
) -> Result<L, Escape> {
    let numbered = |text: &str| numbered(program, load, text);
    match cell {
        Cell::Text(text) if !text.is_empty() => numbered(text),
        Cell::Missing => load.absent.ok_or(Escape::Exact),
        _ => match input::convert(inputs.get(load.input as usize).ok_or(Escape::Exact)?, cell) {
            Ok(Value::Text(text)) => numbered(&text),
            Ok(Value::Missing) => load.absent.ok_or(Escape::Exact),
            _ => Err(Escape::Exact),
        },
    }
}

#[inline]
pub(super) fn other<L: Lane>(load: &OtherLoad<L>, inputs: &[Input], cell: &Cell) -> Result<L, Escape> {
    let input = inputs.get(load.input as usize).ok_or(Escape::Exact)?;
    match input::convert(input, cell) {
        Ok(Value::Missing) => load.absent.ok_or(Escape::Exact),
        Ok(value) => constant(&value, &input.kind).ok_or(Escape::Exact),
        Err(_) => Err(Escape::Exact),
    }
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
