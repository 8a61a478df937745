//! The scheme as it was written, typed: one to one with the file, nothing resolved.

mod pay;
mod ratings;

use std::sync::Arc;

use kaohe_grammar::Expr;
pub use pay::{ClaimText, ClawbackText, DeferralText, PayKind, PayText, PerYearText, PoolText};
pub use ratings::*;

use super::tree::Scalar;
use crate::date::Date;
use crate::diagnostic::Span;
use crate::number::RoundingMode;
use crate::plan::{
    AnswerForm, Better, Credit, DetailKind, Direction, Options, QuotaMethod, QuotaOf, Rounding, SheetCell, Show,
    TiesAtCut, WhenMissing,
};
use crate::rules::Rule;

/// A formula, its places mapped to the scheme's text.
#[derive(Debug, Clone)]
pub struct FormulaText {
    /// The text as written.
    pub text: Arc<str>,
    /// The tree; its spans are places in the scheme's text.
    pub expr: Arc<Expr>,
    /// Where it stands.
    pub span: Span,
    /// Where it stands, as keys.
    pub path: Arc<str>,
}

/// A name and where it stands.
#[derive(Debug, Clone)]
pub struct Named {
    /// The name, folded.
    pub name: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// A whole scheme as written.
#[derive(Debug, Default)]
pub struct Document {
    /// The scheme's name.
    pub scheme: Option<Arc<str>>,
    /// Its edition.
    pub edition: Option<Arc<str>>,
    /// The period.
    pub period: Option<Period>,
    /// How figures are rounded that do not say.
    pub rounding: Rounding,
    /// The inputs in order.
    pub inputs: Vec<InputText>,
    /// The values of the run in order.
    pub given: Vec<InputText>,
    /// The detail tables in order.
    pub details: Vec<DetailText>,
    /// The parameters in order.
    pub parameters: Vec<ParameterText>,
    /// The computed indicators in order.
    pub computed: Vec<ComputedText>,
    /// The totals in order.
    pub scores: Vec<ScoreText>,
    /// The gradings in order.
    pub grades: Vec<GradingText>,
    /// The amounts of pay in order.
    pub pay: Vec<PayText>,
    /// The examinations in order.
    pub exams: Vec<ExamText>,
    /// The appraisals by raters in order.
    pub ratings: Vec<RatingText>,
    /// The worked examples.
    pub cases: Vec<CaseText>,
    /// Names whose definitions could not be read, which is told there: what reads them is not an error of its own.
    pub failed: Vec<Named>,
    /// Whether rows have no key: one formula on its own.
    pub keyless: bool,
}

/// The period that is appraised.
#[derive(Debug, Clone)]
pub struct Period {
    /// Its first day.
    pub start: Date,
    /// Its last day.
    pub end: Date,
    /// Where it stands.
    pub span: Span,
}

/// What every column can say.
#[derive(Debug, Clone)]
pub struct Common {
    /// The column's name.
    pub name: Named,
    /// Where it stands, as keys.
    pub path: Arc<str>,
    /// Its name in English.
    pub label_en: Option<Arc<str>>,
    /// Its name in Chinese.
    pub label_zh: Option<Arc<str>>,
    /// How it is shown.
    pub show: Show,
    /// Its own rounding: not stated, `none`, or so many places.
    pub round: OwnRound,
    /// Where the rule comes from.
    pub source: Option<Arc<str>>,
    /// Which direction is good, when stated.
    pub better: Option<Better>,
}

/// A column's own rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OwnRound {
    /// As the scheme says for its kind.
    #[default]
    Unstated,
    /// Not rounded.
    None,
    /// To so many places.
    Places(u32),
}

