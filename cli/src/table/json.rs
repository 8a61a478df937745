//! JSON: a list of objects, or one object after the other, every number as it is written.

use std::{borrow::Cow, collections::HashMap, fmt};

use compact_str::CompactString;
use kaohe_grammar::{Message, say};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{error::Category, value::RawValue};

use super::{
    Header, Options, RawCell, RawTable, decode,
    problem::{Code, Problem, shortened},
    shape::{self, Record},
};

/// What stands between the parts of JSON.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Whether the bytes begin as JSON does that could be a table. A title in brackets above a CSV does not.
pub(crate) fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let mut parts = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    match parts.next() {
        Some(b'[') => matches!(parts.next(), Some(b'{' | b'[' | b']' | b'"')),
        Some(b'{') => matches!(parts.next(), Some(b'"' | b'}')),
        _ => false,
    }
}

/// Reads a table from JSON: a list of objects, or one object after the other, as a line each.
///
/// The columns are the keys, in the order in which they are first met; what an object lacks is empty. A number is the
/// text it is written as. The line of a row is its number, from 1.
///
/// # Errors
///
/// Everything that is wrong with the file and the shape of its table, at least one [`Problem`]. A list or an object where
/// a value belongs is one only when somebody asks for it.
///
/// # Example
///
/// ```
/// use kaohe_cli::table::{self, Options};
///
/// let lines = "{\"工号\": \"001\", \"存款\": 0.10}\n{\"存款\": 12345678901234567890.5}\n";
/// let table = table::read_json(lines.as_bytes(), &Options::default()).unwrap();
/// let deposit = table.rows[1].cells[1].as_number_text().unwrap();
/// assert_eq!(deposit.as_deref(), Some("12345678901234567890.5"));
/// ```
pub fn read_json(bytes: &[u8], options: &Options) -> Result<RawTable, Vec<Problem>> {
    let limits = &options.limits;
    if bytes.len() > limits.bytes {
        return Err(vec![shape::too_large(limits.bytes)]);
    }
    let text =
        decode::decode(bytes, options.encoding.as_deref(), &options.expected).map_err(|problem| vec![problem])?;
    let mut table = Table::new(options);
    table.read(&text).map_err(|problem| vec![problem])?;
    let (read, unread) =
        (0..table.columns.len()).partition(|&at| table.columns.get(at).is_some_and(|column| column.place.is_some()));
    let headers = table.columns.into_iter().map(|column| column.header).collect();
    shape::named(shape::Columns { headers, read, unread }, table.records, options, Vec::new())
}

/// The members of an object that are looked at: more of them are no columns of a table.
const MOST_MEMBERS: usize = 1 << 16;

/// The members of an object in their order, their values unread.
struct Object<'t> {
    members: Vec<(Key<'t>, &'t RawValue)>,
    /// There are more than are looked at.
    more: bool,
}

/// The key of a member, with what is escaped in it undone.
struct Key<'t>(Cow<'t, str>);

/// A table while it is read.
struct Table<'o> {
    options: &'o Options,
    columns: Vec<Column>,
    /// Where a column stands, by its key.
    places: HashMap<String, usize>,
    records: Vec<Record>,
    /// How many columns are looked for, and how many cells there are of them.
    read: usize,
    cells: usize,
}

/// A column while the table is read.
struct Column {
    key: String,
    header: Header,
    /// Which cell of a row is its own, when somebody looks for it.
    place: Option<usize>,
    /// The last row that has it.
    row: usize,
}

impl<'o> Table<'o> {
    fn new(options: &'o Options) -> Self {
        Self { options, columns: Vec::new(), places: HashMap::new(), records: Vec::new(), read: 0, cells: 0 }
    }

