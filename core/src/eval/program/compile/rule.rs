//! Bands, lines through knots, tables, dimensions and totals.

use std::collections::HashMap;

use super::operand::{Form, Operand, Scaled};
use super::{Compiled, Compiler};
use crate::eval::program::instruction::{Escape, Instruction, Line};
use crate::eval::program::lane::Lane;
use crate::eval::program::load::constant;
use crate::number::{Number, RoundingMode};
use crate::plan::{
    BandEdge, Bands, Beyond, ComparisonOperator, Composite, CompositeMethod, CompositePart, Interpolate, NodeId, Op,
    TableId, TableKey, WhenMissing,
};
use crate::value::Value;

impl<L: Lane> Compiler<'_, L> {
    // -- bands --

    pub(super) fn bands(&mut self, bands: &Bands) -> Compiled<Operand> {
        let value = self.present(bands.value)?;
        if let Some(found) = self.constant_bands(bands, value)? {
            return Ok(found);
        }
        let before = self.scopes.len();
        let mut branches = Vec::new();
        let mut ends = Vec::new();
        let mut last: Option<(Operand, NodeId)> = None;
        let mut left = false;
        for (edge, result) in &bands.bands {
            let here = match self.present(*edge) {
                Ok(here) => here,
                Err(escape) => {
                    self.emit(Instruction::Escape(escape));
                    left = true;
                    break;
                }
            };
            // edges that depend on the row are held to the same order as constant ones, which the checker has seen to
            if let Some((last, before)) = last
                && (self.constant_number(*edge).is_none() || self.constant_number(before).is_none())
            {
                let wanted = match bands.edge {
                    BandEdge::AtLeast | BandEdge::Above => ComparisonOperator::Less,
                    BandEdge::UpTo | BandEdge::Below => ComparisonOperator::Greater,
                };
                let ordered = self.compare(wanted, here, last)?.slot;
                let leave = self.emit(Instruction::JumpUnless { condition: ordered, to: 0 });
                self.leaving[1].push(leave);
            }
            let reached = self.compare(bands.edge.comparison(), value, here)?.slot;
            let next = self.emit(Instruction::JumpUnless { condition: reached, to: 0 });
            let taken = self.scoped(|this| this.node(*result));
            self.end_branch(taken, &mut branches);
            ends.push(self.emit(Instruction::Jump { to: 0 }));
            self.land(&[next]);
            last = Some((here, *edge));
            self.scopes.push(super::Scope::default());
        }
        if !left {
            let taken = match bands.otherwise {
                Some(otherwise) => self.node(otherwise),
                None => Err(Escape::Exact),
            };
            self.end_branch(taken, &mut branches);
        }
        self.scopes.truncate(before);
        self.land(&ends);
        self.join(&branches)
    }

    /// Bands of which every edge and value is known: one instruction over a table.
    fn constant_bands(&mut self, bands: &Bands, value: Operand) -> Compiled<Option<Operand>> {
        let Some(otherwise) = bands.otherwise else { return Ok(None) };
        let results: Vec<NodeId> = bands.bands.iter().map(|(_, result)| *result).chain([otherwise]).collect();
        let edges: Vec<NodeId> = bands.bands.iter().map(|(edge, _)| *edge).collect();
        let known = |this: &Self, id: &NodeId| matches!(this.plan.node(this.strip(*id)).op, Op::Constant(_));
        if !results.iter().chain(&edges).all(|id| known(self, id)) || edges.is_empty() {
            return Ok(None);
        }
        let edges = edges.into_iter().map(|id| self.node(id)).collect::<Compiled<Vec<_>>>()?;
        let results = results.into_iter().map(|id| self.node(id)).collect::<Compiled<Vec<_>>>()?;
        let Some((value, edges)) = self.one_scale(value, &edges)? else { return Ok(None) };
        let Some((results, form)) = self.one_form(&results)? else { return Ok(None) };
        let out = self.slot()?;
        let (a, sign) = (value.slot, bands.edge.comparison());
        let inexact = value.scaled().ok().filter(|scaled| !scaled.is_exact());
        // among whole units `> edge` is `>= edge + 1`, and the two signs downwards are the opposites
        let (reached, next) = match bands.edge {
            BandEdge::AtLeast => (true, 0),
            BandEdge::Above => (true, 1),
            BandEdge::UpTo => (false, 1),
            BandEdge::Below => (false, 0),
        };
        let next = if inexact.is_some() { 0 } else { next };
        let mut table = Vec::new();
        for (at, result) in results.iter().enumerate() {
            // the last entry is what holds otherwise, whatever its edge
            let edge = edges.get(at).map_or(0, |edge| edge.saturating_add(next));
            table.push((Self::lane(edge)?, *result));
        }
        let (first, count) = Self::table(&mut self.program.edges, table)?;
        match inexact {
            Some(scaled) => {
                let within = self.enclosure(scaled.error, scaled.sources, 0, 0)?;
                self.emit(Instruction::BandsEnclosed { out, a, sign, first, count, within });
            }
            None => {
                self.emit(Instruction::Bands { out, a, reached, first, count });
            }
        }
        let reach = results.iter().map(|result| result.to_wide().saturating_abs()).max().unwrap_or(i128::MAX);
        Ok(Some(Operand { reach, ..Operand::of(out, form) }))
    }

    /// A value and the constants it is held against, all in the same units; nothing when one is not exact.
    fn one_scale(&mut self, value: Operand, constants: &[Operand]) -> Compiled<Option<(Operand, Vec<i128>)>> {
        let Ok(scaled) = value.scaled() else {
            // dates and grades: as they are
            let units = constants.iter().map(|each| self.constant_of(each.slot));
            return Ok(units.collect::<Option<Vec<_>>>().map(|units| (value, units)));
        };
        let mut scale = scaled.scale;
        for each in constants {
            scale = scale.max(each.scaled()?.scale);
        }
        let value = self.at_scale(value, scale)?;
        let mut units = Vec::new();
        for each in constants {
            let (Some(known), own) = (each.known, each.scaled()?) else { return Ok(None) };
            units.push(known.checked_mul(Self::ten(scale - own.scale)?).ok_or(Escape::Wider)?);
        }
        Ok(Some((value, units)))
    }

    /// Constants of one kind in the same units; nothing when they have none.
    fn one_form(&mut self, constants: &[Operand]) -> Compiled<Option<(Vec<L>, Form)>> {
        let Some(first) = constants.first() else { return Ok(None) };
        if first.scaled().is_err() {
            let same = constants.iter().all(|each| each.form == first.form && each.form != Form::Missing);
            let units = constants.iter().map(|each| self.constant_of(each.slot).and_then(L::from_wide));
            return Ok(units.collect::<Option<Vec<_>>>().filter(|_| same).map(|units| (units, first.form)));
        }
        let mut scale = 0;
        for each in constants {
            match each.form {
                Form::Number(scaled) if each.known.is_some() => scale = scale.max(scaled.scale),
                _ => return Ok(None),
            }
        }
        let mut units = Vec::new();
        for each in constants {
            let own = each.scaled()?.scale;
            let known = each.known.ok_or(Escape::Exact)?.checked_mul(Self::ten(scale - own)?).ok_or(Escape::Wider)?;
            units.push(Self::lane(known)?);
        }
        Ok(Some((units, Form::Number(Scaled::exact(scale)))))
    }

    /// The value of a constant's slot.
    fn constant_of(&self, slot: super::Slot) -> Option<i128> {
        self.program.constants.iter().find(|(each, _)| *each == slot).map(|(_, value)| value.to_wide())
    }

    // -- lines --

    /// The value on the lines, rounded where that is asked for: rounding makes a slope of endless decimals exact.
    pub(super) fn interpolate(&mut self, line: &Interpolate, round: Option<(i32, RoundingMode)>) -> Compiled<Operand> {
        let knots: Option<Vec<(Number, Number)>> = line
            .knots
            .iter()
            .map(|(place, result)| {
                Some((self.constant_number(*place)?.clone(), self.constant_number(*result)?.clone()))
            })
            .collect();
        // knots that depend on the row are rare
        let knots = knots.filter(|knots| knots.len() >= 2).ok_or(Escape::Exact)?;
        let (value, _) = self.number(line.value)?;
        let lines = straight(&knots).ok_or(Escape::Exact)?;
        let (Some((first, _)), Some((last, _))) = (knots.first(), knots.last()) else { return Err(Escape::Exact) };
        if line.beyond == Beyond::Fault {
            for (sign, end) in [(ComparisonOperator::AtLeast, first), (ComparisonOperator::AtMost, last)] {
                let end = self.number_literal(end)?;
                let condition = self.compare(sign, value, end)?.slot;
                let leave = self.emit(Instruction::JumpUnless { condition, to: 0 });
                self.leaving[1].push(leave);
            }
        }
        let (numerator, divisor) = self.on_lines(value, &lines)?;
        let exact = numerator.scaled()?.is_exact();
        match (divisor, round) {
            (None, None) => Ok(numerator),
            (None, Some((places, mode))) => self.round_operand(numerator, places, mode),
            (Some(divisor), Some((places, mode))) if exact => {
                self.rounded_ratio(numerator, divisor, places, mode, None)
            }
            (Some(divisor), round) => {
                let quotient = self.quotient(numerator, divisor, None)?;
                match round {
                    Some((places, mode)) => self.round_operand(quotient, places, mode),
                    None => Ok(quotient),
                }
            }
        }
    }

    /// The numerator on the lines, and the divisor where one of them has one.
    fn on_lines(&mut self, value: Operand, lines: &[Exact]) -> Compiled<(Operand, Option<Operand>)> {
        // the places at the value's scale, the slopes at one of their own, the intercepts at both together
        let scale = places(lines, |line| &line.upto)?.max(value.scaled()?.scale);
        let value = self.at_scale(value, scale)?;
        let scaled = value.scaled()?;
        let intercepts = places(lines, |line| &line.intercept)?;
        let slope_scale = places(lines, |line| &line.slope)?.max(intercepts.saturating_sub(scale));
        let mut steepest = 0;
        let mut table = Vec::new();
        for each in lines {
            let slope = each.slope.scaled(slope_scale).ok_or(Escape::Wider)?;
            steepest = slope.saturating_abs().max(steepest);
            table.push(Line {
                upto: Self::lane(each.upto.scaled(scale).ok_or(Escape::Wider)?)?,
                slope: Self::lane(slope)?,
                intercept: Self::lane(each.intercept.scaled(scale + slope_scale).ok_or(Escape::Wider)?)?,
                divisor: Self::lane(each.divisor)?,
            });
        }
        let (first, count) = Self::table(&mut self.program.lines, table)?;
        let (out, divisor) = (self.slot()?, self.slot()?);
        let a = value.slot;
        let mut form = Scaled::exact(scale + slope_scale);
        if scaled.is_exact() {
            self.emit(Instruction::Lines { out, divisor, a, first, count });
        } else {
            let own = 1 << self.bit()?;
            let within = self.enclosure(scaled.error, scaled.sources, 0, own)?;
            self.emit(Instruction::LinesEnclosed { out, divisor, a, first, count, within });
            // the lines hang together, so beside a knot either line is as near as the steeper of the two allows
            form = Scaled { error: scaled.error.checked_mul(steepest).ok_or(Escape::Wider)?, sources: own, ..form };
        }
        let divided = lines.iter().any(|line| line.divisor != 1);
        let divisor = divided.then(|| Operand::number(divisor, Scaled::exact(0)));
        Ok((Operand::number(out, form), divisor))
    }

    // -- tables --

    pub(super) fn lookup(&mut self, table: TableId, keys: &[NodeId]) -> Compiled<Operand> {
        let table = self.plan.tables.get(table.index()).ok_or(Escape::Exact)?;
        let mut stride = i128::try_from(table.values.len()).map_err(|_| Escape::Exact)?;
        let mut terms = Vec::new();
        for (key, dimension) in keys.iter().zip(&table.keys) {
            let operand = self.present(*key)?;
            stride /= i128::try_from(dimension.len().max(1)).map_err(|_| Escape::Exact)?;
            let slot = match (dimension, operand.form) {
                (TableKey::Choice(_), Form::Choice) => operand.slot,
                (TableKey::Text(words), Form::Text) => {
                    let positions: HashMap<usize, usize> = words
                        .iter()
                        .enumerate()
                        .rev() // of a word that stands twice the first counts
                        .map(|(at, word)| (self.word(word), at))
                        .collect();
                    self.map(operand.slot, self.program.words.len(), |at| positions.get(&at).copied())?
                }
                _ => return Err(Escape::Exact),
            };
            terms.push((slot, Self::lane(stride)?));
        }
        if keys.len() != table.keys.len() {
            return Err(Escape::Exact);
        }
        let (values, form) = self.table_values(&table.values)?;
        let table = u32::try_from(self.program.tables.len()).map_err(|_| Escape::Exact)?;
        self.program.tables.push(values);
        let (first, count) = Self::table(&mut self.program.terms, terms)?;
        let out = self.slot()?;
        self.emit(Instruction::Lookup { out, table, first, count });
        Ok(Operand::of(out, form))
    }

    /// A slot whose value is looked up among `count`: what has none leaves.
    pub(super) fn map(
        &mut self,
        slot: super::Slot,
        count: usize,
        to: impl Fn(usize) -> Option<usize>,
    ) -> Compiled<super::Slot> {
        let mut values = Vec::with_capacity(count);
        for at in 0..count {
            let value = to(at).and_then(|to| i128::try_from(to).ok()).and_then(L::from_wide);
            values.push(value.unwrap_or(L::MISSING));
        }
        let table = u32::try_from(self.program.tables.len()).map_err(|_| Escape::Exact)?;
        self.program.tables.push(values);
        let (first, count) = Self::table(&mut self.program.terms, vec![(slot, L::ONE)])?;
        let out = self.slot()?;
        self.emit(Instruction::Lookup { out, table, first, count });
        Ok(out)
    }

    /// The cells of a table in the same units; a hole is nothing.
    fn table_values(&mut self, cells: &[Option<Value>]) -> Compiled<(Vec<L>, Form)> {
        let mut scale = 0;
        let mut form: Option<Form> = None;
        for cell in cells.iter().flatten() {
            match cell {
                Value::Number(number) => {
                    scale = number.decimal_scale().ok_or(Escape::Exact)?.max(scale);
                    form = Some(Form::Number(Scaled::exact(scale)));
                }
                Value::Truth(_) => form = Some(Form::Truth),
                Value::Date(_) => form = Some(Form::Date),
                Value::Choice(_) => form = Some(Form::Choice),
                Value::Text(_) => form = Some(Form::Text),
                Value::Missing | Value::Unlimited => return Err(Escape::Exact),
            }
        }
        let form = form.ok_or(Escape::Exact)?;
        let mut values = Vec::with_capacity(cells.len());
        for cell in cells {
            values.push(match cell {
                None => L::MISSING,
                Some(Value::Number(number)) => number.scaled(scale).and_then(L::from_wide).ok_or(Escape::Wider)?,
                Some(Value::Text(text)) => {
                    let at = i128::try_from(self.word(text)).map_err(|_| Escape::Exact)?;
                    Self::lane(at)?
                }
                Some(value) => constant(value, &crate::value::Kind::Missing).ok_or(Escape::Exact)?,
            });
        }
        Ok((values, form))
    }

    // -- dimensions and totals --

    pub(super) fn composite(&mut self, composite: &Composite) -> Compiled<Operand> {
        let mut parts = Vec::new();
        let mut redistributes = false;
        for part in &composite.parts {
            let (weight, _) = self.number(part.weight)?;
            let score = self.part(composite.method, part, weight)?;
            redistributes |= score.may_be_missing;
            parts.push((score, weight, part.weight));
        }
        if redistributes {
            return self.redistributed(composite.method, &parts);
        }
        if composite.method == CompositeMethod::Points {
            let terms: Vec<_> = parts.iter().map(|(score, _, _)| (*score, 1, 0)).collect();
            return self.sum(&terms);
        }
        let mut total = Some(Number::ZERO);
        let mut terms = Vec::new();
        let mut constant = true;
        for (score, weight, id) in &parts {
            match self.constant_number(*id) {
                Some(number) => total = total.map(|total| total.add(number)),
                None => constant = false,
            }
            match (weight.known, weight.scaled()?) {
                (Some(units), own) => terms.push((*score, units, own.scale)),
                (None, _) => {
                    let product = self.product(*score, *weight)?;
                    terms.push((product, 1, 0));
                }
            }
        }
        let sum = self.sum(&terms)?;
        match total.filter(|_| constant) {
            Some(total) => self.over(sum, &total),
            None => {
                let weights: Vec<_> = parts.iter().map(|(_, weight, _)| (*weight, 1, 0)).collect();
                let weights = self.sum(&weights)?;
                self.quotient(sum, weights, None)
            }
        }
    }

    /// The score of a part as it counts; missing only when its weight goes to its siblings.
    fn part(&mut self, method: CompositeMethod, part: &CompositePart, weight: Operand) -> Compiled<Operand> {
        let score = self.node(part.score)?;
        if !score.may_be_missing {
            score.scaled()?;
            return Ok(score);
        }
        let default = match (part.when_missing, method) {
            (WhenMissing::Error, _) => return self.present(part.score),
            (WhenMissing::Redistribute, _) => {
                return if score.form == Form::Missing { Err(Escape::Exact) } else { Ok(score) };
            }
            (WhenMissing::Zero, _) => self.known(0, 0)?,
            (WhenMissing::Full, CompositeMethod::Weighted) => self.known(100, 0)?,
            (WhenMissing::Full, CompositeMethod::Points) => weight,
        };
        if score.form == Form::Missing {
            return Ok(default);
        }
        // the score where there is one, at a scale that suits both
        let (own, other) = (score.scaled()?, default.scaled()?);
        let mut branches = Vec::new();
        let absent = self.emit(Instruction::JumpIfMissing { value: score.slot, to: 0 });
        self.end_branch(Ok(Operand { may_be_missing: false, ..score }), &mut branches);
        let end = self.emit(Instruction::Jump { to: 0 });
        self.land(&[absent]);
        self.end_branch(Ok(default), &mut branches);
        self.land(&[end]);
        debug_assert!(own.scale < 64 && other.scale < 64, "scales are those of numbers that fit a lane");
        self.join(&branches)
    }

    /// A composite of which parts may be missing: their weight goes to those that are there.
    fn redistributed(&mut self, method: CompositeMethod, parts: &[(Operand, Operand, NodeId)]) -> Compiled<Operand> {
        let (mut score_scale, mut weight_scale) = (0, 0);
        for (score, weight, _) in parts {
            let (score, weight) = (score.scaled()?, weight.scaled()?);
            if !weight.is_exact() {
                return Err(Escape::Exact);
            }
            score_scale = score.scale.max(score_scale);
            weight_scale = weight.scale.max(weight_scale);
        }
        let (mut error, mut sources) = (0_i128, 0);
        for (score, weight, _) in parts {
            let own = score.scaled()?;
            if own.is_exact() {
                continue;
            }
            let reach = match method {
                CompositeMethod::Points => 1,
                CompositeMethod::Weighted => {
                    let ten = Self::ten(weight_scale - weight.scaled()?.scale)?;
                    weight.known.and_then(|units| units.saturating_abs().checked_mul(ten)).ok_or(Escape::Exact)?
                }
            };
            let reach = reach.checked_mul(Self::ten(score_scale - own.scale)?).ok_or(Escape::Wider)?;
            let own_error = own.error.checked_mul(reach).ok_or(Escape::Wider)?;
            error = error.checked_add(own_error).ok_or(Escape::Wider)?;
            sources |= own.sources;
        }
        let zero = self.constant(0)?;
        let one = self.constant(1)?;
        let (sum, weights, count) = (self.slot()?, self.slot()?, self.slot()?);
        for out in [sum, weights, count] {
            self.emit(Instruction::Move { out, from: zero });
        }
        let mut all = Vec::new();
        for (score, weight, _) in parts {
            let weight = self.at_scale(*weight, weight_scale)?;
            all.push((weight, 1, 0));
            let own = score.scaled()?;
            let factor = Self::lane(Self::ten(score_scale - own.scale)?)?;
            let moved = self.slot()?;
            let optional = score.may_be_missing;
            self.emit(Instruction::MoveOptional { out: moved, from: score.slot, factor, optional });
            match method {
                CompositeMethod::Weighted => {
                    self.emit(Instruction::Gather { sum, weights, score: moved, weight: weight.slot });
                }
                CompositeMethod::Points => {
                    // the points themselves, and beside them the full marks they are out of
                    self.emit(Instruction::Gather { sum, weights: count, score: moved, weight: one });
                    let skip = self.emit(Instruction::JumpIfMissing { value: moved, to: 0 });
                    self.emit(Instruction::Add { out: weights, a: weights, b: weight.slot });
                    self.land(&[skip]);
                }
            }
        }
        let weights = Operand::number(weights, Scaled::exact(weight_scale));
        match method {
            CompositeMethod::Weighted => {
                let sum = Operand::number(sum, Scaled { scale: score_scale + weight_scale, error, sources });
                self.quotient(sum, weights, None)
            }
            CompositeMethod::Points => {
                let sum = Operand::number(sum, Scaled { scale: score_scale, error, sources });
                let whole = self.sum(&all)?;
                let stretched = match whole.known {
                    Some(units) => self.sum(&[(sum, units, whole.scaled()?.scale)])?,
                    None => self.product(sum, whole)?,
                };
                self.quotient(stretched, weights, None)
            }
        }
    }
}

