//! From tables of text to what the core is handed: each column found once, each cell read as its input's kind.

use std::collections::HashMap;
use std::sync::Arc;

use kaohe::plan::Input;
use kaohe::unit::{conversion, is_common, magnitude_of};
use kaohe::value::Kind;
use kaohe::{Cell, Problem as CellProblem, Scheme};
use kaohe_grammar::{Message, say};

use super::files::{Files, detail_of};
use super::names::folded;
use super::{ERRORS, Failure, Told};
use crate::arguments::Data;
use crate::table::{Code, Problem, RawCell, RawTable};

/// Rows whose key cannot be read that are named one by one.
const NAMED: usize = 10;

/// What a scheme is handed for a run.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) data: kaohe::Data,
    pub(super) unreadable: Unreadable,
}

/// The cells that could not be read, with the reason: the core only knows that something was there.
#[derive(Debug, Default)]
pub(super) struct Unreadable {
    /// By detail table, nothing standing for people, and by line: the input and what is wrong.
    cells: HashMap<(Option<Arc<str>>, u32), Vec<UnreadableCell>>,
}

/// The input of a cell, and why it could not be read.
type UnreadableCell = (Arc<str>, Problem);

impl Unreadable {
    /// The cells of a person's row.
    pub(super) fn of_person(&self, line: u32) -> &[UnreadableCell] {
        self.cells.get(&(None, line)).map_or(&[], Vec::as_slice)
    }

    /// Why the cell could not be read that a problem of a row on this line is about.
    pub(super) fn reason(&self, problem: &CellProblem, line: u32) -> Option<&Problem> {
        if problem.code != kaohe::code::Code::WrongType {
            return None;
        }
        match &problem.detail {
            None => self.of_person(line).iter().find(|(input, _)| *input == problem.column),
            // the problem is the person's column's; it knows which cell of the detail row it met
            Some((table, line)) => {
                let cells = self.cells.get(&(Some(Arc::clone(table)), *line))?;
                cells.iter().find(|(input, _)| Some(input) == problem.input.as_ref())
            }
        }
        .map(|(_, reason)| reason)
    }
}

/// What a scheme is handed of the files and of the values on the command line.
///
/// # Errors
///
/// A column that is there twice, a header of another unit, a key or a value of the run that cannot be read.
pub(super) fn facts(scheme: &Scheme, files: &Files, data: &Data) -> Result<Facts, Failure> {
    let mut unreadable = Unreadable::default();
    let mut failures = Vec::new();
    let people = Reading { inputs: scheme.inputs(), key: None, detail: None, raw: &files.staff };
    let people = people.table(&mut unreadable).map_err(|failure| failures.push(failure)).unwrap_or_default();
    let mut handed = kaohe::Data::of(people);
    for (name, raw) in &files.details {
        // a detail that only the other scheme of a comparison has
        let Some(detail) = detail_of(scheme, name) else { continue };
        let kind = &scheme.plan().node(scheme.plan().column(detail.key).body).facts.kind;
        let key = Some((&*detail.key_headers, kind));
        match (Reading { inputs: &detail.inputs, key, detail: Some(&detail.name), raw }).table(&mut unreadable) {
            Ok(table) => handed = handed.detail(name, table),
            Err(failure) => failures.push(failure),
        }
    }
    for each in &data.given {
        let name = folded(&each.name);
        let Some(input) = scheme.plan().given.iter().find(|input| *input.name == *name) else { continue };
        match read_cell(&input.kind, &RawCell::text(&each.value)) {
            Ok(cell) => handed = handed.given(&name, cell),
            Err(mut problem) => {
                if let (Code::UnitInCell, Some(unit)) = (problem.code, &input.unit) {
                    problem.help = Some(say!(
                        "write only the number; the scheme counts it in `{unit}`",
                        "请只写数字；方案中它的单位是 `{unit}`"
                    ));
                }
                let of_option =
                    |Message { en, zh }: Message| say!("`--given {name}=…`: {en}", "`--given {name}=…`：{zh}");
                failures.push(Failure::from(problem).said(of_option).usage());
            }
        }
    }
    match Failure::all(failures) {
        None => Ok(Facts { data: handed, unreadable }),
        Some(failure) => Err(failure),
    }
}

/// One table that is being read for a scheme.
struct Reading<'t> {
    inputs: &'t [Input],
    /// The headers of the key of a detail table, and what kind of value the key of people is.
    key: Option<(&'t [Arc<str>], &'t Kind)>,
    /// The name of the detail table.
    detail: Option<&'t Arc<str>>,
    raw: &'t RawTable,
}

