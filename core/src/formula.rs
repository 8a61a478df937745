//! One formula on its own: text in, exact value out.

use std::sync::Arc;

use kaohe_grammar::{BinaryOperator, Clause, Expr, ExprKind, UnaryOperator, say};

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::model::{Document, InputKind, InputText, MissingText};
use crate::document::shape::Shape;
use crate::document::{conform, format, read, tree};
use crate::error::{DataError, SchemeError};
use crate::functions::{Function, built_in, find};
use crate::lower::Days;
use crate::number::Number;
use crate::outcome::{Figure, Outcome};
use crate::problem::Problem;
use crate::row::Row;
use crate::scheme::Scheme;
use crate::value::Value;

/// The name the formula's own column has; no author can write it.
const RESULT: &str = "=";

/// A formula that was read and checked on its own, without a scheme.
///
/// Its names are inputs. What kind each one is follows from how it stands in the formula: a condition is true or false,
/// what is compared with a text is text, what a date function reads is a date, everything else is a number. Where that
/// does not say enough, [`Formula::typed`] does.
///
/// # Example
///
/// ```
/// use kaohe::{Formula, Row};
///
/// let formula = Formula::parse("min(日均存款 / 存款任务, 150%) * 100")?;
/// let row = Row::new().with("日均存款", "2415").with("存款任务", "1000");
/// assert_eq!(formula.evaluate(&row)??.to_string(), "150");
///
/// // A third three times is one: nothing is rounded on the way.
/// assert_eq!(Formula::parse("1 / 3 * 3")?.evaluate(&Row::new())??.to_string(), "1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Formula {
    scheme: Scheme,
}

impl Formula {
    /// Reads and checks a formula.
    ///
    /// # Errors
    ///
    /// [`SchemeError`] with everything that is wrong, each with its place in the formula.
    pub fn parse(text: &str) -> Result<Self, SchemeError> {
        Self::typed::<&str>(text, &[])
    }

    /// Reads and checks a formula whose names are declared: each with the word of its type (`number`, `text`, `bool`,
    /// `date`) or a declaration as in a scheme (`{ type: choice, values: [高级, 中级] }`).
    ///
    /// # Errors
    ///
    /// [`SchemeError`] with everything that is wrong, each with its place in the formula.
    pub fn typed<S: AsRef<str>>(text: &str, declarations: &[(S, S)]) -> Result<Self, SchemeError> {
        let mut problems = Vec::new();
        let Some(formula) = read::formula(text, &mut problems) else {
            return Err(SchemeError::located(problems, text));
        };
        let mut inputs: Vec<InputText> = Vec::new();
        for (name, declaration) in declarations {
            inputs.extend(declared(name.as_ref(), declaration.as_ref(), &mut problems));
        }
        let mut kinds = Vec::new();
        infer(&formula.expr, Wanted::Anything, &mut kinds);
        for (name, kind) in kinds {
            if built_in(&name).is_none() && !inputs.iter().any(|input| input.common.name.name == name) {
                let mut input = InputText::plain(name, kind.unwrap_or(InputKind::Number));
                if asks_for_absence(&formula.expr, &input.common.name.name) {
                    input.missing = MissingText::Allow;
                }
                inputs.push(input);
            }
        }
        let document = Document::of_formula(inputs, RESULT.into(), formula);
        if problems.iter().any(|found| found.severity == Severity::Error) {
            return Err(SchemeError::located(problems, text));
        }
        Ok(Self { scheme: Scheme::of_document(text, document, Days::default(), problems)? })
    }

    /// The names it reads, in the order they first stand in it, declared ones first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.scheme.inputs().iter().map(|input| &*input.name)
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        self.scheme.source()
    }

    /// The formula's value for these facts, published with at most twelve decimals.
    ///
    /// # Errors
    ///
    /// [`DataError`] when a name of the row looks like a misspelt one of the formula; inside, the [`Problem`] when the
    /// formula has no value for these facts.
    pub fn evaluate(&self, row: &Row) -> Result<Result<Figure, Problem>, DataError> {
        let outcome = self.scheme.score_row(row)?;
        Ok(Self::result(&outcome).map(|()| outcome.get(RESULT).unwrap_or(Figure::Missing)))
    }

    /// The formula's exact number for these facts, or nothing when it is missing or no number.
    ///
    /// # Errors
    ///
    /// As [`Formula::evaluate`].
    pub fn evaluate_exact(&self, row: &Row) -> Result<Result<Option<Number>, Problem>, DataError> {
        let outcome = self.scheme.score_row(row)?;
        Ok(Self::result(&outcome).map(|()| match outcome.value(RESULT) {
            Some(Value::Number(number)) => Some(number.clone()),
            _ => None,
        }))
    }

    /// The fault behind an empty result: of the formula itself, or of the fact it reads.
    fn result(outcome: &Outcome) -> Result<(), Problem> {
        let Some(problem) = outcome.problem(RESULT) else { return Ok(()) };
        let cause = problem.blocked_by.as_ref().and_then(|by| outcome.problem(by));
        Err(cause.unwrap_or(problem))
    }
}

/// An input declared for a formula.
fn declared(name: &str, declaration: &str, problems: &mut Vec<Diagnostic>) -> Option<InputText> {
    let text = if declaration.trim_start().starts_with('{') {
        declaration.to_owned()
    } else {
        format!("{{ type: {declaration} }}")
    };
    let reading = tree::read(&text);
    let mut found = reading.problems;
    let input = reading.root.and_then(|root| {
        conform::conform(&root, &Shape::Map(&format::INPUT), &mut found);
        read::input(&text, name, &root, &mut found)
    });
    for mut each in found {
        // the declaration is not part of the formula's text, so it has a path and no place
        each.span = None;
        each.path = name.to_owned();
        problems.push(each);
    }
    if input.is_none() && problems.is_empty() {
        problems.push(
            Diagnostic::error(
                Code::WrongShape,
                kaohe_grammar::Span::default(),
                say!("the declaration of `{name}` cannot be read", "`{name}` 的声明无法读取"),
            )
            .at(name),
        );
    }
    input
}

