//! Pay as written: amounts, pools, what is deferred and what is taken back.

use super::{Common, FormulaText, Named};
use crate::diagnostic::Span;
use crate::plan::OverLimit;

/// An amount of pay as written.
#[derive(Debug, Clone)]
pub struct PayText {
    /// What every column can say.
    pub common: Common,
    /// How it comes about.
    pub kind: PayKind,
    /// It is paid only when this holds; otherwise it is 0.
    pub when: Option<FormulaText>,
    /// At least this.
    pub floor: Option<FormulaText>,
    /// At most this.
    pub cap: Option<FormulaText>,
}

/// How an amount of pay comes about.
#[derive(Debug, Clone)]
pub enum PayKind {
    /// By a formula.
    Formula(FormulaText),
    /// An amount for each completed year.
    PerYear(PerYearText),
    /// Money withheld from many and paid to some.
    Pool(PoolText),
    /// Parts that are paid in later years.
    Deferral(DeferralText),
    /// Paid parts that are taken back.
    Clawback(ClawbackText),
}

/// An amount by years as written.
#[derive(Debug, Clone)]
pub struct PerYearText {
    /// The years.
    pub of: FormulaText,
    /// Whether each year is paid by its own band, and not all by the band of the last.
    pub marginal: bool,
    /// Years and the amount a year, the fewest first.
    pub bands: Vec<(FormulaText, FormulaText)>,
    /// The amount a year beyond the last band.
    pub otherwise: Option<FormulaText>,
    /// Where it stands.
    pub span: Span,
}

/// A pool as written.
#[derive(Debug, Clone)]
pub struct PoolText {
    /// What each person gives.
    pub takes: FormulaText,
    /// What is carried over from before.
    pub adds: Option<FormulaText>,
    /// The columns that form the groups.
    pub within: Vec<Named>,
    /// Who is paid, in order.
    pub claims: Vec<ClaimText>,
    /// What happens to what a limit leaves over.
    pub over_limit: OverLimit,
    /// Whether a group is paid although a row is left out of it.
    pub proceeds: bool,
    /// What is left, as a column.
    pub carry: Common,
    /// Where it stands.
    pub span: Span,
}

/// A claim on a pool as written.
#[derive(Debug, Clone)]
pub struct ClaimText {
    /// Its column.
    pub common: Common,
    /// Its share of the pool.
    pub share: FormulaText,
    /// Who claims; everybody when not stated.
    pub when: Option<FormulaText>,
    /// What it is paid in proportion to.
    pub key: FormulaText,
    /// The most a person is paid.
    pub at_most: Option<FormulaText>,
}

/// A deferral as written.
#[derive(Debug, Clone)]
pub struct DeferralText {
    /// The amount.
    pub of: FormulaText,
    /// The share of it that is deferred.
    pub share: FormulaText,
    /// The columns of the parts, in their order.
    pub parts: Vec<Common>,
    /// Whether the first part has what does not divide evenly, and not the last.
    pub spare_first: bool,
}

/// A clawback as written.
#[derive(Debug, Clone)]
pub struct ClawbackText {
    /// What was paid.
    pub of: FormulaText,
    /// The violation.
    pub when: FormulaText,
    /// The share that is taken back; all of it when not stated.
    pub share: Option<FormulaText>,
}

impl PayText {
    /// The formulas of the amount itself, without those of claims.
    pub(crate) fn formulas(&self) -> Vec<&FormulaText> {
        let mut formulas: Vec<&FormulaText> = match &self.kind {
            PayKind::Formula(formula) => vec![formula],
            PayKind::PerYear(years) => {
                let bands = years.bands.iter().flat_map(|(edge, amount)| [edge, amount]);
                std::iter::once(&years.of).chain(bands).chain(&years.otherwise).collect()
            }
            PayKind::Pool(pool) => {
                let shares = pool.claims.iter().map(|claim| &claim.share);
                std::iter::once(&pool.takes).chain(&pool.adds).chain(shares).collect()
            }
            PayKind::Deferral(deferral) => vec![&deferral.of, &deferral.share],
            PayKind::Clawback(clawback) => [&clawback.of, &clawback.when].into_iter().chain(&clawback.share).collect(),
        };
        formulas.extend(self.when.iter().chain(&self.floor).chain(&self.cap));
        formulas
    }

    /// Every column it makes beside its own.
    pub(crate) fn further(&self) -> impl Iterator<Item = &Common> {
        let (claims, carry, parts): (&[ClaimText], Option<&Common>, &[Common]) = match &self.kind {
            PayKind::Pool(pool) => (&pool.claims, Some(&pool.carry), &[]),
            PayKind::Deferral(deferral) => (&[], None, &deferral.parts),
            _ => (&[], None, &[]),
        };
        claims.iter().map(|claim| &claim.common).chain(carry).chain(parts)
    }
}
