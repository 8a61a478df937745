//! Figures over detail rows in lanes: what they read is computed for all rows of the table, then each person's rows are
//! brought together.

use std::ops::Range;

use super::block::{Block, Rows};
use super::float::{Float, LIMIT};
use super::instruction::{Program, Slot};
use super::lane::Lane;
use super::lanes::{KnownFigure, Lanes, Source, UNKNOWN};
use super::{Around, BLOCK};
use crate::column::Column;
use crate::plan::{AggregateFunction, DetailId, Input, NodeId};

/// The figures over the rows of one detail table that are computed in lanes.
#[derive(Debug)]
pub(crate) struct OverRows {
    pub(crate) table: DetailId,
    /// What the rows read of the people they belong to.
    pub(super) persons: Option<Reading>,
    /// What the figures read of the rows.
    pub(super) rows: Reading,
    pub(super) figures: Vec<OverRow>,
}

/// A program, and the slots that are read of each row it goes along.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(super) program: Program<Float>,
    pub(super) outputs: Vec<Slot>,
}

/// A figure over detail rows: what it reads are places among the outputs.
#[derive(Debug)]
pub(super) struct OverRow {
    pub(super) node: NodeId,
    pub(super) function: AggregateFunction,
    pub(super) filter: Option<usize>,
    pub(super) value: Option<usize>,
    pub(super) by: Option<usize>,
    pub(super) figure: KnownFigure,
}

/// What a program read of each row of a detail table: for each of its outputs a lane for each row.
#[derive(Debug, Default)]
pub(crate) struct RowLanes {
    outputs: Vec<Vec<f64>>,
}

/// The figures of people who follow each other: for each figure its lanes, and those of its denominator.
#[derive(Debug, Default)]
pub(crate) struct PersonLanes {
    figures: Vec<(Vec<f64>, Vec<f64>)>,
}

impl OverRows {
    /// What each figure is as a lane.
    pub(super) fn known(&self) -> impl Iterator<Item = (NodeId, KnownFigure)> {
        self.figures.iter().map(|figure| (figure.node, figure.figure))
    }

    /// What the rows read of the people they belong to.
    pub(crate) const fn persons(&self) -> Option<&Reading> {
        self.persons.as_ref()
    }

    /// What the figures read of the rows.
    pub(crate) const fn rows(&self) -> &Reading {
        &self.rows
    }

    /// The figures of people, each with his rows of the table; of whom these are not known nothing is.
    pub(crate) fn figures<'r>(&self, lanes: &RowLanes, people: impl Iterator<Item = Option<&'r [u32]>>) -> PersonLanes {
        let mut figures: Vec<(Vec<f64>, Vec<f64>)> =
            self.figures.iter().map(|_| <(Vec<_>, Vec<_>)>::default()).collect();
        let mut numbers = Vec::new();
        for rows in people {
            for (figure, (values, divisors)) in self.figures.iter().zip(&mut figures) {
                let found = rows.and_then(|rows| figure.over(rows, lanes, &mut numbers));
                let (value, divisor) = found.unwrap_or((UNKNOWN, UNKNOWN));
                values.push(value);
                if figure.figure.is_fraction {
                    divisors.push(divisor);
                }
            }
        }
        PersonLanes { figures }
    }

    /// Keeps the figures of all people, in parts that follow each other.
    pub(crate) fn keep(&self, parts: Vec<PersonLanes>, lanes: &mut Lanes) {
        let mut parts = parts.into_iter();
        let mut all = parts.next().unwrap_or_default().figures;
        for part in parts {
            for ((values, divisors), (more, more_divisors)) in all.iter_mut().zip(part.figures) {
                values.extend(more);
                divisors.extend(more_divisors);
            }
        }
        for (figure, (values, divisors)) in self.figures.iter().zip(all) {
            lanes.insert(Source::Figure(figure.node), values);
            if figure.figure.is_fraction {
                lanes.insert(Source::Divisor(figure.node), divisors);
            }
        }
    }
}

impl Reading {
    /// The slots of a block of so many rows at the most.
    pub(crate) fn block(&self, rows: usize) -> Block {
        Block::new(&self.program, rows)
    }

    /// Lanes for so many rows.
    pub(crate) fn lanes(&self, rows: usize) -> RowLanes {
        RowLanes { outputs: self.outputs.iter().map(|_| vec![0.0; rows]).collect() }
    }

    /// Computes what is read of these rows, to lanes that are as long.
    pub(crate) fn read(
        &self,
        block: &mut Block,
        facts: (&[Input], &[Column]),
        around: &Around<'_>,
        rows: Range<usize>,
        lanes: &mut [&mut [f64]],
    ) {
        for from in rows.clone().step_by(BLOCK) {
            let some = from..from.saturating_add(BLOCK).min(rows.end);
            block.answer(&self.program, facts, around, some.clone(), Rows::NONE);
            let before = from.saturating_sub(rows.start);
            for (lanes, slot) in lanes.iter_mut().zip(&self.outputs) {
                let Some(lanes) = lanes.get_mut(before..before.saturating_add(some.len())) else { continue };
                for (lane, value) in lanes.iter_mut().zip(block.lanes(*slot, some.len()).unwrap_or_default()) {
                    *lane = *value;
                }
                for row in block.gone().iter() {
                    if let Some(lane) = lanes.get_mut(row) {
                        *lane = UNKNOWN;
                    }
                }
            }
        }
    }

