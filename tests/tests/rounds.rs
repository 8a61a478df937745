//! Runs the tables of rounds through the library: who rates whom, and what comes of what is done.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::collections::{BTreeMap, HashSet};

use kaohe::ratings::{Event, HostTime, Membership, RatingRound, SheetView, Sheets, Stamp};
use kaohe::{DataError, Scheme};
use kaohe_tests::tables::{cases, files, report, stem};
use serde::Deserialize;

type Row = Vec<String>;

/// Role and group, and how many sheets there are, untouched, started and submitted.
type Progress = (String, String, usize, usize, usize, usize);

/// One round.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundCase {
    name: String,
    scheme: String,
    /// Person, role, group.
    members: Vec<[String; 3]>,
    #[serde(default)]
    steps: Vec<Step>,
    /// The code the sheets are refused with, and what it names.
    error: Option<String>,
    #[serde(default)]
    offenders: Row,
    /// Rater, role, ratee, group, items when not all.
    sheets: Option<Vec<Row>>,
    /// The ids of the sheets.
    ids: Option<Row>,
    /// The codes of what is doubtful.
    #[serde(default)]
    notes: Row,
    #[serde(default)]
    tasks: BTreeMap<String, Row>,
    submitted: Option<Vec<Row>>,
    progress: Option<Vec<Progress>>,
    #[serde(default)]
    reopened: BTreeMap<String, Row>,
    #[serde(default)]
    refused: Row,
    events: Option<usize>,
    /// The whole log, in the order of events.
    log: Option<String>,
}

/// One step of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Step {
    r#do: String,
    rater: String,
    ratee: String,
    /// Whose sheet it is, and about whom, when the rater means another's.
    sheet_of: Option<(String, String)>,
    /// The entry of the plan, when the rater has several sheets about one person.
    entry: Option<usize>,
    item: String,
    mark: String,
    by: String,
    reason: String,
    /// The time; otherwise the step's number in seconds after nine o'clock.
    at: Option<String>,
    /// `fork` for the other device.
    on: String,
    members: Vec<[String; 3]>,
    nothing: bool,
    refused: Option<String>,
    offenders: Option<Row>,
}

fn sheets(scheme: &Scheme, members: &[[String; 3]]) -> Result<Sheets, DataError> {
    let rows = members.iter().map(|[person, role, group]| (person.as_str(), role.as_str(), Some(group.as_str())));
    Sheets::new(scheme.rating("测评").or_else(|| scheme.rating("民主测评")).unwrap(), &Membership::of(rows)?)
}

/// The sheet a step is about.
fn meant<'r>(round: &'r RatingRound, step: &Step) -> Result<SheetView<'r>, DataError> {
    if let Some((rater, ratee)) = &step.sheet_of {
        return round.sheet_of(rater, ratee, None);
    }
    match step.entry {
        Some(entry) => Ok(*round.sheets_of(&step.rater)?.iter().find(|view| view.sheet().entry == entry).unwrap()),
        None => round.sheet_of(&step.rater, &step.ratee, None),
    }
}

fn done(round: &mut RatingRound, step: &Step, stamp: &Stamp) -> Result<Option<Event>, DataError> {
    let Step { rater, item, mark, by, reason, .. } = step;
    match step.r#do.as_str() {
        "open" => return round.open(by, stamp),
        "close" => return round.close(by, stamp),
        _ => {}
    }
    let id = meant(round, step)?.sheet().id.clone();
    match step.r#do.as_str() {
        "mark" => round.mark(rater, &id, item, mark, stamp),
        "clear" => round.clear(rater, &id, item, stamp),
        "submit" => round.submit(rater, &id, stamp),
        "withdraw" => round.withdraw(rater, &id, stamp),
        "reopen" => round.reopen(&id, by, reason, stamp),
        other => panic!("no step `{other}`"),
    }
}

/// Carries out the steps; what differs from what they say.
fn carried_out(case: &RoundCase, scheme: &Scheme, mut round: RatingRound) -> (RatingRound, Vec<String>) {
    let mut wrong = Vec::new();
    let mut fork: Option<RatingRound> = None;
    for (at, step) in case.steps.iter().enumerate() {
        let on_fork = step.on == "fork";
        let time = step.at.clone().unwrap_or_else(|| format!("2026-10-01T09:00:{at:02}"));
        let stamp = Stamp { time: HostTime::parse(&time).unwrap(), device: if on_fork { "pc2" } else { "pc" }.into() };
        match step.r#do.as_str() {
            "leave" => {
                let read = RatingRound::from_json_lines(round.sheets().clone(), round.to_json_lines().as_bytes());
                round = read.unwrap().round;
            }
            "fork" => fork = Some(round.clone()),
            "merge" => {
                round.merge(fork.as_ref().unwrap()).unwrap();
            }
            "members" => {
                let sheets = sheets(scheme, &step.members).unwrap();
                round = RatingRound::from_json_lines(sheets, round.to_json_lines().as_bytes()).unwrap().round;
            }
            _ => {
                let target = if on_fork { fork.as_mut().unwrap() } else { &mut round };
                let done = done(target, step, &stamp);
                let got = match &done {
                    Ok(Some(_)) => "done".to_owned(),
                    Ok(None) => "nothing".to_owned(),
                    Err(error) => error.code.id().to_owned(),
                };
                let plain = if step.nothing { "nothing" } else { "done" };
                let want = step.refused.as_deref().unwrap_or(plain);
                if got != want {
                    wrong.push(format!("step {at}: got {got}, want {want}"));
                }
                if let (Err(error), Some(offenders)) = (done, &step.offenders)
                    && error.offenders != *offenders
                {
                    wrong.push(format!("step {at}: offenders {:?}", error.offenders));
                }
            }
        }
    }
    (round, wrong)
}

