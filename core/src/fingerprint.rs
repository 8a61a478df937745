//! The fingerprint: two schemes that compute the same by the same words have the same one.
//!
//! It is taken of a canonical text: the document without what is only for people's eyes, maps in the order of their
//! keys, lists as they are, short forms written out, formulas as the printer writes them, defaults left out. The form
//! table decides what is what, so a new key needs nothing here.

use std::collections::BTreeMap;

use kaohe_grammar::{Clause, Expr, ExprKind, fold_name, parse};
use sha2::{Digest, Sha256};

use crate::document::conform::{shape_under, truth};
use crate::document::format::SCHEME;
use crate::document::order::canonical as canonical_order;
use crate::document::shape::{Forms, Key, MapShape, Shape};
use crate::document::tree::{Entry, Node, NodeValue, Scalar, read};
use crate::functions;
use crate::scheme::Scheme;

/// Goes before the canonical text, so that another version of it never gives an equal fingerprint by chance.
const VERSION: &str = "kaohe fingerprint 1, language 1\n";

impl Scheme {
    /// What the scheme computes, as `sha256:` and 64 hexadecimal digits.
    ///
    /// Comments, labels, sources, how figures are shown, worked examples, the order of keys in a map, spacing, quotes,
    /// full-width signs, Chinese or English words of the formula language, YAML or JSON, short or long forms and stated
    /// defaults change nothing. Any number, name, formula, word or order of a list does.
    ///
    /// It is worked out from the text at every call, in about the time the text takes to read.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::Scheme;
    ///
    /// let one = Scheme::parse("
    /// kaohe: 1
    /// scheme: 存款
    /// inputs: { 工号: { type: text, key: true }, 存款: { type: number } }
    /// computed: { 得分: 存款 / 2 }
    /// ")?;
    /// let other = Scheme::parse(r#"
    /// { "scheme": "存款", "kaohe": 1,
    ///   "computed": { "得分": { "formula": "存款/2", "label": { "en": "score" } } },
    ///   "inputs": { "存款": { "type": "number" }, "工号": { "key": true, "type": "text" } } }
    /// "#)?;
    /// assert_eq!(one.fingerprint(), other.fingerprint());
    /// assert!(one.fingerprint().starts_with("sha256:"));
    /// # Ok::<(), kaohe::SchemeError>(())
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> String {
        // A scheme was read from this text, so it can be read again; once is enough.
        let made = || read(self.source()).root.as_ref().map(of_document).unwrap_or_default();
        self.fingerprint_cell().get_or_init(made).clone()
    }
}

