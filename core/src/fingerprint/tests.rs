//! The laws of the fingerprint: what changes it, and what does not.

use super::of_document;
use crate::document::tree::read;

/// A scheme with something of everything.
const SCHEME: &str = r#"
kaohe: 1
scheme: 季度考核
edition: 2026Q3
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
rounding: { items: 2, totals: 2, mode: half_up }
inputs:
  工号: { type: text, key: true, header: 员工编号 }
  级别: { type: choice, values: [高级, 中级] }
  存款: { type: number, unit: 万元, min: 0 }
  任务: { type: number, unit: 万元, above: 0, better: higher }
  投诉: { type: number, whole: true, missing: 0 }
  备注: { type: text, missing: 1.50 }
parameters:
  每次扣分: 5
  系数: { by: [级别], values: { 高级: 1.2, 中级: 1 } }
  利率: [{ from: 2026-01-01, value: 3% }, { from: 2026-07-01, value: 2.85% }]
computed:
  完成率: 存款 / 任务
  达标: 存款 > 任务 and not 投诉 > 3
scores:
  总分:
    items:
      业绩: { weight: 60, completion: { of: 完成率, gate: 60%, cap: 120% } }
      服务: { weight: 40, formula: "max(0, 100 - 每次扣分 * 投诉)" }
    vetoes:
      - { name: 案件, when: 投诉 > 9, score_at_most: 59 }
      - { name: 事故, when: 投诉 > 5, score_at_most: 70 }
grades:
  等级:
    ladder: [优, 良, 差]
    thresholds: { of: 总分, at_least: [[90, 优], [70, 良]], else: 差 }
"#;

fn fingerprint(source: &str) -> String {
    let reading = read(source);
    assert!(reading.problems.is_empty(), "{:?}\n{source}", reading.problems);
    of_document(&reading.root.unwrap())
}

/// The scheme with one part replaced.
fn with(old: &str, new: &str) -> String {
    assert_eq!(SCHEME.matches(old).count(), 1, "`{old}` must stand once");
    SCHEME.replace(old, new)
}

#[test]
fn it_is_a_sha256_and_stays_what_it_is() {
    let found = fingerprint("{ kaohe: 1, scheme: a, inputs: { k: { type: text, key: true } } }");
    // Changing this value means that every stored result names another scheme: a new `VERSION`.
    assert_eq!(found, "sha256:d2b6e5cada43d099bf45d8996824fb52594f6fa48745a6f48da09beaf1cb3820");
}

#[test]
fn what_people_read_and_how_it_is_written_change_nothing() {
    let before = fingerprint(SCHEME);
    for (old, new) in [
        // comments, labels, sources, how figures are shown
        ("scheme: 季度考核", "# 说明\nscheme: 季度考核   # 名称"),
        ("unit: 万元, min: 0 }", "unit: 万元, min: 0, label: { en: deposits }, source: 第三条, show: { places: 1 } }"),
        // cases
        ("grades:", "cases: [{ row: { 存款: 1 }, expect: { 总分: 1 } }]\ngrades:"),
        // the order of a map
        ("{ type: number, unit: 万元, min: 0 }", "{ min: 0, type: number, unit: 万元 }"),
        (
            "  每次扣分: 5\n  系数: { by: [级别], values: { 高级: 1.2, 中级: 1 } }",
            "  系数: { values: { 中级: 1, 高级: 1.2 }, by: [级别] }\n  每次扣分: 5",
        ),
        // spacing, quotes, full-width signs, the language of words
        ("完成率: 存款 / 任务", "完成率: '存款/任务'"),
        ("完成率: 存款 / 任务", "完成率: |\n    存款\n    ／ 任务"),
        ("完成率: 存款 / 任务", "完成率: (存款) ÷ 任务"),
        ("存款 > 任务 and not 投诉 > 3", "存款 ＞ 任务 且 非 投诉 > 3"),
        ("\"max(0, 100 - 每次扣分 * 投诉)\"", "MAX（0，100－每次扣分×投诉）"),
        ("\"max(0, 100 - 每次扣分 * 投诉)\"", "\"最大值(0, 100.0 - 每次扣分 * 投诉)\""),
        ("whole: true", "whole: 是"),
        ("任务: { type", "\"任务\": { \"type\""),
        ("每次扣分: 5", "每次扣分: ５"),
        // short and long forms
        ("每次扣分: 5", "每次扣分: { value: 5, source: 第十二条 }"),
        ("完成率: 存款 / 任务", "完成率: { formula: 存款 / 任务 }"),
        ("header: 员工编号", "header: [员工编号]"),
        (
            "利率: [{ from: 2026-01-01, value: 3% }, { from: 2026-07-01, value: 2.85% }]",
            "利率:\n    dated:\n      - { from: 2026-01-01, value: 3% }\n      - { from: 2026-07-01, value: 2.85% }",
        ),
        // stated defaults
        ("unit: 万元, min: 0 }", "unit: 万元, min: 0, missing: error, whole: false, key: 否 }"),
        ("mode: half_up", "mode: \"half_up\""),
        (", mode: half_up", ""),
        ("gate: 60%", "gate: 60%, when_target: error, better: higher"),
        ("{ weight: 60,", "{ weight: 60, when_missing: error,"),
        ("items: 2, totals: 2", "items: 02, totals: 2"),
    ] {
        assert_eq!(fingerprint(&with(old, new)), before, "{old}\n→ {new}");
    }
}

