//! The row evaluator: a plan over one row, exact, with or without a trace.

use std::collections::HashMap;

use kaohe_grammar::ComparisonOperator;

use super::detail::Details;
use super::facts::Facts;
use super::trace::{Silent, Sink};
use super::{group, marking, ops};
use crate::fault::{Cause, Fault, FaultCode};
use crate::number::{Number, RoundingMode};
use crate::plan::{
    Arithmetic, BandEdge, Bands, Beyond, Column, ColumnId, Composite, DateShift, DateSpan, DetailId, Extreme, GroupId,
    Interpolate, Marking, Node, NodeId, Op, Plan, Table, TableKey,
};
use crate::value::{Kind, Value};

/// What a cell has: a value, or the cause of its absence.
pub(crate) type CellResult = Result<Value, Cause>;

/// What came of a row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    /// For each column its cell; of a detail table's column the first fault that was met, otherwise nothing.
    pub(crate) cells: Vec<CellResult>,
    /// The columns that a row left out of a group could have changed, with those figures over groups.
    pub(crate) provisional: HashMap<ColumnId, Vec<GroupId>>,
    /// Where a fault was met in a detail row: for a column the table and the row.
    pub(crate) places: HashMap<ColumnId, (DetailId, u32)>,
}

impl Cells {
    /// The figures of people that a row left out could have changed, with the figures over groups it was left out of.
    pub(crate) fn provisional<'c>(&'c self, plan: &'c Plan) -> impl Iterator<Item = (ColumnId, &'c [GroupId])> {
        let is_figure = |column: &ColumnId| {
            let definition = plan.column(*column);
            let has_value = matches!(self.cells.get(column.index()), Some(Ok(_)));
            has_value && !definition.hidden && definition.detail.is_none()
        };
        self.provisional
            .iter()
            .filter(move |(column, _)| is_figure(column))
            .map(|(column, groups)| (*column, &**groups))
    }
}

/// Computes every column of a row from its facts, which are read already.
pub(crate) fn evaluate<S: Sink>(plan: &Plan, facts: &Facts<'_>, sink: &mut S) -> Cells {
    let mut row = RowCells::new(plan);
    row.columns(plan, facts, all_columns(plan), &mut Details::new(plan), sink);
    row.out
}

/// The cells of a row after another, in buffers that are kept.
pub(crate) struct RowCells {
    pub(crate) out: Cells,
    memory: Vec<Remembered>,
}

/// What some operations come to in each of the person's rows of a detail table.
pub(crate) fn in_rows(
    plan: &Plan,
    facts: &Facts<'_>,
    table: DetailId,
    nodes: &[NodeId],
) -> Vec<(u32, Vec<CellResult>)> {
    let mut row = RowCells::new(plan);
    let mut details = Details::new(plan);
    row.columns(plan, facts, all_columns(plan), &mut details, &mut Silent);
    let mut evaluator = Evaluator {
        nodes: &plan.nodes,
        tables: &plan.tables,
        plan: Some(plan),
        facts,
        out: &mut row.out,
        memory: &mut row.memory,
        details: &mut details,
        taint: Vec::new(),
        place: None,
        sink: &mut Silent,
    };
    evaluator.in_rows(table, nodes)
}

fn all_columns(plan: &Plan) -> impl Iterator<Item = ColumnId> {
    (0..).map(ColumnId).take(plan.columns.len())
}

impl RowCells {
    pub(crate) fn new(plan: &Plan) -> Self {
        let cells = vec![Ok(Value::Missing); plan.columns.len()];
        Self { out: Cells { cells, ..Cells::default() }, memory: vec![None; plan.shared_count()] }
    }

    /// Computes some columns of another row, in their order and with all that they read among them; the others stay missing.
    pub(crate) fn evaluate(&mut self, plan: &Plan, facts: &Facts<'_>, some: &[ColumnId]) {
        self.memory.fill(None);
        self.out.provisional.clear();
        self.out.places.clear();
        self.columns(plan, facts, some.iter().copied(), &mut Details::new(plan), &mut Silent);
    }

