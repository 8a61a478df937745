//! Facts to the slots of a block: what `load.rs` decides for one cell, for a chunk of them.

use std::ops::Range;

use arrow_buffer::NullBuffer;
use multiversion::multiversion;

use super::super::float::{Float, LIMIT};
use super::super::instruction::{NumberLoad, OtherLoad, Program};
use super::super::lane::Lane;
use super::super::load::{self, FLOAT_DIGITS, TENS};
use super::Block;
use super::kernels::{REFUSED, nearest};
use super::rows::Rows;
use crate::column::{Chunk, Column, Texts};
use crate::number::Number;
use crate::plan::Input;
use crate::row::Cell;
use crate::value::Kind;

/// Words of a dictionary up to which they are looked up once for all rows of a block.
const WORDS: usize = 512;

impl Block {
    /// Reads the facts of these rows.
    pub(super) fn load(&mut self, program: &Program<Float>, inputs: &[Input], columns: &[Column], rows: Range<usize>) {
        let Some(nothing) = rows.end.checked_sub(rows.start) else { return };
        if nothing == 0 {
            return;
        }
        for load in &program.numbers {
            let (Some(column), Some(input)) = (columns.get(load.input as usize), inputs.get(load.input as usize))
            else {
                continue;
            };
            let mut slot = self.slots.get_mut(usize::from(load.slot)).map(std::mem::take).unwrap_or_default();
            for (chunk, places, before) in column.parts(rows.clone()) {
                let Some(lanes) = slot.get_mut(before..before.saturating_add(places.len())) else { continue };
                let asks = numbers(lanes, load, input, chunk, places.clone());
                self.settle_cells(lanes, before, chunk, places, asks, load.absent, |cell| {
                    load::number(load, inputs, cell).ok()
                });
            }
            self.put(load.slot, slot);
        }
        for load in &program.others {
            let (Some(column), Some(input)) = (columns.get(load.input as usize), inputs.get(load.input as usize))
            else {
                continue;
            };
            let mut slot = self.slots.get_mut(usize::from(load.slot)).map(std::mem::take).unwrap_or_default();
            for (chunk, places, before) in column.parts(rows.clone()) {
                let Some(lanes) = slot.get_mut(before..before.saturating_add(places.len())) else { continue };
                let asks = others(lanes, load, (program, input), chunk, places.clone());
                self.settle_cells(lanes, before, chunk, places, asks, load.absent, |cell| {
                    if load.text { load::text(load, program, inputs, cell) } else { load::other(load, inputs, cell) }
                        .ok()
                });
            }
            self.put(load.slot, slot);
        }
    }

    fn put(&mut self, slot: super::Slot, lanes: Vec<f64>) {
        if let Some(place) = self.slots.get_mut(usize::from(slot)) {
            *place = lanes;
        }
    }

    /// What a chunk was not answered for is asked cell by cell; what has no answer leaves the block.
    #[expect(clippy::too_many_arguments, reason = "one place for the three ways a chunk can end")]
    fn settle_cells(
        &mut self,
        lanes: &mut [f64],
        before: usize,
        chunk: &Chunk,
        places: Range<usize>,
        asks: Asks,
        absent: Option<Float>,
        read: impl Fn(&Cell) -> Option<Float>,
    ) {
        if let Some(nulls) = chunk.nulls() {
            for (at, lane) in lanes.iter_mut().enumerate() {
                if nulls.is_null(places.start.saturating_add(at)) {
                    match absent {
                        Some(value) => *lane = value.0,
                        None => self.leave(before.saturating_add(at)),
                    }
                }
            }
        }
        let is_null = |at: usize| chunk.nulls().is_some_and(|nulls: &NullBuffer| nulls.is_null(at));
        for (at, lane) in lanes.iter_mut().enumerate() {
            let asked = match asks {
                Asks::None => break,
                Asks::Refused => lane.is_nan(),
                Asks::All => true,
            };
            let place = places.start.saturating_add(at);
            if !asked || is_null(place) {
                continue;
            }
            let value = match chunk {
                Chunk::Cells(cells) => cells.get(place).and_then(&read),
                chunk => read(&chunk.cell(place)),
            };
            match value {
                Some(value) => *lane = value.0,
                None => {
                    *lane = 0.0;
                    self.leave(before.saturating_add(at));
                }
            }
        }
    }

