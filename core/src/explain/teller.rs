//! From a recorded evaluation to explanations, one a column.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::say;

use super::step::{Fact, Step, StepKind};
use super::told::{Told, Voice};
use super::{ColumnExplanation, ColumnRole, Explanation, Rounding, number_text};
use crate::diagnostic::Span;
use crate::eval::row::CellResult;
use crate::eval::trace::Trace;
use crate::number::{Number, RoundingMode};
use crate::outcome::{Figure, Outcome};
use crate::plan::{Column, ColumnId, InputId, MissingPolicy, NodeId, Op, Plan, Role, Step as Label};
use crate::row::Cell;
use crate::run::Run;
use crate::scheme::Scheme;
use crate::unit::{Unit, written};
use crate::value::{Kind, UNLIMITED, Value};

/// Reads plan and trace together.
pub(super) struct Teller<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) plan: &'a Plan,
    pub(super) outcome: &'a Outcome,
    pub(super) trace: &'a Trace,
    cells: &'a [Cell],
    /// The run the row is of, and its place there.
    pub(super) run: Option<(&'a Run, usize)>,
    /// What stands where a name stands in the scheme's text: a column, a parameter, a day of the period.
    pub(super) leaves: HashMap<Span, NodeId>,
    /// The last operation that was evaluated for what is written at a place: its result.
    results: HashMap<Span, NodeId>,
    /// The single values of parameters by where they are read, in the order of the text.
    parameters: Vec<(Span, NodeId)>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        scheme: &'a Scheme,
        outcome: &'a Outcome,
        trace: &'a Trace,
        cells: &'a [Cell],
        run: Option<(&'a Run, usize)>,
    ) -> Self {
        let plan = scheme.plan();
        let mut leaves: HashMap<Span, NodeId> = HashMap::new();
        let mut results: HashMap<Span, NodeId> = HashMap::new();
        let mut parameters = Vec::new();
        for (at, node) in plan.nodes.iter().enumerate() {
            let (Some(span), Ok(at)) = (node.span, u32::try_from(at)) else { continue };
            let id = NodeId(at);
            if trace.value(id).is_some() {
                results.insert(span, id);
            }
            let is_leaf = match &node.op {
                Op::Column(_) | Op::Constant(_) | Op::Given(_) | Op::Aggregate(_) | Op::Group(_) => true,
                Op::Tell(label, _) => matches!(label, Label::Parameter { .. } | Label::Dated),
                _ => false,
            };
            if let Op::Tell(Label::Parameter { .. }, inner) = &node.op
                && matches!(plan.node(*inner).op, Op::Constant(_))
            {
                parameters.push((span, id));
            }
            // a parameter's constant stands under its name's node; of several the one that was evaluated counts
            if is_leaf && (!leaves.contains_key(&span) || trace.value(id).is_some()) {
                leaves.insert(span, id);
            }
        }
        parameters.sort_unstable_by_key(|(span, id)| (span.start, *id));
        Self { scheme, plan, outcome, trace, cells, run, leaves, results, parameters }
    }

    /// The explanation of one column and all it was computed from, or of every column that no other reads.
    pub(super) fn explanation(&self, asked: Option<ColumnId>) -> Explanation {
        let mut roots = match asked {
            Some(column) => vec![column],
            None => self.unread(),
        };
        let mut columns = Vec::new();
        let mut told = HashSet::new();
        let mut waiting: Vec<ColumnId> = roots.iter().rev().copied().collect();
        // what is read only where this row did not come by is explained all the same
        let mut rest = self.plan.shown.iter().filter(|id| asked.is_none() && self.is_result(**id));
        loop {
            let Some(id) = waiting.pop() else {
                let Some(left) = rest.find(|id| !told.contains(*id)) else { break };
                roots.push(*left);
                waiting.push(*left);
                continue;
            };
            if !told.insert(id) {
                continue;
            }
            let (column, children) = self.column(id);
            columns.push(column);
            waiting.extend(children.into_iter().rev());
        }
        let key = self.scheme.key().map(|input| (Arc::clone(&input.name), self.figure(input.column)));
        Explanation {
            scheme: self.scheme.name().into(),
            edition: self.scheme.edition().map(Into::into),
            fingerprint: self.scheme.fingerprint(),
            as_of: self.scheme.day(),
            given: self.outcome.given.to_vec(),
            key,
            asked: roots.iter().map(|id| Arc::clone(&self.plan.column(*id).name)).collect(),
            details: self.detail_rows(&columns, &told),
            columns,
        }
    }

    /// What every input of people is.
    pub(super) fn inputs(&self) -> Vec<ColumnExplanation> {
        self.plan.inputs.iter().map(|input| self.column(input.column).0).collect()
    }

    /// The shown columns that no other column reads.
    fn unread(&self) -> Vec<ColumnId> {
        let read: HashSet<ColumnId> = self
            .plan
            .nodes
            .iter()
            .filter_map(|node| if let Op::Column(id) = node.op { Some(id) } else { None })
            .chain(self.plan.groups.iter().flat_map(|group| group.operands()))
            .collect();
        self.plan.shown.iter().copied().filter(|id| self.is_result(*id) && !read.contains(id)).collect()
    }

    fn is_result(&self, id: ColumnId) -> bool {
        !matches!(self.plan.column(id).role, Role::Input(_))
    }

    fn column(&self, id: ColumnId) -> (ColumnExplanation, Vec<ColumnId>) {
        let column = self.plan.column(id);
        let (mut rounding, before) = self.rounding(column.body);
        let mut told = match &column.role {
            // what is computed for each row was rounded for each row
            _ if column.detail.is_some() => {
                rounding = None;
                self.walk(column, column.body, Voice::Rows)
            }
            Role::Input(input) => self.input(*input),
            Role::Composite(role) => self.total(column, role),
            _ => self.walk(column, before, Voice::Loud),
        };
        let problem = match self.cell(id) {
            Some(Err(_)) => self.outcome.problem(&column.name),
            _ => None,
        };
        // what is blocked leads to the column with the fault itself
        if let Some(by) = problem.as_ref().and_then(|problem| problem.blocked_by.as_ref())
            && let Some(by) = self.plan.column_named(by)
            && told.reads.is_empty()
        {
            told.reads.push(by);
        }
        let (rule, full) = match &column.role {
            Role::Item(item) => (Some(item.rule), self.number(item.full).cloned()),
            Role::Composite(total) => (None, self.number(total.full).cloned()),
            _ => (None, None),
        };
        let exact = self.cell_number(id).cloned();
        let Told { steps, parameters, reads, parts, rows, seats } = told;
        let of_people = column.formula.as_ref().filter(|_| column.detail.is_none());
        let provisional = self.outcome.provisional.iter().find(|each| each.column == id);
        let children = reads.iter().map(|read| Arc::clone(&self.plan.column(*read).name)).collect();
        let explanation = ColumnExplanation {
            name: Arc::clone(&column.name),
            label: column.label.clone(),
            role: role(&column.role),
            table: column.detail.map(|table| Arc::clone(&self.plan.detail(table).name)),
            rule,
            figure: self.figure(id),
            percent: self.percent(column, exact.as_ref()),
            exact,
            unit: self.unit(column),
            source: column.source.clone(),
            formula: column.formula.as_ref().map(|formula| one_line(&formula.text)),
            substituted: of_people.and_then(|formula| self.substituted(&formula.text, &formula.expr)),
            formula_value: of_people.and_then(|formula| self.fact(*self.results.get(&formula.expr.span)?)),
            full,
            parameters,
            rows,
            seats,
            parts,
            steps,
            rounding,
            lost: self.lost(id),
            problem,
            provisional: provisional.map(|each| each.left_out.clone()).unwrap_or_default(),
            children,
        };
        (explanation, reads)
    }

    /// An input: what the row brought, or what counts when it brought nothing.
    fn input(&self, id: InputId) -> Told {
        let mut told = Told::default();
        let Some(input) = self.plan.inputs.get(id.index()) else { return told };
        let absent = match self.cells.get(id.index()) {
            None | Some(Cell::Missing) => true,
            Some(Cell::Text(text)) => text.is_empty(),
            Some(Cell::Float(float)) => float.is_nan(),
            Some(_) => false,
        };
        if !absent
            && self.cell_value(input.column).is_none()
            && let Some(found) = self.cells.get(id.index()).and_then(as_given)
        {
            let message = say!("the row has `{found}`", "本行填的是 `{found}`");
            told.steps.push(Step::new(StepKind::Given, message).fact("found", Fact::Text(found)));
        }
        if absent && let MissingPolicy::Default(_) = input.missing {
            let value = self.figure(input.column);
            let message =
                say!("not filled in; counts as {value}, as the scheme says", "未填写，按方案规定计为 {value}");
            told.steps.push(Step::new(StepKind::Default, message));
        }
        told
    }

    /// The rounding that is the outermost operation of a column, and the node before it.
    pub(super) fn rounding(&self, body: NodeId) -> (Option<Rounding>, NodeId) {
        let at = match &self.plan.node(body).op {
            // absence is not rounded
            Op::Choose { condition, otherwise, .. } if matches!(self.plan.node(*condition).op, Op::IsMissing(_)) => {
                *otherwise
            }
            _ => body,
        };
        let Op::Round { value, places, mode } = self.plan.node(at).op else { return (None, body) };
        let line = match (self.number(value), self.number(at)) {
            (Some(exact), Some(rounded)) => Some(Rounding {
                exact: exact.clone(),
                places,
                mode,
                rounded: rounded.clone(),
                difference: rounded.subtract(exact),
            }),
            _ => None,
        };
        (line, value)
    }

    // -- values --

    /// What was recorded for a node; a constant is known whether or not it was looked at.
    pub(super) fn value(&self, node: NodeId) -> Option<&Value> {
        match (self.trace.value(node), &self.plan.node(node).op) {
            (Some(Ok(value)), _) | (None, Op::Constant(value)) => Some(value),
            (None, Op::Tell(_, inner)) => match &self.plan.node(*inner).op {
                Op::Constant(value) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn number(&self, node: NodeId) -> Option<&Number> {
        match self.value(node)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn truth(&self, node: NodeId) -> Option<bool> {
        match self.value(node)? {
            Value::Truth(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Whether the node was reached.
    pub(super) fn is_evaluated(&self, node: NodeId) -> bool {
        self.trace.value(node).is_some()
    }

    /// The single values of parameters that are read within a part of the text.
    pub(super) fn parameters_in(&self, span: Span) -> Vec<(Span, NodeId)> {
        let first = self.parameters.partition_point(|(at, _)| at.start < span.start);
        let rest = self.parameters.get(first..).unwrap_or_default().iter();
        rest.take_while(|(at, _)| at.start < span.end).filter(|(at, _)| at.end <= span.end).copied().collect()
    }

    fn cell(&self, id: ColumnId) -> Option<&CellResult> {
        self.outcome.cells.get(id.index())
    }

    pub(super) fn cell_value(&self, id: ColumnId) -> Option<&Value> {
        self.cell(id)?.as_ref().ok()
    }

    pub(super) fn cell_number(&self, id: ColumnId) -> Option<&Number> {
        match self.cell_value(id)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn figure(&self, id: ColumnId) -> Figure {
        self.cell(id).map_or(Figure::Missing, |cell| Figure::publish(self.plan, id, cell))
    }

    /// A recorded value as data.
    pub(super) fn fact(&self, node: NodeId) -> Option<Fact> {
        self.fact_of(node, self.value(node)?)
    }

    /// A value of the kind of a node, as data.
    pub(super) fn fact_of(&self, node: NodeId, value: &Value) -> Option<Fact> {
        Some(match value {
            Value::Missing => Fact::Missing,
            Value::Unlimited => Fact::Text(UNLIMITED.to_owned()),
            Value::Number(number) => Fact::Number(number.clone()),
            Value::Truth(truth) => Fact::Truth(*truth),
            Value::Text(text) => Fact::Text(text.to_string()),
            Value::Date(date) => Fact::Text(date.to_string()),
            Value::Choice(_) => Fact::Text(self.word(node, value)?),
        })
    }

    /// The word of a choice or grade.
    pub(super) fn word(&self, node: NodeId, value: &Value) -> Option<String> {
        match (value, &self.plan.node(node).facts.kind) {
            (Value::Choice(at), Kind::Choice(list)) => list.word(*at).map(ToString::to_string),
            _ => None,
        }
    }

    // -- how a column is shown --

    fn percent(&self, column: &Column, exact: Option<&Number>) -> Option<String> {
        let exact = exact.filter(|_| column.show.percent)?;
        let hundredfold = exact.multiply(&Number::HUNDRED);
        let Some(places) = column.show.places else { return Some(number_text::percent(exact)) };
        let shown = hundredfold.round(places.cast_signed(), RoundingMode::HalfUp);
        let sign = if shown == hundredfold { "" } else { "≈" };
        Some(format!("{sign}{}%", number_text::fixed(&shown, Some(places))))
    }

    fn unit(&self, column: &Column) -> Option<String> {
        match &self.plan.node(column.body).facts.unit {
            Unit::Of(powers) if !powers.is_empty() => Some(written(powers)),
            _ => None,
        }
    }
}

/// What stood in a cell, as far as the host could read it.
fn as_given(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text.clone()),
        Cell::Decimal(decimal) => Some(decimal.to_string()),
        Cell::Integer(integer) => Some(integer.to_string()),
        Cell::Float(float) => Some(float.to_string()),
        Cell::Truth(truth) => Some(truth.to_string()),
        Cell::Date(date) => Some(date.to_string()),
        Cell::Missing | Cell::Unreadable => None,
    }
}

/// What a column is, as an explanation says it.
pub(crate) const fn role(role: &Role) -> ColumnRole {
    match role {
        Role::Input(_) => ColumnRole::Input,
        Role::Computed | Role::Operand => ColumnRole::Computed,
        Role::Item(_) => ColumnRole::Item,
        Role::Composite(_) => ColumnRole::Total,
        Role::Adjustment => ColumnRole::Adjustment,
        Role::Grade => ColumnRole::Grade,
        Role::Pay => ColumnRole::Pay,
    }
}

/// The text with every run of spaces and line ends as one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
