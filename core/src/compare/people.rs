//! The two runs side by side: people by key, columns by name, and for everybody with a changed figure what changed it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::account::{Account, contributions};
use super::reads::{Leaf, Reads, What};
use super::summary::{Tally, grading, numbers_of};
use super::{Because, Change, ColumnSummary, Comparison, Movement, Person, Reading, Side};
use crate::eval::detail::key_text;
use crate::eval::input;
use crate::eval::row::{CellResult, Cells};
use crate::eval::trace::{Silent, Trace};
use crate::outcome::Figure;
use crate::plan::{ColumnId, DetailId, InputId, Plan, Role};
use crate::run::Run;
use crate::value::{Kind, Value, WordList};

/// A shown column of both schemes.
pub(super) struct Pair {
    pub(super) name: Arc<str>,
    /// Its place among the shown ones: in the old scheme, in the new.
    pub(super) at: (usize, usize),
    pub(super) id: (ColumnId, ColumnId),
}

/// A person of both runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) old: usize,
    pub(super) new: usize,
}

pub(super) fn compare(old: &Run, new: &Run) -> Comparison {
    let (old_keys, new_keys) = (old.key_texts(), new.key_texts());
    let old_rows: HashMap<&str, usize> = old_keys.iter().enumerate().map(|(row, key)| (&**key, row)).collect();
    let mut matched = Vec::new();
    let mut only_new = Vec::new();
    for (row, key) in new_keys.iter().enumerate() {
        match old_rows.get(&**key) {
            Some(before) => matched.push(Match { old: *before, new: row }),
            None => only_new.push(key.clone()),
        }
    }
    let there: HashSet<&str> = new_keys.iter().map(|key| &**key).collect();
    let only_old: Vec<String> = old_keys.iter().filter(|key| !there.contains(&***key)).cloned().collect();
    let pairs = pairs(old, new);
    let mut work = Work::new((old, new), &pairs, &matched, !only_old.is_empty() || !only_new.is_empty());
    let mut tallies: Vec<Tally> = pairs.iter().map(|_| Tally::default()).collect();
    let incomplete: [HashSet<usize>; 2] = [old, new].map(|run| run.incomplete().iter().copied().collect());
    let mut changed = Vec::new();
    for person in &matched {
        let looked_at = incomplete[0].contains(&person.old) || incomplete[1].contains(&person.new);
        let differs = pairs.iter().any(|pair| work.figures(pair, *person).is_some_and(|(old, new)| old != new));
        if !looked_at && !differs {
            continue;
        }
        let key = new_keys.get(person.new).map_or("", |key| key);
        let changes = work.person(*person, &mut tallies, differs);
        if differs {
            for (at, change) in &changes {
                if let Some(tally) = tallies.get_mut(*at) {
                    tally.changed(change);
                }
            }
            let changes = changes.into_iter().map(|(_, change)| change).collect();
            changed.push(Person { key: key.to_owned(), old_row: person.old, new_row: person.new, changes });
        }
    }
    let figures = |pair: &Pair| {
        matched.iter().filter_map(|person| Some((*person, work.figures(pair, *person)?))).collect::<Vec<_>>()
    };
    let mut gradings = Vec::new();
    let mut columns = Vec::new();
    for (pair, tally) in pairs.iter().zip(tallies) {
        let figures = figures(pair);
        let column = new.scheme().plan().column(pair.id.1);
        if let (Role::Grade, Some(ladders)) = (&column.role, work.ladders(pair)) {
            gradings.push(grading(pair, &figures, ladders, |old, new| work.movement(pair, old, new)));
        }
        let are_numbers = [(old, pair.id.0), (new, pair.id.1)]
            .iter()
            .all(|(run, id)| *kind(run.scheme().plan(), *id) == Kind::Number);
        let numbers = are_numbers.then(|| numbers_of(&figures, &new_keys, &tally));
        let empty = |figure: &Figure| matches!(figure, Figure::Empty(_));
        columns.push(ColumnSummary {
            column: Arc::clone(&pair.name),
            role: crate::explain::role(&column.role),
            changed: figures.iter().filter(|(_, (old, new))| old != new).count(),
            empty: (
                figures.iter().filter(|(_, (old, _))| empty(old)).count(),
                figures.iter().filter(|(_, (_, new))| empty(new)).count(),
            ),
            provisional: tally.provisional,
            numbers,
        });
    }
    let (columns_only_old, columns_only_new) = (unpaired(old, new), unpaired(new, old));
    Comparison {
        old: side(old, &old_keys),
        new: side(new, &new_keys),
        people: matched.len(),
        only_old,
        only_new,
        columns_only_old,
        columns_only_new,
        gradings,
        columns,
        changed,
    }
}

