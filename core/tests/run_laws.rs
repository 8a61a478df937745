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
#[path = "program/schemes.rs"]
mod rows;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chance::Chance;
use groups::{People, many, people, scheme, spoiled};
use kaohe::code::Code;
use kaohe::{Cell, Data, Figure, Options, Run, Scheme, Table};

/// How many schemes are tried for each law; `KAOHE_SCHEMES` says another number.
fn schemes() -> u64 {
    std::env::var("KAOHE_SCHEMES").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

const POPULATIONS: usize = 2;

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
    assert!(provisional > 200 && moved > 50, "{provisional} figures were provisional, {moved} of them moved");
}

/// Everybody's figures, with what is provisional; the keys of rows left out in their order.
fn everything(run: &Run, columns: &[Arc<str>]) -> Vec<(Vec<Figure>, HashSet<Arc<str>>)> {
    (0..run.rows()).map(|row| told(run, row, columns)).collect()
}

/// Whatever the order of the rows, everybody has the same figures, and the same of them are provisional.
#[test]
fn the_order_of_rows_changes_nothing() {
    for_each_scheme(2, |seed, scheme, chance| {
        let columns = columns(scheme);
        for _ in 0..POPULATIONS {
            let whole = people(chance);
            let (found, _) = spoiled(chance, &whole);
            let (other, places) = found.shuffled(chance);
            let (one, two) = (score(scheme, &found), score(scheme, &other));
            let (one, two) = (everything(&one, &columns), everything(&two, &columns));
            for (at, was) in places.iter().enumerate() {
                assert_eq!(two[at], one[*was], "scheme {seed}, row {was}\n{}\n{found:?}", scheme.source());
            }
        }
    });
}

/// What a run keeps of each figure is what evaluating the row exactly comes to, and `incomplete` are the rows that are.
#[test]
fn the_figures_of_a_run_are_those_of_its_rows() {
    for_each_scheme(3, |seed, scheme, chance| {
        // enough of them that blocks are worth while, and few enough that they are not
        let count = chance.between(26, 50);
        let whole = many(chance, count);
        let (found, _) = spoiled(chance, &whole);
        let run = score(scheme, &found);
        let mut incomplete = Vec::new();
        for row in 0..run.rows() {
            let outcome = run.outcome(row);
            for (at, (name, figure)) in outcome.figures().enumerate() {
                assert_eq!(run.figures(at).get(row).unwrap(), figure, "scheme {seed}, `{name}` of row {row}");
            }
            if !outcome.is_complete() {
                incomplete.push(row);
            }
        }
        assert_eq!(run.incomplete(), incomplete, "scheme {seed}\n{}\n{found:?}", scheme.source());
        // what is asked for by itself is computed by other programs
        for (name, figures) in run.columns() {
            let alone = scheme.score(found.data(), Options::default().with_columns([name])).unwrap();
            let alone = alone.figures(0);
            assert!(alone.iter().eq(figures.iter()), "scheme {seed}, `{name}` alone\n{}\n{found:?}", scheme.source());
        }
    });
}

/// Threads share the work and nothing else.
#[test]
fn threads_change_nothing() {
    for seed in 0..3 {
        let mut chance = Chance(seed ^ 0x7EAD);
        let text = scheme(&mut chance);
        let Ok(scheme) = Scheme::parse(&text) else { continue };
        let columns = columns(&scheme);
        let many = many(&mut chance, 600);
        let (many, _) = spoiled(&mut chance, &many);
        let [one, four] = [1, 4].map(|threads| scheme.score(many.data(), Options::threads(threads)).unwrap());
        for at in 0..scheme.plan().shown.len() {
            assert!(one.figures(at).iter().eq(four.figures(at).iter()), "scheme {seed}");
        }
        assert_eq!(one.incomplete(), four.incomplete());
        assert_eq!(told(&one, 500, &columns), told(&four, 500, &columns));
    }
}

