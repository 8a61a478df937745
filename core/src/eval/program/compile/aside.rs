//! Columns that are no program's, left aside of those that are.

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

/// The program of the columns asked for, which has lanes of those that are left to the exact evaluator.
pub(in crate::eval::program) fn compile_leaving_aside(
    plan: &Plan,
    shown: &[ColumnId],
    mut known: Known,
) -> Option<Program<Float>> {
    for _ in 0..ATTEMPTS {
        let mut compiler = Compiler::new(plan, &known, Along::People);
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

    /// A column of people in a slot; nothing when it is left to the exact evaluator and cannot be a lane.
    pub(super) fn column_of_people(&mut self, id: ColumnId) -> Compiled<Option<Operand>> {
        if self.known.aside.contains(&id) {
            return self.column_lanes(Source::Aside(id), id);
        }
        if let Some(known) = self.column_before(id)? {
            return Ok(Some(known));
        }
        let (length, bits) = (self.program.code.len(), self.bits);
        match (self.column_value(id), &mut self.aside) {
            (Ok(operand), _) => Ok(Some(operand)),
            (Err(escape), None) => Err(escape),
            (Err(_), Some(aside)) => {
                aside.insert(id);
                // what it took of what there is little of is not missing to the others
                self.program.code.truncate(length);
                self.bits = bits;
                self.column_lanes(Source::Aside(id), id)
            }
        }
    }

    /// How a column is published, be it by the program or aside from it.
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
    use crate::eval::program::{Aside, Programs};
    use crate::scheme::Scheme;

    /// The columns that are computed aside from the program, and the figures over detail rows that are computed before it.
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
        let names = |aside: &Aside| aside.shown.iter().map(|(_, id)| plan.column(*id).name.to_string()).collect();
        (programs.aside().map(names), programs.over_rows().len())
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
    #[test]
    fn what_is_left_aside_takes_nothing_from_what_is_not() {
        // of each quotient that is not rounded a program keeps a bit, of which it has not so many
        let mut many = String::new();
        for at in 0..130 {
            many.push_str(&format!("  x{at}: a / 7 + (if contains(town, “{at}”) then 1 else 0)\n"));
        }
        many.push_str("  y: { formula: if a / 7 > 2 then a else 3, round: 2 }\n");
        let (aside, _) = aside(&many);
        let aside = aside.unwrap();
        assert_eq!((aside.len(), aside.iter().any(|name| name == "y")), (130, false));
    }
}
