//! Explanations of the rules that score a person among others, word for word.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod explain;

use explain::golden;
use kaohe::diagnostic::Language;
use kaohe::{Data, Options, Row, Run, Scheme, Table};

const SCHEME: &str = "\
kaohe: 1
scheme: 团队内比较
rounding: { items: 2, totals: 2 }
inputs:
  工号: { type: text, key: true }
  团队: { type: text }
  业绩: { type: number }
  投诉: { type: number, whole: true, min: 0 }
  测试: { type: number, missing: allow }
scores:
  总分:
    full: 150
    items:
      名次: { points: 25, rank: { of: 业绩, better: higher, within: [团队], first: 25, each_place: -10, floor: 10, ties: min } }
      表:   { points: 20, rank: { of: 业绩, better: higher, table: [[1, 20], [3, 15]], else: 8, ties: max } }
      线:   { points: 15, rank: { of: 投诉, better: lower, linear: { last: 5 }, ties: dense } }
      比例: { points: 20, relative: { of: 业绩, to: best, within: [团队], floor: 50% } }
      均值: { points: 20, relative: { of: 投诉, to: average, better: lower, when_not_positive: full, cap: 120% } }
      位次: { points: 20, percentile: { of: 业绩, kind: mean } }
      测试分: { points: 20, standard: { of: 测试, mean: 14, stdev: 4 }, when_missing: zero }
      达标: { points: 10, threshold: { of: 业绩, above: 60 } }
";

/// Keys, teams, results, complaints, tests: equals, one without complaints, one without a test.
const PEOPLE: [[&str; 5]; 4] = [
    ["001", "甲", "120", "2", "85"],
    ["002", "甲", "90", "0", "65"],
    ["003", "甲", "90", "3", ""],
    ["004", "乙", "60", "3", "75"],
];

fn run() -> Run {
    let person = |cells: [&str; 5]| {
        ["工号", "团队", "业绩", "投诉", "测试"]
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
            .fold(Row::new(), |row, (name, cell)| row.with(name, cell))
    };
    let people = Table::of_rows(PEOPLE.into_iter().map(person).collect());
    Scheme::parse(SCHEME).unwrap().score(Data::of(people), Options::default()).unwrap()
}

#[test]
fn whoever_is_in_the_middle_is_told_place_proportion_and_distance() {
    let why = run().explain(2, None).unwrap();
    golden("among_003.en.txt", &why.to_text(Language::English));
    golden("among_003.zh.txt", &why.to_text(Language::Chinese));
}

#[test]
fn a_divisor_of_nothing_is_told_with_what_it_means() {
    let why = run().explain(1, None).unwrap();
    golden("among_002.en.txt", &why.to_text(Language::English));
    golden("among_002.zh.txt", &why.to_text(Language::Chinese));
}
