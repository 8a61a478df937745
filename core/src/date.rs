//! A day of the calendar: no clock, no time zone.

use std::fmt;

use jiff_core::civil;
use kaohe_grammar::{Message, say};

use crate::diagnostic::beginning;

/// One day between 1 January of the year 1 and 31 December 9999, in the Gregorian calendar.
///
/// # Example
///
/// ```
/// use kaohe::date::Date;
///
/// let start = Date::parse("2026-07-01")?;
/// let end = start.add_months(3).unwrap().add_days(-1).unwrap();
/// assert_eq!(end.to_string(), "2026-09-30");
/// // The last day counts too when days are to be inclusive.
/// assert_eq!(start.days_between(end) + 1, 92);
/// # Ok::<(), kaohe::date::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1 January 1970.
    days: i32,
}

const FIRST_YEAR: i32 = 1;
const LAST_YEAR: i32 = 9999;

/// 30 December 1899: the day 0 of Excel, counted from its 1 March 1900 on.
const EXCEL_EPOCH: i64 = -25_569;
/// The serial of Excel's 29 February 1900, a day that never was.
const EXCEL_FALSE_DAY: i64 = 60;

impl Date {
    /// The first day there is, 1 January of the year 1.
    pub const MIN: Self = Self { days: -719_162 };
    /// The last day there is, 31 December 9999.
    pub const MAX: Self = Self { days: 2_932_896 };

    /// Returns the day, or nothing when the calendar has no such day.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::date::Date;
    ///
    /// assert!(Date::new(2024, 2, 29).is_some());
    /// assert_eq!(Date::new(2026, 2, 29), None);
    /// ```
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return None;
        }
        let date =
            civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(Self::from_civil(date))
    }

    /// Returns the day so many days after 1 January 1970, as Arrow counts them.
    #[must_use]
    pub fn from_unix_days(days: i32) -> Option<Self> {
        (Self::MIN.days..=Self::MAX.days).contains(&days).then_some(Self { days })
    }

    /// The days since 1 January 1970, as Arrow counts them.
    #[must_use]
    pub const fn to_unix_days(self) -> i32 {
        self.days
    }

    /// Returns the day written as `2026-07-01`: four digits, two, two.
    ///
    /// # Errors
    ///
    /// [`DateError::NotADate`] for any other text, [`DateError::NoSuchDay`] for 31 June.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::date::Date;
    ///
    /// assert_eq!(Date::parse("2026-07-01")?, Date::new(2026, 7, 1).unwrap());
    /// // Says that it has to be written `2026-07-01`.
    /// assert!(Date::parse("2026-7-1").unwrap_err().help().unwrap().en.contains("2026-07-01"));
    /// # Ok::<(), kaohe::date::DateError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let (year, month, day) = iso_parts(text).ok_or_else(|| DateError::not_a_date(text))?;
        Self::new(year, month, day).ok_or_else(|| DateError::NoSuchDay { text: text.to_owned() })
    }

    /// Returns the day Excel stores as `serial` in its 1900 date system.
    ///
    /// Excel believes in 29 February 1900 (serial 60), so serials before it count one day less. That day, 0 and
    /// negative serials are no days.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::date::Date;
    ///
    /// assert_eq!(Date::from_excel_serial(1), Date::new(1900, 1, 1));
    /// assert_eq!(Date::from_excel_serial(60), None);
    /// assert_eq!(Date::from_excel_serial(61), Date::new(1900, 3, 1));
    /// ```
    #[must_use]
    pub fn from_excel_serial(serial: i64) -> Option<Self> {
        if serial < 1 || serial == EXCEL_FALSE_DAY {
            return None;
        }
        let after_false_day = if serial < EXCEL_FALSE_DAY { serial.checked_add(1)? } else { serial };
        Self::from_unix_days(i32::try_from(after_false_day.checked_add(EXCEL_EPOCH)?).ok()?)
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.to_civil().year())
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        u32::from(self.to_civil().month().unsigned_abs())
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u32 {
        u32::from(self.to_civil().day().unsigned_abs())
    }

    /// Returns how many days later `other` is; negative when it is earlier. One of the two ends is counted.
    #[must_use]
    pub const fn days_between(self, other: Self) -> i32 {
        other.days - self.days
    }

    /// Returns the day so many days later, or earlier; nothing outside the calendar.
    #[must_use]
    pub fn add_days(self, days: i64) -> Option<Self> {
        Self::from_unix_days(i32::try_from(i64::from(self.days).checked_add(days)?).ok()?)
    }

    /// Returns the same day so many months later, or earlier; nothing outside the calendar.
    ///
    /// Where the month is too short it is the month's last day.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::date::Date;
    ///
    /// let end_of_january = Date::new(2024, 1, 31).unwrap();
    /// assert_eq!(end_of_january.add_months(1), Date::new(2024, 2, 29));
    /// assert_eq!(end_of_january.add_months(13), Date::new(2025, 2, 28));
    /// ```
    #[must_use]
    pub fn add_months(self, months: i64) -> Option<Self> {
        let date = self.to_civil();
        let months = month_number(date).checked_add(months)?;
        let year = i32::try_from(months.div_euclid(12)).ok()?;
        let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return None;
        }
        civil::Date::new_constrain(i16::try_from(year).ok()?, month, date.day()).ok().map(Self::from_civil)
    }

    /// Returns how many whole months lie between the two days; negative when `other` is earlier.
    ///
    /// That is the largest `n` with `self.add_months(n) <= other`, so from 31 January a month is completed on the
    /// last day of February. Backwards it is `-other.months_between(self)`.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::date::Date;
    ///
    /// let hired = Date::new(2024, 1, 31).unwrap();
    /// assert_eq!(hired.months_between(Date::new(2024, 2, 28).unwrap()), 0);
    /// assert_eq!(hired.months_between(Date::new(2024, 2, 29).unwrap()), 1);
    /// ```
    #[must_use]
    pub fn months_between(self, other: Self) -> i32 {
        if other < self {
            return -other.months_between(self);
        }
        let (from, to) = (self.to_civil(), other.to_civil());
        // Fewer than 120 000 months lie in the calendar.
        let months = i32::try_from(month_number(to) - month_number(from)).unwrap_or(0);
        let completed = to.day() >= from.day().min(to.days_in_month());
        if completed { months } else { months - 1 }
    }

    /// Returns how many whole years lie between the two days; negative when `other` is earlier.
    ///
    /// Twelve completed [months](Self::months_between) each: from 29 February a year is completed on 28 February.
    #[must_use]
    pub fn years_between(self, other: Self) -> i32 {
        self.months_between(other) / 12
    }

    /// Returns the last day of the month.
    #[must_use]
    pub fn end_of_month(self) -> Self {
        Self::from_civil(self.to_civil().last_of_month())
    }

    const fn from_civil(date: civil::Date) -> Self {
        Self { days: date.to_unix_epoch_day().day() }
    }

    fn to_civil(self) -> civil::Date {
        // Every value lies within the narrower range of this type, so the fallback is never taken.
        civil::UnixEpochDay::new(self.days).map_or(civil::Date::MIN, civil::UnixEpochDay::to_date)
    }
}

