//! `bands`: the score of the first band a figure falls in (分段计分).

use super::{Item, Rule};
use crate::document::model::FormulaText;
use crate::document::read::Reader;
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::{BandEdge, NodeId};

const EDGES: Shape = Shape::List(&Shape::Tuple(&[Shape::Formula, Shape::Formula]));

pub(crate) const KEY: Key = Key::new("bands", Shape::Map(&SHAPE), "the value of the first band a figure falls in");

static SHAPE: MapShape = MapShape {
    what: ("bands", "分段计分"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure").required(),
        Key::new("at_least", EDGES, "edge and score, highest edge first; the edge itself counts (以上)"),
        Key::new("above", EDGES, "edge and score, highest edge first; the edge itself does not count (超过)"),
        Key::new("up_to", EDGES, "edge and score, lowest edge first; the edge itself counts (以下)"),
        Key::new("below", EDGES, "edge and score, lowest edge first; the edge itself does not count (不满)"),
        Key::new("else", Shape::Formula, "the score when no edge holds; without it that is a fault"),
    ]],
    one_of: &[(&["at_least", "above", "up_to", "below"], true)],
};

#[derive(Debug)]
struct Bands {
    of: FormulaText,
    edge: BandEdge,
    bands: Vec<(FormulaText, FormulaText)>,
    otherwise: Option<FormulaText>,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let of = reader.formula(node, "of");
    let otherwise = reader.formula(node, "else");
    let (key, edge) = BandEdge::KEYS.into_iter().find(|(key, _)| node.get(key).is_some())?;
    let bands = reader.pairs(node, key);
    Some(Box::new(Bands { of: of?, edge, bands, otherwise }))
}

impl Rule for Bands {
    fn formulas(&self) -> Vec<&FormulaText> {
        let bands = self.bands.iter().flat_map(|(edge, value)| [edge, value]);
        std::iter::once(&self.of).chain(bands).chain(&self.otherwise).collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, _item: &Item<'_>) -> Option<NodeId> {
        let of = builder.number(&self.of);
        let bands: Vec<_> =
            self.bands.iter().map(|(edge, value)| Some((builder.number(edge)?, builder.number(value)?))).collect();
        let bands = bands.into_iter().collect::<Option<Vec<_>>>();
        let otherwise = match &self.otherwise {
            Some(otherwise) => Some(builder.number(otherwise)?),
            None => None,
        };
        builder.bands(of?, self.edge, bands?, otherwise)
    }
}
