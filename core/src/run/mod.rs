//! A run: people scored together, with their detail rows and the values of the run.
//!
//! Stages of rows and of groups take turns: the operands of figures over groups are computed for every row, then the
//! figures, then what reads them. What a row came to and why is asked of the run afterwards.

mod apart;
mod aside;
mod batch;
mod blocks;
mod data;
mod group;
mod held;
mod item_analysis;
mod keys;
mod notes;
mod over_rows;
mod rater_agreement;
mod read;
mod rows;
mod severity;
mod sheet_marks;
mod sheets;
mod stages;
mod stream;
mod table;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

pub use apart::Apart;
pub use data::{Data, Options, Progress, Stop};
pub use item_analysis::{ExamStatistics, QuestionStatistics};
pub use notes::Note;
pub use rater_agreement::{RatingAgreement, RoleAgreement};
pub use stream::{Scored, Stream};
pub(crate) use table::Key;
use table::People;
pub use table::{Table, Values};

use kaohe_grammar::say;

pub(crate) use read::{listed, listed_of, sheet_cell};

use crate::code::Code;
use crate::column::{Figures, Form};
use crate::date::Date;
use crate::diagnostic::Message;
use crate::document::suggest::nearest;
use crate::error::DataError;
use crate::eval::facts::{DetailTable, Facts};
use crate::eval::figures::GroupFigures;
use crate::eval::program::{Around, Lanes, of_cell};
use crate::eval::row::{CellResult, Cells, evaluate};
use crate::eval::trace::{Silent, Sink, Trace};
use crate::explain::Explanation;
use crate::fault::{Cause, Fault, FaultCode};
use crate::outcome::{Figure, Outcome, Place, Provisional};
use crate::plan::{ColumnId, DetailId, GroupId, Op};
use crate::problem::Problem;
use crate::row::Cell;
use crate::scheme::Scheme;
use crate::value::Value;

/// How many rows left out a provisional figure names; a population has a list of them for every figure of every row.
pub(crate) const LEFT_OUT_NAMED: usize = 100;

/// People scored together.
///
/// # Example
///
/// ```
/// use kaohe::{Data, Options, Row, Scheme, Table};
///
/// let scheme = Scheme::parse(
///     "
/// kaohe: 1
/// scheme: 排名
/// inputs: { 工号: { type: text, key: true }, 网点: { type: text }, 得分: { type: number } }
/// computed: { 名次: rank(得分 desc ties min within 网点) }
/// ",
/// )?;
/// let person = |key: &str, score: i64| Row::new().with("工号", key).with("网点", "城东").with("得分", score);
/// let people = Table::of_rows(vec![person("001", 88), person("002", 93)]);
/// let run = scheme.score(Data::of(people), Options::default())?;
/// assert_eq!(run.outcome(0).get("名次").unwrap().to_string(), "2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Run {
    scheme: Scheme,
    people: Arc<People>,
    details: Vec<DetailTable>,
    given: Vec<Result<Value, FaultCode>>,
    /// The figures over groups, in the order of the plan; none for a person alone.
    groups: Vec<GroupFigures>,
    /// What was computed of all rows on the way, while the run lasts.
    lanes: Lanes,
    /// The columns whose figures were wanted.
    shown: Vec<ColumnId>,
    /// Whether these were asked for by name.
    is_part: bool,
    /// The figures people are shown: for each column one for every row.
    figures: Vec<Figures>,
    /// The rows with an empty cell or a provisional figure.
    incomplete: Vec<usize>,
    /// The row of each key, when somebody has asked.
    keys: OnceLock<HashMap<String, usize>>,
}

/// The figures of one column of a run, one for each row.
///
/// They are held as closely as they allow, eight bytes for a rounded number, and come out one by one.
#[derive(Debug, Clone, Copy)]
pub struct ColumnFigures<'r> {
    run: &'r Run,
    figures: Option<&'r Figures>,
}

impl ColumnFigures<'_> {
    /// How many there are: one for each row.
    #[must_use]
    pub fn len(&self) -> usize {
        self.figures.map_or(0, Figures::len)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The figure of a row; nothing when there is no such row.
    #[must_use]
    #[inline]
    pub fn get(&self, row: usize) -> Option<Figure> {
        let figures = self.figures.filter(|figures| row < figures.len())?;
        Some(figures.get(row).unwrap_or_else(|| self.run.passed(figures, row)))
    }

    /// The figures of all rows, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Figure> {
        (0..self.len()).filter_map(|row| self.get(row))
    }
}

