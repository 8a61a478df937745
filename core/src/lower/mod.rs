//! From the document to the plan: names, kinds, units, sizes and order checked on the way, everything wrong reported.

mod among;
mod builder;
mod call;
mod columns;
mod definitions;
mod detail;
mod edges;
mod exam;
mod formula;
mod grading;
mod group;
mod hold;
mod limits;
mod names;
mod order;
mod parameter;
mod pay;
mod rating;
mod scores;
mod seats;
mod severity;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::say;

pub(crate) use among::Among;
pub use builder::{Builder, Days};
pub(crate) use definitions::{CALCULATED, SEATED};
use definitions::{Definition, definitions};
pub(crate) use names::qualified;
use names::{Names, Symbol};
use order::{Vertex, order};

use crate::check::{Writing, check, warn_unused};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::model::{CasePeople, CaseText, Common, Document, Facts, InputKind, InputText, Named, RoleText};
use crate::document::suggest::nearest;
use crate::document::tree::MAX_PROBLEMS;
use crate::limits::COLUMNS;
use crate::plan::{ColumnId, Parts, Plan};

/// The plan of a document on the days a run is about. Nothing when there is an error; all problems are in `problems`.
pub(crate) fn lower(document: &Document, days: Days, problems: &mut Vec<Diagnostic>) -> Option<Plan> {
    let before = problems.iter().any(|found| found.severity == Severity::Error);
    let names = Names::collect(document, problems);
    check_document(document, problems);
    let mut defined = HashSet::new();
    let roles: Vec<Vec<Common>> =
        document.ratings.iter().map(|rating| rating.roles.iter().map(RoleText::common).collect()).collect();
    let mut definitions = definitions(document, &names, &roles);
    // the second of two columns of one name is reported; nothing else is said of it
    definitions.retain(|definition| defined.insert(definition.name()));
    if definitions.len() > COLUMNS {
        problems.push(Diagnostic::error(
            Code::TooMany,
            definitions.first()?.common().name.span,
            say!("a scheme has at most {COLUMNS} columns", "一个方案最多有 {COLUMNS} 列"),
        ));
        return None;
    }
    let vertices: Vec<Vertex> = definitions
        .iter()
        .map(|definition| Vertex {
            name: definition.name(),
            span: definition.common().name.span,
            path: Arc::clone(&definition.common().path),
            reads: definition.reads(&names),
        })
        .collect();
    let sorted = order(&vertices, problems);
    check_cases(document, &names, problems);
    let mut builder = Builder::new(&names, days, document.rounding);
    for given in &document.given {
        builder.given(given);
    }
    for detail in &document.details {
        builder.detail_table(detail);
    }
    for parameter in &document.parameters {
        builder.resolved(parameter);
    }
    for definition in sorted.into_iter().filter_map(|at| definitions.get(at)) {
        let (common, name) = (definition.common(), definition.name());
        let made = builder.inside(&common.path, common.name.span, |builder| match *definition {
            Definition::Input(text) => builder.input(text),
            Definition::DetailInput(table, _, text) => builder.detail_input(table, text),
            Definition::DetailComputed(table, _, text) => builder.detail_computed(table, text),
            Definition::Computed(text) => builder.computed(text),
            Definition::Item(text) => builder.item(text),
            Definition::Total(text) => builder.total_column(text),
            Definition::ExamPart(exam, part) => builder.exam_part(exam, part),
            Definition::Exam(text) => builder.exam_total(text),
            Definition::ExamPassed(text, _) => builder.exam_passed(text),
            Definition::RatingRole(rating, role, _) => builder.rating_role(rating, role),
            Definition::Rating(text) => builder.rating(text),
            Definition::Adjustment(text) => builder.adjustment(text),
            Definition::Seated(text) => builder.seated(text),
            Definition::Grading(text, _) => builder.grading(text),
            Definition::Pay(text) => builder.pay(text),
            Definition::Part(text, deferral, at) => builder.deferred_part(text, deferral, at),
            Definition::Claim(text, pool, at) => builder.claim(text, pool, at),
            Definition::Carry(text, pool) => builder.carry(text, pool),
        });
        if made.is_none() {
            builder.failed.insert(name);
        }
    }
    for detail in &document.details {
        builder.detail_key(detail);
    }
    problems.append(&mut builder.problems);
    if before || problems.iter().any(|found| found.severity == Severity::Error) {
        return None;
    }
    // a column that vanished without a reason would take what reads it with it
    if !builder.failed.is_empty() {
        return None;
    }
    warn_unused(document, &builder.read, problems);
    let shown = shown(&definitions, &builder.by_name);
    let Builder { nodes, columns, inputs, given, details, groups, carries, tables, .. } = builder;
    let given = given.into_iter().flatten().map(|(input, _)| input).collect();
    let plan = Plan::new(Parts { nodes, columns, inputs, given, details, groups, carries, tables, shown });
    // one formula on its own declares nothing it could be held against
    if !document.keyless {
        let mut writing = Writing::default();
        for definition in &definitions {
            writing.note(&definition.name(), &definition.common().path, &definition.formulas());
        }
        check(document, &writing, &plan, problems);
    }
    Some(plan)
}

