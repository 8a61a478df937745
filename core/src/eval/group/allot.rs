//! Money shared out in proportion to a key, to the cent, with a most for each.
//!
//! Cents go by largest remainder, a spare one to whoever comes first in the order. What is paid never passes the amount
//! nor anybody's most.

use std::cmp::Ordering;

use kaohe_grammar::Direction;

use super::{Figure, Lineup, Members, Operand, largest_remainder};
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::{Allot, Portion};
use crate::value::Value;

/// What money is shared out by, for all rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AllotOperands<'a> {
    /// The amount, the same in all rows of a group.
    pub(crate) amount: &'a Operand,
    /// What it is shared in proportion to, not negative.
    pub(crate) key: &'a Operand,
    /// The most each row is paid, in whole cents.
    pub(crate) limit: Option<&'a Operand>,
    /// Who is before whom.
    pub(crate) order: Option<&'a Operand>,
}

/// What everybody is paid, and how that came about.
#[derive(Debug, Clone)]
pub(crate) struct Allotted {
    /// What each row is paid; missing for a row in no group.
    pub(crate) rows: Vec<Figure>,
    /// The groups by number.
    pub(crate) groups: Vec<AllottedGroup>,
}

/// How the money of one group was shared out.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllottedGroup {
    /// The amount.
    pub(crate) amount: Number,
    /// What the keys add up to.
    pub(crate) keys: Number,
    /// How many have a key above zero.
    pub(crate) claimants: u32,
    /// How many are paid their most.
    pub(crate) limited: u32,
    /// What is paid in all.
    pub(crate) paid: Number,
    /// What those are paid of whose limit left over what the others then shared, and how that went on.
    pub(crate) redistributed: Option<Redistributed>,
}

/// How what the limits of some left over went to the others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Redistributed {
    /// How many are paid their most, which is less than their part.
    pub(crate) capped: u32,
    /// What that leaves of the amount.
    pub(crate) left: Number,
    /// What the keys of the others add up to.
    pub(crate) keys: Number,
}

/// Shares out the amount of each group.
pub(crate) fn allot(allot: &Allot, members: Members<'_>, operands: &AllotOperands<'_>) -> Allotted {
    let lineup = match operands.order {
        Some(order) => Lineup::by(members, order, Direction::Ascending),
        None => Lineup::unordered(members),
    };
    let mut rows = vec![Ok(Value::Missing); members.rows()];
    let mut groups = Vec::new();
    for line in lineup.groups() {
        let shared = Claimants::of(allot, line.rows, operands).map(|claimants| claimants.shared(allot.redistribute));
        let group = match &shared {
            Ok((portions, claimants)) => {
                let mut group = AllottedGroup {
                    amount: money(claimants.amount, allot.places),
                    keys: claimants.keys.iter().fold(Number::ZERO, |all, key| all.add(key)),
                    redistributed: claimants.redistributed(allot),
                    ..AllottedGroup::default()
                };
                let each = line.rows.iter().zip(portions).zip(claimants.keys.iter().zip(&claimants.limits));
                for ((row, portion), (key, limit)) in each {
                    let paid = money(*portion, allot.places);
                    group.claimants += u32::from(key.sign() > 0);
                    group.limited += u32::from(key.sign() > 0 && *limit == Some(*portion));
                    group.paid = group.paid.add(&paid);
                    give(&mut rows, *row, Ok(Value::Number(paid)));
                }
                group
            }
            Err(code) => {
                line.rows.iter().for_each(|row| give(&mut rows, *row, Err(*code)));
                AllottedGroup::default()
            }
        };
        groups.push(group);
    }
    Allotted { rows, groups }
}

fn give(rows: &mut [Figure], row: u32, figure: Figure) {
    if let Some(slot) = rows.get_mut(row as usize) {
        *slot = figure;
    }
}

/// One of the parts an amount is split into.
pub(crate) fn portion(amount: &Number, portion: &Portion) -> Result<Number, FaultCode> {
    let parts = largest_remainder(in_cents(amount, portion.places)?, &portion.shares);
    parts.get(portion.at).map(|part| money(*part, portion.places)).ok_or(FaultCode::Missing)
}

/// So many cents as a number.
fn money(cents: u128, places: u32) -> Number {
    Number::from_parts(i128::try_from(cents).unwrap_or(i128::MAX), u8::try_from(places).unwrap_or(u8::MAX))
}

