//! Severity: how much higher or lower each rater rates than others do, and ratings without it.
//!
//! Three ways, from the plainest to the fairest. [`Method::Centring`] and [`Method::ZScore`] look at each rater alone, so
//! they are right when all raters rate people who are as good as one another's; [`Method::Additive`] compares raters by
//! the ratees they share, and does not mind who rated whom.

mod additive;
mod connected;
mod equations;
mod factor;
mod field;
mod lifting;
mod reconstruct;
mod scores;

use std::collections::BTreeMap;
use std::sync::Arc;

use kaohe_grammar::{Message, say};

use super::RatingTable;
use crate::code::Code;
use crate::error::DataError;
use crate::limits::{SEVERITY_RATINGS, SEVERITY_UNKNOWNS};
use crate::number::Number;
use crate::run::listed;
use connected::Groups;

/// How ratings are rid of severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The rating, less the rater's mean, plus the mean of all ratings: every rater then has one mean. The mean of all
    /// ratings counts every rating once, so whoever rates more weighs more in it.
    Centring,
    /// The rating, less the rater's mean, times the common standard deviation over the rater's own, plus the mean of all
    /// ratings: every rater then has one mean and one spread. Standard deviations are the population's; the square of
    /// the common one is the mean of the raters' squares, each weighted by how many ratings the rater gave, over the
    /// raters whose ratings differ. Their quotient is one square root, rounded half up to 12 decimals.
    ZScore {
        /// What a rater means all of whose ratings are equal, or who has only one.
        without_spread: WithoutSpread,
    },
    /// The rating, less the rater's effect. By least squares every rating is what the ratee is worth and what the rater
    /// adds; the effects of all raters, each counted once, total zero.
    Additive {
        /// What raters mean whom no ratee connects.
        unconnected: Unconnected,
    },
}

/// What z-scores make of a rater all of whose ratings are equal, or who has only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WithoutSpread {
    /// The ratings become the mean of all, as centring has it; the rater is named.
    #[default]
    Centre,
    /// The ratings do not count; the rater is named.
    LeaveOut,
    /// Nothing is adjusted, and the raters are told.
    Refuse,
}

/// What the additive effect makes of raters in groups that share no ratee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unconnected {
    /// Nothing is adjusted, and the groups are told: nobody can say whether a group is severe or its ratees are poor.
    #[default]
    Refuse,
    /// Each group is adjusted in itself, its effects totalling zero: groups are taken to be equally severe on the whole.
    Separate,
}

/// What was found of one rater; everything is exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaterSeverity {
    /// The rater.
    pub name: Arc<str>,
    /// How many ratings the rater gave.
    pub ratings: usize,
    /// Their mean.
    pub mean: Number,
    /// How much higher the rater rates than others, in points; negative for a severe one. For [`Method::Centring`] and
    /// [`Method::ZScore`] the rater's mean less the mean of all ratings.
    pub effect: Number,
    /// What the differences of the rater's ratings are multiplied with; 1 but for [`Method::ZScore`].
    pub factor: Number,
    /// Whether the ratings count: always, but for z-scores that leave raters without spread out.
    pub counts: bool,
    /// The group of raters whom ratees connect with this one, from 1, as their first rater stands in the table.
    pub group: usize,
}

impl RaterSeverity {
    /// A rating of this rater without severity; nothing when the rater does not count.
    fn adjusted(&self, rating: &Number) -> Option<Number> {
        let level = rating.subtract(&self.effect);
        match &self.factor {
            _ if !self.counts => None,
            factor if *factor == Number::ONE => Some(level),
            // the rest of the difference from the rater's own mean
            factor => Some(rating.subtract(&self.mean).multiply(&factor.subtract(&Number::ONE)).add(&level)),
        }
    }
}

/// What was found of one ratee; everything is exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateeMean {
    /// The ratee.
    pub name: Arc<str>,
    /// How many ratings there are.
    pub ratings: usize,
    /// Their mean.
    pub mean: Number,
    /// The mean of the adjusted ratings; nothing when none of them counts.
    pub adjusted: Option<Number>,
}

