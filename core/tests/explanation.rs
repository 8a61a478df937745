//! Explanations of the worked examples: what they say, word for word, and the law that they add up.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, also in the functions tests share"
)]

mod explain;

use std::path::Path;
use std::sync::LazyLock;

use explain::golden;
use kaohe::diagnostic::Language;
use kaohe::explain::{ColumnRole, Explanation};
use kaohe::number::{Number, RoundingMode};
use kaohe::{Row, Scheme};
use proptest::prelude::*;

fn example(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The person with that key from an example's table; `3.6%` is read as people mean it.
fn person(table: &str, key: &str) -> Row {
    let table = example(table);
    let mut lines = table.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let line = lines.find(|line| line.split(',').next() == Some(key)).unwrap();
    let mut row = Row::new();
    for (name, cell) in head.into_iter().zip(line.split(',')) {
        match cell.strip_suffix('%') {
            Some(percent) => {
                let percent = Number::parse(percent).unwrap().multiply(&Number::parse("0.01").unwrap());
                row.set(name, percent.to_string());
            }
            None => row.set(name, cell),
        }
    }
    row
}

fn bank() -> &'static Scheme {
    static BANK: LazyLock<Scheme> =
        LazyLock::new(|| Scheme::parse(&example("bank_quarter/scheme-figures.yaml")).unwrap());
    &BANK
}

static EVERYTHING: LazyLock<Scheme> = LazyLock::new(|| Scheme::parse(EVERYTHING_TEXT).unwrap());
static WORKLOADS: LazyLock<[Scheme; 2]> = LazyLock::new(|| {
    ["workload/scheme.yaml", "workload/scheme-unrounded.yaml"].map(|path| Scheme::parse(&example(path)).unwrap())
});

fn explained(key: &str) -> Explanation {
    bank().explain_row(&person("bank_quarter/staff-figures.csv", key), None).unwrap()
}

#[test]
fn the_worked_person_is_explained_word_for_word() {
    let why = explained("001");
    golden("bank_quarter_001.en.txt", &why.to_text(Language::English));
    golden("bank_quarter_001.zh.txt", &why.to_text(Language::Chinese));
    golden("bank_quarter_001.json", &(why.to_json() + "\n"));
}

#[test]
fn a_major_case_is_told_with_what_it_did() {
    let why = bank().explain_row(&person("bank_quarter/staff-figures.csv", "002"), Some("等级")).unwrap();
    golden("bank_quarter_002.en.txt", &why.to_text(Language::English));
    golden("bank_quarter_002.zh.txt", &why.to_text(Language::Chinese));
}

#[test]
fn a_missing_cell_is_followed_from_the_grade_down() {
    let why = explained("016");
    golden("bank_quarter_016.en.txt", &why.to_text(Language::English));
    golden("bank_quarter_016.zh.txt", &why.to_text(Language::Chinese));
}

#[test]
fn reason_codes_are_the_points_lost_largest_first() {
    let why = explained("001");
    let lost = &why.column("定量得分").unwrap().lost;
    let told: Vec<String> = lost.iter().map(|each| format!("{} {}", each.column, each.points)).collect();
    assert_eq!(told, ["不良 6", "投诉 2", "出勤 1.52", "满意 0.8", "收息 0.2"]);
    // for the whole score each counts with the weight of its dimension
    let lost = &why.column("综合得分").unwrap().lost;
    let told: Vec<String> = lost.iter().map(|each| format!("{} {}", each.column, each.effect)).collect();
    assert_eq!(told, ["不良 4.2", "定性得分 3", "投诉 1.4", "出勤 1.064", "满意 0.56", "收息 0.14"]);
}

#[test]
fn a_column_that_is_not_there_is_an_error_with_the_nearest() {
    let error = bank().explain_row(&person("bank_quarter/staff-figures.csv", "001"), Some("综合得份")).unwrap_err();
    assert_eq!(error.message.en, "the scheme has no column `综合得份`");
    assert_eq!(error.help.unwrap().zh, "是不是 `综合得分`？");
}

