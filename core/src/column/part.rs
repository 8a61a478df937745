//! The figures of some rows of a column that follow each other, while they are computed.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::figures::Form;
use crate::limits::PUBLISHED_PLACES;
use crate::outcome::Figure;
use crate::value::WordList;

/// The figures of some rows of a column that follow each other.
#[derive(Debug)]
pub(crate) struct FiguresPart<'f> {
    pub(crate) form: FormPart<'f>,
    /// The figures that do not fit the form, by row, counted from the first of the part.
    odd: Vec<(u32, Figure)>,
}

/// Where they are held; see [`Form`].
#[derive(Debug)]
pub(crate) enum FormPart<'f> {
    Passed,
    Units { units: &'f mut [i64], places: u32 },
    Wide { units: &'f mut [i128], rounded: &'f mut [bool] },
    Truths(&'f mut [bool]),
    Dates(&'f mut [i32]),
    Choices { places: &'f mut [u32], list: &'f Arc<WordList> },
    Any(&'f mut [Figure]),
}

/// A form in parts of so many rows each.
pub(super) fn parts(form: &mut Form, size: usize) -> Vec<FiguresPart<'_>> {
    let size = size.max(1);
    let part = |form| FiguresPart { form, odd: Vec::new() };
    match form {
        Form::Passed { rows, .. } => (0..rows.div_ceil(size)).map(|_| part(FormPart::Passed)).collect(),
        Form::Units { units, places } => {
            units.chunks_mut(size).map(|units| part(FormPart::Units { units, places: *places })).collect()
        }
        Form::Wide { units, rounded } => {
            let both = units.chunks_mut(size).zip(rounded.chunks_mut(size));
            both.map(|(units, rounded)| part(FormPart::Wide { units, rounded })).collect()
        }
        Form::Truths(truths) => truths.chunks_mut(size).map(|truths| part(FormPart::Truths(truths))).collect(),
        Form::Dates(days) => days.chunks_mut(size).map(|days| part(FormPart::Dates(days))).collect(),
        Form::Choices { places, list } => {
            let list = &*list;
            places.chunks_mut(size).map(|places| part(FormPart::Choices { places, list })).collect()
        }
        Form::Any(figures) => figures.chunks_mut(size).map(|figures| part(FormPart::Any(figures))).collect(),
    }
}

impl FiguresPart<'_> {
    /// Puts the figure of a row in its place. Whoever sets a row again, because he answers it as a whole, has the same figure
    /// for it.
    pub(crate) fn set(&mut self, row: usize, figure: Figure) {
        if let Some(figure) = self.form.put(row, figure)
            && let Ok(row) = u32::try_from(row)
        {
            self.odd.push((row, figure));
        }
    }

    /// The rows whose figure does not say the exact value: it has more decimals, or none for a reason.
    pub(crate) fn inexact(&self) -> impl Iterator<Item = usize> {
        let odd = self
            .odd
            .iter()
            .filter(|(_, figure)| matches!(figure, Figure::Empty(_) | Figure::Number { shown_rounded: true, .. }));
        let rounded: &[bool] = match &self.form {
            FormPart::Wide { rounded, .. } => rounded,
            _ => &[],
        };
        let rounded = rounded.iter().enumerate().filter(|(_, rounded)| **rounded).map(|(row, _)| row);
        odd.map(|(row, _)| *row as usize).chain(rounded)
    }

    /// The rows that are empty for a reason.
    pub(crate) fn empty(&self) -> impl Iterator<Item = usize> {
        let empty = self.odd.iter().filter(|(_, figure)| matches!(figure, Figure::Empty(_)));
        empty.map(|(row, _)| *row as usize)
    }

    /// What did not fit, in the order of rows, when all are set.
    pub(crate) fn into_odd(mut self) -> Vec<(u32, Figure)> {
        if !self.odd.is_sorted_by_key(|(row, _)| *row) {
            self.odd.sort_by_key(|(row, _)| *row);
        }
        self.odd
    }
}

impl FormPart<'_> {
    /// Puts a figure in its place; gives it back when it does not fit.
    fn put(&mut self, row: usize, figure: Figure) -> Option<Figure> {
        match (self, figure) {
            // what is not there for a reason is found without looking at everything
            (_, figure @ Figure::Empty(_)) => Some(figure),
            (Self::Units { units, places }, Figure::Number { value, shown_rounded: false })
                if value.scale() == *places =>
            {
                match (i64::try_from(value.mantissa()), units.get_mut(row)) {
                    (Ok(mantissa), Some(slot)) => {
                        *slot = mantissa;
                        None
                    }
                    _ => Some(Figure::Number { value, shown_rounded: false }),
                }
            }
            (Self::Wide { units, rounded }, Figure::Number { value, shown_rounded }) => {
                let ten = PUBLISHED_PLACES.checked_sub(value.scale()).and_then(|more| 10_i128.checked_pow(more));
                // what has more than 28 digits at twelve places is no decimal of these
                let wide = ten
                    .and_then(|ten| value.mantissa().checked_mul(ten))
                    .filter(|wide| Decimal::try_from_i128_with_scale(*wide, PUBLISHED_PLACES).is_ok());
                match (wide, units.get_mut(row), rounded.get_mut(row)) {
                    (Some(wide), Some(slot), Some(flag)) => {
                        (*slot, *flag) = (wide, shown_rounded);
                        None
                    }
                    _ => Some(Figure::Number { value, shown_rounded }),
                }
            }
            (Self::Truths(truths), Figure::Truth(truth)) => put(truths, row, truth).map(Figure::Truth),
            (Self::Dates(days), Figure::Date(date)) => put(days, row, date.to_unix_days()).map(|_| Figure::Date(date)),
            (Self::Choices { places, list }, Figure::Text(text)) => match list.position(&text) {
                Some(place) => put(places, row, place).map(|_| Figure::Text(text)),
                None => Some(Figure::Text(text)),
            },
            (Self::Any(figures), figure) => put(figures, row, figure),
            // of a text that passes the cell says what it is
            (Self::Passed, Figure::Text(_)) => None,
            (_, figure) => Some(figure),
        }
    }
}

fn put<T>(list: &mut [T], row: usize, value: T) -> Option<T> {
    match list.get_mut(row) {
        Some(slot) => {
            *slot = value;
            None
        }
        None => Some(value),
    }
}
