//! The row evaluator: a plan over one row, exact, with or without a trace.

use kaohe_grammar::ComparisonOperator;

use super::ops;
use crate::fault::{Cause, Fault, FaultCode};
use crate::number::Number;
use crate::plan::{
    BandEdge, Bands, Beyond, Column, Composite, CompositeMethod, DateShift, Extreme, Interpolate, Node, NodeId, Op,
    Plan, Table, TableKey,
};
use crate::value::Value;

/// What a cell has: a value, or the cause of its absence.
pub(crate) type CellResult = Result<Value, Cause>;

/// Is told the value of each node that is evaluated. The evaluation is the same whether anything is kept.
pub(crate) trait Sink {
    /// `node` came out as `value`.
    fn record(&mut self, node: NodeId, value: &CellResult);
}

/// Keeps nothing.
pub(crate) struct Silent;

impl Sink for Silent {
    fn record(&mut self, _: NodeId, _: &CellResult) {}
}

/// Keeps the value of every node that was evaluated.
#[derive(Debug, Clone)]
pub struct Trace {
    values: Vec<Option<CellResult>>,
}

impl Trace {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { values: vec![None; plan.nodes.len()] }
    }

    /// The value of `node`, or nothing when it was not evaluated: the branch that was not taken, the band not reached.
    #[must_use]
    pub fn value(&self, node: NodeId) -> Option<&CellResult> {
        self.values.get(node.index()).and_then(Option::as_ref)
    }
}

impl Sink for Trace {
    fn record(&mut self, node: NodeId, value: &CellResult) {
        if let Some(slot) = self.values.get_mut(node.index()) {
            *slot = Some(value.clone());
        }
    }
}

/// Computes every column of a row from its inputs, which are read already.
pub(crate) fn evaluate<S: Sink>(plan: &Plan, inputs: &[CellResult], sink: &mut S) -> Vec<CellResult> {
    let mut cells = Vec::with_capacity(plan.columns.len());
    let mut memory = vec![None; plan.shared_count()];
    for column in &plan.columns {
        let mut evaluator = Evaluator {
            nodes: &plan.nodes,
            tables: &plan.tables,
            plan: Some(plan),
            inputs,
            cells: &cells,
            memory: &mut memory,
            sink,
        };
        let value = evaluator.column(column);
        cells.push(value);
    }
    cells
}

/// The value of a node that reads no input and no column: a constant expression.
pub(crate) fn constant(nodes: &[Node], tables: &[Table], id: NodeId) -> Option<Value> {
    Evaluator { nodes, tables, plan: None, inputs: &[], cells: &[], memory: &mut [], sink: &mut Silent }.node(id).ok()
}

struct Evaluator<'a, S> {
    nodes: &'a [Node],
    tables: &'a [Table],
    /// Which nodes are read more than once; nothing while a plan is being written.
    plan: Option<&'a Plan>,
    inputs: &'a [CellResult],
    cells: &'a [CellResult],
    /// The values of nodes that are read more than once, as far as they were needed.
    memory: &'a mut [Option<CellResult>],
    sink: &'a mut S,
}

