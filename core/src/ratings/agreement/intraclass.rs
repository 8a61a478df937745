//! Intraclass correlations: how much of the difference between ratings is difference between ratees.

use kaohe_grammar::say;

use crate::error::DataError;
use crate::number::Number;
use crate::ratings::RatingTable;
use crate::ratings::complete::{Complete, Incomplete, no_spread};
use crate::ratings::moments::Moments;

/// The six forms of the intraclass correlation.
///
/// The first part says who the raters are: *one-way* when each ratee may have raters of its own, so that who is severe
/// cannot be told from who is poor; *random* when they stand for all raters there could be, so that severity counts as
/// disagreement; *fixed* when they are the only ones that matter, so that it does not. The second says what is relied
/// on: the rating of a *single* rater, or the *mean* of all of them.
///
/// Source: Shrout and Fleiss, "Intraclass correlations: uses in assessing rater reliability", Psychological Bulletin
/// 86 (1979); their names ICC(1,1) to ICC(3,k).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intraclass {
    /// ICC(1,1).
    OneWaySingle,
    /// ICC(2,1).
    RandomSingle,
    /// ICC(3,1).
    FixedSingle,
    /// ICC(1,k).
    OneWayMean,
    /// ICC(2,k).
    RandomMean,
    /// ICC(3,k).
    FixedMean,
}

impl Intraclass {
    /// All six, in the order of the source.
    pub const ALL: [Self; 6] = [
        Self::OneWaySingle,
        Self::RandomSingle,
        Self::FixedSingle,
        Self::OneWayMean,
        Self::RandomMean,
        Self::FixedMean,
    ];
}

/// The mean squares of a two-way analysis of variance with one rating in each cell, exact.
///
/// # Example
///
/// ```
/// use kaohe::number::Number;
/// use kaohe::ratings::RatingTable;
/// use kaohe::ratings::agreement::{Incomplete, Intraclass, MeanSquares};
///
/// // the table of Shrout and Fleiss: six ratees, four raters
/// let ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];
/// let cells = ratings.iter().enumerate().flat_map(|(ratee, row)| {
///     let name = move |rater| (ratee.to_string(), format!("rater {rater}"));
///     row.iter().enumerate().map(move |(rater, value)| (name(rater).0, name(rater).1, Number::from(*value)))
/// });
/// let squares = MeanSquares::of(&RatingTable::new(cells)?, Incomplete::Refuse)?;
/// let shown = |form| squares.intraclass(form).unwrap().round(2, kaohe::number::RoundingMode::HalfUp).to_string();
/// assert_eq!(Intraclass::ALL.map(shown), ["0.17", "0.29", "0.71", "0.44", "0.62", "0.91"]);
/// # Ok::<(), kaohe::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeanSquares {
    /// How many ratees.
    pub ratees: usize,
    /// How many raters.
    pub raters: usize,
    /// Between ratees, with ratees − 1 degrees of freedom.
    pub between_ratees: Number,
    /// Within ratees, with ratees × (raters − 1).
    pub within_ratees: Number,
    /// Between raters, with raters − 1.
    pub between_raters: Number,
    /// What neither ratee nor rater accounts for, with (ratees − 1) × (raters − 1).
    pub residual: Number,
}

impl MeanSquares {
    /// The mean squares of the ratees whom every rater has rated.
    ///
    /// # Errors
    ///
    /// `K1022` when ratings are missing and that is refused; `K1023` with fewer than two raters or ratees.
    pub fn of(table: &RatingTable, incomplete: Incomplete) -> Result<Self, DataError> {
        Complete::of(table, incomplete).map(|complete| Self::of_complete(&complete))
    }

    fn of_complete(complete: &Complete<'_>) -> Self {
        let (ratees, raters) = (complete.ratees, complete.raters);
        let mut of_raters = vec![Number::ZERO; raters];
        let mut all = Moments::default();
        for (rater, value) in complete.ratings() {
            all.add(value);
            if let Some(total) = of_raters.get_mut(rater) {
                *total = total.add(value);
            }
        }
        let total = |row: &[&Number]| row.iter().fold(Number::ZERO, |total, value| total.add(value));
        let of_ratees: Vec<Number> = complete.of_ratees().map(total).collect();
        // each spread is the sum of squares times the number of all ratings
        let (ratee_spread, rater_spread) = (Moments::of(&of_ratees).spread(), Moments::of(&of_raters).spread());
        let within = all.spread().subtract(&ratee_spread);
        let residual = within.subtract(&rater_spread);
        let mean = |spread: &Number, degrees: usize| {
            // two raters and two ratees at least, so neither count is zero
            spread.divide(&all.size().multiply(&whole(degrees))).unwrap_or_default()
        };
        Self {
            ratees,
            raters,
            between_ratees: mean(&ratee_spread, ratees - 1),
            within_ratees: mean(&within, ratees * (raters - 1)),
            between_raters: mean(&rater_spread, raters - 1),
            residual: mean(&residual, (ratees - 1) * (raters - 1)),
        }
    }

    /// One form of the intraclass correlation, exact; at most 1, and negative when ratees differ less than chance would
    /// have it.
    ///
    /// With B, W, J and E for the mean squares between ratees, within ratees, between raters and of the residual, n
    /// ratees and k raters:
    ///
    /// | form | |
    /// |---|---|
    /// | ICC(1,1) | (B − W) / (B + (k − 1)·W) |
    /// | ICC(2,1) | (B − E) / (B + (k − 1)·E + k·(J − E)/n) |
    /// | ICC(3,1) | (B − E) / (B + (k − 1)·E) |
    /// | ICC(1,k) | (B − W) / B |
    /// | ICC(2,k) | (B − E) / (B + (J − E)/n) |
    /// | ICC(3,k) | (B − E) / B |
    ///
    /// # Errors
    ///
    /// `K1024` when the divisor is zero, as it is when ratings do not differ, or negative, as that of ICC(2,k) can be
    /// when neither ratees nor raters differ: the quotient would then look like agreement.
    pub fn intraclass(&self, form: Intraclass) -> Result<Number, DataError> {
        use Intraclass as I;
        let (between, raters) = (&self.between_ratees, whole(self.raters));
        let noise = match form {
            I::OneWaySingle | I::OneWayMean => &self.within_ratees,
            I::RandomSingle | I::RandomMean | I::FixedSingle | I::FixedMean => &self.residual,
        };
        // what raters differ by, in the part that one ratee has of it
        let severity = match form {
            I::RandomSingle | I::RandomMean => {
                let difference = self.between_raters.subtract(&self.residual);
                difference.divide(&whole(self.ratees)).unwrap_or_default()
            }
            _ => Number::ZERO,
        };
        let total = match form {
            I::OneWaySingle | I::RandomSingle | I::FixedSingle => {
                let single = raters.subtract(&Number::ONE).multiply(noise);
                between.add(&single).add(&raters.multiply(&severity))
            }
            I::OneWayMean | I::RandomMean | I::FixedMean => between.add(&severity),
        };
        let quotient = if total.is_negative() { None } else { between.subtract(noise).divide(&total) };
        quotient.ok_or_else(|| {
            no_spread(say!(
                "the ratees' ratings do not differ enough for an intraclass correlation",
                "各考核对象的评分没有足够差异，组内相关系数无定义"
            ))
        })
    }
}

fn whole(count: usize) -> Number {
    Number::from(u64::try_from(count).unwrap_or(u64::MAX))
}
