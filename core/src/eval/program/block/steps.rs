//! One instruction on the rows of a block.

use super::super::float::Float;
use super::super::instruction::{Address, Enclosure, Instruction, Program, Remainders, Slot};
use super::super::lane::Lane;
use super::super::machine::Slots;
use super::rows::Rows;
use super::{Block, Row, halves, kernels};
use crate::number::RoundingMode;
use kaohe_grammar::ComparisonOperator;

impl Block {
    pub(super) fn step(&mut self, program: &Program<Float>, instruction: Instruction<Float>) {
        if !self.quickly(program, instruction) {
            self.row_by_row(program, instruction, self.active);
        }
    }

    /// What `Slots::step` says, for some of the rows.
    fn row_by_row(&mut self, program: &Program<Float>, instruction: Instruction<Float>, rows: Rows) {
        let mut jumping: Option<(Address, Rows)> = None;
        for row in rows.iter() {
            match (Row { block: self, row }).step(program, instruction) {
                Ok(None) => {}
                Ok(Some(to)) => jumping.get_or_insert((to, Rows::NONE)).1.insert(row),
                Err(_) => self.leave(row),
            }
        }
        if let Some((to, rows)) = jumping {
            self.wait(to, rows);
        }
    }

    /// Does an instruction by a kernel; not all have one.
    #[inline]
    fn quickly(&mut self, program: &Program<Float>, instruction: Instruction<Float>) -> bool {
        use Instruction as I;
        match instruction {
            I::Jump { to } => {
                let all = self.active;
                self.wait(to, all);
                true
            }
            I::JumpUnless { condition, to } => self.part(condition, to, |value| value == 0.0),
            I::JumpIf { condition, to } => self.part(condition, to, |value| value != 0.0),
            I::JumpIfMissing { value, to } => self.part(value, to, |value| value == Float::MISSING.0),
            I::Unless { test, a, b, to } => {
                let (Some(a), Some(b)) = (self.slots.get(usize::from(a)), self.slots.get(usize::from(b))) else {
                    return false;
                };
                let mut jumping = self.active;
                jumping.retain(|from| {
                    bits(from, |at| match (a.get(at), b.get(at)) {
                        (Some(a), Some(b)) => !test.holds(&Float(*a), &Float(*b)),
                        _ => false,
                    })
                });
                self.jump(to, jumping);
                true
            }
            I::Present { value } => self.column(value).is_some_and(|column| kernels::none_is(column, Float::MISSING.0)),
            I::Below { a, bound, .. } => self.column(a).is_some_and(|column| kernels::all_below(column, bound.0)),
            I::Move { out, from } => self.one(program, instruction, out, from, |out, from| {
                out.copy_from_slice(from);
                true
            }),
            I::MoveOptional { out, from, factor, optional } if !optional || factor.0 == 1.0 => {
                self.moved(program, instruction, out, from, factor)
            }
            I::MoveEnclosed { out, from, factor, optional, within } if !optional || factor.0 == 1.0 => {
                let Some(Enclosure { sources, own, .. }) = program.enclosures.get(within as usize).copied() else {
                    return false;
                };
                self.moved(program, instruction, out, from, factor) && self.pass_on(own, |_| sources)
            }
            I::Negate { out, a } => self.one(program, instruction, out, a, kernels::negate),
            I::Absolute { out, a } => self.one(program, instruction, out, a, kernels::absolute),
            I::Not { out, a } => self.one(program, instruction, out, a, kernels::opposite),
            I::Add { out, a, b } => self.two(program, instruction, out, a, b, kernels::add),
            I::Subtract { out, a, b } => self.two(program, instruction, out, a, b, kernels::subtract),
            I::Multiply { out, a, b } => self.two(program, instruction, out, a, b, kernels::multiply),
            I::Minimum { out, a, b } => self.two(program, instruction, out, a, b, kernels::minimum),
            I::Maximum { out, a, b } => self.two(program, instruction, out, a, b, kernels::maximum),
            I::Scale { out, a, factor } => {
                self.one(program, instruction, out, a, |out, a| kernels::scale(out, a, factor.0))
            }
            I::Clamp { out, a, low, high } => {
                let (Some(low), Some(high)) = (self.known(low), self.known(high)) else { return false };
                self.one(program, instruction, out, a, |out, a| kernels::clamp(out, a, low, high))
            }
            I::Compare { out, test, a, b } => self.two(program, instruction, out, a, b, |out, a, b| {
                if test.equal {
                    kernels::equal(out, a, b, test.opposite)
                } else {
                    kernels::at_least(out, a, b, test.opposite)
                }
            }),
            I::CompareEnclosed { out, sign, a, b, within } => {
                let Some(within) = program.enclosures.get(within as usize) else { return false };
                let (a, b, opposite) = match sign {
                    ComparisonOperator::AtLeast => (a, b, false),
                    ComparisonOperator::Less => (a, b, true),
                    ComparisonOperator::AtMost => (b, a, false),
                    ComparisonOperator::Greater => (b, a, true),
                    ComparisonOperator::Equal | ComparisonOperator::NotEqual => return false,
                };
                let error = within.error.0;
                self.two(program, instruction, out, a, b, |out, a, b| {
                    kernels::at_least_beyond(out, a, b, error, opposite)
                })
            }
            I::Round { out, a, unit, mode: RoundingMode::HalfUp } if unit.0 >= 10.0 => {
                self.one(program, instruction, out, a, |out, a| kernels::round(out, a, unit.0))
            }
            I::RoundEnclosed { out, a, unit, mode: RoundingMode::HalfUp | RoundingMode::HalfEven, within }
                if unit.0 >= 10.0 =>
            {
                let Some(within) = program.enclosures.get(within as usize) else { return false };
                let error = within.error.0;
                self.one(program, instruction, out, a, |out, a| kernels::round_within(out, a, unit.0, error))
            }
            I::Ratio { out, a, b, factor, mode: RoundingMode::HalfUp } => {
                self.two(program, instruction, out, a, b, |out, a, b| kernels::ratio(out, a, b, factor.0))
            }
            I::RatioOr { out, a, b, factor, mode: RoundingMode::HalfUp, when_zero } => {
                self.three(program, instruction, out, [a, b, when_zero], |out, a, b, when_zero| {
                    kernels::ratio_or(out, a, b, when_zero, factor.0)
                })
            }
            I::Quotient { out, a, b, factor, bit, .. } => {
                self.quotient(program, instruction, out, [a, b, b], bit, |out, beside, a, b, _| {
                    kernels::quotient(out, beside, a, b, factor.0)
                })
            }
            I::QuotientOr { out, a, b, factor, bit, when_zero, .. } => {
                self.quotient(program, instruction, out, [a, b, when_zero], bit, |out, beside, a, b, when_zero| {
                    kernels::quotient(out, beside, a, b, factor.0);
                    kernels::when_zero(out, beside, b, when_zero);
                    kernels::all_below(out, super::super::float::LIMIT)
                })
            }
            I::MinimumEnclosed { out, a, b, within } => self.extreme(program, instruction, [out, a, b], within, true),
            I::MaximumEnclosed { out, a, b, within } => self.extreme(program, instruction, [out, a, b], within, false),
            I::Sum { out, first, count, offset } => self.sum(program, instruction, out, (first, count), offset),
            I::Bands { out, a, reached, first, count } => {
                let Some((edges, otherwise)) = bands(program, first, count) else { return false };
                self.one(program, instruction, out, a, |out, a| {
                    kernels::bands(out, a, edges, otherwise, reached);
                    true
                })
            }
            I::BandsEnclosed { out, a, sign, first, count, within } => {
                let (Some((edges, otherwise)), Some(within)) =
                    (bands(program, first, count), program.enclosures.get(within as usize))
                else {
                    return false;
                };
                let error = within.error.0;
                // beyond the error either sign of a pair comes to the same
                let reached = matches!(sign, ComparisonOperator::AtLeast | ComparisonOperator::Greater);
                self.one(program, instruction, out, a, |out, a| {
                    kernels::bands(out, a, edges, otherwise, reached);
                    edges.iter().fold(true, |all, (edge, _)| kernels::refuse_near(out, a, edge.0, error) & all)
                })
            }
            I::Lines { out, divisor, a, first, count } => {
                self.lines(program, instruction, [out, divisor, a], (first, count))
            }
            I::Lookup { out, table, first, count } => self.lookup(program, instruction, out, table, (first, count)),
            _ => false,
        }
    }

