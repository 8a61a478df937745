//! The keys of people: each has one, and nobody has that of another.

use std::collections::{HashMap, HashSet};

use arrow_array::Array;
use kaohe_grammar::{Message, say};

use super::read::listed;
use super::table::People;
use crate::code::Code;
use crate::column::{Chunk, Column};
use crate::error::DataError;
use crate::eval::detail::key_text;
use crate::eval::input;
use crate::plan::{Input, Plan};
use crate::value::{Kind, Value};

/// The input that names rows, with its number.
fn key(plan: &Plan) -> Option<(usize, &Input)> {
    plan.inputs.iter().enumerate().find(|(_, input)| input.key)
}

/// Holds people to keys of their own.
///
/// # Errors
///
/// [`DataError`] naming every row without a key, or every key that is there twice.
pub(super) fn unique(plan: &Plan, people: &People) -> Result<(), DataError> {
    let Some((at, key)) = key(plan) else { return Ok(()) };
    let own =
        |column: &Column| are_texts_of_their_own(column, people.rows) || are_numbers_of_their_own(column, people.rows);
    if key.kind == Kind::Text && people.columns().get(at).is_some_and(own) {
        return Ok(());
    }
    let name = &key.name;
    let mut rows: HashMap<String, usize> = HashMap::with_capacity(people.rows);
    let (mut absent, mut twice) = (Vec::new(), Vec::new());
    for (row, cell) in people.column(at).enumerate() {
        let text = match input::read(key, &cell) {
            Ok(value) => written(&value, &key.kind),
            Err(_) => None,
        };
        let Some(text) = text else {
            absent.push(people.line(row).to_string());
            continue;
        };
        if let Some(first) = rows.get(&text) {
            twice.push((text, people.line(*first), people.line(row)));
        } else {
            rows.insert(text, row);
        }
    }
    if !absent.is_empty() {
        let Message { en, zh } = listed(&absent);
        return Err(DataError {
            code: Code::KeyMissing,
            message: say!("rows without a usable `{name}`: {en}", "以下行的 `{name}` 缺失或无法使用：{zh}"),
            help: Some(say!("every row needs a key of its own; text is safest", "每一行都要有自己的键；用文本最稳妥")),
            offenders: absent,
        });
    }
    if twice.is_empty() {
        return Ok(());
    }
    let quoted: Vec<String> = twice.iter().map(|(key, a, b)| format!("`{key}` ({a}, {b})")).collect();
    let Message { en, zh } = listed(&quoted);
    let mut offenders: Vec<String> = twice.into_iter().map(|(key, ..)| key).collect();
    let mut seen = HashSet::new();
    offenders.retain(|key| seen.insert(key.clone()));
    Err(DataError {
        code: Code::KeyTwice,
        message: say!("more than one row has the same `{name}`: {en}", "`{name}` 重复：{zh}"),
        help: Some(say!("keep one row for each person", "每人只留一行")),
        offenders,
    })
}

/// Whether each row has a text that no other has, where that is seen without copying any.
fn are_texts_of_their_own(column: &Column, rows: usize) -> bool {
    // keys mostly come in order, as texts or as numbers of which the longer is the larger
    let (mut by_text, mut by_length) = (true, true);
    let mut last: Option<&str> = None;
    for text in column.texts(rows) {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return false };
        if let Some(last) = last {
            let rises = last < text;
            by_text &= rises;
            by_length &= last.len() < text.len() || (last.len() == text.len() && rises);
        }
        last = Some(text);
        if !by_text && !by_length {
            break;
        }
    }
    if by_text || by_length {
        return true;
    }
    let mut seen: HashSet<&str, ahash::RandomState> =
        HashSet::with_capacity_and_hasher(rows, ahash::RandomState::new());
    column.texts(rows).all(|text| text.is_some_and(|text| !text.is_empty() && seen.insert(text)))
}

/// Whether each row has a whole number that no other has, where they are held as such.
fn are_numbers_of_their_own(column: &Column, rows: usize) -> bool {
    let mut all: Vec<&[i64]> = Vec::new();
    for (chunk, places, _) in column.parts(0..rows) {
        match chunk {
            Chunk::Integers(array) if array.null_count() == 0 => all.extend(array.values().get(places)),
            _ => return false,
        }
    }
    let numbers = || all.iter().flat_map(|numbers| numbers.iter().copied());
    if numbers().is_sorted_by(|a, b| a < b) {
        return true;
    }
    let mut seen: HashSet<i64, ahash::RandomState> = HashSet::with_capacity_and_hasher(rows, ahash::RandomState::new());
    numbers().all(|number| seen.insert(number))
}

