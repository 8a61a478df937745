//! JSON: an array of objects, numbers as exact decimal strings.

use std::io::{self, Write};

use super::{OutputCell, OutputTable};

/// Writes the table as a JSON array with one object for each row, one to a line.
///
/// Numbers are strings of exact decimal text, because a JSON number is a binary float to most programs that read it.
///
/// # Errors
///
/// What the writer says.
///
/// # Example
///
/// ```
/// use kaohe_cli::output::{Kind, OutputCell, OutputColumn, OutputTable, json};
///
/// let table = OutputTable {
///     columns: vec![OutputColumn::new("工号", Kind::Text), OutputColumn::new("得分", Kind::Number { places: Some(2) })],
///     rows: vec![vec![OutputCell::Text("001".into()), OutputCell::Number("86.40".into())]],
/// };
/// let mut file = Vec::new();
/// json::write(&table, &mut file).unwrap();
/// assert_eq!(String::from_utf8(file).unwrap(), "[\n{\"工号\":\"001\",\"得分\":\"86.40\"}\n]\n");
/// ```
pub fn write(table: &OutputTable, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"[")?;
    for (number, row) in table.rows.iter().enumerate() {
        out.write_all(if number == 0 { b"\n{" } else { b",\n{" })?;
        for (at, (column, cell)) in table.columns.iter().zip(table.cells(row)).enumerate() {
            if at > 0 {
                out.write_all(b",")?;
            }
            serde_json::to_writer(&mut *out, &column.name)?;
            out.write_all(b":")?;
            match cell {
                OutputCell::Empty => out.write_all(b"null")?,
                OutputCell::Number(text) | OutputCell::Text(text) => serde_json::to_writer(&mut *out, text)?,
                OutputCell::Truth(truth) => write!(out, "{truth}")?,
                OutputCell::Date(date) => write!(out, "\"{date}\"")?,
            }
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"\n]\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        output::{Kind, OutputColumn},
        table::Date,
    };

    #[test]
    fn what_is_written_is_json() {
        let table = OutputTable {
            columns: ["a\"b", "数", "日", "真", "空"].map(|name| OutputColumn::new(name, Kind::Text)).to_vec(),
            rows: vec![
                vec![
                    OutputCell::Text("x\n\u{1}".into()),
                    OutputCell::Number("12345678901234567890.12".into()),
                    OutputCell::Date(Date::new(2026, 7, 1).unwrap()),
                    OutputCell::Truth(true),
                ],
                vec![],
            ],
        };
        let mut file = Vec::new();
        write(&table, &mut file).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&file).unwrap();
        assert_eq!(
            read,
            serde_json::json!([
                { "a\"b": "x\n\u{1}", "数": "12345678901234567890.12", "日": "2026-07-01", "真": true, "空": null },
                { "a\"b": null, "数": null, "日": null, "真": null, "空": null },
            ])
        );
        let mut empty = Vec::new();
        write(&OutputTable::default(), &mut empty).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&empty).unwrap(), serde_json::json!([]));
    }
}
