//! Apportionment and seats: the laws they keep, and cases a reader can follow.

use std::sync::Arc;

use num_traits::{One as _, Signed as _, ToPrimitive as _};
use proptest::prelude::*;

use super::super::seats::{SeatedGrade, SeatedGroup};
use super::super::{Members, Seat, SeatOperands, Seated, at_most, largest_remainder};
use super::*;
use crate::plan::{ColumnId, Quota, QuotaMethod, QuotaOf, Seats, TiesAtCut};
use crate::value::WordList;

const METHODS: [QuotaMethod; 2] = [QuotaMethod::Shares, QuotaMethod::AtMost];
const TIES: [TiesAtCut; 3] = [TiesAtCut::AllUp, TiesAtCut::AllDown, TiesAtCut::Error];

fn number(exact: &Rational) -> Number {
    Number::from_ratio(exact.numer().clone(), exact.denom().clone()).unwrap()
}

/// Shares that total exactly 1.
fn shares() -> impl Strategy<Value = Vec<Rational>> {
    prop::collection::vec(0_u32..9, 1..6).prop_filter_map("all zero", |weights| {
        let total: u32 = weights.iter().sum();
        (total > 0).then(|| weights.iter().map(|weight| ratio(*weight as usize, total as usize)).collect())
    })
}

proptest! {
    /// Every seat is given, and nobody is a whole seat away from the exact share.
    #[test]
    fn the_largest_remainder_gives_every_seat(total in 0_u32..10_000, shares in shares()) {
        let numbers: Vec<Number> = shares.iter().map(number).collect();
        let seats = largest_remainder(total.into(), &numbers);
        prop_assert_eq!(seats.iter().sum::<u128>(), u128::from(total));
        let remainders: Vec<Rational> = seats
            .iter()
            .zip(&shares)
            .map(|(seats, share)| Rational::from(BigInt::from(*seats)) - share * BigInt::from(total))
            .collect();
        prop_assert!(remainders.iter().all(|over| over.abs() < Rational::one()), "{:?}", seats);
        // whoever was rounded up had no smaller remainder than who was not, and an equal one only when he is earlier
        for (up, over) in remainders.iter().enumerate().filter(|(_, over)| over.is_positive()) {
            for (down, under) in remainders.iter().enumerate().filter(|(_, over)| !over.is_positive()) {
                let (gained, lost) = (Rational::one() - over, -under);
                prop_assert!(gained > lost || (gained == lost && up < down), "{:?}", seats);
            }
        }
        // proportion is all that counts
        let hundredfold: Vec<Number> = numbers.iter().map(|share| share.multiply(&Number::HUNDRED)).collect();
        prop_assert_eq!(largest_remainder(total.into(), &hundredfold), seats);
    }

    /// A floor is never above the share, and less than one below.
    #[test]
    fn at_most_is_never_above_the_share(total in 0_u32..10_000, shares in shares()) {
        let numbers: Vec<Number> = shares.iter().map(number).collect();
        for (seats, share) in at_most(total.into(), &numbers).into_iter().zip(&shares) {
            let under = share * BigInt::from(total) - Rational::from(BigInt::from(seats));
            prop_assert!(!under.is_negative() && under < Rational::one());
        }
    }
}

#[test]
fn equal_remainders_go_to_the_better_grade() {
    let halves = ["0.25", "0.25", "0.5"].map(|share| Number::parse(share).unwrap());
    assert_eq!(largest_remainder(2, &halves), [1, 0, 1]);
    // money: more cents than a machine word counts
    assert_eq!(largest_remainder(u128::MAX, &[Number::ONE, Number::ONE]), [u128::MAX / 2 + 1, u128::MAX / 2]);
    assert_eq!(largest_remainder(5, &[Number::ZERO, Number::ZERO]), [0, 0]);
    assert_eq!(largest_remainder(5, &[]), []);
}

/// Grades of a ladder in which position 0 is the state of who is not graded and the largest is the best.
fn seats(shares: &[Rational], method: QuotaMethod, ties_at_cut: TiesAtCut, order: &[Direction]) -> Seats {
    let count = u32::try_from(shares.len()).unwrap();
    Seats {
        ladder: Arc::new(WordList { words: Vec::new(), ordered: true }),
        grades: (1..=count).rev().collect(),
        order: order.iter().map(|direction| (ColumnId(0), *direction)).collect(),
        eligible: vec![None; shares.len()].into(),
        quota: Quota { of: QuotaOf::Graded, method, shares: shares.iter().map(number).collect(), ties_at_cut },
        smaller: None,
    }
}

