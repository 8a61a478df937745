//! What can be wrong with the text of a formula.

use std::fmt;

use crate::{Message, Span};

/// Makes the enum, its identifiers and its one-line meanings from one list, so that they cannot drift apart.
macro_rules! codes {
    ($($name:ident = $id:literal $meaning:literal;)*) => {
        /// A stable code: it keeps its meaning for ever, so it can be searched for and matched on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum SyntaxCode {
            $(#[doc = $meaning] $name,)*
        }

        impl SyntaxCode {
            /// Every code there is, in the order of their identifiers.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The identifier people see: `K0201`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What the code means, in one line.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

codes! {
    Empty = "K0201" "a formula without content";
    TooLong = "K0202" "a formula longer than the limit";
    TooDeep = "K0203" "a formula nested deeper than the limit";
    UnknownCharacter = "K0204" "a character that has no meaning in a formula";
    UnclosedText = "K0205" "a quote that is opened and not closed";
    SingleQuotes = "K0206" "text in single quotes";
    UnclosedName = "K0207" "a quoted name that is opened and not closed";
    BadName = "K0208" "a quoted name that is empty or cannot be written";
    UnclosedBracket = "K0209" "a bracket that is opened and not closed";
    UnmatchedBracket = "K0210" "a closing bracket that closes nothing, or the wrong kind";
    EmptyBrackets = "K0211" "brackets with nothing in them";
    Unexpected = "K0212" "something that cannot stand where it stands";
    MissingOperand = "K0213" "an operator, comma or word with nothing after it, or nothing before it";
    MissingOperator = "K0214" "two values side by side without an operator";
    LeadingZero = "K0215" "a number that begins with a needless zero";
    BadNumber = "K0216" "a number with more than one point, or with nothing after its point";
    BadUnderscore = "K0217" "an underscore in a number that does not stand between two digits";
    BadDate = "K0218" "a date that is not written like 2026-07-01";
    UnitAfterSpace = "K0219" "a unit that does not follow its number directly";
    ThousandsComma = "K0220" "a comma between the digits of a number";
    MisplacedPercent = "K0221" "a percent sign that does not follow digits directly";
    NegatedPower = "K0222" "a minus before a power, which is read in two ways";
    PowerChain = "K0223" "a power of a power without brackets, which is read in two ways";
    ComparisonChain = "K0224" "comparisons in a row that do not run in one direction";
    NotNeedsBrackets = "K0225" "`not` inside a calculation or comparison without brackets";
    Assignment = "K0226" "an assignment, where a formula is only a value";
    ForeignOperator = "K0227" "an operator of another language";
    ReservedWord = "K0228" "a word of the language where a name or a function should stand";
    BadIf = "K0229" "an `if` without its `then` or `else`, or not with three arguments";
    BadCase = "K0230" "a `case` without its `when`, `then`, `else` or `end`";
    BadDot = "K0231" "a dot that does not stand between two names";
    BadFunctionName = "K0232" "a function whose name has a dot or quotes";
    CommaAfterClause = "K0233" "a comma after `where`, `by`, `within` and their like";
    BadBetween = "K0234" "a `between` without its `and`";
    SpaceNeeded = "K0235" "a word of the language that is written together with its neighbour";
    MisplacedClause = "K0236" "a word like `where` or `within` outside a function, or without what it needs";
}

/// One thing wrong with the text of a formula, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What kind of thing.
    pub code: SyntaxCode,
    /// Where, in the text as it was handed in.
    pub span: Span,
    /// What is wrong.
    pub message: Message,
    /// What to write instead.
    pub help: Option<Message>,
}

impl SyntaxError {
    /// A problem without a way out yet.
    #[must_use]
    pub const fn new(code: SyntaxCode, span: Span, message: Message) -> Self {
        Self { code, span, message, help: None }
    }

    /// The same with what to write instead.
    #[must_use]
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl std::error::Error for SyntaxError {}

/// The author's own text for a message: on one line, and cut when it is long.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 32;
    let line = |char: char| if char.is_control() { ' ' } else { char };
    let mut shown: String = text.chars().take(LONGEST).map(line).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_in_order_and_unique() {
        for pair in SyntaxCode::ALL.windows(2) {
            assert!(pair[0].id() < pair[1].id(), "{} {}", pair[0].id(), pair[1].id());
        }
    }
}
