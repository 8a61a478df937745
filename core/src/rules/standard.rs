//! `standard`: points by distance from the group's mean, counted in standard deviations (标准分).

use kaohe_grammar::{ComparisonOperator, say};

use super::{BETTER, Item, Rule, WITHIN, lower_is_better};
use crate::document::model::{FormulaText, Named};
use crate::document::read::{Reader, names};
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::{Arithmetic, GroupFunction, NodeId};

pub(crate) const KEY: Key = Key::new(
    "standard",
    Shape::Map(&SHAPE),
    "points by distance from the group's mean in standard deviations: `mean` + `stdev` × (x − mean of x) / deviation of x \
     (标准分); where nobody differs, everybody has `mean`",
);

static SHAPE: MapShape = MapShape {
    what: ("a standard score", "标准分"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure, a decimal; who has none takes no part").required(),
        Key::new("mean", Shape::Formula, "the score of the group's mean").required(),
        Key::new(
            "stdev",
            Shape::Formula,
            "points for each standard deviation, a positive number; the deviation is the population's, at 12 decimals",
        )
        .required(),
        BETTER.default("higher"),
        WITHIN,
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Standard {
    of: FormulaText,
    mean: FormulaText,
    stdev: FormulaText,
    lower: bool,
    within: Vec<Named>,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let of = reader.formula(node, "of");
    let (mean, stdev) = (reader.formula(node, "mean"), reader.formula(node, "stdev"));
    let lower = lower_is_better(node);
    Some(Box::new(Standard { of: of?, mean: mean?, stdev: stdev?, lower, within: names(node, "within") }))
}

impl Rule for Standard {
    fn formulas(&self) -> Vec<&FormulaText> {
        vec![&self.of, &self.mean, &self.stdev]
    }

    fn columns(&self) -> Vec<&Named> {
        self.within.iter().collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let (mean, each) = (builder.number(&self.mean), builder.number(&self.stdev));
        let way_out = say!(
            "where a lower figure is the better one, write `better: lower`",
            "指标越低越好时，请写 `better: lower`"
        );
        let (mean, each) = (mean?, builder.positive_or(each?, &self.stdev, way_out)?);
        let among = builder.number_among(&self.of, &self.within, item)?;
        let average = builder.over(GroupFunction::Average, &among)?;
        let deviation = builder.over(GroupFunction::Deviation, &among)?;
        let (from, to) = if self.lower { (among.of, average) } else { (average, among.of) };
        let distance = builder.arithmetic(Arithmetic::Subtract, to, from)?;
        let distance = builder.arithmetic(Arithmetic::Divide, distance, deviation)?;
        let change = builder.scaled(each, distance)?;
        let score = builder.points(Arithmetic::Add, mean, change)?;
        let zero = builder.zero();
        let differ = builder.compare(ComparisonOperator::Greater, deviation, zero)?;
        builder.choose(differ, score, mean)
    }
}
