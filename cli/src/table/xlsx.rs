//! `.xlsx` workbooks: cells as stored, dates and percentages by their number formats.

use std::{
    collections::HashSet,
    io::{Cursor, Read as _},
};

use calamine::{DataRef, Dimensions, Reader as _, Sheet, SheetType, SheetVisible, Style, Xlsx};
use compact_str::CompactString;
use kaohe_grammar::{Message, say};

use super::{
    Limits, NumberFormat, Options, RawCell, RawTable, StoredNumber,
    date::{date_from_serial, read_date},
    fold,
    number::shortest,
    problem::{Code, Problem, listed, shortened},
    shape::{self, Record, Source, column_letters},
};
use crate::language::Language;

/// Reads a table from the bytes of an `.xlsx` workbook: the sheet that is named, else the first visible one.
///
/// A workbook stores binary numbers; each is taken as its shortest decimal text, so a stored tenth is 0.1. What is
/// shown as a date is a date, and a number shown with leading zeros keeps them as text.
///
/// # Errors
///
/// Everything that is wrong with the file and the shape of its table, at least one [`Problem`].
pub fn read_xlsx(bytes: &[u8], options: &Options) -> Result<RawTable, Vec<Problem>> {
    let mut notes = Vec::new();
    let records = records(bytes, options, &mut notes).map_err(|problem| vec![problem])?;
    shape::shape(records, options, Source::Workbook, notes)
}

fn records(bytes: &[u8], options: &Options, notes: &mut Vec<Message>) -> Result<Vec<Record>, Problem> {
    let contents = look_inside(bytes, &options.limits)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| not_a_workbook(&error))?;
    let sheet = choose_sheet(&workbook, options, notes)?;

    let uncalculated =
        if contents.formulas { uncalculated(&mut workbook, &sheet, &options.limits)? } else { HashSet::new() };
    let records = cells(&mut workbook, &sheet, &uncalculated, &options.limits)?;
    if contents.merged
        && let Ok(merged) = workbook.merge_cells_by_sheet_name(&sheet)
    {
        // Only what runs over several rows hides values; titles run over columns.
        let down: Vec<String> = merged.iter().filter(|range| range.end.0 > range.start.0).map(range_name).collect();
        if !down.is_empty() {
            notes.push(Message::new(
                format!("of merged cells only the first holds the value: {}", listed(&down, Language::English)),
                format!("合并单元格只有首格有值：{}", listed(&down, Language::Chinese)),
            ));
        }
    }
    Ok(records)
}

/// What is in the package, as far as it decides how it is read.
struct Contents {
    /// Some sheet has formulas.
    formulas: bool,
    /// Some sheet has merged cells.
    merged: bool,
}

/// Unpacks the package once without keeping it: it may be small and unpack to more than there is memory.
fn look_inside(bytes: &[u8], limits: &Limits) -> Result<Contents, Problem> {
    /// Parts of which every few bytes become a structure of many are held shorter.
    const STYLES: u64 = 8 << 20;
    const MOST_PARTS: usize = 20_000;
    if bytes.len() > limits.bytes {
        return Err(shape::too_large(limits.bytes));
    }
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| not_a_workbook(&error))?;
    if package.len() > MOST_PARTS {
        return Err(shape::too_large(limits.bytes));
    }
    let mut contents = Contents { formulas: false, merged: false };
    let mut left = limits.bytes as u64;
    for part in 0..package.len() {
        let part = package.by_index(part).map_err(|error| not_a_workbook(&error))?;
        let name = part.name().map_err(|error| not_a_workbook(&error))?.to_ascii_lowercase();
        let most = if name.ends_with("styles.xml") || name.ends_with("workbook.xml") { STYLES.min(left) } else { left };
        let mut part = part.take(most + 1);
        let mut read = 0_u64;
        let mut chunk = vec![0; 64 << 10];
        let mut window = Vec::new();
        loop {
            let count = part.read(&mut chunk).map_err(|error| not_a_workbook(&error))?;
            if count == 0 {
                break;
            }
            read += count as u64;
            if !(contents.formulas && contents.merged) {
                // The end of the last chunk stays, so that a mark across two chunks is seen.
                let kept = window.len().min(16);
                window.drain(..window.len() - kept);
                window.extend_from_slice(chunk.get(..count).unwrap_or_default());
                let has = |mark: &[u8]| memchr::memmem::find(&window, mark).is_some();
                contents.formulas |= has(b"<f>") || has(b"<f ") || has(b":f>") || has(b":f ");
                contents.merged |= has(b"mergeCell ");
            }
        }
        if read > most {
            return Err(shape::too_large(limits.bytes));
        }
        left -= read;
    }
    Ok(contents)
}

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// The sheet of that name, as written or else but for spaces and width.
fn called<'s>(sheets: &[&'s Sheet], wanted: &str) -> Option<&'s Sheet> {
    let exact = sheets.iter().find(|sheet| sheet.name == wanted);
    exact.or_else(|| sheets.iter().find(|sheet| fold::folded(&sheet.name) == fold::folded(wanted))).copied()
}

