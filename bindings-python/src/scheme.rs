//! `kaohe.Scheme`: read, asked what it is, scored with.

use std::sync::{Mutex, OnceLock};

use kaohe::boundary::cases_json;
use kaohe::date::Date;
use kaohe::diagnostic::Diagnostic;
use kaohe::plan::{DetailKind, Input};
use kaohe::run::Apart;
use kaohe::{Data, Options, Scheme as CoreScheme};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3_arrow::PyRecordBatchReader;

use crate::cell::day;
use crate::error::{Told, data_error, scheme_error, told};
use crate::figure::date_to_python;
use crate::outcome::Outcome;
use crate::quick::Quick;
use crate::row::person;
use crate::run::{How, Known, Run, scored};
use crate::stream::Stream;
use crate::table::{Frame, table};

/// What an input is, in the order the Python class `Input` has its fields.
type InputFields<'a> = (&'a str, &'static str, bool, Vec<&'a str>, Option<&'a str>);
/// What a detail table is, in the order the Python class `Detail` has its fields.
type DetailFields<'a> = (&'a str, &'a str, Vec<&'a str>, Vec<InputFields<'a>>, &'static str);
/// What a column is, in the order the Python class `Column` has its fields.
type ColumnFields<'a> = (&'a str, &'static str, Option<u32>, Option<&'a str>);

/// A scheme that was read and checked.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Scheme {
    scheme: CoreScheme,
    known: Known,
    /// What scores one person after the other, made when that is first asked; nothing where rows need more than a row.
    quick: OnceLock<Option<Mutex<Quick>>>,
    /// Whether its author wrote the text, so that errors have lines in it.
    placed: bool,
}

impl Scheme {
    fn of(scheme: CoreScheme, placed: bool) -> Self {
        let known = Known::of(&scheme);
        Self { scheme, known, quick: OnceLock::new(), placed }
    }
}

/// Diagnostics as Python reads them, without lines where the text is not one its author wrote.
fn told_of(diagnostics: &[Diagnostic], file: Option<&str>, placed: bool) -> Told {
    let mut diagnostics = diagnostics.to_vec();
    if !placed {
        for found in diagnostics.iter_mut().filter(|found| !found.path.is_empty()) {
            (found.span, found.related, found.location) = (None, None, None);
        }
    }
    told(&diagnostics, file)
}

#[pymethods]
impl Scheme {
    /// Reads a scheme. `file` is named in errors; with `placed` false they have paths and no lines, because the text
    /// is not one its author wrote.
    #[new]
    fn new(py: Python<'_>, source: &str, file: Option<&str>, placed: bool) -> PyResult<Self> {
        let read = py.detach(|| CoreScheme::parse(source));
        read.map(|scheme| Self::of(scheme, placed))
            .map_err(|error| scheme_error(py, told_of(error.diagnostics(), file, placed)))
    }

    /// Everything that is wrong or doubtful with a text.
    #[staticmethod]
    fn check(py: Python<'_>, source: &str) -> Told {
        told(&py.detach(|| CoreScheme::check(source)), None)
    }

    /// The same scheme on another day.
    fn on(&self, py: Python<'_>, date: &Bound<'_, PyAny>) -> PyResult<Self> {
        let date = day(date)?;
        let moved = self.scheme.as_of(date);
        moved
            .map(|scheme| Self::of(scheme, self.placed))
            .map_err(|error| scheme_error(py, told_of(error.diagnostics(), None, self.placed)))
    }

    fn name(&self) -> &str {
        self.scheme.name()
    }

    fn edition(&self) -> Option<&str> {
        self.scheme.edition()
    }

    fn source(&self) -> &str {
        self.scheme.source()
    }

    fn fingerprint(&self) -> String {
        self.scheme.fingerprint()
    }