    /// Computes columns one after the other; what is remembered of the row and its detail rows stays.
    fn columns<'f, S: Sink>(
        &mut self,
        plan: &Plan,
        facts: &'f Facts<'f>,
        ids: impl Iterator<Item = ColumnId>,
        details: &mut Details<'f>,
        sink: &mut S,
    ) {
        let Self { out, memory } = self;
        for id in ids {
            let column = plan.column(id);
            let mut evaluator = Evaluator {
                nodes: &plan.nodes,
                tables: &plan.tables,
                plan: Some(plan),
                facts,
                out: &mut *out,
                memory: &mut *memory,
                details: &mut *details,
                taint: Vec::new(),
                place: None,
                sink: &mut *sink,
            };
            let value = match column.detail {
                None => evaluator.column(column),
                Some(table) => {
                    evaluator.detail_column(column, id, table);
                    Ok(Value::Missing)
                }
            };
            let Evaluator { taint, place, .. } = evaluator;
            if let (Some(place), Err(_)) = (place, &value) {
                out.places.insert(id, place);
            }
            if !taint.is_empty() {
                out.provisional.insert(id, taint);
            }
            if let Some(cell) = out.cells.get_mut(id.index()) {
                *cell = value;
            }
        }
    }
}

/// The value of a node that reads no input and no column: a constant expression.
pub(crate) fn constant(nodes: &[Node], tables: &[Table], id: NodeId) -> Option<Value> {
    Evaluator {
        nodes,
        tables,
        plan: None,
        facts: &Facts::default(),
        out: &mut Cells::default(),
        memory: &mut [],
        details: &mut Details::default(),
        taint: Vec::new(),
        place: None,
        sink: &mut Silent,
    }
    .node(id)
    .ok()
}

/// The value of a node that is read more than once, with the provisional figures it was computed from.
pub(super) type Remembered = Option<(CellResult, Vec<GroupId>)>;

pub(super) struct Evaluator<'a, 'f, S> {
    nodes: &'a [Node],
    tables: &'a [Table],
    /// Which nodes are read more than once; nothing while a plan is being written.
    pub(super) plan: Option<&'a Plan>,
    pub(super) facts: &'f Facts<'f>,
    pub(super) out: &'a mut Cells,
    /// The values of nodes that are read more than once, as far as they were needed.
    pub(super) memory: &'a mut [Remembered],
    /// The rows of the detail tables as far as they are computed.
    pub(super) details: &'a mut Details<'f>,
    /// The provisional figures over groups that were read so far.
    pub(super) taint: Vec<GroupId>,
    /// The detail row in which the first fault was met.
    pub(super) place: Option<(DetailId, u32)>,
    pub(super) sink: &'a mut S,
}

impl<S: Sink> Evaluator<'_, '_, S> {
    /// A column: its definition, and that the figure can be published at its places. What was made for a figure over a
    /// group alone is not published.
    pub(super) fn column(&mut self, column: &Column) -> CellResult {
        let value = self.node(column.body)?;
        if let Value::Number(number) = &value
            && !column.hidden
            && number.to_published(column.places).is_err()
        {
            return Err(fault(FaultCode::Overflow, column.body));
        }
        Ok(value)
    }

    pub(super) fn node(&mut self, id: NodeId) -> CellResult {
        let Some(shared) = self.plan.and_then(|plan| plan.shared(id)).map(|at| at as usize) else {
            let value = self.operation(id);
            self.sink.record(id, &value);
            return value;
        };
        if let Some(Some((known, taint))) = self.memory.get(shared) {
            if !taint.is_empty() {
                let (known, taint) = (known.clone(), taint.clone());
                self.tainted(&taint);
                return known;
            }
            return known.clone();
        }
        let before = std::mem::take(&mut self.taint);
        let value = self.operation(id);
        self.sink.record(id, &value);
        let own = std::mem::replace(&mut self.taint, before);
        self.tainted(&own);
        if let Some(slot) = self.memory.get_mut(shared) {
            *slot = Some((value.clone(), own));
        }
        value
    }

