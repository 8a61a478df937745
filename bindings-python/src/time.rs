//! Points in time of Arrow arrays: midnights are how many tools write a day, others are more than a day.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};

/// The seconds of a day.
const DAY: i64 = 86_400;

/// The first row of these arrays, one after the other, with a time of day or in a time zone.
pub(crate) fn no_day(arrays: &[ArrayRef]) -> Option<usize> {
    let mut before = 0_usize;
    for array in arrays {
        let found = match array.data_type() {
            DataType::Timestamp(_, Some(_)) => (0..array.len()).find(|row| array.is_valid(*row)),
            DataType::Date64 => within_a_day::<Date64Type>(array, DAY * 1_000),
            DataType::Timestamp(TimeUnit::Second, None) => within_a_day::<TimestampSecondType>(array, DAY),
            DataType::Timestamp(TimeUnit::Millisecond, None) => {
                within_a_day::<TimestampMillisecondType>(array, DAY * 1_000)
            }
            DataType::Timestamp(TimeUnit::Microsecond, None) => {
                within_a_day::<TimestampMicrosecondType>(array, DAY * 1_000_000)
            }
            DataType::Timestamp(TimeUnit::Nanosecond, None) => {
                within_a_day::<TimestampNanosecondType>(array, DAY * 1_000_000_000)
            }
            _ => None,
        };
        if let Some(row) = found {
            return before.checked_add(row);
        }
        before = before.saturating_add(array.len());
    }
    None
}

fn within_a_day<T: ArrowPrimitiveType<Native = i64>>(array: &ArrayRef, day: i64) -> Option<usize> {
    array.as_primitive::<T>().iter().position(|time| time.is_some_and(|time| time.rem_euclid(day) != 0))
}
