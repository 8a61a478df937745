//! The only place where an error of the library becomes a Python exception.
//!
//! The exceptions are classes written in Python, so that they can be pickled, and carry data rather than text.

use kaohe::boundary::{data_error_json, diagnostics_json, problems_json};
use kaohe::code::Code;
use kaohe::diagnostic::{Diagnostic, Language, Message};
use kaohe::{DataError, Problem, SchemeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// Where the exceptions are defined.
const MODULE: &str = "kaohe._errors";

static SCHEME_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static DATA_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static CELL_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// Diagnostics as Python reads them: as JSON, and each rendered in English and Chinese.
pub(crate) type Told = (String, Vec<(String, String)>);

/// Diagnostics as Python reads them; `file` is named where one was read.
pub(crate) fn told(diagnostics: &[Diagnostic], file: Option<&str>) -> Told {
    let rendered =
        diagnostics.iter().map(|each| (each.render(file, Language::English), each.render(file, Language::Chinese)));
    (diagnostics_json(diagnostics), rendered.collect())
}

/// `kaohe.SchemeError`.
pub(crate) fn scheme_error(py: Python<'_>, told: Told) -> PyErr {
    raised(SCHEME_ERROR.import(py, MODULE, "SchemeError").and_then(|class| class.call_method1("_told", told)))
}

/// `kaohe.SchemeError` of a formula that was refused.
pub(crate) fn refused(py: Python<'_>, error: &SchemeError) -> PyErr {
    scheme_error(py, told(error.diagnostics(), None))
}

/// `kaohe.DataError`.
pub(crate) fn data_error(py: Python<'_>, error: &DataError) -> PyErr {
    let json = data_error_json(error);
    raised(DATA_ERROR.import(py, MODULE, "DataError").and_then(|class| class.call_method1("_told", (json,))))
}

/// `kaohe.DataError` of something the bindings found.
pub(crate) fn refuse(py: Python<'_>, code: Code, message: Message, help: Message, offenders: Vec<String>) -> PyErr {
    data_error(py, &DataError { code, message, help: Some(help), offenders })
}

/// `kaohe.CellError`.
pub(crate) fn cell_error(py: Python<'_>, problem: &Problem) -> PyErr {
    let json = problems_json(std::slice::from_ref(problem));
    raised(CELL_ERROR.import(py, MODULE, "CellError").and_then(|class| class.call_method1("_told", (json,))))
}

fn raised(exception: PyResult<Bound<'_, PyAny>>) -> PyErr {
    exception.map_or_else(|error| error, PyErr::from_value)
}
