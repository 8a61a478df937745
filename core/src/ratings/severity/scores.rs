//! Each rater's mean, spread and effect.

use std::collections::BTreeMap;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::{RaterSeverity, WithoutSpread};
use crate::code::Code;
use crate::error::DataError;
use crate::number::{Number, ROOT_PLACES};
use crate::ratings::RatingTable;
use crate::ratings::moments::Moments;
use crate::run::listed;

/// What was found of each rater of a table, nothing of one without a rating; names and groups are filled in later.
type Found = Vec<Option<RaterSeverity>>;

/// By the rater's own mean and that of all ratings.
pub(super) fn centring(table: &RatingTable) -> Result<Found, DataError> {
    let (raters, grand_mean) = read(table)?;
    Ok(raters.iter().map(|moments| found(moments, |mean| mean.subtract(&grand_mean))).collect())
}

/// The same with the spread of the raters made one.
pub(super) fn z_scores(table: &RatingTable, policy: WithoutSpread) -> Result<Found, DataError> {
    let (raters, grand_mean) = read(table)?;
    if policy == WithoutSpread::Refuse {
        let names = without_spread(table);
        if !names.is_empty() {
            return Err(no_spread(&names));
        }
    }
    let common = common_variance(&raters).ok_or_else(no_spread_at_all)?;
    let of_rater = |moments: &Moments| {
        let rater = found(moments, |mean| mean.subtract(&grand_mean))?;
        let factor = variance(moments).and_then(|own| common.divide(&own)?.square_root(ROOT_PLACES));
        Some(match factor {
            Some(factor) => RaterSeverity { factor, ..rater },
            // there is no spread to divide by
            None => RaterSeverity { counts: policy != WithoutSpread::LeaveOut, ..rater },
        })
    };
    Ok(raters.iter().map(of_rater).collect())
}

/// With the effects that are known.
pub(super) fn additive(table: &RatingTable, effects: &[Option<Number>]) -> Result<Found, DataError> {
    let (raters, _) = read(table)?;
    let of_rater = |(moments, effect): (&Moments, &Option<Number>)| {
        let effect = effect.as_ref()?;
        found(moments, |_| effect.clone())
    };
    Ok(raters.iter().zip(effects).map(of_rater).collect())
}

/// The raters all of whose ratings are equal, or who have only one.
pub(super) fn without_spread(table: &RatingTable) -> Vec<Arc<str>> {
    let raters = moments(table);
    let flat = |moments: &Moments| moments.count > 0 && moments.spread().is_zero();
    table.raters().iter().zip(&raters).filter(|(_, moments)| flat(moments)).map(|(name, _)| Arc::clone(name)).collect()
}

fn moments(table: &RatingTable) -> Vec<Moments> {
    let mut raters = vec![Moments::default(); table.raters().len()];
    for (_, rater, rating) in table.given() {
        if let Some(moments) = raters.get_mut(rater) {
            moments.add(rating);
        }
    }
    raters
}

/// The moments of each rater, and the mean of all ratings.
fn read(table: &RatingTable) -> Result<(Vec<Moments>, Number), DataError> {
    let raters = moments(table);
    let total = raters.iter().fold(Number::ZERO, |total, moments| total.add(&moments.total));
    let count: u64 = raters.iter().map(|moments| moments.count).sum();
    let grand_mean = total.divide(&Number::from(count)).ok_or_else(nothing_rated)?;
    Ok((raters, grand_mean))
}

fn found(moments: &Moments, effect: impl Fn(&Number) -> Number) -> Option<RaterSeverity> {
    let mean = moments.mean()?;
    Some(RaterSeverity {
        name: "".into(),
        ratings: usize::try_from(moments.count).ok()?,
        effect: effect(&mean),
        mean,
        factor: Number::ONE,
        counts: true,
        group: 0,
    })
}

/// A rater's variance, when the ratings differ.
fn variance(moments: &Moments) -> Option<Number> {
    let spread = moments.spread();
    let size = moments.size();
    if spread.is_zero() { None } else { spread.divide(&size.multiply(&size)) }
}

/// The mean of the raters' variances, weighted by how many ratings each gave, over raters whose ratings differ.
fn common_variance(raters: &[Moments]) -> Option<Number> {
    // added up by count first, so that there are few quotients
    let mut by_count: BTreeMap<u64, (Number, u64)> = BTreeMap::new();
    for moments in raters {
        let spread = moments.spread();
        if !spread.is_zero() {
            let (sum, raters) = by_count.entry(moments.count).or_default();
            (*sum, *raters) = (sum.add(&spread), *raters + 1);
        }
    }
    let mut squares = Number::ZERO;
    let mut ratings = 0;
    for (count, (sum, raters)) in by_count {
        squares = squares.add(&sum.divide(&Number::from(count))?);
        ratings += count * raters;
    }
    squares.divide(&Number::from(ratings))
}

fn nothing_rated() -> DataError {
    DataError {
        code: Code::TooFewRatings,
        message: say!("there is no rating", "没有任何评分"),
        help: None,
        offenders: Vec::new(),
    }
}

fn no_spread_at_all() -> DataError {
    DataError {
        code: Code::NoSpread,
        message: say!(
            "no rater's ratings differ, so there are no z-scores",
            "没有一个考评人的评分有差异，无法计算标准分"
        ),
        help: Some(say!("use centring", "请改用均值中心化")),
        offenders: Vec::new(),
    }
}

fn no_spread(names: &[Arc<str>]) -> DataError {
    let offenders: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    let Message { en, zh } = listed(&offenders);
    DataError {
        code: Code::NoSpread,
        message: say!(
            "raters all of whose ratings are equal have no z-scores: {en}",
            "评分全部相同的考评人没有标准分：{zh}"
        ),
        help: Some(say!(
            "centre their ratings or leave them out, or use centring for all",
            "可以只对他们中心化或将其排除，或全部改用均值中心化"
        )),
        offenders,
    }
}
