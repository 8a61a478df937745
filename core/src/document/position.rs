//! From places in a scalar's text to places in the source: quoting, folding and indentation undone.

use kaohe_grammar::Span;

use super::tree::{Scalar, ScalarStyle, offset};

/// Which stretch of the source each stretch of a scalar's text comes from.
pub(super) struct Positions {
    pieces: Vec<Piece>,
    /// Where the text ends in the source: before the closing quote.
    end: usize,
}

/// A stretch of text and where it comes from.
struct Piece {
    text_start: usize,
    text_end: usize,
    start: usize,
    end: usize,
    /// The text stands there character by character; otherwise the whole stretch stands for the whole text.
    verbatim: bool,
}

impl Positions {
    /// Nothing when `scalar` was not read from `source`.
    pub(super) fn of(scalar: &Scalar, source: &str) -> Option<Self> {
        let (start, end) = (scalar.span.start as usize, scalar.span.end as usize);
        source.get(start..end)?;
        let mut decode = Decode { source, at: start, end, text: String::new(), pieces: Vec::new() };
        match scalar.style {
            ScalarStyle::Plain => decode.flow(None),
            ScalarStyle::SingleQuoted => decode.quoted('\''),
            ScalarStyle::DoubleQuoted => decode.quoted('"'),
            ScalarStyle::Literal | ScalarStyle::Folded => decode.block(scalar),
        }
        let same = match scalar.style {
            // `-` and `+` after the sign decide about the last line ends; they do not move what stands before.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                decode.text.trim_end_matches('\n') == scalar.text.trim_end_matches('\n')
            }
            _ => decode.text == scalar.text,
        };
        same.then_some(Self { pieces: decode.pieces, end: decode.end })
    }

    /// Where the bytes `inner` of the text stand; they begin and end where characters do.
    pub(super) fn span(&self, inner: Span) -> Span {
        let start = match self.piece(inner.start as usize) {
            Some(piece) if piece.verbatim => piece.start + inner.start as usize - piece.text_start,
            Some(piece) => piece.start,
            None => self.end,
        };
        if inner.end <= inner.start {
            return Span::new(offset(start), offset(start));
        }
        let end = match self.piece(inner.end as usize - 1) {
            Some(piece) if piece.verbatim => piece.start + inner.end as usize - piece.text_start,
            Some(piece) => piece.end,
            None => self.end,
        };
        Span::new(offset(start), offset(end.max(start)))
    }

    /// The piece that the byte `at` of the text belongs to.
    fn piece(&self, at: usize) -> Option<&Piece> {
        self.pieces.get(self.pieces.partition_point(|piece| piece.text_end <= at))
    }
}

/// Reads a scalar a second time, noting where everything comes from.
struct Decode<'s> {
    source: &'s str,
    at: usize,
    end: usize,
    text: String,
    pieces: Vec<Piece>,
}

