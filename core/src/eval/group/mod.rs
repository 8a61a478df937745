//! Figures of groups, as functions over columns of values: the group operations of a plan.
//!
//! The caller evaluates operands for all rows and says which group each is in; here nothing is known of columns or
//! schemes. Whatever reads an order reads it from a [`Lineup`]. Permuting the rows permutes the answers.

mod allot;
mod apportion;
mod grouping;
mod lineup;
mod operand;
mod rank;
pub(crate) mod seats;
mod share;
mod sort;
mod statistic;
#[cfg(test)]
mod tests;

pub(crate) use allot::{AllotOperands, Allotted, allot, portion};
pub(crate) use apportion::{at_most, largest_remainder};
pub use grouping::NO_GROUP;
pub(crate) use grouping::{Grouping, Members};
pub(crate) use lineup::Lineup;
pub(crate) use operand::Operand;
pub(crate) use rank::places;
pub(crate) use seats::{Seat, SeatOperands, Seated, SeatedGrade, SeatedGroup, seat};

use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::{Extreme, GroupFunction, Ties};
use crate::value::Value;

/// What a function has to say of each group, or why it has nothing to say.
type Figure = Result<Value, FaultCode>;

/// What a group function reads beside the groups.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operands<'a> {
    /// Nothing, for a mere count.
    Nothing,
    /// The values of a column.
    Value(&'a Operand),
    /// What money is shared out by.
    Allot(&'a AllotOperands<'a>),
    /// What seats are given by.
    Seats(&'a SeatOperands<'a>),
}

/// What a group function came to.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// A place a row; 0 for a row that does not count.
    Counts(Vec<u32>),
    /// Twice the place a row, which can be a half; 0 for a row that does not count.
    Halves(Vec<u32>),
    /// One figure a group, which every row of the group reads, counted or not.
    PerGroup(Vec<Figure>),
    /// One figure a row; missing for a row that does not count.
    PerRow(Vec<Figure>),
    /// A part of its group's total a row; missing for a row that does not count.
    Shares {
        /// The part of each row.
        rows: Vec<Figure>,
        /// The total of each group.
        totals: Vec<Result<Number, FaultCode>>,
    },
    /// The grade of each row, and how the seats of each group came about.
    Seats(Seated),
    /// What each row is paid, and how the money of each group was shared out.
    Allotted(Allotted),
}

impl Answer {
    /// The figure of a row in a group: [`Value::Missing`] when it does not count and the figure is one of rows.
    ///
    /// Grades are told by [`Seated`], whose rows have none for reasons of their own.
    pub(crate) fn figure(&self, row: u32, group: u32) -> Figure {
        let place = |places: &[u32], scale: &dyn Fn(u32) -> Value| match places.get(row as usize) {
            Some(0) | None => Ok(Value::Missing),
            Some(place) => Ok(scale(*place)),
        };
        match self {
            Self::Counts(places) => place(places, &|place| Value::Number(place.into())),
            Self::Halves(places) => place(places, &|twice| Value::Number(rank::half(twice))),
            Self::PerGroup(figures) => figures.get(group as usize).cloned().unwrap_or(Err(FaultCode::Missing)),
            Self::PerRow(figures)
            | Self::Shares { rows: figures, .. }
            | Self::Allotted(Allotted { rows: figures, .. }) => {
                figures.get(row as usize).cloned().unwrap_or(Ok(Value::Missing))
            }
            Self::Seats(seated) => match seated.rows.get(row as usize) {
                Some(Seat::Grade(position)) => Ok(Value::Choice(*position)),
                Some(Seat::NotEligible) => Err(FaultCode::NotEligible),
                Some(Seat::TiedAtCut) => Err(FaultCode::TiedAtCut),
                Some(Seat::NotGraded) | None => Ok(Value::Missing),
            },
        }
    }
}

/// Computes a group function over all groups.
///
/// A figure of a group in which nobody counts is [`FaultCode::NoRows`], but for a sum and a count, which are 0.
pub(crate) fn compute(function: &GroupFunction, members: Members<'_>, operands: Operands<'_>) -> Answer {
    match (function, operands) {
        (GroupFunction::Count, _) => Answer::PerGroup(statistic::count(members)),
        (GroupFunction::Seats(seats), Operands::Seats(operands)) => Answer::Seats(seat(seats, members, operands)),
        (GroupFunction::Allot(spec), Operands::Allot(operands)) => Answer::Allotted(allot(spec, members, operands)),
        (function, Operands::Value(operand)) => of_values(function, members, operand),
        // a function without its operand is never lowered
        _ => Answer::PerRow(vec![Err(FaultCode::Missing); members.rows()]),
    }
}

fn of_values(function: &GroupFunction, members: Members<'_>, operand: &Operand) -> Answer {
    match function {
        GroupFunction::Rank { direction, ties } => {
            let places = places(&Lineup::by(members, operand, *direction), *ties, members.rows());
            if *ties == Ties::Average { Answer::Halves(places) } else { Answer::Counts(places) }
        }
        GroupFunction::Percentile { kind, direction } => {
            Answer::PerRow(rank::percentiles(&Lineup::by(members, operand, *direction), *kind, members.rows()))
        }
        GroupFunction::Share => share::shares(members, operand),
        GroupFunction::CumulativeShare { direction } => share::cumulative_shares(members, operand, *direction),
        GroupFunction::Sum => Answer::PerGroup(statistic::sum(members, operand)),
        GroupFunction::Average => Answer::PerGroup(statistic::average(members, operand)),
        GroupFunction::Minimum => Answer::PerGroup(statistic::extreme(members, operand, Extreme::Minimum)),
        GroupFunction::Maximum => Answer::PerGroup(statistic::extreme(members, operand, Extreme::Maximum)),
        GroupFunction::Median => Answer::PerGroup(statistic::median(members, operand)),
        GroupFunction::Deviation => Answer::PerGroup(statistic::deviation(members, operand)),
        GroupFunction::Count => Answer::PerGroup(statistic::count(members)),
        GroupFunction::Seats(_) | GroupFunction::Allot(_) | GroupFunction::Severity(_) => {
            Answer::PerRow(vec![Err(FaultCode::Missing); members.rows()])
        }
    }
}
