//! The workload of the benches as Arrow columns: every total and tier is the reference's.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use kaohe::{Data, Figure, Options, Scheme, Table};
use kaohe_benches::{Answer, COLUMNS, Person, SCHEME, SCHEME_UNROUNDED, TIERS, edge, natural, rounded, unrounded};
use rust_decimal::Decimal;

#[derive(Clone, Copy)]
enum Form {
    Decimals,
    Floats,
}

fn table(people: &[Person], form: Form) -> Table {
    let text =
        |of: &dyn Fn(usize) -> String| Arc::new(StringArray::from_iter_values((0..people.len()).map(of))) as ArrayRef;
    let mut columns = vec![("id", text(&|at| at.to_string())), ("branch", text(&|at| people[at].branch.to_string()))];
    for (at, (name, places)) in COLUMNS.iter().enumerate() {
        let units = people.iter().map(|person| person.numbers()[at]);
        let column: ArrayRef = match (places, form) {
            (0, _) => Arc::new(Int64Array::from_iter_values(units)),
            (places, Form::Decimals) => {
                let scale = i8::try_from(*places).unwrap();
                let array = Decimal128Array::from_iter_values(units.map(i128::from));
                Arc::new(array.with_precision_and_scale(20, scale).unwrap())
            }
            (places, Form::Floats) => {
                let text = units.map(|units| Decimal::new(units, *places).to_string().parse::<f64>().unwrap());
                Arc::new(Float64Array::from_iter_values(text))
            }
        };
        columns.push((name, column));
    }
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    // in pieces, so that chunks and blocks do not end together
    let pieces: Vec<RecordBatch> =
        (0..batch.num_rows()).step_by(777).map(|at| batch.slice(at, 777.min(batch.num_rows() - at))).collect();
    Table::of_batches(&batch.schema(), pieces)
}

fn check(scheme: &str, people: &[Person], reference: fn(&Person) -> Answer, form: Form, threads: usize) {
    let scheme = Scheme::parse(scheme).unwrap();
    let run = scheme.score(Data::of(table(people, form)), Options::threads(threads)).unwrap();
    let plan = scheme.plan();
    let place = |name: &str| plan.shown.iter().position(|id| &*plan.column(*id).name == name).unwrap();
    let (totals, tiers) = (run.figures(place("total")), run.figures(place("tier")));
    assert_eq!(totals.len(), people.len());
    for (row, person) in people.iter().enumerate() {
        let answer = reference(person);
        let total = Figure::Number { value: Decimal::new(answer.total, 2), shown_rounded: false };
        assert_eq!(totals.get(row), Some(total), "{person:?}");
        assert_eq!(tiers.get(row), Some(Figure::Text(TIERS[answer.tier].into())), "{person:?}");
    }
    assert!(run.is_complete());
    // without the rates beside them, which have endless decimals, these are answered in blocks, too
    let options = Options::threads(threads).with_columns(["total", "tier"]);
    let two = scheme.score(Data::of(table(people, form)), options).unwrap();
    assert!(two.figures(0).iter().eq(totals.iter()) && two.figures(1).iter().eq(tiers.iter()));
}

#[test]
fn columns_of_people_come_to_what_they_must() {
    let count = if cfg!(debug_assertions) { 5000 } else { 100_000 };
    for (people, seed) in [(natural(count, 1), 1), (edge(count, 2), 2)] {
        for (form, threads) in [(Form::Decimals, 1), (Form::Floats, 2)] {
            check(SCHEME, &people, rounded, form, threads);
            check(SCHEME_UNROUNDED, &people, unrounded, form, threads + seed);
        }
    }
}
