//! The exact number: every figure of the library is one rational, and only `round` ever changes it.
//!
//! Inside it is `numerator / (denominator × 10^scale)`, never reduced: a decimal has the denominator 1, a quotient
//! keeps its divisor until someone rounds it, and both live in 128 bits without an allocation until they no longer
//! fit. How a value is held never shows: equality, order and printing are by value.

mod arithmetic;
mod big;
mod compare;
mod error;
mod float;
mod form;
mod parse;
mod powers;
mod publish;
mod root;
mod round;
mod small;

use std::borrow::Cow;

use num_bigint::{BigInt, Sign};
use num_traits::One as _;
use rust_decimal::Decimal;

pub use error::NumberError;
pub use parse::MAX_DIGITS;
pub use publish::{MAX_PUBLISHED_DIGITS, Published, UNROUNDED_PLACES};
pub use root::ROOT_PLACES;
pub use round::{MAX_PLACES, RoundingMode};

use big::Big;
use small::Small;

/// One exact rational number.
///
/// Nothing is rounded unless [`round`](Self::round), [`square_root`](Self::square_root) or
/// [`to_published`](Self::to_published) is asked to.
///
/// The size of a value is the caller's to bound (the checker does, before a row is read): a product is as long as its
/// factors together. Only what takes a size from outside has a limit of its own, [`parse`](Self::parse) and
/// [`power`](Self::power).
///
/// # Example
///
/// ```
/// use kaohe::number::Number;
///
/// let third = Number::ONE.divide(&Number::from(3)).unwrap();
/// // The quotient is kept, so nothing was lost on the way back.
/// assert_eq!(third.multiply(&Number::from(3)), Number::ONE);
/// assert_eq!(third.to_string(), "1/3");
/// ```
#[derive(Clone)]
pub struct Number(Form);

/// How a value is held. Anything that fits is `Small`; `Big` is for what does not.
#[derive(Clone)]
enum Form {
    Small(Small),
    Big(Box<Big>),
}

impl Number {
    /// Nothing.
    pub const ZERO: Self = Self::small(Small::decimal(0, 0));
    /// One.
    pub const ONE: Self = Self::small(Small::decimal(1, 0));
    /// One hundred: full marks, and what a percentage is out of.
    pub const HUNDRED: Self = Self::small(Small::decimal(100, 0));

    const fn small(small: Small) -> Self {
        Self(Form::Small(small))
    }

    /// Returns the whole number `value`.
    ///
    /// Usable in constants; elsewhere `Number::from` takes any of the common integers.
    #[must_use]
    pub const fn from_integer(value: i64) -> Self {
        Self::from_parts(value as i128, 0)
    }

    /// Returns `mantissa / 10^scale`.
    ///
    /// The scale is a byte so that every call has an answer of bounded size.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// assert_eq!(Number::from_parts(-1_250, 2).to_string(), "-12.5");
    /// ```
    #[must_use]
    pub const fn from_parts(mantissa: i128, scale: u8) -> Self {
        Self::small(Small::decimal(mantissa, scale as u32))
    }

    /// Returns `numerator / denominator`, or nothing when the denominator is zero.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// // The sign may stand on either side, and the fraction need not be reduced.
    /// assert_eq!(Number::from_ratio(6.into(), (-4).into()).unwrap().to_string(), "-1.5");
    /// assert_eq!(Number::from_ratio(1.into(), 0.into()), None);
    /// ```
    #[must_use]
    pub fn from_ratio(numerator: BigInt, denominator: BigInt) -> Option<Self> {
        let (numerator, denominator) = match denominator.sign() {
            Sign::NoSign => return None,
            Sign::Plus => (numerator, denominator),
            Sign::Minus => (-numerator, -denominator),
        };
        Some(Big { numerator, denominator, scale: 0 }.settle())
    }

    /// Returns the value of a `Decimal`; its scale says how it was written and is not kept.
    #[must_use]
    pub const fn from_decimal(value: Decimal) -> Self {
        Self::small(Small::decimal(value.mantissa(), value.scale()))
    }

    /// The value in long form, built when it is small.
    fn to_big(&self) -> Cow<'_, Big> {
        match &self.0 {
            Form::Small(small) => Cow::Owned(small.to_big()),
            Form::Big(big) => Cow::Borrowed(big),
        }
    }
}

const _: () = assert!(size_of::<Option<Number>>() <= 48, "numbers are copied a great deal");

impl Default for Number {
    fn default() -> Self {
        Self::ZERO
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Number {
            fn from(value: $integer) -> Self {
                Self::small(Small::decimal(i128::from(value), 0))
            }
        }
    )*};
}
from_integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64);

impl From<BigInt> for Number {
    fn from(value: BigInt) -> Self {
        Big { numerator: value, denominator: BigInt::one(), scale: 0 }.settle()
    }
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Self {
        Self::from_decimal(value)
    }
}
