//! The programs give the figures of the exact evaluator: random schemes, random rows, no exceptions.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    unreachable_pub,
    missing_docs,
    reason = "a test"
)]

#[path = "program/chance.rs"]
mod chance;
#[path = "program/schemes.rs"]
mod schemes;

use chance::Chance;
use kaohe::scorer::Answered;
use kaohe::{Cell, Figure, Scheme};
use rust_decimal::Decimal;

/// What kind of rows are made.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    /// As people's facts are: money, counts, rates, now and then a nought.
    Ordinary,
    /// Ties, long decimals, huge numbers, texts, floats, nothing at all.
    Odd,
}

fn number(chance: &mut Chance, declaration: &str, rows: Rows) -> Cell {
    let whole = declaration.contains("whole");
    let small = declaration.contains("100%");
    let places = if whole {
        0
    } else if declaration.contains("places: 1,") {
        1
    } else {
        2
    };
    if rows == Rows::Ordinary || chance.percent(50) {
        let most = if whole {
            30
        } else if small {
            100
        } else {
            20_000
        };
        let units = match chance.below(20) {
            0 if !declaration.contains("above") => 0,
            1 => chance.between(1, 8) * 25,
            _ => chance.between(1, most),
        };
        let units = if places == 1 { units % 1000 } else { units };
        return Cell::Decimal(Decimal::new(units, places));
    }
    match chance.below(16) {
        0 => Cell::Missing,
        1 => Cell::Integer(0),
        2 => Cell::Integer(-chance.between(0, 1000)),
        3 => Cell::Integer(chance.between(0, 9_999_999_999_999_999)),
        4 if chance.percent(50) => Cell::Integer(10_000_000_000_000_000 + chance.between(-1, 1)),
        4 => Cell::Integer(i64::MAX - chance.between(0, 3)),
        5 => Cell::from(format!("{}.{:012}", chance.between(0, 99), chance.between(0, 999_999_999_999))),
        6 => Cell::from(format!("{}.{:04}", chance.between(0, 200), chance.between(0, 9999))),
        7 => Cell::from(chance.pick(&[
            "60",
            "85",
            "59.995",
            "84.995",
            "0.6",
            "0.85",
            "1.2",
            "99.995",
            "0.005",
            "1.0000",
            "100.000000000000",
        ])),
        8 => Cell::Float(chance.between(-1000, 100_000) as f64 / 100.0),
        9 => Cell::Float(1.0 / chance.between(1, 9) as f64),
        10 => Cell::from(chance.pick(&[
            "",
            " 5 ",
            "x",
            "-0.00",
            "1e3",
            "9999999999999999.999999999999",
            "99999999999999999999",
            "0.0000000000001",
        ])),
        11 => Cell::Decimal(Decimal::from_i128_with_scale(i128::from(chance.next()) * 1000, 12)),
        12 => Cell::Decimal(Decimal::new(chance.between(-5, 5), chance.below(15) as u32)),
        13 => Cell::Float(if chance.percent(50) { f64::NAN } else { 1e17 }),
        14 => Cell::Integer(chance.between(0, 100)),
        _ => Cell::Truth(true),
    }
}

fn cell(chance: &mut Chance, declaration: &str, rows: Rows) -> Cell {
    use kaohe::date::Date;
    let odd = rows == Rows::Odd && chance.percent(10);
    if declaration.contains("number") {
        let absent = declaration.contains("missing") && chance.percent(15);
        return if absent { Cell::Missing } else { number(chance, declaration, rows) };
    }
    if odd {
        return [Cell::Missing, Cell::from("?"), Cell::from(""), Cell::Integer(1), Cell::Float(0.5)][chance.below(5)]
            .clone();
    }
    if declaration.contains("bool") {
        Cell::Truth(chance.percent(30))
    } else if declaration.contains("choice") {
        Cell::from(chance.pick(&["甲", "乙", "丙"]))
    } else if declaration.contains("date") {
        Cell::Date(Date::new(2026, 1, 1).unwrap().add_days(chance.between(0, 700)).unwrap())
    } else {
        Cell::from(chance.pick(&["东", "西", "南"]))
    }
}

