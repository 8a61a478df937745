//! Explanations of runs: detail rows, figures over groups, seats and what else decides a grade.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, also in the functions tests share"
)]

mod explain;

use std::sync::LazyLock;

use explain::golden;
use kaohe::diagnostic::Language;
use kaohe::explain::{ColumnRole, Explanation, Fact, Step, StepKind};
use kaohe::number::Number;
use kaohe::{Cell, Data, Options, Row, Run, Scheme, Table};
use proptest::prelude::*;

/// A table written as lines of cells; an empty cell is missing, and the lines count from 2 as those of a file.
fn table(text: &str) -> Table {
    let mut lines = text.trim().lines();
    let head: Vec<&str> = lines.next().unwrap().trim().split(',').collect();
    let rows: Vec<Row> = lines
        .map(|line| {
            let mut row = Row::new();
            for (name, cell) in head.iter().zip(line.trim().split(',')) {
                match cell {
                    "" => {}
                    "是" => row.set(name, true),
                    "否" => row.set(name, false),
                    cell => row.set(name, cell),
                }
            }
            row
        })
        .collect();
    let lines = (2..).take(rows.len()).collect();
    Table::of_rows(rows).with_lines(lines)
}

fn score(scheme: &Scheme, data: Data) -> Run {
    scheme.score(data, Options::default()).unwrap()
}

fn explained(run: &Run, key: &str, column: Option<&str>) -> Explanation {
    run.explain(run.row_of(key).unwrap(), column).unwrap()
}

/// The sentences of a column's steps of one kind.
fn told(why: &Explanation, column: &str, kind: StepKind) -> Vec<String> {
    let steps = &why.column(column).unwrap().steps;
    steps.iter().filter(|step| step.kind == kind).map(|step| step.told.en.clone()).collect()
}

fn step<'e>(why: &'e Explanation, column: &str, kind: StepKind) -> &'e Step {
    why.column(column).unwrap().steps.iter().find(|step| step.kind == kind).unwrap()
}

fn fact<'s>(step: &'s Step, name: &str) -> &'s Fact {
    &step.facts.iter().find(|(own, _)| *own == name).unwrap().1
}

fn number(value: i64) -> Fact {
    Fact::Number(Number::from(value))
}

// -- seats --

/// Three levels, and three steps within each, as a tobacco company seats its account managers.
const LEVELS: &str = "
kaohe: 1
scheme: 三级九档
edition: 2026
period: { kind: year, start: 2026-01-01, end: 2026-12-31 }
rounding: { totals: 2 }
inputs:
  工号: { type: text, key: true, header: [工号, 员工编号] }
  考试: { type: number, min: 0, max: 100 }
  业绩: { type: number, min: 0, max: 100 }
  合格: { type: bool }
  服务农村: { type: bool }
parameters:
  基础工资: { value: 1500元, source: 办法第二十条 }
  系数:
    by: [级别, 档次]
    values:
      高级: { A: 2.0, B: 1.8 }
      中级: { A: 1.4, B: 1.2 }
      初级: { A: 1.1, B: 0.9 }
    source: 办法附表
scores:
  综合得分:
    items:
      考试: { weight: 50 }
      业绩: { weight: 50 }
grades:
  级别:
    ladder: [高级, 中级, 初级]
    order: [综合得分 desc, 业绩 desc, 工号 asc]
    eligible: { 高级: 合格 }
    quota: { of: graded, shares: { 高级: 20%, 中级: 50%, 初级: 30% } }
  档次:
    ladder: [A, B]
    within: [级别]
    order: [综合得分 desc, 工号 asc]
    quota: { of: graded, shares: { A: 1/2, B: 1/2 } }
    shifts:
      - { name: 下乡加档, when: 服务农村, up: 1, at_top: stay }
computed:
  工资: 基础工资 * 系数[级别, 档次]
";

const MANAGERS: &str = "
员工编号,考试,业绩,合格,服务农村
01,90,96,是,否
02,92,94,是,否
03,96,90,是,是
04,98,90,否,否
05,80,84,是,是
06,80,82,是,否
07,70,74,是,否
08,60,70,是,否
09,60,68,是,是
";

#[test]
fn a_quota_is_explained_word_for_word() {
    let run = score(&Scheme::parse(LEVELS).unwrap(), Data::of(table(MANAGERS)));
    let why = explained(&run, "03", None);
    golden("levels_03.en.txt", &why.to_text(Language::English));
    golden("levels_03.zh.txt", &why.to_text(Language::Chinese));
    golden("levels_03.json", &(why.to_json() + "\n"));
}

