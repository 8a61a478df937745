//! CSV that spreadsheets open rightly: UTF-8 with its mark, CRLF, and no text that is run as a formula.

use std::io::{self, Write};

use super::{OutputCell, OutputTable};
use crate::table::is_neutralised_when_written;

/// Writes the table as CSV.
///
/// Text that a spreadsheet would run as a formula, because it starts with `=`, `+`, `-` or `@`, gets an apostrophe
/// in front; reading it with [`read_csv`](crate::table::read_csv) takes that off again. Numbers are never touched: a
/// negative number stays one.
///
/// # Errors
///
/// What the writer says.
///
/// # Example
///
/// ```
/// use kaohe_cli::output::{Kind, OutputCell, OutputColumn, OutputTable, csv};
///
/// let table = OutputTable {
///     columns: vec![OutputColumn::new("备注", Kind::Text), OutputColumn::new("加减分", Kind::Number { places: None })],
///     rows: vec![vec![OutputCell::Text("=HYPERLINK(\"…\")".into()), OutputCell::Number("-5".into())]],
/// };
/// let mut file = Vec::new();
/// csv::write(&table, &mut file).unwrap();
/// assert_eq!(String::from_utf8(file).unwrap(), "\u{FEFF}备注,加减分\r\n\"'=HYPERLINK(\"\"…\"\")\",-5\r\n");
/// ```
pub fn write(table: &OutputTable, out: &mut impl Write) -> io::Result<()> {
    out.write_all("\u{FEFF}".as_bytes())?;
    for (at, column) in table.columns.iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        text(&column.name, out)?;
    }
    out.write_all(b"\r\n")?;
    for row in &table.rows {
        for (at, cell) in table.cells(row).enumerate() {
            if at > 0 {
                out.write_all(b",")?;
            }
            match cell {
                OutputCell::Empty => {}
                OutputCell::Number(number) => out.write_all(number.as_bytes())?,
                OutputCell::Text(content) => text(content, out)?,
                OutputCell::Truth(truth) => out.write_all(if *truth { b"TRUE" } else { b"FALSE" })?,
                OutputCell::Date(date) => write!(out, "{date}")?,
            }
        }
        out.write_all(b"\r\n")?;
    }
    Ok(())
}

/// The columns whose identifiers a spreadsheet changes when it opens the CSV: leading zeros, or past 15 digits.
///
/// The file itself is right, and stays plain data for every other program; in a workbook the same columns are safe.
#[must_use]
pub fn changed_by_spreadsheets(table: &OutputTable) -> Vec<&str> {
    let changed = |text: &str| {
        text.len() > 1 && text.bytes().all(|b| b.is_ascii_digit()) && (text.starts_with('0') || text.len() > 15)
    };
    let is_changed = |at: usize| {
        table.rows.iter().any(|row| matches!(row.get(at), Some(OutputCell::Text(content)) if changed(content)))
    };
    let columns = table.columns.iter().enumerate();
    columns.filter(|&(at, _)| is_changed(at)).map(|(_, column)| column.name.as_str()).collect()
}

fn text(content: &str, out: &mut impl Write) -> io::Result<()> {
    let apostrophe = if is_neutralised_when_written(content) { "'" } else { "" };
    // Every delimiter is quoted, so that none but the comma can be taken for one, and whatever a first line may say.
    let quoted = content.contains([',', ';', '\t', '"', '\r', '\n'])
        || content.starts_with([' ', '<', '\u{3000}'])
        || content.ends_with([' ', '\u{3000}'])
        || content.starts_with("sep=");
    if quoted {
        write!(out, "\"{apostrophe}{}\"", content.replace('"', "\"\""))
    } else {
        write!(out, "{apostrophe}{content}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        output::{Kind, OutputColumn},
        table::{self, Options, RawCell},
    };

    fn written(table: &OutputTable) -> Vec<u8> {
        let mut file = Vec::new();
        write(table, &mut file).unwrap();
        file
    }

    fn cell() -> impl Strategy<Value = OutputCell> {
        let tricky = "['\"=+@,;\t\r\n ａ中－＝-]{1,8}";
        // Zero bytes are no text, and the errors of spreadsheets are read as errors.
        let text = prop_oneof![tricky, "[^\0]{1,12}"].prop_filter("an error cell", |text| !text.starts_with('#'));
        prop_oneof![
            Just(OutputCell::Empty),
            text.prop_map(OutputCell::Text),
            "-?[0-9]{1,12}\\.[0-9]{2}".prop_map(OutputCell::Number),
        ]
    }

    proptest! {
        /// A table written and read back is the same table.
        #[test]
        fn what_is_written_is_read(
            names in prop::collection::btree_set("[=a-z;,'\" 中]{0,4}[a-z]", 1..5),
            keys in prop::collection::vec("[0-9]{3,20}", 0..40),
            cells in prop::collection::vec(cell(), 160),
        ) {
            let distinct: std::collections::BTreeSet<String> = names.iter().map(|n| n.replace(' ', "")).collect();
            prop_assume!(distinct.len() == names.len());
            let mut columns = vec![OutputColumn::new("KEY", Kind::Text)];
            columns.extend(names.iter().map(|name| OutputColumn::new(name, Kind::Text)));
            let rows: Vec<Vec<OutputCell>> = keys.iter().enumerate().map(|(at, key)| {
                let rest = cells.iter().cycle().skip(at * names.len()).take(names.len()).cloned();
                std::iter::once(OutputCell::Text(key.clone())).chain(rest).collect()
            }).collect();
            let table = OutputTable { columns, rows };

            let options = Options { key: vec!["KEY".into()], ..Options::default() };
            let read = table::read(&written(&table), &options).unwrap();

            let headers: Vec<&str> = read.headers.iter().map(|header| header.text.as_str()).collect();
            let expected: Vec<&str> = table.columns.iter().map(|column| column.name.trim()).collect();
            prop_assert_eq!(headers, expected);
            prop_assert_eq!(read.rows.len(), table.rows.len());
            for (read, wanted) in read.rows.iter().zip(&table.rows) {
                for (read, wanted) in read.cells.iter().zip(wanted) {
                    let wanted = match wanted {
                        OutputCell::Text(text) | OutputCell::Number(text) => RawCell::text(text),
                        _ => RawCell::Empty,
                    };
                    prop_assert_eq!(read, &wanted);
                }
            }
        }

        /// No text that is written starts as a formula does.
        #[test]
        fn no_text_is_run(content in "['\"=+@ \t\r\n－＝-]{0,5}\\PC{0,5}") {
            let table = OutputTable {
                columns: vec![OutputColumn::new("x", Kind::Text)],
                rows: vec![vec![OutputCell::Text(content)]],
            };
            let file = String::from_utf8(written(&table)).unwrap();
            let value = file.strip_prefix("\u{FEFF}x\r\n").unwrap();
            // the cell as a spreadsheet sees it, without the quotes of the file
            let value = value.strip_prefix('"').map_or(value.to_owned(), |inside| inside.replace("\"\"", "\""));
            let harmless = |text: &str| !text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
            prop_assert!(harmless(&value), "{value:?}");
        }
    }

    #[test]
    fn columns_that_a_spreadsheet_changes_are_named() {
        let text = |content: &str| OutputCell::Text(content.into());
        let table = OutputTable {
            columns: ["工号", "卡号", "姓名", "档次"].map(|name| OutputColumn::new(name, Kind::Text)).to_vec(),
            rows: vec![vec![text("001"), text("6222021234567890123"), text("0"), text("A1")], vec![]],
        };
        assert_eq!(changed_by_spreadsheets(&table), ["工号", "卡号"]);
    }
}
