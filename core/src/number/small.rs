//! The short form: numerator and denominator in 128 bits, no allocation. `None` always means "does not fit".

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::{
    big::Big,
    powers::{align, divide_with_remainder, times, times_ten_to},
    round::RoundingMode,
};

/// `numerator / (denominator × 10^scale)`; the denominator is positive, and 1 for a decimal.
#[derive(Clone, Copy)]
pub(super) struct Small {
    pub(super) numerator: i128,
    pub(super) denominator: i128,
    pub(super) scale: u32,
    #[expect(dead_code, reason = "read by the compiler only, see `Tag`")]
    tag: Tag,
}

/// Says nothing itself: the bytes it can never be are where `Form` and `Option<Number>` keep which of theirs they
/// are, so that a number takes 48 bytes and not 64.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Tag {
    Small,
}

impl Small {
    /// The denominator is positive.
    pub(super) const fn new(numerator: i128, denominator: i128, scale: u32) -> Self {
        Self { numerator, denominator, scale, tag: Tag::Small }
    }

    pub(super) const fn decimal(mantissa: i128, scale: u32) -> Self {
        Self::new(mantissa, 1, scale)
    }

    pub(super) const fn is_decimal(self) -> bool {
        self.denominator == 1
    }

    pub(super) fn to_big(self) -> Big {
        Big { numerator: BigInt::from(self.numerator), denominator: BigInt::from(self.denominator), scale: self.scale }
    }

    /// Both numerators over one denominator and scale, and these two.
    ///
    /// Equal denominators are kept as they are: a sum of many shares of one total would otherwise grow with each.
    #[inline]
    fn over_one_denominator(self, other: Self) -> Option<(i128, i128, i128, u32)> {
        let (left, right, denominator) = if self.denominator == other.denominator {
            (self.numerator, other.numerator, self.denominator)
        } else {
            (
                times(self.numerator, other.denominator)?,
                times(other.numerator, self.denominator)?,
                times(self.denominator, other.denominator)?,
            )
        };
        let (left, right, scale) = align((left, self.scale), (right, other.scale))?;
        Some((left, right, denominator, scale))
    }

    #[inline]
    pub(super) fn add(self, other: Self) -> Option<Self> {
        let (left, right, denominator, scale) = self.over_one_denominator(other)?;
        Some(Self::new(left.checked_add(right)?, denominator, scale))
    }

    #[inline]
    pub(super) fn subtract(self, other: Self) -> Option<Self> {
        let (left, right, denominator, scale) = self.over_one_denominator(other)?;
        Some(Self::new(left.checked_sub(right)?, denominator, scale))
    }

    #[inline]
    pub(super) fn multiply(self, other: Self) -> Option<Self> {
        Some(Self::new(
            times(self.numerator, other.numerator)?,
            times(self.denominator, other.denominator)?,
            self.scale.checked_add(other.scale)?,
        ))
    }

    /// The quotient; the divisor is not zero.
    #[inline]
    pub(super) fn divide(self, other: Self) -> Option<Self> {
        let mut numerator = times(self.numerator, other.denominator)?;
        let mut denominator = times(self.denominator, other.numerator)?;
        if denominator < 0 {
            (numerator, denominator) = (numerator.checked_neg()?, denominator.checked_neg()?);
        }
        let scale = match self.scale.checked_sub(other.scale) {
            Some(scale) => scale,
            None => {
                numerator = times_ten_to(numerator, other.scale - self.scale)?;
                0
            }
        };
        Some(Self::new(numerator, denominator, scale).without_denominator())
    }

    /// The same value as a decimal, if it is one and that is cheap to see; otherwise unchanged.
    #[inline]
    fn without_denominator(self) -> Self {
        if self.denominator == 1 {
            return self;
        }
        let (quotient, remainder) =
            divide_with_remainder(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        if remainder == 0
            && let Some(numerator) = with_sign(quotient, self.numerator < 0)
        {
            return Self::decimal(numerator, self.scale);
        }
        self.terminating().unwrap_or(self)
    }

    /// The decimal this is when the denominator has no other primes than 2 and 5, and the decimal fits.
    fn terminating(self) -> Option<Self> {
        // Beyond a machine word the search costs more than it saves: the fraction is as good.
        let denominator = u64::try_from(self.denominator).ok()?;
        let twos = denominator.trailing_zeros();
        let mut odd = denominator.checked_shr(twos)?;
        let mut fives = 0;
        while odd % 5 == 0 {
            odd /= 5;
            fives += 1;
        }
        if odd != 1 {
            return None;
        }
        let places = twos.max(fives);
        let factor = times(2_i128.checked_pow(places - twos)?, 5_i128.checked_pow(places - fives)?)?;
        Some(Self::decimal(times(self.numerator, factor)?, self.scale.checked_add(places)?))
    }

    #[inline]
    pub(super) fn negate(self) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_neg()?, ..self })
    }

    #[inline]
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let signs = self.numerator.signum().cmp(&other.numerator.signum());
        if signs != Ordering::Equal {
            return Some(signs);
        }
        let (left, right) = if self.denominator == other.denominator {
            (self.numerator, other.numerator)
        } else {
            (times(self.numerator, other.denominator)?, times(other.numerator, self.denominator)?)
        };
        let (left, right, _) = align((left, self.scale), (right, other.scale))?;
        Some(left.cmp(&right))
    }

    /// The value as a whole number of units of `10^-places`, rounded, and whether that is exact.
    #[inline]
    pub(super) fn units(self, places: i32, mode: RoundingMode) -> Option<(i128, bool)> {
        let negative = self.numerator < 0;
        let places = i64::from(places);
        let scale = i64::from(self.scale);
        let (top, bottom) = if places >= scale {
            let top = times_ten_to(self.numerator, u32::try_from(places - scale).ok()?)?;
            if self.is_decimal() {
                return Some((top, true));
            }
            (top, self.denominator)
        } else {
            (self.numerator, times_ten_to(self.denominator, u32::try_from(scale - places).ok()?)?)
        };
        let (bottom, top) = (bottom.unsigned_abs(), top.unsigned_abs());
        let (quotient, remainder) = divide_with_remainder(top, bottom);
        if remainder == 0 {
            return Some((with_sign(quotient, negative)?, true));
        }
        // Compared with what is left to the next unit, because twice the remainder might not fit.
        let half = remainder.cmp(&(bottom - remainder));
        let away = mode.is_away_from_zero(negative, quotient % 2 == 1, half);
        Some((with_sign(quotient + u128::from(away), negative)?, false))
    }
}

/// A magnitude with its sign, when it fits.
#[inline]
fn with_sign(magnitude: u128, negative: bool) -> Option<i128> {
    let value = i128::try_from(magnitude).ok()?;
    Some(if negative { -value } else { value })
}
