//! The instructions of a program: flat, over numbered slots, every scale decided when the program is built.

use std::sync::Arc;

use kaohe_grammar::ComparisonOperator;

use super::around::{GivenLoad, GroupLoad};
use super::lanes::LaneLoad;
use crate::number::RoundingMode;
use crate::plan::{DatePart, DateShift, DateSpan};

/// The number of a slot. Sixteen bits index an array of that many without a check.
pub(super) type Slot = u16;
/// How many slots there are.
pub(super) const SLOTS: usize = 1 << 16;
/// The place of an instruction in its program.
pub(super) type Address = u32;

/// Why a row is answered by another tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// The lane is too narrow, or an enclosure does not decide: a wider program may know.
    Wider,
    /// Only the exact evaluator can tell: a fault, or an operation programs do not have.
    Exact,
}

/// The quotients of a row that had a remainder, one bit each; a value whose bits are all clear is exact.
pub(super) type Remainders = u128;

/// What is known of a value that need not be exact: it lies within `error` units of its last place, and it is exact
/// when no quotient it was built from had a remainder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enclosure<L> {
    /// Half the width, in units of the value's last place.
    pub(super) error: L,
    /// The quotients it depends on.
    pub(super) sources: Remainders,
    /// The bit the result has of its own, where which operand it is decides whether it is exact.
    pub(super) own: Remainders,
    /// The quotients the second operand depends on, where there are two.
    pub(super) other: Remainders,
}

/// A comparison in one of two forms: `a = b` or `a >= b`, or the opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) equal: bool,
    pub(super) opposite: bool,
}

impl Test {
    /// The test for a sign, and whether the operands change places.
    pub(super) const fn of(sign: ComparisonOperator) -> (Self, bool) {
        let (equal, opposite, swapped) = match sign {
            ComparisonOperator::Equal => (true, false, false),
            ComparisonOperator::NotEqual => (true, true, false),
            ComparisonOperator::AtLeast => (false, false, false),
            ComparisonOperator::Less => (false, true, false),
            ComparisonOperator::AtMost => (false, false, true),
            ComparisonOperator::Greater => (false, true, true),
        };
        (Self { equal, opposite }, swapped)
    }

    #[inline(always)]
    pub(super) fn holds<L: Ord>(self, a: &L, b: &L) -> bool {
        (if self.equal { a == b } else { a >= b }) != self.opposite
    }
}

