//! The worked examples of a scheme: facts in, figures out, differences told cell by cell.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use crate::document::model::{CasePeople, CaseText, Named};
use crate::document::suggest::nearest;
use crate::document::tree::Scalar;
use crate::formula::Formula;
use crate::number::Number;
use crate::outcome::{Figure, Outcome};
use crate::row::{Cell, Row};
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
    /// It has parts this version does not compute.
    NotBuilt,
}

/// One figure that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
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
    #[must_use]
    pub fn run_cases(&self) -> Vec<CaseResult> {
        self.case_texts()
            .iter()
            .map(|case| CaseResult { name: Arc::clone(&case.name), verdict: self.run(case) })
            .collect()
    }

    fn run(&self, case: &CaseText) -> Verdict {
        let CasePeople::One { row: facts, expect } = &case.people else { return Verdict::NotBuilt };
        if case.unbuilt || !case.details.is_empty() || !case.given.is_empty() {
            return Verdict::NotBuilt;
        }
        let scheme = match case.as_of.map(|day| self.as_of(day)).transpose() {
            Ok(scheme) => scheme.unwrap_or_else(|| self.clone()),
            Err(error) => return refused("as_of", &error.to_string()),
        };
        let mut row = Row::new();
        for (name, scalar) in facts {
            match scheme.fact(name, scalar) {
                Ok(cell) => row.set(&name.name, cell),
                Err(message) => {
                    return Verdict::Failed(vec![Difference {
                        column: Arc::clone(&name.name),
                        expected: scalar.text.clone(),
                        found: message,
                    }]);
                }
            }
        }
        let outcome = match scheme.score_row(&row) {
            Ok(outcome) => outcome,
            Err(error) => return refused("row", &error.to_string()),
        };
        let differences: Vec<Difference> =
            expect.iter().filter_map(|(name, scalar)| scheme.differs(&outcome, name, scalar)).collect();
        if differences.is_empty() { Verdict::Passed(expect.len()) } else { Verdict::Failed(differences) }
    }

    /// A fact as an example writes it: numbers as in formulas (`3.6%`), the rest as in tables.
    fn fact(&self, name: &Named, scalar: &Scalar) -> Result<Cell, Message> {
        let known = self.inputs().iter().find(|input| input.names().any(|own| own == &*name.name));
        let Some(input) = known else {
            let text = &name.name;
            let names = self.inputs().iter().map(|input| &*input.name);
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
        Some(Difference { column, expected: text.to_owned(), found })
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

fn refused(part: &str, why: &str) -> Verdict {
    let found = Message::new(why, why);
    Verdict::Failed(vec![Difference { column: part.into(), expected: String::new(), found }])
}
