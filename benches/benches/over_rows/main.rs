//! Figures over detail rows: a million people with three rows each, from Arrow tables to columns of figures.
//!
//! Every figure is checked first, against sums worked out here in whole numbers; then the ways take turns, and the median
//! of their rounds counts. `KAOHE_ROWS` says how many people; a million when it does not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench that goes wrong should stop")]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, RecordBatch, StringArray, types::Int32Type,
};
use kaohe::{Data, Figure, Options, Run, Scheme, Table};
use kaohe_benches::Random;
use rust_decimal::Decimal;

const SCHEME: &str = "
kaohe: 1
scheme: deposits
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
inputs:
  id: { type: text, key: true }
  target: { type: number, places: 2, above: 0 }
details:
  deposits:
    key: id
    columns:
      product: { type: choice, values: [corporate, savings, margin] }
      from: { type: date }
      until: { type: date }
      balance: { type: number, places: 2, min: 0 }
    computed:
      weighted: balance * factor[product] * days_inclusive(from, until)
parameters:
  factor: { by: [product], values: { corporate: 1, savings: 1.1, margin: 0.3 } }
computed:
  average: { formula: sum(deposits.weighted) / period_days, round: 2 }
  largest: max(deposits.balance where deposits.product = “corporate” when_empty 0)
  accounts: count(deposits)
  done: { formula: average / target, round: 4 }
";
const PRODUCTS: [&str; 3] = ["corporate", "savings", "margin"];
/// The factors in tenths.
const TENTHS: [i128; 3] = [10, 11, 3];
const FIRST_DAY: i32 = 20_635;
const DAYS: i128 = 92;
const ROUNDS: usize = 7;

struct Deposit {
    owner: usize,
    product: usize,
    from: i32,
    days: i32,
    cents: i64,
}

struct Facts {
    targets: Vec<i64>,
    deposits: Vec<Deposit>,
}

/// People with three deposits each on average; mixed, or each one's together.
fn facts(people: usize, mixed: bool) -> Facts {
    let mut random = Random::new(11);
    let mut below = |most: i64| random.integer(0, most);
    let targets = (0..people).map(|_| 100_000 + below(900_000_000)).collect();
    let count = i64::try_from(people).unwrap();
    let mut deposits: Vec<Deposit> = (0..people * 3)
        .map(|_| {
            let from = below(60);
            Deposit {
                owner: usize::try_from(below(count)).unwrap(),
                product: usize::try_from(below(3)).unwrap(),
                from: FIRST_DAY + i32::try_from(from).unwrap(),
                days: 1 + i32::try_from(below(92 - from)).unwrap(),
                cents: below(2_000_000_000),
            }
        })
        .collect();
    if !mixed {
        deposits.sort_by_key(|deposit| deposit.owner);
    }
    Facts { targets, deposits }
}

impl Facts {
    fn tables(&self) -> (RecordBatch, RecordBatch) {
        let key = |at: usize| format!("{at:07}");
        let money = |cents: Vec<i128>| -> ArrayRef {
            Arc::new(Decimal128Array::from_iter_values(cents).with_precision_and_scale(18, 2).unwrap())
        };
        let ids: ArrayRef = Arc::new(StringArray::from_iter_values((0..self.targets.len()).map(key)));
        let targets = money(self.targets.iter().map(|cents| i128::from(*cents)).collect());
        let people = RecordBatch::try_from_iter([("id", ids), ("target", targets)]).unwrap();
        let owners: ArrayRef =
            Arc::new(StringArray::from_iter_values(self.deposits.iter().map(|deposit| key(deposit.owner))));
        let products: DictionaryArray<Int32Type> = self.deposits.iter().map(|each| PRODUCTS[each.product]).collect();
        let from = Date32Array::from_iter_values(self.deposits.iter().map(|each| each.from));
        let until = Date32Array::from_iter_values(self.deposits.iter().map(|each| each.from + each.days - 1));
        let rows = RecordBatch::try_from_iter([
            ("id", owners),
            ("product", Arc::new(products) as ArrayRef),
            ("from", Arc::new(from) as ArrayRef),
            ("until", Arc::new(until) as ArrayRef),
            ("balance", money(self.deposits.iter().map(|each| i128::from(each.cents)).collect())),
        ]);
        (people, rows.unwrap())
    }

