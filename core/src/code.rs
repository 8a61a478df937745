//! The stable codes of everything that can be wrong, in one list.

use kaohe_grammar::SyntaxCode;

/// Makes the enum, its identifiers and its one-line meanings from one list, so that they cannot drift apart.
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $id:literal $meaning:literal;)*) => {
        /// A stable code: it keeps its meaning for ever, so it can be searched for and matched on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $(#[$meta])* $name,)*
            /// A formula whose text cannot be read; the code is the grammar's.
            Syntax(SyntaxCode),
        }

        impl From<SyntaxCode> for Code {
            fn from(code: SyntaxCode) -> Self {
                Self::Syntax(code)
            }
        }

        impl Code {
            /// Every code but those of the grammar, in the order of their identifiers.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The identifier people see: `K0101`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* Self::Syntax(code) => code.id() }
            }

            /// What the code means, in one line.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* Self::Syntax(code) => code.meaning() }
            }
        }
    };
}

codes! {
    // K00: the text of the document
    TooLong = "K0002" "the document, a key or a value is longer than the limit";
    Malformed = "K0003" "the document is not well-formed YAML or JSON";
    NotAllowed = "K0004" "an anchor, alias, tag, merge key, directive or second document";
    DuplicateKey = "K0005" "the same key twice in one map";
    EmptyValue = "K0006" "a key without a value";
    QuoteTheFormula = "K0007" "YAML cut a formula at a comma, a colon or a ` #`";
    TooDeep = "K0008" "nested deeper than the limit";
    TooMany = "K0009" "more parts, or more problems, than the limit";
    ControlCharacter = "K0010" "a control character, which nobody can see";
    EmptyDocument = "K0011" "a document with nothing in it";

    Internal = "K0099" "a mistake of the library itself";

    // K01: the shape of the document
    UnknownKey = "K0101" "a key the format does not have at this place";
    MissingKey = "K0102" "a key that must be there is not";
    WrongShape = "K0103" "a value of the wrong form: a map where a text belongs, or the like";
    UnknownWord = "K0104" "a word that is none of those allowed here";
    NotANumber = "K0105" "a text that is no number where a number belongs";
    NotADate = "K0106" "a text that is no date where a date belongs";
    LanguageVersion = "K0107" "a language version this program does not know";
    KeysExclude = "K0108" "two keys that exclude each other";
    EmptyList = "K0109" "a list or map that must have something in it";

    // K02 are the codes of formula text; they are kept with the grammar
    // K03: names
    UnknownName = "K0301" "a name that is no column, parameter or function";
    NameTwice = "K0302" "two columns of the same name";
    Cycle = "K0303" "columns that read each other in a circle";
    UnknownFunction = "K0304" "a function that does not exist";
    WrongArguments = "K0305" "a function given the wrong number or kind of arguments";
    NotAnItem = "K0306" "an item that has neither a rule nor a column of its name";
    ReservedName = "K0307" "a column named like a word of the formula language";
    KeyColumn = "K0308" "not exactly one input with `key: true`";
    HeaderTwice = "K0309" "a header that belongs to two inputs";
    ShadowedName = "K0310" "a name that stands for a column of the detail row and for one of the person";
    SeveralValues = "K0311" "a column of detail rows where one value of the person belongs";
    WrongClause = "K0312" "words after a function's arguments that it does not take, or lacks";

    // K04: types and units
    TypeMismatch = "K0401" "a value of the wrong kind";
    UnknownWordInFormula = "K0402" "a text that is none of the words it is compared with";
    UnitMismatch = "K0403" "quantities of different units added or compared";
    UnknownUnit = "K0404" "letters after a number that are no unit";
    MagnitudeAmbiguous = "K0405" "a number in 万 or 亿 against a column whose unit has one";
    NotConstant = "K0406" "a value that must be known when the scheme is read";
    BadConstant = "K0407" "a constant out of the range the language gives it";
    UnknownDay = "K0408" "a date that does not exist";
    NoDefault = "K0409" "a default that does not fit the input's own declaration";

    // K05: sizes
    TooBig = "K0501" "a figure whose exact value could grow past the limit";
    NotDecimal = "K0502" "a figure over many rows of values that are no decimals";

    // K06: the rules of the field
    WeightTotal = "K0601" "weights or points of siblings that do not total what they must";
    MixedWeights = "K0602" "weights and points among siblings";
    EdgeOrder = "K0603" "edges of bands or knots that are not in order";
    LimitOrder = "K0604" "a lower limit above an upper one";
    UnknownGrade = "K0605" "a grade that is not on the ladder";
    NoPlaces = "K0606" "pay without stated places";
    ParameterOrder = "K0607" "dated values that are not in order, or twice for one day";
    NotInForce = "K0608" "a parameter without a value on the day that counts";
    TableHole = "K0609" "a table without a value for some of its keys";
    PeriodOrder = "K0610" "a period that ends before it begins";
    WeightSign = "K0611" "a negative weight";
    ShareTotal = "K0612" "shares of a quota that do not total 100 %";
    Infeasible = "K0613" "a ladder that cannot be followed: a grade without a share, without a rule, or given twice";
    NamedTwice = "K0614" "a name twice in a list of an appraisal by raters, or an item asked twice of one role";
    UnknownRole = "K0615" "a role that the appraisal does not have";
    UnknownItem = "K0616" "an item that the appraisal does not have";
    Impracticable = "K0617" "an appraisal by raters that cannot be carried out as it is planned";

    // K07: warnings
    Unused = "K0701" "an input or parameter that nothing reads";
    EqualWeights = "K0702" "items without weights, which weigh the same";
    AlwaysZero = "K0703" "a divisor that is always zero";
    MayBeZero = "K0704" "a divisor that the declared ranges let be zero";
    NeverReached = "K0705" "a band, knot or grade that nothing reaches";
    NoBandHolds = "K0706" "bands without `else` that do not hold for every figure";
    AlwaysScored = "K0707" "an item whose score is always the same";
    NeverBinds = "K0708" "a limit, gate or veto that never takes effect, or a gate nobody passes";
    OtherScale = "K0709" "a percentage where plain numbers are meant, or the other way round";
    AlwaysSame = "K0710" "a comparison that always comes out the same";
    HiddenDigits = "K0711" "a grade or place decided by digits that are not shown";
    ScoreFalls = "K0712" "a score that falls when the result improves";
    Undecided = "K0713" "scores of which it cannot be decided whether they fall when the result improves";
    BeyondShare = "K0714" "a grade that more people have than its stated share";
    CarryOfNobody = "K0715" "what was carried over to a pool that nobody is in this time";

    // K08: the table of facts
    ColumnMissing = "K0801" "a table without a column the scheme reads";
    KeyTwice = "K0802" "two rows with the same key";
    KeyMissing = "K0803" "a row without a key";
    RowUnknown = "K0804" "a key that no row has";
    ColumnUnknown = "K0805" "a column that the scheme does not have";
    OrphanRows = "K0806" "detail rows whose key no person has";
    DetailTwice = "K0807" "detail rows of one key that are alike in columns that must differ";
    GivenMissing = "K0808" "a run without a value it must be given";
    TableUnknown = "K0809" "a detail table or given value that the scheme does not have";
    TableMissing = "K0810" "a run without a detail table the scheme reads";
    ColumnType = "K0830" "a column of a type that holds no facts";
    StreamBroken = "K0831" "a stream of tables that breaks off, or has no place for a figure";
    ArrowBytes = "K0832" "bytes that are no Arrow table that can be read";
    TooManyRows = "K0811" "a table with more rows than the limit";
    SheetMarks = "K0815" "a rater's sheet whose marks are not one for each item that it is asked";
    SelfRating = "K0816" "a person who rates himself where others rate, or another where people rate themselves";

    // K09: one cell
    CellMissing = "K0901" "a value is missing where one is needed";
    DivisionByZero = "K0902" "a division by zero";
    OutOfRange = "K0903" "a cell outside its declared range";
    NotWhole = "K0904" "a cell that must be a whole number is not";
    TooManyDigits = "K0905" "a cell with more digits than its input counts";
    WrongType = "K0906" "a cell that is not of its input's type";
    UnknownChoice = "K0907" "a cell that is none of the input's choices";
    Overflow = "K0908" "a figure of more than 28 digits";
    TargetNotPositive = "K0909" "a target that is zero or negative";
    NoBand = "K0910" "a number that falls in no band";
    BeyondKnots = "K0911" "a number beyond the outermost knots";
    NotInTable = "K0912" "keys that a table has no value for";
    NegativeRoot = "K0913" "the square root of a negative number";
    NoSuchDate = "K0914" "a day that does not exist";
    NotACount = "K0915" "a count that is not a whole number, or too large";
    LimitsCross = "K0916" "a lower limit above the upper one";
    WeightsTotal = "K0917" "weights that do not total what they must for this row";
    NothingToScore = "K0918" "every part of a dimension or total is missing";
    NotInOrder = "K0919" "edges, knots or units of a rule that are not in order for this row";
    Blocked = "K0920" "a cell that reads another cell without a value";
    NeedsGroup = "K0921" "a figure over a group, asked of one row alone";
    NoRows = "K0922" "a figure over detail rows, or over a group, of which there are none";
    NotOne = "K0923" "several detail rows where one must come last, or be the only one";
    TiedAtCut = "K0924" "equals on both sides of a cut, and no rule for them";
    NotEligible = "K0925" "somebody who is eligible for no grade";
    TooMuch = "K0926" "more detail rows than are looked at for one person";
    Provisional = "K0927" "a figure that a row left out could have changed";
    NeedsDetails = "K0928" "a figure over detail rows that were not given";
    NoProportion = "K0929" "a proportion to something that is zero or negative";
    Held = "K0930" "money of a pool that is not paid because a row is left out of its group";
    NotInCents = "K0931" "an amount that is not in whole cents";
    Unlimited = "K0932" "something computed with what has no limit";
    Negative = "K0933" "a number below zero where money, a key or a limit is zero or more";
    NotAShare = "K0934" "a share that is not between 0 and 100 %";
    NotAnAnswer = "K0940" "an answer that cannot be one to its question";
    OffScale = "K0941" "a mark that is none of the scale, in a table of sheets or in a round";
    TooFewSheets = "K0942" "a role with fewer sheets than it needs";

    // K10: rounds of rating
    MemberTwice = "K1001" "a person twice in the same role and group";
    TwoRoles = "K1002" "somebody who would rate the same person in two roles, and nothing says what then";
    NobodyRates = "K1003" "people whom nobody rates, or in a role fewer than there must be";
    UnknownRater = "K1004" "a rater whom the round does not have";
    UnknownSheet = "K1005" "a sheet that the round does not have";
    NotTheRater = "K1006" "a rater at another rater's sheet";
    SheetSubmitted = "K1008" "a mark on a sheet that is submitted";
    NotSubmitted = "K1009" "a sheet taken or given back that is not submitted";
    ItemsOutstanding = "K1010" "a sheet submitted with items outstanding";
    RoundNotOpen = "K1011" "something done while the round is not open, or outside the days of the plan";
    ReasonMissing = "K1012" "something done without saying by whom, or why";
    OtherPlan = "K1013" "a log of another plan";
    LogCorrupt = "K1014" "a line of a log that cannot be read, or was altered";
    LogCutOff = "K1015" "a last line of a log that was cut off while it was written";
    NotATime = "K1016" "a text that is no time where a time belongs";
    OtherMarks = "K1017" "a submission of other marks than the sheet has by then";

    // K10: ratings by raters
    RatedTwice = "K1021" "two ratings of one ratee by one rater";
    NotComplete = "K1022" "ratings that are missing where every rater must have rated everybody";
    TooFewRatings = "K1023" "fewer raters, ratees or ratings than a figure needs";
    NoSpread = "K1024" "ratings that do not differ where their difference is what is measured";
    NotConnected = "K1025" "raters whose severity cannot be compared, because no ratee connects them";
}
