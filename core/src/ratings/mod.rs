//! Appraisals by raters: scales, sheets, and rounds in which the sheets are filled.
//!
//! A scheme says what is rated, on which scale and by whom ([`Rating`]). With the people who have its roles
//! ([`Membership`]) it makes the [`Sheets`]: who rates whom, on which items. A [`RatingRound`] is what happens then: a set
//! of [`Event`]s, kept by the host as lines of JSON and merged as it likes.

mod digest;
mod event;
mod host;
mod line;
mod log;
mod membership;
mod problem;
mod progress;
mod rating;
mod round;
mod scale;
mod sheets;
mod state;
mod time;

pub use event::{Act, Change, Event, Stamp};
pub use host::event_of_line;
pub use log::LogReading;
pub use membership::{Member, Membership};
pub use progress::{RoundProgress, SheetView, Status, SubmittedSheet};
pub use rating::{Item, PlanEntry, Rating, Role};
pub use round::{RatingRound, Refused};
pub use scale::{Mark, Scale, Worth};
pub use sheets::{Sheet, Sheets};
pub use state::Reopening;
pub use time::HostTime;
