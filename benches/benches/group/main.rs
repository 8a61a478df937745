//! Ranking within groups, beside sorting one column of integers without any: the sort is the yardstick.
//!
//! Every answer is checked first against a definition that counts; then they take turns, and the median of their rounds
//! counts.
#![allow(clippy::unwrap_used, reason = "a bench that goes wrong should stop")]

use std::collections::BTreeMap;
use std::time::Instant;

use kaohe::group::{Direction, Ties, rank};
use kaohe_benches::Random;

/// Rows of each column.
const ROWS: usize = 1_000_000;
/// Rounds of each contender.
const ROUNDS: usize = 15;

/// A column of values, and the group of each.
struct Column {
    name: &'static str,
    values: Vec<i64>,
    groups: Vec<u32>,
}

fn column(name: &'static str, rows: usize, groups: i64, mut value: impl FnMut(&mut Random) -> i64) -> Column {
    let mut random = Random::new(7);
    let (values, groups) =
        (0..rows).map(|_| (value(&mut random), u32::try_from(random.integer(0, groups)).unwrap())).unzip();
    Column { name, values, groups }
}

fn columns(rows: usize) -> Vec<Column> {
    #[expect(clippy::cast_possible_truncation, reason = "far below the limit")]
    let score = |random: &mut Random| (random.normal(85.0, 12.0) * 100.0) as i64;
    let amount = |random: &mut Random| random.integer(0, 1_000_000_000_000);
    let any = |random: &mut Random| random.integer(0, i64::MAX).wrapping_mul(3);
    vec![
        column("scores of two places, 200 groups", rows, 200, score),
        column("amounts to a trillion, 200 groups", rows, 200, amount),
        column("any integers, 200 groups", rows, 200, any),
        column("amounts to a trillion, one group", rows, 1, amount),
        column("amounts to a trillion, 100 000 groups", rows, 100_000, amount),
    ]
}

/// The place of each row by how many of its group are larger.
fn counted(column: &Column) -> Vec<u32> {
    let mut groups: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    for (group, value) in column.groups.iter().zip(&column.values) {
        groups.entry(*group).or_default().push(*value);
    }
    groups.values_mut().for_each(|values| values.sort_unstable());
    let place = |(group, value): (&u32, &i64)| {
        let values = groups.get(group).unwrap();
        1 + u32::try_from(values.len() - values.partition_point(|each| each <= value)).unwrap()
    };
    column.groups.iter().zip(&column.values).map(place).collect()
}

/// Nanoseconds a row of one run.
fn timed<T>(rows: usize, run: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(run());
    #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
    let rows = rows as f64;
    start.elapsed().as_secs_f64() * 1e9 / rows
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    *times.get(times.len() / 2).unwrap()
}

fn main() {
    // `cargo test` runs benches with this to see that they work
    let quick = std::env::args().any(|argument| argument == "--test");
    let (rows, rounds) = if quick { (ROWS / 20, 1) } else { (ROWS, ROUNDS) };
    println!("{:<42} {:>10} {:>10} {:>8}", "one thread, every place checked", "rank ns", "sort ns", "× sort");
    for column in columns(rows) {
        let ranked = || rank(&column.values, &column.groups, Direction::Descending, Ties::Minimum);
        assert_eq!(ranked(), counted(&column), "{}", column.name);
        let (mut ranks, mut sorts) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ranks.push(timed(rows, ranked));
            let mut values = column.values.clone();
            sorts.push(timed(rows, || values.sort_unstable()));
            std::hint::black_box(values);
        }
        let (rank, sort) = (median(&mut ranks), median(&mut sorts));
        println!("{:<42} {rank:>10.1} {sort:>10.1} {:>8.2}", column.name, rank / sort);
    }
}
