//! The limits of numbers, and what is said at them.
#![allow(clippy::unwrap_used, reason = "a test")]

use kaohe::number::{MAX_DIGITS, MAX_PLACES, Number, NumberError, ROOT_PLACES, RoundingMode};
use num_bigint::BigInt;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

fn third() -> Number {
    Number::ONE.divide(&Number::from(3)).unwrap()
}

#[test]
fn a_thousand_digits_are_read_and_no_more() {
    let longest = "9".repeat(MAX_DIGITS);
    assert_eq!(number(&longest).to_string(), longest);
    assert_eq!(Number::parse(&format!("{longest}0")), Err(NumberError::TooManyDigits));
    assert_eq!(Number::parse(&format!("0.{longest}")), Err(NumberError::TooManyDigits));
    assert_eq!(Number::parse_scientific("1e1000").unwrap().to_string().len(), 1001);
    assert_eq!(Number::parse_scientific("1e-1000").unwrap().decimal_scale(), Some(1000));
    for text in ["1e1001", "1e-1001", "0e2147483648", "1e-99999999999999999999"] {
        assert_eq!(Number::parse_scientific(text), Err(NumberError::TooManyDigits), "{text}");
    }
}

#[test]
fn only_decimal_text_is_a_number() {
    for text in ["0", "-0", "+7", ".5", "5.", "-.5", "007.50", "123456789012345678", "1234567890123456789"] {
        assert!(Number::parse(text).is_ok(), "{text}");
    }
    for (text, help) in [
        ("", ""),
        ("  ", ""),
        (".", ""),
        ("-", ""),
        ("+-5", ""),
        ("1.2.3", ""),
        ("12.345.678.901.234.567", ""),
        ("abc", ""),
        ("0x10", ""),
        ("inf", ""),
        ("NaN", ""),
        ("五", ""),
        ("1,200", "without separators"),
        ("1_200", "without separators"),
        ("85%", "`0.85`"),
        ("85％", "`0.85`"),
        ("1e5", "without an exponent"),
        (" 5", "white space"),
        ("１２", "digits `0` to `9`"),
    ] {
        let error = Number::parse(text).unwrap_err();
        let told = error.help().map(|help| help.en).unwrap_or_default();
        assert!(told.contains(help) && told.is_empty() == help.is_empty(), "{text}: {told}");
        let message = error.message();
        assert!(!message.en.ends_with('.') && !message.zh.ends_with('。'), "{message:?}");
    }
    for text in ["1e", "1e+", "e5", "1e5.0", "1e5e5", "1 e5"] {
        assert!(matches!(Number::parse_scientific(text), Err(NumberError::NotANumber { .. })), "{text}");
    }
    let error = Number::parse(&"甲".repeat(1_000_000)).unwrap_err();
    assert!(error.to_string().len() < 300, "a long text is told shortened");
}

#[test]
fn values_print_as_people_write_them() {
    for (text, printed) in [
        ("-0", "0"),
        ("0.000", "0"),
        ("-0.05", "-0.05"),
        ("0012.500", "12.5"),
        ("100", "100"),
        ("-170141183460469231731687303715884105728", "-170141183460469231731687303715884105728"),
        ("-0.00000000000000000000000000000000000000000001", "-0.00000000000000000000000000000000000000000001"),
    ] {
        assert_eq!(number(text).to_string(), printed);
    }
    assert_eq!(third().negate().to_string(), "-1/3");
    assert_eq!(format!("{:>8}|{:<8}|{:+}", number("-1.5"), number("1.5"), number("2")), "    -1.5|1.5     |+2");
    // Held as a fraction, and a decimal all the same.
    let eighth = Number::from_ratio(3.into(), 24.into()).unwrap();
    assert_eq!((eighth.to_string().as_str(), eighth.decimal_scale()), ("0.125", Some(3)));
    let wide = Number::from_ratio(1.into(), BigInt::from(2).pow(200)).unwrap();
    assert_eq!(wide.decimal_scale(), Some(200));
}

#[test]
fn how_a_value_is_held_does_not_show() {
    let held = [
        number("0.5"),
        number("0.5000"),
        Number::from_ratio(1.into(), 2.into()).unwrap(),
        Number::from_ratio(BigInt::from(-7).pow(99), BigInt::from(-7).pow(99) * 2).unwrap(),
    ];
    for left in &held {
        for right in &held {
            assert_eq!(left, right);
            assert!(left.round(0, RoundingMode::HalfUp) == Number::ONE && !left.is_integer());
            assert_eq!((left.to_string(), left.scaled(1)), ("0.5".to_owned(), Some(5)));
        }
    }
}

#[test]
fn powers_are_limited_by_the_value_and_not_by_its_form() {
    let one = Number::from_ratio(BigInt::from(10).pow(50), BigInt::from(10).pow(50)).unwrap();
    assert_eq!(one.power(i32::MAX), Ok(Number::ONE));
    assert_eq!(one.negate().power(i32::MAX), Ok(Number::from(-1)));
    assert_eq!(one.negate().power(i32::MIN), Ok(Number::ONE));
    assert_eq!(Number::ZERO.power(i32::MAX), Ok(Number::ZERO));
    assert_eq!(Number::ZERO.power(0), Ok(Number::ONE));
    assert_eq!(Number::ZERO.power(-1), Err(NumberError::DivisionByZero));
    assert_eq!(Number::ZERO.power(i32::MIN), Err(NumberError::DivisionByZero));
    assert!(Number::from(2).power(30_000).is_ok() && Number::from(2).power(-30_000).is_ok());
    for exponent in [40_000, -40_000, i32::MAX, i32::MIN] {
        assert_eq!(Number::from(2).power(exponent), Err(NumberError::TooLarge));
        assert_eq!(number("1.000000001").power(exponent), Err(NumberError::TooLarge));
    }
}

