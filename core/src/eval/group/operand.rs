//! The values of one operand of a group function, a value a row.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Grouping, NO_GROUP};
use crate::eval::ops;
use crate::fault::FaultCode;
use crate::number::{MAX_PLACES, Number, RoundingMode};
use crate::value::Value;

/// The most decimals of numbers that are held as integers: more would leave them no digits.
const MOST_PLACES: u32 = 18;

/// The values of one operand, a value a row; a row in no group may hold anything.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    /// Numbers that are all decimals of these places, as whole numbers of their last digit.
    Integers {
        /// Each value × `10^places`.
        mantissas: Arc<Vec<i64>>,
        /// How many decimals they have.
        places: u8,
    },
    /// Anything: texts, dates, grades, numbers of any length.
    Values(Vec<Value>),
}

impl Operand {
    /// The values, as integers when those in a group are numbers that fit; a row in no group is not looked at.
    pub(crate) fn of(values: Vec<Value>, grouping: &Grouping) -> Self {
        integers(&values, grouping).unwrap_or_else(|| Self::Values(values.into_iter().map(in_decimals).collect()))
    }

    /// The number of a row.
    pub(crate) fn number(&self, row: u32) -> Result<Number, FaultCode> {
        match self {
            Self::Integers { mantissas, places } => {
                let mantissa = mantissas.get(row as usize).ok_or(FaultCode::Missing)?;
                Ok(Number::from_parts((*mantissa).into(), *places))
            }
            Self::Values(values) => match values.get(row as usize) {
                Some(Value::Number(number)) => Ok(number.clone()),
                Some(Value::Missing) | None => Err(FaultCode::Missing),
                Some(Value::Unlimited) => Err(FaultCode::Unlimited),
                Some(_) => Err(FaultCode::WrongType),
            },
        }
    }

    /// The value of a row.
    pub(crate) fn value(&self, row: u32) -> Value {
        match self {
            Self::Integers { mantissas, places } => {
                let number = |mantissa: &i64| Value::Number(Number::from_parts((*mantissa).into(), *places));
                mantissas.get(row as usize).map_or(Value::Missing, number)
            }
            Self::Values(values) => values.get(row as usize).cloned().unwrap_or(Value::Missing),
        }
    }
}

/// How two values stand in an order in which every two do: that of their kind, and kinds after one another.
pub(super) fn order(a: &Value, b: &Value) -> Ordering {
    let kind = |value: &Value| match value {
        Value::Missing => 0,
        Value::Number(_) | Value::Unlimited => 1,
        Value::Truth(_) => 2,
        Value::Text(_) => 3,
        Value::Date(_) => 4,
        Value::Choice(_) => 5,
    };
    ops::order(a, b).unwrap_or_else(|| kind(a).cmp(&kind(b)))
}

fn integers(values: &[Value], grouping: &Grouping) -> Option<Operand> {
    let rows = || values.iter().zip(&grouping.of).map(|(value, group)| (*group != NO_GROUP).then_some(value));
    let mut places = 0;
    for value in rows().flatten() {
        let Value::Number(number) = value else { return None };
        if number.scaled(places).is_none() {
            places = number.decimal_scale().filter(|more| (places..=MOST_PLACES).contains(more))?;
        }
    }
    let mantissa = |row: Option<&Value>| match row {
        Some(Value::Number(number)) => number.scaled(places).and_then(|mantissa| i64::try_from(mantissa).ok()),
        _ => Some(0),
    };
    let mantissas = Arc::new(rows().map(mantissa).collect::<Option<_>>()?);
    Some(Operand::Integers { mantissas, places: u8::try_from(places).ok()? })
}

/// A decimal that is held as a fraction as a decimal, so that a sum of many does not grow with each.
fn in_decimals(value: Value) -> Value {
    match &value {
        Value::Number(number) => {
            let places = number.decimal_scale().and_then(|places| i32::try_from(places).ok());
            // rounded to the places it has, it is the same
            let places = places.filter(|places| *places <= MAX_PLACES);
            places.map_or(value.clone(), |places| Value::Number(number.round(places, RoundingMode::HalfUp)))
        }
        _ => value,
    }
}