    /// The rows that have left.
    pub(in crate::eval::program) const fn gone(&self) -> Rows {
        self.gone
    }
}

/// Which cells are still to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    None,
    /// Those where [`REFUSED`] stands.
    Refused,
    All,
}

/// The numbers of a chunk, where it holds them as such.
fn numbers(lanes: &mut [f64], load: &NumberLoad<Float>, input: &Input, chunk: &Chunk, places: Range<usize>) -> Asks {
    let Some(unit) = TENS.get(usize::from(load.places)) else { return Asks::All };
    let range = (load.low.0, load.high.0);
    let all = match chunk {
        Chunk::Integers(array) => {
            let Some(values) = array.values().get(places) else { return Asks::All };
            integers(lanes, values, *unit, range)
        }
        Chunk::Decimals(array) => {
            let Some(values) = array.values().get(places) else { return Asks::All };
            match i32::from(load.places) - i32::from(array.scale()) {
                0 => decimals(lanes, values, range),
                more => {
                    // a cell of other decimals is looked at by itself, unless it only lacks some
                    let ten = u32::try_from(more).ok().and_then(|more| 10_i64.checked_pow(more));
                    match ten {
                        Some(ten) => lengthened(lanes, values, ten, range),
                        None => return Asks::All,
                    }
                }
            }
        }
        Chunk::ShortDecimals(array) => {
            let Some(values) = array.values().get(places) else { return Asks::All };
            let more = u32::try_from(i32::from(load.places) - i32::from(array.scale()));
            match more.ok().and_then(|more| 10_i64.checked_pow(more)) {
                Some(ten) => integers(lanes, values, ten, range),
                None => return Asks::All,
            }
        }
        Chunk::Floats(array) => {
            let Some(values) = array.values().get(places) else { return Asks::All };
            #[expect(clippy::cast_precision_loss, reason = "a power of ten up to 10^12 is a float")]
            floats(lanes, values, *unit as f64, range)
        }
        Chunk::Missing(_) => {
            lanes.fill(0.0);
            match load.absent {
                Some(value) => {
                    lanes.fill(value.0);
                    return Asks::None;
                }
                None => return Asks::All,
            }
        }
        // an answer or a mark is read in its own way
        Chunk::Texts(texts) if input.answer.is_none() && input.sheet.is_none() => {
            return words(lanes, texts, places, |text| text.and_then(|text| written(load, text)).unwrap_or(REFUSED));
        }
        Chunk::Cells(_) | Chunk::Texts(_) | Chunk::Truths(_) | Chunk::Dates(_) => return Asks::All,
    };
    if all { Asks::None } else { Asks::Refused }
}

/// The number a text is, in units of the last of so many decimals; nothing where there is more to say of it.
fn written(load: &NumberLoad<Float>, text: &str) -> Option<f64> {
    let units = Number::parse(text.trim()).ok()?.scaled(load.places.into())?;
    Float::from_wide(units).filter(|units| load.low <= *units && *units <= load.high).map(|units| units.0)
}

macro_rules! vectors {
    ($(#[$doc:meta])* fn $name:ident($lanes:ident, $values:ident: $type:ty, $($scalar:ident: $scalar_type:ty,)* ($low:ident, $high:ident)) = $value:expr) => {
        $(#[$doc])*
        #[multiversion(targets(
            "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2",
            "x86_64+avx2+fma+bmi2",
        ))]
        fn $name($lanes: &mut [f64], $values: &[$type], $($scalar: $scalar_type,)* ($low, $high): (f64, f64)) -> bool {
            let mut all = true;
            for (lane, $values) in $lanes.iter_mut().zip($values) {
                let $values = *$values;
                let value: f64 = $value;
                let within = $low <= value && value <= $high;
                all &= within;
                *lane = if within { value } else { REFUSED };
            }
            all
        }
    };
}

