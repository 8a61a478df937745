//! The files of a run, each read once: the table of people and those of the details, as they stand there.

use std::path::Path;

use kaohe::Scheme;
use kaohe::plan::{Detail, DetailKind};
use kaohe_grammar::{Message, say};

use super::names::{self, GivenTable, STAFF};
use super::{Failure, read_file};
use crate::arguments::Data;
use crate::language::Language;
use crate::table::{self, Options, RawTable};

/// The tables of a run; nobody has said yet what their cells mean.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) staff: RawTable,
    /// By name, in the order of the command line.
    pub(super) details: Vec<(String, RawTable)>,
}

/// The columns that are looked for in a table.
#[derive(Default)]
struct Wanted {
    expected: Vec<Vec<String>>,
    key: Vec<String>,
}

impl Files {
    /// Reads every file of the command line; what was decided on the way goes to standard error. Where two schemes read
    /// one table, its header is the row that has what either looks for.
    ///
    /// # Errors
    ///
    /// What is wrong with any of the files, all of it at once.
    pub(super) fn read(schemes: &[&Scheme], data: &Data, language: Language) -> Result<Self, Failure> {
        let mut people = Wanted::default();
        for scheme in schemes {
            people.add(scheme.inputs().iter().map(|input| (input.names().map(str::to_owned).collect(), input.key)));
        }
        let mut failures = Vec::new();
        let staff = read_table(&data.staff, &[STAFF], people, data, language).map_err(|failure| failures.push(failure));
        let mut details = Vec::new();
        for GivenTable { name, kind, file } in names::tables(schemes, data)? {
            let mut rows = Wanted::default();
            for detail in schemes.iter().filter_map(|scheme| detail_of(scheme, &name)) {
                let key = detail.key_headers.iter().map(ToString::to_string).collect();
                let inputs = detail.inputs.iter().map(|input| (input.names().map(str::to_owned).collect(), false));
                rows.add(std::iter::once((key, true)).chain(inputs));
            }
            let words = [name.as_str(), kind.word()];
            let words = if kind == DetailKind::Rows { &words[..1] } else { &words[..] };
            match read_table(Path::new(file.trim()), words, rows, data, language) {
                Ok(table) => details.push((name, table)),
                Err(failure) => failures.push(failure),
            }
        }
        match (staff, Failure::all(failures)) {
            (Ok(staff), None) => Ok(Self { staff, details }),
            (_, failure) => Err(failure.unwrap_or_default()),
        }
    }

    /// The lines of total rows, which are left out, by detail; nothing stands for the table of people.
    pub(super) fn totals(&self) -> Vec<(Option<String>, Vec<usize>)> {
        let staff = std::iter::once((None, &self.staff));
        let tables = staff.chain(self.details.iter().map(|(name, table)| (Some(name.clone()), table)));
        tables.filter(|(_, table)| !table.totals.is_empty()).map(|(name, table)| (name, table.totals.clone())).collect()
    }
}

/// The detail table of that name, which is folded.
pub(super) fn detail_of<'s>(scheme: &'s Scheme, name: &str) -> Option<&'s Detail> {
    let plan = scheme.plan();
    plan.detail_named(name).map(|id| plan.detail(id))
}

impl Wanted {
    fn add(&mut self, columns: impl Iterator<Item = (Vec<String>, bool)>) {
        for (names, key) in columns {
            if key {
                self.key.extend(names.iter().cloned());
            }
            if !self.expected.contains(&names) {
                self.expected.push(names);
            }
        }
    }
}

/// Reads the table that options call by these words, the first being its name.
fn read_table(
    path: &Path,
    words: &[&str],
    wanted: Wanted,
    data: &Data,
    language: Language,
) -> Result<RawTable, Failure> {
    let options = Options {
        encoding: data.encoding_of(words).map(str::to_owned),
        sheet: data.sheet_of(words).map(str::to_owned),
        // a workbook that holds several tables has each detail on the sheet of its name
        sheet_called: words.first().filter(|name| **name != STAFF).map(|name| (*name).to_owned()),
        header_row: data.header_row_of(words).map_err(|problem| Failure::from(problem).usage())?,
        expected: wanted.expected,
        key: wanted.key,
        ..Options::default()
    };
    let file = path.display();
    let of_file = |Message { en, zh }: Message| say!("`{file}`: {en}", "`{file}`：{zh}");
    let bytes = read_file(path)?;
    let table = table::read(&bytes, &options).map_err(|problems| Failure::from(problems).said(of_file))?;
    for note in &table.notes {
        eprintln!("{}", language.of(&of_file(note.clone())));
    }
    Ok(table)
}