/// A straight line between two knots, exact: `(value × slope + intercept) / divisor`, the numbers decimals.
struct Exact {
    upto: Number,
    slope: Number,
    intercept: Number,
    divisor: i128,
}

/// The most decimals one of these numbers has.
fn places(lines: &[Exact], number: impl Fn(&Exact) -> &Number) -> Compiled<u32> {
    let places = lines.iter().map(|line| number(line).decimal_scale());
    places.collect::<Option<Vec<_>>>().and_then(|places| places.into_iter().max()).ok_or(Escape::Exact)
}

/// The lines through knots, flat outside them.
fn straight(knots: &[(Number, Number)]) -> Option<Vec<Exact>> {
    let flat = |upto: &Number, value: &Number| Exact {
        upto: upto.clone(),
        slope: Number::ZERO,
        intercept: value.clone(),
        divisor: 1,
    };
    let (first, last) = (knots.first()?, knots.last()?);
    let mut lines = vec![flat(&first.0, &first.1)];
    for (from, to) in knots.iter().zip(knots.iter().skip(1)) {
        let slope = to.1.subtract(&from.1).divide(&to.0.subtract(&from.0))?;
        // a slope of endless decimals is a fraction, and the line is that much times its denominator
        let (slope, divisor) = match slope.decimal_scale() {
            Some(_) => (slope, Number::ONE),
            None => {
                let (numerator, denominator) = slope.to_fraction();
                (Number::from(numerator), Number::from(denominator))
            }
        };
        let intercept = from.1.multiply(&divisor).subtract(&slope.multiply(&from.0));
        lines.push(Exact { upto: to.0.clone(), slope, intercept, divisor: divisor.scaled(0)? });
    }
    lines.push(flat(&last.0, &last.1));
    Some(lines)
}
