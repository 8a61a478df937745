//! Writes operations, and knows of each what kind of value it has, its unit, and how large it can become.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::{ComparisonOperator, ExprKind, Message, say};

use super::names::Names;
use super::parameter::Dated;
use crate::code::Code;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::model::FormulaText;
use crate::document::suggest::nearest;
use crate::eval::row::constant;
use crate::fault::FaultCode;
use crate::limits;
use crate::number::{Number, RoundingMode};
use crate::plan::{
    Arithmetic, Better, CarriedOver, Column, ColumnId, Composite, CompositeMethod, CompositePart, DateShift, DateSpan,
    Detail, Extreme, Facts, Group, Input, Node, NodeId, Op, Rounding, Step, Table, TableId,
};
use crate::size::Size;
use crate::unit::{Clash, Unit, written};
use crate::value::{Kind, Value, WordList};

/// The days a run is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// The period's first day.
    pub start: Option<Date>,
    /// The period's last day.
    pub end: Option<Date>,
    /// The day that counts.
    pub as_of: Option<Date>,
}

/// Writes the nodes of a plan.
#[derive(Debug)]
pub struct Builder<'d> {
    pub(crate) names: &'d Names<'d>,
    pub(crate) days: Days,
    pub(crate) defaults: Rounding,
    pub(crate) mode: RoundingMode,
    pub(crate) nodes: Vec<Node>,
    /// For each node how deep the expression under it is.
    depths: Vec<u32>,
    pub(crate) tables: Vec<Table>,
    pub(crate) columns: Vec<Column>,
    pub(crate) inputs: Vec<Input>,
    /// The values of the run with what is known of each; nothing for one that is wrong.
    pub(crate) given: Vec<Option<(Input, Facts)>>,
    pub(crate) details: Vec<Detail>,
    pub(crate) groups: Vec<Group>,
    pub(crate) carries: Vec<CarriedOver>,
    /// The detail table for whose rows a column is being lowered.
    pub(crate) own_table: Option<usize>,
    /// The detail tables over whose rows a figure is being lowered, the innermost last.
    pub(crate) rows: Vec<usize>,
    pub(crate) by_name: HashMap<Arc<str>, ColumnId>,
    pub(crate) parameters: HashMap<Arc<str>, Option<Dated>>,
    pub(crate) read: HashSet<Arc<str>>,
    /// Columns whose definitions are wrong, which is reported where they are defined.
    pub(crate) failed: HashSet<Arc<str>>,
    /// What there is for each claim on a pool, by the claim's name.
    pub(crate) claimed: HashMap<Arc<str>, ColumnId>,
    /// Parameters whose values are being read: one that is met again reads itself.
    pub(crate) resolving: Vec<Arc<str>>,
    pub(crate) problems: Vec<Diagnostic>,
    path: Arc<str>,
    span: Option<Span>,
}

impl<'d> Builder<'d> {
    pub(crate) fn new(names: &'d Names<'d>, days: Days, defaults: Rounding) -> Self {
        Self {
            names,
            days,
            defaults,
            mode: defaults.mode,
            nodes: Vec::new(),
            depths: Vec::new(),
            tables: Vec::new(),
            columns: Vec::new(),
            inputs: Vec::new(),
            given: Vec::new(),
            details: Vec::new(),
            groups: Vec::new(),
            carries: Vec::new(),
            own_table: None,
            rows: Vec::new(),
            by_name: HashMap::new(),
            parameters: HashMap::new(),
            read: HashSet::new(),
            failed: HashSet::new(),
            claimed: HashMap::new(),
            resolving: Vec::new(),
            problems: Vec::new(),
            path: "".into(),
            span: None,
        }
    }

    // -- reporting --

    /// Reports an error at `span`, in the part of the document that is being lowered.
    pub(crate) fn error(&mut self, code: Code, span: Span, message: Message, help: Option<Message>) {
        if self.is_full() {
            return;
        }
        let mut found = Diagnostic::error(code, span, message).at(&*self.path);
        found.help = help;
        self.problems.push(found);
    }

