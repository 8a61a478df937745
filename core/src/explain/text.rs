//! An explanation as text for a terminal: indented, columns aligned as a terminal shows them, no colours.

use std::collections::{HashMap, HashSet};

use super::rows::DetailRows;
use super::table::Table;
use super::{
    ColumnExplanation, ColumnRole, Explanation, Fact, Lost, ParameterRead, Part, Rounding, StepKind, number_text,
};
use crate::diagnostic::{Language, Message};
use crate::number::{Number, RoundingMode};
use crate::outcome::Figure;
use crate::plan::WhenMissing;
use crate::problem::Problem;
use crate::run::listed;
use kaohe_grammar::say;

/// Beyond this depth a tree goes on without further indentation.
const DEEPEST: usize = 12;

impl Explanation {
    /// The explanation as text: every figure above what it was computed from.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        let computed_rows =
            self.columns.iter().filter(|column| column.table.is_some() && column.role != ColumnRole::Input);
        let mut page = Page {
            language,
            details: &self.details,
            computed_rows: computed_rows.map(|column| &*column.name).collect(),
            told_tables: HashSet::new(),
            lines: Vec::new(),
            depth: 0,
        };
        page.head(self);
        let by_name: HashMap<&str, &ColumnExplanation> =
            self.columns.iter().map(|column| (&*column.name, column)).collect();
        let mut told: HashSet<&str> = HashSet::new();
        let mut waiting: Vec<(&str, usize)> = self.asked.iter().rev().map(|name| (&**name, 0)).collect();
        while let Some((name, depth)) = waiting.pop() {
            let Some(column) = by_name.get(name) else { continue };
            page.depth = depth.min(DEEPEST);
            if depth == 0 {
                page.lines.push(String::new());
            }
            // what a detail row brings stands in the table of what reads it
            if column.table.is_some() && column.role == ColumnRole::Input && column.problem.is_none() {
                continue;
            }
            if told.insert(name) {
                page.column(column);
                waiting.extend(column.children.iter().rev().map(|child| (&**child, depth + 1)));
            } else if column.role != ColumnRole::Input {
                page.again(column);
            }
        }
        page.lines.push(String::new());
        page.lines.join("\n")
    }
}

pub(super) struct Page<'e> {
    language: Language,
    pub(super) details: &'e [DetailRows],
    /// The columns that are computed for each detail row.
    pub(super) computed_rows: HashSet<&'e str>,
    /// The detail tables whose rows stand above already.
    pub(super) told_tables: HashSet<String>,
    lines: Vec<String>,
    depth: usize,
}

