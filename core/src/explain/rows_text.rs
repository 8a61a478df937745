//! Detail rows and seats in the text of an explanation.

use std::collections::HashSet;

use kaohe_grammar::{Message, say};

use super::rows::{DetailRow, DetailRows, RowsRead};
use super::seats::Seating;
use super::text::{Sheet, fact_text, figure_text};
use super::{ColumnExplanation, Fact, number_text};
use crate::diagnostic::Language;
use crate::number::RoundingMode;
use crate::page::Table;
use crate::plan::AggregateFunction;

/// How many detail rows a text tells before it only counts them; the data has them all.
const TOLD_ROWS: usize = 10;

impl Sheet<'_> {
    /// The detail rows that went into a figure, and what they bring: once, and again where some were filtered.
    pub(super) fn rows(&mut self, column: &ColumnExplanation) {
        for read in &column.rows {
            if read.function == AggregateFunction::Only.name() {
                self.only_row(read);
                continue;
            }
            self.note(&rows_told(read, column.formula.as_deref()));
            let of_table = |name: &str| within(&read.table, name).is_some();
            let details: &[DetailRows] = self.details;
            let Some(found) = details.iter().find(|details| details.table == read.table) else { continue };
            // a computed column that was read brings a table of its own
            let told_below =
                column.children.iter().any(|child| of_table(child) && self.computed_rows.contains(&**child));
            let counted: HashSet<u32> = read.rows.iter().map(|(line, _)| *line).collect();
            let filtered = read.filter.is_some();
            if filtered || (!told_below && self.told_tables.insert(read.table.to_string())) {
                let brought = |name: &str| !self.computed_rows.contains(&*format!("{}.{name}", read.table));
                let places: Vec<(usize, &str)> = found
                    .columns
                    .iter()
                    .enumerate()
                    .map(|(at, name)| (at, &**name))
                    .filter(|(_, name)| brought(name))
                    .collect();
                self.detail_rows(found, &places, filtered.then_some(&counted));
            }
        }
    }

    /// The only row of a table that a person has, with all it brings.
    fn only_row(&mut self, read: &RowsRead) {
        let (table, details): (&str, &[DetailRows]) = (&read.table, self.details);
        let found = details.iter().find(|details| *details.table == *table);
        if let (Some((line, _)), Some(found)) = (read.rows.first(), found)
            && self.told_tables.insert(table.to_owned())
        {
            self.note(&say!("{table}, row {line}:", "{table} 第 {line} 行："));
            let places: Vec<(usize, &str)> = found.columns.iter().enumerate().map(|(at, name)| (at, &**name)).collect();
            self.detail_rows(found, &places, None);
        }
    }

    /// The cells of a column of detail rows, beside those it was computed from.
    pub(super) fn cells(&mut self, column: &ColumnExplanation) {
        let Some(table) = &column.table else { return };
        let details: &[DetailRows] = self.details;
        let Some(found) = details.iter().find(|details| details.table == *table) else { return };
        let read: Vec<&str> =
            column.children.iter().chain([&column.name]).filter_map(|name| within(table, name)).collect();
        let places = found.columns.iter().enumerate().map(|(at, name)| (at, &**name));
        let places: Vec<(usize, &str)> = places.filter(|(_, name)| read.contains(name)).collect();
        self.detail_rows(found, &places, None);
    }

    /// The person's rows of a table with some of its columns; `counted`: which lines were counted.
    fn detail_rows(&mut self, found: &DetailRows, places: &[(usize, &str)], counted: Option<&HashSet<u32>>) {
        if places.is_empty() || found.rows.is_empty() {
            return;
        }
        let mut shown = Table::default();
        shown.head(self.say(&say!("row", "行")));
        for (_, name) in places {
            shown.head((*name).to_owned());
        }
        if counted.is_some() {
            shown.head(self.say(&say!("counts", "计入")));
        }
        for DetailRow { line, cells } in found.rows.iter().take(TOLD_ROWS) {
            let mut row = vec![line.to_string()];
            row.extend(places.iter().map(|(at, _)| cells.get(*at).map(|cell| self.figure(cell)).unwrap_or_default()));
            if let Some(counted) = counted {
                let counts = counted.contains(line);
                row.push(self.say(&if counts { say!("yes", "是") } else { say!("no", "否") }));
            }
            shown.row(row);
        }
        let more = found.rows.len().saturating_sub(TOLD_ROWS);
        shown.below = (more > 0).then(|| self.say(&say!("… and {more} more", "……另有 {more} 行")));
        self.table(shown);
    }

    /// The seats of each grade.
    pub(super) fn seats(&mut self, seating: &Seating) {
        let table = seats_table(seating, self.language);
        if !table.rows.is_empty() {
            self.table(table);
        }
    }
}

