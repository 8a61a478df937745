//! The formula as a flat row of pieces, and what is wrong with single pieces.

use pest::Parser;

use crate::error::excerpt;
use crate::fold::{Folded, compose};
use crate::grammar::{Formula, Rule};
use crate::literal;
use crate::words::{is_clause_word, is_keyword};
use crate::{Span, SyntaxCode, SyntaxError, say};

/// One piece: a literal, a word, a quoted name or a sign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lexeme<'text> {
    pub(crate) rule: Rule,
    /// The piece itself, folded.
    pub(crate) text: &'text str,
    /// Where it begins in the folded text.
    pub(crate) start: usize,
    /// Where it stands in the original text.
    pub(crate) span: Span,
}

impl Lexeme<'_> {
    /// Where it ends in the folded text.
    pub(crate) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        self.rule == Rule::sign && self.text == sign
    }

    /// Whether it is this English word, in any mixture of capitals.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.rule == Rule::word && self.text.eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_keyword(&self) -> bool {
        self.rule == Rule::word && is_keyword(self.text)
    }

    pub(crate) fn is_clause_word(&self) -> bool {
        self.rule == Rule::word && is_clause_word(self.text)
    }

    /// Whether a value can end with this piece, so that an operator may follow.
    pub(crate) fn ends_value(&self) -> bool {
        match self.rule {
            Rule::number | Rule::date | Rule::text | Rule::quoted_name | Rule::single_quoted => true,
            Rule::word => !self.is_keyword() || is_value_word(self.text) || self.is_word("end"),
            Rule::sign => matches!(self.text, ")" | "]"),
            _ => false,
        }
    }

    /// Whether a value can begin with this piece.
    pub(crate) fn begins_value(&self) -> bool {
        match self.rule {
            Rule::number | Rule::date | Rule::text | Rule::quoted_name | Rule::single_quoted => true,
            Rule::word => {
                !self.is_keyword()
                    || is_value_word(self.text)
                    || ["if", "case", "not", "非"].iter().any(|word| self.is_word(word))
            }
            Rule::sign => self.text == "(",
            _ => false,
        }
    }
}

fn is_value_word(word: &str) -> bool {
    ["true", "false", "missing", "是", "否"].iter().any(|value| value.eq_ignore_ascii_case(word))
}

/// The pieces of a folded text; every text has them, if there is stack left to read it at all.
pub(crate) fn lexemes<'text>(folded: &'text Folded<'_>) -> Option<Vec<Lexeme<'text>>> {
    let pairs = Formula::parse(Rule::lexemes, &folded.text).ok()?;
    let lexemes = pairs
        .filter(|pair| pair.as_rule() != Rule::EOI)
        .map(|pair| {
            let place = pair.as_span();
            let span = Span::new(folded.original(place.start()), folded.original(place.end()));
            Lexeme { rule: pair.as_rule(), text: place.as_str(), start: place.start(), span }
        })
        .collect();
    Some(lexemes)
}

/// What is wrong with pieces by themselves.
#[derive(Debug, Default)]
pub(crate) struct Flaws {
    pub(crate) errors: Vec<SyntaxError>,
    /// Whether the rest can still be read for its structure.
    pub(crate) unreadable: bool,
}

/// At most so many bad pieces are told of; a formula with more is not a formula.
const MOST_FLAWS: usize = 20;

/// Everything wrong with single pieces.
pub(crate) fn flaws(folded: &Folded<'_>, lexemes: &[Lexeme<'_>]) -> Flaws {
    let mut flaws = Flaws::default();
    let mut before: Option<&Lexeme<'_>> = None;
    for (place, lexeme) in lexemes.iter().enumerate() {
        let flaw = match lexeme.rule {
            Rule::number => literal::number_flaw(lexeme.text),
            Rule::date => literal::date_flaw(lexeme.text),
            _ => None,
        };
        if let Some((code, message, help)) = flaw {
            // The word and its neighbour are one piece now; what follows would be misjudged.
            flaws.unreadable |= code == SyntaxCode::SpaceNeeded;
            flaws.errors.push(SyntaxError::new(code, lexeme.span, message).help(help));
        } else if let Some(error) = unreadable(folded, before, lexeme, lexemes.get(place + 1)) {
            flaws.unreadable = true;
            flaws.errors.push(error);
        }
        if flaws.errors.len() >= MOST_FLAWS {
            flaws.unreadable = true;
            break;
        }
        before = Some(lexeme);
    }
    flaws
}

