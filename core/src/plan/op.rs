//! The small closed set of operations everything lowers to.
//!
//! A scheme may say "completion", "bands", "veto" or "a / b": all of it becomes these. The evaluators, the explanation
//! and the checker walk them and nothing else. What each one means is decided in `eval/ops.rs`.

use std::sync::Arc;

use kaohe_grammar::ComparisonOperator;

use super::{Aggregate, ColumnId, DetailId, GroupId, InputId, Marking, NodeId, TableId};
use crate::date::Date;
use crate::fault::FaultCode;
use crate::number::{Number, RoundingMode};
use crate::value::Value;

/// One operation. Operands are nodes that stand before it in the plan.
#[derive(Debug, Clone)]
pub enum Op {
    /// A value known when the plan is built: a literal, or a parameter in force.
    Constant(Value),
    /// The cell of an input, already read, checked against its declaration, and with its default filled in.
    Input(InputId),
    /// The cell of an input of a detail table, in the row that is looked at.
    DetailInput(DetailId, InputId),
    /// A value of the run.
    Given(InputId),
    /// The value of another column, rounded as that column says; of a detail table's, in the row that is looked at.
    Column(ColumnId),
    /// A figure over the detail rows of the person.
    Aggregate(Box<Aggregate>),
    /// A figure over the group, computed between two stages.
    Group(GroupId),
    /// A grade so many steps better, worse when below zero; not beyond the ends, and what is below `floor` stays.
    MoveGrade {
        /// The grade.
        grade: NodeId,
        /// Steps up.
        steps: i32,
        /// The position of the worst grade: who stands below it is not graded.
        floor: u32,
        /// The position of the best grade.
        top: u32,
    },
    /// `-a`
    Negate(NodeId),
    /// `abs(a)`
    Absolute(NodeId),
    /// `sign(a)`: −1, 0 or 1
    Sign(NodeId),
    /// `a + b`, `a - b`, `a * b`, `a / b`
    Arithmetic(Arithmetic, NodeId, NodeId),
    /// `a ^ 3`; a negative exponent of zero is a division by zero
    Power(NodeId, i32),
    /// The smallest or largest of numbers, dates or grades; at least one operand.
    Extreme(Extreme, Box<[NodeId]>),
    /// The middle of numbers, the mean of the middle two.
    Median(Box<[NodeId]>),
    /// Correct rounding of the exact value.
    Round {
        /// What is rounded.
        value: NodeId,
        /// How many decimals stay; negative for tens, hundreds.
        places: i32,
        /// Which way.
        mode: RoundingMode,
    },
    /// The square root, correctly rounded to 12 decimals.
    SquareRoot(NodeId),
    /// One comparison of two values of one kind; grades by ladder.
    Compare(ComparisonOperator, NodeId, NodeId),
    /// Both; the right side is looked at only when the left is true.
    And(NodeId, NodeId),
    /// Either; the right side is looked at only when the left is false.
    Or(NodeId, NodeId),
    /// The opposite.
    Not(NodeId),
    /// One of two values; the other is not evaluated, so it cannot fail. Either may be missing.
    Choose {
        /// What decides.
        condition: NodeId,
        /// The value when it holds.
        then: NodeId,
        /// The value when it does not.
        otherwise: NodeId,
    },
    /// Whether nothing is there.
    IsMissing(NodeId),
    /// The first operand that is there; missing when none is. Faults are not caught.
    Coalesce(Box<[NodeId]>),
    /// The value of the first band the number falls in.
    Bands(Box<Bands>),
    /// The value on the straight lines through the knots.
    Interpolate(Box<Interpolate>),
    /// The cell of a table by its keys.
    Lookup {
        /// Which table.
        table: TableId,
        /// One key for each of the table's dimensions: choices or texts.
        keys: Box<[NodeId]>,
    },
    /// A dimension or total: parts by weight or by points.
    Composite(Box<Composite>),
    /// One of the parts an amount is split into, in whole cents.
    Portion(Box<Portion>),
    /// The marks of the answers to a part of an examination, in the row of answers that is looked at.
    Marks(Box<Marking>),
    /// The score of the sheet that is looked at without its rater's severity, as the run found it.
    Adjusted {
        /// The figure over the sheets of the role.
        group: GroupId,
        /// The score as it was given.
        rated: NodeId,
        /// Who gave it; nobody is compared with a rater who is not told.
        rater: NodeId,
    },
    /// A value that is never there: the cell has this fault when it is reached.
    Fail(FaultCode),
    /// The same value, named in the words of the field, so that an explanation can tell it.
    Tell(Step, NodeId),
    /// One number out of a date.
    DatePart(DatePart, NodeId),
    /// Two dates to a number.
    DateSpan(DateSpan, NodeId, NodeId),
    /// A date moved by a whole number of days or months.
    DateShift(DateShift, NodeId, NodeId),
    /// The last day of the date's month.
    EndOfMonth(NodeId),
    /// `date(2026, 7, 1)`
    MakeDate(NodeId, NodeId, NodeId),
    /// Whether the first text has the second in it.
    Contains(NodeId, NodeId),
    /// The word of a choice or grade, as free text.
    WordOf(NodeId),
}

