//! Appraisals by raters, and what of them can be wrong before anybody rates.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use kaohe_grammar::{Message, Span, say};

use super::keys::Keys;
use super::{Reader, day, entries, entries_of, flag, list, named, names, scalar, text};
use crate::code::Code;
use crate::diagnostic::Severity;
use crate::document::format::{DROP, ROLE, SEVERITY};
use crate::document::model::{
    Common, DetailText, DropText, InputKind, InputText, ItemWorth, Method, MissingText, Named, RatingItemText,
    RatingPlanText, RatingText, RoleText, SHEET_MARKS, SHEET_RATER, SHEET_ROLE, ScaleText, SeverityMethod,
    SeverityText, SeverityUnconnected, SeverityWithoutSpread, TwoRoles, WhenItemMissing, WhenRoleMissing,
};
use crate::document::suggest::nearest;
use crate::document::tree::{Node, Scalar};
use crate::limits::RATING_ROLES;
use crate::plan::{Asked, DetailKind, SheetCell};
use crate::ratings::Scale;

impl Reader<'_> {
    /// The appraisals, each with the table of its sheets among the detail tables.
    pub(super) fn ratings(
        &mut self,
        root: &Node,
        inputs: &[InputText],
        details: &mut Vec<DetailText>,
    ) -> Vec<RatingText> {
        let mut ratings = self.named(root, "ratings", |this, key, node| {
            let before = this.errors();
            // what is wrong with it is told, and nothing that would follow from it
            this.rating(key, node).filter(|_| this.errors() == before)
        });
        // without a key nobody could say whom a sheet is about, which is told where the key should be
        let Some(key) = inputs.iter().find(|input| input.key).map(|input| input.common.name.clone()) else {
            self.failed.extend(ratings.into_iter().map(|rating| rating.common.name));
            return Vec::new();
        };
        for rating in &mut ratings {
            rating.table = details.len();
            details.push(sheets(rating, key.clone()));
        }
        ratings
    }

    /// How many errors are told so far.
    fn errors(&self) -> usize {
        self.problems.iter().filter(|found| found.severity == Severity::Error).count()
    }

    /// An appraisal; nothing when a part of it cannot be read, which is told where it stands.
    pub(super) fn rating(&mut self, key: &Scalar, node: &Node) -> Option<RatingText> {
        let failed = self.failed.len();
        let scale = self.scale(node);
        let items = self.listed(node, "items", |this, item| this.rated_item(item, scale.as_ref()));
        let roles = self.named(node, "roles", Self::role);
        self.failed.truncate(failed); // a role is no name of the scheme
        let word = |key: &str| scalar(node, key).map(|word| word.text.as_str());
        let rating = RatingText {
            common: self.common(key, node),
            scale: scale?,
            items,
            roles,
            when_role_missing: word("when_role_missing").and_then(WhenRoleMissing::from_name).unwrap_or_default(),
            when_item_missing: word("when_item_missing").and_then(WhenItemMissing::from_name).unwrap_or_default(),
            two_roles: word("two_roles").and_then(TwoRoles::from_name).unwrap_or_default(),
            severity: self.under(node, "severity", Self::severity),
            plan: self.listed(node, "plan", Self::rating_plan),
            table: 0,
            span: node.span,
        };
        self.items_are_alike(&rating);
        if let Some(beyond) = rating.roles.get(RATING_ROLES) {
            self.report(
                Code::TooMany,
                beyond.name.span,
                say!("an appraisal has at most {RATING_ROLES} roles", "一项测评最多有 {RATING_ROLES} 个考评角色"),
                None,
            );
        }
        if rating.items.len() < node.get("items").map_or(0, |items| list(items).len())
            || rating.roles.len() < entries(node, "roles").len()
        {
            return None; // without one of them the rest would seem to lack it
        }
        self.roles_have_a_place(&rating, node);
        if rating.severity.is_some() && rating.roles.iter().all(|role| role.own) {
            let why =
                say!("people rate only themselves, and nobody is severe with others", "各角色都是自评，没有他人的宽严");
            self.without_effect(node, &["severity"], &why);
        }
        if node.get("plan").is_some() {
            self.plan_can_be_carried_out(&rating);
        }
        Some(rating)
    }

    fn scale(&mut self, node: &Node) -> Option<ScaleText> {
        if let Some(letters) = node.get("scale") {
            let written = entries_of(letters);
            let mut letters = Vec::new();
            self.inside("scale", |this| {
                for entry in written {
                    let worth = this.inside(&entry.key.text, |this| this.formula_text(entry.value.scalar()?));
                    letters.extend(worth.map(|worth| (named(&entry.key), worth)));
                }
            });
            return (letters.len() == written.len()).then_some(ScaleText::Letters(letters));
        }
        if let Some(stars) = scalar(node, "stars") {
            return Some(ScaleText::Stars(stars.text.parse().ok()?));
        }
        let marks = node.get("marks")?;
        let number = |key: &str| scalar(marks, key).and_then(|number| number.text.parse::<u32>().ok());
        let (min, max) = (number("min").unwrap_or(0), number("max")?);
        if let (true, Some(written)) = (min >= max, scalar(marks, "min")) {
            self.inside("marks", |this| {
                this.report(
                    Code::LimitOrder,
                    written.span,
                    say!("the lowest mark {min} is not below the highest {max}", "最低分 {min} 不低于最高分 {max}"),
                    Some(say!("write the lower number as `min`", "请把较小的数写为 `min`")),
                );
            });
            return None;
        }
        Some(ScaleText::Marks { min, max, places: number("places").unwrap_or(0) })
    }

    /// How sheets are rid of severity: a method by its name, or a map that says more.
    fn severity(&mut self, node: &Node) -> Option<SeverityText> {
        let written = |key: &str| scalar(node, key).map(|word| word.text.as_str());
        let method = node.scalar().map(|word| word.text.as_str()).or_else(|| written("by"));
        let by = SeverityMethod::from_name(method?)?;
        let keys = Keys::of(node, &SEVERITY);
        if by != SeverityMethod::ZScore && keys.has("without_spread") {
            let why =
                say!("only `by: z_score` divides by a rater's spread", "只有 `by: z_score` 才用到考评人的离散程度");
            self.without_effect(node, &["without_spread"], &why);
        }
        if by != SeverityMethod::Additive && keys.has("unconnected") {
            let why = say!(
                "only `by: additive` compares raters by the people they share",
                "只有 `by: additive` 才按共同的考核对象比较考评人"
            );
            self.without_effect(node, &["unconnected"], &why);
        }
        Some(SeverityText {
            by,
            round: written("round").and_then(|places| places.parse().ok()).unwrap_or(SEVERITY_PLACES),
            without_spread: written("without_spread").and_then(SeverityWithoutSpread::from_name).unwrap_or_default(),
            unconnected: written("unconnected").and_then(SeverityUnconnected::from_name).unwrap_or_default(),
        })
    }

    fn rated_item(&mut self, node: &Node, scale: Option<&ScaleText>) -> Option<RatingItemText> {
        let mut anchors = Vec::new();
        for entry in entries(node, "anchors") {
            let mark = named(&entry.key);
            if let Some(scale) = scale.filter(|scale| Scale::of(scale).read(&mark.name).is_none()) {
                let help = Scale::of(scale).told();
                self.inside("anchors", |this| {
                    this.report(Code::UnknownWord, mark.span, Scale::off(&mark.name), Some(help));
                });
            }
            anchors.extend(entry.value.scalar().map(|text| (mark, Arc::from(text.text.as_str()))));
        }
        let worth = match self.formula(node, "points") {
            Some(points) => ItemWorth::Points(points),
            None => ItemWorth::Weight(self.formula(node, "weight")?),
        };
        Some(RatingItemText { name: named(scalar(node, "name")?), worth, standard: text(node, "standard"), anchors })
    }

    fn role(&mut self, key: &Scalar, node: &Node) -> Option<RoleText> {
        let keys = Keys::of(node, &ROLE);
        let own = flag(node, "self");
        if own {
            let why = say!("everybody rates himself once", "每人只自评一次");
            self.without_effect(node, &["drop", "method", "trim"], &why);
        }
        let method = scalar(node, "method").and_then(|word| Method::from_name(&word.text)).unwrap_or_default();
        if method == Method::Trimmed {
            if let Some(span) = scalar(node, "method").map(|word| word.span).filter(|_| !keys.has("trim")) {
                self.report(
                    Code::MissingKey,
                    span,
                    say!("a trimmed mean needs `trim`", "截尾平均需要写明 `trim`"),
                    Some(say!("say which share is cut at each end: `trim: 10%`", "请写明两端各截去多少：`trim: 10%`")),
                );
            }
        } else if !own {
            let why = say!("only `method: trimmed` cuts a share", "只有 `method: trimmed` 才截去一定比例");
            self.without_effect(node, &["trim"], &why);
        }
        let minimum = scalar(node, "minimum").and_then(|number| number.text.parse().ok()).unwrap_or(1);
        if let (true, true, Some(written)) = (own, minimum > 1, scalar(node, "minimum")) {
            self.report(
                Code::Impracticable,
                written.span,
                say!(
                    "there are never {minimum} sheets of people about themselves",
                    "每人只有一张自评表，不会有 {minimum} 张"
                ),
                Some(say!("leave `minimum` out, or write 1", "请去掉 `minimum`，或写 1")),
            );
        }
        let name = named(key);
        Some(RoleText {
            weight: self.formula(node, "weight")?,
            minimum,
            drop: self.under(node, "drop", Self::drop),
            method,
            trim: self.formula(node, "trim"),
            own,
            merge_into: scalar(node, "merge_into").map(named),
            name,
            path: self.path(),
        })
    }

    fn drop(&mut self, node: &Node) -> Option<DropText> {
        let keys = Keys::of(node, &DROP);
        let number = |key: &str| scalar(node, key).and_then(|number| number.text.parse::<u32>().ok());
        let (highest, lowest) = (number("highest").unwrap_or(0), number("lowest").unwrap_or(0));
        let left_out = highest.saturating_add(lowest);
        if left_out == 0 {
            if !keys.meant.contains(&"highest") && !keys.meant.contains(&"lowest") {
                self.report(
                    Code::MissingKey,
                    node.span,
                    say!("no sheet is left out here", "这里没有去掉任何考评表"),
                    Some(say!(
                        "say how many: `drop: {{ highest: 1, lowest: 1 }}`",
                        "请写明去掉几张：`drop: {{ highest: 1, lowest: 1 }}`"
                    )),
                );
            }
            return None;
        }
        let from = number("from").unwrap_or(left_out.saturating_add(1));
        if let (true, Some(written)) = (from <= left_out, scalar(node, "from")) {
            self.report(
                Code::LimitOrder,
                written.span,
                say!(
                    "of {from} sheets {left_out} are left out, so none would count",
                    "共 {from} 张考评表，去掉 {left_out} 张后就没有了"
                ),
                Some(say!("write at least `from: {}`", "`from` 至少应为 {}", left_out.saturating_add(1))),
            );
        }
        Some(DropText { highest, lowest, from })
    }

    fn rating_plan(&mut self, node: &Node) -> Option<RatingPlanText> {
        let (start, end) = (day(node, "start"), day(node, "end"));
        if let (Some((start, _)), Some((end, span))) = (start, end)
            && end < start
        {
            self.report(
                Code::PeriodOrder,
                span,
                say!("the plan ends on {end}, before it begins on {start}", "考核计划 {end} 结束，早于 {start} 开始"),
                Some(say!("write the earlier day as `start`", "请把较早的日期写为 `start`")),
            );
        }
        Some(RatingPlanText {
            rated: named(scalar(node, "rated")?),
            raters: names(node, "raters"),
            items: names(node, "items"),
            start: start.map(|(day, _)| day),
            end: end.map(|(day, _)| day),
        })
    }

    /// No item stands twice, and all count in one way.
    fn items_are_alike(&mut self, rating: &RatingText) {
        self.inside("items", |this| this.only_once(rating.items.iter().map(|item| &item.name)));
        let has_points = |item: &&RatingItemText| matches!(item.worth, ItemWorth::Points(_));
        let Some(first) = rating.items.first() else { return };
        let Some(other) = rating.items.iter().find(|item| has_points(item) != has_points(&first)) else { return };
        let (name, first) = (&other.name.name, &first.name.name);
        self.inside("items", |this| {
            this.report(
                Code::MixedWeights,
                other.name.span,
                say!(
                    "of the items `{first}` and `{name}` one has points, the other a weight",
                    "考评项 `{first}` 与 `{name}` 一个写分值，一个写权重"
                ),
                Some(say!("give all items points, or all weights", "请让所有考评项都写分值，或都写权重")),
            );
        });
    }

    /// Reports names that stand twice in one list.
    fn only_once<'n>(&mut self, names: impl Iterator<Item = &'n Named>) {
        let mut seen: Vec<&Named> = Vec::new();
        for named in names {
            if let Some(first) = seen.iter().find(|first| first.name == named.name) {
                let name = &named.name;
                let message = say!("`{name}` is named twice", "`{name}` 写了两次");
                self.report(Code::NamedTwice, named.span, message, Some(say!("keep one of them", "请只留一个")));
                if let Some(found) = self.problems.last_mut() {
                    found.related = Some(first.span);
                }
            }
            seen.push(named);
        }
    }

    /// Roles that others merge into are there, and nobody is sent in a circle.
    fn roles_have_a_place(&mut self, rating: &RatingText, node: &Node) {
        let merges = rating.when_role_missing == WhenRoleMissing::Merge;
        for role in &rating.roles {
            let Some(target) = &role.merge_into else { continue };
            let name = role.name.name.to_string();
            self.inside("roles", |this| {
                this.inside(&name, |this| {
                    if !merges {
                        let written = node.get("roles").and_then(|roles| roles.get(&name));
                        let why = say!(
                            "only `when_role_missing: merge` merges roles",
                            "只有 `when_role_missing: merge` 才合并角色"
                        );
                        written.into_iter().for_each(|role| this.without_effect(role, &["merge_into"], &why));
                    } else if role_named(rating, target).is_none() {
                        this.unknown(Code::UnknownRole, target, rating.roles.iter().map(|role| &role.name), &ROLES);
                    } else if role_named(rating, target).is_some_and(|target| target.own) {
                        let into = &target.name;
                        this.report(
                            Code::Impracticable,
                            target.span,
                            say!(
                                "`{name}` is merged into `{into}`, where people rate themselves: they know their own marks, and would read the others' off the result",
                                "`{name}` 并入自评角色 `{into}`：本人知道自己的评分，会从结果推出他人的评分"
                            ),
                            Some(say!("merge it into a role of others", "请并入他人考评的角色")),
                        );
                    } else if comes_back(rating, role) {
                        this.report(
                            Code::Impracticable,
                            target.span,
                            say!("`{name}` is merged into itself in the end", "`{name}` 最终又并入它自己"),
                            Some(say!("let one role of the circle stay", "请让其中一个角色不再并入别的角色")),
                        );
                    }
                });
            });
        }
        if merges
            && rating.roles.iter().all(|role| role.merge_into.is_none())
            && let Some(written) = scalar(node, "when_role_missing")
        {
            self.report(
                Code::MissingKey,
                written.span,
                say!("no role says which one it is merged into", "没有任何角色写明并入哪个角色"),
                Some(say!(
                    "write it at the role: `客户: {{ weight: 20, merge_into: 同事 }}`",
                    "请在角色处写明：`客户: {{ weight: 20, merge_into: 同事 }}`"
                )),
            );
        }
    }

    /// What the plan names is there, no sheet asks an item twice, and nothing is left that nobody rates.
    fn plan_can_be_carried_out(&mut self, rating: &RatingText) {
        let all_items: Vec<&Named> = rating.items.iter().map(|item| &item.name).collect();
        let mut asked: HashSet<(&str, &str, &str)> = HashSet::new();
        for (at, entry) in rating.plan.iter().enumerate() {
            self.inside("plan", |this| {
                this.inside(&at.to_string(), |this| {
                    this.inside("raters", |this| {
                        this.only_once(entry.raters.iter());
                        for rater in entry.raters.iter().filter(|rater| role_named(rating, rater).is_none()) {
                            this.unknown(Code::UnknownRole, rater, rating.roles.iter().map(|role| &role.name), &ROLES);
                        }
                    });
                    this.inside("items", |this| {
                        this.only_once(entry.items.iter());
                        for item in &entry.items {
                            if !all_items.iter().any(|known| known.name == item.name) {
                                this.unknown(Code::UnknownItem, item, all_items.iter().copied(), &ITEMS);
                            }
                        }
                    });
                    let items: HashSet<&str> = entry.asked(&rating.items).map(|item| &*item.name).collect();
                    let raters: HashSet<&str> = entry.raters.iter().map(|rater| &*rater.name).collect();
                    let again = |rater: &&Named| {
                        items.iter().any(|item| asked.contains(&(&*entry.rated.name, &*rater.name, *item)))
                    };
                    if let Some(rater) = entry.raters.iter().find(again) {
                        let (rated, rater_name) = (&entry.rated.name, &rater.name);
                        this.report(
                            Code::NamedTwice,
                            rater.span,
                            say!(
                                "`{rater_name}` rates the same item of `{rated}` in two entries of the plan",
                                "考核计划中 `{rater_name}` 两次评 `{rated}` 的同一考评项"
                            ),
                            Some(say!(
                                "leave the role out of one entry, or give each entry other `items`",
                                "请在其中一条去掉该角色，或让两条的 `items` 不重复"
                            )),
                        );
                    }
                    for rater in raters {
                        asked.extend(items.iter().map(|item| (&*entry.rated.name, rater, *item)));
                    }
                });
            });
        }
        self.nobody_is_left_out(rating, &asked);
        if rating.when_item_missing != WhenItemMissing::Renormalise {
            self.sheets_say_what_they_ask(rating, &asked);
        }
    }

    /// Warns where a role is asked other items of some people than of others: a sheet does not say of which they are.
    fn sheets_say_what_they_ask(&mut self, rating: &RatingText, asked: &HashSet<(&str, &str, &str)>) {
        for role in &rating.roles {
            let name = &role.name.name;
            let items_of = |rated: &str| -> BTreeSet<&str> {
                let of = asked.iter().filter(|(whom, rater, _)| **whom == *rated && **rater == **name);
                of.map(|(.., item)| *item).collect()
            };
            let mut rated = rating.plan.iter().filter(|entry| entry.raters.iter().any(|rater| rater.name == *name));
            let Some(first) = rated.next().map(|entry| &entry.rated) else { continue };
            let other = rated.map(|entry| &entry.rated).find(|other| items_of(&other.name) != items_of(&first.name));
            let Some(other) = other else { continue };
            let (one, other) = (&first.name, &other.name);
            let message = say!(
                "`{name}` is asked other items of `{one}` than of `{other}`, and a sheet does not say which of them it is about",
                "`{name}` 考评 `{one}` 与 `{other}` 的考评项不同，而考评表上看不出被考评人属于哪一类"
            );
            let help = say!(
                "write `when_item_missing: renormalise`, or an appraisal for each; otherwise what is asked of either counts as asked",
                "请写 `when_item_missing: renormalise`，或分为两项测评；否则两类的考评项都按应评处理"
            );
            self.doubt("roles", role.name.span, message, help);
        }
    }

    /// Warns of roles that rate nobody and of items nobody rates.
    fn nobody_is_left_out(&mut self, rating: &RatingText, asked: &HashSet<(&str, &str, &str)>) {
        for role in &rating.roles {
            let name = &role.name.name;
            if !asked.iter().any(|(_, rater, _)| **rater == **name) {
                let message =
                    say!("no entry of the plan has `{name}` rate anybody", "考核计划中没有任何一条由 `{name}` 考评");
                let help = say!(
                    "name the role under `raters`, or leave it out; its sheets can only come from elsewhere",
                    "请把该角色写入 `raters`，或去掉它；否则它的考评表只能另行提供"
                );
                self.doubt("roles", role.name.span, message, help);
            }
        }
        for item in &rating.items {
            let name = &item.name.name;
            if !asked.iter().any(|(_, _, asked)| **asked == **name) {
                let message = say!("no entry of the plan has `{name}` rated", "考核计划中没有任何一条考评 `{name}`");
                let help = say!("name it under `items` of an entry", "请把它写入某一条的 `items`");
                self.doubt("items", item.name.span, message, help);
            }
        }
    }

    fn doubt(&mut self, step: &str, span: Span, message: Message, help: Message) {
        self.inside(step, |this| this.report(Code::Impracticable, span, message, Some(help)));
        if let Some(found) = self.problems.last_mut() {
            found.severity = Severity::Warning;
        }
    }

    /// Reports a role or an item that the appraisal does not have.
    fn unknown<'n>(&mut self, code: Code, wanted: &Named, known: impl Iterator<Item = &'n Named>, what: &What) {
        let known: Vec<&str> = known.map(|named| &*named.name).collect();
        let name = &wanted.name;
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
            None => {
                let each: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                Message::new(
                    format!("the {}s are {}", what.en, each.join(", ")),
                    format!("可用的{}有：{}", what.zh, each.join("、")),
                )
            }
        };
        let (en, zh) = (what.en, what.zh);
        let message = say!("the appraisal has no {en} `{name}`", "本测评没有`{name}`这个{zh}");
        self.report(code, wanted.span, message, Some(help));
    }
}

