//! The scheme document: text to a tree that still knows where everything stood, and on to a typed document.

mod build;
pub(crate) mod conform;
pub(crate) mod cut;
pub mod format;
mod malformed;
mod mend;
pub mod model;
pub(crate) mod order;
mod position;
pub(crate) mod read;
pub(crate) mod roots;
pub mod shape;
pub mod suggest;
pub mod tree;
mod whereabouts;
