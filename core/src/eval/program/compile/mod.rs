//! Writes the program of a plan: every scale, bound and weight is settled here, once.

mod arithmetic;
mod around;
mod aside;
mod branch;
mod operand;
mod other;
mod over_rows;
mod reads;
mod rule;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::instruction::{
    Address, Enclosure, Escape, Instruction, NumberLoad, NumberOutput, OtherLoad, Output, Program, Remainders, Slot,
};
use super::lane::Lane;
use super::lanes::Known;
use super::load::constant;
use crate::eval::ops;
use crate::limits::{INPUT_INTEGER_DIGITS, PUBLISHED_DIGITS, PUBLISHED_PLACES};
use crate::number::{Number, RoundingMode};
use crate::plan::{ColumnId, DetailId, GroupId, Input, InputId, MissingPolicy, NodeId, Op, Plan, Role};
use crate::value::{Kind, Value};
pub(super) use aside::compile_leaving_aside;
pub(super) use operand::Form;
use operand::{Operand, Scaled};
pub(super) use over_rows::over_rows;
use reads::needed;

/// The most numbers a median is taken of.
pub(super) const MEDIAN: usize = 16;
/// How deep operations may be nested: what is deeper is left to the exact evaluator.
const DEPTH: u32 = 100;
/// How long a program may become.
const LENGTH: usize = 200_000;

/// What an operation came to, or where every row that reaches it must go.
type Compiled<T> = Result<T, Escape>;

/// A jump whose target is not known yet: the place of its instruction.
type Pending = usize;

/// What was computed in a part of the program that not every row runs through.
#[derive(Debug, Default)]
struct Scope {
    nodes: HashMap<NodeId, Operand>,
    /// A slot times a power of ten.
    rescaled: HashMap<(Slot, u32), Slot>,
}

/// Which rows a program goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Along {
    People,
    /// People of whom nothing is known yet but their facts.
    Facts,
    /// The rows of a detail table.
    Details(DetailId),
}

struct Compiler<'p, L> {
    plan: &'p Plan,
    /// What is computed before.
    known: &'p Known,
    along: Along,
    /// What rows of a detail table read of the people they belong to.
    persons: Option<Box<Compiler<'p, L>>>,
    program: Program<L>,
    columns: HashMap<ColumnId, Operand>,
    inputs: HashMap<InputId, Operand>,
    given: HashMap<InputId, Operand>,
    figures: HashMap<GroupId, Operand>,
    /// Figures over groups that need not be decimals: numerator and denominator.
    fractions: HashMap<GroupId, (Operand, Operand)>,
    constants: HashMap<i128, Slot>,
    words: HashMap<Arc<str>, usize>,
    scopes: Vec<Scope>,
    /// Jumps to the end of the program, where rows leave it.
    leaving: [Vec<Pending>; 2],
    slots: usize,
    bits: u32,
    depth: u32,
    /// Whether the constant that is being written is the absence itself.
    writes_missing: bool,
    /// The columns that turned out to be none of a program's, where these may be left to the exact evaluator.
    aside: Option<BTreeSet<ColumnId>>,
}

/// The program of the columns asked for; nothing when every row would leave it.
pub(super) fn compile<L: Lane>(plan: &Plan, shown: &[ColumnId], known: &Known) -> Option<Program<L>> {
    let mut compiler = Compiler::new(plan, known, Along::People);
    compiler.columns(shown).ok()?;
    Some(compiler.end())
}

impl<'p, L: Lane> Compiler<'p, L> {
    fn new(plan: &'p Plan, known: &'p Known, along: Along) -> Self {
        let program = Program {
            numbers: Vec::new(),
            others: Vec::new(),
            groups: Vec::new(),
            given: Vec::new(),
            lanes: Vec::new(),
            constants: Vec::new(),
            code: Vec::new(),
            terms: Vec::new(),
            edges: Vec::new(),
            lines: Vec::new(),
            tables: Vec::new(),
            enclosures: Vec::new(),
            words: Vec::new(),
            outputs: Vec::new(),
            slots: 0,
            quotients: false,
        };
        Self {
            plan,
            known,
            along,
            persons: None,
            program,
            columns: HashMap::new(),
            inputs: HashMap::new(),
            given: HashMap::new(),
            figures: HashMap::new(),
            fractions: HashMap::new(),
            constants: HashMap::new(),
            words: HashMap::new(),
            scopes: vec![Scope::default()],
            leaving: [Vec::new(), Vec::new()],
            slots: 0,
            bits: 1,
            depth: 0,
            writes_missing: false,
            aside: None,
        }
    }

