//! Rows a second of whole tables, from Arrow columns to the columns of totals and tiers, one thread unless said.
//!
//! Every total and tier is checked first, of natural people and of those half a cent below a threshold; then the ways take
//! turns, and the median of their rounds counts. `KAOHE_ROWS` says how many people; a million when it does not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench that goes wrong should stop")]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Decimal128Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use kaohe::{Data, Figure, Options, Run, Scheme, Table};
use kaohe_benches::{Answer, COLUMNS, Person, SCHEME, SCHEME_UNROUNDED, TIERS, edge, natural, rounded, unrounded};
use rust_decimal::Decimal;

/// Rounds of each way.
const ROUNDS: usize = 9;

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Decimals,
    Floats,
    Integers,
}

/// What a scheme of whole numbers has in place of the places: cents and tenths as they are.
fn in_units(scheme: &str) -> String {
    scheme
        .replace("places: 2", "places: 0")
        .replace("places: 1,", "places: 0,")
        .replace("max: 100 }", "max: 1000 }")
        .replace("formula: satisf ", "formula: satisf / 10 ")
}

fn batch(people: &[Person], form: Form) -> RecordBatch {
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    let branches: DictionaryArray<arrow_array::types::Int32Type> =
        people.iter().map(|person| person.branch.to_string()).collect::<Vec<_>>().iter().map(String::as_str).collect();
    let ids = StringArray::from_iter_values((0..people.len()).map(|at| format!("{at:07}")));
    columns.extend([("id", Arc::new(ids) as ArrayRef), ("branch", Arc::new(branches))]);
    for (at, (name, places)) in COLUMNS.iter().enumerate() {
        let units = people.iter().map(|person| person.numbers()[at]);
        columns.push((
            name,
            match (places, form) {
                (0, _) | (_, Form::Integers) => Arc::new(Int64Array::from_iter_values(units)) as ArrayRef,
                (_, Form::Decimals) => {
                    let array = Decimal128Array::from_iter_values(units.map(i128::from));
                    Arc::new(array.with_precision_and_scale(18, i8::try_from(*places).unwrap()).unwrap())
                }
                (_, Form::Floats) => Arc::new(Float64Array::from_iter_values(
                    units.map(|units| Decimal::new(units, *places).to_string().parse::<f64>().unwrap()),
                )),
            },
        ));
    }
    RecordBatch::try_from_iter(columns).unwrap()
}

struct Way {
    name: &'static str,
    scheme: Scheme,
    form: Form,
    columns: Option<&'static [&'static str]>,
    threads: usize,
    reference: fn(&Person) -> Answer,
    edge: bool,
}

impl Way {
    fn run(&self, batch: &RecordBatch) -> Run {
        let options = Options::threads(self.threads);
        let options = match self.columns {
            Some(columns) => options.with_columns(columns.iter().copied()),
            None => options,
        };
        self.scheme.score(Data::of(Table::of_batches(&batch.schema(), [batch.clone()])), options).unwrap()
    }

    fn check(&self, people: &[Person]) {
        let run = self.run(&batch(people, self.form));
        let column = |name: &str| run.columns().find(|(each, _)| *each == name).map(|(_, figures)| figures).unwrap();
        let (totals, tiers) = (column("total"), column("tier"));
        for (row, person) in people.iter().enumerate() {
            let wanted = (self.reference)(person);
            let total = Figure::Number { value: Decimal::new(wanted.total, 2), shown_rounded: false };
            assert_eq!(totals.get(row).unwrap(), total, "{}: {person:?}", self.name);
            assert_eq!(tiers.get(row).unwrap(), Figure::Text(TIERS[wanted.tier].into()), "{}: {person:?}", self.name);
        }
    }
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--test");
    let rows = std::env::var("KAOHE_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let rows = if quick { 5_000 } else { rows };
    let scheme = |text: &str| Scheme::parse(text).unwrap();
    let two: Option<&[&str]> = Some(&["total", "tier"]);
    let three: Option<&[&str]> = Some(&["total", "tier", "place"]);
    let with_rank = |text: &str| {
        scheme(&text.replace("\nscores:\n", "\n  place: rank(total desc ties min within branch)\n\nscores:\n"))
    };
    let way = |name, scheme, form, columns, reference| Way {
        name,
        scheme,
        form,
        columns,
        threads: 1,
        reference,
        edge: false,
    };
    let ways = vec![
        way("decimal128, rounded", scheme(SCHEME), Form::Decimals, two, rounded),
        way("int64, rounded", scheme(&in_units(SCHEME)), Form::Integers, two, rounded),
        way("float64, rounded", scheme(SCHEME), Form::Floats, two, rounded),
        way("decimal128, unrounded", scheme(SCHEME_UNROUNDED), Form::Decimals, two, unrounded),
        Way {
            edge: true,
            ..way("decimal128, unrounded, edge", scheme(SCHEME_UNROUNDED), Form::Decimals, two, unrounded)
        },
        way("decimal128, rounded, all columns", scheme(SCHEME), Form::Decimals, None, rounded),
        Way { threads: 2, ..way("decimal128, rounded, two threads", scheme(SCHEME), Form::Decimals, two, rounded) },
        way("decimal128, rounded, rank in branch", with_rank(SCHEME), Form::Decimals, three, rounded),
    ];
    let only: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let ways: Vec<Way> = ways.into_iter().filter(|way| only.iter().all(|word| way.name.contains(word))).collect();
    let (some, edges) = (natural(rows.min(200_000), 7), edge(rows.min(100_000), 8));
    for way in &ways {
        way.check(&some);
        way.check(&edges);
    }
    let people = natural(rows, 9);
    let edges = edge(rows.min(100_000), 10);
    let batches: Vec<RecordBatch> =
        ways.iter().map(|way| batch(if way.edge { &edges } else { &people }, way.form)).collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); ways.len()];
    for _ in 0..if quick { 1 } else { ROUNDS } {
        for ((way, batch), times) in ways.iter().zip(&batches).zip(&mut times) {
            let start = Instant::now();
            let run = std::hint::black_box(way.run(batch));
            #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
            times.push(start.elapsed().as_secs_f64() * 1e9 / run.rows() as f64);
        }
    }
    println!("{:<45} {:>10} {:>10} {:>10}", "from columns to columns", "ns a row", "M rows/s", "best ns");
    for (way, times) in ways.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        println!("{:<45} {median:>10.1} {:>10.1} {:>10.1}", way.name, 1e3 / median, times[0]);
    }
}
