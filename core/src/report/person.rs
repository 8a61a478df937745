//! The report of a person: the explanation of the row, arranged as an appraisal report is read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::columns::{Stage, gradings, outermost_totals, top_totals};
use super::{Format, Rules};
use crate::diagnostic::Language;
use crate::error::DataError;
use crate::explain::{ColumnExplanation, ColumnRole, Explanation, Part, Rounding, Step, StepKind};
use crate::page::{html_close, html_open};
use crate::plan::{ColumnId, Plan};
use crate::problem::Problem;
use crate::run::Run;
use crate::value::Kind;

/// The appraisal report of one person.
///
/// Every figure in it is one of the run: columns are told by their [`ColumnExplanation`], in [`Self::explanation`] or, of
/// inputs, in [`Self::who`] and [`Self::facts`]. The lists of names say where each is told.
///
/// # Example
///
/// ```
/// use kaohe::diagnostic::Language;
/// use kaohe::{Data, Options, Row, Scheme, Table};
///
/// let scheme = Scheme::parse(
///     "
/// kaohe: 1
/// scheme: 存款考核
/// rounding: { items: 2, totals: 2 }
/// inputs: { 工号: { type: text, key: true }, 存款: { type: number }, 服务: { type: number } }
/// scores:
///   总分:
///     items:
///       业务: { weight: 70, formula: 存款 / 3 }
///       质量: { weight: 30, formula: 服务 }
/// ",
/// )?;
/// let people = Table::of_rows(vec![Row::new().with("工号", "<007>").with("存款", 250).with("服务", 90)]);
/// let run = scheme.score(Data::of(people), Options::default())?;
/// let report = run.report(0)?;
/// assert_eq!(report.totals[0].lines.len(), 3);
/// // 83.33 × 0.7 + 90 × 0.3 = 85.331, and the rounding that makes it 85.33
/// assert_eq!(report.totals[0].accounted().to_string(), "85.33");
/// assert!(report.to_html(Language::Chinese).contains("&lt;007&gt;"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PersonReport {
    /// What the figures rest on.
    pub rules: Rules,
    /// The person's key; nothing when the scheme has none.
    pub key: Option<String>,
    /// Who it is: the key, and the inputs that are text or a choice.
    pub who: Vec<ColumnExplanation>,
    /// The other inputs: the raw indicators.
    pub facts: Vec<ColumnExplanation>,
    /// What it all comes to: totals that are part of no other and that no item is scored by, grades, places, pay that no
    /// other column reads.
    pub results: Vec<Arc<str>>,
    /// The totals that are part of no other, each with all below it: first those of the results, then examinations and
    /// appraisals that items are scored by.
    pub totals: Vec<ScoreTable>,
    /// The gradings.
    pub gradings: Vec<GradingStages>,
    /// The indicators that are figures over a group, such as places.
    pub standings: Vec<Arc<str>>,
    /// The other computed indicators.
    pub indicators: Vec<Arc<str>>,
    /// The amounts of pay, in the order of the scheme.
    pub pay: Vec<Arc<str>>,
    /// What could not be computed, and what is provisional, each with the reason.
    pub problems: Vec<Problem>,
    /// Why every figure is what it is.
    pub explanation: Explanation,
}

/// A total with its parts and what was done to it, and the same of every part that is one.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreTable {
    /// The total.
    pub total: Arc<str>,
    /// Its lines, in the order of the scheme; what a part is made of stands below it, one deeper.
    pub lines: Vec<ScoreLine>,
}

/// One line of a total.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreLine {
    /// How deep it stands: 0 in the total itself.
    pub depth: usize,
    /// The total it is a line of.
    pub of: Arc<str>,
    /// What it is.
    pub entry: ScoreEntry,
}

/// What a line of a total is. What all lines of one total bring adds up to its value, exactly.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoreEntry {
    /// A part with what it brings.
    Part {
        /// The part.
        part: Box<Part>,
        /// What it is.
        role: ColumnRole,
        /// The columns a scored item was computed from.
        reads: Vec<Arc<str>>,
    },
    /// Something that was done to the total: an adjustment, a veto, a limit.
    Step(Step),
    /// The rounding of the total.
    Rounding(Rounding),
}

/// A grading with the columns of its stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradingStages {
    /// The final grade.
    pub column: Arc<str>,
    /// The columns that say how it came about, in the order they were decided: the grade by seats, the grade as
    /// calculated, and the grading itself.
    pub stages: Vec<Arc<str>>,
}

