//! The tables of a run, read once: keys, values of the run, detail rows and whose they are.

use std::collections::HashMap;
use std::sync::Arc;

use kaohe_grammar::{Message, fold_name, say};

use super::data::Data;
use super::keys::{unique, written};
use super::sheet_marks::{just_what_is_asked, nobody_rates_himself, raters_named, taken_apart};
use super::table::{Bound, Key, People};
use crate::code::Code;
use crate::column::Column;
use crate::diagnostic::beginning;
use crate::document::suggest::nearest;
use crate::error::DataError;
use crate::eval::detail::key_text;
use crate::eval::facts::{DetailTable, line_of, read_cell};
use crate::eval::input;
use crate::eval::owners::{ByKey, Owner, Owners};
use crate::eval::row::CellResult;
use crate::fault::{Cause, Fault, FaultCode};
use crate::plan::{Detail, DetailKind, Input, InputId, Plan, Role, SheetCell};
use crate::row::Cell;
use crate::scheme::Scheme;
use crate::value::{Kind, Value};

/// How many offenders an error names before it only counts them.
const NAMED: usize = 20;

/// The tables of a run, read.
pub(super) struct Read {
    pub(super) people: Arc<People>,
    pub(super) details: Vec<DetailTable>,
    pub(super) given: Vec<Result<Value, FaultCode>>,
}

/// Reads the tables of a run. Whether everybody has a key of his own is for the caller to see to.
pub(super) fn read(scheme: &Scheme, data: Data) -> Result<Read, DataError> {
    let plan = scheme.plan();
    let Data { people, details, given, alone } = data;
    let people = if alone { people.bind_alone(&plan.inputs)? } else { people.bind_columns(&plan.inputs, Key::None)? };
    let people = People::of(people);
    let beside = || {
        let given = values_of_the_run(plan, given, alone)?;
        let mut tables = detail_tables(plan, details, alone.then_some(&people))?;
        for (detail, table) in plan.details.iter().zip(&mut tables) {
            owned_by(plan, detail, table, &people)?;
        }
        Ok((tables, given))
    };
    match beside() {
        Ok((details, given)) => Ok(Read { people: Arc::new(people), details, given }),
        Err(error) => {
            // a key that is there twice is told first, and is often why
            if !alone {
                unique(plan, &people)?;
            }
            Err(error)
        }
    }
}

/// The first of a list and how many more there are, in both languages.
pub(crate) fn listed(list: &[String]) -> Message {
    listed_of(list, list.len())
}

/// The same of a list that has `count` entries, of which these are the first.
pub(crate) fn listed_of(list: &[String], count: usize) -> Message {
    let first: Vec<&str> = list.iter().take(NAMED).map(String::as_str).collect();
    let rest = count.saturating_sub(first.len());
    if rest == 0 {
        return Message::new(first.join(", "), first.join("、"));
    }
    Message::new(format!("{} and {rest} more", first.join(", ")), format!("{}等共 {count} 个", first.join("、")))
}

/// The values of the run: as given, otherwise by their defaults.
fn values_of_the_run(
    plan: &Plan,
    given: Vec<(String, Cell)>,
    alone: bool,
) -> Result<Vec<Result<Value, FaultCode>>, DataError> {
    let mut cells: Vec<Option<Cell>> = vec![None; plan.given.len()];
    let (mut unknown, mut twice) = (Vec::new(), Vec::new());
    for (name, cell) in given {
        let folded = fold_name(name.trim());
        match plan.given.iter().position(|input| *input.name == *folded).and_then(|at| cells.get_mut(at)) {
            Some(slot) if slot.is_none() => *slot = Some(cell),
            Some(_) => twice.push(name),
            None => unknown.push(name),
        }
    }
    if let Some(name) = twice.first() {
        return Err(DataError {
            code: Code::KeyTwice,
            message: say!("the value of the run `{name}` is given twice", "运行值 `{name}` 给了两次"),
            help: Some(say!("keep one of them", "请只留一个")),
            offenders: twice,
        });
    }
    if !unknown.is_empty() {
        return Err(not_there("value of the run", "运行值", &unknown, plan.given.iter().map(|input| &*input.name)));
    }
    let mut values = Vec::new();
    let mut wrong = Vec::new();
    for (input, cell) in plan.given.iter().zip(cells) {
        let stated = cell.is_some();
        let value = input::read(input, &cell.unwrap_or(Cell::Missing));
        if let Err(code) = value
            && (stated || !alone)
        {
            wrong.push((input, code));
        }
        values.push(value);
    }
    if wrong.is_empty() {
        return Ok(values);
    }
    let each: Vec<String> =
        wrong.iter().map(|(input, code)| format!("`{}` [{}]", input.name, code.code().id())).collect();
    let (en, zh) = (each.join(", "), each.join("、"));
    Err(DataError {
        code: Code::GivenMissing,
        message: say!("values of the run that are missing or cannot be used: {en}", "以下运行值缺失或无法使用：{zh}"),
        help: Some(say!("give each of them as the scheme declares it", "请按方案的规定逐一给出")),
        offenders: wrong.iter().map(|(input, _)| input.name.to_string()).collect(),
    })
}

