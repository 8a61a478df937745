//! Ratings as the sum of what the ratee is worth and what the rater adds: by least squares, exactly.

use num_bigint::BigInt;

use super::connected::Groups;
use super::equations::{Effects, Equations};
use super::lifting::solve;
use super::{too_large, unsolved};
use crate::error::DataError;
use crate::limits::{SEVERITY_RATINGS, SEVERITY_UNKNOWNS};
use crate::number::Number;
use crate::ratings::RatingTable;

/// The effect of each rater, whose sum is zero in every group; nothing for one without a rating.
pub(super) fn effects(table: &RatingTable, groups: &Groups) -> Result<Vec<Option<Number>>, DataError> {
    let (ratings, places) = table.in_units();
    if ratings.len() > SEVERITY_RATINGS {
        return Err(too_large());
    }
    let (raters, rater_counts) = numbered(&groups.raters, groups.count);
    let (ratees, ratee_counts) = numbered(&groups.ratees, groups.count);
    let mut parts: Vec<Vec<(u32, u32, i128)>> = vec![Vec::new(); groups.count];
    for (ratee, rater, rating) in ratings {
        let group = groups.raters.get(rater).copied().flatten().and_then(|group| parts.get_mut(group));
        if let (Some(part), Some(Some(rater)), Some(Some(ratee))) = (group, raters.get(rater), ratees.get(ratee)) {
            part.push((*rater, *ratee, rating));
        }
    }
    let sizes = rater_counts.into_iter().zip(ratee_counts);
    let parts: Vec<Vec<Number>> = parts
        .into_iter()
        .zip(sizes)
        .map(|(part, (raters, ratees))| of_group(part, raters, ratees, places))
        .collect::<Result<_, _>>()?;
    let effect = |(group, place): (&Option<usize>, Option<u32>)| parts.get((*group)?)?.get(place? as usize).cloned();
    Ok(groups.raters.iter().zip(raters).map(effect).collect())
}

/// For each its place in its group, and how many each group has.
fn numbered(groups: &[Option<usize>], count: usize) -> (Vec<Option<u32>>, Vec<u32>) {
    let mut counts = vec![0; count];
    let place = |group: &Option<usize>| {
        let count: &mut u32 = counts.get_mut((*group)?)?;
        *count += 1;
        Some(*count - 1)
    };
    (groups.iter().map(place).collect(), counts)
}

/// The effects of the raters of one group; `ratings` have the places of rater and ratee.
fn of_group(ratings: Vec<(u32, u32, i128)>, raters: u32, ratees: u32, places: u32) -> Result<Vec<Number>, DataError> {
    if raters.min(ratees) as usize > SEVERITY_UNKNOWNS {
        return Err(too_large());
    }
    // what is solved for grows with the square of the kept side, so that is the smaller one
    let effects = if raters <= ratees {
        solve(&Equations::of(raters as usize, ratees as usize, &ratings)).ok_or_else(unsolved)?
    } else {
        let turned: Vec<_> = ratings.into_iter().map(|(rater, ratee, rating)| (ratee, rater, rating)).collect();
        let equations = Equations::of(ratees as usize, raters as usize, &turned);
        let kept = solve(&equations).ok_or_else(unsolved)?;
        equations.others_of(&kept)
    };
    Ok(about_zero(effects, places))
}

/// The same effects shifted so that their sum is zero, in place of the units they were counted in.
fn about_zero(effects: Effects, places: u32) -> Vec<Number> {
    let count = BigInt::from(effects.numerators.len());
    let sum: BigInt = effects.numerators.iter().sum();
    let denominator = effects.denominator * &count * BigInt::from(10).pow(places);
    let shifted = effects.numerators.into_iter().map(|numerator| numerator * &count - &sum);
    // the denominator is positive
    shifted.map(|numerator| Number::from_ratio(numerator, denominator.clone()).unwrap_or_default()).collect()
}
