//! A figure over groups from the values of its operands: who is left out, who is in which group, what comes of it.

use std::collections::{BTreeMap, HashMap};

use super::held::Held;
use crate::eval::figures::GroupFigures;
use crate::eval::group::{AllotOperands, Answer, Grouping, NO_GROUP, Operand, Operands, Seat, SeatOperands, compute};
use crate::eval::row::CellResult;
use crate::fault::{Cause, Fault, FaultCode};
use crate::plan::{Allot, ColumnId, Group, GroupFunction, GroupId, Plan, QuotaOf, Seats};
use crate::value::Value;

/// The values of columns, one for every row.
pub(super) struct Values {
    pub(super) columns: HashMap<ColumnId, Held>,
    /// Values that a row left out of an earlier figure could have changed.
    pub(super) provisional: Vec<Doubtful>,
    pub(super) rows: usize,
}

/// A value that rows left out of an earlier figure could have changed.
pub(super) struct Doubtful {
    pub(super) row: usize,
    pub(super) column: ColumnId,
    /// The figures it was computed from that rows were left out of.
    pub(super) figures: Vec<GroupId>,
}

/// The figure of every row, from the values of its operands.
pub(super) fn figures(plan: &Plan, group: &Group, values: &Values, before: &[GroupFigures]) -> GroupFigures {
    let rows = values.rows;
    let mut sorting = Sorting {
        plan,
        values: &values.columns,
        rows,
        faults: HashMap::new(),
        counted: group.filter.map(|_| vec![true; rows]),
        outside: vec![false; rows],
    };
    sorting.filter(group);
    sorting.within(group);
    // who has a fault in a key can be in any group, unless he counts in none; where seats are shares of all, he does in one
    let of_all = matches!(&group.function, GroupFunction::Seats(seats) if seats.quota.of == QuotaOf::All);
    let can_be_anywhere = |row: &u32| {
        let row = *row as usize;
        sorting.outside.get(row) == Some(&true) && (of_all || sorting.is_counted(row))
    };
    let mut astray: Vec<u32> = sorting.faulty().filter(can_be_anywhere).collect();
    let everybody = Grouping::whole(rows, |row| sorting.outside.get(row).copied().unwrap_or(true));
    let key = |column: &ColumnId| {
        let held = sorting.values.get(column).and_then(Held::key);
        held.unwrap_or_else(|| Operand::of(sorting.column(*column), &everybody))
    };
    let keys: Vec<Operand> = group.within.iter().map(key).collect();
    let keys: Vec<&Operand> = keys.iter().collect();
    let grouping = Grouping::by(&keys, rows, |row| sorting.outside.get(row).copied().unwrap_or(true));
    let sizes = sizes(&grouping);
    sorting.operands(group);
    let left = |row: usize| {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        sorting.faults.contains_key(&row)
    };
    let mut left_out: Vec<Vec<u32>> = (0..grouping.count).map(|_| Vec::new()).collect();
    let mut counting = grouping.clone();
    let anybody = !sorting.faults.is_empty();
    for (row, number) in counting.of.iter_mut().enumerate().filter(|_| anybody) {
        if !left(row) {
            continue;
        }
        if let (Some(list), Ok(row)) = (left_out.get_mut(*number as usize), u32::try_from(row)) {
            list.push(row);
        }
        *number = NO_GROUP;
    }
    let answer = match &group.function {
        GroupFunction::Seats(seats) => sorting.seats(seats, &counting, &sizes),
        GroupFunction::Allot(allot) => sorting.allot(group, allot, &counting),
        function => {
            let operand = group.value.map(|column| sorting.operand(column, &counting));
            let operands = operand.as_ref().map_or(Operands::Nothing, Operands::Value);
            compute(function, counting.members(sorting.counted.as_deref()), operands)
        }
    };
    if let Answer::Seats(seated) = &answer {
        for (row, seat) in (0_u32..).zip(&seated.rows) {
            let number = grouping.of.get(row as usize).copied().unwrap_or(NO_GROUP);
            // who is tied at a cut has no grade, and another order would change those around him
            if let (Seat::TiedAtCut, Some(list)) = (seat, left_out.get_mut(number as usize)) {
                list.push(row);
            }
        }
    }
    let mut counted = vec![0_u32; grouping.count as usize];
    for (_, number) in counting.members(sorting.counted.as_deref()).iter() {
        if let Some(count) = counted.get_mut(number as usize) {
            *count = count.saturating_add(1);
        }
    }
    let awaits = !group.awaited().is_empty();
    for (row, number) in (0_u32..).zip(&grouping.of).filter(|_| awaits) {
        if let Some(list) = left_out.get_mut(*number as usize)
            && sorting.lacks_awaited(group, row as usize)
        {
            list.push(row);
        }
    }
    let Sorting { faults, .. } = sorting;
    doubt((group, values, before), &grouping, &mut left_out, &mut astray);
    let mut answer = answer;
    if let (GroupFunction::Allot(allot), Answer::Allotted(allotted)) = (&group.function, &mut answer)
        && allot.hold
    {
        let is_held =
            |number: u32| !astray.is_empty() || left_out.get(number as usize).is_some_and(|list| !list.is_empty());
        for (figure, number) in allotted.rows.iter_mut().zip(&grouping.of) {
            if is_held(*number) {
                *figure = Err(FaultCode::Held);
            }
        }
    }
    GroupFigures {
        known: true,
        answer: Some(answer),
        faults,
        group_of: grouping.of,
        left_out,
        astray,
        counted,
        sheets: None,
    }
}

