//! People scored together on Node's pool of threads, and what came of them: block by block, and why.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use kaohe::boundary::{exam_statistics_json, notes_json, problems_json};
use kaohe::limits::ROWS;
use kaohe::plan::DetailKind;
use kaohe::ratings::agreement::Incomplete;
use kaohe::run::Progress;
use kaohe::{Cell, Data, Options, Problem, Run, Scheme};
use napi::bindgen_prelude::{AsyncTask, FnArgs, ObjectFinalize, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status, Task};
use napi_derive::napi;
use serde_json::Value as Json;

use crate::error::{self, ErrorClass, Result, guarded, internal};
use crate::figure;
use crate::ratings::Agreeing;
use crate::report::{NativeExplanation, Whose, Writing, form, language_of};
use crate::table::NativeTable;
use crate::typed::{ArrowWriting, Typing};

/// Rows that go back to JavaScript between two turns of the event loop.
const BLOCK_ROWS: usize = 512;

/// Who is told how far a run is: rows that are done, and rows there are.
pub type Telling = ThreadsafeFunction<FnArgs<(f64, f64)>, Unknown<'static>, FnArgs<(f64, f64)>, Status, false>;

/// The work of one run.
pub struct Scoring {
    pub(crate) scheme: Scheme,
    pub(crate) tables: Vec<(Option<String>, NativeTable)>,
    pub(crate) given: Vec<(String, Cell)>,
    pub(crate) threads: usize,
    /// The columns that are wanted, when not all are.
    pub(crate) columns: Option<Vec<String>>,
    /// Whether their figures are wanted as text.
    pub(crate) text: bool,
    pub(crate) progress: Option<Telling>,
    pub(crate) cancelled: Arc<AtomicBool>,
}

impl Scoring {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn data(&mut self) -> Result<Data> {
        let mut data = Data::default();
        for (detail, table) in std::mem::take(&mut self.tables) {
            let table = table.take().ok_or_else(|| internal(&"a table that was taken already"))?;
            let table = table.into_table(self.threads)?;
            data = match detail {
                Some(name) => data.detail(&name, table),
                // people are counted from 0, as their places in `rows` are; too many are refused anyway
                None => {
                    let rows = u32::try_from(table.rows().min(ROWS)).unwrap_or(u32::MAX);
                    Data::of(table.with_lines((0..rows).collect()))
                }
            };
        }
        let given = std::mem::take(&mut self.given);
        Ok(given.into_iter().fold(data, |data, (name, value)| data.given(&name, value)))
    }

    fn scored(&mut self) -> Result<Scored> {
        let data = self.data()?;
        let mut total = 0;
        let mut look = |far: Progress| {
            total = far.total;
            if let Some(telling) = &self.progress {
                #[expect(clippy::cast_precision_loss, reason = "rows times stages, of which there are few")]
                let far = (far.done as f64, far.total as f64);
                telling.call(far.into(), ThreadsafeFunctionCallMode::NonBlocking);
            }
            match self.is_cancelled() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let mut options = Options::threads(self.threads).with_progress(&mut look);
        options.columns.clone_from(&self.columns);
        let run = self.scheme.score(data, options).map_err(|stop| error::stop(&stop))?;
        let wanted = self.columns.is_some().then(|| run.columns().map(|(name, _)| name.to_owned()).collect());
        let mut scored = Scored { run: Arc::new(run), blocks: Vec::new(), wanted, total };
        if self.text {
            scored.blocks = self.blocks(&scored);
        }
        Ok(scored)
    }

    /// What came of all rows as JSON, block by block; nothing for a block when nobody waits for it any more.
    fn blocks(&self, scored: &Scored) -> Vec<Option<String>> {
        let count = scored.run.rows().div_ceil(BLOCK_ROWS);
        let (next, done) = (AtomicUsize::new(0), Mutex::new(vec![None; count]));
        let work = || {
            while !self.is_cancelled() {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    break;
                }
                let block = scored.block(at);
                if let Some(place) = done.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at) {
                    *place = Some(block);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 1..self.threads.min(count) {
                // without another thread this one does all of it
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            work();
        });
        done.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Task for Scoring {
    type Output = Result<Scored>;
    type JsValue = NativeRun;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded("the rows could not be scored", || self.scored()))
    }

    fn resolve(&mut self, env: Env, scored: Self::Output) -> napi::Result<Self::JsValue> {
        let held = scored.as_ref().map_or(0, Scored::bytes);
        env.adjust_external_memory(held)?;
        Ok(NativeRun { scored, held })
    }
}

/// Scored people, and what is still to be handed over of them.
pub struct Scored {
    run: Arc<Run>,
    /// The blocks that were written already.
    blocks: Vec<Option<String>>,
    /// The columns that were wanted, when not all were.
    wanted: Option<HashSet<String>>,
    /// Rows times stages.
    total: usize,
}

impl Scored {
    /// About how many bytes it keeps: a number for each fact and each figure.
    fn bytes(&self) -> i64 {
        let columns = self.run.scheme().inputs().len().saturating_add(self.run.shown().len());
        i64::try_from(self.run.rows().saturating_mul(columns).saturating_mul(8)).unwrap_or(i64::MAX)
    }