fn differences(case: &RoundCase) -> Vec<String> {
    let scheme = match Scheme::parse(&case.scheme) {
        Ok(scheme) => scheme,
        Err(error) => return vec![error.render(None, kaohe::diagnostic::Language::English)],
    };
    let made = match (sheets(&scheme, &case.members), &case.error) {
        (Ok(made), None) => made,
        (Ok(_), Some(code)) => return vec![format!("sheets were made, want {code}")],
        (Err(error), Some(code)) if error.code.id() == code && error.offenders == case.offenders => return Vec::new(),
        (Err(error), _) => return vec![format!("{error} {:?}", error.offenders)],
    };
    let mut wrong = Vec::new();
    let mut compare = |what: &str, got: String, want: String| {
        if got != want {
            wrong.push(format!("{what}:\n    got  {got}\n    want {want}"));
        }
    };
    let notes: Row = made.notes().iter().map(|note| note.code.id().to_owned()).collect();
    compare("notes", format!("{notes:?}"), format!("{:?}", case.notes));
    if let Some(ids) = &case.ids {
        let found: Row = made.sheets().iter().map(|sheet| sheet.id.to_string()).collect();
        compare("ids", format!("{found:?}"), format!("{ids:?}"));
    }
    if let Some(want) = &case.sheets {
        let items = |sheet: &kaohe::ratings::Sheet| {
            let all = made.rating().items();
            let names: Row = sheet.items.iter().map(|at| all[*at].name.to_string()).collect();
            if names.len() == all.len() { String::new() } else { names.join(" ") }
        };
        let found: Vec<Row> = made
            .sheets()
            .iter()
            .map(|sheet| {
                let [rater, role, ratee] = [&sheet.rater, &sheet.role, &sheet.ratee].map(|text| text.to_string());
                vec![rater, role, ratee, sheet.group.as_deref().unwrap_or("").to_owned(), items(sheet)]
            })
            .collect();
        compare("sheets", format!("{found:?}"), format!("{want:?}"));
    }
    let (round, steps) = carried_out(case, &scheme, RatingRound::new(made));
    for (rater, want) in &case.tasks {
        let told = |view: SheetView<'_>| format!("{}: {}", view.sheet().ratee, view.outstanding().join(" "));
        let found: Row = round.tasks(rater).unwrap().into_iter().map(told).collect();
        compare(&format!("tasks of {rater}"), format!("{found:?}"), format!("{want:?}"));
    }
    if let Some(want) = &case.submitted {
        let row = |sheet: kaohe::ratings::SubmittedSheet| -> Row {
            let marks = sheet.marks.iter().map(|mark| mark.as_deref().unwrap_or("").to_owned());
            [&sheet.ratee, &sheet.role, &sheet.rater].map(|text| text.to_string()).into_iter().chain(marks).collect()
        };
        let found: Vec<Row> = round.submitted().into_iter().map(row).collect();
        compare("submitted", format!("{found:?}"), format!("{want:?}"));
    }
    if let Some(want) = &case.progress {
        let found: Vec<_> = round
            .progress()
            .into_iter()
            .map(|each| {
                let group = each.group.as_deref().unwrap_or("").to_owned();
                (each.role.to_string(), group, each.sheets, each.untouched, each.started, each.submitted)
            })
            .collect();
        compare("progress", format!("{found:?}"), format!("{want:?}"));
    }
    for (rater, want) in &case.reopened {
        let sheets = round.sheets_of(rater).unwrap();
        let found: Row = sheets
            .iter()
            .flat_map(|view| view.reopened())
            .map(|each| format!("{}: {}", each.by, each.reason))
            .collect();
        compare(&format!("reopened of {rater}"), format!("{found:?}"), format!("{want:?}"));
    }
    let refused: Row =
        round.refused().iter().map(|each| format!("{} {}", each.event.kind(), each.why.code.id())).collect();
    compare("refused", format!("{refused:?}"), format!("{:?}", case.refused));
    if let Some(want) = case.events {
        compare("events", round.events().len().to_string(), want.to_string());
    }
    if let Some(want) = &case.log {
        compare("log", round.to_json_lines(), want.clone());
    }
    wrong.extend(steps);
    wrong
}

#[test]
fn every_round_comes_to_what_its_case_says() {
    let (mut failures, mut names) = (Vec::new(), HashSet::new());
    for path in files("cases/rounds", "toml") {
        for case in cases::<RoundCase>(&path) {
            for why in differences(&case) {
                failures.push(format!("{}: {}\n  {why}", stem(&path), case.name));
            }
            if !names.insert(case.name.clone()) {
                failures.push(format!("{}: {}: two cases have this name", stem(&path), case.name));
            }
        }
    }
    report(names.len(), &failures);
}
