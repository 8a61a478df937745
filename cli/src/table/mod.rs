//! Tables as people really have them: CSV in any encoding, `.xlsx`, Parquet and JSON, read without guessing at a value.
//!
//! [`read`] takes the bytes of a file and gives a [`RawTable`]: headers, rows of [`RawCell`]s, the lines of total rows
//! that were left out, and notes on what was decided. What a cell means is asked of the cell, by whoever knows what
//! the scheme expects there.
//!
//! # Example
//!
//! ```
//! use kaohe_cli::table::{self, Options};
//!
//! let file = "三季度考核\n工号,日均存款(万元)\n001,\"1,200.50\"\n合计,\"1,200.50\"\n";
//! let options = Options { expected: vec![vec!["工号".into()], vec!["日均存款".into()]], ..Options::default() };
//! let table = table::read(file.as_bytes(), &options).unwrap();
//!
//! let deposits = table.find(&["日均存款"]).unwrap().unwrap();
//! assert_eq!(table.headers[deposits].unit.as_deref(), Some("万元"));
//! assert_eq!(table.rows[0].cells[deposits].as_number_text().unwrap().as_deref(), Some("1200.5"));
//! assert_eq!(table.totals, [4]);
//! ```

mod cell;
mod csv;
mod date;
mod decode;
mod fold;
mod header;
mod json;
mod number;
mod parquet;
mod problem;
mod shape;
mod xlsx;

use kaohe_grammar::{Message, say};

pub(crate) use self::csv::is_neutralised_when_written;
pub(crate) use self::problem::{listed, shortened};
pub use kaohe::date::Date;

pub use self::{
    cell::{NumberFormat, RawCell, StoredNumber},
    csv::read_csv,
    date::read_date,
    header::Header,
    json::read_json,
    number::exact_number,
    parquet::read_parquet,
    problem::{Code, Problem},
    xlsx::read_xlsx,
};

/// A table as it was read: no cell has been given a meaning yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawTable {
    /// The columns that have a header; of a file that names its columns itself, those that are looked for come first.
    pub headers: Vec<Header>,
    /// The rows that hold data, in the order of the file.
    pub rows: Vec<RawRow>,
    /// The lines of total rows, 合计 and the like, which are left out.
    pub totals: Vec<usize>,
    /// What was decided while reading, for the user to see.
    pub notes: Vec<Message>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// The line of the file it begins on, or the row of the sheet, from 1; of Parquet and JSON the number of the row.
    pub line: usize,
    /// One cell for each header, but for headers at the end whose columns nobody looks for.
    pub cells: Vec<RawCell>,
}

/// How a file is to be read; what is not stated is detected.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The encoding of a text file, by any of its usual names: `gb18030`, `gbk`, `utf-8`, `utf-16le`.
    pub encoding: Option<String>,
    /// The sheet of a workbook; otherwise the one called [`sheet_called`](Self::sheet_called), or the first visible one.
    pub sheet: Option<String>,
    /// A sheet that is read when the workbook has one of that name and no other is asked for.
    pub sheet_called: Option<String>,
    /// The line, or row of the sheet, of the header, from 1.
    pub header_row: Option<usize>,
    /// The headers that are looked for, each with its other names: the row that has most of them is the header.
    pub expected: Vec<Vec<String>>,
    /// The names of the key column: a row with a key is not a total row, whatever else it says.
    pub key: Vec<String>,
    /// How much is read at most.
    pub limits: Limits,
}

/// How much is read at most, so that no file, however made, takes all the memory there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file, and of one part of a workbook when unpacked.
    pub bytes: usize,
    /// Rows, with titles and blank ones.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Cells, empty ones between others counted.
    pub cells: usize,
    /// Bytes of one cell.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 512 << 20, rows: 2_000_000, columns: 4_096, cells: 40_000_000, cell_bytes: 128 << 10 }
    }
}

