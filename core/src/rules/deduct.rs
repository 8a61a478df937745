//! `deduct`: full marks less so much each time (扣分).

use super::{Item, Rule};
use crate::document::model::FormulaText;
use crate::document::read::Reader;
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::{Arithmetic, NodeId};

pub(crate) const KEY: Key = Key::new("deduct", Shape::Map(&SHAPE), "full marks less so much each time");

static SHAPE: MapShape = MapShape {
    what: ("a deduction", "扣分"),
    keys: &[&[
        Key::new("each", Shape::Formula, "points taken off each time, a positive number").required(),
        Key::new("times", Shape::Formula, "how many times").required(),
        Key::new("floor", Shape::Formula, "the score is at least this"),
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Deduct {
    each: FormulaText,
    times: FormulaText,
    floor: Option<FormulaText>,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let (each, times) = (reader.formula(node, "each"), reader.formula(node, "times"));
    let floor = reader.formula(node, "floor");
    Some(Box::new(Deduct { each: each?, times: times?, floor }))
}

impl Rule for Deduct {
    fn formulas(&self) -> Vec<&FormulaText> {
        [&self.each, &self.times].into_iter().chain(&self.floor).collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.times)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let (each, times) = (builder.number(&self.each), builder.number(&self.times));
        let (each, times) = (builder.not_negative(each?, &self.each)?, builder.not_negative(times?, &self.times)?);
        let taken = builder.scaled(each, times)?;
        let score = builder.points(Arithmetic::Subtract, item.full, taken)?;
        builder.limits(score, self.floor.as_ref(), None)
    }
}
