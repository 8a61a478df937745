//! The names of a scheme: what each one is, in one table, before anything is lowered.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::say;

use super::unbuilt::{is_built, unbuilt};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::model::{Document, InputKind, Named, ParameterText, ScoreText};
use crate::functions::built_in;
use crate::value::WordList;

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Symbol<'d> {
    /// A column.
    Column,
    /// A parameter.
    Parameter(&'d ParameterText),
    /// Something of a part that is not computed yet, reported where that part stands.
    Unbuilt,
}

/// Every name of the scheme.
#[derive(Debug)]
pub(crate) struct Names<'d> {
    symbols: HashMap<Arc<str>, (Symbol<'d>, Span)>,
    /// The words of choices and ladders, by column.
    pub(crate) words: HashMap<Arc<str>, Arc<WordList>>,
    /// Text columns: tables by them have free keys.
    pub(crate) texts: HashSet<Arc<str>>,
    /// Columns of detail tables, which are not computed yet.
    pub(crate) detail_columns: HashSet<Arc<str>>,
    /// Units that are declared somewhere.
    pub(crate) units: HashSet<Arc<str>>,
}

impl<'d> Names<'d> {
    /// Collects the names and reports those that stand for two things.
    pub(crate) fn collect(document: &'d Document, problems: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self {
            symbols: HashMap::new(),
            words: HashMap::new(),
            texts: HashSet::new(),
            detail_columns: document
                .details
                .iter()
                .flat_map(|detail| {
                    let columns = detail.columns.iter().map(|column| &column.common);
                    columns.chain(detail.computed.iter().map(|computed| &computed.common))
                })
                .map(|common| Arc::clone(&common.name.name))
                .collect(),
            units: HashSet::new(),
        };
        for input in &document.inputs {
            names.add(&input.common.name, Symbol::Column, &input.common.path, problems);
            names.unit(input.unit.as_ref());
            match &input.kind {
                InputKind::Choice(words) => {
                    let words = words.iter().map(|word| Arc::clone(&word.name)).collect();
                    let list = Arc::new(WordList { words, ordered: false });
                    names.words.insert(Arc::clone(&input.common.name.name), list);
                }
                InputKind::Text => {
                    names.texts.insert(Arc::clone(&input.common.name.name));
                }
                _ => {}
            }
        }
        for parameter in &document.parameters {
            names.add(&parameter.name, Symbol::Parameter(parameter), &parameter.path, problems);
            names.unit(parameter.unit.as_ref());
        }
        for computed in &document.computed {
            names.add(&computed.common.name, Symbol::Column, &computed.common.path, problems);
            names.unit(computed.unit.as_ref());
        }
        for score in &document.scores {
            names.score(score, problems);
        }
        for grading in &document.grades {
            // best first in the document, worst first in the list, so that a larger position is a better grade
            let words = grading.ladder.iter().rev().map(|grade| Arc::clone(&grade.name)).collect();
            let list = Arc::new(WordList { words, ordered: true });
            names.words.insert(Arc::clone(&grading.common.name.name), list);
            let symbol = if is_built(grading) { Symbol::Column } else { Symbol::Unbuilt };
            names.add(&grading.common.name, symbol, &grading.common.path, problems);
        }
        for unbuilt in unbuilt(document).into_iter().map(|(named, _)| named).chain(&document.unbuilt) {
            names.symbols.entry(Arc::clone(&unbuilt.name)).or_insert((Symbol::Unbuilt, unbuilt.span));
        }
        names
    }

    /// What a name stands for.
    pub(crate) fn get(&self, name: &str) -> Option<Symbol<'d>> {
        self.symbols.get(name).map(|(symbol, _)| *symbol)
    }

    /// Every name, for suggestions.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.symbols.keys().map(|name| &**name).collect();
        names.sort_unstable();
        names.into_iter()
    }

    fn score(&mut self, score: &ScoreText, problems: &mut Vec<Diagnostic>) {
        let name = &score.common.name;
        if score.rule.is_some() || !score.items.is_empty() {
            self.add(name, Symbol::Column, &score.common.path, problems);
        } else if score.rule_unbuilt {
            self.add(name, Symbol::Unbuilt, &score.common.path, problems);
        }
        for adjustment in &score.adjustments {
            self.add(&adjustment.common.name, Symbol::Column, &adjustment.common.path, problems);
        }
        for item in &score.items {
            self.score(item, problems);
        }
    }

    fn unit(&mut self, unit: Option<&Named>) {
        self.units.extend(unit.map(|unit| Arc::clone(&unit.name)));
    }

    fn add(&mut self, named: &Named, symbol: Symbol<'d>, path: &str, problems: &mut Vec<Diagnostic>) {
        let name = &named.name;
        if built_in(name).is_some() {
            problems.push(
                Diagnostic::error(
                    Code::ReservedName,
                    named.span,
                    say!("`{name}` has a value of its own in every formula", "`{name}` 在公式中自有其值，不能作列名"),
                )
                .at(path)
                .help(say!("give the column another name", "请换一个列名")),
            );
            return;
        }
        if let Some((_, first)) = self.symbols.get(name) {
            let mut found = Diagnostic::error(
                Code::NameTwice,
                named.span,
                say!("there are two columns named `{name}`", "有两列都叫 `{name}`"),
            )
            .at(path)
            .help(say!(
                "names are unique in a scheme; an item without a rule is the column of its name",
                "同一方案中名称不能重复；不写规则的计分项就是同名的那一列"
            ));
            found.related = Some(*first);
            problems.push(found);
            return;
        }
        self.symbols.insert(Arc::clone(name), (symbol, named.span));
    }
}
