//! What is known of a slot when the program is written.

use super::{Compiled, Compiler};
use crate::eval::program::instruction::{Escape, Instruction, Remainders, Slot};
use crate::eval::program::lane::Lane;
use crate::plan::NodeId;
use crate::value::Kind;

/// A slot and what it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operand {
    pub(super) slot: Slot,
    pub(super) form: Form,
    pub(super) may_be_missing: bool,
    /// The units of a constant number.
    pub(super) known: Option<i128>,
    /// What its magnitude is certain not to pass, in its units.
    pub(super) reach: i128,
    /// Where a quotient stands rounded half up to its scale.
    pub(super) shown: Option<Slot>,
}

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eval::program) enum Form {
    Number(Scaled),
    Truth,
    Date,
    Choice,
    Text,
    Missing,
}

/// A number in units of its last place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eval::program) struct Scaled {
    pub(super) scale: u32,
    /// How many units the truth may lie away, where one of the sources has a remainder.
    pub(super) error: i128,
    pub(super) sources: Remainders,
}

impl Scaled {
    pub(super) const fn exact(scale: u32) -> Self {
        Self { scale, error: 0, sources: 0 }
    }

    pub(super) const fn is_exact(self) -> bool {
        self.error == 0
    }

    /// Whether rounding to so many places is decided for nearly every row.
    pub(super) fn is_publishable(self, places: u32) -> bool {
        let unit = self.scale.checked_sub(places).and_then(|more| 10_i128.checked_pow(more));
        unit.is_some_and(|unit| self.error.saturating_mul(1000) <= unit)
    }
}

impl Operand {
    pub(super) const fn of(slot: Slot, form: Form) -> Self {
        Self { slot, form, may_be_missing: false, known: None, reach: i128::MAX, shown: None }
    }

    pub(super) const fn number(slot: Slot, scaled: Scaled) -> Self {
        Self::of(slot, Form::Number(scaled))
    }

    /// Whether its lane means the same outside of its program, where a text has another number.
    pub(super) fn is_lane(self) -> bool {
        match self.form {
            Form::Number(scaled) => scaled.is_exact(),
            Form::Truth | Form::Date | Form::Choice => true,
            Form::Text | Form::Missing => false,
        }
    }

    pub(super) fn scaled(self) -> Compiled<Scaled> {
        match self.form {
            Form::Number(scaled) => Ok(scaled),
            _ => Err(Escape::Exact),
        }
    }
}

impl Form {
    /// A whole number.
    pub(super) const COUNT: Self = Self::Number(Scaled::exact(0));

    pub(super) const fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Number => Self::Number(Scaled::exact(0)),
            Kind::Truth => Self::Truth,
            Kind::Text => Self::Text,
            Kind::Date => Self::Date,
            Kind::Choice(_) => Self::Choice,
            Kind::Missing => Self::Missing,
        }
    }
}

impl<L: Lane> Compiler<'_, L> {
    /// A constant number.
    pub(super) fn known(&mut self, units: i128, scale: u32) -> Compiled<Operand> {
        let slot = self.constant(units)?;
        Ok(Operand { known: Some(units), reach: units.saturating_abs(), ..Operand::number(slot, Scaled::exact(scale)) })
    }

    /// The value of a node that must be there.
    pub(super) fn present(&mut self, id: NodeId) -> Compiled<Operand> {
        let operand = self.node(id)?;
        if operand.form == Form::Missing {
            return Err(Escape::Exact);
        }
        if operand.may_be_missing {
            self.emit(Instruction::Present { value: operand.slot });
        }
        Ok(Operand { may_be_missing: false, ..operand })
    }

    /// A number that must be there.
    pub(super) fn number(&mut self, id: NodeId) -> Compiled<(Operand, Scaled)> {
        let operand = self.present(id)?;
        Ok((operand, operand.scaled()?))
    }

    /// `10^exponent`.
    pub(super) fn ten(exponent: u32) -> Compiled<i128> {
        10_i128.checked_pow(exponent).ok_or(Escape::Wider)
    }

    /// The number in units of `10^-scale`, which is not fewer decimals than it has; it is there.
    pub(super) fn at_scale(&mut self, operand: Operand, scale: u32) -> Compiled<Operand> {
        let scaled = operand.scaled()?;
        if scaled.scale == scale {
            return Ok(operand);
        }
        let more = scale.checked_sub(scaled.scale).ok_or(Escape::Exact)?;
        let ten = Self::ten(more)?;
        if let Some(units) = operand.known {
            return self.known(units.checked_mul(ten).ok_or(Escape::Wider)?, scale);
        }
        let error = scaled.error.checked_mul(ten).ok_or(Escape::Wider)?;
        let form = Scaled { scale, error, ..scaled };
        // one slot may stand for numbers of several scales: what counts is the factor
        let key = (operand.slot, more);
        if let Some(slot) = self.scopes.iter().rev().find_map(|scope| scope.rescaled.get(&key)) {
            return Ok(Operand::number(*slot, form));
        }
        let out = self.slot()?;
        let factor = Self::lane(ten)?;
        self.emit(Instruction::Scale { out, a: operand.slot, factor });
        if let Some(scope) = self.scopes.last_mut() {
            scope.rescaled.insert(key, out);
        }
        Ok(Operand::number(out, form))
    }

    /// Two numbers at one scale.
    pub(super) fn aligned(&mut self, a: Operand, b: Operand) -> Compiled<(Operand, Operand, u32)> {
        let scale = a.scaled()?.scale.max(b.scaled()?.scale);
        Ok((self.at_scale(a, scale)?, self.at_scale(b, scale)?, scale))
    }
}
