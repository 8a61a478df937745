//! Seats of a grading: the place in the order, the seats of each grade, and the cut to the grade above.

use std::sync::Arc;

use kaohe_grammar::{Direction, Message, say};

use super::group::{as_fact, direction_told};
use super::number_text;
use super::step::{Fact, Step, StepKind};
use super::teller::Teller;
use super::told::Walker;
use crate::eval::group::{Seat, SeatedGrade, SeatedGroup};
use crate::eval::ops;
use crate::eval::row::CellResult;
use crate::number::{Number, RoundingMode};
use crate::outcome::Figure;
use crate::plan::{ColumnId, Group, GroupId, Op, QuotaMethod, Seats, TiesAtCut};
use crate::run::Run;

/// How the seats of the group of a row came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Seating {
    /// The place of the row in the order, equals at the best of their places; nothing when it is not graded.
    pub place: Option<u32>,
    /// How many are graded in the group.
    pub graded: u32,
    /// How many the shares are shares of.
    pub base: u32,
    /// The columns that form the group, with the figures of the row.
    pub within: Vec<(Arc<str>, Figure)>,
    /// The columns people are ordered by, the most important first.
    pub order: Vec<OrderRead>,
    /// `shares` by largest remainder, or `at_most` by floor.
    pub method: &'static str,
    /// What happens to equals on both sides of a cut: `all_up`, `all_down` or `error`.
    pub ties_at_cut: &'static str,
    /// The size below which a group is not seated by quota, when this one is smaller.
    pub smaller_than: Option<u32>,
    /// The grades, best first; none in a group that is not seated by quota.
    pub grades: Vec<GradeSeats>,
}

/// A column by which people are ordered.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRead {
    /// The column.
    pub column: Arc<str>,
    /// Which end comes first.
    pub direction: Direction,
    /// The figure of the row.
    pub figure: Figure,
}

/// The seats of one grade in the group.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeSeats {
    /// The grade.
    pub grade: Arc<str>,
    /// Its share as stated.
    pub share: Number,
    /// What the share comes to, before it is a whole number of seats.
    pub exact: Number,
    /// Its seats by quota.
    pub quota: u32,
    /// Its seats with what flowed down to it, less what equals took in excess above; of the last grade all who remain.
    pub seats: u32,
    /// How many have it.
    pub seated: u32,
    /// The first column of the order, of the last one who has it.
    pub cut: Option<Figure>,
    /// Whether more have it than its stated share.
    pub beyond_share: bool,
}

impl Teller<'_> {
    /// Whether the group of the row was too small for seats by quota.
    pub(super) fn is_small(&self, id: GroupId) -> bool {
        let seated = self.figures(id).and_then(|(figures, row)| figures.seats_beside(row));
        seated.is_some_and(|(group, ..)| group.smaller)
    }

    fn seating(&self, group: &Group, seats: &Seats, seated: &SeatedGroup, place: u32) -> Seating {
        let order = seats.order.iter().map(|(column, direction)| OrderRead {
            column: Arc::clone(&self.plan.column(*column).name),
            direction: *direction,
            figure: self.figure(*column),
        });
        let first = seats.order.first().map(|(column, _)| *column);
        let grades = seats.grades.iter().zip(&seats.quota.shares).zip(&seated.grades);
        let grades = grades.map(|((position, share), grade)| GradeSeats {
            grade: self.grade_name(seats, *position),
            share: share.clone(),
            exact: share.multiply(&seated.base.into()),
            quota: grade.quota,
            seats: grade.seats,
            seated: grade.seated,
            cut: grade.last.zip(first).and_then(|(row, column)| {
                let cells = self.run?.0.cells_of(row as usize);
                Some(Figure::publish(self.plan, column, cells.get(column.index())?))
            }),
            beyond_share: grade.beyond_share,
        });
        Seating {
            place: (place > 0).then_some(place),
            graded: seated.graded,
            base: seated.base,
            within: group
                .within
                .iter()
                .map(|column| (Arc::clone(&self.plan.column(*column).name), self.figure(*column)))
                .collect(),
            order: order.collect(),
            method: match seats.quota.method {
                QuotaMethod::Shares => "shares",
                QuotaMethod::AtMost => "at_most",
            },
            ties_at_cut: match seats.quota.ties_at_cut {
                TiesAtCut::AllUp => "all_up",
                TiesAtCut::AllDown => "all_down",
                TiesAtCut::Error => "error",
            },
            smaller_than: seats.smaller.filter(|_| seated.smaller).map(|(least, _)| least),
            grades: if seated.smaller { Vec::new() } else { grades.collect() },
        }
    }

    fn grade_name(&self, seats: &Seats, position: u32) -> Arc<str> {
        seats.ladder.word(position).cloned().unwrap_or_else(|| "".into())
    }
}