impl Decode<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..self.end).unwrap_or("")
    }

    /// The next `length` bytes stand for themselves.
    fn keep(&mut self, length: usize) {
        let end = (self.at + length).min(self.end);
        let Some(part) = self.source.get(self.at..end) else { return };
        let text_start = self.text.len();
        self.text.push_str(part);
        match self.pieces.last_mut() {
            Some(last) if last.verbatim && last.end == self.at => {
                last.end = end;
                last.text_end = self.text.len();
            }
            _ => self.pieces.push(Piece { text_start, text_end: self.text.len(), start: self.at, end, verbatim: true }),
        }
        self.at = end;
    }

    /// The next `length` bytes stand for `with`.
    fn replace(&mut self, length: usize, with: &str) {
        let end = (self.at + length).min(self.end);
        if !with.is_empty() {
            let text_start = self.text.len();
            self.text.push_str(with);
            let text_end = self.text.len();
            self.pieces.push(Piece { text_start, text_end, start: self.at, end, verbatim: false });
        }
        self.at = end;
    }

    /// `'…'` and `"…"`
    fn quoted(&mut self, quote: char) {
        self.at += 1;
        self.end = self.end.saturating_sub(1).max(self.at);
        self.flow(Some(quote));
    }

    /// Everything but `|` and `>`: lines are joined, by a space or by one line end fewer than there are.
    fn flow(&mut self, quote: Option<char>) {
        while let Some(character) = self.rest().chars().next() {
            match character {
                ' ' | '\t' | '\r' | '\n' => {
                    let (length, breaks) = white(self.rest());
                    match breaks {
                        0 => self.keep(length),
                        1 => self.replace(length, " "),
                        _ => self.replace(length, &"\n".repeat(breaks - 1)),
                    }
                }
                '\'' if quote == Some('\'') => self.replace(2, "'"),
                '\\' if quote == Some('"') => self.escape(),
                _ => self.keep(character.len_utf8()),
            }
        }
    }

    /// `\n`, `\u4e2d`, `\ud83d\ude00`, or a `\` that joins two lines without a space.
    fn escape(&mut self) {
        let rest = self.rest();
        let mut characters = rest.chars().skip(1);
        let Some(sign) = characters.next() else { return self.replace(1, "") };
        let hex = |from: usize, digits: usize| {
            rest.get(from..from + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok())
        };
        let (length, character) = match sign {
            '\r' | '\n' => {
                let (length, breaks) = white(rest.get(1..).unwrap_or(""));
                return self.replace(1 + length, &"\n".repeat(breaks.saturating_sub(1)));
            }
            'x' => (4, hex(2, 2)),
            'U' => (10, hex(2, 8)),
            'u' => match (hex(2, 4), rest.get(6..8), hex(8, 4)) {
                (Some(high @ 0xd800..=0xdbff), Some("\\u"), Some(low @ 0xdc00..=0xdfff)) => {
                    (12, Some(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
                }
                (single, ..) => (6, single),
            },
            '0' => (2, Some(0)),
            'a' => (2, Some(7)),
            'b' => (2, Some(8)),
            't' | '\t' => (2, Some(9)),
            'n' => (2, Some(10)),
            'v' => (2, Some(11)),
            'f' => (2, Some(12)),
            'r' => (2, Some(13)),
            'e' => (2, Some(27)),
            'N' => (2, Some(0x85)),
            '_' => (2, Some(0xa0)),
            'L' => (2, Some(0x2028)),
            'P' => (2, Some(0x2029)),
            other => (1 + other.len_utf8(), Some(u32::from(other))),
        };
        let character = character.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        self.replace(length, character.encode_utf8(&mut [0; 4]));
    }

    /// `|` and `>`: the span begins at the first character after the indentation, which tells how deep that is.
    fn block(&mut self, scalar: &Scalar) {
        let literal = scalar.style == ScalarStyle::Literal;
        let line_start =
            self.source.get(..self.at).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |at| at + 1);
        let indent = self.at - line_start;
        // Empty lines at the beginning stand before the span.
        let leading = scalar.text.len() - scalar.text.trim_start_matches('\n').len();
        self.replace(0, &"\n".repeat(leading));
        let (mut empty_lines, mut after_line, mut after_indented) = (0, false, false);
        // Where the line end after the last line with text begins.
        let mut gap = self.at;
        while self.at < self.end {
            if self.at > line_start + indent {
                let spaces = self.rest().bytes().take(indent).take_while(|&byte| byte == b' ').count();
                self.at += spaces;
            }
            let line = self.rest().split(['\r', '\n']).next().unwrap_or("").len();
            let line_end = self.at + line;
            if line == 0 {
                empty_lines += 1;
            } else {
                let indented = self.rest().starts_with([' ', '\t']);
                let joined = !literal && !after_indented && !indented;
                let with = match (after_line, empty_lines, joined) {
                    (false, ..) => String::new(),
                    (true, 0, true) => " ".to_owned(),
                    (true, lines, true) => "\n".repeat(lines),
                    (true, lines, false) => "\n".repeat(lines + 1),
                };
                let start = std::mem::replace(&mut self.at, gap);
                self.replace(start - gap, &with);
                self.keep(line);
                (empty_lines, after_line, after_indented, gap) = (0, true, indented, line_end);
            }
            self.at =
                line_end + if self.source.get(line_end..).is_some_and(|rest| rest.starts_with("\r\n")) { 2 } else { 1 };
        }
        self.at = gap;
        self.replace(self.end.saturating_sub(gap), &"\n".repeat(empty_lines + 1));
    }
}

/// The spaces, tabs and line ends at the beginning of `text`: how many bytes, and how many line ends.
fn white(text: &str) -> (usize, usize) {
    let length = text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let run = text.get(..length).unwrap_or("");
    let breaks = run.matches('\n').count() + run.matches('\r').count() - run.matches("\r\n").count();
    (length, breaks)
}
