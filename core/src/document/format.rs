//! The scheme format, language version 1: every key there is, with its form and its meaning.

mod ratings;

use super::shape::{Forms, Key, MapShape, Shape};
use crate::rules;
pub use ratings::RATING;
pub(crate) use ratings::{DROP, ROLE, SEVERITY};

/// Words for the type of an input.
pub const TYPES: &[&str] = &["number", "text", "bool", "date", "choice"];
/// Words for the way of rounding.
pub const MODES: &[&str] = &["half_up", "half_even", "up", "down", "floor", "ceil"];
/// Words for what a missing score means.
pub const WHEN_MISSING: &[&str] = &["error", "zero", "full", "redistribute"];
/// Words for which direction is good.
pub const BETTER: &[&str] = &["higher", "lower"];

const FORMULA: Shape = Shape::Formula;
const NAME_LIST: Shape = Shape::List(&Shape::Name);

/// A whole scheme.
pub static SCHEME: MapShape = MapShape {
    what: ("a scheme", "考核方案"),
    keys: &[&[
        Key::new("kaohe", Shape::Whole(1, 1), "the language version; 1 is the only one").required(),
        Key::new("scheme", Shape::Text, "the scheme's name").required(),
        Key::new("edition", Shape::Text, "which edition of the scheme this is"),
        Key::new("label", Shape::Map(&LABEL), "the scheme's name in other languages").display(),
        Key::new("period", Shape::Map(&PERIOD), "the period that is appraised"),
        Key::new(
            "rounding",
            Shape::Map(&ROUNDING),
            "how figures are rounded that do not say themselves; what is not stated is not rounded",
        ),
        Key::new("inputs", Shape::Names(&Shape::Map(&INPUT)), "what a row must bring: facts, ratings, attributes")
            .required(),
        Key::new("given", Shape::Names(&Shape::Map(&INPUT)), "values of the run, not of a row"),
        Key::new("details", Shape::Names(&Shape::Map(&DETAIL)), "child tables: several rows for one person"),
        Key::new(
            "parameters",
            Shape::Names(&PARAMETER),
            "constants of the regulation, by key and by date, each with its source",
        ),
        Key::new("computed", Shape::Names(&COMPUTED), "computed indicators"),
        Key::new(
            "scores",
            Shape::Names(&Shape::Map(&SCORE)),
            "scored indicators: totals with their dimensions and items",
        ),
        Key::new("grades", Shape::Names(&Shape::Map(&GRADING)), "gradings"),
        Key::new("pay", Shape::Names(&PAY), "amounts of pay: money, rounded as `rounding: { money }` says"),
        Key::new("ratings", Shape::Names(&Shape::Map(&RATING)), "appraisals by raters: items, scale, roles and plan"),
        Key::new("exams", Shape::Names(&Shape::Map(&EXAM)), "examinations"),
        Key::new(
            "cases",
            Shape::List(&Shape::Map(&CASE)),
            "worked examples: facts in, figures out; `kaohe test` runs them",
        )
        .display(),
    ]],
    one_of: &[],
};

/// Names in other languages.
static LABEL: MapShape = MapShape {
    what: ("a label", "标签"),
    keys: &[&[
        Key::new("en", Shape::Text, "in English").display(),
        Key::new("zh", Shape::Text, "in Chinese").display(),
    ]],
    one_of: &[],
};

static PERIOD: MapShape = MapShape {
    what: ("a period", "考核周期"),
    keys: &[&[
        Key::new(
            "kind",
            Shape::Word(&["day", "week", "month", "quarter", "half_year", "year"]),
            "what kind of period it is",
        ),
        Key::new("start", Shape::Day, "its first day").required(),
        Key::new("end", Shape::Day, "its last day; `as_of` when a run does not say").required(),
    ]],
    one_of: &[],
};

static ROUNDING: MapShape = MapShape {
    what: ("rounding", "舍入"),
    keys: &[&[
        Key::new("items", Shape::Places, "decimals of scored items").default("none"),
        Key::new("totals", Shape::Places, "decimals of dimensions and totals").default("none"),
        Key::new("money", Shape::Places, "decimals of pay"),
        Key::new("mode", Shape::Word(MODES), "which way; `half_up` is half away from zero").default("half_up"),
    ]],
    one_of: &[],
};

