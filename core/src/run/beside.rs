//! What programs leave to the exact evaluator, computed for a block of rows before its program runs.

use std::ops::Range;

use super::Run;
use super::over_rows::Counted;
use crate::column::FiguresPart;
use crate::eval::facts::Facts;
use crate::eval::input;
use crate::eval::program::{Aside, Beside};
use crate::eval::row::{CellResult, Cells, RowCells};
use crate::outcome::Figure;
use crate::plan::ColumnId;
use crate::value::Value;

/// Evaluates some columns of row after row, with buffers that are kept.
pub(super) struct ExactColumns<'r> {
    run: &'r Run,
    /// Who has too many detail rows.
    counted: Option<Counted<'r>>,
    /// For each input its cell; those that are not read are left missing.
    inputs: Vec<CellResult>,
    row: RowCells,
}

impl<'r> ExactColumns<'r> {
    pub(super) fn new(run: &'r Run, aside: &Aside) -> Self {
        let plan = run.scheme.plan();
        let inputs = vec![Ok(Value::Missing); plan.inputs.len()];
        Self { run, counted: aside.reads_rows.then(|| run.counted()), inputs, row: RowCells::new(plan) }
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
            let is_whole = self.row(aside, row).is_some();
            let cells = &mut self.row.out.cells;
            for (place, id) in aside.shown.iter().filter(|_| is_whole) {
                if let (Some(cell), Some(figures)) = (cells.get(id.index()), figures.get_mut(*place)) {
                    figures.set(before.saturating_add(at), Figure::publish(plan, *id, cell));
                }
            }
            if !is_whole {
                beside.leave(at);
            }
            for (values, id) in values.iter_mut().zip(&aside.columns) {
                let cell = cells.get_mut(id.index()).filter(|_| is_whole);
                values.push(cell.map(|cell| std::mem::replace(cell, Ok(Value::Missing))));
            }
        }
        for (id, values) in aside.columns.iter().zip(values) {
            beside.keep(plan, *id, values.into_iter());
        }
        beside
    }

    /// Computes what is on the way in a row; nothing when all of the row has to be looked at.
    fn row(&mut self, aside: &Aside, row: usize) -> Option<()> {
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
        self.row.evaluate(plan, &facts, &aside.way);
        let Cells { cells, provisional, .. } = &self.row.out;
        let is_there = |id: &ColumnId| cells.get(id.index()).is_some_and(Result::is_ok);
        (provisional.is_empty() && aside.columns.iter().all(is_there)).then_some(())
    }
}
