//! The report of a person as a page: the results, how they came about, and what they came from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::columns::Stage;
use super::person::is_place;
use super::sections::{Writer, provisional_told, rounded_told};
use super::{PersonReport, ScoreEntry};
use crate::code::Code;
use crate::diagnostic::Language;
use crate::explain::text::{fact_text, figure_text, formula_text, parameter_told, problem_told, rounding_told};
use crate::explain::{ColumnExplanation, ColumnRole, ParameterRead, StepKind, number_text, rows_told, seats_table};
use crate::outcome::Figure;
use crate::page::{Block, Cell, Mark, Page, Pair, Row, Stress, Table, Tone};

/// How many detail rows of a table are shown before the rest is only counted; the data has them all.
const TOLD_ROWS: usize = 200;

impl PersonReport {
    /// The report as a page.
    pub(super) fn page(&self, language: Language) -> Page {
        let inputs = self.who.iter().chain(&self.facts);
        let by_name = inputs.chain(&self.explanation.columns).map(|column| (&*column.name, column)).collect();
        let mut sheet = Sheet { report: self, by_name, writer: Writer::new(language) };
        sheet.write();
        let key = self.key.iter().map(String::as_str);
        let name = std::iter::once(&*self.rules.scheme).chain(key).collect::<Vec<_>>().join(" ");
        Page { language, name, blocks: sheet.writer.blocks }
    }
}

/// The report of a person while it is being written.
pub(super) struct Sheet<'r> {
    report: &'r PersonReport,
    by_name: HashMap<&'r str, &'r ColumnExplanation>,
    pub(super) writer: Writer,
}

impl<'r> Sheet<'r> {
    pub(super) fn say(&self, message: &Message) -> String {
        self.writer.say(message)
    }

    pub(super) fn language(&self) -> Language {
        self.writer.language
    }

