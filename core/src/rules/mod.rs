//! The scoring rules: one file a kind.
//!
//! A kind says what its part of the document looks like, reads it, and lowers it to operations. Adding one is a file
//! here and a line in the list below; the format, the checker, the evaluators and the explanation need not know it.

pub(crate) mod bands;
pub(crate) mod completion;
pub(crate) mod deduct;
pub(crate) mod efficacy;
pub(crate) mod exam;
pub(crate) mod formula;
pub(crate) mod interpolate;
pub(crate) mod percentile;
pub(crate) mod rank;
pub(crate) mod ratings;
pub(crate) mod relative;
pub(crate) mod standard;
pub(crate) mod step;
pub(crate) mod threshold;

use std::fmt::Debug;

use crate::document::model::{FormulaText, Named};
use crate::document::read::{Reader, scalar};
use crate::document::shape::{Key, Shape};
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::NodeId;

/// Which direction is good, as the rules over a group say it.
const BETTER: Key = Key::new("better", Shape::Word(&["higher", "lower"]), "which direction of the figure is good");
/// The columns that form the groups of a rule.
const WITHIN: Key =
    Key::new("within", Shape::List(&Shape::Name), "the columns that form the groups; everybody when not stated");

/// Whether a rule says that lower figures are the better ones.
fn lower_is_better(node: &Node) -> bool {
    scalar(node, "better").is_some_and(|word| word.text == "lower")
}

/// What a divisor of zero or less means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WhenNotPositive {
    Error,
    Zero,
    Full,
}

impl WhenNotPositive {
    const SHAPE: Shape = Shape::Word(&["error", "zero", "full"]);

    fn read(node: &Node, key: &str) -> Self {
        match scalar(node, key).map(|scalar| scalar.text.as_str()) {
            Some("zero") => Self::Zero,
            Some("full") => Self::Full,
            _ => Self::Error,
        }
    }

    /// The score that comes of it.
    const fn score(self, fault: NodeId, zero: NodeId, full: NodeId) -> NodeId {
        match self {
            Self::Error => fault,
            Self::Zero => zero,
            Self::Full => full,
        }
    }
}

/// The item whose score a rule is.
#[derive(Debug, Clone, Copy)]
pub struct Item<'t> {
    /// Its full marks.
    pub(crate) full: NodeId,
    /// When it applies; nothing when it always does. To whom it does not apply takes no part in its groups.
    pub(crate) only_when: Option<&'t FormulaText>,
}

/// A rule as it was read, ready to be lowered.
pub trait Rule: Debug + Send + Sync {
    /// The formulas in it, so that the names they read are known.
    fn formulas(&self) -> Vec<&FormulaText>;

    /// The columns it names outside formulas, such as those that form groups.
    fn columns(&self) -> Vec<&Named> {
        Vec::new()
    }

    /// The figure that is scored: when it is missing, so is the score.
    fn figure(&self) -> Option<&FormulaText> {
        None
    }

    /// The formula that is the whole of the rule, where there is one.
    fn formula(&self) -> Option<&FormulaText> {
        None
    }

    /// Writes the rule as a column of any kind, not only a score: a formula may give a text or a date.
    fn lower_any(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        self.lower(builder, item)
    }

    /// Writes the rule as operations. Nothing when it is wrong, which is reported.
    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId>;
}

/// A kind of rule: its key in the document and how its part is read.
pub struct RuleKind {
    /// The key, with the shape of what stands under it.
    pub key: Key,
    /// Reads what stands under the key.
    pub(crate) read: fn(&mut Reader<'_>, &Node) -> Option<Box<dyn Rule>>,
}

macro_rules! kinds {
    ($($kind:ident),*) => {
        /// The kinds that are computed.
        pub(crate) const KINDS: &[RuleKind] = &[$(RuleKind { key: $kind::KEY, read: $kind::read }),*];
        /// The keys of all kinds.
        pub(crate) const KEYS: &[Key] = &[$($kind::KEY),*];
        /// The names of all kinds.
        pub(crate) const NAMES: &[&str] = &[$($kind::KEY.name),*];
    };
}

kinds!(
    completion,
    bands,
    interpolate,
    efficacy,
    step,
    deduct,
    threshold,
    rank,
    relative,
    percentile,
    standard,
    formula,
    exam,
    ratings
);
