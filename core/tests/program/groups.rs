//! Random schemes of people among each other: figures over groups within each other, details, seats, shifts, decisions.

use crate::chance::Chance;
use kaohe::{Cell, Data, Row, Table};

/// What people bring, in this order; the key comes first.
pub const INPUTS: [&str; 9] = ["id", "branch", "team", "a", "b", "o", "flag", "may", "last"];

struct Writer<'c> {
    chance: &'c mut Chance,
    /// Numbers that may be added over many rows.
    decimals: Vec<String>,
    /// All numbers.
    numbers: Vec<String>,
    /// Numbers that may be missing.
    optional: Vec<String>,
    text: String,
}

impl Writer<'_> {
    fn of(&mut self, list: fn(&Self) -> &Vec<String>) -> String {
        let at = self.chance.below(list(self).len());
        list(self)[at].clone()
    }

    fn decimal(&mut self) -> String {
        if self.chance.percent(25) {
            return format!("({} + {})", self.of(|this| &this.decimals), self.of(|this| &this.decimals));
        }
        self.of(|this| &this.decimals)
    }

    fn number(&mut self) -> String {
        match self.chance.below(6) {
            0 if !self.optional.is_empty() => format!("coalesce({}, 7)", self.of(|this| &this.optional)),
            1 => format!(
                "(if {} then {} else {})",
                self.truth(),
                self.of(|this| &this.numbers),
                self.of(|this| &this.numbers)
            ),
            2 => format!("({} - {})", self.of(|this| &this.numbers), self.of(|this| &this.numbers)),
            3 => format!("ratio({}, {}, 0)", self.of(|this| &this.numbers), self.of(|this| &this.numbers)),
            _ => self.of(|this| &this.numbers),
        }
    }

    fn truth(&mut self) -> String {
        match self.chance.below(8) {
            0 => "flag".to_owned(),
            1 => "may".to_owned(),
            2 => "not may".to_owned(),
            3 => "team = “甲”".to_owned(),
            4 if !self.optional.is_empty() => format!("is_missing({})", self.of(|this| &this.optional)),
            5 => format!("({} > 5 and may)", self.of(|this| &this.numbers)),
            6 => format!("(flag or {} <= 3)", self.of(|this| &this.numbers)),
            _ => format!("{} >= {}", self.of(|this| &this.numbers), self.chance.between(0, 12)),
        }
    }

    fn within(&mut self) -> String {
        let mut clauses = String::new();
        if self.chance.percent(30) {
            clauses.push_str(&format!(" where {}", self.truth()));
        }
        match self.chance.below(6) {
            0 | 1 => clauses.push_str(" within branch"),
            2 => clauses.push_str(" within team"),
            3 => clauses.push_str(" within [branch, team]"),
            4 => clauses.push_str(" within (if flag then “x” else branch)"),
            _ => {}
        }
        clauses
    }

    /// A figure over the group, and whether it may be added over many rows.
    fn group(&mut self) -> (String, bool) {
        let way = self.chance.pick(&["asc", "desc"]).to_owned();
        match self.chance.below(12) {
            0..=2 => {
                let ties = self.chance.pick(&["min", "max", "average", "dense"]).to_owned();
                (format!("rank({} {way} ties {ties}{})", self.number(), self.within()), true)
            }
            3 => (format!("percentile({}, mean {way}{})", self.number(), self.within()), false),
            4 => (format!("share({}{})", self.decimal(), self.within()), false),
            5 => (format!("cumulative_share({} {way}{})", self.decimal(), self.within()), false),
            6 => (format!("group_sum({}{})", self.decimal(), self.within()), true),
            7 => (format!("group_avg({}{})", self.decimal(), self.within()), false),
            8 => (format!("group_count(within {})", self.chance.pick(&["branch", "team", "[branch, team]"])), true),
            9 => (
                format!("group_{}({}{})", self.chance.pick(&["min", "max"]).to_owned(), self.number(), self.within()),
                false,
            ),
            10 => (format!("group_median({}{})", self.number(), self.within()), false),
            _ => (format!("group_stdev({}{})", self.decimal(), self.within()), false),
        }
    }

    fn column(&mut self, name: &str, formula: &str, decimal: bool) {
        let formula = format!("coalesce({formula}, 0)");
        self.text.push_str(&format!("  {name}:\n    formula: \"{formula}\"\n"));
        if !decimal && self.chance.percent(60) {
            self.text.push_str("    round: 3\n");
            self.decimals.push(name.to_owned());
        } else if decimal {
            self.decimals.push(name.to_owned());
        }
        self.numbers.push(name.to_owned());
    }

    fn grading(&mut self, name: &str, within: Option<&str>) {
        let mut text = format!("  {name}:\n    ladder: [A, B, C]\n");
        let seated = within.is_some() || self.chance.percent(70);
        if self.chance.percent(40) {
            text.push_str(&format!("    eligible:\n      A: \"{}\"\n", self.truth()));
            if self.chance.percent(40) {
                text.push_str(&format!("      B: \"{}\"\n", self.truth()));
            }
            if self.chance.percent(20) {
                text.push_str(&format!("      C: \"{}\"\n", self.truth()));
            }
        }
        if self.chance.percent(30) {
            text.push_str(&format!("    graded_when: \"{}\"\n    otherwise: 无\n", self.truth()));
        }
        let smaller = seated && self.chance.percent(30);
        if seated {
            let first = self.of(|this| &this.numbers);
            let second = if self.chance.percent(50) { ", id asc" } else { "" };
            text.push_str(&format!("    order: [{first} desc{second}]\n"));
            match within {
                Some(outer) if self.chance.percent(50) => text.push_str(&format!("    within: [{outer}, team]\n")),
                Some(outer) => text.push_str(&format!("    within: [{outer}]\n")),
                None if self.chance.percent(50) => {
                    text.push_str(&format!("    within: [{}]\n", self.chance.pick(&["branch", "team"])));
                }
                None => {}
            }
            let of = self.chance.pick(&["all", "graded"]).to_owned();
            let shares = self.chance.pick(&[
                "shares: { A: 20%, B: 50%, C: 30% }",
                "shares: { A: 1/3, B: 1/3, C: 1/3 }",
                "at_most: { A: 30%, B: 40% }",
            ]);
            text.push_str(&format!("    quota:\n      of: {of}\n      {shares}\n"));
            text.push_str(&format!("      ties_at_cut: {}\n", self.chance.pick(&["all_up", "all_down", "error"])));
            if smaller {
                text.push_str("      smallest_group: 4\n      smaller: thresholds\n");
            }
        }
        if !seated || smaller {
            let of = self.of(|this| &this.numbers);
            text.push_str(&format!("    thresholds: {{ of: {of}, at_least: [[8, A], [4, B]], else: C }}\n"));
        }
        if self.chance.percent(40) {
            let top = if within.is_some_and(|outer| outer == "g0") && self.chance.percent(60) {
                ", at_top: cross"
            } else {
                ""
            };
            text.push_str(&format!("    shifts:\n      - {{ name: s, when: \"{}\", up: 1{top} }}\n", self.truth()));
        }
        if self.chance.percent(25) {
            text.push_str("    movement: { from: last, up: 1, down: 1 }\n");
        }
        if self.chance.percent(30) {
            text.push_str(&format!(
                "    vetoes:\n      - {{ name: v, when: \"{}\", grade_at_most: B }}\n",
                self.truth()
            ));
        }
        if self.chance.percent(25) {
            let over = if self.chance.percent(50) { ", over_veto: true" } else { "" };
            text.push_str(&format!("    override: {{ from: word, grade: grade, reason: reason{over} }}\n"));
        }
        self.text.push_str(&text);
    }
}

