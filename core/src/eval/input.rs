//! Reads a cell of an input: type, range, digits, and what absence means.

use std::sync::Arc;

use super::marking;
use crate::date::Date;
use crate::fault::FaultCode;
use crate::limits::INPUT_INTEGER_DIGITS;
use crate::number::{Number, NumberError};
use crate::plan::{Input, MissingPolicy, Range, SheetCell};
use crate::ratings::{Scale, Worth};
use crate::row::Cell;
use crate::value::{Kind, Value};

/// The value of a cell for this input.
///
/// # Errors
///
/// The code of what is wrong with the cell: missing, of another type, out of range, with too many digits, unknown.
pub(crate) fn read(input: &Input, cell: &Cell) -> Result<Value, FaultCode> {
    let value = convert(input, cell)?;
    if value.is_missing() {
        return match &input.missing {
            MissingPolicy::Error => Err(FaultCode::Missing),
            MissingPolicy::Allow => Ok(Value::Missing),
            MissingPolicy::Default(value) => Ok(value.clone()),
        };
    }
    if let Value::Number(number) = &value {
        check(input, number)?;
    }
    Ok(value)
}

/// Whether a number fits what its input declares.
pub(crate) fn check(input: &Input, number: &Number) -> Result<(), FaultCode> {
    let Range { min, max, above, below } = &input.range;
    let low = min.as_ref().is_some_and(|min| number < min) || above.as_ref().is_some_and(|above| number <= above);
    let high = max.as_ref().is_some_and(|max| number > max) || below.as_ref().is_some_and(|below| number >= below);
    if low || high {
        return Err(FaultCode::OutOfRange);
    }
    if input.whole && !number.is_integer() {
        return Err(FaultCode::NotWhole);
    }
    // a range says how large a number may be; without one sixteen digits are counted
    let bounded = (min.is_some() || above.is_some()) && (max.is_some() || below.is_some());
    let places = number.decimal_scale().ok_or(FaultCode::TooManyDigits)?;
    if places > input.most_places() || (!bounded && !has_at_most_digits(number, INPUT_INTEGER_DIGITS)) {
        return Err(FaultCode::TooManyDigits);
    }
    Ok(())
}

/// Whether a number has at most so many digits before the point.
fn has_at_most_digits(number: &Number, digits: u32) -> bool {
    let limit = Number::from_integer(10_i64.saturating_pow(digits));
    number.absolute() < limit
}

/// What stands in a cell of answers or marks, as text whatever the host holds it in; nothing when nothing is there.
///
/// # Errors
///
/// Something is there that the host could not read.
pub(crate) fn as_text(cell: &Cell) -> Result<Option<String>, FaultCode> {
    let text = match cell {
        Cell::Missing => return Ok(None),
        Cell::Float(float) if float.is_nan() => return Ok(None),
        Cell::Unreadable => return Err(FaultCode::WrongType),
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Integer(integer) => integer.to_string(),
        Cell::Float(float) => float.to_string(),
        Cell::Decimal(decimal) => decimal.normalize().to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Truth(truth) => truth.to_string(),
    };
    Ok((!text.is_empty()).then_some(text))
}

/// The mark in a cell of a rater's sheet: a letter by its place, a number as it is.
fn mark(scale: &Scale, cell: &Cell) -> Result<Value, FaultCode> {
    let Some(text) = as_text(cell)? else { return Ok(Value::Missing) };
    let mark = scale.read(&text).ok_or(FaultCode::OffScale)?;
    match mark.worth {
        Worth::Letter(at) => u32::try_from(at).map(Value::Choice).map_err(|_| FaultCode::OffScale),
        Worth::Share(_) => Number::parse(&mark.text).map(Value::Number).map_err(|_| FaultCode::OffScale),
    }
}

/// The value of a cell by the input's type alone.
pub(crate) fn convert(input: &Input, cell: &Cell) -> Result<Value, FaultCode> {
    if let Some(form) = input.answer {
        return marking::read(form, cell);
    }
    if let Some(SheetCell::Item { scale, .. }) = &input.sheet {
        return mark(scale, cell);
    }
    match (&input.kind, cell) {
        (_, Cell::Missing) => Ok(Value::Missing),
        (_, Cell::Float(float)) if float.is_nan() => Ok(Value::Missing),
        (_, Cell::Text(text)) if text.is_empty() => Ok(Value::Missing),
        (Kind::Number, Cell::Decimal(decimal)) => Ok(Value::Number(Number::from_decimal(*decimal))),
        (Kind::Number, Cell::Integer(integer)) => Ok(Value::Number(Number::from_integer(*integer))),
        (Kind::Number, Cell::Float(float)) => match Number::from_float(*float) {
            Ok(Some(number)) => Ok(Value::Number(number)),
            Ok(None) => Ok(Value::Missing),
            Err(_) => Err(FaultCode::WrongType),
        },
        (Kind::Number, Cell::Text(text)) => {
            Number::parse(text.trim()).map(Value::Number).map_err(|error| match error {
                NumberError::TooManyDigits => FaultCode::TooManyDigits,
                _ => FaultCode::WrongType,
            })
        }
        (Kind::Truth, Cell::Truth(truth)) => Ok(Value::Truth(*truth)),
        (Kind::Truth, Cell::Integer(0)) => Ok(Value::Truth(false)),
        (Kind::Truth, Cell::Integer(1)) => Ok(Value::Truth(true)),
        (Kind::Truth, Cell::Text(text)) => match text.trim() {
            "true" | "TRUE" | "True" | "是" | "1" => Ok(Value::Truth(true)),
            "false" | "FALSE" | "False" | "否" | "0" => Ok(Value::Truth(false)),
            _ => Err(FaultCode::WrongType),
        },
        (Kind::Date, Cell::Date(date)) => Ok(Value::Date(*date)),
        (Kind::Date, Cell::Text(text)) => Date::parse(text.trim()).map(Value::Date).map_err(|_| FaultCode::WrongType),
        (Kind::Text, Cell::Text(text)) => Ok(Value::Text(Arc::from(text.as_str()))),
        (Kind::Text, Cell::Integer(integer)) => Ok(Value::Text(integer.to_string().into())),
        (Kind::Choice(list), Cell::Text(text)) => {
            list.position(text.trim()).map(Value::Choice).ok_or(FaultCode::UnknownChoice)
        }
        _ => Err(FaultCode::WrongType),
    }
}
