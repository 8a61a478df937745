//! Runs a program over the slots of one row.

use std::cmp::Ordering;

use super::instruction::{Address, Enclosure, Escape, Instruction, Line, Program, Remainders, SLOTS, Slot};
use super::lane::{Lane, certain_half};
use crate::date::Date;
use crate::eval::ops;
use crate::number::Number;
use crate::number::RoundingMode;

/// The slots of one lane, kept from row to row.
#[derive(Debug)]
pub(super) struct Machine<L> {
    pub(super) slots: Box<[L; SLOTS]>,
    /// The quotients of this row that had a remainder.
    pub(super) remainders: Remainders,
}

type Run<T> = Result<T, Escape>;

/// The bit of what is never exact, such as a constant of endless decimals: set in every row.
pub(super) const ALWAYS: Remainders = 1;

impl<L: Lane> Machine<L> {
    /// Slots with the program's constants in them; nothing when there is no memory for them.
    pub(super) fn new(program: &Program<L>) -> Option<Self> {
        let slots: Box<[L; SLOTS]> = vec![L::ZERO; SLOTS].into_boxed_slice().try_into().ok()?;
        let mut machine = Self { slots, remainders: ALWAYS };
        for (slot, value) in &program.constants {
            machine.set(*slot, *value);
        }
        Some(machine)
    }

    /// Computes the slots of a row whose inputs are loaded.
    #[inline]
    pub(super) fn run(&mut self, program: &Program<L>) -> Run<()> {
        let mut at = 0_usize;
        while let Some(instruction) = program.code.get(at) {
            at += 1;
            if let Some(to) = self.step(program, *instruction)? {
                at = to as usize;
            }
        }
        Ok(())
    }
}

impl<L: Lane> Slots<L> for Machine<L> {
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "there is a slot for every number of sixteen bits")]
    fn get(&self, slot: Slot) -> L {
        self.slots[usize::from(slot)]
    }

    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "there is a slot for every number of sixteen bits")]
    fn set(&mut self, slot: Slot, value: L) {
        self.slots[usize::from(slot)] = value;
    }

    #[inline(always)]
    fn remainders(&self) -> Remainders {
        self.remainders
    }

    #[inline(always)]
    fn mark(&mut self, quotients: Remainders) {
        self.remainders |= quotients;
    }
}

/// The slots of one row, wherever they stand, and what each instruction does to them.
pub(super) trait Slots<L: Lane> {
    /// What a slot holds.
    fn get(&self, slot: Slot) -> L;
    /// Puts a value in a slot.
    fn set(&mut self, slot: Slot, value: L);
    /// The quotients of this row that had a remainder.
    fn remainders(&self) -> Remainders;
    /// These quotients had one.
    fn mark(&mut self, quotients: Remainders);

    /// Whether a value built from these quotients is exact in this row.
    #[inline(always)]
    fn exact(&self, sources: Remainders) -> bool {
        self.remainders() & sources == 0
    }

