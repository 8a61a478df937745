//! `.xlsx`: numbers as numbers where a workbook can hold them, text as text, the header in sight.

use std::collections::HashSet;

use kaohe_grammar::say;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr as _;

use super::{Kind, OutputCell, OutputColumn, OutputTable};
use crate::table::{Code, Date, Problem, exact_number};

/// The rows and columns of a sheet, and the characters of a cell, that the format has room for.
const MOST_ROWS: usize = 1_048_576;
const MOST_COLUMNS: usize = 16_384;
const MOST_CHARACTERS: usize = 32_767;

/// The decimal digits that survive in a number of a workbook.
const DIGITS_KEPT: usize = 15;

/// Writes a workbook with one sheet for each table, in memory.
///
/// A number is written as a number when the workbook gives back the same one, and as text otherwise: past 15 digits
/// a workbook would change it. Text stays text, so `001` keeps its zeros and `=1+1` is no formula. The same tables
/// give the same bytes.
///
/// # Errors
///
/// [`Code::TooLargeToWrite`] when a table has more rows or columns than a sheet, or a text is longer than a cell.
pub fn to_bytes(sheets: &[(&str, &OutputTable)]) -> Result<Vec<u8>, Problem> {
    let mut workbook = Workbook::new();
    // A workbook says when it was made; a fixed time keeps equal results equal to the byte.
    if let Ok(moment) = ExcelDateTime::from_ymd(2000, 1, 1) {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&moment));
    }
    let mut used = HashSet::new();
    for (name, table) in sheets {
        check_size(table)?;
        let sheet = workbook.add_worksheet();
        // An unusable name, or one given twice, is not worth losing the results for: the sheet is called Sheet1 then.
        let name = sheet_name(name);
        if used.insert(name.to_lowercase()) && sheet.set_name(&name).is_err() {
            used.remove(&name.to_lowercase());
        }
        fill(sheet, table).map_err(|error| cannot_write(&error))?;
    }
    workbook.save_to_buffer().map_err(|error| cannot_write(&error))
}

