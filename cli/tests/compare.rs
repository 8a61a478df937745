//! The same people under two schemes, from the command line.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod program;

use std::fs;

use kaohe_cli::table::{self, Options};
use program::Folder;

const OLD: &str = "
kaohe: 1
scheme: 考核
edition: 旧版
rounding: { totals: 2, money: 2 }
inputs:
  工号: { type: text, key: true }
  业绩分: { type: number }
given:
  上期结转: { type: number, unit: 元 }
details:
  服务: { key: 工号, columns: { 分: { type: number } } }
computed:
  服务分: sum(服务.分)
  结转: { formula: 上期结转 * 2, round: 2 }
scores:
  得分:
    items:
      业绩: { weight: 70, formula: 业绩分 }
      服务质量: { weight: 30, formula: 服务分 }
grades:
  等级: { ladder: [A, B], thresholds: { of: 得分, at_least: [[80, A]], else: B } }
";

/// The weights exchanged, another value of the run, another detail besides, and the facts under another header.
fn new() -> String {
    OLD.replace("weight: 70", "weight: 40")
        .replace("weight: 30", "weight: 60")
        .replace("旧版", "新版")
        .replace("上期结转", "本期结转")
        .replace("业绩分: { type: number }", "业绩分: { type: number, header: [业绩] }")
        .replace("details:", "details:\n  加分: { key: 工号, columns: { 点: { type: number } } }")
        .replace("formula: 服务分", "formula: 服务分 + sum(加分.点)")
}

const COMPARE: &str = "compare <old.yaml> <new.yaml> --staff <staff.csv> --detail 服务=<service.csv> \
                       --detail 加分=<more.csv> --given 上期结转=10 --given 本期结转=10";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("compare-{name}"));
    folder.file("old.yaml", OLD);
    folder.file("new.yaml", new());
    folder.file("staff.csv", "工号,业绩分\n001,90\n002,60\n003,80\n合计,230\n");
    folder.file("service.csv", "工号,分\n001,40\n001,30\n002,95\n003,80\n");
    folder.file("more.csv", "工号,点\n002,5\n");
    folder
}

#[test]
fn who_moves_and_by_which_part_is_told_in_both_languages() {
    let folder = folder("told");
    let run = folder.kaohe(COMPARE);
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(
        run.out.starts_with("考核 旧版 → 考核 新版\n3 people in both, 2 with a figure that changed\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("得分 84.00 → 78.00 (-6): 业绩 -27 (weight 70 → 40), 服务质量 +21 (weight 30 → 60)"),
        "{}",
        run.out
    );
    assert!(run.out.contains("等级 A → B, down: 得分") && run.out.contains("等级 B → A, up: 得分"), "{}", run.out);
    assert!(run.out.contains("\n1 total row left out: line 5\nold: 考核 旧版; given 上期结转 = 10\n"), "{}", run.out);
    assert!(run.out.contains("\nnew: 考核 新版; given 本期结转 = 10\n"), "{}", run.out);
    let chinese = folder.kaohe(&format!("{COMPARE} --lang zh"));
    assert!(chinese.out.contains("等级：升 1 人，降 1 人，不变 1 人"), "{}", chinese.out);
}

#[test]
fn a_comparison_is_written_in_every_kind_of_file() {
    let folder = folder("files");
    let run = folder.kaohe(&format!("{COMPARE} --out <c.csv>"));
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(!run.out.contains("84.00 → 78.00"), "the people are in the file: {}", run.out);
    let csv = fs::read_to_string(folder.path("c.csv")).unwrap();
    assert!(csv.contains("工号,column,old,new,difference,change,because\r\n001,"), "{csv}");
    assert!(csv.contains("001,等级,A,B,,down,得分\r\n"), "{csv}");
    assert!(
        csv.contains("001,得分,84.00,78.00,-6,,\"业绩 -27 (weight 70 → 40), 服务质量 +21 (weight 30 → 60)\"\r\n"),
        "{csv}"
    );

    folder.kaohe(&format!("{COMPARE} --out <c.json>"));
    let json: serde_json::Value = serde_json::from_slice(&fs::read(folder.path("c.json")).unwrap()).unwrap();
    assert_eq!((&json["comparison"], &json["people"]), (&1.into(), &3.into()));
    assert_eq!(json["old"]["given"], serde_json::json!({ "上期结转": "10" }));

    folder.kaohe(&format!("{COMPARE} --out <c.xlsx> --lang zh"));
    let bytes = fs::read(folder.path("c.xlsx")).unwrap();
    let sheet = |name: &str| {
        let table = table::read(&bytes, &Options { sheet: Some(name.to_owned()), ..Options::default() }).unwrap();
        let rows = table.rows.iter().map(|row| {
            let cells = row.cells.iter().map(|cell| cell.as_text().unwrap().unwrap_or_default());
            cells.collect::<Vec<_>>().join("|")
        });
        rows.collect::<Vec<_>>()
    };
    assert!(sheet("变化").contains(&"002|等级|B|A||升|得分".to_owned()), "{:?}", sheet("变化"));
    let scores = sheet("各列").into_iter().find(|row| row.starts_with("得分|")).unwrap();
    assert!(scores.starts_with("得分|2|1|1|234.5|242|7.5|2.5|0|0|"), "{scores}");
    let about = sheet("说明");
    for wanted in ["版次|旧版|新版", "运行值 上期结转|10|", "运行值 本期结转||10"] {
        assert!(about.iter().any(|row| row == wanted), "{wanted}: {about:?}");
    }
}

#[test]
fn what_is_wrong_with_either_run_is_said() {
    let folder = folder("wrong");
    let typo = folder.kaohe(&COMPARE.replace("本期结转=10", "木期结转=10"));
    assert!(typo.err.contains("no value of the run `木期结转`") && typo.exit == Some(2), "{}", typo.err);
    let lacks = folder.kaohe(&COMPARE.replace("--given 上期结转=10", ""));
    assert!(lacks.err.contains("give `--given 上期结转=VALUE`") && lacks.exit == Some(2), "{}", lacks.err);
    folder.file("more.csv", "工号,点\n002,多\n");
    let run = folder.kaohe(&format!("{COMPARE} --out <c.csv>"));
    assert_eq!(run.exit, Some(1), "{}", run.err);
    assert!(
        run.out.contains("incomplete in the new run: 002") && run.err.contains("`kaohe score` says why"),
        "{}",
        run.out
    );
    let csv = fs::read_to_string(folder.path("c.csv")).unwrap();
    assert!(csv.contains("002,得分,70.50,[K0920],"), "{csv}");
}
