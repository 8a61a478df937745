//! Bands, knots and grades that nothing reaches, and figures that fall in no band.

use std::collections::{BTreeSet, HashMap};

use kaohe_grammar::{Message, say};

use super::Checker;
use super::range::{End, Range};
use crate::code::Code;
use crate::plan::{Bands, Beyond, Extreme, Interpolate, NodeId, Op, Role};
use crate::value::{Kind, Value};

impl Checker<'_> {
    /// Warns of what no figure reaches.
    pub(super) fn reach(&mut self) {
        let nodes: Vec<NodeId> = self.insight.nodes().collect();
        for id in nodes {
            match &self.plan().node(id).op {
                Op::Bands(bands) => self.reach_of_bands(id, bands),
                Op::Interpolate(line) => self.reach_of_knots(id, line),
                _ => {}
            }
        }
        self.grades();
    }

    fn reach_of_bands(&mut self, id: NodeId, bands: &Bands) {
        let Some((range, shares, left)) = self.insight.shares(id, bands) else { return };
        if range.single().is_some() {
            return; // a constant is placed once and for all, which may be meant
        }
        for ((edge, _), share) in bands.bands.iter().zip(shares) {
            if share.is_some_and(|share| share.is_empty()) {
                self.never_reached(bands.value, *edge, &range, ("falls in this band", "不会落入这一段"));
            }
        }
        if bands.otherwise.is_some() || left.is_empty() || bands.bands.iter().any(|(edge, _)| self.is_explained(*edge))
        {
            return;
        }
        let (en, zh) = self.called(bands.value, ("the figure", "该值"));
        let told = left.told(bands.bands.iter().any(|(edge, _)| self.in_percent(*edge)));
        let message = Message::new(
            format!("no band holds when {en} is {}", told.en),
            format!("{zh}{} 时不属于任何一段", told.zh),
        );
        let help = say!(
            "say what holds then with `else:`, or declare the range of the input",
            "请用 `else:` 写明此时的取值，或声明输入列的范围"
        );
        let last = bands.bands.last().map_or(id, |(edge, _)| *edge);
        self.warn_at(Code::NoBandHolds, last, message, help);
    }

    fn reach_of_knots(&mut self, id: NodeId, line: &Interpolate) {
        let seen = self.insight.seen(id, line.value);
        let Some(range) = seen.range().filter(|range| range.single().is_none()) else { return };
        let place = |knot: NodeId| self.insight.seen(id, knot).range().and_then(Range::single).cloned();
        let places: Vec<_> = line.knots.iter().filter_map(|(knot, _)| Some((*knot, place(*knot)?))).collect();
        let mut unreached = Vec::new();
        for pair in places.windows(2) {
            let [(lower, from), (upper, to)] = pair else { continue };
            let between = Range::new(End::Past(from.clone()), End::Past(to.clone()));
            if range.meet(&between).is_empty() {
                // the knot on the far side is the one nobody comes near
                let above = range.is_at_most(&Range::point(from.clone()));
                unreached.push(if above { *upper } else { *lower });
            }
        }
        if line.beyond == Beyond::Fault || unreached.len() < places.len() {
            for knot in unreached {
                self.never_reached(line.value, knot, range, ("comes near this knot", "不会到达这个节点"));
            }
        }
    }

    fn never_reached(&mut self, value: NodeId, edge: NodeId, range: &Range, what: (&str, &str)) {
        if self.is_explained(edge) {
            return;
        }
        let (en, zh) = self.called(value, ("the figure", "该值"));
        let told = range.told(self.in_percent(edge));
        let (whole_en, whole_zh) = if range.whole { ("a whole number ", "是整数，") } else { ("", "") };
        let message = Message::new(
            format!("{en} never {}: by the declared ranges it is {whole_en}{}", what.0, told.en),
            format!("{zh}{}：按声明的范围，它{whole_zh}{}", what.1, told.zh),
        );
        let help = say!("correct the edge, or the declared range", "请更正界限，或更正声明的范围");
        self.warn_at(Code::NeverReached, edge, message, help);
    }

    /// Whether a node's reason is told already.
    fn is_explained(&self, id: NodeId) -> bool {
        self.explained.contains(&id)
    }

    /// Warns of grades of a ladder that nothing gives, whatever the figures are.
    fn grades(&mut self) {
        let mut known = HashMap::new();
        for column in &self.plan().columns {
            let Kind::Choice(list) = &self.plan().node(column.body).facts.kind else { continue };
            if column.role != Role::Grade {
                continue;
            }
            let Some(given) = self.given(column.body, &mut known) else { continue };
            let grading = self.document.grades.iter().find(|grading| grading.common.name.name == column.name);
            for word in grading.iter().flat_map(|grading| &grading.ladder) {
                let Some(position) = list.position(&word.name) else { continue };
                if !given.contains(&position) {
                    let (name, path) = (&word.name, self.path(column));
                    self.warn(
                        Code::NeverReached,
                        word.span,
                        &path,
                        say!("nothing gives the grade `{name}`", "没有任何条件会得到等级 `{name}`"),
                        say!(
                            "add a threshold for it, or take it off the ladder",
                            "请为它补上分数线，或从 `ladder` 中去掉"
                        ),
                    );
                }
            }
        }
    }

    /// The grades a node can come to by the way it is written; nothing when that is not known.
    fn given(&self, id: NodeId, known: &mut HashMap<NodeId, Option<BTreeSet<u32>>>) -> Option<BTreeSet<u32>> {
        if let Some(found) = known.get(&id) {
            return found.clone();
        }
        let mut all = |ids: &mut dyn Iterator<Item = NodeId>| {
            ids.map(|id| self.given(id, known)).try_fold(BTreeSet::new(), |mut all, each| {
                all.extend(each?);
                Some(all)
            })
        };
        let found = match &self.plan().node(id).op {
            Op::Constant(Value::Choice(position)) => Some(BTreeSet::from([*position])),
            Op::Constant(Value::Missing) | Op::Fail(_) => Some(BTreeSet::new()),
            Op::Tell(_, inner) => all(&mut std::iter::once(*inner)),
            Op::Choose { then, otherwise, .. } => all(&mut [*then, *otherwise].into_iter()),
            Op::Bands(bands) => all(&mut bands.bands.iter().map(|(_, grade)| *grade).chain(bands.otherwise)),
            // the smallest of several is one of them, and no more than the largest of each
            Op::Extreme(extreme, operands) => {
                let each: Option<Vec<_>> = operands.iter().map(|id| self.given(*id, known)).collect();
                each.map(|each| extremes(*extreme, &each))
            }
            _ => None,
        };
        known.insert(id, found.clone());
        found
    }
}

/// What the smallest or largest can be, of one out of each.
fn extremes(extreme: Extreme, each: &[BTreeSet<u32>]) -> BTreeSet<u32> {
    let all = each.iter().flatten().copied();
    match extreme {
        Extreme::Minimum => {
            let most = each.iter().filter_map(BTreeSet::last).min();
            all.filter(|grade| most.is_none_or(|most| grade <= most)).collect()
        }
        Extreme::Maximum => {
            let least = each.iter().filter_map(BTreeSet::first).max();
            all.filter(|grade| least.is_none_or(|least| grade >= least)).collect()
        }
    }
}