    /// One instruction; where to go on when that is not the next.
    #[inline(always)]
    fn step(&mut self, program: &Program<L>, instruction: Instruction<L>) -> Run<Option<Address>> {
        use Instruction as I;
        let (out, value) = match instruction {
            I::Escape(escape) => return Err(escape),
            I::Jump { to } => return Ok(Some(to)),
            I::JumpUnless { condition, to } => return Ok((self.get(condition) == L::ZERO).then_some(to)),
            I::JumpIf { condition, to } => return Ok((self.get(condition) != L::ZERO).then_some(to)),
            I::JumpIfMissing { value, to } => return Ok((self.get(value) == L::MISSING).then_some(to)),
            I::Unless { test, a, b, to } => return Ok((!test.holds(&self.get(a), &self.get(b))).then_some(to)),
            I::Move { out, from } => (out, self.get(from)),
            I::MoveOptional { out, from, factor, optional } => (out, self.optional(from, factor, optional)?),
            I::MoveEnclosed { out, from, factor, optional, within } => {
                let value = self.optional(from, factor, optional)?;
                let within = enclosure(program, within)?;
                if !self.exact(within.sources) {
                    self.mark(within.own);
                }
                (out, value)
            }
            I::Present { value } => {
                return if self.get(value) == L::MISSING { Err(Escape::Exact) } else { Ok(None) };
            }
            I::IsMissing { out, value } => (out, truth(self.get(value) == L::MISSING)),
            I::Negate { out, a } => (out, fits(self.get(a).negated())?),
            I::Absolute { out, a } => {
                let a = self.get(a);
                (out, if a < L::ZERO { fits(a.negated())? } else { a })
            }
            I::Sign { out, a } => (out, sign(self.get(a))?),
            I::SignEnclosed { out, a, within } => {
                let order = self.enclosed_order(self.get(a), L::ZERO, &enclosure(program, within)?)?;
                (out, fits(L::from_wide(order as i128))?)
            }
            I::Add { out, a, b } => (out, fits(self.get(a).plus(self.get(b)))?),
            I::Subtract { out, a, b } => (out, fits(self.get(a).minus(self.get(b)))?),
            I::Multiply { out, a, b } => (out, fits(self.get(a).times(self.get(b)))?),
            I::Scale { out, a, factor } => (out, fits(self.get(a).times(factor))?),
            I::Sum { out, first, count, offset } => {
                let mut sum = offset;
                for (slot, weight) in part(&program.terms, first, count)? {
                    sum = fits(sum.plus(fits(self.get(*slot).times(*weight))?))?;
                }
                (out, sum)
            }
            I::Gather { sum, weights, score, weight } => {
                let (score, weight) = (self.get(score), self.get(weight));
                if score == L::MISSING {
                    return Ok(None);
                }
                let total = fits(self.get(weights).plus(weight))?;
                self.set(weights, total);
                (sum, fits(self.get(sum).plus(fits(score.times(weight))?))?)
            }
            I::Ratio { out, a, b, factor, mode } => (out, self.ratio(a, b, factor, mode)?.0),
            I::RatioOr { out, a, b, factor, mode, when_zero } => {
                let value =
                    if self.get(b) == L::ZERO { self.get(when_zero) } else { self.ratio(a, b, factor, mode)?.0 };
                (out, value)
            }
            I::Quotient { out, shown, a, b, factor, bit } => (out, self.quotient(a, b, shown, factor, bit)?),
            I::QuotientOr { out, shown, a, b, factor, bit, when_zero } => {
                let value = if self.get(b) == L::ZERO {
                    self.set(shown, self.get(when_zero));
                    self.get(when_zero)
                } else {
                    self.quotient(a, b, shown, factor, bit)?
                };
                (out, value)
            }
            I::Round { out, a, unit, mode } => (out, fits(self.get(a).ratio(L::ONE, unit, mode))?.0),
            I::RoundEnclosed { out, a, unit, mode, within } => {
                (out, self.round_enclosed(self.get(a), unit, mode, &enclosure(program, within)?)?)
            }
            I::SquareRoot { out, a, factor } => (out, square_root(self.get(a), factor)?),
            I::Minimum { out, a, b } => (out, self.get(a).min(self.get(b))),
            I::Maximum { out, a, b } => (out, self.get(a).max(self.get(b))),
            I::Clamp { out, a, low, high } => (out, self.get(a).max(self.get(low)).min(self.get(high))),
            I::MinimumEnclosed { out, a, b, within } => {
                (out, self.extreme_enclosed(self.get(a), self.get(b), Ordering::Less, &enclosure(program, within)?)?)
            }
            I::MaximumEnclosed { out, a, b, within } => {
                (out, self.extreme_enclosed(self.get(a), self.get(b), Ordering::Greater, &enclosure(program, within)?)?)
            }
            I::Median { out, first, count } => (out, self.median(program, first, count)?),
            I::Compare { out, test, a, b } => (out, truth(test.holds(&self.get(a), &self.get(b)))),
            I::CompareEnclosed { out, sign, a, b, within } => {
                let order = self.enclosed_order(self.get(a), self.get(b), &enclosure(program, within)?)?;
                (out, truth(ops::holds(sign, order)))
            }
            I::CompareText { out, equal, a, b } => (out, truth(self.same_text(program, a, b)? == equal)),
            I::Not { out, a } => (out, truth(self.get(a) == L::ZERO)),
            I::Bands { out, a, reached, first, count } => {
                let value = self.get(a);
                let mut found = None;
                for (edge, result) in part(&program.edges, first, count)? {
                    found = Some(*result);
                    if (value >= *edge) == reached {
                        break;
                    }
                }
                (out, found.ok_or(Escape::Exact)?)
            }
            I::BandsEnclosed { out, a, sign, first, count, within } => {
                let value = self.get(a);
                let within = enclosure(program, within)?;
                let bands = part(&program.edges, first, count)?;
                let mut found = None;
                for (at, (edge, result)) in bands.iter().enumerate() {
                    found = Some(*result);
                    // the last is what holds otherwise
                    if at + 1 == bands.len() || ops::holds(sign, self.enclosed_order(value, *edge, &within)?) {
                        break;
                    }
                }
                (out, found.ok_or(Escape::Exact)?)
            }
            I::Lines { out, divisor, a, first, count } => {
                let value = self.get(a);
                let lines = part(&program.lines, first, count)?;
                let line = lines.iter().find(|line| value <= line.upto).or(lines.last()).ok_or(Escape::Exact)?;
                self.set(divisor, line.divisor);
                (out, on_line(value, line)?)
            }
            I::LinesEnclosed { out, divisor, a, first, count, within } => {
                let within = enclosure(program, within)?;
                let value = self.get(a);
                let line = self.line_enclosed(value, part(&program.lines, first, count)?, &within)?;
                self.set(divisor, line.divisor);
                (out, on_line(value, &line)?)
            }
            I::Lookup { out, table, first, count } => (out, self.lookup(program, table, first, count)?),
            I::DatePart { out, part, a } => (out, counted(&ops::date_part(part, self.date(a)?))?),
            I::DateSpan { out, span, a, b } => (out, counted(&ops::date_span(span, self.date(a)?, self.date(b)?))?),
            I::DateShift { out, shift, a, by } => {
                let moved = ops::date_shift(shift, self.date(a)?, &self.whole(by)?).map_err(|_| Escape::Exact)?;
                (out, days(moved)?)
            }
            I::EndOfMonth { out, a } => (out, days(self.date(a)?.end_of_month())?),
            I::MakeDate { out, year, month, day } => {
                let made = ops::make_date(&self.whole(year)?, &self.whole(month)?, &self.whole(day)?);
                (out, days(made.map_err(|_| Escape::Exact)?)?)
            }
            I::Whole { out, a, unit } => match fits(self.get(a).ratio(L::ONE, unit, RoundingMode::Down))? {
                (value, true) => (out, value),
                (_, false) => return Err(Escape::Exact),
            },
            I::Below { a, bound, escape, optional } => {
                let value = self.get(a);
                if (optional && value == L::MISSING) || (value < bound && bound.plus(value) > Some(L::ZERO)) {
                    return Ok(None);
                }
                return Err(escape);
            }
        };
        self.set(out, value);
        Ok(None)
    }

