//! A column's header: its text, and the name and unit in it.

use super::fold;

/// The header of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The text as it stands in the file, trimmed.
    pub text: String,
    /// The text without a unit in brackets at its end, folded: half-width, spaces and line breaks undone.
    pub name: String,
    /// What stands in brackets at the end, folded: `万元` of `日均存款（万元）`.
    pub unit: Option<String>,
    /// The whole text folded.
    folded: String,
}

impl Header {
    /// Reads a header cell.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::table::Header;
    ///
    /// let header = Header::new("日均存款（万元）");
    /// assert_eq!((header.name.as_str(), header.unit.as_deref()), ("日均存款", Some("万元")));
    /// // Brackets in the middle are part of the name.
    /// assert_eq!(Header::new("存款(日均)余额").unit, None);
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Self {
        let folded = fold::folded(text);
        let (name, unit) = match split_unit(&folded) {
            Some((name, unit)) => (name.to_owned(), Some(unit.to_owned())),
            None => (folded.clone(), None),
        };
        Self { text: fold::trimmed(text).to_owned(), name, unit, folded }
    }

    /// Whether this is the column called `name`: the whole header, or the header without its unit, says so.
    ///
    /// Full-width and half-width are the same, as are spaces around Chinese; upper and lower case are not.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe_cli::table::Header;
    ///
    /// assert!(Header::new("指标１ (元)").matches("指标1"));
    /// assert!(!Header::new("Score").matches("score"));
    /// ```
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let name = fold::folded(name);
        self.matches_folded(&name)
    }

    /// Whether there is nothing in the header cell.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.folded.is_empty()
    }

    /// The whole text, folded: what two headers are compared by.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    pub(crate) fn matches_folded(&self, name: &str) -> bool {
        !name.is_empty() && (self.folded == name || self.name == name)
    }
}

/// Name and unit of a folded header that ends in one pair of brackets.
fn split_unit(folded: &str) -> Option<(&str, &str)> {
    let (close, open) =
        [(')', '('), (']', '['), ('】', '【')].into_iter().find(|&(close, _)| folded.ends_with(close))?;
    let (name, unit) = folded.strip_suffix(close)?.rsplit_once(open)?;
    let (name, unit) = (fold::trimmed(name), fold::trimmed(unit));
    let plain = !name.is_empty() && !unit.is_empty() && !unit.contains(close);
    plain.then_some((name, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_every_bracket() {
        for text in
            ["日均存款(万元)", "日均存款（万元）", "日均存款 [万元]", "日均存款【万元】", "日均\n存款\n（万元）"]
        {
            let header = Header::new(text);
            assert_eq!((header.name.as_str(), header.unit.as_deref()), ("日均存款", Some("万元")), "{text}");
            assert!(header.matches("日均存款"), "{text}");
        }
    }

    #[test]
    fn no_unit_is_made_up() {
        for text in ["日均存款/万元", "(万元)", "存款()", "存款)", "((存款))", ""] {
            assert_eq!(Header::new(text).unit, None, "{text}");
        }
        assert!(!Header::new("").matches(""));
    }
}
