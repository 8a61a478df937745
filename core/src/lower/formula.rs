//! From a formula's tree to operations: names resolved, kinds and units checked, on one walk.

use std::sync::Arc;

use kaohe_grammar::{
    BinaryOperator, ComparisonOperator, Expr, ExprKind, Message, Name, NumberLiteral, NumberSuffix, UnaryOperator, say,
};

use super::builder::Builder;
use super::definitions::{CALCULATED, SEATED};
use super::names::{Symbol, qualified};
use crate::code::Code;
use crate::date::Date;
use crate::diagnostic::Span;
use crate::document::model::FormulaText;
use crate::document::suggest::nearest;
use crate::functions::{BuiltIn, built_in};
use crate::limits::{EXPONENT, NODES};
use crate::number::Number;
use crate::plan::{Arithmetic, DateShift, DateSpan, NodeId, Op};
use crate::unit::{Unit, bare_magnitude, is_common};
use crate::value::{Kind, UNLIMITED, Value};

impl Builder<'_> {
    /// The operations of a formula. Nothing when it is wrong, which is reported.
    pub(crate) fn formula(&mut self, formula: &FormulaText) -> Option<NodeId> {
        self.inside(&formula.path, formula.span, |this| this.expr(&formula.expr))
    }

    /// The operations of an expression, standing where it stands.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Option<NodeId> {
        if self.nodes.len() >= NODES {
            self.error(
                Code::TooMany,
                expr.span,
                say!("the scheme needs more than {NODES} operations", "方案需要的运算超过 {NODES} 个"),
                Some(say!("split the scheme", "请拆分方案")),
            );
            return None;
        }
        let stood = self.stand(Some(expr.span));
        let id = self.expr_kind(expr);
        self.stand(stood);
        id
    }

    fn expr_kind(&mut self, expr: &Expr) -> Option<NodeId> {
        match &expr.kind {
            ExprKind::Missing => Some(self.missing()),
            ExprKind::Truth(truth) => Some(self.value(Value::Truth(*truth), Kind::Truth, Unit::Unknown)),
            ExprKind::Number(literal) => self.number_literal(literal, expr.span),
            ExprKind::Text(text) => Some(self.value(Value::Text(Arc::from(&**text)), Kind::Text, Unit::Unknown)),
            ExprKind::Date { year, month, day } => self.date_literal(*year, *month, *day, expr.span),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Index { name, keys } => self.index(name, keys),
            ExprKind::Unary { operator: UnaryOperator::Negate, operand } => {
                let id = self.operand(operand, &Kind::Number)?;
                Some(self.unary(Op::Negate(id), id))
            }
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => {
                let id = self.operand(operand, &Kind::Truth)?;
                Some(self.truth_node(Op::Not(id)))
            }
            ExprKind::Binary { operator, left, right } => self.binary(*operator, left, right, expr.span),
            ExprKind::Comparison { first, rest } => self.comparison(first, rest),
            ExprKind::In { value, list } => self.one_of(value, list),
            ExprKind::Between { value, low, high } => {
                let value_id = self.expr(value);
                let (low_id, high_id) = (self.expr(low), self.expr(high));
                let (value_id, low_id, high_id) = (value_id?, low_id?, high_id?);
                let above = self.compared(ComparisonOperator::AtLeast, (value_id, value.span), (low_id, low.span))?;
                let below = self.compared(ComparisonOperator::AtMost, (value_id, value.span), (high_id, high.span))?;
                Some(self.truth_node(Op::And(above, below)))
            }
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.operand(condition, &Kind::Truth);
                let (then_id, otherwise_id) = (self.expr(then), self.expr(otherwise));
                self.branch(condition?, then_id?, otherwise_id?, otherwise.span)
            }
            ExprKind::Case { arms, otherwise } => {
                let arms: Vec<_> = arms
                    .iter()
                    .map(|(condition, value)| (self.operand(condition, &Kind::Truth), self.expr(value), value.span))
                    .collect();
                let mut result = self.expr(otherwise)?;
                let mut span = otherwise.span;
                for (condition, value, value_span) in arms.into_iter().rev() {
                    result = self.branch(condition?, value?, result, span)?;
                    span = value_span;
                }
                Some(result)
            }
            ExprKind::Call { function, function_span, arguments, clauses } => {
                self.call(function, *function_span, arguments, clauses, expr.span)
            }
        }
    }

    /// An operand of a kind.
    pub(crate) fn operand(&mut self, expr: &Expr, kind: &Kind) -> Option<NodeId> {
        let id = self.expr(expr)?;
        self.demand(id, kind, expr.span)
    }

    fn number_literal(&mut self, literal: &NumberLiteral, span: Span) -> Option<NodeId> {
        let number = match Number::parse(&literal.digits) {
            Ok(number) => number,
            Err(error) => {
                self.error(Code::BadConstant, span, error.message(), error.help());
                return None;
            }
        };
        let (number, unit) = match &literal.suffix {
            NumberSuffix::None => (number, Unit::Bare { magnitude: false }),
            NumberSuffix::Percent => (number.multiply(&Number::from_parts(1, 2)), Unit::Bare { magnitude: false }),
            NumberSuffix::Permille => (number.multiply(&Number::from_parts(1, 3)), Unit::Bare { magnitude: false }),
            NumberSuffix::Letters(letters) => match bare_magnitude(letters) {
                Some(power) => {
                    let factor = Number::from_integer(10).power(power.cast_signed()).ok()?;
                    (number.multiply(&factor), Unit::Bare { magnitude: true })
                }
                None if self.names.units.contains(&**letters) || is_common(letters) => (number, Unit::named(letters)),
                None => {
                    self.unknown_unit(literal, letters, span);
                    return None;
                }
            },
        };
        Some(self.value(Value::Number(number), Kind::Number, unit))
    }

    fn unknown_unit(&mut self, literal: &NumberLiteral, letters: &str, span: Span) {
        let digits = &literal.digits;
        let exponent =
            letters.strip_prefix(['e', 'E']).is_some_and(|rest| rest.chars().all(|each| each.is_ascii_digit()));
        let split = letters.find(['且', '或', '非']);
        let help = match split {
            _ if exponent => {
                say!("write the number out, without an exponent", "请把数字写全，不要用科学计数法")
            }
            Some(at) => {
                let (before, after) = letters.split_at(at);
                say!(
                    "write spaces around the keyword: `{digits}{before} {after}`",
                    "请在关键字前后加空格：`{digits}{before} {after}`"
                )
            }
            None => match nearest(letters, self.names.units.iter().map(|unit| &**unit)) {
                Some(near) => say!("did you mean `{digits}{near}`?", "是不是 `{digits}{near}`？"),
                None => say!(
                    "a unit is one declared on an input or parameter, or a common one such as 元, 万元, 年, 户",
                    "单位应是输入列或参数声明过的，或 元、万元、年、户 等常用单位"
                ),
            },
        };
        self.error(Code::UnknownUnit, span, say!("`{letters}` is no unit", "`{letters}` 不是单位"), Some(help));
    }

    fn date_literal(&mut self, year: u16, month: u8, day: u8, span: Span) -> Option<NodeId> {
        match Date::new(i32::from(year), u32::from(month), u32::from(day)) {
            Some(date) => Some(self.value(Value::Date(date), Kind::Date, Unit::Unknown)),
            None => {
                self.error(
                    Code::UnknownDay,
                    span,
                    say!("there is no day {year:04}-{month:02}-{day:02}", "没有 {year:04}-{month:02}-{day:02} 这一天"),
                    None,
                );
                None
            }
        }
    }

    fn name(&mut self, name: &Name) -> Option<NodeId> {
        if let Some(table) = &name.table {
            return self.qualified(table, name);
        }
        if let Some(own) = self.own_column(&name.name, name.span) {
            return own;
        }
        if let Some(which) = built_in(&name.name) {
            return self.built_in(which, name);
        }
        if matches!(&*name.name, UNLIMITED | "不限") && self.names.get(&name.name).is_none() {
            return Some(self.value(Value::Unlimited, Kind::Number, Unit::Bare { magnitude: false }));
        }
        match self.names.get(&name.name) {
            Some(Symbol::Column) => {
                self.read.insert(Arc::from(&*name.name));
                match self.by_name.get(&*name.name).copied() {
                    Some(id) => self.read_column(id),
                    // a column that failed was reported where it is defined
                    None if self.failed.contains(&*name.name) => None,
                    None => {
                        let text = &name.name;
                        self.error(
                            Code::NotConstant,
                            name.span,
                            say!(
                                "`{text}` is a column, and this must be known when the scheme is read",
                                "`{text}` 是列，而这里的值必须在读入方案时就确定"
                            ),
                            Some(say!("write a number, or compute it in a column", "请写固定的值，或写成计算指标")),
                        );
                        None
                    }
                }
            }
            Some(Symbol::Parameter(parameter)) => self.parameter_value(parameter, name.span),
            Some(Symbol::Given(at)) => self.given_value(at, &name.name),
            Some(Symbol::Detail(_)) => {
                let text = &name.name;
                self.error(
                    Code::SeveralValues,
                    name.span,
                    say!("`{text}` is a detail table, not a value", "`{text}` 是明细表，不是一个值"),
                    Some(say!("write `count({text})` for how many rows it has", "要数行数请写 `count({text})`")),
                );
                None
            }
            Some(Symbol::Failed) => None,
            None => {
                self.unknown_name(&name.name, name.span);
                None
            }
        }
    }

    fn qualified(&mut self, table: &str, name: &Name) -> Option<NodeId> {
        match self.names.get(table) {
            Some(Symbol::Detail(at)) if self.rows.contains(&at) || self.own_table == Some(at) => {
                return self.row_column(at, &name.name, name.span);
            }
            Some(Symbol::Detail(at)) => {
                self.row_column(at, &name.name, name.span)?;
                let column = &name.name;
                self.error(
                    Code::SeveralValues,
                    name.span,
                    say!(
                        "`{table}.{column}` has a value for each row of `{table}`, and one is needed here",
                        "`{table}.{column}` 每行各有一值，这里需要一个值"
                    ),
                    Some(say!(
                        "say how the rows come together: `sum({table}.{column})`, `max(…)`, `last(… by …)`",
                        "请写明怎样汇总：`sum({table}.{column})`、`max(…)`、`last(… by …)`"
                    )),
                );
            }
            Some(Symbol::Column) if self.names.exam(table).is_some() => {
                return self.names.exam(table).and_then(|exam| self.part_of_exam(exam, name));
            }
            Some(Symbol::Column) if self.names.rating(table).is_some() => {
                return self.names.rating(table).and_then(|rating| self.role_of_rating(rating, name));
            }
            Some(Symbol::Column) if self.names.grading(table).is_some() => return self.stage_of_grading(table, name),
            Some(Symbol::Failed) => {}
            // a column whose own name has a dot: what a pool carries on
            Some(Symbol::Column) if matches!(self.names.get(&qualified(table, &name.name)), Some(Symbol::Column)) => {
                return self.name(&Name { table: None, name: (&*qualified(table, &name.name)).into(), ..name.clone() });
            }
            Some(_) => {
                let column = &name.name;
                self.error(
                    Code::UnknownName,
                    name.span,
                    say!("`{table}` has no part `{column}`", "`{table}` 没有 `{column}` 这一部分"),
                    Some(say!(
                        "a dot follows the name of a detail table, an exam, a rating or a grading",
                        "点号前应是明细表、考试、测评或等级的名称"
                    )),
                );
            }
            None => self.unknown_name(table, name.span),
        }
        None
    }

    /// A grading before its last steps: `档次.seated`, `档次.calculated`.
    /// What stands behind the dot of an examination or an appraisal, which has the columns in `known`; `unknown` says that
    /// it has no such one.
    pub(super) fn part_of(
        &mut self,
        own: &Arc<str>,
        name: &Name,
        known: &[&str],
        unknown: (Code, Message),
    ) -> Option<NodeId> {
        let part = &name.name;
        if !known.contains(&&**part) {
            let help = match nearest(part, known.iter().copied()) {
                Some(near) => say!("did you mean `{own}.{near}`?", "是不是 `{own}.{near}`？"),
                None => {
                    let quoted: Vec<String> = known.iter().map(|known| format!("`{own}.{known}`")).collect();
                    let (en, zh) = (quoted.join(", "), quoted.join("、"));
                    say!("write one of {en}", "可写 {zh}")
                }
            };
            let (code, message) = unknown;
            self.error(code, name.span, message, Some(help));
            return None;
        }
        self.read.insert(Arc::clone(own));
        let column = self.by_name.get(&qualified(own, part)).copied()?;
        self.read_column(column)
    }

    fn stage_of_grading(&mut self, table: &str, name: &Name) -> Option<NodeId> {
        let stage = &*name.name;
        let known = stage == SEATED || stage == CALCULATED;
        // without decisions what is calculated is final
        let whole = if stage == CALCULATED { Some(table) } else { None };
        let found = self.by_name.get(&*qualified(table, stage)).or_else(|| self.by_name.get(whole?)).copied();
        if let (true, Some(found)) = (known, found) {
            self.read.insert(Arc::from(table));
            return self.read_column(found);
        }
        if known && self.failed.contains(table) {
            return None;
        }
        let help = if stage == SEATED {
            say!("nothing comes after its seats, so write `{table}`", "其后没有别的步骤，请写 `{table}`")
        } else {
            say!(
                "its stages are `{table}.seated` and `{table}.calculated`",
                "可用的有 `{table}.seated` 与 `{table}.calculated`"
            )
        };
        self.error(
            Code::UnknownName,
            name.span,
            say!("the grading `{table}` has no stage `{stage}`", "等级 `{table}` 没有 `{stage}` 这一步"),
            Some(help),
        );
        None
    }

    fn built_in(&mut self, which: BuiltIn, name: &Name) -> Option<NodeId> {
        let found = match which {
            BuiltIn::AsOf => self.days.as_of,
            BuiltIn::PeriodStart | BuiltIn::PeriodDays => self.days.start,
            BuiltIn::PeriodEnd => self.days.end,
        };
        let Some(date) = found else {
            let text = &name.name;
            self.error(
                Code::NotInForce,
                name.span,
                say!(
                    "`{text}` needs a `period`, and the scheme has none",
                    "`{text}` 需要考核周期，方案没有写 `period`"
                ),
                Some(say!(
                    "write `period: {{ start: 2026-07-01, end: 2026-09-30 }}`",
                    "请写 `period: {{ start: 2026-07-01, end: 2026-09-30 }}`"
                )),
            );
            return None;
        };
        match (which, self.days.end) {
            (BuiltIn::PeriodDays, Some(end)) => {
                let days = i64::from(date.days_between(end)) + 1;
                Some(self.value(Value::Number(Number::from_integer(days)), Kind::Number, Unit::plain()))
            }
            _ => Some(self.value(Value::Date(date), Kind::Date, Unit::Unknown)),
        }
    }

    /// Reports a name that stands for nothing, with the nearest one, or the split at a keyword that was run together.
    pub(crate) fn unknown_name(&mut self, name: &str, span: Span) {
        if self.is_full() {
            return;
        }
        let help = self.split(name).or_else(|| {
            nearest(name, self.names.all()).map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？"))
        });
        let help = help.unwrap_or_else(|| {
            say!(
                "a name is an input, a parameter, or a column defined in the scheme; text stands in quotes",
                "名称应是输入列、参数或方案中定义的列；文本请加引号"
            )
        });
        self.error(Code::UnknownName, span, say!("unknown name `{name}`", "没有名为 `{name}` 的列或参数"), Some(help));
    }

    /// `a且b` is one name; when both halves are known the way out is a space.
    fn split(&self, name: &str) -> Option<Message> {
        let known = |part: &str| self.names.get(part).is_some() || built_in(part).is_some();
        for keyword in ['且', '或'] {
            for (at, _) in name.match_indices(keyword) {
                let (before, rest) = name.split_at(at);
                let after = rest.strip_prefix(keyword)?;
                if known(before) || known(after) {
                    return Some(say!(
                        "write spaces around the keyword: `{before} {keyword} {after}`",
                        "请在关键字前后加空格：`{before} {keyword} {after}`"
                    ));
                }
            }
        }
        let after = name.strip_prefix('非')?;
        known(after).then(|| say!("write a space after the keyword: `非 {after}`", "请在关键字后加空格：`非 {after}`"))
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Expr, right: &Expr, span: Span) -> Option<NodeId> {
        match operator {
            BinaryOperator::And | BinaryOperator::Or => {
                let (a, b) = (self.operand(left, &Kind::Truth), self.operand(right, &Kind::Truth));
                let (a, b) = (a?, b?);
                Some(self.truth_node(if operator == BinaryOperator::And { Op::And(a, b) } else { Op::Or(a, b) }))
            }
            BinaryOperator::Power => {
                let base = self.operand(left, &Kind::Number);
                let exponent = self.operand(right, &Kind::Number)?;
                let exponent = self.exponent(exponent, right)?;
                self.power(base?, exponent)
            }
            BinaryOperator::Add | BinaryOperator::Subtract => {
                let (a, b) = (self.expr(left), self.expr(right));
                self.sum(operator, (a?, left.span), (b?, right.span), span)
            }
            BinaryOperator::Multiply | BinaryOperator::Divide => {
                let (a, b) = (self.operand(left, &Kind::Number), self.operand(right, &Kind::Number));
                let operator =
                    if operator == BinaryOperator::Multiply { Arithmetic::Multiply } else { Arithmetic::Divide };
                self.arithmetic(operator, a?, b?)
            }
        }
    }

    fn exponent(&mut self, id: NodeId, expr: &Expr) -> Option<i32> {
        let known = self.constant_number(id).and_then(Number::to_i64).filter(|exponent| exponent.abs() <= EXPONENT);
        let known = known.and_then(|exponent| i32::try_from(exponent).ok());
        if known.is_none() {
            self.error(
                Code::BadConstant,
                expr.span,
                say!(
                    "an exponent is a whole number from -{EXPONENT} to {EXPONENT}, known when the scheme is read",
                    "指数必须是 -{EXPONENT} 到 {EXPONENT} 之间的固定整数"
                ),
                Some(say!("for a square root use `sqrt(x)`", "开平方请用 `sqrt(x)`")),
            );
        }
        known
    }

    /// A sum or difference of numbers, or of a date and days, or of two dates.
    fn sum(
        &mut self,
        operator: BinaryOperator,
        (a, a_span): (NodeId, Span),
        (b, b_span): (NodeId, Span),
        span: Span,
    ) -> Option<NodeId> {
        let subtract = operator == BinaryOperator::Subtract;
        let (a_date, b_date) = (self.facts(a).kind == Kind::Date, self.facts(b).kind == Kind::Date);
        match (a_date, b_date) {
            (true, true) if subtract => Some(self.date_span(DateSpan::DaysBetween, b, a)),
            (true, true) => {
                self.error(
                    Code::TypeMismatch,
                    span,
                    say!("two dates cannot be added", "两个日期不能相加"),
                    Some(say!("the days between them are `end - start`", "两日期相隔的天数是 `止 - 起`")),
                );
                None
            }
            (true, false) => {
                let days = self.demand(b, &Kind::Number, b_span)?;
                let days = if subtract { self.unary(Op::Negate(days), days) } else { days };
                Some(self.date_shift(DateShift::Days, a, days))
            }
            (false, true) if !subtract => {
                let days = self.demand(a, &Kind::Number, a_span)?;
                Some(self.date_shift(DateShift::Days, b, days))
            }
            _ => {
                let (a, b) = (self.demand(a, &Kind::Number, a_span), self.demand(b, &Kind::Number, b_span));
                self.arithmetic(if subtract { Arithmetic::Subtract } else { Arithmetic::Add }, a?, b?)
            }
        }
    }

    fn comparison(&mut self, first: &Expr, rest: &[(ComparisonOperator, Expr)]) -> Option<NodeId> {
        let mut left = (self.expr(first), first.span);
        let mut each = Vec::new();
        for (operator, right) in rest {
            let right_id = self.expr(right);
            each.push(match (left.0, right_id) {
                (Some(a), Some(b)) => self.compared(*operator, (a, left.1), (b, right.span)),
                _ => None,
            });
            left = (right_id, right.span);
        }
        let each = each.into_iter().collect::<Option<Vec<_>>>()?;
        self.together_by(&each, &mut |this, a, b| Some(this.truth_node(Op::And(a, b))))
    }

    /// One comparison, its sides brought to one kind.
    pub(crate) fn compared(
        &mut self,
        operator: ComparisonOperator,
        (a, a_span): (NodeId, Span),
        (b, b_span): (NodeId, Span),
    ) -> Option<NodeId> {
        let span = a_span.to(b_span);
        let (a, b) = self.same_kind((a, a_span), (b, b_span))?;
        let ordering = !matches!(operator, ComparisonOperator::Equal | ComparisonOperator::NotEqual);
        let unordered = match &self.facts(a).kind {
            Kind::Truth => true,
            Kind::Choice(list) => !list.ordered,
            _ => false,
        };
        if ordering && unordered {
            let (en, zh) = self.facts(a).kind.told();
            self.error(
                Code::TypeMismatch,
                span,
                say!("{en} has no order, only equal and not equal", "{zh}没有大小之分，只能比较是否相等"),
                Some(say!("use `=`, `!=` or `in [...]`", "请用 `=`、`!=` 或 `in [...]`")),
            );
            return None;
        }
        let stood = self.stand(Some(span));
        let id = self.compare(operator, a, b);
        self.stand(stood);
        id
    }

    /// Two values brought to one kind: a text literal becomes a word of the choice it is held against.
    fn same_kind(&mut self, (a, a_span): (NodeId, Span), (b, b_span): (NodeId, Span)) -> Option<(NodeId, NodeId)> {
        let (kind_a, kind_b) = (self.facts(a).kind.clone(), self.facts(b).kind.clone());
        match (&kind_a, &kind_b) {
            (Kind::Choice(list), Kind::Text) if self.constant(b).is_some() => Some((a, self.word(b, list, b_span)?)),
            (Kind::Text, Kind::Choice(list)) if self.constant(a).is_some() => Some((self.word(a, list, a_span)?, b)),
            (Kind::Choice(x), Kind::Choice(y)) if x == y => Some((a, b)),
            (Kind::Choice(_) | Kind::Text, Kind::Choice(_) | Kind::Text) => Some((self.as_text(a), self.as_text(b))),
            (Kind::Missing, _) | (_, Kind::Missing) => {
                self.error(
                    Code::TypeMismatch,
                    if kind_a == Kind::Missing { a_span } else { b_span },
                    say!("`missing` cannot be compared", "`missing` 不能比较"),
                    Some(say!("ask with `is_missing(x)`", "请用 `is_missing(x)` 判断")),
                );
                None
            }
            (x, y) if x == y => Some((a, b)),
            (x, y) => {
                let ((a_en, a_zh), (b_en, b_zh)) = (x.told(), y.told());
                self.error(
                    Code::TypeMismatch,
                    a_span.to(b_span),
                    say!("{a_en} and {b_en} cannot be compared", "{a_zh}与{b_zh}不能比较"),
                    None,
                );
                None
            }
        }
    }

    fn one_of(&mut self, value: &Expr, list: &[Expr]) -> Option<NodeId> {
        let value_id = self.expr(value)?;
        let each: Vec<_> = list
            .iter()
            .map(|each| {
                let id = self.expr(each)?;
                self.compared(ComparisonOperator::Equal, (value_id, value.span), (id, each.span))
            })
            .collect();
        let each = each.into_iter().collect::<Option<Vec<_>>>()?;
        self.together_by(&each, &mut |this, a, b| Some(this.truth_node(Op::Or(a, b))))
    }

    /// The two results of a choice brought to one kind.
    fn branch(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId, span: Span) -> Option<NodeId> {
        let (kind_a, kind_b) = (self.facts(then).kind.clone(), self.facts(otherwise).kind.clone());
        let (then, otherwise) = match (&kind_a, &kind_b) {
            (x, y) if x == y => (then, otherwise),
            (Kind::Missing, _) | (_, Kind::Missing) => (then, otherwise),
            (Kind::Choice(_) | Kind::Text, Kind::Choice(_) | Kind::Text) => {
                (self.as_text(then), self.as_text(otherwise))
            }
            (x, y) => {
                let ((a_en, a_zh), (b_en, b_zh)) = (x.told(), y.told());
                self.error(
                    Code::TypeMismatch,
                    span,
                    say!("one result is {a_en}, the other {b_en}", "两个结果的类型不同：一个是{a_zh}，一个是{b_zh}"),
                    Some(say!("both results of a choice are of one kind", "条件的各个结果必须是同一类型")),
                );
                return None;
            }
        };
        self.choose(condition, then, otherwise)
    }
}
