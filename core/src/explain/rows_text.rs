//! Detail rows and seats in the text of an explanation.

use std::collections::HashSet;

use kaohe_grammar::{Message, say};

use super::rows::{DetailRow, DetailRows, RowsRead};
use super::seats::Seating;
use super::table::Table;
use super::text::{Page, fact_text};
use super::{ColumnExplanation, Fact, number_text};
use crate::plan::AggregateFunction;

/// How many detail rows a text tells before it only counts them; the data has them all.
const TOLD_ROWS: usize = 10;

impl Page<'_> {
    /// The detail rows that went into a figure, and where some were filtered what was asked of them.
    pub(super) fn rows(&mut self, column: &ColumnExplanation) {
        for read in &column.rows {
            self.note(&rows_told(read));
            if read.filter.is_some() && read.of > 0 {
                let counted: HashSet<u32> = read.rows.iter().map(|(line, _)| *line).collect();
                self.detail_rows(column, &read.table, Some(&counted));
            }
        }
    }

    /// The cells of a column of detail rows, beside those it was computed from.
    pub(super) fn cells(&mut self, column: &ColumnExplanation) {
        if let Some(table) = column.table.clone() {
            self.detail_rows(column, &table, None);
        }
    }

    /// The person's rows of a table with the columns that a column read; `counted`: which lines were counted.
    fn detail_rows(&mut self, column: &ColumnExplanation, table: &str, counted: Option<&HashSet<u32>>) {
        let details: &[DetailRows] = self.details;
        let Some(found) = details.iter().find(|details| *details.table == *table) else { return };
        let name_in = |name: &str| name.strip_prefix(table).and_then(|name| name.strip_prefix('.')).map(str::to_owned);
        let read: Vec<String> = column.children.iter().chain([&column.name]).filter_map(|name| name_in(name)).collect();
        let places = found.columns.iter().enumerate().filter(|(_, name)| read.iter().any(|read| **read == ***name));
        let places: Vec<(usize, &str)> = places.map(|(at, name)| (at, &**name)).collect();
        if places.is_empty() || found.rows.is_empty() {
            return;
        }
        let mut shown = Table::default();
        shown.head(self.say(&say!("row", "行")));
        for (_, name) in &places {
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
        for line in shown.lines() {
            self.line(&format!("    {line}"));
        }
        let more = found.rows.len().saturating_sub(TOLD_ROWS);
        if more > 0 {
            let text = self.say(&say!("… and {more} more", "……另有 {more} 行"));
            self.line(&format!("    {text}"));
        }
    }

    /// The seats of each grade.
    pub(super) fn seats(&mut self, seating: &Seating) {
        if seating.grades.is_empty() {
            return;
        }
        let flowed = seating.grades.iter().any(|grade| grade.quota != grade.seats);
        let mut table = Table::default();
        table.head(self.say(&say!("grade", "等级")));
        table.head(self.say(&say!("share", "比例")));
        table.head(self.say(&say!("of {}", "× {} 人", seating.base)));
        table.head(self.say(&say!("seats by quota", "名额")));
        if flowed {
            table.head(self.say(&say!("with what flowed", "顺延后")));
        }
        table.head(self.say(&say!("have it", "实有")));
        if let Some(first) = seating.order.first() {
            table.head(self.say(&say!("last one there by {}", "末位{}", first.column)));
        }
        for grade in &seating.grades {
            let mut row = vec![grade.grade.to_string(), number_text::percent_or_fraction(&grade.share)];
            row.push(number_text::told(&grade.exact.round(4, crate::number::RoundingMode::HalfUp)));
            row.push(grade.quota.to_string());
            if flowed {
                row.push(grade.seats.to_string());
            }
            row.push(grade.seated.to_string());
            row.push(grade.cut.as_ref().map_or_else(|| "—".to_owned(), |cut| self.figure(cut)));
            table.row(row);
        }
        for line in table.lines() {
            self.line(&format!("    {line}"));
        }
    }
}

/// Which rows went into a figure, with their values.
fn rows_told(read: &RowsRead) -> Message {
    let RowsRead { table, of, .. } = read;
    let value = fact_text(&read.value);
    if read.function == AggregateFunction::Only.name() {
        return match read.rows.first() {
            Some((line, _)) => say!("{table}, row {line}: {value}", "{table} 第 {line} 行：{value}"),
            None => say!("no row of {table} for this person", "{table} 中没有本人的行"),
        };
    }
    let (written, count) = (&read.written, read.rows.len());
    if count == 0 {
        let (en, zh) = match (*of, read.when_empty) {
            (0, false) => (format!("there are no rows of {table}"), format!("{table} 没有本人的行")),
            (0, true) => (format!("there are no rows of {table}, for which it says {value}"), format!("{table} 没有本人的行，按规定取 {value}")),
            (of, false) => (format!("none of the {of} rows of {table} counts"), format!("{table} 的 {of} 行均不计入")),
            (of, true) => (format!("none of the {of} rows of {table} counts, for which it says {value}"), format!("{table} 的 {of} 行均不计入，按规定取 {value}")),
        };
        return say!("{written}: {en}", "{written}：{zh}");
    }
    let more = count.saturating_sub(TOLD_ROWS);
    let first = read.rows.iter().take(TOLD_ROWS);
    let (mut en, mut zh): (Vec<String>, Vec<String>) = first
        .map(|(line, value)| match value {
            Fact::Missing if read.is_count() => (line.to_string(), line.to_string()),
            value => (format!("{line}: {}", fact_text(value)), format!("第 {line} 行 {}", fact_text(value))),
        })
        .unzip();
    if more > 0 {
        en.push(format!("… and {more} more"));
        zh.push(format!("……另有 {more} 行"));
    }
    let (en, zh) = (en.join(", "), zh.join("、"));
    let zh = if read.is_count() { format!("第 {zh} 行") } else { zh };
    let rows = if count == 1 { "row" } else { "rows" };
    if count == *of {
        let (all, count_verb) = if count == 1 { ("the only", "counts") } else { ("all", "count") };
        let counted = if count == 1 { String::new() } else { format!(" {count}") };
        return say!(
            "{written}: {all}{counted} {rows} of {table} {count_verb}, {rows} {en}",
            "{written}：{table} {count} 行全部计入，{zh}"
        );
    }
    say!("{written}: {count} of {of} rows of {table} count, {rows} {en}", "{written}：{table} {of} 行中计入 {count} 行，{zh}")
}
