//! Some of the rows of a block, one bit each.

use super::BLOCK;

/// The bits of a word.
const WORD: usize = 64;

/// Some of the rows of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eval::program) struct Rows {
    words: [u64; BLOCK / WORD],
}

impl Default for Rows {
    fn default() -> Self {
        Self::NONE
    }
}

impl Rows {
    /// None of them.
    pub(in crate::eval::program) const NONE: Self = Self { words: [0; BLOCK / WORD] };

    /// The first so many.
    pub(in crate::eval::program) fn first(count: usize) -> Self {
        let mut rows = Self::NONE;
        for (at, word) in rows.words.iter_mut().enumerate() {
            let before = count.saturating_sub(at * WORD).min(WORD);
            *word = if before == WORD { u64::MAX } else { (1 << before) - 1 };
        }
        rows
    }

    pub(in crate::eval::program) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(in crate::eval::program) fn insert(&mut self, row: usize) {
        if let Some(word) = self.words.get_mut(row / WORD) {
            *word |= 1 << (row % WORD);
        }
    }

    pub(in crate::eval::program) fn remove(&mut self, row: usize) {
        if let Some(word) = self.words.get_mut(row / WORD) {
            *word &= !(1 << (row % WORD));
        }
    }

    pub(in crate::eval::program) fn contains(&self, row: usize) -> bool {
        self.words.get(row / WORD).is_some_and(|word| word >> (row % WORD) & 1 == 1)
    }

    /// Those of which this says so.
    pub(in crate::eval::program) fn keep(&mut self, which: impl Fn(usize) -> bool) {
        self.retain(|from| (0..WORD).fold(0, |word, bit| word | u64::from(which(from + bit)) << bit));
    }

    pub(in crate::eval::program) fn add(&mut self, others: &Self) {
        for (word, other) in self.words.iter_mut().zip(&others.words) {
            *word |= other;
        }
    }

    pub(in crate::eval::program) fn take(&mut self, others: &Self) {
        for (word, other) in self.words.iter_mut().zip(&others.words) {
            *word &= !other;
        }
    }

    /// Those of which this says so, given 64 rows that follow each other at a time.
    pub(in crate::eval::program) fn retain(&mut self, mut which: impl FnMut(usize) -> u64) {
        for (at, word) in self.words.iter_mut().enumerate() {
            if *word != 0 {
                *word &= which(at * WORD);
            }
        }
    }

    /// Each of them, in order.
    pub(in crate::eval::program) fn iter(self) -> impl Iterator<Item = usize> {
        (0..).zip(self.words).flat_map(|(at, mut word)| {
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                (bit < WORD).then(|| {
                    word &= word - 1;
                    at * WORD + bit
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_what_was_put_in() {
        for count in [0, 1, 63, 64, 65, BLOCK - 1, BLOCK] {
            assert_eq!(Rows::first(count).iter().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
        }
        let mut rows = Rows::first(100);
        rows.remove(64);
        rows.insert(700);
        let found: Vec<usize> = rows.iter().collect();
        assert_eq!((found.len(), found.contains(&64), found.contains(&700)), (100, false, true));
        let mut taken = Rows::first(BLOCK);
        taken.take(&rows);
        taken.add(&rows);
        assert_eq!(taken, Rows::first(BLOCK));
        taken.retain(|at| if at == 64 { 0b101 } else { 0 });
        assert_eq!(taken.iter().collect::<Vec<_>>(), [64, 66]);
    }
}
