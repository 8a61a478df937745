//! Sheets of raters: how many count and what they come to, never who gave which marks.

use std::collections::BTreeSet;

use kaohe_grammar::{Message, say};

use super::number_text;
use super::step::{Fact, Step, StepKind};
use super::told::Walker;
use crate::number::Number;
use crate::plan::{Aggregate, AggregateFunction, Ends, GroupFunction, GroupId, NodeId, Op, Plan};
use crate::ratings::severity::Method;
use crate::run::sheet_cell;
use crate::value::{Kind, Value};

/// The figure over sheets that a value reads, if any: those of one appraisal have one column of scores and one method.
fn adjusted_in(plan: &Plan, value: NodeId) -> Option<GroupId> {
    let mut waiting = vec![value];
    while let Some(node) = waiting.pop() {
        match &plan.node(node).op {
            Op::Adjusted { group, .. } => return Some(*group),
            Op::Choose { then, otherwise, .. } => waiting.extend([*then, *otherwise]),
            _ => {}
        }
    }
    None
}

impl Walker<'_, '_> {
    /// The sheets that came together in a role.
    pub(super) fn sheets(&mut self, node: NodeId, aggregate: &Aggregate) {
        let (ends, median) = match aggregate.function {
            AggregateFunction::MeanOf(ends) => (ends, false),
            AggregateFunction::MiddleOf(ends) => (ends, true),
            _ => return,
        };
        if self.teller.number(node).is_none() {
            return;
        }
        self.severity(node, aggregate);
        let count = self.teller.trace.rows(node).len();
        let (lowest, highest) = ends.of(count);
        let Message { en, zh } = match (median, count) {
            (_, 1) => say!("the only sheet", "仅有的 1 张考评表"),
            (false, _) => say!("the mean of {count} sheets", "{count} 张考评表的平均"),
            (true, _) => say!("the median of {count} sheets", "{count} 张考评表的中位数"),
        };
        let told = match (ends, lowest + highest) {
            (Ends::None, _) => Message::new(en, zh),
            (_, 0) => say!("{en}; too few for any to be left out", "{zh}；张数不足，不去掉最高最低"),
            _ => say!(
                "{en}, without the highest {highest} and the lowest {lowest}",
                "{zh}，去掉最高 {highest} 张、最低 {lowest} 张"
            ),
        };
        let number = |count: usize| Some(Fact::Number(Number::from(i64::try_from(count).unwrap_or(i64::MAX))));
        let step = Step::new(StepKind::Sheets, told).fact("sheets", number(count));
        self.told.steps.push(step.fact("highest", number(highest)).fact("lowest", number(lowest)));
        self.asked_for_some(node, aggregate);
    }

    /// That the sheets of a role have only some of the items, which stand for the whole.
    fn asked_for_some(&mut self, node: NodeId, aggregate: &Aggregate) {
        let detail = self.teller.plan.detail(aggregate.table);
        let place = detail.role_column();
        let Some((place, Kind::Choice(words))) = place.and_then(|at| Some((at, &detail.inputs.get(at)?.kind))) else {
            return;
        };
        let Some(table) = self.teller.run.and_then(|(run, _)| run.details().get(aggregate.table.index())) else {
            return;
        };
        let role_in = |(row, _): &(u32, Value)| match sheet_cell(table, place, *row) {
            Some(Ok(Value::Choice(role))) => Some(*role),
            _ => None,
        };
        let roles: BTreeSet<u32> = self.teller.trace.rows(node).iter().filter_map(role_in).collect();
        for role in roles {
            let items = detail.items();
            let items = items.map(|(_, input, item)| (&input.name, item.is_asked_of(usize::try_from(role).ok())));
            let (asked, others): (Vec<_>, Vec<_>) = items.partition(|(_, asked)| *asked);
            let Some(role) = words.word(role).filter(|_| !others.is_empty()) else { continue };
            let names: Vec<String> = asked.iter().map(|(name, _)| name.to_string()).collect();
            let (en, zh) = (names.join(", "), names.join("、"));
            let told = say!(
                "the plan asks {role} for {en} alone, which stand for the whole sheet",
                "考核计划只要求 {role} 评 {zh}，按其分值或权重折算为整张考评表"
            );
            let step = Step::new(StepKind::Sheets, told).fact("role", Fact::Text(role.to_string()));
            self.told.steps.push(step.fact("asked", Fact::Text(en)));
        }
    }

