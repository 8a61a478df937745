//! Scored indicators: totals, dimensions and items, with the keys that count for each.

use kaohe_grammar::say;

use super::{Reader, entries_of, scalar, text};
use crate::document::model::{AdjustmentText, ScoreText, VetoText};
use crate::document::tree::{Node, Scalar};
use crate::plan::WhenMissing;
use crate::rules;

impl Reader<'_> {
    pub(super) fn score(&mut self, key: &Scalar, node: &Node) -> Option<ScoreText> {
        let rule = self.rule(node);
        self.keys_that_count(node);
        Some(ScoreText {
            common: self.common(key, node),
            weight: self.formula(node, "weight"),
            points: self.formula(node, "points"),
            full: self.formula(node, "full"),
            items: self.named(node, "items", Self::score),
            failed: node.get("items").is_some_and(|items| entries_of(items).is_empty())
                || rule.as_ref().is_some_and(|(_, rule)| rule.is_none()),
            rule_name: rule.as_ref().map_or("", |(kind, _)| kind.key.name),
            rule: rule.and_then(|(_, rule)| rule),
            only_when: self.formula(node, "only_when"),
            when_missing: match scalar(node, "when_missing").map(|word| word.text.as_str()) {
                Some("zero") => WhenMissing::Zero,
                Some("full") => WhenMissing::Full,
                Some("redistribute") => WhenMissing::Redistribute,
                _ => WhenMissing::Error,
            },
            floor: self.formula(node, "floor"),
            cap: self.formula(node, "cap"),
            adjustments: self.listed(node, "adjustments", Self::adjustment),
            vetoes: self.listed(node, "vetoes", |this, veto| {
                Some(VetoText {
                    name: text(veto, "name")?,
                    when: this.formula(veto, "when")?,
                    at_most: this.formula(veto, "score_at_most")?,
                })
            }),
        })
    }

    /// An item with a rule, a total over items and an item that is a column each take keys of their own.
    pub(super) fn keys_that_count(&mut self, node: &Node) {
        let has = |key: &str| node.get(key).is_some();
        if self.path.len() == 2 {
            let why = say!("a total at the top has no siblings", "最上层的总分没有并列项");
            self.without_effect(node, &["weight", "points", "when_missing"], &why);
        }
        if rules::NAMES.iter().any(|name| has(name)) {
            let why = say!("the item has a rule", "该项已有规则");
            self.without_effect(node, &["items", "full", "adjustments", "vetoes"], &why);
        } else if has("items") {
            self.without_effect(node, &["only_when"], &say!("it has parts", "它由各项组成"));
        } else {
            let why =
                say!("an item without a rule is the column of its name, as it is", "没有规则的项就是同名的列本身");
            let keys = ["only_when", "floor", "cap", "round", "full", "adjustments", "vetoes"];
            self.without_effect(node, &keys, &why);
        }
    }

    pub(super) fn adjustment(&mut self, node: &Node) -> Option<AdjustmentText> {
        Some(AdjustmentText {
            common: self.common(scalar(node, "name")?, node),
            points: self.formula(node, "points")?,
            when: self.formula(node, "when"),
            min: self.formula(node, "min"),
            max: self.formula(node, "max"),
        })
    }
}