/// The seats of each grade, and how they came about.
pub(crate) fn seats_table(seating: &Seating, language: Language) -> Table {
    let say = |message: Message| language.of(&message).to_owned();
    let flowed = seating.grades.iter().any(|grade| grade.quota != grade.seats);
    let mut table = Table::default();
    table.head(say(say!("grade", "等级")));
    table.head(say(say!("share", "比例")));
    table.head(say(say!("of {}", "× {} 人", seating.base)));
    table.head(say(say!("seats by quota", "名额")));
    if flowed {
        table.head(say(say!("with what flowed", "顺延后")));
    }
    table.head(say(say!("have it", "实有")));
    if let Some(first) = seating.order.first() {
        table.head(say(say!("last one there by {}", "末位{}", first.column)));
    }
    for grade in &seating.grades {
        let mut row = vec![grade.grade.to_string()];
        if seating.method == "at_most" && grade.share.is_zero() {
            row.extend([say(say!("the rest", "其余")), "—".to_owned()]);
        } else {
            row.push(number_text::percent_or_fraction(&grade.share));
            row.push(number_text::told(&grade.exact.round(4, RoundingMode::HalfUp)));
        }
        row.push(grade.quota.to_string());
        if flowed {
            row.push(grade.seats.to_string());
        }
        row.push(grade.seated.to_string());
        row.push(grade.cut.as_ref().map_or_else(|| "—".to_owned(), |cut| figure_text(cut, language)));
        table.row(row);
    }
    table
}

/// The name of a column within its detail table.
fn within<'n>(table: &str, name: &'n str) -> Option<&'n str> {
    name.strip_prefix(table)?.strip_prefix('.')
}

/// Which rows went into a figure, with their values; `formula`: what is told already.
pub(crate) fn rows_told(read: &RowsRead, formula: Option<&str>) -> Message {
    let RowsRead { table, of, written, .. } = read;
    let value = fact_text(&read.value);
    let count = read.rows.len();
    let Message { en, zh } = match (count, *of) {
        (0, 0) => say!("there are no rows of {table}", "{table} 没有本人的行"),
        (0, 1) => say!("the only row of {table} does not count", "{table} 仅有的 1 行不计入"),
        (0, of) => say!("none of the {of} rows of {table} counts", "{table} 的 {of} 行均不计入"),
        (1, 1) => say!("the only row of {table} counts", "{table} 仅有的 1 行计入"),
        (count, of) if count == of => say!("all {of} rows of {table} count", "{table} 的 {of} 行全部计入"),
        (1, of) => say!("1 of {of} rows of {table} counts", "{table} 的 {of} 行中计入 1 行"),
        (count, of) => say!("{count} of {of} rows of {table} count", "{table} 的 {of} 行中计入 {count} 行"),
    };
    let Message { en, zh } = match (count, read.when_empty) {
        (0, true) => say!("{en}; the value stated for that is {value}", "{zh}，按规定取 {value}"),
        (0, false) => Message::new(en, zh),
        _ => {
            let Message { en: rows_en, zh: rows_zh } = counted(read);
            say!("{en}: {rows_en}", "{zh}：{rows_zh}")
        }
    };
    if formula == Some(written) { Message::new(en, zh) } else { say!("{written}: {en}", "{written}：{zh}") }
}

/// The lines of the rows that counted, with their values.
fn counted(read: &RowsRead) -> Message {
    let more = read.rows.len().saturating_sub(TOLD_ROWS);
    let first = read.rows.iter().take(TOLD_ROWS);
    let each = |(line, value): &(u32, Fact)| match read.is_count() {
        true => (line.to_string(), line.to_string()),
        false => (format!("row {line} has {}", fact_text(value)), format!("第 {line} 行 {}", fact_text(value))),
    };
    let (mut en, mut zh): (Vec<String>, Vec<String>) = first.map(each).unzip();
    if more > 0 {
        en.push(format!("… and {more} more"));
        zh.push(format!("……另有 {more} 行"));
    }
    let (en, zh) = (en.join(", "), zh.join("、"));
    match (read.is_count(), read.rows.len()) {
        (false, _) => Message::new(en, zh),
        (true, 1) => say!("row {en}", "第 {zh} 行"),
        (true, _) => say!("rows {en}", "第 {zh} 行"),
    }
}
