//! `kaohe.Scheme`: read, asked what it is, scored with.

use kaohe::boundary::cases_json;
use kaohe::date::Date;
use kaohe::plan::Input;
use kaohe::value::Kind;
use kaohe::{Data, Scheme as CoreScheme};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::cell::day;
use crate::error::{Told, refused, scheme_error, told};
use crate::figure::date_to_python;
use crate::outcome::Outcome;
use crate::row::person;
use crate::run::{Known, Run, scored};
use crate::table::{Frame, table};

/// What an input is, in the order the Python class `Input` has its fields.
type InputFields<'a> = (&'a str, &'static str, bool, Vec<&'a str>, Option<&'a str>);
/// What a detail table is, in the order the Python class `Detail` has its fields.
type DetailFields<'a> = (&'a str, &'a str, Vec<&'a str>, Vec<InputFields<'a>>);
/// What a column is, in the order the Python class `Column` has its fields.
type ColumnFields<'a> = (&'a str, &'static str, Option<u32>, Option<&'a str>);

/// A scheme that was read and checked.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Scheme {
    scheme: CoreScheme,
    known: Known,
}

impl Scheme {
    fn of(scheme: CoreScheme) -> Self {
        let known = Known::of(&scheme);
        Self { scheme, known }
    }
}

#[pymethods]
impl Scheme {
    /// Reads a scheme. `file` is named in errors; with `placed` false they have paths and no lines, because the text
    /// is not one its author wrote.
    #[new]
    fn new(py: Python<'_>, source: &str, file: Option<&str>, placed: bool) -> PyResult<Self> {
        py.detach(|| CoreScheme::parse(source)).map(Self::of).map_err(|error| {
            let mut diagnostics = error.diagnostics().to_vec();
            if !placed {
                for found in diagnostics.iter_mut().filter(|found| !found.path.is_empty()) {
                    (found.span, found.related, found.location) = (None, None, None);
                }
            }
            scheme_error(py, told(&diagnostics, file))
        })
    }

    /// Everything that is wrong or doubtful with a text.
    #[staticmethod]
    fn check(py: Python<'_>, source: &str) -> Told {
        told(&py.detach(|| CoreScheme::check(source)), None)
    }

    /// The same scheme on another day.
    fn on(&self, py: Python<'_>, date: &Bound<'_, PyAny>) -> PyResult<Self> {
        let date = day(date)?;
        self.scheme.as_of(date).map(Self::of).map_err(|error| refused(py, &error))
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
        told(self.scheme.warnings(), None)
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
            (&*detail.name, &*plan.column(detail.key).name, headers, fields(&detail.inputs))
        });
        fields.collect()
    }

    /// What is shown of a row.
    fn columns(&self) -> Vec<ColumnFields<'_>> {
        let plan = self.scheme.plan();
        let fields = plan.shown.iter().map(|id| {
            let column = plan.column(*id);
            let formula = column.formula.as_ref().map(|formula| &*formula.text);
            (&*column.name, kind(&plan.node(column.body).facts.kind), column.places, formula)
        });
        fields.collect()
    }

    /// The results of the worked examples, as JSON.
    fn run_cases(&self, py: Python<'_>) -> String {
        py.detach(|| cases_json(&self.scheme.run_cases()))
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
        scored(py, &self.scheme, data, 1, None).map(Outcome::of)
    }

    /// Scores people together.
    fn score(
        &self,
        py: Python<'_>,
        people: Frame<'_>,
        details: Vec<(String, Frame<'_>)>,
        given: &Bound<'_, PyDict>,
        threads: usize,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Run> {
        let data = Data::of(table(py, &self.known.people, people)?);
        let data = self.known.with(py, data, details, given)?;
        let run = scored(py, &self.scheme, data, threads, progress.as_ref())?;
        Ok(Run { run })
    }
}

/// What inputs are.
fn fields(inputs: &[Input]) -> Vec<InputFields<'_>> {
    let fields = inputs
        .iter()
        .map(|input| (&*input.name, kind(&input.kind), input.key, input.names().collect(), input.unit.as_deref()));
    fields.collect()
}

/// The kind of a value in one word.
fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Number => "number",
        Kind::Truth => "bool",
        Kind::Text | Kind::Missing => "text",
        Kind::Date => "date",
        Kind::Choice(list) if list.ordered => "grade",
        Kind::Choice(_) => "choice",
    }
}
