//! Amounts of pay: formulas, amounts by years, what is deferred and taken back, and pools.
//!
//! Money is rounded when a column of it is made, and nowhere else; a pool shares out whole cents, and what it takes equals
//! what it pays and what it has left because the last of these is the difference of the other two.

use std::sync::Arc;

use kaohe_grammar::{ComparisonOperator, Message, say};

use super::builder::Builder;
use super::columns::Draft;
use crate::code::Code;
use crate::diagnostic::Span;
use crate::document::model::{
    ClaimText, ClawbackText, Common, DeferralText, FormulaText, OwnRound, PayKind, PayText, PerYearText, PoolText,
};
use crate::fault::FaultCode;
use crate::number::{Number, RoundingMode};
use crate::plan::{
    Allot, Arithmetic, BandEdge, CarriedOver, Column, ColumnId, Extreme, Facts, Group, GroupFunction, NodeId, Nodes,
    Op, OverLimit, Portion, Role, Show, Step,
};
use crate::unit::{Unit, written};
use crate::value::Kind;

/// The unit of years.
const YEAR: &str = "年";

/// The decimals of money and how it is rounded to them.
type Money = (u32, RoundingMode);

impl Builder<'_> {
    /// An amount of pay; of a pool, what is in it.
    pub(crate) fn pay(&mut self, text: &PayText) -> Option<ColumnId> {
        let money = self.money(&text.common)?;
        let (mut formula, mut violated) = (None, None);
        let mut amount = match &text.kind {
            PayKind::Formula(stated) => {
                formula = Some(stated);
                let id = self.formula(stated)?;
                self.inside(&stated.path, stated.span, |this| this.demand(id, &Kind::Number, stated.span))?
            }
            PayKind::PerYear(years) => {
                let amount = self.per_year(years)?;
                self.tell(Step::Amount, amount)?
            }
            PayKind::Pool(pool) => self.pool(&text.common.name.name, pool, money)?,
            PayKind::Deferral(deferral) => {
                let amount = self.share_of(&deferral.of, Some(&deferral.share))?;
                self.tell(Step::Amount, amount)?
            }
            PayKind::Clawback(clawback) => {
                let (amount, when) = self.clawback(clawback)?;
                violated = Some(when);
                amount
            }
        };
        if text.floor.is_some() || text.cap.is_some() {
            amount = self.limits(amount, text.floor.as_ref(), text.cap.as_ref())?;
        }
        if let Some(violated) = violated {
            // whoever did nothing owes nothing, whatever the least is
            amount = self.or_nothing(violated, amount)?;
        }
        if let Some(when) = &text.when {
            let paid = self.truth(when)?;
            let paid = self.tell(Step::Paid, paid)?;
            amount = self.or_nothing(paid, amount)?;
        }
        self.finish(Draft::new(&text.common, amount, Role::Pay).formula(formula).rounded(Some(money)))
    }

    /// A part of what is deferred: the whole, divided evenly and rounded down, and one part with what that leaves.
    pub(crate) fn deferred_part(&mut self, text: &PayText, deferral: &DeferralText, at: usize) -> Option<ColumnId> {
        let money = self.money(&text.common)?;
        let common = deferral.parts.get(at)?;
        let (count, places) = (deferral.parts.len(), i32::try_from(money.0).ok()?);
        let whole = self.by_name.get(&*text.common.name.name).copied();
        let whole = self.read_column(whole?)?;
        let parts = self.integer(i64::try_from(count).ok()?);
        let even = self.arithmetic(Arithmetic::Divide, whole, parts)?;
        let even = self.round(even, places, RoundingMode::Down)?;
        let has_the_rest = if deferral.spare_first { at == 0 } else { at + 1 == count };
        let part = if has_the_rest {
            let others = self.integer(i64::try_from(count - 1).ok()?);
            let others = self.arithmetic(Arithmetic::Multiply, even, others)?;
            self.arithmetic(Arithmetic::Subtract, whole, others)?
        } else {
            even
        };
        let part = self.tell(Step::Amount, part)?;
        self.finish(Draft::new(common, part, Role::Pay).rounded(Some(money)))
    }

    /// The places of an amount of pay, which must be stated somewhere.
    fn money(&mut self, common: &Common) -> Option<Money> {
        let stated = self.rounding(common.round, self.defaults.money);
        if stated.is_none() {
            let name = &common.name.name;
            let help = if common.round == OwnRound::None {
                say!(
                    "pay is money: say how many decimals it has, as in `round: 2`",
                    "薪酬是金额，请写明小数位，如 `round: 2`"
                )
            } else {
                say!(
                    "write `rounding: {{ money: 2 }}` for the scheme, or `round: 2` here",
                    "请在方案中写 `rounding: {{ money: 2 }}`，或在此写 `round: 2`"
                )
            };
            self.error(
                Code::NoPlaces,
                common.name.span,
                say!("nothing says how many decimals the pay `{name}` has", "没有写明薪酬 `{name}` 保留几位小数"),
                Some(help),
            );
        }
        stated
    }

    /// The amount where it is paid, and nothing otherwise.
    fn or_nothing(&mut self, paid: NodeId, amount: NodeId) -> Option<NodeId> {
        let zero = self.zero();
        self.choose(paid, amount, zero)
    }

    /// A sum of money that is not negative, with the way out when it is.
    fn not_owed(&mut self, formula: &FormulaText, way_out: Message) -> Option<NodeId> {
        let amount = self.number(formula)?;
        self.not_negative_or(amount, formula, way_out)
    }

    /// A share of an amount, all of it when no share is stated.
    fn share_of(&mut self, of: &FormulaText, share: Option<&FormulaText>) -> Option<NodeId> {
        let way_out = say!(
            "what is deferred or taken back is an amount that was earned, zero or more",
            "延期或扣回的是已得的金额，应不小于零"
        );
        let amount = self.not_owed(of, way_out);
        let Some(text) = share else { return amount };
        let share = self.number(text);
        let (amount, share) = (amount?, share?);
        let share = self.part_of_whole(share, text)?;
        self.times(amount, share)
    }

    /// A number from 0 to 1.
    fn part_of_whole(&mut self, share: NodeId, text: &FormulaText) -> Option<NodeId> {
        if let Some(known) = self.constant_number(share) {
            if !known.is_negative() && *known <= Number::ONE {
                return Some(share);
            }
            self.no_share(text);
            return None;
        }
        let (zero, one) = (self.zero(), self.integer(1));
        let above = self.compare(ComparisonOperator::AtLeast, share, zero)?;
        let below = self.compare(ComparisonOperator::AtMost, share, one)?;
        let fine = self.truth_node(Op::And(above, below));
        let fault = self.fail_at(FaultCode::NotAShare, share, text);
        self.choose(fine, share, fault)
    }

    fn no_share(&mut self, text: &FormulaText) {
        let written = &text.text;
        self.inside(&text.path, text.span, |this| {
            this.error(
                Code::ShareTotal,
                text.span,
                say!(
                    "a share lies between 0 and 100 %, and `{written}` does not",
                    "比例应在 0 与 100% 之间，`{written}` 不是"
                ),
                Some(say!("write `40%` or `1/3`", "请写 `40%` 或 `1/3`")),
            );
        });
    }

    /// What is taken back, and whether it is.
    fn clawback(&mut self, text: &ClawbackText) -> Option<(NodeId, NodeId)> {
        let amount = self.share_of(&text.of, text.share.as_ref());
        let amount = amount.and_then(|amount| self.tell(Step::Amount, amount));
        let violated = self.truth(&text.when);
        let (amount, violated) = (amount?, violated?);
        Some((amount, self.tell(Step::TakenBack, violated)?))
    }

    /// An amount for each completed year.
    fn per_year(&mut self, text: &PerYearText) -> Option<NodeId> {
        let years = self.number(&text.of)?;
        let years = self.not_negative_or(years, &text.of, say!("years are counted from 0", "年限从 0 起算"))?;
        let unit = self.in_years(years, &text.of)?;
        let years = self.round(years, 0, RoundingMode::Floor)?;
        let years = self.tell(Step::Years, years)?;
        let mut bands = Vec::new();
        for (edge, amount) in &text.bands {
            let (edge, amount) = (self.number(edge), self.number(amount));
            bands.push((edge?, amount?));
        }
        let otherwise = match &text.otherwise {
            Some(otherwise) => Some(self.number(otherwise)?),
            None => None,
        };
        // the band a number of years falls in says that they are paid at all, and what the last of them is worth
        let rate = self.bands(years, BandEdge::UpTo, bands.clone(), otherwise)?;
        let plain = self.with_unit(years, Unit::plain());
        if !text.marginal {
            return self.times(rate, plain);
        }
        let mut below = self.value(crate::value::Value::Number(Number::ZERO), Kind::Number, unit);
        let mut sums = Vec::new();
        for (edge, amount) in bands {
            let up_to = self.extreme(Extreme::Minimum, vec![years, edge])?;
            let in_band = self.arithmetic(Arithmetic::Subtract, up_to, below)?;
            let zero = self.same_unit_zero(in_band);
            let in_band = self.extreme(Extreme::Maximum, vec![in_band, zero])?;
            let in_band = self.with_unit(in_band, Unit::plain());
            sums.push(self.times(amount, in_band)?);
            below = edge;
        }
        if let Some(otherwise) = otherwise {
            let beyond = self.arithmetic(Arithmetic::Subtract, years, below)?;
            let zero = self.same_unit_zero(beyond);
            let beyond = self.extreme(Extreme::Maximum, vec![beyond, zero])?;
            let beyond = self.with_unit(beyond, Unit::plain());
            sums.push(self.times(otherwise, beyond)?);
        }
        let total = self.total(&sums)?;
        // beyond the last band without `else` there is no amount, whichever way it is counted
        if otherwise.is_some() {
            return Some(total);
        }
        let within = self.compare(ComparisonOperator::AtMost, years, below)?;
        let fault = self.fail(FaultCode::NoBand, total);
        self.choose(within, total, fault)
    }

    /// The unit of a number of years: 年, or none; months and days are no years.
    fn in_years(&mut self, years: NodeId, text: &FormulaText) -> Option<Unit> {
        let unit = self.facts(years).unit.clone();
        let Unit::Of(powers) = &unit else { return Some(unit) };
        let own = written(powers);
        if own.is_empty() || own == YEAR {
            return Some(unit);
        }
        let formula = &text.text;
        let help = match &*own {
            "月" => say!("of months: `({formula}) / 12月`", "由月数折算：`({formula}) / 12月`"),
            _ => say!(
                "count years, as `years_between(a day, period_end)` does, or of months `months / 12月`",
                "请以年计，如 `years_between(某日, period_end)`，或由月数折算 `月数 / 12月`"
            ),
        };
        self.inside(&text.path, text.span, |this| {
            this.error(
                Code::UnitMismatch,
                text.span,
                say!("`{formula}` is in `{own}`, and years are counted", "`{formula}` 的单位是 `{own}`，而这里按年计"),
                Some(help),
            );
        });
        None
    }

    fn same_unit_zero(&mut self, like: NodeId) -> NodeId {
        let unit = self.facts(like).unit.clone();
        self.value(crate::value::Value::Number(Number::ZERO), Kind::Number, unit)
    }

    /// The same value, counted in another unit.
    fn with_unit(&mut self, id: NodeId, unit: Unit) -> NodeId {
        let facts = Facts { unit, ..self.facts(id).clone() };
        self.push(Op::Tell(Step::Declared, id), facts)
    }

    // -- pools --

    /// What is in a pool: what everybody of the group gives, and what was carried over.
    fn pool(&mut self, name: &Arc<str>, pool: &PoolText, (places, _): Money) -> Option<NodeId> {
        let given = self.withheld(&pool.takes, places);
        let within = self.pool_groups(pool);
        let carried = match &pool.adds {
            Some(adds) => Some(self.carried(adds, pool, places)?),
            None => None,
        };
        let (given, within) = (given?, within?);
        let stood = self.stand(Some(pool.takes.span));
        let sum = self.over_group(GroupFunction::Sum, Some((given, &pool.takes.expr)), None, within);
        self.stand(stood);
        let sum = sum?;
        let Some((carried, amount)) = carried else { return Some(sum) };
        if let Op::Group(given) = self.node(sum).op {
            self.carries.push(CarriedOver { pool: Arc::clone(name), amount, given });
        }
        self.arithmetic(Arithmetic::Add, sum, carried)
    }

    /// What a person gives, in whole cents: what is not could not be subtracted from his pay.
    fn withheld(&mut self, takes: &FormulaText, places: u32) -> Option<NodeId> {
        let way_out = say!(
            "a pool takes zero or more of each person; what flows in from elsewhere is `adds`",
            "公共池从每人计提的金额不小于零；另有来源的金额请写 `adds`"
        );
        let given = self.not_owed(takes, way_out)?;
        if self.is_of_whole_group(given) {
            self.takes_of_a_group(takes);
            return None;
        }
        if self.facts(given).size.places.is_some_and(|own| own <= places) {
            return Some(given);
        }
        let written = &takes.text;
        self.inside(&takes.path, takes.span, |this| {
            this.error(
                Code::NotDecimal,
                takes.span,
                say!(
                    "what a pool takes is in whole cents, and `{written}` may have more decimals",
                    "公共池计提须为整分，而 `{written}` 可能有更多小数"
                ),
                Some(say!(
                    "make it an amount of pay of its own, which is rounded, and name that here",
                    "请单列一个薪酬项目（会取到分），在此引用其名称"
                )),
            );
        });
        None
    }

    /// Whether a value is one and the same for everybody of a group.
    fn is_of_whole_group(&self, value: NodeId) -> bool {
        Nodes { nodes: &self.nodes, columns: &self.columns, groups: &self.groups }.is_of_whole_group(value)
    }

    fn takes_of_a_group(&mut self, takes: &FormulaText) {
        let written = &takes.text;
        self.inside(&takes.path, takes.span, |this| {
            this.error(
                Code::Infeasible,
                takes.span,
                say!(
                    "`{written}` is one figure of the whole group, and would be taken once of each person in it",
                    "`{written}` 是全组的一个数，作为计提会按人数重复计入"
                ),
                Some(say!("add it to the pool once: `adds: {written}`", "请一次性加入：`adds: {written}`")),
            );
        });
    }

    /// What was carried over: whole cents, the same for everybody of a group, and of each group its own.
    fn carried(&mut self, adds: &FormulaText, pool: &PoolText, places: u32) -> Option<(NodeId, ColumnId)> {
        let amount = self.not_owed(adds, say!("what was carried over is zero or more", "结转的金额不小于零"))?;
        let own = self.reads_rows(amount);
        if !pool.within.is_empty() && !own && self.constant_number(amount).is_none_or(|amount| !amount.is_zero()) {
            let written = &adds.text;
            self.inside(&adds.path, adds.span, |this| {
                this.error(
                    Code::Infeasible,
                    adds.span,
                    say!(
                        "`{written}` would be added once to each group, and was left by all of them together",
                        "`{written}` 会在每个组各加一次，而它只结转了一笔"
                    ),
                    Some(say!(
                        "state what each group has left, as a parameter by the columns of `within`",
                        "请按 `within` 的列用参数分别写明各组的结转"
                    )),
                );
            });
            return None;
        }
        let amount = self.in_cents(amount, adds, places)?;
        let column = self.operand_column(amount, &adds.expr)?;
        if !own {
            return Some((amount, column));
        }
        let within = self.pool_groups(pool)?;
        let least = self.over_column(GroupFunction::Minimum, Some((column, amount)), None, within.clone())?;
        let most = self.over_column(GroupFunction::Maximum, Some((column, amount)), None, within)?;
        let same = self.compare(ComparisonOperator::Equal, least, most)?;
        let fault = self.fail_at(FaultCode::NotOne, amount, adds);
        Some((self.choose(same, amount, fault)?, column))
    }

    /// The amount, which must be in whole cents.
    fn in_cents(&mut self, amount: NodeId, text: &FormulaText, places: u32) -> Option<NodeId> {
        if self.facts(amount).size.places.is_some_and(|own| own <= places) {
            return Some(amount);
        }
        let rounded = self.round(amount, i32::try_from(places).ok()?, RoundingMode::Down)?;
        let whole = self.compare(ComparisonOperator::Equal, rounded, amount)?;
        let fault = self.fail_at(FaultCode::NotInCents, amount, text);
        self.choose(whole, rounded, fault)
    }

    /// Whether a value can differ from row to row.
    fn reads_rows(&self, id: NodeId) -> bool {
        let op = &self.node(id).op;
        matches!(op, Op::Input(_) | Op::DetailInput(..) | Op::Column(_) | Op::Group(_) | Op::Aggregate(_))
            || op.operands().into_iter().any(|operand| self.reads_rows(operand))
    }

    /// The columns that form the groups of a pool; everybody is in one of them.
    fn pool_groups(&mut self, pool: &PoolText) -> Option<Vec<ColumnId>> {
        let groups = self.group_columns(&pool.within)?;
        for (column, named) in groups.iter().zip(&pool.within) {
            let body = self.columns.get(column.index())?.body;
            if self.facts(body).may_be_missing {
                let name = &named.name;
                self.error(
                    Code::Infeasible,
                    named.span,
                    say!(
                        "who has no `{name}` would give to a pool that nobody is paid from",
                        "没有 `{name}` 的人计提之后不属于任何一组"
                    ),
                    Some(say!("leave `missing: allow` out of `{name}`", "请去掉 `{name}` 的 `missing: allow`")),
                );
                return None;
            }
        }
        Some(groups)
    }

    /// What a person is paid of a claim.
    pub(crate) fn claim(&mut self, text: &PayText, pool: &PoolText, at: usize) -> Option<ColumnId> {
        let money = self.money(&text.common)?;
        let claim = pool.claims.get(at)?;
        let amount = self.claimed(text, pool, at, money.0)?;
        let when = match &claim.when {
            Some(when) => Some((self.truth(when)?, when)),
            None => None,
        };
        let key = self.claim_key(claim, when.map(|(when, _)| when))?;
        let limit = match &claim.at_most {
            Some(at_most) => {
                let way_out = say!("leave `at_most` out where there is no limit", "没有限额时请去掉 `at_most`");
                let most = self.not_owed(at_most, way_out)?;
                let body = self.columns.get(amount.index())?.body;
                self.inside(&at_most.path, at_most.span, |this| this.together(body, most, at_most.span))?;
                let most = self.round(most, i32::try_from(money.0).ok()?, RoundingMode::Floor)?;
                let most = match when {
                    Some((when, _)) => self.or_nothing(when, most)?,
                    None => most,
                };
                Some(self.operand_column(most, &at_most.expr)?)
            }
            None => None,
        };
        let within = self.pool_groups(pool)?;
        let order = self.key_of_people();
        let allot = Allot {
            key,
            limit,
            order,
            places: money.0,
            redistribute: pool.over_limit == OverLimit::Redistribute,
            hold: !pool.proceeds,
            awaited: Box::default(),
        };
        let body = self.columns.get(amount.index())?.body;
        let facts = Facts { may_be_missing: false, ..self.facts(body).clone() };
        let span = claim.common.name.span;
        let group = Group {
            function: GroupFunction::Allot(Box::new(allot)),
            value: Some(amount),
            filter: None,
            within: within.into(),
            level: 0,
            span: Some(span),
        };
        let stood = self.stand(Some(span));
        let paid = self.group(group, facts);
        self.stand(stood);
        let paid = paid?;
        self.finish(Draft::new(&claim.common, paid, Role::Pay).rounded(Some(money)))
    }

    /// What a claim is shared by: nothing for who does not claim.
    fn claim_key(&mut self, claim: &ClaimText, when: Option<NodeId>) -> Option<ColumnId> {
        let key = self.number(&claim.key)?;
        self.inside(&claim.key.path, claim.key.span, |this| this.decimal(key, claim.key.span))?;
        let key = self.not_negative_or(
            key,
            &claim.key,
            say!("what money is shared by is zero or more", "分配所依据的数不能为负"),
        )?;
        let key = match when {
            Some(when) => self.or_nothing(when, key)?,
            None => key,
        };
        self.operand_column(key, &claim.key.expr)
    }

    /// The column of the key of people.
    fn key_of_people(&self) -> Option<ColumnId> {
        let key = self.inputs.iter().find(|input| input.key)?;
        self.by_name.get(&key.name).copied()
    }

    /// What there is for a claim, as a column: its portion, and what the claims before it left.
    fn claimed(&mut self, text: &PayText, pool: &PoolText, at: usize, places: u32) -> Option<ColumnId> {
        let claim = pool.claims.get(at)?;
        if let Some(known) = self.claimed.get(&claim.common.name.name) {
            return Some(*known);
        }
        let whole = self.by_name.get(&*text.common.name.name).copied();
        let whole = self.read_column(whole?)?;
        let shares = self.claim_shares(pool)?;
        let facts = self.facts(whole).clone();
        let portion = Portion { of: whole, shares: shares.into(), at, places };
        let mut amount = self.push(Op::Portion(Box::new(portion)), facts);
        if let (OverLimit::NextClaim, Some(before)) = (pool.over_limit, at.checked_sub(1)) {
            let had = self.claimed(text, pool, before, places)?;
            let had = self.read_column(had)?;
            let paid = self.paid(pool, before)?;
            let left = self.arithmetic(Arithmetic::Subtract, had, paid)?;
            amount = self.arithmetic(Arithmetic::Add, amount, left)?;
        }
        let (share, pool_name) = (&claim.share.text, &text.common.name.name);
        let column = self.column(Column {
            name: format!("{pool_name} × {share}").into(),
            body: amount,
            role: Role::Operand,
            places: Some(places),
            formula: None,
            label: None,
            show: Show::default(),
            source: None,
            better: None,
            span: Some(claim.share.span),
            detail: None,
            hidden: true,
        });
        self.claimed.insert(Arc::clone(&claim.common.name.name), column);
        Some(column)
    }

    /// What is paid of a claim in all.
    fn paid(&mut self, pool: &PoolText, at: usize) -> Option<NodeId> {
        let claim = pool.claims.get(at)?;
        let column = self.by_name.get(&*claim.common.name.name).copied()?;
        let body = self.columns.get(column.index())?.body;
        let within = self.pool_groups(pool)?;
        self.over_column(GroupFunction::Sum, Some((column, body)), None, within)
    }

    /// The share of each claim.
    fn claim_shares(&mut self, pool: &PoolText) -> Option<Vec<Number>> {
        let mut shares = Vec::new();
        for claim in &pool.claims {
            let share = self.known_number(&claim.share)?;
            if share.is_negative() || share > Number::ONE {
                self.no_share(&claim.share);
                return None;
            }
            shares.push(share);
        }
        let total = shares.iter().fold(Number::ZERO, |total, share| total.add(share));
        if total != Number::ONE {
            self.shares_total(&total, pool.claims.last()?.share.span);
            return None;
        }
        Some(shares)
    }

    fn shares_total(&mut self, total: &Number, span: Span) {
        let percent = total.multiply(&Number::HUNDRED);
        let help: Message = say!(
            "to keep a part back, make a claim of it with `key: 0`",
            "若要留存一部分，请为其写一项 `key: 0` 的申请"
        );
        self.error(
            Code::ShareTotal,
            span,
            say!("the shares of the claims total {percent} %, not 100 %", "各项申请的比例合计 {percent}%，应为 100%"),
            Some(help),
        );
    }

    /// What a pool has left: what was in it, less what was paid.
    pub(crate) fn carry(&mut self, text: &PayText, pool: &PoolText) -> Option<ColumnId> {
        let money = self.money(&text.common)?;
        let whole = self.by_name.get(&*text.common.name.name).copied();
        let mut left = self.read_column(whole?)?;
        for at in 0..pool.claims.len() {
            let paid = self.paid(pool, at)?;
            left = self.arithmetic(Arithmetic::Subtract, left, paid)?;
        }
        if !pool.proceeds {
            self.hold_together(pool)?;
        }
        let left = self.tell(Step::Carried, left)?;
        self.finish(Draft::new(&pool.carry, left, Role::Pay).rounded(Some(money)))
    }
}
