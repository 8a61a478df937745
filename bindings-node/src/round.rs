//! A round of rating: requests and answers as JSON, which the core reads and writes.

use kaohe::Scheme;
use kaohe::boundary::notes_json;
use kaohe::ratings::{RatingRound, event_of_line};
use napi_derive::napi;

use crate::error::{self, Result};

/// A round of rating.
#[napi]
pub struct NativeRound {
    round: RatingRound,
    lost: String,
}

#[napi]
impl NativeRound {
    /// A round of a scheme's text; `members` is JSON, `log` lines of JSON.
    #[napi(factory)]
    pub fn of(source: String, members: String, rating: Option<String>, log: &[u8]) -> Result<Self> {
        let scheme = Scheme::parse(&source).map_err(|refused| error::scheme(&refused, None))?;
        let made = RatingRound::of_host(&scheme, &members, rating.as_deref(), log);
        let (round, lost) = made.map_err(|refused| error::data(&refused))?;
        Ok(Self { round, lost: notes_json(lost.as_slice()) })
    }

    /// What was lost of the log, as JSON.
    #[napi(getter)]
    pub fn lost(&self) -> String {
        self.lost.clone()
    }

    /// The name of the appraisal.
    #[napi(getter)]
    pub fn rating(&self) -> String {
        self.round.rating().name().to_owned()
    }

    /// What raters are asked, as a hash.
    #[napi(getter)]
    pub fn fingerprint(&self) -> String {
        self.round.rating().fingerprint().to_owned()
    }

    /// Whether it was opened, and not closed since.
    #[napi(getter)]
    pub fn is_open(&self) -> bool {
        self.round.is_open()
    }

    /// Does what a request in JSON says; the event as its line, or nothing.
    #[napi]
    pub fn act(&mut self, request: String) -> Result<Option<String>> {
        self.round.act(&request).map_err(|refused| error::data(&refused))
    }

    /// Answers a question in JSON.
    #[napi]
    pub fn ask(&self, request: String) -> Result<String> {
        self.round.ask(&request).map_err(|refused| error::data(&refused))
    }

    /// Takes an event in, given as its line; whether it was new.
    #[napi]
    pub fn insert(&mut self, line: String) -> Result<bool> {
        event_of_line(&line).and_then(|event| self.round.insert(event)).map_err(|refused| error::data(&refused))
    }

    /// Takes the events of another round in; how many were new.
    #[napi]
    pub fn merge(&mut self, other: &NativeRound) -> Result<u32> {
        let new = self.round.merge(&other.round).map_err(|refused| error::data(&refused))?;
        Ok(u32::try_from(new).unwrap_or(u32::MAX))
    }

    /// All events as lines of JSON.
    #[napi]
    pub fn to_json_lines(&self) -> String {
        self.round.to_json_lines()
    }
}
