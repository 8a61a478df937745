//! A range of numbers: what a figure can be by the declared ranges of what it is computed from.
//!
//! Every operation gives a range that holds all values the operation can have on values of its operands; it may hold
//! more, never less.

use std::cmp::Ordering;

use kaohe_grammar::{ComparisonOperator, Message, say};

use crate::number::{Number, RoundingMode};
use crate::plan::Range as Declared;

/// Numbers longer than this are not followed; the range ends nowhere on that side.
const MOST_BITS: u64 = 512;

/// One end of a range.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum End {
    /// No number ends it.
    Free,
    /// The number itself belongs to the range.
    At(Number),
    /// The number itself does not.
    Past(Number),
}

/// All numbers between two ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Range {
    pub(super) low: End,
    pub(super) high: End,
    /// Whether only whole numbers are meant.
    pub(super) whole: bool,
    /// Whether zero is not meant.
    pub(super) not_zero: bool,
}

/// Which end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Low,
    High,
}

impl End {
    const fn number(&self) -> Option<&Number> {
        match self {
            Self::Free => None,
            Self::At(number) | Self::Past(number) => Some(number),
        }
    }

    const fn is_past(&self) -> bool {
        matches!(self, Self::Past(_))
    }

    /// The end at `number`, unless that is too long to be worth following.
    fn new(number: Number, past: bool) -> Self {
        let (above, below) = number.size_in_bits();
        match (above.max(below) > MOST_BITS, past) {
            (true, _) => Self::Free,
            (false, true) => Self::Past(number),
            (false, false) => Self::At(number),
        }
    }

    /// The end moved by an operation that is monotone.
    fn map(&self, function: impl FnOnce(&Number) -> Option<Number>) -> Self {
        match self.number().and_then(function) {
            Some(number) => Self::new(number, self.is_past()),
            None => Self::Free,
        }
    }

    fn add(&self, other: &Self) -> Self {
        match (self.number(), other.number()) {
            (Some(a), Some(b)) => Self::new(a.add(b), self.is_past() || other.is_past()),
            _ => Self::Free,
        }
    }

    /// The end that lies further out on that side.
    fn outer(&self, other: &Self, side: Side) -> Self {
        match (self.number(), other.number()) {
            (Some(a), Some(b)) => match (a.cmp(b), side) {
                (Ordering::Equal, _) => if self.is_past() { other } else { self }.clone(),
                (Ordering::Less, Side::Low) | (Ordering::Greater, Side::High) => self.clone(),
                _ => other.clone(),
            },
            _ => Self::Free,
        }
    }

    /// The end that lies further in on that side.
    fn inner(&self, other: &Self, side: Side) -> Self {
        match (self.number(), other.number()) {
            (Some(a), Some(b)) => match (a.cmp(b), side) {
                (Ordering::Equal, _) => if self.is_past() { self } else { other }.clone(),
                (Ordering::Less, Side::Low) | (Ordering::Greater, Side::High) => other.clone(),
                _ => self.clone(),
            },
            (Some(_), None) => self.clone(),
            _ => other.clone(),
        }
    }
}

/// A corner of a product: a number or an infinity by its sign, and whether the product comes to it.
#[derive(Clone)]
struct Corner {
    value: Result<Number, i32>,
    past: bool,
}

impl Corner {
    fn of(end: &End, side: Side) -> Self {
        let infinite = if side == Side::Low { -1 } else { 1 };
        Self { value: end.number().cloned().ok_or(infinite), past: end.is_past() }
    }

    fn is_zero(&self) -> bool {
        self.value.as_ref().is_ok_and(Number::is_zero)
    }

    fn sign(&self) -> i32 {
        self.value.as_ref().map_or_else(|sign| *sign, Number::sign)
    }

    fn times(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            // nought times anything is nought, and comes out when the nought itself does
            let reached = (self.is_zero() && !self.past) || (other.is_zero() && !other.past);
            return Self { value: Ok(Number::ZERO), past: !reached };
        }
        match (&self.value, &other.value) {
            (Ok(a), Ok(b)) => Self { value: Ok(a.multiply(b)), past: self.past || other.past },
            _ => Self { value: Err(self.sign() * other.sign()), past: true },
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (&self.value, &other.value) {
            (Ok(a), Ok(b)) => a.cmp(b),
            (Err(a), Err(b)) => a.cmp(b),
            (Err(a), Ok(_)) => a.cmp(&0),
            (Ok(_), Err(b)) => 0.cmp(b),
        }
    }

    fn end(self) -> End {
        self.value.map_or(End::Free, |number| End::new(number, self.past))
    }
}

