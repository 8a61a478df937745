//! The stages of a run: rows in blocks, on as many threads as asked for, and groups between them.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use super::Run;
use super::data::{Data, Options, Progress, Stop};
use super::group::{Doubtful, Values, figures};
use super::read::{Read, no_orphans, read};
use crate::eval::detail::key_text;
use crate::eval::figures::GroupFigures;
use crate::eval::program::{Machines, Programs};
use crate::eval::row::{CellResult, Cells, Silent};
use crate::number::Number;
use crate::outcome::Figure;
use crate::plan::{ColumnId, Group, GroupId, Plan, Role};
use crate::scheme::Scheme;
use crate::value::{Kind, Value};

/// Rows between two looks at whoever asked for the run.
const BLOCK: usize = 16_384;
/// Fewer rows than this are not worth a thread of their own.
const THREAD_ROWS: usize = 256;

impl Scheme {
    /// Scores people together.
    ///
    /// What is wrong in a cell is no error: that cell is empty with its reason, what reads it is blocked by it, and every
    /// other figure comes out. A row that a figure over a group needs and cannot have is left out of it, and every figure
    /// it could have changed is provisional.
    ///
    /// # Errors
    ///
    /// [`Stop::Data`] when a table lacks a column or has two for one, a key is missing or there twice, a detail row is
    /// nobody's, or a value of the run is not given: one error names every offender. [`Stop::Stopped`] when
    /// [`Options::progress`] said so.
    pub fn score(&self, data: Data, mut options: Options<'_>) -> Result<Run, Stop> {
        let alone = data.alone;
        let Read { people, keys, details, given } = read(self, data)?;
        let mut run = Run {
            scheme: self.clone(),
            people,
            details,
            given,
            groups: self.plan().groups.iter().map(|_| GroupFigures::default()).collect(),
            figures: Vec::new(),
            incomplete: Vec::new(),
            keys,
        };
        let stages = stages(self.plan(), alone);
        let total = run.people.rows.saturating_mul(stages.len().saturating_add(1));
        let mut done = 0;
        for groups in stages {
            run.groups_of_stage(&groups, &mut options, (&mut done, total))?;
        }
        run.figures_of_rows(&mut options, (&mut done, total))?;
        run.no_orphans_of_columns()?;
        Ok(run)
    }
}

/// The figures over groups by stage; none for a person alone.
fn stages(plan: &Plan, alone: bool) -> Vec<Vec<usize>> {
    let mut stages: Vec<Vec<usize>> = Vec::new();
    if alone {
        return stages;
    }
    for (at, group) in plan.groups.iter().enumerate() {
        let level = group.level as usize;
        if stages.len() <= level {
            stages.resize(level.saturating_add(1), Vec::new());
        }
        if let Some(stage) = stages.get_mut(level) {
            stage.push(at);
        }
    }
    stages.retain(|stage| !stage.is_empty());
    stages
}

/// Evaluates some columns of row after row, with buffers that are kept.
struct Rows<'r> {
    run: &'r Run,
    programs: Arc<Programs>,
    columns: Arc<[ColumnId]>,
    machines: Machines,
    figures: Vec<Figure>,
}

impl<'r> Rows<'r> {
    fn new(run: &'r Run, programs: &Arc<Programs>, columns: &Arc<[ColumnId]>) -> Self {
        let figures = vec![Figure::Missing; columns.len()];
        Self {
            run,
            programs: Arc::clone(programs),
            columns: Arc::clone(columns),
            machines: Machines::default(),
            figures,
        }
    }

    /// Whether the fast tiers answered a row; its figures are then in `figures`.
    fn answered(&mut self, row: usize) -> bool {
        let plan = self.run.scheme.plan();
        self.machines.answer(&self.programs, plan, self.run.cells(row), &mut self.figures).is_ok()
    }

