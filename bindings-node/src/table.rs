//! A table of facts, scored block by block on Node's pool of threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use kaohe::boundary::problems_json;
use kaohe::row::unique_keys;
use kaohe::{Cell, Figure, Scheme, Scorer};
use napi::bindgen_prelude::{AsyncTask, Either, Float64Array};
use napi::{Env, Task};
use napi_derive::napi;

use crate::error::{self, ErrorClass, Result, internal};
use crate::{cell, figure};

/// A column of a block as it came: read off the event loop.
enum Column {
    Numbers(Vec<f64>),
    Marked(String),
}

impl Column {
    fn cells(&self) -> Result<Vec<Cell>> {
        match self {
            Self::Numbers(numbers) => Ok(numbers.iter().map(|each| cell::number(*each)).collect()),
            Self::Marked(marked) => cell::column(marked),
        }
    }
}

/// Some rows of the table: one column for each input, in their order.
struct Block {
    rows: usize,
    columns: Vec<Column>,
}

/// A table that is handed over block by block, and then scored as a whole.
#[napi]
pub struct NativeTable {
    scheme: Scheme,
    // behind a lock, so that JavaScript can cancel what it has begun to score
    blocks: Mutex<Vec<Block>>,
    cancelled: Arc<AtomicBool>,
}

#[napi]
impl NativeTable {
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self { scheme, blocks: Mutex::default(), cancelled: Arc::default() }
    }

    fn blocks(&self) -> MutexGuard<'_, Vec<Block>> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a block of rows: for each input its cells, as numbers or as a JSON list of marked cells.
    #[napi]
    pub fn add(&self, rows: u32, columns: Vec<Either<Float64Array, String>>) {
        let columns = columns.into_iter().map(|column| match column {
            Either::A(numbers) => Column::Numbers(numbers.to_vec()),
            Either::B(marked) => Column::Marked(marked),
        });
        self.blocks().push(Block { rows: rows as usize, columns: columns.collect() });
    }

    /// Stops the scoring at the end of the blocks that are being scored.
    #[napi]
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Scores what was added, off the event loop, on so many threads.
    #[napi(ts_return_type = "Promise<NativeResult>")]
    pub fn score(&self, threads: u32) -> AsyncTask<Scoring> {
        AsyncTask::new(Scoring {
            scheme: self.scheme.clone(),
            blocks: std::mem::take(&mut *self.blocks()),
            threads: threads.max(1) as usize,
            cancelled: Arc::clone(&self.cancelled),
        })
    }
}

/// The work of one batch.
pub struct Scoring {
    scheme: Scheme,
    blocks: Vec<Block>,
    threads: usize,
    cancelled: Arc<AtomicBool>,
}

impl Scoring {
    /// Every row has a key, and no two the same.
    fn check_keys(&self) -> Result<()> {
        let Some(at) = self.scheme.inputs().iter().position(|input| input.key) else { return Ok(()) };
        let mut keys: Vec<String> = Vec::new();
        for block in &self.blocks {
            let cells = block.columns.get(at).map_or_else(|| Ok(Vec::new()), Column::cells)?;
            keys.extend(cells.iter().map(cell::key));
        }
        unique_keys(keys.iter().map(String::as_str).enumerate()).map_err(|refused| error::data(&refused))
    }

    /// Scores the next block that nobody has taken, until there is none.
    fn work(&self, next: &AtomicUsize, done: &Mutex<Vec<Option<Result<String>>>>) {
        // every column, so that a fault that nothing shown reads is told as `scoreRow` tells it
        let plan = self.scheme.plan();
        let others = (0..plan.columns.len()).filter(|at| !plan.shown.iter().any(|shown| shown.index() == *at));
        let shown = plan.shown.iter().map(|shown| shown.index());
        let names: Vec<&str> =
            shown.chain(others).filter_map(|at| plan.columns.get(at)).map(|column| &*column.name).collect();
        let mut scorer = self.scheme.scorer_of(&names).unwrap_or_else(|| self.scheme.scorer());
        while !self.cancelled.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = self.blocks.get(at) else { break };
            // a mistake of ours must not take the host's process with it
            let scored = catch_unwind(AssertUnwindSafe(|| score(&self.scheme, &mut scorer, block)))
                .unwrap_or_else(|_| Err(internal(&"a block of rows could not be scored")));
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = done.get_mut(at) {
                *place = Some(scored);
            }
        }
    }
}

impl Task for Scoring {
    type Output = Result<Vec<Option<Result<String>>>>;
    type JsValue = NativeResult;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        if let Err(refused) = self.check_keys() {
            return Ok(Err(refused));
        }
        let (next, done) = (AtomicUsize::new(0), Mutex::new(self.blocks.iter().map(|_| None).collect()));
        let helpers = self.threads.min(self.blocks.len()).saturating_sub(1);
        thread::scope(|scope| {
            for _ in 0..helpers {
                // without another thread this one does all of it
                let _ = thread::Builder::new().spawn_scoped(scope, || self.work(&next, &done));
            }
            self.work(&next, &done);
        });
        Ok(Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }

    fn resolve(&mut self, _: Env, blocks: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(NativeResult { blocks })
    }
}

/// What was computed, block by block.
#[napi]
pub struct NativeResult {
    blocks: Result<Vec<Option<Result<String>>>>,
}

#[napi]
impl NativeResult {
    /// Hands over a block as JSON, once, or says why the table was refused: `columns`, one list for each column people are shown; `problems`, pairs of a
    /// row's place in the block and its problems.
    #[napi]
    pub fn take(&mut self, block: u32) -> Result<String> {
        match &mut self.blocks {
            Ok(blocks) => {
                let taken = blocks.get_mut(block as usize).and_then(Option::take);
                taken.unwrap_or_else(|| Err(internal(&"a block of rows that was not scored")))
            }
            Err(refused) => Err(napi::Error::new(refused.status, refused.reason.clone())),
        }
    }
}

/// Scores a block of rows.
fn score(scheme: &Scheme, scorer: &mut Scorer<'_>, block: &Block) -> Result<String> {
    let mut facts: Vec<std::vec::IntoIter<Cell>> =
        block.columns.iter().map(|column| Ok(column.cells()?.into_iter())).collect::<Result<_>>()?;
    let mut columns: Vec<String> = scheme.plan().shown.iter().map(|_| "[".to_owned()).collect();
    let mut problems = Vec::new();
    let mut cells = Vec::with_capacity(facts.len());
    for row in 0..block.rows {
        cells.clear();
        cells.extend(facts.iter_mut().map(|column| column.next().unwrap_or(Cell::Missing)));
        let figures = scorer.score(&cells);
        let faulty = figures.iter().any(|found| matches!(found, Figure::Empty(_)));
        for (column, found) in columns.iter_mut().zip(figures) {
            if row > 0 {
                column.push(',');
            }
            figure::push(column, found);
        }
        // why a cell is empty is told by the whole evaluation
        if faulty {
            problems.push(format!("[{row},{}]", problems_json(&scheme.score_cells(&cells).problems())));
        }
    }
    for column in &mut columns {
        column.push(']');
    }
    Ok(format!("{{\"columns\":[{}],\"problems\":[{}]}}", columns.join(","), problems.join(",")))
}

/// Errors cross threads on their way to JavaScript.
const _: fn() = || {
    fn crosses_threads<T: Send>() {}
    crosses_threads::<napi::Error<ErrorClass>>();
};
