//! `step`: full marks, and points for each unit a figure is above or below its target (加减分).

use super::{Item, Rule};
use crate::document::model::FormulaText;
use crate::document::read::{Reader, scalar};
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::number::RoundingMode;
use crate::plan::{Arithmetic, ComparisonOperator, NodeId, Step as Told};

pub(crate) const KEY: Key =
    Key::new("step", Shape::Map(&SHAPE), "full marks, and points for each unit above or below a target");

static SHAPE: MapShape = MapShape {
    what: ("a step rule", "加减分规则"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure").required(),
        Key::new("target", Shape::Formula, "where full marks stand").required(),
        Key::new("below", Shape::Map(&SIDE), "what each unit below the target changes"),
        Key::new("above", Shape::Map(&SIDE), "what each unit above the target changes"),
        Key::new("floor", Shape::Formula, "the score is at least this"),
        Key::new("cap", Shape::Formula, "the score is at most this"),
    ]],
    one_of: &[],
};

static SIDE: MapShape = MapShape {
    what: ("one side of a step rule", "加减分的一侧"),
    keys: &[&[
        Key::new("each", Shape::Formula, "the unit, a positive number").required(),
        Key::new("points", Shape::Formula, "points for each unit, with their sign").required(),
        Key::new(
            "units",
            Shape::Word(&["whole", "pro_rata"]),
            "whether only whole units count, or parts of one too; texts rarely say, so it must be stated",
        )
        .required(),
        Key::new("limit", Shape::Formula, "the most points this side can change, with their sign"),
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Step {
    of: FormulaText,
    target: FormulaText,
    below: Option<Side>,
    above: Option<Side>,
    floor: Option<FormulaText>,
    cap: Option<FormulaText>,
}

#[derive(Debug)]
struct Side {
    each: FormulaText,
    points: FormulaText,
    whole: bool,
    limit: Option<FormulaText>,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let (of, target) = (reader.formula(node, "of"), reader.formula(node, "target"));
    let mut side = |key: &str| {
        let node = node.get(key)?;
        reader.inside(key, |reader| {
            Some(Side {
                each: reader.formula(node, "each")?,
                points: reader.formula(node, "points")?,
                whole: scalar(node, "units").is_some_and(|word| word.text == "whole"),
                limit: reader.formula(node, "limit"),
            })
        })
    };
    let (below, above) = (side("below"), side("above"));
    let (floor, cap) = (reader.formula(node, "floor"), reader.formula(node, "cap"));
    Some(Box::new(Step { of: of?, target: target?, below, above, floor, cap }))
}

impl Rule for Step {
    fn formulas(&self) -> Vec<&FormulaText> {
        let sides = [&self.below, &self.above].into_iter().flatten();
        let sides = sides.flat_map(|side| [&side.each, &side.points].into_iter().chain(&side.limit));
        [&self.of, &self.target].into_iter().chain(sides).chain(&self.floor).chain(&self.cap).collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let (of, target) = (builder.number(&self.of), builder.number(&self.target));
        let (of, target) = (of?, target?);
        let mut score = item.full;
        if let Some(side) = &self.above {
            let over = builder.arithmetic(Arithmetic::Subtract, of, target)?;
            let changed = side.lower(builder, over, item.full)?;
            let reached = builder.compare(ComparisonOperator::Greater, of, target)?;
            score = builder.choose(reached, changed, score)?;
        }
        if let Some(side) = &self.below {
            let under = builder.arithmetic(Arithmetic::Subtract, target, of)?;
            let changed = side.lower(builder, under, item.full)?;
            let reached = builder.compare(ComparisonOperator::Less, of, target)?;
            score = builder.choose(reached, changed, score)?;
        }
        builder.limits(score, self.floor.as_ref(), self.cap.as_ref())
    }
}

impl Side {
    /// Full marks and the points of this side, `distance` above zero.
    fn lower(&self, builder: &mut Builder<'_>, distance: NodeId, full: NodeId) -> Option<NodeId> {
        let each = builder.number(&self.each)?;
        let each = builder.positive(each, &self.each)?;
        let mut units = builder.arithmetic(Arithmetic::Divide, distance, each)?;
        if self.whole {
            units = builder.round(units, 0, RoundingMode::Floor)?;
        }
        let units = builder.tell(Told::Units, units)?;
        let points = builder.number(&self.points)?;
        let mut change = builder.scaled(points, units)?;
        if let Some(limit) = &self.limit {
            change = builder.signed_limit(change, points, limit)?;
        }
        builder.points(Arithmetic::Add, full, change)
    }
}
