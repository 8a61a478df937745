//! Values that YAML has cut: finding where they really end, and saying how to quote them.

use kaohe_grammar::{Span, say};

use super::tree::offset;
use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// How far a cut value is followed, in characters; a formula may go over several lines.
const REACH: usize = 4096;

/// The longest text that a help repeats, in bytes.
pub(super) const LONGEST_HELP: usize = 1000;

/// A value that the YAML reader does not see as its author does.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    /// The value as its author sees it.
    pub(super) span: Span,
    /// What YAML stumbles over, for the message.
    pub(super) at: Sign,
    /// How the help writes it.
    pub(super) form: Form,
    /// The keys and positions that lead to it.
    pub(super) path: String,
}

/// What YAML stumbles over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `,` between `{ }` or `[ ]`
    Comma,
    /// ` #`, from where on everything is a comment
    Comment,
    /// `: `, which makes the text before it a key
    Colon,
    /// A bracket without its partner, or a bracket that begins a list or map
    Bracket,
    /// `"text" = x`: a value that begins with a quote has to end with it
    Quote,
    /// `>= 60`, `@x`: a sign that means something else at the beginning of a value
    Beginning(char),
}

/// How the help writes a quoted value.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// `{ formula: "…" }`
    FlowKey(String),
    /// `formula: "…"`
    BlockKey(String),
    /// `"…"`
    Bare,
}

impl Cut {
    /// Whether the two have no byte in common.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        self.span.end <= other.span.start || other.span.end <= self.span.start
    }

    /// The error, with the whole value underlined and quoted in the help.
    pub(super) fn tell(&self, source: &str) -> Diagnostic {
        let text = self.span.of(source);
        let shown = shorten(&on_one_line(text));
        let message = match self.at {
            Sign::Comma => say!("YAML cuts the value `{shown}` at its comma", "YAML 在逗号处截断了 `{shown}`"),
            Sign::Comment => say!(
                "YAML takes what follows ` #` in `{shown}` for a comment",
                "YAML 把 `{shown}` 中 ` #` 之后的内容当作注释"
            ),
            Sign::Colon => {
                say!("YAML takes the colon in `{shown}` for the end of a key", "YAML 把 `{shown}` 中的冒号当作键的结尾")
            }
            Sign::Bracket => {
                say!("YAML cannot read the brackets or quotes in `{shown}`", "YAML 无法读取 `{shown}` 中的括号或引号")
            }
            Sign::Quote => say!(
                "`{shown}` begins with a quote, so YAML expects the value to end with it",
                "`{shown}` 以引号开头，YAML 要求这个值在对应的引号处结束"
            ),
            Sign::Beginning(sign) => say!(
                "`{sign}` at the beginning of `{shown}` means something else in YAML",
                "`{shown}` 开头的 `{sign}` 在 YAML 中另有含义"
            ),
        };
        let quoted = quote(text);
        let written = match &self.form {
            Form::FlowKey(key) => format!("{{ {key}: {quoted} }}"),
            Form::BlockKey(key) => format!("{key}: {quoted}"),
            Form::Bare => quoted,
        };
        let help = if written.len() > LONGEST_HELP {
            say!("put the whole value in quotes", "请给整个值加引号")
        } else if is_balanced(text) {
            say!("write `{written}`", "请写成 `{written}`")
        } else {
            say!(
                "write `{written}`; in a formula give every bracket and quote its partner",
                "请写成 `{written}`；公式中的括号和引号必须成对"
            )
        };
        Diagnostic::error(Code::QuoteTheFormula, self.span, message).help(help).at(self.path.as_str())
    }
}

/// The brackets and quotes of a text as a formula reads them.
#[derive(Default)]
struct Nesting {
    /// The signs that have to come yet, innermost last.
    expected: Vec<char>,
}

/// What one character does to the nesting.
#[derive(PartialEq, Eq)]
enum Step {
    /// It opens, closes, or is a part of what is open
    Inside,
    /// It stands outside of all brackets and quotes
    Outside,
    /// It closes what is not open
    Mismatch,
}

