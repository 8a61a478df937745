//! Severity inside a scheme: what it does not depend on, what is told of it, and that nobody learns who gave which marks.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::ops::ControlFlow;

use kaohe::code::Code;
use kaohe::diagnostic::Language;
use kaohe::number::{Number, RoundingMode};
use kaohe::ratings::RatingTable;
use kaohe::ratings::agreement::Incomplete;
use kaohe::ratings::severity::{Method, SeverityAdjustment, Unconnected, WithoutSpread};
use kaohe::run::Progress;
use kaohe::{Data, Figure, Options, Row, Run, Scheme, Table};
use proptest::prelude::*;

const PEOPLE: [&str; 5] = ["甲", "乙", "丙", "丁", "戊"];
const RATERS: [&str; 4] = ["rater-a", "rater-b", "rater-c", "rater-d"];

fn scheme(severity: &str) -> Scheme {
    Scheme::parse(&format!(
        "
kaohe: 1
scheme: 测评
inputs: {{ 工号: {{ type: text, key: true }} }}
ratings:
  测评:
    marks: {{ max: 1000000 }}
    items: [{{ name: 服务, points: 1000000 }}]
    severity: {severity}
    when_role_missing: renormalise
    roles: {{ 同事: {{ weight: 80 }}, 客户: {{ weight: 10 }}, 本人: {{ weight: 10, self: true }} }}
"
    ))
    .unwrap()
}

/// Whom, in which role, by whom, how.
type Sheet<'s> = (&'s str, &'s str, &'s str, i64);

