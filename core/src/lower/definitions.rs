//! Every column of a document, wherever in it the column is defined, with the names it reads.

use std::sync::Arc;

use kaohe_grammar::{Expr, Name};

use super::names::{Names, Symbol, qualified};
use crate::document::model::{
    AdjustmentText, Common, ComputedText, DeferralText, DetailText, Document, ExamPartText, ExamText, FormulaText,
    GradingText, InputText, ItemWorth, Named, PayKind, PayText, PoolText, RatingText, RoleText, ScaleText, ScoreText,
};

/// A column's definition.
#[derive(Clone, Copy)]
pub(super) enum Definition<'d> {
    Input(&'d InputText),
    /// A column that the rows of a detail table bring.
    DetailInput(usize, &'d DetailText, &'d InputText),
    /// An indicator of each row of a detail table.
    DetailComputed(usize, &'d DetailText, &'d ComputedText),
    Computed(&'d ComputedText),
    Item(&'d ScoreText),
    Total(&'d ScoreText),
    Adjustment(&'d AdjustmentText),
    /// The result of one role of an appraisal by raters.
    RatingRole(&'d RatingText, &'d RoleText, &'d Common),
    /// The result of an appraisal by raters.
    Rating(&'d RatingText),
    /// The marks of a part of an examination.
    ExamPart(&'d ExamText, &'d ExamPartText),
    /// The total of an examination.
    Exam(&'d ExamText),
    /// Whether the pass mark of an examination is reached.
    ExamPassed(&'d ExamText, &'d (Common, FormulaText)),
    /// A grading before shifts, movement and vetoes.
    Seated(&'d GradingText),
    /// An amount of pay, or what is in a pool.
    Pay(&'d PayText),
    /// A part of an amount that is deferred, by its place.
    Part(&'d PayText, &'d DeferralText, usize),
    /// A claim on a pool, by its place.
    Claim(&'d PayText, &'d PoolText, usize),
    /// What a pool has left.
    Carry(&'d PayText, &'d PoolText),
    /// A grading: its final value, and the one before decisions; whether its seats are a column of their own.
    Grading(&'d GradingText, bool),
}

/// The word of a grading's value before shifts, behind its name and a dot.
pub(super) const SEATED: &str = "seated";
/// The word of a grading's value before decisions.
pub(super) const CALCULATED: &str = "calculated";

impl<'d> Definition<'d> {
    pub(super) fn common(self) -> &'d Common {
        match self {
            Self::Input(text) | Self::DetailInput(_, _, text) => &text.common,
            Self::Computed(text) | Self::DetailComputed(_, _, text) => &text.common,
            Self::Item(text) | Self::Total(text) => &text.common,
            Self::Adjustment(text) => &text.common,
            Self::RatingRole(_, _, common) => common,
            Self::Rating(text) => &text.common,
            Self::ExamPart(_, part) => &part.common,
            Self::Exam(text) => &text.common,
            Self::ExamPassed(_, (common, _)) => common,
            Self::Grading(text, _) | Self::Seated(text) => &text.common,
            Self::Pay(text) => &text.common,
            Self::Part(text, deferral, at) => deferral.parts.get(at).unwrap_or(&text.common),
            Self::Claim(text, pool, at) => pool.claims.get(at).map_or(&text.common, |claim| &claim.common),
            Self::Carry(_, pool) => &pool.carry,
        }
    }

    /// The name it has in the plan.
    pub(super) fn name(self) -> Arc<str> {
        let own = &self.common().name.name;
        match self {
            Self::DetailInput(_, table, _) | Self::DetailComputed(_, table, _) => qualified(&table.name.name, own),
            Self::Seated(_) => qualified(own, SEATED),
            Self::RatingRole(rating, ..) => qualified(&rating.common.name.name, own),
            Self::ExamPart(exam, _) | Self::ExamPassed(exam, _) => qualified(&exam.common.name.name, own),
            _ => Arc::clone(own),
        }
    }

    /// The formulas that define it.
    pub(super) fn formulas(self) -> Vec<&'d FormulaText> {
        match self {
            Self::Input(_) | Self::DetailInput(..) | Self::Exam(_) | Self::Part(..) | Self::Carry(..) => Vec::new(),
            Self::RatingRole(text, ..) | Self::Rating(text) => {
                let letters = match &text.scale {
                    ScaleText::Letters(letters) => letters.as_slice(),
                    ScaleText::Stars(_) | ScaleText::Marks { .. } => &[],
                };
                let items = text.items.iter().map(|item| match &item.worth {
                    ItemWorth::Points(formula) | ItemWorth::Weight(formula) => formula,
                });
                let roles = text.roles.iter().flat_map(|role| std::iter::once(&role.weight).chain(&role.trim));
                letters.iter().map(|(_, worth)| worth).chain(items).chain(roles).collect()
            }
            Self::ExamPart(_, part) => vec![&part.marks],
            Self::ExamPassed(_, (_, pass)) => vec![pass],
            Self::Pay(text) => text.formulas(),
            Self::Claim(_, pool, at) => {
                let claim = pool.claims.get(at);
                claim
                    .map(|claim| [&claim.key].into_iter().chain(&claim.when).chain(&claim.at_most).collect())
                    .unwrap_or_default()
            }
            Self::Computed(text) | Self::DetailComputed(_, _, text) => text.rule.formulas(),
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
            Self::Seated(text) => {
                let thresholds = text.thresholds.iter();
                let thresholds = thresholds
                    .flat_map(|each| std::iter::once(&each.of).chain(each.at_least.iter().map(|(edge, _)| edge)));
                let standards = text.standards.iter().flat_map(|(_, conditions)| conditions);
                let eligible = text.eligible.iter().map(|(_, condition)| condition);
                let shares = text.quota.iter().flat_map(|quota| quota.shares.iter().map(|(_, share)| share));
                thresholds.chain(standards).chain(eligible).chain(&text.graded_when).chain(shares).collect()
            }
            Self::Grading(text, seats) => {
                let seated = if seats { Vec::new() } else { Self::Seated(text).formulas() };
                let shifts = text.shifts.iter().map(|shift| &shift.when);
                let from = text.movement.iter().map(|movement| &movement.from);
                let vetoes = text.vetoes.iter().map(|veto| &veto.when);
                seated.into_iter().chain(shifts).chain(from).chain(vetoes).chain(&text.graded_when).collect()
            }
        }
    }

    /// The columns it names outside formulas.
    fn named(self) -> Vec<&'d Named> {
        match self {
            Self::Item(text) => text.rule.iter().flat_map(|rule| rule.columns()).collect(),
            Self::Computed(text) | Self::DetailComputed(_, _, text) => text.rule.columns(),
            Self::Seated(text) => text.order.iter().map(|order| &order.column).collect(),
            Self::Pay(PayText { kind: PayKind::Pool(pool), .. }) | Self::Claim(_, pool, _) | Self::Carry(_, pool) => {
                pool.within.iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The names it reads, as columns of the plan are called.
    pub(super) fn reads(self, names: &Names<'d>) -> Vec<Arc<str>> {
        let mut reads = Reads { names, own_table: None, found: Vec::new() };
        if let Self::DetailInput(_, table, _) | Self::DetailComputed(_, table, _) = self {
            reads.own_table = Some(table);
        }
        for formula in self.formulas() {
            reads.expr(&formula.expr);
        }
        for named in self.named() {
            reads.plain(&named.name);
        }
        match self {
            // the rows of a person are known when the key is
            Self::DetailInput(_, table, _) | Self::DetailComputed(_, table, _) => {
                reads.found.push(Arc::clone(&table.key.name));
            }
            Self::RatingRole(rating, ..) | Self::Rating(rating) => {
                let own = &rating.common.name.name;
                let sheets = names.details.get(rating.table).into_iter().flat_map(|sheets| &sheets.columns);
                reads.found.extend(sheets.map(|input| qualified(own, &input.common.name.name)));
                if matches!(self, Self::Rating(_)) {
                    reads.found.extend(rating.roles.iter().map(|role| qualified(own, &role.name.name)));
                }
            }
            Self::ExamPart(exam, part) => {
                let questions = part.questions.iter();
                reads.found.extend(questions.map(|(name, _)| qualified(&exam.common.name.name, &name.name)));
            }
            Self::Exam(text) => {
                let parts = text.parts.iter();
                reads.found.extend(parts.map(|part| qualified(&text.common.name.name, &part.common.name.name)));
            }
            Self::ExamPassed(text, _) => reads.found.push(Arc::clone(&text.common.name.name)),
            Self::Part(text, ..) => reads.found.push(Arc::clone(&text.common.name.name)),
            // the claims before it leave what it can have
            Self::Claim(text, pool, at) => {
                reads.found.push(Arc::clone(&text.common.name.name));
                let before = pool.claims.iter().take(at).map(|claim| Arc::clone(&claim.common.name.name));
                reads.found.extend(before);
            }
            Self::Carry(text, pool) => {
                reads.found.push(Arc::clone(&text.common.name.name));
                reads.found.extend(pool.claims.iter().map(|claim| Arc::clone(&claim.common.name.name)));
            }
            Self::Total(text) => {
                let items = text.items.iter().map(|item| Arc::clone(&item.common.name.name));
                let adjustments = text.adjustments.iter().map(|adjustment| Arc::clone(&adjustment.common.name.name));
                reads.found.extend(items.chain(adjustments));
            }
            Self::Seated(text) => {
                for within in &text.within {
                    // later steps never reopen seats: an inner grading stands within the seats of the outer one
                    match names.grading(&within.name) {
                        Some(outer) if names.has_seats(outer) => reads.found.push(qualified(&within.name, SEATED)),
                        _ => reads.plain(&within.name),
                    }
                }
            }
            Self::Grading(text, seats) => {
                let name = &text.common.name.name;
                if seats {
                    reads.found.push(qualified(name, SEATED));
                }
                for inner in names.crossing_into(name) {
                    reads.found.push(qualified(&inner.common.name.name, SEATED));
                    for shift in inner.shifts.iter().filter(|shift| shift.cross) {
                        reads.expr(&shift.when.expr);
                    }
                }
                // whether somebody crosses is seen by where the grading outside left him
                for outer in text.within.iter().filter(|_| text.shifts.iter().any(|shift| shift.cross)) {
                    reads.found.extend([qualified(&outer.name, SEATED), Arc::clone(&outer.name)]);
                }
                if let Some(decision) = &text.decision
                    && let Some((_, table)) = names.detail(&decision.from.name)
                {
                    reads.found.push(Arc::clone(&table.key.name));
                    for column in [&decision.grade, &decision.reason] {
                        reads.found.push(qualified(&table.name.name, &column.name));
                    }
                }
            }
            _ => {}
        }
        reads.found
    }
}

/// Collects the columns that formulas read.
struct Reads<'n, 'd> {
    names: &'n Names<'d>,
    /// The table whose rows the formulas are computed for.
    own_table: Option<&'d DetailText>,
    found: Vec<Arc<str>>,
}

impl Reads<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        for name in expr.names() {
            self.name(name);
        }
    }

    fn name(&mut self, name: &Name) {
        let Some(table) = &name.table else { return self.plain(&name.name) };
        if let Some((_, detail)) = self.names.detail(table) {
            self.found.push(Arc::clone(&detail.key.name));
            self.found.push(qualified(table, &name.name));
        } else if &*name.name == CALCULATED {
            self.found.push(Arc::from(&**table));
        } else {
            self.found.push(qualified(table, &name.name));
        }
    }

    fn plain(&mut self, name: &str) {
        if let Some(table) = self.own_table
            && has_column(table, name)
        {
            self.found.push(qualified(&table.name.name, name));
            return;
        }
        match self.names.get(name) {
            // the rows themselves, as in `count(月度)`
            Some(Symbol::Detail(at)) => {
                self.found.extend(self.names.details.get(at).map(|detail| Arc::clone(&detail.key.name)));
            }
            _ => self.found.push(name.into()),
        }
    }
}

/// Whether a detail table has a column of that name.
pub(super) fn has_column(table: &DetailText, name: &str) -> bool {
    let inputs = table.columns.iter().map(|input| &input.common);
    inputs.chain(table.computed.iter().map(|computed| &computed.common)).any(|common| *common.name.name == *name)
}

/// Every column of the document: inputs, details, computed, scores from the inside out, gradings.
///
/// `roles`: for each appraisal what the columns of its roles say of themselves.
pub(super) fn definitions<'d>(
    document: &'d Document,
    names: &Names<'d>,
    roles: &'d [Vec<Common>],
) -> Vec<Definition<'d>> {
    let mut all: Vec<Definition<'_>> = document.inputs.iter().map(Definition::Input).collect();
    for (at, detail) in document.details.iter().enumerate() {
        all.extend(detail.columns.iter().map(|input| Definition::DetailInput(at, detail, input)));
        all.extend(detail.computed.iter().map(|computed| Definition::DetailComputed(at, detail, computed)));
    }
    for (rating, commons) in document.ratings.iter().zip(roles) {
        let roles = rating.roles.iter().zip(commons);
        all.extend(roles.map(|(role, common)| Definition::RatingRole(rating, role, common)));
        all.push(Definition::Rating(rating));
    }
    for exam in &document.exams {
        all.extend(exam.parts.iter().map(|part| Definition::ExamPart(exam, part)));
        all.push(Definition::Exam(exam));
        all.extend(exam.pass.iter().map(|pass| Definition::ExamPassed(exam, pass)));
    }
    all.extend(document.computed.iter().map(Definition::Computed));
    for score in &document.scores {
        of_score(score, &mut all);
    }
    for grading in &document.grades {
        let seats = names.has_seats(grading);
        if seats {
            all.push(Definition::Seated(grading));
        }
        all.push(Definition::Grading(grading, seats));
    }
    for pay in &document.pay {
        all.push(Definition::Pay(pay));
        match &pay.kind {
            PayKind::Pool(pool) => {
                all.extend((0..pool.claims.len()).map(|at| Definition::Claim(pay, pool, at)));
                all.push(Definition::Carry(pay, pool));
            }
            PayKind::Deferral(deferral) => {
                all.extend((0..deferral.parts.len()).map(|at| Definition::Part(pay, deferral, at)));
            }
            _ => {}
        }
    }
    all
}

fn of_score<'d>(score: &'d ScoreText, all: &mut Vec<Definition<'d>>) {
    if score.rule.is_some() {
        all.push(Definition::Item(score));
    } else if !score.items.is_empty() {
        for item in &score.items {
            of_score(item, all);
        }
        all.extend(score.adjustments.iter().map(Definition::Adjustment));
        all.push(Definition::Total(score));
    }
}
