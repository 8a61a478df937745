//! Why one cell of one row has no value.

use crate::code::Code;
use crate::plan::{ColumnId, NodeId};

/// Why an operation has no answer for a row. One byte, so that a batch of a million rows can carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultCode {
    /// A value is missing where one is needed.
    Missing,
    /// A division by zero.
    DivisionByZero,
    /// A cell outside its declared range.
    OutOfRange,
    /// A cell that must be a whole number is not.
    NotWhole,
    /// A cell with more digits than its input counts.
    TooManyDigits,
    /// A cell that is not of its input's type.
    WrongType,
    /// A cell that is none of the input's choices.
    UnknownChoice,
    /// A figure of more than 28 digits.
    Overflow,
    /// A target that is zero or negative.
    TargetNotPositive,
    /// A number that falls in no band.
    NoBand,
    /// A number beyond the outermost knots.
    BeyondKnots,
    /// Keys that a table has no value for.
    NotInTable,
    /// The square root of a negative number.
    NegativeRoot,
    /// A day that does not exist, or lies outside the years 1 to 9999.
    NoSuchDate,
    /// A count of days or months, or a number of decimals, that is not whole.
    NotACount,
    /// A lower limit above the upper one.
    LimitsCross,
    /// Weights of siblings that do not total what they must.
    WeightsTotal,
    /// Every part of a dimension or total is missing.
    NothingToScore,
    /// A minimum, maximum or target of a rule that is not in order for this row.
    NotInOrder,
    /// A figure over a group, asked of one row alone.
    NeedsGroup,
    /// A figure over detail rows, or over a group, of which there are none.
    NoRows,
    /// Several detail rows where one must come last, or be the only one.
    NotOne,
    /// Equals on both sides of a cut.
    TiedAtCut,
    /// Somebody who is eligible for no grade.
    NotEligible,
    /// Detail rows that were not given.
    NeedsDetails,
    /// A proportion to something that is zero or negative.
    NoProportion,
    /// An answer that cannot be one to its question.
    NotAnAnswer,
    /// A mark that is none of the scale.
    OffScale,
    /// A role with fewer sheets than it needs.
    TooFewSheets,
    /// Raters whose severity cannot be compared: no ratee connects them.
    NotConnected,
    /// Raters whose scores do not differ, where their spread is what is divided by.
    NoSpread,
    /// More sheets than severity is computed for.
    TooManySheets,
    /// More detail rows than are looked at for one person.
    TooMuch,
    /// Money of a group that is not paid out because a row is left out of it.
    Held,
    /// An amount that is not in whole cents.
    NotInCents,
    /// Something computed with what has no limit.
    Unlimited,
    /// A number below zero where there must be none.
    Negative,
    /// A share below 0 or above 1.
    NotAShare,
}

impl FaultCode {
    /// The stable code people see.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Missing => Code::CellMissing,
            Self::DivisionByZero => Code::DivisionByZero,
            Self::OutOfRange => Code::OutOfRange,
            Self::NotWhole => Code::NotWhole,
            Self::TooManyDigits => Code::TooManyDigits,
            Self::WrongType => Code::WrongType,
            Self::UnknownChoice => Code::UnknownChoice,
            Self::Overflow => Code::Overflow,
            Self::TargetNotPositive => Code::TargetNotPositive,
            Self::NoBand => Code::NoBand,
            Self::BeyondKnots => Code::BeyondKnots,
            Self::NotInTable => Code::NotInTable,
            Self::NegativeRoot => Code::NegativeRoot,
            Self::NoSuchDate => Code::NoSuchDate,
            Self::NotACount => Code::NotACount,
            Self::LimitsCross => Code::LimitsCross,
            Self::WeightsTotal => Code::WeightsTotal,
            Self::NothingToScore => Code::NothingToScore,
            Self::NotInOrder => Code::NotInOrder,
            Self::NeedsGroup => Code::NeedsGroup,
            Self::NoRows => Code::NoRows,
            Self::NotOne => Code::NotOne,
            Self::TiedAtCut => Code::TiedAtCut,
            Self::NotEligible => Code::NotEligible,
            Self::NotAnAnswer => Code::NotAnAnswer,
            Self::OffScale => Code::OffScale,
            Self::TooFewSheets => Code::TooFewSheets,
            Self::NotConnected => Code::NotConnected,
            Self::NoSpread => Code::NoSpread,
            Self::TooManySheets => Code::TooMany,
            Self::NoProportion => Code::NoProportion,
            Self::TooMuch => Code::TooMuch,
            Self::NeedsDetails => Code::NeedsDetails,
            Self::Held => Code::Held,
            Self::NotInCents => Code::NotInCents,
            Self::Unlimited => Code::Unlimited,
            Self::Negative => Code::Negative,
            Self::NotAShare => Code::NotAShare,
        }
    }
}

/// A fault with its place: which node of the plan had no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Why.
    pub code: FaultCode,
    /// Where: the operand or operation that failed.
    pub node: NodeId,
}

/// Why a cell is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Its own definition had no answer for this row.
    Fault(Fault),
    /// A column it reads has none; that column is where to look.
    Blocked {
        /// The column with the fault itself, not one that is blocked in turn.
        by: ColumnId,
    },
}
