//! The stages of a run: rows, and groups between them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::{Arc, OnceLock};
use std::thread;

use super::Run;
use super::blocks::THREAD_ROWS;
use super::data::{Data, Options, Stop};
use super::group::{Doubtful, Values, figures};
use super::held::Held;
use super::keys::unique;
use super::read::{Read, no_orphans, read};
use super::rows::{RowValues, Rows};
use super::severity::{Scores, SheetScore, of_role};
use crate::error::DataError;
use crate::eval::detail::key_text;
use crate::eval::figures::GroupFigures;
use crate::eval::program::{Lanes, Programs, is_kept};
use crate::eval::row::CellResult;
use crate::eval::trace::Silent;
use crate::plan::{ColumnId, Group, GroupFunction, Plan, Role};
use crate::scheme::Scheme;
use crate::value::Kind;

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
    pub fn score(&self, data: Data, options: Options<'_>) -> Result<Run, Stop> {
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
        let plan = self.plan();
        let keys = Arc::clone(&people);
        let run = Run {
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
        if options.threads <= 1 || keys.rows < THREAD_ROWS || alone {
            if !alone {
                unique(plan, &keys)?;
            }
            return run.computed((&columns, &programs), options, alone);
        }
        thread::scope(|scope| {
            // of keys the rest takes no notice
            let keys = scope.spawn(|| unique(plan, &keys));
            let run = run.computed((&columns, &programs), options, alone);
            keys.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            run
        })
    }
}

impl Run {
    /// All stages, one after the other.
    fn computed(
        mut self,
        (columns, programs): (&Arc<[ColumnId]>, &Arc<Programs>),
        mut options: Options<'_>,
        alone: bool,
    ) -> Result<Self, Stop> {
        let scheme = self.scheme.clone();
        let plan = scheme.plan();
        let stages = if alone { Vec::new() } else { stages(plan, columns) };
        let passes: usize = stages.iter().map(|groups| passes(plan, groups)).sum();
        let over_rows = if alone { &[] } else { programs.over_rows() };
        let total = self.people.rows.saturating_mul(passes.saturating_add(1));
        let total = total.saturating_add(self.rows_gone_through(over_rows));
        let mut done = 0;
        if !over_rows.is_empty() {
            self.figures_over_rows(programs, &mut options, (&mut done, total))?;
        }
        for groups in stages {
            self.groups_of_stage(&groups, programs, &mut options, (&mut done, total))?;
        }
        let programs = programs.after(plan, columns, &self.lanes);
        self.figures_of_rows((columns, &programs), &mut options, (&mut done, total))?;
        self.lanes = Lanes::default();
        self.no_orphans_of_columns()?;
        Ok(self)
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
        let rows = |run| Rows::new(run, &programs, &columns);
        let (all, parts) = self.in_columns(&columns, options, progress, rows, Rows::values)?;
        let mut provisional = Vec::new();
        let mut single: Vec<HashMap<usize, CellResult>> = columns.iter().map(|_| HashMap::new()).collect();
        for part in parts {
            let mut rows: Vec<(usize, RowValues)> = part.into_iter().collect();
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
        let shown = self.shown.len();
        let rows = |run| Rows::new(run, programs, columns);
        let wanted = columns.get(..shown).unwrap_or_default();
        let (figures, parts) = self.in_columns(wanted, options, progress, rows, Rows::part)?;
        self.figures = figures;
        self.incomplete = parts.concat();
        Ok(())
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
