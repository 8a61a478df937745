//! `interpolate`: the score on straight lines through knots (线性插值).

use super::{Item, Rule};
use crate::document::model::FormulaText;
use crate::document::read::{Reader, scalar};
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::{Beyond, NodeId};

pub(crate) const KEY: Key = Key::new("interpolate", Shape::Map(&SHAPE), "the value on straight lines through knots");

static SHAPE: MapShape = MapShape {
    what: ("an interpolation", "线性插值"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure").required(),
        Key::new(
            "knots",
            Shape::List(&Shape::Tuple(&[Shape::Formula, Shape::Formula])),
            "figure and score, the lowest figure first; at least two",
        )
        .required(),
        Key::new(
            "beyond",
            Shape::Word(&["flat", "error"]),
            "what holds outside the outermost knots: their score (`flat`), or a fault",
        )
        .default("flat"),
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Interpolate {
    of: FormulaText,
    knots: Vec<(FormulaText, FormulaText)>,
    beyond: Beyond,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let of = reader.formula(node, "of");
    let knots = reader.pairs(node, "knots");
    let fault = scalar(node, "beyond").is_some_and(|word| word.text == "error");
    Some(Box::new(Interpolate { of: of?, knots, beyond: if fault { Beyond::Fault } else { Beyond::Flat } }))
}

impl Rule for Interpolate {
    fn formulas(&self) -> Vec<&FormulaText> {
        std::iter::once(&self.of).chain(self.knots.iter().flat_map(|(place, value)| [place, value])).collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, _item: &Item<'_>) -> Option<NodeId> {
        let of = builder.number(&self.of);
        let knots: Vec<_> =
            self.knots.iter().map(|(place, value)| Some((builder.number(place)?, builder.number(value)?))).collect();
        builder.interpolate(of?, knots.into_iter().collect::<Option<Vec<_>>>()?, self.beyond)
    }
}
