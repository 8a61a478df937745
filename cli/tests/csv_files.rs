//! CSV files as people really have them, each oddity once, and wrong files too.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use encoding_rs::GB18030;
use kaohe_cli::table::{self, Code, Date, Limits, Options, Problem, RawCell, RawTable};
use proptest::prelude::*;

fn expecting(names: &[&str]) -> Options {
    Options {
        expected: names.iter().map(|name| vec![(*name).to_owned()]).collect(),
        key: vec!["工号".to_owned()],
        ..Options::default()
    }
}

fn staff() -> Options {
    expecting(&["工号", "姓名", "日均存款", "达标", "入职日期"])
}

fn read(text: &str) -> RawTable {
    table::read(text.as_bytes(), &staff()).unwrap()
}

fn problems(text: &str) -> Vec<Problem> {
    table::read(text.as_bytes(), &staff()).unwrap_err()
}

fn ids(table: &RawTable) -> Vec<String> {
    let key = table.find(&["工号"]).unwrap().unwrap();
    table.rows.iter().map(|row| row.cells[key].as_identifier().unwrap().unwrap_or_default()).collect()
}

const BRANCH_EXPORT: &str = "\
某某银行三季度客户经理考核表,,,,\r
制表：营业部,,\"单位：万元\n（含利息）\",,\r
,,,,\r
工号,姓名,日均存款（万元）,达标,入职日期\r
001,张三,\"1,200.50\",√,2026/7/1\r
002,\"李\"\"四\"\"\",(35.5),×,2026年7月1日\r
\r
003,王五,85%,是,2026-07-01\r
合 计,,\"1,165.85\",,\r
";

#[test]
fn an_export_of_a_branch() {
    let table = read(BRANCH_EXPORT);
    assert_eq!(ids(&table), ["001", "002", "003"]);
    assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [6, 7, 9]);
    assert_eq!(table.totals, [10]);
    let deposits = table.find(&["日均存款"]).unwrap().unwrap();
    assert_eq!(table.headers[deposits].unit.as_deref(), Some("万元"));
    let numbers: Vec<_> = table.rows.iter().map(|row| row.cells[deposits].as_number_text().unwrap().unwrap()).collect();
    assert_eq!(numbers, ["1200.5", "-35.5", "0.85"]);
    let truths: Vec<_> = table.rows.iter().map(|row| row.cells[3].as_truth().unwrap()).collect();
    assert_eq!(truths, [Some(true), Some(false), Some(true)]);
    assert!(table.rows.iter().all(|row| row.cells[4].as_date().unwrap() == Date::new(2026, 7, 1)));
    assert_eq!(table.rows[1].cells[1].as_text().unwrap().as_deref(), Some("李\"四\""));
    assert_eq!(table.notes.len(), 1, "{:?}", table.notes);
    assert!(
        table.notes[0].en.starts_with("line 5 is taken for the header; lines above it that are left out: 2"),
        "{:?}",
        table.notes
    );
}

#[test]
fn the_same_table_in_every_encoding() {
    let expected = read(BRANCH_EXPORT);
    let utf16 = |units: Vec<u16>| units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
    for bytes in [
        format!("\u{FEFF}{BRANCH_EXPORT}").into_bytes(),
        GB18030.encode(BRANCH_EXPORT).0.into_owned(),
        utf16(format!("\u{FEFF}{BRANCH_EXPORT}").encode_utf16().collect()),
    ] {
        assert_eq!(table::read(&bytes, &staff()).unwrap(), expected);
    }
    let forced = Options { encoding: Some("gb18030".to_owned()), ..staff() };
    assert_eq!(table::read(&GB18030.encode(BRANCH_EXPORT).0, &forced).unwrap(), expected);
}

#[test]
fn every_delimiter_and_line_end() {
    for text in [
        "工号,姓名,日均存款\n001,张,1\n",
        "工号;姓名;日均存款\n001;张;1\n",
        "工号\t姓名\t日均存款\n001\t张\t1\n",
        "工号,姓名,日均存款\r001,张,1\r",
        "工号,姓名,日均存款\r\n001,张,1",
        "sep=;\r\n工号;姓名;日均存款\r\n001;张;1\r\n",
        "sep=|\n工号|姓名|日均存款\n001|张|1\n",
        "\"工号\",\"姓名\",\"日均存款\"\n\"001\",\"张\",\"1\"\n",
        // a title with many commas does not decide the delimiter
        "说明：a,b,c,d,e,f;;\n工号;姓名;日均存款\n001;张;1\n",
    ] {
        let table = read(text);
        assert_eq!(ids(&table), ["001"], "{text:?}");
        assert_eq!(table.headers.len(), 3, "{text:?}");
        assert_eq!(table.rows[0].cells[2], RawCell::text("1"), "{text:?}");
    }
}

