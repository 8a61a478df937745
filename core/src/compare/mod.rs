//! Two runs of the same people held against each other: who moves, by how much, and by which column.
//!
//! Two schemes, two editions of one, or one scheme with other facts: people are matched by key, columns by name. What a
//! total's change is made of is exact: what its parts and steps changed adds up to it ([`Because::Parts`]).

mod account;
mod json;
mod people;
mod reads;
mod summary;
mod text;

use std::sync::Arc;

use crate::date::Date;
use crate::explain::ColumnRole;
use crate::number::Number;
use crate::outcome::Figure;
use crate::run::Run;

/// The version of the comparison as data; a change that a reader could trip over raises it.
pub const VERSION: u32 = 1;

/// Two runs held against each other.
///
/// As data in the fields, as JSON by [`to_json`](Self::to_json), for people by [`to_text`](Self::to_text).
///
/// A figure has changed when what is published of it has. Nothing is passed over: who is in one run only, what has a
/// value on one side only, and every figure that is empty or provisional is told or counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The run on the left: what was.
    pub old: Side,
    /// The run on the right: what would be.
    pub new: Side,
    /// How many people are in both.
    pub people: usize,
    /// The keys of people who are in the old run only, in its order.
    pub only_old: Vec<String>,
    /// The keys of people who are in the new run only, in its order.
    pub only_new: Vec<String>,
    /// The shown columns that only the old scheme has.
    pub columns_only_old: Vec<Arc<str>>,
    /// The shown columns that only the new scheme has.
    pub columns_only_new: Vec<Arc<str>>,
    /// Every grading of both schemes: who moved where.
    pub gradings: Vec<GradingSummary>,
    /// Every shown column of both schemes but the key, in the order of the new one.
    pub columns: Vec<ColumnSummary>,
    /// The people of both runs with a figure that changed, in the order of the new run.
    pub changed: Vec<Person>,
}

/// One of the two runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The scheme's name.
    pub scheme: Arc<str>,
    /// The scheme's edition.
    pub edition: Option<Arc<str>>,
    /// The scheme's fingerprint.
    pub fingerprint: String,
    /// The day that counts.
    pub as_of: Option<Date>,
    /// The values of the run.
    pub given: Vec<(Arc<str>, Figure)>,
    /// How many people there are.
    pub people: usize,
    /// The keys of people with an empty cell or a provisional figure: what is said of them may not hold.
    pub incomplete: Vec<String>,
}

/// What became of one column, over the people of both runs.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSummary {
    /// The column.
    pub column: Arc<str>,
    /// What it is in the new scheme; of a pay column the totals are the budget.
    pub role: ColumnRole,
    /// How many people's figure changed.
    pub changed: usize,
    /// How many people have no value: in the old run, in the new.
    pub empty: (usize, usize),
    /// How many people's figure is provisional: in the old run, in the new.
    pub provisional: (usize, usize),
    /// The numbers; nothing when the column is none in both schemes.
    pub numbers: Option<Numbers>,
}

/// The numbers of a column, over the people who have one on both sides. All of them as they were published.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// How many people have a number on both sides.
    pub people: usize,
    /// Whose number rose.
    pub up: usize,
    /// Whose number fell.
    pub down: usize,
    /// The old total.
    pub old_total: Number,
    /// The new total.
    pub new_total: Number,
    /// The largest rise, with the key of the first person who has it.
    pub largest_rise: Option<(String, Number)>,
    /// The largest fall, below zero, with the key of the first person who has it.
    pub largest_fall: Option<(String, Number)>,
    /// Of a total: what its parts and steps added to the difference of the totals, in the order of the new scheme. It
    /// adds up to that difference; each part to 12 decimals, and what that leaves over is with the rounding.
    pub by_source: Vec<(Source, Number)>,
}

impl Numbers {
    /// How much the total rose; below zero when it fell.
    #[must_use]
    pub fn difference(&self) -> Number {
        self.new_total.subtract(&self.old_total)
    }

    /// The mean difference of a person; nothing when nobody has a number on both sides.
    #[must_use]
    pub fn mean(&self) -> Option<Number> {
        let people = u64::try_from(self.people).ok()?;
        self.difference().divide(&Number::from(people))
    }
}

/// Who moved where in one grading.
#[derive(Debug, Clone, PartialEq)]
pub struct GradingSummary {
    /// The grading.
    pub column: Arc<str>,
    /// How many moved up by the new ladder.
    pub up: usize,
    /// How many moved down by it.
    pub down: usize,
    /// How many stayed where they were.
    pub same: usize,
    /// How many came from or went to where the new ladder has no place: no grade, or one that it does not know.
    pub elsewhere: usize,
    /// Where people stood before, best first; the rows of `matrix`.
    pub old: Vec<Standing>,
    /// Where people stand now, best first; the columns of `matrix`.
    pub new: Vec<Standing>,
    /// How many went from where to where.
    pub matrix: Vec<Vec<usize>>,
}