/// What was computed without a row is in doubt for whoever reads it: an operand in its group, a key in every group.
fn doubt(
    (group, values, before): (&Group, &Values, &[GroupFigures]),
    grouping: &Grouping,
    left_out: &mut [Vec<u32>],
    astray: &mut Vec<u32>,
) {
    let read: Vec<ColumnId> = group.reads().collect();
    // many rows of one group read one and the same figure, so each pair of groups counts once
    let mut doubts: BTreeMap<(u32, GroupId, u32), usize> = BTreeMap::new();
    for doubtful in values.provisional.iter().filter(|doubtful| read.contains(&doubtful.column)) {
        let own = grouping.of.get(doubtful.row).copied().unwrap_or(NO_GROUP);
        let number = if group.within.contains(&doubtful.column) { NO_GROUP } else { own };
        for earlier in &doubtful.figures {
            let Some(figures) = before.get(earlier.index()) else { continue };
            doubts.entry((number, *earlier, figures.group_of(doubtful.row))).or_insert(doubtful.row);
        }
    }
    for ((number, earlier, _), row) in doubts {
        let Some(figures) = before.get(earlier.index()) else { continue };
        let list = left_out.get_mut(number as usize).unwrap_or(&mut *astray);
        list.extend(figures.left_out_beside(row));
    }
    for list in left_out.iter_mut().chain([astray]) {
        list.sort_unstable();
        list.dedup();
    }
}

/// How many are in each group.
fn sizes(grouping: &Grouping) -> Vec<u32> {
    let mut sizes = vec![0_u32; grouping.count as usize];
    for number in &grouping.of {
        if let Some(size) = sizes.get_mut(*number as usize) {
            *size = size.saturating_add(1);
        }
    }
    sizes
}

/// Sorts out who counts, who is left out, and why.
struct Sorting<'a> {
    plan: &'a Plan,
    values: &'a HashMap<ColumnId, Held>,
    rows: usize,
    /// The rows left out, each with the first cause.
    faults: HashMap<u32, Cause>,
    /// Whether each row counts; nothing when all do.
    counted: Option<Vec<bool>>,
    /// Whether a row belongs to no group.
    outside: Vec<bool>,
}

