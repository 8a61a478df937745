//! The report of a team as a page: grades, figures together, the order of people, what could not be computed.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::sections::{PROVISIONAL, Writer, percent, provisional_told, rounded_told, shown};
use super::{ColumnNumbers, Distribution, Team, TeamReport};
use crate::code::Code;
use crate::compare::Standing;
use crate::diagnostic::Language;
use crate::explain::text::figure_text;
use crate::explain::{ColumnRole, number_text};
use crate::number::Number;
use crate::outcome::Figure;
use crate::page::{Block, Stress};
use crate::page::{Cell, Mark, Page, Row, Table, Tone, bar};

/// The decimals of a mean at least, and of one of a column that is not rounded.
const LEAST_PLACES: u32 = 2;
const UNROUNDED: u32 = 4;

impl TeamReport {
    /// The report as a page.
    pub(super) fn page(&self, language: Language) -> Page {
        let mut sheet = Sheet { report: self, writer: Writer::new(language) };
        sheet.write();
        let what = language.of(&say!("team report", "团队考核报告")).to_owned();
        Page { language, name: format!("{} {what}", self.rules.scheme), blocks: sheet.writer.blocks }
    }
}

struct Sheet<'r> {
    report: &'r TeamReport,
    writer: Writer,
}

/// A list of columns that belong together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scores,
    Indicators,
    Pay,
}

impl Kind {
    const fn of(role: ColumnRole) -> Self {
        match role {
            ColumnRole::Pay => Self::Pay,
            ColumnRole::Total | ColumnRole::Item | ColumnRole::Adjustment => Self::Scores,
            _ => Self::Indicators,
        }
    }
}

