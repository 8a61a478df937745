//! `kaohe.Formula`: one formula on its own.

use kaohe::Formula as CoreFormula;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::{cell_error, data_error, refused};
use crate::figure::{fraction, to_python};
use crate::row::person;
use crate::table::Names;

/// A formula that was read and checked.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Formula {
    formula: CoreFormula,
    names: Names,
}

#[pymethods]
impl Formula {
    #[new]
    fn new(py: Python<'_>, text: &str, types: Vec<(String, String)>) -> PyResult<Self> {
        let formula = py.detach(|| CoreFormula::typed(text, &types)).map_err(|error| refused(py, &error))?;
        let names = formula.names().map(str::to_owned).collect();
        Ok(Self { formula, names })
    }

    /// The names it reads, in order.
    fn names(&self) -> Vec<&str> {
        self.formula.names().collect()
    }

    /// The published value.
    fn evaluate<'py>(&self, facts: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let py = facts.py();
        let row = person(&self.names, facts)?;
        let figure = self.formula.evaluate(&row).map_err(|error| data_error(py, &error))?;
        to_python(py, &figure.map_err(|problem| cell_error(py, &problem))?)
    }

    /// The exact value as a fraction; what is no number as it is.
    fn evaluate_exact<'py>(&self, facts: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let py = facts.py();
        let row = person(&self.names, facts)?;
        let number = self.formula.evaluate_exact(&row).map_err(|error| data_error(py, &error))?;
        match number.map_err(|problem| cell_error(py, &problem))? {
            Some(number) => fraction(py, &number),
            None => self.evaluate(facts),
        }
    }
}
