//! What a cell can hold, and what kind of thing that is.

use std::sync::Arc;

use crate::date::Date;
use crate::number::Number;

/// One value of one cell, exact.
#[derive(Debug, Clone)]
pub enum Value {
    /// The value that is not there. It flows only where the language accepts it.
    Missing,
    /// An exact number.
    Number(Number),
    /// True or false.
    Truth(bool),
    /// Free text.
    Text(Arc<str>),
    /// A calendar day.
    Date(Date),
    /// More than any number: what has no limit. It is compared and handed on, and nothing is computed with it.
    Unlimited,
    /// One of a list of words: its position in the [`WordList`] of the column's [`Kind`].
    Choice(u32),
}

/// How no limit is written, in formulas and in results.
pub const UNLIMITED: &str = "unlimited";

impl Value {
    /// Whether nothing is there.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

/// What kind of value a column or an expression has. Known before any row is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An exact number.
    Number,
    /// True or false.
    Truth,
    /// Free text.
    Text,
    /// A calendar day.
    Date,
    /// One of a list of words: a choice or a grade.
    Choice(Arc<WordList>),
    /// Nothing but the literal `missing`: it goes with every kind.
    Missing,
}

/// The words a choice or a grading can take.
///
/// A ladder is ordered, worst first here, so that a larger position is a better grade; a plain choice has no order.
#[derive(Debug, PartialEq, Eq)]
pub struct WordList {
    /// The words, each once.
    pub words: Vec<Arc<str>>,
    /// Whether the words are a ladder: position means better.
    pub ordered: bool,
}

impl WordList {
    /// The position of `word`, if it is one of the list.
    #[must_use]
    pub fn position(&self, word: &str) -> Option<u32> {
        self.words.iter().position(|each| &**each == word).and_then(|at| u32::try_from(at).ok())
    }

    /// The words as the author wrote them: a ladder best first.
    pub fn in_writing(&self) -> impl Iterator<Item = &Arc<str>> {
        let count = self.words.len();
        (0..count).filter_map(move |at| self.words.get(if self.ordered { count - 1 - at } else { at }))
    }

    /// The word at `position`.
    #[must_use]
    pub fn word(&self, position: u32) -> Option<&Arc<str>> {
        self.words.get(position as usize)
    }
}

impl Kind {
    /// The kind in one word, as a scheme declares inputs with it; what has an order is a `grade`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Truth => "bool",
            Self::Text => "text",
            Self::Date => "date",
            Self::Choice(list) if list.ordered => "grade",
            Self::Choice(_) => "choice",
            Self::Missing => "missing",
        }
    }

    /// The kind in the words of the scheme's author, in English and Chinese.
    #[must_use]
    pub fn told(&self) -> (&'static str, &'static str) {
        match self {
            Self::Number => ("a number", "数值"),
            Self::Truth => ("true or false", "是/否"),
            Self::Text => ("text", "文本"),
            Self::Date => ("a date", "日期"),
            Self::Choice(list) if list.ordered => ("a grade", "等级"),
            Self::Choice(_) => ("a choice", "选项"),
            Self::Missing => ("a missing value", "缺失值"),
        }
    }
}
