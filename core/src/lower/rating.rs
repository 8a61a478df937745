//! Appraisals by raters: the result of each role over its sheets, and the roles together.

use std::collections::HashMap;
use std::sync::Arc;

use kaohe_grammar::{ComparisonOperator, Name, say};

use super::builder::Builder;
use super::columns::Draft;
use super::names::qualified;
use crate::code::Code;
use crate::document::model::{
    ItemWorth, Method, RatingText, RoleText, SHEET_ROLE, ScaleText, WhenItemMissing, WhenRoleMissing,
};
use crate::fault::FaultCode;
use crate::limits::ROWS;
use crate::number::Number;
use crate::plan::{
    Aggregate, AggregateFunction, Arithmetic, ColumnId, CompositeMethod, CompositePart, CompositeRole, DetailId, Ends,
    Facts, ItemRole, NodeId, Op, Role, Step, Table, TableKey, WhenMissing,
};
use crate::size::Size;
use crate::unit::Unit;
use crate::value::{Kind, Value};

/// How often one trims: to the millionth of the sheets.
const MILLIONTHS: i64 = 1_000_000;

/// A role as one person's sheets fill it: its own sheets, and those of roles that are missing and merged into it.
#[derive(Debug, Clone, Copy)]
struct Filled {
    /// Whether a sheet counts for it, in the sheet that is looked at.
    counts: NodeId,
    /// How many sheets count for it.
    sheets: NodeId,
    /// Whether they are enough.
    enough: NodeId,
    /// Its weight with that of the roles merged into it.
    weight: NodeId,
}

