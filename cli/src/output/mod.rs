//! Results out: CSV, JSON, Parquet, `.xlsx` and the terminal, all from one simple table.
//!
//! Numbers come here as exact decimal text and leave as it: no writer computes with them.

pub mod about;
pub mod csv;
pub mod json;
pub mod parquet;
pub mod progress;
pub mod summary;
pub mod terminal;
pub mod xlsx;

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

use kaohe_grammar::say;

use crate::table::{Code, Date, Problem};

/// A table to be written.
///
/// Row `i`, cell `j` stands in column `j`; cells that are not there are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutputTable {
    /// The columns, in the order they are written.
    pub columns: Vec<OutputColumn>,
    /// The rows.
    pub rows: Vec<Vec<OutputCell>>,
}

/// One column of a table to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputColumn {
    /// The header.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Numbers, with so many decimals when that is stated.
    Number {
        /// The decimals every number of the column has.
        places: Option<u32>,
    },
    /// Text.
    Text,
    /// Truth values.
    Truth,
    /// Days.
    Date,
}

/// One cell to be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OutputCell {
    /// Nothing: a missing value, or one that could not be computed.
    #[default]
    Empty,
    /// A number as exact decimal text: `-1234.50`.
    Number(String),
    /// Text.
    Text(String),
    /// Yes or no.
    Truth(bool),
    /// A day.
    Date(Date),
}

impl OutputColumn {
    /// A column called `name` of cells of one kind.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }
}

impl OutputTable {
    /// The cells of a row, one for each column.
    pub(crate) fn cells<'t>(&'t self, row: &'t [OutputCell]) -> impl Iterator<Item = &'t OutputCell> {
        row.iter().chain(std::iter::repeat(&OutputCell::Empty)).take(self.columns.len())
    }
}

/// The kind of file a name asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `.csv`
    Csv,
    /// `.json`
    Json,
    /// `.parquet`
    Parquet,
    /// `.xlsx`
    Xlsx,
}

impl FileKind {
    /// The kind of file that the extension of `path` names.
    ///
    /// # Errors
    ///
    /// [`Code::WrongFile`] for any other extension: it is better to say so before scoring than after.
    pub fn of_path(path: &Path) -> Result<Self, Problem> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "xlsx" => Ok(Self::Xlsx),
            "parquet" => Ok(Self::Parquet),
            _ => {
                let path = path.display();
                Err(Problem::new(
                    Code::WrongFile,
                    say!(
                        "the name `{path}` does not say what kind of file to write",
                        "文件名 `{path}` 没有说明要写哪种文件"
                    ),
                )
                .help(say!(
                    "name a file ending in `.csv`, `.parquet`, `.json` or `.xlsx`",
                    "文件名请以 `.csv`、`.parquet`、`.json` 或 `.xlsx` 结尾"
                )))
            }
        }
    }
}

/// What is written, in every kind of file it can be asked for in.
pub trait Content {
    /// The tables with the names of their sheets; a CSV or Parquet file is the first of them.
    fn sheets(&self) -> Vec<(&str, &OutputTable)>;

    /// The whole as JSON.
    ///
    /// # Errors
    ///
    /// What the writer says.
    fn json(&self, out: &mut dyn Write) -> io::Result<()>;
}

/// One table with the name of its sheet; as JSON its rows.
#[derive(Debug)]
pub struct NamedTable {
    /// The name of the sheet.
    pub name: String,
    /// The table.
    pub table: OutputTable,
}

impl Content for NamedTable {
    fn sheets(&self) -> Vec<(&str, &OutputTable)> {
        vec![(&self.name, &self.table)]
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::rows(&self.table, out)?;
        out.write_all(b"\n")
    }
}

/// Writes to `path`, as its extension says.
///
/// The file appears whole or not at all: it is written beside its place first and then moved there.
///
/// # Errors
///
/// [`Code::WrongFile`] for an extension that is not written, [`Code::TooLargeToWrite`] for what a workbook or a Parquet
/// file cannot hold, [`Code::CannotWrite`] when the disk says no.
pub fn save(path: &Path, content: &impl Content) -> Result<(), Problem> {
    let kind = FileKind::of_path(path)?;
    let sheets = content.sheets();
    let made = match kind {
        FileKind::Parquet => sheets.first().map_or_else(|| Ok(Vec::new()), |(_, table)| parquet::to_bytes(table))?,
        FileKind::Xlsx => xlsx::to_bytes(&sheets)?,
        FileKind::Csv | FileKind::Json => Vec::new(),
    };
    let write = |file: File| -> io::Result<()> {
        let mut file = BufWriter::new(file);
        match kind {
            FileKind::Csv => sheets.first().map_or(Ok(()), |(_, table)| csv::write(table, &mut file))?,
            FileKind::Json => content.json(&mut file)?,
            FileKind::Parquet | FileKind::Xlsx => file.write_all(&made)?,
        }
        file.flush()
    };
    write_whole(path, write).map_err(|error| cannot_write(path, &error))
}

/// That the disk says no.
pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Problem {
    let path = path.display();
    Problem::new(
        Code::CannotWrite,
        say!("the file `{path}` could not be written: {error}", "文件 `{path}` 无法写入：{error}"),
    )
    .help(say!("close it if it is open in another program", "若该文件正在其他程序中打开，请先关闭"))
}

/// Writes a file beside its place and moves it there, so that it is whole or not at all.
pub(crate) fn write_whole(path: &Path, write: impl FnOnce(File) -> io::Result<()>) -> io::Result<()> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(name);
    let written = File::create(&beside).and_then(write).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is left of it is of no use; that it cannot be removed would hide why it could not be written.
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(OutputTable);

    impl Content for One {
        fn sheets(&self) -> Vec<(&str, &OutputTable)> {
            vec![("结果", &self.0)]
        }

        fn json(&self, out: &mut dyn Write) -> io::Result<()> {
            json::rows(&self.0, out)
        }
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let directory = std::env::temp_dir().join(format!("kaohe-output-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let table = One(OutputTable {
            columns: vec![OutputColumn::new("工号", Kind::Text)],
            rows: vec![vec![OutputCell::Text("001".into())]],
        });
        for name in ["a.csv", "a.JSON", "a.xlsx", "a.parquet"] {
            save(&directory.join(name), &table).unwrap();
        }
        assert!(fs::read(directory.join("a.csv")).unwrap().ends_with("工号\r\n001\r\n".as_bytes()));
        for (name, code) in [("a.orc", Code::WrongFile), ("a", Code::WrongFile), ("none/a.csv", Code::CannotWrite)] {
            assert_eq!(save(&directory.join(name), &table).unwrap_err().code, code, "{name}");
        }
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 4);
        fs::remove_dir_all(&directory).unwrap();
    }
}
