//! What is known of a value before any row is read, and what each operation makes of it.

use super::range::{End, Range};
use crate::eval::ops;
use crate::number::Number;
use crate::plan::{
    Aggregate, AggregateFunction, Arithmetic, Bands, Beyond, ColumnId, Composite, CompositeMethod, DatePart, DateSpan,
    Extreme, Group, GroupFunction, Input, Interpolate, NodeId, Op, Plan, Table, TableId, Ties, WhenMissing,
};
use crate::value::{Kind, Value};

/// What is known of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    /// There is no value: it is always missing, always a fault, or never reached.
    Nothing,
    /// A number in this range; a choice or a grade by its position.
    Number(Range),
    /// True or false, as far as either can be.
    Truth {
        /// Whether it can be true.
        yes: bool,
        /// Whether it can be false.
        no: bool,
    },
    /// It can be anything: nothing is concluded from it.
    Anything,
}

impl Known {
    pub(super) const EITHER: Self = Self::Truth { yes: true, no: true };

    pub(super) fn number(range: Range) -> Self {
        if range.is_empty() { Self::Nothing } else { Self::Number(range) }
    }

    fn point(number: Number) -> Self {
        Self::Number(Range::point(number))
    }

    const fn truth(decided: Option<bool>) -> Self {
        match decided {
            Some(truth) => Self::Truth { yes: truth, no: !truth },
            None => Self::EITHER,
        }
    }

    /// What a value that is known when the plan is built is.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Missing => Self::Nothing,
            Value::Number(number) => Self::point(number.clone()),
            Value::Choice(position) => Self::point(Number::from(*position)),
            Value::Truth(truth) => Self::truth(Some(*truth)),
            Value::Text(_) | Value::Date(_) | Value::Unlimited => Self::Anything,
        }
    }

    /// What an input declares.
    pub(super) fn declared(input: &Input) -> Self {
        match &input.kind {
            Kind::Number => Self::number(Range::declared(&input.range, input.whole)),
            Kind::Choice(list) => match u32::try_from(list.words.len()).ok().and_then(|count| count.checked_sub(1)) {
                Some(last) => Self::Number(Range::positions(last)),
                None => Self::Anything,
            },
            Kind::Truth => Self::EITHER,
            Kind::Text | Kind::Date | Kind::Missing => Self::Anything,
        }
    }

    /// What the cells of a parameter by key are, whichever is read.
    pub(super) fn of_table(table: &Table) -> Self {
        table.values.iter().flatten().map(Self::of).fold(Self::Nothing, |all, each| all.join(&each))
    }

    /// The range, where it is a number.
    pub(super) const fn range(&self) -> Option<&Range> {
        match self {
            Self::Number(range) => Some(range),
            _ => None,
        }
    }

    pub(super) const fn can_be(&self, truth: bool) -> bool {
        match self {
            Self::Truth { yes, no } => {
                if truth {
                    *yes
                } else {
                    *no
                }
            }
            Self::Nothing => false,
            _ => true,
        }
    }

    /// What is known when it is one or the other.
    pub(super) fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Nothing, one) | (one, Self::Nothing) => one.clone(),
            (Self::Number(a), Self::Number(b)) => Self::Number(a.join(b)),
            (Self::Truth { yes: a, no: b }, Self::Truth { yes: c, no: d }) => {
                Self::Truth { yes: *a || *c, no: *b || *d }
            }
            _ => Self::Anything,
        }
    }

    /// What is known when it is in the range as well.
    pub(super) fn meet(&self, range: &Range) -> Self {
        match self {
            Self::Number(own) => Self::number(own.meet(range)),
            other => other.clone(),
        }
    }

    fn map(&self, function: impl FnOnce(&Range) -> Range) -> Self {
        match self {
            Self::Number(range) => Self::number(function(range)),
            Self::Nothing => Self::Nothing,
            _ => Self::Anything,
        }
    }

    fn with(&self, other: &Self, function: impl FnOnce(&Range, &Range) -> Range) -> Self {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Self::number(function(a, b)),
            (Self::Nothing, _) | (_, Self::Nothing) => Self::Nothing,
            _ => Self::Anything,
        }
    }
}