/// An input as written.
#[derive(Debug, Clone)]
pub struct InputText {
    /// What every column can say.
    pub common: Common,
    /// The word of its type.
    pub kind: InputKind,
    /// Whether it names the row.
    pub key: bool,
    /// Further headers.
    pub headers: Vec<Named>,
    /// The unit.
    pub unit: Option<Named>,
    /// The range, `min`, `max`, `above`, `below`.
    pub range: [Option<FormulaText>; 4],
    /// Whether it must be whole.
    pub whole: bool,
    /// Decimals it may have.
    pub places: Option<u32>,
    /// What absence means.
    pub missing: MissingText,
    /// The form of its answers, when it is a question of an examination.
    pub answer: Option<AnswerForm>,
    /// What it is on the sheet of a rater.
    pub sheet: Option<SheetCell>,
}

/// The type of an input.
#[derive(Debug, Clone)]
pub enum InputKind {
    /// A number.
    Number,
    /// Text.
    Text,
    /// True or false.
    Truth,
    /// A date.
    Date,
    /// One of these words.
    Choice(Vec<Named>),
}

/// What absence of an input means, as written.
#[derive(Debug, Clone)]
pub enum MissingText {
    /// A fault.
    Error,
    /// A value.
    Allow,
    /// This value.
    Default(FormulaText),
    /// The word of a choice or a text.
    Word(Named),
}

/// A parameter as written.
#[derive(Debug, Clone)]
pub struct ParameterText {
    /// Its name.
    pub name: Named,
    /// Where it stands.
    pub path: Arc<str>,
    /// Its unit.
    pub unit: Option<Named>,
    /// The columns whose values are its keys; empty for a single value.
    pub by: Vec<Named>,
    /// Its values, each from a day on; one without a day when it is not dated.
    pub editions: Vec<EditionText>,
}

/// The values of a parameter from a day on.
#[derive(Debug, Clone)]
pub struct EditionText {
    /// The first day, or always.
    pub from: Option<(Date, Span)>,
    /// The value or values.
    pub values: ValuesText,
    /// Where they come from.
    pub source: Option<Arc<str>>,
    /// Where they stand.
    pub span: Span,
}

/// One value, or values by key.
#[derive(Debug, Clone)]
pub enum ValuesText {
    /// One value.
    One(FormulaText),
    /// By key, one map inside the other.
    Keyed(Vec<(Named, ValuesText)>),
}

/// A computed indicator as written.
#[derive(Debug)]
pub struct ComputedText {
    /// What every column can say.
    pub common: Common,
    /// How it is computed: a formula, bands or lines.
    pub rule: Box<dyn Rule>,
    /// The unit of the result, when stated.
    pub unit: Option<Named>,
}

/// A total, a dimension or an item as written.
#[derive(Debug)]
pub struct ScoreText {
    /// What every column can say.
    pub common: Common,
    /// Its share among siblings.
    pub weight: Option<FormulaText>,
    /// Its full marks among siblings.
    pub points: Option<FormulaText>,
    /// Full marks over items with points.
    pub full: Option<FormulaText>,
    /// Its parts.
    pub items: Vec<ScoreText>,
    /// Its rule.
    pub rule: Option<Box<dyn Rule>>,
    /// The name of the rule's kind.
    pub rule_name: &'static str,
    /// Whether it could not be read, which is told there.
    pub failed: bool,
    /// When it applies.
    pub only_when: Option<FormulaText>,
    /// What a missing score means.
    pub when_missing: WhenMissing,
    /// At least this.
    pub floor: Option<FormulaText>,
    /// At most this.
    pub cap: Option<FormulaText>,
    /// Points added or taken.
    pub adjustments: Vec<AdjustmentText>,
    /// Events that limit it.
    pub vetoes: Vec<VetoText<FormulaText>>,
}

/// An adjustment as written.
#[derive(Debug, Clone)]
pub struct AdjustmentText {
    /// What every column can say.
    pub common: Common,
    /// The points.
    pub points: FormulaText,
    /// When it applies.
    pub when: Option<FormulaText>,
    /// Not below.
    pub min: Option<FormulaText>,
    /// Not above.
    pub max: Option<FormulaText>,
}

/// A veto as written; what it allows is a score or a grade.
#[derive(Debug, Clone)]
pub struct VetoText<T> {
    /// Its label.
    pub name: Arc<str>,
    /// The event.
    pub when: FormulaText,
    /// What is allowed at most.
    pub at_most: T,
}

