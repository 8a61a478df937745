//! Figures over groups, values of the run and what was computed before, as slots that are loaded.

use super::operand::{Form, Operand, Scaled};
use super::{Compiled, Compiler};
use crate::eval::program::around::{GivenLoad, GroupLoad};
use crate::eval::program::instruction::Escape;
use crate::eval::program::lane::Lane;
use crate::eval::program::lanes::{LaneLoad, Source, is_kept};
use crate::number::ROOT_PLACES;
use crate::plan::{ColumnId, GroupFunction, GroupId, InputId, MissingPolicy, NodeId, Op, Ties};
use crate::value::Kind;

impl<L: Lane> Compiler<'_, L> {
    /// The decimals that every figure of a function has; nothing when it need not be a decimal.
    fn decimals_of(&self, group: GroupId) -> Option<u32> {
        let group = self.plan.group(group);
        let places = || group.value.and_then(|column| self.plan.column(column).places);
        match &group.function {
            GroupFunction::Count | GroupFunction::Seats(_) => Some(0),
            GroupFunction::Rank { ties, .. } => Some(u32::from(*ties == Ties::Average)),
            GroupFunction::Sum | GroupFunction::Minimum | GroupFunction::Maximum | GroupFunction::Allot(_) => places(),
            GroupFunction::Median => places().map(|places| places.saturating_add(1)),
            GroupFunction::Deviation => Some(ROOT_PLACES),
            GroupFunction::Average
            | GroupFunction::Severity(_)
            | GroupFunction::Percentile { .. }
            | GroupFunction::Share
            | GroupFunction::CumulativeShare { .. } => None,
        }
    }

    /// The numerator and the denominator of a figure that need not be a decimal; nothing when it is one.
    pub(super) fn group_fraction(&mut self, id: NodeId) -> Compiled<Option<(Operand, Operand)>> {
        let node = self.plan.node(self.strip(id));
        let Op::Group(group) = node.op else { return Ok(None) };
        if self.decimals_of(group).is_some() {
            return Ok(None);
        }
        if node.facts.kind != Kind::Number || node.facts.may_be_missing {
            return Err(Escape::Exact);
        }
        if let Some(found) = self.fractions.get(&group) {
            return Ok(Some(*found));
        }
        let (slot, divisor) = (self.slot()?, self.slot()?);
        let load = GroupLoad { group, slot, scale: 0, divisor: Some(divisor), optional: false };
        self.program.groups.push(load);
        let whole = |slot| Operand::number(slot, Scaled::exact(0));
        let found = (whole(slot), whole(divisor));
        self.fractions.insert(group, found);
        Ok(Some(found))
    }

    /// The numerator and the denominator of a figure over a group or over detail rows; nothing when it is a decimal.
    pub(super) fn fraction(&mut self, id: NodeId) -> Compiled<Option<(Operand, Operand)>> {
        match &self.plan.node(id).op {
            Op::Aggregate(aggregate) => self.row_fraction(id, aggregate),
            _ => self.group_fraction(id),
        }
    }

    /// A figure over the group.
    pub(super) fn group(&mut self, group: GroupId, id: NodeId) -> Compiled<Operand> {
        if let Some((numerator, denominator)) = self.group_fraction(id)? {
            return self.quotient(numerator, denominator, None);
        }
        if let Some(found) = self.figures.get(&group) {
            return Ok(*found);
        }
        let facts = &self.plan.node(id).facts;
        let scale = self.decimals_of(group).ok_or(Escape::Exact)?;
        let form = match &facts.kind {
            Kind::Number => Form::Number(Scaled::exact(scale)),
            kind @ Kind::Choice(_) => Form::of(kind),
            _ => return Err(Escape::Exact),
        };
        let slot = self.slot()?;
        // who is not graded has no seat, whatever the figure may be for others
        let optional = facts.may_be_missing;
        self.program.groups.push(GroupLoad { group, slot, scale, divisor: None, optional });
        let found = Operand { may_be_missing: optional, ..Operand::of(slot, form) };
        self.figures.insert(group, found);
        Ok(found)
    }

    /// A value of the run.
    pub(super) fn given(&mut self, id: InputId) -> Compiled<Operand> {
        if let Some(found) = self.given.get(&id) {
            return Ok(*found);
        }
        let input = self.plan.given.get(id.index()).ok_or(Escape::Exact)?;
        let scale = input.places.unwrap_or(L::UNDECLARED_PLACES).min(input.most_places());
        let form = match &input.kind {
            Kind::Number => Form::Number(Scaled::exact(scale)),
            Kind::Text | Kind::Missing => return Err(Escape::Exact),
            kind => Form::of(kind),
        };
        let slot = self.slot()?;
        let optional = matches!(input.missing, MissingPolicy::Allow);
        let kind = input.kind.clone();
        self.program.given.push(GivenLoad { given: id.index(), slot, scale, kind, optional });
        let found = Operand { may_be_missing: optional, ..Operand::of(slot, form) };
        self.given.insert(id, found);
        Ok(found)
    }

    /// A grade some steps further.
    pub(super) fn move_grade(&mut self, grade: NodeId, moved: impl Fn(u32) -> u32) -> Compiled<Operand> {
        let operand = self.present(grade)?;
        let Kind::Choice(list) = &self.plan.node(grade).facts.kind else { return Err(Escape::Exact) };
        let slot =
            self.map(operand.slot, list.words.len(), |at| u32::try_from(at).ok().map(|at| moved(at) as usize))?;
        Ok(Operand::of(slot, Form::Choice))
    }

    /// A slot of what was computed before.
    pub(super) fn lanes(&mut self, source: Source, form: Form) -> Compiled<Operand> {
        let known = self.program.lanes.iter().find(|load| load.source == source);
        let slot = match known.map(|load| load.slot) {
            Some(slot) => slot,
            None => {
                let slot = self.slot()?;
                self.program.lanes.push(LaneLoad { source, slot });
                slot
            }
        };
        // what it depended on in another program is no matter of this one
        let form = match form {
            Form::Number(scaled) => Form::Number(Scaled::exact(scaled.scale)),
            form => form,
        };
        Ok(Operand::of(slot, form))
    }

    /// A column whose values were computed before; nothing when they were not.
    pub(super) fn column_before(&mut self, id: ColumnId) -> Compiled<Option<Operand>> {
        if !self.known.columns.contains(&id) {
            return Ok(None);
        }
        self.column_lanes(Source::Column(id), id)
    }

    /// A column as lanes from there; nothing when its values cannot be lanes.
    pub(super) fn column_lanes(&mut self, source: Source, id: ColumnId) -> Compiled<Option<Operand>> {
        if !is_kept(self.plan, id) {
            return Ok(None);
        }
        let column = self.plan.column(id);
        let facts = &self.plan.node(column.body).facts;
        let form = match (&facts.kind, column.places) {
            (Kind::Number, Some(places)) => Form::Number(Scaled::exact(places)),
            (kind, _) => Form::of(kind),
        };
        let found = self.lanes(source, form)?;
        Ok(Some(Operand { may_be_missing: facts.may_be_missing, ..found }))
    }
}
