//! The verbs: read a scheme, score a row.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use kaohe_grammar::say;

use crate::code::Code;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::model::{CaseText, Document};
use crate::document::shape::Shape;
use crate::document::{conform, format, read, roots, tree};
use crate::error::{DataError, SchemeError};
use crate::eval::facts::Facts;
use crate::eval::input;
use crate::eval::program::Programs;
use crate::eval::row::{CellResult, Cells, evaluate};
use crate::eval::trace::{Silent, Sink, Trace};
use crate::fault::{Cause, Fault};
use crate::lower::{Days, lower};
use crate::outcome::{Figure, Outcome};
use crate::plan::{ColumnId, Input, Plan};
use crate::row::{Binding, Cell, Row};
use crate::scorer::Scorer;

/// A scheme that was read and checked: immutable, cheap to clone, shared by every thread.
#[derive(Debug, Clone)]
pub struct Scheme {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    source: Arc<str>,
    document: Arc<Document>,
    days: Days,
    plan: Plan,
    warnings: Vec<Diagnostic>,
    /// The programs of the columns people are shown, written when they are first asked for.
    programs: OnceLock<Arc<Programs>>,
    /// The columns that are looked at in a run, and their programs.
    programs_of_run: OnceLock<(Arc<[ColumnId]>, Arc<Programs>)>,
    /// What identifies the scheme, made when it is first asked for.
    fingerprint: OnceLock<String>,
}

impl Inner {
    fn new(source: Arc<str>, document: Arc<Document>, days: Days, plan: Plan, warnings: Vec<Diagnostic>) -> Self {
        Self {
            source,
            document,
            days,
            plan,
            warnings,
            programs: OnceLock::new(),
            programs_of_run: OnceLock::new(),
            fingerprint: OnceLock::new(),
        }
    }
}

/// Reads and checks a scheme's text; everything that is wrong is in the second part, in the order of the text.
fn compile(source: &str) -> (Option<(Document, Days, Plan)>, Vec<Diagnostic>) {
    let reading = tree::read(source);
    let mut problems = reading.problems;
    // what could not be read to its end is not judged further: the rest would only be told missing
    let readable = !problems.iter().any(|found| matches!(found.code, Code::Malformed | Code::TooDeep | Code::TooLong));
    let compiled = reading.root.filter(|_| readable).and_then(|root| {
        conform::conform(&root, &Shape::Map(&format::SCHEME), &mut problems);
        let document = read::read(source, &root, &mut problems);
        let days = days(&document, None);
        let plan = lower(&document, days, &mut problems)?;
        Some((document, days, plan))
    });
    roots::keep(&mut problems, source);
    put_in_order(&mut problems, source);
    (compiled, problems)
}

fn days(document: &Document, as_of: Option<Date>) -> Days {
    let period = document.period.as_ref();
    Days {
        start: period.map(|period| period.start),
        end: period.map(|period| period.end),
        as_of: as_of.or_else(|| period.map(|period| period.end)),
    }
}

fn put_in_order(problems: &mut Vec<Diagnostic>, source: &str) {
    problems.sort_by_key(|found| (found.span.map_or(u32::MAX, |span| span.start), found.code));
    problems.dedup_by(|a, b| a.span == b.span && a.code == b.code && a.message == b.message);
    for found in problems {
        found.locate(source);
    }
}