/// The columns people are shown, in the order of the document: who it is about, and everything that is computed.
fn shown(definitions: &[Definition<'_>], by_name: &HashMap<Arc<str>, ColumnId>) -> Vec<ColumnId> {
    let seen = |definition: &Definition<'_>| match definition {
        Definition::Input(text) => text.key || matches!(text.kind, InputKind::Text),
        Definition::DetailInput(..) | Definition::DetailComputed(..) => false,
        // the grade before shifts is of interest where something can come after
        Definition::Seated(text) => !text.shifts.is_empty() || text.movement.is_some(),
        _ => true,
    };
    definitions
        .iter()
        .filter(|definition| seen(definition))
        .flat_map(|definition| {
            let name = definition.name();
            // what was calculated stands beside what was decided
            let decided = matches!(definition, Definition::Grading(text, _) if text.decision.is_some());
            let calculated = decided.then(|| names::qualified(&name, definitions::CALCULATED));
            [calculated, Some(name)].into_iter().flatten()
        })
        .filter_map(|name| by_name.get(&name).copied())
        .collect()
}

/// A name an example has and the scheme does not, with the nearest one there is.
type Unknown<'d> = (&'d Named, Option<&'d str>);

/// The worked examples name inputs and columns that are there.
fn check_cases(document: &Document, names: &Names<'_>, problems: &mut Vec<Diagnostic>) {
    let inputs: Vec<&str> = document
        .inputs
        .iter()
        .flat_map(|input| std::iter::once(&input.common.name).chain(&input.headers))
        .map(|named| &*named.name)
        .collect();
    for case in &document.cases {
        if problems.len() >= MAX_PROBLEMS {
            return;
        }
        let (rows, expected): (Vec<&Facts>, Vec<&Facts>) = match &case.people {
            CasePeople::One { row, expect } => (vec![row], vec![expect]),
            CasePeople::Many { rows, expect } => {
                (rows.iter().collect(), expect.iter().map(|(_, figures)| figures).collect())
            }
        };
        let given = case.given.iter().filter(|(named, _)| !matches!(names.get(&named.name), Some(Symbol::Given(_))));
        let given = given.map(|(named, _)| (named, nearest(&named.name, names.all())));
        let unknown_inputs = rows.into_iter().flatten().filter(|(named, _)| !inputs.contains(&&*named.name));
        let unknown_inputs = unknown_inputs.map(|(named, _)| (named, nearest(&named.name, inputs.iter().copied())));
        let unknown_columns = expected.into_iter().flatten().filter(|(named, _)| !names.is_figure(&named.name));
        let unknown_columns = unknown_columns.map(|(named, _)| (named, nearest(&named.name, names.all())));
        let (tables, columns) = unknown_details(case, names);
        let unknown_inputs = unknown_inputs.map(|found| (found, ("an input of people", "人员的输入列")));
        let unknown_columns = unknown_columns.map(|found| (found, ("a column of people", "人员的列")));
        let given = given.map(|found| (found, ("a value of the run", "运行值")));
        let tables = tables.into_iter().map(|found| (found, ("a detail table", "明细表")));
        let columns = columns.into_iter().map(|found| (found, ("a column of the table", "该明细表的列")));
        let all = unknown_inputs.chain(unknown_columns).chain(given).chain(tables).chain(columns);
        for ((named, near), (en, zh)) in all {
            let name = &named.name;
            let message = match names.get(name) {
                Some(_) => say!("`{name}` in the example is not {en}", "样例中的 `{name}` 不是{zh}"),
                None => {
                    say!("the example names `{name}`, which the scheme does not have", "样例中的 `{name}` 在方案里没有")
                }
            };
            let near = near.filter(|near| *near != &**name);
            let mut found = Diagnostic::error(Code::UnknownName, named.span, message).at("cases");
            found.help = near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？"));
            problems.push(found);
        }
        for (named, near) in expected_of_nobody(document, case) {
            let key = &named.name;
            let mut found = Diagnostic::error(
                Code::RowUnknown,
                named.span,
                say!(
                    "the example has no person `{key}`, and expects figures of one",
                    "样例中没有 `{key}` 这个人，却写了其结果"
                ),
            )
            .at("cases");
            found.help = near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？"));
            problems.push(found);
        }
    }
}

