//! A run of a command: one scheme, its facts, every processor, and a bar when it takes long.

use std::ops::ControlFlow;
use std::thread;

use kaohe::code::Code;
use kaohe::plan::DetailKind;
use kaohe::run::Progress as Done;
use kaohe::{DataError, Options, Run, Scheme, Stop};
use kaohe_grammar::say;

use super::Failure;
use super::facts::{Facts, Unreadable};
use crate::language::Language;
use crate::output::progress::Progress;

/// Scores people together; what could not be read goes along, because only the files know why.
pub(super) fn scored(scheme: &Scheme, facts: Facts, language: Language) -> Result<(Run, Unreadable), Failure> {
    let Facts { data, unreadable } = facts;
    let mut bar = Progress::new(language);
    let mut progress = |Done { done, total }: Done| {
        bar.reach(done, total);
        ControlFlow::Continue(())
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let run = scheme.score(data, Options::threads(threads).with_progress(&mut progress));
    bar.finish();
    match run {
        Ok(run) => Ok((run, unreadable)),
        Err(Stop::Data(error)) => Err(refused(scheme, error)),
        Err(stop @ Stop::Stopped) => Err(Failure::new(None, say!("{stop}", "计算已中止"), None, super::ERRORS)),
    }
}

/// What the core refuses, in the words of the command line: a table or value that is not given is an option that lacks.
fn refused(scheme: &Scheme, mut error: DataError) -> Failure {
    let (option, en, zh) = match error.code {
        Code::TableMissing => return tables_missing(scheme, error),
        Code::GivenMissing => ("--given", "VALUE", "值"),
        _ => return error.into(),
    };
    let each = |what: &str| {
        let each: Vec<String> = error.offenders.iter().map(|name| format!("`{option} {name}={what}`")).collect();
        each.join(" ")
    };
    let (en, zh) = (each(en), each(zh));
    error.help = Some(say!("give {en}", "请给出 {zh}"));
    Failure::from(error).usage()
}

/// Tables that are not given, each with the option that brings it.
fn tables_missing(scheme: &Scheme, mut error: DataError) -> Failure {
    let option = |name: &str| {
        let kind = scheme.plan().detail_named(name).map(|id| scheme.plan().detail(id).kind).unwrap_or_default();
        if kind == DetailKind::Rows {
            "--detail"
        } else if kind == DetailKind::Answers {
            "--answers"
        } else {
            "--ratings"
        }
    };
    let each = |what: &str| {
        let each = error.offenders.iter().map(|name| format!("`{} {name}={what}`", option(name)));
        each.collect::<Vec<_>>().join(" ")
    };
    let (en, zh) = (each("FILE"), each("文件"));
    error.help = Some(say!("give {en}", "请给出 {zh}"));
    Failure::from(error).usage()
}