#[test]
fn the_cut_is_told_with_what_decided() {
    let run = score(&Scheme::parse(LEVELS).unwrap(), Data::of(table(MANAGERS)));
    // 04 is first and not eligible; 01 and 02 take the two seats; 03 has the score of 01 and 02, and less business
    let why = explained(&run, "03", Some("级别"));
    let cut = step(&why, "级别.seated", StepKind::Cut);
    assert_eq!(fact(cut, "decided_by"), &Fact::Text("业绩".to_owned()));
    assert_eq!((fact(cut, "cut"), fact(cut, "own"), fact(cut, "seats")), (&number(94), &number(90), &number(2)));
    let seats = why.column("级别.seated").unwrap().seats.as_ref().unwrap();
    let each: Vec<_> = seats.grades.iter().map(|grade| (&*grade.grade, grade.quota, grade.seated)).collect();
    assert_eq!(each, [("高级", 2, 2), ("中级", 4, 4), ("初级", 3, 3)]);
    assert_eq!((seats.place, seats.graded, seats.base), (Some(4), 9, 9));
    assert_eq!(seats.grades[0].cut.as_ref().unwrap().to_string(), "93.00");
    // why 04 is not there although nobody has more
    let why = explained(&run, "04", Some("级别"));
    assert_eq!(told(&why, "级别.seated", StepKind::Eligible), ["not eligible for 高级: `合格` does not hold"]);
    assert_eq!(told(&why, "级别.seated", StepKind::Cut).len(), 0);
    // the first has no grade above
    let why = explained(&run, "01", Some("级别"));
    assert!(told(&why, "级别.seated", StepKind::Cut).is_empty());
}

#[test]
fn seats_beyond_their_share_are_told() {
    let run = score(&Scheme::parse(LEVELS).unwrap(), Data::of(table(MANAGERS)));
    let why = explained(&run, "05", Some("级别"));
    assert_eq!(
        told(&why, "级别.seated", StepKind::BeyondShare),
        ["高级: 2 of 9 ≈ 22.22%, above the stated 20%", "初级: 3 of 9 ≈ 33.33%, above the stated 30%"]
    );
}

/// What equals at a cut do, with the tie of two for one seat.
fn tied(ties: &str) -> Run {
    let scheme = format!(
        "
kaohe: 1
scheme: 并列
inputs: {{ 号: {{ type: text, key: true }}, 分: {{ type: number }} }}
grades:
  等:
    ladder: [甲, 乙]
    order: [分 desc]
    quota: {{ of: graded, shares: {{ 甲: 50%, 乙: 50% }}, ties_at_cut: {ties} }}
"
    );
    score(&Scheme::parse(&scheme).unwrap(), Data::of(table("号,分\n1,9\n2,8\n3,8\n4,7")))
}

#[test]
fn equals_at_the_cut_are_told() {
    let cut = |ties: &str, key: &str| told(&explained(&tied(ties), key, None), "等.seated", StepKind::Cut);
    assert_eq!(
        cut("all_down", "3"),
        [
            "not 甲: 1 of its 2 seats are taken, as equals at the cut all go down; the last one there has 分 9, here it is 8"
        ]
    );
    assert_eq!(
        cut("all_up", "4"),
        [
            "not 甲: its 2 seats are taken, by 3, as equals at the cut all go up; the last one there has 分 8, here it is 7"
        ]
    );
    let run = tied("error");
    let why = explained(&run, "2", None);
    assert_eq!(
        told(&why, "等.seated", StepKind::Cut),
        [
            "equal in everything people are ordered by to others on both sides of a cut, which this scheme calls an error"
        ]
    );
    assert!(why.column("等.seated").unwrap().problem.is_some());
    // who is seated beside them is provisional
    let why = explained(&run, "1", None);
    assert_eq!(why.column("等").unwrap().provisional, ["2", "3"]);
}

/// One of everything else that decides a grade.
const DECIDED: &str = "
kaohe: 1
scheme: 定级
inputs:
  号: { type: text, key: true }
  分: { type: number }
  考试: { type: number, missing: allow }
  参评: { type: bool }
  上年: { type: choice, values: [优, 良, 中], missing: allow }
  案件: { type: bool, missing: false }
  下乡: { type: bool, missing: false }
