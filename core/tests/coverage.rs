//! What no worked example reaches is told, thing by thing; what one reaches is not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use kaohe::Scheme;
use kaohe::cases::Verdict;
use kaohe::coverage::MissedKind;
use kaohe::diagnostic::Language;

const SCHEME: &str = "
kaohe: 1
scheme: 样例不到之处
rounding: { items: 2, totals: 2 }
given:
  上期: { type: number, missing: 0 }
inputs:
  工号: { type: text, key: true }
  甲: { type: number }
  乙: { type: number, missing: allow }
  适用: { type: bool, missing: true }
  案件: { type: bool, missing: false }
  上级: { type: choice, values: [A, B, C], missing: allow }
details:
  月: { key: 工号, columns: { 额: { type: number } } }
  决定: { key: 工号, columns: { 等级: { type: text }, 理由: { type: text } } }
computed:
  段: if 甲 >= 90 then 3 else 1
  档: case when 甲 >= 80 then 2 when 甲 >= 60 then 1 else 0 end
  比: ratio(甲, 上期, 0)
  补: coalesce(乙, 5)
  合: sum(月.额)
  均: avg(月.额 when_empty 7)
scores:
  总分:
    cap: 95
    items:
      完成: { weight: 20, completion: { of: 甲 / 100, gate: 60%, cap: 120% } }
      分段: { weight: 20, bands: { of: 甲, at_least: [[90, 100], [60, 80]], else: 0 } }
      插值: { weight: 20, interpolate: { of: 甲, knots: [[50, 0], [80, 50], [100, 100]] } }
      加减: { weight: 20, step: { of: 甲, target: 70, below: { each: 10, points: -5, units: whole, limit: -20 }, above: { each: 10, points: 1, units: whole } } }
      扣分: { weight: 20, deduct: { each: 5, times: 补, floor: 0 }, only_when: 适用, when_missing: redistribute }
    adjustments:
      - { name: 加分, points: 上期, max: 5 }
    vetoes:
      - { name: 案件, when: 案件, score_at_most: 59 }
grades:
  等级:
    ladder: [A, B, C]
    order: [总分 desc, 工号 asc]
    quota: { shares: { A: 1/3, B: 1/3, C: 1/3 } }
    eligible: { A: 甲 >= 60 }
    graded_when: 甲 > 0
    otherwise: 不参评
    shifts:
      - { name: 上调, when: 适用 and 甲 > 150, up: 1 }
    movement: { from: 上级, up: 1, down: 1 }
    override: { from: 决定, grade: 等级, reason: 理由 }
cases:
";

fn with(cases: &str) -> Scheme {
    Scheme::parse(&format!("{SCHEME}{cases}"))
        .unwrap_or_else(|error| panic!("{}", error.render(None, Language::English)))
}

const ALL: &str = "
  - given: { 上期: 9 }
    rows:
      columns: [工号, 甲, 乙, 适用, 案件, 上级]
      values:
        - [a, 130, 2, true, false, '']
        - [b, 160, '', true, false, C]
        - [c, 75, 25, true, true, '']
        - [d, 55, 1, false, false, '']
        - [e, 20, 1, true, false, '']
        - [f, 0, 1, true, false, '']
        - [g, 95, 1, true, false, '']
    details:
      月: [{ 工号: a, 额: 5 }]
      决定: [{ 工号: d, 等级: B, 理由: 评审 }]
    expect:
      a: { 合: 5, 均: 5 }
      b: { 均: 7 }
  - row: { 工号: z, 甲: 70, 乙: 1 }
    expect: { 比: 0, 等级.seated: K0921, 等级: K0920 }
";

#[test]
fn examples_that_reach_everything_leave_nothing_to_tell() {
    let scheme = with(ALL);
    let (results, coverage) = scheme.run_cases_with_coverage();
    for result in &results {
        assert!(matches!(result.verdict, Verdict::Passed(_)), "{result:?}");
    }
    let told: Vec<&str> = coverage.missed.iter().map(|missed| &*missed.message.en).collect();
    assert_eq!(told, Vec::<&str>::new());
    assert_eq!((coverage.people, coverage.cases, coverage.percent()), (8, 2, 100));
    assert!(coverage.total > 40, "{}", coverage.total);
}

#[test]
fn without_examples_everything_is_told_once_with_its_place() {
    let scheme = with("  - { row: { 工号: z, 甲: 'x', 乙: 1 }, expect: { 甲: K0906 } }\n");
    let coverage = scheme.coverage();
    let told: Vec<String> = coverage
        .missed
        .iter()
        .map(|missed| {
            let place = missed.location.as_ref().unwrap();
            format!(
                "{} {} `{}`: {} | {}",
                missed.kind.name(),
                missed.column,
                place.underlined,
                missed.message.en,
                missed.message.zh
            )
        })
        .collect();
    let kinds: std::collections::BTreeSet<MissedKind> = coverage.missed.iter().map(|missed| missed.kind).collect();
    assert_eq!(kinds.len(), 19, "every kind there is: {kinds:?}");
    let once: std::collections::BTreeSet<&String> = told.iter().collect();
    assert_eq!(once.len(), told.len(), "{told:#?}");
    for wanted in [
        "branch 段 `3`: `甲 >= 90` never holds | `甲 >= 90` 从未成立",
        "branch 档 `0`: `甲 >= 60` always holds when it is asked | `甲 >= 60` 问到时总是成立",
        "policy 补 `5`: `乙` is never missing | `乙` 从未缺失",
        "rows 均 `avg(月.额 when_empty 7)`: `avg(月.额 when_empty 7)` goes over no row | `avg(月.额 when_empty 7)` 从未有明细行可算",
        "eligible 等级 `甲 >= 60`: everybody is eligible for `A` | 所有人都符合 `A` 的条件",
        "graded 等级 `甲 > 0`: everybody is graded in `等级` | `等级` 所有人都参评",
        "gate 完成 `60%`: nobody stays below the gate `60%` | 没有人低于门槛 `60%`",
        "cap 总分 `95`: the cap `95` holds nobody down | 上限 `95` 从未起作用",
        "band 分段 `60`: no `甲` falls in the band ≥ `60` | 没有 `甲` 落在 ≥ `60` 一段",
        "segment 插值 `80`: no `甲` lies between `80` and `100` | 没有 `甲` 在 `80` 与 `100` 之间",
        "veto 总分 `案件`: the veto `案件` is never met | 一票否决 `案件` 从未触发",
        "decision 等级 `等级`: nobody's grade is decided | 从未有人工调整",
    ] {
        assert!(told.iter().any(|told| told == wanted), "{wanted}\n{told:#?}");
    }
    // a guard of the compiler's own is nobody's to reach
    assert!(!told.iter().any(|told| told.contains("上级")), "{told:#?}");
}

#[test]
fn an_example_that_fails_still_reaches_what_it_reaches() {
    let (results, coverage) = with("  - { row: { 工号: z, 甲: 95 }, expect: { 段: 1 } }\n").run_cases_with_coverage();
    assert!(matches!(results[0].verdict, Verdict::Failed(_)));
    assert!(!coverage.missed.iter().any(|missed| missed.message.en == "`甲 >= 90` never holds"));
    let json: serde_json::Value = serde_json::from_str(&kaohe::boundary::coverage_json(&coverage)).unwrap();
    assert_eq!(json["total"].as_u64(), Some(coverage.total as u64));
    assert!(json["missed"][0]["line"].is_u64());
}
