//! The words the language keeps for itself, and what a plain name is.

use pest::unicode::{XID_CONTINUE, XID_START};

use crate::fold_name;

/// The words no column can be called without quoting it: `「end」`.
///
/// English ones are words of the language in any mixture of capitals.
pub const KEYWORDS: &[&str] = &[
    "or", "and", "not", "if", "then", "else", "case", "when", "end", "in", "between", "true", "false", "missing", "是",
    "否", "或", "且", "非",
];

/// The words after a function's arguments; elsewhere they are ordinary names.
pub(crate) const CLAUSE_WORDS: &[&str] = &["where", "when_empty", "by", "desc", "asc", "ties", "within"];

/// Whether a word belongs to the language.
///
/// ```
/// use kaohe_grammar::is_keyword;
/// assert!(is_keyword("Then") && is_keyword("且"));
/// // Only whole words count.
/// assert!(!is_keyword("a且b") && !is_keyword("where"));
/// ```
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

pub(crate) fn is_clause_word(word: &str) -> bool {
    CLAUSE_WORDS.iter().any(|clause| clause.eq_ignore_ascii_case(word))
}

/// Whether a name can stand in a formula as it is; any other is written `「…」`.
///
/// ```
/// use kaohe_grammar::is_plain_name;
/// assert!(is_plain_name("日均存款") && is_plain_name("_x1"));
/// assert!(!is_plain_name("客户数(户)") && !is_plain_name("3年期") && !is_plain_name("end"));
/// // Full-width letters are folded when read, so they would not come back.
/// assert!(!is_plain_name("ＡＢ"));
/// ```
#[must_use]
pub fn is_plain_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first == '_' || XID_START(first))
        && chars.all(XID_CONTINUE)
        && !is_keyword(name)
        && (name.is_ascii() || fold_name(name) == name)
}