fn choose_sheet(workbook: &Workbook<'_>, options: &Options, notes: &mut Vec<Message>) -> Result<String, Problem> {
    let sheets: Vec<_> = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
    let names = || sheets.iter().map(|sheet| format!("`{}`", shortened(&sheet.name))).collect::<Vec<_>>();
    let visible: Vec<_> = sheets.iter().copied().filter(|sheet| sheet.visible == SheetVisible::Visible).collect();
    if let Some(wanted) = options.sheet.as_deref() {
        return called(&sheets, wanted).map(|sheet| sheet.name.clone()).ok_or_else(|| {
            let names = names();
            Problem::new(
                Code::NoSuchSheet,
                say!("the workbook has no sheet `{wanted}`", "工作簿中没有工作表 `{wanted}`"),
            )
            .help(Message::new(
                format!("it has {}", listed(&names, Language::English)),
                format!("其中有 {}", listed(&names, Language::Chinese)),
            ))
        });
    }
    // nobody who looks at the workbook sees a hidden one: it is read only when it is asked for
    if let Some(found) = options.sheet_called.as_deref().and_then(|name| called(&visible, name)) {
        return Ok(found.name.clone());
    }
    let Some(first) = visible.first().or(sheets.first()) else {
        return Err(Problem::new(Code::NoSuchSheet, say!("the workbook has no sheets", "工作簿中没有工作表")));
    };
    if visible.len() > 1 {
        let (name, count) = (shortened(&first.name), visible.len());
        notes.push(say!(
            "sheet `{name}` is read, the first of {count}; `--sheet` names another",
            "读取 {count} 个工作表中的第一个 `{name}`，可用 `--sheet` 指定"
        ));
    }
    Ok(first.name.clone())
}

/// The places of formulas without a result, as programs write them that do not calculate.
fn uncalculated(workbook: &mut Workbook<'_>, sheet: &str, limits: &Limits) -> Result<HashSet<(u32, u32)>, Problem> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| not_a_workbook(&error))?;
    let mut found = HashSet::new();
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(|error| not_a_workbook(&error))? {
        if record.formula.is_some() && record.value == DataRef::Empty {
            found.insert(record.pos);
            if found.len() > limits.cells {
                return Err(shape::too_many_rows(limits));
            }
        }
    }
    Ok(found)
}

fn cells(
    workbook: &mut Workbook<'_>,
    sheet: &str,
    uncalculated: &HashSet<(u32, u32)>,
    limits: &Limits,
) -> Result<Vec<Record>, Problem> {
    let from_1904 = workbook.has_1904_epoch();
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| not_a_workbook(&error))?;
    let formats: Vec<NumberFormat> = reader.styles().iter().map(number_format).collect();
    let mut records: Vec<Record> = Vec::new();
    let mut count = 0_usize;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|error| not_a_workbook(&error))? {
        let (row, column) = cell.get_position();
        let format = formats.get(style).copied().unwrap_or_default();
        let value = match cell.get_value() {
            DataRef::Empty if uncalculated.contains(&(row, column)) => RawCell::NotCalculated,
            other => raw_cell(other, format, from_1904),
        };
        if value == RawCell::Empty {
            continue;
        }
        let (line, column) = (row as usize + 1, column as usize);
        if column >= limits.columns {
            return Err(shape::too_many_columns(line, limits.columns));
        }
        if matches!(&value, RawCell::Text(text) if text.len() > limits.cell_bytes) {
            return Err(shape::cell_too_long(line, limits.cell_bytes));
        }
        let last = records.last().map_or(0, |record| record.line);
        if line < last {
            return Err(not_a_workbook(&format!("row {line} stands after row {last}")));
        }
        if line > last {
            records.push(Record { line, cells: Vec::new() });
        }
        let Some(record) = records.last_mut() else { continue };
        if record.cells.len() <= column {
            count += column + 1 - record.cells.len();
            record.cells.resize_with(column + 1, RawCell::default);
        }
        if let Some(place) = record.cells.get_mut(column) {
            *place = value;
        }
        if records.len() > limits.rows || count > limits.cells {
            return Err(shape::too_many_rows(limits));
        }
    }
    Ok(records)
}

