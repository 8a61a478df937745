//! Figures on their way out to Python.

use kaohe::Figure;
use kaohe::date::Date;
use kaohe::number::Number;
use kaohe::run::ColumnFigures;
use num_bigint::BigInt;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyInt, PyList, PyType};

use crate::cell::{date_type, decimal_type};
use crate::decimal::{Decimals, Room, written};

/// What Python sees: a `Decimal` with exactly the figure's places (infinite where there is no limit), a truth value, text, a date; `None` where nothing is.
pub(crate) fn to_python<'py>(py: Python<'py>, figure: &Figure) -> PyResult<Bound<'py, PyAny>> {
    match figure {
        Figure::Number { value, .. } => decimal_type(py)?.call1((&*written(*value, &mut Room::default()),)),
        Figure::Unlimited => decimal_type(py)?.call1(("Infinity",)),
        Figure::Truth(truth) => truth.into_bound_py_any(py),
        Figure::Text(text) => (**text).into_bound_py_any(py),
        Figure::Date(day) => date_to_python(py, *day),
        _ => Ok(py.None().into_bound(py)),
    }
}

/// The figures of a column, as [`to_python`] has each.
///
/// Its decimals are made in one go, and of those that are the same mostly one: none can be changed.
pub(crate) fn column<'py>(py: Python<'py>, figures: ColumnFigures<'_>) -> PyResult<Bound<'py, PyList>> {
    let mut decimals = Decimals::of(figures.len());
    let mut values = Vec::with_capacity(figures.len());
    for figure in figures.iter() {
        // of a decimal that is still to be made, which it is
        values.push(match figure {
            Figure::Number { value, .. } => Err(decimals.place(value)),
            figure => Ok(to_python(py, &figure)?),
        });
    }
    let made = decimals.made(py)?;
    let none = py.None().into_bound(py);
    let value = |value: Result<_, usize>| value.unwrap_or_else(|place| made.get(place).unwrap_or(&none).clone());
    PyList::new(py, values.into_iter().map(value))
}

/// A `datetime.date`.
pub(crate) fn date_to_python(py: Python<'_>, day: Date) -> PyResult<Bound<'_, PyAny>> {
    date_type(py)?.call1((day.year(), day.month(), day.day()))
}

static FRACTION: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// The exact value as a `fractions.Fraction`.
pub(crate) fn fraction<'py>(py: Python<'py>, number: &Number) -> PyResult<Bound<'py, PyAny>> {
    let (numerator, denominator) = number.to_fraction();
    FRACTION.import(py, "fractions", "Fraction")?.call1((integer(py, &numerator)?, integer(py, &denominator)?))
}

/// An `int` of any size; by its sixteens, because Python limits the length of a decimal text it reads.
fn integer<'py>(py: Python<'py>, value: &BigInt) -> PyResult<Bound<'py, PyAny>> {
    match i64::try_from(value) {
        Ok(small) => small.into_bound_py_any(py),
        Err(_) => py.get_type::<PyInt>().call1((value.to_str_radix(16), 16)),
    }
}