/// The keys under which an example expects figures and that none of its people has; keys that are no text are left to the
/// run.
fn expected_of_nobody<'d>(document: &'d Document, case: &'d CaseText) -> Vec<Unknown<'d>> {
    let CasePeople::Many { rows, expect } = &case.people else { return Vec::new() };
    let is_text = |input: &&InputText| input.key && matches!(input.kind, InputKind::Text);
    let Some(key) = document.inputs.iter().find(is_text) else { return Vec::new() };
    let own: Vec<&str> = std::iter::once(&key.common.name).chain(&key.headers).map(|named| &*named.name).collect();
    let keys: Vec<&str> = rows
        .iter()
        .flatten()
        .filter(|(named, _)| own.contains(&&*named.name))
        .map(|(_, scalar)| scalar.text.as_str())
        .collect();
    // where the people or the figures could not be read, that is told already
    let is_read = |figures: &Facts| !keys.is_empty() && !figures.is_empty();
    let nobody = expect.iter().filter(|(named, figures)| is_read(figures) && !keys.contains(&&*named.name));
    nobody.map(|(named, _)| (named, nearest(&named.name, keys.iter().copied()))).collect()
}

/// What the example says of detail tables that are not there, and of columns that they do not have.
fn unknown_details<'d>(case: &'d CaseText, names: &Names<'d>) -> (Vec<Unknown<'d>>, Vec<Unknown<'d>>) {
    let (mut tables, mut columns) = (Vec::new(), Vec::new());
    for (table, rows) in &case.details {
        let Some(detail) = names.details.iter().find(|detail| detail.name.name == table.name) else {
            let near = nearest(&table.name, names.details.iter().map(|detail| &*detail.name.name));
            tables.push((table, near));
            continue;
        };
        let own = detail.columns.iter().flat_map(|input| std::iter::once(&input.common.name).chain(&input.headers));
        let known: Vec<&str> = own.chain([&detail.key]).map(|named| &*named.name).collect();
        let mut seen = HashSet::new();
        for (named, _) in rows.iter().flatten().filter(|(named, _)| !known.contains(&&*named.name)) {
            if seen.insert(&named.name) {
                columns.push((named, nearest(&named.name, known.iter().copied())));
            }
        }
    }
    (tables, columns)
}

/// What is wrong with the document as a whole.
fn check_document(document: &Document, problems: &mut Vec<Diagnostic>) {
    if let Some(period) = &document.period
        && period.end < period.start
    {
        let (start, end) = (period.start, period.end);
        problems.push(
            Diagnostic::error(
                Code::PeriodOrder,
                period.span,
                say!("the period ends on {end}, before it begins on {start}", "考核周期止于 {end}，早于起始日 {start}"),
            )
            .at("period"),
        );
    }
    let keys: Vec<&InputText> = document.inputs.iter().filter(|input| input.key).collect();
    match keys.as_slice() {
        [_] => {}
        [] if document.keyless => {}
        [] => {
            if let Some(first) = document.inputs.first() {
                problems.push(
                    Diagnostic::error(
                        Code::KeyColumn,
                        first.common.name.span,
                        say!("no input has `key: true`", "没有一个输入列写了 `key: true`"),
                    )
                    .at("inputs")
                    .help(say!(
                        "say which input names the row: `工号: {{ type: text, key: true }}`",
                        "请指明哪一列是键：`工号: {{ type: text, key: true }}`"
                    )),
                );
            }
        }
        [first, second, ..] => {
            let (a, b) = (&first.common.name.name, &second.common.name.name);
            problems.push(
                Diagnostic::error(
                    Code::KeyColumn,
                    second.common.name.span,
                    say!("`{a}` and `{b}` both have `key: true`", "`{a}` 和 `{b}` 都写了 `key: true`"),
                )
                .at(&*second.common.path)
                .help(say!("just one input names the row", "键列只能有一个")),
            );
        }
    }
    let mut headers: HashMap<&str, &str> = HashMap::new();
    for input in &document.inputs {
        let own = std::iter::once(&input.common.name).chain(&input.headers);
        for header in own {
            let name = &*input.common.name.name;
            match headers.insert(&header.name, name) {
                Some(other) if other != name => {
                    let text = &header.name;
                    problems.push(
                        Diagnostic::error(
                            Code::HeaderTwice,
                            header.span,
                            say!(
                                "the header `{text}` belongs to `{other}` and to `{name}`",
                                "表头 `{text}` 同时属于 `{other}` 和 `{name}`"
                            ),
                        )
                        .at(&*input.common.path)
                        .help(say!("a header names one input", "一个表头只能对应一个输入列")),
                    );
                }
                _ => {}
            }
        }
    }
}