fn not_there<'a>(
    en_what: &str,
    zh_what: &str,
    unknown: &[String],
    known: impl Iterator<Item = &'a str> + Clone,
) -> DataError {
    let quoted: Vec<String> = unknown.iter().map(|name| format!("`{name}`")).collect();
    let (en, zh) = (quoted.join(", "), quoted.join("、"));
    let near: Vec<&str> = unknown.iter().filter_map(|name| nearest(name, known.clone())).collect();
    let help = if near.is_empty() {
        let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        match known.is_empty() {
            true => say!("the scheme has none", "方案没有声明"),
            false => say!("the scheme has {}", "方案有 {}", known.join(", ")),
        }
    } else {
        say!("did you mean {}?", "是不是 {}？", near.join(", "))
    };
    DataError {
        code: Code::TableUnknown,
        message: say!("the scheme has no {en_what} {en}", "方案没有{zh_what} {zh}"),
        help: Some(help),
        offenders: unknown.to_vec(),
    }
}

/// The detail tables in the order of the plan.
fn detail_tables(
    plan: &Plan,
    details: Vec<(String, super::table::Table)>,
    alone: Option<&People>,
) -> Result<Vec<DetailTable>, DataError> {
    let mut found: Vec<Option<super::table::Table>> = plan.details.iter().map(|_| None).collect();
    let (mut unknown, mut twice) = (Vec::new(), Vec::new());
    for (name, table) in details {
        match plan.detail_named(&fold_name(name.trim())).and_then(|id| found.get_mut(id.index())) {
            Some(slot) if slot.is_none() => *slot = Some(table),
            Some(_) => twice.push(name),
            None => unknown.push(name),
        }
    }
    if !unknown.is_empty() {
        return Err(not_there("detail table", "明细表", &unknown, plan.details.iter().map(|detail| &*detail.name)));
    }
    if let Some(name) = twice.first() {
        return Err(DataError {
            code: Code::KeyTwice,
            message: say!("the detail table `{name}` is given twice", "明细表 `{name}` 给了两次"),
            help: Some(say!("put its rows into one table", "请合为一张表")),
            offenders: twice,
        });
    }
    let missing: Vec<String> = plan
        .details
        .iter()
        .zip(&found)
        .filter(|(_, table)| table.is_none() && alone.is_none())
        .map(|(detail, _)| detail.name.to_string())
        .collect();
    if !missing.is_empty() {
        let quoted: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        let (en, zh) = (quoted.join(", "), quoted.join("、"));
        return Err(DataError {
            code: Code::TableMissing,
            message: say!("the run lacks the tables {en}", "缺少表 {zh}"),
            help: Some(say!("give each of them; one without rows is a table, too", "请逐一提供；没有行的也算一张表")),
            offenders: missing,
        });
    }
    plan.details.iter().zip(found).map(|(detail, table)| detail_table(plan, detail, table, alone)).collect()
}

