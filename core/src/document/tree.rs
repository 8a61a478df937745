//! YAML or JSON as a tree of text with marks: nothing is interpreted, everything knows its place.

use kaohe_grammar::{Span, say};

use super::build::Build;
use super::cut::Cut;
use super::malformed;
use super::position::Positions;
use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// The longest document that is read, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 4 * 1024 * 1024;
/// How deep maps and lists may nest.
pub const MAX_DEPTH: usize = 64;
/// How many keys, values and comments a document may have.
pub const MAX_NODES: usize = 200_000;
/// The longest key, in characters.
pub const MAX_KEY_CHARACTERS: usize = 256;
/// The longest single value, in bytes of its text.
pub const MAX_SCALAR_BYTES: usize = 64 * 1024;
/// How many problems are told before reading stops.
pub const MAX_PROBLEMS: usize = 200;
/// How many values that stop the YAML reader are stepped over, so that what follows them is told about too.
const MAX_REPAIRS: usize = 20;

/// One value of the document: a text, a map or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub value: NodeValue,
    /// Where it stands, in bytes of the source.
    ///
    /// A flow map or list with its brackets; a `|` or `>` text from that sign on.
    pub span: Span,
    /// Whether a map or list is written with brackets.
    pub layout: Layout,
}

/// What a [`Node`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    /// `70`, `"max(a, b)"`
    Scalar(Scalar),
    /// `{ weight: 70 }`, in the order written; no key stands twice
    Map(Vec<Entry>),
    /// `[A, B]`, or lines that begin with `-`
    List(Vec<Node>),
}

/// How a map or list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// By lines and indentation. Texts that are neither map nor list have this one.
    Block,
    /// With `{ }` or `[ ]`.
    Flow,
}

/// One key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `weight`
    pub key: Scalar,
    /// `70`
    pub value: Node,
}

/// A text as its characters: `no`, `007` and `1e3` stay what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The characters, after YAML's quoting and line folding, never interpreted.
    pub text: String,
    /// How it was written.
    pub style: ScalarStyle,
    /// Where it stands, in bytes of the source: with its quotes; of a `|` or `>` text only the text.
    pub span: Span,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScalarStyle {
    /// `text`
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|` and lines kept as they are
    Literal,
    /// `>` and lines joined by spaces
    Folded,
}

/// A comment, from `#` to the end of its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// What follows the `#`, with its spaces.
    pub text: String,
    /// Where it stands, `#` included.
    pub span: Span,
    /// Whether nothing but spaces stands before it on its line.
    pub own_line: bool,
}

/// What [`read`] found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The document; with problems, what could be read of it.
    pub root: Option<Node>,
    /// The comments in the order they stand.
    pub comments: Vec<Comment>,
    /// What is wrong, in the order it stands; the document must not be used if there is anything.
    pub problems: Vec<Diagnostic>,
}

impl Reading {
    /// Puts the problems in the order they stand.
    pub(super) fn in_order(&mut self) {
        self.problems.sort_by_key(|problem| problem.span.map(|span| span.start));
    }
}

impl Node {
    /// The text, when it is one.
    #[must_use]
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            NodeValue::Scalar(scalar) => Some(scalar),
            NodeValue::Map(_) | NodeValue::List(_) => None,
        }
    }

    /// The value of `key`, when this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            NodeValue::Map(entries) => entries.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value),
            NodeValue::Scalar(_) | NodeValue::List(_) => None,
        }
    }
}

impl Scalar {
    /// Whether it stands for a value that is not there.
    ///
    /// [`read`] has said so already, so who comes later keeps silent about it. `~` and `null` are texts.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.style == ScalarStyle::Plain && self.text.is_empty()
    }

    /// Where a part of the text stands in the source.
    ///
    /// * `source`: the text the document was read from.
    /// * `inner`: a range of bytes of `self.text`, as the formula parser gives it.
    ///
    /// Escapes (`\n`, `\u00e9`, `''`), folded lines and the indentation of `|` and `>` texts are accounted for. The
    /// answer lies in `self.span` and begins and ends where characters do.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::{diagnostic::Span, document::tree};
    ///
    /// let source = r#"a: "\u65e5均 + x""#;
    /// let reading = tree::read(source);
    /// let scalar = reading.root.as_ref().and_then(|root| root.get("a")?.scalar()).unwrap();
    /// assert_eq!(scalar.text, "日均 + x");
    /// // The first character is six in the source.
    /// assert_eq!(scalar.source_span(source, Span::new(0, 6)).of(source), r"\u65e5均");
    /// ```
    #[must_use]
    pub fn source_span(&self, source: &str, inner: Span) -> Span {
        self.places(source).span(inner)
    }

    /// The same for many places of one text, which is gone through once.
    #[must_use]
    pub fn places(&self, source: &str) -> Places<'_> {
        Places { scalar: self, positions: Positions::of(self, source) }
    }
}

