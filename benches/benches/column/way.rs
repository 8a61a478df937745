//! The ways a table is scored: in which form its columns come, by which scheme, for which figures.

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Decimal128Array, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use kaohe::{Data, Figure, Options, Run, Scheme, Table};
use kaohe_benches::{Answer, COLUMNS, Person, SCHEME, SCHEME_UNROUNDED, TIERS, edge, natural, rounded, unrounded};
use rust_decimal::Decimal;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
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

/// People as Arrow columns; their keys are numbered from `first`.
pub(crate) fn batch(people: &[Person], first: usize, form: Form) -> RecordBatch {
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    let branches: DictionaryArray<arrow_array::types::Int32Type> =
        people.iter().map(|person| person.branch.to_string()).collect::<Vec<_>>().iter().map(String::as_str).collect();
    let ids = StringArray::from_iter_values((first..first + people.len()).map(|at| format!("{at:07}")));
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

pub(crate) struct Way {
    pub(crate) name: &'static str,
    scheme: Scheme,
    pub(crate) form: Form,
    columns: Option<&'static [&'static str]>,
    pub(crate) threads: usize,
    reference: fn(&Person) -> Answer,
    /// Whether its people are those half a cent below a threshold.
    pub(crate) edge: bool,
}

impl Way {
    pub(crate) fn run(&self, batches: &[RecordBatch]) -> Run {
        let options = Options::threads(self.threads);
        let options = match self.columns {
            Some(columns) => options.with_columns(columns.iter().copied()),
            None => options,
        };
        let table = Table::of_batches(&batches[0].schema(), batches.iter().cloned());
        self.scheme.score(Data::of(table), options).unwrap()
    }

    /// The nanoseconds a row took in one run.
    pub(crate) fn time(&self, batches: &[RecordBatch]) -> f64 {
        let start = Instant::now();
        let run = std::hint::black_box(self.run(batches));
        #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
        let rows = run.rows() as f64;
        start.elapsed().as_secs_f64() * 1e9 / rows
    }

    /// Every total and tier of natural people and of those half a cent below a threshold.
    pub(crate) fn check(&self, rows: usize) {
        for people in [natural(rows.min(200_000), 7), edge(rows.min(100_000), 8)] {
            self.check_run(&self.run(&[batch(&people, 0, self.form)]), 0, &people);
        }
    }

    /// Every total and tier of the people in the rows from `first`.
    pub(crate) fn check_run(&self, run: &Run, first: usize, people: &[Person]) {
        let column = |name: &str| run.columns().find(|(each, _)| *each == name).map(|(_, figures)| figures).unwrap();
        let (totals, tiers) = (column("total"), column("tier"));
        for (row, person) in (first..).zip(people) {
            let wanted = (self.reference)(person);
            let total = Figure::Number { value: Decimal::new(wanted.total, 2), shown_rounded: false };
            assert_eq!(totals.get(row).unwrap(), total, "{}: {person:?}", self.name);
            assert_eq!(tiers.get(row).unwrap(), Figure::Text(TIERS[wanted.tier].into()), "{}: {person:?}", self.name);
        }
    }
}

/// All there are.
pub(crate) fn ways() -> Vec<Way> {
    let scheme = |text: &str| Scheme::parse(text).unwrap();
    let two: Option<&[&str]> = Some(&["total", "tier"]);
    let three: Option<&[&str]> = Some(&["total", "tier", "place"]);
    let searched: Option<&[&str]> = Some(&["total", "tier", "searched"]);
    let with_rank = |text: &str| {
        scheme(&text.replace("\nscores:\n", "\n  place: rank(total desc ties min within branch)\n\nscores:\n"))
    };
    let searching = scheme(&SCHEME.replace("\nscores:\n", "\n  searched: contains(branch, “1”)\n\nscores:\n"));
    let way = |name, scheme, form, columns, reference| Way {
        name,
        scheme,
        form,
        columns,
        threads: 1,
        reference,
        edge: false,
    };
    vec![
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
        way("decimal128, rounded, a text searched", searching, Form::Decimals, searched, rounded),
    ]
}