impl<S: Sink> Evaluator<'_, S> {
    /// A column: its definition, and that the figure can be published at its places.
    fn column(&mut self, column: &Column) -> CellResult {
        let value = self.node(column.body)?;
        if let Value::Number(number) = &value
            && number.to_published(column.places).is_err()
        {
            return Err(fault(FaultCode::Overflow, column.body));
        }
        Ok(value)
    }

    fn node(&mut self, id: NodeId) -> CellResult {
        let shared = self.plan.and_then(|plan| plan.shared(id)).map(|at| at as usize);
        if let Some(Some(known)) = shared.and_then(|at| self.memory.get(at)) {
            return known.clone();
        }
        let value = self.operation(id);
        self.sink.record(id, &value);
        if let Some(slot) = shared.and_then(|at| self.memory.get_mut(at)) {
            *slot = Some(value.clone());
        }
        value
    }

    #[expect(clippy::indexing_slicing, reason = "ids are made by the plan's own builder and point before the node")]
    fn operation(&mut self, id: NodeId) -> CellResult {
        let nodes = self.nodes;
        match &nodes[id.index()].op {
            Op::Constant(value) => Ok(value.clone()),
            Op::Input(input) => self.inputs[input.index()].clone(),
            Op::Column(column) => match &self.cells[column.index()] {
                Ok(value) => Ok(value.clone()),
                Err(Cause::Fault(_)) => Err(Cause::Blocked { by: *column }),
                Err(blocked) => Err(*blocked),
            },
            Op::Negate(a) => Ok(Value::Number(self.number(*a)?.negate())),
            Op::Absolute(a) => Ok(Value::Number(self.number(*a)?.absolute())),
            Op::Sign(a) => Ok(Value::Number(Number::from_integer(self.number(*a)?.sign().into()))),
            Op::Arithmetic(operator, a, b) => {
                let (a, b) = (self.number(*a)?, self.number(*b)?);
                ops::arithmetic(*operator, &a, &b).map(Value::Number).map_err(|code| fault(code, id))
            }
            Op::Power(a, exponent) => {
                let a = self.number(*a)?;
                ops::power(&a, *exponent).map(Value::Number).map_err(|code| fault(code, id))
            }
            Op::Extreme(extreme, operands) => self.extreme(*extreme, operands, id),
            Op::Median(operands) => {
                let numbers = operands.iter().map(|each| self.number(*each)).collect::<Result<Vec<_>, _>>()?;
                ops::median(numbers).map(Value::Number).map_err(|code| fault(code, id))
            }
            Op::Round { value, places, mode } => Ok(Value::Number(self.number(*value)?.round(*places, *mode))),
            Op::SquareRoot(a) => {
                let a = self.number(*a)?;
                ops::square_root(&a).map(Value::Number).map_err(|code| fault(code, id))
            }
            Op::Compare(operator, a, b) => {
                let (a, b) = (self.present(*a)?, self.present(*b)?);
                self.compare(*operator, &a, &b, id).map(Value::Truth)
            }
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
            Op::IsMissing(a) => Ok(Value::Truth(self.node(*a)?.is_missing())),
            Op::Coalesce(operands) => {
                for operand in operands {
                    let value = self.node(*operand)?;
                    if !value.is_missing() {
                        return Ok(value);
                    }
                }
                Ok(Value::Missing)
            }
            Op::Bands(bands) => self.bands(bands, id),
            Op::Interpolate(line) => self.interpolate(line, id),
            Op::Lookup { table, keys } => self.lookup(&self.tables[table.index()], keys, id),
            Op::Composite(composite) => self.composite(composite, id),
            Op::Fail(code) => Err(fault(*code, id)),
            Op::Tell(_, a) => self.node(*a),
            Op::DatePart(part, a) => {
                let date = self.date(*a)?;
                Ok(Value::Number(ops::date_part(*part, date)))
            }
            Op::DateSpan(span, a, b) => {
                let (a, b) = (self.date(*a)?, self.date(*b)?);
                Ok(Value::Number(ops::date_span(*span, a, b)))
            }
            Op::DateShift(shift, a, by) => self.shift(*shift, *a, *by, id),
            Op::EndOfMonth(a) => Ok(Value::Date(self.date(*a)?.end_of_month())),
            Op::MakeDate(year, month, day) => {
                let (year, month, day) = (self.number(*year)?, self.number(*month)?, self.number(*day)?);
                ops::make_date(&year, &month, &day).map(Value::Date).map_err(|code| fault(code, id))
            }
            Op::Contains(text, part) => match (self.present(*text)?, self.present(*part)?) {
                (Value::Text(text), Value::Text(part)) => Ok(Value::Truth(text.contains(&*part))),
                _ => Err(fault(FaultCode::WrongType, id)),
            },
            Op::WordOf(a) => match (self.present(*a)?, &nodes[a.index()].facts.kind) {
                (Value::Choice(at), crate::value::Kind::Choice(list)) => {
                    list.word(at).map(|word| Value::Text(word.clone())).ok_or(fault(FaultCode::UnknownChoice, id))
                }
                (value @ Value::Text(_), _) => Ok(value),
                _ => Err(fault(FaultCode::WrongType, id)),
            },
        }
    }

    /// A value that must be there.
    fn present(&mut self, id: NodeId) -> CellResult {
        match self.node(id)? {
            Value::Missing => Err(fault(FaultCode::Missing, id)),
            value => Ok(value),
        }
    }

    fn number(&mut self, id: NodeId) -> Result<Number, Cause> {
        match self.present(id)? {
            Value::Number(number) => Ok(number),
            _ => Err(fault(FaultCode::WrongType, id)),
        }
    }

    fn truth(&mut self, id: NodeId) -> Result<bool, Cause> {
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
            let full = match composite.method {
                CompositeMethod::Weighted => Number::HUNDRED,
                CompositeMethod::Points => weight.clone(),
            };
            let score = ops::part(&score, &full, part.when_missing).map_err(|code| fault(code, part.score))?;
            parts.push((score, weight));
        }
        ops::composite(composite.method, &parts).map(Value::Number).map_err(|code| fault(code, id))
    }

    fn shift(&mut self, shift: DateShift, date: NodeId, by: NodeId, id: NodeId) -> CellResult {
        let (date, by) = (self.date(date)?, self.number(by)?);
        ops::date_shift(shift, date, &by).map(Value::Date).map_err(|code| fault(code, id))
    }
}

const fn fault(code: FaultCode, node: NodeId) -> Cause {
    Cause::Fault(Fault { code, node })
}
