//! The worked examples of a scheme: facts in, figures out, differences told cell by cell.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use crate::coverage::{Coverage, Watcher};
use crate::diagnostic::Severity;
use crate::document::model::{CasePeople, CaseText, Facts, Named};
use crate::document::suggest::nearest;
use crate::document::tree::Scalar;
use crate::error::SchemeError;
use crate::formula::Formula;
use crate::number::Number;
use crate::outcome::{Figure, Outcome};
use crate::plan::Input;
use crate::row::{Cell, Row};
use crate::run::{Data, Options, Run, Stop, Table};
use crate::scheme::Scheme;
use crate::value::Kind;

/// What came of one worked example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// What the example shows.
    pub name: Arc<str>,
    /// How it ended.
    pub verdict: Verdict,
}

/// How a worked example ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every figure is as expected; so many were looked at.
    Passed(usize),
    /// These are not.
    Failed(Vec<Difference>),
}

/// One figure that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whose figure it is, in an example of several people.
    pub key: Option<Arc<str>>,
    /// The column.
    pub column: Arc<str>,
    /// What the example says.
    pub expected: String,
    /// What came out; the code and sentence of the fault when nothing did.
    pub found: Message,
}

impl Scheme {
    /// Runs the worked examples under `cases:`.
    ///
    /// A figure is expected by its value (`92.9` is `92.90`), an absent one by the word `missing`, a fault by its code
    /// (`K0902`).
    ///
    /// Only values are held against each other: a figure that is provisional is as expected when its value is. Expect the
    /// code of the fault of the row that was left out beside it, and a population that should be complete cannot go
    /// unnoticed.
    #[must_use]
    pub fn run_cases(&self) -> Vec<CaseResult> {
        self.case_texts().iter().map(|case| self.result(case, |_, _| ())).collect()
    }

    /// The same, and what no example reaches.
    #[must_use]
    pub fn run_cases_with_coverage(&self) -> (Vec<CaseResult>, Coverage) {
        let mut watcher = Watcher::new(self);
        let results = self.case_texts().iter().map(|case| self.result(case, |scheme, run| watcher.watch(scheme, run)));
        let results = results.collect();
        (results, watcher.coverage())
    }