const SHOW: Key = Key::new("show", Shape::Map(&SHOW_MAP), "how the figure is shown to people").display();
const LABEL_KEY: Key = Key::new("label", Shape::Map(&LABEL), "the column's name in other languages").display();
const SOURCE: Key = Key::new("source", Shape::Text, "where the rule comes from: an article, a notice").display();
const ROUND: Key = Key::new("round", Shape::Places, "decimals of this column, or `none`");
const BETTER_KEY: Key = Key::new("better", Shape::Word(BETTER), "which direction is good, for the checker");

static SHOW_MAP: MapShape = MapShape {
    what: ("how a figure is shown", "显示方式"),
    keys: &[&[
        Key::new("as", Shape::Word(&["number", "percent"]), "as a plain number or as a percentage").display(),
        Key::new("places", Shape::Whole(0, 12), "decimals that are shown").display(),
    ]],
    one_of: &[],
};

/// One input.
pub static INPUT: MapShape = MapShape {
    what: ("an input", "输入列"),
    keys: &[&[
        Key::new("type", Shape::Word(TYPES), "what kind of value it is").required(),
        Key::new("values", NAME_LIST, "the words of a choice"),
        Key::new("key", Shape::Truth, "whether it names the row; just one input does").default("false"),
        Key::new("header", Shape::Forms(&ONE_OR_MORE_TEXTS), "headers it has in tables, besides its own name"),
        Key::new("unit", Shape::Text, "the unit of measure"),
        Key::new("min", FORMULA, "the smallest number it may be"),
        Key::new("max", FORMULA, "the largest number it may be"),
        Key::new("above", FORMULA, "it must be larger than this"),
        Key::new("below", FORMULA, "it must be smaller than this"),
        Key::new("whole", Shape::Truth, "whether it must be a whole number").default("false"),
        Key::new("places", Shape::Whole(0, 12), "decimals it may have; 12 when not stated"),
        Key::new(
            "missing",
            FORMULA,
            "what an absent cell means: a fault (`error`), a value of its own (`allow`), or the value that is meant",
        )
        .default("error"),
        BETTER_KEY,
        LABEL_KEY,
        SHOW,
        SOURCE,
    ]],
    one_of: &[(&["min", "above"], false), (&["max", "below"], false)],
};

static ONE_OR_MORE_TEXTS: Forms = Forms { scalar: Some(Shape::Text), list: Some(Shape::List(&Shape::Text)), map: None };

/// A parameter: a value, values by key, or either by date.
pub static PARAMETER: Shape = Shape::Forms(&PARAMETER_FORMS);

static PARAMETER_FORMS: Forms = Forms {
    scalar: Some(FORMULA),
    list: Some(Shape::List(&Shape::Map(&DATED_VALUE))),
    map: Some(Shape::Map(&PARAMETER_MAP)),
};

static PARAMETER_MAP: MapShape = MapShape {
    what: ("a parameter", "计算参数"),
    keys: &[&[
        Key::new("value", FORMULA, "the value"),
        Key::new("by", NAME_LIST, "the columns whose values are the keys"),
        Key::new("values", TABLE, "a value for each key; one map inside the other for several keys"),
        Key::new("dated", Shape::List(&Shape::Map(&DATED_TABLE)), "values in force from a day on"),
        Key::new("unit", Shape::Text, "the unit of measure"),
        LABEL_KEY,
        SOURCE,
    ]],
    one_of: &[(&["value", "values", "dated"], true)],
};

static TABLE: Shape = Shape::Names(&TABLE_CELL);
static TABLE_CELL: Shape = Shape::Forms(&TABLE_FORMS);
static TABLE_FORMS: Forms = Forms { scalar: Some(FORMULA), list: None, map: Some(TABLE) };

static DATED_VALUE: MapShape = MapShape {
    what: ("a dated value", "按日期生效的值"),
    keys: &[&[
        Key::new("from", Shape::Day, "the first day it is in force").required(),
        Key::new("value", FORMULA, "the value").required(),
        SOURCE,
    ]],
    one_of: &[],
};

static DATED_TABLE: MapShape = MapShape {
    what: ("dated values", "按日期生效的值"),
    keys: &[&[
        Key::new("from", Shape::Day, "the first day they are in force").required(),
        Key::new("value", FORMULA, "the value"),
        Key::new("values", TABLE, "a value for each key"),
        SOURCE,
    ]],
    one_of: &[(&["value", "values"], true)],
};

/// A computed indicator: a formula, or a map with one.
pub static COMPUTED: Shape = Shape::Forms(&COMPUTED_FORMS);