    fn read(&mut self, text: &str) -> Result<(), Problem> {
        let mut rest = text.trim_start_matches(BLANKS);
        let Some(list) = rest.strip_prefix('[') else {
            let mut lists = false;
            while !rest.is_empty() {
                let (object, after) = object(text, rest, self.records.len() + 1)?;
                lists = object.members.iter().any(|(_, value)| value.get().starts_with('['));
                let whole = self.records.is_empty() && after.is_empty();
                self.row(object).map_err(|problem| match problem.code {
                    // a table by columns, perhaps
                    Code::UnreadableColumn if whole => one_object(),
                    _ => problem,
                })?;
                rest = after;
            }
            // one object with none of the columns that are looked for, but a list: perhaps the table is in it
            if self.records.len() == 1 && lists && self.read == 0 {
                return Err(one_object());
            }
            return Ok(());
        };
        rest = list.trim_start_matches(BLANKS);
        if let Some(after) = rest.strip_prefix(']') {
            return ended(text, after);
        }
        loop {
            let (object, after) = object(text, rest, self.records.len() + 1)?;
            self.row(object)?;
            if let Some(more) = after.strip_prefix(',') {
                rest = more.trim_start_matches(BLANKS);
            } else if let Some(after) = after.strip_prefix(']') {
                return ended(text, after);
            } else {
                return Err(not_json(line(text, after), say!("expected `,` or `]`", "此处应为 `,` 或 `]`")));
            }
        }
    }

    /// Takes an object for the next row.
    fn row(&mut self, object: Object<'_>) -> Result<(), Problem> {
        let limits = &self.options.limits;
        let row = self.records.len() + 1;
        let mut cells: Vec<RawCell> = Vec::with_capacity(self.read);
        if object.more {
            return Err(shape::too_many_columns(row, limits.columns.min(MOST_MEMBERS)));
        }
        for (at, (Key(key), value)) in object.members.into_iter().enumerate() {
            let at = self.column(at, &key, row)?;
            let Some(column) = self.columns.get_mut(at) else { continue };
            if column.row == row {
                let key = shortened(&key);
                return Err(Problem::new(
                    Code::DuplicateHeader,
                    say!("row {row} has the key `{key}` twice", "第 {row} 行有两个键 `{key}`"),
                )
                .help(say!("rename or remove one of them", "请给其中一个改名，或删除一个")));
            }
            column.row = row;
            let Some(place) = column.place else { continue };
            let cell = cell(value).ok_or_else(|| nested(row, &key, value))?;
            if matches!(&cell, RawCell::Text(text) if text.len() > limits.cell_bytes) {
                return Err(shape::cell_too_long(row, limits.cell_bytes));
            }
            if cells.len() <= place {
                self.cells += place + 1 - cells.len();
                cells.resize_with(place + 1, RawCell::default);
            }
            if let Some(own) = cells.get_mut(place) {
                *own = cell;
            }
        }
        self.records.push(Record { line: row, cells });
        if self.records.len() > limits.rows || self.cells > limits.cells {
            return Err(shape::too_many_rows(limits));
        }
        Ok(())
    }

    /// Where the column of a key stands; `at` is where the key stands in its object, and mostly the column, too.
    fn column(&mut self, at: usize, key: &str, row: usize) -> Result<usize, Problem> {
        let limits = &self.options.limits;
        if self.columns.get(at).is_some_and(|column| column.key == key) {
            return Ok(at);
        }
        if let Some(&place) = self.places.get(key) {
            return Ok(place);
        }
        let at = self.columns.len();
        if at >= limits.columns {
            return Err(shape::too_many_columns(row, limits.columns));
        }
        if key.len() > limits.cell_bytes {
            return Err(shape::cell_too_long(row, limits.cell_bytes));
        }
        let header = Header::new(key);
        let place = shape::is_wanted(&header, self.options).then_some(self.read);
        self.read += usize::from(place.is_some());
        self.columns.push(Column { key: key.to_owned(), header, place, row: 0 });
        self.places.insert(key.to_owned(), at);
        Ok(at)
    }
}

