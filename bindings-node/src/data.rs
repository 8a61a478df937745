//! What is to be scored together: people, their detail rows, the values of the run; handed over table by table.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kaohe::{Cell, Scheme};
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use crate::cell;
use crate::error::Result;
use crate::run::{Scoring, Telling};
use crate::table::{Incoming, NativeTable};

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
    tables: Vec<(Option<String>, NativeTable)>,
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

    /// Begins a table: that of people, or a detail table's; as so many bytes of Arrow, when that is said.
    #[napi]
    pub fn begin(&self, detail: Option<String>, headers: Vec<String>, bytes: Option<f64>) -> NativeTable {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length, and only asked for")]
        let table = NativeTable::new(match bytes {
            Some(length) => Incoming::of_bytes(length as usize),
            None => Incoming::new(&self.scheme, detail.as_deref(), headers),
        });
        self.held().tables.push((detail, table.clone()));
        table
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

    /// Scores what was handed over, off the event loop: these columns alone when they are named; with their figures as
    /// text, when that is asked for. `progress` is told the rows that are done and all there are, each time one is gone through.
    #[napi(ts_return_type = "Promise<NativeRun>")]
    pub fn score(
        &self,
        threads: u32,
        columns: Option<Vec<String>>,
        text: bool,
        progress: Option<Telling>,
    ) -> AsyncTask<Scoring> {
        let Held { tables, given } = std::mem::take(&mut *self.held());
        AsyncTask::new(Scoring {
            scheme: self.scheme.clone(),
            tables,
            given,
            threads: threads.max(1) as usize,
            columns,
            text,
            progress,
            cancelled: Arc::clone(&self.cancelled),
        })
    }
}
