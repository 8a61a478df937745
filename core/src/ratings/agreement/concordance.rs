//! Kendall's W: whether raters put the ratees in one order.

use kaohe_grammar::{Direction, say};

use crate::error::DataError;
use crate::eval::group::{Lineup, Members, Operand, places};
use crate::number::Number;
use crate::plan::Ties;
use crate::ratings::RatingTable;
use crate::ratings::complete::{Complete, Incomplete, no_spread};
use crate::ratings::moments::Moments;
use crate::value::Value;

/// Returns Kendall's coefficient of concordance, exact: 1 when all raters put the ratees in the same order, 0 when
/// their orders say nothing together.
///
/// W = 12·S / (m²·(n³ − n) − m·T) for m raters and n ratees. Each rater's ratings are turned into ranks, equals sharing
/// the mean of theirs; S is the sum of squares of the ratees' rank sums about their mean, and T the sum of t³ − t over
/// every run of t equals of every rater. Which end is the better does not matter.
///
/// Source: Kendall and Babington Smith, "The problem of m rankings", Annals of Mathematical Statistics 10 (1939); the
/// correction for ties as in Kendall, "Rank correlation methods".
///
/// # Errors
///
/// `K1022` when ratings are missing and that is refused; `K1023` with fewer than two raters or ratees; `K1024` when every
/// rater gave everybody the same.
///
/// # Example
///
/// ```
/// use kaohe::number::Number;
/// use kaohe::ratings::RatingTable;
/// use kaohe::ratings::agreement::{Incomplete, concordance};
///
/// let cells = [("甲", "张", 90), ("乙", "张", 80), ("丙", "张", 70), ("甲", "王", 70), ("乙", "王", 65), ("丙", "王", 65)];
/// let table = RatingTable::new(cells.map(|(ratee, rater, value)| (ratee, rater, Number::from(value))))?;
/// // 王 does not tell 乙 from 丙, which costs a little
/// assert_eq!(concordance(&table, Incomplete::Refuse)?.to_string(), "13/14");
/// # Ok::<(), kaohe::DataError>(())
/// ```
pub fn concordance(table: &RatingTable, incomplete: Incomplete) -> Result<Number, DataError> {
    let complete = Complete::of(table, incomplete)?;
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (of, values): (Vec<u32>, Vec<Value>) =
        complete.ratings().map(|(rater, value)| (count(rater), Value::Number(value.clone()))).unzip();
    let members = Members { of: &of, count: count(complete.raters), counted: None };
    let lineup = Lineup::by(members, &Operand::Values(values), Direction::Ascending);
    // twice the rank, since the mean of two ranks may be a half
    let doubled = places(&lineup, Ties::Average, of.len());
    let sums: Vec<Number> = doubled
        .chunks(complete.raters)
        .map(|ranks| ranks.iter().map(|rank| u64::from(*rank)).sum::<u64>().into())
        .collect();
    let ties = lineup.groups().flat_map(|line| line.runs()).fold(Number::ZERO, |ties, run| {
        let equals = Number::from(run.rows.len() as u64);
        ties.add(&cube_less_itself(&equals))
    });
    let (raters, ratees) = (Number::from(complete.raters as u64), Number::from(complete.ratees as u64));
    // 12·S, when S is of ranks: the spread of sums of doubled ranks is 4·n·S
    let twelve = Moments::of(&sums).spread().multiply(&Number::from(3)).divide(&ratees).unwrap_or_default();
    let most = raters.multiply(&cube_less_itself(&ratees)).subtract(&ties).multiply(&raters);
    twelve
        .divide(&most)
        .ok_or_else(|| no_spread(say!("every rater gave everybody the same rating", "每个考评人给所有人的评分都相同")))
}

/// x³ − x.
fn cube_less_itself(number: &Number) -> Number {
    number.multiply(number).multiply(number).subtract(number)
}
