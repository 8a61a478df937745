//! Which way each figure goes when one column rises and everything else stays.

use std::collections::HashMap;

use super::insight::{Insight, One};
use super::known::{Known, mirrored, opposite};
use super::range::{End, Range};
use crate::plan::{
    Arithmetic, BandEdge, Bands, ColumnId, ComparisonOperator, Composite, Extreme, Interpolate, NodeId, Op,
};

/// Which way a value goes. Truth rises from false to true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Way {
    /// It stays.
    #[default]
    Still,
    /// It never falls.
    Rising,
    /// It never rises.
    Falling,
    /// Now one and now the other, or nobody knows.
    Unclear,
}

use Way::{Falling, Rising, Still, Unclear};

impl Way {
    /// The way of something that goes both ways at once.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Still, one) | (one, Still) => one,
            (a, b) if a == b => a,
            _ => Unclear,
        }
    }

    pub(super) const fn turned(self) -> Self {
        match self {
            Rising => Falling,
            Falling => Rising,
            other => other,
        }
    }

    /// The same, if that is certain.
    pub(super) const fn when(self, certain: bool) -> Self {
        match self {
            Still => Still,
            way if certain => way,
            _ => Unclear,
        }
    }

    /// The way of `self × factor`.
    fn times(self, factor: Option<&Range>) -> Self {
        match factor {
            _ if self == Still => Still,
            Some(range) if range.is_not_negative() => self,
            Some(range) if range.is_not_positive() => self.turned(),
            _ => Unclear,
        }
    }
}

/// Whether the step from one piece to the next can only go up, or only down.
#[derive(Clone, Copy)]
struct Jump {
    up: bool,
    down: bool,
}

impl Jump {
    const NONE: Self = Self { up: true, down: true };

    const fn and(self, other: Self) -> Self {
        Self { up: self.up && other.up, down: self.down && other.down }
    }

    /// The way of pieces that each go `pieces` and are joined by this jump, from the lowest to the highest.
    const fn joins(self, pieces: Way) -> Way {
        match (pieces, self.up, self.down) {
            (Still, true, true) => Still,
            (Still | Rising, true, _) => Rising,
            (Still | Falling, _, true) => Falling,
            _ => Unclear,
        }
    }
}

/// The ways of all nodes as one column rises.
pub(super) struct Ways<'i, 'p> {
    pub(super) insight: &'i Insight<'p>,
    column: ColumnId,
    of: HashMap<NodeId, Way>,
}

impl<'i, 'p> Ways<'i, 'p> {
    pub(super) fn new(insight: &'i Insight<'p>, column: ColumnId) -> Self {
        Self { insight, column, of: HashMap::new() }
    }

    /// Follows a node; those it reads were followed before.
    pub(super) fn follow(&mut self, id: NodeId) -> Way {
        let way = self.node(id);
        if way != Still {
            self.of.insert(id, way);
        }
        way
    }

    pub(super) fn of_column(&self, column: ColumnId) -> Way {
        if column == self.column { Rising } else { self.of(self.insight.plan.column(column).body) }
    }

    pub(super) fn of(&self, id: NodeId) -> Way {
        self.of.get(&id).copied().unwrap_or_default()
    }

    fn node(&self, id: NodeId) -> Way {
        let op = &self.insight.plan.node(id).op;
        match op {
            Op::Column(column) => return self.of_column(*column),
            Op::Group(group) => return self.group(*group),
            _ => {}
        }
        let operands = op.operands();
        let fixed = self.insight.at(id).range().is_some_and(|range| range.single().is_some());
        if fixed || operands.iter().all(|operand| self.of(*operand) == Still) {
            return Still;
        }
        let together = || operands.iter().map(|operand| self.of(*operand)).fold(Still, Way::and);
        match op {
            Op::Negate(a) | Op::Not(a) => self.of(*a).turned(),
            Op::Absolute(a) => self.of(*a).times(self.insight.seen(id, *a).range()),
            Op::Arithmetic(operator, a, b) => self.arithmetic(id, *operator, *a, *b),
            Op::Power(a, exponent) => {
                let seen = self.insight.seen(id, *a);
                let way = if exponent % 2 == 0 { self.of(*a).times(seen.range()) } else { self.of(*a) };
                if *exponent < 0 { way.turned().when(one_signed(seen.range())) } else { way }
            }
            Op::Sign(_)
            | Op::SquareRoot(_)
            | Op::Round { .. }
            | Op::Tell(..)
            | Op::Extreme(..)
            | Op::Median(_)
            | Op::And(..)
            | Op::Or(..)
            | Op::Coalesce(_) => together(),
            Op::Compare(operator, a, b) => self.comparison(id, *operator, *a, *b),
            Op::Choose { condition, then, otherwise } => self.choice(id, *condition, *then, *otherwise),
            Op::Bands(bands) => self.bands(id, bands),
            Op::Interpolate(line) => self.line(id, line),
            Op::Composite(composite) => self.composite(id, composite),
            // absence is not compared: there is no better or worse about it
            Op::IsMissing(a) if self.of(*a) != Unclear => Still,
            _ => Unclear,
        }
    }