    /// Some rows as JSON: `columns`, one list for each column that came out; `problems`, each once however many rows have
    /// it; `of`, for each row that has some its place in the block, its key, and the places of its problems.
    fn block(&self, at: usize) -> String {
        let run = &self.run;
        let start = at.saturating_mul(BLOCK_ROWS);
        let rows = start..start.saturating_add(BLOCK_ROWS).min(run.rows());
        let mut columns = String::new();
        for (at, (_, figures)) in run.columns().enumerate() {
            columns.push_str(if at > 0 { ",[" } else { "[" });
            for (place, found) in rows.clone().filter_map(|row| figures.get(row)).enumerate() {
                if place > 0 {
                    columns.push(',');
                }
                figure::push(&mut columns, &found);
            }
            columns.push(']');
        }
        let incomplete = run.incomplete();
        let (from, to) =
            (incomplete.partition_point(|row| *row < rows.start), incomplete.partition_point(|row| *row < rows.end));
        let has_key = run.scheme().key().is_some();
        // everybody of a group waits for the same people, however many they are
        let (mut told, mut places, mut of) = (Vec::new(), HashMap::new(), Vec::new());
        for row in incomplete.get(from..to).unwrap_or_default() {
            let mut problems = Vec::new();
            for problem in self.problems(*row) {
                let json = problems_json(std::slice::from_ref(&problem));
                let place = *places.entry(json).or_insert_with_key(|json: &String| {
                    let one = json.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
                    told.push(one.unwrap_or(json).to_owned());
                    told.len().saturating_sub(1)
                });
                problems.push(place);
            }
            of.push((row.saturating_sub(rows.start), has_key.then(|| run.key(*row)), problems));
        }
        let (told, of) = (told.join(","), serde_json::json!(of));
        format!("{{\"columns\":[{columns}],\"problems\":[{told}],\"of\":{of}}}")
    }

    /// Why cells of a row are empty or provisional: of the columns that were wanted, and whose fault that is.
    fn problems(&self, row: usize) -> Vec<Problem> {
        let mut problems = self.run.problems(row);
        if let Some(wanted) = &self.wanted {
            let faulty: HashSet<String> = problems
                .iter()
                .filter(|problem| wanted.contains(&*problem.column))
                .filter_map(|problem| problem.blocked_by.as_deref().map(str::to_owned))
                .collect();
            problems.retain(|problem| wanted.contains(&*problem.column) || faulty.contains(&*problem.column));
        }
        problems
    }
}

/// A run, or why it was refused.
#[napi(custom_finalize)]
pub struct NativeRun {
    scored: Result<Scored>,
    /// About how many bytes it keeps; whoever collects garbage knows of them.
    held: i64,
}

impl ObjectFinalize for NativeRun {
    fn finalize(self, env: Env) -> napi::Result<()> {
        env.adjust_external_memory(self.held.saturating_neg()).map(|_| ())
    }
}

fn again(refused: &napi::Error<ErrorClass>) -> napi::Error<ErrorClass> {
    napi::Error::new(refused.status, refused.reason.clone())
}

#[napi]
impl NativeRun {
    fn run(&self) -> Result<&Run> {
        self.scored.as_ref().map(|scored| &*scored.run).map_err(again)
    }

    /// The run for a task that may outlive this object.
    fn shared(&self) -> Result<Arc<Run>> {
        self.scored.as_ref().map(|scored| Arc::clone(&scored.run)).map_err(again)
    }