#[test]
fn the_header_stands_where_the_user_says() {
    let options = Options { header_row: Some(2), ..expecting(&["a", "b"]) };
    let table = table::read(b"a,b\nx,y\n1,2\n", &options).unwrap();
    assert_eq!(table.headers[0].text, "x");
    assert!(table.notes.is_empty());
    for line in [0, 4, 99] {
        let options = Options { header_row: Some(line), ..Options::default() };
        assert_eq!(table::read(b"a,b\nx,y\n1,2\n", &options).unwrap_err()[0].code, Code::NoHeader);
    }
    // Without anything to look for, and where nothing is found, the first row is the header.
    assert_eq!(table::read(b"\n\na,b\n1,2\n", &Options::default()).unwrap().headers[0].text, "a");
    assert_eq!(table::read(b"a,b\nq,r\n", &expecting(&["x", "y"])).unwrap().headers[0].text, "a");
    // One word is not enough when more are looked for.
    let table = table::read("x,y\n姓名,2\n".as_bytes(), &expecting(&["姓名", "工号", "得分"])).unwrap();
    assert_eq!(table.headers[0].text, "x");
    assert_eq!(table::read("x,y\n姓名,2\n".as_bytes(), &expecting(&["姓名"])).unwrap().headers[0].text, "姓名");
}

#[test]
fn total_rows_are_told_from_people() {
    let table = read("工号,姓名,日均存款\n001,平均,1\n,小计,1\n002,合计,2\n合计,,3\n,,\n总计：,,3\n");
    assert_eq!(ids(&table), ["001", "002"]);
    assert_eq!(table.totals, [3, 5, 7]);
    // Whoever has a key is a person, whatever the first cell says.
    let table = read("评级,工号,姓名\n平均,001,张三\n平均,,\n");
    assert_eq!((ids(&table), table.totals), (vec!["001".to_owned()], vec![3]));
    // Without a key the first cell decides.
    let table = table::read("姓名,分\n张三,1\n平均,1\n".as_bytes(), &Options::default()).unwrap();
    assert_eq!(table.totals, [3]);
}

#[test]
fn columns_without_a_header_are_named_and_left_out() {
    let table = read("工号,,姓名,日均存款,\n001,x,张,1,\n002,,李,2,y\n");
    assert_eq!(
        table.headers.iter().map(|header| header.text.as_str()).collect::<Vec<_>>(),
        ["工号", "姓名", "日均存款"]
    );
    assert_eq!(table.rows[1].cells[1], RawCell::text("李"));
    assert_eq!(table.notes[0].en, "columns without a header are not read: B, E");
}

#[test]
fn duplicate_headers_are_named_both() {
    let found = problems("工号,姓名,日均存款（万元）,姓名,日均\u{20}存款(万元)\n001,张,1,李,2\n");
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::DuplicateHeader; 2]);
    assert_eq!(found[0].message.en, "columns B and D have the same header `姓名`");
    assert_eq!(found[1].message.zh, "C 列和 E 列的表头都是 `日均 存款(万元)`");
    // Where nobody asks for the column it is only said.
    let table = read("工号,姓名,备注,备注\n001,张,a,b\n");
    assert_eq!((table.notes.len(), table.headers.len()), (1, 4));
}

#[test]
fn lines_that_do_not_fit_the_header_are_named() {
    let found = problems("工号,姓名,日均存款\n001,张,1,200\n002,李\n003,王,3\n004,赵,4,,\n");
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::RaggedRows; 2]);
    assert_eq!(found[0].message.en, "the header has 3 cells, but these lines have more: 2 (4)");
    assert_eq!(found[1].message.en, "the header has 3 cells, but these lines have fewer: 3 (2)");
    // Empty cells too many do no harm.
    assert_eq!(read("工号,姓名,日均存款\n001,张,1,,\n").rows[0].cells.len(), 3);
}

