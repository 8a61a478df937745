//! Ratings: what raters gave ratees, how severe each rater is, and how far raters agree.

pub mod agreement;
mod complete;
mod moments;
mod read;
pub mod severity;
mod table;

pub use read::RatingColumns;
pub use table::{Rating, RatingTable};