vectors! {
    /// Integers in units of the last of so many decimals. Whether they fit is seen in the product.
    fn integers(lanes, values: i64, unit: i64, (low, high)) = whole(values, unit)
}
vectors! {
    /// Decimals that have just the places.
    fn decimals(lanes, values: i128, (low, high)) = narrow(values, 1)
}
vectors! {
    /// Decimals that have fewer places.
    fn lengthened(lanes, values: i128, ten: i64, (low, high)) = narrow(values, ten)
}
vectors! {
    /// Floats that are decimals of so many places.
    ///
    /// The quotient is correctly rounded, so it is the float again only if the decimal means this float; and of at most
    /// fifteen digits just one decimal does.
    fn floats(lanes, values: f64, unit: f64, (low, high)) = {
        let units = nearest(values * unit);
        let same = units.abs() <= FLOAT_DIGITS && units / unit == values;
        if same { units } else { REFUSED }
    }
}

#[inline(always)]
#[expect(clippy::cast_precision_loss, reason = "what is lost is refused by its size")]
fn whole(value: i64, unit: i64) -> f64 {
    let (value, unit) = (value as f64, unit as f64);
    // a factor that had to be rounded is 2^53 at least, and so is the product then
    let product = value * unit;
    if product.abs() < LIMIT { product } else { REFUSED }
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low word; that the high one only has its sign is looked at")]
fn narrow(value: i128, unit: i64) -> f64 {
    let low = value as i64;
    if i128::from(low) == value { whole(low, unit) } else { REFUSED }
}

/// Facts that are no numbers, where the chunk holds them as such.
fn others(
    lanes: &mut [f64],
    load: &OtherLoad<Float>,
    (program, input): (&Program<Float>, &Input),
    chunk: &Chunk,
    places: Range<usize>,
) -> Asks {
    match (chunk, &input.kind) {
        _ if input.answer.is_some() || input.sheet.is_some() => Asks::All,
        (Chunk::Truths(array), Kind::Truth) => {
            for (lane, place) in lanes.iter_mut().zip(places) {
                *lane = f64::from(u8::from(array.value(place)));
            }
            Asks::None
        }
        (Chunk::Dates(array), Kind::Date) => {
            let Some(values) = array.values().get(places) else { return Asks::All };
            let mut all = true;
            for (lane, value) in lanes.iter_mut().zip(values) {
                let day = crate::date::Date::from_unix_days(*value);
                all &= day.is_some();
                *lane = day.map_or(REFUSED, |day| f64::from(day.to_unix_days()));
            }
            if all { Asks::None } else { Asks::Refused }
        }
        (Chunk::Texts(texts), kind) => {
            let number = |text: &str| match kind {
                Kind::Choice(list) => list.position(text.trim()).map(f64::from),
                Kind::Text if load.text => numbered(program, load, text),
                _ => None,
            };
            words(lanes, texts, places, |text| match text {
                // an empty text is no text
                Some(text) if !text.is_empty() => number(text).unwrap_or(REFUSED),
                _ => REFUSED,
            })
        }
        _ => Asks::All,
    }
}

/// The number of a text among the words of the program.
fn numbered(program: &Program<Float>, load: &OtherLoad<Float>, text: &str) -> Option<f64> {
    load::numbered::<Float>(program, load, text).ok().map(|value| value.0)
}

fn words(lanes: &mut [f64], texts: &Texts, places: Range<usize>, number: impl Fn(Option<&str>) -> f64) -> Asks {
    let mut all = true;
    let known = texts.words().filter(|(words, _)| words.len() <= WORDS);
    if let Some((words, numbers)) = known {
        let table: Vec<f64> = (0..words.len()).map(|at| number(words.get(at))).collect();
        let Some(numbers) = numbers.get(places) else { return Asks::All };
        for (lane, word) in lanes.iter_mut().zip(numbers) {
            *lane = table.get(*word as usize).copied().unwrap_or(REFUSED);
            all &= !lane.is_nan();
        }
    } else {
        for (lane, place) in lanes.iter_mut().zip(places) {
            *lane = number(texts.get(place));
            all &= !lane.is_nan();
        }
    }
    if all { Asks::None } else { Asks::Refused }
}
