//! Putting the values of a finished `{…}` or `[…]` together again that YAML has cut.

use std::collections::HashMap;

use kaohe_grammar::{Span, fold_name, say};

use super::build::{Build, Frame, Parts, is_nothing};
use super::cut::{self, Cut, Form, Sign};
use super::tree::{Entry, Layout, Node, NodeValue, ScalarStyle, offset};
use crate::code::Code;
use crate::diagnostic::Diagnostic;

impl Build<'_> {
    /// Puts the values of a finished `{…}` or `[…]` together again that YAML has cut, and checks its keys.
    pub(super) fn mend(&mut self) {
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.layout == Layout::Flow) else { return };
        match &mut frame.parts {
            Parts::List(items) => {
                let old = std::mem::take(items);
                let mut kept: Vec<Node> = Vec::with_capacity(old.len());
                let mut covered = 0;
                for mut item in old {
                    if self.is_full() {
                        break;
                    }
                    if item.span.start < covered {
                        continue;
                    }
                    if let Some(end) = self.mend_value(&mut item, Form::Bare, &kept.len().to_string()) {
                        covered = end;
                    } else if is_nothing(&item) && item.span.start == item.span.end {
                        let message = say!("this place in the list is empty", "列表中的这一项是空的");
                        let help = say!("write a value", "请写出值");
                        let path = self.path_to(&kept.len().to_string());
                        self.report(Diagnostic::error(Code::EmptyValue, item.span, message).help(help).at(path));
                    }
                    kept.push(item);
                }
                if let Some(Frame { parts: Parts::List(items), .. }) = self.frames.last_mut() {
                    *items = kept;
                }
            }
            Parts::Map { entries, .. } => {
                let old = std::mem::take(entries);
                let mut kept: Vec<Entry> = Vec::with_capacity(old.len());
                let mut seen: HashMap<String, Span> = HashMap::with_capacity(old.len());
                let (mut covered, mut torn) = (0, false);
                for mut entry in old {
                    if self.is_full() {
                        break;
                    }
                    if entry.key.span.start < covered {
                        continue;
                    }
                    let form = Form::FlowKey(entry.key.span.of(self.source).to_owned());
                    if let Some(end) = self.mend_value(&mut entry.value, form, &entry.key.text) {
                        torn |= !cut::is_balanced(entry.value.span.of(self.source));
                        covered = end;
                    } else if is_nothing(&entry.value) && entry.value.span.start == entry.value.span.end {
                        let has_colon = is_followed_by_colon(self.source, entry.key.span.end);
                        // `{ f: sum(a, b }`: `b` is a part of what was told about already.
                        if has_colon || !torn {
                            self.empty_in_flow(&entry, kept.last().filter(|_| !has_colon));
                        }
                    }
                    if entry.key.style == ScalarStyle::Plain && !cut::is_balanced(&entry.key.text) {
                        let (at, form) = (Sign::Bracket, Form::Bare);
                        let cut = Cut { span: entry.key.span, at, form, path: self.path() };
                        self.report(cut.tell(self.source));
                    }
                    let name = fold_name(&entry.key.text);
                    match seen.get(&name) {
                        Some(&first) => self.duplicate(&entry.key, first),
                        None => {
                            seen.insert(name, entry.key.span);
                            kept.push(entry);
                        }
                    }
                }
                if let Some(Frame { parts: Parts::Map { entries, .. }, .. }) = self.frames.last_mut() {
                    *entries = kept;
                }
            }
        }
    }

    /// Puts one value together again; the answer is where it ends, when it was cut.
    ///
    /// * `last`: its key or position, for the path.
    fn mend_value(&mut self, node: &mut Node, form: Form, last: &str) -> Option<u32> {
        let NodeValue::Scalar(scalar) = &mut node.value else { return None };
        if scalar.style != ScalarStyle::Plain || cut::is_balanced(&scalar.text) || self.is_repaired(scalar.span) {
            return None;
        }
        let start = scalar.span.start;
        let whole = cut::end_in_flow(self.source, start as usize).map(offset).filter(|&end| end > scalar.span.end);
        let at = match whole {
            Some(_) if cut::is_followed_by_comment(self.source, scalar.span.end as usize) => Sign::Comment,
            Some(_) => Sign::Comma,
            None => Sign::Bracket,
        };
        if let Some(end) = whole {
            scalar.span = Span::new(start, end);
            scalar.span.of(self.source).clone_into(&mut scalar.text);
            node.span = scalar.span;
        }
        let span = node.span;
        let cut = Cut { span, at, form, path: self.path_to(last) };
        self.report(cut.tell(self.source));
        Some(span.end)
    }

    /// `{ label: a, b }`: `b` is no key, or one without a value.
    fn empty_in_flow(&mut self, entry: &Entry, before: Option<&Entry>) {
        let name = cut::shorten(&entry.key.text);
        let message = say!("the key `{name}` has no value", "键 `{name}` 没有值");
        let plain =
            before.filter(|before| before.value.scalar().is_some_and(|value| value.style == ScalarStyle::Plain));
        let help = match plain {
            Some(before) if is_number_torn(before, entry) => {
                let (key, number) = (before.key.span.of(self.source), before.value.span.of(self.source));
                say!(
                    "write the number without a comma: `{key}: {number}{name}`",
                    "数字中不要写逗号，请写成 `{key}: {number}{name}`"
                )
            }
            Some(before) => {
                let key = before.key.span.of(self.source);
                let whole = before.value.span.to(entry.key.span).of(self.source);
                let written = format!("{{ {key}: {} }}", cut::quote(whole));
                say!(
                    "write `{name}: …`; if the comma belongs to the text before it, write `{written}`",
                    "请写成 `{name}: …`；如果逗号属于前面的文本，请写成 `{written}`"
                )
            }
            None => say!("write `{name}: …`", "请写成 `{name}: …`"),
        };
        let path = self.path_to(&entry.key.text);
        self.report(Diagnostic::error(Code::EmptyValue, entry.key.span, message).help(help).at(path));
    }
}

/// `above: 1,000`: a number with its thousands apart.
fn is_number_torn(before: &Entry, after: &Entry) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|each| each.is_ascii_digit());
    let first = before.value.scalar().map_or("", |scalar| scalar.text.trim_start_matches(['-', '+']));
    let rest = after.key.text.split_once('.').map_or(&*after.key.text, |(whole, _)| whole);
    digits(first) && first.len() <= 3 && digits(rest) && rest.len() == 3
}

/// Whether the next sign after `end` is a colon.
fn is_followed_by_colon(source: &str, end: u32) -> bool {
    source.get(end as usize..).is_some_and(|rest| rest.trim_start().starts_with(':'))
}
