//! One person after the other, by two stretches of memory that both halves know: nothing is written as JSON.
//!
//! In, for each input: the number of its cell (eight bytes), the start and the end of its text (four each), what it is
//! (one); after all of them the texts. Out, for each column: the end of its text (four bytes), a number (four), what it is
//! (one); then the texts. Whatever is unusual goes the long way, and so does everything that has a problem to tell.

use std::sync::Arc;

use kaohe::plan::Input;
use kaohe::value::{Kind, WordList};
use kaohe::{Cell, Figure, Row, Scheme, Scorer};
use kaohe_grammar::fold_name;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;

use crate::cell;
use crate::error::{self, Result};

/// What a cell is on its way in.
mod cells {
    pub(super) const MISSING: u8 = 0;
    pub(super) const NUMBER: u8 = 1;
    pub(super) const TEXT: u8 = 2;
    pub(super) const FALSE: u8 = 3;
    pub(super) const TRUE: u8 = 4;
    pub(super) const INTEGER: u8 = 5;
}

/// What a figure is on its way out.
mod figures {
    pub(super) const MISSING: u8 = 0;
    /// Text of one byte a character.
    pub(super) const TEXT: u8 = 1;
    /// Text in UTF-8.
    pub(super) const WIDE: u8 = 2;
    pub(super) const FALSE: u8 = 3;
    pub(super) const TRUE: u8 = 4;
    /// A word, by its number.
    pub(super) const WORD: u8 = 5;
    /// The text of an input, by its number.
    pub(super) const SAME: u8 = 6;
    /// It has more decimals than are shown.
    pub(super) const ROUNDED: u8 = 0x80;
}

/// Scores row after row with buffers that are kept.
#[napi]
pub struct NativeScorer {
    scheme: Scheme,
    scorer: Scorer<'static>,
    /// How many columns people are shown; those after them are looked at for their faults alone.
    shown: usize,
    /// For each column that is shown its words, if its figures are some.
    words: Vec<Option<Arc<WordList>>>,
    cells: Vec<Cell>,
    text: Vec<u8>,
}

#[napi]
impl NativeScorer {
    pub(crate) fn new(scheme: &Scheme) -> Self {
        let plan = scheme.plan();
        let words = plan.shown.iter().map(|id| match &plan.node(plan.column(*id).body).facts.kind {
            Kind::Choice(list) => Some(Arc::clone(list)),
            _ => None,
        });
        Self {
            scorer: scheme.clone().into_scorer(),
            shown: plan.shown.len(),
            words: words.collect(),
            cells: vec![Cell::Missing; scheme.inputs().len()],
            text: Vec::new(),
            scheme: scheme.clone(),
        }
    }

    /// For each name of a row the number of its input, or -1.
    #[napi]
    pub fn bind(&self, names: Vec<String>) -> Result<Vec<i32>> {
        let mut row = Row::new();
        for name in &names {
            row.add(name, Cell::Missing).map_err(|refused| error::data(&refused))?;
        }
        // what is wrong with names is so whatever their cells are
        self.scheme.score_row(&row).map_err(|refused| error::data(&refused))?;
        let inputs = self.scheme.inputs();
        let place = |name: &String| {
            let name = fold_name(name.trim());
            let is = |input: &Input| input.names().any(|own| *own == *name);
            inputs.iter().position(is).and_then(|at| i32::try_from(at).ok()).unwrap_or(-1)
        };
        Ok(names.iter().map(place).collect())
    }

    /// Scores the row that stands in `row`, and writes its figures into `answer`. Returns how many bytes of text they have;
    /// -1 when there is something to tell beside them, or no room.
    #[napi]
    pub fn score(&mut self, row: &[u8], mut answer: Uint8ArraySlice<'_>) -> i32 {
        // SAFETY: `lib/quick.js` made this memory for answers alone, so `row` is another, and while this runs no JavaScript does
        let answer = unsafe { answer.as_mut() };
        self.scored(row, answer).and_then(|bytes| i32::try_from(bytes).ok()).unwrap_or(-1)
    }

    fn scored(&mut self, row: &[u8], answer: &mut [u8]) -> Option<usize> {
        let Self { scorer, cells, text, words, shown, .. } = self;
        let texts = read(row, cells)?;
        let found = scorer.score(cells);
        if found.iter().any(|figure| matches!(figure, Figure::Empty(_))) {
            return None;
        }
        let (ends, rest) = answer.split_at_mut_checked(shown.checked_mul(4)?)?;
        let (values, rest) = rest.split_at_mut_checked(shown.checked_mul(4)?)?;
        let (tags, room) = rest.split_at_mut_checked(*shown)?;
        text.clear();
        let slots = ends.chunks_exact_mut(4).zip(values.chunks_exact_mut(4)).zip(tags);
        for ((figure, words), ((end, value), tag)) in found.iter().zip(words).zip(slots) {
            let (what, number) = write(figure, words.as_deref(), text, &texts);
            *tag = what;
            value.copy_from_slice(&number.to_ne_bytes());
            end.copy_from_slice(&u32::try_from(text.len()).ok()?.to_ne_bytes());
        }
        room.get_mut(..text.len())?.copy_from_slice(text);
        Some(text.len())
    }
}