impl Range {
    /// Every number.
    pub(super) const ALL: Self = Self { low: End::Free, high: End::Free, whole: false, not_zero: false };

    pub(super) fn new(low: End, high: End) -> Self {
        Self { low, high, ..Self::ALL }.settled()
    }

    /// One number.
    pub(super) fn point(number: Number) -> Self {
        let whole = number.is_integer();
        Self { low: End::At(number.clone()), high: End::At(number), whole, not_zero: false }
    }

    /// Both ends counted.
    pub(super) fn between(low: Number, high: Number) -> Self {
        Self::new(End::At(low), End::At(high))
    }

    /// Whole numbers from 0 to `last`: positions in a list of words.
    pub(super) fn positions(last: u32) -> Self {
        Self { whole: true, ..Self::between(Number::ZERO, Number::from(last)) }
    }

    /// What an input says of its cells.
    pub(super) fn declared(declared: &Declared, whole: bool) -> Self {
        let end = |at: &Option<Number>, past: &Option<Number>| match (at, past) {
            (Some(number), _) => End::At(number.clone()),
            (None, Some(number)) => End::Past(number.clone()),
            (None, None) => End::Free,
        };
        let (low, high) = (end(&declared.min, &declared.above), end(&declared.max, &declared.below));
        Self { low, high, whole, not_zero: false }.settled()
    }

    /// The same range with the ends of its whole numbers, and without a nought at its end that is not meant.
    fn settled(mut self) -> Self {
        if self.not_zero {
            for end in [&mut self.low, &mut self.high] {
                if let End::At(number) = end
                    && number.is_zero()
                {
                    *end = End::Past(Number::ZERO);
                }
            }
        }
        if self.whole {
            let inward = |end: &End, mode: RoundingMode, step: Number| match end {
                End::Free => End::Free,
                End::Past(number) if number.is_integer() => End::At(number.add(&step)),
                End::At(number) | End::Past(number) => End::At(number.round(0, mode)),
            };
            self.low = inward(&self.low, RoundingMode::Ceil, Number::ONE);
            self.high = inward(&self.high, RoundingMode::Floor, Number::from_integer(-1));
        }
        self
    }

    /// The number, when there is only one.
    pub(super) fn single(&self) -> Option<&Number> {
        match (&self.low, &self.high) {
            (End::At(low), End::At(high)) if low == high => Some(low),
            _ => None,
        }
    }

    /// Whether no number is in it.
    pub(super) fn is_empty(&self) -> bool {
        match (self.low.number(), self.high.number()) {
            (Some(low), Some(high)) => match low.cmp(high) {
                Ordering::Less => false,
                Ordering::Equal => self.low.is_past() || self.high.is_past() || (self.not_zero && low.is_zero()),
                Ordering::Greater => true,
            },
            _ => false,
        }
    }

    /// Whether `number` is in it.
    pub(super) fn contains(&self, number: &Number) -> bool {
        !self.narrowed(ComparisonOperator::Equal, &Self::point(number.clone())).is_empty()
    }

    /// Whether every number in it is zero or more.
    pub(super) fn is_not_negative(&self) -> bool {
        self.low.number().is_some_and(|low| !low.is_negative())
    }

    /// Whether every number in it is zero or less.
    pub(super) fn is_not_positive(&self) -> bool {
        self.high.number().is_some_and(|high| high.sign() <= 0)
    }

    /// Whether every number of this range is at most every number of the other.
    pub(super) fn is_at_most(&self, other: &Self) -> bool {
        matches!((self.high.number(), other.low.number()), (Some(high), Some(low)) if high <= low)
    }

    /// Whether every number of this range is less than every number of the other.
    pub(super) fn is_less(&self, other: &Self) -> bool {
        match (self.high.number(), other.low.number()) {
            (Some(high), Some(low)) => high < low || (high == low && (self.high.is_past() || other.low.is_past())),
            _ => false,
        }
    }

    /// How the comparison comes out when it is the same for all numbers.
    pub(super) fn decides(&self, operator: ComparisonOperator, other: &Self) -> Option<bool> {
        let (yes, no) = match operator {
            ComparisonOperator::Less => (self.is_less(other), other.is_at_most(self)),
            ComparisonOperator::AtMost => (self.is_at_most(other), other.is_less(self)),
            ComparisonOperator::Greater => (other.is_less(self), self.is_at_most(other)),
            ComparisonOperator::AtLeast => (other.is_at_most(self), self.is_less(other)),
            ComparisonOperator::Equal => (self.is_same_point(other), self.is_apart(other)),
            ComparisonOperator::NotEqual => (self.is_apart(other), self.is_same_point(other)),
        };
        if yes { Some(true) } else { no.then_some(false) }
    }

