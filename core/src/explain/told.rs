//! The steps of one column: a walk over what was evaluated, in the order it was evaluated.

use std::collections::HashSet;

use kaohe_grammar::{Message, say};

use super::rows::RowsRead;
use super::seats::Seating;
use super::step::{Step, StepKind};
use super::teller::{Teller, one_line};
use super::{ParameterRead, Part};
use crate::diagnostic::Span;
use crate::number::Number;
use crate::plan::{
    Arithmetic, Column, ColumnId, DetailKind, GroupFunction, GroupId, InputId, NodeId, Op, Role, Step as Label,
};

/// What a walk over a column has found.
#[derive(Default)]
pub(super) struct Told {
    pub(super) steps: Vec<Step>,
    pub(super) parameters: Vec<ParameterRead>,
    pub(super) reads: Vec<ColumnId>,
    pub(super) parts: Vec<Part>,
    pub(super) rows: Vec<RowsRead>,
    pub(super) seats: Option<Seating>,
}

/// Walks over one column.
pub(super) struct Walker<'t, 'a> {
    pub(super) teller: &'t Teller<'a>,
    /// Where the column is defined: what a rule made stands there.
    pub(super) span: Option<Span>,
    /// Operands that were named already, and need not be named again.
    pub(super) told_names: HashSet<NodeId>,
    /// Where its formula stands, when it has one.
    pub(super) formula: Option<Span>,
    pub(super) body: NodeId,
    pub(super) name: &'t str,
    is_grade: bool,
    /// Why a decision was made, once that was met.
    pub(super) reason: Option<NodeId>,
    pub(super) told: Told,
}

/// What is told of a part of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// All of it.
    Loud,
    /// Only what it read.
    Quiet,
    /// The same, of a mean over days: what is in force on none of them was not read.
    Days,
    /// The same, of what is computed once for each detail row: the values that were kept are of the last row alone.
    Rows,
}

impl Voice {
    /// The same without telling steps.
    const fn hushed(self) -> Self {
        match self {
            Self::Loud => Self::Quiet,
            other => other,
        }
    }
}

enum Visit {
    Enter { node: NodeId, voice: Voice },
    Condition(NodeId),
    Leave(NodeId),
}

impl Teller<'_> {
    /// The steps of a column from a node down, and what it read.
    pub(super) fn walk<'t>(&'t self, column: &'t Column, from: NodeId, voice: Voice) -> Told {
        let mut walker = Walker {
            teller: self,
            span: column.span,
            told_names: HashSet::new(),
            formula: column.formula.as_ref().map(|formula| formula.expr.span),
            body: from,
            name: &column.name,
            is_grade: column.role == Role::Grade,
            reason: None,
            told: Told::default(),
        };
        walker.walk(from, voice);
        if let (Role::Item(item), Voice::Loud) = (&column.role, voice) {
            walker.walk(item.full, Voice::Quiet);
        }
        // a grade that nothing was done to is the figure itself
        walker.told.steps.pop_if(|step| step.kind == StepKind::Calculated);
        walker.told
    }
}

impl Teller<'_> {
    /// A condition that is a formula, and whether it holds.
    pub(super) fn question(&self, condition: NodeId, holds: bool) -> Message {
        let span = self.plan.node(condition).span;
        let text = span.map(|span| one_line(span.of(self.scheme.source()))).unwrap_or_default();
        let values = span.and_then(|span| self.substituted_at(span)).filter(|values| *values != text);
        let values = values.filter(|values| values != "true" && values != "false");
        let values = values.map(|values| format!(" ({values})")).unwrap_or_default();
        if holds {
            say!("`{text}` holds{values}", "`{text}` 成立{values}")
        } else {
            say!("`{text}` does not hold{values}", "`{text}` 不成立{values}")
        }
    }

    /// What a veto turned on, unless its name says that already.
    pub(super) fn event(&self, name: &str, event: NodeId, met: bool) -> Message {
        let inner = match &self.plan.node(event).op {
            Op::Tell(_, inner) => *inner,
            _ => event,
        };
        let span = self.plan.node(inner).span;
        let text = span.map(|span| one_line(span.of(self.scheme.source()))).unwrap_or_default();
        if text == name {
            return if met { say!("met", "已触发") } else { say!("not met", "未触发") };
        }
        let Message { en, zh } = self.question(inner, met);
        if met { say!("met, {en}", "已触发，{zh}") } else { say!("not met, {en}", "未触发，{zh}") }
    }
}

