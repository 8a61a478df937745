//! The formula language of kaohe: text to a syntax tree with places, and back to canonical text.
//!
//! This crate gives formulas no meaning: names are not resolved, functions are not known, numbers are
//! not computed with. That is the work of the crate `kaohe`.
#![forbid(unsafe_code)]

mod ast;
mod message;
mod span;

pub use ast::{
    BinaryOperator, Clause, ComparisonOperator, Direction, Expr, ExprKind, Name, NumberLiteral, NumberSuffix,
    UnaryOperator,
};
pub use message::Message;
pub use span::Span;
