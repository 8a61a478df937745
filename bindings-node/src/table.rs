//! A table on its way in: taken over part by part on the event loop, made one of the library off it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::{ArrayRef, NullArray, RecordBatch, RecordBatchOptions};
use arrow_buffer::Buffer;
use arrow_schema::{Field, Schema};
use kaohe::plan::Input;
use kaohe::value::Kind;
use kaohe::{Cell, Row, Scheme, Table};
use kaohe_grammar::fold_name;
use napi::bindgen_prelude::{BigInt64Array, Either, Float64Array, Uint8Array};
use napi_derive::napi;

use crate::cell;
use crate::column::{Column, Part};
use crate::error::{Result, internal};
use crate::ipc;
use crate::memory::{Lent, room};

/// A table that JavaScript fills, and whoever works on it takes.
#[derive(Clone)]
#[napi]
pub struct NativeTable {
    // behind a lock, so that both have it
    held: Arc<Mutex<Option<Incoming>>>,
}

#[napi]
impl NativeTable {
    pub(crate) fn new(table: Incoming) -> Self {
        Self { held: Arc::new(Mutex::new(Some(table))) }
    }

    fn held(&self) -> MutexGuard<'_, Option<Incoming>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The table as it was filled, once.
    pub(crate) fn take(&self) -> Option<Incoming> {
        self.held().take()
    }

    fn with<T>(&self, work: impl FnOnce(&mut Incoming) -> T) -> Result<T> {
        self.held().as_mut().map(work).ok_or_else(|| internal(&"a table that was taken already"))
    }

    fn column<T>(&self, place: u32, work: impl FnOnce(&mut Column) -> T) -> Result<T> {
        self.with(|table| table.columns.get_mut(place as usize).map(work))?
            .ok_or_else(|| internal(&"a column that is not looked at"))
    }

    /// For each header whether its cells are looked at.
    #[napi]
    pub fn read(&self) -> Result<Vec<bool>> {
        self.with(|table| table.read.clone())
    }

    /// Adds rows by column: for each header that is looked at its cells, as numbers or as a JSON list of marked cells.
    #[napi]
    pub fn add_columns(&self, rows: u32, columns: Vec<Either<Float64Array, String>>) -> Result<()> {
        self.with(|table| {
            table.rows = table.rows.saturating_add(rows as usize);
            for (column, part) in table.columns.iter_mut().zip(columns) {
                column.add(match part {
                    Either::A(numbers) => Part::Numbers(numbers.to_vec()),
                    Either::B(marked) => Part::Marked(marked),
                });
            }
        })
    }

    /// Adds rows that name their cells, as a JSON list of maps of marked cells.
    #[napi]
    pub fn add_rows(&self, rows: u32, json: String) -> Result<()> {
        self.with(|table| {
            table.rows = table.rows.saturating_add(rows as usize);
            table.uneven.push(json);
        })
    }

    /// Says how many rows there are, of a table that comes column by column: each by its place among those looked at.
    #[napi]
    pub fn begin_columns(&self, rows: u32) -> Result<()> {
        self.with(|table| table.rows = rows as usize)
    }

    /// Says that a column comes as typed arrays: of whole numbers or of any, units of so many decimals, the numbers of
    /// words.
    #[napi]
    pub fn begin_typed(&self, place: u32, whole: bool, places: Option<u32>, words: Option<Vec<String>>) -> Result<()> {
        let rows = self.with(|table| table.rows)?;
        self.column(place, |column| column.begin_typed(whole, rows, places, words))
    }

    /// Adds cells to a column, as a JSON list of marked cells.
    #[napi]
    pub fn add_cells(&self, place: u32, marked: String) -> Result<()> {
        self.column(place, |column| column.add(Part::Marked(marked)))
    }

    /// Adds numbers to a column.
    #[napi]
    pub fn add_numbers(&self, place: u32, numbers: &[f64]) -> Result<()> {
        self.column(place, |column| column.add_numbers(numbers))
    }

    /// Adds whole numbers to a column.
    #[napi]
    pub fn add_integers(&self, place: u32, integers: &[i64]) -> Result<()> {
        self.column(place, |column| column.add_integers(integers))
    }

    /// Adds short whole numbers to a column.
    #[napi]
    pub fn add_short(&self, place: u32, integers: &[i32]) -> Result<()> {
        self.column(place, |column| column.add_short(integers))
    }

    /// Takes a typed array as it is: JavaScript has given it away.
    #[napi]
    pub fn lend(
        &self,
        place: u32,
        numbers: Either<Float64Array, BigInt64Array>,
        places: Option<u32>,
        words: Option<Vec<String>>,
    ) -> Result<()> {
        let part = match numbers {
            Either::A(numbers) => Part::Floats(numbers.into_scalars()),
            Either::B(integers) => Part::Wholes(integers.into_scalars()),
        };
        self.column(place, |column| column.lend(part, places, words))
    }

    /// Takes bytes as they are: JavaScript has given them away.
    #[napi]
    pub fn lend_bytes(&self, bytes: Uint8Array) -> Result<()> {
        self.with(|table| table.lent = Some(bytes.into_buffer()))
    }

    /// Adds which cells of a typed column are there: 0 where not.
    #[napi]
    pub fn add_valid(&self, place: u32, valid: &[u8]) -> Result<()> {
        self.column(place, |column| column.add_valid(valid))
    }

    /// Adds to the bytes of a table that comes as such.
    #[napi]
    pub fn add_bytes(&self, part: &[u8]) -> Result<()> {
        self.with(|table| table.bytes.get_or_insert_default().extend_from_slice(part))
    }
}

