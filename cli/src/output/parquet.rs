//! Parquet: numbers as decimals that hold every digit, days as days, for programs that go on with the figures.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{Field, Schema};
use kaohe_grammar::say;
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use super::{Kind, OutputCell, OutputColumn, OutputTable};
use crate::table::{Code, Problem, shortened};

/// The digits of a number, and the decimals among them where a column does not state its own.
const DIGITS: u8 = 28;
const DECIMALS: u32 = 12;

/// Writes the table as a Parquet file, in memory.
///
/// A number is a decimal of 28 digits, as many of them decimals as its column has places, or twelve when it states none.
///
/// # Errors
///
/// [`Code::TooLargeToWrite`] for a number that has more digits or decimals, because none is rounded on its way out, and
/// for what is no number in a column of numbers.
///
/// # Example
///
/// ```
/// use kaohe_cli::output::{Kind, OutputCell, OutputColumn, OutputTable, parquet};
/// use kaohe_cli::table::{self, Options};
///
/// let table = OutputTable {
///     columns: vec![OutputColumn::new("得分", Kind::Number { places: Some(2) })],
///     rows: vec![vec![OutputCell::Number("86.40".into())]],
/// };
/// let file = parquet::to_bytes(&table).unwrap();
/// let read = table::read(&file, &Options::default()).unwrap();
/// assert_eq!(read.rows[0].cells[0].as_number_text().unwrap().as_deref(), Some("86.4"));
/// ```
pub fn to_bytes(table: &OutputTable) -> Result<Vec<u8>, Problem> {
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (at, column) in table.columns.iter().enumerate() {
        let array = array(table, at, column)?;
        fields.push(Field::new(&column.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let options = RecordBatchOptions::new().with_row_count(Some(table.rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options);
    let batch = batch.map_err(|error| cannot_write(&error))?;
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, schema, Some(properties)).map_err(|error| cannot_write(&error))?;
    writer.write(&batch).map_err(|error| cannot_write(&error))?;
    writer.close().map_err(|error| cannot_write(&error))?;
    Ok(file)
}

/// The cells of one column.
fn array(table: &OutputTable, at: usize, column: &OutputColumn) -> Result<ArrayRef, Problem> {
    let cells = || table.rows.iter().map(|row| row.get(at).unwrap_or(&OutputCell::Empty));
    let odd = |cell: &OutputCell| does_not_fit(column, cell);
    Ok(match column.kind {
        Kind::Number { places } => {
            let places = places.unwrap_or(DECIMALS);
            let units = cells().map(|cell| match cell {
                OutputCell::Empty => Ok(None),
                OutputCell::Number(text) => units(text, places).map(Some).ok_or_else(|| odd(cell)),
                _ => Err(odd(cell)),
            });
            let array: Decimal128Array = units.collect::<Result<Vec<_>, Problem>>()?.into();
            let scale = i8::try_from(places).unwrap_or(i8::MAX);
            Arc::new(array.with_precision_and_scale(DIGITS, scale).map_err(|error| cannot_write(&error))?)
        }
        // what is shown beside other things is text in a column of texts
        Kind::Text => Arc::new(cells().map(text).collect::<StringArray>()),
        Kind::Truth => {
            let truths = cells().map(|cell| match cell {
                OutputCell::Empty => Ok(None),
                OutputCell::Truth(truth) => Ok(Some(*truth)),
                _ => Err(odd(cell)),
            });
            Arc::new(BooleanArray::from(truths.collect::<Result<Vec<_>, Problem>>()?))
        }
        Kind::Date => {
            let days = cells().map(|cell| match cell {
                OutputCell::Empty => Ok(None),
                OutputCell::Date(date) => Ok(Some(date.to_unix_days())),
                _ => Err(odd(cell)),
            });
            Arc::new(Date32Array::from(days.collect::<Result<Vec<_>, Problem>>()?))
        }
    })
}

fn text(cell: &OutputCell) -> Option<String> {
    match cell {
        OutputCell::Empty => None,
        OutputCell::Number(text) | OutputCell::Text(text) => Some(text.clone()),
        OutputCell::Truth(truth) => Some(truth.to_string()),
        OutputCell::Date(date) => Some(date.to_string()),
    }
}

/// The number in units of its last place; nothing when that takes more digits than there are, or cuts one off.
fn units(exact: &str, places: u32) -> Option<i128> {
    let places = usize::try_from(places).ok().filter(|places| *places <= usize::from(DIGITS))?;
    let (whole, decimals) = exact.split_once('.').unwrap_or((exact, ""));
    let decimals = decimals.trim_end_matches('0');
    let missing = places.checked_sub(decimals.len())?;
    let written = format!("{whole}{decimals}{}", "0".repeat(missing));
    let digits = written.strip_prefix('-').unwrap_or(&written);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let units: i128 = written.parse().ok()?;
    (units.unsigned_abs() < 10_u128.pow(DIGITS.into())).then_some(units)
}

fn does_not_fit(column: &OutputColumn, cell: &OutputCell) -> Problem {
    let (name, shown) = (shortened(&column.name), text(cell).unwrap_or_default());
    let shown = shortened(&shown);
    let message = match (column.kind, cell) {
        (Kind::Number { places }, OutputCell::Number(_)) => {
            let places = places.unwrap_or(DECIMALS);
            say!(
                "`{shown}` in the column `{name}` does not fit a decimal of {DIGITS} digits with {places} places",
                "列 `{name}` 中的 `{shown}` 放不进共 {DIGITS} 位、{places} 位小数的十进制数"
            )
        }
        _ => say!(
            "`{shown}` in the column `{name}` is of another kind than the column",
            "列 `{name}` 中的 `{shown}` 与该列的种类不同"
        ),
    };
    Problem::new(Code::TooLargeToWrite, message).help(say!(
        "write a `.csv` file, or round the column in the scheme",
        "请写出 `.csv` 文件，或在方案中对该列舍入"
    ))
}

fn cannot_write(error: &dyn std::fmt::Display) -> Problem {
    Problem::new(
        Code::CannotWrite,
        say!("the parquet file could not be written: {error}", "parquet 文件无法写出：{error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{self, Date, Options};

    fn column(kind: Kind, cells: &[OutputCell]) -> OutputTable {
        OutputTable {
            columns: vec![OutputColumn::new("列", kind)],
            rows: cells.iter().map(|cell| vec![cell.clone()]).collect(),
        }
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let number = |text: &str| OutputCell::Number(text.into());
        let table = OutputTable {
            columns: vec![
                OutputColumn::new("工号", Kind::Text),
                OutputColumn::new("得分", Kind::Number { places: Some(2) }),
                OutputColumn::new("比率", Kind::Number { places: None }),
                OutputColumn::new("日期", Kind::Date),
                OutputColumn::new("达标", Kind::Truth),
            ],
            rows: vec![
                vec![
                    OutputCell::Text("001".into()),
                    number("86.40"),
                    number("-0.000000000001"),
                    OutputCell::Date(Date::new(1800, 1, 1).unwrap()),
                    OutputCell::Truth(true),
                ],
                vec![OutputCell::Text("=1+1".into()), number("-99999999999999999999999999.99")],
            ],
        };
        let read = table::read(&to_bytes(&table).unwrap(), &Options::default()).unwrap();
        let headers: Vec<&str> = read.headers.iter().map(|header| header.text.as_str()).collect();
        assert_eq!(headers, ["工号", "得分", "比率", "日期", "达标"]);
        let cells = |row: usize| &read.rows[row].cells;
        assert_eq!(cells(0)[0].as_identifier().unwrap().as_deref(), Some("001"));
        assert_eq!(cells(0)[1].as_number_text().unwrap().as_deref(), Some("86.4"));
        assert_eq!(cells(0)[2].as_number_text().unwrap().as_deref(), Some("-0.000000000001"));
        assert_eq!(cells(0)[3].as_date().unwrap(), Date::new(1800, 1, 1));
        assert_eq!(cells(0)[4].as_truth().unwrap(), Some(true));
        assert_eq!(cells(1)[0].as_text().unwrap().as_deref(), Some("=1+1"));
        assert_eq!(cells(1)[1].as_number_text().unwrap().as_deref(), Some("-99999999999999999999999999.99"));
        assert!(cells(1)[2..].iter().all(table::RawCell::is_blank));
        assert_eq!(to_bytes(&table).unwrap(), to_bytes(&table).unwrap());
    }

    #[test]
    fn no_number_is_rounded() {
        for (exact, places, expected) in [
            ("0", 2, Some(0)),
            ("-1.50", 1, Some(-15)),
            ("-0.5", 2, Some(-50)),
            ("12", 0, Some(12)),
            ("9999999999999999999999999999", 0, Some(9_999_999_999_999_999_999_999_999_999)),
            ("10000000000000000000000000000", 0, None),
            ("1", 28, None),
            ("0.5", 28, Some(5_000_000_000_000_000_000_000_000_000)),
            ("1", 29, None),
            ("1.005", 2, None),
            ("1.2.3", 2, None),
            ("1/3", 12, None),
            ("-", 0, None),
            ("", 0, None),
        ] {
            assert_eq!(units(exact, places), expected, "{exact} with {places} places");
        }
        let table = column(Kind::Number { places: None }, &[OutputCell::Number("0.1234567890123".into())]);
        let problem = to_bytes(&table).unwrap_err();
        assert_eq!(problem.code, Code::TooLargeToWrite);
        assert_eq!(
            problem.message.en,
            "`0.1234567890123` in the column `列` does not fit a decimal of 28 digits with 12 places"
        );
    }

    #[test]
    fn what_is_no_number_is_text_only_among_texts() {
        let cells = [OutputCell::Text("无限".into()), OutputCell::Number("1.50".into())];
        let problem = to_bytes(&column(Kind::Number { places: Some(2) }, &cells)).unwrap_err();
        assert_eq!(problem.message.en, "`无限` in the column `列` is of another kind than the column");
        let read = table::read(&to_bytes(&column(Kind::Text, &cells)).unwrap(), &Options::default()).unwrap();
        assert_eq!(read.rows[1].cells[0].as_text().unwrap().as_deref(), Some("1.50"));
    }

    #[test]
    fn a_table_without_rows_or_columns_is_a_file() {
        let read = table::read(&to_bytes(&column(Kind::Date, &[])).unwrap(), &Options::default()).unwrap();
        assert_eq!((read.headers.len(), read.rows.len()), (1, 0));
        assert!(to_bytes(&OutputTable::default()).is_ok());
    }
}
