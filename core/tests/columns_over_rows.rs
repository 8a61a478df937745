//! Figures over detail rows, computed for all people at once, are those of the exact evaluator: random schemes over random
//! tables in Arrow form, whole and in part, on one thread and on several.
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
#[path = "program/told.rs"]
mod told;

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array, RecordBatch,
    StringArray,
};
use chance::Chance;
use kaohe::{Data, Options, Run, Scheme, Table};
use told::told;

/// What is read of a detail row, as numbers.
const NUMBERS: [&str; 8] = ["d.x", "d.y", "d.z", "d.twice", "d.paid", "coalesce(d.o, 3)", "d.x - d.z", "d.y * 2"];
/// Which detail rows count.
const FILTERS: [&str; 8] = [
    "d.ok",
    "d.kind = “甲”",
    "d.kind <> “乙” and d.x > 3",
    "d.note = “one”",
    "d.day >= 2026-03-01",
    "not is_missing(d.o)",
    "d.kind = own",
    "d.x >= b",
];

fn figure(chance: &mut Chance) -> String {
    let filter = if chance.percent(50) { format!(" where {}", chance.pick(&FILTERS)) } else { String::new() };
    let number = chance.pick(&NUMBERS).to_owned();
    match chance.below(14) {
        0..=2 => format!("sum({number}{filter})"),
        3 => format!("count(d{filter})"),
        4 => format!("count_true(d.ok{filter})"),
        5 => format!("round(avg({number}{filter} when_empty 0), {})", chance.between(0, 4)),
        6 => format!("avg({number}{filter} when_empty a)"),
        7 => format!("min({number}{filter} when_empty 7)"),
        8 => format!("max({number}{filter} when_empty b)"),
        9 => format!("median({number}{filter} when_empty 1.5)"),
        10 => format!("last({number} by d.day{filter} when_empty 2)"),
        11 => format!("coalesce(last(d.o by d.x{filter} when_empty 0), 5)"),
        // of these no program knows anything
        12 => chance
            .pick(&[
                "count(d where d.x > sum(e.x))",
                "sum(d.x where d.note < “two”)",
                "count(d where contains(d.note, “n”))",
            ])
            .to_owned(),
        // over no rows it is a fault
        _ => format!("round(avg({number}{filter}), 2)"),
    }
}

fn scheme(chance: &mut Chance) -> String {
    let mut text = format!(
        "kaohe: 1
scheme: rows
inputs:
  id: {{ type: text, key: true }}
  branch: {{ type: text }}
  own: {{ type: choice, values: [甲, 乙] }}
  a: {{ type: number, places: 2 }}
  b: {{ type: number, whole: true, min: 0 }}
parameters:
  rate: {{ by: [kind], values: {{ 甲: 1.25, 乙: 0.5, 丙: 2 }} }}
given:
  much: {{ type: number, places: 1, missing: 2.5 }}
details:
  d:
    key: id
    columns:
      x: {{ type: number, places: 2 }}
      y: {{ type: number, whole: true{} }}
      z: {{ type: number }}
      o: {{ type: number, places: 1, missing: allow }}
      kind: {{ type: choice, values: [甲, 乙, 丙] }}
      day: {{ type: date }}
      ok: {{ type: bool }}
      note: {{ type: text, missing: allow }}
    computed:
      twice: x * 2 + {}
      paid: x * rate[kind] + much
  e: {{ key: id, columns: {{ x: {{ type: number, places: 2 }} }} }}
computed:
",
        chance.pick(&["", ", min: 0", ", max: 40"]),
        chance.pick(&["z", "a", "y * 3"]),
    );
    let mut names = Vec::new();
    for at in 0..chance.between(1, 5) {
        let formula = match chance.below(11) {
            0 => format!("({}) + ({})", figure(chance), figure(chance)),
            3 => format!("if branch < “西” then {} else a", figure(chance)),
            1 => format!("ratio({}, sum(e.x) + 1, 0)", figure(chance)),
            2 => format!("if sum(e.x) > 9 then {} else b", figure(chance)),
            _ => figure(chance),
        };
        let round = if chance.percent(60) { "\n    round: 2" } else { "" };
        text.push_str(&format!("  f{at}:\n    formula: \"{formula}\"{round}\n"));
        names.push(format!("f{at}"));
    }
    if chance.percent(60) {
        let of = names[chance.below(names.len())].clone();
        text.push_str(&format!(
            "  place: \"rank({of} desc ties min within branch)\"\n  beside: \"place * 2 + {of}\"\n"
        ));
        text.push_str("  most:\n    formula: \"max(a, beside)\"\n    round: 1\n");
        text.push_str("  last: \"rank(most asc ties average)\"\n");
    }
    text
}

