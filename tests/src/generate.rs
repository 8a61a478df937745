//! Random formulas of the right kinds, and rows that meet their edges.

use std::collections::BTreeMap;

use kaohe::Cell;
use num_traits::Signed;
use rust_decimal::Decimal;
use serde_json::json;

use crate::oracle::{self, Answer, MISSING, Rational, Value};
use crate::random::Random;

const MODES: &[&str] = &["half_up", "half_even", "up", "down", "floor", "ceil"];
const NUMBERS: &[&str] = &["金额", "比率", "次数", "长数", "半数", "可缺", "必填"];

/// The inputs every generated scheme has: their names and declarations.
///
/// `narrow` inputs declare their ranges and decimals, as people do, so that figures fit machine integers.
#[must_use]
pub fn inputs(narrow: bool) -> serde_json::Value {
    if narrow {
        return json!({
            "编号": { "type": "text", "key": true },
            "金额": { "type": "number", "min": -10_000_000, "max": 10_000_000, "places": 2 },
            "比率": { "type": "number", "min": -10, "max": 10, "places": 4 },
            "次数": { "type": "number", "whole": true, "min": -3, "max": 3 },
            "长数": { "type": "number", "min": -100_000, "max": 100_000, "places": 4 },
            "半数": { "type": "number", "min": -100, "max": 100, "places": 4 },
            "可缺": { "type": "number", "missing": "allow", "min": -1000, "max": 1000, "places": 2 },
            "必填": { "type": "number", "min": -1000, "max": 1000, "places": 4 },
            "甲": { "type": "bool" },
            "乙": { "type": "bool" },
        });
    }
    json!({
        "编号": { "type": "text", "key": true },
        "金额": { "type": "number" },
        "比率": { "type": "number" },
        "次数": { "type": "number", "whole": true },
        "长数": { "type": "number" },
        "半数": { "type": "number" },
        "可缺": { "type": "number", "missing": "allow" },
        "必填": { "type": "number" },
        "甲": { "type": "bool" },
        "乙": { "type": "bool" },
    })
}

/// One person's facts: for the library, and for the oracle.
#[derive(Debug, Clone)]
pub struct Person {
    /// The cells as text.
    pub texts: BTreeMap<&'static str, String>,
    /// The cells as the library takes them: text, decimals, integers, floats.
    pub cells: BTreeMap<&'static str, Cell>,
    /// The same for the oracle.
    pub values: BTreeMap<&'static str, Answer>,
}

impl Person {
    /// A random person, often at an edge: zero, a tie, the longest number there may be.
    #[must_use]
    pub fn new(random: &mut Random, narrow: bool) -> Self {
        let mut person = Self { texts: BTreeMap::new(), cells: BTreeMap::new(), values: BTreeMap::new() };
        let places = if narrow { 4 } else { 12 };
        let text = signed(random, 7, 2);
        person.number(random, "金额", text);
        let text = if random.percent(20) {
            random.pick(&["0", "1", "-1", "0.5"]).to_owned()
        } else {
            signed(random, 1, places)
        };
        person.number(random, "比率", text);
        let text = random.between(-3, 3).to_string();
        person.number(random, "次数", text);
        let text = if random.percent(50) {
            signed(random, if narrow { 5 } else { 16 }, places)
        } else {
            signed(random, 2, places)
        };
        person.number(random, "长数", text);
        let beside = if narrow {
            random.pick(&["5", "50", "5000", "4999", "5001", "05", "005", "015", "25"])
        } else {
            random.pick(&["5", "50", "500000000000", "499999999999", "500000000001", "05", "005", "015", "25"])
        };
        let text = format!("{}{}.{beside}", if random.percent(50) { "-" } else { "" }, random.below(100));
        person.number(random, "半数", text);
        if random.percent(60) {
            let text = signed(random, 3, 2);
            person.number(random, "可缺", text);
        } else {
            person.values.insert("可缺", Ok(Value::Missing));
        }
        if random.percent(95) {
            let text = signed(random, 3, 4);
            person.number(random, "必填", text);
        } else {
            person.values.insert("必填", Err(MISSING));
        }
        for name in ["甲", "乙"] {
            let truth = random.percent(50);
            person.texts.insert(name, truth.to_string());
            person.cells.insert(name, Cell::from(truth));
            person.values.insert(name, Ok(Value::Truth(truth)));
        }
        person
    }

