//! The square root, the only irrational operation on single values.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::One as _;

use super::{MAX_PLACES, Number, big::Big, powers::big_ten_to};

/// The places irrational results are rounded to.
pub const ROOT_PLACES: u32 = 12;

impl Number {
    /// Returns the square root, half-up rounded to `places` decimals, or nothing below zero.
    ///
    /// Correctly rounded from the exact root. Formulas use [`ROOT_PLACES`]; more than [`MAX_PLACES`] count as that
    /// many.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::{Number, ROOT_PLACES};
    ///
    /// assert_eq!(Number::from(2).square_root(ROOT_PLACES).unwrap().to_string(), "1.414213562373");
    /// assert_eq!(Number::parse("6.25")?.square_root(ROOT_PLACES).unwrap().to_string(), "2.5");
    /// assert_eq!(Number::from(-1).square_root(ROOT_PLACES), None);
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    #[must_use]
    pub fn square_root(&self, places: u32) -> Option<Self> {
        if self.is_negative() {
            return None;
        }
        let places = places.min(MAX_PLACES.unsigned_abs());
        let value = self.to_big();
        let bottom = value.whole_denominator();
        let top = &value.numerator * big_ten_to(2 * places);
        // The root of the whole part is the whole part of the root, since no square lies between.
        let root = top.div_floor(&bottom).sqrt();
        // The exact root reaches the middle between `root` and the next when 4·top/bottom ≥ (2·root + 1)².
        let middle = &root + &root + BigInt::one();
        let reaches = BigInt::from(4) * top >= &middle * &middle * bottom;
        let units = if reaches { root + BigInt::one() } else { root };
        Some(Big::decimal(units, places).settle())
    }
}
