//! kaohe turns facts about people into scores, grades and pay, exactly, and explains every figure.
#![forbid(unsafe_code)]

pub mod code;
pub mod diagnostic;
pub mod document;
