//! Values of Python on their way in: each becomes a cell exactly, or is refused by name.

use kaohe::date::Date;
use kaohe::{Cell, diagnostic::Message};
use kaohe_grammar::say;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString, PyType};
use rust_decimal::Decimal;

use crate::decimal::short;

/// The most digits a number may have that is still handed to the library, which counts far fewer; beyond it, only to
/// write the number down would cost memory out of proportion. It is Python's own limit for the text of an integer.
const MAX_DIGITS: usize = 4300;
/// As many bits as surely have no more digits than that.
const MAX_BITS: usize = 14_000;
/// Digits and decimals a `rust_decimal` surely holds.
const DECIMAL_DIGITS: usize = 28;

/// Why a value of Python is no cell.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A value of another type.
    Type(String),
    /// A point in time where a day belongs.
    PointInTime,
    /// A number with thousands of digits.
    TooLong,
    /// Text that is not Unicode: half a surrogate pair.
    NotUnicode,
}

impl Refusal {
    /// What is wrong, with the column it stands in.
    pub(crate) fn told(&self, column: &str) -> Message {
        match self {
            Self::Type(name) => say!(
                "`{column}` has a value of type `{name}`, which is no number, text, truth value or date",
                "`{column}` 的值类型为 `{name}`，不是数值、文本、是否或日期"
            ),
            Self::PointInTime => say!(
                "`{column}` has a date with a time of day or a time zone, which is no calendar day",
                "`{column}` 的日期带有时刻或时区，不是日历日期"
            ),
            Self::TooLong => say!(
                "`{column}` has a number of more than {MAX_DIGITS} digits",
                "`{column}` 的数值超过 {MAX_DIGITS} 位"
            ),
            Self::NotUnicode => {
                say!("`{column}` has text that is not valid Unicode", "`{column}` 的文本不是有效的 Unicode")
            }
        }
    }

    /// The way out.
    pub(crate) fn help(&self) -> Message {
        match self {
            Self::Type(_) => say!(
                "give a Decimal, int, float, str, bool, date or None",
                "请给出 Decimal、int、float、str、bool、date 或 None"
            ),
            Self::PointInTime => {
                say!("take its date: `.date()`, in pandas `.dt.date`", "请取日期：`.date()`，在 pandas 中用 `.dt.date`")
            }
            Self::TooLong => say!("no scheme counts so many digits", "没有方案会用到这么多位"),
            Self::NotUnicode => say!("decode it with the encoding it was written in", "请用原来的编码解码"),
        }
    }
}

/// The cell a value of Python is.
///
/// A number is its decimal text, never a rounded one: a `Decimal` of any length, an `int` of any size, a `float` as its
/// shortest text. What is not a number, as `NaN`, `None`, `pandas.NA` and `NaT`, is missing. A truth value is never a
/// number.
pub(crate) fn cell(value: &Bound<'_, PyAny>) -> Result<Cell, Refusal> {
    if value.is_none() {
        return Ok(Cell::Missing);
    }
    if let Ok(text) = value.cast::<PyString>() {
        return text.to_str().map(Cell::from).map_err(|_| Refusal::NotUnicode);
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(Cell::Float(float.value()));
    }
    // before the integers: Python counts its truth values among them
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(Cell::Truth(truth.is_true()));
    }
    if let Ok(integer) = value.cast::<PyInt>() {
        return whole(integer);
    }
    rare(value).map_err(|refusal| refusal.unwrap_or_else(|| Refusal::Type(type_name(value))))
}

/// The name of a value's type, as Python says it.
pub(crate) fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().fully_qualified_name().map_or_else(|_| "?".to_owned(), |name| name.to_string())
}

fn whole(integer: &Bound<'_, PyInt>) -> Result<Cell, Refusal> {
    if let Ok(small) = integer.extract::<i64>() {
        return Ok(Cell::Integer(small));
    }
    let bits: usize = integer.call_method0("bit_length").and_then(|bits| bits.extract()).unwrap_or(usize::MAX);
    if bits > MAX_BITS {
        return Err(Refusal::TooLong);
    }
    // asked of `int` itself, because a subclass may show itself as something else
    let text = integer.py().get_type::<PyInt>().call_method1("__repr__", (integer,)).and_then(|text| text.extract());
    text.map(Cell::Text).map_err(|_| Refusal::TooLong)
}

static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static DATETIME: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// `decimal.Decimal`.
pub(crate) fn decimal_type(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    DECIMAL.import(py, "decimal", "Decimal")
}

/// `datetime.date`.
pub(crate) fn date_type(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    DATE.import(py, "datetime", "date")
}

