//! Limits that never bind, comparisons that always come out the same, and items whose score is always the same.

use kaohe_grammar::{ComparisonOperator, Message, say};

use super::Checker;
use super::known::Known;
use super::range::Range;
use crate::code::Code;
use crate::plan::{Extreme, NodeId, Op, Role, Step};

impl Checker<'_> {
    /// Warns of what has no effect whatever the figures are.
    pub(super) fn always(&mut self) {
        let nodes: Vec<NodeId> = self.insight.nodes().collect();
        for id in nodes {
            match &self.plan().node(id).op {
                Op::Tell(Step::Cap | Step::Floor, inner) => self.limit(*inner),
                Op::Tell(Step::Gate, condition) => self.gate(*condition),
                Op::Compare(operator, a, b) => self.comparison(id, *operator, *a, *b),
                Op::Choose { condition, then, otherwise } => self.veto(id, *condition, *then, *otherwise),
                _ => {}
            }
        }
        for column in &self.plan().columns {
            if let Role::Item(item) = &column.role {
                self.item(column.body, item.full);
            }
        }
    }

    /// A cap or floor that the figure never reaches; one that stands where the range ends says it again, which is fine.
    fn limit(&mut self, id: NodeId) {
        let Op::Extreme(extreme, operands) = &self.plan().node(id).op else { return };
        let [value, limit] = **operands else { return };
        let (seen, bound) = (self.insight.seen(id, value), self.insight.seen(id, limit));
        let (Known::Number(seen), Known::Number(bound)) = (seen, bound) else { return };
        let (free, (en, zh)) = match extreme {
            Extreme::Minimum => (seen.is_less(&bound), ("upper", "上限")),
            Extreme::Maximum => (bound.is_less(&seen), ("lower", "下限")),
        };
        if free && seen.single().is_none() && !self.explained.contains(&limit) {
            let told = seen.told(self.in_percent(limit));
            let message = Message::new(
                format!("this {en} limit never takes effect: by the declared ranges the figure is {}", told.en),
                format!("这个{zh}永远不起作用：按声明的范围，该值{}", told.zh),
            );
            self.warn_at(Code::NeverBinds, limit, message, limit_help());
        }
    }

    /// A gate that everybody passes, or nobody.
    fn gate(&mut self, condition: NodeId) {
        let Op::Compare(_, value, edge) = &self.plan().node(condition).op else { return };
        let seen = self.insight.seen(condition, *value);
        let Some(told) = seen.range().map(|range| range.told(self.in_percent(*edge))) else { return };
        let (passes, stops) = match self.insight.at(condition) {
            Known::Truth { yes, no } => (*yes && !no, *no && !yes),
            _ => (false, false),
        };
        if !(passes || stops) || self.explained.contains(edge) {
            return;
        }
        let (en, zh) = if passes {
            ("everybody passes", "所有人都能通过")
        } else {
            ("nobody passes", "没有人能通过")
        };
        let message = Message::new(
            format!("{en} this gate: by the declared ranges the figure is {}", told.en),
            format!("{zh}这个门槛：按声明的范围，该值{}", told.zh),
        );
        self.warn_at(Code::NeverBinds, *edge, message, limit_help());
    }

    /// A veto that allows all a total can come to.
    fn veto(&mut self, id: NodeId, condition: NodeId, then: NodeId, otherwise: NodeId) {
        let Op::Tell(Step::Veto(name), _) = &self.plan().node(condition).op else { return };
        let Op::Extreme(Extreme::Minimum, operands) = &self.plan().node(then).op else { return };
        let [score, allowed] = **operands else { return };
        let numbers = (self.insight.seen(id, score), self.insight.seen(then, allowed));
        let (Known::Number(score_range), Known::Number(bound)) = numbers else { return };
        let number = self.plan().node(then).facts.kind == crate::value::Kind::Number;
        if number && score == otherwise && score_range.is_at_most(&bound) && score_range.single().is_none() {
            let told = score_range.told(false);
            let message = Message::new(
                format!("the veto `{name}` never lowers the score, which is {}", told.en),
                format!("一票否决 `{name}` 永远不会降低得分：得分本来就{}", told.zh),
            );
            self.warn_at(Code::NeverBinds, allowed, message, limit_help());
        }
    }

    /// A comparison as an author writes it, that always comes out the same. What the conditions around it say counts
    /// only against it: who writes `x < 90` after `x >= 90` was asked repeats himself, and is right.
    fn comparison(&mut self, id: NodeId, operator: ComparisonOperator, a: NodeId, b: NodeId) {
        if !self.is_written(id, a, b) || self.explained.contains(&a) || self.explained.contains(&b) {
            return;
        }
        let plain = |id: NodeId| self.insight.plainly(id).range().cloned();
        let (Some(x), Some(y)) = (plain(a), plain(b)) else { return };
        let decided = x.decides(operator, &y);
        let here = (self.insight.seen(id, a), self.insight.seen(id, b));
        let contradicted = match (here.0.range(), here.1.range()) {
            (Some(x), Some(y)) => x.decides(operator, y) == Some(false),
            _ => false,
        };
        let (value, range) = if x.single().is_some() { (b, y) } else { (a, x) };
        let number = self.plan().node(value).facts.kind == crate::value::Kind::Number;
        let (en, zh) = self.called(value, ("the figure", "该值"));
        let told = range.told(self.in_percent(if value == a { b } else { a }));
        let message = match decided {
            Some(truth) => {
                let (always_en, always_zh) = if truth { ("true", "成立") } else { ("false", "不成立") };
                if number {
                    Message::new(
                        format!("this is always {always_en}: by the declared ranges {en} is {}", told.en),
                        format!("这个比较恒{always_zh}：按声明的范围，{zh}{}", told.zh),
                    )
                } else {
                    say!("this is always {always_en}", "这个比较恒{always_zh}")
                }
            }
            None if contradicted => say!(
                "this is never true here: the conditions before it leave no such figure",
                "这个比较在这里恒不成立：前面的条件已经排除了这种情况"
            ),
            None => return,
        };
        let help = match decided {
            Some(_) => say!("correct the comparison, or the declared range", "请更正比较，或更正声明的范围"),
            None => say!("ask the narrower condition first", "请把更严格的条件写在前面"),
        };
        self.warn_at(Code::AlwaysSame, id, message, help);
    }

    /// Whether a comparison stands in a formula, from its left side to its right; rules make others of their own.
    fn is_written(&self, id: NodeId, a: NodeId, b: NodeId) -> bool {
        let span = |id: NodeId| self.plan().node(id).span;
        match (span(id), span(a), span(b)) {
            (Some(own), Some(a), Some(b)) => own == a.to(b) && own != a && own != b,
            _ => false,
        }
    }

    /// An item that everybody has the same points for.
    fn item(&mut self, body: NodeId, full: NodeId) {
        let Some(owner) = self.insight.owner(body) else { return };
        let node = self.plan().node(body);
        let (Some(score), false) = (self.insight.at(body).range().and_then(Range::single), node.facts.may_be_missing)
        else {
            return;
        };
        if self.told.contains(&owner) {
            return; // that is why
        }
        let column = self.plan().column(owner);
        let name = &column.name;
        let is_full = self.insight.plainly(full).range().and_then(Range::single) == Some(score);
        let message = if is_full {
            say!(
                "`{name}` can never lose points: its score is always {score}",
                "`{name}` 永远不会失分：得分恒为 {score}"
            )
        } else {
            say!("the score of `{name}` is always {score}", "`{name}` 的得分恒为 {score}")
        };
        let help = say!("let it depend on an input, or leave it out", "请让它取决于某个输入列，或去掉它");
        self.warn_of(Code::AlwaysScored, column, message, help);
    }
}

fn limit_help() -> Message {
    say!("correct the limit or the declared range, or leave the limit out", "请更正限值或声明的范围，或去掉该限值")
}