/// Reads a table from the bytes of a file, `.xlsx`, Parquet, JSON or CSV: the bytes tell which, not the name of the file.
///
/// # Errors
///
/// Everything that is wrong with the file and the shape of its table, at least one [`Problem`]. What is wrong with
/// single cells is not found here, but when they are read.
pub fn read(bytes: &[u8], options: &Options) -> Result<RawTable, Vec<Problem>> {
    if bytes.starts_with(b"PK\x03\x04") {
        return read_xlsx(bytes, options);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(vec![
            Problem::new(
                Code::WrongFile,
                say!(
                    "the file is an old `.xls` workbook or is protected by a password",
                    "文件是旧版 `.xls` 工作簿，或设有打开密码"
                ),
            )
            .help(say!("save it as `.xlsx` without a password", "请另存为 `.xlsx`，并取消密码")),
        ]);
    }
    if bytes.starts_with(parquet::MARK) {
        return read_parquet(bytes, options);
    }
    if json::is_json(bytes) {
        return read_json(bytes, options);
    }
    read_csv(bytes, options)
}

impl RawTable {
    /// The column called by one of `names`, if there is one.
    ///
    /// A header that is the name to the letter comes before one that is the name with a unit.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when several columns could be meant.
    pub fn find<Name: AsRef<str>>(&self, names: &[Name]) -> Result<Option<usize>, Problem> {
        let names: Vec<String> = names.iter().map(|name| fold::folded(name.as_ref())).collect();
        let exactly = |header: &Header| names.iter().any(|name| header.folded() == name && !name.is_empty());
        let loosely = |header: &Header| names.iter().any(|name| header.matches_folded(name));
        let mut found: Vec<usize> = self.positions(exactly);
        if found.is_empty() {
            found = self.positions(loosely);
        }
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => {
                let headers: Vec<&str> =
                    found.iter().filter_map(|&at| self.headers.get(at)).map(|header| header.text.as_str()).collect();
                let name = names.first().map(String::as_str).unwrap_or_default();
                Err(Problem::new(
                    Code::AmbiguousColumn,
                    say!("the columns `{}` could all be `{name}`", "列 `{}` 都可能是 `{name}`", headers.join("`, `"),),
                )
                .help(say!("rename or remove all but one of them", "请只保留其中一列，或改名")))
            }
        }
    }

    fn positions(&self, wanted: impl Fn(&Header) -> bool) -> Vec<usize> {
        self.headers.iter().enumerate().filter(|(_, header)| wanted(header)).map(|(at, _)| at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(headers: &[&str]) -> RawTable {
        let headers = headers.iter().map(|text| Header::new(text)).collect();
        RawTable { headers, rows: Vec::new(), totals: Vec::new(), notes: Vec::new() }
    }

    #[test]
    fn a_column_is_found_by_its_name_or_not_at_all() {
        let table = table(&["工号", "存款(万元)", "存款(户)", "存款", "贷款(万元)", "贷款(户)"]);
        assert_eq!(table.find(&["员工编号", "工号"]).unwrap(), Some(0));
        assert_eq!(table.find(&["存款（万元）"]).unwrap(), Some(1));
        assert_eq!(table.find(&["存款"]).unwrap(), Some(3));
        assert_eq!(table.find(&["贷款"]).unwrap_err().code, Code::AmbiguousColumn);
        assert_eq!(table.find(&["利润"]).unwrap(), None);
        assert_eq!(table.find(&[""]).unwrap(), None);
    }

    #[test]
    fn a_file_is_known_by_its_bytes() {
        let code = |bytes: &[u8]| read(bytes, &Options::default()).unwrap_err()[0].code;
        assert_eq!(code(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Code::WrongFile);
        assert_eq!(code(b"PAR1...."), Code::NotParquet);
        assert_eq!(code(b"\xEF\xBB\xBF [ {]"), Code::NotJson);
        assert_eq!(code(b"PK\x03\x04 not really"), Code::NotAWorkbook);
        assert_eq!(code(b""), Code::NoHeader);
    }
}
