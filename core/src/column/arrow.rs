//! Arrow arrays as facts: what is wide already is taken as it is, what is narrow is widened, what has no meaning is refused.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};

use super::{Chunk, Texts};
use crate::date::Date;
use crate::row::Cell;

/// The seconds of a day.
const DAY: i64 = 86_400;

/// Whether facts can be of this type: numbers, texts, truth values, days.
pub(crate) fn is_read(of: &DataType) -> bool {
    match of {
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
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(_, None)
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_read(values) && !matches!(**values, DataType::Dictionary(..)),
        _ => false,
    }
}

/// An array as facts; nothing when it is of a type that has no meaning here.
pub(crate) fn chunk(array: &ArrayRef) -> Option<Chunk> {
    if let Some(texts) = Texts::of(array) {
        return Some(Chunk::Texts(texts));
    }
    Some(match array.data_type() {
        DataType::Null => Chunk::Missing(array.len()),
        DataType::Boolean => Chunk::Truths(array.as_boolean().clone()),
        DataType::Int64 => Chunk::Integers(array.as_primitive::<Int64Type>().clone()),
        DataType::Int8 => Chunk::Integers(widened(array.as_primitive::<Int8Type>())),
        DataType::Int16 => Chunk::Integers(widened(array.as_primitive::<Int16Type>())),
        DataType::Int32 => Chunk::Integers(widened(array.as_primitive::<Int32Type>())),
        DataType::UInt8 => Chunk::Integers(widened(array.as_primitive::<UInt8Type>())),
        DataType::UInt16 => Chunk::Integers(widened(array.as_primitive::<UInt16Type>())),
        DataType::UInt32 => Chunk::Integers(widened(array.as_primitive::<UInt32Type>())),
        DataType::UInt64 => match array.as_primitive::<UInt64Type>().clone() {
            // few have one that large
            integers if integers.values().iter().all(|integer| i64::try_from(*integer).is_ok()) => {
                Chunk::Integers(integers.unary(|integer| i64::try_from(integer).unwrap_or(i64::MAX)))
            }
            integers => cells(&integers, |integer| match i64::try_from(integer) {
                Ok(integer) => Cell::Integer(integer),
                Err(_) => Cell::Text(integer.to_string()),
            }),
        },
        DataType::Float64 => Chunk::Floats(array.as_primitive::<Float64Type>().clone()),
        // the shortest text of a short float: 0.1 is a tenth there as well, not 0.10000000149
        DataType::Float32 => Chunk::Floats(array.as_primitive::<Float32Type>().unary(|float| lengthened(&float))),
        DataType::Float16 => Chunk::Floats(array.as_primitive::<Float16Type>().unary(|float| lengthened(&float))),
        DataType::Decimal128(..) => Chunk::Decimals(array.as_primitive::<Decimal128Type>().clone()),
        DataType::Decimal64(..) => Chunk::ShortDecimals(array.as_primitive::<Decimal64Type>().clone()),
        DataType::Decimal32(precision, scale) => {
            let wider: PrimitiveArray<Decimal64Type> = array.as_primitive::<Decimal32Type>().unary(Into::into);
            Chunk::ShortDecimals(wider.with_precision_and_scale(*precision, *scale).ok()?)
        }
        DataType::Date32 => Chunk::Dates(array.as_primitive::<Date32Type>().clone()),
        DataType::Date64 => days(array.as_primitive::<Date64Type>(), DAY * 1_000),
        DataType::Timestamp(TimeUnit::Second, None) => days(array.as_primitive::<TimestampSecondType>(), DAY),
        DataType::Timestamp(TimeUnit::Millisecond, None) => {
            days(array.as_primitive::<TimestampMillisecondType>(), DAY * 1_000)
        }
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            days(array.as_primitive::<TimestampMicrosecondType>(), DAY * 1_000_000)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, None) => {
            days(array.as_primitive::<TimestampNanosecondType>(), DAY * 1_000_000_000)
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary_opt()?;
            if dictionary.values().is_empty() {
                return Some(Chunk::Missing(array.len()));
            }
            let (keys, words) = (dictionary.normalized_keys(), chunk(dictionary.values())?);
            match words {
                Chunk::Texts(words) => {
                    let places: Vec<u32> = keys.into_iter().map(|key| u32::try_from(key).unwrap_or(u32::MAX)).collect();
                    let nulls = dictionary.keys().nulls().cloned();
                    Chunk::Texts(Texts::Words { places: places.into(), nulls, words: Box::new(words) })
                }
                words => {
                    let cell = |(row, key): (usize, usize)| {
                        if dictionary.keys().is_null(row) { Cell::Missing } else { words.cell(key) }
                    };
                    Chunk::Cells(keys.into_iter().enumerate().map(cell).collect())
                }
            }
        }
        _ => return None,
    })
}

fn widened<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>) -> PrimitiveArray<Int64Type>
where
    T::Native: Into<i64>,
{
    array.unary(Into::into)
}

/// A short float as the long one of the same shortest text.
fn lengthened(float: &impl std::fmt::Display) -> f64 {
    float.to_string().parse().unwrap_or(f64::NAN)
}

/// Points in time as days, where they are midnights: that is how many tools write a day. Any other is no calendar day.
fn days<T: ArrowPrimitiveType<Native = i64>>(array: &PrimitiveArray<T>, day: i64) -> Chunk {
    cells(array, |time| {
        let number = i32::try_from(time.div_euclid(day)).ok().filter(|_| time.rem_euclid(day) == 0);
        number.and_then(Date::from_unix_days).map_or(Cell::Unreadable, Cell::Date)
    })
}

fn cells<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, cell: impl Fn(T::Native) -> Cell) -> Chunk {
    Chunk::Cells(array.iter().map(|value| value.map_or(Cell::Missing, &cell)).collect())
}