    /// A value in other units, or nothing; a number that looks like nothing does not fit.
    #[inline(always)]
    fn optional(&self, from: Slot, factor: L, optional: bool) -> Run<L> {
        let value = self.get(from);
        if optional && value == L::MISSING {
            return Ok(value);
        }
        match value.times(factor) {
            Some(value) if value != L::MISSING => Ok(value),
            _ => Err(Escape::Wider),
        }
    }

    #[inline(always)]
    fn ratio(&self, a: Slot, b: Slot, factor: L, mode: RoundingMode) -> Run<(L, bool)> {
        let divisor = self.get(b);
        if divisor == L::ZERO {
            return Err(Escape::Exact);
        }
        fits(self.get(a).ratio(factor, divisor, mode))
    }

    #[inline(always)]
    fn quotient(&mut self, a: Slot, b: Slot, shown: Slot, factor: L, bit: u8) -> Run<L> {
        let divisor = self.get(b);
        if divisor == L::ZERO {
            return Err(Escape::Exact);
        }
        let (quotient, half_up, exact) = fits(self.get(a).quotient(factor, divisor))?;
        self.set(shown, half_up);
        self.mark(Remainders::from(!exact) << bit);
        Ok(quotient)
    }

    /// How two values compare of which one or both are only known to within an error.
    #[inline(always)]
    fn enclosed_order(&self, a: L, b: L, within: &Enclosure<L>) -> Run<Ordering> {
        let distance = fits(a.minus(b))?;
        if distance > within.error {
            Ok(Ordering::Greater)
        } else if distance < fits(within.error.negated())? {
            Ok(Ordering::Less)
        } else if self.exact(within.sources | within.other) {
            Ok(a.cmp(&b))
        } else {
            Err(Escape::Wider)
        }
    }

