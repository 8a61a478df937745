//! The stages of a run: rows in blocks, on as many threads as asked for, and groups between them.

use std::collections::{HashMap, HashSet};
use std::ops::{ControlFlow, Range};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};
use std::thread;

use super::Run;
use super::data::{Data, Options, Progress, Stop};
use super::group::{Doubtful, Values, figures};
use super::held::Held;
use super::read::{Read, no_orphans, read};
use super::severity::{Scores, SheetScore, of_role};
use crate::column::Figures;
use crate::error::DataError;
use crate::eval::detail::key_text;
use crate::eval::figures::GroupFigures;
use crate::eval::program::{BLOCK as MANY, Block, Lanes, Machines, Programs, is_kept};
use crate::eval::row::{CellResult, Cells, Silent};
use crate::outcome::Figure;
use crate::plan::{ColumnId, Group, GroupFunction, GroupId, Plan, Role};
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
        let (shown, columns, programs) = match &options.columns {
            Some(names) => {
                let columns = self.columns_named(names)?;
                let programs = Arc::new(Programs::new(self.plan(), &columns));
                (columns.to_vec(), columns, programs)
            }
            None => {
                let (columns, programs) = self.programs_of_run();
                (self.plan().shown.clone(), columns, programs)
            }
        };
        let Read { people, details, given } = read(self, data)?;
        let mut run = Run {
            scheme: self.clone(),
            people,
            details,
            given,
            groups: self.plan().groups.iter().map(|_| GroupFigures::default()).collect(),
            lanes: Lanes::default(),
            shown,
            is_part: options.columns.is_some(),
            figures: Vec::new(),
            incomplete: Vec::new(),
            keys: OnceLock::new(),
        };
        let stages = if alone { Vec::new() } else { stages(self.plan(), &columns) };
        let passes: usize = stages.iter().map(|groups| passes(self.plan(), groups)).sum();
        let over_rows = if alone { &[] } else { programs.over_rows() };
        let total = run.people.rows.saturating_mul(passes.saturating_add(1));
        let total = total.saturating_add(run.rows_gone_through(over_rows));
        let mut done = 0;
        if !over_rows.is_empty() {
            run.figures_over_rows(&programs, &mut options, (&mut done, total))?;
        }
        for groups in stages {
            run.groups_of_stage(&groups, &programs, &mut options, (&mut done, total))?;
        }
        let programs = programs.after(self.plan(), &columns, &run.lanes);
        run.figures_of_rows((&columns, &programs), &mut options, (&mut done, total))?;
        run.lanes = Lanes::default();
        run.no_orphans_of_columns()?;
        Ok(run)
    }
}

impl Scheme {
    /// The columns of these names.
    pub(super) fn columns_named(&self, names: &[String]) -> Result<Arc<[ColumnId]>, DataError> {
        names.iter().map(|name| self.column_of_people(name)).collect()
    }
}