/// Keys that came before, each as a number of 64 bits made of it.
///
/// They are held in parts, so that what holds them never grows by more than a little at once.
#[derive(Debug)]
pub(super) struct Seen {
    parts: [HashSet<u64, ahash::RandomState>; PARTS],
}

/// How many parts: a power of two.
const PARTS: usize = 64;

impl Default for Seen {
    fn default() -> Self {
        Self { parts: std::array::from_fn(|_| HashSet::default()) }
    }
}

impl Seen {
    /// Adds a key by its number; whether it is new.
    fn insert(&mut self, number: u64) -> bool {
        let part = usize::try_from(number >> (u64::BITS - PARTS.trailing_zeros())).unwrap_or(0);
        self.parts.get_mut(part).is_none_or(|part| part.insert(number))
    }

    /// Adds the keys of these people, whose own are known to differ.
    ///
    /// # Errors
    ///
    /// [`DataError`] naming every key that came before.
    pub(super) fn add(&mut self, plan: &Plan, people: &People) -> Result<(), DataError> {
        let Some((at, key)) = key(plan) else { return Ok(()) };
        let number = ahash::RandomState::with_seeds(1, 2, 3, 4);
        let texts = people.columns().get(at).filter(|_| key.kind == Kind::Text);
        let mut twice = Vec::new();
        for row in 0..people.rows {
            let text = texts.and_then(|column| column.text(row));
            let is_new = match text {
                Some(text) => self.insert(number.hash_one(text)),
                None => of_row(plan, people, row).is_none_or(|text| self.insert(number.hash_one(text.as_str()))),
            };
            if !is_new && let Some(text) = text.map(str::to_owned).or_else(|| of_row(plan, people, row)) {
                twice.push(text);
            }
        }
        if twice.is_empty() {
            return Ok(());
        }
        let quoted: Vec<String> = twice.iter().map(|text| format!("`{text}`")).collect();
        let (Message { en, zh }, name) = (listed(&quoted), &key.name);
        Err(DataError {
            code: Code::KeyTwice,
            message: say!(
                "more than one row of the stream has the same `{name}`: {en}",
                "数据流中 `{name}` 重复：{zh}"
            ),
            help: Some(say!("keep one row for each person", "每人只留一行")),
            offenders: twice,
        })
    }
}

/// The row of each key.
pub(super) fn rows_by_key(plan: &Plan, people: &People) -> HashMap<String, usize> {
    let Some((at, key)) = key(plan) else { return HashMap::new() };
    let text = |cell| written(&input::read(key, &cell).ok()?, &key.kind);
    people.column(at).enumerate().filter_map(|(row, cell)| Some((text(cell)?, row))).collect()
}

/// The key of a row as text; nothing where rows have none.
pub(super) fn of_row(plan: &Plan, people: &People, row: usize) -> Option<String> {
    let (at, key) = key(plan)?;
    let cell = people.columns().get(at)?.cell(row);
    written(&input::read(key, &cell).ok()?, &key.kind)
}

/// A key as text; nothing when it is missing.
pub(super) fn written(value: &Value, kind: &Kind) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::Date(date) => Some(date.to_string()),
        Value::Truth(truth) => Some(truth.to_string()),
        value => key_text(value, kind).map(|text| text.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Cell;
    use crate::row::Row;
    use crate::run::{Data, Options, Stop, Table};
    use crate::scheme::Scheme;

    #[test]
    fn a_key_that_is_there_twice_is_refused_on_any_number_of_threads() {
        let scheme = Scheme::parse(
            "
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, a: { type: number } }
details: { d: { key: k, columns: { x: { type: number } } } }
computed: { b: a / 2 + sum(d.x) }
",
        )
        .unwrap();
        // more of them than one thread takes for itself
        let row = |at: usize| Row::new().with("k", format!("p{}", if at == 2_900 { 17 } else { at })).with("a", 1);
        let people = Table::of_rows((0..3_000).map(row).collect());
        let stray = Table::of_rows(vec![Row::new().with("k", "nobody").with("x", 1)]);
        for details in [Table::of_columns(vec![("k", Vec::<Cell>::new()), ("x", Vec::new())]), stray] {
            let told = [1, 2, 4].map(|threads| {
                let data = Data::of(people.clone()).detail("d", details.clone());
                match scheme.score(data, Options::threads(threads)) {
                    Err(Stop::Data(error)) => (error.code, error.message.en, error.offenders),
                    other => panic!("{other:?}"),
                }
            });
            assert_eq!(told[0].0, Code::KeyTwice);
            assert!(told.iter().all(|each| *each == told[0]), "{told:?}");
        }
    }
}
