//! Figures over groups and values of the run to the slots of a block.

use std::ops::Range;

use super::super::Around;
use super::super::around::GroupLoad;
use super::super::float::Float;
use super::super::instruction::Program;
use super::super::lanes::{LaneLoad, Source};
use super::{Block, Row};
use crate::eval::figures::GroupFigures;
use crate::eval::group::Answer;

/// How a figure over groups is read for many rows.
#[derive(Debug)]
pub(super) enum GroupLanes {
    /// Places, one for each row.
    Places,
    /// The lanes of each group; nothing where single rows have to be asked.
    ByGroup(Vec<Option<(f64, f64)>>),
    /// Row by row.
    Rows,
}

impl GroupLanes {
    fn of(load: &GroupLoad, figures: &GroupFigures) -> Self {
        // where somebody was left out each row may be in doubt
        if !figures.known || !figures.is_whole() {
            return Self::Rows;
        }
        match &figures.answer {
            Some(Answer::Counts(_) | Answer::Halves(_)) => Self::Places,
            Some(Answer::PerGroup(figures)) => {
                let lanes = |figure: &Result<crate::value::Value, _>| {
                    let (value, divisor) = load.lanes::<Float>(figure.as_ref().ok()?).ok()?;
                    Some((value.0, divisor.0))
                };
                Self::ByGroup(figures.iter().map(lanes).collect())
            }
            _ => Self::Rows,
        }
    }
}

impl Block {
    /// Reads what the rows have in common, and the figures of their groups.
    pub(super) fn load_around(&mut self, program: &Program<Float>, around: &Around<'_>, rows: Range<usize>) {
        for load in &program.given {
            match load.lane::<Float>(around) {
                Ok(value) => {
                    if let Some(lanes) = self.slots.get_mut(usize::from(load.slot)) {
                        lanes.fill(value.0);
                    }
                }
                Err(_) => self.active.iter().for_each(|row| self.leave(row)),
            }
        }
        if self.groups.len() != program.groups.len() {
            let known = |load: &GroupLoad| Some(GroupLanes::of(load, around.groups.get(load.group.index())?));
            self.groups = program.groups.iter().map(known).collect();
        }
        let known = std::mem::take(&mut self.groups);
        for (load, known) in program.groups.iter().zip(&known) {
            let figures = around.groups.get(load.group.index());
            let done = match (known, figures) {
                (Some(GroupLanes::Places), Some(figures)) => self.places(load, figures, rows.clone()),
                (Some(GroupLanes::ByGroup(lanes)), Some(figures)) => self.by_group(load, lanes, figures, rows.clone()),
                _ => false,
            };
            if done {
                continue;
            }
            for row in self.active.iter() {
                let loaded = load.load(&mut Row { block: self, row }, around, rows.start.saturating_add(row));
                if loaded.is_err() {
                    self.leave(row);
                }
            }
        }
        self.groups = known;
        for load in &program.lanes {
            self.lanes_before(load, around, rows.clone());
        }
    }

    /// Reads what was computed before. Rows of which that is not known leave.
    fn lanes_before(&mut self, load: &LaneLoad, around: &Around<'_>, rows: Range<usize>) {
        let (lanes, rows) = match load.source {
            Source::Aside(_) => (around.aside, 0..rows.len()),
            Source::Column(_) | Source::Figure(_) | Source::Divisor(_) | Source::OfPerson(_) => (around.lanes, rows),
        };
        let known = lanes.and_then(|lanes| lanes.of(load.source)).and_then(|lanes| lanes.get(rows));
        let Some(known) = known else {
            self.active.iter().for_each(|row| self.leave(row));
            return;
        };
        for (row, _) in known.iter().enumerate().filter(|(_, lane)| lane.is_nan()) {
            self.leave(row);
        }
        if let Some(lanes) = self.slots.get_mut(usize::from(load.slot)) {
            for (lane, known) in lanes.iter_mut().zip(known) {
                *lane = if known.is_nan() { 0.0 } else { *known };
            }
        }
    }

    fn places(&mut self, load: &GroupLoad, figures: &GroupFigures, rows: Range<usize>) -> bool {
        let (places, factor) = match (&figures.answer, load.scale) {
            (Some(Answer::Counts(places)), 0) => (places, 1.0),
            (Some(Answer::Halves(places)), 1) => (places, 5.0),
            _ => return false,
        };
        let (Some(lanes), Some(places)) = (self.slots.get_mut(usize::from(load.slot)), places.get(rows)) else {
            return false;
        };
        let mut all = true;
        for (lane, place) in lanes.iter_mut().zip(places) {
            *lane = f64::from(*place) * factor;
            // who does not count has no place
            all &= *place != 0;
        }
        all
    }

    fn by_group(
        &mut self,
        load: &GroupLoad,
        known: &[Option<(f64, f64)>],
        figures: &GroupFigures,
        rows: Range<usize>,
    ) -> bool {
        let Some(numbers) = figures.group_of.get(rows) else { return false };
        for (slot, divides) in [(Some(load.slot), false), (load.divisor, true)] {
            let Some(lanes) = slot.and_then(|slot| self.slots.get_mut(usize::from(slot))) else { continue };
            for (lane, number) in lanes.iter_mut().zip(numbers) {
                let Some(Some((value, divisor))) = known.get(*number as usize) else { return false };
                *lane = if divides { *divisor } else { *value };
            }
        }
        true
    }
}