static COMPUTED_FORMS: Forms = Forms { scalar: Some(FORMULA), list: None, map: Some(Shape::Map(&COMPUTED_MAP)) };

static COMPUTED_MAP: MapShape = MapShape {
    what: ("a computed indicator", "计算指标"),
    keys: &[&[
        rules::formula::KEY,
        rules::bands::KEY,
        rules::interpolate::KEY,
        ROUND,
        Key::new("unit", Shape::Text, "the unit of the result, where it cannot be inferred"),
        BETTER_KEY,
        LABEL_KEY,
        SHOW,
        SOURCE,
    ]],
    one_of: &[(&["formula", "bands", "interpolate"], true)],
};

/// A total, a dimension or an item.
pub static SCORE: MapShape = MapShape {
    what: ("a scored indicator", "计分指标"),
    keys: &[
        &[
            Key::new("weight", FORMULA, "its share among its siblings, which total 100 or their parent's weight"),
            Key::new("points", FORMULA, "its full marks among siblings with points"),
            Key::new("full", FORMULA, "full marks of a total over items with points; 100 when not stated"),
            Key::new("items", Shape::Names(&Shape::Map(&SCORE)), "its parts"),
            Key::new("only_when", FORMULA, "the item applies only when this holds; otherwise its score is missing"),
            Key::new(
                "when_missing",
                Shape::Word(WHEN_MISSING),
                "what a missing score means: `error`, `zero`, `full`, or `redistribute` its weight to its siblings",
            )
            .default("error"),
            Key::new("floor", FORMULA, "the score is at least this"),
            Key::new("cap", FORMULA, "the score is at most this"),
            ROUND,
            Key::new(
                "adjustments",
                Shape::List(&Shape::Map(&ADJUSTMENT)),
                "points added to or taken from a total; each is a column",
            ),
            Key::new(
                "vetoes",
                Shape::List(&Shape::Map(&SCORE_VETO)),
                "events that limit a total; the lowest limit wins",
            ),
            LABEL_KEY,
            SHOW,
            SOURCE,
        ],
        rules::KEYS,
    ],
    one_of: &[(&["weight", "points"], false), (rules::NAMES, false)],
};

static ADJUSTMENT: MapShape = MapShape {
    what: ("an adjustment", "加减分"),
    keys: &[&[
        Key::new("name", Shape::Name, "the adjustment's name; it is a column").required(),
        Key::new("points", FORMULA, "the points, with their sign").required(),
        Key::new("when", FORMULA, "it applies only when this holds; otherwise no points"),
        Key::new("min", FORMULA, "not below this"),
        Key::new("max", FORMULA, "not above this"),
        LABEL_KEY,
        SOURCE,
    ]],
    one_of: &[],
};

static SCORE_VETO: MapShape = MapShape {
    what: ("a veto", "一票否决"),
    keys: &[&[
        Key::new("name", Shape::Text, "the veto's label").required(),
        Key::new("when", FORMULA, "the event").required(),
        Key::new("score_at_most", FORMULA, "the score is at most this when it happened").required(),
        SOURCE,
    ]],
    one_of: &[],
};

/// A grading. That something decides the grade, and what else needs or excludes what, is checked as it is read.
pub static GRADING: MapShape = MapShape {
    what: ("a grading", "等级"),
    keys: &[&[
        Key::new("ladder", NAME_LIST, "the grades, best first").required(),
        Key::new("thresholds", Shape::Map(&THRESHOLDS), "the grade by a figure's bands"),
        Key::new(
            "standards",
            Shape::Names(&Shape::List(&FORMULA)),
            "for each grade the conditions that must all hold; the best grade whose conditions hold",
        ),
        Key::new(
            "order",
            Shape::List(&Shape::Order),
            "the order people are seated in, the most important column first",
        ),
        Key::new("quota", Shape::Map(&QUOTA), "how many seats each grade has"),
        Key::new("within", NAME_LIST, "the columns that form the groups"),
        Key::new("eligible", Shape::Names(&FORMULA), "who may have a grade"),
        Key::new("graded_when", FORMULA, "who is graded at all"),
        Key::new("otherwise", Shape::Name, "the state of who is not graded, or meets no standard"),
        Key::new("shifts", Shape::List(&Shape::Map(&SHIFT)), "steps up or down after seating"),
        Key::new("movement", Shape::Map(&MOVEMENT), "how far a grade may move from the last one"),
        Key::new("vetoes", Shape::List(&Shape::Map(&GRADE_VETO)), "events that limit the grade"),
        Key::new("override", Shape::Map(&OVERRIDE), "decisions that replace the calculated grade"),
        LABEL_KEY,
        SOURCE,
    ]],
    one_of: &[(&["thresholds", "standards"], false), (&["standards", "quota"], false)],
};

