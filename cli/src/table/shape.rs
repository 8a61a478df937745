//! Records to a table: which row is the header, which rows are data, and whether they fit.

use std::collections::HashMap;

use kaohe_grammar::{Message, say};

use super::{
    Header, Limits, Options, RawCell, RawRow, RawTable, fold,
    problem::{Code, Problem, listed},
};
use crate::language::Language;

/// How many rows at the top are searched for the header.
pub(crate) const ROWS_SEARCHED: usize = 20;

/// One line of a file or row of a sheet, before it is known what it is.
pub(crate) struct Record {
    pub(crate) line: usize,
    pub(crate) cells: Vec<RawCell>,
}

/// Where the records come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A text file: every line says how many cells it has. The records are all its lines, blank ones too.
    Text,
    /// A sheet: it has as many columns as one likes.
    Workbook,
}

/// Makes a table of the records.
pub(crate) fn shape(
    records: Vec<Record>,
    options: &Options,
    source: Source,
    mut notes: Vec<Message>,
) -> Result<RawTable, Vec<Problem>> {
    let header_at = header_position(&records, options).map_err(|problem| vec![problem])?;
    let Some(header) = records.get(header_at) else { return Err(vec![no_header()]) };
    let titles = records.iter().take(header_at).filter(|record| !is_blank(record)).count();
    if titles > 0 && options.header_row.is_none() {
        let line = header.line;
        notes.push(say!(
            "line {line} is taken for the header; lines above it that are left out: {titles}",
            "以第 {line} 行为表头，其上 {titles} 行标题未读取"
        ));
    }

    // The columns that are read: those with a header.
    let all: Vec<Header> = header.cells.iter().map(|cell| Header::new(&shown(cell))).collect();
    let width = header.cells.len();
    let columns: Vec<usize> =
        all.iter().enumerate().filter(|(_, header)| !header.is_blank()).map(|(at, _)| at).collect();
    let headers: Vec<Header> = all.into_iter().filter(|header| !header.is_blank()).collect();
    if headers.is_empty() {
        return Err(vec![no_header()]);
    }
    let mut problems = Vec::new();
    check_duplicates(&headers, &columns, options, &mut problems, &mut notes);
    if source == Source::Text {
        check_widths(&records, header_at, width, &mut problems, &mut notes);
    }
    if !problems.is_empty() {
        return Err(problems);
    }

    let key = headers.iter().position(|header| options.key.iter().any(|name| header.matches(name)));
    let all_in_order = columns.iter().copied().eq(0..columns.len());
    let mut rows = Vec::with_capacity(records.len().saturating_sub(header_at + 1));
    let mut totals = Vec::new();
    let mut without_header: Vec<usize> = Vec::new();
    for mut record in records.into_iter().skip(header_at + 1) {
        if is_blank(&record) {
            continue;
        }
        for (at, cell) in record.cells.iter().enumerate() {
            if !all_in_order || at >= columns.len() {
                let is_read = columns.binary_search(&at).is_ok();
                if !is_read && !cell.is_blank() && !without_header.contains(&at) {
                    without_header.push(at);
                }
            }
        }
        if all_in_order {
            record.cells.resize_with(columns.len(), RawCell::default);
        } else {
            record.cells =
                columns.iter().map(|&at| record.cells.get_mut(at).map(std::mem::take).unwrap_or_default()).collect();
        }
        if record.cells.iter().all(RawCell::is_blank) {
            continue;
        }
        if is_total(&record.cells, key) {
            totals.push(record.line);
        } else {
            rows.push(RawRow { line: record.line, cells: record.cells });
        }
    }
    if !without_header.is_empty() {
        without_header.sort_unstable();
        let names: Vec<String> = without_header.iter().map(|&at| column_letters(at)).collect();
        notes.push(Message::new(
            format!("columns without a header are not read: {}", listed(&names, Language::English)),
            format!("没有表头的列未读取：{}", listed(&names, Language::Chinese)),
        ));
    }
    Ok(RawTable { headers, rows, totals, notes })
}

/// The columns of a file that names them itself.
pub(crate) struct Columns {
    /// All of them, in the order of the file.
    pub(crate) headers: Vec<Header>,
    /// Where those stand that are read, in the order of the cells.
    pub(crate) read: Vec<usize>,
    /// Where the others stand.
    pub(crate) unread: Vec<usize>,
}

/// Whether somebody looks for the column; where nobody says what is looked for, every column with a name is.
pub(crate) fn is_wanted(header: &Header, options: &Options) -> bool {
    let named = |name: &String| header.matches(name);
    !header.is_blank() && (options.expected.is_empty() || options.expected.iter().flatten().any(named))
}