    /// The values of the columns in a row.
    fn values(&mut self, row: usize) -> RowValues {
        let plan = self.run.scheme.plan();
        if self.answered(row) {
            let kinds = self.columns.iter().map(|id| &plan.node(plan.column(*id).body).facts.kind);
            let values: Option<Vec<_>> =
                self.figures.iter().zip(kinds).map(|(figure, kind)| exact(figure, kind)).collect();
            if let Some(values) = values {
                return RowValues { values: values.into_iter().map(Ok).collect(), provisional: Vec::new() };
            }
        }
        let Cells { cells, mut provisional, .. } = self.run.evaluated(row, &mut Silent);
        RowValues {
            values: self
                .columns
                .iter()
                .map(|id| cells.get(id.index()).cloned().unwrap_or(Ok(Value::Missing)))
                .collect(),
            provisional: self.columns.iter().filter_map(|id| provisional.remove_entry(id)).collect(),
        }
    }
}

/// The exact value of a published figure; nothing when it has more decimals than were published, or a fault.
fn exact(figure: &Figure, kind: &Kind) -> Option<Value> {
    Some(match (figure, kind) {
        (Figure::Missing, _) => Value::Missing,
        (Figure::Unlimited, _) => Value::Unlimited,
        (Figure::Number { value, shown_rounded: false }, _) => Value::Number(Number::from_decimal(*value)),
        (Figure::Truth(truth), _) => Value::Truth(*truth),
        (Figure::Date(date), _) => Value::Date(*date),
        (Figure::Text(text), Kind::Choice(list)) => Value::Choice(list.position(text)?),
        (Figure::Text(text), _) => Value::Text(Arc::clone(text)),
        _ => return None,
    })
}

/// The values of some columns in a row.
struct RowValues {
    values: Vec<CellResult>,
    /// The columns whose value a row left out of an earlier figure could have changed, with those figures.
    provisional: Vec<(ColumnId, Vec<GroupId>)>,
}

/// What came of some rows that follow each other.
struct Part {
    figures: Vec<Vec<Figure>>,
    incomplete: Vec<usize>,
}

impl Run {
    /// The figures over groups of one stage.
    fn groups_of_stage(
        &mut self,
        groups: &[usize],
        options: &mut Options<'_>,
        progress: (&mut usize, usize),
    ) -> Result<(), Stop> {
        let scheme = self.scheme.clone();
        let plan = scheme.plan();
        let of_stage: Vec<&Group> = groups.iter().filter_map(|at| plan.groups.get(*at)).collect();
        let mut columns: Vec<ColumnId> = of_stage.iter().flat_map(|group| group.reads()).collect();
        columns.sort_unstable();
        columns.dedup();
        let programs = Arc::new(Programs::new(plan, &columns));
        let columns: Arc<[ColumnId]> = columns.into();
        let parts = self.in_blocks(options, progress, |run, rows| {
            let mut evaluator = Rows::new(run, &programs, &columns);
            rows.map(|row| evaluator.values(row)).collect::<Vec<_>>()
        })?;
        let mut values: Vec<Vec<CellResult>> = columns.iter().map(|_| Vec::with_capacity(self.people.rows)).collect();
        let mut provisional = Vec::new();
        for (row, found) in parts.into_iter().flatten().enumerate() {
            for (column, value) in values.iter_mut().zip(found.values) {
                column.push(value);
            }
            provisional.extend(found.provisional.into_iter().map(|(column, figures)| Doubtful {
                row,
                column,
                figures,
            }));
        }
        let operands =
            Values { columns: columns.iter().copied().zip(values).collect(), provisional, rows: self.people.rows };
        for (at, group) in groups.iter().zip(of_stage) {
            let found = figures(plan, group, &operands, &self.groups);
            if let Some(slot) = self.groups.get_mut(*at) {
                *slot = found;
            }
        }
        Ok(())
    }

    /// The figures people are shown.
    fn figures_of_rows(&mut self, options: &mut Options<'_>, progress: (&mut usize, usize)) -> Result<(), Stop> {
        let scheme = self.scheme.clone();
        let (columns, programs) = scheme.programs_of_run();
        let shown = scheme.plan().shown.len();
        let parts = self.in_blocks(options, progress, |run, rows| run.part(&programs, &columns, shown, rows))?;
        self.figures = (0..shown).map(|_| Vec::with_capacity(self.people.rows)).collect();
        for part in parts {
            for (column, figures) in self.figures.iter_mut().zip(part.figures) {
                column.extend(figures);
            }
            self.incomplete.extend(part.incomplete);
        }
        Ok(())
    }

