//! Tables in JSON: lists of objects, objects line by line, and what is neither.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use kaohe_cli::table::{self, Code, Limits, Options, Problem, RawCell, RawTable};
use proptest::prelude::*;

fn options() -> Options {
    Options {
        expected: ["工号", "得分"].map(|name| vec![name.to_owned()]).to_vec(),
        key: vec!["工号".to_owned()],
        ..Options::default()
    }
}

fn read(text: &str) -> RawTable {
    table::read(text.as_bytes(), &options()).unwrap()
}

fn problem(text: &str) -> Problem {
    table::read(text.as_bytes(), &options()).unwrap_err().remove(0)
}

fn all(text: &str) -> RawTable {
    table::read(text.as_bytes(), &Options::default()).unwrap()
}

#[test]
fn a_list_and_lines_are_one_table() {
    let list = read("\u{FEFF}\n[ {\"工号\": \"001\", \"得分(分)\": 1.50},\r\n{\"工号\": \"002\"} ]\n");
    assert_eq!(list.headers[1].unit.as_deref(), Some("分"));
    assert_eq!(list.rows[0].cells[1].as_number_text().unwrap().as_deref(), Some("1.5"));
    assert_eq!((list.rows[1].line, &list.rows[1].cells[1]), (2, &RawCell::Empty));
    let lines = "{\"工号\": \"001\", \"得分(分)\": 1.50}\n\n{\"工号\": \"002\"}\n";
    assert_eq!(read(lines), list);
    assert_eq!(read("[]").rows, []);
    // of one person
    assert_eq!(read("{\"工号\": \"001\", \"备注\": [1]}").rows.len(), 1);
}

#[test]
fn keys_are_columns_in_the_order_they_are_met() {
    let table = all("[{\"b\":1,\"a\":2},{\"c\":3,\"a\":4},{\"a\":5,\"b\":6,\"c\":null}]");
    let headers: Vec<&str> = table.headers.iter().map(|header| header.text.as_str()).collect();
    assert_eq!(headers, ["b", "a", "c"]);
    let numbers: Vec<Vec<Option<String>>> =
        table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.as_number_text().unwrap()).collect()).collect();
    let row = |numbers: [Option<&str>; 3]| numbers.map(|number| number.map(str::to_owned)).to_vec();
    assert_eq!(
        numbers,
        [row([Some("1"), Some("2"), None]), row([None, Some("4"), Some("3")]), row([Some("6"), Some("5"), None])]
    );
}

#[test]
fn a_number_is_what_is_written() {
    let table = all(
        "[{\"a\": 12345678901234567890.123456789012345678901, \"b\": 1.5e-3, \"c\": -0.0, \"d\": 6.22E+18, \"e\": 1E401,
           \"f\": 46204, \"g\": 622202123456789012}]",
    );
    let cells = &table.rows[0].cells;
    let number = |at: usize| cells[at].as_number_text().unwrap().unwrap();
    assert_eq!(number(0), "12345678901234567890.123456789012345678901");
    assert_eq!((number(1).as_str(), number(2).as_str()), ("0.0015", "0"));
    assert_eq!(number(3), "6220000000000000000");
    assert_eq!(cells[3].as_identifier().unwrap_err().code, Code::LostDigits);
    assert_eq!(cells[4].as_number_text().unwrap_err().code, Code::NotANumber);
    assert_eq!(cells[5].as_date().unwrap_err().code, Code::NotADate);
    assert_eq!(cells[6].as_identifier().unwrap().as_deref(), Some("622202123456789012"));
}

#[test]
fn texts_truths_and_nothing() {
    let table = all(
        "[{\"\\u0061\\n\": \"\\\"甲\\\" \\ud83d\\ude00\", \"b\": true, \"c\": false, \"d\": null, \"e\": \"\", \"f\": \"001\"}]",
    );
    assert_eq!(table.headers[0].text, "a");
    assert_eq!(
        table.rows[0].cells,
        [
            RawCell::text("\"甲\" 😀"),
            RawCell::Truth(true),
            RawCell::Truth(false),
            RawCell::Empty,
            RawCell::Empty,
            RawCell::text("001")
        ]
    );
}

#[test]
fn totals_are_left_out() {
    let table = read("[{\"工号\": \"001\", \"得分\": 1}, {\"工号\": \"合计\", \"得分\": 1}]");
    assert_eq!((table.rows.len(), table.totals), (1, vec![2]));
}

