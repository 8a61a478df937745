//! Coverage as JSON, for hosts of other languages.

use serde_json::{Value as Json, json};

use super::{Coverage, Missed};

impl Coverage {
    /// As JSON: `people`, `cases`, `total`, `reached`, `percent`, and `missed` with `kind`, `column`, `message`,
    /// `message_zh`, and with a place `line`, `column_at`, `underlined`.
    #[must_use]
    pub fn to_json(&self) -> String {
        json!({
            "people": self.people,
            "cases": self.cases,
            "total": self.total,
            "reached": self.reached,
            "percent": self.percent(),
            "missed": self.missed.iter().map(missed).collect::<Json>(),
        })
        .to_string()
    }
}

fn missed(missed: &Missed) -> Json {
    json!({
        "kind": missed.kind.name(),
        "column": &*missed.column,
        "message": missed.message.en,
        "message_zh": missed.message.zh,
        "line": missed.location.as_ref().map(|place| place.line),
        "column_at": missed.location.as_ref().map(|place| place.column),
        "underlined": missed.location.as_ref().map(|place| &place.underlined),
    })
}
