//! Figures of groups over plain columns, by the same code that schemes are computed with.

use std::collections::HashMap;

pub use crate::eval::group::NO_GROUP;
use crate::eval::group::{Lineup, Members, places};
pub use crate::plan::{Direction, Ties};

/// Ranks each value within its group, as `rank(得分 desc ties min within 网点)` does.
///
/// Row `i` of the answer is row `i` of `values` and `groups`: 1 for the first of its group, 0 for a row in
/// [`NO_GROUP`]. Under [`Ties::Average`] places can be halves, so twice the place is returned.
///
/// * `values`: numbers in any one unit, such as hundredths of a point.
/// * `groups`: any number that is the same for the rows of one group. Rows beyond the shorter of both are in no group.
///
/// # Example
///
/// ```
/// use kaohe::group::{Direction, NO_GROUP, Ties, rank};
///
/// let points = [90_00, 95_50, 90_00, 88_00, 70_00];
/// let branches = [7, 7, 7, 7, NO_GROUP];
/// assert_eq!(rank(&points, &branches, Direction::Descending, Ties::Minimum), [2, 1, 2, 4, 0]);
/// // The mean of the places 2 and 3 is two and a half: five halves.
/// assert_eq!(rank(&points, &branches, Direction::Descending, Ties::Average), [5, 2, 5, 8, 0]);
/// ```
#[must_use]
pub fn rank(values: &[i64], groups: &[u32], direction: Direction, ties: Ties) -> Vec<u32> {
    let of = groups.get(..values.len()).unwrap_or(groups);
    let count = of.iter().filter(|group| **group != NO_GROUP).max().map_or(0, |most| most + 1);
    let mut places = if count as usize <= of.len() {
        ranked(values, of, count, direction, ties)
    } else {
        let (of, count) = numbered(of);
        ranked(values, &of, count, direction, ties)
    };
    places.resize(values.len(), 0);
    places
}

fn ranked(values: &[i64], of: &[u32], count: u32, direction: Direction, ties: Ties) -> Vec<u32> {
    let lineup = Lineup::by_integers(Members { of, count, counted: None }, values, direction);
    places(&lineup, ties, of.len())
}

/// The same groups by numbers below how many there are, so that a large number takes no memory.
fn numbered(groups: &[u32]) -> (Vec<u32>, u32) {
    let mut count = 0;
    let mut numbers = HashMap::from([(NO_GROUP, NO_GROUP)]);
    let mut number = |group: &u32| {
        *numbers.entry(*group).or_insert_with(|| {
            count += 1;
            count - 1
        })
    };
    let of = groups.iter().map(&mut number).collect();
    (of, count)
}