    fn arithmetic(&self, id: NodeId, operator: Arithmetic, a: NodeId, b: NodeId) -> Way {
        let (x, y) = (self.of(a), self.of(b));
        match operator {
            Arithmetic::Add => x.and(y),
            Arithmetic::Subtract => self.distance(a, b).unwrap_or_else(|| x.and(y.turned())),
            Arithmetic::Multiply | Arithmetic::Divide => {
                if operator == Arithmetic::Divide
                    && let Some(way) = self.proportion(id, a, b)
                {
                    return way;
                }
                let (left, right) = (self.insight.seen(id, a), self.insight.seen(id, b));
                let turned = operator == Arithmetic::Divide;
                // one over a divisor of one sign goes the other way
                let y = if turned { y.turned().when(one_signed(right.range())) } else { y };
                x.times(right.range()).and(y.times(left.range()))
            }
        }
    }

    fn comparison(&self, id: NodeId, operator: ComparisonOperator, a: NodeId, b: NodeId) -> Way {
        let (x, y) = (self.of(a), self.of(b));
        match self.as_order(id, operator, a, b) {
            Some(ComparisonOperator::Greater | ComparisonOperator::AtLeast) => x.and(y.turned()),
            Some(ComparisonOperator::Less | ComparisonOperator::AtMost) => x.turned().and(y),
            _ => Unclear,
        }
    }

    /// The comparison as one of order: being equal to what nothing lies below is being at most that.
    fn as_order(&self, id: NodeId, operator: ComparisonOperator, a: NodeId, b: NodeId) -> Option<ComparisonOperator> {
        let equal = match operator {
            ComparisonOperator::Equal => true,
            ComparisonOperator::NotEqual => false,
            order => return Some(order),
        };
        let (x, y) = (self.insight.seen(id, a), self.insight.seen(id, b));
        let (number, range, turn) = match (x.range()?.single(), y.range()?.single()) {
            (_, Some(number)) => (number, x.range()?, false),
            (Some(number), None) => (number, y.range()?, true),
            (None, None) => return None,
        };
        let ends_at = |end: &End| matches!(end, End::At(at) if at == number);
        let order = match (ends_at(&range.low), ends_at(&range.high)) {
            (true, _) => ComparisonOperator::AtMost,
            (_, true) => ComparisonOperator::AtLeast,
            _ => return None,
        };
        let order = if turn { mirrored(order) } else { order };
        Some(if equal { order } else { opposite(order) })
    }

    fn choice(&self, id: NodeId, condition: NodeId, then: NodeId, otherwise: NodeId) -> Way {
        let (yes, no) = self.insight.branches(id, condition, then, otherwise);
        let fails = |branch: NodeId| matches!(self.insight.plan.node(branch).op, Op::Fail(_));
        let decided = self.insight.at(condition);
        if fails(otherwise) || !decided.can_be(false) {
            return self.of(then);
        }
        if fails(then) || !decided.can_be(true) {
            return self.of(otherwise);
        }
        let pieces = self.of(then).and(self.of(otherwise));
        let (low, high) = match self.of(condition) {
            Still => return pieces,
            Unclear => return Unclear,
            Rising => ((otherwise, no), (then, yes)),
            Falling => ((then, yes), (otherwise, no)),
        };
        if low.1 == Known::Nothing || high.1 == Known::Nothing {
            return Unclear; // it comes and goes
        }
        let mut jump = jump(&low.1, &high.1).or(self.by_definition(low.0, high.0));
        if !jump.up && !jump.down {
            jump = self.at_the_edge(condition, low.0, high.0);
        }
        jump.joins(pieces)
    }

    /// `min(x, limit)` is no more than `x`, whatever `x` is.
    fn by_definition(&self, low: NodeId, high: NodeId) -> Jump {
        let limits = |extreme: Extreme, limited: NodeId, value: NodeId| match &self.told(limited) {
            Op::Extreme(own, operands) if *own == extreme => {
                let class = self.insight.classes.of(value);
                operands.iter().any(|operand| self.insight.classes.of(*operand) == class)
            }
            _ => false,
        };
        Jump {
            up: limits(Extreme::Minimum, low, high) || limits(Extreme::Maximum, high, low),
            down: limits(Extreme::Maximum, low, high) || limits(Extreme::Minimum, high, low),
        }
    }

    pub(super) fn told(&self, id: NodeId) -> &Op {
        match &self.insight.plan.node(id).op {
            Op::Tell(_, inner) => self.told(*inner),
            op => op,
        }
    }

    /// The jump where a condition on one figure turns: both sides, were the figure just there.
    fn at_the_edge(&self, condition: NodeId, low: NodeId, high: NodeId) -> Jump {
        let mut compare = self.told(condition);
        while let Op::Not(inner) = compare {
            compare = self.told(*inner);
        }
        let Op::Compare(_, a, b) = compare else { return Jump { up: false, down: false } };
        let (value, edge) = if self.of(*a) == Still { (*b, *a) } else { (*a, *b) };
        self.were(value, edge, low, high)
    }

