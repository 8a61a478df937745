//! The command line.

mod round;

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use kaohe::report::Format;
use kaohe_grammar::{fold_name, say};

pub use self::round::{Done, Export, Marking, OwnSheet, Reopen, Round, RoundCommand, RoundOf, Status, Turn, Which};
use crate::{
    language::Language,
    table::{Code, Date, Problem, read_date},
};

/// Scores appraisals exactly, and explains every figure.
///
/// A scheme, a YAML or JSON file, turns facts about people into scores, grades and pay. A table brings the facts: one
/// row for each person, one column for each input of the scheme.
#[derive(Debug, Clone, Parser)]
#[command(name = "kaohe", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// The language of messages; otherwise that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Language>,
}

const EXIT_CODES: &str = "Exit codes: 0 all is well; 1 the scheme or some rows have errors, or figures are provisional; \
                          2 the command line is wrong.";

impl Arguments {
    /// The language to speak: the one asked for, else that of the environment.
    #[must_use]
    pub fn language(&self) -> Language {
        self.lang.unwrap_or_else(Language::of_environment)
    }
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Check a scheme and report everything that is wrong with it.
    Check(Check),
    /// Score a table of people.
    Score(Score),
    /// Explain how the figures of one person came about.
    Explain(Explain),
    /// Tell how the questions of an exam did: how hard each was, and how well it told the strong from the weak.
    Exam(Exam),
    /// Tell how far the raters of an appraisal agree: on the whole sheet, and on each item.
    Agreement(Agreement),
    /// Write the reports of people, or of the team they are.
    Report(Report),
    /// Run the cases that a scheme brings with it.
    Test(Test),
    /// Lay out a scheme in the canonical form, keeping comments and order.
    Fmt(Fmt),
    /// Score a table under two schemes and show who changes, and why.
    Compare(Compare),
    /// Have people rated: sheets for raters, kept in a log that is safe against a crash.
    Round(Round),
    /// Print the JSON Schema of scheme files, for editors.
    Schema,
}

/// `kaohe check`
#[derive(Debug, Clone, Args)]
pub struct Check {
    /// The scheme file.
    pub scheme: PathBuf,
}

