//! What an author of a scheme should know, and where in the text: the library's first product.

use std::fmt::Write as _;

pub use kaohe_grammar::{Message, Span};

use crate::code::Code;

/// Whether a diagnostic stops the scheme from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The scheme cannot be used.
    Error,
    /// The scheme can be used, and probably does not say what was meant.
    Warning,
}

/// The language a message is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 中文。
    Chinese,
}

impl Language {
    /// `en` or `zh`, also as the beginning of a locale name such as `zh_CN.UTF-8`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        match tag.split(['-', '_', '.']).next() {
            Some("en") => Some(Self::English),
            Some("zh") => Some(Self::Chinese),
            _ => None,
        }
    }

    /// The wording of `message` in this language.
    #[must_use]
    pub fn of(self, message: &Message) -> &str {
        match self {
            Self::English => &message.en,
            Self::Chinese => &message.zh,
        }
    }
}

/// Something the author of a scheme should know, and where in the text.
///
/// A code keeps its meaning for ever; the wording may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the scheme.
    pub severity: Severity,
    /// The stable code, `K0101`.
    pub code: Code,
    /// Where in the text, in bytes; nothing when there is no text, as for a scheme built from a dictionary.
    pub span: Option<Span>,
    /// Where in the document, as keys and positions joined by dots: `scores.综合得分.items.存款.weight`.
    pub path: String,
    /// What is wrong, in both languages.
    pub message: Message,
    /// The way out, in both languages.
    pub help: Option<Message>,
    /// Another place that belongs to it: where the first of two equal names stands.
    pub related: Option<Span>,
    /// The place as people read it; set when the diagnostics of one text are put together.
    pub location: Option<Location>,
}

/// A place as people read it: lines and columns from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The column after the last character on that line.
    pub end_column: usize,
    /// The whole line, without its end.
    pub text: String,
    /// The text that is meant, at most to the end of its first line.
    pub underlined: String,
}

impl Diagnostic {
    /// An error at `span`.
    #[must_use]
    pub fn error(code: impl Into<Code>, span: Span, message: Message) -> Self {
        Self {
            severity: Severity::Error,
            code: code.into(),
            span: Some(span),
            path: String::new(),
            message,
            help: None,
            related: None,
            location: None,
        }
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: impl Into<Code>, span: Span, message: Message) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// The same with the place in the document.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Reads the line and column of its span off the text it was found in.
    pub(crate) fn locate(&mut self, source: &str) {
        self.location = self.span.map(|span| Location::new(source, span));
        if let Some(related) = self.related.take() {
            let line = Location::new(source, related).line;
            self.message.en.push_str(&format!(", the first in line {line}"));
            self.message.zh.push_str(&format!("，第一个在第 {line} 行"));
        }
    }

    /// The diagnostic as text with the line it is about, the place underlined.
    ///
    /// Columns are counted as a terminal shows them: Chinese characters are two wide.
    #[must_use]
    pub fn render(&self, file: Option<&str>, language: Language) -> String {
        let mut out = String::new();
        let severity = match (self.severity, language) {
            (Severity::Error, Language::English) => "error",
            (Severity::Error, Language::Chinese) => "错误",
            (Severity::Warning, Language::English) => "warning",
            (Severity::Warning, Language::Chinese) => "警告",
        };
        let _ = writeln!(out, "{severity}[{}]: {}", self.code.id(), language.of(&self.message));
        if let Some(location) = &self.location {
            let margin = location.line.to_string().len();
            let place = match file {
                Some(file) => format!("{file}:{}:{}", location.line, location.column),
                None => format!("{}:{}", location.line, location.column),
            };
            let path = if self.path.is_empty() { String::new() } else { format!("  ({})", self.path) };
            let _ = writeln!(out, "{:margin$}--> {place}{path}", "");
            let _ = writeln!(out, "{:margin$} |", "");
            let (text, before) = location.clipped();
            let _ = writeln!(out, "{} | {text}", location.line);
            let before: usize = text.chars().take(before).map(width).sum();
            let under: usize = location.underlined.chars().map(width).sum::<usize>().min(WIDEST);
            let _ = writeln!(out, "{:margin$} | {:before$}{}", "", "", "^".repeat(under.max(1)));
        } else if !self.path.is_empty() {
            let _ = writeln!(out, " --> {}", self.path);
        }
        if let Some(help) = &self.help {
            let word = match language {
                Language::English => "help",
                Language::Chinese => "建议",
            };
            let _ = writeln!(out, "  = {word}: {}", language.of(help));
        }
        out
    }
}

/// How many columns a terminal gives a character: two for the wide East Asian ones.
pub(crate) fn width(character: char) -> usize {
    match character as u32 {
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// Columns of a line that are shown; a longer one is cut around the place.
const WIDEST: usize = 120;

impl Location {
    /// The line as it is shown, cut around the place when it is long, and how many characters stand before the place.
    fn clipped(&self) -> (String, usize) {
        let characters: Vec<char> = self.text.chars().map(|each| if each == '\t' { ' ' } else { each }).collect();
        let place = self.column - 1;
        if characters.iter().copied().map(width).sum::<usize>() <= WIDEST {
            return (characters.into_iter().collect(), place);
        }
        let from = place.saturating_sub(WIDEST / 4);
        let mut text = String::new();
        let mut wide = 0;
        let mut rest = characters.iter().skip(from);
        for each in rest.by_ref() {
            wide += width(*each);
            text.push(*each);
            if wide >= WIDEST {
                break;
            }
        }
        let after = if rest.next().is_some() { "…" } else { "" };
        let (before, shift) = if from > 0 { ("…", 1) } else { ("", 0) };
        (format!("{before}{text}{after}"), place - from + shift)
    }

    /// The place of `span` in `source`.
    pub(crate) fn new(source: &str, span: Span) -> Self {
        let start = floor_to_character(source, span.start as usize);
        let end = floor_to_character(source, span.end as usize).max(start);
        let before = source.get(..start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = source.get(line_start..).unwrap_or("");
        let text = rest.split('\n').next().unwrap_or("").trim_end_matches('\r').to_owned();
        let column = source.get(line_start..start).unwrap_or("").chars().count() + 1;
        let underlined = source.get(start..end).unwrap_or("").split('\n').next().unwrap_or("");
        let underlined = underlined.trim_end_matches('\r').to_owned();
        Self {
            line: before.matches('\n').count() + 1,
            column,
            end_column: column + underlined.chars().count(),
            text,
            underlined,
        }
    }
}

/// The nearest place at or before `at` where a character begins.
fn floor_to_character(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// How much of somebody's text a message quotes.
const QUOTED: usize = 64;

/// The beginning of a text that a message quotes; all of it unless it is long.
pub(crate) fn beginning(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
