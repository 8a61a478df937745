//! Rows a second of one thread over the workload, beside what a user would pick instead.
//!
//! Every contender's answers are checked first, all of them; then they take turns, and the median of their rounds counts.
//! From typed cells to the total and the tier, with the cells prepared before.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a bench that goes wrong should stop")]

mod by_hand;
mod kaohe;
mod zen;

use std::time::Instant;

use kaohe_benches::{Answer, Person, edge, natural, rounded, unrounded};

/// The people, the same for all: what they read stays as near to the processor for one contender as for the other.
const ROWS: usize = 2000;
/// Rounds of each contender.
const ROUNDS: usize = 15;

/// What is timed: runs over all rows, and hands its answers over when asked to.
pub(crate) trait Contender {
    /// Computes every row; gives back something that depends on each.
    fn run(&mut self) -> i64;
    /// The answer of each row.
    fn answers(&mut self) -> Vec<Answer>;
    /// One row in so many is enough for its time to be known.
    fn rows(&self) -> usize;
}

/// A way of making a contender for some people.
type Maker = fn(&[Person]) -> Box<dyn Contender>;

struct Entry {
    name: &'static str,
    make: Maker,
    reference: fn(&Person) -> Answer,
    /// How often it goes over all people in a round; slow ones once.
    passes: usize,
    baseline: bool,
}

const fn entry(name: &'static str, make: Maker, reference: fn(&Person) -> Answer, passes: usize) -> Entry {
    Entry { name, make, reference, passes, baseline: false }
}

fn entries() -> Vec<Entry> {
    vec![
        Entry { baseline: true, ..entry("zen-expression 2.1.6, rounded, one program", zen::rounded, rounded, 1) },
        entry("zen-expression 2.1.6, rounded, two expressions", zen::rounded_inline, rounded, 1),
        entry("zen-expression 2.1.6, unrounded, one program", zen::unrounded, unrounded, 1),
        entry("rust_decimal by hand, rounded", by_hand::rounded, rounded, 5),
        entry("kaohe scorer, rounded, total and tier", kaohe::rounded, rounded, 10),
        entry("kaohe scorer, rounded, each kept to be explained", kaohe::kept, rounded, 10),
        entry("kaohe scorer, rounded, all columns", kaohe::rounded_all, rounded, 10),
        entry("kaohe scorer, unrounded, total and tier", kaohe::unrounded, unrounded, 10),
        entry("kaohe scorer, unrounded, all columns", kaohe::unrounded_all, unrounded, 10),
        entry("kaohe exact, rounded", kaohe::exact, rounded, 1),
        entry("kaohe exact with trace, rounded", kaohe::traced, rounded, 1),
        entry("kaohe exact, unrounded", kaohe::exact_unrounded, unrounded, 1),
    ]
}

fn check(entry: &Entry, people: &[Person]) {
    let found = (entry.make)(people).answers();
    assert_eq!(found.len(), people.len(), "{}", entry.name);
    let wanted = people.iter().map(entry.reference);
    let wrong = found.iter().zip(wanted).filter(|(found, wanted)| **found != *wanted).count();
    assert_eq!(wrong, 0, "{}: {wrong} wrong answers", entry.name);
}

fn main() {
    // `cargo test` runs benches with this to see that they work
    let quick = std::env::args().any(|argument| argument == "--test");
    let scale = |rows: usize| if quick { rows / 20 } else { rows };
    let people = natural(scale(ROWS), 7);
    let edges = edge(scale(ROWS), 8);
    let only: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let mut entries = entries();
    entries.retain(|entry| only.iter().all(|word| entry.name.contains(word)));
    for entry in &entries {
        check(entry, &people);
        check(entry, &edges);
    }
    let mut contenders: Vec<_> = entries.iter().map(|entry| (entry.make)(&people)).collect();
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..if quick { 1 } else { ROUNDS } {
        for ((entry, contender), times) in entries.iter().zip(&mut contenders).zip(&mut times) {
            let start = Instant::now();
            for _ in 0..entry.passes {
                std::hint::black_box(contender.run());
            }
            #[expect(clippy::cast_precision_loss, reason = "a count of rows")]
            times.push(start.elapsed().as_secs_f64() * 1e9 / (contender.rows() * entry.passes) as f64);
        }
    }
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort_by(f64::total_cmp);
            *times.get(times.len() / 2).unwrap()
        })
        .collect();
    let baseline = entries.iter().zip(&medians).find(|(entry, _)| entry.baseline).map(|(_, median)| *median);
    println!(
        "{:<50} {:>10} {:>12} {:>8} {:>10}",
        "one thread, every answer checked", "ns a row", "rows/s", "× zen", "best ns"
    );
    for ((entry, median), times) in entries.iter().zip(&medians).zip(&times) {
        let best = times.first().unwrap();
        let ratio = baseline.map_or(String::new(), |baseline| format!("{:.1}", baseline / median));
        println!("{:<50} {median:>10.0} {:>12.0} {ratio:>8} {best:>10.0}", entry.name, 1e9 / median);
    }
}