static THRESHOLDS: MapShape = MapShape {
    what: ("thresholds", "分数线"),
    keys: &[&[
        Key::new("of", FORMULA, "the figure that decides").required(),
        Key::new(
            "at_least",
            Shape::List(&Shape::Tuple(&[FORMULA, Shape::Name])),
            "edge and grade, the highest edge first; the edge itself counts",
        )
        .required(),
        Key::new("else", Shape::Name, "the grade below the last edge"),
    ]],
    one_of: &[],
};

/// A quota.
pub static QUOTA: MapShape = MapShape {
    what: ("a quota", "名额比例"),
    keys: &[&[
        Key::new("of", Shape::Word(&["graded", "all"]), "whom the shares are shares of").default("graded"),
        Key::new("shares", Shape::Names(&FORMULA), "seats by largest remainder"),
        Key::new("at_most", Shape::Names(&FORMULA), "seats by floor, the rest flowing down"),
        Key::new(
            "ties_at_cut",
            Shape::Word(&["all_up", "all_down", "error"]),
            "what happens to equals on both sides of a cut",
        )
        .default("error"),
        Key::new("smallest_group", Shape::Whole(0, 1_000_000_000), "groups smaller than this are not seated by quota"),
        Key::new("smaller", Shape::Word(&["thresholds", "quota"]), "what smaller groups are graded by"),
    ]],
    one_of: &[(&["shares", "at_most"], true)],
};

static SHIFT: MapShape = MapShape {
    what: ("a shift", "加档"),
    keys: &[&[
        Key::new("name", Shape::Text, "the shift's label").required(),
        Key::new("when", FORMULA, "who is shifted").required(),
        Key::new("up", Shape::Whole(1, 100), "steps up"),
        Key::new("down", Shape::Whole(1, 100), "steps down"),
        Key::new("at_top", Shape::Word(&["stay", "cross"]), "whether the best grade crosses into the grading outside")
            .default("stay"),
        SOURCE,
    ]],
    one_of: &[(&["up", "down"], true)],
};

/// A movement limit.
pub static MOVEMENT: MapShape = MapShape {
    what: ("a movement limit", "逐级升降"),
    keys: &[&[
        Key::new("from", FORMULA, "the last grade; nobody who has none is limited").required(),
        Key::new("up", Shape::Whole(0, 100), "steps up at the most"),
        Key::new("down", Shape::Whole(0, 100), "steps down at the most"),
    ]],
    one_of: &[],
};

static GRADE_VETO: MapShape = MapShape {
    what: ("a veto", "一票否决"),
    keys: &[&[
        Key::new("name", Shape::Text, "the veto's label").required(),
        Key::new("when", FORMULA, "the event").required(),
        Key::new("grade_at_most", Shape::Name, "the grade is at best this when it happened").required(),
        SOURCE,
    ]],
    one_of: &[],
};

static OVERRIDE: MapShape = MapShape {
    what: ("an override", "调整"),
    keys: &[&[
        Key::new("from", Shape::Name, "the detail table the decisions come from").required(),
        Key::new("grade", Shape::Name, "its column with the grade").required(),
        Key::new("reason", Shape::Name, "its column with the reason").required(),
        Key::new("over_veto", Shape::Truth, "whether a decision beats a veto").default("false"),
    ]],
    one_of: &[],
};

static DETAIL: MapShape = MapShape {
    what: ("a detail table", "明细表"),
    keys: &[&[
        Key::new("key", Shape::Name, "the staff column its rows belong to").required(),
        Key::new("columns", Shape::Names(&Shape::Map(&INPUT)), "what its rows bring").required(),
        Key::new("computed", Shape::Names(&COMPUTED), "indicators of each of its rows"),
        Key::new("unique", NAME_LIST, "columns that no two rows of one key share"),
    ]],
    one_of: &[],
};

static PAY: Shape = Shape::Forms(&PAY_FORMS);
static PAY_FORMS: Forms = Forms { scalar: Some(FORMULA), list: None, map: Some(Shape::Map(&PAY_MAP)) };

