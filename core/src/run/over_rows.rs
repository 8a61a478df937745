//! Figures over detail rows, before anything that reads them: first what they read in each row of the table, then each
//! person's rows together.

use std::ops::Range;

use super::Run;
use super::blocks::Blocks;
use super::data::{Options, Stop};
use crate::column::Column;
use crate::eval::owners::Owners;
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
        let counted = self.counted();
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
            let within = |person: usize| match counted.has_too_many(self, person) {
                true => None,
                false => of_person(person),
            };
            let people = |(): &mut (), people: Range<usize>| over.figures(&read, people.map(within));
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
        let around = Around { groups: &[], given: &self.given, lanes, aside: None };
        let mut all = reading.lanes(rows);
        let blocks = Blocks::of(rows, options.threads);
        let parts = all.parts(blocks.size, blocks.count);
        let read = |block: &mut Block, rows: Range<usize>, mut lanes: Vec<&mut [f64]>| {
            reading.read(block, facts, &around, rows, &mut lanes);
        };
        self.in_pieces(blocks, parts, options, progress, |_| reading.block(rows), read)?;
        Ok(all)
    }

    /// Who has how many detail rows.
    pub(super) fn counted(&self) -> Counted {
        let looks = Looks::of(self.scheme.plan());
        let some_may = looks.are_too_many(self.details.iter().map(|table| table.rows));
        Counted { looks, some_may }
    }

    /// How many rows a person has of each table; of one whose keys are computed as many as there are.
    fn rows_of_tables(&self, person: usize) -> impl Iterator<Item = usize> {
        self.details.iter().map(move |table| match &table.owners {
            Owners::ByKey(rows) => rows.rows_of_person(person).map_or(table.rows, <[u32]>::len),
            Owners::One(_) | Owners::NotGiven => table.rows,
        })
    }

    /// How many rows are gone through for these figures: of each table once, and of the people once or twice for each.
    pub(super) fn rows_gone_through(&self, over_rows: &[OverRows]) -> usize {
        let rows = |over: &OverRows| self.details.get(over.table.index()).map_or(0, |table| table.rows);
        let people = |over: &OverRows| self.people.rows.saturating_mul(1 + usize::from(over.persons().is_some()));
        over_rows.iter().map(|over| rows(over).saturating_add(people(over))).fold(0, usize::saturating_add)
    }
}

/// Who has more detail rows than may be looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    looks: Looks,
    /// Whether there are so many rows that one person may have too many; otherwise nobody is counted.
    some_may: bool,
}

impl Counted {
    /// Whether the exact evaluator may look at more of a person's rows than it is allowed to.
    pub(super) fn has_too_many(self, run: &Run, person: usize) -> bool {
        self.some_may && self.looks.are_too_many(run.rows_of_tables(person))
    }

    /// Somebody with a row has too many.
    #[cfg(test)]
    pub(super) const fn of_nobody_with_rows() -> Self {
        Self { looks: Looks { figures: usize::MAX, depth: 1 }, some_may: true }
    }
}

/// How often the exact evaluator may look at detail rows for one person, going by what a plan has.
#[derive(Debug, Clone, Copy)]
struct Looks {
    /// How many figures over detail rows there are.
    figures: usize,
    /// How deep they stand within each other, or in columns of detail tables: 1 where they do not.
    depth: u32,
}

impl Looks {
    fn of(plan: &Plan) -> Self {
        let depths = plan.depths_over_rows();
        let columns = plan.columns.iter().map(|column| {
            let own = depths.get(column.body.index()).copied().unwrap_or(0);
            if column.detail.is_some() && own > 0 { own.saturating_add(1) } else { own }
        });
        let figures = plan.nodes.iter().filter(|node| matches!(node.op, Op::Aggregate(_))).count();
        Self { figures, depth: columns.max().unwrap_or(0).max(1) }
    }

    /// Whether with so many rows of each table they may be more than are allowed.
    fn are_too_many(self, rows: impl Iterator<Item = usize>) -> bool {
        let rows = rows.fold(0_u64, |sum, rows| sum.saturating_add(rows as u64));
        rows.saturating_pow(self.depth).saturating_mul(self.figures as u64) > DETAIL_VISITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::Scheme;

    fn looks(computed: &str) -> Looks {
        let text = format!(
            "
kaohe: 1
scheme: 例
inputs: {{ k: {{ type: text, key: true }} }}
details:
  d: {{ key: k, columns: {{ x: {{ type: number, places: 2 }} }} }}
  e: {{ key: k, columns: {{ y: {{ type: number, places: 2 }} }}{computed}
"
        );
        Looks::of(Scheme::parse(&text).unwrap().plan())
    }

    #[test]
    fn looks_are_never_fewer_than_the_exact_evaluator_takes() {
        let plain = looks(" }\ncomputed: { f: sum(d.x) + sum(e.y) }");
        assert_eq!((plain.figures, plain.depth), (2, 1));
        // ten million rows of one person, looked at twice, are just as many as are allowed
        assert!(!plain.are_too_many([4_000_000, 6_000_000].into_iter()));
        assert!(plain.are_too_many([4_000_000, 6_000_001].into_iter()));
        // each row of the one looks at all of the other
        let nested = looks(" }\ncomputed: { f: count(d where d.x > sum(e.y)) }");
        assert_eq!((nested.figures, nested.depth), (2, 2));
        assert!(nested.are_too_many([1_600, 1_600].into_iter()));
        // a column of a table looks once for each of its rows, whoever reads it
        let column = looks(", computed: { z: y + sum(d.x) } }\ncomputed: { f: sum(d.x) + sum(e.y) }");
        assert_eq!(column.depth, 2);
    }
}
