//! What comes out for one row: figures, and for each that is absent the reason.

use std::fmt;
use std::sync::Arc;

use kaohe_grammar::{Message, say};
use rust_decimal::Decimal;

use crate::code::Code;
use crate::date::Date;
use crate::diagnostic::Location;
use crate::eval::row::CellResult;
use crate::fault::{Cause, Fault, FaultCode};
use crate::number::Number;
use crate::plan::{ColumnId, Op, Plan, Show};
use crate::scheme::Scheme;
use crate::value::{Kind, Value};

/// One published figure of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Figure {
    /// Nothing is there, and that is no fault.
    Missing,
    /// A number, exact at its places.
    Number {
        /// The figure. A rounded column has exactly its places; any other at most twelve, without trailing zeros.
        value: Decimal,
        /// Whether the exact value has more decimals than are shown.
        shown_rounded: bool,
    },
    /// True or false.
    Truth(bool),
    /// Text, a choice, a grade.
    Text(Arc<str>),
    /// A calendar day.
    Date(Date),
    /// The cell has no value; [`Outcome::problem`] says why.
    Empty(Code),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing | Self::Empty(_) => Ok(()),
            Self::Number { value, .. } => write!(f, "{value}"),
            Self::Truth(truth) => write!(f, "{truth}"),
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{date}"),
        }
    }
}

impl Figure {
    /// Publishes what a cell has, at the places of its column.
    pub(crate) fn publish(plan: &Plan, column: ColumnId, cell: &CellResult) -> Self {
        let definition = plan.column(column);
        match cell {
            Err(Cause::Fault(fault)) => Self::Empty(fault.code.code()),
            Err(Cause::Blocked { .. }) => Self::Empty(Code::Blocked),
            Ok(Value::Missing) => Self::Missing,
            Ok(Value::Truth(truth)) => Self::Truth(*truth),
            Ok(Value::Text(text)) => Self::Text(Arc::clone(text)),
            Ok(Value::Date(date)) => Self::Date(*date),
            Ok(Value::Number(number)) => match number.to_published(definition.places) {
                Ok(published) => Self::Number { value: published.value, shown_rounded: published.shown_rounded },
                Err(_) => Self::Empty(Code::Overflow),
            },
            Ok(Value::Choice(at)) => match &plan.node(definition.body).facts.kind {
                Kind::Choice(list) => list.word(*at).map_or(Self::Missing, |word| Self::Text(Arc::clone(word))),
                _ => Self::Missing,
            },
        }
    }
}

/// A number as its column wants it shown; `published` where the column says nothing.
fn as_shown(exact: &Number, show: Show, published: Decimal) -> String {
    let factor = if show.percent { Number::HUNDRED } else { Number::ONE };
    let sign = if show.percent { "%" } else { "" };
    match (exact.multiply(&factor).to_published(show.places), show) {
        (Ok(shown), Show { percent: true, .. } | Show { places: Some(_), .. }) => format!("{}{sign}", shown.value),
        _ => published.to_string(),
    }
}

/// Why a cell is empty, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The column that is empty.
    pub column: Arc<str>,
    /// The stable code.
    pub code: Code,
    /// Why, in both languages.
    pub message: Message,
    /// The column whose fault it is, when this one only reads it.
    pub blocked_by: Option<Arc<str>>,
    /// The part of the scheme that had no answer.
    pub location: Option<Location>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.message.en, self.code.id())
    }
}

impl std::error::Error for Problem {}

/// Everything computed for one row.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub(crate) scheme: Scheme,
    pub(crate) cells: Vec<CellResult>,
}