    /// Whether so much is wrong already that more would help nobody.
    pub(crate) fn is_full(&self) -> bool {
        self.problems.len() >= crate::document::tree::MAX_PROBLEMS
    }

    /// Lowers something that stands at `path` and `span`.
    pub(crate) fn inside<T>(&mut self, path: &Arc<str>, span: Span, lower: impl FnOnce(&mut Self) -> T) -> T {
        let path = std::mem::replace(&mut self.path, Arc::clone(path));
        let span = self.span.replace(span);
        let out = lower(self);
        self.path = path;
        self.span = span;
        out
    }

    /// Where the part that is being lowered stands.
    pub(crate) fn here(&self) -> Span {
        self.span.unwrap_or_default()
    }

    /// Sets where the nodes that are written next stand; gives back where it was.
    pub(crate) fn stand(&mut self, span: Option<Span>) -> Option<Span> {
        std::mem::replace(&mut self.span, span)
    }

    /// Whether a formula is nothing but a column that says `better: lower`.
    pub(crate) fn is_better_lower(&self, formula: &FormulaText) -> bool {
        let ExprKind::Name(name) = &formula.expr.kind else { return false };
        let column = self.by_name.get(&*name.name).and_then(|id| self.columns.get(id.index()));
        name.table.is_none() && column.is_some_and(|column| column.better == Some(Better::Lower))
    }

    pub(crate) fn report_lower_declared(&mut self, of: &FormulaText) {
        let name = &of.text;
        self.error(
            Code::MissingKey,
            of.span,
            say!(
                "`{name}` is declared `better: lower`, and the rule does not say how a lower result scores more",
                "`{name}` 声明了 `better: lower`，而规则没有写明怎样越低越好"
            ),
            Some(say!(
                "write `better: lower` here too, with `lower_by: inverse` (target / result) or `lower_by: mirror` (2 − result / target)",
                "请在这里也写 `better: lower`，并写 `lower_by: inverse`（目标÷实际）或 `lower_by: mirror`（2 − 实际÷目标）"
            )),
        );
    }

    pub(crate) fn report_lower_unstated(&mut self, of: &FormulaText) {
        self.error(
            Code::MissingKey,
            of.span,
            say!("`better: lower` needs to say how a lower result scores more", "`better: lower` 须写明怎样越低越好"),
            Some(say!(
                "write `lower_by: inverse` (target / result) or `lower_by: mirror` (2 − result / target)",
                "请写 `lower_by: inverse`（目标÷实际）或 `lower_by: mirror`（2 − 实际÷目标）"
            )),
        );
    }

    // -- nodes --

    /// Writes a node, computing it now when everything it reads is constant.
    pub(crate) fn push(&mut self, op: Op, facts: Facts) -> NodeId {
        let foldable = self.is_constant(&op);
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let below = op.operands().iter().filter_map(|operand| self.depths.get(operand.index())).max().copied();
        self.depths.push(below.map_or(0, |below| below.saturating_add(1)));
        self.nodes.push(Node { op, facts, span: self.span });
        if foldable && let Some(value) = constant(&self.nodes, &self.tables, id) {
            self.fold(id, value);
        }
        id
    }

    fn fold(&mut self, id: NodeId, value: Value) {
        if let Some(node) = self.nodes.get_mut(id.index()) {
            if let Value::Number(number) = &value {
                node.facts.size = Size::of(number);
            }
            node.facts.may_be_missing = value.is_missing();
            node.op = Op::Constant(value);
        }
        if let Some(depth) = self.depths.get_mut(id.index()) {
            *depth = 0;
        }
    }

    /// Whether an operation that is not a constant itself has only constant operands.
    fn is_constant(&self, op: &Op) -> bool {
        match op {
            Op::Constant(_)
            | Op::Input(_)
            | Op::DetailInput(..)
            | Op::Given(_)
            | Op::Column(_)
            | Op::Group(_)
            | Op::Adjusted { .. }
            | Op::Aggregate(_)
            | Op::Fail(_)
            | Op::Tell(..)
            | Op::WordOf(_) => false,
            _ => op.operands().iter().all(|operand| self.constant(*operand).is_some()),
        }
    }