details:
  裁定: { key: 号, columns: { 等级: { type: text }, 理由: { type: text }, 审批人: { type: text } } }
grades:
  级别:
    ladder: [高, 初]
    graded_when: 参评
    otherwise: 未参评
    order: [分 desc]
    quota: { of: graded, at_most: { 高: 30% }, ties_at_cut: all_down }
  档:
    ladder: [A, B]
    within: [级别]
    graded_when: 参评
    order: [分 desc, 号 asc]
    quota: { of: graded, shares: { A: 50%, B: 50% } }
    shifts: [{ name: 下乡, when: 下乡, up: 1, at_top: cross }]
  年度:
    ladder: [优, 良, 中]
    standards:
      优: [分 >= 90, \"coalesce(考试, 0) >= 80 and 参评\"]
      良: [分 >= 75]
    movement: { from: 上年, up: 1, down: 1 }
    vetoes: [{ name: 案件, when: 案件, grade_at_most: 中 }]
    override: { from: 裁定, grade: 等级, reason: 理由 }
";

const PEOPLE: &str = "
号,分,考试,参评,上年,案件,下乡
1,95,85,是,良,否,否
2,88,90,是,中,否,是
3,85,60,是,,是,否
4,91,70,否,优,否,是
5,60,50,是,优,否,否
";

fn decided() -> Run {
    let decisions = table("号,等级,理由,审批人\n5,良,支援新行,行长");
    score(&Scheme::parse(DECIDED).unwrap(), Data::of(table(PEOPLE)).detail("裁定", decisions))
}

#[test]
fn everything_that_decides_a_grade_is_told() {
    let run = decided();
    let kinds = |key: &str, column: &str, kind| told(&explained(&run, key, None), column, kind);
    assert_eq!(kinds("4", "级别.seated", StepKind::Graded), ["not graded, as `参评` does not hold"]);
    assert_eq!(kinds("3", "级别.seated", StepKind::Cut).len(), 1);
    // the best of the lower level goes up, and is the last there
    assert_eq!(
        kinds("2", "级别", StepKind::Shift),
        ["shift 下乡 carries across from the best of the grading inside: 初 becomes 高"]
    );
    assert_eq!(
        kinds("2", "档", StepKind::Shift),
        ["shift 下乡: applies; at the best already, so across into the next grade outside, and B there"]
    );
    assert_eq!(kinds("1", "级别", StepKind::Shift), ["shift 下乡 from the grading inside: does not apply"]);
    // of several conditions the one that fails
    assert_eq!(
        kinds("4", "年度.seated", StepKind::Standard),
        ["not 优: `coalesce(考试, 0) >= 80` does not hold (coalesce(70, 0) >= 80)", "良: all its standards hold"]
    );
    assert_eq!(
        kinds("5", "年度.calculated", StepKind::Movement),
        ["from 优 before, at most 1 up and 1 down: 中 becomes 良"]
    );
    assert_eq!(kinds("3", "年度.calculated", StepKind::Movement), ["no grade before, so nothing limits the movement"]);
    assert_eq!(kinds("3", "年度.calculated", StepKind::Veto), ["veto 案件: met; 良 becomes 中"]);
    assert_eq!(kinds("5", "年度", StepKind::Decision), ["decided: 良, because “支援新行”; calculated: 良"]);
    assert_eq!(
        kinds("1", "年度", StepKind::Decision),
        ["nothing was decided about this person, so the grade is as calculated"]
    );
    // what a decision brings beside grade and reason is there, too
    let why = explained(&run, "5", Some("年度"));
    assert_eq!(&*why.details[0].columns[2], "审批人");
    assert!(why.to_text(Language::Chinese).contains("行长"));
}

#[test]
fn a_group_too_small_is_graded_by_thresholds() {
    let scheme = "
kaohe: 1
scheme: 小组
inputs: { 号: { type: text, key: true }, 组: { type: text }, 分: { type: number }, 出勤: { type: number } }
grades:
  等:
    ladder: [甲, 乙, 丙]
    within: [组]
    order: [分 desc]
    eligible: { 甲: 出勤 >= 90% }
    quota: { of: graded, shares: { 甲: 20%, 乙: 50%, 丙: 30% }, smallest_group: 3, smaller: thresholds, ties_at_cut: all_up }
    thresholds: { of: 分, at_least: [[80, 甲], [60, 乙]], else: 丙 }
";
    let people = "号,组,分,出勤\n1,一,85,0.8\n2,一,70,0.95\n3,二,90,1\n4,二,80,1\n5,二,70,1";
    let run = score(&Scheme::parse(scheme).unwrap(), Data::of(table(people)));
    let why = explained(&run, "1", None);
    assert_eq!(why.column("等").unwrap().figure.to_string(), "乙");
    assert_eq!(
        told(&why, "等.seated", StepKind::Seats),
        ["2 are graded here, fewer than 3, so the grade is by thresholds and not by quota"]
    );
    assert_eq!(told(&why, "等.seated", StepKind::Band), ["分 85 ≥ 80: 甲"]);
    assert_eq!(
        told(&why, "等.seated", StepKind::Eligible),
        ["not eligible for 甲: `出勤 >= 90%` does not hold (0.8 >= 90%)"]
    );
    // where there are enough, thresholds are not spoken of
    let why = explained(&run, "4", None);
    assert!(told(&why, "等.seated", StepKind::Band).is_empty());
    assert!(!told(&why, "等.seated", StepKind::Cut).is_empty());
}

// -- detail rows --

const DEPOSITS: &str = "
kaohe: 1
scheme: 存款
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
given:
  上期结转: { type: number, unit: 元 }
inputs:
  工号: { type: text, key: true }
  任务: { type: number, unit: 元 }
details:
  存款:
    key: 工号
    columns:
      产品: { type: choice, values: [对公, 储蓄, 保证金] }
      起: { type: date }
      止: { type: date }
      余额: { type: number, unit: 元 }
    computed:
      积数: 余额 * 折算系数[产品] * days_inclusive(起, 止)
  加减分:
    key: 工号
    columns: { 事由: { type: text }, 分值: { type: number, missing: allow } }
parameters:
  折算系数: { by: [产品], values: { 对公: 1, 储蓄: 1.1, 保证金: 0.3 }, source: 附表一 }
computed:
  日均: { formula: sum(存款.积数) / period_days + 上期结转, round: 2 }
  储蓄笔数: count(存款 where 存款.产品 = “储蓄”)
  最大一笔: max(存款.余额 where 存款.产品 = “保证金” when_empty 0元)
  加减: sum(加减分.分值 where not is_missing(加减分.分值))
";

const ACCOUNTS: &str = "
工号,产品,起,止,余额
001,对公,2026-07-01,2026-08-31,18000000
002,储蓄,2026-07-01,2026-09-30,100
001,对公,2026-09-01,2026-09-30,21500000
001,储蓄,2026-07-01,2026-09-30,5000000
";

fn deposits() -> Run {
    let data = Data::of(table("工号,任务\n001,20000000\n002,1\n003,1"))
        .detail("存款", table(ACCOUNTS))
        .detail("加减分", table("工号,事由,分值\n001,荣誉,3\n001,待定,\n002,违规,-1"))
        .given("上期结转", "250.5");
    score(&Scheme::parse(DEPOSITS).unwrap(), data)
}

#[test]
fn detail_rows_are_explained_word_for_word() {
    let why = explained(&deposits(), "001", None);
    golden("deposits_001.en.txt", &why.to_text(Language::English));
    golden("deposits_001.zh.txt", &why.to_text(Language::Chinese));
    golden("deposits_001.json", &(why.to_json() + "\n"));
}

#[test]
fn the_rows_that_counted_are_data() {
    let run = deposits();
    let why = explained(&run, "001", Some("日均"));
    let read = &why.column("日均").unwrap().rows[0];
    assert_eq!((&*read.table, read.function, read.of), ("存款", "sum", 3));
    let lines: Vec<_> = read.rows.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 4, 5]);
    assert_eq!(read.rows[1].1, number(645_000_000));
    // each value of a keyed parameter that a row read, once
    let parameters = &why.column("存款.积数").unwrap().parameters;
    let names: Vec<_> = parameters.iter().map(|read| read.name.as_str()).collect();
    assert_eq!(names, ["折算系数[\"对公\"]", "折算系数[\"储蓄\"]"]);
    assert!(parameters.iter().all(|read| read.source.as_deref() == Some("附表一") && !read.given));
    let given = &why.column("日均").unwrap().parameters[0];
    assert_eq!((given.name.as_str(), given.given), ("上期结转", true));
    assert_eq!(why.given[0].1.to_string(), "250.5");
    // a table without rows of this person, and what is then stated
    let why = explained(&run, "003", Some("最大一笔"));
    let read = &why.column("最大一笔").unwrap().rows[0];
    assert!(read.when_empty && read.rows.is_empty() && read.of == 0);
    assert!(why.to_text(Language::English).contains("there are no rows of 存款; the value stated for that is 0"));
}

