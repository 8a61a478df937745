//! Which way figures among people go when one person's column rises and everybody else's stays.

use super::way::Way::{Still, Unclear};
use super::way::{Way, Ways};
use crate::plan::{ColumnId, Direction, Group, GroupFunction, GroupId, NodeId, Op};

impl Ways<'_, '_> {
    /// The way of a figure over a group, for the person whose column rises.
    pub(super) fn group(&self, group: GroupId) -> Way {
        let group = self.insight.plan.group(group);
        if group.operands().all(|column| self.of_column(column) == Still) {
            return Still;
        }
        let who_counts = group.filter.iter().chain(&group.within);
        if who_counts.into_iter().any(|column| self.of_column(*column) != Still) {
            return Unclear;
        }
        let way = group.value.map_or(Unclear, |value| self.of_column(value));
        match &group.function {
            // the first place is the smallest number
            GroupFunction::Rank { direction: Direction::Ascending, .. }
            | GroupFunction::Percentile { direction: Direction::Ascending, .. } => way,
            GroupFunction::Rank { direction: Direction::Descending, .. }
            | GroupFunction::Percentile { direction: Direction::Descending, .. } => way.turned(),
            GroupFunction::Sum
            | GroupFunction::Average
            | GroupFunction::Minimum
            | GroupFunction::Maximum
            | GroupFunction::Median => way,
            GroupFunction::Share => {
                let range = group.value.map(|value| self.insight.at(self.insight.plan.column(value).body));
                way.when(range.and_then(|known| known.range()).is_some_and(|range| range.is_not_negative()))
            }
            // a spread has no direction of its own; a distance counted in it goes as the distance does
            GroupFunction::Count | GroupFunction::Deviation => Still,
            GroupFunction::CumulativeShare { .. }
            | GroupFunction::Seats(_)
            | GroupFunction::Allot(_)
            | GroupFunction::Severity(_) => Unclear,
        }
    }

    /// The way of `a − b` where one of the two is a person's figure and the other a figure of the group of the same: it
    /// goes with the person's, who moves the group less than himself.
    pub(super) fn distance(&self, a: NodeId, b: NodeId) -> Option<Way> {
        let pulled = |figure: NodeId, group: NodeId| {
            let group = self.group_of(figure, group)?;
            let pulled = matches!(
                group.function,
                GroupFunction::Average | GroupFunction::Minimum | GroupFunction::Maximum | GroupFunction::Median
            );
            pulled.then(|| self.of(figure))
        };
        pulled(a, b).or_else(|| pulled(b, a).map(Way::turned))
    }

    /// The way of `a ÷ b` where one of the two is a person's figure and the other a figure of the group of the same.
    pub(super) fn proportion(&self, id: NodeId, a: NodeId, b: NodeId) -> Option<Way> {
        let pulled = |figure: NodeId, whole: NodeId| {
            let group = self.group_of(figure, whole)?;
            let positive =
                |id_: NodeId| self.insight.seen(id, id_).range().is_some_and(|range| range.is_not_negative());
            let certain = match group.function {
                GroupFunction::Sum
                | GroupFunction::Average
                | GroupFunction::Minimum
                | GroupFunction::Maximum
                | GroupFunction::Median => positive(figure) && positive(whole),
                _ => return None,
            };
            Some(self.of(figure).when(certain))
        };
        pulled(a, b).or_else(|| pulled(b, a).map(Way::turned))
    }

    /// The group that `whole` is a figure of, where it is one of the same figure of people.
    fn group_of(&self, figure: NodeId, whole: NodeId) -> Option<&Group> {
        let Op::Group(group) = self.told(whole) else { return None };
        let group = self.insight.plan.group(*group);
        let is = |value: ColumnId| {
            let classes = &self.insight.classes;
            matches!(self.told(figure), Op::Column(column) if *column == value)
                || classes.of(figure) == classes.of(self.insight.plan.column(value).body)
        };
        group.value.is_some_and(is).then_some(group)
    }
}
