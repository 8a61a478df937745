//! Columns that are no program's, beside those that are.

use std::collections::BTreeSet;

use super::operand::Operand;
use super::{Along, Compiled, Compiler};
use crate::eval::program::float::Float;
use crate::eval::program::instruction::{Output, Program};
use crate::eval::program::lane::Lane;
use crate::eval::program::lanes::{Known, Source};
use crate::plan::{ColumnId, Plan};

/// How often a program is written anew because more columns than were known turned out to be none of it.
const ATTEMPTS: usize = 4;

/// The program of the columns asked for, with lanes for those that are left to the exact evaluator: which these are, `known`
/// says afterwards.
pub(in crate::eval::program) fn compile_beside(
    plan: &Plan,
    shown: &[ColumnId],
    known: &mut Known,
) -> Option<Program<Float>> {
    for _ in 0..ATTEMPTS {
        let mut compiler = Compiler::new(plan, known, Along::People);
        compiler.aside = Some(BTreeSet::new());
        compiler.columns(shown).ok()?;
        match compiler.aside.take().filter(|aside| !aside.is_empty()) {
            // what was begun of these is still in the program
            Some(aside) => known.aside.extend(aside),
            None => return Some(compiler.end()),
        }
    }
    None
}

impl<L: Lane> Compiler<'_, L> {
    /// Whether a column is left to the exact evaluator.
    pub(super) fn is_aside(&self, id: ColumnId) -> bool {
        self.known.aside.contains(&id) || self.aside.as_ref().is_some_and(|aside| aside.contains(&id))
    }

    /// What a column came to, or the lanes it has when it is left to the exact evaluator; nothing when it has none.
    pub(super) fn or_aside(&mut self, id: ColumnId, found: Compiled<Operand>) -> Compiled<Option<Operand>> {
        match (found, &mut self.aside) {
            (Ok(operand), _) => Ok(Some(operand)),
            (Err(escape), None) => Err(escape),
            (Err(_), Some(aside)) => {
                if !self.known.aside.contains(&id) {
                    aside.insert(id);
                }
                self.column_lanes(Source::Aside(id), id)
            }
        }
    }

    /// How a column is published, be it by the program or beside it.
    pub(super) fn shown(&mut self, id: ColumnId) -> Compiled<Output> {
        if self.is_aside(id) {
            return Ok(Output::Aside);
        }
        match (self.output(id), &mut self.aside) {
            (Ok(output), _) => Ok(output),
            (Err(escape), None) => Err(escape),
            (Err(_), Some(aside)) => {
                aside.insert(id);
                Ok(Output::Aside)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::program::Programs;
    use crate::plan::ColumnId;
    use crate::scheme::Scheme;

    /// The columns that are computed beside the program, and the figures over detail rows that are computed before it.
    fn aside(definitions: &str) -> (Option<Vec<String>>, usize) {
        let text = format!(
            "
kaohe: 1
scheme: 例
inputs:
  k: {{ type: text, key: true }}
  a: {{ type: number, places: 2 }}
  town: {{ type: text }}
details:
  d: {{ key: k, columns: {{ x: {{ type: number, places: 2 }}, note: {{ type: text }} }} }}
computed:
{definitions}"
        );
        let scheme = Scheme::parse(&text).unwrap();
        let plan = scheme.plan();
        let programs = Programs::new(plan, &plan.shown);
        let names = |ids: &[ColumnId]| ids.iter().map(|id| plan.column(*id).name.to_string()).collect();
        (programs.aside().map(|aside| names(&aside.columns)), programs.over_rows().len())
    }

    #[test]
    fn only_what_no_program_can_compute_is_left_aside() {
        // what is plain is wholly a program's
        assert_eq!(aside("  b: { formula: a / 3, round: 2 }"), (None, 0));
        // who reads a truth or a rounded number has it as a lane
        let kept =
            "  east: contains(town, “东”)\n  b: if east then a * 2 else a / 4\n  c: { formula: b + 1, round: 2 }\n";
        assert_eq!(aside(kept), (Some(vec!["east".to_owned()]), 0));
        // who reads a number that is not rounded has not
        let fraction =
            "  b: if town < “西” then a / 3 else a\n  c: b * 2\n  d2: { formula: c + 1, round: 2 }\n  e: d2 + a\n";
        let found = ["b", "c", "d2"].map(str::to_owned).to_vec();
        assert_eq!(aside(fraction), (Some(found), 0));
    }

    #[test]
    fn one_figure_over_rows_takes_the_others_not_along() {
        let rows =
            "  b: { formula: count(d where d.x > avg(d.x when_empty 0)), round: 0 }\n  c: sum(d.x)\n  e: c + b\n";
        assert_eq!(aside(rows), (Some(vec!["b".to_owned()]), 1));
    }
}
