//! Every operation on numbers against a slow, obvious reference: reduced rationals.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::cmp::Ordering;

use kaohe::number::{MAX_PUBLISHED_DIGITS, Number, ROOT_PLACES, RoundingMode, UNROUNDED_PLACES};
use num_bigint::BigInt;
use num_rational::Ratio;
use num_traits::{One, Signed, ToPrimitive, Zero};
use proptest::prelude::*;

type Rational = Ratio<BigInt>;

fn ten_to(exponent: i32) -> Rational {
    let power = Rational::from(BigInt::from(10).pow(exponent.unsigned_abs()));
    if exponent < 0 { power.recip() } else { power }
}

fn as_rational(number: &Number) -> Rational {
    let (numerator, denominator) = number.to_fraction();
    // Not reduced here, so that a fraction that came out unreduced is caught.
    Rational::new_raw(numerator, denominator)
}

fn half() -> Rational {
    Rational::new(1.into(), 2.into())
}

/// Rounding by its definition on rationals.
fn rounded(value: &Rational, places: i32, mode: RoundingMode) -> Rational {
    let units = value * ten_to(places);
    let below = units.floor();
    let above = units.ceil();
    let middle = &below + half();
    let away = if units.is_negative() { &below } else { &above };
    let toward = if units.is_negative() { &above } else { &below };
    let nearer = |at_tie: &Rational| match units.cmp(&middle) {
        _ if below == above => below.clone(),
        Ordering::Less => below.clone(),
        Ordering::Equal => at_tie.clone(),
        Ordering::Greater => above.clone(),
    };
    let even = if (below.to_integer() % 2_i32).is_zero() { &below } else { &above };
    let chosen = match mode {
        RoundingMode::Floor => below.clone(),
        RoundingMode::Ceil => above.clone(),
        RoundingMode::Up => away.clone(),
        RoundingMode::Down => toward.clone(),
        RoundingMode::HalfUp => nearer(away),
        RoundingMode::HalfEven => nearer(even),
    };
    chosen / ten_to(places)
}

/// A number made by the library and the same made by the reference.
#[derive(Clone, Debug)]
struct Pair {
    ours: Number,
    reference: Rational,
}

impl Pair {
    fn decimal(negative: bool, digits: &str, scale: usize) -> Self {
        let sign = if negative { "-" } else { "" };
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, decimals) = padded.split_at(padded.len() - scale);
        let ours = Number::parse(&format!("{sign}{whole}.{decimals}")).unwrap();
        let mantissa: BigInt = format!("{sign}{digits}").parse().unwrap();
        Self { ours, reference: Rational::new(mantissa, BigInt::from(10).pow(u32::try_from(scale).unwrap())) }
    }

    fn fraction(numerator: BigInt, denominator: BigInt) -> Self {
        Self {
            ours: Number::from_ratio(numerator.clone(), denominator.clone()).unwrap(),
            reference: Rational::new(numerator, denominator),
        }
    }

    fn parts(mantissa: i128, scale: u8) -> Self {
        Self {
            ours: Number::from_parts(mantissa, scale),
            reference: Rational::new(mantissa.into(), BigInt::from(10).pow(scale.into())),
        }
    }
}

