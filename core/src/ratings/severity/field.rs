//! Whole numbers modulo a prime just below 2^61, whose products need no division.

/// The modulus is 2^61 less a little.
const BITS: u32 = 61;
/// How little: so that reducing twice is enough.
const MOST_BELOW: u64 = 1 << 20;
/// So many products below 2^122 fit into 128 bits together.
const CHUNK: usize = 32;
/// With these bases the test of Miller and Rabin never errs below 2^64.
const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

/// The numbers modulo 2^61 − `below`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) modulus: u64,
    below: u64,
}

impl Field {
    /// Fields of different primes, the largest first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (1..MOST_BELOW)
            .step_by(2)
            .map(|below| Self { modulus: (1 << BITS) - below, below })
            .filter(|field| field.is_prime())
    }

    /// Source: Miller, "Riemann's hypothesis and tests for primality" (1976); Rabin (1980).
    fn is_prime(self) -> bool {
        let even = self.modulus - 1;
        let twos = even.trailing_zeros();
        BASES.iter().all(|base| {
            let mut power = self.power(*base, even >> twos);
            if power == 1 || power == even {
                return true;
            }
            (1..twos).any(|_| {
                power = self.multiply(power, power);
                power == even
            })
        })
    }

    /// 2^61 is `below`, so what stands above it counts so many times.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "what is cast is below 2^62")]
    pub(super) fn reduce(self, value: u128) -> u64 {
        let mask = (1_u128 << BITS) - 1;
        let once = (value >> BITS) * u128::from(self.below) + (value & mask);
        let twice = ((once >> BITS) * u128::from(self.below) + (once & mask)) as u64;
        if twice >= self.modulus { twice - self.modulus } else { twice }
    }

    /// A number of either sign.
    pub(super) fn of(self, value: i128) -> u64 {
        let size = self.reduce(value.unsigned_abs());
        if value < 0 { self.subtract(0, size) } else { size }
    }

    #[inline]
    pub(super) const fn subtract(self, a: u64, b: u64) -> u64 {
        if a >= b { a - b } else { a + self.modulus - b }
    }

    #[inline]
    pub(super) fn multiply(self, a: u64, b: u64) -> u64 {
        self.reduce(u128::from(a) * u128::from(b))
    }

    /// The sum of the products of two lists, as far as both go.
    #[inline]
    pub(super) fn dot(self, a: &[u64], b: &[u64]) -> u64 {
        let chunks = a.chunks(CHUNK).zip(b.chunks(CHUNK)).map(|(a, b)| {
            let sum: u128 = a.iter().zip(b).map(|(a, b)| u128::from(*a) * u128::from(*b)).sum();
            u128::from(self.reduce(sum))
        });
        self.reduce(chunks.sum())
    }

    fn power(self, base: u64, mut exponent: u64) -> u64 {
        let (mut result, mut square) = (1, base);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = self.multiply(result, square);
            }
            square = self.multiply(square, square);
            exponent >>= 1;
        }
        result
    }

    /// What gives 1 when multiplied with the number; none has that with zero.
    pub(super) fn inverse(self, value: u64) -> Option<u64> {
        (value != 0).then(|| self.power(value, self.modulus - 2))
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::*;

    #[test]
    fn the_first_moduli_are_primes() {
        // 2^61 − 1 is Mersenne's; the next are held against Fermat with other bases than the test's own
        let first: Vec<u64> = Field::all().take(5).map(|field| field.below).collect();
        assert_eq!(first[0], 1);
        for field in Field::all().take(5) {
            let modulus = BigUint::from(field.modulus);
            for base in [41_u32, 43, 1_000_003] {
                assert_eq!(BigUint::from(base).modpow(&(&modulus - 1_u32), &modulus), BigUint::from(1_u32));
            }
        }
        // and no odd number between the first two was left out that has no small divisor
        for below in (3..first[1]).step_by(2) {
            let modulus = BigUint::from((1_u64 << 61) - below);
            assert_ne!(BigUint::from(41_u32).modpow(&(&modulus - 1_u32), &modulus), BigUint::from(1_u32));
        }
    }

    #[test]
    fn products_are_those_of_long_division() {
        let field = Field::all().nth(1).unwrap();
        let modulus = u128::from(field.modulus);
        let numbers = [0, 1, 2, 31, field.modulus - 1, field.modulus / 2, 0x1234_5678_9abc_def0 % field.modulus];
        for a in numbers {
            for b in numbers {
                assert_eq!(u128::from(field.multiply(a, b)), u128::from(a) * u128::from(b) % modulus);
                assert_eq!(u128::from(field.subtract(a, b)), (u128::from(a) + modulus - u128::from(b)) % modulus);
            }
        }
        assert_eq!(u128::from(field.reduce(u128::MAX)), u128::MAX % modulus);
        for value in [i128::MAX, i128::MIN, -1, 0] {
            assert_eq!(i128::from(field.of(value)), value.rem_euclid(modulus as i128));
        }
        let long = vec![field.modulus - 1; 1000];
        assert_eq!(field.dot(&long, &long), 1000);
        assert_eq!(field.multiply(field.inverse(12345).unwrap(), 12345), 1);
        assert_eq!(field.inverse(0), None);
    }
}
