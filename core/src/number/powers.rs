//! Powers of ten, looked up.

use num_bigint::BigInt;

const COUNT: usize = 39;

/// `10^0` to `10^38`, all that fit an `i128`.
const TENS: [i128; COUNT] = {
    let mut tens = [1_i128; COUNT];
    let mut at = 1;
    #[expect(clippy::indexing_slicing, reason = "`at` runs from 1 below the length, at compile time")]
    while at < COUNT {
        tens[at] = tens[at - 1] * 10;
        at += 1;
    }
    tens
};

/// `10^exponent`, when it fits.
#[inline]
pub(super) fn ten_to(exponent: u32) -> Option<i128> {
    TENS.get(exponent as usize).copied()
}

/// `10^exponent` at any length.
pub(super) fn big_ten_to(exponent: u32) -> BigInt {
    ten_to(exponent).map_or_else(|| BigInt::from(10).pow(exponent), BigInt::from)
}

/// The product, when it fits; quick for factors of 64 bits, whose product always does.
#[inline]
pub(super) fn times(left: i128, right: i128) -> Option<i128> {
    match (i64::try_from(left), i64::try_from(right)) {
        (Ok(left), Ok(right)) => Some(i128::from(left) * i128::from(right)),
        _ => left.checked_mul(right),
    }
}

/// `value × 10^exponent`, when it fits.
#[inline]
pub(super) fn times_ten_to(value: i128, exponent: u32) -> Option<i128> {
    if exponent == 0 {
        return Some(value);
    }
    match ten_to(exponent) {
        Some(ten) => times(value, ten),
        None => (value == 0).then_some(0),
    }
}

/// Two numerators brought to one scale, the larger of the two.
#[inline]
pub(super) fn align(left: (i128, u32), right: (i128, u32)) -> Option<(i128, i128, u32)> {
    let ((left, left_scale), (right, right_scale)) = (left, right);
    if left_scale == right_scale {
        Some((left, right, left_scale))
    } else if left_scale < right_scale {
        Some((times_ten_to(left, right_scale - left_scale)?, right, right_scale))
    } else {
        Some((left, times_ten_to(right, left_scale - right_scale)?, left_scale))
    }
}

/// The same at any length.
pub(super) fn align_big(
    mut left: BigInt,
    left_scale: u32,
    mut right: BigInt,
    right_scale: u32,
) -> (BigInt, BigInt, u32) {
    if left_scale < right_scale {
        left *= big_ten_to(right_scale - left_scale);
    } else if right_scale < left_scale {
        right *= big_ten_to(left_scale - right_scale);
    }
    (left, right, left_scale.max(right_scale))
}

/// Quotient and remainder; quick when both fit a machine word. The divisor is not zero.
#[inline]
pub(super) fn divide_with_remainder(top: u128, bottom: u128) -> (u128, u128) {
    match (u64::try_from(top), u64::try_from(bottom)) {
        (Ok(top), Ok(bottom)) if bottom != 0 => (u128::from(top / bottom), u128::from(top % bottom)),
        _ => (top.checked_div(bottom).unwrap_or(0), top.checked_rem(bottom).unwrap_or(0)),
    }
}
