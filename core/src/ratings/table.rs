//! The ratings themselves: who rated whom, and how.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::read::{plain, too_many_digits};
use crate::code::Code;
use crate::error::DataError;
use crate::eval::input;
use crate::limits::ROWS;
use crate::number::Number;
use crate::run::listed;

/// What one rater gave one ratee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRating {
    pub(crate) ratee: usize,
    pub(crate) rater: usize,
    pub(crate) value: Option<Number>,
}

impl GivenRating {
    /// The place of the ratee in [`RatingTable::ratees`].
    #[must_use]
    pub const fn ratee(&self) -> usize {
        self.ratee
    }

    /// The place of the rater in [`RatingTable::raters`].
    #[must_use]
    pub const fn rater(&self) -> usize {
        self.rater
    }

    /// The rating, or nothing where none was given.
    #[must_use]
    pub const fn value(&self) -> Option<&Number> {
        self.value.as_ref()
    }
}

/// Ratings of ratees by raters: of one item, or of the whole.
///
/// Not every rater need have rated everybody. A rater rates a ratee once; a rating is a decimal of at most 16 digits
/// before the point and 12 after it, as a cell of a scheme is, so a mean of several items is rounded before it is one.
/// Text codes and grades are numbered before they come here.
///
/// # Example
///
/// ```
/// use kaohe::number::Number;
/// use kaohe::ratings::RatingTable;
///
/// let table = RatingTable::new([
///     ("甲", "张", Some(Number::from(90))),
///     ("甲", "王", Some(Number::from(86))),
///     ("乙", "张", Some(Number::from(75))),
///     ("乙", "王", None), // on 王's sheet, and not rated
/// ])?;
/// assert_eq!((table.ratees().len(), table.raters().len(), table.given().count()), (2, 2, 3));
/// # Ok::<(), kaohe::DataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RatingTable {
    ratees: Vec<Arc<str>>,
    raters: Vec<Arc<str>>,
    ratings: Vec<GivenRating>,
}

impl RatingTable {
    /// A table of ratings, each a ratee, a rater, and what was given, if anything was.
    ///
    /// Raters and ratees stand in the order in which they first appear; no figure depends on it.
    ///
    /// # Errors
    ///
    /// [`DataError`] when a rater has rated a ratee twice, when a rating is no decimal of so many digits, or when there
    /// are more ratings than a table may have rows.
    pub fn new<E, R, V>(ratings: impl IntoIterator<Item = (E, R, V)>) -> Result<Self, DataError>
    where
        E: AsRef<str>,
        R: AsRef<str>,
        V: Into<Option<Number>>,
    {
        let (mut ratees, mut raters) = (Names::default(), Names::default());
        let (mut pairs, mut twice, mut long) = (HashSet::new(), Vec::new(), Vec::new());
        let mut table = Vec::new();
        let plain = plain();
        for (ratee, rater, value) in ratings {
            if table.len() >= ROWS {
                return Err(too_many());
            }
            let rating = GivenRating {
                ratee: ratees.place(ratee.as_ref()),
                rater: raters.place(rater.as_ref()),
                value: value.into(),
            };
            let pair = (rating.ratee, rating.rater);
            if !pairs.insert(pair) {
                twice.push(pair);
            }
            if rating.value.as_ref().is_some_and(|value| input::check(&plain, value).is_err()) {
                long.push(pair);
            }
            table.push(rating);
        }
        let made = Self { ratees: ratees.list, raters: raters.list, ratings: table };
        match (twice.is_empty(), long.is_empty()) {
            (true, true) => Ok(made),
            (false, _) => Err(made.rated_twice(&twice)),
            (true, false) => Err(made.too_long(&long)),
        }
    }

    /// Who is rated, in the order in which they first appear.
    #[must_use]
    pub fn ratees(&self) -> &[Arc<str>] {
        &self.ratees
    }

    /// Who rates, in the order in which they first appear.
    #[must_use]
    pub fn raters(&self) -> &[Arc<str>] {
        &self.raters
    }

    /// Every rating in the order it came, those that were not given too.
    #[must_use]
    pub fn ratings(&self) -> &[GivenRating] {
        &self.ratings
    }

    /// The ratings that were given: the place of the ratee, the place of the rater, and the rating.
    pub fn given(&self) -> impl Iterator<Item = (usize, usize, &Number)> {
        self.ratings.iter().filter_map(|rating| Some((rating.ratee, rating.rater, rating.value.as_ref()?)))
    }

    /// The ratings that were given as whole numbers of one decimal unit, and its places.
    pub(crate) fn in_units(&self) -> (Vec<(usize, usize, i128)>, u32) {
        let places = self.given().filter_map(|(.., value)| value.decimal_scale()).max().unwrap_or(0);
        // none is lost: `new` has seen that each is such a decimal
        let units = |(ratee, rater, value): (_, _, &Number)| Some((ratee, rater, value.scaled(places)?));
        (self.given().filter_map(units).collect(), places)
    }

    /// What a ratee is called.
    pub(crate) fn ratee(&self, at: usize) -> &str {
        self.ratees.get(at).map_or("", |name| name)
    }

    /// What a rater is called.
    pub(crate) fn rater(&self, at: usize) -> &str {
        self.raters.get(at).map_or("", |name| name)
    }

    /// A rating as people call it: `甲 × 张`.
    fn called(&self, (ratee, rater): (usize, usize)) -> String {
        format!("{} × {}", self.ratee(ratee), self.rater(rater))
    }

    fn too_long(&self, long: &[(usize, usize)]) -> DataError {
        let offenders: Vec<String> = long.iter().map(|pair| self.called(*pair)).collect();
        let Message { en, zh } = listed(&offenders);
        DataError {
            code: Code::TooManyDigits,
            message: say!("a rating has too many digits: {en}", "评分的位数过多：{zh}"),
            help: Some(too_many_digits()),
            offenders,
        }
    }

    fn rated_twice(&self, twice: &[(usize, usize)]) -> DataError {
        let offenders: Vec<String> = twice.iter().map(|pair| self.called(*pair)).collect();
        let Message { en, zh } = listed(&offenders);
        DataError {
            code: Code::RatedTwice,
            message: say!("a ratee is rated twice by one rater: {en}", "同一考评人对同一考核对象评了两次：{zh}"),
            help: Some(say!("keep one rating for each rater and ratee", "每个考评人对每个考核对象只留一个评分")),
            offenders,
        }
    }
}

/// Names as they first appear, each with its place.
#[derive(Default)]
struct Names {
    list: Vec<Arc<str>>,
    places: HashMap<Arc<str>, usize>,
}

impl Names {
    fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let (name, place): (Arc<str>, _) = (name.into(), self.list.len());
        self.list.push(Arc::clone(&name));
        self.places.insert(name, place);
        place
    }
}

fn too_many() -> DataError {
    DataError {
        code: Code::TooManyRows,
        message: say!("there are more than {ROWS} ratings", "评分超过上限 {ROWS} 个"),
        help: Some(say!("take them in parts that belong together", "请按组分批计算")),
        offenders: Vec::new(),
    }
}