/// Months counted from January of the year 0.
fn month_number(date: civil::Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// Year, month and day of `2026-07-01`, not checked against the calendar.
fn iso_parts(text: &str) -> Option<(i32, u32, u32)> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let number = |digits: &[&u8]| {
        digits
            .iter()
            .try_fold(0_u32, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(**digit - b'0')))
    };
    Some((i32::try_from(number(&[y1, y2, y3, y4])?).ok()?, number(&[m1, m2])?, number(&[d1, d2])?))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.to_civil();
        f.pad(&format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
    }
}

/// As it prints, so that a failing test can be read.
impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateError {
    /// The text is not written as a date.
    NotADate {
        /// The text as it was given, cut when it is long.
        text: String,
        /// The day that was probably meant.
        meant: Option<Date>,
    },
    /// The calendar has no such day.
    NoSuchDay {
        /// The text as it was given.
        text: String,
    },
}

impl DateError {
    fn not_a_date(text: &str) -> Self {
        Self::NotADate { text: beginning(text), meant: meant(text) }
    }

    /// What is wrong, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::NotADate { text, .. } => say!("`{text}` is not a date", "`{text}` 不是日期"),
            Self::NoSuchDay { text } => say!("there is no day `{text}` in the calendar", "日历中没有 `{text}` 这一天"),
        }
    }

    /// The way out, in both languages, where there is one to tell.
    #[must_use]
    pub fn help(&self) -> Option<Message> {
        match self {
            Self::NotADate { meant: Some(date), .. } => Some(say!("write `{date}`", "请写作 `{date}`")),
            Self::NotADate { .. } => {
                Some(say!("write year, month and day as in `2026-07-01`", "请按 `2026-07-01` 的格式写年月日"))
            }
            Self::NoSuchDay { .. } => None,
        }
    }
}

/// The day of a text with the year first, whatever stands between the numbers: `2026-7-1`, `2026/7/1`, `2026年7月1日`.
fn meant(text: &str) -> Option<Date> {
    const LONGEST: usize = 40;
    if text.len() > LONGEST {
        return None;
    }
    let mut parts = text.split(|character: char| !character.is_ascii_digit()).filter(|part| !part.is_empty());
    let (year, month, day) = match (parts.next()?, parts.next(), parts.next()) {
        (year, Some(month), Some(day)) if year.len() == 4 => (year, month, day),
        (digits, None, None) if digits.len() == 8 => (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?),
        _ => return None,
    };
    if parts.next().is_some() {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for DateError {}
