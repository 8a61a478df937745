//! What programs leave to the exact evaluator, computed for a block of rows before its program runs.

use std::ops::Range;

use super::Run;
use super::over_rows::Counted;
use crate::column::FiguresPart;
use crate::eval::facts::Facts;
use crate::eval::input;
use crate::eval::program::{Aside, AsideLanes};
use crate::eval::row::{CellResult, Cells, RowCells};
use crate::outcome::Figure;
use crate::plan::ColumnId;
use crate::value::Value;

/// Evaluates some columns of row after row, with buffers that are kept.
pub(super) struct ExactColumns<'r> {
    run: &'r Run,
    /// Who has too many detail rows.
    counted: Option<Counted>,
    /// For each input its cell; those that are not read are left missing.
    inputs: Vec<CellResult>,
    row: RowCells,
    /// How many rows were looked at, and of how many of them that was in vain.
    looked_at: (usize, usize),
}

impl<'r> ExactColumns<'r> {
    pub(super) fn new(run: &'r Run, aside: &Aside) -> Self {
        let plan = run.scheme.plan();
        Self {
            run,
            counted: aside.looks_at_rows.then(|| run.counted()),
            inputs: vec![Ok(Value::Missing); plan.inputs.len()],
            row: RowCells::new(plan),
            looked_at: (0, 0),
        }
    }

    /// What these rows come to, with the figures that are shown at their places after those of which so many come
    /// `before`. A row that lacks one or waits for somebody is left, that all of it may be seen.
    pub(super) fn of_rows(
        &mut self,
        aside: &Aside,
        rows: Range<usize>,
        (figures, before): (&mut [FiguresPart<'_>], usize),
    ) -> AsideLanes {
        let plan = self.run.scheme.plan();
        let mut found = AsideLanes::new(aside, rows.len());
        for (at, row) in rows.enumerate() {
            self.looked_at.0 = self.looked_at.0.saturating_add(1);
            if self.row(aside, row).is_none() {
                self.looked_at.1 = self.looked_at.1.saturating_add(1);
                found.leave(at);
                continue;
            }
            let cell = |id: ColumnId| self.row.out.cells.get(id.index());
            for (place, id) in &aside.shown {
                if let (Some(cell), Some(figures)) = (cell(*id), figures.get_mut(*place)) {
                    figures.set(before.saturating_add(at), Figure::publish(plan, *id, cell));
                }
            }
            for id in &aside.read {
                if let Some(cell) = cell(*id) {
                    found.set(plan, *id, at, cell);
                }
            }
        }
        found
    }

    /// Whether it is mostly in vain: then rows are better answered as a whole from the first.
    pub(super) const fn is_in_vain(&self) -> bool {
        let (all, in_vain) = self.looked_at;
        in_vain > all / 2
    }

    /// Computes what is on the way in a row; nothing when all of the row has to be looked at.
    fn row(&mut self, aside: &Aside, row: usize) -> Option<()> {
        if self.counted.is_some_and(|counted| counted.has_too_many(self.run, row)) {
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
        let mut columns = aside.shown.iter().map(|(_, id)| id).chain(&aside.read);
        (provisional.is_empty() && columns.all(is_there)).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::eval::program::Programs;
    use crate::row::Row;
    use crate::run::{Data, Options, Table};
    use crate::scheme::Scheme;

    const SCHEME: &str = "
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, a: { type: number, places: 2 }, town: { type: text } }
details: { d: { key: k, columns: { x: { type: number, places: 2 } } } }
computed:
  east: contains(town, “东”)
  b: if east then a * 2 else a / 4
  more: { formula: count(d where d.x > avg(d.x when_empty 0)), round: 0 }
";

    /// People of whom every hundredth lacks a town, and every second has two detail rows.
    fn run(people: usize) -> Run {
        let person = |at: usize| {
            let row = Row::new().with("k", format!("{at}")).with("a", i64::try_from(at).unwrap());
            if at % 100 == 99 { row } else { row.with("town", if at.is_multiple_of(3) { "城东" } else { "城西" }) }
        };
        let row = |at: usize| Row::new().with("k", format!("{}", at / 2 * 2)).with("x", i64::try_from(at).unwrap());
        let table = |rows: Vec<Row>| Table::of_rows(rows);
        let data = Data::of(table((0..people).map(person).collect()));
        let data = data.detail("d", table((0..people / 2 * 2).map(row).collect()));
        Scheme::parse(SCHEME).unwrap().score(data, Options::default()).unwrap()
    }

    #[test]
    fn only_rows_that_lack_something_are_answered_as_a_whole() {
        let run = run(2500);
        let plan = run.scheme.plan();
        let programs = Arc::new(Programs::new(plan, &plan.shown));
        let columns: Arc<[ColumnId]> = plan.shown.clone().into();
        let mut whole = Vec::new();
        let mut figures: Vec<_> =
            columns.iter().map(|id| crate::column::Figures::of(plan, plan.column(*id), 2500)).collect();
        let mut parts: Vec<_> = figures.iter_mut().flat_map(|each| each.parts(2500)).collect();
        let mut rows = crate::run::rows::Rows::new(&run, &programs, &columns);
        rows.figures(0..2500, &mut parts, |row, _| whole.push(row));
        assert_eq!(whole, (0..2500).filter(|row| row % 100 == 99).collect::<Vec<_>>());
        let shown = |row: usize| run.outcome(row).figures().map(|(_, figure)| figure.to_string()).collect::<Vec<_>>();
        assert_eq!(shown(2001), ["2001", "城东", "true", "4002", "0"]);
        assert_eq!(shown(2002), ["2002", "城西", "false", "500.5", "1"]);
    }

    #[test]
    fn who_has_too_many_detail_rows_is_answered_as_a_whole() {
        let run = run(4);
        let plan = run.scheme.plan();
        let programs = Programs::new(plan, &plan.shown);
        let aside = programs.aside().unwrap();
        let mut exact = ExactColumns::new(&run, aside);
        assert!((0..4).all(|row| exact.row(aside, row).is_some()));
        exact.counted = exact.counted.map(|_| Counted::of_nobody_with_rows());
        assert_eq!([0, 1, 2, 3].map(|row| exact.row(aside, row).is_some()), [false, true, false, true]);
    }

    #[test]
    fn what_is_mostly_in_vain_is_given_up() {
        let run = run(4);
        let plan = run.scheme.plan();
        let programs = Programs::new(plan, &plan.shown);
        let mut exact = ExactColumns::new(&run, programs.aside().unwrap());
        exact.looked_at = (1024, 512);
        assert!(!exact.is_in_vain());
        exact.looked_at = (1024, 513);
        assert!(exact.is_in_vain());
    }
}
