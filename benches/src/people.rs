//! The people: natural ones, and ones whose exact total lies half a cent below a threshold.

use crate::random::Random;
use crate::reference::{THRESHOLDS, exact_total};

/// One person's facts as scaled integers: money in cents, satisfaction in tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the scheme, under their names")]
pub struct Person {
    pub dep: i64,
    pub dep_tgt: i64,
    pub loan: i64,
    pub loan_tgt: i64,
    pub int_due: i64,
    pub int_col: i64,
    pub npl: i64,
    pub npl_lim: i64,
    pub cust: i64,
    pub cust_tgt: i64,
    pub compl: i64,
    pub satisf: i64,
    pub branch: i64,
}

/// The number columns in the order of the scheme, with their decimals.
pub const COLUMNS: [(&str, u32); 12] = [
    ("dep", 2),
    ("dep_tgt", 2),
    ("loan", 2),
    ("loan_tgt", 2),
    ("int_due", 2),
    ("int_col", 2),
    ("npl", 2),
    ("npl_lim", 2),
    ("cust", 0),
    ("cust_tgt", 0),
    ("compl", 0),
    ("satisf", 1),
];

impl Person {
    /// The numbers in the order of [`COLUMNS`].
    #[must_use]
    pub const fn numbers(&self) -> [i64; 12] {
        [
            self.dep,
            self.dep_tgt,
            self.loan,
            self.loan_tgt,
            self.int_due,
            self.int_col,
            self.npl,
            self.npl_lim,
            self.cust,
            self.cust_tgt,
            self.compl,
            self.satisf,
        ]
    }
}

/// 10 000 yuan in cents: targets are whole multiples of it.
const STEP: i64 = 1_000_000;

#[expect(clippy::cast_possible_truncation, reason = "amounts far below the limit")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "amounts far below the limit")]
fn result(random: &mut Random, target: i64, mean: f64, spread: f64) -> i64 {
    whole(target as f64 * random.normal(mean, spread).max(0.0))
}

fn target(random: &mut Random, mean: f64, spread: f64) -> i64 {
    whole(random.normal(mean, spread).exp() / 1e4).max(1) * STEP
}

/// People as they are: targets spread over orders of magnitude, results around them, 1 % of the targets zero.
#[must_use]
pub fn natural(rows: usize, seed: u64) -> Vec<Person> {
    let mut random = Random::new(seed);
    let random = &mut random;
    let mut people = Vec::with_capacity(rows);
    for _ in 0..rows {
        let dep_tgt = target(random, 16.5, 0.8);
        let dep = result(random, dep_tgt, 0.92, 0.22);
        let loan_tgt = target(random, 16.2, 0.9);
        let loan = result(random, loan_tgt, 0.9, 0.25);
        let int_due = whole(random.normal(13.0, 0.8).exp() * 100.0);
        let collected = random.normal(0.95, 0.05).clamp(0.0, 1.0);
        #[expect(clippy::cast_precision_loss, reason = "amounts far below the limit")]
        let int_col = whole(int_due as f64 * collected).min(int_due);
        let npl_lim = target(random, 12.5, 0.6);
        let npl = result(random, npl_lim, 0.8, 0.4);
        let cust_tgt = random.integer(10, 121);
        let cust = result(random, cust_tgt, 0.95, 0.3);
        let compl = random.poisson(1.5);
        let satisf = whole(random.normal(880.0, 70.0)).clamp(0, 1000);
        let branch = random.integer(0, 200);
        let mut person = Person {
            dep,
            dep_tgt,
            loan,
            loan_tgt,
            int_due,
            int_col,
            npl,
            npl_lim,
            cust,
            cust_tgt,
            compl,
            satisf,
            branch,
        };
        for zero in
            [&mut person.dep_tgt, &mut person.loan_tgt, &mut person.cust_tgt, &mut person.npl_lim, &mut person.int_due]
        {
            if random.unit() < 0.01 {
                *zero = 0;
            }
        }
        people.push(person);
    }
    people
}

/// People whose exact total lies half a cent below a threshold: it rounds up to the better tier.
#[must_use]
pub fn edge(rows: usize, seed: u64) -> Vec<Person> {
    let mut random = Random::new(seed);
    let random = &mut random;
    let mut people = Vec::with_capacity(rows);
    while people.len() < rows {
        let whole_target = random.integer(10, 5000) * STEP;
        let (deposits, mut loans) = (random.integer(5000, 12000), random.integer(5000, 12000));
        loans += (deposits + loans) % 2;
        let interest = random.integer(1, 100) * STEP;
        let limit = random.integer(1, 100) * STEP;
        let cust_tgt = random.choice(&[10, 20, 25, 40, 50, 100]);
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let cust = whole(cust_tgt as f64 * (0.5 + 0.8 * random.unit()));
        let mut person = Person {
            dep: whole_target / 10000 * deposits,
            dep_tgt: whole_target,
            loan: whole_target / 10000 * loans,
            loan_tgt: whole_target,
            int_due: interest,
            int_col: interest / 10000 * random.integer(7800, 10001),
            npl: limit / 10000 * random.integer(0, 16000),
            npl_lim: limit,
            cust,
            cust_tgt,
            compl: random.poisson(1.5),
            satisf: 800,
            branch: random.integer(0, 200),
        };
        let thresholds: Vec<i64> = THRESHOLDS.iter().copied().filter(|threshold| *threshold > 0).collect();
        let wanted = random.choice(&thresholds) * 10000 - 50;
        // a tenth of satisfaction is a hundred ten-thousandths of the total: move it onto the edge where possible
        let off = wanted - exact_total(&person);
        if off % 100 == 0 && (off / 100).abs() <= 200 {
            person.satisf += off / 100;
            people.push(person);
        }
    }
    people
}
