//! How many there are, their total and the total of their squares: what spreads are made of.

use crate::number::Number;

/// Of some numbers how many there are, their total, and the total of their squares.
#[derive(Debug, Clone, Default)]
pub(super) struct Moments {
    pub(super) count: u64,
    pub(super) total: Number,
    squares: Number,
}

impl Moments {
    pub(super) fn add(&mut self, number: &Number) {
        self.count += 1;
        self.total = self.total.add(number);
        self.squares = self.squares.add(&number.multiply(number));
    }

    pub(super) fn of<'n>(numbers: impl IntoIterator<Item = &'n Number>) -> Self {
        let mut moments = Self::default();
        numbers.into_iter().for_each(|number| moments.add(number));
        moments
    }

    pub(super) fn size(&self) -> Number {
        Number::from(self.count)
    }

    /// n·Σx² − (Σx)²: the squared differences of all pairs, and n times the squares about the mean; never negative.
    pub(super) fn spread(&self) -> Number {
        self.size().multiply(&self.squares).subtract(&self.total.multiply(&self.total))
    }

    /// The mean; there is none of no numbers.
    pub(super) fn mean(&self) -> Option<Number> {
        self.total.divide(&self.size())
    }
}
