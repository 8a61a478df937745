//! What was reached: every person of every example evaluated, and what happened at each point kept.

use std::collections::{HashMap, HashSet};

use super::find::{Point, Test, points};
use super::{Coverage, Missed, MissedKind};
use crate::diagnostic::{Location, Message, Span};
use crate::eval::ops;
use crate::eval::row::CellResult;
use crate::eval::trace::Sink;
use crate::fault::{Cause, FaultCode};
use crate::plan::{NodeId, Op, Plan};
use crate::run::Run;
use crate::scheme::Scheme;
use crate::value::Value;

/// What tells a point apart, also between the plans of two days: what is written where, and what should happen there.
type Key = (MissedKind, Option<Span>, String);

fn key(point: &Point) -> Key {
    (point.kind, point.span, point.message.en.clone())
}

/// Watches the runs of the examples of a scheme.
pub(crate) struct Watcher<'s> {
    scheme: &'s Scheme,
    reached: HashSet<Key>,
    people: usize,
    cases: usize,
}

impl<'s> Watcher<'s> {
    pub(crate) fn new(scheme: &'s Scheme) -> Self {
        Self { scheme, reached: HashSet::new(), people: 0, cases: 0 }
    }

    /// Looks at everybody in a run of the scheme, or of the scheme on another day.
    pub(crate) fn watch(&mut self, scheme: &Scheme, run: &Run) {
        let plan = scheme.plan();
        let mut open: Vec<Point> = points(plan, scheme.source());
        open.retain(|point| !self.reached.contains(&key(point)));
        let mut eyes = Eyes::new(plan, &open);
        self.cases += 1;
        for row in 0..run.rows() {
            self.people += 1;
            let cells = run.evaluated(row, &mut eyes).cells;
            for point in &open {
                let is_there = match point.test {
                    Test::Grade(column, at) => {
                        matches!(cells.get(column.index()), Some(Ok(Value::Choice(found))) if *found == at)
                    }
                    Test::NotZero(column) => {
                        matches!(cells.get(column.index()), Some(Ok(Value::Number(found))) if !found.is_zero())
                    }
                    _ => false,
                };
                if is_there {
                    self.reached.insert(key(point));
                }
            }
        }
        self.reached.extend(open.iter().filter(|point| eyes.has_seen(point.test)).map(key));
    }

    /// What was reached and what not.
    pub(crate) fn coverage(self) -> Coverage {
        let source = self.scheme.source();
        let mut once = HashSet::new();
        let mut all = points(self.scheme.plan(), source);
        // one thing that stands in several places of the plan is one thing to reach
        all.retain(|point| once.insert(key(point)));
        let total = all.len();
        let mut missed: Vec<Point> = all.into_iter().filter(|point| !self.reached.contains(&key(point))).collect();
        missed.sort_by_key(|point| point.span.map_or(u32::MAX, |span| span.start));
        let reached = total.saturating_sub(missed.len());
        let tell = |point: Point| Missed {
            kind: point.kind,
            column: point.column,
            message: Message::new(point.message.en, point.message.zh),
            location: point.span.map(|span| Location::new(source, span)),
        };
        Coverage {
            people: self.people,
            cases: self.cases,
            total,
            reached,
            missed: missed.into_iter().map(tell).collect(),
        }
    }
}

/// Sees what happens at the nodes of a plan.
struct Eyes<'p> {
    plan: &'p Plan,
    /// The last value of each node.
    last: Vec<Option<CellResult>>,
    seen: Vec<Seen>,
    /// For the value after a limit the value before it.
    before: HashMap<NodeId, NodeId>,
    /// The places of the results of lines through knots.
    knots: HashMap<NodeId, (NodeId, usize)>,
    /// The results of a line that were looked at since its last value.
    looked_at: HashMap<NodeId, Vec<usize>>,
    segments: HashSet<(NodeId, usize)>,
    /// The figures over detail rows that went over a row since their last value.
    counted: HashSet<NodeId>,
}

/// What has happened at a node.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    evaluated: bool,
    held: bool,
    failed_to_hold: bool,
    missing: bool,
    changed: bool,
    rows: bool,
    no_rows: bool,
}

