//! `kaohe.agreement` and `kaohe.severity`: ratings by raters, apart from any scheme.

use kaohe::boundary::{agreement_json, severity_json};
use kaohe::ratings::agreement::{Agreement as CoreAgreement, Incomplete};
use kaohe::ratings::severity::{Method, SeverityAdjustment};
use kaohe::ratings::{RatingColumns, RatingTable};
use kaohe_grammar::fold_name;
use pyo3::prelude::*;

use crate::error::data_error;
use crate::figure::fraction;
use crate::table::{Frame, table};

/// The columns of ratee, rater and rating.
type Columns = (String, String, String);

/// The ratings of a table of Python.
fn ratings(py: Python<'_>, frame: Frame<'_>, columns: &Columns) -> PyResult<RatingTable> {
    let (ratee, rater, rating) = columns;
    let names = [ratee, rater, rating].map(|name| fold_name(name.trim())).into();
    let table = table(py, &names, frame)?;
    let columns = RatingColumns { ratee, rater, rating };
    py.detach(|| RatingTable::read(table, columns)).map_err(|error| data_error(py, &error))
}

/// How far raters agree.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Agreement {
    agreement: CoreAgreement,
}

impl Agreement {
    pub(crate) const fn of(agreement: CoreAgreement) -> Self {
        Self { agreement }
    }
}

#[pymethods]
impl Agreement {
    #[new]
    fn new(py: Python<'_>, frame: Frame<'_>, columns: Columns, incomplete: Option<&str>) -> PyResult<Self> {
        let incomplete = Incomplete::from_word(incomplete).map_err(|error| data_error(py, &error))?;
        let ratings = ratings(py, frame, &columns)?;
        Ok(Self { agreement: py.detach(|| CoreAgreement::of(&ratings, incomplete)) })
    }

    /// Everything that was found, as JSON.
    fn told(&self) -> String {
        agreement_json(&self.agreement)
    }

    /// The exact value of a figure; nothing when it has none.
    fn exact<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let found = self.agreement.figures().find(|(measure, _)| measure.name() == name);
        found.and_then(|(_, figure)| figure.ok()).map(|number| fraction(py, number)).transpose()
    }
}

/// How severe each rater is, and ratings without it.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Severity {
    severity: SeverityAdjustment,
}

#[pymethods]
impl Severity {
    #[new]
    fn new(
        py: Python<'_>,
        frame: Frame<'_>,
        columns: Columns,
        method: &str,
        without_spread: Option<&str>,
        unconnected: Option<&str>,
    ) -> PyResult<Self> {
        let refused = |error| data_error(py, &error);
        let method = Method::from_words(method, without_spread, unconnected).map_err(refused)?;
        let ratings = ratings(py, frame, &columns)?;
        let severity = py.detach(|| SeverityAdjustment::of(&ratings, method)).map_err(refused)?;
        Ok(Self { severity })
    }

    /// Everything that was found, as JSON.
    fn told(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| severity_json(&self.severity)).map_err(|error| data_error(py, &error))
    }

    /// The exact effect of each rater, in the order of the table of raters.
    fn exact_effects<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.severity.raters().iter().map(|rater| fraction(py, &rater.effect)).collect()
    }
}
