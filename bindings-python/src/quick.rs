//! One person after the other, quickly: what is settled by a scheme is settled once, and a row in which nothing is odd is
//! answered without looking at the whole of it. Any other row goes the long way, which has more to say.

use std::collections::HashMap;

use kaohe::scorer::Scorer;
use kaohe::{Cell, Figure, Scheme};
use kaohe_grammar::fold_name;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::cell::cell;

/// Names of rows that are remembered; a host that makes up new ones for every row does not fill the memory with them.
const NAMES: usize = 4096;

/// What a name of a row stands for.
#[derive(Debug, Clone, Copy)]
enum Name {
    /// An input.
    Input(usize),
    /// Nothing, and no other spelling is the same name.
    Nothing,
    /// Nothing, in a spelling of which there are others.
    Spelling,
}

/// What a row without anything odd came to.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its cells, in the order of the inputs.
    pub(crate) cells: Vec<Cell>,
    /// The figures people are shown, in the order of the scheme.
    pub(crate) figures: Vec<Figure>,
}

/// Scores rows with buffers that are kept.
#[derive(Debug)]
pub(crate) struct Quick {
    scheme: Scheme,
    scorer: Scorer<'static>,
    shown: usize,
    inputs: usize,
    /// What each name met so far stands for.
    names: HashMap<String, Name>,
    /// The names of the row before as Python's own objects, in its order: rows of one host mostly have the very same.
    before: Vec<(Py<PyString>, Name)>,
    /// For each input whether the row has it.
    met: Vec<bool>,
}

impl Quick {
    /// Of a scheme whose rows stand alone; nothing for one with detail tables or values of the run.
    pub(crate) fn of(scheme: &Scheme) -> Option<Self> {
        let plan = scheme.plan();
        (plan.details.is_empty() && plan.given.is_empty()).then(|| Self {
            scorer: scheme.clone().into_scorer(),
            shown: plan.shown.len(),
            inputs: plan.inputs.len(),
            names: HashMap::new(),
            before: Vec::new(),
            met: vec![false; plan.inputs.len()],
            scheme: scheme.clone(),
        })
    }

    /// What the name at this place of a row stands for.
    fn name_at(&mut self, at: usize, name: &Bound<'_, PyString>) -> Option<Name> {
        if let Some((known, found)) = self.before.get(at)
            && known.is(name)
        {
            return Some(*found);
        }
        let found = self.name(name.to_str().ok()?);
        let entry = (name.clone().unbind(), found);
        match self.before.get_mut(at) {
            Some(known) => *known = entry,
            None if at < NAMES => self.before.push(entry),
            None => {}
        }
        Some(found)
    }

    fn name(&mut self, name: &str) -> Name {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let folded = fold_name(name.trim());
        let place = self.scheme.inputs().iter().position(|input| input.names().any(|own| *own == *folded));
        let found = match place {
            Some(place) => Name::Input(place),
            None if *folded == *name => Name::Nothing,
            None => Name::Spelling,
        };
        if self.names.len() < NAMES {
            self.names.insert(name.to_owned(), found);
        }
        found
    }

    /// What a row comes to; nothing when there is more to say of it: a value that is no cell, a name that may be misspelt or
    /// stands twice, a fault.
    pub(crate) fn score(&mut self, facts: &Bound<'_, PyDict>) -> Option<Answer> {
        let mut cells = vec![Cell::Missing; self.inputs];
        self.met.fill(false);
        let (mut known, mut others) = (0_usize, false);
        for (at, (key, value)) in facts.iter().enumerate() {
            let place = match self.name_at(at, key.cast::<PyString>().ok()?)? {
                Name::Input(place) => place,
                Name::Nothing => {
                    others = true;
                    continue;
                }
                Name::Spelling => return None,
            };
            let (slot, met) = (cells.get_mut(place)?, self.met.get_mut(place)?);
            if std::mem::replace(met, true) {
                return None;
            }
            known = known.saturating_add(1);
            *slot = cell(&value).ok()?;
        }
        // a name that is none could be meant for an input that is absent
        if others && known < self.inputs {
            return None;
        }
        let figures = self.scorer.score(&cells);
        if figures.iter().any(|figure| matches!(figure, Figure::Empty(_))) {
            return None;
        }
        Some(Answer { figures: figures.get(..self.shown)?.to_vec(), cells })
    }
}
