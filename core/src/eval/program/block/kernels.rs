//! Instructions on many rows at once, written so that the compiler makes vector code of them.
//!
//! Each is a short cut for what `Slots::step` means for one row, and may refuse a row by writing [`REFUSED`]: the caller
//! then takes that row step by step. What it answers must be the very same. Every function is compiled for several
//! generations of vector units and chosen when it runs; all of them compute the same, as an operation on floats of which
//! the result is a whole number below 2^53 is exact everywhere.

use multiversion::multiversion;

use super::super::float::{Float, LIMIT};

/// What stands where a row is not answered.
pub(super) const REFUSED: f64 = f64::NAN;

/// Adding and taking away this leaves the nearest whole number, of numbers below 2^51.
const NEAREST: f64 = 6_755_399_441_055_744.0;

/// Columns are filled up to a multiple of this, so that no loop has a rest.
pub(super) const LANES: usize = 16;

/// The nearest whole number, of numbers below 2^51.
#[inline(always)]
pub(super) fn nearest(value: f64) -> f64 {
    (value + NEAREST) - NEAREST
}

#[inline(always)]
fn sound(value: f64) -> bool {
    value.abs() < LIMIT
}

/// A function of one or two columns, whose results are all looked at.
macro_rules! kernel {
    ($(#[$doc:meta])* $name:ident, ($($column:ident),*), ($($scalar:ident: $type:ty),*), $value:expr) => {
        $(#[$doc])*
        #[multiversion(targets(
            "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2",
            "x86_64+avx2+fma+bmi2",
        ))]
        pub(super) fn $name(out: &mut [f64], $($column: &[f64],)* $($scalar: $type,)*) -> bool {
            let mut all = true;
            kernel!(@each out, all, ($($column),*), $value);
            all
        }
    };
    (@each $out:ident, $all:ident, ($a:ident), $value:expr) => {
        for (out, $a) in $out.iter_mut().zip($a) {
            let $a = *$a;
            let value: f64 = $value;
            $all &= sound(value);
            *out = value;
        }
    };
    (@each $out:ident, $all:ident, ($a:ident, $b:ident), $value:expr) => {
        for ((out, $a), $b) in $out.iter_mut().zip($a).zip($b) {
            let ($a, $b) = (*$a, *$b);
            let value: f64 = $value;
            $all &= sound(value);
            *out = value;
        }
    };
    (@each $out:ident, $all:ident, ($a:ident, $b:ident, $c:ident), $value:expr) => {
        for (((out, $a), $b), $c) in $out.iter_mut().zip($a).zip($b).zip($c) {
            let ($a, $b, $c) = (*$a, *$b, *$c);
            let value: f64 = $value;
            $all &= sound(value);
            *out = value;
        }
    };
}

kernel!(add, (a, b), (), a + b);
kernel!(subtract, (a, b), (), a - b);
kernel!(multiply, (a, b), (), a * b);
kernel!(scale, (a), (factor: f64), a * factor);
kernel!(negate, (a), (), -a);
kernel!(absolute, (a), (), a.abs());
kernel!(minimum, (a, b), (), if b < a { b } else { a });
kernel!(maximum, (a, b), (), if b > a { b } else { a });
kernel!(clamp, (a), (low: f64, high: f64), {
    let a = if low > a { low } else { a };
    if high < a { high } else { a }
});
kernel!(at_least, (a, b), (opposite: bool), flag((a >= b) != opposite));
kernel!(equal, (a, b), (opposite: bool), flag((a == b) != opposite));
kernel!(
    /// Whether `a >= b`, where they are further apart than `error`; other rows are refused.
    at_least_beyond, (a, b), (error: f64, opposite: bool),
    if (a - b).abs() > error { flag((a >= b) != opposite) } else { REFUSED }
);
kernel!(opposite, (a), (), flag(a == 0.0));
kernel!(
    /// Half away from zero, of numbers below 2^53 and a divisor of ten or more.
    round, (a), (unit: f64), half_up(a, unit)
);
kernel!(
    /// The same of numbers that are within `error` of the truth, where that decides.
    round_within, (a), (unit: f64, error: f64), {
        let magnitude = a.abs();
        let quotient = nearest(magnitude / unit);
        // to the nearest, so that half is where this is furthest from zero
        let rest = (magnitude - quotient * unit).abs();
        if unit - 2.0 * rest > 2.0 * error { signed(quotient, a) } else { REFUSED }
    }
);
kernel!(ratio, (a, b), (factor: f64), rounded_ratio(a, b, factor));
kernel!(ratio_or, (a, b, when_zero), (factor: f64), {
    let value = rounded_ratio(a, b, factor);
    if b == 0.0 { when_zero } else { value }
});

