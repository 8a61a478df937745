//! `kaohe check`: everything that is wrong or doubtful with a scheme.

use kaohe::Scheme;
use kaohe::diagnostic::Severity;

use super::{CLEAN, ERRORS, Failure, read_text};
use crate::arguments::Check;
use crate::language::Language;

pub(super) fn run(check: &Check, language: Language) -> Result<u8, Failure> {
    let text = read_text(&check.scheme)?;
    let file = check.scheme.display().to_string();
    let found = Scheme::check(&text);
    for each in &found {
        eprintln!("{}", each.render(Some(&file), language.into()));
    }
    let errors = found.iter().filter(|each| each.severity == Severity::Error).count();
    let warnings = found.len() - errors;
    match language {
        Language::English => put_line!("{file}: {}, {}", counted(errors, "error"), counted(warnings, "warning")),
        Language::Chinese => put_line!("{file}：{errors} 个错误，{warnings} 个警告"),
    }
    Ok(if errors == 0 { CLEAN } else { ERRORS })
}

/// `no errors`, `1 error`, `2 errors`.
fn counted(count: usize, thing: &str) -> String {
    match count {
        0 => format!("no {thing}s"),
        1 => format!("1 {thing}"),
        _ => format!("{count} {thing}s"),
    }
}
