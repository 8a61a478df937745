//! Figures over detail rows, before anything that reads them: first what they read in each row of the table, then each
//! person's rows together.

use std::ops::Range;

use super::Run;
use super::data::{Options, Stop};
use crate::eval::facts::Owners;
use crate::eval::program::{OverRows, PersonLanes, Programs, RowLanes};
use crate::limits::DETAIL_VISITS;
use crate::plan::{Op, Plan};

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
            let block = |_: &Self| over.block();
            let rows =
                |block: &mut _, rows: Range<usize>| over.rows(block, (plan, &table.columns), &self.around(), rows);
            let mut read = RowLanes::default();
            for part in self.in_blocks(table.rows, options, (&mut *done, total), block, rows)? {
                read.append(part);
            }
            let people = |(): &mut (), people: Range<usize>| {
                let rows = |person: usize| match &table.owners {
                    Owners::ByKey(rows) => rows.rows_of_person(person),
                    Owners::One(_) | Owners::NotGiven => None,
                };
                over.figures(&read, people.map(rows), most)
            };
            let parts: Vec<PersonLanes> =
                self.in_blocks(self.people.rows, options, (&mut *done, total), |_| (), people)?;
            over.keep(parts, &mut self.lanes);
        }
        Ok(())
    }

    /// How many rows are gone through for these figures: of each table once, and of the people once for each table.
    pub(super) fn rows_gone_through(&self, over_rows: &[OverRows]) -> usize {
        let rows = |over: &OverRows| self.details.get(over.table.index()).map_or(0, |table| table.rows);
        over_rows.iter().map(|over| rows(over).saturating_add(self.people.rows)).fold(0, usize::saturating_add)
    }
}

/// How many rows of a table one person may have for all his figures to stay below the limit of looks at them.
fn most_rows(plan: &Plan) -> usize {
    let figures = plan.nodes.iter().filter(|node| matches!(node.op, Op::Aggregate(_))).count().max(1);
    usize::try_from(DETAIL_VISITS).unwrap_or(usize::MAX) / figures
}