    fn is_same_point(&self, other: &Self) -> bool {
        self.single().is_some() && self.single() == other.single()
    }

    fn is_apart(&self, other: &Self) -> bool {
        self.is_less(other) || other.is_less(self) || self.meet(other).is_empty()
    }

    /// The numbers of this range for which the comparison with some number of the other holds.
    pub(super) fn narrowed(&self, operator: ComparisonOperator, other: &Self) -> Self {
        let past = |end: &End| match end {
            End::Free => End::Free,
            End::At(number) | End::Past(number) => End::Past(number.clone()),
        };
        let limit = match operator {
            ComparisonOperator::Less => Self { high: past(&other.high), ..Self::ALL },
            ComparisonOperator::AtMost => Self { high: other.high.clone(), ..Self::ALL },
            ComparisonOperator::Greater => Self { low: past(&other.low), ..Self::ALL },
            ComparisonOperator::AtLeast => Self { low: other.low.clone(), ..Self::ALL },
            ComparisonOperator::Equal => other.clone(),
            ComparisonOperator::NotEqual => return self.without(other),
        };
        self.meet(&limit)
    }

    /// The range without the one number of the other, where that can be said.
    fn without(&self, other: &Self) -> Self {
        let Some(number) = other.single() else { return self.clone() };
        let cut = |end: &End| match end {
            End::At(at) if at == number => End::Past(at.clone()),
            _ => end.clone(),
        };
        let not_zero = self.not_zero || number.is_zero();
        Self { low: cut(&self.low), high: cut(&self.high), whole: self.whole, not_zero }.settled()
    }

    /// The numbers in both.
    pub(super) fn meet(&self, other: &Self) -> Self {
        Self {
            low: self.low.inner(&other.low, Side::Low),
            high: self.high.inner(&other.high, Side::High),
            whole: self.whole || other.whole,
            not_zero: self.not_zero || other.not_zero,
        }
        .settled()
    }

    /// The numbers in either, and all between.
    pub(super) fn join(&self, other: &Self) -> Self {
        Self {
            low: self.low.outer(&other.low, Side::Low),
            high: self.high.outer(&other.high, Side::High),
            whole: self.whole && other.whole,
            not_zero: !self.has_zero() && !other.has_zero(),
        }
    }

    /// Whether zero is in it.
    pub(super) fn has_zero(&self) -> bool {
        !self.not_zero && self.contains_inside(&Number::ZERO)
    }

    fn contains_inside(&self, number: &Number) -> bool {
        let low = match &self.low {
            End::Free => true,
            End::At(low) => low <= number,
            End::Past(low) => low < number,
        };
        low && match &self.high {
            End::Free => true,
            End::At(high) => high >= number,
            End::Past(high) => high > number,
        }
    }

    pub(super) fn negated(&self) -> Self {
        let turn = |end: &End| end.map(|number| Some(number.negate()));
        Self { low: turn(&self.high), high: turn(&self.low), ..self.clone() }
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        let whole = self.whole && other.whole;
        Self { low: self.low.add(&other.low), high: self.high.add(&other.high), whole, not_zero: false }
    }

    pub(super) fn multiply(&self, other: &Self) -> Self {
        let ends = |range: &Self| [Corner::of(&range.low, Side::Low), Corner::of(&range.high, Side::High)];
        let ([a, b], [c, d]) = (ends(self), ends(other));
        let corners = [a.times(&c), a.times(&d), b.times(&c), b.times(&d)];
        let furthest = |wanted: Ordering| {
            let mut rest = corners.iter();
            let first = rest.next().cloned().unwrap_or(Corner { value: Err(0), past: true });
            rest.fold(first, |best, each| match each.order(&best) {
                Ordering::Equal if best.past => each.clone(),
                order if order == wanted => each.clone(),
                _ => best,
            })
        };
        let (low, high) = (furthest(Ordering::Less).end(), furthest(Ordering::Greater).end());
        Self { low, high, whole: self.whole && other.whole, not_zero: !self.has_zero() && !other.has_zero() }.settled()
    }

    /// The quotient; a divisor of zero has none.
    pub(super) fn divide(&self, other: &Self) -> Self {
        let turned = other.turned_over();
        let quotient = Self { whole: false, ..self.clone() }.multiply(&turned);
        Self { not_zero: !self.has_zero(), ..quotient }.settled()
    }

