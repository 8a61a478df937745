//! A day, as files write days: `2026-07-01`, `2026/7/1`, `2026年7月1日`, `20260701`, and the serials of Excel.

use std::fmt;

use kaohe_grammar::say;

use super::{
    fold,
    problem::{Code, Problem, shortened},
};

/// A day of the Gregorian calendar, from year 1 to 9999.
///
/// Shown as `2026-07-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, when there is such a day.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::table::Date;
    ///
    /// assert_eq!(Date::new(2024, 2, 29).unwrap().to_string(), "2024-02-29");
    /// assert_eq!(Date::new(2026, 2, 29), None);
    /// ```
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let there_is = (1..=9999).contains(&year) && (1..=days_in_month(year, month)).contains(&day);
        there_is.then_some(Self { year, month, day })
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

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
    /// use kaohe_cli::table::Date;
    ///
    /// assert_eq!(Date::read("2026年7月1日").unwrap(), Date::new(2026, 7, 1));
    /// assert_eq!(Date::read(" ").unwrap(), None);
    /// assert!(Date::read("7/1/2026").is_err());
    /// ```
    pub fn read(text: &str) -> Result<Option<Self>, Problem> {
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
        match Self::new(year, month, number) {
            Some(date) => Ok(Some(date)),
            None => {
                Err(Problem::new(Code::NotADate, say!("there is no day `{}`", "没有 `{}` 这一天", shortened(text))))
            }
        }
    }

    /// The day a workbook means by a whole serial number; `from_1904` as the workbook says.
    ///
    /// Serials of the usual system count from 1900-01-01 = 1 and include a 29 February 1900 that never was: 60
    /// has no answer.
    pub(crate) fn from_serial(serial: u32, from_1904: bool) -> Option<Self> {
        let days = match (from_1904, serial) {
            (true, _) => serial.checked_add(DAYS_TO_1904)?,
            (false, 0 | 60) => return None,
            (false, 1..60) => serial.checked_add(DAYS_TO_1900)?,
            (false, _) => serial.checked_add(DAYS_TO_1900 - 1)?,
        };
        Self::from_day_number(days)
    }

    /// The day by its number, 0001-01-01 being 1.
    fn from_day_number(number: u32) -> Option<Self> {
        let zero_based = number.checked_sub(1)?;
        let (cycles, rest) = (zero_based / 146_097, zero_based % 146_097);
        // The last day of a cycle of 400 years, and of 4 years, belongs to the year before the next begins.
        let centuries = (rest / 36_524).min(3);
        let rest = rest - centuries * 36_524;
        let (fours, rest) = (rest / 1461, rest % 1461);
        let years = (rest / 365).min(3);
        let mut rest = rest - years * 365;
        let year = u16::try_from(cycles * 400 + centuries * 100 + fours * 4 + years + 1).ok()?;
        for month in 1..=12 {
            let length = u32::from(days_in_month(year, month));
            if rest < length {
                return Self::new(year, month, u8::try_from(rest + 1).ok()?);
            }
            rest -= length;
        }
        None
    }
}

/// The number of 1899-12-31, so that serial 1 is 1900-01-01.
const DAYS_TO_1900: u32 = 693_595;
/// The number of 1904-01-01, which is serial 0 there.
const DAYS_TO_1904: u32 = 695_056;

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
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
fn parts(text: &str) -> Option<(u16, u8, u8)> {
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
            assert_eq!(Date::read(text).unwrap(), Date::new(2026, 7, 1), "{text}");
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
            assert!(Date::read(text).is_err(), "{text}");
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
            assert_eq!(Date::from_serial(serial, false).unwrap().to_string(), shown);
        }
        assert_eq!(Date::from_serial(60, false), None);
        assert_eq!(Date::from_serial(0, false), None);
        assert_eq!(Date::from_serial(2_958_466, false), None);
        assert_eq!(Date::from_serial(u32::MAX, true), None);
        assert_eq!(Date::from_serial(0, true), Date::new(1904, 1, 1));
        assert_eq!(Date::from_serial(44_742, true), Date::new(2026, 7, 1));
    }

    /// Day after day from the first to the last, the days follow each other as a calendar has them.
    #[test]
    fn day_numbers_walk_the_calendar() {
        let mut expected = Date::new(1, 1, 1).unwrap();
        for number in 1..=3_652_059 {
            assert_eq!(Date::from_day_number(number), Some(expected));
            let next = Date::new(expected.year, expected.month, expected.day + 1)
                .or_else(|| Date::new(expected.year, expected.month + 1, 1))
                .or_else(|| Date::new(expected.year + 1, 1, 1));
            match next {
                Some(next) => expected = next,
                None => assert_eq!(number, 3_652_059),
            }
        }
    }
}
