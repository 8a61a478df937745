//! Agreement of a run's own sheets: it is that of the ratings alone, role by role, and names no rater.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use kaohe::boundary::rating_agreement_json;
use kaohe::code::Code;
use kaohe::number::Number;
use kaohe::ratings::RatingTable;
use kaohe::ratings::agreement::{Agreement, Incomplete, Intraclass, Measure};
use kaohe::{Data, Options, Row, Run, Scheme, Table};

/// Shrout and Fleiss: six ratees, four raters.
const MARKS: [[i64; 4]; 6] = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];
const PEOPLE: [&str; 6] = ["甲", "乙", "丙", "丁", "戊", "己"];

fn scheme(severity: &str) -> Scheme {
    Scheme::parse(&format!(
        "
kaohe: 1
scheme: 测评
inputs: {{ 工号: {{ type: text, key: true }} }}
ratings:
  测评:
    marks: {{ max: 10 }}
    items: [{{ name: 服务, weight: 75 }}, {{ name: 协作, weight: 25 }}]
    when_item_missing: renormalise
{severity}
    roles: {{ 同事: {{ weight: 60, drop: {{ highest: 1 }} }}, 上级: {{ weight: 30 }}, 本人: {{ weight: 10, self: true }} }}
"
    ))
    .unwrap()
}

fn sheet(key: &str, role: &str, rater: &str, service: &str, team: &str) -> Row {
    Row::new().with("工号", key).with("角色", role).with("考评人", rater).with("服务", service).with("协作", team)
}

fn run(severity: &str, more: Vec<Row>) -> Run {
    let people = PEOPLE.iter().map(|key| Row::new().with("工号", *key)).collect();
    let mut sheets = Vec::new();
    for (key, marks) in PEOPLE.iter().zip(MARKS) {
        for (rater, mark) in ["rater-a", "rater-b", "rater-c", "rater-d"].iter().zip(marks) {
            sheets.push(sheet(key, "同事", rater, &mark.to_string(), &(10 - mark).to_string()));
        }
        sheets.push(sheet(key, "本人", key, "10", "10"));
    }
    sheets.extend(more);
    let data = Data::of(Table::of_rows(people)).detail("测评", Table::of_rows(sheets));
    scheme(severity).score(data, Options::default()).unwrap()
}

fn ratings(of: impl Fn(i64) -> Number) -> RatingTable {
    let rows = PEOPLE
        .iter()
        .zip(MARKS)
        .flat_map(|(key, marks)| ["a", "b", "c", "d"].into_iter().zip(marks).map(move |(by, mark)| (*key, by, mark)));
    RatingTable::new(rows.map(|(key, by, mark)| (key, by, of(mark)))).unwrap()
}

fn same(found: &Agreement, wanted: &RatingTable) {
    let wanted = Agreement::of(wanted, Incomplete::Refuse);
    for (measure, figure) in found.figures() {
        assert_eq!(figure.ok(), wanted.get(measure).ok(), "{measure:?}");
    }
}

#[test]
fn it_is_that_of_the_marks() {
    for severity in ["", "    severity: additive"] {
        let found = run(severity, Vec::new()).agreement("测评", Incomplete::Refuse).unwrap();
        let roles: Vec<&str> = found.roles.iter().map(|role| &*role.role).collect();
        assert_eq!((&*found.rating, roles, found.left_out.len()), ("测评", vec!["同事", "上级"], 0));
        let colleagues = &found.roles[0];
        assert_eq!((colleagues.sheets, colleagues.raters, colleagues.ratees), (24, 4, 6));
        let items: Vec<&str> = colleagues.items.iter().map(|(item, _)| &**item).collect();
        assert_eq!(items, ["服务", "协作"]);
        same(&colleagues.items[0].1, &ratings(Number::from));
        same(&colleagues.items[1].1, &ratings(|mark| Number::from(10 - mark)));
        same(&colleagues.whole, &ratings(|mark| Number::from(75 * mark + 25 * (10 - mark))));
        let single = colleagues.items[0].1.get(Measure::Intraclass(Intraclass::RandomSingle)).unwrap();
        assert_eq!(single.to_published(Some(2)).unwrap().value.to_string(), "0.29");
        // nobody of the superiors has rated yet
        assert_eq!(found.roles[1].sheets, 0);
        assert_eq!(found.roles[1].whole.get(Measure::Concordance).unwrap_err().code, Code::TooFewRatings);
    }
}

#[test]
fn sheets_with_a_fault_are_named_and_those_left_unmarked_are_no_rating() {
    let more = vec![
        sheet("甲", "上级", "rater-e", "11", "3"),
        sheet("甲", "上级", "", "7", "3"),
        sheet("乙", "上级", "rater-e", "7", ""),
        sheet("丙", "上级", "rater-e", "8", "5"),
        sheet("乙", "上级", "rater-f", "6", "4"),
        sheet("丙", "上级", "rater-f", "9", "9"),
    ];
    let run = run("", more);
    let found = run.agreement("测评", Incomplete::Refuse).unwrap();
    assert_eq!(found.left_out, [31, 32]);
    let superiors = &found.roles[1];
    assert_eq!((superiors.sheets, superiors.raters, superiors.ratees), (4, 2, 2));
    assert!(superiors.items[0].1.get(Measure::Concordance).is_ok());
    let missing = superiors.items[1].1.get(Measure::Concordance).unwrap_err();
    assert_eq!((missing.code, missing.offenders.as_slice()), (Code::NotComplete, ["乙".to_owned()].as_slice()));
    let left_out = run.agreement("测评", Incomplete::LeaveOut).unwrap();
    assert_eq!(&*left_out.roles[1].items[1].1.left_out()[0], "乙");
    let told = rating_agreement_json(&found);
    assert!(!told.contains("rater-"), "{told}");
    assert_eq!(run.agreement("测苹", Incomplete::Refuse).unwrap_err().code, Code::TableUnknown);
}