impl<'p> Eyes<'p> {
    fn new(plan: &'p Plan, points: &[Point]) -> Self {
        let mut eyes = Self {
            plan,
            last: vec![None; plan.nodes.len()],
            seen: vec![Seen::default(); plan.nodes.len()],
            before: HashMap::new(),
            knots: HashMap::new(),
            looked_at: HashMap::new(),
            segments: HashSet::new(),
            counted: HashSet::new(),
        };
        for point in points {
            match point.test {
                Test::Changed(before, after) => {
                    eyes.before.insert(after, before);
                }
                Test::Segment(node, _) => {
                    if let Op::Interpolate(line) = &plan.node(node).op {
                        eyes.knots.extend(line.knots.iter().enumerate().map(|(at, (_, result))| (*result, (node, at))));
                    }
                }
                _ => {}
            }
        }
        eyes
    }

    fn has_seen(&self, test: Test) -> bool {
        let at = |node: NodeId| self.seen.get(node.index()).copied().unwrap_or_default();
        match test {
            Test::Evaluated(node) => at(node).evaluated,
            Test::Truth(node, true) => at(node).held,
            Test::Truth(node, false) => at(node).failed_to_hold,
            Test::Missing(node) => at(node).missing,
            Test::Changed(_, node) => at(node).changed,
            Test::Rows(node, true) => at(node).rows,
            Test::Rows(node, false) => at(node).no_rows,
            Test::Segment(node, segment) => self.segments.contains(&(node, segment)),
            // told by the cells of a row
            Test::Grade(..) | Test::NotZero(_) => false,
        }
    }

    /// Whether a limit has changed a value.
    fn is_changed(&self, node: NodeId, value: &CellResult) -> bool {
        let before = self.before.get(&node).and_then(|before| self.last.get(before.index()));
        match (before, value) {
            (Some(Some(Ok(before))), Ok(after)) => ops::order(before, after).is_some_and(std::cmp::Ordering::is_ne),
            _ => false,
        }
    }

    /// Which stretch a line through knots was looked at in: the results it read say so.
    fn stretch(&mut self, node: NodeId) {
        let Op::Interpolate(line) = &self.plan.node(node).op else { return };
        let results = self.looked_at.remove(&node).unwrap_or_default();
        let segment = match *results.as_slice() {
            [_, to] => to,
            [0] if self.is_below(line.value, line.knots.first().map(|(place, _)| *place)) => 0,
            [last]
                if last + 1 == line.knots.len()
                    && !self.is_at(line.value, line.knots.get(last).map(|(place, _)| *place)) =>
            {
                line.knots.len()
            }
            // exactly at a knot is on no stretch of its own
            _ => return,
        };
        self.segments.insert((node, segment));
    }

    fn order(&self, a: NodeId, b: Option<NodeId>) -> Option<std::cmp::Ordering> {
        let value = |node: NodeId| self.last.get(node.index()).and_then(|value| value.as_ref()?.as_ref().ok());
        ops::order(value(a)?, value(b?)?)
    }

    fn is_below(&self, value: NodeId, place: Option<NodeId>) -> bool {
        self.order(value, place).is_some_and(std::cmp::Ordering::is_lt)
    }

    fn is_at(&self, value: NodeId, place: Option<NodeId>) -> bool {
        self.order(value, place).is_some_and(std::cmp::Ordering::is_eq)
    }
}

/// Whether a figure that went over no row came out so, and not by a fault in one.
fn over_no_rows(value: &CellResult) -> bool {
    match value {
        Ok(_) => true,
        Err(Cause::Fault(fault)) => fault.code == FaultCode::NoRows,
        Err(Cause::Blocked { .. }) => false,
    }
}

impl Sink for Eyes<'_> {
    fn record(&mut self, node: NodeId, value: &CellResult) {
        let changed = self.is_changed(node, value);
        let is_aggregate = matches!(self.plan.node(node).op, Op::Aggregate(_));
        let counted = is_aggregate && self.counted.remove(&node);
        if let Some((line, at)) = self.knots.get(&node).copied() {
            self.looked_at.entry(line).or_default().push(at);
        }
        self.stretch(node);
        if let Some(seen) = self.seen.get_mut(node.index()) {
            seen.evaluated = true;
            seen.held |= matches!(value, Ok(Value::Truth(true)));
            seen.failed_to_hold |= matches!(value, Ok(Value::Truth(false)));
            seen.missing |= matches!(value, Ok(Value::Missing));
            seen.changed |= changed;
            seen.rows |= counted;
            seen.no_rows |= is_aggregate && !counted && over_no_rows(value);
        }
        if let Some(slot) = self.last.get_mut(node.index()) {
            *slot = Some(value.clone());
        }
    }

    fn row(&mut self, aggregate: NodeId, _: u32, _: &Value) {
        self.counted.insert(aggregate);
    }
}
