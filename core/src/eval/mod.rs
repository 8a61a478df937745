//! From a plan and a row to figures.
//!
//! [`ops`] decides what each operation means on values; [`row`] walks a plan over one row, [`detail`] is its part for
//! detail rows, and [`trace`] keeps what it tells; [`input`] reads cells, [`owners`] says whose detail rows are, [`marking`]
//! holds answers to exams against their keys, [`facts`] is what a row is evaluated from, [`figures`] what a run computed over
//! groups. [`program`] answers most rows faster, with the same figures.

pub(crate) mod detail;
pub(crate) mod facts;
pub(crate) mod figures;
pub(crate) mod group;
pub(crate) mod input;
pub(crate) mod marking;
pub(crate) mod ops;
pub(crate) mod owners;
pub(crate) mod program;
pub(crate) mod row;
pub(crate) mod trace;
