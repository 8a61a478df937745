//! Figures over detail rows, before anything that reads them: first what they read in each row of the table, then each
//! person's rows together.

use std::ops::Range;

use super::Run;
use super::data::{Options, Stop};
use crate::column::Column;
use crate::eval::facts::Owners;
use crate::eval::program::{Around, Block, Lanes, OverRows, PersonLanes, Programs, Reading, RowLanes};
use crate::limits::DETAIL_VISITS;
use crate::plan::{Input, Op, Plan};

impl Run {
    /// Computes the figures over detail rows that lanes can hold.
    pub(super) fn figures_over_rows(
        &mut self,
        programs: &Programs,
        options: &mut Options<'_>,
        (done, total): (&mut usize, usize),
    ) -> Result<(), Stop> {
        let scheme = self.scheme.clone();
        let plan = scheme.plan();
        let most = most_rows(plan);
        for over in programs.over_rows() {
            let Some(table) = self.details.get(over.table.index()) else { continue };
            let of_person = |person: usize| match &table.owners {
                Owners::ByKey(rows) => rows.rows_of_person(person),
                Owners::One(_) | Owners::NotGiven => None,
            };
            let along = match over.persons() {
                Some(persons) => {
                    let facts = (&*plan.inputs, self.people.columns());
                    let read =
                        self.read_along((persons, facts), self.people.rows, None, options, (&mut *done, total))?;
                    Some(persons.along(&read, (0..self.people.rows).map(of_person), table.rows))
                }
                None => None,
            };
            let facts = (&*plan.detail(over.table).inputs, &*table.columns);
            let read =
                self.read_along((over.rows(), facts), table.rows, along.as_ref(), options, (&mut *done, total))?;
            let people = |(): &mut (), people: Range<usize>| over.figures(&read, people.map(of_person), most);
            let parts: Vec<PersonLanes> =
                self.in_blocks(self.people.rows, options, (&mut *done, total), |_| (), people)?;
            over.keep(parts, &mut self.lanes);
        }
        Ok(())
    }

    /// What is read of each of so many rows.
    fn read_along(
        &self,
        (reading, facts): (&Reading, (&[Input], &[Column])),
        rows: usize,
        lanes: Option<&Lanes>,
        options: &mut Options<'_>,
        progress: (&mut usize, usize),
    ) -> Result<RowLanes, Stop> {
        let around = Around { groups: &[], given: &self.given, lanes };
        let read = |block: &mut Block, rows: Range<usize>| reading.read(block, facts, &around, rows);
        let mut all = RowLanes::default();
        for part in self.in_blocks(rows, options, progress, |_| reading.block(), read)? {
            all.append(part);
        }
        Ok(all)
    }

    /// How many rows are gone through for these figures: of each table once, and of the people once or twice for each.
    pub(super) fn rows_gone_through(&self, over_rows: &[OverRows]) -> usize {
        let rows = |over: &OverRows| self.details.get(over.table.index()).map_or(0, |table| table.rows);
        let people = |over: &OverRows| self.people.rows.saturating_mul(1 + usize::from(over.persons().is_some()));
        over_rows.iter().map(|over| rows(over).saturating_add(people(over))).fold(0, usize::saturating_add)
    }
}

/// How many rows of a table one person may have for all his figures to stay below the limit of looks at them.
fn most_rows(plan: &Plan) -> usize {
    let figures = plan.nodes.iter().filter(|node| matches!(node.op, Op::Aggregate(_))).count().max(1);
    usize::try_from(DETAIL_VISITS).unwrap_or(usize::MAX) / figures
}