    /// What is being computed read these provisional figures, too.
    pub(super) fn tainted(&mut self, by: &[GroupId]) {
        for group in by {
            if !self.taint.contains(group) {
                self.taint.push(*group);
            }
        }
    }

    /// The value of a column, as another one reads it.
    fn read_column(&mut self, id: ColumnId) -> CellResult {
        if let Some(taint) = self.out.provisional.get(&id)
            && !taint.is_empty()
        {
            let taint = taint.clone();
            self.tainted(&taint);
        }
        if let Some(table) = self.plan.and_then(|plan| plan.columns.get(id.index())).and_then(|column| column.detail) {
            return self.details.cell(table, id);
        }
        match self.out.cells.get(id.index()) {
            Some(Ok(value)) => Ok(value.clone()),
            Some(Err(Cause::Fault(_))) | None => Err(Cause::Blocked { by: id }),
            Some(Err(blocked)) => Err(*blocked),
        }
    }

    /// A figure over the group, as the run computed it.
    fn group(&mut self, group: GroupId, id: NodeId) -> CellResult {
        let figures = self.facts.groups.get(group.index()).filter(|figures| figures.known);
        match figures.map(|figures| figures.read(self.facts.row)) {
            Some(figure) => {
                if figure.provisional {
                    self.tainted(&[group]);
                }
                figure.value.map_err(|cause| match cause {
                    // a fault of the figure itself is a fault here; one of an operand stays where it was met
                    Cause::Fault(found) if found.node == NodeId::NONE => fault(found.code, id),
                    cause => cause,
                })
            }
            None => Err(fault(FaultCode::NeedsGroup, id)),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "ids are made by the plan's own builder and point before the node")]
    fn operation(&mut self, id: NodeId) -> CellResult {
        let nodes = self.nodes;
        match &nodes[id.index()].op {
            Op::Constant(value) => Ok(value.clone()),
            Op::Input(input) => self.facts.inputs[input.index()].clone(),
            Op::Given(given) => match self.facts.given.get(given.index()) {
                Some(Ok(value)) => Ok(value.clone()),
                Some(Err(code)) => Err(fault(*code, id)),
                None => Err(fault(FaultCode::Missing, id)),
            },
            Op::DetailInput(table, input) => match self.plan {
                Some(plan) => self.details.input(plan, self.facts, *table, *input),
                None => Ok(Value::Missing),
            },
            Op::Column(column) => self.read_column(*column),
            Op::Aggregate(aggregate) => self.aggregate(aggregate, id),
            Op::Group(group) => self.group(*group, id),
            Op::MoveGrade { grade, steps, floor, top } => self.move_grade(*grade, (*steps, *floor, *top), id),
            Op::Negate(a) => self.map(*a, Number::negate),
            Op::Absolute(a) => self.map(*a, Number::absolute),
            Op::Sign(a) => self.map(*a, |a| Number::from_integer(a.sign().into())),
            Op::Round { value, places, mode } => self.rounded(*value, *places, *mode),
            Op::Arithmetic(operator, a, b) => self.arithmetic(*operator, *a, *b, id),
            Op::Power(a, exponent) => self.partial(*a, id, |a| ops::power(a, *exponent)),
            Op::SquareRoot(a) => self.partial(*a, id, ops::square_root),
            Op::Extreme(extreme, operands) => self.extreme(*extreme, operands, id),
            Op::Median(operands) => self.median(operands, id),
            Op::Compare(operator, a, b) => self.comparison(*operator, *a, *b, id),
            Op::And(a, b) => Ok(Value::Truth(self.truth(*a)? && self.truth(*b)?)),
            Op::Or(a, b) => Ok(Value::Truth(self.truth(*a)? || self.truth(*b)?)),
            Op::Not(a) => Ok(Value::Truth(!self.truth(*a)?)),
            Op::Choose { condition, then, otherwise } => {
                if self.truth(*condition)? {
                    self.node(*then)
                } else {
                    self.node(*otherwise)
                }
            }
            Op::IsMissing(a) => self.is_missing(*a),
            Op::Coalesce(operands) => self.coalesce(operands),
            Op::Bands(bands) => self.bands(bands, id),
            Op::Interpolate(line) => self.interpolate(line, id),
            Op::Lookup { table, keys } => self.lookup(&self.tables[table.index()], keys, id),
            Op::Composite(composite) => self.composite(composite, id),
            Op::Portion(portion) => {
                let of = self.number(portion.of)?;
                let found = group::portion(&of, portion);
                found.map(Value::Number).map_err(|code| fault(code, id))
            }
            Op::Marks(marking) => self.marks(marking),
            Op::Adjusted { group, rated, rater } => self.adjusted(*group, *rated, *rater, id),
            Op::Fail(code) => Err(fault(*code, id)),
            Op::Tell(_, a) => self.node(*a),
            Op::DatePart(part, a) => self.date(*a).map(|date| Value::Number(ops::date_part(*part, date))),
            Op::DateSpan(span, a, b) => self.date_span(*span, *a, *b),
            Op::DateShift(shift, a, by) => self.shift(*shift, *a, *by, id),
            Op::EndOfMonth(a) => self.date(*a).map(|date| Value::Date(date.end_of_month())),
            Op::MakeDate(year, month, day) => self.make_date([*year, *month, *day], id),
            Op::Contains(text, part) => self.contains(*text, *part, id),
            Op::WordOf(a) => self.word_of(*a, id),
        }
    }