impl Walker<'_, '_> {
    /// The place, the seats of each grade, and why there was none in the grade above.
    pub(super) fn seats(&mut self, id: GroupId, group: &Group, seats: &Seats) {
        let teller = self.teller;
        let Some((run, _)) = teller.run else { return };
        let Some((seated, place, seat)) = teller.figures(id).and_then(|(figures, row)| figures.seats_beside(row))
        else {
            return;
        };
        let seating = teller.seating(group, seats, seated, place);
        let within = teller.group_name(group);
        self.told.steps.extend(place_told(&seating, within.as_deref()));
        if let Some(least) = seating.smaller_than {
            let graded = seating.graded;
            let told = say!(
                "{graded} are graded here, fewer than {least}, so the grade is by thresholds and not by quota",
                "此处参评 {graded} 人，不足 {least} 人，不按名额而按分数线定级"
            );
            self.told.steps.push(Step::new(StepKind::Seats, told).number("graded", Some(&graded.into())));
        } else if seat != Seat::NotGraded {
            self.told.steps.push(seats_told(&seating));
            let stated = |grade: &&GradeSeats| seating.method == "shares" || !grade.share.is_zero();
            self.told
                .steps
                .extend(seating.grades.iter().filter(stated).filter_map(|grade| beyond(grade, seating.base)));
            self.grades_above(run, seats, seated, seat);
        }
        self.told.seats = Some(seating);
    }

    /// Why the row has no better grade: upwards, until a cut says it all.
    fn grades_above(&mut self, run: &Run, seats: &Seats, seated: &SeatedGroup, seat: Seat) {
        let above = match seat {
            Seat::Grade(position) => seats.grades.iter().position(|grade| *grade == position).unwrap_or(0),
            Seat::NotEligible => seats.grades.len(),
            Seat::TiedAtCut => {
                let told = say!(
                    "equal in everything people are ordered by to others on both sides of a cut, which this scheme calls an error",
                    "与名额界限另一侧的人在全部排序项上相同，按方案规定无法定级"
                );
                self.told.steps.push(Step::new(StepKind::Cut, told));
                return;
            }
            Seat::NotGraded => return,
        };
        for (at, (position, grade)) in
            seats.grades.iter().zip(&seated.grades).enumerate().take(above).collect::<Vec<_>>().into_iter().rev()
        {
            let name = self.teller.grade_name(seats, *position);
            if let Some(column) = seats.eligible.get(at).copied().flatten()
                && let Some(condition) = self.fails(column)
            {
                let step = self.not_eligible(&name, condition);
                self.told.steps.push(step);
                continue;
            }
            let step = self.cut(run, &name, seats, grade);
            self.told.steps.push(step);
            return;
        }
    }

    /// The condition of a grade, where it does not hold.
    fn fails(&self, column: ColumnId) -> Option<crate::plan::NodeId> {
        let body = self.teller.plan.column(column).body;
        if self.teller.truth(body)? {
            return None;
        }
        match self.teller.plan.node(body).op {
            Op::Tell(_, inner) => Some(inner),
            _ => Some(body),
        }
    }

    /// Why somebody who is eligible for a grade has no seat in it.
    fn cut(&self, run: &Run, name: &str, seats: &Seats, grade: &SeatedGrade) -> Step {
        let SeatedGrade { seats: count, seated, last, .. } = *grade;
        let step = |told| {
            let step = Step::new(StepKind::Cut, told).fact("grade", Fact::Text(name.to_owned()));
            step.number("seats", Some(&count.into())).number("seated", Some(&seated.into()))
        };
        let Some(last) = last else {
            let told = if count == 0 {
                say!("not {name}: it has no seat here", "未进 {name}：此处没有 {name} 的名额")
            } else {
                say!(
                    "not {name}: equals stand on both sides of its cut, and none of them has it",
                    "未进 {name}：界限两边同分，均不进入"
                )
            };
            return step(told);
        };
        let (seats_en, seats_zh) = match (seated.cmp(&count), seats.quota.ties_at_cut) {
            (std::cmp::Ordering::Less, TiesAtCut::AllDown) => (
                format!("{seated} of its {count} seats are taken, as equals at the cut all go down"),
                format!("{count} 个名额只用了 {seated} 个，因界限上的同分者一律下调"),
            ),
            (std::cmp::Ordering::Greater, _) => (
                format!("its {count} seats are taken, by {seated}, as equals at the cut all go up"),
                format!("{count} 个名额已满，因界限上的同分者一律上调，实有 {seated} 人"),
            ),
            (std::cmp::Ordering::Less, _) => {
                (format!("{seated} have it, equals at the cut none"), format!("{seated} 人进入，界限上的同分者无等级"))
            }
            (std::cmp::Ordering::Equal, _) => (format!("its {count} seats are taken"), format!("{count} 个名额已满")),
        };
        let cells = run.cells_of(last as usize);
        match self.deciding(seats, &cells) {
            Some(Deciding { equal, column, theirs, own, direction }) => {
                let (first_en, first_zh) = direction_told(direction);
                let told = if equal.is_empty() {
                    say!(
                        "not {name}: {seats_en}; the last one there has {column} {theirs}, here it is {own}",
                        "未进 {name}：{seats_zh}；{name} 最后一名的 {column} 为 {theirs}，本人为 {own}"
                    )
                } else {
                    let (list_en, list_zh) = (equal.join(", "), equal.join("、"));
                    say!(
                        "not {name}: {seats_en}; equal to the last one there in {list_en}, and decided by {column}, {first_en}: {theirs} there, {own} here",
                        "未进 {name}：{seats_zh}；与 {name} 最后一名的 {list_zh} 相同，由 {column}（{first_zh}）决定：对方 {theirs}，本人 {own}"
                    )
                };
                step(told)
                    .fact("decided_by", Fact::Text(column))
                    .fact("cut", as_fact(&theirs))
                    .fact("own", as_fact(&own))
            }
            None => step(say!("not {name}: {seats_en}", "未进 {name}：{seats_zh}")),
        }
    }

