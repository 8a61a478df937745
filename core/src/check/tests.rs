//! What is told of small schemes, and what is not: each doubt has its near miss.

use crate::Scheme;
use crate::code::Code;

/// The codes told of a scheme with these inputs, computed columns and items (each weighing the same), unused apart.
fn told(inputs: &[&str], computed: &[&str], items: &[&str]) -> Vec<Code> {
    let mut text = String::from("kaohe: 1\nscheme: x\nperiod: { start: 2026-07-01, end: 2026-09-30 }\ninputs:\n");
    let indented = |text: &mut String, indent: &str, lines: &[&str]| {
        for line in lines {
            text.push_str(indent);
            text.push_str(line);
            text.push('\n');
        }
    };
    indented(&mut text, "  ", &["id: { type: text, key: true }"]);
    indented(&mut text, "  ", inputs);
    if !computed.is_empty() {
        text.push_str("computed:\n");
        indented(&mut text, "  ", computed);
    }
    if !items.is_empty() {
        text.push_str("scores:\n  total:\n    items:\n");
        indented(&mut text, "      ", items);
    }
    let found = Scheme::check(&text);
    assert!(found.iter().all(|each| each.severity == crate::diagnostic::Severity::Warning), "{text}\n{found:#?}");
    let codes = found.iter().map(|each| each.code);
    codes.filter(|code| !matches!(code, Code::Unused | Code::EqualWeights)).collect()
}

/// What is told of a formula over `x` (any number), `y` (0 and more), `p` (above 0), `n` (a count), `r` (0 to 100 %).
fn of_formula(formula: &str) -> Vec<Code> {
    let inputs = [
        "x: { type: number }",
        "y: { type: number, min: 0 }",
        "p: { type: number, above: 0 }",
        "n: { type: number, whole: true, min: 0 }",
        "r: { type: number, min: 0, max: 100% }",
        "word: { type: choice, values: [a, b] }",
    ];
    told(&inputs, &[&format!("f: {{ formula: '{formula}' }}")], &[])
}

/// What is told of an item over `m` (0 to 10) and `r` (0 to 100 %).
fn of_item(item: &str) -> Vec<Code> {
    let inputs = ["m: { type: number, min: 0, max: 10 }", "r: { type: number, min: 0, max: 100% }"];
    told(&inputs, &[], &[&format!("item: {{ {item} }}")])
}

/// What is told of an item over `x`, of which more is better, beside `p` (above 0) and `c` (a truth).
fn of_better(better: &str, item: &str) -> Vec<Code> {
    let inputs = [
        &*format!("x: {{ type: number, min: 0, better: {better} }}"),
        "p: { type: number, above: 0 }",
        "c: { type: bool }",
    ];
    told(&inputs, &[], &[&format!("item: {{ {item} }}")])
}

#[test]
fn a_divisor_that_may_be_zero_is_told() {
    for formula in [
        "1 / x",
        "1 / y",
        "x / (p - 1)",
        "1 / round(p, 2)",
        "x / max(y, x)",
        "if y > 0 then 1 else 1 / y",
        "if y >= 0 or x > 1 then 1 / y else 0",
        "x ^ -1",
        "if n > 0 then x / (n - 1) else 0",
        "if not (y = 0) or x > 0 then 1 / y else 0",
    ] {
        assert!(of_formula(formula).contains(&Code::MayBeZero), "{formula}: {:?}", of_formula(formula));
    }
}

#[test]
fn a_divisor_that_is_guarded_is_not() {
    for formula in [
        "1 / p",
        "x / (y + 1)",
        "x / (p * p)",
        "x / (y ^ 2 + p)",
        "ratio(1, x, 0)",
        "ratio(1, y - p, 0)",
        "if x > 0 then 1 / x else 0",
        "if x != 0 then 1 / x else 0",
        "if x = 0 then 0 else 1 / x",
        "if y = 0 then 0 else 1 / y",
        "if x > p then 1 / (x - p) else 0",
        "if p < x and r > 50% then 1 / (x - p) else 0",
        "if x <= 5 or r = 0 then 0 else 1 / (x - 5) + 1 / r",
        "case when n = 0 then 0 when n = 1 then 1 else 1 / n end",
        "case when x > 0 then 1 / x when x < 0 then -1 / x else 0 end",
        "if y > 0 and 1 / y > 2 then 1 else 0",
        "x / max(n, 1)",
        "x / (if y < 2 then 2 else y)",
        "x / days_inclusive(period_start, period_end)",
        "sqrt(1 / max(p, 0.5))",
    ] {
        assert_eq!(of_formula(formula), [], "{formula}");
    }
    let inputs = ["a: { type: number, min: 0 }", "b: { type: number, min: 0 }"];
    assert_eq!(told(&inputs, &["some: a > 0", "f: { formula: 'if some then b / a else 0' }"], &[]), []);
    assert_eq!(told(&inputs, &["least: { formula: 'a + 1', round: 2 }", "f: b / least"], &[]), []);
}