/// Ratings rid of severity, and what each rater's was.
///
/// # Example
///
/// ```
/// use kaohe::number::Number;
/// use kaohe::ratings::RatingTable;
/// use kaohe::ratings::severity::{Method, SeverityAdjustment, Unconnected};
///
/// // 张 rated the better two, 王 the poorer two; both rated 乙
/// let cells = [("甲", "张", 80), ("乙", "张", 70), ("乙", "王", 80), ("丙", "王", 60)];
/// let table = RatingTable::new(cells.map(|(ratee, rater, value)| (ratee, rater, Number::from(value))))?;
/// let ratees = |severity: &SeverityAdjustment| {
///     severity.ratees().iter().map(|ratee| ratee.adjusted.clone().unwrap().to_string()).collect::<Vec<_>>()
/// };
///
/// // by their own means both seem to rate alike, though 张 is ten points more severe
/// let centred = SeverityAdjustment::of(&table, Method::Centring)?;
/// assert_eq!(ratees(&centred), ["77.5", "75", "62.5"]);
/// let additive = SeverityAdjustment::of(&table, Method::Additive { unconnected: Unconnected::Refuse })?;
/// assert_eq!(additive.raters()[0].effect.to_string(), "-5");
/// assert_eq!(ratees(&additive), ["85", "75", "55"]);
/// # Ok::<(), kaohe::DataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct SeverityAdjustment {
    table: RatingTable,
    raters: Vec<RaterSeverity>,
    /// Where in `raters` each rater of the table is; nothing for one without a rating.
    places: Vec<Option<usize>>,
    ratees: Vec<RateeMean>,
    without_spread: Vec<Arc<str>>,
    groups: usize,
}

impl SeverityAdjustment {
    /// Adjusts ratings for severity.
    ///
    /// # Errors
    ///
    /// [`DataError`] with `K1023` when nothing is rated; for z-scores `K1024` when no rater's ratings differ, or when that
    /// of some do not and is refused; for additive effects `K1025` when raters form groups that share no ratee and that is
    /// refused, and `K0009` when there are more ratings, or more raters and ratees, than are solved for.
    pub fn of(table: &RatingTable, method: Method) -> Result<Self, DataError> {
        let groups = Groups::of(table);
        let found = match method {
            Method::Centring => scores::centring(table)?,
            Method::ZScore { without_spread } => scores::z_scores(table, without_spread)?,
            Method::Additive { unconnected } => {
                if unconnected == Unconnected::Refuse && groups.count > 1 {
                    return Err(not_connected(table, &groups));
                }
                scores::additive(table, &additive::effects(table, &groups)?)?
            }
        };
        let mut raters = Vec::new();
        let mut places = Vec::with_capacity(found.len());
        for (name, (rater, group)) in table.raters().iter().zip(found.into_iter().zip(&groups.raters)) {
            places.push(rater.is_some().then_some(raters.len()));
            if let (Some(rater), Some(group)) = (rater, group) {
                raters.push(RaterSeverity { name: Arc::clone(name), group: group + 1, ..rater });
            }
        }
        let without_spread = match method {
            Method::ZScore { .. } => scores::without_spread(table),
            Method::Centring | Method::Additive { .. } => Vec::new(),
        };
        let mut severity =
            Self { table: table.clone(), raters, places, ratees: Vec::new(), without_spread, groups: groups.count };
        severity.ratees = severity.means();
        Ok(severity)
    }

    /// The ratings without severity, in the order of [`RatingTable::ratings`]; nothing where none was given or the rater
    /// does not count.
    pub fn adjusted(&self) -> impl Iterator<Item = Option<Number>> {
        self.table.ratings().iter().map(|rating| self.rater_at(rating.rater())?.adjusted(rating.value()?))
    }

    /// The raters who gave ratings, in the order of the table.
    #[must_use]
    pub fn raters(&self) -> &[RaterSeverity] {
        &self.raters
    }

    /// The ratees who have ratings, in the order of the table.
    #[must_use]
    pub fn ratees(&self) -> &[RateeMean] {
        &self.ratees
    }

    /// The raters all of whose ratings are equal, or who gave only one; told for z-scores only.
    #[must_use]
    pub fn without_spread(&self) -> &[Arc<str>] {
        &self.without_spread
    }

    /// How many groups of raters there are that share no ratee. More than one means that severities of different groups
    /// were not compared.
    #[must_use]
    pub const fn groups(&self) -> usize {
        self.groups
    }

    /// The ratings that were adjusted.
    #[must_use]
    pub const fn table(&self) -> &RatingTable {
        &self.table
    }

    fn rater_at(&self, at: usize) -> Option<&RaterSeverity> {
        self.places.get(at).copied().flatten().and_then(|place| self.raters.get(place))
    }

