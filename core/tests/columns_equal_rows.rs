//! Columns give the figures of rows: random schemes over random tables in random Arrow forms, cut into random pieces, on
//! one thread and on several; to the last sign.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "a test"
)]

#[path = "program/chance.rs"]
mod chance;
#[path = "program/schemes.rs"]
mod schemes;
#[path = "program/told.rs"]
mod told;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal64Array, Decimal128Array, DictionaryArray, Float64Array,
    Int32Array, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray,
};
use chance::Chance;
use kaohe::date::Date;
use kaohe::{Cell, Data, Figure, Options, Run, Scheme, Table};
use rust_decimal::Decimal;
use told::told;

/// A column as Arrow has it, and as cells.
struct Column {
    array: ArrayRef,
    cells: Vec<Cell>,
}

/// Numbers as people's facts are, with ties, noughts, long ones and huge ones among them where `odd`.
fn units(chance: &mut Chance, places: u32, odd: bool) -> i128 {
    if odd && chance.percent(4) {
        return match chance.below(6) {
            0 => i128::from(i64::MAX) - i128::from(chance.below(3) as u64),
            1 => 10_i128.pow(20) + i128::from(chance.below(9) as u64),
            2 => -i128::from(chance.between(0, 1_000_000)),
            3 => 9_007_199_254_740_992 + i128::from(chance.between(-2, 2)),
            4 => i128::from(chance.between(0, 9_999_999_999_999_999)),
            _ => 1,
        };
    }
    let one = 10_i128.pow(places);
    match chance.below(12) {
        0 => 0,
        1 => i128::from(chance.between(1, 8)) * one / 4,
        2 => i128::from(chance.between(1, 100)) * one,
        _ => i128::from(chance.between(1, 30_000)),
    }
}

fn numbers(chance: &mut Chance, declaration: &str, rows: usize, odd: bool) -> Column {
    let places = if declaration.contains("whole") { 0 } else { chance.below(4) as u32 };
    let nulls = declaration.contains("missing") || odd;
    let absent = |chance: &mut Chance| nulls && chance.percent(8);
    match chance.below(5) {
        // now and then of more places than anything has
        0 | 1 => {
            let scale = if odd && chance.percent(10) { 14 } else { places };
            let values: Vec<Option<i128>> =
                (0..rows).map(|_| (!absent(chance)).then(|| units(chance, scale, odd))).collect();
            let cells = values.iter().map(|value| match value {
                Some(value) => match Decimal::try_from_i128_with_scale(*value, scale) {
                    Ok(decimal) => Cell::Decimal(decimal),
                    Err(_) => panic!("a decimal of less than 28 digits"),
                },
                None => Cell::Missing,
            });
            let cells = cells.collect();
            let short: Option<Vec<Option<i64>>> =
                values.iter().map(|value| value.map(i64::try_from).transpose().ok()).collect();
            let array: ArrayRef = match short.filter(|_| chance.percent(30)) {
                Some(short) => Arc::new(Decimal64Array::from(short).with_precision_and_scale(18, scale as i8).unwrap()),
                None => Arc::new(Decimal128Array::from(values).with_precision_and_scale(38, scale as i8).unwrap()),
            };
            Column { array, cells }
        }
        2 => {
            let small = |chance: &mut Chance| i64::try_from(units(chance, 0, odd)).unwrap_or(7);
            let values: Vec<Option<i64>> = (0..rows).map(|_| (!absent(chance)).then(|| small(chance))).collect();
            let cells = values.iter().map(|value| value.map_or(Cell::Missing, Cell::Integer)).collect();
            let narrow: Option<Vec<Option<i32>>> =
                values.iter().map(|value| value.map(i32::try_from).transpose().ok()).collect();
            let array: ArrayRef = match narrow.filter(|_| chance.percent(30)) {
                Some(narrow) => Arc::new(Int32Array::from(narrow)),
                None => Arc::new(Int64Array::from(values)),
            };
            Column { array, cells }
        }
        3 => {
            let float = |chance: &mut Chance| match chance.below(if odd { 40 } else { 1 }) {
                1 => f64::NAN,
                2 => f64::INFINITY,
                3 => 1.0 / 3.0,
                4 => 1e17,
                5 => -0.0,
                6 => 5e-324,
                7 => 0.1 + 0.2,
                _ => Decimal::from_i128_with_scale(units(chance, places, false), places).to_string().parse().unwrap(),
            };
            let values: Vec<Option<f64>> = (0..rows).map(|_| (!absent(chance)).then(|| float(chance))).collect();
            let cells = values.iter().map(|value| value.map_or(Cell::Missing, Cell::Float)).collect();
            Column { array: Arc::new(Float64Array::from(values)), cells }
        }
        _ => {
            let text = |chance: &mut Chance| match chance.below(if odd { 20 } else { 1 }) {
                1 => "x".to_owned(),
                2 => String::new(),
                3 => " 5 ".to_owned(),
                _ => Decimal::from_i128_with_scale(units(chance, places, false), places).to_string(),
            };
            let values: Vec<Option<String>> = (0..rows).map(|_| (!absent(chance)).then(|| text(chance))).collect();
            texts(chance, values)
        }
    }
}

