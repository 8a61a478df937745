//! Shares and statistics by rational arithmetic.

use num_traits::{One as _, Signed as _, Zero as _};
use proptest::prelude::*;

use super::*;

fn sum(values: &[Rational]) -> Rational {
    values.iter().fold(Rational::zero(), |sum, value| sum + value)
}

/// Whether `root` is the square root of `square` rounded half up to 12 decimals.
fn is_root(root: &Rational, square: &Rational) -> bool {
    let half = Rational::new(1.into(), BigInt::from(2) * BigInt::from(10).pow(12));
    let low = root - &half;
    let high = root + &half;
    (root * BigInt::from(10).pow(12)).is_integer()
        && (low.is_negative() || &low * &low <= *square)
        && &high * &high > *square
}

/// What is wanted of one group.
struct Statistics {
    /// Total, count, mean, smallest, largest, median.
    figures: [Told; 6],
    /// Nothing of nobody.
    variance: Option<Rational>,
}

impl Statistics {
    fn of(mut values: Vec<Rational>) -> Self {
        values.sort();
        let (total, count) = (sum(&values), ratio(values.len(), 1));
        let (Some(least), Some(most)) = (values.first(), values.last()) else {
            let none = || Err(FaultCode::NoRows);
            return Self {
                figures: [Ok(Some(total)), Ok(Some(count)), none(), none(), none(), none()],
                variance: None,
            };
        };
        let mean = &total / &count;
        let median = (&values[values.len() / 2] + &values[(values.len() - 1) / 2]) / BigInt::from(2);
        let squares: Vec<_> = values.iter().map(|value| (value - &mean) * (value - &mean)).collect();
        let variance = sum(&squares) / &count;
        let figures = [total, count, mean, least.clone(), most.clone(), median].map(|figure| Ok(Some(figure)));
        Self { figures, variance: Some(variance) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whole-group figures are what rational arithmetic says, for those too who do not count.
    #[test]
    fn statistics_are_exact(rows in rows()) {
        use GroupFunction::{Average, Count, Deviation, Maximum, Median, Minimum, Sum};
        let wanted: Vec<_> = (0..GROUPS).map(|group| Statistics::of(values_in(&rows, group))).collect();
        for operand in operands(&rows) {
            let all = [Sum, Count, Average, Minimum, Maximum, Median].map(|function| figures(&function, &rows, &operand));
            let deviations = figures(&Deviation, &rows, &operand);
            for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.group != NO_GROUP) {
                let wanted = &wanted[row.group as usize];
                for (found, wanted) in all.iter().zip(&wanted.figures) {
                    prop_assert_eq!(&found[at], wanted);
                }
                match &deviations[at] {
                    Ok(Some(deviation)) => prop_assert!(is_root(deviation, wanted.variance.as_ref().unwrap())),
                    none => prop_assert_eq!((none, &wanted.variance), (&Err(FaultCode::NoRows), &None)),
                }
            }
        }
    }

    /// The shares of a group add up to the whole, exactly; a zero total has none.
    #[test]
    fn shares_add_up_to_one(rows in rows()) {
        for operand in operands(&rows) {
            let shares = figures(&GroupFunction::Share, &rows, &operand);
            for group in 0..GROUPS {
                let values = values_in(&rows, group);
                let total = sum(&values);
                let shares: Vec<_> = rows.iter().zip(&shares).filter(|(row, _)| row.is_in(group)).collect();
                if total.is_zero() {
                    prop_assert!(shares.iter().all(|(_, share)| **share == Err(FaultCode::DivisionByZero)));
                    continue;
                }
                for (row, share) in &shares {
                    prop_assert_eq!(*share, &Ok(Some(row.exact() / &total)));
                }
                let shares: Vec<_> = shares.into_iter().map(|(_, share)| share.clone().unwrap().unwrap()).collect();
                prop_assert!(sum(&shares).is_one());
            }
        }
    }

    /// A cumulative share is that of all at or before; that of the last is the whole.
    #[test]
    fn the_last_cumulative_share_is_one(rows in rows(), direction in direction()) {
        for operand in operands(&rows) {
            let shares = figures(&GroupFunction::CumulativeShare { direction }, &rows, &operand);
            for (row, share) in rows.iter().zip(&shares).filter(|(row, _)| row.group != NO_GROUP && row.counts) {
                let values = values_in(&rows, row.group);
                let (total, own) = (sum(&values), row.exact());
                let is_through = |value: &&Rational| match direction {
                    Direction::Ascending => **value <= own,
                    Direction::Descending => **value >= own,
                };
                let through: Vec<_> = values.iter().filter(is_through).cloned().collect();
                if total.is_zero() {
                    prop_assert_eq!(share, &Err(FaultCode::DivisionByZero));
                    continue;
                }
                prop_assert_eq!(share, &Ok(Some(sum(&through) / &total)));
                if through.len() == values.len() {
                    prop_assert_eq!(share, &Ok(Some(Rational::one())));
                }
            }
        }
    }
}

#[test]
fn a_text_has_no_total() {
    let operand = Operand::Values(vec![Value::Text("1".into())]);
    let whole = Grouping::whole(1, |_| false);
    let Answer::PerGroup(totals) = compute(&GroupFunction::Sum, whole.members(None), Operands::Value(&operand)) else {
        panic!("a total is one of the group");
    };
    assert_eq!(told(totals[0].clone()), Err(FaultCode::WrongType));
}

#[test]
fn a_total_is_no_longer_than_its_parts() {
    // decimals held as fractions, whose denominators would be multiplied with each other
    let value = |at: u32| {
        let denominator = BigInt::from(2).pow(70 + at % 40) * BigInt::from(5).pow(at % 31);
        Value::Number(Number::from_ratio(BigInt::from(10).pow(30) + 1, denominator).unwrap())
    };
    let whole = Grouping::whole(2000, |_| false);
    let operand = Operand::of((0..2000).map(value).collect(), &whole);
    let Answer::PerGroup(totals) = compute(&GroupFunction::Sum, whole.members(None), Operands::Value(&operand)) else {
        panic!("a total is one of the group");
    };
    let Ok(Value::Number(total)) = &totals[0] else { panic!("{totals:?}") };
    assert!(total.size_in_bits().0 < 1000);
}

#[test]
fn a_count_reads_no_values() {
    let grouping = Grouping { of: vec![1, NO_GROUP, 1, 0], count: 3 };
    let members = grouping.members(Some(&[true, true, false, true]));
    let Answer::PerGroup(counts) = compute(&GroupFunction::Count, members, Operands::Nothing) else {
        panic!("a count is one of the group");
    };
    assert_eq!(counts.into_iter().map(told).collect::<Vec<_>>(), [1, 1, 0].map(|count| Ok(Some(ratio(count, 1)))));
}
