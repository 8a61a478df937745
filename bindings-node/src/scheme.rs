//! A scheme, and one row scored by it.

use kaohe::Scheme;
use kaohe::boundary::{cases_json, diagnostics_json};
use kaohe::code::Code;
use kaohe::date::Date;
use kaohe::diagnostic::Language;
use napi_derive::napi;

use crate::error::{self, Result};
use crate::table::NativeTable;
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

    /// What people are shown, as JSON.
    #[napi(getter)]
    pub fn columns(&self) -> String {
        describe::columns(&self.scheme).to_string()
    }

    /// Refuses a row whose names look misspelt; its values are not looked at.
    #[napi]
    pub fn check_names(&self, names: Vec<String>) -> Result<()> {
        let mut row = kaohe::Row::new();
        names.iter().for_each(|name| row.set(name, kaohe::Cell::Missing));
        self.scheme.score_row(&row).map(drop).map_err(|refused| error::data(&refused))
    }

    /// Everything computed for one row, as JSON.
    #[napi]
    pub fn score_row(&self, row: String) -> Result<String> {
        let outcome = self.scheme.score_row(&cell::row(&row)?).map_err(|refused| error::data(&refused))?;
        Ok(figure::outcome(&outcome))
    }

    /// Why the figures of a row are what they are: as JSON, and as text in that language.
    #[napi]
    pub fn explain(&self, row: String, column: Option<String>, language: String) -> Result<Vec<String>> {
        let language = Language::from_tag(&language).unwrap_or_default();
        let explanation =
            self.scheme.explain_row(&cell::row(&row)?, column.as_deref()).map_err(|refused| error::data(&refused))?;
        Ok(vec![explanation.to_json(), explanation.to_text(language)])
    }

    /// For each input its place among a table's headers.
    #[napi]
    pub fn bind(&self, headers: Vec<String>) -> Result<Vec<u32>> {
        let binding = self.scheme.bind(&headers).map_err(|refused| error::data(&refused))?;
        binding.places().iter().map(|place| u32::try_from(*place).map_err(|why| error::internal(&why))).collect()
    }

    /// An empty table to be scored by this scheme.
    #[napi]
    pub fn table(&self) -> NativeTable {
        NativeTable::new(self.scheme.clone())
    }

    /// What came of the scheme's worked examples, as JSON.
    #[napi]
    pub fn run_cases(&self) -> String {
        cases_json(&self.scheme.run_cases())
    }
}