#[test]
fn rows_that_a_spreadsheet_cut_short_are_read() {
    let mut text = "工号,姓名,日均存款,备注\n".to_owned();
    for row in 1..=40 {
        // Lines 17 to 32 are a block of sixteen whose last column is empty.
        let note = if (16..32).contains(&row) { "" } else { "," };
        text.push_str(&format!("{row:03},张,1{note}\n"));
    }
    let table = read(&text);
    assert_eq!(table.rows.len(), 40);
    assert!(table.rows.iter().all(|row| row.cells.len() == 4));
    assert!(table.notes[0].en.starts_with("16 rows end early"), "{:?}", table.notes);
    // One short line among others is not that.
    let broken = text.replacen("020,张,1\n", "020,张,1,\n", 1);
    assert_eq!(problems(&broken)[0].code, Code::RaggedRows);
}

#[test]
fn broken_quotes_are_named_with_their_line() {
    let open = problems("工号,姓名\n001,\"张三\n002,李四\n003,王五\n");
    assert_eq!(
        (open[0].code, open[0].message.en.as_str()),
        (Code::OpenQuote, "the quote opened on line 2 is never closed")
    );
    let after = problems("工号,姓名\n001,张三\n002,\"李\"四\n");
    assert_eq!(after[0].code, Code::TextAfterQuote);
    assert!(after[0].message.en.ends_with("line 3"), "{after:?}");
    // A quote inside a plain cell is only a quote.
    assert_eq!(read("工号,姓名\n001,张\"三\n").rows[0].cells[1], RawCell::text("张\"三"));
}

#[test]
fn cells_that_mean_something_else_than_their_text() {
    let table = read("工号,姓名,日均存款\n001,'=SUM(A1),#DIV/0!\n002,'-5,'007\n");
    assert_eq!(table.rows[0].cells[1], RawCell::text("=SUM(A1)"));
    assert_eq!(table.rows[0].cells[2].as_number_text().unwrap_err().code, Code::ErrorCell);
    assert_eq!(table.rows[1].cells[1], RawCell::text("-5"));
    assert_eq!(table.rows[1].cells[2], RawCell::text("'007"));
}

#[test]
fn files_that_are_no_tables() {
    for (text, code) in [
        ("", Code::NoHeader),
        ("\r\n\r\n", Code::NoHeader),
        ("\u{FEFF}", Code::NoHeader),
        (",,,\n", Code::NoHeader),
        ("<html><table><tr><td>1</td></tr></table></html>", Code::WrongFile),
        ("\n<?xml version=\"1.0\"?>", Code::WrongFile),
    ] {
        assert_eq!(problems(text)[0].code, code, "{text:?}");
    }
    assert_eq!(read("工号,姓名\n").rows.len(), 0);
}

#[test]
fn limits_are_errors_with_codes() {
    let code = |text: &str, limits: Limits| {
        table::read(text.as_bytes(), &Options { limits, ..Options::default() }).unwrap_err()[0].code
    };
    let limits = Limits::default();
    assert_eq!(code("a,b\n1,2\n3,4\n", Limits { rows: 2, ..limits }), Code::TooManyRows);
    assert_eq!(code("a,b\n1,2\n3,4\n", Limits { cells: 5, ..limits }), Code::TooManyRows);
    assert_eq!(code("a,b,c\n", Limits { columns: 2, ..limits }), Code::TooManyColumns);
    assert_eq!(code("a\nbcd\n", Limits { cell_bytes: 2, ..limits }), Code::CellTooLong);
    assert_eq!(code("abc", Limits { bytes: 2, ..limits }), Code::FileTooLarge);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// On well-formed files the cells are those that the usual reader gives.
    #[test]
    fn well_formed_files_are_read_as_others_read_them(
        rows in prop::collection::vec(prop::collection::vec("[ab中,\"\r\n ]{0,5}", 3), 1..20),
    ) {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(["x", "y", "z"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let file = writer.into_inner().unwrap();

        let read = table::read(&file, &Options::default()).unwrap();
        let expected: Vec<Vec<RawCell>> = csv::Reader::from_reader(file.as_slice())
            .records()
            .map(|record| record.unwrap().iter().map(RawCell::text).collect::<Vec<_>>())
            .filter(|cells| !cells.iter().all(RawCell::is_blank))
            .collect();
        let cells: Vec<Vec<RawCell>> = read.rows.into_iter().map(|row| row.cells).collect();
        prop_assert_eq!(cells, expected);
    }

    /// No bytes, however odd, do harm.
    #[test]
    fn any_bytes_are_a_table_or_problems(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[a,;\"\n\t'=#张]{0,60}") {
        for file in [bytes.as_slice(), text.as_bytes()] {
            match table::read(file, &staff()) {
                Ok(table) => prop_assert!(table.rows.iter().all(|row| row.cells.len() == table.headers.len())),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }
    }
}
