//! One column of an order as the document writes it: `得分 desc`, `「senior score」 asc`.

use std::ops::Range;

use kaohe_grammar::{Direction, Message, fold_name, say};

use super::suggest::nearest;
use crate::code::Code;

/// What a JSON Schema says of the same text.
pub(crate) const PATTERN: &str = "^\\s*(「[^」]+」|`[^`]+`|[^\\s「`]\\S*)\\s+([aA][sS][cC]|[dD][eE][sS][cC])\\s*$";

/// A column and which end comes first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ordered {
    /// The column without its quotes, in bytes of the text.
    pub(crate) column: Range<usize>,
    /// Which end comes first.
    pub(crate) direction: Direction,
}

/// What is wrong with a text that does not say it.
pub(crate) struct Mistake {
    pub(crate) code: Code,
    pub(crate) message: Message,
    pub(crate) help: Message,
}

/// Reads a column and its direction.
pub(crate) fn ordered(text: &str) -> Result<Ordered, Mistake> {
    let begin = text.len() - text.trim_start().len();
    let told = text.trim();
    let (column, rest) = match quoted(told) {
        Some(parts) => parts,
        None if told.starts_with(['「', '`']) => return Err(no_order(told)),
        None => {
            let end = told.find(char::is_whitespace).unwrap_or(told.len());
            (0..end, told.get(end..).unwrap_or_default())
        }
    };
    let name = told.get(column.clone()).unwrap_or_default();
    let direction = match rest.trim() {
        "" if name.trim().is_empty() => return Err(no_order(told)),
        "" => return Err(unstated(told)),
        // what follows a closing quote at once is no word of its own
        word if !rest.starts_with(char::is_whitespace) => return Err(several(told, word)),
        word if word.contains(char::is_whitespace) => return Err(several(told, word)),
        word if word.eq_ignore_ascii_case("desc") => Direction::Descending,
        word if word.eq_ignore_ascii_case("asc") => Direction::Ascending,
        word => return Err(unknown(word)),
    };
    if name.trim().is_empty() {
        return Err(no_order(told));
    }
    Ok(Ordered { column: begin + column.start..begin + column.end, direction })
}

/// The same order in one spelling.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let found = ordered(text).ok()?;
    let column = fold_name(text.get(found.column)?.trim());
    let word = match found.direction {
        Direction::Ascending => "asc",
        Direction::Descending => "desc",
    };
    Some(format!("「{column}」 {word}"))
}

/// A name in 「…」 or backticks, and what follows it.
fn quoted(text: &str) -> Option<(Range<usize>, &str)> {
    let open = text.chars().next()?;
    let close = match open {
        '「' => '」',
        '`' => '`',
        _ => return None,
    };
    let start = open.len_utf8();
    let end = start + text.get(start..)?.find(close)?;
    Some((start..end, text.get(end + close.len_utf8()..)?))
}

fn unstated(text: &str) -> Mistake {
    Mistake {
        code: Code::WrongShape,
        message: say!("`{text}` does not say which end comes first", "`{text}` 没有写明排序方向"),
        help: say!(
            "write `{text} desc` for the largest first, or `{text} asc` for the smallest first",
            "请写 `{text} desc`（从大到小）或 `{text} asc`（从小到大）"
        ),
    }
}

fn no_order(text: &str) -> Mistake {
    Mistake {
        code: Code::WrongShape,
        message: say!("`{text}` is no column with its direction", "`{text}` 不是列名加排序方向"),
        help: say!(
            "write each column with `desc` or `asc`: `order: [得分 desc, 工号 asc]`",
            "请逐列写明 `desc` 或 `asc`：`order: [得分 desc, 工号 asc]`"
        ),
    }
}

fn unknown(word: &str) -> Mistake {
    const WORDS: [&str; 2] = ["desc", "asc"];
    // `descending` is longer than a slip of the pen
    let longer = WORDS.into_iter().find(|known| word.to_lowercase().starts_with(known));
    let help = match longer.or_else(|| nearest(word, WORDS.into_iter())) {
        Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
        None => say!(
            "write `desc` for the largest first, or `asc` for the smallest first",
            "请写 `desc`（从大到小）或 `asc`（从小到大）"
        ),
    };
    Mistake {
        code: Code::UnknownWord,
        message: say!("`{word}` is no direction of an order", "`{word}` 不是排序方向"),
        help,
    }
}

/// A name with spaces, most likely, or two columns in one text.
fn several(text: &str, rest: &str) -> Mistake {
    let mut words = rest.split_whitespace();
    let last = words.next_back().filter(|word| ["desc", "asc"].iter().any(|known| word.eq_ignore_ascii_case(known)));
    let column = last.and_then(|last| text.strip_suffix(last)).map(str::trim_end);
    let is_name = |column: &&str| !column.contains([',', '，', '、', '「', '」', '`']);
    match (column.filter(is_name), last) {
        (Some(column), Some(last)) => Mistake {
            code: Code::WrongShape,
            message: say!(
                "the name `{column}` needs quotes, for it has spaces",
                "列名 `{column}` 含有空格，需要加引号"
            ),
            help: say!("write `「{column}」 {last}`", "请写 `「{column}」 {last}`"),
        },
        _ => no_order(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_may_stand_in_quotes_and_the_word_in_any_case() {
        for (text, column, direction) in [
            ("得分 desc", "得分", Direction::Descending),
            ("  得分\u{3000}ASC ", "得分", Direction::Ascending),
            ("「senior score」 desc", "senior score", Direction::Descending),
            ("`a` desc", "a", Direction::Descending),
            ("desc asc", "desc", Direction::Ascending),
            ("「desc」\tasc", "desc", Direction::Ascending),
        ] {
            let found = ordered(text).unwrap_or_else(|mistake| panic!("{text}: {}", mistake.message.en));
            assert_eq!((text.get(found.column), found.direction), (Some(column), direction), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_a_way_out() {
        let each = "write each column with `desc` or `asc`: `order: [得分 desc, 工号 asc]`";
        for (text, code, help) in [
            ("得分", Code::WrongShape, "write `得分 desc` for the largest first, or `得分 asc` for the smallest first"),
            (
                "「a b」",
                Code::WrongShape,
                "write `「a b」 desc` for the largest first, or `「a b」 asc` for the smallest first",
            ),
            ("", Code::WrongShape, each),
            ("「」 desc", Code::WrongShape, each),
            ("「」", Code::WrongShape, each),
            ("a desc, b desc", Code::WrongShape, each),
            ("「得分」desc", Code::WrongShape, each),
            ("「得分 desc", Code::WrongShape, each),
            ("得分 decs", Code::UnknownWord, "did you mean `desc`?"),
            ("得分 ascending", Code::UnknownWord, "did you mean `asc`?"),
            ("得分 ＤＥＳＣ", Code::UnknownWord, "did you mean `desc`?"),
            ("得分 降序", Code::UnknownWord, "write `desc` for the largest first, or `asc` for the smallest first"),
            ("senior score desc", Code::WrongShape, "write `「senior score」 desc`"),
        ] {
            let mistake = ordered(text).unwrap_err();
            assert_eq!((mistake.code, &*mistake.help.en), (code, help), "{text}");
        }
    }

    #[test]
    fn one_order_has_one_spelling() {
        for text in ["得分 desc", "  得分   DESC", "`得分` desc", "「得分」\u{3000}Desc"] {
            assert_eq!(canonical(text).unwrap(), "「得分」 desc", "{text}");
        }
        assert_eq!(canonical("指标１ asc").unwrap(), "「指标1」 asc");
        assert_eq!(canonical("得分"), None);
    }
}