/// Reads the cells of a row; gives the text of each.
fn read<'r>(row: &'r [u8], cells: &mut [Cell]) -> Option<Vec<&'r [u8]>> {
    let count = cells.len();
    let (numbers, rest) = row.split_at_checked(count.checked_mul(8)?)?;
    let (starts, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
    let (ends, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
    let (tags, texts) = rest.split_at_checked(count)?;
    let mut all = Vec::with_capacity(count);
    let ranges = starts.as_chunks::<4>().0.iter().zip(ends.as_chunks::<4>().0);
    let slots = numbers.as_chunks::<8>().0.iter().zip(ranges).zip(tags);
    for (cell, ((number, (start, end)), tag)) in cells.iter_mut().zip(slots) {
        let bytes: &[u8] = match *tag {
            cells::TEXT | cells::INTEGER => {
                texts.get(u32::from_ne_bytes(*start) as usize..u32::from_ne_bytes(*end) as usize)?
            }
            _ => &[],
        };
        match *tag {
            cells::MISSING => *cell = Cell::Missing,
            cells::NUMBER => *cell = cell::number(f64::from_ne_bytes(*number)),
            cells::TEXT => {
                let text = std::str::from_utf8(bytes).ok()?;
                match cell {
                    Cell::Text(kept) => {
                        kept.clear();
                        kept.push_str(text);
                    }
                    _ => *cell = Cell::from(text),
                }
            }
            cells::FALSE => *cell = Cell::Truth(false),
            cells::TRUE => *cell = Cell::Truth(true),
            cells::INTEGER => {
                let text = std::str::from_utf8(bytes).ok()?;
                *cell = text.parse::<i64>().map_or_else(|_| Cell::from(text), Cell::from);
            }
            _ => return None,
        }
        all.push(bytes);
    }
    Some(all)
}

/// Writes a figure: says what it is, with the number that belongs to it.
fn write(figure: &Figure, words: Option<&WordList>, text: &mut Vec<u8>, texts: &[&[u8]]) -> (u8, u32) {
    match figure {
        Figure::Number { value, shown_rounded } => {
            decimal(text, value);
            (if *shown_rounded { figures::TEXT | figures::ROUNDED } else { figures::TEXT }, 0)
        }
        Figure::Truth(truth) => (if *truth { figures::TRUE } else { figures::FALSE }, 0),
        Figure::Text(word) => {
            if let Some(place) = words.and_then(|words| words.position(word)) {
                return (figures::WORD, place);
            }
            let same = texts.iter().position(|text| !text.is_empty() && *text == word.as_bytes());
            if let Some(place) = same.and_then(|place| u32::try_from(place).ok()) {
                return (figures::SAME, place);
            }
            text.extend_from_slice(word.as_bytes());
            (if word.is_ascii() { figures::TEXT } else { figures::WIDE }, 0)
        }
        Figure::Date(_) | Figure::Unlimited => {
            text.extend_from_slice(figure.to_string().as_bytes());
            (figures::TEXT, 0)
        }
        _ => (figures::MISSING, 0),
    }
}

/// Writes a decimal with its places.
fn decimal(text: &mut Vec<u8>, value: &rust_decimal::Decimal) {
    let Ok(mut digits) = u64::try_from(value.mantissa().unsigned_abs()) else {
        text.extend_from_slice(value.to_string().as_bytes());
        return;
    };
    if value.mantissa() < 0 {
        text.push(b'-');
    }
    let start = text.len();
    let mut places = value.scale();
    // from the last digit to the first
    loop {
        let digit = (digits % 10) as u8;
        text.push(b'0'.saturating_add(digit));
        digits /= 10;
        places = match places {
            0 if digits == 0 => break,
            0 => 0,
            1 => {
                text.push(b'.');
                0
            }
            more => more.saturating_sub(1),
        };
        // a point needs a digit before it
        if places == 0 && digits == 0 && text.last() != Some(&b'.') {
            break;
        }
    }
    if let Some(written) = text.get_mut(start..) {
        written.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn decimals_are_written_as_they_are_shown() {
        for mantissa in [0_i64, 1, -1, 9, 10, -10, 99, 100, 12345, -12_345_678, i64::MAX, i64::MIN] {
            for places in 0..=20 {
                let value = Decimal::from_i128_with_scale(mantissa.into(), places);
                let mut text = Vec::new();
                decimal(&mut text, &value);
                let shown = value.to_string();
                // a zero has no sign
                assert_eq!(String::from_utf8(text).unwrap(), shown, "{mantissa} {places}");
            }
        }
    }
}
