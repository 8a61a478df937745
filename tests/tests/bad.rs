//! What the checker says to each bad scheme, in both languages, exactly; `KAOHE_BLESS=1` writes it anew.

use std::fmt::Write as _;
use std::{env, fs};

use kaohe::Scheme;
use kaohe::diagnostic::{Diagnostic, Language, Severity};
use kaohe_tests::tables::{files, report, stem};

/// Bad schemes that are not told what they should be yet, and what that is; one that is told leaves the list.
const AWAITED: &[(&str, &str)] = &[];

/// How many errors a scheme announces: `(2 errors)` on its first line, otherwise one.
fn announced(source: &str) -> usize {
    let first = source.lines().next().unwrap_or("");
    let count = first.split_once(" errors)").and_then(|(before, _)| before.rsplit('(').next()?.parse().ok());
    count.unwrap_or(1)
}

/// Everything that is said, English first.
fn told(file: &str, found: &[Diagnostic]) -> String {
    let mut text = String::new();
    for (title, language) in [("English", Language::English), ("中文", Language::Chinese)] {
        let _ = writeln!(text, "== {title} ==\n");
        for each in found {
            let _ = writeln!(text, "{}", each.render(Some(file), language));
        }
    }
    text
}

/// What is wrong with what is said, apart from its wording.
fn flaws(source: &str, found: &[Diagnostic]) -> Vec<String> {
    let mut flaws = Vec::new();
    let warning = source.lines().next().is_some_and(|line| line.contains("warning"));
    let errors = found.iter().filter(|each| each.severity == Severity::Error).count();
    match (warning, errors) {
        (true, 0) if found.is_empty() => flaws.push("has no warning".to_owned()),
        (true, 0) => {}
        (true, _) => flaws.push("has errors; its first line announces a warning".to_owned()),
        (false, 0) => flaws.push("has no error".to_owned()),
        (false, _) if errors == announced(source) => {}
        (false, _) => flaws.push(format!("has {errors} errors for {} mistakes", announced(source))),
    }
    for each in found {
        let code = each.code.id();
        if each.location.is_none() {
            flaws.push(format!("{code} has no place"));
        }
        for (language, text) in [("en", &each.message.en), ("zh", &each.message.zh)] {
            if text.ends_with(['.', '。']) || text.trim().is_empty() {
                flaws.push(format!("{code} in {language} is no sentence without a full stop: {text}"));
            }
        }
        for rust in ["Some(", "None", "Option<", "Err(", "::", "String "] {
            if each.message.en.contains(rust) || each.message.zh.contains(rust) {
                flaws.push(format!("{code} speaks of `{rust}`"));
            }
        }
        if code == "K0099" {
            flaws.push("is a mistake of the library itself".to_owned());
        }
    }
    flaws
}

#[test]
fn every_bad_scheme_is_told_what_is_wrong() {
    let bless = env::var_os("KAOHE_BLESS").is_some();
    let mut failures = Vec::new();
    let paths = files("bad", "yaml");
    for path in &paths {
        let name = stem(path);
        let source = fs::read_to_string(path).unwrap();
        let found = Scheme::check(&source);
        let flaws = flaws(&source, &found);
        if AWAITED.iter().any(|(awaited, _)| *awaited == name) {
            if flaws.is_empty() {
                failures.push(format!("{name}: is told what it should be now; it is awaited no more"));
            }
            continue;
        }
        failures.extend(flaws.into_iter().map(|flaw| format!("{name}: {flaw}")));
        let got = told(&format!("{name}.yaml"), &found);
        let golden = path.with_extension("txt");
        if bless {
            fs::write(&golden, got).unwrap();
            continue;
        }
        match fs::read_to_string(&golden) {
            Ok(want) if want == got => {}
            Ok(want) => failures.push(format!("{name}: says another thing now\n--- stored\n{want}\n--- now\n{got}")),
            Err(error) => failures.push(format!("{name}.txt: {error}")),
        }
    }
    for golden in files("bad", "txt") {
        let name = stem(&golden);
        if !golden.with_extension("yaml").exists() || AWAITED.iter().any(|(awaited, _)| *awaited == name) {
            failures.push(format!("{name}.txt belongs to no scheme"));
        }
    }
    report(paths.len(), &failures);
}
