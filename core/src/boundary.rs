//! The verbs in plain data, for hosts of other languages: what they hand over and what they get back.
//!
//! A binding converts its own values to these and back, and decides nothing: which text is a number, what an error is
//! called and how it is worded is settled here, once for all of them.

use serde_json::{Map, Value as Json, json};

use crate::cases::{CaseResult, Verdict};
use crate::coverage::Coverage;
use crate::diagnostic::{Diagnostic, Location, Message, Severity};
use crate::error::{DataError, SchemeError};
use crate::number::Number;
use crate::problem::Problem;
use crate::ratings::agreement::Agreement;
use crate::ratings::severity::SeverityAdjustment;
use crate::run::{ExamStatistics, Note, QuestionStatistics, RatingAgreement, RoleAgreement};

/// Diagnostics as a JSON list, the form every host shows: `severity`, `code`, `message`, `message_zh`, `help`,
/// `help_zh`, `path`, and with a place `line`, `column`, `end_column`, `text`, `underlined`.
#[must_use]
pub fn diagnostics_json(diagnostics: &[Diagnostic]) -> String {
    Json::Array(diagnostics.iter().map(diagnostic).collect()).to_string()
}

fn diagnostic(found: &Diagnostic) -> Json {
    let mut out = Map::new();
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    out.insert("severity".to_owned(), json!(severity));
    out.insert("code".to_owned(), json!(found.code.id()));
    out.insert("message".to_owned(), json!(found.message.en));
    out.insert("message_zh".to_owned(), json!(found.message.zh));
    out.insert("help".to_owned(), json!(found.help.as_ref().map(|help| &help.en)));
    out.insert("help_zh".to_owned(), json!(found.help.as_ref().map(|help| &help.zh)));
    out.insert("path".to_owned(), json!(found.path));
    place(&mut out, found.location.as_ref());
    Json::Object(out)
}

fn place(out: &mut Map<String, Json>, location: Option<&Location>) {
    out.insert("line".to_owned(), json!(location.map(|place| place.line)));
    out.insert("column".to_owned(), json!(location.map(|place| place.column)));
    out.insert("end_column".to_owned(), json!(location.map(|place| place.end_column)));
    out.insert("text".to_owned(), json!(location.map(|place| &place.text)));
    out.insert("underlined".to_owned(), json!(location.map(|place| &place.underlined)));
}

/// A refused scheme as JSON: `message` and `message_zh` in one line, and its `diagnostics`.
#[must_use]
pub fn scheme_error_json(error: &SchemeError) -> String {
    let diagnostics: Vec<Json> = error.diagnostics().iter().map(diagnostic).collect();
    let Message { en, zh } = error.summary();
    json!({ "message": en, "message_zh": zh, "diagnostics": diagnostics }).to_string()
}

/// How the questions of an examination did, as JSON: `exam`, `sheets`, `left_out` (lines), `group`, `mean`, and for each of
/// `questions` its `part`, `question`, `key`, `blank`, `invalid`, `right`, `difficulty`, `discrimination`, `correlation`. Figures are
/// decimal text with at most twelve decimals, or `null`.
#[must_use]
pub fn exam_statistics_json(statistics: &ExamStatistics) -> String {
    let decimal = |number: &Option<Number>| {
        let published = number.as_ref().and_then(|number| number.to_published(None).ok());
        json!(published.map(|published| published.value.normalize().to_string()))
    };
    let question = |each: &QuestionStatistics| {
        json!({
            "part": &*each.part,
            "question": &*each.question,
            "key": each.key,
            "blank": each.blank,
            "invalid": each.invalid,
            "right": each.right,
            "difficulty": decimal(&each.difficulty),
            "discrimination": decimal(&each.discrimination),
            "correlation": decimal(&each.correlation),
        })
    };
    json!({
        "exam": &*statistics.exam,
        "sheets": statistics.sheets,
        "left_out": statistics.left_out,
        "group": statistics.group,
        "mean": decimal(&statistics.mean),
        "questions": statistics.questions.iter().map(question).collect::<Vec<_>>(),
    })
    .to_string()
}

/// A refused table or row as JSON: `code`, `message`, `message_zh`, `help`, `help_zh`, `offenders`.
#[must_use]
pub fn data_error_json(error: &DataError) -> String {
    json!({
        "code": error.code.id(),
        "message": error.message.en,
        "message_zh": error.message.zh,
        "help": error.help.as_ref().map(|help| &help.en),
        "help_zh": error.help.as_ref().map(|help| &help.zh),
        "offenders": error.offenders,
    })
    .to_string()
}

/// Empty cells and provisional figures with their reasons as a JSON list: `column`, `code`, `message`, `message_zh`,
/// `blocked_by`, with a place in the scheme `line`, `column_at`, `underlined`, with a detail row `detail` (its table) and
/// `detail_line`, and `left_out`: the keys of the rows that make a figure provisional.
#[must_use]
pub fn problems_json(problems: &[Problem]) -> String {
    Json::Array(problems.iter().map(problem).collect()).to_string()
}

