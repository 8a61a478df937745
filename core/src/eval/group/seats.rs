//! Seats of a grading: who has which grade when each has only so many.
//!
//! From the best grade down: its quota and what flowed down to it, taken by the first of those still without a grade who
//! may have it; what stays unfilled flows on. The last grade takes everybody who remains.

use super::lineup::{Line, Lineup, length};
use super::{Members, Operand, at_most, largest_remainder, places};
use crate::number::Number;
use crate::plan::{QuotaMethod, QuotaOf, Seats, Ties, TiesAtCut};
use crate::value::Value;

/// What seats are given by, for all rows. Who is not graded is in no group, or does not count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeatOperands<'a> {
    /// The columns people are ordered by, in the sequence of [`Seats::order`].
    pub(crate) order: &'a [&'a Operand],
    /// For each grade, best first, who may have it; nothing when everybody may.
    pub(crate) eligible: &'a [Option<&'a [bool]>],
    /// How many are in each group, graded or not; read when shares are of all of them.
    pub(crate) sizes: &'a [u32],
    /// The grade of each row as it is in a group too small for seats.
    pub(crate) smaller: Option<&'a [Value]>,
}

/// The grade of a row, or why it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    /// It is in no group or does not count.
    NotGraded,
    /// A grade, as its position in the ladder.
    Grade(u32),
    /// It may have no grade that had a seat for it.
    NotEligible,
    /// It is equal to others on both sides of a cut, and the scheme says that this is an error.
    TiedAtCut,
}

/// Who has which grade, and how that came about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seated {
    /// The grade of each row.
    pub(crate) rows: Vec<Seat>,
    /// The place of each row in the order of its group, equals at the best of their places; 0 when it is not graded.
    pub(crate) places: Vec<u32>,
    /// The groups by number.
    pub(crate) groups: Vec<SeatedGroup>,
}

/// How the seats of one group came about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeatedGroup {
    /// How many are graded.
    pub(crate) graded: u32,
    /// How many the shares are shares of.
    pub(crate) base: u32,
    /// Whether it was too small, so that everybody has the grade that is stated for smaller groups.
    pub(crate) smaller: bool,
    /// The grades, best first.
    pub(crate) grades: Vec<SeatedGrade>,
}

/// How the seats of one grade in one group came about.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SeatedGrade {
    /// Its seats by quota; none in a group that is too small.
    pub(crate) quota: u32,
    /// Its seats with what flowed down to it, less what equals took in excess above; of the last grade, all who remain.
    pub(crate) seats: u32,
    /// How many have the grade.
    pub(crate) seated: u32,
    /// The last of them in the order: the cut. Nothing in a group that is too small.
    pub(crate) last: Option<u32>,
    /// Whether more have the grade than its share of the base, such as 36 of 71 at 50 %.
    pub(crate) beyond_share: bool,
}

/// One who is still without a grade.
struct Waiting {
    row: u32,
    /// The number of his run: equals have the same.
    run: u32,
    /// Whether he was tied at a cut, and is seated only to leave the seats of the rest as they are.
    tied: bool,
}

/// Gives everybody who counts his grade.
pub(crate) fn seat(seats: &Seats, members: Members<'_>, operands: &SeatOperands<'_>) -> Seated {
    let mut order = seats.order.iter().zip(operands.order);
    let first = order.next().map(|((_, direction), operand)| Lineup::by(members, operand, *direction));
    let lineup = order
        .fold(first.unwrap_or_else(|| Lineup::unordered(members)), |lineup, ((_, direction), operand)| {
            lineup.then_by(operand, *direction)
        });
    let mut hall = Hall { seats, operands, rows: vec![Seat::NotGraded; members.rows()] };
    let groups = (0..).zip(lineup.groups()).map(|(group, line)| hall.group(group, line)).collect();
    let places = places(&lineup, Ties::Minimum, members.rows());
    Seated { rows: hall.rows, places, groups }
}

/// What the groups are seated by, and the grades given so far.
struct Hall<'a> {
    seats: &'a Seats,
    operands: &'a SeatOperands<'a>,
    rows: Vec<Seat>,
}

