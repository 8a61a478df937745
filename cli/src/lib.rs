//! kaohe on the command line: files as people really have them in, readable tables and workbooks out.
//!
//! The scoring itself is the crate `kaohe`. What is here knows encodings, delimiters, workbooks and terminals:
//!
//! * [`table`] reads CSV and `.xlsx` into a [`RawTable`](table::RawTable) and says what each cell means, exactly;
//! * [`output`] writes CSV, JSON, `.xlsx` and the terminal;
//! * [`arguments`] is the command line, [`commands`] what each command does.
//!
//! No binary floating-point arithmetic is done on the way of a value: text becomes decimal text by moving digits,
//! and the number a workbook stores becomes its shortest decimal text.
#![forbid(unsafe_code)]

pub mod arguments;
pub mod commands;
pub mod language;
pub mod output;
pub mod table;
