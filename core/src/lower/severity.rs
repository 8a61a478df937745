//! Sheets without their raters' severity: what is compared over all people, and what a sheet then counts.

use std::sync::Arc;

use super::builder::Builder;
use super::names::qualified;
use crate::document::model::{
    Named, RatingText, RoleText, SHEET_RATER, SeverityMethod, SeverityText, SeverityUnconnected, SeverityWithoutSpread,
    WhenRoleMissing,
};
use crate::limits::ROWS;
use crate::plan::{
    Arithmetic, Column, ColumnId, DetailId, Group, GroupFunction, GroupId, NodeId, Op, Role, SheetSeverity, Show,
};
use crate::ratings::severity::{Method, Unconnected, WithoutSpread};
use crate::unit::Unit;

impl SeverityText {
    /// The method with what it says of raters that cannot be compared.
    const fn method(&self) -> Method {
        match self.by {
            SeverityMethod::Centring => Method::Centring,
            SeverityMethod::ZScore => Method::ZScore {
                without_spread: match self.without_spread {
                    SeverityWithoutSpread::Centre => WithoutSpread::Centre,
                    SeverityWithoutSpread::Refuse => WithoutSpread::Refuse,
                },
            },
            SeverityMethod::Additive => Method::Additive {
                unconnected: match self.unconnected {
                    SeverityUnconnected::Refuse => Unconnected::Refuse,
                    SeverityUnconnected::Separate => Unconnected::Separate,
                },
            },
        }
    }
}

impl Builder<'_> {
    /// What a sheet counts for a role, in points: its score without its rater's severity. Sheets of roles that are merged
    /// into this one are adjusted among those of their own role; what people say of themselves stays as it is.
    pub(super) fn adjusted_sheet(
        &mut self,
        rating: &RatingText,
        severity: &SeverityText,
        role: &RoleText,
    ) -> Option<NodeId> {
        let scores = self.sheet_scores(rating, severity)?;
        let rated = self.columns.get(scores.index())?.body;
        let mut counts = None;
        for at in counting_for(rating, role).into_iter().rev() {
            let other = rating.roles.get(at)?;
            let own = match other.own {
                true => rated,
                false => {
                    let group = self.severity_of_role(rating, severity, scores, at)?;
                    self.adjusted(rating, group, rated)?
                }
            };
            counts = Some(match counts {
                None => own,
                Some(rest) => {
                    let is_its = self.is_of_role(rating, at)?;
                    self.choose(is_its, own, rest)?
                }
            });
        }
        counts
    }

    /// A sheet's score in points, rounded, as a column of its own that nobody is shown: it is compared over all people.
    fn sheet_scores(&mut self, rating: &RatingText, severity: &SeverityText) -> Option<ColumnId> {
        let table = DetailId(u32::try_from(rating.table).ok()?);
        let of_table = |group: &Group| match &group.function {
            GroupFunction::Severity(known) if known.table == table => group.value,
            _ => None,
        };
        if let Some(known) = self.groups.iter().find_map(of_table) {
            return Some(known);
        }
        let (sheet, highest) = self.sheet(rating)?;
        let highest = self.number_value(highest);
        let points = self.arithmetic(Arithmetic::Divide, sheet, highest)?;
        let body = self.round(points, i32::try_from(severity.round).ok()?, self.mode)?;
        Some(self.column(Column {
            name: Arc::clone(&rating.common.name.name),
            body,
            role: Role::Operand,
            places: Some(severity.round),
            formula: None,
            label: None,
            show: Show::default(),
            source: None,
            span: Some(rating.common.name.span),
            detail: Some(table),
            hidden: true,
            better: None,
        }))
    }

    /// The figure over the sheets of a role.
    fn severity_of_role(
        &mut self,
        rating: &RatingText,
        severity: &SeverityText,
        scores: ColumnId,
        role: usize,
    ) -> Option<GroupId> {
        // merged sheets count elsewhere, however few they are
        let minimum = match rating.when_role_missing {
            WhenRoleMissing::Merge => 1,
            _ => rating.roles.get(role)?.minimum,
        };
        let (table, role) = (DetailId(u32::try_from(rating.table).ok()?), u32::try_from(role).ok()?);
        let is_it = |group: &Group| match &group.function {
            GroupFunction::Severity(known) => known.table == table && known.role == role,
            _ => false,
        };
        if let Some(known) = self.groups.iter().position(is_it) {
            return u32::try_from(known).ok().map(GroupId);
        }
        let id = GroupId(u32::try_from(self.groups.len()).ok()?);
        let (method, places, mode) = (severity.method(), severity.round, self.mode);
        let found = SheetSeverity { table, role, minimum, method, places, mode };
        self.groups.push(Group {
            function: GroupFunction::Severity(Box::new(found)),
            value: Some(scores),
            filter: None,
            within: Box::default(),
            level: 0,
            span: Some(rating.common.name.span),
        });
        Some(id)
    }

    /// The score of a sheet without severity. An effect is no larger than the ratings of all sheets differ together.
    fn adjusted(&mut self, rating: &RatingText, group: GroupId, rated: NodeId) -> Option<NodeId> {
        let rater = self.by_name.get(&qualified(&rating.common.name.name, SHEET_RATER)).copied()?;
        let rater = self.columns.get(rater.index())?.body;
        let size = self.facts(rated).size.many(ROWS);
        self.sized(Op::Adjusted { group, rated, rater }, Unit::Unknown, size)
    }
}

/// The roles whose sheets can come to count for one, by their places: itself, and those merged into it in the end.
fn counting_for(rating: &RatingText, role: &RoleText) -> Vec<usize> {
    let merges = rating.when_role_missing == WhenRoleMissing::Merge;
    let place = |name: &Named| rating.roles.iter().position(|role| role.name.name == name.name);
    let targets: Vec<Option<usize>> =
        rating.roles.iter().map(|role| role.merge_into.as_ref().filter(|_| merges).and_then(place)).collect();
    let into = place(&role.name);
    let comes = |from: &usize| {
        let mut at = Some(*from);
        // no role is merged in a circle
        for _ in &targets {
            if at == into {
                return true;
            }
            at = at.and_then(|at| targets.get(at).copied().flatten());
        }
        false
    };
    (0..rating.roles.len()).filter(comes).collect()
}
