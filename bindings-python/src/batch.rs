//! A table scored: cells in by column, figures out by column.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

use kaohe::boundary::problems_json;
use kaohe::code::Code;
use kaohe::diagnostic::Message;
use kaohe::plan::Input;
use kaohe::scorer::Scorer;
use kaohe::{Cell, Figure, Scheme};
use kaohe_grammar::say;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use crate::cell::cell;
use crate::error::{data_error, refuse};
use crate::explanation::Explanation;
use crate::figure::to_python;
use crate::row::Refused;

/// Rows between two looks at the interpreter, for signals and progress.
const BLOCK: usize = 16_384;
/// Fewer rows than this are not worth a thread of their own.
const THREAD_ROWS: usize = 256;
/// How many keys or rows an error names before it only counts them.
const NAMED: usize = 20;

/// The cells of the inputs, each a column.
///
/// # Errors
///
/// `DataError` naming every column with a value that is no cell, with the first such row.
pub(crate) fn columns_of_cells(
    py: Python<'_>,
    inputs: &[Input],
    columns: &[Bound<'_, PyList>],
) -> PyResult<Vec<Vec<Cell>>> {
    let mut refused = Refused::default();
    let mut all = Vec::with_capacity(columns.len());
    for (input, column) in inputs.iter().zip(columns) {
        let mut cells = Vec::with_capacity(column.len());
        for (at, value) in column.iter().enumerate() {
            match cell(&value) {
                Ok(cell) => cells.push(cell),
                Err(refusal) => {
                    refused.add(&input.name, Some(at), refusal);
                    break;
                }
            }
        }
        all.push(cells);
    }
    refused.into_result(py)?;
    Ok(all)
}

/// A scored table.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Batch {
    scheme: Scheme,
    cells: Vec<Vec<Cell>>,
    /// The shown columns, each with a figure for every row.
    figures: Vec<Vec<Figure>>,
    /// The rows with an empty cell.
    incomplete: Vec<usize>,
    /// The row of each key.
    keys: HashMap<String, usize>,
}

/// What came of some rows that follow each other.
#[derive(Default)]
struct Part {
    figures: Vec<Vec<Figure>>,
    incomplete: Vec<usize>,
}

/// The cells of one row.
fn row_cells(columns: &[Vec<Cell>], row: usize) -> Vec<Cell> {
    columns.iter().map(|column| column.get(row).cloned().unwrap_or(Cell::Missing)).collect()
}

/// The columns whose figures are looked at: those people are shown, then the others, for their faults alone.
fn looked_at(scheme: &Scheme) -> Vec<&str> {
    let plan = scheme.plan();
    let shown = plan.shown.iter().map(|id| &*plan.column(*id).name);
    let others = plan.columns.iter().enumerate().filter(|(at, _)| !plan.shown.iter().any(|id| id.index() == *at));
    shown.chain(others.map(|(_, column)| &*column.name)).collect()
}

/// As many scorers as there are threads to keep busy with so many rows.
fn scorers(scheme: &Scheme, rows: usize, threads: usize) -> Vec<Scorer<'_>> {
    let looked_at = looked_at(scheme);
    let count = threads.min(rows.div_ceil(THREAD_ROWS)).max(1);
    (0..count).map(|_| scheme.scorer_of(&looked_at).unwrap_or_else(|| scheme.scorer())).collect()
}

fn score_part(scorer: &mut Scorer<'_>, shown: usize, columns: &[Vec<Cell>], rows: Range<usize>) -> Part {
    let mut part = Part { figures: vec![Vec::with_capacity(rows.len()); shown], incomplete: Vec::new() };
    for row in rows {
        let figures = scorer.score(&row_cells(columns, row));
        for (column, figure) in part.figures.iter_mut().zip(figures) {
            column.push(figure.clone());
        }
        if figures.iter().any(|figure| matches!(figure, Figure::Empty(_))) {
            part.incomplete.push(row);
        }
    }
    part
}

