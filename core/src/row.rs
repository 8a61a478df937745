//! One person's facts on the way in.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use kaohe_grammar::{Message, fold_name, say};

use crate::code::Code;
use crate::date::Date;
use crate::document::suggest::nearest;
use crate::error::DataError;
use crate::plan::Input;

/// One cell of a row as a host hands it over.
///
/// A number is taken exactly as its decimal text: a binary float means its shortest decimal text, so `0.1` is one tenth.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cell {
    /// Nothing is there.
    Missing,
    /// A decimal number.
    Decimal(rust_decimal::Decimal),
    /// A whole number.
    Integer(i64),
    /// A binary float; not a number means missing.
    Float(f64),
    /// Text, also the decimal text of a number or the ISO text of a date; empty text is missing.
    Text(String),
    /// True or false.
    Truth(bool),
    /// A calendar day.
    Date(Date),
    /// Something is there that the host could not read as what the input is; a fault of that cell.
    Unreadable,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<i32> for Cell {
    fn from(integer: i32) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<f64> for Cell {
    fn from(float: f64) -> Self {
        Self::Float(float)
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

impl From<rust_decimal::Decimal> for Cell {
    fn from(decimal: rust_decimal::Decimal) -> Self {
        Self::Decimal(decimal)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Missing, Into::into)
    }
}

/// One person's facts by name.
///
/// # Example
///
/// ```
/// use kaohe::Row;
///
/// let row = Row::new().with("日均存款", "2415").with("投诉次数", 2);
/// assert_eq!(row.len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    cells: HashMap<Arc<str>, Cell>,
}

impl Row {
    /// A row without facts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more fact; full-width signs in the name are folded as in formulas, and spaces around
    /// it do not count.
    #[must_use]
    pub fn with(mut self, name: &str, cell: impl Into<Cell>) -> Self {
        self.set(name, cell);
        self
    }

    /// Adds a fact, or replaces it.
    pub fn set(&mut self, name: &str, cell: impl Into<Cell>) {
        self.cells.insert(fold_name(name.trim()).into(), cell.into());
    }

    /// Adds a fact of a row that somebody else wrote, where two spellings of one name cannot both be meant.
    ///
    /// # Errors
    ///
    /// [`DataError`] when there is a fact of that name already.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::Row;
    ///
    /// let mut row = Row::new();
    /// row.add("指标1", 1)?;
    /// assert_eq!(row.add("指标１", 2).unwrap_err().message.en, "the row has two facts for `指标1`");
    /// # Ok::<(), kaohe::DataError>(())
    /// ```
    pub fn add(&mut self, name: &str, cell: impl Into<Cell>) -> Result<(), DataError> {
        match self.cells.entry(fold_name(name.trim()).into()) {
            Entry::Vacant(entry) => {
                entry.insert(cell.into());
                Ok(())
            }
            Entry::Occupied(entry) => Err(DataError {
                code: Code::HeaderTwice,
                message: say!("the row has two facts for `{}`", "该行有两个值对应 `{}`", entry.key()),
                help: Some(say!("keep one of them", "请只留一个")),
                offenders: vec![entry.key().to_string()],
            }),
        }
    }

    /// How many facts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The names it has.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.cells.keys().map(|name| &**name)
    }

    /// The cell that has one of these names.
    pub(crate) fn cell(&self, names: &[Arc<str>]) -> Option<&Cell> {
        names.iter().find_map(|name| self.cells.get(name))
    }

    /// The cells in the order of `inputs`; what the row does not have is missing.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the row has a name that no input has and that looks like one it lacks: a default must not
    /// stand in for a misspelt fact.
    pub(crate) fn cells(&self, inputs: &[Input]) -> Result<Vec<Cell>, DataError> {
        self.cells_beside(inputs, &[])
    }

    /// The same of a row that may have a cell under one of `names`, too, which is none of an input.
    ///
    /// # Errors
    ///
    /// As [`Row::cells`].
    pub(crate) fn cells_beside(&self, inputs: &[Input], names: &[Arc<str>]) -> Result<Vec<Cell>, DataError> {
        let mut absent = Vec::new();
        let mut cells = Vec::with_capacity(inputs.len());
        for input in inputs {
            let mut given = input.names().filter_map(|name| self.cells.get_key_value(name));
            let found = given.next().map(|(_, cell)| cell);
            if let (Some(_), Some((second, _))) = (found, given.find(|(name, _)| ***name != *input.name)) {
                let (name, second) = (&input.name, &**second);
                return Err(DataError {
                    code: Code::HeaderTwice,
                    message: say!(
                        "the row gives `{name}` twice, also as `{second}`",
                        "本行的 `{name}` 给了两次，另一次是 `{second}`"
                    ),
                    help: Some(say!("keep one of them", "请只留一个")),
                    offenders: vec![second.to_owned()],
                });
            }
            if found.is_none() {
                absent.push(&*input.name);
            }
            cells.push(found.cloned().unwrap_or(Cell::Missing));
        }
        let known = |name: &str| {
            let inputs = inputs.iter().flat_map(Input::names);
            inputs.chain(names.iter().map(|name| &**name)).any(|own| own == name)
        };
        let mut misspelt: Vec<(&str, &str)> = self
            .cells
            .keys()
            .filter(|name| !known(name))
            .filter_map(|name| Some((&**name, nearest(name, absent.iter().copied())?)))
            .collect();
        misspelt.sort_unstable();
        if misspelt.is_empty() {
            return Ok(cells);
        }
        let list = |join: &str| {
            let each = misspelt.iter().map(|(name, near)| format!("`{name}` → `{near}`"));
            each.collect::<Vec<_>>().join(join)
        };
        Err(DataError {
            code: Code::ColumnUnknown,
            message: Message::new(
                format!("the scheme has no input {}", quoted(misspelt.iter().map(|(name, _)| *name))),
                format!("方案没有输入列 {}", quoted(misspelt.iter().map(|(name, _)| *name))),
            ),
            help: Some(say!("did you mean {}?", "是不是 {}？", list(", "))),
            offenders: misspelt.iter().map(|(name, _)| (*name).to_owned()).collect(),
        })
    }
}

