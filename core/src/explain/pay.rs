//! Pay: whether an amount is paid, the years that count, and how money of a pool came to a person.

use kaohe_grammar::{Message, say};

use super::number_text;
use super::step::{Fact, Step, StepKind};
use super::told::Walker;
use crate::eval::group::Answer;
use crate::number::Number;
use crate::plan::{Allot, Arithmetic, ColumnId, Group, GroupId, NodeId, Op, Portion, Step as Label};

impl Walker<'_, '_> {
    /// Whether an amount is paid, or taken back.
    pub(super) fn paid(&mut self, node: NodeId, label: &Label, inner: NodeId) -> Option<Step> {
        let holds = self.teller.truth(node)?;
        let Message { en, zh } = self.teller.question(inner, holds);
        let told = match (label, holds) {
            (Label::TakenBack, true) => say!("{en}, so it is taken back", "{zh}，予以追索扣回"),
            (Label::TakenBack, false) => say!("{en}, so nothing is taken back", "{zh}，不扣回"),
            (_, true) => say!("{en}, so it is paid", "{zh}，予以支付"),
            (_, false) => say!("{en}, so it is not paid", "{zh}，不支付"),
        };
        Some(Step::new(StepKind::Paid, told).fact("holds", Fact::Truth(holds)))
    }

    /// What a rule of pay computed.
    pub(super) fn amount(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let expression = self.expression(inner)?;
        let value = self.value_text(node, false);
        let told = say!("amount: {expression} = {value}", "金额：{expression} = {value}");
        Some(Step::new(StepKind::Amount, told).number("value", self.teller.number(node)))
    }

    /// The completed years.
    pub(super) fn years(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let Op::Round { value, .. } = self.teller.plan.node(inner).op else { return None };
        let (years, exact) = (self.teller.number(node)?, self.teller.number(value)?);
        let counted = number_text::told(years);
        let told = if years == exact {
            say!("{counted} completed years", "满 {counted} 年")
        } else {
            let exact = number_text::told(exact);
            say!("{exact} years, of which {counted} are completed", "{exact} 年，满 {counted} 年")
        };
        Some(Step::new(StepKind::Years, told).number("years", Some(years)))
    }

    /// One of the parts an amount was split into.
    pub(super) fn portion(&mut self, node: NodeId, portion: &Portion) -> Option<Step> {
        let (whole, part) = (self.teller.number(portion.of)?, self.teller.number(node)?);
        let share = portion.shares.get(portion.at)?;
        let (all, share_text) = (number_text::fixed(whole, Some(portion.places)), number_text::percent(share));
        let value = number_text::fixed(part, Some(portion.places));
        let told = say!("{share_text} of {all}, in whole cents: {value}", "{all} 的 {share_text}，取整分：{value}");
        let step = Step::new(StepKind::Portion, told).number("whole", Some(whole)).number("share", Some(share));
        Some(step.number("value", Some(part)))
    }

