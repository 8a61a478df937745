//! The facts of one input, one for each row, in the form they came in: cells, or Arrow arrays as another tool holds them.

mod arrow;
mod figures;
mod part;
mod text;

use std::ops::Range;

use arrow_array::{Array, BooleanArray, Date32Array, Decimal64Array, Decimal128Array, Float64Array, Int64Array};
use arrow_buffer::NullBuffer;

pub(crate) use arrow::{chunk, is_read};
pub(crate) use figures::{Figures, Form};
pub(crate) use part::{FiguresPart, FormPart};
pub(crate) use text::Texts;

use crate::date::Date;
use crate::row::Cell;

/// Facts of one input that follow each other, all in one form.
#[derive(Debug, Clone)]
pub(crate) enum Chunk {
    /// Cells of any kind.
    Cells(Vec<Cell>),
    /// Whole numbers.
    Integers(Int64Array),
    /// Decimals of one scale.
    Decimals(Decimal128Array),
    /// The same of at most eighteen digits.
    ShortDecimals(Decimal64Array),
    /// Binary floats.
    Floats(Float64Array),
    /// True or false.
    Truths(BooleanArray),
    /// Days since 1970.
    Dates(Date32Array),
    /// Texts.
    Texts(Texts),
    /// So many rows without anything.
    Missing(usize),
}

impl Chunk {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Cells(cells) => cells.len(),
            Self::Integers(array) => array.len(),
            Self::Decimals(array) => array.len(),
            Self::ShortDecimals(array) => array.len(),
            Self::Floats(array) => array.len(),
            Self::Truths(array) => array.len(),
            Self::Dates(array) => array.len(),
            Self::Texts(texts) => texts.len(),
            Self::Missing(rows) => *rows,
        }
    }

    /// Which of them are there, when not all are; cells say that each for itself.
    pub(crate) fn nulls(&self) -> Option<&NullBuffer> {
        match self {
            Self::Cells(_) | Self::Missing(_) => None,
            Self::Integers(array) => array.nulls(),
            Self::Decimals(array) => array.nulls(),
            Self::ShortDecimals(array) => array.nulls(),
            Self::Floats(array) => array.nulls(),
            Self::Truths(array) => array.nulls(),
            Self::Dates(array) => array.nulls(),
            Self::Texts(texts) => texts.nulls(),
        }
    }

    /// The cell at a place; missing when there is none.
    pub(crate) fn cell(&self, at: usize) -> Cell {
        if at >= self.len() || self.nulls().is_some_and(|nulls| nulls.is_null(at)) {
            return Cell::Missing;
        }
        match self {
            Self::Cells(cells) => cells.get(at).cloned().unwrap_or(Cell::Missing),
            Self::Integers(array) => Cell::Integer(array.value(at)),
            Self::Decimals(array) => decimal(array.value(at), array.scale()),
            Self::ShortDecimals(array) => decimal(array.value(at).into(), array.scale()),
            Self::Floats(array) => Cell::Float(array.value(at)),
            Self::Truths(array) => Cell::Truth(array.value(at)),
            Self::Dates(array) => Date::from_unix_days(array.value(at)).map_or(Cell::Unreadable, Cell::Date),
            Self::Texts(texts) => texts.get(at).map_or(Cell::Missing, Cell::from),
            Self::Missing(_) => Cell::Missing,
        }
    }
}

/// The cell of a decimal: as text where it has more digits than a short one holds.
fn decimal(mantissa: i128, scale: i8) -> Cell {
    let short = u32::try_from(scale)
        .ok()
        .and_then(|scale| rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale).ok());
    short.map_or_else(|| Cell::Text(written(mantissa, scale)), Cell::Decimal)
}

/// A decimal as text.
fn written(mantissa: i128, scale: i8) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = mantissa.unsigned_abs().to_string();
    let places = usize::from(scale.unsigned_abs());
    if scale <= 0 {
        return format!("{sign}{digits}{}", "0".repeat(places));
    }
    let digits = format!("{digits:0>width$}", width = places.saturating_add(1));
    let (whole, rest) = digits.split_at(digits.len().saturating_sub(places));
    format!("{sign}{whole}.{rest}")
}

/// The facts of one input, one for each row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Column {
    chunks: Vec<Chunk>,
    /// Where each chunk ends.
    ends: Vec<usize>,
}

impl From<Vec<Cell>> for Column {
    fn from(cells: Vec<Cell>) -> Self {
        Self::of(vec![Chunk::Cells(cells)])
    }
}

