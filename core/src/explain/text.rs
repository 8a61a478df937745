//! What an explanation tells, line by line, and its writers for people: text, Markdown, HTML.

use std::collections::{HashMap, HashSet};

use super::rows::DetailRows;
use super::{
    ColumnExplanation, ColumnRole, Explanation, Fact, Lost, ParameterRead, Part, Rounding, StepKind, number_text,
};
use crate::diagnostic::{Language, Message};
use crate::number::{Number, RoundingMode};
use crate::outcome::Figure;
use crate::page::{self, Block, DEEPEST, Pair, Table, Tone};
use crate::plan::WhenMissing;
use crate::problem::Problem;
use crate::run::listed;
use kaohe_grammar::say;

impl Explanation {
    /// The explanation as text: every figure above what it was computed from.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        self.page(language).to_text()
    }

    /// The explanation as Markdown, as GitHub reads it. Whatever stands in names and cells is text there, never a mark.
    #[must_use]
    pub fn to_markdown(&self, language: Language) -> String {
        self.page(language).to_markdown()
    }

    /// The explanation as a web page that needs nothing else: no script, no other file. Whatever stands in names and cells
    /// is escaped.
    #[must_use]
    pub fn to_html(&self, language: Language) -> String {
        self.page(language).to_html()
    }

    /// What all of these write.
    fn page(&self, language: Language) -> page::Page {
        let computed_rows =
            self.columns.iter().filter(|column| column.table.is_some() && column.role != ColumnRole::Input);
        let mut page = Sheet {
            language,
            details: &self.details,
            computed_rows: computed_rows.map(|column| &*column.name).collect(),
            told_tables: HashSet::new(),
            blocks: Vec::new(),
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
                page.blocks.push(Block::Gap);
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
        let key = self.key.iter().map(|(name, figure)| format!("{name} {}", page.figure(figure)));
        let name = std::iter::once(self.scheme.to_string()).chain(key).collect::<Vec<_>>().join(" ");
        page::Page { language, name, blocks: page.blocks }
    }
}

/// Tells an explanation in one language.
pub(super) struct Sheet<'e> {
    pub(super) language: Language,
    pub(super) details: &'e [DetailRows],
    /// The columns that are computed for each detail row.
    pub(super) computed_rows: HashSet<&'e str>,
    /// The detail tables whose rows stand above already.
    pub(super) told_tables: HashSet<String>,
    blocks: Vec<Block>,
    depth: usize,
}

