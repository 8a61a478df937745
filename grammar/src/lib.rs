//! The formula language of kaohe: text to a syntax tree with places, and back to canonical text.
//!
//! This crate gives formulas no meaning: names are not resolved, functions are not known, numbers are
//! not computed with. That is the work of the crate `kaohe`.
//!
//! A formula goes through these files:
//!
//! 1. `fold.rs`: full-width signs become ASCII, and every place can be found again in the original;
//! 2. `lexeme.rs`, `literal.rs`, `nesting.rs`: the flat row of pieces; bad pieces, brackets and depth;
//! 3. `formula.pest`: the language itself; `diagnose.rs` says what is wrong where it could not be read;
//! 4. `tree.rs` makes the [`Expr`]; in `operators.rs` operators find their operands;
//! 5. `print.rs` writes it back, `walk.rs` goes through it.
#![forbid(unsafe_code)]

mod ast;
mod diagnose;
mod error;
mod fold;
mod grammar;
mod lexeme;
mod literal;
mod message;
mod nesting;
mod operators;
mod parse;
mod print;
mod relocate;
mod span;
mod tree;
mod walk;
mod words;

pub use ast::{
    BinaryOperator, Clause, ComparisonOperator, Direction, Expr, ExprKind, Name, NumberLiteral, NumberSuffix,
    UnaryOperator,
};
pub use error::{SyntaxCode, SyntaxError};
pub use fold::fold_name;
pub use message::Message;
pub use nesting::MAX_NESTING;
pub use parse::{MAX_LENGTH, parse};
pub use print::print;
pub use span::Span;
pub use tree::MAX_DEPTH;
pub use words::{KEYWORDS, is_keyword, is_plain_name};