/// A scheme's text; most are schemes.
pub fn scheme(chance: &mut Chance) -> String {
    let text = format!(
        "kaohe: 1
scheme: random people
rounding: {{ items: 2, totals: 2 }}
inputs:
  id: {{ type: text, key: true }}
  branch: {{ type: text{} }}
  team: {{ type: choice, values: [甲, 乙] }}
  a: {{ type: number, places: 2 }}
  b: {{ type: number, places: 2, min: 0 }}
  o: {{ type: number, places: 2, missing: allow }}
  flag: {{ type: bool }}
  may: {{ type: bool }}
  last: {{ type: choice, values: [A, B, C], missing: allow }}
details:
  part: {{ key: id, columns: {{ x: {{ type: number, places: 2 }}, ok: {{ type: bool }} }}, computed: {{ twice: x * 2 + a }} }}
  word: {{ key: id, columns: {{ grade: {{ type: text }}, reason: {{ type: text }} }} }}
computed:
  sum: sum(part.x where part.ok)
  most: max(part.twice when_empty 0)
  of: count(part where part.x > 4)
",
        chance.pick(&["", "", ", missing: allow"])
    );
    let numbers: Vec<String> = ["a", "b", "sum", "of", "most"].map(str::to_owned).to_vec();
    let mut writer = Writer { chance, decimals: numbers.clone(), numbers, optional: vec!["o".to_owned()], text };
    for at in 0..writer.chance.between(1, 5) {
        if writer.chance.percent(65) {
            let (formula, decimal) = writer.group();
            writer.column(&format!("c{at}"), &formula, decimal);
        } else {
            let formula = writer.number();
            writer.column(&format!("c{at}"), &formula, false);
        }
    }
    if writer.chance.percent(30) {
        let (formula, _) = writer.group();
        writer.text.push_str(&format!("  maybe: \"{formula}\"\n"));
        writer.optional.push("maybe".to_owned());
    }
    if writer.chance.percent(60) {
        let (first, second) = (writer.number(), writer.number());
        let when = writer.truth();
        writer.text.push_str(&format!(
            "scores:\n  total:\n    items:\n      i0: {{ weight: 60, formula: \"{first}\" }}\n      i1: {{ weight: 40, formula: \"{second}\", only_when: \"{when}\", when_missing: redistribute }}\n"
        ));
        if writer.chance.percent(40) {
            let event = writer.truth();
            writer
                .text
                .push_str(&format!("    vetoes:\n      - {{ name: veto, when: \"{event}\", score_at_most: 5 }}\n"));
        }
        writer.numbers.push("total".to_owned());
    }
    if writer.chance.percent(75) {
        writer.text.push_str("grades:\n");
        writer.grading("g0", None);
        if writer.chance.percent(50) {
            writer.grading("g1", Some("g0"));
        }
    }
    writer.text
}

