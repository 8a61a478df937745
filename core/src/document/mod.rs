//! The scheme document: text to a tree that still knows where everything stood.

mod build;
mod cut;
mod malformed;
mod position;
pub mod suggest;
pub mod tree;
