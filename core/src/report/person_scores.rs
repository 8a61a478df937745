//! The totals of a person as tables: parts below parts, what was done to them, and where points were lost.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::person_page::Sheet;
use super::sections::PROVISIONAL;
use super::{ScoreEntry, ScoreLine, ScoreTable};
use crate::explain::text::{contribution_told, is_rescaled, rescaled_told, rounding_told, score_text};
use crate::explain::{ColumnExplanation, ColumnRole, Fact, Part, Step, StepKind, number_text};
use crate::number::Number;
use crate::page::{Cell, Row, Table, Tone, bar};
use crate::plan::WhenMissing;

/// How many indicators stand beside an item.
const TOLD_INDICATORS: usize = 4;
/// The most decimals that numbers are given for the sake of those above and below them.
const MOST_PLACES: u32 = 4;

/// Which columns a table of scores needs.
#[derive(Debug, Clone, Copy)]
struct Shape {
    reads: bool,
    weight: bool,
    moved: bool,
    rescaled: bool,
    /// The decimals with which what lines bring stands one below the other.
    places: u32,
}

impl Shape {
    fn of(table: &ScoreTable) -> Self {
        let parts: Vec<(&Part, bool)> = table
            .lines
            .iter()
            .filter_map(|line| match &line.entry {
                ScoreEntry::Part { part, reads, .. } => Some((&**part, !reads.is_empty())),
                _ => None,
            })
            .collect();
        let any = |of: &dyn Fn(&Part) -> bool| parts.iter().any(|(part, _)| of(part));
        Self {
            reads: parts.iter().any(|(_, reads)| *reads),
            weight: any(&|part| part.weight.is_some()),
            moved: any(&|part| part.missing == Some(WhenMissing::Redistribute)),
            rescaled: any(&is_rescaled),
            places: places(
                table
                    .lines
                    .iter()
                    .filter_map(ScoreLine::brings)
                    .chain(parts.iter().filter_map(|(part, _)| part.lost.as_ref())),
            ),
        }
    }

    /// What a line brings, with its decimals below those of the others.
    fn amount_text(self, number: &Number) -> String {
        number_text::fixed(number, Some(self.places))
    }

    /// The same with a sign in front.
    fn signed(self, number: &Number) -> String {
        let sign = if number.sign() > 0 && number_text::is_short(number) { "+" } else { "" };
        if number_text::is_short(number) {
            format!("{sign}{}", self.amount_text(number))
        } else {
            number_text::signed(number)
        }
    }

    /// Whether what a part brings can differ from its score.
    const fn contribution(self) -> bool {
        self.weight || self.moved || self.rescaled
    }

    /// The place of the column in which scores stand.
    fn score(self) -> usize {
        let before = [true, self.reads, true, self.weight, self.weight && self.moved];
        before.iter().filter(|there| **there).count()
    }

    /// The place of the column in which what a line brings stands.
    fn amount(self) -> usize {
        let after = [self.contribution(), self.rescaled];
        after.iter().filter(|there| **there).count().saturating_add(self.score())
    }
}

impl<'r> Sheet<'r> {
    pub(super) fn scores(&mut self, table: &'r ScoreTable) {
        let Some(total) = self.column(&table.total) else { return };
        let name = self.writer.name(total);
        self.writer.heading(&Message::new(name.clone(), name));
        let shape = Shape::of(table);
        let mut rows = self.score_head(shape);
        let mut sums = self.sums(table);
        for line in &table.lines {
            // what the parts come to together stands below all of them, before what was done to it
            if !matches!(line.entry, ScoreEntry::Part { .. })
                && let Some(sum) = sums.remove(&*line.of)
            {
                let told = self.say(&say!("together", "合计"));
                rows.rows.push(step_row(told, shape.amount_text(&sum), line.depth, shape));
            }
            match &line.entry {
                ScoreEntry::Part { part, role, reads } => {
                    let row = self.part(part, *role, reads, line.depth, shape);
                    rows.rows.push(row);
                }
                ScoreEntry::Step(step) if is_told(step) => {
                    let changed = step.change.as_ref().filter(|change| !change.is_zero());
                    let amount = changed.map(|change| shape.signed(change)).unwrap_or_default();
                    rows.rows.push(step_row(self.say(&step.told), amount, line.depth, shape));
                }
                ScoreEntry::Rounding(rounding) if !rounding.difference.is_zero() => {
                    let told = self.say(&rounding_told(rounding));
                    rows.rows.push(step_row(told, shape.signed(&rounding.difference), line.depth, shape));
                }
                ScoreEntry::Step(_) | ScoreEntry::Rounding(_) => {}
            }
        }
        let score = self.writer.value(total);
        let full = total.full.as_ref().map(number_text::told).unwrap_or_default();
        rows.rows.push(self.total_row(total, score, full, shape));
        self.writer.table(rows);
        self.how_contributions_follow(table, shape);
        self.lost(total);
    }

