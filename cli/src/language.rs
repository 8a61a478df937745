//! The language the command line speaks; the only place that reads the locale.

use kaohe_grammar::Message;

/// The language messages are told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, clap::ValueEnum)]
pub enum Language {
    /// English.
    #[default]
    #[value(name = "en")]
    English,
    /// 中文。
    #[value(name = "zh")]
    Chinese,
}

impl Language {
    /// The language of a locale name such as `zh_CN.UTF-8`: Chinese when it says so, otherwise English.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::language::Language;
    ///
    /// assert_eq!(Language::of_locale("zh_CN.UTF-8"), Language::Chinese);
    /// assert_eq!(Language::of_locale("C.UTF-8"), Language::English);
    /// ```
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Self::Chinese } else { Self::English }
    }

    /// The language of the environment, by the precedence of POSIX: `LC_ALL`, `LC_MESSAGES`, `LANG`.
    #[must_use]
    pub fn of_environment() -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|locale| !locale.is_empty())
            .map_or(Self::English, |locale| Self::of_locale(&locale))
    }

    /// The wording of `message` in this language.
    #[must_use]
    pub fn of(self, message: &Message) -> &str {
        match self {
            Self::English => &message.en,
            Self::Chinese => &message.zh,
        }
    }
}

impl From<Language> for kaohe::diagnostic::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::English => Self::English,
            Language::Chinese => Self::Chinese,
        }
    }
}
