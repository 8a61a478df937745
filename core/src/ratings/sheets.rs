//! Sheets from plan and membership: which rater rates whom, on which items.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use crate::code::Code;
use crate::date::Date;
use crate::document::model::TwoRoles;
use crate::document::suggest::nearest;
use crate::error::DataError;
use crate::limits::SHEETS;
use crate::ratings::digest::id;
use crate::ratings::problem::named;
use crate::ratings::{Membership, PlanEntry, Rating, Role};
use crate::run::{Note, listed};

/// Goes before what an id is made of, so that another version of it never gives an equal one by chance.
const VERSION: &str = "kaohe sheet 1";

/// One rater's sheet about one person in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What names it, the same in every language and on every machine.
    pub id: Arc<str>,
    /// The rater's role.
    pub role: Arc<str>,
    /// Who rates.
    pub rater: Arc<str>,
    /// Who is rated.
    pub ratee: Arc<str>,
    /// The group in which the rater meets the person; of several the first in the order of their texts.
    pub group: Option<Arc<str>>,
    /// The entry of the plan it comes from, counted from 0.
    pub entry: usize,
    /// Its items, as positions in [`Rating::items`], in their order.
    pub items: Vec<usize>,
    /// The first day marks are taken.
    pub start: Option<Date>,
    /// The last day marks are taken.
    pub end: Option<Date>,
}

/// The sheets of a round: a function of plan and membership, whatever the order of the membership's rows.
#[derive(Debug, Clone)]
pub struct Sheets {
    rating: Rating,
    sheets: Vec<Sheet>,
    by_id: HashMap<Arc<str>, usize>,
    /// Everybody who has a role that rates, with where their sheets stand.
    by_rater: BTreeMap<Arc<str>, Vec<usize>>,
    notes: Vec<Note>,
}

/// People of one role, each with the groups they have it in; a group of nothing is every group.
type People = BTreeMap<Arc<str>, BTreeSet<Option<Arc<str>>>>;

/// A sheet before it has an id: the entry, the rater's role by its place in the entry, rater, ratee, group.
struct Pair {
    entry: usize,
    role: usize,
    rater: Arc<str>,
    ratee: Arc<str>,
    group: Option<Arc<str>>,
}

