//! The report of a team: how grades are distributed, who stands where, what figures come to together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::columns::{gradings, outermost_totals, top_totals};
use super::{Format, Rules};
use crate::code::Code;
use crate::compare::Standing;
use crate::diagnostic::{Language, Message};
use crate::error::DataError;
use crate::eval::group::{Answer, Grouping, Members, NO_GROUP, Operand, Operands, compute};
use crate::explain::{ColumnRole, role};
use crate::number::Number;
use crate::outcome::Figure;
use crate::plan::{ColumnId, Direction, GroupFunction, Op, Plan, Role, Show, Ties};
use crate::problem::Problem;
use crate::run::{Note, Run};
use crate::value::{Kind, Value};

/// The report of a team, and of the teams in it.
///
/// Its figures are computed from the figures of people *as they were published*, so that whoever has the table can
/// compute them again; by the operations that schemes have over groups; exactly. Written for people, a mean or median is
/// rounded half up to the decimals of its column, at least two, or to four where the column is not rounded, and a share
/// to two decimals of a percent, with `≈` before what has more. As data they are exact.
///
/// # Example
///
/// ```
/// use kaohe::{Data, Options, Row, Scheme, Table};
///
/// let scheme = Scheme::parse(
///     "
/// kaohe: 1
/// scheme: 考核
/// rounding: { totals: 1 }
/// inputs: { 工号: { type: text, key: true }, 网点: { type: text }, 业绩: { type: number } }
/// scores: { 得分: { items: { 业绩: { weight: 100 } } } }
/// grades: { 等级: { ladder: [A, B], thresholds: { of: 得分, at_least: [[80, A]], else: B } } }
/// ",
/// )?;
/// let person = |key: &str, branch: &str, score: i64| Row::new().with("工号", key).with("网点", branch).with("业绩", score);
/// let people = Table::of_rows(vec![person("1", "城东", 90), person("2", "城东", 75), person("3", "城西", 80)]);
/// let run = scheme.score(Data::of(people), Options::default())?;
/// let report = run.team_report(Some("网点"))?;
/// let score = &report.everybody.columns[0];
/// assert_eq!(score.mean.as_ref().unwrap().to_string(), "245/3");
/// assert_eq!(report.everybody.distributions[0].grades[0].share.to_string(), "2/3");
/// assert_eq!(report.teams[0].ranking[0].key, "1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TeamReport {
    /// What the figures rest on.
    pub rules: Rules,
    /// The column that forms the teams, when one was asked for.
    pub by: Option<Arc<str>>,
    /// The columns that say who somebody is: the key first.
    pub who: Vec<Arc<str>>,
    /// The total by which people are ranked; nothing when the scheme has none.
    pub total: Option<Arc<str>>,
    /// The gradings.
    pub gradings: Vec<Arc<str>>,
    /// All people together.
    pub everybody: Team,
    /// The teams, in the order in which people of them first appear.
    pub teams: Vec<Team>,
    /// The keys of people whose team is not known, as the column that forms teams has no value for them.
    pub teamless: Vec<String>,
    /// The people with an empty cell or a provisional figure.
    pub problems: Vec<RowProblems>,
    /// What is doubtful about the run as a whole.
    pub notes: Vec<Note>,
}

/// Some people together.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// The value they have in the column that forms teams; nothing for all people.
    pub name: Option<Figure>,
    /// How many there are.
    pub people: u32,
    /// How many of them have an empty cell.
    pub with_empty: u32,
    /// How many of them have a provisional figure.
    pub with_provisional: u32,
    /// How many have each grade, for each grading.
    pub distributions: Vec<Distribution>,
    /// What totals with their parts, adjustments, indicators and pay come to together. Places are left out, and figures of
    /// whole groups, such as what a pool carries on: added up over people they would say nothing.
    pub columns: Vec<ColumnNumbers>,
    /// The people, first the best by the total; those without one come last.
    pub ranking: Vec<Ranked>,
}

/// How many have each grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// The grading.
    pub column: Arc<str>,
    /// The grades, best first, then who has none.
    pub grades: Vec<GradeCount>,
}

/// How many have one grade.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeCount {
    /// The grade, or why there is none.
    pub standing: Standing,
    /// How many have it.
    pub count: u32,
    /// What part of all people of the team that is.
    pub share: Number,
}