    /// What the sheets that count were rated, and what they count without their raters' severity. Of several sheets both
    /// are means: who gave which marks is told nowhere, and an effect that stands beside a sheet would tell its rater
    /// from the others.
    fn severity(&mut self, node: NodeId, aggregate: &Aggregate) {
        let plan = self.teller.plan;
        let Some(group) = aggregate.value.and_then(|value| adjusted_in(plan, value)).map(|group| plan.group(group))
        else {
            return;
        };
        let GroupFunction::Severity(severity) = &group.function else { return };
        let (rows, trace) = (self.teller.trace.rows(node), self.teller.trace);
        let rated = group.value.map_or(&[][..], |column| trace.cells(column));
        let of_sheet = |sheet: u32| rated.iter().find(|(row, _)| *row == sheet).map(|(_, cell)| cell);
        let (mut before, mut after) = (Number::ZERO, Number::ZERO);
        for (sheet, counts) in rows {
            let (Some(Ok(Value::Number(rated))), Value::Number(counts)) = (of_sheet(*sheet), counts) else { return };
            (before, after) = (before.add(rated), after.add(counts));
        }
        let count = Number::from(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        let (Some(before), Some(after)) = (before.divide(&count), after.divide(&count)) else { return };
        let effect = before.subtract(&after);
        let (rated, counts) = (number_text::told(&before), number_text::told(&after));
        let signed =
            if effect.sign() > 0 { format!("+{}", number_text::told(&effect)) } else { number_text::told(&effect) };
        let told = match (severity.method, rows.len()) {
            (Method::ZScore { .. }, 1) => say!(
                "rated {rated}, counts as {counts} by z-scores of its rater",
                "评为 {rated}，按考评人标准分调整，计为 {counts}"
            ),
            (Method::ZScore { .. }, sheets) => say!(
                "{sheets} sheets, rated {rated} on average, count as {counts} by z-scores of their raters",
                "{sheets} 张考评表平均评为 {rated}，按考评人标准分调整，平均计为 {counts}"
            ),
            (Method::Centring | Method::Additive { .. }, 1) => say!(
                "rated {rated}, the rater's effect {signed}, counts as {counts}",
                "评为 {rated}，考评人宽严 {signed}，计为 {counts}"
            ),
            (Method::Centring | Method::Additive { .. }, sheets) => say!(
                "{sheets} sheets, rated {rated} on average, the raters' effects {signed}, count as {counts}",
                "{sheets} 张考评表平均评为 {rated}，考评人宽严 {signed}，平均计为 {counts}"
            ),
        };
        let step = Step::new(StepKind::Severity, told).number("rated", Some(&before)).number("effect", Some(&effect));
        self.told.steps.push(step.number("counts", Some(&after)));
    }

    /// Whether a role has sheets enough to have a result of its own.
    pub(super) fn enough(&mut self, node: NodeId, role: &str, inner: NodeId) -> Option<Step> {
        // under `merge` more must hold than the number
        let number = match self.teller.plan.node(inner).op {
            Op::And(number, _) => number,
            _ => inner,
        };
        let Op::Compare(_, sheets, minimum) = self.teller.plan.node(number).op else { return None };
        let (count, least) = (self.teller.number(sheets)?, self.teller.number(minimum)?);
        let enough = self.teller.truth(node)?;
        let (have, need) = (number_text::told(count), number_text::told(least));
        let sheets = if *count == Number::ONE { "sheet" } else { "sheets" };
        let own = self.name.rsplit_once('.').is_some_and(|(_, own)| own == role);
        let told = match (enough, own) {
            (true, _) => say!(
                "{role} has {have} {sheets}; at least {need} needed",
                "{role} 有 {have} 张考评表，至少需要 {need} 张"
            ),
            (false, true) if count >= least => say!(
                "{role} has {have} {sheets} with those merged into it, and they would give away a role too small to be shown, so there is no result of its own",
                "{role} 连同并入的共有 {have} 张考评表，会让人推出张数不足的角色的结果，因此不单独给出结果"
            ),
            (false, false) if count >= least => say!(
                "{role} has {have} {sheets} with those merged into it, and they would give away a role too small to be shown, so they count here",
                "{role} 连同并入的共有 {have} 张考评表，会让人推出张数不足的角色的结果，因此并入此处计算"
            ),
            (false, true) => say!(
                "{role} has {have} {sheets}, fewer than the {need} needed, so there is no result of its own",
                "{role} 有 {have} 张考评表，不足 {need} 张，不单独给出结果"
            ),
            (false, false) => say!(
                "{role} has {have} {sheets}, fewer than the {need} needed, so they count here",
                "{role} 有 {have} 张考评表，不足 {need} 张，并入此处计算"
            ),
        };
        let step = Step::new(StepKind::Sheets, told).number("sheets", Some(count)).number("minimum", Some(least));
        Some(step.fact("enough", Fact::Truth(enough)))
    }
}
