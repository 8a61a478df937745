//! A scheme, and one row scored by it.

use kaohe::boundary::{cases_json, diagnostics_json};
use kaohe::code::Code;
use kaohe::date::Date;
use kaohe::plan::DetailKind;
use kaohe::{Data, Options, Run, Scheme, Table};
use napi_derive::napi;

use crate::data::NativeData;
use crate::error::{self, Result};
use crate::quick::NativeScorer;
use crate::report::NativeExplanation;
use crate::{cell, describe, figure};

/// A scheme that was read and checked.
#[napi]
pub struct NativeScheme {
    scheme: Scheme,
}

#[napi]
impl NativeScheme {
    /// Reads and checks a scheme; messages name `file`.
    #[napi(factory)]
    pub fn parse(text: String, file: Option<String>) -> Result<Self> {
        let scheme = Scheme::parse(&text).map_err(|refused| error::scheme(&refused, file.as_deref()))?;
        Ok(Self { scheme })
    }

    /// Everything that is wrong or doubtful with a scheme's text, as JSON.
    #[napi]
    pub fn check(text: String) -> String {
        diagnostics_json(&Scheme::check(&text))
    }

    /// The same scheme on another day.
    #[napi]
    pub fn as_of(&self, day: String) -> Result<Self> {
        let day = Date::parse(&day).map_err(|why| error::refused(Code::NotADate, why.message(), why.help()))?;
        let scheme = self.scheme.as_of(day).map_err(|refused| error::scheme(&refused, None))?;
        Ok(Self { scheme })
    }

    /// The scheme's name.
    #[napi(getter)]
    pub fn name(&self) -> String {
        self.scheme.name().to_owned()
    }

    /// The scheme's edition, when it says one.
    #[napi(getter)]
    pub fn edition(&self) -> Option<String> {
        self.scheme.edition().map(str::to_owned)
    }

    /// The day that counts.
    #[napi(getter)]
    pub fn day(&self) -> Option<String> {
        self.scheme.day().map(|day| day.to_string())
    }

    /// What it computes, as a hash.
    #[napi(getter)]
    pub fn fingerprint(&self) -> String {
        self.scheme.fingerprint()
    }

    /// The text it was read from.
    #[napi(getter)]
    pub fn source(&self) -> String {
        self.scheme.source().to_owned()
    }

    /// What is doubtful about it, as JSON.
    #[napi(getter)]
    pub fn warnings(&self) -> String {
        diagnostics_json(self.scheme.warnings())
    }

    /// What a row must bring, as JSON.
    #[napi(getter)]
    pub fn inputs(&self) -> String {
        describe::inputs(&self.scheme).to_string()
    }

    /// The detail tables it reads, as JSON.
    #[napi(getter)]
    pub fn details(&self) -> String {
        describe::details(&self.scheme).to_string()
    }

    /// The name of the only table of a kind, which is told by its word: `answers`, `ratings`.
    #[napi]
    pub fn only_table(&self, kind: String) -> Result<String> {
        let kind = DetailKind::from_word(&kind).unwrap_or_default();
        self.scheme.only_table(kind).map(str::to_owned).map_err(|refused| error::data(&refused))
    }

    /// The values of the run it reads, as JSON.
    #[napi(getter)]
    pub fn given(&self) -> String {
        describe::given(&self.scheme).to_string()
    }

    /// What people are shown, as JSON.
    #[napi(getter)]
    pub fn columns(&self) -> String {
        describe::columns(&self.scheme).to_string()
    }

    /// Everything computed for one row with its detail rows and the values of the run, as JSON.
    #[napi]
    pub fn score_row(&self, row: String, details: String, given: String) -> Result<String> {
        Ok(figure::outcome(&self.person(&row, &details, &given)?.outcome(0)))
    }

    /// What scores row after row quickly.
    #[napi]
    pub fn scorer(&self) -> NativeScorer {
        NativeScorer::new(&self.scheme)
    }

    /// Why the figures of a row are what they are.
    #[napi]
    pub fn explain(
        &self,
        row: String,
        details: String,
        given: String,
        column: Option<String>,
    ) -> Result<NativeExplanation> {
        NativeExplanation::of(&self.person(&row, &details, &given)?, 0, column.as_deref())
    }

    /// What is to be scored together, still without anybody.
    #[napi]
    pub fn data(&self) -> NativeData {
        NativeData::new(self.scheme.clone())
    }

    /// What came of the scheme's worked examples, as JSON.
    #[napi]
    pub fn run_cases(&self) -> String {
        cases_json(&self.scheme.run_cases())
    }
}

impl NativeScheme {
    /// One person scored alone.
    fn person(&self, row: &str, details: &str, given: &str) -> Result<Run> {
        let mut data = Data::person(cell::row(row)?);
        for (name, rows) in cell::tables(details)? {
            data = data.detail(&name, Table::of_rows(rows));
        }
        for (name, value) in cell::by_name(given)? {
            data = data.given(&name, value);
        }
        self.scheme.score(data, Options::default()).map_err(|stop| error::stop(&stop))
    }
}
