//! What the reader makes of the parts of a document: places, paths, and texts as their characters.

use super::super::conform::conform;
use super::super::format::SCHEME;
use super::super::model::*;
use super::super::shape::Shape;
use super::super::tree;
use super::read;
use crate::diagnostic::{Diagnostic, Span};
use crate::plan::{Direction, QuotaMethod, QuotaOf, TiesAtCut};

const HEAD: &str = "kaohe: 1\nscheme: a\ninputs: { 工号: { type: text, key: true } }\n";

/// The source, its document and what is wrong with it.
fn document_of(part: &str) -> (String, Document, Vec<Diagnostic>) {
    let source = format!("{HEAD}{part}");
    let reading = tree::read(&source);
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    let root = reading.root.unwrap();
    let mut problems = Vec::new();
    conform(&root, &Shape::Map(&SCHEME), &mut problems);
    let document = read(&source, &root, &mut problems);
    (source, document, problems)
}

/// The same of a part without a mistake.
fn sound(part: &str) -> (String, Document) {
    let (source, document, problems) = document_of(part);
    assert!(problems.is_empty(), "{problems:#?}");
    (source, document)
}

fn grading(lines: &str) -> (String, GradingText) {
    let (source, mut document) = sound(&format!("grades:\n  级别:\n    ladder: [高级, 中级]\n{lines}"));
    (source, document.grades.remove(0))
}

/// What is said of a grading, each with its code and the text it stands under.
fn told(lines: &str) -> Vec<(String, String)> {
    let (source, _, problems) = document_of(&format!("grades:\n  级别:\n    ladder: [高级, 中级]\n{lines}"));
    let each = problems.iter().map(|found| (found.code.id().to_owned(), found.span.unwrap().of(&source).to_owned()));
    each.collect()
}

fn facts(facts: &Facts) -> Vec<(&str, &str)> {
    facts.iter().map(|(named, scalar)| (&*named.name, scalar.text.as_str())).collect()
}

#[test]
fn a_detail_table_has_its_columns_under_its_own_path() {
    let (source, document) = sound(
        "details:\n  贷款：一:\n    key: 工号\n    unique: [借据, 日期１]\n    columns:\n      借据: { type: text, header: 号 }\n      \
         日期1: { type: date }\n      余额: { type: number, unit: 元 }\n    computed:\n      利息: { formula: \"余额 * 3%\", round: 2 }\n",
    );
    let [table] = document.details.as_slice() else { panic!("one table") };
    assert_eq!((&*table.name.name, &*table.path, &*table.key.name), ("贷款:一", "details.贷款：一", "工号"));
    assert_eq!(table.key.span.of(&source), "工号");
    let names: Vec<_> = table.columns.iter().map(|column| &*column.common.name.name).collect();
    assert_eq!(names, ["借据", "日期1", "余额"]);
    assert_eq!(&*table.columns[2].common.path, "details.贷款：一.columns.余额");
    assert_eq!(table.unique.iter().map(|column| &*column.name).collect::<Vec<_>>(), ["借据", "日期1"]);
    assert_eq!(table.unique[1].span.of(&source), "日期１");
    let [interest] = table.computed.as_slice() else { panic!("one indicator") };
    let formula = interest.rule.formula().unwrap();
    assert_eq!(&*formula.path, "details.贷款：一.computed.利息.formula");
    assert_eq!(formula.span.of(&source), "\"余额 * 3%\"");
    assert_eq!(formula.expr.names().next().map(|name| name.span.of(&source)), Some("余额"));
    assert!(document.failed.is_empty());
}

#[test]
fn what_cannot_be_read_of_a_detail_table_takes_the_table_with_it_and_no_column_of_the_scheme() {
    let (_, document, problems) = document_of(
        "details:\n  贷款:\n    key: 工号\n    columns: { 余额: { type: number }, 利率: { type: numbr } }\n\
         \x20   computed: { 利息: 余额 * }\n",
    );
    assert_eq!(problems.iter().map(|found| found.code.id()).collect::<Vec<_>>(), ["K0104", "K0213"]);
    assert!(document.details.is_empty());
    assert_eq!(document.failed.iter().map(|named| &*named.name).collect::<Vec<_>>(), ["贷款"]);
}