impl Op {
    /// The nodes it reads, in the order they are evaluated where all of them are.
    #[must_use]
    pub fn operands(&self) -> Vec<NodeId> {
        match self {
            Self::Constant(_)
            | Self::Input(_)
            | Self::DetailInput(..)
            | Self::Given(_)
            | Self::Column(_)
            | Self::Group(_)
            | Self::Fail(_) => Vec::new(),
            Self::Aggregate(aggregate) => {
                let Aggregate { value, filter, by, when_empty, .. } = &**aggregate;
                [filter, value, by, when_empty].into_iter().flatten().copied().collect()
            }
            Self::Portion(portion) => vec![portion.of],
            Self::Negate(a)
            | Self::Absolute(a)
            | Self::Sign(a)
            | Self::Power(a, _)
            | Self::Round { value: a, .. }
            | Self::SquareRoot(a)
            | Self::Not(a)
            | Self::IsMissing(a)
            | Self::Tell(_, a)
            | Self::DatePart(_, a)
            | Self::EndOfMonth(a)
            | Self::WordOf(a)
            | Self::MoveGrade { grade: a, .. } => vec![*a],
            Self::Arithmetic(_, a, b)
            | Self::Compare(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b)
            | Self::DateSpan(_, a, b)
            | Self::DateShift(_, a, b)
            | Self::Contains(a, b)
            | Self::Adjusted { rated: a, rater: b, .. } => vec![*a, *b],
            Self::MakeDate(a, b, c) | Self::Choose { condition: a, then: b, otherwise: c } => vec![*a, *b, *c],
            Self::Extreme(_, operands) | Self::Median(operands) | Self::Coalesce(operands) => operands.to_vec(),
            Self::Lookup { keys, .. } => keys.to_vec(),
            Self::Bands(bands) => {
                let each = bands.bands.iter().flat_map(|(edge, value)| [*edge, *value]);
                std::iter::once(bands.value).chain(each).chain(bands.otherwise).collect()
            }
            Self::Interpolate(line) => {
                let each = line.knots.iter().flat_map(|(place, value)| [*place, *value]);
                std::iter::once(line.value).chain(each).collect()
            }
            Self::Marks(marking) => marking.questions.iter().map(|question| question.answer).collect(),
            Self::Composite(composite) => composite.parts.iter().flat_map(|part| [part.weight, part.score]).collect(),
        }
    }
}

/// The four exact operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`; a zero divisor is a fault
    Divide,
}

/// Which end of several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extreme {
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
}

/// Bands: edges in the order they are tried, and the value of each.
#[derive(Debug, Clone)]
pub struct Bands {
    /// The number (or date) that is placed.
    pub value: NodeId,
    /// How it is held against each edge.
    pub edge: BandEdge,
    /// Edge and value, the first that holds wins; only the winner's value is evaluated.
    pub bands: Box<[(NodeId, NodeId)]>,
    /// The value when none holds; without it that is a fault.
    pub otherwise: Option<NodeId>,
}

/// How a value is held against the edge of a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BandEdge {
    /// `value >= edge` (以上)
    AtLeast,
    /// `value > edge` (超过)
    Above,
    /// `value <= edge` (以下、以内)
    UpTo,
    /// `value < edge` (不满)
    Below,
}

impl BandEdge {
    /// Each with the key that states it.
    pub(crate) const KEYS: [(&str, Self); 4] =
        [("at_least", Self::AtLeast), ("above", Self::Above), ("up_to", Self::UpTo), ("below", Self::Below)];

    /// The comparison that decides.
    #[must_use]
    pub const fn comparison(self) -> ComparisonOperator {
        match self {
            Self::AtLeast => ComparisonOperator::AtLeast,
            Self::Above => ComparisonOperator::Greater,
            Self::UpTo => ComparisonOperator::AtMost,
            Self::Below => ComparisonOperator::Less,
        }
    }
}

/// Straight lines through knots.
#[derive(Debug, Clone)]
pub struct Interpolate {
    /// Where on the horizontal axis.
    pub value: NodeId,
    /// Knots, ascending: place and value; at least two.
    pub knots: Box<[(NodeId, NodeId)]>,
    /// What holds outside the outermost knots.
    pub beyond: Beyond,
}

/// What holds outside the outermost knots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Beyond {
    /// The outermost knot's value.
    Flat,
    /// A fault.
    Fault,
}

