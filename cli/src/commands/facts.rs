//! From a table of text to the cells of a scheme's inputs: each column found once, each cell read as its input's kind.

use kaohe::plan::Input;
use kaohe::unit::{conversion, is_common, magnitude_of};
use kaohe::value::Kind;
use kaohe::{Cell, Scheme};
use kaohe_grammar::say;

use super::{ERRORS, Failure, read_file};
use crate::arguments::Data;
use crate::language::Language;
use crate::table::{self, Options, Problem, RawCell, RawTable};

/// The facts of all rows, in the order of the scheme's inputs.
#[derive(Debug)]
pub(super) struct Facts {
    rows: Vec<Fact>,
    /// The lines of total rows, which are not scored.
    pub(super) totals: Vec<usize>,
}

/// The facts of one row.
#[derive(Debug)]
struct Fact {
    line: usize,
    key: String,
    cells: Vec<Cell>,
    /// Cells that could not be read, by input.
    unreadable: Vec<(String, Problem)>,
}

impl Facts {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row of that key.
    pub(super) fn position(&self, key: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.key == key.trim())
    }

    /// The keys in the order of the table.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| row.key.as_str())
    }

    /// The cells of a row, in the order of the inputs.
    pub(super) fn cells(&self, at: usize) -> &[Cell] {
        self.rows.get(at).map_or(&[], |row| &row.cells)
    }

    /// The line of the file a row stands on, and its key.
    pub(super) fn place(&self, at: usize) -> (usize, &str) {
        self.rows.get(at).map_or((0, ""), |row| (row.line, row.key.as_str()))
    }

    /// The cells of a row that could not be read, with the reason.
    pub(super) fn unreadable(&self, at: usize) -> impl Iterator<Item = (&str, &Problem)> {
        let row = self.rows.get(at);
        row.into_iter().flat_map(|row| row.unreadable.iter().map(|(input, problem)| (input.as_str(), problem)))
    }

    /// Why the cell of an input could not be read, when it could not.
    pub(super) fn problem(&self, at: usize, input: &str) -> Option<&Problem> {
        self.unreadable(at).find(|(name, _)| *name == input).map(|(_, problem)| problem)
    }
}

/// Reads the staff table of a run.
pub(super) fn read_facts(scheme: &Scheme, data: &Data, language: Language) -> Result<Facts, Failure> {
    let bytes = read_file(&data.staff)?;
    let names = |input: &Input| input.names().map(str::to_owned).collect::<Vec<_>>();
    let options = Options {
        encoding: data.encoding_of("staff").map(str::to_owned),
        sheet: data.sheet_of("staff").map(str::to_owned),
        header_row: data.header_row_of("staff")?,
        expected: scheme.inputs().iter().map(names).collect(),
        key: scheme.key().map(names).unwrap_or_default(),
        ..Options::default()
    };
    let table = table::read(&bytes, &options)?;
    for note in &table.notes {
        eprintln!("{}", language.of(note));
    }
    let places = columns(scheme, &table)?;
    let key = scheme.key().map(|key| key.name.to_string());
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut fact = Fact { line: row.line, key: String::new(), cells: Vec::new(), unreadable: Vec::new() };
        for (input, place) in scheme.inputs().iter().zip(&places) {
            let raw = row.cells.get(*place).unwrap_or(&RawCell::Empty);
            let cell = match read_cell(input, raw) {
                Ok(cell) => cell,
                Err(problem) => {
                    fact.unreadable.push((input.name.to_string(), problem));
                    Cell::Unreadable
                }
            };
            if let (true, Cell::Text(text)) = (key.as_deref() == Some(&*input.name), &cell) {
                fact.key.clone_from(text);
            }
            fact.cells.push(cell);
        }
        rows.push(fact);
    }
    kaohe::row::unique_keys(rows.iter().map(|row| (row.line, row.key.as_str())))?;
    Ok(Facts { rows, totals: table.totals })
}

/// For each input its place in the table; every input without one, and every unit that differs, is named.
fn columns(scheme: &Scheme, table: &RawTable) -> Result<Vec<usize>, Failure> {
    let mut headers: Vec<&str> = table.headers.iter().map(|header| header.text.as_str()).collect();
    let mut places = Vec::new();
    let mut missing = false;
    let mut told = Vec::new();
    for input in scheme.inputs() {
        match table.find(&input.names().collect::<Vec<_>>())? {
            Some(place) => {
                places.push(place);
                if let Some(slot) = headers.get_mut(place) {
                    *slot = &input.name; // it is found, whatever unit its header has
                }
                if let Some(header) = table.headers.get(place)
                    && let Some(written) = &header.unit
                    && contradicts(written, input.unit.as_deref())
                {
                    let (name, text) = (&input.name, &header.text);
                    let declared = input.unit.as_deref().unwrap_or("1");
                    told.push((
                        Some("K8108".to_owned()),
                        say!(
                            "the header `{text}` says `{written}`, and the scheme counts `{name}` in `{declared}`",
                            "表头 `{text}` 的单位是 `{written}`，方案中 `{name}` 的单位是 `{declared}`"
                        ),
                        Some(say!(
                            "convert the column, or declare `unit: {written}` in the scheme",
                            "请换算该列，或在方案中声明 `unit: {written}`"
                        )),
                    ));
                }
            }
            None => missing = true,
        }
    }
    if missing {
        // the core words it, with the nearest headers
        scheme.bind(&headers)?;
        let message = say!("the table does not have all columns", "表中的列不全");
        return Err(Failure::new(None, message, None, ERRORS));
    }
    if told.is_empty() {
        return Ok(places);
    }
    Err(Failure { told, ready: kaohe_grammar::Message::new("", ""), exit: ERRORS })
}

/// Whether the unit in a header is another one than the scheme counts in. What is no unit at all, as in `存款(含同业)`,
/// contradicts nothing.
fn contradicts(written: &str, declared: Option<&str>) -> bool {
    if matches!(written, "%" | "‰") {
        return declared != Some(written);
    }
    let Some(declared) = declared else { return false };
    let unit = is_common(written) || conversion(written, declared).is_some() || magnitude_of(written).1 > 0;
    written != declared && unit
}

/// A cell as its input's kind.
fn read_cell(input: &Input, raw: &RawCell) -> Result<Cell, Problem> {
    Ok(match &input.kind {
        Kind::Number => raw.as_number_text()?.into(),
        Kind::Truth => raw.as_truth()?.into(),
        Kind::Date => raw.as_date()?.into(),
        Kind::Text => raw.as_identifier()?.into(),
        Kind::Choice(_) | Kind::Missing => raw.as_text()?.into(),
    })
}