/// Values of the types Python has no syntax for; no refusal of its own means that the type is not known here.
fn rare(value: &Bound<'_, PyAny>) -> Result<Cell, Option<Refusal>> {
    let py = value.py();
    if value.is_instance(decimal_type(py).map_err(|_| None)?).unwrap_or(false) {
        return decimal(value).map_err(Some);
    }
    let module: String = value.get_type().module().and_then(|name| name.extract()).unwrap_or_default();
    // asked by name, so that neither pandas nor numpy need be there
    if module.starts_with("pandas.") {
        let name: String = value.get_type().name().and_then(|name| name.extract()).unwrap_or_default();
        // `NaT` says of itself that it is a point in time
        if name == "NAType" || name == "NaTType" {
            return Ok(Cell::Missing);
        }
    }
    if value.is_instance(DATETIME.import(py, "datetime", "datetime").map_err(|_| None)?).unwrap_or(false) {
        return point_in_time(value).map_err(|_| None)?.map_err(Some);
    }
    if value.is_instance(date_type(py).map_err(|_| None)?).unwrap_or(false) {
        return day(value).map(Cell::Date).map_err(|_| None);
    }
    if module == "numpy" {
        return numpy_scalar(value);
    }
    Err(None)
}

/// The day of a `datetime.date`.
pub(crate) fn day(value: &Bound<'_, PyAny>) -> PyResult<Date> {
    let part = |name: &str| value.getattr(name)?.extract::<u32>();
    let year = i32::try_from(part("year")?)?;
    Date::new(year, part("month")?, part("day")?)
        .ok_or_else(|| pyo3::exceptions::PyValueError::new_err("the day does not exist"))
}

/// Midnight without a time zone is how pandas and Arrow tables write a day; anything else is more than a day.
fn point_in_time(value: &Bound<'_, PyAny>) -> PyResult<Result<Cell, Refusal>> {
    let mut at_midnight = value.getattr("tzinfo")?.is_none();
    // a pandas timestamp has nanoseconds as well
    for part in ["hour", "minute", "second", "microsecond", "nanosecond"] {
        if let Some(count) = value.getattr_opt(part)? {
            at_midnight &= count.extract::<i64>()? == 0;
        }
    }
    if !at_midnight {
        return Ok(Err(Refusal::PointInTime));
    }
    day(value).map(|day| Ok(Cell::Date(day)))
}

/// A `Decimal` is exactly its text; pyo3's own conversion would round it to 28 digits.
fn decimal(value: &Bound<'_, PyAny>) -> Result<Cell, Refusal> {
    let unreadable = |_| Refusal::Type(type_name(value));
    let text = value.str().map_err(unreadable)?;
    let text = text.to_str().map_err(unreadable)?;
    if let Some((units, places)) = short(text) {
        return Ok(Cell::Decimal(Decimal::new(units, places)));
    }
    if text.len() > MAX_DIGITS {
        return Err(Refusal::TooLong);
    }
    match text.trim_start_matches('-').as_bytes().first() {
        Some(b'N') => return Ok(Cell::Missing),
        // no number that could be counted with: the library refuses it as it refuses an infinite float
        Some(b's' | b'I') => return Ok(Cell::Float(f64::INFINITY)),
        _ => {}
    }
    let plain = match text.split_once('E') {
        None => text.to_owned(),
        Some((mantissa, exponent)) => {
            if mantissa.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'0')) {
                return Ok(Cell::Integer(0));
            }
            let size = exponent.parse::<i64>().ok().and_then(|size| usize::try_from(size.unsigned_abs()).ok());
            if size.is_none_or(|size| size.saturating_add(mantissa.len()) > MAX_DIGITS) {
                return Err(Refusal::TooLong);
            }
            value.call_method1("__format__", ("f",)).and_then(|text| text.extract()).map_err(unreadable)?
        }
    };
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    match Decimal::from_str_exact(&plain) {
        Ok(decimal) if digits <= DECIMAL_DIGITS => Ok(Cell::Decimal(decimal)),
        _ => Ok(Cell::Text(plain)),
    }
}

/// Scalars of numpy that are not Python's own too.
fn numpy_scalar(value: &Bound<'_, PyAny>) -> Result<Cell, Option<Refusal>> {
    let dtype = value.getattr("dtype").map_err(|_| None)?;
    if !value.getattr("shape").and_then(|shape| shape.is_empty()).unwrap_or(false)
        || value.get_type().name().is_ok_and(|name| name == "ndarray")
    {
        return Err(None);
    }
    let kind: String = dtype.getattr("kind").and_then(|kind| kind.extract()).map_err(|_| None)?;
    let size: usize = dtype.getattr("itemsize").and_then(|size| size.extract()).map_err(|_| None)?;
    match (kind.as_str(), size) {
        ("b" | "i" | "u", _) => {
            let item = value.call_method0("item").map_err(|_| None)?;
            cell(&item).map_err(Some)
        }
        // the shortest text of a short float: 0.1 is a tenth there as well, not 0.10000000149
        ("f", 2 | 4) => {
            let text: String = value.str().and_then(|text| text.extract()).map_err(|_| None)?;
            text.parse().map(Cell::Float).map_err(|_| None)
        }
        ("M", _) => {
            let text: String = value.str().and_then(|text| text.extract()).map_err(|_| None)?;
            if text == "NaT" {
                return Ok(Cell::Missing);
            }
            let (day, time) = text.split_once('T').unwrap_or((&text, ""));
            match Date::parse(day) {
                Ok(day) if time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.')) => Ok(Cell::Date(day)),
                _ => Err(Some(Refusal::PointInTime)),
            }
        }
        _ => Err(None),
    }
}
