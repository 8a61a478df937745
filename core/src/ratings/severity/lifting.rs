//! Solves the normal equations exactly, for hundreds of raters, without a fraction on the way.
//!
//! The equations are solved modulo a prime p; what that solution leaves of the totals is divisible by p, and is solved in
//! turn, which gives the solution modulo p², p³ and so on, at the price of one substitution each. When the power is large
//! enough the fractions can be read off it. That they are the solution is then proved in whole numbers.
//!
//! Source: Dixon, "Exact solution of linear equations using p-adic expansions", Numerische Mathematik 40 (1982).

use num_bigint::BigInt;
use num_traits::{One as _, Zero as _};

use super::equations::{Effects, Equations, Other};
use super::factor::Factor;
use super::field::Field;
use super::reconstruct::fractions;

/// Digits before the fractions are first looked for.
const FIRST_LOOK: usize = 3;

/// The effects of the kept side, the first of which is held at zero; nothing when no prime serves, of which there are
/// more than any solution has divisors.
pub(super) fn solve(equations: &Equations) -> Option<Effects> {
    let factor = Field::all().find_map(|field| Factor::of(equations, field))?;
    let prime = BigInt::from(factor.field().modulus);
    let mut lifting = Lifting::of(equations, &factor);
    let mut digits: Vec<Vec<u64>> = Vec::new();
    let mut look = FIRST_LOOK;
    loop {
        while digits.len() < look {
            digits.push(lifting.digit());
        }
        let modulus = (0..digits.len()).fold(BigInt::one(), |power, _| power * &prime);
        let residue = |at: usize| {
            let of_one = digits.iter().rev().map(|digit| digit.get(at).copied().unwrap_or(0));
            of_one.fold(BigInt::zero(), |value, digit| value * &prime + digit)
        };
        // the first is zero
        let unknowns = equations.kept.len().saturating_sub(1);
        let residues = std::iter::once(BigInt::zero()).chain((0..unknowns).map(residue));
        if let Some(found) = fractions(residues, &modulus)
            && equations.are_solved_by(&found)
        {
            return Some(found);
        }
        look += look / 2 + 1;
    }
}

/// What is left of the totals after the digits so far.
struct Lifting<'e> {
    equations: &'e Equations,
    factor: &'e Factor,
    /// Of the kept side, but for the first, whose equation follows from the others.
    kept: Vec<i128>,
    others: Vec<i128>,
}

impl<'e> Lifting<'e> {
    fn of(equations: &'e Equations, factor: &'e Factor) -> Self {
        Self {
            equations,
            factor,
            kept: equations.kept.iter().skip(1).map(|kept| kept.total).collect(),
            others: equations.others.iter().map(|other| other.total).collect(),
        }
    }

    /// The next digit of each kept unknown but the first.
    fn digit(&mut self) -> Vec<u64> {
        let field = self.factor.field();
        let prime = i128::from(field.modulus);
        let mut sums = vec![0_u128; self.kept.len()];
        for ((other, total), share) in self.equations.others.iter().zip(&self.others).zip(self.factor.shares()) {
            spread(other, field.multiply(field.of(*total), *share), &mut sums);
        }
        let of_kept = self.kept.iter().zip(sums);
        let mut digit: Vec<u64> =
            of_kept.map(|(total, sum)| field.subtract(field.of(*total), field.reduce(sum))).collect();
        self.factor.solve(&mut digit);
        let mut sums = vec![0_u128; self.kept.len()];
        for ((other, total), share) in self.equations.others.iter().zip(&mut self.others).zip(self.factor.shares()) {
            let effects: i128 = known(other).filter_map(|place| digit.get(place)).map(|digit| i128::from(*digit)).sum();
            *total -= effects;
            let own = field.multiply(field.of(*total), *share);
            // divisible, because the digits solve the equation modulo the prime
            *total = (*total - i128::from(own) * i128::from(other.degree())) / prime;
            spread(other, own, &mut sums);
        }
        let kept = self.equations.kept.iter().skip(1);
        for (((total, kept), digit), sum) in self.kept.iter_mut().zip(kept).zip(&digit).zip(sums) {
            // a sum of at most 2^24 digits below 2^61
            let sum = i128::try_from(sum).unwrap_or(i128::MAX);
            *total = (*total - i128::from(*digit) * i128::from(kept.degree) - sum) / prime;
        }
        digit
    }
}

/// The kept ones that an unknown of the other side is connected with, but for the first, counted without it.
fn known(other: &Other) -> impl Iterator<Item = usize> {
    other.kept.iter().filter_map(|place| (*place as usize).checked_sub(1))
}

/// Adds a value to each kept one that an unknown of the other side is connected with.
fn spread(other: &Other, value: u64, sums: &mut [u128]) {
    for place in known(other) {
        if let Some(sum) = sums.get_mut(place) {
            *sum += u128::from(value);
        }
    }
}
