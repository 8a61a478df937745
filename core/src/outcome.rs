//! What comes out for one row: figures, and for each that is absent the reason.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::code::Code;
use crate::date::Date;
use crate::eval::row::CellResult;
use crate::fault::Cause;
use crate::number::Number;
use crate::plan::{ColumnId, DetailId, Plan, Show};
use crate::scheme::Scheme;
use crate::value::{Kind, UNLIMITED, Value};

/// One published figure of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Figure {
    /// Nothing is there, and that is no fault.
    Missing,
    /// A number, exact at its places.
    Number {
        /// The figure. A rounded column has exactly its places; any other at most twelve, without trailing zeros.
        value: Decimal,
        /// Whether the exact value has more decimals than are shown.
        shown_rounded: bool,
    },
    /// No limit: more than any number.
    Unlimited,
    /// True or false.
    Truth(bool),
    /// Text, a choice, a grade.
    Text(Arc<str>),
    /// A calendar day.
    Date(Date),
    /// The cell has no value; [`Outcome::problem`] says why.
    Empty(Code),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing | Self::Empty(_) => Ok(()),
            Self::Number { value, .. } => write!(f, "{value}"),
            Self::Unlimited => f.write_str(UNLIMITED),
            Self::Truth(truth) => write!(f, "{truth}"),
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{date}"),
        }
    }
}

impl Figure {
    /// Publishes what a cell has, at the places of its column.
    pub(crate) fn publish(plan: &Plan, column: ColumnId, cell: &CellResult) -> Self {
        let definition = plan.column(column);
        match cell {
            Err(Cause::Fault(fault)) => Self::Empty(fault.code.code()),
            Err(Cause::Blocked { .. }) => Self::Empty(Code::Blocked),
            Ok(Value::Missing) => Self::Missing,
            Ok(Value::Unlimited) => Self::Unlimited,
            Ok(Value::Truth(truth)) => Self::Truth(*truth),
            Ok(Value::Text(text)) => Self::Text(Arc::clone(text)),
            Ok(Value::Date(date)) => Self::Date(*date),
            Ok(Value::Number(number)) => match number.to_published(definition.places) {
                Ok(published) => Self::Number { value: published.value, shown_rounded: published.shown_rounded },
                Err(_) => Self::Empty(Code::Overflow),
            },
            Ok(Value::Choice(at)) => match &plan.node(definition.body).facts.kind {
                Kind::Choice(list) => list.word(*at).map_or(Self::Missing, |word| Self::Text(Arc::clone(word))),
                _ => Self::Missing,
            },
        }
    }
}

impl Figure {
    /// A value that is no column's, as it is published.
    pub(crate) fn of_value(value: &Value, kind: &Kind) -> Self {
        match (value, kind) {
            (Value::Truth(truth), _) => Self::Truth(*truth),
            (Value::Text(text), _) => Self::Text(Arc::clone(text)),
            (Value::Date(date), _) => Self::Date(*date),
            (Value::Number(number), _) => match number.to_published(None) {
                Ok(published) => Self::Number { value: published.value, shown_rounded: published.shown_rounded },
                Err(_) => Self::Empty(Code::Overflow),
            },
            (Value::Choice(at), Kind::Choice(list)) => {
                list.word(*at).map_or(Self::Missing, |word| Self::Text(Arc::clone(word)))
            }
            (Value::Unlimited, _) => Self::Unlimited,
            (Value::Missing | Value::Choice(_), _) => Self::Missing,
        }
    }
}

/// A number as its column wants it shown; `published` where the column says nothing.
fn as_shown(exact: &Number, show: Show, published: Decimal) -> String {
    let factor = if show.percent { Number::HUNDRED } else { Number::ONE };
    let sign = if show.percent { "%" } else { "" };
    match (exact.multiply(&factor).to_published(show.places), show) {
        (Ok(shown), Show { percent: true, .. } | Show { places: Some(_), .. }) => format!("{}{sign}", shown.value),
        _ => published.to_string(),
    }
}

/// Everything computed for one row.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub(crate) scheme: Scheme,
    pub(crate) cells: Vec<CellResult>,
    /// Where a column's fault was met, when that is a detail row.
    pub(crate) places: HashMap<ColumnId, Place>,
    /// The figures that a row left out could have changed.
    pub(crate) provisional: Vec<Provisional>,
    /// Money that is not paid because of rows left out of its group.
    pub(crate) held: Vec<Provisional>,
    /// The values of the run.
    pub(crate) given: Arc<[(Arc<str>, Figure)]>,
}

/// The detail row in which a fault was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its table.
    pub(crate) table: DetailId,
    /// What people call the row.
    pub(crate) line: u32,
    /// What stands there, when it is no answer to its question.
    pub(crate) written: Option<Arc<str>>,
}

/// A figure that a row left out of a group could have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Provisional {
    /// Its column.
    pub(crate) column: ColumnId,
    /// The keys of the first rows left out.
    pub(crate) left_out: Vec<String>,
    /// How many rows were left out: the keys are the first of them.
    pub(crate) count: usize,
}

impl Outcome {
    /// The figure of a column, or nothing when the scheme has no column of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Figure> {
        let plan = self.scheme.plan();
        let id = plan.column_named(name)?;
        Some(Figure::publish(plan, id, self.cells.get(id.index())?))
    }

    /// The exact value of a column, or nothing when it has none.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        let id = self.scheme.plan().column_named(name)?;
        self.cells.get(id.index())?.as_ref().ok()
    }

    /// The number of a column, or nothing when it has none.
    #[must_use]
    pub fn decimal(&self, name: &str) -> Option<Decimal> {
        match self.get(name)? {
            Figure::Number { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The figures people are shown, with their columns' names, in the order of the scheme.
    pub fn figures(&self) -> impl Iterator<Item = (&str, Figure)> {
        let plan = self.scheme.plan();
        plan.shown.iter().filter_map(move |id| {
            let cell = self.cells.get(id.index())?;
            Some((&*plan.column(*id).name, Figure::publish(plan, *id, cell)))
        })
    }

    /// The figures as the scheme wants people to see them, with their columns' names, in the order of the scheme.
    ///
    /// `show: { as: percent, places: 2 }` is applied here, rounded half up from the exact value; an empty cell shows the
    /// code of its fault, and one that only waits for another a dash.
    pub fn shown(&self) -> impl Iterator<Item = (&str, String)> {
        let plan = self.scheme.plan();
        plan.shown.iter().filter_map(move |id| {
            let cell = self.cells.get(id.index())?;
            let column = plan.column(*id);
            let text = match (Figure::publish(plan, *id, cell), cell) {
                (Figure::Empty(Code::Blocked), _) => "—".to_owned(),
                (Figure::Empty(code), _) => code.id().to_owned(),
                (Figure::Number { value, .. }, Ok(Value::Number(exact))) => as_shown(exact, column.show, value),
                (figure, _) => figure.to_string(),
            };
            Some((&*column.name, text))
        })
    }

    /// What identifies the rules: the scheme's fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.scheme.fingerprint()
    }

    /// The day that counts.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        self.scheme.day()
    }

    /// The values of the run, as they were given or by their defaults.
    pub fn given(&self) -> impl Iterator<Item = (&str, &Figure)> {
        self.given.iter().map(|(name, figure)| (&**name, figure))
    }

    /// Whether every cell has come out, and no figure is provisional.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        // what a column made for a figure over a group lacks is told where that is read
        let seen = self.scheme.plan().columns.iter().map(|column| !column.hidden);
        self.provisional.is_empty() && self.cells.iter().zip(seen).all(|(cell, seen)| !seen || cell.is_ok())
    }
}