/// People with their detail rows.
#[derive(Debug, Clone)]
pub struct People {
    pub rows: Vec<Vec<Cell>>,
    pub parts: Vec<Vec<Cell>>,
    pub words: Vec<Vec<Cell>>,
}

const PARTS: [&str; 3] = ["id", "x", "ok"];
const WORDS: [&str; 3] = ["id", "grade", "reason"];

/// A cell of an input as it should be.
fn right(chance: &mut Chance, input: &str) -> Cell {
    match input {
        "branch" => Cell::from(chance.pick(&["东", "西", "南"])),
        "team" => Cell::from(chance.pick(&["甲", "乙"])),
        "flag" | "may" | "ok" => Cell::Truth(chance.percent(55)),
        "o" if chance.percent(40) => Cell::Missing,
        "last" if chance.percent(30) => Cell::Missing,
        "last" | "grade" => Cell::from(chance.pick(&["A", "B", "C"])),
        "reason" => Cell::from("because"),
        // few different numbers, so that there are ties
        _ => Cell::Integer(chance.between(0, 9)),
    }
}

/// A cell of an input as it must not be; nothing when there is no way to be wrong.
fn wrong(chance: &mut Chance, input: &str) -> Option<Cell> {
    Some(match input {
        "branch" => return chance.percent(60).then_some(Cell::Unreadable),
        "reason" => Cell::Missing,
        "grade" => Cell::from(chance.pick(&["Z", "?"])),
        "b" if chance.percent(30) => Cell::Integer(-1),
        "o" => Cell::from("x"),
        "a" | "b" | "x" if chance.percent(30) => Cell::from("1.234"),
        _ => [Cell::Missing, Cell::Unreadable, Cell::from("?")][if input == "last" { 2 } else { chance.below(3) }]
            .clone(),
    })
}

pub fn people(chance: &mut Chance) -> People {
    let count = chance.between(2, 11);
    many(chance, count)
}

pub fn many(chance: &mut Chance, count: i64) -> People {
    let mut found = People { rows: Vec::new(), parts: Vec::new(), words: Vec::new() };
    for at in 0..count {
        let id = Cell::from(format!("p{at:04}"));
        let rest = INPUTS.iter().skip(1).map(|input| right(chance, input));
        found.rows.push(std::iter::once(id.clone()).chain(rest).collect());
        for _ in 0..chance.below(4) {
            found.parts.push(vec![id.clone(), right(chance, "x"), right(chance, "ok")]);
        }
        if chance.percent(15) {
            found.words.push(vec![id, right(chance, "grade"), right(chance, "reason")]);
        }
    }
    found
}

/// One or two people with something wrong in them, in their own row or in their detail rows.
pub fn spoiled(chance: &mut Chance, people: &People) -> (People, Vec<usize>) {
    let mut spoiled = people.clone();
    let mut who = Vec::new();
    for _ in 0..=usize::from(chance.percent(30)) {
        let row = chance.below(people.rows.len());
        who.push(row);
        let id = people.rows[row][0].clone();
        for _ in 0..chance.between(1, 2) {
            let part = spoiled.parts.iter_mut().find(|part| part[0] == id);
            let word = spoiled.words.iter_mut().find(|word| word[0] == id);
            let (cells, names) = match (chance.below(6), part, word) {
                (0, Some(part), _) => (part, &PARTS[..]),
                (1, _, Some(word)) => (word, &WORDS[..]),
                _ => (&mut spoiled.rows[row], &INPUTS[..]),
            };
            let at = 1 + chance.below(names.len() - 1);
            if let Some(cell) = wrong(chance, names[at]) {
                cells[at] = cell;
            }
        }
    }
    (spoiled, who)
}

fn table(rows: &[Vec<Cell>], names: &[&str]) -> Table {
    let row =
        |cells: &Vec<Cell>| names.iter().zip(cells).fold(Row::new(), |row, (name, cell)| row.with(name, cell.clone()));
    if rows.is_empty() {
        return Table::of_columns(names.iter().map(|name| (*name, Vec::new())).collect());
    }
    Table::of_rows(rows.iter().map(row).collect())
}

impl People {
    pub fn data(&self) -> Data {
        Data::of(table(&self.rows, &INPUTS))
            .detail("part", table(&self.parts, &PARTS))
            .detail("word", table(&self.words, &WORDS))
    }

    /// The same people in another order: for each new place the old one.
    pub fn shuffled(&self, chance: &mut Chance) -> (Self, Vec<usize>) {
        let mut places: Vec<usize> = (0..self.rows.len()).collect();
        for at in (1..places.len()).rev() {
            places.swap(at, chance.below(at + 1));
        }
        let mut other = self.clone();
        other.rows = places.iter().map(|at| self.rows[*at].clone()).collect();
        other.parts.reverse();
        other.words.reverse();
        (other, places)
    }
}
