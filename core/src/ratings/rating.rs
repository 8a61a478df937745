//! An appraisal by raters as its raters need it: what is rated, on which scale, by whom.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use crate::code::Code;
use crate::date::Date;
use crate::document::model::{RatingText, TwoRoles, WhenItemMissing};
use crate::document::suggest::nearest;
use crate::error::DataError;
use crate::fingerprint::hex;
use crate::ratings::Scale;
use crate::ratings::digest::digest;
use crate::ratings::problem::refuse;
use crate::scheme::Scheme;

/// Goes before what is fingerprinted, so that another version of it never gives an equal one by chance.
const VERSION: &str = "kaohe rating plan 1";

/// An appraisal by raters of a scheme: immutable and cheap to clone.
#[derive(Debug, Clone)]
pub struct Rating {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: Arc<str>,
    scheme: Arc<str>,
    edition: Arc<str>,
    period: Option<(Date, Date)>,
    scale: Scale,
    items: Vec<Item>,
    roles: Vec<Role>,
    when_item_missing: WhenItemMissing,
    two_roles: TwoRoles,
    plan: Vec<PlanEntry>,
    fingerprint: String,
}

/// An item of the sheet.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its name.
    pub name: Arc<str>,
    /// What is looked at.
    pub standard: Option<Arc<str>>,
    /// What a mark means for it: mark and text.
    pub anchors: Vec<(Arc<str>, Arc<str>)>,
}

/// A rater role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: Arc<str>,
    /// Submitted sheets there must be of one person.
    pub minimum: u32,
    /// Whether people rate themselves in it.
    pub own: bool,
}

/// One entry of the plan.
#[derive(Debug, Clone)]
pub struct PlanEntry {
    /// The role of those who are rated.
    pub rated: Arc<str>,
    /// The roles that rate them, as positions in [`Rating::roles`], the most important first.
    pub raters: Vec<usize>,
    /// The items, as positions in [`Rating::items`], in the order of the sheet.
    pub items: Vec<usize>,
    /// Whether the entry names its items; otherwise it has all.
    pub names_items: bool,
    /// The first day marks are taken.
    pub start: Option<Date>,
    /// The last day marks are taken.
    pub end: Option<Date>,
}

impl Scheme {
    /// The appraisals by raters of the scheme, in its order.
    #[must_use]
    pub fn ratings(&self) -> Vec<Rating> {
        let document = self.document();
        let of = |text| Rating::new(self, document.period.as_ref().map(|period| (period.start, period.end)), text);
        document.ratings.iter().map(of).collect()
    }

    /// The appraisal by raters of that name.
    #[must_use]
    pub fn rating(&self, name: &str) -> Option<Rating> {
        let name = kaohe_grammar::fold_name(name.trim());
        self.ratings().into_iter().find(|rating| *rating.inner.name == *name)
    }

    /// The appraisal by raters of that name, or without a name the only one there is.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the scheme has none of that name, or without a name none or several.
    pub fn rating_meant(&self, name: Option<&str>) -> Result<Rating, DataError> {
        let mut ratings = self.ratings();
        let names: Vec<String> = ratings.iter().map(|rating| format!("`{}`", rating.name())).collect();
        let (offender, message) = match (name, ratings.pop()) {
            (None, Some(rating)) if ratings.is_empty() => return Ok(rating),
            (None, Some(_)) => ("", say!("the scheme has several appraisals; say which", "方案有多个测评，请指明")),
            (None, None) => ("", say!("the scheme has no appraisal by raters", "方案中没有测评")),
            (Some(name), _) => match self.rating(name) {
                Some(rating) => return Ok(rating),
                None => (name, say!("the scheme has no appraisal `{name}`", "方案没有测评 `{name}`")),
            },
        };
        let near = name.and_then(|name| nearest(name, names.iter().map(|name| name.trim_matches('`'))));
        let help = match near {
            Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
            None if names.is_empty() => say!("define one under `ratings:`", "请在 `ratings:` 下定义"),
            None => {
                Message::new(format!("it is one of {}", names.join(", ")), format!("应为 {} 之一", names.join("、")))
            }
        };
        Err(refuse(Code::TableUnknown, offender, message, Some(help)))
    }
}

