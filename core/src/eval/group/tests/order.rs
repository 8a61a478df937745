//! Places and percentiles by counting who is before whom, and groups by comparing keys.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::date::Date;
use crate::plan::{PercentileKind, Ties};

/// Whether one comes before another.
fn precedes(direction: Direction, a: i64, b: i64) -> bool {
    match direction {
        Direction::Ascending => a < b,
        Direction::Descending => a > b,
    }
}

fn place(rows: &[Row], row: Row, direction: Direction, ties: Ties) -> Rational {
    let others = || rows.iter().filter(|each| each.is_in(row.group));
    let before = others().filter(|each| precedes(direction, each.value, row.value));
    let through = others().filter(|each| !precedes(direction, row.value, each.value)).count();
    match ties {
        Ties::Minimum => ratio(before.count() + 1, 1),
        Ties::Maximum => ratio(through, 1),
        Ties::Average => ratio(before.count() + 1 + through, 2),
        Ties::Dense => ratio(before.map(|each| each.value).collect::<BTreeSet<_>>().len() + 1, 1),
    }
}

/// As `scipy.stats.percentileofscore` is written, without its hundred.
fn percentile(rows: &[Row], row: Row, direction: Direction, kind: PercentileKind) -> Rational {
    let group: Vec<_> = rows.iter().filter(|each| each.is_in(row.group)).collect();
    let left = group.iter().filter(|each| precedes(direction, each.value, row.value)).count();
    let right = group.iter().filter(|each| !precedes(direction, row.value, each.value)).count();
    match kind {
        PercentileKind::Rank => ratio(left + right + usize::from(left < right), 2 * group.len()),
        PercentileKind::Weak => ratio(right, group.len()),
        PercentileKind::Strict => ratio(left, group.len()),
        PercentileKind::Mean => ratio(left + right, 2 * group.len()),
    }
}

proptest! {
    /// A place is how many come before, and one.
    #[test]
    fn a_rank_counts_who_is_before(rows in rows(), direction in direction()) {
        for ties in [Ties::Minimum, Ties::Maximum, Ties::Average, Ties::Dense] {
            let wanted = |row: &Row| Ok(row.is_in_a_group().then(|| place(&rows, *row, direction, ties)));
            let wanted: Vec<Told> = rows.iter().map(wanted).collect();
            for operand in operands(&rows) {
                let found = figures(&GroupFunction::Rank { direction, ties }, &rows, &operand);
                prop_assert_eq!(found, wanted.clone(), "{:?}", ties);
            }
        }
    }

    /// A percentile is the part of the group below, or at and below.
    #[test]
    fn a_percentile_counts_who_is_below(rows in rows(), direction in direction()) {
        use PercentileKind::{Mean, Rank, Strict, Weak};
        for kind in [Rank, Weak, Strict, Mean] {
            let wanted = |row: &Row| Ok(row.is_in_a_group().then(|| percentile(&rows, *row, direction, kind)));
            let wanted: Vec<Told> = rows.iter().map(wanted).collect();
            for operand in operands(&rows) {
                let found = figures(&GroupFunction::Percentile { kind, direction }, &rows, &operand);
                prop_assert_eq!(found, wanted.clone(), "{:?}", kind);
            }
        }
    }

    /// Values far apart, close together and in between, in groups that are large, are ranked by each way of sorting.
    #[test]
    fn a_public_rank_counts_who_is_before(
        values in prop::collection::vec(any::<i64>(), 1..200),
        shift in 0_u32..64,
        groups in prop::sample::select(vec![1_u32, 3, u32::MAX]),
        direction in direction(),
    ) {
        let values: Vec<i64> = values.iter().map(|value| value >> shift).collect();
        // the largest number a group can have is one below that of no group
        let group_of: Vec<u32> = values.iter().map(|value| (value.unsigned_abs() % 7) as u32 % groups * (u32::MAX / 6)).collect();
        let rows: Vec<Row> =
            values.iter().zip(&group_of).map(|(value, group)| Row { group: *group, counts: true, value: *value }).collect();
        let found = crate::group::rank(&values, &group_of, direction, Ties::Dense);
        for (row, found) in rows.iter().zip(found) {
            let wanted = if row.group == NO_GROUP { ratio(0, 1) } else { place(&rows, *row, direction, Ties::Dense) };
            prop_assert_eq!(ratio(found as usize, 1), wanted);
        }
    }

    /// Two rows share a group when all their keys are equal, and numbers follow first appearances.
    #[test]
    fn groups_are_rows_of_equal_keys(keys in prop::collection::vec((0_usize..9, 0_i64..3, prop::bool::weighted(0.1)), 0..40)) {
        let kinds = kinds_of_values();
        let first = Operand::Values(keys.iter().map(|(kind, ..)| kinds[*kind].1.clone()).collect());
        let second = Operand::Integers { mantissas: std::sync::Arc::new(keys.iter().map(|(_, key, _)| *key).collect()), places: 0 };
        let found = Grouping::by(&[&first, &second], keys.len(), |row| keys[row].2);
        let mut seen = Vec::new();
        for ((kind, key, left_out), found) in keys.iter().zip(&found.of) {
            if *left_out {
                prop_assert_eq!(*found, NO_GROUP);
                continue;
            }
            let pair = (kinds[*kind].0, *key);
            let number = seen.iter().position(|each| *each == pair).unwrap_or_else(|| {
                seen.push(pair);
                seen.len() - 1
            });
            prop_assert_eq!(*found as usize, number);
        }
        prop_assert_eq!(found.count as usize, seen.len());
    }
}