/// One step. Slots on the right are read, `out` is written; what goes wrong leaves the program.
#[derive(Debug, Clone, Copy)]
pub(super) enum Instruction<L> {
    /// The row goes to another tier.
    Escape(Escape),
    Jump {
        to: Address,
    },
    JumpUnless {
        condition: Slot,
        to: Address,
    },
    JumpIf {
        condition: Slot,
        to: Address,
    },
    JumpIfMissing {
        value: Slot,
        to: Address,
    },
    /// Compares, and jumps unless it holds.
    Unless {
        test: Test,
        a: Slot,
        b: Slot,
        to: Address,
    },
    Move {
        out: Slot,
        from: Slot,
    },
    /// `from` in other units; nothing stays nothing.
    MoveOptional {
        out: Slot,
        from: Slot,
        factor: L,
        optional: bool,
    },
    /// A move out of a branch, where the result is exact when the branch's value is.
    MoveEnclosed {
        out: Slot,
        from: Slot,
        factor: L,
        optional: bool,
        within: u32,
    },
    /// The value must be there.
    Present {
        value: Slot,
    },
    IsMissing {
        out: Slot,
        value: Slot,
    },
    Negate {
        out: Slot,
        a: Slot,
    },
    Absolute {
        out: Slot,
        a: Slot,
    },
    Sign {
        out: Slot,
        a: Slot,
    },
    SignEnclosed {
        out: Slot,
        a: Slot,
        within: u32,
    },
    Add {
        out: Slot,
        a: Slot,
        b: Slot,
    },
    Subtract {
        out: Slot,
        a: Slot,
        b: Slot,
    },
    Multiply {
        out: Slot,
        a: Slot,
        b: Slot,
    },
    /// Times a constant.
    Scale {
        out: Slot,
        a: Slot,
        factor: L,
    },
    /// A constant and slots times constants, added up; the terms stand in a table.
    Sum {
        out: Slot,
        first: u32,
        count: u32,
        offset: L,
    },
    /// Adds score × weight and the weight where there is a score.
    Gather {
        sum: Slot,
        weights: Slot,
        score: Slot,
        weight: Slot,
    },
    /// `a × factor / b`, rounded; a zero divisor is a fault.
    Ratio {
        out: Slot,
        a: Slot,
        b: Slot,
        factor: L,
        mode: RoundingMode,
    },
    /// The same, and `when_zero` for a zero divisor.
    RatioOr {
        out: Slot,
        a: Slot,
        b: Slot,
        factor: L,
        mode: RoundingMode,
        when_zero: Slot,
    },
    /// `a × factor / b` without its remainder, whose bit is set when there is one; beside it the same half up, which is
    /// what is published.
    Quotient {
        out: Slot,
        shown: Slot,
        a: Slot,
        b: Slot,
        factor: L,
        bit: u8,
    },
    /// The same, and `when_zero` for a zero divisor.
    QuotientOr {
        out: Slot,
        shown: Slot,
        a: Slot,
        b: Slot,
        factor: L,
        bit: u8,
        when_zero: Slot,
    },
    /// Divides an exact number by a power of ten, rounding.
    Round {
        out: Slot,
        a: Slot,
        unit: L,
        mode: RoundingMode,
    },
    RoundEnclosed {
        out: Slot,
        a: Slot,
        unit: L,
        mode: RoundingMode,
        within: u32,
    },
    /// The square root of `a × factor`, rounded half up.
    SquareRoot {
        out: Slot,
        a: Slot,
        factor: L,
    },
    Minimum {
        out: Slot,
        a: Slot,
        b: Slot,
    },
    Maximum {
        out: Slot,
        a: Slot,
        b: Slot,
    },
    /// Not below one constant, not above another.
    Clamp {
        out: Slot,
        a: Slot,
        low: Slot,
        high: Slot,
    },
    MinimumEnclosed {
        out: Slot,
        a: Slot,
        b: Slot,
        within: u32,
    },
    MaximumEnclosed {
        out: Slot,
        a: Slot,
        b: Slot,
        within: u32,
    },
    /// The middle of slots that stand in the table of terms; twice it when they are even in number.
    Median {
        out: Slot,
        first: u32,
        count: u32,
    },
    Compare {
        out: Slot,
        test: Test,
        a: Slot,
        b: Slot,
    },
    CompareEnclosed {
        out: Slot,
        sign: ComparisonOperator,
        a: Slot,
        b: Slot,
        within: u32,
    },
    /// Texts: a word the program knows is its number, any other only equals itself.
    CompareText {
        out: Slot,
        equal: bool,
        a: Slot,
        b: Slot,
    },
    Not {
        out: Slot,
        a: Slot,
    },
    /// The value of the first constant edge that is reached, or the first that is not; pairs stand in a table, the last
    /// is what holds otherwise.
    Bands {
        out: Slot,
        a: Slot,
        reached: bool,
        first: u32,
        count: u32,
    },
    BandsEnclosed {
        out: Slot,
        a: Slot,
        sign: ComparisonOperator,
        first: u32,
        count: u32,
        within: u32,
    },
    /// Straight lines between constant knots; the divisor of the line goes to a slot of its own.
    Lines {
        out: Slot,
        divisor: Slot,
        a: Slot,
        first: u32,
        count: u32,
    },
    LinesEnclosed {
        out: Slot,
        divisor: Slot,
        a: Slot,
        first: u32,
        count: u32,
        within: u32,
    },
    /// The cell of a table; the keys stand in the table of terms with the stride of each.
    Lookup {
        out: Slot,
        table: u32,
        first: u32,
        count: u32,
    },
    DatePart {
        out: Slot,
        part: DatePart,
        a: Slot,
    },
    DateSpan {
        out: Slot,
        span: DateSpan,
        a: Slot,
        b: Slot,
    },
    DateShift {
        out: Slot,
        shift: DateShift,
        a: Slot,
        by: Slot,
    },
    EndOfMonth {
        out: Slot,
        a: Slot,
    },
    MakeDate {
        out: Slot,
        year: Slot,
        month: Slot,
        day: Slot,
    },
    /// Divides by a power of ten; it is a fault when that leaves something.
    Whole {
        out: Slot,
        a: Slot,
        unit: L,
    },
    /// The magnitude must stay below a bound, so that the figure can be published, or that an error bound holds.
    Below {
        a: Slot,
        bound: L,
        escape: Escape,
        optional: bool,
    },
}

