//! The rows of every group in order, equals together: what places, percentiles, medians and seats are read from.

use kaohe_grammar::Direction;

use super::operand::order;
use super::sort::{Sorter, key};
use super::{Members, Operand};
use crate::value::Value;

/// The rows that count, group after group, each group in order; equals stand in one run, in the order of rows.
#[derive(Debug)]
pub(crate) struct Lineup {
    rows: Vec<u32>,
    /// Where in `rows` each run ends.
    runs: Vec<u32>,
    /// Where in `runs` each group ends.
    groups: Vec<u32>,
}

impl Lineup {
    /// Everybody who counts, ordered by one operand.
    pub(crate) fn by(members: Members<'_>, operand: &Operand, direction: Direction) -> Self {
        match operand {
            Operand::Integers { mantissas, .. } => Self::by_integers(members, mantissas, direction),
            Operand::Values(_) => Self::unordered(members).then_by(operand, direction),
        }
    }

    /// The same by integers alone.
    pub(crate) fn by_integers(members: Members<'_>, values: &[i64], direction: Direction) -> Self {
        // keys travel with their rows: to fetch them group by group takes longer than to sort them
        let (lineup, mut keys) = Self::gather(members, |row| key(values, row, direction));
        let mut sorter = Sorter::default();
        lineup.split(|rows, start, runs| {
            let end = start as usize + rows.len();
            sorter.sort(rows, keys.get_mut(start as usize..end).unwrap_or_default(), start, runs);
        })
    }

    /// Everybody who counts, nobody before anybody else of his group.
    pub(crate) fn unordered(members: Members<'_>) -> Self {
        Self::gather(members, |_| ()).0
    }

    /// Those who were equal so far, ordered by one more operand.
    pub(crate) fn then_by(self, operand: &Operand, direction: Direction) -> Self {
        match operand {
            Operand::Integers { mantissas, .. } => {
                let (mut sorter, mut keys) = (Sorter::default(), Vec::new());
                self.split(|rows, start, runs| {
                    keys.clear();
                    keys.extend(rows.iter().map(|row| key(mantissas, *row, direction)));
                    sorter.sort(rows, &mut keys, start, runs);
                })
            }
            Operand::Values(values) => self.split(|rows, start, runs| sort(rows, values, direction, start, runs)),
        }
    }

    /// Everybody who counts, group after group in the order of rows, and something of each in the same order.
    fn gather<K: Clone + Default>(members: Members<'_>, mut of: impl FnMut(u32) -> K) -> (Self, Vec<K>) {
        let mut next = vec![0_u32; members.count as usize];
        for (_, group) in members.iter() {
            if let Some(size) = next.get_mut(group as usize) {
                *size += 1;
            }
        }
        let (mut runs, mut groups) = (Vec::new(), Vec::with_capacity(next.len()));
        let mut total = 0;
        for next in &mut next {
            let size = std::mem::replace(next, total);
            total += size;
            if size > 0 {
                runs.push(total);
            }
            groups.push(length(&runs));
        }
        let mut rows = vec![0; total as usize];
        let mut things = vec![K::default(); total as usize];
        for (row, group) in members.iter() {
            let Some(next) = next.get_mut(group as usize) else { continue };
            if let (Some(place), Some(thing)) = (rows.get_mut(*next as usize), things.get_mut(*next as usize)) {
                (*place, *thing) = (row, of(row));
            }
            *next += 1;
        }
        (Self { rows, runs, groups }, things)
    }

    /// Every run of several put in order; `sort` is told where it starts and adds where each run it makes of it ends.
    fn split(mut self, mut sort: impl FnMut(&mut [u32], u32, &mut Vec<u32>)) -> Self {
        let mut runs = Vec::with_capacity(self.rows.len());
        let mut groups = Vec::with_capacity(self.groups.len());
        let (mut start, mut first_run) = (0, 0);
        for last_run in &self.groups {
            for end in self.runs.get(first_run as usize..*last_run as usize).unwrap_or_default() {
                match self.rows.get_mut(start as usize..*end as usize) {
                    Some(rows) if rows.len() > 1 => sort(rows, start, &mut runs),
                    _ => runs.push(*end),
                }
                start = *end;
            }
            first_run = *last_run;
            groups.push(length(&runs));
        }
        Self { rows: self.rows, runs, groups }
    }

    /// The groups by number.
    pub(crate) fn groups(&self) -> impl Iterator<Item = Line<'_>> {
        let (mut first_run, mut start) = (0, 0);
        self.groups.iter().map(move |last_run| {
            let ends = self.runs.get(first_run as usize..*last_run as usize).unwrap_or_default();
            let end = ends.last().copied().unwrap_or(start);
            let rows = self.rows.get(start as usize..end as usize).unwrap_or_default();
            let line = Line { rows, ends, start };
            (first_run, start) = (*last_run, end);
            line
        })
    }
}

/// One group in order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Its rows, the first first.
    pub(crate) rows: &'a [u32],
    /// Where each of its runs ends in the lineup.
    ends: &'a [u32],
    /// Where it starts in the lineup.
    start: u32,
}

impl<'a> Line<'a> {
    /// How many there are.
    pub(crate) fn size(self) -> u32 {
        length(self.rows)
    }

    /// Its runs of equals, the first first.
    pub(crate) fn runs(self) -> impl Iterator<Item = Run<'a>> {
        let mut before = 0;
        self.ends.iter().map(move |end| {
            let end = end - self.start;
            let rows = self.rows.get(before as usize..end as usize).unwrap_or_default();
            Run { rows, before: std::mem::replace(&mut before, end) }
        })
    }
}

/// Some who are equal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// Their rows.
    pub(crate) rows: &'a [u32],
    /// How many of the group come before them.
    pub(crate) before: u32,
}

impl Run<'_> {
    /// How many of the group come before or are among them.
    pub(crate) fn through(self) -> u32 {
        self.before + length(self.rows)
    }
}

/// How many rows a list has; there are fewer of them than 2^32 in all.
pub(super) fn length<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// Rows in order by anything comparable.
fn sort(rows: &mut [u32], values: &[Value], direction: Direction, start: u32, runs: &mut Vec<u32>) {
    let value = |row: u32| values.get(row as usize).unwrap_or(&Value::Missing);
    rows.sort_by(|a, b| match direction {
        Direction::Ascending => order(value(*a), value(*b)),
        Direction::Descending => order(value(*b), value(*a)),
    });
    let mut end = start;
    for run in rows.chunk_by(|a, b| order(value(*a), value(*b)).is_eq()) {
        end += length(run);
        runs.push(end);
    }
}
