//! What everybody must get, by integers alone.

use num_bigint::BigInt;

use crate::people::Person;

/// The least total of each tier.
pub(crate) const THRESHOLDS: [i64; 9] = [95, 90, 85, 80, 75, 70, 65, 60, 0];
/// The tiers, the best first.
pub const TIERS: [&str; 9] =
    ["senior A", "senior B", "senior C", "middle A", "middle B", "middle C", "junior A", "junior B", "junior C"];

/// A total in hundredths, and the tier it earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// In hundredths of a point.
    pub total: i64,
    /// By its place in [`TIERS`].
    pub tier: usize,
}

impl Answer {
    fn of(total: i64) -> Self {
        let tier = THRESHOLDS.iter().position(|least| total >= least * 100).unwrap_or(THRESHOLDS.len() - 1);
        Self { total, tier }
    }
}

/// `part / whole` in ten-thousandths, half up; 0 where the whole is 0.
const fn rate(part: i64, whole: i64) -> i64 {
    if whole == 0 { 0 } else { (part * 20_000 + whole) / (2 * whole) }
}

fn completion(part: i64, whole: i64) -> i64 {
    rate(part, whole).clamp(0, 12_000)
}

/// The weighted total with rates of four places, before it is rounded, in ten-thousandths of a point.
pub(crate) fn exact_total(p: &Person) -> i64 {
    let (collected, bad) = (rate(p.int_col, p.int_due), rate(p.npl, p.npl_lim));
    let bands = match collected {
        9800.. => 100,
        9500.. => 90,
        9000.. => 75,
        8000.. => 50,
        _ => 0,
    };
    let interpolated = (100_000 - (bad - 5000) * 8).clamp(20_000, 100_000);
    20 * completion(p.dep, p.dep_tgt)
        + 15 * completion(p.loan, p.loan_tgt)
        + 10 * completion(p.cust, p.cust_tgt)
        + 10 * completion(p.dep + p.loan, p.dep_tgt + p.loan_tgt)
        + 15 * bands * 100
        + interpolated
        + 10 * (100 - 5 * p.compl).max(0) * 100
        + 10 * p.satisf * 10
}

/// The answer of the scheme whose rates are rounded.
#[must_use]
pub fn rounded(person: &Person) -> Answer {
    Answer::of((exact_total(person) + 50).div_euclid(100))
}

/// A fraction, its denominator positive.
struct Fraction(BigInt, BigInt);

impl Fraction {
    fn of(part: i64, whole: i64) -> Self {
        if whole == 0 { Self(0.into(), 1.into()) } else { Self(part.into(), whole.into()) }
    }

    fn times(self, factor: i64) -> Self {
        Self(self.0 * factor, self.1)
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0 * &other.1 + other.0 * &self.1, self.1 * other.1)
    }

    /// Whether it is at least `part / whole`.
    fn reaches(&self, part: i64, whole: i64) -> bool {
        &self.0 * whole >= &self.1 * part
    }

    fn at_most(self, limit: i64) -> Self {
        if self.reaches(limit, 1) { Self(limit.into(), 1.into()) } else { self }
    }

    fn at_least(self, limit: i64) -> Self {
        if self.reaches(limit, 1) { self } else { Self(limit.into(), 1.into()) }
    }
}

/// The answer of the scheme of which only the total is rounded, all of it in fractions.
#[must_use]
pub fn unrounded(p: &Person) -> Answer {
    let completion = |part, whole| Fraction::of(part, whole).times(100).at_most(120);
    let (collected, bad) = (Fraction::of(p.int_col, p.int_due), Fraction::of(p.npl, p.npl_lim));
    let bands = [(98, 100), (95, 90), (90, 75), (80, 50)];
    let bands = bands.into_iter().find(|(least, _)| collected.reaches(*least, 100)).map_or(0, |(_, score)| score);
    let whole = |number: i64| Fraction::of(number, 1);
    let interpolated = whole(140).plus(bad.times(-80)).at_most(100).at_least(20);
    let points = completion(p.dep, p.dep_tgt)
        .times(20)
        .plus(completion(p.loan, p.loan_tgt).times(15))
        .plus(completion(p.cust, p.cust_tgt).times(10))
        .plus(completion(p.dep + p.loan, p.dep_tgt + p.loan_tgt).times(10))
        .plus(whole(15 * bands))
        .plus(interpolated.times(10))
        .plus(whole(10 * (100 - 5 * p.compl).max(0)))
        .plus(whole(p.satisf));
    // the sum is in hundredths already: weights total 100
    let total = (points.0 * 2 + &points.1) / (points.1 * 2);
    Answer::of(i64::try_from(total).unwrap_or(0))
}
