//! The stages of a run: rows in blocks, on as many threads as asked for, and groups between them.

use std::collections::{HashMap, HashSet};
use std::ops::{ControlFlow, Range};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::Run;
use super::data::{Data, Options, Progress, Stop};
use super::group::{Doubtful, Values, figures};
use super::read::{Read, no_orphans, read};
use crate::eval::detail::key_text;
use crate::eval::figures::GroupFigures;
use crate::column::Figures;
use crate::eval::program::{BLOCK as MANY, Block, Machines, Programs};
use crate::eval::row::{CellResult, Cells, Silent};
use crate::number::Number;
use crate::outcome::Figure;
use crate::plan::{ColumnId, Group, GroupId, Plan, Role};
use crate::row::Cell;
use crate::scheme::Scheme;
use crate::value::{Kind, Value};

/// Rows between two looks at whoever asked for the run.
const BLOCK: usize = 16_384;
/// Fewer rows than this are not worth a thread of their own.
const THREAD_ROWS: usize = 1024;

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
    block: Option<Block>,
    machines: Machines,
    cells: Vec<Cell>,
    /// What came of the row that was looked at last.
    found: Vec<Figure>,
}

impl<'r> Rows<'r> {
    fn new(run: &'r Run, programs: &Arc<Programs>, columns: &Arc<[ColumnId]>) -> Self {
        Self {
            run,
            programs: Arc::clone(programs),
            columns: Arc::clone(columns),
            block: programs.block(),
            machines: Machines::default(),
            cells: Vec::new(),
            found: vec![Figure::Missing; columns.len()],
        }
    }

    /// The figures of rows that follow each other: of whole blocks where that is known how, of the others row by row.
    ///
    /// `odd` is told of each row that only the exact evaluator could answer, with all it came to.
    fn figures(&mut self, rows: Range<usize>, mut odd: impl FnMut(usize, Cells)) -> Vec<Figures> {
        let plan = self.run.scheme.plan();
        let mut figures: Vec<Figures> =
            self.columns.iter().map(|id| Figures::of(plan, plan.column(*id), rows.len())).collect();
        let start = rows.start;
        for from in rows.clone().step_by(MANY) {
            let some = from..from.saturating_add(MANY).min(rows.end);
            match self.block.take() {
                Some(mut block) => {
                    let facts = (plan, self.run.people.columns());
                    let left = self.programs.answer_many(&mut block, facts, some, &mut figures);
                    left.for_each(|row| self.row(row, start, &mut figures, &mut odd));
                    self.block = Some(block);
                }
                None => {
                    figures.iter_mut().for_each(|figures| figures.lengthen(some.len()));
                    some.for_each(|row| self.row(row, start, &mut figures, &mut odd));
                }
            }
        }
        figures.iter_mut().for_each(Figures::settle);
        figures
    }

