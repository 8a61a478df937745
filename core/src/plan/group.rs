//! What needs other rows: figures of a person among those of a group.

use std::sync::Arc;

pub use kaohe_grammar::Direction;

use super::{ColumnId, GroupId, NodeId, SheetSeverity};
use crate::diagnostic::Span;
use crate::number::Number;
use crate::value::WordList;

/// A figure of each row that is computed over the rows of its group, between two stages of rows.
///
/// Its operands are columns, some of them made for it alone; what a row of the group lacks leaves that row out.
#[derive(Debug, Clone)]
pub struct Group {
    /// What is computed.
    pub function: GroupFunction,
    /// What it is computed of; nothing for a mere count, and for seats, which have an order.
    pub value: Option<ColumnId>,
    /// Who counts; nothing when all do. Who does not has no place and no seat, but reads the group's figures.
    pub filter: Option<ColumnId>,
    /// The columns that form the groups; none for the whole population.
    pub within: Box<[ColumnId]>,
    /// In which stage: after the row stage of the same number.
    pub level: u32,
    /// Where it was written.
    pub span: Option<Span>,
}

impl Group {
    /// The columns it reads.
    pub fn operands(&self) -> impl Iterator<Item = ColumnId> + '_ {
        let seats = match &self.function {
            GroupFunction::Seats(seats) => Some(seats),
            _ => None,
        };
        let seats = seats.into_iter().flat_map(|seats| {
            let order = seats.order.iter().map(|(column, _)| *column);
            order.chain(seats.eligible.iter().copied().flatten()).chain(seats.smaller.map(|(_, column)| column))
        });
        let allot = match &self.function {
            GroupFunction::Allot(allot) => Some([Some(allot.key), allot.limit, allot.order]),
            _ => None,
        };
        let allot = allot.into_iter().flatten().flatten();
        self.value.into_iter().chain(self.filter).chain(self.within.iter().copied()).chain(seats).chain(allot)
    }

    /// The columns whose values it needs: its operands, and those whose absence holds its money back.
    pub fn reads(&self) -> impl Iterator<Item = ColumnId> + '_ {
        self.operands().chain(self.awaited().iter().map(|each| each.column))
    }

    /// What holds its money back without being an operand.
    #[must_use]
    pub fn awaited(&self) -> &[Awaited] {
        match &self.function {
            GroupFunction::Allot(allot) => &allot.awaited,
            _ => &[],
        }
    }
}

/// What is computed over a group.
#[derive(Debug, Clone)]
pub enum GroupFunction {
    /// The place of the row, 1 for the first.
    Rank {
        /// Which end comes first.
        direction: Direction,
        /// The place of equals.
        ties: Ties,
    },
    /// The part of the group that is at or below the row, 0 to 1.
    Percentile {
        /// How equals count.
        kind: PercentileKind,
        /// Which end is the top: ascending means a larger value has a larger percentile.
        direction: Direction,
    },
    /// The row's value over the group's total.
    Share,
    /// The total of what comes before the row, itself and its equals included, over the group's total.
    CumulativeShare {
        /// Which end comes first.
        direction: Direction,
    },
    /// The group's total.
    Sum,
    /// The group's mean.
    Average,
    /// How many are in the group.
    Count,
    /// The group's smallest.
    Minimum,
    /// The group's largest.
    Maximum,
    /// The group's median.
    Median,
    /// The group's population standard deviation, correctly rounded to 12 decimals.
    Deviation,
    /// Seats of a grading: the grade of the row, as a position in the ladder.
    Seats(Box<Seats>),
    /// Money shared out in proportion: what the row is paid of an amount, which is the same for all of its group.
    Allot(Box<Allot>),
    /// The scores of sheets without their raters' severity: a figure of each sheet of a role, over those of all people.
    Severity(Box<SheetSeverity>),
}

impl GroupFunction {
    /// Whether everybody of the group reads one and the same figure.
    pub(crate) const fn is_of_whole_group(&self) -> bool {
        match self {
            Self::Sum
            | Self::Average
            | Self::Count
            | Self::Minimum
            | Self::Maximum
            | Self::Median
            | Self::Deviation => true,
            Self::Rank { .. }
            | Self::Percentile { .. }
            | Self::Share
            | Self::CumulativeShare { .. }
            | Self::Seats(_)
            | Self::Allot(_)
            | Self::Severity(_) => false,
        }
    }
}

/// What a pool was left by the run before it.
#[derive(Debug, Clone)]
pub struct CarriedOver {
    /// The pool's name.
    pub pool: Arc<str>,
    /// The amount.
    pub amount: ColumnId,
    /// What is in the pool from everybody, over the groups of the pool.
    pub given: GroupId,
}

/// Money that is shared out.
#[derive(Debug, Clone)]
pub struct Allot {
    /// What it is shared in proportion to, not negative.
    pub key: ColumnId,
    /// The most each row is paid, in whole cents.
    pub limit: Option<ColumnId>,
    /// Who is before whom where a spare cent could go to either: the smaller.
    pub order: Option<ColumnId>,
    /// The decimals of a cent.
    pub places: u32,
    /// Whether what a limit leaves over goes to the others who are below theirs.
    pub redistribute: bool,
    /// Whether nobody is paid in a group that a row is left out of.
    pub hold: bool,
    /// What the other claims of the pool are shared out by: who lacks some of it is left out of the pool, too.
    pub awaited: Box<[Awaited]>,
}

/// A column that somebody must have a value of for the money of his group to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awaited {
    /// The column.
    pub column: ColumnId,
    /// Whether absence counts as a lack, and not only a fault.
    pub present: bool,
}

