//! What holds of pools and deferrals whoever the people are: not a cent appears or vanishes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kaohe::number::Number;
use kaohe::{Data, Figure, Options, Row, Run, Scheme, Table};
use proptest::prelude::*;

/// A pool: for each claim its share in percent and whether it has a limit; what becomes of what is left over.
#[derive(Debug, Clone)]
struct Pool {
    claims: Vec<(u32, bool)>,
    over: &'static str,
    grouped: bool,
    proceeds: bool,
    /// What is carried over in cents, for each of the branches.
    carried: [u32; 3],
}

/// Somebody with a branch, a bonus and a key, in cents; nothing for a cell that is empty.
#[derive(Debug, Clone)]
struct Person {
    branch: usize,
    bonus: Option<u32>,
    key: Option<i32>,
    limit: u32,
    claims: bool,
}

const BRANCHES: [&str; 3] = ["东", "西", "南"];

fn pool() -> impl Strategy<Value = Pool> {
    let claims = prop_oneof![
        Just(vec![100]),
        (1_u32..100).prop_map(|share| vec![share, 100 - share]),
        (1_u32..50, 1_u32..50).prop_map(|(a, b)| vec![a, b, 100 - a - b]),
    ];
    let claims = claims.prop_flat_map(|shares| {
        let limits = prop::collection::vec(any::<bool>(), shares.len());
        limits.prop_map(move |limits| shares.iter().copied().zip(limits).collect::<Vec<_>>())
    });
    let over = prop::sample::select(vec!["carry", "redistribute", "next_claim"]);
    (claims, over, any::<bool>(), any::<bool>(), prop::array::uniform3(0_u32..100_000))
        .prop_map(|(claims, over, grouped, proceeds, carried)| Pool { claims, over, grouped, proceeds, carried })
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let bonus = prop_oneof![9 => (0_u32..2_000_000).prop_map(Some), 1 => Just(None)];
    let key = prop_oneof![12 => (0_i32..10_000).prop_map(Some), 1 => Just(None), 1 => Just(Some(-1))];
    let person = (0_usize..3, bonus, key, 0_u32..40_000, any::<bool>());
    let person = person.prop_map(|(branch, bonus, key, limit, claims)| Person { branch, bonus, key, limit, claims });
    prop_oneof![4 => prop::collection::vec(person.clone(), 1..12), 1 => prop::collection::vec(person, 12..40)]
}

/// People whose cells are all there and fine.
fn sound(mut people: Vec<Person>) -> Vec<Person> {
    for person in &mut people {
        person.bonus = person.bonus.or(Some(1));
        person.key = Some(person.key.unwrap_or(3).max(0));
    }
    people
}

