//! The report of a team as a page: grades, figures together, the order of people, what could not be computed.

use std::collections::HashSet;
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
use crate::page::{Block, Cell, Mark, Page, Row, Stress, Table, Tone, bar};
use crate::problem::Problem;

/// The decimals of a mean at least, and of one of a column that is not rounded.
const LEAST_PLACES: u32 = 2;
const UNROUNDED: u32 = 4;

impl TeamReport {
    /// The report as a page.
    pub(super) fn page(&self, language: Language) -> Page {
        let mut sheet = Sheet { report: self, writer: Writer::new(language) };
        sheet.write();
        let what = language.of(&say!("Team report", "团队考核报告")).to_owned();
        Page { language, name: format!("{} – {what}", self.rules.scheme), blocks: sheet.writer.blocks }
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
    const fn of(numbers: &ColumnNumbers) -> Self {
        match numbers.role {
            ColumnRole::Pay => Self::Pay,
            ColumnRole::Total | ColumnRole::Item | ColumnRole::Adjustment => Self::Scores,
            _ if numbers.depth > 0 => Self::Scores,
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
        self.writer.head(&report.rules, &say!("Team report", "团队考核报告"));
        self.marks(&report.everybody);
        self.doubts();
        self.teams_beside_each_other();
        let all = &report.everybody;
        let of_all = !report.teams.is_empty();
        self.distributions(all, of_all);
        for (kind, what) in [
            (Kind::Scores, say!("Scores", "得分")),
            (Kind::Indicators, say!("Computed indicators", "计算指标")),
            (Kind::Pay, say!("Pay", "薪酬")),
        ] {
            let table = self.numbers(all, |numbers| Kind::of(numbers) == kind, kind);
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
                self.writer.heading(&self.people());
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
            of: self.say(&say!("", "人")),
            tone,
        };
        let mut marks = vec![people(team.people, say!("People", "人数"), Tone::Plain)];
        if let Some(numbers) = self.total_of(team) {
            let name = &numbers.column;
            for (what, number) in [
                (say!("Mean {name}", "{name}均值"), mean(numbers)),
                (say!("Largest {name}", "{name}最高"), one(numbers, numbers.largest.as_ref())),
                (say!("Smallest {name}", "{name}最低"), one(numbers, numbers.smallest.as_ref())),
            ] {
                let tone = if numbers.provisional > 0 { Tone::Warning } else { Tone::Plain };
                marks.push(Mark { name: self.say(&what), value: number, of: String::new(), tone });
            }
        }
        if team.with_empty > 0 {
            marks.push(people(team.with_empty, say!("Incomplete", "未能全部计算"), Tone::Warning));
        }
        if team.with_provisional > 0 {
            marks.push(people(team.with_provisional, say!("Provisional", "结果暂定"), Tone::Warning));
        }
        self.writer.blocks.push(Block::Marks(marks));
    }

    fn total_of<'t>(&self, team: &'t Team) -> Option<&'t ColumnNumbers> {
        let total = self.report.total.as_ref()?;
        team.columns.iter().find(|numbers| numbers.column == *total)
    }

