//! Agreement against its definitions, computed another way: over every pair, from deviations about means, by counting.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

use std::collections::BTreeMap;

use kaohe::number::{Number, RoundingMode};
use kaohe::ratings::RatingTable;
use kaohe::ratings::agreement::{Agreement, Incomplete, Intraclass, Level, MeanSquares, Measure, alpha, concordance};
use num_bigint::BigInt;
use num_rational::Ratio;
use proptest::prelude::*;

type Q = Ratio<BigInt>;

/// Ratings by ratee and rater; one may be missing.
type Cells = Vec<Vec<Option<i64>>>;

fn table(cells: &Cells, places: u8) -> RatingTable {
    let number = |units: i64| Number::from_parts(units.into(), places);
    let all = cells.iter().enumerate().flat_map(|(ratee, row)| {
        row.iter().enumerate().map(move |(rater, units)| (format!("e{ratee}"), format!("r{rater}"), units.map(number)))
    });
    RatingTable::new(all).unwrap()
}

fn whole(value: i64) -> Q {
    Q::from_integer(value.into())
}

fn exact(number: &Number) -> Q {
    let (numerator, denominator) = number.to_fraction();
    Q::new(numerator, denominator)
}

fn sum(values: impl IntoIterator<Item = Q>) -> Q {
    values.into_iter().fold(whole(0), |total, value| total + value)
}

fn mean(values: &[Q]) -> Q {
    sum(values.iter().cloned()) / whole(values.len() as i64)
}

fn square(value: Q) -> Q {
    value.clone() * value
}

/// Alpha by the coincidences of values, as the source writes it.
fn alpha_by_pairs(cells: &Cells, level: Level) -> Option<Q> {
    let units: Vec<Vec<i64>> =
        cells.iter().map(|row| row.iter().flatten().copied().collect::<Vec<_>>()).filter(|row| row.len() > 1).collect();
    let mut coincidences: BTreeMap<(i64, i64), Q> = BTreeMap::new();
    for unit in &units {
        for (i, a) in unit.iter().enumerate() {
            for (j, b) in unit.iter().enumerate() {
                if i != j {
                    *coincidences.entry((*a, *b)).or_insert_with(|| whole(0)) +=
                        Q::new(1.into(), (unit.len() as i64 - 1).into());
                }
            }
        }
    }
    let mut marginals: BTreeMap<i64, Q> = BTreeMap::new();
    for ((a, _), count) in &coincidences {
        *marginals.entry(*a).or_insert_with(|| whole(0)) += count;
    }
    let n = sum(marginals.values().cloned());
    let delta = |a: i64, b: i64| match level {
        Level::Nominal => whole(i64::from(a != b)),
        Level::Interval => square(whole(a - b)),
        Level::Ratio if a == b => whole(0),
        Level::Ratio => square(Q::new((a - b).into(), (a + b).into())),
        Level::Ordinal => {
            let (low, high) = (a.min(b), a.max(b));
            let between = sum(marginals.range(low..=high).map(|(_, count)| count.clone()));
            square(between - (marginals[&low].clone() + marginals[&high].clone()) / whole(2))
        }
    };
    let observed = sum(coincidences.iter().map(|((a, b), count)| count * delta(*a, *b)));
    let mut expected = whole(0);
    for (a, count) in &marginals {
        for (b, also) in &marginals {
            expected += count * also * delta(*a, *b);
        }
    }
    (expected != whole(0)).then(|| whole(1) - (n - whole(1)) * observed / expected)
}

/// The six forms from deviations about means.
fn intraclass_by_deviations(cells: &[Vec<i64>]) -> [Option<Q>; 6] {
    let (n, k) = (cells.len() as i64, cells[0].len() as i64);
    let at = |i: usize, j: usize| whole(cells[i][j]);
    let all: Vec<Q> = cells.iter().flatten().map(|value| whole(*value)).collect();
    let grand = mean(&all);
    let rows: Vec<Q> =
        cells.iter().map(|row| mean(&row.iter().map(|value| whole(*value)).collect::<Vec<_>>())).collect();
    let columns: Vec<Q> =
        (0..k as usize).map(|j| mean(&(0..n as usize).map(|i| at(i, j)).collect::<Vec<_>>())).collect();
    let b = whole(k) * sum(rows.iter().map(|row| square(row - &grand))) / whole(n - 1);
    let j = whole(n) * sum(columns.iter().map(|column| square(column - &grand))) / whole(k - 1);
    let pairs = || (0..n as usize).flat_map(|i| (0..k as usize).map(move |j| (i, j)));
    let w = sum(pairs().map(|(i, j)| square(at(i, j) - &rows[i]))) / whole(n * (k - 1));
    let e = sum(pairs().map(|(i, j)| square(at(i, j) - &rows[i] - &columns[j] + &grand))) / whole((n - 1) * (k - 1));
    let over = |top: Q, bottom: Q| (bottom > whole(0)).then(|| top / bottom);
    let rest = |noise: &Q| noise * whole(k - 1);
    let severity = (&j - &e) / whole(n);
    [
        over(&b - &w, &b + rest(&w)),
        over(&b - &e, &b + rest(&e) + whole(k) * &severity),
        over(&b - &e, &b + rest(&e)),
        over(&b - &w, b.clone()),
        over(&b - &e, &b + &severity),
        over(&b - &e, b.clone()),
    ]
}

