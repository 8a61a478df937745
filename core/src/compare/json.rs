//! A comparison as JSON: keys in a fixed order, every number as decimal text or `n/d`.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::{
    Because, Change, ColumnSummary, Comparison, Contribution, GradingSummary, Movement, Numbers, Person, Reading, Side,
    Source, Standing, VERSION,
};
use crate::number::Number;
use crate::outcome::Figure;

impl Comparison {
    /// The comparison as JSON, versioned, with the keys in a fixed order. Numbers are text: all their decimals, or the
    /// exact fraction `n/d` where they never end. What is not there is left out.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Map::new();
        put(&mut out, "comparison", json!(VERSION));
        put(&mut out, "old", side(&self.old));
        put(&mut out, "new", side(&self.new));
        put(&mut out, "people", json!(self.people));
        put(&mut out, "only_old", json!(self.only_old));
        put(&mut out, "only_new", json!(self.only_new));
        put(&mut out, "columns_only_old", names(&self.columns_only_old));
        put(&mut out, "columns_only_new", names(&self.columns_only_new));
        put(&mut out, "gradings", self.gradings.iter().map(grading).collect());
        put(&mut out, "columns", self.columns.iter().map(column).collect());
        put(&mut out, "changed", self.changed.iter().map(person).collect());
        // what serde_json is given here cannot fail to be written
        serde_json::to_string_pretty(&Json::Object(out)).unwrap_or_default()
    }
}

fn put(out: &mut Map<String, Json>, key: &str, value: Json) {
    out.insert(key.to_owned(), value);
}

fn some(out: &mut Map<String, Json>, key: &str, value: Option<Json>) {
    if let Some(value) = value {
        put(out, key, value);
    }
}

fn names(list: &[Arc<str>]) -> Json {
    list.iter().map(|name| json!(&**name)).collect()
}

fn number(number: &Number) -> Json {
    json!(number.to_string())
}

fn side(side: &Side) -> Json {
    let mut out = Map::new();
    put(&mut out, "scheme", json!(&*side.scheme));
    some(&mut out, "edition", side.edition.as_ref().map(|edition| json!(&**edition)));
    put(&mut out, "fingerprint", json!(side.fingerprint));
    some(&mut out, "as_of", side.as_of.map(|day| json!(day.to_string())));
    let given = side.given.iter().map(|(name, figure)| (name.to_string(), value(figure))).collect();
    put(&mut out, "given", Json::Object(given));
    put(&mut out, "people", json!(side.people));
    put(&mut out, "incomplete", json!(side.incomplete));
    Json::Object(out)
}

fn grading(grading: &GradingSummary) -> Json {
    let standings = |list: &[Standing]| list.iter().map(standing).collect::<Json>();
    json!({
        "column": &*grading.column,
        "up": grading.up,
        "down": grading.down,
        "same": grading.same,
        "elsewhere": grading.elsewhere,
        "old": standings(&grading.old),
        "new": standings(&grading.new),
        "matrix": grading.matrix,
    })
}

fn standing(standing: &Standing) -> Json {
    match standing {
        Standing::Word(word) => json!({ "grade": &**word }),
        Standing::None => json!({ "grade": null }),
        Standing::Empty => json!({ "empty": true }),
    }
}

fn column(column: &ColumnSummary) -> Json {
    let mut out = Map::new();
    let both = |(old, new): (usize, usize)| json!({ "old": old, "new": new });
    put(&mut out, "column", json!(&*column.column));
    put(&mut out, "role", json!(column.role.name()));
    put(&mut out, "changed", json!(column.changed));
    put(&mut out, "empty", both(column.empty));
    put(&mut out, "provisional", both(column.provisional));
    some(&mut out, "numbers", column.numbers.as_ref().map(numbers));
    Json::Object(out)
}

fn numbers(numbers: &Numbers) -> Json {
    let mut out = Map::new();
    let extreme = |(key, value): &(String, Number)| json!({ "key": key, "difference": value.to_string() });
    put(&mut out, "people", json!(numbers.people));
    put(&mut out, "up", json!(numbers.up));
    put(&mut out, "down", json!(numbers.down));
    put(&mut out, "old_total", number(&numbers.old_total));
    put(&mut out, "new_total", number(&numbers.new_total));
    put(&mut out, "difference", number(&numbers.difference()));
    some(&mut out, "mean", numbers.mean().as_ref().map(number));
    some(&mut out, "largest_rise", numbers.largest_rise.as_ref().map(extreme));
    some(&mut out, "largest_fall", numbers.largest_fall.as_ref().map(extreme));
    if !numbers.by_source.is_empty() {
        let each = numbers.by_source.iter().map(|(from, added)| {
            let mut out = source(from);
            put(&mut out, "difference", number(added));
            Json::Object(out)
        });
        put(&mut out, "by_source", each.collect());
    }
    Json::Object(out)
}

fn source(source: &Source) -> Map<String, Json> {
    let (kind, name) = match source {
        Source::Part(name) => ("part", Some(name)),
        Source::Adjustment(name) => ("adjustment", Some(name)),
        Source::Veto(name) => ("veto", Some(name)),
        Source::Floor => ("floor", None),
        Source::Cap => ("cap", None),
        Source::Other => ("other", None),
        Source::Rounding => ("rounding", None),
    };
    let mut out = Map::new();
    put(&mut out, "source", json!(kind));
    some(&mut out, "name", name.map(|name| json!(&**name)));
    out
}

fn person(person: &Person) -> Json {
    json!({ "key": person.key, "changes": person.changes.iter().map(change).collect::<Json>() })
}

fn change(change: &Change) -> Json {
    let mut out = Map::new();
    put(&mut out, "column", json!(&*change.column));
    put(&mut out, "old", reading(&change.old));
    put(&mut out, "new", reading(&change.new));
    some(&mut out, "difference", change.difference.as_ref().map(number));
    let movement = change.movement.map(|movement| match movement {
        Movement::Up => "up",
        Movement::Down => "down",
        Movement::Elsewhere => "elsewhere",
    });
    some(&mut out, "movement", movement.map(|word| json!(word)));
    put(&mut out, "because", because(&change.because));
    Json::Object(out)
}

fn reading(reading: &Reading) -> Json {
    let mut out = Map::new();
    put(&mut out, "value", value(&reading.figure));
    if let Figure::Empty(code) = reading.figure {
        put(&mut out, "code", json!(code.id()));
    }
    if reading.provisional {
        put(&mut out, "provisional", json!(true));
    }
    Json::Object(out)
}

fn value(figure: &Figure) -> Json {
    match figure {
        Figure::Missing | Figure::Empty(_) => Json::Null,
        Figure::Truth(truth) => json!(truth),
        figure => json!(figure.to_string()),
    }
}

fn because(because: &Because) -> Json {
    match because {
        Because::Parts(parts) => json!({ "kind": "parts", "parts": parts.iter().map(contribution).collect::<Json>() }),
        Because::Read { columns, others, other_people } => json!({
            "kind": "read",
            "columns": names(columns),
            "others": names(others),
            "other_people": other_people,
        }),
        Because::Facts => json!({ "kind": "facts" }),
        Because::Rule => json!({ "kind": "rule" }),
    }
}

fn contribution(contribution: &Contribution) -> Json {
    let mut out = source(&contribution.source);
    put(&mut out, "old", number(&contribution.old));
    put(&mut out, "new", number(&contribution.new));
    put(&mut out, "difference", number(&contribution.difference()));
    if let Some(weights) = &contribution.weights {
        put(&mut out, "old_weight", number(&weights.0));
        put(&mut out, "new_weight", number(&weights.1));
    }
    Json::Object(out)
}