/// Where the operands of an operation are looked at from.
pub(super) trait View {
    /// The plan.
    fn plan(&self) -> &Plan;
    /// An operand.
    fn operand(&self, id: NodeId) -> Known;
    /// A result of a choice, when its condition is so.
    fn branch(&self, condition: NodeId, holds: bool, id: NodeId) -> Known;
    /// A column.
    fn column(&self, id: ColumnId) -> Known;
    /// Any cell of a parameter by key.
    fn table(&self, id: TableId) -> Known;
}

/// What the operation of a node makes of its operands.
pub(super) fn outcome(op: &Op, view: &impl View) -> Known {
    let see = |id: &NodeId| view.operand(*id);
    match op {
        Op::Constant(value) => Known::of(value),
        Op::Input(id) => view.plan().inputs.get(id.index()).map_or(Known::Anything, Known::declared),
        Op::DetailInput(table, id) => {
            let table = view.plan().details.get(table.index());
            table.and_then(|table| table.inputs.get(id.index())).map_or(Known::Anything, Known::declared)
        }
        Op::Given(id) => view.plan().given.get(id.index()).map_or(Known::Anything, Known::declared),
        Op::Column(id) => view.column(*id),
        Op::Aggregate(aggregate) => of_rows(aggregate, view),
        Op::Portion(portion) => {
            let all = see(&portion.of);
            // a part is no more than the whole
            match all.range() {
                Some(range) if range.is_not_negative() => Known::Number(Range {
                    whole: range.whole,
                    ..range.minimum(&Range::point(Number::ZERO)).maximum(range)
                }),
                _ => Known::Number(Range::ALL),
            }
        }
        Op::Group(group) => {
            view.plan().groups.get(group.index()).map_or(Known::Anything, |group| of_group(group, view))
        }
        // nothing keeps an adjusted score on its scale
        Op::Adjusted { .. } => Known::Number(Range::ALL),
        Op::MoveGrade { grade, steps, floor, top } => match see(grade) {
            Known::Number(range) => {
                let moved = range.add(&Range::point(Number::from_integer((*steps).into())));
                let (floor, top) = (Range::point(Number::from(*floor)), Range::point(Number::from(*top)));
                // who stands below the ladder stays there
                Known::number(moved.maximum(&floor).minimum(&top)).join(&Known::Number(range))
            }
            other => other,
        },
        Op::Negate(a) => see(a).map(Range::negated),
        Op::Absolute(a) => see(a).map(Range::absolute),
        Op::Sign(a) => see(a).map(Range::sign),
        Op::Arithmetic(operator, a, b) => see(a).with(&see(b), |a, b| match operator {
            Arithmetic::Add => a.add(b),
            Arithmetic::Subtract => a.add(&b.negated()),
            Arithmetic::Multiply => a.multiply(b),
            Arithmetic::Divide => a.divide(b),
        }),
        Op::Power(a, exponent) => see(a).map(|base| base.power(*exponent)),
        Op::Extreme(extreme, operands) => folded(operands.iter().map(see), |a, b| match extreme {
            Extreme::Minimum => a.minimum(b),
            Extreme::Maximum => a.maximum(b),
        }),
        Op::Median(operands) => folded(operands.iter().map(see), |a, b| Range { whole: false, ..a.join(b) }),
        Op::Round { value, places, mode } => see(value).map(|range| range.round(*places, *mode)),
        Op::SquareRoot(a) => see(a).map(Range::square_root),
        Op::Compare(operator, a, b) => match (see(a), see(b)) {
            (Known::Number(a), Known::Number(b)) => Known::truth(a.decides(*operator, &b)),
            (Known::Nothing, _) | (_, Known::Nothing) => Known::Nothing,
            _ => Known::EITHER,
        },
        Op::And(a, b) => match see(a) {
            Known::Truth { yes: false, .. } => Known::truth(Some(false)),
            first => {
                let second = see(b);
                Known::Truth {
                    yes: first.can_be(true) && second.can_be(true),
                    no: first.can_be(false) || second.can_be(false),
                }
            }
        },
        Op::Or(a, b) => match see(a) {
            Known::Truth { no: false, .. } => Known::truth(Some(true)),
            first => {
                let second = see(b);
                Known::Truth {
                    yes: first.can_be(true) || second.can_be(true),
                    no: first.can_be(false) && second.can_be(false),
                }
            }
        },
        Op::Not(a) => match see(a) {
            Known::Truth { yes, no } => Known::Truth { yes: no, no: yes },
            other => other,
        },
        Op::Choose { condition, then, otherwise } => {
            let decided = see(condition);
            let branch = |holds: bool, id: NodeId| match decided.can_be(holds) {
                true => view.branch(*condition, holds, id),
                false => Known::Nothing,
            };
            branch(true, *then).join(&branch(false, *otherwise))
        }
        Op::IsMissing(_) | Op::Contains(..) => Known::EITHER,
        Op::Coalesce(operands) => operands.iter().map(see).fold(Known::Nothing, |all, each| all.join(&each)),
        Op::Bands(bands) => of_bands(bands, view),
        Op::Interpolate(line) => of_line(line, view),
        Op::Lookup { table, .. } => view.table(*table),
        Op::Composite(composite) => of_composite(composite, view),
        Op::Marks(marking) => Known::Number(Range::between(Number::ZERO, marking.full())),
        Op::Fail(_) => Known::Nothing,
        Op::Tell(_, a) => see(a),
        Op::DatePart(part, _) => Known::Number(match part {
            DatePart::Year => Range { whole: true, not_zero: true, ..Range::ALL },
            DatePart::Month => Range { whole: true, ..Range::between(Number::ONE, Number::from(12)) },
            DatePart::Day => Range { whole: true, ..Range::between(Number::ONE, Number::from(31)) },
        }),
        Op::DateSpan(span, ..) => {
            // both ends counted, the same day is one day
            Known::Number(Range { whole: true, not_zero: *span == DateSpan::DaysInclusive, ..Range::ALL })
        }
        Op::DateShift(..) | Op::EndOfMonth(_) | Op::MakeDate(..) | Op::WordOf(_) => Known::Anything,
    }
}

