//! One table of people in every kind of file: the figures are the same, and what is written can be read again.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod program;

use std::fs;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, RecordBatch, StringArray};
use kaohe_cli::table::{self, Options};
use parquet::arrow::ArrowWriter;
use program::Folder;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

const SCHEME: &str = "
kaohe: 1
scheme: 存款考核
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
inputs:
  工号: { type: text, key: true }
  存款: { type: number, unit: 万元 }
  任务: { type: number, unit: 万元, above: 0 }
  入职: { type: date }
  在岗: { type: bool }
computed:
  完成率: { formula: 存款 / 任务, round: 4 }
  天数:   { formula: \"if 在岗 then days_between(入职, period_end) else 0\" }
  合格:   完成率 >= 1
";

const CSV: &str = "工号,姓名,存款(万元),任务,入职,在岗\n001,甲,1200.55,1000,2026-07-01,是\n002,乙,0.1,3,2025-01-31,否\n\
                   003,丙,,100,2026-08-01,是\n";

const JSON: &str = r#"[
{"工号": "001", "姓名": "甲", "存款(万元)": 1200.55, "任务": 1000, "入职": "2026-07-01", "在岗": true},
{"工号": "002", "姓名": "乙", "存款(万元)": 0.1, "任务": 3, "入职": "2025-01-31", "在岗": false},
{"工号": "003", "姓名": "丙", "存款(万元)": null, "任务": 100, "入职": "2026-08-01", "在岗": true}
]"#;

fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("forms-{name}"));
    folder.file("scheme.yaml", SCHEME);
    folder.file("staff.csv", CSV);
    folder.file("staff.json", JSON);
    folder.file("staff.jsonl", JSON.trim_matches(['[', ']', '\n']).replace("},\n", "}\n"));
    folder.file("staff.xlsx", workbook());
    folder.file("staff.parquet", parquet());
    folder
}

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (column, header) in (0..).zip(["工号", "姓名", "存款(万元)", "任务", "入职", "在岗"]) {
        sheet.write(0, column, header).unwrap();
    }
    let rows = [
        ("001", "甲", Some(1200.55), 1000, (2026, 7, 1), true),
        ("002", "乙", Some(0.1), 3, (2025, 1, 31), false),
        ("003", "丙", None, 100, (2026, 8, 1), true),
    ];
    for (row, (key, name, deposits, target, (year, month, date), at_work)) in (1..).zip(rows) {
        sheet.write(row, 0, key).unwrap();
        sheet.write(row, 1, name).unwrap();
        if let Some(deposits) = deposits {
            sheet.write(row, 2, deposits).unwrap();
        }
        sheet.write(row, 3, target).unwrap();
        let moment = ExcelDateTime::from_ymd(year, month, date).unwrap();
        sheet.write_datetime_with_format(row, 4, moment, &day).unwrap();
        sheet.write(row, 5, at_work).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

fn parquet() -> Vec<u8> {
    let deposits = Decimal128Array::from(vec![Some(120_055), Some(10), None]).with_precision_and_scale(18, 2).unwrap();
    let columns: [(&str, ArrayRef); 6] = [
        ("工号", Arc::new(StringArray::from(vec!["001", "002", "003"]))),
        ("姓名", Arc::new(StringArray::from(vec!["甲", "乙", "丙"]))),
        ("存款(万元)", Arc::new(deposits)),
        ("任务", Arc::new(arrow_array::Int32Array::from(vec![1000, 3, 100]))),
        ("入职", Arc::new(Date32Array::from(vec![20_635, 20_119, 20_666]))),
        ("在岗", Arc::new(BooleanArray::from(vec![true, false, true]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

#[test]
fn the_figures_are_the_same_whatever_the_file() {
    let folder = folder("same");
    let mut first = None;
    for kind in ["csv", "xlsx", "parquet", "json", "jsonl"] {
        let run = folder.kaohe(&format!("score <scheme.yaml> --staff <staff.{kind}> --out <{kind}.csv>"));
        assert_eq!(run.exit, Some(1), "{kind}: {}", run.err);
        let written = fs::read_to_string(folder.path(&format!("{kind}.csv"))).unwrap();
        assert!(written.contains("001,1.2006,91,TRUE"), "{kind}: {written}");
        assert!(written.contains("002,0.0333,0,FALSE"), "{kind}: {written}");
        // the line of a row is one less where the header is no line
        let written = written.replace("line 4", "line 3");
        assert_eq!(*first.get_or_insert_with(|| written.clone()), written, "{kind}");
    }
}

#[test]
fn what_is_written_as_parquet_is_read_again() {
    let folder = folder("again");
    let run = folder.kaohe("score <scheme.yaml> --staff <staff.csv> --out <r.parquet>");
    assert_eq!(run.exit, Some(1), "{}", run.err);
    let read = table::read(&fs::read(folder.path("r.parquet")).unwrap(), &Options::default()).unwrap();
    let headers: Vec<&str> = read.headers.iter().map(|header| header.text.as_str()).collect();
    assert_eq!(headers, ["工号", "完成率", "天数", "合格", "problems"]);
    let row: Vec<_> = read.rows.iter().map(|row| row.cells.get(1).unwrap().as_number_text().unwrap()).collect();
    assert_eq!(row, [Some("1.2006".to_owned()), Some("0.0333".to_owned()), None]);

    // the figures are facts of another scheme
    folder.file(
        "next.yaml",
        "kaohe: 1\nscheme: 再算\ninputs:\n  工号: { type: text, key: true }\n  完成率: { type: number }\n  合格: { type: bool }\n\
         computed:\n  得分: { formula: \"if 合格 then 完成率 * 100 else 0\", round: 2 }\n",
    );
    let run = folder.kaohe("score <next.yaml> --staff <r.parquet>");
    assert!(run.out.contains("120.06"), "{}{}", run.out, run.err);
}

#[test]
fn a_column_that_is_missing_is_told_with_the_one_perhaps_meant() {
    let folder = folder("missing");
    folder.file("other.yaml", SCHEME.replace("  任务: {", "  任务数: {").replace("/ 任务", "/ 任务数"));
    let csv = folder.kaohe("score <other.yaml> --staff <staff.csv>");
    assert!(csv.err.contains("任务"), "{}", csv.err);
    for kind in ["parquet", "json"] {
        let run = folder.kaohe(&format!("score <other.yaml> --staff <staff.{kind}>"));
        assert_eq!((run.exit, &run.err), (csv.exit, &csv.err), "{kind}");
    }
}

#[test]
fn files_that_cannot_be_read_are_told_by_name() {
    let folder = folder("wrong");
    let good = parquet();
    let (beginning, _) = good.split_at(good.len() / 2);
    folder.file("cut.parquet", beginning);
    folder.file("cut.json", "[{\"工号\": \"001\", \"存款\": 1");
    folder.kaohe("score <scheme.yaml> --staff <staff.csv> --out <result.json>");
    for (name, told) in [
        (
            "cut.parquet",
            "error[K8009]: `{file}`: the file is not a parquet file that can be read: it ends early\n  = help: write it \
             again where it comes from, without encryption\n",
        ),
        (
            "cut.json",
            "error[K8010]: `{file}`: the file is not JSON that can be read: line 1: EOF while parsing an object\n  = \
             help: mend that line, or write the file again where it comes from\n",
        ),
        (
            "result.json",
            "error[K8011]: `{file}`: the JSON is one object, and a table is a list of objects\n  = help: write \
             `[{\"工号\": \"001\"}, …]`, or one object a line; in a result of kaohe `rows` holds such a list\n",
        ),
    ] {
        let run = folder.kaohe(&format!("score <scheme.yaml> --staff <{name}>"));
        assert_eq!(run.err, told.replace("{file}", &folder.path(name)), "{name}");
        assert_eq!(run.exit, Some(1), "{name}");
    }
}
