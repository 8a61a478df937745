//! What is doubtful about a run as a whole, though every figure is as the scheme says.

use std::collections::HashSet;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::Run;
use crate::code::Code;
use crate::eval::facts::Facts;
use crate::eval::figures::GroupFigures;
use crate::eval::group::NO_GROUP;
use crate::eval::row::evaluate;
use crate::eval::trace::Silent;
use crate::explain::beyond_its_share;
use crate::fault::{Cause, Fault, FaultCode};
use crate::number::Number;
use crate::outcome::Figure;
use crate::plan::{
    CarriedOver, ColumnId, Group, GroupFunction, GroupId, Input, NodeId, Op, Plan, QuotaMethod, Role, Table,
};
use crate::value::Value;

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
    /// named; what was carried over to a pool that nobody is in this time. At most the first hundred.
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
        let carries = plan.carries.iter().flat_map(|carried| self.of_carry(plan, carried));
        notes.chain(carries).take(NOTES).collect()
    }

    /// What was carried over to groups that nobody is in: no pool has it, and no carry of this run tells it.
    fn of_carry(&self, plan: &Plan, carried: &CarriedOver) -> Vec<Note> {
        let group = plan.group(carried.given);
        let pool = &carried.pool;
        let note = |whose: Option<String>, amount: &Number| Note {
            code: Code::CarryOfNobody,
            message: match whose {
                Some(within) => say!(
                    "`{pool}` within {within}: {amount} was carried over, and nobody is there: it is in no figure of this run",
                    "`{pool}`（{within}）：有上期结转 {amount}，但本期组内无人，未计入任何结果"
                ),
                None => say!(
                    "`{pool}`: {amount} was carried over, and there is nobody: it is in no figure of this run",
                    "`{pool}`：有上期结转 {amount}，但本期无人，未计入任何结果"
                ),
            },
        };
        if group.within.is_empty() {
            if self.rows() > 0 {
                return Vec::new();
            }
            return self.carried(plan, carried, &[]).map(|amount| note(None, &amount)).into_iter().collect();
        }
        let mut notes = Vec::new();
        let taken = self.groups().get(carried.given.index()).map(|figures| self.keys_of(plan, group, figures));
        let taken = taken.unwrap_or_default();
        for keys in keys_carried_over(plan, carried, &group.within) {
            if notes.len() == NOTES {
                break;
            }
            if taken.contains(&told_apart(&keys)) {
                continue;
            }
            let values: Vec<(ColumnId, Value)> = group.within.iter().copied().zip(keys).collect();
            if let Some(amount) = self.carried(plan, carried, &values) {
                let each = values.iter().map(|(column, value)| {
                    let kind = &plan.node(plan.column(*column).body).facts.kind;
                    format!("{} = {}", plan.column(*column).name, Figure::of_value(value, kind))
                });
                notes.push(note(Some(each.collect::<Vec<_>>().join(", ")), &amount));
            }
        }
        notes
    }

    /// The keys of the groups that somebody is in.
    fn keys_of(&self, plan: &Plan, group: &Group, figures: &GroupFigures) -> HashSet<Vec<String>> {
        let mut seen = HashSet::new();
        let firsts =
            figures.group_of.iter().enumerate().filter(|(_, number)| **number != NO_GROUP && seen.insert(**number));
        let key = |row: usize| -> Option<Vec<Value>> {
            let inputs = self.scheme().read(&self.cells(row));
            let of = |column: &ColumnId| match plan.column(*column).role {
                Role::Input(input) => inputs.get(input.index())?.clone().ok(),
                _ => None,
            };
            group.within.iter().map(of).collect()
        };
        firsts.filter_map(|(row, _)| key(row)).map(|keys| told_apart(&keys)).collect()
    }

    /// What was carried over to a group that has these values; nothing when it is nothing, or needs a person.
    fn carried(&self, plan: &Plan, carried: &CarriedOver, values: &[(ColumnId, Value)]) -> Option<Number> {
        let missing = |node| Err(Cause::Fault(Fault { code: FaultCode::Missing, node }));
        let of = |input: &Input| match values.iter().find(|(column, _)| *column == input.column) {
            Some((_, value)) => Ok(value.clone()),
            None => missing(plan.column(input.column).body),
        };
        let inputs: Vec<_> = plan.inputs.iter().map(of).collect();
        let (given, details) = (self.given_values(), self.details());
        let facts = Facts { inputs: &inputs, given, details, groups: &[], row: usize::MAX };
        match evaluate(plan, &facts, &mut Silent).cells.get(carried.amount.index()) {
            Some(Ok(Value::Number(amount))) if !amount.is_zero() => Some(amount.clone()),
            _ => None,
        }
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

/// The keys of the groups that an amount states a value for: those of a parameter by the columns that form the groups.
fn keys_carried_over(plan: &Plan, carried: &CarriedOver, within: &[ColumnId]) -> Vec<Vec<Value>> {
    let is_input = |column: &ColumnId| matches!(plan.column(*column).role, Role::Input(_));
    if !within.iter().all(is_input) {
        return Vec::new();
    }
    let mut waiting = vec![plan.column(carried.amount).body];
    while let Some(node) = waiting.pop() {
        let op = &plan.node(node).op;
        let Op::Lookup { table, keys } = op else {
            waiting.extend(op.operands());
            continue;
        };
        let by = keys.iter().map(|key| match plan.node(*key).op {
            Op::Column(column) => within.iter().position(|own| *own == column),
            _ => None,
        });
        let Some(by) = by.collect::<Option<Vec<usize>>>() else { continue };
        if by.iter().collect::<HashSet<_>>().len() == within.len() && by.len() == within.len() {
            let table = plan.tables.get(table.index());
            return table.into_iter().flat_map(Table::stated).map(|key| by_position(&by, key)).collect();
        }
    }
    Vec::new()
}

/// Keys as what tells them apart: of a choice its position, as no text begins.
fn told_apart(keys: &[Value]) -> Vec<String> {
    let text = |key: &Value| match key {
        Value::Choice(at) => format!("\u{0}{at}"),
        Value::Text(text) => text.to_string(),
        _ => String::new(),
    };
    keys.iter().map(text).collect()
}

/// The keys of a table in the order of the columns they are looked up by.
fn by_position(by: &[usize], key: Vec<Value>) -> Vec<Value> {
    let mut placed = vec![Value::Missing; key.len()];
    for (at, value) in by.iter().zip(key) {
        if let Some(slot) = placed.get_mut(*at) {
            *slot = value;
        }
    }
    placed
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
