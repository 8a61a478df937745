//! Numbers on their way out: decimals for hosts, text for people.

use std::fmt;

use rust_decimal::Decimal;

use super::{Form, Number, NumberError, RoundingMode, form::without_trailing_zeros};

/// The most digits a published number has, the ones after the point included.
pub const MAX_PUBLISHED_DIGITS: u32 = 28;

/// The places an unrounded number is published with at most.
pub const UNROUNDED_PLACES: u32 = 12;

/// What the digits of a published number stay below.
const LIMIT: u128 = 10_u128.pow(MAX_PUBLISHED_DIGITS);

/// A number as hosts receive it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The figure; its scale is the places it was asked for.
    pub value: Decimal,
    /// Whether the exact value has more decimals than are shown.
    pub shown_rounded: bool,
}

impl Number {
    /// Returns the value as hosts receive it.
    ///
    /// * `places` given: exactly so many decimals.
    /// * no `places`: at most [`UNROUNDED_PLACES`], without trailing zeros.
    ///
    /// A value with more decimals is rounded half up and says so in `shown_rounded`. Zero has no sign.
    ///
    /// # Errors
    ///
    /// [`NumberError::Overflow`] when the value with those places (twelve, when none are given, whether or not it
    /// uses them) has more than [`MAX_PUBLISHED_DIGITS`] digits, so that the same value always fits or never.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// let score = Number::parse("86.4")?.to_published(Some(2))?;
    /// assert_eq!((score.value.to_string().as_str(), score.shown_rounded), ("86.40", false));
    ///
    /// let share = Number::from(2).divide(&Number::from(3)).unwrap().to_published(None)?;
    /// assert_eq!((share.value.to_string().as_str(), share.shown_rounded), ("0.666666666667", true));
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    pub fn to_published(&self, places: Option<u32>) -> Result<Published, NumberError> {
        let at = places.unwrap_or(UNROUNDED_PLACES);
        let overflow = || NumberError::Overflow { places: at };
        let wanted = i32::try_from(at).map_err(|_| overflow())?;
        let (rounded, exact) = self.rounded(wanted, RoundingMode::HalfUp);
        let mantissa = rounded.scaled(at).filter(|mantissa| mantissa.unsigned_abs() < LIMIT).ok_or_else(overflow)?;
        let (mantissa, scale) = if places.is_some() { (mantissa, at) } else { without_trailing_zeros(mantissa, at) };
        let value = Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| overflow())?;
        Ok(Published { value, shown_rounded: !exact })
    }
}

/// The exact value: all decimals when they end, without trailing zeros, otherwise the reduced fraction `n/d`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (digits, scale) = match &self.0 {
            Form::Small(small) if small.is_decimal() => {
                let (mantissa, scale) = without_trailing_zeros(small.numerator, small.scale);
                (mantissa.unsigned_abs().to_string(), scale)
            }
            _ => match self.to_shortest_decimal() {
                Some((mantissa, scale)) => (mantissa.magnitude().to_string(), scale),
                None => {
                    let (numerator, denominator) = self.to_fraction();
                    let text = format!("{}/{denominator}", numerator.magnitude());
                    return f.pad_integral(!self.is_negative(), "", &text);
                }
            },
        };
        let scale = usize::try_from(scale).map_err(|_| fmt::Error)?;
        let text = match digits.len().checked_sub(scale).filter(|&whole| whole > 0) {
            _ if scale == 0 => digits,
            Some(point) => match digits.split_at_checked(point) {
                Some((whole, decimals)) => format!("{whole}.{decimals}"),
                None => digits,
            },
            None => format!("0.{digits:0>scale$}"),
        };
        f.pad_integral(!self.is_negative(), "", &text)
    }
}

/// As it prints, so that a failing test can be read.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}
