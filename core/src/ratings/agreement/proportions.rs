//! Disagreement at the ratio level, where every pair of ratings has a divisor of its own: their sum.
//!
//! Pairs of one sum are added up first, in whole numbers. The sums are then brought to one denominator, which cancels
//! out of alpha.

use std::collections::{BTreeMap, HashMap};

use kaohe_grammar::say;
use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, Zero as _};

use crate::code::Code;
use crate::error::DataError;
use crate::limits::{PROPORTION_BITS, PROPORTION_PAIRS};
use crate::number::Number;

/// For each sum of two ratings the squared differences of the pairs that have it.
type BySum = HashMap<i128, BigInt>;

/// Disagreement within ratees, each pair by the number of the ratee's other ratings, and that of all ratings; both times
/// the same factor.
pub(super) fn disagreements<'v>(
    of_ratees: impl Iterator<Item = &'v [i128]>,
    all: &[i128],
) -> Result<(Number, Number), DataError> {
    if all.iter().any(|value| *value < 0) {
        return Err(below_zero());
    }
    let mut left = PROPORTION_PAIRS;
    let mut expected = BySum::new();
    add_pairs(all, &mut expected, &mut left)?;
    let mut by_size: BTreeMap<usize, BySum> = BTreeMap::new();
    for own in of_ratees {
        add_pairs(own, by_size.entry(own.len()).or_default(), &mut left)?;
    }
    let sums = common(expected.keys().copied().map(BigInt::from))?;
    let others = common(by_size.keys().map(|size| BigInt::from(size.saturating_sub(1))))?;
    let mut observed = BySum::new();
    for (size, pairs) in by_size {
        let weight = &others / BigInt::from(size.saturating_sub(1));
        for (sum, squares) in pairs {
            *observed.entry(sum).or_default() += squares * &weight;
        }
    }
    let total = |pairs: BySum| {
        let each = pairs.into_iter().map(|(sum, squares)| {
            let factor = &sums / BigInt::from(sum);
            squares * (&factor * &factor)
        });
        each.sum::<BigInt>()
    };
    let observed = Number::from_ratio(total(observed), others).unwrap_or_default();
    Ok((observed, Number::from(total(expected))))
}

/// Adds the pairs of different values; of `left` pairs no more are looked at.
fn add_pairs(values: &[i128], pairs: &mut BySum, left: &mut usize) -> Result<(), DataError> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let counted: Vec<(i128, u64)> =
        sorted.chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, run.len() as u64))).collect();
    let count = counted.len();
    *left = left.checked_sub(count.saturating_mul(count) / 2).ok_or_else(too_many)?;
    let mut rest = counted.as_slice();
    while let Some(((low, times), higher)) = rest.split_first() {
        for (high, also) in higher {
            let difference = BigInt::from(high - low);
            *pairs.entry(low + high).or_default() += &difference * &difference * *times * *also;
        }
        rest = higher;
    }
    Ok(())
}

/// The least common multiple of numbers from 1.
fn common(numbers: impl Iterator<Item = BigInt>) -> Result<BigInt, DataError> {
    let mut common = BigInt::one();
    for number in numbers {
        // the remainder has the same divisors in common, and is short
        let shared = (&common % &number).gcd(&number);
        if !shared.is_zero() {
            common *= number / shared;
        }
        if common.bits() > PROPORTION_BITS {
            return Err(too_many());
        }
    }
    Ok(common)
}

fn below_zero() -> DataError {
    DataError {
        code: Code::OutOfRange,
        message: say!("a rating is negative, and the ratio level counts from zero", "有评分为负，而比率尺度以零为起点"),
        help: Some(say!("use the interval level", "请改用等距尺度")),
        offenders: Vec::new(),
    }
}

fn too_many() -> DataError {
    DataError {
        code: Code::TooMany,
        message: say!(
            "the ratings have too many different values for the ratio level",
            "评分的不同取值过多，无法按比率尺度计算"
        ),
        help: Some(say!("round the ratings, or use the interval level", "请将评分取整，或改用等距尺度")),
        offenders: Vec::new(),
    }
}