fn pair() -> impl Strategy<Value = Pair> {
    let extremes = prop::sample::select(vec![
        i128::MIN,
        i128::MIN + 1,
        i128::MAX,
        i128::MAX / 2,
        i128::from(i64::MIN),
        i128::from(i64::MAX),
        i128::from(i64::MAX) + 1,
        i128::from(u64::MAX),
        i128::from(u64::MAX) + 1,
        1 << 64,
        1 << 63,
        -(1 << 63),
        0,
        1,
        -1,
    ]);
    prop_oneof![
        // Money, rates and scores.
        6 => (any::<bool>(), "[0-9]{1,9}", 0..6_usize).prop_map(|(sign, digits, scale)| Pair::decimal(sign, &digits, scale)),
        // Long operands, about as long as one and two words hold, and beyond.
        1 => (any::<bool>(), "[0-9]{18,20}", 0..=40_usize).prop_map(|(sign, digits, scale)| Pair::decimal(sign, &digits, scale)),
        1 => (any::<bool>(), "[0-9]{27,29}", 0..=40_usize).prop_map(|(sign, digits, scale)| Pair::decimal(sign, &digits, scale)),
        1 => (any::<bool>(), "[0-9]{37,40}", 0..=40_usize).prop_map(|(sign, digits, scale)| Pair::decimal(sign, &digits, scale)),
        1 => (any::<bool>(), "[0-9]{60,80}", 0..=40_usize).prop_map(|(sign, digits, scale)| Pair::decimal(sign, &digits, scale)),
        // Ties: something and a half at some place.
        2 => (any::<bool>(), "[0-9]{1,6}5", 0..6_usize).prop_map(|(sign, digits, scale)| Pair::decimal(sign, &digits, scale)),
        2 => (-12_i128..=12).prop_map(|mantissa| Pair::parts(mantissa, 0)),
        1 => (extremes.clone(), prop::sample::select(vec![0, 2, 12])).prop_map(|(mantissa, scale)| Pair::parts(mantissa, scale)),
        1 => (extremes, 0..=60_u8).prop_map(|(mantissa, scale)| Pair::parts(mantissa, scale)),
        2 => (any::<i32>(), any::<i16>()).prop_filter("a zero denominator", |parts| parts.1 != 0)
            .prop_map(|(numerator, denominator)| Pair::fraction(numerator.into(), denominator.into())),
        1 => ("-?[0-9]{1,60}", "[1-9][0-9]{0,60}")
            .prop_map(|(numerator, denominator)| Pair::fraction(numerator.parse().unwrap(), denominator.parse().unwrap())),
    ]
}

fn mode() -> impl Strategy<Value = RoundingMode> {
    prop::sample::select(RoundingMode::ALL.to_vec())
}

#[derive(Clone, Debug)]
enum Operation {
    Add(Pair),
    Subtract(Pair),
    Multiply(Pair),
    Divide(Pair),
    Subtracted(Pair),
    Divided(Pair),
    Minimum(Pair),
    Maximum(Pair),
    Negate,
    Absolute,
    Square,
    Cube,
    Reciprocal,
    Round(i32, RoundingMode),
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        3 => pair().prop_map(Operation::Add),
        2 => pair().prop_map(Operation::Subtract),
        3 => pair().prop_map(Operation::Multiply),
        3 => pair().prop_map(Operation::Divide),
        1 => pair().prop_map(Operation::Subtracted),
        1 => pair().prop_map(Operation::Divided),
        1 => pair().prop_map(Operation::Minimum),
        1 => pair().prop_map(Operation::Maximum),
        1 => Just(Operation::Negate),
        1 => Just(Operation::Absolute),
        1 => Just(Operation::Square),
        1 => Just(Operation::Cube),
        1 => Just(Operation::Reciprocal),
        5 => (-4..=14_i32, mode()).prop_map(|(places, mode)| Operation::Round(places, mode)),
    ]
}

impl Operation {
    /// The result on both sides; the value unchanged where the operation has no result on either.
    fn apply(&self, value: &Pair) -> Pair {
        let Pair { ours, reference } = value;
        let quotient = |top: &Pair, bottom: &Pair| {
            let quotient = top.ours.divide(&bottom.ours);
            assert_eq!(quotient.is_none(), bottom.reference.is_zero(), "{top:?} / {bottom:?}");
            quotient.map_or_else(|| value.clone(), |ours| Pair { ours, reference: &top.reference / &bottom.reference })
        };
        let (ours, reference) = match self {
            Self::Add(other) => (ours.add(&other.ours), reference + &other.reference),
            Self::Subtract(other) => (ours.subtract(&other.ours), reference - &other.reference),
            Self::Subtracted(other) => (other.ours.subtract(ours), &other.reference - reference),
            Self::Multiply(other) => (ours.multiply(&other.ours), reference * &other.reference),
            Self::Divide(other) => return quotient(value, other),
            Self::Divided(other) => return quotient(other, value),
            Self::Minimum(other) => (ours.minimum(&other.ours), reference.min(&other.reference).clone()),
            Self::Maximum(other) => (ours.maximum(&other.ours), reference.max(&other.reference).clone()),
            Self::Negate => (ours.negate(), -reference),
            Self::Absolute => (ours.absolute(), reference.abs()),
            Self::Square => (ours.power(2).unwrap(), reference.pow(2)),
            Self::Cube => (ours.power(3).unwrap(), reference.pow(3)),
            Self::Reciprocal => match ours.power(-1) {
                Ok(ours) => (ours, reference.recip()),
                Err(_) => {
                    assert!(reference.is_zero());
                    (ours.clone(), reference.clone())
                }
            },
            Self::Round(places, mode) => (ours.round(*places, *mode), rounded(reference, *places, *mode)),
        };
        Pair { ours, reference }
    }
}

