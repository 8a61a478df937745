//! A comparison as text for a terminal: columns aligned as a terminal shows them, no colours.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::{
    Because, Change, ColumnSummary, Comparison, Contribution, GradingSummary, Movement, Numbers, Person, Reading, Side,
    Source, Standing,
};
use crate::diagnostic::{Language, width};
use crate::explain::ColumnRole;
use crate::number::{Number, RoundingMode, UNROUNDED_PLACES};
use crate::outcome::Figure;

/// How many keys are named before the rest is only counted.
const NAMED: usize = 10;

impl Comparison {
    /// The whole comparison as text: what became of everybody together, then each person with a figure that changed.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        let mut page = Page { language, lines: Vec::new() };
        page.summary(self);
        if !self.changed.is_empty() {
            page.lines.push(String::new());
        }
        for person in &self.changed {
            page.person(person);
        }
        page.lines.push(String::new());
        page.lines.join("\n")
    }

    /// What became of everybody together, as text.
    #[must_use]
    pub fn summary_text(&self, language: Language) -> String {
        let mut page = Page { language, lines: Vec::new() };
        page.summary(self);
        page.lines.push(String::new());
        page.lines.join("\n")
    }
}

impl Because {
    /// By which columns, in one line.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        language.of(&because(self)).to_owned()
    }
}

struct Page {
    language: Language,
    lines: Vec<String>,
}

impl Page {
    fn say(&self, message: &Message) -> String {
        self.language.of(message).to_owned()
    }

    fn put(&mut self, message: &Message) {
        let line = self.say(message);
        self.lines.push(line);
    }

    fn summary(&mut self, found: &Comparison) {
        let (old, new) = (self.side(&found.old), self.side(&found.new));
        self.lines.push(format!("{old} → {new}"));
        if found.old.fingerprint == found.new.fingerprint {
            self.put(&say!("both runs follow the same rules", "两次计算的规则相同"));
        }
        let (people, changed) = (found.people, found.changed.len());
        self.put(&say!(
            "{people} people in both, {changed} with a figure that changed",
            "两次都有的 {people} 人，其中 {changed} 人的结果有变化"
        ));
        self.keys(&say!("only in the old run", "只在旧结果中"), &found.only_old);
        self.keys(&say!("only in the new run", "只在新结果中"), &found.only_new);
        self.names(&say!("columns only in the old scheme", "只在旧方案中的列"), &found.columns_only_old);
        self.names(&say!("columns only in the new scheme", "只在新方案中的列"), &found.columns_only_new);
        self.keys(&say!("incomplete in the old run", "旧结果不完整（有空值或暂定值）"), &found.old.incomplete);
        self.keys(&say!("incomplete in the new run", "新结果不完整（有空值或暂定值）"), &found.new.incomplete);
        for grading in &found.gradings {
            self.grading(grading);
        }
        self.columns(&found.columns);
    }

    fn side(&self, side: &Side) -> String {
        let mut head = side.scheme.to_string();
        if let Some(edition) = &side.edition {
            head.push(' ');
            head.push_str(edition);
        }
        if let Some(day) = side.as_of {
            head.push_str(&self.say(&say!(" (as of {day})", "（截至 {day}）")));
        }
        head
    }

    fn keys(&mut self, what: &Message, keys: &[String]) {
        if keys.is_empty() {
            return;
        }
        let first: Vec<&str> = keys.iter().take(NAMED).map(String::as_str).collect();
        let (count, more) = (keys.len(), keys.len().saturating_sub(NAMED));
        let (en, zh) = (&what.en, &what.zh);
        self.put(&if more == 0 {
            Message::new(format!("{en}: {}", first.join(", ")), format!("{zh}：{}", first.join("、")))
        } else {
            Message::new(
                format!("{en}: {} and {more} more", first.join(", ")),
                format!("{zh}：{}等共 {count} 个", first.join("、")),
            )
        });
    }

    fn names(&mut self, what: &Message, names: &[Arc<str>]) {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        self.keys(what, &names);
    }

    // -- gradings --

