//! What is handed over for a run, and how it is to be done.

use std::fmt;
use std::ops::ControlFlow;

use super::table::Table;
use crate::error::DataError;
use crate::row::{Cell, Row};

/// People with their detail rows and the values of the run.
///
/// # Example
///
/// ```
/// use kaohe::{Data, Row, Table};
///
/// let deposits = Table::of_rows(vec![Row::new().with("工号", "001").with("余额", 1200)]);
/// let people = Table::of_rows(vec![Row::new().with("工号", "001")]);
/// let data = Data::of(people).detail("存款", deposits).given("上期结转", "250.50");
/// # drop(data);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Data {
    pub(super) people: Table,
    pub(super) details: Vec<(String, Table)>,
    pub(super) given: Vec<(String, Cell)>,
    /// One person apart from any group, whose detail rows need no key.
    pub(super) alone: bool,
}

impl Data {
    /// A population: figures over groups are among these people.
    #[must_use]
    pub fn of(people: Table) -> Self {
        Self { people, ..Self::default() }
    }

    /// One person alone: detail rows need no key, and figures over groups cannot be computed.
    #[must_use]
    pub fn person(row: Row) -> Self {
        Self { people: Table::of_rows(vec![row]), alone: true, ..Self::default() }
    }

    /// The same with the rows of a detail table. Answers to an examination and the sheets of an appraisal are tables, too,
    /// called by its name.
    #[must_use]
    pub fn detail(mut self, name: &str, rows: Table) -> Self {
        self.details.push((name.to_owned(), rows));
        self
    }

    /// The same with a value of the run.
    #[must_use]
    pub fn given(mut self, name: &str, value: impl Into<Cell>) -> Self {
        self.given.push((name.to_owned(), value.into()));
        self
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows that are done; a row counts each time it is gone through: for every stage, for the figures over detail rows, and
    /// so do these rows themselves.
    pub done: usize,
    /// What that comes to in the end.
    pub total: usize,
}

/// How a run is to be done.
#[derive(Default)]
pub struct Options<'p> {
    /// How many threads compute; one when not stated. What comes out does not depend on it.
    pub threads: usize,
    /// The columns whose figures are wanted, by name; all that people are shown when not stated. What they do not read is
    /// not computed, and its faults are not told.
    pub columns: Option<Vec<String>>,
    /// Is told how far the run is, between blocks of rows, on the calling thread; says whether to go on.
    pub progress: Option<&'p mut dyn FnMut(Progress) -> ControlFlow<()>>,
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl<'p> Options<'p> {
    /// So many threads.
    #[must_use]
    pub fn threads(threads: usize) -> Self {
        Self { threads, ..Self::default() }
    }

    /// The same for some columns alone, by name: what they do not read is not computed.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::{Data, Options, Row, Scheme, Table};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: two columns
    /// inputs: { id: { type: text, key: true }, a: { type: number } }
    /// computed: { twice: a * 2, half: a / 2 }
    /// ",
    /// )?;
    /// let people = Table::of_rows(vec![Row::new().with("id", "1").with("a", 21)]);
    /// let run = scheme.score(Data::of(people), Options::default().with_columns(["half"]))?;
    /// let shown: Vec<(&str, String)> =
    ///     run.columns().map(|(name, figures)| (name, figures.get(0).unwrap().to_string())).collect();
    /// assert_eq!(shown, [("half", "10.5".to_owned())]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_columns(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { columns: Some(names.into_iter().map(Into::into).collect()), ..self }
    }

    /// The same, and `progress` is told how far the run is.
    #[must_use]
    pub fn with_progress(self, progress: &'p mut dyn FnMut(Progress) -> ControlFlow<()>) -> Self {
        Self { progress: Some(progress), ..self }
    }
}

/// Why a run came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The tables do not have what the scheme reads.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Whoever asked for it said so.
    #[error("the run was stopped")]
    Stopped,
}