pub(crate) fn problem(problem: &Problem) -> Json {
    json!({
        "column": &*problem.column,
        "code": problem.code.id(),
        "message": problem.message.en,
        "message_zh": problem.message.zh,
        "blocked_by": problem.blocked_by.as_deref(),
        "line": problem.location.as_ref().map(|place| place.line),
        "column_at": problem.location.as_ref().map(|place| place.column),
        "underlined": problem.location.as_ref().map(|place| &place.underlined),
        "detail": problem.detail.as_ref().map(|(table, _)| &**table),
        "detail_line": problem.detail.as_ref().map(|(_, line)| line),
        "left_out": problem.left_out,
    })
}

/// The results of worked examples as a JSON list: `name`, `verdict` (`passed`, `failed`), `figures` looked
/// at, and `differences` with `key` (in an example of several people), `column`, `expected`, `found`, `found_zh`.
#[must_use]
pub fn cases_json(results: &[CaseResult]) -> String {
    let told = |result: &CaseResult| match &result.verdict {
        Verdict::Passed(figures) => json!({ "name": &*result.name, "verdict": "passed", "figures": figures }),
        Verdict::Failed(differences) => {
            let each: Vec<Json> = differences
                .iter()
                .map(|difference| {
                    json!({
                        "key": difference.key.as_deref(),
                        "column": &*difference.column,
                        "expected": difference.expected,
                        "found": difference.found.en,
                        "found_zh": difference.found.zh,
                    })
                })
                .collect();
            json!({ "name": &*result.name, "verdict": "failed", "differences": each })
        }
    };
    Json::Array(results.iter().map(told).collect()).to_string()
}

/// What is doubtful about a run as a whole as a JSON list: `code`, `message`, `message_zh`.
#[must_use]
pub fn notes_json(notes: &[Note]) -> String {
    Json::Array(notes.iter().map(note).collect()).to_string()
}

pub(crate) fn note(note: &Note) -> Json {
    json!({ "code": note.code.id(), "message": note.message.en, "message_zh": note.message.zh })
}

/// What no worked example reaches as JSON: [`Coverage::to_json`].
#[must_use]
pub fn coverage_json(coverage: &Coverage) -> String {
    coverage.to_json()
}

/// Agreement as JSON: `figures` by name (`icc_1_1` to `icc_3_k`, `alpha_nominal` to `alpha_ratio`, `kendall_w`) as decimal
/// text, `null` where there is none; `shown_rounded` with the names of those whose exact value has more decimals;
/// `problems` as [`problems_json`] has them; `left_out`, the ratees who were.
#[must_use]
pub fn agreement_json(agreement: &Agreement) -> String {
    Json::Object(agreement_told(agreement)).to_string()
}

/// The agreement of the raters of an appraisal as JSON: `rating`, `left_out` (lines of sheets), and for each of `roles` its
/// `role`, `sheets`, `raters`, `ratees` (how many), `whole` as [`agreement_json`] has it, and `items`, each with its `item`
/// and the same.
#[must_use]
pub fn rating_agreement_json(found: &RatingAgreement) -> String {
    let item = |(item, agreement): &(std::sync::Arc<str>, Agreement)| {
        let mut told = agreement_told(agreement);
        told.insert("item".to_owned(), json!(&**item));
        Json::Object(told)
    };
    let role = |role: &RoleAgreement| {
        json!({
            "role": &*role.role,
            "sheets": role.sheets,
            "raters": role.raters,
            "ratees": role.ratees,
            "whole": agreement_told(&role.whole),
            "items": role.items.iter().map(item).collect::<Vec<_>>(),
        })
    };
    let roles: Vec<Json> = found.roles.iter().map(role).collect();
    json!({ "rating": &*found.rating, "left_out": found.left_out, "roles": roles }).to_string()
}

fn agreement_told(agreement: &Agreement) -> Map<String, Json> {
    let (figures, rounded) = agreement.published();
    let problems: Vec<Json> = agreement.problems().iter().map(problem).collect();
    let left_out: Vec<&str> = agreement.left_out().iter().map(|name| &**name).collect();
    let told: [(&str, Json); 4] = [
        ("figures", Json::Object(figures)),
        ("shown_rounded", json!(rounded)),
        ("problems", Json::Array(problems)),
        ("left_out", json!(left_out)),
    ];
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Severity as JSON, its tables by column with figures as decimal text: `ratings` (`ratee`, `rater`, `rating`, `adjusted`)
/// in the order they came, `raters` (`rater`, `ratings`, `mean`, `effect`, `factor`, `counts`, `group`), `ratees` (`ratee`,
/// `ratings`, `mean`, `adjusted`); `shown_rounded` with the columns (`raters.effect`) of which some figure has more decimals
/// than are shown; `without_spread`, the raters who have none; and the number of `groups`.
///
/// # Errors
///
/// [`DataError`] with `K0908` when a figure has more digits than can be published.
pub fn severity_json(severity: &SeverityAdjustment) -> Result<String, DataError> {
    severity.published().map(|told| told.to_string())
}