/// Where somebody stands in a grading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// A grade, or the state of who is not graded.
    Word(Arc<str>),
    /// Nowhere, and that is no fault.
    None,
    /// The cell is empty.
    Empty,
}

/// A person with a figure that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The key.
    pub key: String,
    /// The place in the old run.
    pub old_row: usize,
    /// The place in the new run.
    pub new_row: usize,
    /// The figures that changed, in the order of the new scheme.
    pub changes: Vec<Change>,
}

/// A figure that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The column.
    pub column: Arc<str>,
    /// What it was.
    pub old: Reading,
    /// What it would be.
    pub new: Reading,
    /// The exact difference, when both are numbers.
    pub difference: Option<Number>,
    /// The movement, when it is a grading.
    pub movement: Option<Movement>,
    /// By which columns.
    pub because: Because,
}

/// A figure as one run has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The figure; an empty one has the code of its fault.
    pub figure: Figure,
    /// Whether a row that was left out could have changed it.
    pub provisional: bool,
}

/// Which way somebody moved in a grading, by the new ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Movement {
    /// To a better grade.
    Up,
    /// To a worse grade.
    Down,
    /// From or to where the new ladder has no place.
    Elsewhere,
}

/// By which columns a figure changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Because {
    /// Of a total that has a value on both sides: what changed in it. The differences add up to that of the total,
    /// exactly; what brought the same on both sides is left out.
    Parts(Vec<Contribution>),
    /// The nearest columns it reads whose figures changed.
    Read {
        /// This person's.
        columns: Vec<Arc<str>>,
        /// Columns that a figure over the group reads, and that changed for others.
        others: Vec<Arc<str>>,
        /// Whether it reads a figure over the group and the people of the two runs are not the same.
        other_people: bool,
    },
    /// The facts of the person are not the same.
    Facts,
    /// Nothing it reads has changed: it is the rule itself, or a parameter in it.
    Rule,
}

/// What one part or step brings to a total, before and now.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// What brings it.
    pub source: Source,
    /// What it brought; zero when the old total does not have it.
    pub old: Number,
    /// What it brings; zero when the new total does not have it.
    pub new: Number,
    /// Of a part: its weight that counted, before and now, when that changed.
    pub weights: Option<Box<(Number, Number)>>,
}

impl Contribution {
    /// How much more it brings; below zero when less.
    #[must_use]
    pub fn difference(&self) -> Number {
        self.new.subtract(&self.old)
    }
}

/// What brings something to a total.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// A part: an item or dimension.
    Part(Arc<str>),
    /// An adjustment.
    Adjustment(Arc<str>),
    /// A veto.
    Veto(Arc<str>),
    /// The total's floor.
    Floor,
    /// The total's cap.
    Cap,
    /// Something else that is done to it.
    Other,
    /// Its rounding.
    Rounding,
}

/// Holds two runs of the same people against each other.
///
/// # Example
///
/// ```
/// use kaohe::compare::{Because, Movement, compare};
/// use kaohe::{Data, Options, Row, Scheme, Table};
///
/// let text = |weight: u32| {
///     format!(
///         "
/// kaohe: 1
/// scheme: 考核
/// rounding: {{ totals: 2 }}
/// inputs: {{ 工号: {{ type: text, key: true }}, 业绩分: {{ type: number }}, 服务分: {{ type: number }} }}
/// scores:
///   得分:
///     items:
///       业绩: {{ weight: {weight}, formula: 业绩分 }}
///       服务: {{ weight: {}, formula: 服务分 }}
/// grades:
///   等级: {{ ladder: [A, B], thresholds: {{ of: 得分, at_least: [[80, A]], else: B }} }}
/// ",
///         100 - weight
///     )
/// };
/// let run = |text: String| {
///     let people = Table::of_rows(vec![Row::new().with("工号", "001").with("业绩分", 90).with("服务分", 70)]);
///     Scheme::parse(&text).unwrap().score(Data::of(people), Options::default()).unwrap()
/// };
/// let found = compare(&run(text(70)), &run(text(40)));
/// assert_eq!((found.gradings[0].down, found.gradings[0].same), (1, 0));
/// let [score, grade] = &*found.changed[0].changes else { panic!("two figures changed") };
/// assert_eq!(grade.movement, Some(Movement::Down));
/// // 63 + 21 became 36 + 42: the parts' differences add up to the total's
/// assert_eq!(score.difference.as_ref().unwrap().to_string(), "-6");
/// let Because::Parts(parts) = &score.because else { panic!("a total has parts") };
/// let each: Vec<String> = parts.iter().map(|part| part.difference().to_string()).collect();
/// assert_eq!(each, ["-27", "21"]);
/// ```
#[must_use]
pub fn compare(old: &Run, new: &Run) -> Comparison {
    people::compare(old, new)
}
