//! Reading, checking and lowering a scheme: the workload's, as a program that starts, and one of a thousand columns, as an
//! editor would at every pause of the keyboard.
//!
//! What was read is checked first: the workload's answers are those of the reference, every column of the large scheme is
//! there, and nothing is found wrong with either. Then they take turns, and the median of their rounds counts.
#![allow(clippy::unwrap_used, reason = "a bench that goes wrong should stop")]

use std::fmt::Write as _;
use std::time::Instant;

use kaohe::{Cell, Figure, Scheme};
use kaohe_benches::{COLUMNS, SCHEME, TIERS, natural, rounded};
use rust_decimal::Decimal;

/// Columns of each kind: inputs, indicators of them, items over these.
const EACH: usize = 333;
/// Rounds of each way.
const ROUNDS: usize = 41;

/// Inputs with a direction, rates of them, and items by bands, lines and steps in one total.
fn scheme() -> String {
    let mut text =
        "kaohe: 1\nscheme: 千列\nrounding: { items: 2, totals: 2 }\ninputs:\n  工号: { type: text, key: true }\n"
            .to_owned();
    for at in 0..EACH {
        writeln!(text, "  输入{at}: {{ type: number, min: 0, max: 200, better: higher }}").unwrap();
    }
    text += "computed:\n";
    for at in 0..EACH {
        writeln!(text, "  率{at}: {{ formula: 输入{at} / 100, round: 4 }}").unwrap();
    }
    text += &format!("scores:\n  总分:\n    full: {EACH}\n    items:\n");
    for at in 0..EACH {
        let rule = match at % 3 {
            0 => format!("bands: {{ of: 率{at}, at_least: [[1, 1], [0.8, 0.6]], else: 0 }}"),
            1 => format!("interpolate: {{ of: 率{at}, knots: [[0.5, 0], [1, 1]] }}"),
            _ => format!("completion: {{ of: 率{at}, gate: 60%, cap: 120% }}"),
        };
        writeln!(text, "      项{at}: {{ points: 1, {rule} }}").unwrap();
    }
    text
}

/// One thing that is timed: its scheme, and what is done with the text.
struct Way {
    name: &'static str,
    text: String,
    run: fn(&str),
}

/// Reads and checks a text in which there is nothing to find.
fn check(text: &str) {
    let found = Scheme::check(text);
    assert!(found.is_empty(), "{found:?}");
}

/// Reads a text into a scheme that could be scored with.
fn parse(text: &str) {
    std::hint::black_box(Scheme::parse(text).unwrap());
}

/// The same, and the programs that score are written, as the first row has it done.
fn prepare(text: &str) {
    let scheme = Scheme::parse(text).unwrap();
    std::hint::black_box(scheme.scorer());
}

/// The workload's scheme gives the reference's answer, and the large one has all of its columns.
fn check_schemes(large: &str) {
    let scheme = Scheme::parse(SCHEME).unwrap();
    for (at, person) in natural(100, 7).iter().enumerate() {
        let keys = [Cell::from(at.to_string()), Cell::from(person.branch.to_string())];
        let numbers = COLUMNS.iter().zip(person.numbers());
        let numbers = numbers.map(|((_, places), units)| Decimal::new(units, *places).into());
        let outcome = scheme.score_cells(&keys.into_iter().chain(numbers).collect::<Vec<Cell>>());
        let wanted = rounded(person);
        let total = Figure::Number { value: Decimal::new(wanted.total, 2), shown_rounded: false };
        assert_eq!(outcome.get("total"), Some(total));
        assert_eq!(outcome.get("tier"), TIERS.get(wanted.tier).map(|tier| Figure::Text((*tier).into())));
    }
    let scheme = Scheme::parse(large).unwrap();
    assert_eq!(scheme.plan().columns.len(), 3 * EACH + 2);
    assert!(scheme.warnings().is_empty(), "{:?}", scheme.warnings().first());
}

fn main() {
    // `cargo test` runs benches with this to see that they work
    let quick = std::env::args().any(|argument| argument == "--test");
    let large = scheme();
    check_schemes(&large);
    let way = |name, text: &str, run| Way { name, text: text.to_owned(), run };
    let ways = [
        way("the workload's, checked", SCHEME, check),
        way("the workload's, read to be scored with", SCHEME, parse),
        way("the workload's, ready for the first row", SCHEME, prepare),
        way("a thousand columns, checked", &large, check),
        way("a thousand columns, read to be scored with", &large, parse),
        way("a thousand columns, ready for the first row", &large, prepare),
    ];
    let mut times = vec![Vec::new(); ways.len()];
    for _ in 0..if quick { 1 } else { ROUNDS } {
        for (way, times) in ways.iter().zip(&mut times) {
            let start = Instant::now();
            (way.run)(&way.text);
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        }
    }
    println!("{:<50} {:>10} {:>10}", "a scheme, from its text", "ms", "best ms");
    for (way, times) in ways.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let (median, best) = (times.get(times.len() / 2).unwrap(), times.first().unwrap());
        println!("{:<50} {median:>10.2} {best:>10.2}", way.name);
    }
}
