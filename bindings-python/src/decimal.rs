//! Decimals by their texts, which is how they go to Python and come from there: quickly, as nearly all of them are short.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyString, PyType};
use rust_decimal::Decimal;

use crate::cell::decimal_type;

/// Digits an integer of 64 bits surely holds.
const DIGITS: usize = 18;
/// Decimals of a column to remember, at the most.
const REMEMBERED: usize = 4096;

/// Room for the text of a number of 64 bits with any number of places.
pub(crate) type Room = [u8; 32];

/// The number of a text of few digits, in units of its last place, and how many places it has. Nothing for any other text;
/// and none for a zero with a sign or an exponent, which these units have not.
pub(crate) fn short(text: &str) -> Option<(i64, u32)> {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return without_exponent(text) };
    let (units, places) = without_exponent(mantissa)?;
    if units == 0 || !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let more = exponent.parse::<u32>().ok()?.checked_sub(places)?;
    Some((10_i64.checked_pow(more)?.checked_mul(units)?, 0))
}

fn without_exponent(text: &str) -> Option<(i64, u32)> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, rest) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    if whole.is_empty() || digits.len() > DIGITS {
        return None;
    }
    let mut units = 0_i64;
    for byte in whole.bytes().chain(rest.bytes()) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        units = units.wrapping_mul(10).wrapping_add(digit.into());
    }
    if is_negative && units == 0 {
        return None;
    }
    Some((if is_negative { -units } else { units }, u32::try_from(rest.len()).ok()?))
}

/// The units of the last place of a decimal, where they fit 64 bits; none for a zero with a sign, which these have not.
fn units(value: Decimal) -> Option<i64> {
    i64::try_from(value.mantissa()).ok().filter(|units| *units != 0 || value.is_sign_positive())
}

/// The text of a decimal, as `to_string` writes it.
pub(crate) fn written(value: Decimal, room: &mut Room) -> Cow<'_, str> {
    written_short(value, room).map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}

/// The same of one that is short.
fn written_short(value: Decimal, room: &mut Room) -> Option<&str> {
    let units = units(value)?;
    let (mut rest, places) = (units.unsigned_abs(), usize::try_from(value.scale()).ok()?);
    let mut free = room.len();
    let mut put = |byte: u8| {
        free = free.checked_sub(1)?;
        room.get_mut(free).map(|room| *room = byte)
    };
    // from the last digit on; before the point there is one
    let mut digits = 0_usize;
    while rest > 0 || digits <= places {
        if digits > 0 && digits == places {
            put(b'.')?;
        }
        put(b'0' + u8::try_from(rest % 10).ok()?)?;
        rest /= 10;
        digits += 1;
    }
    if units < 0 {
        put(b'-')?;
    }
    std::str::from_utf8(room.get(free..)?).ok()
}

/// Decimals of a column that Python will be asked for, of those that are the same number mostly one: none can be changed.
pub(crate) struct Decimals {
    /// Their texts, with a space after each.
    texts: String,
    count: usize,
    /// Of all whose units end in the same bits the last: its units, how many places it has, which it is.
    last: Vec<(i64, u32, usize)>,
}

impl Decimals {
    /// Of so many rows.
    pub(crate) fn of(rows: usize) -> Self {
        let last = vec![(0, u32::MAX, 0); rows.clamp(1, REMEMBERED).next_power_of_two()];
        Self { texts: String::new(), count: 0, last }
    }

    /// Which of them a value is.
    pub(crate) fn place(&mut self, value: Decimal) -> usize {
        let next = self.count;
        if let Some(units) = units(value) {
            let slot = usize::try_from(units.unsigned_abs()).unwrap_or(0) & self.last.len().saturating_sub(1);
            if let Some(last) = self.last.get_mut(slot) {
                if (last.0, last.1) == (units, value.scale()) {
                    return last.2;
                }
                *last = (units, value.scale(), next);
            }
        }
        self.texts.push_str(&written(value, &mut Room::default()));
        self.texts.push(' ');
        self.count = next.saturating_add(1);
        next
    }

    /// All of them, made in one go.
    pub(crate) fn made<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        if self.count == 0 {
            return Ok(Vec::new());
        }
        let texts = PyString::new(py, self.texts.trim_end()).call_method1("split", (" ",))?;
        let decimals = MAP.import(py, "builtins", "map")?.call1((decimal_type(py)?, texts))?;
        Ok(py.get_type::<PyList>().call1((decimals,))?.cast_into::<PyList>()?.iter().collect())
    }
}

static MAP: PyOnceLock<Py<PyType>> = PyOnceLock::new();