#[test]
fn what_lies_in_a_value_matters_only_where_it_is_asked_for() {
    let table = read("[{\"工号\": \"001\", \"附件\": {\"a\": [1, {}]}, \"得分\": 1}]");
    let headers: Vec<&str> = table.headers.iter().map(|header| header.text.as_str()).collect();
    assert_eq!(headers, ["工号", "得分", "附件"]);
    assert_eq!(table.rows[0].cells.len(), 2);
    let told = problem("[{\"工号\": \"001\"}, {\"工号\": \"002\", \"得分\": [1, 2]}]");
    assert_eq!(told.code, Code::UnreadableColumn);
    assert_eq!(told.message.en, "row 2, `得分`: the value is a list");
    assert_eq!(told.message.zh, "第 2 行 `得分`：值是列表");
    // however deep it lies
    let deep = format!("[{{\"工号\": \"001\", \"附件\": {}{} }}]", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(&deep).rows.len(), 1);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, code, message) in [
        ("[{\"工号\": \"001\", \"得分\": 1, \"得分\": 2}]", Code::DuplicateHeader, "row 1 has the key `得分` twice"),
        (
            "[{\"工号\": \"001\"},\n{\"工号\": 01}]",
            Code::NotJson,
            "the file is not JSON that can be read: line 2: invalid number",
        ),
        (
            "[{\"工号\": \"001\"}\n{\"工号\": \"002\"}]",
            Code::NotJson,
            "the file is not JSON that can be read: line 2: expected `,` or `]`",
        ),
        (
            "{\"工号\": \"001\"}\n{\"工号\": ",
            Code::NotJson,
            "the file is not JSON that can be read: line 2: EOF while parsing a value",
        ),
        ("[{\"工号\": \"001\"},", Code::NotJson, "the file is not JSON that can be read: line 1: it ends early"),
        (
            "[{\"工号\": \"001\"}]\n[]",
            Code::NotJson,
            "the file is not JSON that can be read: line 2: something follows the list",
        ),
        ("[{\"工号\": \"\\ud800\"}]", Code::UnreadableColumn, "row 1, `工号`: the value is a text that cannot be read"),
        ("[[1, 2]]", Code::NotRows, "row 1 is not an object, and a table is a list of objects"),
        ("[{}, 1]", Code::NotRows, "row 2 is not an object, and a table is a list of objects"),
        (
            "{\"scheme\": \"考核\",\n\"rows\": [{\"工号\": \"001\", \"得分\": \"1\"}]}",
            Code::NotRows,
            "the JSON is one object, and a table is a list of objects",
        ),
        (
            "{\"工号\": {\"0\": \"001\"}, \"得分\": {\"0\": 1}}",
            Code::NotRows,
            "the JSON is one object, and a table is a list of objects",
        ),
        ("{\"工号\": [1]}\n{\"工号\": \"002\"}", Code::UnreadableColumn, "row 1, `工号`: the value is a list"),
    ] {
        let told = problem(text);
        assert_eq!((told.code, told.message.en.as_str()), (code, message), "{text}");
    }
}

#[test]
fn a_title_in_brackets_is_no_json() {
    let table = read("[机密] 考核表\n工号,得分\n001,1\n");
    assert_eq!(table.rows.len(), 1);
    assert_eq!(read("{附表一}\n工号,得分\n001,1\n").rows.len(), 1);
}

#[test]
fn what_is_too_much_is_refused() {
    let text = "[{\"工号\": \"001\", \"得分\": 1}, {\"工号\": \"002\", \"得分\": 2, \"甲乙丙\": 3}]";
    let limits = Limits::default();
    let code = |limits| table::read(text.as_bytes(), &Options { limits, ..options() }).unwrap_err()[0].code;
    assert_eq!(code(Limits { rows: 1, ..limits }), Code::TooManyRows);
    assert_eq!(code(Limits { cells: 3, ..limits }), Code::TooManyRows);
    assert_eq!(code(Limits { columns: 2, ..limits }), Code::TooManyColumns);
    assert_eq!(code(Limits { cell_bytes: 8, ..limits }), Code::CellTooLong);
    assert_eq!(code(Limits { bytes: 10, ..limits }), Code::FileTooLarge);
    let members = format!("[{{{}\"工号\": 1}}]", "\"工号\": 1, ".repeat(70_000));
    assert_eq!(problem(&members).code, Code::TooManyColumns);
    // rows that have little each, and columns that many rows lack
    let last = "{\"a\": 1}\n".repeat(50) + "{\"a\": 1, \"b\": 2, \"c\": 3}";
    let few = Options { limits: Limits { cells: 100, ..limits }, ..Options::default() };
    assert_eq!(table::read(last.as_bytes(), &few).unwrap_err()[0].code, Code::TooManyRows);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// What is written of texts is read as those texts.
    #[test]
    fn texts_are_read_as_they_were_written(
        rows in prop::collection::vec(prop::collection::vec("\\PC{1,6}|[\"\\\\\n\t]{1,4}", 3), 1..20), lines: bool,
    ) {
        let objects: Vec<String> = rows.iter().map(|row| {
            let members = ["x", "y", "z"].into_iter().zip(row);
            let members = members.map(|(key, text)| (key.to_owned(), serde_json::Value::from(text.as_str())));
            serde_json::Value::Object(members.collect()).to_string()
        }).collect();
        let text = if lines { objects.join("\n") } else { format!("[{}]", objects.join(",")) };
        let read = table::read_json(text.as_bytes(), &Options::default()).unwrap();
        let mut read = read.rows.iter();
        for (at, row) in rows.iter().enumerate() {
            let cells: Vec<RawCell> = row.iter().map(|text| RawCell::text(text)).collect();
            if !cells.iter().all(RawCell::is_blank) {
                let found = read.next().unwrap();
                prop_assert_eq!((found.line, &found.cells), (at + 1, &cells));
            }
        }
    }

    /// No text, however odd, does harm.
    #[test]
    fn any_text_is_a_table_or_problems(text in "[\\[{][\\[\\]{}\":,a1eE.\\\\u\n -]{0,40}") {
        match table::read_json(text.as_bytes(), &Options::default()) {
            Ok(table) => prop_assert!(table.rows.iter().all(|row| row.cells.len() == table.headers.len())),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
