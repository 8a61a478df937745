//! Answers to exams and sheets of raters as files.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod program;

use std::fs;

use program::Folder;

const SCHEME: &str = "
kaohe: 1
scheme: 考评
inputs: { 工号: { type: text, key: true } }
exams:
  初试: { pass: 3, parts: [{ name: 单选, kind: single, questions: S, options: 4, marks: 2, key: [A, B] }] }
  复试: { parts: [{ name: 判断, kind: true_false, questions: T, marks: 1, key: [T, F] }] }
ratings:
  测评:
    scale: { A: 100%, B: 80% }
    items: [{ name: 服务, points: 60 }, { name: 协作, points: 40 }]
    roles: { 上级: { weight: 60 }, 同事: { weight: 40, minimum: 2 } }
    when_role_missing: renormalise
    round: 2
";

const STAFF: &str = "工号\n001\n002\n";
const FIRST: &str = "工号,S1,S2\n001,ａ,\"B、\"\n002,AB,B\n";
const SECOND: &str = "工号,T1,T2\n001,√,错\n002,TRUE,0\n";
const SHEETS: &str =
    "工号,角色,考评人,评分\n001,上级,x1,AB\n001,同事,x2,AA\n001,同事,x3,BB\n002,上级,x1,BA\n002,同事,x2,BB\n";

fn read(folder: &Folder, file: &str) -> String {
    fs::read_to_string(folder.path(file)).unwrap()
}

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    for (file, content) in
        [("s.yaml", SCHEME), ("staff.csv", STAFF), ("a.csv", FIRST), ("b.csv", SECOND), ("r.csv", SHEETS)]
    {
        folder.file(file, content);
    }
    folder
}

#[test]
fn answers_and_sheets_come_by_name() {
    let folder = folder("sheets-by-name");
    let line = "score <s.yaml> --staff <staff.csv> --answers 初试=<a.csv> --answers 复试=<b.csv> --ratings <r.csv> --out <o.csv>";
    let run = folder.kaohe(line);
    assert_eq!(run.exit, Some(1), "{}", run.err);
    assert!(run.err.contains("初试.S1 [K0940]"), "{}", run.err);
    let out = read(&folder, "o.csv");
    let rows: Vec<&str> = out.lines().collect();
    assert!(
        rows[0].starts_with("\u{feff}工号,测评.上级,测评.同事,测评,初试.单选,初试,初试.通过,复试.判断,复试"),
        "{out}"
    );
    // 001: (60 × 92 + 40 × 90) / 100; 002: one colleague is too few, so the superior stands alone
    assert!(rows[1].starts_with("001,92,90,91.20,4,4,TRUE,2,2"), "{out}");
    assert!(rows[2].starts_with("002,88,,88.00,,,,2,2"), "{out}");
}

#[test]
fn what_is_not_named_or_not_there_is_a_usage_error() {
    let folder = folder("sheets-usage");
    let of = |rest: &str| folder.kaohe(&format!("score <s.yaml> --staff <staff.csv> {rest}"));
    let run = of("--answers <a.csv> --answers 复试=<b.csv> --ratings <r.csv>");
    assert_eq!(run.exit, Some(2));
    assert!(run.err.contains("more than one examination: `初试`, `复试`"), "{}", run.err);
    let run = of("--answers 初试=<a.csv> --answers 初试=<b.csv> --ratings <r.csv>");
    assert_eq!(run.exit, Some(2));
    assert!(run.err.contains("`--answers` is given twice for `初试`"), "{}", run.err);
    let run = of("--answers 初试=<a.csv>");
    assert_eq!(run.exit, Some(2));
    assert!(run.err.contains("give `--answers 复试=FILE` `--ratings 测评=FILE`"), "{}", run.err);
    let run = of("--detail 初试=<a.csv> --answers 复试=<b.csv> --ratings <r.csv>");
    assert_eq!(run.exit, Some(2), "answers are no detail: {}", run.err);
}

#[test]
fn the_questions_of_an_exam_are_told() {
    let folder = folder("exam-questions");
    let line = "exam <s.yaml> --staff <staff.csv> --answers 初试=<a.csv> --answers 复试=<b.csv> --ratings <r.csv>";
    let run = folder.kaohe(&format!("{line} --name 复试 --out <q.csv>"));
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(run.out.contains("复试: 2 sheets, mean 1 of full marks"), "{}", run.out);
    let out = read(&folder, "q.csv");
    assert!(out.contains("判断,T1,T,2,0,0,1,0,"), "{out}");
    let run = folder.kaohe(&format!("{line} --name 初试"));
    assert_eq!(run.exit, Some(1), "a sheet that cannot be marked is not passed over in silence");
    assert!(run.err.contains("lines 3"), "{}", run.err);
    assert_eq!(folder.kaohe(line).exit, Some(2), "which of the two");
}

#[test]
fn how_far_raters_agree_is_told() {
    let folder = folder("agreement");
    let sheets = "工号,角色,考评人,评分\n001,上级,x1,AB\n001,同事,x2,AA\n001,同事,x3,BB\n002,上级,x1,BA\n002,同事,x2,AB\n002,同事,x3,BB\n";
    folder.file("r.csv", sheets);
    let line = "agreement <s.yaml> --staff <staff.csv> --answers 初试=<a.csv> --answers 复试=<b.csv> --ratings <r.csv>";
    let run = folder.kaohe(&format!("{line} --out <q.csv>"));
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(run.out.contains("同事: 4 sheets by 2 raters of 2 people"), "{}", run.out);
    assert!(run.out.contains("上级, 服务: no icc_1_1"), "{}", run.out);
    assert!(run.out.contains("agreement needs at least two raters [K1023]"), "{}", run.out);
    assert!(!run.out.contains("x1") && !run.out.contains("x2"), "{}", run.out);
    let out = read(&folder, "q.csv");
    assert!(out.starts_with("\u{feff}role,figure,whole sheet,服务,协作"), "{out}");
    // 100 and 80, 92 and 80: the mean square between people is 16, and so is that of the residual
    assert!(out.contains("同事,icc_3_1,0,"), "{out}");
    let run = folder.kaohe(&format!("{line} --lang zh"));
    assert!(run.out.contains("同事：2 人考评 2 人，共 4 张考评表"), "{}", run.out);
    let run = folder.kaohe(&format!("{line} --name 测苹"));
    assert_eq!(run.exit, Some(2));
    assert!(run.err.contains("did you mean `测评`?"), "{}", run.err);
    assert_eq!(folder.kaohe(&format!("{line} --incomplete never")).exit, Some(2));
    folder.file("r.csv", "工号,角色,考评人,评分\n001,上级,x1,AX\n001,同事,,AA\n");
    let run = folder.kaohe(&format!("{line} --out <q.json>"));
    assert_eq!(run.exit, Some(1), "sheets that are not counted are not passed over in silence");
    assert!(run.err.contains("lines 2, 3"), "{}", run.err);
    assert!(read(&folder, "q.json").contains("\"left_out\":[2,3]"));
}

#[test]
fn raters_are_told_to_nobody() {
    let folder = folder("raters");
    let line = "--staff <staff.csv> --answers 初试=<a.csv> --answers 复试=<b.csv> --ratings <r.csv>";
    for format in ["text", "json"] {
        let run = folder.kaohe(&format!("explain <s.yaml> {line} --row 001 --format {format}"));
        assert!(!run.out.contains("x1") && !run.out.contains("x2"), "{}", run.out);
        assert!(run.out.contains("91.2"), "{}", run.out);
    }
}