impl Walker<'_, '_> {
    /// Operands before operations, conditions before the branch they decide. No recursion: a sum can be long.
    fn walk(&mut self, from: NodeId, voice: Voice) {
        let mut seen = HashSet::new();
        let mut waiting = vec![Visit::Enter { node: from, voice }];
        while let Some(visit) = waiting.pop() {
            match visit {
                Visit::Enter { node, voice } if self.teller.is_evaluated(node) && seen.insert(node) => {
                    self.enter(node, voice, &mut waiting);
                }
                Visit::Enter { .. } => {}
                Visit::Condition(node) => {
                    let step = self.condition(node);
                    self.told.steps.extend(step);
                }
                Visit::Leave(node) => {
                    let step = self.leave(node);
                    self.told.steps.extend(step);
                }
            }
        }
    }

    fn enter(&mut self, node: NodeId, voice: Voice, waiting: &mut Vec<Visit>) {
        let op = &self.teller.plan.node(node).op;
        // how seats came about is told before what they were given by
        let is_group = matches!(op, Op::Group(_));
        if voice == Voice::Loud && !is_group {
            waiting.push(Visit::Leave(node));
        }
        match op {
            Op::Column(column) => self.read(*column, voice, waiting),
            Op::Given(input) => self.given(node, *input),
            Op::Constant(_) => self.folded(node),
            Op::Tell(Label::Parameter { .. }, inner) => {
                self.parameter(node);
                waiting.push(Visit::Enter { node: *inner, voice: voice.hushed() });
            }
            Op::Tell(Label::Dated, inner) => {
                self.dated(node, *inner);
                let voice = if voice == Voice::Rows { voice } else { Voice::Days };
                waiting.push(Visit::Enter { node: *inner, voice });
            }
            Op::Arithmetic(Arithmetic::Multiply, _, days)
                if voice == Voice::Days && self.teller.number(*days).is_some_and(Number::is_zero) =>
            {
                waiting.push(Visit::Enter { node: *days, voice });
            }
            Op::Tell(Label::Reason, inner) => {
                self.reason = Some(node);
                waiting.push(Visit::Enter { node: *inner, voice });
            }
            Op::Aggregate(aggregate) if voice == Voice::Loud && self.answers(node, aggregate) => {}
            // who gave which marks is told nowhere
            Op::Aggregate(aggregate) if self.teller.plan.detail(aggregate.table).kind == DetailKind::Sheets => {
                if voice == Voice::Loud {
                    self.sheets(node, aggregate);
                }
            }
            Op::Aggregate(aggregate) => {
                if voice != Voice::Rows {
                    self.told.rows.extend(self.teller.rows_read(node, aggregate));
                }
                let in_rows = [aggregate.by, aggregate.value, aggregate.filter].into_iter().flatten();
                waiting.extend(aggregate.when_empty.map(|node| Visit::Enter { node, voice }));
                waiting.extend(in_rows.map(|node| Visit::Enter { node, voice: Voice::Rows }));
            }
            Op::Group(group) => {
                self.group_operands(*group, voice, waiting);
                if voice == Voice::Loud {
                    waiting.push(Visit::Leave(node));
                }
            }
            Op::Choose { condition, then, otherwise } => {
                let taken = self.teller.truth(*condition).map(|holds| if holds { *then } else { *otherwise });
                let taken = taken.map(|node| Visit::Enter { node, voice });
                let condition_first = Visit::Enter { node: *condition, voice };
                if matches!(self.teller.plan.node(*condition).op, Op::Tell(Label::Veto(_) | Label::Shift(_), _)) {
                    // a veto or a shift comes after what it changes
                    waiting.push(condition_first);
                    waiting.extend(taken);
                } else {
                    waiting.extend(taken);
                    if voice == Voice::Loud {
                        waiting.push(Visit::Condition(node));
                    }
                    waiting.push(condition_first);
                }
            }
            _ => waiting.extend(op.operands().into_iter().rev().map(|node| Visit::Enter { node, voice })),
        }
    }