    /// One over the range.
    fn turned_over(&self) -> Self {
        // an end at nought turns into no end, no end into one at nought that is not reached
        let turn = |end: &End| match end {
            End::Free => End::Past(Number::ZERO),
            End::At(number) | End::Past(number) if number.is_zero() => End::Free,
            _ => end.map(|number| Number::ONE.divide(number)),
        };
        let one_sign = self.is_not_negative() || self.is_not_positive();
        if !one_sign {
            return Self { not_zero: true, ..Self::ALL };
        }
        Self { low: turn(&self.high), high: turn(&self.low), whole: false, not_zero: true }
    }

    pub(super) fn power(&self, exponent: i32) -> Self {
        if exponent < 0 {
            return exponent.checked_neg().map_or(Self::ALL, |positive| self.power(positive).turned_over());
        }
        if exponent == 0 {
            return Self::point(Number::ONE);
        }
        let even = exponent % 2 == 0;
        let base = if even { self.absolute() } else { self.clone() };
        let raise = |end: &End| end.map(|number| number.power(exponent).ok());
        Self { low: raise(&base.low), high: raise(&base.high), ..base }
    }

    pub(super) fn absolute(&self) -> Self {
        if self.is_not_negative() {
            return self.clone();
        }
        let turned = self.negated();
        if turned.is_not_negative() {
            return turned;
        }
        let low = if self.not_zero { End::Past(Number::ZERO) } else { End::At(Number::ZERO) };
        Self { low, high: self.high.outer(&turned.high, Side::High), ..self.clone() }.settled()
    }

    pub(super) fn sign(&self) -> Self {
        let low = if self.is_not_negative() { i32::from(!self.has_zero()) } else { -1 };
        let high = if self.is_not_positive() { -i32::from(!self.has_zero()) } else { 1 };
        Self { whole: true, ..Self::between(Number::from(low), Number::from(high)) }
    }

    /// The smaller of the two.
    pub(super) fn minimum(&self, other: &Self) -> Self {
        Self {
            low: self.low.outer(&other.low, Side::Low),
            high: self.high.inner(&other.high, Side::High),
            whole: self.whole && other.whole,
            not_zero: !self.has_zero() && !other.has_zero(),
        }
    }

    /// The larger of the two.
    pub(super) fn maximum(&self, other: &Self) -> Self {
        Self {
            low: self.low.inner(&other.low, Side::Low),
            high: self.high.outer(&other.high, Side::High),
            whole: self.whole && other.whole,
            not_zero: !self.has_zero() && !other.has_zero(),
        }
    }

    pub(super) fn round(&self, places: i32, mode: RoundingMode) -> Self {
        let round = |end: &End| end.number().map_or(End::Free, |number| End::At(number.round(places, mode)));
        Self { low: round(&self.low), high: round(&self.high), whole: self.whole || places <= 0, not_zero: false }
    }

    pub(super) fn square_root(&self) -> Self {
        let root = |end: &End| match end.number() {
            Some(number) => number.square_root(crate::number::ROOT_PLACES).map(End::At),
            None => Some(End::Free),
        };
        let low = match root(&self.low) {
            Some(low @ End::At(_)) => low,
            _ => End::At(Number::ZERO),
        };
        Self::new(low, root(&self.high).unwrap_or(End::At(Number::ZERO)))
    }

    /// The range in words: "at least 0", "from 0 to 100"; in percent where the figure is thought of so.
    pub(super) fn told(&self, percent: bool) -> Message {
        let written = |number: &Number| written(number, percent);
        if let Some(single) = self.single() {
            let single = written(single);
            return say!("{single}", "为 {single}");
        }
        if let (End::At(low), End::At(high)) = (&self.low, &self.high) {
            let (low, high) = (written(low), written(high));
            return say!("from {low} to {high}", "在 {low} 至 {high} 之间");
        }
        let low = match &self.low {
            End::Free => None,
            End::At(number) => Some((written(number), "at least", "不小于")),
            End::Past(number) => Some((written(number), "above", "大于")),
        };
        let high = match &self.high {
            End::Free => None,
            End::At(number) => Some((written(number), "at most", "不大于")),
            End::Past(number) => Some((written(number), "below", "小于")),
        };
        match (low, high) {
            (Some((a, low_en, low_zh)), Some((b, high_en, high_zh))) => {
                say!("{low_en} {a} and {high_en} {b}", "{low_zh} {a} 且{high_zh} {b}")
            }
            (Some((number, en, zh)), None) | (None, Some((number, en, zh))) => say!("{en} {number}", "{zh} {number}"),
            (None, None) => say!("any number", "可以是任意数"),
        }
    }
}

