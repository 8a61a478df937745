//! From the marked tree to the typed document. Shape errors are reported before; here what does not fit is left out.

mod cases;
mod columns;
mod details;
mod exams;
mod gradings;
mod keys;
mod pay;
mod ratings;
mod scores;

use std::sync::Arc;

use kaohe_grammar::{Expr, Message, Span, fold_name, say};

use super::conform::{name, truth};
use super::format;
use super::model::*;
use super::tree::{Entry, Node, NodeValue, Scalar};
use crate::code::Code;
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::plan::{Better, Rounding, Show};

/// Reads parts of the document; knows where it is and collects what is wrong.
pub(crate) struct Reader<'s> {
    source: &'s str,
    path: Vec<String>,
    problems: &'s mut Vec<Diagnostic>,
    /// Names whose definitions could not be read.
    failed: Vec<Named>,
}

/// Reads the typed document from a tree that was held against its shape before.
pub(crate) fn read(source: &str, root: &Node, problems: &mut Vec<Diagnostic>) -> Document {
    Reader { source, path: Vec::new(), problems, failed: Vec::new() }.document(root)
}

/// Reads a formula that stands in no document: its text is the whole source.
pub(crate) fn formula(source: &str, problems: &mut Vec<Diagnostic>) -> Option<FormulaText> {
    match kaohe_grammar::parse(source) {
        Ok(expr) => Some(FormulaText { text: source.into(), span: expr.span, expr: Arc::new(expr), path: "".into() }),
        Err(errors) => {
            problems.extend(errors.into_iter().map(|error| syntax(error, |span| span)));
            None
        }
    }
}

/// Reads the declaration of an input called `name`.
pub(crate) fn input(source: &str, name: &str, node: &Node, problems: &mut Vec<Diagnostic>) -> Option<InputText> {
    let mut reader = Reader { source, path: vec![name.to_owned()], problems, failed: Vec::new() };
    let named = Named { name: fold_name(name).into(), span: Span::default() };
    reader.input_named(named, node)
}

/// A grammar's error as a diagnostic, at the place `place` makes of its own.
fn syntax(error: kaohe_grammar::SyntaxError, place: impl Fn(Span) -> Span) -> Diagnostic {
    let mut found = Diagnostic::error(error.code, place(error.span), error.message);
    found.help = error.help;
    found
}

