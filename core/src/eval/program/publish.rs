//! Slots to figures, as `Number::to_published` decides.

use std::cmp::Ordering;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::instruction::{Escape, NumberOutput, Output, Program};
use super::lane::{Lane, certain_half};
use super::machine::{Machine, Slots};
use crate::date::Date;
use crate::eval::input;
use crate::limits::PUBLISHED_PLACES;
use crate::number::RoundingMode;
use crate::outcome::Figure;
use crate::plan::Plan;
use crate::row::Cell;
use crate::value::Value;

impl<L: Lane> Machine<L> {
    /// Writes the figures of a row that was computed.
    #[inline]
    pub(super) fn publish(
        &self,
        program: &Program<L>,
        plan: &Plan,
        cells: &[Cell],
        figures: &mut [Figure],
    ) -> Result<(), Escape> {
        for (output, figure) in program.outputs.iter().zip(figures) {
            match self.shown(program, output)? {
                Shown::Figure(shown) => *figure = shown,
                Shown::Word(word) => set_text(figure, word),
                Shown::Cell(input) => write_cell(figure, plan, input, cells.get(input).unwrap_or(&Cell::Missing)),
            }
        }
        Ok(())
    }
}

/// What an output comes to.
pub(super) enum Shown<'p> {
    Figure(Figure),
    /// A word of the program or of a list.
    Word(&'p Arc<str>),
    /// The cell of an input as it came.
    Cell(usize),
}

/// What the slots of a row are published as.
pub(super) trait Published<L: Lane>: Slots<L> {
    /// What an output comes to.
    #[inline(always)]
    fn shown<'p>(&self, program: &'p Program<L>, output: &'p Output) -> Result<Shown<'p>, Escape> {
        Ok(match output {
            Output::Number(number) => Shown::Figure(self.number(number)?),
            Output::Cell { input } => Shown::Cell(*input),
            Output::Aside => return Err(Escape::Exact),
            Output::Truth { slot } => {
                let value = self.get(*slot);
                Shown::Figure(if value == L::MISSING { Figure::Missing } else { Figure::Truth(value != L::ZERO) })
            }
            Output::Date { slot } => Shown::Figure(self.day(*slot)?),
            Output::Choice { slot, list } => {
                let word = u32::try_from(self.get(*slot).to_wide()).ok().and_then(|at| list.word(at));
                word.map_or(Shown::Figure(Figure::Missing), Shown::Word)
            }
            Output::Text { slot } => {
                let value = self.get(*slot);
                if value == L::MISSING {
                    return Ok(Shown::Figure(Figure::Missing));
                }
                let at = usize::try_from(value.to_wide()).map_err(|_| Escape::Exact)?;
                match program.words.get(at) {
                    Some(word) => Shown::Word(word),
                    None => Shown::Cell(at.saturating_sub(program.words.len())),
                }
            }
        })
    }

    /// The day in a slot.
    fn day(&self, slot: super::instruction::Slot) -> Result<Figure, Escape> {
        let value = self.get(slot);
        if value == L::MISSING {
            return Ok(Figure::Missing);
        }
        let day = i32::try_from(value.to_wide()).ok().and_then(Date::from_unix_days);
        day.map(Figure::Date).ok_or(Escape::Exact)
    }

    /// The figure of a number.
    #[inline(always)]
    fn number(&self, output: &NumberOutput) -> Result<Figure, Escape> {
        let value = self.get(output.slot);
        if output.may_be_missing && value == L::MISSING {
            return Ok(Figure::Missing);
        }
        let at = output.places.unwrap_or(PUBLISHED_PLACES);
        let (units, shown_rounded) = if output.error != 0 && !self.exact(output.sources) {
            (self.enclosed(value, output, at)?, true)
        } else if output.shown {
            return finish(value, output.scale, output.places, !self.exact(output.sources));
        } else if output.scale <= at {
            // what is shorter is lengthened below
            return finish(value, output.scale, output.places, false);
        } else {
            let unit = ten::<L>(output.scale - at)?;
            let (rounded, exact) = value.ratio(L::ONE, unit, RoundingMode::HalfUp).ok_or(Escape::Wider)?;
            (rounded, !exact)
        };
        finish(units, at, output.places, shown_rounded)
    }