#[test]
fn a_fault_in_a_row_leads_to_the_row() {
    let data = Data::of(table("工号,任务\n001,1"))
        .detail("存款", table("工号,产品,起,止,余额\n001,对公,2026-07-01,2026-08-31,5\n001,对公,2026-07-01,,5"))
        .detail("加减分", table("工号,事由,分值"))
        .given("上期结转", 0);
    let run = score(&Scheme::parse(DEPOSITS).unwrap(), data);
    let why = explained(&run, "001", Some("日均"));
    assert!(why.column("日均").unwrap().rows.is_empty());
    let problem =
        why.columns.iter().filter_map(|column| column.problem.as_ref()).find(|problem| problem.detail.is_some());
    assert_eq!(problem.unwrap().detail, Some(("存款".into(), 3)));
    assert!(why.to_text(Language::Chinese).contains("第 3 行"));
}

#[test]
fn long_lists_are_cut_in_text_and_whole_in_data() {
    let scheme = Scheme::parse(
        "
kaohe: 1
scheme: 长
inputs: { 号: { type: text, key: true } }
details: { 笔: { key: 号, columns: { 额: { type: number } } } }
computed: { 合计: sum(笔.额) }
",
    )
    .unwrap();
    let rows = (1..=47).map(|at| Row::new().with("号", "1").with("额", at)).collect();
    let data = Data::of(Table::of_rows(vec![Row::new().with("号", "1")])).detail("笔", Table::of_rows(rows));
    let why = explained(&score(&scheme, data), "1", None);
    let text = why.to_text(Language::English);
    assert!(text.contains("row 10 has 10, … and 37 more\n") && !text.contains("row 11 has 11"), "{text}");
    let read: serde_json::Value = serde_json::from_str(&why.to_json()).unwrap();
    assert_eq!(read["columns"][0]["rows"][0]["rows"].as_array().unwrap().len(), 47);
    assert_eq!(read["details"][0]["rows"][46]["cells"]["额"], "47");
}