static PAY_MAP: MapShape = MapShape {
    what: ("an amount of pay", "薪酬项目"),
    keys: &[&[
        Key::new("formula", FORMULA, "how it is computed"),
        Key::new("bands_per_year", Shape::Map(&BANDS_PER_YEAR), "an amount for each completed year, by bands of years"),
        Key::new("pool", Shape::Map(&POOL), "money withheld from many and paid to some"),
        Key::new("deferral", Shape::Map(&DEFERRAL), "parts paid in later years"),
        Key::new("clawback", Shape::Map(&CLAWBACK), "paid parts that are taken back"),
        Key::new("when", FORMULA, "it is paid only when this holds; otherwise 0"),
        Key::new("floor", FORMULA, "at least this"),
        Key::new("cap", FORMULA, "at most this"),
        ROUND,
        LABEL_KEY,
        SHOW,
        SOURCE,
    ]],
    one_of: &[(&["formula", "bands_per_year", "pool", "deferral", "clawback"], true)],
};

static EDGE_AND_VALUE: Shape = Shape::Tuple(&[FORMULA, FORMULA]);

static BANDS_PER_YEAR: MapShape = MapShape {
    what: ("an amount by years", "按年限计"),
    keys: &[&[
        Key::new("of", FORMULA, "the years, not negative; completed ones count").required(),
        Key::new(
            "method",
            Shape::Word(&["flat", "marginal"]),
            "one amount for all years, or each year by its own band",
        )
        .required(),
        Key::new("up_to", Shape::List(&EDGE_AND_VALUE), "years and the amount a year").required(),
        Key::new("else", FORMULA, "the amount a year beyond"),
    ]],
    one_of: &[],
};

static POOL: MapShape = MapShape {
    what: ("a pool", "公共绩效池"),
    keys: &[&[
        Key::new("takes", FORMULA, "what each person gives, in whole cents: best an amount of pay of its own").required(),
        Key::new("adds", FORMULA, "what is carried over from before, the same for everybody of a group"),
        Key::new("within", NAME_LIST, "the columns that form the groups"),
        Key::new("claims", Shape::List(&Shape::Map(&CLAIM)), "who is paid, in order; each is a column").required(),
        Key::new(
            "over_limit",
            Shape::Word(&["carry", "redistribute", "next_claim"]),
            "what happens to what a limit leaves over: it is carried to the next period, given to the others of the claim as \
             long as they are below theirs, or added to the next claim; what then remains is carried",
        )
        .required(),
        Key::new(
            "left_out",
            Shape::Word(&["hold", "proceed"]),
            "a group with a row left out is paid nothing and says so, or is paid as if the row were not there",
        )
        .default("hold"),
        Key::new("carry", Shape::Name, "the column of what is left; `.结转` behind the pool's name when not stated"),
    ]],
    one_of: &[],
};

static CLAIM: MapShape = MapShape {
    what: ("a claim", "申请"),
    keys: &[&[
        Key::new("name", Shape::Name, "the claim's name; it is a column").required(),
        Key::new(
            "share",
            FORMULA,
            "its share of the pool, known without a row; the shares total 100 %, cents by largest remainder in this order",
        )
        .required(),
        Key::new("when", FORMULA, "who claims; everybody when not stated"),
        Key::new(
            "key",
            FORMULA,
            "what it is paid in proportion to, not negative; cents by largest remainder, of equal ones to the smaller key \
             of the person",
        )
        .required(),
        Key::new("at_most", FORMULA, "the most a person is paid, rounded down to cents"),
    ]],
    one_of: &[],
};

static DEFERRAL: MapShape = MapShape {
    what: ("a deferral", "延期支付"),
    keys: &[&[
        Key::new("of", FORMULA, "the amount, not negative").required(),
        Key::new("share", FORMULA, "the share that is deferred, 0 to 100 %").required(),
        Key::new("over", Shape::Whole(1, 100), "over how many years, in equal parts").required(),
        Key::new("spare_cent", Shape::Word(&["last", "first"]), "which part has what does not divide evenly")
            .default("last"),
        Key::new("parts", NAME_LIST, "the names of the parts, in the order they are paid; each is a column").required(),
    ]],
    one_of: &[],
};

static CLAWBACK: MapShape = MapShape {
    what: ("a clawback", "追索扣回"),
    keys: &[&[
        Key::new("of", FORMULA, "what was paid, not negative").required(),
        Key::new("when", FORMULA, "the violation; without one nothing is taken back").required(),
        Key::new("share", FORMULA, "the share that is taken back, 0 to 100 %").default("100%"),
    ]],
    one_of: &[],
};

