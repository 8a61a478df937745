//! A program over many rows at once: one instruction for a block of rows, then the next.
//!
//! Slots are columns of whole numbers in floats. Where rows part ways, those that jump wait at their target, and slots that
//! several ways lead to are written for the rows that are there. What a kernel refuses, and every instruction that has
//! none, is done row by row as `Slots::step` says; a row for which that has no answer leaves the block and is answered by
//! the tiers for single rows. So this is never a second meaning, only a quicker way to the same.

mod groups;
mod kernels;
mod load;
mod publish;
mod rows;
mod steps;

use std::ops::Range;

use super::float::Float;
use super::instruction::{Address, Program, Remainders, Slot};
use super::machine::{ALWAYS, Slots};
use super::{Around, AsideLanes, Many, Programs};
use crate::column::{Column, FiguresPart};
use crate::plan::{Input, Plan};
use groups::GroupLanes;
pub(in crate::eval::program) use rows::Rows;

/// How many rows are worked on together: few enough that their slots stay in the cache.
pub(crate) const BLOCK: usize = 1024;

/// The lowest quotients of the remainders; the others are the high ones.
const LOW: u32 = u64::BITS;

/// The slots of a block of rows.
#[derive(Debug)]
pub(crate) struct Block {
    slots: Vec<Vec<f64>>,
    /// Where a result is written before it takes the place of what its slot holds.
    spare: Vec<f64>,
    /// The same of a second result.
    beside: Vec<f64>,
    /// Room for what is only needed on the way.
    third: Vec<f64>,
    /// The quotients of each row that had a remainder, the low and the high bits.
    marks: [Vec<u64>; 2],
    /// The slots that several ways lead to.
    joined: Vec<bool>,
    /// How many rows are looked at, filled up to whole vectors.
    width: usize,
    /// The rows that are here.
    active: Rows,
    /// Whether all rows that have not left are here.
    together: bool,
    /// The rows that wait at an instruction further on.
    waiting: Vec<(Address, Rows)>,
    /// The rows that have left the block.
    gone: Rows,
    /// What is known of each figure over groups, when it was first looked at.
    groups: Vec<Option<GroupLanes>>,
}

/// One row of a block.
struct Row<'b> {
    block: &'b mut Block,
    row: usize,
}

impl Slots<Float> for Row<'_> {
    #[inline(always)]
    fn get(&self, slot: Slot) -> Float {
        let column = self.block.slots.get(usize::from(slot));
        Float(column.and_then(|column| column.get(self.row)).copied().unwrap_or(0.0))
    }

    #[inline(always)]
    fn set(&mut self, slot: Slot, value: Float) {
        if let Some(cell) = self.block.slots.get_mut(usize::from(slot)).and_then(|column| column.get_mut(self.row)) {
            *cell = value.0;
        }
    }

    #[inline(always)]
    fn remainders(&self) -> Remainders {
        let [low, high] = &self.block.marks;
        let word = |words: &[u64]| Remainders::from(words.get(self.row).copied().unwrap_or(0));
        word(low) | word(high) << LOW
    }

    #[inline(always)]
    fn mark(&mut self, quotients: Remainders) {
        for (words, bits) in self.block.marks.iter_mut().zip(halves(quotients)) {
            if let Some(word) = words.get_mut(self.row) {
                *word |= bits;
            }
        }
    }
}

/// The low and the high bits.
#[expect(clippy::cast_possible_truncation, reason = "the two words of the bits, one after the other")]
const fn halves(quotients: Remainders) -> [u64; 2] {
    [quotients as u64, (quotients >> LOW) as u64]
}

impl Block {
    /// Slots with the program's constants in them, for blocks of at most so many rows.
    pub(super) fn new(program: &Program<Float>, rows: usize) -> Self {
        let width = rows.clamp(1, BLOCK).next_multiple_of(kernels::LANES);
        let mut slots = vec![vec![0.0; width]; program.slots];
        for (slot, value) in &program.constants {
            if let Some(column) = slots.get_mut(usize::from(*slot)) {
                column.fill(value.0);
            }
        }
        let mut writes = vec![0_u32; program.slots];
        for slot in program.code.iter().flat_map(|instruction| instruction.written()).flatten() {
            if let Some(count) = writes.get_mut(usize::from(slot)) {
                *count = count.saturating_add(1);
            }
        }
        Self {
            slots,
            spare: vec![0.0; width],
            beside: vec![0.0; width],
            third: vec![0.0; width],
            marks: [vec![0; width], vec![0; width]],
            joined: writes.into_iter().map(|count| count > 1).collect(),
            width: 0,
            active: Rows::NONE,
            together: true,
            waiting: Vec::new(),
            gone: Rows::NONE,
            groups: Vec::new(),
        }
    }

