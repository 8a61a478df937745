//! The formatter: a scheme's text in its one layout, with every comment and in the author's order.
//!
//! - Two spaces a level. A map or list by lines stays so; one in brackets stays in brackets while it fits into
//!   [`WIDTH`] columns and has no comment inside, else it goes by lines. The facts of a worked example, and lists of
//!   plain values or of pairs, are wrapped instead, and keep the line breaks their author gave them.
//! - Formulas get one space round operators and full-width signs made ASCII; their words stay as the author wrote them
//!   (`且` stays `且`), and so do the lines of a formula under `|` or `>`.
//! - Quotes are left out where the text is safe without them and other readers would not take it for a number, a date
//!   or a truth. A text with a comma keeps the quotes it has, so that it can be moved between brackets.
//! - Where the author has aligned the values of neighbouring lines, they stay aligned, but for keys that are too long; a
//!   comment at the end of a line keeps its column. At most one empty line stays where there were some.
//! - A document that is one `{ … }` is JSON and stays JSON.
//!
//! What comes out is read again and compared, so formatting never changes what a scheme says.

mod lay;
mod lines;
mod quote;
mod respace;

use std::collections::{HashMap, HashSet};

use kaohe_grammar::say;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::conform::{conform, shape_under};
use crate::document::format::SCHEME;
use crate::document::shape::Shape;
use crate::document::tree::{Layout, Node, NodeValue, Reading, Scalar, ScalarStyle, read};
use crate::error::SchemeError;

/// How wide a line may get before a map or list in brackets is broken up, in columns of a terminal.
pub const WIDTH: usize = 120;

static WHOLE: Shape = Shape::Map(&SCHEME);

/// The scheme's text, well laid out.
///
/// Formatting twice is formatting once, and the fingerprint stays what it is. Whether the scheme makes sense is not
/// looked at, so a draft with an unknown name can be formatted, too.
///
/// # Errors
///
/// [`SchemeError`] when the text or a formula in it cannot be read.
///
/// # Example
///
/// ```
/// let source = "
/// computed:
///     完成率:   存款/任务   # 保留四位
///     得分: {formula:   'min(完成率*100,120)',round: 2}
/// ";
/// assert_eq!(
///     kaohe::format(source)?,
///     r#"computed:
///   完成率: 存款 / 任务     # 保留四位
///   得分:   { formula: "min(完成率 * 100, 120)", round: 2 }
/// "#
/// );
/// # Ok::<(), kaohe::SchemeError>(())
/// ```
pub fn format(source: &str) -> Result<String, SchemeError> {
    let reading = read(source);
    let mut problems = reading.problems.clone();
    let Some(root) = &reading.root else { return Err(SchemeError::located(problems, source)) };
    if root.scalar().is_some() {
        // One text is no scheme, and under `|` it may be anything.
        conform(root, &WHOLE, &mut problems);
    }
    let mut notes = Notes::default();
    notes.take(source, root, Some(&WHOLE), &mut problems);
    if problems.iter().any(|found| found.severity == Severity::Error) {
        problems.sort_by_key(|found| found.span.map(|span| span.start));
        return Err(SchemeError::located(problems, source));
    }
    let mut text = lay::lay(source, root, &reading.comments, &notes);
    if source.contains("\r\n") {
        text = text.replace('\n', "\r\n");
    }
    if says_the_same(&reading, &read(&text), &notes) { Ok(text) } else { Err(changed()) }
}

/// What the form table says about the nodes of a document, by where they begin.
#[derive(Debug, Default)]
struct Notes {
    /// The formulas with their spaces set.
    formulas: HashMap<u32, String>,
    /// Maps and lists of facts, which are wrapped rather than broken into lines.
    facts: HashSet<u32>,
}

