//! Binary floats to numbers: a float means its shortest decimal text, because that is what was typed.

use super::{Number, NumberError};

/// The largest float of which every smaller whole number is a float too.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

impl Number {
    /// Returns the number a float means: its shortest decimal text; nothing for NaN, which is a missing value.
    ///
    /// `0.1` is one tenth, and −0 is 0.
    ///
    /// # Errors
    ///
    /// [`NumberError::Infinite`] for the infinities; [`NumberError::InexactWhole`] beyond ±2^53, where a float may be
    /// a rounded integer, such as an account number.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// assert_eq!(Number::from_float(0.1)?, Some(Number::from_parts(1, 1)));
    /// assert_eq!(Number::from_float(f64::NAN)?, None);
    /// assert!(Number::from_float(1e17).is_err());
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    pub fn from_float(value: f64) -> Result<Option<Self>, NumberError> {
        if value.is_nan() {
            return Ok(None);
        }
        if value.is_infinite() {
            return Err(NumberError::Infinite);
        }
        if value.abs() > MAX_WHOLE {
            return Err(NumberError::InexactWhole { text: format!("{value:e}") });
        }
        if value.fract() == 0.0 {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "whole and at most 2^53, so the integer is the float"
            )]
            return Ok(Some(Self::from_integer(value as i64)));
        }
        // of the shortest texts the nearest, as Python and JavaScript write it; the standard formatter may take another
        let mut buffer = ryu::Buffer::new();
        Self::parse_scientific(buffer.format_finite(value)).map(Some)
    }
}