#[test]
fn a_zero_divisor_is_told_once_for_each_figure() {
    let inputs = ["a: { type: number }", "b: { type: number, min: 0 }"];
    assert_eq!(told(&inputs, &["f: a / b", "g: (a + 1) / b"], &[]), [Code::MayBeZero]);
}

#[test]
fn comparisons_that_come_out_the_same_are_told() {
    for formula in ["if y >= 0 then 1 else 2", "if r > 1 then 1 else 2", "if n < 0.5 and n > 0 then 1 else 2"] {
        assert_eq!(of_formula(formula), [Code::AlwaysSame], "{formula}");
    }
    // what a condition before it leaves no room for
    assert_eq!(of_formula("case when x >= 60 then 1 when x >= 90 then 2 else 0 end"), [Code::AlwaysSame]);
    for formula in [
        "case when x >= 90 then 2 when x >= 60 and x < 90 then 1 else 0 end",
        "if y > 0 then 1 else 2",
        "if r = 100% then 1 else 2",
        "if x in [1, 2, 3] then 1 else 2",
        "if word = “a” then 1 else 2",
        "if n = 0.5 + x then 1 else 2",
    ] {
        assert_eq!(of_formula(formula), [], "{formula}");
    }
}

#[test]
fn bands_and_knots_that_nothing_reaches_are_told() {
    for (item, codes) in [
        ("bands: { of: m, at_least: [[12, 100], [5, 50]], else: 0 }", &[Code::NeverReached][..]),
        ("bands: { of: m, at_least: [[10, 100], [0, 50]], else: 0 }", &[]),
        ("bands: { of: m, above: [[10, 100], [0, 50]], else: 0 }", &[Code::NeverReached]),
        ("bands: { of: m, up_to: [[0, 100], [5, 50]], else: 0 }", &[]),
        ("bands: { of: m, at_least: [[5, 100], [0, 50]] }", &[]),
        ("bands: { of: m, at_least: [[5, 100], [1, 50]] }", &[Code::NoBandHolds]),
        ("bands: { of: m, above: [[5, 100], [0, 50]] }", &[Code::NoBandHolds]),
        ("bands: { of: 5, at_least: [[6, 100], [1, 50]], else: 0 }", &[Code::AlwaysScored]),
        ("interpolate: { of: m, knots: [[0, 0], [10, 100]] }", &[]),
        ("interpolate: { of: m, knots: [[0, 0], [12, 100]] }", &[]),
        ("interpolate: { of: m, knots: [[0, 0], [10, 90], [12, 100]] }", &[Code::NeverReached]),
        ("interpolate: { of: m, knots: [[-5, 0], [0, 50], [10, 100]] }", &[Code::NeverReached]),
    ] {
        assert_eq!(of_item(item), codes, "{item}");
    }
}

