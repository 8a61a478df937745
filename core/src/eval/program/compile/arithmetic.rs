//! Sums, products, quotients, rounding, limits.

use super::operand::{Operand, Scaled};
use super::{Compiled, Compiler, MEDIAN};
use crate::eval::program::instruction::{Escape, Instruction, Remainders, Slot};
use crate::eval::program::lane::Lane;
use crate::number::{Number, ROOT_PLACES, RoundingMode};
use crate::plan::{Arithmetic, ComparisonOperator, Extreme, NodeId, Op};
use crate::value::Value;

/// The most terms of one sum.
const TERMS: usize = 4096;

/// A term of a sum: a number times a decimal constant.
type Term = (Operand, i128, u32);

impl<L: Lane> Compiler<'_, L> {
    // -- constants --

    /// The number of a node that is known when the program is written.
    pub(super) fn constant_number(&self, id: NodeId) -> Option<&Number> {
        match &self.plan.node(self.strip(id)).op {
            Op::Constant(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// Whether a node is a constant by which not every decimal can be divided.
    fn has_endless_quotients(&self, id: NodeId) -> bool {
        let turned = self.constant_number(id).and_then(|divisor| Number::ONE.divide(divisor));
        turned.is_some_and(|turned| Self::shortest(&turned).is_none())
    }

    /// The node under its names.
    pub(super) fn strip(&self, mut id: NodeId) -> NodeId {
        while let Op::Tell(_, inner) = &self.plan.node(id).op {
            id = *inner;
        }
        id
    }

    /// The units and scale of a number with the fewest digits, when it is a decimal: 100 is 1 at scale −2.
    fn shortest(number: &Number) -> Option<(i128, i32)> {
        let scale = number.decimal_scale()?;
        let mut units = number.scaled(scale)?;
        let mut scale = i32::try_from(scale).ok()?;
        while units != 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Some((units, scale))
    }

    // -- sums --

    /// Sums and differences, whatever their number, as one instruction.
    pub(super) fn linear(&mut self, id: NodeId) -> Compiled<Operand> {
        let mut terms = Vec::new();
        let mut pending = vec![(id, false)];
        while let Some((id, negative)) = pending.pop() {
            if terms.len() > TERMS || pending.len() > TERMS {
                return Err(Escape::Exact);
            }
            // what is computed already is a term, so that shared sums are not unfolded again and again
            let done = self.scopes.iter().any(|scope| scope.nodes.contains_key(&id));
            match &self.plan.node(id).op {
                _ if done => terms.push(self.term(id, negative)?),
                Op::Tell(_, inner) => pending.push((*inner, negative)),
                Op::Negate(inner) => pending.push((*inner, !negative)),
                Op::Arithmetic(Arithmetic::Add, a, b) => pending.extend([(*b, negative), (*a, negative)]),
                Op::Arithmetic(Arithmetic::Subtract, a, b) => pending.extend([(*b, !negative), (*a, negative)]),
                _ => terms.push(self.term(id, negative)?),
            }
        }
        self.sum(&terms)
    }

    /// A node as a term: a product with a constant gives its factor to the sum.
    fn term(&mut self, id: NodeId, negative: bool) -> Compiled<Term> {
        let sign = if negative { -1 } else { 1 };
        if let Op::Arithmetic(Arithmetic::Multiply, a, b) = self.plan.node(id).op {
            let factor = [(a, b), (b, a)].into_iter().find_map(|(constant, other)| {
                let (units, scale) = Self::shortest(self.constant_number(constant)?)?;
                Some((units, u32::try_from(scale).ok()?, other))
            });
            if let Some((units, scale, other)) = factor {
                let (operand, _) = self.number(other)?;
                return Ok((operand, sign * units, scale));
            }
        }
        Ok((self.number(id)?.0, sign, 0))
    }

    /// The sum of terms.
    pub(super) fn sum(&mut self, terms: &[Term]) -> Compiled<Operand> {
        let mut scale = 0;
        let mut sources: Remainders = 0;
        for (operand, _, factor) in terms {
            let scaled = operand.scaled()?;
            scale = scale.max(scaled.scale + factor);
            sources |= scaled.sources;
        }
        let mut offset = 0_i128;
        let mut error = 0_i128;
        let mut weighted: Vec<(Slot, i128)> = Vec::new();
        for (operand, units, factor) in terms {
            let scaled = operand.scaled()?;
            let weight = Self::ten(scale - scaled.scale - factor)?.checked_mul(*units).ok_or(Escape::Wider)?;
            if let Some(known) = operand.known {
                let known = known.checked_mul(weight).ok_or(Escape::Wider)?;
                offset = offset.checked_add(known).ok_or(Escape::Wider)?;
                continue;
            }
            let own = scaled.error.checked_mul(weight.saturating_abs()).ok_or(Escape::Wider)?;
            error = error.checked_add(own).ok_or(Escape::Wider)?;
            weighted.push((operand.slot, weight));
        }
        let form = Scaled { scale, error, sources };
        match (weighted.as_slice(), offset) {
            ([], _) => return self.known(offset, scale),
            ([(a, 1)], 0) => return Ok(Operand::number(*a, form)),
            _ => {}
        }
        let out = self.slot()?;
        match (weighted.as_slice(), offset) {
            ([(a, -1)], 0) => self.emit(Instruction::Negate { out, a: *a }),
            ([(a, 1), (b, 1)], 0) => self.emit(Instruction::Add { out, a: *a, b: *b }),
            ([(a, 1), (b, -1)], 0) => self.emit(Instruction::Subtract { out, a: *a, b: *b }),
            _ => {
                let terms = weighted.into_iter().map(|(slot, weight)| Ok((slot, Self::lane(weight)?)));
                let terms = terms.collect::<Compiled<Vec<_>>>()?;
                let (first, count) = Self::table(&mut self.program.terms, terms)?;
                let offset = Self::lane(offset)?;
                self.emit(Instruction::Sum { out, first, count, offset })
            }
        };
        Ok(Operand::number(out, form))
    }

    // -- products and quotients --

    pub(super) fn product_or_quotient(&mut self, operator: Arithmetic, a: NodeId, b: NodeId) -> Compiled<Operand> {
        let (first, second) = (self.constant_number(a).cloned(), self.constant_number(b).cloned());
        match (operator, first, second) {
            (Arithmetic::Multiply, Some(factor), _) => {
                let (b, _) = self.number(b)?;
                self.times(b, &factor)
            }
            (Arithmetic::Multiply, None, Some(factor)) => {
                let (a, _) = self.number(a)?;
                self.times(a, &factor)
            }
            (Arithmetic::Multiply, None, None) => {
                let (a, _) = self.number(a)?;
                let (b, _) = self.number(b)?;
                self.product(a, b)
            }
            (_, _, Some(divisor)) => {
                let (a, _) = self.number(a)?;
                self.over(a, &divisor)
            }
            _ => {
                let (a, _) = self.number(a)?;
                let (b, _) = self.number(b)?;
                self.quotient(a, b, None)
            }
        }
    }

    /// A number times a constant: one whose primes are 2 and 5 costs a multiplication, a power of ten nothing.
    pub(super) fn times(&mut self, operand: Operand, factor: &Number) -> Compiled<Operand> {
        if let Some((units, shift)) = Self::shortest(factor) {
            return self.times_units(operand, units, shift);
        }
        // a decimal of more units than a lane has cannot be taken apart any further
        if factor.decimal_scale().is_some() {
            return Err(Escape::Exact);
        }
        let (numerator, denominator) = factor.to_fraction();
        let product = self.times(operand, &Number::from(numerator))?;
        self.over(product, &Number::from(denominator))
    }

    fn times_units(&mut self, operand: Operand, units: i128, shift: i32) -> Compiled<Operand> {
        let scaled = operand.scaled()?;
        if units == 0 {
            return self.known(0, 0);
        }
        let scale = i64::from(scaled.scale) + i64::from(shift);
        let (units, scale) = match u32::try_from(scale) {
            Ok(scale) => (units, scale),
            Err(_) => {
                let more = u32::try_from(-scale).map_err(|_| Escape::Wider)?;
                (units.checked_mul(Self::ten(more)?).ok_or(Escape::Wider)?, 0)
            }
        };
        if let Some(known) = operand.known {
            return self.known(known.checked_mul(units).ok_or(Escape::Wider)?, scale);
        }
        let error = scaled.error.checked_mul(units.saturating_abs()).ok_or(Escape::Wider)?;
        let form = Scaled { scale, error, ..scaled };
        let a = operand.slot;
        let out = match units {
            1 => a,
            -1 => {
                let out = self.slot()?;
                self.emit(Instruction::Negate { out, a });
                out
            }
            _ => {
                let out = self.slot()?;
                let factor = Self::lane(units)?;
                self.emit(Instruction::Scale { out, a, factor });
                out
            }
        };
        Ok(Operand::number(out, form))
    }

    /// A number divided by a constant.
    pub(super) fn over(&mut self, operand: Operand, divisor: &Number) -> Compiled<Operand> {
        let turned = Number::ONE.divide(divisor).ok_or(Escape::Exact)?;
        if let Some((units, shift)) = Self::shortest(&turned) {
            return self.times_units(operand, units, shift);
        }
        let (product, divisor) = self.over_whole(operand, divisor)?;
        self.quotient(product, divisor, None)
    }

    /// The same as a dividend and a divisor that is a whole number.
    fn over_whole(&mut self, operand: Operand, divisor: &Number) -> Compiled<(Operand, Operand)> {
        let (numerator, denominator) = divisor.to_fraction();
        let product = self.times(operand, &Number::from(denominator))?;
        Ok((product, self.number_literal(&Number::from(numerator))?))
    }

    pub(super) fn product(&mut self, a: Operand, b: Operand) -> Compiled<Operand> {
        let (x, y) = (a.scaled()?, b.scaled()?);
        let scale = x.scale + y.scale;
        let mut error = 0;
        if !x.is_exact() || !y.is_exact() {
            // the error of one grows with the size of the other, which must therefore be bounded
            let digits = L::INEXACT_FACTOR_DIGITS.ok_or(Escape::Wider)?;
            for (operand, other, scaled) in [(a, y, x), (b, x, y)] {
                if other.is_exact() {
                    continue;
                }
                let size = Self::ten(digits + scaled.scale)?;
                let bound = Self::lane(size)?;
                self.emit(Instruction::Below { a: operand.slot, bound, escape: Escape::Exact, optional: false });
                let reach = size.checked_add(scaled.error).ok_or(Escape::Wider)?;
                let own = other.error.checked_mul(reach).ok_or(Escape::Wider)?;
                error = own.checked_add(error).ok_or(Escape::Wider)?;
            }
        }
        let out = self.slot()?;
        self.emit(Instruction::Multiply { out, a: a.slot, b: b.slot });
        Ok(Operand::number(out, Scaled { scale, error, sources: x.sources | y.sources }))
    }

    /// A quotient at as many decimals as the lane carries; `when_zero` for a zero divisor, where that is stated.
    pub(super) fn quotient(&mut self, a: Operand, b: Operand, when_zero: Option<Number>) -> Compiled<Operand> {
        let (x, y) = (a.scaled()?, b.scaled()?);
        if !y.is_exact() {
            return Err(Escape::Wider);
        }
        let scale = L::QUOTIENT_PLACES.max(x.scale.saturating_sub(y.scale));
        let ten = Self::ten(scale + y.scale - x.scale)?;
        let factor = Self::lane(ten)?;
        // the least divisor there is, not zero, is one unit
        let least = b.known.map_or(1, i128::saturating_abs).max(1);
        let error = x.error.checked_mul(ten).ok_or(Escape::Wider)?;
        let error = error / least + i128::from(error % least != 0) + 1;
        let bit = self.bit()?;
        let form = Scaled { scale, error, sources: x.sources | (1 << bit) };
        let (a, b) = (a.slot, b.slot);
        let shown = self.slot()?;
        let out = match when_zero {
            Some(value) => {
                let units = value.scaled(scale).ok_or(Escape::Wider)?;
                let when_zero = self.constant(units)?;
                let out = self.slot()?;
                self.emit(Instruction::QuotientOr { out, shown, a, b, factor, bit, when_zero });
                out
            }
            None => {
                let out = self.slot()?;
                self.emit(Instruction::Quotient { out, shown, a, b, factor, bit });
                out
            }
        };
        // only of exact numbers is the remainder the truth
        let shown = Some(shown).filter(|_| L::SHOWS_QUOTIENTS && x.is_exact());
        Ok(Operand { shown, ..Operand::number(out, form) })
    }

    /// `ratio(a, b, constant)` as it is lowered: the dividend, the divisor and what holds for zero.
    pub(super) fn guarded_ratio(
        &self,
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
    ) -> Option<(NodeId, NodeId, Number)> {
        let Op::Compare(ComparisonOperator::Equal, divisor, zero) = self.plan.node(self.strip(condition)).op else {
            return None;
        };
        let Op::Arithmetic(Arithmetic::Divide, a, b) = self.plan.node(self.strip(otherwise)).op else { return None };
        let constant = self.constant_number(then)?;
        let fits = b == divisor && self.constant_number(zero)?.is_zero() && self.constant_number(b).is_none();
        fits.then(|| (a, b, constant.clone()))
    }

    pub(super) fn power(&mut self, a: NodeId, exponent: i32) -> Compiled<Operand> {
        let (base, _) = self.number(a)?;
        let mut times = exponent.unsigned_abs();
        let mut result: Option<Operand> = None;
        let mut square = base;
        while times > 0 {
            if times % 2 == 1 {
                result = Some(match result {
                    Some(result) => self.product(result, square)?,
                    None => square,
                });
            }
            times /= 2;
            if times > 0 {
                square = self.product(square, square)?;
            }
        }
        let one = self.known(1, 0)?;
        match (result, exponent < 0) {
            (None, _) => Ok(one),
            (Some(result), false) => Ok(result),
            (Some(result), true) => self.quotient(one, result, None),
        }
    }

    // -- rounding --

    /// A node rounded. The rounding goes into the branches of a choice, and into a division, which it makes exact.
    pub(super) fn rounded(&mut self, id: NodeId, places: i32, mode: RoundingMode) -> Compiled<Operand> {
        let inner = self.strip(id);
        let done = self.scopes.iter().any(|scope| scope.nodes.contains_key(&inner));
        match &self.plan.node(inner).op {
            Op::Arithmetic(Arithmetic::Divide, a, b) if !done && self.constant_number(*b).is_none() => {
                let (a, x) = self.number(*a)?;
                let (b, y) = self.number(*b)?;
                if x.is_exact() && y.is_exact() {
                    return self.rounded_ratio(a, b, places, mode, None);
                }
                let quotient = self.quotient(a, b, None)?;
                self.round_operand(quotient, places, mode)
            }
            // a divisor that is no product of twos and fives: its remainder decides, too
            Op::Arithmetic(Arithmetic::Divide, a, b) if !done && self.has_endless_quotients(*b) => {
                let divisor = self.constant_number(*b).cloned().ok_or(Escape::Exact)?;
                let (a, _) = self.number(*a)?;
                let (a, b) = self.over_whole(a, &divisor)?;
                if a.scaled()?.is_exact() {
                    return self.rounded_ratio(a, b, places, mode, None);
                }
                let quotient = self.quotient(a, b, None)?;
                self.round_operand(quotient, places, mode)
            }
            Op::Group(_) | Op::Aggregate(_) => match self.fraction(inner)? {
                Some((numerator, denominator)) => self.rounded_ratio(numerator, denominator, places, mode, None),
                None => {
                    let (operand, _) = self.number(id)?;
                    self.round_operand(operand, places, mode)
                }
            },
            Op::Choose { condition, then, otherwise } if !done => {
                self.choose(*condition, *then, *otherwise, Some((places, mode)))
            }
            Op::Interpolate(line) if !done => self.interpolate(line, Some((places, mode))),
            _ => {
                let (operand, _) = self.number(id)?;
                self.round_operand(operand, places, mode)
            }
        }
    }

    /// `a / b` rounded, from its remainder.
    pub(super) fn rounded_ratio(
        &mut self,
        a: Operand,
        b: Operand,
        places: i32,
        mode: RoundingMode,
        when_zero: Option<Number>,
    ) -> Compiled<Operand> {
        let (x, y) = (a.scaled()?, b.scaled()?);
        let shift = i64::from(places) + i64::from(y.scale) - i64::from(x.scale);
        let (factor, b) = match u32::try_from(shift) {
            Ok(shift) => (Self::ten(shift)?, b),
            Err(_) => {
                let more = u32::try_from(-shift).map_err(|_| Escape::Wider)?;
                (1, self.at_scale(b, y.scale + more)?)
            }
        };
        let factor = Self::lane(factor)?;
        let (a, b) = (a.slot, b.slot);
        let scale = u32::try_from(places).unwrap_or(0);
        let out = match when_zero {
            Some(value) if places >= 0 => {
                let units = value.round(places, mode).scaled(scale).ok_or(Escape::Wider)?;
                let when_zero = self.constant(units)?;
                let out = self.slot()?;
                self.emit(Instruction::RatioOr { out, a, b, factor, mode, when_zero });
                out
            }
            Some(_) => return Err(Escape::Exact),
            None => {
                let out = self.slot()?;
                self.emit(Instruction::Ratio { out, a, b, factor, mode });
                out
            }
        };
        self.whole_units(out, places)
    }

    /// Units of `10^-places`, which before the point are tens and hundreds.
    fn whole_units(&mut self, slot: Slot, places: i32) -> Compiled<Operand> {
        match u32::try_from(places) {
            Ok(scale) => Ok(Operand::number(slot, Scaled::exact(scale))),
            Err(_) => {
                let units = Operand::number(slot, Scaled::exact(0));
                self.times_units(units, Self::ten(places.unsigned_abs())?, 0)
            }
        }
    }

    pub(super) fn round_operand(&mut self, operand: Operand, places: i32, mode: RoundingMode) -> Compiled<Operand> {
        let scaled = operand.scaled()?;
        let more = i64::from(scaled.scale) - i64::from(places);
        if let Some(units) = operand.known {
            let scale = u8::try_from(scaled.scale).map_err(|_| Escape::Exact)?;
            return self.number_literal(&Number::from_parts(units, scale).round(places, mode));
        }
        if more <= 0 && scaled.is_exact() {
            return Ok(operand);
        }
        // a number that is not exact needs decimals beyond those it is rounded to
        let unit = u32::try_from(more).ok().filter(|more| *more > 0).ok_or(Escape::Wider)?;
        let unit = Self::ten(unit)?;
        if !scaled.is_exact() && scaled.error.saturating_mul(4) >= unit {
            return Err(Escape::Wider);
        }
        let out = self.slot()?;
        let a = operand.slot;
        let lane = Self::lane(unit)?;
        if scaled.is_exact() {
            self.emit(Instruction::Round { out, a, unit: lane, mode });
        } else {
            let within = self.enclosure(scaled.error, scaled.sources, 0, 0)?;
            self.emit(Instruction::RoundEnclosed { out, a, unit: lane, mode, within });
        }
        self.whole_units(out, places)
    }

    pub(super) fn square_root(&mut self, a: NodeId) -> Compiled<Operand> {
        let (a, scaled) = self.number(a)?;
        if !scaled.is_exact() {
            return Err(Escape::Exact);
        }
        let factor = Self::ten((2 * ROOT_PLACES).checked_sub(scaled.scale).ok_or(Escape::Wider)?)?;
        let factor = Self::lane(factor)?;
        let out = self.slot()?;
        self.emit(Instruction::SquareRoot { out, a: a.slot, factor });
        Ok(Operand::number(out, Scaled::exact(ROOT_PLACES)))
    }

    // -- limits --

    pub(super) fn absolute(&mut self, a: NodeId) -> Compiled<Operand> {
        let (a, scaled) = self.number(a)?;
        let out = self.slot()?;
        self.emit(Instruction::Absolute { out, a: a.slot });
        Ok(Operand::number(out, scaled))
    }

    pub(super) fn sign(&mut self, a: NodeId) -> Compiled<Operand> {
        let (a, scaled) = self.number(a)?;
        let out = self.slot()?;
        if scaled.is_exact() {
            self.emit(Instruction::Sign { out, a: a.slot });
        } else {
            let within = self.enclosure(scaled.error, scaled.sources, 0, 0)?;
            self.emit(Instruction::SignEnclosed { out, a: a.slot, within });
        }
        Ok(Operand::number(out, Scaled::exact(0)))
    }

    pub(super) fn extreme(&mut self, extreme: Extreme, operands: &[NodeId]) -> Compiled<Operand> {
        if let Some(clamped) = self.clamp(extreme, operands)? {
            return Ok(clamped);
        }
        let mut best: Option<Operand> = None;
        for id in operands {
            let next = self.present(*id)?;
            best = Some(match best {
                Some(best) => self.extreme_of_two(extreme, best, next)?,
                None => next,
            });
        }
        best.ok_or(Escape::Exact)
    }

    pub(super) fn extreme_of_two(&mut self, extreme: Extreme, a: Operand, b: Operand) -> Compiled<Operand> {
        let instruction = |out, a, b| match extreme {
            Extreme::Minimum => Instruction::Minimum { out, a, b },
            Extreme::Maximum => Instruction::Maximum { out, a, b },
        };
        if a.scaled().is_err() {
            let out = self.slot()?;
            self.emit(instruction(out, a.slot, b.slot));
            return Ok(Operand::of(out, a.form));
        }
        let (a, b, scale) = self.aligned(a, b)?;
        let (x, y) = (a.scaled()?, b.scaled()?);
        let out = self.slot()?;
        if x.is_exact() && y.is_exact() {
            self.emit(instruction(out, a.slot, b.slot));
            return Ok(Operand::number(out, Scaled::exact(scale)));
        }
        let own = 1 << self.bit()?;
        let within = self.enclosure(x.error.saturating_add(y.error), x.sources, y.sources, own)?;
        self.emit(match extreme {
            Extreme::Minimum => Instruction::MinimumEnclosed { out, a: a.slot, b: b.slot, within },
            Extreme::Maximum => Instruction::MaximumEnclosed { out, a: a.slot, b: b.slot, within },
        });
        Ok(Operand::number(out, Scaled { scale, error: x.error.max(y.error), sources: own }))
    }

    /// The smaller of a constant and the larger of another and a number: both limits in one instruction.
    fn clamp(&mut self, extreme: Extreme, operands: &[NodeId]) -> Compiled<Option<Operand>> {
        let [inner, high] = *operands else { return Ok(None) };
        if extreme != Extreme::Minimum {
            return Ok(None);
        }
        let Op::Extreme(Extreme::Maximum, inner) = &self.plan.node(self.strip(inner)).op else { return Ok(None) };
        let [value, low] = **inner else { return Ok(None) };
        let (Some(low), Some(high)) = (self.constant_number(low).cloned(), self.constant_number(high).cloned()) else {
            return Ok(None);
        };
        let (value, scaled) = self.number(value)?;
        if low > high || !scaled.is_exact() {
            return Ok(None);
        }
        let (low, high) = (self.number_literal(&low)?, self.number_literal(&high)?);
        if !low.scaled()?.is_exact() || !high.scaled()?.is_exact() {
            return Ok(None);
        }
        let scale = scaled.scale.max(low.scaled()?.scale).max(high.scaled()?.scale);
        let (a, low, high) = (self.at_scale(value, scale)?, self.at_scale(low, scale)?, self.at_scale(high, scale)?);
        let out = self.slot()?;
        self.emit(Instruction::Clamp { out, a: a.slot, low: low.slot, high: high.slot });
        let reach = |limit: Operand| limit.known.map_or(i128::MAX, i128::saturating_abs);
        let reach = reach(low).max(reach(high));
        Ok(Some(Operand { reach, ..Operand::number(out, Scaled::exact(scale)) }))
    }

    pub(super) fn median(&mut self, operands: &[NodeId]) -> Compiled<Operand> {
        if operands.len() > MEDIAN {
            return Err(Escape::Exact);
        }
        let mut scale = 0;
        let mut numbers = Vec::new();
        for id in operands {
            let (operand, scaled) = self.number(*id)?;
            if !scaled.is_exact() {
                return Err(Escape::Exact);
            }
            scale = scale.max(scaled.scale);
            numbers.push(operand);
        }
        let mut terms = Vec::new();
        for operand in &numbers {
            terms.push((self.at_scale(*operand, scale)?.slot, L::ONE));
        }
        let (first, count) = Self::table(&mut self.program.terms, terms)?;
        let out = self.slot()?;
        self.emit(Instruction::Median { out, first, count });
        let middle = Operand::number(out, Scaled::exact(scale));
        if numbers.len() % 2 == 1 { Ok(middle) } else { self.times_units(middle, 5, 1) }
    }
}
