//! The names of a scheme: what each one is, in one table, before anything is lowered.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::say;

use super::definitions::{CALCULATED, SEATED};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::model::{
    DetailText, Document, ExamText, GradingText, InputKind, InputText, Named, ParameterText, RatingText, ScoreText,
};
use crate::functions::built_in;
use crate::plan::DetailKind;
use crate::value::WordList;

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Symbol<'d> {
    /// A column.
    Column,
    /// A parameter.
    Parameter(&'d ParameterText),
    /// A value of the run, by its place.
    Given(usize),
    /// A detail table, by its place.
    Detail(usize),
    /// Something whose definition could not be read, which is told where it stands.
    Failed,
}

/// The name of a column of a detail table, and of a grading at an earlier stage: `存款.余额`, `档次.seated`.
pub(crate) fn qualified(table: &str, column: &str) -> Arc<str> {
    format!("{table}.{column}").into()
}

/// Every name of the scheme.
#[derive(Debug)]
pub(crate) struct Names<'d> {
    symbols: HashMap<Arc<str>, (Symbol<'d>, Span)>,
    /// The words of choices and ladders, by column.
    pub(crate) words: HashMap<Arc<str>, Arc<WordList>>,
    /// Text columns: tables by them have free keys.
    pub(crate) texts: HashSet<Arc<str>>,
    /// The detail tables in their order.
    pub(crate) details: &'d [DetailText],
    /// The gradings in their order.
    pub(crate) gradings: &'d [GradingText],
    /// The examinations in their order.
    pub(crate) exams: &'d [ExamText],
    /// The appraisals by raters in their order.
    pub(crate) ratings: &'d [RatingText],
    /// Units that are declared somewhere.
    pub(crate) units: HashSet<Arc<str>>,
}

