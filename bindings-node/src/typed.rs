//! The figures of a run for programs: as typed arrays, or as the bytes of an Arrow stream.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use kaohe::Run;
use napi::bindgen_prelude::{BigInt64Array, Buffer, Int32Array, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use serde_json::json;

use crate::error::{ErrorClass, Result, guarded, internal};
use crate::{figure, ipc};

/// Texts that go back to JavaScript between two turns of the event loop.
const BLOCK_TEXTS: usize = 4096;

/// The figures of a column.
enum Figures {
    /// Numbers in units of the last of so many decimals.
    Units(Vec<i64>, i8),
    /// The numbers of words.
    Codes(Vec<i32>, Vec<String>),
    Truths(Vec<u8>),
    /// Days since 1970.
    Days(Vec<i32>),
    /// As text, by the column's place in the run.
    Texts(usize),
}

impl Figures {
    fn of(array: &ArrayRef, at: usize) -> Self {
        match array.data_type() {
            DataType::Decimal128(_, scale) => {
                let decimals = array.as_primitive::<Decimal128Type>();
                // where there is none stands anything
                let unit = |(row, units): (usize, &i128)| match i64::try_from(*units) {
                    Ok(units) => Some(units),
                    Err(_) => decimals.is_null(row).then_some(0),
                };
                let units: Option<Vec<i64>> = decimals.values().iter().enumerate().map(unit).collect();
                units.map_or(Self::Texts(at), |units| Self::Units(units, *scale))
            }
            DataType::Dictionary(..) => {
                let dictionary = array.as_dictionary::<Int32Type>();
                let words = dictionary.values().as_string::<i32>().iter().flatten().map(str::to_owned).collect();
                Self::Codes(dictionary.keys().iter().map(|code| code.unwrap_or(-1)).collect(), words)
            }
            DataType::Boolean => Self::Truths(array.as_boolean().values().iter().map(u8::from).collect()),
            DataType::Date32 => Self::Days(array.as_primitive::<Date32Type>().values().to_vec()),
            _ => Self::Texts(at),
        }
    }
}

fn present(nulls: Option<&NullBuffer>) -> Option<Vec<u8>> {
    nulls.filter(|nulls| nulls.null_count() > 0).map(|nulls| nulls.iter().map(u8::from).collect())
}

/// The work of typed arrays.
pub struct Typing {
    pub(crate) run: Arc<Run>,
}

impl Task for Typing {
    type Output = Result<Vec<Column>>;
    type JsValue = NativeTyped;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded("the figures could not be made typed arrays", || {
            let batch = self.run.record_batch();
            let columns = batch.columns().iter().enumerate().map(|(at, array)| {
                let figures = Figures::of(array, at);
                let valid = match &figures {
                    Figures::Texts(_) => None,
                    _ => present(array.nulls()),
                };
                Column { figures, valid }
            });
            Ok(columns.collect())
        }))
    }

    fn resolve(&mut self, _: Env, columns: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(NativeTyped { run: Arc::clone(&self.run), columns })
    }
}

/// A column, and which of its figures are there.
pub struct Column {
    figures: Figures,
    valid: Option<Vec<u8>>,
}

/// Typed arrays that are still to be handed over.
#[napi]
pub struct NativeTyped {
    run: Arc<Run>,
    columns: Result<Vec<Column>>,
}

#[napi]
impl NativeTyped {
    fn column(&mut self, at: u32) -> Result<&mut Column> {
        match &mut self.columns {
            Ok(columns) => columns.get_mut(at as usize).ok_or_else(|| internal(&"a column that is not there")),
            Err(refused) => Err(napi::Error::<ErrorClass>::new(refused.status, refused.reason.clone())),
        }
    }

    /// The columns as JSON: `name`, `form` (which of the other functions has them), `places`, `words`.
    #[napi]
    pub fn about(&mut self) -> Result<String> {
        if self.columns.is_err() {
            self.column(0)?;
        }
        let columns = self.columns.iter().flatten().zip(self.run.columns());
        let columns = columns.map(|(column, (name, _))| match &column.figures {
            Figures::Units(_, places) => json!({ "name": name, "form": "units", "places": places }),
            Figures::Codes(_, words) => json!({ "name": name, "form": "codes", "words": words }),
            Figures::Truths(_) => json!({ "name": name, "form": "truths" }),
            Figures::Days(_) => json!({ "name": name, "form": "days" }),
            Figures::Texts(_) => json!({ "name": name, "form": "texts" }),
        });
        Ok(json!({ "rows": self.run.rows(), "block_texts": BLOCK_TEXTS, "columns": columns.collect::<Vec<_>>() })
            .to_string())
    }

    /// Which figures of a column are there, once; nothing when all are.
    #[napi]
    pub fn valid(&mut self, at: u32) -> Result<Option<Uint8Array>> {
        Ok(self.column(at)?.valid.take().map(Uint8Array::new))
    }

    /// The numbers of a column, once.
    #[napi]
    pub fn units(&mut self, at: u32) -> Result<BigInt64Array> {
        match &mut self.column(at)?.figures {
            Figures::Units(units, _) => Ok(BigInt64Array::new(std::mem::take(units))),
            _ => Err(internal(&"a column of another form")),
        }
    }

    /// The days or the numbers of words of a column, once.
    #[napi]
    pub fn integers(&mut self, at: u32) -> Result<Int32Array> {
        match &mut self.column(at)?.figures {
            Figures::Days(integers) | Figures::Codes(integers, _) => Ok(Int32Array::new(std::mem::take(integers))),
            _ => Err(internal(&"a column of another form")),
        }
    }

    /// The truths of a column, once.
    #[napi]
    pub fn truths(&mut self, at: u32) -> Result<Uint8Array> {
        match &mut self.column(at)?.figures {
            Figures::Truths(truths) => Ok(Uint8Array::new(std::mem::take(truths))),
            _ => Err(internal(&"a column of another form")),
        }
    }

    /// A block of the figures of a column as text, as a JSON list.
    #[napi]
    pub fn texts(&mut self, at: u32, block: u32) -> Result<String> {
        let Figures::Texts(place) = self.column(at)?.figures else { return Err(internal(&"a column of another form")) };
        let figures = self.run.figures(place);
        let start = (block as usize).saturating_mul(BLOCK_TEXTS);
        let mut list = "[".to_owned();
        for row in start..start.saturating_add(BLOCK_TEXTS).min(figures.len()) {
            if row > start {
                list.push(',');
            }
            if let Some(found) = figures.get(row) {
                figure::push(&mut list, &found);
            }
        }
        list.push(']');
        Ok(list)
    }
}

/// The work of Arrow's bytes.
pub struct ArrowWriting {
    pub(crate) run: Arc<Run>,
}

impl Task for ArrowWriting {
    type Output = Result<Vec<u8>>;
    type JsValue = NativeBytes;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded("the figures could not be written", || ipc::write(&self.run)))
    }

    fn resolve(&mut self, _: Env, bytes: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(NativeBytes { bytes: Some(bytes) })
    }
}

/// Bytes, or why there are none.
#[napi]
pub struct NativeBytes {
    bytes: Option<Result<Vec<u8>>>,
}

#[napi]
impl NativeBytes {
    /// The bytes, once.
    #[napi]
    pub fn take(&mut self) -> Result<Buffer> {
        self.bytes.take().unwrap_or_else(|| Err(internal(&"bytes that were taken already"))).map(Buffer::from)
    }
}