    /// Lays what was read of people along the rows they have, of which there are so many.
    pub(crate) fn along<'r>(
        &self,
        read: &RowLanes,
        people: impl Iterator<Item = Option<&'r [u32]>> + Clone,
        rows: usize,
    ) -> Lanes {
        let mut along = Lanes::default();
        for (slot, lanes) in self.outputs.iter().zip(&read.outputs) {
            let mut of_rows = vec![UNKNOWN; rows];
            for (lane, rows) in lanes.iter().zip(people.clone()) {
                for row in rows.unwrap_or_default() {
                    if let Some(slot) = of_rows.get_mut(*row as usize) {
                        *slot = *lane;
                    }
                }
            }
            along.insert(Source::OfPerson(*slot), of_rows);
        }
        along
    }
}

impl RowLanes {
    /// The lanes in parts of so many rows each, to be set by whoever reads these rows.
    pub(crate) fn parts(&mut self, size: usize, count: usize) -> Vec<Vec<&mut [f64]>> {
        let mut parts: Vec<Vec<&mut [f64]>> = (0..count).map(|_| Vec::new()).collect();
        for lanes in &mut self.outputs {
            for (part, lanes) in parts.iter_mut().zip(lanes.chunks_mut(size.max(1))) {
                part.push(lanes);
            }
        }
        parts
    }

    fn of(&self, output: usize) -> &[f64] {
        self.outputs.get(output).map_or(&[], Vec::as_slice)
    }
}

impl OverRow {
    /// The figure over some rows, and its denominator; nothing where lanes cannot tell. What each function is,
    /// `eval/detail.rs` says.
    fn over(&self, rows: &[u32], lanes: &RowLanes, numbers: &mut Vec<f64>) -> Option<(f64, f64)> {
        use AggregateFunction as F;
        let of = |output: Option<usize>| output.map(|output| lanes.of(output));
        let (filter, values, bys) = (of(self.filter), of(self.value), of(self.by));
        let (mut count, mut total) = (0.0, 0.0);
        let mut best: Option<(f64, f64)> = None;
        numbers.clear();
        for row in rows {
            let row = *row as usize;
            let read = |lanes: Option<&[f64]>, otherwise: f64| match lanes {
                Some(lanes) => lanes.get(row).copied().filter(|lane| !lane.is_nan()),
                None => Some(otherwise),
            };
            if read(filter, 1.0)? == 0.0 {
                continue;
            }
            let (value, by) = (read(values, 1.0)?, read(bys, 0.0)?);
            count += 1.0;
            match self.function {
                F::Count => {}
                F::Sum | F::Average => {
                    total += value;
                    // whole numbers below 2^53 on both sides: the sum is exact as long as it stays there
                    if total.abs() >= LIMIT {
                        return None;
                    }
                }
                F::Median => numbers.push(value),
                F::Minimum => best = Some(best.map_or((value, by), |(best, _)| (best.min(value), by))),
                F::Maximum => best = Some(best.map_or((value, by), |(best, _)| (best.max(value), by))),
                F::Last => match best {
                    Some((_, last)) if by < last => {}
                    Some((other, last)) if by == last => {
                        // two rows that come last are told apart by the exact evaluator, should they differ
                        if other != value {
                            return None;
                        }
                    }
                    _ => best = Some((value, by)),
                },
                F::Only if count > 1.0 => return None,
                F::Only => best = Some((value, by)),
                F::MeanOf(_) | F::MiddleOf(_) => return None,
            }
        }
        let absent = || self.figure.may_be_absent.then_some((Float::MISSING.0, 1.0));
        match self.function {
            F::Count => Some((count, 1.0)),
            F::Sum => Some((total, 1.0)),
            F::Average if count > 0.0 => Some((total, count)),
            F::Average => absent(),
            F::Median if numbers.is_empty() => absent(),
            F::Median => median(numbers).map(|tenths| (tenths, 1.0)),
            F::MeanOf(_) | F::MiddleOf(_) => None,
            F::Minimum | F::Maximum | F::Last | F::Only => match best {
                Some((value, _)) => Some((value, 1.0)),
                None => absent(),
            },
        }
    }
}

/// The middle of numbers in tenths of their unit; nothing when there is none, or when it is too large.
fn median(numbers: &mut [f64]) -> Option<f64> {
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = numbers.get(middle)?;
    let lower = if numbers.len() % 2 == 1 { upper } else { numbers.get(middle.saturating_sub(1))? };
    let twice = lower + upper;
    let tenths = twice * 5.0;
    (twice.abs() < LIMIT && tenths.abs() < LIMIT).then_some(tenths)
}
