//! The stable codes of everything that can be wrong, in one list.

/// Makes the enum, its identifiers and its one-line meanings from one list, so that they cannot drift apart.
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $id:literal $meaning:literal;)*) => {
        /// A stable code: it keeps its meaning for ever, so it can be searched for and matched on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $(#[$meta])* $name,)*
        }

        impl Code {
            /// Every code there is, in the order of their identifiers.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The identifier people see: `K0101`.
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
    // K00: the text of the document
    NotBuiltYet = "K0001" "a part of the language that this version reads but does not compute yet";
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
}