    fn score_head(&self, shape: Shape) -> Table {
        let mut table = Table::default();
        table.head(self.say(&say!("part", "项目")));
        if shape.reads {
            table.text(self.say(&say!("indicators", "指标值")));
        }
        table.head(self.say(&say!("full marks", "满分")));
        if shape.weight {
            table.head(self.say(&say!("weight", "权重")));
        }
        if shape.weight && shape.moved {
            table.head(self.say(&say!("weight that counts", "实际权重")));
        }
        table.head(self.say(&say!("score", "得分")));
        if shape.rescaled {
            table.head(self.say(&say!("counts as", "折算得分")));
        }
        if shape.contribution() {
            table.head(self.say(&say!("contribution", "折合")));
        }
        table.head(self.say(&say!("lost", "失分")));
        table.bars();
        table
    }

    fn part(&self, part: &Part, role: ColumnRole, reads: &[Arc<str>], depth: usize, shape: Shape) -> Row {
        let number = |number: &Option<Number>| Cell::from(number.as_ref().map(number_text::told).unwrap_or_default());
        let amount = |number: &Option<Number>| {
            Cell::from(number.as_ref().map(|number| shape.amount_text(number)).unwrap_or_default())
        };
        let column = self.column(&part.column);
        let name = column.map_or_else(|| part.column.to_string(), |column| self.writer.name(column));
        let mut cells = vec![Cell { text: name, depth, ..Cell::default() }];
        if shape.reads {
            cells.push(self.indicators_of(reads));
        }
        cells.push(number(&part.full));
        if shape.weight {
            cells.push(number(&part.weight));
        }
        if shape.weight && shape.moved {
            cells.push(number(&part.effective_weight.clone().filter(|_| part.weight.is_some())));
        }
        let provisional = column.is_some_and(|column| !column.provisional.is_empty());
        let score = score_text(part, self.language());
        cells.push(Cell::from(if provisional { format!("{score}{}", PROVISIONAL) } else { score }));
        if shape.rescaled {
            cells.push(number(&part.score));
        }
        if shape.contribution() {
            cells.push(amount(&part.contribution));
        }
        cells.push(amount(&part.lost));
        let reached = part.score.as_ref().zip(part.full.as_ref()).and_then(|(score, full)| bar(score, full));
        cells.push(Cell::bar(reached));
        let row = Row::of(cells);
        if role == ColumnRole::Total { row.strong() } else { row }
    }

    /// What an item was computed from, each in a line.
    fn indicators_of(&self, reads: &[Arc<str>]) -> Cell {
        let told = |column: &ColumnExplanation| format!("{} {}", column.name, self.writer.value_with_unit(column));
        let columns: Vec<&ColumnExplanation> =
            self.columns(reads).into_iter().filter(|column| column.table.is_none()).collect();
        let mut lines = columns.iter().take(TOLD_INDICATORS).map(|column| told(column));
        let mut cell = Cell::from(lines.next().unwrap_or_default());
        cell.more = lines.collect();
        let more = columns.len().saturating_sub(TOLD_INDICATORS);
        if more > 0 {
            cell.more.push(self.say(&say!("… and {more} more", "……另有 {more} 项")));
        }
        cell
    }

    /// The total itself: its full marks, its score, and the same below what brought it.
    fn total_row(&self, total: &ColumnExplanation, score: String, full: String, shape: Shape) -> Row {
        let mut cells = vec![Cell::from(self.writer.name(total))];
        if shape.reads {
            cells.push(Cell::default());
        }
        cells.push(Cell::from(full));
        cells.resize_with(shape.score(), Cell::default);
        cells.push(Cell::from(score));
        if shape.contribution() {
            cells.resize_with(shape.amount(), Cell::default);
            cells.push(Cell::from(total.exact.as_ref().map(|exact| shape.amount_text(exact)).unwrap_or_default()));
        }
        Row::of(cells).strong()
    }

