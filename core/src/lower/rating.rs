//! Appraisals by raters: the result of each role over its sheets, and the roles together.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kaohe_grammar::{ComparisonOperator, Name, say};
use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::ToPrimitive as _;

use super::builder::Builder;
use super::columns::Draft;
use super::names::qualified;
use crate::code::Code;
use crate::document::model::{
    ItemWorth, Method, RatingText, RoleText, SHEET_ROLE, ScaleText, WhenItemMissing, WhenRoleMissing,
};
use crate::fault::FaultCode;
use crate::limits::{EXACT_BITS, ROWS};
use crate::number::Number;
use crate::plan::{
    Aggregate, AggregateFunction, Arithmetic, ColumnId, CompositeMethod, CompositePart, CompositeRole, DetailId, Ends,
    Extreme, Facts, ItemRole, NodeId, Op, Role, Step, Table, TableKey, WhenMissing,
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
    /// The largest least number of sheets among the roles whose sheets these are.
    least: NodeId,
    /// How well they hide each other: see [`Builder::hides`].
    hides: NodeId,
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
        let marked = match self.is_marked(rating)? {
            Some(marked) => marked,
            None => self.truth_value(true),
        };
        let sheets = self.over_sheets(rating, AggregateFunction::Count, None, marked)?;
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
                    None => {
                        let denominator = sheet.denominator.saturating_add(self.divisors(rating)?);
                        Size { denominator, ..sheet.many(ROWS) }
                    }
                };
                sum.quotient(Size::COUNT)
            }
        };
        let filter = (!matches!(self.constant(counts), Some(Value::Truth(true)))).then_some(counts);
        let over = Aggregate { table, function, value, filter, by: None, when_empty: None };
        let help = say!(
            "write the items' weights or points with fewer decimals, or in whole numbers; or say `when_item_missing: zero`, so that every sheet is divided by all of them",
            "请让各考评项的权重或分值少用小数或改为整数；或写 `when_item_missing: zero`，使每张考评表都除以全部权重"
        );
        self.sized_or(Op::Aggregate(Box::new(over)), Unit::Unknown, size, help)
    }

    /// Bits of the least number that every total of some items' weights divides.
    fn divisors(&mut self, rating: &RatingText) -> Option<u64> {
        let mut worths = Vec::new();
        for item in &rating.items {
            let (ItemWorth::Points(formula) | ItemWorth::Weight(formula)) = &item.worth;
            worths.push(self.known_number(formula)?.to_fraction());
        }
        Some(bits_all_totals_divide(&worths))
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
        let mut counts = self.is_of_role(rating, at)?;
        if let Some(marked) = self.is_marked(rating)? {
            counts = self.truth_node(Op::And(counts, marked));
        }
        let (none, one) = (self.zero(), self.integer(1));
        let minimum = self.integer(role.minimum.into());
        let own = self.over_sheets(rating, AggregateFunction::Count, None, counts)?;
        let has_own = self.compare(ComparisonOperator::AtLeast, own, one)?;
        let (mut sheets, mut weight) = (own, self.number(&role.weight)?);
        let mut least = vec![self.choose(has_own, minimum, none)?];
        let mut needed = vec![minimum];
        let mut hides = self.hides(own, minimum)?;
        for other in merged {
            let lacking = self.truth_node(Op::Not(other.enough));
            let come = self.truth_node(Op::And(lacking, other.counts));
            counts = self.truth_node(Op::Or(counts, come));
            let more = self.choose(other.enough, none, other.sheets)?;
            sheets = self.arithmetic(Arithmetic::Add, sheets, more)?;
            let theirs = self.choose(other.enough, none, other.least)?;
            least.push(theirs);
            needed.push(theirs);
            let hidden = self.choose(other.enough, none, other.hides)?;
            hides = self.arithmetic(Arithmetic::Add, hides, hidden)?;
            let heavier = self.choose(other.enough, none, other.weight)?;
            weight = self.arithmetic(Arithmetic::Add, weight, heavier)?;
        }
        let (least, needed) = (self.extreme(Extreme::Maximum, least)?, self.extreme(Extreme::Maximum, needed)?);
        let mut enough = self.compare(ComparisonOperator::AtLeast, sheets, needed)?;
        if !merged.is_empty() {
            // what others bring is shown only among sheets of its own, and only when nobody can take them apart
            let two = self.integer(2);
            let alone = self.compare(ComparisonOperator::Equal, sheets, own)?;
            let hidden = self.compare(ComparisonOperator::AtLeast, hides, two)?;
            let together = self.truth_node(Op::Or(alone, hidden));
            let mixed = self.truth_node(Op::And(has_own, together));
            enough = self.truth_node(Op::And(enough, mixed));
        }
        let enough = self.tell(Step::Enough(Arc::clone(&role.name.name)), enough)?;
        Some(Filled { counts, sheets, least, hides, enough, weight })
    }

    /// How well a role's own sheets hide those that come together with them: 0 for fewer than two, because whoever gave
    /// the one can take it away; 1 for two or more of a role that is itself too small to be shown; 2 for two or more of
    /// any other. From 2 in all on, every role that is too small has another beside it with two sheets or more. A reader
    /// knows one sheet of that other at most, his own; exchanging another of them for a sheet of the small role changes
    /// no figure, so no figure tells him what the small role gave.
    fn hides(&mut self, own: NodeId, minimum: NodeId) -> Option<NodeId> {
        let [none, one, two] = [0, 1, 2].map(|number| self.integer(number));
        let shown = self.compare(ComparisonOperator::AtLeast, own, minimum)?;
        let several = self.compare(ComparisonOperator::AtLeast, own, two)?;
        let worth = self.choose(shown, two, one)?;
        self.choose(several, worth, none)
    }

    /// Whether anything is marked in the sheet that is looked at: a sheet without a mark counts for nobody. Nothing where
    /// every item must be marked.
    fn is_marked(&mut self, rating: &RatingText) -> Option<Option<NodeId>> {
        if !rating.when_item_missing.may_be_unmarked() {
            return Some(None);
        }
        let mut marked: Option<NodeId> = None;
        for item in &rating.items {
            let column = self.by_name.get(&qualified(&rating.common.name.name, &item.name.name)).copied()?;
            let mark = self.read_column(column)?;
            let absent = self.truth_node(Op::IsMissing(mark));
            let there = self.truth_node(Op::Not(absent));
            marked = Some(match marked {
                Some(marked) => self.truth_node(Op::Or(marked, there)),
                None => there,
            });
        }
        Some(marked)
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

/// Totals of weights that are looked at one by one.
const TOTALS: usize = 4_096;

/// Bits of the least number that every total of some of the weights divides, when all are counted in their greatest
/// common part; or, when there are many totals, of a number that is not less.
fn bits_all_totals_divide(weights: &[(BigInt, BigInt)]) -> u64 {
    let common = weights.iter().fold(BigInt::from(1), |common, (_, denominator)| common.lcm(denominator));
    let whole = || weights.iter().map(|(numerator, denominator)| numerator * &common / denominator);
    let part = whole().fold(BigInt::from(0), |part, weight| part.gcd(&weight));
    let units: Option<Vec<u64>> = whole().map(|weight| (weight / &part).to_u64()).collect();
    let Some(units) = units else { return u64::MAX };
    let all = units.iter().fold(0_u64, |all, unit| all.saturating_add(*unit));
    // the least common multiple of the numbers up to n is below 3^n
    let at_most = all.saturating_mul(8).div_ceil(5);
    let mut totals = BTreeSet::from([0_u64]);
    for unit in units {
        let more: Vec<u64> = totals.iter().map(|total| total.saturating_add(unit)).collect();
        totals.extend(more);
        if totals.len() > TOTALS {
            return at_most;
        }
    }
    let mut divided = BigInt::from(1);
    for total in totals.into_iter().filter(|total| *total > 0) {
        divided = divided.lcm(&BigInt::from(total));
        if divided.bits() > EXACT_BITS {
            break;
        }
    }
    divided.bits().min(at_most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(weights: &[&str]) -> u64 {
        let weights: Vec<_> = weights.iter().map(|weight| Number::parse(weight).unwrap().to_fraction()).collect();
        bits_all_totals_divide(&weights)
    }

    #[test]
    fn of_a_few_weights_the_totals_themselves_decide() {
        // 1, 2, 3: all divide 6
        assert_eq!(bits(&["20", "20", "20"]), 3);
        // counted in hundredths: 3333, 3334, 6666, 6667 and 10000
        let all = [3333_u64, 3334, 6666, 6667, 10_000].iter().fold(1_u64, |all, total| all.lcm(total));
        assert_eq!(bits(&["33.33", "33.33", "33.34"]), u64::from(u64::BITS - all.leading_zeros()));
    }

    #[test]
    fn of_many_totals_a_number_they_all_divide_is_enough() {
        let many: Vec<String> = (1..=20).map(|at| format!("{at}.{:02}", at * at % 97)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(bits(&many) > 10_000);
        assert_eq!(bits(&["5"; 20]), bits(&["1"; 20]));
        assert!(bits(&["1"; 20]) < 32);
    }
}