impl<L> Instruction<L> {
    /// The slots it writes.
    pub(super) const fn written(&self) -> [Option<Slot>; 2] {
        match *self {
            Self::Escape(_)
            | Self::Jump { .. }
            | Self::JumpUnless { .. }
            | Self::JumpIf { .. }
            | Self::JumpIfMissing { .. }
            | Self::Unless { .. }
            | Self::Present { .. }
            | Self::Below { .. } => [None, None],
            Self::Gather { sum, weights, .. } => [Some(sum), Some(weights)],
            Self::Quotient { out, shown, .. } | Self::QuotientOr { out, shown, .. } => [Some(out), Some(shown)],
            Self::Lines { out, divisor, .. } | Self::LinesEnclosed { out, divisor, .. } => [Some(out), Some(divisor)],
            Self::Move { out, .. }
            | Self::MoveOptional { out, .. }
            | Self::MoveEnclosed { out, .. }
            | Self::IsMissing { out, .. }
            | Self::Negate { out, .. }
            | Self::Absolute { out, .. }
            | Self::Sign { out, .. }
            | Self::SignEnclosed { out, .. }
            | Self::Add { out, .. }
            | Self::Subtract { out, .. }
            | Self::Multiply { out, .. }
            | Self::Scale { out, .. }
            | Self::Sum { out, .. }
            | Self::Ratio { out, .. }
            | Self::RatioOr { out, .. }
            | Self::Round { out, .. }
            | Self::RoundEnclosed { out, .. }
            | Self::SquareRoot { out, .. }
            | Self::Minimum { out, .. }
            | Self::Maximum { out, .. }
            | Self::Clamp { out, .. }
            | Self::MinimumEnclosed { out, .. }
            | Self::MaximumEnclosed { out, .. }
            | Self::Median { out, .. }
            | Self::Compare { out, .. }
            | Self::CompareEnclosed { out, .. }
            | Self::CompareText { out, .. }
            | Self::Not { out, .. }
            | Self::Bands { out, .. }
            | Self::BandsEnclosed { out, .. }
            | Self::Lookup { out, .. }
            | Self::DatePart { out, .. }
            | Self::DateSpan { out, .. }
            | Self::DateShift { out, .. }
            | Self::EndOfMonth { out, .. }
            | Self::MakeDate { out, .. }
            | Self::Whole { out, .. } => [Some(out), None],
        }
    }
}

/// One straight line between two knots: `(value × slope + intercept) / divisor` up to and including `upto`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<L> {
    /// Where it ends.
    pub(super) upto: L,
    pub(super) slope: L,
    pub(super) intercept: L,
    /// What that is divided by: 1, unless the slope has endless decimals.
    pub(super) divisor: L,
}