impl Sheets {
    /// One sheet for each rater and each person he rates, for each entry of the plan.
    ///
    /// A rater without a group rates everybody who is rated, a rater with a group the people of that group. Nobody rates
    /// himself but in a `self` role, in which everybody who is rated does, and which needs no membership. An item is
    /// asked once of one rater in one role about one person: by the entry of the plan that asks it first. The sheets
    /// stand in the order of the plan, in a role by rater and then by the person who is rated.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the appraisal has no plan, for roles it does not have, for people who would rate the same
    /// person in two roles when `two_roles` does not say what then, and past the limit of sheets; each naming every
    /// offender.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::Scheme;
    /// use kaohe::ratings::{Membership, Sheets};
    ///
    /// let scheme = Scheme::parse("
    /// kaohe: 1
    /// scheme: 民主测评
    /// inputs: { 工号: { type: text, key: true } }
    /// ratings:
    ///   测评:
    ///     stars: 5
    ///     items: [{ name: 服务, points: 100 }]
    ///     roles: { 同事: { weight: 80 }, 本人: { weight: 20, self: true } }
    ///     plan: [{ rated: 同事, raters: [同事, 本人] }]
    /// ")?;
    /// let members = Membership::of([("甲", "同事", None), ("乙", "同事", None), ("丙", "同事", None)])?;
    /// let sheets = Sheets::new(scheme.rating("测评").unwrap(), &members)?;
    /// // Three colleagues rate two each, and themselves.
    /// assert_eq!(sheets.sheets().len(), 3 * 2 + 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(rating: Rating, membership: &Membership) -> Result<Self, DataError> {
        if rating.plan().is_empty() {
            let name = rating.name();
            return Err(DataError {
                code: Code::MissingKey,
                message: say!("the appraisal `{name}` has no plan", "测评 `{name}` 没有考核计划"),
                help: Some(say!(
                    "say who rates whom: `plan: [{{ rated: 客户经理, raters: [上级, 同事] }}]`",
                    "请写明由谁考评谁：`plan: [{{ rated: 客户经理, raters: [上级, 同事] }}]`"
                )),
                offenders: vec![name.to_owned()],
            });
        }
        known_roles(&rating, membership)?;
        let mut people: HashMap<&str, People> = HashMap::new();
        for member in membership.members() {
            let role = people.entry(&*member.role).or_default();
            role.entry(Arc::clone(&member.person)).or_default().insert(member.group.clone());
        }
        let none = People::new();
        let of = |role: &str| people.get(role).unwrap_or(&none);
        let mut by_rater: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        let mut pairs = Vec::new();
        for (entry, planned) in rating.plan().iter().enumerate() {
            let rated = of(&planned.rated);
            for (place, role) in planned.raters.iter().filter_map(|at| rating.roles().get(*at)).enumerate() {
                let who = if role.own { rated } else { of(&role.name) };
                by_rater.extend(who.keys().map(|person| (Arc::clone(person), Vec::new())));
                pair(&mut pairs, (entry, place), rated, (role, who))?;
            }
        }
        one_role(&rating, &mut pairs)?;
        let notes = unrated(&rating, of, &pairs);
        pairs.sort_by(|a, b| (a.entry, a.role, &a.rater, &a.ratee).cmp(&(b.entry, b.role, &b.rater, &b.ratee)));
        let mut sheets: Vec<Sheet> = pairs.into_iter().filter_map(|pair| sheet(&rating, pair)).collect();
        asked_once(&mut sheets);
        let by_id: HashMap<Arc<str>, usize> =
            (0..).zip(&sheets).map(|(at, sheet)| (Arc::clone(&sheet.id), at)).collect();
        if by_id.len() < sheets.len() {
            return Err(DataError {
                code: Code::Internal,
                message: say!("two sheets have the same id", "两张考评表的编号相同"),
                help: None,
                offenders: Vec::new(),
            });
        }
        for (at, sheet) in sheets.iter().enumerate() {
            by_rater.entry(Arc::clone(&sheet.rater)).or_default().push(at);
        }
        Ok(Self { rating, sheets, by_id, by_rater, notes })
    }

    /// The appraisal.
    #[must_use]
    pub fn rating(&self) -> &Rating {
        &self.rating
    }

    /// The sheets, in order.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// Where the sheet of that id stands in [`Sheets::sheets`].
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Everybody who has a role that rates, whether there is anybody to rate or not, in the order of their texts.
    pub fn raters(&self) -> impl Iterator<Item = &Arc<str>> {
        self.by_rater.keys()
    }

    /// Where the sheets of a rater stand in [`Sheets::sheets`], with the name as it is kept; nothing for somebody who has
    /// no role that rates.
    #[must_use]
    pub fn of_rater(&self, rater: &str) -> Option<(&Arc<str>, &[usize])> {
        self.by_rater.get_key_value(rater).map(|(rater, sheets)| (rater, sheets.as_slice()))
    }

    /// What is doubtful: people who are rated by nobody, or in a role by fewer than its minimum.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// Every role of the membership is one of the plan or of the appraisal, and people are not listed for rating themselves.
fn known_roles(rating: &Rating, membership: &Membership) -> Result<(), DataError> {
    let raters = rating.roles().iter().filter(|role| !role.own).map(|role| &*role.name);
    let known: BTreeSet<&str> = raters.chain(rating.plan().iter().map(|entry| &*entry.rated)).collect();
    let unknown: BTreeSet<&str> =
        membership.members().iter().map(|member| &*member.role).filter(|role| !known.contains(role)).collect();
    let Some(first) = unknown.first() else { return Ok(()) };
    let own = rating.roles().iter().any(|role| role.own && *role.name == **first);
    let help = match nearest(first, known.iter().copied()) {
        _ if own => {
            say!("people rate themselves in `{first}` without being listed in it", "在 `{first}` 中人人自评，不必列出")
        }
        Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
        None => {
            let each: Vec<String> = known.iter().map(|role| format!("`{role}`")).collect();
            let Message { en, zh } = listed(&each);
            say!("the roles are {en}", "可用的角色有：{zh}")
        }
    };
    let each: Vec<String> = unknown.iter().map(|role| format!("`{role}`")).collect();
    let refused = named(Code::UnknownRole, &each, |Message { en, zh }| {
        say!("roles of the membership that the plan does not have: {en}", "人员表中有考核计划没有的角色：{zh}")
    });
    refused.map_err(|error| DataError { help: Some(help), ..error })
}

