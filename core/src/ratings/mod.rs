//! Appraisals by raters: scales, sheets, and rounds in which the sheets are filled.

mod scale;

pub use scale::{Mark, Scale, Worth};
