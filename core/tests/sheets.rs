//! Answers and sheets as they come in: what is refused before anything is computed, and what is told of raters.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use kaohe::code::Code;
use kaohe::diagnostic::Language;
use kaohe::plan::DetailKind;
use kaohe::{Cell, Data, Options, Row, Run, Scheme, Stop, Table};

const EXAM: &str = "
kaohe: 1
scheme: 考试
inputs: { 工号: { type: text, key: true } }
exams: { 卷: { pass: 5, parts: [{ name: 单选, kind: single, questions: S, options: 4, marks: 5, key: [A, B] }] } }
";

const RATINGS: &str = "
kaohe: 1
scheme: 测评
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    scale: { A: 100%, B: 80%, C: 60% }
    items: [{ name: 服务, points: 60 }, { name: 协作, points: 40 }]
    when_role_missing: merge
    roles:
      上级: { weight: 40 }
      同事: { weight: 30, minimum: 3 }
      客户: { weight: 20, minimum: 3, merge_into: 同事 }
      本人: { weight: 10, self: true }
";

fn rows(names: &[&str], rows: &[&[&str]]) -> Table {
    let row = |cells: &&[&str]| names.iter().zip(*cells).fold(Row::new(), |row, (name, cell)| row.with(name, *cell));
    Table::of_rows(rows.iter().map(row).collect())
}

fn people() -> Table {
    rows(&["工号"], &[&["001"], &["002"]])
}

fn scored(source: &str, table: Table) -> Result<Run, Stop> {
    let scheme = Scheme::parse(source).unwrap();
    let name = scheme.plan().details.first().unwrap().name.to_string();
    scheme.score(Data::of(people()).detail(&name, table), Options::default())
}

fn refused(source: &str, table: Table) -> (Code, Vec<String>) {
    match scored(source, table) {
        Err(Stop::Data(error)) => (error.code, error.offenders),
        other => panic!("{other:?}"),
    }
}