#[test]
fn whatever_is_computed_with_changes_it() {
    let before = fingerprint(SCHEME);
    let mut seen = vec![before];
    for (old, new) in [
        ("季度考核", "季度考核二"),
        ("edition: 2026Q3", "edition: 2026Q4"),
        ("start: 2026-07-01", "start: 2026-07-02"),
        ("totals: 2", "totals: 3"),
        ("totals: 2, mode: half_up", "totals: 2, mode: half_even"),
        ("header: 员工编号", "header: 编号"),
        ("values: [高级, 中级]", "values: [中级, 高级]"),
        ("min: 0", "min: 1"),
        ("above: 0", "min: 0.5"),
        ("missing: 0", "missing: 1"),
        // A text is its characters.
        ("missing: 1.50", "missing: 1.5"),
        ("better: higher", "better: lower"),
        ("每次扣分: 5", "每次扣分: 5.01"),
        ("高级: 1.2", "高级: 1.21"),
        ("{ from: 2026-07-01, value: 2.85% }", "{ from: 2026-07-02, value: 2.85% }"),
        ("完成率: 存款 / 任务", "完成率: 任务 / 存款"),
        ("完成率: 存款 / 任务", "完成率: { formula: 存款 / 任务, round: 4 }"),
        ("  达标:", "  合格:"),
        ("and not", "or not"),
        ("weight: 60", "weight: 61"),
        ("gate: 60%", "gate: 60.1%"),
        ("gate: 60%", "floor: 60%"),
        ("cap: 120%", "cap: 120%, better: lower, lower_by: mirror"),
        ("name: 案件", "name: 大案"),
        ("ladder: [优, 良, 差]", "ladder: [优, 差, 良]"),
        ("[[90, 优], [70, 良]]", "[[90, 优], [70.5, 良]]"),
        ("[[90, 优], [70, 良]]", "[[70, 良], [90, 优]]"),
    ] {
        let found = fingerprint(&with(old, new));
        assert!(!seen.contains(&found), "{old}\n→ {new}");
        seen.push(found);
    }
}

#[test]
fn an_order_and_a_quota_have_one_spelling_and_each_word_of_them_counts() {
    let scheme = |order: &str, quota: &str| {
        fingerprint(&format!("grades: {{ 级别: {{ ladder: [高, 低], order: {order}, quota: {{ {quota} }} }} }}"))
    };
    let (order, quota) = ("[得分 desc, 工号 asc]", "shares: { 高: 20%, 低: 80% }");
    let before = scheme(order, quota);
    for (order, quota) in [
        ("[「得分」   DESC, \"`工号` asc\"]", quota),
        (order, "shares: { 低: 80%, 高: 20% }, of: graded, ties_at_cut: error"),
    ] {
        assert_eq!(scheme(order, quota), before, "{order} {quota}");
    }
    for (order, quota) in [
        ("[得分 asc, 工号 asc]", quota),
        ("[工号 asc, 得分 desc]", quota),
        ("[得分 desc]", quota),
        (order, "at_most: { 高: 20%, 低: 80% }"),
        (order, "shares: { 高: 20%, 低: 80% }, of: all"),
        (order, "shares: { 高: 20%, 低: 80% }, ties_at_cut: all_up"),
    ] {
        assert_ne!(scheme(order, quota), before, "{order} {quota}");
    }
}

#[test]
fn a_text_cannot_pass_for_structure() {
    let scheme = |name: &str| format!("kaohe: 1\nscheme: {name}\nedition: b\n");
    let (one, two) = (scheme(r#"'a","edition":"b'"#), scheme("a"));
    assert_ne!(fingerprint(&one), fingerprint(&two));
}
