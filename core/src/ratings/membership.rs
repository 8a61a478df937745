//! Who has which role, in which group.

use std::collections::HashSet;
use std::sync::Arc;

use kaohe_grammar::{Message, fold_name, say};

use crate::code::Code;
use crate::error::DataError;
use crate::limits::{NAME_BYTES, ROWS};
use crate::ratings::problem::named;

/// Who has which role: the people a plan is carried out with, raters and rated alike.
///
/// # Example
///
/// ```
/// use kaohe::ratings::Membership;
///
/// let members = Membership::of([("P1", "上级", None), ("M1", "客户经理", Some("城东")), ("M2", "客户经理", Some("城东"))])?;
/// assert_eq!(members.members().len(), 3);
/// // Nobody is twice in the same role and group.
/// assert!(Membership::of([("P1", "上级", None), (" P1", "上级", None)]).is_err());
/// # Ok::<(), kaohe::DataError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Membership {
    members: Vec<Member>,
}

/// One person in one role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// The role, folded as names are.
    pub role: Arc<str>,
    /// The group; without one a rater rates everybody who is rated.
    pub group: Option<Arc<str>>,
    /// The person: the text of the key, without blanks around.
    pub person: Arc<str>,
}

impl Membership {
    /// Reads rows of person, role and group; their order does not count. An empty group is none.
    ///
    /// # Errors
    ///
    /// [`DataError`] naming every row without a person or role, every person who stands twice in one role and group, or
    /// in one role both with a group and without, and names or tables past the limits.
    pub fn of<'t>(rows: impl IntoIterator<Item = (&'t str, &'t str, Option<&'t str>)>) -> Result<Self, DataError> {
        let mut members = Vec::new();
        let (mut incomplete, mut twice, mut long) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen: HashSet<Member> = HashSet::new();
        for (at, (person, role, group)) in (1_usize..).zip(rows) {
            if at > ROWS {
                let message = say!("more than {ROWS} people and roles", "人员与角色超过 {ROWS} 行");
                return Err(DataError { code: Code::TooManyRows, message, help: None, offenders: Vec::new() });
            }
            let group = group.map(str::trim).filter(|group| !group.is_empty());
            let (person, role) = (person.trim(), fold_name(role.trim()));
            if person.is_empty() || role.is_empty() {
                incomplete.push(at.to_string());
                continue;
            }
            if [person, role.as_str(), group.unwrap_or("")].iter().any(|text| text.len() > NAME_BYTES) {
                long.push(at.to_string());
                continue;
            }
            let member = Member { role: role.into(), group: group.map(Arc::from), person: person.into() };
            if !seen.insert(member.clone()) {
                twice.push(told(&member));
            }
            members.push(member);
        }
        named(Code::KeyMissing, &incomplete, |Message { en, zh }| {
            say!("rows without a person or a role: {en}", "以下各行没有人员或角色：{zh}")
        })?;
        named(Code::TooLong, &long, |Message { en, zh }| {
            say!("rows with a name of more than {NAME_BYTES} bytes: {en}", "以下各行的名称超过 {NAME_BYTES} 字节：{zh}")
        })?;
        for member in members.iter().filter(|member| member.group.is_some()) {
            if seen.contains(&Member { group: None, ..member.clone() }) {
                twice.push(told(member));
            }
        }
        named(Code::MemberTwice, &twice, |Message { en, zh }| {
            say!(
                "people twice in the same role and group, or in a role both with a group and without: {en}",
                "同一人员在同一角色和组中重复，或在同一角色中既有组又无组：{zh}"
            )
        })?;
        Ok(Self { members })
    }

    /// All of them, in the order they were given.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }
}

fn told(member: &Member) -> String {
    let Member { role, group, person } = member;
    match group {
        Some(group) => format!("`{person}` ({role}, {group})"),
        None => format!("`{person}` ({role})"),
    }
}
