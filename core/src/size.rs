//! How large the exact value of an expression can become, known before any row is read.
//!
//! The evaluators hold a value as a decimal or as an unreduced fraction. This page follows them: for each operation it
//! bounds the bits of what they would hold, so exactness has a fixed cost and a chain of squarings is refused.

use crate::number::Number;

/// A bound on the exact value an expression can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// |value| < 2^magnitude.
    pub magnitude: u64,
    /// The denominator is at most 2^denominator.
    pub denominator: u64,
    /// The places of the value when it is certain to be a decimal.
    pub places: Option<u32>,
}

/// Bits that hold 10^digits.
const fn bits_of_digits(digits: u64) -> u64 {
    // log2(10) = 3.3219…; 3322/1000 is above it
    digits.saturating_mul(3322).div_ceil(1000)
}

impl Size {
    /// What is no number at all: a truth, a text, a date.
    pub const NONE: Self = Self { magnitude: 0, denominator: 0, places: Some(0) };

    /// A decimal of so many digits before the point and so many after.
    #[must_use]
    pub const fn decimal(digits: u64, places: u32) -> Self {
        Self { magnitude: bits_of_digits(digits), denominator: bits_of_digits(places as u64), places: Some(places) }
    }

    /// A count that fits 64 bits: days, months, a position.
    pub const COUNT: Self = Self { magnitude: 64, denominator: 0, places: Some(0) };

    /// The size of a known number.
    #[must_use]
    pub fn of(number: &Number) -> Self {
        let (numerator, denominator) = number.size_in_bits();
        match number.decimal_scale() {
            Some(places) => {
                let denominator = bits_of_digits(u64::from(places));
                // a decimal's numerator is counted over its denominator
                Self { magnitude: numerator.saturating_sub(places.into()).max(1), denominator, places: Some(places) }
            }
            None => Self { magnitude: numerator, denominator, places: None },
        }
    }

    /// The bits of numerator and denominator together.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.magnitude.saturating_add(self.denominator).saturating_add(self.denominator)
    }

    /// Of a sum or difference.
    #[must_use]
    pub fn sum(self, other: Self) -> Self {
        let places = both(self.places, other.places, u32::max);
        Self {
            magnitude: self.magnitude.max(other.magnitude).saturating_add(1),
            denominator: match places {
                Some(places) => bits_of_digits(places.into()),
                None => self.denominator.saturating_add(other.denominator),
            },
            places,
        }
    }

    /// Of a sum of at most so many.
    #[must_use]
    pub const fn many(self, count: usize) -> Self {
        let bits = (usize::BITS - count.leading_zeros()) as u64;
        Self { magnitude: self.magnitude.saturating_add(bits), ..self }
    }

    /// Of a product.
    #[must_use]
    pub fn product(self, other: Self) -> Self {
        Self {
            magnitude: self.magnitude.saturating_add(other.magnitude),
            denominator: self.denominator.saturating_add(other.denominator),
            places: both(self.places, other.places, u32::saturating_add),
        }
    }

    /// Of a quotient: the divisor's numerator becomes part of the denominator.
    #[must_use]
    pub const fn quotient(self, divisor: Self) -> Self {
        Self {
            magnitude: self.magnitude.saturating_add(divisor.denominator),
            denominator: self.denominator.saturating_add(divisor.magnitude).saturating_add(divisor.denominator),
            places: None,
        }
    }

    /// Of a whole power.
    #[must_use]
    pub const fn power(self, exponent: u32) -> Self {
        let times = exponent as u64;
        Self {
            magnitude: self.magnitude.saturating_mul(times),
            denominator: self.denominator.saturating_mul(times),
            places: match self.places {
                Some(places) => Some(places.saturating_mul(exponent)),
                None => None,
            },
        }
    }

    /// Of one of the two.
    #[must_use]
    pub fn either(self, other: Self) -> Self {
        Self {
            magnitude: self.magnitude.max(other.magnitude),
            denominator: self.denominator.max(other.denominator),
            places: both(self.places, other.places, u32::max),
        }
    }

    /// Of the value rounded to so many places.
    #[must_use]
    pub fn rounded(self, places: i32) -> Self {
        // rounding up to hundreds makes a hundred of one
        let grown = bits_of_digits(u64::from(places.min(0).unsigned_abs()));
        let places = u32::try_from(places).unwrap_or(0);
        Self {
            magnitude: self.magnitude.max(grown).saturating_add(1),
            denominator: bits_of_digits(places.into()),
            places: Some(places),
        }
    }

    /// Of a square root at 12 decimals.
    #[must_use]
    pub fn root(self) -> Self {
        Self { magnitude: self.magnitude.div_ceil(2).saturating_add(1), ..Self::decimal(0, 12) }
    }
}

fn both(a: Option<u32>, b: Option<u32>, merge: impl Fn(u32, u32) -> u32) -> Option<u32> {
    Some(merge(a?, b?))
}
