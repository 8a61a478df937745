//! A table on its way in: headers with columns, or rows of dictionaries, become a table of the library.
//!
//! A column is taken over as a whole where it is an Arrow or numpy array, and otherwise value by value.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, PrimitiveArray, StringArray};
use arrow_schema::DECIMAL128_MAX_PRECISION;
use kaohe::{Cell, Row, Table, Values};
use kaohe_grammar::fold_name;
use numpy::{Element, PyArray1, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyAny, PyBool, PyDict, PyFloat, PyInt, PyList, PyString};
use pyo3_arrow::{PyArray, PyArrayReader};

use crate::cell::{Refusal, cell, decimal_type, type_name};
use crate::decimal::short;
use crate::row::{Refused, row};
use crate::time::no_day;

/// The names a value is looked at under; the others are handed on as names alone, so that the library can tell a
/// misspelt name from one that has nothing to do with it.
pub(crate) type Names = HashSet<String>;

/// A table as Python took it apart.
#[derive(FromPyObject)]
pub(crate) enum Frame<'py> {
    /// Its headers, how many rows it has, and what gives the column at a place: a list of values, an array of numpy, or
    /// what speaks the Arrow PyCapsule interface.
    Columns(Vec<String>, usize, Bound<'py, PyAny>),
    /// Rows that do not all have the same names.
    Rows(Vec<Bound<'py, PyDict>>),
}

/// The library's table of one of Python.
///
/// # Errors
///
/// `DataError` naming every column with a value that is no cell, with the first such row.
pub(crate) fn table(py: Python<'_>, names: &Names, frame: Frame<'_>) -> PyResult<Table> {
    let mut refused = Refused::default();
    let table = match frame {
        Frame::Columns(headers, rows, column) => {
            let mut columns = Vec::with_capacity(headers.len());
            for (at, header) in headers.into_iter().enumerate() {
                let values = if names.contains(&*fold_name(header.trim())) {
                    values(&header, &column.call1((at,))?, &mut refused)
                } else {
                    Values::Cells(Vec::new())
                };
                columns.push((header, values));
            }
            Table::of_values(columns).with_rows(rows)
        }
        Frame::Rows(all) => {
            let rows = all.iter().enumerate().map(|(at, facts)| row(names, facts, Some(at), &mut refused));
            Table::of_rows(rows.collect::<PyResult<Vec<Row>>>()?)
        }
    };
    refused.into_result(py)?;
    Ok(table)
}

/// The values of a column, whatever holds it.
fn values(header: &str, column: &Bound<'_, PyAny>, refused: &mut Refused) -> Values {
    if let Ok(list) = column.cast::<PyList>() {
        return of_list(header, list, refused);
    }
    let Some(arrays) = arrays(column) else {
        refused.add(header, None, Refusal::Type(type_name(column)));
        return Values::Cells(Vec::new());
    };
    // a time of day is as wrong in an array as it is in a list
    if let Some(row) = no_day(&arrays) {
        refused.add(header, Some(row), Refusal::PointInTime);
    }
    Values::Arrays(arrays)
}

/// The arrays of a column; nothing when it has none that can be read.
fn arrays(column: &Bound<'_, PyAny>) -> Option<Vec<ArrayRef>> {
    if let Ok(reader) = column.extract::<PyArrayReader>() {
        return Some(reader.into_chunked_array().ok()?.into_inner().0);
    }
    if column.hasattr("__arrow_c_array__").unwrap_or(false) {
        return Some(vec![column.extract::<PyArray>().ok()?.into_inner().0]);
    }
    of_numpy(column).map(|array| vec![array])
}

/// A copy of a numpy array: it may be changed later, and what was scored may not. Nothing for one that is none of ours.
fn of_numpy(column: &Bound<'_, PyAny>) -> Option<ArrayRef> {
    fn copied<T: ArrowPrimitiveType>(column: &Bound<'_, PyAny>) -> Option<ArrayRef>
    where
        T::Native: Element + Copy,
    {
        let array = column.cast::<PyArray1<T::Native>>().ok()?.try_readonly().ok()?;
        Some(Arc::new(PrimitiveArray::<T>::new(array.as_array().to_vec().into(), None)))
    }
    if let Ok(array) = column.cast::<PyArray1<bool>>() {
        let truths = array.try_readonly().ok()?.as_array().to_vec();
        return Some(Arc::new(BooleanArray::from(truths)));
    }
    copied::<Float64Type>(column)
        .or_else(|| copied::<Int64Type>(column))
        .or_else(|| copied::<Float32Type>(column))
        .or_else(|| copied::<Int32Type>(column))
        .or_else(|| copied::<Int16Type>(column))
        .or_else(|| copied::<Int8Type>(column))
        .or_else(|| copied::<UInt64Type>(column))
        .or_else(|| copied::<UInt32Type>(column))
        .or_else(|| copied::<UInt16Type>(column))
        .or_else(|| copied::<UInt8Type>(column))
}

/// The values of a list: as an array where they are all texts, all floats, all whole numbers, all truth values or all
/// decimals of as many places, otherwise as cells.
fn of_list(header: &str, list: &Bound<'_, PyList>, refused: &mut Refused) -> Values {
    let array: Option<ArrayRef> = match list.iter().find(|value| !value.is_none()) {
        Some(first) if first.is_exact_instance_of::<PyString>() => texts(list).map(|array| Arc::new(array) as _),
        Some(first) if first.is_exact_instance_of::<PyFloat>() => floats(list).map(|array| Arc::new(array) as _),
        Some(first) if first.is_exact_instance_of::<PyInt>() => integers(list).map(|array| Arc::new(array) as _),
        Some(first) if first.is_exact_instance_of::<PyBool>() => truths(list).map(|array| Arc::new(array) as _),
        Some(first) if is_decimal(&first) => decimals(list).map(|array| Arc::new(array) as _),
        _ => None,
    };
    match array {
        Some(array) => Values::Arrays(vec![array]),
        None => Values::Cells(cells(header, list, refused)),
    }
}

/// The texts of a list of nothing else; nothing either when they are too long for one array.
fn texts(list: &Bound<'_, PyList>) -> Option<StringArray> {
    let mut length = 0_usize;
    let mut builder = arrow_array::builder::StringBuilder::with_capacity(list.len(), list.len().saturating_mul(8));
    for value in list {
        if value.is_none() {
            builder.append_null();
            continue;
        }
        let text = value.cast::<PyString>().ok()?.to_str().ok()?;
        length = length.saturating_add(text.len());
        if i32::try_from(length).is_err() {
            return None;
        }
        builder.append_value(text);
    }
    Some(builder.finish())
}

fn floats(list: &Bound<'_, PyList>) -> Option<Float64Array> {
    let float = |value: Bound<'_, PyAny>| match value.cast::<PyFloat>() {
        Ok(float) => Some(Some(float.value())),
        Err(_) => value.is_none().then_some(None),
    };
    list.iter().map(float).collect::<Option<Vec<Option<f64>>>>().map(Into::into)
}

fn integers(list: &Bound<'_, PyList>) -> Option<Int64Array> {
    let integer = |value: Bound<'_, PyAny>| match value.cast::<PyInt>() {
        Ok(integer) if !value.is_instance_of::<PyBool>() => integer.extract::<i64>().ok().map(Some),
        Ok(_) => None,
        Err(_) => value.is_none().then_some(None),
    };
    list.iter().map(integer).collect::<Option<Vec<Option<i64>>>>().map(Into::into)
}

