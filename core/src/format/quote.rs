//! Whether a text needs quotes, and which.

use crate::document::cut::is_balanced;

/// Whether YAML reads the text back without quotes; `flow`: between brackets.
pub(super) fn is_safe(text: &str, flow: bool) -> bool {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return false };
    let second = characters.next();
    let indicator = |character: char| matches!(character, ',' | '[' | ']' | '{' | '}');
    let begins = match first {
        '-' | '?' | ':' => second.is_some_and(|second| !(second.is_whitespace() || (flow && indicator(second)))),
        '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => false,
        other => !indicator(other),
    };
    let document_marker = text.starts_with("---") || text.starts_with("...");
    begins
        && !document_marker
        && text != "<<"
        && text.trim() == text
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(is_escaped)
        && !text.contains('\t')
        && !(flow && text.chars().any(indicator))
        && is_balanced(text)
}

/// Whether another reader of YAML would take the text, without quotes, for something else than a text.
pub(super) fn is_typed(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    if matches!(&*word, "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null" | "~" | "<<" | "=") {
        return true;
    }
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(&word);
    let number = unsigned.starts_with(|first: char| first == '.' || first.is_ascii_digit());
    number && (matches!(unsigned, ".inf" | ".nan") || unsigned.chars().all(is_of_a_number))
}

/// Digits of any base, points, exponents, and what stands in dates and times.
fn is_of_a_number(character: char) -> bool {
    character.is_ascii_hexdigit() || matches!(character, '.' | '_' | '+' | '-' | ':' | 'x' | 'o' | 't' | 'z' | ' ')
}

/// Whether a character can stand in double quotes only by an escape.
fn is_escaped(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// The text in quotes: double ones, or single ones where that saves escapes and `json` does not forbid it.
pub(super) fn quote(text: &str, json: bool) -> String {
    let single = !json && text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(['\t']);
    if single && !text.chars().any(is_escaped) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other if is_escaped(other) => out.push_str(&format!("\\u{:04x}", u32::from(other))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
