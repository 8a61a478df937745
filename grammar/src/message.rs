//! A sentence for people, in both languages.

/// One sentence in English and in Chinese, made side by side so that neither can be forgotten.
///
/// Lower case, no full stop, the user's own text in backticks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Message {
    /// The sentence in English.
    pub en: String,
    /// The same in Chinese.
    pub zh: String,
}

impl Message {
    /// The two wordings of one sentence.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
}

/// `say!("unknown name `{name}`", "没有名为 `{name}` 的列")`: both wordings, formatted from the same values.
#[macro_export]
macro_rules! say {
    ($en:literal, $zh:literal $(, $($arg:tt)*)?) => {
        $crate::Message::new(format!($en $(, $($arg)*)?), format!($zh $(, $($arg)*)?))
    };
}
