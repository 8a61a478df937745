//! `kaohe report`, and explanations as pages: what is printed and written, and how the program exits.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod program;

use std::fs;

use program::{Folder, kaohe};

const BANK: &str = "examples/bank_quarter/scheme-figures.yaml";
const STAFF: &str = "examples/bank_quarter/staff-figures.csv";

#[test]
fn a_person_is_reported_on_the_terminal_and_in_files() {
    let run = kaohe(&["report", BANK, "--staff", STAFF, "--row", "001", "--lang", "zh"]);
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(
        run.out.starts_with("# 客户经理季度考核 2026Q3 个人考核报告") && run.out.contains("**92.90**"),
        "{}",
        run.out
    );
    let folder = Folder::new("report");
    for (name, start) in [("a.html", "<!DOCTYPE html>"), ("a.md", "# 客户经理"), ("a.JSON", "{\n  \"report\": 1")] {
        let out = folder.path(name);
        let run = kaohe(&["report", BANK, "--staff", STAFF, "--row", "001", "--out", &out]);
        assert_eq!((run.exit, run.out.as_str()), (Some(0), ""), "{}", run.err);
        assert!(fs::read_to_string(&out).unwrap().starts_with(start), "{name}");
    }
    let out = folder.path("a.txt");
    let run = kaohe(&["report", BANK, "--staff", STAFF, "--row", "001", "--out", &out]);
    assert_eq!(run.exit, Some(2), "the name says no form: {}", run.err);
    let run = kaohe(&["report", BANK, "--staff", STAFF, "--row", "001", "--format", "html", "--out", &out]);
    assert_eq!(run.exit, Some(0), "{}", run.err);
    let nobody = kaohe(&["report", BANK, "--staff", STAFF, "--row", "0O1"]);
    assert!(nobody.exit == Some(1) && nobody.err.contains("K0804"), "{}", nobody.err);
}

#[test]
fn several_people_are_one_file_or_one_each() {
    let json = kaohe(&["report", BANK, "--staff", STAFF, "--row", "001", "--row", "012", "--format", "json"]);
    let people: Vec<serde_json::Value> = serde_json::from_str(&json.out).unwrap();
    assert_eq!(people.iter().map(|each| each["key"].as_str().unwrap()).collect::<Vec<_>>(), ["001", "012"]);
    let all = kaohe(&["report", BANK, "--staff", STAFF, "--all", "--format", "html"]);
    assert_eq!(all.exit, Some(1), "three people have errors");
    assert_eq!((all.out.matches("<article>").count(), all.out.matches("<html").count()), (19, 1));
    let folder = Folder::new("reports");
    let each = folder.path("each");
    let run = kaohe(&["report", BANK, "--staff", STAFF, "--all", "--out-dir", &each]);
    assert_eq!(run.exit, Some(1), "{}", run.err);
    assert!(run.out.contains("19 reports written"), "{}", run.out);
    let mut names: Vec<String> =
        fs::read_dir(&each).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!((names.len(), names.first().map(String::as_str)), (19, Some("001.html")));
}

#[test]
fn keys_that_would_be_one_file_are_refused() {
    let folder = Folder::new("one-file");
    let scheme = "kaohe: 1\nscheme: x\ninputs: { 号: { type: text, key: true }, 分: { type: number } }\n";
    let scheme = folder.file("scheme.yaml", scheme);
    let staff = folder.file("staff.csv", "号,分\na,1\nA,2\n../b,3\n");
    let each = folder.path("each");
    let run = kaohe(&["report", &scheme, "--staff", &staff, "--all", "--out-dir", &each]);
    assert_eq!(run.exit, Some(1), "{}", run.out);
    assert!(run.err.contains("`a`") && run.err.contains("`A`") && fs::read_dir(&each).is_err(), "{}", run.err);
    let run = kaohe(&["report", &scheme, "--staff", &staff, "--row", "../b", "--out-dir", &each]);
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(fs::metadata(folder.path("each/%2E%2E%2Fb.html")).is_ok(), "a key does not lead out of the folder");
}

#[test]
fn a_team_is_reported_by_its_branches() {
    let (scheme, staff) = ("examples/service_team/scheme.yaml", "examples/service_team/staff.csv");
    let run = kaohe(&["report", scheme, "--staff", staff, "--team", "--by", "团队"]);
    assert_eq!(run.exit, Some(1), "one person cannot be scored");
    assert!(run.out.contains("| 甲 | 30 |  | ≈34.54 | 63.00 | 9.67 |") && run.out.contains("| K39 |"), "{}", run.out);
    let json = kaohe(&["report", scheme, "--staff", staff, "--team", "--format", "json"]);
    let team: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&team["kind"], &team["everybody"]["people"]), (&"team".into(), &40.into()));
    let wrong = kaohe(&["report", scheme, "--staff", staff, "--team", "--by", "团对", "--lang", "zh"]);
    assert!(wrong.exit == Some(1) && wrong.err.contains("是不是 `团队`"), "{}", wrong.err);
}

#[test]
fn an_explanation_is_a_page_too() {
    let html = kaohe(&["explain", BANK, "--staff", STAFF, "--row", "001", "--format", "html"]);
    assert_eq!(html.exit, Some(0), "{}", html.err);
    assert!(html.out.starts_with("<!DOCTYPE html>") && html.out.contains("92.903 → 92.90"), "{}", html.out);
    let markdown = kaohe(&["explain", BANK, "--staff", STAFF, "--row", "001", "--column", "收息", "--format", "md"]);
    assert!(markdown.out.contains("- **收息** 19.80 (full marks 20)"), "{}", markdown.out);
}