impl Sheet<'_> {
    fn say(&self, message: &Message) -> String {
        self.writer.say(message)
    }

    fn write(&mut self) {
        let report = self.report;
        self.writer.head(&report.rules, &say!("team report", "团队考核报告"));
        self.marks(&report.everybody);
        self.doubts();
        self.teams_beside_each_other();
        let all = &report.everybody;
        let of_all = !report.teams.is_empty();
        self.distributions(all, of_all);
        for (kind, what) in [
            (Kind::Scores, say!("scores", "得分")),
            (Kind::Indicators, say!("computed indicators", "计算指标")),
            (Kind::Pay, say!("pay", "薪酬")),
        ] {
            let table = self.numbers(all, kind);
            if !table.rows.is_empty() {
                let Message { en, zh } = what;
                let heading = match of_all {
                    true => say!("{en}, everybody", "{zh}（全体）"),
                    false => Message::new(en, zh),
                };
                self.writer.heading(&heading);
                self.writer.table(table);
            }
        }
        match report.teams.is_empty() {
            true => {
                self.writer.heading(&say!("people by place", "人员排名"));
                self.ranking(all);
            }
            false => report.teams.iter().for_each(|team| self.team(team)),
        }
        self.problems();
        let mut marks = vec![
            say!(
                "figures of the team are computed exactly from people's published figures; here means and medians are rounded half up to the decimals of their column (at least {LEAST_PLACES}; {UNROUNDED} where it is not rounded), shares to 0.01%",
                "团队数据由个人公布的结果精确计算；此处均值与中位数四舍五入到该列的小数位（至少 {LEAST_PLACES} 位，未舍入的列 {UNROUNDED} 位），占比到 0.01%"
            ),
            rounded_told(),
        ];
        let provisional = |each: &super::RowProblems| each.problems.iter().any(|one| one.code == Code::Provisional);
        if report.problems.iter().any(provisional) {
            marks.push(provisional_told());
        }
        self.writer.foot(&report.rules, marks);
    }

    // -- together --

    fn marks(&mut self, team: &Team) {
        let people = |count: u32, name: Message, tone| Mark {
            name: self.say(&name),
            value: count.to_string(),
            of: self.say(&say!("people", "人")),
            tone,
        };
        let mut marks = vec![people(team.people, say!("people", "人数"), Tone::Plain)];
        if let Some(numbers) = self.total_of(team) {
            let name = &numbers.column;
            for (what, number) in [
                (say!("mean {name}", "{name}均值"), mean(numbers)),
                (say!("largest {name}", "{name}最高"), one(numbers, numbers.largest.as_ref())),
                (say!("smallest {name}", "{name}最低"), one(numbers, numbers.smallest.as_ref())),
            ] {
                let tone = if numbers.provisional > 0 { Tone::Warning } else { Tone::Plain };
                marks.push(Mark { name: self.say(&what), value: number, of: String::new(), tone });
            }
        }
        if team.incomplete > 0 {
            marks.push(people(team.incomplete, say!("incomplete", "结果不完整"), Tone::Warning));
        }
        self.writer.blocks.push(Block::Marks(marks));
    }

    fn total_of<'t>(&self, team: &'t Team) -> Option<&'t ColumnNumbers> {
        let total = self.report.total.as_ref()?;
        team.columns.iter().find(|numbers| numbers.column == *total)
    }

    fn doubts(&mut self) {
        let report = self.report;
        if report.everybody.incomplete > 0 {
            let count = report.everybody.incomplete;
            self.writer.paragraph(
                Tone::Warning,
                &say!(
                    "{count} people have figures that could not be computed or are provisional; they are named at the end",
                    "有 {count} 人的部分结果未能计算或为暂定值，名单见文末"
                ),
            );
        }
        if let (Some(by), false) = (&report.by, report.teamless.is_empty()) {
            let quoted: Vec<String> = report.teamless.iter().map(|key| format!("`{key}`")).collect();
            let Message { en, zh } = crate::run::listed(&quoted);
            self.writer.paragraph(
                Tone::Warning,
                &say!("in no team, as `{by}` has no value: {en}", "`{by}` 无值，未归入任何团队：{zh}"),
            );
        }
        for note in &report.notes {
            self.writer.paragraph(Tone::Quiet, &note.message);
        }
    }

    fn distributions(&mut self, team: &Team, of_all: bool) {
        for distribution in &team.distributions {
            let name = &distribution.column;
            self.writer.heading(&match of_all {
                true => say!("{name}, everybody", "{name}分布（全体）"),
                false => say!("{name}: distribution", "{name}分布"),
            });
            self.distribution(distribution);
        }
    }

    fn distribution(&mut self, distribution: &Distribution) {
        let mut table = Table::default();
        table.head(self.say(&say!("grade", "等级")));
        table.head(self.say(&say!("people", "人数")));
        table.head(self.say(&say!("share", "占比")));
        table.text(String::new());
        for grade in &distribution.grades {
            table.rows.push(Row::of([
                Cell::from(self.standing(&grade.standing)),
                Cell::from(grade.count.to_string()),
                Cell::from(percent(&grade.share)),
                Cell::bar(bar(&grade.share, &Number::ONE)),
            ]));
        }
        self.writer.table(table);
    }

    fn standing(&self, standing: &Standing) -> String {
        match standing {
            Standing::Word(word) => word.to_string(),
            Standing::None => self.say(&say!("none", "无")),
            Standing::Empty => self.say(&say!("no value", "无值")),
        }
    }

    fn numbers(&self, team: &Team, kind: Kind) -> Table {
        let columns: Vec<&ColumnNumbers> =
            team.columns.iter().filter(|numbers| Kind::of(numbers.role) == kind).collect();
        let lacking = columns.iter().any(|numbers| numbers.empty > 0);
        let mut table = Table::default();
        table.head(self.say(&say!("column", "项目")));
        table.head(self.say(&say!("people", "人数")));
        if lacking {
            table.head(self.say(&say!("without", "无值")));
        }
        if kind == Kind::Pay {
            table.head(self.say(&say!("sum", "合计")));
        }
        table.head(self.say(&say!("mean", "均值")));
        table.head(self.say(&say!("median", "中位数")));
        table.head(self.say(&say!("largest", "最高")));
        table.head(self.say(&say!("smallest", "最低")));
        for numbers in columns {
            let mut row = vec![self.name(numbers), numbers.counted.to_string()];
            if lacking {
                row.push(if numbers.empty > 0 { numbers.empty.to_string() } else { String::new() });
            }
            if kind == Kind::Pay {
                row.push(one(numbers, Some(&numbers.sum)));
            }
            row.extend([mean(numbers), spread(numbers, numbers.median.as_ref())]);
            row.extend([&numbers.largest, &numbers.smallest].map(|number| one(numbers, number.as_ref())));
            let mut row = Row::of(row.into_iter().map(Cell::from));
            if numbers.role == ColumnRole::Total {
                row.stress = Stress::Strong;
            }
            table.rows.push(row);
        }
        table
    }

    fn name(&self, numbers: &ColumnNumbers) -> String {
        let name = &numbers.column;
        let label = numbers.label.as_ref().map(|label| self.writer.language.of(label));
        let name = match label.filter(|label| **label != **name) {
            Some(label) => self.say(&say!("{name} ({label})", "{name}（{label}）")),
            None => name.to_string(),
        };
        if numbers.provisional > 0 { format!("{name}{PROVISIONAL}") } else { name }
    }

    // -- teams --

    /// The teams in a table: the total, the first grading, pay.
    fn teams_beside_each_other(&mut self) {
        let report = self.report;
        let (Some(by), Some(first)) = (&report.by, report.teams.first()) else { return };
        self.writer.heading(&say!("by {by}", "按{by}"));
        let mut table = Table::default();
        table.head(by.to_string());
        table.head(self.say(&say!("people", "人数")));
        if let Some(total) = &report.total {
            table.head(self.say(&say!("mean {total}", "{total}均值")));
            table.head(self.say(&say!("largest", "最高")));
            table.head(self.say(&say!("smallest", "最低")));
        }
        let grades: Vec<Standing> = first
            .distributions
            .first()
            .into_iter()
            .flat_map(|each| &each.grades)
            .map(|grade| grade.standing.clone())
            .collect();
        for grade in &grades {
            table.head(self.standing(grade));
        }
        let pay: Vec<Arc<str>> = first
            .columns
            .iter()
            .filter(|numbers| Kind::of(numbers.role) == Kind::Pay)
            .map(|numbers| Arc::clone(&numbers.column))
            .collect();
        let pay = pay.last();
        if let Some(pay) = pay {
            table.head(self.say(&say!("sum of {pay}", "{pay}合计")));
        }
        let all = std::iter::once(&report.everybody);
        for team in report.teams.iter().chain(all) {
            let mut row = vec![self.team_name(team), team.people.to_string()];
            if let Some(numbers) = self.total_of(team) {
                row.push(mean(numbers));
                row.extend([&numbers.largest, &numbers.smallest].map(|number| one(numbers, number.as_ref())));
            }
            let counts = team.distributions.first().into_iter().flat_map(|each| &each.grades);
            row.extend(counts.map(|grade| grade.count.to_string()));
            if let Some(numbers) = pay.and_then(|pay| team.columns.iter().find(|numbers| numbers.column == *pay)) {
                row.push(one(numbers, Some(&numbers.sum)));
            }
            let row = Row::of(row.into_iter().map(Cell::from));
            table.rows.push(if team.name.is_none() { row.strong() } else { row });
        }
        self.writer.table(table);
    }

    fn team_name(&self, team: &Team) -> String {
        match &team.name {
            None => self.say(&say!("everybody", "全体")),
            Some(Figure::Missing) => self.say(&say!("(not filled in)", "（未填写）")),
            Some(figure) => figure_text(figure, self.writer.language),
        }
    }

    fn team(&mut self, team: &Team) {
        let (name, people) = (self.team_name(team), team.people);
        self.writer.heading(&say!("{name}: {people} people", "{name}：{people} 人"));
        for distribution in &team.distributions {
            self.writer.subheading(distribution.column.to_string());
            self.distribution(distribution);
        }
        for (kind, what) in [(Kind::Scores, say!("scores", "得分")), (Kind::Pay, say!("pay", "薪酬"))] {
            let table = self.numbers(team, kind);
            if !table.rows.is_empty() {
                let what = self.say(&what);
                self.writer.subheading(what);
                self.writer.table(table);
            }
        }
        let what = self.say(&say!("people by place", "人员排名"));
        self.writer.subheading(what);
        self.ranking(team);
    }

    fn ranking(&mut self, team: &Team) {
        let report = self.report;
        let mut table = Table::default();
        if let Some((first, more)) = report.who.split_first() {
            table.text(first.to_string());
            more.iter().for_each(|name| table.text(name.to_string()));
        } else {
            table.text(self.say(&say!("row", "行")));
        }
        if let Some(total) = &report.total {
            if team.name.is_some() {
                table.head(self.say(&say!("place here", "组内名次")));
            }
            table.head(self.say(&say!("place", "名次")));
            table.head(total.to_string());
        }
        report.gradings.iter().for_each(|grading| table.text(grading.to_string()));
        let place = |place: Option<u32>| place.map_or_else(|| "—".to_owned(), |place| place.to_string());
        for ranked in &team.ranking {
            let mut row: Vec<String> = ranked.who.iter().map(|figure| figure.to_string()).collect();
            if row.is_empty() {
                row.push(ranked.key.clone());
            }
            if let Some(total) = &ranked.total {
                if team.name.is_some() {
                    row.push(place(ranked.place_in_team));
                }
                row.push(place(ranked.place));
                let mark = if ranked.provisional { PROVISIONAL } else { "" };
                row.push(format!("{}{mark}", figure_text(total, self.writer.language)));
            }
            row.extend(ranked.gradings.iter().map(|grade| self.standing(&Standing::of(grade))));
            table.row(row);
        }
        self.writer.table(table);
    }

    // -- what lacks --

    fn problems(&mut self) {
        let report = self.report;
        if report.problems.is_empty() {
            return;
        }
        self.writer.heading(&say!("not computed, or provisional", "未能计算与暂定的项目"));
        let mut table = Table::default();
        let key = report.who.first().map_or_else(|| self.say(&say!("row", "行")), ToString::to_string);
        table.head(key);
        table.text(self.say(&say!("column", "项目")));
        table.text(self.say(&say!("why", "原因")));
        table.text(self.say(&say!("code", "代码")));
        for each in &report.problems {
            let blocked = each.problems.iter().filter(|problem| problem.blocked_by.is_some()).count();
            let told: Vec<_> = each.problems.iter().filter(|problem| problem.blocked_by.is_none()).collect();
            for (at, problem) in told.iter().enumerate() {
                let mut why = Cell::from(self.say(&problem.message));
                if at == 0 && blocked > 0 {
                    why.more.push(self.say(&say!("{blocked} more figures wait for it", "另有 {blocked} 项因此无值")));
                }
                let key = if at == 0 { each.key.clone() } else { String::new() };
                let cells =
                    [Cell::from(key), problem.column.to_string().into(), why, problem.code.id().to_owned().into()];
                table.rows.push(Row::of(cells));
            }
        }
        self.writer.table(table);
    }
}

/// A mean or median as people are shown it.
fn spread(numbers: &ColumnNumbers, number: Option<&Number>) -> String {
    let Some(number) = number else { return "—".to_owned() };
    if numbers.show.percent {
        return percent(number);
    }
    shown(number, numbers.places.unwrap_or(UNROUNDED).max(LEAST_PLACES))
}

fn mean(numbers: &ColumnNumbers) -> String {
    spread(numbers, numbers.mean.as_ref())
}

/// A figure of one person, or a sum of such, as people are shown it.
fn one(numbers: &ColumnNumbers, number: Option<&Number>) -> String {
    match number {
        None => "—".to_owned(),
        Some(number) if numbers.show.percent => percent(number),
        Some(number) => number_text::fixed(number, numbers.places),
    }
}
