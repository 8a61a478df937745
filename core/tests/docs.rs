//! Every example of `docs/language.md` is run.
//!
//! A block ```` ```kaohe ```` has formulas, each with `# => ` and what comes out: a figure, `missing`, or the code of
//! what is wrong. A line `with a = 1, b = 高级` gives the facts for the formulas below it; what looks like a date is one,
//! and a fact that is `missing` may be. A block ```` ```yaml ```` is a
//! whole scheme, well formatted, whose worked examples hold; after ```` ```yaml wrong K0601 ```` it has that mistake.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::path::Path;

use kaohe::cases::Verdict;
use kaohe::date::Date;
use kaohe::diagnostic::Severity;
use kaohe::{Cell, Figure, Formula, Row, Scheme, format};

/// A fenced block: the line it begins in, what follows the fence, and its text.
struct Block {
    line: usize,
    kind: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/language.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (mut blocks, mut open) = (Vec::new(), None::<Block>);
    for (at, line) in document.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(kind), None) => open = Some(Block { line: at + 1, kind: kind.to_owned(), text: String::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// What a formula gives, as the page writes it.
fn answer(formula: &str, row: &Row, declared: &[(&str, &str)]) -> String {
    let formula = match Formula::typed(formula, declared) {
        Ok(formula) => formula,
        Err(error) => return error.diagnostics()[0].code.id().to_owned(),
    };
    match formula.evaluate(row).unwrap() {
        Ok(Figure::Missing) => "missing".to_owned(),
        Ok(figure) => figure.to_string(),
        Err(problem) => problem.code.id().to_owned(),
    }
}

#[test]
fn every_formula_gives_what_the_page_says() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for block in blocks().into_iter().filter(|block| block.kind == "kaohe") {
        let (mut row, mut declared) = (Row::new(), Vec::new());
        for (at, line) in block.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            if let Some(facts) = line.strip_prefix("with ") {
                (row, declared) = (Row::new(), Vec::new());
                for fact in facts.split(", ") {
                    let (name, value) = fact.split_once(" = ").unwrap();
                    row.set(name, if value == "missing" { Cell::Missing } else { Cell::from(value) });
                    if value == "missing" {
                        declared.push((name, "{ type: number, missing: allow }"));
                    } else if Date::parse(value).is_ok() {
                        declared.push((name, "date"));
                    }
                }
                continue;
            }
            let place = block.line + at + 1;
            let Some((formula, wanted)) = line.split_once("# =>") else { panic!("line {place} has no `# =>`") };
            // A note may follow in brackets.
            let wanted = wanted.split(" (").next().unwrap().trim();
            let found = answer(formula.trim(), &row, &declared);
            count += 1;
            if found != wanted {
                wrong.push(format!("line {place}: `{}` gives {found}, not {wanted}", formula.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 60, "only {count} formulas");
}

#[test]
fn every_scheme_does_what_the_page_says() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for block in blocks().into_iter().filter(|block| block.kind == "yaml") {
        count += 1;
        let mut fail = |what: String| wrong.push(format!("the scheme in line {}: {what}", block.line));
        let scheme = match Scheme::parse(&block.text) {
            Ok(scheme) => scheme,
            Err(error) => {
                fail(error.to_string());
                continue;
            }
        };
        for warning in scheme.warnings() {
            fail(warning.message.en.clone());
        }
        let cases = scheme.run_cases();
        if cases.is_empty() {
            fail("has no worked example".to_owned());
        }
        for case in cases {
            if !matches!(case.verdict, Verdict::Passed(figures) if figures > 0) {
                fail(format!("{case:?}"));
            }
        }
        match format(&block.text) {
            Ok(text) if text == block.text => {}
            Ok(text) => fail(format!("is not formatted:\n{text}")),
            Err(error) => fail(error.to_string()),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 8, "only {count} schemes");
}

#[test]
fn every_mistake_is_the_one_the_page_names() {
    let mut count = 0;
    for block in blocks() {
        let Some(code) = block.kind.strip_prefix("yaml wrong ") else { continue };
        let found = Scheme::check(&block.text);
        let errors: Vec<&str> =
            found.iter().filter(|found| found.severity == Severity::Error).map(|found| found.code.id()).collect();
        assert_eq!(errors, [code], "the scheme in line {}: {found:?}", block.line);
        count += 1;
    }
    assert!(count > 2, "only {count} mistakes");
}

#[test]
fn every_block_is_of_a_kind_that_is_run() {
    for block in blocks() {
        let kind = block.kind.as_str();
        assert!(
            matches!(kind, "kaohe" | "yaml" | "console") || kind.starts_with("yaml wrong "),
            "the block in line {} is a `{kind}`",
            block.line
        );
    }
}
