//! One column on its way in: cells, numbers, whole numbers, units of so many decimals, or words by their numbers.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Decimal64Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    NullArray, StringArray,
};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use kaohe::Cell;
use rust_decimal::Decimal;

use crate::cell;
use crate::error::Result;
use crate::memory::room;

/// The decimals up to which units are Arrow's short decimals.
const SHORT_PLACES: u32 = 18;

/// Cells that follow each other.
pub(crate) enum Part {
    /// Numbers of JavaScript; NaN is missing.
    Numbers(Vec<f64>),
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Numbers that were handed over.
    Floats(ScalarBuffer<f64>),
    /// Whole numbers that were handed over.
    Wholes(ScalarBuffer<i64>),
    /// A JSON list of marked cells.
    Marked(String),
}

/// A column that is being taken over.
pub(crate) struct Column {
    /// Whether it is of an input of numbers.
    of_numbers: bool,
    parts: Vec<Part>,
    /// Whether it came as a typed array.
    typed: bool,
    /// The decimals of which its whole numbers are units.
    places: Option<u32>,
    /// The words whose numbers it holds.
    words: Option<Vec<String>>,
    /// For each cell whether it is there; all are when it is not said.
    valid: Option<Vec<u8>>,
    /// The same as one array, once it was looked at and can be one.
    array: Option<ArrayRef>,
    /// Its cells, where they had to be looked at.
    cells: Option<Vec<Cell>>,
}

impl Column {
    pub(crate) const fn new(of_numbers: bool) -> Self {
        Self {
            of_numbers,
            parts: Vec::new(),
            typed: false,
            places: None,
            words: None,
            valid: None,
            array: None,
            cells: None,
        }
    }

    /// Says that it comes as typed arrays of so many cells, and what their numbers mean.
    pub(crate) fn begin_typed(&mut self, whole: bool, rows: usize, places: Option<u32>, words: Option<Vec<String>>) {
        self.typed = true;
        (self.places, self.words) = (places, words);
        self.parts = vec![if whole { Part::Integers(room(rows)) } else { Part::Numbers(room(rows)) }];
    }

    /// Says that it comes as one typed array that was handed over, and what its numbers mean.
    pub(crate) fn lend(&mut self, part: Part, places: Option<u32>, words: Option<Vec<String>>) {
        self.typed = true;
        (self.places, self.words, self.parts) = (places, words, vec![part]);
    }

    /// Whether it came as a typed array.
    pub(crate) const fn is_typed(&self) -> bool {
        self.typed
    }

    pub(crate) fn add(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// Adds to the numbers of a typed array.
    pub(crate) fn add_numbers(&mut self, numbers: &[f64]) {
        match self.parts.last_mut() {
            Some(Part::Numbers(all)) => all.extend_from_slice(numbers),
            _ => self.parts.push(Part::Numbers(numbers.to_vec())),
        }
    }

    /// Adds to the whole numbers of a typed array.
    pub(crate) fn add_integers(&mut self, integers: &[i64]) {
        match self.parts.last_mut() {
            Some(Part::Integers(all)) => all.extend_from_slice(integers),
            _ => self.parts.push(Part::Integers(integers.to_vec())),
        }
    }

    /// Adds to the whole numbers of a typed array of short ones.
    pub(crate) fn add_short(&mut self, integers: &[i32]) {
        let integers = integers.iter().map(|integer| i64::from(*integer));
        match self.parts.last_mut() {
            Some(Part::Integers(all)) => all.extend(integers),
            _ => self.parts.push(Part::Integers(integers.collect())),
        }
    }

    /// Adds which cells of a typed array are there.
    pub(crate) fn add_valid(&mut self, valid: &[u8]) {
        self.valid.get_or_insert_default().extend_from_slice(valid);
    }

    /// The array it was made, if it could be.
    pub(crate) const fn array(&self) -> Option<&ArrayRef> {
        self.array.as_ref()
    }

    /// Makes it one array, where its cells are of one kind.
    ///
    /// # Errors
    ///
    /// The two halves of the package do not understand each other.
    pub(crate) fn prepare(&mut self) -> Result<()> {
        self.array = match std::mem::take(&mut self.parts).as_mut_slice() {
            [Part::Numbers(numbers)] => self.of_floats(ScalarBuffer::from(std::mem::take(numbers))),
            [Part::Floats(numbers)] => self.of_floats(numbers.clone()),
            [Part::Integers(integers)] => self.of_whole(ScalarBuffer::from(std::mem::take(integers)), self.nulls()),
            [Part::Wholes(integers)] => self.of_whole(integers.clone(), self.nulls()),
            parts => {
                let cells = cells_of(parts)?;
                let found = of_cells(&cells, self.of_numbers);
                self.cells = Some(cells);
                found
            }
        };
        Ok(())
    }

    /// All of it as cells.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Self::prepare).
    pub(crate) fn into_cells(mut self) -> Result<Vec<Cell>> {
        if let Some(cells) = self.cells.take() {
            return Ok(cells);
        }
        if let Some(array) = &self.array {
            // another column could not be an array
            return Ok(cells_of_array(array));
        }
        cells_of(&mut self.parts)
    }

    fn nulls(&self) -> Option<NullBuffer> {
        let valid = self.valid.as_ref()?;
        let nulls: NullBuffer = valid.iter().map(|valid| *valid != 0).collect();
        (nulls.null_count() > 0).then_some(nulls)
    }

    fn of_floats(&mut self, numbers: ScalarBuffer<f64>) -> Option<ArrayRef> {
        let there = self.nulls();
        if self.of_numbers && self.places.is_none() && self.words.is_none() {
            return Some(Arc::new(Float64Array::new(numbers, there)));
        }
        let is_whole = |number: &f64| number.is_nan() || (number.fract() == 0.0 && number.abs() <= cell::MAX_WHOLE);
        if !numbers.iter().all(is_whole) {
            self.parts = vec![Part::Floats(numbers)];
            return None;
        }
        let nan = numbers.iter().any(|number| number.is_nan());
        let there = if nan {
            let present: NullBuffer = numbers.iter().map(|number| !number.is_nan()).collect();
            NullBuffer::union(there.as_ref(), Some(&present))
        } else {
            there
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and at most 2^53, or not a number and not looked at"
        )]
        let integers: ScalarBuffer<i64> = numbers.iter().map(|number| *number as i64).collect();
        self.of_whole(integers, there)
    }