fn given(seats: &Seats, members: Members<'_>, operands: &SeatOperands<'_>) -> Seated {
    match compute(&GroupFunction::Seats(Box::new(seats.clone())), members, Operands::Seats(operands)) {
        Answer::Seats(seated) => seated,
        other => panic!("no seats: {other:?}"),
    }
}

/// People of one scheme: rows, a second key, and which grades each may have.
#[derive(Debug, Clone)]
struct People {
    rows: Vec<Row>,
    second: Vec<i64>,
    /// For each grade, who may have it.
    eligible: Vec<Option<Vec<bool>>>,
}

impl People {
    fn seated(&self, seats: &Seats, distinct: bool) -> Seated {
        let (grouping, counted) = (grouping(&self.rows), counted(&self.rows));
        let [first, _] = operands(&self.rows);
        let second = Operand::Values(self.second.iter().map(|key| Value::Number((*key).into())).collect());
        let id = Operand::Integers { mantissas: std::sync::Arc::new((0..).take(self.rows.len()).collect()), places: 0 };
        let order = [&first, &second, &id];
        let eligible: Vec<_> = self.eligible.iter().map(Option::as_deref).collect();
        let operands = SeatOperands {
            order: &order[..if distinct { 3 } else { 2 }],
            eligible: &eligible,
            sizes: &(0..GROUPS).map(|group| self.size(group)).collect::<Vec<_>>(),
            smaller: None,
        };
        given(seats, grouping.members(Some(&counted)), &operands)
    }

    /// How many are in a group, counted or not.
    fn size(&self, group: u32) -> u32 {
        u32::try_from(self.rows.iter().filter(|row| row.group == group).count()).unwrap()
    }

    /// What orders a row: the largest first, then the smallest second key.
    fn key(&self, at: usize) -> (std::cmp::Reverse<i64>, i64) {
        (std::cmp::Reverse(self.rows[at].value), self.second[at])
    }

    fn in_group(&self, group: u32) -> Vec<usize> {
        (0..self.rows.len()).filter(|at| self.rows[*at].is_in(group)).collect()
    }

    fn may(&self, grade: usize, at: usize) -> bool {
        self.eligible[grade].as_ref().is_none_or(|may| may[at])
    }
}

const ORDER: [Direction; 2] = [Direction::Descending, Direction::Ascending];
const DISTINCT: [Direction; 3] = [Direction::Descending, Direction::Ascending, Direction::Ascending];

/// People, and shares of as many grades as they may have; `restricted` when not everybody may have all.
fn people(restricted: bool) -> impl Strategy<Value = (People, Vec<Rational>)> {
    (rows(), shares()).prop_flat_map(move |(rows, shares)| {
        let count = rows.len();
        let second = prop::collection::vec(0_i64..3, count);
        let may = prop::collection::vec(any::<bool>(), count);
        let one = if restricted { prop::option::weighted(0.6, may).boxed() } else { Just(None).boxed() };
        let eligible = prop::collection::vec(one, shares.len());
        (second, eligible)
            .prop_map(move |(second, eligible)| (People { rows: rows.clone(), second, eligible }, shares.clone()))
    })
}

/// The best-first index of a grade.
fn rung(shares: &[Rational], seat: Seat) -> Option<usize> {
    match seat {
        Seat::Grade(position) => Some(shares.len() - position as usize),
        _ => None,
    }
}

