//! A table on its way in: people, or rows of a detail table.

use std::sync::Arc;

use kaohe_grammar::{fold_name, say};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, SchemaRef};

use crate::code::Code;
use crate::column::{Column, chunk, is_read};
use crate::error::DataError;
use crate::eval::facts::line_of;
use crate::limits::ROWS;
use crate::plan::Input;
use crate::row::{Binding, Cell, Row, unnamed};

/// A table of cells: people, or rows of a detail table.
///
/// Built by rows or by columns; which column is which input is settled by headers when it is scored.
///
/// # Example
///
/// ```
/// use kaohe::{Cell, Row, Table};
///
/// let by_rows = Table::of_rows(vec![Row::new().with("工号", "001").with("得分", 90)]);
/// let by_columns = Table::of_columns(vec![("工号", vec![Cell::from("001")]), ("得分", vec![Cell::from(90)])]);
/// assert_eq!((by_rows.rows(), by_columns.rows()), (1, 1));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    content: Content,
    /// What people call each row, where it is not its number from 1.
    lines: Option<Vec<u32>>,
}

#[derive(Debug, Clone)]
enum Content {
    Rows(Vec<Row>),
    Columns { headers: Vec<String>, columns: Vec<Values>, rows: usize },
}

/// The values of one column of a table.
#[derive(Debug, Clone)]
pub enum Values {
    /// Cells of any kind.
    Cells(Vec<Cell>),
    /// Arrow arrays, one after the other; see [`Table::of_batches`] for what they may hold.
    Arrays(Vec<ArrayRef>),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Cells(cells) => cells.len(),
            Self::Arrays(arrays) => arrays.iter().map(|array| array.len()).fold(0, usize::saturating_add),
        }
    }

    /// The type of the first array that holds no facts.
    fn unread(&self) -> Option<&DataType> {
        match self {
            Self::Cells(_) => None,
            Self::Arrays(arrays) => arrays.iter().map(|array| array.data_type()).find(|of| !is_read(of)),
        }
    }

    /// The same for so many rows, what is not there missing.
    fn into_column(self, rows: usize) -> Column {
        match self {
            Self::Cells(mut cells) => {
                cells.resize(rows, Cell::Missing);
                cells.into()
            }
            Self::Arrays(arrays) => Column::of(arrays.iter().filter_map(chunk).collect()).filled_to(rows),
        }
    }
}

impl From<Vec<Cell>> for Values {
    fn from(cells: Vec<Cell>) -> Self {
        Self::Cells(cells)
    }
}

impl From<Vec<ArrayRef>> for Values {
    fn from(arrays: Vec<ArrayRef>) -> Self {
        Self::Arrays(arrays)
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Rows(Vec::new())
    }
}