fn check_looks(value: &Pair) -> Result<(), TestCaseError> {
    let Pair { ours, reference } = value;
    prop_assert_eq!(ours.sign(), reference.signum().to_integer().to_i32().unwrap());
    prop_assert_eq!(ours.is_integer(), reference.is_integer());
    let whole = reference.is_integer().then(|| reference.to_integer().to_i64()).flatten();
    prop_assert_eq!(ours.to_i64(), whole);
    for places in [0, 2, 12, 40] {
        let units = reference * ten_to(places);
        let units = units.is_integer().then(|| units.to_integer().to_i128()).flatten();
        prop_assert_eq!(ours.scaled(places.unsigned_abs()), units);
    }
    // Text: decimals when they end, and then as many as are needed; otherwise a fraction.
    let text = ours.to_string();
    match text.split_once('/') {
        Some((numerator, denominator)) => {
            prop_assert_eq!(ours.decimal_scale(), None);
            let (numerator, denominator): (BigInt, BigInt) = (numerator.parse().unwrap(), denominator.parse().unwrap());
            prop_assert_eq!(&Rational::new_raw(numerator, denominator.clone()), reference);
            // Some power of ten would be a multiple of the denominator if the decimals ended.
            let bits = u32::try_from(denominator.bits()).unwrap();
            prop_assert!(!(BigInt::from(10).pow(bits) % denominator).is_zero());
        }
        None => {
            let places = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            prop_assert_eq!(ours.decimal_scale().map(|scale| scale as usize), Some(places));
            prop_assert!(places == 0 || !text.ends_with('0'), "{}", text);
            prop_assert!(!text.starts_with("-0") || reference.is_negative());
            let mantissa: BigInt = text.replace('.', "").parse().unwrap();
            prop_assert_eq!(mantissa, (reference * ten_to(i32::try_from(places).unwrap())).to_integer());
            if text.len() < 1000 {
                prop_assert_eq!(&Number::parse(&text).unwrap(), ours);
            }
        }
    }
    Ok(())
}

