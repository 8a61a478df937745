//! The examples: their own worked cases, and their people against figures worked out apart from the library.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kaohe::document::tree::{self, Node, NodeValue};
use kaohe::number::Number;
use kaohe::{Data, Options, Outcome, Row, Run, Scheme, Table};
use kaohe_tests::tables::{here, refused, report, said, said_at_the_root};

/// The values of the run that the expected figures of an example are for.
const GIVEN: &[(&str, &str, &str)] = &[("public_pool/scheme.yaml", "上期结转", "250.50")];

/// Exactly the warnings each scheme gives: its code and the underlined text. A scheme that is not here gives none.
const WARNINGS: &[(&str, &[(&str, &str)])] = &[
    // a branch without customers, a team without products, a manager without loans: none is refused, each is a fault there
    ("bank_quarter/scheme-figures.yaml", &[("K0704", "客户数")]),
    ("bank_quarter/scheme-full.yaml", &[("K0704", "客户数")]),
    ("bank_quarter/scheme.yaml", &[("K0704", "客户数")]),
    ("product_contribution/scheme.yaml", &[("K0704", "group_avg(折算合计)")]),
    ("risk_adjusted_profit/scheme.yaml", &[("K0704", "平均资本")]),
];

#[test]
fn an_example_gives_the_warnings_it_is_known_for() {
    let mut failures = Vec::new();
    let mut count = 0;
    for (name, _, scheme) in schemes() {
        let given: Vec<(&str, &str)> = scheme
            .warnings()
            .iter()
            .map(|found| (found.code.id(), found.location.as_ref().map_or("", |place| place.underlined.as_str())))
            .collect();
        let known = WARNINGS.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, warnings)| warnings);
        count += 1;
        if given != known {
            failures.push(format!("    (\"{name}\", &{given:?}),"));
        }
    }
    report(count, &failures);
}

