//! Which group each row is in, and who counts there.

use std::collections::HashMap;
use std::hash::Hash;

use num_bigint::BigInt;

use super::Operand;
use crate::date::Date;
use crate::value::Value;

/// Marks a row that is in no group: it was left out.
pub const NO_GROUP: u32 = u32::MAX;

/// Which group each row is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grouping {
    /// The number of its group for each row, or [`NO_GROUP`].
    pub(crate) of: Vec<u32>,
    /// How many groups there are; one may be empty, when all its rows were left out afterwards.
    pub(crate) count: u32,
}

impl Grouping {
    /// One group of all rows that are not left out.
    pub(crate) fn whole(rows: usize, mut is_left_out: impl FnMut(usize) -> bool) -> Self {
        Self { of: (0..rows).map(|row| if is_left_out(row) { NO_GROUP } else { 0 }).collect(), count: 1 }
    }

    /// The groups of rows that are equal in every key, numbered as they first appear; an absent key is a key too.
    pub(crate) fn by(keys: &[&Operand], rows: usize, is_left_out: impl FnMut(usize) -> bool) -> Self {
        keys.iter().fold(Self::whole(rows, is_left_out), |grouping, key| grouping.split(key))
    }

    /// Each group split by one more key, numbered as they first appear.
    fn split(&self, key: &Operand) -> Self {
        match key {
            Operand::Integers { mantissas, .. } => {
                self.split_by_few(mantissas).unwrap_or_else(|| self.split_by(mantissas.iter().copied()))
            }
            Operand::Values(values) => self.split_by(values.iter().map(Key::of)),
        }
    }

    /// The same by integers that lie close together: counted in a table instead of looked up.
    fn split_by_few(&self, keys: &[i64]) -> Option<Self> {
        let (least, most) =
            keys.iter().fold((i64::MAX, i64::MIN), |(least, most), key| (least.min(*key), most.max(*key)));
        let span = usize::try_from(most.checked_sub(least)?.checked_add(1)?).ok()?;
        let cells = span.checked_mul(self.count as usize)?;
        if cells > keys.len().saturating_mul(4).max(1024) {
            return None;
        }
        let mut numbers = vec![NO_GROUP; cells];
        let mut count = 0;
        let mut of = Vec::with_capacity(keys.len());
        for (group, key) in self.of.iter().zip(keys) {
            if *group == NO_GROUP {
                of.push(NO_GROUP);
                continue;
            }
            let at = usize::try_from(key.checked_sub(least)?).ok()?.checked_add(span.checked_mul(*group as usize)?)?;
            let number = numbers.get_mut(at)?;
            if *number == NO_GROUP {
                *number = count;
                count += 1;
            }
            of.push(*number);
        }
        Some(Self { of, count })
    }

    fn split_by<K: Hash + Eq>(&self, keys: impl Iterator<Item = K>) -> Self {
        let mut count = 0;
        let mut numbers = HashMap::new();
        let mut number = |(group, key): (&u32, K)| {
            if *group == NO_GROUP {
                return NO_GROUP;
            }
            *numbers.entry((*group, key)).or_insert_with(|| {
                count += 1;
                count - 1
            })
        };
        let of = self.of.iter().zip(keys).map(&mut number).collect();
        Self { of, count }
    }

    /// Everybody in the groups, or only those who count.
    pub(crate) fn members<'a>(&'a self, counted: Option<&'a [bool]>) -> Members<'a> {
        Members { of: &self.of, count: self.count, counted }
    }
}

/// A value as a key: equal values are one, however a number is held.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Missing,
    Whole(i64),
    Fraction(BigInt, BigInt),
    Truth(bool),
    Text(&'a str),
    Date(Date),
    Choice(u32),
    Unlimited,
}

impl<'a> Key<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Missing => Self::Missing,
            Value::Number(number) => number.to_i64().map_or_else(
                || {
                    let (numerator, denominator) = number.to_fraction();
                    Self::Fraction(numerator, denominator)
                },
                Self::Whole,
            ),
            Value::Truth(truth) => Self::Truth(*truth),
            Value::Text(text) => Self::Text(text),
            Value::Date(date) => Self::Date(*date),
            Value::Choice(position) => Self::Choice(*position),
            Value::Unlimited => Self::Unlimited,
        }
    }
}

/// The rows of the groups that count: in a group, and not excluded by a filter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members<'a> {
    /// The number of its group for each row, or [`NO_GROUP`].
    pub(crate) of: &'a [u32],
    /// How many groups there are.
    pub(crate) count: u32,
    /// Whether each row counts; nothing when all do. One that does not reads its group's figures all the same.
    pub(crate) counted: Option<&'a [bool]>,
}

impl<'a> Members<'a> {
    /// Each row that counts, with its group, in the order of rows.
    #[inline]
    pub(crate) fn iter(self) -> impl Iterator<Item = (u32, u32)> + 'a {
        // no number of a group is as large as `NO_GROUP`
        (0..).zip(self.of.iter().copied()).filter(move |(row, group)| {
            *group < self.count && self.counted.is_none_or(|counted| counted.get(*row as usize) == Some(&true))
        })
    }

    /// How many rows there are, those in no group included.
    pub(crate) const fn rows(self) -> usize {
        self.of.len()
    }
}
