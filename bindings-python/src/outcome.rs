//! `kaohe.Outcome`: what came out for one row.

use std::sync::OnceLock;

use kaohe::boundary::problems_json;
use kaohe::{Data, Options, Outcome as CoreOutcome, Row, Run, Scheme, Stop};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::data_error;
use crate::explanation::Explanation;
use crate::figure::{date_to_python, to_python};
use crate::quick::Answer;
use crate::run::by_name;

/// Everything computed for one row.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Outcome {
    scheme: Scheme,
    /// The figures people are shown, where nothing else was there to say.
    answer: Option<Answer>,
    /// All there is to say of the row, with the run of it alone.
    whole: OnceLock<(CoreOutcome, Run)>,
}

impl Outcome {
    pub(crate) fn of(run: Run) -> Self {
        let (scheme, whole) = (run.scheme().clone(), OnceLock::from((run.outcome(0), run)));
        Self { scheme, answer: None, whole }
    }

    pub(crate) const fn quick(scheme: Scheme, answer: Answer) -> Self {
        Self { scheme, answer: Some(answer), whole: OnceLock::new() }
    }

    /// All there is to say of the row, looked for when it is first asked.
    fn whole(&self, py: Python<'_>) -> PyResult<&(CoreOutcome, Run)> {
        if let Some(whole) = self.whole.get() {
            return Ok(whole);
        }
        let mut row = Row::new();
        let cells = self.answer.iter().flat_map(|answer| &answer.cells);
        for (input, cell) in self.scheme.inputs().iter().zip(cells) {
            row.set(&input.name, cell.clone());
        }
        let run = self.scheme.score(Data::person(row), Options::default()).map_err(|stop| match stop {
            Stop::Data(error) => data_error(py, &error),
            Stop::Stopped => PyRuntimeError::new_err(stop.to_string()),
        })?;
        Ok(self.whole.get_or_init(|| (run.outcome(0), run)))
    }
}

#[pymethods]
impl Outcome {
    /// The figure of a column and whether there is such a column.
    fn get<'py>(&self, py: Python<'py>, name: &str) -> PyResult<(bool, Bound<'py, PyAny>)> {
        let plan = self.scheme.plan();
        if let Some(answer) = &self.answer
            && let Some(id) = plan.column_named(name)
            && let Some(figure) = plan.shown.iter().position(|shown| *shown == id).and_then(|at| answer.figures.get(at))
        {
            return Ok((true, to_python(py, figure)?));
        }
        match self.whole(py)?.0.get(name) {
            Some(figure) => Ok((true, to_python(py, &figure)?)),
            None => Ok((false, py.None().into_bound(py))),
        }
    }

    /// The figures people are shown, in the order of the scheme.
    fn figures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        match &self.answer {
            Some(answer) => {
                let plan = self.scheme.plan();
                let names = plan.shown.iter().map(|id| &*plan.column(*id).name);
                by_name(py, names.zip(&answer.figures))
            }
            None => by_name(py, self.whole(py)?.0.figures()),
        }
    }

    fn fingerprint(&self) -> String {
        self.scheme.fingerprint()
    }

    fn as_of<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.scheme.day().map(|day| date_to_python(py, day)).transpose()
    }

    /// The values of the run, as they were given or by their defaults.
    fn given<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_name(py, self.whole(py)?.0.given())
    }

    /// Whether every cell has come out.
    fn is_complete(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.answer.is_some() || self.whole(py)?.0.is_complete())
    }

    /// Why the figures are what they are.
    fn explain(&self, py: Python<'_>, column: Option<&str>) -> PyResult<Explanation> {
        self.whole(py)?.1.explain(0, column).map(Explanation::of).map_err(|error| data_error(py, &error))
    }

    /// The empty cells with their reasons, as JSON.
    fn problems(&self, py: Python<'_>) -> PyResult<String> {
        Ok(problems_json(&self.whole(py)?.0.problems()))
    }
}