    fn doubts(&mut self) {
        let report = self.report;
        let (empty, provisional) = (report.everybody.with_empty, report.everybody.with_provisional);
        if empty > 0 {
            self.writer.paragraph(
                Tone::Warning,
                &say!(
                    "Incomplete for {empty}: some figures could not be computed; who they are stands at the end",
                    "有 {empty} 人的部分结果未能计算，名单见文末"
                ),
            );
        }
        if provisional > 0 {
            self.writer.paragraph(
                Tone::Warning,
                &say!(
                    "Provisional for {provisional}: some figures may still change, as somebody was left out of their group",
                    "有 {provisional} 人的部分结果为暂定值，因所在组有人未计入"
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
        table.bars();
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

    fn numbers(&self, team: &Team, is_meant: impl Fn(&ColumnNumbers) -> bool, kind: Kind) -> Table {
        let columns: Vec<&ColumnNumbers> = team.columns.iter().filter(|numbers| is_meant(numbers)).collect();
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
                row.push(counted(numbers.empty));
            }
            if kind == Kind::Pay {
                row.push(sum(numbers));
            }
            row.extend([mean(numbers), spread(numbers, numbers.median.as_ref())]);
            row.extend([&numbers.largest, &numbers.smallest].map(|number| one(numbers, number.as_ref())));
            let mut row = Row::of(row.into_iter().map(Cell::from));
            if let Some(first) = row.cells.first_mut() {
                first.depth = numbers.depth;
            }
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
        self.writer.heading(&say!("By {by}", "按{by}"));
        let mut table = Table::default();
        table.head(by.to_string());
        table.head(self.say(&say!("people", "人数")));
        if let Some(total) = &report.total {
            if report.everybody.columns.iter().any(|numbers| numbers.column == *total && numbers.empty > 0) {
                table.head(self.say(&say!("without {total}", "无{total}")));
            }
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
            .filter(|numbers| Kind::of(numbers) == Kind::Pay)
            .map(|numbers| Arc::clone(&numbers.column))
            .collect();
        let pay = pay.last();
        if let Some(pay) = pay {
            table.head(self.say(&say!("sum of {pay}", "{pay}合计")));
        }
        let all_of = |name: &Arc<str>| report.everybody.columns.iter().find(|numbers| numbers.column == *name);
        let lacking = |name: &Arc<str>| all_of(name).is_some_and(|numbers| numbers.empty > 0);
        if let Some(pay) = pay.filter(|pay| lacking(pay)) {
            table.head(self.say(&say!("without {pay}", "无{pay}")));
        }
        let all = std::iter::once(&report.everybody);
        for team in report.teams.iter().chain(all) {
            let mut row = vec![self.team_name(team), team.people.to_string()];
            if let Some(numbers) = self.total_of(team) {
                if lacking(&numbers.column) {
                    row.push(counted(numbers.empty));
                }
                row.push(doubtful(numbers, mean(numbers)));
                let ends = [&numbers.largest, &numbers.smallest].map(|number| one(numbers, number.as_ref()));
                row.extend(ends.map(|end| doubtful(numbers, end)));
            }
            let counts = team.distributions.first().into_iter().flat_map(|each| &each.grades);
            row.extend(counts.map(|grade| grade.count.to_string()));
            if let Some(numbers) = pay.and_then(|pay| team.columns.iter().find(|numbers| numbers.column == *pay)) {
                row.push(doubtful(numbers, sum(numbers)));
                if lacking(&numbers.column) {
                    row.push(counted(numbers.empty));
                }
            }
            let row = Row::of(row.into_iter().map(Cell::from));
            table.rows.push(if team.name.is_none() { row.strong() } else { row });
        }
        self.writer.table(table);
    }

    fn team_name(&self, team: &Team) -> String {
        match &team.name {
            None => self.say(&say!("Everybody", "全体")),
            Some(Figure::Missing) => self.say(&say!("(not filled in)", "（未填写）")),
            Some(figure) => figure_text(figure, self.writer.language),
        }
    }

    fn team(&mut self, team: &Team) {
        let (name, people) = (self.team_name(team), team.people);
        self.writer.heading(&say!("{name} ({people})", "{name}（{people} 人）"));
        for distribution in &team.distributions {
            self.writer.subheading(distribution.column.to_string());
            self.distribution(distribution);
        }
        // of a team what it comes to; items stand in the data
        for (kind, what) in [(Kind::Scores, say!("Scores", "得分")), (Kind::Pay, say!("Pay", "薪酬"))] {
            let is_told = |numbers: &ColumnNumbers| {
                Kind::of(numbers) == kind && (kind == Kind::Pay || numbers.role == ColumnRole::Total)
            };
            let table = self.numbers(team, is_told, kind);
            if !table.rows.is_empty() {
                let what = self.say(&what);
                self.writer.subheading(what);
                self.writer.table(table);
            }
        }
        let what = self.say(&self.people());
        self.writer.subheading(what);
        self.ranking(team);
    }

    /// What the list of people is called: without a total they have no places.
    fn people(&self) -> Message {
        match self.report.total {
            Some(_) => say!("People by place", "人员排名"),
            None => say!("People", "人员"),
        }
    }

    fn ranking(&mut self, team: &Team) {
        let report = self.report;
        let mut table = Table::default();
        // what all of a team have in common need not be said of each
        let is_told = |name: &Arc<str>| team.name.is_none() || report.by.as_ref() != Some(name);
        let who: Vec<(usize, &Arc<str>)> = report.who.iter().enumerate().filter(|(_, name)| is_told(name)).collect();
        for (_, name) in &who {
            table.text(name.to_string());
        }
        if who.is_empty() {
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
            let figure =
                |(at, _): &(usize, &Arc<str>)| ranked.who.get(*at).map(ToString::to_string).unwrap_or_default();
            let mut row: Vec<String> = who.iter().map(figure).collect();
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
        let key = report.who.first().map_or_else(|| self.say(&say!("row", "行")), ToString::to_string);
        let mut table = Table::default();
        table.head(key);
        table.text(self.say(&say!("column", "项目")));
        table.text(self.say(&say!("why", "原因")));
        table.text(self.say(&say!("code", "代码")));
        for each in &report.problems {
            let own = |problem: &&Problem| problem.blocked_by.is_none() && problem.code != Code::Provisional;
            let blocked = each.problems.iter().filter(|problem| problem.blocked_by.is_some()).count();
            for (at, problem) in each.problems.iter().filter(own).enumerate() {
                let mut why = Cell::from(self.say(&problem.message));
                if at == 0 && blocked > 0 {
                    why.more.push(self.say(&say!("{blocked} more figures wait for it", "另有 {blocked} 项因此无值")));
                }
                let key = if at == 0 { each.key.clone() } else { String::new() };
                let (column, code) = (problem.column.to_string(), problem.code.id().to_owned());
                table.rows.push(Row::of([Cell::from(key), column.into(), why, code.into()]));
            }
        }
        if !table.rows.is_empty() {
            self.writer.heading(&say!("Not computed", "未能计算的项目"));
            self.writer.table(table);
        }
        self.provisional();
    }

    /// What is provisional, by column: everybody of a group waits for the same people.
    fn provisional(&mut self) {
        let mut columns: Vec<Waiting<'_>> = Vec::new();
        for problem in self.report.problems.iter().flat_map(|each| &each.problems) {
            if problem.code != Code::Provisional {
                continue;
            }
            let at = columns.iter().position(|waiting| waiting.column == &*problem.column).unwrap_or_else(|| {
                columns.push(Waiting {
                    column: &problem.column,
                    people: 0,
                    left_out: Vec::new(),
                    cut: false,
                    seen: HashSet::new(),
                });
                columns.len().saturating_sub(1)
            });
            let Some(waiting) = columns.get_mut(at) else { continue };
            waiting.people = waiting.people.saturating_add(1);
            waiting.cut |= problem.left_out.len() >= crate::run::LEFT_OUT_NAMED;
            for key in &problem.left_out {
                if waiting.seen.insert(key) {
                    waiting.left_out.push(format!("`{key}`"));
                }
            }
        }
        if columns.is_empty() {
            return;
        }
        self.writer.heading(&say!("Provisional", "暂定的项目"));
        let mut table = Table::default();
        table.head(self.say(&say!("column", "项目")));
        table.head(self.say(&say!("people", "人数")));
        table.text(self.say(&say!("left out, and could still change it", "未计入、可能改变结果的人员")));
        for Waiting { column, people, left_out, cut, .. } in columns {
            let Message { en, zh } = crate::run::listed(&left_out);
            let keys = self.say(&match cut {
                true => say!("{en}, and others", "{zh}，以及其他人"),
                false => Message::new(en, zh),
            });
            table.row(vec![column.to_owned(), people.to_string(), keys]);
        }
        self.writer.table(table);
    }
}

/// A column with the people it waits for.
struct Waiting<'r> {
    column: &'r str,
    people: usize,
    left_out: Vec<String>,
    /// Whether a figure names only the first of them.
    cut: bool,
    seen: HashSet<&'r str>,
}

/// A mean or median as people are shown it.
fn spread(numbers: &ColumnNumbers, number: Option<&Number>) -> String {
    match (number, numbers.places) {
        (None, _) => "—".to_owned(),
        (Some(number), _) if numbers.show.percent => as_percent(numbers, number),
        (Some(number), Some(places)) => shown(number, places.max(LEAST_PLACES)),
        (Some(number), None) => match number.decimal_scale() {
            Some(scale) if scale <= UNROUNDED => number.to_string(),
            _ => shown(number, UNROUNDED),
        },
    }
}

fn mean(numbers: &ColumnNumbers) -> String {
    spread(numbers, numbers.mean.as_ref())
}

/// A figure of a column that is shown as a percentage, with the decimals the column says.
fn as_percent(numbers: &ColumnNumbers, number: &Number) -> String {
    match numbers.show.places {
        Some(places) => format!("{}%", shown(&number.multiply(&Number::HUNDRED), places)),
        None => percent(number),
    }
}

/// How many there are; nothing where there is nobody.
fn counted(count: u32) -> String {
    if count > 0 { count.to_string() } else { String::new() }
}

/// A figure with the mark of what may still change, where it is one.
fn doubtful(numbers: &ColumnNumbers, figure: String) -> String {
    if numbers.provisional > 0 && numbers.counted > 0 { format!("{figure}{PROVISIONAL}") } else { figure }
}

/// The sum of a column; of nobody's figures there is none.
fn sum(numbers: &ColumnNumbers) -> String {
    one(numbers, Some(&numbers.sum).filter(|_| numbers.counted > 0))
}

/// A figure of one person, or a sum of such, as people are shown it.
fn one(numbers: &ColumnNumbers, number: Option<&Number>) -> String {
    match number {
        None => "—".to_owned(),
        Some(number) if numbers.show.percent => as_percent(numbers, number),
        Some(number) => number_text::fixed(number, numbers.places),
    }
}
