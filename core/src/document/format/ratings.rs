//! The form of an appraisal by raters: scale, items, roles, and the plan of who rates whom.

use super::{FORMULA, LABEL_KEY, NAME_LIST, SOURCE};
use crate::document::model::{
    Method, SeverityMethod, SeverityUnconnected, SeverityWithoutSpread, TwoRoles, WhenItemMissing, WhenRoleMissing,
};
use crate::document::shape::{Forms, Key, MapShape, Shape};

/// An appraisal by raters.
pub static RATING: MapShape = MapShape {
    what: ("an appraisal by raters", "测评"),
    keys: &[&[
        Key::new(
            "scale",
            Shape::Names(&FORMULA),
            "marks as letters or words, each with what share of an item's full marks it is worth: `{ A: 100%, B: 80% }`",
        ),
        Key::new("stars", Shape::Whole(2, 100), "marks as stars, from 1 to this many; k of n stars are worth k/n"),
        Key::new("marks", Shape::Map(&MARKS), "marks as numbers; a mark is worth itself over `max`"),
        Key::new("items", Shape::List(&Shape::Map(&RATING_ITEM)), "what is rated, in the order of the sheet")
            .required(),
        Key::new("roles", Shape::Names(&Shape::Map(&ROLE)), "who rates").required(),
        Key::new(
            "when_role_missing",
            Shape::Word(&WhenRoleMissing::NAMES),
            "what a role with fewer sheets than its `minimum` means: `error`, the person has no result; `renormalise`, \
             the other roles share its weight in proportion; `omit`, its share of the marks is lost; `merge`, its \
             sheets count as sheets of the role in its `merge_into`, which takes its weight, too",
        )
        .default("error"),
        Key::new(
            "when_item_missing",
            Shape::Word(&WhenItemMissing::NAMES),
            "what an unmarked item of a sheet means: `error`, a sheet is submitted only with all its items marked; \
             `renormalise`, the sheet counts by the items that are marked; `zero`, no marks for the item",
        )
        .default("error"),
        Key::new(
            "two_roles",
            Shape::Word(&TwoRoles::NAMES),
            "what holds for somebody who would rate the same person in two roles: `error`, no sheets are made; \
             `first`, a sheet in that role alone which the plan names first; `each`, a sheet in each role",
        )
        .default("error"),
        Key::new(
            "severity",
            Shape::Forms(&SEVERITY_FORMS),
            "how sheets are rid of their raters' severity before they come together; when not stated, they are not",
        ),
        Key::new("round", Shape::Places, "decimals of the result"),
        Key::new("plan", Shape::List(&Shape::Map(&RATING_PLAN)), "who rates whom, and when"),
        LABEL_KEY,
        SOURCE,
    ]],
    one_of: &[(&["scale", "stars", "marks"], true)],
};

static MARKS: MapShape = MapShape {
    what: ("marks as numbers", "打分范围"),
    keys: &[&[
        Key::new("min", Shape::Whole(0, 1_000_000), "the lowest mark there is").default("0"),
        Key::new("max", Shape::Whole(1, 1_000_000), "the highest mark, which is worth an item's full marks").required(),
        Key::new("places", Shape::Whole(0, 6), "decimals a mark may have").default("0"),
    ]],
    one_of: &[],
};

static SEVERITY_FORMS: Forms =
    Forms { scalar: Some(Shape::Word(&SeverityMethod::NAMES)), list: None, map: Some(Shape::Map(&SEVERITY)) };