impl Reading<'_> {
    /// The columns that were found under the names the scheme has for them. The others are there by their headers alone,
    /// for the core to say what is missing and what was perhaps meant.
    fn table(&self, unreadable: &mut Unreadable) -> Result<kaohe::Table, Failure> {
        let mut columns: Vec<(String, Vec<Cell>)> =
            self.raw.headers.iter().map(|header| (header.text.clone(), Vec::new())).collect();
        let (mut failures, mut units, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        if let Some((headers, kind)) = self.key
            && let Some(place) = self.place(headers, &mut failures)
        {
            let name = headers.first().map(|name| &**name).unwrap_or_default();
            let cells = self.cells(place, |raw| read_cell(kind, raw), |line, problem| keys.push((line, problem)));
            put(&mut columns, place, name, cells);
        }
        for input in self.inputs {
            let Some(place) = self.place(&input.names().collect::<Vec<_>>(), &mut failures) else { continue };
            units.extend(self.other_unit(input, place));
            let read = |raw: &RawCell| match (input.answer, raw) {
                // a statement may be called true or false by a cell that is just that
                (Some(_), RawCell::Truth(truth)) => Ok(Cell::from(*truth)),
                (Some(_), raw) => raw.as_text().map(Cell::from),
                (None, raw) => read_cell(&input.kind, raw),
            };
            let cells = self.cells(place, read, |line, problem| {
                if input.key {
                    keys.push((line, problem));
                } else {
                    let cells = unreadable.cells.entry((self.detail.cloned(), line)).or_default();
                    cells.push((Arc::clone(&input.name), problem));
                }
            });
            put(&mut columns, place, &input.name, cells);
        }
        if !units.is_empty() {
            failures.push(Failure::of(units, ERRORS));
        }
        failures.extend(unreadable_keys(keys));
        if let Some(failure) = Failure::all(failures) {
            return Err(match self.detail {
                Some(name) => {
                    failure.said(|Message { en, zh }| say!("detail table `{name}`: {en}", "明细表 `{name}`：{zh}"))
                }
                None => failure,
            });
        }
        let lines = self.raw.rows.iter().map(|row| line_number(row.line)).collect();
        Ok(kaohe::Table::of_columns(columns).with_rows(self.raw.rows.len()).with_lines(lines))
    }

    fn place<Name: AsRef<str>>(&self, names: &[Name], failures: &mut Vec<Failure>) -> Option<usize> {
        self.raw.find(names).unwrap_or_else(|problem| {
            failures.push(problem.into());
            None
        })
    }

    fn cells(
        &self,
        place: usize,
        read: impl Fn(&RawCell) -> Result<Cell, Problem>,
        mut unreadable: impl FnMut(u32, Problem),
    ) -> Vec<Cell> {
        let rows = self.raw.rows.iter();
        rows.map(|row| {
            read(row.cells.get(place).unwrap_or(&RawCell::Empty)).unwrap_or_else(|problem| {
                unreadable(line_number(row.line), problem);
                Cell::Unreadable
            })
        })
        .collect()
    }

    /// What is wrong when the header has another unit than the scheme counts in.
    fn other_unit(&self, input: &Input, place: usize) -> Option<Told> {
        let header = self.raw.headers.get(place)?;
        let written = header.unit.as_deref().filter(|written| contradicts(written, input.unit.as_deref()))?;
        let (name, text, declared) = (&input.name, &header.text, input.unit.as_deref().unwrap_or("1"));
        Some(Told::new(
            "K8108",
            say!(
                "the header `{text}` says `{written}`, and the scheme counts `{name}` in `{declared}`",
                "表头 `{text}` 的单位是 `{written}`，方案中 `{name}` 的单位是 `{declared}`"
            ),
            Some(say!(
                "convert the column, or declare `unit: {written}` in the scheme",
                "请换算该列，或在方案中声明 `unit: {written}`"
            )),
        ))
    }
}

fn put(columns: &mut [(String, Vec<Cell>)], place: usize, name: &str, cells: Vec<Cell>) {
    if let Some(column) = columns.get_mut(place) {
        *column = (name.to_owned(), cells);
    }
}

fn line_number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// Keys that cannot be read stop the run: nobody could say whose the row is.
fn unreadable_keys(keys: Vec<(u32, Problem)>) -> Option<Failure> {
    let rest = keys.len().saturating_sub(NAMED);
    let mut told: Vec<Told> = keys
        .into_iter()
        .take(NAMED)
        .map(|(line, problem)| {
            let Message { en, zh } = problem.message;
            Told::new(problem.code.id(), say!("line {line}: {en}", "第 {line} 行：{zh}"), problem.help)
        })
        .collect();
    if rest > 0 {
        let message = say!("{rest} more keys cannot be read", "另有 {rest} 个键无法读取");
        told.push(Told { code: None, message, help: None });
    }
    (!told.is_empty()).then(|| Failure::of(told, ERRORS))
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
fn read_cell(kind: &Kind, raw: &RawCell) -> Result<Cell, Problem> {
    Ok(match kind {
        Kind::Number => raw.as_number_text()?.into(),
        Kind::Truth => raw.as_truth()?.into(),
        Kind::Date => raw.as_date()?.into(),
        Kind::Text => raw.as_identifier()?.into(),
        Kind::Choice(_) | Kind::Missing => raw.as_text()?.into(),
    })
}