    /// The run itself as JSON: `rows`, `block_rows` (how many a block has), `columns` (the names of those that came out),
    /// `complete`, `notes`, `total` (rows times stages), and what it rests on.
    #[napi]
    pub fn about(&self) -> Result<String> {
        let run = self.run()?;
        let columns: Json = run.columns().map(|(name, _)| name).collect();
        let (rows, complete) = (run.rows(), run.is_complete());
        let total = self.scored.as_ref().map_or(0, |scored| scored.total);
        let notes = notes_json(&run.notes());
        let basis = figure::basis(&run.fingerprint(), run.as_of(), &figure::by_name(run.given()));
        Ok(format!(
            "{{\"rows\":{rows},\"block_rows\":{BLOCK_ROWS},\"columns\":{columns},\"complete\":{complete},\"notes\":{notes},\"total\":{total},{basis}}}"
        ))
    }

    /// Hands over a block as JSON: `columns`, one list for each column that came out; `problems`, each once; `of`, for each
    /// row that has some its place in the block, its key, and the places of its problems.
    #[napi]
    pub fn take(&mut self, block: u32) -> Result<String> {
        let scored = self.scored.as_mut().map_err(|refused| again(refused))?;
        let written = scored.blocks.get_mut(block as usize).and_then(Option::take);
        Ok(written.unwrap_or_else(|| scored.block(block as usize)))
    }

    /// The figures as typed arrays, made on the pool of threads.
    #[napi(ts_return_type = "Promise<NativeTyped>")]
    pub fn typed(&self) -> Result<AsyncTask<Typing>> {
        Ok(AsyncTask::new(Typing { run: self.shared()? }))
    }

    /// The figures as the bytes of an Arrow stream, written on the pool of threads.
    #[napi(ts_return_type = "Promise<NativeBytes>")]
    pub fn arrow(&self) -> Result<AsyncTask<ArrowWriting>> {
        Ok(AsyncTask::new(ArrowWriting { run: self.shared()? }))
    }

    /// How the questions of an examination did, as JSON; of the only one when it is not named.
    #[napi]
    pub fn exam_statistics(&self, exam: Option<String>) -> Result<String> {
        let run = self.run()?;
        let name = exam.map_or_else(|| run.scheme().only_table(DetailKind::Answers).map(str::to_owned), Ok);
        let found = name.and_then(|name| run.exam_statistics(&name));
        found.map(|found| exam_statistics_json(&found)).map_err(|refused| error::data(&refused))
    }

    /// How far the raters of an appraisal agree, on the pool of threads; of the only one when it is not named.
    #[napi]
    pub fn agreement(&self, rating: Option<String>, incomplete: Option<String>) -> Result<AsyncTask<Agreeing>> {
        let run = self.shared()?;
        let name = rating.map_or_else(|| run.scheme().only_table(DetailKind::Sheets).map(str::to_owned), Ok);
        let rating = name.map_err(|refused| error::data(&refused))?;
        let incomplete = Incomplete::from_word(incomplete.as_deref()).map_err(|refused| error::data(&refused))?;
        Ok(AsyncTask::new(Agreeing { run, rating, incomplete }))
    }

    /// Why the figures of the row with this key are what they are.
    #[napi]
    pub fn explain(&self, key: String, column: Option<String>) -> Result<NativeExplanation> {
        let run = self.run()?;
        let row = run.row_named(&key).map_err(|refused| error::data(&refused))?;
        NativeExplanation::of(run, row, column.as_deref())
    }

    /// The report of the person with this key.
    #[napi]
    pub fn report(&self, key: String, format: String, language: String) -> Result<String> {
        let run = self.run()?;
        let report = run.row_named(&key).and_then(|row| run.report(row)).map_err(|refused| error::data(&refused))?;
        Ok(report.to_format(form(&format), language_of(&language)))
    }

    /// Writes the reports of the people with these keys, or of everybody, as one text, on the pool of threads.
    #[napi]
    pub fn reports(&self, keys: Option<Vec<String>>, format: String, language: String) -> Result<AsyncTask<Writing>> {
        let run = self.shared()?;
        let rows = match keys {
            None => (0..run.rows()).collect(),
            Some(keys) => {
                let rows = keys.iter().map(|key| run.row_named(key)).collect::<std::result::Result<_, _>>();
                rows.map_err(|refused| error::data(&refused))?
            }
        };
        let (format, language) = (form(&format), language_of(&language));
        Ok(AsyncTask::new(Writing { run, whose: Whose::People(rows), format, language }))
    }

    /// Writes the report of all people together, and of the teams a column forms, on the pool of threads.
    #[napi]
    pub fn team_report(&self, by: Option<String>, format: String, language: String) -> Result<AsyncTask<Writing>> {
        let (format, language) = (form(&format), language_of(&language));
        Ok(AsyncTask::new(Writing { run: self.shared()?, whose: Whose::Team(by), format, language }))
    }
}
