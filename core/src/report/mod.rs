//! Reports that are handed out: of a person, with every figure on the way, and of a team.
//!
//! A report computes nothing of its own about a person: it arranges the explanation of the row. What it says of a team
//! is computed by the operations that schemes have over groups, from the figures as they were published. Written as
//! Markdown, as HTML that needs nothing else and prints on A4, and as versioned JSON.

mod columns;
mod format;
mod json;
mod person;
mod person_page;
mod person_scores;
mod sections;
mod team;
mod team_page;

use std::sync::Arc;

pub use format::Format;
pub use person::{GradingStages, PersonReport, ScoreEntry, ScoreLine, ScoreTable};
pub use team::{ColumnNumbers, Distribution, GradeCount, Ranked, RowProblems, Team, TeamReport};

use crate::date::Date;
use crate::outcome::Figure;
use crate::scheme::Scheme;

/// The version of reports as data; a change that a reader could trip over raises it.
pub const VERSION: u32 = 1;

/// What the figures of a report rest on.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The scheme's name.
    pub scheme: Arc<str>,
    /// The scheme's edition.
    pub edition: Option<Arc<str>>,
    /// The first and the last day of the period.
    pub period: Option<(Date, Date)>,
    /// The day that counts.
    pub as_of: Option<Date>,
    /// The scheme's fingerprint: the same rules have the same.
    pub fingerprint: String,
    /// The values of the run, as they were given or by their defaults.
    pub given: Vec<(Arc<str>, Figure)>,
}

impl Rules {
    fn of(scheme: &Scheme, given: Vec<(Arc<str>, Figure)>) -> Self {
        Self {
            scheme: scheme.name().into(),
            edition: scheme.edition().map(Into::into),
            period: scheme.period(),
            as_of: scheme.day(),
            fingerprint: scheme.fingerprint(),
            given,
        }
    }
}
