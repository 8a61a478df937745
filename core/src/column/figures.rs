//! The figures of one column, one for each row, as closely packed as they allow.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::part::{FiguresPart, parts};
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
    /// Figures of a column for so many rows; what they are is set in [parts](Self::parts).
    pub(crate) fn of(plan: &Plan, column: &Column, rows: usize) -> Self {
        let form = match (&plan.node(column.body).facts.kind, &column.role) {
            (Kind::Text, Role::Input(input)) if column.detail.is_none() => Form::Passed { input: input.index(), rows },
            (Kind::Number, _) => match column.places {
                Some(places) => Form::Units { units: vec![0; rows], places },
                None => Form::Wide { units: vec![0; rows], rounded: vec![false; rows] },
            },
            (Kind::Truth, _) => Form::Truths(vec![false; rows]),
            (Kind::Date, _) => Form::Dates(vec![0; rows]),
            (Kind::Choice(list), _) => Form::Choices { places: vec![0; rows], list: Arc::clone(list) },
            (Kind::Text | Kind::Missing, _) => Form::Any(vec![Figure::Missing; rows]),
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

    /// The figures in parts of so many rows each, to be set by whoever computes them.
    pub(crate) fn parts(&mut self, size: usize) -> Vec<FiguresPart<'_>> {
        parts(&mut self.form, size)
    }

    /// Adds what did not fit of the part that begins at a row; parts come in their order.
    pub(crate) fn add_odd(&mut self, start: usize, odd: Vec<(u32, Figure)>) {
        let in_all =
            |(row, figure): (u32, Figure)| Some((u32::try_from(start.checked_add(row as usize)?).ok()?, figure));
        self.odd.extend(odd.into_iter().filter_map(in_all));
    }

    /// The figure of a row that does not pass through; nothing when it does, or when there is no such row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<Figure> {
        let number = u32::try_from(row).ok()?;
        if let Ok(at) = self.odd.binary_search_by_key(&number, |(row, _)| *row) {
            return self.odd.get(at).map(|(_, figure)| figure.clone());
        }
        match &self.form {
            Form::Passed { .. } => None,
            Form::Units { units, places } => {
                let value = Decimal::new(*units.get(row)?, *places);
                Some(Figure::Number { value, shown_rounded: false })
            }
            Form::Wide { units, rounded } => {
                let value = without_zeros(*units.get(row)?)?;
                Some(Figure::Number { value, shown_rounded: *rounded.get(row)? })
            }
            Form::Truths(truths) => truths.get(row).copied().map(Figure::Truth),
            Form::Dates(days) => days.get(row).copied().and_then(Date::from_unix_days).map(Figure::Date),
            Form::Choices { places, list } => list.word(*places.get(row)?).map(|word| Figure::Text(Arc::clone(word))),
            Form::Any(figures) => figures.get(row).cloned(),
        }
    }
}

/// A number of twelve places, without the zeros at its end.
fn without_zeros(units: i128) -> Option<Decimal> {
    let Some(mut short) = i64::try_from(units).ok().filter(|short| *short != 0) else {
        return Decimal::try_from_i128_with_scale(units, PUBLISHED_PLACES).ok().map(|value| value.normalize());
    };
    let mut places = PUBLISHED_PLACES;
    for (zeros, unit) in [(8, 100_000_000), (4, 10_000), (2, 100), (1, 10)] {
        if places >= zeros && short % unit == 0 {
            short /= unit;
            places -= zeros;
        }
    }
    Some(Decimal::new(short, places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_end_of_a_number_go() {
        let mut units: Vec<i128> = vec![0, i64::MAX.into(), i64::MIN.into(), i128::from(i64::MAX) * 1000];
        units.extend((0..27).map(|zeros| 10_i128.pow(zeros)));
        for units in units.into_iter().flat_map(|units| [units, -units, units * 7]) {
            let wanted = Decimal::try_from_i128_with_scale(units, PUBLISHED_PLACES).unwrap().normalize();
            let found = without_zeros(units).unwrap();
            assert_eq!((found.mantissa(), found.scale()), (wanted.mantissa(), wanted.scale()), "{units}");
        }
    }
}