/// Whether the formula itself says what the absence of `name` means: then it is no fault of the fact.
fn asks_for_absence(expr: &Expr, name: &str) -> bool {
    expr.descendants().any(|each| match &each.kind {
        ExprKind::Call { function, arguments, .. } => {
            let asks =
                matches!(find(function).map(|spec| spec.function), Some(Function::IsMissing | Function::Coalesce));
            asks && arguments.iter().any(|argument| match &argument.kind {
                ExprKind::Name(own) => own.table.is_none() && *own.name == *name,
                _ => false,
            })
        }
        _ => false,
    })
}

/// What kind of value a place in the formula asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Anything,
    Number,
    Truth,
    Text,
    Date,
}

/// Collects the names of a formula with the kind their first telling place asks for.
fn infer(expr: &Expr, wanted: Wanted, names: &mut Vec<(Arc<str>, Option<InputKind>)>) {
    match &expr.kind {
        ExprKind::Name(name) if name.table.is_none() => note(&name.name, wanted, names),
        ExprKind::Missing
        | ExprKind::Truth(_)
        | ExprKind::Number(_)
        | ExprKind::Text(_)
        | ExprKind::Date { .. }
        | ExprKind::Name(_) => {}
        ExprKind::Index { keys, .. } => keys.iter().for_each(|key| infer(key, Wanted::Text, names)),
        ExprKind::Unary { operator, operand } => {
            let wanted = if *operator == UnaryOperator::Not { Wanted::Truth } else { Wanted::Number };
            infer(operand, wanted, names);
        }
        ExprKind::Binary { operator, left, right } => {
            let wanted = match operator {
                BinaryOperator::And | BinaryOperator::Or => Wanted::Truth,
                _ => Wanted::Number,
            };
            infer(left, wanted, names);
            infer(right, wanted, names);
        }
        ExprKind::Comparison { first, rest } => {
            let sides: Vec<&Expr> = std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side)).collect();
            together(&sides, names);
        }
        ExprKind::In { value, list } => {
            let sides: Vec<&Expr> = std::iter::once(&**value).chain(list).collect();
            together(&sides, names);
        }
        ExprKind::Between { value, low, high } => together(&[value, low, high], names),
        ExprKind::If { condition, then, otherwise } => {
            infer(condition, Wanted::Truth, names);
            infer(then, wanted, names);
            infer(otherwise, wanted, names);
        }
        ExprKind::Case { arms, otherwise } => {
            for (condition, value) in arms {
                infer(condition, Wanted::Truth, names);
                infer(value, wanted, names);
            }
            infer(otherwise, wanted, names);
        }
        ExprKind::Call { function, arguments, clauses, .. } => {
            let asked = find(function).map(|spec| spec.function);
            for (at, argument) in arguments.iter().enumerate() {
                infer(argument, argument_kind(asked, at, wanted), names);
            }
            for (clause, _) in clauses {
                if let Clause::Where(condition) = clause {
                    infer(condition, Wanted::Truth, names);
                }
            }
        }
    }
}

/// The sides of a comparison are of one kind: a literal among them says which.
fn together(sides: &[&Expr], names: &mut Vec<(Arc<str>, Option<InputKind>)>) {
    let wanted = sides
        .iter()
        .find_map(|side| match &side.kind {
            ExprKind::Text(_) => Some(Wanted::Text),
            ExprKind::Date { .. } => Some(Wanted::Date),
            ExprKind::Truth(_) => Some(Wanted::Truth),
            ExprKind::Call { function, .. } => match find(function).map(|spec| spec.function) {
                Some(Function::MakeDate | Function::AddMonths | Function::EndOfMonth) => Some(Wanted::Date),
                _ => None,
            },
            _ => None,
        })
        .unwrap_or(Wanted::Number);
    sides.iter().for_each(|side| infer(side, wanted, names));
}

/// What the argument at `at` of a function is.
const fn argument_kind(function: Option<Function>, at: usize, wanted: Wanted) -> Wanted {
    use Function as F;
    match (function, at) {
        (Some(F::IsMissing), _) => Wanted::Anything,
        (Some(F::Coalesce | F::Minimum | F::Maximum), _) => match wanted {
            Wanted::Anything => Wanted::Number,
            known => known,
        },
        (Some(F::CountTrue), _) => Wanted::Truth,
        (Some(F::Contains), _) => Wanted::Text,
        (Some(F::Year | F::Month | F::Day | F::EndOfMonth), _) | (Some(F::AddMonths), 0) => Wanted::Date,
        (Some(F::DaysBetween | F::DaysInclusive | F::MonthsBetween | F::YearsBetween), _) => Wanted::Date,
        _ => Wanted::Number,
    }
}

fn note(name: &str, wanted: Wanted, names: &mut Vec<(Arc<str>, Option<InputKind>)>) {
    let kind = match wanted {
        Wanted::Anything => None,
        Wanted::Number => Some(InputKind::Number),
        Wanted::Truth => Some(InputKind::Truth),
        Wanted::Text => Some(InputKind::Text),
        Wanted::Date => Some(InputKind::Date),
    };
    match names.iter_mut().find(|(known, _)| **known == *name) {
        // a place that says nothing leaves it to a later one
        Some((_, known @ None)) => *known = kind,
        Some(_) => {}
        None => names.push((name.into(), kind)),
    }
}
