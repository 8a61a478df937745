//! Scoring many rows quickly: the figures people are shown, row by row, in buffers that are kept.

use std::borrow::Cow;
use std::sync::Arc;

use crate::eval::input;
use crate::eval::program::{Around, Machines, Programs, Tier};
use crate::fault::FaultCode;
use crate::outcome::Figure;
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
        let around = Around { groups: &[], given: &self.given, lanes: None };
        match self.machines.answer(&self.programs, (plan, cells), (&around, 0), &mut self.figures) {
            Ok(Tier::Narrow) => self.answered.narrow += 1,
            Ok(Tier::Wide) => self.answered.wide += 1,
            Err(_) => self.exactly(cells),
        }
        &self.figures
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
