//! People scored together from the files as they are: detail tables, values of the run, results and how it exits.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod program;

use std::fs;

use encoding_rs::GB18030;
use kaohe_cli::table::{self, Options};
use program::Folder;
use rust_xlsxwriter::{Format, Workbook};

const SCHEME: &str = "
kaohe: 1
scheme: 日均考核
edition: 2026Q3
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
inputs:
  工号: { type: text, key: true, header: [员工编号] }
  网点: { type: text }
  任务: { type: number, unit: 万元, above: 0 }
given:
  上期结转: { type: number, unit: 元, min: 0 }
  口径:     { type: choice, values: [旧, 新], missing: 新 }
  生效日:   { type: date, missing: 2026-07-01 }
  试行:     { type: bool, missing: false }
details:
  存款:
    key: 工号
    columns:
      日期: { type: date }
      余额: { type: number, unit: 万元, header: [时点余额] }
computed:
  日均:   { formula: avg(存款.余额 when_empty 0), round: 2 }
  完成率: { formula: 日均 / 任务, round: 4, show: { as: percent, places: 2 } }
  名次:   rank(完成率 desc ties min within 网点)
  结转:   { formula: if 试行 then 0元 else 上期结转, round: 2 }
  天数:   days_between(生效日, period_end)
cases:
  - name: two of one branch
    rows:
      - { 工号: \"1\", 网点: 东, 任务: 10 }
      - { 工号: \"2\", 网点: 东, 任务: 20 }
    details:
      存款: [{ 工号: \"1\", 日期: 2026-07-01, 余额: 9 }, { 工号: \"2\", 日期: 2026-07-01, 余额: 9 }]
    given: { 上期结转: 100 }
    expect:
      \"1\": { 名次: 1, 完成率: 90% }
      \"2\": { 名次: 1 }
";

const STAFF: &str = "工号,网点,任务(万元)\n001,城东,100\n002,城东,120\n003,城西,80\n合计,,300\n";
const DEPOSITS: &str = "三季度存款,,\r\n员工编号,日期,时点余额（万元）\r\n001,2026/7/1,\"1,100.50\"\r\n001,2026-08-01,120\r\n\
                        002,2026年7月2日,90.00\r\n003,2026-07-03,77\r\n合计,,\"1,387.50\"\r\n";

const SCORE: &str = "score <scheme.yaml> --staff <staff.csv> --detail 存款=<存款.csv>";

/// A folder with the scheme, the staff table and a table of deposits from Chinese Excel.
fn folder(name: &str) -> Folder {
    with_deposits(name, DEPOSITS)
}

fn with_deposits(name: &str, deposits: &str) -> Folder {
    let folder = Folder::new(&format!("details-{name}"));
    folder.file("scheme.yaml", SCHEME);
    folder.file("staff.csv", STAFF);
    folder.file("存款.csv", GB18030.encode(deposits).0);
    folder
}

#[test]
fn details_from_chinese_excel_and_values_of_the_run_come_together() {
    let folder = folder("together");
    let run = folder.kaohe(&format!("{SCORE} --given 上期结转=1,250.50 --given 生效日=2026年9月1日 --given 试行=否"));
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(run.out.contains("| 001  | 城东 | 610.25 | 610.25% |    1 | 1250.50 |   29 |"), "{}", run.out);
    assert!(run.out.contains("| 002  | 城东 |  90.00 |  75.00% |    2 |"), "{}", run.out);
    assert!(run.out.contains("3 rows scored, none with errors"), "{}", run.out);
    assert!(run.out.contains("1 total row left out: line 5\n1 total row of `存款` left out: line 7\n"), "{}", run.out);
    let about =
        "日均考核 2026Q3 as of 2026-09-30; given 上期结转 = 1250.5, 口径 = 新, 生效日 = 2026-09-01, 试行 = false";
    assert!(run.out.contains(about), "{}", run.out);
    assert!(run.out.contains("\nfingerprint sha256:"), "{}", run.out);
    assert!(run.err.contains("存款.csv`: line 2 is taken for the header"), "{}", run.err);
    let chinese = folder.kaohe(&format!("{SCORE} --given 上期结转=0 --as-of 2026-08-31 --lang zh"));
    assert!(chinese.out.contains("明细表 `存款` 的合计行 1 行未计入：第 7 行"), "{}", chinese.out);
    assert!(chinese.out.contains("日均考核 2026Q3，截至 2026-08-31；运行值 上期结转 = 0"), "{}", chinese.out);
}

#[test]
fn several_tables_are_sheets_of_one_workbook() {
    let folder = folder("workbook");
    let mut workbook = Workbook::new();
    for (name, rows) in [
        ("人员", [["工号", "网点", "任务"], ["001", "城东", "100"], ["002", "城东", "120"]]),
        ("存款", [["工号", "日期", "余额"], ["001", "2026-07-01", "50"], ["002", "2026-07-01", "90"]]),
        ("流水", [["工号", "日期", "余额"], ["001", "2026-07-01", "60"], ["002", "2026-07-01", "90"]]),
    ] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell.parse::<f64>() {
                    // money is stored as a number, an identifier as text
                    Ok(number) if column == 2 => sheet.write(row, column, number).unwrap(),
                    _ => sheet.write_with_format(row, column, cell, &Format::new().set_num_format("@")).unwrap(),
                };
            }
        }
    }
    folder.file("book.xlsx", workbook.save_to_buffer().unwrap());
    let line = "score <scheme.yaml> --staff <book.xlsx> --detail 存款=<book.xlsx> --given 上期结转=0";
    let run = folder.kaohe(line);
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(run.out.contains("| 001  | 城东 | 50.00 | 50.00% |    2 |"), "the sheet of its name is read: {}", run.out);
    assert!(run.err.contains("sheet `人员` is read, the first of 3"), "{}", run.err);
    let run = folder.kaohe(&format!("{line} --sheet 存款=流水 --sheet staff=人员"));
    assert!(run.out.contains("| 001  | 城东 | 60.00 | 60.00% |    2 |"), "{}", run.out);
    assert!(!run.err.contains("is read"), "{}", run.err);
}

#[test]
fn what_a_row_left_out_could_change_is_marked_and_told() {
    let folder = with_deposits("provisional", &DEPOSITS.replace("90.00", "九十"));
    let run = folder.kaohe(&format!("{SCORE} --given 上期结转=0"));
    assert_eq!(run.exit, Some(1), "{}", run.err);
    assert!(run.out.contains("| 001  | 城东 | 610.25 | 610.25% |   1* |"), "{}", run.out);
    assert!(run.out.contains("| 002  | 城东 |      — |       — |    — |"), "{}", run.out);
    assert!(
        run.out.contains("| 003  | 城西 |  77.00 |  96.25% |    1 |"),
        "another branch is not touched: {}",
        run.out
    );
    assert!(run.out.contains("* provisional: ") && run.out.contains("1 with errors, 1 provisional"), "{}", run.out);
    let told = "line 3, 002: 存款.余额 [K8201] `九十` is not a number (row 5 of `存款`)\n\
                名次 [K0927] provisional in 1 row, because these are left out: `002`\n";
    assert!(run.err.ends_with(told), "{}", run.err);
    let explained = folder.kaohe(&SCORE.replace("score", "explain --row 001 --column 名次 --given 上期结转=0"));
    assert_eq!(explained.exit, Some(1), "a provisional figure is not the last word: {}", explained.err);
}

#[test]
fn a_figure_over_a_group_is_explained_among_everybody() {
    let folder = folder("explain");
    let line = SCORE.replace("score", "explain --row 002 --given 上期结转=0");
    let run = folder.kaohe(&format!("{line} --column 名次"));
    assert_eq!(run.exit, Some(0), "{}", run.err);
    assert!(run.out.contains("名次 2") && run.out.contains("0.75"), "{}", run.out);
    let chinese = folder.kaohe(&format!("{line} --lang zh"));
    assert!(chinese.out.contains("名次 2"), "{}", chinese.out);
    let nobody = folder.kaohe(&line.replace("002", "02"));
    assert!(nobody.err.contains("did you mean `002`?") && nobody.exit == Some(1), "{}", nobody.err);
}

#[test]
fn every_name_on_the_command_line_is_held_against_the_scheme() {
    let folder = folder("names");
    for (options, told) in [
        (
            "--detail 存歀=<存款.csv>",
            "error[K0809]: the scheme has no detail table `存歀`\n  = help: did you mean `存款`?\n",
        ),
        ("--detail 存款=<staff.csv>", "error[K0802]: `--detail 存款=…` is given twice"),
        ("--given 结转=1", "no value of the run `结转`\n  = help: did you mean `上期结转`?\n"),
        ("--given 上期结转=1 --given 上期结转=2", "`--given 上期结转=…` is given twice"),
        ("--sheet staf=7", "`--sheet staf=…` is for no table of this run\n  = help: did you mean `staff`?\n"),
        ("--header-row 存=2", "`--header-row 存=…` is for no table"),
        ("--encoding 费用=gbk", "there is `staff`, `ratings`, `answers`, `存款`\n"),
        ("--sheet a=b", "a sheet with `=` in its name is asked for as `--sheet staff=a=b`\n"),
        (
            "",
            "values of the run that are missing or cannot be used: `上期结转` [K0901]\n  = help: give `--given 上期结转=VALUE`\n",
        ),
        ("--given 上期结转=-1", "`上期结转` [K0903]"),
        (
            "--given 上期结转=250.50元",
            "error[K8203]: `--given 上期结转=…`: the number `250.50元` carries the unit `元`\n  = help: write only the number; the scheme counts it in `元`\n",
        ),
        ("--given 上期结转=1 --given 口径=别的", "`口径` [K0907]"),
        ("--given 上期结转=1 --given 生效日=明天", "error[K8205]: `--given 生效日=…`: `明天` is not a date"),
    ] {
        let run = folder.kaohe(&format!("{SCORE} {options}"));
        assert!(run.err.contains(told) && run.out.is_empty(), "{options}: {}", run.err);
        assert_eq!(run.exit, Some(2), "{options}");
    }
    let all = folder.kaohe(&format!("{SCORE} --detail 贷款=x --given 甲=1 --sheet 乙=1 --lang zh"));
    assert_eq!(all.err.matches("错误[K0809]").count(), 3, "all at once: {}", all.err);
    let none = folder.kaohe("score <scheme.yaml> --staff <staff.csv> --given 上期结转=1");
    assert!(none.err.contains("[K0810]") && none.err.contains("give `--detail 存款=FILE`"), "{}", none.err);
    assert_eq!(none.exit, Some(2));
}

#[test]
fn wrong_files_are_named() {
    let folder = folder("wrong");
    folder.file("old.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    folder.file("unit.csv", "工号,日期,余额（元）\n001,2026-07-01,5\n");
    folder.file("columns.csv", "工号,日期,余颔\n001,2026-07-01,5\n");
    folder.file("orphan.csv", "工号,日期,余额\n001,2026-07-01,5\n009,2026-07-01,5\n008,2026-07-01,5\n");
    folder.file("nobody.csv", "工号,日期,余额\n001,2026-07-01,5\n,2026-07-01,5\n");
    folder.file("cut.csv", "工号,日期,余额\n6.22202E+18,2026-07-01,5\n");
    folder.file("open.csv", "工号,日期,余额\n\"001,2026-07-01,5\n");
    folder.file("empty.csv", "工号,日期,余额\n");
    for (file, told) in [
        ("old.xls", "old.xls`: the file is an old `.xls` workbook"),
        ("unit.csv", "error[K8108]: detail table `存款`: the header `余额（元）` says `元`"),
        ("columns.csv", "detail table `存款`: the table has no column `余额`\n  = help: did you mean `余颔` → `余额`?"),
        ("orphan.csv", "error[K0806]: detail table `存款` has rows of a `工号` that nobody has: `009` (3), `008` (4)"),
        ("nobody.csv", "error[K0803]: detail table `存款`: rows without a usable `工号`: 3"),
        ("cut.csv", "error[K8207]: detail table `存款`: line 2: `6.22202E+18` is a number past 15 digits"),
        ("open.csv", "open.csv`: the quote opened on line 2 is never closed"),
    ] {
        let run = folder.kaohe(&format!("{} --given 上期结转=0", SCORE.replace("存款.csv", file)));
        assert!(run.err.contains(told) && run.out.is_empty(), "{file}: {}", run.err);
        assert_eq!(run.exit, Some(1), "{file}");
    }
    let empty = folder.kaohe(&format!("{} --given 上期结转=0", SCORE.replace("存款.csv", "empty.csv")));
    assert_eq!(empty.exit, Some(0), "a table without rows is a table: {}", empty.err);
    let both = folder.kaohe(&SCORE.replace("存款.csv", "old.xls").replace("staff.csv", "nowhere.csv"));
    assert!(both.err.contains("nowhere.csv") && both.err.contains("old.xls"), "both at once: {}", both.err);
    assert_eq!(both.exit, Some(2));
    folder.file("staff.csv", "工号,网点,任务\n1,城东,10\n2,城东,10\n1,城西,10\n");
    let twice = folder.kaohe(&format!("{SCORE} --given 上期结转=0 --lang zh"));
    assert!(twice.err.contains("错误[K0802]: `工号` 重复：`1` (2, 4)"), "{}", twice.err);
}

#[test]
fn a_note_of_the_run_is_in_what_is_written() {
    let folder = Folder::new("notes");
    let scheme = "kaohe: 1\nscheme: 评级\ninputs: { 工号: { type: text, key: true }, 分: { type: number } }\ngrades:\n  \
                  级: { ladder: [高, 低], order: [分 desc, 工号 asc], quota: { shares: { 高: 50%, 低: 50% } } }\n";
    folder.file("s.yaml", scheme);
    folder.file("p.csv", "工号,分\n1,3\n2,2\n3,1\n");
    let told = "`级`: 高: 2 of 3 ≈ 66.67%, above the stated 50%";
    let run = folder.kaohe("score <s.yaml> --staff <p.csv> --out <r.json>");
    assert!(run.err.contains(told), "{}", run.err);
    let json: serde_json::Value = serde_json::from_slice(&fs::read(folder.path("r.json")).unwrap()).unwrap();
    assert_eq!((&json["notes"][0]["code"], &json["notes"][0]["message"]), (&"K0714".into(), &told.into()));
    folder.kaohe("score <s.yaml> --staff <p.csv> --out <r.xlsx>");
    let bytes = fs::read(folder.path("r.xlsx")).unwrap();
    let about = table::read(&bytes, &Options { sheet: Some("about".to_owned()), ..Options::default() }).unwrap();
    let notes: Vec<_> = about.rows.iter().map(|row| row.cells[1].as_text().unwrap().unwrap_or_default()).collect();
    assert!(notes.contains(&format!("[K0714] {told}")), "{notes:?}");
    let both = folder.kaohe("compare <s.yaml> <s.yaml> --staff <p.csv>");
    assert!(both.err.contains(&format!("old: [K0714] {told}")) && both.err.contains("new: [K0714]"), "{}", both.err);
}

#[test]
fn every_kind_of_file_says_what_its_figures_rest_on() {
    let folder = with_deposits("files", &DEPOSITS.replace("90.00", ""));
    let score = |file: &str| folder.kaohe(&format!("{SCORE} --given 上期结转=12.50 --out <{file}>"));
    assert_eq!(score("r.json").exit, Some(1));
    let json: serde_json::Value = serde_json::from_slice(&fs::read(folder.path("r.json")).unwrap()).unwrap();
    assert_eq!((&json["scheme"], &json["edition"]), (&"日均考核".into(), &"2026Q3".into()));
    assert_eq!((&json["as_of"], &json["given"]["上期结转"]), (&"2026-09-30".into(), &"12.5".into()));
    let fingerprint = json["fingerprint"].as_str().unwrap();
    assert!(fingerprint.starts_with("sha256:") && json["kaohe"] == env!("CARGO_PKG_VERSION"), "{json}");
    assert_eq!((&json["rows"][0]["名次"], &json["rows"][1]["名次"]), (&"1".into(), &serde_json::Value::Null));
    let problems = json["problems"].as_array().unwrap();
    let provisional = problems.iter().find(|each| each["code"] == "K0927").unwrap();
    assert_eq!((&provisional["key"], &provisional["left_out"][0]), (&"001".into(), &"002".into()));
    let fault = problems.iter().find(|each| each["key"] == "002" && each["blocked_by"].is_null()).unwrap();
    assert_eq!((&fault["code"], &fault["line"], &fault["detail"]["row"]), (&"K0901".into(), &3.into(), &5.into()));

    let run = score("r.csv");
    assert!(run.out.contains("given 上期结转 = 12.5") && run.out.contains(fingerprint), "{}", run.out);
    let csv = fs::read_to_string(folder.path("r.csv")).unwrap();
    assert!(csv.contains("结转,天数,problems\r\n") && csv.contains("名次 [K0927]"), "{csv}");

    let run = folder.kaohe(&format!("{SCORE} --given 上期结转=12.50 --out <r.xlsx> --lang zh"));
    assert_eq!(run.exit, Some(1));
    let bytes = fs::read(folder.path("r.xlsx")).unwrap();
    let sheet =
        |name: &str| table::read(&bytes, &Options { sheet: Some(name.to_owned()), ..Options::default() }).unwrap();
    assert_eq!(sheet("日均考核").headers.last().unwrap().text, "问题");
    let about = sheet("说明");
    let told: Vec<[String; 2]> = about
        .rows
        .iter()
        .map(|row| {
            [0, 1].map(|at| match row.cells[at].as_date() {
                Ok(Some(day)) => day.to_string(),
                _ => row.cells[at].as_text().unwrap().unwrap_or_default(),
            })
        })
        .collect();
    for wanted in [
        ["方案", "日均考核"],
        ["版次", "2026Q3"],
        ["指纹", fingerprint],
        ["截至日", "2026-09-30"],
        ["运行值 上期结转", "12.5"],
        ["kaohe 版本", env!("CARGO_PKG_VERSION")],
        ["有错误的行", "1"],
        ["未计入", "明细表 `存款` 的合计行 1 行未计入：第 7 行"],
    ] {
        assert!(told.iter().any(|line| line == &wanted), "{wanted:?}: {told:?}");
    }
}

#[test]
fn a_column_of_the_scheme_keeps_its_name() {
    let folder = Folder::new("details-collision");
    folder.file("scheme.yaml", SCHEME.replace("天数:", "problems:"));
    folder.file("staff.csv", STAFF);
    folder.file("存款.csv", DEPOSITS.replace("77", "x"));
    let run = folder.kaohe(&format!("{SCORE} --given 上期结转=0 --out <r.csv>"));
    assert_eq!(run.exit, Some(1), "{}", run.err);
    let csv = fs::read_to_string(folder.path("r.csv")).unwrap();
    assert!(csv.contains("结转,problems,problems_\r\n"), "{csv}");
}

#[test]
fn examples_of_several_people_differ_by_person() {
    let folder = folder("cases");
    let run = folder.kaohe("test <scheme.yaml>");
    assert_eq!(run.exit, Some(1), "{}", run.err);
    assert!(run.out.contains("failed: two of one branch\n  2 名次: expected 1, found 2\n"), "{}", run.out);
    let chinese = folder.kaohe("test <scheme.yaml> --lang zh");
    assert!(chinese.out.contains("  2 名次：应为 1，实为 2\n"), "{}", chinese.out);
    let missed = run.out.lines().find(|line| line.contains("结转: ")).unwrap();
    assert!(missed.contains("scheme.yaml:") && run.out.contains("2 people reach "), "{}", run.out);
}
