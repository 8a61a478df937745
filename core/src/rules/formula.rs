//! `formula`: the score as a formula, in points.

use super::{Item, Rule};
use crate::document::model::FormulaText;
use crate::document::read::Reader;
use crate::document::shape::{Key, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::NodeId;

pub(crate) const KEY: Key = Key::new("formula", Shape::Formula, "the value as a formula; a score is in points");

#[derive(Debug)]
struct Formula {
    formula: FormulaText,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    Some(Box::new(Formula { formula: reader.formula_text(node.scalar()?)? }))
}

/// A formula that was read already.
pub(crate) fn of(formula: FormulaText) -> Box<dyn Rule> {
    Box::new(Formula { formula })
}

impl Rule for Formula {
    fn formulas(&self) -> Vec<&FormulaText> {
        vec![&self.formula]
    }

    fn formula(&self) -> Option<&FormulaText> {
        Some(&self.formula)
    }

    fn lower_any(&self, builder: &mut Builder<'_>, _item: &Item<'_>) -> Option<NodeId> {
        builder.formula(&self.formula)
    }

    fn lower(&self, builder: &mut Builder<'_>, _item: &Item<'_>) -> Option<NodeId> {
        builder.number(&self.formula)
    }
}
