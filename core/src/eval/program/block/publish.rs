//! The slots of a block to figures, as `publish.rs` decides for one row.

use std::ops::Range;
use std::sync::Arc;

use multiversion::multiversion;

use super::super::float::Float;
use super::super::instruction::{NumberOutput, Output, Program};
use super::super::publish::{Published, Shown, of_cell};
use super::{Block, Row};
use crate::column::{Column, Figures, Form};
use crate::outcome::Figure;
use crate::plan::Plan;
use crate::row::Cell;

/// Below this a float and the middle of those above it add up to the whole number's own bits.
const QUICK: f64 = 2_251_799_813_685_248.0;

impl Block {
    /// Writes the figures of the rows that are here; those of rows that have left are set by others.
    pub(super) fn publish(
        &mut self,
        program: &Program<Float>,
        (plan, columns): (&Plan, &[Column]),
        rows: Range<usize>,
        figures: &mut [Figures],
    ) {
        let here = self.active;
        let count = rows.len();
        for (output, figures) in program.outputs.iter().zip(figures) {
            let before = figures.len();
            figures.lengthen(count);
            match (output, &mut figures.form) {
                (Output::Number(number), Form::Units { units, places }) => {
                    if self.units(*number, *places, units.get_mut(before..).unwrap_or_default()) {
                        continue;
                    }
                }
                (Output::Choice { slot, .. }, Form::Choices { places, .. }) => {
                    let (Some(lanes), Some(places)) =
                        (self.slots.get(usize::from(*slot)), places.get_mut(before..))
                    else {
                        continue;
                    };
                    let mut all = true;
                    for (place, lane) in places.iter_mut().zip(lanes) {
                        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
                        let at = *lane as u32;
                        *place = at;
                        all &= *lane >= 0.0;
                    }
                    if all {
                        continue;
                    }
                }
                _ => {}
            }
            // one by one
            for row in here.iter() {
                let place = rows.start.saturating_add(row);
                let found = (Row { block: self, row }).shown(program, output).map(|shown| match shown {
                    Shown::Figure(figure) => figure,
                    Shown::Word(word) => Figure::Text(Arc::clone(word)),
                    Shown::Cell(input) => {
                        of_cell(plan, input, &columns.get(input).map_or(Cell::Missing, |column| column.cell(place)))
                    }
                });
                match found {
                    Ok(figure) => figures.set(before.saturating_add(row), figure),
                    Err(_) => self.leave(row),
                }
            }
        }
    }

    /// The units of a column of so many places, when none of its numbers can be missing or inexact.
    fn units(&self, number: NumberOutput, places: u32, units: &mut [i64]) -> bool {
        if number.error != 0 || number.may_be_missing || number.shown {
            return false;
        }
        let Some(ten) = places.checked_sub(number.scale).and_then(|more| 10_i64.checked_pow(more)) else { return false };
        let Some(lanes) = self.slots.get(usize::from(number.slot)).and_then(|lanes| lanes.get(..units.len())) else {
            return false;
        };
        #[expect(clippy::cast_precision_loss, reason = "a power of ten up to 10^15 is a float")]
        let factor = ten as f64;
        factor < QUICK && whole(units, lanes, factor)
    }
}

/// Whole numbers times a factor as integers; not all of them when one is too large for that.
#[multiversion(targets(
    "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2",
    "x86_64+avx2+fma+bmi2",
))]
fn whole(units: &mut [i64], lanes: &[f64], factor: f64) -> bool {
    // the float whose last bit counts ones
    const MIDDLE: f64 = 6_755_399_441_055_744.0;
    let mut all = true;
    for (unit, lane) in units.iter_mut().zip(lanes) {
        let value = lane * factor;
        all &= value.abs() < QUICK;
        *unit = (value + MIDDLE).to_bits().cast_signed().wrapping_sub(MIDDLE.to_bits().cast_signed());
    }
    all
}
