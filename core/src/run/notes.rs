//! What is doubtful about a run as a whole, though every figure is as the scheme says.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::Run;
use crate::code::Code;
use crate::eval::figures::GroupFigures;
use crate::explain::beyond_its_share;
use crate::plan::{ColumnId, Group, GroupFunction, GroupId, NodeId, Op, Plan, QuotaMethod, Role};

/// How many notes a run makes at most.
const NOTES: usize = 100;

/// Something about a run that whoever answers for it should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The stable code.
    pub code: Code,
    /// What it is, in both languages.
    pub message: Message,
}

impl Run {
    /// What is doubtful about the run as a whole: a grade that more people have than its stated share, as the largest
    /// remainder or equals at a cut can bring about; raters whose severity cannot be compared, who are counted and not
    /// named. At most the first hundred.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::{Data, Options, Row, Scheme, Table};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 两级
    /// inputs: { 工号: { type: text, key: true }, 得分: { type: number } }
    /// grades:
    ///   级别: { ladder: [高, 低], order: [得分 desc], quota: { shares: { 高: 50%, 低: 50% } } }
    /// ",
    /// )?;
    /// let person = |key: &str, score: i64| Row::new().with("工号", key).with("得分", score);
    /// let people = Table::of_rows(vec![person("1", 3), person("2", 2), person("3", 1)]);
    /// let run = scheme.score(Data::of(people), Options::default())?;
    /// assert_eq!(run.notes()[0].message.en, "`级别`: 高: 2 of 3 ≈ 66.67%, above the stated 50%");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let plan = self.scheme().plan();
        let groups = (0..).map(GroupId).zip(&plan.groups).zip(self.groups());
        let notes = groups.flat_map(|((id, group), figures)| {
            let of_sheets = figures.sheets.iter().flat_map(|sheets| &sheets.notes);
            let of_sheets = of_sheets.map(|(code, message)| Note { code: *code, message: message.clone() });
            self.of_seats(plan, id, group, figures).into_iter().chain(of_sheets).collect::<Vec<_>>()
        });
        notes.take(NOTES).collect()
    }

    fn of_seats(&self, plan: &Plan, id: GroupId, group: &Group, figures: &GroupFigures) -> Vec<Note> {
        let (GroupFunction::Seats(seats), Some(seated)) = (&group.function, figures.seated()) else {
            return Vec::new();
        };
        let name = grading_of(plan, id);
        let mut notes = Vec::new();
        for (number, of_group) in (0_u32..).zip(&seated.groups) {
            let shares = seats.quota.shares.iter().zip(&seats.grades).zip(&of_group.grades);
            for ((share, position), grade) in shares.filter(|(_, grade)| grade.beyond_share) {
                if seats.quota.method == QuotaMethod::AtMost && share.is_zero() {
                    continue; // the last grade takes what remains
                }
                // each looks for a row of its group among all, so no more are told than are kept
                if notes.len() == NOTES {
                    return notes;
                }
                let word = seats.ladder.word(*position).map_or("", |word| &**word);
                let Some(told) = beyond_its_share(word, grade.seated, of_group.base, share) else { continue };
                let Message { en, zh } = told;
                let message = match self.called(plan, group, figures, number) {
                    Some(within) => say!("`{name}` within {within}: {en}", "`{name}`（{within}）：{zh}"),
                    None => say!("`{name}`: {en}", "`{name}`：{zh}"),
                };
                notes.push(Note { code: Code::BeyondShare, message });
            }
        }
        notes
    }

    /// What a group is called: the values of its columns, as one of its rows has them.
    fn called(&self, plan: &Plan, group: &Group, figures: &GroupFigures, number: u32) -> Option<String> {
        if group.within.is_empty() {
            return None;
        }
        let row = figures.group_of.iter().position(|own| *own == number)?;
        let outcome = self.outcome(row);
        let each = group.within.iter().map(|column| {
            let name = &plan.column(*column).name;
            format!("{name} = {}", outcome.get(name).map(|figure| figure.to_string()).unwrap_or_default())
        });
        Some(each.collect::<Vec<_>>().join(", "))
    }
}

/// The grading whose seats these are.
fn grading_of(plan: &Plan, id: GroupId) -> Arc<str> {
    let reads = |column: &ColumnId| {
        let mut waiting: Vec<NodeId> = vec![plan.column(*column).body];
        while let Some(node) = waiting.pop() {
            match &plan.node(node).op {
                Op::Group(found) if *found == id => return true,
                op => waiting.extend(op.operands()),
            }
        }
        false
    };
    let columns = (0..u32::try_from(plan.columns.len()).unwrap_or(u32::MAX)).map(ColumnId);
    let found = columns.filter(|column| plan.column(*column).role == Role::Grade).find(reads);
    let name = found.map_or_else(|| Arc::from(""), |column| Arc::clone(&plan.column(column).name));
    name.strip_suffix(".seated").map_or(Arc::clone(&name), Arc::from)
}