/// A number as people read it.
pub(super) fn written(number: &Number, percent: bool) -> String {
    if percent { format!("{}%", number.multiply(&Number::HUNDRED)) } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    /// `[0, 5)` as mathematicians write it; `-` for no end.
    fn range(text: &str) -> Range {
        let (low, high) = text.trim_matches(['[', ']', '(', ')']).split_once(", ").unwrap();
        let end = |text: &str, past: bool| match (text, past) {
            ("-", _) => End::Free,
            (text, true) => End::Past(number(text)),
            (text, false) => End::At(number(text)),
        };
        Range::new(end(low, text.starts_with('(')), end(high, text.ends_with(')')))
    }

    fn in_brackets(range: &Range) -> String {
        let end = |end: &End| end.number().map_or("-".to_owned(), ToString::to_string);
        let (open, close) = (!matches!(range.low, End::At(_)), !matches!(range.high, End::At(_)));
        format!(
            "{}{}, {}{}",
            if open { '(' } else { '[' },
            end(&range.low),
            end(&range.high),
            if close { ')' } else { ']' }
        )
    }

    #[test]
    fn operations_give_the_ends_they_reach() {
        let r = range;
        for (got, want) in [
            (r("[1, 2]").add(&r("(3, 4]")), "(4, 6]"),
            (r("[0, -)").negated(), "(-, 0]"),
            (r("[-2, 3]").multiply(&r("[-5, 4)")), "[-15, 12)"),
            (r("[0, 1]").multiply(&r("(-, -)")), "(-, -)"),
            (r("[0, 0]").multiply(&r("(-, -)")), "[0, 0]"),
            (r("(0, 1]").multiply(&r("[1, -)")), "(0, -)"),
            (r("[0, -)").divide(&r("(0, -)")), "[0, -)"),
            (r("(0, -)").divide(&r("(0, -)")), "(0, -)"),
            (r("[1, 10]").divide(&r("[2, 5]")), "[0.2, 5]"),
            (r("[1, 10]").divide(&r("[-5, -2]")), "[-5, -0.2]"),
            (r("[1, 2]").divide(&r("[-1, 1]")), "(-, -)"),
            (r("[-3, 2]").power(2), "[0, 9]"),
            (r("[-3, 2]").power(3), "[-27, 8]"),
            (r("[2, 4]").power(-1), "[0.25, 0.5]"),
            (r("[-3, 2]").absolute(), "[0, 3]"),
            (r("(-, 5)").minimum(&r("[5, 9]")), "(-, 5)"),
            (r("(-, 5)").maximum(&r("[5, 9]")), "[5, 9]"),
            (r("[1, 2]").join(&r("(4, 5)")), "[1, 5)"),
            (r("(0, 0.4]").round(0, RoundingMode::HalfUp), "[0, 0]"),
            (r("[-1, 4]").square_root(), "[0, 2]"),
            (r("[-2, 5]").sign(), "[-1, 1]"),
            (r("(0, 5]").sign(), "[1, 1]"),
        ] {
            assert_eq!(in_brackets(&got), want);
        }
    }

    #[test]
    fn a_count_that_is_not_nought_is_one_or_more() {
        let count = Range { whole: true, ..range("[0, -)") };
        let some = count.narrowed(ComparisonOperator::NotEqual, &Range::point(Number::ZERO));
        assert_eq!(in_brackets(&some), "[1, -)");
        assert_eq!(in_brackets(&count.narrowed(ComparisonOperator::Less, &Range::point(number("2.5")))), "[0, 2]");
        assert!(count.narrowed(ComparisonOperator::Equal, &Range::point(number("0.5"))).is_empty());
    }

    #[test]
    fn what_cannot_be_nought_on_both_sides_of_it_is_remembered() {
        let any = Range::ALL.narrowed(ComparisonOperator::NotEqual, &Range::point(Number::ZERO));
        assert!(!any.has_zero());
        assert!(!any.multiply(&any).has_zero());
        assert!(any.add(&any).has_zero());
    }

    #[test]
    fn comparisons_are_decided_only_for_all_numbers() {
        use ComparisonOperator::{AtLeast, Equal, Greater, Less};
        let (a, b) = (range("[0, 1)"), range("[1, 2]"));
        assert_eq!(a.decides(Less, &b), Some(true));
        assert_eq!(a.decides(AtLeast, &b), Some(false));
        assert_eq!(a.decides(Equal, &b), Some(false));
        assert_eq!(range("[0, 1]").decides(Less, &b), None);
        assert_eq!(range("[0, 1]").decides(Greater, &b), Some(false));
        assert_eq!(b.decides(Equal, &b), None);
        assert_eq!(Range::ALL.decides(Less, &b), None);
    }
}
