//! Workbooks as people really have them: written here, then read.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::io::{Cursor, Read as _, Write as _};

use kaohe_cli::table::{self, Code, Date, Limits, Options, RawCell, RawTable};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

fn options() -> Options {
    Options {
        expected: ["工号", "姓名", "完成率"].map(|name| vec![name.to_owned()]).to_vec(),
        key: vec!["工号".to_owned()],
        ..Options::default()
    }
}

fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

fn read(bytes: &[u8]) -> RawTable {
    table::read(bytes, &options()).unwrap()
}

fn code(bytes: &[u8], options: &Options) -> Code {
    table::read(bytes, options).unwrap_err()[0].code
}

/// The package with the text of its parts changed.
fn changed(bytes: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..package.len() {
        let mut part = package.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        out.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(change(&name, text).as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A sheet with a title, a header and one row, the cells of the row written by `row`.
fn one_row(headers: &[&str], row: impl FnOnce(&mut Worksheet)) -> RawTable {
    let bytes = workbook(|sheet| {
        for (column, header) in (0..).zip(headers) {
            sheet.write(0, column, *header).unwrap();
        }
        row(sheet);
    });
    read(&bytes)
}

#[test]
fn a_sheet_with_titles_and_totals() {
    let bytes = workbook(|sheet| {
        sheet.merge_range(0, 0, 0, 3, "某某银行三季度考核表", &Format::new()).unwrap();
        for (column, header) in (0..).zip(["工号", "姓名", "完成率\n（%）", "日期"]) {
            sheet.write(2, column, header).unwrap();
        }
        let percent = Format::new().set_num_format("0.00%");
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        for (row, id) in (3..).zip(["001", "002"]) {
            sheet.write(row, 0, id).unwrap();
            sheet.write(row, 1, "张三").unwrap();
            sheet.write_number_with_format(row, 2, 0.85, &percent).unwrap();
            sheet.write_datetime_with_format(row, 3, ExcelDateTime::from_ymd(2026, 7, 1).unwrap(), &day).unwrap();
        }
        sheet.write(5, 0, "合计").unwrap();
        sheet.write_formula(5, 2, Formula::new("SUM(C4:C5)").set_result("1.7")).unwrap();
        sheet.write(8, 5, "制表人").unwrap();
    });
    let table = read(&bytes);
    assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(table.totals, [6]);
    assert_eq!(table.headers[2].unit.as_deref(), Some("%"));
    let row = &table.rows[0].cells;
    assert_eq!(row[0].as_identifier().unwrap().as_deref(), Some("001"));
    assert_eq!(row[2].as_number_text().unwrap().as_deref(), Some("0.85"));
    assert_eq!(row[3].as_date().unwrap(), Date::new(2026, 7, 1));
    assert!(table.notes.iter().any(|note| note.en == "columns without a header are not read: F"), "{:?}", table.notes);
}

#[test]
fn numbers_are_their_shortest_decimal_text() {
    let headers = ["工号", "姓名", "a", "b", "c", "d", "e"];
    let table = one_row(&headers, |sheet| {
        for (column, number) in (0..).zip([1001.0, 1e15, 0.1, 1234567.89, 0.1 + 0.2, -0.0, 1e-7]) {
            sheet.write(1, column, number).unwrap();
        }
    });
    let cells = &table.rows[0].cells;
    assert_eq!(cells[0].as_identifier().unwrap().as_deref(), Some("1001"));
    // Sixteen digits were perhaps more when they were typed.
    assert_eq!(cells[1].as_identifier().unwrap_err().code, Code::LostDigits);
    let numbers: Vec<_> = cells[2..].iter().map(|cell| cell.as_number_text().unwrap().unwrap()).collect();
    assert_eq!(numbers, ["0.1", "1234567.89", "0.30000000000000004", "0", "0.0000001"]);
}

#[test]
fn formats_that_change_the_meaning() {
    let headers = ["工号", "姓名", "完成率", "时长", "数量", "日期", "时刻"];
    let table = one_row(&headers, |sheet| {
        let format = |code: &str| Format::new().set_num_format(code);
        sheet.write_number_with_format(1, 0, 123, &format("000000")).unwrap();
        sheet.write(1, 1, "=1+1").unwrap();
        sheet.write_number_with_format(1, 2, 0.5, &format("0%")).unwrap();
        sheet.write_number_with_format(1, 3, 0.5, &format("[h]:mm")).unwrap();
        sheet.write_number_with_format(1, 4, 5, &format("0\"%个\"")).unwrap();
        sheet.write_number_with_format(1, 5, 46204, &format("m/d/yy")).unwrap();
        sheet.write_number_with_format(1, 6, 46204.25, &format("yyyy-mm-dd hh:mm")).unwrap();
    });
    let cells = &table.rows[0].cells;
    assert_eq!(cells[0].as_identifier().unwrap().as_deref(), Some("000123"));
    assert_eq!(cells[1].as_text().unwrap().as_deref(), Some("=1+1"));
    assert_eq!(cells[2].as_number_text().unwrap().as_deref(), Some("0.5"));
    assert_eq!(cells[3].as_number_text().unwrap_err().code, Code::WrongKind);
    assert_eq!(cells[4].as_number_text().unwrap().as_deref(), Some("5"));
    assert_eq!(cells[5].as_date().unwrap(), Date::new(2026, 7, 1));
    assert_eq!(cells[5].as_number_text().unwrap_err().code, Code::WrongKind);
    assert_eq!(cells[6].as_date().unwrap_err().code, Code::WrongKind);
}

#[test]
fn truths_errors_and_empty_cells() {
    let bytes = workbook(|sheet| {
        for (column, header) in (0..).zip(["工号", "姓名", "a", "b", "c"]) {
            sheet.write(0, column, header).unwrap();
        }
        sheet.write(1, 0, "1").unwrap();
        sheet.write_boolean(1, 1, true).unwrap();
        sheet.write_formula(1, 2, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_formula(1, 3, "A1+1").unwrap();
        sheet.write_blank(1, 4, &Format::new().set_bold()).unwrap();
    });
    // As a program writes a formula that does not calculate: without a value.
    let bytes = changed(&bytes, |_, text| text.replace("<f>A1+1</f><v>0</v>", "<f>A1+1</f>"));
    let cells = &read(&bytes).rows[0].cells;
    assert_eq!(cells[1].as_truth().unwrap(), Some(true));
    assert_eq!(cells[2], RawCell::Error("#DIV/0!".into()));
    assert_eq!(cells[3], RawCell::NotCalculated);
    assert_eq!(cells[4], RawCell::Empty);
}

#[test]
fn a_calendar_from_1904() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "工号").unwrap();
        sheet.write(0, 1, "姓名").unwrap();
        sheet.write_number_with_format(1, 0, 44_742, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        sheet.write(1, 1, 44_742).unwrap();
    });
    let bytes = changed(&bytes, |_, text| text.replace("<workbookPr ", "<workbookPr date1904=\"1\" "));
    let cells = &read(&bytes).rows[0].cells;
    assert_eq!(cells[0].as_date().unwrap(), Date::new(2026, 7, 1));
    assert_eq!(cells[1].as_date().unwrap(), Date::new(2026, 7, 1));
}

#[test]
fn the_sheet_that_is_meant() {
    let mut workbook = Workbook::new();
    for (name, id) in [("说明", "a"), ("人员", "b"), ("流水", "c")] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.write(0, 0, "工号").unwrap();
        sheet.write(1, 0, id).unwrap();
        if name == "说明" {
            sheet.set_hidden(true);
        }
        if name == "人员" {
            sheet.set_active(true);
        }
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let of = |name: Option<&str>| Options { sheet: name.map(str::to_owned), ..options() };
    let first_id =
        |options: &Options| table::read(&bytes, options).unwrap().rows[0].cells[0].as_text().unwrap().unwrap();
    assert_eq!(first_id(&of(None)), "b");
    assert_eq!(first_id(&of(Some("说明"))), "a");
    assert_eq!(first_id(&of(Some(" 流水"))), "c");
    assert!(read(&bytes).notes[0].en.starts_with("sheet `人员` is read, the first of 2"));
    let called = |name: &str| Options { sheet_called: Some(name.to_owned()), ..options() };
    assert_eq!(first_id(&called("流水")), "c");
    assert_eq!(first_id(&called("说明")), "b", "a hidden sheet is read only when it is asked for");
    assert_eq!(first_id(&called("工资")), "b", "a table has a sheet of its own only where there is one");
    let missing = table::read(&bytes, &of(Some("工资"))).unwrap_err();
    assert_eq!(missing[0].code, Code::NoSuchSheet);
    assert_eq!(missing[0].help.as_ref().unwrap().en, "it has `说明`, `人员`, `流水`");
}

#[test]
fn merged_cells_that_hide_values_are_told() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "工号").unwrap();
        sheet.write(0, 1, "姓名").unwrap();
        sheet.write(1, 0, "1").unwrap();
        sheet.write(2, 0, "2").unwrap();
        sheet.merge_range(1, 1, 2, 1, "网点", &Format::new()).unwrap();
    });
    let table = read(&bytes);
    assert_eq!(table.rows[1].cells[1], RawCell::Empty);
    assert_eq!(table.notes[0].en, "of merged cells only the first holds the value: B2:B3");
}

