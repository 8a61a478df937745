//! When something happened, by the host's clock: the core has none.

use std::fmt;

use kaohe_grammar::say;

use crate::code::Code;
use crate::date::Date;
use crate::error::DataError;
use crate::ratings::problem::refuse;

/// A time of the host's own clock, without a time zone: one round is kept by one clock.
///
/// # Example
///
/// ```
/// use kaohe::ratings::HostTime;
///
/// let time = HostTime::parse("2026-10-05T09:30:00.250")?;
/// assert!(time > HostTime::parse("2026-10-05T09:30:00")?);
/// assert_eq!(time.to_string(), "2026-10-05T09:30:00.25");
/// assert_eq!(time.day().to_string(), "2026-10-05");
/// // A zone would be compared with times that have none.
/// assert!(HostTime::parse("2026-10-05T09:30:00Z").is_err());
/// # Ok::<(), kaohe::DataError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostTime {
    day: Date,
    /// Since midnight.
    nanoseconds: u64,
}

const SECOND: u64 = 1_000_000_000;

impl HostTime {
    /// Reads `2026-10-05T09:30:00`, with at most nine decimals of a second.
    ///
    /// # Errors
    ///
    /// [`DataError`] for any other text, a day that does not exist, or a time with a zone.
    pub fn parse(text: &str) -> Result<Self, DataError> {
        Self::read(text).ok_or_else(|| {
            refuse(
                Code::NotATime,
                text.get(..64).unwrap_or(text),
                say!("`{text}` is no time", "`{text}` 不是时间"),
                Some(say!(
                    "write the time of your own clock, without a zone: `2026-10-05T09:30:00`",
                    "请写本地时间，不带时区：`2026-10-05T09:30:00`"
                )),
            )
        })
    }

    fn read(text: &str) -> Option<Self> {
        let (day, time) = text.split_once('T')?;
        let day = Date::parse(day).ok()?;
        let (whole, decimals) = time.split_once('.').unwrap_or((time, "0"));
        let [a, b, b':', c, d, b':', e, f] = whole.as_bytes() else { return None };
        let pair = |tens: &u8, ones: &u8, most: u64| {
            let are_digits = tens.is_ascii_digit() && ones.is_ascii_digit();
            let number = are_digits.then(|| u64::from(tens - b'0') * 10 + u64::from(ones - b'0'))?;
            (number <= most).then_some(number)
        };
        let seconds = (pair(a, b, 23)? * 60 + pair(c, d, 59)?) * 60 + pair(e, f, 59)?;
        if decimals.is_empty() || decimals.len() > 9 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let nanoseconds: u64 = format!("{decimals:0<9}").parse().ok()?;
        Some(Self { day, nanoseconds: seconds * SECOND + nanoseconds })
    }

    /// Its day.
    #[must_use]
    pub fn day(self) -> Date {
        self.day
    }
}

impl fmt::Display for HostTime {
    /// Without needless zeros, so that a time has one text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, decimals) = (self.nanoseconds / SECOND, self.nanoseconds % SECOND);
        write!(f, "{}T{:02}:{:02}:{:02}", self.day, seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        if decimals > 0 {
            write!(f, ".{}", format!("{decimals:09}").trim_end_matches('0'))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::HostTime;

    #[test]
    fn a_time_has_one_text() {
        for (text, kept) in [
            ("2026-10-05T00:00:00", Some("2026-10-05T00:00:00")),
            ("2026-10-05T23:59:59.999999999", Some("2026-10-05T23:59:59.999999999")),
            ("2026-10-05T09:30:00.000", Some("2026-10-05T09:30:00")),
            ("2026-10-05T09:30:00.5", Some("2026-10-05T09:30:00.5")),
            ("2026-10-05T09:30", None),
            ("2026-10-05T24:00:00", None),
            ("2026-10-05T09:60:00", None),
            ("2026-10-05T09:30:60", None),
            ("2026-10-05T09:30:00.", None),
            ("2026-10-05T09:30:00.1234567890", None),
            ("2026-10-05T09:30:00+08:00", None),
            ("2026-10-05 09:30:00", None),
            ("2026-02-29T09:30:00", None),
            ("2026-10-05T+9:30:00", None),
            ("", None),
        ] {
            assert_eq!(HostTime::parse(text).ok().map(|time| time.to_string()).as_deref(), kept, "{text}");
        }
    }
}
