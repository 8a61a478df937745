//! Severity by its laws: the equations it solves, what does not change it, what changes it and how.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

use std::collections::HashMap;

use kaohe::number::{Number, RoundingMode};
use kaohe::ratings::RatingTable;
use kaohe::ratings::severity::{Method, SeverityAdjustment, Unconnected, WithoutSpread};
use num_bigint::BigInt;
use num_rational::Ratio;
use proptest::prelude::*;

type Q = Ratio<BigInt>;

/// Ratings as they come: ratee, rater, what was given in the last decimal.
type Given = Vec<(usize, usize, i64)>;

const SEPARATE: Method = Method::Additive { unconnected: Unconnected::Separate };
const CENTRED: Method = Method::ZScore { without_spread: WithoutSpread::Centre };

fn table(given: &Given, places: u8) -> RatingTable {
    let cell = |(ratee, rater, units): &(usize, usize, i64)| {
        (format!("e{ratee}"), format!("r{rater}"), Number::from_parts((*units).into(), places))
    };
    RatingTable::new(given.iter().map(cell)).unwrap()
}

fn exact(number: &Number) -> Q {
    let (numerator, denominator) = number.to_fraction();
    Q::new(numerator, denominator)
}

fn whole(value: usize) -> Q {
    Q::from_integer(value.into())
}

fn zero() -> Q {
    whole(0)
}

fn total<'q>(values: impl IntoIterator<Item = &'q Q>) -> Q {
    values.into_iter().fold(zero(), |total, value| total + value)
}

fn mean(values: &[Q]) -> Q {
    total(values) / whole(values.len())
}

/// The adjusted ratings by rater.
fn by_rater(severity: &SeverityAdjustment) -> HashMap<usize, Vec<Q>> {
    let mut raters: HashMap<usize, Vec<Q>> = HashMap::new();
    for (rating, adjusted) in severity.table().ratings().iter().zip(severity.adjusted()) {
        raters.entry(rating.rater()).or_default().push(exact(&adjusted.unwrap()));
    }
    raters
}

/// Some ratings of a table, anything from a few to nearly all, so that raters may fall into groups.
fn sparse() -> impl Strategy<Value = Given> {
    (1..9_usize, 1..8_usize, 1..10_u32).prop_flat_map(|(ratees, raters, tenths)| {
        let cell = prop_oneof![
            tenths => (-1000..1000_i64).prop_map(Some),
            10 - tenths => Just(None),
        ];
        prop::collection::vec(cell, ratees * raters).prop_map(move |cells| {
            let at = |(at, units): (usize, Option<i64>)| Some((at / raters, at % raters, units?));
            cells.into_iter().enumerate().filter_map(at).collect()
        })
    })
}

/// The normal equations: what ratee and rater effects leave of the ratings totals zero for each ratee and each rater, and
/// the effects of each group total zero.
fn solves_least_squares(severity: &SeverityAdjustment) {
    let effects: HashMap<&str, Q> =
        severity.raters().iter().map(|rater| (&*rater.name, exact(&rater.effect))).collect();
    let worth: HashMap<&str, Q> =
        severity.ratees().iter().map(|ratee| (&*ratee.name, exact(ratee.adjusted.as_ref().unwrap()))).collect();
    let (mut of_raters, mut of_ratees) = (HashMap::new(), HashMap::new());
    let table = severity.table();
    for (ratee, rater, value) in table.given() {
        let (ratee, rater) = (&*table.ratees()[ratee], &*table.raters()[rater]);
        let rest = exact(value) - &worth[ratee] - &effects[rater];
        *of_raters.entry(rater).or_insert_with(zero) += &rest;
        *of_ratees.entry(ratee).or_insert_with(zero) += &rest;
    }
    assert!(of_raters.values().chain(of_ratees.values()).all(|rest| *rest == zero()));
    let mut groups: HashMap<usize, Q> = HashMap::new();
    for rater in severity.raters() {
        *groups.entry(rater.group).or_insert_with(zero) += exact(&rater.effect);
    }
    assert_eq!(groups.len(), severity.groups());
    assert!(groups.values().all(|sum| *sum == zero()));
}