#[test]
fn limits_hold_however_small_the_file() {
    let far = workbook(|sheet| {
        sheet.write(0, 0, "a").unwrap();
        sheet.write(1_048_575, 16_383, 1).unwrap();
    });
    assert_eq!(code(&far, &Options::default()), Code::TooManyColumns);
    let rows = workbook(|sheet| {
        for row in 0..10 {
            sheet.write(row, 9, "a").unwrap();
        }
    });
    let limited = |limits: Limits| Options { limits, ..Options::default() };
    assert_eq!(code(&rows, &limited(Limits { rows: 5, ..Limits::default() })), Code::TooManyRows);
    assert_eq!(code(&rows, &limited(Limits { cells: 50, ..Limits::default() })), Code::TooManyRows);
    assert_eq!(code(&rows, &limited(Limits { cell_bytes: 0, ..Limits::default() })), Code::CellTooLong);
    // A small file that unpacks to a large one.
    let bomb =
        changed(&rows, |name, text| if name.ends_with("sheet1.xml") { text + &" ".repeat(50 << 20) } else { text });
    assert!(bomb.len() < 1 << 20);
    assert_eq!(code(&bomb, &limited(Limits { bytes: 10 << 20, ..Limits::default() })), Code::FileTooLarge);
}

#[test]
fn damaged_packages_are_problems() {
    let good = workbook(|sheet| {
        sheet.write(0, 0, "工号").unwrap();
    });
    for length in [4, 20, good.len() / 2, good.len() - 1] {
        assert_eq!(code(&good[..length], &Options::default()), Code::NotAWorkbook, "{length}");
    }
    let no_sheet = changed(&good, |name, text| if name.ends_with("sheet1.xml") { "<x/>".to_owned() } else { text });
    assert_eq!(code(&no_sheet, &Options::default()), Code::NotAWorkbook);
    let backwards = workbook(|sheet| {
        sheet.write(0, 0, "a").unwrap();
        sheet.write(1, 0, "b").unwrap();
    });
    let backwards = changed(&backwards, |_, text| text.replace("r=\"A1\"", "r=\"A9\""));
    assert_eq!(code(&backwards, &Options::default()), Code::NotAWorkbook);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is done to the parts of a workbook, it is a table or a problem.
    #[test]
    fn broken_workbooks_do_no_harm(
        which in 0_usize..12, at in 0_usize..4000, cut in 0_usize..40, put in "[<>/=\"a-z0-9&;: ]{0,8}",
    ) {
        let good = workbook(|sheet| {
            sheet.write(0, 0, "工号").unwrap();
            sheet.write(0, 1, "日期").unwrap();
            sheet.write(1, 0, 1).unwrap();
            sheet.write_formula(1, 1, "A1+1").unwrap();
            sheet.merge_range(2, 0, 3, 0, "x", &Format::new().set_num_format("0.0%")).unwrap();
        });
        let parts = std::cell::Cell::new(0);
        let broken = changed(&good, |_, text| {
            let part = parts.replace(parts.get() + 1);
            if part != which { return text; }
            let at = at % (text.len() + 1);
            let before: String = text.chars().take(at).collect();
            let after: String = text.chars().skip(at + cut).collect();
            format!("{before}{put}{after}")
        });
        match table::read(&broken, &Options::default()) {
            Ok(table) => prop_assert!(table.rows.iter().all(|row| row.cells.len() == table.headers.len())),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
