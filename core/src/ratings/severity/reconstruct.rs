//! Fractions from what they are modulo a large number.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, Signed as _, Zero as _};

use super::equations::Effects;

/// So many bits must be left over before fractions are believed; they are proved afterwards.
const SPARE_BITS: u64 = 64;

/// The fractions that these numbers are modulo `modulus`, over one denominator; nothing when the modulus is too small to
/// tell.
pub(super) fn fractions(residues: impl Iterator<Item = BigInt>, modulus: &BigInt) -> Option<Effects> {
    let believed =
        |numerator: &BigInt, denominator: &BigInt| numerator.bits() + denominator.bits() + SPARE_BITS < modulus.bits();
    let (mut numerators, mut denominator): (Vec<BigInt>, _) = (Vec::new(), BigInt::one());
    for residue in residues {
        let scaled = (residue * &denominator).mod_floor(modulus);
        let nearest = nearest_to_zero(&scaled, modulus);
        // most share the denominator of those before
        if believed(&nearest, &denominator) {
            numerators.push(nearest);
            continue;
        }
        let (numerator, further) = fraction(scaled, modulus);
        denominator *= &further;
        if further.is_zero() || !believed(&numerator, &denominator) {
            return None;
        }
        numerators.iter_mut().for_each(|known| *known *= &further);
        numerators.push(numerator);
    }
    Some(Effects { numerators, denominator })
}

fn nearest_to_zero(value: &BigInt, modulus: &BigInt) -> BigInt {
    if value + value > *modulus { value - modulus } else { value.clone() }
}

/// The fraction with the shortest parts that is `value` modulo `modulus`; its denominator is positive.
///
/// Source: Wang, Guy and Davenport, "p-adic reconstruction of rational numbers" (1982): Euclid's algorithm, stopped half
/// way.
fn fraction(value: BigInt, modulus: &BigInt) -> (BigInt, BigInt) {
    let half = modulus.bits() / 2;
    let (mut last, mut rest) = (modulus.clone(), value);
    let (mut before, mut factor) = (BigInt::zero(), BigInt::one());
    while rest.bits() >= half && !rest.is_zero() {
        let (quotient, next) = last.div_rem(&rest);
        last = std::mem::replace(&mut rest, next);
        let next = before - quotient * &factor;
        before = std::mem::replace(&mut factor, next);
    }
    if factor.is_negative() { (-rest, -factor) } else { (rest, factor) }
}
