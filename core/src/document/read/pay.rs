//! Amounts of pay.

use kaohe_grammar::say;

use super::{Reader, list, named, names, scalar};
use crate::code::Code;
use crate::document::model::{
    ClaimText, ClawbackText, Common, DeferralText, Named, PayKind, PayText, PerYearText, PoolText,
};
use crate::document::tree::{Node, NodeValue, Scalar};
use crate::lower::qualified;
use crate::plan::OverLimit;

/// The word of what a pool has left, behind its name and a dot.
const CARRY: &str = "结转";

impl Reader<'_> {
    /// An amount of pay; nothing when what it is cannot be read, which is told where it stands.
    pub(super) fn pay(&mut self, key: &Scalar, node: &Node) -> Option<PayText> {
        let common = self.common(key, node);
        if let NodeValue::Scalar(formula) = &node.value {
            let kind = PayKind::Formula(self.formula_text(formula)?);
            return Some(PayText { common, kind, when: None, floor: None, cap: None });
        }
        let Some(kind) = self.pay_kind(&common, node) else {
            self.failed.extend(further(node));
            return None;
        };
        if matches!(kind, PayKind::Pool(_)) {
            let why = say!(
                "a pool is all that is withheld; its claims say who is paid",
                "公共池是计提的总和，由各项申请决定支付"
            );
            self.without_effect(node, &["when", "floor", "cap"], &why);
        }
        Some(PayText {
            common,
            kind,
            when: self.formula(node, "when"),
            floor: self.formula(node, "floor"),
            cap: self.formula(node, "cap"),
        })
    }

    fn pay_kind(&mut self, common: &Common, node: &Node) -> Option<PayKind> {
        if let Some(years) = node.get("bands_per_year") {
            return self.inside("bands_per_year", |this| this.per_year(years).map(PayKind::PerYear));
        }
        if let Some(pool) = node.get("pool") {
            return self.inside("pool", |this| this.pool(common, pool).map(PayKind::Pool));
        }
        if let Some(deferral) = node.get("deferral") {
            return self.inside("deferral", |this| this.deferral(deferral).map(PayKind::Deferral));
        }
        if let Some(clawback) = node.get("clawback") {
            return self.inside("clawback", |this| {
                let (of, when) = (this.formula(clawback, "of"), this.formula(clawback, "when"));
                let share = this.formula(clawback, "share");
                Some(PayKind::Clawback(ClawbackText { of: of?, when: when?, share }))
            });
        }
        self.formula(node, "formula").map(PayKind::Formula)
    }

    fn per_year(&mut self, node: &Node) -> Option<PerYearText> {
        let of = self.formula(node, "of");
        let bands = self.pairs(node, "up_to");
        let otherwise = self.formula(node, "else");
        let marginal = scalar(node, "method")?.text == "marginal";
        Some(PerYearText { of: of?, marginal, bands, otherwise, span: node.span })
    }

    fn pool(&mut self, pool: &Common, node: &Node) -> Option<PoolText> {
        let (takes, adds) = (self.formula(node, "takes"), self.formula(node, "adds"));
        let claims = self.listed(node, "claims", Self::claim);
        let over_limit = match scalar(node, "over_limit")?.text.as_str() {
            "redistribute" => OverLimit::Redistribute,
            "next_claim" => OverLimit::NextClaim,
            _ => OverLimit::Carry,
        };
        let proceeds = scalar(node, "left_out").is_some_and(|word| word.text == "proceed");
        let carry = match scalar(node, "carry").map(named) {
            Some(carry) => carry,
            None => Named { name: qualified(&pool.name.name, CARRY), span: pool.name.span },
        };
        let is_read = node.get("claims").map(list).unwrap_or_default().len() == claims.len();
        let pool = PoolText {
            takes: takes?,
            adds,
            within: names(node, "within"),
            claims,
            over_limit,
            proceeds,
            carry: self.column_of_pay(carry),
            span: node.span,
        };
        is_read.then_some(pool)
    }

    fn claim(&mut self, node: &Node) -> Option<ClaimText> {
        let name = named(scalar(node, "name")?);
        let (share, key) = (self.formula(node, "share"), self.formula(node, "key"));
        let (when, at_most) = (self.formula(node, "when"), self.formula(node, "at_most"));
        Some(ClaimText { common: self.column_of_pay(name), share: share?, when, key: key?, at_most })
    }

    fn deferral(&mut self, node: &Node) -> Option<DeferralText> {
        let (of, share) = (self.formula(node, "of"), self.formula(node, "share"));
        let parts = names(node, "parts");
        let over = scalar(node, "over")?;
        let stated: usize = over.text.parse().ok()?;
        if parts.len() != stated {
            let count = parts.len();
            self.report(
                Code::WrongShape,
                over.span,
                say!("`over: {stated}` and {count} names of parts", "`over: {stated}` 与 {count} 个分期名称不符"),
                Some(say!("name each part once, in the order they are paid", "请按支付顺序给每一期各写一个名称")),
            );
            return None;
        }
        let parts = parts.into_iter().map(|name| self.column_of_pay(name)).collect();
        let spare_first = scalar(node, "spare_cent").is_some_and(|word| word.text == "first");
        Some(DeferralText { of: of?, share: share?, parts, spare_first })
    }

    /// A column that a pool or a deferral makes.
    fn column_of_pay(&self, name: Named) -> Common {
        Common { path: self.path(), name: name.clone(), ..Common::plain(name.name) }
    }
}

/// The columns that a pool or a deferral would have made: what reads them is no mistake of its own.
fn further(node: &Node) -> Vec<Named> {
    let claims = node.get("pool").and_then(|pool| pool.get("claims")).map(list).unwrap_or_default();
    let parts = node.get("deferral").map(|deferral| names(deferral, "parts")).unwrap_or_default();
    claims.iter().filter_map(|claim| scalar(claim, "name")).map(named).chain(parts).collect()
}
