//! What somebody would write by hand with rust_decimal.

use kaohe_benches::{Answer, COLUMNS, Person};
use rust_decimal::{Decimal, RoundingStrategy, dec};

use crate::Contender;

struct ByHand {
    rows: Vec<[Decimal; 12]>,
}

pub(crate) fn rounded(people: &[Person]) -> Box<dyn Contender> {
    let row = |person: &Person| {
        let mut row = [Decimal::ZERO; 12];
        for ((cell, units), (_, places)) in row.iter_mut().zip(person.numbers()).zip(COLUMNS) {
            *cell = Decimal::new(units, places);
        }
        row
    };
    Box::new(ByHand { rows: people.iter().map(row).collect() })
}

fn round(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

fn rate(part: Decimal, whole: Decimal) -> Decimal {
    if whole.is_zero() { Decimal::ZERO } else { round(part / whole, 4) }
}

fn score(row: &[Decimal; 12]) -> (Decimal, usize) {
    let [dep, dep_tgt, loan, loan_tgt, int_due, int_col, npl, npl_lim, cust, cust_tgt, compl, satisf] = *row;
    let completion = |rate: Decimal| (rate * dec!(100)).clamp(Decimal::ZERO, dec!(120));
    let collected = rate(int_col, int_due);
    let bands = if collected >= dec!(0.98) {
        dec!(100)
    } else if collected >= dec!(0.95) {
        dec!(90)
    } else if collected >= dec!(0.90) {
        dec!(75)
    } else if collected >= dec!(0.80) {
        dec!(50)
    } else {
        Decimal::ZERO
    };
    let interpolated = (dec!(100) - (rate(npl, npl_lim) - dec!(0.5)) * dec!(80)).clamp(dec!(20), dec!(100));
    let total = completion(rate(dep, dep_tgt)) * dec!(20)
        + completion(rate(loan, loan_tgt)) * dec!(15)
        + completion(rate(cust, cust_tgt)) * dec!(10)
        + completion(rate(dep + loan, dep_tgt + loan_tgt)) * dec!(10)
        + bands * dec!(15)
        + interpolated * dec!(10)
        + (dec!(100) - dec!(5) * compl).max(Decimal::ZERO) * dec!(10)
        + satisf * dec!(10);
    let total = round(total / dec!(100), 2);
    let thresholds = [dec!(95), dec!(90), dec!(85), dec!(80), dec!(75), dec!(70), dec!(65), dec!(60)];
    (total, thresholds.iter().position(|least| total >= *least).unwrap_or(8))
}

impl Contender for ByHand {
    fn run(&mut self) -> i64 {
        self.rows.iter().map(|row| i64::try_from(std::hint::black_box(score(row)).1).unwrap()).sum()
    }

    fn answers(&mut self) -> Vec<Answer> {
        self.rows
            .iter()
            .map(|row| {
                let (mut total, tier) = score(row);
                total.rescale(2);
                Answer { total: i64::try_from(total.mantissa()).unwrap(), tier }
            })
            .collect()
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }
}
