//! What there is to reach in a plan: a walk over each column for what its author wrote.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::MissedKind;
use crate::diagnostic::Span;
use crate::plan::{
    Aggregate, AggregateFunction, BandEdge, Bands, Beyond, Column, ColumnId, Composite, DetailKind, Extreme,
    Interpolate, NodeId, Op, Plan, Role, Step, WhenMissing,
};
use crate::value::{Kind, Value};

/// Something to reach, and when it is.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) kind: MissedKind,
    pub(super) column: Arc<str>,
    pub(super) message: Message,
    pub(super) span: Option<Span>,
    pub(super) test: Test,
}

/// When something is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    /// The node was evaluated.
    Evaluated(NodeId),
    /// The node was true or false.
    Truth(NodeId, bool),
    /// The node had no value, and that was no fault.
    Missing(NodeId),
    /// The second node had another value than the first.
    Changed(NodeId, NodeId),
    /// The stretch of this number was looked at: 0 below the first knot.
    Segment(NodeId, usize),
    /// A figure over detail rows went over some of them, or over none.
    Rows(NodeId, bool),
    /// The column had this grade.
    Grade(ColumnId, u32),
    /// The column had a number other than zero.
    NotZero(ColumnId),
}

/// Everything there is to reach, in the order of the columns.
pub(super) fn points(plan: &Plan, source: &str) -> Vec<Point> {
    let mut points = Vec::new();
    let owners = owners(plan);
    for (column, id) in plan.columns.iter().zip(0..) {
        let owner = owners.get(&ColumnId(id)).map_or(column, |owner| plan.column(*owner));
        let mut finder = Finder { plan, source, column, owner: told(owner), id: ColumnId(id), points: &mut points };
        finder.column();
        finder.walk();
    }
    points
}

/// For each column that was made for a figure over a group the column that reads the figure.
fn owners(plan: &Plan) -> HashMap<ColumnId, ColumnId> {
    let mut owners = HashMap::new();
    for (column, id) in plan.columns.iter().zip(0..) {
        let mut waiting = vec![column.body];
        let mut seen = HashSet::new();
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            if let Op::Group(group) | Op::Adjusted { group, .. } = plan.node(node).op {
                let made = plan.group(group).operands().filter(|operand| plan.column(*operand).hidden);
                owners.extend(made.map(|operand| (operand, ColumnId(id))));
            }
            waiting.extend(plan.node(node).op.operands());
        }
    }
    owners
}

/// The name of a column as its author knows it: an earlier stage of a grading is a part of it.
fn told(column: &Column) -> Arc<str> {
    match column.name.split_once('.') {
        Some((grading, _)) if column.role == Role::Grade => grading.into(),
        _ => Arc::clone(&column.name),
    }
}

struct Finder<'a> {
    plan: &'a Plan,
    source: &'a str,
    column: &'a Column,
    /// The name of the column that an author knows.
    owner: Arc<str>,
    id: ColumnId,
    points: &'a mut Vec<Point>,
}

