//! One line of an explanation, as data.

use crate::diagnostic::Message;
use crate::number::Number;

/// One thing that was done on the way to a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What was done.
    pub kind: StepKind,
    /// The sentence that tells it.
    pub told: Message,
    /// The values in it, by name.
    pub facts: Vec<(&'static str, Fact)>,
    /// What it added to a total, exactly; only in the steps of a total.
    pub change: Option<Number>,
}

/// A value in a step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fact {
    /// Nothing is there.
    Missing,
    /// A number, exact.
    Number(Number),
    /// True or false.
    Truth(bool),
    /// Text, a date, a grade.
    Text(String),
}

impl Step {
    pub(super) fn new(kind: StepKind, told: Message) -> Self {
        Self { kind, told, facts: Vec::new(), change: None }
    }

    pub(super) fn fact(mut self, name: &'static str, fact: impl Into<Option<Fact>>) -> Self {
        self.facts.extend(fact.into().map(|fact| (name, fact)));
        self
    }

    pub(super) fn number(self, name: &'static str, number: Option<&Number>) -> Self {
        self.fact(name, number.cloned().map(Fact::Number))
    }

    pub(super) fn changes(mut self, change: Number) -> Self {
        self.change = Some(change);
        self
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What a step does: a closed list, each with a word that stays.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum StepKind {
            $($(#[$doc])* $name,)*
        }

        impl StepKind {
            /// The word it has in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

kinds! {
    /// What the row brought, where that could not be used.
    Given = "given";
    /// The cell was not filled in, and the input says what counts then.
    Default = "default";
    /// How far a target was met.
    Attainment = "attainment";
    /// How a figure stands to the best, the mean or the total of its group.
    Proportion = "proportion";
    /// Whether the gate was reached, below which there are no points.
    Gate = "gate";
    /// A limit from below, reached or not.
    Floor = "floor";
    /// A limit from above, reached or not.
    Cap = "cap";
    /// The most points one side of a rule can change.
    Limit = "limit";
    /// The band a figure falls in.
    Band = "band";
    /// The knots a figure lies between.
    Knots = "knots";
    /// The units that were counted.
    Units = "units";
    /// A comparison that the rule turns on.
    Condition = "condition";
    /// A branch of a formula that was taken.
    Branch = "branch";
    /// Whether the item applies.
    Applies = "applies";
    /// The marks of a part of an examination.
    Marks = "marks";
    /// One answer against its key.
    Answer = "answer";
    /// The sheets of raters that count, and what they come to.
    Sheets = "sheets";
    /// What the raters of sheets add by being severe or lenient, taken off.
    Severity = "severity";
    /// Whether the pass mark is reached.
    Pass = "pass";
    /// A result on the full marks of the item.
    OutOf = "out_of";
    /// The points, before the item's own limits and rounding.
    Points = "points";
    /// The parts of a total put together.
    Parts = "parts";
    /// An adjustment of a total.
    Adjustment = "adjustment";
    /// An event that limits a score or a grade, met or not.
    Veto = "veto";
    /// A figure over the group of the row.
    Group = "group";
    /// Whether the row is graded at all.
    Graded = "graded";
    /// The place in the order by which seats are given.
    Place = "place";
    /// The seats of each grade.
    Seats = "seats";
    /// A grade of which more have it than its stated share.
    BeyondShare = "beyond_share";
    /// Why there was no seat in a better grade: the cut.
    Cut = "cut";
    /// What somebody needs to have a grade, where that does not hold.
    Eligible = "eligible";
    /// The standards of a grade, and which of them does not hold.
    Standard = "standard";
    /// The grade before shifts, movement and vetoes.
    Calculated = "calculated";
    /// Steps up or down the ladder for a reason of their own.
    Shift = "shift";
    /// How far a grade may move from the one before.
    Movement = "movement";
    /// A decision about the person.
    Decision = "decision";
    /// Something else that changed a total.
    Other = "other";
    /// An amount that a rule of pay computed.
    Amount = "amount";
    /// Whether an amount is paid, or taken back.
    Paid = "paid";
    /// The completed years.
    Years = "years";
    /// One of the parts an amount was split into.
    Portion = "portion";
    /// How money that is shared out came to the person.
    Allotted = "allotted";
    /// What a pool had, what it paid, and what it carries on.
    Carried = "carried";
}
