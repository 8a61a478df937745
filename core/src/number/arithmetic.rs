//! The operations of formulas. Each is exact; the short form answers when it can, the long form when it cannot.

use num_traits::{One as _, Zero as _};

use super::{Form, Number, NumberError, big::Big, small::Small};

/// The longest numerator or denominator a power may have.
const MAX_POWER_BITS: u64 = 1 << 16;

impl Number {
    /// Returns the sum.
    #[inline]
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        self.combine(other, Small::add, Big::add)
    }

    /// Returns the difference.
    #[inline]
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.combine(other, Small::subtract, Big::subtract)
    }

    /// Returns the product.
    #[inline]
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Self {
        self.combine(other, Small::multiply, Big::multiply)
    }

    /// Returns the quotient, or nothing when `other` is zero.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// let two_thirds = Number::from(2).divide(&Number::from(3)).unwrap();
    /// assert_eq!(two_thirds.to_string(), "2/3");
    /// assert_eq!(Number::ONE.divide(&Number::ZERO), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn divide(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        Some(self.combine(other, Small::divide, Big::divide))
    }

    #[inline]
    fn combine(
        &self,
        other: &Self,
        small: impl Fn(Small, Small) -> Option<Small>,
        big: impl Fn(&Big, &Big) -> Self,
    ) -> Self {
        if let (Form::Small(left), Form::Small(right)) = (&self.0, &other.0)
            && let Some(result) = small(*left, *right)
        {
            return Self(Form::Small(result));
        }
        big(&self.to_big(), &other.to_big())
    }

    /// Returns the value with the other sign.
    #[must_use]
    pub fn negate(&self) -> Self {
        if let Form::Small(small) = &self.0
            && let Some(negated) = small.negate()
        {
            return Self(Form::Small(negated));
        }
        let Big { numerator, denominator, scale } = self.to_big().into_owned();
        Big { numerator: -numerator, denominator, scale }.settle()
    }

    /// Returns the value without its sign.
    #[must_use]
    pub fn absolute(&self) -> Self {
        if self.is_negative() { self.negate() } else { self.clone() }
    }

    /// Returns the value multiplied by itself `exponent` times; a negative exponent gives the reciprocal of that.
    ///
    /// Anything to the power of zero is one, zero too.
    ///
    /// # Errors
    ///
    /// [`NumberError::DivisionByZero`] for zero to a negative exponent; [`NumberError::TooLarge`] when the exact
    /// result could be longer than 65 536 bits (about 19 700 digits), whatever form the value is held in.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// assert_eq!(Number::parse("1.1")?.power(2)?, Number::parse("1.21")?);
    /// assert_eq!(Number::from(-2).power(-3)?, Number::parse("-0.125")?);
    /// assert!(Number::from(2).power(1_000_000).is_err());
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    pub fn power(&self, exponent: i32) -> Result<Self, NumberError> {
        let times = exponent.unsigned_abs();
        let base = if exponent < 0 { Self::ONE.divide(self).ok_or(NumberError::DivisionByZero)? } else { self.clone() };
        if times == 0 {
            return Ok(Self::ONE);
        }
        if base.power_fits(times) {
            return Ok(base.multiplied(times));
        }
        // The same value must not fail for being held as 100/100: what counts is the reduced fraction.
        let (numerator, denominator) = base.to_fraction();
        let stays = denominator.is_one() && (numerator.is_zero() || numerator.magnitude().is_one());
        let base = Big { numerator, denominator, scale: 0 }.settle();
        if stays {
            // 0, 1 and −1 never grow, and only whether the exponent is odd counts.
            return Ok(base.multiplied(2 - times % 2));
        }
        if base.power_fits(times) { Ok(base.multiplied(times)) } else { Err(NumberError::TooLarge) }
    }

    fn power_fits(&self, times: u32) -> bool {
        let (numerator, denominator) = self.size_in_bits();
        numerator.max(denominator).saturating_mul(u64::from(times)) <= MAX_POWER_BITS
    }

    /// The product of `times` factors, by squaring.
    fn multiplied(&self, mut times: u32) -> Self {
        let mut result = Self::ONE;
        let mut square = self.clone();
        loop {
            if times % 2 == 1 {
                result = result.multiply(&square);
            }
            times /= 2;
            if times == 0 {
                return result;
            }
            square = square.multiply(&square);
        }
    }
}
