//! Bands and lines: what has edges or knots, which stand in order.

use kaohe_grammar::say;

use super::builder::Builder;
use crate::code::Code;
use crate::number::Number;
use crate::plan::{BandEdge, Bands, Beyond, Facts, Interpolate, NodeId, Op};
use crate::size::Size;
use crate::unit::Unit;
use crate::value::Kind;

impl Builder<'_> {
    /// The value of the first band a number falls in; constant edges out of order are reported.
    pub(crate) fn bands(
        &mut self,
        value: NodeId,
        edge: BandEdge,
        bands: Vec<(NodeId, NodeId)>,
        otherwise: Option<NodeId>,
    ) -> Option<NodeId> {
        for (at, _) in &bands {
            self.together(value, *at, self.node(*at).span.unwrap_or_default())?;
        }
        let descending = matches!(edge, BandEdge::AtLeast | BandEdge::Above);
        self.in_order(bands.iter().map(|(at, _)| *at), descending)?;
        let mut facts = Facts { may_be_missing: false, ..self.facts(bands.first()?.1).clone() };
        for result in bands.iter().map(|(_, result)| *result).chain(otherwise) {
            let other = self.facts(result);
            if facts.kind == Kind::Missing {
                facts.kind = other.kind.clone();
            }
            facts.may_be_missing |= other.may_be_missing;
            facts.size = facts.size.either(other.size);
            facts.unit = match facts.unit.together(&other.unit) {
                Ok(unit) => unit,
                Err(clash) => {
                    self.clash(&clash, self.node(result).span.unwrap_or_default());
                    return None;
                }
            };
        }
        Some(self.push(Op::Bands(Box::new(Bands { value, edge, bands: bands.into(), otherwise })), facts))
    }

    /// The value on the lines through the knots; constant knots out of order are reported.
    pub(crate) fn interpolate(
        &mut self,
        value: NodeId,
        knots: Vec<(NodeId, NodeId)>,
        beyond: Beyond,
    ) -> Option<NodeId> {
        if knots.len() < 2 {
            self.error(
                Code::EdgeOrder,
                self.here(),
                say!("a line needs at least two knots", "插值至少要有两个节点"),
                Some(say!("write `knots: [[80%, 0], [95%, 40]]`", "请写 `knots: [[80%, 0], [95%, 40]]`")),
            );
            return None;
        }
        for (at, _) in &knots {
            self.together(value, *at, self.node(*at).span.unwrap_or_default())?;
        }
        self.in_order(knots.iter().map(|(at, _)| *at), false)?;
        let x = self.facts(value).size;
        let mut place = Size::NONE;
        let mut result = Size::NONE;
        for (at, to) in &knots {
            place = place.either(self.facts(*at).size);
            result = result.either(self.facts(*to).size);
        }
        let size = result.sum(x.sum(place).product(result.sum(result)).quotient(place.sum(place)));
        self.sized(Op::Interpolate(Box::new(Interpolate { value, knots: knots.into(), beyond })), Unit::Unknown, size)
    }

    /// Constant edges must stand in order, each once.
    fn in_order(&mut self, edges: impl Iterator<Item = NodeId>, descending: bool) -> Option<()> {
        let mut last: Option<Number> = None;
        for edge in edges {
            let Some(here) = self.constant_number(edge).cloned() else {
                last = None;
                continue;
            };
            if let Some(last) = &last
                && (if descending { here >= *last } else { here <= *last })
            {
                let (en, zh) =
                    if descending { ("highest first", "从高到低") } else { ("lowest first", "从低到高") };
                self.error(
                    Code::EdgeOrder,
                    self.node(edge).span.unwrap_or_default(),
                    say!("this edge, {here}, is out of order after {last}", "这里的 {here} 排在 {last} 之后，顺序不对"),
                    Some(say!("edges stand {en}, each once", "界限须{zh}排列，且不重复")),
                );
                return None;
            }
            last = Some(here);
        }
        Some(())
    }
}
