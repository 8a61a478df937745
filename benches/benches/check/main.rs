//! Reading, checking and lowering a scheme of a thousand columns, as an editor would at every pause of the keyboard.
//!
//! What was read is checked first: every column is there, and the checker has said what it had to say of the scheme.
#![allow(clippy::unwrap_used, reason = "a bench that goes wrong should stop")]

use std::fmt::Write as _;
use std::time::Instant;

use kaohe::Scheme;

/// Columns of each kind: inputs, indicators of them, items over these.
const EACH: usize = 333;
/// Rounds that are timed.
const ROUNDS: usize = 21;

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

fn main() {
    let text = scheme();
    let scheme = Scheme::parse(&text).unwrap();
    assert_eq!(scheme.plan().columns.len(), 3 * EACH + 2);
    assert!(scheme.warnings().is_empty(), "{:?}", scheme.warnings().first());
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            let found = Scheme::check(&text);
            assert!(found.is_empty());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!("a scheme of {} columns is read and checked in", scheme.plan().columns.len());
    println!("{:>8.1} ms (median of {ROUNDS}; {:.1} to {:.1})", rounds[ROUNDS / 2], rounds[0], rounds[ROUNDS - 1]);
}
