//! Worked examples: of one person, or of a population with the figures of each by key.

use kaohe_grammar::say;

use super::{Reader, day, entries, entries_of, list, named, names, text, worded};
use crate::code::Code;
use crate::document::model::{CasePeople, CaseText, Facts, Named, SHEET_MARKS, SHEET_ROLE};
use crate::document::tree::{Node, NodeValue, Scalar};

impl Reader<'_> {
    pub(super) fn case(&mut self, node: &Node) -> Option<CaseText> {
        let people = match (node.get("row"), node.get("rows")) {
            (Some(row), _) => CasePeople::One { row: facts(row), expect: self.expected_of_one(node) },
            (None, Some(rows)) => {
                let rows = self.inside("rows", |this| this.rows(rows));
                CasePeople::Many { rows, expect: self.expected_of_many(node) }
            }
            (None, None) => return None,
        };
        let mut details = Vec::new();
        self.inside("details", |this| {
            for entry in entries(node, "details") {
                let rows = this.inside(&entry.key.text, |this| this.rows(&entry.value));
                details.push((named(&entry.key), rows));
            }
        });
        self.inside("answers", |this| {
            for entry in entries(node, "answers") {
                let sheets = match &entry.value.value {
                    NodeValue::List(_) => this.inside(&entry.key.text, |this| this.rows(&entry.value)),
                    _ => vec![facts(&entry.value)],
                };
                details.push((named(&entry.key), sheets));
            }
        });
        self.inside("ratings", |this| {
            for entry in entries(node, "ratings") {
                let sheets = match &entry.value.value {
                    NodeValue::List(_) => this.inside(&entry.key.text, |this| this.rows(&entry.value)),
                    _ => entries_of(&entry.value).iter().flat_map(|role| sheets_of(&role.key, &role.value)).collect(),
                };
                details.push((named(&entry.key), sheets));
            }
        });
        Some(CaseText {
            name: text(node, "name").unwrap_or_else(|| self.path()),
            as_of: day(node, "as_of").map(|(day, _)| day),
            people,
            details,
            given: node.get("given").map(facts).unwrap_or_default(),
            span: node.span,
        })
    }

    /// Rows as a list of facts, or as columns with their values.
    fn rows(&mut self, node: &Node) -> Vec<Facts> {
        if let NodeValue::List(rows) = &node.value {
            return rows.iter().map(facts).collect();
        }
        let columns = names(node, "columns");
        let rows = node.get("values").map(list).unwrap_or_default();
        let is_uneven = |row: &Node| !columns.is_empty() && !list(row).is_empty() && list(row).len() != columns.len();
        // one of them is enough: most often they all lack the same column
        if let Some((at, row)) = rows.iter().enumerate().find(|(_, row)| is_uneven(row)) {
            let (wanted, found) = (columns.len(), list(row).len());
            let message =
                say!("the row has {found} values for {wanted} columns", "本行有 {found} 个值，而列有 {wanted} 个");
            let help = say!("write a value for each column, `\"\"` for none", "请为每一列写一个值，没有的写 `\"\"`");
            self.inside("values", |this| {
                this.inside(&at.to_string(), |this| this.report(Code::WrongShape, row.span, message, Some(help)));
            });
        }
        let facts = |row: &Node| {
            let pairs = columns.iter().cloned().zip(list(row));
            pairs.filter_map(|(column, value)| Some((column, value.scalar()?.clone()))).collect()
        };
        rows.iter().map(facts).collect()
    }

    /// The figures of one person.
    fn expected_of_one(&mut self, node: &Node) -> Facts {
        let Some(expect) = node.get("expect") else { return Vec::new() };
        if let Some(entry) = entries_of(expect).iter().find(|entry| matches!(entry.value.value, NodeValue::Map(_))) {
            let key = &entry.key.text;
            self.inside("expect", |this| {
                this.report(
                    Code::WrongShape,
                    entry.key.span,
                    say!(
                        "the figures of one person stand by column, and `{key}` has a map",
                        "只有一个人时按列写结果，`{key}` 却是键值表"
                    ),
                    Some(say!(
                        "write `expect: {{ 得分: 92.90 }}`, or give several people as `rows`",
                        "请写 `expect: {{ 得分: 92.90 }}`，或用 `rows` 给出几个人"
                    )),
                );
            });
        }
        facts(expect)
    }

    /// The figures of several people, by key.
    fn expected_of_many(&mut self, node: &Node) -> Vec<(Named, Facts)> {
        let expected = entries(node, "expect");
        if let Some(entry) = expected.iter().find(|entry| entry.value.scalar().is_some()) {
            let key = &entry.key.text;
            self.inside("expect", |this| {
                this.report(
                    Code::WrongShape,
                    entry.key.span,
                    say!(
                        "the figures of several people stand under their keys, and `{key}` has a value",
                        "有几个人时，结果写在各人的键之下，`{key}` 却直接写了值"
                    ),
                    Some(say!(
                        "write `expect: {{ \"001\": {{ 得分: 92.90 }} }}`",
                        "请写 `expect: {{ \"001\": {{ 得分: 92.90 }} }}`"
                    )),
                );
            });
        }
        expected.iter().map(|entry| (worded(&entry.key), facts(&entry.value))).collect()
    }
}

/// The sheets of a role, each as its marks in one text.
fn sheets_of<'n>(role: &'n Scalar, sheets: &'n Node) -> impl Iterator<Item = Facts> + 'n {
    let fact = |name: &str, value: &Scalar| (Named { name: name.into(), span: value.span }, value.clone());
    list(sheets).iter().filter_map(move |marks| Some(vec![fact(SHEET_ROLE, role), fact(SHEET_MARKS, marks.scalar()?)]))
}

/// Values by name; what is no plain value was told with the form.
fn facts(node: &Node) -> Facts {
    let pairs = entries_of(node).iter();
    pairs.filter_map(|entry| Some((named(&entry.key), entry.value.scalar()?.clone()))).collect()
}