#[test]
fn limits_that_never_bind_are_told() {
    for (item, codes) in [
        ("completion: { of: r, cap: 120% }", &[Code::NeverBinds][..]),
        // a limit where the range ends says it again
        ("completion: { of: r, cap: 100% }", &[]),
        ("completion: { of: r, gate: 60% }", &[]),
        ("completion: { of: 'r + 1', gate: 60% }", &[Code::NeverBinds]),
        ("deduct: { each: 10, times: m, floor: 0 }", &[]),
        ("deduct: { each: 5, times: m, floor: 60 }", &[]),
        ("deduct: { each: 5, times: m, floor: 40 }", &[Code::NeverBinds]),
        ("formula: '10 * m', cap: 120", &[Code::NeverBinds]),
        ("formula: '10 * m', floor: 10, cap: 100", &[]),
        (
            "step: { of: m, target: 5, above: { each: 1, points: -2, units: whole, limit: -8 }, floor: 0 }",
            &[Code::NeverBinds],
        ),
    ] {
        assert_eq!(of_item(item), codes, "{item}");
    }
    let inputs = ["a: { type: number }", "b: { type: number, min: 0 }"];
    assert_eq!(told(&inputs, &[], &["i: { completion: { of: a, cap: 120% } }", "j: { formula: b, floor: 0 }"]), []);
}

#[test]
fn items_that_are_the_same_for_all_are_told() {
    assert_eq!(of_item("formula: 100"), [Code::AlwaysScored]);
    assert_eq!(of_item("formula: 'min(100, 200 - m)'"), [Code::AlwaysScored]);
    assert_eq!(of_item("formula: 'min(100, 105 - m)'"), []);
    // all or nothing: who does not meet the condition loses
    assert_eq!(of_item("formula: 100, only_when: m > 5, when_missing: zero"), []);
}

#[test]
fn percentages_and_points_are_told_apart() {
    for (item, codes) in [
        ("bands: { of: m, at_least: [[9, 100], [80%, 50]], else: 0 }", &[Code::OtherScale][..]),
        ("bands: { of: r, at_least: [[95, 100], [90, 50]], else: 0 }", &[Code::OtherScale]),
        ("bands: { of: r, at_least: [[0.95, 100], [0.9, 50]], else: 0 }", &[]),
        ("bands: { of: m, at_least: [[9.5, 100], [1, 50]], else: 0 }", &[]),
        ("completion: { of: r, gate: 60 }", &[Code::OtherScale]),
        ("completion: { of: 'm / 2', cap: 1.2 }", &[]),
        ("formula: 'if m > 5% then 100 else 0'", &[Code::OtherScale]),
    ] {
        assert_eq!(of_item(item), codes, "{item}");
    }
    let shown = ["rate: { formula: a / b, show: { as: percent } }"];
    let inputs = ["a: { type: number, min: 0 }", "b: { type: number, above: 0 }"];
    let item = |edge: &str| format!("i: {{ bands: {{ of: rate, at_least: [[{edge}, 100]], else: 0 }} }}");
    assert_eq!(told(&inputs, &shown, &[&item("95")]), [Code::OtherScale]);
    assert_eq!(told(&inputs, &shown, &[&item("1.5")]), []);
}

#[test]
fn a_score_that_falls_as_its_result_improves_is_told() {
    for (better, item) in [
        ("higher", "formula: '100 - x'"),
        ("higher", "formula: 'min(100, 200 / max(x, 1))'"),
        ("higher", "bands: { of: x, at_least: [[90, 80], [80, 90], [60, 60]], else: 0 }"),
        ("higher", "interpolate: { of: x, knots: [[0, 0], [50, 100], [100, 90]] }"),
        ("higher", "formula: 'if x >= 10 then 50 else 6 * x'"),
        ("higher", "completion: { of: p, target: x, when_target: zero }"),
        ("higher", "formula: 'if c then x else 100 - x'"),
        ("higher", "deduct: { each: 5, times: x, floor: 0 }"),
        ("lower", "formula: 'min(100, x)'"),
        ("lower", "bands: { of: x, up_to: [[1, 80], [2, 90]], else: 0 }"),
        ("lower", "step: { of: x, target: 5, above: { each: 1, points: 2, units: whole } }"),
        ("lower", "completion: { of: 'x / p', cap: 120% }"),
        ("lower", "rank: { of: x, better: higher, ties: min, first: 100, each_place: -5 }"),
        ("higher", "rank: { of: x, better: lower, ties: max, table: [[1, 100], [2, 90]], else: 60 }"),
        ("lower", "percentile: { of: x, kind: weak }"),
        ("higher", "relative: { of: x, to: best, better: lower }"),
        ("lower", "relative: { of: x, to: total }"),
        ("lower", "standard: { of: x, mean: 70, stdev: 10 }"),
        ("higher", "formula: '100 - 5 * rank(x asc ties dense)'"),
        ("higher", "formula: '100 * (group_avg(x) - x)'"),
        ("higher", "formula: '100 * (1 - share(x))'"),
    ] {
        assert_eq!(of_better(better, item), [Code::ScoreFalls], "better: {better}, {item}");
    }
}

