//! The long form: the same fraction at any length. Unreduced, because reducing costs more than the length it saves.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer as _;
use num_traits::{One as _, ToPrimitive as _, Zero as _};

use super::{
    Form, Number,
    powers::{align_big, big_ten_to},
    round::RoundingMode,
    small::Small,
};

/// `numerator / (denominator × 10^scale)`; the denominator is positive, and 1 for a decimal.
#[derive(Clone)]
pub(super) struct Big {
    pub(super) numerator: BigInt,
    pub(super) denominator: BigInt,
    pub(super) scale: u32,
}

impl Big {
    /// The number this is, back in short form if it fits.
    pub(super) fn settle(self) -> Number {
        let form = match (self.numerator.to_i128(), self.denominator.to_i128()) {
            (Some(numerator), Some(denominator)) => Form::Small(Small::new(numerator, denominator, self.scale)),
            _ => Form::Big(Box::new(self)),
        };
        Number(form)
    }

    pub(super) fn decimal(mantissa: BigInt, scale: u32) -> Self {
        Self { numerator: mantissa, denominator: BigInt::one(), scale }
    }

    pub(super) fn is_decimal(&self) -> bool {
        self.denominator.is_one()
    }

    /// The denominator with its power of ten.
    pub(super) fn whole_denominator(&self) -> BigInt {
        &self.denominator * big_ten_to(self.scale)
    }

    /// Both numerators over one denominator and scale, and these two.
    fn over_one_denominator(&self, other: &Self) -> (BigInt, BigInt, BigInt, u32) {
        let (left, right, denominator) = if self.denominator == other.denominator {
            (self.numerator.clone(), other.numerator.clone(), self.denominator.clone())
        } else {
            (
                &self.numerator * &other.denominator,
                &other.numerator * &self.denominator,
                &self.denominator * &other.denominator,
            )
        };
        let (left, right, scale) = align_big(left, self.scale, right, other.scale);
        (left, right, denominator, scale)
    }

    pub(super) fn add(&self, other: &Self) -> Number {
        let (left, right, denominator, scale) = self.over_one_denominator(other);
        Self { numerator: left + right, denominator, scale }.settle()
    }

    pub(super) fn subtract(&self, other: &Self) -> Number {
        let (left, right, denominator, scale) = self.over_one_denominator(other);
        Self { numerator: left - right, denominator, scale }.settle()
    }

    pub(super) fn multiply(&self, other: &Self) -> Number {
        let numerator = &self.numerator * &other.numerator;
        if numerator.is_zero() {
            return Number::ZERO;
        }
        let denominator = &self.denominator * &other.denominator;
        // Four thousand million places are beyond any bound the checker allows and any memory there is.
        let scale = self.scale.saturating_add(other.scale);
        Self { numerator, denominator, scale }.settle()
    }

    /// The quotient; the divisor is not zero.
    pub(super) fn divide(&self, other: &Self) -> Number {
        let mut numerator = &self.numerator * &other.denominator;
        let mut denominator = &self.denominator * &other.numerator;
        if denominator.sign() == Sign::Minus {
            (numerator, denominator) = (-numerator, -denominator);
        }
        let scale = self.scale.saturating_sub(other.scale);
        if other.scale > self.scale {
            numerator *= big_ten_to(other.scale - self.scale);
        }
        Self { numerator, denominator, scale }.settle()
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let signs = self.numerator.sign().cmp(&other.numerator.sign());
        if signs != Ordering::Equal || self.numerator.is_zero() {
            return signs;
        }
        let (left, right) = if self.denominator == other.denominator {
            (self.numerator.clone(), other.numerator.clone())
        } else {
            (&self.numerator * &other.denominator, &other.numerator * &self.denominator)
        };
        let (left, right, _) = align_big(left, self.scale, right, other.scale);
        left.cmp(&right)
    }

    /// The value as a whole number of units of `10^-places`, rounded, and whether that is exact.
    pub(super) fn units(&self, places: i32, mode: RoundingMode) -> (BigInt, bool) {
        let shift = i64::from(places) - i64::from(self.scale);
        let ten = big_ten_to(u32::try_from(shift.unsigned_abs()).unwrap_or(u32::MAX));
        let (top, bottom) = if shift >= 0 {
            (self.numerator.magnitude() * ten.magnitude(), self.denominator.magnitude().clone())
        } else {
            (self.numerator.magnitude().clone(), self.denominator.magnitude() * ten.magnitude())
        };
        let (mut quotient, remainder) = top.div_rem(&bottom);
        let exact = remainder.is_zero();
        if !exact {
            let half = (&remainder + &remainder).cmp(&bottom);
            let negative = self.numerator.sign() == Sign::Minus;
            if mode.is_away_from_zero(negative, quotient.is_odd(), half) {
                quotient += BigUint::one();
            }
        }
        let sign = if quotient.is_zero() { Sign::NoSign } else { self.numerator.sign() };
        (BigInt::from_biguint(sign, quotient), exact)
    }

    /// The value as a reduced fraction, its denominator positive.
    pub(super) fn reduced(&self) -> (BigInt, BigInt) {
        let denominator = self.whole_denominator();
        let common = self.numerator.gcd(&denominator);
        (&self.numerator / &common, &denominator / &common)
    }
}