/// What the numbers of one column come to.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnNumbers {
    /// The column.
    pub column: Arc<str>,
    /// Its label, when one is stated.
    pub label: Option<Message>,
    /// What it is in the scheme.
    pub role: ColumnRole,
    /// How deep it stands below a total: 0 for what is part of none.
    pub depth: usize,
    /// The decimals of its figures, when it is rounded.
    pub places: Option<u32>,
    /// How its figures are shown to people.
    pub show: Show,
    /// How many people have a number.
    pub counted: u32,
    /// How many have none.
    pub empty: u32,
    /// How many of the numbers are provisional.
    pub provisional: u32,
    /// All of them added up.
    pub sum: Number,
    /// The mean; nothing when nobody has a number, as with what follows.
    pub mean: Option<Number>,
    /// The median.
    pub median: Option<Number>,
    /// The largest.
    pub largest: Option<Number>,
    /// The smallest.
    pub smallest: Option<Number>,
}

/// Where somebody stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The place in the run, from 0.
    pub row: usize,
    /// The key.
    pub key: String,
    /// Who it is: a figure for each of [`TeamReport::who`].
    pub who: Vec<Figure>,
    /// The place by the total among all people, equals at the best of their places; nothing without a total.
    pub place: Option<u32>,
    /// The place within the team.
    pub place_in_team: Option<u32>,
    /// The total.
    pub total: Option<Figure>,
    /// The grade in each of [`TeamReport::gradings`].
    pub gradings: Vec<Figure>,
    /// Whether the total or a grade is provisional.
    pub provisional: bool,
}

/// Why figures of somebody are empty or provisional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblems {
    /// The place in the run, from 0.
    pub row: usize,
    /// The key.
    pub key: String,
    /// The reasons: first faults, then what is blocked by them, then what is provisional.
    pub problems: Vec<Problem>,
}

impl TeamReport {
    /// The report as Markdown, as GitHub reads it.
    #[must_use]
    pub fn to_markdown(&self, language: Language) -> String {
        self.page(language).to_markdown()
    }

    /// The report as a web page that needs nothing else, and prints on A4. Whatever stands in names and cells is escaped.
    #[must_use]
    pub fn to_html(&self, language: Language) -> String {
        self.page(language).to_html()
    }

    /// The report in one of the forms; JSON has both languages.
    #[must_use]
    pub fn to_format(&self, format: Format, language: Language) -> String {
        format.written(|| self.page(language), || self.to_json())
    }
}

impl Run {
    /// The report of all people together, and of the teams a column forms.
    ///
    /// * `by`: the column whose values are the teams, such as a branch.
    ///
    /// # Errors
    ///
    /// [`DataError`] when people have no such column.
    pub fn team_report(&self, by: Option<&str>) -> Result<TeamReport, DataError> {
        let by = by.map(|name| self.scheme().column_of_people(name)).transpose()?;
        Ok(Reporter::new(self, by).report(by))
    }
}

/// Reads a run for the report of a team.
struct Reporter<'r> {
    run: &'r Run,
    who: Vec<ColumnId>,
    total: Option<ColumnId>,
    gradings: Vec<ColumnId>,
    problems: Vec<RowProblems>,
    /// The figures that rows left out could have changed.
    provisional: HashSet<(usize, ColumnId)>,
    /// The numbers that are looked at together, each with how deep it stands below a total.
    columns: Vec<(ColumnId, usize)>,
    /// The figures of those that people are not shown.
    not_shown: HashMap<ColumnId, Vec<Figure>>,
}

impl<'r> Reporter<'r> {
    fn new(run: &'r Run, by: Option<ColumnId>) -> Self {
        let plan = run.scheme().plan();
        let is_input = |id: &ColumnId| matches!(plan.column(*id).role, Role::Input(_));
        let mut who: Vec<ColumnId> = plan.shown.iter().copied().filter(is_input).collect();
        who.sort_by_key(|id| !plan.inputs.iter().any(|input| input.key && input.column == *id));
        let mut problems = Vec::new();
        let mut provisional = HashSet::new();
        for row in run.incomplete() {
            let outcome = run.outcome(*row);
            provisional.extend(outcome.provisional.iter().map(|each| (*row, each.column)));
            problems.push(RowProblems { row: *row, key: run.key(*row), problems: outcome.problems() });
        }
        let columns = columns(plan);
        let not_shown = not_shown(run, columns.iter().map(|(id, _)| *id).chain(by));
        Self {
            run,
            who,
            total: outermost_totals(plan).first().copied(),
            gradings: gradings(plan),
            problems,
            provisional,
            columns,
            not_shown,
        }
    }