static EXAM: MapShape = MapShape {
    what: ("an examination", "考试"),
    keys: &[&[
        Key::new(
            "parts",
            Shape::List(&Shape::Map(&EXAM_PART)),
            "groups of questions of one kind, in the order of the paper",
        )
        .required(),
        Key::new("pass", FORMULA, "the pass mark, which itself passes; `NAME.通过` then says who has passed"),
        Key::new(
            "when_invalid",
            Shape::Word(&["error", "zero"]),
            "what an answer that cannot be one means, such as two letters in a single choice: a fault of that answer, or no \
             marks for it; a blank earns no marks",
        )
        .default("error"),
        Key::new("round", Shape::Places, "decimals of the total; nothing else is rounded"),
        LABEL_KEY,
        SOURCE,
    ]],
    one_of: &[],
};

static EXAM_PART: MapShape = MapShape {
    what: ("a part of an examination", "题型"),
    keys: &[&[
        Key::new("name", Shape::Name, "the part's name; its marks are the column `EXAM.NAME`").required(),
        Key::new("kind", Shape::Word(&["single", "multiple", "true_false"]), "the kind of its questions").required(),
        Key::new("questions", Shape::Name, "what its columns of answers begin with: `S` for S1, S2, …").required(),
        Key::new("key", Shape::List(&Shape::Text), "the right answers, in order").required(),
        Key::new("marks", FORMULA, "marks of each question").required(),
        Key::new(
            "options",
            Shape::Whole(2, 26),
            "how many options each question has, from A on; any letter is one when not stated",
        ),
        Key::new(
            "credit",
            Shape::Word(&["exact", "half_if_subset", "pro_rata", "per_option", "right_minus_wrong"]),
            "what a partly right answer to a multiple choice is worth",
        )
        .default("exact"),
        Key::new("round", Shape::Places, "decimals of the part's marks"),
        LABEL_KEY,
        SOURCE,
    ]],
    one_of: &[],
};

static CASE: MapShape = MapShape {
    what: ("a worked example", "样例"),
    keys: &[&[
        Key::new("name", Shape::Text, "what it shows").display(),
        Key::new("as_of", Shape::Day, "the day that counts").display(),
        Key::new("row", Shape::Facts, "the facts of one person").display(),
        Key::new("rows", ROWS, "the facts of several people").display(),
        Key::new("details", Shape::Names(&ROWS), "rows of detail tables").display(),
        Key::new("given", Shape::Facts, "values of the run").display(),
        Key::new(
            "ratings",
            Shape::Names(&SHEETS),
            "sheets of raters: of one person by role the marks of each sheet, of several people rows",
        )
        .display(),
        Key::new(
            "answers",
            Shape::Names(&ANSWERS),
            "answers to exams: of one person by question, none for a blank sheet",
        )
        .display(),
        Key::new(
            "expect",
            Shape::Names(&EXPECTED),
            "figures that must come out, or the code of a fault; of several people, under the key of each",
        )
        .display()
        .required(),
    ]],
    one_of: &[(&["row", "rows"], true)],
};

const SHEETS: Shape = Shape::Forms(&SHEETS_FORMS);
static SHEETS_FORMS: Forms =
    Forms { scalar: None, list: Some(Shape::List(&Shape::Facts)), map: Some(Shape::Names(&Shape::List(&Shape::Text))) };

const ANSWERS: Shape = Shape::Forms(&ANSWERS_FORMS);
static ANSWERS_FORMS: Forms = Forms { scalar: None, list: Some(Shape::List(&Shape::Facts)), map: Some(Shape::Sheet) };

const ROWS: Shape = Shape::Forms(&ROWS_FORMS);
static ROWS_FORMS: Forms =
    Forms { scalar: None, list: Some(Shape::List(&Shape::Facts)), map: Some(Shape::Map(&FACT_TABLE)) };

static FACT_TABLE: MapShape = MapShape {
    what: ("a table of facts", "数据表"),
    keys: &[&[
        Key::new("columns", NAME_LIST, "what each row brings").display().required(),
        Key::new("values", Shape::List(&Shape::List(&Shape::Text)), "row by row, a value for each column")
            .display()
            .required(),
    ]],
    one_of: &[],
};

static EXPECTED: Shape = Shape::Forms(&EXPECTED_FORMS);
static EXPECTED_FORMS: Forms = Forms { scalar: Some(Shape::Text), list: None, map: Some(Shape::Facts) };