    /// The program, ended with the ways out.
    fn end(mut self) -> Program<L> {
        let [wider, exact] = std::mem::take(&mut self.leaving);
        self.leave(Escape::Wider, &wider);
        self.leave(Escape::Exact, &exact);
        Program { slots: self.slots, quotients: self.bits > 1, ..self.program }
    }

    fn columns(&mut self, shown: &[ColumnId]) -> Compiled<()> {
        let needed = needed(self.plan, self.known, shown);
        for at in 0..self.plan.columns.len() {
            let id = ColumnId(u32::try_from(at).map_err(|_| Escape::Exact)?);
            let column = self.plan.column(id);
            // the text of a cell that only passes through is copied when it is published
            let passes = matches!(column.role, Role::Input(_)) && self.plan.node(column.body).facts.kind == Kind::Text;
            if !needed.contains(&id) || passes {
                continue;
            }
            if let Some(operand) = self.column_of_people(id)? {
                self.columns.insert(id, operand);
            }
        }
        for id in shown {
            let output = self.shown(*id)?;
            self.program.outputs.push(output);
        }
        Ok(())
    }

    /// What a column comes to, which must be publishable.
    fn column_value(&mut self, id: ColumnId) -> Compiled<Operand> {
        let column = self.plan.column(id);
        let operand = self.node(column.body)?;
        if let Form::Number(number) = operand.form {
            self.publishable(operand, number, column.places)?;
        }
        Ok(operand)
    }

    /// A column as another reads it. In rows of a detail table it is computed where it is needed.
    fn column(&mut self, id: ColumnId) -> Compiled<Operand> {
        let column = self.plan.column(id);
        match (self.columns.get(&id), self.along) {
            (Some(operand), _) => Ok(*operand),
            (None, Along::People) if self.is_aside(id) => Err(Escape::Exact),
            (None, Along::People) => self.node(column.body),
            (None, Along::Facts) => self.column_value(id),
            (None, Along::Details(table)) if column.detail == Some(table) => self.column_value(id),
            (None, Along::Details(_)) if column.detail.is_none() => self.of_person(|persons| persons.column_value(id)),
            (None, Along::Details(_)) => Err(Escape::Exact),
        }
    }

    /// Ends the program with the way out that these jumps lead to.
    fn leave(&mut self, escape: Escape, jumps: &[Pending]) {
        if jumps.is_empty() {
            return;
        }
        let end = self.emit(Instruction::Jump { to: 0 });
        self.land(jumps);
        self.emit(Instruction::Escape(escape));
        self.land(&[end]);
    }

