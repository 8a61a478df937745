//! Examinations: parts with their keys, and the detail table that the answers come in.

use kaohe_grammar::{fold_name, say};

use super::{Reader, list, named, scalar};
use crate::code::Code;
use crate::document::model::{Common, DetailText, ExamPartText, ExamText, InputKind, InputText, MissingText, Named};
use crate::document::tree::{Node, Scalar};
use crate::eval::marking;
use crate::plan::{AnswerForm, Credit, DetailKind, Options, QuestionKind};

/// The column that says whether the pass mark is reached, behind the exam's name and a dot.
const PASSED: &str = "通过";

impl Reader<'_> {
    /// An examination with the table of its answers; nothing when a part of it cannot be read.
    pub(super) fn exam(&mut self, key: &Scalar, node: &Node, staff_key: &Named) -> Option<(ExamText, DetailText)> {
        let common = self.common(key, node);
        let invalid_is_wrong = scalar(node, "when_invalid").is_some_and(|word| word.text == "zero");
        let nodes = node.get("parts").map(list).unwrap_or_default();
        let parts = self.listed(node, "parts", |this, part| this.exam_part(part, invalid_is_wrong));
        let pass = match node.get("pass") {
            None => None,
            Some(_) => {
                let pass = self.formula(node, "pass")?;
                let name = Named { name: PASSED.into(), span: pass.span };
                Some((Common::of(name, pass.path.clone()), pass))
            }
        };
        if parts.is_empty() || parts.len() < nodes.len() {
            return None;
        }
        let question = |part: &ExamPartText, name: &Named| InputText {
            missing: MissingText::Allow,
            answer: Some(part.form),
            ..InputText::of(Common::of(name.clone(), part.common.path.clone()), InputKind::Text)
        };
        let columns = parts.iter().flat_map(|part| part.questions.iter().map(|(name, _)| question(part, name)));
        let answers = DetailText {
            name: common.name.clone(),
            path: common.path.clone(),
            key: staff_key.clone(),
            columns: columns.collect(),
            computed: Vec::new(),
            unique: Vec::new(),
            kind: DetailKind::Answers,
        };
        Some((ExamText { common, table: 0, parts, pass }, answers))
    }

    fn exam_part(&mut self, node: &Node, invalid_is_wrong: bool) -> Option<ExamPartText> {
        let word = |key: &str| scalar(node, key).map(|word| word.text.as_str());
        let kind = QuestionKind::WORDS.into_iter().find(|(name, _)| word("kind") == Some(*name))?.1;
        let credit = Credit::WORDS.into_iter().find(|(name, _)| word("credit") == Some(*name));
        let credit = credit.map_or(Credit::Exact, |(_, credit)| credit);
        if kind != QuestionKind::Multiple {
            let why = say!("only a multiple choice can be partly right", "只有多选题才可能部分答对");
            self.without_effect(node, &["credit"], &why);
        }
        if kind == QuestionKind::TrueFalse {
            self.without_effect(node, &["options"], &say!("there are just true and false", "判断题只有对与错"));
        }
        let options = scalar(node, "options").and_then(|count| count.text.parse().ok());
        let options = options.filter(|_| kind != QuestionKind::TrueFalse);
        let form = AnswerForm { kind, options, invalid_is_wrong };
        if let (true, None, Some(word)) = (credit.needs_options(), options, scalar(node, "credit")) {
            let text = &word.text;
            self.report(
                Code::MissingKey,
                word.span,
                say!("`{text}` needs to know how many options a question has", "按 `{text}` 计分须知道每题有几个选项"),
                Some(say!("write `options: 4`", "请写 `options: 4`")),
            );
        }
        let questions = self.questions(node, form);
        let marks = self.formula(node, "marks");
        let common = self.common(scalar(node, "name")?, node);
        let questions = questions.filter(|questions| !questions.is_empty());
        Some(ExamPartText { common, form, marks: marks?, credit, questions: questions? })
    }

    /// The questions with their right answers; nothing when one of the answers cannot be one.
    fn questions(&mut self, node: &Node, form: AnswerForm) -> Option<Vec<(Named, Options)>> {
        let prefix = fold_name(scalar(node, "questions")?.text.trim());
        let mut questions = Vec::new();
        let mut fine = true;
        for (at, right) in node.get("key").map(list).unwrap_or_default().iter().enumerate() {
            let Some(right) = right.scalar() else {
                fine = false;
                continue;
            };
            let name = format!("{prefix}{}", at.saturating_add(1));
            match marking::chosen(form, &right.text) {
                Ok(options) if !options.is_empty() => {
                    questions.push((Named { name: name.into(), span: right.span }, options));
                }
                _ => {
                    fine = false;
                    self.wrong_key(&name, right, form);
                }
            }
        }
        fine.then_some(questions)
    }

    fn wrong_key(&mut self, name: &str, right: &Scalar, form: AnswerForm) {
        let text = &right.text;
        let help = match (form.kind, form.options) {
            (QuestionKind::TrueFalse, _) => say!("write `T` or `F`", "请写 `T` 或 `F`"),
            (QuestionKind::Single, _) => say!("write the letter of one option", "请写一个选项的字母"),
            (QuestionKind::Multiple, Some(count)) => {
                let last = ('A'..='Z').nth(count.saturating_sub(1) as usize).unwrap_or('Z');
                say!("write letters from A to {last}, each once", "请写 A 至 {last} 的字母，各写一次")
            }
            (QuestionKind::Multiple, None) => {
                say!("write the letters of options, each once", "请写选项的字母，各写一次")
            }
        };
        self.inside("key", |this| {
            this.report(
                Code::UnknownWord,
                right.span,
                say!("`{text}` cannot be the right answer to `{name}`", "`{text}` 不可能是 `{name}` 的标准答案"),
                Some(help),
            );
        });
    }
}

impl Reader<'_> {
    /// The examinations, each with the table of its answers among the detail tables.
    pub(super) fn exams(&mut self, root: &Node, inputs: &[InputText], details: &mut Vec<DetailText>) -> Vec<ExamText> {
        // without a key nobody could say whose answers are whose, which is told where the key should be
        let Some(key) = inputs.iter().find(|input| input.key).map(|input| input.common.name.clone()) else {
            self.failed.extend(super::entries(root, "exams").iter().map(|entry| named(&entry.key)));
            return Vec::new();
        };
        let mut exams = Vec::new();
        for (exam, answers) in self.named(root, "exams", |this, name, node| this.exam(name, node, &key)) {
            exams.push(ExamText { table: details.len(), ..exam });
            details.push(answers);
        }
        exams
    }
}
