//! Totals, dimensions and items as columns of the plan, in the order the rules of the field say.
//!
//! An item: value, only when it applies, rule, its own floor and cap, rounding. A total: its parts, adjustments each
//! within its limits, vetoes (the lowest wins), limits, rounding once.

use std::sync::Arc;

use kaohe_grammar::{ComparisonOperator, say};

use super::builder::Builder;
use super::columns::Draft;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::document::model::{AdjustmentText, ScoreText};
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::{
    Arithmetic, ColumnId, CompositeMethod, CompositePart, CompositeRole, Extreme, ItemRole, NodeId, Op, Role, Step,
};
use crate::rules::Item;

impl Builder<'_> {
    /// An item with a rule.
    pub(crate) fn item(&mut self, text: &ScoreText) -> Option<ColumnId> {
        let rule = text.rule.as_ref()?;
        let full = match &text.points {
            Some(points) => self.number(points)?,
            None => self.hundred(),
        };
        let score = rule.lower(self, &Item { full, only_when: text.only_when.as_ref() })?;
        let mut score = self.tell(Step::Rule(text.rule_name), score)?;
        if let Some(figure) = rule.figure() {
            let figure = self.formula(figure)?;
            score = self.unless_missing(figure, score)?;
        }
        if text.floor.is_some() || text.cap.is_some() {
            let limited = self.limits(score, text.floor.as_ref(), text.cap.as_ref())?;
            score = self.unless_missing(score, limited)?;
        }
        if let Some(only_when) = &text.only_when {
            let applies = self.truth(only_when)?;
            let applies = self.tell(Step::Applies, applies)?;
            let missing = self.missing();
            score = self.choose(applies, score, missing)?;
        }
        let round = self.rounding(text.common.round, self.defaults.items);
        let role = Role::Item(ItemRole { rule: text.rule_name, full });
        self.finish(Draft::new(&text.common, score, role).formula(rule.formula()).rounded(round))
    }

    /// `score`, or missing when `figure` is: absence is not scored, it is for `when_missing` to say what it means.
    fn unless_missing(&mut self, figure: NodeId, score: NodeId) -> Option<NodeId> {
        if !self.facts(figure).may_be_missing {
            return Some(score);
        }
        let absent = self.truth_node(Op::IsMissing(figure));
        let missing = self.missing();
        self.choose(absent, missing, score)
    }

    fn hundred(&mut self) -> NodeId {
        self.integer(100)
    }

    /// An adjustment: its points within its own limits, none when it does not apply.
    pub(crate) fn adjustment(&mut self, text: &AdjustmentText) -> Option<ColumnId> {
        let points = self.number(&text.points)?;
        let mut points = self.limits(points, text.min.as_ref(), text.max.as_ref())?;
        if let Some(when) = &text.when {
            let when = self.truth(when)?;
            let zero = self.zero();
            points = self.choose(when, points, zero)?;
        }
        let round = self.rounding(text.common.round, None);
        let draft = Draft::new(&text.common, points, Role::Adjustment);
        self.finish(draft.formula(Some(&text.points)).rounded(round))
    }

    /// A total or dimension over its parts.
    pub(crate) fn total_column(&mut self, text: &ScoreText) -> Option<ColumnId> {
        let method = self.method(text)?;
        let mut parts = Vec::new();
        let mut failed = false;
        for item in &text.items {
            match self.part(item, method) {
                Some(part) => parts.push(part),
                None => failed = true,
            }
        }
        if failed {
            return None;
        }
        let weights: Vec<NodeId> = parts.iter().map(|part| part.weight).collect();
        let full = self.full_marks(text, method)?;
        let composite = self.composite(method, parts)?;
        let composite = self.check_total(text, method, &weights, full, composite)?;
        let composite = self.tell(Step::Composite, composite)?;
        let mut score = composite;
        let mut adjustments = Vec::new();
        for adjustment in &text.adjustments {
            let column = self.by_name.get(&adjustment.common.name.name).copied()?;
            let points = self.read_column(column)?;
            let points = self.tell(Step::Adjustment(Arc::clone(&adjustment.common.name.name)), points)?;
            score = self.points(Arithmetic::Add, score, points)?;
            adjustments.push(column);
        }
        let mut vetoes = Vec::new();
        for veto in &text.vetoes {
            let when = self.truth(&veto.when)?;
            let when = self.tell(Step::Veto(Arc::clone(&veto.name)), when)?;
            let at_most = self.number(&veto.at_most)?;
            let limited = self.extreme(Extreme::Minimum, vec![score, at_most])?;
            score = self.choose(when, limited, score)?;
            vetoes.push((Arc::clone(&veto.name), when, at_most));
        }
        let score = self.limits(score, text.floor.as_ref(), text.cap.as_ref())?;
        let round = self.rounding(text.common.round, self.defaults.totals);
        let role = Role::Composite(CompositeRole { composite, adjustments, vetoes, before_rounding: score, full });
        self.finish(Draft::new(&text.common, score, role).rounded(round))
    }

    /// By weight or by points: siblings say the same, or none says anything and all weigh the same.
    fn method(&mut self, text: &ScoreText) -> Option<CompositeMethod> {
        let weighted: Vec<_> = text.items.iter().filter(|item| item.weight.is_some()).collect();
        let pointed: Vec<_> = text.items.iter().filter(|item| item.points.is_some()).collect();
        let count = text.items.len();
        match (weighted.len(), pointed.len()) {
            (0, points) if points == count => Some(CompositeMethod::Points),
            (weights, 0) if weights == count => Some(CompositeMethod::Weighted),
            (0, 0) => {
                let mut found = Diagnostic::warning(
                    Code::EqualWeights,
                    text.common.name.span,
                    say!("no item says its weight, so all weigh the same", "各项都没有写权重，按等权计算"),
                )
                .at(&*text.common.path);
                found.help = Some(say!("write `weight:` on each item", "请给每一项写 `weight:`"));
                self.problems.push(found);
                Some(CompositeMethod::Weighted)
            }
            (weights, points) => {
                let odd = text
                    .items
                    .iter()
                    .find(|item| if weights >= points { item.weight.is_none() } else { item.points.is_none() })?;
                let name = &odd.common.name.name;
                let (wanted_en, wanted_zh) =
                    if weights >= points { ("weight", "权重") } else { ("points", "标准分") };
                self.error(
                    Code::MixedWeights,
                    odd.common.name.span,
                    say!(
                        "`{name}` has no {wanted_en}, and its siblings have",
                        "`{name}` 没有写{wanted_zh}，并列的各项写了"
                    ),
                    Some(say!(
                        "siblings have all weights or all points",
                        "并列各项要么都写 `weight`，要么都写 `points`"
                    )),
                );
                None
            }
        }
    }

    /// One part as its parent reads it: out of 100 under weights, in points under points.
    fn part(&mut self, item: &ScoreText, method: CompositeMethod) -> Option<CompositePart> {
        let name = &item.common.name;
        if item.failed {
            return None;
        }
        let column = match self.by_name.get(&name.name).copied() {
            Some(column) => column,
            None => {
                self.not_an_item(item);
                return None;
            }
        };
        let stood = self.stand(Some(name.span));
        let score = self.read_column(column)?;
        let score = self.demand(score, &crate::value::Kind::Number, name.span)?;
        let score = self.on_scale(item, column, score, method)?;
        let weight = match (&item.weight, &item.points) {
            (Some(weight), _) => self.number(weight)?,
            (None, Some(points)) => self.number(points)?,
            (None, None) => self.integer(1),
        };
        self.stand(stood);
        let weight = match self.constant_number(weight) {
            Some(known) if known.is_negative() => {
                let name = &name.name;
                self.error(
                    Code::WeightSign,
                    item.common.name.span,
                    say!("the weight of `{name}` is negative", "`{name}` 的权重为负数"),
                    Some(say!("points that are taken off are an adjustment", "要扣的分请写成加减分 `adjustments`")),
                );
                return None;
            }
            Some(_) => weight,
            None => {
                let zero = self.zero();
                let fine = self.compare(ComparisonOperator::AtLeast, weight, zero)?;
                let fault = self.fail(FaultCode::WeightsTotal, weight);
                self.choose(fine, weight, fault)?
            }
        };
        Some(CompositePart { column, score, weight, when_missing: item.when_missing })
    }

    /// An item without a rule is the column of its name; when there is none, that is the mistake.
    fn not_an_item(&mut self, item: &ScoreText) {
        let name = &item.common.name;
        if self.names.get(&name.name).is_some() {
            return; // it is there, or could not be read, and that was told
        }
        let text = &name.name;
        let help = match crate::document::suggest::nearest(text, self.names.all()) {
            Some(near) => say!("did you mean the column `{near}`?", "是不是列 `{near}`？"),
            None => say!(
                "give it a rule such as `completion` or `formula`, or name it like the column that is its score",
                "请给它写一条规则（如 `completion` 或 `formula`），或用作为得分的那一列的名字"
            ),
        };
        self.error(
            Code::NotAnItem,
            name.span,
            say!("`{text}` has no rule, and there is no column of its name", "`{text}` 没有规则，也没有同名的列"),
            Some(help),
        );
    }

    /// A part's score on the scale its parent reads.
    fn on_scale(
        &mut self,
        item: &ScoreText,
        column: ColumnId,
        score: NodeId,
        method: CompositeMethod,
    ) -> Option<NodeId> {
        if item.rule.is_some() {
            return Some(score); // its full marks are those its parent gives it
        }
        let from = match self.columns.get(column.index()).map(|column| &column.role) {
            Some(Role::Composite(composite)) => composite.full,
            Some(Role::Item(item)) => item.full,
            _ => return Some(score),
        };
        let to = match (method, &item.points) {
            (CompositeMethod::Points, Some(points)) => self.number(points)?,
            _ => self.hundred(),
        };
        if let (Some(from), Some(to)) = (self.constant_number(from), self.constant_number(to))
            && from == to
        {
            return Some(score);
        }
        // 100 × score / full: what the part's own full marks are worth to its parent
        let factor = self.arithmetic(Arithmetic::Divide, to, from)?;
        let scaled = self.scaled(score, factor)?;
        self.tell(Step::Scaled, scaled)
    }

    /// Full marks of a total: 100 under weights; in points what it says, or its own points.
    fn full_marks(&mut self, text: &ScoreText, method: CompositeMethod) -> Option<NodeId> {
        match (method, &text.full, &text.points) {
            (CompositeMethod::Points, Some(full), _) => self.number(full),
            (CompositeMethod::Points, None, Some(points)) => self.number(points),
            (CompositeMethod::Weighted, Some(full), _) => {
                self.error(
                    Code::KeysExclude,
                    full.span,
                    say!("full marks under weights are 100", "按权重计时满分就是 100"),
                    Some(say!("leave out `full`, or give the items `points`", "请去掉 `full`，或给各项写 `points`")),
                );
                None
            }
            _ => Some(self.hundred()),
        }
    }

    /// Weights total 100 or their parent's weight; points total the full marks. What depends on the row is held to it
    /// for each row.
    fn check_total(
        &mut self,
        text: &ScoreText,
        method: CompositeMethod,
        weights: &[NodeId],
        full: NodeId,
        composite: NodeId,
    ) -> Option<NodeId> {
        let unstated = text.items.iter().all(|item| item.weight.is_none() && item.points.is_none());
        if unstated {
            return Some(composite);
        }
        let total = self.total(weights)?;
        let mut wanted = vec![full];
        if let (CompositeMethod::Weighted, Some(weight)) = (method, &text.weight) {
            wanted.push(self.number(weight)?);
        }
        let known: Option<Vec<Number>> = wanted.iter().map(|id| self.constant_number(*id).cloned()).collect();
        if let (Some(found), Some(known)) = (self.constant_number(total).cloned(), &known) {
            if known.contains(&found) {
                return Some(composite);
            }
            self.wrong_total(text, method, &found, known);
            return None;
        }
        let mut fine: Option<NodeId> = None;
        for each in wanted {
            let equal = self.compare(ComparisonOperator::Equal, total, each)?;
            fine = Some(match fine {
                Some(fine) => self.truth_node(Op::Or(fine, equal)),
                None => equal,
            });
        }
        let fault = self.fail(FaultCode::WeightsTotal, composite);
        self.choose(fine?, composite, fault)
    }

    fn wrong_total(&mut self, text: &ScoreText, method: CompositeMethod, found: &Number, wanted: &[Number]) {
        let name = &text.common.name.name;
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        let (en, zh) = (wanted.join(" or "), wanted.join(" 或 "));
        let span = text.common.name.span;
        match method {
            CompositeMethod::Weighted => self.error(
                Code::WeightTotal,
                span,
                say!(
                    "the weights under `{name}` total {found}, not {en}",
                    "`{name}` 下各项权重合计 {found}，应为 {zh}"
                ),
                Some(say!(
                    "siblings' weights total 100, or their parent's weight",
                    "并列各项的权重合计应为 100，或等于上级的权重"
                )),
            ),
            CompositeMethod::Points => self.error(
                Code::WeightTotal,
                span,
                say!(
                    "the points under `{name}` total {found}, not {en}",
                    "`{name}` 下各项标准分合计 {found}，应为 {zh}"
                ),
                Some(say!(
                    "write `full: {found}` if that is the full marks",
                    "若满分就是 {found}，请写 `full: {found}`"
                )),
            ),
        }
    }
}
