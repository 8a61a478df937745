//! Reports of people and teams: what they say, word for word, and that every figure of them is one of the run.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, also in the functions tests share"
)]

mod report;

use std::collections::HashMap;
use std::sync::LazyLock;

use kaohe::compare::Standing;
use kaohe::diagnostic::Language;
use kaohe::number::Number;
use kaohe::report::{Format, PersonReport, ScoreEntry, Team};
use kaohe::{Cell, Data, Figure, Options, Row, Run, Scheme, Table};
use proptest::prelude::*;
use report::{example, golden, scored, table, tables_hold, well_formed};

const LANGUAGES: [(Language, &str); 2] = [(Language::English, "en"), (Language::Chinese, "zh")];

/// The examples that are reported on: totals by weight and by points, seats, movement, details, places, faults.
static RUNS: LazyLock<Vec<Run>> = LazyLock::new(|| {
    vec![
        scored("bank_quarter/scheme-figures.yaml", "bank_quarter/staff-figures.csv", &[]),
        scored("service_team/scheme.yaml", "service_team/staff.csv", &[]),
        scored("tobacco_grades/scheme-grades.yaml", "tobacco_grades/staff-grades.csv", &[]),
        scored("month_quarter_year/scheme.yaml", "month_quarter_year/staff.csv", &["月度", "季度"]),
        scored("product_contribution/scheme.yaml", "product_contribution/staff.csv", &["产品业绩"]),
        scored("telecom/scheme.yaml", "telecom/staff.csv", &[]),
        scored("own_targets/scheme.yaml", "own_targets/staff.csv", &[]),
        scored("tobacco_grades/scheme.yaml", "tobacco_grades/staff.csv", &[]),
        scored("dated_rewards/scheme.yaml", "dated_rewards/staff.csv", &["奖惩", "决定"]),
    ]
});

fn of(run: &Run, key: &str) -> PersonReport {
    run.report(run.row_of(key).unwrap()).unwrap()
}

#[test]
fn a_person_is_reported_word_for_word() {
    let report = of(&RUNS[0], "001");
    for (language, tag) in LANGUAGES {
        golden(&format!("bank_quarter_001.{tag}.md"), &report.to_markdown(language));
        golden(&format!("bank_quarter_001.{tag}.html"), &report.to_html(language));
    }
    golden("bank_quarter_001.json", &(report.to_json() + "\n"));
}

#[test]
fn what_lacks_and_what_may_change_is_reported_word_for_word() {
    let empty = of(&RUNS[0], "016");
    golden("bank_quarter_016.en.md", &empty.to_markdown(Language::English));
    let run = &RUNS[1];
    let row = run.incomplete().iter().find(|row| !run.problems(**row).iter().any(|each| each.left_out.is_empty()));
    let provisional = run.report(*row.unwrap()).unwrap();
    golden("service_team.en.md", &provisional.to_markdown(Language::English));
    golden("service_team.zh.md", &provisional.to_markdown(Language::Chinese));
}

#[test]
fn a_team_is_reported_word_for_word() {
    let report = RUNS[1].team_report(Some("团队")).unwrap();
    for (language, tag) in LANGUAGES {
        golden(&format!("service_team_team.{tag}.md"), &report.to_markdown(language));
        golden(&format!("service_team_team.{tag}.html"), &report.to_html(language));
    }
    golden("service_team_team.json", &(report.to_json() + "\n"));
}

#[test]
fn an_explanation_is_written_in_every_form() {
    let why = RUNS[0].explain(0, None).unwrap();
    for (language, tag) in LANGUAGES {
        golden(&format!("explanation_001.{tag}.md"), &why.to_markdown(language));
        golden(&format!("explanation_001.{tag}.html"), &why.to_html(language));
    }
}