/// A cell as the workbook stores it.
fn raw_cell(value: &DataRef<'_>, format: NumberFormat, from_1904: bool) -> RawCell {
    match value {
        DataRef::Empty => RawCell::Empty,
        DataRef::String(text) => RawCell::text(text),
        DataRef::SharedString(text) => RawCell::text(text),
        DataRef::Bool(truth) => RawCell::Truth(*truth),
        DataRef::Error(error) => RawCell::Error(CompactString::from(error.to_string())),
        DataRef::Int(number) => stored(number.to_string(), format, from_1904),
        DataRef::Float(number) if number.is_finite() => stored(shortest(*number), format, from_1904),
        DataRef::Float(number) => RawCell::text(&number.to_string()),
        DataRef::DateTime(moment) => {
            let text = shortest(moment.as_f64());
            let day = text.parse().ok().filter(|_| moment.is_datetime());
            match day.and_then(|serial| date_from_serial(serial, from_1904)) {
                Some(date) => RawCell::Date(date),
                None => RawCell::Number(StoredNumber { text: text.into(), format: NumberFormat::Time }),
            }
        }
        DataRef::DateTimeIso(text) => read_date(text).ok().flatten().map_or_else(|| RawCell::text(text), RawCell::Date),
        DataRef::DurationIso(text) => RawCell::text(text),
    }
}

fn stored(text: String, format: NumberFormat, from_1904: bool) -> RawCell {
    let format = if from_1904 && format == NumberFormat::Plain { NumberFormat::PlainFrom1904 } else { format };
    RawCell::Number(StoredNumber { text: text.into(), format })
}

/// What the format of a cell says about the meaning of a number in it.
fn number_format(style: &Style) -> NumberFormat {
    let Some(format) = &style.number_format else { return NumberFormat::Plain };
    let code = format.format_code.as_str();
    if code.len() > 1 && code.bytes().all(|b| b == b'0') {
        return NumberFormat::Padded(u8::try_from(code.len()).unwrap_or(u8::MAX));
    }
    if has_percent(code) { NumberFormat::Percent } else { NumberFormat::Plain }
}

/// Whether the first section of a format code has a percent sign that is not mere text.
fn has_percent(code: &str) -> bool {
    let mut quoted = false;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => {
                characters.next();
            }
            ';' => return false,
            '%' => return true,
            _ => {}
        }
    }
    false
}

fn range_name(range: &Dimensions) -> String {
    let cell = |(row, column): (u32, u32)| format!("{}{}", column_letters(column as usize), u64::from(row) + 1);
    format!("{}:{}", cell(range.start), cell(range.end))
}

fn not_a_workbook(error: &dyn std::fmt::Display) -> Problem {
    let error = shortened(&error.to_string());
    Problem::new(
        Code::NotAWorkbook,
        say!("the file is not a workbook that can be read: {error}", "文件不是可读取的工作簿：{error}"),
    )
    .help(say!("open it in a spreadsheet program and save it as `.xlsx`", "请用表格软件打开并另存为 `.xlsx`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_that_are_meant() {
        for code in ["0%", "0.00%", "#,##0.0%;[Red]-0.0%", "\"约\"0%"] {
            assert!(has_percent(code), "{code}");
        }
        for code in ["General", "0", "0\"%\"", "0\\%", "0;-0%", "0_%", ""] {
            assert!(!has_percent(code), "{code}");
        }
    }
}
