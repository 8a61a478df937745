//! What people read, as lines and tables in one language, before it is decided how it is written down.
//!
//! An explanation or a report says what stands where; the writers for terminals, Markdown and HTML only lay it out.

mod html;
mod markdown;
mod table;
mod text;

pub(crate) use html::{close as html_close, open as html_open};
pub(crate) use table::{Cell, Place, Row, Stress, Table};

use crate::diagnostic::Language;
use crate::number::{Number, RoundingMode};

/// Beyond this depth what belongs to something goes on without further indentation.
pub(crate) const DEEPEST: usize = 12;

/// One sheet: an explanation, or the report of a person or a team.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) language: Language,
    /// What it is called where only a name is asked for.
    pub(crate) name: String,
    pub(crate) blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug)]
pub(crate) enum Block {
    /// An empty line on a terminal, where what follows stands for itself.
    Gap,
    /// What the page is about.
    Title(String),
    /// A line below the title.
    Under(String),
    /// What a part of the page is about; 1 for a part, 2 for a part of one.
    Heading(u8, String),
    /// A sentence or a few.
    Paragraph(Tone, String),
    /// Names with their values.
    Pairs(Vec<Pair>),
    /// What it all comes to, to be seen at once.
    Marks(Vec<Mark>),
    /// A figure above what it was computed from.
    Figure(usize, Figure),
    /// What is said of the figure above it.
    Note(usize, Tone, String),
    /// A table that belongs to what stands at this depth; nothing when it stands for itself.
    Table(Option<usize>, Table),
    /// What the page rests on, at its end.
    Foot(Vec<Pair>),
}

/// How something is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    /// A formula.
    Formula,
    /// Of less weight.
    Quiet,
    /// Something lacks, or may still change.
    Warning,
}

/// A name and its value.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
    /// What is said of it.
    pub(crate) note: Option<String>,
}

impl Pair {
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), note: None }
    }
}

/// A figure to be seen at once.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) name: String,
    pub(crate) value: String,
    /// What it is out of, or its unit.
    pub(crate) of: String,
    pub(crate) tone: Tone,
}

/// A figure with its name.
#[derive(Debug, Default)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) label: Option<String>,
    pub(crate) value: Option<String>,
    pub(crate) unit: Option<String>,
    /// What is said of it in the same line.
    pub(crate) notes: Vec<String>,
    /// Whether it was told above.
    pub(crate) again: bool,
}

/// A part of a line of text.
#[derive(Debug, PartialEq, Eq)]
enum Span<'t> {
    Plain(&'t str),
    /// What somebody wrote, between backticks.
    Code(&'t str),
}

/// A text with what stands between backticks; one that has no other is a sign like any other.
fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, next)) = after.split_once('`').filter(|(code, _)| !code.trim().is_empty()) else { break };
        if !before.is_empty() {
            spans.push(Span::Plain(before));
        }
        spans.push(Span::Code(code));
        rest = next;
    }
    if !rest.is_empty() {
        spans.push(Span::Plain(rest));
    }
    spans
}

/// How long a bar is, in tenths of a percent of the whole: a picture, not a figure. Nothing when there is no whole.
pub(crate) fn bar(part: &Number, whole: &Number) -> Option<u16> {
    let thousandths = part.divide(whole)?.multiply(&Number::from(1000)).round(0, RoundingMode::HalfUp);
    let limited = if whole.sign() < 0 || thousandths.sign() < 0 { Some(0) } else { thousandths.to_i64() };
    Some(u16::try_from(limited.unwrap_or(1000).min(1000)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_told_apart() {
        assert_eq!(spans("a `b` c"), [Span::Plain("a "), Span::Code("b"), Span::Plain(" c")]);
        assert_eq!(spans("`b``c`"), [Span::Code("b"), Span::Code("c")]);
        for text in ["", "a", "a ` b", "``", "` `"] {
            let plain: Vec<_> = (!text.is_empty()).then_some(Span::Plain(text)).into_iter().collect();
            assert_eq!(spans(text), plain, "{text}");
        }
    }

    #[test]
    fn a_bar_is_a_part_of_its_whole() {
        let bar = |part: i64, whole: i64| bar(&Number::from(part), &Number::from(whole));
        assert_eq!((bar(1, 3), bar(5, 3), bar(-1, 3), bar(0, 3)), (Some(333), Some(1000), Some(0), Some(0)));
        assert_eq!((bar(1, 0), bar(-1, -3)), (None, Some(0)));
    }
}