#[test]
fn a_value_of_the_run_is_an_input_under_given() {
    let (source, document) = sound("given:\n  上期结转: { type: number, unit: 元, missing: 0元 }\n");
    let [given] = document.given.as_slice() else { panic!("one value") };
    assert_eq!((&*given.common.name.name, &*given.common.path), ("上期结转", "given.上期结转"));
    let MissingText::Default(formula) = &given.missing else { panic!("a default") };
    assert_eq!((formula.span.of(&source), &*formula.path), ("0元", "given.上期结转.missing"));
}

#[test]
fn a_grading_by_quota_has_all_its_parts_at_their_places() {
    let (source, grading) = grading(
        "    within: [网点, 类别１]\n    order: [\"「综合 得分」  DESC\", '`工号` asc']\n    quota:\n      of: all\n      \
         at_most: { 高级: 20%, 中级: 1/3 }\n      ties_at_cut: all_down\n      smallest_group: 5\n      smaller: thresholds\n    \
         thresholds: { of: 得分, at_least: [[90, 高级]], else: 中级 }\n    eligible: { 高级: 出勤率 >= 90% }\n    \
         graded_when: 在岗\n    otherwise: no\n    shifts:\n      - { name: 农村, when: 农村, up: 1, at_top: cross }\n      \
         - { name: 投诉, when: 投诉 > 3, down: 2 }\n    movement: { from: 现级别, up: 1 }\n    \
         override: { from: 调整, grade: 调整后, reason: 事由, over_veto: 是 }\n",
    );
    let within: Vec<_> = grading.within.iter().map(|named| (&*named.name, named.span.of(&source))).collect();
    assert_eq!(within, [("网点", "网点"), ("类别1", "类别１")]);
    let order: Vec<_> =
        grading.order.iter().map(|each| (&*each.column.name, each.column.span.of(&source), each.direction)).collect();
    let wanted = [("综合 得分", "综合 得分", Direction::Descending), ("工号", "工号", Direction::Ascending)];
    assert_eq!(order, wanted);
    let quota = grading.quota.unwrap();
    assert_eq!((quota.of, quota.method, quota.ties_at_cut), (QuotaOf::All, QuotaMethod::AtMost, TiesAtCut::AllDown));
    assert_eq!((quota.smallest_group, quota.smaller_by_thresholds), (Some(5), true));
    let shares: Vec<_> = quota.shares.iter().map(|(grade, share)| (&*grade.name, &*share.text, &*share.path)).collect();
    let path = |grade: &str| format!("grades.级别.quota.at_most.{grade}");
    assert_eq!(shares, [("高级", "20%", &*path("高级")), ("中级", "1/3", &*path("中级"))]);
    assert!(grading.thresholds.is_some());
    let [(grade, condition)] = grading.eligible.as_slice() else { panic!("one grade") };
    assert_eq!((&*grade.name, &*condition.path), ("高级", "grades.级别.eligible.高级"));
    assert_eq!(&*grading.graded_when.unwrap().text, "在岗");
    // not the truth that YAML makes of it
    assert_eq!(&*grading.otherwise.unwrap().name, "no");
    let shifts: Vec<_> = grading.shifts.iter().map(|shift| (&*shift.name, shift.steps, shift.cross)).collect();
    assert_eq!(shifts, [("农村", 1, true), ("投诉", -2, false)]);
    assert_eq!(&*grading.shifts[1].when.path, "grades.级别.shifts.1.when");
    assert_eq!(grading.shifts[1].span.of(&source), "{ name: 投诉, when: 投诉 > 3, down: 2 }");
    let movement = grading.movement.unwrap();
    assert_eq!((&*movement.from.text, movement.up, movement.down), ("现级别", Some(1), None));
    let decision = grading.decision.unwrap();
    let names = (&*decision.from.name, &*decision.grade.name, &*decision.reason.name, decision.over_veto);
    assert_eq!(names, ("调整", "调整后", "事由", true));
}

#[test]
fn what_a_quota_does_not_say_is_the_stated_default() {
    let (_, grading) = grading("    order: [得分 desc]\n    quota: { shares: { 高级: 20%, 中级: 80% } }\n");
    let quota = grading.quota.unwrap();
    assert_eq!((quota.of, quota.method, quota.ties_at_cut), (QuotaOf::Graded, QuotaMethod::Shares, TiesAtCut::Error));
    assert_eq!((quota.smallest_group, quota.smaller_by_thresholds), (None, false));
}

