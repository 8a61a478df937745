//! From text to tree: the one way in.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

use crate::diagnose::diagnose;
use crate::fold::{Folded, offset_of};
use crate::grammar::{Formula, Rule};
use crate::lexeme::{Flaws, flaws, lexemes};
use crate::nesting::{Nesting, too_deep};
use crate::tree::build;
use crate::{Expr, Span, SyntaxCode, SyntaxError, say};

/// How long a formula may be, in bytes of its text.
pub const MAX_LENGTH: usize = 20_000;

/// Reads a formula.
///
/// The tree says what was written and where, and nothing about what it means. It has at most
/// [`MAX_DEPTH`](crate::MAX_DEPTH) levels.
///
/// # Errors
///
/// Everything that is wrong with the text, in the order it stands there; never an empty list. Where something is
/// too broken to be read on, what comes after it is not judged.
///
/// # Example
///
/// ```
/// use kaohe_grammar::parse;
///
/// let formula = parse("max（0，100－每次投诉扣分×投诉次数）")?;
/// assert_eq!(formula.to_string(), "max(0, 100 - 每次投诉扣分 * 投诉次数)");
///
/// // What Excel and mathematics read differently is not read at all.
/// let errors = parse("-a^2").unwrap_err();
/// assert_eq!(errors[0].code.id(), "K0222");
/// assert_eq!(errors[0].help.as_ref().unwrap().en, "write `-(a ^ 2)` or `(-a) ^ 2`");
/// # Ok::<(), Vec<kaohe_grammar::SyntaxError>>(())
/// ```
pub fn parse(text: &str) -> Result<Expr, Vec<SyntaxError>> {
    let whole = Span::new(0, offset_of(text.len()));
    if text.len() > MAX_LENGTH {
        return Err(vec![too_long(text)]);
    }
    let folded = Folded::new(text);
    let Some(lexemes) = lexemes(&folded) else {
        return Err(vec![too_deep(whole)]);
    };
    if lexemes.is_empty() {
        let message = say!("the formula is empty", "公式为空");
        let help =
            say!("write a value, like `100` or `日均存款 / 存款任务`", "请写一个值，如 `100` 或 `日均存款 / 存款任务`");
        return Err(vec![SyntaxError::new(SyntaxCode::Empty, whole, message).help(help)]);
    }
    let Flaws { mut errors, unreadable } = flaws(&folded, &lexemes);
    if unreadable {
        return Err(errors);
    }
    let brackets = match Nesting::after(&lexemes) {
        Ok(nesting) => nesting.bracket_errors(),
        Err(error) => return Err(vec![error]),
    };
    let mut tree = None;
    if brackets.is_empty() {
        match Formula::parse(Rule::formula, &folded.text) {
            Ok(pairs) => tree = build(&folded, text, pairs, &mut errors),
            Err(error) => errors.push(match (error.variant, error.location) {
                (ErrorVariant::ParsingError { .. }, InputLocation::Pos(place) | InputLocation::Span((place, _))) => {
                    diagnose(&lexemes, place, text)
                }
                // pest has seen the end of the stack coming.
                (ErrorVariant::CustomError { .. }, _) => too_deep(whole),
            }),
        }
    }
    errors.extend(brackets);
    errors.sort_by_key(|error| error.span);
    match tree {
        Some(tree) if errors.is_empty() => Ok(tree),
        _ => Err(errors),
    }
}

fn too_long(text: &str) -> SyntaxError {
    let mut end = MAX_LENGTH;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let length = text.len();
    let message =
        say!("the formula has {length} bytes; the limit is {MAX_LENGTH}", "公式长 {length} 字节，上限为 {MAX_LENGTH}");
    SyntaxError::new(SyntaxCode::TooLong, Span::new(0, offset_of(end)), message)
        .help(say!("divide it into several columns", "请拆成几列"))
}
