//! Rows a second of whole tables, from Arrow columns to the columns of totals and tiers, one thread unless said.
//!
//! Every total and tier is checked first, of natural people and of those half a cent below a threshold; then the ways take
//! turns, and the median of their rounds counts. `KAOHE_ROWS` says how many people; a million when it does not. With
//! `--sizes` tables of several sizes take turns instead, and with `--beside=FILE` this build and another one of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench that goes wrong should stop")]

mod beside;
mod sizes;
mod way;

use arrow_array::RecordBatch;
use kaohe_benches::{edge, natural};

use way::{Form, Way, batch, ways};

/// Rounds of each way.
const ROUNDS: usize = 9;

/// The people of the ways, each form made once.
struct Batches {
    forms: Vec<(Form, bool, RecordBatch)>,
}

impl Batches {
    fn of(ways: &[Way], rows: usize) -> Self {
        let mut forms: Vec<(Form, bool, RecordBatch)> = Vec::new();
        let (people, edges) = (natural(rows, 9), edge(rows.min(100_000), 10));
        for way in ways {
            if !forms.iter().any(|(form, edge, _)| (*form, *edge) == (way.form, way.edge)) {
                forms.push((way.form, way.edge, batch(if way.edge { &edges } else { &people }, 0, way.form)));
            }
        }
        Self { forms }
    }

    fn of_way(&self, way: &Way) -> &[RecordBatch] {
        let (_, _, batch) = self.forms.iter().find(|(form, edge, _)| (*form, *edge) == (way.form, way.edge)).unwrap();
        std::slice::from_ref(batch)
    }
}

/// The middle one, and the least.
fn median(times: &mut [f64]) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[0])
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (options, only): (Vec<String>, Vec<String>) = arguments.into_iter().partition(|each| each.starts_with('-'));
    let is_asked = |option: &str| options.iter().any(|each| each == option);
    let other = options.iter().find_map(|option| option.strip_prefix("--beside="));
    let quick = is_asked("--test");
    let rows = std::env::var("KAOHE_ROWS").ok().and_then(|rows| rows.parse().ok());
    let rounds = if quick { 1 } else { ROUNDS };
    let mut ways = ways();
    ways.retain(|way| only.iter().all(|word| way.name.contains(word)));
    if is_asked("--sizes") {
        return sizes::report(&ways, if quick { 5_000 } else { rows.unwrap_or(10_000_000) }, rounds);
    }
    if let Some(other) = other {
        return beside::report(&ways, other, rounds);
    }
    let rows = if quick { 5_000 } else { rows.unwrap_or(1_000_000) };
    ways.iter().for_each(|way| way.check(rows));
    let batches = Batches::of(&ways, rows);
    if is_asked(beside::TURNS) {
        return beside::answer(&ways, &batches);
    }
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); ways.len()];
    for _ in 0..rounds {
        for (way, times) in ways.iter().zip(&mut times) {
            times.push(way.time(batches.of_way(way)));
        }
    }
    println!("{:<45} {:>10} {:>10} {:>10}", "from columns to columns", "ns a row", "M rows/s", "best ns");
    for (way, times) in ways.iter().zip(&mut times) {
        let (median, best) = median(times);
        println!("{:<45} {median:>10.1} {:>10.1} {best:>10.1}", way.name, 1e3 / median);
    }
}