impl<'d> Names<'d> {
    /// Collects the names and reports those that stand for two things.
    pub(crate) fn collect(document: &'d Document, problems: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self {
            symbols: HashMap::new(),
            words: HashMap::new(),
            texts: HashSet::new(),
            details: &document.details,
            gradings: &document.grades,
            exams: &document.exams,
            ratings: &document.ratings,
            units: HashSet::new(),
        };
        for input in &document.inputs {
            names.add(&input.common.name, Symbol::Column, &input.common.path, problems);
            names.declared(Arc::clone(&input.common.name.name), input);
        }
        for (at, given) in document.given.iter().enumerate() {
            names.add(&given.common.name, Symbol::Given(at), &given.common.path, problems);
            names.declared(Arc::clone(&given.common.name.name), given);
        }
        for (at, detail) in document.details.iter().enumerate() {
            if detail.kind == DetailKind::Rows {
                names.add(&detail.name, Symbol::Detail(at), &detail.path, problems);
            }
            for input in &detail.columns {
                names.declared(qualified(&detail.name.name, &input.common.name.name), input);
            }
            for computed in &detail.computed {
                names.unit(computed.unit.as_ref());
            }
            names.once_each(detail, problems);
        }
        for exam in &document.exams {
            names.exam_parts(exam, problems);
        }
        for rating in &document.ratings {
            names.rating_roles(rating, problems);
        }
        for parameter in &document.parameters {
            names.add(&parameter.name, Symbol::Parameter(parameter), &parameter.path, problems);
            names.unit(parameter.unit.as_ref());
        }
        for computed in &document.computed {
            names.add(&computed.common.name, Symbol::Column, &computed.common.path, problems);
            names.unit(computed.unit.as_ref());
        }
        for score in &document.scores {
            names.score(score, problems);
        }
        for grading in &document.grades {
            // best first in the document, worst first in the list, so that a larger position is a better grade
            let ladder = grading.ladder.iter().rev();
            // who is not graded stands below every grade
            let below = grading.otherwise.iter();
            let below = below.filter(|state| !grading.ladder.iter().any(|grade| grade.name == state.name));
            let words = below.chain(ladder).map(|grade| Arc::clone(&grade.name)).collect();
            let list = Arc::new(WordList { words, ordered: true });
            names.words.insert(Arc::clone(&grading.common.name.name), list);
            names.add(&grading.common.name, Symbol::Column, &grading.common.path, problems);
        }
        for pay in &document.pay {
            for common in std::iter::once(&pay.common).chain(pay.further()) {
                names.add(&common.name, Symbol::Column, &common.path, problems);
            }
        }
        for failed in &document.failed {
            names.symbols.entry(Arc::clone(&failed.name)).or_insert((Symbol::Failed, failed.span));
        }
        names
    }

    /// What a name stands for.
    pub(crate) fn get(&self, name: &str) -> Option<Symbol<'d>> {
        self.symbols.get(name).map(|(symbol, _)| *symbol)
    }

    /// Every name, for suggestions.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.symbols.keys().map(|name| &**name).collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// Whether a case can expect a figure of that name: a column of people, or a grading at an earlier stage.
    pub(crate) fn is_figure(&self, name: &str) -> bool {
        let stage = name.split_once('.').filter(|(_, stage)| matches!(*stage, SEATED | CALCULATED));
        let grading = stage.and_then(|(grading, _)| self.grading(grading));
        let exam = name.split_once('.').and_then(|(exam, part)| Some(self.exam(exam)?.has_part(part)));
        let rating = name.split_once('.').and_then(|(rating, role)| {
            let roles = &self.rating(rating)?.roles;
            Some(roles.iter().any(|each| &*each.name.name == role))
        });
        grading.is_some()
            || exam == Some(true)
            || rating == Some(true)
            || matches!(self.get(name), Some(Symbol::Column | Symbol::Failed))
    }

    /// The detail table of that name, with its place.
    pub(crate) fn detail(&self, name: &str) -> Option<(usize, &'d DetailText)> {
        match self.get(name) {
            Some(Symbol::Detail(at)) => self.details.get(at).map(|detail| (at, detail)),
            _ => None,
        }
    }

    /// The examination of that name.
    pub(crate) fn exam(&self, name: &str) -> Option<&'d ExamText> {
        self.exams.iter().find(|exam| *exam.common.name.name == *name)
    }

    /// The appraisal of that name.
    pub(crate) fn rating(&self, name: &str) -> Option<&'d RatingText> {
        self.ratings.iter().find(|rating| *rating.common.name.name == *name)
    }

    /// Whether the name stands for something that could not be read, which is reported there.
    pub(crate) fn has_failed(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Symbol::Failed))
    }

    /// The grading of that name.
    pub(crate) fn grading(&self, name: &str) -> Option<&'d GradingText> {
        self.gradings.iter().find(|grading| *grading.common.name.name == *name)
    }

    /// The gradings within this one whose shifts can cross into it.
    pub(crate) fn crossing_into(&self, outer: &str) -> impl Iterator<Item = &'d GradingText> {
        let inside = move |grading: &&GradingText| {
            let within = grading.within.iter().any(|within| *within.name == *outer);
            within && grading.shifts.iter().any(|shift| shift.cross)
        };
        let gradings = self.gradings;
        gradings.iter().filter(inside).collect::<Vec<_>>().into_iter()
    }

    /// Whether a grading has a value before shifts that is a column of its own.
    pub(crate) fn has_seats(&self, grading: &GradingText) -> bool {
        let moved = !grading.shifts.is_empty() || grading.movement.is_some() || grading.decision.is_some();
        moved || grading.quota.is_some() || self.crossing_into(&grading.common.name.name).next().is_some()
    }

    /// The name of an examination, and that no two of its columns have one name.
    fn exam_parts(&mut self, exam: &ExamText, problems: &mut Vec<Diagnostic>) {
        self.add(&exam.common.name, Symbol::Column, &exam.common.path, problems);
        let questions = exam.parts.iter().flat_map(|part| part.questions.iter().map(|(name, _)| name));
        let parts = exam.parts.iter().map(|part| (&part.common.name, &*part.common.path));
        let passed = exam.pass.iter().map(|(common, _)| (&common.name, &*common.path));
        one_column_each(&exam.common.name, questions, parts.chain(passed), problems);
    }

    /// The name of an appraisal, and that no role has the name of a column of its sheets.
    fn rating_roles(&mut self, rating: &RatingText, problems: &mut Vec<Diagnostic>) {
        self.add(&rating.common.name, Symbol::Column, &rating.common.path, problems);
        let sheet = self.details.get(rating.table).into_iter().flat_map(|sheets| &sheets.columns);
        let roles = rating.roles.iter().map(|role| (&role.name, &*role.path));
        one_column_each(&rating.common.name, sheet.map(|input| &input.common.name), roles, problems);
    }

    /// What an input declares besides its name.
    fn declared(&mut self, name: Arc<str>, input: &InputText) {
        self.unit(input.unit.as_ref());
        match &input.kind {
            InputKind::Choice(words) => {
                let words = words.iter().map(|word| Arc::clone(&word.name)).collect();
                self.words.insert(name, Arc::new(WordList { words, ordered: false }));
            }
            InputKind::Text => {
                self.texts.insert(name);
            }
            _ => {}
        }
    }

    /// Reports columns of a detail table that stand twice in it.
    fn once_each(&self, detail: &DetailText, problems: &mut Vec<Diagnostic>) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let columns = detail.columns.iter().map(|input| &input.common);
        for common in columns.chain(detail.computed.iter().map(|computed| &computed.common)) {
            let name = &common.name.name;
            if let Some(first) = seen.insert(name, common.name.span) {
                let table = &detail.name.name;
                let mut found = Diagnostic::error(
                    Code::NameTwice,
                    common.name.span,
                    say!("the table `{table}` has two columns named `{name}`", "`{table}` 中有两列都叫 `{name}`"),
                )
                .at(&*common.path)
                .help(say!("give one of them another name", "请给其中一列换个名字"));
                found.related = Some(first);
                problems.push(found);
            }
        }
    }

    fn score(&mut self, score: &ScoreText, problems: &mut Vec<Diagnostic>) {
        let name = &score.common.name;
        if score.rule.is_some() || !score.items.is_empty() {
            self.add(name, Symbol::Column, &score.common.path, problems);
        } else if score.failed {
            self.add(name, Symbol::Failed, &score.common.path, problems);
        }
        for adjustment in &score.adjustments {
            self.add(&adjustment.common.name, Symbol::Column, &adjustment.common.path, problems);
        }
        for item in &score.items {
            self.score(item, problems);
        }
    }

    fn unit(&mut self, unit: Option<&Named>) {
        self.units.extend(unit.map(|unit| Arc::clone(&unit.name)));
    }

    fn add(&mut self, named: &Named, symbol: Symbol<'d>, path: &str, problems: &mut Vec<Diagnostic>) {
        let name = &named.name;
        if built_in(name).is_some() {
            problems.push(
                Diagnostic::error(
                    Code::ReservedName,
                    named.span,
                    say!("`{name}` has a value of its own in every formula", "`{name}` 在公式中自有其值，不能作列名"),
                )
                .at(path)
                .help(say!("give the column another name", "请换一个列名")),
            );
            return;
        }
        if let Some((_, first)) = self.symbols.get(name) {
            let mut found = Diagnostic::error(
                Code::NameTwice,
                named.span,
                say!("there are two columns named `{name}`", "有两列都叫 `{name}`"),
            )
            .at(path)
            .help(say!(
                "names are unique in a scheme; an item without a rule is the column of its name",
                "同一方案中名称不能重复；不写规则的计分项就是同名的那一列"
            ));
            found.related = Some(*first);
            problems.push(found);
            return;
        }
        self.symbols.insert(Arc::clone(name), (symbol, named.span));
    }
}

/// Reports columns of people that have the name of another, or of a column of the table they are computed over; that one of
/// the table stands twice is told of the table.
fn one_column_each<'n>(
    own: &Named,
    of_table: impl Iterator<Item = &'n Named>,
    columns: impl Iterator<Item = (&'n Named, &'n str)>,
    problems: &mut Vec<Diagnostic>,
) {
    let mut seen: HashMap<&str, Span> = of_table.map(|named| (&*named.name, named.span)).collect();
    for (named, path) in columns {
        let (name, own) = (&named.name, &own.name);
        if let Some(first) = seen.insert(name, named.span) {
            let mut found = Diagnostic::error(
                Code::NameTwice,
                named.span,
                say!("`{own}` has two columns named `{name}`", "`{own}` 中有两列都叫 `{name}`"),
            )
            .at(path)
            .help(say!("give one of them another name", "请给其中一列换个名字"));
            found.related = Some(first);
            problems.push(found);
        }
    }
}
