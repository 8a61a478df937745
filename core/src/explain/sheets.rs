//! Sheets of raters: how many count and what they come to, never who gave which marks.

use kaohe_grammar::{Message, say};

use super::number_text;
use super::step::{Fact, Step, StepKind};
use super::told::Walker;
use crate::number::Number;
use crate::plan::{Aggregate, AggregateFunction, Ends, NodeId, Op};

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
