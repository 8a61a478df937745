//! kaohe, from typed cells to figures.

use kaohe::{Cell, Figure, Scheme, Scorer};
use kaohe_benches::{Answer, COLUMNS, Person, SCHEME, SCHEME_UNROUNDED, TIERS};
use rust_decimal::Decimal;

use crate::Contender;

struct Scored {
    scheme: &'static Scheme,
    scorer: Scorer<'static>,
    rows: Vec<Vec<Cell>>,
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    /// The scorer of two columns, or of all.
    Scorer { all: bool },
    /// The scorer of two columns, each row kept so that it can be explained.
    Kept,
    /// The exact evaluator.
    Exact,
    /// The same with a trace.
    Traced,
}

fn made(source: &str, people: &[Person], how: How) -> Box<dyn Contender> {
    // it lives as long as the bench
    let scheme: &'static Scheme = Box::leak(Box::new(Scheme::parse(source).unwrap()));
    let scorer = match how {
        How::Scorer { all: true } => scheme.scorer(),
        _ => scheme.scorer_of(&["total", "tier"]).unwrap(),
    };
    let row = |(at, person): (usize, &Person)| {
        let keys = [Cell::Text(at.to_string()), Cell::Text(person.branch.to_string())];
        let numbers = COLUMNS.iter().zip(person.numbers());
        keys.into_iter().chain(numbers.map(|((_, places), units)| Decimal::new(units, *places).into())).collect()
    };
    Box::new(Scored { scheme, scorer, rows: people.iter().enumerate().map(row).collect(), how })
}

pub(crate) fn rounded(people: &[Person]) -> Box<dyn Contender> {
    made(SCHEME, people, How::Scorer { all: false })
}

pub(crate) fn rounded_all(people: &[Person]) -> Box<dyn Contender> {
    made(SCHEME, people, How::Scorer { all: true })
}

pub(crate) fn unrounded(people: &[Person]) -> Box<dyn Contender> {
    made(SCHEME_UNROUNDED, people, How::Scorer { all: false })
}

pub(crate) fn unrounded_all(people: &[Person]) -> Box<dyn Contender> {
    made(SCHEME_UNROUNDED, people, How::Scorer { all: true })
}

pub(crate) fn kept(people: &[Person]) -> Box<dyn Contender> {
    made(SCHEME, people, How::Kept)
}

pub(crate) fn exact(people: &[Person]) -> Box<dyn Contender> {
    made(SCHEME, people, How::Exact)
}

pub(crate) fn exact_unrounded(people: &[Person]) -> Box<dyn Contender> {
    made(SCHEME_UNROUNDED, people, How::Exact)
}

pub(crate) fn traced(people: &[Person]) -> Box<dyn Contender> {
    made(SCHEME, people, How::Traced)
}

impl Scored {
    /// Scores everybody and hands over the figures of the total and the tier.
    fn each(&mut self, mut take: impl FnMut(&Figure, &Figure)) {
        match self.how {
            How::Scorer { .. } => {
                let scorer = &mut self.scorer;
                let place = |name: &str| scorer.names().position(|each| each == name).unwrap();
                let (total, tier) = (place("total"), place("tier"));
                for cells in &self.rows {
                    let figures = scorer.score(cells);
                    take(figures.get(total).unwrap(), figures.get(tier).unwrap());
                }
            }
            How::Kept => {
                for cells in &self.rows {
                    let row = std::hint::black_box(self.scorer.scored_row(cells));
                    if let [total, tier] = row.figures() {
                        take(total, tier);
                    }
                }
            }
            How::Exact => {
                for cells in &self.rows {
                    let outcome = self.scheme.score_cells(cells);
                    take(&outcome.get("total").unwrap(), &outcome.get("tier").unwrap());
                }
            }
            How::Traced => {
                for cells in &self.rows {
                    let (outcome, trace) = self.scheme.trace_cells(cells);
                    std::hint::black_box(trace);
                    take(&outcome.get("total").unwrap(), &outcome.get("tier").unwrap());
                }
            }
        }
    }
}

impl Contender for Scored {
    fn run(&mut self) -> i64 {
        let mut sum = 0_u32;
        self.each(|total, tier| {
            if let (Figure::Number { value, .. }, Figure::Text(tier)) = (total, tier) {
                sum = sum.wrapping_add(value.scale()).wrapping_add(u32::try_from(tier.len()).unwrap());
            }
        });
        sum.into()
    }

    fn answers(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        self.each(|total, tier| {
            let (Figure::Number { value, shown_rounded: false }, Figure::Text(tier)) = (total, tier) else {
                panic!("no total: {total:?}, {tier:?}");
            };
            assert_eq!(value.scale(), 2);
            let tier = TIERS.iter().position(|each| **each == **tier).unwrap();
            answers.push(Answer { total: i64::try_from(value.mantissa()).unwrap(), tier });
        });
        answers
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }
}
