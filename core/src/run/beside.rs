//! What programs leave to the exact evaluator, computed for a block of rows before its program runs.

use std::ops::Range;

use super::Run;
use super::over_rows::Counted;
use crate::column::FiguresPart;
use crate::eval::facts::Facts;
use crate::eval::input;
use crate::eval::program::{Aside, Beside};
use crate::eval::row::{CellResult, evaluate_some};
use crate::outcome::Figure;
use crate::value::Value;

/// Evaluates some columns of row after row, with buffers that are kept.
pub(super) struct ExactColumns<'r> {
    run: &'r Run,
    /// Who has too many detail rows.
    counted: Option<Counted<'r>>,
    /// For each input its cell; those that are not read are left missing.
    inputs: Vec<CellResult>,
}

impl<'r> ExactColumns<'r> {
    pub(super) fn new(run: &'r Run, aside: &Aside) -> Self {
        let inputs = vec![Ok(Value::Missing); run.scheme.plan().inputs.len()];
        Self { run, counted: aside.reads_rows.then(|| run.counted()), inputs }
    }

    /// What these rows come to, with the figures that are shown at their places after those of which so many come
    /// `before`. A row that lacks one or waits for somebody is left, that all of it may be seen.
    pub(super) fn of_rows(
        &mut self,
        aside: &Aside,
        rows: Range<usize>,
        (figures, before): (&mut [FiguresPart<'_>], usize),
    ) -> Beside {
        let plan = self.run.scheme.plan();
        let mut beside = Beside::default();
        let mut values: Vec<Vec<Option<CellResult>>> =
            aside.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for (at, row) in rows.enumerate() {
            let found = self.row(aside, row);
            for (place, id) in &aside.shown {
                if let (Some(found), Some(figures)) = (&found, figures.get_mut(*place))
                    && let Some(cell) = found.get(id.index())
                {
                    figures.set(before.saturating_add(at), Figure::publish(plan, *id, cell));
                }
            }
            if found.is_none() {
                beside.leave(at);
            }
            let mut found = found.unwrap_or_default();
            for (values, id) in values.iter_mut().zip(&aside.columns) {
                values.push(found.get_mut(id.index()).map(|cell| std::mem::replace(cell, Ok(Value::Missing))));
            }
        }
        for (id, values) in aside.columns.iter().zip(values) {
            beside.keep(plan, *id, values.into_iter());
        }
        beside
    }

    /// The cells of a row, of which those on the way are computed; nothing when all of it has to be looked at.
    fn row(&mut self, aside: &Aside, row: usize) -> Option<Vec<CellResult>> {
        if self.counted.as_ref().is_some_and(|counted| counted.has_too_many(row)) {
            return None;
        }
        let plan = self.run.scheme.plan();
        for at in &aside.inputs {
            let (input, cell) = (plan.inputs.get(*at)?, self.inputs.get_mut(*at)?);
            *cell = Ok(input::read(input, &self.run.cell(row, *at)).ok()?);
        }
        let facts = Facts {
            inputs: &self.inputs,
            given: &self.run.given,
            details: &self.run.details,
            groups: &self.run.groups,
            row,
        };
        let found = evaluate_some(plan, &facts, &aside.way);
        let is_there = |id| found.cells.get(id).is_some_and(Result::is_ok);
        let is_whole = found.provisional.is_empty() && aside.columns.iter().all(|id| is_there(id.index()));
        is_whole.then_some(found.cells)
    }
}