/// Every person of the examples: figures are the run's, lines of totals add up, and every form is sound.
#[test]
fn every_person_is_reported_with_the_figures_of_the_run() {
    let mut totals = 0;
    for run in RUNS.iter() {
        let plan = run.scheme().plan();
        for row in 0..run.rows() {
            let report = run.report(row).unwrap();
            for (at, id) in plan.shown.iter().enumerate() {
                let name = &plan.column(*id).name;
                let told = report.column(name).unwrap_or_else(|| panic!("{name} is not reported"));
                assert_eq!(told.figure, run.figures(at).get(row).unwrap(), "{name}");
            }
            totals += adds_up(&report);
            assert_eq!(report.problems, run.problems(row));
            let why = run.explain(row, None).unwrap();
            assert_eq!(report.explanation, why, "nothing is explained twice");
            let (language, _) = LANGUAGES[row % 2];
            let html = report.to_html(language);
            well_formed(&html);
            well_formed(&why.to_html(language));
            let markdown = report.to_markdown(language);
            tables_hold(&markdown);
            tables_hold(&why.to_markdown(language));
            for name in &report.results {
                let Figure::Number { value, .. } = report.column(name).unwrap().figure else { continue };
                assert!(html.contains(&format!("<dd>{value}")) && markdown.contains(&format!("**{value}")), "{name}");
            }
            let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
            assert_eq!((&json["report"], &json["kind"]), (&1.into(), &"person".into()));
            assert_eq!(json["explanation"], serde_json::from_str::<serde_json::Value>(&why.to_json()).unwrap());
        }
    }
    assert!(totals > 150, "{totals} totals were added up");
}

/// Holds the lines of every total of a report against its exact value; how many there are.
fn adds_up(report: &PersonReport) -> usize {
    let mut count = 0;
    for table in &report.totals {
        let mut sums: HashMap<&str, Number> = HashMap::new();
        for line in &table.lines {
            let sum = sums.entry(&line.of).or_insert(Number::ZERO);
            *sum = line.brings().map_or(sum.clone(), |brings| sum.add(brings));
            if let ScoreEntry::Part { part, .. } = &line.entry {
                assert_eq!(part.figure, report.column(&part.column).unwrap().figure);
            }
        }
        for (total, sum) in sums {
            let Some(exact) = &report.column(total).unwrap().exact else { continue };
            assert_eq!(sum, *exact, "{total}");
            count += 1;
        }
        if let Some(exact) = &report.column(&table.total).unwrap().exact {
            assert_eq!(table.accounted(), *exact);
        }
    }
    count
}

#[test]
fn every_team_is_reported_in_every_form() {
    for run in RUNS.iter() {
        for by in [None, Some("姓名")] {
            let by = by.filter(|name| run.scheme().plan().column_named(name).is_some());
            let report = run.team_report(by).unwrap();
            assert_eq!(report.everybody.people as usize, run.rows());
            assert_eq!(report.teams.iter().map(|team| team.people).sum::<u32>() as usize, by.map_or(0, |_| run.rows()));
            for (language, _) in LANGUAGES {
                well_formed(&report.to_html(language));
                tables_hold(&report.to_markdown(language));
            }
            let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
            assert_eq!(json["everybody"]["people"], run.rows());
        }
    }
}

#[test]
fn several_people_are_one_text() {
    let run = &RUNS[0];
    let written = |format| run.reports([0, 2, 999], format, Language::Chinese).collect::<String>();
    let html = written(Format::Html);
    well_formed(&html);
    assert_eq!(html.matches("<article>").count(), 2, "a row that is not there is passed over");
    assert_eq!(written(Format::Markdown).lines().filter(|line| line.starts_with("# ")).count(), 2);
    let json: Vec<serde_json::Value> = serde_json::from_str(&written(Format::Json)).unwrap();
    assert_eq!(json.iter().map(|each| each["key"].as_str().unwrap()).collect::<Vec<_>>(), ["001", "003"]);
    let nobody = run.reports([], Format::Json, Language::English).collect::<String>();
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&nobody).unwrap().len(), 0);
}

/// Names and cells as somebody would write them who means harm, or only has odd habits.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\" onload=\"x\" '",
    "</style></td></table>&amp;&#x27;",
    "| a | b |\n\n# c\n- d",
    "`<b>` ` *x* _y_ [z](javascript:1) \\",
    "<img src=x>\u{0}\u{7}",
];