    /// The smaller or the larger, exact when it is certain which one it is and that one is exact.
    #[inline(always)]
    fn extreme_enclosed(&mut self, a: L, b: L, wanted: Ordering, within: &Enclosure<L>) -> Run<L> {
        let order = a.cmp(&b);
        let certain = {
            let distance = if a > b { a.minus(b) } else { b.minus(a) };
            fits(distance)? > within.error
        };
        let first = order == wanted;
        let sources = match (certain, first) {
            (false, _) => within.sources | within.other,
            (true, true) => within.sources,
            (true, false) => within.other,
        };
        if !self.exact(sources) {
            self.mark(within.own);
        }
        Ok(if first { a } else { b })
    }

    /// Rounds a value that is only known to within an error, where the error cannot change the answer.
    #[inline]
    fn round_enclosed(&self, value: L, unit: L, mode: RoundingMode, within: &Enclosure<L>) -> Run<L> {
        if !self.exact(within.sources) {
            let (_, remainder) = fits(value.split(unit))?;
            match mode {
                RoundingMode::HalfUp | RoundingMode::HalfEven => {
                    certain_half(remainder, unit, within.error).ok_or(Escape::Wider)?;
                }
                // the others change from one whole unit to the next
                _ => {
                    let rest = fits(unit.minus(remainder))?;
                    if remainder <= within.error || rest <= within.error {
                        return Err(Escape::Wider);
                    }
                }
            }
        }
        fits(value.ratio(L::ONE, unit, mode)).map(|(rounded, _)| rounded)
    }

    #[inline]
    fn line_enclosed(&mut self, value: L, lines: &[Line<L>], within: &Enclosure<L>) -> Run<Line<L>> {
        let at = lines.iter().position(|line| value <= line.upto).unwrap_or(lines.len().saturating_sub(1));
        let line = lines.get(at).ok_or(Escape::Exact)?;
        if !self.exact(within.sources) {
            // on a flat line the answer is exact all the same, when it is certain that it is this line
            let above = match at.checked_sub(1).and_then(|before| lines.get(before)) {
                Some(before) => fits(value.minus(before.upto))? > within.error,
                None => true,
            };
            let below = at + 1 == lines.len() || fits(line.upto.minus(value))? > within.error;
            if line.slope != L::ZERO || !above || !below {
                self.mark(within.own);
            }
        }
        Ok(*line)
    }

