//! Money shared out, against a definition in plain fractions that does it the slow way round.

use num_bigint::BigInt;
use proptest::prelude::*;

use super::super::{AllotOperands, Allotted, Grouping, Operand, allot};
use super::Rational;
use crate::number::Number;
use crate::plan::{Allot, ColumnId};
use crate::value::Value;

/// Somebody with a key in hundredths and a most in cents.
#[derive(Debug, Clone, Copy)]
struct Person {
    key: u32,
    most: Option<u32>,
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let key = prop_oneof![2 => Just(0_u32), 6 => 1_u32..20, 3 => 1_u32..1_000_000];
    let most = prop_oneof![3 => Just(None), 4 => (0_u32..50).prop_map(Some), 3 => (0_u32..100_000).prop_map(Some)];
    prop::collection::vec((key, most).prop_map(|(key, most)| Person { key, most }), 1..25)
}

/// What the library makes of it, in cents, by the place of the people in `people`; `order` is who comes before whom.
fn shared(amount: u32, people: &[Person], order: &[usize], redistribute: bool) -> Vec<u32> {
    let number = |value: u32| Value::Number(Number::from_parts(value.into(), 2));
    let grouping = Grouping::whole(people.len(), |_| false);
    let column = |of: &dyn Fn(usize) -> Value| Operand::of((0..people.len()).map(of).collect(), &grouping);
    let has_most = people.iter().any(|person| person.most.is_some());
    let amount = column(&|_| number(amount));
    let key = column(&|at| number(people[at].key));
    let limit = column(&|at| number(people[at].most.unwrap_or(u32::MAX)));
    let order = column(&|at| Value::Text(format!("{:04}", order[at]).into()));
    let spec = Allot {
        key: ColumnId(0),
        limit: has_most.then_some(ColumnId(0)),
        order: Some(ColumnId(0)),
        places: 2,
        redistribute,
        hold: true,
        awaited: Box::default(),
    };
    let operands = AllotOperands { amount: &amount, key: &key, limit: has_most.then_some(&limit), order: Some(&order) };
    let Allotted { rows, .. } = allot(&spec, grouping.members(None), &operands);
    let cents = |figure: &Result<Value, _>| match figure {
        Ok(Value::Number(number)) => u32::try_from(number.scaled(2).unwrap()).unwrap(),
        other => panic!("{other:?}"),
    };
    rows.iter().map(cents).collect()
}

/// Cents in proportion to keys: whole parts, and one more for the largest remainders, the earlier of equals first.
fn proportional(amount: u32, keys: &[u32], order: &[usize]) -> Vec<u32> {
    let total: u64 = keys.iter().map(|key| u64::from(*key)).sum();
    if total == 0 {
        return vec![0; keys.len()];
    }
    let exact = |key: u32| Rational::new(BigInt::from(amount) * key, BigInt::from(total));
    let mut portions: Vec<u32> = keys.iter().map(|key| u32::try_from(exact(*key).to_integer()).unwrap()).collect();
    for _ in portions.iter().sum::<u32>()..amount {
        let rest = |at: usize| exact(keys[at]) - Rational::from_integer(BigInt::from(portions[at]));
        let first = (0..keys.len()).max_by(|a, b| rest(*a).cmp(&rest(*b)).then(order[*b].cmp(&order[*a]))).unwrap();
        portions[first] += 1;
    }
    portions
}

/// Give everybody his exact part; whoever has more than his most is paid that and leaves; once more with what is left.
fn redistributed(amount: u32, people: &[Person], order: &[usize]) -> Vec<u32> {
    let mut paid: Vec<Option<u32>> = vec![None; people.len()];
    loop {
        let left = amount - paid.iter().flatten().sum::<u32>();
        let key = |at: usize| if paid[at].is_none() { people[at].key } else { 0 };
        let keys: Vec<u32> = (0..people.len()).map(key).collect();
        let total: u64 = keys.iter().map(|key| u64::from(*key)).sum();
        let passes = |at: usize| {
            let Some(most) = people[at].most.filter(|_| keys[at] > 0) else { return false };
            Rational::new(BigInt::from(left) * keys[at], BigInt::from(total)) > Rational::from_integer(most.into())
        };
        let passing: Vec<usize> = (0..people.len()).filter(|at| passes(*at)).collect();
        if passing.is_empty() {
            let rest = proportional(left, &keys, order);
            return paid.iter().zip(rest).map(|(paid, rest)| paid.unwrap_or(rest)).collect();
        }
        for at in passing {
            paid[at] = people[at].most;
        }
    }
}

fn with_order() -> impl Strategy<Value = (Vec<Person>, Vec<usize>)> {
    people().prop_flat_map(|people| {
        let order: Vec<usize> = (0..people.len()).collect();
        (Just(people), Just(order).prop_shuffle())
    })
}

proptest! {
    /// Without redistribution each is paid his part in cents, at most his most.
    #[test]
    fn each_is_paid_his_part_at_most_his_most((people, order) in with_order(), amount in 0_u32..2_000_000) {
        let keys: Vec<u32> = people.iter().map(|person| person.key).collect();
        let parts = proportional(amount, &keys, &order);
        let want: Vec<u32> =
            parts.iter().zip(&people).map(|(part, person)| (*part).min(person.most.unwrap_or(u32::MAX))).collect();
        prop_assert_eq!(shared(amount, &people, &order, false), want);
    }

    /// With it, what is left goes on to the others until nobody passes his most.
    #[test]
    fn what_is_left_over_goes_to_the_others((people, order) in with_order(), amount in 0_u32..2_000_000) {
        let paid = shared(amount, &people, &order, true);
        prop_assert_eq!(&paid, &redistributed(amount, &people, &order));
        let all: u64 = paid.iter().map(|paid| u64::from(*paid)).sum();
        prop_assert!(all <= u64::from(amount));
        let can_have_more = |(paid, person): (&u32, &Person)| person.key > 0 && person.most.is_none_or(|most| *paid < most);
        let all_have_their_most = !paid.iter().zip(&people).any(can_have_more);
        prop_assert!(all == u64::from(amount) || all_have_their_most);
    }

    /// The rows may stand in any order: who is paid what does not change.
    #[test]
    fn permuting_the_rows_permutes_what_is_paid((people, order) in with_order(), amount in 0_u32..100_000, redistribute: bool) {
        let paid = shared(amount, &people, &order, redistribute);
        let (turned, turned_order): (Vec<_>, Vec<_>) = people.iter().copied().zip(order).rev().unzip();
        let mut again = shared(amount, &turned, &turned_order, redistribute);
        again.reverse();
        prop_assert_eq!(paid, again);
    }
}

#[test]
fn of_nothing_nobody_is_paid() {
    let people = [Person { key: 3, most: None }, Person { key: 0, most: Some(5) }];
    assert_eq!(shared(0, &people, &[0, 1], true), [0, 0]);
}