/// Makes a table of records whose columns have names, so that no row has to be found that is the header.
///
/// The columns that are read come first; of the others there is only the header, for whoever asks what there is.
pub(crate) fn named(
    columns: Columns,
    records: Vec<Record>,
    options: &Options,
    mut notes: Vec<Message>,
) -> Result<RawTable, Vec<Problem>> {
    let Columns { headers: all, read, unread } = columns;
    if records.len().saturating_mul(read.len()) > options.limits.cells {
        return Err(vec![too_many_rows(&options.limits)]);
    }
    let order: Vec<usize> = read.iter().chain(&unread).copied().collect();
    let headers: Vec<Header> = order.iter().filter_map(|&at| all.get(at)).cloned().collect();
    let mut problems = Vec::new();
    check_duplicates(&headers, &order, options, &mut problems, &mut notes);
    if !problems.is_empty() {
        return Err(problems);
    }
    let key = headers.iter().take(read.len()).position(|header| options.key.iter().any(|name| header.matches(name)));
    let mut rows = Vec::with_capacity(records.len());
    let mut totals = Vec::new();
    for mut record in records {
        record.cells.resize_with(read.len(), RawCell::default);
        // what is not read may say that it is a row all the same
        if unread.is_empty() && is_blank(&record) {
            continue;
        }
        if is_total(&record.cells, key) {
            totals.push(record.line);
        } else {
            rows.push(RawRow { line: record.line, cells: record.cells });
        }
    }
    Ok(RawTable { headers, rows, totals, notes })
}

/// Where the header stands: where the user says, else the row with most of the expected headers, else the first.
fn header_position(records: &[Record], options: &Options) -> Result<usize, Problem> {
    if let Some(line) = options.header_row {
        return records.iter().position(|record| record.line == line && !is_blank(record)).ok_or_else(|| {
            Problem::new(Code::NoHeader, say!("no row begins on line {line}", "第 {line} 行没有内容"))
                .help(say!("count lines from 1, titles included", "行号从 1 数起，标题行也算"))
        });
    }
    let mut best = (0, None);
    for (at, record) in records.iter().enumerate().take(ROWS_SEARCHED) {
        let found = expected_in(&record.cells, &options.expected);
        if found > best.0 {
            best = (found, Some(at));
        }
    }
    // One match among several may be a word in a title.
    let enough = best.0 >= 2.min(options.expected.len().max(1));
    let first = records.iter().position(|record| !is_blank(record));
    best.1.filter(|_| enough).or(first).ok_or_else(no_header)
}

/// How many of the expected headers stand in the cells.
pub(crate) fn expected_in(cells: &[RawCell], expected: &[Vec<String>]) -> usize {
    if expected.is_empty() {
        return 0;
    }
    let headers: Vec<Header> =
        cells.iter().filter(|cell| !cell.is_blank()).map(|cell| Header::new(&shown(cell))).collect();
    expected.iter().filter(|names| names.iter().any(|name| headers.iter().any(|header| header.matches(name)))).count()
}

fn check_duplicates(
    headers: &[Header],
    columns: &[usize],
    options: &Options,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Message>,
) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (header, &column) in headers.iter().zip(columns) {
        let Some(earlier) = first.insert(header.folded(), column) else { continue };
        let (text, one, other) = (&header.text, column_letters(earlier), column_letters(column));
        let message =
            say!("columns {one} and {other} have the same header `{text}`", "{one} 列和 {other} 列的表头都是 `{text}`");
        // A second 备注 that nobody asks for does no harm.
        if is_wanted(header, options) {
            problems.push(
                Problem::new(Code::DuplicateHeader, message)
                    .help(say!("rename or remove one of them", "请给其中一列改名，或删除一列")),
            );
        } else {
            notes.push(message);
        }
    }
}

/// Checks that every line has as many cells as the header.
///
/// Cells too many are forgiven when they are empty. Cells too few are forgiven where a spreadsheet leaves them out:
/// it writes rows in blocks of sixteen, and a block whose last columns are all empty without those columns, so all
/// rows of the block are equally short.
fn check_widths(
    records: &[Record],
    header_at: usize,
    width: usize,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Message>,
) {
    const BLOCK: usize = 16;
    let (mut long, mut short, mut left_out) = (Vec::new(), Vec::new(), 0_usize);
    for (number, block) in records.chunks(BLOCK).enumerate() {
        let mut data = block
            .iter()
            .enumerate()
            .filter(|(at, record)| number * BLOCK + at >= header_at && !is_blank(record))
            .map(|(_, record)| record)
            .peekable();
        let Some(first) = data.peek().map(|record| record.cells.len()) else { continue };
        let data: Vec<&Record> = data.collect();
        let even = data.iter().all(|record| record.cells.len() == first);
        for record in data {
            if record.cells.len() > width {
                if record.cells.iter().skip(width).any(|cell| !cell.is_blank()) {
                    long.push(record);
                }
            } else if record.cells.len() < width {
                if even {
                    left_out += 1;
                } else {
                    short.push(record);
                }
            }
        }
    }
    if left_out > 0 {
        notes.push(say!(
            "{left_out} rows end early, as a spreadsheet writes rows whose last columns are empty",
            "有 {left_out} 行省略了末尾的空列，按空单元格读取"
        ));
    }
    let lines = |found: &[&Record]| -> Vec<String> {
        found.iter().map(|record| format!("{} ({})", record.line, record.cells.len())).collect()
    };
    if !long.is_empty() {
        let lines = lines(&long);
        problems.push(
            Problem::new(
                Code::RaggedRows,
                Message::new(
                    format!(
                        "the header has {width} cells, but these lines have more: {}",
                        listed(&lines, Language::English)
                    ),
                    format!("表头有 {width} 列，以下各行更多：{}", listed(&lines, Language::Chinese)),
                ),
            )
            .help(say!(
                "put quotes around a value that contains the delimiter, such as `\"1,234\"`",
                "含有分隔符的值要加引号，例如 `\"1,234\"`"
            )),
        );
    }
    if !short.is_empty() {
        let lines = lines(&short);
        problems.push(
            Problem::new(
                Code::RaggedRows,
                Message::new(
                    format!(
                        "the header has {width} cells, but these lines have fewer: {}",
                        listed(&lines, Language::English)
                    ),
                    format!("表头有 {width} 列，以下各行更少：{}", listed(&lines, Language::Chinese)),
                ),
            )
            .help(say!(
                "write a delimiter for every empty cell, and remove lines that are no data",
                "空单元格也要写分隔符；不是数据的行请删除"
            )),
        );
    }
}