/// W from ranks that are counted: one more than those below, and half of one's equals.
fn concordance_by_counting(cells: &[Vec<i64>]) -> Option<Q> {
    let (n, m) = (cells.len(), cells[0].len());
    let mut sums = vec![whole(0); n];
    let mut ties = 0;
    for j in 0..m {
        let column: Vec<i64> = cells.iter().map(|row| row[j]).collect();
        for (i, value) in column.iter().enumerate() {
            let below = column.iter().filter(|other| *other < value).count() as i64;
            let equal = column.iter().filter(|other| *other == value).count() as i64;
            sums[i] += Q::new((2 * below + equal + 1).into(), 2.into());
            // each of t equals adds t² − 1, so all of them t³ − t
            ties += equal * equal - 1;
        }
    }
    let middle = mean(&sums);
    let s = sum(sums.iter().map(|each| square(each - &middle)));
    let (n, m) = (n as i64, m as i64);
    let most = whole(m * m * (n * n * n - n) - m * ties);
    (most != whole(0)).then(|| whole(12) * s / most)
}

/// Tables with gaps; few values, so that many are equal.
fn sparse() -> impl Strategy<Value = Cells> {
    (1..7_usize, 1..6_usize, 1..12_i64).prop_flat_map(|(ratees, raters, top)| {
        let cell = prop_oneof![3 => (0..=top).prop_map(Some), 1 => Just(None)];
        prop::collection::vec(prop::collection::vec(cell, raters), ratees)
    })
}

fn complete() -> impl Strategy<Value = Vec<Vec<i64>>> {
    (2..7_usize, 2..6_usize, 1..100_i64)
        .prop_flat_map(|(ratees, raters, top)| prop::collection::vec(prop::collection::vec(-top..=top, raters), ratees))
}

fn given(cells: &[Vec<i64>]) -> Cells {
    cells.iter().map(|row| row.iter().copied().map(Some).collect()).collect()
}

proptest! {
    /// Alpha is what the coincidences of all pairs make of it, whatever decimals the ratings have.
    #[test]
    fn alpha_is_that_of_all_pairs(cells in sparse(), places in 0..3_u8) {
        let table = table(&cells, places);
        for level in Level::ALL {
            let found = alpha(&table, level).ok().map(|number| exact(&number));
            prop_assert_eq!(found, alpha_by_pairs(&cells, level), "{:?}", level);
        }
    }

    /// Intraclass correlations follow from deviations about means.
    #[test]
    fn intraclass_correlations_are_those_of_deviations(cells in complete(), places in 0..3_u8) {
        let squares = MeanSquares::of(&table(&given(&cells), places), Incomplete::Refuse).unwrap();
        for (form, wanted) in Intraclass::ALL.into_iter().zip(intraclass_by_deviations(&cells)) {
            let found = squares.intraclass(form).ok().map(|number| exact(&number));
            prop_assert!(found.iter().all(|found| *found <= whole(1)));
            prop_assert_eq!(found, wanted, "{:?}", form);
        }
    }

    /// W follows from ranks that are counted, and lies between 0 and 1.
    #[test]
    fn concordance_is_that_of_counted_ranks(cells in complete(), few in 1..4_i64) {
        // fewer different values, so that ranks are shared
        let cells: Vec<Vec<i64>> = cells.iter().map(|row| row.iter().map(|value| value.rem_euclid(few + 1)).collect()).collect();
        let found = concordance(&table(&given(&cells), 0), Incomplete::Refuse).ok().map(|number| exact(&number));
        prop_assert!(found.iter().all(|found| (whole(0)..=whole(1)).contains(found)));
        prop_assert_eq!(found, concordance_by_counting(&cells));
    }

    /// Who stands where in the table does not matter.
    #[test]
    fn order_does_not_matter(cells in sparse(), turn in 0..100_usize) {
        let mut rows: Vec<_> = table(&cells, 1).ratings().iter().map(|rating| {
            (format!("e{}", rating.ratee()), format!("r{}", rating.rater()), rating.value().cloned())
        }).collect();
        let of = |rows: &[(String, String, Option<Number>)]| {
            let agreement = Agreement::of(&RatingTable::new(rows.to_vec()).unwrap(), Incomplete::LeaveOut);
            Measure::ALL.map(|measure| agreement.get(measure).cloned().map_err(|error| error.code))
        };
        let before = of(&rows);
        let length = rows.len();
        rows.rotate_left(turn % length);
        rows.reverse();
        prop_assert_eq!(before, of(&rows));
    }

    /// To leave ratees out is to be given the others only.
    #[test]
    fn leaving_out_is_not_being_given(cells in sparse()) {
        let agreement = Agreement::of(&table(&cells, 0), Incomplete::LeaveOut);
        let whole: Cells = cells.iter().filter(|row| row.iter().all(Option::is_some)).cloned().collect();
        prop_assert_eq!(agreement.left_out().len(), cells.len() - whole.len());
        for measure in Measure::ALL.into_iter().filter(|measure| !matches!(measure, Measure::Alpha(_))) {
            let found = agreement.get(measure).cloned().ok();
            let alone = if whole.is_empty() {
                None
            } else {
                Agreement::of(&table(&whole, 0), Incomplete::Refuse).get(measure).cloned().ok()
            };
            prop_assert_eq!(found, alone);
        }
    }
}