    /// What a person is paid of an amount that is shared out.
    pub(super) fn allotted(&mut self, node: NodeId, id: GroupId, group: &Group, allot: &Allot) -> Option<Step> {
        let paid = self.teller.number(node)?;
        let (figures, row) = self.teller.figures(id)?;
        let Some(Answer::Allotted(allotted)) = &figures.answer else { return None };
        let shared = allotted.groups.get(figures.group_of(row) as usize)?;
        let body = |column| self.teller.plan.column(column).body;
        let key = self.teller.number(body(allot.key)).cloned().unwrap_or_default();
        let limit = allot.limit.and_then(|limit| self.teller.number(body(limit)).cloned());
        let cents = |number: &Number| number_text::fixed(number, Some(allot.places));
        let (amount, value) = (cents(&shared.amount), cents(paid));
        let left_over = group.value.and_then(|column| self.left_over(column));
        let Message { en: amount_en, zh: amount_zh } = match (group.value, &left_over) {
            (Some(column), Some((portion, left, before))) => {
                let (name, portion, left) = (self.teller.name(column), cents(portion), cents(left));
                say!(
                    "{name} = {portion} and the {left} that {before} left over, {amount} together, ",
                    "{name} = {portion}，加 {before} 未用完的 {left}，共 {amount}，"
                )
            }
            (Some(column), None) => {
                let name = self.teller.name(column);
                say!("{name} = {amount} ", "{name} = {amount}，")
            }
            (None, _) => say!("{amount} ", "{amount}，"),
        };
        let name = self.teller.name(allot.key);
        let among = match self.teller.group_name(group) {
            Some(name) => say!(" within {name}", "{name} 内"),
            None => Message::default(),
        };
        let Message { en: within_en, zh: within_zh } = among;
        let (key_text, keys, count) = (number_text::told(&key), number_text::told(&shared.keys), shared.claimants);
        let limited = limit.as_ref().filter(|limit| *limit == paid && key.sign() > 0);
        let shared_out = say!(
            "{amount_en}is shared by {name}{within_en} among {count} who claim",
            "{within_zh}可分配 {amount_zh}按 {name} 在 {count} 名申请人中分配"
        );
        let Message { en, zh } = shared_out;
        let told = match (key.sign() > 0, limited, &shared.redistributed) {
            (false, ..) => {
                let (amount_en, amount_zh) = (amount_en.trim_end_matches([',', ' ']), amount_zh.trim_end_matches('，'));
                say!("claims nothing of {amount_en}{within_en}", "{within_zh}可分配 {amount_zh}，本人不申请或依据为零")
            }
            (true, None, None) => {
                say!("{en}: {key_text} of {keys}, in whole cents {value}", "{zh}：{key_text} ÷ {keys}，取整分 {value}")
            }
            (true, None, Some(rest)) => {
                let (capped, left, others) = (rest.capped, cents(&rest.left), number_text::told(&rest.keys));
                say!(
                    "{en}; {capped} of them reach their most, and the {left} they leave goes to the others: {key_text} of {others}, in whole cents {value}",
                    "{zh}；其中 {capped} 人达到上限，余下的 {left} 由其他人分配：{key_text} ÷ {others}，取整分 {value}"
                )
            }
            (true, Some(limit), _) => {
                let most = cents(limit);
                say!(
                    "{en}: {key_text} of {keys}, at most {most}, so {value}",
                    "{zh}：{key_text} ÷ {keys}，不超过 {most}，得 {value}"
                )
            }
        };
        let step = Step::new(StepKind::Allotted, told).number("amount", Some(&shared.amount));
        let step = step.number("key", Some(&key)).number("keys", Some(&shared.keys)).number("limit", limit.as_ref());
        let step = step.number("claimants", Some(&Number::from(count))).number("paid_in_all", Some(&shared.paid));
        let step = match &left_over {
            Some((portion, left, _)) => step.number("portion", Some(portion)).number("left_over", Some(left)),
            None => step,
        };
        let step = match &shared.redistributed {
            Some(rest) => step
                .number("at_their_most", Some(&Number::from(rest.capped)))
                .number("left_to_the_others", Some(&rest.left))
                .number("keys_of_the_others", Some(&rest.keys)),
            None => step,
        };
        Some(step.number("value", Some(paid)))
    }

    /// What there is for a claim, where the one before it left something over: its portion, that, and which claim it was.
    fn left_over(&self, amount: ColumnId) -> Option<(Number, Number, String)> {
        let plan = self.teller.plan;
        let Op::Arithmetic(Arithmetic::Add, portion, left) = plan.node(plan.column(amount).body).op else {
            return None;
        };
        let Op::Arithmetic(Arithmetic::Subtract, _, paid) = plan.node(left).op else { return None };
        let Op::Group(before) = plan.node(paid).op else { return None };
        let before = self.teller.name(plan.group(before).value?);
        let number = |node| self.teller.number(node).cloned();
        let (portion, left) = (number(portion)?, number(left)?);
        (!left.is_zero()).then_some((portion, left, before))
    }

    /// What a pool had is what it paid and what it carries on.
    pub(super) fn carried(&mut self, node: NodeId, inner: NodeId) -> Option<Step> {
        let carried = self.teller.number(node)?;
        let plan = self.teller.plan;
        let (mut paid, mut at) = (Vec::new(), inner);
        while let Op::Arithmetic(Arithmetic::Subtract, before, of_claim) = plan.node(at).op {
            paid.push(self.teller.number(of_claim)?);
            at = before;
        }
        paid.reverse();
        let whole = self.teller.number(at)?;
        let places = match plan.node(at).op {
            Op::Column(column) => plan.column(column).places,
            _ => None,
        };
        let money = |number: &Number| number_text::fixed(number, places);
        let each = paid.iter().map(|number| money(number)).collect::<Vec<_>>().join(" + ");
        let (all, rest) = (money(whole), money(carried));
        let told = say!("{all} = {each} paid + {rest} carried", "{all} = 支付 {each} + 结转 {rest}");
        let total = paid.iter().fold(Number::ZERO, |total, number| total.add(number));
        let step = Step::new(StepKind::Carried, told).number("amount", Some(whole)).number("paid", Some(&total));
        Some(step.number("carried", Some(carried)))
    }
}