/// Zero and above.
fn from_zero(whole: bool) -> Range {
    Range { whole, ..Range::new(End::At(Number::ZERO), End::Free) }
}

/// A figure over detail rows: any of its rows, or what many of them add up to.
fn of_rows(aggregate: &Aggregate, view: &impl View) -> Known {
    let value = aggregate.value.map_or(Known::Anything, |value| view.operand(value));
    let figure = match (aggregate.function, &value) {
        (AggregateFunction::Count, _) => Known::Number(from_zero(true)),
        (AggregateFunction::Sum, Known::Number(range)) => Known::Number(many(range)),
        (
            AggregateFunction::Average
            | AggregateFunction::Median
            | AggregateFunction::MeanOf(_)
            | AggregateFunction::MiddleOf(_),
            Known::Number(range),
        ) => Known::Number(Range { whole: false, not_zero: false, ..range.clone() }),
        _ => value,
    };
    aggregate.when_empty.map_or(figure.clone(), |when_empty| figure.join(&view.operand(when_empty)))
}

/// What numbers of a range add up to, however many there are, none at all among them.
fn many(range: &Range) -> Range {
    let zero = Range::point(Number::ZERO);
    let (least, most) = (range.minimum(&zero), range.maximum(&zero));
    let low = if least.single().is_some_and(Number::is_zero) { End::At(Number::ZERO) } else { End::Free };
    let high = if most.single().is_some_and(Number::is_zero) { End::At(Number::ZERO) } else { End::Free };
    Range { whole: range.whole, ..Range::new(low, high) }
}