impl Hall<'_> {
    fn give(&mut self, row: u32, seat: Seat) {
        if let Some(slot) = self.rows.get_mut(row as usize) {
            *slot = seat;
        }
    }

    fn group(&mut self, group: usize, line: Line<'_>) -> SeatedGroup {
        let graded = line.size();
        let base = match self.seats.quota.of {
            QuotaOf::Graded => graded,
            QuotaOf::All => self.operands.sizes.get(group).copied().unwrap_or(graded),
        };
        let smaller = self.seats.smaller.as_ref().is_some_and(|(least, _)| graded < *least);
        let mut grades = if smaller { self.by_the_column(line) } else { self.by_quota(base, line) };
        for (grade, share) in grades.iter_mut().zip(&self.seats.quota.shares) {
            grade.beyond_share = !smaller && Number::from(grade.seated) > share.multiply(&base.into());
        }
        SeatedGroup { graded, base, smaller, grades }
    }

    /// A group too small for seats: the grades stated for it.
    fn by_the_column(&mut self, line: Line<'_>) -> Vec<SeatedGrade> {
        let mut grades = vec![SeatedGrade::default(); self.seats.grades.len()];
        for row in line.rows {
            let Some(Value::Choice(position)) = self.operands.smaller.and_then(|smaller| smaller.get(*row as usize))
            else {
                self.give(*row, Seat::NotEligible);
                continue;
            };
            self.give(*row, Seat::Grade(*position));
            let grade = self.seats.grades.iter().zip(&mut grades).find(|(each, _)| *each == position);
            if let Some((_, grade)) = grade {
                grade.seated += 1;
            }
        }
        grades
    }

    fn by_quota(&mut self, base: u32, line: Line<'_>) -> Vec<SeatedGrade> {
        let quotas = match self.seats.quota.method {
            QuotaMethod::Shares => largest_remainder(base.into(), &self.seats.quota.shares),
            QuotaMethod::AtMost => at_most(base.into(), &self.seats.quota.shares),
        };
        let person = |(run, row)| Waiting { row, run, tied: false };
        let of_run = |(run, rows): (u32, &[u32])| rows.iter().map(|row| person((run, *row))).collect::<Vec<_>>();
        let mut waiting: Vec<_> = (0..).zip(line.runs().map(|run| run.rows)).flat_map(of_run).collect();
        // what flows down; below zero when equals took more than there was
        let mut carried: i64 = 0;
        let mut grades = Vec::with_capacity(quotas.len());
        for (at, (position, quota)) in self.seats.grades.iter().zip(quotas).enumerate() {
            let quota = u32::try_from(quota).unwrap_or(u32::MAX);
            let eligible = self.operands.eligible.get(at).copied().flatten();
            let is_last = at + 1 == self.seats.grades.len();
            let available = i64::from(quota) + carried;
            let seats = if is_last { u32::MAX } else { u32::try_from(available.max(0)).unwrap_or(u32::MAX) };
            let mut grade = SeatedGrade { quota, seats, ..SeatedGrade::default() };
            let taken = self.grade(*position, &mut grade, eligible, &mut waiting);
            if is_last {
                grade.seats = taken;
            }
            carried = available - i64::from(taken);
            grades.push(grade);
        }
        for person in waiting {
            self.give(person.row, if person.tied { Seat::TiedAtCut } else { Seat::NotEligible });
        }
        grades
    }

    /// Seats one grade; how many seats that took.
    fn grade(
        &mut self,
        position: u32,
        grade: &mut SeatedGrade,
        eligible: Option<&[bool]>,
        waiting: &mut Vec<Waiting>,
    ) -> u32 {
        let may = |person: &Waiting| eligible.is_none_or(|may| may.get(person.row as usize) == Some(&true));
        let runs: Vec<u32> = waiting.iter().filter(|person| may(person)).map(|person| person.run).collect();
        let ties = self.seats.quota.ties_at_cut;
        let (taken, cut) = cut(&runs, grade.seats as usize, ties);
        let mut at = 0;
        waiting.retain_mut(|person| {
            if !may(person) {
                return true;
            }
            at += 1;
            if at > taken {
                person.tied |= cut == Some(person.run) && ties == TiesAtCut::Error;
                return true;
            }
            if person.tied {
                self.give(person.row, Seat::TiedAtCut);
            } else {
                self.give(person.row, Seat::Grade(position));
                grade.seated += 1;
                grade.last = Some(person.row);
            }
            false
        });
        length(runs.get(..taken).unwrap_or_default())
    }
}

/// How many of those in order have a seat, of whom `runs` are the runs, and which run the cut goes through.
fn cut(runs: &[u32], seats: usize, ties: TiesAtCut) -> (usize, Option<u32>) {
    let inside = seats.checked_sub(1).and_then(|last| runs.get(last));
    match (inside, runs.get(seats)) {
        (Some(inside), Some(outside)) if inside == outside => {
            let taken = match ties {
                TiesAtCut::AllUp => runs.partition_point(|run| run <= inside),
                TiesAtCut::AllDown | TiesAtCut::Error => runs.partition_point(|run| run < inside),
            };
            (taken, Some(*inside))
        }
        _ => (seats.min(runs.len()), None),
    }
}
