//! Detail rows in the row evaluator: their own columns, and figures over them.

use std::collections::HashMap;

use super::facts::{DetailTable, Facts};
use super::ops;
use super::owners::Owners;
use super::row::{CellResult, Evaluator, fault};
use super::trace::Sink;
use crate::fault::{Cause, Fault, FaultCode};
use crate::limits::DETAIL_VISITS;
use crate::number::Number;
use crate::plan::{
    Aggregate, AggregateFunction, Column, ColumnId, DetailId, Extreme, GroupFunction, GroupId, InputId, NodeId, Op,
    Plan,
};
use crate::value::{Kind, Value};

/// The detail rows of one person, as far as they are computed.
#[derive(Debug, Default)]
pub(crate) struct Details<'a> {
    tables: Vec<Table<'a>>,
    /// How many rows were looked at so far.
    visits: u64,
}

#[derive(Debug, Default)]
struct Table<'a> {
    /// The person's rows, once the key is known.
    rows: Option<Result<&'a [u32], Cause>>,
    /// The columns that are computed, a cell for each of the person's rows.
    columns: HashMap<ColumnId, Vec<CellResult>>,
    /// Which of the person's rows is looked at.
    current: usize,
}

impl<'a> Details<'a> {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { tables: plan.details.iter().map(|_| Table::default()).collect(), visits: 0 }
    }

    fn of(&self, table: DetailId) -> Option<&Table<'a>> {
        self.tables.get(table.index())
    }

    /// The row of the whole table that is looked at.
    fn row(&self, table: DetailId) -> Option<u32> {
        let state = self.of(table)?;
        match state.rows {
            Some(Ok(rows)) => rows.get(state.current).copied(),
            _ => None,
        }
    }

    /// The cell of an input in the row that is looked at.
    pub(super) fn input(&self, plan: &Plan, facts: &Facts<'_>, table: DetailId, input: InputId) -> CellResult {
        let cell = facts.details.get(table.index()).zip(self.row(table));
        let cell = cell.map(|(found, row)| found.cell(plan, plan.detail(table), input.index(), row));
        cell.unwrap_or(Ok(Value::Missing))
    }

    /// The cell of a column in the row that is looked at, as its own evaluation left it.
    fn own_cell(&self, table: DetailId, column: ColumnId) -> Option<&CellResult> {
        let state = self.of(table)?;
        state.columns.get(&column)?.get(state.current)
    }

    /// The cell of a column in the row that is looked at, as another column reads it.
    pub(super) fn cell(&self, table: DetailId, column: ColumnId) -> CellResult {
        match self.own_cell(table, column) {
            Some(Ok(value)) => Ok(value.clone()),
            Some(Err(Cause::Fault(_))) | None => Err(Cause::Blocked { by: column }),
            Some(Err(blocked)) => Err(*blocked),
        }
    }
}

/// The text that a value of the key column has in a detail table.
pub(crate) fn key_text(value: &Value, kind: &Kind) -> Option<std::sync::Arc<str>> {
    match (value, kind) {
        (Value::Text(text), _) => Some(text.clone()),
        (Value::Choice(at), Kind::Choice(list)) => list.word(*at).cloned(),
        _ => None,
    }
}