#[test]
fn what_people_write_stays_text_in_every_form() {
    let source = "
kaohe: 1
scheme: \"<i>考核</i> & 'x'\"
rounding: { items: 2, totals: 2 }
inputs:
  工号: { type: text, key: true }
  \"「<b>|*姓名*」\": { type: text, label: { en: \"<u>\\\"name\\\"</u>\" } }
  得分: { type: number }
parameters:
  线: { value: 60, source: \"<s>办法</s> & `第一条`\" }
scores:
  总分:
    items:
      甲: { weight: 60, formula: 得分 }
      乙: { weight: 40, formula: if 得分 < 线 then 0 else 100 }
    adjustments: [{ name: \"「<em>|」\", points: 1 }]
grades:
  等级: { ladder: [\"<A>\", B], thresholds: { of: 总分, at_least: [[80, \"<A>\"]], else: B } }
";
    let scheme = Scheme::parse(source).unwrap();
    let people =
        HOSTILE.iter().map(|text| Row::new().with("工号", *text).with("「<b>|*姓名*」", *text).with("得分", 90));
    let mut people: Vec<Row> = people.collect();
    people.push(Row::new().with("工号", "缺").with("「<b>|*姓名*」", "缺"));
    let run = scheme.score(Data::of(Table::of_rows(people)), Options::default()).unwrap();
    let rows: Vec<usize> = (0..run.rows()).collect();
    for (language, _) in LANGUAGES {
        let all: String = run.reports(rows.clone(), Format::Html, language).collect();
        let team = run.team_report(Some("「<b>|*姓名*」")).unwrap();
        let why: Vec<_> = rows.iter().map(|row| run.explain(*row, None).unwrap()).collect();
        let html = why.iter().map(|why| why.to_html(language)).chain([all, team.to_html(language)]);
        for html in html {
            well_formed(&html);
            for raw in ["<script", "<img", "<i>", "<u>", "<s>", "<em>", "<A>", "onload=\"", "\u{0}", "\u{7}"] {
                assert!(!html.contains(raw), "{raw} stands in\n{html}");
            }
            assert!(html.contains("&lt;") && html.contains("&amp;"), "the text itself is still there");
        }
        let all: String = run.reports(rows.clone(), Format::Markdown, language).collect();
        let markdown = why.iter().map(|why| why.to_markdown(language)).chain([all, team.to_markdown(language)]);
        for markdown in markdown {
            tables_hold(&markdown);
            for line in markdown.lines() {
                assert!(!line.starts_with("# c") && !line.trim_start().starts_with("- d"), "{line}");
                assert!(!line.contains("[z](") && !line.replace("\\<", "").contains("<script"), "{line}");
            }
        }
    }
}

#[test]
fn a_column_that_forms_no_teams_is_an_error_with_the_nearest() {
    let error = RUNS[1].team_report(Some("团对")).unwrap_err();
    assert_eq!(error.code.id(), "K0805");
    assert_eq!(error.help.unwrap().zh, "是不是 `团队`？");
    // a column of detail rows is none of people
    let error = RUNS[3].team_report(Some("月度.月份")).unwrap_err();
    assert_eq!(error.code.id(), "K0805");
    assert_eq!(RUNS[0].report(999).unwrap_err().code.id(), "K0804");
}

#[test]
fn pay_is_reported_and_what_a_pool_has_is_not_added_up_over_people() {
    let scheme = Scheme::parse(&example("public_pool/scheme.yaml")).unwrap();
    let data = Data::of(table(&example("public_pool/staff.csv"))).given("上期结转", "250.50");
    let run = scheme.score(data, Options::default()).unwrap();
    let report = run.report(0).unwrap();
    let names = |names: &[std::sync::Arc<str>]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&report.results), ["实发绩效"], "the carry of the pool is nobody's result");
    assert_eq!(names(&report.pay), ["计提", "公共池", "特殊救济", "勤勉补偿", "公共池.结转", "实发绩效"]);
    assert!(report.to_markdown(Language::Chinese).contains("运行值 上期结转：250.5"));
    let team = run.team_report(None).unwrap();
    let columns: Vec<_> = team.everybody.columns.iter().map(|numbers| &*numbers.column).collect();
    assert_eq!(columns, ["缺口", "计提", "特殊救济", "勤勉补偿", "实发绩效"]);
    // what was taken and carried over is what is paid and carried on
    let sum = |name: &str| &team.everybody.columns.iter().find(|numbers| &*numbers.column == name).unwrap().sum;
    let taken = sum("计提").add(&Number::parse("250.50").unwrap());
    let carried = Number::parse("380.09").unwrap();
    assert_eq!(taken, sum("特殊救济").add(sum("勤勉补偿")).add(&carried));
}

/// A total of all that counts, one item of which is an examination or an appraisal.
fn scored_by_sheets(sheets: &str, item: &str) -> String {
    format!(
        "
kaohe: 1
scheme: 考与绩
rounding: {{ items: 2, totals: 2 }}
inputs:
  号: {{ type: text, key: true }}
  业绩: {{ type: number, min: 0, max: 100 }}
{sheets}
scores:
  总分:
    items:
      素质: {{ weight: 10, {item} }}
      实绩: {{ weight: 90, formula: 业绩 }}
"
    )
}

const EXAM: &str = "exams: { 考试: { parts: [{ name: 单选, kind: single, questions: S, marks: 1, key: [A, C] }] } }";
const RATING: &str = "ratings: { 测评: { scale: { A: 100%, B: 50% }, items: [{ name: 服务, points: 100 }], roles: { 上级: { weight: 100 } } } }";

#[test]
fn people_are_ranked_by_the_total_an_examination_or_appraisal_only_counts_in() {
    let exam = ("考试", table("号,S1,S2\n1,A,\n2,A,C\n"));
    let rating = ("测评", table("号,角色,考评人,服务\n1,上级,王,B\n2,上级,王,A\n"));
    for (sheets, item, (name, rows)) in [
        (EXAM, "exam: 考试", exam.clone()),
        (EXAM, "formula: 考试 * 50", exam),
        (RATING, "ratings: 测评", rating.clone()),
        (RATING, "formula: 测评", rating),
    ] {
        let scheme = Scheme::parse(&scored_by_sheets(sheets, item)).unwrap();
        let data = Data::of(table("号,业绩\n1,95\n2,10\n")).detail(name, rows);
        let run = scheme.score(data, Options::default()).unwrap();
        let team = run.team_report(None).unwrap();
        assert_eq!(team.total.as_deref(), Some("总分"), "{item}");
        let first = &team.everybody.ranking[0];
        assert_eq!((&*first.key, first.total.as_ref().unwrap().to_string()), ("1", "90.50".to_owned()), "{item}");
        let person = run.report(0).unwrap();
        assert_eq!(person.results.iter().map(|name| &**name).collect::<Vec<_>>(), ["总分"], "{item}");
        let tables: Vec<_> = person.totals.iter().map(|table| &*table.total).collect();
        assert_eq!(tables, ["总分", name], "{item}");
    }
    // one that stands beside the scores comes after them
    let beside = scored_by_sheets(EXAM, "formula: 业绩");
    let rows = table("号,S1,S2\n1,A,C\n");
    let run = Scheme::parse(&beside).unwrap();
    let run = run.score(Data::of(table("号,业绩\n1,95\n")).detail("考试", rows), Options::default()).unwrap();
    assert_eq!(run.team_report(None).unwrap().total.as_deref(), Some("总分"));
    let results = run.report(0).unwrap().results;
    assert_eq!(results.iter().map(|name| &**name).collect::<Vec<_>>(), ["总分", "考试"]);
}

#[test]
fn a_pool_whose_groups_each_bring_their_own_carry_is_not_added_up_over_people_either() {
    let scheme = Scheme::parse(
        "
kaohe: 1
scheme: 组
rounding: { money: 2 }
inputs:
  号: { type: text, key: true }
  组: { type: choice, values: [东, 西] }
  上期: { type: number, unit: 元, min: 0, places: 2 }
  a: { type: number, unit: 元, min: 0 }
parameters:
  结转: { by: [组], values: { 东: 5元, 西: 7元 } }
pay:
  甲: a * 10%
  池一: { pool: { takes: 甲, adds: \"结转[组]\", within: [组], over_limit: carry, claims: [{ name: 乙, share: 100%, key: 1, at_most: 10元 }] } }
  池二: { pool: { takes: 甲, adds: 上期, within: [组], over_limit: carry, claims: [{ name: 丙, share: 100%, key: 1, at_most: 10元 }] } }
  实发: a - 甲 + 乙
",
    )
    .unwrap();
    let people = table("号,组,上期,a\n1,东,3,1000\n2,东,3,500\n3,西,4,100\n");
    let run = scheme.score(Data::of(people), Options::default()).unwrap();
    let team = run.team_report(None).unwrap();
    let columns: Vec<_> = team.everybody.columns.iter().map(|numbers| &*numbers.column).collect();
    assert_eq!(columns, ["甲", "乙", "丙", "实发"]);
    let results = run.report(0).unwrap().results;
    assert_eq!(results.iter().map(|name| &**name).collect::<Vec<_>>(), ["实发"]);
}

#[test]
fn a_table_of_teams_says_who_is_without_a_figure_and_what_may_change() {
    let scheme = Scheme::parse(
        "
kaohe: 1
scheme: 限
rounding: { items: 2, totals: 2, money: 2 }
inputs:
  号: { type: text, key: true }
  组: { type: text }
  a: { type: number, min: 0 }
computed: { 率: { formula: a / 3, show: { as: percent, places: 0 } } }
scores:
  总分:
    items:
      甲: { weight: 50, rank: { of: a, better: higher, ties: min, linear: { first: 100, last: 0 } } }
      乙: { weight: 50, formula: a }
pay: { 奖: 总分 * 1.5 }
",
    )
    .unwrap();
    let people = table("号,组,a\n1,x,10\n2,x,20\n3,y,\n4,y,5\n5,z,\n");
    let run = scheme.score(Data::of(people), Options::default()).unwrap();
    let markdown = run.team_report(Some("组")).unwrap().to_markdown(Language::English);
    let row = |start: &str| markdown.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
    assert!(
        markdown.contains("| 组 | people | without 总分 | mean 总分 | largest | smallest | sum of 奖 | without 奖 |"),
        "{markdown}"
    );
    assert_eq!(row("| x |"), "| x | 2 |  | 45.00\\* | 60.00\\* | 30.00\\* | 135.00\\* |  |");
    assert_eq!(row("| y |"), "| y | 2 | 1 | 2.50\\* | 2.50\\* | 2.50\\* | 3.75\\* | 1 |");
    assert_eq!(row("| z |"), "| z | 1 | 1 | — | — | — | — | 1 |", "nobody's figures have no sum");
    assert!(markdown.contains("≈389%"), "a percentage has the decimals its column says: {markdown}");
    assert!(markdown.contains("People by place"));
    let none = "kaohe: 1\nscheme: 名单\ninputs: { 号: { type: text, key: true } }\n";
    let run = Scheme::parse(none).unwrap().score(Data::of(table("号\n1\n")), Options::default()).unwrap();
    let markdown = run.team_report(None).unwrap().to_markdown(Language::English);
    assert!(markdown.contains("## People\n"), "without a total there are no places: {markdown}");
}

const TEAMS: &str = "
kaohe: 1
scheme: 团队
rounding: { totals: 2, items: 2 }
inputs:
  号: { type: text, key: true }
  组: { type: choice, values: [甲, 乙, 丙], missing: allow }
  分: { type: number, min: 0, max: 100 }
scores: { 总分: { items: { 分数: { weight: 100, formula: 分 } } } }
grades: { 等级: { ladder: [优, 良, 差], thresholds: { of: 总分, at_least: [[80, 优], [60, 良]], else: 差 } } }
";

/// A person as the property makes it: the group, and hundredths of a point, or nothing.
type Person = (Option<usize>, Option<i64>);

/// The same figures by their definitions, in whole numbers.
fn holds(team: &Team, people: &[(usize, Person)]) {
    let scores: Vec<i64> = people.iter().filter_map(|(_, (_, score))| *score).collect();
    let total = team.columns.iter().find(|numbers| &*numbers.column == "总分").unwrap();
    let hundredths = |number: i64| Number::from_parts(number.into(), 2);
    assert_eq!(team.people as usize, people.len());
    assert_eq!((total.counted as usize, total.empty as usize), (scores.len(), people.len() - scores.len()));
    assert_eq!(team.with_empty, total.empty);
    assert_eq!(total.sum, hundredths(scores.iter().sum()));
    let count = Number::from(i64::try_from(scores.len()).unwrap());
    assert_eq!(total.mean, hundredths(scores.iter().sum()).divide(&count));
    assert_eq!(total.largest, scores.iter().max().map(|most| hundredths(*most)));
    assert_eq!(total.smallest, scores.iter().min().map(|least| hundredths(*least)));
    let mut sorted = scores.clone();
    sorted.sort_unstable();
    let middle = sorted.get(sorted.len().saturating_sub(1) / 2).zip(sorted.get(sorted.len() / 2));
    let median = middle.map(|(a, b)| hundredths(a + b).divide(&Number::from(2)).unwrap());
    assert_eq!(total.median, median);
    for grade in &team.distributions[0].grades {
        let has_it = |score: &Option<i64>| match (&grade.standing, score) {
            (Standing::Word(word), Some(score)) => match &**word {
                "优" => *score >= 8000,
                "良" => (6000..8000).contains(score),
                _ => *score < 6000,
            },
            (Standing::Empty, None) => true,
            _ => false,
        };
        let count = people.iter().filter(|(_, (_, score))| has_it(score)).count();
        assert_eq!(grade.count as usize, count);
        let (count, all) = (Number::from(grade.count), Number::from(team.people));
        assert_eq!(Some(&grade.share), count.divide(&all).or(Some(Number::ZERO)).as_ref());
    }
    assert_eq!(team.ranking.len(), people.len());
    let place = |own: i64| u32::try_from(scores.iter().filter(|other| **other > own).count() + 1).unwrap();
    for ranked in &team.ranking {
        let (_, (_, score)) = people.iter().find(|(row, _)| *row == ranked.row).unwrap();
        let within = if team.name.is_some() { ranked.place_in_team } else { ranked.place };
        assert_eq!(within, score.map(place));
    }
    let places: Vec<u32> = team.ranking.iter().map(|ranked| ranked.place.unwrap_or(u32::MAX)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Counts, shares, means, medians, extremes and places are what their definitions say, of all and of every team.
    #[test]
    fn a_team_is_what_its_people_are(
        people in prop::collection::vec((prop::option::weighted(0.9, 0_usize..3), prop::option::weighted(0.9, 0_i64..=10_000)), 0..25)
    ) {
        static SCHEME: LazyLock<Scheme> = LazyLock::new(|| Scheme::parse(TEAMS).unwrap());
        let rows = people.iter().enumerate().map(|(at, (group, score))| {
            let group = group.map_or(Cell::Missing, |group| ["甲", "乙", "丙"][group].into());
            let score = score.map_or(Cell::Missing, |score| Number::from_parts(score.into(), 2).to_string().into());
            Row::new().with("号", at.to_string()).with("组", group).with("分", score)
        });
        let run = SCHEME.score(Data::of(Table::of_rows(rows.collect())), Options::default()).unwrap();
        let report = run.team_report(Some("组")).unwrap();
        let all: Vec<(usize, Person)> = people.iter().copied().enumerate().collect();
        holds(&report.everybody, &all);
        let mut seen = Vec::new();
        for team in &report.teams {
            let name = match team.name.as_ref().unwrap() {
                Figure::Text(word) => ["甲", "乙", "丙"].iter().position(|other| *other == &**word),
                _ => None,
            };
            prop_assert!(!seen.contains(&name));
            seen.push(name);
            let own: Vec<(usize, Person)> = all.iter().copied().filter(|(_, (group, _))| *group == name).collect();
            holds(team, &own);
        }
        prop_assert_eq!(report.teams.iter().map(|team| team.people).sum::<u32>() as usize, people.len());
        prop_assert!(report.teamless.is_empty());
    }
}

#[test]
fn whose_team_is_not_known_is_named() {
    let scheme = TEAMS.replace("[甲, 乙, 丙], missing: allow", "[甲, 乙, 丙]");
    let people = table("号,组,分\n1,甲,90\n2,丁,80\n3,,70\n");
    let run = Scheme::parse(&scheme).unwrap().score(Data::of(people), Options::default()).unwrap();
    let report = run.team_report(Some("组")).unwrap();
    assert_eq!(report.teamless, ["2", "3"]);
    assert_eq!((report.teams.len(), report.everybody.ranking.len()), (1, 3));
    assert!(report.to_markdown(Language::English).contains("in no team, as `组` has no value: `2`, `3`"));
}