/// Where the parts of one scalar's text stand in the source.
pub struct Places<'n> {
    scalar: &'n Scalar,
    positions: Option<Positions>,
}

impl Places<'_> {
    /// As [`Scalar::source_span`].
    #[must_use]
    pub fn span(&self, inner: Span) -> Span {
        let text = &self.scalar.text;
        // Whole characters only, whatever was asked for.
        let (mut start, mut end) = (inner.start as usize, (inner.end as usize).min(text.len()));
        start = start.min(end);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let inner = Span::new(offset(start), offset(end));
        self.positions.as_ref().map_or(self.scalar.span, |positions| positions.span(inner))
    }
}

/// Reads YAML or JSON (which is YAML) to a tree of text with marks, and everything that is wrong with it.
///
/// Anchors, aliases, merge keys, tags, directives, keys that are no plain text, further documents, keys that stand
/// twice and keys without a value are errors, each at its place. So is a formula that YAML has cut at a comma, a
/// colon or a ` #`. An error in the text itself ends the reading, unless it is clear which value has to be quoted.
///
/// No input makes it panic or take more than [`MAX_DOCUMENT_BYTES`], [`MAX_DEPTH`] and [`MAX_NODES`] allow.
///
/// # Example
///
/// ```
/// use kaohe::{code::Code, document::tree};
///
/// let reading = tree::read("工号: 007\n权重: { 存款: 1e3 }\n");
/// assert!(reading.problems.is_empty());
/// assert_eq!(reading.root.as_ref().unwrap().get("工号").unwrap().scalar().unwrap().text, "007");
///
/// // YAML would read three keys here.
/// let reading = tree::read("得分: { formula: ratio(a, b, 0) }");
/// assert_eq!(reading.problems[0].code, Code::QuoteTheFormula);
/// assert_eq!(reading.problems[0].help.as_ref().unwrap().en, r#"write `{ formula: "ratio(a, b, 0)" }`"#);
/// ```
#[must_use]
pub fn read(source: &str) -> Reading {
    let problems = unreadable(source);
    if !problems.is_empty() {
        return Reading { problems, ..Reading::default() };
    }
    let mut repairs: Vec<Cut> = Vec::new();
    loop {
        let patched = patch(source, &repairs);
        let build = Build::of(source, &patched, &repairs);
        let Some(stop) = &build.stop else { return build.finish() };
        match malformed::cut_value(&build, stop) {
            Some(cut) if repairs.len() < MAX_REPAIRS && repairs.iter().all(|earlier| earlier.is_apart_from(&cut)) => {
                repairs.push(cut);
            }
            _ => {
                let told = malformed::tell(&build, stop);
                return build.finish_with(told);
            }
        }
    }
}

/// What makes the text unfit for any reader: its length, and characters that nobody can see.
fn unreadable(source: &str) -> Vec<Diagnostic> {
    if source.len() > MAX_DOCUMENT_BYTES {
        return vec![
            Diagnostic::error(
                Code::TooLong,
                Span::new(0, 0),
                say!(
                    "the document has {} bytes, more than the limit of {MAX_DOCUMENT_BYTES}",
                    "文档有 {} 字节，超过上限 {MAX_DOCUMENT_BYTES} 字节",
                    source.len()
                ),
            )
            .help(say!(
                "keep tables of people and details in files of their own",
                "请把人员表和明细表放在单独的文件中"
            )),
        ];
    }
    source
        .char_indices()
        .filter(|&(at, character)| is_refused(character) || (character == '\u{feff}' && at > 0))
        .take(MAX_PROBLEMS)
        .map(|(at, character)| {
            let span = Span::new(offset(at), offset(at + character.len_utf8()));
            control_character(character, span)
        })
        .collect()
}

/// A control character at `span`.
pub(super) fn control_character(character: char, span: Span) -> Diagnostic {
    let number = u32::from(character);
    Diagnostic::error(
        Code::ControlCharacter,
        span,
        say!(
            "the invisible control character U+{number:04X} is not allowed",
            "不允许出现不可见的控制字符 U+{number:04X}"
        ),
    )
    .help(say!(
        "delete it; if there are many, the file is not UTF-8 text",
        "请删除该字符；如果有很多，说明文件不是 UTF-8 文本"
    ))
}

/// Whether a character is one that neither a reader nor an editor shows.
pub(super) fn is_refused(character: char) -> bool {
    (character.is_control() && !matches!(character, '\t' | '\n' | '\r')) || matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// The text with every cut value replaced by a word as long as it, so that all places stay what they are.
fn patch(source: &str, repairs: &[Cut]) -> String {
    let mut bytes = source.as_bytes().to_vec();
    for repair in repairs {
        if let Some(part) = bytes.get_mut(repair.span.start as usize..repair.span.end as usize) {
            part.fill(b'x');
        }
    }
    // The spans begin and end at characters, so this is still text.
    String::from_utf8(bytes).unwrap_or_default()
}

/// A place in a text; those that are read are shorter than 4 GiB.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
