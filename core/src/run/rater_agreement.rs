//! How far the raters of an appraisal agree: of each role that rates others, on the whole sheet and on each item.

use std::sync::Arc;

use kaohe_grammar::say;

use super::Run;
use super::read::sheet_cell;
use super::sheet_marks::is_blank;
use crate::code::Code;
use crate::document::suggest::nearest;
use crate::error::DataError;
use crate::eval::facts::{DetailTable, Facts};
use crate::eval::row::{CellResult, in_rows};
use crate::limits::INPUT_PLACES;
use crate::number::{Number, RoundingMode};
use crate::plan::{Composite, Detail, DetailId, DetailKind, NodeId, Op, Plan, Role, SheetCell};
use crate::ratings::RatingTable;
use crate::ratings::agreement::{Agreement, Incomplete};
use crate::value::{Kind, Value};

/// How far the raters of an appraisal agree. Nobody learns who gave which marks: raters are only counted.
#[derive(Debug, Clone)]
pub struct RatingAgreement {
    /// The appraisal.
    pub rating: Arc<str>,
    /// Its roles in the order of the scheme, but for those in which people rate themselves.
    pub roles: Vec<RoleAgreement>,
    /// The sheets that are not counted, for a fault or because they do not say who gave them: what people call each.
    pub left_out: Vec<u32>,
}

/// How far the raters of one role agree.
#[derive(Debug, Clone)]
pub struct RoleAgreement {
    /// The role.
    pub role: Arc<str>,
    /// How many sheets are counted.
    pub sheets: usize,
    /// How many raters gave them.
    pub raters: usize,
    /// How many people they are about.
    pub ratees: usize,
    /// On what sheets come to, before any adjustment for severity.
    pub whole: Agreement,
    /// On each item, in the order of the sheet.
    pub items: Vec<(Arc<str>, Agreement)>,
}

/// A sheet that is counted: whose it is, who gave it, in which role, and its scores, the whole one first.
struct Scored {
    person: usize,
    rater: Arc<str>,
    role: u32,
    scores: Vec<Option<Number>>,
}

impl Run {
    /// How far the raters of an appraisal agree, of each role on the whole sheet and on each item; people whom not every
    /// rater of the role has rated are treated as `incomplete` says, where a figure needs every rating.
    ///
    /// What is compared is what raters gave: sheets before any adjustment for severity. An item that was left unmarked is no
    /// rating of it, and a sheet without a mark is none. A score with more than 12 decimals is rounded to 12.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the scheme has no appraisal of that name.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::ratings::agreement::{Incomplete, Measure};
    /// use kaohe::{Data, Options, Row, Scheme, Table};
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 测评
    /// inputs: { 工号: { type: text, key: true } }
    /// ratings: { 测评: { marks: { max: 100 }, items: [{ name: 服务, points: 100 }], roles: { 同事: { weight: 100 } } } }
    /// ",
    /// )?;
    /// let people = ["甲", "乙"].map(|key| Row::new().with("工号", key));
    /// let sheet = |key: &str, rater: &str, mark: i64| {
    ///     Row::new().with("工号", key).with("角色", "同事").with("考评人", rater).with("服务", mark)
    /// };
    /// let sheets = vec![sheet("甲", "张", 90), sheet("甲", "王", 80), sheet("乙", "张", 70), sheet("乙", "王", 60)];
    /// let data = Data::of(Table::of_rows(people.to_vec())).detail("测评", Table::of_rows(sheets));
    /// let found = scheme.score(data, Options::default())?.agreement("测评", Incomplete::Refuse)?;
    /// // both put them in one order
    /// assert_eq!(found.roles[0].whole.get(Measure::Concordance).unwrap().to_string(), "1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn agreement(&self, rating: &str, incomplete: Incomplete) -> Result<RatingAgreement, DataError> {
        let plan = self.scheme.plan();
        let id = plan.detail_named(rating).filter(|id| plan.detail(*id).kind == DetailKind::Sheets);
        let (Some(id), Some(table)) = (id, id.and_then(|id| self.details.get(id.index()))) else {
            let near = nearest(rating, self.scheme.tables_of(DetailKind::Sheets));
            return Err(DataError {
                code: Code::TableUnknown,
                message: say!("the scheme has no appraisal by raters `{rating}`", "方案没有名为 `{rating}` 的测评"),
                help: near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？")),
                offenders: vec![rating.to_owned()],
            });
        };
        let detail = plan.detail(id);
        let (nodes, items) = scores(plan, id);
        let mut sheets = Vec::new();
        let mut left_out = Vec::new();
        for person in 0..self.rows() {
            for (row, cells) in self.in_rows(person, id, &nodes) {
                match scored(detail, table, person, row, &cells) {
                    _ if is_blank(detail, table, row) => {}
                    Some(sheet) => sheets.push(sheet),
                    None => left_out.push(table.line(row)),
                }
            }
        }
        left_out.sort_unstable();
        let keys = self.key_texts();
        let role = |(at, name): (u32, &Arc<str>)| -> Result<RoleAgreement, DataError> {
            let own: Vec<&Scored> = sheets.iter().filter(|sheet| sheet.role == at).collect();
            let of = |score: usize| -> Result<Agreement, DataError> {
                let table = ratings(&own, score, &keys).map_err(|error| unnamed(rating, &error))?;
                Ok(Agreement::of(&table, incomplete))
            };
            let named = ratings(&own, 0, &keys).map_err(|error| unnamed(rating, &error))?;
            let items: Vec<(Arc<str>, Agreement)> = (1..)
                .zip(&items)
                .map(|(score, item)| Ok((Arc::clone(item), of(score)?)))
                .collect::<Result<_, DataError>>()?;
            Ok(RoleAgreement {
                role: Arc::clone(name),
                sheets: own.len(),
                raters: named.raters().len(),
                ratees: named.ratees().len(),
                whole: of(0)?,
                items,
            })
        };
        let roles = rating_roles(detail).into_iter().map(|(at, name)| role((at, &name))).collect::<Result<_, _>>()?;
        Ok(RatingAgreement { rating: Arc::clone(&detail.name), roles, left_out })
    }

    /// What some nodes come to in each of a person's rows of a detail table.
    fn in_rows(&self, row: usize, table: DetailId, nodes: &[NodeId]) -> Vec<(u32, Vec<CellResult>)> {
        let inputs = self.scheme.read(&self.cells(row));
        let facts = Facts { inputs: &inputs, given: &self.given, details: &self.details, groups: &self.groups, row };
        in_rows(self.scheme.plan(), &facts, table, nodes)
    }
}