#[test]
fn standards_are_lists_of_conditions_by_grade() {
    let (source, grading) =
        grading("    standards:\n      高级: [利润 >= 3, 增量 >= 6]\n      中级: [利润 >= 2]\n    otherwise: 未入级\n");
    let standards: Vec<_> = grading
        .standards
        .iter()
        .map(|(grade, all)| (&*grade.name, all.iter().map(|each| each.span.of(&source)).collect::<Vec<_>>()))
        .collect();
    assert_eq!(standards, [("高级", vec!["利润 >= 3", "增量 >= 6"]), ("中级", vec!["利润 >= 2"])]);
    assert_eq!(&*grading.standards[0].1[1].path, "grades.级别.standards.高级.1");
}

#[test]
fn keys_that_need_or_exclude_each_other_are_told_once() {
    let quota = "    quota: { shares: { 高级: 20%, 中级: 80% } }\n";
    let thresholds = "    thresholds: { of: 得分, at_least: [[90, 高级]] }\n";
    let order = "    order: [得分 desc]\n";
    for (lines, wanted) in [
        (String::new(), vec![("K0102", "级别")]),
        (order.to_owned(), vec![("K0102", "order")]),
        (quota.to_owned(), vec![("K0102", "quota")]),
        (format!("{thresholds}{order}"), vec![("K0108", "order")]),
        (format!("{thresholds}    within: [网点]\n"), vec![("K0108", "within")]),
        (format!("{thresholds}    otherwise: 无\n"), vec![("K0108", "otherwise")]),
        (format!("{order}{quota}{thresholds}"), vec![("K0108", "thresholds")]),
        (
            format!("{order}{thresholds}    quota: {{ shares: {{ 高级: 1 }}, smallest_group: 5, smaller: quota }}\n"),
            vec![("K0108", "thresholds")],
        ),
        // a misspelt key is the one that seems to be missing
        (quota.to_owned() + "    ordr: [得分 desc]\n", vec![("K0101", "ordr")]),
        (format!("{order}    quoat: {{ shares: {{ 高级: 1 }} }}\n"), vec![("K0101", "quoat")]),
        ("    threshold: { of: 得分, at_least: [[90, 高级]] }\n".to_owned(), vec![("K0101", "threshold")]),
        (
            format!(
                "{order}    quota: {{ shares: {{ 高级: 1 }}, smallest_group: 5, smalle: thresholds }}\n{thresholds}"
            ),
            vec![("K0101", "smalle")],
        ),
        (format!("{thresholds}    movement: {{ from: 级, upp: 1 }}\n"), vec![("K0101", "upp")]),
    ] {
        let wanted: Vec<_> = wanted.into_iter().map(|(code, text)| (code.to_owned(), text.to_owned())).collect();
        assert_eq!(told(&lines), wanted, "{lines}");
    }
}

#[test]
fn a_grading_whose_rule_cannot_be_read_is_left_out_with_one_reason() {
    for (lines, code) in [
        ("    thresholds: { of: 得分 +, at_least: [[90, 高级]] }\n", "K0213"),
        ("    order: [得分 desc]\n    quota: { shares: { 高级: 20% +, 中级: 80% } }\n", "K0213"),
    ] {
        let (_, document, problems) = document_of(&format!("grades:\n  级别:\n    ladder: [高级, 中级]\n{lines}"));
        assert_eq!(problems.iter().map(|found| found.code.id()).collect::<Vec<_>>(), [code], "{lines}");
        assert!(document.grades.is_empty());
        assert_eq!(document.failed.iter().map(|named| &*named.name).collect::<Vec<_>>(), ["级别"]);
    }
}