impl<'f, S: Sink> Evaluator<'_, 'f, S> {
    /// The person's rows of a detail table.
    fn rows_of(&mut self, table: DetailId, id: NodeId) -> Result<&'f [u32], Cause> {
        // whose rows they are may itself be in doubt
        if let Some(key) = self.plan.and_then(|plan| plan.details.get(table.index())).map(|detail| detail.key)
            && let Some(doubt) = self.out.provisional.get(&key).cloned()
        {
            self.tainted(&doubt);
        }
        if let Some(Some(known)) = self.details.of(table).map(|state| state.rows) {
            return known;
        }
        let facts: &'f Facts<'f> = self.facts;
        let found = match facts.details.get(table.index()) {
            Some(of_all) => self.rows_in(of_all, table, id),
            None => Err(fault(FaultCode::NeedsDetails, id)),
        };
        if let Ok(rows) = found {
            self.sink.rows_of(table, rows);
        }
        if let Some(state) = self.details.tables.get_mut(table.index()) {
            state.rows = Some(found);
        }
        found
    }

    fn rows_in(&mut self, of_all: &'f DetailTable, table: DetailId, id: NodeId) -> Result<&'f [u32], Cause> {
        match &of_all.owners {
            Owners::One(rows) => return Ok(rows),
            Owners::NotGiven => return Err(fault(FaultCode::NeedsDetails, id)),
            Owners::ByKey(_) => {}
        }
        let Some((plan, detail)) = self.plan.and_then(|plan| Some((plan, plan.details.get(table.index())?))) else {
            return Ok(&[]);
        };
        let kind = &plan.node(plan.column(detail.key).body).facts.kind;
        let key = match self.out.cells.get(detail.key.index()) {
            Some(Ok(value)) => value,
            Some(Err(blocked @ Cause::Blocked { .. })) => return Err(*blocked),
            _ => return Err(Cause::Blocked { by: detail.key }),
        };
        // without the key nobody knows whether rows are his
        match key_text(key, kind) {
            Some(key) => Ok(of_all.rows_of(&key)),
            None => Err(fault(FaultCode::Missing, plan.column(detail.key).body)),
        }
    }

    /// Looks at one of the person's rows: what was remembered of another is forgotten.
    fn look_at(&mut self, table: DetailId, at: usize) {
        if let Some(state) = self.details.tables.get_mut(table.index()) {
            state.current = at;
        }
        if let Some(plan) = self.plan {
            for slot in plan.remembered_in(table) {
                if let Some(slot) = self.memory.get_mut(*slot as usize) {
                    *slot = None;
                }
            }
        }
    }

    fn looked_at(&self, table: DetailId) -> usize {
        self.details.of(table).map_or(0, |state| state.current)
    }

    /// Computes a column of a detail table for all of the person's rows. Its faults are told by what reads them.
    pub(super) fn detail_column(&mut self, column: &Column, id: ColumnId, table: DetailId) {
        let rows = self.rows_of(table, column.body).unwrap_or(&[]);
        let mut cells = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            self.look_at(table, at);
            let cell = self.column(column);
            self.sink.cell(id, *row, &cell);
            cells.push(cell);
        }
        self.place = None;
        if let Some(state) = self.details.tables.get_mut(table.index()) {
            state.columns.insert(id, cells);
        }
    }

    /// What some operations come to in each of the person's rows of a detail table.
    pub(super) fn in_rows(&mut self, table: DetailId, nodes: &[NodeId]) -> Vec<(u32, Vec<CellResult>)> {
        let rows = self.rows_of(table, NodeId::NONE).unwrap_or(&[]);
        let of_row = |(at, row): (usize, &u32)| {
            self.look_at(table, at);
            (*row, nodes.iter().map(|node| self.node(*node)).collect())
        };
        rows.iter().enumerate().map(of_row).collect()
    }

    /// A figure over the person's rows of a detail table.
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate, id: NodeId) -> CellResult {
        let table = aggregate.table;
        let rows = self.rows_of(table, id)?;
        let before = self.looked_at(table);
        let mut so_far = SoFar::default();
        let mut found = Ok(());
        for (at, row) in rows.iter().enumerate() {
            self.look_at(table, at);
            found = self.count_in(aggregate, id, *row, &mut so_far);
            if let Err(cause) = found {
                self.met(cause, table, *row);
                break;
            }
        }
        self.look_at(table, before);
        found?;
        match so_far.value(aggregate.function).map_err(|code| fault(code, id))? {
            Some(value) => Ok(value),
            None => match (aggregate.when_empty, aggregate.function) {
                (Some(when_empty), _) => self.node(when_empty),
                (None, AggregateFunction::Only) => Ok(Value::Missing),
                (None, _) => Err(fault(FaultCode::NoRows, id)),
            },
        }
    }

    /// The score of the sheet that is looked at, without its rater's severity.
    ///
    /// A sheet whose own score or rater is not there has that fault, whatever is known of the others.
    pub(super) fn adjusted(&mut self, group: GroupId, rated: NodeId, rater: NodeId, id: NodeId) -> CellResult {
        self.number(rated)?;
        self.present(rater)?;
        let Some(figures) = self.facts.groups.get(group.index()).filter(|figures| figures.known) else {
            return Err(fault(FaultCode::NeedsGroup, id));
        };
        if figures.left_out_beside(self.facts.row).next().is_some() {
            self.tainted(&[group]);
        }
        let table = self.plan.and_then(|plan| match &plan.groups.get(group.index())?.function {
            GroupFunction::Severity(severity) => Some(severity.table),
            _ => None,
        });
        let sheet = table.and_then(|table| self.details.row(table));
        match figures.sheets.as_deref().zip(sheet).map(|(sheets, sheet)| sheets.score(sheet)) {
            Some(score) => score.map(Value::Number).map_err(|code| fault(code, id)),
            None => Err(fault(FaultCode::NeedsGroup, id)),
        }
    }

    /// Counts one row in, unless it is filtered.
    fn count_in(&mut self, aggregate: &Aggregate, id: NodeId, row: u32, so_far: &mut SoFar) -> Result<(), Cause> {
        self.details.visits = self.details.visits.saturating_add(1);
        if self.details.visits > DETAIL_VISITS {
            return Err(fault(FaultCode::TooMuch, id));
        }
        if let Some(filter) = aggregate.filter
            && !self.truth(filter)?
        {
            return Ok(());
        }
        let value = match aggregate.value {
            Some(value) => match aggregate.function {
                AggregateFunction::Last | AggregateFunction::Only => self.node(value)?,
                _ => self.present(value)?,
            },
            None => Value::Number(Number::ONE),
        };
        let by = aggregate.by.map(|by| self.present(by)).transpose()?;
        self.sink.row(id, row, &value);
        so_far.add(aggregate.function, value, by).map_err(|code| fault(code, id))
    }

    /// The same for the row that is looked at in the table whose column lacks a value.
    pub(super) fn met_here(&mut self, cause: Cause) {
        let Cause::Blocked { by } = cause else { return };
        let table = self.plan.and_then(|plan| plan.columns.get(by.index())).and_then(|column| column.detail);
        if let Some((table, row)) = table.and_then(|table| Some((table, self.details.row(table)?))) {
            self.met(cause, table, row);
        }
    }

    /// Keeps in which detail row a fault was met, and of which of its columns it is.
    fn met(&mut self, cause: Cause, table: DetailId, row: u32) {
        let is_of_all =
            |fault: Fault| self.plan.is_some_and(|plan| matches!(plan.node(fault.node).op, Op::Adjusted { .. }));
        if let Cause::Fault(fault) = cause
            && is_of_all(fault)
        {
            return; // raters who cannot be compared are no matter of this sheet
        }
        self.place.get_or_insert((table, row));
        let Cause::Blocked { by } = cause else { return };
        if self.plan.and_then(|plan| plan.columns.get(by.index())).is_none_or(|column| column.detail != Some(table)) {
            return;
        }
        let Some(Err(own)) = self.details.own_cell(table, by) else { return };
        let own = *own;
        if let Some(cell @ Ok(_)) = self.out.cells.get_mut(by.index()) {
            *cell = Err(own);
            self.out.places.insert(by, (table, row));
        }
    }
}

