//! The values of columns that figures over groups are computed of, as closely held as they allow.

use std::collections::HashMap;
use std::sync::Arc;

use super::Run;
use crate::column::{Chunk, Column, Figures, Form};
use crate::eval::group::{Grouping, Operand};
use crate::eval::row::CellResult;
use crate::limits::PUBLISHED_PLACES;
use crate::number::Number;
use crate::outcome::Figure;
use crate::plan::ColumnId;
use crate::value::{Kind, Value};

/// The values of a column, one for each row.
#[derive(Debug)]
pub(super) enum Held {
    /// Decimals of so many places, all there.
    Integers { mantissas: Arc<Vec<i64>>, places: u8 },
    /// Texts, all there, each by its number among words.
    Words { numbers: Arc<Vec<i64>>, words: Vec<Arc<str>> },
    /// Places in a list, all there.
    Choices(Vec<u32>),
    /// Truth values, all there.
    Truths(Vec<bool>),
    /// Anything, and why something is not there.
    Cells(Vec<CellResult>),
}

/// The exact value of a published figure; nothing when it has more decimals than were published, or a fault.
pub(super) fn exact(figure: &Figure, kind: &Kind) -> Option<Value> {
    Some(match (figure, kind) {
        (Figure::Missing, _) => Value::Missing,
        (Figure::Unlimited, _) => Value::Unlimited,
        (Figure::Number { value, shown_rounded: false }, _) => Value::Number(Number::from_decimal(*value)),
        (Figure::Truth(truth), _) => Value::Truth(*truth),
        (Figure::Date(date), _) => Value::Date(*date),
        (Figure::Text(text), Kind::Choice(list)) => Value::Choice(list.position(text)?),
        (Figure::Text(text), _) => Value::Text(Arc::clone(text)),
        _ => return None,
    })
}

impl Held {
    /// The values of a column: those of single rows where they are given, otherwise its figures, which are exact.
    pub(super) fn of(run: &Run, column: ColumnId, figures: Figures, single: &HashMap<usize, CellResult>) -> Self {
        let figures = match single.is_empty() && figures.odd().is_empty() {
            true => match Self::packed(run, figures) {
                Ok(held) => return held,
                Err(figures) => figures,
            },
            false => figures,
        };
        let plan = run.scheme.plan();
        let kind = &plan.node(plan.column(column).body).facts.kind;
        let cell = |row: usize| match single.get(&row) {
            Some(found) => found.clone(),
            None => {
                let figure = figures.get(row).unwrap_or_else(|| run.passed(&figures, row));
                Ok(exact(&figure, kind).unwrap_or(Value::Missing))
            }
        };
        Self::Cells((0..figures.len()).map(cell).collect())
    }

    /// Figures that are all there, in a close form; the figures again when they have none.
    fn packed(run: &Run, mut figures: Figures) -> Result<Self, Figures> {
        match std::mem::replace(&mut figures.form, Form::Any(Vec::new())) {
            Form::Units { units, places } if u8::try_from(places).is_ok() => {
                Ok(Self::Integers { mantissas: Arc::new(units), places: u8::try_from(places).unwrap_or(u8::MAX) })
            }
            Form::Choices { places, .. } => Ok(Self::Choices(places)),
            Form::Truths(truths) => Ok(Self::Truths(truths)),
            Form::Wide { units, rounded } => match shortened(&units).filter(|_| !rounded.contains(&true)) {
                Some((mantissas, places)) => Ok(Self::Integers { mantissas: Arc::new(mantissas), places }),
                None => Err(figures.with(Form::Wide { units, rounded })),
            },
            Form::Passed { input, rows } => {
                let words = run.people.columns().get(input).and_then(|column| words(column, rows));
                match words {
                    Some((numbers, words)) => Ok(Self::Words { numbers: Arc::new(numbers), words }),
                    None => Err(figures.with(Form::Passed { input, rows })),
                }
            }
            form => Err(figures.with(form)),
        }
    }

    /// Whether each row has a value.
    pub(super) const fn is_whole(&self) -> bool {
        !matches!(self, Self::Cells(_))
    }

