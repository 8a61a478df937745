//! Whole numbers in floats: exact below 2^53, where a processor's vector units add, multiply and divide many at once.
//!
//! Here is what each operation means for one of them, by way of 64-bit integers; `block/kernels.rs` does the same for many.

use std::cmp::Ordering;

use super::lane::Lane;
use crate::number::RoundingMode;

/// Below this every whole number is a float, and an operation whose result is a float below it was exact.
pub(super) const LIMIT: f64 = 9_007_199_254_740_992.0;

/// A whole number in a float.
#[derive(Debug, Clone, Copy)]
pub(super) struct Float(pub(super) f64);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Float {}

impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Float {
    // the two zeros are one number, and what is no number never comes here
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal)
    }
}

impl Float {
    /// The integer; every value of the lane is one.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number below 2^53, or the one that stands for nothing"
    )]
    const fn integer(self) -> i64 {
        self.0 as i64
    }

    fn of(integer: i64) -> Option<Self> {
        Self::from_wide(integer.into())
    }

    fn within(value: f64) -> Option<Self> {
        (value.abs() < LIMIT).then_some(Self(value))
    }
}

impl Lane for Float {
    const ZERO: Self = Self(0.0);
    const ONE: Self = Self(1.0);
    // far outside, so that a computation with it shows; two to the sixtieth, below zero
    const MISSING: Self = Self(-1_152_921_504_606_846_976.0);
    const LEAST: Self = Self(1.0 - LIMIT);
    const QUOTIENT_PLACES: u32 = 9;
    const SHOWS_QUOTIENTS: bool = false;
    const UNDECLARED_PLACES: u32 = 4;
    const INEXACT_FACTOR_DIGITS: Option<u32> = None;

    #[expect(clippy::cast_precision_loss, reason = "below 2^53 nothing is lost")]
    fn from_wide(value: i128) -> Option<Self> {
        Self::within(value as f64)
    }

    fn to_wide(self) -> i128 {
        self.integer().into()
    }

    fn plus(self, other: Self) -> Option<Self> {
        Self::within(self.0 + other.0)
    }

    fn minus(self, other: Self) -> Option<Self> {
        Self::within(self.0 - other.0)
    }

    fn times(self, other: Self) -> Option<Self> {
        Self::within(self.0 * other.0)
    }

    fn negated(self) -> Option<Self> {
        Self::within(-self.0)
    }

    fn ratio(self, factor: Self, divisor: Self, mode: RoundingMode) -> Option<(Self, bool)> {
        let (value, exact) = self.integer().ratio(factor.integer(), divisor.integer(), mode)?;
        Some((Self::of(value)?, exact))
    }

    fn quotient(self, factor: Self, divisor: Self) -> Option<(Self, Self, bool)> {
        let (value, shown, exact) = self.integer().quotient(factor.integer(), divisor.integer())?;
        Some((Self::of(value)?, Self::of(shown)?, exact))
    }

    fn split(self, divisor: Self) -> Option<(Self, Self)> {
        let (quotient, remainder) = self.integer().split(divisor.integer())?;
        Some((Self::of(quotient)?, Self::of(remainder)?))
    }
}