impl Run {
    /// The scheme, on the day that counts.
    #[must_use]
    pub const fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// What identifies the rules: the scheme's fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.scheme.fingerprint()
    }

    /// The day that counts.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        self.scheme.day()
    }

    /// The values of the run, as they were given or by their defaults.
    pub fn given(&self) -> impl Iterator<Item = (&str, Figure)> {
        let inputs = self.scheme.plan().given.iter();
        inputs.zip(&self.given).map(|(input, value)| {
            let figure = match value {
                Ok(value) => Figure::of_value(value, &input.kind),
                Err(code) => Figure::Empty(code.code()),
            };
            (&*input.name, figure)
        })
    }

    /// How many people there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.people.rows
    }

    /// The row of a key.
    #[must_use]
    pub fn row_of(&self, key: &str) -> Option<usize> {
        self.keys.get_or_init(|| keys::rows_by_key(self.scheme.plan(), &self.people)).get(key).copied()
    }

    /// The row of a key, or an error that says what was meant.
    ///
    /// # Errors
    ///
    /// No row has that key; the help names the nearest.
    pub fn row_named(&self, key: &str) -> Result<usize, DataError> {
        self.row_of(key).ok_or_else(|| {
            let keys = self.key_texts();
            let near = nearest(key, keys.iter().map(String::as_str));
            DataError {
                code: Code::RowUnknown,
                message: say!("no row has the key `{key}`", "没有键为 `{key}` 的行"),
                help: Some(match near {
                    Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
                    None => say!("give the key as the table has it", "请按表中的写法给出键"),
                }),
                offenders: vec![key.to_owned()],
            }
        })
    }

    /// What people call a row: the line of the file, or its number from 1.
    #[must_use]
    pub fn line(&self, row: usize) -> u32 {
        self.people.line(row)
    }

    /// The columns whose figures came out, in their order: all that people are shown, or those that were asked for.
    pub fn columns(&self) -> impl Iterator<Item = (&str, ColumnFigures<'_>)> {
        let plan = self.scheme.plan();
        self.shown.iter().enumerate().map(|(at, id)| (&*plan.column(*id).name, self.figures(at)))
    }

    /// The numbers of those columns.
    #[must_use]
    pub fn shown(&self) -> &[ColumnId] {
        &self.shown
    }

    /// The figures of the column at this place of those, one for each row; none when there is no such place.
    #[must_use]
    pub fn figures(&self, at: usize) -> ColumnFigures<'_> {
        ColumnFigures { run: self, figures: self.figures.get(at) }
    }

    /// The figure of the cell of a text that is shown as it came.
    fn passed(&self, figures: &Figures, row: usize) -> Figure {
        match figures.form {
            Form::Passed { input, .. } if row < self.rows() => {
                let column = self.people.columns().get(input);
                if let Some(text) = column.and_then(|column| column.text(row))
                    && !text.is_empty()
                {
                    return Figure::Text(Arc::from(text));
                }
                of_cell(self.scheme.plan(), input, &self.cell(row, input))
            }
            _ => Figure::Missing,
        }
    }

    /// The rows with an empty cell or a provisional figure.
    #[must_use]
    pub fn incomplete(&self) -> &[usize] {
        &self.incomplete
    }

    /// Whether every cell of every row has come out, and no figure is provisional.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.incomplete.is_empty()
    }

    /// The cells of a row, in the order of the inputs.
    #[must_use]
    pub fn cells(&self, row: usize) -> Vec<Cell> {
        self.people.row(row)
    }

    /// The cell of an input in a row; missing when there is no such row.
    pub(crate) fn cell(&self, row: usize, input: usize) -> Cell {
        self.people.columns().get(input).map_or(Cell::Missing, |column| column.cell(row))
    }

    /// Everything computed for a row.
    #[must_use]
    pub fn outcome(&self, row: usize) -> Outcome {
        self.told(self.evaluated(row, &mut Silent), row)
    }

    /// The reasons why cells of a row are empty or provisional: of the columns that came out, and of what they read.
    #[must_use]
    pub fn problems(&self, row: usize) -> Vec<Problem> {
        let mut problems = self.outcome(row).problems();
        if self.is_part {
            let plan = self.scheme.plan();
            let mut told: HashSet<Arc<str>> = self.shown.iter().map(|id| Arc::from(&*plan.column(*id).name)).collect();
            // what blocks a column may itself be blocked, and stands before it
            loop {
                let before = told.len();
                for problem in
                    problems.iter().filter(|problem| told.contains(&*problem.column)).cloned().collect::<Vec<_>>()
                {
                    told.extend(problem.blocked_by.as_deref().map(Arc::from));
                }
                if told.len() == before {
                    break;
                }
            }
            problems.retain(|problem| told.contains(&*problem.column));
        }
        problems
    }

    /// Why the figures of a row are what they are; of one column with all it was computed from, or of the whole row.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the scheme has no such column, or the run no such row.
    pub fn explain(&self, row: usize, column: Option<&str>) -> Result<Explanation, DataError> {
        let (outcome, trace) = self.traced(row)?;
        self.scheme.explained(&outcome, &trace, &self.cells(row), Some((self, row)), column)
    }

    /// What came of a row, with the value of every operation.
    pub(crate) fn traced(&self, row: usize) -> Result<(Outcome, Trace), DataError> {
        if row >= self.people.rows {
            let number = row.saturating_add(1);
            return Err(DataError {
                code: Code::RowUnknown,
                message: Message::new(format!("there is no row {number}"), format!("没有第 {number} 行")),
                help: None,
                offenders: vec![number.to_string()],
            });
        }
        let mut trace = Trace::new(self.scheme.plan());
        let outcome = self.told(self.evaluated(row, &mut trace), row);
        Ok((outcome, trace))
    }

    pub(crate) fn details(&self) -> &[DetailTable] {
        &self.details
    }

    pub(crate) fn given_values(&self) -> &[Result<Value, FaultCode>] {
        &self.given
    }

    pub(crate) fn groups(&self) -> &[GroupFigures] {
        &self.groups
    }

    /// The key of every row as text, as rows are told apart by it.
    pub(crate) fn key_texts(&self) -> Vec<String> {
        (0..self.rows()).map(|row| self.key(row)).collect()
    }

    /// The key of a row as it was published.
    #[must_use]
    pub fn key(&self, row: usize) -> String {
        keys::of_row(self.scheme.plan(), &self.people, row).unwrap_or_else(|| self.line(row).to_string())
    }

    /// What its rows have in common.
    fn around(&self) -> Around<'_> {
        Around { groups: &self.groups, given: &self.given, lanes: Some(&self.lanes), aside: None }
    }

    pub(crate) fn evaluated<S: Sink>(&self, row: usize, sink: &mut S) -> Cells {
        let inputs = self.scheme.read(&self.cells(row));
        let facts = Facts { inputs: &inputs, given: &self.given, details: &self.details, groups: &self.groups, row };
        evaluate(self.scheme.plan(), &facts, sink)
    }

    /// The cells of a row, those of hidden columns among them.
    pub(crate) fn cells_of(&self, row: usize) -> Vec<CellResult> {
        self.evaluated(row, &mut Silent).cells
    }

    /// What came of a row with the names of what it waits for.
    fn told(&self, cells: Cells, row: usize) -> Outcome {
        let plan = self.scheme.plan();
        let places = cells.places.iter();
        let places = places.map(|(column, (table, row))| (*column, self.place_of(*column, *table, *row))).collect();
        let mut provisional: Vec<Provisional> =
            cells.provisional(plan).map(|(column, groups)| self.without(column, groups, row)).collect();
        provisional.sort_by_key(|each| each.column);
        let held = (0..).map(ColumnId).zip(&cells.cells).filter_map(|(column, cell)| match cell {
            Err(Cause::Fault(Fault { code: FaultCode::Held, node })) => match plan.node(*node).op {
                Op::Group(group) => Some(self.without(column, &[group], row)),
                _ => None,
            },
            _ => None,
        });
        let held = held.collect();
        let given: Arc<[_]> = self.given().map(|(name, figure)| (Arc::from(name), figure)).collect();
        Outcome { scheme: self.scheme.clone(), cells: cells.cells, places, provisional, held, given }
    }

    /// Where a column's fault was met, as people find it.
    fn place_of(&self, column: ColumnId, table: DetailId, row: u32) -> Place {
        let plan = self.scheme.plan();
        let found = self.details.get(table.index());
        let written = match plan.node(plan.column(column).body).op {
            Op::DetailInput(_, input) => found.and_then(|found| found.refused.get(&(input, row))).map(Arc::clone),
            _ => None,
        };
        Place { table, line: found.map_or(row, |found| found.line(row)), written }
    }

    /// The rows left out that could have changed the figures of these groups for a row, as the reason of a column.
    fn without(&self, column: ColumnId, groups: &[GroupId], row: usize) -> Provisional {
        let mut left_out: Vec<u32> = groups
            .iter()
            .filter_map(|group| self.groups.get(group.index()))
            .flat_map(|figures| figures.left_out_beside(row))
            .collect();
        left_out.sort_unstable();
        left_out.dedup();
        let named = left_out.iter().take(LEFT_OUT_NAMED);
        let keys = named.map(|left| self.key(*left as usize)).collect();
        Provisional { column, left_out: keys, count: left_out.len() }
    }
}