/// Parts, changes and rounding add up, in every total; a rounding to the nearest is at most half a unit.
fn law(scheme: &Scheme, row: &Row) {
    let why = scheme.explain_row(row, None).unwrap();
    let outcome = scheme.score_row(row).unwrap();
    for column in &why.columns {
        assert_eq!(Some(&column.figure), outcome.get(&column.name).as_ref(), "{}", column.name);
        if column.role == ColumnRole::Total && column.exact.is_some() {
            assert_eq!(column.accounted(), column.exact, "{}\n{}", column.name, why.to_text(Language::English));
        }
        if let Some(line) = &column.rounding {
            assert_eq!(line.exact.add(&line.difference), line.rounded);
            assert_eq!(Some(&line.rounded), column.exact.as_ref());
            if matches!(line.mode, RoundingMode::HalfUp | RoundingMode::HalfEven) {
                let unit = Number::from(10).power(-line.places).unwrap();
                assert!(line.difference.absolute().multiply(&Number::from(2)) <= unit, "{}", column.name);
            }
        }
        assert_eq!(column.problem.is_some(), column.exact.is_none() && outcome.problem(&column.name).is_some());
        for child in &column.children {
            assert!(why.column(child).is_some(), "{child} is not explained");
        }
        for step in &column.steps {
            assert!(!step.told.en.is_empty() && !step.told.zh.is_empty());
            assert!(!step.told.en.contains('?') && !step.told.zh.contains('?'), "{}", step.told.en);
        }
    }
    let names: std::collections::HashSet<_> = why.columns.iter().map(|column| &column.name).collect();
    assert_eq!(names.len(), why.columns.len(), "a column stands there twice");
    let json = why.to_json();
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["explanation"], 2);
    assert_eq!(json, scheme.explain_row(row, None).unwrap().to_json());
    assert!(why.to_text(Language::Chinese).lines().count() >= why.to_text(Language::English).lines().count());
}

/// A scheme with everything a total can do.
const EVERYTHING_TEXT: &str = "
kaohe: 1
scheme: 全
rounding: { items: 2, totals: 2 }
inputs:
  号: { type: text, key: true }
  甲: { type: number, missing: allow, places: 3, min: -1000, max: 1000 }
  乙: { type: number, missing: allow, places: 3, min: -1000, max: 1000 }
  丙: { type: number, missing: 7, places: 3, min: -1000, max: 1000 }
  级: { type: choice, values: [初, 中] }
  案: { type: bool, missing: false }
parameters:
  每次: { value: 3, source: 办法第三条 }
  线: { by: [级], values: { 初: 60, 中: 80 }, source: 附表 }