    fn grading(&mut self, found: &GradingSummary) {
        let GradingSummary { column, up, down, same, elsewhere, .. } = found;
        self.lines.push(String::new());
        let more = match elsewhere {
            0 => Message::new("", ""),
            _ => say!(", {elsewhere} from or to no grade of the new ladder", "，{elsewhere} 人进出新等级之外"),
        };
        let Message { en, zh } = more;
        self.put(&say!(
            "{column}: {up} up, {down} down, {same} the same{en}",
            "{column}：升 {up} 人，降 {down} 人，不变 {same} 人{zh}"
        ));
        let corner = self.say(&say!("old \\ new", "旧 \\ 新"));
        let mut table = vec![vec![corner]];
        if let Some(head) = table.first_mut() {
            head.extend(found.new.iter().map(|standing| self.standing(standing)));
        }
        for (standing, counts) in found.old.iter().zip(&found.matrix) {
            let count = |count: &usize| if *count == 0 { "·".to_owned() } else { count.to_string() };
            table.push(std::iter::once(self.standing(standing)).chain(counts.iter().map(count)).collect());
        }
        self.table(&table);
    }

    fn standing(&self, standing: &Standing) -> String {
        match standing {
            Standing::Word(word) => word.to_string(),
            Standing::None => self.say(&say!("none", "无")),
            Standing::Empty => self.say(&say!("no value", "无值")),
        }
    }

    // -- columns --

    fn columns(&mut self, columns: &[ColumnSummary]) {
        let told: Vec<&ColumnSummary> = columns.iter().filter(|column| is_told(column)).collect();
        if told.is_empty() {
            return;
        }
        self.lines.push(String::new());
        let head = [
            say!("column", "列"),
            say!("changed", "变化"),
            say!("up", "升"),
            say!("down", "降"),
            say!("old total", "旧合计"),
            say!("new total", "新合计"),
            say!("difference", "差额"),
            say!("mean", "人均"),
        ];
        let mut table = vec![head.iter().map(|each| self.say(each)).collect::<Vec<_>>()];
        for column in &told {
            let mut row = vec![column.column.to_string(), column.changed.to_string()];
            if let Some(numbers) = &column.numbers {
                let mean = numbers.mean().map(|mean| signed(&mean)).unwrap_or_default();
                row.extend([numbers.up.to_string(), numbers.down.to_string()]);
                row.extend([numbers.old_total.to_string(), numbers.new_total.to_string()]);
                row.extend([signed(&numbers.difference()), mean]);
            }
            table.push(row);
        }
        self.table(&table);
        for column in told {
            self.notes(column);
        }
    }

    fn notes(&mut self, column: &ColumnSummary) {
        let name = &column.column;
        let (was, is) = column.empty;
        if was + is > 0 {
            self.put(&say!(
                "{name}: without a value {was} before, {is} now; totals are of those who have both",
                "{name}：无值者旧 {was} 人，新 {is} 人；合计只含两边都有值的人"
            ));
        }
        let (was, is) = column.provisional;
        if was + is > 0 {
            self.put(&say!("{name}: provisional {was} before, {is} now", "{name}：暂定值旧 {was} 个，新 {is} 个"));
        }
        let Some(numbers) = &column.numbers else { return };
        if column.role == ColumnRole::Pay {
            let (old, new, more) = (&numbers.old_total, &numbers.new_total, signed(&numbers.difference()));
            self.put(&say!(
                "{name}: the budget goes from {old} to {new} ({more})",
                "{name}：预算由 {old} 变为 {new}（{more}）"
            ));
        }
        self.sources(name, numbers);
    }

    fn sources(&mut self, name: &Arc<str>, numbers: &Numbers) {
        if numbers.by_source.is_empty() {
            return;
        }
        let each: Vec<Message> = numbers
            .by_source
            .iter()
            .map(|(source, added)| {
                let (Message { en, zh }, added) = (source_name(source), signed(added));
                say!("{en} {added}", "{zh} {added}")
            })
            .collect();
        let Message { en, zh } = joined(&each);
        self.put(&say!("{name} by its parts: {en}", "{name} 的差额来自：{zh}"));
    }

    // -- people --

    fn person(&mut self, person: &Person) {
        self.lines.push(person.key.clone());
        for change in &person.changes {
            self.change(change);
        }
    }

    fn change(&mut self, change: &Change) {
        let mut line = format!("  {} {} → {}", change.column, self.reading(&change.old), self.reading(&change.new));
        if let Some(difference) = &change.difference {
            line.push_str(&self.say(&say!(" ({})", "（{}）", signed(difference))));
        }
        match change.movement {
            Some(Movement::Up) => line.push_str(&self.say(&say!(", up", "，升"))),
            Some(Movement::Down) => line.push_str(&self.say(&say!(", down", "，降"))),
            Some(Movement::Elsewhere) | None => {}
        }
        let because = because(&change.because);
        line.push_str(&self.say(&say!(": ", "：")));
        line.push_str(&self.say(&because));
        self.lines.push(line);
    }

