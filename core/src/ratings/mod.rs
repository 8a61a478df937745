//! Ratings: what raters gave ratees, how severe each rater is, and how far raters agree.

pub mod agreement;
mod complete;
mod moments;
mod publish;
mod read;
pub mod severity;
mod table;
mod words;

pub use read::RatingColumns;
pub use table::{GivenRating, RatingTable};
