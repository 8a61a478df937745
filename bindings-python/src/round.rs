//! `kaohe.RatingRound`: requests and answers as JSON, which the library reads and writes.

use std::sync::{Mutex, PoisonError};

use kaohe::boundary::notes_json;
use kaohe::ratings::{RatingRound as CoreRound, event_of_line};
use kaohe::{DataError, Scheme as CoreScheme};
use pyo3::prelude::*;

use crate::error::{data_error, scheme_error, told};

/// A round of rating.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct RatingRound {
    round: Mutex<CoreRound>,
    /// What was lost of the log, as JSON.
    lost: String,
}

impl RatingRound {
    fn with<T>(&self, py: Python<'_>, work: impl FnOnce(&mut CoreRound) -> Result<T, DataError>) -> PyResult<T> {
        // a verb that fails leaves the round as it was, so a poisoned one is sound
        let mut round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut round).map_err(|error| data_error(py, &error))
    }
}

#[pymethods]
impl RatingRound {
    /// A round of a scheme's text; `members` is JSON, `log` lines of JSON.
    #[new]
    fn new(py: Python<'_>, source: &str, members: &str, rating: Option<&str>, log: &[u8]) -> PyResult<Self> {
        let scheme = CoreScheme::parse(source).map_err(|error| scheme_error(py, told(error.diagnostics(), None)))?;
        let made = py.detach(|| CoreRound::of_host(&scheme, members, rating, log));
        let (round, lost) = made.map_err(|error| data_error(py, &error))?;
        Ok(Self { round: Mutex::new(round), lost: notes_json(lost.as_slice()) })
    }

    /// What was lost of the log, as JSON.
    fn lost(&self) -> &str {
        &self.lost
    }

    fn rating(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |round| Ok(round.rating().name().to_owned()))
    }

    fn fingerprint(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |round| Ok(round.rating().fingerprint().to_owned()))
    }

    fn is_open(&self, py: Python<'_>) -> PyResult<bool> {
        self.with(py, |round| Ok(round.is_open()))
    }

    /// Does what a request in JSON says.
    fn act(&self, py: Python<'_>, request: &str) -> PyResult<Option<String>> {
        self.with(py, |round| round.act(request))
    }

    /// Answers a question in JSON.
    fn ask(&self, py: Python<'_>, request: &str) -> PyResult<String> {
        self.with(py, |round| round.ask(request))
    }

    /// Takes an event in, given as its line.
    fn insert(&self, py: Python<'_>, line: &str) -> PyResult<bool> {
        self.with(py, |round| round.insert(event_of_line(line)?))
    }

    /// Takes the events of another round in.
    fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<usize> {
        // a copy, so that two rounds that take each other in never wait for each other
        let other = other.with(py, |round| Ok(round.clone()))?;
        self.with(py, |round| round.merge(&other))
    }

    /// All events as lines of JSON.
    fn to_json_lines(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |round| Ok(round.to_json_lines()))
    }
}
