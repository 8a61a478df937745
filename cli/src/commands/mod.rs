//! What each command does: reads files, asks the core, writes what came out.

/// Writes to standard output; that nobody reads it any more (`| head`) is no mistake.
macro_rules! put {
    ($($text:tt)*) => { $crate::commands::put_text(&format!($($text)*)) };
}

/// The same with a line end.
macro_rules! put_line {
    ($($text:tt)*) => { $crate::commands::put_text(&format!("{}\n", format_args!($($text)*))) };
}

mod agreement;
mod check;
mod compare;
mod exam;
mod explain;
mod facts;
mod files;
mod fmt;
mod names;
mod population;
mod problems;
mod report;
mod results;
mod round;
mod score;
mod test;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use kaohe::diagnostic::Severity;
use kaohe::{DataError, Scheme};
use kaohe_grammar::{Message, say};

use crate::arguments::{Arguments, Command, Data};
use crate::language::Language;
use crate::table::Problem;

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
    let done = match &arguments.command {
        Command::Check(check) => check::run(check, language),
        Command::Score(score) => score::run(score, language),
        Command::Explain(explain) => explain::run(explain, language),
        Command::Exam(exam) => exam::run(exam, language),
        Command::Agreement(agreement) => agreement::run(agreement, language),
        Command::Report(report) => report::run(report, language),
        Command::Test(test) => test::run(test, language),
        Command::Fmt(fmt) => fmt::run(fmt, language),
        Command::Compare(compare) => compare::run(compare, language),
        Command::Round(round) => round::run(round, language),
        Command::Schema => {
            put!("{}", kaohe::json_schema::json_schema());
            Ok(CLEAN)
        }
    };
    ExitCode::from(done.unwrap_or_else(|failure| {
        eprint!("{}", failure.render(language));
        failure.exit
    }))
}

/// Why a command came to nothing.
#[derive(Debug)]
struct Failure {
    told: Vec<Told>,
    /// Text that is ready to be shown, in each language.
    ready: Message,
    exit: u8,
}

/// One thing that is wrong.
#[derive(Debug)]
struct Told {
    code: Option<String>,
    message: Message,
    help: Option<Message>,
}

impl Told {
    fn new(code: &str, message: Message, help: Option<Message>) -> Self {
        Self { code: Some(code.to_owned()), message, help }
    }
}

impl Default for Failure {
    /// A failure that nothing has been told of yet.
    fn default() -> Self {
        Self::of(Vec::new(), ERRORS)
    }
}

impl Failure {
    fn new(code: impl Into<Option<String>>, message: Message, help: Option<Message>, exit: u8) -> Self {
        Self::of(vec![Told { code: code.into(), message, help }], exit)
    }

    fn of(told: Vec<Told>, exit: u8) -> Self {
        Self { told, ready: Message::new("", ""), exit }
    }

    /// All of several failures in one; nothing when there is none.
    fn all(failures: Vec<Self>) -> Option<Self> {
        failures.into_iter().reduce(|mut one, other| {
            one.told.extend(other.told);
            one.ready.en.push_str(&other.ready.en);
            one.ready.zh.push_str(&other.ready.zh);
            Self { exit: one.exit.max(other.exit), ..one }
        })
    }

    /// The same, the command line being what is wrong.
    fn usage(self) -> Self {
        Self { exit: USAGE, ..self }
    }

    /// The same with every message put into a larger one.
    fn said(mut self, larger: impl Fn(Message) -> Message) -> Self {
        for each in &mut self.told {
            each.message = larger(std::mem::replace(&mut each.message, Message::new("", "")));
        }
        self
    }

    fn render(&self, language: Language) -> String {
        let (error, way_out) = match language {
            Language::English => ("error", "help"),
            Language::Chinese => ("错误", "建议"),
        };
        let mut out = language.of(&self.ready).to_owned();
        for Told { code, message, help } in &self.told {
            let code = code.as_ref().map_or(String::new(), |code| format!("[{code}]"));
            out.push_str(&format!("{error}{code}: {}\n", language.of(message)));
            if let Some(help) = help {
                out.push_str(&format!("  = {way_out}: {}\n", language.of(help)));
            }
        }
        out
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::new(Some(problem.code.id().to_owned()), problem.message, problem.help, ERRORS)
    }
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Self {
        let told = problems.into_iter().map(|each| Told::new(each.code.id(), each.message, each.help));
        Self::of(told.collect(), ERRORS)
    }
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        Self::new(Some(error.code.id().to_owned()), error.message, error.help, ERRORS)
    }
}

fn put_text(text: &str) {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => eprintln!("{error}"),
        _ => {}
    }
}

/// The bytes of a file.
fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        let path = path.display();
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let message = if missing {
            say!("there is no file `{path}`", "没有文件 `{path}`")
        } else {
            say!("the file `{path}` could not be read: {error}", "文件 `{path}` 无法读取：{error}")
        };
        Failure::new(None, message, None, USAGE)
    })
}

/// The text of a scheme file.
fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_file(path)?).map_err(|_| {
        let path = path.display();
        Failure::new(
            None,
            say!("the scheme `{path}` is not UTF-8 text", "方案 `{path}` 不是 UTF-8 文本"),
            Some(say!("save it as UTF-8", "请另存为 UTF-8 编码")),
            ERRORS,
        )
    })
}

/// The scheme of a file on the day asked for; its warnings go to standard error.
fn read_scheme(path: &Path, data: Option<&Data>, language: Language) -> Result<Scheme, Failure> {
    let text = read_text(path)?;
    let file = path.display().to_string();
    let refused = |error: &kaohe::SchemeError| Failure {
        ready: Message::new(
            error.render(Some(&file), Language::English.into()),
            error.render(Some(&file), Language::Chinese.into()),
        ),
        ..Failure::default()
    };
    let mut scheme = Scheme::parse(&text).map_err(|error| refused(&error))?;
    if let Some(data) = data
        && let Some(day) = data.as_of().map_err(|problem| Failure::from(problem).usage())?
    {
        scheme = scheme.as_of(day).map_err(|error| refused(&error))?;
    }
    for warning in scheme.warnings().iter().filter(|found| found.severity == Severity::Warning) {
        eprintln!("{}", warning.render(Some(&file), language.into()));
    }
    Ok(scheme)
}
