//! `kaohe explain`: how the figures of one person came about.

use kaohe_grammar::say;

use super::facts::{Facts, read_facts};
use super::{CLEAN, ERRORS, Failure, read_scheme};
use crate::arguments::{Explain, Form};
use crate::language::Language;

pub(super) fn run(explain: &Explain, language: Language) -> Result<u8, Failure> {
    let scheme = read_scheme(&explain.scheme, Some(&explain.data), language)?;
    let facts = read_facts(&scheme, &explain.data, language)?;
    let Some(at) = facts.position(&explain.row) else {
        return Err(no_such_row(&facts, &explain.row));
    };
    let cells = facts.cells(at);
    let explanation = scheme.explain_cells(cells, explain.column.as_deref())?;
    match explain.format {
        Form::Text => put!("{}", explanation.to_text(language.into())),
        Form::Json => put_line!("{}", explanation.to_json()),
        Form::Markdown => return Err(Failure::not_built("--format md")),
        Form::Html => return Err(Failure::not_built("--format html")),
    }
    for (input, problem) in facts.unreadable(at) {
        eprint!("{input}: {}", problem.render(language));
    }
    Ok(if scheme.score_cells(cells).is_complete() { CLEAN } else { ERRORS })
}

fn no_such_row(facts: &Facts, key: &str) -> Failure {
    let near = kaohe::document::suggest::nearest(key, facts.keys());
    let help = near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？"));
    Failure::new(
        Some(kaohe::code::Code::RowUnknown.id().to_owned()),
        say!("no row has the key `{key}`", "没有键为 `{key}` 的行"),
        help,
        ERRORS,
    )
}
