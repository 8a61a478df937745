//! Gradings: the grade a person is seated in or reaches, then shifts, movement, vetoes and decisions, in this order.

use std::sync::Arc;

use kaohe_grammar::{ComparisonOperator, Message, say};

use super::builder::Builder;
use super::columns::Draft;
use super::definitions::{CALCULATED, SEATED};
use super::names::qualified;
use super::seats::Seating;
use crate::code::Code;
use crate::diagnostic::Span;
use crate::document::model::{GradingText, MovementText, Named, OverrideText, ShiftText, ThresholdsText};
use crate::document::suggest::nearest;
use crate::fault::FaultCode;
use crate::plan::{
    Aggregate, AggregateFunction, BandEdge, ColumnId, DetailId, Extreme, Facts, NodeId, Op, Role, Step, Table, TableKey,
};
use crate::size::Size;
use crate::unit::Unit;
use crate::value::{Kind, Value, WordList};

/// A grading's words, and which of them are grades.
#[derive(Debug, Clone)]
pub(super) struct Ladder {
    pub(super) list: Arc<WordList>,
    /// The position of the worst grade; what stands below it is the state of who is not graded.
    pub(super) floor: u32,
    /// The position of the best grade.
    pub(super) top: u32,
}

impl Builder<'_> {
    /// The words of a grading.
    fn ladder(&mut self, text: &GradingText) -> Option<Ladder> {
        let list = Arc::clone(self.names.words.get(&text.common.name.name)?);
        let count = u32::try_from(list.words.len()).ok()?;
        let floor = count.checked_sub(u32::try_from(text.ladder.len()).ok()?)?;
        Some(Ladder { list, floor, top: count.checked_sub(1)? })
    }

    /// The grade before shifts, as a column of its own.
    pub(crate) fn seated(&mut self, text: &GradingText) -> Option<ColumnId> {
        let ladder = self.ladder(text)?;
        let body = self.first_grade(text, &ladder)?;
        let name = qualified(&text.common.name.name, SEATED);
        self.finish(Draft::new(&text.common, body, Role::Grade).named(name))
    }

    /// The grade by seats, thresholds or standards; the state of who is not graded for the others.
    fn first_grade(&mut self, text: &GradingText, ladder: &Ladder) -> Option<NodeId> {
        self.words_once(&text.ladder);
        let graded = match &text.graded_when {
            Some(condition) => Some((self.truth(condition)?, condition)),
            None => None,
        };
        let reached = if let Some(thresholds) = &text.thresholds {
            let grade = self.by_thresholds(thresholds, ladder)?;
            Some(self.best_eligible(text, ladder, grade)?)
        } else if !text.standards.is_empty() {
            let grade = self.by_standards(text, ladder)?;
            Some(self.best_eligible(text, ladder, grade)?)
        } else {
            None
        };
        let grade = match (&text.quota, reached) {
            (Some(quota), reached) => {
                let smaller = match (reached, quota.smallest_group) {
                    (Some(grade), Some(smallest)) if quota.smaller_by_thresholds => {
                        let thresholds = text.thresholds.as_ref()?;
                        Some((smallest, self.operand_column(grade, &thresholds.of.expr)?))
                    }
                    _ => None,
                };
                let graded = match graded {
                    Some((id, condition)) => Some(self.operand_column(id, &condition.expr)?),
                    None => None,
                };
                self.seats(Seating { text, quota, ladder, smaller, graded })?
            }
            (None, Some(grade)) => grade,
            (None, None) => {
                self.no_way_to_a_grade(text);
                return None;
            }
        };
        let grade = self.tell(Step::Calculated, grade)?;
        match graded {
            Some((graded, _)) => {
                let not_graded = self.not_graded(text, ladder);
                let graded = self.tell(Step::Graded, graded)?;
                self.choose(graded, grade, not_graded)
            }
            None => Some(grade),
        }
    }

    fn no_way_to_a_grade(&mut self, text: &GradingText) {
        self.error(
            Code::MissingKey,
            text.common.name.span,
            say!(
                "a grading needs `thresholds`, `standards`, or `order` with `quota`",
                "等级需要写明 `thresholds`、`standards`，或 `order` 加 `quota`"
            ),
            Some(say!(
                "write `thresholds: {{ of: 综合得分, at_least: [[85, A]], else: B }}`",
                "请写 `thresholds: {{ of: 综合得分, at_least: [[85, A]], else: B }}`"
            )),
        );
    }

    /// The state of who is not graded: its name, or nothing.
    fn not_graded(&mut self, text: &GradingText, ladder: &Ladder) -> NodeId {
        let position = text.otherwise.as_ref().and_then(|state| ladder.list.position(&state.name));
        match position {
            Some(at) => self.value(Value::Choice(at), Kind::Choice(Arc::clone(&ladder.list)), Unit::Unknown),
            None => self.missing(),
        }
    }

    /// A grading: shifts, movement and vetoes after its seats, then decisions.
    pub(crate) fn grading(&mut self, text: &GradingText) -> Option<ColumnId> {
        let ladder = self.ladder(text)?;
        let name = &text.common.name.name;
        let first = if self.names.has_seats(text) {
            let seated = self.by_name.get(&qualified(name, SEATED)).copied()?;
            self.read_column(seated)?
        } else {
            self.first_grade(text, &ladder)?
        };
        let mut grade = first;
        grade = self.crossed_into(name, grade, &ladder)?;
        for shift in &text.shifts {
            grade = self.shifted(text, shift, grade, &ladder)?;
        }
        if let Some(movement) = &text.movement {
            grade = self.moved(movement, grade, &ladder)?;
        }
        grade = self.grade_vetoes(text, &ladder.list, grade)?;
        if grade != first {
            grade = self.where_graded(first, grade, &ladder)?;
        }
        let Some(decision) = &text.decision else {
            return self.finish(Draft::new(&text.common, grade, Role::Grade));
        };
        let calculated = Draft::new(&text.common, grade, Role::Grade).named(qualified(name, CALCULATED));
        let calculated = self.finish(calculated)?;
        let calculated = self.read_column(calculated)?;
        let decided = self.decided(text, decision, calculated, &ladder)?;
        self.finish(Draft::new(&text.common, decided, Role::Grade))
    }

    /// What is done to a grade is not done to the state of who has none.
    fn where_graded(&mut self, first: NodeId, grade: NodeId, ladder: &Ladder) -> Option<NodeId> {
        let mut graded: Option<NodeId> = None;
        if ladder.floor > 0 {
            let worst = self.grade_at(ladder.floor, ladder);
            graded = Some(self.compare(ComparisonOperator::AtLeast, first, worst)?);
        }
        if self.facts(first).may_be_missing {
            let absent = self.truth_node(Op::IsMissing(first));
            let there = self.truth_node(Op::Not(absent));
            graded = Some(match graded {
                Some(graded) => self.truth_node(Op::And(there, graded)),
                None => there,
            });
        }
        match graded {
            Some(graded) => self.choose(graded, grade, first),
            None => Some(grade),
        }
    }

    /// A grade of the ladder by its position.
    pub(super) fn grade_at(&mut self, at: u32, ladder: &Ladder) -> NodeId {
        self.value(Value::Choice(at), Kind::Choice(Arc::clone(&ladder.list)), Unit::Unknown)
    }

    fn steps(&mut self, grade: NodeId, steps: i32, ladder: &Ladder) -> NodeId {
        let facts = Facts {
            kind: Kind::Choice(Arc::clone(&ladder.list)),
            may_be_missing: false,
            unit: Unit::Unknown,
            size: Size::NONE,
        };
        self.push(Op::MoveGrade { grade, steps, floor: ladder.floor, top: ladder.top }, facts)
    }

    // -- shifts --

    /// One shift: so many steps when it applies; from the best grade across into the grading outside when it says so.
    fn shifted(&mut self, text: &GradingText, shift: &ShiftText, grade: NodeId, ladder: &Ladder) -> Option<NodeId> {
        let when = self.truth(&shift.when)?;
        let when = self.tell(Step::Shift(Arc::clone(&shift.name)), when)?;
        let mut moved = self.steps(grade, shift.steps, ladder);
        if shift.cross && shift.steps > 0 {
            let crossed = self.crossed(text, shift)?;
            let worst = self.grade_at(ladder.floor, ladder);
            moved = self.choose(crossed, worst, moved)?;
        }
        self.choose(when, moved, grade)
    }

    /// Whether somebody who crosses did rise outside: movement or a veto there may have held him where he was.
    fn crossed(&mut self, inner: &GradingText, shift: &ShiftText) -> Option<NodeId> {
        if inner.shifts.first().is_none_or(|first| first.span != shift.span) {
            self.error(
                Code::Infeasible,
                shift.span,
                say!("a shift that crosses comes first, and there is only one", "跨级的加档须列在最前，且只能有一个"),
                Some(say!("put it first, or write `at_top: stay`", "请移到最前，或写 `at_top: stay`")),
            );
            return None;
        }
        let crosses = self.crosses(inner, shift)?;
        let outer = inner.within.iter().find_map(|within| self.names.grading(&within.name))?;
        let name = &outer.common.name.name;
        let seated = self.by_name.get(&qualified(name, SEATED)).copied()?;
        let calculated = self.by_name.get(&qualified(name, CALCULATED)).or_else(|| self.by_name.get(name)).copied()?;
        let (seated, calculated) = (self.read_column(seated)?, self.read_column(calculated)?);
        let risen = self.compare(ComparisonOperator::Greater, calculated, seated)?;
        Some(self.truth_node(Op::And(crosses, risen)))
    }

    /// Whether somebody stands at the best grade inside, and the grading outside has a better one.
    fn crosses(&mut self, inner: &GradingText, shift: &ShiftText) -> Option<NodeId> {
        let outer = inner.within.iter().find_map(|within| self.names.grading(&within.name));
        let Some(outer) = outer else {
            let name = &inner.common.name.name;
            self.error(
                Code::Infeasible,
                shift.span,
                say!(
                    "`{name}` is within no grading, so a shift cannot cross",
                    "`{name}` 不在另一等级之内，加档无从跨级"
                ),
                Some(say!("write `within: [级别]`, or `at_top: stay`", "请写 `within: [级别]`，或 `at_top: stay`")),
            );
            return None;
        };
        let (own, around) = (self.ladder(inner)?, self.ladder(outer)?);
        let at_best = self.seat_is(inner, ComparisonOperator::Equal, own.top, &own)?;
        let below_best = self.seat_is(outer, ComparisonOperator::Less, around.top, &around)?;
        Some(self.truth_node(Op::And(at_best, below_best)))
    }

    /// How the seat of a grading stands to a grade; no seat stands to none.
    fn seat_is(
        &mut self,
        text: &GradingText,
        operator: ComparisonOperator,
        at: u32,
        ladder: &Ladder,
    ) -> Option<NodeId> {
        let seated = self.by_name.get(&qualified(&text.common.name.name, SEATED)).copied()?;
        let seated = self.read_column(seated)?;
        let grade = self.grade_at(at, ladder);
        let found = self.compare(operator, seated, grade)?;
        if !self.facts(seated).may_be_missing {
            return Some(found);
        }
        let absent = self.truth_node(Op::IsMissing(seated));
        let there = self.truth_node(Op::Not(absent));
        Some(self.truth_node(Op::And(there, found)))
    }

    /// The grading outside: one step up for whom a shift of an inner one carries across, and never two.
    fn crossed_into(&mut self, name: &str, grade: NodeId, ladder: &Ladder) -> Option<NodeId> {
        let mut crossing: Option<(NodeId, Arc<str>)> = None;
        for inner in self.names.crossing_into(name) {
            for shift in inner.shifts.iter().filter(|shift| shift.cross && shift.steps > 0) {
                let when = self.truth(&shift.when)?;
                let crosses = self.crosses(inner, shift)?;
                let when = self.truth_node(Op::And(when, crosses));
                crossing = Some(match crossing {
                    Some((others, name)) => (self.truth_node(Op::Or(others, when)), name),
                    None => (when, Arc::clone(&shift.name)),
                });
            }
        }
        let Some((when, name)) = crossing else { return Some(grade) };
        let when = self.tell(Step::Shift(name), when)?;
        let moved = self.steps(grade, 1, ladder);
        self.choose(when, moved, grade)
    }

    // -- movement --

    /// At most so many steps from the last grade; nobody who had none is limited.
    fn moved(&mut self, movement: &MovementText, grade: NodeId, ladder: &Ladder) -> Option<NodeId> {
        let from = self.formula(&movement.from)?;
        let last = self.inside(&movement.from.path, movement.from.span, |this| {
            this.as_grade(from, ladder, false, movement.from.span)
        })?;
        let mut limited = grade;
        if let Some(up) = movement.up {
            let best = self.steps(last, i32::try_from(up).ok()?, ladder);
            limited = self.extreme(Extreme::Minimum, vec![limited, best])?;
        }
        if let Some(down) = movement.down {
            let worst = self.steps(last, i32::try_from(down).ok()?.checked_neg()?, ladder);
            limited = self.extreme(Extreme::Maximum, vec![limited, worst])?;
        }
        let limited = self.tell(Step::Movement, limited)?;
        if !self.facts(last).may_be_missing {
            return Some(limited);
        }
        let newcomer = self.truth_node(Op::IsMissing(last));
        self.choose(newcomer, grade, limited)
    }

    /// A grade as this ladder has it: of a choice or text by its word. The state of who is not graded is kept where a
    /// person can be put into it, otherwise it is as good as none.
    fn as_grade(&mut self, id: NodeId, ladder: &Ladder, states: bool, span: Span) -> Option<NodeId> {
        let facts = self.facts(id).clone();
        let key = match &facts.kind {
            Kind::Choice(list) => {
                let unknown = list.words.iter().find(|word| ladder.list.position(word).is_none());
                if let Some(word) = unknown {
                    self.not_on_the_ladder(word, &ladder.list, span);
                    return None;
                }
                TableKey::Choice(Arc::clone(list))
            }
            Kind::Text => TableKey::Text(ladder.list.words.clone()),
            kind => {
                let (en, zh) = kind.told();
                self.error(
                    Code::TypeMismatch,
                    span,
                    say!("expected a grade, found {en}", "这里应为等级，实为{zh}"),
                    Some(say!("give a choice of the grades, or a text", "请用等级的选项列，或文本列")),
                );
                return None;
            }
        };
        let words = match &key {
            TableKey::Choice(list) => list.words.clone(),
            TableKey::Text(words) => words.clone(),
        };
        let graded = |word: &Arc<str>| ladder.list.position(word).filter(|at| states || *at >= ladder.floor);
        let values = words.iter().map(|word| Some(graded(word).map_or(Value::Missing, Value::Choice))).collect();
        let ungraded = words.iter().any(|word| graded(word).is_none());
        let table = self.table(Table { name: "".into(), keys: vec![key], values, source: None });
        let found = Facts {
            kind: Kind::Choice(Arc::clone(&ladder.list)),
            may_be_missing: ungraded,
            unit: Unit::Unknown,
            size: Size::NONE,
        };
        let looked_up = self.push(Op::Lookup { table, keys: [id].into() }, found);
        if !facts.may_be_missing {
            return Some(looked_up);
        }
        let absent = self.truth_node(Op::IsMissing(id));
        let missing = self.missing();
        self.choose(absent, missing, looked_up)
    }

    // -- vetoes and decisions --

    fn grade_vetoes(&mut self, text: &GradingText, list: &Arc<WordList>, body: NodeId) -> Option<NodeId> {
        let mut body = body;
        for veto in &text.vetoes {
            let when = self.truth(&veto.when)?;
            let when = self.tell(Step::Veto(Arc::clone(&veto.name)), when)?;
            let (at_most, _) = self.grade(list, &veto.at_most)?;
            // a larger position is a better grade, so "at most" is the smaller of the two
            let limited = self.extreme(Extreme::Minimum, vec![body, at_most])?;
            body = self.choose(when, limited, body)?;
        }
        Some(body)
    }

    /// The decision about a person where there is one, otherwise what was calculated.
    fn decided(
        &mut self,
        text: &GradingText,
        decision: &OverrideText,
        calculated: NodeId,
        ladder: &Ladder,
    ) -> Option<NodeId> {
        let Some((table, _)) = self.names.detail(&decision.from.name) else {
            self.not_a_table(&decision.from);
            return None;
        };
        let grade = self.only(table, &decision.grade)?;
        let reason = self.only(table, &decision.reason)?;
        let reason = self.tell(Step::Reason, reason)?;
        let mut decided = self.as_grade(grade, ladder, true, decision.grade.span)?;
        if !decision.over_veto && !text.vetoes.is_empty() {
            let limited = self.grade_vetoes(text, &ladder.list, decided)?;
            decided = if self.facts(decided).may_be_missing {
                let absent = self.truth_node(Op::IsMissing(decided));
                let missing = self.missing();
                self.choose(absent, missing, limited)?
            } else {
                limited
            };
        }
        let decided = self.tell(Step::Decision, decided)?;
        // a decision without a reason is none
        let unexplained = self.truth_node(Op::IsMissing(reason));
        let stood = self.stand(Some(decision.reason.span));
        let fault = self.fail(FaultCode::Missing, decided);
        self.stand(stood);
        let decided = self.choose(unexplained, fault, decided)?;
        let undecided = self.truth_node(Op::IsMissing(grade));
        self.choose(undecided, calculated, decided)
    }

    fn not_a_table(&mut self, named: &Named) {
        let name = &named.name;
        let near = nearest(name, self.names.details.iter().map(|detail| &*detail.name.name));
        self.error(
            Code::UnknownName,
            named.span,
            say!("there is no detail table `{name}`", "没有名为 `{name}` 的明细表"),
            near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？")),
        );
    }

    /// The value of a column in the only row a person has; missing without one.
    fn only(&mut self, table: usize, column: &Named) -> Option<NodeId> {
        self.rows.push(table);
        let value = self.row_column(table, &column.name, column.span);
        self.rows.pop();
        let value = value?;
        let facts = Facts { may_be_missing: true, ..self.facts(value).clone() };
        let table = DetailId(u32::try_from(table).ok()?);
        let function = AggregateFunction::Only;
        let only = Aggregate { table, function, value: Some(value), filter: None, by: None, when_empty: None };
        let stood = self.stand(Some(column.span));
        let id = self.push(Op::Aggregate(Box::new(only)), facts);
        self.stand(stood);
        Some(id)
    }

    // -- grades by a figure or by standards --

    fn by_thresholds(&mut self, thresholds: &ThresholdsText, ladder: &Ladder) -> Option<NodeId> {
        let list = &ladder.list;
        let of = self.number(&thresholds.of);
        let mut bands = Vec::new();
        let mut failed = false;
        let mut last: Option<u32> = None;
        for (edge, grade) in &thresholds.at_least {
            let (edge_id, grade_id) = (self.number(edge), self.grade(list, grade));
            failed |= edge_id.is_none() || grade_id.is_none();
            if let (Some(edge_id), Some((grade_id, position))) = (edge_id, grade_id) {
                failed |= self.descends(&mut last, position, grade).is_none();
                bands.push((edge_id, grade_id));
            }
        }
        let otherwise = match &thresholds.otherwise {
            Some(grade) => {
                let found = self.grade(list, grade);
                failed |= found.is_none();
                if let Some((_, position)) = found {
                    failed |= self.descends(&mut last, position, grade).is_none();
                }
                found.map(|(id, _)| id)
            }
            None => None,
        };
        if failed {
            return None;
        }
        let stood = self.stand(Some(thresholds.span));
        let body = self.bands(of?, BandEdge::AtLeast, bands, otherwise);
        self.stand(stood);
        body
    }

    /// The best grade all of whose standards hold; the worst grade may have none.
    fn by_standards(&mut self, text: &GradingText, ladder: &Ladder) -> Option<NodeId> {
        let mut found: Vec<(u32, NodeId, NodeId)> = Vec::new();
        let mut failed = false;
        for (grade, conditions) in &text.standards {
            let Some((id, position)) = self.grade(&ladder.list, grade) else {
                failed = true;
                continue;
            };
            let each: Vec<_> = conditions.iter().map(|condition| self.truth(condition)).collect();
            let Some(each) = each.into_iter().collect::<Option<Vec<_>>>() else {
                failed = true;
                continue;
            };
            let stood = self.stand(Some(grade.span));
            let all = self.together_by(&each, &mut |this, a, b| Some(this.truth_node(Op::And(a, b))));
            self.stand(stood);
            found.push((position, all?, id));
        }
        let unmet = |position: u32| position != ladder.floor && !found.iter().any(|(at, ..)| *at == position);
        let without = (ladder.floor..=ladder.top).find(|position| unmet(*position));
        if let (Some(position), false) = (without, failed) {
            let name = ladder.list.word(position)?;
            self.error(
                Code::Infeasible,
                text.common.name.span,
                say!(
                    "the grade `{name}` has no standards, so nobody can reach it",
                    "等级 `{name}` 没有标准，谁也达不到"
                ),
                Some(say!("only the worst grade may have none", "只有最低等级可以不写标准")),
            );
            return None;
        }
        if failed {
            return None;
        }
        found.sort_by_key(|(position, ..)| *position);
        let lowest_stated = found.first().is_some_and(|(position, ..)| *position == ladder.floor);
        let mut body = if lowest_stated {
            match &text.otherwise {
                Some(_) => self.not_graded(text, ladder),
                None => {
                    let like = found.first()?.2;
                    self.fail(FaultCode::NoBand, like)
                }
            }
        } else {
            self.grade_at(ladder.floor, ladder)
        };
        for (position, all, grade) in found {
            let name = ladder.list.word(position).cloned().unwrap_or_else(|| "".into());
            let all = self.tell(Step::Standard(name), all)?;
            body = self.choose(all, grade, body)?;
        }
        Some(body)
    }

    /// The best grade not above `grade` that the person is eligible for.
    fn best_eligible(&mut self, text: &GradingText, ladder: &Ladder, grade: NodeId) -> Option<NodeId> {
        if text.eligible.is_empty() {
            return Some(grade);
        }
        let conditions = self.eligibility(text, ladder)?;
        let mut body = self.fail(FaultCode::NotEligible, grade);
        for (position, condition) in (ladder.floor..=ladder.top).zip(conditions) {
            let here = self.grade_at(position, ladder);
            let mut fine = self.compare(ComparisonOperator::AtLeast, grade, here)?;
            if let Some((condition, _)) = condition {
                fine = self.truth_node(Op::And(fine, condition));
            }
            body = self.choose(fine, here, body)?;
        }
        // who is not graded is eligible for nothing, and lacks nothing
        self.where_graded(grade, body, ladder)
    }

    /// For each grade, worst first, the condition of who may have it.
    pub(super) fn eligibility<'t>(
        &mut self,
        text: &'t GradingText,
        ladder: &Ladder,
    ) -> Option<Vec<Option<(NodeId, &'t kaohe_grammar::Expr)>>> {
        let mut conditions = vec![None; text.ladder.len()];
        for (grade, condition) in &text.eligible {
            let found = self.grade(&ladder.list, grade);
            let id = self.truth(condition);
            let (_, position) = found?;
            let id = self.tell(Step::Eligible(Arc::clone(&grade.name)), id?)?;
            let at = usize::try_from(position.checked_sub(ladder.floor)?).ok()?;
            *conditions.get_mut(at)? = Some((id, &*condition.expr));
        }
        Some(conditions)
    }

    /// A grade of the ladder with its position.
    pub(super) fn grade(&mut self, list: &Arc<WordList>, grade: &Named) -> Option<(NodeId, u32)> {
        let Some(at) = list.position(&grade.name) else {
            self.not_on_the_ladder(&grade.name, list, grade.span);
            return None;
        };
        let stood = self.stand(Some(grade.span));
        let id = self.value(Value::Choice(at), Kind::Choice(Arc::clone(list)), Unit::Unknown);
        self.stand(stood);
        Some((id, at))
    }

    fn not_on_the_ladder(&mut self, name: &str, list: &WordList, span: Span) {
        let help = match nearest(name, list.words.iter().map(|word| &**word)) {
            Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
            None => {
                let words: Vec<_> = list.in_writing().map(|word| format!("`{word}`")).collect();
                Message::new(format!("the ladder is {}", words.join(", ")), format!("等级为：{}", words.join("、")))
            }
        };
        self.error(
            Code::UnknownGrade,
            span,
            say!("`{name}` is not on the ladder", "`{name}` 不在等级 `ladder` 之中"),
            Some(help),
        );
    }

    /// Thresholds give worse grades as they go down.
    fn descends(&mut self, last: &mut Option<u32>, position: u32, grade: &Named) -> Option<()> {
        let fine = last.is_none_or(|last| position < last);
        *last = Some(position);
        if fine {
            return Some(());
        }
        let name = &grade.name;
        self.error(
            Code::EdgeOrder,
            grade.span,
            say!("`{name}` is not a worse grade than the one before it", "`{name}` 并不比前一个等级低"),
            Some(say!("thresholds go from the best grade down", "分数线从最高等级往下排")),
        );
        None
    }
}
