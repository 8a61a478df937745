//! What reports of people and of teams have in common: the head, the foot, figures in words.

use kaohe_grammar::{Message, say};

use super::Rules;
use crate::diagnostic::Language;
use crate::explain::text::figure_text;
use crate::explain::{ColumnExplanation, number_text};
use crate::number::{Number, RoundingMode};
use crate::outcome::Figure;
use crate::page::{Block, Pair, Table, Tone};

/// Marks a figure that a row left out could still change.
pub(super) const PROVISIONAL: &str = "*";

/// A page that is being written in one language.
pub(super) struct Writer {
    pub(super) language: Language,
    pub(super) blocks: Vec<Block>,
}

impl Writer {
    pub(super) const fn new(language: Language) -> Self {
        Self { language, blocks: Vec::new() }
    }

    pub(super) fn say(&self, message: &Message) -> String {
        self.language.of(message).to_owned()
    }

    /// The scheme with what the report is, the period and the day.
    pub(super) fn head(&mut self, rules: &Rules, what: &Message) {
        let edition = rules.edition.iter().map(|edition| format!(" {edition}")).collect::<String>();
        let (scheme, what) = (format!("{}{edition}", rules.scheme), self.say(what));
        self.blocks.push(Block::Title(self.say(&say!("{scheme} – {what}", "{scheme} {what}"))));
        let period = rules.period.map(|(start, end)| say!("Period {start} to {end}", "考核周期 {start} 至 {end}"));
        let as_of = rules.as_of.map(|day| say!("as of {day}", "截至 {day}"));
        let under: Vec<String> = period.iter().chain(&as_of).map(|part| self.say(part)).collect();
        if !under.is_empty() {
            self.blocks.push(Block::Under(under.join(" · ")));
        }
    }

    /// What the report rests on, and what its marks mean.
    pub(super) fn foot(&mut self, rules: &Rules, marks: Vec<Message>) {
        let mut pairs = Vec::new();
        for (name, figure) in &rules.given {
            let name = self.say(&say!("given {name}", "运行值 {name}"));
            pairs.push(Pair::new(name, figure_text(figure, self.language)));
        }
        pairs.push(Pair::new(self.say(&say!("fingerprint of the scheme", "方案指纹")), &rules.fingerprint));
        for mark in marks {
            pairs.push(Pair::new(self.say(&say!("note", "说明")), self.say(&mark)));
        }
        self.blocks.push(Block::Foot(pairs));
    }

    pub(super) fn heading(&mut self, text: &Message) {
        let text = self.say(text);
        self.blocks.push(Block::Heading(1, text));
    }

    pub(super) fn subheading(&mut self, text: String) {
        self.blocks.push(Block::Heading(2, text));
    }

    pub(super) fn paragraph(&mut self, tone: Tone, text: &Message) {
        let text = self.say(text);
        self.blocks.push(Block::Paragraph(tone, text));
    }

    /// A table that is left away when it has no rows.
    pub(super) fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.blocks.push(Block::Table(None, table));
        }
    }

    /// A column's name with its label.
    pub(super) fn name(&self, column: &ColumnExplanation) -> String {
        let label = column.label.as_ref().map(|label| self.language.of(label));
        match label.filter(|label| **label != *column.name) {
            Some(label) => {
                let name = &column.name;
                self.say(&say!("{name} ({label})", "{name}（{label}）"))
            }
            None => column.name.to_string(),
        }
    }

    /// A column's figure as people read it, marked where it may still change.
    pub(super) fn value(&self, column: &ColumnExplanation) -> String {
        let text = match (&column.percent, &column.figure) {
            (Some(percent), Figure::Number { .. }) => percent.clone(),
            (_, figure) => figure_text(figure, self.language),
        };
        let mark = if column.provisional.is_empty() { "" } else { PROVISIONAL };
        format!("{text}{mark}")
    }

    /// The same with its unit.
    pub(super) fn value_with_unit(&self, column: &ColumnExplanation) -> String {
        let value = self.value(column);
        match (&column.unit, &column.figure, &column.percent) {
            (Some(unit), Figure::Number { .. }, None) => format!("{value} {unit}"),
            _ => value,
        }
    }
}

/// A number that people are shown with so many decimals, rounded half up, and marked where that is not all of it.
pub(super) fn shown(number: &Number, places: u32) -> String {
    let rounded = number.round(places.cast_signed(), RoundingMode::HalfUp);
    let sign = if rounded == *number { "" } else { "≈" };
    format!("{sign}{}", number_text::fixed(&rounded, Some(places)))
}

/// A part as a percentage with two decimals.
pub(super) fn percent(part: &Number) -> String {
    format!("{}%", shown(&part.multiply(&Number::HUNDRED), 2))
}

/// What the sign before a rounded figure means.
pub(super) fn rounded_told() -> Message {
    say!("≈ before a figure: it has more decimals than are shown", "数值前的 ≈ 表示实际小数位多于所示")
}

/// What the mark of a provisional figure means.
pub(super) fn provisional_told() -> Message {
    say!(
        "{PROVISIONAL} after a figure: provisional, somebody was left out who could still change it",
        "数值后的 {PROVISIONAL} 表示暂定：有人未计入，补全后结果可能改变"
    )
}
