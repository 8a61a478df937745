//! What a row costs in tables of several sizes: it should be the same in all of them.

use arrow_array::RecordBatch;
use kaohe_benches::natural;

use crate::median;
use crate::way::{Way, batch};

/// Rows of the tables, as far as that many are asked for.
const SIZES: [usize; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
/// Rows of a batch, as readers of large files hand them over.
const BATCH: usize = 1_000_000;

/// So many people in batches, each made of a seed of its own: they are made again to be checked, as all of them at once
/// would fill the memory.
fn batches(way: &Way, rows: usize) -> Vec<RecordBatch> {
    let firsts = (0..rows).step_by(BATCH);
    firsts.map(|first| batch(&natural(BATCH.min(rows - first), seed(first)), first, way.form)).collect()
}

fn seed(first: usize) -> u64 {
    u64::try_from(11 + first).unwrap()
}

/// Every total and tier of a run of that many people.
fn check(way: &Way, batches: &[RecordBatch]) {
    let run = way.run(batches);
    let mut first = 0;
    for batch in batches {
        way.check_run(&run, first, &natural(batch.num_rows(), seed(first)));
        first += batch.num_rows();
    }
}

/// Times the first two ways in tables of up to so many rows, the sizes in turn; a small table as often as makes a large one.
pub(crate) fn report(ways: &[Way], rows: usize, rounds: usize) {
    let mut sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size < rows).collect();
    sizes.push(rows);
    print!("{:<45}", "ns a row, from columns to columns");
    sizes.iter().for_each(|size| print!(" {size:>10}"));
    println!();
    for way in ways.iter().take(2) {
        let all = batches(way, rows);
        let first = |size: usize| {
            let batches = all.iter().take(size.div_ceil(BATCH));
            batches.map(|batch| batch.slice(0, batch.num_rows().min(size))).collect()
        };
        let tables: Vec<Vec<RecordBatch>> = sizes.iter().map(|size| first(*size)).collect();
        tables.iter().for_each(|table| check(way, table));
        let mut times: Vec<Vec<f64>> = vec![Vec::new(); sizes.len()];
        for _ in 0..rounds {
            for ((table, size), times) in tables.iter().zip(&sizes).zip(&mut times) {
                let turns = (BATCH / size).max(1);
                let sum: f64 = (0..turns).map(|_| way.time(table)).sum();
                #[expect(clippy::cast_precision_loss, reason = "a small count")]
                times.push(sum / turns as f64);
            }
        }
        print!("{:<45}", way.name);
        times.iter_mut().for_each(|times| print!(" {:>10.1}", median(times).0));
        println!();
    }
}
