//! A formula with one space where one belongs and ASCII signs, its words as the author wrote them.

use kaohe_grammar::{Expr, fold_name, is_keyword, parse};

/// The formula `text` again, with its spaces set; `expr` is its tree.
pub(super) fn respace(text: &str, expr: &Expr) -> String {
    let out = set(&pieces(text));
    // Spaces never decide what a formula means; should they, the author's own are kept.
    if parse(&out).is_ok_and(|again| again == *expr) { out } else { text.trim().to_owned() }
}

/// What a piece is, as far as spaces go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A number, a text, a date, a quoted name
    Value,
    /// A name, a function, a keyword
    Word,
    /// An operator, a bracket, a comma, a point
    Sign,
}

#[derive(Debug)]
struct Piece {
    kind: Kind,
    text: String,
    /// Whether a space stood before it.
    spaced: bool,
}

impl Piece {
    fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    fn is_keyword(&self) -> bool {
        self.kind == Kind::Word && is_keyword(&fold_name(&self.text))
    }

    /// Whether a value can end with it, so that a `-` after it is a subtraction.
    fn ends_value(&self) -> bool {
        match self.kind {
            Kind::Value => true,
            Kind::Word => {
                let word = fold_name(&self.text).to_ascii_lowercase();
                !is_keyword(&word) || matches!(&*word, "true" | "false" | "是" | "否" | "missing" | "end")
            }
            Kind::Sign => matches!(&*self.text, ")" | "]"),
        }
    }

    /// Whether it is one of the words that may follow a function's arguments.
    fn is_clause_word(&self) -> bool {
        let word = fold_name(&self.text).to_ascii_lowercase();
        self.kind == Kind::Word && matches!(&*word, "where" | "when_empty" | "by" | "desc" | "asc" | "ties" | "within")
    }
}

/// What a sign is read as; nothing when the character is no sign.
fn sign(character: char) -> Option<char> {
    let folded = match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0)?,
        '。' => '.',
        '、' => ',',
        other => other,
    };
    "+-*/×÷^=<>!≤≥≠()[],.%‰".contains(folded).then_some(folded)
}

fn digit(character: char) -> bool {
    character.is_ascii_digit() || ('０'..='９').contains(&character)
}

/// The pieces of a formula that can be read.
fn pieces(text: &str) -> Vec<Piece> {
    let characters: Vec<char> = text.chars().collect();
    let (mut at, mut out, mut spaced) = (0, Vec::<Piece>::new(), false);
    while let Some(rest) = characters.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.first().copied().unwrap_or(' ');
        if first.is_whitespace() {
            spaced = true;
            at += 1;
            continue;
        }
        let follows_value = out.last().is_some_and(Piece::ends_value);
        let (kind, length) = piece(rest, follows_value);
        let length = length.clamp(1, rest.len());
        let written: String = rest.iter().take(length).collect();
        let text = match kind {
            Kind::Sign => written.chars().map(|each| sign(each).unwrap_or(each)).collect(),
            Kind::Value if digit(first) || sign(first) == Some('.') => fold_name(&written),
            _ => written,
        };
        out.push(Piece { kind, text, spaced });
        spaced = false;
        at += length;
    }
    out
}

/// The first piece of `rest` and its length in characters.
fn piece(rest: &[char], follows_value: bool) -> (Kind, usize) {
    let at = |place: usize| rest.get(place).copied().unwrap_or(' ');
    let up_to = |ends: &dyn Fn(char) -> bool| {
        let inner = rest.iter().skip(1).take_while(|each| !ends(**each)).count();
        (Kind::Value, inner + 2)
    };
    match at(0) {
        '"' | '＂' => return up_to(&|each| matches!(each, '"' | '＂')),
        '“' | '”' => return up_to(&|each| each == '”'),
        '「' => return up_to(&|each| each == '」'),
        '`' | '｀' => return up_to(&|each| matches!(each, '`' | '｀')),
        _ => {}
    }
    if let Some(length) = date(rest) {
        return (Kind::Value, length);
    }
    if digit(at(0)) || (sign(at(0)) == Some('.') && digit(at(1)) && !follows_value) {
        // digits, a point, a unit or a percent sign
        let is_part = |each: char| sign(each) == Some('.') || (sign(each).is_none() && !each.is_whitespace());
        let length = rest.iter().take_while(|each| is_part(**each)).count();
        let percent = matches!(sign(at(length)), Some('%' | '‰'));
        return (Kind::Value, length + usize::from(percent));
    }
    if let Some(first) = sign(at(0)) {
        let second = sign(at(1));
        let double =
            matches!((first, second), ('=', Some('=')) | ('!', Some('=')) | ('<', Some('>' | '=')) | ('>', Some('=')));
        return (Kind::Sign, if double { 2 } else { 1 });
    }
    let ends = |each: char| {
        each.is_whitespace() || sign(each).is_some() || matches!(each, '"' | '＂' | '“' | '”' | '「' | '`' | '｀')
    };
    (Kind::Word, rest.iter().take_while(|each| !ends(**each)).count())
}