/// Whether a row is a total of others: its key says so, or without a key its first cell.
fn is_total(cells: &[RawCell], key: Option<usize>) -> bool {
    let keyed = key.and_then(|at| cells.get(at)).filter(|cell| !cell.is_blank());
    match keyed.or_else(|| cells.iter().find(|cell| !cell.is_blank())) {
        Some(RawCell::Text(text)) => says_total(text),
        _ => false,
    }
}

/// Whether the text is a word for a total, as `合 计：`, `营业部小计` or `Total`.
fn says_total(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "合计",
        "总计",
        "小计",
        "共计",
        "总和",
        "累计",
        "平均",
        "平均值",
        "平均数",
        "均值",
        "合计数",
        "total",
        "totals",
        "grandtotal",
        "subtotal",
        "sum",
        "average",
        "mean",
    ];
    const ENDINGS: &[&str] = &["合计", "总计", "小计", "共计"];
    if text.len() > 120 {
        return false;
    }
    let bare: String = fold::folded(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let word = bare.split([':', '(']).next().unwrap_or_default();
    WORDS.contains(&word) || ENDINGS.iter().any(|ending| word.ends_with(ending))
}

fn is_blank(record: &Record) -> bool {
    record.cells.iter().all(RawCell::is_blank)
}

/// A header cell as text.
fn shown(cell: &RawCell) -> String {
    match cell {
        RawCell::Empty | RawCell::NotCalculated => String::new(),
        RawCell::Text(text) | RawCell::Error(text) => text.to_string(),
        RawCell::Number(number) => number.text.to_string(),
        RawCell::Truth(truth) => truth.to_string(),
        RawCell::Date(date) => date.to_string(),
    }
}

/// The letters a spreadsheet gives a column, 0 being A.
pub(crate) fn column_letters(at: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = at + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn no_header() -> Problem {
    Problem::new(Code::NoHeader, say!("the table has no header row", "表中没有表头行"))
        .help(say!("name the line of the header with `--header-row`", "请用 `--header-row` 指明表头所在行"))
}

pub(crate) fn too_large(bytes: usize) -> Problem {
    let megabytes = bytes >> 20;
    Problem::new(Code::FileTooLarge, say!("the file is larger than {megabytes} MiB", "文件超过 {megabytes} MiB"))
        .help(say!("split it into several files", "请拆分成多个文件"))
}

pub(crate) fn too_many_rows(limits: &Limits) -> Problem {
    let (rows, cells) = (limits.rows, limits.cells);
    Problem::new(
        Code::TooManyRows,
        say!("the table has more than {rows} rows or {cells} cells", "表格超过 {rows} 行或 {cells} 个单元格"),
    )
    .help(say!("split it into several files", "请拆分成多个文件"))
}

pub(crate) fn too_many_columns(line: usize, most: usize) -> Problem {
    Problem::new(Code::TooManyColumns, say!("line {line} has more than {most} columns", "第 {line} 行超过 {most} 列"))
        .help(say!("remove the columns that are not needed", "请删除不需要的列"))
}

pub(crate) fn cell_too_long(line: usize, most: usize) -> Problem {
    let kilobytes = most >> 10;
    Problem::new(
        Code::CellTooLong,
        say!("a cell on line {line} is longer than {kilobytes} KiB", "第 {line} 行有单元格超过 {kilobytes} KiB"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_totals() {
        for text in
            ["合计", "合 计", "合计：", "总计(71人)", "营业部小计", "Total", "Grand Total", "平均值", "　小计　"]
        {
            assert!(says_total(text), "{text}");
        }
        for text in ["合计员", "平均主义", "张三", "0001", "", "小计算器", "total score"] {
            assert!(!says_total(text), "{text}");
        }
    }

    #[test]
    fn letters_of_columns() {
        for (at, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(column_letters(at), letters);
        }
    }
}
