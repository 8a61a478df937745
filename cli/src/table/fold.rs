//! What is the same to a reader: full-width and half-width, odd spaces, wrapped headers.

use unicode_normalization::UnicodeNormalization as _;

/// Whether people see nothing there: spaces of every kind, and the marks that copying leaves behind.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}')
}

/// The text without what cannot be seen at either end.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The half-width form of a full-width character; any other as it is.
pub(crate) fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        '\u{FFE5}' => '¥',
        '\u{3000}' | '\u{A0}' => ' ',
        '。' => '.',
        '、' => ',',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '−' | '﹣' => '-',
        other => other,
    }
}

/// A header as it is compared: half-width, NFC, trimmed, and with a line break inside a cell undone.
///
/// A space counts only between two ASCII characters (`new deposits`): a header wrapped in its cell as
/// `日均⏎存款` is the header `日均存款`.
pub(crate) fn folded(text: &str) -> String {
    let half: String = trimmed(text).nfc().map(half_width).collect();
    let mut out = String::with_capacity(half.len());
    let mut gap = false;
    for character in half.nfc() {
        if is_blank(character) {
            gap = true;
            continue;
        }
        if gap && character.is_ascii_alphanumeric() && out.ends_with(|before: char| before.is_ascii_alphanumeric()) {
            out.push(' ');
        }
        gap = false;
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_folds_to_the_same() {
        assert_eq!(folded(" 指标１\u{3000}"), "指标1");
        assert_eq!(folded("日均\n存款（万元）"), "日均存款(万元)");
        assert_eq!(folded("new \u{A0} deposits"), "new deposits");
        assert_eq!(folded("\u{FEFF}工号"), "工号");
        assert_ne!(folded("Score"), folded("score"));
    }
}
