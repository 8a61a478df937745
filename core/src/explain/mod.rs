//! Why a figure is what it is: the recorded evaluation of one row, told.
//!
//! [`Scheme::explain_row`] evaluates a row with a trace and walks plan and trace together. Nothing is decided a second
//! time: which band, gate or branch was taken is read off what was evaluated, and every contribution is derived from
//! recorded values by exact arithmetic.
//!
//! Of detail rows and groups it tells what the run has kept: which rows counted, where the row stands, how the seats of
//! its group came about.
//!
//! The law of a total: the contributions of its parts, the change of every step after them and the rounding difference
//! add up to the total exactly ([`ColumnExplanation::accounted`]).

mod answers;
mod expression;
mod grade;
mod group;
pub(crate) mod json;
mod lost;
pub(crate) mod number_text;
mod operation;
mod pay;
mod rows;
mod rows_text;
mod seats;
mod sheets;
mod step;
mod substitute;
mod teller;
pub(crate) mod text;
mod told;
mod total;

use std::sync::Arc;

use kaohe_grammar::say;

use crate::code::Code;
use crate::date::Date;
use crate::diagnostic::Message;
use crate::error::DataError;
use crate::eval::trace::Trace;
use crate::number::{Number, RoundingMode};
use crate::outcome::{Figure, Outcome};
use crate::plan::{ColumnId, WhenMissing};
use crate::problem::Problem;
use crate::row::{Cell, Row};
use crate::run::Run;
use crate::scheme::Scheme;

pub use rows::{DetailRow, DetailRows, RowsRead};
pub(crate) use rows_text::{rows_told, seats_table};
pub(crate) use seats::beyond_its_share;
pub use seats::{GradeSeats, OrderRead, Seating};
pub use step::{Fact, Step, StepKind};
pub(crate) use teller::role;

/// The version of the explanation as data; a change that a reader could trip over raises it.
pub const VERSION: u32 = 2;

/// Why the figures of one row are what they are.
///
/// As data in the fields, as JSON by [`to_json`](Self::to_json), for people by [`to_text`](Self::to_text),
/// [`to_markdown`](Self::to_markdown) and [`to_html`](Self::to_html).
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The scheme's name.
    pub scheme: Arc<str>,
    /// The scheme's edition.
    pub edition: Option<Arc<str>>,
    /// The scheme's fingerprint: the same rules have the same.
    pub fingerprint: String,
    /// The day that counts.
    pub as_of: Option<Date>,
    /// The values of the run, as they were given or by their defaults.
    pub given: Vec<(Arc<str>, Figure)>,
    /// The input that names the row, with its figure.
    pub key: Option<(Arc<str>, Figure)>,
    /// The columns that were asked for; for a whole row, those that no other column reads.
    pub asked: Vec<Arc<str>>,
    /// Every column that has a part in them, each once, a column before what it reads.
    pub columns: Vec<ColumnExplanation>,
    /// The person's rows of the detail tables that have a part.
    pub details: Vec<DetailRows>,
}

