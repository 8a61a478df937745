//! What is declared and never read.

use std::collections::HashSet;
use std::sync::Arc;

use kaohe_grammar::say;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::document::model::{Common, DetailText, Document, InputKind, InputText, Named};
use crate::lower::qualified;

/// Warns of inputs, parameters, values of the run and columns of detail tables that no column reads; `read` are the names
/// that are.
pub(crate) fn warn_unused(document: &Document, read: &HashSet<Arc<str>>, problems: &mut Vec<Diagnostic>) {
    // texts such as a name are there to be shown
    let shown = |input: &&InputText| input.key || matches!(input.kind, InputKind::Text);
    let inputs = document.inputs.iter().filter(|input| !shown(input));
    let inputs = inputs.map(|input| (&input.common.name, &input.common.path));
    let parameters = document.parameters.iter().map(|parameter| (&parameter.name, &parameter.path));
    let given = document.given.iter().map(|given| (&given.common.name, &given.common.path));
    for (named, path) in inputs.chain(parameters).chain(given).filter(|(named, _)| !read.contains(&named.name)) {
        problems.push(unused(named, path));
    }
    // when and by whom something was decided is for the record
    let decides = |detail: &&DetailText| {
        let decisions = document.grades.iter().filter_map(|grading| grading.decision.as_ref());
        decisions.into_iter().any(|decision| decision.from.name == detail.name.name)
    };
    for detail in document.details.iter().filter(|detail| !decides(detail)) {
        let columns = detail.columns.iter().filter(|input| !shown(input)).map(|input| &input.common);
        let columns = columns.chain(detail.computed.iter().map(|computed| &computed.common));
        let is_read = |common: &&Common| read.contains(&qualified(&detail.name.name, &common.name.name));
        for common in columns.filter(|common| !is_read(common)) {
            problems.push(unused(&common.name, &common.path));
        }
    }
}

/// What is said of a name that nothing reads: an input, a parameter, a column of a detail table.
pub(crate) fn unused(named: &Named, path: &str) -> Diagnostic {
    let name = &named.name;
    Diagnostic::warning(Code::Unused, named.span, say!("nothing reads `{name}`", "没有任何列用到 `{name}`"))
        .at(path)
        .help(say!("use it or leave it out", "请用上它，或去掉它"))
}