/// The example of "Computing Krippendorff's alpha-reliability": four observers, twelve units, 0 where one is missing.
#[test]
fn alpha_of_krippendorffs_example() {
    let observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ];
    let cells: Cells = (0..12)
        .map(|unit| observers.iter().map(|row| if row[unit] == 0 { None } else { Some(row[unit]) }).collect())
        .collect();
    let table = table(&cells, 0);
    let shown = |level| alpha(&table, level).unwrap().round(3, RoundingMode::HalfUp).to_string();
    assert_eq!(Level::ALL.map(shown), ["0.743", "0.815", "0.849", "0.797"]);
}

#[test]
fn what_has_no_meaning_has_a_code() {
    let codes = |cells: &[&[i64]]| {
        let cells: Vec<Vec<i64>> = cells.iter().map(|row| row.to_vec()).collect();
        let agreement = Agreement::of(&table(&given(&cells), 0), Incomplete::Refuse);
        Measure::ALL.map(|measure| agreement.get(measure).err().map_or("", |error| error.code.id()))
    };
    // one rater
    assert_eq!(codes(&[&[1], &[2]]), ["K1023"; 11]);
    // one ratee: alpha has pairs, and they differ
    let one = codes(&[&[1, 2]]);
    assert_eq!((one[0], one[10], &one[6..10]), ("K1023", "K1023", &["", "", "", ""][..]));
    // nothing differs
    assert_eq!(codes(&[&[3, 3], &[3, 3]]), ["K1024"; 11]);
    // raters differ, ratees do not: what is divided by the difference between ratees has no value
    let flat = codes(&[&[1, 2], &[1, 2]]);
    assert_eq!(&flat[..6], ["", "", "K1024", "K1024", "", "K1024"]);
    assert_eq!(flat[10], "K1024");
    // neither ratees nor raters differ on the whole, so the divisor of ICC(2,k) is negative
    assert_eq!(codes(&[&[1, 2], &[2, 1]])[4], "K1024");
    // below zero there are no proportions
    assert_eq!(codes(&[&[-1, 2], &[2, 1]])[9], "K0903");
}

#[test]
fn the_ratio_level_stops_before_it_takes_long() {
    let many = |step: i64| {
        let cells: Cells = (1..=6000).map(|at| vec![Some(at * step + at % 7), Some(at * step)]).collect();
        alpha(&table(&cells, 2), Level::Ratio).map_err(|error| error.code.id())
    };
    assert_eq!(many(1_000_003), Err("K0009"));
    let marks: Cells = (0..=1000).map(|at| vec![Some(at), Some((at * 7) % 1001)]).collect();
    assert!(alpha(&table(&marks, 1), Level::Ratio).is_ok());
}

#[test]
fn big_integers_are_no_exception() {
    let large = 9_999_999_999_999_999;
    let cells = vec![vec![large, large - 1], vec![-large, 1 - large], vec![0, 1]];
    let squares = MeanSquares::of(&table(&given(&cells), 0), Incomplete::Refuse).unwrap();
    for (form, wanted) in Intraclass::ALL.into_iter().zip(intraclass_by_deviations(&cells)) {
        assert_eq!(squares.intraclass(form).ok().map(|number| exact(&number)), wanted);
    }
}
