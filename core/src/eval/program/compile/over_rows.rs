//! Figures over detail rows: a program over the rows of a table, and what comes together of its slots for each person.

use super::operand::{Form, Operand, Scaled};
use super::reads::aggregates;
use super::{Along, Compiled, Compiler};
use crate::eval::program::float::Float;
use crate::eval::program::instruction::{Escape, Instruction, Program, Slot};
use crate::eval::program::lane::Lane;
use crate::eval::program::lanes::{Known, KnownFigure, Source};
use crate::eval::program::over_rows::{OverRow, OverRows, Reading};
use crate::plan::{Aggregate, AggregateFunction, ColumnId, DetailId, DetailKind, NodeId, Plan, Role};

/// How many figures are read of a table at a time: for each a lane or three of all its rows are held.
const FIGURES: usize = 8;
/// How long the programs of all figures may be together, those of attempts that come to nothing among them.
const INSTRUCTIONS: usize = 20_000;

/// The figures over detail rows that these columns read and that programs can compute, some of a table at a time.
pub(in crate::eval::program) fn over_rows(plan: &Plan, columns: &[ColumnId]) -> Vec<OverRows> {
    let groups = plan.groups_behind(columns);
    let operands = groups.iter().filter_map(|at| plan.groups.get(*at)).flat_map(|group| group.operands());
    let depths = plan.depths_over_rows();
    // what is computed over other rows inside of a row is no lane of it
    let is_plain = |aggregate: &Aggregate| {
        let mut inner = [aggregate.value, aggregate.filter, aggregate.by].into_iter().flatten();
        inner.all(|node| depths.get(node.index()) == Some(&0))
    };
    let read = aggregates(plan, columns.iter().copied().chain(operands));
    let mut left = INSTRUCTIONS;
    let mut found = Vec::new();
    for (table, detail) in (0..).map(DetailId).zip(&plan.details) {
        if detail.kind != DetailKind::Rows || !matches!(plan.column(detail.key).role, Role::Input(_)) {
            continue;
        }
        let of_table: Vec<(NodeId, &Aggregate)> =
            read.iter().filter(|(_, aggregate)| aggregate.table == table && is_plain(aggregate)).copied().collect();
        for some in of_table.chunks(FIGURES) {
            match together(plan, table, some, &mut left) {
                Some(rows) => found.push(rows),
                // what one of them cannot do is no matter of the others
                None => found.extend(some.iter().filter_map(|one| together(plan, table, &[*one], &mut left))),
            }
        }
    }
    found
}

/// One program for figures over the rows of a table.
fn together(plan: &Plan, table: DetailId, aggregates: &[(NodeId, &Aggregate)], left: &mut usize) -> Option<OverRows> {
    if *left == 0 {
        return None;
    }
    let nothing = Known::default();
    let mut compiler: Compiler<'_, Float> = Compiler::new(plan, &nothing, Along::Details(table));
    // a row of a key that several have is another's, too
    let Role::Input(key) = plan.column(plan.detail(table).key).role else { return None };
    if plan.inputs.get(key.index()).is_some_and(|key| key.key) {
        compiler.persons = Some(Box::new(Compiler::new(plan, &nothing, Along::Facts)));
    }
    let mut outputs = Vec::new();
    let mut figures = Vec::new();
    for (node, aggregate) in aggregates {
        let figure = compiler.over_row(*node, aggregate, &mut outputs);
        let persons = compiler.persons.as_ref().map_or(0, |persons| persons.program.length());
        let written = compiler.program.length().saturating_add(persons);
        let (Ok(figure), Some(_)) = (figure, left.checked_sub(written)) else {
            *left = left.saturating_sub(written);
            return None;
        };
        figures.push(figure);
    }
    let persons = compiler.persons.take().map(|persons| persons.end());
    let program = compiler.end();
    *left = left.saturating_sub(program.length());
    *left = left.saturating_sub(persons.as_ref().map_or(0, Program::length));
    let fits = |program: &Program<Float>| program.slots <= super::super::COLUMNS;
    let fit = fits(&program) && persons.as_ref().is_none_or(fits);
    let of_persons = program.lanes.iter().filter_map(|load| match load.source {
        Source::OfPerson(slot) => Some(slot),
        Source::Column(_) | Source::Aside(_) | Source::Figure(_) | Source::Divisor(_) => None,
    });
    let of_persons: Vec<Slot> = of_persons.collect();
    let persons =
        persons.filter(|_| !of_persons.is_empty()).map(|persons| Reading { program: persons, outputs: of_persons });
    fit.then_some(OverRows { table, persons, rows: Reading { program, outputs }, figures })
}