/// A dimension or a total over its parts.
#[derive(Debug, Clone)]
pub struct Composite {
    /// How the parts come together.
    pub method: CompositeMethod,
    /// The parts in their order.
    pub parts: Box<[CompositePart]>,
}

/// How parts come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompositeMethod {
    /// Σ weight × score / Σ weight.
    Weighted,
    /// Σ points; a missing part's full marks are given to its siblings in proportion.
    Points,
}

impl CompositeMethod {
    /// The full marks of a part on the scale its parent reads: 100 under weights, its points under points.
    #[must_use]
    pub fn full(self, weight: &Number) -> Number {
        match self {
            Self::Weighted => Number::HUNDRED,
            Self::Points => weight.clone(),
        }
    }
}

/// One part of a composite.
#[derive(Debug, Clone)]
pub struct CompositePart {
    /// The part's column.
    pub column: ColumnId,
    /// The part's score on the scale its parent reads: out of 100 under weights, in points under points.
    pub score: NodeId,
    /// The part's weight, or its full marks in points.
    pub weight: NodeId,
    /// What a missing score means.
    pub when_missing: WhenMissing,
}

/// One of the parts an amount is split into: by largest remainder, of equal ones the earlier first.
#[derive(Debug, Clone)]
pub struct Portion {
    /// The amount, in whole cents.
    pub of: NodeId,
    /// The shares of all parts.
    pub shares: Box<[Number]>,
    /// Which part it is.
    pub at: usize,
    /// The decimals of a cent.
    pub places: u32,
}

/// What a missing part of a composite means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhenMissing {
    /// A fault of the composite.
    Error,
    /// No points.
    Zero,
    /// Full marks.
    Full,
    /// Its weight goes to its siblings.
    Redistribute,
}

/// One number out of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DatePart {
    /// `year(d)`
    Year,
    /// `month(d)`
    Month,
    /// `day(d)`
    Day,
}

/// A count between two dates, negative when the second is earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateSpan {
    /// `days_between(a, b)`: the first day does not count.
    DaysBetween,
    /// `days_inclusive(a, b)`: both ends count.
    DaysInclusive,
    /// `months_between(a, b)`: completed months.
    MonthsBetween,
    /// `years_between(a, b)`: completed years.
    YearsBetween,
}

/// How a date is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateShift {
    /// By days.
    Days,
    /// By months; the day is clamped to the month's end.
    Months,
}

/// What a node is in the words of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value of a named parameter, with where it comes from.
    Parameter {
        /// The parameter's name.
        name: Arc<str>,
        /// Its source, when stated.
        source: Option<Arc<str>>,
        /// The day from which the value is in force, when stated.
        from: Option<Date>,
    },
    /// A parameter on days of the row; which of its values were read is told inside.
    Dated,
    /// What a rule looks at.
    Of,
    /// The attainment of a target.
    Attainment,
    /// The proportion to what a figure is held against in its group.
    Proportion,
    /// Whether the gate was reached.
    Gate,
    /// A limit from below.
    Floor,
    /// A limit from above.
    Cap,
    /// The score of a rule, before the item's own limits and rounding.
    Rule(&'static str),
    /// Whether the item applies.
    Applies,
    /// The whole units or the part of units by which a step is counted.
    Units,
    /// The composite before adjustments, vetoes and limits.
    Composite,
    /// One adjustment with its name.
    Adjustment(Arc<str>),
    /// One veto with its name: whether it was met.
    Veto(Arc<str>),
    /// The score after vetoes.
    AfterVetoes,
    /// A score on a parent's scale: 100 × score / full.
    Scaled,
    /// A result out of its own full marks on those of the item: full × result / its full.
    OutOf,
    /// Whether the pass mark is reached.
    Passed,
    /// Whether a role has sheets enough, with its name.
    Enough(Arc<str>),
    /// Whether anybody has rated.
    Rated,
    /// The grade before shifts, movement and vetoes.
    Calculated,
    /// Whether somebody is graded at all.
    Graded,
    /// Whether all standards of a grade hold.
    Standard(Arc<str>),
    /// Whether somebody may have a grade.
    Eligible(Arc<str>),
    /// One shift with its name: whether it applies.
    Shift(Arc<str>),
    /// The grade within the movement that is allowed.
    Movement,
    /// The grade that was decided.
    Decision,
    /// Why it was decided.
    Reason,
    /// A result whose unit is declared.
    Declared,
    /// An amount that a rule of pay computes, before its limits.
    Amount,
    /// Whether an amount is paid.
    Paid,
    /// Whether what was paid is taken back.
    TakenBack,
    /// The completed years.
    Years,
    /// What a pool has left after its claims.
    Carried,
}
