//! Whose the rows of a detail table are: for each key its rows, by offsets, and for each person his key.

use std::collections::HashMap;
use std::sync::Arc;

/// Whose rows they are.
#[derive(Debug)]
pub(crate) enum Owners {
    /// All of them belong to the one person there is.
    One(Vec<u32>),
    /// For each key its rows.
    ByKey(ByKey),
    /// There is no table: what is computed over its rows is a fault.
    NotGiven,
}

impl Default for Owners {
    fn default() -> Self {
        Self::One(Vec::new())
    }
}

/// For each key its rows, in their order.
#[derive(Debug, Default)]
pub(crate) struct ByKey {
    numbers: HashMap<Arc<str>, u32, ahash::RandomState>,
    /// For each key where its rows begin, and at last where they end.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// For each person the number of his key, where that is a fact of his.
    people: Vec<Owner>,
}

/// Whose rows a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Those of this number.
    Number(u32),
    /// Nobody's: there is none.
    Nobody,
    /// Who he is, is not known.
    Unknown,
}

impl ByKey {
    /// The rows of keys: for each row the number of its key, and for each key its number.
    pub(crate) fn of(numbers: HashMap<Arc<str>, u32, ahash::RandomState>, of_rows: &[u32]) -> Self {
        let mut starts = vec![0_u32; numbers.len().saturating_add(1)];
        for number in of_rows {
            if let Some(count) = starts.get_mut((*number as usize).saturating_add(1)) {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for start in &mut starts {
            sum = sum.saturating_add(*start);
            *start = sum;
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; of_rows.len()];
        for (row, number) in (0_u32..).zip(of_rows) {
            let Some(place) = next.get_mut(*number as usize) else { continue };
            if let Some(slot) = rows.get_mut(*place as usize) {
                *slot = row;
            }
            *place = place.saturating_add(1);
        }
        Self { numbers, starts, rows, people: Vec::new() }
    }

    fn rows_numbered(&self, number: u32) -> &[u32] {
        let at = number as usize;
        let range = self.starts.get(at).zip(self.starts.get(at.saturating_add(1)));
        range.and_then(|(start, end)| self.rows.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// The rows of a key.
    pub(crate) fn rows_of(&self, key: &str) -> &[u32] {
        self.numbers.get(key).map_or(&[], |number| self.rows_numbered(*number))
    }

    /// Every key with its rows.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &[u32])> {
        self.numbers.iter().map(|(key, number)| (key, self.rows_numbered(*number)))
    }

    /// Whose rows a key has.
    pub(crate) fn owner(&self, key: &str) -> Owner {
        self.numbers.get(key).map_or(Owner::Nobody, |number| Owner::Number(*number))
    }

    /// Keeps whose rows each person has; the keys that are nobody's.
    pub(crate) fn belong_to(&mut self, people: Vec<Owner>) -> impl Iterator<Item = (&Arc<str>, &[u32])> {
        let mut is_known = vec![false; self.numbers.len()];
        for owner in &people {
            if let Owner::Number(number) = owner
                && let Some(known) = is_known.get_mut(*number as usize)
            {
                *known = true;
            }
        }
        self.people = people;
        let nobodys = move |number: &u32| is_known.get(*number as usize) == Some(&false);
        self.numbers
            .iter()
            .filter(move |(_, number)| nobodys(number))
            .map(|(key, number)| (key, self.rows_numbered(*number)))
    }

    /// The rows of a person; nothing where it is not known who he is.
    pub(crate) fn rows_of_person(&self, row: usize) -> Option<&[u32]> {
        match self.people.get(row)? {
            Owner::Number(number) => Some(self.rows_numbered(*number)),
            Owner::Nobody => Some(&[]),
            Owner::Unknown => None,
        }
    }
}