    /// The mean of each ratee, as rated and as adjusted.
    fn means(&self) -> Vec<RateeMean> {
        let mut sums = vec![Sums::default(); self.table.ratees().len()];
        for (ratee, rater, rating) in self.table.given() {
            let (Some(sums), Some(rater)) = (sums.get_mut(ratee), self.rater_at(rater)) else { continue };
            sums.add(rating, rater);
        }
        let names = self.table.ratees().iter().zip(sums);
        names.filter_map(|(name, sums)| sums.means(name)).collect()
    }
}

/// What a ratee's means are made of.
#[derive(Debug, Clone, Default)]
struct Sums {
    count: u64,
    total: Number,
    counted: u64,
    /// The adjusted ratings, added up by how many ratings their raters gave: those have one denominator.
    adjusted: BTreeMap<usize, Number>,
}

impl Sums {
    fn add(&mut self, rating: &Number, rater: &RaterSeverity) {
        self.count += 1;
        self.total = self.total.add(rating);
        if let Some(adjusted) = rater.adjusted(rating) {
            self.counted += 1;
            let sum = self.adjusted.entry(rater.ratings).or_default();
            *sum = sum.add(&adjusted);
        }
    }

    fn means(self, name: &Arc<str>) -> Option<RateeMean> {
        let mean = self.total.divide(&Number::from(self.count))?;
        let adjusted = self.adjusted.values().fold(Number::ZERO, |total, part| total.add(part));
        Some(RateeMean {
            name: Arc::clone(name),
            ratings: usize::try_from(self.count).ok()?,
            mean,
            adjusted: adjusted.divide(&Number::from(self.counted)),
        })
    }
}

/// The groups of raters that share no ratee, in the order of the table: how many raters each has, and whom they rate.
pub(crate) fn connected(table: &RatingTable) -> Vec<(usize, Vec<Arc<str>>)> {
    let groups = Groups::of(table);
    let mut found = vec![(0, Vec::new()); groups.count];
    for group in groups.raters.iter().flatten() {
        if let Some((raters, _)) = found.get_mut(*group) {
            *raters += 1;
        }
    }
    for (name, group) in table.ratees().iter().zip(&groups.ratees) {
        if let Some((_, ratees)) = group.and_then(|group| found.get_mut(group)) {
            ratees.push(Arc::clone(name));
        }
    }
    found
}

fn not_connected(table: &RatingTable, groups: &Groups) -> DataError {
    let mut names: Vec<Vec<String>> = vec![Vec::new(); groups.count];
    for (name, group) in table.raters().iter().zip(&groups.raters) {
        if let Some(names) = group.and_then(|group| names.get_mut(group)) {
            names.push(name.to_string());
        }
    }
    let told: Vec<Message> = names.iter().take(GROUPS_TOLD).map(|names| listed(names)).collect();
    let join = |of: fn(&Message) -> &str, with: &str| told.iter().map(of).collect::<Vec<_>>().join(with);
    let (en, zh) = (join(|told| &told.en, " / "), join(|told| &told.zh, " / "));
    let (count, more) = (groups.count, if groups.count > told.len() { " / …" } else { "" });
    DataError {
        code: Code::NotConnected,
        message: say!(
            "the raters form {count} groups that share no ratee, so their severity cannot be compared: {en}{more}",
            "考评人分成 {count} 组，组间没有共同的考核对象，宽严无法比较：{zh}{more}"
        ),
        help: Some(say!(
            "have a rater of each group rate someone of another, or adjust each group in itself (`separate`)",
            "请让每组有考评人评其他组的人，或各组分别调整（`separate`）"
        )),
        offenders: names.into_iter().flatten().collect(),
    }
}

/// How many groups a message lists.
const GROUPS_TOLD: usize = 5;

fn too_large() -> DataError {
    DataError {
        code: Code::TooMany,
        message: say!(
            "additive effects are computed for at most {SEVERITY_RATINGS} ratings, and {SEVERITY_UNKNOWNS} raters or ratees",
            "加性效应最多计算 {SEVERITY_RATINGS} 个评分，且考评人或考核对象之一不超过 {SEVERITY_UNKNOWNS} 个"
        ),
        help: Some(say!("adjust each unit in itself, or use centring", "请按单位分别调整，或改用均值中心化")),
        offenders: Vec::new(),
    }
}

fn unsolved() -> DataError {
    DataError {
        code: Code::Internal,
        message: say!("the equations of severity were not solved", "宽严方程未能求解"),
        help: None,
        offenders: Vec::new(),
    }
}