    /// How deep the expression under a node is: as deep as its evaluation goes.
    pub(crate) fn depth(&self, id: NodeId) -> u32 {
        self.depths.get(id.index()).copied().unwrap_or(0)
    }

    /// The node of that number.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this builder")]
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// What is known of a node's value.
    pub(crate) fn facts(&self, id: NodeId) -> &Facts {
        &self.node(id).facts
    }

    /// The value of a node when it is known already; a parameter's name does not hide it.
    pub(crate) fn constant(&self, id: NodeId) -> Option<&Value> {
        match &self.node(id).op {
            Op::Constant(value) => Some(value),
            Op::Tell(_, inner) => self.constant(*inner),
            _ => None,
        }
    }

    /// The number of a node when it is known already.
    pub(crate) fn constant_number(&self, id: NodeId) -> Option<&Number> {
        match self.constant(id) {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A constant of that kind.
    pub(crate) fn value(&mut self, value: Value, kind: Kind, unit: Unit) -> NodeId {
        let size = if let Value::Number(number) = &value { Size::of(number) } else { Size::NONE };
        let may_be_missing = value.is_missing();
        self.push(Op::Constant(value), Facts { kind, may_be_missing, unit, size })
    }

    /// A whole number as if it were written in a formula.
    pub(crate) fn integer(&mut self, number: i64) -> NodeId {
        self.value(Value::Number(Number::from_integer(number)), Kind::Number, Unit::Bare { magnitude: false })
    }

    /// Zero, which goes with every unit.
    pub(crate) fn zero(&mut self) -> NodeId {
        self.integer(0)
    }

    /// Nothing.
    pub(crate) fn missing(&mut self) -> NodeId {
        self.value(Value::Missing, Kind::Missing, Unit::Bare { magnitude: false })
    }

    /// A fault when it is reached; of the kind and unit of `like`.
    pub(crate) fn fail(&mut self, code: FaultCode, like: NodeId) -> NodeId {
        let facts = Facts { may_be_missing: false, size: Size::NONE, ..self.facts(like).clone() };
        self.push(Op::Fail(code), facts)
    }

    /// The same where an operand is written, which is what the fault is about.
    pub(crate) fn fail_at(&mut self, code: FaultCode, like: NodeId, operand: &FormulaText) -> NodeId {
        let stood = self.stand(Some(operand.expr.span));
        let fault = self.fail(code, like);
        self.stand(stood);
        fault
    }

    /// The same value with a name in the words of the field.
    pub(crate) fn tell(&mut self, step: Step, id: NodeId) -> Option<NodeId> {
        let facts = self.facts(id).clone();
        Some(self.push(Op::Tell(step, id), facts))
    }

    // -- kinds --

    /// Demands a value of a kind; a missing literal is of every kind.
    pub(crate) fn demand(&mut self, id: NodeId, kind: &Kind, span: Span) -> Option<NodeId> {
        let found = &self.facts(id).kind;
        if found == kind || *found == Kind::Missing {
            return Some(id);
        }
        let ((wanted_en, wanted_zh), (found_en, found_zh)) = (kind.told(), found.told());
        let help = match (kind, found) {
            (Kind::Truth, Kind::Number) => Some(say!("compare it: `x > 0`", "请写成比较，如 `x > 0`")),
            (Kind::Number, Kind::Truth) => {
                Some(say!("say what counts: `if x then 1 else 0`", "请写明如何计数，如 `if x then 1 else 0`"))
            }
            (Kind::Date, Kind::Text) => {
                Some(say!("write a date without quotes: `2026-07-01`", "日期不加引号：`2026-07-01`"))
            }
            _ => None,
        };
        self.error(
            Code::TypeMismatch,
            span,
            say!("expected {wanted_en}, found {found_en}", "这里应为{wanted_zh}，实为{found_zh}"),
            help,
        );
        None
    }

    /// The formula as a number.
    pub(crate) fn number(&mut self, formula: &FormulaText) -> Option<NodeId> {
        let id = self.formula(formula)?;
        self.inside(&formula.path, formula.span, |this| this.demand(id, &Kind::Number, formula.span))
    }

    /// The formula as true or false.
    pub(crate) fn truth(&mut self, formula: &FormulaText) -> Option<NodeId> {
        let id = self.formula(formula)?;
        self.inside(&formula.path, formula.span, |this| this.demand(id, &Kind::Truth, formula.span))
    }

    /// The formula as a number known when the scheme is read.
    pub(crate) fn known_number(&mut self, formula: &FormulaText) -> Option<Number> {
        let id = self.number(formula)?;
        match self.constant_number(id) {
            Some(number) => Some(number.clone()),
            None => {
                self.inside(&formula.path, formula.span, |this| {
                    this.error(
                        Code::NotConstant,
                        formula.span,
                        say!(
                            "`{}` must be known when the scheme is read",
                            "`{}` 必须是固定的数，不能引用列",
                            formula.text
                        ),
                        Some(say!("write a number", "请写一个数")),
                    );
                });
                None
            }
        }
    }

    // -- units --

    /// The unit two values share; a clash is reported at `span`.
    pub(crate) fn together(&mut self, a: NodeId, b: NodeId, span: Span) -> Option<Unit> {
        match self.facts(a).unit.together(&self.facts(b).unit) {
            Ok(unit) => Some(unit),
            Err(clash) => {
                self.clash(&clash, span);
                None
            }
        }
    }

    pub(crate) fn clash(&mut self, clash: &Clash, span: Span) {
        match clash {
            Clash::Different(a, b) => {
                let told = |powers| match written(powers) {
                    text if text.is_empty() => ("a plain number".to_owned(), "无单位的数".to_owned()),
                    text => (format!("`{text}`"), format!("`{text}`")),
                };
                let ((a_en, a_zh), (b_en, b_zh)) = (told(a), told(b));
                let (left, right) = (written(a), written(b));
                let help = match crate::unit::conversion(&right, &left) {
                    Some(_) if !left.is_empty() => Some(say!(
                        "convert one of them: `convert(…, {left})` or `convert(…, {right})`",
                        "请先换算：`convert(…, {left})` 或 `convert(…, {right})`"
                    )),
                    _ => None,
                };
                self.error(
                    Code::UnitMismatch,
                    span,
                    say!("{a_en} and {b_en} do not go together", "{a_zh}与{b_zh}的单位不同，不能直接相加减或比较"),
                    help,
                );
            }
            Clash::Magnitude(powers) => {
                let unit = written(powers);
                let base = crate::unit::magnitude_of(&unit).0.to_owned();
                self.error(
                    Code::MagnitudeAmbiguous,
                    span,
                    say!(
                        "a number in 万 or 亿 against a column in `{unit}` can be read in two ways",
                        "列的单位是 `{unit}`，数字又带万或亿，有两种读法"
                    ),
                    Some(say!(
                        "write the plain number of {unit} without 万 or 亿, or the unit too, as in `3万{base}`",
                        "请写以{unit}计的数（不带万、亿），或连单位一起写，如 `3万{base}`"
                    )),
                );
            }
        }
    }

    // -- operations --

    /// `a + b`, `a - b`, `a * b`, `a / b` on numbers.
    pub(crate) fn arithmetic(&mut self, operator: Arithmetic, a: NodeId, b: NodeId) -> Option<NodeId> {
        let unit = match operator {
            Arithmetic::Add | Arithmetic::Subtract => self.together(a, b, self.here())?,
            Arithmetic::Multiply => self.facts(a).unit.times(&self.facts(b).unit),
            Arithmetic::Divide => self.facts(a).unit.over(&self.facts(b).unit),
        };
        if operator == Arithmetic::Divide && self.constant_number(b).is_some_and(Number::is_zero) {
            let span = self.node(b).span.unwrap_or_else(|| self.here());
            let message = say!("the divisor is always zero", "除数恒为零");
            let mut found = Diagnostic::warning(Code::AlwaysZero, span, message).at(&*self.path);
            found.help = Some(say!("divide by something else", "请换一个除数"));
            self.problems.push(found);
        }
        let (x, y) = (self.facts(a).size, self.facts(b).size);
        let size = match operator {
            Arithmetic::Add | Arithmetic::Subtract => x.sum(y),
            Arithmetic::Multiply => x.product(y),
            Arithmetic::Divide => match self.constant_number(b) {
                // dividing by a number such as 100 or 8 is multiplying by a decimal
                Some(divisor) if !divisor.is_zero() => match Number::ONE.divide(divisor) {
                    Some(turned) if turned.decimal_scale().is_some() => x.product(Size::of(&turned)),
                    _ => x.quotient(y),
                },
                _ => x.quotient(y),
            },
        };
        self.sized(Op::Arithmetic(operator, a, b), unit, size)
    }

    /// Many values brought together two by two, halves first, so that a long list is not a deep expression. The order of
    /// evaluation is the order of the list.
    pub(crate) fn together_by(
        &mut self,
        ids: &[NodeId],
        combine: &mut impl FnMut(&mut Self, NodeId, NodeId) -> Option<NodeId>,
    ) -> Option<NodeId> {
        match ids {
            [] => None,
            [one] => Some(*one),
            many => {
                let (left, right) = many.split_at(many.len() / 2);
                let left = self.together_by(left, combine)?;
                let right = self.together_by(right, combine)?;
                combine(self, left, right)
            }
        }
    }

    /// The sum of numbers.
    pub(crate) fn total(&mut self, ids: &[NodeId]) -> Option<NodeId> {
        self.together_by(ids, &mut |this, a, b| this.arithmetic(Arithmetic::Add, a, b))
    }

    /// Points of a score: units play no part in them.
    pub(crate) fn points(&mut self, operator: Arithmetic, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (x, y) = (self.facts(a).size, self.facts(b).size);
        self.sized(Op::Arithmetic(operator, a, b), Unit::Unknown, x.sum(y))
    }

    /// Points for so many units: a product whose unit is points.
    pub(crate) fn scaled(&mut self, points: NodeId, by: NodeId) -> Option<NodeId> {
        let size = self.facts(points).size.product(self.facts(by).size);
        self.sized(Op::Arithmetic(Arithmetic::Multiply, points, by), Unit::Unknown, size)
    }

    /// So many times an amount, in the unit of the amount.
    pub(crate) fn times(&mut self, amount: NodeId, count: NodeId) -> Option<NodeId> {
        let (amount_facts, by) = (self.facts(amount), self.facts(count));
        let (unit, size) = (amount_facts.unit.clone(), amount_facts.size.product(by.size));
        self.sized(Op::Arithmetic(Arithmetic::Multiply, amount, count), unit, size)
    }

    /// A number node, refused when its exact value could grow past the limit.
    pub(crate) fn sized(&mut self, op: Op, unit: Unit, size: Size) -> Option<NodeId> {
        let help = say!(
            "round what it is built from (`round: 6` on a column, or `round(x, 6)`), or give the inputs `max` and `places`",
            "请先对其中的列取小数位（列上写 `round: 6`，或用 `round(x, 6)`），或给输入列写明 `max` 与 `places`"
        );
        self.sized_or(op, unit, size, help)
    }

    /// A number node, refused with its own way out when its exact value could grow past the limit.
    pub(crate) fn sized_or(&mut self, op: Op, unit: Unit, size: Size, help: Message) -> Option<NodeId> {
        let id = self.push(op, Facts { kind: Kind::Number, may_be_missing: false, unit, size });
        let bits = self.facts(id).size.bits();
        if bits <= limits::EXACT_BITS && self.nodes.len() < limits::NODES {
            return Some(id);
        }
        let most = limits::EXACT_BITS;
        self.error(
            Code::TooBig,
            self.here(),
            say!(
                "the exact value of this could take {bits} bits, more than the {most} allowed",
                "这里的精确值最多可能占 {bits} 位，超过了上限 {most} 位"
            ),
            Some(help),
        );
        None
    }

    /// A power of a number.
    pub(crate) fn power(&mut self, base: NodeId, exponent: i32) -> Option<NodeId> {
        let facts = self.facts(base);
        let unit = facts.unit.power(exponent);
        let size = facts.size.power(exponent.unsigned_abs());
        let size = if exponent < 0 { Size::decimal(1, 0).quotient(size) } else { size };
        self.sized(Op::Power(base, exponent), unit, size)
    }

    /// An operation on one number that keeps its unit and does not make it larger.
    pub(crate) fn unary(&mut self, op: Op, of: NodeId) -> NodeId {
        let facts = Facts { may_be_missing: false, ..self.facts(of).clone() };
        self.push(op, facts)
    }

    /// The number rounded.
    pub(crate) fn round(&mut self, value: NodeId, places: i32, mode: RoundingMode) -> Option<NodeId> {
        let facts = self.facts(value);
        let (unit, size) = (facts.unit.clone(), facts.size.rounded(places));
        self.sized(Op::Round { value, places, mode }, unit, size)
    }

    /// The smallest or largest of values of one kind.
    pub(crate) fn extreme(&mut self, extreme: Extreme, operands: Vec<NodeId>) -> Option<NodeId> {
        let mut rest = operands.iter();
        let first = *rest.next()?;
        let mut facts = Facts { may_be_missing: false, ..self.facts(first).clone() };
        for other in rest {
            facts.unit = match facts.unit.together(&self.facts(*other).unit) {
                Ok(unit) => unit,
                Err(clash) => {
                    self.clash(&clash, self.here());
                    return None;
                }
            };
            facts.size = facts.size.either(self.facts(*other).size);
        }
        Some(self.push(Op::Extreme(extreme, operands.into()), facts))
    }

    /// One comparison of two values of one kind.
    pub(crate) fn compare(&mut self, operator: ComparisonOperator, a: NodeId, b: NodeId) -> Option<NodeId> {
        if self.facts(a).kind == Kind::Number {
            self.together(a, b, self.here())?;
        }
        Some(self.truth_node(Op::Compare(operator, a, b)))
    }

    /// A node that is true or false.
    pub(crate) fn truth_node(&mut self, op: Op) -> NodeId {
        self.push(op, Facts { kind: Kind::Truth, may_be_missing: false, unit: Unit::Unknown, size: Size::NONE })
    }

    /// One of two values of one kind.
    pub(crate) fn choose(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId) -> Option<NodeId> {
        if let Some(Value::Truth(known)) = self.constant(condition) {
            return Some(if *known { then } else { otherwise });
        }
        let unit = self.together(then, otherwise, self.here())?;
        let (a, b) = (self.facts(then), self.facts(otherwise));
        let facts = Facts {
            kind: if a.kind == Kind::Missing { b.kind.clone() } else { a.kind.clone() },
            may_be_missing: a.may_be_missing || b.may_be_missing,
            unit,
            size: a.size.either(b.size),
        };
        Some(self.push(Op::Choose { condition, then, otherwise }, facts))
    }

    /// A dimension or total over its parts.
    pub(crate) fn composite(&mut self, method: CompositeMethod, parts: Vec<CompositePart>) -> Option<NodeId> {
        let mut sum = Size::NONE;
        let mut weights = Size::NONE;
        let mut constant_weights = Some(Number::ZERO);
        let mut redistributes = false;
        for part in &parts {
            let (score, weight) = (self.facts(part.score), self.facts(part.weight));
            let term = if method == CompositeMethod::Weighted { score.size.product(weight.size) } else { score.size };
            sum = sum.sum(term);
            weights = weights.sum(weight.size);
            redistributes |= score.may_be_missing && part.when_missing == crate::plan::WhenMissing::Redistribute;
            constant_weights = match (constant_weights, self.constant_number(part.weight)) {
                (Some(total), Some(weight)) => Some(total.add(weight)),
                _ => None,
            };
        }
        let size = match (method, redistributes) {
            (CompositeMethod::Points, false) => sum,
            (CompositeMethod::Points, true) => sum.product(weights).quotient(weights),
            (CompositeMethod::Weighted, false) => match constant_weights.and_then(|total| Number::ONE.divide(&total)) {
                Some(turned) if turned.decimal_scale().is_some() => sum.product(Size::of(&turned)),
                _ => sum.quotient(weights),
            },
            (CompositeMethod::Weighted, true) => sum.quotient(weights),
        };
        self.sized(Op::Composite(Box::new(Composite { method, parts: parts.into() })), Unit::Unknown, size)
    }

    /// Two dates to a count of days, months or years.
    pub(crate) fn date_span(&mut self, span: DateSpan, from: NodeId, to: NodeId) -> NodeId {
        let facts = Facts { kind: Kind::Number, may_be_missing: false, unit: Unit::plain(), size: Size::COUNT };
        self.push(Op::DateSpan(span, from, to), facts)
    }

    /// A date moved.
    pub(crate) fn date_shift(&mut self, shift: DateShift, date: NodeId, by: NodeId) -> NodeId {
        self.date_node(Op::DateShift(shift, date, by))
    }

    /// A node that is a date.
    pub(crate) fn date_node(&mut self, op: Op) -> NodeId {
        self.push(op, Facts { kind: Kind::Date, may_be_missing: false, unit: Unit::Unknown, size: Size::NONE })
    }

    // -- words --

    /// A text literal as one of the words it is held against; a word that is none of them is reported.
    pub(crate) fn word(&mut self, id: NodeId, list: &Arc<WordList>, span: Span) -> Option<NodeId> {
        let Some(Value::Text(text)) = self.constant(id) else { return Some(id) };
        let text = Arc::clone(text);
        match list.position(&text) {
            Some(at) => {
                let stood = self.stand(Some(span));
                let id = self.value(Value::Choice(at), Kind::Choice(Arc::clone(list)), Unit::Unknown);
                self.stand(stood);
                Some(id)
            }
            None => {
                let help = match nearest(&text, list.words.iter().map(|word| &**word)) {
                    Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
                    None => {
                        let words: Vec<_> = list.in_writing().map(|word| format!("`{word}`")).collect();
                        Message::new(
                            format!("the words are {}", words.join(", ")),
                            format!("可用的词有：{}", words.join("、")),
                        )
                    }
                };
                self.error(
                    Code::UnknownWordInFormula,
                    span,
                    say!("`{text}` is none of the words of this column", "`{text}` 不是该列的取值"),
                    Some(help),
                );
                None
            }
        }
    }

    /// A choice or grade as free text; text as it is.
    pub(crate) fn as_text(&mut self, id: NodeId) -> NodeId {
        match self.facts(id).kind {
            Kind::Choice(_) => {
                let may_be_missing = self.facts(id).may_be_missing;
                let facts = Facts { kind: Kind::Text, may_be_missing, unit: Unit::Unknown, size: Size::NONE };
                self.push(Op::WordOf(id), facts)
            }
            _ => id,
        }
    }

    // -- tables and columns --

    /// A table of the plan.
    pub(crate) fn table(&mut self, table: Table) -> TableId {
        self.tables.push(table);
        TableId(u32::try_from(self.tables.len() - 1).unwrap_or(u32::MAX))
    }

    /// A column of the plan.
    pub(crate) fn column(&mut self, column: Column) -> ColumnId {
        let id = ColumnId(u32::try_from(self.columns.len()).unwrap_or(u32::MAX));
        if !column.hidden {
            self.by_name.insert(Arc::clone(&column.name), id);
        }
        self.columns.push(column);
        id
    }

    /// The value of a column.
    pub(crate) fn read_column(&mut self, id: ColumnId) -> Option<NodeId> {
        let column = self.columns.get(id.index())?;
        let name = Arc::clone(&column.name);
        let facts = self.facts(column.body).clone();
        self.read.insert(name);
        Some(self.push(Op::Column(id), facts))
    }
}