/// The sheets of one role in one entry of the plan.
fn pair(
    pairs: &mut Vec<Pair>,
    (entry, place): (usize, usize),
    rated: &People,
    (role, raters): (&Role, &People),
) -> Result<(), DataError> {
    let mut add = |rater: &Arc<str>, ratee: &Arc<str>, group: &Option<Arc<str>>| {
        if pairs.len() >= SHEETS {
            let message = say!("the plan comes to more than {SHEETS} sheets", "按计划生成的考评表超过 {SHEETS} 张");
            let help = say!("give raters the groups they rate", "请为考评人写明所考评的组");
            return Err(DataError { code: Code::TooMany, message, help: Some(help), offenders: Vec::new() });
        }
        let (rater, ratee, group) = (Arc::clone(rater), Arc::clone(ratee), group.clone());
        pairs.push(Pair { entry, role: place, rater, ratee, group });
        Ok(())
    };
    if role.own {
        for (person, groups) in rated {
            add(person, person, groups.first().unwrap_or(&None))?;
        }
        return Ok(());
    }
    let mut by_group: BTreeMap<&Option<Arc<str>>, Vec<&Arc<str>>> = BTreeMap::new();
    for (person, groups) in rated {
        for group in groups {
            by_group.entry(group).or_default().push(person);
        }
    }
    for (rater, groups) in raters {
        if groups.contains(&None) {
            for (ratee, groups) in rated.iter().filter(|(ratee, _)| *ratee != rater) {
                add(rater, ratee, groups.first().unwrap_or(&None))?;
            }
            continue;
        }
        let mut met: HashSet<&Arc<str>> = HashSet::new();
        for group in groups {
            for ratee in by_group.get(group).into_iter().flatten().filter(|ratee| **ratee != rater) {
                if met.insert(ratee) {
                    add(rater, ratee, group)?;
                }
            }
        }
    }
    Ok(())
}

/// Nobody rates the same person in two roles unless the appraisal says so.
fn one_role(rating: &Rating, pairs: &mut Vec<Pair>) -> Result<(), DataError> {
    if rating.two_roles() == TwoRoles::Each {
        return Ok(());
    }
    // the roles in the order in which the plan names them first
    let role_of = |pair: &Pair| rating.plan().get(pair.entry).and_then(|entry| entry.raters.get(pair.role)).copied();
    let mut order: Vec<usize> = Vec::new();
    for role in rating.plan().iter().flat_map(|entry| &entry.raters) {
        if !order.contains(role) {
            order.push(*role);
        }
    }
    let place = |pair: &Pair| order.iter().position(|role| Some(*role) == role_of(pair)).unwrap_or(usize::MAX);
    let mut first: HashMap<(Arc<str>, Arc<str>), (usize, usize)> = HashMap::new();
    for pair in pairs.iter() {
        let place = place(pair);
        let entry = first.entry((Arc::clone(&pair.rater), Arc::clone(&pair.ratee))).or_insert((place, place));
        *entry = (entry.0.min(place), entry.1.max(place));
    }
    if rating.two_roles() == TwoRoles::First {
        pairs.retain(|pair| {
            let key = (Arc::clone(&pair.rater), Arc::clone(&pair.ratee));
            first.get(&key).is_none_or(|(best, _)| *best == place(pair))
        });
        return Ok(());
    }
    let name = |place: usize| order.get(place).and_then(|role| rating.roles().get(*role)).map_or("", |role| &role.name);
    let mut clashes: Vec<String> = first
        .iter()
        .filter(|(_, (best, worst))| best != worst)
        .map(|((rater, ratee), (best, worst))| format!("`{rater}` → `{ratee}` ({}, {})", name(*best), name(*worst)))
        .collect();
    clashes.sort_unstable();
    let refused = named(Code::TwoRoles, &clashes, |Message { en, zh }| {
        say!("raters who would rate the same person in two roles: {en}", "以两种角色考评同一人的考评人：{zh}")
    });
    refused.map_err(|error| DataError {
        help: Some(say!(
            "say what holds then: `two_roles: first` or `two_roles: each`",
            "请写明如何处理：`two_roles: first`（只按计划中靠前的角色）或 `two_roles: each`（各评一次）"
        )),
        ..error
    })
}

