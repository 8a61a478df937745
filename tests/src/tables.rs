//! The case tables: reading them, and saying what a scheme makes of a row in the words of the tables.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kaohe::diagnostic::Language;
use kaohe::number::Number;
use kaohe::value::Value;
use kaohe::{Data, Figure, Outcome, Row, Scheme, SchemeError, Table};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// The column that carries the formula of an `eval` case.
pub const RESULT: &str = "结果";

/// The folder of this crate, in which the tables stand.
#[must_use]
pub fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder of this crate with that extension, in order.
///
/// # Panics
///
/// When the folder cannot be read or has none.
#[must_use]
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = here().join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no files in {}", folder.display());
    files
}

/// The name of a file without its folder and extension.
#[must_use]
pub fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases<C> {
    #[serde(rename = "case")]
    cases: Vec<C>,
}

/// The cases of a table.
///
/// # Panics
///
/// When the table cannot be read.
#[must_use]
pub fn cases<C: DeserializeOwned>(path: &Path) -> Vec<C> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: Cases<C> = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    table.cases
}

/// One formula, one row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormulaCase {
    /// What it shows, as a sentence.
    pub name: String,
    /// The formula.
    pub formula: String,
    /// The cells by column.
    #[serde(default)]
    pub row: BTreeMap<String, String>,
    /// What a column is when it is not a plain number.
    #[serde(default)]
    pub types: BTreeMap<String, serde_json::Value>,
    /// The published value.
    pub want: Option<String>,
    /// The exact value as a reduced fraction.
    pub exact: Option<String>,
    /// Whether the result is absence.
    #[serde(default)]
    pub missing: bool,
    /// The code of the fault at the root.
    pub fault: Option<String>,
}

impl FormulaCase {
    /// The formula as the one column of a scheme.
    #[must_use]
    pub fn scheme(&self) -> String {
        let mut inputs = serde_json::Map::new();
        inputs.insert("编号".to_owned(), json!({ "type": "text", "key": true }));
        for name in self.row.keys().filter(|name| !self.types.contains_key(*name)) {
            inputs.insert(name.clone(), json!({ "type": "number" }));
        }
        for (name, declared) in &self.types {
            let declared = if declared.is_string() { json!({ "type": declared }) } else { declared.clone() };
            inputs.insert(name.clone(), declared);
        }
        json!({
            "kaohe": "1",
            "scheme": "例",
            "period": { "kind": "quarter", "start": "2026-07-01", "end": "2026-09-30" },
            "inputs": inputs,
            "computed": { RESULT: self.formula },
        })
        .to_string()
    }

    /// What must come out, in the words of [`said`].
    #[must_use]
    pub fn wanted(&self) -> String {
        match (&self.want, self.missing, &self.fault) {
            (Some(want), false, None) => want.clone(),
            (None, true, None) => "missing".to_owned(),
            (None, false, Some(code)) => format!("fault {code}"),
            _ => "a case has one of `want`, `missing` and `fault`".to_owned(),
        }
    }

    /// The row with its key.
    #[must_use]
    pub fn cells(&self) -> Row {
        let row = Row::new().with("编号", "001");
        self.row.iter().fold(row, |row, (name, cell)| row.with(name, cell.as_str()))
    }
}

/// One scheme, one person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeCase {
    /// What it shows, as a sentence.
    pub name: String,
    /// The whole scheme.
    pub scheme: String,
    /// The cells by column.
    pub row: BTreeMap<String, String>,
    /// The published text by column.
    #[serde(default)]
    pub want: BTreeMap<String, String>,
    /// The code by column where cells fail.
    #[serde(default)]
    pub fault: BTreeMap<String, String>,
}

/// The figures of several people, by key and column.
pub type ByKey<T> = BTreeMap<String, BTreeMap<String, T>>;

/// One scheme, several people scored together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCase {
    /// What it shows, as a sentence.
    pub name: String,
    /// The whole scheme.
    pub scheme: String,
    /// The people: of each the cells by column.
    pub rows: Vec<BTreeMap<String, String>>,
    /// The answers to exams, by exam: of each sheet the cells by column.
    #[serde(default)]
    pub answers: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// The sheets of appraisals, by appraisal: of each the cells by column.
    #[serde(default)]
    pub ratings: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// The published text, by key and column.
    #[serde(default)]
    pub want: ByKey<String>,
    /// The code where cells fail, by key and column.
    #[serde(default)]
    pub fault: ByKey<String>,
    /// The keys of the rows left out, by key and column of the figures that are provisional for that.
    #[serde(default)]
    pub provisional: ByKey<Vec<String>>,
}

impl GroupCase {
    /// The people as a table, in the order of their rows.
    #[must_use]
    pub fn people(&self) -> Table {
        table(&self.rows)
    }

    /// The people with the answers and sheets of everybody.
    #[must_use]
    pub fn data(&self) -> Data {
        let sheets = self.answers.iter().chain(&self.ratings);
        sheets.fold(Data::of(self.people()), |data, (name, rows)| data.detail(name, table(rows)))
    }
}

fn table(rows: &[BTreeMap<String, String>]) -> Table {
    let row = |cells: &BTreeMap<String, String>| {
        cells.iter().fold(Row::new(), |row, (name, cell)| row.with(name, cell.as_str()))
    };
    Table::of_rows(rows.iter().map(row).collect())
}

/// What a column came to, as the tables write it: the published text, `missing`, or `fault` and the code of its cell.
#[must_use]
pub fn said(outcome: &Outcome, column: &str) -> String {
    match outcome.get(column) {
        None => format!("no column `{column}`"),
        Some(Figure::Missing) => "missing".to_owned(),
        Some(Figure::Empty(code)) => format!("fault {}", code.id()),
        Some(figure) => figure.to_string(),
    }
}

/// The same, with the code of the cell that it is blocked by in place of its own.
#[must_use]
pub fn said_at_the_root(outcome: &Outcome, column: &str) -> String {
    let blocked_by = outcome.problem(column).and_then(|problem| problem.blocked_by);
    said(outcome, blocked_by.as_deref().unwrap_or(column))
}

/// The exact value of a column, before it is published; nothing when it has no number.
#[must_use]
pub fn exact(scheme: &Scheme, trace: &kaohe::Trace, column: &str) -> Option<Number> {
    let plan = scheme.plan();
    let body = plan.column(plan.column_named(column)?).body;
    match trace.value(body) {
        Some(Ok(Value::Number(number))) => Some(number.clone()),
        _ => None,
    }
}

/// Everything that is wrong with a scheme, as text.
#[must_use]
pub fn refused(error: &SchemeError) -> String {
    error.render(None, Language::English)
}

/// Ends a test with every failure, not only the first.
///
/// # Panics
///
/// When there is any.
pub fn report(count: usize, failures: &[String]) {
    assert!(failures.is_empty(), "{} of {count} failed:\n\n{}", failures.len(), failures.join("\n"));
    println!("{count} passed");
}
