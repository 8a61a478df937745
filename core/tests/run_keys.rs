//! Detail rows that belong to whoever has a computed value: what is in doubt about the value is in doubt about the rows.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use kaohe::code::Code;
use kaohe::{Cell, Data, Options, Row, Scheme, Stop, Table};

const SCHEME: &str = "
kaohe: 1
scheme: 按等级计奖
inputs:
  工号: { type: text, key: true }
  得分: { type: number }
details:
  奖: { key: 级别, columns: { 额: { type: number } } }
grades:
  级别: { ladder: [高, 低], order: [得分 desc, 工号 asc], quota: { shares: { 高: 50%, 低: 50% } } }
computed:
  奖金: sum(奖.额)
";

fn people() -> Table {
    let scores = [("1", Cell::from(90)), ("2", Cell::from(80)), ("3", Cell::Missing), ("4", Cell::from(60))];
    Table::of_rows(scores.into_iter().map(|(key, score)| Row::new().with("工号", key).with("得分", score)).collect())
}

fn rows(keys: &[&str]) -> Table {
    Table::of_rows(keys.iter().map(|key| Row::new().with("级别", *key).with("额", 100)).collect())
}

#[test]
fn what_follows_from_a_doubtful_key_is_in_doubt() {
    let scheme = Scheme::parse(SCHEME).unwrap();
    let run = scheme.score(Data::of(people()).detail("奖", rows(&["高"])), Options::default()).unwrap();
    let outcome = run.outcome(run.row_of("1").unwrap());
    assert_eq!(outcome.get("奖金").unwrap().to_string(), "100");
    let told = outcome.problems();
    let told: Vec<_> = told.iter().filter(|problem| &*problem.column == "奖金").collect();
    assert_eq!((told.len(), told[0].code, told[0].left_out.as_slice()), (1, Code::Provisional, &["3".to_owned()][..]));
}

#[test]
fn a_word_that_is_no_grade_is_nobodys() {
    let scheme = Scheme::parse(SCHEME).unwrap();
    let refused = scheme.score(Data::of(people()).detail("奖", rows(&["高", "中"])), Options::default());
    let Err(Stop::Data(error)) = refused else { panic!("{refused:?}") };
    assert_eq!((error.code, error.offenders), (Code::OrphanRows, vec!["中".to_owned()]));
}
