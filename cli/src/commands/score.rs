//! `kaohe score`: a table of people in, a table of figures out.

use super::facts::read_facts;
use super::results::Results;
use super::{CLEAN, ERRORS, Failure, read_scheme};
use crate::arguments::Score;
use crate::language::Language;
use crate::output::progress::Progress;
use crate::output::terminal::{View, render};
use crate::output::{FileKind, save};

/// Problems that are listed on the terminal; all of them are in the table.
const LISTED: usize = 20;

pub(super) fn run(score: &Score, language: Language) -> Result<u8, Failure> {
    if let Some(path) = &score.out {
        // it is better to say so before scoring than after
        FileKind::of_path(path)?;
    }
    let scheme = read_scheme(&score.scheme, Some(&score.data), language)?;
    let facts = read_facts(&scheme, &score.data, language)?;
    let mut results = Results::new(&scheme, language);
    results.summary.totals.clone_from(&facts.totals);
    let progress = Progress::new(facts.len(), language);
    for at in 0..facts.len() {
        results.add(&facts, at, &scheme.score_cells(facts.cells(at)));
        progress.advance(1);
    }
    progress.finish();
    match &score.out {
        Some(path) => save(path, &results.table, scheme.name())?,
        None => put!("{}", render(&results.shown, View::of_stdout(language))),
    }
    list_problems(&results.problems, language);
    put!("{}", results.summary.render(language));
    Ok(if results.summary.is_clean() { CLEAN } else { ERRORS })
}

fn list_problems(problems: &[String], language: Language) {
    for problem in problems.iter().take(LISTED) {
        eprintln!("{problem}");
    }
    if problems.len() > LISTED {
        let more = problems.len() - LISTED;
        match language {
            Language::English => eprintln!("… and {more} more; `--out FILE` writes all of them"),
            Language::Chinese => eprintln!("……另有 {more} 条；`--out 文件` 可写出全部"),
        }
    }
}
