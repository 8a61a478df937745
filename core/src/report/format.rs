//! The forms a report is written in.

use crate::page::Page;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Markdown, as GitHub reads it.
    Markdown,
    /// A web page that needs nothing else.
    Html,
    /// Data.
    Json,
}

impl Format {
    /// The form called so: `md`, `html` or `json`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "md" => Some(Self::Markdown),
            "html" => Some(Self::Html),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// A report in this form.
    pub(super) fn written(self, page: impl FnOnce() -> Page, json: impl FnOnce() -> String) -> String {
        match self {
            Self::Markdown => page().to_markdown(),
            Self::Html => page().to_html(),
            Self::Json => json() + "\n",
        }
    }

    /// What it is called, which is the extension of its files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}
