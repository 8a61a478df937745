//! `relative`: full marks in proportion to the best, the mean or the total of a group (相对计分).

use kaohe_grammar::{ComparisonOperator, say};

use super::{Item, Rule, WITHIN, WhenNotPositive, lower_is_better};
use crate::code::Code;
use crate::document::model::{FormulaText, Named};
use crate::document::read::{Reader, names, scalar};
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::fault::FaultCode;
use crate::lower::Builder;
use crate::plan::{Arithmetic, GroupFunction, NodeId, Step};

pub(crate) const KEY: Key = Key::new(
    "relative",
    Shape::Map(&SHAPE),
    "full marks in proportion to the group's best, mean or total: x / best; where lower is better, best / x",
);

static SHAPE: MapShape = MapShape {
    what: ("a relative rule", "相对计分"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure; who has none takes no part").required(),
        Key::new(
            "to",
            Shape::Word(&["best", "average", "total"]),
            "what it is held against; for a mean or a total it must be a decimal",
        )
        .required(),
        Key::new(
            "better",
            Shape::Word(&["higher", "lower"]),
            "which direction of the figure is good; with `lower` the best is the smallest, and the proportion is turned over",
        )
        .default("higher"),
        WITHIN,
        Key::new(
            "when_not_positive",
            WhenNotPositive::SHAPE,
            "what a divisor of zero or less means (the best, mean or total; with `better: lower` the figure itself): a \
             fault, no points, or full marks",
        )
        .default("error"),
        Key::new("floor", Shape::Formula, "the proportion counts as at least this"),
        Key::new("cap", Shape::Formula, "the proportion counts as at most this"),
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Relative {
    of: FormulaText,
    to: Reference,
    lower: bool,
    within: Vec<Named>,
    when_not_positive: WhenNotPositive,
    floor: Option<FormulaText>,
    cap: Option<FormulaText>,
}

/// What a figure is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reference {
    Best,
    Average,
    Total,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let word = |key: &str| scalar(node, key).map(|scalar| scalar.text.as_str());
    let to = match word("to") {
        Some("best") => Some(Reference::Best),
        Some("average") => Some(Reference::Average),
        Some("total") => Some(Reference::Total),
        _ => None,
    };
    let lower = lower_is_better(node);
    if let (Some(Reference::Total), true, Some(stated)) = (to, lower, scalar(node, "better")) {
        reader.report(
            Code::KeysExclude,
            stated.span,
            say!("a share of the total has no lower that is better", "占总量的比例谈不上越低越好"),
            Some(say!(
                "hold it against the `best` or the `average`, or write a `formula`",
                "请改用 `best` 或 `average`，或写成 `formula`"
            )),
        );
        return None;
    }
    let when_not_positive = WhenNotPositive::read(node, "when_not_positive");
    let of = reader.formula(node, "of");
    let (floor, cap) = (reader.formula(node, "floor"), reader.formula(node, "cap"));
    let within = names(node, "within");
    Some(Box::new(Relative { of: of?, to: to?, lower, within, when_not_positive, floor, cap }))
}

impl Rule for Relative {
    fn formulas(&self) -> Vec<&FormulaText> {
        std::iter::once(&self.of).chain(&self.floor).chain(&self.cap).collect()
    }

    fn columns(&self) -> Vec<&Named> {
        self.within.iter().collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let among = builder.number_among(&self.of, &self.within, item)?;
        let function = match (self.to, self.lower) {
            (Reference::Best, false) => GroupFunction::Maximum,
            (Reference::Best, true) => GroupFunction::Minimum,
            (Reference::Average, _) => GroupFunction::Average,
            (Reference::Total, _) => GroupFunction::Sum,
        };
        let reference = builder.over(function, &among)?;
        let (part, whole) = if self.lower { (reference, among.of) } else { (among.of, reference) };
        let proportion = builder.arithmetic(Arithmetic::Divide, part, whole)?;
        let proportion = builder.tell(Step::Proportion, proportion)?;
        let limited = builder.limits(proportion, self.floor.as_ref(), self.cap.as_ref())?;
        let mut score = builder.scaled(item.full, limited)?;
        let zero = builder.zero();
        let fault = builder.fail(FaultCode::NoProportion, score);
        if self.lower {
            // below zero turned over is no proportion at all, whatever a divisor of zero means
            let sensible = builder.compare(ComparisonOperator::AtLeast, reference, zero)?;
            score = builder.choose(sensible, score, fault)?;
        }
        let otherwise = self.when_not_positive.score(fault, zero, item.full);
        let positive = builder.compare(ComparisonOperator::Greater, whole, zero)?;
        builder.choose(positive, score, otherwise)
    }
}