/// The column that says whose a row is, by its headers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key<'n> {
    /// Rows have none.
    None,
    /// A row may name whose it is, and need not; what else it does not name is missing.
    Idle(&'n [Arc<str>]),
    /// Every row names whose it is.
    Needed(&'n [Arc<str>]),
}

/// A table whose columns are those of inputs, in their order: each as cells, or in the form it came in.
#[derive(Debug)]
pub(crate) struct Bound<C = Vec<Cell>> {
    /// For each input its facts.
    pub(crate) columns: Vec<C>,
    /// The cells of a further column that was asked for.
    pub(crate) keys: Option<C>,
    pub(crate) rows: usize,
    pub(crate) lines: Option<Vec<u32>>,
}

impl<C> Bound<C> {
    /// The same with every column in another form.
    pub(crate) fn map<D>(self, mut form: impl FnMut(C) -> D) -> Bound<D> {
        let Self { columns, keys, rows, lines } = self;
        Bound { keys: keys.map(&mut form), columns: columns.into_iter().map(form).collect(), rows, lines }
    }
}

impl<C> Bound<C> {
    /// What people call a row.
    pub(crate) fn line(&self, row: usize) -> u32 {
        line(self.lines.as_deref(), row)
    }
}

/// People: for each input its facts, in the form they came in.
#[derive(Debug, Default)]
pub(crate) struct People {
    columns: Vec<Column>,
    pub(crate) rows: usize,
    lines: Option<Vec<u32>>,
}

impl People {
    pub(crate) fn of(bound: Bound<Column>) -> Self {
        let Bound { columns, rows, lines, .. } = bound;
        Self { columns, rows, lines }
    }

    /// The facts of all inputs.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The cells of a row, in the order of the inputs; missing when there is no such row.
    pub(crate) fn row(&self, row: usize) -> Vec<Cell> {
        self.columns.iter().map(|column| column.cell(row)).collect()
    }

    /// The cells of some inputs of a row, in a list of all that is kept.
    pub(crate) fn read_some(&self, row: usize, inputs: &[usize], cells: &mut Vec<Cell>) {
        cells.resize(self.columns.len(), Cell::Missing);
        for input in inputs {
            if let (Some(cell), Some(column)) = (cells.get_mut(*input), self.columns.get(*input)) {
                *cell = column.cell(row);
            }
        }
    }

    /// The cells of an input, one for each row.
    pub(crate) fn column(&self, input: usize) -> impl Iterator<Item = Cell> {
        self.columns.get(input).into_iter().flat_map(Column::iter)
    }

    /// What people call a row.
    pub(crate) fn line(&self, row: usize) -> u32 {
        line(self.lines.as_deref(), row)
    }
}

/// What people call a row: as it is stated, otherwise its number from 1.
fn line(lines: Option<&[u32]>, row: usize) -> u32 {
    line_of(lines, u32::try_from(row).unwrap_or(u32::MAX))
}

impl Table {
    /// A table of rows, each by the names of its cells.
    #[must_use]
    pub const fn of_rows(rows: Vec<Row>) -> Self {
        Self { content: Content::Rows(rows), lines: None }
    }

    /// A table of columns, each by its header; row `i` is cell `i` of every column. Cells that a shorter column lacks are
    /// missing.
    #[must_use]
    pub fn of_columns(columns: Vec<(impl Into<String>, Vec<Cell>)>) -> Self {
        Self::of_values(columns.into_iter().map(|(header, cells)| (header, Values::Cells(cells))))
    }

    /// The same of columns each of which is cells or Arrow arrays, however these are cut.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use arrow_array::Int64Array;
    /// use kaohe::{Cell, Table, Values};
    ///
    /// let keys = Values::from(vec![Cell::from("001"), Cell::from(2)]);
    /// let scores = Values::Arrays(vec![Arc::new(Int64Array::from(vec![88, 93]))]);
    /// assert_eq!(Table::of_values([("工号", keys), ("得分", scores)]).rows(), 2);
    /// ```
    #[must_use]
    pub fn of_values(columns: impl IntoIterator<Item = (impl Into<String>, Values)>) -> Self {
        let columns = columns.into_iter().map(|(header, values)| (header.into(), values));
        let (headers, columns): (_, Vec<Values>) = columns.unzip();
        let rows = columns.iter().map(Values::len).max().unwrap_or(0);
        Self { content: Content::Columns { headers, columns, rows }, lines: None }
    }

    /// A table of Arrow record batches of one schema, one after the other.
    ///
    /// Columns of whole numbers, decimals, floats, truth values, days and texts are taken as they are, and nothing of them
    /// is copied but what is narrower than 64 bits. Dictionaries of those are read, too, and points in time without a zone
    /// where they are midnights. A column of another type may be there as long as no input is of its name.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use arrow_array::{Decimal128Array, RecordBatch, StringArray};
    /// use kaohe::Table;
    ///
    /// let keys = StringArray::from(vec!["001", "002"]);
    /// let deposits = Decimal128Array::from(vec![Some(241_550), None]).with_precision_and_scale(12, 2)?;
    /// let batch = RecordBatch::try_from_iter([("工号", Arc::new(keys) as _), ("日均存款", Arc::new(deposits) as _)])?;
    /// let table = Table::of_batches(&batch.schema(), [batch]);
    /// assert_eq!(table.rows(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_batches(schema: &SchemaRef, batches: impl IntoIterator<Item = RecordBatch>) -> Self {
        let headers: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let mut columns: Vec<Vec<ArrayRef>> = vec![Vec::new(); headers.len()];
        let mut rows = 0_usize;
        for batch in batches {
            rows = rows.saturating_add(batch.num_rows());
            for (column, array) in columns.iter_mut().zip(batch.columns()) {
                column.push(ArrayRef::clone(array));
            }
        }
        let columns = columns.into_iter().map(Values::Arrays).collect();
        Self { content: Content::Columns { headers, columns, rows }, lines: None }
    }

    /// The same with what people call each row, such as the line of a file; otherwise rows are counted from 1.
    #[must_use]
    pub fn with_lines(self, lines: Vec<u32>) -> Self {
        Self { lines: Some(lines), ..self }
    }

    /// The same with so many rows at least, also where no column has a cell, so that what they lack is told.
    #[must_use]
    pub fn with_rows(mut self, rows: usize) -> Self {
        if let Content::Columns { rows: all, .. } = &mut self.content {
            *all = rows.max(*all);
        }
        self
    }

    /// Whether there is nothing at all, not even a header.
    fn is_bare(&self) -> bool {
        match &self.content {
            Content::Rows(rows) => rows.is_empty(),
            Content::Columns { headers, rows, .. } => headers.is_empty() && *rows == 0,
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        match &self.content {
            Content::Rows(rows) => rows.len(),
            Content::Columns { rows, .. } => *rows,
        }
    }

    /// The only row of a person alone: what it does not have is missing.
    pub(crate) fn bind_alone(self, inputs: &[Input]) -> Result<Bound<Column>, DataError> {
        let lines = self.lines.clone();
        match self.content {
            Content::Rows(rows) if rows.len() == 1 => {
                let cells = rows.first().map(|row| row.cells(inputs)).transpose()?.unwrap_or_default();
                let columns = cells.into_iter().map(|cell| vec![cell].into()).collect();
                Ok(Bound { columns, keys: None, rows: 1, lines })
            }
            _ => self.bind_columns(inputs, Key::None),
        }
    }

    /// The table's columns in the order of `inputs` in the form they came in, with a further column for the key.
    ///
    /// # Errors
    ///
    /// [`DataError`] naming every input without a column, every one with two, and every name that looks misspelt.
    pub(crate) fn bind_columns(self, inputs: &[Input], key: Key<'_>) -> Result<Bound<Column>, DataError> {
        let (key, beside, needed) = match key {
            Key::None => (None, &[][..], true),
            Key::Idle(names) => (Some(names), names, false),
            Key::Needed(names) => (Some(names), names, true),
        };
        // of nobody at all no header can be asked
        if self.is_bare() {
            return Ok(Bound { columns: vec![Column::default(); inputs.len()], keys: None, rows: 0, lines: None });
        }
        let rows = self.rows();
        if rows > ROWS {
            return Err(DataError {
                code: Code::TooManyRows,
                message: say!("the table has {rows} rows, more than {ROWS}", "表有 {rows} 行，超过上限 {ROWS} 行"),
                help: Some(say!("score it in parts that belong together", "请按组分批计算")),
                offenders: Vec::new(),
            });
        }
        let lines = self.lines;
        match self.content {
            Content::Columns { headers, columns, .. } => {
                let binding = Binding::new(inputs, &headers)?;
                let keys = key_column(key, needed, &headers)?;
                let places = binding.places();
                unread(&headers, &columns, places.iter().copied().chain(keys))?;
                let mut columns: Vec<Option<Values>> = columns.into_iter().map(Some).collect();
                let mut taken = |place: usize| {
                    let values = columns.get_mut(place).and_then(Option::take);
                    values.unwrap_or(Values::Cells(Vec::new())).into_column(rows)
                };
                let keys = keys.map(&mut taken);
                let columns = places.iter().map(|place| taken(*place)).collect();
                Ok(Bound { columns, keys, rows, lines })
            }
            Content::Rows(all) => {
                let mut columns: Vec<Vec<Cell>> = inputs.iter().map(|_| Vec::with_capacity(rows)).collect();
                let mut keys = key.map(|_| Vec::with_capacity(rows));
                if rows > 0 && needed {
                    let mut headers: Vec<&str> = all.iter().flat_map(Row::names).collect();
                    headers.sort_unstable();
                    headers.dedup();
                    Binding::new(inputs, &headers)?;
                    key.map(|names| key_place(names, &headers)).transpose()?;
                }
                for row in &all {
                    for (column, cell) in columns.iter_mut().zip(row.cells_beside(inputs, beside)?) {
                        column.push(cell);
                    }
                    if let (Some(names), Some(keys)) = (key, &mut keys) {
                        keys.push(row.cell(names).cloned().unwrap_or(Cell::Missing));
                    }
                }
                let columns = columns.into_iter().map(Column::from).collect();
                Ok(Bound { columns, keys: keys.map(Column::from), rows, lines })
            }
        }
    }
}

/// The place of the column that says whose a row is, where one is asked for; it may only be absent when it is not needed.
fn key_column(key: Option<&[Arc<str>]>, needed: bool, headers: &[String]) -> Result<Option<usize>, DataError> {
    match (key, needed) {
        (Some(names), false) => Ok(key_place(names, headers).ok()),
        (key, _) => key.map(|names| key_place(names, headers)).transpose(),
    }
}

/// Refuses columns that are read and of a type that facts cannot have, all at once.
fn unread(headers: &[String], columns: &[Values], read: impl Iterator<Item = usize>) -> Result<(), DataError> {
    let odd = read.filter_map(|place| {
        let of = columns.get(place)?.unread()?;
        Some((headers.get(place)?.clone(), of.to_string()))
    });
    let odd: Vec<(String, String)> = odd.collect();
    if odd.is_empty() {
        return Ok(());
    }
    let quoted: Vec<String> = odd.iter().map(|(header, of)| format!("`{header}` ({of})")).collect();
    let (en, zh) = (quoted.join(", "), quoted.join("、"));
    Err(DataError {
        code: Code::ColumnType,
        message: say!("these columns are of types that hold no facts: {en}", "以下列的类型不能作为数据：{zh}"),
        help: Some(say!(
            "numbers, decimals, texts, truth values, days and dictionaries of them are read; a time of day or a zone is \
             no calendar day",
            "可读取数值、小数、文本、是否、日期及其字典类型；带时刻或时区的时间不是日历日期"
        )),
        offenders: odd.into_iter().map(|(header, _)| header).collect(),
    })
}

/// The place of the key column among headers.
fn key_place<S: AsRef<str>>(names: &[Arc<str>], headers: &[S]) -> Result<usize, DataError> {
    let found = headers.iter().position(|header| {
        let header = fold_name(header.as_ref().trim());
        names.iter().any(|name| **name == *header)
    });
    found.ok_or_else(|| unnamed(names.first().map_or("", |name| &**name), headers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Data, Options};
    use crate::scheme::Scheme;

    #[test]
    fn the_key_of_a_detail_row_is_no_misspelt_column() {
        let scheme = Scheme::parse(
            "
kaohe: 1
scheme: 例
inputs: { 工号: { type: text, key: true } }
details:
  存款:
    key: 工号
    columns: { 账号: { type: text, missing: allow }, 余额: { type: number } }
computed: { 合计: sum(存款.余额) }
",
        )
        .unwrap();
        // 工号 looks like 账号, which one of the rows does not have
        let bare = Row::new().with("工号", "001").with("余额", 1);
        let deposits = Table::of_rows(vec![bare.clone().with("账号", "a"), bare]);
        let person = Row::new().with("工号", "001");
        for data in [Data::of(Table::of_rows(vec![person.clone()])), Data::person(person)] {
            let run = scheme.score(data.detail("存款", deposits.clone()), Options::default()).unwrap();
            assert_eq!(run.outcome(0).get("合计").unwrap().to_string(), "2");
        }
    }
}
