//! What a total is made of in one row, exactly: what each part brings, what each step changes, what rounding adds.

use std::sync::Arc;

use super::{Contribution, Source};
use crate::eval::ops;
use crate::eval::trace::Trace;
use crate::number::Number;
use crate::plan::{ColumnId, Composite, CompositeRole, NodeId, Op, Plan, Role, Stage, StageKind};
use crate::value::Value;

/// How a total comes about, as far as the plan says it: the same for every row.
#[derive(Debug)]
pub(super) struct Account<'p> {
    plan: &'p Plan,
    role: &'p CompositeRole,
    composite: &'p Composite,
    stages: Vec<Stage>,
}

/// One line of an account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) source: Source,
    pub(super) value: Number,
    /// The weight of a part that counted.
    pub(super) weight: Option<Number>,
}

impl<'p> Account<'p> {
    /// The account of a column; nothing when it is no total.
    pub(super) fn of(plan: &'p Plan, column: ColumnId) -> Option<Self> {
        let Role::Composite(role) = &plan.column(column).role else { return None };
        let composite = plan.composite_at(role.composite)?;
        Some(Self { plan, role, composite, stages: plan.stages_of(role) })
    }

    /// The lines of a row that came to `total`, from what was recorded of it: they add up to the total.
    pub(super) fn lines(&self, trace: &Trace, total: &Number) -> Option<Vec<Line>> {
        let mut lines = self.parts(trace)?;
        let mut add = |source: Source, value: Number| match lines.iter_mut().find(|line| line.source == source) {
            Some(line) => line.value = line.value.add(&value),
            None => lines.push(Line { source, value, weight: None }),
        };
        for stage in &self.stages {
            let change = self.number(trace, stage.after)?.subtract(self.number(trace, stage.before)?);
            add(source_of(&stage.kind), change);
        }
        add(Source::Rounding, total.subtract(self.number(trace, self.role.before_rounding)?));
        Some(lines)
    }

    fn parts(&self, trace: &Trace) -> Option<Vec<Line>> {
        let method = self.composite.method;
        let mut scores = Vec::with_capacity(self.composite.parts.len());
        for part in &self.composite.parts {
            let weight = self.number(trace, part.weight)?.clone();
            let full = method.full(&weight);
            let score = self.value(trace, part.score)?;
            scores.push((ops::part(score, &full, part.when_missing).ok()?, weight));
        }
        let brought = ops::contributions(method, &scores)?;
        let lines = self.composite.parts.iter().zip(brought).map(|(part, (value, weight))| Line {
            source: Source::Part(Arc::clone(&self.plan.column(part.column).name)),
            value,
            weight: Some(weight),
        });
        Some(lines.collect())
    }

    fn value<'t>(&'t self, trace: &'t Trace, node: NodeId) -> Option<&'t Value> {
        match (trace.value(node), &self.plan.node(node).op) {
            (Some(Ok(value)), _) | (None, Op::Constant(value)) => Some(value),
            _ => None,
        }
    }

    fn number<'t>(&'t self, trace: &'t Trace, node: NodeId) -> Option<&'t Number> {
        match self.value(trace, node)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
}

fn source_of(kind: &StageKind) -> Source {
    match kind {
        StageKind::Adjustment(name) => Source::Adjustment(Arc::clone(name)),
        StageKind::Veto(name) => Source::Veto(Arc::clone(name)),
        StageKind::Floor => Source::Floor,
        StageKind::Cap => Source::Cap,
        StageKind::Other => Source::Other,
    }
}

/// What is not the same in two accounts: parts first, then steps, rounding last.
pub(super) fn contributions(old: Vec<Line>, new: Vec<Line>) -> Vec<Contribution> {
    let mut old: Vec<Option<Line>> = old.into_iter().map(Some).collect();
    let mut all: Vec<(Line, Line)> = Vec::with_capacity(new.len());
    let nothing = |source: &Source| Line { source: source.clone(), value: Number::ZERO, weight: None };
    for line in new {
        let before = old.iter_mut().find(|each| each.as_ref().is_some_and(|each| each.source == line.source));
        let before = before.and_then(Option::take).unwrap_or_else(|| nothing(&line.source));
        all.push((before, line));
    }
    for before in old.into_iter().flatten() {
        let now = nothing(&before.source);
        all.push((before, now));
    }
    let place = |source: &Source| match source {
        Source::Part(_) => 0,
        Source::Rounding => 2,
        _ => 1,
    };
    all.sort_by_key(|(_, now)| place(&now.source));
    let changed = all.into_iter().filter(|(before, now)| before.value != now.value);
    let contribution = |(before, now): (Line, Line)| Contribution {
        weights: match (before.weight, now.weight) {
            (Some(before), Some(now)) if before != now => Some(Box::new((before, now))),
            _ => None,
        },
        source: now.source,
        old: before.value,
        new: now.value,
    };
    changed.map(contribution).collect()
}
