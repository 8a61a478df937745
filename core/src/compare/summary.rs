//! What became of a column over everybody: totals of numbers, movements of grades.

use std::sync::Arc;

use super::people::{Match, Pair};
use super::{Because, Change, GradingSummary, Movement, Numbers, Source, Standing};
use crate::number::{Number, RoundingMode, UNROUNDED_PLACES};
use crate::outcome::Figure;
use crate::value::WordList;

/// The figures of a person in a column: the old and the new.
pub(super) type Figures = (Match, (Figure, Figure));

/// What was counted of a column person by person.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) provisional: (usize, usize),
    by_source: Vec<(Source, Number)>,
}

impl Tally {
    /// A figure changed: what its parts added, to 12 decimals so that a sum over many people stays short.
    pub(super) fn changed(&mut self, change: &Change) {
        let Because::Parts(parts) = &change.because else { return };
        for part in parts.iter().filter(|part| part.source != Source::Rounding) {
            let added = part.difference().round(UNROUNDED_PLACES.cast_signed(), RoundingMode::HalfUp);
            match self.by_source.iter_mut().find(|(source, _)| *source == part.source) {
                Some((_, total)) => *total = total.add(&added),
                None => self.by_source.push((part.source.clone(), added)),
            }
        }
    }

    /// What each source added; with the rounding all of it adds up to `difference`.
    fn sources(&self, difference: &Number) -> Vec<(Source, Number)> {
        let mut sources = self.by_source.clone();
        sources.sort_by_key(|(source, _)| !matches!(source, Source::Part(_)));
        let told = sources.iter().fold(Number::ZERO, |sum, (_, added)| sum.add(added));
        if told != *difference {
            sources.push((Source::Rounding, difference.subtract(&told)));
        }
        sources.retain(|(_, added)| !added.is_zero());
        sources
    }
}

/// The numbers of a column.
pub(super) fn numbers_of(figures: &[Figures], new_keys: &[String], tally: &Tally) -> Numbers {
    let mut found = Numbers {
        people: 0,
        up: 0,
        down: 0,
        old_total: Number::ZERO,
        new_total: Number::ZERO,
        largest_rise: None,
        largest_fall: None,
        by_source: Vec::new(),
    };
    for (person, figures) in figures {
        let (Figure::Number { value: old, .. }, Figure::Number { value: new, .. }) = figures else { continue };
        let (old, new) = (Number::from_decimal(*old), Number::from_decimal(*new));
        found.people += 1;
        let difference = new.subtract(&old);
        found.old_total = found.old_total.add(&old);
        found.new_total = found.new_total.add(&new);
        let (count, largest) = match difference.sign() {
            0 => continue,
            sign if sign > 0 => (&mut found.up, &mut found.largest_rise),
            _ => (&mut found.down, &mut found.largest_fall),
        };
        *count += 1;
        if largest.as_ref().is_none_or(|(_, most)| difference.absolute() > most.absolute()) {
            *largest = Some((new_keys.get(person.new).cloned().unwrap_or_default(), difference));
        }
    }
    found.by_source = if tally.by_source.is_empty() { Vec::new() } else { tally.sources(&found.difference()) };
    found
}

/// Who moved where.
pub(super) fn grading(
    pair: &Pair,
    figures: &[Figures],
    (before, now): (&Arc<WordList>, &Arc<WordList>),
    movement: impl Fn(&Figure, &Figure) -> Option<Movement>,
) -> GradingSummary {
    let standings = |ladder: &WordList, of: &dyn Fn(&(Figure, Figure)) -> Standing| {
        let mut all: Vec<Standing> = ladder.in_writing().map(|word| Standing::Word(Arc::clone(word))).collect();
        for other in [Standing::None, Standing::Empty] {
            if figures.iter().any(|(_, figures)| of(figures) == other) {
                all.push(other);
            }
        }
        all
    };
    let old = standings(before, &|(old, _)| Standing::of(old));
    let new = standings(now, &|(_, new)| Standing::of(new));
    let mut found = GradingSummary {
        column: Arc::clone(&pair.name),
        up: 0,
        down: 0,
        same: 0,
        elsewhere: 0,
        matrix: vec![vec![0; new.len()]; old.len()],
        old,
        new,
    };
    for (_, (was, is)) in figures {
        let count = match movement(was, is) {
            None => &mut found.same,
            Some(Movement::Up) => &mut found.up,
            Some(Movement::Down) => &mut found.down,
            Some(Movement::Elsewhere) => &mut found.elsewhere,
        };
        *count += 1;
        let row = found.old.iter().position(|each| *each == Standing::of(was));
        let column = found.new.iter().position(|each| *each == Standing::of(is));
        if let (Some(row), Some(column)) = (row, column)
            && let Some(slot) = found.matrix.get_mut(row).and_then(|row| row.get_mut(column))
        {
            *slot += 1;
        }
    }
    found
}

impl Standing {
    /// Where somebody with this figure stands.
    pub(crate) fn of(figure: &Figure) -> Self {
        match figure {
            Figure::Text(word) => Self::Word(Arc::clone(word)),
            Figure::Empty(_) => Self::Empty,
            _ => Self::None,
        }
    }
}