/// What happens to what a limit leaves over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OverLimit {
    /// It is left in the pool.
    Carry,
    /// It goes to the others of the claim.
    Redistribute,
    /// It goes to the next claim.
    NextClaim,
}

/// The place of equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ties {
    /// The best of their places: 1 2 2 4.
    Minimum,
    /// The worst of their places: 1 3 3 4.
    Maximum,
    /// The mean of their places: 1 2.5 2.5 4.
    Average,
    /// As if equals were one: 1 2 2 3.
    Dense,
}

impl Ties {
    /// Each with the word it has in formulas and rules.
    pub const WORDS: [(&str, Self); 4] =
        [("min", Self::Minimum), ("max", Self::Maximum), ("average", Self::Average), ("dense", Self::Dense)];

    /// The place of equals of that word, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, ties)| *ties)
    }
}

impl PercentileKind {
    /// Each with the word it has in formulas and rules.
    pub const WORDS: [(&str, Self); 4] =
        [("rank", Self::Rank), ("weak", Self::Weak), ("strict", Self::Strict), ("mean", Self::Mean)];

    /// The kind of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }
}

/// How a percentile counts equals; the four kinds of statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PercentileKind {
    /// The mean place of equals over the number of rows.
    Rank,
    /// Those at or below.
    Weak,
    /// Those below.
    Strict,
    /// The mean of weak and strict.
    Mean,
}

/// Seats of a grading, from the best grade down.
#[derive(Debug, Clone)]
pub struct Seats {
    /// The ladder; a state of who is not graded stands before its grades.
    pub ladder: Arc<WordList>,
    /// The positions of the grades in the ladder, best first.
    pub grades: Box<[u32]>,
    /// The columns people are ordered by, the most important first.
    pub order: Box<[(ColumnId, Direction)]>,
    /// For each grade, best first, the column that says who may have it; nothing when everybody may.
    pub eligible: Box<[Option<ColumnId>]>,
    /// How many seats there are.
    pub quota: Quota,
    /// The smallest group that is seated by quota, and the column with the grades of smaller ones.
    pub smaller: Option<(u32, ColumnId)>,
}

/// How many seats each grade has.
#[derive(Debug, Clone)]
pub struct Quota {
    /// Whom the shares are shares of.
    pub of: QuotaOf,
    /// How seats are counted.
    pub method: QuotaMethod,
    /// The share of each grade, best first.
    pub shares: Box<[Number]>,
    /// What happens to equals on both sides of a cut.
    pub ties_at_cut: TiesAtCut,
}

/// Whom shares are shares of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum QuotaOf {
    /// Those who are graded.
    #[default]
    Graded,
    /// Everybody in the group.
    All,
}

/// How seats are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuotaMethod {
    /// By largest remainder: the shares are of the whole, and every seat is given.
    Shares,
    /// By floor: never more than the share; the rest flows down, and the last grade takes what remains.
    AtMost,
}

/// What happens to equals on both sides of a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TiesAtCut {
    /// All of them have the better grade.
    AllUp,
    /// All of them have the worse grade.
    AllDown,
    /// They have no grade, which is a fault.
    #[default]
    Error,
}

/// A figure over the detail rows of one person.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// Which table.
    pub table: super::DetailId,
    /// What is computed.
    pub function: AggregateFunction,
    /// Of what, for each row; nothing when rows are counted.
    pub value: Option<NodeId>,
    /// Which rows count.
    pub filter: Option<NodeId>,
    /// What the rows are ordered by, for the last one.
    pub by: Option<NodeId>,
    /// The value over no rows.
    pub when_empty: Option<NodeId>,
}

/// What is computed over detail rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// The total; 0 over no rows.
    Sum,
    /// The mean.
    Average,
    /// How many; 0 over no rows.
    Count,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// The middle.
    Median,
    /// The value of the row that comes last.
    Last,
    /// The value of the only row; missing over no rows, and a fault over several.
    Only,
    /// The mean of what is left when some of the highest and the lowest are left out.
    MeanOf(Ends),
    /// The middle of what is left then.
    MiddleOf(Ends),
}

/// Which values are left out at both ends before the others come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ends {
    /// None.
    None,
    /// So many, from so many values on; with fewer none.
    Sheets {
        /// Of the highest.
        highest: u32,
        /// Of the lowest.
        lowest: u32,
        /// Only from so many values on.
        from: u32,
    },
    /// So many millionths of the values at each end, rounded down to whole values.
    Share(u32),
}

impl Ends {
    /// Of so many values how many of the lowest and of the highest are left out.
    #[must_use]
    pub fn of(self, count: usize) -> (usize, usize) {
        match self {
            Self::None => (0, 0),
            Self::Sheets { highest, lowest, from } if count >= from as usize => (lowest as usize, highest as usize),
            Self::Sheets { .. } => (0, 0),
            Self::Share(millionths) => {
                let cut = (count as u64).saturating_mul(u64::from(millionths)) / 1_000_000;
                let cut = usize::try_from(cut).unwrap_or(0);
                (cut, cut)
            }
        }
    }
}

impl AggregateFunction {
    /// The function's name in the formula language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Average => "avg",
            Self::Count => "count",
            Self::Minimum => "min",
            Self::Maximum => "max",
            Self::Median => "median",
            Self::Last => "last",
            Self::Only => "only",
            Self::MeanOf(_) => "mean",
            Self::MiddleOf(_) => "median",
        }
    }
}