/// `kaohe score`
#[derive(Debug, Clone, Args)]
pub struct Score {
    /// The scheme file.
    pub scheme: PathBuf,
    /// The facts.
    #[command(flatten)]
    pub data: Data,
    /// Write the results to FILE, as its extension says: .csv, .parquet, .json or .xlsx.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `kaohe explain`
#[derive(Debug, Clone, Args)]
pub struct Explain {
    /// The scheme file.
    pub scheme: PathBuf,
    /// The facts.
    #[command(flatten)]
    pub data: Data,
    /// The key of the person to explain.
    #[arg(long, value_name = "KEY")]
    pub row: String,
    /// Explain only the column NAME.
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,
    /// The form of the explanation.
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    pub format: Form,
}

/// `kaohe report`
#[derive(Debug, Clone, Args)]
#[command(group(ArgGroup::new("whom").required(true).args(["row", "all", "team"])))]
pub struct Report {
    /// The scheme file.
    pub scheme: PathBuf,
    /// The facts.
    #[command(flatten)]
    pub data: Data,
    /// The key of the person to report on; once for each.
    #[arg(long, value_name = "KEY")]
    pub row: Vec<String>,
    /// Report on everybody, one after the other.
    #[arg(long)]
    pub all: bool,
    /// Report on all of them together: grades, places, totals, what could not be computed.
    #[arg(long)]
    pub team: bool,
    /// Report on the teams that the column COLUMN forms, such as branches, too.
    #[arg(long, value_name = "COLUMN", requires = "team", conflicts_with_all = ["row", "all"])]
    pub by: Option<String>,
    /// The form of the report; otherwise as the extension of the file says, or Markdown on the terminal.
    #[arg(long, value_enum, value_name = "FORM")]
    pub format: Option<ReportForm>,
    /// Write the report to FILE.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write one file for each person into FOLDER, called by the key; HTML unless `--format` says otherwise.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["out", "team"])]
    pub out_dir: Option<PathBuf>,
}

/// `kaohe exam`
#[derive(Debug, Clone, Args)]
pub struct Exam {
    /// The scheme file.
    pub scheme: PathBuf,
    /// The facts.
    #[command(flatten)]
    pub data: Data,
    /// The exam, where the scheme has several.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Write the table of questions to FILE, as its extension says: .csv, .parquet, .json or .xlsx.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `kaohe agreement`
#[derive(Debug, Clone, Args)]
pub struct Agreement {
    /// The scheme file.
    pub scheme: PathBuf,
    /// The facts.
    #[command(flatten)]
    pub data: Data,
    /// The appraisal, where the scheme has several.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// What people mean whom not every rater has rated, for figures that need every rating: `refuse`, there is none;
    /// `leave_out`, they are left out.
    #[arg(long, value_name = "WORD")]
    pub incomplete: Option<String>,
    /// Write the table of figures to FILE, as its extension says: .csv, .parquet, .json or .xlsx.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `kaohe test`
#[derive(Debug, Clone, Args)]
pub struct Test {
    /// The scheme file.
    pub scheme: PathBuf,
}

/// `kaohe fmt`
#[derive(Debug, Clone, Args)]
pub struct Fmt {
    /// The scheme file; it is rewritten in place.
    pub scheme: PathBuf,
    /// Change nothing; exit with 1 if the file is not laid out canonically.
    #[arg(long)]
    pub check: bool,
}

/// `kaohe compare`
#[derive(Debug, Clone, Args)]
pub struct Compare {
    /// The scheme as it was.
    pub old: PathBuf,
    /// The scheme as it is to be.
    pub new: PathBuf,
    /// The facts.
    #[command(flatten)]
    pub data: Data,
    /// Write the comparison to FILE, as its extension says: .csv, .parquet, .json or .xlsx.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The facts a scheme is applied to, and how odd files are to be read.
#[derive(Debug, Clone, Args)]
pub struct Data {
    /// The table of people, one row for each: CSV (UTF-8 or GB18030), .xlsx, Parquet, or JSON, a list of objects or one
    /// a line; so are the other tables.
    #[arg(long, value_name = "FILE")]
    pub staff: PathBuf,
    /// The sheets of raters for the appraisal of the scheme: one row for each, with the person, the role, the rater, and a
    /// mark for each item; where it has several appraisals, those of the appraisal NAME, once for each.
    #[arg(long, value_name = "[NAME=]FILE")]
    pub ratings: Vec<String>,
    /// The answers given in the exam of the scheme: one row for each person, one column for each question; where it has
    /// several exams, those in the exam NAME, once for each.
    #[arg(long, value_name = "[NAME=]FILE")]
    pub answers: Vec<String>,
    /// The rows of the detail table NAME of the scheme; once for each. A workbook may hold several tables: the sheet
    /// called NAME is read when it has one.
    #[arg(long, value_name = "NAME=FILE", value_parser = named)]
    pub detail: Vec<Named>,
    /// The value NAME of this run, such as what was carried over, written as in a cell; once for each.
    #[arg(long, value_name = "NAME=VALUE", value_parser = named)]
    pub given: Vec<Named>,
    /// The date the run is as of, such as 2026-09-30; otherwise the end of the scheme's period.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Read this sheet of a workbook; with TABLE= only for staff, ratings, answers or that detail.
    #[arg(long, value_name = "[TABLE=]SHEET", value_parser = for_table)]
    pub sheet: Vec<ForTable>,
    /// The line of the header, counted from 1, when it is not found by itself.
    #[arg(long, value_name = "[TABLE=]LINE", value_parser = for_table)]
    pub header_row: Vec<ForTable>,
    /// The encoding of text files, when it is not recognised by itself.
    #[arg(long, value_name = "[TABLE=]ENCODING", value_parser = for_table)]
    pub encoding: Vec<ForTable>,
}

/// `NAME=VALUE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What stands before the first `=`.
    pub name: String,
    /// What stands after it.
    pub value: String,
}

/// `VALUE`, or `TABLE=VALUE` for one table only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForTable {
    /// The table it is for; nothing for all.
    pub table: Option<String>,
    /// The value.
    pub value: String,
}

/// The form of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Plain text.
    Text,
    /// Markdown.
    #[value(name = "md")]
    Markdown,
    /// A web page that needs nothing else.
    Html,
    /// Data.
    Json,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportForm {
    /// Markdown.
    #[value(name = "md")]
    Markdown,
    /// A web page that needs nothing else, and prints on A4.
    Html,
    /// Data.
    Json,
}

impl From<ReportForm> for Format {
    fn from(form: ReportForm) -> Self {
        match form {
            ReportForm::Markdown => Self::Markdown,
            ReportForm::Html => Self::Html,
            ReportForm::Json => Self::Json,
        }
    }
}

impl Data {
    /// The sheet to read for a table that is known by these words: `staff`; the name of a detail; the name of an exam, or
    /// `answers`.
    #[must_use]
    pub fn sheet_of(&self, table: &[&str]) -> Option<&str> {
        of_table(&self.sheet, table)
    }

    /// The encoding of the file of a table.
    #[must_use]
    pub fn encoding_of(&self, table: &[&str]) -> Option<&str> {
        of_table(&self.encoding, table)
    }

