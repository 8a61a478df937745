//! What a program reads beside the facts of its row: figures over groups, and the values of the run.

use num_traits::ToPrimitive;

use super::instruction::{Escape, Slot};
use super::lane::Lane;
use super::lanes::Lanes;
use super::load::constant;
use super::machine::Slots;
use crate::eval::figures::GroupFigures;
use crate::fault::FaultCode;
use crate::plan::GroupId;
use crate::value::{Kind, Value};

/// What the rows of a run have in common.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around<'r> {
    /// The figures over groups, in the order of the plan.
    pub(crate) groups: &'r [GroupFigures],
    /// The values of the run, in the order of the plan.
    pub(crate) given: &'r [Result<Value, FaultCode>],
    /// What was computed for each row before; nothing for a person alone.
    pub(crate) lanes: Option<&'r Lanes>,
    /// What was computed for the rows of a block aside from its program.
    pub(crate) aside: Option<&'r Lanes>,
}

/// How a figure over a group comes to its slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupLoad {
    pub(super) group: GroupId,
    pub(super) slot: Slot,
    /// The decimals of a number.
    pub(super) scale: u32,
    /// Where the divisor of a number goes that need not be a decimal.
    pub(super) divisor: Option<Slot>,
    /// Whether there may be none.
    pub(super) optional: bool,
}

/// How a value of the run comes to its slot.
#[derive(Debug, Clone)]
pub(super) struct GivenLoad {
    pub(super) given: usize,
    pub(super) slot: Slot,
    pub(super) scale: u32,
    pub(super) kind: Kind,
    pub(super) optional: bool,
}

/// A value in a slot of so many decimals.
pub(super) fn lane<L: Lane>(value: &Value, kind: &Kind, scale: u32, optional: bool) -> Result<L, Escape> {
    match value {
        Value::Missing if optional => Ok(L::MISSING),
        Value::Missing => Err(Escape::Exact),
        Value::Number(number) => number.scaled(scale).and_then(L::from_wide).ok_or(Escape::Wider),
        value => constant(value, kind).ok_or(Escape::Exact),
    }
}

impl GroupLoad {
    /// A figure as it stands in the slot, and its divisor.
    pub(super) fn lanes<L: Lane>(&self, value: &Value) -> Result<(L, L), Escape> {
        match (value, self.divisor) {
            (Value::Number(number), Some(_)) => {
                let (numerator, denominator) = number.to_fraction();
                let lane = |number: num_bigint::BigInt| number.to_i128().and_then(L::from_wide).ok_or(Escape::Wider);
                Ok((lane(numerator)?, lane(denominator)?))
            }
            (value, _) => Ok((lane(value, &Kind::Missing, self.scale, self.optional)?, L::ONE)),
        }
    }

    /// The figure of a row, when no row that was left out could have changed it.
    pub(super) fn of_row<L: Lane>(&self, around: &Around<'_>, row: usize) -> Result<(L, L), Escape> {
        let figures = around.groups.get(self.group.index()).filter(|figures| figures.known).ok_or(Escape::Exact)?;
        let figure = figures.read(row);
        match figure.value {
            Ok(value) if !figure.provisional => self.lanes(&value),
            _ => Err(Escape::Exact),
        }
    }

    /// Puts the figure of a row in its slot.
    pub(super) fn load<L: Lane>(
        &self,
        slots: &mut impl Slots<L>,
        around: &Around<'_>,
        row: usize,
    ) -> Result<(), Escape> {
        let (value, divisor) = self.of_row(around, row)?;
        slots.set(self.slot, value);
        if let Some(slot) = self.divisor {
            slots.set(slot, divisor);
        }
        Ok(())
    }
}

impl GivenLoad {
    /// The value of the run as it stands in the slot.
    pub(super) fn lane<L: Lane>(&self, around: &Around<'_>) -> Result<L, Escape> {
        match around.given.get(self.given) {
            Some(Ok(value)) => lane(value, &self.kind, self.scale, self.optional),
            _ => Err(Escape::Exact),
        }
    }
}