    // Each operation stands in a function of its own, so that a formula nested deep needs little stack for each level.

    /// A number rounded; what has no limit has none with fewer decimals either.
    fn rounded(&mut self, a: NodeId, places: i32, mode: RoundingMode) -> CellResult {
        match self.present(a)? {
            Value::Number(number) => Ok(Value::Number(number.round(places, mode))),
            Value::Unlimited => Ok(Value::Unlimited),
            _ => Err(fault(FaultCode::WrongType, a)),
        }
    }

    /// A total function of one number.
    fn map(&mut self, a: NodeId, function: impl FnOnce(&Number) -> Number) -> CellResult {
        self.number(a).map(|a| Value::Number(function(&a)))
    }

    /// A function of one number that may have no answer.
    fn partial(
        &mut self,
        a: NodeId,
        id: NodeId,
        function: impl FnOnce(&Number) -> Result<Number, FaultCode>,
    ) -> CellResult {
        let a = self.number(a)?;
        function(&a).map(Value::Number).map_err(|code| fault(code, id))
    }

    fn arithmetic(&mut self, operator: Arithmetic, a: NodeId, b: NodeId, id: NodeId) -> CellResult {
        let (a, b) = (self.number(a)?, self.number(b)?);
        ops::arithmetic(operator, &a, &b).map(Value::Number).map_err(|code| fault(code, id))
    }

    fn median(&mut self, operands: &[NodeId], id: NodeId) -> CellResult {
        let numbers = operands.iter().map(|each| self.number(*each)).collect::<Result<Vec<_>, _>>()?;
        ops::median(numbers).map(Value::Number).map_err(|code| fault(code, id))
    }

    fn comparison(&mut self, operator: ComparisonOperator, a: NodeId, b: NodeId, id: NodeId) -> CellResult {
        let (a, b) = (self.present(a)?, self.present(b)?);
        self.compare(operator, &a, &b, id).map(Value::Truth)
    }

    fn is_missing(&mut self, a: NodeId) -> CellResult {
        self.node(a).map(|value| Value::Truth(value.is_missing()))
    }

    fn coalesce(&mut self, operands: &[NodeId]) -> CellResult {
        for operand in operands {
            let value = self.node(*operand)?;
            if !value.is_missing() {
                return Ok(value);
            }
        }
        Ok(Value::Missing)
    }

    fn date_span(&mut self, span: DateSpan, a: NodeId, b: NodeId) -> CellResult {
        let (a, b) = (self.date(a)?, self.date(b)?);
        Ok(Value::Number(ops::date_span(span, a, b)))
    }