/// A detail table as written.
#[derive(Debug)]
pub struct DetailText {
    /// Its name.
    pub name: Named,
    /// Where it stands.
    pub path: Arc<str>,
    /// The staff column its rows belong to.
    pub key: Named,
    /// What its rows bring.
    pub columns: Vec<InputText>,
    /// Indicators of each of its rows.
    pub computed: Vec<ComputedText>,
    /// Columns that no two rows of one key share.
    pub unique: Vec<Named>,
    /// What its rows are; those of an examination are not named in formulas.
    pub kind: DetailKind,
}

/// An examination as written; its answers are a detail table of its name.
#[derive(Debug)]
pub struct ExamText {
    /// What every column can say: its total.
    pub common: Common,
    /// Its answers, by the place of their detail table.
    pub table: usize,
    /// Its parts in the order of the paper.
    pub parts: Vec<ExamPartText>,
    /// The pass mark, with the name of the column that says whether it is reached.
    pub pass: Option<(Common, FormulaText)>,
}

impl ExamText {
    /// Whether a column of people is called so, behind the exam's name and a dot.
    pub(crate) fn has_part(&self, name: &str) -> bool {
        let parts = self.parts.iter().map(|part| &part.common);
        parts.chain(self.pass.as_ref().map(|(common, _)| common)).any(|common| *common.name.name == *name)
    }
}

/// A part of an examination as written.
#[derive(Debug)]
pub struct ExamPartText {
    /// What every column can say.
    pub common: Common,
    /// The form of the answers.
    pub form: AnswerForm,
    /// Marks of each question.
    pub marks: FormulaText,
    /// What a partly right answer is worth.
    pub credit: Credit,
    /// The questions: the name of the column of answers, and the right answer.
    pub questions: Vec<(Named, Options)>,
}

/// A grading as written.
#[derive(Debug, Clone)]
pub struct GradingText {
    /// What every column can say.
    pub common: Common,
    /// The grades, best first.
    pub ladder: Vec<Named>,
    /// The grade by bands of a figure.
    pub thresholds: Option<ThresholdsText>,
    /// For a grade the conditions that must all hold.
    pub standards: Vec<(Named, Vec<FormulaText>)>,
    /// The order people are seated in.
    pub order: Vec<OrderText>,
    /// How many seats each grade has.
    pub quota: Option<QuotaText>,
    /// The columns that form the groups.
    pub within: Vec<Named>,
    /// Who may have a grade.
    pub eligible: Vec<(Named, FormulaText)>,
    /// Who is graded at all.
    pub graded_when: Option<FormulaText>,
    /// The state of who is not graded.
    pub otherwise: Option<Named>,
    /// Steps up or down after seating.
    pub shifts: Vec<ShiftText>,
    /// How far a grade may move from the last one.
    pub movement: Option<MovementText>,
    /// Events that limit the grade.
    pub vetoes: Vec<VetoText<Named>>,
    /// Decisions that replace the calculated grade.
    pub decision: Option<OverrideText>,
}

/// One column of an order: `综合得分 desc`.
#[derive(Debug, Clone)]
pub struct OrderText {
    /// The column.
    pub column: Named,
    /// Which end comes first.
    pub direction: Direction,
}

/// A quota as written.
#[derive(Debug, Clone)]
pub struct QuotaText {
    /// Whom the shares are shares of.
    pub of: QuotaOf,
    /// How seats are counted.
    pub method: QuotaMethod,
    /// Grade and share.
    pub shares: Vec<(Named, FormulaText)>,
    /// What happens to equals on both sides of a cut.
    pub ties_at_cut: TiesAtCut,
    /// Groups smaller than this are graded otherwise.
    pub smallest_group: Option<u32>,
    /// Whether those are graded by the thresholds.
    pub smaller_by_thresholds: bool,
    /// Where it stands.
    pub span: Span,
}