#[inline(always)]
fn flag(truth: bool) -> f64 {
    if truth { 1.0 } else { 0.0 }
}

#[inline(always)]
fn signed(magnitude: f64, like: f64) -> f64 {
    if like < 0.0 { -magnitude } else { magnitude }
}

#[inline(always)]
fn half_up(a: f64, unit: f64) -> f64 {
    let magnitude = a.abs();
    let quotient = nearest(magnitude / unit);
    let twice = 2.0 * (magnitude - quotient * unit);
    let up = if twice >= unit { 1.0 } else { 0.0 };
    let down = if twice < -unit { 1.0 } else { 0.0 };
    signed(quotient + up - down, a)
}

/// `a × factor / b` half away from zero. The dividend and the divisor together are below 2^53, so that the quotient
/// times the divisor is exact, and the quotient below 2^51.
#[inline(always)]
fn rounded_ratio(a: f64, b: f64, factor: f64) -> f64 {
    let (top, bottom) = ((a * factor).abs(), b.abs());
    let quotient = nearest(top / bottom);
    let twice = 2.0 * (top - quotient * bottom);
    let up = if twice >= bottom { 1.0 } else { 0.0 };
    let down = if twice < -bottom { 1.0 } else { 0.0 };
    let value = quotient + up - down;
    let value = if (a < 0.0) != (b < 0.0) { -value } else { value };
    if top + bottom < LIMIT && quotient < LIMIT / 4.0 { value } else { REFUSED }
}

/// Quotients within one unit of the truth, and whether each had a remainder, as a number that is not 0.
///
/// Below 2^50 two roundings of a float come to a quarter of a unit, and the nearest whole number is at most half a unit
/// further.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
pub(super) fn quotient(out: &mut [f64], inexact: &mut [f64], a: &[f64], b: &[f64], factor: f64) -> bool {
    let mut all = true;
    for (((out, inexact), a), b) in out.iter_mut().zip(inexact).zip(a).zip(b) {
        let top = a * factor;
        let value = nearest(top / b);
        let exact = top.abs() < LIMIT && value * b == top;
        *inexact = if exact { 0.0 } else { 1.0 };
        let value = if value.abs() < LIMIT / 8.0 { value } else { REFUSED };
        all &= sound(value);
        *out = value;
    }
    all
}

/// Puts the other value where the divisor is zero, which is exact.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
pub(super) fn when_zero(out: &mut [f64], inexact: &mut [f64], b: &[f64], when_zero: &[f64]) {
    for (((out, inexact), b), when_zero) in out.iter_mut().zip(inexact).zip(b).zip(when_zero) {
        *out = if *b == 0.0 { *when_zero } else { *out };
        *inexact = if *b == 0.0 { 0.0 } else { *inexact };
    }
}

/// Sets bits where a number is not 0.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
pub(super) fn mark(marks: &mut [u64], inexact: &[f64], bits: u64) {
    for (marks, inexact) in marks.iter_mut().zip(inexact) {
        *marks |= if *inexact == 0.0 { 0 } else { bits };
    }
}

/// Whether none of them is `value`.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
pub(super) fn none_is(a: &[f64], value: f64) -> bool {
    let mut none = true;
    for a in a {
        none &= *a != value;
    }
    none
}

/// Whether all magnitudes are below a bound.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
pub(super) fn all_below(a: &[f64], bound: f64) -> bool {
    let mut all = true;
    for a in a {
        all &= a.abs() < bound;
    }
    all
}

/// Adds a column times a constant to sums: every product and every sum is looked at, and a sum that was refused stays so.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
pub(super) fn add_product(sums: &mut [f64], a: &[f64], weight: f64) -> bool {
    let mut all = true;
    for (sum, a) in sums.iter_mut().zip(a) {
        let product = a * weight;
        let value = *sum + product;
        let fine = sound(product) & sound(value);
        all &= fine;
        *sum = if fine { value } else { REFUSED };
    }
    all
}