    /// Another column that is read; one that was made for a figure over a group is told in this one.
    fn read(&mut self, id: ColumnId, voice: Voice, waiting: &mut Vec<Visit>) {
        let column = self.teller.plan.column(id);
        if column.hidden {
            waiting.push(Visit::Enter { node: column.body, voice });
        } else if !self.told.reads.contains(&id) {
            self.told.reads.push(id);
        }
    }

    /// What a figure over a group is computed of.
    fn group_operands(&mut self, id: GroupId, voice: Voice, waiting: &mut Vec<Visit>) {
        let group = self.teller.plan.group(id);
        let smaller = match &group.function {
            GroupFunction::Seats(seats) => seats.smaller.map(|(_, column)| column),
            _ => None,
        };
        // where a spare cent went is no reason of a figure
        let aside = match &group.function {
            GroupFunction::Allot(allot) => allot.order,
            _ => smaller,
        };
        let operands: Vec<ColumnId> = group.operands().filter(|column| Some(*column) != aside).collect();
        // what was made for the figure waits its turn, the last first
        let (made, named): (Vec<_>, Vec<_>) =
            operands.into_iter().partition(|column| self.teller.plan.column(*column).hidden);
        for column in named.into_iter().chain(made.into_iter().rev()) {
            self.read(column, voice.hushed(), waiting);
        }
        // in a group too small for seats this is what decides
        if let Some(column) = smaller.filter(|_| self.teller.is_small(id)) {
            self.read(column, voice, waiting);
        }
    }

    // -- parameters --

    fn keep(&mut self, read: ParameterRead) {
        if !self.told.parameters.contains(&read) {
            self.told.parameters.push(read);
        }
    }

    /// A parameter with the values of it that were read: one, or by key as many as detail rows have keys.
    fn parameter(&mut self, node: NodeId) {
        let Op::Tell(Label::Parameter { name, source, from }, inner) = &self.teller.plan.node(node).op else { return };
        let read =
            |name: String, value| ParameterRead { name, value, source: source.clone(), from: *from, given: false };
        if let Op::Lookup { keys, .. } = &self.teller.plan.node(*inner).op {
            for found in self.teller.trace.looked_up(node) {
                let told = keys.iter().zip(&found.keys).map(|(key, value)| self.teller.literal(*key, value));
                let told: Option<Vec<String>> = told.collect();
                if let (Some(keys), Some(value)) = (told, self.teller.fact_of(node, &found.value)) {
                    self.keep(read(format!("{name}[{}]", keys.join(", ")), value));
                }
            }
        } else if let Some(value) = self.teller.fact(node) {
            self.keep(read(name.to_string(), value));
        }
    }

    /// The parameters in a part of a formula that was computed when the scheme was read.
    fn folded(&mut self, node: NodeId) {
        if node == self.body
            && let Some(span) = self.formula
        {
            return self.parameters(span, |_| true);
        }
        let Some(span) = self.teller.plan.node(node).span else { return };
        self.parameters(span, |own| own != span);
    }

    /// The parameters that are read within a part of the text.
    fn parameters(&mut self, within: Span, is_meant: impl Fn(Span) -> bool) {
        for (span, parameter) in self.teller.parameters_in(within) {
            if is_meant(span) {
                self.parameter(parameter);
            }
        }
    }

