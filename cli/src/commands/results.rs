//! What came out of a run as tables: the figures of each row, and beside them what could not be computed.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use kaohe::boundary::notes_json;
use kaohe::code::Code;
use kaohe::value::Kind as ValueKind;
use kaohe::{Figure, Note, Run};
use kaohe_grammar::say;

use super::facts::Unreadable;
use super::problems::{RowProblems, note_text, problems_of};
use crate::language::Language;
use crate::output::about::About;
use crate::output::summary::{GradeCounts, Summary};
use crate::output::terminal::View;
use crate::output::{Content, Kind, OutputCell, OutputColumn, OutputTable, json};

/// Stands after a figure on a terminal that a row left out could have changed.
const MARK: &str = "*";

/// The results of a run.
pub(super) struct Results {
    /// What could not be computed, of the rows that have such a thing.
    pub(super) problems: Vec<RowProblems>,
    /// What the run notes as a whole.
    pub(super) notes: Vec<Note>,
    /// The run in a few lines.
    pub(super) summary: Summary,
    /// What the run rests on.
    pub(super) about: About,
    language: Language,
}

impl Results {
    /// What came of a run; `totals` are the lines that were left out.
    pub(super) fn of(
        run: &Run,
        unreadable: &Unreadable,
        totals: Vec<(Option<String>, Vec<usize>)>,
        language: Language,
    ) -> Self {
        let problems: Vec<RowProblems> =
            run.incomplete().iter().map(|row| problems_of(run, *row, unreadable)).collect();
        let count = |wanted: fn(&RowProblems) -> bool| problems.iter().filter(|row| wanted(row)).count();
        let summary = Summary {
            rows: run.rows(),
            rows_with_errors: count(RowProblems::has_faults),
            provisional_rows: count(RowProblems::is_provisional),
            totals,
            grades: grades(run),
        };
        Self { problems, notes: run.notes(), summary, about: about(run), language }
    }

    /// The figures as people see them on a terminal, as many rows as there is room for; a provisional one has a mark.
    pub(super) fn shown(&self, run: &Run, view: View) -> OutputTable {
        let mut provisional: HashMap<usize, HashSet<&str>> = HashMap::new();
        for row in &self.problems {
            let waiting = row.told.iter().filter(|each| each.code == Code::Provisional.id());
            provisional.entry(row.row).or_default().extend(waiting.map(|each| &*each.column));
        }
        let mut rows: Vec<Vec<OutputCell>> = (0..run.rows().min(view.rows))
            .map(|row| {
                let marked = provisional.get(&row);
                let outcome = run.outcome(row);
                let cells = outcome.shown().map(|(name, text)| {
                    let is_marked = marked.is_some_and(|marked| marked.contains(name));
                    OutputCell::Number(if is_marked { format!("{text}{MARK}") } else { text })
                });
                cells.collect()
            })
            .collect();
        // those there is no room for are only counted
        rows.resize_with(run.rows(), Vec::new);
        OutputTable { columns: columns(run), rows }
    }

    /// What the mark means, when some figure has it.
    pub(super) fn legend(&self) -> Option<String> {
        let message =
            say!("{MARK} provisional: rows that were left out could change it", "{MARK} 暂定值：未计入的行可能改变它");
        (self.summary.provisional_rows > 0).then(|| self.language.of(&message).to_owned())
    }

    /// The results as they are written to a file.
    pub(super) fn written(self, run: &Run) -> Written {
        let places = 0..run.scheme().plan().shown.len();
        let rows = (0..run.rows())
            .map(|row| {
                places.clone().map(|at| run.figures(at).get(row).as_ref().map_or(OutputCell::Empty, cell)).collect()
            })
            .collect();
        let figures = OutputTable { columns: columns(run), rows };
        let left_out = self.summary.left_out(self.language);
        let about = self.about.table(self.language, self.facts(left_out));
        let Self { problems, notes, about: on, language, .. } = self;
        Written { figures, problems, notes, about_table: about, about: on, language }
    }