impl ScoreTable {
    /// What its own lines bring, together: the exact value of the total where it has one.
    #[must_use]
    pub fn accounted(&self) -> crate::number::Number {
        let own = self.lines.iter().filter(|line| line.of == self.total);
        own.filter_map(ScoreLine::brings).fold(crate::number::Number::ZERO, |sum, each| sum.add(each))
    }
}

impl ScoreLine {
    /// What the line brings to the total it is a line of.
    #[must_use]
    pub fn brings(&self) -> Option<&crate::number::Number> {
        match &self.entry {
            ScoreEntry::Part { part, .. } => part.contribution.as_ref(),
            ScoreEntry::Step(step) => step.change.as_ref(),
            ScoreEntry::Rounding(rounding) => Some(&rounding.difference),
        }
    }
}

impl PersonReport {
    /// The column of that name: an input, or one that was explained.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnExplanation> {
        let inputs = self.who.iter().chain(&self.facts);
        inputs.chain(&self.explanation.columns).find(|column| &*column.name == name)
    }

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
    /// The report of the person in this row.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the run has no such row.
    pub fn report(&self, row: usize) -> Result<PersonReport, DataError> {
        let (outcome, trace) = self.traced(row)?;
        let (scheme, cells) = (self.scheme(), self.cells(row));
        let explanation = scheme.explained(&outcome, &trace, &cells, Some((self, row)), None)?;
        let inputs = scheme.explained_inputs(&outcome, &trace, &cells, (self, row));
        let plan = scheme.plan();
        let is_who = |name: &str| {
            let input = plan.inputs.iter().find(|input| &*input.name == name);
            input.is_some_and(|input| input.key || matches!(input.kind, Kind::Text | Kind::Choice(_)))
        };
        let (who, facts) = inputs.into_iter().partition(|input| is_who(&input.name));
        let arranged = Arranged::of(plan, &explanation);
        Ok(PersonReport {
            rules: Rules::of(scheme, explanation.given.clone()),
            key: scheme.key().map(|_| self.key(row)),
            who,
            facts,
            results: arranged.results(),
            totals: arranged.totals(),
            gradings: arranged.gradings(),
            standings: arranged.standings(),
            indicators: arranged.indicators(),
            pay: arranged.of_role(ColumnRole::Pay),
            problems: outcome.problems(),
            explanation,
        })
    }

    /// The reports of the people in these rows as one text, piece by piece: the beginning, each person, the end.
    ///
    /// As HTML one document in which each person begins on a page of its own, as Markdown one text, as JSON a list. A row
    /// that the run does not have is passed over. Pieces are made when they are asked for, so that a report of everybody
    /// needs no more room than that of one.
    pub fn reports<'r>(
        &'r self,
        rows: impl IntoIterator<Item = usize, IntoIter: 'r> + 'r,
        format: Format,
        language: Language,
    ) -> impl Iterator<Item = String> + 'r {
        let (start, end) = match format {
            Format::Markdown => (String::new(), ""),
            Format::Html => (html_open(language, self.scheme().name()), html_close()),
            Format::Json => ("[\n".to_owned(), "\n]\n"),
        };
        let people = rows.into_iter().filter_map(|row| self.report(row).ok()).enumerate();
        let people = people.map(move |(at, report)| {
            let between = match format {
                Format::Markdown if at > 0 => "\n\n",
                Format::Json if at > 0 => ",\n",
                _ => "",
            };
            let own = match format {
                Format::Markdown => report.to_markdown(language),
                Format::Html => report.page(language).to_article(),
                Format::Json => report.to_json(),
            };
            format!("{between}{own}")
        });
        std::iter::once(start).chain(people).chain(std::iter::once(end.to_owned()))
    }
}

/// Says where each column of an explanation is told.
struct Arranged<'a> {
    plan: &'a Plan,
    by_name: HashMap<&'a str, &'a ColumnExplanation>,
    /// The totals that are part of no other and that no item is scored by.
    outermost: Vec<ColumnId>,
    asked: HashSet<&'a str>,
}

impl<'a> Arranged<'a> {
    fn of(plan: &'a Plan, explanation: &'a Explanation) -> Self {
        Self {
            plan,
            by_name: explanation.columns.iter().map(|column| (&*column.name, column)).collect(),
            outermost: outermost_totals(plan),
            asked: explanation.asked.iter().map(|name| &**name).collect(),
        }
    }

    /// The shown columns that were explained, in the order of the scheme.
    fn shown(&self) -> impl Iterator<Item = (ColumnId, &'a ColumnExplanation)> {
        let found = |id: &ColumnId| Some((*id, *self.by_name.get(&*self.plan.column(*id).name)?));
        self.plan.shown.iter().filter_map(found)
    }

