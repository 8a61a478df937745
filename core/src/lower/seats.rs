//! Seats of a grading: order, eligibility and quota as a figure over the group.

use std::sync::Arc;

use kaohe_grammar::say;

use super::builder::Builder;
use super::definitions::SEATED;
use super::grading::Ladder;
use super::names::qualified;
use crate::code::Code;
use crate::document::model::{GradingText, Named, QuotaText};
use crate::number::Number;
use crate::plan::{ColumnId, Facts, Group, GroupFunction, NodeId, Quota, QuotaMethod, Seats};
use crate::size::Size;
use crate::unit::Unit;
use crate::value::Kind;

/// A grading that is seated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seating<'t> {
    pub(super) text: &'t GradingText,
    pub(super) quota: &'t QuotaText,
    pub(super) ladder: &'t Ladder,
    /// The smallest group that is seated, and the column with the grades of smaller ones.
    pub(super) smaller: Option<(u32, ColumnId)>,
    /// The column that says who is graded.
    pub(super) graded: Option<ColumnId>,
}

impl Builder<'_> {
    /// The seat of a person.
    pub(super) fn seats(&mut self, seating: Seating<'_>) -> Option<NodeId> {
        let Seating { text, quota, ladder, smaller, graded } = seating;
        let mut order = Vec::new();
        for each in &text.order {
            let column = self.column_of_people(&each.column)?;
            let body = self.columns.get(column.index())?.body;
            self.comparable(body, each.column.span)?;
            order.push((column, each.direction));
        }
        let mut within = Vec::new();
        for named in &text.within {
            within.push(self.group_of_grading(named)?);
        }
        let mut eligible = Vec::new();
        for condition in self.eligibility(text, ladder)? {
            eligible.push(match condition {
                Some((id, expr)) => Some(self.operand_column(id, expr)?),
                None => None,
            });
        }
        eligible.reverse();
        let shares = self.shares(text, quota, ladder)?;
        let seats = Seats {
            ladder: Arc::clone(&ladder.list),
            grades: (ladder.floor..=ladder.top).rev().collect(),
            order: order.into(),
            eligible: eligible.into(),
            quota: Quota { of: quota.of, method: quota.method, shares: shares.into(), ties_at_cut: quota.ties_at_cut },
            smaller,
        };
        let facts = Facts {
            kind: Kind::Choice(Arc::clone(&ladder.list)),
            // who is not graded has no seat; nor has who belongs to no group
            may_be_missing: graded.is_some() || self.may_be_outside(&within),
            unit: Unit::Unknown,
            size: Size::NONE,
        };
        let stood = self.stand(Some(quota.span));
        let group = Group {
            function: GroupFunction::Seats(Box::new(seats)),
            value: None,
            filter: graded,
            within: within.into(),
            level: 0,
            span: Some(quota.span),
        };
        let id = self.group(group, facts);
        self.stand(stood);
        id
    }

    fn may_be_outside(&self, within: &[ColumnId]) -> bool {
        let body = |column: &ColumnId| self.columns.get(column.index()).map(|column| column.body);
        within.iter().filter_map(body).any(|body| self.facts(body).may_be_missing)
    }

    /// A column that forms the groups of a grading: of another grading the seats, which no later step reopens.
    fn group_of_grading(&mut self, named: &Named) -> Option<ColumnId> {
        let seated = qualified(&named.name, SEATED);
        match self.by_name.get(&seated).copied() {
            Some(column) if self.names.grading(&named.name).is_some() => {
                self.read.insert(Arc::clone(&named.name));
                Some(column)
            }
            _ => self.column_of_people(named),
        }
    }

    /// The share of each grade, best first.
    fn shares(&mut self, text: &GradingText, quota: &QuotaText, ladder: &Ladder) -> Option<Vec<Number>> {
        let mut found: Vec<Option<Number>> = vec![None; text.ladder.len()];
        let mut failed = false;
        for (grade, share) in &quota.shares {
            let (position, share_of) = (self.grade(&ladder.list, grade), self.known_number(share));
            let (Some((_, position)), Some(known)) = (position, share_of) else {
                failed = true;
                continue;
            };
            if known.is_negative() || known > Number::ONE {
                let text = &share.text;
                self.inside(&share.path, share.span, |this| {
                    this.error(
                        Code::ShareTotal,
                        share.span,
                        say!(
                            "a share lies between 0 and 100 %, and `{text}` does not",
                            "比例应在 0 与 100% 之间，`{text}` 不是"
                        ),
                        Some(say!("write `20%` or `1/3`", "请写 `20%` 或 `1/3`")),
                    );
                });
                failed = true;
                continue;
            }
            if let Some(slot) = ladder.top.checked_sub(position).and_then(|at| found.get_mut(at as usize)) {
                *slot = Some(known);
            }
        }
        if failed {
            return None;
        }
        let last = found.len().saturating_sub(1);
        for (at, (share, grade)) in found.iter_mut().zip(&text.ladder).enumerate() {
            // under `at_most` the last grade takes what remains
            if share.is_none() && quota.method == QuotaMethod::AtMost && at == last {
                *share = Some(Number::ZERO);
            }
            if share.is_none() {
                let name = &grade.name;
                self.error(
                    Code::Infeasible,
                    quota.span,
                    say!("the quota gives `{name}` no share", "名额中没有 `{name}` 的比例"),
                    Some(say!("write a share for each grade of the ladder; 0 is one", "每个等级都要写比例，可以写 0")),
                );
                failed = true;
            }
        }
        let shares: Vec<Number> = found.into_iter().flatten().collect();
        let total = shares.iter().fold(Number::ZERO, |total, share| total.add(share));
        let fine = match quota.method {
            QuotaMethod::Shares => total == Number::ONE,
            QuotaMethod::AtMost => true,
        };
        if !fine && !failed {
            let percent = total.multiply(&Number::HUNDRED);
            self.error(
                Code::ShareTotal,
                quota.span,
                say!("the shares total {percent} %, not 100 %", "各等级比例合计 {percent}%，应为 100%"),
                Some(say!(
                    "shares are of the whole; for upper limits write `at_most`",
                    "`shares` 是全体的划分；若是上限请写 `at_most`"
                )),
            );
            failed = true;
        }
        (!failed).then_some(shares)
    }
}
