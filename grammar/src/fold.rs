//! Full-width signs to ASCII, with the way back to where they stood.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The name as the language sees it: full-width signs and quotes folded to ASCII, then in Unicode form C.
///
/// Column names, headers of tables and keys of documents go through here, so that what looks the same is the same.
///
/// ```
/// assert_eq!(kaohe_grammar::fold_name("指标１（户）"), "指标1(户)");
/// assert_eq!(kaohe_grammar::fold_name("e\u{301}"), "é");
/// ```
#[must_use]
pub fn fold_name(name: &str) -> String {
    compose(&name.chars().map(fold_char).collect::<String>())
}

/// Unicode form C; nearly every name is in it already.
pub(crate) fn compose(text: &str) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        _ => text.nfc().collect(),
    }
}

/// One character for one character, always: places are mapped back by counting them.
fn fold_char(char: char) -> char {
    match char {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(char) - 0xFEE0).unwrap_or(char),
        '。' => '.',
        '、' => ',',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '\u{3000}' => ' ',
        other => other,
    }
}

/// A formula after folding.
///
/// Text literals keep their characters; only the quotes round them are made uniform: `＂` becomes `"`, and a text
/// opened by `”` (the wrong one of the pair, as input methods often give) is opened by `“`.
#[derive(Debug)]
pub(crate) struct Folded<'text> {
    pub(crate) text: Cow<'text, str>,
    /// Offsets, folded and original, from which on the two run in step.
    steps: Vec<(u32, u32)>,
}

/// What the characters being read belong to.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Formula,
    /// `"…"`
    StraightText,
    /// `“…”`
    CurlyText,
    /// `「…」` or backticks, up to this sign
    Name(char),
}

impl<'text> Folded<'text> {
    pub(crate) fn new(text: &'text str) -> Self {
        if text.is_ascii() {
            return Self { text: Cow::Borrowed(text), steps: Vec::new() };
        }
        let mut folded = String::with_capacity(text.len());
        let mut steps = Vec::new();
        let mut inside = Inside::Formula;
        for (offset, char) in text.char_indices() {
            let (put, next) = fold_step(inside, char);
            inside = next;
            folded.push(put);
            if put.len_utf8() != char.len_utf8() {
                steps.push((offset_of(folded.len()), offset_of(offset + char.len_utf8())));
            }
        }
        Self { text: Cow::Owned(folded), steps }
    }

    /// Where in the original text an offset of the folded one stands.
    pub(crate) fn original(&self, folded: usize) -> u32 {
        let folded = offset_of(folded);
        let after = self.steps.partition_point(|&(start, _)| start <= folded);
        match after.checked_sub(1).and_then(|step| self.steps.get(step)) {
            Some(&(start, original)) => original + (folded - start),
            None => folded,
        }
    }
}

fn fold_step(inside: Inside, char: char) -> (char, Inside) {
    match (inside, char) {
        (Inside::Formula, '"' | '＂') => ('"', Inside::StraightText),
        (Inside::Formula, '“' | '”') => ('“', Inside::CurlyText),
        (Inside::Formula, '「') => (char, Inside::Name('」')),
        (Inside::Formula, '`' | '｀') => ('`', Inside::Name('`')),
        (Inside::StraightText, '"' | '＂') => ('"', Inside::Formula),
        (Inside::CurlyText, '”') => (char, Inside::Formula),
        (Inside::StraightText | Inside::CurlyText, _) => (char, inside),
        (Inside::Name(end), _) => {
            let put = fold_char(char);
            (put, if put == end { Inside::Formula } else { inside })
        }
        (Inside::Formula, _) => (fold_char(char), inside),
    }
}

/// Formulas are limited far below four gigabytes before they come here.
pub(crate) fn offset_of(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_fold_and_texts_do_not() {
        let folded = Folded::new("ｍｉｎ（指标１，２）。＝“Ａ，”＂（＂ ”Ｂ” 「（”」");
        assert_eq!(folded.text, "min(指标1,2).=“Ａ，”\"（\" “Ｂ” 「(\"」");
    }

    #[test]
    fn every_character_finds_its_place_again() {
        let text = "ａ，“，”（b） 「。」é＝𝒳１";
        let folded = Folded::new(text);
        let before: Vec<_> = text.char_indices().map(|(offset, _)| offset as u32).collect();
        let after: Vec<_> = folded.text.char_indices().map(|(offset, _)| folded.original(offset)).collect();
        assert_eq!(before, after);
        assert_eq!(folded.original(folded.text.len()), text.len() as u32);
    }

    #[test]
    fn folding_a_name_twice_changes_nothing() {
        for name in ["指标１（户）", "“优”、‘良’。", "e\u{301}　\u{FF5E}", "\u{1FEF}\u{37E}"] {
            assert_eq!(fold_name(&fold_name(name)), fold_name(name));
        }
    }
}
