//! How far raters agree: intraclass correlations, Krippendorff's alpha, Kendall's W.
//!
//! All of them are quotients of sums over ratings, so all are exact; none has a root in it. What has no meaning, such as
//! the agreement of one rater or of ratings that are all equal, has a code in place of a figure.

mod alpha;
mod concordance;
mod intraclass;
mod proportions;

use std::sync::Arc;

pub use alpha::{Level, alpha};
pub use concordance::concordance;
pub use intraclass::{Intraclass, MeanSquares};

use super::RatingTable;
pub use super::complete::Incomplete;
use super::complete::left_out;
use crate::error::DataError;
use crate::number::Number;

/// One figure of agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// An intraclass correlation.
    Intraclass(Intraclass),
    /// Krippendorff's alpha.
    Alpha(Level),
    /// Kendall's W.
    Concordance,
}

impl Measure {
    /// Every figure there is.
    pub const ALL: [Self; 11] = [
        Self::Intraclass(Intraclass::OneWaySingle),
        Self::Intraclass(Intraclass::RandomSingle),
        Self::Intraclass(Intraclass::FixedSingle),
        Self::Intraclass(Intraclass::OneWayMean),
        Self::Intraclass(Intraclass::RandomMean),
        Self::Intraclass(Intraclass::FixedMean),
        Self::Alpha(Level::Nominal),
        Self::Alpha(Level::Ordinal),
        Self::Alpha(Level::Interval),
        Self::Alpha(Level::Ratio),
        Self::Concordance,
    ];

    /// What hosts call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intraclass(Intraclass::OneWaySingle) => "icc_1_1",
            Self::Intraclass(Intraclass::RandomSingle) => "icc_2_1",
            Self::Intraclass(Intraclass::FixedSingle) => "icc_3_1",
            Self::Intraclass(Intraclass::OneWayMean) => "icc_1_k",
            Self::Intraclass(Intraclass::RandomMean) => "icc_2_k",
            Self::Intraclass(Intraclass::FixedMean) => "icc_3_k",
            Self::Alpha(Level::Nominal) => "alpha_nominal",
            Self::Alpha(Level::Ordinal) => "alpha_ordinal",
            Self::Alpha(Level::Interval) => "alpha_interval",
            Self::Alpha(Level::Ratio) => "alpha_ratio",
            Self::Concordance => "kendall_w",
        }
    }
}

/// Every figure of agreement of some ratings; each has an exact value, or the reason why it has none.
///
/// # Example
///
/// ```
/// use kaohe::number::Number;
/// use kaohe::ratings::RatingTable;
/// use kaohe::ratings::agreement::{Agreement, Incomplete, Level, Measure};
///
/// let cells = [("甲", "张", 9), ("甲", "王", 8), ("乙", "张", 6), ("乙", "王", 5), ("丙", "张", 7)];
/// let table = RatingTable::new(cells.map(|(ratee, rater, value)| (ratee, rater, Number::from(value))))?;
///
/// let refused = Agreement::of(&table, Incomplete::Refuse);
/// assert_eq!(refused.get(Measure::Concordance).unwrap_err().code.id(), "K1022");
/// // alpha takes what is there
/// assert!(refused.get(Measure::Alpha(Level::Interval)).is_ok());
///
/// let complete = Agreement::of(&table, Incomplete::LeaveOut);
/// assert_eq!(complete.get(Measure::Concordance), Ok(&Number::ONE));
/// assert_eq!(&*complete.left_out()[0], "丙");
/// # Ok::<(), kaohe::DataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Agreement {
    figures: [Result<Number, DataError>; 11],
    left_out: Vec<Arc<str>>,
}

impl Agreement {
    /// Computes every figure. Those that need every rating treat ratees without one as `incomplete` says.
    #[must_use]
    pub fn of(table: &RatingTable, incomplete: Incomplete) -> Self {
        let squares = MeanSquares::of(table, incomplete);
        let figure = |measure| match measure {
            Measure::Intraclass(form) => squares.clone().and_then(|squares| squares.intraclass(form)),
            Measure::Alpha(level) => alpha(table, level),
            Measure::Concordance => concordance(table, incomplete),
        };
        let left_out = if incomplete == Incomplete::LeaveOut { left_out(table) } else { Vec::new() };
        Self { figures: Measure::ALL.map(figure), left_out }
    }

    /// One of them, or why it has no value.
    ///
    /// # Errors
    ///
    /// As [`MeanSquares::of`], [`MeanSquares::intraclass`], [`alpha()`] and [`concordance()`].
    pub fn get(&self, measure: Measure) -> Result<&Number, &DataError> {
        use Intraclass as I;
        let [one, random, fixed, one_mean, random_mean, fixed_mean, nominal, ordinal, interval, ratio, concordance] =
            &self.figures;
        let figure = match measure {
            Measure::Intraclass(I::OneWaySingle) => one,
            Measure::Intraclass(I::RandomSingle) => random,
            Measure::Intraclass(I::FixedSingle) => fixed,
            Measure::Intraclass(I::OneWayMean) => one_mean,
            Measure::Intraclass(I::RandomMean) => random_mean,
            Measure::Intraclass(I::FixedMean) => fixed_mean,
            Measure::Alpha(Level::Nominal) => nominal,
            Measure::Alpha(Level::Ordinal) => ordinal,
            Measure::Alpha(Level::Interval) => interval,
            Measure::Alpha(Level::Ratio) => ratio,
            Measure::Concordance => concordance,
        };
        figure.as_ref()
    }

    /// All of them, in the order of [`Measure::ALL`].
    pub fn figures(&self) -> impl Iterator<Item = (Measure, Result<&Number, &DataError>)> {
        Measure::ALL.into_iter().map(|measure| (measure, self.get(measure)))
    }

    /// The ratees who were left out of the intraclass correlations and of Kendall's W, because not every rater has rated
    /// them.
    #[must_use]
    pub fn left_out(&self) -> &[Arc<str>] {
        &self.left_out
    }
}
