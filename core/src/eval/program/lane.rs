//! The integers a program computes in: `i64` first, `i128` for the rows that do not fit; and for many rows at once whole
//! numbers in floats.

use std::cmp::Ordering;
use std::fmt::Debug;

use crate::number::RoundingMode;

/// An integer a slot holds. Every operation is checked: what does not fit is answered by the next tier.
pub(super) trait Lane: Copy + Ord + Debug + Send + Sync + 'static {
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// The value that is not there. A number that comes out as this is treated as one that does not fit.
    const MISSING: Self;
    /// The smallest number there is; the largest is its opposite.
    const LEAST: Self;
    /// Whether the quotient that is rounded half up is known beside the inexact one.
    const SHOWS_QUOTIENTS: bool;
    /// Decimals an inexact quotient carries.
    const QUOTIENT_PLACES: u32;
    /// Decimals of an input that does not declare any.
    const UNDECLARED_PLACES: u32;
    /// Powers of ten up to which a factor of an inexact number may lie, before and after the point; nothing where the
    /// product of two such numbers would not fit anyway.
    const INEXACT_FACTOR_DIGITS: Option<u32>;

    /// The integer, when it fits.
    fn from_wide(value: i128) -> Option<Self>;
    /// The integer.
    fn to_wide(self) -> i128;
    /// The sum.
    fn plus(self, other: Self) -> Option<Self>;
    /// The difference.
    fn minus(self, other: Self) -> Option<Self>;
    /// The product.
    fn times(self, other: Self) -> Option<Self>;
    /// The value with the other sign.
    fn negated(self) -> Option<Self>;
    /// `self × factor / divisor` rounded to a whole number, and whether nothing had to be rounded. The factor is
    /// positive, the divisor not zero.
    fn ratio(self, factor: Self, divisor: Self, mode: RoundingMode) -> Option<(Self, bool)>;
    /// `self × factor / divisor` without its remainder, the same half up, and whether there was none.
    fn quotient(self, factor: Self, divisor: Self) -> Option<(Self, Self, bool)>;
    /// `|self| ÷ divisor`: quotient and remainder; the divisor is positive.
    fn split(self, divisor: Self) -> Option<(Self, Self)>;
}

macro_rules! lane {
    ($lane:ty, $unsigned:ty, $quotient:literal, $undeclared:literal, $factor:expr, $ratio:path) => {
        impl Lane for $lane {
            const ZERO: Self = 0;
            const ONE: Self = 1;
            const MISSING: Self = Self::MIN;
            const LEAST: Self = Self::MIN + 1;
            const SHOWS_QUOTIENTS: bool = true;
            const QUOTIENT_PLACES: u32 = $quotient;
            const UNDECLARED_PLACES: u32 = $undeclared;
            const INEXACT_FACTOR_DIGITS: Option<u32> = $factor;

            #[inline(always)]
            fn from_wide(value: i128) -> Option<Self> {
                Self::try_from(value).ok()
            }

            #[inline(always)]
            fn to_wide(self) -> i128 {
                self.into()
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Option<Self> {
                self.checked_add(other)
            }

            #[inline(always)]
            fn minus(self, other: Self) -> Option<Self> {
                self.checked_sub(other)
            }

            #[inline(always)]
            fn times(self, other: Self) -> Option<Self> {
                self.checked_mul(other)
            }

            #[inline(always)]
            fn negated(self) -> Option<Self> {
                self.checked_neg()
            }

            #[inline(always)]
            fn ratio(self, factor: Self, divisor: Self, mode: RoundingMode) -> Option<(Self, bool)> {
                let negative = (self < 0) != (divisor < 0);
                let divisor = divisor.unsigned_abs();
                let (quotient, remainder) = $ratio(self.unsigned_abs(), factor.unsigned_abs(), divisor)?;
                // compared with what is left to the next whole number, because twice the remainder might not fit
                let rest = divisor - remainder;
                let away = match mode {
                    // the usual one first: it needs no more than this
                    RoundingMode::HalfUp => remainder >= rest,
                    _ => remainder != 0 && mode.is_away_from_zero(negative, quotient % 2 == 1, remainder.cmp(&rest)),
                };
                let quotient = Self::try_from(quotient.checked_add(<$unsigned>::from(away))?).ok()?;
                Some((if negative { -quotient } else { quotient }, remainder == 0))
            }

            #[inline(always)]
            fn quotient(self, factor: Self, divisor: Self) -> Option<(Self, Self, bool)> {
                let negative = (self < 0) != (divisor < 0);
                let divisor = divisor.unsigned_abs();
                let (quotient, remainder) = $ratio(self.unsigned_abs(), factor.unsigned_abs(), divisor)?;
                let quotient = Self::try_from(quotient).ok()?;
                let shown = quotient.checked_add(Self::from(remainder >= divisor - remainder))?;
                let (quotient, shown) = if negative { (-quotient, -shown) } else { (quotient, shown) };
                Some((quotient, shown, remainder == 0))
            }

            #[inline(always)]
            fn split(self, divisor: Self) -> Option<(Self, Self)> {
                let magnitude = self.checked_abs()?;
                Some((magnitude.checked_div(divisor)?, magnitude.checked_rem(divisor)?))
            }
        }
    };
}

lane!(i64, u64, 12, 4, None, divide_words);
lane!(i128, u128, 20, 12, Some(12), divide_double_words);

/// `top × factor ÷ bottom`, quotient and remainder; nothing when the quotient does not fit.
#[inline(always)]
fn divide_words(top: u64, factor: u64, bottom: u64) -> Option<(u64, u64)> {
    if let Some(top) = top.checked_mul(factor) {
        return Some((top.checked_div(bottom)?, top.checked_rem(bottom)?));
    }
    let top = u128::from(top) * u128::from(factor);
    let quotient = u64::try_from(top.checked_div(u128::from(bottom))?).ok()?;
    // one division instead of two: the remainder by multiplying back
    let remainder = top - u128::from(quotient) * u128::from(bottom);
    Some((quotient, u64::try_from(remainder).ok()?))
}

/// The same for double words, of which the product must fit one.
#[inline]
fn divide_double_words(top: u128, factor: u128, bottom: u128) -> Option<(u128, u128)> {
    let top = top.checked_mul(factor)?;
    if let (Ok(top), Ok(bottom)) = (u64::try_from(top), u64::try_from(bottom)) {
        return Some((top.checked_div(bottom)?.into(), top.checked_rem(bottom)?.into()));
    }
    let quotient = top.checked_div(bottom)?;
    Some((quotient, top - quotient * bottom))
}

/// How the remainder of a division by `unit` stands to half of it, when that is certain although the number divided is
/// only known to within `error`; nothing when it is not.
#[inline]
pub(super) fn certain_half<L: Lane>(remainder: L, unit: L, error: L) -> Option<Ordering> {
    let rest = unit.minus(remainder)?;
    let distance = remainder.minus(rest)?;
    let doubt = error.plus(error)?;
    if distance > doubt {
        Some(Ordering::Greater)
    } else if distance < doubt.negated()? {
        Some(Ordering::Less)
    } else {
        None
    }
}