#[test]
fn a_score_that_goes_with_its_result_is_not() {
    for (better, item) in [
        ("higher", "formula: 'min(100, x)'"),
        ("higher", "completion: { of: x, target: p, gate: 60%, cap: 120% }"),
        ("higher", "completion: { of: 'x / p', gate: 60%, floor: 50%, cap: 120% }"),
        ("higher", "bands: { of: x, at_least: [[90, 100], [80, 100], [60, 60]], else: 0 }"),
        ("higher", "bands: { of: 'round(x / p, 2)', at_least: [[90, 100], [80, 90]], else: 'min(x, 0)' }"),
        ("higher", "interpolate: { of: x, knots: [[80, 0], [90, 60], [100, 100]] }"),
        (
            "higher",
            "step: { of: x, target: 5, above: { each: 1, points: 2, units: whole, limit: 10 }, below: { each: 0.1, points: -1, units: pro_rata } }",
        ),
        ("higher", "formula: 'if x >= 10 then 60 + x else 6 * x'"),
        ("higher", "formula: 'if x < 10 then 6 * x else 60'"),
        ("higher", "formula: 'case when x >= 20 then 100 when x >= 10 then 50 else 0 end'"),
        ("higher", "formula: 'if c then x else 2 * x'"),
        ("higher", "formula: 'x - 0 * x ^ 2 / p'"),
        ("higher", "formula: 'ratio(x, p, 0)'"),
        ("higher", "formula: 'if x = 0 then 0 else max(0, 100 - 1 / x)'"),
        ("lower", "formula: 'max(0, 100 - 5 * x)'"),
        ("lower", "completion: { of: x, target: p, better: lower, lower_by: mirror, floor: 0, cap: 120% }"),
        ("lower", "completion: { of: 'max(x, 1)', target: p, better: lower, lower_by: inverse, cap: 120% }"),
        ("lower", "deduct: { each: 5, times: x, floor: 0 }"),
        ("lower", "bands: { of: x, up_to: [[1, 100], [2, 90]], else: 0 }"),
        ("lower", "bands: { of: -x, at_least: [[-1, 100], [-2, 90]], else: 0 }"),
        ("lower", "step: { of: x, target: 5, above: { each: 1, points: -2, units: whole, limit: -10 } }"),
        ("lower", "formula: '100 - abs(x)'"),
        ("higher", "rank: { of: x, better: higher, ties: average, first: 100, each_place: -5, floor: 0 }"),
        ("lower", "rank: { of: x, better: lower, ties: min, linear: { last: 60 } }"),
        ("higher", "percentile: { of: x, kind: mean }"),
        ("lower", "percentile: { of: x, kind: rank, better: lower }"),
        ("higher", "relative: { of: x, to: best, floor: 50%, cap: 100% }"),
        ("higher", "relative: { of: x, to: average, when_not_positive: zero }"),
        ("higher", "relative: { of: x, to: total }"),
        ("lower", "relative: { of: x, to: best, better: lower, cap: 100% }"),
        ("lower", "relative: { of: x, to: average, better: lower }"),
        ("higher", "standard: { of: x, mean: 70, stdev: 10 }"),
        ("lower", "standard: { of: x, mean: 70, stdev: 10, better: lower }"),
        ("higher", "formula: '60 + 40 * (x - group_median(x))'"),
        ("higher", "formula: '100 * share(x)'"),
    ] {
        let found = of_better(better, item);
        let direction = |code: &&Code| matches!(**code, Code::ScoreFalls | Code::Undecided);
        assert!(found.iter().find(direction).is_none(), "better: {better}, {item}: {found:?}");
    }
}