#[test]
fn answers_of_nobody_or_twice_of_one_are_refused() {
    let names = ["工号", "S1", "S2"];
    let twice = rows(&names, &[&["001", "A", "B"], &["002", "A", "B"], &["001", "B", "B"]]);
    assert_eq!(refused(EXAM, twice), (Code::DetailTwice, vec!["001".to_owned()]));
    let nobody = rows(&names, &[&["009", "A", "B"]]);
    assert_eq!(refused(EXAM, nobody), (Code::OrphanRows, vec!["009".to_owned()]));
    let short = rows(&["工号", "S1"], &[&["001", "A"]]);
    assert_eq!(refused(EXAM, short), (Code::ColumnMissing, vec!["S2".to_owned()]));
    let scheme = Scheme::parse(EXAM).unwrap();
    match scheme.score(Data::of(people()), Options::default()) {
        Err(Stop::Data(error)) => {
            assert_eq!((error.code, error.offenders), (Code::TableMissing, vec!["卷".to_owned()]))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_person_alone_answers_without_a_key() {
    let scheme = Scheme::parse(EXAM).unwrap();
    let answers = Table::of_rows(vec![Row::new().with("S1", "a").with("S2", "")]);
    let run =
        scheme.score(Data::person(Row::new().with("工号", "7")).detail("卷", answers), Options::default()).unwrap();
    let outcome = run.outcome(0);
    assert_eq!(outcome.get("卷").unwrap().to_string(), "5");
    assert_eq!(outcome.get("卷.通过").unwrap().to_string(), "true");
    // without any answers the question is open, with a blank sheet it is not
    let open = scheme.score(Data::person(Row::new().with("工号", "7")), Options::default()).unwrap();
    assert_eq!(open.outcome(0).problem("卷.单选").unwrap().code, Code::NeedsDetails);
    assert_eq!(scheme.only_table(DetailKind::Sheets).unwrap_err().code, Code::TableUnknown);
}

#[test]
fn sheets_that_cannot_be_are_refused() {
    let names = ["工号", "角色", "考评人", "评分"];
    let of = |sheets: &[&[&str]]| refused(RATINGS, rows(&names, sheets));
    let one = |code, offender: &str| (code, vec![offender.to_owned()]);
    let twice: &[&[&str]] = &[&["001", "同事", "b", "AA"], &["001", "客户", "b", "AA"], &["001", "同事", "b", "AB"]];
    assert_eq!(of(twice), one(Code::DetailTwice, "001"));
    assert_eq!(of(&[&["003", "同事", "b", "AA"]]), one(Code::OrphanRows, "003"));
    assert_eq!(of(&[&["001", "同事", "b", "AAA"]]), one(Code::SheetMarks, "1"));
    assert_eq!(of(&[&["001", "同事", "b", "A"]]), one(Code::SheetMarks, "1"));
    assert_eq!(of(&[&["001", "上级", "b", "AA"], &["001", "同事", "001", "AA"]]), one(Code::SelfRating, "2"));
    assert_eq!(of(&[&["001", "本人", "002", "AA"]]), one(Code::SelfRating, "1"));
    // of oneself there is one sheet, whoever is named
    assert_eq!(of(&[&["001", "本人", "", "AA"], &["001", "本人", "001", "AA"]]), one(Code::DetailTwice, "001"));
    let both = rows(&["工号", "角色", "评分", "服务", "协作"], &[&["001", "同事", "AA", "A", "B"]]);
    assert_eq!(refused(RATINGS, both), one(Code::SheetMarks, "1"));
    let halved = rows(&["工号", "角色", "服务"], &[&["001", "同事", "A"]]);
    assert_eq!(refused(RATINGS, halved), one(Code::ColumnMissing, "协作"));
    // who gave a sheet need not be told, and then two may be alike
    let unnamed =
        rows(&["工号", "role", "marks"], &[&["001", "同事", "AA"], &["001", "同事", "AA"], &["002", "上级", "CC"]]);
    assert_eq!(scored(RATINGS, unnamed).unwrap().outcome(1).get("测评.上级").unwrap().to_string(), "60");
}

#[test]
fn every_answer_that_cannot_be_one_is_told_with_what_stands_there() {
    let long = "甲".repeat(100);
    let names = ["工号", "S1", "S2"];
    let run = scored(EXAM, rows(&names, &[&["001", " AB ", &long], &["002", "A", "Ｅ"]])).unwrap();
    let told = |row: usize| {
        let problems = run.problems(row);
        let own = problems.iter().filter(|problem| problem.blocked_by.is_none());
        own.map(|problem| format!("{} {}", problem.column, problem.message.en)).collect::<Vec<_>>()
    };
    let beginning = "甲".repeat(64);
    assert_eq!(
        told(0),
        [
            "卷.S1 `AB` cannot be an answer to `S1` (row 1 of `卷`)".to_owned(),
            format!("卷.S2 `{beginning}…` cannot be an answer to `S2` (row 1 of `卷`)"),
        ]
    );
    assert_eq!(told(1), ["卷.S2 `Ｅ` cannot be an answer to `S2` (row 2 of `卷`)"]);
    let problem = run.outcome(1).problem("卷.S2").unwrap();
    assert_eq!(problem.message.zh, "`Ｅ` 不是 `S2` 可能的答案（`卷` 第 2 行）");
    // the part waits for the first of them
    assert_eq!(run.outcome(0).problem("卷.单选").unwrap().blocked_by.as_deref(), Some("卷.S1"));
}

#[test]
fn a_mark_that_the_plan_does_not_ask_for_is_refused_and_what_it_asks_is_told() {
    let plan =
        "    plan: [{ rated: 员工, raters: [上级, 本人] }, { rated: 员工, raters: [同事, 客户], items: [协作] }]\n";
    let source = format!("{RATINGS}{plan}");
    let names = ["工号", "角色", "考评人", "服务", "协作"];
    let sheets: &[&[&str]] = &[
        &["001", "同事", "x", "", "A"],
        &["001", "同事", "y", "A", "B"],
        &["001", "上级", "z", "A", "B"],
        &["001", "客户", "u", "Z", ""],
    ];
    assert_eq!(refused(&source, rows(&names, sheets)), (Code::SheetMarks, vec!["2".to_owned(), "4".to_owned()]));
    let texts: &[&[&str]] = &[&["001", "同事", "A"], &["001", "同事", "AB"], &["001", "上级", "A"]];
    let refused_texts = refused(&source, rows(&["工号", "角色", "评分"], texts));
    assert_eq!(refused_texts, (Code::SheetMarks, vec!["2".to_owned(), "3".to_owned()]));
    let texts: &[&[&str]] = &[
        &["001", "同事", "A"],
        &["001", "同事", "B"],
        &["001", "同事", "B"],
        &["001", "客户", "C"],
        &["001", "上级", "AB"],
    ];
    let run = scored(&source, rows(&["工号", "角色", "评分"], texts)).unwrap();
    assert_eq!(run.outcome(0).get("测评.同事").unwrap().to_string(), "80");
    let why = run.explain(0, Some("测评.同事")).unwrap();
    let told = why.to_text(Language::English);
    for role in ["同事", "客户"] {
        let wanted = format!("the plan asks {role} for 协作 alone, which stand for the whole sheet");
        assert!(told.contains(&wanted), "{told}");
    }
    assert!(why.to_json().contains("\"asked\""), "{}", why.to_json());
    let whole = run.explain(0, Some("测评.上级")).unwrap().to_text(Language::English);
    assert!(!whole.contains("the plan asks"), "{whole}");
}

/// A column of marks in which rows are empty comes from some hosts as one of floats.
#[test]
fn marks_in_one_text_may_be_numbers() {
    let source = RATINGS.replace("scale: { A: 100%, B: 80%, C: 60% }", "stars: 5");
    let columns = vec![
        ("工号", vec![Cell::from("001"), Cell::from("001"), Cell::from("002")]),
        ("角色", vec![Cell::from("上级"), Cell::from("本人"), Cell::from("上级")]),
        ("评分", vec![Cell::from(54.0), Cell::from(f64::NAN), Cell::from(33)]),
    ];
    let run = scored(&source, Table::of_columns(columns)).unwrap();
    assert_eq!(run.outcome(0).get("测评.上级").unwrap().to_string(), "92");
    assert_eq!(run.outcome(1).get("测评.上级").unwrap().to_string(), "60");
    assert_eq!(run.outcome(0).problem("测评.服务").unwrap().code, Code::CellMissing);
}

#[test]
fn marks_by_item_and_in_one_text_are_the_same() {
    let sheets: &[(&str, &str, [&str; 2])] = &[
        ("001", "上级", ["A", "B"]),
        ("001", "同事", ["Ｂ", " C"]),
        ("001", "同事", ["C", "C"]),
        ("001", "同事", ["A", "A"]),
    ];
    let by_item = sheets
        .iter()
        .map(|(key, role, [a, b])| Row::new().with("工号", *key).with("角色", *role).with("服务", *a).with("协作", *b));
    let in_one = sheets
        .iter()
        .map(|(key, role, [a, b])| Row::new().with("工号", *key).with("角色", *role).with("评分", format!("{a}{b}")));
    let figures = |table: Table| {
        let outcome = scored(RATINGS, table).unwrap().outcome(0);
        ["测评.上级", "测评.同事", "测评.本人"].map(|column| outcome.get(column).unwrap().to_string())
    };
    let by_item = figures(Table::of_rows(by_item.collect()));
    assert_eq!(by_item, figures(Table::of_rows(in_one.collect())));
    assert_eq!(by_item, ["92".to_owned(), "77.333333333333".to_owned(), String::new()]);
    let columns =
        vec![("工号", vec![Cell::from("001")]), ("角色", vec![Cell::from("上级")]), ("评分", vec![Cell::from("A，B")])];
    assert_eq!(figures(Table::of_columns(columns))[0], "92");
}

/// Nothing that is handed out says who gave which marks, or what a role with too few sheets came to.
#[test]
fn raters_stay_unknown_in_every_form() {
    let names = ["工号", "角色", "考评人", "评分"];
    // the only customer gave CC, 60; with three colleagues it makes four
    let sheets: &[&[&str]] = &[
        &["001", "上级", "rater-a", "AA"],
        &["001", "同事", "rater-b", "AB"],
        &["001", "同事", "rater-c", "BA"],
        &["001", "同事", "rater-e", "BB"],
        &["001", "客户", "rater-d", "CC"],
        &["001", "本人", "001", "AA"],
        &["002", "上级", "rater-a", "XB"],
        &["002", "同事", "rater-b", "BB"],
    ];
    let run = scored(RATINGS, rows(&names, sheets)).unwrap();
    let outcome = run.outcome(0);
    assert_eq!(outcome.get("测评.客户").unwrap(), kaohe::Figure::Missing);
    assert_eq!(outcome.get("测评.同事").unwrap().to_string(), "80");
    assert_eq!(run.outcome(1).problem("测评.服务").unwrap().code, Code::OffScale);
    for row in 0..2 {
        for column in [None, Some("测评"), Some("测评.同事"), Some("测评.客户"), Some("测评.服务"), Some("测评.考评人")]
        {
            let why = run.explain(row, column).unwrap();
            let told = [why.to_json(), why.to_text(Language::English), why.to_text(Language::Chinese)];
            for text in told {
                assert!(!text.contains("rater-"), "{column:?}: {text}");
                assert!(!text.contains("\"CC\"") && !text.contains("\"AB\""), "{column:?}: {text}");
            }
            assert!(why.details.is_empty(), "{column:?}");
        }
    }
    // the customer's own 60, and what the colleagues came to without him, are nowhere
    let json = run.explain(0, None).unwrap().to_json();
    assert!(!json.contains("\"60\"") && !json.contains("\"88\"") && !json.contains("\"92\""), "{json}");
    let shown: Vec<&str> = run.scheme().plan().shown.iter().map(|id| &*run.scheme().plan().column(*id).name).collect();
    assert_eq!(shown, ["工号", "测评.上级", "测评.同事", "测评.客户", "测评.本人", "测评"]);
    for (column, cell) in outcome.figures() {
        assert!(!cell.to_string().contains("rater"), "{column}");
    }
}

#[test]
fn sheets_that_would_give_a_role_away_are_told_by_their_number_alone() {
    let names = ["工号", "角色", "考评人", "评分"];
    // three are enough in number, but the customer would read off what the two colleagues gave
    let sheets: &[&[&str]] = &[
        &["001", "上级", "rater-a", "AA"],
        &["001", "同事", "rater-b", "AB"],
        &["001", "同事", "rater-c", "BA"],
        &["001", "客户", "rater-d", "CC"],
    ];
    let run = scored(RATINGS, rows(&names, sheets)).unwrap();
    assert_eq!(run.outcome(0).get("测评.同事").unwrap(), kaohe::Figure::Missing);
    assert_eq!(run.outcome(0).problem("测评").unwrap().code, Code::TooFewSheets);
    let why = run.explain(0, Some("测评.同事")).unwrap();
    let text = why.to_text(Language::English);
    assert!(text.contains("3 sheets with those merged into it, and they would give away a role too small"), "{text}");
    assert!(!why.to_json().contains("\"80\""), "{text}");
}

#[test]
fn nobody_rates_himself_when_one_person_is_scored_alone_either() {
    let scheme = Scheme::parse(RATINGS).unwrap();
    let score = |sheets: &[&[&str]]| {
        let row = Row::new().with("工号", "001");
        let data = Data::person(row).detail("测评", rows(&["角色", "考评人", "评分"], sheets));
        scheme.score(data, Options::default())
    };
    let code = |run: Result<Run, Stop>| match run {
        Err(Stop::Data(error)) => (error.code, error.offenders),
        other => panic!("{other:?}"),
    };
    let one = |code, offender: &str| (code, vec![offender.to_owned()]);
    assert_eq!(code(score(&[&["上级", "b", "AA"], &["同事", " 001", "AA"]])), one(Code::SelfRating, "2"));
    assert_eq!(code(score(&[&["本人", "002", "AA"]])), one(Code::SelfRating, "1"));
    assert_eq!(code(score(&[&["本人", "", "AA"], &["本人", "001", "AA"]])), one(Code::DetailTwice, "001"));
    assert!(score(&[&["本人", "001", "AA"], &["上级", "002", "AA"]]).is_ok());
}

#[test]
fn raters_are_named_by_text_or_by_whole_numbers() {
    let of = |raters: &[Cell]| {
        let row = |rater: &Cell| {
            let row = Row::new().with("工号", "7").with("角色", "同事").with("评分", "AA");
            row.with("考评人", rater.clone())
        };
        let scheme = Scheme::parse(RATINGS).unwrap();
        let people = rows(&["工号"], &[&["7"]]);
        let sheets = Table::of_rows(raters.iter().map(row).collect());
        match scheme.score(Data::of(people).detail("测评", sheets), Options::default()) {
            Err(Stop::Data(error)) => Some((error.code, error.offenders, error.help.unwrap().en)),
            other => {
                other.unwrap();
                None
            }
        }
    };
    let text = |text: &str| Cell::Text(text.to_owned());
    // a column of ids with a gap, as data frames have it
    assert_eq!(of(&[Cell::Float(1.0), Cell::Float(2.0), Cell::Float(f64::NAN), Cell::Missing]), None);
    let (code, _, help) = of(&[Cell::Float(1.0), text(" 1 ")]).unwrap();
    assert_eq!((code, help.contains("unique")), (Code::DetailTwice, false));
    assert_eq!(of(&[Cell::Integer(1), Cell::Decimal(1.into())]).unwrap().0, Code::DetailTwice);
    assert_eq!(of(&[text("1"), Cell::Float(7.0)]).unwrap().0, Code::SelfRating);
    let (code, offenders, _) = of(&[text("b"), Cell::Float(1.5), Cell::Truth(true)]).unwrap();
    assert_eq!((code, offenders), (Code::WrongType, vec!["2".to_owned(), "3".to_owned()]));
}