/// A shift as written.
#[derive(Debug, Clone)]
pub struct ShiftText {
    /// Its label.
    pub name: Arc<str>,
    /// Who is shifted.
    pub when: FormulaText,
    /// Steps, up above zero.
    pub steps: i32,
    /// Whether the best grade crosses into the grading outside.
    pub cross: bool,
    /// Where it stands.
    pub span: Span,
}

/// A movement limit as written.
#[derive(Debug, Clone)]
pub struct MovementText {
    /// The last grade.
    pub from: FormulaText,
    /// Steps up at the most.
    pub up: Option<u32>,
    /// Steps down at the most.
    pub down: Option<u32>,
    /// Where it stands.
    pub span: Span,
}

/// An override as written.
#[derive(Debug, Clone)]
pub struct OverrideText {
    /// The detail table.
    pub from: Named,
    /// Its column with the grade.
    pub grade: Named,
    /// Its column with the reason.
    pub reason: Named,
    /// Whether a decision beats a veto.
    pub over_veto: bool,
    /// Where it stands.
    pub span: Span,
}

/// Thresholds as written.
#[derive(Debug, Clone)]
pub struct ThresholdsText {
    /// The figure.
    pub of: FormulaText,
    /// Edge and grade.
    pub at_least: Vec<(FormulaText, Named)>,
    /// The grade below.
    pub otherwise: Option<Named>,
    /// Where it stands.
    pub span: Span,
}

/// Facts or figures by name, as an example writes them.
pub type Facts = Vec<(Named, Scalar)>;

/// A worked example as written.
#[derive(Debug, Clone)]
pub struct CaseText {
    /// What it shows.
    pub name: Arc<str>,
    /// The day that counts.
    pub as_of: Option<Date>,
    /// Who it is about.
    pub people: CasePeople,
    /// Rows of detail tables and of answers, by table; with one person they need no key.
    pub details: Vec<(Named, Vec<Facts>)>,
    /// Values of the run.
    pub given: Facts,
    /// Where it stands.
    pub span: Span,
}

/// The people of a worked example, with what must come out.
#[derive(Debug, Clone)]
pub enum CasePeople {
    /// One person: facts, and the figures that must come out.
    One {
        /// Input and its text.
        row: Facts,
        /// Column and the figure that must come out.
        expect: Facts,
    },
    /// A population: facts of each, and the figures by key.
    Many {
        /// The facts of each person.
        rows: Vec<Facts>,
        /// For a key the figures that must come out.
        expect: Vec<(Named, Facts)>,
    },
}

/// The words of [`RoundingMode`] are the format's.
pub(crate) fn rounding_mode(word: &str) -> RoundingMode {
    RoundingMode::from_name(word).unwrap_or_default()
}

impl Common {
    /// A column of which only the name is known.
    pub(crate) fn plain(name: Arc<str>) -> Self {
        Self::of(Named { name, span: Span::default() }, "".into())
    }

    /// A column that says nothing but its name.
    pub(crate) fn of(name: Named, path: Arc<str>) -> Self {
        Self {
            name,
            path,
            label_en: None,
            label_zh: None,
            show: Show::default(),
            round: OwnRound::Unstated,
            source: None,
            better: None,
        }
    }
}

impl InputText {
    /// An input of which only name and type are known.
    pub(crate) fn plain(name: Arc<str>, kind: InputKind) -> Self {
        Self::of(Common::plain(name), kind)
    }

    /// An input that declares nothing but its type.
    pub(crate) fn of(common: Common, kind: InputKind) -> Self {
        Self {
            common,
            kind,
            key: false,
            headers: Vec::new(),
            unit: None,
            range: [const { None }; 4],
            whole: false,
            places: None,
            missing: MissingText::Error,
            answer: None,
            sheet: None,
        }
    }
}

impl Document {
    /// The document of one formula over inputs; its column is called `result`.
    pub(crate) fn of_formula(inputs: Vec<InputText>, result: Arc<str>, formula: FormulaText) -> Self {
        let mut common = Common::plain(result);
        common.name.span = formula.span;
        let rule = crate::rules::formula::of(formula);
        Self { inputs, computed: vec![ComputedText { common, rule, unit: None }], keyless: true, ..Self::default() }
    }
}
