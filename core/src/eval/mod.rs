//! From a plan and a row to figures.
//!
//! [`ops`] decides what each operation means on values; [`row`] walks a plan over one row; [`input`] reads cells;
//! [`program`] answers most rows faster, with the same figures; [`group`] is what needs other rows.

#[cfg_attr(not(test), expect(dead_code, reason = "nothing evaluates groups yet but the ranks of `crate::group`"))]
pub(crate) mod group;
pub(crate) mod input;
pub(crate) mod ops;
pub(crate) mod program;
pub(crate) mod row;
