//! Going through the plan of a column without knowing what it stands for.

use crate::plan::{Composite, NodeId, Op};

/// The operands of an operation in the order they are evaluated.
pub(super) fn operands(op: &Op) -> Vec<NodeId> {
    match op {
        Op::Constant(_) | Op::Input(_) | Op::Column(_) | Op::Fail(_) => Vec::new(),
        Op::Negate(a)
        | Op::Absolute(a)
        | Op::Sign(a)
        | Op::Power(a, _)
        | Op::SquareRoot(a)
        | Op::Not(a)
        | Op::IsMissing(a)
        | Op::Tell(_, a)
        | Op::DatePart(_, a)
        | Op::EndOfMonth(a)
        | Op::WordOf(a)
        | Op::Round { value: a, .. } => vec![*a],
        Op::Arithmetic(_, a, b)
        | Op::Compare(_, a, b)
        | Op::And(a, b)
        | Op::Or(a, b)
        | Op::DateSpan(_, a, b)
        | Op::DateShift(_, a, b)
        | Op::Contains(a, b) => vec![*a, *b],
        Op::MakeDate(a, b, c) | Op::Choose { condition: a, then: b, otherwise: c } => vec![*a, *b, *c],
        Op::Extreme(_, list) | Op::Median(list) | Op::Coalesce(list) | Op::Lookup { keys: list, .. } => list.to_vec(),
        Op::Bands(bands) => {
            let pairs = bands.bands.iter().flat_map(|(edge, result)| [*edge, *result]);
            std::iter::once(bands.value).chain(pairs).chain(bands.otherwise).collect()
        }
        Op::Interpolate(line) => {
            let pairs = line.knots.iter().flat_map(|(place, result)| [*place, *result]);
            std::iter::once(line.value).chain(pairs).collect()
        }
        Op::Composite(composite) => of_composite(composite),
    }
}

fn of_composite(composite: &Composite) -> Vec<NodeId> {
    composite.parts.iter().flat_map(|part| [part.weight, part.score]).collect()
}
