//! The names on the command line, held against the schemes before any file is read.

use std::collections::HashSet;

use kaohe::code::Code;
use kaohe::document::suggest::nearest;
use kaohe::plan::DetailKind;
use kaohe::{DataError, Scheme};
use kaohe_grammar::{Message, fold_name, say};

use super::{Failure, Told, USAGE};
use crate::arguments::{Data, ForTable, Named};

/// The table of people, as options call it.
pub(super) const STAFF: &str = "staff";
/// The names of tables that are no detail's.
const OWN: &[&str] = &[STAFF, "ratings", "answers"];

/// A name as names are compared.
pub(super) fn folded(name: &str) -> String {
    fold_name(name.trim())
}

/// Every name of a detail table, of a value of the run and of a table to be read oddly: it must be one that a scheme has,
/// and a table or value is given once. A mistyped name that nobody minds would leave a file read otherwise than was asked.
pub(super) fn check(schemes: &[&Scheme], data: &Data) -> Result<(), Failure> {
    let all = schemes.iter().flat_map(|scheme| &scheme.plan().details);
    let details: Vec<&str> = all.clone().map(|detail| &*detail.name).collect();
    let rows: Vec<&str> = all.filter(|detail| detail.kind == DetailKind::Rows).map(|detail| &*detail.name).collect();
    let given: Vec<&str> = schemes.iter().flat_map(|scheme| &scheme.plan().given).map(|input| &*input.name).collect();
    let mut told = Vec::new();
    named("--detail", &say!("detail table", "明细表"), &data.detail, &rows, &mut told);
    named("--given", &say!("value of the run", "运行值"), &data.given, &given, &mut told);
    for (option, values) in
        [("--sheet", &data.sheet), ("--header-row", &data.header_row), ("--encoding", &data.encoding)]
    {
        for_tables(option, values, &details, &mut told);
    }
    if told.is_empty() { tables(schemes, data).map(drop) } else { Err(Failure::of(told, USAGE)) }
}

/// A table of the command line besides that of people.
pub(super) struct GivenTable {
    /// Its name in the scheme, folded.
    pub(super) name: String,
    pub(super) kind: DetailKind,
    pub(super) file: String,
}

/// The tables of the command line, each with its name: answers may leave theirs out where there is just one exam.
pub(super) fn tables(schemes: &[&Scheme], data: &Data) -> Result<Vec<GivenTable>, Failure> {
    let rows = data.detail.iter().map(|Named { name, value }| GivenTable {
        name: folded(name),
        kind: DetailKind::Rows,
        file: value.clone(),
    });
    let mut found: Vec<GivenTable> = rows.collect();
    let mut told = Vec::new();
    for (kind, values) in [(DetailKind::Sheets, &data.ratings), (DetailKind::Answers, &data.answers)] {
        for value in values {
            match of_kind(schemes, kind, value) {
                Ok(table) if found.iter().any(|other| other.kind == kind && other.name == table.name) => {
                    let (option, name) = (kind.word(), &table.name);
                    let message = say!("`--{option}` is given twice for `{name}`", "`{name}` 的 `--{option}` 给了两次");
                    told.push(Told::new(Code::KeyTwice.id(), message, Some(say!("give it once", "请只给一次"))));
                }
                Ok(table) => found.push(table),
                Err(error) => told.push(Told::new(error.code.id(), error.message, error.help)),
            }
        }
    }
    if told.is_empty() { Ok(found) } else { Err(Failure::of(told, USAGE)) }
}

/// `NAME=FILE` where a scheme has a table of that kind and name, otherwise the file of the only one.
fn of_kind(schemes: &[&Scheme], kind: DetailKind, value: &str) -> Result<GivenTable, DataError> {
    if let Some((name, file)) = value.split_once('=') {
        let name = folded(name);
        if schemes.iter().any(|scheme| scheme.tables_of(kind).any(|own| own == name)) {
            return Ok(GivenTable { name, kind, file: file.to_owned() });
        }
    }
    // of two schemes that are compared one may have none
    let with = schemes.iter().find(|scheme| scheme.tables_of(kind).next().is_some()).or(schemes.first());
    let name = with.map_or(Ok(""), |scheme| scheme.only_table(kind))?;
    Ok(GivenTable { name: name.to_owned(), kind, file: value.to_owned() })
}

/// The options `NAME=…` of one kind.
fn named(option: &str, what: &Message, values: &[Named], known: &[&str], told: &mut Vec<Told>) {
    let mut seen = HashSet::new();
    for Named { name, .. } in values {
        let own = folded(name);
        if !known.contains(&own.as_str()) {
            let Message { en, zh } = what;
            let message = say!("the scheme has no {en} `{name}`", "方案没有{zh} `{name}`");
            told.push(Told::new(Code::TableUnknown.id(), message, Some(way_out(name, known))));
        } else if !seen.insert(own) {
            let message = say!("`{option} {name}=…` is given twice", "`{option} {name}=…` 给了两次");
            told.push(Told::new(Code::KeyTwice.id(), message, Some(say!("give it once", "请只给一次"))));
        }
    }
}

/// The options `TABLE=…` of one kind.
fn for_tables(option: &str, values: &[ForTable], details: &[&str], told: &mut Vec<Told>) {
    let known: Vec<&str> = OWN.iter().chain(details).copied().collect();
    for ForTable { table, value } in values {
        let Some(name) = table else { continue };
        if known.contains(&folded(name).as_str()) {
            continue;
        }
        let message = say!("`{option} {name}=…` is for no table of this run", "`{option} {name}=…` 不对应任何表");
        let mut help = way_out(name, &known);
        if option == "--sheet" && nearest(name, known.iter().copied()).is_none() {
            let Message { en, zh } = help;
            help = say!(
                "{en}; a sheet with `=` in its name is asked for as `{option} staff={name}={value}`",
                "{zh}；工作表名中含 `=` 时请写成 `{option} staff={name}={value}`"
            );
        }
        told.push(Told::new(Code::TableUnknown.id(), message, Some(help)));
    }
}

/// The name that was probably meant, or all there are.
fn way_out(name: &str, known: &[&str]) -> Message {
    if let Some(near) = nearest(name, known.iter().copied()) {
        return say!("did you mean `{near}`?", "是不是 `{near}`？");
    }
    // two schemes know most names both
    let mut each: Vec<String> = Vec::new();
    for name in known.iter().map(|name| format!("`{name}`")) {
        if !each.contains(&name) {
            each.push(name);
        }
    }
    if each.is_empty() {
        return say!("the scheme declares none", "方案没有声明");
    }
    Message::new(format!("there is {}", each.join(", ")), format!("现有 {}", each.join("、")))
}
