//! What is asked in a part of an examination: the forms of answers, the key, and what a partly right answer is worth.

use std::fmt;
use std::sync::Arc;

use super::NodeId;
use crate::number::Number;

/// The kind of the questions of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuestionKind {
    /// One option is right (单选).
    Single,
    /// One option or several are right (多选).
    Multiple,
    /// Right or wrong (判断).
    TrueFalse,
}

impl QuestionKind {
    /// Each with the word of the format.
    pub(crate) const WORDS: [(&str, Self); 3] =
        [("single", Self::Single), ("multiple", Self::Multiple), ("true_false", Self::TrueFalse)];
}

/// What a partly right answer to a multiple choice is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Credit {
    /// All marks for just the key, otherwise none.
    Exact,
    /// Half the marks for a non-empty proper part of the key.
    HalfIfSubset,
    /// Marks × options chosen rightly / options of the key; none when a wrong one is chosen.
    ProRata,
    /// Marks × options judged rightly, chosen or left, / options; none for a blank.
    PerOption,
    /// Marks × max(0, chosen rightly / options of the key − chosen wrongly / wrong options); where there are no wrong
    /// options, none of them is chosen.
    RightMinusWrong,
}

impl Credit {
    /// Each with the word of the format.
    pub(crate) const WORDS: [(&str, Self); 5] = [
        ("exact", Self::Exact),
        ("half_if_subset", Self::HalfIfSubset),
        ("pro_rata", Self::ProRata),
        ("per_option", Self::PerOption),
        ("right_minus_wrong", Self::RightMinusWrong),
    ];

    /// Whether it needs to know how many options there are.
    #[must_use]
    pub const fn needs_options(self) -> bool {
        matches!(self, Self::PerOption | Self::RightMinusWrong)
    }
}

/// The form of the answers to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AnswerForm {
    /// The kind of question.
    pub kind: QuestionKind,
    /// How many options there are: A is the first. Any letter is one when that is not stated.
    pub options: Option<u32>,
    /// Whether an answer that cannot be one earns no marks; otherwise it is a fault of its cell.
    pub invalid_is_wrong: bool,
}

/// Some of the options of a question: A to Z, or T and F.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Options(u32);

impl Options {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// The same with the option of that letter; nothing when it is no letter from A to Z, or is there already.
    #[must_use]
    pub fn with(self, letter: char) -> Option<Self> {
        let place = u32::from(letter).checked_sub(u32::from('A')).filter(|place| *place < 26)?;
        let bit = 1_u32.checked_shl(place)?;
        (self.0 & bit == 0).then_some(Self(self.0 | bit))
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are in the other set, too.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are not in the other set.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The place of the last option, from 1; 0 for none.
    #[must_use]
    pub const fn last(self) -> u32 {
        u32::BITS - self.0.leading_zeros()
    }

    /// The letters in order.
    fn letters(self) -> impl Iterator<Item = char> {
        ('A'..='Z').enumerate().filter(move |(place, _)| self.0 & (1 << place) != 0).map(|(_, letter)| letter)
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.letters().try_for_each(|letter| write!(f, "{letter}"))
    }
}

/// A part of an examination that is marked: its questions on one sheet of answers.
#[derive(Debug, Clone)]
pub struct Marking {
    /// The part.
    pub part: Arc<str>,
    /// The form of its answers.
    pub form: AnswerForm,
    /// Marks of each question.
    pub marks: Number,
    /// What a partly right answer is worth.
    pub credit: Credit,
    /// The questions in the order of the paper; at least one.
    pub questions: Box<[Question]>,
}

/// One question.
#[derive(Debug, Clone)]
pub struct Question {
    /// The name of its column: `S4`.
    pub name: Arc<str>,
    /// The right answer.
    pub key: Options,
    /// The answer that was given; missing for a blank.
    pub answer: NodeId,
}

impl Marking {
    /// Marks of the whole part.
    #[must_use]
    pub fn full(&self) -> Number {
        let count = i64::try_from(self.questions.len()).unwrap_or(i64::MAX);
        self.marks.multiply(&Number::from_integer(count))
    }
}