proptest! {
    /// Additive effects solve the least squares exactly, whoever rated whom.
    #[test]
    fn additive_effects_solve_the_normal_equations(given in sparse(), places in 0..4_u8) {
        prop_assume!(!given.is_empty());
        solves_least_squares(&SeverityAdjustment::of(&table(&given, places), SEPARATE).unwrap());
    }

    /// A rater who gives everybody so much more is so much more lenient, and the adjusted ratings only shift together.
    #[test]
    fn what_a_rater_adds_is_taken_away(given in sparse(), more in -500..500_i64) {
        prop_assume!(!given.is_empty());
        let before = SeverityAdjustment::of(&table(&given, 0), SEPARATE).unwrap();
        let who = given[0].1;
        let raised: Given = given.iter().map(|(ratee, rater, units)| (*ratee, *rater, units + if *rater == who { more } else { 0 })).collect();
        let after = SeverityAdjustment::of(&table(&raised, 0), SEPARATE).unwrap();
        let group = before.raters()[0].group;
        let members = before.raters().iter().filter(|rater| rater.group == group).count();
        let share = Q::new(more.into(), members.into());
        for (old, new) in before.raters().iter().zip(after.raters()) {
            let own = if *old.name == format!("r{who}") { Q::from_integer(more.into()) } else { zero() };
            let wanted = if old.group == group { exact(&old.effect) + own - &share } else { exact(&old.effect) };
            prop_assert_eq!(exact(&new.effect), wanted);
        }
    }

    /// No figure depends on the order of the ratings.
    #[test]
    fn order_does_not_matter(given in sparse(), turn in 0..50_usize) {
        prop_assume!(!given.is_empty());
        let mut turned = given.clone();
        turned.reverse();
        turned.rotate_left(turn % given.len());
        for method in [Method::Centring, CENTRED, SEPARATE] {
            let figures = |given: &Given| {
                let severity = SeverityAdjustment::of(&table(given, 1), method).map_err(|error| error.code)?;
                let mut raters: Vec<_> = severity.raters().iter().map(|rater| (rater.name.to_string(), rater.mean.clone(), rater.effect.clone(), rater.factor.clone())).collect();
                let mut ratees: Vec<_> = severity.ratees().iter().map(|ratee| (ratee.name.to_string(), ratee.adjusted.clone())).collect();
                raters.sort_by(|a, b| a.0.cmp(&b.0));
                ratees.sort_by(|a, b| a.0.cmp(&b.0));
                Ok::<_, kaohe::code::Code>((raters, ratees))
            };
            prop_assert_eq!(figures(&given), figures(&turned));
        }
    }

    /// After centring every rater has the mean of all ratings, and the differences of each are what they were.
    #[test]
    fn centring_gives_every_rater_one_mean(given in sparse()) {
        prop_assume!(!given.is_empty());
        let severity = SeverityAdjustment::of(&table(&given, 1), Method::Centring).unwrap();
        let grand = mean(&severity.table().given().map(|(.., value)| exact(value)).collect::<Vec<_>>());
        for adjusted in by_rater(&severity).values() {
            prop_assert_eq!(&mean(adjusted), &grand);
        }
        let effects: HashMap<&str, Q> = severity.raters().iter().map(|rater| (&*rater.name, exact(&rater.effect))).collect();
        for (rating, adjusted) in severity.table().ratings().iter().zip(severity.adjusted()) {
            let rater = &*severity.table().raters()[rating.rater()];
            prop_assert_eq!(exact(&adjusted.unwrap()), exact(rating.value().unwrap()) - &effects[rater]);
        }
    }

    /// After z-scores every rater has one mean, and, but for the one root, one spread.
    #[test]
    fn z_scores_give_every_rater_one_spread(given in sparse()) {
        let Ok(severity) = SeverityAdjustment::of(&table(&given, 1), CENTRED) else { return Ok(()) };
        let values = |rater: usize| severity.table().given().filter(|(_, by, _)| *by == rater).map(|(.., value)| exact(value)).collect::<Vec<_>>();
        let variance = |values: &[Q]| {
            let middle = mean(values);
            mean(&values.iter().map(|value| (value - &middle) * (value - &middle)).collect::<Vec<_>>())
        };
        let (mut weighted, mut count) = (zero(), 0);
        for rater in 0..severity.table().raters().len() {
            let own = values(rater);
            if variance(&own) != zero() {
                weighted += variance(&own) * whole(own.len());
                count += own.len();
            }
        }
        let common = weighted / whole(count);
        let grand = mean(&severity.table().given().map(|(.., value)| exact(value)).collect::<Vec<_>>());
        let near = Q::new(1.into(), 1_000_000_u32.into());
        for (rater, adjusted) in by_rater(&severity) {
            prop_assert_eq!(&mean(&adjusted), &grand);
            let flat = variance(&values(rater)) == zero();
            let name = &severity.table().raters()[rater];
            prop_assert_eq!(flat, severity.without_spread().contains(name));
            let off = variance(&adjusted) - if flat { zero() } else { common.clone() };
            prop_assert!(off < near && -off < near);
        }
    }

    /// Where everybody rated everybody, additive effects are those of centring.
    #[test]
    fn complete_ratings_need_no_comparison(ratees in 1..6_usize, cells in prop::collection::vec(-99..99_i64, 36)) {
        let given: Given = (0..ratees * 4).map(|at| (at / 4, at % 4, cells[at])).collect();
        let effects = |method| SeverityAdjustment::of(&table(&given, 0), method).unwrap().raters().iter().map(|rater| rater.effect.clone()).collect::<Vec<_>>();
        prop_assert_eq!(effects(SEPARATE), effects(Method::Centring));
    }
}