fn cents(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn scheme(pool: &Pool) -> Scheme {
    let mut text = String::from(
        "kaohe: 1
scheme: 例
rounding: { money: 2 }
inputs:
  工号: { type: text, key: true }
  网点: { type: choice, values: [东, 西, 南] }
  奖金: { type: number, min: 0 }
  依据: { type: number }
  限额: { type: number, min: 0 }
  申请: { type: bool }
parameters:
",
    );
    let each: Vec<String> =
        BRANCHES.iter().zip(pool.carried).map(|(name, carried)| format!("{name}: {}", cents(carried))).collect();
    writeln!(text, "  上期: {{ by: [网点], values: {{ {} }} }}", each.join(", ")).unwrap();
    let adds = if pool.grouped { "上期[网点]".to_owned() } else { cents(pool.carried[0]) };
    write!(text, "pay:\n  计提: 奖金 * 7%\n  池:\n    pool:\n      takes: 计提\n      adds: {adds}\n      claims:\n")
        .unwrap();
    for (at, (share, limited)) in pool.claims.iter().enumerate() {
        // every other claim is for those who claim
        let when = if at.is_multiple_of(2) { "申请" } else { "非 申请" };
        let limit = if *limited { ", at_most: 限额 / 3" } else { "" };
        writeln!(text, "        - {{ name: 申请{at}, share: {share}%, when: {when}, key: 依据{limit} }}").unwrap();
    }
    writeln!(text, "      over_limit: {}", pool.over).unwrap();
    if pool.grouped {
        text.push_str("      within: [网点]\n");
    }
    if pool.proceeds {
        text.push_str("      left_out: proceed\n");
    }
    Scheme::parse(&text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn run(scheme: &Scheme, people: &[Person]) -> Run {
    let rows = people.iter().enumerate().map(|(at, person)| {
        let row = Row::new().with("工号", format!("{at:03}")).with("网点", BRANCHES[person.branch]);
        let row = row.with("奖金", person.bonus.map_or_else(String::new, cents));
        let row = row
            .with("依据", person.key.map_or_else(String::new, |key| format!("{}", Number::from_parts(key.into(), 2))));
        row.with("限额", cents(person.limit)).with("申请", person.claims)
    });
    scheme.score(Data::of(Table::of_rows(rows.collect())), Options::default()).unwrap()
}

/// The money of a column for each row; nothing where the cell is empty.
fn money(run: &Run, column: &str) -> Vec<Option<Number>> {
    (0..run.rows())
        .map(|row| match run.outcome(row).get(column) {
            Some(Figure::Number { value, .. }) => {
                assert_eq!(value.scale(), 2, "money has cents");
                Some(Number::from_decimal(value))
            }
            _ => None,
        })
        .collect()
}

/// The people of each pool, by their places.
fn groups(pool: &Pool, people: &[Person]) -> BTreeMap<usize, Vec<usize>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, person) in people.iter().enumerate() {
        groups.entry(if pool.grouped { person.branch } else { 0 }).or_default().push(at);
    }
    groups
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if std::env::var_os("KAOHE_LONG").is_some() { 3000 } else { 150 }, ..ProptestConfig::default() })]

    /// What is taken and was carried over is what is paid and is carried on, to the cent, in every group.
    #[test]
    fn not_a_cent_appears_or_vanishes(pool in pool(), people in people()) {
        let people = sound(people);
        let run = run(&scheme(&pool), &people);
        let (taken, carry, whole) = (money(&run, "计提"), money(&run, "池.结转"), money(&run, "池"));
        let claims: Vec<_> = (0..pool.claims.len()).map(|at| money(&run, &format!("申请{at}"))).collect();
        for (group, members) in groups(&pool, &people) {
            let sum = |column: &[Option<Number>]| {
                members.iter().fold(Number::ZERO, |sum, at| sum.add(column[*at].as_ref().unwrap()))
            };
            let carried = Number::from_parts(pool.carried[group].into(), 2);
            let paid = claims.iter().fold(Number::ZERO, |paid, claim| paid.add(&sum(claim)));
            let left = carry[members[0]].clone().unwrap();
            prop_assert!(!left.is_negative());
            prop_assert_eq!(sum(&taken).add(&carried), paid.add(&left));
            prop_assert_eq!(whole[members[0]].clone().unwrap(), paid.add(&left));
            for (at, (_, limited)) in pool.claims.iter().enumerate() {
                for member in &members {
                    let (person, paid) = (&people[*member], claims[at][*member].clone().unwrap());
                    prop_assert!(!paid.is_negative());
                    let may = person.claims == at.is_multiple_of(2) && person.key != Some(0);
                    prop_assert!(may || paid.is_zero());
                    let most = Number::from_parts((person.limit / 3).into(), 2);
                    prop_assert!(!limited || paid <= most);
                }
            }
        }
    }

    /// A group with somebody left out pays nobody and says who it is, or pays the others as if he were not there; other
    /// groups are paid as ever.
    #[test]
    fn a_group_with_somebody_left_out_is_held(pool in pool(), people in people()) {
        let run = run(&scheme(&pool), &people);
        // without a key only who claims is asked for one
        let is_out_of = |person: &Person, at: usize| {
            let asked = person.claims == at.is_multiple_of(2);
            person.bonus.is_none() || (asked && person.key.is_none_or(|key| key < 0))
        };
        let is_out = |person: &Person| (0..pool.claims.len()).any(|at| is_out_of(person, at));
        for members in groups(&pool, &people).into_values() {
            let out: Vec<usize> = members.iter().copied().filter(|at| is_out(&people[*at])).collect();
            let held = !pool.proceeds && !out.is_empty();
            for claim in 0..pool.claims.len() {
                let name = format!("申请{claim}");
                let paid = money(&run, &name);
                for at in &members {
                    // the claim before says what there is for the next one
                    let first = if pool.over == "next_claim" { 0 } else { claim };
                    let is_out = (first..=claim).any(|each| is_out_of(&people[*at], each));
                    prop_assert_eq!(paid[*at].is_some(), !held && !is_out, "{} of {:?}", at, &people);
                    let problems = run.problems(*at);
                    let own = problems.iter().find(|problem| *problem.column == *name);
                    if held && !is_out {
                        let own = own.unwrap();
                        // what the claim before leaves over waits for that claim
                        if pool.over == "next_claim" && claim > 0 && own.blocked_by.is_some() {
                            continue;
                        }
                        prop_assert_eq!(own.code.id(), "K0930");
                        let named: Vec<usize> = own.left_out.iter().map(|key| key.parse().unwrap()).collect();
                        prop_assert_eq!(&named, &out, "all of them are named");
                    }
                }
            }
        }
    }

    /// The parts of what is deferred add up to it, and differ by less than there are parts, in cents.
    #[test]
    fn the_parts_of_a_deferral_add_up(amount in 0_u64..10_000_000_000, share in 0_u32..=100, first: bool, over in 1_usize..8) {
        let names = ["甲", "乙", "丙", "丁", "戊", "己", "庚"];
        let (parts, spare) = (names[..over].join(", "), if first { "first" } else { "last" });
        let text = format!(
            "kaohe: 1\nscheme: 例\nrounding: {{ money: 2 }}\ninputs: {{ 工号: {{ type: text, key: true }}, 额: {{ type: number }} }}\n\
             pay:\n  延期:\n    deferral: {{ of: 额, share: {share}%, over: {over}, spare_cent: {spare}, parts: [{parts}] }}\n"
        );
        let scheme = Scheme::parse(&text).unwrap();
        let amount = Number::from_parts(amount.into(), 2);
        let outcome = scheme.score_row(&Row::new().with("工号", "1").with("额", amount.to_string())).unwrap();
        let number = |name: &str| Number::from_decimal(outcome.decimal(name).unwrap());
        let each: Vec<Number> = names[..over].iter().map(|name| number(name)).collect();
        let sum = each.iter().fold(Number::ZERO, |sum, part| sum.add(part));
        prop_assert_eq!(sum, number("延期"));
        let (rest, even) = if first { (&each[0], &each[over - 1]) } else { (&each[over - 1], &each[0]) };
        let more = rest.subtract(even);
        prop_assert!(!more.is_negative() && more < Number::from_parts(i128::try_from(over).unwrap(), 2));
    }
}