/// What is wrong with a piece that no formula has.
fn unreadable(
    folded: &Folded<'_>,
    before: Option<&Lexeme<'_>>,
    lexeme: &Lexeme<'_>,
    after: Option<&Lexeme<'_>>,
) -> Option<SyntaxError> {
    let shown = excerpt(lexeme.text);
    match lexeme.rule {
        Rule::unclosed_text => Some(unclosed_text(folded, lexeme)),
        Rule::unclosed_name => Some(unclosed_name(folded, lexeme)),
        Rule::single_quoted => {
            let inner = excerpt(lexeme.text.trim_matches('\''));
            let message = say!("the text `{inner}` stands in single quotes", "文本 `{inner}` 用了单引号");
            let help = say!("write `\"{inner}\"`", "请写作 `\"{inner}\"`");
            Some(SyntaxError::new(SyntaxCode::SingleQuotes, lexeme.span, message).help(help))
        }
        Rule::empty_name => {
            let message = say!("`{shown}` names nothing", "`{shown}` 里没有名称");
            let help = say!("write a column's name between the quotes", "请在引号内写列名");
            Some(SyntaxError::new(SyntaxCode::BadName, lexeme.span, message).help(help))
        }
        Rule::quoted_name => quoted_name(lexeme),
        Rule::foreign => Some(foreign(before, lexeme, after)),
        Rule::stray => Some(stray(lexeme)),
        _ => None,
    }
}

/// The name inside its quotes.
pub(crate) fn unquoted(quoted: &str) -> String {
    let mut chars = quoted.chars();
    chars.next();
    chars.next_back();
    compose(chars.as_str())
}

/// A name that could not be written back is refused, and so is one that is only blanks.
fn quoted_name(lexeme: &Lexeme<'_>) -> Option<SyntaxError> {
    let name = unquoted(lexeme.text);
    let shown = excerpt(lexeme.text);
    let (message, help) = if name.trim().is_empty() {
        (
            say!("`{shown}` names nothing", "`{shown}` 里没有名称"),
            say!("write a column's name between the quotes", "请在引号内写列名"),
        )
    } else if name.contains('`') && name.contains('」') {
        (
            say!("a name cannot hold both a backtick and `」`", "名称不能同时含有反引号和 `」`"),
            say!("rename the column", "请改列名"),
        )
    } else {
        return None;
    };
    Some(SyntaxError::new(SyntaxCode::BadName, lexeme.span, message).help(help))
}

/// The opening sign alone: the rest of the formula is not what is wrong.
fn opening(folded: &Folded<'_>, lexeme: &Lexeme<'_>) -> Span {
    let width = lexeme.text.chars().next().map_or(0, char::len_utf8);
    Span::new(lexeme.span.start, folded.original(lexeme.start + width))
}

fn unclosed_text(folded: &Folded<'_>, lexeme: &Lexeme<'_>) -> SyntaxError {
    let message = say!("a text is opened here and not closed", "此处的引号没有闭合");
    let help = if lexeme.text.starts_with('“') {
        say!("close it with `”`", "请用 `”` 闭合")
    } else {
        say!("close it with `\"`", "请用 `\"` 闭合")
    };
    SyntaxError::new(SyntaxCode::UnclosedText, opening(folded, lexeme), message).help(help)
}

fn unclosed_name(folded: &Folded<'_>, lexeme: &Lexeme<'_>) -> SyntaxError {
    let message = say!("a quoted name is opened here and not closed", "此处的名称引号没有闭合");
    let help = if lexeme.text.starts_with('「') {
        say!("close it with `」`", "请用 `」` 闭合")
    } else {
        say!("close it with a second backtick", "请用另一个反引号闭合")
    };
    SyntaxError::new(SyntaxCode::UnclosedName, opening(folded, lexeme), message).help(help)
}