    /// The value of a row, or why there is none; nothing when there is no such row.
    pub(super) fn get(&self, row: usize) -> Option<CellResult> {
        match self {
            Self::Integers { mantissas, places } => {
                mantissas.get(row).map(|mantissa| Ok(Value::Number(Number::from_parts((*mantissa).into(), *places))))
            }
            Self::Words { numbers, words } => {
                let word = words.get(usize::try_from(*numbers.get(row)?).ok()?)?;
                Some(Ok(Value::Text(Arc::clone(word))))
            }
            Self::Choices(places) => places.get(row).map(|place| Ok(Value::Choice(*place))),
            Self::Truths(truths) => truths.get(row).map(|truth| Ok(Value::Truth(*truth))),
            Self::Cells(cells) => cells.get(row).cloned(),
        }
    }

    /// The values as an operand, where that needs no look at single ones.
    pub(super) fn operand(&self) -> Option<Operand> {
        match self {
            Self::Integers { mantissas, places } => {
                Some(Operand::Integers { mantissas: Arc::clone(mantissas), places: *places })
            }
            _ => None,
        }
    }

    /// The values as what groups are formed by: only which are equal counts, so words are as good as their numbers.
    pub(super) fn key(&self) -> Option<Operand> {
        match self {
            Self::Words { numbers, .. } => Some(Operand::Integers { mantissas: Arc::clone(numbers), places: 0 }),
            Self::Choices(places) => {
                let mantissas = places.iter().map(|place| i64::from(*place)).collect();
                Some(Operand::Integers { mantissas: Arc::new(mantissas), places: 0 })
            }
            _ => self.operand(),
        }
    }

    /// The values as an operand of those in a group.
    pub(super) fn any_operand(&self, grouping: &Grouping, column: impl FnOnce() -> Vec<Value>) -> Operand {
        self.operand().unwrap_or_else(|| Operand::of(column(), grouping))
    }
}

/// Numbers of twelve places with as few as they all need, when they fit.
fn shortened(units: &[i128]) -> Option<(Vec<i64>, u8)> {
    let mut ten: i128 = 1_000_000_000_000;
    let mut places = 0_u32;
    while places < PUBLISHED_PLACES && units.iter().any(|unit| unit % ten != 0) {
        ten /= 10;
        places += 1;
    }
    let mantissas: Option<Vec<i64>> = units.iter().map(|unit| i64::try_from(unit / ten).ok()).collect();
    Some((mantissas?, u8::try_from(places).ok()?))
}

/// Texts as numbers of words, when every row has one.
fn words(column: &Column, rows: usize) -> Option<(Vec<i64>, Vec<Arc<str>>)> {
    let mut words: Vec<Arc<str>> = Vec::new();
    let mut known: HashMap<Arc<str>, i64, ahash::RandomState> = HashMap::with_hasher(ahash::RandomState::new());
    let mut number = |text: &str| match known.get(text) {
        Some(number) => Some(*number),
        None => {
            let number = i64::try_from(words.len()).ok()?;
            let word: Arc<str> = Arc::from(text);
            words.push(Arc::clone(&word));
            known.insert(word, number);
            Some(number)
        }
    };
    let mut numbers = Vec::with_capacity(rows);
    for (chunk, places, _) in column.parts(0..rows) {
        match chunk {
            Chunk::Texts(texts) => match texts.words().filter(|_| texts.nulls().is_none()) {
                // each word of a dictionary once
                Some((dictionary, places_of)) => {
                    let mut table: Vec<Option<i64>> = vec![None; dictionary.len()];
                    for place in places_of.get(places)? {
                        let at = *place as usize;
                        let known = table.get_mut(at)?;
                        if known.is_none() {
                            *known = Some(number(dictionary.get(at).filter(|text| !text.is_empty())?)?);
                        }
                        numbers.push((*known)?);
                    }
                }
                None => {
                    for place in places {
                        numbers.push(number(texts.get(place).filter(|text| !text.is_empty())?)?);
                    }
                }
            },
            Chunk::Cells(cells) => {
                for cell in cells.get(places)? {
                    match cell {
                        crate::row::Cell::Text(text) if !text.is_empty() => numbers.push(number(text)?),
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
    }
    (numbers.len() == rows).then_some((numbers, words))
}
