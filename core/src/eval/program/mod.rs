//! The fast tiers in front of the exact evaluator: a plan as a linear program over machine integers.
//!
//! Every scale, bound, weight and threshold is settled when the program is written, so that a row is a few dozen
//! checked integer operations. `eval/row.rs` stays the meaning: whatever is unusual in a row (a faulty cell, a number
//! that does not fit, a comparison that a carried quotient does not decide) makes the row leave the program, first for
//! the same program over wider integers, then for the exact evaluator.

mod around;
mod block;
mod compile;
mod float;
mod instruction;
mod lane;
mod load;
mod machine;
mod publish;

pub(crate) use around::Around;
pub(crate) use block::{BLOCK, Block};
pub(crate) use instruction::Escape;
pub(crate) use publish::of_cell;

use float::Float;
use instruction::Program;
use machine::{Machine, Slots};

use crate::outcome::Figure;
use crate::plan::{ColumnId, Plan};
use crate::row::Cell;

/// The programs of a plan for the columns that are asked for. A program that every row would leave is not there.
#[derive(Debug)]
pub(crate) struct Programs {
    narrow: Option<Program<i64>>,
    wide: Option<Program<i128>>,
    /// For many rows at once.
    many: Option<Program<Float>>,
    /// The inputs that programs for single rows read or show.
    inputs: Vec<usize>,
}

/// How many slots a program for many rows may have: each is a column of a block.
const COLUMNS: usize = 4096;

impl Programs {
    pub(crate) fn new(plan: &Plan, shown: &[ColumnId]) -> Self {
        let many = compile::compile(plan, shown).filter(|program| program.slots <= COLUMNS);
        let (narrow, wide) = (compile::compile(plan, shown), compile::compile(plan, shown));
        let mut inputs: Vec<usize> = Vec::new();
        inputs.extend(narrow.iter().flat_map(Program::inputs));
        inputs.extend(wide.iter().flat_map(Program::inputs));
        inputs.sort_unstable();
        inputs.dedup();
        Self { narrow, wide, many, inputs }
    }

    /// The inputs of which [`Machines::answer`] looks at the cells, by their numbers.
    pub(crate) fn inputs(&self) -> &[usize] {
        &self.inputs
    }
}

/// Which tier answered a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    /// 64-bit integers.
    Narrow,
    /// 128-bit integers.
    Wide,
}

/// The slots of both lanes, made when a row first needs them and kept.
#[derive(Debug, Default)]
pub(crate) struct Machines {
    narrow: Option<Machine<i64>>,
    wide: Option<Machine<i128>>,
}

impl Machines {
    /// Writes the figures of a row, one for each column asked for.
    ///
    /// # Errors
    ///
    /// [`Escape`] when no program knows, and only the exact evaluator can tell; the figures are then half written.
    #[inline]
    pub(crate) fn answer(
        &mut self,
        programs: &Programs,
        (plan, cells): (&Plan, &[Cell]),
        (around, row): (&Around<'_>, usize),
        figures: &mut [Figure],
    ) -> Result<Tier, Escape> {
        if let Some(program) = &programs.narrow
            && let Some(machine) = prepared(&mut self.narrow, program)
        {
            match answer_in(machine, program, (plan, cells), (around, row), figures) {
                Ok(()) => return Ok(Tier::Narrow),
                Err(Escape::Exact) => return Err(Escape::Exact),
                Err(Escape::Wider) => {}
            }
        }
        let program = programs.wide.as_ref().ok_or(Escape::Exact)?;
        let machine = prepared(&mut self.wide, program).ok_or(Escape::Exact)?;
        answer_in(machine, program, (plan, cells), (around, row), figures)?;
        Ok(Tier::Wide)
    }
}

#[inline]
fn prepared<'m, L: lane::Lane>(
    machine: &'m mut Option<Machine<L>>,
    program: &Program<L>,
) -> Option<&'m mut Machine<L>> {
    if machine.is_none() {
        *machine = Machine::new(program);
    }
    machine.as_mut()
}

#[inline]
fn answer_in<L: lane::Lane>(
    machine: &mut Machine<L>,
    program: &Program<L>,
    (plan, cells): (&Plan, &[Cell]),
    (around, row): (&Around<'_>, usize),
    figures: &mut [Figure],
) -> Result<(), Escape> {
    machine.load(program, plan, cells)?;
    for load in &program.groups {
        load.load(machine, around, row)?;
    }
    for load in &program.given {
        machine.set(load.slot, load.lane(around)?);
    }
    machine.run(program)?;
    machine.publish(program, plan, cells, figures)
}
