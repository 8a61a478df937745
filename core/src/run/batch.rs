//! The figures of a run as Arrow columns.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array, RecordBatch,
    RecordBatchOptions, StringArray,
};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder, NullBuffer};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::{ColumnFigures, Run};
use crate::column::{Column, Figures, Form};
use crate::limits::{PUBLISHED_DIGITS, PUBLISHED_PLACES};
use crate::outcome::Figure;
use crate::plan::{ColumnId, Plan};
use crate::scheme::Scheme;
use crate::value::{Kind, WordList};

impl Scheme {
    /// The Arrow type that the figures of a column come out as.
    ///
    /// A number is a `decimal128` of 28 digits with the column's places, or twelve where it is not rounded; a choice or a
    /// grade a dictionary of its words; a truth value, a day and a text what Arrow has for them.
    pub(super) fn arrow_type(plan: &Plan, column: ColumnId) -> DataType {
        let definition = plan.column(column);
        match &plan.node(definition.body).facts.kind {
            Kind::Number => decimal(definition.places),
            Kind::Truth => DataType::Boolean,
            Kind::Date => DataType::Date32,
            Kind::Choice(_) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Kind::Text | Kind::Missing => DataType::Utf8,
        }
    }
}

fn decimal(places: Option<u32>) -> DataType {
    let places = places.unwrap_or(PUBLISHED_PLACES);
    DataType::Decimal128(u8::try_from(PUBLISHED_DIGITS).unwrap_or(u8::MAX), i8::try_from(places).unwrap_or(i8::MAX))
}

impl Run {
    /// The figures as an Arrow record batch: a column for each of [`columns`](Run::columns), a row for each person.
    ///
    /// Numbers are `decimal128` of 28 digits with exactly the column's places, or twelve where it is not rounded; choices
    /// and grades dictionaries of their words, best first last; days `date32`. A figure that is missing or empty is null:
    /// which of the two and why, [`problems`](Run::problems) tells. A column of numbers with an `unlimited` among them is
    /// of texts, as no decimal stands for that.
    ///
    /// # Example
    ///
    /// ```
    /// use arrow_array::cast::AsArray;
    /// use arrow_array::types::Decimal128Type;
    /// use kaohe::{Data, Options, Row, Scheme, Table};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 例
    /// inputs: { 工号: { type: text, key: true }, 存款: { type: number } }
    /// computed:
    ///   千分之一: { formula: 存款 / 1000, round: 4 }
    /// ",
    /// )?;
    /// let people = Table::of_rows(vec![Row::new().with("工号", "001").with("存款", 1234)]);
    /// let batch = scheme.score(Data::of(people), Options::default())?.record_batch();
    /// assert_eq!(batch.column(1).as_primitive::<Decimal128Type>().value_as_string(0), "1.2340");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn record_batch(&self) -> RecordBatch {
        let plan = self.scheme.plan();
        let columns = self.shown.iter().enumerate().map(|(at, id)| {
            let (array, of) = match self.figures.get(at) {
                Some(figures) => self.array(plan, *id, figures, self.figures(at)),
                None => (arrow_array::new_null_array(&DataType::Utf8, self.rows()), DataType::Utf8),
            };
            (Field::new(&*plan.column(*id).name, of, true), array)
        });
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options);
        // every array was made for its field and for just so many rows
        batch.unwrap_or_else(|_| RecordBatch::new_empty(schema))
    }

    fn array(&self, plan: &Plan, id: ColumnId, figures: &Figures, shown: ColumnFigures<'_>) -> (ArrayRef, DataType) {
        let of = Scheme::arrow_type(plan, id);
        let rows = figures.len();
        let is_unlimited = figures.odd().iter().any(|(_, figure)| *figure == Figure::Unlimited);
        let array: ArrayRef = match (&figures.form, &of) {
            _ if is_unlimited => Arc::new(texts(shown)),
            (Form::Units { units, .. }, DataType::Decimal128(precision, scale)) => {
                let mantissas = units.iter().map(|unit| i128::from(*unit)).collect();
                return (decimals(mantissas, figures, (*precision, *scale)), of);
            }
            (Form::Wide { units, .. }, DataType::Decimal128(precision, scale)) => {
                return (decimals(units.clone(), figures, (*precision, *scale)), of);
            }
            (Form::Truths(truths), DataType::Boolean) => {
                Arc::new(BooleanArray::new(BooleanBuffer::from(truths.as_slice()), present(figures, rows)))
            }
            (Form::Dates(days), DataType::Date32) => {
                Arc::new(Date32Array::new(days.clone().into(), present(figures, rows)))
            }
            (Form::Choices { places, list }, DataType::Dictionary(..)) => words(places, list, present(figures, rows)),
            (Form::Passed { input, .. }, DataType::Utf8) => {
                // where a text is absent a default may stand for it
                let own = self.people.columns().get(*input);
                let own = own.filter(|column| column.without_text(0..rows).next().is_none());
                match own.and_then(Column::only_texts) {
                    Some(array) if array.len() == rows => Arc::new(array.clone()),
                    _ => Arc::new(texts(shown)),
                }
            }
            _ => Arc::new(texts(shown)),
        };
        let of = array.data_type().clone();
        (array, of)
    }
}