impl Notes {
    /// Looks at a node and all below it, and reports formulas that cannot be read.
    fn take(&mut self, source: &str, node: &Node, shape: Option<&'static Shape>, problems: &mut Vec<Diagnostic>) {
        match (&node.value, shape) {
            (NodeValue::Scalar(scalar), Some(Shape::Forms(forms))) => {
                if matches!(forms.scalar, Some(Shape::Formula)) {
                    self.formula(source, scalar, problems);
                }
            }
            (NodeValue::Scalar(scalar), Some(Shape::Formula)) => self.formula(source, scalar, problems),
            (NodeValue::Scalar(_), _) => {}
            (NodeValue::List(_), Some(Shape::Forms(forms))) => {
                self.take(source, node, forms.list.as_ref(), problems);
            }
            (NodeValue::Map(_), Some(Shape::Forms(forms))) => self.take(source, node, forms.map.as_ref(), problems),
            (NodeValue::List(nodes), _) => {
                for (at, each) in nodes.iter().enumerate() {
                    let shape = match shape {
                        Some(Shape::List(each)) => Some(*each),
                        Some(Shape::Tuple(shapes)) => shapes.get(at),
                        _ => None,
                    };
                    self.take(source, each, shape, problems);
                }
            }
            (NodeValue::Map(entries), _) => {
                for entry in entries {
                    let shape = match shape {
                        Some(Shape::Map(map)) => shape_under(map, entries, &entry.key.text),
                        Some(Shape::Names(each)) => Some(*each),
                        _ => None,
                    };
                    self.take(source, &entry.value, shape, problems);
                }
            }
        }
        if shape.is_some_and(Shape::is_of_facts) && node.layout == Layout::Flow {
            self.facts.insert(node.span.start);
        }
    }

    fn formula(&mut self, source: &str, scalar: &Scalar, problems: &mut Vec<Diagnostic>) {
        match kaohe_grammar::parse(&scalar.text) {
            Ok(expr) => {
                self.formulas.insert(scalar.span.start, respace::respace(&scalar.text, &expr));
            }
            Err(errors) => {
                for error in errors {
                    let span = scalar.source_span(source, error.span);
                    let mut found = Diagnostic::error(error.code, span, error.message);
                    found.help = error.help;
                    problems.push(found);
                }
            }
        }
    }

    /// What is written for a text: a formula with its spaces set, anything else as it is.
    fn text<'a>(&'a self, scalar: &'a Scalar) -> &'a str {
        self.formulas.get(&scalar.span.start).map_or(&scalar.text, String::as_str)
    }
}

/// Whether the formatted text has the same tree and the same comments.
fn says_the_same(before: &Reading, after: &Reading, notes: &Notes) -> bool {
    let comments = |reading: &Reading| {
        let mut texts: Vec<String> =
            reading.comments.iter().map(|comment| comment.text.trim_end().to_owned()).collect();
        texts.sort_unstable();
        texts
    };
    let same_tree = match (&before.root, &after.root) {
        (Some(before), Some(after)) => same(before, after, notes),
        _ => false,
    };
    same_tree && after.problems.is_empty() && comments(before) == comments(after)
}

fn same(before: &Node, after: &Node, notes: &Notes) -> bool {
    match (&before.value, &after.value) {
        (NodeValue::Scalar(old), NodeValue::Scalar(new)) => new.text == old.text || new.text == notes.text(old),
        (NodeValue::List(old), NodeValue::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new, notes))
        }
        (NodeValue::Map(old), NodeValue::Map(new)) => {
            let pairs = old.iter().zip(new);
            let mut each = pairs.map(|(old, new)| old.key.text == new.key.text && same(&old.value, &new.value, notes));
            old.len() == new.len() && each.all(|same| same)
        }
        _ => false,
    }
}

/// A mistake of the formatter is never the author's loss.
fn changed() -> SchemeError {
    let message = say!(
        "the formatter would change what the text says, so it left it alone",
        "格式化会改变方案的内容，因此没有改动"
    );
    SchemeError::new(vec![
        Diagnostic::error(Code::Internal, Span::default(), message).help(say!(
            "this is a mistake of the library; please report the text",
            "这是程序本身的错误，请反馈这份文本"
        )),
    ])
}

/// Whether a text stands under `|` or `>`.
fn is_block_text(scalar: &Scalar) -> bool {
    matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded)
}

#[cfg(test)]
mod tests;
