//! From the document to the plan: names, kinds, units, sizes and order checked on the way, everything wrong reported.

mod builder;
mod call;
mod columns;
mod formula;
mod limits;
mod names;
mod order;
mod parameter;
mod scores;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::say;

pub use builder::{Builder, Days};
use names::{Names, Symbol};
use order::{Vertex, order};

use crate::check::{Writing, check, warn_unused};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::model::{
    AdjustmentText, Common, ComputedText, Document, FormulaText, GradingText, InputKind, InputText, ScoreText,
};
use crate::document::suggest::nearest;
use crate::document::tree::MAX_PROBLEMS;
use crate::limits::COLUMNS;
use crate::plan::{ColumnId, Plan};

/// A column's definition, wherever in the document it stands.
#[derive(Clone, Copy)]
enum Definition<'d> {
    Input(&'d InputText),
    Computed(&'d ComputedText),
    Item(&'d ScoreText),
    Total(&'d ScoreText),
    Adjustment(&'d AdjustmentText),
    Grading(&'d GradingText),
}

impl<'d> Definition<'d> {
    fn common(self) -> &'d Common {
        match self {
            Self::Input(text) => &text.common,
            Self::Computed(text) => &text.common,
            Self::Item(text) | Self::Total(text) => &text.common,
            Self::Adjustment(text) => &text.common,
            Self::Grading(text) => &text.common,
        }
    }

    /// The formulas that define it.
    fn formulas(self) -> Vec<&'d FormulaText> {
        match self {
            Self::Input(_) => Vec::new(),
            Self::Computed(text) => text.rule.formulas(),
            Self::Adjustment(text) => {
                [&text.points].into_iter().chain(&text.when).chain(&text.min).chain(&text.max).collect()
            }
            Self::Item(text) => {
                let rule = text.rule.iter().flat_map(|rule| rule.formulas());
                rule.chain(&text.only_when).chain(&text.floor).chain(&text.cap).chain(&text.points).collect()
            }
            Self::Total(text) => {
                let parts = text.items.iter().flat_map(|item| item.weight.iter().chain(&item.points));
                let vetoes = text.vetoes.iter().flat_map(|veto| [&veto.when, &veto.at_most]);
                let own = text.full.iter().chain(&text.weight).chain(&text.points).chain(&text.floor).chain(&text.cap);
                parts.chain(vetoes).chain(own).collect()
            }
            Self::Grading(text) => {
                let thresholds = text.thresholds.iter();
                let thresholds = thresholds
                    .flat_map(|each| std::iter::once(&each.of).chain(each.at_least.iter().map(|(edge, _)| edge)));
                thresholds.chain(text.vetoes.iter().map(|veto| &veto.when)).collect()
            }
        }
    }

    /// The names it reads.
    fn reads(self) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        for formula in self.formulas() {
            let own = formula.expr.names().filter(|name| name.table.is_none());
            names.extend(own.map(|name| Arc::from(&*name.name)));
        }
        if let Self::Total(text) = self {
            names.extend(text.items.iter().map(|item| Arc::clone(&item.common.name.name)));
            names.extend(text.adjustments.iter().map(|adjustment| Arc::clone(&adjustment.common.name.name)));
        }
        names
    }
}

/// The plan of a document on the days a run is about. Nothing when there is an error; all problems are in `problems`.
pub(crate) fn lower(document: &Document, days: Days, problems: &mut Vec<Diagnostic>) -> Option<Plan> {
    let before = problems.iter().any(|found| found.severity == Severity::Error);
    let names = Names::collect(document, problems);
    check_document(document, problems);
    let mut defined = HashSet::new();
    let mut definitions = definitions(document);
    // the second of two columns of one name is reported; nothing else is said of it
    definitions.retain(|definition| defined.insert(Arc::clone(&definition.common().name.name)));
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
            name: Arc::clone(&definition.common().name.name),
            span: definition.common().name.span,
            path: Arc::clone(&definition.common().path),
            reads: definition.reads(),
        })
        .collect();
    let sorted = order(&vertices, problems);
    check_cases(document, &names, problems);
    let mut builder = Builder::new(&names, days, document.rounding);
    for parameter in &document.parameters {
        builder.resolved(parameter);
    }
    for definition in sorted.into_iter().filter_map(|at| definitions.get(at)) {
        let common = definition.common();
        // the second of two columns of one name was reported; it is not lowered
        if builder.by_name.contains_key(&common.name.name)
            || !matches!(names.get(&common.name.name), Some(Symbol::Column))
        {
            continue;
        }
        let made = builder.inside(&common.path, common.name.span, |builder| match definition {
            Definition::Input(text) => builder.input(text),
            Definition::Computed(text) => builder.computed(text),
            Definition::Item(text) => builder.item(text),
            Definition::Total(text) => builder.total_column(text),
            Definition::Adjustment(text) => builder.adjustment(text),
            Definition::Grading(text) => builder.grading(text),
        });
        if made.is_none() {
            builder.failed.insert(Arc::clone(&common.name.name));
        }
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
    let plan = Plan::new(builder.nodes, builder.columns, builder.inputs, builder.tables, shown);
    // one formula on its own declares nothing it could be held against
    if !document.keyless {
        let mut writing = Writing::default();
        for definition in &definitions {
            let common = definition.common();
            writing.note(&common.name.name, &common.path, &definition.formulas());
        }
        check(document, &writing, &plan, problems);
    }
    Some(plan)
}

/// The columns people are shown, in the order of the document: who it is about, and everything that is computed.
fn shown(definitions: &[Definition<'_>], by_name: &HashMap<Arc<str>, ColumnId>) -> Vec<ColumnId> {
    let seen = |definition: &Definition<'_>| match definition {
        Definition::Input(text) => text.key || matches!(text.kind, InputKind::Text),
        _ => true,
    };
    definitions
        .iter()
        .filter(|definition| seen(definition))
        .filter_map(|definition| by_name.get(&definition.common().name.name).copied())
        .collect()
}

/// Every column of the document: inputs, computed, scores from the outside in, gradings.
fn definitions(document: &Document) -> Vec<Definition<'_>> {
    let mut all: Vec<Definition<'_>> = document.inputs.iter().map(Definition::Input).collect();
    all.extend(document.computed.iter().map(Definition::Computed));
    for score in &document.scores {
        score_definitions(score, &mut all);
    }
    all.extend(document.grades.iter().filter(|grading| !grading.unbuilt).map(Definition::Grading));
    all
}

