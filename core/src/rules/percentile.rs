//! `percentile`: full marks by the part of the group that stands below (百分位计分).

use super::{BETTER, Item, Rule, WITHIN, lower_is_better};
use crate::document::model::{FormulaText, Named};
use crate::document::read::{Reader, names, scalar};
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::{Direction, GroupFunction, NodeId, PercentileKind};

pub(crate) const KEY: Key =
    Key::new("percentile", Shape::Map(&SHAPE), "full marks × percentile in a group (百分位计分)");

static SHAPE: MapShape = MapShape {
    what: ("a percentile rule", "百分位计分"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure; who has none takes no part").required(),
        Key::new(
            "kind",
            Shape::Word(&["rank", "weak", "strict", "mean"]),
            "the part of the group that is at or below (`weak`), below (`strict`), half-way between the two (`mean`), or \
             the mean place of equals (`rank`); alone in a group that is 1, 0, 0.5 and 1",
        )
        .required(),
        BETTER.default("higher"),
        WITHIN,
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Percentile {
    of: FormulaText,
    kind: PercentileKind,
    /// The top is the largest when ascending.
    direction: Direction,
    within: Vec<Named>,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let of = reader.formula(node, "of");
    let kind = PercentileKind::from_word(&scalar(node, "kind")?.text)?;
    let lower = lower_is_better(node);
    let direction = if lower { Direction::Descending } else { Direction::Ascending };
    Some(Box::new(Percentile { of: of?, kind, direction, within: names(node, "within") }))
}

impl Rule for Percentile {
    fn formulas(&self) -> Vec<&FormulaText> {
        vec![&self.of]
    }

    fn columns(&self) -> Vec<&Named> {
        self.within.iter().collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let among = builder.among(&self.of, &self.within, item)?;
        let percentile = GroupFunction::Percentile { kind: self.kind, direction: self.direction };
        let percentile = builder.over(percentile, &among)?;
        builder.scaled(item.full, percentile)
    }
}