/// A figure over a group.
fn of_group(group: &Group, view: &impl View) -> Known {
    let value = group.value.map_or(Known::Anything, |value| view.column(value));
    let part = || Range::between(Number::ZERO, Number::ONE);
    match (&group.function, value) {
        (GroupFunction::Rank { ties, .. }, _) => {
            let whole = *ties != Ties::Average;
            Known::Number(Range { whole, ..Range::new(End::At(Number::ONE), End::Free) })
        }
        (GroupFunction::Percentile { .. }, _) => Known::Number(part()),
        (GroupFunction::Share | GroupFunction::CumulativeShare { .. }, Known::Number(range))
            if range.is_not_negative() =>
        {
            Known::Number(part())
        }
        (GroupFunction::Share | GroupFunction::CumulativeShare { .. }, _) => Known::Number(Range::ALL),
        // whoever reads the count is counted, unless some are not
        (GroupFunction::Count, _) if group.filter.is_none() => {
            Known::Number(Range { whole: true, ..Range::new(End::At(Number::ONE), End::Free) })
        }
        (GroupFunction::Count, _) => Known::Number(from_zero(true)),
        (GroupFunction::Sum, Known::Number(range)) => Known::Number(many(&range)),
        (GroupFunction::Average | GroupFunction::Median, Known::Number(range)) => {
            Known::Number(Range { whole: false, not_zero: false, ..range })
        }
        (GroupFunction::Minimum | GroupFunction::Maximum, value) => value,
        (GroupFunction::Deviation, _) => Known::Number(from_zero(false)),
        (GroupFunction::Seats(seats), _) => {
            let positions = seats.grades.iter().map(|position| Known::point(Number::from(*position)));
            positions.fold(Known::Nothing, |all, each| all.join(&each))
        }
        _ => Known::Anything,
    }
}

fn folded(mut each: impl Iterator<Item = Known>, function: impl Fn(&Range, &Range) -> Range) -> Known {
    let Some(first) = each.next() else { return Known::Nothing };
    each.fold(first, |all, each| all.with(&each, &function))
}

/// The parts of the value's range that each band takes, and what is left for `otherwise`. An edge that is not known
/// takes nothing for certain.
pub(super) fn shares(bands: &Bands, range: &Range, view: &impl View) -> (Vec<Option<Range>>, Range) {
    let operator = bands.edge.comparison();
    let mut left = range.clone();
    let mut shares = Vec::new();
    for (edge, _) in &bands.bands {
        let Known::Number(edge) = view.operand(*edge) else {
            shares.push(None);
            continue;
        };
        shares.push(Some(left.narrowed(operator, &edge)));
        left = left.narrowed(opposite(operator), &edge);
    }
    (shares, left)
}

/// The comparison that holds when this one does not.
pub(super) const fn opposite(operator: crate::plan::ComparisonOperator) -> crate::plan::ComparisonOperator {
    use crate::plan::ComparisonOperator as C;
    match operator {
        C::Equal => C::NotEqual,
        C::NotEqual => C::Equal,
        C::Less => C::AtLeast,
        C::AtMost => C::Greater,
        C::Greater => C::AtMost,
        C::AtLeast => C::Less,
    }
}

/// The same comparison with its sides exchanged.
pub(super) const fn mirrored(operator: crate::plan::ComparisonOperator) -> crate::plan::ComparisonOperator {
    use crate::plan::ComparisonOperator as C;
    match operator {
        C::Equal | C::NotEqual => operator,
        C::Less => C::Greater,
        C::AtMost => C::AtLeast,
        C::Greater => C::Less,
        C::AtLeast => C::AtMost,
    }
}

fn of_bands(bands: &Bands, view: &impl View) -> Known {
    let results = bands.bands.iter().map(|(_, result)| *result);
    let join = |all: Known, id: NodeId| all.join(&view.operand(id));
    match view.operand(bands.value) {
        Known::Nothing => Known::Nothing,
        Known::Number(range) => {
            let (shares, left) = shares(bands, &range, view);
            let reached = results.zip(shares).filter(|(_, share)| share.as_ref().is_none_or(|share| !share.is_empty()));
            let all = reached.map(|(result, _)| result).fold(Known::Nothing, join);
            bands.otherwise.filter(|_| !left.is_empty()).map_or(all.clone(), |otherwise| join(all, otherwise))
        }
        _ => results.chain(bands.otherwise).fold(Known::Nothing, join),
    }
}

/// The knots, when all of them are known.
pub(super) fn fixed_knots(line: &Interpolate, view: &impl View) -> Option<Vec<(Number, Number)>> {
    let fixed = |id: NodeId| view.operand(id).range().and_then(Range::single).cloned();
    line.knots.iter().map(|(place, value)| Some((fixed(*place)?, fixed(*value)?))).collect()
}