    fn report(self, by: Option<ColumnId>) -> TeamReport {
        let (run, rows) = (self.run, self.run.rows());
        let plan = run.scheme().plan();
        let everybody = Grouping::whole(rows, |_| false);
        let names = by.map(|by| self.figures(by));
        let grouping = names.as_ref().map(|names| grouped(names));
        let places = self.places(&everybody);
        let within = grouping.as_ref().map(|grouping| self.places(grouping));
        let within = within.as_deref();
        let teams = grouping.as_ref().zip(names.as_ref()).map(|(grouping, names)| {
            let name = |number: u32| {
                let first = grouping.of.iter().position(|own| *own == number);
                first.and_then(|row| names.get(row)).cloned()
            };
            self.teams(grouping, &places, within, name)
        });
        let teamless = grouping.iter().flat_map(|grouping| grouping.of.iter().enumerate());
        let teamless = teamless.filter(|(_, number)| **number == NO_GROUP).map(|(row, _)| run.key(row)).collect();
        let name = |id: &ColumnId| Arc::clone(&plan.column(*id).name);
        let given = run.given().map(|(name, figure)| (Arc::from(name), figure)).collect();
        let mut all = self.teams(&everybody, &places, within, |_| None);
        TeamReport {
            rules: Rules::of(run.scheme(), given),
            by: by.as_ref().map(name),
            who: self.who.iter().map(name).collect(),
            total: self.total.as_ref().map(name),
            gradings: self.gradings.iter().map(name).collect(),
            everybody: all.pop().unwrap_or_else(|| self.nobody()),
            teams: teams.unwrap_or_default(),
            teamless,
            notes: run.notes(),
            problems: self.problems,
        }
    }

    /// The figures of a column, one for each row.
    fn figures(&self, id: ColumnId) -> Vec<Figure> {
        let plan = self.run.scheme().plan();
        match plan.shown.iter().position(|shown| *shown == id) {
            Some(at) => self.run.figures(at).iter().collect(),
            None => self.not_shown.get(&id).cloned().unwrap_or_default(),
        }
    }

    /// The place of each row by the total in its group; 0 without one.
    fn places(&self, grouping: &Grouping) -> Vec<u32> {
        let Some(total) = self.total else { return vec![0; self.run.rows()] };
        let values = Numbers::of(&self.figures(total), grouping);
        let rank = GroupFunction::Rank { direction: Direction::Descending, ties: Ties::Minimum };
        let answer = compute(&rank, values.members(grouping), Operands::Value(&values.operand));
        let place = |row: u32| match answer.figure(row, 0) {
            Ok(Value::Number(place)) => place.to_i64().and_then(|place| u32::try_from(place).ok()).unwrap_or(0),
            _ => 0,
        };
        (0..).take(self.run.rows()).map(place).collect()
    }

    fn teams(
        &self,
        grouping: &Grouping,
        places: &[u32],
        within: Option<&[u32]>,
        name: impl Fn(u32) -> Option<Figure>,
    ) -> Vec<Team> {
        let count = grouping.count as usize;
        let mut teams: Vec<Team> =
            (0..grouping.count).map(|number| Team { name: name(number), ..self.nobody() }).collect();
        let people = compute(&GroupFunction::Count, grouping.members(None), Operands::Nothing);
        let has = |is_meant: fn(&Problem) -> bool| {
            let rows = self.problems.iter().filter(|each| each.problems.iter().any(is_meant));
            let rows: HashSet<usize> = rows.map(|each| each.row).collect();
            let marked = self.marked(|row| rows.contains(&row));
            compute(&GroupFunction::Count, grouping.members(Some(&marked)), Operands::Nothing)
        };
        let empty = has(|problem| problem.code != Code::Provisional);
        let provisional = has(|problem| problem.code == Code::Provisional);
        for (number, team) in (0..).zip(&mut teams) {
            team.people = whole(&people, number);
            team.with_empty = whole(&empty, number);
            team.with_provisional = whole(&provisional, number);
        }
        for id in &self.gradings {
            for (team, distribution) in teams.iter_mut().zip(self.distributions(*id, grouping, &people)) {
                team.distributions.push(distribution);
            }
        }
        for (id, depth) in &self.columns {
            for (team, numbers) in teams.iter_mut().zip(self.numbers(*id, *depth, grouping)) {
                team.columns.push(numbers);
            }
        }
        let mut rankings: Vec<Vec<Ranked>> = vec![Vec::new(); count];
        let who: Vec<Vec<Figure>> = self.who.iter().map(|id| self.figures(*id)).collect();
        let total = self.total.map(|total| self.figures(total));
        let gradings: Vec<Vec<Figure>> = self.gradings.iter().map(|id| self.figures(*id)).collect();
        let of_row = |columns: &[Vec<Figure>], row: usize| -> Vec<Figure> {
            columns.iter().filter_map(|column| column.get(row).cloned()).collect()
        };
        for (row, number) in grouping.of.iter().enumerate() {
            let Some(ranking) = rankings.get_mut(*number as usize) else { continue };
            let place = |places: &[u32]| places.get(row).copied().filter(|place| *place > 0);
            let is_provisional = |id: &ColumnId| self.provisional.contains(&(row, *id));
            ranking.push(Ranked {
                row,
                key: self.run.key(row),
                who: of_row(&who, row),
                place: place(places),
                place_in_team: within.and_then(place),
                total: total.as_ref().and_then(|total| total.get(row).cloned()),
                gradings: of_row(&gradings, row),
                provisional: self.total.iter().chain(&self.gradings).any(is_provisional),
            });
        }
        for (team, mut ranking) in teams.iter_mut().zip(rankings) {
            ranking.sort_by_key(|ranked| (ranked.place.unwrap_or(u32::MAX), ranked.row));
            team.ranking = ranking;
        }
        teams
    }