impl Reader<'_> {
    /// Reads what stands under `step`.
    pub(crate) fn inside<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step.to_owned());
        let out = read(self);
        self.path.pop();
        out
    }

    fn path(&self) -> Arc<str> {
        self.path.join(".").into()
    }

    fn document(&mut self, root: &Node) -> Document {
        let mut document =
            Document { scheme: text(root, "scheme"), edition: text(root, "edition"), ..Document::default() };
        if let Some(period) = root.get("period") {
            document.period = Self::period(period);
        }
        if let Some(rounding) = root.get("rounding") {
            let places = |key: &str| scalar(rounding, key).and_then(|scalar| scalar.text.parse().ok());
            document.rounding = Rounding {
                items: places("items"),
                totals: places("totals"),
                money: places("money"),
                mode: scalar(rounding, "mode").map(|word| rounding_mode(&word.text)).unwrap_or_default(),
            };
        }
        document.inputs = self.named(root, "inputs", Self::input);
        document.given = self.named(root, "given", Self::given);
        document.details = self.named(root, "details", Self::detail);
        document.parameters = self.named(root, "parameters", Self::parameter);
        document.computed = self.named(root, "computed", Self::computed);
        document.scores = self.named(root, "scores", Self::score);
        document.grades = self.named(root, "grades", Self::grading);
        document.pay = self.named(root, "pay", Self::pay);
        document.exams = self.exams(root, &document.inputs, &mut document.details);
        document.ratings = self.ratings(root, &document.inputs, &mut document.details);
        document.cases = self.listed(root, "cases", Self::case);
        document.failed.append(&mut self.failed);
        if let NodeValue::Map(sections) = &root.value {
            for section in sections.iter().filter(|section| format::SCHEME.key(&section.key.text).is_none()) {
                names_in(&section.value, &mut document.failed);
            }
        }
        document
    }

    /// Reads each entry of the map under `key` with its name.
    fn named<T>(&mut self, node: &Node, key: &str, read: impl Fn(&mut Self, &Scalar, &Node) -> Option<T>) -> Vec<T> {
        let mut out = Vec::new();
        self.inside(key, |this| {
            for entry in entries(node, key) {
                let found = this.inside(&entry.key.text, |this| read(this, &entry.key, &entry.value));
                if found.is_none() {
                    // what reads it is no mistake of its own
                    this.failed.push(Named { name: name(&entry.key), span: entry.key.span });
                }
                out.extend(found);
            }
        });
        out
    }

    /// Reads each entry of the list under `key`.
    fn listed<T>(&mut self, node: &Node, key: &str, read: impl Fn(&mut Self, &Node) -> Option<T>) -> Vec<T> {
        let mut out = Vec::new();
        self.inside(key, |this| {
            for (at, node) in node.get(key).map(list).unwrap_or_default().iter().enumerate() {
                out.extend(this.inside(&at.to_string(), |this| read(this, node)));
            }
        });
        out
    }

    fn period(node: &Node) -> Option<Period> {
        Some(Period { start: day(node, "start")?.0, end: day(node, "end")?.0, span: node.span })
    }

    /// The formula under `key`, if there is one.
    pub(crate) fn formula(&mut self, node: &Node, key: &str) -> Option<FormulaText> {
        let found = scalar(node, key)?;
        self.inside(key, |this| this.formula_text(found))
    }

    /// A formula that stands in `scalar`.
    pub(crate) fn formula_text(&mut self, scalar: &Scalar) -> Option<FormulaText> {
        if scalar.is_nothing() {
            return None; // said where it stands
        }
        match kaohe_grammar::parse(&scalar.text) {
            Ok(mut expr) => {
                self.place(&mut expr, scalar);
                Some(FormulaText {
                    text: scalar.text.as_str().into(),
                    expr: Arc::new(expr),
                    span: scalar.span,
                    path: self.path(),
                })
            }
            Err(errors) => {
                let path = self.path();
                let source = self.source;
                let found = errors.into_iter().map(|error| syntax(error, |span| scalar.source_span(source, span)));
                self.problems.extend(found.map(|found| found.at(&*path)));
                None
            }
        }
    }

    /// Turns the tree's places in the formula into places in the document.
    fn place(&self, expr: &mut Expr, scalar: &Scalar) {
        let places = scalar.places(self.source);
        expr.relocate(&mut |span: Span| places.span(span));
    }

    /// Pairs of formulas: `[[98%, 100], [95%, 90]]`.
    pub(crate) fn pairs(&mut self, node: &Node, key: &str) -> Vec<(FormulaText, FormulaText)> {
        self.listed(node, key, |this, pair| {
            let [edge, value] = list(pair) else { return None };
            let edge = this.inside("0", |this| this.formula_text(edge.scalar()?));
            let value = this.inside("1", |this| this.formula_text(value.scalar()?));
            Some((edge?, value?))
        })
    }

    /// A list of formulas: `[2%, 4%, 6%]`.
    pub(crate) fn formulas(&mut self, node: &Node, key: &str) -> Vec<FormulaText> {
        self.listed(node, key, |this, each| this.formula_text(each.scalar()?))
    }

    /// Reports something that is wrong at `span`.
    pub(crate) fn report(&mut self, code: Code, span: Span, message: Message, help: Option<Message>) {
        let mut found = Diagnostic::error(code, span, message).at(&*self.path());
        found.help = help;
        self.problems.push(found);
    }

    /// Reports keys that would have no effect where they stand.
    pub(crate) fn without_effect(&mut self, node: &Node, keys: &[&str], why: &Message) {
        let NodeValue::Map(entries) = &node.value else { return };
        for entry in entries.iter().filter(|entry| keys.contains(&entry.key.text.as_str())) {
            let key = &entry.key.text;
            let (en, zh) = (&why.en, &why.zh);
            self.report(
                Code::KeysExclude,
                entry.key.span,
                say!("`{key}` has no effect here: {en}", "`{key}` 在这里不起作用：{zh}"),
                Some(say!("leave it out, or write it where it counts", "请去掉它，或写到起作用的地方")),
            );
        }
    }

    fn common(&self, key: &Scalar, node: &Node) -> Common {
        self.common_named(Named { name: name(key), span: key.span }, node)
    }

    fn common_named(&self, name: Named, node: &Node) -> Common {
        let label = |language: &str| node.get("label").and_then(|label| text(label, language));
        let show = node.get("show");
        Common {
            name,
            path: self.path(),
            label_en: label("en"),
            label_zh: label("zh"),
            show: Show {
                percent: show.and_then(|show| scalar(show, "as")).is_some_and(|word| word.text == "percent"),
                places: show.and_then(|show| scalar(show, "places")).and_then(|places| places.text.parse().ok()),
            },
            round: match scalar(node, "round").map(|scalar| scalar.text.as_str()) {
                None => OwnRound::Unstated,
                Some("none") => OwnRound::None,
                Some(places) => places.parse().map_or(OwnRound::Unstated, OwnRound::Places),
            },
            source: text(node, "source"),
            better: scalar(node, "better").and_then(|word| Better::from_name(&word.text)),
        }
    }
}