#[test]
fn what_cannot_be_decided_is_said_once() {
    // it rises all the way, which the ways of its parts do not show
    let item = "formula: '100 * x - 20 * max(0, x - 1)'";
    assert_eq!(of_better("higher", item), [Code::Undecided]);
    let inputs = ["x: { type: number, min: 0, better: higher }", "y: { type: number, min: 0, better: higher }"];
    let items = ["i: { formula: '100 * x - 20 * max(0, x - 1)' }", "j: { formula: '2 * y - max(0, y - 1)' }"];
    assert_eq!(told(&inputs, &[], &items), [Code::Undecided]);
}

#[test]
fn figures_among_people_that_go_both_ways_are_not_passed() {
    for item in [
        "formula: '100 * x / (1 + group_avg(x))'",
        "formula: '2 * group_avg(x) - x'",
        "formula: '100 * cumulative_share(x desc)'",
        "formula: '100 * group_avg(x where x > 5)'",
    ] {
        assert_eq!(of_better("higher", item), [Code::Undecided], "{item}");
    }
}

#[test]
fn a_total_that_lowers_all_by_a_veto_goes_with_its_parts() {
    let text = "
kaohe: 1
scheme: x
inputs:
  id: { type: text, key: true }
  bad: { type: number, min: 0, max: 100%, better: lower }
computed:
  good: { formula: 1 - bad, better: higher }
scores:
  total:
    items:
      item: { weight: 100, interpolate: { of: good, knots: [[90%, 0], [100%, 100]] } }
    adjustments:
      - { name: extra, points: if bad <= 1% then 5 else 0 }
    vetoes:
      - { name: too bad, when: bad > 5%, score_at_most: 59 }
    cap: 100
";
    assert_eq!(Scheme::check(text), []);
    // an addition for the worse is told of the addition, not of the total again
    let worse = text.replace("if bad <= 1%", "if bad >= 1%");
    let found: Vec<_> = Scheme::check(&worse).into_iter().map(|each| (each.code, each.message.en)).collect();
    assert!(matches!(found.as_slice(), [(Code::ScoreFalls, message)] if message.contains("`extra`")), "{found:?}");
}

#[test]
fn a_grade_is_told_when_nothing_gives_it_and_only_then() {
    let scheme = |ladder: &str, vetoes: &str| {
        let text = format!(
            "kaohe: 1\nscheme: x\ninputs:\n  id: {{ type: text, key: true }}\n  mark: {{ type: number, min: 0, max: 100 }}\n  \
             event: {{ type: bool }}\ngrades:\n  grade:\n    ladder: {ladder}\n    thresholds: {{ of: mark, at_least: \
             [[90, A], [60, B]], else: C }}\n{vetoes}"
        );
        let found = Scheme::check(&text).into_iter().filter(|each| each.code != Code::Unused);
        found.map(|each| each.code).collect::<Vec<_>>()
    };
    assert_eq!(scheme("[A, B, C]", ""), []);
    assert_eq!(scheme("[A, B, C, D]", ""), [Code::NeverReached]);
    let veto = "    vetoes:\n      - { name: event, when: event, grade_at_most: D }\n";
    assert_eq!(scheme("[A, B, C, D]", veto), []);
}

#[test]
fn a_grade_by_a_figure_shown_rounded_is_told() {
    let scheme = |mark: &str| {
        let text = format!(
            "kaohe: 1\nscheme: x\ninputs:\n  id: {{ type: text, key: true }}\n  a: {{ type: number, min: 0, max: 50 }}\n\
             computed:\n  mark: {{ formula: a * 2, {mark} }}\ngrades:\n  grade:\n    ladder: [A, B]\n    thresholds: {{ of: \
             mark, at_least: [[90, A]], else: B }}\n"
        );
        let found = Scheme::check(&text).into_iter().filter(|each| each.code != Code::OtherScale);
        found.map(|each| each.code).collect::<Vec<_>>()
    };
    assert_eq!(scheme("show: { places: 2 }"), [Code::HiddenDigits]);
    assert_eq!(scheme("round: 3, show: { places: 2 }"), [Code::HiddenDigits]);
    assert_eq!(scheme("round: 2, show: { places: 2 }"), []);
    assert_eq!(scheme("round: 4, show: { as: percent, places: 2 }"), []);
    assert_eq!(scheme("round: 2"), []);
}

#[test]
fn one_formula_on_its_own_is_not_held_against_ranges() {
    assert!(crate::Formula::parse("a / b").is_ok());
}
