//! `kaohe.Report`: the report of a person or of a team.

use kaohe::report::{PersonReport, TeamReport};
use pyo3::prelude::*;

use crate::explanation::language;

/// The report of a person or of a team.
#[pyclass(frozen, module = "kaohe._kaohe")]
pub(crate) struct Report {
    whose: Whose,
}

enum Whose {
    Person(PersonReport),
    Team(TeamReport),
}

impl Report {
    pub(crate) const fn of_person(report: PersonReport) -> Self {
        Self { whose: Whose::Person(report) }
    }

    pub(crate) const fn of_team(report: TeamReport) -> Self {
        Self { whose: Whose::Team(report) }
    }
}

#[pymethods]
impl Report {
    /// As Markdown, in Chinese or in English.
    fn to_markdown(&self, chinese: bool) -> String {
        match &self.whose {
            Whose::Person(report) => report.to_markdown(language(chinese)),
            Whose::Team(report) => report.to_markdown(language(chinese)),
        }
    }

    /// As a web page that needs nothing else.
    fn to_html(&self, chinese: bool) -> String {
        match &self.whose {
            Whose::Person(report) => report.to_html(language(chinese)),
            Whose::Team(report) => report.to_html(language(chinese)),
        }
    }

    /// As JSON, versioned.
    fn to_json(&self) -> String {
        match &self.whose {
            Whose::Person(report) => report.to_json(),
            Whose::Team(report) => report.to_json(),
        }
    }
}