/// Every key in a part of the document that could not be read: what reads them is no mistake of its own.
fn names_in(node: &Node, names: &mut Vec<Named>) {
    match &node.value {
        NodeValue::Scalar(_) => {}
        NodeValue::List(nodes) => nodes.iter().for_each(|node| names_in(node, names)),
        NodeValue::Map(entries) => {
            for entry in entries {
                names.push(named(&entry.key));
                names_in(&entry.value, names);
            }
        }
    }
}

/// The entries of a map; none when it is no map.
fn entries_of(node: &Node) -> &[Entry] {
    match &node.value {
        NodeValue::Map(entries) => entries,
        _ => &[],
    }
}

/// The entries of the map under `key`.
fn entries<'n>(node: &'n Node, key: &str) -> &'n [Entry] {
    node.get(key).map_or(&[], entries_of)
}

/// The nodes of a list; none when it is no list.
pub(crate) fn list(node: &Node) -> &[Node] {
    match &node.value {
        NodeValue::List(nodes) => nodes,
        _ => &[],
    }
}

/// The text under `key`.
pub(crate) fn scalar<'n>(node: &'n Node, key: &str) -> Option<&'n Scalar> {
    node.get(key)?.scalar()
}

fn text(node: &Node, key: &str) -> Option<Arc<str>> {
    scalar(node, key).map(|scalar| scalar.text.as_str().into())
}

/// A word that cells and texts are compared with: its characters, not folded as names are.
fn worded(scalar: &Scalar) -> Named {
    Named { name: scalar.text.trim().into(), span: scalar.span }
}

/// A name that is looked up.
pub(crate) fn name_of(scalar: &Scalar) -> Named {
    named(scalar)
}

fn named(scalar: &Scalar) -> Named {
    Named { name: fold_name(scalar.text.trim()).into(), span: scalar.span }
}

/// The names in the list under `key`.
pub(crate) fn names(node: &Node, key: &str) -> Vec<Named> {
    node.get(key).map(list).unwrap_or_default().iter().filter_map(Node::scalar).map(named).collect()
}

fn day(node: &Node, key: &str) -> Option<(Date, Span)> {
    let scalar = scalar(node, key)?;
    Some((Date::parse(&scalar.text).ok()?, scalar.span))
}

/// Whether the key says `true`.
pub(crate) fn flag(node: &Node, key: &str) -> bool {
    scalar(node, key).and_then(|scalar| truth(&scalar.text)).unwrap_or(false)
}

#[cfg(test)]
mod tests;