/// Without figures over groups a run is nothing more than its rows, each scored alone.
#[test]
fn without_groups_a_run_is_its_rows() {
    let mut groupless = 0;
    for seed in 0..schemes() {
        let mut chance = Chance(seed ^ 0x0A10);
        let random = rows::scheme(&mut chance, true);
        let Ok(scheme) = Scheme::parse(&random.text) else { continue };
        groupless += 1;
        let cell = |chance: &mut Chance, declaration: &str| match declaration {
            _ if declaration.contains("number") && chance.percent(90) => Cell::Integer(chance.between(0, 30)),
            _ if declaration.contains("bool") => Cell::Truth(chance.percent(50)),
            _ if declaration.contains("choice") => Cell::from(chance.pick(&["甲", "乙", "丁"])),
            _ => Cell::Missing,
        };
        let rows: Vec<Vec<Cell>> = (0..5)
            .map(|row| {
                let rest = random.inputs.iter().map(|(_, declaration)| cell(&mut chance, declaration));
                std::iter::once(Cell::from(format!("p{row}"))).chain(rest).collect()
            })
            .collect();
        let names: Vec<&str> = std::iter::once("id").chain(random.inputs.iter().map(|(name, _)| &**name)).collect();
        let columns =
            names.iter().enumerate().map(|(at, name)| (*name, rows.iter().map(|row| row[at].clone()).collect()));
        let run = scheme.score(Data::of(Table::of_columns(columns.collect())), Options::default()).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            let alone = scheme.score_cells(cells);
            for (at, (name, figure)) in alone.figures().enumerate() {
                assert_eq!(run.figures(at).get(row).unwrap(), figure, "scheme {seed}, `{name}`\n{}", random.text);
            }
        }
    }
    assert!(groupless * 10 > schemes() * 7, "only {groupless} schemes could be read");
}

/// By quota everybody who is graded has a grade, and no grade has more than its seats.
#[test]
fn seats_add_up() {
    for seed in 0..schemes() {
        let mut chance = Chance(seed ^ 0x5EA7);
        let shares = [[20, 50, 30], [33, 33, 34], [0, 100, 0], [10, 0, 90]][chance.below(4)];
        let by_share = chance.percent(50);
        let quota = if by_share {
            format!("shares: {{ A: {}%, B: {}%, C: {}% }}", shares[0], shares[1], shares[2])
        } else {
            format!("at_most: {{ A: {}%, B: {}% }}", shares[0], shares[1])
        };
        let scheme = Scheme::parse(&format!(
            "
kaohe: 1
scheme: seats
inputs: {{ id: {{ type: text, key: true }}, branch: {{ type: text }}, a: {{ type: number }} }}
details: {{ part: {{ key: id, columns: {{ x: {{ type: number }}, ok: {{ type: bool }} }} }}, word: {{ key: id, columns: {{ grade: {{ type: text }}, reason: {{ type: text }} }} }} }}
computed: {{ got: a + sum(part.x) }}
grades:
  g: {{ ladder: [A, B, C], within: [branch], order: [got desc, id asc], quota: {{ {quota} }} }}
"
        ))
        .unwrap();
        let people = people(&mut chance);
        let run = score(&scheme, &people);
        let mut counts: HashMap<String, [usize; 4]> = HashMap::new();
        for row in 0..run.rows() {
            let outcome = run.outcome(row);
            let branch = outcome.get("branch").unwrap().to_string();
            let grade = outcome.get("g").unwrap().to_string();
            let place = ["A", "B", "C"].iter().position(|each| **each == grade).unwrap();
            let count = counts.entry(branch).or_default();
            count[place] += 1;
            count[3] += 1;
        }
        for [a, b, c, all] in counts.into_values() {
            assert_eq!(a + b + c, all);
            let exact = |share: usize| share * all;
            for (found, share) in [(a, shares[0]), (b, shares[1])] {
                // by largest remainder within one of the exact share; never more than it by `at_most`
                let most = if by_share { exact(share).div_ceil(100) } else { exact(share) / 100 };
                let flowed = if by_share { 0 } else { a };
                assert!(found <= most + flowed, "seed {seed}: {found} of {all} have {share} %");
            }
        }
    }
}
