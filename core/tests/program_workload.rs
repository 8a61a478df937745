//! The workload of the benches, answered by the programs: every total and tier is the reference's.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use kaohe::scorer::Answered;
use kaohe::{Cell, Figure, Scheme};
use kaohe_benches::{Answer, COLUMNS, Person, SCHEME, SCHEME_UNROUNDED, TIERS, edge, natural, rounded, unrounded};
use rust_decimal::Decimal;

fn cells(at: usize, person: &Person) -> Vec<Cell> {
    let keys = [Cell::Text(at.to_string()), Cell::Text(person.branch.to_string())];
    let numbers = person.numbers();
    let numbers = COLUMNS.iter().zip(numbers).map(|((_, places), units)| Cell::Decimal(Decimal::new(units, *places)));
    keys.into_iter().chain(numbers).collect()
}

fn wanted(answer: Answer) -> [Figure; 2] {
    let total = Figure::Number { value: Decimal::new(answer.total, 2), shown_rounded: false };
    [total, Figure::Text(TIERS[answer.tier].into())]
}

/// Scores everybody; gives back who answered.
fn check(scheme: &str, people: &[Person], reference: fn(&Person) -> Answer, names: Option<&[&str]>) -> Answered {
    let scheme = Scheme::parse(scheme).unwrap();
    let mut scorer = match names {
        Some(names) => scheme.scorer_of(names).unwrap(),
        None => scheme.scorer(),
    };
    let places: Vec<usize> =
        ["total", "tier"].iter().map(|name| scorer.names().position(|each| each == *name).unwrap()).collect();
    for (at, person) in people.iter().enumerate() {
        let figures = scorer.score(&cells(at, person));
        let found = [figures[places[0]].clone(), figures[places[1]].clone()];
        assert_eq!(found, wanted(reference(person)), "{person:?}");
    }
    scorer.answered()
}

#[test]
fn natural_people_get_what_they_must() {
    let people = natural(if cfg!(debug_assertions) { 1000 } else { 100_000 }, 1);
    let all = people.len() as u64;
    let answered = check(SCHEME, &people, rounded, None);
    assert_eq!(answered, Answered { narrow: all, ..Answered::default() });
    let answered = check(SCHEME_UNROUNDED, &people, unrounded, Some(&["total", "tier"]));
    assert!(answered.narrow * 1000 >= all * 999, "{answered:?}");
    let answered = check(SCHEME_UNROUNDED, &people, unrounded, None);
    assert!(answered.wide * 1000 >= all * 999, "{answered:?}");
}

#[test]
fn people_half_a_cent_below_a_threshold_are_graded_up() {
    let people = edge(100_000, 2);
    let all = people.len() as u64;
    let answered = check(SCHEME, &people, rounded, None);
    assert_eq!(answered, Answered { narrow: all, ..Answered::default() });
    let answered = check(SCHEME_UNROUNDED, &people, unrounded, Some(&["total", "tier"]));
    // rates that come out even have no remainder, so that the middle is seen to be the middle
    assert_eq!(answered, Answered { narrow: all, ..Answered::default() });
    check(SCHEME_UNROUNDED, &people, unrounded, None);
}