    fn as_of<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.scheme.day().map(|day: Date| date_to_python(py, day)).transpose()
    }

    fn warnings(&self) -> Told {
        told_of(self.scheme.warnings(), None, self.placed)
    }

    /// What a row must bring.
    fn inputs(&self) -> Vec<InputFields<'_>> {
        fields(self.scheme.inputs())
    }

    /// The values of the run.
    fn given(&self) -> Vec<InputFields<'_>> {
        fields(&self.scheme.plan().given)
    }

    /// The detail tables.
    fn details(&self) -> Vec<DetailFields<'_>> {
        let plan = self.scheme.plan();
        let fields = plan.details.iter().map(|detail| {
            let headers = detail.key_headers.iter().map(|header| &**header).collect();
            (&*detail.name, &*plan.column(detail.key).name, headers, fields(&detail.inputs), detail.kind.word())
        });
        fields.collect()
    }

    /// The name of the only table of a kind, which is told by its word: `answers`, `ratings`.
    fn only_table(&self, py: Python<'_>, kind: &str) -> PyResult<&str> {
        let kind = DetailKind::from_word(kind).unwrap_or_default();
        self.scheme.only_table(kind).map_err(|error| data_error(py, &error))
    }

    /// What is shown of a row.
    fn columns(&self) -> Vec<ColumnFields<'_>> {
        let plan = self.scheme.plan();
        let fields = plan.shown.iter().map(|id| {
            let column = plan.column(*id);
            let formula = column.formula.as_ref().map(|formula| &*formula.text);
            (&*column.name, plan.node(column.body).facts.kind.word(), column.places, formula)
        });
        fields.collect()
    }

    /// How people may be scored in parts: `rows`, `by` these columns, or `whole` on account of this one.
    fn apart(&self, py: Python<'_>, columns: Option<Vec<String>>) -> PyResult<(&'static str, Vec<String>)> {
        match self.scheme.apart(columns.as_deref()) {
            Ok(Apart::Rows) => Ok(("rows", Vec::new())),
            Ok(Apart::By(columns)) => Ok(("by", columns)),
            Ok(Apart::Whole(column)) => Ok(("whole", vec![column])),
            Err(error) => Err(data_error(py, &error)),
        }
    }

    /// The results of the worked examples, as JSON.
    fn run_cases(&self, py: Python<'_>) -> String {
        py.detach(|| cases_json(&self.scheme.run_cases()))
    }

    /// Scores one person alone, of whom there is nothing but a row.
    fn score_plain_row(&self, facts: &Bound<'_, PyDict>) -> PyResult<Outcome> {
        let py = facts.py();
        let quick = self.quick.get_or_init(|| Quick::of(&self.scheme).map(Mutex::new));
        // another thread that has it is not waited for
        let quick = quick.as_ref().and_then(|quick| quick.try_lock().ok());
        if let Some(answer) = quick.and_then(|mut quick| quick.score(facts)) {
            return Ok(Outcome::quick(self.scheme.clone(), answer));
        }
        let data = Data::person(person(&self.known.people, facts)?);
        scored(py, &self.scheme, data, How::default()).map(Outcome::of)
    }

    /// Scores one person alone.
    fn score_row(
        &self,
        facts: &Bound<'_, PyDict>,
        details: Vec<(String, Frame<'_>)>,
        given: &Bound<'_, PyDict>,
    ) -> PyResult<Outcome> {
        let py = facts.py();
        let data = Data::person(person(&self.known.people, facts)?);
        let data = self.known.with(py, data, details, given)?;
        scored(py, &self.scheme, data, How::default()).map(Outcome::of)
    }

    /// Scores people together.
    fn score(
        &self,
        py: Python<'_>,
        people: Frame<'_>,
        details: Vec<(String, Frame<'_>)>,
        given: &Bound<'_, PyDict>,
        how: (usize, Option<Vec<String>>, Option<Py<PyAny>>),
    ) -> PyResult<Run> {
        let (threads, columns, progress) = how;
        let data = Data::of(table(py, &self.known.people, people)?);
        let data = self.known.with(py, data, details, given)?;
        let how = How { threads, columns, progress: progress.as_ref() };
        let run = scored(py, &self.scheme, data, how)?;
        Ok(Run { run })
    }

    /// Scores people who come in batches.
    fn score_batches(
        &self,
        py: Python<'_>,
        reader: PyRecordBatchReader,
        details: Vec<(String, Frame<'_>)>,
        given: &Bound<'_, PyDict>,
        how: (usize, Option<Vec<String>>),
    ) -> PyResult<Stream> {
        let (threads, columns) = how;
        let data = self.known.with(py, Data::default(), details, given)?;
        let reader = reader.into_reader()?;
        let mut options = Options::threads(threads);
        options.columns = columns;
        let stream = self.scheme.score_batches(&reader.schema(), reader, data, options);
        stream.map(Stream::of).map_err(|error| data_error(py, &error))
    }
}

/// What inputs are.
fn fields(inputs: &[Input]) -> Vec<InputFields<'_>> {
    let fields = inputs
        .iter()
        .map(|input| (&*input.name, input.kind.word(), input.key, input.names().collect(), input.unit.as_deref()));
    fields.collect()
}