fn detail_table(
    plan: &Plan,
    detail: &Detail,
    table: Option<super::table::Table>,
    alone: Option<&People>,
) -> Result<DetailTable, DataError> {
    let Some(table) = table else { return Ok(DetailTable { owners: Owners::NotGiven, ..DetailTable::default() }) };
    let name = &detail.name;
    let in_table = |mut error: DataError| {
        let (en, zh) = (&error.message.en, &error.message.zh);
        error.message = say!("detail table `{name}`: {en}", "明细表 `{name}`：{zh}");
        error
    };
    let key = if alone.is_some() { Key::Idle(&detail.key_headers) } else { Key::Needed(&detail.key_headers) };
    let mut bound = table.bind_columns(&detail.inputs, key).map_err(in_table)?;
    let keys = bound.keys.take();
    let mut read = DetailTable { rows: bound.rows, lines: bound.lines.clone(), ..DetailTable::default() };
    let mut sheets = None;
    if detail.kind == DetailKind::Rows {
        read.columns = bound.columns;
    } else {
        let mut bound = bound.map(Column::into_cells);
        if detail.kind == DetailKind::Sheets {
            raters_named(detail, &mut bound)?;
            taken_apart(detail, &mut bound)?;
        }
        cells(plan, detail, &bound, &mut read);
        just_what_is_asked(plan, detail, &mut read)?;
        sheets = Some(bound).filter(|_| detail.kind == DetailKind::Sheets);
    }
    read.owners = match (keys, alone) {
        (keys, Some(person)) => {
            all_his(plan, detail, &keys.unwrap_or_default(), (person, &read))?;
            Owners::One((0..u32::try_from(read.rows).unwrap_or(u32::MAX)).collect())
        }
        (Some(keys), None) => Owners::ByKey(by_key(plan, detail, &keys, &read)?),
        (None, None) => Owners::ByKey(ByKey::default()),
    };
    let own = alone.and_then(|person| own_key(plan, detail, person));
    unlike(plan, detail, (&read, sheets.as_ref()), own.as_deref())?;
    Ok(read)
}

/// Reads every cell of a table, and keeps what stands where an answer should.
fn cells(plan: &Plan, detail: &Detail, bound: &Bound, read: &mut DetailTable) {
    for (input, cells) in detail.inputs.iter().zip(&bound.columns) {
        let id = InputId(u32::try_from(read.cells.len()).unwrap_or(u32::MAX));
        let mut found = Vec::with_capacity(cells.len());
        for (row, cell) in (0..).zip(cells) {
            let value = read_cell(plan, input, cell);
            if matches!(value, Err(Cause::Fault(Fault { code: FaultCode::NotAnAnswer, .. })))
                && let Ok(Some(text)) = input::as_text(cell)
            {
                read.refused.insert((id, row), beginning(&text).into());
            }
            found.push(value);
        }
        read.cells.push(found);
    }
}