/// Pseudo-random places and marks, the same every time.
fn many(raters: usize, ratees: usize, each: usize, size: u64) -> Given {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut given = Vec::new();
    for ratee in 0..ratees {
        let mut chosen: Vec<usize> = Vec::new();
        while chosen.len() < each {
            let rater = next(raters as u64) as usize;
            if !chosen.contains(&rater) {
                chosen.push(rater);
                given.push((ratee, rater, i64::try_from(next(size)).unwrap()));
            }
        }
    }
    given
}

/// Dozens of raters with marks of all the digits there may be, in both directions: more raters than ratees, and fewer.
#[test]
fn many_raters_are_solved_exactly() {
    for (raters, ratees, each, size) in [(60, 200, 4, 101), (25, 9, 7, 10_000_000_000_000_000), (3, 300, 2, 100)] {
        let given = many(raters, ratees, each, size);
        solves_least_squares(&SeverityAdjustment::of(&table(&given, 2), SEPARATE).unwrap());
    }
}

#[test]
fn raters_whom_nobody_connects_are_told() {
    let given = vec![(0, 0, 90), (0, 1, 80), (1, 2, 70), (2, 3, 60)];
    let refused =
        SeverityAdjustment::of(&table(&given, 0), Method::Additive { unconnected: Unconnected::Refuse }).unwrap_err();
    assert_eq!(refused.code.id(), "K1025");
    assert!(refused.message.en.contains("3 groups") && refused.message.en.contains("r0, r1 / r2 / r3"));
    assert!(refused.message.zh.contains("r0、r1 / r2 / r3"));
    let separate = SeverityAdjustment::of(&table(&given, 0), SEPARATE).unwrap();
    let effects: Vec<String> = separate.raters().iter().map(|rater| rater.effect.to_string()).collect();
    assert_eq!(effects, ["5", "-5", "0", "0"]);
    assert_eq!(separate.raters().iter().map(|rater| rater.group).collect::<Vec<_>>(), [1, 1, 2, 3]);
}

#[test]
fn a_rater_without_spread_is_as_stated() {
    // r1 gave everybody 70, r2 rated once
    let given = vec![(0, 0, 80), (1, 0, 60), (0, 1, 70), (1, 1, 70), (0, 2, 100)];
    let of = |without_spread| SeverityAdjustment::of(&table(&given, 0), Method::ZScore { without_spread });
    let names = |severity: &SeverityAdjustment| {
        severity.without_spread().iter().map(|name| name.to_string()).collect::<Vec<_>>()
    };
    let shown = |severity: &SeverityAdjustment| {
        severity.adjusted().map(|adjusted| adjusted.map(|number| number.to_string())).collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());

    let centred = of(WithoutSpread::Centre).unwrap();
    assert_eq!(names(&centred), ["r1", "r2"]);
    assert_eq!(shown(&centred), [text("86"), text("66"), text("76"), text("76"), text("76")]);
    let left_out = of(WithoutSpread::LeaveOut).unwrap();
    assert_eq!(shown(&left_out), [text("86"), text("66"), None, None, None]);
    assert_eq!(left_out.ratees()[0].ratings, 3);
    assert_eq!(left_out.ratees()[0].adjusted, Some(Number::from(86)));
    let refused = of(WithoutSpread::Refuse).unwrap_err();
    assert_eq!((refused.code.id(), refused.offenders), ("K1024", vec!["r1".to_owned(), "r2".to_owned()]));
    let flat = SeverityAdjustment::of(&table(&vec![(0, 0, 70), (1, 1, 60)], 0), CENTRED).unwrap_err();
    assert_eq!(flat.code.id(), "K1024");
}