/// A figure as it must be to the last sign, its decimals and its mark included.
fn told(figure: &Figure) -> String {
    match figure {
        Figure::Number { value, shown_rounded } => format!("{value} ({}) {shown_rounded}", value.scale()),
        other => format!("{other:?}"),
    }
}

/// Scores random rows of random schemes both ways; gives back who answered, and how many schemes there were.
fn compare(rows: Rows, first: u64, schemes: u64, each: usize) -> (Answered, u64) {
    let mut total = Answered::default();
    let mut parsed = 0;
    for seed in first..first + schemes {
        let chance = &mut Chance(seed);
        let random = schemes::scheme(chance, false);
        let scheme = match Scheme::parse(&random.text) {
            Ok(scheme) => scheme,
            Err(error) => {
                if std::env::var_os("REFUSED").is_some() {
                    println!("{seed}: {error}");
                }
                continue;
            }
        };
        parsed += 1;
        let mut scorer = scheme.scorer();
        for _ in 0..each {
            let mut cells = vec![Cell::from("007")];
            cells.extend(random.inputs.iter().map(|(_, declaration)| cell(chance, declaration, rows)));
            let exact = scheme.score_cells(&cells);
            let complete = exact.is_complete();
            let before = scorer.answered();
            let exact: Vec<_> = exact.figures().collect();
            let found = scorer.score(&cells);
            assert_eq!(found.len(), exact.len());
            for (found, (name, exact)) in found.iter().zip(&exact) {
                assert_eq!(told(found), told(exact), "`{name}`, seed {seed}\n{}\n{cells:?}", random.text);
            }
            // a row with a fault is the exact evaluator's in any case
            let answered = scorer.answered();
            if complete || rows == Rows::Odd {
                total.narrow += answered.narrow - before.narrow;
                total.wide += answered.wide - before.wide;
                total.exact += answered.exact - before.exact;
                if answered.exact > before.exact && std::env::var_os("TIERS").is_some() {
                    println!("{seed} {cells:?}");
                }
            }
        }
    }
    (total, parsed)
}

/// How many schemes a run tries; `SCHEMES` asks for more than the ordinary run has time for.
fn schemes() -> u64 {
    std::env::var("SCHEMES").ok().and_then(|count| count.parse().ok()).unwrap_or(1200)
}

#[test]
fn ordinary_rows_get_the_exact_figures() {
    let (answered, parsed) = compare(Rows::Ordinary, 0, schemes(), 12);
    let all = answered.narrow + answered.wide + answered.exact;
    println!("{parsed} schemes, {answered:?}");
    assert!(parsed * 100 >= schemes() * 90, "most random schemes are schemes: {parsed}");
    assert!(answered.narrow * 100 >= all * 40, "{answered:?}");
    assert!((answered.narrow + answered.wide) * 100 >= all * 80, "{answered:?}");
}

#[test]
fn odd_rows_get_the_exact_figures() {
    let (answered, parsed) = compare(Rows::Odd, 1_000_000_000, schemes(), 12);
    println!("{parsed} schemes, {answered:?}");
    assert!(answered.narrow > 500 && answered.wide > 500 && answered.exact > 500, "{answered:?}");
}

/// One row of one formula, both ways; who answered.
fn one(inputs: &str, formula: &str, cells: &[Cell]) -> (String, Answered) {
    let scheme = Scheme::parse(&format!(
        "kaohe: 1\nscheme: one\ninputs:\n  id: {{ type: text, key: true }}\n{inputs}computed:\n  x: \"{formula}\"\n"
    ))
    .unwrap();
    let mut scorer = scheme.scorer_of(&["x"]).unwrap();
    let found = told(&scorer.score(cells)[0]);
    assert_eq!(found, told(&scheme.score_cells(cells).get("x").unwrap()));
    (found, scorer.answered())
}

