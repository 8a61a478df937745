//! What one answer of an examination is worth against its key, and how a sheet's answers add up.

use std::collections::BTreeMap;

use kaohe_grammar::fold_name;

use super::input::as_text;
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::{AnswerForm, Credit, Marking, Options, Question, QuestionKind};
use crate::row::Cell;
use crate::value::Value;

/// The option that stands for "true" and the one for "false".
const TRUE: char = 'T';
const FALSE: char = 'F';

/// What stands between the letters of an answer.
const fn separates(each: char) -> bool {
    each.is_whitespace() || matches!(each, ',' | '、' | ';' | '/' | '.')
}

/// The options that an answer chooses; none for a blank. `B,D`, `ｄｂ` and `D、B` are all BD.
///
/// # Errors
///
/// What cannot be an answer to the question: a letter that is no option, or that stands twice, two letters where one is
/// asked for, a word that is neither true nor false.
pub(crate) fn chosen(form: AnswerForm, text: &str) -> Result<Options, FaultCode> {
    // as names are folded: full width becomes half width, full stops and commas of Chinese their ASCII kin
    let folded = fold_name(text.trim()).to_uppercase();
    if folded.is_empty() {
        return Ok(Options::NONE);
    }
    if form.kind == QuestionKind::TrueFalse {
        return judged(folded.trim_matches(separates))
            .and_then(|letter| Options::NONE.with(letter))
            .ok_or(FaultCode::NotAnAnswer);
    }
    let mut options = Options::NONE;
    for letter in folded.chars().filter(|each| !separates(*each)) {
        options = options.with(letter).ok_or(FaultCode::NotAnAnswer)?;
    }
    let known = form.options.is_none_or(|count| options.last() <= count);
    let several = form.kind == QuestionKind::Single && options.count() > 1;
    if options.is_empty() || !known || several {
        return Err(FaultCode::NotAnAnswer);
    }
    Ok(options)
}

/// The answer in a cell, in one way of writing it: `BD`, `T`; missing for a blank.
///
/// # Errors
///
/// What cannot be an answer, unless that earns no marks: then it is kept as it is.
pub(crate) fn read(form: AnswerForm, cell: &Cell) -> Result<Value, FaultCode> {
    let text = match (cell, as_text(cell)?) {
        (_, None) => return Ok(Value::Missing),
        // not the letters of the word
        (Cell::Truth(truth), _) => if *truth { TRUE } else { FALSE }.to_string(),
        (_, Some(text)) => text,
    };
    match chosen(form, &text) {
        Ok(options) if options.is_empty() => Ok(Value::Missing),
        Ok(options) => Ok(Value::Text(options.to_string().into())),
        Err(_) if form.invalid_is_wrong => Ok(Value::Text(text.into())),
        Err(code) => Err(code),
    }
}

/// Whether a statement was called true or false, in the ways people write it. A and B are neither: cards differ in which
/// of them is which.
fn judged(word: &str) -> Option<char> {
    match word {
        "T" | "TRUE" | "Y" | "YES" | "1" | "对" | "正确" | "是" | "√" | "✓" | "✔" => Some(TRUE),
        "F" | "FALSE" | "N" | "NO" | "0" | "错" | "错误" | "否" | "×" | "✗" | "✘" | "X" => Some(FALSE),
        _ => None,
    }
}

/// What the shares of a question with that key are counted in, whatever is answered: halves, thirds, sixteenths.
pub(crate) fn denominator(credit: Credit, key: Options, options: Option<u32>) -> u32 {
    let of_key = key.count().max(1);
    let all = options.unwrap_or(of_key).max(1);
    match credit {
        Credit::Exact => 1,
        Credit::HalfIfSubset => 2,
        Credit::ProRata => of_key,
        Credit::PerOption => all,
        Credit::RightMinusWrong => of_key * all.saturating_sub(of_key).max(1),
    }
}

/// The share of a question's marks that an answer earns, as numerator and denominator.
pub(crate) fn share(credit: Credit, key: Options, options: Option<u32>, chosen: Options) -> (u32, u32) {
    let whole = denominator(credit, key, options);
    let (right, wrong) = (chosen.both(key).count(), chosen.without(key).count());
    let part = match credit {
        Credit::Exact => u32::from(chosen == key),
        Credit::HalfIfSubset if chosen == key => 2,
        Credit::HalfIfSubset => u32::from(right > 0 && wrong == 0),
        Credit::ProRata if wrong > 0 => 0,
        Credit::ProRata => right,
        Credit::PerOption if chosen.is_empty() => 0,
        Credit::PerOption => whole.saturating_sub(wrong + key.without(chosen).count()),
        // right / of the key − wrong / wrong options, over both; without wrong options none is chosen
        Credit::RightMinusWrong => {
            let of_key = key.count().max(1);
            (right * (whole / of_key)).saturating_sub(wrong * of_key)
        }
    };
    (part, whole)
}

/// The share of one question's marks for the answer as it was read; what cannot be an answer earns none.
pub(crate) fn answered(marking: &Marking, question: &Question, answer: Option<&str>) -> (u32, u32) {
    let chosen = answer.map_or(Ok(Options::NONE), |text| chosen(marking.form, text));
    chosen.map_or((0, 1), |chosen| share(marking.credit, question.key, marking.form.options, chosen))
}

/// The marks of one question.
pub(crate) fn marks(marking: &Marking, question: &Question, answer: Option<&str>) -> Number {
    let (part, whole) = answered(marking, question, answer);
    of(&marking.marks, i64::from(part), whole)
}

/// The marks of a sheet: shares with one denominator are added first, so that the exact sum stays small.
pub(crate) fn total<'a>(marking: &Marking, answers: impl Iterator<Item = Option<&'a str>>) -> Number {
    let mut shares: BTreeMap<u32, i64> = BTreeMap::new();
    for (question, answer) in marking.questions.iter().zip(answers) {
        let (part, whole) = answered(marking, question, answer);
        *shares.entry(whole).or_default() += i64::from(part);
    }
    shares.iter().fold(Number::ZERO, |sum, (whole, part)| sum.add(&of(&marking.marks, *part, *whole)))
}

/// Marks × part / whole.
fn of(marks: &Number, part: i64, whole: u32) -> Number {
    let earned = marks.multiply(&Number::from_integer(part));
    if whole == 1 { earned } else { earned.divide(&Number::from_integer(i64::from(whole))).unwrap_or(earned) }
}

#[cfg(test)]
mod tests;