    fn make_date(&mut self, parts: [NodeId; 3], id: NodeId) -> CellResult {
        let [year, month, day] = parts;
        let (year, month, day) = (self.number(year)?, self.number(month)?, self.number(day)?);
        ops::make_date(&year, &month, &day).map(Value::Date).map_err(|code| fault(code, id))
    }

    fn contains(&mut self, text: NodeId, part: NodeId, id: NodeId) -> CellResult {
        match (self.present(text)?, self.present(part)?) {
            (Value::Text(text), Value::Text(part)) => Ok(Value::Truth(text.contains(&*part))),
            _ => Err(fault(FaultCode::WrongType, id)),
        }
    }

    fn move_grade(&mut self, grade: NodeId, (steps, floor, top): (i32, u32, u32), id: NodeId) -> CellResult {
        match self.present(grade)? {
            Value::Choice(at) => Ok(Value::Choice(ops::move_grade(at, steps, floor, top))),
            _ => Err(fault(FaultCode::WrongType, id)),
        }
    }

    fn word_of(&mut self, a: NodeId, id: NodeId) -> CellResult {
        let value = self.present(a)?;
        let kind = self.nodes.get(a.index()).map(|node| &node.facts.kind);
        match (value, kind) {
            (Value::Choice(at), Some(Kind::Choice(list))) => {
                list.word(at).map(|word| Value::Text(word.clone())).ok_or(fault(FaultCode::UnknownChoice, id))
            }
            (value @ Value::Text(_), _) => Ok(value),
            _ => Err(fault(FaultCode::WrongType, id)),
        }
    }

    /// A value that must be there.
    pub(super) fn present(&mut self, id: NodeId) -> CellResult {
        match self.node(id)? {
            Value::Missing => Err(fault(FaultCode::Missing, id)),
            value => Ok(value),
        }
    }

    pub(super) fn number(&mut self, id: NodeId) -> Result<Number, Cause> {
        match self.present(id)? {
            Value::Number(number) => Ok(number),
            Value::Unlimited => Err(fault(FaultCode::Unlimited, id)),
            _ => Err(fault(FaultCode::WrongType, id)),
        }
    }

    pub(super) fn truth(&mut self, id: NodeId) -> Result<bool, Cause> {
        match self.present(id)? {
            Value::Truth(truth) => Ok(truth),
            _ => Err(fault(FaultCode::WrongType, id)),
        }
    }

    fn date(&mut self, id: NodeId) -> Result<crate::date::Date, Cause> {
        match self.present(id)? {
            Value::Date(date) => Ok(date),
            _ => Err(fault(FaultCode::WrongType, id)),
        }
    }

    fn compare(&self, operator: ComparisonOperator, a: &Value, b: &Value, id: NodeId) -> Result<bool, Cause> {
        let order = ops::order(a, b).ok_or(fault(FaultCode::WrongType, id))?;
        Ok(ops::holds(operator, order))
    }

    fn extreme(&mut self, extreme: Extreme, operands: &[NodeId], id: NodeId) -> CellResult {
        let mut best: Option<Value> = None;
        for operand in operands {
            let value = self.present(*operand)?;
            if best.as_ref().is_none_or(|best| ops::replaces(extreme, &value, best)) {
                best = Some(value);
            }
        }
        best.ok_or(fault(FaultCode::Missing, id))
    }

    fn bands(&mut self, bands: &Bands, id: NodeId) -> CellResult {
        let value = self.present(bands.value)?;
        let mut last: Option<Value> = None;
        for (edge, result) in &bands.bands {
            let edge_value = self.present(*edge)?;
            if let Some(last) = &last {
                // edges that depend on the row are held to the same order as constant ones
                let wanted = match bands.edge {
                    BandEdge::AtLeast | BandEdge::Above => ComparisonOperator::Less,
                    BandEdge::UpTo | BandEdge::Below => ComparisonOperator::Greater,
                };
                if !self.compare(wanted, &edge_value, last, *edge)? {
                    return Err(fault(FaultCode::NotInOrder, *edge));
                }
            }
            if self.compare(bands.edge.comparison(), &value, &edge_value, id)? {
                return self.node(*result);
            }
            last = Some(edge_value);
        }
        match bands.otherwise {
            Some(otherwise) => self.node(otherwise),
            None => Err(fault(FaultCode::NoBand, id)),
        }
    }