impl Outcome {
    /// The figure of a column, or nothing when the scheme has no column of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Figure> {
        let plan = self.scheme.plan();
        let id = plan.column_named(name)?;
        Some(Figure::publish(plan, id, self.cells.get(id.index())?))
    }

    /// The exact value of a column, or nothing when it has none.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        let id = self.scheme.plan().column_named(name)?;
        self.cells.get(id.index())?.as_ref().ok()
    }

    /// The number of a column, or nothing when it has none.
    #[must_use]
    pub fn decimal(&self, name: &str) -> Option<Decimal> {
        match self.get(name)? {
            Figure::Number { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The figures people are shown, with their columns' names, in the order of the scheme.
    pub fn figures(&self) -> impl Iterator<Item = (&str, Figure)> {
        let plan = self.scheme.plan();
        plan.shown.iter().filter_map(move |id| {
            let cell = self.cells.get(id.index())?;
            Some((&*plan.column(*id).name, Figure::publish(plan, *id, cell)))
        })
    }

    /// The figures as the scheme wants people to see them, with their columns' names, in the order of the scheme.
    ///
    /// `show: { as: percent, places: 2 }` is applied here, rounded half up from the exact value; an empty cell shows the
    /// code of its fault, and one that only waits for another a dash.
    pub fn shown(&self) -> impl Iterator<Item = (&str, String)> {
        let plan = self.scheme.plan();
        plan.shown.iter().filter_map(move |id| {
            let cell = self.cells.get(id.index())?;
            let column = plan.column(*id);
            let text = match (Figure::publish(plan, *id, cell), cell) {
                (Figure::Empty(Code::Blocked), _) => "—".to_owned(),
                (Figure::Empty(code), _) => code.id().to_owned(),
                (Figure::Number { value, .. }, Ok(Value::Number(exact))) => as_shown(exact, column.show, value),
                (figure, _) => figure.to_string(),
            };
            Some((&*column.name, text))
        })
    }

    /// Whether every cell has come out.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.cells.iter().all(Result::is_ok)
    }

    /// Every empty cell with its reason: first the faults themselves, then what is blocked by them.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> =
            (0..self.cells.len()).filter_map(|at| self.problem_at(ColumnId(u32::try_from(at).ok()?))).collect();
        problems.sort_by_key(|problem| problem.blocked_by.is_some());
        problems
    }

    /// Why a column is empty, or nothing when it is not.
    #[must_use]
    pub fn problem(&self, name: &str) -> Option<Problem> {
        self.problem_at(self.scheme.plan().column_named(name)?)
    }

    fn problem_at(&self, id: ColumnId) -> Option<Problem> {
        let plan = self.scheme.plan();
        let column = Arc::clone(&plan.column(id).name);
        match self.cells.get(id.index())? {
            Ok(_) => None,
            Err(Cause::Blocked { by }) => {
                let name = Arc::clone(&plan.column(*by).name);
                Some(Problem {
                    column,
                    code: Code::Blocked,
                    message: say!("`{name}` has no value", "`{name}` 没有值"),
                    blocked_by: Some(name),
                    location: None,
                })
            }
            Err(Cause::Fault(fault)) => Some(Problem {
                message: self.told(*fault),
                code: fault.code.code(),
                blocked_by: None,
                location: plan.node(fault.node).span.map(|span| Location::new(self.scheme.source(), span)),
                column,
            }),
        }
    }

    /// A fault in the words of the scheme's author.
    fn told(&self, fault: Fault) -> Message {
        let node = self.scheme.plan().node(fault.node);
        let written = node.span.map_or("", |span| span.of(self.scheme.source())).trim();
        let mut written: String = written.split_whitespace().collect::<Vec<_>>().join(" ");
        let input = match &node.op {
            Op::Input(id) => self.scheme.plan().inputs.get(id.index()),
            _ => None,
        };
        if let Some(input) = input {
            // an input of a formula on its own stands nowhere in the text
            written = input.name.to_string();
        }
        match (fault.code, input) {
            (FaultCode::Missing, Some(input)) => {
                let name = &input.name;
                say!("the input `{name}` is missing", "缺少 `{name}`")
            }
            (FaultCode::Missing, None) => say!("`{written}` is missing", "`{written}` 缺失"),
            (FaultCode::DivisionByZero, _) => say!("division by zero in `{written}`", "`{written}` 的除数为零"),
            (FaultCode::OutOfRange, _) => say!("`{written}` is outside its declared range", "`{written}` 超出规定范围"),
            (FaultCode::NotWhole, _) => say!("`{written}` must be a whole number", "`{written}` 必须是整数"),
            (FaultCode::TooManyDigits, _) => {
                say!("`{written}` has more digits than the input counts", "`{written}` 的位数超过规定")
            }
            (FaultCode::WrongType, Some(input)) => {
                let (en, zh) = input.kind.told();
                say!("`{written}` must be {en}", "`{written}` 应为{zh}")
            }
            (FaultCode::WrongType, None) => say!("`{written}` is of the wrong kind", "`{written}` 类型不符"),
            (FaultCode::UnknownChoice, _) => say!("`{written}` is none of the choices", "`{written}` 不在选项之中"),
            (FaultCode::Overflow, _) => {
                say!("`{written}` has more than 28 digits at its places", "`{written}` 超过 28 位")
            }
            (FaultCode::TargetNotPositive, _) => {
                say!("the target `{written}` is zero or negative", "目标 `{written}` 为零或负数")
            }
            (FaultCode::NoBand, _) => say!("`{written}` falls in no band", "`{written}` 不在任何一段之内"),
            (FaultCode::BeyondKnots, _) => {
                say!("`{written}` lies beyond the outermost knots", "`{written}` 超出插值范围")
            }
            (FaultCode::NotInTable, _) => say!("there is no value for `{written}`", "`{written}` 没有对应的值"),
            (FaultCode::NegativeRoot, _) => {
                say!("`{written}` is the root of a negative number", "`{written}` 对负数开方")
            }
            (FaultCode::NoSuchDate, _) => {
                say!("`{written}` is a day that does not exist", "`{written}` 不是存在的日期")
            }
            (FaultCode::NotACount, _) => say!("`{written}` needs a whole number", "`{written}` 需要整数"),
            (FaultCode::LimitsCross, _) => {
                say!("the lower limit of `{written}` is above the upper one", "`{written}` 的下限高于上限")
            }
            (FaultCode::WeightsTotal, _) => {
                say!("the weights of `{written}` do not total what they must", "`{written}` 的权重合计不符")
            }
            (FaultCode::NothingToScore, _) => say!("every part of `{written}` is missing", "`{written}` 各项全部缺失"),
            (FaultCode::NotInOrder, _) => {
                say!("`{written}` is not in order for this row", "`{written}` 对本行不成立（顺序或正负不符）")
            }
        }
    }
}
