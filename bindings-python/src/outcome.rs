//! `kaohe.Outcome`: what came out for one row.

use kaohe::boundary::problems_json;
use kaohe::{Outcome as CoreOutcome, Row, Scheme as CoreScheme};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::data_error;
use crate::explanation::Explanation;
use crate::figure::to_python;

/// Everything computed for one row.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Outcome {
    pub(crate) outcome: CoreOutcome,
    pub(crate) scheme: CoreScheme,
    pub(crate) row: Row,
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
        let figures = PyDict::new(py);
        for (name, figure) in self.outcome.figures() {
            figures.set_item(name, to_python(py, &figure)?)?;
        }
        Ok(figures)
    }

    /// Whether every cell has come out.
    fn is_complete(&self) -> bool {
        self.outcome.is_complete()
    }

    /// Why the figures are what they are.
    fn explain(&self, py: Python<'_>, column: Option<&str>) -> PyResult<Explanation> {
        let explanation = self.scheme.explain_row(&self.row, column);
        explanation.map(Explanation::of).map_err(|error| data_error(py, &error))
    }

    /// The empty cells with their reasons, as JSON.
    fn problems(&self) -> String {
        problems_json(&self.outcome.problems())
    }
}