    /// Begins with the first so many rows of what follows, but for those that are gone before.
    fn begin(&mut self, program: &Program<Float>, rows: usize, gone: Rows) {
        self.width = rows.min(BLOCK).next_multiple_of(kernels::LANES);
        self.active = Rows::first(rows);
        self.active.take(&gone);
        self.together = true;
        self.waiting.clear();
        self.gone = gone;
        if program.quotients {
            let [low, high] = &mut self.marks;
            let [always, _] = halves(ALWAYS);
            low.fill(always);
            high.fill(0);
        }
    }

    /// Computes the slots of rows that follow each other, but for those that are gone before.
    pub(super) fn answer(
        &mut self,
        program: &Program<Float>,
        (inputs, columns): (&[Input], &[Column]),
        around: &Around<'_>,
        rows: Range<usize>,
        gone: Rows,
    ) {
        self.begin(program, rows.len(), gone);
        self.load(program, inputs, columns, rows.clone());
        self.load_around(program, around, rows);
        self.run(program);
    }

    /// A row leaves the block.
    fn leave(&mut self, row: usize) {
        self.active.remove(row);
        self.gone.insert(row);
    }

    /// Rows wait at an instruction further on.
    fn wait(&mut self, to: Address, rows: Rows) {
        self.active.take(&rows);
        self.together = false;
        match self.waiting.iter_mut().find(|(address, _)| *address == to) {
            Some((_, others)) => others.add(&rows),
            None => self.waiting.push((to, rows)),
        }
    }

    /// The rows that wait at this instruction go on.
    fn meet(&mut self, at: Address) {
        if let Some(place) = self.waiting.iter().position(|(address, _)| *address == at) {
            let (_, rows) = self.waiting.swap_remove(place);
            self.active.add(&rows);
            self.together = self.waiting.is_empty();
        }
    }

    /// Computes the slots of the rows whose inputs are loaded.
    fn run(&mut self, program: &Program<Float>) {
        let mut at = 0_usize;
        while let Some(instruction) = program.code.get(at) {
            let Ok(here) = Address::try_from(at) else { break };
            if !self.together {
                self.meet(here);
                if self.active.is_empty() {
                    let Some(next) = self.waiting.iter().map(|(address, _)| *address).min() else { break };
                    at = next as usize;
                    continue;
                }
            }
            at += 1;
            self.step(program, *instruction);
        }
        // who waits at the end has come through
        while let Some((_, rows)) = self.waiting.pop() {
            self.active.add(&rows);
        }
    }
}

impl Programs {
    /// The slots of a block, where there is a program for many rows, of which there are so many.
    pub(crate) fn block(&self, rows: usize) -> Option<Block> {
        self.many.as_ref().map(|many| Block::new(&many.program, rows))
    }

    /// Writes the figures of rows that follow each other, at most [`BLOCK`] of them, after those of which so many come
    /// `before` in the part, and says which rows it has no answer for: their places in `figures` still hold anything. What
    /// is computed aside is there already.
    pub(crate) fn answer_many(
        &self,
        block: &mut Block,
        (plan, columns): (&Plan, &[Column]),
        (around, aside): (&Around<'_>, &AsideLanes),
        rows: Range<usize>,
        (figures, before): (&mut [FiguresPart<'_>], usize),
    ) -> impl Iterator<Item = usize> + use<> {
        let start = rows.start;
        if let Some(Many { program, .. }) = &self.many {
            let around = Around { aside: Some(&aside.lanes), ..*around };
            block.answer(program, (&plan.inputs, columns), &around, rows.clone(), aside.gone);
            block.publish(program, (plan, columns), rows, (figures, before));
        }
        block.gone().iter().map(move |row| row.saturating_add(start))
    }
}
