//! What the sheets of a role are adjusted by: how severe each rater is, found over all people of a run.

use super::DetailId;
use crate::number::RoundingMode;
use crate::ratings::severity::Method;

/// The severity of the raters of one role; its value is the column of the sheets' scores.
#[derive(Debug, Clone)]
pub struct SheetSeverity {
    /// The sheets.
    pub table: DetailId,
    /// The role, by its place among those of the appraisal.
    pub role: u32,
    /// Sheets of people who have fewer in the role are compared with none: what is shown nowhere is told by no figure.
    pub minimum: u32,
    /// How it is found.
    pub method: Method,
    /// Decimals of an adjusted score.
    pub places: u32,
    /// Which way it is rounded.
    pub mode: RoundingMode,
}