/// How sheets are rid of their raters' severity.
pub(crate) static SEVERITY: MapShape = MapShape {
    what: ("the adjustment for severity", "宽严调整"),
    keys: &[&[
        Key::new(
            "by",
            Shape::Word(&SeverityMethod::NAMES),
            "`centring`, every rater of a role is given one mean; `z_score`, one mean and one spread; `additive`, the \
             rater's effect is taken off, which least squares find from the people raters share",
        )
        .required(),
        Key::new(
            "round",
            Shape::Whole(0, 12),
            "decimals of a sheet's score before it is adjusted, and of the adjusted score",
        )
        .default("6"),
        Key::new(
            "without_spread",
            Shape::Word(&SeverityWithoutSpread::NAMES),
            "by `z_score`, what the sheets of a rater are whose scores are all equal, or who gave one: `centre`, \
             centred; `refuse`, nobody's sheets of the role are adjusted, and its result is an error",
        )
        .default("centre"),
        Key::new(
            "unconnected",
            Shape::Word(&SeverityUnconnected::NAMES),
            "by `additive`, what raters are whom no person they rate connects: `refuse`, nobody's sheets of the role \
             are adjusted, and its result is an error; `separate`, each group of raters is adjusted in itself",
        )
        .default("refuse"),
    ]],
    one_of: &[],
};

static RATING_ITEM: MapShape = MapShape {
    what: ("a rated item", "考评项"),
    keys: &[&[
        Key::new("name", Shape::Name, "the item's name").required(),
        Key::new("points", FORMULA, "its full marks; a sheet is the sum of its items"),
        Key::new("weight", FORMULA, "its share; a sheet is the weighted mean of its items, out of 100"),
        Key::new("standard", Shape::Text, "what is looked at").display(),
        Key::new("anchors", Shape::Names(&Shape::Text), "what a mark means for this item, by mark").display(),
    ]],
    one_of: &[(&["points", "weight"], true)],
};

/// A rater role.
pub(crate) static ROLE: MapShape = MapShape {
    what: ("a rater role", "考评角色"),
    keys: &[&[
        Key::new(
            "weight",
            FORMULA,
            "the role's share among the roles, which total 100; a formula may read the row of the person who is rated",
        )
        .required(),
        Key::new("minimum", Shape::Whole(1, 10_000), "submitted sheets there must be; with fewer the role is missing")
            .default("1"),
        Key::new(
            "drop",
            Shape::Map(&DROP),
            "highest and lowest sheets that are left out before the others come together",
        ),
        Key::new(
            "method",
            Shape::Word(&Method::NAMES),
            "how sheets come together; `trimmed` is the mean without the share `trim` at each end",
        )
        .default("mean"),
        Key::new(
            "trim",
            FORMULA,
            "the share of the sheets cut at each end of a trimmed mean, above 0 and below 50%, rounded down to whole sheets",
        ),
        Key::new("self", Shape::Truth, "whether people rate themselves, and nobody else does in this role")
            .default("false"),
        Key::new(
            "merge_into",
            Shape::Name,
            "the role its sheets count for when it is missing, under `when_role_missing: merge`",
        ),
    ]],
    one_of: &[(&["drop", "trim"], false)],
};

/// Sheets left out.
pub(crate) static DROP: MapShape = MapShape {
    what: ("sheets left out", "去掉的考评表"),
    keys: &[&[
        Key::new("highest", Shape::Whole(0, 100), "how many of the highest").default("0"),
        Key::new("lowest", Shape::Whole(0, 100), "how many of the lowest").default("0"),
        Key::new(
            "from",
            Shape::Whole(2, 10_000),
            "only from so many sheets on, with fewer none is left out; when not stated, from one more than are left out",
        ),
    ]],
    one_of: &[],
};

static RATING_PLAN: MapShape = MapShape {
    what: ("a rating plan", "考核计划"),
    keys: &[&[
        Key::new("rated", Shape::Name, "the role of those who are rated, as the membership names it").required(),
        Key::new("raters", NAME_LIST, "the roles that rate them, the most important first").required(),
        Key::new("items", NAME_LIST, "the items they rate, when not all"),
        Key::new("start", Shape::Day, "the first day marks are taken"),
        Key::new("end", Shape::Day, "the last day marks are taken"),
    ]],
    one_of: &[],
};