impl Page<'_> {
    pub(super) fn say(&self, message: &Message) -> String {
        self.language.of(message).to_owned()
    }

    pub(super) fn line(&mut self, text: &str) {
        let line = format!("{:indent$}{text}", "", indent = self.depth * 2);
        self.lines.push(line.trim_end().to_owned());
    }

    pub(super) fn note(&mut self, message: &Message) {
        let text = format!("  - {}", self.say(message));
        self.line(&text);
    }

    fn head(&mut self, explanation: &Explanation) {
        let mut head = explanation.scheme.to_string();
        if let Some(edition) = &explanation.edition {
            head.push(' ');
            head.push_str(edition);
        }
        if let Some(day) = explanation.as_of {
            head.push_str(&self.say(&say!(", as of {day}", "，截至 {day}")));
        }
        self.line(&head);
        if let Some((name, figure)) = &explanation.key {
            let value = self.figure(figure);
            self.line(&format!("{name} {value}"));
        }
        for (name, figure) in &explanation.given {
            let value = self.figure(figure);
            let text = self.say(&say!("given {name} {value}", "运行值 {name} {value}"));
            self.line(&text);
        }
        let fingerprint = &explanation.fingerprint;
        let text = self.say(&say!("fingerprint {fingerprint}", "方案指纹 {fingerprint}"));
        self.line(&text);
    }

    pub(super) fn figure(&self, figure: &Figure) -> String {
        match figure {
            Figure::Missing => self.say(&say!("missing", "缺失")),
            Figure::Empty(_) => self.say(&say!("no value", "无值")),
            Figure::Truth(true) => self.say(&say!("true", "是")),
            Figure::Truth(false) => self.say(&say!("false", "否")),
            Figure::Number { shown_rounded: true, .. } => format!("≈{figure}"),
            other => other.to_string(),
        }
    }

    /// The column's name and figure.
    fn title(&self, column: &ColumnExplanation) -> String {
        let mut title = column.name.to_string();
        if let Some(label) = column.label.as_ref().map(|label| self.language.of(label))
            && *label != *column.name
        {
            title.push_str(&self.say(&say!(" ({label})", "（{label}）")));
        }
        if column.table.is_some() {
            return title;
        }
        title.push(' ');
        title.push_str(&self.figure(&column.figure));
        if let (Some(unit), Figure::Number { .. }) = (&column.unit, &column.figure) {
            title.push(' ');
            title.push_str(unit);
        }
        title
    }

    fn again(&mut self, column: &ColumnExplanation) {
        let title = self.title(column);
        let text = self.say(&say!("{title} (see above)", "{title}（见上）"));
        self.line(&text);
    }

    fn column(&mut self, column: &ColumnExplanation) {
        let mut notes: Vec<String> = Vec::new();
        if column.role == ColumnRole::Input && column.steps.is_empty() && column.problem.is_none() {
            notes.push(self.say(&say!("given", "给定")));
        }
        if let Some(table) = &column.table {
            notes.push(self.say(&say!("of each row of {table}", "{table} 逐行计算")));
            notes.extend(column.unit.clone());
        }
        if column.role == ColumnRole::Grade && column.name.ends_with(".seated") {
            notes.push(self.say(&say!("before shifts, movement and vetoes", "未计加减档、升降限制与否决")));
        }
        if column.role == ColumnRole::Grade && column.name.ends_with(".calculated") {
            notes.push(self.say(&say!("before decisions", "未计个别决定")));
        }
        if let Some(percent) = &column.percent {
            notes.push(percent.clone());
        }
        if let Some(full) = &column.full {
            let full = number_text::told(full);
            notes.push(self.say(&say!("full marks {full}", "满分 {full}")));
        }
        let mut title = self.title(column);
        if !notes.is_empty() {
            let notes = notes.join(&self.say(&say!(", ", "，")));
            title.push_str(&self.say(&say!(" ({notes})", "（{notes}）")));
        }
        self.line(&title);
        self.body(column);
    }

    fn body(&mut self, column: &ColumnExplanation) {
        if let Some(source) = &column.source {
            self.note(&say!("source: {source}", "依据：{source}"));
        }
        for read in &column.parameters {
            self.note(&parameter_told(read));
        }
        self.formula(column);
        self.rows(column);
        self.cells(column);
        self.parts(column);
        for step in &column.steps {
            let told_above = step.kind == StepKind::Parts && !column.parts.is_empty();
            if !told_above && !step.is_full_answer() {
                self.note(&step.told);
            }
            if let (StepKind::Seats, Some(seating)) = (step.kind, &column.seats) {
                self.seats(seating);
            }
        }
        if let Some(rounding) = &column.rounding
            && !rounding.difference.is_zero()
        {
            self.note(&rounding_told(rounding));
        }
        self.lost(&column.lost);
        if let Some(problem) = &column.problem {
            self.note(&problem_told(problem));
        }
        if !column.provisional.is_empty() {
            let quoted: Vec<String> = column.provisional.iter().map(|key| format!("`{key}`")).collect();
            let Message { en, zh } = listed(&quoted);
            self.note(&say!(
                "provisional: left out of the group, and could still change this: {en}",
                "暂定：以下人员未计入所在组，补全后结果可能改变：{zh}"
            ));
        }
    }

    fn formula(&mut self, column: &ColumnExplanation) {
        let Some(formula) = &column.formula else { return };
        let mut text = formula.clone();
        if column.formula_value.as_ref().map(fact_text).as_ref() == Some(formula) {
            return; // a bare constant says nothing the figure does not say
        }
        if let Some(substituted) = column.substituted.as_ref().filter(|substituted| *substituted != formula) {
            text = format!("{text} = {substituted}");
        }
        let value = column.formula_value.as_ref().map(fact_text);
        if let Some(value) = value.filter(|value| !text.ends_with(&format!("= {value}")) && text != *value) {
            text = format!("{text} = {value}");
        }
        self.line(&format!("  - {text}"));
    }

    // -- totals --

    fn parts(&mut self, column: &ColumnExplanation) {
        if column.parts.is_empty() {
            return;
        }
        let weighted = column.parts.iter().any(|part| part.weight.is_some());
        let moved = column.parts.iter().any(|part| part.missing == Some(WhenMissing::Redistribute));
        let rescaled = column.parts.iter().any(|part| match (&part.score, &part.figure) {
            (Some(score), Figure::Number { value, .. }) => *score != Number::from_decimal(*value),
            _ => false,
        });
        let mut table = Table::default();
        table.head(self.say(&say!("part", "项目")));
        table.head(self.say(&say!("score", "得分")));
        if rescaled {
            table.head(self.say(&say!("counts as", "折算得分")));
        }
        table.head(self.say(&say!("full marks", "满分")));
        if weighted {
            table.head(self.say(&say!("weight", "权重")));
        }
        if weighted && moved {
            table.head(self.say(&say!("weight that counts", "实际权重")));
        }
        if weighted || moved {
            table.head(self.say(&say!("contribution", "折合")));
        }
        table.head(self.say(&say!("lost", "失分")));
        for part in &column.parts {
            let mut row = vec![part.column.to_string(), self.score(part)];
            let number = |number: &Option<Number>| number.as_ref().map(number_text::told).unwrap_or_default();
            if rescaled {
                row.push(number(&part.score));
            }
            row.push(number(&part.full));
            if weighted {
                row.push(number(&part.weight));
            }
            if weighted && moved {
                row.push(number(&part.effective_weight));
            }
            if weighted || moved {
                row.push(number(&part.contribution));
            }
            row.push(number(&part.lost));
            table.row(row);
        }
        let total = column.steps.iter().find(|step| step.kind == StepKind::Parts);
        let value = total.and_then(|step| step.facts.iter().find(|(name, _)| *name == "value"));
        if let Some((_, Fact::Number(value))) = value {
            let mut row = vec![String::new(); table.columns()];
            if let Some(first) = row.first_mut() {
                *first = self.say(&say!("together", "合计"));
            }
            let at = if weighted || moved { table.columns().saturating_sub(2) } else { 1 };
            if let Some(cell) = row.get_mut(at) {
                *cell = number_text::told(value);
            }
            let all = |number: fn(&Part) -> Option<&Number>| {
                let each: Option<Vec<_>> = column.parts.iter().map(number).collect();
                each.map(|each| number_text::told(&each.into_iter().fold(Number::ZERO, |sum, one| sum.add(one))))
            };
            // what the contributions are divided by, or what the points are out of
            let whole = if weighted { all(|part| part.weight.as_ref()) } else { all(|part| part.full.as_ref()) };
            let at = 2 + usize::from(rescaled) + usize::from(weighted);
            if let (Some(cell), Some(whole)) = (row.get_mut(at), whole) {
                *cell = whole;
            }
            table.row(row);
        }
        let rule = match (weighted, moved) {
            (true, false) => Some(say!("contribution = score × weight ÷ all weights", "折合 = 得分 × 权重 ÷ 权重合计")),
            (true, true) => Some(say!(
                "contribution = score × weight that counts ÷ all weights; the weight of what is missing goes to the others",
                "折合 = 得分 × 实际权重 ÷ 权重合计；缺项的权重按比例分给其余各项"
            )),
            (false, true) => Some(say!(
                "contribution = score × all full marks ÷ full marks of what is there",
                "折合 = 得分 × 满分合计 ÷ 有得分各项的满分合计"
            )),
            (false, false) => None,
        };
        if rescaled {
            self.note(&say!(
                "counts as = score × full marks here ÷ the part's own full marks",
                "折算得分 = 得分 × 此处满分 ÷ 该项自身满分"
            ));
        }
        if let Some(rule) = rule {
            self.note(&rule);
        }
        for line in table.lines() {
            self.line(&format!("    {line}"));
        }
    }

    fn score(&self, part: &Part) -> String {
        let counted = part.score.as_ref().map(number_text::told).unwrap_or_default();
        match part.missing {
            None => self.figure(&part.figure),
            Some(WhenMissing::Zero | WhenMissing::Full) => self.say(&say!("missing, {counted}", "缺失，计 {counted}")),
            Some(WhenMissing::Redistribute | WhenMissing::Error) => self.say(&say!("missing", "缺失")),
        }
    }

    fn lost(&mut self, lost: &[Lost]) {
        if lost.is_empty() {
            return;
        }
        let scaled = lost.iter().any(|each| each.effect != each.points);
        let each: Vec<String> = lost
            .iter()
            .map(|each| {
                let (name, full) = (&each.column, number_text::told(&each.full));
                let points = number_text::fixed(&each.points, each.places);
                let effect = number_text::told(&each.effect);
                self.say(&if scaled {
                    say!("{name} {points} of {full} (costs {effect})", "{name} {points}（满分 {full}，折合 {effect}）")
                } else {
                    say!("{name} {points} of {full}", "{name} {points}（满分 {full}）")
                })
            })
            .collect();
        let list = each.join(&self.say(&say!(", ", "、")));
        self.note(&say!("points lost, largest first: {list}", "失分，从大到小：{list}"));
    }
}

