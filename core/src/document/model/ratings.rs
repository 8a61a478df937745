//! An appraisal by raters as it was written.

use std::sync::Arc;

use super::{Common, FormulaText, Named};
use crate::date::Date;
use crate::diagnostic::Span;

/// Makes an enum of words of the format, its names and the way back from one list.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The words, in the order of the variants.
            pub const NAMES: [&'static str; Self::ALL.len()] = [$($word),*];

            /// What that word means.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($word => Some(Self::$variant),)* _ => None }
            }

            /// The word.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// What a role with too few sheets means.
    WhenRoleMissing {
        /// The person has no result.
        #[default]
        Error = "error",
        /// The other roles share its weight in proportion.
        Renormalise = "renormalise",
        /// Its share of the marks is lost.
        Omit = "omit",
        /// Its sheets and its weight go to another role.
        Merge = "merge",
    }
}

words! {
    /// What an unmarked item of a sheet means.
    WhenItemMissing {
        /// The sheet is not complete, and cannot be submitted.
        #[default]
        Error = "error",
        /// The sheet counts by the items that are marked.
        Renormalise = "renormalise",
        /// No marks for the item.
        Zero = "zero",
    }
}

impl WhenItemMissing {
    /// Whether a sheet may have items without a mark. Something is marked in it even then: a sheet without any mark
    /// cannot be submitted, and counts for nobody.
    #[must_use]
    pub fn may_be_unmarked(self) -> bool {
        self != Self::Error
    }
}

words! {
    /// What holds for somebody who would rate the same person in two roles.
    TwoRoles {
        /// It is an error.
        #[default]
        Error = "error",
        /// He rates in the role the plan names first.
        First = "first",
        /// He has a sheet in each.
        Each = "each",
    }
}

words! {
    /// How the sheets of a role come together.
    Method {
        /// Their mean.
        #[default]
        Mean = "mean",
        /// The middle one, or the mean of the two in the middle.
        Median = "median",
        /// The mean without a share at each end.
        Trimmed = "trimmed",
    }
}

words! {
    /// How sheets are rid of their raters' severity.
    SeverityMethod {
        /// Every rater of a role is given one mean.
        #[default]
        Centring = "centring",
        /// One mean and one spread.
        ZScore = "z_score",
        /// The rater's effect by least squares is taken off.
        Additive = "additive",
    }
}

words! {
    /// What z-scores make of a rater whose scores are all equal.
    SeverityWithoutSpread {
        /// They are centred.
        #[default]
        Centre = "centre",
        /// Nothing is adjusted.
        Refuse = "refuse",
    }
}

words! {
    /// What additive effects make of raters whom nobody connects.
    SeverityUnconnected {
        /// Nothing is adjusted.
        #[default]
        Refuse = "refuse",
        /// Each group is adjusted in itself.
        Separate = "separate",
    }
}

/// How sheets are rid of their raters' severity, as written.
#[derive(Debug, Clone, Copy)]
pub struct SeverityText {
    /// The method.
    pub by: SeverityMethod,
    /// Decimals of a sheet's score, before and after.
    pub round: u32,
    /// What raters without spread are, by z-scores.
    pub without_spread: SeverityWithoutSpread,
    /// What unconnected raters are, by additive effects.
    pub unconnected: SeverityUnconnected,
}

/// An appraisal by raters as written.
#[derive(Debug, Clone)]
pub struct RatingText {
    /// What every column can say; `round` is that of the result.
    pub common: Common,
    /// The marks there are.
    pub scale: ScaleText,
    /// What is rated, in the order of the sheet; all have points, or all have weights.
    pub items: Vec<RatingItemText>,
    /// Who rates, in the order of the text.
    pub roles: Vec<RoleText>,
    /// What a role with too few sheets means.
    pub when_role_missing: WhenRoleMissing,
    /// What an unmarked item means.
    pub when_item_missing: WhenItemMissing,
    /// What two roles of one rater mean.
    pub two_roles: TwoRoles,
    /// How sheets are rid of their raters' severity; nothing when they are not.
    pub severity: Option<SeverityText>,
    /// Who rates whom; empty when sheets come from elsewhere.
    pub plan: Vec<RatingPlanText>,
    /// Its sheets, by the place of their detail table.
    pub table: usize,
    /// Where it stands.
    pub span: Span,
}