/// What a sheet comes to and what each of its items does, each times what divides a whole scale: no figure of agreement
/// depends on a common factor. With the names of the items.
fn scores(plan: &Plan, table: DetailId) -> (Vec<NodeId>, Vec<Arc<str>>) {
    let is_sheet = |composite: &Composite| {
        composite.parts.first().is_some_and(|part| plan.column(part.column).detail == Some(table))
    };
    let found = plan.nodes.iter().zip(0..).find_map(|(node, at)| match &node.op {
        Op::Composite(composite) if is_sheet(composite) => Some((NodeId(at), composite)),
        _ => None,
    });
    let Some((whole, composite)) = found else { return (Vec::new(), Vec::new()) };
    let nodes = std::iter::once(whole).chain(composite.parts.iter().map(|part| part.score)).collect();
    let name = |part: &crate::plan::CompositePart| {
        let column = plan.column(part.column);
        let input = match column.role {
            Role::Input(input) => plan.detail(table).inputs.get(input.index()),
            _ => None,
        };
        input.map_or_else(|| Arc::clone(&column.name), |input| Arc::clone(&input.name))
    };
    (nodes, composite.parts.iter().map(name).collect())
}

/// The roles in which people rate others, each with its place.
fn rating_roles(detail: &Detail) -> Vec<(u32, Arc<str>)> {
    let role = detail.inputs.iter().find_map(|input| match (&input.sheet, &input.kind) {
        (Some(SheetCell::Role(own)), Kind::Choice(list)) => Some((own, list)),
        _ => None,
    });
    let Some((own, list)) = role else { return Vec::new() };
    let roles = (0..).zip(&list.words).zip(own.iter());
    roles.filter(|(_, own)| !**own).map(|((at, name), _)| (at, Arc::clone(name))).collect()
}

/// A sheet as it is counted; nothing where it has a fault, or does not say who gave it.
fn scored(detail: &Detail, table: &DetailTable, person: usize, row: u32, cells: &[CellResult]) -> Option<Scored> {
    let cell = |is: fn(&SheetCell) -> bool| {
        let place = detail.inputs.iter().position(|input| input.sheet.as_ref().is_some_and(is))?;
        sheet_cell(table, place, row)?.as_ref().ok()
    };
    let own = detail.inputs.iter().find_map(|input| match &input.sheet {
        Some(SheetCell::Role(own)) => Some(own),
        _ => None,
    })?;
    let Some(Value::Choice(role)) = cell(|cell| matches!(cell, SheetCell::Role(_))) else { return None };
    let is_own = own.get(*role as usize).copied().unwrap_or(false);
    let rater = match cell(|cell| matches!(cell, SheetCell::Rater)) {
        Some(Value::Text(rater)) => Arc::clone(rater),
        // nobody asks who rated himself
        _ if is_own => "".into(),
        _ => return None,
    };
    let score = |cell: &CellResult| match cell {
        Ok(Value::Number(number)) => Some(Some(of_decimals(number))),
        Ok(_) => Some(None),
        Err(_) => None,
    };
    let scores: Vec<Option<Number>> = cells.iter().map(score).collect::<Option<_>>()?;
    Some(Scored { person, rater, role: *role, scores })
}

/// The number with as many decimals as a rating may have.
fn of_decimals(number: &Number) -> Number {
    match number.decimal_scale() {
        Some(places) if places <= INPUT_PLACES => number.clone(),
        _ => number.round(INPUT_PLACES.cast_signed(), RoundingMode::HalfUp),
    }
}

/// The ratings of one score of some sheets.
fn ratings(sheets: &[&Scored], score: usize, keys: &[String]) -> Result<RatingTable, DataError> {
    RatingTable::new(sheets.iter().map(|sheet| {
        let key = keys.get(sheet.person).map_or("", String::as_str);
        (key, &*sheet.rater, sheet.scores.get(score).cloned().flatten())
    }))
}

/// What is wrong with ratings, without the raters' names.
fn unnamed(rating: &str, error: &DataError) -> DataError {
    let message = match error.code {
        Code::TooManyDigits => say!("a score of `{rating}` has too many digits", "`{rating}` 有评分位数过多"),
        _ => say!("the sheets of `{rating}` cannot be compared", "`{rating}` 的考评表无法比较"),
    };
    DataError { code: error.code, message, help: error.help.clone(), offenders: Vec::new() }
}
