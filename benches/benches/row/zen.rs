//! zen-expression: the same formulas compiled once, its typed variables prepared before.

use kaohe_benches::{Answer, COLUMNS, Person, TIERS};
use rust_decimal::Decimal;
use zen_expression::variable::Variable;
use zen_expression::vm::VM;
use zen_expression::{Expression, Isolate, expression::Standard};

use crate::Contender;

struct Zen {
    rows: Vec<Variable>,
    program: Program,
    vm: VM,
}

enum Program {
    /// Assignments, the result an object with the total and the tier.
    One(Expression<Standard>),
    /// The total with every rate written out, then the tier with the total added to the row.
    Two(Expression<Standard>, Expression<Standard>),
}

/// `part / whole` as zen writes it, 0 where the whole is 0.
fn rate(part: &str, whole: &str, rounded: bool) -> String {
    let ratio = format!("({part}) / ({whole})");
    let ratio = if rounded { format!("round({ratio}, 4)") } else { ratio };
    format!("(({whole}) == 0 ? 0 : {ratio})")
}

fn total(collected: &str, bad: &str, rounded: bool) -> String {
    let completion = |part, whole| format!("max([0, min([120, {} * 100])])", rate(part, whole, rounded));
    let (dep, loan) = (completion("dep", "dep_tgt"), completion("loan", "loan_tgt"));
    let (cust, volume) = (completion("cust", "cust_tgt"), completion("dep + loan", "dep_tgt + loan_tgt"));
    format!(
        "round((20 * {dep} + 15 * {loan} + 10 * {cust} + 10 * {volume} \
         + 15 * ({collected} >= 0.98 ? 100 : {collected} >= 0.95 ? 90 : {collected} >= 0.9 ? 75 : {collected} >= 0.8 ? 50 : 0) \
         + 10 * max([20, min([100, 100 - ({bad} - 0.5) * 80])]) \
         + 10 * max([0, 100 - 5 * compl]) + 10 * satisf) / 100, 2)"
    )
}

fn tier(total: &str) -> String {
    let thresholds = [95, 90, 85, 80, 75, 70, 65, 60];
    let tiers = thresholds.iter().zip(TIERS).map(|(least, tier)| format!("{total} >= {least} ? '{tier}' : "));
    format!("{}'{}'", tiers.collect::<String>(), TIERS.last().unwrap())
}

fn one(rounded: bool) -> Program {
    let (collected, bad) = (rate("int_col", "int_due", rounded), rate("npl", "npl_lim", rounded));
    let total = total("collected", "bad", rounded);
    let source = format!("collected = {collected}; bad = {bad}; total = {total}; tier = {}", tier("total"));
    Program::One(Isolate::new().compile_standard(&source).unwrap())
}

fn made(people: &[Person], program: Program) -> Box<dyn Contender> {
    let row = |person: &Person| {
        let row = Variable::empty_object();
        for ((name, places), units) in COLUMNS.iter().zip(person.numbers()) {
            row.dot_insert(name, Variable::Number(Decimal::new(units, *places)));
        }
        row
    };
    Box::new(Zen { rows: people.iter().map(row).collect(), program, vm: VM::new() })
}

pub(crate) fn rounded(people: &[Person]) -> Box<dyn Contender> {
    made(people, one(true))
}

pub(crate) fn unrounded(people: &[Person]) -> Box<dyn Contender> {
    made(people, one(false))
}

pub(crate) fn rounded_inline(people: &[Person]) -> Box<dyn Contender> {
    let (collected, bad) = (rate("int_col", "int_due", true), rate("npl", "npl_lim", true));
    let compile = |source: &str| Isolate::new().compile_standard(source).unwrap();
    made(people, Program::Two(compile(&total(&collected, &bad, true)), compile(&tier("total"))))
}

impl Zen {
    fn score(&mut self, at: usize) -> (Decimal, Variable) {
        let row = self.rows.get(at).unwrap();
        match &self.program {
            Program::One(program) => {
                let found = program.evaluate_with(row.clone(), &mut self.vm).unwrap();
                let total = found.dot("total").and_then(|total| total.as_number()).unwrap();
                (total, found.dot("tier").unwrap())
            }
            Program::Two(total, tier) => {
                let found = total.evaluate_with(row.clone(), &mut self.vm).unwrap();
                let total = found.as_number().unwrap();
                row.dot_insert("total", found);
                (total, tier.evaluate_with(row.clone(), &mut self.vm).unwrap())
            }
        }
    }
}

impl Contender for Zen {
    fn run(&mut self) -> i64 {
        let mut sum = 0_u32;
        for at in 0..self.rows.len() {
            let (total, tier) = std::hint::black_box(self.score(at));
            sum = sum.wrapping_add(total.scale()).wrapping_add(u32::try_from(tier.as_str().unwrap().len()).unwrap());
        }
        sum.into()
    }

    fn answers(&mut self) -> Vec<Answer> {
        (0..self.rows.len())
            .map(|at| {
                let (mut total, tier) = self.score(at);
                total.rescale(2);
                let tier = tier.as_str().unwrap().to_owned();
                let tier = TIERS.iter().position(|each| *each == tier).unwrap();
                Answer { total: i64::try_from(total.mantissa()).unwrap(), tier }
            })
            .collect()
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }
}
