//! The people of a round, from a table as people really have them.

use kaohe::Scheme;
use kaohe::ratings::Membership;
use kaohe_grammar::{Message, say};

use crate::arguments::RoundOf;
use crate::commands::{Failure, read_file};
use crate::language::Language;
use crate::table::{self, Options, RawCell, RawRow, RawTable};

const PERSON: &[&str] = &["人员", "person"];
const ROLE: &[&str] = &["角色", "考评角色", "role"];
const GROUP: &[&str] = &["组", "组别", "分组", "group"];

/// Reads who has which role.
///
/// # Errors
///
/// What is wrong with the file, its table, or the people in it.
pub(super) fn members(scheme: &Scheme, of: &RoundOf, language: Language) -> Result<Membership, Failure> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut person: Vec<String> = scheme.key().map(|key| key.names().map(str::to_owned).collect()).unwrap_or_default();
    person.extend(owned(PERSON));
    let options = Options {
        expected: vec![person.clone(), owned(ROLE), owned(GROUP)],
        key: person.clone(),
        ..Options::default()
    };
    let file = of.members.display();
    let of_file = |Message { en, zh }: Message| say!("`{file}`: {en}", "`{file}`：{zh}");
    let bytes = read_file(&of.members)?;
    let table = table::read(&bytes, &options).map_err(|problems| Failure::from(problems).said(of_file))?;
    for note in &table.notes {
        eprintln!("{}", language.of(&of_file(note.clone())));
    }
    let read = || -> Result<Membership, Failure> {
        let person = needed(&table, &person)?;
        let role = needed(&table, &owned(ROLE))?;
        let group = table.find(GROUP)?;
        let (mut rows, mut failures) = (Vec::new(), Vec::new());
        for row in &table.rows {
            let mut text = |at: usize| {
                text_of(row, at).unwrap_or_else(|failure| {
                    failures.push(failure);
                    String::new()
                })
            };
            rows.push((text(person), text(role), group.map(text)));
        }
        if let Some(failure) = Failure::all(failures) {
            return Err(failure);
        }
        let rows = rows.iter().map(|(person, role, group)| (person.as_str(), role.as_str(), group.as_deref()));
        Ok(Membership::of(rows)?)
    };
    read().map_err(|failure| failure.said(of_file))
}

/// The column called by one of the names, which must be there.
fn needed(table: &RawTable, names: &[String]) -> Result<usize, Failure> {
    if let Some(at) = table.find(names)? {
        return Ok(at);
    }
    let name = names.first().map_or("", String::as_str);
    let others: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Err(Failure::new(
        Some(kaohe::code::Code::ColumnMissing.id().to_owned()),
        say!("the table of people has no column `{name}`", "人员表没有 `{name}` 列"),
        Some(say!("it may be called {}", "列名可以是 {}", others.join("、"))),
        crate::commands::ERRORS,
    ))
}

fn text_of(row: &RawRow, at: usize) -> Result<String, Failure> {
    let cell = row.cells.get(at).unwrap_or(&RawCell::Empty);
    let line = row.line;
    let in_line = |Message { en, zh }: Message| say!("line {line}: {en}", "第 {line} 行：{zh}");
    Ok(cell.as_identifier().map_err(|problem| Failure::from(problem).said(in_line))?.unwrap_or_default())
}
