//! The normal equations of ratee and rater effects, in whole numbers.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, Zero as _};

/// One side of the table, kept: an unknown for each.
pub(super) struct Kept {
    /// How many of the other side it is connected with.
    pub(super) degree: u64,
    /// The total of its ratings.
    pub(super) total: i128,
}

/// The other side: an unknown that follows from the kept ones.
pub(super) struct Other {
    /// The kept ones it is connected with, ascending.
    pub(super) kept: Vec<u32>,
    /// The total of its ratings.
    pub(super) total: i128,
}

impl Other {
    pub(super) fn degree(&self) -> u64 {
        self.kept.len() as u64
    }
}

/// For every rating `rating = kept + other`, as nearly as least squares can: the effect of each, times how many ratings
/// it has, with the effects of those it is connected with, makes the total of its ratings.
///
/// All are connected; the larger side is the other one, because it costs least.
pub(super) struct Equations {
    pub(super) kept: Vec<Kept>,
    pub(super) others: Vec<Other>,
}

/// Effects over one denominator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Effects {
    pub(super) numerators: Vec<BigInt>,
    pub(super) denominator: BigInt,
}

impl Equations {
    /// From ratings, each with the place of the kept and of the other one.
    pub(super) fn of(kept: usize, others: usize, ratings: &[(u32, u32, i128)]) -> Self {
        let mut equations = Self {
            kept: std::iter::repeat_with(|| Kept { degree: 0, total: 0 }).take(kept).collect(),
            others: std::iter::repeat_with(|| Other { kept: Vec::new(), total: 0 }).take(others).collect(),
        };
        for (kept, other, rating) in ratings {
            if let (Some(one), Some(other)) =
                (equations.kept.get_mut(*kept as usize), equations.others.get_mut(*other as usize))
            {
                // 2^24 ratings below 10^28 stay below 2^118
                one.degree += 1;
                one.total += rating;
                other.kept.push(*kept);
                other.total += rating;
            }
        }
        equations.others.iter_mut().for_each(|other| other.kept.sort_unstable());
        equations
    }

    /// The effects of the other side, times how many ratings each has: what the totals leave.
    fn rests(&self, kept: &Effects) -> Vec<BigInt> {
        let rest = |other: &Other| {
            let effects = other.kept.iter().filter_map(|place| kept.numerators.get(*place as usize));
            &kept.denominator * other.total - effects.sum::<BigInt>()
        };
        self.others.iter().map(rest).collect()
    }

    /// The least common multiple of how many ratings each of the other side has.
    fn common_degree(&self) -> BigInt {
        let mut degrees: Vec<u64> = self.others.iter().map(Other::degree).filter(|degree| *degree > 0).collect();
        degrees.sort_unstable();
        degrees.dedup();
        degrees.into_iter().map(BigInt::from).fold(BigInt::one(), |common, degree| common.lcm(&degree))
    }

    /// The effects of the other side that go with those of the kept one.
    pub(super) fn others_of(&self, kept: &Effects) -> Effects {
        let common = self.common_degree();
        let rests = self.rests(kept).into_iter().zip(&self.others);
        Effects {
            // every one has a rating
            numerators: rests.map(|(rest, other)| rest * (&common / BigInt::from(other.degree().max(1)))).collect(),
            denominator: common * &kept.denominator,
        }
    }

    /// Whether these effects of the kept side, with what follows for the other, solve the equations exactly.
    pub(super) fn are_solved_by(&self, kept: &Effects) -> bool {
        let others = self.others_of(kept);
        let mut sums = vec![BigInt::zero(); self.kept.len()];
        for (other, effect) in self.others.iter().zip(&others.numerators) {
            for place in &other.kept {
                if let Some(sum) = sums.get_mut(*place as usize) {
                    *sum += effect;
                }
            }
        }
        let factor = &others.denominator / &kept.denominator;
        let mut rows = self.kept.iter().zip(&kept.numerators).zip(sums);
        rows.all(|((one, effect), sum)| effect * one.degree * &factor + sum == &others.denominator * one.total)
    }
}