/// Why the figure of one column is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnExplanation {
    /// The column's name.
    pub name: Arc<str>,
    /// The column's label, when one is stated.
    pub label: Option<Message>,
    /// What the column is in the scheme.
    pub role: ColumnRole,
    /// The detail table each of whose rows has a value of it; the values are in [`Explanation::details`].
    pub table: Option<Arc<str>>,
    /// The kind of rule that scores it, as the scheme writes it.
    pub rule: Option<&'static str>,
    /// The figure as published.
    pub figure: Figure,
    /// The exact value, when it is a number: what the columns that read this one go on with.
    pub exact: Option<Number>,
    /// The figure as a percentage, when the scheme shows it as one.
    pub percent: Option<String>,
    /// The unit of measure.
    pub unit: Option<String>,
    /// Where the rule comes from, when stated.
    pub source: Option<Arc<str>>,
    /// The formula as written.
    pub formula: Option<String>,
    /// The formula with the values put in for the names.
    pub substituted: Option<String>,
    /// What the formula itself came to, before limits and rounding.
    pub formula_value: Option<Fact>,
    /// Full marks of an item or total.
    pub full: Option<Number>,
    /// The parameters and values of the run that were read.
    pub parameters: Vec<ParameterRead>,
    /// The detail rows that were read.
    pub rows: Vec<RowsRead>,
    /// How the seats of a grading came about.
    pub seats: Option<Seating>,
    /// The parts of a total or dimension, in the order of the scheme.
    pub parts: Vec<Part>,
    /// What was done, in order, up to the value before rounding.
    pub steps: Vec<Step>,
    /// How the value was rounded.
    pub rounding: Option<Rounding>,
    /// Where points were lost below this total, the largest loss first: the reason codes.
    pub lost: Vec<Lost>,
    /// Why there is no value.
    pub problem: Option<Problem>,
    /// The keys of the rows left out that could have changed the figure: it is provisional.
    pub provisional: Vec<String>,
    /// The columns this figure was computed from, as named in [`Explanation::columns`].
    pub children: Vec<Arc<str>>,
}

/// What a column is in the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColumnRole {
    /// A fact of the row.
    Input,
    /// A computed indicator.
    Computed,
    /// A scored item.
    Item,
    /// A dimension or total.
    Total,
    /// Points added to a total or taken from it.
    Adjustment,
    /// A grading.
    Grade,
    /// An amount of pay.
    Pay,
}

impl ColumnRole {
    /// The word it has in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Computed => "computed",
            Self::Item => "item",
            Self::Total => "total",
            Self::Adjustment => "adjustment",
            Self::Grade => "grade",
            Self::Pay => "pay",
        }
    }
}

/// A parameter, or a value of the run, that was read for a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterRead {
    /// Its name, with its keys: `效益系数["中级", "一档"]`.
    pub name: String,
    /// The value in force.
    pub value: Fact,
    /// Where it comes from, when stated.
    pub source: Option<Arc<str>>,
    /// The day from which the value is in force, when stated.
    pub from: Option<Date>,
    /// Whether it is a value of the run, given with the tables, and no parameter of the scheme.
    pub given: bool,
}

/// What one part brings to a total.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The part's column.
    pub column: Arc<str>,
    /// Its figure as published.
    pub figure: Figure,
    /// The score as the total counts it: out of 100 under weights, in points under points. Nothing when it is left out.
    pub score: Option<Number>,
    /// What full marks are on that scale.
    pub full: Option<Number>,
    /// The weight, under weights.
    pub weight: Option<Number>,
    /// The weight that counts after missing parts have given theirs to the others.
    pub effective_weight: Option<Number>,
    /// What a missing score was taken for; nothing when the score is there.
    pub missing: Option<WhenMissing>,
    /// What it brings to the total, exactly.
    pub contribution: Option<Number>,
    /// How much more it could have brought with full marks; negative when it brought more than that.
    pub lost: Option<Number>,
}

/// How a value was rounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounding {
    /// The exact value before.
    pub exact: Number,
    /// How many decimals stay.
    pub places: i32,
    /// Which way.
    pub mode: RoundingMode,
    /// The value after.
    pub rounded: Number,
    /// What the rounding added: at most half a unit of the last place when rounding to the nearest.
    pub difference: Number,
}

/// Points lost on one item: a reason code.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// The item.
    pub column: Arc<str>,
    /// The points it fell short of its full marks, on its own scale.
    pub points: Number,
    /// Its full marks.
    pub full: Number,
    /// What that cost the total being explained.
    pub effect: Number,
    /// The decimals the item's score has.
    pub places: Option<u32>,
}

impl Explanation {
    /// The explanation of one column, when it has a part in what was asked.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnExplanation> {
        self.columns.iter().find(|column| &*column.name == name)
    }
}

