//! `kaohe round …`: an appraisal by raters, kept in a log.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `kaohe round`
#[derive(Debug, Clone, Args)]
pub struct Round {
    /// What to do.
    #[command(subcommand)]
    pub command: RoundCommand,
}

/// What to do with a round.
#[derive(Debug, Clone, Subcommand)]
pub enum RoundCommand {
    /// Open a round, or open it again; the log is made when it is not there.
    Open(Turn),
    /// Show how far a round is, or what a rater still has to do.
    Status(Status),
    /// Mark items of a sheet; when one is refused, none is marked.
    Mark(Marking),
    /// Submit a sheet, which locks it.
    Submit(OwnSheet),
    /// Take a submitted sheet back, as its rater.
    Withdraw(OwnSheet),
    /// Give a submitted sheet back to its rater, with a reason.
    Reopen(Reopen),
    /// Close a round: marks of a later time do not count.
    Close(Turn),
    /// Write the submitted sheets as a table for scoring.
    Export(Export),
}

/// Which round it is.
#[derive(Debug, Clone, Args)]
pub struct RoundOf {
    /// The scheme file.
    pub scheme: PathBuf,
    /// The people: a table with the columns 人员 (or that of the scheme's key), 角色 and, where there are groups, 组.
    #[arg(long, value_name = "FILE")]
    pub members: PathBuf,
    /// The log of the round.
    #[arg(long, value_name = "FILE")]
    pub log: PathBuf,
    /// The appraisal, when the scheme has several.
    #[arg(long, value_name = "NAME")]
    pub rating: Option<String>,
}

/// When and where something is done.
#[derive(Debug, Clone, Args)]
pub struct Done {
    /// The local time it is done, such as 2026-10-05T09:30:00; otherwise now.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The name of the device or process.
    #[arg(long, value_name = "NAME", default_value = "cli")]
    pub device: String,
}

/// `kaohe round open` and `close`
#[derive(Debug, Clone, Args)]
pub struct Turn {
    /// Which round.
    #[command(flatten)]
    pub of: RoundOf,
    /// Who does it.
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// When and where.
    #[command(flatten)]
    pub done: Done,
}

/// `kaohe round status`
#[derive(Debug, Clone, Args)]
pub struct Status {
    /// Which round.
    #[command(flatten)]
    pub of: RoundOf,
    /// Show what this rater still has to do.
    #[arg(long, value_name = "RATER")]
    pub rater: Option<String>,
}

/// A sheet, by who and about whom it is, or by its id.
#[derive(Debug, Clone, Args)]
pub struct Which {
    /// Who is rated.
    #[arg(long, value_name = "RATEE", required_unless_present = "sheet", conflicts_with = "sheet")]
    pub ratee: Option<String>,
    /// The rater's role, when there are several sheets about one person.
    #[arg(long, value_name = "ROLE", conflicts_with = "sheet")]
    pub role: Option<String>,
    /// The id of the sheet.
    #[arg(long, value_name = "ID")]
    pub sheet: Option<String>,
}

/// `kaohe round submit` and `withdraw`
#[derive(Debug, Clone, Args)]
pub struct OwnSheet {
    /// Which round.
    #[command(flatten)]
    pub of: RoundOf,
    /// Whose sheet.
    #[arg(long, value_name = "RATER")]
    pub rater: String,
    /// Which sheet.
    #[command(flatten)]
    pub which: Which,
    /// When and where.
    #[command(flatten)]
    pub done: Done,
}

/// `kaohe round mark`
#[derive(Debug, Clone, Args)]
pub struct Marking {
    /// The sheet.
    #[command(flatten)]
    pub sheet: OwnSheet,
    /// Item and mark, such as 服务=A; without a mark the item is cleared.
    #[arg(value_name = "ITEM=MARK", required = true, value_parser = super::named)]
    pub marks: Vec<super::Named>,
}

/// `kaohe round reopen`
#[derive(Debug, Clone, Args)]
pub struct Reopen {
    /// The sheet.
    #[command(flatten)]
    pub sheet: OwnSheet,
    /// Who gives it back.
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `kaohe round export`
#[derive(Debug, Clone, Args)]
pub struct Export {
    /// Which round.
    #[command(flatten)]
    pub of: RoundOf,
    /// Write to FILE, as its extension says: .csv, .parquet, .json or .xlsx; otherwise CSV on standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
