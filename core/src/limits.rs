//! Every limit there is, in one place. Nothing a person writes by hand comes near one; each stops an input that
//! was made to hang or to fill the memory, and each gives a coded error.

use kaohe_grammar::SyntaxCode;

use crate::code::Code;
use crate::document::tree;

/// Digits a cell of an input may have before the point, unless `min` and `max` say otherwise.
pub const INPUT_INTEGER_DIGITS: u32 = 16;
/// Decimals a cell of an input may have, unless `places` says otherwise.
pub const INPUT_PLACES: u32 = 12;
/// Decimals a figure is published with at the most.
pub const PUBLISHED_PLACES: u32 = 12;
/// Digits a published figure may have at its places.
pub const PUBLISHED_DIGITS: u32 = 28;
/// Bits the numerator and the denominator of an exact value may come to together, worst case.
pub const EXACT_BITS: u64 = 16_384;
/// Columns a scheme may have, inputs and parameters included.
pub const COLUMNS: usize = 10_000;
/// The largest whole exponent.
pub const EXPONENT: i64 = 64;
/// Dated values of one parameter.
pub const EDITIONS: usize = 1_000;
/// Words of one choice, ladder or text key.
pub const WORDS: usize = 5_000;
/// How deep the operations of one column may stand in each other.
pub const PLAN_DEPTH: u32 = 300;
/// Operations a plan may have.
pub const NODES: usize = 1_000_000;
/// Roles an appraisal by raters may have.
pub const RATING_ROLES: usize = 100;
/// Cells a parameter by key may have.
pub const TABLE_CELLS: usize = 100_000;

/// Rows a table of people or of details may have.
pub const ROWS: usize = 1 << 24;
/// Sheets of a round of rating.
pub const SHEETS: usize = 1_000_000;
/// Events of a round of rating.
pub const EVENTS: usize = 10_000_000;
/// Bytes of a name of a person or group, and of any text of an event.
pub const NAME_BYTES: usize = 1_024;
/// Bytes of a line of a log.
pub const LINE_BYTES: usize = 65_536;
/// How often detail rows may be looked at for one person.
pub const DETAIL_VISITS: u64 = 20_000_000;
/// Pairs of ratings that are looked at for alpha at the ratio level.
pub const PROPORTION_PAIRS: usize = 1 << 24;
/// Bits of the number that all sums of two ratings divide, for alpha at the ratio level.
pub const PROPORTION_BITS: u64 = 32_768;
/// Ratings that additive rater effects are computed for.
pub const SEVERITY_RATINGS: usize = 1 << 20;
/// Raters that additive effects are computed for, or ratees, whichever are fewer.
pub const SEVERITY_UNKNOWNS: usize = 1_000;

/// One limit, for the documentation and its test.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// What is limited.
    pub what: &'static str,
    /// The number.
    pub most: u64,
    /// The code of going past it.
    pub code: Code,
}

/// The limits as a table: of the text first, then of the scheme, then of its figures.
pub const TABLE: &[Limit] = &[
    Limit { what: "bytes of a document", most: tree::MAX_DOCUMENT_BYTES as u64, code: Code::TooLong },
    Limit { what: "maps and lists inside one another", most: tree::MAX_DEPTH as u64, code: Code::TooDeep },
    Limit { what: "keys, values and comments of a document", most: tree::MAX_NODES as u64, code: Code::TooMany },
    Limit { what: "characters of a key", most: tree::MAX_KEY_CHARACTERS as u64, code: Code::TooLong },
    Limit { what: "bytes of one value", most: tree::MAX_SCALAR_BYTES as u64, code: Code::TooLong },
    Limit { what: "problems of a document that are told", most: tree::MAX_PROBLEMS as u64, code: Code::TooMany },
    Limit { what: "bytes of a formula", most: kaohe_grammar::MAX_LENGTH as u64, code: syntax(SyntaxCode::TooLong) },
    Limit {
        what: "brackets, `if`s and `case`s of a formula open at once",
        most: kaohe_grammar::MAX_NESTING as u64,
        code: syntax(SyntaxCode::TooDeep),
    },
    Limit {
        what: "levels of a formula's tree",
        most: kaohe_grammar::MAX_DEPTH as u64,
        code: syntax(SyntaxCode::TooDeep),
    },
    Limit { what: "columns of a scheme", most: COLUMNS as u64, code: Code::TooMany },
    Limit { what: "dated values of a parameter", most: EDITIONS as u64, code: Code::TooMany },
    Limit { what: "words of a choice, a ladder or a text key", most: WORDS as u64, code: Code::TooMany },
    Limit { what: "roles of an appraisal by raters", most: RATING_ROLES as u64, code: Code::TooMany },
    Limit { what: "operations of a column in each other", most: PLAN_DEPTH as u64, code: Code::TooDeep },
    Limit { what: "operations of a plan", most: NODES as u64, code: Code::TooMany },
    Limit { what: "cells of a parameter by key", most: TABLE_CELLS as u64, code: Code::TooMany },
    Limit { what: "a whole exponent", most: EXPONENT as u64, code: Code::BadConstant },
    Limit { what: "bits of an exact value, numerator and denominator together", most: EXACT_BITS, code: Code::TooBig },
    Limit { what: "rows of a table", most: ROWS as u64, code: Code::TooManyRows },
    Limit { what: "looks at detail rows for one person", most: DETAIL_VISITS, code: Code::TooMuch },
    Limit {
        what: "pairs of different ratings, for alpha at the ratio level",
        most: PROPORTION_PAIRS as u64,
        code: Code::TooMany,
    },
    Limit {
        what: "bits of the number that all sums of two ratings divide, for alpha at the ratio level",
        most: PROPORTION_BITS,
        code: Code::TooMany,
    },
    Limit { what: "ratings, for additive rater effects", most: SEVERITY_RATINGS as u64, code: Code::TooMany },
    Limit {
        what: "raters or ratees, whichever are fewer, for additive rater effects",
        most: SEVERITY_UNKNOWNS as u64,
        code: Code::TooMany,
    },
    Limit { what: "sheets of a round of rating", most: SHEETS as u64, code: Code::TooMany },
    Limit {
        what: "bytes of a person's or group's name, or a text of an event",
        most: NAME_BYTES as u64,
        code: Code::TooLong,
    },
    Limit { what: "events of a round of rating", most: EVENTS as u64, code: Code::TooMany },
    Limit { what: "bytes of a line of a log", most: LINE_BYTES as u64, code: Code::LogCorrupt },
    Limit { what: "digits of a cell before the point", most: INPUT_INTEGER_DIGITS as u64, code: Code::TooManyDigits },
    Limit { what: "decimals of a cell", most: INPUT_PLACES as u64, code: Code::TooManyDigits },
    Limit { what: "digits of a published figure at its places", most: PUBLISHED_DIGITS as u64, code: Code::Overflow },
];

const fn syntax(code: SyntaxCode) -> Code {
    Code::Syntax(code)
}
