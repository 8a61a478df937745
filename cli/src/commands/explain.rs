//! `kaohe explain`: how the figures of one person came about, among all the others.

use kaohe::Run;
use kaohe_grammar::say;

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
    let Some(row) = run.row_of(explain.row.trim()) else {
        return Err(no_such_row(&run, &explain.row));
    };
    let explanation = run.explain(row, explain.column.as_deref())?;
    match explain.format {
        Form::Text => put!("{}", explanation.to_text(language.into())),
        Form::Json => put_line!("{}", explanation.to_json()),
        Form::Markdown => return Err(Failure::not_built("--format md")),
        Form::Html => return Err(Failure::not_built("--format html")),
    }
    for (input, problem) in unreadable.of_person(run.line(row)) {
        eprint!("{input}: {}", problem.render(language));
    }
    Ok(if run.problems(row).is_empty() { CLEAN } else { ERRORS })
}

fn no_such_row(run: &Run, key: &str) -> Failure {
    let keys: Vec<String> = (0..run.rows()).map(|row| run.key(row)).collect();
    let near = kaohe::document::suggest::nearest(key, keys.iter().map(String::as_str));
    let help = near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？"));
    Failure::new(
        Some(kaohe::code::Code::RowUnknown.id().to_owned()),
        say!("no row has the key `{key}`", "没有键为 `{key}` 的行"),
        help,
        ERRORS,
    )
}