    /// A figure of more than 28 digits is a fault of its cell.
    fn publishable(&mut self, operand: Operand, number: Scaled, places: Option<u32>) -> Compiled<()> {
        let at = places.unwrap_or(PUBLISHED_PLACES);
        // |value| × 10^(at − scale) must stay below 10^28; of more decimals than are published it is rounded first
        let whole = PUBLISHED_DIGITS.saturating_sub(at);
        let Some(bound) = 10_i128.checked_pow(whole.saturating_add(number.scale)) else {
            return Ok(()); // beyond anything the lane holds
        };
        let unit = if number.scale > at { 10_i128.checked_pow(number.scale - at).unwrap_or(0) } else { 0 };
        let bound = bound.saturating_sub(unit).saturating_sub(number.error);
        match L::from_wide(bound) {
            Some(_) if operand.reach < bound => Ok(()),
            Some(bound) => {
                let (a, optional) = (operand.slot, operand.may_be_missing);
                self.emit(Instruction::Below { a, bound, escape: Escape::Exact, optional });
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn output(&mut self, id: ColumnId) -> Compiled<Output> {
        let column = self.plan.column(id);
        let Some(operand) = self.columns.get(&id).copied() else {
            return match column.role {
                Role::Input(input) => Ok(Output::Cell { input: input.index() }),
                _ => Err(Escape::Exact),
            };
        };
        let slot = operand.slot;
        Ok(match operand.form {
            Form::Number(number) => {
                let at = column.places.unwrap_or(PUBLISHED_PLACES);
                // where the error reaches a good part of the last place shown, every row would have to leave
                if let (Some(slot), false) = (operand.shown.filter(|_| number.scale == at), operand.may_be_missing) {
                    return Ok(Output::Number(NumberOutput {
                        slot,
                        scale: at,
                        places: column.places,
                        error: 0,
                        sources: number.sources,
                        may_be_missing: false,
                        shown: true,
                    }));
                }
                if number.error != 0 && !number.is_publishable(at) {
                    return Err(Escape::Wider);
                }
                Output::Number(NumberOutput {
                    slot,
                    scale: number.scale,
                    places: column.places,
                    error: number.error,
                    sources: number.sources,
                    may_be_missing: operand.may_be_missing,
                    shown: false,
                })
            }
            Form::Truth => Output::Truth { slot },
            Form::Date => Output::Date { slot },
            Form::Choice => match &self.plan.node(column.body).facts.kind {
                Kind::Choice(list) => Output::Choice { slot, list: Arc::clone(list) },
                _ => return Err(Escape::Exact),
            },
            Form::Text => Output::Text { slot },
            Form::Missing => return Err(Escape::Exact),
        })
    }

    // -- slots and instructions --

    fn slot(&mut self) -> Compiled<Slot> {
        let slot = Slot::try_from(self.slots).map_err(|_| Escape::Exact)?;
        self.slots += 1;
        Ok(slot)
    }

    fn emit(&mut self, instruction: Instruction<L>) -> Pending {
        self.program.code.push(instruction);
        self.program.code.len() - 1
    }

    fn here(&self) -> Address {
        Address::try_from(self.program.code.len()).unwrap_or(Address::MAX)
    }

    /// Lets these jumps lead to the next instruction.
    fn land(&mut self, jumps: &[Pending]) {
        let here = self.here();
        for jump in jumps {
            if let Some(
                Instruction::Jump { to }
                | Instruction::JumpUnless { to, .. }
                | Instruction::JumpIf { to, .. }
                | Instruction::JumpIfMissing { to, .. }
                | Instruction::Unless { to, .. },
            ) = self.program.code.get_mut(*jump)
            {
                *to = here;
            }
        }
    }

    fn lane(value: i128) -> Compiled<L> {
        // the smallest value of a lane stands for what is missing
        L::from_wide(value).filter(|lane| *lane != L::MISSING).ok_or(Escape::Wider)
    }

    /// The slot of a constant.
    fn constant(&mut self, value: i128) -> Compiled<Slot> {
        if let Some(slot) = self.constants.get(&value) {
            return Ok(*slot);
        }
        let missing = value == L::MISSING.to_wide();
        let lane = if missing && self.writes_missing { L::MISSING } else { Self::lane(value)? };
        let slot = self.slot()?;
        self.program.constants.push((slot, lane));
        self.constants.insert(value, slot);
        Ok(slot)
    }

    fn missing(&mut self) -> Compiled<Operand> {
        self.writes_missing = true;
        let slot = self.constant(L::MISSING.to_wide());
        self.writes_missing = false;
        let slot = slot?;
        Ok(Operand { may_be_missing: true, ..Operand::of(slot, Form::Missing) })
    }

    /// A bit of a value's own; a program has only so many, and what needs more is computed exactly.
    fn bit(&mut self) -> Compiled<u8> {
        let bit = self.bits;
        if bit >= Remainders::BITS {
            return Err(Escape::Exact);
        }
        self.bits += 1;
        u8::try_from(bit).map_err(|_| Escape::Exact)
    }

    fn enclosure(&mut self, error: i128, sources: Remainders, other: Remainders, own: Remainders) -> Compiled<u32> {
        let error = Self::lane(error)?;
        self.program.enclosures.push(Enclosure { error, sources, own, other });
        u32::try_from(self.program.enclosures.len() - 1).map_err(|_| Escape::Exact)
    }

    /// Puts entries in a table of the program: where they begin and how many they are.
    fn table<T>(table: &mut Vec<T>, entries: Vec<T>) -> Compiled<(u32, u32)> {
        let first = u32::try_from(table.len()).map_err(|_| Escape::Exact)?;
        let count = u32::try_from(entries.len()).map_err(|_| Escape::Exact)?;
        table.extend(entries);
        Ok((first, count))
    }

    // -- nodes --

    /// The operand of a node, computed where that has not been done on every way here.
    fn node(&mut self, id: NodeId) -> Compiled<Operand> {
        if let Some(operand) = self.scopes.iter().rev().find_map(|scope| scope.nodes.get(&id)) {
            return Ok(*operand);
        }
        if self.program.code.len() >= LENGTH {
            return Err(Escape::Exact);
        }
        let operand = self.deeper(|this| this.operation(id))?;
        if let Some(scope) = self.scopes.last_mut() {
            scope.nodes.insert(id, operand);
        }
        Ok(operand)
    }

    /// Goes one level deeper, where that is still allowed.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Compiled<T>) -> Compiled<T> {
        if self.depth >= DEPTH {
            return Err(Escape::Exact);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn operation(&mut self, id: NodeId) -> Compiled<Operand> {
        let node = self.plan.node(id);
        match &node.op {
            Op::Constant(value) => self.literal(value, &node.facts.kind),
            Op::Input(_) if matches!(self.along, Along::Details(_)) => self.of_person(|persons| persons.node(id)),
            Op::Input(input) => self.input(*input, &self.plan.inputs),
            Op::DetailInput(table, input) if self.along == Along::Details(*table) => {
                self.input(*input, &self.plan.detail(*table).inputs)
            }
            Op::DetailInput(..) => Err(Escape::Exact),
            Op::Column(column) => self.column(*column),
            Op::Tell(_, inner) => self.node(*inner),
            Op::Negate(_) | Op::Arithmetic(crate::plan::Arithmetic::Add | crate::plan::Arithmetic::Subtract, ..) => {
                self.linear(id)
            }
            Op::Arithmetic(operator, a, b) => self.product_or_quotient(*operator, *a, *b),
            Op::Absolute(a) => self.absolute(*a),
            Op::Sign(a) => self.sign(*a),
            Op::Power(a, exponent) => self.power(*a, *exponent),
            Op::Extreme(extreme, operands) => self.extreme(*extreme, operands),
            Op::Median(operands) => self.median(operands),
            Op::Round { value, places, mode } => self.rounded(*value, *places, *mode),
            Op::SquareRoot(a) => self.square_root(*a),
            Op::Compare(..) | Op::And(..) | Op::Or(..) | Op::Not(..) => self.truth(id),
            Op::Choose { condition, then, otherwise } => self.choose(*condition, *then, *otherwise, None),
            Op::IsMissing(a) => self.is_missing(*a),
            Op::Coalesce(operands) => self.coalesce(operands),
            Op::Bands(bands) => self.bands(bands),
            Op::Interpolate(line) => self.interpolate(line, None),
            Op::Lookup { table, keys } => self.lookup(*table, keys),
            Op::Composite(composite) => self.composite(composite),
            // what is not a matter of the row's own cells is left to the exact evaluator
            Op::Fail(_) | Op::Portion(_) | Op::Contains(..) | Op::Marks(_) | Op::Adjusted { .. } => Err(Escape::Exact),
            Op::Aggregate(aggregate) => self.aggregate(id, aggregate),
            Op::Given(given) => self.given(*given),
            Op::Group(group) if self.along == Along::People => self.group(*group, id),
            Op::Group(_) => Err(Escape::Exact),
            Op::MoveGrade { grade, steps, floor, top } => {
                self.move_grade(*grade, |at| ops::move_grade(at, *steps, *floor, *top))
            }
            Op::DatePart(part, a) => self.date_part(*part, *a),
            Op::DateSpan(span, a, b) => self.date_span(*span, *a, *b),
            Op::DateShift(shift, a, by) => self.date_shift(*shift, *a, *by),
            Op::EndOfMonth(a) => self.end_of_month(*a),
            Op::MakeDate(year, month, day) => self.make_date(*year, *month, *day),
            Op::WordOf(a) => self.word_of(*a),
        }
    }

    fn literal(&mut self, value: &Value, kind: &Kind) -> Compiled<Operand> {
        match (value, kind) {
            (Value::Missing, _) => self.missing(),
            (Value::Number(number), _) => self.number_literal(number),
            (Value::Text(text), _) => {
                let at = i128::try_from(self.word(text)).map_err(|_| Escape::Exact)?;
                Ok(Operand::of(self.constant(at)?, Form::Text))
            }
            (value, kind) => {
                let found: L = constant(value, kind).ok_or(Escape::Exact)?;
                Ok(Operand::of(self.constant(found.to_wide())?, Form::of(kind)))
            }
        }
    }

    fn number_literal(&mut self, number: &Number) -> Compiled<Operand> {
        if let Some(scale) = number.decimal_scale()
            && let Some(units) = number.scaled(scale)
        {
            return self.known(units, scale);
        }
        // endless decimals: never exact
        let scale = L::QUOTIENT_PLACES;
        let places = i32::try_from(scale).map_err(|_| Escape::Exact)?;
        let units = number.round(places, RoundingMode::Down).scaled(scale).ok_or(Escape::Wider)?;
        let slot = self.constant(units)?;
        Ok(Operand::of(slot, Form::Number(Scaled { scale, error: 1, sources: super::machine::ALWAYS })))
    }

    /// The number of a word in the program.
    fn word(&mut self, text: &Arc<str>) -> usize {
        if let Some(at) = self.words.get(text) {
            return *at;
        }
        let at = self.program.words.len();
        self.program.words.push(Arc::clone(text));
        self.words.insert(Arc::clone(text), at);
        at
    }

    fn input(&mut self, id: InputId, inputs: &[Input]) -> Compiled<Operand> {
        if let Some(operand) = self.inputs.get(&id) {
            return Ok(*operand);
        }
        let input = inputs.get(id.index()).ok_or(Escape::Exact)?;
        let number = u32::try_from(id.index()).map_err(|_| Escape::Exact)?;
        let slot = self.slot()?;
        let scale = input.places.unwrap_or(L::UNDECLARED_PLACES).min(input.most_places());
        let form = if input.kind == Kind::Number { Form::Number(Scaled::exact(scale)) } else { Form::of(&input.kind) };
        let absent = self.absent(input, scale)?;
        let may_be_missing = absent == Some(L::MISSING);
        let mut operand = Operand { may_be_missing, ..Operand::of(slot, form) };
        if input.kind == Kind::Number {
            let (low, high) = bounds::<L>(input, scale)?;
            let declared = input.whole || input.places.is_some() || scale == input.most_places();
            let longer = if declared { Escape::Exact } else { Escape::Wider };
            let places = u8::try_from(scale).map_err(|_| Escape::Exact)?;
            operand.reach = low.to_wide().saturating_abs().max(high.to_wide().saturating_abs());
            if let Some(default) = absent.filter(|_| !may_be_missing) {
                operand.reach = operand.reach.max(default.to_wide().saturating_abs());
            }
            self.program.numbers.push(NumberLoad { input: number, slot, places, longer, low, high, absent });
        } else {
            self.program.others.push(OtherLoad { input: number, slot, text: form == Form::Text, absent });
        }
        self.inputs.insert(id, operand);
        Ok(operand)
    }

    /// What an absent cell of an input means.
    fn absent(&mut self, input: &Input, scale: u32) -> Compiled<Option<L>> {
        let default = match &input.missing {
            MissingPolicy::Error => return Ok(None),
            MissingPolicy::Allow => L::MISSING,
            MissingPolicy::Default(Value::Number(number)) => {
                let units = number.scaled(scale).and_then(L::from_wide);
                units.filter(|units| *units != L::MISSING).ok_or(Escape::Wider)?
            }
            MissingPolicy::Default(Value::Text(text)) => {
                let at = i128::try_from(self.word(text)).map_err(|_| Escape::Exact)?;
                Self::lane(at)?
            }
            MissingPolicy::Default(value) => constant(value, &input.kind).ok_or(Escape::Exact)?,
        };
        Ok(Some(default))
    }
}

/// The declaration of a number as bounds on its units: what `eval/input.rs` decides, and that it can be published.
fn bounds<L: Lane>(input: &Input, scale: u32) -> Compiled<(L, L)> {
    let range = &input.range;
    let places = i32::try_from(scale).map_err(|_| Escape::Exact)?;
    let units = |number: &Number, mode: RoundingMode| {
        // a bound beyond any cell bounds nothing
        let beyond = if number.is_negative() { i128::MIN + 1 } else { i128::MAX };
        number.round(places, mode).scaled(scale).unwrap_or(beyond)
    };
    // sixteen digits without a range, and what can be published with one, which are as many
    let whole = INPUT_INTEGER_DIGITS.min(PUBLISHED_DIGITS - PUBLISHED_PLACES);
    let most = 10_i128.checked_pow(whole + scale).ok_or(Escape::Exact)? - 1;
    let (mut low, mut high) = (-most, most);
    if let Some(min) = &range.min {
        low = low.max(units(min, RoundingMode::Ceil));
    }
    if let Some(above) = &range.above {
        low = low.max(units(above, RoundingMode::Floor).saturating_add(1));
    }
    if let Some(max) = &range.max {
        high = high.min(units(max, RoundingMode::Floor));
    }
    if let Some(below) = &range.below {
        high = high.min(units(below, RoundingMode::Ceil).saturating_sub(1));
    }
    // what the lane does not hold never comes as far as its bounds
    let least = L::LEAST;
    let most = least.negated().ok_or(Escape::Exact)?;
    // a bound on the far side of what the lane holds lets no cell of the lane in, so the row belongs to the next tier
    let low = match L::from_wide(low) {
        Some(low) => low,
        None if low < 0 => least,
        None => return Err(Escape::Wider),
    };
    let high = match L::from_wide(high) {
        Some(high) => high,
        None if high > 0 => most,
        None => return Err(Escape::Wider),
    };
    Ok((low, high))
}
