//! From a plan and a row to figures.
//!
//! [`ops`] decides what each operation means on values; [`row`] walks a plan over one row; [`input`] reads cells;
//! [`program`] answers most rows faster, with the same figures.

pub(crate) mod input;
pub(crate) mod ops;
pub(crate) mod program;
pub(crate) mod row;