impl Nesting {
    fn step(&mut self, character: char) -> Step {
        match self.expected.last() {
            // In a text nothing counts but its end.
            Some(&quote @ ('"' | '`' | '」')) => {
                if character == quote || (quote == '"' && character == '＂') || (quote == '`' && character == '｀') {
                    self.expected.pop();
                }
                return Step::Inside;
            }
            Some('”') => {
                if character == '”' {
                    self.expected.pop();
                }
                return Step::Inside;
            }
            _ => {}
        }
        let closer = match character {
            '(' | '（' => Some(')'),
            '[' | '［' => Some(']'),
            '{' | '｛' => Some('}'),
            '"' | '＂' => Some('"'),
            // Input methods often give the wrong one of the pair, and the formula language takes it.
            '“' | '”' => Some('”'),
            '「' => Some('」'),
            '`' | '｀' => Some('`'),
            _ => None,
        };
        if let Some(closer) = closer {
            self.expected.push(closer);
            return Step::Inside;
        }
        let closed = match character {
            ')' | '）' => ')',
            ']' | '］' => ']',
            '}' | '｝' => '}',
            '」' => character,
            _ if self.expected.is_empty() => return Step::Outside,
            _ => return Step::Inside,
        };
        if self.expected.last() == Some(&closed) {
            self.expected.pop();
            Step::Inside
        } else {
            Step::Mismatch
        }
    }

    fn is_closed(&self) -> bool {
        self.expected.is_empty()
    }
}

/// Whether every bracket and quote of `text` has its partner.
pub(crate) fn is_balanced(text: &str) -> bool {
    let mut nesting = Nesting::default();
    text.chars().all(|character| nesting.step(character) != Step::Mismatch) && nesting.is_closed()
}

/// Where a value between `{ }` or `[ ]` ends in its author's eyes: at a comma or bracket outside of its own brackets.
///
/// Nothing when its brackets do not close.
pub(super) fn end_in_flow(source: &str, start: usize) -> Option<usize> {
    let mut nesting = Nesting::default();
    let mut end = start;
    for (at, character) in source.get(start..)?.char_indices().take(REACH) {
        if nesting.is_closed() && matches!(character, ',' | '}' | ']' | '\n' | '\r') {
            return Some(end);
        }
        if nesting.step(character) == Step::Mismatch {
            return None;
        }
        if !character.is_whitespace() {
            end = start + at + character.len_utf8();
        }
    }
    (nesting.is_closed() && end == source.trim_end().len()).then_some(end)
}

/// Where a value on a line of its own ends in its author's eyes: at the line's end, or before a comment.
///
/// Nothing when its brackets do not close.
pub(super) fn end_in_block(source: &str, start: usize) -> Option<usize> {
    let mut nesting = Nesting::default();
    let (mut end, mut after_space) = (start, false);
    for (at, character) in source.get(start..)?.char_indices().take(REACH) {
        if matches!(character, '\n' | '\r') || (nesting.is_closed() && after_space && character == '#') {
            break;
        }
        if nesting.step(character) == Step::Mismatch {
            return None;
        }
        after_space = character.is_whitespace();
        if !after_space {
            end = start + at + character.len_utf8();
        }
    }
    nesting.is_closed().then_some(end)
}

/// What is left of the line from `start`, without spaces at its end.
pub(super) fn rest_of_line(source: &str, start: usize) -> Span {
    let rest = source.get(start..).and_then(|rest| rest.split(['\n', '\r']).next()).unwrap_or("");
    Span::new(offset(start), offset(start + rest.trim_end().len()))
}

/// Whether a comment follows on the line that `end` stands on, with nothing between.
pub(super) fn is_followed_by_comment(source: &str, end: usize) -> bool {
    let rest = source.get(end..).unwrap_or("");
    let gap = rest.trim_start_matches([' ', '\t']);
    gap.len() < rest.len() && gap.starts_with('#')
}

/// The text between quotes, so that YAML and JSON-minded readers take it as it is.
pub(super) fn quote(text: &str) -> String {
    let text = on_one_line(text);
    if !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else if text.contains('\\') || !text.contains('\'') {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{}\"", text.replace('"', "\\\""))
    }
}

/// The text with every run of white space as one space.
fn on_one_line(text: &str) -> String {
    if text.contains(['\n', '\r', '\t']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    }
}

/// At most sixty characters of a text, for a message.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}