impl ColumnExplanation {
    /// What the contributions of the parts, the changes of the steps and the rounding difference add up to.
    ///
    /// For every total and dimension that has a value this is that value, exactly. Nothing for other columns.
    #[must_use]
    pub fn accounted(&self) -> Option<Number> {
        self.exact.as_ref()?;
        if self.parts.is_empty() {
            return None;
        }
        let parts = self.parts.iter().filter_map(|part| part.contribution.as_ref());
        let changes = self.steps.iter().filter_map(|step| step.change.as_ref());
        let rounding = self.rounding.iter().map(|rounding| &rounding.difference);
        Some(parts.chain(changes).chain(rounding).fold(Number::ZERO, |sum, each| sum.add(each)))
    }
}

impl Scheme {
    /// Scores one person and says why each figure is what it is.
    ///
    /// * `column`: the column to explain, with everything it was computed from; without one, the whole row.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the row has a name that looks like a misspelt input, or the scheme has no such column. A cell
    /// without a value is no error: its explanation says why it is empty.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::diagnostic::Language;
    /// use kaohe::{Row, Scheme};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 存款考核
    /// inputs:
    ///   工号:     { type: text, key: true }
    ///   日均存款: { type: number, unit: 万元 }
    ///   存款任务: { type: number, unit: 万元, above: 0 }
    /// computed:
    ///   完成率: { formula: 日均存款 / 存款任务, round: 4 }
    /// ",
    /// )?;
    /// let row = Row::new().with("工号", "007").with("日均存款", "2415").with("存款任务", "1000");
    /// let why = scheme.explain_row(&row, Some("完成率"))?;
    /// assert_eq!(why.column("完成率").unwrap().substituted.as_deref(), Some("2415 / 1000"));
    /// assert!(why.to_text(Language::English).contains("= 2415 / 1000 = 2.415"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain_row(&self, row: &Row, column: Option<&str>) -> Result<Explanation, DataError> {
        self.explain_cells(&row.cells(self.inputs())?, column)
    }

    /// Explains one person's cells, in the order of [`Scheme::inputs`]; cells that are not there are missing.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the scheme has no such column.
    pub fn explain_cells(&self, cells: &[Cell], column: Option<&str>) -> Result<Explanation, DataError> {
        let (outcome, trace) = self.trace_cells(cells);
        self.explained(&outcome, &trace, cells, None, column)
    }

    /// The explanation of a row that was evaluated; `run`: the run it is of, and its place there.
    pub(crate) fn explained(
        &self,
        outcome: &Outcome,
        trace: &Trace,
        cells: &[Cell],
        run: Option<(&Run, usize)>,
        column: Option<&str>,
    ) -> Result<Explanation, DataError> {
        let asked = match column {
            None => None,
            Some(name) => Some(self.plan().column_named(name).ok_or_else(|| self.no_column(name))?),
        };
        Ok(teller::Teller::new(self, outcome, trace, cells, run).explanation(asked))
    }

    /// What every input of a row is, read by a figure or not, in the order of the scheme.
    pub(crate) fn explained_inputs(
        &self,
        outcome: &Outcome,
        trace: &Trace,
        cells: &[Cell],
        run: (&Run, usize),
    ) -> Vec<ColumnExplanation> {
        teller::Teller::new(self, outcome, trace, cells, Some(run)).inputs()
    }

    /// The column of people of that name; one of a detail table is none.
    pub(crate) fn column_of_people(&self, name: &str) -> Result<ColumnId, DataError> {
        let found = self.plan().column_named(name).filter(|id| self.plan().column(*id).detail.is_none());
        found.ok_or_else(|| self.no_column(name))
    }

    fn no_column(&self, name: &str) -> DataError {
        let names = self.plan().columns.iter().map(|column| &*column.name);
        DataError {
            code: Code::ColumnUnknown,
            message: say!("the scheme has no column `{name}`", "方案没有名为 `{name}` 的列"),
            help: crate::document::suggest::nearest(name, names)
                .map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？")),
            offenders: vec![name.to_owned()],
        }
    }
}