    fn of_role(&self, role: ColumnRole) -> Vec<Arc<str>> {
        let columns = self.shown().filter(|(_, column)| column.role == role);
        columns.map(|(_, column)| Arc::clone(&column.name)).collect()
    }

    fn indicators(&self) -> Vec<Arc<str>> {
        let columns = self.shown().map(|(_, column)| column);
        let columns = columns.filter(|column| column.role == ColumnRole::Computed && !is_standing(column));
        columns.map(|column| Arc::clone(&column.name)).collect()
    }

    fn standings(&self) -> Vec<Arc<str>> {
        let columns = self.shown().map(|(_, column)| column);
        let columns = columns.filter(|column| column.role == ColumnRole::Computed && is_standing(column));
        columns.map(|column| Arc::clone(&column.name)).collect()
    }

    fn results(&self) -> Vec<Arc<str>> {
        let gradings: Vec<Arc<str>> = self.gradings().into_iter().map(|grading| grading.column).collect();
        let is_result = |(id, column): &(ColumnId, &ColumnExplanation)| match column.role {
            ColumnRole::Total => self.outermost.contains(id),
            ColumnRole::Grade => gradings.contains(&column.name),
            ColumnRole::Computed => is_place(column),
            ColumnRole::Pay => self.asked.contains(&*column.name) && !self.plan.is_of_whole_group(*id),
            _ => false,
        };
        let mut results: Vec<(ColumnId, &ColumnExplanation)> = self.shown().filter(is_result).collect();
        let place = |id: &ColumnId| self.outermost.iter().position(|own| own == id);
        results.sort_by_key(|(id, column)| match column.role {
            ColumnRole::Total => (0, place(id)),
            ColumnRole::Grade => (1, None),
            ColumnRole::Pay => (3, None),
            _ => (2, None),
        });
        results.into_iter().map(|(_, column)| Arc::clone(&column.name)).collect()
    }

    fn gradings(&self) -> Vec<GradingStages> {
        let found = |name: &Arc<str>| self.by_name.contains_key(&**name);
        let gradings = gradings(self.plan).into_iter().map(|id| Arc::clone(&self.plan.column(id).name));
        gradings
            .filter(found)
            .map(|column| {
                let earlier = Stage::ALL.into_iter().map(|stage| stage.of(&column)).filter(found);
                GradingStages { stages: earlier.chain([Arc::clone(&column)]).collect(), column }
            })
            .collect()
    }

    fn totals(&self) -> Vec<ScoreTable> {
        let named = |id: ColumnId| self.by_name.get(&*self.plan.column(id).name).copied();
        top_totals(self.plan).into_iter().filter_map(named).map(|column| self.score_table(column)).collect()
    }

    fn score_table(&self, total: &'a ColumnExplanation) -> ScoreTable {
        let mut lines = Vec::new();
        // the last of what waits comes first
        let mut waiting = vec![Waiting { depth: 0, of: total, at: 0 }];
        while let Some(Waiting { depth, of, at }) = waiting.pop() {
            let line = |entry| ScoreLine { depth, of: Arc::clone(&of.name), entry };
            let Some(part) = of.parts.get(at) else {
                let steps = of.steps.iter().filter(|step| step.change.is_some());
                lines.extend(steps.map(|step| line(ScoreEntry::Step(step.clone()))));
                lines.extend(of.rounding.clone().map(|rounding| line(ScoreEntry::Rounding(rounding))));
                continue;
            };
            let column = self.by_name.get(&*part.column).copied();
            let role = column.map_or(ColumnRole::Input, |column| column.role);
            let reads = column.filter(|_| role == ColumnRole::Item).map(|column| column.children.clone());
            lines.push(line(ScoreEntry::Part { part: Box::new(part.clone()), role, reads: reads.unwrap_or_default() }));
            waiting.push(Waiting { depth, of, at: at.saturating_add(1) });
            if let Some(column) = column.filter(|_| role == ColumnRole::Total) {
                waiting.push(Waiting { depth: depth.saturating_add(1), of: column, at: 0 });
            }
        }
        ScoreTable { total: Arc::clone(&total.name), lines }
    }
}

/// The part of a total that comes next.
struct Waiting<'a> {
    depth: usize,
    of: &'a ColumnExplanation,
    at: usize,
}

/// Whether a figure is one over a group itself, and not only computed from one.
fn is_standing(column: &ColumnExplanation) -> bool {
    column.steps.iter().any(|step| step.kind == StepKind::Group)
}

/// Whether a figure is a place in a group.
pub(super) fn is_place(column: &ColumnExplanation) -> bool {
    let place = |step: &Step| step.kind == StepKind::Group && step.facts.iter().any(|(name, _)| *name == "ahead");
    matches!(&*column.steps, [step] if place(step))
}
