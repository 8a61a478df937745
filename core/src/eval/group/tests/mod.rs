//! The figures of groups against slow, obvious definitions of their own.

mod allotting;
mod figures;
mod order;
mod seating;

use num_bigint::BigInt;
use num_rational::Ratio;
use proptest::prelude::*;

use super::{Answer, Grouping, NO_GROUP, Operand, Operands, compute};
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::{Direction, GroupFunction};
use crate::value::Value;

type Rational = Ratio<BigInt>;

/// Groups there can be.
const GROUPS: u32 = 4;

/// A row as the functions see it.
#[derive(Debug, Clone, Copy)]
struct Row {
    group: u32,
    counts: bool,
    /// In hundredths.
    value: i64,
}

impl Row {
    fn is_in(self, group: u32) -> bool {
        self.group == group && self.counts
    }

    fn exact(self) -> Rational {
        Rational::new(self.value.into(), 100.into())
    }
}

/// Rows with many equals, some far apart, some in no group, some that do not count.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let group = prop_oneof![9 => 0..GROUPS, 1 => Just(NO_GROUP)];
    let value = prop_oneof![
        6 => -9_i64..9,
        3 => -100_000_i64..100_000,
        1 => prop::sample::select(vec![i64::MIN, i64::MAX, i64::MIN / 2, 1 << 52]),
    ];
    let row = (group, prop::bool::weighted(0.9), value).prop_map(|(group, counts, value)| Row { group, counts, value });
    prop::collection::vec(row, 0..60)
}

fn direction() -> impl Strategy<Value = Direction> {
    prop::sample::select(vec![Direction::Ascending, Direction::Descending])
}

/// The two ways the values of rows can be held; among numbers, some with more places than they need.
fn operands(rows: &[Row]) -> [Operand; 2] {
    let number = |(at, row): (usize, &Row)| match at % 3 {
        0 => Number::from_parts(row.value.into(), 2),
        1 => Number::from_parts(i128::from(row.value) * 1000, 5),
        _ => Number::from_ratio(row.value.into(), 100.into()).unwrap(),
    };
    [
        Operand::Integers { mantissas: std::sync::Arc::new(rows.iter().map(|row| row.value).collect()), places: 2 },
        Operand::Values(rows.iter().enumerate().map(|row| Value::Number(number(row))).collect()),
    ]
}

fn grouping(rows: &[Row]) -> Grouping {
    Grouping { of: rows.iter().map(|row| row.group).collect(), count: GROUPS }
}

fn counted(rows: &[Row]) -> Vec<bool> {
    rows.iter().map(|row| row.counts).collect()
}

fn computed(function: &GroupFunction, rows: &[Row], operand: &Operand) -> Answer {
    let (grouping, counted) = (grouping(rows), counted(rows));
    compute(function, grouping.members(Some(&counted)), Operands::Value(operand))
}

/// A figure as a reduced fraction; nothing when it is missing.
type Told = Result<Option<Rational>, FaultCode>;

fn told(figure: Result<Value, FaultCode>) -> Told {
    figure.map(|value| match value {
        Value::Number(number) => {
            let (numerator, denominator) = number.to_fraction();
            Some(Rational::new(numerator, denominator))
        }
        Value::Missing => None,
        other => panic!("no number: {other:?}"),
    })
}

/// The figure of every row in a group; a row in none is missing.
fn figures(function: &GroupFunction, rows: &[Row], operand: &Operand) -> Vec<Told> {
    let answer = computed(function, rows, operand);
    let figure = |(at, row): (u32, &Row)| match row.group {
        NO_GROUP => Ok(None),
        group => told(answer.figure(at, group)),
    };
    (0..).zip(rows).map(figure).collect()
}

fn ratio(numerator: usize, denominator: usize) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

/// The values of those who count in a group.
fn values_in(rows: &[Row], group: u32) -> Vec<Rational> {
    rows.iter().filter(|row| row.is_in(group)).map(|row| row.exact()).collect()
}

/// Every function but seats.
fn functions() -> Vec<GroupFunction> {
    use crate::plan::{PercentileKind as Kind, Ties};
    let directions = [Direction::Ascending, Direction::Descending];
    let ties = [Ties::Minimum, Ties::Maximum, Ties::Average, Ties::Dense];
    let kinds = [Kind::Rank, Kind::Weak, Kind::Strict, Kind::Mean];
    let mut functions = vec![
        GroupFunction::Share,
        GroupFunction::Sum,
        GroupFunction::Average,
        GroupFunction::Count,
        GroupFunction::Minimum,
        GroupFunction::Maximum,
        GroupFunction::Median,
        GroupFunction::Deviation,
    ];
    for direction in directions {
        functions.push(GroupFunction::CumulativeShare { direction });
        functions.extend(ties.map(|ties| GroupFunction::Rank { direction, ties }));
        functions.extend(kinds.map(|kind| GroupFunction::Percentile { kind, direction }));
    }
    functions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Rows in another sequence have the same figures.
    #[test]
    fn permuting_rows_permutes_answers(
        (rows, shuffled) in rows().prop_flat_map(|rows| {
            let tagged: Vec<_> = rows.iter().copied().enumerate().collect();
            (Just(rows), Just(tagged).prop_shuffle())
        }),
    ) {
        let moved: Vec<Row> = shuffled.iter().map(|(_, row)| *row).collect();
        for function in functions() {
            for (operand, moved_operand) in operands(&rows).iter().zip(&operands(&moved)) {
                let figures_before = figures(&function, &rows, operand);
                let figures_after = figures(&function, &moved, moved_operand);
                for ((from, _), after) in shuffled.iter().zip(&figures_after) {
                    prop_assert_eq!(&figures_before[*from], after, "{:?}", function);
                }
            }
        }
    }

    /// How numbers are held makes no difference.
    #[test]
    fn integers_and_values_have_the_same_figures(rows in rows()) {
        let [integers, values] = operands(&rows);
        for function in functions() {
            prop_assert_eq!(figures(&function, &rows, &integers), figures(&function, &rows, &values), "{:?}", function);
        }
    }
}
