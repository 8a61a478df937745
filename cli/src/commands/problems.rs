//! Why cells of a row are empty, or figures provisional, in one line each.

use std::collections::BTreeMap;
use std::sync::Arc;

use kaohe::code::Code;
use kaohe::{Note, Run};
use kaohe_grammar::{Message, say};
use serde_json::{Value as Json, json};

use super::facts::Unreadable;
use crate::language::Language;

/// Problems that are listed on a terminal; all of them are in the files.
const LISTED: usize = 20;

/// What is wrong with a row.
#[derive(Debug)]
pub(super) struct RowProblems {
    /// Its place in the run.
    pub(super) row: usize,
    key: String,
    line: u32,
    pub(super) told: Vec<Told>,
}

/// One empty cell, or one provisional figure.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) column: Arc<str>,
    pub(super) code: &'static str,
    message: Message,
    /// The column that lacks, where this one only waits for it.
    blocked_by: Option<Arc<str>>,
    /// The detail row it was met in.
    detail: Option<(Arc<str>, u32)>,
    /// The keys of the rows that were left out.
    left_out: Vec<String>,
    /// Whether people read of it: what only waits for another cell is not told again, nor that a stage which nobody is
    /// shown is provisional, because what reads it is, too.
    is_news: bool,
}

/// What is wrong with a row of a run; a cell that could not be read says why.
pub(super) fn problems_of(run: &Run, row: usize, unreadable: &Unreadable) -> RowProblems {
    let (plan, line) = (run.scheme().plan(), run.line(row));
    let told = run.problems(row).into_iter().map(|problem| {
        let (code, message) = match (unreadable.reason(&problem, line), &problem.detail) {
            (Some(reason), None) => (reason.code.id(), reason.message.clone()),
            (Some(reason), Some((table, line))) => {
                let Message { en, zh } = &reason.message;
                (reason.code.id(), say!("{en} (row {line} of `{table}`)", "{zh}（`{table}` 第 {line} 行）"))
            }
            (None, _) => (problem.code.id(), problem.message),
        };
        let (blocked_by, detail, left_out) = (problem.blocked_by, problem.detail, problem.left_out);
        let is_shown = || plan.column_named(&problem.column).is_some_and(|id| plan.shown.contains(&id));
        let is_news = blocked_by.is_none() && (problem.code != Code::Provisional || is_shown());
        Told { column: problem.column, code, message, blocked_by, detail, left_out, is_news }
    });
    let mut told: Vec<Told> = told.collect();
    if !told.iter().any(|each| each.is_news) {
        // a row is never among the incomplete ones without a word why
        told.iter_mut().for_each(|each| each.is_news = true);
    }
    RowProblems { row, key: run.key(row), line, told }
}

impl Told {
    fn is_provisional(&self) -> bool {
        self.code == Code::Provisional.id()
    }

    fn text(&self, language: Language) -> String {
        format!("{} [{}] {}", self.column, self.code, language.of(&self.message))
    }
}

impl RowProblems {
    /// Whether a cell is empty.
    pub(super) fn has_faults(&self) -> bool {
        self.told.iter().any(|each| !each.is_provisional())
    }

    /// Whether a row that was left out could have changed a figure.
    pub(super) fn is_provisional(&self) -> bool {
        self.told.iter().any(Told::is_provisional)
    }

    /// What people read of it, in one cell of a table.
    pub(super) fn text(&self, language: Language) -> String {
        self.told.iter().filter(|each| each.is_news).map(|each| each.text(language)).collect::<Vec<_>>().join("; ")
    }

    /// Each of it as data: `key`, `line`, `column`, `code`, `message`, `message_zh`, `blocked_by`, `detail`, `left_out`.
    pub(super) fn as_json(&self) -> impl Iterator<Item = Json> {
        self.told.iter().map(|each| {
            json!({
                "key": self.key,
                "line": self.line,
                "column": &*each.column,
                "code": each.code,
                "message": each.message.en,
                "message_zh": each.message.zh,
                "blocked_by": each.blocked_by.as_deref(),
                "detail": each.detail.as_ref().map(|(table, row)| json!({ "table": &**table, "row": row })),
                "left_out": each.left_out,
            })
        })
    }
}

/// Says what a run has to note as a whole, on the error stream.
pub(super) fn list_notes(notes: &[Note], language: Language) {
    for note in notes {
        eprintln!("{}", note_text(note, language));
    }
}

/// A note of a run with its code.
pub(super) fn note_text(note: &Note, language: Language) -> String {
    format!("[{}] {}", note.code.id(), language.of(&note.message))
}

/// Lists what is wrong on standard error: the faults by row, then what they make provisional, by column.
pub(super) fn list(problems: &[RowProblems], language: Language) {
    let mut lines = Vec::new();
    let mut waiting: BTreeMap<(&str, &[String]), usize> = BTreeMap::new();
    for row in problems {
        let (line, key) = (row.line, &row.key);
        for each in row.told.iter().filter(|each| each.is_news) {
            if each.is_provisional() {
                let count = waiting.entry((&each.column, &each.left_out)).or_default();
                *count += 1;
                continue;
            }
            let text = each.text(language);
            lines.push(match language {
                Language::English => format!("line {line}, {key}: {text}"),
                Language::Chinese => format!("第 {line} 行 {key}：{text}"),
            });
        }
    }
    let code = Code::Provisional.id();
    for ((column, left_out), count) in waiting {
        let keys = crate::table::listed(&left_out.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>(), language);
        lines.push(match language {
            Language::English => {
                let rows = if count == 1 { "row" } else { "rows" };
                format!("{column} [{code}] provisional in {count} {rows}, because these are left out: {keys}")
            }
            Language::Chinese => format!("{column} [{code}] {count} 行为暂定值，因为以下行未计入：{keys}"),
        });
    }
    for line in lines.iter().take(LISTED) {
        eprintln!("{line}");
    }
    if lines.len() > LISTED {
        let more = lines.len() - LISTED;
        match language {
            Language::English => eprintln!("… and {more} more; `--out FILE` writes all of them"),
            Language::Chinese => eprintln!("……另有 {more} 条；`--out 文件` 可写出全部"),
        }
    }
}
