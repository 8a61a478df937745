//! Ratings of which none is missing: what analysis of variance and concordance are computed from.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::RatingTable;
use crate::code::Code;
use crate::error::DataError;
use crate::number::Number;
use crate::run::listed;

/// What ratees mean whom not every rater has rated, where a figure needs every rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Incomplete {
    /// There is no figure, and the missing ratings are told.
    #[default]
    Refuse,
    /// They are left out, and named: the figure is that of the others.
    LeaveOut,
}

/// Ratees with a rating by every rater.
pub(super) struct Complete<'t> {
    pub(super) ratees: usize,
    pub(super) raters: usize,
    /// Ratee after ratee, the ratings by each rater.
    values: Vec<&'t Number>,
}

impl<'t> Complete<'t> {
    /// The ratees of a table whom every rater has rated.
    ///
    /// # Errors
    ///
    /// Ratings are missing and that is refused, or fewer than two raters or ratees are left.
    pub(super) fn of(table: &'t RatingTable, incomplete: Incomplete) -> Result<Self, DataError> {
        let raters = table.raters().len();
        let rated = rated(table);
        if incomplete == Incomplete::Refuse && rated.iter().any(|count| *count < raters) {
            return Err(not_complete(table));
        }
        let mut ratees = 0;
        let mut places = Vec::with_capacity(rated.len());
        for count in rated {
            places.push((count == raters).then_some(ratees));
            ratees += usize::from(count == raters);
        }
        for (count, few) in [(raters, Few::Raters), (ratees, Few::Ratees)] {
            if count < 2 {
                return Err(few.told());
            }
        }
        let mut values = vec![None; ratees.saturating_mul(raters)];
        for (ratee, rater, value) in table.given() {
            if let Some(Some(place)) = places.get(ratee)
                && let Some(slot) = values.get_mut(place * raters + rater)
            {
                *slot = Some(value);
            }
        }
        // a rater rates a ratee once, so whoever has as many ratings as there are raters has one by each
        Ok(Self { ratees, raters, values: values.into_iter().flatten().collect() })
    }

    /// Every rating with the place of its rater.
    pub(super) fn ratings(&self) -> impl Iterator<Item = (usize, &'t Number)> {
        (0..self.raters).cycle().zip(self.values.iter().copied())
    }

    /// The ratings of each ratee.
    pub(super) fn of_ratees(&self) -> impl Iterator<Item = &[&'t Number]> {
        self.values.chunks(self.raters)
    }
}

/// How many ratings each ratee has.
fn rated(table: &RatingTable) -> Vec<usize> {
    let mut rated = vec![0; table.ratees().len()];
    for (ratee, ..) in table.given() {
        if let Some(count) = rated.get_mut(ratee) {
            *count += 1;
        }
    }
    rated
}

/// Ratees whom not every rater has rated.
pub(super) fn left_out(table: &RatingTable) -> Vec<Arc<str>> {
    let raters = table.raters().len();
    let counts = table.ratees().iter().zip(rated(table));
    counts.filter(|(_, count)| *count < raters).map(|(name, _)| Arc::clone(name)).collect()
}

fn not_complete(table: &RatingTable) -> DataError {
    let offenders: Vec<String> = left_out(table).iter().map(|name| name.to_string()).collect();
    let Message { en, zh } = listed(&offenders);
    DataError {
        code: Code::NotComplete,
        message: say!("not every rater has rated these ratees: {en}", "并非每个考评人都评了这些考核对象：{zh}"),
        help: Some(say!(
            "leave them out, or use Krippendorff's alpha, which counts what is there",
            "可以把他们排除，或改用允许缺失的 Krippendorff α"
        )),
        offenders,
    }
}

/// What there are too few of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Few {
    Raters,
    Ratees,
    Pairs,
}

impl Few {
    pub(super) fn told(self) -> DataError {
        let message = match self {
            Self::Raters => say!("agreement needs at least two raters", "一致性至少需要两个考评人"),
            Self::Ratees => say!(
                "agreement needs at least two ratees whom every rater has rated",
                "一致性至少需要两个由全部考评人评过的考核对象"
            ),
            Self::Pairs => say!("no ratee is rated by two raters", "没有一个考核对象由两个考评人评过"),
        };
        DataError { code: Code::TooFewRatings, message, help: None, offenders: Vec::new() }
    }
}

/// A measure whose divisor is the difference of ratings that do not differ.
pub(super) fn no_spread(message: Message) -> DataError {
    let help =
        say!("where nothing differs there is nothing to agree or disagree about", "没有差异，就谈不上一致或不一致");
    DataError { code: Code::NoSpread, message, help: Some(help), offenders: Vec::new() }
}
