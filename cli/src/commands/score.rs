//! `kaohe score`: tables of people and details in, a table of figures out.

use super::facts::facts;
use super::files::Files;
use super::population::scored;
use super::results::Results;
use super::{CLEAN, ERRORS, Failure, names, problems, read_scheme};
use crate::arguments::Score;
use crate::language::Language;
use crate::output::terminal::{View, render};
use crate::output::{FileKind, save};

pub(super) fn run(score: &Score, language: Language) -> Result<u8, Failure> {
    // it is better to say so before scoring than after
    let kind = score.out.as_deref().map(FileKind::of_path).transpose().map_err(|each| Failure::from(each).usage())?;
    let scheme = read_scheme(&score.scheme, Some(&score.data), language)?;
    names::check(&[&scheme], &score.data)?;
    let files = Files::read(&[&scheme], &score.data, language)?;
    let totals = files.totals();
    let facts = facts(&scheme, &files, &score.data)?;
    drop(files);
    let (run, unreadable) = scored(&scheme, facts, language)?;
    let results = Results::of(&run, &unreadable, totals, language);
    let summary = format!("{}{}", results.summary.render(language), results.about.render(language));
    let clean = results.summary.is_clean();
    if score.out.is_none() {
        let view = View::of_stdout(language);
        put!("{}", render(&results.shown(&run, view), view));
        if let Some(legend) = results.legend() {
            put_line!("{legend}");
        }
    }
    problems::list(&results.problems, language);
    problems::list_notes(&results.notes, language);
    if let Some(path) = &score.out {
        let written = results.written(&run);
        // as data the problems stand by themselves
        save(path, &if kind == Some(FileKind::Json) { written } else { written.with_problems() })?;
    }
    put!("{summary}");
    Ok(if clean { CLEAN } else { ERRORS })
}