fn score_definitions<'d>(score: &'d ScoreText, all: &mut Vec<Definition<'d>>) {
    if score.rule.is_some() {
        all.push(Definition::Item(score));
    } else if !score.items.is_empty() {
        for item in &score.items {
            score_definitions(item, all);
        }
        all.extend(score.adjustments.iter().map(Definition::Adjustment));
        all.push(Definition::Total(score));
    }
}

/// The worked examples name inputs and columns that are there.
fn check_cases(document: &Document, names: &Names<'_>, problems: &mut Vec<Diagnostic>) {
    let inputs: Vec<&str> = document
        .inputs
        .iter()
        .flat_map(|input| std::iter::once(&input.common.name).chain(&input.headers))
        .map(|named| &*named.name)
        .collect();
    for case in document.cases.iter().filter(|case| !case.unbuilt) {
        if problems.len() >= MAX_PROBLEMS {
            return;
        }
        let unknown_inputs = case.row.iter().filter(|(named, _)| !inputs.contains(&&*named.name));
        let unknown_inputs = unknown_inputs.map(|(named, _)| (named, nearest(&named.name, inputs.iter().copied())));
        let unknown_columns = case.expect.iter().filter(|(named, _)| names.get(&named.name).is_none());
        let unknown_columns = unknown_columns.map(|(named, _)| (named, nearest(&named.name, names.all())));
        for (named, near) in unknown_inputs.chain(unknown_columns) {
            let name = &named.name;
            let mut found = Diagnostic::error(
                Code::UnknownName,
                named.span,
                say!("the example names `{name}`, which the scheme does not have", "样例中的 `{name}` 在方案里没有"),
            )
            .at("cases");
            found.help = near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？"));
            problems.push(found);
        }
    }
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