    /// The rounded value of a number that is not known exactly but well enough: that it has more decimals too.
    fn enclosed(&self, value: L, output: &NumberOutput, at: u32) -> Result<L, Escape> {
        let unit = ten::<L>(output.scale.checked_sub(at).ok_or(Escape::Wider)?)?;
        let error = L::from_wide(output.error).ok_or(Escape::Wider)?;
        let (quotient, remainder) = value.split(unit).ok_or(Escape::Wider)?;
        let rest = unit.minus(remainder).ok_or(Escape::Wider)?;
        if remainder <= error || rest <= error {
            return Err(Escape::Wider);
        }
        let half = certain_half(remainder, unit, error).ok_or(Escape::Wider)?;
        let magnitude = if half == Ordering::Greater { quotient.plus(L::ONE) } else { Some(quotient) };
        let rounded = if value < L::ZERO { magnitude.and_then(L::negated) } else { magnitude };
        rounded.ok_or(Escape::Wider)
    }
}

impl<L: Lane, S: Slots<L>> Published<L> for S {}

fn ten<L: Lane>(exponent: u32) -> Result<L, Escape> {
    10_i128.checked_pow(exponent).and_then(L::from_wide).ok_or(Escape::Wider)
}

/// A decimal of `scale` places at the places of its column, or without trailing zeros where it has none.
#[inline(always)]
fn finish<L: Lane>(units: L, scale: u32, places: Option<u32>, shown_rounded: bool) -> Result<Figure, Escape> {
    let mut value = units.to_wide();
    let mut scale = scale;
    match places {
        Some(places) => {
            if scale < places {
                let ten = 10_i128.checked_pow(places - scale).ok_or(Escape::Exact)?;
                value = value.checked_mul(ten).ok_or(Escape::Exact)?;
                scale = places;
            }
        }
        None => (value, scale) = without_trailing_zeros(value, scale),
    }
    Ok(Figure::Number { value: decimal(value, scale).ok_or(Escape::Exact)?, shown_rounded })
}

/// The same number with as few decimals as it needs; quick for one that fits a machine word.
#[inline(always)]
fn without_trailing_zeros(value: i128, scale: u32) -> (i128, u32) {
    let (mut scale, Ok(mut word)) = (scale, i64::try_from(value)) else {
        return long_without_trailing_zeros(value, scale);
    };
    if word == 0 {
        return (0, 0);
    }
    while scale >= 4 && word % 10_000 == 0 {
        word /= 10_000;
        scale -= 4;
    }
    while scale > 0 && word % 10 == 0 {
        word /= 10;
        scale -= 1;
    }
    (word.into(), scale)
}

#[cold]
fn long_without_trailing_zeros(mut value: i128, mut scale: u32) -> (i128, u32) {
    while scale > 0 && value % 10 == 0 {
        value /= 10;
        scale -= 1;
    }
    (value, scale)
}

/// The decimal, when it has at most 96 bits; the program has seen to it that it has no more than 28 digits.
#[inline(always)]
fn decimal(value: i128, scale: u32) -> Option<Decimal> {
    let magnitude = value.unsigned_abs();
    if scale > Decimal::MAX_SCALE || magnitude >> 96 != 0 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the three words of the magnitude, one after the other")]
    let (low, middle, high) = (magnitude as u32, (magnitude >> 32) as u32, (magnitude >> 64) as u32);
    Some(Decimal::from_parts(low, middle, high, value < 0, scale))
}

/// The figure of a cell that is published as it came.
#[inline]
fn write_cell(figure: &mut Figure, plan: &Plan, input: usize, cell: &Cell) {
    // only texts pass through, and of a text that is there the text is the figure
    if let Cell::Text(text) = cell
        && !text.is_empty()
    {
        if !matches!(figure, Figure::Text(shown) if **shown == **text) {
            *figure = Figure::Text(Arc::from(text.as_str()));
        }
        return;
    }
    *figure = of_cell(plan, input, cell);
}

/// The figure of a text that passes through.
pub(crate) fn of_cell(plan: &Plan, input: usize, cell: &Cell) -> Figure {
    match plan.inputs.get(input).map(|input| input::read(input, cell)) {
        Some(Ok(Value::Text(text))) => Figure::Text(text),
        Some(Ok(_)) | None => Figure::Missing,
        Some(Err(code)) => Figure::Empty(code.code()),
    }
}

/// Puts a word in place, sharing its text.
#[inline]
fn set_text(figure: &mut Figure, word: &Arc<str>) {
    if let Figure::Text(shown) = figure
        && Arc::ptr_eq(shown, word)
    {
        return;
    }
    *figure = Figure::Text(Arc::clone(word));
}
