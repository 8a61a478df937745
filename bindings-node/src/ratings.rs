//! Ratings by raters, apart from any scheme: how far they agree, and how severe each of them is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kaohe::Run;
use kaohe::boundary::{agreement_json, rating_agreement_json, severity_json};
use kaohe::ratings::agreement::{Agreement, Incomplete};
use kaohe::ratings::severity::{Method, SeverityAdjustment};
use kaohe::ratings::{RatingColumns, RatingTable};
use kaohe_grammar::fold_name;
use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Task};
use napi_derive::napi;

use crate::error::{self, ErrorClass, Result, guarded, internal};
use crate::table::{Incoming, NativeTable};

/// What is asked of ratings.
#[derive(Debug, Clone, Copy)]
pub enum Question {
    /// How far raters agree.
    Agreement(Incomplete),
    /// How severe each rater is.
    Severity(Method),
}

/// Ratings, until something is asked of them.
#[napi]
pub struct NativeRatings {
    /// The columns of ratee, rater and rating.
    columns: [String; 3],
    question: Question,
    // behind a lock, as people are: it is filled and taken through a shared reference
    table: Mutex<Option<NativeTable>>,
}

#[napi]
impl NativeRatings {
    fn asked(ratee: String, rater: String, rating: String, question: Question) -> Self {
        Self { columns: [ratee, rater, rating], question, table: Mutex::default() }
    }

    /// Asks how far raters agree.
    #[napi(factory)]
    pub fn agreement(ratee: String, rater: String, rating: String, incomplete: Option<String>) -> Result<Self> {
        let incomplete = Incomplete::from_word(incomplete.as_deref()).map_err(|refused| error::data(&refused))?;
        Ok(Self::asked(ratee, rater, rating, Question::Agreement(incomplete)))
    }

    /// Asks how severe raters are.
    #[napi(factory)]
    pub fn severity(
        ratee: String,
        rater: String,
        rating: String,
        method: String,
        without_spread: Option<String>,
        unconnected: Option<String>,
    ) -> Result<Self> {
        let method = Method::from_words(&method, without_spread.as_deref(), unconnected.as_deref());
        let method = method.map_err(|refused| error::data(&refused))?;
        Ok(Self::asked(ratee, rater, rating, Question::Severity(method)))
    }

    fn table(&self) -> MutexGuard<'_, Option<NativeTable>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the table, as so many bytes of Arrow when that is said; there are no detail tables.
    #[napi]
    pub fn begin(&self, _detail: Option<String>, headers: Vec<String>, bytes: Option<f64>) -> NativeTable {
        let names: Vec<String> = self.columns.iter().map(|name| fold_name(name.trim())).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length, and only asked for")]
        let table = NativeTable::new(match bytes {
            Some(length) => Incoming::of_bytes(length as usize),
            None => Incoming::of(&names.iter().map(String::as_str).collect(), headers),
        });
        *self.table() = Some(table.clone());
        table
    }

    /// Answers off the event loop.
    #[napi(ts_return_type = "Promise<NativeAnswer>")]
    pub fn answer(&self) -> AsyncTask<Answering> {
        let table = self.table().take().and_then(|table| table.take());
        AsyncTask::new(Answering { columns: self.columns.clone(), question: self.question, table })
    }
}

/// The work of an answer.
pub struct Answering {
    columns: [String; 3],
    question: Question,
    table: Option<Incoming>,
}

impl Answering {
    fn answer(&mut self) -> Result<String> {
        let table = self.table.take().ok_or_else(|| internal(&"ratings without a table"))?.into_table(1)?;
        // rows are counted from 0, as their places in an array are
        let rows = u32::try_from(table.rows()).unwrap_or(u32::MAX);
        let [ratee, rater, rating] = &self.columns;
        let refused = |refused| error::data(&refused);
        let ratings = RatingTable::read(table.with_lines((0..rows).collect()), RatingColumns { ratee, rater, rating });
        let ratings = ratings.map_err(refused)?;
        match self.question {
            Question::Agreement(incomplete) => Ok(agreement_json(&Agreement::of(&ratings, incomplete))),
            Question::Severity(method) => {
                SeverityAdjustment::of(&ratings, method).and_then(|severity| severity_json(&severity)).map_err(refused)
            }
        }
    }
}

impl Task for Answering {
    type Output = Result<String>;
    type JsValue = NativeAnswer;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded("the ratings could not be computed with", || self.answer()))
    }

    fn resolve(&mut self, _: Env, answer: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(NativeAnswer { answer })
    }
}

/// An answer, or why it was refused.
#[napi]
pub struct NativeAnswer {
    answer: Result<String>,
}

#[napi]
impl NativeAnswer {
    /// The answer as JSON.
    #[napi]
    pub fn json(&self) -> Result<String> {
        match &self.answer {
            Ok(json) => Ok(json.clone()),
            Err(refused) => Err(napi::Error::<ErrorClass>::new(refused.status, refused.reason.clone())),
        }
    }
}

/// The work of how far the raters of a run agree.
pub struct Agreeing {
    pub(crate) run: Arc<Run>,
    pub(crate) rating: String,
    pub(crate) incomplete: Incomplete,
}

impl Task for Agreeing {
    type Output = Result<String>;
    type JsValue = NativeAnswer;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded("the sheets could not be computed with", || {
            let found = self.run.agreement(&self.rating, self.incomplete).map_err(|refused| error::data(&refused))?;
            Ok(rating_agreement_json(&found))
        }))
    }

    fn resolve(&mut self, _: Env, answer: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(NativeAnswer { answer })
    }
}
