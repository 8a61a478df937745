//! `kaohe.Scheme`: read, asked what it is, scored with.

use kaohe::boundary::cases_json;
use kaohe::date::Date;
use kaohe::row::Binding;
use kaohe::value::Kind;
use kaohe::{Cell, Scheme as CoreScheme};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::batch::{Batch, columns_of_cells};
use crate::cell::day;
use crate::error::{Told, data_error, refused, scheme_error, told};
use crate::figure::date_to_python;
use crate::outcome::Outcome;
use crate::row::{Names, row};

/// What an input is, in the order the Python class `Input` has its fields.
type InputFields<'a> = (&'a str, &'static str, bool, Vec<&'a str>, Option<&'a str>);
/// What a column is, in the order the Python class `Column` has its fields.
type ColumnFields<'a> = (&'a str, &'static str, Option<u32>, Option<&'a str>);

/// A scheme that was read and checked.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Scheme {
    scheme: CoreScheme,
    names: Names,
}

impl Scheme {
    fn of(scheme: CoreScheme) -> Self {
        let names = scheme.inputs().iter().flat_map(|input| input.names().map(str::to_owned)).collect();
        Self { scheme, names }
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
        let inputs = self.scheme.inputs().iter();
        let fields = inputs
            .map(|input| (&*input.name, kind(&input.kind), input.key, input.names().collect(), input.unit.as_deref()));
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

    /// Scores one person.
    fn score_row(&self, facts: &Bound<'_, PyDict>) -> PyResult<Outcome> {
        let row = row(&self.names, facts)?;
        let outcome = self.scheme.score_row(&row).map_err(|error| data_error(facts.py(), &error))?;
        Ok(Outcome { outcome, scheme: self.scheme.clone(), row })
    }

    /// For each input its place among the headers of a table.
    fn bind(&self, py: Python<'_>, headers: Vec<String>) -> PyResult<Vec<usize>> {
        let binding: Binding = self.scheme.bind(&headers).map_err(|error| data_error(py, &error))?;
        Ok(binding.places().to_vec())
    }

    /// Refuses a row whose names look misspelt; its values are not looked at.
    fn check_names(&self, py: Python<'_>, names: Vec<String>) -> PyResult<()> {
        let mut row = kaohe::Row::new();
        names.iter().for_each(|name| row.set(name, Cell::Missing));
        self.scheme.score_row(&row).map(drop).map_err(|error| data_error(py, &error))
    }

    /// Scores a table: for each input, in their order, the list of its values.
    fn score(
        &self,
        py: Python<'_>,
        columns: Vec<Bound<'_, PyList>>,
        rows: usize,
        threads: usize,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Batch> {
        let cells = columns_of_cells(py, self.scheme.inputs(), &columns)?;
        Batch::score(py, &self.scheme, cells, rows, threads, progress.as_ref())
    }
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
