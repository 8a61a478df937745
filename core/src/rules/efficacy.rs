//! `efficacy`: full marks by the coefficients of standard values, with lines between them (功效系数法).

use kaohe_grammar::{ComparisonOperator, say};

use super::{Item, Rule};
use crate::code::Code;
use crate::document::model::FormulaText;
use crate::document::read::{Reader, list, scalar};
use crate::document::shape::{Key, MapShape, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::number::Number;
use crate::plan::{Beyond, NodeId};

pub(crate) const KEY: Key = Key::new(
    "efficacy",
    Shape::Map(&SHAPE),
    "full marks × coefficient of standard values, on straight lines between them (功效系数法)",
);

static SHAPE: MapShape = MapShape {
    what: ("an efficacy rule", "功效系数法"),
    keys: &[&[
        Key::new("of", Shape::Formula, "the figure").required(),
        Key::new(
            "standards",
            Shape::List(&Shape::Formula),
            "standard values from the worst to the best, at least two; they fall where a lower figure is better",
        )
        .required(),
        Key::new(
            "coefficients",
            Shape::List(&Shape::Formula),
            "the coefficient of each standard value, in the same order",
        )
        .required(),
        Key::new(
            "beyond",
            Shape::Word(&["flat", "zero_below", "error"]),
            "what holds outside the outermost standards: their coefficient (`flat`); the same, but nothing below the worst \
             (`zero_below`, 较差值以下不得分); or a fault",
        )
        .default("flat"),
    ]],
    one_of: &[],
};

#[derive(Debug)]
struct Efficacy {
    of: FormulaText,
    /// Standard value and coefficient, the worst first.
    knots: Vec<(FormulaText, FormulaText)>,
    beyond: Outside,
}

/// What holds outside the outermost standards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outside {
    Flat,
    ZeroBelow,
    Fault,
}

pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    let of = reader.formula(node, "of");
    let (standards, coefficients) = (reader.formulas(node, "standards"), reader.formulas(node, "coefficients"));
    let beyond = match scalar(node, "beyond").map(|word| word.text.as_str()) {
        Some("zero_below") => Outside::ZeroBelow,
        Some("error") => Outside::Fault,
        _ => Outside::Flat,
    };
    let (written, others) = (node.get("standards")?, node.get("coefficients")?);
    let (count, other) = (list(written).len(), list(others).len());
    if count != other {
        let message =
            say!("there are {count} standards and {other} coefficients", "标准值有 {count} 个，系数却有 {other} 个");
        let help = say!("each standard has one coefficient", "每个标准值对应一个系数");
        reader.inside("coefficients", |reader| reader.report(Code::WrongShape, others.span, message, Some(help)));
        return None;
    }
    if count < 2 {
        let message = say!("there is a single standard", "只有一个标准值");
        let help = say!("a line needs at least two: `[2%, 10%]`", "至少要有两个才能插值，如 `[2%, 10%]`");
        reader.inside("standards", |reader| reader.report(Code::EdgeOrder, written.span, message, Some(help)));
        return None;
    }
    let knots = standards.into_iter().zip(coefficients).collect();
    Some(Box::new(Efficacy { of: of?, knots, beyond }))
}

impl Rule for Efficacy {
    fn formulas(&self) -> Vec<&FormulaText> {
        std::iter::once(&self.of).chain(self.knots.iter().flat_map(|(place, value)| [place, value])).collect()
    }

    fn figure(&self) -> Option<&FormulaText> {
        Some(&self.of)
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let of = builder.number(&self.of);
        let knots: Vec<_> =
            self.knots.iter().map(|(place, value)| Some((builder.number(place)?, builder.number(value)?))).collect();
        let (of, knots) = (of?, knots.into_iter().collect::<Option<Vec<_>>>()?);
        let falls = self.direction(builder, &knots)?;
        let mut scored = Vec::new();
        for (place, coefficient) in &knots {
            scored.push((*place, builder.scaled(item.full, *coefficient)?));
        }
        let (worst, best) = (knots.first()?.0, knots.last()?.0);
        match falls {
            Some(true) => self.falling(builder, of, worst, scored),
            Some(false) => self.rising(builder, of, worst, scored),
            // standards by industry or by year: which end is the better one depends on the row
            None => {
                let rises = builder.compare(ComparisonOperator::Less, worst, best)?;
                let rising = self.rising(builder, of, worst, scored.clone())?;
                let falling = self.falling(builder, of, worst, scored)?;
                builder.choose(rises, rising, falling)
            }
        }
    }
}

