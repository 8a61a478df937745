//! Inputs, parameters and computed indicators.

use kaohe_grammar::say;

use super::{Reader, day, flag, list, named, scalar, text, worded};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::document::conform::name;
use crate::document::model::{
    ComputedText, EditionText, InputKind, InputText, MissingText, Named, ParameterText, ValuesText,
};
use crate::document::tree::{Node, NodeValue, Scalar};
use crate::rules;

impl Reader<'_> {
    pub(super) fn input(&mut self, key: &Scalar, node: &Node) -> Option<InputText> {
        self.input_named(Named { name: name(key), span: key.span }, node)
    }

    pub(super) fn input_named(&mut self, named_key: Named, node: &Node) -> Option<InputText> {
        let kind = match scalar(node, "type")?.text.as_str() {
            "number" => InputKind::Number,
            "text" => InputKind::Text,
            "bool" => InputKind::Truth,
            "date" => InputKind::Date,
            "choice" => {
                let values = node.get("values").map(list).unwrap_or_default();
                if values.is_empty() {
                    let span = scalar(node, "type")?.span;
                    self.problems.push(
                        Diagnostic::error(
                            Code::MissingKey,
                            span,
                            kaohe_grammar::say!("a choice needs its `values`", "选项类型需要写明 `values`"),
                        )
                        .at(&*self.path())
                        .help(kaohe_grammar::say!("write `values: [甲, 乙]`", "请写 `values: [甲, 乙]`")),
                    );
                }
                InputKind::Choice(values.iter().filter_map(Node::scalar).map(worded).collect())
            }
            _ => return None,
        };
        if !matches!(kind, InputKind::Choice(_)) {
            self.without_effect(node, &["values"], &say!("only a choice has them", "只有选项类型才有取值"));
        }
        if flag(node, "whole") {
            self.without_effect(node, &["places"], &say!("a whole number has no decimals", "整数没有小数位"));
        }
        let headers = match node.get("header") {
            Some(header) => {
                header.scalar().into_iter().chain(list(header).iter().filter_map(Node::scalar)).map(named).collect()
            }
            None => Vec::new(),
        };
        let missing = match scalar(node, "missing") {
            None => MissingText::Error,
            Some(word) if word.text == "error" => MissingText::Error,
            Some(word) if word.text == "allow" => MissingText::Allow,
            Some(word) if matches!(kind, InputKind::Choice(_) | InputKind::Text) => MissingText::Word(worded(word)),
            Some(_) => self.formula(node, "missing").map_or(MissingText::Error, MissingText::Default),
        };
        let range = [
            self.formula(node, "min"),
            self.formula(node, "max"),
            self.formula(node, "above"),
            self.formula(node, "below"),
        ];
        Some(InputText {
            common: self.common_named(named_key, node),
            kind,
            key: flag(node, "key"),
            headers,
            unit: scalar(node, "unit").map(named),
            range,
            whole: flag(node, "whole"),
            places: scalar(node, "places").and_then(|places| places.text.parse().ok()),
            missing,
            answer: None,
            sheet: None,
        })
    }

    pub(super) fn parameter(&mut self, key: &Scalar, node: &Node) -> Option<ParameterText> {
        let editions = match &node.value {
            NodeValue::Scalar(scalar) => vec![EditionText {
                from: None,
                values: ValuesText::One(self.formula_text(scalar)?),
                source: None,
                span: node.span,
            }],
            NodeValue::List(nodes) => self.editions(nodes),
            NodeValue::Map(_) => match node.get("dated") {
                Some(dated) => self.inside("dated", |this| this.editions(list(dated))),
                None => vec![self.edition(node)?],
            },
        };
        Some(ParameterText {
            name: named(key),
            path: self.path(),
            unit: scalar(node, "unit").map(named),
            by: node.get("by").map(list).unwrap_or_default().iter().filter_map(Node::scalar).map(named).collect(),
            editions,
        })
    }

    pub(super) fn editions(&mut self, nodes: &[Node]) -> Vec<EditionText> {
        let mut out = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            out.extend(self.inside(&at.to_string(), |this| this.edition(node)));
        }
        out
    }

    pub(super) fn edition(&mut self, node: &Node) -> Option<EditionText> {
        let values = match node.get("values") {
            Some(values) => self.inside("values", |this| this.values(values))?,
            None => ValuesText::One(self.formula(node, "value")?),
        };
        Some(EditionText { from: day(node, "from"), values, source: text(node, "source"), span: node.span })
    }

    pub(super) fn values(&mut self, node: &Node) -> Option<ValuesText> {
        match &node.value {
            NodeValue::Scalar(scalar) => self.formula_text(scalar).map(ValuesText::One),
            NodeValue::List(_) => None,
            NodeValue::Map(entries) => {
                let mut out = Vec::new();
                for entry in entries {
                    let value = self.inside(&entry.key.text, |this| this.values(&entry.value));
                    out.extend(value.map(|value| (worded(&entry.key), value)));
                }
                Some(ValuesText::Keyed(out))
            }
        }
    }

    pub(super) fn computed(&mut self, key: &Scalar, node: &Node) -> Option<ComputedText> {
        let rule = match node.scalar() {
            Some(_) => rules::formula::read(self, node),
            None => self.rule(node).and_then(|(_, rule)| rule),
        };
        Some(ComputedText { common: self.common(key, node), rule: rule?, unit: scalar(node, "unit").map(named) })
    }

    /// The rule a map states, with its kind; the rule itself is nothing when it cannot be read.
    pub(super) fn rule(&mut self, node: &Node) -> Option<(&'static rules::RuleKind, Option<Box<dyn rules::Rule>>)> {
        rules::KINDS.iter().find_map(|kind| {
            let body = node.get(kind.key.name)?;
            Some((kind, self.inside(kind.key.name, |this| (kind.read)(this, body))))
        })
    }
}