    /// For each person the weighted sum in thousandths, the largest and how many.
    fn worked_out(&self) -> Vec<(i128, i64, i64)> {
        let mut all = vec![(0_i128, 0_i64, 0_i64); self.targets.len()];
        for deposit in &self.deposits {
            let (sum, largest, count) = &mut all[deposit.owner];
            *sum += i128::from(deposit.cents) * TENTHS[deposit.product] * i128::from(deposit.days);
            if deposit.product == 0 {
                *largest = deposit.cents.max(*largest);
            }
            *count += 1;
        }
        all
    }
}

fn half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

fn check(run: &Run, facts: &Facts) {
    let column = |name: &str| run.columns().find(|(each, _)| *each == name).map(|(_, figures)| figures).unwrap();
    let [averages, largest, counts, done] = ["average", "largest", "accounts", "done"].map(column);
    let number = |units: i128, places| Figure::Number {
        value: Decimal::from_i128_with_scale(units, places),
        shown_rounded: false,
    };
    for (row, (sum, most, count)) in facts.worked_out().into_iter().enumerate() {
        let average = half_up(sum, 10 * DAYS);
        assert_eq!(averages.get(row).unwrap(), number(average, 2), "row {row}");
        assert_eq!(largest.get(row).unwrap().to_string(), Decimal::new(most, 2).normalize().to_string(), "row {row}");
        assert_eq!(counts.get(row).unwrap().to_string(), count.to_string(), "row {row}");
        assert_eq!(
            done.get(row).unwrap(),
            number(half_up(average * 10_000, facts.targets[row].into()), 4),
            "row {row}"
        );
    }
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--test");
    let rows = std::env::var("KAOHE_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let rows = if quick { 2_000 } else { rows };
    let scheme = Scheme::parse(SCHEME).unwrap();
    let score = |(people, deposits): &(RecordBatch, RecordBatch), threads: usize| {
        let data = Data::of(Table::of_batches(&people.schema(), [people.clone()]))
            .detail("deposits", Table::of_batches(&deposits.schema(), [deposits.clone()]));
        scheme.score(data, Options::threads(threads)).unwrap()
    };
    let (together, mixed) = (facts(rows, false), facts(rows, true));
    let tables = [together.tables(), mixed.tables()];
    let ways = [("one's rows together", 0, 1), ("rows mixed", 1, 1), ("rows mixed, two threads", 1, 2)];
    for (_, at, threads) in &ways {
        check(&score(&tables[*at], *threads), [&together, &mixed][*at]);
    }
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); ways.len()];
    for _ in 0..if quick { 1 } else { ROUNDS } {
        for ((_, at, threads), times) in ways.iter().zip(&mut times) {
            let start = Instant::now();
            let run = std::hint::black_box(score(&tables[*at], *threads));
            #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
            times.push(start.elapsed().as_secs_f64() * 1e9 / run.rows() as f64);
        }
    }
    // what one person costs by the exact evaluator
    let run = score(&tables[1], 1);
    let some = rows.min(5_000);
    let start = Instant::now();
    for row in 0..some {
        std::hint::black_box(run.outcome(row));
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
    let exact = start.elapsed().as_secs_f64() * 1e9 / some as f64;
    println!(
        "{:<45} {:>12} {:>14} {:>10}",
        "people with three detail rows each", "ns a person", "M people/s", "best ns"
    );
    for ((name, ..), times) in ways.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        println!("{name:<45} {median:>12.0} {:>14.2} {:>10.0}", 1e3 / median, times[0]);
    }
    println!("{:<45} {exact:>12.0} {:>14.2}", "one by one, exact", 1e3 / exact);
}
