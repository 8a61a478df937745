//! Looking at a value: whether it is whole, how many places it has, how long it is.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, ToPrimitive as _, Zero as _};

use super::{
    Form, Number, RoundingMode,
    powers::{big_ten_to, times_ten_to},
};

impl Number {
    /// Whether the value is a whole number.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.rounded(0, RoundingMode::Down).1
    }

    /// Returns the value as an integer when it is one and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        self.scaled(0)?.to_i64()
    }

    /// Returns the value × `10^places` when that is a whole number and fits.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// let price = Number::parse("12.5")?;
    /// assert_eq!(price.scaled(2), Some(1250));
    /// // Half a unit is no whole number of units.
    /// assert_eq!(price.scaled(0), None);
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn scaled(&self, places: u32) -> Option<i128> {
        match &self.0 {
            Form::Small(small) if small.is_decimal() && small.scale <= places => {
                times_ten_to(small.numerator, places - small.scale)
            }
            _ if self.is_zero() => Some(0),
            _ => self.scaled_by_division(places),
        }
    }

    fn scaled_by_division(&self, places: u32) -> Option<i128> {
        // A nonzero unit of more places than this is more than fits, unless the value is small enough to have them.
        let (numerator, denominator) = self.size_in_bits();
        let shift_bits = u64::from(places).saturating_mul(3);
        if numerator.saturating_add(shift_bits) > denominator.saturating_add(130) {
            return None;
        }
        let value = self.to_big();
        let (units, remainder) = (&value.numerator * big_ten_to(places)).div_rem(&value.whole_denominator());
        if remainder.is_zero() { units.to_i128() } else { None }
    }

    /// Returns the fewest places the value can be written with, or nothing when its decimals never end.
    ///
    /// Quick for a value held as a decimal. A quotient must be reduced first, which takes microseconds.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// assert_eq!(Number::parse("2.50")?.decimal_scale(), Some(1));
    /// assert_eq!(Number::ONE.divide(&Number::from(7)).unwrap().decimal_scale(), None);
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn decimal_scale(&self) -> Option<u32> {
        self.to_shortest_decimal().map(|(_, scale)| scale)
    }

    /// The mantissa and scale of the shortest decimal text, when there is one.
    pub(super) fn to_shortest_decimal(&self) -> Option<(BigInt, u32)> {
        if let Form::Small(small) = &self.0
            && small.is_decimal()
        {
            let (mantissa, scale) = without_trailing_zeros(small.numerator, small.scale);
            return Some((BigInt::from(mantissa), scale));
        }
        let (numerator, denominator) = self.to_fraction();
        let (scale, factor) = terminating(&denominator)?;
        Some((numerator * factor, scale))
    }

    /// Returns how long the value is as it is held: the bits of its numerator and of its denominator, powers of ten
    /// included.
    #[must_use]
    pub fn size_in_bits(&self) -> (u64, u64) {
        match &self.0 {
            Form::Small(small) => {
                let numerator = u64::from(128 - small.numerator.unsigned_abs().leading_zeros());
                let denominator = match times_ten_to(small.denominator, small.scale) {
                    Some(whole) => u64::from(128 - whole.leading_zeros()),
                    None => small.to_big().whole_denominator().bits(),
                };
                (numerator, denominator)
            }
            Form::Big(big) => (big.numerator.bits(), big.whole_denominator().bits()),
        }
    }

    /// Returns numerator and denominator of the reduced fraction; the denominator is positive.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// assert_eq!(Number::parse("-0.50")?.to_fraction(), ((-1).into(), 2.into()));
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn to_fraction(&self) -> (BigInt, BigInt) {
        self.to_big().reduced()
    }
}

/// The same decimal with as few places as it needs.
pub(super) fn without_trailing_zeros(mut mantissa: i128, mut scale: u32) -> (i128, u32) {
    if mantissa == 0 {
        return (0, 0);
    }
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    (mantissa, scale)
}

/// The fewest places with which `1/denominator` ends, and `10^places / denominator`.
fn terminating(denominator: &BigInt) -> Option<(u32, BigInt)> {
    let twos = u32::try_from(denominator.trailing_zeros()?).ok()?;
    let odd = denominator >> twos;
    // A power of five of so many bits can only be this one, give or take one.
    let least = u32::try_from(odd.bits().saturating_sub(1) * 3 / 7).ok()?;
    let mut power = BigInt::from(5).pow(least);
    let mut fives = least;
    while power < odd {
        power *= 5;
        fives += 1;
    }
    if power != odd {
        return None;
    }
    let places = twos.max(fives);
    let mut factor = BigInt::one() << (places - twos);
    factor *= BigInt::from(5).pow(places - fives);
    Some((places, factor))
}
