//! Which raters can be compared: those whom ratees connect, directly or through others.

use super::super::RatingTable;

/// The group of each rater and each ratee; nothing for one without a rating.
pub(super) struct Groups {
    pub(super) raters: Vec<Option<usize>>,
    pub(super) ratees: Vec<Option<usize>>,
    pub(super) count: usize,
}

impl Groups {
    /// Two raters are in one group when they share a ratee, or share one with a third, and so on. Groups are numbered as
    /// their first rater stands in the table.
    pub(super) fn of(table: &RatingTable) -> Self {
        let raters = table.raters().len();
        let mut sets = Sets { parents: (0..raters.saturating_add(table.ratees().len())).collect() };
        let mut rated = vec![false; sets.parents.len()];
        for (ratee, rater, _) in table.given() {
            let ratee = raters.saturating_add(ratee);
            sets.join(rater, ratee);
            for place in [rater, ratee] {
                if let Some(rated) = rated.get_mut(place) {
                    *rated = true;
                }
            }
        }
        let mut numbers = vec![None; sets.parents.len()];
        let mut count = 0;
        let mut group = |place: usize| {
            let number = numbers.get_mut(sets.root(place))?;
            Some(*number.get_or_insert_with(|| {
                count += 1;
                count - 1
            }))
        };
        let mut all = rated.into_iter().enumerate().map(|(place, rated)| if rated { group(place) } else { None });
        let raters: Vec<Option<usize>> = all.by_ref().take(raters).collect();
        let ratees = all.collect();
        Self { raters, ratees, count }
    }
}

/// Disjoint sets of places, each a tree of parents.
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn root(&mut self, mut place: usize) -> usize {
        while let Some(parent) = self.parents.get(place).copied().filter(|parent| *parent != place) {
            // paths are halved on the way, so that they stay short
            let above = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parents.get_mut(place) {
                *slot = above;
            }
            place = above;
        }
        place
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(parent) = self.parents.get_mut(a) {
            *parent = b;
        }
    }
}