/// Standard deviations 10 and 20, each of two ratings: the common one is √250.
#[test]
fn the_root_is_taken_once_and_rounded_at_twelve_places() {
    let given = vec![(0, 0, 80), (1, 0, 60), (0, 1, 90), (1, 1, 50)];
    let severity = SeverityAdjustment::of(&table(&given, 0), CENTRED).unwrap();
    let factors: Vec<String> = severity.raters().iter().map(|rater| rater.factor.to_string()).collect();
    assert_eq!(factors, ["1.581138830084", "0.790569415042"]);
    assert_eq!(severity.adjusted().next().unwrap().unwrap().to_string(), "85.81138830084");
}

#[test]
fn what_is_missing_stays_missing() {
    let none: [(&str, &str, Option<Number>); 1] = [("甲", "张", None)];
    for method in [Method::Centring, CENTRED, SEPARATE] {
        assert_eq!(
            SeverityAdjustment::of(&RatingTable::new(none.clone()).unwrap(), method).unwrap_err().code.id(),
            "K1023"
        );
    }
    let some = [
        ("甲", "张", None),
        ("乙", "王", Some(Number::from(3))),
        ("乙", "张", Some(Number::from(4))),
        ("丙", "李", None),
    ];
    let severity = SeverityAdjustment::of(&RatingTable::new(some).unwrap(), SEPARATE).unwrap();
    assert_eq!(severity.adjusted().map(|adjusted| adjusted.is_some()).collect::<Vec<_>>(), [false, true, true, false]);
    assert_eq!(severity.raters().len(), 2);
    assert_eq!(severity.ratees().len(), 1);
    assert_eq!(severity.groups(), 1);
}

#[test]
fn a_table_holds_one_decimal_for_each_pair() {
    let five = Number::from(5);
    let refused = |cells: Vec<(&str, &str, Number)>| RatingTable::new(cells).unwrap_err();
    let twice = refused(vec![("甲", "张", five.clone()), ("甲", "张", five.clone())]);
    assert_eq!((twice.code.id(), twice.offenders), ("K1021", vec!["甲 × 张".to_owned()]));
    let third = five.divide(&Number::from(3)).unwrap();
    assert_eq!(refused(vec![("甲", "张", third)]).code.id(), "K0905");
    assert!(
        SeverityAdjustment::of(&RatingTable::new([("甲", "张", five)]).unwrap(), SEPARATE).unwrap().raters()[0]
            .effect
            .is_zero()
    );
}

#[test]
fn limits_are_told_before_anything_is_solved() {
    let given: Given = (0..1001).flat_map(|at| [(at, at, 1), (at, (at + 1) % 1001, 2)]).collect();
    assert_eq!(SeverityAdjustment::of(&table(&given, 0), SEPARATE).unwrap_err().code.id(), "K0009");
    assert!(SeverityAdjustment::of(&table(&given, 0), Method::Centring).is_ok());
}

/// Hundreds of raters: how long it takes is printed by `cargo test --release --test severity -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
fn hundreds_of_raters_are_feasible() {
    for (raters, ratees, each) in
        [(100, 500, 5), (300, 2000, 5), (300, 2000, 20), (1000, 5000, 5), (1000, 1000, 1000), (1000, 20000, 50)]
    {
        let table = table(&many(raters, ratees, each, 10_001), 2);
        let start = std::time::Instant::now();
        let severity = SeverityAdjustment::of(&table, SEPARATE).unwrap();
        let took = start.elapsed();
        let bits = severity.raters()[0].effect.size_in_bits();
        let shown: Vec<String> =
            severity.adjusted().map(|adjusted| adjusted.unwrap().round(2, RoundingMode::HalfUp).to_string()).collect();
        println!(
            "{raters} raters, {ratees} ratees, {} ratings: {took:?}, published {:?}, bits {bits:?}",
            shown.len(),
            start.elapsed()
        );
    }
}