    fn part(&self, programs: &Arc<Programs>, columns: &Arc<[ColumnId]>, shown: usize, rows: Range<usize>) -> Part {
        let plan = self.scheme.plan();
        let mut evaluator = Rows::new(self, programs, columns);
        let mut part =
            Part { figures: (0..shown).map(|_| Vec::with_capacity(rows.len())).collect(), incomplete: Vec::new() };
        for row in rows {
            let mut provisional = false;
            if !evaluator.answered(row) {
                let cells = self.evaluated(row, &mut Silent);
                provisional = cells.provisional(plan).next().is_some();
                for (figure, id) in evaluator.figures.iter_mut().zip(columns.iter()) {
                    if let Some(cell) = cells.cells.get(id.index()) {
                        *figure = Figure::publish(plan, *id, cell);
                    }
                }
            }
            if provisional || evaluator.figures.iter().any(|figure| matches!(figure, Figure::Empty(_))) {
                part.incomplete.push(row);
            }
            for (column, figure) in part.figures.iter_mut().zip(&evaluator.figures) {
                column.push(figure.clone());
            }
        }
        part
    }

    /// Does something with all rows, block by block, each block shared by the threads; what comes out is in the order of
    /// the rows.
    fn in_blocks<T: Send>(
        &self,
        options: &mut Options<'_>,
        (done, total): (&mut usize, usize),
        work: impl Fn(&Self, Range<usize>) -> T + Sync,
    ) -> Result<Vec<T>, Stop> {
        let threads = options.threads.max(1);
        let mut all = Vec::new();
        let mut at = 0;
        while at < self.people.rows {
            let block = at..at.saturating_add(BLOCK).min(self.people.rows);
            at = block.end;
            let share = block.len().div_ceil(threads).max(THREAD_ROWS);
            *done = done.saturating_add(block.len());
            if share >= block.len() {
                all.push(work(self, block));
            } else {
                let parts = block.clone().step_by(share).map(|start| start..start.saturating_add(share).min(block.end));
                let work = &work;
                all.extend(thread::scope(|scope| {
                    let working: Vec<_> = parts.map(|part| scope.spawn(move || work(self, part))).collect();
                    let joined =
                        working.into_iter().map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)));
                    joined.collect::<Vec<_>>()
                }));
            }
            if let Some(progress) = &mut options.progress
                && let ControlFlow::Break(()) = progress(Progress { done: *done, total })
            {
                return Err(Stop::Stopped);
            }
        }
        Ok(all)
    }

    /// Where the key of a detail table is computed, every row of it is somebody's, too.
    fn no_orphans_of_columns(&self) -> Result<(), Stop> {
        let plan = self.scheme.plan();
        for (detail, table) in plan.details.iter().zip(&self.details) {
            if matches!(plan.column(detail.key).role, Role::Input(_)) {
                continue;
            }
            let kind = &plan.node(plan.column(detail.key).body).facts.kind;
            if let Kind::Choice(list) = kind {
                // a grade nobody has this time is no mistake; a word that is none is
                no_orphans(detail, table, |key| list.position(key).is_some())?;
                continue;
            }
            let of_row = |row| self.evaluated(row, &mut Silent).cells.get(detail.key.index()).cloned();
            let cells: Vec<CellResult> = (0..self.people.rows).filter_map(of_row).collect();
            // a key that is not known could be any
            if cells.iter().any(Result::is_err) {
                continue;
            }
            let known: HashSet<Arc<str>> =
                cells.iter().filter_map(|cell| key_text(cell.as_ref().ok()?, kind)).collect();
            no_orphans(detail, table, |key| known.contains(key))?;
        }
        Ok(())
    }
}
