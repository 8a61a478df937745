//! Calls: each function of the table as operations.

use std::sync::Arc;

use kaohe_grammar::{Clause, ComparisonOperator, Expr, ExprKind, say};

use super::builder::Builder;
use super::detail::{Asked, is_over_rows};
use super::names::Symbol;
use crate::code::Code;
use crate::diagnostic::Span;
use crate::document::suggest::nearest;
use crate::functions::{FUNCTIONS, Function, FunctionSpec, find};
use crate::number::{Number, RoundingMode};
use crate::plan::{Arithmetic, DatePart, DateShift, DateSpan, Extreme, Facts, NodeId, Op};
use crate::size::Size;
use crate::unit::{Unit, conversion};
use crate::value::{Kind, Value};

impl Builder<'_> {
    /// A call of a function.
    pub(crate) fn call(
        &mut self,
        name: &str,
        name_span: Span,
        arguments: &[Expr],
        clauses: &[(Clause, Span)],
        span: Span,
    ) -> Option<NodeId> {
        let Some(spec) = find(name) else {
            self.unknown_function(name, name_span);
            return None;
        };
        let signature = spec.signature;
        if let Some(tables) = self.asked_of_rows(spec.function, arguments) {
            let argument = arguments.first()?;
            return self.over_rows(Asked { function: spec.function, table: 0, argument, clauses, span }, &tables);
        }
        let (least, most) = spec.arguments;
        if !(least..=most).contains(&arguments.len()) {
            let found = arguments.len();
            self.error(
                Code::WrongArguments,
                span,
                say!("`{signature}` was given {found} arguments", "`{signature}` 收到了 {found} 个参数"),
                Some(say!("it is written {signature}", "写法：{signature}")),
            );
            return None;
        }
        if spec.function.is_over_group() {
            return self.group_call(spec, arguments, clauses, span);
        }
        if let Some((_, clause_span)) = clauses.first() {
            let message = if is_over_rows(spec.function) {
                say!(
                    "these words go with detail rows, and `{name}` is given none",
                    "这些词用于明细，而 `{name}` 的参数不是明细"
                )
            } else {
                say!("`{name}` takes no such words", "`{name}` 不能带这些词")
            };
            let help = say!("it is written {signature}", "写法：{signature}");
            self.error(Code::WrongClause, *clause_span, message, Some(help));
            return None;
        }
        self.apply(spec, arguments, span)
    }

    fn unknown_function(&mut self, name: &str, span: Span) {
        let names = FUNCTIONS.iter().flat_map(|spec| [spec.name, spec.alias]);
        let help = if self.names.get(name).is_some() {
            say!("`{name}` is a column; to multiply write `{name} * (…)`", "`{name}` 是列名；相乘请写 `{name} * (…)`")
        } else {
            match nearest(&name.to_ascii_lowercase(), names) {
                Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
                None => say!("the functions are listed in the language reference", "可用的函数见语言手册"),
            }
        };
        self.error(
            Code::UnknownFunction,
            span,
            say!("there is no function `{name}`", "没有名为 `{name}` 的函数"),
            Some(help),
        );
    }

    fn numbers(&mut self, arguments: &[Expr]) -> Option<Vec<NodeId>> {
        let ids: Vec<_> = arguments.iter().map(|argument| self.operand(argument, &Kind::Number)).collect();
        ids.into_iter().collect()
    }

    fn apply(&mut self, spec: &FunctionSpec, arguments: &[Expr], span: Span) -> Option<NodeId> {
        use Function as F;
        match spec.function {
            F::Minimum => self.extreme_of(Extreme::Minimum, arguments, span),
            F::Maximum => self.extreme_of(Extreme::Maximum, arguments, span),
            F::Absolute => {
                let a = self.first_number(arguments)?;
                Some(self.unary(Op::Absolute(a), a))
            }
            F::Sign => {
                let a = self.first_number(arguments)?;
                self.sized(Op::Sign(a), Unit::plain(), Size::COUNT)
            }
            F::SquareRoot => {
                let a = self.first_number(arguments)?;
                let size = self.facts(a).size.root();
                self.sized(Op::SquareRoot(a), Unit::Unknown, size)
            }
            F::Round => self.round_call(arguments),
            F::Floor => self.whole(arguments, RoundingMode::Floor),
            F::Ceiling => self.whole(arguments, RoundingMode::Ceil),
            F::Truncate => self.whole(arguments, RoundingMode::Down),
            F::Clamp => self.clamp(arguments),
            F::Ratio => self.ratio(arguments, span),
            F::Coalesce => self.coalesce(arguments),
            F::IsMissing => {
                let a = self.expr(arguments.first()?)?;
                Some(self.truth_node(Op::IsMissing(a)))
            }
            F::Sum => {
                let ids = self.numbers(arguments)?;
                match ids.as_slice() {
                    // one number by itself must be there, too
                    [one] if self.facts(*one).may_be_missing => self.extreme(Extreme::Maximum, ids),
                    _ => self.total(&ids),
                }
            }
            F::Average => {
                let ids = self.numbers(arguments)?;
                let total = self.total(&ids)?;
                let count = self.integer(i64::try_from(ids.len()).ok()?);
                self.arithmetic(Arithmetic::Divide, total, count)
            }
            F::Median => {
                let ids = self.numbers(arguments)?;
                let half = Size::decimal(0, 1);
                let mut facts = self.facts(*ids.first()?).clone();
                for id in &ids {
                    facts.unit = self.together(*ids.first()?, *id, span)?;
                    facts.size = facts.size.either(self.facts(*id).size);
                }
                let size = facts.size.sum(facts.size).product(half);
                self.sized(Op::Median(ids.into()), facts.unit, size)
            }
            F::CountTrue => self.count_true(arguments),
            F::MakeDate => {
                let ids = self.numbers(arguments)?;
                let [year, month, day] = ids.as_slice() else { return None };
                Some(self.date_node(Op::MakeDate(*year, *month, *day)))
            }
            F::Year => self.date_part(DatePart::Year, arguments),
            F::Month => self.date_part(DatePart::Month, arguments),
            F::Day => self.date_part(DatePart::Day, arguments),
            F::DaysBetween => self.dates(DateSpan::DaysBetween, arguments),
            F::DaysInclusive => self.dates(DateSpan::DaysInclusive, arguments),
            F::MonthsBetween => self.dates(DateSpan::MonthsBetween, arguments),
            F::YearsBetween => self.dates(DateSpan::YearsBetween, arguments),
            F::AddMonths => {
                let [date, months] = arguments else { return None };
                let (date, months) = (self.operand(date, &Kind::Date), self.operand(months, &Kind::Number));
                Some(self.date_shift(DateShift::Months, date?, months?))
            }
            F::EndOfMonth => {
                let date = self.operand(arguments.first()?, &Kind::Date)?;
                Some(self.date_node(Op::EndOfMonth(date)))
            }
            F::OnDate => {
                let [parameter, date] = arguments else { return None };
                let date = self.operand(date, &Kind::Date);
                let (parameter, keys) = self.parameter_argument(parameter)?;
                self.on_date(parameter, keys, date?)
            }
            F::DayAverage => {
                let [parameter, from, to] = arguments else { return None };
                let (from, to) = (self.operand(from, &Kind::Date), self.operand(to, &Kind::Date));
                let (parameter, keys) = self.parameter_argument(parameter)?;
                self.day_average(parameter, keys, from?, to?)
            }
            F::Convert => self.convert(arguments),
            F::Contains => {
                let [text, part] = arguments else { return None };
                let (text_id, part_id) = (self.expr(text)?, self.expr(part)?);
                let (text_id, part_id) = (self.as_text(text_id), self.as_text(part_id));
                let text_id = self.demand(text_id, &Kind::Text, text.span);
                let part_id = self.demand(part_id, &Kind::Text, part.span);
                Some(self.truth_node(Op::Contains(text_id?, part_id?)))
            }
            F::Count | F::Last => {
                let (name, signature) = (spec.name, spec.signature);
                self.error(
                    Code::WrongArguments,
                    span,
                    say!("`{name}` is asked of a detail table", "`{name}` 用于明细表"),
                    Some(say!("it is written {signature}", "写法：{signature}")),
                );
                None
            }
            // figures over a group are answered before
            F::Rank
            | F::Percentile
            | F::Share
            | F::CumulativeShare
            | F::GroupSum
            | F::GroupAverage
            | F::GroupCount
            | F::GroupMinimum
            | F::GroupMaximum
            | F::GroupMedian
            | F::GroupDeviation => None,
        }
    }

    fn first_number(&mut self, arguments: &[Expr]) -> Option<NodeId> {
        self.operand(arguments.first()?, &Kind::Number)
    }

    fn whole(&mut self, arguments: &[Expr], mode: RoundingMode) -> Option<NodeId> {
        let a = self.first_number(arguments)?;
        self.round(a, 0, mode)
    }

    /// The smallest or largest of numbers, of dates, or of grades of one ladder.
    fn extreme_of(&mut self, extreme: Extreme, arguments: &[Expr], span: Span) -> Option<NodeId> {
        let ids: Vec<_> = arguments.iter().map(|argument| self.expr(argument)).collect();
        let ids = ids.into_iter().collect::<Option<Vec<_>>>()?;
        let kind = self.facts(*ids.first()?).kind.clone();
        let comparable = match &kind {
            Kind::Number | Kind::Date => true,
            Kind::Choice(list) => list.ordered,
            _ => false,
        };
        if !comparable {
            self.demand(*ids.first()?, &Kind::Number, arguments.first()?.span)?;
        }
        for (id, argument) in ids.iter().zip(arguments) {
            self.demand(*id, &kind, argument.span)?;
        }
        let stood = self.stand(Some(span));
        let id = self.extreme(extreme, ids);
        self.stand(stood);
        id
    }

    fn round_call(&mut self, arguments: &[Expr]) -> Option<NodeId> {
        let value = self.first_number(arguments)?;
        let places = match arguments.get(1) {
            None => 0,
            Some(argument) => {
                let id = self.operand(argument, &Kind::Number)?;
                let places =
                    self.constant_number(id).and_then(Number::to_i64).filter(|places| (-12..=12).contains(places));
                match places.and_then(|places| i32::try_from(places).ok()) {
                    Some(places) => places,
                    None => {
                        self.error(
                            Code::BadConstant,
                            argument.span,
                            say!("the decimals of `round` are a whole number from -12 to 12, known when the scheme is read", "`round` 的小数位数必须是 -12 到 12 之间的固定整数"),
                            None,
                        );
                        return None;
                    }
                }
            }
        };
        let mode = match arguments.get(2) {
            None => RoundingMode::HalfUp,
            Some(argument) => {
                let word = match &argument.kind {
                    ExprKind::Name(name) if name.table.is_none() => &*name.name,
                    ExprKind::Text(text) => text,
                    _ => "",
                };
                match RoundingMode::from_name(word) {
                    Some(mode) => mode,
                    None => {
                        self.error(
                            Code::UnknownWord,
                            argument.span,
                            say!("`{word}` is no way of rounding", "`{word}` 不是舍入方式"),
                            Some(say!(
                                "it is one of half_up, half_even, up, down, floor, ceil",
                                "应为 half_up、half_even、up、down、floor、ceil 之一"
                            )),
                        );
                        return None;
                    }
                }
            }
        };
        self.round(value, places, mode)
    }

    fn clamp(&mut self, arguments: &[Expr]) -> Option<NodeId> {
        let ids = self.numbers(arguments)?;
        let [value, low, high] = *ids.as_slice() else { return None };
        let crossed = match (self.constant_number(low), self.constant_number(high)) {
            (Some(low), Some(high)) => Some(low > high),
            _ => None,
        };
        let value = match crossed {
            Some(true) => {
                let span = arguments.get(2)?.span;
                self.error(
                    Code::LimitOrder,
                    span,
                    say!("the upper limit is below the lower one", "上限低于下限"),
                    Some(say!("it is written clamp(a, low, high)", "写法：clamp(a, 下限, 上限)")),
                );
                return None;
            }
            Some(false) => value,
            None => self.guard_order(low, high, value)?,
        };
        let raised = self.extreme(Extreme::Maximum, vec![value, low])?;
        self.extreme(Extreme::Minimum, vec![raised, high])
    }

    fn ratio(&mut self, arguments: &[Expr], span: Span) -> Option<NodeId> {
        let a = self.operand(arguments.first()?, &Kind::Number);
        let b = self.operand(arguments.get(1)?, &Kind::Number);
        let (a, b) = (a?, b?);
        let quotient = self.arithmetic(Arithmetic::Divide, a, b)?;
        let Some(when_zero) = arguments.get(2) else { return Some(quotient) };
        let when_zero_id = self.operand(when_zero, &Kind::Number)?;
        let stood = self.stand(Some(span));
        let zero = self.zero();
        let is_zero = self.compare(ComparisonOperator::Equal, b, zero)?;
        let id = self.choose(is_zero, when_zero_id, quotient);
        self.stand(stood);
        id
    }

    fn coalesce(&mut self, arguments: &[Expr]) -> Option<NodeId> {
        let ids: Vec<_> = arguments.iter().map(|argument| self.expr(argument)).collect();
        let mut ids = ids.into_iter().collect::<Option<Vec<_>>>()?;
        let mut facts = self.facts(*ids.first()?).clone();
        for (id, argument) in ids.iter_mut().zip(arguments) {
            let kind = self.facts(*id).kind.clone();
            if let (Kind::Choice(list), Kind::Text) = (&facts.kind, &kind) {
                let list = Arc::clone(list);
                *id = self.word(*id, &list, argument.span)?;
            }
            if facts.kind == Kind::Missing {
                facts.kind = kind;
            }
            self.demand(*id, &facts.kind, argument.span)?;
            let other = self.facts(*id);
            facts.may_be_missing = other.may_be_missing;
            facts.size = facts.size.either(other.size);
            facts.unit = match facts.unit.together(&other.unit) {
                Ok(unit) => unit,
                Err(clash) => {
                    self.clash(&clash, argument.span);
                    return None;
                }
            };
        }
        Some(self.push(Op::Coalesce(ids.into()), facts))
    }

    fn count_true(&mut self, arguments: &[Expr]) -> Option<NodeId> {
        let (one, zero) = (self.integer(1), self.zero());
        let mut counted = Vec::new();
        for argument in arguments {
            let condition = self.operand(argument, &Kind::Truth)?;
            counted.push(self.choose(condition, one, zero)?);
        }
        self.total(&counted)
    }

    fn date_part(&mut self, part: DatePart, arguments: &[Expr]) -> Option<NodeId> {
        let date = self.operand(arguments.first()?, &Kind::Date)?;
        let facts = Facts { kind: Kind::Number, may_be_missing: false, unit: Unit::plain(), size: Size::COUNT };
        Some(self.push(Op::DatePart(part, date), facts))
    }

    fn dates(&mut self, span: DateSpan, arguments: &[Expr]) -> Option<NodeId> {
        let [from, to] = arguments else { return None };
        let (from, to) = (self.operand(from, &Kind::Date), self.operand(to, &Kind::Date));
        Some(self.date_span(span, from?, to?))
    }

    /// A parameter as an argument, with its keys when it has any: `on_date(费率[级别], 放款日)`.
    fn parameter_argument<'e>(&mut self, argument: &'e Expr) -> Option<(Arc<str>, &'e [Expr])> {
        let (name, keys) = match &argument.kind {
            ExprKind::Name(name) => (Some(name), &[][..]),
            ExprKind::Index { name, keys } => (Some(name), keys.as_slice()),
            _ => (None, &[][..]),
        };
        if let Some(name) = name
            && name.table.is_none()
        {
            if matches!(self.names.get(&name.name), Some(Symbol::Parameter(_))) {
                return Some((Arc::from(&*name.name), keys));
            }
            if self.names.get(&name.name).is_none() {
                self.unknown_name(&name.name, argument.span);
                return None;
            }
        }
        self.error(
            Code::WrongArguments,
            argument.span,
            say!("the first argument is the name of a parameter", "第一个参数应是参数的名称"),
            None,
        );
        None
    }

    fn convert(&mut self, arguments: &[Expr]) -> Option<NodeId> {
        let [value, target] = arguments else { return None };
        let value_id = self.operand(value, &Kind::Number)?;
        let to = match &target.kind {
            ExprKind::Name(name) if name.table.is_none() => Arc::<str>::from(&*name.name),
            ExprKind::Text(text) => Arc::from(&**text),
            _ => {
                self.error(
                    Code::WrongArguments,
                    target.span,
                    say!("the second argument of `convert` is a unit", "`convert` 的第二个参数应是单位"),
                    Some(say!("write `convert(x, 元)`", "请写 `convert(x, 元)`")),
                );
                return None;
            }
        };
        let from = self.facts(value_id).unit.name().map(str::to_owned);
        let power = from.as_ref().and_then(|from| conversion(from, &to));
        let Some(power) = power else {
            let message = match &from {
                Some(from) => say!("`{from}` cannot be converted to `{to}`", "`{from}` 不能换算成 `{to}`"),
                None => say!("what has no unit cannot be converted to `{to}`", "没有单位的数不能换算成 `{to}`"),
            };
            self.error(
                Code::UnitMismatch,
                value.span,
                message,
                Some(say!(
                    "units of one measure differ by 千, 万 or 亿 only, as 元 and 万元",
                    "只能在同一计量的单位之间换算，如 元 与 万元"
                )),
            );
            return None;
        };
        let factor = Number::from_integer(10).power(power).ok()?;
        let factor = self.value(Value::Number(factor), Kind::Number, Unit::Bare { magnitude: false });
        let size = self.facts(value_id).size.product(self.facts(factor).size);
        self.sized(Op::Arithmetic(Arithmetic::Multiply, value_id, factor), Unit::named(&to), size)
    }
}