fn side(run: &Run, keys: &[String]) -> Side {
    let scheme = run.scheme();
    Side {
        scheme: scheme.name().into(),
        edition: scheme.edition().map(Into::into),
        fingerprint: scheme.fingerprint(),
        as_of: scheme.day(),
        given: run.given().map(|(name, figure)| (name.into(), figure)).collect(),
        people: run.rows(),
        incomplete: run.incomplete().iter().filter_map(|row| keys.get(*row).cloned()).collect(),
    }
}

/// The shown columns of both schemes but the key, in the order of the new one.
fn pairs(old: &Run, new: &Run) -> Vec<Pair> {
    let (before, now) = (old.scheme().plan(), new.scheme().plan());
    let key = new.scheme().key().map(|key| key.column);
    let place = |name: &str| before.shown.iter().position(|id| *before.column(*id).name == *name);
    let shown = now.shown.iter().enumerate().filter(|(_, id)| Some(**id) != key);
    shown
        .filter_map(|(at, id)| {
            let name = &now.column(*id).name;
            let was = place(name)?;
            Some(Pair { name: Arc::clone(name), at: (was, at), id: (*before.shown.get(was)?, *id) })
        })
        .collect()
}

/// The shown columns of one scheme that the other does not show.
fn unpaired(of: &Run, other: &Run) -> Vec<Arc<str>> {
    let names = |run: &Run| {
        let plan = run.scheme().plan();
        plan.shown.iter().map(|id| Arc::clone(&plan.column(*id).name)).collect::<Vec<_>>()
    };
    let there: HashSet<Arc<str>> = names(other).into_iter().collect();
    // the key names people and is matched by what it says, whatever it is called
    let key = of.scheme().key().map(|key| Arc::clone(&key.name));
    names(of).into_iter().filter(|name| !there.contains(name) && Some(name) != key.as_ref()).collect()
}

fn kind(plan: &Plan, id: ColumnId) -> &Kind {
    &plan.node(plan.column(id).body).facts.kind
}

/// What attributing changes needs to know, found once.
struct Work<'r> {
    runs: (&'r Run, &'r Run),
    pairs: &'r [Pair],
    reads: (Reads<'r>, Reads<'r>),
    accounts: Vec<Option<(Account<'r>, Account<'r>)>>,
    /// For the columns that figures over groups read, for how many people they changed.
    changed_for: HashMap<Arc<str>, usize>,
    /// Whether the people are not the same.
    other_people: bool,
    /// The values of the run that are not the same.
    other_given: HashSet<Arc<str>>,
}

/// A person as one run has them, evaluated.
struct Evaluated<'r> {
    run: &'r Run,
    cells: Cells,
    trace: Trace,
}

impl<'r> Work<'r> {
    fn new(runs: (&'r Run, &'r Run), pairs: &'r [Pair], matched: &[Match], other_people: bool) -> Self {
        let (old, new) = runs;
        let (before, now) = (old.scheme().plan(), new.scheme().plan());
        let accounts = pairs.iter().map(|pair| Some((Account::of(before, pair.id.0)?, Account::of(now, pair.id.1)?)));
        let given: HashMap<&str, Figure> = old.given().collect();
        let other_given = new.given().filter(|(name, value)| given.get(name).is_some_and(|was| was != value));
        let mut work = Self {
            accounts: accounts.collect(),
            other_given: other_given.map(|(name, _)| Arc::from(name)).collect(),
            runs,
            pairs,
            reads: (Reads::new(before), Reads::new(now)),
            changed_for: HashMap::new(),
            other_people,
        };
        work.count_changes(matched);
        work
    }

    /// For how many people each column changed that a figure over a group reads.
    fn count_changes(&mut self, matched: &[Match]) {
        let (old, new) = self.runs;
        let plan = new.scheme().plan();
        let groups = (0..plan.groups.len()).filter_map(|at| u32::try_from(at).ok()).map(crate::plan::GroupId);
        let operands: HashSet<What> = groups.flat_map(|group| self.reads.1.operands(group)).collect();
        for operand in operands {
            let What::Column(id) = operand else { continue };
            let column = plan.column(id);
            let count = match self.pairs.iter().find(|pair| pair.id.1 == id) {
                Some(pair) => matched
                    .iter()
                    .filter(|person| self.figures(pair, **person).is_some_and(|(old, new)| old != new))
                    .count(),
                None => {
                    let Role::Input(input) = column.role else { continue };
                    matched.iter().filter(|person| self.input_differs((old, new), input, **person)).count()
                }
            };
            self.changed_for.insert(Arc::clone(&column.name), count);
        }
    }