fn check_published(value: &Pair, places: Option<u32>) -> Result<(), TestCaseError> {
    let at = places.unwrap_or(UNROUNDED_PLACES);
    let signed = i32::try_from(at).unwrap();
    let expected = rounded(&value.reference, signed, RoundingMode::HalfUp);
    let units = (&expected * ten_to(signed)).to_integer();
    match value.ours.to_published(places) {
        Err(_) => prop_assert!(units.abs() >= BigInt::from(10).pow(MAX_PUBLISHED_DIGITS)),
        Ok(published) => {
            prop_assert!(units.abs() < BigInt::from(10).pow(MAX_PUBLISHED_DIGITS));
            let decimal = published.value;
            prop_assert_eq!(published.shown_rounded, expected != value.reference);
            prop_assert_eq!(as_rational(&Number::from_decimal(decimal)), expected);
            prop_assert!(!(decimal.is_zero() && decimal.is_sign_negative()));
            match places {
                Some(places) => prop_assert_eq!(decimal.scale(), places),
                None => prop_assert_eq!(decimal.scale(), decimal.normalize().scale()),
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// After any operations the value is the one rational arithmetic gives: 120 000 operations.
    #[test]
    fn a_formula_denotes_an_exact_rational(start in pair(), operations in prop::collection::vec(operation(), 12)) {
        let mut value = start;
        for operation in &operations {
            let next = operation.apply(&value);
            prop_assert_eq!(&as_rational(&next.ours), &next.reference, "{:?} of {:?}", operation, value);
            prop_assert_eq!(next.ours.cmp(&value.ours), next.reference.cmp(&value.reference));
            let (numerator, denominator) = next.ours.size_in_bits();
            prop_assert!(numerator >= next.reference.numer().bits() && denominator >= next.reference.denom().bits());
            // Squares double the length: start again before the reference takes all the time.
            value = if numerator.max(denominator) < 1500 { next } else { Pair::parts(7, 1) };
        }
    }

    /// Rounding is decided on the exact value, in every mode at every place, also a hair beside a tie.
    #[test]
    fn rounding_is_correct_in_every_mode(value in pair(), divisor in pair(), places in -6..=20_i32, hair in -1..=1_i128) {
        let exact = Operation::Divide(divisor).apply(&value);
        // The nearest tie to the value, and a hair beside it.
        let tie = rounded(&exact.reference, places, RoundingMode::Floor) + half() / ten_to(places);
        let tie = Pair::fraction(tie.numer().clone(), tie.denom().clone());
        let beside = Operation::Add(Pair::parts(hair, 45)).apply(&tie);
        for value in [exact, tie, beside] {
            for mode in RoundingMode::ALL {
                prop_assert_eq!(as_rational(&value.ours.round(places, mode)), rounded(&value.reference, places, mode));
            }
        }
    }

    /// Quotients that differ in the last place of a long product are told apart.
    #[test]
    fn near_ties_are_told_apart(top in pair(), bottom in pair(), factor in pair(), hair in -1..=1_i128, scale in 0..=60_u8) {
        let [bottom, factor] = [bottom, factor].map(|pair| if pair.reference.is_zero() { Pair::parts(3, 1) } else { pair });
        let left = Operation::Divide(bottom.clone()).apply(&top);
        let hair = Operation::Multiply(Pair::parts(hair, scale)).apply(&factor);
        let longer = Operation::Add(hair).apply(&Operation::Multiply(factor.clone()).apply(&top));
        let right = Operation::Divide(Operation::Multiply(factor).apply(&bottom)).apply(&longer);
        prop_assert_eq!(left.ours.cmp(&right.ours), left.reference.cmp(&right.reference));
        prop_assert_eq!(left.ours == right.ours, left.reference == right.reference);
        prop_assert_eq!(right.ours.cmp(&left.ours), right.reference.cmp(&left.reference));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Text, places, integers and units say what the value is.
    #[test]
    fn looking_at_a_value_shows_the_value(value in pair(), operation in operation()) {
        check_looks(&value)?;
        check_looks(&operation.apply(&value))?;
    }

    /// What leaves the library has its places, at most 28 digits, and says when it was rounded.
    #[test]
    fn published_values_are_rounded_once(value in pair(), operation in operation(), places in 0..=28_u32) {
        for value in [&value, &operation.apply(&value)] {
            check_published(value, Some(places))?;
            check_published(value, None)?;
        }
    }

    /// The root is the nearest number of twelve places.
    #[test]
    fn square_roots_are_correctly_rounded(value in pair(), operation in operation()) {
        for value in [&value, &operation.apply(&value)] {
            let root = value.ours.square_root(ROOT_PLACES);
            prop_assert_eq!(root.is_none(), value.reference.is_negative());
            if let Some(root) = root {
                let root = as_rational(&root);
                let half_unit = half() / ten_to(12);
                prop_assert!((&root * ten_to(12)).is_integer());
                let (low, high) = (&root - &half_unit, &root + &half_unit);
                prop_assert!(low.is_negative() || low.pow(2) <= value.reference);
                prop_assert!(high.pow(2) > value.reference);
            }
        }
    }

    /// A root half way between two places goes up, and one a hair below does not.
    #[test]
    fn square_roots_know_their_ties(digits in 0..1_000_000_000_000_000_i128) {
        let middle = Pair::parts(2 * digits + 1, 0).ours.divide(&Number::from_parts(2, 0)).unwrap()
            .multiply(&Number::from_parts(1, 12));
        let square = middle.power(2).unwrap();
        let up = middle.round(12, RoundingMode::Ceil);
        let down = middle.round(12, RoundingMode::Floor);
        prop_assert_eq!(square.square_root(ROOT_PLACES).unwrap(), up);
        prop_assert_eq!(square.subtract(&Number::from_parts(1, 60)).square_root(ROOT_PLACES).unwrap(), down);
    }

    /// Powers are repeated products, or their reciprocals.
    #[test]
    fn powers_are_products(value in pair(), exponent in -12..=12_i32) {
        match value.ours.power(exponent) {
            Ok(power) => prop_assert_eq!(as_rational(&power), value.reference.pow(exponent)),
            Err(_) => prop_assert!(value.reference.is_zero() && exponent < 0),
        }
    }

    /// A float is its shortest decimal text.
    #[test]
    fn floats_are_their_shortest_text(bits in any::<u64>(), cents in -1_000_000_000_000_i64..1_000_000_000_000) {
        #[allow(clippy::cast_precision_loss, reason = "small")]
        for float in [f64::from_bits(bits), cents as f64 / 100.0, cents as f64 / 1e7] {
            match Number::from_float(float) {
                Ok(None) => prop_assert!(float.is_nan()),
                Ok(Some(number)) => {
                    prop_assert!(float.abs() <= 9_007_199_254_740_992.0);
                    // it reads back as the same float, has no more digits than any text that does, and of those
                    // with as few it is the nearest: the standard formatter may take the other of two
                    let text = number.to_string();
                    prop_assert_eq!(text.parse::<f64>().unwrap().to_bits() | 1 << 63, float.to_bits() | 1 << 63);
                    let digits = |text: &str| {
                        let all: String = text.chars().filter(char::is_ascii_digit).collect();
                        all.trim_start_matches('0').trim_end_matches('0').len()
                    };
                    let standard = float.to_string();
                    prop_assert!(digits(&text) <= digits(&standard), "{} {}", text, standard);
                    let exact = Number::parse(&format!("{float:.400}")).unwrap();
                    let away = |other: &Number| exact.subtract(other).absolute();
                    prop_assert!(away(&number) <= away(&Number::parse(&standard).unwrap()), "{} {}", text, standard);
                }
                Err(_) => prop_assert!(float.is_infinite() || float.abs() > 9_007_199_254_740_992.0),
            }
        }
    }

    /// Exponents move the point and nothing else.
    #[test]
    fn exponents_move_the_point(digits in "-?[0-9]{1,40}", scale in 0..50_usize, exponent in -400..=400_i32) {
        let negative = digits.starts_with('-');
        let value = Pair::decimal(negative, digits.trim_start_matches('-'), scale);
        let mantissa: BigInt = digits.parse().unwrap();
        let text = format!("{mantissa}e{}", exponent);
        let ours = Number::parse_scientific(&text).unwrap();
        prop_assert_eq!(as_rational(&ours), Rational::from(mantissa) * ten_to(exponent));
        prop_assert_eq!(as_rational(&value.ours), value.reference);
    }

    /// No text makes the reader panic, and what it accepts prints back as the same number.
    #[test]
    fn any_text_is_read_or_refused(text in "[-+.,0-9eE%_ ０-９]{0,12}|.{0,12}") {
        for result in [Number::parse(&text), Number::parse_scientific(&text)] {
            match result {
                Ok(number) => prop_assert_eq!(&Number::parse(&number.to_string()).unwrap(), &number),
                Err(error) => prop_assert!(!error.message().en.is_empty() && !error.message().zh.is_empty()),
            }
        }
    }
}

#[test]
fn one_third_times_three_is_one() {
    let third = Number::ONE.divide(&Number::from(3)).unwrap();
    assert_eq!(third.multiply(&Number::from(3)), Number::ONE);
    assert!(Rational::one() == as_rational(&third.add(&third).add(&third)));
}