fn numbers(chance: &mut Chance, places: i8, rows: usize, odd: usize, most: i64) -> ArrayRef {
    let ten = 10_i64.pow(u32::from(places.unsigned_abs()));
    let units = |chance: &mut Chance| match chance.percent(odd) {
        true => [i64::MAX, 9_007_199_254_740_993, -5, 0, 4_503_599_627_370_497][chance.below(5)],
        false => chance.between(0, most) * if chance.percent(70) { ten } else { 1 },
    };
    let absent = |chance: &mut Chance| odd > 0 && chance.percent(2);
    match chance.below(3) {
        0 => {
            let values: Vec<Option<i64>> = (0..rows).map(|_| (!absent(chance)).then(|| units(chance) / ten)).collect();
            Arc::new(Int64Array::from(values))
        }
        1 => {
            let values: Vec<Option<i128>> =
                (0..rows).map(|_| (!absent(chance)).then(|| units(chance).into())).collect();
            Arc::new(Decimal128Array::from(values).with_precision_and_scale(38, places).unwrap())
        }
        _ => {
            let float = |chance: &mut Chance| {
                chance.between(0, most) as f64 + if odd > 0 && chance.percent(3) { 0.1 + 0.2 } else { 0.5 }
            };
            let values: Vec<Option<f64>> = (0..rows)
                .map(|_| {
                    (!absent(chance)).then(|| if places == 0 { chance.between(0, most) as f64 } else { float(chance) })
                })
                .collect();
            Arc::new(Float64Array::from(values))
        }
    }
}

fn words(chance: &mut Chance, of: &[&str], rows: usize, odd: usize) -> ArrayRef {
    let word = |chance: &mut Chance| match chance.percent(odd) {
        true => [None, Some("?"), Some(""), Some(" 甲 ")][chance.below(4)].map(str::to_owned),
        false => Some(chance.pick(of).to_owned()),
    };
    let all: Vec<Option<String>> = (0..rows).map(|_| word(chance)).collect();
    let all = all.iter().map(Option::as_deref);
    if chance.percent(50) {
        Arc::new(all.collect::<DictionaryArray<Int32Type>>())
    } else {
        Arc::new(all.collect::<StringArray>())
    }
}

/// A table in pieces.
fn table(chance: &mut Chance, columns: Vec<(&str, ArrayRef)>) -> Table {
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < batch.num_rows() {
        let size = (chance.below(batch.num_rows()) + 1).min(batch.num_rows() - at);
        pieces.push(batch.slice(at, size));
        at += size;
    }
    if pieces.is_empty() {
        pieces.push(batch.clone());
    }
    Table::of_batches(&batch.schema(), pieces)
}