/// The text a cell names somebody by; nothing when it is empty or no name.
fn named(cell: &Cell, kind: &Kind) -> Option<Arc<str>> {
    let text: Arc<str> = match cell {
        Cell::Text(text) if matches!(kind, Kind::Choice(_)) => text.trim().into(),
        Cell::Text(text) => text.as_str().into(),
        Cell::Integer(integer) => integer.to_string().into(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Who the one person is to a detail table; nothing when that is not known before the run.
fn own_key(plan: &Plan, detail: &Detail, person: &People) -> Option<Arc<str>> {
    let Role::Input(id) = plan.column(detail.key).role else { return None };
    let input = plan.inputs.get(id.index())?;
    let cell = person.column(id.index()).next()?;
    key_text(&input::read(input, &cell).ok()?, &input.kind)
}

/// Rows handed over for one person may name nobody, or just that person.
fn all_his(
    plan: &Plan,
    detail: &Detail,
    keys: &Column,
    (person, table): (&People, &DetailTable),
) -> Result<(), DataError> {
    let Role::Input(id) = plan.column(detail.key).role else { return Ok(()) };
    let Some(input) = plan.inputs.get(id.index()) else { return Ok(()) };
    let own = own_key(plan, detail, person);
    let others: Vec<(u32, Arc<str>)> = (0..)
        .zip(keys.iter())
        .filter_map(|(row, cell)| Some((table.line(row), named(&cell, &input.kind)?)))
        .filter(|(_, key)| own.as_ref() != Some(key))
        .collect();
    orphaned(detail, &others)
}

/// The rows of each key.
fn by_key(plan: &Plan, detail: &Detail, keys: &Column, table: &DetailTable) -> Result<ByKey, DataError> {
    let kind = &plan.node(plan.column(detail.key).body).facts.kind;
    let mut numbers: HashMap<Arc<str>, u32, ahash::RandomState> = HashMap::default();
    let mut of_rows: Vec<u32> = Vec::with_capacity(table.rows);
    let mut absent = Vec::new();
    // the rows of one person often follow each other
    let mut last: Option<(&str, u32)> = None;
    for (row, text) in (0_u32..).zip(keys.texts(table.rows)) {
        if let (Some(text), Some((same, number))) = (text, last)
            && text == same
        {
            of_rows.push(number);
            continue;
        }
        let plain = text.filter(|text| !text.is_empty() && *kind == Kind::Text);
        let known = plain.and_then(|text| numbers.get(text)).copied();
        let number = known.or_else(|| {
            let key = match plain {
                Some(text) => Arc::from(text),
                None => named(&keys.cell(row as usize), kind)?,
            };
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            Some(*numbers.entry(key).or_insert(next))
        });
        match number {
            Some(number) => of_rows.push(number),
            None => absent.push(table.line(row).to_string()),
        }
        last = text.zip(number);
    }
    if absent.is_empty() {
        return Ok(ByKey::of(numbers, &of_rows));
    }
    let (name, key) = (&detail.name, detail.key_headers.first().map_or("", |name| &**name));
    let Message { en, zh } = listed(&absent);
    Err(DataError {
        code: Code::KeyMissing,
        message: say!(
            "detail table `{name}`: rows without a usable `{key}`: {en}",
            "明细表 `{name}`：以下行的 `{key}` 缺失或无法使用：{zh}"
        ),
        help: Some(say!("say whose each row is", "请写明每行属于谁")),
        offenders: absent,
    })
}

/// Rows of one key differ in the columns that must be unique. `alone` is whose rows they are when they are one person's.
fn unlike(
    plan: &Plan,
    detail: &Detail,
    (table, sheets): (&DetailTable, Option<&Bound>),
    alone: Option<&str>,
) -> Result<(), DataError> {
    let single = detail.kind == DetailKind::Answers;
    if detail.unique.is_empty() && !single {
        return Ok(());
    }
    let mut alike = Vec::new();
    let owned: Vec<(&str, &[u32])> = match &table.owners {
        Owners::One(rows) => vec![(alone.unwrap_or(""), rows)],
        Owners::ByKey(rows) => rows.iter().map(|(key, rows)| (&**key, rows)).collect(),
        Owners::NotGiven => Vec::new(),
    };
    if let Some(bound) = sheets
        && (alone.is_some() || !matches!(table.owners, Owners::One(_)))
    {
        nobody_rates_himself(detail, bound, &owned)?;
    }
    let sheets = sheets.is_some();
    for (key, rows) in owned {
        let mut seen: HashMap<String, u32> = HashMap::new();
        for row in rows {
            if sheets && is_by_nobody(detail, table, *row) {
                continue;
            }
            let mut told = String::new();
            for id in &detail.unique {
                let cell = table.cell(plan, detail, id.index(), *row);
                let kind = detail.inputs.get(id.index()).map_or(&Kind::Text, |input| &input.kind);
                let rater =
                    detail.inputs.get(id.index()).is_some_and(|input| matches!(input.sheet, Some(SheetCell::Rater)));
                match cell {
                    // named or not, who rates himself is the same
                    Ok(value) if rater && written(&value, kind).as_deref() == Some(key) => {}
                    Ok(value) => told.push_str(&written(&value, kind).unwrap_or_default()),
                    // a cell with a fault is told as that
                    Err(_) => told.push_str(&format!("\u{0}{row}")),
                }
                told.push('\u{1}');
            }
            if let Some(first) = seen.insert(told, *row) {
                alike.push((key.to_owned(), table.line(first), table.line(*row)));
            }
        }
    }
    if alike.is_empty() {
        return Ok(());
    }
    alike.sort_by_key(|(_, first, second)| (*second, *first));
    if single {
        return Err(answered_twice(detail, alike));
    }
    let columns: Vec<String> = detail
        .unique
        .iter()
        .filter_map(|id| detail.inputs.get(id.index()))
        .map(|input: &Input| format!("`{}`", input.name))
        .collect();
    let quoted: Vec<String> = alike.iter().map(|(key, a, b)| format!("`{key}` ({a}, {b})")).collect();
    let (name, columns, Message { en, zh }) = (&detail.name, columns.join(", "), listed(&quoted));
    Err(DataError {
        code: Code::DetailTwice,
        message: say!(
            "detail table `{name}`: rows of one key are alike in {columns}: {en}",
            "明细表 `{name}`：同一键下 {columns} 相同的行：{zh}"
        ),
        help: Some(if sheets {
            say!(
                "keep the sheet that counts; a rater has one in each role",
                "请只留有效的一张；每名考评人在一个角色中只有一张"
            )
        } else {
            say!("keep one of them, or leave `unique` out of the scheme", "请只留一行，或在方案中去掉 `unique`")
        }),
        offenders: alike.into_iter().map(|(key, ..)| key).collect(),
    })
}

/// Whether a rater's sheet does not say whose it is: then no other is known to be by the same. Of oneself there is one.
fn is_by_nobody(detail: &Detail, table: &DetailTable, row: u32) -> bool {
    let cell = |is: fn(&SheetCell) -> bool| {
        let place = detail.inputs.iter().position(|input| input.sheet.as_ref().is_some_and(is))?;
        sheet_cell(table, place, row)?.as_ref().ok()
    };
    let own = detail.inputs.iter().find_map(|input| match &input.sheet {
        Some(SheetCell::Role(own)) => Some(own),
        _ => None,
    });
    let is_own = match cell(|cell| matches!(cell, SheetCell::Role(_))) {
        Some(Value::Choice(role)) => own.and_then(|own| own.get(*role as usize)).copied().unwrap_or(false),
        _ => false,
    };
    !is_own && cell(|cell| matches!(cell, SheetCell::Rater)).is_none_or(Value::is_missing)
}

/// Somebody whose answers to an examination stand in two rows.
fn answered_twice(detail: &Detail, twice: Vec<(String, u32, u32)>) -> DataError {
    let quoted: Vec<String> = twice.iter().map(|(key, a, b)| format!("`{key}` ({a}, {b})")).collect();
    let (name, Message { en, zh }) = (&detail.name, listed(&quoted));
    DataError {
        code: Code::DetailTwice,
        message: say!("two rows of answers to `{name}` of one person: {en}", "考试 `{name}` 中同一人有两行作答：{zh}"),
        help: Some(say!("keep the sheet that counts", "请只留有效的一行")),
        offenders: twice.into_iter().map(|(key, ..)| key).collect(),
    }
}

/// Where the key is an input, it is known before the run who has which rows, and every row is somebody's.
fn owned_by(plan: &Plan, detail: &Detail, table: &mut DetailTable, people: &People) -> Result<(), DataError> {
    let Role::Input(id) = plan.column(detail.key).role else { return Ok(()) };
    let (Some(input), Some(column)) = (plan.inputs.get(id.index()), people.columns().get(id.index())) else {
        return Ok(());
    };
    let DetailTable { owners, lines, .. } = table;
    let mut orphans: Vec<(u32, Arc<str>)> = Vec::new();
    if let Owners::ByKey(rows) = owners {
        let owner = |(row, text): (usize, Option<&str>)| match text.filter(|text| !text.is_empty()) {
            Some(text) if input.kind == Kind::Text => rows.owner(text),
            _ => {
                let key = input::read(input, &column.cell(row)).ok().and_then(|key| key_text(&key, &input.kind));
                key.map_or(Owner::Unknown, |key| rows.owner(&key))
            }
        };
        let owners: Vec<Owner> = column.texts(people.rows).enumerate().map(owner).collect();
        let first = |rows: &[u32]| rows.first().map_or(0, |row| line_of(lines.as_deref(), *row));
        orphans.extend(rows.belong_to(owners).map(|(key, rows)| (first(rows), Arc::clone(key))));
    }
    orphans.sort_unstable();
    orphaned(detail, &orphans)
}

/// Every detail row is somebody's.
pub(super) fn no_orphans(
    detail: &Detail,
    table: &DetailTable,
    is_known: impl Fn(&str) -> bool,
) -> Result<(), DataError> {
    let Owners::ByKey(rows) = &table.owners else { return Ok(()) };
    let mut orphans: Vec<(u32, Arc<str>)> = rows
        .iter()
        .filter(|(key, _)| !is_known(key))
        .map(|(key, rows)| (rows.first().map_or(0, |row| table.line(*row)), Arc::clone(key)))
        .collect();
    orphans.sort_unstable();
    orphaned(detail, &orphans)
}

/// Refuses rows that are nobody's, each with its line and the key it names.
fn orphaned(detail: &Detail, orphans: &[(u32, Arc<str>)]) -> Result<(), DataError> {
    if orphans.is_empty() {
        return Ok(());
    }
    let quoted: Vec<String> = orphans.iter().map(|(line, key)| format!("`{key}` ({line})")).collect();
    let (name, Message { en, zh }) = (&detail.name, listed(&quoted));
    let key = detail.key_headers.first().map_or("", |name| &**name);
    Err(DataError {
        code: Code::OrphanRows,
        message: say!(
            "detail table `{name}` has rows of a `{key}` that nobody has: {en}",
            "明细表 `{name}` 中有些行的 `{key}` 不属于任何人：{zh}"
        ),
        help: Some(say!("add the people, or remove the rows", "请补上人员，或删去这些行")),
        offenders: orphans.iter().map(|(_, key)| key.to_string()).collect(),
    })
}

/// A cell of a sheet of a rater or of answers, which are all read before the run.
#[must_use]
pub(crate) fn sheet_cell(table: &DetailTable, input: usize, row: u32) -> Option<&CellResult> {
    table.cells.get(input)?.get(row as usize)
}
