//! What can be wrong with a file, its table or one of its cells: a stable code and a sentence in two languages.

use kaohe_grammar::Message;

use crate::language::Language;

/// Makes the enum, its identifiers and its one-line meanings from one list, so that they cannot drift apart.
macro_rules! codes {
    ($($name:ident = $id:literal $meaning:literal;)*) => {
        /// A stable code: it keeps its meaning for ever, so it can be searched for and matched on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)*
        }

        impl Code {
            /// Every code there is, in the order of their identifiers.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The identifier people see: `K8004`.
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
    // K80: the file
    FileTooLarge = "K8001" "the file, or what is packed in it, is larger than the limit";
    NotAWorkbook = "K8002" "the file is not a workbook that can be read";
    UnknownEncoding = "K8003" "the named encoding is not known";
    Undecodable = "K8004" "the bytes are not text in the encoding";
    OpenQuote = "K8005" "a quote is opened and never closed";
    TextAfterQuote = "K8006" "text follows a closing quote";
    NoSuchSheet = "K8007" "the workbook has no sheet of that name";
    WrongFile = "K8008" "the file is of a kind that is not read";
    NotParquet = "K8009" "the file is not a parquet file that can be read";
    NotJson = "K8010" "the file is not JSON that can be read";
    NotRows = "K8011" "the JSON is not a list of objects";
    // K81: the table
    NoHeader = "K8101" "the table has no header row";
    DuplicateHeader = "K8102" "two columns have the same header";
    RaggedRows = "K8103" "rows have more or fewer cells than the header";
    TooManyRows = "K8104" "more rows than the limit";
    TooManyColumns = "K8105" "more columns than the limit";
    CellTooLong = "K8106" "a cell is longer than the limit";
    AmbiguousColumn = "K8107" "several columns match one name";
    UnreadableColumn = "K8109" "the column, or one of its values, is not of a kind that is read";
    // K82: a cell
    NotANumber = "K8201" "the cell is not a number";
    BadGrouping = "K8202" "a thousands separator stands where it cannot";
    UnitInCell = "K8203" "the number in the cell carries a unit";
    Placeholder = "K8204" "a dash or word stands for a missing value";
    NotADate = "K8205" "the cell is not a date";
    NotATruth = "K8206" "the cell is neither yes nor no";
    LostDigits = "K8207" "the number has lost digits on its way here";
    ErrorCell = "K8208" "the cell holds an error of the spreadsheet";
    NotCalculated = "K8209" "the formula in the cell was never calculated";
    WrongKind = "K8210" "the cell holds another kind of value";
    // K83: writing
    TooLargeToWrite = "K8301" "the result does not fit the kind of file";
    CannotWrite = "K8302" "the file could not be written";
}

/// One thing that is wrong, told in both languages.
///
/// For a cell it says nothing about where: whoever reads the cell knows its row and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code.
    pub code: Code,
    /// What is wrong.
    pub message: Message,
    /// The way out, where there is one.
    pub help: Option<Message>,
}

impl Problem {
    /// A problem without a way out.
    #[must_use]
    pub fn new(code: Code, message: Message) -> Self {
        Self { code, message, help: None }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// The problem as text, in one language, its help on a second line.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::{language::Language, table::RawCell};
    ///
    /// let problem = RawCell::text("—").as_number_text().unwrap_err();
    /// assert!(problem.render(Language::English).starts_with("error[K8204]: `—` stands where"));
    /// assert!(problem.render(Language::Chinese).starts_with("错误[K8204]"));
    /// ```
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let (error, help) = match language {
            Language::English => ("error", "help"),
            Language::Chinese => ("错误", "建议"),
        };
        let mut out = format!("{error}[{}]: {}\n", self.code.id(), language.of(&self.message));
        if let Some(way_out) = &self.help {
            out.push_str(&format!("  = {help}: {}\n", language.of(way_out)));
        }
        out
    }
}

/// At most the first few items joined, with the number of the others.
pub(crate) fn listed(items: &[String], language: Language) -> String {
    const SHOWN: usize = 8;
    let (comma, rest) = match language {
        Language::English => (", ", items.len().checked_sub(SHOWN).map(|more| format!(" and {more} more"))),
        Language::Chinese => ("、", items.len().checked_sub(SHOWN).map(|more| format!("等，另有 {more} 处"))),
    };
    let mut out = items.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(comma);
    if items.len() > SHOWN {
        out.push_str(&rest.unwrap_or_default());
    }
    out
}

/// The beginning of what stands in a cell, short enough for a message.
pub(crate) fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() { format!("{one_line}…") } else { one_line }
}