impl Finder<'_> {
    fn add(&mut self, kind: MissedKind, span: Option<Span>, message: Message, test: Test) {
        let span = span.or(self.column.span);
        self.points.push(Point { kind, column: Arc::clone(&self.owner), message, span, test });
    }

    /// What is written at a node, in one line.
    fn text(&self, node: NodeId) -> String {
        let text = self.span(node).map_or("", |span| span.of(self.source));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn span(&self, node: NodeId) -> Option<Span> {
        self.plan.node(node).span
    }

    /// Whether a rule made a node, and not a formula: then it stands where its column is defined.
    fn is_made(&self, node: NodeId) -> bool {
        let span = self.span(node);
        span.is_none() || span == self.column.span
    }

    /// What can be reached in the column as a whole.
    fn column(&mut self) {
        let name = &self.column.name;
        match (&self.column.role, &self.plan.node(self.column.body).facts.kind) {
            (Role::Adjustment, _) => {
                let message = say!("`{name}` is always zero", "`{name}` 总是零");
                self.add(MissedKind::Adjustment, self.column.span, message, Test::NotZero(self.id));
            }
            // the earlier stages of a grading are told by it
            (Role::Grade, Kind::Choice(ladder)) if !self.column.hidden && !name.contains('.') => {
                for (at, word) in ladder.words.iter().enumerate().rev() {
                    let Ok(at) = u32::try_from(at) else { continue };
                    let message = say!("nobody gets the grade `{word}`", "没有人得到等级 `{word}`");
                    self.add(MissedKind::Grade, self.column.span, message, Test::Grade(self.id, at));
                }
            }
            _ => {}
        }
    }

    fn walk(&mut self) {
        let mut seen = HashSet::new();
        let mut waiting = vec![self.column.body];
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            match &self.plan.node(node).op {
                Op::Tell(step, inner) => self.step(node, step, *inner),
                // the bands of a grading are its grades
                Op::Bands(bands) if self.column.role != Role::Grade => self.bands(bands),
                Op::Interpolate(line) => self.segments(node, line),
                Op::Choose { condition, then, otherwise } => self.choice(node, *condition, *then, *otherwise),
                Op::Coalesce(operands) => self.stand_ins(operands),
                Op::Composite(composite) => self.missing_parts(composite),
                Op::Aggregate(aggregate) => self.rows(node, aggregate),
                _ => {}
            }
            waiting.extend(self.plan.node(node).op.operands().into_iter().rev());
        }
    }

    fn step(&mut self, node: NodeId, step: &Step, inner: NodeId) {
        let span = self.span(inner);
        let name = Arc::clone(&self.owner);
        match step {
            Step::Gate => {
                let (gate, text) = match self.plan.node(inner).op {
                    Op::Compare(_, _, gate) => (self.span(gate), self.text(gate)),
                    _ => (span, String::new()),
                };
                let reached = say!("nobody reaches the gate `{text}`", "没有人达到门槛 `{text}`");
                self.add(MissedKind::Gate, gate, reached, Test::Truth(node, true));
                let missed = say!("nobody stays below the gate `{text}`", "没有人低于门槛 `{text}`");
                self.add(MissedKind::Gate, gate, missed, Test::Truth(node, false));
            }
            Step::Floor | Step::Cap => self.limit(node, step, inner),
            Step::Veto(veto) => {
                let message = say!("the veto `{veto}` is never met", "一票否决 `{veto}` 从未触发");
                self.add(MissedKind::Veto, span, message, Test::Truth(node, true));
            }
            Step::Applies => {
                let applies = say!("`{name}` applies to nobody", "`{name}` 对任何人都不适用");
                self.add(MissedKind::Applies, span, applies, Test::Truth(node, true));
                let spares = say!("`{name}` applies to everybody", "`{name}` 对所有人都适用");
                self.add(MissedKind::Applies, span, spares, Test::Truth(node, false));
            }
            Step::Graded => {
                let graded = say!("nobody is graded in `{name}`", "`{name}` 没有人参评");
                self.add(MissedKind::Graded, span, graded, Test::Truth(node, true));
                let spared = say!("everybody is graded in `{name}`", "`{name}` 所有人都参评");
                self.add(MissedKind::Graded, span, spared, Test::Truth(node, false));
            }
            Step::Eligible(grade) => {
                let eligible = say!("nobody is eligible for `{grade}`", "没有人符合 `{grade}` 的条件");
                self.add(MissedKind::Eligible, span, eligible, Test::Truth(node, true));
                let refused = say!("everybody is eligible for `{grade}`", "所有人都符合 `{grade}` 的条件");
                self.add(MissedKind::Eligible, span, refused, Test::Truth(node, false));
            }
            Step::Shift(shift) => {
                let message = say!("the shift `{shift}` never applies", "加档 `{shift}` 从未生效");
                self.add(MissedKind::Shift, span, message, Test::Truth(node, true));
            }
            Step::Movement => {
                let message = say!("the limit of movement never holds anybody", "逐级升降的限制从未起作用");
                self.add(MissedKind::Movement, span, message, Test::Changed(self.unlimited(inner), node));
            }
            Step::Decision => {
                let message = say!("nobody's grade is decided", "从未有人工调整");
                self.add(MissedKind::Decision, span, message, Test::Evaluated(node));
            }
            _ => {}
        }
    }

    /// The grade before both limits of movement.
    fn unlimited(&self, limited: NodeId) -> NodeId {
        let mut at = limited;
        while let Op::Extreme(_, list) = &self.plan.node(at).op
            && let [before, _] = **list
        {
            at = before;
        }
        at
    }

    fn limit(&mut self, node: NodeId, step: &Step, inner: NodeId) {
        let Op::Extreme(extreme, list) = &self.plan.node(inner).op else { return };
        let [before, limit] = **list else { return };
        let (text, span) = (self.text(limit), self.span(limit));
        let (kind, message) = match (step, extreme) {
            // the most one side of a rule can take off is a limit from below
            (Step::Cap, Extreme::Maximum) => {
                (MissedKind::Cap, say!("the limit `{text}` is never reached", "限额 `{text}` 从未达到"))
            }
            (_, Extreme::Maximum) => {
                (MissedKind::Floor, say!("the floor `{text}` lifts nobody", "下限 `{text}` 从未起作用"))
            }
            (_, Extreme::Minimum) => {
                (MissedKind::Cap, say!("the cap `{text}` holds nobody down", "上限 `{text}` 从未起作用"))
            }
        };
        self.add(kind, span, message, Test::Changed(before, node));
    }

    fn bands(&mut self, bands: &Bands) {
        let of = self.text(bands.value);
        let sign = match bands.edge {
            BandEdge::AtLeast => "≥",
            BandEdge::Above => ">",
            BandEdge::UpTo => "≤",
            BandEdge::Below => "<",
        };
        for (edge, result) in &bands.bands {
            let text = self.text(*edge);
            let message = say!("no `{of}` falls in the band {sign} `{text}`", "没有 `{of}` 落在 {sign} `{text}` 一段");
            self.add(MissedKind::Band, self.span(*edge), message, Test::Evaluated(*result));
        }
        if let Some(otherwise) = bands.otherwise {
            let message =
                say!("every `{of}` falls in a band, so `else` never holds", "`{of}` 总在各段之内，`else` 从未用到");
            self.add(MissedKind::Band, self.span(otherwise), message, Test::Evaluated(otherwise));
        }
    }

    fn segments(&mut self, node: NodeId, line: &Interpolate) {
        let of = self.text(line.value);
        let knots: Vec<(Option<Span>, String)> =
            line.knots.iter().map(|(place, _)| (self.span(*place), self.text(*place))).collect();
        let count = knots.len();
        for at in 0..=count {
            let before = at.checked_sub(1).and_then(|at| knots.get(at));
            let (span, message) = match (before, knots.get(at)) {
                (None, Some((span, first))) if line.beyond == Beyond::Flat => (
                    *span,
                    say!("no `{of}` lies below the first knot `{first}`", "没有 `{of}` 低于第一个节点 `{first}`"),
                ),
                (Some((span, last)), None) if line.beyond == Beyond::Flat => (
                    *span,
                    say!("no `{of}` lies above the last knot `{last}`", "没有 `{of}` 高于最后一个节点 `{last}`"),
                ),
                (Some((span, from)), Some((_, to))) => (
                    *span,
                    say!("no `{of}` lies between `{from}` and `{to}`", "没有 `{of}` 在 `{from}` 与 `{to}` 之间"),
                ),
                _ => continue,
            };
            self.add(MissedKind::Segment, span, message, Test::Segment(node, at));
        }
    }

    /// A choice that was written: `if`, `case`, `ratio` with a policy, a side of a step rule, the policy of a target.
    fn choice(&mut self, node: NodeId, condition: NodeId, then: NodeId, otherwise: NodeId) {
        let op = |node: NodeId| &self.plan.node(node).op;
        let is_guard = matches!(op(then), Op::Fail(_)) || matches!(op(otherwise), Op::Fail(_));
        // what has a name of its own is told by that
        let named = matches!(
            op(condition),
            Op::Tell(
                Step::Gate
                    | Step::Veto(_)
                    | Step::Applies
                    | Step::Graded
                    | Step::Eligible(_)
                    | Step::Standard(_)
                    | Step::Shift(_),
                _
            )
        );
        if is_guard || named {
            return;
        }
        if self.is_made(node) {
            self.made_choice(condition, then);
            return;
        }
        let (whole, own) = (self.span(node), self.span(condition));
        if whole == own {
            // the zero divisor of `ratio`; what else stands where it was not written is nobody's to reach
            if !self.is_of_zero(condition) {
                return;
            }
            let text = self.text(node);
            let message = say!("no divisor in `{text}` is zero", "`{text}` 的除数从未为零");
            self.add(MissedKind::Policy, self.span(then), message, Test::Truth(condition, true));
            return;
        }
        let question = self.text(condition);
        let message = say!("`{question}` never holds", "`{question}` 从未成立");
        self.add(MissedKind::Branch, self.span(then), message, Test::Truth(condition, true));
        // the rest of a `case` is told by its own conditions
        let goes_on = matches!(op(otherwise), Op::Choose { .. }) && self.span(otherwise) == whole;
        if !goes_on {
            let message = say!("`{question}` always holds when it is asked", "`{question}` 问到时总是成立");
            self.add(MissedKind::Branch, self.span(otherwise), message, Test::Truth(condition, false));
        }
    }

    /// Whether a condition holds something against zero.
    fn is_of_zero(&self, condition: NodeId) -> bool {
        let Op::Compare(_, _, zero) = self.plan.node(condition).op else { return false };
        matches!(&self.plan.node(zero).op, Op::Constant(Value::Number(number)) if number.is_zero())
    }

    fn made_choice(&mut self, condition: NodeId, then: NodeId) {
        let Role::Item(item) = &self.column.role else { return };
        let Op::Compare(operator, a, b) = self.plan.node(condition).op else { return };
        if !self.is_made(condition) {
            return;
        }
        let (of, edge) = (self.text(a), self.text(b));
        match item.rule {
            "step" if self.has_units(then) => {
                use crate::plan::ComparisonOperator as C;
                let message = match operator {
                    C::Greater => say!("no `{of}` is above the target `{edge}`", "没有 `{of}` 高于目标 `{edge}`"),
                    _ => say!("no `{of}` is below the target `{edge}`", "没有 `{of}` 低于目标 `{edge}`"),
                };
                self.add(MissedKind::Side, self.span(b), message, Test::Truth(condition, true));
            }
            "completion" => {
                let message = say!("no target `{of}` is zero or less", "目标 `{of}` 从未为零或负数");
                self.add(MissedKind::Policy, self.span(a), message, Test::Truth(condition, false));
            }
            _ => {}
        }
    }

    /// Whether a node counts units: one side of a step rule.
    fn has_units(&self, from: NodeId) -> bool {
        let mut waiting = vec![from];
        let mut seen = HashSet::new();
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            let op = &self.plan.node(node).op;
            if matches!(op, Op::Tell(Step::Units, _)) {
                return true;
            }
            waiting.extend(op.operands());
        }
        false
    }

    fn stand_ins(&mut self, operands: &[NodeId]) {
        let mut before: Option<String> = None;
        for operand in operands {
            if let Some(before) = before {
                let message = say!("`{before}` is never missing", "`{before}` 从未缺失");
                self.add(MissedKind::Policy, self.span(*operand), message, Test::Evaluated(*operand));
            }
            before = Some(self.text(*operand));
        }
    }

    fn missing_parts(&mut self, composite: &Composite) {
        for part in &composite.parts {
            let may_be_missing = self.plan.node(part.score).facts.may_be_missing;
            if !may_be_missing || part.when_missing == WhenMissing::Error {
                continue;
            }
            let column = self.plan.column(part.column);
            let name = &column.name;
            let is_role = matches!(&column.role, Role::Item(item) if item.rule == "ratings");
            let message = if is_role && name.contains('.') {
                say!(
                    "`{name}` never lacks sheets, so `when_role_missing` is never used",
                    "`{name}` 从未缺考评表，`when_role_missing` 未用到"
                )
            } else {
                say!(
                    "`{name}` is never missing, so `when_missing` is never used",
                    "`{name}` 从未缺失，`when_missing` 未用到"
                )
            };
            self.add(MissedKind::WhenMissing, column.span, message, Test::Missing(part.score));
        }
    }

    fn rows(&mut self, node: NodeId, aggregate: &Aggregate) {
        let span = self.span(node);
        if self.plan.detail(aggregate.table).kind != DetailKind::Rows || aggregate.function == AggregateFunction::Only {
            return; // a decision is told as that
        }
        let text = self.text(node);
        let some = say!("`{text}` goes over no row", "`{text}` 从未有明细行可算");
        self.add(MissedKind::Rows, span, some, Test::Rows(node, true));
        match aggregate.when_empty {
            Some(when_empty) => {
                let message = say!("`{text}` never lacks rows", "`{text}` 从未缺少明细行");
                self.add(MissedKind::Policy, self.span(when_empty), message, Test::Evaluated(when_empty));
            }
            None => {
                let none = say!("`{text}` always goes over some row", "`{text}` 总有明细行可算");
                self.add(MissedKind::Rows, span, none, Test::Rows(node, false));
            }
        }
    }
}
