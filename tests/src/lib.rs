//! What the tests of kaohe share: the case tables, an independent evaluator, and generators.
//!
//! * [`tables`] reads the case tables and says what a scheme makes of a row;
//! * [`oracle`] is another evaluator over rationals, slow and obvious, that shares nothing with the core's;
//! * [`generate`] makes random formulas and rows for both;
//! * [`random`] is where the randomness comes from: the same on every machine.
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "this crate is tests"
)]

pub mod generate;
pub mod oracle;
pub mod random;
pub mod tables;
