//! The cells of a Parquet column: numbers as exact decimal text, days as days, texts as they are.

use std::fmt::Display;

use arrow_array::{
    Array, ArrowPrimitiveType,
    cast::AsArray as _,
    types::{
        ArrowTimestampType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
        DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
        TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
        UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{DataType, TimeUnit};
use compact_str::{ToCompactString as _, format_compact};
use jiff::{Timestamp, fmt::temporal::DateTimeParser, tz::TimeZone};
use kaohe_grammar::{Message, say};

use crate::table::{
    Date, NumberFormat, RawCell, StoredNumber,
    number::{decimal, exact_number, shortest},
};

/// Gives the cell of a row.
pub(super) type Cells<'a> = Box<dyn Fn(usize) -> RawCell + 'a>;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// What a column holds that is not read, in words; nothing when its cells are.
pub(super) fn not_read(kind: &DataType) -> Option<Message> {
    Some(match kind {
        DataType::Null
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..)
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..) => return None,
        DataType::Dictionary(_, values) => return not_read(values),
        DataType::Time32(_) | DataType::Time64(_) => say!("times of day", "时刻"),
        DataType::Duration(_) | DataType::Interval(_) => say!("durations", "时长"),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            say!("bytes", "二进制数据")
        }
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..) => say!("lists", "列表"),
        DataType::Struct(_) => say!("structures of several values", "由多个值组成的结构"),
        DataType::Map(..) => say!("maps", "映射"),
        _ => say!("values of a kind that is not known here", "未知种类的值"),
    })
}

/// The cells of a column; nothing when it holds something else than cells are.
pub(super) fn cells(array: &dyn Array) -> Option<Cells<'_>> {
    Some(match array.data_type() {
        DataType::Null => Box::new(|_| RawCell::Empty),
        DataType::Boolean => {
            let array = array.as_boolean();
            present(array, |row| RawCell::Truth(array.value(row)))
        }
        DataType::Int8 => whole::<Int8Type>(array),
        DataType::Int16 => whole::<Int16Type>(array),
        DataType::Int32 => whole::<Int32Type>(array),
        DataType::Int64 => whole::<Int64Type>(array),
        DataType::UInt8 => whole::<UInt8Type>(array),
        DataType::UInt16 => whole::<UInt16Type>(array),
        DataType::UInt32 => whole::<UInt32Type>(array),
        DataType::UInt64 => whole::<UInt64Type>(array),
        DataType::Float16 => values::<Float16Type>(array, |value| {
            // A number of 16 bits is shown by its library as one of 32, with digits that are not its own.
            let same = |text: &String| text.parse().is_ok_and(|read| Half::from_f32(read) == value);
            let shortest = (0..6).map(|digits| format!("{:.digits$e}", value.to_f32())).find(same);
            match shortest.and_then(|text| exact_number(&text).ok()?) {
                Some(text) if value.is_finite() => float_text(text),
                _ => float(value.to_f64()),
            }
        }),
        DataType::Float32 => values::<Float32Type>(array, |value| {
            // its own shortest text, which is not that of the long number it is
            float(value.to_string().parse().unwrap_or(f64::NAN))
        }),
        DataType::Float64 => values::<Float64Type>(array, float),
        DataType::Decimal32(_, places) => decimals::<Decimal32Type>(array, *places),
        DataType::Decimal64(_, places) => decimals::<Decimal64Type>(array, *places),
        DataType::Decimal128(_, places) => decimals::<Decimal128Type>(array, *places),
        DataType::Decimal256(_, places) => decimals::<Decimal256Type>(array, *places),
        DataType::Utf8 => {
            let array = array.as_string::<i32>();
            present(array, |row| RawCell::text(array.value(row)))
        }
        DataType::LargeUtf8 => {
            let array = array.as_string::<i64>();
            present(array, |row| RawCell::text(array.value(row)))
        }
        DataType::Utf8View => {
            let array = array.as_string_view();
            present(array, |row| RawCell::text(array.value(row)))
        }
        DataType::Date32 => values::<Date32Type>(array, |days| day(i64::from(days))),
        DataType::Date64 => values::<Date64Type>(array, |milliseconds| moment(milliseconds, 1_000, &TimeZone::UTC)),
        DataType::Timestamp(unit, zone) => {
            let zone = zone.as_deref();
            match unit {
                TimeUnit::Second => timestamps::<TimestampSecondType>(array, 1, zone)?,
                TimeUnit::Millisecond => timestamps::<TimestampMillisecondType>(array, 1_000, zone)?,
                TimeUnit::Microsecond => timestamps::<TimestampMicrosecondType>(array, 1_000_000, zone)?,
                TimeUnit::Nanosecond => timestamps::<TimestampNanosecondType>(array, 1_000_000_000, zone)?,
            }
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let words = cells(dictionary.values().as_ref())?;
            let keys = if dictionary.values().is_empty() { Vec::new() } else { dictionary.normalized_keys() };
            present(array, move |row| keys.get(row).map_or(RawCell::Empty, |&key| words(key)))
        }
        _ => return None,
    })
}

