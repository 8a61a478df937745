//! Order and equality, by value: `1/2`, `0.5` and `0.50` are one number.

use std::cmp::Ordering;

use num_bigint::Sign;

use super::{Form, Number};

impl Ord for Number {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Form::Small(left), Form::Small(right)) = (&self.0, &other.0)
            && let Some(order) = left.compare(*right)
        {
            return order;
        }
        self.to_big().compare(&other.to_big())
    }
}

impl PartialOrd for Number {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl Number {
    /// Returns the smaller of the two.
    #[must_use]
    pub fn minimum(&self, other: &Self) -> Self {
        if other < self { other.clone() } else { self.clone() }
    }

    /// Returns the larger of the two.
    #[must_use]
    pub fn maximum(&self, other: &Self) -> Self {
        if other > self { other.clone() } else { self.clone() }
    }

    /// Returns 1 above zero, −1 below and 0 at zero.
    #[inline]
    #[must_use]
    pub fn sign(&self) -> i32 {
        match &self.0 {
            Form::Small(small) => match small.numerator.cmp(&0) {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            },
            Form::Big(big) => match big.numerator.sign() {
                Sign::Minus => -1,
                Sign::NoSign => 0,
                Sign::Plus => 1,
            },
        }
    }

    /// Whether the value is zero.
    #[inline]
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.sign() == 0
    }

    /// Whether the value is below zero.
    #[inline]
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.sign() < 0
    }
}