    /// The values of a parameter over days that are known when the scheme is read.
    fn dated(&mut self, node: NodeId, inner: NodeId) {
        let mut mean = inner;
        while let Op::Choose { then, .. } = self.teller.plan.node(mean).op {
            mean = then;
        }
        let Some(span) = self.teller.plan.node(node).span else { return };
        if matches!(self.teller.plan.node(mean).op, Op::Constant(_)) {
            self.parameters(span, |own| own == span);
        }
    }

    /// A value of the run.
    fn given(&mut self, node: NodeId, input: InputId) {
        let Some(name) = self.teller.plan.given.get(input.index()).map(|input| input.name.to_string()) else { return };
        if let Some(value) = self.teller.fact(node) {
            self.keep(ParameterRead { name, value, source: None, from: None, given: true });
        }
    }

    // -- conditions --

    /// What a choice turned on, told before the branch that was taken.
    fn condition(&mut self, node: NodeId) -> Option<Step> {
        let Op::Choose { condition, then, otherwise } = self.teller.plan.node(node).op else { return None };
        let holds = self.teller.truth(condition)?;
        let taken = if holds { then } else { otherwise };
        let other = if holds { otherwise } else { then };
        match &self.teller.plan.node(condition).op {
            // told where they stand themselves
            Op::Tell(
                Label::Gate
                | Label::Applies
                | Label::Enough(_)
                | Label::Rated
                | Label::Paid
                | Label::TakenBack
                | Label::Veto(_)
                | Label::Shift(_)
                | Label::Graded,
                _,
            ) => {
                return None;
            }
            Op::IsMissing(_) => return self.absent(holds, otherwise),
            _ => {}
        }
        if self.is_grade && self.is_made(node) {
            return None; // what grades turn on is told by its own name
        }
        if matches!(self.teller.plan.node(other).op, Op::Fail(_)) {
            return None; // a guard that let the value pass
        }
        if !self.is_made(node) {
            return self.branch(node, condition, taken, holds);
        }
        let relation = match self.teller.plan.node(condition).op {
            Op::Compare(operator, a, b) if self.is_made(condition) => {
                let guards_zero = self.is_made(b) && self.teller.number(b).is_some_and(Number::is_zero);
                if guards_zero && holds {
                    return None;
                }
                let text = self.relation(operator, a, b, holds);
                Message::new(text.clone(), text)
            }
            _ => self.teller.question(condition, holds),
        };
        let told = match self.settled(taken) {
            Some(value) => {
                let Message { en, zh } = relation;
                say!("{en}, so {value}", "{zh}，得 {value}")
            }
            None => relation,
        };
        let mut step = Step::new(StepKind::Condition, told);
        if let Op::Compare(_, a, b) = self.teller.plan.node(condition).op {
            step = step.fact("of", self.teller.fact(a)).fact("edge", self.teller.fact(b));
        }
        Some(step.fact("holds", self.teller.fact(condition)))
    }

    /// The value of a branch that is a number and nothing else.
    fn settled(&self, node: NodeId) -> Option<String> {
        matches!(self.teller.plan.node(node).op, Op::Constant(_)).then(|| self.value_text(node, false))
    }

    /// A branch of a formula: which condition held.
    fn branch(&mut self, node: NodeId, condition: NodeId, taken: NodeId, holds: bool) -> Option<Step> {
        let (whole, own) = (self.teller.plan.node(node).span, self.teller.plan.node(condition).span);
        let told = if own == whole {
            // the zero divisor of `ratio`: told only when the policy was needed
            if !holds {
                return None;
            }
            let value = self.value_text(taken, self.is_percent(taken));
            say!("the divisor is zero, so {value}, as the formula says", "除数为零，按公式规定取 {value}")
        } else {
            self.teller.question(condition, holds)
        };
        Some(Step::new(StepKind::Branch, told).fact("holds", self.teller.fact(condition)))
    }
}
