//! The fast tiers in front of the exact evaluator: a plan as a linear program over machine integers.
//!
//! Every scale, bound, weight and threshold is settled when the program is written, so that a row is a few dozen
//! checked integer operations. `eval/row.rs` stays the meaning: whatever is unusual in a row (a faulty cell, a number
//! that does not fit, a comparison that a carried quotient does not decide) makes the row leave the program, first for
//! the same program over wider integers, then for the exact evaluator.

mod around;
mod aside;
mod block;
mod compile;
mod float;
mod instruction;
mod lane;
mod lanes;
mod load;
mod machine;
mod over_rows;
mod publish;

pub(crate) use around::Around;
pub(crate) use aside::{Aside, AsideLanes};
pub(crate) use block::{BLOCK, Block};
pub(crate) use instruction::Escape;
pub(crate) use lanes::{Lanes, is_kept};
pub(crate) use over_rows::{OverRows, PersonLanes, Reading, RowLanes};
pub(crate) use publish::of_cell;

use std::sync::Arc;

use float::Float;
use instruction::Program;
use lanes::Known;
use machine::{Machine, Slots};

use crate::outcome::Figure;
use crate::plan::{ColumnId, Plan};
use crate::row::Cell;

/// The programs of a plan for the columns that are asked for. A program that every row would leave is not there.
#[derive(Debug)]
pub(crate) struct Programs {
    narrow: Option<Arc<Program<i64>>>,
    wide: Option<Arc<Program<i128>>>,
    /// For many rows at once, and what it leaves to the exact evaluator.
    many: Option<Many>,
    /// The figures over detail rows that are computed in lanes before.
    over_rows: Arc<[OverRows]>,
    /// The inputs that programs for single rows read or show.
    inputs: Arc<[usize]>,
}

/// A program for many rows.
#[derive(Debug)]
struct Many {
    program: Program<Float>,
    /// The columns that are computed aside from it.
    aside: Option<Aside>,
}

/// How many slots a program for many rows may have: each is a column of a block.
const COLUMNS: usize = 4096;

impl Programs {
    pub(crate) fn new(plan: &Plan, shown: &[ColumnId]) -> Self {
        Self::with(plan, shown, compile::over_rows(plan, shown).into(), None)
    }

    /// The programs of other columns, which are computed on the way to these: what is kept by then is not computed again.
    pub(crate) fn of_stage(&self, plan: &Plan, shown: &[ColumnId], lanes: &Lanes) -> Self {
        Self::with(plan, shown, Arc::clone(&self.over_rows), Some(lanes))
    }

    fn with(plan: &Plan, shown: &[ColumnId], over_rows: Arc<[OverRows]>, lanes: Option<&Lanes>) -> Self {
        // single rows have no lanes
        let nothing = Known::default();
        let narrow = compile::compile(plan, shown, &nothing).map(Arc::new);
        let wide = compile::compile(plan, shown, &nothing).map(Arc::new);
        let mut inputs: Vec<usize> = Vec::new();
        inputs.extend(narrow.iter().flat_map(|program| program.inputs()));
        inputs.extend(wide.iter().flat_map(|program| program.inputs()));
        inputs.sort_unstable();
        inputs.dedup();
        let many = many((plan, shown), narrow.is_some() || wide.is_some(), &over_rows, lanes);
        Self { narrow, wide, many, over_rows, inputs: inputs.into() }
    }

    /// The programs of the same columns after all stages: what is kept by then is not computed again.
    pub(crate) fn after(self: &Arc<Self>, plan: &Plan, shown: &[ColumnId], lanes: &Lanes) -> Arc<Self> {
        if lanes.columns().next().is_none() {
            return Arc::clone(self);
        }
        Arc::new(Self {
            narrow: self.narrow.clone(),
            wide: self.wide.clone(),
            many: many((plan, shown), self.narrow.is_some() || self.wide.is_some(), &self.over_rows, Some(lanes)),
            over_rows: Arc::clone(&self.over_rows),
            inputs: Arc::clone(&self.inputs),
        })
    }

    /// The figures over detail rows that are computed in lanes before.
    pub(crate) fn over_rows(&self) -> &[OverRows] {
        &self.over_rows
    }

    /// What is computed before each block aside from the program for many rows.
    pub(crate) fn aside(&self) -> Option<&Aside> {
        self.many.as_ref().and_then(|many| many.aside.as_ref())
    }

    /// The inputs of which [`Machines::answer`] looks at the cells, by their numbers.
    pub(crate) fn inputs(&self) -> &[usize] {
        &self.inputs
    }
}

/// The program for many rows, when it is not too wide. Where single rows have none, it need not be of all columns: what the
/// exact evaluator takes for some of a row is less than for the whole.
fn many(
    (plan, shown): (&Plan, &[ColumnId]),
    rows_have_one: bool,
    over_rows: &[OverRows],
    lanes: Option<&Lanes>,
) -> Option<Many> {
    let known = Known {
        columns: lanes.into_iter().flat_map(Lanes::columns).collect(),
        figures: over_rows.iter().flat_map(OverRows::known).collect(),
        ..Known::default()
    };
    let program = if rows_have_one {
        compile::compile(plan, shown, &known)
    } else {
        compile::compile_leaving_aside(plan, shown, known)
    };
    let program = program.filter(|program| program.slots <= COLUMNS)?;
    let aside = Aside::of(plan, &program, shown);
    Some(Many { program, aside })
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
    machine.load(program, &plan.inputs, cells)?;
    for load in &program.groups {
        load.load(machine, around, row)?;
    }
    for load in &program.given {
        machine.set(load.slot, load.lane(around)?);
    }
    machine.run(program)?;
    machine.publish(program, plan, cells, figures)
}