/// `2026-07-01` at the beginning of `rest`.
fn date(rest: &[char]) -> Option<usize> {
    let fits = "dddd-dd-dd".chars().enumerate().all(|(at, wanted)| {
        rest.get(at).is_some_and(|found| if wanted == 'd' { digit(*found) } else { sign(*found) == Some('-') })
    });
    let after = rest.get(10).copied().unwrap_or(' ');
    let ends = !digit(after) && !matches!(sign(after), Some('.' | '%' | '‰'));
    (fits && ends).then_some(10)
}

/// The pieces with a space between them where one belongs.
fn set(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let (mut before, mut before_that): (Option<&Piece>, Option<&Piece>) = (None, None);
    for piece in pieces {
        if let Some(last) = before
            && is_apart(before_that, last, piece)
        {
            out.push(' ');
        }
        out.push_str(&piece.text);
        before_that = before.replace(piece);
    }
    out
}

/// Whether a space stands between two pieces; `earlier` is the one before both.
fn is_apart(earlier: Option<&Piece>, last: &Piece, next: &Piece) -> bool {
    if last.is("(") || last.is("[") || last.is(".") {
        return false;
    }
    if next.is(")") || next.is("]") || next.is(",") || next.is(".") {
        return false;
    }
    // a sign before its number
    if (last.is("-") || last.is("+")) && !earlier.is_some_and(Piece::ends_value) {
        return false;
    }
    if (next.is("(") || next.is("[")) && last.kind != Kind::Sign {
        let opens_clause =
            last.is_clause_word() && earlier.is_some_and(|earlier| earlier.ends_value() || earlier.is("("));
        return match last.kind {
            // `if(c, a, b)` and `if (c) then …` are different forms of one word
            Kind::Word if fold_name(&last.text).eq_ignore_ascii_case("if") => next.spaced,
            Kind::Word => last.is_keyword() || opens_clause,
            _ => false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::respace;
    use kaohe_grammar::parse;

    fn spaced(text: &str) -> String {
        respace(text, &parse(text).unwrap())
    }

    #[test]
    fn spaces_and_full_width_signs_are_set_and_words_are_kept() {
        for (written, wanted) in [
            ("a+b", "a + b"),
            ("max（0，100－每次扣分×次数）", "max(0, 100 - 每次扣分 × 次数)"),
            ("MAX ( a,b )", "MAX(a, b)"),
            ("a 且 非(b 或 c)", "a 且 非 (b 或 c)"),
            ("IF(a≥3,1,2)", "IF(a ≥ 3, 1, 2)"),
            ("if (a>3) then -1 else +2", "if (a > 3) then -1 else +2"),
            ("case when a<>3 then“高”else \"低\"end", "case when a <> 3 then “高” else \"低\" end"),
            ("-a * -3", "-a * -3"),
            ("60<=x<70", "60 <= x < 70"),
            ("系数 [级别 ,档次]", "系数[级别, 档次]"),
            ("x in[1,2]", "x in [1, 2]"),
            ("sum(贷款.余额 where(贷款.不良 或 x))", "sum(贷款.余额 where (贷款.不良 或 x))"),
            ("group_count(within[网点,岗位])", "group_count(within [网点, 岗位])"),
            ("as_of-2026-07-01", "as_of - 2026-07-01"),
            ("１２．５％ * 3万元", "12.5% * 3万元"),
            (".5+x", ".5 + x"),
            ("「客户 数」/`a b`", "「客户 数」 / `a b`"),
            ("1_200.50-x", "1_200.50 - x"),
            ("  a\n  +b ", "a + b"),
        ] {
            if parse(written).is_err() {
                continue;
            }
            assert_eq!(spaced(written), wanted);
            assert_eq!(spaced(wanted), wanted, "setting the spaces twice");
        }
    }
}