#[test]
fn the_extremes_are_numbers_like_others() {
    let lowest = Number::from(i128::MIN);
    assert_eq!(lowest.negate().to_string(), "170141183460469231731687303715884105728");
    assert_eq!(lowest.negate().negate(), lowest);
    assert_eq!(lowest.absolute(), lowest.negate());
    assert_eq!(lowest.divide(&Number::from(-1)).unwrap(), lowest.negate());
    assert_eq!(lowest.scaled(0), Some(i128::MIN));
    assert_eq!(lowest.negate().scaled(0), None);
    assert_eq!(lowest.to_i64(), None);
    assert_eq!(Number::from(i64::MIN).to_i64(), Some(i64::MIN));
    for scale in 0..=28 {
        for mantissa in [i128::MIN, i128::MAX] {
            let error = Err(NumberError::Overflow { places: scale.into() });
            assert_eq!(Number::from_parts(mantissa, scale).to_published(Some(scale.into())), error);
            assert!(Number::from_parts(mantissa, scale).to_published(None).is_err() == (scale < 23));
        }
    }
    let smallest = Number::from_parts(i128::MIN, 255);
    assert_eq!(smallest.round(254, RoundingMode::Floor).decimal_scale(), Some(254));
    assert_eq!(smallest.multiply(&number(&format!("1{}", "0".repeat(255)))), lowest);
    for places in [i32::MIN, -1001, -1000, -40] {
        assert!(lowest.round(places, RoundingMode::HalfUp).is_zero());
        assert_eq!(lowest.round(places, RoundingMode::Floor).sign(), -1);
    }
    assert_eq!(third().round(i32::MAX, RoundingMode::Down), third().round(MAX_PLACES, RoundingMode::Down));
    assert_eq!(third().scaled(u32::MAX), None);
    assert_eq!((Number::ZERO.scaled(u32::MAX), Number::ONE.scaled(u32::MAX)), (Some(0), None));
    assert_eq!(third().square_root(u32::MAX), third().square_root(MAX_PLACES.unsigned_abs()));
    assert_eq!(Number::ZERO.square_root(ROOT_PLACES), Some(Number::ZERO));
    assert_eq!(Number::from_ratio(1.into(), 0.into()), None);
}

#[test]
fn floats_mean_what_was_typed() {
    let float = |value| Number::from_float(value);
    assert_eq!(float(0.1 + 0.2).unwrap().unwrap().to_string(), "0.30000000000000004");
    assert_eq!(float(-0.0).unwrap().unwrap().to_string(), "0");
    assert_eq!(float(f64::NAN), Ok(None));
    assert_eq!(float(5e-324).unwrap().unwrap().decimal_scale(), Some(324));
    assert_eq!(float(9_007_199_254_740_992.0).unwrap().unwrap().to_i64(), Some(1 << 53));
    assert_eq!(float(-4_503_599_627_370_495.5).unwrap().unwrap().to_string(), "-4503599627370495.5");
    for value in [9_007_199_254_740_994.0, -1e17, f64::MAX] {
        assert!(matches!(float(value), Err(NumberError::InexactWhole { .. })));
    }
    assert_eq!(float(f64::INFINITY), Err(NumberError::Infinite));
    assert_eq!(float(f64::NEG_INFINITY), Err(NumberError::Infinite));
}

#[test]
fn published_figures_have_at_most_twenty_eight_digits() {
    let published = |text: &str, places| number(text).to_published(places).map(|figure| figure.value.to_string());
    let most = format!("{}.99", "9".repeat(26));
    assert_eq!(published(&most, Some(2)), Ok(most.clone()));
    // Rounding carries into a twenty-ninth digit.
    assert_eq!(published(&format!("{most}5"), Some(2)), Err(NumberError::Overflow { places: 2 }));
    // An unrounded value has room for sixteen digits before the point, whether or not it has decimals.
    assert_eq!(published("-9999999999999999", None), Ok("-9999999999999999".to_owned()));
    assert_eq!(published("10000000000000000", None), Err(NumberError::Overflow { places: 12 }));
    assert_eq!(published("-0.001", Some(2)), Ok("0.00".to_owned()));
    assert_eq!(published("-0.00", Some(0)), Ok("0".to_owned()));
    assert_eq!(published("0", Some(29)), Err(NumberError::Overflow { places: 29 }));
    assert_eq!(published("1", Some(u32::MAX)), Err(NumberError::Overflow { places: u32::MAX }));
    assert!(number("-0.001").to_published(Some(2)).unwrap().shown_rounded);
    assert!(!number("0.50").to_published(Some(1)).unwrap().shown_rounded);
    assert!(!number("0.50").to_published(None).unwrap().shown_rounded);
}

#[test]
fn modes_have_the_words_of_a_scheme() {
    for mode in RoundingMode::ALL {
        assert_eq!(RoundingMode::from_name(mode.name()), Some(mode));
    }
    assert_eq!(RoundingMode::from_name("HALF_UP"), None);
    assert_eq!(RoundingMode::default(), RoundingMode::HalfUp);
}

#[test]
fn long_sums_of_shares_keep_their_denominator() {
    let share = Number::from(1).divide(&Number::from(7)).unwrap();
    let sum = (0..7_000).fold(Number::ZERO, |sum, _| sum.add(&share));
    assert_eq!(sum, Number::from(1000));
    let (numerator, denominator) = sum.size_in_bits();
    assert!(numerator < 20 && denominator < 8, "{numerator} over {denominator} bits");
}
