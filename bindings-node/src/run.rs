//! People scored together on Node's pool of threads, and what came of them: block by block, and why.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use kaohe::boundary::{exam_statistics_json, notes_json, problems_json};
use kaohe::plan::DetailKind;
use kaohe::ratings::agreement::Incomplete;
use kaohe::run::Progress;
use kaohe::{Cell, Data, Options, Run, Scheme};
use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Task};
use napi_derive::napi;
use serde_json::Value as Json;

use crate::error::{self, ErrorClass, Result, guarded, internal};
use crate::figure;
use crate::ratings::Agreeing;
use crate::report::{NativeExplanation, Whose, Writing, form, language_of};
use crate::table::Incoming;

/// Rows that go back to JavaScript between two turns of the event loop.
const BLOCK_ROWS: usize = 512;

/// The work of one run.
pub struct Scoring {
    pub(crate) scheme: Scheme,
    pub(crate) tables: Vec<(Option<String>, Incoming)>,
    pub(crate) given: Vec<(String, Cell)>,
    pub(crate) threads: usize,
    pub(crate) cancelled: Arc<AtomicBool>,
}

impl Scoring {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn data(&mut self) -> Result<Data> {
        let mut data = Data::default();
        for (detail, table) in std::mem::take(&mut self.tables) {
            let table = table.into_table()?;
            data = match detail {
                Some(name) => data.detail(&name, table),
                // people are counted from 0, as their places in `rows` are
                None => {
                    let rows = u32::try_from(table.rows()).unwrap_or(u32::MAX);
                    Data::of(table.with_lines((0..rows).collect()))
                }
            };
        }
        let given = std::mem::take(&mut self.given);
        Ok(given.into_iter().fold(data, |data, (name, value)| data.given(&name, value)))
    }

    fn scored(&mut self) -> Result<Scored> {
        let data = self.data()?;
        let mut look = |_: Progress| match self.is_cancelled() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let options = Options::threads(self.threads).with_progress(&mut look);
        let run = self.scheme.score(data, options).map_err(|stop| error::stop(&stop))?;
        Ok(Scored { blocks: self.blocks(&run), run: Arc::new(run) })
    }

    /// What came of all rows as JSON, block by block; nothing for a block when nobody waits for it any more.
    fn blocks(&self, run: &Run) -> Vec<Option<String>> {
        let count = run.rows().div_ceil(BLOCK_ROWS);
        let (next, done) = (AtomicUsize::new(0), Mutex::new(vec![None; count]));
        let work = || {
            while !self.is_cancelled() {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    break;
                }
                let start = at.saturating_mul(BLOCK_ROWS);
                let block = block(run, start..start.saturating_add(BLOCK_ROWS).min(run.rows()));
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

/// Some rows as JSON: `columns`, one list for each column people are shown; `problems`, each once however many rows have
/// it; `of`, pairs of a row's place in the block and the places of its problems.
fn block(run: &Run, rows: Range<usize>) -> String {
    let mut columns = String::new();
    for at in 0..run.scheme().plan().shown.len() {
        columns.push_str(if at > 0 { ",[" } else { "[" });
        let figures = run.figures(at);
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
    // everybody of a group waits for the same people, however many they are
    let (mut told, mut places, mut of) = (Vec::new(), HashMap::new(), Vec::new());
    for row in incomplete.get(from..to).unwrap_or_default() {
        let mut problems = Vec::new();
        for problem in run.problems(*row) {
            let json = problems_json(std::slice::from_ref(&problem));
            let place = *places.entry(json).or_insert_with_key(|json: &String| {
                let one = json.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
                told.push(one.unwrap_or(json).to_owned());
                told.len().saturating_sub(1)
            });
            problems.push(place);
        }
        of.push((row.saturating_sub(rows.start), problems));
    }
    let (told, of) = (told.join(","), serde_json::json!(of));
    format!("{{\"columns\":[{columns}],\"problems\":[{told}],\"of\":{of}}}")
}

impl Task for Scoring {
    type Output = Result<Scored>;
    type JsValue = NativeRun;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded("the rows could not be scored", || self.scored()))
    }

    fn resolve(&mut self, _: Env, scored: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(NativeRun { scored })
    }
}

/// Scored people, and what is still to be handed over of them.
pub struct Scored {
    run: Arc<Run>,
    blocks: Vec<Option<String>>,
}

/// A run, or why it was refused.
#[napi]
pub struct NativeRun {
    scored: Result<Scored>,
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

    /// The run itself as JSON: `rows`, `block_rows` (how many a block has), `key` (the input that names a row), `columns`
    /// (the names of those people are shown), `complete`, `notes`, and what it rests on.
    #[napi]
    pub fn about(&self) -> Result<String> {
        let run = self.run()?;
        let (scheme, plan) = (run.scheme(), run.scheme().plan());
        let columns: Json = plan.shown.iter().map(|id| &*plan.column(*id).name).collect();
        let key = Json::from(scheme.key().map(|key| &*key.name));
        let (rows, complete) = (run.rows(), run.is_complete());
        let notes = notes_json(&run.notes());
        let basis = figure::basis(&run.fingerprint(), run.as_of(), &figure::by_name(run.given()));
        Ok(format!(
            "{{\"rows\":{rows},\"block_rows\":{BLOCK_ROWS},\"key\":{key},\"columns\":{columns},\"complete\":{complete},\"notes\":{notes},{basis}}}"
        ))
    }

    /// Hands over a block as JSON, once: `columns`, one list for each column people are shown; `problems`, each once;
    /// `of`, pairs of a row's place in the block and the places of its problems.
    #[napi]
    pub fn take(&mut self, block: u32) -> Result<String> {
        let scored = self.scored.as_mut().map_err(|refused| again(refused))?;
        let taken = scored.blocks.get_mut(block as usize).and_then(Option::take);
        taken.ok_or_else(|| internal(&"a block of rows that was not scored"))
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
