//! `kaohe test`: the worked examples of a scheme, difference by difference.

use kaohe::cases::{Difference, Verdict};
use kaohe::coverage::Coverage;
use kaohe_grammar::say;

use super::{CLEAN, ERRORS, Failure, read_scheme};
use crate::arguments::Test;
use crate::language::Language;
use crate::output::terminal::View;

pub(super) fn run(test: &Test, language: Language) -> Result<u8, Failure> {
    let scheme = read_scheme(&test.scheme, None, language)?;
    let (results, coverage) = scheme.run_cases_with_coverage();
    let (mut passed, mut failed, mut figures) = (0, 0, 0);
    for result in &results {
        match &result.verdict {
            Verdict::Passed(count) => {
                passed += 1;
                figures += count;
            }
            Verdict::Failed(differences) => {
                failed += 1;
                match language {
                    Language::English => put_line!("failed: {}", result.name),
                    Language::Chinese => put_line!("不符：{}", result.name),
                }
                for difference in differences {
                    put_line!("  {}", told(difference, language));
                }
            }
        }
    }
    match language {
        Language::English => put_line!("{passed} cases passed ({figures} figures), {failed} failed"),
        Language::Chinese => put_line!("通过 {passed} 例（{figures} 个数），不符 {failed} 例"),
    }
    if coverage.cases > 0 {
        tell_coverage(&coverage, &test.scheme.display().to_string(), language);
    }
    Ok(if failed == 0 { CLEAN } else { ERRORS })
}

/// What no example reaches, with its place; that is a hint to whoever writes examples, and no mistake.
fn tell_coverage(coverage: &Coverage, file: &str, language: Language) {
    let Coverage { people, total, reached, missed, .. } = coverage;
    let percent = coverage.percent();
    let head = say!(
        "{people} people reach {reached} of {total} bands, gates, branches, grades and the like ({percent} %)",
        "{people} 人次走到 {total} 处分段、门槛、分支、等级等中的 {reached} 处（{percent}%）"
    );
    let rest = if missed.is_empty() { say!("", "") } else { say!(", and not these:", "，以下未走到：") };
    put_line!("{}{}", language.of(&head), language.of(&rest));
    let shown = View::of_stdout(language).rows;
    for each in missed.iter().take(shown) {
        let place = each.location.as_ref().map(|at| format!("{file}:{}:{}", at.line, at.column));
        let (place, column, message) = (place.unwrap_or_default(), &each.column, language.of(&each.message));
        put_line!(
            "  {}",
            language.of(&say!("{place}  {column}: {message}", "{place}  {column}：{message}")).trim_start()
        );
    }
    if missed.len() > shown {
        let more = missed.len() - shown;
        put_line!("{}", language.of(&say!("  … and {more} more", "  ……另有 {more} 处")));
    }
}

/// One figure that is not as expected, with the key of whose it is where an example has several people.
fn told(difference: &Difference, language: Language) -> String {
    let key = difference.key.iter().map(|key| &**key);
    let place: Vec<&str> = key.chain([&*difference.column]).filter(|part| !part.is_empty()).collect();
    let (place, expected, found) = (place.join(" "), &difference.expected, language.of(&difference.found));
    match (language, expected.is_empty()) {
        (Language::English, false) => format!("{place}: expected {expected}, found {found}"),
        (Language::English, true) => format!("{place}: {found}"),
        (Language::Chinese, false) => format!("{place}：应为 {expected}，实为 {found}"),
        (Language::Chinese, true) => format!("{place}：{found}"),
    }
}
