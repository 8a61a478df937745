//! Tables that are handed over by what they are, not by a name: answers to the only examination of a scheme, sheets of its
//! only appraisal.

use kaohe_grammar::{Message, say};

use crate::code::Code;
use crate::error::DataError;
use crate::plan::DetailKind;
use crate::scheme::Scheme;

impl Scheme {
    /// The names of the tables of a kind, in the order of the scheme.
    pub fn tables_of(&self, kind: DetailKind) -> impl Iterator<Item = &str> {
        self.plan().details.iter().filter(move |detail| detail.kind == kind).map(|detail| &*detail.name)
    }

    /// The name of the only table of a kind, for hosts that hand over answers without naming their examination.
    ///
    /// # Errors
    ///
    /// [`DataError`] when the scheme has no table of that kind, or several.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::Scheme;
    /// use kaohe::plan::DetailKind;
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 考试
    /// inputs: { 工号: { type: text, key: true } }
    /// exams: { 上岗考试: { parts: [{ name: 单选, kind: single, questions: S, marks: 5, key: [A, B] }] } }
    /// ",
    /// )?;
    /// assert_eq!(scheme.only_table(DetailKind::Answers)?, "上岗考试");
    /// assert_eq!(scheme.only_table(DetailKind::Rows).unwrap_err().code.id(), "K0809");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only_table(&self, kind: DetailKind) -> Result<&str, DataError> {
        let names: Vec<&str> = self.tables_of(kind).collect();
        if let [name] = names.as_slice() {
            return Ok(name);
        }
        let Message { en, zh } = match kind {
            DetailKind::Rows => say!("detail table", "明细表"),
            DetailKind::Answers => say!("examination", "考试"),
            DetailKind::Sheets => say!("appraisal by raters", "测评"),
        };
        let quoted = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let (message, help) = match names.is_empty() {
            true => (say!("the scheme has no {en}", "方案没有{zh}"), say!("leave the table out", "请去掉这张表")),
            false => (
                say!("the scheme has more than one {en}: {quoted}", "方案有多个{zh}：{quoted}"),
                say!("say which of them each table is for", "请写明每张表属于哪一个"),
            ),
        };
        let offenders = names.iter().map(|name| (*name).to_owned()).collect();
        Err(DataError { code: Code::TableUnknown, message, help: Some(help), offenders })
    }
}
