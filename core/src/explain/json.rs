//! An explanation as JSON: keys in a fixed order, every number as decimal text or `n/d`.

use kaohe_grammar::Message;
use serde_json::{Map, Value as Json, json};

use super::{ColumnExplanation, Explanation, Fact, Lost, ParameterRead, Part, Rounding, Step, VERSION, number_text};
use crate::number::Number;
use crate::outcome::Figure;
use crate::plan::WhenMissing;
use crate::problem::Problem;

impl Explanation {
    /// The explanation as JSON, versioned, with the keys in a fixed order.
    ///
    /// Numbers are text: all their decimals, or the exact fraction `n/d` where they never end; then a key with
    /// `_reading` at its end has twelve decimals of it. What is not there is left out.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut object = Object::default();
        object.put("explanation", json!(VERSION));
        object.put("scheme", json!(&*self.scheme));
        object.some("edition", self.edition.as_deref());
        object.put("fingerprint", json!(self.fingerprint));
        object.some("as_of", self.as_of.map(|day| day.to_string()));
        if let Some((name, figure)) = &self.key {
            object.put("key", json!({ "column": &**name, "value": of_figure(figure) }));
        }
        object.put("asked", self.asked.iter().map(|name| json!(&**name)).collect());
        object.put("columns", self.columns.iter().map(column).collect());
        // what serde_json is given here cannot fail to be written
        serde_json::to_string_pretty(&object.0).unwrap_or_default()
    }
}

/// A JSON object that keeps the order in which it was filled.
#[derive(Default)]
struct Object(Map<String, Json>);

impl Object {
    fn put(&mut self, key: &str, value: Json) {
        self.0.insert(key.to_owned(), value);
    }

    fn some(&mut self, key: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.put(key, value.into());
        }
    }

    fn number(&mut self, key: &str, number: Option<&Number>) {
        if let Some(number) = number {
            self.put(key, json!(number.to_string()));
            self.some(&format!("{key}_reading"), number_text::reading_of_long(number));
        }
    }

    fn list<T>(&mut self, key: &str, items: &[T], each: impl Fn(&T) -> Json) {
        if !items.is_empty() {
            self.put(key, items.iter().map(each).collect());
        }
    }

    fn fact(&mut self, key: &str, fact: &Fact) {
        match fact {
            Fact::Missing => self.put(key, Json::Null),
            Fact::Number(number) => self.number(key, Some(number)),
            Fact::Truth(truth) => self.put(key, json!(truth)),
            Fact::Text(text) => self.put(key, json!(text)),
        }
    }
}

fn of_message(message: &Message) -> Json {
    json!({ "en": message.en, "zh": message.zh })
}

fn of_figure(figure: &Figure) -> Json {
    match figure {
        Figure::Missing | Figure::Empty(_) => Json::Null,
        Figure::Truth(truth) => json!(truth),
        Figure::Number { .. } | Figure::Text(_) | Figure::Date(_) => json!(figure.to_string()),
    }
}

fn column(column: &ColumnExplanation) -> Json {
    let mut object = Object::default();
    object.put("name", json!(&*column.name));
    object.some("label", column.label.as_ref().map(of_message));
    object.put("role", json!(column.role.name()));
    object.some("rule", column.rule);
    object.put("value", of_figure(&column.figure));
    if let Figure::Number { shown_rounded: true, .. } = column.figure {
        object.put("shown_rounded", json!(true));
        object.some("exact", column.exact.as_ref().map(ToString::to_string));
    }
    object.some("percent", column.percent.as_deref());
    object.some("unit", column.unit.as_deref());
    object.some("source", column.source.as_deref());
    object.some("formula", column.formula.as_deref());
    object.some("substituted", column.substituted.as_deref());
    if let Some(value) = &column.formula_value {
        object.fact("formula_value", value);
    }
    object.number("full", column.full.as_ref());
    object.list("parameters", &column.parameters, parameter);
    object.list("parts", &column.parts, part);
    object.list("steps", &column.steps, step);
    object.some("rounding", column.rounding.as_ref().map(rounding));
    object.list("lost", &column.lost, lost);
    object.some("problem", column.problem.as_ref().map(problem));
    object.list("children", &column.children, |child| json!(&**child));
    Json::Object(object.0)
}

fn parameter(read: &ParameterRead) -> Json {
    let mut object = Object::default();
    object.put("name", json!(&*read.name));
    object.fact("value", &read.value);
    object.some("source", read.source.as_deref());
    Json::Object(object.0)
}

fn part(part: &Part) -> Json {
    let mut object = Object::default();
    object.put("column", json!(&*part.column));
    object.put("value", of_figure(&part.figure));
    object.number("score", part.score.as_ref());
    object.number("full", part.full.as_ref());
    object.number("weight", part.weight.as_ref());
    object.number("effective_weight", part.effective_weight.as_ref());
    object.some("missing", part.missing.map(missing_name));
    object.number("contribution", part.contribution.as_ref());
    object.number("lost", part.lost.as_ref());
    Json::Object(object.0)
}

const fn missing_name(policy: WhenMissing) -> &'static str {
    match policy {
        WhenMissing::Error => "error",
        WhenMissing::Zero => "zero",
        WhenMissing::Full => "full",
        WhenMissing::Redistribute => "redistribute",
    }
}

fn step(step: &Step) -> Json {
    let mut object = Object::default();
    object.put("kind", json!(step.kind.name()));
    object.put("en", json!(step.told.en));
    object.put("zh", json!(step.told.zh));
    let mut facts = Object::default();
    for (name, fact) in &step.facts {
        facts.fact(name, fact);
    }
    if !facts.0.is_empty() {
        object.put("values", Json::Object(facts.0));
    }
    object.number("change", step.change.as_ref());
    Json::Object(object.0)
}

fn rounding(line: &Rounding) -> Json {
    let mut object = Object::default();
    object.number("exact", Some(&line.exact));
    object.put("places", json!(line.places));
    object.put("mode", json!(line.mode.name()));
    object.put("rounded", json!(number_text::fixed(&line.rounded, u32::try_from(line.places).ok())));
    object.number("difference", Some(&line.difference));
    Json::Object(object.0)
}

fn lost(lost: &Lost) -> Json {
    let mut object = Object::default();
    object.put("column", json!(&*lost.column));
    object.put("points", json!(number_text::fixed(&lost.points, lost.places)));
    if !number_text::is_short(&lost.points) {
        object.number("points", Some(&lost.points));
    }
    object.number("full", Some(&lost.full));
    object.number("effect", Some(&lost.effect));
    Json::Object(object.0)
}

fn problem(problem: &Problem) -> Json {
    let mut object = Object::default();
    object.put("code", json!(problem.code.id()));
    object.put("en", json!(problem.message.en));
    object.put("zh", json!(problem.message.zh));
    object.some("blocked_by", problem.blocked_by.as_deref());
    if let Some(location) = &problem.location {
        object.put("place", json!({ "line": location.line, "column": location.column, "text": location.underlined }));
    }
    Json::Object(object.0)
}