fn run_of(scheme: &Scheme, people: &[&str], sheets: &[Sheet<'_>]) -> Run {
    let people = people.iter().map(|key| Row::new().with("工号", *key)).collect();
    let sheets = sheets.iter().map(|(key, role, rater, mark)| {
        Row::new().with("工号", *key).with("角色", *role).with("考评人", *rater).with("服务", *mark)
    });
    let data = Data::of(Table::of_rows(people)).detail("测评", Table::of_rows(sheets.collect()));
    scheme.score(data, Options::default()).unwrap()
}

fn figure(run: &Run, key: &str, column: &str) -> String {
    run.outcome(run.row_of(key).unwrap()).get(column).unwrap().to_string()
}

fn figures(run: &Run, column: &str) -> Vec<String> {
    PEOPLE.iter().map(|key| figure(run, key, column)).collect()
}

/// Marks of colleagues: for each person and rater one, or none; everybody is rated by the first rater, who connects all.
fn marks() -> impl Strategy<Value = Vec<(usize, usize, i64)>> {
    let one = |(person, rater): (usize, usize)| {
        let given = if rater == 0 { Just(true).boxed() } else { any::<bool>().boxed() };
        (given, 5_000_i64..6_000).prop_map(move |(given, mark)| given.then_some((person, rater, mark)))
    };
    let all: Vec<_> =
        (0..PEOPLE.len()).flat_map(|person| (0..RATERS.len()).map(move |rater| (person, rater))).collect();
    all.into_iter().map(one).collect::<Vec<_>>().prop_map(|all| all.into_iter().flatten().collect())
}

fn sheets(marks: &[(usize, usize, i64)]) -> Vec<Sheet<'static>> {
    marks.iter().map(|(person, rater, mark)| (PEOPLE[*person], "同事", RATERS[*rater], *mark)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Who rates everybody so much higher changes no difference between people: by centring and by additive effects all
    /// results of the role go up alike, by as much as the mean of all does.
    #[test]
    fn a_rater_who_is_more_lenient_moves_everybody_alike(marks in marks(), rater in 0..RATERS.len(), more in 1_i64..50) {
        let raters = RATERS.iter().filter(|name| sheets(&marks).iter().any(|(_, _, rater, _)| rater == *name)).count();
        let own = i64::try_from(marks.iter().filter(|(_, by, _)| *by == rater).count()).unwrap();
        let (all, raters) = (i64::try_from(marks.len()).unwrap(), i64::try_from(raters).unwrap());
        prop_assume!(own > 0);
        for (method, by, shift) in [("centring", all * more, own * more), ("additive", raters * more, more)] {
            let scheme = scheme(method);
            let lenient: Vec<_> =
                marks.iter().map(|(person, by_whom, mark)| (*person, *by_whom, if *by_whom == rater { mark + by } else { *mark })).collect();
            let before = run_of(&scheme, &PEOPLE, &sheets(&marks));
            let after = run_of(&scheme, &PEOPLE, &sheets(&lenient));
            for key in PEOPLE {
                let numbers = [&before, &after].map(|run| Number::parse(&figure(run, key, "测评.同事")).unwrap());
                let moved = numbers[1].subtract(&numbers[0]).subtract(&Number::from(shift));
                // means of six decimals are published with twelve
                prop_assert!(moved.absolute() <= Number::from_parts(1, 12), "{method} {key}: {numbers:?}");
            }
        }
    }

    /// A sheet counts what the adjustment of ratings says, rounded; whatever the order of people and sheets.
    #[test]
    fn it_is_the_adjustment_of_ratings_in_any_order(marks in marks(), turned in 0_usize..20, places in 0_u32..8) {
        let methods = [
            ("centring", Method::Centring),
            ("z_score", Method::ZScore { without_spread: WithoutSpread::Centre }),
            ("additive", Method::Additive { unconnected: Unconnected::Refuse }),
        ];
        let sheets = sheets(&marks);
        let table = RatingTable::new(sheets.iter().map(|(ratee, _, rater, mark)| (*ratee, *rater, Number::from(*mark)))).unwrap();
        for (word, method) in methods {
            let Ok(found) = SeverityAdjustment::of(&table, method) else { continue };
            let scheme = scheme(&format!("{{ by: {word}, round: {places} }}"));
            let run = run_of(&scheme, &PEOPLE, &sheets);
            for key in PEOPLE {
                let of_key = sheets.iter().zip(found.adjusted()).filter(|((ratee, ..), _)| *ratee == key);
                let counts: Vec<Number> = of_key
                    .map(|(_, score)| score.unwrap().round(i32::try_from(places).unwrap(), RoundingMode::HalfUp))
                    .collect();
                let total = counts.iter().fold(Number::ZERO, |total, each| total.add(each));
                let mean = total.divide(&Number::from(counts.len() as u64)).unwrap().round(12, RoundingMode::HalfUp);
                prop_assert_eq!(figure(&run, key, "测评.同事"), mean.to_string());
            }
            let (mut people, mut others) = (PEOPLE.to_vec(), sheets.clone());
            people.rotate_left(turned % PEOPLE.len());
            let middle = turned % others.len();
            others.rotate_left(middle);
            others.reverse();
            prop_assert_eq!(figures(&run, "测评"), figures(&run_of(&scheme, &people, &others), "测评"));
        }
    }
}

const SHEETS: [Sheet<'static>; 9] = [
    ("甲", "同事", "rater-a", 90),
    ("甲", "同事", "rater-b", 70),
    ("乙", "同事", "rater-a", 80),
    ("乙", "同事", "rater-b", 66),
    ("丙", "同事", "rater-b", 71),
    ("甲", "客户", "rater-c", 86),
    ("乙", "客户", "rater-c", 81),
    ("甲", "本人", "甲", 99),
    ("丙", "本人", "丙", 60),
];

#[test]
fn the_trace_tells_what_sheets_were_rated_and_what_they_count() {
    let run = run_of(&scheme("additive"), &PEOPLE, &SHEETS);
    let told = |key: &str, column: &str, language| {
        let why = run.explain(run.row_of(key).unwrap(), Some(column)).unwrap();
        why.to_text(language)
    };
    let colleagues = told("甲", "测评.同事", Language::English);
    assert!(colleagues.contains("2 sheets, rated 80 on average, the raters' effects 0, count as 80"), "{colleagues}");
    let one = told("丙", "测评.同事", Language::English);
    assert!(one.contains("rated 71, the rater's effect -8.5, counts as 79.5"), "{one}");
    let one = told("丙", "测评.同事", Language::Chinese);
    assert!(one.contains("评为 71，考评人宽严 -8.5，计为 79.5"), "{one}");
    assert!(!told("甲", "测评.本人", Language::English).contains("effect"));
    let why = run.explain(run.row_of("丙").unwrap(), Some("测评.同事")).unwrap().to_json();
    assert!(why.contains("\"severity\"") && why.contains("\"-8.5\""), "{why}");
    let run = run_of(&scheme("z_score"), &PEOPLE, &SHEETS);
    let why = run.explain(run.row_of("丙").unwrap(), Some("测评.同事")).unwrap().to_text(Language::English);
    assert!(why.contains("by z-scores of its rater"), "{why}");
}

/// What a role with too few sheets was rated, and a sheet without a mark, change nobody's figure.
#[test]
fn sheets_that_count_for_nobody_are_compared_with_none() {
    let text = |severity: &str, policy: &str, items: &str| {
        format!(
            "
kaohe: 1
scheme: 测评
inputs: {{ 工号: {{ type: text, key: true }} }}
ratings:
  测评:
    marks: {{ max: 100 }}
    items: [{{ name: 服务, points: 100 }}]
    severity: {severity}
    when_role_missing: {policy}
    when_item_missing: {items}
    roles: {{ 同事: {{ weight: 100, minimum: 2 }} }}
"
        )
    };
    let shown = &SHEETS[..4];
    for (severity, policy, items) in ["centring", "z_score", "additive"].into_iter().flat_map(|severity| {
        let policies = ["error", "renormalise", "omit"];
        policies.into_iter().flat_map(move |policy| {
            ["error", "renormalise", "zero"].into_iter().map(move |items| (severity, policy, items))
        })
    }) {
        let scheme = Scheme::parse(&text(severity, policy, items)).unwrap();
        let of = |mark: Option<i64>| {
            let others: Vec<_> = mark.map(|mark| ("丙", "同事", "rater-b", mark)).into_iter().collect();
            let sheets: Vec<_> = shown.iter().copied().chain(others).collect();
            let run = run_of(&scheme, &PEOPLE, &sheets);
            assert_eq!(figure(&run, "丙", "测评.同事"), Figure::Missing.to_string());
            (figures(&run, "测评.同事"), run.notes().to_vec())
        };
        let without = of(None);
        assert_eq!(of(Some(71)), without, "{severity} {policy} {items}");
        assert_eq!(of(Some(3)), without, "{severity} {policy} {items}");
        if items == "error" {
            continue;
        }
        let mut rows: Vec<Row> = Vec::new();
        for (key, role, rater, mark) in shown {
            rows.push(Row::new().with("工号", *key).with("角色", *role).with("考评人", *rater).with("服务", *mark));
        }
        for key in ["丙", "丁", "丁"] {
            let rater = ["rater-a", "rater-b", "rater-c"][rows.len() % 3];
            rows.push(Row::new().with("工号", key).with("角色", "同事").with("考评人", rater).with("服务", ""));
        }
        let people = PEOPLE.iter().map(|key| Row::new().with("工号", *key)).collect();
        let data = Data::of(Table::of_rows(people)).detail("测评", Table::of_rows(rows));
        let run = scheme.score(data, Options::default()).unwrap();
        assert_eq!(figures(&run, "测评.同事"), without.0, "{severity} {policy} {items}");
        assert!(run.problems(run.row_of("丁").unwrap()).is_empty());
        assert_eq!(run.agreement("测评", Incomplete::Refuse).unwrap().roles[0].sheets, shown.len());
        assert!(run.agreement("测评", Incomplete::Refuse).unwrap().left_out.is_empty());
    }
}

/// Neither a figure, nor an explanation, nor a note names a rater, or says what one of several sheets was rated.
#[test]
fn raters_stay_unknown() {
    for method in ["centring", "z_score", "{ by: additive, unconnected: separate }", "additive"] {
        let mut sheets = SHEETS.to_vec();
        sheets.push(("丁", "同事", "rater-d", 77));
        let run = run_of(&scheme(method), &PEOPLE, &sheets);
        for note in run.notes() {
            assert!(!note.message.en.contains("rater-") && !note.message.zh.contains("rater-"), "{note:?}");
        }
        for row in 0..run.rows() {
            for column in [None, Some("测评"), Some("测评.同事"), Some("测评.客户"), Some("测评.考评人")]
            {
                let why = run.explain(row, column).unwrap();
                for text in [why.to_json(), why.to_text(Language::English), why.to_text(Language::Chinese)] {
                    assert!(!text.contains("rater-"), "{column:?}: {text}");
                    // the two sheets of 甲
                    assert!(!text.contains("\"90\"") && !text.contains("\"70\""), "{column:?}: {text}");
                }
                assert!(why.details.is_empty(), "{column:?}");
            }
            for problem in run.problems(row) {
                assert!(!problem.message.en.contains("rater-"), "{problem:?}");
            }
        }
    }
}

#[test]
fn raters_nobody_connects_are_counted_with_those_they_rate() {
    let mut sheets = SHEETS.to_vec();
    sheets.push(("丁", "同事", "rater-d", 77));
    let run = run_of(&scheme("additive"), &PEOPLE, &sheets);
    let notes = run.notes();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].code, Code::NotConnected);
    assert_eq!(
        notes[0].message.en,
        "`测评.同事`: the raters form groups that share nobody they rate, so their severity cannot be compared: 2 raters \
         of `甲`, `乙`, `丙` / 1 rater of `丁`"
    );
    assert_eq!(
        notes[0].message.zh,
        "`测评.同事`：考评人分成几组，组间没有共同的考核对象，宽严无法比较：2 人评 `甲`、`乙`、`丙` / 1 人评 `丁`"
    );
    let problem = run.outcome(0).problem("测评.同事").unwrap();
    assert_eq!(problem.code, Code::NotConnected);
    assert_eq!(
        problem.message.en,
        "the raters of `同事` form groups that share nobody they rate, so their severity cannot be compared"
    );
    // the customers are another role
    assert_eq!(figure(&run, "甲", "测评.客户"), "86");
    assert!(!run.is_complete());
    let separate = run_of(&scheme("{ by: additive, unconnected: separate }"), &PEOPLE, &sheets);
    assert_eq!(figure(&separate, "丁", "测评.同事"), "77");
    assert_eq!(separate.notes()[0].code, Code::NotConnected);
    assert!(separate.is_complete());
    let flat = run_of(&scheme("z_score"), &PEOPLE, &sheets);
    let told = &flat.notes()[0];
    assert_eq!(
        (told.code, &*told.message.en),
        (Code::NoSpread, "`测评.同事`: 1 rater whose scores are all equal are only centred")
    );
}

