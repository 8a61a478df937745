//! The marks there are, and what each is worth: the one place that decides whether a text is a mark.

use std::sync::Arc;

use kaohe_grammar::{Message, fold_name, say};

use crate::diagnostic::beginning;
use crate::document::model::ScaleText;
use crate::number::Number;

/// The longest text that is looked at as a mark, in bytes.
const LONGEST: usize = 1024;

/// The marks of an appraisal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scale {
    /// Letters or words, in the order of the scheme.
    Letters(Vec<Arc<str>>),
    /// From 1 to so many stars.
    Stars(u32),
    /// Numbers from `min` to `max` with at most so many decimals.
    Marks {
        /// The lowest mark.
        min: u32,
        /// The highest mark.
        max: u32,
        /// Decimals a mark may have.
        places: u32,
    },
}

/// A mark of a scale.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The mark as it is kept: folded as names are, a number without needless zeros.
    pub text: Arc<str>,
    /// What it is worth.
    pub worth: Worth,
}

/// What a mark is worth.
#[derive(Debug, Clone)]
pub enum Worth {
    /// What the scheme says for the letter of that position.
    Letter(usize),
    /// This share of an item's full marks, exactly: k/n of k stars out of n, mark/max of a mark.
    Share(Number),
}

impl Scale {
    /// The scale as a scheme writes it.
    #[must_use]
    pub fn of(text: &ScaleText) -> Self {
        match text {
            ScaleText::Letters(letters) => {
                Self::Letters(letters.iter().map(|(letter, _)| Arc::clone(&letter.name)).collect())
            }
            ScaleText::Stars(stars) => Self::Stars(*stars),
            ScaleText::Marks { min, max, places } => Self::Marks { min: *min, max: *max, places: *places },
        }
    }

    /// The mark a text is; nothing when it is off the scale.
    ///
    /// Full-width letters and digits are their narrow ones, blanks around do not count, and `8.50` is `8.5`.
    ///
    /// # Example
    ///
    /// ```
    /// use kaohe::ratings::Scale;
    ///
    /// let marks = Scale::Marks { min: 0, max: 10, places: 1 };
    /// assert_eq!(&*marks.read(" ８.50 ").unwrap().text, "8.5");
    /// assert!(marks.read("8.55").is_none(), "two decimals");
    /// assert!(marks.read("10.1").is_none(), "above the highest");
    /// assert!(Scale::Stars(5).read("0").is_none(), "no star is no mark");
    /// ```
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Mark> {
        if text.len() > LONGEST {
            return None;
        }
        let folded = fold_name(text.trim());
        match self {
            Self::Letters(letters) => {
                let at = letters.iter().position(|letter| **letter == *folded)?;
                Some(Mark { text: letters.get(at).map(Arc::clone)?, worth: Worth::Letter(at) })
            }
            Self::Stars(stars) => numeric(&folded, 1, *stars, 0),
            Self::Marks { min, max, places } => numeric(&folded, *min, *max, *places),
        }
    }

    /// That a text is no mark of the scale, wherever it stands.
    pub(crate) fn off(text: &str) -> Message {
        let shown = beginning(text.trim());
        say!("`{shown}` is no mark of the scale", "`{shown}` 不是本等级尺度中的等级或分数")
    }

    /// What the marks are, for a message: the way out of a mark that is none.
    #[must_use]
    pub fn told(&self) -> Message {
        match self {
            Self::Letters(letters) => {
                let each: Vec<String> = letters.iter().map(|letter| format!("`{letter}`")).collect();
                Message::new(format!("the marks are {}", each.join(", ")), format!("可用的等级有：{}", each.join("、")))
            }
            Self::Stars(stars) => say!("the marks are 1 to {stars} stars", "可打 1 到 {stars} 颗星"),
            Self::Marks { min, max, places: 0 } => {
                say!("the marks are the whole numbers from {min} to {max}", "可打 {min} 到 {max} 的整数分")
            }
            Self::Marks { min, max, places } => say!(
                "the marks are numbers from {min} to {max} with at most {places} decimals",
                "可打 {min} 到 {max} 的分数，最多 {places} 位小数"
            ),
        }
    }
}

/// A mark that is a number; its worth is itself over the highest.
fn numeric(text: &str, min: u32, max: u32, places: u32) -> Option<Mark> {
    let mark = Number::parse(text).ok()?;
    let (lowest, highest) = (Number::from(i64::from(min)), Number::from(i64::from(max)));
    let is_on = mark >= lowest && mark <= highest && mark.decimal_scale().is_some_and(|scale| scale <= places);
    let share = mark.divide(&highest)?;
    is_on.then(|| Mark { text: mark.to_string().into(), worth: Worth::Share(share) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_kept_in_one_spelling() {
        let letters = Scale::Letters(["A", "优秀", "b"].map(Arc::from).to_vec());
        let marks = Scale::Marks { min: 1, max: 100, places: 2 };
        for (scale, text, kept) in [
            (&letters, "Ａ", Some("A")),
            (&letters, " 优秀 ", Some("优秀")),
            (&letters, "B", None),
            (&letters, "a", None),
            (&letters, "", None),
            (&Scale::Stars(5), "5", Some("5")),
            (&Scale::Stars(5), "05", Some("5")),
            (&Scale::Stars(5), "5.0", Some("5")),
            (&Scale::Stars(5), "4.5", None),
            (&Scale::Stars(5), "6", None),
            (&Scale::Stars(5), "-1", None),
            (&marks, "1", Some("1")),
            (&marks, "0.99", None),
            (&marks, "99.990", Some("99.99")),
            (&marks, "99.999", None),
            (&marks, "1e1", None),
            (&marks, "九十", None),
            (&marks, "100.00", Some("100")),
        ] {
            assert_eq!(scale.read(text).as_ref().map(|mark| &*mark.text), kept, "{text} on {scale:?}");
        }
    }

    #[test]
    fn a_mark_is_worth_itself_over_the_highest_whatever_the_lowest() {
        let share = |scale: &Scale, text: &str| match scale.read(text).unwrap().worth {
            Worth::Share(share) => share,
            Worth::Letter(at) => Number::from(i64::try_from(at).unwrap()),
        };
        let third = Number::from(1_i64).divide(&Number::from(3_i64)).unwrap();
        assert_eq!(share(&Scale::Stars(3), "1"), third);
        assert_eq!(share(&Scale::Marks { min: 1, max: 3, places: 0 }, "1"), third);
        assert_eq!(share(&Scale::Letters(vec!["A".into(), "B".into()]), "B"), Number::from(1_i64));
    }

    #[test]
    fn a_text_without_end_is_no_mark() {
        assert!(Scale::Stars(5).read(&"5".repeat(10_000_000)).is_none());
        assert!(Scale::Marks { min: 0, max: 10, places: 6 }.read(&format!("1.{}", "0".repeat(900))).is_some());
    }
}