impl Efficacy {
    /// A higher figure is better.
    fn rising(
        &self,
        builder: &mut Builder<'_>,
        of: NodeId,
        worst: NodeId,
        knots: Vec<(NodeId, NodeId)>,
    ) -> Option<NodeId> {
        self.on_lines(builder, of, (worst, ComparisonOperator::AtLeast), knots)
    }

    /// A lower figure is better: lines run from the lowest figure up.
    fn falling(
        &self,
        builder: &mut Builder<'_>,
        of: NodeId,
        worst: NodeId,
        mut knots: Vec<(NodeId, NodeId)>,
    ) -> Option<NodeId> {
        knots.reverse();
        self.on_lines(builder, of, (worst, ComparisonOperator::AtMost), knots)
    }

    fn on_lines(
        &self,
        builder: &mut Builder<'_>,
        of: NodeId,
        (worst, reaches): (NodeId, ComparisonOperator),
        knots: Vec<(NodeId, NodeId)>,
    ) -> Option<NodeId> {
        let beyond = if self.beyond == Outside::Fault { Beyond::Fault } else { Beyond::Flat };
        let score = builder.interpolate(of, knots, beyond)?;
        if self.beyond != Outside::ZeroBelow {
            return Some(score);
        }
        let reached = builder.compare(reaches, of, worst)?;
        let zero = builder.zero();
        builder.choose(reached, score, zero)
    }

    /// Whether standards fall, as far as they are known; those that turn round, and coefficients that fall, are reported.
    fn direction(&self, builder: &mut Builder<'_>, knots: &[(NodeId, NodeId)]) -> Option<Option<bool>> {
        let standards = knots.iter().zip(&self.knots).map(|((node, _), (text, _))| (*node, text));
        let standards: Vec<_> = known(builder, standards);
        let falls = match (standards.first(), standards.last()) {
            (Some((worst, _)), Some((best, _))) if standards.len() > 1 => Some(worst > best),
            _ => None,
        };
        let goes_on = |last: &Number, here: &Number| if falls == Some(true) { here < last } else { here > last };
        in_order(builder, &standards, ("standard", "标准值"), goes_on)?;
        let coefficients = knots.iter().zip(&self.knots).map(|((_, node), (_, text))| (*node, text));
        let coefficients = known(builder, coefficients);
        in_order(builder, &coefficients, ("coefficient", "系数"), |last, here| here >= last)?;
        Some(falls)
    }
}

/// The numbers that are known when the scheme is read, with where they are written.
fn known<'t>(
    builder: &Builder<'_>,
    nodes: impl Iterator<Item = (NodeId, &'t FormulaText)>,
) -> Vec<(Number, &'t FormulaText)> {
    nodes.filter_map(|(node, text)| Some((builder.constant_number(node)?.clone(), text))).collect()
}

/// Each number goes on from the one before it.
fn in_order(
    builder: &mut Builder<'_>,
    numbers: &[(Number, &FormulaText)],
    (en, zh): (&str, &str),
    goes_on: impl Fn(&Number, &Number) -> bool,
) -> Option<()> {
    let odd = numbers.windows(2).find_map(|pair| match pair {
        [(last, _), (here, text)] if !goes_on(last, here) => Some((last.clone(), *text)),
        _ => None,
    });
    let Some((last, text)) = odd else { return Some(()) };
    let here = &text.text;
    builder.inside(&text.path, text.span, |builder| {
        builder.error(
            Code::EdgeOrder,
            text.span,
            say!("the {en} `{here}` is out of order after {last}", "{zh} `{here}` 排在 {last} 之后，顺序不对"),
            Some(say!(
                "standards go one way, from the worst to the best, each once, and coefficients rise with them",
                "标准值须从最差到最好依次排列且不重复，系数随之递增"
            )),
        );
    });
    None
}
