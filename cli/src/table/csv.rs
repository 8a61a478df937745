//! CSV: delimiter, quotes and lines.
//!
//! The reader is our own because a table with a quote left open must be an error with its line: the usual readers
//! take the rest of the file for one cell, and people would be missing without a word. On well-formed files it reads
//! what the `csv` crate reads, which a test holds it to.

use std::{borrow::Cow, cmp::Reverse};

use compact_str::CompactString;
use kaohe_grammar::say;

use super::{
    Options, RawCell, RawTable, decode, fold,
    problem::{Code, Problem},
    shape::{self, Record, Source},
};

/// The delimiters that are looked for, the likelier first.
const DELIMITERS: &[char] = &[',', '\t', ';'];

/// What a spreadsheet writes into a CSV for a cell with an error.
const ERRORS: &[&str] = &["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"];

/// Reads a table from the bytes of a CSV file.
///
/// Encoding: what a byte-order mark says, else UTF-8, else GB18030. Delimiter: comma, tab or semicolon, whichever
/// gives the most columns that are looked for. Lines end in CRLF, LF or CR. An apostrophe before `=`, `+`, `-` or `@`,
/// as kaohe itself writes it to keep text from being run as a formula, is taken off again.
///
/// # Errors
///
/// Everything that is wrong with the file and the shape of its table, at least one [`Problem`].
///
/// # Example
///
/// ```
/// use kaohe_cli::table::{self, Options};
///
/// let table = table::read_csv("工号;得分\r\n001;85%\r\n".as_bytes(), &Options::default()).unwrap();
/// assert_eq!(table.rows[0].cells[1].as_number_text().unwrap().as_deref(), Some("0.85"));
/// ```
pub fn read_csv(bytes: &[u8], options: &Options) -> Result<RawTable, Vec<Problem>> {
    let limits = &options.limits;
    if bytes.len() > limits.bytes {
        return Err(vec![shape::too_large(limits.bytes)]);
    }
    let text =
        decode::decode(bytes, options.encoding.as_deref(), &options.expected).map_err(|problem| vec![problem])?;
    if is_web_page(&text) {
        return Err(vec![
            Problem::new(Code::WrongFile, say!("the file is a web page, not a table", "文件是网页，不是表格")).help(
                say!("open it in a spreadsheet program and save it as `.xlsx`", "请用表格软件打开并另存为 `.xlsx`"),
            ),
        ]);
    }
    let (stated, text, first_line) = stated_delimiter(&text);
    let delimiter = stated.unwrap_or_else(|| detect_delimiter(text, options));
    let mut splitter =
        Splitter { rest: text, line: first_line, delimiter, longest: limits.cell_bytes, stray_quotes: 0 };
    let mut records = Vec::new();
    let mut cells = 0_usize;
    loop {
        let mut fields = Vec::new();
        let Some(line) = splitter.record(&mut fields, limits.columns).map_err(|problem| vec![problem])? else { break };
        cells += fields.len();
        if records.len() >= limits.rows || cells > limits.cells {
            return Err(vec![shape::too_many_rows(limits)]);
        }
        records.push(Record { line, cells: fields.into_iter().map(cell).collect() });
    }
    shape::shape(records, options, Source::Text, Vec::new())
}

/// The cell that a field means.
fn cell(field: CompactString) -> RawCell {
    if field.is_empty() {
        RawCell::Empty
    } else if field.starts_with('#') && ERRORS.contains(&field.as_str()) {
        RawCell::Error(field)
    } else if is_neutralised_when_written(&field)
        && let Some(text) = field.strip_prefix('\'')
    {
        RawCell::text(text)
    } else {
        RawCell::Text(field)
    }
}

/// Whether a spreadsheet that opens a CSV might run the text as a formula, with any apostrophes before it set aside.
///
/// Such text is written with one more apostrophe in front, and read with one less, so that what was written is read.
pub(crate) fn is_neutralised_when_written(text: &str) -> bool {
    let inside = text.trim_start_matches('\'');
    inside.starts_with(['\t', '\r', '\n'])
        || inside.trim_start_matches(fold::is_blank).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn is_web_page(text: &str) -> bool {
    let beginning: String = text.trim_start().chars().take(15).collect::<String>().to_ascii_lowercase();
    ["<html", "<!doctype html", "<table", "<?xml"].iter().any(|start| beginning.starts_with(start))
}

/// The delimiter of a first line `sep=;`, which spreadsheets write and obey; the text after it, and its line.
fn stated_delimiter(text: &str) -> (Option<char>, &str, usize) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_end_matches('\r');
    let delimiter =
        first.strip_prefix("sep=").and_then(|after| after.chars().next().filter(|c| after.len() == c.len_utf8()));
    match delimiter {
        Some(delimiter) if !matches!(delimiter, '"' | '\r') => (Some(delimiter), rest, 2),
        _ => (None, text, 1),
    }
}