/// Scores rows that follow each other, each scorer a part of them; the order of what comes out is that of the rows.
fn score_block(scorers: &mut [Scorer<'_>], shown: usize, columns: &[Vec<Cell>], rows: Range<usize>) -> Vec<Part> {
    let share = rows.len().div_ceil(scorers.len().max(1)).max(THREAD_ROWS);
    if let [scorer, ..] = scorers
        && share >= rows.len()
    {
        return vec![score_part(scorer, shown, columns, rows)];
    }
    let parts = rows.clone().step_by(share).map(|start| start..start.saturating_add(share).min(rows.end));
    thread::scope(|scope| {
        let working: Vec<_> = parts
            .zip(scorers)
            .map(|(part, scorer)| scope.spawn(move || score_part(scorer, shown, columns, part)))
            .collect();
        working.into_iter().map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

impl Batch {
    /// Scores every row, without the interpreter but for a look at it between blocks.
    pub(crate) fn score(
        py: Python<'_>,
        scheme: &Scheme,
        cells: Vec<Vec<Cell>>,
        rows: usize,
        threads: usize,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let shown = scheme.plan().shown.len();
        let mut all = Part { figures: vec![Vec::with_capacity(rows); shown], incomplete: Vec::new() };
        let mut scorers = py.detach(|| scorers(scheme, rows, threads));
        let mut done = 0;
        while done < rows {
            let block = done..done.saturating_add(BLOCK).min(rows);
            done = block.end;
            for part in py.detach(|| score_block(&mut scorers, shown, &cells, block)) {
                for (column, figures) in all.figures.iter_mut().zip(part.figures) {
                    column.extend(figures);
                }
                all.incomplete.extend(part.incomplete);
            }
            py.check_signals()?;
            if let Some(progress) = progress {
                progress.call1((done, rows))?;
            }
        }
        let keys = keys(py, scheme, &all.figures)?;
        Ok(Self { scheme: scheme.clone(), cells, figures: all.figures, incomplete: all.incomplete, keys })
    }
}

/// The row of each key.
///
/// # Errors
///
/// `DataError` naming every row without a key, or every key that two rows have.
fn keys(py: Python<'_>, scheme: &Scheme, figures: &[Vec<Figure>]) -> PyResult<HashMap<String, usize>> {
    let Some(key) = scheme.key() else { return Ok(HashMap::new()) };
    let Some(at) = scheme.plan().shown.iter().position(|id| *id == key.column) else { return Ok(HashMap::new()) };
    let column = figures.get(at).map_or(&[][..], Vec::as_slice);
    let name = &key.name;
    let mut rows = HashMap::with_capacity(column.len());
    let (mut absent, mut twice) = (Vec::new(), Vec::new());
    for (row, figure) in column.iter().enumerate() {
        match figure {
            Figure::Missing | Figure::Empty(_) => absent.push(row.saturating_add(1).to_string()),
            key => {
                if let Some(first) = rows.insert(key.to_string(), row) {
                    twice.push((key.to_string(), first));
                }
            }
        }
    }
    if !absent.is_empty() {
        let (en, zh) = (named(&absent, false), named(&absent, true));
        return Err(refuse(
            py,
            Code::KeyMissing,
            Message::new(
                format!("rows without a usable `{name}`: {en}"),
                format!("以下行的 `{name}` 缺失或无法使用：{zh}"),
            ),
            say!("every row needs a key of its own; text is safest", "每一行都要有自己的键；用文本最稳妥"),
            absent,
        ));
    }
    if !twice.is_empty() {
        let mut offenders: Vec<String> = twice.into_iter().map(|(key, _)| key).collect();
        let mut seen = HashSet::new();
        offenders.retain(|key| seen.insert(key.clone()));
        let quoted: Vec<String> = offenders.iter().map(|key| format!("`{key}`")).collect();
        let (en, zh) = (named(&quoted, false), named(&quoted, true));
        return Err(refuse(
            py,
            Code::KeyTwice,
            Message::new(format!("more than one row has the same `{name}`: {en}"), format!("`{name}` 重复：{zh}")),
            say!("keep one row for each", "每个只留一行"),
            offenders,
        ));
    }
    Ok(rows)
}

/// The first of a list and how many more there are.
fn named(list: &[String], chinese: bool) -> String {
    let first = list.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>();
    let (comma, more) = if chinese { ("、", "等共") } else { (", ", " and ") };
    let rest = list.len().saturating_sub(NAMED);
    match (rest, chinese) {
        (0, _) => first.join(comma),
        (_, false) => format!("{}{more}{rest} more", first.join(comma)),
        (_, true) => format!("{}{more} {} 个", first.join(comma), list.len()),
    }
}

#[pymethods]
impl Batch {
    /// The figures of the shown column at this place.
    fn column<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Bound<'py, PyList>> {
        let figures = self.figures.get(at).map_or(&[][..], Vec::as_slice);
        let values = figures.iter().map(|figure| to_python(py, figure)).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, values)
    }

    /// The figures of a column of numbers as Arrow lays out decimals of so many places: sixteen bytes for each, and a
    /// bit for each that says whether it is there; no bits when all are. Nothing when a figure has more places.
    fn decimals<'py>(
        &self,
        py: Python<'py>,
        at: usize,
        places: u32,
    ) -> Option<(Bound<'py, PyBytes>, Option<Bound<'py, PyBytes>>)> {
        let figures = self.figures.get(at)?;
        let mut mantissas = Vec::with_capacity(figures.len().saturating_mul(size_of::<i128>()));
        let mut present = vec![0_u8; figures.len().div_ceil(8)];
        let mut absent = false;
        for (row, figure) in figures.iter().enumerate() {
            let mantissa = match figure {
                Figure::Number { value, .. } => {
                    if let Some(bits) = present.get_mut(row / 8) {
                        *bits |= 1 << (row % 8);
                    }
                    let more = places.checked_sub(value.scale())?;
                    value.mantissa().checked_mul(10_i128.checked_pow(more)?)?
                }
                _ => {
                    absent = true;
                    0
                }
            };
            mantissas.extend_from_slice(&mantissa.to_ne_bytes());
        }
        Some((PyBytes::new(py, &mantissas), absent.then(|| PyBytes::new(py, &present))))
    }

    /// Whether every cell of every row has come out.
    fn is_complete(&self) -> bool {
        self.incomplete.is_empty()
    }

    /// The rows with an empty cell, each with its problems as JSON.
    fn problems(&self, py: Python<'_>) -> Vec<(usize, String)> {
        // told again from the row, so that a batch does not carry sentences nobody asks for
        py.detach(|| {
            let problems = |row| self.scheme.score_cells(&row_cells(&self.cells, row)).problems();
            self.incomplete.iter().map(|row| (*row, problems_json(&problems(*row)))).collect()
        })
    }

    /// Why the figures of a row are what they are.
    fn explain(&self, py: Python<'_>, row: usize, column: Option<&str>) -> PyResult<Explanation> {
        let cells = row_cells(&self.cells, row);
        let explanation = py.detach(|| self.scheme.explain_cells(&cells, column));
        explanation.map(Explanation::of).map_err(|error| data_error(py, &error))
    }

    /// The row of a key.
    fn row_of(&self, key: &str) -> Option<usize> {
        self.keys.get(key).copied()
    }
}
