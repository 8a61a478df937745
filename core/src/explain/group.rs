//! Figures over the group of a row: where the row stands, and what the group came to.

use kaohe_grammar::{Direction, Message, say};

use super::number_text;
use super::step::{Fact, Step, StepKind};
use super::teller::{Teller, one_line};
use super::told::Walker;
use crate::eval::figures::GroupFigures;
use crate::number::Number;
use crate::outcome::Figure;
use crate::plan::{ColumnId, Group, GroupFunction, GroupId, NodeId, PercentileKind, Ties};

impl Teller<'_> {
    /// What the run has computed for a figure over groups, with the place of the row in the run.
    pub(super) fn figures(&self, id: GroupId) -> Option<(&GroupFigures, usize)> {
        let (run, row) = self.run?;
        Some((run.groups().get(id.index()).filter(|figures| figures.known)?, row))
    }

    /// What a column that forms groups or is ranked is called: its name, or how it is written.
    pub(super) fn name(&self, id: ColumnId) -> String {
        one_line(&self.plan.column(id).name)
    }

    /// The group of the row: `网点 = 城东`; nothing for the whole population.
    pub(super) fn group_name(&self, group: &Group) -> Option<String> {
        if group.within.is_empty() {
            return None;
        }
        let each: Vec<String> =
            group.within.iter().map(|column| format!("{} = {}", self.name(*column), self.figure(*column))).collect();
        Some(each.join(", "))
    }

    /// Among whom a figure is: so many, of which group.
    fn among(&self, group: &Group, count: u32) -> Message {
        let filter = group.filter.map(|column| self.name(column));
        let Message { en, zh } = match self.group_name(group) {
            Some(name) => say!("{count} within {name}", " {name} 的 {count} 人"),
            None => say!("{count} in all", "全体 {count} 人"),
        };
        match filter {
            Some(filter) => say!("{en} where `{filter}`", "{zh}（仅计 `{filter}`）"),
            None => Message::new(en, zh),
        }
    }
}

impl Walker<'_, '_> {
    /// What a figure over the group is.
    pub(super) fn group(&mut self, node: NodeId, id: GroupId) -> Option<Step> {
        let teller = self.teller;
        let group = teller.plan.group(id);
        if let GroupFunction::Seats(seats) = &group.function {
            self.seats(id, group, seats);
            return None;
        }
        let value = teller.value(node)?;
        let (figures, row) = teller.figures(id)?;
        if let GroupFunction::Allot(allot) = &group.function {
            return self.allotted(node, id, group, allot);
        }
        let count = figures.counted_beside(row);
        let among = teller.among(group, count);
        let step = |told| {
            let step = Step::new(StepKind::Group, told).fact("value", teller.fact(node));
            let step = step.fact("within", teller.group_name(group).map(Fact::Text));
            step.number("counted", Some(&Number::from(count)))
        };
        if value.is_missing() {
            let Message { en, zh } = among;
            return Some(step(say!("does not count itself among {en}", "本人不计入{zh}")));
        }
        let of = group.value.map(|column| (teller.name(column), teller.figure(column)));
        Some(match &group.function {
            GroupFunction::Rank { direction, ties } => {
                let standing = figures.standing(row)?;
                let (told, others) = placed(teller.number(node)?, among, of.as_ref(), *direction, *ties, standing.same);
                let step = step(told).number("ahead", Some(&Number::from(standing.smaller)));
                step.number("equals", Some(&Number::from(others))).fact("of", of.map(|(_, figure)| as_fact(&figure)))
            }
            GroupFunction::Percentile { kind, .. } => {
                let standing = figures.standing(row)?;
                let (below, same, above) = (standing.smaller, standing.same, standing.larger);
                let (name, figure) = of?;
                let value = number_text::result(teller.number(node)?);
                let (kind_en, kind_zh) = percentile_told(*kind);
                let Message { en, zh } = among;
                let told = say!(
                    "{name} {figure} among {en}: {below} below it, {same} at it, itself included, {above} above it; {kind_en} = {value}",
                    "{name} {figure}，在{zh}中：低于它的 {below} 人，与它相同的 {same} 人（含本人），高于它的 {above} 人；{kind_zh} = {value}"
                );
                let step = step(told).number("below", Some(&Number::from(below)));
                step.number("at", Some(&Number::from(same))).number("above", Some(&Number::from(above)))
            }
            GroupFunction::Share | GroupFunction::CumulativeShare { .. } => {
                let total = figures.total_beside(row)?;
                let share = teller.number(node)?;
                let (part, all) = (share.multiply(total), number_text::told(total));
                let (told_part, value, (name, figure)) = (number_text::told(&part), number_text::result(share), of?);
                let Message { en, zh } = among;
                let told = match &group.function {
                    GroupFunction::CumulativeShare { direction } => {
                        let (first_en, first_zh) = direction_told(*direction);
                        say!(
                            "{name} of all down to {figure}, {first_en}: {told_part} ÷ the total {all} of {en} = {value}",
                            "{name} {first_zh}累计到 {figure}：{told_part} ÷{zh}合计 {all} = {value}"
                        )
                    }
                    _ => say!(
                        "{name} {figure} ÷ the total {all} of {en} = {value}",
                        "{name} {figure} ÷{zh}合计 {all} = {value}"
                    ),
                };
                step(told).number("part", Some(&part)).number("total", Some(total))
            }
            GroupFunction::Count => {
                let Message { en, zh } = among;
                let zh = zh.trim_start();
                step(say!("counted: {en}", "计数：{zh}"))
            }
            function => {
                let (name, _) = of?;
                let (what_en, what_zh) = statistic_told(function);
                let value = self.value_text(node, false);
                let Message { en, zh } = among;
                step(say!("{what_en} of {name} over {en}: {value}", "在{zh}中，{name} 的{what_zh}为 {value}"))
            }
        })
    }
}