    /// The line of the header of a table.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when it is no line number.
    pub fn header_row_of(&self, table: &[&str]) -> Result<Option<usize>, Problem> {
        let Some(text) = of_table(&self.header_row, table) else { return Ok(None) };
        match text.trim().parse::<usize>() {
            Ok(line) if line > 0 => Ok(Some(line)),
            _ => Err(Problem::new(
                Code::NotANumber,
                say!("`--header-row {text}` is not a line number", "`--header-row {text}` 不是行号"),
            )
            .help(say!("count lines from 1", "行号从 1 数起"))),
        }
    }

    /// The date the run is as of, when it is stated.
    ///
    /// # Errors
    ///
    /// A [`Problem`] when it is not a date.
    pub fn as_of(&self) -> Result<Option<Date>, Problem> {
        self.as_of.as_deref().map_or(Ok(None), read_date)
    }
}

/// The last value for this very table, by the first of its words that has one; else the last value for all.
fn of_table<'a>(values: &'a [ForTable], table: &[&str]) -> Option<&'a str> {
    let folded = |name: &str| fold_name(name.trim());
    let is_for = |value: &&ForTable, word: &str| value.table.as_deref().is_some_and(|own| folded(own) == folded(word));
    let own = table.iter().find_map(|word| values.iter().rfind(|value| is_for(value, word)));
    let found = own.or_else(|| values.iter().rfind(|value| value.table.is_none()));
    found.map(|found| found.value.as_str())
}

fn named(text: &str) -> Result<Named, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok(Named { name: name.trim().to_owned(), value: value.to_owned() })
        }
        _ => Err("write a name, `=` and a value / 请写成 名称=值".to_owned()),
    }
}

/// Splits at the first `=`; never fails, because any text can be the name of a sheet.
fn for_table(text: &str) -> Result<ForTable, std::convert::Infallible> {
    Ok(match text.split_once('=') {
        Some((table, value)) if !table.is_empty() => {
            ForTable { table: Some(table.to_owned()), value: value.to_owned() }
        }
        _ => ForTable { table: None, value: text.to_owned() },
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_definitions_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_long_command_line_is_understood() {
        let line = "kaohe score a.yaml --staff s.xlsx --detail 存款=d.csv --detail 加减分=e.csv --given 结转=12.50 \
                    --as-of 2026年9月30日 --sheet 人员 --sheet 存款=流水 --header-row 3 --out r.xlsx --lang zh";
        let arguments = parse(&line.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap();
        assert_eq!(arguments.language(), Language::Chinese);
        let Command::Score(score) = arguments.command else { panic!("{arguments:?}") };
        assert_eq!(score.data.detail[1], Named { name: "加减分".into(), value: "e.csv".into() });
        assert_eq!(score.data.given[0].value, "12.50");
        assert_eq!(score.data.as_of().unwrap(), Date::new(2026, 9, 30));
        assert_eq!((score.data.sheet_of(&["staff"]), score.data.sheet_of(&["存款"])), (Some("人员"), Some("流水")));
        assert_eq!(score.data.header_row_of(&["staff"]).unwrap(), Some(3));
        assert_eq!(score.data.encoding_of(&["staff"]), None);
    }

    #[test]
    fn a_wrong_command_line_is_refused() {
        for line in [
            "kaohe score a.yaml",
            "kaohe score --staff s.csv",
            "kaohe score a.yaml --staff s.csv --detail d.csv",
            "kaohe score a.yaml --staff s.csv --given =1",
            "kaohe explain a.yaml --staff s.csv",
            "kaohe explain a.yaml --staff s.csv --row 1 --format pdf",
            "kaohe check",
            "kaohe report a.yaml --staff s.csv",
            "kaohe report a.yaml --staff s.csv --row 1 --all",
            "kaohe report a.yaml --staff s.csv --row 1 --team",
            "kaohe report a.yaml --staff s.csv --all --by 网点",
            "kaohe report a.yaml --staff s.csv --team --out-dir d",
            "kaohe report a.yaml --staff s.csv --all --format text",
            "kaohe check a.yaml --lang fr",
            "kaohe grade a.yaml",
        ] {
            assert_eq!(parse(line).unwrap_err().exit_code(), i32::from(crate::commands::USAGE), "{line}");
        }
        let data = |line: &str| match parse(line).unwrap().command {
            Command::Score(score) => score.data,
            other => panic!("{other:?}"),
        };
        assert!(data("kaohe score a --staff s --header-row 0").header_row_of(&["staff"]).is_err());
        assert!(data("kaohe score a --staff s --as-of morgen").as_of().is_err());
    }
}
