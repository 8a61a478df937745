//! Numbers as people write them in cells, as exact decimal text. Digits and the point are moved; nothing is computed.

use kaohe::number::Number;
use kaohe_grammar::say;

use super::{
    fold,
    problem::{Code, Problem, shortened},
};

/// The longest text that is looked at as a number.
const LONGEST: usize = 400;

/// The largest exponent that is written out: `1E+400` is four hundred zeros.
const LARGEST_EXPONENT: i64 = 400;

/// Text that stands where a value is missing or zero, in one of the ways people do it.
const PLACEHOLDERS: &[&str] = &[
    "-",
    "--",
    "---",
    "–",
    "—",
    "——",
    "/",
    "\\",
    "*",
    "…",
    "...",
    "n/a",
    "na",
    "nan",
    "null",
    "nil",
    "none",
    "无",
    "暂无",
    "缺",
    "空",
    "未填",
    "未知",
    "不适用",
];

/// What a currency sign may be; it says nothing about the value.
const CURRENCY: &[char] = &['¥', '$', '€', '£'];

/// Reads the number in `text` as exact decimal text; nothing when there is nothing.
///
/// The answer has a sign only when negative, no leading zeros, no trailing zeros after the point, and no exponent.
/// Taken as they are meant: full-width digits, `1,234,567.89`, `85%` as `0.85`, `3‰` as `0.003`, `(123.45)` as
/// `-123.45`, a currency sign in front, `1.5E+05` as `150000`.
///
/// # Errors
///
/// Nothing is guessed: `1,23` is neither 123 nor 1.23, `500元` carries a unit, and `—` may be zero or missing.
///
/// # Example
///
/// ```
/// use kaohe_cli::table::exact_number;
///
/// assert_eq!(exact_number("1,234.50").unwrap().as_deref(), Some("1234.5"));
/// assert_eq!(exact_number("８５％").unwrap().as_deref(), Some("0.85"));
/// assert_eq!(exact_number("  ").unwrap(), None);
/// // A decimal comma is not guessed at.
/// assert!(exact_number("1,23").is_err());
/// ```
pub fn exact_number(text: &str) -> Result<Option<String>, Problem> {
    if let Some(exact) = plainly_exact(text) {
        return Ok(Some(exact.to_owned()));
    }
    let inner = fold::trimmed(text);
    if inner.is_empty() {
        return Ok(None);
    }
    if inner.len() > LONGEST {
        return Err(not_a_number(text));
    }
    let folded: String = inner
        .chars()
        // in a cell 、 lists things: `3、100` is two numbers and not three thousand one hundred
        .map(|character| if character == '、' { character } else { fold::half_width(character) })
        .collect();
    // A spreadsheet shows an amount of zero as `¥ -`.
    let amount = without_currency(&folded).unwrap_or(&folded).to_lowercase();
    if PLACEHOLDERS.contains(&amount.as_str()) {
        return Err(placeholder(text));
    }
    let (negative, body) = signed(&folded).ok_or_else(|| not_a_number(text))?;
    let written = Written::read(body, text)?;
    Ok(Some(written.exact(negative)))
}

/// The shortest decimal text that is this binary number, without an exponent, as the core takes it from every host; past
/// what it takes, where no number is read, any that is one.
pub(crate) fn shortest(number: f64) -> String {
    match Number::from_float(number) {
        Ok(Some(known)) => known.to_string(),
        _ => number.to_string(),
    }
}

/// The exact text of a number that is kept as a whole number of units of its last place.
pub(crate) fn decimal(units: &str, places: i8) -> String {
    let digits = units.strip_prefix('-').unwrap_or(units);
    Written { digits: digits.to_owned(), places: places.into() }.exact(digits.len() < units.len())
}

/// The exact text of what nearly every cell holds: digits, perhaps with a sign and a point. Others take the long way,
/// which gives the same answer for these, five times as slowly.
fn plainly_exact(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_plain = digits(whole) && digits(fraction) && !whole.starts_with('0') && text.len() <= LONGEST;
    let exact = if unsigned.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    is_plain.then_some(exact)
}

/// Whether the text is a long number that a spreadsheet has cut short: `6.22202E+18`.
pub(crate) fn is_cut_short(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix('+');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    exponent.is_some_and(digits) && digits(whole) && digits(fraction)
}

