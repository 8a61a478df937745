//! What people read of a run: explanations, and reports that are written on Node's pool of threads.

use std::sync::Arc;

use kaohe::diagnostic::Language;
use kaohe::report::Format;
use kaohe::{Explanation, Run};
use napi::{Env, Task};
use napi_derive::napi;

use crate::error::{self, Result, guarded, internal};

/// The language of that tag.
pub(crate) fn language_of(tag: &str) -> Language {
    Language::from_tag(tag).unwrap_or_default()
}

/// The form of that name; the JavaScript side knows no others.
pub(crate) fn form(name: &str) -> Format {
    Format::from_name(name).unwrap_or(Format::Html)
}

/// Why the figures of a row are what they are.
#[napi]
pub struct NativeExplanation {
    explanation: Explanation,
}

impl NativeExplanation {
    pub(crate) fn of(run: &Run, row: usize, column: Option<&str>) -> Result<Self> {
        let explanation = run.explain(row, column).map_err(|refused| error::data(&refused))?;
        Ok(Self { explanation })
    }
}

#[napi]
impl NativeExplanation {
    /// As JSON.
    #[napi]
    pub fn json(&self) -> String {
        self.explanation.to_json()
    }

    /// As text in that language.
    #[napi]
    pub fn text(&self, language: String) -> String {
        self.explanation.to_text(language_of(&language))
    }

    /// As Markdown in that language.
    #[napi]
    pub fn markdown(&self, language: String) -> String {
        self.explanation.to_markdown(language_of(&language))
    }

    /// As a web page in that language.
    #[napi]
    pub fn html(&self, language: String) -> String {
        self.explanation.to_html(language_of(&language))
    }
}

/// The work of writing reports.
pub struct Writing {
    pub(crate) run: Arc<Run>,
    pub(crate) whose: Whose,
    pub(crate) format: Format,
    pub(crate) language: Language,
}

/// Whose report is written.
pub(crate) enum Whose {
    /// The people in these rows, one after the other.
    People(Vec<usize>),
    /// Everybody together, and the teams a column forms.
    Team(Option<String>),
}

impl Writing {
    fn written(&self) -> Result<String> {
        match &self.whose {
            Whose::People(rows) => Ok(self.run.reports(rows.clone(), self.format, self.language).collect()),
            Whose::Team(by) => {
                let report = self.run.team_report(by.as_deref()).map_err(|refused| error::data(&refused))?;
                Ok(report.to_format(self.format, self.language))
            }
        }
    }
}

impl Task for Writing {
    type Output = Result<String>;
    type JsValue = NativeText;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded("the reports could not be written", || self.written()))
    }

    fn resolve(&mut self, _: Env, text: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(NativeText { text: Some(text) })
    }
}

/// A text that was written, or why it was refused.
#[napi]
pub struct NativeText {
    text: Option<Result<String>>,
}

#[napi]
impl NativeText {
    /// Hands it over, once.
    #[napi]
    pub fn take(&mut self) -> Result<String> {
        self.text.take().unwrap_or_else(|| Err(internal(&"a text that was taken already")))
    }
}