/// The value of the first edge that is reached, or that is not; the last is what holds otherwise.
///
/// One pass for each edge: a loop over the edges of each row would not become vector code.
pub(super) fn bands(out: &mut [f64], a: &[f64], edges: &[(Float, Float)], otherwise: f64, reached: bool) {
    out.fill(otherwise);
    for (Float(edge), Float(result)) in edges.iter().rev() {
        if reached {
            where_at_least(out, a, *edge, *result);
        } else {
            where_below(out, a, *edge, *result);
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
fn where_at_least(out: &mut [f64], a: &[f64], edge: f64, result: f64) {
    for (out, a) in out.iter_mut().zip(a) {
        *out = if *a >= edge { result } else { *out };
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
fn where_below(out: &mut [f64], a: &[f64], edge: f64, result: f64) {
    for (out, a) in out.iter_mut().zip(a) {
        *out = if *a < edge { result } else { *out };
    }
}

/// Refuses the numbers that are as near to an edge as the error; whether there were none.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
pub(super) fn refuse_near(out: &mut [f64], a: &[f64], edge: f64, error: f64) -> bool {
    let mut all = true;
    for (out, a) in out.iter_mut().zip(a) {
        let clear = (a - edge).abs() > error;
        all &= clear;
        *out = if clear { *out } else { REFUSED };
    }
    all
}

/// A line of the straight lines between knots, as [`super::super::instruction::Line`] has it.
pub(super) type Line = [f64; 4];

/// The numerators on the lines, and the divisor of each line; `intercepts` is room for what is needed on the way.
pub(super) fn lines(out: &mut [f64], [divisors, intercepts]: [&mut [f64]; 2], a: &[f64], lines: &[Line]) -> bool {
    let Some([_, slope, intercept, by]) = lines.last().copied() else { return false };
    out.fill(slope);
    intercepts.fill(intercept);
    divisors.fill(by);
    for line in lines.iter().rev() {
        on_line(out, intercepts, divisors, a, *line);
    }
    at_places(out, intercepts, a)
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
fn on_line(slopes: &mut [f64], intercepts: &mut [f64], divisors: &mut [f64], a: &[f64], line: Line) {
    let [upto, slope, intercept, by] = line;
    for (((slopes, intercepts), divisors), a) in slopes.iter_mut().zip(intercepts).zip(divisors).zip(a) {
        let here = *a <= upto;
        *slopes = if here { slope } else { *slopes };
        *intercepts = if here { intercept } else { *intercepts };
        *divisors = if here { by } else { *divisors };
    }
}

/// Slopes times places plus intercepts.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
fn at_places(slopes: &mut [f64], intercepts: &[f64], a: &[f64]) -> bool {
    let mut all = true;
    for ((slope, intercept), a) in slopes.iter_mut().zip(intercepts).zip(a) {
        let product = a * *slope;
        let value = product + intercept;
        let fine = sound(product) & sound(value);
        all &= fine;
        *slope = if fine { value } else { REFUSED };
    }
    all
}

/// What is known of two values of which one is taken, as [`super::super::instruction::Enclosure`] has it.
pub(super) struct Inexact {
    pub(super) error: f64,
    pub(super) sources: [u64; 2],
    pub(super) other: [u64; 2],
    pub(super) own: [u64; 2],
}

/// The smaller or the larger, marked when it is not certain to be exact.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd+avx2+fma+bmi2", "x86_64+avx2+fma+bmi2",))]
pub(super) fn extreme(
    out: &mut [f64],
    [low, high]: [&mut [u64]; 2],
    a: &[f64],
    b: &[f64],
    within: &Inexact,
    smaller: bool,
) {
    let Inexact { error, sources: [first_low, first_high], other: [second_low, second_high], own: [own_low, own_high] } =
        *within;
    for ((((out, low), high), a), b) in out.iter_mut().zip(low).zip(high).zip(a).zip(b) {
        let first = if smaller { a < b } else { a > b };
        let certain = (a - b).abs() > error;
        *out = if first { *a } else { *b };
        let takes_first = if first || !certain { u64::MAX } else { 0 };
        let takes_second = if first && certain { 0 } else { u64::MAX };
        let marked = *low & ((first_low & takes_first) | (second_low & takes_second))
            | *high & ((first_high & takes_first) | (second_high & takes_second));
        *low |= if marked == 0 { 0 } else { own_low };
        *high |= if marked == 0 { 0 } else { own_high };
    }
}
