//! From a plan and a row to figures.
//!
//! [`ops`] decides what each operation means on values; [`row`] walks a plan over one row; [`input`] reads cells.

pub(crate) mod input;
pub(crate) mod ops;
pub(crate) mod row;