impl Sorting<'_> {
    /// The value of a column in a row; why there is none, as the figure tells it.
    fn read(&self, column: ColumnId, row: usize) -> CellResult {
        match self.values.get(&column).and_then(|values| values.get(row)) {
            Some(Ok(value)) => Ok(value),
            // a fault in a column people are shown stays there
            Some(Err(Cause::Fault(_))) if !self.plan.column(column).hidden => Err(Cause::Blocked { by: column }),
            Some(Err(cause)) => Err(cause),
            None => Ok(Value::Missing),
        }
    }

    /// The same, and it must be there.
    fn present(&self, column: ColumnId, row: usize) -> CellResult {
        match self.read(column, row)? {
            Value::Missing => {
                Err(Cause::Fault(Fault { code: FaultCode::Missing, node: self.plan.column(column).body }))
            }
            value => Ok(value),
        }
    }

    /// The values of a column; missing where there is none.
    fn column(&self, column: ColumnId) -> Vec<Value> {
        (0..self.rows).map(|row| self.read(column, row).unwrap_or(Value::Missing)).collect()
    }

    /// Whether a column has a value in every row, so that nobody is left out for it.
    fn is_whole(&self, column: ColumnId) -> bool {
        self.values.get(&column).is_some_and(Held::is_whole)
    }

    /// The values of a column as an operand of those in a group.
    fn operand(&self, column: ColumnId, grouping: &Grouping) -> Operand {
        match self.values.get(&column) {
            Some(held) => held.any_operand(grouping, || self.column(column)),
            None => Operand::of(self.column(column), grouping),
        }
    }

    fn is_counted(&self, row: usize) -> bool {
        self.counted.as_ref().is_none_or(|counted| counted.get(row) == Some(&true))
    }

    fn leave_out(&mut self, row: usize, cause: Cause) {
        if let Ok(row) = u32::try_from(row) {
            self.faults.entry(row).or_insert(cause);
        }
    }

    fn faulty(&self) -> impl Iterator<Item = u32> + use<> {
        let mut rows: Vec<u32> = self.faults.keys().copied().collect();
        rows.sort_unstable();
        rows.into_iter()
    }

    /// Who counts at all. Whether somebody does must be known.
    fn filter(&mut self, group: &Group) {
        let Some(filter) = group.filter else { return };
        for row in 0..self.rows {
            let counts = match self.present(filter, row) {
                Ok(Value::Truth(counts)) => counts,
                Ok(_) => false,
                Err(cause) => {
                    self.leave_out(row, cause);
                    // perhaps, so that he is missed wherever he could be
                    true
                }
            };
            if let Some(slot) = self.counted.as_mut().and_then(|counted| counted.get_mut(row)) {
                *slot = counts;
            }
        }
    }

    /// Who is in a group. For seats an absent key, as of who is not graded outside, means no group.
    fn within(&mut self, group: &Group) {
        let seats = matches!(group.function, GroupFunction::Seats(_));
        for column in group.within.iter().filter(|column| !self.values.get(column).is_some_and(Held::is_whole)) {
            for row in 0..self.rows {
                let value = if seats { self.read(*column, row) } else { self.present(*column, row) };
                let outside = match value {
                    Ok(Value::Missing) => true,
                    Ok(_) => false,
                    Err(cause) => {
                        self.leave_out(row, cause);
                        true
                    }
                };
                if let (true, Some(slot)) = (outside, self.outside.get_mut(row)) {
                    *slot = true;
                }
            }
        }
    }

    /// What each row that counts brings: whoever lacks some of it is left out.
    fn operands(&mut self, group: &Group) {
        let mut columns: Vec<ColumnId> = group.value.into_iter().collect();
        if let GroupFunction::Allot(allot) = &group.function {
            columns.extend([Some(allot.key), allot.limit, allot.order].into_iter().flatten());
        }
        if let GroupFunction::Seats(seats) = &group.function {
            columns.extend(seats.order.iter().map(|(column, _)| *column));
            columns.extend(seats.eligible.iter().copied().flatten());
        }
        for column in columns {
            if self.is_whole(column) {
                continue;
            }
            for row in 0..self.rows {
                let looked_at = self.is_counted(row) && self.outside.get(row) == Some(&false);
                if looked_at && let Err(cause) = self.present(column, row) {
                    self.leave_out(row, cause);
                }
            }
        }
    }

    /// Whether a row counts here and lacks what another claim of the pool is shared out by.
    fn lacks_awaited(&self, group: &Group, row: usize) -> bool {
        group.awaited().iter().any(|each| match each.present {
            true => self.present(each.column, row).is_err(),
            false => self.read(each.column, row).is_err(),
        })
    }

    fn seats(&mut self, seats: &Seats, counting: &Grouping, sizes: &[u32]) -> Answer {
        let order: Vec<Operand> = seats.order.iter().map(|(column, _)| self.operand(*column, counting)).collect();
        let order: Vec<&Operand> = order.iter().collect();
        let eligible: Vec<Option<Vec<bool>>> = seats
            .eligible
            .iter()
            .map(|column| column.map(|column| self.column(column).iter().map(is_true).collect()))
            .collect();
        let eligible: Vec<Option<&[bool]>> = eligible.iter().map(Option::as_deref).collect();
        let smaller = seats.smaller.map(|(_, column)| (column, self.column(column)));
        let operands = SeatOperands {
            order: &order,
            eligible: &eligible,
            sizes,
            smaller: smaller.as_ref().map(|(_, values)| values.as_slice()),
        };
        let members = counting.members(self.counted.as_deref());
        let answer = compute(&GroupFunction::Seats(Box::new(seats.clone())), members, Operands::Seats(&operands));
        // in a group too small for seats, why there is no grade is what the column of grades says
        if let (Answer::Seats(seated), Some((column, _))) = (&answer, &smaller) {
            for (row, number) in counting.of.iter().enumerate() {
                let small = seated.groups.get(*number as usize).is_some_and(|group| group.smaller);
                if small
                    && self.is_counted(row)
                    && let Err(cause) = self.present(*column, row)
                {
                    self.leave_out(row, cause);
                }
            }
        }
        answer
    }
}

impl Sorting<'_> {
    fn allot(&self, group: &Group, allot: &Allot, counting: &Grouping) -> Answer {
        let operand = |column: ColumnId| self.operand(column, counting);
        let Some(amount) = group.value.map(operand) else { return Answer::PerRow(Vec::new()) };
        let (key, limit, order) = (operand(allot.key), allot.limit.map(operand), allot.order.map(operand));
        let operands = AllotOperands { amount: &amount, key: &key, limit: limit.as_ref(), order: order.as_ref() };
        compute(&group.function, counting.members(self.counted.as_deref()), Operands::Allot(&operands))
    }
}

const fn is_true(value: &Value) -> bool {
    matches!(value, Value::Truth(true))
}