/// A table that is being taken over.
pub(crate) struct Incoming {
    headers: Vec<String>,
    /// For each header whether the scheme reads anything under it. The others are names alone, so that the library can
    /// tell a misspelt name from one that has nothing to do with it.
    read: Vec<bool>,
    /// A column for each header that is looked at.
    columns: Vec<Column>,
    /// Rows that do not all have the same names, as JSON lists.
    uneven: Vec<String>,
    /// The bytes of a table that came as Arrow holds it; there is nothing else then.
    bytes: Option<Vec<u8>>,
    /// Such bytes that were handed over.
    lent: Option<Buffer>,
    rows: usize,
}

impl Incoming {
    /// A table of people, or of a detail table's rows.
    pub(crate) fn new(scheme: &Scheme, detail: Option<&str>, headers: Vec<String>) -> Self {
        Self::with(headers, &names(scheme, detail))
    }

    /// A table of which the cells under these names are looked at.
    pub(crate) fn of(names: &HashSet<&str>, headers: Vec<String>) -> Self {
        Self::with(headers, &names.iter().map(|name| (*name, false)).collect())
    }

    /// A table of which the cells under these names are looked at; with each whether it is of an input of numbers.
    fn with(headers: Vec<String>, names: &HashMap<&str, bool>) -> Self {
        let found: Vec<Option<bool>> =
            headers.iter().map(|header| names.get(&*fold_name(header.trim())).copied()).collect();
        Self {
            read: found.iter().map(Option::is_some).collect(),
            columns: found.iter().flatten().map(|numbers| Column::new(*numbers)).collect(),
            headers,
            uneven: Vec::new(),
            bytes: None,
            lent: None,
            rows: 0,
        }
    }

    /// A table that comes as so many bytes.
    pub(crate) fn of_bytes(length: usize) -> Self {
        Self { bytes: Some(room(length)), ..Self::with(Vec::new(), &HashMap::new()) }
    }

    /// The table as the library takes it; so many threads may work on it.
    pub(crate) fn into_table(self, threads: usize) -> Result<Table> {
        if let Some(bytes) = self.lent.or_else(|| self.bytes.map(Buffer::from_vec)) {
            return ipc::read(&bytes);
        }
        if !self.uneven.is_empty() {
            let mut rows: Vec<Row> = Vec::with_capacity(self.rows);
            for json in &self.uneven {
                rows.extend(cell::rows(json)?);
            }
            return Ok(Table::of_rows(rows));
        }
        let mut columns = self.columns;
        if columns.iter().any(Column::is_typed) {
            match arrays(columns, threads)? {
                Ok(arrays) => return of_arrays(self.headers, &self.read, arrays, self.rows),
                // a column of cells of several kinds is no array: then none is
                Err(cells) => columns = cells,
            }
        }
        let mut columns = columns.into_iter();
        let headers = self.headers.into_iter().zip(self.read);
        let table: Result<Vec<(String, Vec<Cell>)>> = headers
            .map(|(header, read)| match columns.next_if(read) {
                Some(column) => Ok((header, column.into_cells()?)),
                None => Ok((header, Vec::new())),
            })
            .collect();
        Ok(Table::of_columns(table?).with_rows(self.rows))
    }
}

/// The next of something, on a condition.
trait NextIf: Iterator {
    fn next_if(&mut self, condition: bool) -> Option<Self::Item> {
        if condition { self.next() } else { None }
    }
}

impl<I: Iterator> NextIf for I {}

/// All columns as arrays; the columns themselves when one of them cannot be.
fn arrays(mut columns: Vec<Column>, threads: usize) -> Result<std::result::Result<Vec<ArrayRef>, Vec<Column>>> {
    let size = columns.len().div_ceil(threads.max(1)).max(1);
    let prepared: Vec<Result<()>> = std::thread::scope(|scope| {
        let working: Vec<_> = columns
            .chunks_mut(size)
            .map(|columns| scope.spawn(move || columns.iter_mut().try_for_each(Column::prepare)))
            .collect();
        working
            .into_iter()
            .map(|each| each.join().unwrap_or_else(|_| Err(internal(&"a column could not be read"))))
            .collect()
    });
    prepared.into_iter().collect::<Result<()>>()?;
    if columns.iter().any(|column| column.array().is_none()) {
        return Ok(Err(columns));
    }
    Ok(Ok(columns.iter().filter_map(Column::array).cloned().collect()))
}

/// A table of arrays; a header that is not looked at has none.
fn of_arrays(headers: Vec<String>, read: &[bool], arrays: Vec<ArrayRef>, rows: usize) -> Result<Table> {
    let mut arrays = arrays.into_iter();
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = headers
        .into_iter()
        .zip(read)
        .map(|(header, read)| {
            let array = arrays.next_if(*read).unwrap_or_else(|| Arc::new(NullArray::new(rows)));
            (Field::new(header, array.data_type().clone(), true), array)
        })
        .unzip();
    let schema = Arc::new(Schema::new(fields));
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options);
    Ok(Table::of_batches(&schema, [batch.map_err(|why| internal(&why))?]))
}

/// The names under which a table's cells are looked at, and whether they are of an input of numbers.
fn names<'s>(scheme: &'s Scheme, detail: Option<&str>) -> HashMap<&'s str, bool> {
    let of = |inputs: &'s [Input]| {
        inputs.iter().flat_map(|input| input.names().map(move |name| (name, input.kind == Kind::Number)))
    };
    let Some(name) = detail else { return of(scheme.inputs()).collect() };
    let plan = scheme.plan();
    let Some(detail) = plan.detail_named(&fold_name(name.trim())).map(|id| plan.detail(id)) else {
        return HashMap::new();
    };
    of(&detail.inputs).chain(detail.key_headers.iter().map(|header| (&**header, false))).collect()
}
