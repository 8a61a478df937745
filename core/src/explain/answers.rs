//! Answers to an examination against their keys.

use kaohe_grammar::{Message, say};

use super::number_text;
use super::step::{Fact, Step, StepKind};
use super::told::Walker;
use crate::eval::marking;
use crate::plan::{Aggregate, Marking, NodeId, Op, Question};
use crate::value::Value;

impl Walker<'_, '_> {
    /// The marks of a part of an examination, when the figure over the row of answers is that: each answer is a step.
    pub(super) fn answers(&mut self, node: NodeId, aggregate: &Aggregate) -> bool {
        let plan = self.teller.plan;
        let Some(Op::Marks(marking)) = aggregate.value.map(|value| &plan.node(value).op) else { return false };
        if self.teller.value(node).is_some_and(Value::is_missing) {
            let table = &plan.detail(aggregate.table).name;
            let told = say!("there is no row of answers to {table}", "没有 {table} 的作答");
            self.told.steps.push(Step::new(StepKind::Marks, told));
            return true;
        }
        let Some(total) = self.teller.number(node) else { return true };
        let answers: Vec<Step> = marking.questions.iter().map(|question| self.answer(marking, question)).collect();
        let (count, right) = (answers.len(), answers.iter().filter(|step| step.is_full_answer()).count());
        let full = marking.full();
        let (total_text, full_text) = (number_text::result(total), number_text::told(&full));
        let told = say!(
            "{right} of {count} answers earn all their marks; {total_text} of {full_text} marks",
            "{count} 题中 {right} 题得满分；共得 {total_text} 分，满分 {full_text} 分"
        );
        let summary = Step::new(StepKind::Marks, told).number("marks", Some(total)).number("full", Some(&full));
        self.told.steps.push(summary);
        self.told.steps.extend(answers);
        true
    }

    fn answer(&self, marking: &Marking, question: &Question) -> Step {
        let text = match self.teller.value(question.answer) {
            Some(Value::Text(text)) => Some(&**text),
            _ => None,
        };
        let marks = marking::marks(marking, question, text);
        let (name, key) = (&question.name, question.key);
        let (got, full) = (number_text::result(&marks), number_text::told(&marking.marks));
        let invalid = text.is_some_and(|text| marking::chosen(marking.form, text).is_err());
        let Message { en, zh } = match text {
            None => say!("no answer", "未作答"),
            Some(text) if invalid => say!("`{text}`, which is no answer", "作答 `{text}` 无效"),
            Some(text) => say!("{text}", "作答 {text}"),
        };
        let told = say!(
            "{name}: {en}; the key is {key}: {got} of {full}",
            "{name}：{zh}，标准答案 {key}，得 {got} 分（{full} 分）"
        );
        Step::new(StepKind::Answer, told)
            .fact("question", Fact::Text(name.to_string()))
            .fact("answer", text.map_or(Fact::Missing, |text| Fact::Text(text.to_owned())))
            .fact("key", Fact::Text(key.to_string()))
            .number("marks", Some(&marks))
            .number("full", Some(&marking.marks))
    }
}

impl Step {
    /// Whether this is an answer that earned all its marks: nothing in it needs to be said.
    pub(super) fn is_full_answer(&self) -> bool {
        let fact = |name: &str| self.facts.iter().find(|(own, _)| *own == name).map(|(_, fact)| fact);
        self.kind == StepKind::Answer && fact("marks") == fact("full")
    }
}
