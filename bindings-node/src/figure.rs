//! Figures on their way out: JSON in which a number is its decimal text.

use std::borrow::Borrow;
use std::fmt::Write as _;

use kaohe::boundary::problems_json;
use kaohe::date::Date;
use kaohe::{Figure, Outcome};
use serde_json::Value as Json;

/// Adds a figure to JSON: a decimal text with exactly the places of its column or `unlimited`, a text, `YYYY-MM-DD`, a truth, or `null`.
pub(crate) fn push(out: &mut String, figure: &Figure) {
    let written = match figure {
        Figure::Number { value, .. } => write!(out, "\"{value}\""),
        Figure::Date(_) | Figure::Unlimited => write!(out, "\"{figure}\""),
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

/// Figures by name as JSON.
pub(crate) fn by_name<F: Borrow<Figure>>(figures: impl Iterator<Item = (impl AsRef<str>, F)>) -> String {
    let mut out = "{".to_owned();
    for (at, (name, figure)) in figures.enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&Json::from(name.as_ref()).to_string());
        out.push(':');
        push(&mut out, figure.borrow());
    }
    out.push('}');
    out
}

/// Everything computed for one row as JSON: `figures` by name, `shown_rounded` with the names of those whose exact value
/// has more decimals, `problems`, `complete`, and what it rests on.
pub(crate) fn outcome(outcome: &Outcome) -> String {
    let figures = by_name(outcome.figures());
    let is_rounded = |figure: &Figure| matches!(figure, Figure::Number { shown_rounded: true, .. });
    let rounded: Vec<&str> =
        outcome.figures().filter_map(|(name, figure)| is_rounded(&figure).then_some(name)).collect();
    let (rounded, complete) = (Json::from(rounded), outcome.is_complete());
    let problems = problems_json(&outcome.problems());
    let basis = basis(&outcome.fingerprint(), outcome.as_of(), &by_name(outcome.given()));
    format!(
        "{{\"figures\":{figures},\"shown_rounded\":{rounded},\"problems\":{problems},\"complete\":{complete},{basis}}}"
    )
}

/// What figures rest on, as entries of a JSON map: `fingerprint`, `as_of`, `given`.
pub(crate) fn basis(fingerprint: &str, day: Option<Date>, given: &str) -> String {
    let (fingerprint, day) = (Json::from(fingerprint), Json::from(day.map(|day| day.to_string())));
    format!("\"fingerprint\":{fingerprint},\"as_of\":{day},\"given\":{given}")
}
