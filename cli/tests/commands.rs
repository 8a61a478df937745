//! The program as people run it: what it prints and how it exits.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod program;

use std::fs;
use std::path::Path;

use program::{Folder, kaohe};

const BANK: &str = "examples/bank_quarter/scheme-figures.yaml";
const STAFF: &str = "examples/bank_quarter/staff-figures.csv";

const SCHEME: &str = "
kaohe: 1
scheme: 存款考核
inputs:
  工号:     { type: text, key: true }
  日均存款: { type: number, unit: 万元, min: 0 }
  存款任务: { type: number, unit: 万元, above: 0 }
computed:
  完成率: { formula: 日均存款 / 存款任务, round: 4 }
";

/// A folder with a scheme and a staff table in it.
fn folder(name: &str, staff: &[u8]) -> (Folder, String, String) {
    let folder = Folder::new(name);
    let (scheme, table) = (folder.file("scheme.yaml", SCHEME), folder.file("staff.csv", staff));
    (folder, scheme, table)
}

#[test]
fn the_bank_is_scored_and_its_errors_are_told() {
    let run = kaohe(&["score", BANK, "--staff", STAFF]);
    assert_eq!(run.exit, Some(1), "three people have errors: {}", run.err);
    assert!(run.out.contains("92.90") && run.out.contains("19 rows scored, 3 with errors"), "{}", run.out);
    assert!(run.err.contains("017: 投诉率 [K0902] division by zero in `投诉次数 / 客户数`"), "{}", run.err);
}

#[test]
fn one_person_is_explained_in_both_languages_and_as_data() {
    let english = kaohe(&["explain", BANK, "--staff", STAFF, "--row", "001", "--column", "综合得分"]);
    assert_eq!(english.exit, Some(0), "{}", english.err);
    assert!(english.out.contains("92.903 → 92.90"), "{}", english.out);
    let chinese = kaohe(&["explain", BANK, "--staff", STAFF, "--row", "001", "--lang", "zh"]);
    assert!(chinese.out.contains("四舍五入"), "{}", chinese.out);
    let data = kaohe(&["explain", BANK, "--staff", STAFF, "--row", "001", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&data.out).unwrap();
    assert_eq!(json["explanation"], kaohe::explain::VERSION);
    let nobody = kaohe(&["explain", BANK, "--staff", STAFF, "--row", "0O1"]);
    assert_eq!(nobody.exit, Some(1));
    assert!(nobody.err.contains("K0804") && nobody.err.contains("did you mean `001`?"), "{}", nobody.err);
}

#[test]
fn schemes_are_checked_tested_and_laid_out() {
    assert_eq!(kaohe(&["check", BANK]).exit, Some(0));
    let wrong = kaohe(&["check", "tests/bad/cycle_of_two.yaml", "--lang", "zh"]);
    assert_eq!(wrong.exit, Some(1));
    assert!(wrong.err.contains("错误[K0303]"), "{}", wrong.err);
    let cases = kaohe(&["test", BANK]);
    assert_eq!(cases.exit, Some(0), "{}", cases.out);
    assert!(cases.out.contains("16 cases passed"), "{}", cases.out);
    assert_eq!(kaohe(&["fmt", "--check", BANK]).exit, Some(0));
    let schema = kaohe(&["schema"]);
    assert!(serde_json::from_str::<serde_json::Value>(&schema.out).is_ok());
}

#[test]
fn every_example_is_checked_without_an_error() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut seen = 0;
    for entry in fs::read_dir(root).unwrap() {
        let scheme = entry.unwrap().path().join("scheme.yaml");
        if !scheme.exists() {
            continue;
        }
        seen += 1;
        let run = kaohe(&["check", &scheme.display().to_string()]);
        let errors = run.err.lines().filter(|line| line.starts_with("error"));
        assert_eq!(errors.count(), 0, "{}: {}", scheme.display(), run.err);
    }
    assert_eq!(seen, 23);
}

#[test]
fn what_is_asked_for_and_not_there_is_a_usage_error() {
    assert_eq!(kaohe(&["score", BANK, "--staff", "nowhere.csv"]).exit, Some(2));
    assert_eq!(kaohe(&["score"]).exit, Some(2));
    let run = kaohe(&["score", BANK, "--staff", STAFF, "--ratings", STAFF]);
    assert_eq!(run.exit, Some(2), "sheets of an appraisal that the scheme does not have");
    assert!(run.err.contains("K0809"), "{}", run.err);
    for wrong in [["--as-of", "morgen"], ["--header-row", "top"], ["--out", "result.pdf"]] {
        let run = kaohe(&[&["score", BANK, "--staff", STAFF], &wrong[..]].concat());
        assert_eq!(run.exit, Some(2), "{wrong:?}: {}", run.err);
    }
}

#[test]
fn a_table_of_another_unit_or_with_a_key_twice_is_refused() {
    let (_folder, scheme, table) = folder("unit", "工号,日均存款(元),存款任务(万元)\n001,1,2\n".as_bytes());
    let run = kaohe(&["score", &scheme, "--staff", &table]);
    assert_eq!(run.exit, Some(1));
    assert!(run.err.contains("K8108"), "{}", run.err);
    fs::write(&table, "工号,日均存款(万元),存款任务\n001,1,2\n001,1,2\n").unwrap();
    let run = kaohe(&["score", &scheme, "--staff", &table, "--lang", "zh"]);
    assert!(run.err.contains("K0802"), "{}", run.err);
    fs::write(&table, "工号,日均存款(万元)\n001,1\n").unwrap();
    let run = kaohe(&["score", &scheme, "--staff", &table]);
    assert!(run.err.contains("no column `存款任务`") && !run.err.contains("`日均存款`"), "{}", run.err);
}

#[test]
fn a_file_from_chinese_excel_goes_in_and_a_safe_one_comes_out() {
    let text =
        "三季度,,\r\n工号,日均存款（万元）,存款任务\r\n007,\"2,415.00\",1000\r\n=1+1,85%,1\r\n合计,\"2,415.85\",\r\n";
    let (bytes, ..) = encoding_rs::GB18030.encode(text);
    let (folder, scheme, table) = folder("excel", &bytes);
    let out = folder.path("result.csv");
    let run = kaohe(&["score", &scheme, "--staff", &table, "--out", &out]);
    assert_eq!(run.exit, Some(0), "{}", run.err);
    let written = fs::read_to_string(&out).unwrap();
    assert!(written.starts_with('\u{feff}'), "Excel needs the mark to read UTF-8");
    assert!(written.contains("007,2.4150") && written.contains("'=1+1,0.8500"), "{written}");
    assert!(run.err.contains("line 5") || run.out.contains("line 5"), "the total row is told: {}{}", run.out, run.err);
}
