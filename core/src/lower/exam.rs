//! Examinations: the marks of each part, their total, and whether it reaches the pass mark.

use std::sync::Arc;

use kaohe_grammar::{ComparisonOperator, Name, say};

use super::builder::Builder;
use super::columns::Draft;
use super::names::qualified;
use crate::code::Code;
use crate::document::model::{ExamPartText, ExamText};
use crate::eval::marking;
use crate::number::Number;
use crate::plan::{
    Aggregate, AggregateFunction, ColumnId, CompositeMethod, CompositePart, CompositeRole, DetailId, Facts, ItemRole,
    Marking, NodeId, Op, Question, Role, Step, WhenMissing,
};
use crate::size::Size;
use crate::unit::Unit;
use crate::value::{Kind, Value};

impl Builder<'_> {
    /// The marks of a part: missing for who has no row of answers.
    pub(crate) fn exam_part(&mut self, exam: &ExamText, text: &ExamPartText) -> Option<ColumnId> {
        let marks = self.known_number(&text.marks)?;
        if marks.sign() <= 0 {
            let formula = &text.marks;
            self.inside(&formula.path, formula.span, |this| {
                this.error(
                    Code::BadConstant,
                    formula.span,
                    say!("the marks of a question are above zero", "每题分值应大于零"),
                    None,
                );
            });
            return None;
        }
        let table = &exam.common.name.name;
        let mut questions = Vec::new();
        for (name, key) in &text.questions {
            let column = self.by_name.get(&qualified(table, &name.name)).copied()?;
            questions.push(Question { name: Arc::clone(&name.name), key: *key, answer: self.read_column(column)? });
        }
        let (part, questions) = (Arc::clone(&text.common.name.name), questions.into());
        let marking = Marking { part, form: text.form, marks, credit: text.credit, questions };
        let full = marking.full();
        let size = marks_size(&marking);
        let marked = self.sized(Op::Marks(Box::new(marking)), Unit::Unknown, size)?;
        let facts = Facts { may_be_missing: true, ..self.facts(marked).clone() };
        let table = DetailId(u32::try_from(exam.table).ok()?);
        let only = AggregateFunction::Only;
        let sheet = Aggregate { table, function: only, value: Some(marked), filter: None, by: None, when_empty: None };
        let body = self.push(Op::Aggregate(Box::new(sheet)), facts);
        let full = self.value(Value::Number(full), Kind::Number, Unit::Unknown);
        let round = self.rounding(text.common.round, None);
        let role = Role::Item(ItemRole { rule: "exam", full });
        let name = qualified(&exam.common.name.name, &text.common.name.name);
        self.finish(Draft::new(&text.common, body, role).named(name).rounded(round))
    }

    /// The marks of all parts, out of the full marks of the paper.
    pub(crate) fn exam_total(&mut self, text: &ExamText) -> Option<ColumnId> {
        let name = &text.common.name.name;
        let mut parts = Vec::new();
        for part in &text.parts {
            let column = self.by_name.get(&qualified(name, &part.common.name.name)).copied()?;
            let Role::Item(ItemRole { full, .. }) = self.columns.get(column.index())?.role else { return None };
            let score = self.read_column(column)?;
            parts.push(CompositePart { column, score, weight: full, when_missing: WhenMissing::Error });
        }
        let of_each: Vec<NodeId> = parts.iter().map(|part| part.weight).collect();
        let first = parts.first()?.score;
        let full = self.total(&of_each)?;
        let composite = self.composite(CompositeMethod::Points, parts)?;
        let composite = self.tell(Step::Composite, composite)?;
        // who has no answers lacks every part
        let absent = self.truth_node(Op::IsMissing(first));
        let present = self.truth_node(Op::Not(absent));
        let missing = self.missing();
        let score = self.choose(present, composite, missing)?;
        let round = self.rounding(text.common.round, None);
        let role = Role::Composite(CompositeRole {
            composite,
            adjustments: Vec::new(),
            vetoes: Vec::new(),
            before_rounding: score,
            full,
        });
        self.finish(Draft::new(&text.common, score, role).rounded(round))
    }

    /// Whether the total reaches the pass mark; the mark itself passes.
    pub(crate) fn exam_passed(&mut self, text: &ExamText) -> Option<ColumnId> {
        let (common, pass) = text.pass.as_ref()?;
        let of = self.by_name.get(&text.common.name.name).copied()?;
        let total = self.read_column(of)?;
        let mark = self.number(pass)?;
        let Role::Composite(CompositeRole { full, .. }) = self.columns.get(of.index())?.role else { return None };
        if let (Some(known), Some(full)) = (self.constant_number(mark), self.constant_number(full))
            && (known.is_negative() || known > full)
        {
            let (written, full) = (&pass.text, full.clone());
            self.inside(&pass.path, pass.span, |this| {
                this.error(
                    Code::BadConstant,
                    pass.span,
                    say!(
                        "the pass mark `{written}` lies outside the paper, which has {full} marks",
                        "及格线 `{written}` 不在卷面分 0 至 {full} 之内"
                    ),
                    Some(say!("write a mark from 0 to {full}", "请写 0 到 {full} 之间的分数")),
                );
            });
            return None;
        }
        let reached = self.compare(ComparisonOperator::AtLeast, total, mark)?;
        let reached = self.tell(Step::Passed, reached)?;
        let absent = self.truth_node(Op::IsMissing(total));
        let missing = self.missing();
        let body = self.choose(absent, missing, reached)?;
        let name = qualified(&text.common.name.name, &common.name.name);
        self.finish(Draft::new(common, body, Role::Computed).named(name))
    }

    /// A part of an examination in a formula: `资格考试.单选`, `资格考试.通过`.
    pub(crate) fn part_of_exam(&mut self, exam: &ExamText, name: &Name) -> Option<NodeId> {
        let (own, part) = (&exam.common.name.name, &name.name);
        let mut known: Vec<&str> = exam.parts.iter().map(|part| &*part.common.name.name).collect();
        known.extend(exam.pass.as_ref().map(|(common, _)| &*common.name.name));
        let unknown = say!("the examination `{own}` has no part `{part}`", "考试 `{own}` 没有 `{part}` 这一部分");
        self.part_of(own, name, &known, (Code::UnknownName, unknown))
    }
}

/// How large the exact marks of a part can become: shares with different denominators are added.
fn marks_size(marking: &Marking) -> Size {
    let denominators = marking.questions.iter();
    let mut denominators: Vec<u32> =
        denominators.map(|question| marking::denominator(marking.credit, question.key, marking.form.options)).collect();
    denominators.sort_unstable();
    denominators.dedup();
    let share = |denominator: u32| Number::ONE.divide(&Number::from(denominator)).unwrap_or(Number::ONE);
    let of_shares = denominators.iter().map(|each| Size::of(&share(*each)));
    let parts = of_shares.reduce(Size::sum).unwrap_or(Size::NONE);
    Size::of(&marking.full()).product(parts)
}