    #[inline]
    fn median(&self, program: &Program<L>, first: u32, count: u32) -> Run<L> {
        let slots = part(&program.terms, first, count)?;
        let mut values = [L::ZERO; super::compile::MEDIAN];
        for (value, (slot, _)) in values.iter_mut().zip(slots) {
            *value = self.get(*slot);
        }
        let values = values.get_mut(..slots.len()).ok_or(Escape::Exact)?;
        values.sort_unstable();
        let middle = values.len() / 2;
        let upper = *values.get(middle).ok_or(Escape::Exact)?;
        if values.len() % 2 == 1 {
            return Ok(upper);
        }
        let lower = *middle.checked_sub(1).and_then(|at| values.get(at)).ok_or(Escape::Exact)?;
        fits(lower.plus(upper))
    }

    /// Whether two texts are the same; two that the program has no word for may be, unless they are one cell.
    #[inline]
    fn same_text(&self, program: &Program<L>, a: Slot, b: Slot) -> Run<bool> {
        let (a, b) = (self.get(a), self.get(b));
        let known = program.words.len() as i128;
        if a != b && a.to_wide() >= known && b.to_wide() >= known {
            return Err(Escape::Exact);
        }
        Ok(a == b)
    }

    #[inline]
    fn lookup(&self, program: &Program<L>, table: u32, first: u32, count: u32) -> Run<L> {
        let table = program.tables.get(table as usize).ok_or(Escape::Exact)?;
        let mut at = L::ZERO;
        for (key, stride) in part(&program.terms, first, count)? {
            at = fits(at.plus(fits(self.get(*key).times(*stride))?))?;
        }
        match usize::try_from(at.to_wide()).ok().and_then(|at| table.get(at)) {
            Some(value) if *value != L::MISSING => Ok(*value),
            _ => Err(Escape::Exact),
        }
    }

    #[inline]
    fn date(&self, slot: Slot) -> Run<Date> {
        let days = i32::try_from(self.get(slot).to_wide()).map_err(|_| Escape::Exact)?;
        Date::from_unix_days(days).ok_or(Escape::Exact)
    }

    #[inline]
    fn whole(&self, slot: Slot) -> Run<Number> {
        Ok(Number::from(self.get(slot).to_wide()))
    }
}

#[inline(always)]
fn fits<T>(value: Option<T>) -> Run<T> {
    value.ok_or(Escape::Wider)
}

#[inline(always)]
fn truth<L: Lane>(truth: bool) -> L {
    if truth { L::ONE } else { L::ZERO }
}

#[inline(always)]
fn sign<L: Lane>(value: L) -> Run<L> {
    match value.cmp(&L::ZERO) {
        Ordering::Less => fits(L::ONE.negated()),
        Ordering::Equal => Ok(L::ZERO),
        Ordering::Greater => Ok(L::ONE),
    }
}

#[inline(always)]
fn on_line<L: Lane>(value: L, line: &Line<L>) -> Run<L> {
    fits(fits(value.times(line.slope))?.plus(line.intercept))
}

#[inline(always)]
fn enclosure<L: Lane>(program: &Program<L>, at: u32) -> Run<Enclosure<L>> {
    program.enclosures.get(at as usize).copied().ok_or(Escape::Exact)
}

#[inline(always)]
fn part<T>(table: &[T], first: u32, count: u32) -> Run<&[T]> {
    let first = first as usize;
    table.get(first..first + count as usize).ok_or(Escape::Exact)
}

#[inline]
fn counted<L: Lane>(number: &Number) -> Run<L> {
    fits(number.to_i64().and_then(|value| L::from_wide(value.into())))
}

#[inline]
fn days<L: Lane>(date: Date) -> Run<L> {
    fits(L::from_wide(date.to_unix_days().into()))
}

/// The root of `value × factor`, rounded half up.
#[inline]
fn square_root<L: Lane>(value: L, factor: L) -> Run<L> {
    let square = fits(value.to_wide().checked_mul(factor.to_wide()))?;
    let square = u128::try_from(square).map_err(|_| Escape::Exact)?;
    let root = square.isqrt();
    // beyond the middle when the square is above root² + root, both being whole
    let rounded = if square - root * root > root { root + 1 } else { root };
    fits(i128::try_from(rounded).ok().and_then(L::from_wide))
}