/// The delimiter under which the first rows look most like a table.
///
/// What counts, in this order: how many of the columns that are looked for one row has; that no quote stands inside
/// a cell, as it does under a wrong delimiter; how many rows are equally wide; and how wide.
fn detect_delimiter(text: &str, options: &Options) -> char {
    let mut best = None;
    for &delimiter in DELIMITERS {
        let mut splitter = Splitter { rest: text, line: 1, delimiter, longest: usize::MAX, stray_quotes: 0 };
        let (mut matched, mut broken, mut widths) = (0, 0, Vec::new());
        for _ in 0..shape::ROWS_SEARCHED {
            let mut fields = Vec::new();
            match splitter.record(&mut fields, usize::MAX) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => {
                    broken += 1;
                    break;
                }
            }
            widths.push(fields.len());
            let cells: Vec<RawCell> = fields.into_iter().map(RawCell::Text).collect();
            matched = matched.max(shape::expected_in(&cells, &options.expected));
        }
        let alike = |width: usize| (widths.iter().filter(|&&other| other == width).count(), width);
        let shape = widths.iter().filter(|&&width| width > 1).map(|&width| alike(width)).max();
        let found = (matched, Reverse(splitter.stray_quotes + broken), shape);
        if best.is_none_or(|(_, earlier)| found > earlier) {
            best = Some((delimiter, found));
        }
    }
    best.map_or(',', |(delimiter, _)| delimiter)
}

/// Splits text into records and fields.
struct Splitter<'t> {
    rest: &'t str,
    line: usize,
    delimiter: char,
    longest: usize,
    /// Cells that are not quoted and have a quote in them all the same.
    stray_quotes: usize,
}

/// What ends a field.
#[derive(PartialEq, Eq)]
enum End {
    Field,
    Record,
}

impl<'t> Splitter<'t> {
    /// Reads the next record into `fields`; gives the line it begins on, or nothing at the end of the text.
    fn record(&mut self, fields: &mut Vec<CompactString>, most: usize) -> Result<Option<usize>, Problem> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        loop {
            if fields.len() >= most {
                return Err(shape::too_many_columns(line, most));
            }
            let (field, end) =
                if let Some(inside) = self.rest.strip_prefix('"') { self.quoted(inside)? } else { self.plain() };
            if field.len() > self.longest {
                return Err(shape::cell_too_long(line, self.longest));
            }
            fields.push(CompactString::from(field));
            if end == End::Record {
                return Ok(Some(line));
            }
        }
    }

    fn plain(&mut self) -> (Cow<'t, str>, End) {
        let delimiter = self.delimiter;
        let at = self.rest.find([delimiter, '\n', '\r']).unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at_checked(at).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.stray_quotes += usize::from(field.contains('"'));
        (Cow::Borrowed(field), self.end().unwrap_or(End::Record))
    }

    /// Reads a field whose opening quote stands before `inside`.
    fn quoted(&mut self, inside: &'t str) -> Result<(Cow<'t, str>, End), Problem> {
        let opened = self.line;
        let mut field = Cow::Borrowed("");
        self.rest = inside;
        loop {
            let Some((piece, after)) = self.rest.split_once('"') else {
                return Err(Problem::new(
                    Code::OpenQuote,
                    say!("the quote opened on line {opened} is never closed", "第 {opened} 行的引号没有闭合"),
                )
                .help(say!(
                    "close it, or double a quote that belongs to the text",
                    "请闭合引号；文字本身的引号要写两个"
                )));
            };
            self.line += line_ends(piece);
            if field.is_empty() {
                field = Cow::Borrowed(piece);
            } else {
                field.to_mut().push_str(piece);
            }
            match after.strip_prefix('"') {
                Some(more) => {
                    field.to_mut().push('"');
                    self.rest = more;
                }
                None => {
                    self.rest = after;
                    let line = self.line;
                    let end = self.end().ok_or_else(|| {
                        Problem::new(
                            Code::TextAfterQuote,
                            say!("text follows the closing quote on line {line}", "第 {line} 行的右引号之后还有文字"),
                        )
                        .help(say!("double a quote that belongs to the text", "文字本身的引号要写两个"))
                    })?;
                    return Ok((field, end));
                }
            }
        }
    }

    /// Steps over the delimiter or line end that must stand here.
    fn end(&mut self) -> Option<End> {
        if let Some(rest) = self.rest.strip_prefix(self.delimiter) {
            self.rest = rest;
            return Some(End::Field);
        }
        let rest = ["\r\n", "\n", "\r"].iter().find_map(|end| self.rest.strip_prefix(end));
        match rest {
            Some(rest) => {
                self.rest = rest;
                self.line += 1;
                Some(End::Record)
            }
            None => self.rest.is_empty().then_some(End::Record),
        }
    }
}

/// The number of line ends in the text, CRLF being one.
fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    let feeds = bytes.iter().filter(|&&b| b == b'\n').count();
    let returns = bytes.iter().filter(|&&b| b == b'\r').count();
    if returns == 0 { feeds } else { feeds + returns - text.matches("\r\n").count() }
}
