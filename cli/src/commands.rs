//! What each command does.

use std::process::ExitCode;

use kaohe_grammar::say;

use crate::{
    arguments::{Arguments, Command},
    language::Language,
};

/// Everything is as it should be.
pub const CLEAN: u8 = 0;
/// The scheme or some rows have errors, or figures are provisional.
pub const ERRORS: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;

/// Carries out a command and says how it went: 0, 1 for errors in scheme or data, 2 for the command line.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let language = arguments.language();
    ExitCode::from(match &arguments.command {
        Command::Check(_) => not_built_yet("check", language),
        Command::Score(_) => not_built_yet("score", language),
        Command::Explain(_) => not_built_yet("explain", language),
        Command::Test(_) => not_built_yet("test", language),
        Command::Fmt(_) => not_built_yet("fmt", language),
        Command::Compare(_) => not_built_yet("compare", language),
        Command::Schema => not_built_yet("schema", language),
    })
}

fn not_built_yet(command: &str, language: Language) -> u8 {
    let message = say!("`kaohe {command}` is not built yet", "`kaohe {command}` 尚未实现");
    eprintln!("{}", language.of(&message));
    ERRORS
}
