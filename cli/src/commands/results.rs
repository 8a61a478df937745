//! What came out of a run as a table: the figures of each row, and beside them what could not be computed.

use kaohe::value::Kind as ValueKind;
use kaohe::{Figure, Outcome, Scheme};

use super::facts::Facts;
use crate::language::Language;
use crate::output::summary::{GradeCounts, Summary};
use crate::output::{Kind, OutputCell, OutputColumn, OutputTable};

/// The results of a run as they grow, row by row.
pub(super) struct Results {
    /// The figures; the last column says what could not be computed.
    pub(super) table: OutputTable,
    /// The figures as people are shown them on a terminal.
    pub(super) shown: OutputTable,
    /// What could not be computed, a line each, for people.
    pub(super) problems: Vec<String>,
    /// The run in a few lines.
    pub(super) summary: Summary,
    language: Language,
}

impl Results {
    /// The results of a scheme before the first row.
    pub(super) fn new(scheme: &Scheme, language: Language) -> Self {
        let plan = scheme.plan();
        let mut columns = Vec::new();
        let mut grades = Vec::new();
        for id in &plan.shown {
            let column = plan.column(*id);
            let kind = match &plan.node(column.body).facts.kind {
                ValueKind::Number => Kind::Number { places: column.places },
                ValueKind::Truth => Kind::Truth,
                ValueKind::Date => Kind::Date,
                ValueKind::Choice(list) => {
                    if list.ordered {
                        let counts = list.in_writing().map(|grade| (grade.to_string(), 0)).collect();
                        grades.push(GradeCounts { grading: column.name.to_string(), counts });
                    }
                    Kind::Text
                }
                ValueKind::Text | ValueKind::Missing => Kind::Text,
            };
            columns.push(OutputColumn::new(column.name.as_ref(), kind));
        }
        let problems = match language {
            Language::English => "problems",
            Language::Chinese => "问题",
        };
        let shown = OutputTable { columns: columns.clone(), rows: Vec::new() };
        columns.push(OutputColumn::new(problems, Kind::Text));
        let table = OutputTable { columns, rows: Vec::new() };
        Self { table, shown, problems: Vec::new(), summary: Summary { grades, ..Summary::default() }, language }
    }

    /// Adds the row at `at`.
    pub(super) fn add(&mut self, facts: &Facts, at: usize, outcome: &Outcome) {
        let mut row: Vec<OutputCell> = Vec::with_capacity(self.table.columns.len());
        for (name, figure) in outcome.figures() {
            self.count(name, &figure);
            row.push(cell(&figure));
        }
        self.shown.rows.push(outcome.shown().map(|(_, text)| OutputCell::Number(text)).collect());
        let told = self.told(facts, at, outcome);
        self.summary.rows += 1;
        if !outcome.is_complete() {
            self.summary.rows_with_errors += 1;
            let (line, key) = facts.place(at);
            for each in &told {
                self.problems.push(match self.language {
                    Language::English => format!("line {line}, {key}: {each}"),
                    Language::Chinese => format!("第 {line} 行 {key}：{each}"),
                });
            }
        }
        row.push(if told.is_empty() { OutputCell::Empty } else { OutputCell::Text(told.join("; ")) });
        self.table.rows.push(row);
    }

    fn count(&mut self, name: &str, figure: &Figure) {
        if let Figure::Text(grade) = figure
            && let Some(grading) = self.summary.grades.iter_mut().find(|grading| grading.grading == name)
            && let Some((_, count)) = grading.counts.iter_mut().find(|(word, _)| **word == **grade)
        {
            *count += 1;
        }
    }

    /// The faults of a row; what is merely blocked by them is not told again.
    fn told(&self, facts: &Facts, at: usize, outcome: &Outcome) -> Vec<String> {
        let faults = outcome.problems().into_iter().filter(|problem| problem.blocked_by.is_none());
        faults
            .map(|problem| match facts.problem(at, &problem.column) {
                Some(unreadable) => {
                    format!("{} [{}] {}", problem.column, unreadable.code.id(), self.language.of(&unreadable.message))
                }
                None => format!("{} [{}] {}", problem.column, problem.code.id(), self.language.of(&problem.message)),
            })
            .collect()
    }
}

fn cell(figure: &Figure) -> OutputCell {
    match figure {
        Figure::Number { value, .. } => OutputCell::Number(value.to_string()),
        Figure::Truth(truth) => OutputCell::Truth(*truth),
        Figure::Text(text) => OutputCell::Text(text.to_string()),
        Figure::Date(date) => OutputCell::Date(*date),
        _ => OutputCell::Empty,
    }
}
