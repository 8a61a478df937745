//! What a condition says of the figures it compares, for what is computed only when it holds.
//!
//! Figures are the same when they are written the same: `a - b` in a condition and `a - b` in its result are one.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::rc::Rc;

use super::known::{Known, mirrored, opposite};
use super::range::Range;
use crate::number::Number;
use crate::plan::{Arithmetic, ColumnId, ComparisonOperator, Extreme, InputId, NodeId, Op, Plan};
use crate::value::Value;

/// Nodes of one class have the same value in every row.
pub(super) type Class = u32;

/// How an operation is told from others that are written the same.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Written {
    Constant(String),
    Column(ColumnId),
    Input(InputId),
    Operation(Discriminant<Op>, i32, Vec<Class>),
}

/// The class of each node.
#[derive(Debug, Default)]
pub(super) struct Classes {
    of: Vec<Class>,
    numbers: HashMap<Written, Class>,
    count: Class,
}

impl Classes {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut classes = Self::default();
        for node in &plan.nodes {
            let class = match &node.op {
                Op::Tell(_, inner) => classes.of(*inner),
                op => match classes.written(op) {
                    Some(written) => classes.number(written),
                    None => classes.alone(),
                },
            };
            classes.of.push(class);
        }
        classes
    }

    pub(super) fn of(&self, id: NodeId) -> Class {
        self.of.get(id.index()).copied().unwrap_or(Class::MAX)
    }

    fn alone(&mut self) -> Class {
        self.count += 1;
        self.count - 1
    }

    fn number(&mut self, written: Written) -> Class {
        if let Some(class) = self.numbers.get(&written) {
            return *class;
        }
        let class = self.alone();
        self.numbers.insert(written, class);
        class
    }

    fn written(&self, op: &Op) -> Option<Written> {
        let detail = match op {
            Op::Constant(Value::Number(number)) => return Some(Written::Constant(number.to_string())),
            Op::Column(id) => return Some(Written::Column(*id)),
            Op::Input(id) => return Some(Written::Input(*id)),
            Op::Negate(_) | Op::Absolute(_) | Op::SquareRoot(_) => 0,
            Op::Arithmetic(operator, ..) => *operator as i32,
            Op::Power(_, exponent) => *exponent,
            Op::Extreme(Extreme::Minimum, _) => 0,
            Op::Extreme(Extreme::Maximum, _) => 1,
            Op::Round { places, mode, .. } => places.checked_mul(8)?.checked_add(*mode as i32)?,
            _ => return None,
        };
        let operands = op.operands().into_iter().map(|id| self.of(id)).collect();
        Some(Written::Operation(discriminant(op), detail, operands))
    }

    /// The class of `a - b`, where it is written somewhere.
    fn difference(&self, a: Class, b: Class) -> Option<Class> {
        let subtract = Op::Arithmetic(Arithmetic::Subtract, NodeId(0), NodeId(0));
        let written = Written::Operation(discriminant(&subtract), Arithmetic::Subtract as i32, vec![a, b]);
        self.numbers.get(&written).copied()
    }
}

/// The most figures that are followed at once.
const MOST: usize = 16;

/// What the conditions around a node say of some figures.
#[derive(Debug, Clone, Default)]
pub(super) struct Assumed(Option<Rc<Vec<(Class, Range)>>>);

impl Assumed {
    pub(super) fn of(&self, class: Class) -> Option<&Range> {
        self.0.as_ref()?.iter().find(|(each, _)| *each == class).map(|(_, range)| range)
    }

    fn and(&self, class: Class, range: &Range) -> Self {
        let mut all: Vec<(Class, Range)> = self.0.as_ref().map(|all| all.to_vec()).unwrap_or_default();
        let full = all.len() >= MOST;
        match all.iter_mut().find(|(each, _)| *each == class) {
            Some((_, own)) => *own = own.meet(range),
            None if full => return self.clone(),
            None => all.push((class, range.clone())),
        }
        Self(Some(Rc::new(all)))
    }

    /// Whether some figure would have to be two things at once.
    pub(super) fn is_impossible(&self) -> bool {
        self.0.as_ref().is_some_and(|all| all.iter().any(|(_, range)| range.is_empty()))
    }

    /// What both say.
    pub(super) fn join(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) if Rc::ptr_eq(a, b) => self.clone(),
            (Some(a), Some(_)) => {
                let both = a.iter().filter_map(|(class, range)| Some((*class, range.join(other.of(*class)?))));
                Self(Some(Rc::new(both.collect())))
            }
            _ => Self(None),
        }
    }
}

/// How many columns a condition is followed through.
const DEEPEST: u32 = 8;

/// Reads conditions: the plan, its classes, and what is known of each node without any.
pub(super) struct Conditions<'a> {
    pub(super) plan: &'a Plan,
    pub(super) classes: &'a Classes,
    pub(super) known: &'a [Known],
}

impl Conditions<'_> {
    /// What is assumed when the condition holds, or when it does not.
    pub(super) fn assume(&self, assumed: &Assumed, condition: NodeId, holds: bool) -> Assumed {
        self.follow(assumed, condition, holds, DEEPEST)
    }

    fn follow(&self, assumed: &Assumed, condition: NodeId, holds: bool, deeper: u32) -> Assumed {
        match &self.plan.node(condition).op {
            Op::Tell(_, inner) => self.follow(assumed, *inner, holds, deeper),
            Op::Not(inner) => self.follow(assumed, *inner, !holds, deeper),
            Op::And(a, b) if holds => self.follow(&self.follow(assumed, *a, true, deeper), *b, true, deeper),
            Op::Or(a, b) if !holds => self.follow(&self.follow(assumed, *a, false, deeper), *b, false, deeper),
            Op::Column(column) if deeper > 0 => self.follow(assumed, self.plan.column(*column).body, holds, deeper - 1),
            Op::Compare(operator, a, b) => {
                self.compared(assumed, if holds { *operator } else { opposite(*operator) }, *a, *b)
            }
            _ => assumed.clone(),
        }
    }

    pub(super) fn compared(&self, assumed: &Assumed, operator: ComparisonOperator, a: NodeId, b: NodeId) -> Assumed {
        let (Some(x), Some(y)) = (self.range(assumed, a), self.range(assumed, b)) else { return assumed.clone() };
        let (left, right) = (self.classes.of(a), self.classes.of(b));
        let zero = Range::point(Number::ZERO);
        let mut out = assumed.clone();
        let mut say = |class: Class, before: &Range, after: Range| {
            if after != *before {
                out = out.and(class, &after);
            }
        };
        say(left, &x, x.narrowed(operator, &y));
        say(right, &y, y.narrowed(mirrored(operator), &x));
        if let Some(class) = self.classes.difference(left, right) {
            say(class, &Range::ALL, Range::ALL.narrowed(operator, &zero));
        }
        if let Some(class) = self.classes.difference(right, left) {
            say(class, &Range::ALL, Range::ALL.narrowed(mirrored(operator), &zero));
        }
        out
    }

    fn range(&self, assumed: &Assumed, id: NodeId) -> Option<Range> {
        let known = self.known.get(id.index())?.range()?;
        Some(assumed.of(self.classes.of(id)).map_or_else(|| known.clone(), |more| known.meet(more)))
    }
}