/// The headers of a table, matched to the inputs once.
#[derive(Debug, Clone)]
pub struct Binding {
    /// For each input its place in the table.
    places: Vec<usize>,
}

impl Binding {
    /// Matches headers to inputs by name or alias.
    ///
    /// # Errors
    ///
    /// [`DataError`] naming every input without a header, and every input with two.
    pub(crate) fn new<S: AsRef<str>>(inputs: &[Input], headers: &[S]) -> Result<Self, DataError> {
        let folded: Vec<String> = headers.iter().map(|header| fold_name(header.as_ref().trim())).collect();
        let mut places = Vec::with_capacity(inputs.len());
        let (mut missing, mut twice) = (Vec::new(), Vec::new());
        for input in inputs {
            let mut found =
                folded.iter().enumerate().filter(|(_, header)| input.names().any(|name| *name == ***header));
            match (found.next(), found.next()) {
                (Some((place, _)), None) => places.push(place),
                (Some(_), Some(_)) => twice.push(&*input.name),
                (None, _) if input.may_be_left_out(inputs, |name| folded.iter().any(|header| header == name)) => {
                    places.push(usize::MAX);
                }
                (None, _) => missing.push(&*input.name),
            }
        }
        if !twice.is_empty() {
            let names = quoted(twice.iter().copied());
            return Err(DataError {
                code: Code::HeaderTwice,
                message: say!("the table has two columns for {names}", "表中有两列对应 {names}"),
                help: Some(say!("keep one of them", "请只留一列")),
                offenders: twice.iter().map(|name| (*name).to_owned()).collect(),
            });
        }
        if missing.is_empty() {
            return Ok(Self { places });
        }
        let names = quoted(missing.iter().copied());
        let near: Vec<String> = missing
            .iter()
            .filter_map(|name| {
                let near = nearest(name, folded.iter().map(String::as_str))?;
                Some(format!("`{near}` → `{name}`"))
            })
            .collect();
        Err(DataError {
            code: Code::ColumnMissing,
            message: say!("the table has no column {names}", "表中缺少 {names} 列"),
            help: Some(if near.is_empty() {
                say!(
                    "add it, or list its header under `header:` in the scheme",
                    "请补上该列，或在方案的 `header:` 中写上它的表头"
                )
            } else {
                say!("did you mean {}?", "是不是 {}？", near.join(", "))
            }),
            offenders: missing.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// For each input, in their order, its place among the headers; beyond them for a column that the sheets of raters may
    /// do without, and do.
    #[must_use]
    pub fn places(&self) -> &[usize] {
        &self.places
    }
}

/// A table without the column that names whose its rows are.
pub(crate) fn unnamed<S: AsRef<str>>(name: &str, headers: &[S]) -> DataError {
    let near = nearest(name, headers.iter().map(AsRef::as_ref));
    DataError {
        code: Code::ColumnMissing,
        message: say!("the table has no column `{name}`", "表中缺少 `{name}` 列"),
        help: Some(match near {
            Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
            None => say!("it says whose each row is", "这一列写明每行属于谁"),
        }),
        offenders: vec![name.to_owned()],
    }
}

/// Holds the keys of a table to what a key is: there, and each once. `keys` gives for each row its line and its key.
///
/// # Errors
///
/// [`DataError`] naming every row without a key, or every key that two rows have.
pub fn unique_keys<'a>(keys: impl Iterator<Item = (usize, &'a str)>) -> Result<(), DataError> {
    let mut lines: HashMap<&str, usize> = HashMap::new();
    let (mut absent, mut twice) = (Vec::new(), Vec::new());
    for (line, key) in keys {
        if key.is_empty() {
            absent.push(line.to_string());
        } else if let Some(first) = lines.insert(key, line) {
            twice.push((key, first, line));
        }
    }
    if !absent.is_empty() {
        let rows = absent.join(", ");
        return Err(DataError {
            code: Code::KeyMissing,
            message: say!("rows without a key: {rows}", "缺少键的行：{rows}"),
            help: Some(say!("fill in the key, or remove the rows", "请补上键，或删去这些行")),
            offenders: absent,
        });
    }
    if twice.is_empty() {
        return Ok(());
    }
    let en: Vec<String> = twice.iter().map(|(key, a, b)| format!("`{key}` (rows {a} and {b})")).collect();
    let zh: Vec<String> = twice.iter().map(|(key, a, b)| format!("`{key}`（第 {a}、{b} 行）")).collect();
    Err(DataError {
        code: Code::KeyTwice,
        message: Message::new(
            format!("two rows have the same key: {}", en.join(", ")),
            format!("有两行的键相同：{}", zh.join("、")),
        ),
        help: Some(say!("keep one row for each person", "每人只留一行")),
        offenders: twice.iter().map(|(key, ..)| (*key).to_owned()).collect(),
    })
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