    /// A number, handed over in one of the ways hosts do.
    fn number(&mut self, random: &mut Random, name: &'static str, text: String) {
        self.values.insert(name, Ok(Value::Number(oracle::decimal(&text))));
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let cell = match (random.below(4), text.parse::<i64>(), text.parse::<f64>()) {
            (0, Ok(integer), _) => Cell::from(integer),
            // fifteen digits are the shortest decimal of their float
            (1, _, Ok(float)) if digits <= 15 => Cell::from(float),
            (2, ..) => text.parse::<Decimal>().map_or_else(|_| Cell::from(text.as_str()), Cell::from),
            _ => Cell::from(text.as_str()),
        };
        self.cells.insert(name, cell);
        self.texts.insert(name, text);
    }
}

/// A decimal of at most so many digits before and after the point, with its sign.
fn signed(random: &mut Random, whole: usize, places: usize) -> String {
    let sign = if random.percent(30) { "-" } else { "" };
    let whole = 1 + usize::try_from(random.below(whole as u64)).unwrap_or(0);
    let places = usize::try_from(random.below(places as u64 + 1)).unwrap_or(0);
    let (whole, decimals) = (random.digits(whole), random.digits(places));
    let trimmed = whole.trim_start_matches('0');
    let whole = if trimmed.is_empty() { "0" } else { trimmed };
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{decimals}")
}

/// Makes formulas. Names of columns that stand before are read too.
#[derive(Debug)]
pub struct Formulas<'p> {
    random: Random,
    people: &'p [Person],
    columns: Vec<String>,
}

impl<'p> Formulas<'p> {
    /// A maker of formulas for these people.
    #[must_use]
    pub const fn new(random: Random, people: &'p [Person]) -> Self {
        Self { random, people, columns: Vec::new() }
    }

    /// Lets later formulas read a column of numbers.
    pub fn know(&mut self, column: &str) {
        self.columns.push(column.to_owned());
    }

    /// A formula, and whether it gives a number.
    pub fn formula(&mut self) -> (String, bool) {
        match self.random.below(10) {
            0..=4 => {
                let depth = 1 + self.random.below(5);
                (self.number(depth), true)
            }
            5 => (self.truth(4), false),
            6 | 7 => (self.tie(), true),
            _ => (self.threshold(), false),
        }
    }

    /// An unsigned literal, short or long.
    fn literal(&mut self) -> String {
        match self.random.below(12) {
            0 => "0".to_owned(),
            1 | 2 => self.random.between(1, 12).to_string(),
            3 => format!("{}%", self.random.below(200)),
            4 => format!("{}.{}‰", self.random.below(9), self.random.below(10)),
            5 => format!("{}万", self.random.between(1, 50)),
            6 => "0.1亿".to_owned(),
            7 => format!("{}.{}", self.random.below(1000), self.random.digits(2)),
            8 => format!("0.{}5", self.random.digits(3)),
            9 => format!("{}.{}", 1 + self.random.below(9), self.random.digits(27)),
            10 => format!("{}{}", 1 + self.random.below(9), self.random.digits(12)),
            _ => "1_000.50".to_owned(),
        }
    }

    fn leaf(&mut self) -> String {
        if self.random.percent(30) {
            return self.literal();
        }
        if !self.columns.is_empty() && self.random.percent(15) {
            let at = usize::try_from(self.random.below(self.columns.len() as u64)).unwrap_or(0);
            return self.columns[at].clone();
        }
        // what is missing blocks all that reads it: seldom
        let names = if self.random.percent(75) { &NUMBERS[..5] } else { NUMBERS };
        self.random.pick(names).to_owned()
    }

