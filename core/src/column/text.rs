//! Texts as Arrow holds them: one after the other in one buffer, as views, or by numbers of a dictionary.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray, StringViewArray};
use arrow_buffer::NullBuffer;

/// Texts of one form.
#[derive(Debug, Clone)]
pub(crate) enum Texts {
    Short(StringArray),
    Long(LargeStringArray),
    Views(StringViewArray),
    /// Each by its number among words.
    Words {
        /// The place of each text among the words.
        places: Arc<[u32]>,
        nulls: Option<NullBuffer>,
        words: Box<Self>,
    },
}

impl Texts {
    /// Texts in one of the forms that are read; nothing when the array is none of them.
    pub(crate) fn of(array: &ArrayRef) -> Option<Self> {
        let any = array.as_any();
        if let Some(array) = any.downcast_ref::<StringArray>() {
            Some(Self::Short(array.clone()))
        } else if let Some(array) = any.downcast_ref::<LargeStringArray>() {
            Some(Self::Long(array.clone()))
        } else {
            any.downcast_ref::<StringViewArray>().map(|array| Self::Views(array.clone()))
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Short(array) => array.len(),
            Self::Long(array) => array.len(),
            Self::Views(array) => array.len(),
            Self::Words { places, .. } => places.len(),
        }
    }

    pub(crate) fn nulls(&self) -> Option<&NullBuffer> {
        match self {
            Self::Short(array) => array.nulls(),
            Self::Long(array) => array.nulls(),
            Self::Views(array) => array.nulls(),
            Self::Words { nulls, .. } => nulls.as_ref(),
        }
    }

    /// The text at a place; nothing when there is none.
    pub(crate) fn get(&self, at: usize) -> Option<&str> {
        if at >= self.len() || self.nulls().is_some_and(|nulls| nulls.is_null(at)) {
            return None;
        }
        match self {
            Self::Short(array) => Some(array.value(at)),
            Self::Long(array) => Some(array.value(at)),
            Self::Views(array) => Some(array.value(at)),
            Self::Words { places, words, .. } => words.get(*places.get(at)? as usize),
        }
    }

    /// The words of a dictionary, and the number of each text among them.
    pub(crate) fn words(&self) -> Option<(&Self, &[u32])> {
        match self {
            Self::Words { places, words, .. } => Some((words, places)),
            _ => None,
        }
    }
}