fn texts(chance: &mut Chance, values: Vec<Option<String>>) -> Column {
    let cells = values.iter().map(|value| value.clone().map_or(Cell::Missing, Cell::from)).collect();
    let each = values.iter().map(Option::as_deref);
    let array: ArrayRef = match chance.below(4) {
        0 => Arc::new(each.collect::<LargeStringArray>()),
        1 => Arc::new(each.collect::<StringViewArray>()),
        2 => Arc::new(each.collect::<DictionaryArray<Int32Type>>()),
        _ => Arc::new(each.collect::<StringArray>()),
    };
    Column { array, cells }
}

fn column(chance: &mut Chance, declaration: &str, rows: usize, odd: bool) -> Column {
    if declaration.contains("number") {
        return numbers(chance, declaration, rows, odd);
    }
    let absent = |chance: &mut Chance| odd && chance.percent(5);
    if declaration.contains("bool") {
        let values: Vec<Option<bool>> = (0..rows).map(|_| (!absent(chance)).then(|| chance.percent(30))).collect();
        let cells = values.iter().map(|value| value.map_or(Cell::Missing, Cell::Truth)).collect();
        return Column { array: Arc::new(BooleanArray::from(values)), cells };
    }
    if declaration.contains("date") {
        let first = Date::new(2026, 1, 1).unwrap().to_unix_days();
        let day = |chance: &mut Chance| first + chance.between(0, 700) as i32;
        let values: Vec<Option<i32>> = (0..rows).map(|_| (!absent(chance)).then(|| day(chance))).collect();
        let cells =
            values.iter().map(|day| day.map_or(Cell::Missing, |day| Cell::Date(Date::from_unix_days(day).unwrap())));
        let cells = cells.collect();
        return Column { array: Arc::new(Date32Array::from(values)), cells };
    }
    let words: &[&str] = if declaration.contains("choice") { &["甲", "乙", "丙"] } else { &["东", "西", "南"] };
    let word = |chance: &mut Chance| match odd && chance.percent(5) {
        true => chance.pick(&["?", "", " 甲 "]).to_owned(),
        false => chance.pick(words).to_owned(),
    };
    let values = (0..rows).map(|_| (!absent(chance)).then(|| word(chance))).collect();
    texts(chance, values)
}

/// What an Arrow column says of a row, as far as Arrow can say it.
fn arrow_told(array: &ArrayRef, row: usize) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        arrow_schema::DataType::Decimal128(..) => {
            let numbers = array.as_primitive::<Decimal128Type>();
            let value = Decimal::from_i128_with_scale(numbers.value(row), numbers.scale() as u32);
            value.normalize().to_string()
        }
        arrow_schema::DataType::Boolean => array.as_boolean().value(row).to_string(),
        arrow_schema::DataType::Date32 => {
            Date::from_unix_days(array.as_primitive::<Date32Type>().value(row)).unwrap().to_string()
        }
        arrow_schema::DataType::Dictionary(..) => {
            let words = array.as_dictionary::<Int32Type>();
            words.values().as_string::<i32>().value(words.keys().value(row) as usize).to_owned()
        }
        _ => array.as_string::<i32>().value(row).to_owned(),
    })
}