#[test]
fn a_quotient_half_way_between_two_figures_goes_up() {
    let inputs = "  a: { type: number, places: 2 }\n  b: { type: number, places: 2 }\n";
    // 0.0001220703125: one decimal more than is published, and that a five
    let cells = |a| [Cell::from("1"), Cell::Decimal(Decimal::new(a, 2)), Cell::Decimal(Decimal::new(8192, 2))];
    assert_eq!(one(inputs, "a / b", &cells(1)).0, "0.000122070313 (12) true");
    let (found, answered) = one(inputs, "a / b", &cells(-1));
    assert_eq!(found, "-0.000122070313 (12) true");
    assert_eq!(answered.narrow, 1);
}

#[test]
fn a_third_of_three_times_is_the_whole() {
    let inputs = "  a: { type: number, places: 2 }\n";
    let (found, answered) = one(inputs, "if a / 3 * 3 = a then 1 else 0", &[Cell::from("1"), Cell::Integer(1)]);
    // neither program can decide it, and both know that they cannot
    assert_eq!((found.as_str(), answered.exact), ("1 (0) false", 1));
}

#[test]
fn what_no_program_can_hold_is_no_panic() {
    let inputs = "  a: { type: number }\n  b: { type: number }\n";
    let extremes = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX];
    let formulas =
        ["a * b", "a / b", "-a", "abs(a)", "a - b", "a ^ 3", "round(a * b, 2)", "sqrt(abs(a * b))", "a ^ (-2)"];
    for formula in formulas {
        for a in extremes {
            for b in extremes {
                one(inputs, formula, &[Cell::from("1"), Cell::Integer(a), Cell::Integer(b)]);
            }
        }
    }
}

#[test]
fn a_chain_of_vetoes_or_of_terms_does_not_grow_out_of_hand() {
    // each veto reads the score before it twice; were that written out twice, thirty would never end
    for (vetoes, fast) in [(30, true), (90, true)] {
        let vetoes: String =
            (0..vetoes).map(|at| format!("      - {{ name: v{at}, when: a > {at}, score_at_most: {at} }}\n")).collect();
        let terms = format!("{} + sum({})", vec!["a"; 60].join(" + "), vec!["a"; 900].join(", "));
        let source = format!(
            "kaohe: 1\nscheme: long\ninputs:\n  id: {{ type: text, key: true }}\n  a: {{ type: number, places: 2 }}\n\
             computed:\n  all: \"{terms}\"\nscores:\n  total:\n    items:\n      i:\n        weight: 100\n        \
             formula: a\n    vetoes:\n{vetoes}"
        );
        let scheme = Scheme::parse(&source).unwrap();
        let mut scorer = scheme.scorer();
        for a in [0, 5, 29, 300, 1000] {
            let cells = [Cell::from("1"), Cell::Integer(a)];
            let exact = scheme.score_cells(&cells);
            for (found, (_, exact)) in scorer.score(&cells).iter().zip(exact.figures()) {
                assert_eq!(told(found), told(&exact));
            }
        }
        assert_eq!(scorer.answered().narrow == 5, fast, "{:?}", scorer.answered());
    }
}

#[test]
fn a_bound_that_the_lane_does_not_hold_is_a_bound() {
    for (declared, formula) in [
        ("places: 12, min: 10000000", "round(a, 2)"),
        ("min: 1000000000000000", "a"),
        ("places: 12, max: -10000000", "round(a, 2)"),
    ] {
        let inputs = format!("  a: {{ type: number, {declared} }}\n  b: {{ type: number, missing: 0 }}\n");
        let (found, _) = one(&inputs, formula, &[Cell::from("1"), Cell::Integer(5), Cell::Integer(0)]);
        assert!(found.contains("K0920") || found.contains("Blocked") || found.contains("K0903"), "{declared}: {found}");
    }
}
