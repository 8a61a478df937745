//! The kinds this version reads but does not compute yet: their form is fixed here, so that schemes can be written.

use crate::document::shape::{Key, MapShape, Shape};

const FORMULA: Shape = Shape::Formula;
const EDGES: Shape = Shape::List(&Shape::Tuple(&[Shape::Formula, Shape::Formula]));

pub(crate) const EFFICACY: Key = Key::new(
    "efficacy",
    Shape::Map(&MapShape {
        what: ("an efficacy rule", "功效系数法"),
        keys: &[&[
            Key::new("of", FORMULA, "the figure").required(),
            Key::new("standards", Shape::List(&FORMULA), "standard values from the worst to the best").required(),
            Key::new("coefficients", Shape::List(&FORMULA), "the coefficient of each standard value").required(),
            Key::new("beyond", Shape::Word(&["flat", "error"]), "what holds outside the outermost standards"),
        ]],
        one_of: &[],
    }),
    "full marks by coefficients of standard values, with interpolation between them (功效系数法)",
)
.later();

pub(crate) const RANK: Key = Key::new(
    "rank",
    Shape::Map(&MapShape {
        what: ("a rank rule", "排名计分"),
        keys: &[&[
            Key::new("of", FORMULA, "the figure").required(),
            Key::new("better", Shape::Word(&["higher", "lower"]), "which direction is good").required(),
            Key::new("within", Shape::List(&Shape::Name), "the columns that form the groups"),
            Key::new("first", FORMULA, "points of the first place"),
            Key::new("each_place", FORMULA, "what each further place changes"),
            Key::new("floor", FORMULA, "points are at least this"),
            Key::new("table", EDGES, "place and points"),
            Key::new("ties", Shape::Word(&["min", "max", "average", "dense"]), "the place of equals").required(),
        ]],
        one_of: &[(&["each_place", "table"], false)],
    }),
    "points by place in a group",
)
.later();

pub(crate) const RELATIVE: Key = Key::new(
    "relative",
    Shape::Map(&MapShape {
        what: ("a relative rule", "相对计分"),
        keys: &[&[
            Key::new("of", FORMULA, "the figure").required(),
            Key::new("to", Shape::Word(&["best", "average", "total"]), "what it is held against").required(),
            Key::new("better", Shape::Word(&["higher", "lower"]), "which direction is good"),
            Key::new("within", Shape::List(&Shape::Name), "the columns that form the groups"),
            Key::new("cap", FORMULA, "the proportion counts as at most this"),
        ]],
        one_of: &[],
    }),
    "full marks in proportion to the group's best, average or total",
)
.later();

pub(crate) const PERCENTILE: Key = Key::new(
    "percentile",
    Shape::Map(&MapShape {
        what: ("a percentile rule", "百分位计分"),
        keys: &[&[
            Key::new("of", FORMULA, "the figure").required(),
            Key::new("kind", Shape::Word(&["rank", "weak", "strict", "mean"]), "which percentile").required(),
            Key::new("better", Shape::Word(&["higher", "lower"]), "which direction is good"),
            Key::new("within", Shape::List(&Shape::Name), "the columns that form the groups"),
        ]],
        one_of: &[],
    }),
    "full marks by percentile in a group",
)
.later();

pub(crate) const STANDARD: Key = Key::new(
    "standard",
    Shape::Map(&MapShape {
        what: ("a standard score", "标准分"),
        keys: &[&[
            Key::new("of", FORMULA, "the figure").required(),
            Key::new("mean", FORMULA, "the score of the group's mean").required(),
            Key::new("stdev", FORMULA, "points for each standard deviation").required(),
            Key::new("within", Shape::List(&Shape::Name), "the columns that form the groups"),
        ]],
        one_of: &[],
    }),
    "points by distance from the group's mean in standard deviations",
)
.later();

pub(crate) const THRESHOLD: Key = Key::new(
    "threshold",
    Shape::Map(&MapShape {
        what: ("a threshold rule", "达标计分"),
        keys: &[&[
            Key::new("of", FORMULA, "the figure").required(),
            Key::new("at_least", FORMULA, "reached when it is at least this"),
            Key::new("up_to", FORMULA, "reached when it is at most this"),
            Key::new("points", FORMULA, "points when it is reached; full marks when not stated"),
            Key::new("else", FORMULA, "points when it is not; 0 when not stated"),
        ]],
        one_of: &[(&["at_least", "up_to"], true)],
    }),
    "all points or none",
)
.later();

pub(crate) const RATINGS: Key = Key::new("ratings", Shape::Name, "the result of an appraisal by raters").later();

pub(crate) const EXAM: Key = Key::new("exam", Shape::Name, "the result of an examination").later();
