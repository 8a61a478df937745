//! `kaohe.Explanation`: why a figure is what it is.

use kaohe::diagnostic::Language;
use kaohe::explain::Explanation as CoreExplanation;
use pyo3::prelude::*;

/// Why the figures of a row are what they are.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Explanation {
    explanation: CoreExplanation,
}

impl Explanation {
    pub(crate) const fn of(explanation: CoreExplanation) -> Self {
        Self { explanation }
    }
}

#[pymethods]
impl Explanation {
    /// As text, in Chinese or in English.
    fn to_text(&self, chinese: bool) -> String {
        self.explanation.to_text(language(chinese))
    }

    /// As Markdown.
    fn to_markdown(&self, chinese: bool) -> String {
        self.explanation.to_markdown(language(chinese))
    }

    /// As a web page that needs nothing else.
    fn to_html(&self, chinese: bool) -> String {
        self.explanation.to_html(language(chinese))
    }

    /// As JSON, versioned.
    fn to_json(&self) -> String {
        self.explanation.to_json()
    }
}

/// One of the two languages there are.
pub(crate) const fn language(chinese: bool) -> Language {
    if chinese { Language::Chinese } else { Language::English }
}
