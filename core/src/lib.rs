//! kaohe turns facts about people into scores, grades and pay, exactly, and explains every figure.
#![forbid(unsafe_code)]

pub mod boundary;
pub mod cases;
pub mod code;
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
pub mod json_schema;
pub mod limits;
pub mod lower;
pub mod number;
pub mod outcome;
pub mod plan;
pub mod row;
pub mod rules;
pub mod scheme;
pub mod scorer;
mod size;
pub mod unit;
pub mod value;

pub use error::{DataError, SchemeError};
pub use eval::row::Trace;
pub use explain::Explanation;
pub use format::format;
pub use formula::Formula;
pub use outcome::{Figure, Outcome, Problem};
pub use row::{Binding, Cell, Row};
pub use scheme::Scheme;
pub use scorer::Scorer;