/// Who is rated by nobody, and who in a role by fewer than there must be.
fn unrated<'p>(rating: &Rating, of: impl Fn(&str) -> &'p People, pairs: &[Pair]) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |people: BTreeSet<&str>, message: &dyn Fn(&Message) -> Message| {
        if !people.is_empty() {
            let quoted: Vec<String> = people.iter().map(|person| format!("`{person}`")).collect();
            notes.push(Note { code: Code::NobodyRates, message: message(&listed(&quoted)) });
        }
    };
    let rated_by: HashSet<&str> = pairs.iter().map(|pair| &*pair.ratee).collect();
    let ratees = rating.plan().iter().flat_map(|entry| of(&entry.rated).keys());
    let nobody: BTreeSet<&str> = ratees.map(|person| &**person).filter(|person| !rated_by.contains(person)).collect();
    // entry, role, ratee
    let mut counts: HashMap<(usize, usize, &str), u32> = HashMap::new();
    for pair in pairs {
        *counts.entry((pair.entry, pair.role, &*pair.ratee)).or_default() += 1;
    }
    let is_unrated = nobody.clone();
    note(nobody, &|Message { en, zh }| say!("nobody rates {en}", "没有人考评：{zh}"));
    for (at, entry) in rating.plan().iter().enumerate() {
        for (place, role) in entry.raters.iter().filter_map(|role| rating.roles().get(*role)).enumerate() {
            let count = |person: &str| counts.get(&(at, place, person)).copied().unwrap_or(0);
            let few: BTreeSet<&str> = of(&entry.rated)
                .keys()
                .map(|person| &**person)
                .filter(|person| count(person) < role.minimum && !is_unrated.contains(person))
                .collect();
            let (name, minimum) = (&role.name, role.minimum);
            note(few, &|Message { en, zh }| match minimum {
                1 => say!("nobody in the role `{name}` rates {en}", "角色 `{name}` 中没有人考评：{zh}"),
                _ => say!(
                    "fewer than {minimum} raters in the role `{name}` for {en}",
                    "角色 `{name}` 的考评人不足 {minimum} 名：{zh}"
                ),
            });
        }
    }
    notes
}

/// Of two sheets of one rater, role and person the first has the items that both entries of the plan ask.
fn asked_once(sheets: &mut Vec<Sheet>) {
    let mut asked: HashMap<[Arc<str>; 3], Vec<usize>> = HashMap::new();
    sheets.retain_mut(|sheet| {
        let key = [&sheet.role, &sheet.rater, &sheet.ratee].map(Arc::clone);
        let asked = asked.entry(key).or_default();
        sheet.items.retain(|item| !asked.contains(item));
        asked.extend(&sheet.items);
        !sheet.items.is_empty()
    });
}

fn sheet(rating: &Rating, pair: Pair) -> Option<Sheet> {
    let Pair { entry, role, rater, ratee, group } = pair;
    let planned: &PlanEntry = rating.plan().get(entry)?;
    let role = rating.roles().get(*planned.raters.get(role)?)?;
    let identity = rating.identity();
    let mut fields = vec![VERSION];
    fields.extend(identity.iter().map(String::as_str));
    fields.extend([&*planned.rated, &*role.name, &*rater, &*ratee]);
    if planned.names_items {
        // two entries may have one role rate different items of the same person
        fields.extend(planned.items.iter().filter_map(|at| rating.items().get(*at)).map(|item| &*item.name));
    }
    Some(Sheet {
        id: id(fields).into(),
        role: Arc::clone(&role.name),
        rater,
        ratee,
        group,
        entry,
        items: planned.items.clone(),
        start: planned.start,
        end: planned.end,
    })
}