    pub(super) fn column(&self, name: &str) -> Option<&'r ColumnExplanation> {
        self.by_name.get(name).copied()
    }

    pub(super) fn columns(&self, names: &[Arc<str>]) -> Vec<&'r ColumnExplanation> {
        names.iter().filter_map(|name| self.column(name)).collect()
    }

    fn write(&mut self) {
        let report = self.report;
        self.writer.head(&report.rules, &say!("Appraisal report", "个人考核报告"));
        self.who();
        self.results();
        self.incomplete();
        for table in &report.totals {
            self.scores(table);
        }
        self.gradings();
        self.standings();
        self.pay();
        self.how_items_came_about();
        self.indicators();
        self.facts();
        self.parameters();
        self.details();
        self.problems();
        let mut marks = vec![rounded_told()];
        if report.problems.iter().any(|problem| problem.code == Code::Provisional) {
            marks.push(provisional_told());
        }
        self.writer.foot(&report.rules, marks);
    }

    fn who(&mut self) {
        let pairs = self.report.who.iter().map(|column| self.pair(column)).collect();
        self.writer.blocks.push(Block::Pairs(pairs));
    }

    fn pair(&self, column: &ColumnExplanation) -> Pair {
        let note = column.steps.first().map(|step| self.say(&step.told));
        let note = note.or_else(|| column.problem.as_ref().map(|problem| problem.code.id().to_owned()));
        Pair { name: self.writer.name(column), value: self.writer.value_with_unit(column), note }
    }

    // -- what it comes to --

    fn results(&mut self) {
        let marks: Vec<Mark> = self.columns(&self.report.results).into_iter().map(|column| self.mark(column)).collect();
        if !marks.is_empty() {
            self.writer.blocks.push(Block::Marks(marks));
        }
    }

    fn mark(&self, column: &ColumnExplanation) -> Mark {
        let facts = column.steps.iter().filter(|_| is_place(column)).flat_map(|step| &step.facts);
        let counted = facts.into_iter().find(|(name, _)| *name == "counted");
        let of = match (&column.full, counted) {
            _ if column.problem.is_some() => column.problem.as_ref().map(|problem| problem.code.id().to_owned()),
            (Some(full), _) => Some(format!("/ {}", number_text::told(full))),
            (None, Some((_, counted))) => Some(format!("/ {}", fact_text(counted))),
            (None, None) => column.unit.clone().filter(|_| matches!(column.figure, Figure::Number { .. })),
        };
        let doubtful = column.problem.is_some() || !column.provisional.is_empty();
        Mark {
            name: self.writer.name(column),
            value: self.writer.value(column),
            of: of.unwrap_or_default(),
            tone: if doubtful { Tone::Warning } else { Tone::Plain },
        }
    }

    /// That something lacks is said at once, and why further down.
    fn incomplete(&mut self) {
        let problems = &self.report.problems;
        let provisional = problems.iter().filter(|problem| problem.code == Code::Provisional).count();
        let empty = problems.len().saturating_sub(provisional);
        if empty > 0 {
            self.writer.paragraph(
                Tone::Warning,
                &say!(
                    "Incomplete: figures that could not be computed: {empty}; the reasons stand below",
                    "结果不完整：有 {empty} 项未能计算，原因见下文"
                ),
            );
        }
        if provisional > 0 {
            self.writer.paragraph(
                Tone::Warning,
                &say!(
                    "Provisional: figures that may still change, as somebody was left out: {provisional}",
                    "结果待定：有 {provisional} 项为暂定值，因有人未计入"
                ),
            );
        }
    }

    // -- grades, places, pay --

    fn gradings(&mut self) {
        let report = self.report;
        for grading in &report.gradings {
            let Some(grade) = self.column(&grading.column) else { continue };
            let (name, value) = (self.writer.name(grade), self.writer.value(grade));
            self.writer.heading(&say!("{name}: {value}", "{name}：{value}"));
            let stages = self.columns(&grading.stages);
            for stage in &stages {
                if stages.len() > 1 {
                    let value = self.writer.value(stage);
                    let told = stage_told(&stage.name, &grading.column, &value);
                    let told = self.say(&told);
                    self.writer.subheading(told);
                }
                for step in &stage.steps {
                    let told = self.say(&step.told);
                    self.writer.blocks.push(Block::Note(0, Tone::Plain, told));
                    if let (StepKind::Seats, Some(seating)) = (step.kind, &stage.seats) {
                        self.writer.table(seats_table(seating, self.writer.language));
                    }
                }
                if let Some(problem) = &stage.problem {
                    let told = self.say(&problem_told(problem));
                    self.writer.blocks.push(Block::Note(0, Tone::Warning, told));
                }
            }
            if let Some(source) = &grade.source {
                self.writer.paragraph(Tone::Quiet, &say!("source: {source}", "依据：{source}"));
            }
        }
    }

    fn standings(&mut self) {
        let columns = self.columns(&self.report.standings);
        self.account_of(&columns, &say!("Among others", "组内位置"), &say!("figure", "指标"));
    }

    fn pay(&mut self) {
        let columns = self.columns(&self.report.pay);
        if columns.is_empty() {
            return;
        }
        self.writer.heading(&say!("Pay", "薪酬"));
        let mut table = self.accounts(&columns, &say!("item", "项目"));
        // what it all comes to stands out
        for (column, row) in columns.iter().zip(&mut table.rows) {
            if self.report.results.contains(&column.name) {
                row.stress = Stress::Strong;
            }
        }
        self.writer.table(table);
    }

    // -- how figures came about --

    /// Each scored item and adjustment with what its rule did.
    fn how_items_came_about(&mut self) {
        let scored = |column: &&ColumnExplanation| matches!(column.role, ColumnRole::Item | ColumnRole::Adjustment);
        let mut items: Vec<&ColumnExplanation> = Vec::new();
        for line in self.report.totals.iter().flat_map(|table| &table.lines) {
            let part = match &line.entry {
                ScoreEntry::Part { part, .. } => self.column(&part.column),
                _ => None,
            };
            items.extend(part.filter(scored));
        }
        let adjustments = self.report.explanation.columns.iter().filter(|column| column.role == ColumnRole::Adjustment);
        items.extend(adjustments);
        let mut once = HashSet::new();
        items.retain(|column| once.insert(&*column.name));
        self.account_of(&items, &say!("How the items were scored", "各项得分的由来"), &say!("item", "项目"));
    }

    fn indicators(&mut self) {
        let columns = self.columns(&self.report.indicators);
        self.account_of(&columns, &say!("Computed indicators", "计算指标"), &say!("indicator", "指标"));
    }

    /// A section that accounts for these columns; none where there are none.
    fn account_of(&mut self, columns: &[&ColumnExplanation], heading: &Message, what: &Message) {
        if columns.is_empty() {
            return;
        }
        self.writer.heading(heading);
        let table = self.accounts(columns, what);
        self.writer.table(table);
    }

    /// Columns with their figures, and in words how each came about.
    fn accounts(&self, columns: &[&ColumnExplanation], what: &Message) -> Table {
        let mut table = Table::default();
        table.head(self.say(what));
        table.head(self.say(&say!("value", "结果")));
        table.text(self.say(&say!("how it came about", "由来")));
        for column in columns {
            let mut lines = self.account(column).into_iter();
            let first = lines.next().unwrap_or_default();
            let how = Cell { text: first, more: lines.collect(), ..Cell::default() };
            let name = Cell::from(self.writer.name(column));
            table.rows.push(Row::of([name, Cell::from(self.writer.value_with_unit(column)), how]));
        }
        table
    }

    fn account(&self, column: &ColumnExplanation) -> Vec<String> {
        let mut lines: Vec<String> = formula_text(column).into_iter().collect();
        let rows = column.rows.iter().map(|read| self.say(&rows_told(read, column.formula.as_deref())));
        lines.extend(rows);
        let steps = column.steps.iter().map(|step| self.say(&step.told));
        lines.extend(steps);
        let rounding = column.rounding.iter().filter(|rounding| !rounding.difference.is_zero());
        lines.extend(rounding.map(|rounding| self.say(&rounding_told(rounding))));
        lines.extend(column.problem.iter().map(|problem| self.say(&problem_told(problem))));
        let source = column.source.iter();
        lines.extend(source.map(|source| self.say(&say!("source: {source}", "依据：{source}"))));
        lines
    }

    fn facts(&mut self) {
        let facts = &self.report.facts;
        if facts.is_empty() {
            return;
        }
        self.writer.heading(&say!("Raw indicators", "原始指标"));
        let pairs = facts.iter().map(|column| self.pair(column)).collect();
        self.writer.blocks.push(Block::Pairs(pairs));
    }

    fn parameters(&mut self) {
        let mut reads: Vec<&ParameterRead> = Vec::new();
        for read in self.report.explanation.columns.iter().flat_map(|column| &column.parameters) {
            if !read.given && !reads.contains(&read) {
                reads.push(read);
            }
        }
        if reads.is_empty() {
            return;
        }
        self.writer.heading(&say!("Parameters", "计算参数"));
        for read in reads {
            let told = self.say(&parameter_told(read));
            self.writer.blocks.push(Block::Note(0, Tone::Plain, told));
        }
    }

    fn details(&mut self) {
        let report = self.report;
        for details in report.explanation.details.iter().filter(|details| !details.rows.is_empty()) {
            let name = &details.table;
            self.writer.heading(&say!("{name}: rows", "{name}：明细"));
            let mut table = Table::default();
            table.head(self.say(&say!("row", "行")));
            for column in &details.columns {
                table.head(column.to_string());
            }
            for row in details.rows.iter().take(TOLD_ROWS) {
                let cells = row.cells.iter().map(|cell| figure_text(cell, self.language()));
                table.row(std::iter::once(row.line.to_string()).chain(cells).collect());
            }
            let more = details.rows.len().saturating_sub(TOLD_ROWS);
            table.below = (more > 0).then(|| self.say(&say!("… and {more} more", "……另有 {more} 行")));
            self.writer.table(table);
        }
    }

    fn problems(&mut self) {
        let report = self.report;
        if report.problems.is_empty() {
            return;
        }
        self.writer.heading(&say!("Not computed, or provisional", "未能计算与暂定的项目"));
        let mut table = Table::default();
        table.head(self.say(&say!("column", "项目")));
        table.text(self.say(&say!("why", "原因")));
        table.text(self.say(&say!("code", "代码")));
        for problem in &report.problems {
            let place = problem.location.as_ref().filter(|_| problem.code != Code::Provisional);
            let place = place.map(|place| {
                let (line, column) = (place.line, place.column);
                self.say(&say!("line {line}, column {column} of the scheme", "方案第 {line} 行第 {column} 列"))
            });
            let why = Cell { text: self.say(&problem.message), more: place.into_iter().collect(), ..Cell::default() };
            let cells = [Cell::from(problem.column.to_string()), why, Cell::from(problem.code.id().to_owned())];
            table.rows.push(Row::of(cells));
        }
        self.writer.table(table);
    }
}

/// What a stage of a grading is called.
fn stage_told(stage: &str, grading: &str, value: &str) -> Message {
    match Stage::ALL.into_iter().find(|each| *each.of(grading) == *stage) {
        Some(Stage::Seated) => {
            say!("Before shifts, movement and vetoes: {value}", "未计加减档、升降限制与否决：{value}")
        }
        Some(Stage::Calculated) => say!("Before decisions: {value}", "未计个别决定：{value}"),
        None => say!("Final: {value}", "最终：{value}"),
    }
}