#[test]
fn one_person_alone_cannot_be_compared() {
    let scheme = scheme("centring");
    let sheet = Row::new().with("角色", "同事").with("考评人", "rater-a").with("服务", 80);
    let data = Data::person(Row::new().with("工号", "甲")).detail("测评", Table::of_rows(vec![sheet]));
    let outcome = scheme.score(data, Options::default()).unwrap().outcome(0);
    let problem = outcome.problem("测评.同事").unwrap();
    assert_eq!(problem.code, Code::NeedsGroup);
    assert_eq!(problem.message.en, "`同事` needs the whole group, and one row was given");
}

#[test]
fn short_long_and_stated_defaults_are_one_scheme() {
    let of = |severity: &str| scheme(severity).fingerprint();
    assert_eq!(of("additive"), of("{ by: additive }"));
    assert_eq!(of("additive"), of("{ unconnected: refuse, round: 6, by: additive }"));
    assert_eq!(of("z_score"), of("{ by: z_score, without_spread: centre }"));
    assert_ne!(of("additive"), of("centring"));
    assert_ne!(of("additive"), of("{ by: additive, round: 5 }"));
}

/// How far a run is reaches its whole, on any number of threads.
#[test]
fn progress_comes_to_an_end() {
    let scheme = scheme("additive");
    for threads in [1, 4] {
        let mut last = (0, 0);
        let mut progress = |progress: Progress| {
            last = (progress.done, progress.total);
            ControlFlow::Continue(())
        };
        let people = PEOPLE.iter().map(|key| Row::new().with("工号", *key)).collect();
        let data = Data::of(Table::of_rows(people)).detail("测评", Table::of_rows(Vec::new()));
        let options = Options::threads(threads).with_progress(&mut progress);
        scheme.score(data, options).unwrap();
        assert_eq!(last, (10, 10));
    }
}