    fn reading(&self, reading: &Reading) -> String {
        let figure = match &reading.figure {
            Figure::Missing => self.say(&say!("missing", "缺失")),
            Figure::Empty(code) => self.say(&say!("no value [{}]", "无值 [{}]", code.id())),
            Figure::Truth(true) => self.say(&say!("true", "是")),
            Figure::Truth(false) => self.say(&say!("false", "否")),
            Figure::Number { shown_rounded: true, .. } => format!("≈{}", reading.figure),
            figure => figure.to_string(),
        };
        if reading.provisional { figure + &self.say(&say!(" (provisional)", "（暂定）")) } else { figure }
    }

    /// Lines of a table: the first column to the left, the others to the right.
    fn table(&mut self, rows: &[Vec<String>]) {
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let wide = |text: &str| text.chars().map(width).sum::<usize>();
        let widths: Vec<usize> = (0..count)
            .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| wide(cell)).max().unwrap_or(0))
            .collect();
        for row in rows {
            let mut line = String::from(" ");
            for (at, (cell, most)) in row.iter().zip(&widths).enumerate() {
                let blank = " ".repeat(most.saturating_sub(wide(cell)));
                line.push_str(&if at == 0 { format!(" {cell}{blank}") } else { format!("  {blank}{cell}") });
            }
            self.lines.push(line.trim_end().to_owned());
        }
    }
}

fn is_told(column: &ColumnSummary) -> bool {
    column.changed > 0 || column.provisional != (0, 0) || column.empty != (0, 0)
}

fn because(because: &Because) -> Message {
    match because {
        Because::Parts(parts) => joined(&parts.iter().map(contribution).collect::<Vec<_>>()),
        Because::Facts => say!("the facts are not the same", "事实数据不同"),
        Because::Rule => say!("the rule itself, or a parameter in it", "规则本身或其中的参数有变"),
        Because::Read { columns, others, other_people } => {
            let mut told = Vec::new();
            if !columns.is_empty() {
                let names: Vec<String> = columns.iter().map(ToString::to_string).collect();
                told.push(Message::new(names.join(", "), names.join("、")));
            }
            if !others.is_empty() {
                let names: Vec<String> = others.iter().map(ToString::to_string).collect();
                let (en, zh) = (names.join(", "), names.join("、"));
                told.push(say!("{en} of others in the group", "同组他人的{zh}"));
            }
            if *other_people {
                told.push(say!("the people are not the same", "人员不同"));
            }
            joined(&told)
        }
    }
}

fn contribution(contribution: &Contribution) -> Message {
    let (Message { en, zh }, added) = (source_name(&contribution.source), signed(&contribution.difference()));
    match &contribution.weights {
        Some(weights) => {
            let (was, is) = (short(&weights.0), short(&weights.1));
            say!("{en} {added} (weight {was} → {is})", "{zh} {added}（权重 {was} → {is}）")
        }
        None => say!("{en} {added}", "{zh} {added}"),
    }
}

fn source_name(source: &Source) -> Message {
    match source {
        Source::Part(name) => Message::new(name.to_string(), name.to_string()),
        Source::Adjustment(name) => say!("adjustment {name}", "加减分项 {name}"),
        Source::Veto(name) => say!("veto {name}", "一票否决 {name}"),
        Source::Floor => say!("floor", "下限"),
        Source::Cap => say!("cap", "上限"),
        Source::Other => say!("other", "其他"),
        Source::Rounding => say!("rounding", "取位"),
    }
}

fn joined(list: &[Message]) -> Message {
    let en: Vec<&str> = list.iter().map(|each| &*each.en).collect();
    let zh: Vec<&str> = list.iter().map(|each| &*each.zh).collect();
    Message::new(en.join(", "), zh.join("，"))
}

/// A number to twelve decimals, marked when it has more.
fn short(number: &Number) -> String {
    if number.decimal_scale().is_some_and(|scale| scale <= UNROUNDED_PLACES) {
        return number.to_string();
    }
    format!("≈{}", number.round(UNROUNDED_PLACES.cast_signed(), RoundingMode::HalfUp))
}

/// The same with a sign in front.
fn signed(number: &Number) -> String {
    let text = short(number);
    match (number.sign() > 0, text.strip_prefix('≈')) {
        (false, _) => text,
        (true, Some(text)) => format!("≈+{text}"),
        (true, None) => format!("+{text}"),
    }
}