#[test]
fn facts_of_one_person_are_their_characters() {
    let (source, document) = sound(
        "cases:\n  - name: 甲\n    as_of: 2026-07-01\n    row: { 工号: 007, 在岗: no, 金额１: 1e3 }\n    given: { 结转: 10.50 }\n    \
         details:\n      贷款: [{ 余额: 010 }, { 余额: \"\" }]\n    expect: { 得分: 92.90, 等级: y }\n",
    );
    let [case] = document.cases.as_slice() else { panic!("one case") };
    let CasePeople::One { row, expect } = &case.people else { panic!("one person") };
    assert_eq!(facts(row), [("工号", "007"), ("在岗", "no"), ("金额1", "1e3")]);
    assert_eq!(facts(expect), [("得分", "92.90"), ("等级", "y")]);
    assert_eq!(row[0].1.span.of(&source), "007");
    assert_eq!(facts(&case.given), [("结转", "10.50")]);
    let [(table, rows)] = case.details.as_slice() else { panic!("one table") };
    assert_eq!((&*table.name, table.span.of(&source)), ("贷款", "贷款"));
    assert_eq!(rows.iter().map(facts).collect::<Vec<_>>(), [[("余额", "010")], [("余额", "")]]);
}

#[test]
fn a_population_is_the_same_as_maps_and_as_a_table() {
    let maps = "cases:\n  - rows:\n      - { 工号: \"01\", 考试: 90 }\n      - { 工号: 1, 考试: 080 }\n    \
                expect: { \"01\": { 级别: 高级 }, 1: { 级别: 中级 } }\n";
    let table = "cases:\n  - rows:\n      columns: [工号, 考试]\n      values: [[\"01\", 90], [1, 080]]\n    \
                 expect: { \"01\": { 级别: 高级 }, 1: { 级别: 中级 } }\n";
    for part in [maps, table] {
        let (_, document) = sound(part);
        let [case] = document.cases.as_slice() else { panic!("one case") };
        let CasePeople::Many { rows, expect } = &case.people else { panic!("a population") };
        let rows: Vec<_> = rows.iter().map(facts).collect();
        assert_eq!(rows, [[("工号", "01"), ("考试", "90")], [("工号", "1"), ("考试", "080")]]);
        let expect: Vec<_> = expect.iter().map(|(key, figures)| (&*key.name, facts(figures))).collect();
        assert_eq!(expect, [("01", vec![("级别", "高级")]), ("1", vec![("级别", "中级")])]);
        assert_eq!(&*case.name, "cases.0");
    }
}

#[test]
fn rows_of_details_may_stand_as_a_table() {
    let (source, document) = sound(
        "cases:\n  - row: { 工号: a }\n    details: { 贷款: { columns: [借据, 余额], values: [[x, 1], [y, 2]] } }\n    \
         expect: { 得分: 1 }\n",
    );
    let (_, rows) = &document.cases[0].details[0];
    assert_eq!(
        rows.iter().map(facts).collect::<Vec<_>>(),
        [[("借据", "x"), ("余额", "1")], [("借据", "y"), ("余额", "2")]]
    );
    assert_eq!(rows[1][1].1.span.of(&source), "2");
    assert_eq!(rows[1][1].0.span.of(&source), "余额");
}

#[test]
fn sheets_and_answers_are_rows_of_tables() {
    let (_, document) = sound(
        "cases:\n  - row: { 工号: a }\n    answers: { 考试: { S1: A, S2: B }, 空白: {} }\n    \
         ratings: { 测评: { 上级: [AB], 同事: [BA, BB] }, 复评: [{ 角色: 上级, 服务: A }] }\n    expect: { 得分: 1 }\n",
    );
    let case = &document.cases[0];
    let tables: Vec<(&str, Vec<_>)> =
        case.details.iter().map(|(table, rows)| (&*table.name, rows.iter().map(facts).collect())).collect();
    let sheet = |role, marks| vec![("角色", role), ("评分", marks)];
    let rated = vec![sheet("上级", "AB"), sheet("同事", "BA"), sheet("同事", "BB")];
    assert_eq!(
        tables,
        [
            ("考试", vec![vec![("S1", "A"), ("S2", "B")]]),
            ("空白", vec![vec![]]),
            ("测评", rated),
            ("复评", vec![vec![("角色", "上级"), ("服务", "A")]]),
        ]
    );
}

#[test]
fn no_span_of_an_order_leaves_its_text() {
    for text in ["'「a」 desc'", "\"\\u300ca\\u300d asc\"", "|-\n        a\n        desc"] {
        let (source, grading) =
            grading(&format!("    order:\n      - {text}\n    quota: {{ shares: {{ 高级: 1 }} }}\n"));
        let column = &grading.order[0].column;
        assert_eq!((&*column.name, column.span.of(&source)), ("a", "a"), "{text}");
        assert_ne!(column.span, Span::default());
    }
}