    fn column(&self, slot: Slot) -> Option<&[f64]> {
        self.slots.get(usize::from(slot)).and_then(|column| column.get(..self.width))
    }

    /// What a slot holds that is the same in every row.
    fn known(&self, slot: Slot) -> Option<f64> {
        self.slots.get(usize::from(slot)).and_then(|column| column.first()).copied()
    }

    /// The rows of which the slot's value says so jump.
    fn part(&mut self, slot: Slot, to: Address, jumps: impl Fn(f64) -> bool) -> bool {
        let Some(column) = self.slots.get(usize::from(slot)) else { return false };
        let mut jumping = self.active;
        jumping.retain(|from| bits(from, |at| column.get(at).is_some_and(|value| jumps(*value))));
        self.jump(to, jumping);
        true
    }

    fn jump(&mut self, to: Address, jumping: Rows) {
        if !jumping.is_empty() {
            self.wait(to, jumping);
        }
    }

    /// Puts what a kernel has written in its place; rows it has refused are done step by step.
    fn settle(&mut self, program: &Program<Float>, instruction: Instruction<Float>, out: Slot, all: bool) -> bool {
        let mut refused = Rows::NONE;
        if !all {
            refused = self.active;
            let spare = &self.spare;
            refused.retain(|from| {
                bits(from, |at| {
                    spare.get(at).is_some_and(|value| value.is_nan() || value.abs() >= super::super::float::LIMIT)
                })
            });
        }
        let place = usize::from(out);
        let keeps = !self.together && self.joined.get(place) == Some(&true);
        let Some(column) = self.slots.get_mut(place) else { return false };
        if keeps {
            for row in self.active.iter() {
                if let (Some(cell), Some(value)) = (column.get_mut(row), self.spare.get(row)) {
                    *cell = *value;
                }
            }
        } else {
            std::mem::swap(column, &mut self.spare);
        }
        if !refused.is_empty() {
            self.row_by_row(program, instruction, refused);
        }
        true
    }

