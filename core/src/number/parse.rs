//! Text to numbers, digit by digit: never rounded, never through a float.

use std::str::FromStr;

use num_bigint::{BigInt, Sign};

use super::{Number, NumberError, big::Big, powers::big_ten_to, small::Small};

/// The most digits a number in a text may have.
pub const MAX_DIGITS: usize = 1000;

/// Digits that fit an `i64` whatever they are, and an `i128`.
const WORD_DIGITS: usize = 18;
const DOUBLE_WORD_DIGITS: usize = 38;

impl Number {
    /// Returns the number a decimal text stands for, exactly.
    ///
    /// An optional sign, digits, at most one point; at least one digit (`.5` and `5.` are numbers). No separators, no
    /// exponent, no white space.
    ///
    /// # Errors
    ///
    /// [`NumberError::NotANumber`] for any other text, with a hint at what it was meant as;
    /// [`NumberError::TooManyDigits`] beyond [`MAX_DIGITS`].
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// assert_eq!(Number::parse("0012.50")?, Number::from_parts(125, 1));
    /// // Thirty digits are thirty digits.
    /// assert_eq!(Number::parse("0.123456789012345678901234567891")?.to_string(), "0.123456789012345678901234567891");
    /// assert!(Number::parse("1,200").is_err());
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        if let Some(small) = short_decimal(text.as_bytes()) {
            return Ok(Self::small(small));
        }
        Digits::read(text.as_bytes()).ok_or_else(|| NumberError::not_a_number(text))?.to_number(0)
    }

    /// Returns the number a text stands for that may have an exponent, as floats and JSON write it: `1.2e-5`.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse); [`NumberError::TooManyDigits`] also when the exponent is beyond ±[`MAX_DIGITS`].
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::Number;
    ///
    /// assert_eq!(Number::parse_scientific("-1.25E+2")?, Number::from(-125));
    /// assert!(Number::parse_scientific("1e999999999999").is_err());
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    pub fn parse_scientific(text: &str) -> Result<Self, NumberError> {
        let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
            return Self::parse(text);
        };
        let not_a_number = || NumberError::not_a_number(text);
        let digits = Digits::read(mantissa.as_bytes()).ok_or_else(not_a_number)?;
        let (negative, exponent) = sign_and_rest(exponent.as_bytes());
        if exponent.is_empty() || !exponent.iter().all(u8::is_ascii_digit) {
            return Err(not_a_number());
        }
        let size =
            exponent.iter().fold(0_i32, |size, digit| size.saturating_mul(10).saturating_add(i32::from(digit - b'0')));
        digits.to_number(if negative { -size } else { size })
    }
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

/// The number of a text short enough for a machine word, in one pass; nothing for any other text.
#[inline]
fn short_decimal(text: &[u8]) -> Option<Small> {
    let (negative, digits) = sign_and_rest(text);
    if digits.len() > WORD_DIGITS {
        return None;
    }
    let mut mantissa = 0_i64;
    let mut point = None;
    for (at, &byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let scale = match point {
        Some(_) if digits.len() == 1 => return None,
        Some(point) => u32::try_from(digits.len() - point - 1).ok()?,
        None if digits.is_empty() => return None,
        None => 0,
    };
    Some(Small::decimal(i128::from(if negative { -mantissa } else { mantissa }), scale))
}

/// A decimal text, recognised but not yet a number.
struct Digits<'text> {
    negative: bool,
    whole: &'text [u8],
    decimals: &'text [u8],
}

impl<'text> Digits<'text> {
    fn read(text: &'text [u8]) -> Option<Self> {
        let (negative, digits) = sign_and_rest(text);
        let (whole, decimals) = match digits.iter().position(|&byte| byte == b'.') {
            Some(point) => {
                let (whole, rest) = digits.split_at_checked(point)?;
                (whole, rest.get(1..)?)
            }
            None => (digits, &[][..]),
        };
        let are_digits = whole.iter().chain(decimals).all(u8::is_ascii_digit);
        let any = !whole.is_empty() || !decimals.is_empty();
        (are_digits && any).then_some(Self { negative, whole, decimals })
    }

    /// The number these digits are, times `10^exponent`.
    fn to_number(&self, exponent: i32) -> Result<Number, NumberError> {
        let count = self.whole.len().saturating_add(self.decimals.len());
        if count > MAX_DIGITS || usize::try_from(exponent.unsigned_abs()).is_ok_and(|size| size > MAX_DIGITS) {
            return Err(NumberError::TooManyDigits);
        }
        // Both are at most MAX_DIGITS.
        let places = i32::try_from(self.decimals.len()).unwrap_or(0) - exponent;
        if count <= DOUBLE_WORD_DIGITS && places >= 0 {
            let mantissa = self.all().fold(0_i128, |mantissa, digit| mantissa * 10 + i128::from(digit - b'0'));
            let mantissa = if self.negative { -mantissa } else { mantissa };
            return Ok(Number::small(Small::decimal(mantissa, places.unsigned_abs())));
        }
        let digits: Vec<u8> = self.all().map(|digit| digit - b'0').collect();
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        let mantissa = BigInt::from_radix_be(sign, &digits, 10).unwrap_or_default();
        let number = if places >= 0 {
            Big::decimal(mantissa, places.unsigned_abs())
        } else {
            Big::decimal(mantissa * big_ten_to(places.unsigned_abs()), 0)
        };
        Ok(number.settle())
    }

    fn all(&self) -> impl Iterator<Item = u8> {
        self.whole.iter().chain(self.decimals).copied()
    }
}

fn sign_and_rest(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}