fn fill(sheet: &mut Worksheet, table: &OutputTable) -> Result<(), XlsxError> {
    let header = Format::new().set_bold().set_align(FormatAlign::Center).set_text_wrap();
    let text = Format::new().set_num_format("@");
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let exact_text = Format::new().set_num_format("@").set_align(FormatAlign::Right);
    for (column_number, column) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, column_number, &column.name, &header)?;
        sheet.set_column_width(column_number, width(table, column, usize::from(column_number)))?;
        let number = number_format(column.kind);
        for (row_number, row) in (1_u32..).zip(&table.rows) {
            match row.get(usize::from(column_number)).unwrap_or(&OutputCell::Empty) {
                OutputCell::Empty => {}
                OutputCell::Number(exact) => match as_stored(exact) {
                    Some(value) => {
                        sheet.write_number_with_format(row_number, column_number, value, &number)?;
                    }
                    None => {
                        sheet.write_string_with_format(row_number, column_number, exact, &exact_text)?;
                    }
                },
                OutputCell::Text(content) => {
                    sheet.write_string_with_format(row_number, column_number, content, &text)?;
                }
                OutputCell::Truth(truth) => {
                    sheet.write_boolean(row_number, column_number, *truth)?;
                }
                OutputCell::Date(day) => match moment(*day) {
                    Some(moment) => {
                        sheet.write_datetime_with_format(row_number, column_number, moment, &date)?;
                    }
                    None => {
                        sheet.write_string_with_format(row_number, column_number, day.to_string(), &text)?;
                    }
                },
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if let (Ok(last_row), Ok(columns)) = (u32::try_from(table.rows.len()), u16::try_from(table.columns.len()))
        && let Some(last_column) = columns.checked_sub(1)
        && last_row > 0
    {
        sheet.autofilter(0, 0, last_row, last_column)?;
    }
    Ok(())
}

/// The binary number to store, when a reader of the workbook gets the very same decimal number from it.
fn as_stored(exact: &str) -> Option<f64> {
    let canonical = exact_number(exact).ok()??;
    let digits: String = canonical.chars().filter(char::is_ascii_digit).collect();
    if digits.trim_matches('0').len() > DIGITS_KEPT {
        return None;
    }
    let stored: f64 = canonical.parse().ok()?;
    let back = stored.to_string();
    (stored.is_finite() && (back == canonical || back == "-0")).then_some(stored)
}

fn number_format(kind: Kind) -> Format {
    match kind {
        Kind::Number { places: Some(0) } => Format::new().set_num_format("0"),
        // A workbook shows at most thirty decimals.
        Kind::Number { places: Some(places) } => {
            Format::new().set_num_format(format!("0.{}", "0".repeat(places.min(30) as usize)))
        }
        _ => Format::new(),
    }
}

/// A width that shows the header and what stands below it, Chinese characters being two wide.
fn width(table: &OutputTable, column: &OutputColumn, at: usize) -> f64 {
    const LOOKED_AT: usize = 1_000;
    const WIDEST: usize = 60;
    let cells = table.rows.iter().take(LOOKED_AT).map(|row| match row.get(at) {
        Some(OutputCell::Number(text) | OutputCell::Text(text)) => {
            text.lines().map(|line| line.width()).max().unwrap_or(0)
        }
        Some(OutputCell::Date(_)) => 10,
        Some(OutputCell::Truth(_)) => 5,
        Some(OutputCell::Empty) | None => 0,
    });
    // Room for the button of the filter.
    let widest = cells.max().unwrap_or(0).max(column.name.width() + 3).clamp(8, WIDEST);
    u32::try_from(widest + 2).map_or(8.0, f64::from)
}

/// A name that a sheet can have.
fn sheet_name(wanted: &str) -> String {
    let allowed = wanted.chars().filter(|c| !c.is_control() && !"[]:*?/\\".contains(*c));
    let name: String = allowed.take(31).collect();
    name.trim_matches('\'').to_owned()
}

fn check_size(table: &OutputTable) -> Result<(), Problem> {
    if table.rows.len() >= MOST_ROWS || table.columns.len() > MOST_COLUMNS {
        let (rows, columns) = (table.rows.len(), table.columns.len());
        return Err(Problem::new(
            Code::TooLargeToWrite,
            say!(
                "{rows} rows of {columns} columns do not fit a sheet of {MOST_ROWS} rows and {MOST_COLUMNS} columns",
                "{rows} 行 {columns} 列超出工作表的 {MOST_ROWS} 行 {MOST_COLUMNS} 列"
            ),
        )
        .help(say!("write a `.csv` file", "请写出 `.csv` 文件")));
    }
    let texts = table.rows.iter().flatten().filter_map(|cell| match cell {
        OutputCell::Text(text) | OutputCell::Number(text) => Some(text),
        _ => None,
    });
    // A cell counts its text in UTF-16 units, and a text has no more of them than bytes.
    let mut long = texts.filter(|text| text.len() > MOST_CHARACTERS && text.encode_utf16().count() > MOST_CHARACTERS);
    match long.next() {
        None => Ok(()),
        Some(_) => Err(Problem::new(
            Code::TooLargeToWrite,
            say!(
                "a text is longer than the {MOST_CHARACTERS} characters a cell holds",
                "有文字超过单元格的 {MOST_CHARACTERS} 个字符"
            ),
        )
        .help(say!("write a `.csv` file", "请写出 `.csv` 文件"))),
    }
}

fn cannot_write(error: &XlsxError) -> Problem {
    Problem::new(Code::CannotWrite, say!("the workbook could not be written: {error}", "工作簿无法写出：{error}"))
}

/// The day as a workbook has it; its calendar begins in 1900.
fn moment(day: Date) -> Option<ExcelDateTime> {
    let (year, month, day) = (u16::try_from(day.year()), u8::try_from(day.month()), u8::try_from(day.day()));
    ExcelDateTime::from_ymd(year.ok()?, month.ok()?, day.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{self, Date, Options, RawCell};

    fn table() -> OutputTable {
        let text = |content: &str| OutputCell::Text(content.into());
        let number = |exact: &str| OutputCell::Number(exact.into());
        OutputTable {
            columns: vec![
                OutputColumn::new("工号", Kind::Text),
                OutputColumn::new("得分", Kind::Number { places: Some(2) }),
                OutputColumn::new("金额", Kind::Number { places: None }),
                OutputColumn::new("日期", Kind::Date),
                OutputColumn::new("达标", Kind::Truth),
            ],
            rows: vec![
                vec![
                    text("001"),
                    number("86.40"),
                    number("-0.1"),
                    OutputCell::Date(Date::new(2026, 7, 1).unwrap()),
                    OutputCell::Truth(true),
                ],
                vec![text("=1+1"), number("0.00"), number("123456789012345678.25")],
                vec![
                    text("6222021234567890123"),
                    OutputCell::Empty,
                    number("999999999999999"),
                    OutputCell::Date(Date::new(1800, 1, 1).unwrap()),
                ],
            ],
        }
    }

    #[test]
    fn a_workbook_is_read_as_it_was_written() {
        let bytes = to_bytes(&[("结果", &table())]).unwrap();
        let read = table::read(&bytes, &Options::default()).unwrap();
        let ids: Vec<_> = read.rows.iter().map(|row| row.cells[0].as_identifier().unwrap().unwrap()).collect();
        assert_eq!(ids, ["001", "=1+1", "6222021234567890123"]);
        let number = |row: usize, column: usize| read.rows[row].cells[column].as_number_text().unwrap();
        assert_eq!(number(0, 1).as_deref(), Some("86.4"));
        assert_eq!(number(0, 2).as_deref(), Some("-0.1"));
        assert_eq!(number(1, 1).as_deref(), Some("0"));
        assert_eq!(number(1, 2).as_deref(), Some("123456789012345678.25"));
        assert!(matches!(read.rows[1].cells[2], RawCell::Text(_)));
        assert_eq!(number(2, 1), None);
        assert!(matches!(read.rows[2].cells[2], RawCell::Number(_)));
        assert_eq!(read.rows[0].cells[3].as_date().unwrap(), Date::new(2026, 7, 1));
        assert_eq!(read.rows[2].cells[3].as_date().unwrap(), Date::new(1800, 1, 1));
        assert_eq!(read.rows[0].cells[4].as_truth().unwrap(), Some(true));
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let bytes = || to_bytes(&[("结果", &table())]).unwrap();
        let first = bytes();
        std::thread::sleep(std::time::Duration::from_millis(2100));
        assert_eq!(first, bytes());
    }

    #[test]
    fn only_numbers_that_survive_are_stored_as_numbers() {
        for survives in
            ["0", "-0.00", "0.1", "1234567.89", "999999999999999", "0.000000000001", "-12.50", "100000000000000000000"]
        {
            let stored = as_stored(survives).map(|value| value.to_string());
            assert_eq!(stored, exact_number(survives).unwrap(), "{survives}");
        }
        for lost in ["1234567890123456", "0.1234567890123456", "12345678901234567.1", "x", ""] {
            assert_eq!(as_stored(lost), None, "{lost}");
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let long = OutputTable {
            columns: vec![OutputColumn::new("a", Kind::Text)],
            rows: vec![vec![OutputCell::Text("字".repeat(32_768))]],
        };
        assert_eq!(to_bytes(&[("a", &long)]).unwrap_err().code, Code::TooLargeToWrite);
        let many = OutputTable { rows: vec![vec![]; MOST_ROWS], ..long };
        assert_eq!(to_bytes(&[("a", &many)]).unwrap_err().code, Code::TooLargeToWrite);
    }

    #[test]
    fn odd_names_of_sheets_are_made_usable() {
        let table = table();
        for name in ["", "a/b:[c]", "'x'", &"长".repeat(40), "History"] {
            let bytes = to_bytes(&[(name, &table), (name, &table)]).unwrap();
            assert!(table::read(&bytes, &Options::default()).is_ok(), "{name}");
        }
    }
}
