//! Parameters: one value or values by key, always or from a day on, each with its source.

use std::collections::HashSet;
use std::sync::Arc;

use kaohe_grammar::{ComparisonOperator, Expr, Name, say};

use super::builder::Builder;
use super::names::{Symbol, qualified};
use crate::code::Code;
use crate::date::Date;
use crate::diagnostic::Span;
use crate::document::model::{EditionText, FormulaText, Named, ParameterText, ValuesText};
use crate::document::suggest::nearest;
use crate::fault::FaultCode;
use crate::limits::{EDITIONS, TABLE_CELLS, WORDS};
use crate::number::Number;
use crate::plan::{Arithmetic, BandEdge, DateSpan, Extreme, Facts, NodeId, Op, Step, Table, TableId, TableKey};
use crate::unit::Unit;
use crate::value::{Kind, Value};

/// How many parameters may stand in a chain, each read by the next.
const PARAMETER_CHAIN: usize = 32;

/// A parameter whose values are known.
#[derive(Debug, Clone)]
pub(crate) struct Dated {
    editions: Vec<Edition>,
    /// The edition in force on the day that counts.
    current: Option<usize>,
}

#[derive(Debug, Clone)]
struct Edition {
    from: Option<Date>,
    content: Content,
    source: Option<Arc<str>>,
}

/// A single value of a parameter.
struct DatedValue {
    from: Option<Date>,
    value: NodeId,
    source: Option<Arc<str>>,
}

#[derive(Debug, Clone)]
enum Content {
    One(NodeId),
    Keyed(TableId, Facts),
}