impl Rating {
    fn new(scheme: &Scheme, period: Option<(Date, Date)>, text: &RatingText) -> Self {
        let items: Vec<Item> = text
            .items
            .iter()
            .map(|item| Item {
                name: Arc::clone(&item.name.name),
                standard: item.standard.clone(),
                anchors: item.anchors.iter().map(|(mark, text)| (Arc::clone(&mark.name), Arc::clone(text))).collect(),
            })
            .collect();
        let roles: Vec<Role> = text
            .roles
            .iter()
            .map(|role| Role { name: Arc::clone(&role.name.name), minimum: role.minimum, own: role.own })
            .collect();
        let plan = text
            .plan
            .iter()
            .map(|entry| {
                let asked: Vec<&str> = entry.asked(&text.items).map(|item| &*item.name).collect();
                let role = |name: &str| roles.iter().position(|role| *role.name == *name);
                PlanEntry {
                    rated: Arc::clone(&entry.rated.name),
                    raters: entry.raters.iter().filter_map(|rater| role(&rater.name)).collect(),
                    items: (0..)
                        .zip(&items)
                        .filter(|(_, item)| asked.contains(&&*item.name))
                        .map(|(at, _)| at)
                        .collect(),
                    names_items: !entry.items.is_empty(),
                    start: entry.start,
                    end: entry.end,
                }
            })
            .collect();
        let mut inner = Inner {
            name: Arc::clone(&text.common.name.name),
            scheme: scheme.name().into(),
            edition: scheme.edition().unwrap_or("").into(),
            period,
            scale: Scale::of(&text.scale),
            items,
            roles,
            when_item_missing: text.when_item_missing,
            two_roles: text.two_roles,
            plan,
            fingerprint: String::new(),
        };
        inner.fingerprint = inner.fingerprint();
        Self { inner: Arc::new(inner) }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The marks there are.
    #[must_use]
    pub fn scale(&self) -> &Scale {
        &self.inner.scale
    }

    /// What is rated, in the order of the sheet.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.inner.items
    }

    /// Who rates, in the order of the scheme.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.inner.roles
    }

    /// Who rates whom.
    #[must_use]
    pub fn plan(&self) -> &[PlanEntry] {
        &self.inner.plan
    }

    /// What an unmarked item means.
    #[must_use]
    pub fn when_item_missing(&self) -> WhenItemMissing {
        self.inner.when_item_missing
    }

    /// What holds for somebody who would rate the same person in two roles.
    #[must_use]
    pub fn two_roles(&self) -> TwoRoles {
        self.inner.two_roles
    }

    /// What raters are asked, as `sha256:` and 64 hexadecimal digits: two logs belong together when they have one.
    ///
    /// Scheme, edition, period, name, the marks there are, the items in their order, whether one may be left unmarked and
    /// what that means, the roles and the plan count. What is made of the marks does not (weights, points, what a mark is
    /// worth, rounding, roles that are missing), nor do the days of the plan, which may be put off while a round goes on.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.inner.fingerprint
    }

    /// What sheets of this appraisal have in common in their ids.
    pub(crate) fn identity(&self) -> [String; 5] {
        self.inner.identity()
    }
}

impl Inner {
    /// Scheme, edition, period and name.
    fn identity(&self) -> [String; 5] {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        [
            self.scheme.to_string(),
            self.edition.to_string(),
            day(self.period.map(|(start, _)| start)),
            day(self.period.map(|(_, end)| end)),
            self.name.to_string(),
        ]
    }

    fn fingerprint(&self) -> String {
        let mut fields = vec![VERSION.to_owned()];
        fields.extend(self.identity());
        // lists are told apart by how long they are; the order of a map does not count
        let mut list = |each: Vec<String>| {
            fields.push(each.len().to_string());
            fields.extend(each);
        };
        let sorted = |mut each: Vec<String>| {
            each.sort_unstable();
            each
        };
        list(match &self.scale {
            Scale::Letters(letters) => sorted(letters.iter().map(|letter| letter.to_string()).collect()),
            Scale::Stars(stars) => vec![format!("*{stars}")],
            Scale::Marks { min, max, places } => [min, max, places].map(|number| number.to_string()).to_vec(),
        });
        list(self.items.iter().map(|item| item.name.to_string()).collect());
        list(sorted(self.roles.iter().map(|role| format!("{} {}", u8::from(role.own), role.name)).collect()));
        list(vec![self.two_roles.name().to_owned()]);
        // it decides which sheets may be submitted
        list(vec![self.when_item_missing.name().to_owned()]);
        for entry in &self.plan {
            list(vec![entry.rated.to_string()]);
            let raters = entry.raters.iter().filter_map(|at| self.roles.get(*at));
            list(raters.map(|role| role.name.to_string()).collect());
            let items = entry.items.iter().filter_map(|at| self.items.get(*at));
            list(items.map(|item| item.name.to_string()).collect());
        }
        format!("sha256:{}", hex(&digest(fields.iter().map(String::as_str))))
    }
}