/// How the number in a cell comes to its slot: so many decimals, within bounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct NumberLoad<L> {
    /// The input's number.
    pub(super) input: u32,
    pub(super) slot: Slot,
    pub(super) places: u8,
    /// Where a cell with more decimals goes.
    pub(super) longer: Escape,
    pub(super) low: L,
    pub(super) high: L,
    /// What an absent cell means; nothing when it is a fault.
    pub(super) absent: Option<L>,
}

/// How a cell that is no number comes to its slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct OtherLoad<L> {
    /// The input's number.
    pub(super) input: u32,
    pub(super) slot: Slot,
    /// Whether it is a text, known by its number among the words of the program.
    pub(super) text: bool,
    /// What an absent cell means; nothing when it is a fault.
    pub(super) absent: Option<L>,
}

/// Everything one lane needs to answer a row.
#[derive(Debug)]
pub(super) struct Program<L> {
    pub(super) numbers: Vec<NumberLoad<L>>,
    pub(super) others: Vec<OtherLoad<L>>,
    pub(super) groups: Vec<GroupLoad>,
    pub(super) given: Vec<GivenLoad>,
    /// What was computed before.
    pub(super) lanes: Vec<LaneLoad>,
    /// The slots of constants, written once.
    pub(super) constants: Vec<(Slot, L)>,
    pub(super) code: Vec<Instruction<L>>,
    pub(super) terms: Vec<(Slot, L)>,
    pub(super) edges: Vec<(L, L)>,
    pub(super) lines: Vec<Line<L>>,
    pub(super) tables: Vec<Vec<L>>,
    pub(super) enclosures: Vec<Enclosure<L>>,
    /// The words that texts are compared with, by number.
    pub(super) words: Vec<Arc<str>>,
    pub(super) outputs: Vec<Output>,
    /// How many slots there are.
    pub(super) slots: usize,
    /// Whether some value need not be exact.
    pub(super) quotients: bool,
}

impl<L> Program<L> {
    /// How long it is: what is loaded, what is done, and the terms of sums.
    pub(super) fn length(&self) -> usize {
        [self.numbers.len(), self.others.len(), self.code.len(), self.terms.len()]
            .into_iter()
            .fold(0, usize::saturating_add)
    }

    /// Whether the column at this place of those asked for is left to the exact evaluator.
    pub(super) fn leaves_aside(&self, place: usize) -> bool {
        matches!(self.outputs.get(place), Some(Output::Aside))
    }

    /// The inputs whose cells it reads or shows.
    pub(super) fn inputs(&self) -> impl Iterator<Item = usize> {
        let numbers = self.numbers.iter().map(|load| load.input as usize);
        let others = self.others.iter().map(|load| load.input as usize);
        let shown = self.outputs.iter().filter_map(|output| match output {
            Output::Cell { input } => Some(*input),
            _ => None,
        });
        numbers.chain(others).chain(shown)
    }
}

/// How a column is published.
#[derive(Debug, Clone)]
pub(super) enum Output {
    /// The input's cell as it is.
    Cell {
        input: usize,
    },
    Number(NumberOutput),
    Truth {
        slot: Slot,
    },
    Date {
        slot: Slot,
    },
    /// A word of a list.
    Choice {
        slot: Slot,
        list: Arc<crate::value::WordList>,
    },
    /// A word the program knows, or the text of an input.
    Text {
        slot: Slot,
    },
    /// Not by the program: the exact evaluator computes it aside.
    Aside,
}

/// How a number is published.
#[derive(Debug, Clone, Copy)]
pub(super) struct NumberOutput {
    pub(super) slot: Slot,
    pub(super) scale: u32,
    /// The decimals of its column; nothing when it is not rounded.
    pub(super) places: Option<u32>,
    /// How far from the truth it may be, in units of its last place.
    pub(super) error: i128,
    pub(super) sources: Remainders,
    pub(super) may_be_missing: bool,
    /// Whether the slot is rounded already: the sources then only say whether that changed anything.
    pub(super) shown: bool,
}
