//! Runs the case tables through the library.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;

use kaohe::cases::Verdict;
use kaohe::code::Code;
use kaohe::{Cell, Options, Scheme};
use kaohe_tests::tables::{
    FormulaCase, GroupCase, RESULT, SchemeCase, cases, exact, files, refused, report, said, said_at_the_root, stem,
};

/// What one formula gives, and what it should give where that is another thing.
fn formula_case(case: &FormulaCase) -> Result<(), String> {
    let scheme = Scheme::parse(&case.scheme()).map_err(|error| format!("was refused:\n{}", refused(&error)))?;
    let row = case.cells();
    let outcome = scheme.score_row(&row).map_err(|error| error.to_string())?;
    let (got, want) = (said_at_the_root(&outcome, RESULT), case.wanted());
    if got != want {
        return Err(format!("got {got}, want {want}"));
    }
    let Some(want) = &case.exact else { return Ok(()) };
    let cells: Vec<Cell> = scheme
        .inputs()
        .iter()
        .map(|input| case.row.get(&*input.name).map_or(Cell::Missing, |text| Cell::from(text.as_str())))
        .collect();
    let (_, trace) = scheme.trace_cells(&cells);
    let got = exact(&scheme, &trace, RESULT).map(|number| number.to_string());
    if got.as_ref() == Some(want) { Ok(()) } else { Err(format!("exactly {got:?}, want {want}")) }
}

#[test]
fn every_formula_gives_what_its_case_says() {
    let (mut failures, mut names) = (Vec::new(), HashSet::new());
    for path in files("cases/eval", "toml") {
        for case in cases::<FormulaCase>(&path) {
            let result = formula_case(&case);
            if let Err(why) = result {
                failures.push(format!("{}: {}: `{}`\n  {why}", stem(&path), case.name, case.formula));
            }
            if !names.insert(case.name.clone()) {
                failures.push(format!("{}: {}: two cases have this name", stem(&path), case.name));
            }
        }
    }
    report(names.len(), &failures);
}

#[test]
fn every_rule_gives_what_its_case_says() {
    let (mut failures, mut names) = (Vec::new(), HashSet::new());
    for path in files("cases/rules", "toml") {
        for case in cases::<SchemeCase>(&path) {
            for why in scheme_case(&case) {
                failures.push(format!("{}: {}\n  {why}", stem(&path), case.name));
            }
            if !names.insert(case.name.clone()) {
                failures.push(format!("{}: {}: two cases have this name", stem(&path), case.name));
            }
        }
    }
    report(names.len(), &failures);
}

fn scheme_case(case: &SchemeCase) -> Vec<String> {
    let scheme = match Scheme::parse(&case.scheme) {
        Ok(scheme) => scheme,
        Err(error) => return vec![format!("was refused:\n{}", refused(&error))],
    };
    let row = case.row.iter().fold(kaohe::Row::new(), |row, (name, cell)| row.with(name, cell.as_str()));
    let outcome = match scheme.score_row(&row) {
        Ok(outcome) => outcome,
        Err(error) => return vec![error.to_string()],
    };
    if case.want.is_empty() && case.fault.is_empty() {
        return vec!["a case has `want` or `fault`".to_owned()];
    }
    let faults = case.fault.iter().map(|(column, code)| (column, format!("fault {code}")));
    let wanted = case.want.iter().map(|(column, want)| (column, want.clone())).chain(faults);
    wanted
        .filter_map(|(column, want)| {
            let got = said(&outcome, column);
            (got != want).then(|| format!("{column}: got {got}, want {want}"))
        })
        .collect()
}

#[test]
fn every_group_gives_what_its_case_says() {
    let (mut failures, mut names) = (Vec::new(), HashSet::new());
    for path in files("cases/groups", "toml").into_iter().chain(files("cases/sheets", "toml")) {
        for case in cases::<GroupCase>(&path) {
            for why in group_case(&case) {
                failures.push(format!("{}: {}\n  {why}", stem(&path), case.name));
            }
            if !names.insert(case.name.clone()) {
                failures.push(format!("{}: {}: two cases have this name", stem(&path), case.name));
            }
        }
    }
    report(names.len(), &failures);
}

fn group_case(case: &GroupCase) -> Vec<String> {
    let scheme = match Scheme::parse(&case.scheme) {
        Ok(scheme) => scheme,
        Err(error) => return vec![format!("was refused:\n{}", refused(&error))],
    };
    let run = match scheme.score(case.data(), Options::default()) {
        Ok(run) => run,
        Err(stop) => return vec![stop.to_string()],
    };
    if case.want.is_empty() && case.fault.is_empty() {
        return vec!["a case has `want` or `fault`".to_owned()];
    }
    let mut failures = Vec::new();
    let keys: BTreeSet<&String> = case.want.keys().chain(case.fault.keys()).chain(case.provisional.keys()).collect();
    for key in keys {
        let Some(row) = run.row_of(key) else {
            failures.push(format!("{key}: no row has this key"));
            continue;
        };
        let outcome = run.outcome(row);
        let faults = case.fault.get(key).into_iter().flatten().map(|(column, code)| (column, format!("fault {code}")));
        let figures = case.want.get(key).into_iter().flatten().map(|(column, want)| (column, want.clone()));
        for (column, want) in figures.chain(faults) {
            let got = said(&outcome, column);
            if got != want {
                failures.push(format!("{key}: {column}: got {got}, want {want}"));
            }
        }
        let provisional = outcome.problems().into_iter().filter(|problem| problem.code == Code::Provisional);
        let got: BTreeMap<_, _> = provisional.map(|problem| (problem.column.to_string(), problem.left_out)).collect();
        let want = case.provisional.get(key).cloned().unwrap_or_default();
        if got != want {
            failures.push(format!("{key}: provisional are {got:?}, want {want:?}"));
        }
    }
    failures
}

#[test]
fn every_scheme_does_what_its_own_examples_say() {
    let (mut count, mut failures) = (0, Vec::new());
    for path in files("cases/schemes", "yaml") {
        let source = fs::read_to_string(&path).unwrap();
        let scheme = match Scheme::parse(&source) {
            Ok(scheme) => scheme,
            Err(error) => {
                failures.push(format!("{}: {}", path.display(), refused(&error)));
                continue;
            }
        };
        for case in scheme.run_cases() {
            count += 1;
            if !matches!(case.verdict, Verdict::Passed(figures) if figures > 0) {
                failures.push(format!("{}: {case:#?}", path.display()));
            }
        }
    }
    report(count, &failures);
    assert!(count > 5, "only {count} examples");
}
