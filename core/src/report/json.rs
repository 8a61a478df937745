//! Reports as JSON: keys in a fixed order, the figures of a person in the explanation that goes with it.

use serde_json::{Value as Json, json};

use super::{
    ColumnNumbers, Distribution, PersonReport, Ranked, Rules, ScoreEntry, ScoreLine, Team, TeamReport, VERSION,
};
use crate::compare::Standing;
use crate::explain::json::{self as explained, Object};

impl PersonReport {
    /// The report as JSON, versioned, with the keys in a fixed order; `docs/reports.md` has every key.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut object = Object::default();
        object.put("report", json!(VERSION));
        object.put("kind", json!("person"));
        rules(&self.rules, &mut object);
        object.some("key", self.key.as_deref());
        object.put("who", self.who.iter().map(explained::column).collect());
        object.put("results", self.results.iter().map(|name| json!(&**name)).collect());
        let totals = self.totals.iter().map(|table| {
            let mut object = Object::default();
            object.put("column", json!(&*table.total));
            object.put("lines", table.lines.iter().map(line).collect());
            object.into_json()
        });
        object.put("totals", totals.collect());
        let gradings = self.gradings.iter().map(|grading| {
            let stages: Vec<&str> = grading.stages.iter().map(|stage| &**stage).collect();
            json!({ "column": &*grading.column, "stages": stages })
        });
        object.put("gradings", gradings.collect());
        for (key, names) in [("standings", &self.standings), ("indicators", &self.indicators), ("pay", &self.pay)] {
            object.put(key, names.iter().map(|name| json!(&**name)).collect());
        }
        object.put("facts", self.facts.iter().map(explained::column).collect());
        object.put("problems", self.problems.iter().map(crate::boundary::problem).collect());
        object.put("explanation", self.explanation.as_json());
        object.written()
    }
}

impl TeamReport {
    /// The report as JSON, versioned, with the keys in a fixed order and every number exact; `docs/reports.md` has every
    /// key.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut object = Object::default();
        object.put("report", json!(VERSION));
        object.put("kind", json!("team"));
        rules(&self.rules, &mut object);
        object.some("by", self.by.as_deref());
        object.put("who", self.who.iter().map(|name| json!(&**name)).collect());
        object.some("total", self.total.as_deref());
        object.put("gradings", self.gradings.iter().map(|name| json!(&**name)).collect());
        object.put("everybody", self.team(&self.everybody));
        if self.by.is_some() {
            object.put("teams", self.teams.iter().map(|team| self.team(team)).collect());
            object.put("teamless", json!(self.teamless));
        }
        let problems = self.problems.iter().map(|each| {
            let problems: Vec<Json> = each.problems.iter().map(crate::boundary::problem).collect();
            json!({ "row": each.row, "key": each.key, "problems": problems })
        });
        object.put("problems", problems.collect());
        let notes = self.notes.iter().map(crate::boundary::note);
        object.put("notes", notes.collect());
        object.written()
    }

    fn team(&self, team: &Team) -> Json {
        let mut object = Object::default();
        if let Some(name) = &team.name {
            object.put("team", explained::of_figure(name));
        }
        object.put("people", json!(team.people));
        object.put("with_empty", json!(team.with_empty));
        object.put("with_provisional", json!(team.with_provisional));
        object.put("distributions", team.distributions.iter().map(distribution).collect());
        object.put("columns", team.columns.iter().map(numbers).collect());
        object.put("ranking", team.ranking.iter().map(|ranked| self.ranked(ranked)).collect());
        object.into_json()
    }

    fn ranked(&self, ranked: &Ranked) -> Json {
        let mut object = Object::default();
        object.put("row", json!(ranked.row));
        object.put("key", json!(ranked.key));
        object.put("who", ranked.who.iter().map(explained::of_figure).collect());
        object.some("place", ranked.place);
        object.some("place_in_team", ranked.place_in_team);
        if let Some(total) = &ranked.total {
            object.put("total", explained::of_figure(total));
        }
        let mut gradings = Object::default();
        for (name, grade) in self.gradings.iter().zip(&ranked.gradings) {
            gradings.put(name, explained::of_figure(grade));
        }
        object.put("gradings", gradings.into_json());
        if ranked.provisional {
            object.put("provisional", json!(true));
        }
        object.into_json()
    }
}

fn distribution(distribution: &Distribution) -> Json {
    let grades = distribution.grades.iter().map(|grade| {
        let mut object = Object::default();
        match &grade.standing {
            Standing::Word(word) => object.put("grade", json!(&**word)),
            Standing::None => object.put("grade", Json::Null),
            Standing::Empty => object.put("empty", json!(true)),
        }
        object.put("count", json!(grade.count));
        object.number("share", Some(&grade.share));
        object.into_json()
    });
    json!({ "column": &*distribution.column, "grades": grades.collect::<Vec<_>>() })
}

fn numbers(numbers: &ColumnNumbers) -> Json {
    let mut object = Object::default();
    object.put("column", json!(&*numbers.column));
    object.some("label", numbers.label.as_ref().map(explained::of_message));
    object.put("role", json!(numbers.role.name()));
    object.put("depth", json!(numbers.depth));
    object.some("places", numbers.places);
    object.put("counted", json!(numbers.counted));
    object.put("empty", json!(numbers.empty));
    object.put("provisional", json!(numbers.provisional));
    object.number("sum", Some(&numbers.sum));
    object.number("mean", numbers.mean.as_ref());
    object.number("median", numbers.median.as_ref());
    object.number("largest", numbers.largest.as_ref());
    object.number("smallest", numbers.smallest.as_ref());
    object.into_json()
}

fn rules(rules: &Rules, object: &mut Object) {
    object.put("scheme", json!(&*rules.scheme));
    object.some("edition", rules.edition.as_deref());
    object
        .some("period", rules.period.map(|(start, end)| json!({ "start": start.to_string(), "end": end.to_string() })));
    object.some("as_of", rules.as_of.map(|day| day.to_string()));
    object.put("fingerprint", json!(rules.fingerprint));
    if !rules.given.is_empty() {
        let mut given = Object::default();
        for (name, figure) in &rules.given {
            given.put(name, explained::of_figure(figure));
        }
        object.put("given", given.into_json());
    }
}

fn line(line: &ScoreLine) -> Json {
    let mut object = Object::default();
    object.put("depth", json!(line.depth));
    object.put("of", json!(&*line.of));
    match &line.entry {
        ScoreEntry::Part { part, role, reads } => {
            object.put("role", json!(role.name()));
            object.list("reads", reads, |name| json!(&**name));
            object.put("part", explained::part(part));
        }
        ScoreEntry::Step(step) => object.put("step", explained::step(step)),
        ScoreEntry::Rounding(rounding) => object.put("rounding", explained::rounding(rounding)),
    }
    object.into_json()
}
