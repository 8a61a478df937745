//! Dates and words.

use super::operand::{Form, Operand, Scaled};
use super::{Compiled, Compiler, Slot};
use crate::eval::program::instruction::{Escape, Instruction};
use crate::eval::program::lane::Lane;
use crate::plan::{DatePart, DateShift, DateSpan, NodeId};
use crate::value::Kind;

impl<L: Lane> Compiler<'_, L> {
    fn date(&mut self, id: NodeId) -> Compiled<Slot> {
        let operand = self.present(id)?;
        if operand.form == Form::Date { Ok(operand.slot) } else { Err(Escape::Exact) }
    }

    /// A number that must be whole.
    fn whole(&mut self, id: NodeId) -> Compiled<Slot> {
        let (operand, scaled) = self.number(id)?;
        if !scaled.is_exact() {
            return Err(Escape::Exact);
        }
        if scaled.scale == 0 {
            return Ok(operand.slot);
        }
        let unit = Self::lane(Self::ten(scaled.scale)?)?;
        let out = self.slot()?;
        self.emit(Instruction::Whole { out, a: operand.slot, unit });
        Ok(out)
    }

    pub(super) fn date_part(&mut self, part: DatePart, a: NodeId) -> Compiled<Operand> {
        let a = self.date(a)?;
        let out = self.slot()?;
        self.emit(Instruction::DatePart { out, part, a });
        Ok(Operand::number(out, Scaled::exact(0)))
    }

    pub(super) fn date_span(&mut self, span: DateSpan, a: NodeId, b: NodeId) -> Compiled<Operand> {
        let (a, b) = (self.date(a)?, self.date(b)?);
        let out = self.slot()?;
        self.emit(Instruction::DateSpan { out, span, a, b });
        Ok(Operand::number(out, Scaled::exact(0)))
    }

    pub(super) fn date_shift(&mut self, shift: DateShift, a: NodeId, by: NodeId) -> Compiled<Operand> {
        let (a, by) = (self.date(a)?, self.whole(by)?);
        let out = self.slot()?;
        self.emit(Instruction::DateShift { out, shift, a, by });
        Ok(Operand::of(out, Form::Date))
    }

    pub(super) fn end_of_month(&mut self, a: NodeId) -> Compiled<Operand> {
        let a = self.date(a)?;
        let out = self.slot()?;
        self.emit(Instruction::EndOfMonth { out, a });
        Ok(Operand::of(out, Form::Date))
    }

    pub(super) fn make_date(&mut self, year: NodeId, month: NodeId, day: NodeId) -> Compiled<Operand> {
        let (year, month, day) = (self.whole(year)?, self.whole(month)?, self.whole(day)?);
        let out = self.slot()?;
        self.emit(Instruction::MakeDate { out, year, month, day });
        Ok(Operand::of(out, Form::Date))
    }

    /// The word of a choice as a word of the program.
    pub(super) fn word_of(&mut self, a: NodeId) -> Compiled<Operand> {
        let operand = self.present(a)?;
        let slot = match &self.plan.node(a).facts.kind {
            Kind::Text => operand.slot,
            Kind::Choice(list) => {
                let words: Vec<usize> = list.words.iter().map(|word| self.word(word)).collect();
                self.map(operand.slot, words.len(), |at| words.get(at).copied())?
            }
            _ => return Err(Escape::Exact),
        };
        Ok(Operand::of(slot, Form::Text))
    }
}
