//! The figures of rows that follow each other, each by the quickest way that knows it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::Run;
use super::aside::ExactColumns;
use super::blocks::Part;
use crate::column::FiguresPart;
use crate::eval::program::{AsideLanes, BLOCK as MANY, Block, Machines, Programs};
use crate::eval::row::{CellResult, Cells};
use crate::eval::trace::Silent;
use crate::outcome::Figure;
use crate::plan::{ColumnId, GroupId};
use crate::row::Cell;
use crate::value::Value;

/// Evaluates some columns of row after row, with buffers that are kept.
pub(super) struct Rows<'r> {
    run: &'r Run,
    programs: Arc<Programs>,
    columns: Arc<[ColumnId]>,
    block: Option<Block>,
    /// What is computed aside from the blocks.
    exact: Option<ExactColumns<'r>>,
    machines: Machines,
    cells: Vec<Cell>,
    /// What came of the row that was looked at last.
    found: Vec<Figure>,
}

impl<'r> Rows<'r> {
    pub(super) fn new(run: &'r Run, programs: &Arc<Programs>, columns: &Arc<[ColumnId]>) -> Self {
        Self {
            run,
            programs: Arc::clone(programs),
            columns: Arc::clone(columns),
            block: programs.block(run.people.rows),
            exact: programs.aside().map(|aside| ExactColumns::new(run, aside)),
            machines: Machines::default(),
            cells: Vec::new(),
            found: vec![Figure::Missing; columns.len()],
        }
    }

    /// The figures of rows that follow each other: of whole blocks where that is known how, of the others row by row.
    ///
    /// `odd` is told of each row that only the exact evaluator could answer, with all it came to.
    pub(super) fn figures(
        &mut self,
        rows: Range<usize>,
        figures: &mut [FiguresPart<'_>],
        mut odd: impl FnMut(usize, Cells),
    ) {
        let plan = self.run.scheme.plan();
        let start = rows.start;
        for from in rows.clone().step_by(MANY) {
            let some = from..from.saturating_add(MANY).min(rows.end);
            match self.block.take() {
                Some(mut block) => {
                    let facts = (plan, self.run.people.columns());
                    let before = from.saturating_sub(start);
                    let aside = match (self.programs.aside(), &mut self.exact) {
                        (Some(aside), Some(exact)) => exact.of_rows(aside, some.clone(), (&mut *figures, before)),
                        _ => AsideLanes::default(),
                    };
                    let (around, place) = ((&self.run.around(), &aside), (&mut *figures, before));
                    let left = self.programs.answer_many(&mut block, facts, around, some, place);
                    left.for_each(|row| self.row(row, start, figures, &mut odd));
                    self.block = Some(block).filter(|_| !self.exact.as_ref().is_some_and(ExactColumns::is_in_vain));
                }
                None => some.for_each(|row| self.row(row, start, figures, &mut odd)),
            }
        }
    }

    /// The figures of one row, by the quickest way that knows them.
    fn row(&mut self, row: usize, start: usize, figures: &mut [FiguresPart<'_>], odd: &mut impl FnMut(usize, Cells)) {
        let plan = self.run.scheme.plan();
        self.run.people.read_some(row, self.programs.inputs(), &mut self.cells);
        let at = row.saturating_sub(start);
        if self.machines.answer(&self.programs, (plan, &self.cells), (&self.run.around(), row), &mut self.found).is_ok()
        {
            for (figures, found) in figures.iter_mut().zip(&self.found) {
                figures.set(at, found.clone());
            }
            return;
        }
        let cells = self.run.evaluated(row, &mut Silent);
        for (figures, id) in figures.iter_mut().zip(self.columns.iter()) {
            if let Some(cell) = cells.cells.get(id.index()) {
                figures.set(at, Figure::publish(plan, *id, cell));
            }
        }
        odd(row, cells);
    }

    /// The figures of the columns that are wanted, and which rows lack something or wait for somebody.
    pub(super) fn part(&mut self, rows: Range<usize>, mut figures: Vec<FiguresPart<'_>>) -> Part<Vec<usize>> {
        let plan = self.run.scheme.plan();
        let columns = Arc::clone(&self.columns);
        let mut incomplete = Vec::new();
        let start = rows.start;
        self.figures(rows, &mut figures, |row, cells| {
            let is_empty = |id: &ColumnId| {
                let cell = cells.cells.get(id.index());
                cell.is_some_and(|cell| matches!(Figure::publish(plan, *id, cell), Figure::Empty(_)))
            };
            if cells.provisional(plan).any(|(id, _)| columns.contains(&id)) || columns.iter().any(is_empty) {
                incomplete.push(row);
            }
        });
        for column in &figures {
            incomplete.extend(column.empty().map(|row| start.saturating_add(row)));
        }
        incomplete.sort_unstable();
        incomplete.dedup();
        Part::of(start, figures, incomplete)
    }

    /// The figures of the columns, all exact but in those rows of which the values are given one by one.
    pub(super) fn values(
        &mut self,
        rows: Range<usize>,
        mut figures: Vec<FiguresPart<'_>>,
    ) -> Part<HashMap<usize, RowValues>> {
        let columns = Arc::clone(&self.columns);
        let mut single: HashMap<usize, RowValues> = HashMap::new();
        let start = rows.start;
        self.figures(rows, &mut figures, |row, cells| {
            single.insert(row, RowValues::of(&columns, cells));
        });
        let mut inexact: Vec<usize> = Vec::new();
        for column in &figures {
            inexact.extend(column.inexact().map(|row| start.saturating_add(row)));
        }
        for row in inexact {
            single.entry(row).or_insert_with(|| RowValues::of(&columns, self.run.evaluated(row, &mut Silent)));
        }
        Part::of(start, figures, single)
    }
}

/// The values of some columns in a row.
pub(super) struct RowValues {
    pub(super) values: Vec<CellResult>,
    /// The columns whose value a row left out of an earlier figure could have changed, with those figures.
    pub(super) provisional: Vec<(ColumnId, Vec<GroupId>)>,
}

impl RowValues {
    fn of(columns: &[ColumnId], found: Cells) -> Self {
        let Cells { cells, mut provisional, .. } = found;
        Self {
            values: columns.iter().map(|id| cells.get(id.index()).cloned().unwrap_or(Ok(Value::Missing))).collect(),
            provisional: columns.iter().filter_map(|id| provisional.remove_entry(id)).collect(),
        }
    }
}
