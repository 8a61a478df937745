//! Krippendorff's alpha: disagreement among raters against the disagreement of chance.

use std::collections::BTreeMap;

use kaohe_grammar::{Direction, say};

use crate::error::DataError;
use crate::eval::group::{Lineup, Members, Operand, places};
use crate::number::Number;
use crate::plan::Ties;
use crate::ratings::RatingTable;
use crate::ratings::agreement::proportions;
use crate::ratings::complete::{Few, no_spread};
use crate::ratings::moments::Moments;
use crate::value::Value;

/// What the differences of ratings mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Level {
    /// Codes: two ratings are equal or they are not.
    Nominal,
    /// Ranks: what counts is how many ratings lie between.
    Ordinal,
    /// Points: what counts is the difference.
    #[default]
    Interval,
    /// Amounts from a true zero: what counts is the difference in proportion to the sum. None is negative.
    Ratio,
}

impl Level {
    /// All four, the one that asks least of ratings first.
    pub const ALL: [Self; 4] = [Self::Nominal, Self::Ordinal, Self::Interval, Self::Ratio];
}

/// Returns Krippendorff's alpha, exact: 1 when raters agree on every ratee, 0 when they agree as often as chance would,
/// negative when less.
///
/// α = 1 − Dₒ / Dₑ. The disagreement of some ratings is the sum of δ² over their pairs; Dₒ is that within ratees, where
/// each of a ratee's m ratings counts once (so its pairs by 1/(m − 1)), Dₑ that of all ratings together. δ² is by level:
/// nominal 0 or 1; ordinal the difference of ranks, equals sharing the mean of theirs, squared; interval the difference
/// squared; ratio the difference over the sum, squared. Ratings may be missing; a ratee with only one takes no part.
///
/// Source: Krippendorff, "Content analysis: an introduction to its methodology", and "Computing Krippendorff's
/// alpha-reliability" (2011).
///
/// # Errors
///
/// `K1023` when no ratee is rated by two raters; `K1024` when all ratings that could be compared are equal; at the ratio
/// level `K0903` when a rating is negative and `K0009` when ratings have too many different values.
///
/// # Example
///
/// ```
/// use kaohe::number::{Number, RoundingMode};
/// use kaohe::ratings::RatingTable;
/// use kaohe::ratings::agreement::{Level, alpha};
///
/// let cells = [("甲", "张", 4), ("甲", "王", 4), ("乙", "张", 2), ("乙", "王", 3), ("丙", "张", 1)];
/// let table = RatingTable::new(cells.map(|(ratee, rater, value)| (ratee, rater, Number::from(value))))?;
/// // 丙 has one rating, which cannot be compared with any
/// assert_eq!(alpha(&table, Level::Interval)?.to_string(), "8/11");
/// assert_eq!(alpha(&table, Level::Nominal)?.to_string(), "0.4");
/// # Ok::<(), kaohe::DataError>(())
/// ```
pub fn alpha(table: &RatingTable, level: Level) -> Result<Number, DataError> {
    let ratings = Comparable::of(table);
    if ratings.values.is_empty() {
        return Err(Few::Pairs.told());
    }
    let (observed, expected) = match level {
        Level::Nominal => ratings.disagreements(different_pairs),
        Level::Ordinal => ratings.ranked().disagreements(squared_differences),
        Level::Interval => ratings.disagreements(squared_differences),
        Level::Ratio => proportions::disagreements(ratings.of_ratees(), &ratings.values)?,
    };
    let pairs = Number::from(ratings.values.len() as u64).subtract(&Number::ONE);
    let part = pairs.multiply(&observed).divide(&expected);
    part.map(|part| Number::ONE.subtract(&part))
        .ok_or_else(|| no_spread(say!("all ratings that could be compared are equal", "可以比较的评分全部相同")))
}

/// The ratings of ratees who have two or more, ratee after ratee.
struct Comparable {
    /// In whole units.
    values: Vec<i128>,
    /// How many ratings each ratee has.
    sizes: Vec<usize>,
}

impl Comparable {
    fn of(table: &RatingTable) -> Self {
        let mut of_ratees = vec![Vec::new(); table.ratees().len()];
        for (ratee, _, units) in table.in_units().0 {
            if let Some(values) = of_ratees.get_mut(ratee) {
                values.push(units);
            }
        }
        of_ratees.retain(|values| values.len() > 1);
        Self { sizes: of_ratees.iter().map(Vec::len).collect(), values: of_ratees.into_iter().flatten().collect() }
    }

    /// The ratings of each ratee.
    fn of_ratees(&self) -> impl Iterator<Item = &[i128]> {
        let mut rest = self.values.as_slice();
        self.sizes.iter().map(move |size| {
            let (own, others) = rest.split_at_checked(*size).unwrap_or((rest, &[]));
            rest = others;
            own
        })
    }

    /// The same with twice the rank of each rating, among all, in its place.
    fn ranked(&self) -> Self {
        let of = vec![0; self.values.len()];
        let members = Members { of: &of, count: 1, counted: None };
        let operand = Operand::Values(self.values.iter().map(|units| Value::Number(Number::from(*units))).collect());
        let doubled = places(&Lineup::by(members, &operand, Direction::Ascending), Ties::Average, of.len());
        Self { values: doubled.into_iter().map(i128::from).collect(), sizes: self.sizes.clone() }
    }

    /// The disagreement within ratees, each pair by the number of the ratee's other ratings, and that of all ratings.
    fn disagreements(&self, of: impl Fn(&[i128]) -> Number) -> (Number, Number) {
        // added up by size first, so that there are few quotients
        let mut by_size: BTreeMap<usize, Number> = BTreeMap::new();
        for own in self.of_ratees() {
            let sum = by_size.entry(own.len()).or_default();
            *sum = sum.add(&of(own));
        }
        let observed = by_size.into_iter().fold(Number::ZERO, |observed, (size, sum)| {
            // a ratee has two ratings at least
            let others = Number::from(size.saturating_sub(1) as u64);
            observed.add(&sum.divide(&others).unwrap_or_default())
        });
        (observed, of(&self.values))
    }
}

/// The squared differences of all pairs.
fn squared_differences(values: &[i128]) -> Number {
    let numbers: Vec<Number> = values.iter().copied().map(Number::from).collect();
    Moments::of(&numbers).spread()
}

/// How many pairs are of different values.
fn different_pairs(values: &[i128]) -> Number {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let pairs = |count: usize| Number::from(count as u64 * count.saturating_sub(1) as u64 / 2);
    let equal = sorted.chunk_by(|a, b| a == b).fold(Number::ZERO, |equal, run| equal.add(&pairs(run.len())));
    pairs(values.len()).subtract(&equal)
}
