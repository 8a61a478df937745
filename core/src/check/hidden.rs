//! Figures that decide by digits nobody sees: placed or graded exactly, and shown rounded.

use std::collections::HashSet;

use kaohe_grammar::{Message, say};

use super::Checker;
use crate::code::Code;
use crate::plan::{Column, ColumnId, Group, GroupFunction, Op, Plan, Role};

/// Whether a column has, or may have, more decimals than are shown of it.
pub(super) fn shows_less(plan: &Plan, column: &Column) -> bool {
    let Some(shown) = places_seen(column) else { return false };
    let exact = plan.input_of(column).map(crate::plan::Input::most_places).or(column.places);
    exact.is_none_or(|exact| exact > shown)
}

/// The places of the number itself that are seen: a percentage shows two more than it is told to.
fn places_seen(column: &Column) -> Option<u32> {
    let places = column.show.places?;
    Some(if column.show.percent { places.saturating_add(2) } else { places })
}

/// The columns that places and seats in a group go by.
fn decided_by<'p>(plan: &'p Plan, group: &Group) -> Vec<&'p Column> {
    let figures: Vec<ColumnId> = match &group.function {
        GroupFunction::Rank { .. } | GroupFunction::Percentile { .. } => group.value.into_iter().collect(),
        GroupFunction::Seats(seats) => seats.order.iter().map(|(column, _)| *column).collect(),
        _ => Vec::new(),
    };
    figures.into_iter().map(|figure| plan.column(figure)).collect()
}

impl Checker<'_> {
    /// Warns of gradings, places and seats by a figure that is shown with fewer decimals than it has.
    pub(super) fn hidden_digits(&mut self) {
        let plan = self.plan();
        let mut decisions: Vec<(&Column, &Column)> = Vec::new();
        for id in self.insight.nodes() {
            let Some(reader) = self.insight.owner(id).map(|owner| plan.column(owner)) else { continue };
            let figures = match &plan.node(id).op {
                Op::Bands(bands) if reader.role == Role::Grade => self.column_of(bands.value).into_iter().collect(),
                Op::Group(group) => decided_by(plan, plan.group(*group)),
                _ => Vec::new(),
            };
            decisions.extend(figures.into_iter().map(|figure| (reader, figure)));
        }
        let mut told = HashSet::new();
        decisions.retain(|(reader, figure)| told.insert((&reader.name, &figure.name)));
        for (reader, figure) in decisions {
            self.decides_unseen(figure, reader);
        }
    }

    /// Warns when `column` is decided by digits of `figure` that are not shown: equal as they are shown, and not equal.
    pub(super) fn decides_unseen(&mut self, figure: &Column, column: &Column) {
        if !shows_less(self.plan(), figure) {
            return;
        }
        let (name, by, places) = (&column.name, &figure.name, places_seen(figure).unwrap_or(0));
        let message =
            say!("`{name}` is decided by digits of `{by}` that are not shown", "`{name}` 由 `{by}` 未显示的小数位决定");
        let help = Message::new(
            format!("round `{by}` to what is shown of it, as in `round: {places}`"),
            format!("请把 `{by}` 取到显示的小数位，如 `round: {places}`"),
        );
        self.warn_of(Code::HiddenDigits, column, message, help);
    }
}
