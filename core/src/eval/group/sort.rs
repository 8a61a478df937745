//! Rows in order by integers: counted where they are close together, else sorted in one word with their place.
//!
//! `benches/group` has the figures: this way a million rows are ranked in about twice the time of sorting their values.

use kaohe_grammar::Direction;

use super::lineup::length;

/// The value of a row as an unsigned number that is smaller when the row comes first.
#[inline]
pub(super) fn key(values: &[i64], row: u32, direction: Direction) -> u64 {
    let ascending = values.get(row as usize).map_or(0, |value| value.cast_unsigned() ^ (1 << 63));
    match direction {
        Direction::Ascending => ascending,
        Direction::Descending => !ascending,
    }
}

/// Puts rows in order by their keys, with the room it needs for that.
#[derive(Debug, Default)]
pub(super) struct Sorter {
    unsorted: Vec<u32>,
    counts: Vec<u32>,
    pairs: Vec<(u64, u32)>,
}

impl Sorter {
    /// The rows by their keys, equals as they stood, and where each run of equals ends when the first row is `start`.
    ///
    /// Key `i` is that of row `i`; what they are afterwards is of no use.
    pub(super) fn sort(&mut self, rows: &mut [u32], keys: &mut [u64], start: u32, runs: &mut Vec<u32>) {
        let (least, most) = keys.iter().fold((u64::MAX, 0), |(least, most), key| (least.min(*key), most.max(*key)));
        let span = most.saturating_sub(least);
        let index_bits = usize::BITS - rows.len().leading_zeros();
        // four counters a row: beyond that, looking at those of nobody takes longer than sorting
        if span < 4 * rows.len() as u64 {
            self.count(rows, keys, least, span, start, runs);
        } else if span.leading_zeros() >= index_bits {
            self.pack(rows, keys, least, index_bits, start, runs);
        } else {
            self.pair(rows, keys, start, runs);
        }
    }

    /// By how many rows have each key.
    fn count(&mut self, rows: &mut [u32], keys: &[u64], least: u64, span: u64, start: u32, runs: &mut Vec<u32>) {
        self.counts.clear();
        self.counts.resize(span as usize + 1, 0);
        for key in keys {
            if let Some(count) = self.counts.get_mut((key - least) as usize) {
                *count += 1;
            }
        }
        let mut next = 0;
        let counts = self.counts.iter_mut().map(|count| {
            let size = std::mem::replace(count, next);
            next += size;
            (start + next, size > 0)
        });
        push_if(runs, rows.len(), counts);
        self.unsorted.clear();
        self.unsorted.extend_from_slice(rows);
        for (key, row) in keys.iter().zip(&self.unsorted) {
            if let Some(next) = self.counts.get_mut((key - least) as usize) {
                if let Some(place) = rows.get_mut(*next as usize) {
                    *place = *row;
                }
                *next += 1;
            }
        }
    }

    /// By words that hold a key, and below it where its row stands.
    fn pack(
        &mut self,
        rows: &mut [u32],
        keys: &mut [u64],
        least: u64,
        index_bits: u32,
        start: u32,
        runs: &mut Vec<u32>,
    ) {
        for (index, key) in (0..).zip(&mut *keys) {
            *key = (*key - least) << index_bits | index;
        }
        keys.sort_unstable();
        self.unsorted.clear();
        self.unsorted.extend_from_slice(rows);
        let index = (1 << index_bits) - 1;
        for (row, word) in rows.iter_mut().zip(&*keys) {
            *row = self.unsorted.get((word & index) as usize).copied().unwrap_or(0);
        }
        push_ends(keys, start, runs, |a, b| a >> index_bits == b >> index_bits);
    }

    /// By pairs, when a key is so long that a word holds nothing beside it.
    fn pair(&mut self, rows: &mut [u32], keys: &[u64], start: u32, runs: &mut Vec<u32>) {
        self.pairs.clear();
        self.pairs.extend(keys.iter().copied().zip(rows.iter().copied()));
        self.pairs.sort_unstable();
        for (row, (_, sorted)) in rows.iter_mut().zip(&self.pairs) {
            *row = *sorted;
        }
        push_ends(&self.pairs, start, runs, |a, b| a.0 == b.0);
    }
}

/// Adds where each run of equals ends, the first of them at `start`.
fn push_ends<T>(sorted: &[T], start: u32, runs: &mut Vec<u32>, equal: impl Fn(&T, &T) -> bool) {
    let ends = sorted.iter().zip(sorted.iter().skip(1)).map(|(a, b)| !equal(a, b));
    push_if(runs, sorted.len(), (start + 1..).zip(ends).chain([(start + length(sorted), true)]));
}

/// Adds the numbers that are marked, of which there are at most `most`; without a branch, for which are marked is chance.
fn push_if(list: &mut Vec<u32>, most: usize, numbers: impl Iterator<Item = (u32, bool)>) {
    let mut next = list.len();
    // one more, for what comes after the last of them
    list.resize(next + most + 1, 0);
    for (number, marked) in numbers {
        if let Some(place) = list.get_mut(next) {
            *place = number;
        }
        next += usize::from(marked);
    }
    list.truncate(next);
}
