//! Scores that fall when a result improves: `better` says which way is good, and the ways of all figures are followed.
//!
//! Nothing is claimed without an instance or a proof. Where the ways do not show that a score goes with its result, values
//! of the result are tried, the other inputs held; a fall that is found is told with its figures. Where none can be tried,
//! as among people, a score whose way is certainly the wrong one is told without figures; otherwise the checker says that
//! it cannot tell.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::Checker;
use super::insight::{Insight, Supposed};
use super::known::Known;
use super::range::{End, Range, written};
use super::way::{Way, Ways};
use crate::code::Code;
use crate::number::{Number, RoundingMode};
use crate::plan::{Better, ColumnId, NodeId, Op, Role};
use crate::value::{Kind, Value};

/// The most values of a column that are tried.
const MOST_TRIED: usize = 200;
/// The most columns that are named as not decided.
const MOST_NAMED: usize = 8;

/// A score that falls, with two values of the result that show it.
struct Fall {
    from: (Number, Number),
    to: (Number, Number),
    /// The other inputs that play a part, and what they are held at.
    held: Vec<(Arc<str>, Number)>,
}

/// The way a score should go as the column rises.
const fn good(better: Better) -> Way {
    match better {
        Better::Higher => Way::Rising,
        Better::Lower => Way::Falling,
    }
}

/// One trial: the column has this value, and the other inputs values of their own.
struct Trial {
    column: ColumnId,
    value: Number,
    /// Which values the other inputs have.
    turn: u32,
}

