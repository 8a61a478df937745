//! What is to be scored together: people, their detail rows, the values of the run; handed over table by table.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// For each table the detail table's name, or nothing for people.
    tables: Vec<(Option<String>, Incoming)>,
    given: Vec<(String, Cell)>,
    cancelled: Arc<AtomicBool>,
}

#[napi]
impl NativeData {
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self { scheme, tables: Vec::new(), given: Vec::new(), cancelled: Arc::default() }
    }

    /// Begins a table: that of people, or a detail table's. Says for each header whether its cells are looked at.
    #[napi]
    pub fn begin(&mut self, detail: Option<String>, headers: Vec<String>) -> Vec<bool> {
        let table = Incoming::new(&self.scheme, detail.as_deref(), headers);
        let read = table.read().to_vec();
        self.tables.push((detail, table));
        read
    }

    fn table(&mut self) -> Result<&mut Incoming> {
        let (_, table) = self.tables.last_mut().ok_or_else(|| internal(&"rows of no table"))?;
        Ok(table)
    }

    /// Adds rows to the table that was begun last: for each header that is looked at its cells, as numbers or as a JSON
    /// list of marked cells.
    #[napi]
    pub fn add_columns(&mut self, rows: u32, columns: Vec<Either<Float64Array, String>>) -> Result<()> {
        let columns = columns.into_iter().map(|column| match column {
            Either::A(numbers) => Column::Numbers(numbers.to_vec()),
            Either::B(marked) => Column::Marked(marked),
        });
        self.table()?.add_columns(rows as usize, columns.collect());
        Ok(())
    }

    /// Adds rows to the table that was begun last, as a JSON list of maps of marked cells.
    #[napi]
    pub fn add_rows(&mut self, rows: u32, json: String) -> Result<()> {
        self.table()?.add_rows(rows as usize, json);
        Ok(())
    }

    /// The values of the run, as a JSON map of marked cells.
    #[napi]
    pub fn give(&mut self, given: String) -> Result<()> {
        self.given = cell::by_name(&given)?;
        Ok(())
    }

    /// Stops the scoring at the end of the block that is being scored.
    #[napi]
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Scores what was handed over, off the event loop, on so many threads.
    #[napi(ts_return_type = "Promise<NativeRun>")]
    pub fn score(&mut self, threads: u32) -> AsyncTask<Scoring> {
        AsyncTask::new(Scoring {
            scheme: self.scheme.clone(),
            tables: std::mem::take(&mut self.tables),
            given: std::mem::take(&mut self.given),
            threads: threads.max(1) as usize,
            cancelled: Arc::clone(&self.cancelled),
        })
    }
}
