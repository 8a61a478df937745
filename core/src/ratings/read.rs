//! Ratings from a table with one in each row.

use std::sync::Arc;

use kaohe_grammar::{Message, fold_name, say};

use super::RatingTable;
use crate::column::Column;
use crate::error::DataError;
use crate::eval::input;
use crate::fault::FaultCode;
use crate::limits::{INPUT_INTEGER_DIGITS, INPUT_PLACES};
use crate::plan::{ColumnId, Input, MissingPolicy, Range};
use crate::run::{Key, Table, listed};
use crate::value::{Kind, Value};

/// The columns of a table that hold ratings, one in each row.
///
/// # Example
///
/// ```
/// use kaohe::ratings::{RatingColumns, RatingTable};
/// use kaohe::{Cell, Table};
///
/// let sheets = Table::of_columns(vec![
///     ("被考核人", vec![Cell::from("甲"), Cell::from("乙")]),
///     ("考评人", vec![Cell::from("张"), Cell::from("张")]),
///     ("得分", vec![Cell::from("87.5"), Cell::Missing]),
/// ]);
/// let columns = RatingColumns { ratee: "被考核人", rater: "考评人", rating: "得分" };
/// assert_eq!(RatingTable::read(sheets, columns)?.given().count(), 1);
/// # Ok::<(), kaohe::DataError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatingColumns<'n> {
    /// Who is rated.
    pub ratee: &'n str,
    /// Who rates.
    pub rater: &'n str,
    /// The rating.
    pub rating: &'n str,
}

impl RatingTable {
    /// Ratings from a table with one in each row; its order is kept.
    ///
    /// # Errors
    ///
    /// [`DataError`] when a column is not there, when a row lacks its ratee or rater, or when a rating is no number, naming
    /// every such row, and as [`RatingTable::new`].
    pub fn read(table: Table, columns: RatingColumns<'_>) -> Result<Self, DataError> {
        let RatingColumns { ratee, rater, rating } = columns;
        let inputs = [column(ratee, Kind::Text), column(rater, Kind::Text), column(rating, Kind::Number)];
        let bound = table.bind_columns(&inputs, Key::None)?.map(Column::into_cells);
        let [ratee, rater, rating] = &inputs;
        let [of, by, values] = bound.columns.as_slice() else { return Self::new::<&str, &str, Option<_>>([]) };
        let mut faults = Faults::default();
        let mut read = Vec::with_capacity(bound.rows);
        for (row, ((of, by), value)) in of.iter().zip(by).zip(values).enumerate() {
            let line = bound.line(row);
            let of = faults.sift(ratee, line, input::read(ratee, of));
            let by = faults.sift(rater, line, input::read(rater, by));
            let value = faults.sift(rating, line, input::read(rating, value));
            if let (Some(Value::Text(of)), Some(Value::Text(by)), Some(value)) = (of, by, value) {
                let number = if let Value::Number(number) = value { Some(number) } else { None };
                read.push((of, by, number));
            }
        }
        faults.into_result()?;
        Self::new(read)
    }
}

/// A rating as an input of a scheme, so that it is held to the same digits.
pub(super) fn plain() -> Input {
    column("", Kind::Number)
}

/// A column of ratings as an input of a scheme, so that its cells are read as those are.
fn column(name: &str, kind: Kind) -> Input {
    let missing = if kind == Kind::Number { MissingPolicy::Allow } else { MissingPolicy::Error };
    Input {
        name: fold_name(name.trim()).into(),
        column: ColumnId(u32::MAX),
        kind,
        key: false,
        headers: Vec::new(),
        unit: None,
        missing,
        range: Range::default(),
        whole: false,
        places: None,
        answer: None,
        sheet: None,
    }
}

/// What is wrong with cells: for each column and fault the rows.
#[derive(Default)]
struct Faults(Vec<(Arc<str>, FaultCode, Vec<String>)>);

impl Faults {
    /// The value of a cell; a fault is kept.
    fn sift(&mut self, column: &Input, line: u32, value: Result<Value, FaultCode>) -> Option<Value> {
        let code = match value {
            Ok(value) => return Some(value),
            Err(code) => code,
        };
        match self.0.iter_mut().find(|(name, known, _)| *name == column.name && *known == code) {
            Some((.., lines)) => lines.push(line.to_string()),
            None => self.0.push((Arc::clone(&column.name), code, vec![line.to_string()])),
        }
        None
    }

    fn into_result(self) -> Result<(), DataError> {
        let Some((_, first, _)) = self.0.first() else { return Ok(()) };
        let told: Vec<Message> = self.0.iter().map(|(name, code, lines)| told(name, *code, lines)).collect();
        let join = |of: fn(&Message) -> &str, with: &str| told.iter().map(of).collect::<Vec<_>>().join(with);
        let help = match first {
            FaultCode::Missing => say!("every row names a rater and a ratee", "每一行都应写明考评人和考核对象"),
            FaultCode::TooManyDigits => too_many_digits(),
            _ => say!(
                "names are text and ratings numbers; number letters and grades first",
                "人员应为文本，评分应为数值；字母和等级请先换成数值"
            ),
        };
        Err(DataError {
            code: first.code(),
            message: Message::new(join(|told| &told.en, "; "), join(|told| &told.zh, "；")),
            help: Some(help),
            offenders: self.0.into_iter().flat_map(|(.., lines)| lines).collect(),
        })
    }
}

/// One fault of a column, with its first rows.
fn told(name: &str, code: FaultCode, lines: &[String]) -> Message {
    let Message { en, zh } = listed(lines);
    match code {
        FaultCode::Missing => say!("`{name}` is missing in rows {en}", "`{name}` 缺失，行号：{zh}"),
        FaultCode::TooManyDigits => say!("`{name}` has too many digits in rows {en}", "`{name}` 位数过多，行号：{zh}"),
        _ => say!("`{name}` cannot be read in rows {en}", "`{name}` 无法读取，行号：{zh}"),
    }
}

/// The way out of a rating with too many digits.
pub(super) fn too_many_digits() -> Message {
    say!(
        "a rating has at most {INPUT_INTEGER_DIGITS} digits before the point and {INPUT_PLACES} after it; round it first",
        "评分最多有 {INPUT_INTEGER_DIGITS} 位整数和 {INPUT_PLACES} 位小数，请先取整"
    )
}
