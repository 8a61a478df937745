//! The slots of a block to figures, as `publish.rs` decides for one row.

use std::ops::Range;
use std::sync::Arc;

use multiversion::multiversion;

use super::super::float::Float;
use super::super::instruction::{NumberOutput, Output, Program, Slot};
use super::super::lane::Lane;
use super::super::publish::{Published, Shown, of_cell};
use super::{Block, Row};
use crate::column::{Column, FiguresPart, FormPart as Form};
use crate::limits::PUBLISHED_PLACES;
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
        (figures, before): (&mut [FiguresPart<'_>], usize),
    ) {
        let here = self.active;
        let all = before..before.saturating_add(rows.len());
        for (output, figures) in program.outputs.iter().zip(figures) {
            let done = match (output, &mut figures.form) {
                (Output::Number(number), Form::Units { units, places }) => {
                    self.units(*number, *places, units.get_mut(all.clone()).unwrap_or_default())
                }
                (Output::Number(number), Form::Wide { units, .. }) => {
                    self.wide(*number, units.get_mut(all.clone()).unwrap_or_default())
                }
                (Output::Choice { slot, .. }, Form::Choices { places, .. }) => {
                    self.choices(*slot, places.get_mut(all.clone()).unwrap_or_default())
                }
                (Output::Aside, _) => continue,
                // a text is the cell itself; only what is none has to be told
                (Output::Cell { input }, Form::Passed) => {
                    let Some(column) = columns.get(*input) else { continue };
                    for row in column.without_text(rows.clone()).filter(|row| here.contains(*row)) {
                        let cell = column.cell(rows.start.saturating_add(row));
                        figures.set(before.saturating_add(row), of_cell(plan, *input, &cell));
                    }
                    continue;
                }
                _ => Done::Not,
            };
            let left = match done {
                Done::All => continue,
                // what is missing is told row by row
                Done::Present(slot) => {
                    let mut missing = here;
                    if let Some(lanes) = self.slots.get(usize::from(slot)) {
                        missing.keep(|row| lanes.get(row) == Some(&Float::MISSING.0));
                    }
                    missing
                }
                Done::Not => here,
            };
            // one by one
            for row in left.iter() {
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

    /// Writes exact numbers of no more places than their column has.
    fn units(&self, number: NumberOutput, places: u32, units: &mut [i64]) -> Done {
        let (Some(factor), Some(lanes)) = (factor(number, places), self.lanes(number.slot, units.len())) else {
            return Done::Not;
        };
        match (whole(units, lanes, factor), number.may_be_missing) {
            (true, false) => Done::All,
            // what is missing is far out of range, and so may others be
            (false, true) if all_present_fit(lanes, factor) => Done::Present(number.slot),
            (true, true) => Done::All,
            (false, _) => Done::Not,
        }
    }

    /// The same of a column that shows as many as there are.
    fn wide(&self, number: NumberOutput, units: &mut [i128]) -> Done {
        if number.places.is_some() {
            return Done::Not;
        }
        let (Some(_), Some(lanes)) = (factor(number, PUBLISHED_PLACES), self.lanes(number.slot, units.len())) else {
            return Done::Not;
        };
        let Some(ten) = 10_i128.checked_pow(PUBLISHED_PLACES - number.scale) else { return Done::Not };
        for (unit, lane) in units.iter_mut().zip(lanes) {
            // below 2^53, so the product is below 2^53 × 10^12; what is missing is set row by row
            *unit = Float(*lane).to_wide().saturating_mul(ten);
        }
        if number.may_be_missing { Done::Present(number.slot) } else { Done::All }
    }

    fn choices(&self, slot: Slot, places: &mut [u32]) -> Done {
        let Some(lanes) = self.lanes(slot, places.len()) else { return Done::Not };
        let mut all = true;
        for (place, lane) in places.iter_mut().zip(lanes) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
            let at = *lane as u32;
            *place = at;
            all &= *lane >= 0.0;
        }
        if all { Done::All } else { Done::Present(slot) }
    }

    /// The first lanes of a slot.
    pub(in crate::eval::program) fn lanes(&self, slot: Slot, count: usize) -> Option<&[f64]> {
        self.slots.get(usize::from(slot)).and_then(|lanes| lanes.get(..count))
    }
}

/// How much of a column was written at once.
enum Done {
    /// All of it.
    All,
    /// All that is there, going by this slot.
    Present(Slot),
    /// Nothing.
    Not,
}

/// What makes units of so many places of an exact number's; nothing when there is no such factor.
fn factor(number: NumberOutput, places: u32) -> Option<f64> {
    if number.error != 0 || number.shown {
        return None;
    }
    let ten = places.checked_sub(number.scale).and_then(|more| 10_i64.checked_pow(more))?;
    #[expect(clippy::cast_precision_loss, reason = "a power of ten up to 10^15 is a float")]
    let factor = ten as f64;
    (factor < QUICK).then_some(factor)
}

/// Whether all that are not missing are in the range of [`whole`].
fn all_present_fit(lanes: &[f64], factor: f64) -> bool {
    lanes.iter().all(|lane| (lane * factor).abs() < QUICK || *lane == Float::MISSING.0)
}

/// Whole numbers times a factor as integers; not all of them when one is too large for that.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
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