/// A number of whole cents.
fn in_cents(number: &Number, places: u32) -> Result<u128, FaultCode> {
    let cents = number.scaled(places).ok_or(FaultCode::NotInCents)?;
    u128::try_from(cents).map_err(|_| FaultCode::NotInOrder)
}

/// Those among whom money is shared out, in their order.
struct Claimants {
    /// In cents.
    amount: u128,
    keys: Vec<Number>,
    /// The most of each in cents, where there is one.
    limits: Vec<Option<u128>>,
}

impl Claimants {
    fn of(allot: &Allot, rows: &[u32], operands: &AllotOperands<'_>) -> Result<Self, FaultCode> {
        let amount = match rows.first() {
            Some(row) => in_cents(&operands.amount.number(*row)?, allot.places)?,
            None => 0,
        };
        let keys = rows.iter().map(|row| operands.key.number(*row)).collect::<Result<Vec<_>, _>>()?;
        let limit = |row: &u32| match operands.limit.map(|limit| limit.number(*row)) {
            None | Some(Err(FaultCode::Unlimited)) => Ok(None),
            Some(limit) => in_cents(&limit?, allot.places).map(Some),
        };
        let limits = rows.iter().map(limit).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { amount, keys, limits })
    }

    /// The cents of each.
    fn shared(self, redistribute: bool) -> (Vec<u128>, Self) {
        let capped = if redistribute { self.capped() } else { vec![false; self.keys.len()] };
        let mut left = self.amount;
        let mut keys = self.keys.clone();
        for ((key, limit), capped) in keys.iter_mut().zip(&self.limits).zip(&capped) {
            if *capped {
                left = left.saturating_sub(limit.unwrap_or(0));
                *key = Number::ZERO;
            }
        }
        let mut portions = largest_remainder(left, &keys);
        for ((portion, limit), capped) in portions.iter_mut().zip(&self.limits).zip(capped) {
            *portion = match limit {
                Some(limit) if capped => *limit,
                Some(limit) => (*portion).min(*limit),
                None => *portion,
            };
        }
        (portions, self)
    }

    /// How what limits leave over goes to the others; nothing where they leave nothing over, or it goes elsewhere.
    fn redistributed(&self, allot: &Allot) -> Option<Redistributed> {
        let capped = if allot.redistribute { self.capped() } else { Vec::new() };
        let mut left = self.amount;
        let mut found = Redistributed::default();
        let each = self.keys.iter().zip(&self.limits).zip(capped);
        for ((key, limit), capped) in each {
            match capped {
                true => {
                    left = left.saturating_sub(limit.unwrap_or(0));
                    found.capped = found.capped.saturating_add(1);
                }
                false => found.keys = found.keys.add(key),
            }
        }
        found.left = money(left, allot.places);
        (found.capped > 0).then_some(found)
    }

    /// Who is paid his most when all that is left over goes to the others: those whose most is below their exact part of
    /// what those before them left, the tightest first. A cent of rounding takes nobody past his most, which is in cents.
    fn capped(&self) -> Vec<bool> {
        let mut tightest: Vec<usize> = (0..self.keys.len())
            .filter(|at| {
                self.keys.get(*at).is_some_and(|key| key.sign() > 0)
                    && self.limits.get(*at).is_some_and(Option::is_some)
            })
            .collect();
        let key = |at: usize| self.keys.get(at).cloned().unwrap_or_default();
        let limit = |at: usize| cents(self.limits.get(at).copied().flatten().unwrap_or(0));
        // a/b and c/d stand as a×d and c×b
        tightest.sort_by(|a, b| limit(*a).multiply(&key(*b)).cmp(&limit(*b).multiply(&key(*a))));
        let mut left = cents(self.amount);
        let mut keys = self.keys.iter().fold(Number::ZERO, |all, key| all.add(key));
        let mut capped = vec![false; self.keys.len()];
        for at in tightest {
            let part_is_larger = limit(at).multiply(&keys).cmp(&left.multiply(&key(at))) == Ordering::Less;
            if !part_is_larger {
                break;
            }
            left = left.subtract(&limit(at));
            keys = keys.subtract(&key(at));
            if let Some(slot) = capped.get_mut(at) {
                *slot = true;
            }
        }
        capped
    }
}

fn cents(cents: u128) -> Number {
    Number::from(num_bigint::BigInt::from(cents))
}