    /// What the parts of each total come to, where something comes after them.
    fn sums<'t>(&self, table: &'t ScoreTable) -> HashMap<&'t str, Number> {
        let sum = |total: &ColumnExplanation| {
            let changed = total.steps.iter().any(|step| step.change.is_some() && is_told(step));
            let rounded = total.rounding.as_ref().is_some_and(|rounding| !rounding.difference.is_zero());
            let together = total.steps.iter().find(|step| step.kind == StepKind::Parts)?;
            match together.facts.iter().find(|(name, _)| *name == "value") {
                Some((_, Fact::Number(sum))) if changed || rounded => Some(sum.clone()),
                _ => None,
            }
        };
        let totals: HashSet<&str> = table.lines.iter().map(|line| &*line.of).collect();
        totals.into_iter().filter_map(|of| Some((of, sum(self.column(of)?)?))).collect()
    }

    fn how_contributions_follow(&mut self, table: &ScoreTable, shape: Shape) {
        if shape.rescaled {
            self.writer.paragraph(Tone::Quiet, &rescaled_told());
        }
        let mut told: Vec<Message> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for line in &table.lines {
            if seen.contains(&&*line.of) {
                continue;
            }
            seen.push(&line.of);
            let Some(total) = self.column(&line.of) else { continue };
            let weighted = total.parts.iter().any(|part| part.weight.is_some());
            let moved = total.parts.iter().any(|part| part.missing == Some(WhenMissing::Redistribute));
            told.extend(contribution_told(weighted, moved).filter(|rule| !told.contains(rule)));
        }
        for rule in told {
            self.writer.paragraph(Tone::Quiet, &rule);
        }
        if table.lines.iter().any(|line| line.depth > 0) {
            self.writer.paragraph(
                Tone::Quiet,
                &say!(
                    "what stands deeper counts towards the part above it; with adjustments and rounding it adds up to its score",
                    "缩进的各项计入其上一级；连同加减分与舍入，合计即上一级的得分"
                ),
            );
        }
    }

    fn lost(&mut self, total: &ColumnExplanation) {
        let Some(most) = total.lost.first().map(|lost| &lost.effect) else { return };
        let scaled = total.lost.iter().any(|lost| lost.effect != lost.points);
        let name = &total.name;
        let heading = self.say(&say!("Points lost in {name}, largest first", "{name}的失分，从大到小"));
        self.writer.subheading(heading);
        let mut table = Table::default();
        table.head(self.say(&say!("part", "项目")));
        table.head(self.say(&say!("full marks", "满分")));
        table.head(self.say(&say!("lost", "失分")));
        if scaled {
            table.head(self.say(&say!("costs {name}", "影响{name}")));
        }
        table.bars();
        let effects = places(total.lost.iter().map(|lost| &lost.effect));
        for lost in &total.lost {
            let mut row = vec![
                Cell::from(lost.column.to_string()),
                Cell::from(number_text::told(&lost.full)),
                Cell::from(number_text::fixed(&lost.points, lost.places)),
            ];
            if scaled {
                row.push(Cell::from(number_text::fixed(&lost.effect, Some(effects))));
            }
            row.push(Cell::bar(bar(&lost.effect, most)));
            table.rows.push(Row::of(row));
        }
        self.writer.table(table);
    }
}

/// Steps that changed something, and those that people look for whether they did or not.
fn is_told(step: &Step) -> bool {
    let changed = step.change.as_ref().is_some_and(|change| !change.is_zero());
    let met = step.facts.iter().any(|(name, fact)| *name == "met" && *fact == Fact::Truth(true));
    changed || met || step.kind == StepKind::Adjustment
}

/// The most decimals of some numbers, when they are not too many to be written out for all of them.
fn places<'n>(numbers: impl Iterator<Item = &'n Number>) -> u32 {
    let scales = numbers.filter_map(Number::decimal_scale);
    scales.filter(|scale| *scale <= MOST_PLACES).max().unwrap_or(0)
}

/// A line of what was done to a total: what it is, and what it brought.
fn step_row(told: String, amount: String, depth: usize, shape: Shape) -> Row {
    let first = Cell { text: told, depth, span: shape.amount(), ..Cell::default() };
    Row::of([first, Cell::from(amount)]).quiet()
}
