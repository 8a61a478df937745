//! A table on its way in: people, or rows of a detail table.

use std::sync::Arc;

use kaohe_grammar::{fold_name, say};

use crate::code::Code;
use crate::error::DataError;
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
    Columns { headers: Vec<String>, columns: Vec<Vec<Cell>> },
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

/// A table whose columns are those of inputs, in their order.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    /// For each input its cells.
    pub(crate) columns: Vec<Vec<Cell>>,
    /// The cells of a further column that was asked for.
    pub(crate) keys: Option<Vec<Cell>>,
    pub(crate) rows: usize,
    pub(crate) lines: Option<Vec<u32>>,
}

impl Bound {
    /// What people call a row.
    pub(crate) fn line(&self, row: usize) -> u32 {
        line(self.lines.as_deref(), row)
    }
}

/// People by row: the cells of a row stand together, in the order of the inputs.
#[derive(Debug, Default)]
pub(crate) struct People {
    cells: Vec<Cell>,
    width: usize,
    pub(crate) rows: usize,
    lines: Option<Vec<u32>>,
}

impl People {
    pub(crate) fn of(bound: Bound) -> Self {
        let Bound { columns, rows, lines, .. } = bound;
        let width = columns.len();
        let mut cells = Vec::with_capacity(width.saturating_mul(rows));
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        for _ in 0..rows {
            cells.extend(columns.iter_mut().map(|column| column.next().unwrap_or(Cell::Missing)));
        }
        Self { cells, width, rows, lines }
    }

    /// The cells of a row; none when there is no such row.
    pub(crate) fn row(&self, row: usize) -> &[Cell] {
        let start = row.saturating_mul(self.width);
        self.cells.get(start..start.saturating_add(self.width)).unwrap_or(&[])
    }

    /// The cells of an input, one for each row.
    pub(crate) fn column(&self, input: usize) -> impl Iterator<Item = &Cell> {
        (0..self.rows).map(move |row| self.row(row).get(input).unwrap_or(&Cell::Missing))
    }

    /// What people call a row.
    pub(crate) fn line(&self, row: usize) -> u32 {
        line(self.lines.as_deref(), row)
    }
}

/// What people call a row: as it is stated, otherwise its number from 1.
fn line(lines: Option<&[u32]>, row: usize) -> u32 {
    let number = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(1);
    lines.and_then(|lines| lines.get(row)).copied().unwrap_or(number)
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
        let (headers, columns) = columns.into_iter().map(|(header, cells)| (header.into(), cells)).unzip();
        Self { content: Content::Columns { headers, columns }, lines: None }
    }

    /// The same with what people call each row, such as the line of a file; otherwise rows are counted from 1.
    #[must_use]
    pub fn with_lines(self, lines: Vec<u32>) -> Self {
        Self { lines: Some(lines), ..self }
    }

    /// The same with so many rows at least, also where no column has a cell, so that what they lack is told.
    #[must_use]
    pub fn with_rows(mut self, rows: usize) -> Self {
        if let Content::Columns { headers, columns } = &mut self.content
            && rows > columns.iter().map(Vec::len).max().unwrap_or(0)
        {
            headers.push(String::new());
            columns.push(vec![Cell::Missing; rows]);
        }
        self
    }

    /// Whether there is nothing at all, not even a header.
    fn is_bare(&self) -> bool {
        match &self.content {
            Content::Rows(rows) => rows.is_empty(),
            Content::Columns { headers, .. } => headers.is_empty(),
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        match &self.content {
            Content::Rows(rows) => rows.len(),
            Content::Columns { columns, .. } => columns.iter().map(Vec::len).max().unwrap_or(0),
        }
    }

    /// The only row of a person alone: what it does not have is missing.
    pub(crate) fn bind_alone(self, inputs: &[Input]) -> Result<Bound, DataError> {
        let lines = self.lines.clone();
        match self.content {
            Content::Rows(rows) if rows.len() == 1 => {
                let cells = rows.first().map(|row| row.cells(inputs)).transpose()?.unwrap_or_default();
                Ok(Bound { columns: cells.into_iter().map(|cell| vec![cell]).collect(), keys: None, rows: 1, lines })
            }
            _ => self.bind(inputs, Key::None),
        }
    }

    /// The table's columns in the order of `inputs`, with a further column for the key.
    ///
    /// # Errors
    ///
    /// [`DataError`] naming every input without a column, every one with two, and every name that looks misspelt.
    pub(crate) fn bind(self, inputs: &[Input], key: Key<'_>) -> Result<Bound, DataError> {
        let (key, beside, needed) = match key {
            Key::None => (None, &[][..], true),
            Key::Idle(names) => (Some(names), names, false),
            Key::Needed(names) => (Some(names), names, true),
        };
        // of nobody at all no header can be asked
        if self.is_bare() {
            return Ok(Bound { columns: vec![Vec::new(); inputs.len()], ..Bound::default() });
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
            Content::Columns { headers, columns } => {
                let binding = Binding::new(inputs, &headers)?;
                let keys = match (key, needed) {
                    (Some(names), false) => key_place(names, &headers).ok(),
                    (key, _) => key.map(|names| key_place(names, &headers)).transpose()?,
                };
                let mut columns: Vec<Option<Vec<Cell>>> = columns.into_iter().map(Some).collect();
                let mut taken = |place: usize| {
                    let mut cells = columns.get_mut(place).and_then(Option::take).unwrap_or_default();
                    cells.resize(rows, Cell::Missing);
                    cells
                };
                let keys = keys.map(&mut taken);
                let columns = binding.places().iter().map(|place| taken(*place)).collect();
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
                Ok(Bound { columns, keys, rows, lines })
            }
        }
    }
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