impl Compiler<'_, Float> {
    /// What a figure reads in each row, and what it comes to.
    fn over_row(&mut self, node: NodeId, aggregate: &Aggregate, outputs: &mut Vec<Slot>) -> Compiled<OverRow> {
        use AggregateFunction as F;
        let filter = aggregate.filter.map(|filter| self.present(filter)).transpose()?;
        // what does not count is not looked at
        let jump = filter.map(|filter| self.emit(Instruction::JumpUnless { condition: filter.slot, to: 0 }));
        let may_be_missing = matches!(aggregate.function, F::Last | F::Only);
        let read = |this: &mut Self| {
            let value = match aggregate.value {
                Some(value) if may_be_missing => Some(this.node(value)?),
                Some(value) => Some(this.present(value)?),
                None => None,
            };
            let by = aggregate.by.map(|by| this.present(by)).transpose()?;
            Ok((value, by))
        };
        let (value, by) = match jump {
            Some(_) => self.scoped(read)?,
            None => read(self)?,
        };
        self.land(jump.as_slice());
        if by.is_some_and(|by| !is_ordered(by)) {
            return Err(Escape::Exact);
        }
        let figure = figure(aggregate, value)?;
        let mut output = |operand: Operand| {
            let known = outputs.iter().position(|slot| *slot == operand.slot);
            known.unwrap_or_else(|| {
                outputs.push(operand.slot);
                outputs.len().saturating_sub(1)
            })
        };
        let (filter, value, by) = (filter.map(&mut output), value.map(&mut output), by.map(&mut output));
        Ok(OverRow { node, function: aggregate.function, filter, value, by, figure })
    }
}

/// Numbers without an error and days are in the order of their lanes.
fn is_ordered(operand: Operand) -> bool {
    operand.is_lane() && matches!(operand.form, Form::Number(_) | Form::Date)
}

/// What a figure is as a lane.
fn figure(aggregate: &Aggregate, value: Option<Operand>) -> Compiled<KnownFigure> {
    use AggregateFunction as F;
    let exact = || match value.map(Operand::scaled).transpose()? {
        Some(scaled) if scaled.is_exact() => Ok(scaled.scale),
        _ => Err(Escape::Exact),
    };
    let number = |scale| Form::Number(Scaled::exact(scale));
    let (form, is_fraction) = match aggregate.function {
        F::Count => (number(0), false),
        F::Sum => (number(exact()?), false),
        F::Average => (number(exact()?), true),
        F::Median => (number(exact()?.saturating_add(1)), false),
        // these are of sheets, which are no plain rows
        F::MeanOf(_) | F::MiddleOf(_) => return Err(Escape::Exact),
        F::Minimum | F::Maximum => match value {
            Some(value) if is_ordered(value) => (value.form, false),
            _ => return Err(Escape::Exact),
        },
        F::Last | F::Only => match value {
            Some(value) if value.is_lane() => (value.form, false),
            _ => return Err(Escape::Exact),
        },
    };
    let may_be_absent = aggregate.when_empty.is_some() || aggregate.function == F::Only;
    let may_be_missing = value.is_some_and(|value| value.may_be_missing);
    // nothing over no rows would be taken for nothing in the row
    if aggregate.when_empty.is_some() && may_be_missing {
        return Err(Escape::Exact);
    }
    Ok(KnownFigure { form, is_fraction, may_be_absent, may_be_missing })
}

impl<L: Lane> Compiler<'_, L> {
    /// What a row of a detail table reads of the person it belongs to.
    pub(super) fn of_person(&mut self, value: impl FnOnce(&mut Self) -> Compiled<Operand>) -> Compiled<Operand> {
        let Some(mut persons) = self.persons.take() else { return Err(Escape::Exact) };
        let found = value(&mut persons);
        self.persons = Some(persons);
        let found = found?;
        if !found.is_lane() {
            return Err(Escape::Exact);
        }
        let lanes = self.lanes(Source::OfPerson(found.slot), found.form)?;
        Ok(Operand { may_be_missing: found.may_be_missing, ..lanes })
    }

    /// The numerator and the denominator of a figure over detail rows that need not be a decimal; nothing when it is one.
    pub(super) fn row_fraction(&mut self, id: NodeId, aggregate: &Aggregate) -> Compiled<Option<(Operand, Operand)>> {
        let figure = *self.known.figures.get(&id).ok_or(Escape::Exact)?;
        if !figure.is_fraction || aggregate.when_empty.is_some() {
            return Ok(None);
        }
        Ok(Some((self.lanes(Source::Figure(id), figure.form)?, self.lanes(Source::Divisor(id), Form::COUNT)?)))
    }

    /// A figure over detail rows, computed before.
    pub(super) fn aggregate(&mut self, id: NodeId, aggregate: &Aggregate) -> Compiled<Operand> {
        let figure = *self.known.figures.get(&id).ok_or(Escape::Exact)?;
        let found = self.lanes(Source::Figure(id), figure.form)?;
        if let Some(when_empty) = aggregate.when_empty {
            let mut branches = Vec::new();
            let next = self.emit(Instruction::JumpIfMissing { value: found.slot, to: 0 });
            let taken = if figure.is_fraction { self.row_quotient(id, found) } else { Ok(found) };
            self.end_branch(taken, &mut branches);
            let end = self.emit(Instruction::Jump { to: 0 });
            self.land(&[next]);
            let taken = self.scoped(|this| this.node(when_empty));
            self.end_branch(taken, &mut branches);
            self.land(&[end]);
            return self.join(&branches);
        }
        if figure.is_fraction {
            return self.row_quotient(id, found);
        }
        Ok(Operand { may_be_missing: figure.may_be_absent || figure.may_be_missing, ..found })
    }

    fn row_quotient(&mut self, id: NodeId, numerator: Operand) -> Compiled<Operand> {
        let divisor = self.lanes(Source::Divisor(id), Form::COUNT)?;
        self.quotient(numerator, divisor, None)
    }
}