    fn marked(&self, is_marked: impl Fn(usize) -> bool) -> Vec<bool> {
        (0..self.run.rows()).map(is_marked).collect()
    }

    /// How many of each group have each grade.
    fn distributions(&self, id: ColumnId, grouping: &Grouping, people: &Answer) -> Vec<Distribution> {
        let plan = self.run.scheme().plan();
        let column = plan.column(id);
        let figures = self.figures(id);
        let mut standings: Vec<Standing> = match &plan.node(column.body).facts.kind {
            Kind::Choice(list) => list.in_writing().map(|word| Standing::Word(Arc::clone(word))).collect(),
            _ => Vec::new(),
        };
        for figure in &figures {
            let standing = Standing::of(figure);
            if !matches!(standing, Standing::Word(_)) && !standings.contains(&standing) {
                standings.push(standing);
            }
        }
        let empty = || Distribution { column: Arc::clone(&column.name), grades: Vec::new() };
        let mut found: Vec<Distribution> = (0..grouping.count).map(|_| empty()).collect();
        for standing in standings {
            let has_it: Vec<bool> = figures.iter().map(|figure| Standing::of(figure) == standing).collect();
            let counts = compute(&GroupFunction::Count, grouping.members(Some(&has_it)), Operands::Nothing);
            for (number, distribution) in (0..).zip(&mut found) {
                let count = whole(&counts, number);
                let share = Number::from(count).divide(&whole(people, number).into()).unwrap_or(Number::ZERO);
                distribution.grades.push(GradeCount { standing: standing.clone(), count, share });
            }
        }
        found
    }

    /// What the numbers of a column come to in each group.
    fn numbers(&self, id: ColumnId, depth: usize, grouping: &Grouping) -> Vec<ColumnNumbers> {
        let column = self.run.scheme().plan().column(id);
        let figures = self.figures(id);
        let numbers = Numbers::of(&figures, grouping);
        let all =
            |function: &GroupFunction| compute(function, numbers.members(grouping), Operands::Value(&numbers.operand));
        let count = |marked: &[bool]| compute(&GroupFunction::Count, grouping.members(Some(marked)), Operands::Nothing);
        let counted = count(&numbers.counted);
        let empty = count(&numbers.counted.iter().map(|counted| !counted).collect::<Vec<_>>());
        let provisional = self.marked(|row| self.provisional.contains(&(row, id)));
        let provisional: Vec<bool> = provisional.iter().zip(&numbers.counted).map(|(a, b)| *a && *b).collect();
        let provisional = count(&provisional);
        let (sum, mean, median) = (all(&GroupFunction::Sum), all(&GroupFunction::Average), all(&GroupFunction::Median));
        let (largest, smallest) = (all(&GroupFunction::Maximum), all(&GroupFunction::Minimum));
        let of = |number| ColumnNumbers {
            column: Arc::clone(&column.name),
            label: column.label.clone(),
            role: role(&column.role),
            depth,
            places: column.places,
            show: column.show,
            counted: whole(&counted, number),
            empty: whole(&empty, number),
            provisional: whole(&provisional, number),
            sum: figure_of(&sum, number).unwrap_or(Number::ZERO),
            mean: figure_of(&mean, number),
            median: figure_of(&median, number),
            largest: figure_of(&largest, number),
            smallest: figure_of(&smallest, number),
        };
        (0..grouping.count).map(of).collect()
    }