fn data(chance: &mut Chance, people: usize) -> Data {
    let odd = if chance.percent(50) { 2 } else { 0 };
    let key = |at: usize| format!("p{at:05}");
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values((0..people).map(key)));
    let columns = vec![
        ("id", ids),
        ("branch", words(chance, &["东", "西", "南"], people, 0)),
        ("own", words(chance, &["甲", "乙"], people, odd)),
        ("a", numbers(chance, 2, people, odd, 30)),
        ("b", numbers(chance, 0, people, odd, 30)),
    ];
    let rows = if chance.percent(10) { 0 } else { chance.below(people * 5) + 1 };
    // often one person's after the other's, sometimes anyhow
    let mut owners: Vec<usize> = (0..rows).map(|_| chance.below(people)).collect();
    if chance.percent(60) {
        owners.sort_unstable();
    }
    let owner =
        |owners: &[usize]| -> ArrayRef { Arc::new(StringArray::from_iter_values(owners.iter().map(|at| key(*at)))) };
    let days: ArrayRef = Arc::new(Date32Array::from_iter(
        (0..rows).map(|_| (odd == 0 || !chance.percent(2)).then(|| 20_510 + chance.between(0, 14) as i32)),
    ));
    let truths: ArrayRef = Arc::new(BooleanArray::from_iter(
        (0..rows).map(|_| (odd == 0 || !chance.percent(2)).then(|| chance.percent(60))),
    ));
    let optional: Vec<Option<f64>> =
        (0..rows).map(|_| chance.percent(60).then(|| chance.between(0, 90) as f64 / 10.0)).collect();
    let d = vec![
        ("id", owner(&owners)),
        ("x", numbers(chance, 2, rows, odd, 9)),
        ("y", numbers(chance, 0, rows, odd, 9)),
        ("z", numbers(chance, 3, rows, odd, 9)),
        ("o", Arc::new(Float64Array::from(optional)) as ArrayRef),
        ("kind", words(chance, &["甲", "乙", "丙"], rows, odd)),
        ("day", days),
        ("ok", truths),
        ("note", words(chance, &["one", "two"], rows, odd)),
    ];
    let few: Vec<usize> = (0..people).filter(|_| chance.percent(40)).collect();
    let e = vec![("id", owner(&few)), ("x", numbers(chance, 2, few.len(), odd, 9))];
    Data::of(table(chance, columns)).detail("d", table(chance, d)).detail("e", table(chance, e))
}

fn check(run: &Run, seed: u64) {
    let mut incomplete = Vec::new();
    for row in 0..run.rows() {
        let outcome = run.outcome(row);
        for (at, (name, wanted)) in outcome.figures().enumerate() {
            let found = run.figures(at).get(row).unwrap();
            assert_eq!(told(&found), told(&wanted), "`{name}`, seed {seed}, row {row}\n{}", run.scheme().source());
        }
        if !outcome.is_complete() {
            incomplete.push(row);
        }
    }
    assert_eq!(run.incomplete(), incomplete, "seed {seed}\n{}", run.scheme().source());
}

/// How many random schemes are tried; `SCHEMES` asks for more than the ordinary run has time for.
fn schemes() -> u64 {
    let long = if std::env::var_os("KAOHE_LONG").is_some() { 5000 } else { 150 };
    std::env::var("SCHEMES").ok().and_then(|count| count.parse().ok()).unwrap_or(long)
}

#[test]
fn figures_over_rows_are_those_of_each_person() {
    let (mut parsed, mut compared) = (0, 0);
    for seed in 0..schemes() {
        let chance = &mut Chance(seed.wrapping_mul(0x9E37_79B9) ^ 0x00E2_0455);
        let text = scheme(chance);
        let Ok(scheme) = Scheme::parse(&text) else {
            if std::env::var_os("SHOW").is_some() {
                println!("{text}\n{:?}", Scheme::parse(&text).err());
            }
            continue;
        };
        parsed += 1;
        let people = if seed % 40 == 0 { 1300 } else { chance.between(26, 60) as usize };
        let data = data(chance, people);
        let threads = if seed % 40 == 0 { 3 } else { 1 };
        let run = scheme.score(data.clone(), Options::threads(threads)).unwrap();
        check(&run, seed);
        compared += run.rows() * run.shown().len();
        for (at, (name, figures)) in run.columns().enumerate() {
            let alone = scheme.score(data.clone(), Options::default().with_columns([name])).unwrap();
            for row in 0..run.rows() {
                let [found, all] = [alone.figures(0), figures].map(|figures| told(&figures.get(row).unwrap()));
                assert_eq!(found, all, "`{name}` ({at}) alone, seed {seed}, row {row}\n{text}");
            }
        }
    }
    println!("{parsed} schemes, {compared} figures");
    assert!(parsed * 10 >= schemes() * 8, "most random schemes are schemes: {parsed}");
}