/// A value as a formula holds it, the same in both languages.
pub(super) fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Missing => "missing".to_owned(),
        Fact::Number(number) => number_text::result(number),
        Fact::Truth(truth) => truth.to_string(),
        Fact::Text(text) => text.clone(),
    }
}

fn parameter_told(read: &ParameterRead) -> Message {
    let (name, value) = (&read.name, fact_text(&read.value));
    if read.given {
        return say!("given {name} = {value}", "运行值 {name} = {value}");
    }
    let from = read.from.map(|day| (format!("from {day}"), format!("{day} 起")));
    let (mut en, mut zh): (Vec<String>, Vec<String>) = from.into_iter().unzip();
    if let Some(source) = &read.source {
        en.push(source.to_string());
        zh.push(source.to_string());
    }
    if en.is_empty() {
        return say!("parameter {name} = {value}", "参数 {name} = {value}");
    }
    let (en, zh) = (en.join(", "), zh.join("，"));
    say!("parameter {name} = {value} ({en})", "参数 {name} = {value}（{zh}）")
}

fn rounding_told(rounding: &Rounding) -> Message {
    let Rounding { exact, places, mode, rounded, difference } = rounding;
    let (from, to) = (number_text::result(exact), number_text::fixed(rounded, u32::try_from(*places).ok()));
    let by = number_text::signed(difference);
    let (en, zh) = mode_told(*mode);
    say!(
        "rounded to {places} decimals, {en}: {from} → {to} ({by})",
        "保留 {places} 位小数，{zh}：{from} → {to}（{by}）"
    )
}

const fn mode_told(mode: RoundingMode) -> (&'static str, &'static str) {
    match mode {
        RoundingMode::HalfUp => ("half up", "四舍五入"),
        RoundingMode::HalfEven => ("half to even", "四舍六入五成双"),
        RoundingMode::Up => ("away from zero", "进一法"),
        RoundingMode::Down => ("towards zero", "去尾法"),
        RoundingMode::Floor => ("down", "向下舍"),
        RoundingMode::Ceil => ("up", "向上入"),
    }
}

fn problem_told(problem: &Problem) -> Message {
    let (code, Message { en, zh }) = (problem.code.id(), &problem.message);
    match (&problem.blocked_by, &problem.location) {
        (Some(by), _) => say!("no value, because `{by}` has none [{code}]", "无值：因 `{by}` 没有值 [{code}]"),
        (None, Some(place)) => {
            let (line, column) = (place.line, place.column);
            say!(
                "no value: {en} [{code}], line {line}, column {column} of the scheme",
                "无值：{zh} [{code}]，方案第 {line} 行第 {column} 列"
            )
        }
        (None, None) => say!("no value: {en} [{code}]", "无值：{zh} [{code}]"),
    }
}
