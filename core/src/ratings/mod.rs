//! Appraisals by raters: scales, sheets, rounds in which the sheets are filled, how severe raters are and how far they agree.
//!
//! A scheme says what is rated, on which scale and by whom ([`Rating`]). With the people who have its roles
//! ([`Membership`]) it makes the [`Sheets`]: who rates whom, on which items. A [`RatingRound`] is what happens then: a set
//! of [`Event`]s, kept by the host as lines of JSON and merged as it likes. A [`RatingTable`] is what raters gave ratees,
//! from wherever it comes; [`severity`] and [`agreement`] are computed of it.

pub mod agreement;
mod complete;
mod digest;
mod event;
mod host;
mod line;
mod log;
mod membership;
mod moments;
mod problem;
mod progress;
mod publish;
mod rating;
mod read;
mod round;
mod scale;
pub mod severity;
mod sheets;
mod state;
mod table;
mod time;
mod words;

pub use event::{Act, Change, Event, Stamp};
pub use host::event_of_line;
pub use log::LogReading;
pub use membership::{Member, Membership};
pub use progress::{RoundProgress, SheetView, Status, SubmittedSheet};
pub use rating::{Item, PlanEntry, Rating, Role};
pub use read::RatingColumns;
pub use round::{RatingRound, Refused};
pub use scale::{Mark, Scale, Worth};
pub use sheets::{Sheet, Sheets};
pub use state::Reopening;
pub use table::{GivenRating, RatingTable};
pub use time::HostTime;