proptest! {
    /// Without equals and conditions the quota is what is seated, in order.
    #[test]
    fn seats_are_the_quota((people, shares) in people(false), of in prop::sample::select(vec![QuotaOf::Graded, QuotaOf::All])) {
        for (method, ties) in METHODS.into_iter().flat_map(|method| TIES.map(|ties| (method, ties))) {
            let mut seats = seats(&shares, method, ties, &DISTINCT);
            seats.quota.of = of;
            let seated = people.seated(&seats, true);
            for (group, told) in (0..GROUPS).zip(&seated.groups) {
                let mut order = people.in_group(group);
                order.sort_by_key(|at| (people.key(*at), *at));
                let base = if of == QuotaOf::All { people.size(group) } else { u32::try_from(order.len()).unwrap() };
                let exact = told.grades.iter().map(|grade| grade.quota.into());
                let wanted = match method {
                    QuotaMethod::Shares => largest_remainder(base.into(), &seats.quota.shares),
                    QuotaMethod::AtMost => at_most(base.into(), &seats.quota.shares),
                };
                prop_assert_eq!(exact.collect::<Vec<u128>>(), wanted.clone());
                prop_assert_eq!((told.base, told.graded as usize, told.smaller), (base, order.len(), false));
                let mut order = order.into_iter().enumerate();
                for (rung_of, (grade, quota)) in told.grades.iter().zip(wanted).enumerate() {
                    let is_last = rung_of + 1 == shares.len();
                    let taken: Vec<_> = order.by_ref().take(if is_last { usize::MAX } else { quota.to_usize().unwrap() }).collect();
                    for (before, at) in &taken {
                        prop_assert_eq!(rung(&shares, seated.rows[*at]), Some(rung_of));
                        prop_assert_eq!(seated.places[*at] as usize, before + 1);
                    }
                    prop_assert_eq!(grade.last.map(|row| row as usize), taken.last().map(|(_, at)| *at));
                    prop_assert_eq!(grade.seated as usize, taken.len());
                    let share = &shares[rung_of] * BigInt::from(base);
                    prop_assert_eq!(grade.beyond_share, ratio(taken.len(), 1) > share);
                }
            }
        }
    }

    /// Whatever the conditions and equals: nobody has a grade he may not have, everybody graded has one or a reason,
    /// and what is told of the seats is what was given.
    #[test]
    fn nobody_is_seated_where_he_may_not_be((people, shares) in people(true)) {
        for (method, ties) in METHODS.into_iter().flat_map(|method| TIES.map(|ties| (method, ties))) {
            let seated = people.seated(&seats(&shares, method, ties, &ORDER), false);
            for (at, (row, seat)) in people.rows.iter().zip(&seated.rows).enumerate() {
                prop_assert_eq!(*seat == Seat::NotGraded, !(row.group != NO_GROUP && row.counts));
                if let Some(grade) = rung(&shares, *seat) {
                    prop_assert!(people.may(grade, at));
                }
                // the last grade takes everybody who remains
                if *seat == Seat::NotEligible {
                    prop_assert!(!people.may(shares.len() - 1, at));
                }
                prop_assert!(*seat != Seat::TiedAtCut || ties == TiesAtCut::Error);
            }
            for (group, told) in (0..GROUPS).zip(&seated.groups) {
                for (grade, told) in told.grades.iter().enumerate() {
                    let has = |at: &usize| rung(&shares, seated.rows[*at]) == Some(grade);
                    let count = people.in_group(group).into_iter().filter(has).count();
                    prop_assert_eq!(told.seated as usize, count);
                    if ties != TiesAtCut::AllUp {
                        prop_assert!(told.seated <= told.seats);
                    }
                }
            }
        }
    }

    /// Who comes before another and may have every grade he may have is never worse off; equals are equal.
    #[test]
    fn the_better_is_never_worse_off((people, shares) in people(true)) {
        for (method, ties) in METHODS.into_iter().flat_map(|method| TIES.map(|ties| (method, ties))) {
            let seated = people.seated(&seats(&shares, method, ties, &ORDER), false);
            for group in 0..GROUPS {
                let rows = people.in_group(group);
                for (better, worse) in rows.iter().flat_map(|a| rows.iter().map(move |b| (*a, *b))) {
                    let is_free = (0..shares.len()).all(|grade| people.may(grade, better) || !people.may(grade, worse));
                    if people.key(better) > people.key(worse) || !is_free {
                        continue;
                    }
                    match (rung(&shares, seated.rows[better]), rung(&shares, seated.rows[worse])) {
                        (Some(of_better), Some(of_worse)) => prop_assert!(of_better <= of_worse),
                        (None, Some(_)) => prop_assert_eq!(seated.rows[better], Seat::TiedAtCut),
                        _ => {}
                    }
                    prop_assert!(people.key(better) < people.key(worse) || seated.places[better] == seated.places[worse]);
                    prop_assert!(seated.places[better] <= seated.places[worse]);
                }
            }
        }
    }

    /// An error at a cut is told to those it concerns; the others have what they have when all of them go down.
    #[test]
    fn an_error_at_a_cut_moves_nobody_else((people, shares) in people(true)) {
        for method in METHODS {
            let down = people.seated(&seats(&shares, method, TiesAtCut::AllDown, &ORDER), false);
            let error = people.seated(&seats(&shares, method, TiesAtCut::Error, &ORDER), false);
            for (down, error) in down.rows.iter().zip(&error.rows) {
                prop_assert!(down == error || *error == Seat::TiedAtCut);
            }
        }
    }

    /// Rows in another sequence have the same grades, equals or not.
    #[test]
    fn permuting_rows_permutes_grades(
        (people, shares, shuffled) in people(true).prop_flat_map(|(people, shares)| {
            let sequence = Just((0..people.rows.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(people), Just(shares), sequence)
        }),
    ) {
        let moved = People {
            rows: shuffled.iter().map(|at| people.rows[*at]).collect(),
            second: shuffled.iter().map(|at| people.second[*at]).collect(),
            eligible: people
                .eligible
                .iter()
                .map(|may| may.as_ref().map(|may| shuffled.iter().map(|at| may[*at]).collect()))
                .collect(),
        };
        for (method, ties) in METHODS.into_iter().flat_map(|method| TIES.map(|ties| (method, ties))) {
            let seats = seats(&shares, method, ties, &ORDER);
            let (before, after) = (people.seated(&seats, false), moved.seated(&seats, false));
            for (at, from) in shuffled.iter().enumerate() {
                prop_assert_eq!((before.rows[*from], before.places[*from]), (after.rows[at], after.places[at]));
            }
        }
    }
}

/// One group ordered by one column, the largest first.
fn seated(values: &[i64], seats: &Seats, eligible: &[Option<&[bool]>], smaller: Option<&[Value]>) -> Seated {
    let whole = Grouping::whole(values.len(), |_| false);
    let operand = Operand::Integers { mantissas: std::sync::Arc::new(values.to_vec()), places: 0 };
    let operands = SeatOperands { order: &[&operand], eligible, sizes: &[], smaller };
    given(seats, whole.members(None), &operands)
}

fn one_column(shares: &[&str], method: QuotaMethod, ties: TiesAtCut) -> Seats {
    let shares: Vec<_> = shares
        .iter()
        .map(|share| {
            let (numerator, denominator) = Number::parse(share).unwrap().to_fraction();
            Rational::new(numerator, denominator)
        })
        .collect();
    seats(&shares, method, ties, &[Direction::Descending])
}

/// The grades of people as digits, the best 1; `-` for nobody's.
fn grades(seated: &Seated) -> String {
    let count = u32::try_from(seated.groups[0].grades.len()).unwrap();
    let digit = |seat: &Seat| match seat {
        Seat::Grade(position) => char::from_digit(count - position + 1, 10).unwrap(),
        Seat::NotEligible => '-',
        Seat::TiedAtCut => '=',
        Seat::NotGraded => '.',
    };
    seated.rows.iter().map(digit).collect()
}

#[test]
fn seventy_one_people_have_fourteen_thirty_six_and_twenty_one_seats() {
    // R28: senior, intermediate and junior of 71
    let values: Vec<i64> = (0..71).collect();
    let seats = one_column(&["0.2", "0.5", "0.3"], QuotaMethod::Shares, TiesAtCut::Error);
    let [group] = &seated(&values, &seats, &[], None).groups[..] else { panic!("one group") };
    let seated_of = |group: &SeatedGroup| group.grades.iter().map(|grade| grade.seated).collect::<Vec<_>>();
    assert_eq!(seated_of(group), [14, 36, 21]);
    // 36 of 71 is 50.70 %
    assert_eq!(group.grades.iter().map(|grade| grade.beyond_share).collect::<Vec<_>>(), [false, true, false]);
    // the cut of the best grade is the fourteenth largest
    assert_eq!(group.grades[0].last, Some(57));

    let seats = one_column(&["0.2", "0.5", "0.3"], QuotaMethod::AtMost, TiesAtCut::Error);
    let [group] = &seated(&values, &seats, &[], None).groups[..] else { panic!("one group") };
    assert_eq!(seated_of(group), [14, 35, 22]);
    assert_eq!(group.grades.iter().map(|grade| grade.quota).collect::<Vec<_>>(), [14, 35, 21]);
}

#[test]
fn equals_at_a_cut_go_up_down_or_nowhere() {
    let shares = ["0.2", "0.3", "0.5"];
    // two, three and five seats; the cut goes through three eights
    let values = [9, 8, 8, 8, 7, 6, 5, 4, 3, 2];
    let with = |ties| seated(&values, &one_column(&shares, QuotaMethod::Shares, ties), &[], None);
    let up = with(TiesAtCut::AllUp);
    // four have the best grade, so there is one seat left of five
    assert_eq!(grades(&up), "1111233333");
    let told =
        |seats, seated, last| SeatedGrade { quota: 2, seats, seated, last: Some(last), beyond_share: seated > 2 };
    assert_eq!(up.groups[0].grades[0], told(2, 4, 3));
    assert_eq!(up.groups[0].grades[1].seats, 1);
    let down = with(TiesAtCut::AllDown);
    // one has the best grade, so there are four seats for the next
    assert_eq!(grades(&down), "1222233333");
    assert_eq!(down.groups[0].grades[0], told(2, 1, 0));
    assert_eq!(down.groups[0].grades[1].seats, 4);
    let error = with(TiesAtCut::Error);
    assert_eq!(grades(&error), "1===233333");
    assert_eq!(error.places, [1, 2, 2, 2, 5, 6, 7, 8, 9, 10]);
}

#[test]
fn what_equals_take_in_excess_is_deducted_from_every_next_grade() {
    // one seat each; four equals take three and one more is owed
    let seats = one_column(&["0.2", "0.2", "0.2", "0.2", "0.2"], QuotaMethod::Shares, TiesAtCut::AllUp);
    assert_eq!(grades(&seated(&[9, 9, 9, 9, 1], &seats, &[], None)), "11115");
}

#[test]
fn unfilled_seats_flow_down_past_who_may_not_have_them() {
    let seats = one_column(&["0.5", "0.25", "0.25"], QuotaMethod::Shares, TiesAtCut::Error);
    // only the third and fourth may have the best grade, and the last person may have nothing below it
    let best = [false, false, true, true];
    assert_eq!(grades(&seated(&[9, 8, 7, 6], &seats, &[Some(&best), None, None], None)), "2311");
    // one seat of the best grade goes to nobody, so there are two of the next
    let best = [false, false, true, false];
    assert_eq!(grades(&seated(&[9, 8, 7, 6], &seats, &[Some(&best), None, None], None)), "2213");
    let none = [true, true, true, false];
    let eligible: [Option<&[bool]>; 3] = [Some(&none); 3];
    assert_eq!(grades(&seated(&[9, 8, 7, 6], &seats, &eligible, None)), "112-");
    // equal to the last inside, but not eligible: no tie
    assert_eq!(grades(&seated(&[9, 8, 7, 8], &seats, &[Some(&none), None, None], None)), "1132");
}

#[test]
fn a_small_group_has_the_grades_stated_for_it() {
    let mut seats = one_column(&["0.5", "0.5"], QuotaMethod::Shares, TiesAtCut::Error);
    seats.smaller = Some((4, ColumnId(0)));
    let stated = [Value::Choice(2), Value::Choice(2), Value::Missing];
    let small = seated(&[9, 8, 7], &seats, &[], Some(&stated));
    assert_eq!(grades(&small), "11-");
    assert_eq!(small.places, [1, 2, 3]);
    assert!(small.groups[0].smaller);
    assert_eq!(small.groups[0].grades.iter().map(|grade| grade.seated).collect::<Vec<_>>(), [2, 0]);
    // four are no longer fewer than four
    let stated = vec![Value::Choice(2); 4];
    assert_eq!(grades(&seated(&[9, 8, 7, 6], &seats, &[], Some(&stated))), "1122");
}

#[test]
fn nobody_graded_is_no_fault() {
    let seats = one_column(&["0.5", "0.5"], QuotaMethod::AtMost, TiesAtCut::Error);
    let empty = seated(&[], &seats, &[], None);
    assert_eq!(empty.groups[0].graded, 0);
    assert!(empty.groups[0].grades.iter().all(|grade| grade.seated == 0 && !grade.beyond_share));
}