/// Values of every kind; those with the same mark are equal.
fn kinds_of_values() -> [(u8, Value); 9] {
    [
        (0, Value::Missing),
        (1, Value::Number(Number::ONE)),
        (1, Value::Number(Number::from_ratio(700.into(), 700.into()).unwrap())),
        (2, Value::Number(Number::from_ratio(1.into(), 3.into()).unwrap())),
        (2, Value::Number(Number::from_ratio(2.into(), 6.into()).unwrap())),
        (3, Value::Truth(true)),
        (4, Value::Text("1".into())),
        (5, Value::Date(Date::MIN)),
        (6, Value::Choice(1)),
    ]
}

impl Row {
    fn is_in_a_group(self) -> bool {
        self.group != NO_GROUP && self.counts
    }
}

#[test]
fn without_keys_everybody_is_in_one_group() {
    assert_eq!(Grouping::by(&[], 2, |_| false), Grouping { of: vec![0, 0], count: 1 });
    // so that the total over nobody is 0, not nothing
    assert_eq!(Grouping::by(&[], 0, |_| false).count, 1);
}

#[test]
fn texts_dates_and_grades_have_places_too() {
    let day = |day| Value::Date(Date::new(2026, 7, day).unwrap());
    let columns = [
        ["乙".into(), "丙".into(), "乙".into(), "甲".into()].map(Value::Text),
        [day(2), day(3), day(2), day(9)],
        [1, 2, 1, 7].map(Value::Choice),
    ];
    let ranks = [[2, 1, 2, 4], [3, 2, 3, 1], [3, 2, 3, 1]];
    let function = GroupFunction::Rank { direction: Direction::Descending, ties: Ties::Minimum };
    for (column, ranks) in columns.into_iter().zip(ranks) {
        let operand = Operand::of(column.to_vec(), &Grouping::whole(4, |_| false));
        let answer = compute(&function, Grouping::whole(4, |_| false).members(None), Operands::Value(&operand));
        let Answer::Counts(places) = answer else { panic!("{answer:?}") };
        // by code point 丙 U+4E19 < 乙 U+4E59 < 甲 U+7532
        let wanted = if matches!(column[0], Value::Text(_)) { [2, 4, 2, 1] } else { ranks };
        assert_eq!(places, wanted, "{column:?}");
    }
}

#[test]
fn numbers_that_fit_are_held_as_integers_of_their_most_places() {
    let number = |text: &str| Value::Number(Number::parse(text).unwrap());
    let all = Grouping::whole(3, |_| false);
    let integers = |values: Vec<Value>, grouping: &Grouping| match Operand::of(values, grouping) {
        Operand::Integers { mantissas, places } => Some((mantissas.to_vec(), places)),
        Operand::Values(_) => None,
    };
    assert_eq!(integers(vec![number("1.5"), number("-2"), number("0.25")], &all), Some((vec![150, -200, 25], 2)));
    assert_eq!(integers(vec![number("1.5"), number("92233720368547758070"), number("1")], &all), None);
    assert_eq!(integers(vec![number("1.5"), Value::Missing, number("1")], &all), None);
    let third = Value::Number(Number::ONE.divide(&Number::from(3)).unwrap());
    assert_eq!(integers(vec![number("1.5"), third.clone(), number("1")], &all), None);
    // what is in no group is not looked at
    let some = Grouping::whole(3, |row| row == 1);
    assert_eq!(integers(vec![number("1.5"), third, number("1")], &some), Some((vec![15, 0, 10], 1)));
}