fn truths(list: &Bound<'_, PyList>) -> Option<BooleanArray> {
    let truth = |value: Bound<'_, PyAny>| match value.cast::<PyBool>() {
        Ok(truth) => Some(Some(truth.is_true())),
        Err(_) => value.is_none().then_some(None),
    };
    list.iter().map(truth).collect::<Option<Vec<Option<bool>>>>().map(Into::into)
}

/// The decimals of a list of nothing else, all short and of as many places.
fn decimals(list: &Bound<'_, PyList>) -> Option<Decimal128Array> {
    let mut units = Vec::with_capacity(list.len());
    let mut common = None;
    for value in list {
        if value.is_none() {
            units.push(None);
            continue;
        }
        if !is_decimal(&value) {
            return None;
        }
        let text = value.str().ok()?;
        let (each, places) = short(text.to_str().ok()?)?;
        if *common.get_or_insert(places) != places {
            return None;
        }
        units.push(Some(i128::from(each)));
    }
    let scale = i8::try_from(common?).ok()?;
    Decimal128Array::from(units).with_precision_and_scale(DECIMAL128_MAX_PRECISION, scale).ok()
}

/// Whether a value is a `Decimal` and nothing more: one of a class made from it may show itself as something else.
fn is_decimal(value: &Bound<'_, PyAny>) -> bool {
    decimal_type(value.py()).is_ok_and(|class| value.get_type().is(class))
}

/// The cells of a column, up to the first value that is none.
fn cells(header: &str, values: &Bound<'_, PyList>, refused: &mut Refused) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        match cell(&value) {
            Ok(cell) => cells.push(cell),
            Err(refusal) => {
                refused.add(header, Some(at), refusal);
                break;
            }
        }
    }
    cells
}
