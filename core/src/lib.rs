//! kaohe turns facts about people into scores, grades and pay, exactly, and explains every figure.
//!
//! A *scheme* is a sheet of named columns, written as YAML or JSON; a person is a row. A column is given (an input), fixed
//! (a parameter), or defined by an expression or a rule over other columns. [`Scheme::parse`] reads and checks one and
//! reports everything that is wrong with it at once; [`Scheme::score_row`] scores a person; [`Scheme::scorer`] scores a
//! great many; [`Scheme::explain_row`] says why.
//!
//! # Example
//!
//! ```
//! use kaohe::diagnostic::Language;
//! use kaohe::{Row, Scheme};
//!
//! let scheme = Scheme::parse(
//!     "
//! kaohe: 1
//! scheme: 存款考核
//! rounding: { items: 2, totals: 2 }
//! inputs:
//!   工号:     { type: text, key: true }
//!   日均存款: { type: number, unit: 万元, min: 0 }
//!   存款任务: { type: number, unit: 万元, above: 0 }
//!   投诉次数: { type: number, whole: true, min: 0, missing: 0 }
//! scores:
//!   综合得分:
//!     items:
//!       存款: { weight: 70, completion: { of: 日均存款 / 存款任务, gate: 60%, cap: 120% } }
//!       服务: { weight: 30, deduct: { each: 5, times: 投诉次数, floor: 0 } }
//! grades:
//!   等级:
//!     ladder: [A, B, C]
//!     thresholds: { of: 综合得分, at_least: [[90, A], [75, B]], else: C }
//! ",
//! )?;
//! let row = Row::new().with("工号", "001").with("日均存款", "2415").with("存款任务", "2100").with("投诉次数", 1);
//! let outcome = scheme.score_row(&row)?;
//! assert_eq!(outcome.get("综合得分").unwrap().to_string(), "109.00");
//! assert_eq!(outcome.get("等级").unwrap().to_string(), "A");
//!
//! // Why? As text in two languages, and as JSON.
//! let why = scheme.explain_row(&row, Some("综合得分"))?;
//! assert!(why.to_text(Language::English).contains("109.00"));
//!
//! // A mistake is told with its place and the way out.
//! let wrong = Scheme::check("kaohe: 1\nscheme: x\ninputs:\n  工号: { type: txt, key: true }\n");
//! assert!(wrong[0].render(None, Language::English).contains("did you mean `text`?"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a number means
//!
//! A formula denotes an exact rational number; nothing is rounded unless the scheme says so, and then once, from the exact
//! value. Figures are published as [`rust_decimal::Decimal`]: a rounded column with exactly its places, any other with at
//! most twelve, marked when that is not all of it. A cell that has no value says why, by a stable code ([`code::Code`]), a
//! sentence in two languages and a place; what reads it is blocked by it, and every other figure comes out.
//!
//! # Where to read on
//!
//! `docs/language.md` shows the language by example, `docs/reference.md` every key, function, code and limit,
//! `docs/architecture.md` the path of one formula and of one row through this crate.
#![forbid(unsafe_code)]

pub mod boundary;
pub mod cases;
mod check;
pub mod code;
mod column;
pub mod compare;
pub mod coverage;
pub mod date;
pub mod diagnostic;
pub mod document;
pub mod error;
mod eval;
pub mod explain;
pub mod fault;
pub mod fingerprint;
pub mod format;
pub mod formula;
pub mod functions;
pub mod group;
pub mod json_schema;
pub mod limits;
pub mod lower;
pub mod number;
pub mod outcome;
mod page;
pub mod plan;
pub mod problem;
pub mod ratings;
pub mod report;
pub mod row;
pub mod rules;
pub mod run;
pub mod scheme;
pub mod scorer;
mod size;
pub mod unit;
pub mod value;

pub use error::{DataError, SchemeError};
pub use eval::trace::Trace;
pub use explain::Explanation;
pub use format::format;
pub use formula::Formula;
pub use outcome::{Figure, Outcome};
pub use problem::Problem;
pub use report::{PersonReport, TeamReport};
pub use row::{Binding, Cell, Row};
pub use run::{Data, Note, Options, Run, Scored, Stop, Stream, Table, Values};
pub use scheme::Scheme;
pub use scorer::{ScoredRow, Scorer};
