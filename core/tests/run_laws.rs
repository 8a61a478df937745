//! The laws of a run: random schemes over random people, whatever is wrong with some of them.
//!
//! The one that matters most: what a person left out could have changed is said to be provisional. A figure that is not
//! stays what it is when the person's row is put right.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    unreachable_pub,
    dead_code,
    missing_docs,
    reason = "a test"
)]

#[path = "program/chance.rs"]
mod chance;
#[path = "program/groups.rs"]
mod groups;

use std::collections::HashSet;
use std::sync::Arc;

use chance::Chance;
use groups::{People, people, scheme, spoiled};
use kaohe::code::Code;
use kaohe::{Figure, Options, Run, Scheme};

/// How many schemes are tried for each law; `KAOHE_SCHEMES` says another number.
fn schemes() -> u64 {
    std::env::var("KAOHE_SCHEMES").ok().and_then(|count| count.parse().ok()).unwrap_or(150)
}

const POPULATIONS: usize = 3;

fn score(scheme: &Scheme, people: &People) -> Run {
    scheme.score(people.data(), Options::default()).unwrap_or_else(|stop| panic!("{stop}"))
}

/// Every column of people, with or without a place in the table.
fn columns(scheme: &Scheme) -> Vec<Arc<str>> {
    let plan = scheme.plan();
    plan.columns
        .iter()
        .filter(|column| !column.hidden && column.detail.is_none())
        .map(|column| Arc::clone(&column.name))
        .collect()
}

/// The figures of a row, and which of them are provisional.
fn told(run: &Run, row: usize, columns: &[Arc<str>]) -> (Vec<Figure>, HashSet<Arc<str>>) {
    let outcome = run.outcome(row);
    let problems = outcome.problems();
    let provisional = problems.iter().filter(|problem| problem.code == Code::Provisional);
    (
        columns.iter().map(|name| outcome.get(name).unwrap()).collect(),
        provisional.map(|each| Arc::clone(&each.column)).collect(),
    )
}

/// Every random scheme that is one, with its number.
fn for_each_scheme(from: u64, mut law: impl FnMut(u64, &Scheme, &mut Chance)) {
    let mut read = 0;
    let schemes = schemes();
    for seed in 0..schemes {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9) ^ from);
        let text = scheme(&mut chance);
        match Scheme::parse(&text) {
            Ok(scheme) => {
                read += 1;
                law(seed, &scheme, &mut chance);
            }
            Err(error) if std::env::var_os("SHOW").is_some() => println!("{text}\n{error:?}"),
            Err(_) => {}
        }
    }
    assert!(read * 10 > schemes * 7, "only {read} of {schemes} schemes could be read");
}

/// What somebody left out could have changed is provisional: everything else stays when he is put right.
#[test]
fn what_is_not_provisional_stays_when_a_row_is_put_right() {
    let (mut provisional, mut moved) = (0, 0);
    for_each_scheme(1, |seed, scheme, chance| {
        let columns = columns(scheme);
        for _ in 0..POPULATIONS {
            let whole = people(chance);
            let (faulty, who) = spoiled(chance, &whole);
            let (before, after) = (score(scheme, &faulty), score(scheme, &whole));
            for row in 0..whole.rows.len() {
                let ((old, marked), (new, _)) = (told(&before, row, &columns), told(&after, row, &columns));
                provisional += marked.len();
                for ((name, old), new) in columns.iter().zip(old).zip(new) {
                    let marked = marked.contains(name);
                    // a fact that is put right is another one, though it was no fault
                    let is_fact = who.contains(&row) && scheme.inputs().iter().any(|input| input.name == *name);
                    if old == new || is_fact {
                        continue;
                    }
                    moved += usize::from(marked);
                    assert!(
                        marked || matches!(old, Figure::Empty(_)),
                        "scheme {seed}: `{name}` of row {row} was {old:?}, is {new:?}, and was not provisional ({who:?})\n{}\n{faulty:?}\n{whole:?}",
                        scheme.source()
                    );
                }
            }
        }
    });
    assert!(provisional > 500 && moved > 100, "{provisional} figures were provisional, {moved} of them moved");
}
