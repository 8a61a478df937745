//! What is to be scored together: people, their detail rows, the values of the run; handed over table by table.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kaohe::{Cell, Scheme};
use napi::bindgen_prelude::{AsyncTask, Either, Float64Array};
use napi_derive::napi;

use crate::cell;
use crate::error::{Result, internal};
use crate::run::Scoring;
use crate::table::{Column, Incoming};

/// People with what belongs to them, until they are scored.
#[napi]
pub struct NativeData {
    scheme: Scheme,
    // behind a lock, so that JavaScript can cancel what it has begun to score
    held: Mutex<Held>,
    cancelled: Arc<AtomicBool>,
}

/// What has been handed over so far.
#[derive(Default)]
struct Held {
    /// For each table the detail table's name, or nothing for people; people come first.
    tables: Vec<(Option<String>, Incoming)>,
    given: Vec<(String, Cell)>,
}

#[napi]
impl NativeData {
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self { scheme, held: Mutex::default(), cancelled: Arc::default() }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to the table that was begun last.
    fn add(&self, add: impl FnOnce(&mut Incoming)) -> Result<()> {
        match self.held().tables.last_mut() {
            Some((_, table)) => {
                add(table);
                Ok(())
            }
            None => Err(internal(&"rows of no table")),
        }
    }

    /// Begins a table: that of people, or a detail table's. Says for each header whether its cells are looked at.
    #[napi]
    pub fn begin(&self, detail: Option<String>, headers: Vec<String>) -> Vec<bool> {
        let table = Incoming::new(&self.scheme, detail.as_deref(), headers);
        let read = table.read().to_vec();
        self.held().tables.push((detail, table));
        read
    }

    /// Adds rows to the table that was begun last: for each header that is looked at its cells, as numbers or as a JSON
    /// list of marked cells.
    #[napi]
    pub fn add_columns(&self, rows: u32, columns: Vec<Either<Float64Array, String>>) -> Result<()> {
        let columns = columns.into_iter().map(Column::of).collect();
        self.add(|table| table.add_columns(rows as usize, columns))
    }

    /// Adds rows to the table that was begun last, as a JSON list of maps of marked cells.
    #[napi]
    pub fn add_rows(&self, rows: u32, json: String) -> Result<()> {
        self.add(|table| table.add_rows(rows as usize, json))
    }

    /// The values of the run, as a JSON map of marked cells.
    #[napi]
    pub fn give(&self, given: String) -> Result<()> {
        self.held().given = cell::by_name(&given)?;
        Ok(())
    }

    /// Stops the scoring at the end of the block that is being scored.
    #[napi]
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Scores what was handed over, off the event loop, on so many threads.
    #[napi(ts_return_type = "Promise<NativeRun>")]
    pub fn score(&self, threads: u32) -> AsyncTask<Scoring> {
        let Held { tables, given } = std::mem::take(&mut *self.held());
        AsyncTask::new(Scoring {
            scheme: self.scheme.clone(),
            tables,
            given,
            threads: threads.max(1) as usize,
            cancelled: Arc::clone(&self.cancelled),
        })
    }
}
