//! An explanation as JSON: keys in a fixed order, every number as decimal text or `n/d`.

use kaohe_grammar::Message;
use serde_json::{Map, Value as Json, json};

use super::{
    ColumnExplanation, DetailRows, Explanation, Fact, GradeSeats, Lost, ParameterRead, Part, Rounding, RowsRead,
    Seating, Step, VERSION, number_text,
};
use crate::number::Number;
use crate::outcome::Figure;
use crate::plan::{Direction, WhenMissing};
use crate::problem::Problem;

impl Explanation {
    /// The explanation as JSON, versioned, with the keys in a fixed order.
    ///
    /// Numbers are text: all their decimals, or the exact fraction `n/d` where they never end; then a key with
    /// `_reading` at its end has twelve decimals of it. What is not there is left out. `docs/explanation.md` has every
    /// key.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut object = Object::default();
        object.put("explanation", json!(VERSION));
        object.put("scheme", json!(&*self.scheme));
        object.some("edition", self.edition.as_deref());
        object.put("fingerprint", json!(self.fingerprint));
        object.some("as_of", self.as_of.map(|day| day.to_string()));
        if !self.given.is_empty() {
            let mut given = Object::default();
            for (name, figure) in &self.given {
                given.put(name, of_figure(figure));
            }
            object.put("given", Json::Object(given.0));
        }
        if let Some((name, figure)) = &self.key {
            object.put("key", json!({ "column": &**name, "value": of_figure(figure) }));
        }
        object.put("asked", self.asked.iter().map(|name| json!(&**name)).collect());
        object.put("columns", self.columns.iter().map(column).collect());
        object.list("details", &self.details, details);
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
        Figure::Number { .. } | Figure::Text(_) | Figure::Date(_) | Figure::Unlimited => json!(figure.to_string()),
    }
}

fn column(column: &ColumnExplanation) -> Json {
    let mut object = Object::default();
    object.put("name", json!(&*column.name));
    object.some("label", column.label.as_ref().map(of_message));
    object.put("role", json!(column.role.name()));
    object.some("table", column.table.as_deref());
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
    object.list("rows", &column.rows, rows_read);
    object.list("parts", &column.parts, part);
    object.some("seats", column.seats.as_ref().map(seating));
    object.list("steps", &column.steps, step);
    object.some("rounding", column.rounding.as_ref().map(rounding));
    object.list("lost", &column.lost, lost);
    object.some("problem", column.problem.as_ref().map(problem));
    if !column.provisional.is_empty() {
        object.put("provisional", json!({ "left_out": column.provisional }));
    }
    object.list("children", &column.children, |child| json!(&**child));
    Json::Object(object.0)
}

fn parameter(read: &ParameterRead) -> Json {
    let mut object = Object::default();
    object.put("name", json!(&*read.name));
    object.fact("value", &read.value);
    object.some("from", read.from.map(|day| day.to_string()));
    object.some("source", read.source.as_deref());
    if read.given {
        object.put("given", json!(true));
    }
    Json::Object(object.0)
}

fn details(details: &DetailRows) -> Json {
    let rows = details.rows.iter().map(|row| {
        let mut cells = Object::default();
        for (name, figure) in details.columns.iter().zip(&row.cells) {
            cells.put(name, of_figure(figure));
        }
        json!({ "line": row.line, "cells": cells.0 })
    });
    json!({ "table": &*details.table, "rows": rows.collect::<Vec<_>>() })
}

fn rows_read(read: &RowsRead) -> Json {
    let mut object = Object::default();
    object.put("table", json!(&*read.table));
    object.put("formula", json!(read.written));
    object.put("function", json!(read.function));
    object.some("where", read.filter.as_deref());
    object.put("of", json!(read.of));
    let rows = read.rows.iter().map(|(line, value)| {
        let mut row = Object::default();
        row.put("line", json!(line));
        if !read.is_count() {
            row.fact("value", value);
        }
        Json::Object(row.0)
    });
    object.put("rows", rows.collect());
    object.fact("value", &read.value);
    if read.when_empty {
        object.put("when_empty", json!(true));
    }
    Json::Object(object.0)
}

fn seating(seating: &Seating) -> Json {
    let mut object = Object::default();
    object.some("place", seating.place);
    object.put("graded", json!(seating.graded));
    object.put("base", json!(seating.base));
    object.list("within", &seating.within, |(name, figure)| json!({ "column": &**name, "value": of_figure(figure) }));
    object.list("order", &seating.order, |read| {
        let direction = match read.direction {
            Direction::Descending => "desc",
            Direction::Ascending => "asc",
        };
        json!({ "column": &*read.column, "direction": direction, "value": of_figure(&read.figure) })
    });
    object.put("method", json!(seating.method));
    object.put("ties_at_cut", json!(seating.ties_at_cut));
    object.some("smaller_than", seating.smaller_than);
    object.list("grades", &seating.grades, grade_seats);
    Json::Object(object.0)
}

fn grade_seats(grade: &GradeSeats) -> Json {
    let mut object = Object::default();
    object.put("grade", json!(&*grade.grade));
    object.number("share", Some(&grade.share));
    object.number("exact", Some(&grade.exact));
    object.put("quota", json!(grade.quota));
    object.put("seats", json!(grade.seats));
    object.put("seated", json!(grade.seated));
    object.some("cut", grade.cut.as_ref().map(of_figure));
    if grade.beyond_share {
        object.put("beyond_share", json!(true));
    }
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
    if let Some((table, line)) = &problem.detail {
        object.put("detail", json!({ "table": &**table, "line": line }));
    }
    if let Some(location) = &problem.location {
        object.put("place", json!({ "line": location.line, "column": location.column, "text": location.underlined }));
    }
    Json::Object(object.0)
}