/// The object with which `rest` begins, and what follows it; `rest` is an end of `text`.
fn object<'t>(text: &str, rest: &'t str, row: usize) -> Result<(Object<'t>, &'t str), Problem> {
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Object<'t>>();
    match values.next() {
        Some(Ok(object)) => {
            let after = rest.get(values.byte_offset()..).unwrap_or_default();
            Ok((object, after.trim_start_matches(BLANKS)))
        }
        Some(Err(error)) if error.classify() == Category::Data => {
            Err(not_rows(say!("row {row} is not an object", "第 {row} 行不是对象")))
        }
        Some(Err(error)) => {
            let said = error.to_string();
            let said = shortened(said.split(" at line ").next().unwrap_or_default());
            let reason = match error.classify() {
                Category::Eof => say!("{said}", "内容不完整"),
                _ => say!("{said}", "语法有误（{said}）"),
            };
            Err(not_json(line(text, rest) + error.line().saturating_sub(1), reason))
        }
        None => Err(not_json(line(text, rest), say!("it ends early", "内容不完整"))),
    }
}

/// The cell that a value is; nothing when it is a list or an object.
fn cell(value: &RawValue) -> Option<RawCell> {
    let written = value.get();
    Some(match written.as_bytes().first() {
        Some(b'[' | b'{') => return None,
        Some(b'n') => RawCell::Empty,
        Some(b't') => RawCell::Truth(true),
        Some(b'f') => RawCell::Truth(false),
        Some(b'"') => match written.strip_prefix('"').and_then(|inside| inside.strip_suffix('"')) {
            Some(inside) if !inside.contains('\\') => RawCell::text(inside),
            _ => RawCell::text(&serde_json::from_str::<String>(written).ok()?),
        },
        _ => RawCell::Text(CompactString::from(written)),
    })
}

/// The line of the file on which `rest` begins, which is an end of `text`.
fn line(text: &str, rest: &str) -> usize {
    let before = text.strip_suffix(rest).unwrap_or(text);
    1 + before.bytes().filter(|&byte| byte == b'\n').count()
}

/// Checks that nothing follows the list.
fn ended(text: &str, after: &str) -> Result<(), Problem> {
    let after = after.trim_start_matches(BLANKS);
    if after.is_empty() {
        Ok(())
    } else {
        Err(not_json(line(text, after), say!("something follows the list", "列表之后还有内容")))
    }
}

fn nested(row: usize, key: &str, value: &RawValue) -> Problem {
    let key = shortened(key);
    let Message { en, zh } = match value.get().as_bytes().first() {
        Some(b'[') => say!("a list", "列表"),
        Some(b'{') => say!("an object", "对象"),
        _ => say!("a text that cannot be read", "无法读取的文本"),
    };
    Problem::new(Code::UnreadableColumn, say!("row {row}, `{key}`: the value is {en}", "第 {row} 行 `{key}`：值是{zh}"))
        .help(say!("write a number, a text, true, false or null", "请写数字、文本、true、false 或 null"))
}

fn not_json(line: usize, Message { en, zh }: Message) -> Problem {
    Problem::new(
        Code::NotJson,
        say!("the file is not JSON that can be read: line {line}: {en}", "文件不是可读取的 JSON：第 {line} 行：{zh}"),
    )
    .help(say!("mend that line, or write the file again where it comes from", "请改正该行，或在来源处重新导出"))
}

fn one_object() -> Problem {
    not_rows(say!("the JSON is one object", "JSON 是单个对象"))
}

fn not_rows(message: Message) -> Problem {
    let Message { en, zh } = message;
    Problem::new(Code::NotRows, say!("{en}, and a table is a list of objects", "{zh}，而表格应是对象的列表")).help(
        say!(
            "write `[{{\"工号\": \"001\"}}, …]`, or one object a line; in a result of kaohe `rows` holds such a list",
            "请写成 `[{{\"工号\": \"001\"}}, …]`，或每行一个对象；kaohe 的结果中 `rows` 就是这样的列表"
        ),
    )
}

impl<'de: 't, 't> Deserialize<'de> for Object<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while members.len() < MOST_MEMBERS {
                    match map.next_entry()? {
                        Some(member) => members.push(member),
                        None => return Ok(Object { members, more: false }),
                    }
                }
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Object { members, more: true })
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl<'de: 't, 't> Deserialize<'de> for Key<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Text)
    }
}
