//! What a result rests on: which rules, which day, which values of the run.

use kaohe_grammar::{Message, say};

use super::{Kind, OutputCell, OutputColumn, OutputTable};
use crate::{language::Language, table::Date};

/// What a result rests on. Without it nobody could say later how the figures came about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The scheme's name.
    pub scheme: String,
    /// Its edition.
    pub edition: Option<String>,
    /// What identifies the rules.
    pub fingerprint: String,
    /// The day that counts.
    pub as_of: Option<Date>,
    /// The values of the run.
    pub given: Vec<(String, OutputCell)>,
}

impl About {
    /// The version of this program.
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// In a few lines, for a terminal.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::{language::Language, output::{OutputCell, about::About}, table::Date};
    ///
    /// let about = About {
    ///     scheme: "绩效工资".into(),
    ///     edition: Some("2026Q3".into()),
    ///     fingerprint: "sha256:5f0c".into(),
    ///     as_of: Date::new(2026, 9, 30),
    ///     given: vec![("上期结转".into(), OutputCell::Number("250.50".into()))],
    /// };
    /// assert_eq!(
    ///     about.render(Language::English),
    ///     "绩效工资 2026Q3 as of 2026-09-30; given 上期结转 = 250.50\nfingerprint sha256:5f0c\n"
    /// );
    /// ```
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let mut en = self.title();
        let mut zh = en.clone();
        if let Some(day) = self.as_of {
            en.push_str(&format!(" as of {day}"));
            zh.push_str(&format!("，截至 {day}"));
        }
        let given: Vec<String> = self.given.iter().map(|(name, value)| format!("{name} = {}", plain(value))).collect();
        if !given.is_empty() {
            en.push_str(&format!("; given {}", given.join(", ")));
            zh.push_str(&format!("；运行值 {}", given.join("，")));
        }
        let print = &self.fingerprint;
        language.of(&say!("{en}\nfingerprint {print}\n", "{zh}\n指纹 {print}\n")).to_owned()
    }

    /// Name and edition.
    #[must_use]
    pub fn title(&self) -> String {
        self.edition.as_ref().map_or_else(|| self.scheme.clone(), |edition| format!("{} {edition}", self.scheme))
    }

    /// The name of a sheet that holds it.
    #[must_use]
    pub fn sheet(language: Language) -> &'static str {
        match language {
            Language::English => "about",
            Language::Chinese => "说明",
        }
    }

    /// As a table of two columns, with `more` lines after it.
    #[must_use]
    pub fn table(&self, language: Language, more: Vec<(String, OutputCell)>) -> OutputTable {
        let text = |text: &str| OutputCell::Text(text.to_owned());
        let optional = |text: Option<&str>| text.map_or(OutputCell::Empty, |text| OutputCell::Text(text.to_owned()));
        let word = |message: Message| language.of(&message).to_owned();
        let mut rows = vec![
            (word(say!("scheme", "方案")), text(&self.scheme)),
            (word(say!("edition", "版次")), optional(self.edition.as_deref())),
            (word(say!("fingerprint", "指纹")), text(&self.fingerprint)),
            (word(say!("as of", "截至日")), self.as_of.map_or(OutputCell::Empty, OutputCell::Date)),
        ];
        rows.extend(
            self.given.iter().map(|(name, value)| (word(say!("given {name}", "运行值 {name}")), value.clone())),
        );
        rows.push((word(say!("kaohe version", "kaohe 版本")), text(Self::VERSION)));
        rows.extend(more);
        OutputTable {
            columns: vec![
                OutputColumn::new(word(say!("item", "项目")), Kind::Text),
                OutputColumn::new(word(say!("value", "内容")), Kind::Text),
            ],
            rows: rows.into_iter().map(|(name, value)| vec![OutputCell::Text(name), value]).collect(),
        }
    }
}

/// What two results rest on that are held against each other, as one table; `more` lines after it are true of both.
#[must_use]
pub fn pair(old: &About, new: &About, language: Language, more: Vec<(String, OutputCell)>) -> OutputTable {
    let (old, new) = (old.table(language, Vec::new()), new.table(language, Vec::new()));
    let value = |table: &OutputTable, name: &OutputCell| {
        let row = table.rows.iter().find(|row| row.first() == Some(name));
        row.and_then(|row| row.get(1)).cloned().unwrap_or_default()
    };
    let mut names: Vec<&OutputCell> = new.rows.iter().filter_map(|row| row.first()).collect();
    let only_old = old.rows.iter().filter_map(|row| row.first()).filter(|name| !names.contains(name));
    names.extend(only_old.collect::<Vec<_>>());
    let header = |message| OutputColumn::new(language.of(&message), Kind::Text);
    let rows = names.iter().map(|name| vec![(*name).clone(), value(&old, name), value(&new, name)]);
    OutputTable {
        columns: vec![header(say!("item", "项目")), header(say!("old", "旧")), header(say!("new", "新"))],
        rows: rows
            .chain(more.into_iter().map(|(name, both)| vec![OutputCell::Text(name), both.clone(), both]))
            .collect(),
    }
}

fn plain(value: &OutputCell) -> String {
    match value {
        OutputCell::Empty => "—".to_owned(),
        OutputCell::Number(text) | OutputCell::Text(text) => text.clone(),
        OutputCell::Truth(truth) => truth.to_string(),
        OutputCell::Date(date) => date.to_string(),
    }
}
