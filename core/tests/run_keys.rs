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
fn a_group_waits_for_the_grade_its_rows_belong_to() {
    let figures = "  名次: rank(奖金 desc ties min)\n  合计: group_sum(奖金)\n";
    let scheme = Scheme::parse(&format!("{SCHEME}{figures}")).unwrap();
    let person = |(key, score): (&str, i64)| Row::new().with("工号", key).with("得分", score);
    let people = [("1", 90), ("2", 80), ("3", 70), ("4", 60)].map(person);
    let bonus = |(key, amount): (&str, i64)| Row::new().with("级别", key).with("额", amount);
    let bonuses = Table::of_rows([("高", 100), ("低", 50)].map(bonus).to_vec());
    let run =
        scheme.score(Data::of(Table::of_rows(people.to_vec())).detail("奖", bonuses), Options::default()).unwrap();
    let told = |row: usize, name: &str| run.outcome(row).get(name).unwrap().to_string();
    let found: Vec<_> = (0..4).map(|row| ["奖金", "名次", "合计"].map(|name| told(row, name))).collect();
    let want = |bonus: &str, place: &str| [bonus, place, "300"].map(str::to_owned);
    assert_eq!(found, [want("100", "1"), want("100", "1"), want("50", "3"), want("50", "3")]);
}

#[test]
fn a_word_that_is_no_grade_is_nobodys() {
    let scheme = Scheme::parse(SCHEME).unwrap();
    let refused = scheme.score(Data::of(people()).detail("奖", rows(&["高", "中"])), Options::default());
    let Err(Stop::Data(error)) = refused else { panic!("{refused:?}") };
    assert_eq!((error.code, error.offenders), (Code::OrphanRows, vec!["中".to_owned()]));
}

const BY_PERSON: &str = "
kaohe: 1
scheme: 存款
given: { 结转: { type: number, missing: 0 } }
inputs: { 工号: { type: text, key: true } }
details:
  存款: { key: 工号, columns: { 余额: { type: number }, 备注: { type: text, missing: allow } } }
computed: { 合计: sum(存款.余额) + 结转 }
";

fn refused(data: Data) -> (Code, Vec<String>) {
    let scheme = Scheme::parse(BY_PERSON).unwrap();
    match scheme.score(data, Options::default()) {
        Err(Stop::Data(error)) => (error.code, error.offenders),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_rows_of_one_person_are_nobody_elses() {
    let scheme = Scheme::parse(BY_PERSON).unwrap();
    let person = || Data::person(Row::new().with("工号", "001"));
    let row = |key: &str| Row::new().with("工号", key).with("余额", 5);
    let own = Table::of_rows(vec![row("001"), Row::new().with("余额", 2)]);
    let run = scheme.score(person().detail("存款", own), Options::default()).unwrap();
    assert_eq!(run.outcome(0).get("合计").unwrap().to_string(), "7");
    let others = Table::of_rows(vec![row("001"), row("002")]);
    assert_eq!(refused(person().detail("存款", others)), (Code::OrphanRows, vec!["002".to_owned()]));
}

#[test]
fn a_table_without_rows_still_has_the_columns_it_must() {
    let people = || Data::of(Table::of_rows(vec![Row::new().with("工号", "001")]));
    let headers = |names: &[&str]| Table::of_columns(names.iter().map(|name| (*name, Vec::new())).collect());
    let scheme = Scheme::parse(BY_PERSON).unwrap();
    let empty = headers(&["工号", "余额", "备注"]);
    assert!(scheme.score(people().detail("存款", empty), Options::default()).is_ok());
    assert!(scheme.score(people().detail("存款", Table::default()), Options::default()).is_ok());
    let (code, offenders) = refused(people().detail("存款", headers(&["工号", "余額", "备注"])));
    assert_eq!((code, offenders), (Code::ColumnMissing, vec!["余额".to_owned()]));
    let twice = people().detail("存款", Table::default()).given("结转", 1).given("结转", 2);
    assert_eq!(refused(twice), (Code::KeyTwice, vec!["结转".to_owned()]));
}