    fn numbers(&mut self, depth: u64, least: u64, most: u64) -> String {
        let count = least + self.random.below(most - least + 1);
        let each: Vec<String> = (0..count).map(|_| self.number(depth)).collect();
        each.join(", ")
    }

    fn rounding(&mut self, value: &str) -> String {
        match self.random.below(6) {
            0 => format!("round({value})"),
            1 => format!("round({value}, {})", self.random.between(0, 6)),
            2 => format!("round({value}, ({}), {})", self.random.between(-3, 12), self.random.pick(MODES)),
            _ => format!("round({value}, {}, \"{}\")", self.random.between(0, 4), self.random.pick(MODES)),
        }
    }

    /// A formula that gives a number.
    fn number(&mut self, depth: u64) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let next = depth - 1;
        match self.random.below(24) {
            0 | 1 => self.leaf(),
            2..=9 => {
                let (left, right) = (self.number(next), self.number(next));
                let sign = self.random.pick(&["+", "-", "*", "/", "×", "÷"]);
                // without brackets the tree is another one, and a number all the same
                match self.random.below(4) {
                    0 => format!("{left} {sign} {right}"),
                    1 => format!("({left} {sign} {right})"),
                    _ => format!("({left}) {sign} ({right})"),
                }
            }
            10 => format!("(-({}))", self.number(next)),
            11 => format!(
                "(({}) ^ {})",
                self.number(next.min(1)),
                self.random.pick(&["0", "1", "2", "3", "(-1)", "(-2)"])
            ),
            12 | 13 => {
                let value = self.number(next);
                self.rounding(&value)
            }
            14 => format!("{}({})", self.random.pick(&["floor", "ceil", "trunc", "abs", "sign"]), self.number(next)),
            15 | 16 if self.random.percent(80) => format!("sqrt(abs({}))", self.number(next)),
            16 => format!("sqrt({})", self.number(next.min(1))),
            17 => {
                let function = self.random.pick(&["min", "max", "sum", "avg", "median"]);
                format!("{function}({})", self.numbers(next.min(2), 1, 5))
            }
            18 => {
                let (value, low) = (self.number(next), self.number(next.min(1)));
                let high = if self.random.percent(80) { format!("{low} + {}", self.literal()) } else { self.leaf() };
                format!("clamp({value}, {low}, {high})")
            }
            19 => {
                let (top, bottom) = (self.number(next), self.number(next));
                if self.random.percent(70) {
                    format!("ratio({top}, {bottom}, {})", self.number(0))
                } else {
                    format!("ratio({top}, {bottom})")
                }
            }
            20 => {
                let (condition, then) = (self.truth(next), self.number(next));
                let otherwise = if self.random.percent(10) { "missing".to_owned() } else { self.number(next) };
                if self.random.percent(50) {
                    format!("(if {condition} then {then} else {otherwise})")
                } else {
                    format!("if({condition}, {then}, {otherwise})")
                }
            }
            21 => {
                let arms: Vec<String> = (0..1 + self.random.below(3))
                    .map(|_| format!("when {} then {}", self.truth(next.min(2)), self.number(next.min(2))))
                    .collect();
                format!("(case {} else {} end)", arms.join(" "), self.number(next))
            }
            22 => format!("coalesce({}, {})", self.random.pick(&["可缺", "missing"]), self.numbers(next.min(2), 1, 2)),
            _ => {
                let each: Vec<String> = (0..1 + self.random.below(3)).map(|_| self.truth(next.min(2))).collect();
                format!("count_true({})", each.join(", "))
            }
        }
    }

    /// A formula that gives true or false.
    fn truth(&mut self, depth: u64) -> String {
        if depth == 0 {
            return self.random.pick(&["甲", "乙", "甲", "乙", "true", "否"]).to_owned();
        }
        let next = depth - 1;
        match self.random.below(10) {
            0 => self.truth(0),
            1 => format!("(({}) and ({}))", self.truth(next), self.truth(next)),
            2 => format!("(({}) 或 ({}))", self.truth(next), self.truth(next)),
            3 => format!("(not ({}))", self.truth(next)),
            4 => {
                let chain = self.random.pick(&[["<", "<="], ["<=", "<"], [">", "≥"], [">=", ">"], ["≤", "≤"]]);
                let [first, second, third] = [0; 3].map(|_| self.number(next.min(2)));
                format!("({first} {} {second} {} {third})", chain[0], chain[1])
            }
            5 => format!("({} in [{}])", self.number(next.min(2)), self.numbers(next.min(1), 1, 4)),
            6 => {
                let [value, low, high] = [0; 3].map(|_| self.number(next.min(2)));
                format!("(({value}) between ({low}) and ({high}))")
            }
            7 => format!("is_missing({})", self.random.pick(&["可缺", "必填", "coalesce(可缺, missing)", "金额"])),
            _ => {
                let sign = self.random.pick(&["=", "==", "!=", "<>", "<", "<=", ">", ">=", "≥", "≤", "≠"]);
                format!("({} {sign} {})", self.number(next), self.number(next))
            }
        }
    }

    /// A rounding of what is a tie, or a hair beside one, after a quotient that does not end.
    fn tie(&mut self) -> String {
        let (whole, places) = (self.random.below(1000), self.random.between(0, 4));
        let mode = self.random.pick(MODES);
        let divisor = self.random.pick(&["3", "7", "9", "11", "13", "97", "次数", "金额", "比率", "长数"]);
        let zeros = "0".repeat(usize::try_from(places).unwrap_or(0));
        let tie = format!("{whole}.{zeros}5");
        let value = match self.random.below(8) {
            0 => format!("{tie} / {divisor} * {divisor}"),
            1 => format!("{tie} + 1 / {divisor} - 1 / {divisor}"),
            2 => format!("({tie} * {divisor}) / {divisor}"),
            3 => format!("{tie} - 1 / {}{}", 1 + self.random.below(9), self.random.digits(29)),
            4 => format!("{tie} + 1 / {}{}", 1 + self.random.below(9), self.random.digits(29)),
            5 => format!("(0 - {tie}) + 金额 / {divisor} - 金额 / {divisor}"),
            6 => format!("avg({tie}, 金额 / 7, 0 - 金额 / 7, {tie}) * 2"),
            _ => format!("半数 + 比率 / {divisor} - 比率 / {divisor}"),
        };
        format!("round({value}, {places}, {mode})")
    }

    /// A comparison with what the value is exactly for one of the people, or a hair beside it.
    fn threshold(&mut self) -> String {
        let value = match self.random.below(3) {
            0 => self.tie(),
            1 => format!("{} / {} * {}", self.leaf(), self.leaf(), self.leaf()),
            _ => self.number(3),
        };
        let at = usize::try_from(self.random.below(self.people.len() as u64)).unwrap_or(0);
        let sign = self.random.pick(&["=", "!=", "<", "<=", ">", ">="]);
        let exact = kaohe_grammar::parse(&value).ok().and_then(|expr| {
            let names = |name: &str| self.people[at].values.get(name).cloned().unwrap_or(Ok(Value::Missing));
            match oracle::evaluate(&expr, &names) {
                Ok(Value::Number(number)) => Some(number),
                _ => None,
            }
        });
        let Some(exact) = exact else { return format!("({value}) {sign} {}", self.literal()) };
        let edge = match self.random.below(4) {
            0 => oracle::published(&exact, None).map(|(text, _)| format!("({text})")),
            1 => fraction(&(&exact + Rational::new(1.into(), num_bigint::BigInt::from(10).pow(40)))),
            _ => fraction(&exact),
        };
        format!("({value}) {sign} {}", edge.unwrap_or_else(|| "0".to_owned()))
    }
}

/// A fraction as a formula, unless it is long.
fn fraction(value: &Rational) -> Option<String> {
    let (numerator, denominator) = (value.numer().abs().to_string(), value.denom().to_string());
    let sign = if value.is_negative() { "-" } else { "" };
    (numerator.len() + denominator.len() < 200).then(|| format!("({sign}{numerator} / {denominator})"))
}