/// The figures over groups that these columns read, by stage.
pub(super) fn stages(plan: &Plan, columns: &[ColumnId]) -> Vec<Vec<usize>> {
    let mut stages: Vec<Vec<usize>> = Vec::new();
    let read = plan.groups_behind(columns);
    for (at, group) in plan.groups.iter().enumerate().filter(|(at, _)| read.contains(at)) {
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

/// How often a stage looks at all rows: once for figures of people, once for the scores of their sheets.
fn passes(plan: &Plan, groups: &[usize]) -> usize {
    let (mut people, mut sheets) = (false, false);
    for group in groups.iter().filter_map(|at| plan.groups.get(*at)) {
        let of_sheets = matches!(group.function, GroupFunction::Severity(_));
        (people, sheets) = (people || !of_sheets, sheets || of_sheets);
    }
    usize::from(people) + usize::from(sheets)
}

/// The columns of the scores of sheets that some figures over groups are computed of.
fn scores_of(plan: &Plan, groups: &[usize]) -> Vec<ColumnId> {
    let groups = groups.iter().filter_map(|at| plan.groups.get(*at));
    let mut columns: Vec<ColumnId> = groups
        .filter(|group| matches!(group.function, GroupFunction::Severity(_)))
        .filter_map(|group| group.value)
        .collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Evaluates some columns of row after row, with buffers that are kept.
struct Rows<'r> {
    run: &'r Run,
    programs: Arc<Programs>,
    columns: Arc<[ColumnId]>,
    /// How many of them are wanted; the others are looked at for their faults alone.
    shown: usize,
    block: Option<Block>,
    machines: Machines,
    cells: Vec<Cell>,
    /// What came of the row that was looked at last.
    found: Vec<Figure>,
}

impl<'r> Rows<'r> {
    fn new(run: &'r Run, programs: &Arc<Programs>, columns: &Arc<[ColumnId]>, shown: usize) -> Self {
        Self {
            shown,
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
            self.columns.iter().take(self.shown).map(|id| Figures::of(plan, plan.column(*id), rows.len())).collect();
        let start = rows.start;
        for from in rows.clone().step_by(MANY) {
            let some = from..from.saturating_add(MANY).min(rows.end);
            match self.block.take() {
                Some(mut block) => {
                    let facts = (plan, self.run.people.columns());
                    let left = self.programs.answer_many(&mut block, facts, &self.run.around(), some, &mut figures);
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
    fn part(&mut self, rows: Range<usize>) -> Part {
        let plan = self.run.scheme.plan();
        let columns = Arc::clone(&self.columns);
        let mut incomplete = Vec::new();
        let start = rows.start;
        let figures = self.figures(rows, |row, cells| {
            let is_empty = |id: &ColumnId| {
                let cell = cells.cells.get(id.index());
                cell.is_some_and(|cell| matches!(Figure::publish(plan, *id, cell), Figure::Empty(_)))
            };
            if cells.provisional(plan).next().is_some() || columns.iter().any(is_empty) {
                incomplete.push(row);
            }
        });
        for column in &figures {
            let empty = column.odd().iter().filter(|(_, figure)| matches!(figure, Figure::Empty(_)));
            incomplete.extend(empty.map(|(row, _)| start.saturating_add(*row as usize)));
        }
        incomplete.sort_unstable();
        incomplete.dedup();
        Part { figures, incomplete }
    }

    /// The figures of the columns, all exact but in those rows of which the values are given one by one.
    fn values(&mut self, rows: Range<usize>) -> (Vec<Figures>, HashMap<usize, RowValues>) {
        let columns = Arc::clone(&self.columns);
        let mut single: HashMap<usize, RowValues> = HashMap::new();
        let start = rows.start;
        let figures = self.figures(rows, |row, cells| {
            single.insert(row, RowValues::of(&columns, cells));
        });
        let mut inexact: Vec<usize> = Vec::new();
        for column in &figures {
            inexact.extend(column.inexact().map(|row| start.saturating_add(row)));
        }
        for row in inexact {
            single.entry(row).or_insert_with(|| RowValues::of(&columns, self.run.evaluated(row, &mut Silent)));
        }
        (figures, single)
    }
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
        programs: &Programs,
        options: &mut Options<'_>,
        progress: (&mut usize, usize),
    ) -> Result<(), Stop> {
        let scheme = self.scheme.clone();
        let plan = scheme.plan();
        self.sheets_of_stage(groups, options, (&mut *progress.0, progress.1))?;
        let is_of_people = |at: &usize| {
            plan.groups.get(*at).is_some_and(|group| !matches!(group.function, GroupFunction::Severity(_)))
        };
        let groups: Vec<usize> = groups.iter().copied().filter(is_of_people).collect();
        if groups.is_empty() {
            return Ok(());
        }
        let of_stage: Vec<&Group> = groups.iter().filter_map(|at| plan.groups.get(*at)).collect();
        let mut columns: Vec<ColumnId> = of_stage.iter().flat_map(|group| group.reads()).collect();
        columns.sort_unstable();
        columns.dedup();
        let programs = Arc::new(programs.of_stage(plan, &columns, &self.lanes));
        let columns: Arc<[ColumnId]> = columns.into();
        let rows = |run| Rows::new(run, &programs, &columns, columns.len());
        let parts = self.in_blocks(self.people.rows, options, progress, rows, Rows::values)?;
        let mut all: Vec<Figures> =
            columns.iter().map(|id| Figures::of(plan, plan.column(*id), self.people.rows)).collect();
        let mut provisional = Vec::new();
        let mut single: Vec<HashMap<usize, CellResult>> = columns.iter().map(|_| HashMap::new()).collect();
        for (figures, rows) in parts {
            for (column, figures) in all.iter_mut().zip(figures) {
                column.append(figures);
            }
            let mut rows: Vec<(usize, RowValues)> = rows.into_iter().collect();
            rows.sort_unstable_by_key(|(row, _)| *row);
            for (row, found) in rows {
                for (column, value) in single.iter_mut().zip(found.values) {
                    column.insert(row, value);
                }
                provisional.extend(found.provisional.into_iter().map(|(column, figures)| Doubtful {
                    row,
                    column,
                    figures,
                }));
            }
        }
        let held = columns.iter().zip(all).zip(&single);
        let held: HashMap<ColumnId, Held> =
            held.map(|((id, figures), single)| (*id, Held::of(self, *id, figures, single))).collect();
        self.keep(&held, &provisional);
        let operands = Values { columns: held, provisional, rows: self.people.rows };
        for (at, group) in groups.iter().zip(of_stage) {
            let found = figures(plan, group, &operands, &self.groups);
            if let Some(slot) = self.groups.get_mut(*at) {
                *slot = found;
            }
        }
        Ok(())
    }

    /// Keeps the values of columns for what follows, but where a row left out could have changed them.
    fn keep(&mut self, held: &HashMap<ColumnId, Held>, doubtful: &[Doubtful]) {
        let plan = self.scheme.plan();
        for (id, values) in held.iter().filter(|(id, _)| is_kept(plan, **id)) {
            let places = plan.column(*id).places;
            match values {
                Held::Integers { mantissas, places: own } if places == Some(u32::from(*own)) => {
                    self.lanes.keep_units(*id, mantissas);
                }
                Held::Choices(places) => self.lanes.keep_places(*id, places),
                values => self.lanes.keep(plan, *id, (0..self.people.rows).map(|row| values.get(row))),
            }
        }
        for each in doubtful {
            self.lanes.forget(each.column, each.row);
        }
    }

    /// The scores of sheets without severity, of the roles of one stage.
    fn sheets_of_stage(
        &mut self,
        groups: &[usize],
        options: &mut Options<'_>,
        progress: (&mut usize, usize),
    ) -> Result<(), Stop> {
        let scheme = self.scheme.clone();
        let plan = scheme.plan();
        let columns = scores_of(plan, groups);
        if columns.is_empty() {
            return Ok(());
        }
        let scored = |run: &mut &Self, rows: Range<usize>| {
            let of_row = |person| {
                let mut scores = Scores { columns: &columns, person, found: Vec::new() };
                run.evaluated(person, &mut scores);
                scores.found
            };
            rows.flat_map(of_row).collect::<Vec<_>>()
        };
        let parts = self.in_blocks(self.people.rows, options, progress, |run| run, scored)?;
        let sheets: Vec<SheetScore> = parts.into_iter().flatten().collect();
        let keys = self.key_texts();
        for at in groups {
            let Some(group) = plan.groups.get(*at) else { continue };
            let GroupFunction::Severity(severity) = &group.function else { continue };
            let Some(table) = self.details.get(severity.table.index()) else { continue };
            let found = of_role((group, severity), (plan.detail(severity.table), table), &sheets, &keys);
            if let Some(slot) = self.groups.get_mut(*at) {
                *slot = found;
            }
        }
        Ok(())
    }

    /// The figures people are shown.
    fn figures_of_rows(
        &mut self,
        (columns, programs): (&Arc<[ColumnId]>, &Arc<Programs>),
        options: &mut Options<'_>,
        progress: (&mut usize, usize),
    ) -> Result<(), Stop> {
        let scheme = self.scheme.clone();
        let shown = self.shown.len();
        let rows = |run| Rows::new(run, programs, columns, shown);
        let parts = self.in_blocks(self.people.rows, options, progress, rows, Rows::part)?;
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

    /// Does something with all rows, block by block, the threads taking the next block each; what comes out is in the order
    /// of the rows.
    pub(super) fn in_blocks<'r, S, T: Send>(
        &'r self,
        rows: usize,
        options: &mut Options<'_>,
        (done, total): (&mut usize, usize),
        evaluator: impl Fn(&'r Self) -> S + Sync,
        work: impl Fn(&mut S, Range<usize>) -> T + Sync,
    ) -> Result<Vec<T>, Stop> {
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
            let mut evaluator = evaluator(self);
            for (at, place) in all.iter_mut().enumerate() {
                let rows = block(at);
                let count = rows.len();
                *place = Some(work(&mut evaluator, rows));
                if told(count).is_break() {
                    return Err(Stop::Stopped);
                }
            }
            return Ok(all.into_iter().flatten().collect());
        }
        let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            let (work, evaluator, next, stopped, block) = (&work, &evaluator, &next, &stopped, &block);
            let working: Vec<_> = (0..threads.min(blocks))
                .map(|_| {
                    let sender = sender.clone();
                    scope.spawn(move || {
                        let mut evaluator = evaluator(self);
                        while !stopped.load(Ordering::Relaxed) {
                            let at = next.fetch_add(1, Ordering::Relaxed);
                            if at >= blocks || sender.send((at, work(&mut evaluator, block(at)))).is_err() {
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
