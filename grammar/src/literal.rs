//! Numbers and dates: taking them apart, and saying what is wrong with how they are written.

use crate::error::excerpt;
use crate::fold::compose;
use crate::words::is_keyword;
use crate::{ExprKind, Message, NumberLiteral, NumberSuffix, SyntaxCode, say};

/// What is wrong with a literal: the code, the sentence, the way out.
pub(crate) type Flaw = (SyntaxCode, Message, Message);

/// `1_200.50万元` as digits, without underscores, and suffix.
pub(crate) fn number(written: &str) -> NumberLiteral {
    let (digits, suffix) = split(written);
    let suffix = match suffix {
        "" => NumberSuffix::None,
        "%" => NumberSuffix::Percent,
        "‰" => NumberSuffix::Permille,
        letters => NumberSuffix::Letters(compose(letters).into()),
    };
    NumberLiteral { digits: digits.replace('_', "").into(), suffix }
}

/// `2026-07-01`, or nothing when it is written otherwise.
pub(crate) fn date(written: &str) -> Option<ExprKind> {
    let (year, rest) = written.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    Some(ExprKind::Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? })
}

/// What is wrong with how a number is written, if anything.
pub(crate) fn number_flaw(written: &str) -> Option<Flaw> {
    let (digits, suffix) = split(written);
    if let Some(date) = disguised_date(digits, suffix) {
        return Some(date_words(written, &date));
    }
    underscore_flaw(digits)
        .or_else(|| point_flaw(digits))
        .or_else(|| zero_flaw(digits, suffix))
        .or_else(|| word_flaw(digits, suffix))
}

/// What is wrong with how a date is written, if anything.
pub(crate) fn date_flaw(written: &str) -> Option<Flaw> {
    if date(written).is_some() {
        return None;
    }
    let sign = if written.contains('/') { '/' } else { '-' };
    let digits = written.trim_end_matches(|char: char| !char.is_ascii_digit());
    if date(digits).is_some() {
        return Some(date_words(written, digits));
    }
    let spaced = digits.replace(sign, &format!(" {sign} "));
    let shown = excerpt(written);
    let help = match plausible_date(digits.split(sign)) {
        Some(date) => say!(
            "write `{date}` for the day, or `{spaced}` with spaces for the calculation",
            "日期写作 `{date}`，计算式请加空格写作 `{spaced}`"
        ),
        None => say!("with spaces it is a calculation: `{spaced}`", "加空格即为计算式：`{spaced}`"),
    };
    Some((
        SyntaxCode::BadDate,
        say!("`{shown}` may be a date or a calculation", "`{shown}` 既可能是日期，也可能是计算式"),
        help,
    ))
}

/// The digits with their points and underscores, and what follows them.
fn split(written: &str) -> (&str, &str) {
    let end = written.find(|char: char| !char.is_ascii_digit() && char != '.' && char != '_').unwrap_or(written.len());
    written.split_at_checked(end).unwrap_or((written, ""))
}

/// `2026年7月1日` and `2026.7.1`, as they are written elsewhere.
fn disguised_date(digits: &str, suffix: &str) -> Option<String> {
    if suffix.starts_with('年') {
        let (month, rest) = suffix.strip_prefix('年')?.split_once('月')?;
        return plausible_date([digits, month, rest.trim_end_matches(['日', '号'])].into_iter());
    }
    if suffix.is_empty() { plausible_date(digits.split('.')) } else { None }
}

fn plausible_date<'text>(mut parts: impl Iterator<Item = &'text str>) -> Option<String> {
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (year, month, day): (u16, u8, u8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let in_calendar = (1..=12).contains(&month) && (1..=31).contains(&day);
    in_calendar.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn date_words(written: &str, date: &str) -> Flaw {
    let shown = excerpt(written);
    (
        SyntaxCode::BadDate,
        say!("`{shown}` is not how a date is written", "日期不写作 `{shown}`"),
        say!("write `{date}`", "请写作 `{date}`"),
    )
}

fn underscore_flaw(digits: &str) -> Option<Flaw> {
    let stands_alone = |group: &str| group.is_empty() || group.starts_with('.') || group.ends_with('.');
    if !digits.contains('_') || !digits.split('_').any(stands_alone) {
        return None;
    }
    let (shown, without) = (excerpt(digits), excerpt(&digits.replace('_', "")));
    Some((
        SyntaxCode::BadUnderscore,
        say!("an underscore in `{shown}` does not stand between two digits", "`{shown}` 中的下划线不在两个数字之间"),
        say!("write `{without}`", "请写作 `{without}`"),
    ))
}

fn point_flaw(digits: &str) -> Option<Flaw> {
    let shown = excerpt(digits);
    if digits.matches('.').count() > 1 {
        return Some((
            SyntaxCode::BadNumber,
            say!("`{shown}` has more than one decimal point", "`{shown}` 有不止一个小数点"),
            say!(
                "keep one point; between digits write `_` for thousands: `1_200.50`",
                "只保留一个小数点；千位可用 `_` 分隔：`1_200.50`"
            ),
        ));
    }
    let whole = excerpt(digits.strip_suffix('.')?);
    Some((
        SyntaxCode::BadNumber,
        say!("nothing stands after the point of `{shown}`", "`{shown}` 的小数点后没有数字"),
        say!("write `{whole}`", "请写作 `{whole}`"),
    ))
}

fn zero_flaw(digits: &str, suffix: &str) -> Option<Flaw> {
    let whole = digits.split('.').next().unwrap_or(digits);
    if whole.len() < 2 || !whole.starts_with('0') {
        return None;
    }
    let kept = digits.trim_start_matches(['0', '_']);
    let kept =
        if kept.starts_with(|first: char| first.is_ascii_digit()) { kept.to_owned() } else { format!("0{kept}") };
    let (shown, kept, text) =
        (excerpt(digits), excerpt(&format!("{kept}{suffix}")), excerpt(&format!("{digits}{suffix}")));
    Some((
        SyntaxCode::LeadingZero,
        say!("the number `{shown}` begins with a needless zero", "数字 `{shown}` 以多余的零开头"),
        say!(
            "write `{kept}`, or `\"{text}\"` when it is a code and not a quantity",
            "请写作 `{kept}`；若是编号而非数量，请写作文本 `\"{text}\"`"
        ),
    ))
}

/// `3且合同制` and `5and`: no unit has such letters, so a space is missing.
fn word_flaw(digits: &str, suffix: &str) -> Option<Flaw> {
    let number = |unit: &str| excerpt(&format!("{digits}{unit}"));
    let (before, word, after) = if is_keyword(suffix) {
        (number(""), suffix, "")
    } else {
        let (unit, word, after) = split_at_word(suffix)?;
        (number(unit), word, after)
    };
    let after = excerpt(after);
    let (shown, spaced) = (excerpt(&format!("{digits}{suffix}")), format!("{before} {word} {after}"));
    let spaced = spaced.trim_end();
    Some((
        SyntaxCode::SpaceNeeded,
        say!("`{word}` in `{shown}` touches its neighbours", "`{shown}` 中的 `{word}` 与前后文字连在一起"),
        say!("put a space on each side: `{spaced}`", "请在两侧加空格：`{spaced}`"),
    ))
}

/// The first `且` or `或` in a run of letters, with what stands before and after it.
pub(crate) fn split_at_word(letters: &str) -> Option<(&str, &str, &str)> {
    let (at, word) = letters.match_indices(['且', '或']).next()?;
    Some((letters.get(..at)?, word, letters.get(at + word.len()..)?))
}
