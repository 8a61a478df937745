//! Rounding: the one operation that changes a value, decided on the exact value.

use std::cmp::Ordering;

use super::{
    Form, Number,
    big::Big,
    powers::{big_ten_to, times_ten_to},
    small::Small,
};

/// The most places [`Number::round`] rounds to, before or after the point; more means this many.
pub const MAX_PLACES: i32 = 1000;

/// Which neighbour a value between two is rounded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RoundingMode {
    /// `half_up`, 四舍五入: the nearer; half way, the one further from zero.
    #[default]
    HalfUp,
    /// `half_even`: the nearer; half way, the one whose last digit is even.
    HalfEven,
    /// `up`: the one further from zero.
    Up,
    /// `down`: the one nearer to zero.
    Down,
    /// `floor`: the smaller.
    Floor,
    /// `ceil`: the larger.
    Ceil,
}

impl RoundingMode {
    /// Every mode there is.
    pub const ALL: [Self; 6] = [Self::HalfUp, Self::HalfEven, Self::Up, Self::Down, Self::Floor, Self::Ceil];

    /// The word for it in a scheme.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::HalfEven => "half_even",
            Self::Up => "up",
            Self::Down => "down",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
        }
    }

    /// Returns the mode a scheme calls `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// Whether a value strictly between two neighbours goes to the one further from zero.
    ///
    /// * `odd`: the neighbour nearer to zero has an odd last digit.
    /// * `half`: how the distance from that neighbour compares with half a unit.
    #[inline]
    pub(crate) fn is_away_from_zero(self, negative: bool, odd: bool, half: Ordering) -> bool {
        match self {
            Self::HalfUp => half != Ordering::Less,
            Self::HalfEven => half == Ordering::Greater || (half == Ordering::Equal && odd),
            Self::Up => true,
            Self::Down => false,
            Self::Floor => negative,
            Self::Ceil => !negative,
        }
    }
}

impl Number {
    /// Returns the value rounded to `places` decimals; a negative number of places rounds before the point.
    ///
    /// Correctly rounded from the exact value, whatever was computed to get it. Places beyond [`MAX_PLACES`] on either
    /// side count as that many.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::number::{Number, RoundingMode};
    ///
    /// let value = Number::parse("-1250.125")?;
    /// assert_eq!(value.round(2, RoundingMode::HalfUp).to_string(), "-1250.13");
    /// assert_eq!(value.round(2, RoundingMode::HalfEven).to_string(), "-1250.12");
    /// // Hundreds.
    /// assert_eq!(value.round(-2, RoundingMode::HalfUp).to_string(), "-1300");
    /// # Ok::<(), kaohe::number::NumberError>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn round(&self, places: i32, mode: RoundingMode) -> Self {
        self.rounded(places, mode).0
    }

    /// [`round`](Self::round), and whether nothing had to be changed.
    #[inline]
    pub(super) fn rounded(&self, places: i32, mode: RoundingMode) -> (Self, bool) {
        let places = places.clamp(-MAX_PLACES, MAX_PLACES);
        if self.has_at_most(places) {
            return (self.clone(), true);
        }
        let (scale, zeros) = if places < 0 { (0, places.unsigned_abs()) } else { (places.unsigned_abs(), 0) };
        if let Form::Small(small) = &self.0
            && let Some((units, exact)) = small.units(places, mode)
            && let Some(mantissa) = times_ten_to(units, zeros)
        {
            return (Self::small(Small::decimal(mantissa, scale)), exact);
        }
        let (units, exact) = self.to_big().units(places, mode);
        (Big::decimal(units * big_ten_to(zeros), scale).settle(), exact)
    }

    /// Whether the value is held as a decimal of at most so many places, so that there is nothing to round.
    #[inline]
    fn has_at_most(&self, places: i32) -> bool {
        let scale = match &self.0 {
            Form::Small(small) if small.is_decimal() => small.scale,
            Form::Big(big) if big.is_decimal() => big.scale,
            _ => return false,
        };
        i64::from(scale) <= i64::from(places)
    }
}
