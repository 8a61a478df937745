//! What the worked examples of a scheme never reach: bands, gates, limits, branches, policies, grades.
//!
//! What there is to reach is read off the plan, as far as an author wrote it; what was reached is read off the evaluation
//! of every person of every example. Nothing is decided a second time.

mod find;
mod json;
mod watch;

use std::sync::Arc;

use kaohe_grammar::Message;

use crate::diagnostic::Location;

pub(crate) use watch::Watcher;

/// What the worked examples of a scheme reach and what not.
///
/// # Example
///
/// ```
/// use kaohe::Scheme;
/// use kaohe::coverage::MissedKind;
///
/// let scheme = Scheme::parse(
///     "
/// kaohe: 1
/// scheme: 评级
/// inputs: { 工号: { type: text, key: true }, 得分: { type: number } }
/// grades:
///   等级: { ladder: [A, B, C], thresholds: { of: 得分, at_least: [[85, A], [70, B]], else: C } }
/// cases:
///   - { row: { 工号: '001', 得分: 90 }, expect: { 等级: A } }
///   - { row: { 工号: '002', 得分: 60 }, expect: { 等级: C } }
/// ",
/// )?;
/// let coverage = scheme.coverage();
/// assert_eq!((coverage.reached, coverage.total, coverage.percent()), (2, 3, 66));
/// let missed = &coverage.missed[0];
/// assert_eq!((missed.kind, &*missed.message.en), (MissedKind::Grade, "nobody gets the grade `B`"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// How many people of how many examples were looked at.
    pub people: usize,
    /// How many examples could be run.
    pub cases: usize,
    /// How many things there are to reach.
    pub total: usize,
    /// How many of them were reached.
    pub reached: usize,
    /// What was not, in the order of the scheme's text.
    pub missed: Vec<Missed>,
}

impl Coverage {
    /// The whole percentage that was reached, rounded down so that 100 means everything; 100 when there is nothing.
    #[must_use]
    pub fn percent(&self) -> usize {
        self.reached.saturating_mul(100).checked_div(self.total).unwrap_or(100)
    }
}

/// Something that no example reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// What it is.
    pub kind: MissedKind,
    /// The column it belongs to.
    pub column: Arc<str>,
    /// What does not happen in any example, in both languages.
    pub message: Message,
    /// Where it stands in the scheme.
    pub location: Option<Location>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What can be reached: a closed list, each with a word that stays.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum MissedKind {
            $($(#[$doc])* $name,)*
        }

        impl MissedKind {
            /// The word it has in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

kinds! {
    /// A band that a figure falls in, or what holds when it falls in none.
    Band = "band";
    /// A stretch between two knots, or beyond the outermost.
    Segment = "segment";
    /// A gate, reached or not.
    Gate = "gate";
    /// A floor that lifts something.
    Floor = "floor";
    /// A cap or another limit that holds something down.
    Cap = "cap";
    /// A side of a step rule.
    Side = "side";
    /// A result of `if` or `case`.
    Branch = "branch";
    /// A value that stands in for a missing one, a zero divisor or detail rows that are not there.
    Policy = "policy";
    /// An item that applies, or does not.
    Applies = "applies";
    /// An item that is missing, and what that means to its total.
    WhenMissing = "when_missing";
    /// An adjustment other than zero.
    Adjustment = "adjustment";
    /// A veto that is met.
    Veto = "veto";
    /// A grade somebody gets.
    Grade = "grade";
    /// Who is graded, and who is not.
    Graded = "graded";
    /// Who is eligible for a grade, and who is not.
    Eligible = "eligible";
    /// A shift that applies.
    Shift = "shift";
    /// A limit of movement that holds.
    Movement = "movement";
    /// A decision that replaces a calculated grade.
    Decision = "decision";
    /// Detail rows, or none of them.
    Rows = "rows";
}