/// The fingerprint of a document that has the form of a scheme.
pub(crate) fn of_document(root: &Node) -> String {
    let text = canonical(root, &Shape::Map(&SCHEME));
    let digest = Sha256::new().chain_update(VERSION).chain_update(text).finalize();
    format!("sha256:{}", hex(&digest))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A part of the document as canonical text.
fn canonical(node: &Node, shape: &Shape) -> String {
    match (shape, &node.value) {
        (Shape::Forms(forms), _) => short_or_long(node, forms),
        (Shape::Map(map), NodeValue::Map(entries)) => by_known_keys(entries, map),
        (Shape::Names(each), NodeValue::Map(entries)) => {
            in_braces(entries.iter().map(|entry| (fold_name(entry.key.text.trim()), canonical(&entry.value, each))))
        }
        (Shape::List(each), NodeValue::List(nodes)) => in_brackets(nodes.iter().map(|node| canonical(node, each))),
        (Shape::Tuple(shapes), NodeValue::List(nodes)) => {
            in_brackets(nodes.iter().zip(*shapes).map(|(node, shape)| canonical(node, shape)))
        }
        (_, NodeValue::Scalar(scalar)) => text(scalar, shape),
        // What does not have the form of the table is no scheme yet; it still has a fingerprint as it stands.
        (_, NodeValue::Map(entries)) => {
            let each = &Shape::Text;
            in_braces(entries.iter().map(|entry| (entry.key.text.clone(), canonical(&entry.value, each))))
        }
        (_, NodeValue::List(nodes)) => in_brackets(nodes.iter().map(|node| canonical(node, &Shape::Text))),
    }
}

/// One of several forms, written as the longest of them.
fn short_or_long(node: &Node, forms: &Forms) -> String {
    let (form, long) = match &node.value {
        NodeValue::Scalar(_) => (&forms.scalar, forms.text_is_short_for()),
        NodeValue::List(_) => (&forms.list, forms.list_is_short_for()),
        NodeValue::Map(_) => (&forms.map, None),
    };
    let Some(shape) = form else { return canonical(node, &Shape::Text) };
    match (long, &node.value, &forms.list) {
        (Some(key), ..) => in_braces([(key.name.to_owned(), canonical(node, &key.shape))]),
        // A text where a list may stand is a list of one.
        (None, NodeValue::Scalar(_), Some(_)) => in_brackets([canonical(node, shape)]),
        _ => canonical(node, shape),
    }
}

fn by_known_keys(entries: &[Entry], map: &'static MapShape) -> String {
    in_braces(entries.iter().filter_map(|entry| {
        let name = entry.key.text.as_str();
        let Some(key) = map.key(name) else {
            return Some((name.to_owned(), canonical(&entry.value, &Shape::Text)));
        };
        if key.display {
            return None;
        }
        let value = canonical(&entry.value, shape_under(map, entries, name).unwrap_or(&key.shape));
        (!says_nothing(key, &value)).then(|| (name.to_owned(), value))
    }))
}

/// Whether leaving the key out means the same.
fn says_nothing(key: &Key, value: &str) -> bool {
    key.default.is_some_and(|default| value == quoted(default)) || (!key.required && value == "{}")
}

fn text(scalar: &Scalar, shape: &Shape) -> String {
    let text = scalar.text.trim();
    quoted(&match shape {
        Shape::Name => fold_name(text),
        Shape::Formula => match parse(text) {
            Ok(mut expr) => {
                uniform(&mut expr);
                expr.to_string()
            }
            Err(_) => fold_name(text),
        },
        Shape::Order => canonical_order(text).unwrap_or_else(|| text.to_owned()),
        Shape::Whole(..) => text.parse::<i64>().map_or_else(|_| text.to_owned(), |number| number.to_string()),
        Shape::Places => text.parse::<u32>().map_or_else(|_| text.to_owned(), |places| places.to_string()),
        Shape::Truth => truth(text).map_or_else(|| text.to_owned(), |truth| truth.to_string()),
        _ => text.to_owned(),
    })
}

/// One spelling for what has several: functions by their names, numbers without needless zeros.
fn uniform(expr: &mut Expr) {
    match &mut expr.kind {
        ExprKind::Number(number) => number.digits = shortest(&number.digits).into(),
        ExprKind::Missing | ExprKind::Truth(_) | ExprKind::Text(_) | ExprKind::Date { .. } | ExprKind::Name(_) => {}
        ExprKind::Index { keys, .. } => keys.iter_mut().for_each(uniform),
        ExprKind::Unary { operand, .. } => uniform(operand),
        ExprKind::Binary { left, right, .. } => {
            uniform(left);
            uniform(right);
        }
        ExprKind::Comparison { first, rest } => {
            uniform(first);
            rest.iter_mut().for_each(|(_, side)| uniform(side));
        }
        ExprKind::In { value, list } => {
            uniform(value);
            list.iter_mut().for_each(uniform);
        }
        ExprKind::Between { value, low, high } => [value, low, high].into_iter().for_each(|part| uniform(part)),
        ExprKind::If { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|part| uniform(part));
        }
        ExprKind::Case { arms, otherwise } => {
            for (condition, value) in arms {
                uniform(condition);
                uniform(value);
            }
            uniform(otherwise);
        }
        ExprKind::Call { function, arguments, clauses, .. } => {
            if let Some(known) = functions::find(function) {
                *function = known.name.into();
            }
            arguments.iter_mut().for_each(uniform);
            for (clause, _) in clauses {
                match clause {
                    Clause::Where(part) | Clause::WhenEmpty(part) | Clause::By(part) => uniform(part),
                    Clause::Within(columns) => columns.iter_mut().for_each(uniform),
                    Clause::Direction(_) | Clause::Ties(_) => {}
                }
            }
        }
    }
}

/// `.50` as `0.5`, `12.00` as `12`.
fn shortest(digits: &str) -> String {
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = if whole.is_empty() { "0" } else { whole };
    match decimals.trim_end_matches('0') {
        "" => whole.to_owned(),
        decimals => format!("{whole}.{decimals}"),
    }
}

/// A map in the order of its keys.
fn in_braces(entries: impl IntoIterator<Item = (String, String)>) -> String {
    let sorted: BTreeMap<String, String> = entries.into_iter().collect();
    let each: Vec<String> = sorted.iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    format!("{{{}}}", each.join(","))
}

fn in_brackets(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

/// A text in quotes, so that no text can pass for the structure round it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests;
