//! `kaohe explain`: how the figures of one person came about, among all the others.

use super::facts::facts;
use super::files::Files;
use super::population::scored;
use super::{CLEAN, ERRORS, Failure, names, read_scheme};
use crate::arguments::{Explain, Form};
use crate::language::Language;

pub(super) fn run(explain: &Explain, language: Language) -> Result<u8, Failure> {
    let scheme = read_scheme(&explain.scheme, Some(&explain.data), language)?;
    names::check(&[&scheme], &explain.data)?;
    let files = Files::read(&[&scheme], &explain.data, language)?;
    let facts = facts(&scheme, &files, &explain.data)?;
    drop(files);
    let (run, unreadable) = scored(&scheme, facts, language)?;
    let row = run.row_named(explain.row.trim())?;
    let explanation = run.explain(row, explain.column.as_deref())?;
    match explain.format {
        Form::Text => put!("{}", explanation.to_text(language.into())),
        Form::Json => put_line!("{}", explanation.to_json()),
        Form::Markdown => put!("{}", explanation.to_markdown(language.into())),
        Form::Html => put!("{}", explanation.to_html(language.into())),
    }
    for (input, problem) in unreadable.of_person(run.line(row)) {
        eprint!("{input}: {}", problem.render(language));
    }
    Ok(if run.problems(row).is_empty() { CLEAN } else { ERRORS })
}