    fn of_whole(&mut self, integers: ScalarBuffer<i64>, nulls: Option<NullBuffer>) -> Option<ArrayRef> {
        if let Some(words) = &self.words {
            let present: NullBuffer = integers.iter().map(|code| *code >= 0).collect();
            let nulls = NullBuffer::union(nulls.as_ref(), Some(&present)).filter(|nulls| nulls.null_count() > 0);
            let keys: Vec<i32> = integers.iter().map(|code| i32::try_from(*code).unwrap_or(i32::MAX).max(0)).collect();
            let words: StringArray = words.iter().map(|word| Some(&**word)).collect();
            let keys = Int32Array::new(keys.into(), nulls);
            return Some(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(words)).ok()?));
        }
        match self.places {
            None | Some(0) => Some(Arc::new(Int64Array::new(integers, nulls))),
            Some(places) => {
                let scale = i8::try_from(places).ok()?;
                if places > SHORT_PLACES {
                    let units: Vec<i128> = integers.iter().map(|units| i128::from(*units)).collect();
                    let array = Decimal128Array::new(units.into(), nulls).with_precision_and_scale(38, scale);
                    return Some(Arc::new(array.ok()?));
                }
                let array = Decimal64Array::new(integers, nulls).with_precision_and_scale(18, scale);
                Some(Arc::new(array.ok()?))
            }
        }
    }
}

fn cells_of(parts: &mut [Part]) -> Result<Vec<Cell>> {
    let number = |number: f64| if number.is_nan() { Cell::Missing } else { cell::number(number) };
    let mut all = Vec::new();
    for part in parts {
        match part {
            Part::Numbers(numbers) => all.extend(numbers.iter().copied().map(number)),
            Part::Floats(numbers) => all.extend(numbers.iter().copied().map(number)),
            Part::Integers(integers) => all.extend(integers.iter().copied().map(Cell::Integer)),
            Part::Wholes(integers) => all.extend(integers.iter().copied().map(Cell::Integer)),
            Part::Marked(json) => all.extend(cell::column(json)?),
        }
    }
    Ok(all)
}