impl Column {
    /// Chunks one after the other.
    pub(crate) fn of(chunks: Vec<Chunk>) -> Self {
        let mut end = 0_usize;
        let ends = chunks.iter().map(|chunk| {
            end = end.saturating_add(chunk.len());
            end
        });
        let ends = ends.collect();
        Self { chunks, ends }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The same with so many rows: what is not there is missing.
    pub(crate) fn filled_to(self, rows: usize) -> Self {
        let lacking = rows.saturating_sub(self.len());
        if lacking == 0 {
            return self;
        }
        Self::of(self.chunks.into_iter().chain([Chunk::Missing(lacking)]).collect())
    }

    /// The chunk a row is in, and its place there.
    fn place(&self, row: usize) -> Option<(&Chunk, usize)> {
        let at = self.ends.partition_point(|end| *end <= row);
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        Some((self.chunks.get(at)?, row.checked_sub(start)?))
    }

    /// The cell of a row; missing when there is no such row.
    pub(crate) fn cell(&self, row: usize) -> Cell {
        self.place(row).map_or(Cell::Missing, |(chunk, at)| chunk.cell(at))
    }

    /// The cell of each row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Cell> {
        self.chunks.iter().flat_map(|chunk| (0..chunk.len()).map(|at| chunk.cell(at)))
    }

    /// The text of a row, where it is held as text.
    pub(crate) fn text(&self, row: usize) -> Option<&str> {
        match self.place(row)? {
            (Chunk::Texts(texts), at) => texts.get(at),
            (Chunk::Cells(cells), at) => match cells.get(at)? {
                Cell::Text(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The text of each of the first rows, where it is held as text; nothing for each that is not.
    pub(crate) fn texts(&self, rows: usize) -> impl Iterator<Item = Option<&str>> {
        self.parts(0..rows).flat_map(|(chunk, places, _)| {
            places.map(move |at| match chunk {
                Chunk::Texts(texts) => texts.get(at),
                Chunk::Cells(cells) => match cells.get(at) {
                    Some(Cell::Text(text)) => Some(text.as_str()),
                    _ => None,
                },
                _ => None,
            })
        })
    }

    /// The rows of these that hold no text that says something, counted from the first of them.
    pub(crate) fn without_text(&self, rows: Range<usize>) -> impl Iterator<Item = usize> {
        self.parts(rows).flat_map(|(chunk, places, before)| {
            let has_text = |at: usize| match chunk {
                Chunk::Texts(texts) => texts.get(at).is_some_and(|text| !text.is_empty()),
                Chunk::Cells(cells) => matches!(cells.get(at), Some(Cell::Text(text)) if !text.is_empty()),
                _ => false,
            };
            let start = places.start;
            places.filter(move |at| !has_text(*at)).map(move |at| before.saturating_add(at.saturating_sub(start)))
        })
    }

    /// The chunks that hold these rows: each with the places in it, and how many rows came before.
    pub(crate) fn parts(&self, rows: Range<usize>) -> impl Iterator<Item = (&Chunk, Range<usize>, usize)> {
        let mut row = rows.start;
        let first = self.ends.partition_point(|end| *end <= rows.start);
        self.chunks.iter().zip(&self.ends).skip(first).map_while(move |(chunk, end)| {
            if row >= rows.end {
                return None;
            }
            let start = end.saturating_sub(chunk.len());
            let places = row.saturating_sub(start)..rows.end.min(*end).saturating_sub(start);
            let before = row.saturating_sub(rows.start);
            row = *end;
            Some((chunk, places, before))
        })
    }

    /// The texts as one array, where they are just that.
    pub(crate) fn only_texts(&self) -> Option<&arrow_array::StringArray> {
        match self.chunks.as_slice() {
            [Chunk::Texts(Texts::Short(array))] => Some(array),
            _ => None,
        }
    }

    /// All of it as cells.
    pub(crate) fn into_cells(self) -> Vec<Cell> {
        match <[Chunk; 1]>::try_from(self.chunks) {
            Ok([Chunk::Cells(cells)]) => cells,
            Ok([chunk]) => (0..chunk.len()).map(|at| chunk.cell(at)).collect(),
            Err(chunks) => Self::of(chunks).iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_across_chunks() {
        let column = Column::of(vec![
            Chunk::Integers(Int64Array::from(vec![Some(1), None])),
            Chunk::Missing(0),
            Chunk::Floats(Float64Array::from(vec![2.5])),
        ])
        .filled_to(5);
        let cells: Vec<Cell> = column.iter().collect();
        assert_eq!(cells, [Cell::Integer(1), Cell::Missing, Cell::Float(2.5), Cell::Missing, Cell::Missing]);
        for (row, cell) in cells.iter().enumerate() {
            assert_eq!(column.cell(row), *cell);
        }
        let parts: Vec<_> = column.parts(1..4).map(|(_, places, before)| (places, before)).collect();
        assert_eq!(parts, [(1..2, 0), (0..0, 1), (0..1, 1), (0..1, 2)]);
    }

    #[test]
    fn a_long_decimal_is_its_text() {
        assert_eq!(decimal(-5, 2), Cell::Decimal(rust_decimal::Decimal::new(-5, 2)));
        assert_eq!(decimal(12, -3), Cell::Text("12000".into()));
        assert_eq!(decimal(-1, 30), Cell::Text(format!("-0.{}1", "0".repeat(29))));
        assert_eq!(decimal(i128::MAX, 10), Cell::Text("17014118346046923173168730371.5884105727".into()));
    }
}