impl Supposed for Trial {
    fn known(&self, insight: &Insight<'_>, id: NodeId) -> Option<Known> {
        match &insight.plan.node(id).op {
            Op::Column(column) if *column == self.column => Some(Known::number(Range::point(self.value.clone()))),
            Op::Input(input) => {
                let input = insight.plan.inputs.get(input.index())?;
                match (&input.kind, insight.at(id)) {
                    (Kind::Truth, _) => Some(Known::of(&Value::Truth(self.turn == 1))),
                    (_, Known::Number(range)) => Some(Known::number(Range::point(typical(range, self.turn)?))),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// A number of the range that is good to compute with; another for each turn.
fn typical(range: &Range, turn: u32) -> Option<Number> {
    let usual = [1, 10, 100, 0].map(Number::from_integer);
    let ends = [&range.low, &range.high].map(|end| match end {
        End::At(number) | End::Past(number) => Some(number.clone()),
        End::Free => None,
    });
    let middle = match &ends {
        [Some(low), Some(high)] => Some(low.add(high).multiply(&Number::from_parts(5, 1))),
        [Some(low), None] => Some(low.add(&Number::from_integer(10))),
        [None, Some(high)] => Some(high.subtract(&Number::from_integer(10))),
        [None, None] => None,
    };
    let middle = middle.map(|middle| if range.whole { middle.round(0, RoundingMode::Floor) } else { middle });
    let first = if turn == 0 { None } else { middle.clone() };
    let mut wanted = first.into_iter().chain(usual).chain(middle).chain(ends.into_iter().flatten());
    wanted.find(|number| range.contains(number))
}

impl Checker<'_> {
    /// Warns of scores that fall when a result improves.
    pub(super) fn falls(&mut self) {
        let better: Vec<(ColumnId, Better)> = (0..)
            .zip(&self.plan().columns)
            .filter(|(_, column)| self.plan().node(column.body).facts.kind == Kind::Number)
            .filter_map(|(at, column)| Some((ColumnId(at), column.better?)))
            .collect();
        if better.is_empty() {
            return;
        }
        let sheet = Sheet::new(&self.insight);
        let mut undecided = Vec::new();
        for (column, better) in better {
            let mut ways = Ways::new(&self.insight, column);
            let mut tainted: HashSet<ColumnId> = HashSet::new();
            let mut found: Vec<(ColumnId, Way, Option<Fall>)> = Vec::new();
            // operands stand before what reads them, so the first that waits has all of its own
            let mut waiting: BTreeSet<NodeId> = sheet.readings(column).iter().copied().collect();
            while let Some(id) = waiting.pop_first() {
                let way = ways.follow(id);
                if way == Way::Still {
                    continue;
                }
                waiting.extend(sheet.readers(id));
                let Some(at) = sheet.result_of(id) else { continue };
                waiting.extend(sheet.readings(at));
                // what reads a score that falls, falls for that reason
                let falls_for_another = sheet.reads(at).iter().any(|read| tainted.contains(read));
                if falls_for_another || (self.is_score(at) && way != good(better)) {
                    tainted.insert(at);
                    if !falls_for_another {
                        found.push((at, way, self.fall(&sheet, (column, better), at)));
                    }
                }
            }
            for (score, way, fall) in found {
                match fall {
                    Some(fall) => self.tell_fall(&sheet, column, score, &fall),
                    // among people there is no trying one value alone, and none is needed where the way is certain
                    None if way == good(better).turned() => self.tell_opposed(column, score),
                    None => undecided.push((column, score)),
                }
            }
        }
        self.tell_undecided(&undecided);
    }

    fn is_score(&self, column: ColumnId) -> bool {
        matches!(self.plan().column(column).role, Role::Item(_) | Role::Composite(_) | Role::Adjustment)
    }

    /// Two values of the column between which the score falls though the result improves.
    fn fall(&self, sheet: &Sheet, (column, better): (ColumnId, Better), score: ColumnId) -> Option<Fall> {
        let body = self.plan().column(score).body;
        let Known::Number(range) = self.insight.at(self.plan().column(column).body) else { return None };
        let tried = tried(range, &sheet.constants(&self.insight, column, score));
        for turn in 0..2 {
            let mut before: Option<(Number, Number)> = None;
            for value in &tried {
                let mut kept = HashMap::new();
                let trial = Trial { column, value: value.clone(), turn };
                let found = self.insight.suppose(&trial, body, &mut kept);
                let Some(points) = found.range().and_then(Range::single) else { continue };
                let here = (value.clone(), points.clone());
                if let Some(before) = before.replace(here.clone()) {
                    let falls = match better {
                        Better::Higher => here.1 < before.1,
                        Better::Lower => here.1 > before.1,
                    };
                    if falls {
                        let (from, to) = if better == Better::Higher { (before, here) } else { (here, before) };
                        return Some(Fall { from, to, held: self.held_at(column, &kept) });
                    }
                }
            }
        }
        None
    }

    /// The other inputs that were looked at, and their numbers.
    fn held_at(&self, column: ColumnId, kept: &HashMap<NodeId, Known>) -> Vec<(Arc<str>, Number)> {
        let mut held: Vec<(NodeId, Arc<str>, Number)> = Vec::new();
        for (id, known) in kept {
            if let (Op::Input(input), Some(number)) = (&self.plan().node(*id).op, known.range().and_then(Range::single))
                && let Some(input) = self.plan().inputs.get(input.index())
                && input.column != column
                && input.kind == Kind::Number
            {
                held.push((*id, Arc::clone(&input.name), number.clone()));
            }
        }
        held.sort_by_key(|(id, ..)| *id);
        held.into_iter().map(|(_, name, number)| (name, number)).collect()
    }

    fn tell_fall(&mut self, sheet: &Sheet, column: ColumnId, score: ColumnId, fall: &Fall) {
        let (result, column) = (self.plan().column(column), self.plan().column(score));
        let edge = self.edge_between(sheet.nodes(score), fall);
        let percent = result.show.percent
            || edge
                .and_then(|edge| self.plan().node(edge).span)
                .is_some_and(|span| self.writing.percents.contains(&span));
        let told = |number: &Number| written(number, percent);
        let (x, y) = (told(&fall.from.0), told(&fall.to.0));
        let (a, b) = (&fall.from.1, &fall.to.1);
        let rises = fall.from.0 < fall.to.0;
        let (goes_en, goes_zh) = if rises { ("rises", "升到") } else { ("falls", "降到") };
        let (name, score) = (&result.name, &column.name);
        let (held_en, held_zh) = match fall.held.as_slice() {
            [] => (String::new(), String::new()),
            held => {
                let each: Vec<String> =
                    held.iter().take(3).map(|(name, number)| format!("`{name}` = {number}")).collect();
                (format!(" (with {})", each.join(", ")), format!("（设 {}）", each.join("、")))
            }
        };
        let message = say!(
            "`{score}` falls from {a} to {b} as `{name}` {goes_en} from {x} to {y}, which is better{held_en}",
            "`{name}` 从 {x} {goes_zh} {y} 是变好，而 `{score}` 却从 {a} 降到 {b}{held_zh}"
        );
        let help = say!("correct the points, or the `better` of `{name}`", "请更正分值，或更正 `{name}` 的 `better`");
        match edge {
            Some(edge) => self.warn_at(Code::ScoreFalls, edge, message, help),
            None => self.warn_of(Code::ScoreFalls, column, message, help),
        }
    }

    fn tell_opposed(&mut self, column: ColumnId, score: ColumnId) {
        let (result, column) = (self.plan().column(column), self.plan().column(score));
        let (name, score) = (&result.name, &column.name);
        let message = if result.better == Some(Better::Lower) {
            say!(
                "`{score}` goes up with `{name}`, of which less is better",
                "`{score}` 随 `{name}` 一同上升，而 `{name}` 越低越好"
            )
        } else {
            say!(
                "`{score}` goes down as `{name}` goes up, of which more is better",
                "`{name}` 上升时 `{score}` 反而下降，而 `{name}` 越高越好"
            )
        };
        let help = say!(
            "correct the direction that is counted as better, or the `better` of `{name}`",
            "请更正计分中的好坏方向，或更正 `{name}` 的 `better`"
        );
        self.warn_of(Code::ScoreFalls, column, message, help);
    }

    /// The edge of a band, or the knot, that lies between the two values of a fall.
    fn edge_between(&self, nodes: &[NodeId], fall: &Fall) -> Option<NodeId> {
        let (low, high) = (fall.from.0.minimum(&fall.to.0), fall.from.0.maximum(&fall.to.0));
        let between = |id: &NodeId| {
            let number = self.insight.at(*id).range().and_then(Range::single);
            number.is_some_and(|number| low <= *number && *number <= high)
        };
        nodes.iter().find_map(|id| match &self.plan().node(*id).op {
            Op::Bands(bands) => bands.bands.iter().map(|(edge, _)| *edge).find(between),
            Op::Interpolate(line) => line.knots.iter().map(|(place, _)| *place).rev().find(between),
            _ => None,
        })
    }

    fn tell_undecided(&mut self, undecided: &[(ColumnId, ColumnId)]) {
        let Some((_, first)) = undecided.first() else { return };
        let pair = |(column, score): &(ColumnId, ColumnId)| {
            let (name, score) = (&self.plan().column(*column).name, &self.plan().column(*score).name);
            say!("`{score}` with `{name}`", "`{score}` 与 `{name}`")
        };
        let pairs: Vec<Message> = undecided.iter().take(MOST_NAMED).map(pair).collect();
        let mut en: Vec<&str> = pairs.iter().map(|pair| &*pair.en).collect();
        let mut zh: Vec<&str> = pairs.iter().map(|pair| &*pair.zh).collect();
        if undecided.len() > MOST_NAMED {
            en.push("…");
            zh.push("…");
        }
        let message = Message::new(
            format!("whether a score falls when its result improves cannot be decided: {}", en.join(", ")),
            format!("无法判定成绩变好时得分是否会下降：{}", zh.join("、")),
        );
        let help = say!(
            "try some values with `cases:`, or leave `better` out of what has no direction of its own",
            "请用 `cases:` 试算几组数据；本身没有好坏方向的列，请去掉 `better`"
        );
        self.warn_of(Code::Undecided, self.plan().column(*first), message, help);
    }
}

/// Which columns and nodes read which.
struct Sheet {
    /// The nodes of each column, in order.
    nodes: Vec<Vec<NodeId>>,
    /// The columns each column reads.
    reads: Vec<Vec<ColumnId>>,
    /// The nodes that read each column.
    readings: Vec<Vec<NodeId>>,
    /// The columns that read each column.
    read_by: Vec<Vec<ColumnId>>,
    /// The nodes that read each node.
    readers: Vec<Vec<NodeId>>,
    /// The column whose result a node is.
    results: HashMap<NodeId, ColumnId>,
}

impl Sheet {
    fn new(insight: &Insight<'_>) -> Self {
        let plan = insight.plan;
        let count = plan.columns.len();
        let mut sheet = Self {
            nodes: vec![Vec::new(); count],
            reads: vec![Vec::new(); count],
            readings: vec![Vec::new(); count],
            read_by: vec![Vec::new(); count],
            readers: vec![Vec::new(); plan.nodes.len()],
            results: (0..).zip(&plan.columns).map(|(at, column)| (column.body, ColumnId(at))).collect(),
        };
        fn note<T>(lists: &mut [Vec<T>], at: usize, what: T) {
            if let Some(list) = lists.get_mut(at) {
                list.push(what);
            }
        }
        for id in insight.nodes() {
            let op = &plan.node(id).op;
            for operand in op.operands() {
                note(&mut sheet.readers, operand.index(), id);
            }
            let Some(owner) = insight.owner(id) else { continue };
            note(&mut sheet.nodes, owner.index(), id);
            let read: Vec<ColumnId> = match op {
                Op::Column(read) => vec![*read],
                Op::Group(group) => plan.group(*group).operands().collect(),
                _ => Vec::new(),
            };
            for read in read {
                note(&mut sheet.reads, owner.index(), read);
                note(&mut sheet.readings, read.index(), id);
                note(&mut sheet.read_by, read.index(), owner);
            }
        }
        sheet
    }

    fn readings(&self, column: ColumnId) -> &[NodeId] {
        self.readings.get(column.index()).map_or(&[], Vec::as_slice)
    }

    fn readers(&self, id: NodeId) -> &[NodeId] {
        self.readers.get(id.index()).map_or(&[], Vec::as_slice)
    }

    fn result_of(&self, id: NodeId) -> Option<ColumnId> {
        self.results.get(&id).copied()
    }

    fn nodes(&self, column: ColumnId) -> &[NodeId] {
        self.nodes.get(column.index()).map_or(&[], Vec::as_slice)
    }

    fn reads(&self, column: ColumnId) -> &[ColumnId] {
        self.reads.get(column.index()).map_or(&[], Vec::as_slice)
    }

    /// The columns that are reached from one, in order.
    fn reached(column: ColumnId, from: &[Vec<ColumnId>]) -> Vec<ColumnId> {
        let mut found = HashSet::new();
        let mut waiting = vec![column];
        while let Some(at) = waiting.pop() {
            let next = from.get(at.index()).map_or(&[][..], Vec::as_slice);
            waiting.extend(next.iter().filter(|next| found.insert(**next)));
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable();
        found
    }

    /// The numbers that are written between a column and a score: where a score turns, it turns at one of them.
    fn constants(&self, insight: &Insight<'_>, column: ColumnId, score: ColumnId) -> Vec<Number> {
        let dependents: HashSet<_> = Self::reached(column, &self.read_by).into_iter().collect();
        let read = Self::reached(score, &self.reads);
        let between = read.into_iter().filter(|each| dependents.contains(each)).chain([score]);
        let nodes = between.flat_map(|each| self.nodes(each).iter());
        let numbers = nodes.filter_map(|id| insight.at(*id).range().and_then(Range::single).cloned());
        numbers.take(MOST_TRIED).collect()
    }
}

/// Values of a range that are worth trying: its ends, the numbers written, and what lies between them, in order.
fn tried(range: &Range, constants: &[Number]) -> Vec<Number> {
    let half = Number::from_parts(5, 1);
    let ends = [&range.low, &range.high].into_iter().filter_map(|end| match end {
        End::At(number) | End::Past(number) => Some(number.clone()),
        End::Free => None,
    });
    let usual = [0, 1, 2, 10, 100].map(Number::from_integer);
    let mut all: Vec<Number> = ends.chain(usual).chain(constants.iter().take(MOST_TRIED / 4).cloned()).collect();
    if let Some(last) = all.iter().max() {
        all.push(last.add(&Number::ONE));
    }
    all.sort();
    all.dedup();
    let mut between = Vec::new();
    for pair in all.windows(2) {
        let [a, b] = pair else { continue };
        let gap = b.subtract(a);
        // a score may fall just where one rule ends and the next begins
        let near = if range.whole { Number::ONE } else { gap.multiply(&Number::from_parts(1, 3)) };
        between.extend([a.add(&near), b.subtract(&near), a.add(&gap.multiply(&half))]);
    }
    let whole = |number: Number| if range.whole { number.round(0, RoundingMode::Floor) } else { number };
    all.extend(between.into_iter().map(whole));
    all.retain(|number| range.contains(number));
    all.sort();
    all.dedup();
    all.truncate(MOST_TRIED);
    all
}