// -- figures over groups --

const GROUPS: &str = "
kaohe: 1
scheme: 组
inputs:
  号: { type: text, key: true }
  组: { type: text }
  分: { type: number }
  计: { type: bool }
computed:
  名次: rank(分 desc ties min within 组)
  均名: rank(分 + 0 asc ties average where 计)
  均分: { formula: group_avg(分 within 组), round: 2 }
  占比: { formula: share(分 within 组), round: 4 }
  累计: { formula: cumulative_share(分 desc within 组), round: 4 }
  百分位: percentile(分, weak within 组)
  人数: group_count(within 组)
";

#[test]
fn where_somebody_stands_is_told_with_its_facts() {
    let people = "号,组,分,计\n1,东,9,是\n2,东,7,是\n3,东,7,否\n4,东,2,是\n5,西,4,是";
    let run = score(&Scheme::parse(GROUPS).unwrap(), Data::of(table(people)));
    let why = explained(&run, "3", None);
    let group = |column: &str| step(&why, column, StepKind::Group);
    let rank = group("名次");
    assert_eq!(
        rank.told.en,
        "place 2 of 4 within 组 = 东 by 分 7, largest first; 1 more with the same value, who share the best of their places"
    );
    assert_eq!(
        (fact(rank, "ahead"), fact(rank, "equals"), fact(rank, "counted")),
        (&number(1), &number(1), &number(4))
    );
    assert_eq!(fact(rank, "within"), &Fact::Text("组 = 东".to_owned()));
    assert_eq!(group("均名").told.en, "does not count itself among 4 in all where `计`");
    assert_eq!(group("均分").told.zh, "在 组 = 东 的 4 人中，分 的均值为 6.25");
    assert_eq!(fact(group("占比"), "total"), &number(25));
    assert_eq!((fact(group("累计"), "part"), fact(group("累计"), "total")), (&number(23), &number(25)));
    let percentile = group("百分位");
    let counts = ["below", "at", "above"].map(|name| fact(percentile, name).clone());
    assert_eq!(counts, [number(1), number(2), number(1)]);
    assert_eq!(group("人数").told.en, "counted: 4 within 组 = 东");
    // what was made for a figure alone is told inside it, and what is ranked is no root
    assert!(why.column("分 + 0").is_none());
    let children: Vec<_> = why.column("均名").unwrap().children.iter().map(|name| &**name).collect();
    assert_eq!(children, ["计", "分"]);
    assert!(!why.asked.iter().any(|name| &**name == "分"));
}

