//! Places in an order, and percentiles, which are places over how many there are.

use super::Figure;
use super::lineup::Lineup;
use crate::number::Number;
use crate::plan::{PercentileKind, Ties};
use crate::value::Value;

/// The place of each row, twice the place under [`Ties::Average`]; 0 for a row that does not count.
pub(crate) fn places(lineup: &Lineup, ties: Ties, rows: usize) -> Vec<u32> {
    let mut places = vec![0; rows];
    for line in lineup.groups() {
        for (number, run) in (1..).zip(line.runs()) {
            let place = match ties {
                Ties::Minimum => run.before + 1,
                Ties::Maximum => run.through(),
                // the mean of the first and the last of their places, twice
                Ties::Average => run.before + 1 + run.through(),
                Ties::Dense => number,
            };
            for row in run.rows {
                if let Some(slot) = places.get_mut(*row as usize) {
                    *slot = place;
                }
            }
        }
    }
    places
}

/// Half of a whole number.
pub(super) fn half(twice: u32) -> Number {
    Number::from_parts(i128::from(twice) * 5, 1)
}

/// The percentile of each row, 0 to 1; missing for a row that does not count.
///
/// Source: the four kinds of `scipy.stats.percentileofscore`, over 100.
pub(super) fn percentiles(lineup: &Lineup, kind: PercentileKind, rows: usize) -> Vec<Figure> {
    let mut percentiles = vec![Ok(Value::Missing); rows];
    for line in lineup.groups() {
        let twice_all = Number::from(u64::from(line.size()) * 2);
        for run in line.runs() {
            let (below, through) = (u64::from(run.before), u64::from(run.through()));
            let twice = match kind {
                // the mean of the first and the last of their places
                PercentileKind::Rank => below + 1 + through,
                PercentileKind::Weak => 2 * through,
                PercentileKind::Strict => 2 * below,
                PercentileKind::Mean => below + through,
            };
            // a run has at least one row, so the group is not empty
            let Some(percentile) = Number::from(twice).divide(&twice_all) else { continue };
            for row in run.rows {
                if let Some(slot) = percentiles.get_mut(*row as usize) {
                    *slot = Ok(Value::Number(percentile.clone()));
                }
            }
        }
    }
    percentiles
}
