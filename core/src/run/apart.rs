//! How people may be parted so that every figure is what it would be among all of them.

use std::collections::HashSet;

use crate::error::DataError;
use crate::plan::{ColumnId, Group};
use crate::scheme::Scheme;

/// How people may be scored in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Apart {
    /// Each row stands alone.
    Rows,
    /// People who are alike in these columns belong together.
    By(Vec<String>),
    /// All people belong together, on account of the figure of this column.
    Whole(String),
}

impl Scheme {
    /// How people may be parted so that the figures of these columns, or of all that are shown, are what they would be
    /// among all of them: for computing on several machines.
    ///
    /// # Errors
    ///
    /// [`DataError`] when a column is asked for that the scheme does not have.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::Scheme;
    /// use kaohe::run::Apart;
    ///
    /// let scheme = Scheme::parse(
    ///     "
    /// kaohe: 1
    /// scheme: 排名
    /// inputs: { 工号: { type: text, key: true }, 网点: { type: text }, 得分: { type: number } }
    /// computed: { 名次: rank(得分 desc ties min within 网点), 份额: share(得分) }
    /// ",
    /// )?;
    /// assert_eq!(scheme.apart(Some(&["得分".into()]))?, Apart::Rows);
    /// assert_eq!(scheme.apart(Some(&["名次".into()]))?, Apart::By(vec!["网点".into()]));
    /// assert_eq!(scheme.apart(None)?, Apart::Whole("份额".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apart(&self, columns: Option<&[String]>) -> Result<Apart, DataError> {
        let plan = self.plan();
        let (asked, groups) = match columns {
            Some(names) => {
                let asked = self.columns_named(names)?.to_vec();
                let groups = plan.groups_behind(&asked);
                (asked, groups)
            }
            None => (plan.shown.clone(), (0..plan.groups.len()).collect()),
        };
        let groups: Vec<(usize, &Group)> =
            plan.groups.iter().enumerate().filter(|(at, _)| groups.contains(at)).collect();
        // a column that is itself a figure over a group cannot be known before people are together
        let usable = |column: &ColumnId| !plan.column(*column).hidden && plan.groups_behind(&[*column]).is_empty();
        let mut common: Option<Vec<ColumnId>> = None;
        for (at, group) in groups {
            let within: HashSet<ColumnId> = group.within.iter().copied().filter(|column| usable(column)).collect();
            let mut shared =
                common.unwrap_or_else(|| group.within.iter().copied().filter(|each| within.contains(each)).collect());
            shared.retain(|column| within.contains(column));
            if shared.is_empty() {
                let reader = |id: &&ColumnId| plan.groups_behind(&[**id]).contains(&at);
                let all = (0..).map(ColumnId).take(plan.columns.len()).collect::<Vec<_>>();
                let found = asked.iter().chain(&plan.shown).chain(&all).find(reader);
                return Ok(Apart::Whole(found.map_or_else(String::new, |id| plan.column(*id).name.to_string())));
            }
            common = Some(shared);
        }
        Ok(common.map_or(Apart::Rows, |shared| {
            Apart::By(shared.iter().map(|column| plan.column(*column).name.to_string()).collect())
        }))
    }
}
