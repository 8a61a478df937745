//! What can go wrong for the author of a scheme and for the caller; what goes wrong in one cell is data, not an error.

use std::fmt;

use kaohe_grammar::say;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Language, Location, Message, Severity};

/// A scheme that cannot be used: everything that is wrong with it, at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeError {
    diagnostics: Vec<Diagnostic>,
}

impl SchemeError {
    /// From everything that was found; at least one of it is an error.
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }

    /// From everything that was found in `source`, whose places are not yet read off it.
    pub(crate) fn located(mut diagnostics: Vec<Diagnostic>, source: &str) -> Self {
        diagnostics.iter_mut().for_each(|found| found.locate(source));
        Self { diagnostics }
    }

    /// Everything that was found, warnings too, in the order of the text.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The first error in one line, with its place and how many more there are.
    #[must_use]
    pub fn summary(&self) -> Message {
        let mut errors = self.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let Some(first) = errors.next() else { return Message::default() };
        let (code, Message { en, zh }) = (first.code.id(), &first.message);
        let place = match &first.location {
            Some(Location { line, column, .. }) => {
                say!("line {line}, column {column}: ", "第 {line} 行第 {column} 列：")
            }
            None if first.path.is_empty() => Message::default(),
            None => say!("{}: ", "{}：", first.path),
        };
        let more = match errors.count() {
            0 => Message::default(),
            more => say!(" (and {more} more)", "（另有 {more} 处）"),
        };
        Message::new(format!("{}{en} [{code}]{}", place.en, more.en), format!("{}{zh} [{code}]{}", place.zh, more.zh))
    }

    /// All of it as text, each with the line it is about.
    #[must_use]
    pub fn render(&self, file: Option<&str>, language: Language) -> String {
        let each: Vec<String> = self.diagnostics.iter().map(|found| found.render(file, language)).collect();
        each.join("\n")
    }
}

impl fmt::Display for SchemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary().en)
    }
}

impl std::error::Error for SchemeError {}

/// A table or row that does not have what the scheme reads: one error that names every offender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// The stable code.
    pub code: Code,
    /// What is wrong, in both languages.
    pub message: Message,
    /// The way out, in both languages.
    pub help: Option<Message>,
    /// The columns, keys or rows it is about.
    pub offenders: Vec<String>,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.message.en, self.code.id())?;
        if let Some(help) = &self.help {
            write!(f, "; {}", help.en)?;
        }
        Ok(())
    }
}

impl std::error::Error for DataError {}