/// Cells of one kind as an array.
fn of_cells(cells: &[Cell], of_numbers: bool) -> Option<ArrayRef> {
    let all = |is: fn(&Cell) -> bool| cells.iter().all(|cell| matches!(cell, Cell::Missing) || is(cell));
    if all(|_| false) {
        return Some(Arc::new(NullArray::new(cells.len())));
    }
    if all(|cell| matches!(cell, Cell::Text(_))) {
        let text = |cell: &'_ Cell| match cell {
            Cell::Text(text) => Some(text.clone()),
            _ => None,
        };
        // Arrow's short texts are of two gigabytes together at most
        let bytes = cells.iter().map(|cell| if let Cell::Text(text) = cell { text.len() } else { 0 });
        let fits = bytes.fold(0, usize::saturating_add) < i32::MAX as usize;
        return fits.then(|| Arc::new(cells.iter().map(text).collect::<StringArray>()) as ArrayRef);
    }
    let integer = |cell: &Cell| match cell {
        Cell::Integer(integer) => Some(*integer),
        _ => None,
    };
    if all(|cell| matches!(cell, Cell::Integer(_))) {
        return Some(Arc::new(cells.iter().map(integer).collect::<Int64Array>()));
    }
    if all(|cell| matches!(cell, Cell::Truth(_))) {
        let truth = |cell: &Cell| if let Cell::Truth(truth) = cell { Some(*truth) } else { None };
        return Some(Arc::new(cells.iter().map(truth).collect::<BooleanArray>()));
    }
    let exact = |cell: &Cell| match cell {
        Cell::Float(float) => Some(*float),
        #[expect(clippy::cast_precision_loss, reason = "at most 2^53, as it was looked at")]
        Cell::Integer(integer) if integer.unsigned_abs() <= 1 << 53 => Some(*integer as f64),
        _ => None,
    };
    let fits = of_numbers && cells.iter().all(|cell| matches!(cell, Cell::Missing) || exact(cell).is_some());
    fits.then(|| Arc::new(cells.iter().map(exact).collect::<Float64Array>()) as ArrayRef)
}

/// An array that was made here, as cells.
fn cells_of_array(array: &ArrayRef) -> Vec<Cell> {
    use arrow_array::Array;
    let any = array.as_any();
    if let Some(array) = any.downcast_ref::<Int64Array>() {
        return array.iter().map(Cell::from).collect();
    }
    if let Some(array) = any.downcast_ref::<Float64Array>() {
        return array.iter().map(|float| float.map_or(Cell::Missing, cell::number)).collect();
    }
    let decimal = |units: i128, scale: i8| {
        let places = u32::try_from(scale).unwrap_or(0);
        Decimal::try_from_i128_with_scale(units, places).map_or(Cell::Unreadable, Cell::Decimal)
    };
    if let Some(array) = any.downcast_ref::<Decimal64Array>() {
        let cell = |units: i64| decimal(units.into(), array.scale());
        return array.iter().map(|units| units.map_or(Cell::Missing, cell)).collect();
    }
    if let Some(array) = any.downcast_ref::<Decimal128Array>() {
        return array.iter().map(|units| units.map_or(Cell::Missing, |units| decimal(units, array.scale()))).collect();
    }
    if let Some(array) = any.downcast_ref::<DictionaryArray<Int32Type>>()
        && let Some(words) = array.downcast_dict::<StringArray>()
    {
        return words.into_iter().map(Cell::from).collect();
    }
    vec![Cell::Missing; array.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(of_numbers: bool, numbers: &[f64], places: Option<u32>) -> Column {
        let mut column = Column::new(of_numbers);
        column.begin_typed(false, numbers.len(), places, None);
        column.add_numbers(numbers);
        column
    }

    #[test]
    fn whole_numbers_are_integers_where_no_numbers_are_read() {
        let mut whole = of(false, &[7.0, f64::NAN, -0.0], None);
        whole.prepare().unwrap();
        assert_eq!(cells_of_array(whole.array().unwrap()), [Cell::Integer(7), Cell::Missing, Cell::Integer(0)]);
        let mut broken = of(false, &[7.5], None);
        broken.prepare().unwrap();
        assert!(broken.array().is_none());
        assert_eq!(broken.into_cells().unwrap(), [Cell::Float(7.5)]);
        let mut read = of(true, &[7.5, 1.0], None);
        read.prepare().unwrap();
        assert_eq!(read.into_cells().unwrap(), [Cell::Float(7.5), Cell::Integer(1)]);
    }

    #[test]
    fn units_are_decimals_of_their_places() {
        let mut units = of(true, &[1234.0, f64::NAN], Some(2));
        units.add_valid(&[1, 1]);
        units.prepare().unwrap();
        assert_eq!(units.into_cells().unwrap(), [Cell::Decimal(Decimal::new(1234, 2)), Cell::Missing]);
        let mut many = of(true, &[1234.0], Some(28));
        many.prepare().unwrap();
        assert_eq!(many.into_cells().unwrap(), [Cell::Decimal(Decimal::new(1234, 28))]);
    }
}