/// The sign, and what is left without sign, accounting brackets and currency sign.
fn signed(text: &str) -> Option<(bool, &str)> {
    let before = without_currency(text);
    let rest = before.unwrap_or(text);
    let (negative, rest) = if let Some(inside) = rest.strip_prefix('(') {
        (true, fold::trimmed(inside.strip_suffix(')')?))
    } else if let Some(after) = rest.strip_prefix('-') {
        (true, after)
    } else {
        (false, rest.strip_prefix('+').unwrap_or(rest))
    };
    // One currency sign, before the sign or after it.
    let rest = if before.is_none() { without_currency(rest).unwrap_or(rest) } else { rest };
    Some((negative, rest))
}

fn without_currency(text: &str) -> Option<&str> {
    text.strip_prefix(CURRENCY).map(fold::trimmed)
}

/// The digits of a number as written, and how many of them stand after the point.
struct Written {
    digits: String,
    places: i64,
}

impl Written {
    /// Reads digits, separators, exponent and percent sign; `original` is for messages.
    fn read(body: &str, original: &str) -> Result<Self, Problem> {
        let mantissa_end = body.find(|c: char| !matches!(c, '0'..='9' | ',' | '.')).unwrap_or(body.len());
        let (mantissa, mut rest) = body.split_at_checked(mantissa_end).unwrap_or((body, ""));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return Err(not_a_number(original));
        }
        if fraction.contains(',') || !is_grouped(whole) {
            return Err(bad_grouping(original));
        }
        let mut exponent = 0;
        if let Some(after) = rest.strip_prefix(['E', 'e'])
            && let Some((value, remainder)) = exponent_of(after)
        {
            if !(-LARGEST_EXPONENT..=LARGEST_EXPONENT).contains(&value) {
                return Err(not_a_number(original));
            }
            (exponent, rest) = (value, remainder);
        }
        let moved = match fold::trimmed(rest) {
            "" => 0,
            "%" => 2,
            "‰" => 3,
            unit if unit.chars().all(|c| c.is_alphabetic() || matches!(c, '/' | '%' | '‰' | '℃' | '°' | '㎡')) => {
                return Err(unit_in_cell(original, unit));
            }
            _ => return Err(not_a_number(original)),
        };
        let mut digits: String = whole.chars().filter(|&c| c != ',').collect();
        digits.push_str(fraction);
        let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        Ok(Self { digits, places: places + moved - exponent })
    }

    fn exact(&self, negative: bool) -> String {
        let places = usize::try_from(self.places).unwrap_or(0);
        let zeros_behind = usize::try_from(-self.places).unwrap_or(0);
        let zeros_before = (places + 1).saturating_sub(self.digits.len());
        let mut padded = "0".repeat(zeros_before);
        padded.push_str(&self.digits);
        padded.push_str(&"0".repeat(zeros_behind));
        let (whole, fraction) = padded.split_at_checked(padded.len() - places).unwrap_or((&padded, ""));
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let is_zero = whole.is_empty() && fraction.is_empty();
        let mut out = String::with_capacity(padded.len() + 2);
        if negative && !is_zero {
            out.push('-');
        }
        out.push_str(if whole.is_empty() { "0" } else { whole });
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(fraction);
        }
        out
    }
}

/// Whether separators, if there are any, cut the whole part into one group of one to three and others of three.
fn is_grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut others = groups.peekable();
    if others.peek().is_none() {
        return true;
    }
    (1..=3).contains(&first.len()) && others.all(|group| group.len() == 3)
}

/// The value of an exponent and what follows it.
fn exponent_of(text: &str) -> Option<(i64, &str)> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at_checked(end)?;
    if digits.is_empty() {
        return None;
    }
    // Too many digits for a number are too large an exponent anyway.
    let value = digits.parse::<i64>().unwrap_or(i64::MAX);
    Some((if negative { -value } else { value }, rest))
}

fn not_a_number(text: &str) -> Problem {
    Problem::new(Code::NotANumber, say!("`{}` is not a number", "`{}` 不是数字", shortened(text)))
}

fn placeholder(text: &str) -> Problem {
    Problem::new(
        Code::Placeholder,
        say!("`{}` stands where a number is expected", "应为数字处是 `{}`", shortened(text)),
    )
    .help(say!(
        "leave the cell empty if the value is missing, or write 0 if it is zero",
        "没有数据请留空，数值为零请写 0"
    ))
}

