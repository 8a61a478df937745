//! Gradings, and the keys of theirs that need or exclude each other.

use kaohe_grammar::{Span, fold_name, say};

use super::keys::Keys;
use super::{Reader, entries_of, flag, list, named, names, scalar, text, worded};
use crate::code::Code;
use crate::document::format;
use crate::document::model::{
    FormulaText, GradingText, MovementText, Named, OrderText, OverrideText, QuotaText, ShiftText, ThresholdsText,
    VetoText,
};
use crate::document::order::ordered;
use crate::document::tree::{Node, NodeValue, Scalar};
use crate::plan::{QuotaMethod, QuotaOf, TiesAtCut};

/// What decides a grade.
const DECIDING: [&str; 3] = ["thresholds", "standards", "quota"];

impl Reader<'_> {
    /// A grading; nothing when what decides the grade is not there or cannot be read, which is told where it stands.
    pub(super) fn grading(&mut self, key: &Scalar, node: &Node) -> Option<GradingText> {
        let is_decided = self.keys_of_a_grading(key, node);
        let thresholds = self.under(node, "thresholds", Self::thresholds);
        let standards =
            self.under(node, "standards", |this, node| Some(this.standards(node)).filter(|all| !all.is_empty()));
        let quota = self.under(node, "quota", Self::quota);
        let found = [thresholds.is_some(), standards.is_some(), quota.is_some()];
        let is_read = DECIDING.iter().zip(found).all(|(key, found)| found || node.get(key).is_none());
        let grading = GradingText {
            common: self.common(key, node),
            ladder: words(node, "ladder"),
            thresholds,
            standards: standards.unwrap_or_default(),
            order: self.listed(node, "order", Self::order),
            quota,
            within: names(node, "within"),
            eligible: self.under(node, "eligible", |this, node| Some(this.by_grade(node))).unwrap_or_default(),
            graded_when: self.formula(node, "graded_when"),
            otherwise: scalar(node, "otherwise").map(worded),
            shifts: self.listed(node, "shifts", Self::shift),
            movement: self.under(node, "movement", Self::movement),
            vetoes: self.listed(node, "vetoes", |this, veto| {
                Some(VetoText {
                    name: text(veto, "name")?,
                    when: this.formula(veto, "when")?,
                    at_most: worded(scalar(veto, "grade_at_most")?),
                })
            }),
            decision: self.under(node, "override", |_, node| decision(node)),
        };
        (is_decided && is_read && found.contains(&true)).then_some(grading)
    }

    /// Whether the grading says what decides the grade. Keys without effect, or without what they need, are reported.
    fn keys_of_a_grading(&mut self, key: &Scalar, node: &Node) -> bool {
        let keys = Keys::of(node, &format::GRADING);
        if !DECIDING.iter().any(|key| keys.has(key)) {
            self.undecided(&keys, key.span);
            return false;
        }
        if keys.has("quota") {
            self.keys_of_a_quota(&keys);
        } else {
            let why = say!("only a `quota` gives seats", "只有按 `quota` 名额分配时才需要");
            self.without_effect(node, &["order", "within"], &why);
        }
        if !keys.has("graded_when") && !keys.has("standards") {
            let why =
                say!("everybody has a grade unless `graded_when` says who has", "没有 `graded_when` 时人人都有等级");
            self.without_effect(node, &["otherwise"], &why);
        }
        true
    }

    /// Nothing says how a grade comes about.
    fn undecided(&mut self, keys: &Keys<'_>, name: Span) {
        if let Some(order) = keys.span("order") {
            self.report(
                Code::MissingKey,
                order,
                say!("an order without a `quota` gives nobody a grade", "只有 `order` 而没有 `quota`，无法评出等级"),
                Some(say!(
                    "say how many seats each grade has: `quota: {{ shares: {{ A: 20%, B: 80% }} }}`",
                    "请写明各等级的名额：`quota: {{ shares: {{ A: 20%, B: 80% }} }}`"
                )),
            );
            return;
        }
        self.report(
            Code::MissingKey,
            name,
            say!(
                "a grading needs `thresholds`, `standards` or a `quota`",
                "等级需要写明 `thresholds`、`standards` 或 `quota`"
            ),
            Some(say!(
                "write `thresholds: {{ of: 综合得分, at_least: [[85, A]], else: B }}`",
                "请写 `thresholds: {{ of: 综合得分, at_least: [[85, A]], else: B }}`"
            )),
        );
    }

    /// What a quota needs beside it, and what it needs within.
    fn keys_of_a_quota(&mut self, grading: &Keys<'_>) {
        let node = grading.node;
        // standards exclude a quota, which was told
        if !grading.has("order")
            && !grading.has("standards")
            && let Some(span) = grading.span("quota")
        {
            self.report(
                Code::MissingKey,
                span,
                say!("a quota needs an `order` to give its seats in", "名额 `quota` 需要写明排序 `order`"),
                Some(say!("write `order: [综合得分 desc, 工号 asc]`", "请写 `order: [综合得分 desc, 工号 asc]`")),
            );
        }
        let Some(quota) = node.get("quota").filter(|quota| matches!(quota.value, NodeValue::Map(_))) else { return };
        let keys = Keys::of(quota, &format::QUOTA);
        let smaller = scalar(quota, "smaller").map(|word| (word.text.as_str(), word.span));
        self.inside("quota", |this| {
            if let Some(span) = keys.span("smallest_group").filter(|_| !keys.has("smaller")) {
                this.report(
                    Code::MissingKey,
                    span,
                    say!("`smallest_group` needs `smaller`", "`smallest_group` 需要同时写明 `smaller`"),
                    Some(say!(
                        "say what smaller groups are graded by: `smaller: thresholds`",
                        "请写明人数不足时怎样评级：`smaller: thresholds`"
                    )),
                );
            }
            if let Some(span) = keys.span("smaller").filter(|_| !keys.has("smallest_group")) {
                this.report(
                    Code::MissingKey,
                    span,
                    say!("`smaller` needs `smallest_group`", "`smaller` 需要同时写明 `smallest_group`"),
                    Some(say!(
                        "say how many people a group needs for the quota: `smallest_group: 25`",
                        "请写明至少多少人才按名额分配：`smallest_group: 25`"
                    )),
                );
            }
            if let Some(("thresholds", span)) = smaller
                && !grading.has("thresholds")
            {
                this.report(
                    Code::MissingKey,
                    span,
                    say!(
                        "smaller groups are graded by thresholds, which are missing",
                        "小组按分数线评级，但没有写 `thresholds`"
                    ),
                    Some(say!(
                        "write `thresholds: {{ of: 综合得分, at_least: [[85, A]], else: B }}` beside the quota",
                        "请在 `quota` 旁写 `thresholds: {{ of: 综合得分, at_least: [[85, A]], else: B }}`"
                    )),
                );
            }
        });
        if !matches!(smaller, Some(("thresholds", _)))
            && !keys.meant.contains(&"smaller")
            && let Some(span) = grading.span("thresholds")
        {
            self.report(
                Code::KeysExclude,
                span,
                say!(
                    "`thresholds` has no effect here: the quota gives the grades",
                    "`thresholds` 在这里不起作用：等级由名额决定"
                ),
                Some(say!(
                    "leave it out, or grade small groups by it: `smallest_group: 25, smaller: thresholds` in the quota",
                    "请去掉它，或在 `quota` 中写 `smallest_group: 25, smaller: thresholds`，让小组按分数线评级"
                )),
            );
        }
    }

    fn thresholds(&mut self, node: &Node) -> Option<ThresholdsText> {
        let at_least = self.listed(node, "at_least", |this, pair| {
            let [edge, grade] = list(pair) else { return None };
            let edge = this.inside("0", |this| this.formula_text(edge.scalar()?))?;
            Some((edge, worded(grade.scalar()?)))
        });
        Some(ThresholdsText {
            of: self.formula(node, "of")?,
            at_least,
            otherwise: scalar(node, "else").map(worded),
            span: node.span,
        })
    }

    /// For each grade its conditions.
    fn standards(&mut self, node: &Node) -> Vec<(Named, Vec<FormulaText>)> {
        let mut out = Vec::new();
        for entry in entries_of(node) {
            let conditions = self.inside(&entry.key.text, |this| {
                let mut conditions = Vec::new();
                for (at, condition) in list(&entry.value).iter().enumerate() {
                    let found = condition.scalar();
                    conditions
                        .extend(found.and_then(|found| this.inside(&at.to_string(), |this| this.formula_text(found))));
                }
                conditions
            });
            out.push((worded(&entry.key), conditions));
        }
        out
    }

    /// A formula for each grade; those that cannot be read are left out.
    fn by_grade(&mut self, node: &Node) -> Vec<(Named, FormulaText)> {
        let mut out = Vec::new();
        for entry in entries_of(node) {
            let formula = self.formula(node, &entry.key.text);
            out.extend(formula.map(|formula| (worded(&entry.key), formula)));
        }
        out
    }

    fn order(&mut self, node: &Node) -> Option<OrderText> {
        let scalar = node.scalar()?;
        let found = ordered(&scalar.text).ok()?; // a mistake was told with the form
        let column = scalar.text.get(found.column.clone())?;
        let within = Span::new(u32::try_from(found.column.start).ok()?, u32::try_from(found.column.end).ok()?);
        let span = scalar.source_span(self.source, within);
        let column = Named { name: fold_name(column.trim()).into(), span };
        Some(OrderText { column, direction: found.direction })
    }

    fn quota(&mut self, node: &Node) -> Option<QuotaText> {
        let (key, method) = match node.get("shares") {
            Some(_) => ("shares", QuotaMethod::Shares),
            None => ("at_most", QuotaMethod::AtMost),
        };
        let written = node.get(key)?;
        let shares = self.inside(key, |this| this.by_grade(written));
        if shares.len() < entries_of(written).len() {
            return None; // without one of them the rest would seem not to be the whole
        }
        Some(QuotaText {
            of: match scalar(node, "of").map(|word| word.text.as_str()) {
                Some("all") => QuotaOf::All,
                _ => QuotaOf::Graded,
            },
            method,
            shares,
            ties_at_cut: match scalar(node, "ties_at_cut").map(|word| word.text.as_str()) {
                Some("all_up") => TiesAtCut::AllUp,
                Some("all_down") => TiesAtCut::AllDown,
                _ => TiesAtCut::Error,
            },
            smallest_group: scalar(node, "smallest_group").and_then(|size| size.text.parse().ok()),
            smaller_by_thresholds: scalar(node, "smaller").is_some_and(|word| word.text == "thresholds"),
            span: node.span,
        })
    }

    fn shift(&mut self, node: &Node) -> Option<ShiftText> {
        let steps = |key: &str| scalar(node, key).and_then(|steps| steps.text.parse::<i32>().ok());
        if node.get("down").is_some() && node.get("up").is_none() {
            self.without_effect(node, &["at_top"], &say!("the shift goes down", "这是往下调"));
        }
        Some(ShiftText {
            name: text(node, "name")?,
            when: self.formula(node, "when")?,
            steps: steps("up").or_else(|| steps("down").map(|steps| -steps))?,
            cross: scalar(node, "at_top").is_some_and(|word| word.text == "cross"),
            span: node.span,
        })
    }

    fn movement(&mut self, node: &Node) -> Option<MovementText> {
        let keys = Keys::of(node, &format::MOVEMENT);
        if let Some(span) = keys.span("from")
            && !keys.has("up")
            && !keys.has("down")
        {
            self.report(
                Code::MissingKey,
                span,
                say!("a movement limit needs `up` or `down`", "逐级升降需要写明 `up` 或 `down`"),
                Some(say!(
                    "write `up: 1, down: 1` for a step each way at the most",
                    "最多升降一级时写 `up: 1, down: 1`"
                )),
            );
        }
        let steps = |key: &str| scalar(node, key).and_then(|steps| steps.text.parse().ok());
        Some(MovementText { from: self.formula(node, "from")?, up: steps("up"), down: steps("down"), span: node.span })
    }
}

fn decision(node: &Node) -> Option<OverrideText> {
    Some(OverrideText {
        from: named(scalar(node, "from")?),
        grade: named(scalar(node, "grade")?),
        reason: named(scalar(node, "reason")?),
        over_veto: flag(node, "over_veto"),
        span: node.span,
    })
}

/// The grades of a list.
fn words(node: &Node, key: &str) -> Vec<Named> {
    node.get(key).map(list).unwrap_or_default().iter().filter_map(Node::scalar).map(worded).collect()
}