fn texts(figures: ColumnFigures<'_>) -> StringArray {
    let text = |figure: Figure| match figure {
        Figure::Missing | Figure::Empty(_) => None,
        Figure::Text(text) => Some(text),
        figure => Some(figure.to_string().into()),
    };
    figures.iter().map(text).collect()
}

/// Which figures are there, when not all are.
fn present(figures: &Figures, rows: usize) -> Option<NullBuffer> {
    let absent = |figure: &Figure| matches!(figure, Figure::Missing | Figure::Empty(_));
    let mut absent = figures.odd().iter().filter(|(_, figure)| absent(figure)).peekable();
    absent.peek()?;
    let mut bits = BooleanBufferBuilder::new(rows);
    bits.append_n(rows, true);
    for (row, _) in absent {
        bits.set_bit(*row as usize, false);
    }
    Some(NullBuffer::new(bits.finish()))
}

/// Decimals of one scale, with those that did not fit where the others stand.
fn decimals(mut mantissas: Vec<i128>, figures: &Figures, (precision, scale): (u8, i8)) -> ArrayRef {
    let rows = mantissas.len();
    for (row, figure) in figures.odd() {
        if let (Figure::Number { value, .. }, Some(slot)) = (figure, mantissas.get_mut(*row as usize)) {
            let more = u32::try_from(scale).unwrap_or(0).checked_sub(value.scale());
            let ten = more.and_then(|more| 10_i128.checked_pow(more));
            *slot = ten.and_then(|ten| value.mantissa().checked_mul(ten)).unwrap_or(0);
        }
    }
    let array = Decimal128Array::new(mantissas.into(), present(figures, rows));
    match array.clone().with_precision_and_scale(precision, scale) {
        Ok(array) => Arc::new(array),
        Err(_) => Arc::new(array),
    }
}

/// Words of a list by their places; the dictionary has all of them, in the order of the list.
fn words(places: &[u32], list: &WordList, nulls: Option<NullBuffer>) -> ArrayRef {
    let keys = places.iter().map(|place| i32::try_from(*place).unwrap_or(0)).collect::<Vec<i32>>();
    let values: StringArray = list.words.iter().map(|word| Some(&**word)).collect();
    let keys = Int32Array::new(keys.into(), nulls);
    match DictionaryArray::<Int32Type>::try_new(keys, Arc::new(values)) {
        Ok(array) => Arc::new(array),
        // a list without words has no places
        Err(_) => arrow_array::new_null_array(
            &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            places.len(),
        ),
    }
}
