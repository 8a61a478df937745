//! `kaohe.ScoredBatches`: people scored batch by batch.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use kaohe::{Problem, Stop, Stream as CoreStream};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use pyo3_arrow::ffi::to_schema_pycapsule;

use crate::batches::Batches;
use crate::capsule::stream;
use crate::error::data_error;
use crate::run::Problems;

/// Rows with problems that are kept until somebody asks for them.
const KEPT: usize = 100_000;

/// What comes in.
type Reader = Box<dyn RecordBatchReader + Send>;

/// People scored batch by batch.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Stream {
    schema: SchemaRef,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    stream: CoreStream<Reader>,
    /// The problems nobody has asked for yet: the row in the stream, its key, why.
    problems: Vec<(usize, String, Vec<Problem>)>,
    /// How many rows with problems were not kept.
    forgotten: usize,
    rows: usize,
}

impl Stream {
    pub(crate) fn of(stream: CoreStream<Reader>) -> Self {
        let schema = SchemaRef::clone(stream.schema());
        let inner = Inner { stream, problems: Vec::new(), forgotten: 0, rows: 0 };
        Self { schema, inner: Arc::new(Mutex::new(inner)) }
    }
}

fn locked(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    /// The next batch, looking at the interpreter for signals.
    fn next(&mut self) -> PyResult<Option<RecordBatch>> {
        let mut failure = None;
        let mut look = |_| match Python::attach(|py| py.check_signals()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        };
        match self.stream.next_with(Some(&mut look)) {
            None => Ok(None),
            Some(Ok(scored)) => {
                for problems in scored.problems() {
                    if self.problems.len() < KEPT {
                        self.problems.push(problems);
                    } else {
                        self.forgotten = self.forgotten.saturating_add(1);
                    }
                }
                let batch = scored.record_batch().clone();
                self.rows = self.rows.saturating_add(batch.num_rows());
                Ok(Some(batch))
            }
            Some(Err(Stop::Data(error))) => Python::attach(|py| Err(data_error(py, &error))),
            Some(Err(stop)) => Err(failure.unwrap_or_else(|| PyRuntimeError::new_err(stop.to_string()))),
        }
    }
}

/// The same as other tools read it.
struct Out {
    schema: SchemaRef,
    inner: Arc<Mutex<Inner>>,
}

impl Iterator for Out {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        locked(&self.inner).next().map_err(|error| ArrowError::ExternalError(Box::new(error))).transpose()
    }
}

impl RecordBatchReader for Out {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }
}

#[pymethods]
impl Stream {
    /// The next batch; nothing when there is no further.
    fn next(&self, py: Python<'_>) -> PyResult<Option<Batches>> {
        py.detach(|| Ok(locked(&self.inner).next()?.map(Batches::of)))
    }

    /// How many rows have come out.
    fn rows(&self, py: Python<'_>) -> usize {
        py.detach(|| locked(&self.inner).rows)
    }

    /// How many rows with problems were not kept.
    fn forgotten(&self, py: Python<'_>) -> usize {
        py.detach(|| locked(&self.inner).forgotten)
    }

    /// The problems nobody has asked for yet, by column.
    fn problems<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = py.detach(|| std::mem::take(&mut locked(&self.inner).problems));
        let mut told = Problems::new(py);
        for (row, key, problems) in found {
            problems.into_iter().try_for_each(|problem| told.add(row, &key, problem))?;
        }
        told.into_columns()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.schema.as_ref())?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let out = Out { schema: SchemaRef::clone(&self.schema), inner: Arc::clone(&self.inner) };
        stream(py, Box::new(out), requested_schema)
    }
}
