//! `kaohe.Outcome`: what came out for one row.

use kaohe::boundary::problems_json;
use kaohe::{Outcome as CoreOutcome, Run};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::data_error;
use crate::explanation::Explanation;
use crate::figure::{date_to_python, to_python};
use crate::run::by_name;

/// Everything computed for one row.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Outcome {
    outcome: CoreOutcome,
    /// The run of this row alone.
    run: Run,
}

impl Outcome {
    pub(crate) fn of(run: Run) -> Self {
        Self { outcome: run.outcome(0), run }
    }
}

#[pymethods]
impl Outcome {
    /// The figure of a column and whether there is such a column.
    fn get<'py>(&self, py: Python<'py>, name: &str) -> PyResult<(bool, Bound<'py, PyAny>)> {
        match self.outcome.get(name) {
            Some(figure) => Ok((true, to_python(py, &figure)?)),
            None => Ok((false, py.None().into_bound(py))),
        }
    }

    /// The figures people are shown, in the order of the scheme.
    fn figures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_name(py, self.outcome.figures())
    }

    fn fingerprint(&self) -> String {
        self.outcome.fingerprint()
    }

    fn as_of<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.outcome.as_of().map(|day| date_to_python(py, day)).transpose()
    }

    /// The values of the run, as they were given or by their defaults.
    fn given<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_name(py, self.outcome.given())
    }

    /// Whether every cell has come out.
    fn is_complete(&self) -> bool {
        self.outcome.is_complete()
    }

    /// Why the figures are what they are.
    fn explain(&self, py: Python<'_>, column: Option<&str>) -> PyResult<Explanation> {
        self.run.explain(0, column).map(Explanation::of).map_err(|error| data_error(py, &error))
    }

    /// The empty cells with their reasons, as JSON.
    fn problems(&self) -> String {
        problems_json(&self.outcome.problems())
    }
}