    /// Whether a person's cell of an input of the new scheme is another one in the old run.
    fn input_differs(&self, (old, new): (&Run, &Run), id: InputId, person: Match) -> bool {
        let (before, now) = (old.scheme().plan(), new.scheme().plan());
        let Some(input) = now.inputs.get(id.index()) else { return false };
        let Some(at) = before.inputs.iter().position(|each| each.name == input.name) else { return false };
        let Some(was) = before.inputs.get(at) else { return false };
        let (a, b) = (old.cell(person.old, at), new.cell(person.new, id.index()));
        match (input::read(was, &a), input::read(input, &b)) {
            (Ok(a), Ok(b)) => !same_value((&a, &was.kind), (&b, &input.kind)),
            (a, b) => a.is_ok() != b.is_ok(),
        }
    }

    /// The figures of a column for a person.
    fn figures(&self, pair: &Pair, person: Match) -> Option<(Figure, Figure)> {
        let (old, new) = self.runs;
        Some((old.figures(pair.at.0).get(person.old)?, new.figures(pair.at.1).get(person.new)?))
    }

    /// What changed for a person, with the place of each column among the pairs; counts what is provisional.
    fn person(&mut self, person: Match, tallies: &mut [Tally], traced: bool) -> Vec<(usize, Change)> {
        let (old, new) = (evaluated(self.runs.0, person.old, traced), evaluated(self.runs.1, person.new, traced));
        let mut changes = Vec::new();
        for (at, pair) in self.pairs.iter().enumerate() {
            let Some((before, now)) = self.figures(pair, person) else { continue };
            let provisional = (old.is_provisional(pair.id.0), new.is_provisional(pair.id.1));
            if let Some(tally) = tallies.get_mut(at) {
                tally.provisional.0 += usize::from(provisional.0);
                tally.provisional.1 += usize::from(provisional.1);
            }
            if before == now {
                continue;
            }
            let numbers = old.number(pair.id.0).zip(new.number(pair.id.1));
            let change = Change {
                column: Arc::clone(&pair.name),
                old: Reading { figure: before.clone(), provisional: provisional.0 },
                new: Reading { figure: now.clone(), provisional: provisional.1 },
                difference: numbers.map(|(old, new)| new.subtract(old)),
                movement: self.ladders(pair).and_then(|_| self.movement(pair, &before, &now)),
                because: self.because(at, pair, &old, &new),
            };
            changes.push((at, change));
        }
        changes
    }

    fn because(&mut self, at: usize, pair: &Pair, old: &Evaluated<'_>, new: &Evaluated<'_>) -> Because {
        if let Role::Input(_) = new.run.scheme().plan().column(pair.id.1).role {
            return Because::Facts;
        }
        let totals = old.number(pair.id.0).zip(new.number(pair.id.1));
        if let (Some((before, now)), Some(Some((was, is)))) = (totals, self.accounts.get(at))
            && let (Some(was), Some(is)) = (was.lines(&old.trace, before), is.lines(&new.trace, now))
        {
            return Because::Parts(contributions(was, is));
        }
        let mut found = Found::default();
        let leaves = [(self.reads.0.of(pair.id.0), old), (self.reads.1.of(pair.id.1), new)];
        for (leaves, side) in &leaves {
            let is_new = std::ptr::eq(*side, new);
            for leaf in leaves.iter().filter(|leaf| leaf.is_read(&side.trace)) {
                self.leaf(*leaf, is_new, (old, new), &mut found);
            }
        }
        found.because()
    }

    /// Whether what a leaf reads has changed.
    fn leaf(&mut self, leaf: Leaf, is_new: bool, sides: (&Evaluated<'_>, &Evaluated<'_>), found: &mut Found) {
        let plan = if is_new { sides.1 } else { sides.0 }.run.scheme().plan();
        match leaf.what {
            What::Column(id) => {
                let name = &plan.column(id).name;
                if differs(name, sides) {
                    found.column(name);
                }
            }
            What::Detail(table, input) => {
                let detail = plan.detail(table);
                let Some(input) = detail.inputs.get(input.index()) else { return };
                let cells = |side: &Evaluated<'_>| side.detail(&detail.name, &input.name);
                if cells(sides.0) != cells(sides.1) {
                    found.column(&plan.column(input.column).name);
                }
            }
            What::Given(id) => {
                if let Some(given) = plan.given.get(id.index())
                    && self.other_given.contains(&given.name)
                {
                    found.column(&given.name);
                }
            }
            What::Group(group) => {
                let operands = if is_new { self.reads.1.operands(group) } else { self.reads.0.operands(group) };
                found.other_people |= self.other_people;
                for what in operands {
                    let What::Column(id) = what else {
                        self.leaf(Leaf { node: leaf.node, what }, is_new, sides, found);
                        continue;
                    };
                    let name = &plan.column(id).name;
                    let own = differs(name, sides);
                    if own {
                        found.column(name);
                    }
                    if self.changed_for.get(name).copied().unwrap_or(0) > usize::from(own) {
                        found.other(name);
                    }
                }
            }
        }
    }

