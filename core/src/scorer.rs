//! Scoring many rows quickly: the figures people are shown, row by row, in buffers that are kept.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::DataError;
use crate::eval::input;
use crate::eval::program::{Around, Machines, Programs, Tier};
use crate::explain::Explanation;
use crate::fault::FaultCode;
use crate::outcome::{Figure, Outcome};
use crate::plan::ColumnId;
use crate::row::Cell;
use crate::scheme::Scheme;
use crate::value::Value;

/// Scores row after row with the same buffers.
///
/// The figures are those of [`Scheme::score_cells`], always: most rows are answered by a program over machine integers
/// that was written when the scheme was read, and whatever is unusual in a row goes to the exact evaluator. Why a cell
/// is empty is told by [`Scheme::score_cells`].
///
/// # Example
///
/// ```
/// use kaohe::{Cell, Scheme};
///
/// let scheme = Scheme::parse(
///     "
/// kaohe: 1
/// scheme: 存款考核
/// inputs:
///   工号:     { type: text, key: true }
///   日均存款: { type: number, unit: 万元, places: 2 }
///   存款任务: { type: number, unit: 万元, places: 2, above: 0 }
/// computed:
///   完成率: { formula: 日均存款 / 存款任务, round: 4 }
/// ",
/// )?;
/// let mut scorer = scheme.scorer();
/// let figures = scorer.score(&[Cell::from("007"), Cell::from(2415), Cell::from(1000)]);
/// assert_eq!(figures[0].to_string(), "007");
/// assert_eq!(figures[1].to_string(), "2.4150");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Scorer<'s> {
    scheme: Cow<'s, Scheme>,
    programs: Arc<Programs>,
    columns: Box<[ColumnId]>,
    machines: Machines,
    figures: Vec<Figure>,
    answered: Answered,
    /// The values of the run, by their defaults.
    given: Vec<Result<Value, FaultCode>>,
}

/// How many rows each way of answering has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answered {
    /// By the program over 64-bit integers.
    pub narrow: u64,
    /// By the program over 128-bit integers.
    pub wide: u64,
    /// By the exact evaluator.
    pub exact: u64,
}

impl<'s> Scorer<'s> {
    pub(crate) fn new(scheme: Cow<'s, Scheme>, programs: Arc<Programs>, columns: Box<[ColumnId]>) -> Self {
        let figures = vec![Figure::Missing; columns.len()];
        let given = scheme.plan().given.iter().map(|each| input::read(each, &Cell::Missing)).collect();
        Self { scheme, programs, columns, machines: Machines::default(), figures, answered: Answered::default(), given }
    }

    /// The names of the columns whose figures come out, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let plan = self.scheme.plan();
        self.columns.iter().map(move |id| &*plan.column(*id).name)
    }

    /// Scores one person's cells, in the order of [`Scheme::inputs`]; cells that are not there are missing.
    ///
    /// Returns one figure for each of [`names`](Self::names). Nothing is allocated for numbers.
    #[inline]
    pub fn score(&mut self, cells: &[Cell]) -> &[Figure] {
        let plan = self.scheme.plan();
        // a row alone has no group, and the values of the run are their defaults
        let around = Around { groups: &[], given: &self.given, ..Around::default() };
        match self.machines.answer(&self.programs, (plan, cells), (&around, 0), &mut self.figures) {
            Ok(Tier::Narrow) => self.answered.narrow += 1,
            Ok(Tier::Wide) => self.answered.wide += 1,
            Err(_) => self.exactly(cells),
        }
        &self.figures
    }

    /// Scores one person's cells as [`score`](Self::score) does, and keeps what an explanation needs.
    ///
    /// The cells are copied and nothing more is computed; why a figure is what it is costs when it is asked for.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::diagnostic::Language;
    /// use kaohe::{Cell, Scheme};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: a third
    /// inputs: { id: { type: text, key: true }, a: { type: number } }
    /// computed: { third: { formula: a / 3, round: 2 } }
    /// ",
    /// )?;
    /// let mut scorer = scheme.scorer();
    /// let rows: Vec<_> = [7, 8].map(|a| scorer.scored_row(&[Cell::from("1"), Cell::from(a)])).into();
    /// assert_eq!(rows[0].figures()[1].to_string(), "2.33");
    /// let why = rows[1].explain(Some("third"))?;
    /// assert!(why.to_text(Language::English).contains("8 / 3"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn scored_row(&mut self, cells: &[Cell]) -> ScoredRow {
        let figures = self.score(cells).into();
        ScoredRow { scheme: self.scheme.clone().into_owned(), cells: cells.into(), figures }
    }

    /// How many rows each way of answering has answered so far.
    #[must_use]
    pub const fn answered(&self) -> Answered {
        self.answered
    }

    #[inline(never)]
    fn exactly(&mut self, cells: &[Cell]) {
        self.answered.exact += 1;
        let plan = self.scheme.plan();
        let values = self.scheme.score_cells(cells).cells;
        for (figure, id) in self.figures.iter_mut().zip(&self.columns) {
            if let Some(value) = values.get(id.index()) {
                *figure = Figure::publish(plan, *id, value);
            }
        }
    }
}

/// A person's figures, and why they are what they are.
#[derive(Debug, Clone)]
pub struct ScoredRow {
    scheme: Scheme,
    cells: Box<[Cell]>,
    figures: Box<[Figure]>,
}

impl ScoredRow {
    /// The figures, one for each of [`Scorer::names`].
    #[must_use]
    pub const fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// The cells they were computed from.
    #[must_use]
    pub const fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Everything computed for the person, with the reasons of what is empty.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.scheme.score_cells(&self.cells)
    }

    /// Why the figures are what they are; see [`Scheme::explain_row`].
    ///
    /// # Errors
    ///
    /// [`DataError`] when the scheme has no such column.
    pub fn explain(&self, column: Option<&str>) -> Result<Explanation, DataError> {
        self.scheme.explain_cells(&self.cells, column)
    }
}
