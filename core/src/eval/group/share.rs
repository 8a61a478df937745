//! Parts of a group's total: of each row, and of all that come at or before it.

use kaohe_grammar::Direction;

use super::statistic::totals;
use super::{Answer, Figure, Lineup, Members, Operand};
use crate::eval::ops;
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::Arithmetic;
use crate::value::Value;

/// `part / total`; a zero total has no parts.
fn part(part: &Number, total: &Result<Number, FaultCode>) -> Figure {
    ops::arithmetic(Arithmetic::Divide, part, total.as_ref().map_err(|code| *code)?).map(Value::Number)
}

/// The value of each row over the total of its group; missing for a row that does not count.
pub(super) fn shares(members: Members<'_>, operand: &Operand) -> Answer {
    let totals = totals(members, operand);
    let mut shares = vec![Ok(Value::Missing); members.rows()];
    for (row, group) in members.iter() {
        if let (Some(share), Some(total)) = (shares.get_mut(row as usize), totals.get(group as usize)) {
            *share = operand.number(row).and_then(|number| part(&number, total));
        }
    }
    Answer::Shares { rows: shares, totals }
}

/// The total of all that come at or before each row, equals included, over the total of its group.
pub(super) fn cumulative_shares(members: Members<'_>, operand: &Operand, direction: Direction) -> Answer {
    let totals = totals(members, operand);
    let mut shares = vec![Ok(Value::Missing); members.rows()];
    let lineup = Lineup::by(members, operand, direction);
    for (line, total) in lineup.groups().zip(&totals) {
        let mut so_far = Ok(Number::ZERO);
        for run in line.runs() {
            for row in run.rows {
                so_far = so_far.and_then(|sum| Ok(sum.add(&operand.number(*row)?)));
            }
            let share = so_far.as_ref().map_err(|code| *code).and_then(|sum| part(sum, total));
            for row in run.rows {
                if let Some(slot) = shares.get_mut(*row as usize) {
                    *slot = share.clone();
                }
            }
        }
    }
    Answer::Shares { rows: shares, totals }
}
