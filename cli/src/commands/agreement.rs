//! `kaohe agreement`: how far the raters of an appraisal agree.

use std::collections::BTreeMap;
use std::io::{self, Write};

use kaohe::boundary::rating_agreement_json;
use kaohe::plan::DetailKind;
use kaohe::ratings::agreement::{Agreement, Incomplete, Measure};
use kaohe::run::{RatingAgreement, RoleAgreement};
use kaohe_grammar::{Message, say};

use super::exam::decimal;
use super::facts::facts;
use super::files::Files;
use super::population::scored;
use super::{CLEAN, ERRORS, Failure, names, read_scheme};
use crate::arguments;
use crate::language::Language;
use crate::output::terminal::{View, render};
use crate::output::{Content, FileKind, Kind, OutputCell, OutputColumn, OutputTable, save};

pub(super) fn run(asked: &arguments::Agreement, language: Language) -> Result<u8, Failure> {
    if let Some(path) = &asked.out {
        FileKind::of_path(path).map_err(|each| Failure::from(each).usage())?;
    }
    let incomplete =
        Incomplete::from_word(asked.incomplete.as_deref()).map_err(|error| Failure::from(error).usage())?;
    let scheme = read_scheme(&asked.scheme, Some(&asked.data), language)?;
    names::check(&[&scheme], &asked.data)?;
    let name = match &asked.name {
        Some(name) => names::folded(name),
        None => scheme.only_table(DetailKind::Sheets).map_err(|error| Failure::from(error).usage())?.to_owned(),
    };
    let files = Files::read(&[&scheme], &asked.data, language)?;
    let facts = facts(&scheme, &files, &asked.data)?;
    drop(files);
    let (run, _) = scored(&scheme, facts, language)?;
    let found = run.agreement(&name, incomplete).map_err(|error| Failure::from(error).usage())?;
    let figures = Figures { table: table(&found, language), found: &found };
    match &asked.out {
        Some(path) => save(path, &figures)?,
        None => {
            put!("{}", render(&figures.table, View::of_stdout(language)));
        }
    }
    for told in found.roles.iter().flat_map(told) {
        put_line!("{}", language.of(&told));
    }
    if found.left_out.is_empty() {
        return Ok(CLEAN);
    }
    let lines: Vec<String> = found.left_out.iter().map(ToString::to_string).collect();
    let lines = lines.join(", ");
    let told =
        say!("not counted, for a fault or without a rater: lines {lines}", "以下行有误或没有考评人，未计入：{lines}");
    eprintln!("{}", language.of(&told));
    Ok(ERRORS)
}

/// What is written of an appraisal: a row for each role and figure; as JSON all that is known of it.
struct Figures<'f> {
    table: OutputTable,
    found: &'f RatingAgreement,
}

impl Content for Figures<'_> {
    fn sheets(&self) -> Vec<(&str, &OutputTable)> {
        vec![(&self.found.rating, &self.table)]
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", rating_agreement_json(self.found))
    }
}

/// A figure of a role a row, with a column for the whole sheet and one for each item.
fn table(found: &RatingAgreement, language: Language) -> OutputTable {
    let column = |name: &Message, kind| OutputColumn::new(language.of(name), kind);
    let number = Kind::Number { places: None };
    let mut columns = vec![column(&say!("role", "考评角色"), Kind::Text), column(&say!("figure", "指标"), Kind::Text)];
    columns.push(column(&say!("whole sheet", "整表"), number));
    let items = found.roles.first().into_iter().flat_map(|role| &role.items);
    columns.extend(items.map(|(item, _)| OutputColumn::new(item.to_string(), number)));
    let text = |text: &str| OutputCell::Text(text.to_owned());
    let row =
        |role: &RoleAgreement, measure: Measure| {
            let mut cells = vec![text(&role.role), text(measure.name())];
            cells.extend(each_of(role).map(|(_, agreement)| {
                decimal(agreement.get(measure).ok()).map_or(OutputCell::Empty, OutputCell::Number)
            }));
            cells
        };
    let rows = found.roles.iter().flat_map(|role| Measure::ALL.map(|measure| row(role, measure))).collect();
    OutputTable { columns, rows }
}

/// The whole sheet, and each item by its name.
fn each_of(role: &RoleAgreement) -> impl Iterator<Item = (Option<&str>, &Agreement)> {
    let items = role.items.iter().map(|(item, agreement)| (Some(&**item), agreement));
    std::iter::once((None, &role.whole)).chain(items)
}

/// How much there is of a role, and why some of its figures have no value.
fn told(role: &RoleAgreement) -> Vec<Message> {
    let RoleAgreement { role: name, sheets, raters, ratees, .. } = role;
    let mut lines = vec![say!(
        "{name}: {sheets} sheets by {raters} raters of {ratees} people",
        "{name}：{raters} 人考评 {ratees} 人，共 {sheets} 张考评表"
    )];
    // most figures lack a value for one and the same reason
    let mut reasons: BTreeMap<(String, String, &'static str), (Message, Vec<String>)> = BTreeMap::new();
    for (item, agreement) in each_of(role) {
        for problem in agreement.problems() {
            let key = (item.unwrap_or("").to_owned(), problem.message.en.clone(), problem.code.id());
            let (_, figures) = reasons.entry(key).or_insert((problem.message, Vec::new()));
            figures.push(problem.column.to_string());
        }
    }
    for ((item, _, code), (Message { en, zh }, figures)) in reasons {
        let of = if item.is_empty() { name.to_string() } else { format!("{name}, {item}") };
        let figures = figures.join(", ");
        lines.push(say!("{of}: no {figures}: {en} [{code}]", "{of}：{figures} 无值：{zh} [{code}]"));
    }
    lines
}