    /// What is known of the run as a whole, for the sheet that tells what the results rest on.
    fn facts(&self, left_out: Vec<String>) -> Vec<(String, OutputCell)> {
        let Summary { rows, rows_with_errors, provisional_rows, .. } = &self.summary;
        let word = |message| self.language.of(&message).to_owned();
        let count = |count: &usize| OutputCell::Number(count.to_string());
        let mut facts = vec![
            (word(say!("rows", "行数")), count(rows)),
            (word(say!("rows with errors", "有错误的行")), count(rows_with_errors)),
            (word(say!("provisional rows", "暂定的行")), count(provisional_rows)),
        ];
        facts.extend(left_out.into_iter().map(|text| (word(say!("left out", "未计入")), OutputCell::Text(text))));
        let note = |note| (word(say!("note", "提示")), OutputCell::Text(note_text(note, self.language)));
        facts.extend(self.notes.iter().map(note));
        facts
    }
}

/// Results as they are written to a file.
pub(super) struct Written {
    /// The figures, for JSON without the column that tells problems.
    figures: OutputTable,
    problems: Vec<RowProblems>,
    notes: Vec<Note>,
    about: About,
    about_table: OutputTable,
    language: Language,
}

impl Written {
    /// The same with a last column that says what could not be computed.
    pub(super) fn with_problems(mut self) -> Self {
        let mut name = self.language.of(&say!("problems", "问题")).to_owned();
        // a column of the scheme keeps its name
        while self.figures.columns.iter().any(|column| column.name == name) {
            name.push('_');
        }
        let at = self.figures.columns.len();
        self.figures.columns.push(OutputColumn::new(name, Kind::Text));
        for problems in &self.problems {
            if let Some(row) = self.figures.rows.get_mut(problems.row) {
                row.resize(at, OutputCell::Empty);
                row.push(OutputCell::Text(problems.text(self.language)));
            }
        }
        self
    }
}

impl Content for Written {
    fn sheets(&self) -> Vec<(&str, &OutputTable)> {
        vec![(&self.about.scheme, &self.figures), (About::sheet(self.language), &self.about_table)]
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::about(&self.about, out)?;
        out.write_all(b",\n\"rows\":")?;
        json::rows(&self.figures, out)?;
        out.write_all(b",\n\"problems\":")?;
        let problems = self.problems.iter().flat_map(RowProblems::as_json);
        json::list(problems, out, |problem, out| write!(out, "{problem}"))?;
        write!(out, ",\n\"notes\":{}", notes_json(&self.notes))?;
        out.write_all(b"\n}\n")
    }
}

/// What a run rests on.
pub(super) fn about(run: &Run) -> About {
    About {
        scheme: run.scheme().name().to_owned(),
        edition: run.scheme().edition().map(str::to_owned),
        fingerprint: run.fingerprint(),
        as_of: run.as_of(),
        given: run.given().map(|(name, figure)| (name.to_owned(), cell(&figure))).collect(),
    }
}

/// The columns people are shown.
fn columns(run: &Run) -> Vec<OutputColumn> {
    let plan = run.scheme().plan();
    let columns = plan.shown.iter().map(|id| plan.column(*id));
    columns
        .map(|column| {
            let kind = match &plan.node(column.body).facts.kind {
                ValueKind::Number => Kind::Number { places: column.places },
                ValueKind::Truth => Kind::Truth,
                ValueKind::Date => Kind::Date,
                ValueKind::Choice(_) | ValueKind::Text | ValueKind::Missing => Kind::Text,
            };
            OutputColumn::new(column.name.as_ref(), kind)
        })
        .collect()
}

/// How many have each grade, of every grading people are shown.
fn grades(run: &Run) -> Vec<GradeCounts> {
    let plan = run.scheme().plan();
    let mut grades = Vec::new();
    for (at, id) in plan.shown.iter().enumerate() {
        let column = plan.column(*id);
        let ValueKind::Choice(list) = &plan.node(column.body).facts.kind else { continue };
        if !list.ordered {
            continue;
        }
        let mut counts: Vec<(String, usize)> = list.in_writing().map(|grade| (grade.to_string(), 0)).collect();
        for figure in run.figures(at).iter() {
            if let Figure::Text(grade) = figure
                && let Some((_, count)) = counts.iter_mut().find(|(word, _)| **word == *grade)
            {
                *count += 1;
            }
        }
        grades.push(GradeCounts { grading: column.name.to_string(), counts });
    }
    grades
}

pub(super) fn cell(figure: &Figure) -> OutputCell {
    match figure {
        Figure::Number { value, .. } => OutputCell::Number(value.to_string()),
        Figure::Truth(truth) => OutputCell::Truth(*truth),
        Figure::Text(_) | Figure::Unlimited => OutputCell::Text(figure.to_string()),
        Figure::Date(date) => OutputCell::Date(*date),
        _ => OutputCell::Empty,
    }
}
