//! Figures on their way out as Arrow, for whoever speaks the Arrow PyCapsule interface.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, StructArray};
use arrow_schema::{DataType, Field, Schema};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use pyo3_arrow::ffi::{to_array_pycapsules, to_schema_pycapsule};

use crate::capsule::stream;

/// A record batch of figures.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Batches {
    batch: RecordBatch,
}

impl Batches {
    pub(crate) const fn of(batch: RecordBatch) -> Self {
        Self { batch }
    }

    /// The same with decimals of so many digits.
    pub(crate) fn with_digits(self, digits: u8) -> Self {
        let schema = self.batch.schema();
        let columns = schema.fields().iter().zip(self.batch.columns()).map(|(field, array)| match field.data_type() {
            DataType::Decimal128(precision, scale) if *precision < digits => {
                let wider = array.as_primitive::<Decimal128Type>().clone().with_precision_and_scale(digits, *scale);
                let wider: ArrayRef = wider.map_or_else(|_| Arc::clone(array), |array| Arc::new(array));
                (Field::new(field.name(), wider.data_type().clone(), true), wider)
            }
            _ => (field.as_ref().clone(), Arc::clone(array)),
        });
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_or(self, Self::of)
    }
}

#[pymethods]
impl Batches {
    fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.batch.schema().as_ref())?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let fields = self.batch.schema().fields().clone();
        let array = StructArray::from(self.batch.clone());
        Ok(to_array_pycapsules(py, Arc::new(Field::new_struct("", fields, false)), &array, requested_schema)?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let reader = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        stream(py, Box::new(reader), requested_schema)
    }
}
