//! Dates against the calendar as it is told: walked day by day, and by the definitions.
#![allow(clippy::unwrap_used, reason = "a test")]

use kaohe::date::Date;
use proptest::prelude::*;

fn days_in_month(year: i32, month: u32) -> u32 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[test]
fn every_day_follows_the_one_before() {
    let mut date = Date::MIN;
    for year in 1..=9999 {
        for month in 1..=12 {
            let last = days_in_month(year, month);
            for day in 1..=last {
                assert_eq!((date.year(), date.month(), date.day()), (year, month, day));
                assert_eq!(Date::new(year, month, day), Some(date));
                if day == 1 {
                    assert_eq!(date.end_of_month(), Date::new(year, month, last).unwrap());
                    let text = format!("{year:04}-{month:02}-{day:02}");
                    assert_eq!(date.to_string(), text);
                    assert_eq!(Date::parse(&text), Ok(date));
                }
                match date.add_days(1) {
                    Some(next) => date = next,
                    None => assert_eq!(date, Date::MAX),
                }
            }
            assert_eq!(Date::new(year, month, last + 1), None);
        }
    }
    assert_eq!(date, Date::MAX);
    assert_eq!(Date::new(1970, 1, 1).unwrap().to_unix_days(), 0);
}

#[test]
fn months_are_added_with_a_clamp_at_the_end() {
    let date = |text: &str| Date::parse(text).unwrap();
    for (from, months, to) in [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("0001-01-31", 0, "0001-01-31"),
    ] {
        assert_eq!(date(from).add_months(months), Some(date(to)), "{from} + {months}");
    }
    for (from, months) in [("9999-12-01", 1), ("0001-01-31", -1), ("2026-01-01", i64::MAX), ("2026-01-01", i64::MIN)] {
        assert_eq!(date(from).add_months(months), None, "{from} + {months}");
    }
    assert_eq!(Date::MAX.add_days(1), None);
    assert_eq!(Date::MIN.add_days(-1), None);
    assert_eq!(Date::MIN.add_days(i64::MAX), None);
}

#[test]
fn only_the_iso_form_is_a_date() {
    for text in
        ["", "2026-7-1", "2026/07/01", "20260701", "2026-07-01 ", "2026-07-01T00:00", "+026-07-01", "２０２６-07-01"]
    {
        assert!(Date::parse(text).is_err(), "{text}");
    }
    for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01", "1900-02-29"] {
        let error = Date::parse(text).unwrap_err();
        assert!(error.message().en.contains("no day"), "{text}: {error}");
    }
    for text in ["2026-7-1", "2026/07/01", "20260701", "2026年7月1日", "2026.7.1"] {
        assert_eq!(Date::parse(text).unwrap_err().help().unwrap().en, "write `2026-07-01`", "{text}");
    }
}

#[test]
fn excel_counts_a_day_that_never_was() {
    for (serial, day) in
        [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (46_204, "2026-07-01"), (2_958_465, "9999-12-31")]
    {
        assert_eq!(Date::from_excel_serial(serial), Date::parse(day).ok(), "{serial}");
    }
    for serial in [i64::MIN, -1, 0, 60, 2_958_466, i64::MAX] {
        assert_eq!(Date::from_excel_serial(serial), None, "{serial}");
    }
}

fn day() -> impl Strategy<Value = Date> {
    // Near each other, so that the clamp at month ends matters.
    prop_oneof![
        (19_000..22_000_i32).prop_map(|days| Date::from_unix_days(days).unwrap()),
        (Date::MIN.to_unix_days()..=Date::MAX.to_unix_days()).prop_map(|days| Date::from_unix_days(days).unwrap()),
        (2020..2030_i32, 1..=12_u32).prop_map(|(year, month)| Date::new(year, month, 1).unwrap().end_of_month()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Completed months and years are the most that can be added without passing the later day.
    #[test]
    fn completed_months_are_the_most_that_fit(first in day(), second in day()) {
        let (from, to) = (first.min(second), first.max(second));
        let (months, years) = (i64::from(from.months_between(to)), i64::from(from.years_between(to)));
        prop_assert!(from.add_months(months).unwrap() <= to);
        prop_assert!(from.add_months(months + 1).is_none_or(|later| later > to));
        prop_assert!(from.add_months(12 * years).unwrap() <= to);
        prop_assert!(from.add_months(12 * years + 12).is_none_or(|later| later > to));
        prop_assert_eq!(i64::from(to.months_between(from)), -months);
        prop_assert_eq!(i64::from(to.years_between(from)), -years);
        prop_assert_eq!(from.add_days(from.days_between(to).into()), Some(to));
    }

    /// No text makes the reader panic.
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,14}|[0-9年月日/-]{0,12}") {
        if let Err(error) = Date::parse(&text) {
            prop_assert!(!error.message().zh.is_empty());
            let _ = error.help();
        }
    }
}
