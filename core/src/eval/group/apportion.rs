//! A whole number of seats, or of cents, in proportion.

use std::cmp::Reverse;

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, ToPrimitive as _, Zero as _};

use crate::number::{Number, RoundingMode};

/// Divides `total` in proportion to `shares`, by the method of the largest remainder (Hamilton's).
///
/// Each gets the whole part of its exact portion; what is left goes one each to the largest remainders, of equal ones to
/// the earlier. Shares are not negative; they need not total 1, because only their proportion counts. When all are zero
/// nobody gets anything.
pub(crate) fn largest_remainder(total: u128, shares: &[Number]) -> Vec<u128> {
    let weights = over_one_denominator(shares);
    let sum: BigInt = weights.iter().sum();
    if sum.is_zero() {
        return vec![0; shares.len()];
    }
    let divide = |weight: BigInt| {
        let (whole, remainder) = (weight * total).div_mod_floor(&sum);
        (whole.to_u128().unwrap_or(0), remainder)
    };
    let (mut portions, remainders): (Vec<u128>, Vec<BigInt>) = weights.into_iter().map(divide).unzip();
    let left = portions.iter().fold(total, |left, portion| left.saturating_sub(*portion));
    let mut order: Vec<usize> = (0..portions.len()).collect();
    // stable, so that of equal remainders the earlier stays first
    order.sort_by_key(|at| Reverse(remainders.get(*at)));
    // fewer are left than there are portions
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        if let Some(portion) = portions.get_mut(at) {
            *portion += 1;
        }
    }
    portions
}

/// The whole part of each share of `total`: never more than the share.
pub(crate) fn at_most(total: u128, shares: &[Number]) -> Vec<u128> {
    let total = Number::from(BigInt::from(total));
    let portion = |share: &Number| share.multiply(&total).round(0, RoundingMode::Floor).scaled(0);
    shares.iter().map(|share| portion(share).and_then(|portion| portion.try_into().ok()).unwrap_or(0)).collect()
}

/// The numerators of numbers brought to one denominator.
fn over_one_denominator(numbers: &[Number]) -> Vec<BigInt> {
    let fractions: Vec<_> = numbers.iter().map(Number::to_fraction).collect();
    let common = fractions.iter().fold(BigInt::one(), |common, (_, denominator)| common.lcm(denominator));
    fractions.into_iter().map(|(numerator, denominator)| numerator * (&common / denominator)).collect()
}
