//! JSON: objects with numbers as exact decimal strings.

use std::io::{self, Write};

use super::about::About;
use super::{OutputCell, OutputTable};

/// Writes the rows as a JSON array with one object for each, one to a line.
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
/// json::rows(&table, &mut file).unwrap();
/// assert_eq!(String::from_utf8(file).unwrap(), "[\n{\"工号\":\"001\",\"得分\":\"86.40\"}\n]");
/// ```
pub fn rows(table: &OutputTable, out: &mut dyn Write) -> io::Result<()> {
    let objects =
        table.rows.iter().map(|row| table.columns.iter().map(|column| column.name.as_str()).zip(table.cells(row)));
    list(objects, out, object)
}

/// Writes a list, an item to a line.
///
/// # Errors
///
/// What the writer says.
pub fn list<T>(
    items: impl Iterator<Item = T>,
    out: &mut dyn Write,
    write: impl Fn(T, &mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    for (number, item) in items.enumerate() {
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        write(item, out)?;
    }
    out.write_all(b"\n]")
}

/// Writes what a result rests on, as the members of an object that is opened here and not closed: `scheme`, `edition`,
/// `fingerprint`, `as_of`, `given`, and `kaohe`, the version of this program.
///
/// # Errors
///
/// What the writer says.
pub fn about(about: &About, out: &mut dyn Write) -> io::Result<()> {
    let text = |text: &Option<String>| text.as_ref().map_or(OutputCell::Empty, |text| OutputCell::Text(text.clone()));
    let before = [
        ("scheme", OutputCell::Text(about.scheme.clone())),
        ("edition", text(&about.edition)),
        ("fingerprint", OutputCell::Text(about.fingerprint.clone())),
        ("as_of", about.as_of.map_or(OutputCell::Empty, OutputCell::Date)),
    ];
    out.write_all(b"{\n")?;
    for (name, value) in &before {
        write!(out, "\"{name}\":")?;
        cell(value, out)?;
        out.write_all(b",\n")?;
    }
    out.write_all(b"\"given\":")?;
    object(about.given.iter().map(|(name, value)| (name.as_str(), value)), out)?;
    write!(out, ",\n\"kaohe\":\"{}\"", About::VERSION)
}

/// Writes one object.
fn object<'t>(members: impl Iterator<Item = (&'t str, &'t OutputCell)>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{")?;
    for (at, (name, value)) in members.enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut *out, name)?;
        out.write_all(b":")?;
        cell(value, out)?;
    }
    out.write_all(b"}")
}

fn cell(cell: &OutputCell, out: &mut dyn Write) -> io::Result<()> {
    match cell {
        OutputCell::Empty => out.write_all(b"null")?,
        OutputCell::Number(text) | OutputCell::Text(text) => serde_json::to_writer(&mut *out, text)?,
        OutputCell::Truth(truth) => write!(out, "{truth}")?,
        OutputCell::Date(date) => write!(out, "\"{date}\"")?,
    }
    Ok(())
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
        rows(&table, &mut file).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&file).unwrap();
        assert_eq!(
            read,
            serde_json::json!([
                { "a\"b": "x\n\u{1}", "数": "12345678901234567890.12", "日": "2026-07-01", "真": true, "空": null },
                { "a\"b": null, "数": null, "日": null, "真": null, "空": null },
            ])
        );
        let mut empty = Vec::new();
        rows(&OutputTable::default(), &mut empty).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&empty).unwrap(), serde_json::json!([]));
    }
}
