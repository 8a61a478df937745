//! `threshold`: all points or none, by whether a figure reaches an edge (达标计分).

use super::{Item, Rule};
use crate::document::model::FormulaText;
use crate::document::read::Reader;
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::{BandEdge, NodeId};

pub(crate) const KEY: Key = Key::new("threshold", Shape::Map(&SHAPE), "all points or none");

static SHAPE: MapShape = MapShape {
    what: ("a threshold rule", "达标计分"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure").required(),
        Key::new("at_least", Shape::Formula, "reached at this and above; the edge itself counts (以上)"),
        Key::new("above", Shape::Formula, "reached only above this; the edge itself does not count (超过)"),
        Key::new("up_to", Shape::Formula, "reached at this and below; the edge itself counts (以下)"),
        Key::new("below", Shape::Formula, "reached only below this; the edge itself does not count (不满)"),
        Key::new("points", Shape::Formula, "points when it is reached; full marks when not stated"),
        Key::new("else", Shape::Formula, "points when it is not").default("0"),
    ]],
    one_of: &[(&["at_least", "above", "up_to", "below"], true)],
};

#[derive(Debug)]
struct Threshold {
    of: FormulaText,
    edge: BandEdge,
    at: FormulaText,
    points: Option<FormulaText>,
    otherwise: Option<FormulaText>,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let of = reader.formula(node, "of");
    let (key, edge) = BandEdge::KEYS.into_iter().find(|(key, _)| node.get(key).is_some())?;
    let at = reader.formula(node, key);
    let (points, otherwise) = (reader.formula(node, "points"), reader.formula(node, "else"));
    Some(Box::new(Threshold { of: of?, edge, at: at?, points, otherwise }))
}

impl Rule for Threshold {
    fn formulas(&self) -> Vec<&FormulaText> {
        [&self.of, &self.at].into_iter().chain(&self.points).chain(&self.otherwise).collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let (of, at) = (builder.number(&self.of), builder.number(&self.at));
        let points = match &self.points {
            Some(points) => builder.number(points),
            None => Some(item.full),
        };
        let otherwise = match &self.otherwise {
            Some(otherwise) => builder.number(otherwise),
            None => Some(builder.zero()),
        };
        // one band, and what is outside it
        builder.bands(of?, self.edge, vec![(at?, points?)], Some(otherwise?))
    }
}