impl Builder<'_> {
    /// The parameter's value in force on the day that counts.
    pub(crate) fn parameter_value(&mut self, parameter: &ParameterText, span: Span) -> Option<NodeId> {
        let (edition, name) = self.current(parameter, span)?;
        match edition.content {
            Content::One(value) => {
                self.tell(Step::Parameter { name, source: edition.source, from: edition.from }, value)
            }
            Content::Keyed(..) => {
                let keys: Vec<&str> = parameter.by.iter().map(|key| &*key.name).collect();
                let keys = keys.join(", ");
                self.error(
                    Code::WrongArguments,
                    span,
                    say!("`{name}` has a value for each key", "`{name}` 按键取值，须写明键"),
                    Some(say!("write `{name}[{keys}]`", "请写 `{name}[{keys}]`")),
                );
                None
            }
        }
    }

    /// A parameter by key: `效益系数[级别, 档次]`.
    pub(crate) fn index(&mut self, name: &Name, keys: &[Expr]) -> Option<NodeId> {
        let parameter = match (&name.table, self.names.get(&name.name)) {
            (None, Some(Symbol::Parameter(parameter))) => parameter,
            (None, Some(Symbol::Failed)) => return None,
            (None, None) => {
                self.unknown_name(&name.name, name.span);
                return None;
            }
            _ => {
                let text = &name.name;
                self.error(
                    Code::WrongArguments,
                    name.span,
                    say!("`{text}` is no parameter, so it has no keys", "`{text}` 不是参数，不能用方括号取值"),
                    None,
                );
                return None;
            }
        };
        let key_ids: Vec<_> = keys.iter().map(|key| self.expr(key)).collect();
        let (edition, parameter_name) = self.current(parameter, name.span)?;
        let Content::Keyed(table, facts) = edition.content else {
            self.error(
                Code::WrongArguments,
                name.span,
                say!("`{parameter_name}` has one value and no keys", "`{parameter_name}` 只有一个值，没有键"),
                Some(say!("write `{parameter_name}`", "请写 `{parameter_name}`")),
            );
            return None;
        };
        let id = self.cell_of(&parameter_name, (table, facts), &key_ids, (keys, name.span))?;
        self.tell(Step::Parameter { name: parameter_name, source: edition.source, from: edition.from }, id)
    }

    /// The cell of a parameter by key.
    fn cell_of(
        &mut self,
        parameter_name: &str,
        (table, facts): (TableId, Facts),
        key_ids: &[Option<NodeId>],
        (keys, span): (&[Expr], Span),
    ) -> Option<NodeId> {
        let dimensions = self.tables.get(table.index()).map(|table| table.keys.clone()).unwrap_or_default();
        if dimensions.len() != keys.len() {
            let (wanted, found) = (dimensions.len(), keys.len());
            self.error(
                Code::WrongArguments,
                span,
                say!(
                    "`{parameter_name}` has {wanted} keys, found {found}",
                    "`{parameter_name}` 有 {wanted} 个键，这里写了 {found} 个"
                ),
                None,
            );
            return None;
        }
        let mut found = Vec::new();
        for ((id, dimension), key) in key_ids.iter().zip(&dimensions).zip(keys) {
            let id = (*id)?;
            found.push(match dimension {
                TableKey::Choice(list) => {
                    let id = self.word(id, list, key.span)?;
                    self.demand(id, &Kind::Choice(Arc::clone(list)), key.span)?
                }
                TableKey::Text(_) => {
                    let id = self.as_text(id);
                    self.demand(id, &Kind::Text, key.span)?
                }
            });
        }
        Some(self.push(Op::Lookup { table, keys: found.into() }, facts))
    }

    /// The parameter's value in force on a day of the row.
    pub(crate) fn on_date(&mut self, name: Arc<str>, keys: &[Expr], date: NodeId) -> Option<NodeId> {
        let values = self.dated_values(&name, keys)?;
        self.in_force_on(&name, date, &values)?;
        let mut bands = Vec::new();
        for value in values.iter().rev() {
            let edge = self.value(Value::Date(value.from.unwrap_or(Date::MIN)), Kind::Date, Unit::Unknown);
            bands.push((edge, self.edition(&name, value)?));
        }
        let hole = self.fail(FaultCode::NotInTable, values.first()?.value);
        let id = self.bands(date, BandEdge::AtLeast, bands, Some(hole))?;
        self.tell(Step::Dated, id)
    }

    /// The mean of the parameter's values over the days, both ends counted.
    pub(crate) fn day_average(&mut self, name: Arc<str>, keys: &[Expr], from: NodeId, to: NodeId) -> Option<NodeId> {
        let values = self.dated_values(&name, keys)?;
        self.in_force_on(&name, from, &values)?;
        let zero = self.value(Value::Number(Number::ZERO), Kind::Number, Unit::plain());
        let one = self.value(Value::Number(Number::ONE), Kind::Number, Unit::plain());
        let mut total: Option<NodeId> = None;
        for (at, value) in values.iter().enumerate() {
            let mut first = from;
            if let Some(start) = value.from {
                let start = self.value(Value::Date(start), Kind::Date, Unit::Unknown);
                first = self.extreme(Extreme::Maximum, vec![first, start])?;
            }
            let mut last = to;
            if let Some(next) = values.get(at + 1).and_then(|next| next.from) {
                let end = self.value(Value::Date(next.add_days(-1)?), Kind::Date, Unit::Unknown);
                last = self.extreme(Extreme::Minimum, vec![last, end])?;
            }
            let between = self.date_span(DateSpan::DaysBetween, first, last);
            let days = self.arithmetic(Arithmetic::Add, between, one)?;
            let days = self.extreme(Extreme::Maximum, vec![days, zero])?;
            // a value that is in force on none of the days was not read
            let never = self.constant_number(days).is_some_and(Number::is_zero);
            let value = if never { value.value } else { self.edition(&name, value)? };
            let mut part = self.arithmetic(Arithmetic::Multiply, value, days)?;
            if !keys.is_empty() {
                // a key that an edition in force on none of the days does not have is no fault
                let some = self.compare(ComparisonOperator::Greater, days, zero)?;
                let nothing = self.zero();
                part = self.choose(some, part, nothing)?;
            }
            total = Some(match total {
                Some(total) => self.arithmetic(Arithmetic::Add, total, part)?,
                None => part,
            });
        }
        let days = self.date_span(DateSpan::DaysInclusive, from, to);
        let mean = self.arithmetic(Arithmetic::Divide, total?, days)?;
        let ordered = self.compare(ComparisonOperator::AtMost, from, to)?;
        let crossed = self.fail(FaultCode::NotInOrder, mean);
        let mut id = self.choose(ordered, mean, crossed)?;
        if let Some(start) = values.first().and_then(|first| first.from) {
            let start = self.value(Value::Date(start), Kind::Date, Unit::Unknown);
            let covered = self.compare(ComparisonOperator::AtLeast, from, start)?;
            let hole = self.fail(FaultCode::NotInTable, mean);
            id = self.choose(covered, id, hole)?;
        }
        self.tell(Step::Dated, id)
    }

    /// One of the values of a parameter that is read on days of the row, with where it comes from.
    fn edition(&mut self, name: &Arc<str>, value: &DatedValue) -> Option<NodeId> {
        let step = Step::Parameter { name: Arc::clone(name), source: value.source.clone(), from: value.from };
        self.tell(step, value.value)
    }

    /// A day that is known already comes no earlier than the first value.
    fn in_force_on(&mut self, name: &str, date: NodeId, values: &[DatedValue]) -> Option<()> {
        let first = values.first().and_then(|first| first.from);
        let (Some(Value::Date(day)), Some(first)) = (self.constant(date), first) else { return Some(()) };
        let day = *day;
        if day >= first {
            return Some(());
        }
        self.error(
            Code::NotInForce,
            self.node(date).span.unwrap_or_else(|| self.here()),
            say!("`{name}` has no value in force on {day}", "`{name}` 在 {day} 没有生效的值"),
            Some(say!(
                "its first value is in force from {first}; add an earlier one",
                "它的第一个值自 {first} 起生效，请补上更早生效的值"
            )),
        );
        None
    }

    /// The values of a parameter with the day each begins; of one by key those of the keys.
    fn dated_values(&mut self, name: &Arc<str>, keys: &[Expr]) -> Option<Vec<DatedValue>> {
        let Some(Symbol::Parameter(parameter)) = self.names.get(name) else { return None };
        self.read.insert(Arc::clone(name));
        let dated = self.resolved(parameter)?;
        let key_ids: Vec<_> = keys.iter().map(|key| self.expr(key)).collect();
        let span = self.here();
        let mut values = Vec::new();
        for edition in &dated.editions {
            let value = match &edition.content {
                Content::One(value) if keys.is_empty() => *value,
                Content::One(_) => {
                    self.error(
                        Code::WrongArguments,
                        span,
                        say!("`{name}` has one value and no keys", "`{name}` 只有一个值，没有键"),
                        Some(say!("write `{name}`", "请写 `{name}`")),
                    );
                    return None;
                }
                Content::Keyed(table, facts) => self.cell_of(name, (*table, facts.clone()), &key_ids, (keys, span))?,
            };
            values.push(DatedValue { from: edition.from, value, source: edition.source.clone() });
        }
        Some(values)
    }

    fn current(&mut self, parameter: &ParameterText, span: Span) -> Option<(Edition, Arc<str>)> {
        let name = Arc::clone(&parameter.name.name);
        self.read.insert(Arc::clone(&name));
        let dated = self.resolved(parameter)?;
        if let Some(edition) = dated.current.and_then(|at| dated.editions.get(at)) {
            return Some((edition.clone(), name));
        }
        let message = match self.days.as_of {
            Some(day) => say!("`{name}` has no value in force on {day}", "`{name}` 在 {day} 没有生效的值"),
            None => say!(
                "`{name}` has dated values, and the scheme has no period",
                "`{name}` 的值按日期生效，而方案没有写考核周期"
            ),
        };
        self.error(
            Code::NotInForce,
            span,
            message,
            Some(say!(
                "add a value that is in force from an earlier day, or a `period`",
                "请补上更早生效的值，或写明 `period`"
            )),
        );
        None
    }

    /// The parameter's values, read once; its mistakes are reported once.
    pub(crate) fn resolved(&mut self, parameter: &ParameterText) -> Option<Dated> {
        if let Some(known) = self.parameters.get(&parameter.name.name) {
            return known.clone();
        }
        let name = &parameter.name.name;
        if self.resolving.contains(name) || self.resolving.len() >= PARAMETER_CHAIN {
            self.error(
                Code::Cycle,
                self.here(),
                say!("the parameter `{name}` reads itself", "参数 `{name}` 引用了自己"),
                Some(say!("give it a value of its own", "请直接写出它的值")),
            );
            return None;
        }
        self.resolving.push(Arc::clone(name));
        let found = self.inside(&parameter.path, parameter.name.span, |this| this.resolve(parameter));
        self.resolving.pop();
        self.parameters.insert(Arc::clone(&parameter.name.name), found.clone());
        found
    }

    fn resolve(&mut self, parameter: &ParameterText) -> Option<Dated> {
        if parameter.editions.len() > EDITIONS {
            self.error(
                Code::TooMany,
                parameter.name.span,
                say!("a parameter has at most {EDITIONS} dated values", "一个参数最多有 {EDITIONS} 个按日期生效的值"),
                None,
            );
            return None;
        }
        let mut editions: Vec<Edition> = Vec::new();
        let mut failed = false;
        for edition in &parameter.editions {
            if let (Some((from, span)), Some(Some(last))) = (edition.from, editions.last().map(|last| last.from))
                && from <= last
            {
                self.error(
                    Code::ParameterOrder,
                    span,
                    say!("{from} does not come after {last}", "{from} 没有排在 {last} 之后"),
                    Some(say!(
                        "dated values stand earliest first, one for each day",
                        "按日期生效的值须从早到晚排列，同一天只有一个"
                    )),
                );
                failed = true;
            }
            match self.content(parameter, edition) {
                Some(content) => editions.push(Edition {
                    from: edition.from.map(|(from, _)| from),
                    content,
                    source: edition.source.clone(),
                }),
                None => failed = true,
            }
        }
        if failed || editions.is_empty() {
            return None;
        }
        let current = editions.iter().rposition(|edition| match (edition.from, self.days.as_of) {
            (None, _) => true,
            (Some(from), Some(day)) => from <= day,
            (Some(_), None) => false,
        });
        Some(Dated { editions, current })
    }

    fn content(&mut self, parameter: &ParameterText, edition: &EditionText) -> Option<Content> {
        match (&edition.values, parameter.by.is_empty()) {
            (ValuesText::One(formula), true) => self.known(formula, parameter.unit.as_ref()).map(Content::One),
            (ValuesText::Keyed(entries), false) => self.keyed(parameter, entries, edition),
            (ValuesText::One(_), false) => {
                self.error(
                    Code::TableHole,
                    edition.span,
                    say!(
                        "a parameter `by` columns has `values`, one for each key",
                        "写了 `by` 的参数要用 `values` 按键给值"
                    ),
                    None,
                );
                None
            }
            (ValuesText::Keyed(_), true) => {
                self.error(
                    Code::MissingKey,
                    edition.span,
                    say!("values by key need to say by which columns", "按键给值须写明 `by`"),
                    Some(say!("write `by: [级别]`", "请写 `by: [级别]`")),
                );
                None
            }
        }
    }

    /// A value that is known when the scheme is read, with the unit declared for it.
    fn known(&mut self, formula: &FormulaText, unit: Option<&Named>) -> Option<NodeId> {
        let id = self.formula(formula)?;
        let Some(value) = self.constant(id).cloned() else {
            let text = &formula.text;
            self.inside(&formula.path, formula.span, |this| {
                this.error(
                    Code::NotConstant,
                    formula.span,
                    say!("`{text}` must be known when the scheme is read", "`{text}` 必须是固定的值，不能引用列"),
                    Some(say!("what depends on the row is a computed column", "随人而变的值应写成计算指标")),
                );
            });
            return None;
        };
        let facts = self.facts(id).clone();
        let unit = match unit {
            None => facts.unit,
            Some(unit) => {
                let declared = Unit::named(&unit.name);
                match declared.together(&facts.unit) {
                    Ok(_) => declared,
                    Err(clash) => {
                        self.inside(&formula.path, formula.span, |this| this.clash(&clash, formula.span));
                        return None;
                    }
                }
            }
        };
        let stood = self.stand(Some(formula.span));
        let id = self.value(value, facts.kind, unit);
        self.stand(stood);
        Some(id)
    }

    fn keyed(
        &mut self,
        parameter: &ParameterText,
        entries: &[(Named, ValuesText)],
        edition: &EditionText,
    ) -> Option<Content> {
        let mut rows: Vec<(Vec<&Named>, NodeId)> = Vec::new();
        self.flatten(parameter, entries, &mut Vec::new(), &mut rows)?;
        let mut keys = Vec::new();
        for (at, by) in parameter.by.iter().enumerate() {
            keys.push(self.dimension(by, at, &rows)?);
        }
        let cells = keys.iter().map(TableKey::len).try_fold(1_usize, usize::checked_mul);
        if cells.is_none_or(|cells| cells > TABLE_CELLS) {
            self.error(
                Code::TooMany,
                edition.span,
                say!("a parameter has at most {TABLE_CELLS} values", "一个参数最多有 {TABLE_CELLS} 个值"),
                None,
            );
            return None;
        }
        let mut values: Vec<Option<Value>> = vec![None; cells.unwrap_or(0)];
        let mut facts = self.facts(rows.first()?.1).clone();
        let first_kind = facts.kind.clone();
        for (path, id) in &rows {
            let at = self.cell(&keys, path)?;
            let span = self.node(*id).span.unwrap_or_default();
            self.demand(*id, &first_kind, span)?;
            let other = self.facts(*id);
            facts.size = facts.size.either(other.size);
            facts.unit = match facts.unit.together(&other.unit) {
                Ok(unit) => unit,
                Err(clash) => {
                    self.clash(&clash, span);
                    return None;
                }
            };
            let value = self.constant(*id).cloned();
            if let Some(slot) = values.get_mut(at) {
                *slot = value;
            }
        }
        self.holes(&keys, &values, edition)?;
        let (name, source) = (Arc::clone(&parameter.name.name), edition.source.clone());
        let table = self.table(Table { name, keys, values, source });
        Some(Content::Keyed(table, facts))
    }

    /// The values with the keys that lead to each.
    fn flatten<'e>(
        &mut self,
        parameter: &ParameterText,
        entries: &'e [(Named, ValuesText)],
        path: &mut Vec<&'e Named>,
        rows: &mut Vec<(Vec<&'e Named>, NodeId)>,
    ) -> Option<()> {
        let mut failed = false;
        for (key, value) in entries {
            path.push(key);
            let depth_is_right = matches!(value, ValuesText::One(_)) == (path.len() == parameter.by.len());
            if depth_is_right {
                let done = match value {
                    ValuesText::One(formula) => {
                        self.known(formula, parameter.unit.as_ref()).map(|id| rows.push((path.clone(), id)))
                    }
                    ValuesText::Keyed(inner) => self.flatten(parameter, inner, path, rows),
                };
                failed |= done.is_none();
            } else {
                let wanted = parameter.by.len();
                let name = &key.name;
                self.error(
                    Code::TableHole,
                    key.span,
                    say!(
                        "`{name}` does not lead to a value by {wanted} keys",
                        "`{name}` 之下的层数与 `by` 的 {wanted} 个键不符"
                    ),
                    Some(say!("one map inside the other, as many as `by` has columns", "`by` 有几列，就嵌套几层")),
                );
                failed = true;
            }
            path.pop();
        }
        (!failed).then_some(())
    }

    fn dimension(&mut self, by: &Named, at: usize, rows: &[(Vec<&Named>, NodeId)]) -> Option<TableKey> {
        let key = self.key_column(by)?;
        if let Some(list) = self.names.words.get(&key) {
            return Some(TableKey::Choice(Arc::clone(list)));
        }
        if self.names.texts.contains(&key) {
            let mut words: Vec<Arc<str>> = Vec::new();
            let mut seen = HashSet::new();
            for (path, _) in rows {
                if let Some(key) = path.get(at)
                    && seen.insert(&*key.name)
                {
                    words.push(Arc::clone(&key.name));
                }
            }
            if words.len() > WORDS {
                self.too_many_words(by.span);
                return None;
            }
            return Some(TableKey::Text(words));
        }
        let name = &by.name;
        match self.names.get(name) {
            Some(Symbol::Failed) => {}
            None => self.unknown_name(name, by.span),
            Some(_) => self.error(
                Code::TypeMismatch,
                by.span,
                say!(
                    "`{name}` is no choice, grade or text, so it cannot be a key",
                    "`{name}` 不是选项、等级或文本，不能作键"
                ),
                None,
            ),
        }
        None
    }

    /// The column whose words are the keys: one of people, or the only one of that name among detail tables.
    fn key_column(&mut self, by: &Named) -> Option<Arc<str>> {
        if self.names.get(&by.name).is_some() {
            return Some(Arc::clone(&by.name));
        }
        let words = |name: &Arc<str>| self.names.words.get(name).cloned();
        let details = self.names.details.iter();
        let found: Vec<Arc<str>> = details
            .map(|detail| qualified(&detail.name.name, &by.name))
            .chain([Arc::clone(&by.name)])
            .filter(|name| self.names.words.contains_key(name) || self.names.texts.contains(name))
            .collect();
        let first = found.first().cloned().unwrap_or_else(|| Arc::clone(&by.name));
        if found.iter().all(|other| words(other) == words(&first)) {
            return Some(first);
        }
        let name = &by.name;
        self.error(
            Code::SeveralValues,
            by.span,
            say!(
                "`{name}` is a column of several detail tables, with different words",
                "几张明细表都有 `{name}`，取值却不同"
            ),
            Some(say!("say which: `by: [{first}]`", "请写明是哪一张：`by: [{first}]`")),
        );
        None
    }

    /// Where in the table a path of keys leads.
    fn cell(&mut self, keys: &[TableKey], path: &[&Named]) -> Option<usize> {
        let mut at = 0;
        for (dimension, key) in keys.iter().zip(path) {
            let found = match dimension {
                TableKey::Choice(list) => list.position(&key.name).map(|at| at as usize),
                TableKey::Text(words) => words.iter().position(|word| *word == key.name),
            };
            let Some(found) = found else {
                let name = &key.name;
                let help = match dimension {
                    TableKey::Choice(list) => nearest(name, list.words.iter().map(|word| &**word)),
                    TableKey::Text(_) => None,
                };
                let help = help.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？"));
                self.error(
                    Code::UnknownWordInFormula,
                    key.span,
                    say!("`{name}` is none of the words of this key", "`{name}` 不是这个键的取值"),
                    help,
                );
                return None;
            };
            at = at * dimension.len() + found;
        }
        Some(at)
    }

    /// A table by choices has a value for each of them.
    fn holes(&mut self, keys: &[TableKey], values: &[Option<Value>], edition: &EditionText) -> Option<()> {
        if keys.iter().any(|key| matches!(key, TableKey::Text(_))) {
            return Some(());
        }
        let Some(hole) = values.iter().position(Option::is_none) else { return Some(()) };
        let mut at = hole;
        let mut path: Vec<Arc<str>> = Vec::new();
        for key in keys.iter().rev() {
            let TableKey::Choice(list) = key else { continue };
            path.push(list.words.get(at % key.len()).cloned().unwrap_or_else(|| "".into()));
            at /= key.len();
        }
        path.reverse();
        let path = path.join(", ");
        self.error(
            Code::TableHole,
            edition.span,
            say!("there is no value for `{path}`", "缺少 `{path}` 的值"),
            Some(say!("a table by choices has a value for each of them", "按选项取值的表，每个选项都要有值")),
        );
        None
    }
}