fn check(run: &Run, scheme: &Scheme, rows: &[Vec<Cell>], seed: u64, text: &str) {
    let batch = run.record_batch();
    let columns: Vec<_> = run.columns().collect();
    let mut incomplete = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        let outcome = scheme.score_cells(cells);
        for (at, ((name, wanted), (_, found))) in outcome.figures().zip(&columns).enumerate() {
            let found = found.get(row).unwrap();
            assert_eq!(told(&found), told(&wanted), "`{name}`, seed {seed}, row {row}\n{text}\n{cells:?}");
            let shown = match &wanted {
                Figure::Missing | Figure::Empty(_) => None,
                Figure::Number { value, .. } => Some(value.normalize().to_string()),
                other => Some(other.to_string()),
            };
            assert_eq!(arrow_told(batch.column(at), row), shown, "`{name}`, seed {seed}, row {row}");
        }
        if !outcome.is_complete() {
            incomplete.push(row);
        }
    }
    assert_eq!(run.incomplete(), incomplete, "seed {seed}\n{text}");
}

/// How many random schemes are tried; `SCHEMES` asks for more than the ordinary run has time for.
fn schemes() -> u64 {
    let long = if std::env::var_os("KAOHE_LONG").is_some() { 20_000 } else { 500 };
    std::env::var("SCHEMES").ok().and_then(|count| count.parse().ok()).unwrap_or(long)
}

#[test]
fn columns_give_the_figures_of_rows() {
    let (mut parsed, mut compared) = (0_u64, 0_usize);
    for seed in 0..schemes() {
        let chance = &mut Chance(seed ^ 0xC0_1043);
        let random = schemes::scheme(chance, true);
        let Ok(scheme) = Scheme::parse(&random.text) else { continue };
        parsed += 1;
        let odd = chance.percent(60);
        // mostly few rows, some of them too few for blocks; sometimes more than a block has
        let count = if seed % 50 == 0 { 1500 } else { chance.between(26, 60) as usize };
        let ids = (0..count).map(|row| format!("p{row:05}"));
        let ids = Column {
            array: Arc::new(StringArray::from_iter_values(ids.clone())),
            cells: ids.map(Cell::from).collect(),
        };
        let columns: Vec<Column> =
            random.inputs.iter().map(|(_, declaration)| column(chance, declaration, count, odd)).collect();
        let names = std::iter::once("id").chain(random.inputs.iter().map(|(name, _)| &**name));
        let all: Vec<&Column> = std::iter::once(&ids).chain(&columns).collect();
        let batch = RecordBatch::try_from_iter_with_nullable(
            names.zip(&all).map(|(name, column)| (name, Arc::clone(&column.array), true)),
        )
        .unwrap();
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < count {
            let size = (chance.below(count.min(700)) + 1).min(count - at);
            pieces.push(batch.slice(at, size));
            at += size;
        }
        let table = Table::of_batches(&batch.schema(), pieces);
        let threads = if seed % 50 == 0 { 3 } else { 1 };
        let run = scheme.score(Data::of(table.clone()), Options::threads(threads)).unwrap();
        let rows: Vec<Vec<Cell>> =
            (0..count).map(|row| all.iter().map(|column| column.cells[row].clone()).collect()).collect();
        check(&run, &scheme, &rows, seed, &random.text);
        compared += count * run.shown().len();
        // each column by itself is another program, of which more is answered in blocks
        for (at, id) in scheme.plan().shown.iter().enumerate() {
            let name = &*scheme.plan().column(*id).name;
            let options = Options::threads(threads).with_columns([name]);
            let alone = scheme.score(Data::of(table.clone()), options).unwrap();
            for row in 0..count {
                let [found, all] = [alone.figures(0), run.figures(at)].map(|figures| told(&figures.get(row).unwrap()));
                assert_eq!(found, all, "`{name}` alone, seed {seed}, row {row}\n{}", random.text);
            }
        }
    }
    println!("{parsed} schemes, {compared} figures");
    assert!(parsed * 10 >= schemes() * 9, "most random schemes are schemes: {parsed}");
}
