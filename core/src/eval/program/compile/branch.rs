//! Conditions and choices: what is not taken is jumped over.

use super::operand::{Form, Operand, Scaled};
use super::{Compiled, Compiler, Pending, Scope};
use crate::eval::program::instruction::{Escape, Instruction, Remainders, Slot, Test};
use crate::eval::program::lane::Lane;
use crate::number::RoundingMode;
use crate::plan::{ComparisonOperator, NodeId, Op};

/// How many nodes are looked at for what two branches share.
const SHARED: usize = 64;

/// A branch of a join: where its value is moved, and what it is; nothing when rows that take it leave.
pub(super) struct Branch {
    at: Pending,
    operand: Operand,
}

impl<L: Lane> Compiler<'_, L> {
    // -- truths --

    /// A node that is true or false, in a slot.
    pub(super) fn truth(&mut self, id: NodeId) -> Compiled<Operand> {
        match self.plan.node(id).op {
            Op::Compare(sign, a, b) => {
                let (a, b) = (self.present(a)?, self.present(b)?);
                self.compare(sign, a, b)
            }
            Op::Not(a) => {
                let a = self.present(a)?;
                let out = self.slot()?;
                self.emit(Instruction::Not { out, a: a.slot });
                Ok(Operand::of(out, Form::Truth))
            }
            Op::And(a, b) => self.both_or_either(a, b, true),
            Op::Or(a, b) => self.both_or_either(a, b, false),
            _ => Err(Escape::Exact),
        }
    }

    fn both_or_either(&mut self, a: NodeId, b: NodeId, both: bool) -> Compiled<Operand> {
        let a = self.present(a)?;
        let out = self.slot()?;
        self.emit(Instruction::Move { out, from: a.slot });
        let end = if both {
            self.emit(Instruction::JumpUnless { condition: a.slot, to: 0 })
        } else {
            self.emit(Instruction::JumpIf { condition: a.slot, to: 0 })
        };
        let right = self.scoped(|this| this.present(b));
        match right {
            Ok(right) => {
                self.emit(Instruction::Move { out, from: right.slot });
            }
            Err(escape) => {
                self.emit(Instruction::Escape(escape));
            }
        }
        self.land(&[end]);
        Ok(Operand::of(out, Form::Truth))
    }

    pub(super) fn compare(&mut self, sign: ComparisonOperator, a: Operand, b: Operand) -> Compiled<Operand> {
        let out = match (a.form, b.form) {
            (Form::Text, Form::Text) => {
                let equal = match sign {
                    ComparisonOperator::Equal => true,
                    ComparisonOperator::NotEqual => false,
                    _ => return Err(Escape::Exact),
                };
                let out = self.slot()?;
                self.emit(Instruction::CompareText { out, equal, a: a.slot, b: b.slot });
                out
            }
            (Form::Number(_), Form::Number(_)) => {
                let (a, b, _) = self.aligned(a, b)?;
                let (x, y) = (a.scaled()?, b.scaled()?);
                let out = self.slot()?;
                if x.is_exact() && y.is_exact() {
                    self.emit_compare(out, sign, a.slot, b.slot);
                } else {
                    let within = self.enclosure(x.error.saturating_add(y.error), x.sources, y.sources, 0)?;
                    self.emit(Instruction::CompareEnclosed { out, sign, a: a.slot, b: b.slot, within });
                }
                out
            }
            (one, other) if one == other => {
                let out = self.slot()?;
                self.emit_compare(out, sign, a.slot, b.slot);
                out
            }
            _ => return Err(Escape::Exact),
        };
        Ok(Operand::of(out, Form::Truth))
    }

    fn emit_compare(&mut self, out: Slot, sign: ComparisonOperator, a: Slot, b: Slot) {
        let (test, swapped) = Test::of(sign);
        let (a, b) = if swapped { (b, a) } else { (a, b) };
        self.emit(Instruction::Compare { out, test, a, b });
    }

    /// Jumps that are taken unless a condition holds. What follows may be in a new scope; see [`Self::scoped`].
    fn unless(&mut self, id: NodeId) -> Compiled<Vec<Pending>> {
        let id = self.strip(id);
        match self.plan.node(id).op {
            Op::Compare(sign, a, b) => {
                let (a, b) = (self.present(a)?, self.present(b)?);
                let fused = match (a.form, b.form) {
                    (Form::Number(x), Form::Number(y)) if x.is_exact() && y.is_exact() => {
                        let (a, b, _) = self.aligned(a, b)?;
                        Some((a.slot, b.slot))
                    }
                    (Form::Number(_) | Form::Text, _) => None,
                    (one, other) if one == other => Some((a.slot, b.slot)),
                    _ => None,
                };
                Ok(vec![match fused {
                    Some((a, b)) => {
                        let (test, swapped) = Test::of(sign);
                        let (a, b) = if swapped { (b, a) } else { (a, b) };
                        self.emit(Instruction::Unless { test, a, b, to: 0 })
                    }
                    None => {
                        let condition = self.compare(sign, a, b)?.slot;
                        self.emit(Instruction::JumpUnless { condition, to: 0 })
                    }
                }])
            }
            Op::And(a, b) => {
                let mut jumps = self.deeper(|this| this.unless(a))?;
                // from here on only rows with a true left side come through
                self.scopes.push(Scope::default());
                match self.deeper(|this| this.unless(b)) {
                    Ok(more) => jumps.extend(more),
                    Err(escape) => {
                        self.emit(Instruction::Escape(escape));
                    }
                }
                Ok(jumps)
            }
            _ => {
                let condition = self.present(id)?.slot;
                Ok(vec![self.emit(Instruction::JumpUnless { condition, to: 0 })])
            }
        }
    }

    /// What is computed in here is forgotten afterwards: not every row comes through.
    pub(super) fn scoped<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.scopes.len();
        self.scopes.push(Scope::default());
        let result = inner(self);
        self.scopes.truncate(before);
        result
    }

    // -- choices --

    /// One of two values, rounded where that is asked for.
    pub(super) fn choose(
        &mut self,
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
        round: Option<(i32, RoundingMode)>,
    ) -> Compiled<Operand> {
        if let Some(ratio) = self.ratio(condition, then, otherwise, round)? {
            return Ok(ratio);
        }
        self.share(then, otherwise);
        // a choice of which one side is a fault is a check, and goes on in the open
        if matches!(self.plan.node(self.strip(otherwise)).op, Op::Fail(_)) {
            let before = self.scopes.len();
            let jumps = self.unless(condition)?;
            self.leaving[1].extend(jumps);
            self.flatten(before);
            return self.branch_value(then, round);
        }
        let before = self.scopes.len();
        let jumps = self.unless(condition);
        let jumps = match jumps {
            Ok(jumps) => jumps,
            Err(escape) => {
                self.scopes.truncate(before);
                return Err(escape);
            }
        };
        let mut branches = Vec::new();
        self.scopes.push(Scope::default());
        let taken = self.branch_value(then, round);
        self.scopes.truncate(before);
        self.end_branch(taken, &mut branches);
        let end = self.emit(Instruction::Jump { to: 0 });
        self.land(&jumps);
        let taken = self.scoped(|this| this.branch_value(otherwise, round));
        self.end_branch(taken, &mut branches);
        self.land(&[end]);
        self.join(&branches)
    }

    /// Every row comes through these scopes, or has left: they belong to the one around them.
    fn flatten(&mut self, before: usize) {
        let inner = self.scopes.split_off(before);
        if let Some(outer) = self.scopes.last_mut() {
            for scope in inner {
                outer.nodes.extend(scope.nodes);
                outer.rescaled.extend(scope.rescaled);
            }
        }
    }

    fn branch_value(&mut self, id: NodeId, round: Option<(i32, RoundingMode)>) -> Compiled<Operand> {
        match round {
            Some((places, mode)) => self.deeper(|this| this.rounded(id, places, mode)),
            None => self.node(id),
        }
    }

    /// `ratio(a, b, constant)`, fused.
    fn ratio(
        &mut self,
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
        round: Option<(i32, RoundingMode)>,
    ) -> Compiled<Option<Operand>> {
        let Some((a, b, when_zero)) = self.guarded_ratio(condition, then, otherwise) else { return Ok(None) };
        // the dividend may only be computed before the divisor is looked at when it cannot fail
        if !self.is_plain(a) {
            return Ok(None);
        }
        let (a, x) = self.number(a)?;
        let (b, y) = self.number(b)?;
        if !x.is_exact() || !y.is_exact() {
            return Ok(None);
        }
        match round {
            Some((places, mode)) if places >= 0 => self.rounded_ratio(a, b, places, mode, Some(when_zero)).map(Some),
            None if when_zero.scaled(L::QUOTIENT_PLACES).is_some() => self.quotient(a, b, Some(when_zero)).map(Some),
            _ => Ok(None),
        }
    }

    /// Whether a node is an input, a column or a sum of such, so that computing it costs next to nothing and that it
    /// has no value only when the row has other troubles.
    fn is_plain(&self, id: NodeId) -> bool {
        let mut pending = vec![id];
        let mut looked = 0;
        while let Some(id) = pending.pop() {
            looked += 1;
            if looked > SHARED {
                return false;
            }
            let node = self.plan.node(id);
            if node.facts.may_be_missing {
                return false;
            }
            match &node.op {
                Op::Tell(_, inner) | Op::Negate(inner) => pending.push(*inner),
                Op::Arithmetic(operator, a, b) if *operator != crate::plan::Arithmetic::Divide => {
                    pending.extend([*a, *b]);
                }
                Op::Constant(_) | Op::Input(_) | Op::Column(_) => {}
                _ => return false,
            }
        }
        true
    }

    /// Computes what both branches are certain to need before the choice, so that a chain of choices over one value
    /// does not become a tree of copies of it.
    fn share(&mut self, then: NodeId, otherwise: NodeId) {
        let strict = |this: &Self, from: NodeId| {
            let mut found = Vec::new();
            let mut pending = vec![from];
            while let Some(id) = pending.pop() {
                if found.len() >= SHARED {
                    break;
                }
                found.push(id);
                match &this.plan.node(id).op {
                    Op::Tell(_, a) | Op::Negate(a) | Op::Absolute(a) | Op::Round { value: a, .. } => pending.push(*a),
                    Op::Arithmetic(_, a, b) => pending.extend([*b, *a]),
                    Op::Extreme(_, operands) => pending.extend(operands.iter().rev()),
                    _ => {}
                }
            }
            found
        };
        let (first, second) = (strict(self, then), strict(self, otherwise));
        for id in first {
            let op = &self.plan.node(id).op;
            if second.contains(&id) && !matches!(op, Op::Constant(_) | Op::Fail(_)) {
                // what fails here fails in both branches, which then say so themselves
                let _ = self.node(id);
            }
        }
    }

    // -- joins --

    /// Leaves room for the move of a branch's value.
    pub(super) fn end_branch(&mut self, taken: Compiled<Operand>, branches: &mut Vec<Branch>) {
        match taken {
            Ok(operand) => {
                let at = self.emit(Instruction::Escape(Escape::Exact));
                branches.push(Branch { at, operand });
            }
            Err(escape) => {
                self.emit(Instruction::Escape(escape));
            }
        }
    }

    /// One slot for the values of all branches, at a scale that suits them all.
    pub(super) fn join(&mut self, branches: &[Branch]) -> Compiled<Operand> {
        let mut form: Option<Form> = None;
        let mut may_be_missing = false;
        let (mut scale, mut inexact) = (0, false);
        for Branch { operand, .. } in branches {
            may_be_missing |= operand.may_be_missing;
            match operand.form {
                Form::Number(scaled) => {
                    scale = scaled.scale.max(scale);
                    inexact |= !scaled.is_exact();
                    form = Some(Form::Number(scaled));
                }
                Form::Missing => {}
                other => form = Some(other),
            }
        }
        let Some(form) = form else {
            return if branches.is_empty() { Err(Escape::Exact) } else { self.missing() };
        };
        let out = self.slot()?;
        let own: Remainders = if inexact { 1 << self.bit()? } else { 0 };
        let mut error = 0;
        for branch in branches {
            let (instruction, reach) = self.movement(branch.operand, out, scale, own, may_be_missing)?;
            error = reach.max(error);
            if let Some(place) = self.program.code.get_mut(branch.at) {
                *place = instruction;
            }
        }
        let form = match form {
            Form::Number(_) => Form::Number(Scaled { scale, error, sources: own }),
            other => other,
        };
        Ok(Operand { may_be_missing, ..Operand::of(out, form) })
    }

    /// The move of one branch's value to the slot of the join, and its error there.
    fn movement(
        &mut self,
        operand: Operand,
        out: Slot,
        scale: u32,
        own: Remainders,
        may_be_missing: bool,
    ) -> Compiled<(Instruction<L>, i128)> {
        let from = operand.slot;
        let Form::Number(scaled) = operand.form else { return Ok((Instruction::Move { out, from }, 0)) };
        let ten = Self::ten(scale - scaled.scale)?;
        if let Some(units) = operand.known {
            let from = self.constant(units.checked_mul(ten).ok_or(Escape::Wider)?)?;
            return Ok((Instruction::Move { out, from }, 0));
        }
        let factor = Self::lane(ten)?;
        let error = scaled.error.checked_mul(ten).ok_or(Escape::Wider)?;
        let optional = operand.may_be_missing;
        let instruction = if !scaled.is_exact() {
            let within = self.enclosure(0, scaled.sources, 0, own)?;
            Instruction::MoveEnclosed { out, from, factor, optional, within }
        } else if may_be_missing {
            Instruction::MoveOptional { out, from, factor, optional }
        } else if ten == 1 {
            Instruction::Move { out, from }
        } else {
            Instruction::Scale { out, a: from, factor }
        };
        Ok((instruction, error))
    }

    // -- what may be missing --

    pub(super) fn is_missing(&mut self, a: NodeId) -> Compiled<Operand> {
        let operand = self.node(a)?;
        if !operand.may_be_missing {
            return Ok(Operand::of(self.constant(0)?, Form::Truth));
        }
        let out = self.slot()?;
        self.emit(Instruction::IsMissing { out, value: operand.slot });
        Ok(Operand::of(out, Form::Truth))
    }

    pub(super) fn coalesce(&mut self, operands: &[NodeId]) -> Compiled<Operand> {
        let before = self.scopes.len();
        let mut branches = Vec::new();
        let mut ends = Vec::new();
        for (at, id) in operands.iter().enumerate() {
            let last = at + 1 == operands.len();
            let operand = match self.node(*id) {
                Ok(operand) => operand,
                Err(escape) if at == 0 => return Err(escape),
                Err(escape) => {
                    self.emit(Instruction::Escape(escape));
                    break;
                }
            };
            if !operand.may_be_missing || last {
                self.end_branch(Ok(operand), &mut branches);
                break;
            }
            let next = self.emit(Instruction::JumpIfMissing { value: operand.slot, to: 0 });
            self.end_branch(Ok(Operand { may_be_missing: false, ..operand }), &mut branches);
            ends.push(self.emit(Instruction::Jump { to: 0 }));
            self.land(&[next]);
            self.scopes.push(Scope::default());
        }
        self.scopes.truncate(before);
        self.land(&ends);
        self.join(&branches)
    }
}