    fn nobody(&self) -> Team {
        Team {
            name: None,
            people: 0,
            with_empty: 0,
            with_provisional: 0,
            distributions: Vec::new(),
            columns: Vec::new(),
            ranking: Vec::new(),
        }
    }
}

/// The numbers that are looked at together: totals, each above its parts, then everything else that is computed. A place
/// is none, as a mean of places says nothing, and neither is what everybody of a group has in common.
fn columns(plan: &Plan) -> Vec<(ColumnId, usize)> {
    let is_number = |id: ColumnId| matches!(plan.node(plan.column(id).body).facts.kind, Kind::Number);
    let mut columns: Vec<(ColumnId, usize)> = Vec::new();
    let mut seen = HashSet::new();
    for total in top_totals(plan) {
        let mut waiting = vec![(total, 0_usize)];
        while let Some((id, depth)) = waiting.pop() {
            if is_number(id) && seen.insert(id) {
                columns.push((id, depth));
            }
            if let Role::Composite(role) = &plan.column(id).role
                && let Some(composite) = plan.composite_at(role.composite)
            {
                waiting.extend(composite.parts.iter().rev().map(|part| (part.column, depth.saturating_add(1))));
            }
        }
    }
    let is_place = |id: ColumnId| match plan.node(plan.column(id).body).op {
        Op::Group(group) => {
            matches!(plan.group(group).function, GroupFunction::Rank { .. } | GroupFunction::Percentile { .. })
        }
        _ => false,
    };
    let is_input = |id: ColumnId| matches!(plan.column(id).role, Role::Input(_));
    let others = plan.shown.iter().copied().filter(|id| is_number(*id) && !is_input(*id));
    let others = others.filter(|id| !is_place(*id) && !plan.is_of_whole_group(*id));
    columns.extend(others.filter(|id| seen.insert(*id)).map(|id| (id, 0)));
    columns
}

/// The figures of columns that people are not shown, of every row.
fn not_shown(run: &Run, columns: impl Iterator<Item = ColumnId>) -> HashMap<ColumnId, Vec<Figure>> {
    let plan = run.scheme().plan();
    let mut figures: HashMap<ColumnId, Vec<Figure>> =
        columns.filter(|id| !plan.shown.contains(id)).map(|id| (id, Vec::new())).collect();
    if figures.is_empty() {
        return figures;
    }
    for row in 0..run.rows() {
        let outcome = run.outcome(row);
        for (id, list) in &mut figures {
            list.push(outcome.get(&plan.column(*id).name).unwrap_or(Figure::Missing));
        }
    }
    figures
}

/// The numbers of a column as they were published, and who has one.
struct Numbers {
    operand: Operand,
    counted: Vec<bool>,
}

impl Numbers {
    fn of(figures: &[Figure], grouping: &Grouping) -> Self {
        let counted = figures.iter().map(|figure| matches!(figure, Figure::Number { .. })).collect();
        Self { operand: Operand::of(figures.iter().map(value).collect(), grouping), counted }
    }

    fn members<'a>(&'a self, grouping: &'a Grouping) -> Members<'a> {
        grouping.members(Some(&self.counted))
    }
}

/// The groups of a column's figures; an absent one is a group, too, and a faulty one none.
fn grouped(figures: &[Figure]) -> Grouping {
    let is_faulty = |row: usize| matches!(figures.get(row), Some(Figure::Empty(_)) | None);
    let everybody = Grouping::whole(figures.len(), is_faulty);
    let key = Operand::of(figures.iter().map(value).collect(), &everybody);
    Grouping::by(&[&key], figures.len(), is_faulty)
}

/// A figure as the value it was published as.
fn value(figure: &Figure) -> Value {
    match figure {
        Figure::Missing | Figure::Empty(_) => Value::Missing,
        Figure::Number { value, .. } => Value::Number(Number::from_decimal(*value)),
        Figure::Truth(truth) => Value::Truth(*truth),
        Figure::Text(text) => Value::Text(Arc::clone(text)),
        Figure::Date(date) => Value::Date(*date),
        Figure::Unlimited => Value::Unlimited,
    }
}

fn figure_of(answer: &Answer, group: u32) -> Option<Number> {
    match answer.figure(0, group) {
        Ok(Value::Number(number)) => Some(number),
        _ => None,
    }
}

fn whole(answer: &Answer, group: u32) -> u32 {
    let number = figure_of(answer, group).and_then(|number| number.to_i64());
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}