/// What the rows counted so far have come to.
#[derive(Debug, Default)]
struct SoFar {
    count: i64,
    total: Option<Number>,
    best: Option<Value>,
    /// What the best row is ordered by, and whether another row is its equal with another value.
    place: Option<(Value, bool)>,
    numbers: Vec<Number>,
}

impl SoFar {
    fn add(&mut self, function: AggregateFunction, value: Value, by: Option<Value>) -> Result<(), FaultCode> {
        use AggregateFunction as F;
        self.count = self.count.saturating_add(1);
        match (function, value) {
            (F::Count, _) => {}
            (F::Sum | F::Average, Value::Number(number)) => {
                self.total = Some(self.total.as_ref().map_or_else(|| number.clone(), |total| total.add(&number)));
            }
            (F::Median | F::MeanOf(_) | F::MiddleOf(_), Value::Number(number)) => self.numbers.push(number),
            (F::Minimum, value) => self.keep(Extreme::Minimum, value),
            (F::Maximum, value) => self.keep(Extreme::Maximum, value),
            (F::Last, value) => self.latest(value, by),
            (F::Only, value) if self.count == 1 => self.best = Some(value),
            (F::Only, _) => return Err(FaultCode::NotOne),
            _ => return Err(FaultCode::WrongType),
        }
        Ok(())
    }

    fn keep(&mut self, extreme: Extreme, value: Value) {
        if self.best.as_ref().is_none_or(|best| ops::replaces(extreme, &value, best)) {
            self.best = Some(value);
        }
    }

    fn latest(&mut self, value: Value, by: Option<Value>) {
        let Some(by) = by else { return };
        match self.place.as_ref().and_then(|(last, _)| ops::order(&by, last)) {
            Some(std::cmp::Ordering::Less) => {}
            Some(std::cmp::Ordering::Equal) => {
                let same = self.best.as_ref().is_some_and(|best| same(best, &value));
                if let Some((_, doubtful)) = &mut self.place {
                    *doubtful |= !same;
                }
            }
            _ => {
                self.best = Some(value);
                self.place = Some((by, false));
            }
        }
    }

    /// What the figure comes to; nothing over no rows.
    fn value(self, function: AggregateFunction) -> Result<Option<Value>, FaultCode> {
        use AggregateFunction as F;
        Ok(match function {
            F::Count => Some(Value::Number(Number::from_integer(self.count))),
            F::Sum => Some(Value::Number(self.total.unwrap_or(Number::ZERO))),
            F::Average => {
                let count = Number::from_integer(self.count);
                self.total.and_then(|total| total.divide(&count)).map(Value::Number)
            }
            F::MeanOf(ends) => ops::mean_of(self.numbers, ends).map(Value::Number),
            F::MiddleOf(ends) => ops::median(ops::within(self.numbers, ends)).ok().map(Value::Number),
            F::Median => ops::median(self.numbers).ok().map(Value::Number),
            // two rows that come last with two values have no last value
            F::Last if self.place.is_some_and(|(_, doubtful)| doubtful) => return Err(FaultCode::NotOne),
            F::Minimum | F::Maximum | F::Last | F::Only => self.best,
        })
    }
}

/// Whether two values are the same; both may be missing.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Missing, Value::Missing) => true,
        _ => ops::order(a, b).is_some_and(std::cmp::Ordering::is_eq),
    }
}