    fn were(&self, value: NodeId, edge: NodeId, low: NodeId, high: NodeId) -> Jump {
        match self.insight.at(edge).range().and_then(Range::single) {
            Some(number) if self.of(edge) == Still => {
                let there = One { class: self.insight.classes.of(value), range: Range::point(number.clone()) };
                let mut kept = HashMap::new();
                let low = self.insight.suppose(&there, low, &mut kept);
                jump(&low, &self.insight.suppose(&there, high, &mut kept))
            }
            _ => Jump { up: false, down: false },
        }
    }

    fn bands(&self, id: NodeId, bands: &Bands) -> Way {
        let results: Vec<NodeId> = bands.bands.iter().map(|(_, result)| *result).collect();
        let pieces = results.iter().chain(&bands.otherwise).map(|result| self.of(*result)).fold(Still, Way::and);
        if bands.bands.iter().any(|(edge, _)| self.of(*edge) != Still) {
            return Unclear;
        }
        let value = self.of(bands.value);
        if value == Still {
            return pieces;
        }
        let Some((_, shares, left)) = self.insight.shares(id, bands) else { return Unclear };
        // each piece with the edge above it, as it is tried
        let mut tried: Vec<(NodeId, Option<NodeId>)> = Vec::new();
        for ((edge, result), share) in bands.bands.iter().zip(shares) {
            if share.is_none_or(|share| !share.is_empty()) {
                tried.push((*result, Some(*edge)));
            }
        }
        if let Some(otherwise) = bands.otherwise
            && !left.is_empty()
        {
            tried.push((otherwise, None));
        }
        let descending = matches!(bands.edge, BandEdge::AtLeast | BandEdge::Above);
        let mut all = Jump::NONE;
        for pair in tried.windows(2) {
            let [(first, edge), (second, _)] = pair else { continue };
            let (low, high) = if descending { (*second, *first) } else { (*first, *second) };
            let (low_known, high_known) = (self.insight.at(low), self.insight.at(high));
            if *low_known == Known::Nothing || *high_known == Known::Nothing {
                return Unclear;
            }
            let mut step = jump(low_known, high_known);
            if let (false, false, Some(edge)) = (step.up, step.down, *edge) {
                step = self.were(bands.value, edge, low, high);
            }
            all = all.and(step);
        }
        // results that go their own way go it with the column, the bands go with the value
        match value {
            Rising => all.joins(pieces),
            Falling => Jump { up: all.down, down: all.up }.joins(pieces),
            _ => Unclear,
        }
    }

    fn line(&self, id: NodeId, line: &Interpolate) -> Way {
        if line.knots.iter().any(|(place, value)| self.of(*place) != Still || self.of(*value) != Still) {
            return Unclear;
        }
        let value = self.insight.seen(id, line.value);
        let Some(range) = value.range() else { return Unclear };
        let mut all = Jump::NONE;
        for pair in line.knots.windows(2) {
            let [(from, low), (to, high)] = pair else { continue };
            let (from, to) = (self.insight.seen(id, *from), self.insight.seen(id, *to));
            let apart = match (from.range().and_then(Range::single), to.range().and_then(Range::single)) {
                (Some(from), Some(to)) => {
                    let between = Range::new(End::Past(from.clone()), End::Past(to.clone()));
                    range.meet(&between).is_empty()
                }
                _ => false,
            };
            if !apart {
                all = all.and(jump(&self.insight.seen(id, *low), &self.insight.seen(id, *high)));
            }
        }
        match all.joins(Still) {
            Unclear => Unclear,
            way if self.of(line.value) == Falling => way.turned(),
            way if self.of(line.value) == Rising => way,
            _ => Unclear,
        }
    }

    fn composite(&self, id: NodeId, composite: &Composite) -> Way {
        if composite.parts.iter().any(|part| self.of(part.weight) != Still) {
            return Unclear;
        }
        // a negative weight is a fault of its row, so only those that matter are looked at
        let ways = composite.parts.iter().map(|part| match self.of(part.score) {
            Still => Still,
            way => way.times(self.insight.seen(id, part.weight).range()),
        });
        ways.fold(Still, Way::and)
    }
}

impl Jump {
    const fn or(self, other: Self) -> Self {
        Self { up: self.up || other.up, down: self.down || other.down }
    }
}

/// The step from one value to another, as far as their ranges tell.
fn jump(low: &Known, high: &Known) -> Jump {
    match (low, high) {
        (Known::Number(low), Known::Number(high)) => Jump { up: low.is_at_most(high), down: high.is_at_most(low) },
        (Known::Truth { yes: a, no: b }, Known::Truth { yes: c, no: d }) => Jump { up: !a || !d, down: !b || !c },
        _ => Jump { up: false, down: false },
    }
}

/// Whether all numbers of a range have one sign, so that one over them goes the other way.
fn one_signed(range: Option<&Range>) -> bool {
    range.is_some_and(|range| range.is_not_negative() || range.is_not_positive())
}