    fn interpolate(&mut self, line: &Interpolate, id: NodeId) -> CellResult {
        let value = self.number(line.value)?;
        let mut before: Option<(Number, NodeId)> = None;
        for (place, result) in &line.knots {
            let here = self.number(*place)?;
            if let Some((last, _)) = &before
                && here <= *last
            {
                return Err(fault(FaultCode::NotInOrder, *place));
            }
            if value == here {
                return self.node(*result);
            }
            if value < here {
                return match before {
                    Some((last, from)) => {
                        let (from, to) = (self.number(from)?, self.number(*result)?);
                        ops::between_knots(&value, (&last, &from), (&here, &to))
                            .map(Value::Number)
                            .map_err(|code| fault(code, id))
                    }
                    None => self.beyond(line.beyond, *result, id),
                };
            }
            before = Some((here, *result));
        }
        match before {
            Some((_, last)) => self.beyond(line.beyond, last, id),
            None => Err(fault(FaultCode::BeyondKnots, id)),
        }
    }

    fn beyond(&mut self, beyond: Beyond, outermost: NodeId, id: NodeId) -> CellResult {
        match beyond {
            Beyond::Flat => self.node(outermost),
            Beyond::Fault => Err(fault(FaultCode::BeyondKnots, id)),
        }
    }

    fn lookup(&mut self, table: &Table, keys: &[NodeId], id: NodeId) -> CellResult {
        let mut at = 0;
        for (key, dimension) in keys.iter().zip(&table.keys) {
            let found = match (self.present(*key)?, dimension) {
                (Value::Choice(position), TableKey::Choice(_)) => Some(position as usize),
                (Value::Text(text), TableKey::Text(words)) => words.iter().position(|word| **word == *text),
                _ => None,
            };
            let Some(found) = found else { return Err(fault(FaultCode::NotInTable, *key)) };
            at = at * dimension.len() + found;
        }
        match table.values.get(at) {
            Some(Some(value)) => Ok(value.clone()),
            _ => Err(fault(FaultCode::NotInTable, id)),
        }
    }

    fn composite(&mut self, composite: &Composite, id: NodeId) -> CellResult {
        let mut parts = Vec::with_capacity(composite.parts.len());
        for part in &composite.parts {
            let weight = self.number(part.weight)?;
            let score = self.node(part.score)?;
            let full = composite.method.full(&weight);
            let score = ops::part(&score, &full, part.when_missing).map_err(|code| fault(code, part.score))?;
            parts.push((score, weight));
        }
        ops::composite(composite.method, &parts).map(Value::Number).map_err(|code| fault(code, id))
    }

    fn marks(&mut self, marking: &Marking) -> CellResult {
        let mut answers = Vec::with_capacity(marking.questions.len());
        let mut first = Ok(());
        for question in &*marking.questions {
            match self.node(question.answer) {
                Ok(answer) => answers.push(answer),
                // a sheet is corrected once: every answer that cannot be one is told, not the first of each part
                Err(cause) => {
                    self.met_here(cause);
                    first = first.and(Err(cause));
                }
            }
        }
        first?;
        let texts = answers.iter().map(|answer| if let Value::Text(text) = answer { Some(&**text) } else { None });
        Ok(Value::Number(marking::total(marking, texts)))
    }

    fn shift(&mut self, shift: DateShift, date: NodeId, by: NodeId, id: NodeId) -> CellResult {
        let (date, by) = (self.date(date)?, self.number(by)?);
        ops::date_shift(shift, date, &by).map(Value::Date).map_err(|code| fault(code, id))
    }
}

pub(super) const fn fault(code: FaultCode, node: NodeId) -> Cause {
    Cause::Fault(Fault { code, node })
}
