//! Figures on their way out: JSON in which a number is its decimal text.

use std::fmt::Write as _;

use kaohe::{Figure, Outcome, boundary::problems_json};
use serde_json::Value as Json;

/// Adds a figure to JSON: a decimal text with exactly the places of its column, a text, `YYYY-MM-DD`, a truth, or `null`.
pub(crate) fn push(out: &mut String, figure: &Figure) {
    let written = match figure {
        Figure::Number { value, .. } => write!(out, "\"{value}\""),
        Figure::Date(date) => write!(out, "\"{date}\""),
        Figure::Truth(truth) => write!(out, "{truth}"),
        Figure::Text(text) => write!(out, "{}", Json::from(&**text)),
        _ => write!(out, "null"),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// One figure as JSON.
pub(crate) fn json(figure: &Figure) -> String {
    let mut out = String::new();
    push(&mut out, figure);
    out
}

/// Everything computed for one row as JSON: `figures` by name, `shown_rounded` with the names of those whose exact value
/// has more decimals, `problems`, `complete`.
pub(crate) fn outcome(outcome: &Outcome) -> String {
    let mut out = "{\"figures\":{".to_owned();
    let mut rounded: Vec<&str> = Vec::new();
    for (at, (name, figure)) in outcome.figures().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let written = write!(out, "{}:", Json::from(name));
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        push(&mut out, &figure);
        if matches!(figure, Figure::Number { shown_rounded: true, .. }) {
            rounded.push(name);
        }
    }
    let problems = problems_json(&outcome.problems());
    let (rounded, complete) = (Json::from(rounded), outcome.is_complete());
    let written = write!(out, "}},\"shown_rounded\":{rounded},\"problems\":{problems},\"complete\":{complete}}}");
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
    out
}
