//! Units of measure: declared on inputs and parameters, inferred through formulas.
//!
//! A unit is a product of powers of named units. 元 and 万元 are two names of one measure: they are never mixed silently,
//! and [`conversion`] says by how much they differ.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of the unit of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Nothing is declared: it goes with everything.
    Unknown,
    /// A number written in a formula: it takes the unit of what it is added to or compared with.
    Bare {
        /// Whether it was written with 万 or 亿: then it does not go with a unit that has one, too.
        magnitude: bool,
    },
    /// A product of powers of units; the empty product is a plain number.
    Of(Powers),
}

/// Named units with their exponents, none of them zero.
pub type Powers = BTreeMap<Arc<str>, i32>;

/// The magnitudes a unit may begin with, longest first, with their power of ten.
const MAGNITUDES: &[(&str, u32)] = &[("千万", 7), ("百万", 6), ("十万", 5), ("亿", 8), ("万", 4), ("千", 3), ("百", 2)];

/// Units people write after numbers without declaring them.
const COMMON: &[&str] = &[
    "元", "角", "分", "年", "月", "日", "天", "季", "户", "笔", "人", "次", "个", "件", "项", "张", "家", "封", "小时",
];

/// Two units that do not go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// Different units.
    Different(Powers, Powers),
    /// A number in 万 or 亿 beside a unit that has a magnitude of its own.
    Magnitude(Powers),
}

impl Unit {
    /// A plain number: a ratio, a count of days.
    #[must_use]
    pub const fn plain() -> Self {
        Self::Of(Powers::new())
    }

    /// The unit of that name, as [`written`] writes it: `万元`, `万元/户`, `元·天`, `米^2`.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let mut powers = Powers::new();
        for (side, part) in name.split('/').enumerate() {
            for factor in part.split('·').map(str::trim).filter(|factor| !factor.is_empty() && *factor != "1") {
                let (base, exponent) = match factor.split_once('^').map(|(base, power)| (base, power.parse::<i32>())) {
                    Some((base, Ok(exponent))) => (base, exponent),
                    _ => (factor, 1),
                };
                let entry = powers.entry(Arc::from(base)).or_insert(0);
                *entry = entry.saturating_add(if side == 0 { exponent } else { exponent.saturating_neg() });
            }
        }
        powers.retain(|_, exponent| *exponent != 0);
        Self::Of(powers)
    }

    /// The unit of a sum, a difference, the smaller or larger of two, or what two compared values share.
    ///
    /// # Errors
    ///
    /// [`Clash`] when they are different units, because a sum of 元 and 万元 means nothing until one is converted.
    pub fn together(&self, other: &Self) -> Result<Self, Clash> {
        match (self, other) {
            (Self::Of(a), Self::Of(b)) if a == b => Ok(self.clone()),
            (Self::Of(a), Self::Of(b)) => Err(Clash::Different(a.clone(), b.clone())),
            (Self::Of(unit), Self::Bare { magnitude: true }) | (Self::Bare { magnitude: true }, Self::Of(unit))
                if unit.keys().any(|name| magnitude_of(name).1 > 0) =>
            {
                Err(Clash::Magnitude(unit.clone()))
            }
            (Self::Of(_), Self::Bare { .. }) | (Self::Unknown, _) => Ok(self.clone()),
            (Self::Bare { .. }, Self::Of(_)) | (_, Self::Unknown) => Ok(other.clone()),
            (Self::Bare { magnitude: a }, Self::Bare { magnitude: b }) => Ok(Self::Bare { magnitude: *a || *b }),
        }
    }

    /// The unit of a product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        self.combine(other, 1)
    }

    /// The unit of a quotient.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Self, sign: i32) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Bare { magnitude: a }, Self::Bare { magnitude: b }) => Self::Bare { magnitude: *a || *b },
            (Self::Of(_), Self::Bare { .. }) => self.clone(),
            (_, Self::Of(b)) => {
                let mut powers = if let Self::Of(a) = self { a.clone() } else { Powers::new() };
                for (name, exponent) in b {
                    let entry = powers.entry(Arc::clone(name)).or_insert(0);
                    *entry = entry.saturating_add(exponent.saturating_mul(sign));
                }
                powers.retain(|_, exponent| *exponent != 0);
                Self::Of(powers)
            }
        }
    }

    /// The unit of a whole power.
    #[must_use]
    pub fn power(&self, exponent: i32) -> Self {
        match self {
            Self::Of(powers) if exponent != 0 => {
                Self::Of(powers.iter().map(|(name, each)| (Arc::clone(name), each.saturating_mul(exponent))).collect())
            }
            Self::Of(_) => Self::plain(),
            other => other.clone(),
        }
    }

    /// The one named unit this is, if it is just that.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Of(powers) if powers.len() == 1 => {
                powers.iter().next().filter(|(_, exponent)| **exponent == 1).map(|(name, _)| &**name)
            }
            _ => None,
        }
    }
}

/// The unit as people write it: `万元/户`; a plain number is empty.
#[must_use]
pub fn written(powers: &Powers) -> String {
    let side = |sign: i32| -> Vec<String> {
        powers
            .iter()
            .filter(|(_, exponent)| exponent.signum() == sign)
            .map(|(name, exponent)| match exponent.unsigned_abs() {
                1 => name.to_string(),
                many => format!("{name}^{many}"),
            })
            .collect()
    };
    let (above, below) = (side(1), side(-1));
    let above_text = if above.is_empty() && !below.is_empty() { "1".to_owned() } else { above.join("·") };
    if below.is_empty() { above_text } else { format!("{above_text}/{}", below.join("/")) }
}

/// A unit's name without its magnitude, and the power of ten the magnitude stands for.
#[must_use]
pub fn magnitude_of(name: &str) -> (&str, u32) {
    for (prefix, power) in MAGNITUDES {
        if let Some(rest) = name.strip_prefix(prefix)
            && !rest.is_empty()
        {
            return (rest, *power);
        }
    }
    (name, 0)
}

/// The letters after a number as a magnitude alone: 万 is 4, 亿 is 8, 万亿 is 12.
#[must_use]
pub fn bare_magnitude(letters: &str) -> Option<u32> {
    match letters {
        "万亿" => Some(12),
        _ => MAGNITUDES.iter().find(|(name, _)| *name == letters).map(|(_, power)| *power),
    }
}

/// Whether people may write this after a number without having declared it.
#[must_use]
pub fn is_common(name: &str) -> bool {
    COMMON.contains(&magnitude_of(name).0)
}

/// By which power of ten a value in `from` is multiplied to be in `to`, when they measure the same.
#[must_use]
pub fn conversion(from: &str, to: &str) -> Option<i32> {
    let ((from_base, from_power), (to_base, to_power)) = (magnitude_of(from), magnitude_of(to));
    (from_base == to_base).then(|| from_power.cast_signed() - to_power.cast_signed())
}