/// A number of 16 bits.
type Half = <Float16Type as ArrowPrimitiveType>::Native;

/// The cells of the rows that have a value.
fn present<'a>(array: &'a dyn Array, cell: impl Fn(usize) -> RawCell + 'a) -> Cells<'a> {
    Box::new(move |row| if array.is_valid(row) { cell(row) } else { RawCell::Empty })
}

fn values<'a, T: ArrowPrimitiveType>(array: &'a dyn Array, cell: impl Fn(T::Native) -> RawCell + 'a) -> Cells<'a> {
    let array = array.as_primitive::<T>();
    present(array, move |row| cell(array.value(row)))
}

/// Whole numbers: they are kept to the last digit, so they are what stands there as text would be.
fn whole<T: ArrowPrimitiveType>(array: &dyn Array) -> Cells<'_>
where
    T::Native: Display,
{
    values::<T>(array, |value| RawCell::Text(value.to_compact_string()))
}

fn decimals<T: DecimalType>(array: &dyn Array, places: i8) -> Cells<'_>
where
    T::Native: Display,
{
    values::<T>(array, move |value| RawCell::Text(decimal(&value.to_compact_string(), places).into()))
}

/// A binary number: missing when it is none, and what no number is when it has no end.
fn float(value: f64) -> RawCell {
    match (value.is_nan(), value.is_finite()) {
        (true, _) => RawCell::Empty,
        (_, true) => float_text(shortest(value)),
        (_, false) => RawCell::Text(value.to_compact_string()),
    }
}

fn float_text(text: String) -> RawCell {
    RawCell::Number(StoredNumber { text: text.into(), format: NumberFormat::Float })
}

/// A day by its number, that of 1 January 1970 being nought; one beyond the calendar is no date.
fn day(days: i64) -> RawCell {
    let date = i32::try_from(days).ok().and_then(Date::from_unix_days);
    date.map_or_else(|| RawCell::Text(format_compact!("1970-01-01 {days:+} d")), RawCell::Date)
}

fn timestamps<'a, T: ArrowTimestampType>(array: &'a dyn Array, parts: i64, zone: Option<&str>) -> Option<Cells<'a>> {
    let zone = match zone {
        None => TimeZone::UTC,
        Some(name) => DateTimeParser::new().parse_time_zone(name).ok()?,
    };
    Some(values::<T>(array, move |value| moment(value, parts, &zone)))
}

/// A moment as so many parts of a second since 1970: a day when it is midnight in its own zone.
fn moment(value: i64, parts: i64, zone: &TimeZone) -> RawCell {
    let (seconds, rest) = (value.div_euclid(parts), value.rem_euclid(parts));
    let nanoseconds = i32::try_from(rest * (1_000_000_000 / parts)).unwrap_or_default();
    let Ok(instant) = Timestamp::new(seconds, nanoseconds) else { return day(seconds.div_euclid(SECONDS_OF_A_DAY)) };
    let offset = i64::from(zone.to_offset(instant).seconds());
    let local = seconds + offset;
    if nanoseconds == 0 && local.rem_euclid(SECONDS_OF_A_DAY) == 0 {
        return day(local.div_euclid(SECONDS_OF_A_DAY));
    }
    let shown = zone.to_datetime(instant).to_string().replace('T', " ");
    RawCell::Text(shown.into())
}