    /// The figures of one row, by the quickest way that knows them.
    fn row(&mut self, row: usize, start: usize, figures: &mut [Figures], odd: &mut impl FnMut(usize, Cells)) {
        let plan = self.run.scheme.plan();
        self.run.people.read_row(row, &mut self.cells);
        let at = row.saturating_sub(start);
        if self.machines.answer(&self.programs, plan, &self.cells, &mut self.found).is_ok() {
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

    /// The values of the columns in each of these rows.
    fn values(&mut self, rows: Range<usize>) -> Vec<RowValues> {
        let plan = self.run.scheme.plan();
        let columns = Arc::clone(&self.columns);
        let mut exact_rows: HashMap<usize, RowValues> = HashMap::new();
        let figures = self.figures(rows.clone(), |row, cells| {
            exact_rows.insert(row, RowValues::of(&columns, cells));
        });
        let kinds: Vec<&Kind> = columns.iter().map(|id| &plan.node(plan.column(*id).body).facts.kind).collect();
        let shown = |figures: &Figures, row: usize, at: usize| {
            figures.get(at).unwrap_or_else(|| self.run.passed(figures, row))
        };
        rows.clone()
            .enumerate()
            .map(|(at, row)| {
                if let Some(found) = exact_rows.remove(&row) {
                    return found;
                }
                let values: Option<Vec<_>> = figures
                    .iter()
                    .zip(&kinds)
                    .map(|(figures, kind)| exact(&shown(figures, row, at), kind).map(Ok))
                    .collect();
                match values {
                    Some(values) => RowValues { values, provisional: Vec::new() },
                    None => RowValues::of(&columns, self.run.evaluated(row, &mut Silent)),
                }
            })
            .collect()
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

impl RowValues {
    fn of(columns: &[ColumnId], found: Cells) -> Self {
        let Cells { cells, mut provisional, .. } = found;
        Self {
            values: columns.iter().map(|id| cells.get(id.index()).cloned().unwrap_or(Ok(Value::Missing))).collect(),
            provisional: columns.iter().filter_map(|id| provisional.remove_entry(id)).collect(),
        }
    }
}

/// What came of some rows that follow each other.
struct Part {
    figures: Vec<Figures>,
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
        let mut columns: Vec<ColumnId> = of_stage.iter().flat_map(|group| group.operands()).collect();
        columns.sort_unstable();
        columns.dedup();
        let programs = Arc::new(Programs::new(plan, &columns));
        let columns: Arc<[ColumnId]> = columns.into();
        let parts = self.in_blocks(options, progress, |run, rows| {
            Rows::new(run, &programs, &columns).values(rows)
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
        let plan = scheme.plan();
        let mut all: Vec<Figures> =
            columns.iter().take(shown).map(|id| Figures::of(plan, plan.column(*id), self.people.rows)).collect();
        for part in parts {
            for (column, figures) in all.iter_mut().zip(part.figures) {
                column.append(figures);
            }
            self.incomplete.extend(part.incomplete);
        }
        self.figures = all;
        Ok(())
    }

    fn part(&self, programs: &Arc<Programs>, columns: &Arc<[ColumnId]>, shown: usize, rows: Range<usize>) -> Part {
        let plan = self.scheme.plan();
        let mut incomplete = Vec::new();
        let start = rows.start;
        let mut figures = Rows::new(self, programs, columns).figures(rows, |row, cells| {
            if cells.provisional(plan).next().is_some() {
                incomplete.push(row);
            }
        });
        for column in &figures {
            let empty = column.odd().iter().filter(|(_, figure)| matches!(figure, Figure::Empty(_)));
            incomplete.extend(empty.map(|(row, _)| start.saturating_add(*row as usize)));
        }
        incomplete.sort_unstable();
        incomplete.dedup();
        figures.truncate(shown);
        Part { figures, incomplete }
    }

    /// Does something with all rows, block by block, each block shared by the threads; what comes out is in the order of
    /// the rows.
    fn in_blocks<T: Send>(
        &self,
        options: &mut Options<'_>,
        (done, total): (&mut usize, usize),
        work: impl Fn(&Self, Range<usize>) -> T + Sync,
    ) -> Result<Vec<T>, Stop> {
        let rows = self.people.rows;
        let threads = options.threads.max(1);
        // small enough that everybody has work to the end, large enough to be worth handing out
        let size = rows.div_ceil(threads).clamp(THREAD_ROWS, BLOCK);
        let blocks = rows.div_ceil(size);
        let block = |at: usize| at.saturating_mul(size)..at.saturating_add(1).saturating_mul(size).min(rows);
        let mut told = |count: usize| {
            *done = done.saturating_add(count);
            match &mut options.progress {
                Some(progress) => progress(Progress { done: *done, total }),
                None => ControlFlow::Continue(()),
            }
        };
        let mut all: Vec<Option<T>> = (0..blocks).map(|_| None).collect();
        if threads == 1 || blocks <= 1 {
            for (at, place) in all.iter_mut().enumerate() {
                let rows = block(at);
                let count = rows.len();
                *place = Some(work(self, rows));
                if told(count).is_break() {
                    return Err(Stop::Stopped);
                }
            }
            return Ok(all.into_iter().flatten().collect());
        }
        let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            let (work, next, stopped, block) = (&work, &next, &stopped, &block);
            let working: Vec<_> = (0..threads.min(blocks))
                .map(|_| {
                    let sender = sender.clone();
                    scope.spawn(move || {
                        while !stopped.load(Ordering::Relaxed) {
                            let at = next.fetch_add(1, Ordering::Relaxed);
                            if at >= blocks || sender.send((at, work(self, block(at)))).is_err() {
                                break;
                            }
                        }
                    })
                })
                .collect();
            drop(sender);
            for (at, found) in &receiver {
                let count = block(at).len();
                if let Some(place) = all.get_mut(at) {
                    *place = Some(found);
                }
                if told(count).is_break() {
                    stopped.store(true, Ordering::Relaxed);
                    break;
                }
            }
            for each in working {
                each.join().unwrap_or_else(|panic| resume_unwind(panic));
            }
        });
        if stopped.load(Ordering::Relaxed) { Err(Stop::Stopped) } else { Ok(all.into_iter().flatten().collect()) }
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