/// Every scheme of the examples: its name, its folder, and it itself.
fn schemes() -> Vec<(String, PathBuf, Scheme)> {
    let mut found = Vec::new();
    let folder = here().join("../examples");
    for entry in fs::read_dir(&folder).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(files) = fs::read_dir(&folder) else { continue };
        for file in files {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with("scheme") || !name.ends_with(".yaml") {
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let name = format!("{}/{name}", folder.file_name().unwrap().to_string_lossy());
            let scheme = Scheme::parse(&source).unwrap_or_else(|error| panic!("{name}:\n{}", refused(&error)));
            found.push((name, folder.clone(), scheme));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Whether a figure is what was expected: the same text, or the same number written with other zeros.
fn agrees(outcome: &Outcome, column: &str, want: &str) -> bool {
    let got = said(outcome, column);
    if got == want || got == format!("fault {want}") || said_at_the_root(outcome, column) == format!("fault {want}") {
        return true;
    }
    let same_number = matches!((Number::parse(&got), Number::parse(want)), (Ok(got), Ok(want)) if got == want);
    same_number || (want == "是" && got == "true") || (want == "否" && got == "false")
}

/// A row of cells as a file has them: `3.6%` is read as 0.036 where files are read, as the library takes decimals alone.
fn person<'c>(cells: impl Iterator<Item = (&'c str, &'c str)>) -> Row {
    cells.fold(Row::new(), |row, (name, cell)| {
        let percent = cell.strip_suffix('%').and_then(|digits| Number::parse(digits).ok());
        let number = percent.map(|number| number.multiply(&Number::from_parts(1, 2)).to_string());
        row.with(name, number.unwrap_or_else(|| cell.to_owned()))
    })
}

/// The words of the expected tables for what is wrong with a cell.
const CAUSES: &[(&str, &str)] = &[
    ("missing", "K0901"),
    ("division_by_zero", "K0902"),
    ("out_of_range", "K0903"),
    ("not_whole", "K0904"),
    ("no_choice", "K0907"),
    ("weights", "K0917"),
    ("no_answer", "K0940"),
    ("no_mark", "K0941"),
    ("too_few", "K0942"),
];

/// Columns of the expected tables that are no columns of the scheme: what is wrong, and who is left out of the group.
const BESIDE: &[&str] = &["fault", "left_out"];

/// The text of a value; empty for a map or list.
fn text(node: &Node) -> &str {
    node.scalar().map_or("", |scalar| scalar.text.as_str())
}

/// The keys of a map.
fn names(map: Option<&Node>) -> impl Iterator<Item = &str> + Clone {
    let entries = match map.map(|map| &map.value) {
        Some(NodeValue::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    entries.iter().map(|entry| entry.key.text.as_str())
}

/// The entries of a map.
fn entries(map: Option<&Node>) -> impl Iterator<Item = (&str, &Node)> {
    let entries = match map.map(|map| &map.value) {
        Some(NodeValue::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    entries.iter().map(|entry| (entry.key.text.as_str(), &entry.value))
}

/// The columns a scheme declares for a detail table.
fn declared<'n>(scheme: &'n Node, detail: &str) -> impl Iterator<Item = &'n str> + Clone {
    names(scheme.get("details").and_then(|details| details.get(detail)?.get("columns")))
}

/// The texts of a map.
fn texts(node: &Node) -> Vec<(&str, &str)> {
    match &node.value {
        NodeValue::Map(entries) => entries
            .iter()
            .filter_map(|entry| Some((entry.key.text.as_str(), entry.value.scalar()?.text.as_str())))
            .collect(),
        NodeValue::Scalar(_) | NodeValue::List(_) => Vec::new(),
    }
}

/// The rows of a list as a table with these columns: maps from name to fact, or a list of names with lists of facts.
/// What an example does not say is missing.
fn rows<'n>(list: &Node, columns: impl Iterator<Item = &'n str> + Clone) -> Table {
    let parts = |node: &Node| match &node.value {
        NodeValue::List(parts) => parts.clone(),
        NodeValue::Map(_) | NodeValue::Scalar(_) => Vec::new(),
    };
    let whole = |facts: Vec<(&str, &str)>| person(columns.clone().map(|name| (name, "")).chain(facts));
    let (Some(names), Some(values)) = (list.get("columns"), list.get("values")) else {
        return Table::of_rows(parts(list).iter().map(|row| whole(texts(row))).collect());
    };
    let (names, values) = (parts(names), parts(values));
    let row = |values: &Node| {
        let values = parts(values);
        whole(names.iter().map(text).zip(values.iter().map(text)).collect())
    };
    Table::of_rows(values.iter().map(row).collect())
}

/// The sheets of raters of one person: by role the marks of each.
fn sheets_of(by_role: &Node) -> Table {
    let of_role = entries(Some(by_role)).flat_map(|(role, sheets)| {
        let NodeValue::List(sheets) = &sheets.value else { panic!("{role}: no list of sheets") };
        sheets.iter().map(move |marks| Row::new().with("角色", role).with("评分", text(marks)))
    });
    Table::of_rows(of_role.collect())
}

/// What a scheme makes of people with their detail rows.
fn run(scheme: &Scheme, data: Data) -> Run {
    scheme.score(data, Options::default()).unwrap_or_else(|stop| panic!("{}: {stop}", scheme.name()))
}

#[test]
fn every_worked_case_of_a_scheme_comes_out() {
    let (mut count, mut failures) = (0, Vec::new());
    for (name, _, scheme) in schemes() {
        let root = tree::read(scheme.source()).root.unwrap();
        let Some(NodeValue::List(cases)) = root.get("cases").map(|cases| &cases.value) else { continue };
        for case in cases {
            let title = case.get("name").and_then(Node::scalar).map_or("", |name| &name.text);
            let expect = case.get("expect").unwrap_or_else(|| panic!("{name}: {title}: no `expect`"));
            let mut data = match (case.get("row"), case.get("rows")) {
                (Some(row), None) => Data::person(person(texts(row).into_iter())),
                (None, Some(people)) => Data::of(rows(people, scheme.inputs().iter().map(|input| &*input.name))),
                _ => panic!("{name}: {title}: one of `row` and `rows`"),
            };
            // a table that an example does not mention has no rows
            for detail in names(root.get("details")) {
                let listed = case.get("details").and_then(|details| details.get(detail));
                let listed =
                    listed.map_or_else(|| Table::of_rows(Vec::new()), |list| rows(list, declared(&root, detail)));
                data = data.detail(detail, listed);
            }
            for (exam, sheets) in entries(case.get("answers")) {
                let one = [person(texts(sheets).into_iter())];
                let sheets = match &sheets.value {
                    NodeValue::Map(_) => Table::of_rows(one.to_vec()),
                    _ => rows(sheets, std::iter::empty()),
                };
                data = data.detail(exam, sheets);
            }
            for (appraisal, sheets) in entries(case.get("ratings")) {
                data = data.detail(appraisal, sheets_of(sheets));
            }
            // so has an exam that nobody is said to have sat, and an appraisal in which nobody has rated
            for (section, of_case) in [("exams", "answers"), ("ratings", "ratings")] {
                let given = |name: &str| case.get(of_case).and_then(|all| all.get(name)).is_some();
                for name in names(root.get(section)).filter(|name| !given(name)) {
                    data = data.detail(name, Table::of_rows(Vec::new()));
                }
            }
            let run = run(&scheme, data);
            let expected = match (case.get("row"), &expect.value) {
                (None, NodeValue::Map(people)) => {
                    people.iter().map(|each| (run.row_of(&each.key.text).unwrap(), texts(&each.value))).collect()
                }
                _ => vec![(0, texts(expect))],
            };
            for (row, figures) in expected {
                assert!(!figures.is_empty(), "{name}: {title} expects nothing");
                let outcome = run.outcome(row);
                for (column, want) in figures {
                    count += 1;
                    if !agrees(&outcome, column, want) {
                        let (key, got) = (run.key(row), said(&outcome, column));
                        failures.push(format!("{name}: {title}: {key}: {column} is {got}, not {want}"));
                    }
                }
            }
        }
    }
    report(count, &failures);
    assert!(count > 300, "only {count} figures");
}

/// A table as maps from header to cell.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A table as rows of facts.
fn facts(path: &Path) -> Table {
    let row = |facts: BTreeMap<String, String>| person(facts.iter().map(|(name, cell)| (&**name, &**cell)));
    Table::of_rows(table(path).into_iter().map(row).collect())
}

#[test]
fn every_person_of_an_example_comes_out() {
    let (mut count, mut failures) = (0, Vec::new());
    for (name, folder, scheme) in schemes() {
        // `scheme-month.yaml` has `staff-month.csv` and `expected-month.csv`
        let which = name.split_once("/scheme").and_then(|(_, rest)| rest.strip_suffix(".yaml")).unwrap();
        let (staff, expected) = (folder.join(format!("staff{which}.csv")), folder.join(format!("expected{which}.csv")));
        if !expected.exists() {
            continue;
        }
        let mut data = Data::of(facts(&staff));
        let root = tree::read(scheme.source()).root.unwrap();
        for detail in names(root.get("details")).chain(names(root.get("exams"))).chain(names(root.get("ratings"))) {
            data = data.detail(detail, facts(&folder.join(format!("{detail}.csv"))));
        }
        for (_, given, value) in GIVEN.iter().filter(|(of, ..)| *of == name) {
            data = data.given(given, *value);
        }
        let run = run(&scheme, data);
        let key = scheme.key().unwrap().name.to_string();
        let wanted = table(&expected);
        assert_eq!(wanted.len(), run.rows(), "{name}: as many people as are expected");
        for wanted in wanted {
            let whose = &wanted[&key];
            let Some(row) = run.row_of(whose) else {
                failures.push(format!("{name}: {whose} is not among the staff"));
                continue;
            };
            let outcome = run.outcome(row);
            for (column, want) in wanted.iter().filter(|(name, _)| **name != key && !BESIDE.contains(&name.as_str())) {
                count += 1;
                let got = outcome.get(column).map(|figure| figure.to_string());
                if got.as_ref() != Some(want) {
                    failures.push(format!("{name}: {whose}: {column} is {got:?}, not {want}"));
                }
            }
            // the fault says which cells are empty, and by which code at the root
            let mut fault = wanted.get("fault").cloned().unwrap_or_default();
            for (word, code) in CAUSES {
                fault = fault.replace(&format!(": {word}"), &format!(":{code}"));
            }
            let problems = outcome.problems();
            let roots = problems.iter().filter(|problem| problem.blocked_by.is_none() && problem.left_out.is_empty());
            let roots: Vec<String> = roots.map(|problem| format!("{}:{}", problem.column, problem.code.id())).collect();
            if roots.join(" ") != fault {
                failures.push(format!("{name}: {whose}: the faults are `{}`, not `{fault}`", roots.join(" ")));
            }
            // whoever could not be placed makes the figures of the others provisional
            let absent = wanted.get("left_out").cloned().unwrap_or_default();
            let left_out: BTreeSet<&str> =
                problems.iter().flat_map(|problem| &problem.left_out).map(String::as_str).collect();
            let left_out: Vec<&str> = left_out.into_iter().collect();
            if left_out.join(" ") != absent {
                failures.push(format!("{name}: {whose}: left out are `{}`, not `{absent}`", left_out.join(" ")));
            }
        }
    }
    report(count, &failures);
    assert!(count > 2_000, "only {count} figures");
}

#[test]
fn the_bank_example_comes_to_what_was_worked_out_by_hand() {
    let text = fs::read_to_string(here().join("cases/worked/bank_quarter.json")).unwrap();
    let worked: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (inputs, expected) = (&worked["inputs"], &worked["expected"]);
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let row = [
        ("基数", &inputs["base"]),
        ("增量计划", &inputs["plan"]),
        ("应收利息", &inputs["interest_due"]),
        ("实收利息", &inputs["interest_collected"]),
        ("不良贷款", &inputs["npl"]),
        ("贷款余额", &inputs["loans"]),
        ("满意度", &inputs["satisfaction"]),
        ("投诉次数", &inputs["complaints"]),
        ("客户数", &inputs["customers"]),
        ("流失率", &inputs["churn"]),
        ("出勤天数", &inputs["attended"]),
        ("应出勤", &inputs["workdays"]),
        // what the full scheme works out is a fact here
        ("折算日均存款", &expected["weighted_daily_average"]),
        ("定性得分", &expected["qualitative"]),
        ("加减分值", &expected["adjustment"]),
    ];
    let row = row.into_iter().fold(Row::new().with("工号", "001"), |row, (name, cell)| row.with(name, text(cell)));
    let source = fs::read_to_string(here().join("../examples/bank_quarter/scheme-figures.yaml")).unwrap();
    let scheme = Scheme::parse(&source).unwrap();
    let outcome = scheme.score_row(&row).unwrap();
    let items = ["存款增量", "收息", "不良", "满意", "投诉", "流失", "出勤"];
    let mut wanted: Vec<(&str, String)> =
        items.into_iter().zip(expected["points"].as_array().unwrap().iter().map(text)).collect();
    wanted.push(("日均增量", text(&expected["increment"])));
    wanted.push(("定量得分", text(&expected["quantitative"])));
    wanted.push(("综合得分", text(&expected["composite"])));
    wanted.push(("等级", text(&expected["grade"])));
    for (column, want) in &wanted {
        assert_eq!(said(&outcome, column), *want, "{column}");
    }
    // the rates are listed as percentages with four places
    for (column, percent) in [
        ("计划完成率", "completion_percent"),
        ("收息率", "interest_collection_percent"),
        ("不良率", "npl_percent"),
        ("投诉率", "complaint_percent"),
        ("出勤率", "attendance_percent"),
    ] {
        let rate = outcome.decimal(column).unwrap();
        let shown = Number::from_decimal(rate).multiply(&Number::from_integer(100));
        let shown = shown.round(4, kaohe::number::RoundingMode::HalfUp).to_published(Some(4)).unwrap().value;
        assert_eq!(shown.to_string(), text(&expected[percent]), "{column}");
    }
    let outcome = scheme.score_row(&row.with("重大案件", true)).unwrap();
    for (column, want) in ["综合得分", "等级"].into_iter().zip(expected["with_veto"].as_array().unwrap()) {
        assert_eq!(said(&outcome, column), text(want), "{column} with the veto");
    }
}