fn bad_grouping(text: &str) -> Problem {
    Problem::new(
        Code::BadGrouping,
        say!("`{}` has a comma where no thousands separator can be", "`{}` 中的逗号不是千位分隔符", shortened(text)),
    )
    .help(say!(
        "write a point before the decimals and separate thousands by threes, as `1,234,567.89`, or leave the commas out",
        "小数点请用 `.`，千位分隔每三位一个，例如 `1,234,567.89`，也可以不写逗号"
    ))
}

fn unit_in_cell(text: &str, unit: &str) -> Problem {
    Problem::new(
        Code::UnitInCell,
        say!("the number `{}` carries the unit `{unit}`", "数字 `{}` 带有单位 `{unit}`", shortened(text)),
    )
    .help(say!(
        "write only the number in the cell, and the unit in the header, as `日均存款(万元)`",
        "单元格里只写数字，单位写在表头，例如 `日均存款(万元)`"
    ))
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Option<String>, Code> {
        exact_number(text).map_err(|problem| problem.code)
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (written, exact) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("007", "7"),
            ("12.50", "12.5"),
            ("100.00", "100"),
            ("100", "100"),
            ("-10.010", "-10.01"),
            (".5", "0.5"),
            ("5.", "5"),
            ("+3", "3"),
            ("1,234,567.89", "1234567.89"),
            ("１，２３４．５", "1234.5"),
            ("85%", "0.85"),
            ("85 ％", "0.85"),
            ("0.5%", "0.005"),
            ("1,234.5%", "12.345"),
            ("3‰", "0.003"),
            ("-3‰", "-0.003"),
            ("(123.45)", "-123.45"),
            ("（１２３）", "-123"),
            ("-5", "-5"),
            ("－5", "-5"),
            ("−5", "-5"),
            ("\u{3000}5\u{A0}", "5"),
            ("¥1,200.00", "1200"),
            ("￥ 1200", "1200"),
            ("-¥5", "-5"),
            ("¥-5", "-5"),
            ("¥(5)", "-5"),
            ("($5)", "-5"),
            ("1.5E+05", "150000"),
            ("1.5e-3", "0.0015"),
            ("1.2345E+02", "123.45"),
            ("0.1", "0.1"),
            ("123456789012345678901234567890.123", "123456789012345678901234567890.123"),
        ] {
            assert_eq!(read(written), Ok(Some(exact.to_owned())), "{written}");
        }
        assert_eq!(read(""), Ok(None));
        assert_eq!(read(" \u{3000}\t"), Ok(None));
    }

    #[test]
    fn nothing_is_guessed() {
        for (written, code) in [
            ("1,23", Code::BadGrouping),
            ("1,2345", Code::BadGrouping),
            ("1234,567", Code::BadGrouping),
            (",123", Code::BadGrouping),
            ("1,,234", Code::BadGrouping),
            ("1.234,5", Code::BadGrouping),
            ("12,34", Code::BadGrouping),
            ("-", Code::Placeholder),
            ("—", Code::Placeholder),
            ("N/A", Code::Placeholder),
            ("无", Code::Placeholder),
            ("／", Code::Placeholder),
            ("¥ -", Code::Placeholder),
            ("¥", Code::NotANumber),
            ("500元", Code::UnitInCell),
            ("3万元", Code::UnitInCell),
            ("2415 万", Code::UnitInCell),
            ("5kg", Code::UnitInCell),
            ("12EUR", Code::UnitInCell),
            ("1.2.3", Code::NotANumber),
            ("--5", Code::NotANumber),
            ("-(5)", Code::NotANumber),
            ("(-5)", Code::NotANumber),
            ("(5", Code::NotANumber),
            ("5)", Code::NotANumber),
            ("5-", Code::NotANumber),
            ("¥¥5", Code::NotANumber),
            ("¥-¥5", Code::NotANumber),
            ("1 234", Code::NotANumber),
            ("1E999999999999999999999", Code::NotANumber),
            ("1E401", Code::NotANumber),
            ("abc", Code::NotANumber),
            (".", Code::NotANumber),
            ("%", Code::NotANumber),
            ("5%%", Code::UnitInCell),
            ("1e", Code::UnitInCell),
            ("=1+1", Code::NotANumber),
            ("٣", Code::NotANumber),
            ("九十", Code::NotANumber),
        ] {
            assert_eq!(read(written), Err(code), "{written}");
        }
        assert_eq!(read(&"1".repeat(LONGEST + 1)), Err(Code::NotANumber));
    }

    #[test]
    fn a_number_cut_short_is_seen() {
        assert!(is_cut_short("6.22202E+18"));
        assert!(is_cut_short("6E+18"));
        for other in ["E18", "1E5", "3E", "6.2.2E+18", "WE+1", "", "E+1"] {
            assert!(!is_cut_short(other), "{other}");
        }
    }

    /// What a decimal text is worth, read by whoever knows only integers: mantissa and places.
    fn worth(text: &str) -> (BigInt, u32) {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        ((whole.to_owned() + fraction).parse().unwrap(), fraction.len() as u32)
    }

    proptest! {
        /// However a number is dressed, its exact text is worth mantissa × 10^(exponent − places).
        #[test]
        fn exact_text_is_worth_what_was_written(
            mantissa in -10_i128.pow(30)..10_i128.pow(30),
            places in 0_usize..20,
            exponent in -30_i32..30,
            scale in prop::sample::select(vec![("", 0_u32), ("%", 2), ("％", 2), ("‰", 3)]),
            scientific: bool, grouped: bool, brackets: bool, wide: bool,
            currency in prop::sample::select(vec!["", "¥", "￥ ", "$"]),
        ) {
            let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = places + 1);
            let (whole, fraction) = digits.split_at(digits.len() - places);
            let mut body = String::new();
            for (i, digit) in whole.chars().enumerate() {
                if grouped && i > 0 && (whole.len() - i) % 3 == 0 {
                    body.push(',');
                }
                body.push(digit);
            }
            if places > 0 {
                body.push('.');
                body.push_str(fraction);
            }
            let exponent = if scientific { body.push_str(&format!("E{exponent:+}")); exponent } else { 0 };
            body.push_str(scale.0);
            let mut text = match (mantissa < 0, brackets) {
                (true, true) => format!("{currency}({body})"),
                (true, false) => format!("-{currency}{body}"),
                (false, _) => format!("{currency}{body}"),
            };
            if wide {
                text = text.chars().map(|c| match c {
                    '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap(),
                    other => other,
                }).collect();
            }
            let exact = exact_number(&text).unwrap().unwrap();

            let (read, read_places) = worth(&exact);
            // read / 10^read_places = mantissa × 10^exponent / 10^(places + scale), without dividing
            let ten = BigInt::from(10);
            let up = exponent.max(0) as u32;
            let down = (-exponent).max(0) as u32 + places as u32 + scale.1;
            prop_assert_eq!(read * ten.pow(down), BigInt::from(mantissa) * ten.pow(up + read_places), "{} -> {}", text, exact);
            // and it is canonical: reading it again changes nothing
            prop_assert_eq!(exact_number(&exact).unwrap(), Some(exact));
        }

        /// The short way and the long way give one answer.
        #[test]
        fn short_way_equals_long_way(text in "-?[0-9]{1,6}(\\.[0-9]{1,6})?") {
            // A space sends it the long way.
            prop_assert_eq!(read(&text), read(&format!(" {text}")));
        }

        /// No text, however odd, does harm, and what is taken is decimal text.
        #[test]
        fn any_text_is_a_number_or_a_problem(text in "[-+()0-9.,%‰Ee¥ 元０-９]{0,12}|\\PC{0,20}") {
            if let Ok(Some(exact)) = exact_number(&text) {
                let digits = exact.strip_prefix('-').unwrap_or(&exact);
                prop_assert!(digits.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())));
            }
        }
    }

    #[test]
    fn a_binary_number_is_the_text_the_core_takes_it_for() {
        for (number, text) in [
            (0.1, "0.1"),
            (-0.0, "0"),
            (-2.5, "-2.5"),
            (1e-7, "0.0000001"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (1e17, "100000000000000000"),
            // of two texts that are as short the standard formatter takes the one that ends in 3
            (2_f64.powi(-25), "0.000000029802322387695312"),
        ] {
            assert_eq!(shortest(number), text);
        }
    }
}