fn foreign(before: Option<&Lexeme<'_>>, lexeme: &Lexeme<'_>, after: Option<&Lexeme<'_>>) -> SyntaxError {
    let sign = lexeme.text;
    if matches!(sign, "%" | "‰") {
        return percent(before, lexeme, after);
    }
    if sign.ends_with('=') && !matches!(sign, "=>") {
        let message =
            say!("a formula is a value and assigns nothing with `{sign}`", "公式只是一个值，不能用 `{sign}` 赋值");
        let help = say!(
            "leave only what stands after `{sign}`; to compare, write `=`",
            "只保留 `{sign}` 之后的部分；比较请用 `=`"
        );
        return SyntaxError::new(SyntaxCode::Assignment, lexeme.span, message).help(help);
    }
    let ours = match sign {
        "=>" => ">=",
        "=<" => "<=",
        "&&" | "&" => "and",
        "||" | "|" => "or",
        "**" => "^",
        "//" => "/",
        _ => "not",
    };
    let message = say!("`{sign}` is not an operator here", "这里没有运算符 `{sign}`");
    SyntaxError::new(SyntaxCode::ForeignOperator, lexeme.span, message).help(say!("write `{ours}`", "请写作 `{ours}`"))
}

fn percent(before: Option<&Lexeme<'_>>, lexeme: &Lexeme<'_>, after: Option<&Lexeme<'_>>) -> SyntaxError {
    let sign = lexeme.text;
    let whole = if sign == "%" { 100 } else { 1000 };
    let message = say!("`{sign}` does not follow digits directly", "`{sign}` 没有紧跟在数字之后");
    let number = before.filter(|before| before.rule == Rule::number && before.end() < lexeme.start);
    let help = if sign == "%" && before.is_some_and(Lexeme::ends_value) && after.is_some_and(Lexeme::begins_value) {
        say!(
            "`%` is only for percentages like `85%`; there is no remainder operator",
            "`%` 只用于 `85%` 这样的百分数，没有取余运算符"
        )
    } else if let Some(number) = number {
        let number = excerpt(number.text);
        say!("write `{number}{sign}` without a space", "请去掉空格，写作 `{number}{sign}`")
    } else {
        say!("to take a value as a percentage, divide it: `… / {whole}`", "要把数值当作百分数，请写作 `… / {whole}`")
    };
    SyntaxError::new(SyntaxCode::MisplacedPercent, lexeme.span, message).help(help)
}

fn stray(lexeme: &Lexeme<'_>) -> SyntaxError {
    let char = lexeme.text.chars().next().unwrap_or(' ');
    let number = u32::from(char);
    let seen = if char.is_control()
        || matches!(number, 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF)
    {
        let message =
            say!("an invisible character (U+{number:04X}) stands here", "此处有一个看不见的字符（U+{number:04X}）");
        return SyntaxError::new(SyntaxCode::UnknownCharacter, lexeme.span, message).help(say!("delete it", "请删去"));
    } else {
        char
    };
    let message = say!("the character `{seen}` has no meaning in a formula", "字符 `{seen}` 在公式中没有意义");
    let help = match char {
        '−' | '–' | '—' | '‐' | '‑' => say!("write `-` for minus", "减号请写作 `-`"),
        '·' | '•' | '∙' | '⋅' | '✕' | '✖' => say!("write `*` for times", "乘号请写作 `*`"),
        '∕' | '⁄' => say!("write `/` for divided by", "除号请写作 `/`"),
        '{' | '}' | '【' | '】' | '〔' | '〕' | '〖' | '〗' => {
            say!("write `(` and `)`, or `[` and `]` for keys and lists", "请用 `(` `)`，键和列表用 `[` `]`")
        }
        '『' | '』' | '《' | '》' | '〈' | '〉' | '」' => {
            say!("quote a name with `「` and `」`", "名称请用 `「` 和 `」` 引起来")
        }
        '\'' => say!("write a text in double quotes", "文本请用双引号"),
        ';' => say!("separate arguments with `,`", "参数之间请用 `,` 分隔"),
        '¥' | '￥' | '$' | '€' => say!("write the unit after the number: `500元`", "单位写在数字之后：`500元`"),
        '#' => say!(
            "a formula has no comments; quote a name that has this sign: `「…」`",
            "公式里没有注释；含此字符的名称请写作 `「…」`"
        ),
        '²' | '³' => say!("write a power as `x ^ 2`", "乘方请写作 `x ^ 2`"),
        _ => say!(
            "delete it; if it is part of a name, quote the name: `「…」`",
            "请删去；若是名称的一部分，请把名称引起来：`「…」`"
        ),
    };
    SyntaxError::new(SyntaxCode::UnknownCharacter, lexeme.span, message).help(help)
}