#[test]
fn a_provisional_figure_names_who_was_left_out() {
    let people = "号,组,分,计\n1,东,9,是\n2,东,,是\n3,西,7,是";
    let run = score(&Scheme::parse(GROUPS).unwrap(), Data::of(table(people)));
    let why = explained(&run, "1", Some("均分"));
    assert_eq!(why.column("均分").unwrap().provisional, ["2"]);
    golden("provisional_1.en.txt", &why.to_text(Language::English));
    golden("provisional_1.zh.txt", &why.to_text(Language::Chinese));
    golden("provisional_1.json", &(why.to_json() + "\n"));
    // nobody is left out beside the third, and the second says what it waits for
    assert!(explained(&run, "3", Some("均分")).column("均分").unwrap().provisional.is_empty());
    let why = explained(&run, "2", Some("均分"));
    assert_eq!(why.column("均分").unwrap().problem.as_ref().unwrap().blocked_by.as_deref(), Some("分"));
}

// -- parameters --

#[test]
fn a_dated_value_says_from_when_and_from_where() {
    let scheme = Scheme::parse(
        "
kaohe: 1
scheme: 参数
period: { kind: year, start: 2026-01-01, end: 2026-12-31 }
inputs: { 号: { type: text, key: true }, 日: { type: date } }
parameters:
  单价:
    - { from: 2025-01-01, value: 10, source: 第三条 }
    - { from: 2026-07-01, value: 12, source: 修订 }
    - { from: 2027-01-01, value: 14, source: 再修订 }
  倍: { value: 2, source: 附件 }
computed:
  当日: on_date(单价, 日)
  年均: { formula: \"day_average(单价, period_start, period_end)\", round: 2 }
  其后: { formula: \"day_average(单价, 日, period_end)\", round: 2 }
  现价: 单价 * 倍
",
    )
    .unwrap();
    let run = score(&scheme, Data::of(table("号,日\n1,2026-03-01\n2,2026-08-01")));
    let read = |key: &str, column: &str| -> Vec<String> {
        let why = explained(&run, key, Some(column));
        let told = |read: &kaohe::explain::ParameterRead| {
            let Fact::Number(value) = &read.value else { return String::new() };
            let from = read.from.map(|day| day.to_string()).unwrap_or_default();
            format!("{} {value} {from} {}", read.name, read.source.as_deref().unwrap_or_default())
        };
        why.column(column).unwrap().parameters.iter().map(told).collect()
    };
    let (old, new) = ("单价 10 2025-01-01 第三条", "单价 12 2026-07-01 修订");
    assert_eq!(read("1", "当日"), [old]);
    assert_eq!(read("2", "当日"), [new]);
    assert_eq!(read("1", "年均"), [old, new]);
    assert_eq!(read("1", "其后"), [old, new]);
    assert_eq!(read("2", "其后"), [new]);
    // what was computed when the scheme was read keeps its sources
    assert_eq!(read("1", "现价"), [new, "倍 2  附件"]);
}

// -- laws --

static SCHEMES: LazyLock<[Scheme; 2]> = LazyLock::new(|| [LEVELS, GROUPS].map(|text| Scheme::parse(text).unwrap()));

/// What is explained is what was computed, and it adds up.
fn law(run: &Run) {
    for row in 0..run.rows() {
        let why = run.explain(row, None).unwrap();
        let outcome = run.outcome(row);
        for column in &why.columns {
            assert_eq!(Some(&column.figure), outcome.get(&column.name).as_ref(), "{}", column.name);
            if column.role == ColumnRole::Total && column.exact.is_some() {
                assert_eq!(column.accounted(), column.exact);
            }
            for child in &column.children {
                assert!(why.column(child).is_some(), "{child} is not explained");
            }
            for step in &column.steps {
                assert!(!step.told.en.is_empty() && !step.told.en.contains('?') && !step.told.zh.contains('?'));
            }
        }
        for (at, (name, figure)) in outcome.figures().enumerate() {
            assert_eq!(figure, run.figures(at).get(row).unwrap(), "{name}");
        }
        let provisional = why.columns.iter().filter(|column| !column.provisional.is_empty());
        for column in provisional {
            assert!(!column.provisional.contains(&run.key(row)), "nobody is left out beside himself");
        }
        let read: serde_json::Value = serde_json::from_str(&why.to_json()).unwrap();
        assert_eq!(read["explanation"], 2);
        assert!(!why.to_text(Language::English).is_empty() && !why.to_text(Language::Chinese).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// A population with ties, with rows left out, in groups of any size.
    #[test]
    fn explaining_changes_no_figure_of_a_group(scores in prop::collection::vec((0_i64..12, 0_i64..12, any::<bool>(), any::<bool>(), 0..9), 1..14)) {
        let [levels, groups] = &*SCHEMES;
        let managers = scores.iter().enumerate().map(|(at, (exam, business, fit, rural, missing))| {
            let row = Row::new().with("工号", format!("{at:02}")).with("考试", *exam).with("合格", *fit).with("服务农村", *rural);
            if *missing == 0 { row.with("业绩", Cell::Missing) } else { row.with("业绩", *business) }
        });
        law(&score(levels, Data::of(Table::of_rows(managers.collect()))));
        let members = scores.iter().enumerate().map(|(at, (score, group, counts, _, missing))| {
            let group = if group % 2 == 0 { "东" } else { "西" };
            let row = Row::new().with("号", format!("{at:02}")).with("组", group).with("计", *counts);
            if *missing == 0 { row.with("分", Cell::Missing) } else { row.with("分", *score) }
        });
        law(&score(groups, Data::of(Table::of_rows(members.collect()))));
    }

    /// The same over detail rows, of which some have no value.
    #[test]
    fn explaining_changes_no_figure_over_detail_rows(rows in prop::collection::vec((0_usize..3, 0_usize..3, 0_u8..28, 0_i64..1000, 0..9), 0..12)) {
        let (mut accounts, mut points) = (Vec::new(), Vec::new());
        for (owner, product, day, amount, missing) in rows {
            let row = Row::new().with("工号", ["001", "002", "003"][owner]).with("产品", ["对公", "储蓄", "保证金"][product]);
            let row = row.with("起", format!("2026-07-{:02}", day + 1)).with("止", "2026-09-30");
            accounts.push(if missing == 0 { row.with("余额", Cell::Missing) } else { row.with("余额", amount) });
            points.push(Row::new().with("工号", ["001", "002", "003"][owner]).with("事由", "某").with("分值", amount));
        }
        let data = Data::of(table("工号,任务\n001,1\n002,1\n003,1"))
            .detail("存款", Table::of_rows(accounts))
            .detail("加减分", Table::of_rows(points))
            .given("上期结转", 1);
        law(&score(&Scheme::parse(DEPOSITS).unwrap(), data));
    }
}

/// The worked schemes with details and populations, explained for everybody in both languages.
#[test]
fn everybody_of_a_decided_population_is_explained() {
    law(&decided());
    law(&deposits());
    for ties in ["all_up", "all_down", "error"] {
        law(&tied(ties));
    }
}

// -- pools --

/// A pool of 20.00 and two claims, the first of which reaches its limit.
fn pool(over: &str) -> Scheme {
    Scheme::parse(&format!(
        "
kaohe: 1
scheme: 池
rounding: {{ money: 2 }}
given: {{ 上期: {{ type: number, unit: 元 }} }}
inputs:
  号: {{ type: text, key: true }}
  a: {{ type: number, unit: 元, min: 0 }}
  限: {{ type: number, unit: 元, min: 0 }}
pay:
  甲: a * 10%
  池:
    pool:
      takes: 甲
      adds: 上期
      claims:
        - {{ name: 乙, share: 100%, key: 1, at_most: 限 }}
        - {{ name: 丙, share: 0%, key: 1, at_most: 3元 }}
      over_limit: {over}
"
    ))
    .unwrap()
}

#[test]
fn a_claim_tells_what_the_claim_before_left_over_and_a_carry_that_nothing_is_lost() {
    let people = table("号,a,限\n1,100,5\n2,50,4.99\n");
    let run = score(&pool("next_claim"), Data::of(people).given("上期", "5.01"));
    let why = explained(&run, "1", None);
    assert_eq!(
        told(&why, "丙", StepKind::Allotted),
        [
            "池 × 0% = 0.00 and the 10.02 that 乙 left over, 10.02 together, is shared by 1 among 2 who claim: 1 of 2, at most 3.00, so 3.00"
        ]
    );
    let allotted = step(&why, "丙", StepKind::Allotted);
    assert_eq!((fact(allotted, "portion"), fact(allotted, "value")), (&number(0), &number(3)));
    let carried = step(&why, "池.结转", StepKind::Carried);
    assert_eq!(carried.told.en, "20.01 = 9.99 + 6.00 paid + 4.02 carried");
    assert_eq!(carried.told.zh, "20.01 = 支付 9.99 + 6.00 + 结转 4.02");
}

#[test]
fn a_claim_tells_that_what_a_limit_leaves_over_goes_to_the_others() {
    let people = table("号,a,限\n1,100,4\n2,50,1000\n");
    let run = score(&pool("redistribute"), Data::of(people).given("上期", "5"));
    let why = explained(&run, "2", None);
    assert_eq!(
        told(&why, "乙", StepKind::Allotted),
        [
            "池 × 100% = 20.00 is shared by 1 among 2 who claim; 1 of them reach their most, and the 16.00 they leave goes to the others: 1 of 1, in whole cents 16.00"
        ]
    );
    let why = explained(&run, "1", Some("乙"));
    assert!(told(&why, "乙", StepKind::Allotted)[0].ends_with("1 of 2, at most 4.00, so 4.00"));
}

#[test]
fn years_at_one_rate_are_told_without_the_text_of_the_rule() {
    let scheme = Scheme::parse(
        "
kaohe: 1
scheme: 年
rounding: { money: 2 }
inputs: { 号: { type: text, key: true }, 年限: { type: number, unit: 年, min: 0 } }
pay:
  甲: { bands_per_year: { of: 年限, method: flat, up_to: [[10, 4元], [15, 6元]], else: 8元 } }
",
    )
    .unwrap();
    let run = score(&scheme, Data::of(table("号,年限\n1,12\n")));
    let amount = told(&explained(&run, "1", None), "甲", StepKind::Amount);
    assert_eq!(amount.len(), 1);
    assert!(!amount[0].contains("up_to") && amount[0].contains('6') && amount[0].ends_with("= 72"), "{amount:?}");
}

#[test]
fn what_was_carried_over_to_a_group_that_nobody_is_in_is_a_note_of_the_run() {
    let scheme = |within: &str, adds: &str| {
        Scheme::parse(&format!(
            "
kaohe: 1
scheme: 组
rounding: {{ money: 2 }}
given: {{ 总结转: {{ type: number, unit: 元, missing: 0元 }} }}
inputs:
  号: {{ type: text, key: true }}
  网点: {{ type: choice, values: [东, 西, 南, 北] }}
  a: {{ type: number, unit: 元, min: 0 }}
parameters:
  上期: {{ by: [网点], values: {{ 东: 5元, 西: 7元, 南: 1000元, 北: 0元 }} }}
pay:
  甲: a * 10%
  池: {{ pool: {{ takes: 甲, adds: \"{adds}\", {within} claims: [{{ name: 乙, share: 100%, key: 1 }}], over_limit: carry }} }}
"
        ))
        .unwrap()
    };
    let by_branch = scheme("within: [网点],", "上期[网点]");
    let notes = |run: &Run| run.notes().iter().map(|note| note.message.en.clone()).collect::<Vec<_>>();
    let run = score(&by_branch, Data::of(table("号,网点,a\n1,东,10\n2,西,10\n")));
    assert_eq!(
        notes(&run),
        ["`池` within 网点 = 南: 1000 was carried over, and nobody is there: it is in no figure of this run"]
    );
    assert_eq!(run.notes()[0].code.id(), "K0715");
    let nobody = |scheme: &Scheme, data: fn(Data) -> Data| score(scheme, data(Data::of(empty())));
    assert_eq!(notes(&nobody(&by_branch, |data| data)).len(), 3, "of an empty table each that has an amount");
    let whole = scheme("", "总结转");
    let run = nobody(&whole, |data| data.given("总结转", "12.50"));
    assert_eq!(notes(&run), ["`池`: 12.5 was carried over, and there is nobody: it is in no figure of this run"]);
    assert!(notes(&nobody(&whole, |data| data)).is_empty(), "nothing was carried over");
    let run = score(&whole, Data::of(table("号,网点,a\n1,东,10\n")).given("总结转", "12.50"));
    assert!(notes(&run).is_empty());
}

/// A table that has columns and nobody in it.
fn empty() -> Table {
    Table::of_columns(["号", "网点", "a"].map(|name| (name, Vec::<Cell>::new())).to_vec())
}
