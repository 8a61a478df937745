//! `ratings`: the result of an appraisal by raters, out of the full marks of its sheets.

use kaohe_grammar::say;

use super::exam::result;
use super::{Item, Rule};
use crate::document::model::{FormulaText, Named};
use crate::document::read::{Reader, name_of};
use crate::document::shape::{Key, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::NodeId;

pub(crate) const KEY: Key = Key::new(
    "ratings",
    Shape::Name,
    "the result of an appraisal by raters: full marks × its result / full marks of a sheet",
);

#[derive(Debug)]
struct Ratings {
    name: Named,
}

pub(crate) fn read(_: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    Some(Box::new(Ratings { name: name_of(node.scalar()?) }))
}

impl Rule for Ratings {
    fn formulas(&self) -> Vec<&FormulaText> {
        Vec::new()
    }

    fn columns(&self) -> Vec<&Named> {
        vec![&self.name]
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let ratings = builder.names.ratings;
        let known: Vec<&str> = ratings.iter().map(|rating| &*rating.common.name.name).collect();
        result(builder, item, &self.name, &known, &say!("appraisal", "测评"), &say!("ratings", "ratings"))
    }
}