scores:
  总分:
    floor: 0
    cap: 线[级] + 30
    items:
      左:
        weight: 60
        items:
          一: { weight: 30, formula: 甲, when_missing: redistribute }
          二: { weight: 40, formula: 乙, when_missing: full, round: none }
          三: { weight: 30, only_when: 丙 > 3, formula: 丙 * 每次, when_missing: redistribute }
      右:
        weight: 40
        full: 70
        items:
          四: { points: 50, deduct: { each: 每次, times: 丙, floor: 0 }, when_missing: redistribute }
          五: { points: 20, formula: 甲, when_missing: redistribute }
    adjustments:
      - { name: 加分, points: 丙 / 7, max: 2 }
      - { name: 减分, points: -2, when: 案 and 丙 > 1 }
    vetoes:
      - { name: 出事, when: 案, score_at_most: \"线[级]\" }
      - { name: 大事, when: 案 and 丙 > 5, score_at_most: 40 }
";

fn cell(places: i8) -> impl Strategy<Value = Option<String>> {
    let number = (-20_000_i64..200_000)
        .prop_map(move |mantissa| Some(Number::from_parts(mantissa.into(), places.unsigned_abs()).to_string()));
    prop_oneof![4 => number, 1 => Just(None)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// The contributions of a total add up to it, whatever is missing and whatever it was limited to.
    #[test]
    fn contributions_add_up(a in cell(3), b in cell(3), c in cell(4), upper in any::<bool>(), event in any::<bool>()) {
        let mut row = Row::new().with("号", "1").with("级", if upper { "中" } else { "初" }).with("案", event);
        for (name, cell) in [("甲", a), ("乙", b), ("丙", c)] {
            if let Some(cell) = cell {
                row.set(name, cell);
            }
        }
        law(&EVERYTHING, &row);
    }

    /// The same for the bank's people.
    #[test]
    fn the_bank_adds_up(money in prop::collection::vec(0_i64..100_000_000, 7), small in prop::collection::vec(0_i64..100, 6), event in any::<bool>()) {
        let names = ["折算日均存款", "基数", "增量计划", "应收利息", "实收利息", "不良贷款", "贷款余额"];
        let mut row = Row::new().with("工号", "1").with("重大案件", event);
        for (name, value) in names.into_iter().zip(money) {
            row.set(name, value);
        }
        let names = ["满意度", "投诉次数", "客户数", "出勤天数", "应出勤", "定性得分"];
        for (name, value) in names.into_iter().zip(small) {
            row.set(name, if name == "满意度" { value % 6 } else { value });
        }
        row.set("流失率", "0.0713");
        row.set("加减分值", "1.5");
        law(bank(), &row);
    }

    /// And for the workload, whose rates are quotients.
    #[test]
    fn the_workload_adds_up(values in prop::collection::vec(0_i64..20_000, 11), satisfied in 0_i64..=100, rounded in any::<bool>()) {
        let names = ["dep", "dep_tgt", "loan", "loan_tgt", "int_due", "int_col", "npl", "npl_lim", "cust", "cust_tgt", "compl"];
        let mut row = Row::new().with("id", "1").with("branch", "x").with("satisf", satisfied);
        for (name, value) in names.into_iter().zip(values) {
            row.set(name, if name == "compl" { value % 30 } else { value });
        }
        law(&WORKLOADS[usize::from(rounded)], &row);
    }
}

#[test]
fn everything_a_total_can_do_is_told() {
    let row = Row::new().with("号", "1").with("级", "中").with("案", true).with("丙", "6.5");
    let why = EVERYTHING.explain_row(&row, None).unwrap();
    golden("everything.en.txt", &why.to_text(Language::English));
    golden("everything.zh.txt", &why.to_text(Language::Chinese));
}

/// Every example that this version reads, every person of it, in both languages.
#[test]
fn every_example_is_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut explained = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(source) = std::fs::read_to_string(folder.join("scheme.yaml")) else { continue };
        let Ok(scheme) = Scheme::parse(&source) else { continue };
        law(&scheme, &Row::new()); // nothing is filled in, so everything is told as a fault
        let Ok(table) = std::fs::read_to_string(folder.join("staff.csv")) else { continue };
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        for line in table.lines().skip(1) {
            let key = line.split(',').next().unwrap();
            law(&scheme, &person(&format!("{name}/staff.csv"), key));
            explained += 1;
        }
    }
    assert!(explained >= 19, "the bank's people at least");
}

/// Long chains and wide totals neither overflow the stack nor take quadratic time or text.
#[test]
fn a_huge_scheme_is_explained_in_a_moment() {
    use std::fmt::Write as _;
    let mut source = String::from(
        "kaohe: 1\nscheme: huge\ninputs:\n  k: { type: text, key: true }\n  c0: { type: number, max: 9, min: 0 }\ncomputed:\n",
    );
    for at in 1..3000 {
        let _ = writeln!(source, "  c{at}: {{ formula: c{} + 1, round: 0 }}", at - 1);
    }
    source.push_str("scores:\n  t:\n    full: 1000\n    items:\n");
    for at in 0..1000 {
        let _ = writeln!(source, "      i{at}: {{ points: 1, formula: c{} / 3000, round: 3 }}", at * 2);
    }
    let scheme = Scheme::parse(&source).unwrap();
    let row = Row::new().with("k", "1").with("c0", 5);
    let why = scheme.explain_row(&row, Some("t")).unwrap();
    assert_eq!(why.column("t").unwrap().accounted(), why.column("t").unwrap().exact);
    assert!(why.columns.len() > 2900);
    assert!(why.to_text(Language::English).len() < 2_000_000);
    assert!(why.to_json().len() < 10_000_000);
    let blocked = scheme.explain_row(&Row::new().with("k", "1"), None).unwrap();
    assert_eq!(blocked.column("t").unwrap().children.last().map(|name| &**name), Some("i999"));
}