fn of_line(line: &Interpolate, view: &impl View) -> Known {
    let Known::Number(range) = view.operand(line.value) else { return Known::Anything };
    let Some(knots) = fixed_knots(line, view) else {
        let all = line.knots.iter().map(|(_, value)| view.operand(*value));
        return folded(all, |a, b| Range { whole: false, ..a.join(b) });
    };
    let (Some(first), Some(last)) = (knots.first(), knots.last()) else { return Known::Anything };
    let inside = Range::between(first.0.clone(), last.0.clone());
    let within = range.meet(&inside);
    let mut values: Vec<Number> = Vec::new();
    if line.beyond == Beyond::Flat {
        let reaches = |beyond: Range| !range.meet(&beyond).is_empty();
        if reaches(Range::new(End::Free, End::Past(first.0.clone()))) {
            values.push(first.1.clone());
        }
        if reaches(Range::new(End::Past(last.0.clone()), End::Free)) {
            values.push(last.1.clone());
        }
    }
    if !within.is_empty() {
        values.extend(knots.iter().filter(|(place, _)| within.contains(place)).map(|(_, value)| value.clone()));
        let ends = [&within.low, &within.high];
        values.extend(ends.into_iter().filter_map(|end| match end {
            End::At(place) | End::Past(place) => on_line(&knots, place),
            End::Free => None,
        }));
    }
    let ranges = values.into_iter().map(Range::point);
    ranges.reduce(|all, each| Range { whole: false, ..all.join(&each) }).map_or(Known::Nothing, Known::number)
}

/// Where a place between the outermost knots lies.
fn on_line(knots: &[(Number, Number)], place: &Number) -> Option<Number> {
    let next = knots.iter().position(|(at, _)| at >= place)?;
    let (to, value) = knots.get(next)?;
    let Some((from, start)) = next.checked_sub(1).and_then(|before| knots.get(before)) else {
        return Some(value.clone());
    };
    ops::between_knots(place, (from, start), (to, value)).ok()
}

fn of_composite(composite: &Composite, view: &impl View) -> Known {
    let mut redistributes = false;
    let mut parts: Vec<(Range, Range)> = Vec::new();
    for part in &composite.parts {
        let Known::Number(weight) = view.operand(part.weight) else { return Known::Anything };
        let mut score = view.operand(part.score);
        if view.plan().node(part.score).facts.may_be_missing {
            match part.when_missing {
                WhenMissing::Error => {}
                WhenMissing::Zero => score = score.join(&Known::point(Number::ZERO)),
                WhenMissing::Full => {
                    score = score.join(&match composite.method {
                        CompositeMethod::Weighted => Known::point(Number::HUNDRED),
                        CompositeMethod::Points => Known::Number(weight.clone()),
                    });
                }
                WhenMissing::Redistribute => redistributes = true,
            }
        }
        match score {
            Known::Number(score) => parts.push((score, weight)),
            Known::Nothing => {}
            _ => return Known::Anything,
        }
    }
    let sum = |each: &mut dyn Iterator<Item = Range>| each.reduce(|all, each| all.add(&each));
    let fixed = parts.iter().all(|(_, weight)| weight.single().is_some());
    let total = |each: &mut dyn Iterator<Item = Range>| sum(each).map_or(Known::Nothing, Known::number);
    match composite.method {
        CompositeMethod::Points if !redistributes => total(&mut parts.iter().map(|(score, _)| score.clone())),
        // whatever is left stands for the whole, so the total is a mean of what each part alone would make of it
        CompositeMethod::Points => {
            let Some(whole) = sum(&mut parts.iter().map(|(_, weight)| weight.clone())) else { return Known::Nothing };
            let means = parts.iter().map(|(score, weight)| score.divide(weight).multiply(&whole));
            means.reduce(|all, each| Range { whole: false, ..all.join(&each) }).map_or(Known::Nothing, Known::number)
        }
        CompositeMethod::Weighted if fixed && !redistributes => {
            let Some(weights) = sum(&mut parts.iter().map(|(_, weight)| weight.clone())) else { return Known::Nothing };
            let sum = total(&mut parts.iter().map(|(score, weight)| score.multiply(weight)));
            sum.map(|sum| sum.divide(&weights))
        }
        CompositeMethod::Weighted => {
            if parts.iter().any(|(_, weight)| !weight.is_not_negative()) {
                return Known::Number(Range::ALL);
            }
            let scores = parts.into_iter().map(|(score, _)| score);
            scores.reduce(|all, each| Range { whole: false, ..all.join(&each) }).map_or(Known::Nothing, Known::number)
        }
    }
}