    fn one(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        out: Slot,
        a: Slot,
        kernel: impl FnOnce(&mut [f64], &[f64]) -> bool,
    ) -> bool {
        if out == a {
            return false;
        }
        let width = self.width;
        let (Some(spare), Some(a)) =
            (self.spare.get_mut(..width), self.slots.get(usize::from(a)).and_then(|column| column.get(..width)))
        else {
            return false;
        };
        let all = kernel(spare, a);
        self.settle(program, instruction, out, all)
    }

    fn two(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        out: Slot,
        a: Slot,
        b: Slot,
        kernel: impl FnOnce(&mut [f64], &[f64], &[f64]) -> bool,
    ) -> bool {
        self.three(program, instruction, out, [a, b, b], |out, a, b, _| kernel(out, a, b))
    }

    fn three(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        out: Slot,
        read: [Slot; 3],
        kernel: impl FnOnce(&mut [f64], &[f64], &[f64], &[f64]) -> bool,
    ) -> bool {
        if read.contains(&out) {
            return false;
        }
        let width = self.width;
        let [a, b, c] = read.map(|slot| self.slots.get(usize::from(slot)).and_then(|column| column.get(..width)));
        let (Some(spare), Some(a), Some(b), Some(c)) = (self.spare.get_mut(..width), a, b, c) else { return false };
        let all = kernel(spare, a, b, c);
        self.settle(program, instruction, out, all)
    }

    /// A quotient, and the bit that says whether it had a remainder.
    fn quotient(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        out: Slot,
        read: [Slot; 3],
        bit: u8,
        kernel: impl FnOnce(&mut [f64], &mut [f64], &[f64], &[f64], &[f64]) -> bool,
    ) -> bool {
        let mut beside = std::mem::take(&mut self.beside);
        let width = self.width;
        let done = beside.get_mut(..width).is_some_and(|beside| {
            self.three(program, instruction, out, read, |out, a, b, c| kernel(out, beside, a, b, c))
        });
        if done {
            // a bit too many only sends a row to another tier, and who is not here has the bit for nothing
            for (marks, bits) in self.marks.iter_mut().zip(halves(1 << bit)) {
                if let (true, Some(marks), Some(beside)) = (bits != 0, marks.get_mut(..width), beside.get(..width)) {
                    kernels::mark(marks, beside, bits);
                }
            }
        }
        self.beside = beside;
        done
    }

    fn moved(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        out: Slot,
        from: Slot,
        factor: Float,
    ) -> bool {
        self.one(program, instruction, out, from, |out, from| {
            if factor.0 == 1.0 {
                out.copy_from_slice(from);
                true
            } else {
                kernels::scale(out, from, factor.0)
            }
        })
    }

    /// Marks the rows of which a quotient they depend on had a remainder.
    fn pass_on(&mut self, own: Remainders, sources: impl Fn(usize) -> Remainders) -> bool {
        for row in self.active.iter() {
            let mut row = Row { block: self, row };
            if !row.exact(sources(row.row)) {
                row.mark(own);
            }
        }
        true
    }