impl RatingText {
    /// For each role whether the plan asks it for the item; nothing where every role is asked.
    ///
    /// The sheets of a role that the plan has rate nobody come from elsewhere, with every item.
    pub(crate) fn asked_of(&self, item: &Named) -> Option<Arc<[bool]>> {
        let asks = |role: &RoleText| {
            let by_it = |entry: &&RatingPlanText| entry.raters.iter().any(|rater| rater.name == role.name.name);
            let mut entries = self.plan.iter().filter(by_it).peekable();
            let asks_it = |entry: &RatingPlanText| entry.asked(&self.items).any(|asked| asked.name == item.name);
            entries.peek().is_none() || entries.any(asks_it)
        };
        let asked: Arc<[bool]> = self.roles.iter().map(asks).collect();
        asked.contains(&false).then_some(asked)
    }
}

/// The column of a sheet that says in which role it was given.
pub const SHEET_ROLE: &str = "角色";
/// The column of a sheet that says who gave it.
pub const SHEET_RATER: &str = "考评人";
/// The column of a sheet that has all its marks in the order of the items: `BAABBAA`.
pub const SHEET_MARKS: &str = "评分";

/// The marks of an appraisal as written.
#[derive(Debug, Clone)]
pub enum ScaleText {
    /// Letters or words, each with the share of an item's full marks it is worth.
    Letters(Vec<(Named, FormulaText)>),
    /// From 1 to so many stars; k of n are worth k/n.
    Stars(u32),
    /// Numbers from `min` to `max` with so many decimals; a mark is worth itself over `max`.
    Marks {
        /// The lowest mark.
        min: u32,
        /// The highest mark.
        max: u32,
        /// Decimals a mark may have.
        places: u32,
    },
}

/// A rated item as written.
#[derive(Debug, Clone)]
pub struct RatingItemText {
    /// Its name.
    pub name: Named,
    /// Its full marks, or its share.
    pub worth: ItemWorth,
    /// What is looked at.
    pub standard: Option<Arc<str>>,
    /// What a mark means for it.
    pub anchors: Vec<(Named, Arc<str>)>,
}

/// What an item counts for.
#[derive(Debug, Clone)]
pub enum ItemWorth {
    /// Full marks of so many points.
    Points(FormulaText),
    /// A share among the items.
    Weight(FormulaText),
}

/// A rater role as written.
#[derive(Debug, Clone)]
pub struct RoleText {
    /// Its name.
    pub name: Named,
    /// Its share among the roles; it may read the row of the person who is rated.
    pub weight: FormulaText,
    /// Sheets there must be, at least one.
    pub minimum: u32,
    /// Sheets left out.
    pub drop: Option<DropText>,
    /// How sheets come together.
    pub method: Method,
    /// The share cut at each end; there with `trimmed` alone.
    pub trim: Option<FormulaText>,
    /// Whether people rate themselves in it.
    pub own: bool,
    /// The role its sheets go to; a role of the same appraisal, and never in a circle.
    pub merge_into: Option<Named>,
    /// Where it stands, as keys.
    pub path: Arc<str>,
}

impl RoleText {
    /// What its column says of itself.
    #[must_use]
    pub fn common(&self) -> Common {
        Common::of(self.name.clone(), Arc::clone(&self.path))
    }
}

/// Sheets left out, as written.
#[derive(Debug, Clone, Copy)]
pub struct DropText {
    /// How many of the highest.
    pub highest: u32,
    /// How many of the lowest.
    pub lowest: u32,
    /// Only from so many sheets on; more than are left out.
    pub from: u32,
}

/// One entry of a plan as written.
#[derive(Debug, Clone)]
pub struct RatingPlanText {
    /// The role of those who are rated.
    pub rated: Named,
    /// The roles that rate them, each a role of the appraisal.
    pub raters: Vec<Named>,
    /// The items, each an item of the appraisal; empty for all.
    pub items: Vec<Named>,
    /// The first day.
    pub start: Option<Date>,
    /// The last day.
    pub end: Option<Date>,
}

impl RatingPlanText {
    /// The items it asks, in the order it names them, or all of `items` when it names none.
    pub fn asked<'r>(&'r self, items: &'r [RatingItemText]) -> impl Iterator<Item = &'r Named> {
        let all = items.iter().map(|item| &item.name).filter(|_| self.items.is_empty());
        self.items.iter().chain(all)
    }
}