/// A place with what it is by, and how many others share it.
fn placed(
    place: &Number,
    among: Message,
    of: Option<&(String, Figure)>,
    direction: Direction,
    ties: Ties,
    same: u32,
) -> (Message, u32) {
    let place = number_text::told(place);
    let Message { en, zh } = among;
    let (first_en, first_zh) = direction_told(direction);
    let (by_en, by_zh) = match of {
        Some((name, figure)) => {
            (format!(" by {name} {figure}, {first_en}"), format!("按 {name} {figure}（{first_zh}）"))
        }
        None => (String::new(), String::new()),
    };
    let others = same.saturating_sub(1);
    let (ties_en, ties_zh) = ties_told(ties);
    let told = if others == 0 {
        say!("place {place} of {en}{by_en}", "{by_zh}在{zh}中排第 {place}")
    } else {
        say!(
            "place {place} of {en}{by_en}; {others} more with the same value, {ties_en}",
            "{by_zh}在{zh}中排第 {place}；另有 {others} 人同值，{ties_zh}"
        )
    };
    (told, others)
}

pub(super) const fn direction_told(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Descending => ("largest first", "从高到低"),
        Direction::Ascending => ("smallest first", "从低到高"),
    }
}

const fn ties_told(ties: Ties) -> (&'static str, &'static str) {
    match ties {
        Ties::Minimum => ("who share the best of their places", "并列取靠前名次"),
        Ties::Maximum => ("who share the worst of their places", "并列取靠后名次"),
        Ties::Average => ("who share the mean of their places", "并列取平均名次"),
        Ties::Dense => ("who share one place, the next being one further", "并列占一个名次，其后名次连续"),
    }
}

const fn percentile_told(kind: PercentileKind) -> (&'static str, &'static str) {
    match kind {
        PercentileKind::Rank => ("the mean place of equals over how many there are", "同值者平均名次 ÷ 人数"),
        PercentileKind::Weak => ("those at or below over how many there are", "不高于它的人数 ÷ 总人数"),
        PercentileKind::Strict => ("those below over how many there are", "低于它的人数 ÷ 总人数"),
        PercentileKind::Mean => (
            "the mean of those below and those at or below, over how many there are",
            "低于与不高于它的人数之均值 ÷ 总人数",
        ),
    }
}

const fn statistic_told(function: &GroupFunction) -> (&'static str, &'static str) {
    match function {
        GroupFunction::Average => ("mean", "均值"),
        GroupFunction::Minimum => ("smallest", "最小值"),
        GroupFunction::Maximum => ("largest", "最大值"),
        GroupFunction::Median => ("median", "中位数"),
        GroupFunction::Deviation => ("standard deviation (of the population)", "标准差（总体）"),
        _ => ("total", "合计"),
    }
}

/// A figure as data.
pub(super) fn as_fact(figure: &Figure) -> Fact {
    match figure {
        Figure::Missing | Figure::Empty(_) => Fact::Missing,
        Figure::Number { value, .. } => Fact::Number(Number::from_decimal(*value)),
        Figure::Truth(truth) => Fact::Truth(*truth),
        Figure::Text(_) | Figure::Date(_) | Figure::Unlimited => Fact::Text(figure.to_string()),
    }
}
