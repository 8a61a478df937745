//! A day, as files write days: `2026-07-01`, `2026/7/1`, `2026年7月1日`, `20260701`, and the serials of Excel.

use kaohe::date::Date;
use kaohe_grammar::say;

use super::{
    fold,
    problem::{Code, Problem, shortened},
};

/// Reads a date as people write it; nothing when there is nothing.
///
/// Year first, four digits; `-`, `/`, `.` or 年月日 between, or eight digits; full-width digits too. A time of
/// day is accepted only when it is midnight, as databases write it after a date.
///
/// # Errors
///
/// `7/1/2026` is refused: it is 1 July to some and 7 January to others. So are two-digit years, days that do
/// not exist, times of day, and the bare serials of Excel, which in a text file are only numbers.
///
/// # Example
///
/// ```
/// use kaohe_cli::table::{Date, read_date};
///
/// assert_eq!(read_date("2026年7月1日").unwrap(), Date::new(2026, 7, 1));
/// assert_eq!(read_date(" ").unwrap(), None);
/// assert!(read_date("7/1/2026").is_err());
/// ```
pub fn read_date(text: &str) -> Result<Option<Date>, Problem> {
    let folded: String = fold::trimmed(text).chars().map(fold::half_width).collect();
    if folded.is_empty() {
        return Ok(None);
    }
    if folded.chars().count() > 40 {
        return Err(not_a_date(text));
    }
    let day = without_midnight(&folded).ok_or_else(|| {
        Problem::new(Code::NotADate, say!("`{}` has a time of day", "`{}` 带有时刻", shortened(text)))
            .help(say!("keep only the date", "只保留日期"))
    })?;
    let (year, month, number) = parts(day).ok_or_else(|| not_a_date(text))?;
    match Date::new(year, month, number) {
        Some(date) => Ok(Some(date)),
        None => Err(Problem::new(Code::NotADate, say!("there is no day `{}`", "没有 `{}` 这一天", shortened(text)))),
    }
}

/// The day a workbook means by a whole serial number; `from_1904` as the workbook says.
///
/// Serials of the usual system count from 1900-01-01 = 1 and include a 29 February 1900 that never was: 60
/// has no answer.
pub(crate) fn date_from_serial(serial: u32, from_1904: bool) -> Option<Date> {
    if from_1904 {
        return Date::new(1904, 1, 1)?.add_days(serial.into());
    }
    Date::from_excel_serial(serial.into())
}

/// The text before a time of midnight; nothing when another time is there.
fn without_midnight(text: &str) -> Option<&str> {
    let Some(at) = text.find([':', 'T', 't']) else { return Some(text) };
    let (head, _) = text.split_at_checked(at)?;
    let start = match head.rfind([' ', 'T', 't']) {
        Some(space) => space,
        None => at,
    };
    let (day, time) = text.split_at_checked(start)?;
    let time = time.trim_start_matches([' ', 'T', 't']).trim_end_matches(['Z', 'z']);
    let midnight = !time.is_empty() && time.chars().all(|c| matches!(c, '0' | ':' | '.'));
    midnight.then(|| fold::trimmed(day))
}

/// Year, month and day of a text that has the shape of a date.
fn parts(text: &str) -> Option<(i32, u32, u32)> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (year, rest) = text.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        return Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?));
    }
    let (year, month, day) = if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = rest.split_once('月')?;
        (year, month, day.trim_end().strip_suffix(['日', '号']).unwrap_or(day))
    } else {
        let separator = text.chars().find(|c| !c.is_ascii_digit())?;
        if !matches!(separator, '-' | '/' | '.') {
            return None;
        }
        let mut pieces = text.split(separator);
        let found = (pieces.next()?, pieces.next()?, pieces.next()?);
        if pieces.next().is_some() {
            return None;
        }
        found
    };
    let (year, month, day) = (fold::trimmed(year), fold::trimmed(month), fold::trimmed(day));
    let digits = |piece: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(year, 4..=4) || !digits(month, 1..=2) || !digits(day, 1..=2) {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

fn not_a_date(text: &str) -> Problem {
    Problem::new(Code::NotADate, say!("`{}` is not a date", "`{}` 不是日期", shortened(text))).help(say!(
        "write the year first, with four digits: `2026-07-01`, `2026/7/1` or `2026年7月1日`",
        "请先写四位年份：`2026-07-01`、`2026/7/1` 或 `2026年7月1日`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_a_day_is_written() {
        for text in [
            "2026-07-01",
            "2026-7-1",
            "2026/7/1",
            "2026/07/01",
            "2026.7.1",
            "2026年7月1日",
            "2026年07月01号",
            "20260701",
            "２０２６／７／１",
            " 2026-07-01\u{3000}",
            "2026-07-01 00:00:00",
            "2026-07-01T00:00:00.000Z",
            "2026/7/1 0:00",
        ] {
            assert_eq!(read_date(text).unwrap(), Date::new(2026, 7, 1), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "7/1/2026",
            "26-7-1",
            "2026-07",
            "2026-07-01-02",
            "2026-7/1",
            "46204",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "0000-01-01",
            "2026-07-01 08:30",
            "昨天",
            "T",
            ":",
            "2026年7月",
            "-",
            "2026-+7-1",
        ] {
            assert!(read_date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn serials_are_the_days_a_workbook_shows() {
        for (serial, shown) in [
            (1, "1900-01-01"),
            (59, "1900-02-28"),
            (61, "1900-03-01"),
            (36_526, "2000-01-01"),
            (45_351, "2024-02-29"),
            (46_204, "2026-07-01"),
            (2_958_465, "9999-12-31"),
        ] {
            assert_eq!(date_from_serial(serial, false).unwrap().to_string(), shown);
        }
        assert_eq!(date_from_serial(60, false), None);
        assert_eq!(date_from_serial(0, false), None);
        assert_eq!(date_from_serial(2_958_466, false), None);
        assert_eq!(date_from_serial(u32::MAX, true), None);
        assert_eq!(date_from_serial(0, true), Date::new(1904, 1, 1));
        assert_eq!(date_from_serial(44_742, true), Date::new(2026, 7, 1));
    }
}
