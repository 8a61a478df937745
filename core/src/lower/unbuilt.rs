//! Parts that are read and not computed yet: each is answered where it stands.

use std::sync::Arc;

use kaohe_grammar::say;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::document::model::{Document, GradingText, Named};

/// Whether a grading has nothing but what is computed.
pub(crate) fn is_built(grading: &GradingText) -> bool {
    grading.standards.is_empty()
        && grading.quota.is_none()
        && grading.eligible.is_empty()
        && grading.graded_when.is_none()
        && grading.shifts.is_empty()
        && grading.movement.is_none()
        && grading.decision.is_none()
}

/// The parts of a document that are not computed, with where they stand.
pub(crate) fn unbuilt(document: &Document) -> Vec<(&Named, &Arc<str>)> {
    let given = document.given.iter().map(|given| (&given.common.name, &given.common.path));
    let details = document.details.iter().map(|detail| (&detail.name, &detail.path));
    let gradings = document.grades.iter().filter(|grading| !is_built(grading));
    let gradings = gradings.map(|grading| (&grading.common.name, &grading.common.path));
    given.chain(details).chain(gradings).collect()
}

/// Answers each of them.
pub(crate) fn answer(document: &Document, problems: &mut Vec<Diagnostic>) {
    for (named, path) in unbuilt(document) {
        let name = &named.name;
        let message = say!("`{name}` is read but not computed yet", "`{name}` 可以读入，但本版本尚不能计算");
        problems.push(Diagnostic::error(Code::NotBuiltYet, named.span, message).at(&**path).help(say!(
            "leave it out to score with this version, or give its figures as an input",
            "请先去掉它，或把它的结果作为输入列提供"
        )));
    }
}