impl Builder<'_> {
    /// The result of one role: missing where it has too few sheets.
    pub(crate) fn rating_role(&mut self, rating: &RatingText, role: &RoleText) -> Option<ColumnId> {
        let filled = *self.filled(rating)?.get(&role.name.name)?;
        let function = self.coming_together(role)?;
        let result = match &rating.severity {
            None => {
                let (value, scale) = self.sheet(rating)?;
                let mean = self.over_sheets(rating, function, Some(value), filled.counts)?;
                let highest = self.number_value(scale);
                self.arithmetic(Arithmetic::Divide, mean, highest)?
            }
            // what cannot be compared is told of the role
            Some(severity) => {
                let stood = self.stand(Some(role.name.span));
                let value = self.adjusted_sheet(rating, severity, role)?;
                self.stand(stood);
                self.over_sheets(rating, function, Some(value), filled.counts)?
            }
        };
        let missing = self.missing();
        let body = self.choose(filled.enough, result, missing)?;
        let full = self.full_of(rating)?;
        let full = self.number_value(full);
        let name = qualified(&rating.common.name.name, &role.name.name);
        let common = role.common();
        self.finish(Draft::new(&common, body, Role::Item(ItemRole { rule: "ratings", full })).named(name))
    }

    /// The roles together; missing for whom nobody has rated.
    pub(crate) fn rating(&mut self, rating: &RatingText) -> Option<ColumnId> {
        let filled = self.filled(rating)?;
        let own = &rating.common.name.name;
        let mut parts = Vec::new();
        let mut stated = Vec::new();
        for role in &rating.roles {
            let column = self.by_name.get(&qualified(own, &role.name.name)).copied()?;
            let Filled { enough, weight, .. } = *filled.get(&role.name.name)?;
            let score = self.read_column(column)?;
            stated.push(self.number(&role.weight)?);
            let merged = role.merge_into.is_some();
            let (score, weight, when_missing) = match rating.when_role_missing {
                WhenRoleMissing::Renormalise => (score, weight, WhenMissing::Redistribute),
                WhenRoleMissing::Omit => (score, weight, WhenMissing::Zero),
                WhenRoleMissing::Merge if merged => {
                    let none = self.zero();
                    (score, self.choose(enough, weight, none)?, WhenMissing::Redistribute)
                }
                WhenRoleMissing::Merge | WhenRoleMissing::Error => {
                    let stood = self.stand(Some(role.name.span));
                    let fault = self.fail(FaultCode::TooFewSheets, score);
                    self.stand(stood);
                    (self.choose(enough, score, fault)?, weight, WhenMissing::Error)
                }
            };
            parts.push(CompositePart { column, score, weight, when_missing });
        }
        let composite = self.composite(CompositeMethod::Weighted, parts)?;
        let composite = self.roles_total(rating, &stated, composite)?;
        let composite = self.tell(Step::Composite, composite)?;
        let every = self.truth_value(true);
        let sheets = self.over_sheets(rating, AggregateFunction::Count, None, every)?;
        let none = self.zero();
        let rated = self.compare(ComparisonOperator::Greater, sheets, none)?;
        let rated = self.tell(Step::Rated, rated)?;
        let missing = self.missing();
        let score = self.choose(rated, composite, missing)?;
        let full = self.full_of(rating)?;
        let full = self.number_value(full);
        let round = self.rounding(rating.common.round, None);
        let role = Role::Composite(CompositeRole {
            composite,
            adjustments: Vec::new(),
            vetoes: Vec::new(),
            before_rounding: score,
            full,
        });
        self.finish(Draft::new(&rating.common, score, role).rounded(round))
    }

    /// A role of an appraisal in a formula: `民主测评.客户`.
    pub(crate) fn role_of_rating(&mut self, rating: &RatingText, name: &Name) -> Option<NodeId> {
        let (own, role) = (&rating.common.name.name, &name.name);
        let known: Vec<&str> = rating.roles.iter().map(|role| &*role.name.name).collect();
        let unknown = say!("the appraisal `{own}` has no role `{role}`", "测评 `{own}` 没有 `{role}` 这个考评角色");
        self.part_of(own, name, &known, (Code::UnknownRole, unknown))
    }

    // -- sheets --

    /// What a sheet is worth on the scale of its marks, and by what that is divided to be points.
    pub(super) fn sheet(&mut self, rating: &RatingText) -> Option<(NodeId, Number)> {
        let own = &rating.common.name.name;
        let highest = match &rating.scale {
            ScaleText::Letters(_) => Number::ONE,
            ScaleText::Stars(stars) => Number::from(*stars),
            ScaleText::Marks { max, .. } => Number::from(*max),
        };
        let when_missing = match rating.when_item_missing {
            WhenItemMissing::Error => WhenMissing::Error,
            WhenItemMissing::Renormalise => WhenMissing::Redistribute,
            WhenItemMissing::Zero => WhenMissing::Zero,
        };
        let mut parts = Vec::new();
        let mut method = CompositeMethod::Points;
        for item in &rating.items {
            let column = self.by_name.get(&qualified(own, &item.name.name)).copied()?;
            let (worth, full) = match &item.worth {
                ItemWorth::Points(points) => {
                    let points = self.above_zero(points)?;
                    (points.clone(), points)
                }
                ItemWorth::Weight(weight) => {
                    method = CompositeMethod::Weighted;
                    (self.above_zero(weight)?, Number::HUNDRED)
                }
            };
            let mark = self.read_column(column)?;
            let absent = self.facts(mark).may_be_missing.then(|| self.truth_node(Op::IsMissing(mark)));
            let marked = self.worth_of(rating, mark)?;
            let full = self.number_value(full);
            let mut score = self.scaled(full, marked)?;
            let asked = rating.asked_of(&item.name);
            if let Some(absent) = absent {
                let nothing = match asked.as_deref().filter(|_| when_missing == WhenMissing::Zero) {
                    Some(of) => self.zero_when_asked(rating, of)?,
                    None => self.missing(),
                };
                score = self.choose(absent, nothing, score)?;
            }
            let weight = self.number_value(worth);
            // what a role is not asked is no part of its sheet; what it is asked and must mark is not missing here
            let when_missing = if asked.is_some() { WhenMissing::Redistribute } else { when_missing };
            parts.push(CompositePart { column, score, weight, when_missing });
        }
        let sheet = self.composite(method, parts)?;
        Some((sheet, highest))
    }

    /// What an item without a mark brings: nothing on the sheets of the roles that are asked for it, no part of others.
    fn zero_when_asked(&mut self, rating: &RatingText, of: &[bool]) -> Option<NodeId> {
        let (zero, mut nothing) = (self.zero(), self.missing());
        for (at, _) in of.iter().enumerate().filter(|(_, asked)| **asked) {
            let own = self.is_of_role(rating, at)?;
            nothing = self.choose(own, zero, nothing)?;
        }
        Some(nothing)
    }

    /// Whether the sheet that is looked at was given in the role at this place.
    pub(super) fn is_of_role(&mut self, rating: &RatingText, at: usize) -> Option<NodeId> {
        let of_sheet = self.by_name.get(&qualified(&rating.common.name.name, SHEET_ROLE)).copied()?;
        let written = self.read_column(of_sheet)?;
        let kind = self.facts(written).kind.clone();
        let this = self.value(Value::Choice(u32::try_from(at).ok()?), kind, Unit::Unknown);
        self.compare(ComparisonOperator::Equal, written, this)
    }

    /// The share a letter is worth, or the mark itself.
    fn worth_of(&mut self, rating: &RatingText, mark: NodeId) -> Option<NodeId> {
        let ScaleText::Letters(letters) = &rating.scale else { return Some(mark) };
        let Kind::Choice(list) = self.facts(mark).kind.clone() else { return None };
        let mut values = Vec::new();
        let mut size: Option<Size> = None;
        for (_, worth) in letters {
            let worth = self.known_number(worth)?;
            let own = Size::of(&worth);
            size = Some(size.map_or(own, |size| size.either(own)));
            values.push(Some(Value::Number(worth)));
        }
        let table = Table {
            name: Arc::clone(&rating.common.name.name),
            keys: vec![TableKey::Choice(list)],
            values,
            source: None,
        };
        let table = self.table(table);
        self.sized(Op::Lookup { table, keys: [mark].into() }, Unit::Unknown, size?)
    }

    /// A number known when the scheme is read, above zero.
    fn above_zero(&mut self, formula: &crate::document::model::FormulaText) -> Option<Number> {
        let number = self.known_number(formula)?;
        if number.sign() > 0 {
            return Some(number);
        }
        self.inside(&formula.path, formula.span, |this| {
            this.error(
                Code::WeightSign,
                formula.span,
                say!("what an item counts is above zero", "考评项的分值或权重应大于零"),
                Some(say!("leave the item out instead", "不计的考评项请去掉")),
            );
        });
        None
    }

    /// Full marks of a sheet: the points of its items, or 100 under weights, which total 100.
    fn full_of(&mut self, rating: &RatingText) -> Option<Number> {
        let (mut points, mut weights) = (Number::ZERO, Number::ZERO);
        for item in &rating.items {
            match &item.worth {
                ItemWorth::Points(formula) => points = points.add(&self.above_zero(formula)?),
                ItemWorth::Weight(formula) => weights = weights.add(&self.above_zero(formula)?),
            }
        }
        if weights.is_zero() {
            return Some(points);
        }
        if weights != Number::HUNDRED {
            let name = &rating.common.name;
            let text = &name.name;
            self.error(
                Code::WeightTotal,
                name.span,
                say!(
                    "the weights of the items of `{text}` total {weights}, not 100",
                    "`{text}` 各考评项权重合计 {weights}，应为 100"
                ),
                Some(say!("items' weights total 100", "各考评项的权重合计应为 100")),
            );
            return None;
        }
        Some(Number::HUNDRED)
    }

    /// How the sheets of a role come together.
    fn coming_together(&mut self, role: &RoleText) -> Option<AggregateFunction> {
        let ends = match (&role.trim, role.drop) {
            (Some(trim), _) => {
                let share = self.known_number(trim)?;
                let half = Number::from_parts(5, 1);
                let millionths = share.multiply(&Number::from(MILLIONTHS)).to_i64();
                match millionths.and_then(|share| u32::try_from(share).ok()).filter(|share| *share > 0) {
                    Some(share_of) if share < half => Ends::Share(share_of),
                    _ => {
                        self.inside(&trim.path, trim.span, |this| {
                            this.error(
                                Code::BadConstant,
                                trim.span,
                                say!(
                                    "the share cut at each end is above 0 and below 50 %, with at most four decimals of a percent",
                                    "两端各截去的比例应大于 0、小于 50%，百分数最多四位小数"
                                ),
                                Some(say!("write `trim: 10%`", "请写 `trim: 10%`")),
                            );
                        });
                        return None;
                    }
                }
            }
            (None, Some(drop)) => Ends::Sheets { highest: drop.highest, lowest: drop.lowest, from: drop.from },
            (None, None) => Ends::None,
        };
        Some(match role.method {
            Method::Median => AggregateFunction::MiddleOf(ends),
            Method::Mean | Method::Trimmed => AggregateFunction::MeanOf(ends),
        })
    }

    /// A figure over the person's sheets that count.
    fn over_sheets(
        &mut self,
        rating: &RatingText,
        function: AggregateFunction,
        value: Option<NodeId>,
        counts: NodeId,
    ) -> Option<NodeId> {
        let table = DetailId(u32::try_from(rating.table).ok()?);
        let size = match value.map(|value| self.facts(value).size) {
            None => Size::COUNT,
            Some(sheet) => {
                let sum = match sheet.places {
                    Some(_) => sheet.many(ROWS),
                    // sheets of which items are missing have different divisors: the weights that are there
                    None => Size { denominator: sheet.denominator.max(self.divisors(rating)?), ..sheet.many(ROWS) },
                };
                sum.quotient(Size::COUNT)
            }
        };
        let filter = (!matches!(self.constant(counts), Some(Value::Truth(true)))).then_some(counts);
        let over = Aggregate { table, function, value, filter, by: None, when_empty: None };
        self.sized(Op::Aggregate(Box::new(over)), Unit::Unknown, size)
    }

    /// Bits of the least number that every total of some items' weights divides.
    fn divisors(&mut self, rating: &RatingText) -> Option<u64> {
        let mut total = Number::ZERO;
        let mut places = 0;
        for item in &rating.items {
            let (ItemWorth::Points(formula) | ItemWorth::Weight(formula)) = &item.worth;
            let worth = self.known_number(formula)?;
            places = places.max(worth.decimal_scale().unwrap_or(12));
            total = total.add(&worth);
        }
        let units = total.multiply(&Number::from_integer(10).power(i32::try_from(places).ok()?).ok()?);
        let units =
            units.round(0, crate::number::RoundingMode::Up).to_i64().and_then(|units| u64::try_from(units).ok());
        // the least common multiple of the numbers up to n is below 3^n
        Some(units.unwrap_or(u64::MAX).saturating_mul(8).div_ceil(5))
    }

    // -- roles --

    /// Every role as the person's sheets fill it, merged roles before those they are merged into.
    fn filled(&mut self, rating: &RatingText) -> Option<HashMap<Arc<str>, Filled>> {
        let merges = rating.when_role_missing == WhenRoleMissing::Merge;
        let mut filled: HashMap<Arc<str>, Filled> = HashMap::new();
        // no role is merged in a circle, so each round settles at least one
        for _ in &rating.roles {
            for (at, role) in rating.roles.iter().enumerate() {
                let into_it = |other: &&RoleText| {
                    merges && other.merge_into.as_ref().is_some_and(|target| target.name == role.name.name)
                };
                let merged: Vec<&RoleText> = rating.roles.iter().filter(into_it).collect();
                let known: Option<Vec<Filled>> =
                    merged.iter().map(|other| filled.get(&other.name.name).copied()).collect();
                let Some(known) = known.filter(|_| !filled.contains_key(&role.name.name)) else { continue };
                let found = self.fill(rating, at, role, &known)?;
                filled.insert(Arc::clone(&role.name.name), found);
            }
        }
        Some(filled)
    }

    fn fill(&mut self, rating: &RatingText, at: usize, role: &RoleText, merged: &[Filled]) -> Option<Filled> {
        let own = self.is_of_role(rating, at)?;
        let mut sheets = self.over_sheets(rating, AggregateFunction::Count, None, own)?;
        let (mut counts, mut weight) = (own, self.number(&role.weight)?);
        for other in merged {
            let none = self.zero();
            let lacking = self.truth_node(Op::Not(other.enough));
            let come = self.truth_node(Op::And(lacking, other.counts));
            counts = self.truth_node(Op::Or(counts, come));
            let more = self.choose(other.enough, none, other.sheets)?;
            sheets = self.arithmetic(Arithmetic::Add, sheets, more)?;
            let heavier = self.choose(other.enough, none, other.weight)?;
            weight = self.arithmetic(Arithmetic::Add, weight, heavier)?;
        }
        let minimum = self.integer(role.minimum.into());
        let enough = self.compare(ComparisonOperator::AtLeast, sheets, minimum)?;
        let enough = self.tell(Step::Enough(Arc::clone(&role.name.name)), enough)?;
        Some(Filled { counts, sheets, enough, weight })
    }

    /// The roles' weights total 100: when the scheme is read, or for each person.
    fn roles_total(&mut self, rating: &RatingText, weights: &[NodeId], composite: NodeId) -> Option<NodeId> {
        let total = self.total(weights)?;
        if let Some(found) = self.constant_number(total).cloned() {
            if found == Number::HUNDRED {
                return Some(composite);
            }
            let name = &rating.common.name;
            let text = &name.name;
            self.error(
                Code::WeightTotal,
                name.span,
                say!(
                    "the weights of the roles of `{text}` total {found}, not 100",
                    "`{text}` 各考评角色权重合计 {found}，应为 100"
                ),
                Some(say!("roles' weights total 100", "各考评角色的权重合计应为 100")),
            );
            return None;
        }
        let hundred = self.number_value(Number::HUNDRED);
        let fine = self.compare(ComparisonOperator::Equal, total, hundred)?;
        let fault = self.fail(FaultCode::WeightsTotal, composite);
        self.choose(fine, composite, fault)
    }

    pub(super) fn number_value(&mut self, number: Number) -> NodeId {
        self.value(Value::Number(number), Kind::Number, Unit::Bare { magnitude: false })
    }

    fn truth_value(&mut self, truth: bool) -> NodeId {
        let facts = Facts { kind: Kind::Truth, may_be_missing: false, unit: Unit::Unknown, size: Size::NONE };
        self.push(Op::Constant(Value::Truth(truth)), facts)
    }
}