    /// What no example reaches: bands, gates, limits, branches, grades and the like.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        self.run_cases_with_coverage().1
    }

    /// Runs an example; `seen` is shown the run, and the scheme on its day.
    fn result(&self, case: &CaseText, seen: impl FnOnce(&Self, &Run)) -> CaseResult {
        CaseResult { name: Arc::clone(&case.name), verdict: self.verdict(case, seen) }
    }

    fn verdict(&self, case: &CaseText, seen: impl FnOnce(&Self, &Run)) -> Verdict {
        let scheme = match case.as_of.map(|day| self.as_of(day)).transpose() {
            Ok(scheme) => scheme.unwrap_or_else(|| self.clone()),
            Err(error) => return Verdict::Failed(vec![refused("as_of", &first_of(&error))]),
        };
        let run = match scheme.run_of(case) {
            Ok(run) => run,
            Err(differences) => return Verdict::Failed(differences),
        };
        seen(&scheme, &run);
        match scheme.unlike(case, &run) {
            differences if differences.is_empty() => Verdict::Passed(expected(case)),
            differences => Verdict::Failed(differences),
        }
    }

    /// The people of an example, scored; as an error what kept it from being run.
    fn run_of(&self, case: &CaseText) -> Result<Run, Vec<Difference>> {
        let mut data = match &case.people {
            CasePeople::One { row, .. } => Data::person(self.row_of(row, self.inputs(), &[])?),
            CasePeople::Many { rows, .. } => {
                let rows: Result<Vec<_>, _> = rows.iter().map(|row| self.row_of(row, self.inputs(), &[])).collect();
                Data::of(Table::of_rows(rows?))
            }
        };
        for (table, rows) in &case.details {
            let detail = self.plan().detail_named(&table.name).map(|id| self.plan().detail(id));
            let (inputs, key) = detail.map_or((&[][..], &[][..]), |detail| (&detail.inputs, &detail.key_headers));
            let rows: Result<Vec<_>, _> = rows.iter().map(|row| self.row_of(row, inputs, key)).collect();
            data = data.detail(&table.name, Table::of_rows(rows?));
        }
        // a table an example does not speak of has no rows in it
        for detail in &self.plan().details {
            if !case.details.iter().any(|(table, _)| table.name == detail.name) {
                data = data.detail(&detail.name, Table::default());
            }
        }
        for (name, scalar) in &case.given {
            let cell = self
                .fact(name, scalar, &self.plan().given, &[])
                .map_err(|found| vec![unreadable(name, scalar, found)])?;
            data = data.given(&name.name, cell);
        }
        self.score(data, Options::default()).map_err(|stop| vec![refused("rows", &why(&stop))])
    }

    /// What is not as expected.
    fn unlike(&self, case: &CaseText, run: &Run) -> Vec<Difference> {
        match &case.people {
            CasePeople::One { expect, .. } => self.differences(&run.outcome(0), None, expect),
            CasePeople::Many { expect, .. } => expect
                .iter()
                .flat_map(|(key, figures)| match run.row_of(&key.name) {
                    Some(row) => self.differences(&run.outcome(row), Some(&key.name), figures),
                    None => {
                        let found = say!("no row has this key", "没有这个键的行");
                        vec![Difference {
                            key: Some(Arc::clone(&key.name)),
                            column: "".into(),
                            expected: String::new(),
                            found,
                        }]
                    }
                })
                .collect(),
        }
    }

    fn differences(&self, outcome: &Outcome, key: Option<&Arc<str>>, expect: &Facts) -> Vec<Difference> {
        let each = expect.iter().filter_map(|(name, scalar)| self.differs(outcome, name, scalar));
        each.map(|difference| Difference { key: key.cloned(), ..difference }).collect()
    }

    fn row_of(&self, facts: &Facts, inputs: &[Input], key: &[Arc<str>]) -> Result<Row, Vec<Difference>> {
        let mut row = Row::new();
        for (name, scalar) in facts {
            match self.fact(name, scalar, inputs, key) {
                Ok(cell) => row.set(&name.name, cell),
                Err(found) => return Err(vec![unreadable(name, scalar, found)]),
            }
        }
        // what an example does not speak of is absent, of one person as of several
        for input in inputs {
            if !facts.iter().any(|(name, _)| input.names().any(|own| own == &*name.name)) {
                row.set(&input.name, Cell::Missing);
            }
        }
        Ok(row)
    }

    /// A fact as an example writes it: numbers as in formulas (`3.6%`), the rest as in tables.
    fn fact(&self, name: &Named, scalar: &Scalar, inputs: &[Input], key: &[Arc<str>]) -> Result<Cell, Message> {
        let known = inputs.iter().find(|input| input.names().any(|own| own == &*name.name));
        let Some(input) = known else {
            let text = &name.name;
            if key.contains(text) {
                return Ok(Cell::Text(scalar.text.clone()));
            }
            let names = inputs.iter().map(|input| &*input.name);
            return Err(match nearest(text, names) {
                Some(near) => {
                    say!("there is no input `{text}`; did you mean `{near}`?", "没有输入列 `{text}`；是不是 `{near}`？")
                }
                None => say!("there is no input `{text}`", "没有输入列 `{text}`"),
            });
        };
        if input.kind == Kind::Number
            && let Some(number) = constant(&scalar.text)
        {
            return Ok(Cell::Text(number.to_string()));
        }
        Ok(Cell::Text(scalar.text.clone()))
    }

    fn differs(&self, outcome: &Outcome, name: &Named, expected: &Scalar) -> Option<Difference> {
        let text = expected.text.trim();
        let column = Arc::clone(&name.name);
        let found = match outcome.get(&column) {
            None => {
                let names = self.plan().columns.iter().map(|column| &*column.name);
                match nearest(&column, names) {
                    Some(near) => {
                        say!("there is no such column; did you mean `{near}`?", "没有这一列；是不是 `{near}`？")
                    }
                    None => say!("there is no such column", "没有这一列"),
                }
            }
            Some(Figure::Number { value, .. }) => {
                let wanted = constant(text);
                if wanted.is_some_and(|wanted| wanted == Number::from_decimal(value)) {
                    return None;
                }
                Message::new(value.to_string(), value.to_string())
            }
            Some(Figure::Empty(code)) => {
                if text == code.id() {
                    return None;
                }
                let problem = outcome.problem(&column)?;
                let (en, zh) = (&problem.message.en, &problem.message.zh);
                Message::new(format!("{}: {en}", code.id()), format!("{}：{zh}", code.id()))
            }
            Some(Figure::Missing) => {
                if text == "missing" {
                    return None;
                }
                Message::new("missing", "missing")
            }
            Some(Figure::Truth(truth)) => {
                if crate::document::conform::truth(text) == Some(truth) {
                    return None;
                }
                Message::new(truth.to_string(), truth.to_string())
            }
            Some(other) => {
                let shown = other.to_string();
                if shown == text {
                    return None;
                }
                Message::new(shown.clone(), shown)
            }
        };
        Some(Difference { key: None, column, expected: text.to_owned(), found })
    }
}

/// A number as formulas write it.
fn constant(text: &str) -> Option<Number> {
    if let Ok(number) = Number::parse(text.trim()) {
        return Some(number);
    }
    let formula = Formula::parse(text).ok()?;
    formula.evaluate_exact(&Row::new()).ok()?.ok()?
}

/// How many figures an example expects.
fn expected(case: &CaseText) -> usize {
    match &case.people {
        CasePeople::One { expect, .. } => expect.len(),
        CasePeople::Many { expect, .. } => expect.iter().map(|(_, figures)| figures.len()).sum(),
    }
}

/// The first error of a scheme that cannot be used on a day.
fn first_of(error: &SchemeError) -> Message {
    let first = error.diagnostics().iter().find(|found| found.severity == Severity::Error);
    first.map_or_else(|| Message::new(error.to_string(), error.to_string()), |found| found.message.clone())
}

fn why(stop: &Stop) -> Message {
    match stop {
        Stop::Data(error) => error.message.clone(),
        Stop::Stopped => Message::new(stop.to_string(), stop.to_string()),
    }
}

fn refused(part: &str, why: &Message) -> Difference {
    Difference { key: None, column: part.into(), expected: String::new(), found: why.clone() }
}

fn unreadable(name: &Named, scalar: &Scalar, found: Message) -> Difference {
    Difference { key: None, column: Arc::clone(&name.name), expected: scalar.text.clone(), found }
}