impl Scheme {
    /// Reads and checks a scheme: YAML or JSON.
    ///
    /// # Errors
    ///
    /// [`SchemeError`] with everything that is wrong, each with its place: a scheme with a mistake computes nothing.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::{Row, Scheme};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 存款考核
    /// inputs:
    ///   工号:     { type: text, key: true }
    ///   日均存款: { type: number, unit: 万元 }
    ///   存款任务: { type: number, unit: 万元, above: 0 }
    /// computed:
    ///   完成率: { formula: 日均存款 / 存款任务, round: 4 }
    /// ",
    /// )?;
    /// let row = Row::new().with("工号", "007").with("日均存款", "2415").with("存款任务", "1000");
    /// let outcome = scheme.score_row(&row)?;
    /// assert_eq!(outcome.get("完成率").unwrap().to_string(), "2.4150");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(source: &str) -> Result<Self, SchemeError> {
        let (compiled, problems) = compile(source);
        match compiled {
            Some((document, days, plan)) if !problems.iter().any(|found| found.severity == Severity::Error) => {
                let (source, document) = (source.into(), Arc::new(document));
                let inner = Inner::new(source, document, days, plan, problems);
                Ok(Self { inner: Arc::new(inner) })
            }
            _ => Err(SchemeError::new(with_a_reason(problems))),
        }
    }

    /// Everything that is wrong or doubtful with a scheme's text, in the order of the text.
    #[must_use]
    pub fn check(source: &str) -> Vec<Diagnostic> {
        let (compiled, problems) = compile(source);
        if compiled.is_none() { with_a_reason(problems) } else { problems }
    }

    /// The same scheme on another day: which dated values are in force, and what `as_of` is.
    ///
    /// # Errors
    ///
    /// [`SchemeError`] when a parameter has no value in force on that day.
    pub fn as_of(&self, day: Date) -> Result<Self, SchemeError> {
        if self.inner.days.as_of == Some(day) {
            return Ok(self.clone());
        }
        let days = days(&self.inner.document, Some(day));
        Self::lowered(Arc::clone(&self.inner.source), Arc::clone(&self.inner.document), days, Vec::new())
    }

    /// A scheme of a document that was read already.
    pub(crate) fn of_document(
        source: &str,
        document: Document,
        days: Days,
        problems: Vec<Diagnostic>,
    ) -> Result<Self, SchemeError> {
        Self::lowered(source.into(), Arc::new(document), days, problems)
    }

    fn lowered(
        source: Arc<str>,
        document: Arc<Document>,
        days: Days,
        mut problems: Vec<Diagnostic>,
    ) -> Result<Self, SchemeError> {
        let plan = lower(&document, days, &mut problems);
        put_in_order(&mut problems, &source);
        let Some(plan) = plan else { return Err(SchemeError::new(with_a_reason(problems))) };
        let inner = Inner::new(source, document, days, plan, problems);
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The scheme's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.inner.document.scheme.as_deref().unwrap_or("")
    }

    /// The scheme's edition, when it says one.
    #[must_use]
    pub fn edition(&self) -> Option<&str> {
        self.inner.document.edition.as_deref()
    }

    /// The day that counts: the period's last, unless [`Scheme::as_of`] said another.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.inner.days.as_of
    }

    /// The first and the last day of the period, when the scheme says one.
    #[must_use]
    pub fn period(&self) -> Option<(Date, Date)> {
        self.inner.document.period.as_ref().map(|period| (period.start, period.end))
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.inner.source
    }

    /// What is doubtful about it.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.inner.warnings
    }

    /// Where the fingerprint is kept once it is made.
    pub(crate) fn fingerprint_cell(&self) -> &OnceLock<String> {
        &self.inner.fingerprint
    }

    /// What is computed, in order.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.inner.plan
    }

    /// What a row must bring, in the order of the scheme.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inner.plan.inputs
    }

    /// The input that names a row.
    #[must_use]
    pub fn key(&self) -> Option<&Input> {
        self.inner.plan.inputs.iter().find(|input| input.key)
    }

    /// The state of who is not graded, of a grading or of one of its earlier stages; nothing when it has no name.
    pub(crate) fn ungraded_state(&self, column: &str) -> Option<&Arc<str>> {
        let gradings = &self.inner.document.grades;
        let own = |name: &str| column.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let grading = gradings.iter().find(|grading| own(&grading.common.name.name))?;
        grading.otherwise.as_ref().map(|state| &state.name)
    }

    /// The document it was read from.
    pub(crate) fn document(&self) -> &Document {
        &self.inner.document
    }

    /// The worked examples of the scheme.
    #[must_use]
    pub(crate) fn case_texts(&self) -> &[CaseText] {
        &self.inner.document.cases
    }

    /// Matches the headers of a table to the inputs, once.
    ///
    /// # Errors
    ///
    /// [`DataError`] naming every input that has no column, or two.
    pub fn bind<S: AsRef<str>>(&self, headers: &[S]) -> Result<Binding, DataError> {
        Binding::new(self.inputs(), headers)
    }

    /// Scores one person.
    ///
    /// What is wrong in a cell is no error: that cell is empty with its reason, what reads it is blocked by it, and every
    /// other figure comes out.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the row has a name that looks like a misspelt input.
    pub fn score_row(&self, row: &Row) -> Result<Outcome, DataError> {
        Ok(self.score_cells(&row.cells(self.inputs())?))
    }

    /// Scores one person's cells, in the order of [`Scheme::inputs`]; cells that are not there are missing.
    #[must_use]
    pub fn score_cells(&self, cells: &[Cell]) -> Outcome {
        self.alone(cells, &mut Silent)
    }

    /// What scores many rows quickly: the figures people are shown, in the order of the scheme.
    #[must_use]
    pub fn scorer(&self) -> Scorer<'_> {
        let plan = self.plan();
        let programs = self.inner.programs.get_or_init(|| Arc::new(Programs::new(plan, &plan.shown)));
        Scorer::new(Cow::Borrowed(self), Arc::clone(programs), plan.shown.clone().into())
    }

    /// The same for a host that keeps it: the scheme is inside. After the columns that people are shown come those that are
    /// looked at for their faults alone, so that a row without an empty figure has no fault at all.
    #[must_use]
    pub fn into_scorer(self) -> Scorer<'static> {
        let (columns, programs) = self.programs_of_run();
        Scorer::new(Cow::Owned(self), programs, columns.to_vec().into())
    }

    /// The columns that are looked at in a run, those people are shown first, with their programs.
    pub(crate) fn programs_of_run(&self) -> (Arc<[ColumnId]>, Arc<Programs>) {
        let (columns, programs) = self.inner.programs_of_run.get_or_init(|| {
            let plan = self.plan();
            // the others for their faults alone; those of details and groups are told where they are read
            let looked_at = |column: &ColumnId| {
                let definition = plan.column(*column);
                !definition.hidden && definition.detail.is_none() && !plan.shown.contains(column)
            };
            let count = u32::try_from(plan.columns.len()).unwrap_or(u32::MAX);
            let columns: Arc<[ColumnId]> =
                plan.shown.iter().copied().chain((0..count).map(ColumnId).filter(looked_at)).collect();
            let programs = Arc::new(Programs::new(plan, &columns));
            (columns, programs)
        });
        (Arc::clone(columns), Arc::clone(programs))
    }

    /// The same for some of the columns: what they do not read is not computed.
    ///
    /// Returns nothing when the scheme has no column of one of the names.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::{Cell, Scheme};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: two columns
    /// inputs: { id: { type: text, key: true }, a: { type: number } }
    /// computed: { twice: a * 2, thrice: a * 3 }
    /// ",
    /// )?;
    /// let mut scorer = scheme.scorer_of(&["twice"]).unwrap();
    /// assert_eq!(scorer.score(&[Cell::from("1"), Cell::from(21)])[0].to_string(), "42");
    /// assert!(scheme.scorer_of(&["four"]).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn scorer_of(&self, names: &[&str]) -> Option<Scorer<'_>> {
        let plan = self.plan();
        let columns = names.iter().map(|name| plan.column_named(name)).collect::<Option<Box<[_]>>>()?;
        Some(Scorer::new(Cow::Borrowed(self), Arc::new(Programs::new(plan, &columns)), columns))
    }

    /// Scores one person and keeps the value of every operation, for an explanation.
    #[must_use]
    pub fn trace_cells(&self, cells: &[Cell]) -> (Outcome, Trace) {
        let mut trace = Trace::new(self.plan());
        (self.alone(cells, &mut trace), trace)
    }

    /// One row apart from any group, without detail rows, with the defaults of the run.
    fn alone<S: Sink>(&self, cells: &[Cell], sink: &mut S) -> Outcome {
        let (plan, inputs) = (self.plan(), self.read(cells));
        let given: Vec<_> = plan.given.iter().map(|each| input::read(each, &Cell::Missing)).collect();
        let facts = Facts { inputs: &inputs, given: &given, ..Facts::default() };
        let Cells { cells, .. } = evaluate(plan, &facts, sink);
        let figures = plan.given.iter().zip(&given).map(|(each, value)| {
            let figure = match value {
                Ok(value) => Figure::of_value(value, &each.kind),
                Err(code) => Figure::Empty(code.code()),
            };
            (Arc::clone(&each.name), figure)
        });
        Outcome {
            scheme: self.clone(),
            cells,
            places: HashMap::new(),
            provisional: Vec::new(),
            held: Vec::new(),
            given: figures.collect(),
        }
    }

    /// The inputs' values of a row.
    pub(crate) fn read(&self, cells: &[Cell]) -> Vec<CellResult> {
        let plan = self.plan();
        plan.inputs
            .iter()
            .enumerate()
            .map(|(at, each)| {
                let cell = cells.get(at).unwrap_or(&Cell::Missing);
                let node = plan.column(each.column).body;
                input::read(each, cell).map_err(|code| Cause::Fault(Fault { code, node }))
            })
            .collect()
    }
}

/// A scheme is never refused without a reason.
fn with_a_reason(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if !problems.iter().any(|found| found.severity == Severity::Error) {
        problems.push(Diagnostic::error(
            Code::Internal,
            Span::default(),
            say!("the scheme could not be read, and no reason was found", "方案无法读取，且没有找到原因"),
        ));
    }
    problems
}