impl Sheet<'_> {
    pub(super) fn say(&self, message: &Message) -> String {
        self.language.of(message).to_owned()
    }

    pub(super) fn note(&mut self, message: &Message) {
        self.toned(Tone::Plain, message);
    }

    fn toned(&mut self, tone: Tone, message: &Message) {
        let text = self.say(message);
        self.blocks.push(Block::Note(self.depth, tone, text));
    }

    pub(super) fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(Some(self.depth), table));
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
        self.blocks.push(Block::Title(head));
        let mut pairs = Vec::new();
        if let Some((name, figure)) = &explanation.key {
            pairs.push(Pair::new(&**name, self.figure(figure)));
        }
        for (name, figure) in &explanation.given {
            pairs.push(Pair::new(self.say(&say!("given {name}", "运行值 {name}")), self.figure(figure)));
        }
        pairs.push(Pair::new(self.say(&say!("fingerprint", "方案指纹")), &explanation.fingerprint));
        self.blocks.push(Block::Pairs(pairs));
    }

    pub(super) fn figure(&self, figure: &Figure) -> String {
        figure_text(figure, self.language)
    }

    /// The column's name and figure.
    fn title(&self, column: &ColumnExplanation) -> page::Figure {
        let mut title = page::Figure { name: column.name.to_string(), ..page::Figure::default() };
        let label = column.label.as_ref().map(|label| self.language.of(label));
        title.label = label.filter(|label| **label != *column.name).map(str::to_owned);
        if column.table.is_none() {
            title.value = Some(self.figure(&column.figure));
            title.unit = column.unit.clone().filter(|_| matches!(column.figure, Figure::Number { .. }));
        }
        title
    }

    fn again(&mut self, column: &ColumnExplanation) {
        let title = page::Figure { again: true, ..self.title(column) };
        self.blocks.push(Block::Figure(self.depth, title));
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
        let title = page::Figure { notes, ..self.title(column) };
        self.blocks.push(Block::Figure(self.depth, title));
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
            self.toned(Tone::Warning, &problem_told(problem));
        }
        if !column.provisional.is_empty() {
            let quoted: Vec<String> = column.provisional.iter().map(|key| format!("`{key}`")).collect();
            let Message { en, zh } = listed(&quoted);
            self.toned(
                Tone::Warning,
                &say!(
                    "provisional: left out of the group, and could still change this: {en}",
                    "暂定：以下人员未计入所在组，补全后结果可能改变：{zh}"
                ),
            );
        }
    }

    fn formula(&mut self, column: &ColumnExplanation) {
        if let Some(text) = formula_text(column) {
            self.blocks.push(Block::Note(self.depth, Tone::Formula, text));
        }
    }

    // -- totals --

    fn parts(&mut self, column: &ColumnExplanation) {
        if column.parts.is_empty() {
            return;
        }
        let weighted = column.parts.iter().any(|part| part.weight.is_some());
        let moved = column.parts.iter().any(|part| part.missing == Some(WhenMissing::Redistribute));
        let rescaled = column.parts.iter().any(is_rescaled);
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
            let mut row = vec![part.column.to_string(), score_text(part, self.language)];
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
        if rescaled {
            self.note(&rescaled_told());
        }
        if let Some(rule) = contribution_told(weighted, moved) {
            self.note(&rule);
        }
        self.table(table);
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

/// A figure in words.
pub(crate) fn figure_text(figure: &Figure, language: Language) -> String {
    let say = |message: Message| language.of(&message).to_owned();
    match figure {
        Figure::Missing => say(say!("missing", "缺失")),
        Figure::Empty(_) => say(say!("no value", "无值")),
        Figure::Truth(true) => say(say!("true", "是")),
        Figure::Truth(false) => say(say!("false", "否")),
        Figure::Number { shown_rounded: true, .. } => format!("≈{figure}"),
        other => other.to_string(),
    }
}

/// The score of a part as people read it, or what its absence counts as.
pub(crate) fn score_text(part: &Part, language: Language) -> String {
    let counted = part.score.as_ref().map(number_text::told).unwrap_or_default();
    let told = match part.missing {
        None => return figure_text(&part.figure, language),
        Some(WhenMissing::Zero | WhenMissing::Full) => say!("missing, {counted}", "缺失，计 {counted}"),
        Some(WhenMissing::Redistribute | WhenMissing::Error) => say!("missing", "缺失"),
    };
    language.of(&told).to_owned()
}

/// How what a part brings follows from its score; nothing where it is the score.
pub(crate) fn contribution_told(weighted: bool, moved: bool) -> Option<Message> {
    match (weighted, moved) {
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
    }
}

/// How a score is counted that its total has on another scale.
pub(crate) fn rescaled_told() -> Message {
    say!("counts as = score × full marks here ÷ the part's own full marks", "折算得分 = 得分 × 此处满分 ÷ 该项自身满分")
}

/// Whether a part counts with another score than it has.
pub(crate) fn is_rescaled(part: &Part) -> bool {
    match (&part.score, &part.figure) {
        (Some(score), Figure::Number { value, .. }) => *score != Number::from_decimal(*value),
        _ => false,
    }
}

/// The formula as written, with the values put in, and what that came to; nothing where the figure says it all.
pub(crate) fn formula_text(column: &ColumnExplanation) -> Option<String> {
    let formula = column.formula.as_ref()?;
    let mut text = formula.clone();
    if column.formula_value.as_ref().map(fact_text).as_ref() == Some(formula) {
        return None; // a bare constant says nothing the figure does not say
    }
    if let Some(substituted) = column.substituted.as_ref().filter(|substituted| *substituted != formula) {
        text = format!("{text} = {substituted}");
    }
    let value = column.formula_value.as_ref().map(fact_text);
    if let Some(value) = value.filter(|value| !text.ends_with(&format!("= {value}")) && text != *value) {
        text = format!("{text} = {value}");
    }
    Some(text)
}

/// A value as a formula holds it, the same in both languages.
pub(crate) fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Missing => "missing".to_owned(),
        Fact::Number(number) => number_text::result(number),
        Fact::Truth(truth) => truth.to_string(),
        Fact::Text(text) => text.clone(),
    }
}

pub(crate) fn parameter_told(read: &ParameterRead) -> Message {
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

pub(crate) fn rounding_told(rounding: &Rounding) -> Message {
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

pub(crate) fn problem_told(problem: &Problem) -> Message {
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
