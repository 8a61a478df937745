//! The parser that pest makes of `formula.pest`.

#[derive(pest_derive::Parser)]
#[grammar = "formula.pest"]
pub(crate) struct Formula;
