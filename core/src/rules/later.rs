//! The kinds this version reads but does not compute yet: their form is fixed here, so that schemes can be written.

use crate::document::shape::{Key, Shape};

pub(crate) const RATINGS: Key = Key::new("ratings", Shape::Name, "the result of an appraisal by raters").later();