    /// The first column of the order in which the row and another differ.
    fn deciding(&self, seats: &Seats, other: &[CellResult]) -> Option<Deciding> {
        let mut equal = Vec::new();
        for (column, direction) in &seats.order {
            let theirs = other.get(column.index())?;
            let name = self.teller.name(*column);
            let own = self.teller.cell_value(*column)?;
            if ops::order(theirs.as_ref().ok()?, own).is_some_and(std::cmp::Ordering::is_eq) {
                equal.push(format!("{name} {}", self.teller.figure(*column)));
                continue;
            }
            return Some(Deciding {
                equal,
                column: name,
                theirs: Figure::publish(self.teller.plan, *column, theirs),
                own: self.teller.figure(*column),
                direction: *direction,
            });
        }
        None
    }
}

/// What decided between the row and another.
struct Deciding {
    /// The more important columns, in which they are equal, with their figures.
    equal: Vec<String>,
    column: String,
    theirs: Figure,
    own: Figure,
    direction: Direction,
}

fn place_told(seating: &Seating, within: Option<&str>) -> Option<Step> {
    let (place, graded) = (seating.place?, seating.graded);
    let each = |read: &OrderRead, language: fn((&'static str, &'static str)) -> &'static str| {
        format!("{} {} ({})", read.column, read.figure, language(direction_told(read.direction)))
    };
    let en: Vec<String> = seating.order.iter().map(|read| each(read, |(en, _)| en)).collect();
    let zh: Vec<String> = seating.order.iter().map(|read| each(read, |(_, zh)| zh)).collect();
    let (en, zh) = (en.join(", then "), zh.join("，再按 ").replace(" (", "（").replace(')', "）"));
    let Message { en: among_en, zh: among_zh } = match within {
        Some(within) => say!("{graded} graded within {within}", " {within} 的 {graded} 名参评者"),
        None => say!("{graded} graded", " {graded} 名参评者"),
    };
    let told = say!("place {place} of {among_en}, by {en}", "在{among_zh}中排第 {place}：按 {zh}");
    let step = Step::new(StepKind::Place, told).number("place", Some(&place.into()));
    Some(step.number("graded", Some(&graded.into())).fact("within", within.map(|text| Fact::Text(text.to_owned()))))
}

fn seats_told(seating: &Seating) -> Step {
    let base = seating.base;
    let each: Vec<String> = seating.grades.iter().map(|grade| format!("{} {}", grade.grade, grade.quota)).collect();
    let (en, zh) = (each.join(", "), each.join("、"));
    let told = if seating.method == "shares" {
        say!("seats of {base} by largest remainder: {en}", "{base} 人按最大余数法分配名额：{zh}")
    } else {
        say!("seats of {base}, at most the stated shares: {en}", "{base} 人按比例上限取整分配名额：{zh}")
    };
    Step::new(StepKind::Seats, told).number("base", Some(&base.into()))
}

/// A grade that more have than its stated share.
fn beyond(grade: &GradeSeats, base: u32) -> Option<Step> {
    if !grade.beyond_share {
        return None;
    }
    let (name, seated) = (&grade.grade, grade.seated);
    let told = beyond_its_share(name, seated, base, &grade.share)?;
    let step = Step::new(StepKind::BeyondShare, told).fact("grade", Fact::Text(name.to_string()));
    Some(step.number("seated", Some(&seated.into())).number("share", Some(&grade.share)))
}

/// That more have a grade than its stated share, in words.
pub(crate) fn beyond_its_share(name: &str, seated: u32, base: u32, share: &Number) -> Option<Message> {
    let exact = Number::from(seated).multiply(&Number::HUNDRED).divide(&base.into())?;
    let shown = exact.round(2, RoundingMode::HalfUp);
    let sign = if shown == exact { "=" } else { "≈" };
    let (shown, share) = (number_text::fixed(&shown, Some(2)), number_text::percent_or_fraction(share));
    Some(say!(
        "{name}: {seated} of {base} {sign} {shown}%, above the stated {share}",
        "{name}：{base} 人中 {seated} 人 {sign} {shown}%，超过规定的 {share}"
    ))
}
