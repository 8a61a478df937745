//! The figures of one column, one for each row, as closely packed as they allow.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::date::Date;
use crate::limits::PUBLISHED_PLACES;
use crate::outcome::Figure;
use crate::plan::{Column, Plan, Role};
use crate::value::{Kind, WordList};

/// The figures of one column.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) form: Form,
    /// The figures that do not fit the form, by row; where they belong stands anything.
    odd: Vec<(u32, Figure)>,
}

/// How figures are held.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    /// The cells of an input as they came.
    Passed {
        /// The input's number.
        input: usize,
        rows: usize,
    },
    /// Numbers of so many places, in units of the last.
    Units {
        units: Vec<i64>,
        places: u32,
    },
    /// Numbers of twelve places that are shown without trailing zeros, and whether each has more than are shown.
    Wide {
        units: Vec<i128>,
        rounded: Vec<bool>,
    },
    Truths(Vec<bool>),
    /// Days since 1970.
    Dates(Vec<i32>),
    /// The places of words in a list.
    Choices {
        places: Vec<u32>,
        list: Arc<WordList>,
    },
    /// Anything.
    Any(Vec<Figure>),
}

impl Figures {
    /// No figures yet of a column, with room for so many.
    pub(crate) fn of(plan: &Plan, column: &Column, rows: usize) -> Self {
        let form = match (&plan.node(column.body).facts.kind, &column.role) {
            (Kind::Text, Role::Input(input)) if column.detail.is_none() => {
                Form::Passed { input: input.index(), rows: 0 }
            }
            (Kind::Number, _) => match column.places {
                Some(places) => Form::Units { units: Vec::with_capacity(rows), places },
                None => Form::Wide { units: Vec::with_capacity(rows), rounded: Vec::with_capacity(rows) },
            },
            (Kind::Truth, _) => Form::Truths(Vec::with_capacity(rows)),
            (Kind::Date, _) => Form::Dates(Vec::with_capacity(rows)),
            (Kind::Choice(list), _) => Form::Choices { places: Vec::with_capacity(rows), list: Arc::clone(list) },
            (Kind::Text | Kind::Missing, _) => Form::Any(Vec::with_capacity(rows)),
        };
        Self { form, odd: Vec::new() }
    }

    /// The same in this form.
    pub(crate) fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.form {
            Form::Passed { rows, .. } => *rows,
            Form::Units { units, .. } => units.len(),
            Form::Wide { units, .. } => units.len(),
            Form::Truths(truths) => truths.len(),
            Form::Dates(days) => days.len(),
            Form::Choices { places, .. } => places.len(),
            Form::Any(figures) => figures.len(),
        }
    }

    /// The figures that do not fit the form, by row.
    pub(crate) fn odd(&self) -> &[(u32, Figure)] {
        &self.odd
    }

    /// The rows whose figure does not say the exact value: it has more decimals, or none for a reason.
    pub(crate) fn inexact(&self) -> impl Iterator<Item = usize> {
        let odd = self
            .odd
            .iter()
            .filter(|(_, figure)| matches!(figure, Figure::Empty(_) | Figure::Number { shown_rounded: true, .. }));
        let rounded = match &self.form {
            Form::Wide { rounded, .. } => rounded.as_slice(),
            _ => &[],
        };
        let rounded = rounded.iter().enumerate().filter(|(_, rounded)| **rounded).map(|(row, _)| row);
        odd.map(|(row, _)| *row as usize).chain(rounded)
    }

    /// Makes room for so many more rows, in which stands anything.
    pub(crate) fn lengthen(&mut self, more: usize) {
        let rows = self.len().saturating_add(more);
        match &mut self.form {
            Form::Passed { rows: all, .. } => *all = rows,
            Form::Units { units, .. } => units.resize(rows, 0),
            Form::Wide { units, rounded } => {
                units.resize(rows, 0);
                rounded.resize(rows, false);
            }
            Form::Truths(truths) => truths.resize(rows, false),
            Form::Dates(days) => days.resize(rows, 0),
            Form::Choices { places, .. } => places.resize(rows, 0),
            Form::Any(figures) => figures.resize(rows, Figure::Missing),
        }
    }

    /// Puts the figure of a row in its place. Each row is set once; [`settle`](Self::settle) when all are.
    pub(crate) fn set(&mut self, row: usize, figure: Figure) {
        if let Some(figure) = self.form.put(row, figure)
            && let Ok(row) = u32::try_from(row)
        {
            self.odd.push((row, figure));
        }
    }

    /// Brings what was set in any order into the order of rows.
    pub(crate) fn settle(&mut self) {
        if !self.odd.is_sorted_by_key(|(row, _)| *row) {
            self.odd.sort_by_key(|(row, _)| *row);
        }
    }

    /// The figures of further rows after these.
    pub(crate) fn append(&mut self, others: Self) {
        let before = self.len();
        self.odd.extend(
            others
                .odd
                .into_iter()
                .filter_map(|(row, figure)| Some((u32::try_from((row as usize).checked_add(before)?).ok()?, figure))),
        );
        match (&mut self.form, others.form) {
            (Form::Passed { rows, .. }, Form::Passed { rows: more, .. }) => *rows = rows.saturating_add(more),
            (Form::Units { units, .. }, Form::Units { units: mut more, .. }) => units.append(&mut more),
            (Form::Wide { units, rounded }, Form::Wide { units: mut more, rounded: mut more_rounded }) => {
                units.append(&mut more);
                rounded.append(&mut more_rounded);
            }
            (Form::Truths(truths), Form::Truths(mut more)) => truths.append(&mut more),
            (Form::Dates(days), Form::Dates(mut more)) => days.append(&mut more),
            (Form::Choices { places, .. }, Form::Choices { places: mut more, .. }) => places.append(&mut more),
            (Form::Any(figures), Form::Any(mut more)) => figures.append(&mut more),
            _ => debug_assert!(false, "two parts of one column have one form"),
        }
    }

    /// The figure of a row that does not pass through; nothing when it does, or when there is no such row.
    pub(crate) fn get(&self, row: usize) -> Option<Figure> {
        let number = u32::try_from(row).ok()?;
        if let Ok(at) = self.odd.binary_search_by_key(&number, |(row, _)| *row) {
            return self.odd.get(at).map(|(_, figure)| figure.clone());
        }
        match &self.form {
            Form::Passed { .. } => None,
            Form::Units { units, places } => {
                let value = Decimal::from_i128_with_scale((*units.get(row)?).into(), *places);
                Some(Figure::Number { value, shown_rounded: false })
            }
            Form::Wide { units, rounded } => {
                let value = Decimal::try_from_i128_with_scale(*units.get(row)?, PUBLISHED_PLACES).ok()?;
                Some(Figure::Number { value: value.normalize(), shown_rounded: *rounded.get(row)? })
            }
            Form::Truths(truths) => truths.get(row).copied().map(Figure::Truth),
            Form::Dates(days) => days.get(row).copied().and_then(Date::from_unix_days).map(Figure::Date),
            Form::Choices { places, list } => list.word(*places.get(row)?).map(|word| Figure::Text(Arc::clone(word))),
            Form::Any(figures) => figures.get(row).cloned(),
        }
    }
}

impl Form {
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
            (Self::Passed { .. }, Figure::Text(_)) => None,
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