/// The table of an appraisal's sheets: the role and the rater of each, and its marks, one by one or all in one text.
fn sheets(rating: &RatingText, key: Named) -> DetailText {
    let at =
        |name: &str| Common::of(Named { name: name.into(), span: rating.common.name.span }, rating.common.path.clone());
    let headers = |names: &[&str]| {
        names.iter().map(|name| Named { name: (*name).into(), span: rating.common.name.span }).collect::<Vec<_>>()
    };
    let item_missing = match rating.when_item_missing {
        WhenItemMissing::Error => MissingText::Error,
        WhenItemMissing::Renormalise | WhenItemMissing::Zero => MissingText::Allow,
    };
    let roles: Vec<Named> = rating.roles.iter().map(|role| role.name.clone()).collect();
    let own: Arc<[bool]> = rating.roles.iter().map(|role| role.own).collect();
    let role = InputText {
        headers: headers(&["role", "考评角色"]),
        sheet: Some(SheetCell::Role(own)),
        ..InputText::of(at(SHEET_ROLE), InputKind::Choice(roles))
    };
    let text = |name: &str, aliases: &[&str], cell: SheetCell| InputText {
        headers: headers(aliases),
        missing: MissingText::Allow,
        sheet: Some(cell),
        ..InputText::of(at(name), InputKind::Text)
    };
    let mut columns = vec![role, text(SHEET_RATER, &["rater"], SheetCell::Rater)];
    let is_item = |name: &str| rating.items.iter().any(|item| &*item.name.name == name);
    if !is_item(SHEET_MARKS) {
        columns.push(text(SHEET_MARKS, &["marks"], SheetCell::Marks));
    }
    let scale = Arc::new(Scale::of(&rating.scale));
    for item in &rating.items {
        let kind = match &rating.scale {
            ScaleText::Letters(letters) => {
                InputKind::Choice(letters.iter().map(|(letter, _)| letter.clone()).collect())
            }
            ScaleText::Stars(_) | ScaleText::Marks { .. } => InputKind::Number,
        };
        let required = rating.when_item_missing == WhenItemMissing::Error;
        let asked = rating.asked_of(&item.name).map(|of| Asked { of, required });
        columns.push(InputText {
            // whether it may be missing is then a matter of the sheet's role
            missing: if asked.is_some() { MissingText::Allow } else { item_missing.clone() },
            sheet: Some(SheetCell::Item { scale: Arc::clone(&scale), asked }),
            ..InputText::of(Common::of(item.name.clone(), rating.common.path.clone()), kind)
        });
    }
    DetailText {
        name: rating.common.name.clone(),
        path: rating.common.path.clone(),
        key,
        columns,
        computed: Vec::new(),
        unique: vec![at(SHEET_ROLE).name, at(SHEET_RATER).name],
        kind: DetailKind::Sheets,
    }
}

/// Decimals of a sheet's score that is adjusted for severity, when nothing is stated: as the format says.
const SEVERITY_PLACES: u32 = 6;

/// What a name names, in both languages.
struct What {
    en: &'static str,
    zh: &'static str,
}

const ROLES: What = What { en: "role", zh: "考评角色" };
const ITEMS: What = What { en: "item", zh: "考评项" };

fn role_named<'r>(rating: &'r RatingText, name: &Named) -> Option<&'r RoleText> {
    rating.roles.iter().find(|role| role.name.name == name.name)
}

/// Whether following `merge_into` leads back to the role.
fn comes_back(rating: &RatingText, role: &RoleText) -> bool {
    let mut at = role;
    for _ in &rating.roles {
        match at.merge_into.as_ref().and_then(|target| role_named(rating, target)) {
            Some(next) if next.name.name == role.name.name => return true,
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}