    /// The smaller or larger of two values that need not be exact.
    fn extreme(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        [out, a, b]: [Slot; 3],
        within: u32,
        smaller: bool,
    ) -> bool {
        let Some(Enclosure { error, sources, own, other }) = program.enclosures.get(within as usize).copied() else {
            return false;
        };
        if out == a || out == b {
            return false;
        }
        let width = self.width;
        let [first, second] =
            [a, b].map(|slot| self.slots.get(usize::from(slot)).and_then(|column| column.get(..width)));
        let (Some(first), Some(second), Some(spare)) = (first, second, self.spare.get_mut(..width)) else {
            return false;
        };
        let [low, high] = &mut self.marks;
        let (sources, other, own) = (halves(sources), halves(other), halves(own));
        let (low, high) = (low.get_mut(..width), high.get_mut(..width));
        let (Some(low), Some(high)) = (low, high) else { return false };
        kernels::extreme(
            spare,
            [low, high],
            first,
            second,
            &kernels::Inexact { error: error.0, sources, other, own },
            smaller,
        );
        self.settle(program, instruction, out, true)
    }

    fn sum(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        out: Slot,
        (first, count): (u32, u32),
        offset: Float,
    ) -> bool {
        let width = self.width;
        let Some(terms) = program.terms.get(first as usize..).and_then(|terms| terms.get(..count as usize)) else {
            return false;
        };
        if terms.iter().any(|(slot, _)| *slot == out) {
            return false;
        }
        let Some(spare) = self.spare.get_mut(..width) else { return false };
        spare.fill(offset.0);
        let mut all = true;
        for (slot, weight) in terms {
            let Some(column) = self.slots.get(usize::from(*slot)).and_then(|column| column.get(..width)) else {
                return false;
            };
            all &= kernels::add_product(spare, column, weight.0);
        }
        self.settle(program, instruction, out, all)
    }

    fn lines(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        [out, divisor, a]: [Slot; 3],
        (first, count): (u32, u32),
    ) -> bool {
        let Some(lines) = program.lines.get(first as usize..).and_then(|lines| lines.get(..count as usize)) else {
            return false;
        };
        let lines: Vec<kernels::Line> =
            lines.iter().map(|line| [line.upto.0, line.slope.0, line.intercept.0, line.divisor.0]).collect();
        let (mut beside, mut third) = (std::mem::take(&mut self.beside), std::mem::take(&mut self.third));
        let width = self.width;
        let done = match (beside.get_mut(..width), third.get_mut(..width)) {
            (Some(divisors), Some(intercepts)) => {
                self.one(program, instruction, out, a, |out, a| kernels::lines(out, [divisors, intercepts], a, &lines))
            }
            _ => false,
        };
        self.third = third;
        if let (true, Some(column)) = (done, self.slots.get_mut(usize::from(divisor))) {
            std::mem::swap(column, &mut beside);
        }
        self.beside = beside;
        done
    }

    fn lookup(
        &mut self,
        program: &Program<Float>,
        instruction: Instruction<Float>,
        out: Slot,
        table: u32,
        (first, count): (u32, u32),
    ) -> bool {
        let width = self.width;
        let terms = program.terms.get(first as usize..).and_then(|terms| terms.get(..count as usize));
        let (Some([(key, stride)]), Some(table)) = (terms, program.tables.get(table as usize)) else { return false };
        if stride.0 != 1.0 {
            return false;
        }
        self.one(program, instruction, out, *key, |out, keys| {
            let mut all = true;
            for (out, key) in out.iter_mut().zip(keys) {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "what is no place is refused"
                )]
                let found = if *key >= 0.0 { table.get(*key as usize) } else { None };
                *out = found.map_or(kernels::REFUSED, |value| value.0);
                all &= out.abs() < super::super::float::LIMIT;
            }
            debug_assert!(keys.len() == width, "a whole column is looked up");
            all
        })
    }
}

/// The edges of bands, and what holds otherwise.
fn bands(program: &Program<Float>, first: u32, count: u32) -> Option<(&[(Float, Float)], f64)> {
    let all = program.edges.get(first as usize..)?.get(..count as usize)?;
    let (last, edges) = all.split_last()?;
    Some((edges, last.1.0))
}

/// One bit for each of 64 rows.
#[inline(always)]
fn bits(from: usize, which: impl Fn(usize) -> bool) -> u64 {
    let mut word = 0;
    for bit in 0..64 {
        word |= u64::from(which(from + bit)) << bit;
    }
    word
}
