//! `completion`: full marks in proportion to attainment (完成率计分), with gate, floor and cap.

use kaohe_grammar::say;

use super::{Item, Rule, WhenNotPositive, lower_is_better};
use crate::code::Code;
use crate::document::model::FormulaText;
use crate::document::read::{Reader, scalar};
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::fault::FaultCode;
use crate::lower::Builder;
use crate::plan::{Arithmetic, ComparisonOperator, NodeId, Step};

pub(crate) const KEY: Key =
    Key::new("completion", Shape::Map(&SHAPE), "full marks in proportion to attainment of a target");

static SHAPE: MapShape = MapShape {
    what: ("a completion rule", "完成率计分"),
    keys: &[&[
        Key::new(
            "of",
            Shape::Formula,
            "the attainment, 100% when the target is met exactly; or the result, when `target` is stated",
        )
        .required(),
        Key::new("target", Shape::Formula, "the target the result is divided by"),
        Key::new(
            "when_target",
            WhenNotPositive::SHAPE,
            "what a target of zero or less means: a fault, no points, or full marks",
        )
        .default("error"),
        Key::new("better", Shape::Word(&["higher", "lower"]), "which direction of the result is good")
            .default("higher"),
        Key::new(
            "lower_by",
            Shape::Word(&["inverse", "mirror"]),
            "how a lower result is better: attainment turned over (target / result), or mirrored (2 − result / target)",
        ),
        Key::new("gate", Shape::Formula, "below this attainment there are no points"),
        Key::new("floor", Shape::Formula, "the attainment counts as at least this"),
        Key::new("cap", Shape::Formula, "the attainment counts as at most this"),
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Completion {
    of: FormulaText,
    target: Option<FormulaText>,
    when_target: WhenNotPositive,
    lower: Option<Lower>,
    /// Whether the rule says itself which direction is good.
    stated: bool,
    gate: Option<FormulaText>,
    floor: Option<FormulaText>,
    cap: Option<FormulaText>,
}

/// How a lower result is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lower {
    Inverse,
    Mirror,
    Unstated,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let word = |key: &str| scalar(node, key).map(|scalar| scalar.text.as_str());
    let when_target = WhenNotPositive::read(node, "when_target");
    let lower = lower_is_better(node).then(|| match word("lower_by") {
        Some("inverse") => Lower::Inverse,
        Some("mirror") => Lower::Mirror,
        _ => Lower::Unstated,
    });
    if let (Some(stated), None) = (scalar(node, "lower_by"), &lower) {
        reader.report(
            Code::KeysExclude,
            stated.span,
            say!("`lower_by` has no effect without `better: lower`", "没有 `better: lower`，`lower_by` 不起作用"),
            Some(say!("add `better: lower`, or leave `lower_by` out", "请加上 `better: lower`，或去掉 `lower_by`")),
        );
    }
    if let (Some(stated), None) = (scalar(node, "when_target"), node.get("target")) {
        reader.report(
            Code::KeysExclude,
            stated.span,
            say!("`when_target` has no effect without `target`", "没有 `target`，`when_target` 不起作用"),
            Some(say!("state the `target`, and the result under `of`", "请写明 `target`，并在 `of` 写实际值")),
        );
    }
    let of = reader.formula(node, "of");
    let (target, gate) = (reader.formula(node, "target"), reader.formula(node, "gate"));
    let (floor, cap) = (reader.formula(node, "floor"), reader.formula(node, "cap"));
    let stated = word("better").is_some();
    Some(Box::new(Completion { of: of?, target, when_target, lower, stated, gate, floor, cap }))
}

impl Rule for Completion {
    fn formulas(&self) -> Vec<&FormulaText> {
        std::iter::once(&self.of).chain(&self.target).chain(&self.gate).chain(&self.floor).chain(&self.cap).collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let attainment = self.attainment(builder)?;
        let attainment = builder.tell(Step::Attainment, attainment)?;
        let limited = builder.limits(attainment, self.floor.as_ref(), self.cap.as_ref())?;
        let mut score = builder.scaled(item.full, limited)?;
        if let Some(gate) = &self.gate {
            let edge = builder.number(gate)?;
            builder.gate_below_cap(edge, gate, self.cap.as_ref())?;
            let reached = builder.compare(ComparisonOperator::AtLeast, attainment, edge)?;
            let reached = builder.tell(Step::Gate, reached)?;
            let zero = builder.zero();
            score = builder.choose(reached, score, zero)?;
        }
        self.with_target_policy(builder, score, item.full)
    }
}

impl Completion {
    fn attainment(&self, builder: &mut Builder<'_>) -> Option<NodeId> {
        let of = builder.number(&self.of)?;
        let target = match &self.target {
            Some(target) => Some(builder.number(target)?),
            None => None,
        };
        if !self.stated && builder.is_better_lower(&self.of) {
            builder.report_lower_declared(&self.of);
            return None;
        }
        let one = builder.integer(1);
        match (self.lower, target) {
            (None, None) => Some(of),
            (None, Some(target)) => builder.arithmetic(Arithmetic::Divide, of, target),
            (Some(Lower::Inverse), None) => builder.arithmetic(Arithmetic::Divide, one, of),
            (Some(Lower::Inverse), Some(target)) => builder.arithmetic(Arithmetic::Divide, target, of),
            (Some(Lower::Mirror), target) => {
                let rate = match target {
                    Some(target) => builder.arithmetic(Arithmetic::Divide, of, target)?,
                    None => of,
                };
                let two = builder.integer(2);
                builder.arithmetic(Arithmetic::Subtract, two, rate)
            }
            (Some(Lower::Unstated), _) => {
                builder.report_lower_unstated(&self.of);
                None
            }
        }
    }

    /// A target of zero or less is told apart from every other fault.
    fn with_target_policy(&self, builder: &mut Builder<'_>, score: NodeId, full: NodeId) -> Option<NodeId> {
        let Some(target) = &self.target else { return Some(score) };
        let target = builder.number(target)?;
        let zero = builder.zero();
        let positive = builder.compare(ComparisonOperator::Greater, target, zero)?;
        let fault = builder.fail(FaultCode::TargetNotPositive, target);
        let otherwise = self.when_target.score(fault, zero, full);
        builder.choose(positive, score, otherwise)
    }
}