    /// The ladders of a grading of both schemes.
    fn ladders(&self, pair: &Pair) -> Option<(&'r Arc<WordList>, &'r Arc<WordList>)> {
        let ladder = |run: &'r Run, id| match kind(run.scheme().plan(), id) {
            Kind::Choice(list) if list.ordered => Some(list),
            _ => None,
        };
        Some((ladder(self.runs.0, pair.id.0)?, ladder(self.runs.1, pair.id.1)?))
    }

    /// Which way a grade moved by the new ladder; nothing when it stayed.
    fn movement(&self, pair: &Pair, old: &Figure, new: &Figure) -> Option<Movement> {
        if old == new {
            return None;
        }
        let (_, ladder) = self.ladders(pair)?;
        let states = (self.runs.0.scheme().ungraded_state(&pair.name), self.runs.1.scheme().ungraded_state(&pair.name));
        let place = |figure: &Figure, state: Option<&Arc<str>>| match figure {
            Figure::Text(word) if Some(word) != state => ladder.position(word),
            _ => None,
        };
        Some(match (place(old, states.0), place(new, states.1)) {
            (Some(old), Some(new)) if new > old => Movement::Up,
            (Some(old), Some(new)) if new < old => Movement::Down,
            _ => Movement::Elsewhere,
        })
    }
}

/// What was found to have changed.
#[derive(Default)]
struct Found {
    columns: Vec<Arc<str>>,
    others: Vec<Arc<str>>,
    other_people: bool,
}

impl Found {
    fn column(&mut self, name: &Arc<str>) {
        if !self.columns.contains(name) {
            self.columns.push(Arc::clone(name));
        }
    }

    fn other(&mut self, name: &Arc<str>) {
        if !self.others.contains(name) {
            self.others.push(Arc::clone(name));
        }
    }

    fn because(self) -> Because {
        let Self { columns, others, other_people } = self;
        if columns.is_empty() && others.is_empty() && !other_people {
            return Because::Rule;
        }
        Because::Read { columns, others, other_people }
    }
}

fn evaluated(run: &Run, row: usize, traced: bool) -> Evaluated<'_> {
    let mut trace = Trace::new(run.scheme().plan());
    let cells = if traced { run.evaluated(row, &mut trace) } else { run.evaluated(row, &mut Silent) };
    Evaluated { run, cells, trace }
}

impl Evaluated<'_> {
    fn cell(&self, id: ColumnId) -> Option<&CellResult> {
        self.cells.cells.get(id.index())
    }

    fn number(&self, id: ColumnId) -> Option<&crate::number::Number> {
        match self.cell(id)? {
            Ok(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// Whether a row that was left out could have changed a figure.
    fn is_provisional(&self, id: ColumnId) -> bool {
        self.cells.provisional.contains_key(&id) && matches!(self.cell(id), Some(Ok(_)))
    }

    /// The cells of an input of a detail table in this person's rows, as text; nothing when there is no such input.
    fn detail(&self, table: &str, input: &str) -> Option<Vec<Option<String>>> {
        let plan = self.run.scheme().plan();
        let id: DetailId = plan.detail_named(table)?;
        let detail = plan.detail(id);
        let at = detail.inputs.iter().position(|each| *each.name == *input)?;
        let rows = self.run.details().get(id.index())?;
        let key = match self.cell(detail.key)? {
            Ok(value) => key_text(value, kind(plan, detail.key)),
            Err(_) => None,
        };
        let list = detail.inputs.get(at)?;
        let told = |row: &u32| match rows.cell(plan, detail, at, *row) {
            Ok(value) => Some(Figure::of_value(&value, &list.kind).to_string()),
            Err(_) => None,
        };
        Some(rows.rows_of(key.as_deref().unwrap_or("")).iter().map(told).collect())
    }
}

/// Whether a column has another value for a person; not when one of the schemes does not have it.
fn differs(name: &str, (old, new): (&Evaluated<'_>, &Evaluated<'_>)) -> bool {
    let (before, now) = (old.run.scheme().plan(), new.run.scheme().plan());
    let (Some(was), Some(is)) = (before.column_named(name), now.column_named(name)) else { return false };
    match (old.cell(was), new.cell(is)) {
        (Some(Ok(a)), Some(Ok(b))) => !same_value((a, kind(before, was)), (b, kind(now, is))),
        (Some(a), Some(b)) => Figure::publish(before, was, a) != Figure::publish(now, is, b),
        _ => false,
    }
}

/// Whether two values are the same: numbers exactly, words as they are written.
fn same_value((a, a_kind): (&Value, &Kind), (b, b_kind): (&Value, &Kind)) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b,
        (a, b) => Figure::of_value(a, a_kind) == Figure::of_value(b, b_kind),
    }
}
