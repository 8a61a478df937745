//! Exact numbers as people read them.

use crate::number::{Number, RoundingMode, UNROUNDED_PLACES};

/// A fraction longer than this is told by its decimals alone.
const LONGEST_EXACT: usize = 40;

/// Whether all decimals are told when so many are.
pub(crate) fn is_short(number: &Number) -> bool {
    number.decimal_scale().is_some_and(|scale| scale <= UNROUNDED_PLACES)
}

/// The value to twelve decimals.
pub(crate) fn reading(number: &Number) -> String {
    number.round(UNROUNDED_PLACES.cast_signed(), RoundingMode::HalfUp).to_string()
}

/// The value to twelve decimals, when it has more.
pub(crate) fn reading_of_long(number: &Number) -> Option<String> {
    (!is_short(number)).then(|| reading(number))
}

/// The number within a sentence: its decimals, marked when there are more of them.
pub(crate) fn told(number: &Number) -> String {
    if is_short(number) { number.to_string() } else { format!("≈{}", reading(number)) }
}

/// The number as a percentage.
pub(crate) fn percent(number: &Number) -> String {
    format!("{}%", told(&number.multiply(&Number::HUNDRED)))
}

/// A share: as a percentage where that is a short decimal, otherwise as the fraction it is.
pub(crate) fn percent_or_fraction(number: &Number) -> String {
    if is_short(number) { percent(number) } else { number.to_string() }
}

/// The number with a sign in front.
pub(crate) fn signed(number: &Number) -> String {
    let (exact, sign) = (is_short(number), if number.sign() > 0 { "+" } else { "" });
    if exact { format!("{sign}{number}") } else { format!("≈{sign}{}", reading(number)) }
}

/// The number as the result of something: exact, and where that is no short decimal, its decimals too.
pub(crate) fn result(number: &Number) -> String {
    if is_short(number) {
        return number.to_string();
    }
    let exact = number.to_string();
    if exact.len() > LONGEST_EXACT {
        format!("≈{}", reading(number))
    } else {
        format!("{exact} ≈ {}", reading(number))
    }
}

/// The number with at least so many decimals.
pub(crate) fn fixed(number: &Number, places: Option<u32>) -> String {
    match (places, number.decimal_scale()) {
        (Some(places), Some(scale)) if scale <= places => {
            number.to_published(Some(places)).map_or_else(|_| told(number), |published| published.value.to_string())
        }
        _ => told(number),
    }
}

/// The number as a formula can hold it.
pub(crate) fn literal(number: &Number) -> String {
    let exact = number.to_string();
    if exact.len() > LONGEST_EXACT {
        format!("≈{}", reading(number))
    } else if number.decimal_scale().is_none() {
        format!("({exact})")
    } else {
        exact
    }
}
