//! The workload that speed is measured on, and by integer arithmetic of its own what everybody must get.
//!
//! The same recipe as `examples/workload/generate.py`: eight indicators of account managers, a total, one of nine tiers.
#![forbid(unsafe_code)]

mod people;
mod random;
mod reference;

pub use people::{COLUMNS, Person, edge, natural};
pub use random::Random;
pub use reference::{Answer, TIERS, rounded, unrounded};

/// The scheme with rates of four places.
pub const SCHEME: &str = include_str!("../../examples/workload/scheme.yaml");
/// The scheme of which only the total is rounded.
pub const SCHEME_UNROUNDED: &str = include_str!("../../examples/workload/scheme-unrounded.yaml");
