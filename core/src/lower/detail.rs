//! Values of the run, detail tables, and figures over detail rows.

use std::sync::Arc;

use kaohe_grammar::{Clause, Expr, ExprKind, say};

use super::builder::Builder;
use super::columns::Draft;
use super::names::{Symbol, qualified};
use crate::code::Code;
use crate::diagnostic::Span;
use crate::document::model::{ComputedText, DetailText, InputText, Named};
use crate::document::suggest::nearest;
use crate::functions::{Function, find};
use crate::limits::ROWS;
use crate::plan::{Aggregate, AggregateFunction, ColumnId, Detail, DetailId, Facts, InputId, NodeId, Op, Role};
use crate::size::Size;
use crate::unit::Unit;
use crate::value::{Kind, Value};

/// What is asked of detail rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'e> {
    pub(crate) function: Function,
    pub(crate) table: usize,
    pub(crate) argument: &'e Expr,
    pub(crate) clauses: &'e [(Clause, Span)],
    pub(crate) span: Span,
}

impl Builder<'_> {
    /// A value of the run.
    pub(crate) fn given(&mut self, text: &InputText) {
        let common = &text.common;
        let made = self
            .inside(&common.path, common.name.span, |this| this.declared(text, &common.name.name, ColumnId(u32::MAX)));
        if made.is_none() {
            self.failed.insert(Arc::clone(&common.name.name));
        }
        // one that is wrong keeps its place, so that the next one has its own
        self.given.push(made);
    }

    /// The value of the run at that place, as a formula reads it.
    pub(crate) fn given_value(&mut self, at: usize, name: &str) -> Option<NodeId> {
        if self.failed.contains(name) {
            return None;
        }
        self.read.insert(name.into());
        let (_, facts) = self.given.get(at)?.as_ref()?;
        let facts = facts.clone();
        Some(self.push(Op::Given(InputId(u32::try_from(at).ok()?)), facts))
    }

    /// A detail table, without its columns yet.
    pub(crate) fn detail_table(&mut self, text: &DetailText) {
        self.details.push(Detail {
            name: Arc::clone(&text.name.name),
            key: ColumnId(u32::MAX),
            key_headers: Vec::new(),
            inputs: Vec::new(),
            columns: Vec::new(),
            unique: Vec::new(),
            kind: text.kind,
            span: Some(text.name.span),
        });
    }

    /// A column that the rows of a detail table bring.
    pub(crate) fn detail_input(&mut self, table: usize, text: &InputText) -> Option<ColumnId> {
        let detail = DetailId(u32::try_from(table).ok()?);
        let column = ColumnId(u32::try_from(self.columns.len()).ok()?);
        let own = self.details.get(table)?;
        let name = qualified(&own.name, &text.common.name.name);
        let id = InputId(u32::try_from(own.inputs.len()).ok()?);
        let (input, facts) = self.declared(text, &name, column)?;
        let body = self.push(Op::DetailInput(detail, id), facts);
        let draft = Draft::new(&text.common, body, Role::Input(id)).named(name).in_table(detail);
        let column = self.finish(draft)?;
        let own = self.details.get_mut(table)?;
        own.inputs.push(input);
        own.columns.push(column);
        Some(column)
    }

    /// An indicator of each row of a detail table.
    pub(crate) fn detail_computed(&mut self, table: usize, text: &ComputedText) -> Option<ColumnId> {
        let detail = DetailId(u32::try_from(table).ok()?);
        let name = qualified(&self.details.get(table)?.name, &text.common.name.name);
        self.own_table = Some(table);
        let body = self.computed_body(text);
        self.own_table = None;
        let round = self.rounding(text.common.round, None);
        let draft = Draft::new(&text.common, body?, Role::Computed).named(name).in_table(detail);
        let column = self.finish(draft.formula(text.rule.formula()).rounded(round))?;
        self.details.get_mut(table)?.columns.push(column);
        Some(column)
    }

    /// Settles the key of a detail table, and which of its rows may not be alike, when all columns are known.
    pub(crate) fn detail_key(&mut self, text: &DetailText) {
        self.inside(&text.path, text.key.span, |this| this.settle_key(text));
    }

    fn settle_key(&mut self, text: &DetailText) -> Option<()> {
        let name = &text.key.name;
        if self.failed.contains(name) {
            return None;
        }
        let Some(key) = self.by_name.get(name).copied() else {
            if self.names.get(name).is_none() {
                self.unknown_name(name, text.key.span);
            } else {
                self.error(
                    Code::TypeMismatch,
                    text.key.span,
                    say!("`{name}` is no column of people", "`{name}` 不是人员的列"),
                    Some(say!("the key is the staff column whose value the rows name", "键应是人员表中的一列")),
                );
            }
            return None;
        };
        self.read.insert(Arc::clone(name));
        let column = self.columns.get(key.index())?;
        let kind = self.facts(column.body).kind.clone();
        if !matches!(kind, Kind::Text | Kind::Choice(_)) {
            let (en, zh) = kind.told();
            self.error(
                Code::TypeMismatch,
                text.key.span,
                say!(
                    "rows are matched by a text or a choice, and `{name}` is {en}",
                    "明细行按文本或选项对应人员，而 `{name}` 是{zh}"
                ),
                Some(say!("declare it as text", "请把它声明为文本")),
            );
            return None;
        }
        let headers = match column.role {
            Role::Input(id) => self.inputs.get(id.index()).map(|input| input.names().map(Arc::from).collect()),
            _ => None,
        };
        let headers = headers.unwrap_or_else(|| vec![Arc::clone(name)]);
        let mut unique = Vec::new();
        for named in &text.unique {
            unique.push(self.unique_column(text, named)?);
        }
        // that a column of the table is called its key is told where that is written
        let clash = text.columns.iter().filter(|input| !input.key).find(|input| {
            std::iter::once(&input.common.name).chain(&input.headers).any(|named| headers.contains(&named.name))
        });
        if let Some(clash) = clash {
            let (own, table) = (&clash.common.name.name, &text.name.name);
            self.error(
                Code::HeaderTwice,
                clash.common.name.span,
                say!(
                    "`{own}` of `{table}` has the header of its key `{name}`",
                    "`{table}` 的 `{own}` 与键 `{name}` 的表头相同"
                ),
                Some(say!("the key need not be listed among the columns", "键不必列在 `columns` 中")),
            );
            return None;
        }
        let own = self.details.iter_mut().find(|detail| detail.name == text.name.name)?;
        (own.key, own.key_headers, own.unique) = (key, headers, unique);
        Some(())
    }

    fn unique_column(&mut self, text: &DetailText, named: &Named) -> Option<InputId> {
        if let Some(at) = text.columns.iter().position(|input| input.common.name.name == named.name) {
            self.read.insert(qualified(&text.name.name, &named.name));
            return u32::try_from(at).ok().map(InputId);
        }
        let (name, table) = (&named.name, &text.name.name);
        let near = nearest(name, text.columns.iter().map(|input| &*input.common.name.name));
        self.error(
            Code::UnknownName,
            named.span,
            say!("the rows of `{table}` do not bring `{name}`", "`{table}` 的行没有 `{name}` 这一列"),
            near.map(|near| say!("did you mean `{near}`?", "是不是 `{near}`？")),
        );
        None
    }

    // -- figures over rows --

    /// The tables whose rows a call is a figure over, when it is one.
    pub(crate) fn asked_of_rows(&self, function: Function, arguments: &[Expr]) -> Option<Vec<usize>> {
        let [argument] = arguments else { return None };
        if self.names.details.is_empty() || !is_over_rows(function) {
            return None;
        }
        let tables = self.tables_in(argument);
        (!tables.is_empty()).then_some(tables)
    }

    /// The detail tables that an expression names, but for those that a figure over rows inside it is about.
    fn tables_in(&self, expr: &Expr) -> Vec<usize> {
        let mut parts = expr.children();
        match &expr.kind {
            ExprKind::Name(name) => {
                let table = name.table.as_deref().unwrap_or(&name.name);
                return self.names.detail(table).map(|(at, _)| at).into_iter().collect();
            }
            ExprKind::Call { function, arguments, clauses, .. }
                if arguments.len() == 1 && find(function).is_some_and(|spec| is_over_rows(spec.function)) =>
            {
                if arguments.iter().any(|argument| !self.tables_in(argument).is_empty()) {
                    return Vec::new();
                }
                parts = clauses.iter().flat_map(|(clause, _)| clause.children()).collect();
            }
            _ => {}
        }
        let mut tables: Vec<usize> = Vec::new();
        for table in parts.into_iter().flat_map(|part| self.tables_in(part)) {
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        tables
    }

    /// A figure over the person's detail rows.
    pub(crate) fn over_rows(&mut self, asked: Asked<'_>, tables: &[usize]) -> Option<NodeId> {
        let in_view = |table: &usize| self.rows.contains(table) || self.own_table == Some(*table);
        let table = match tables {
            [one] => *one,
            many => {
                let mut outside = many.iter().filter(|table| !in_view(table));
                match (outside.next(), outside.next()) {
                    (Some(one), None) => *one,
                    _ => return self.two_tables(many, asked.span),
                }
            }
        };
        let asked = Asked { table, ..asked };
        self.rows.push(table);
        let operands = self.row_operands(&asked);
        self.rows.pop();
        let (function, value, filter, by) = operands?;
        let when_empty = match clause(asked.clauses, |clause| {
            if let Clause::WhenEmpty(expr) = clause { Some(expr) } else { None }
        }) {
            Some(expr) => Some((self.expr(expr)?, expr.span)),
            None => None,
        };
        let stood = self.stand(Some(asked.span));
        let id = self.aggregate(table, function, (value, filter, by), when_empty, &asked);
        self.stand(stood);
        id
    }

    fn two_tables(&mut self, tables: &[usize], span: Span) -> Option<NodeId> {
        let names: Vec<String> = tables
            .iter()
            .filter_map(|at| self.names.details.get(*at))
            .map(|detail| format!("`{}`", detail.name.name))
            .collect();
        let (en, zh) = (names.join(" and "), names.join("、"));
        self.error(
            Code::SeveralValues,
            span,
            kaohe_grammar::Message::new(
                format!("one figure is computed over the rows of one table, and this names {en}"),
                format!("一个汇总只能针对一张明细表，这里涉及 {zh}"),
            ),
            Some(say!("compute a figure over each, and put them together", "请分别汇总后再合在一起")),
        );
        None
    }

    /// The function with what it reads in each row.
    #[expect(clippy::type_complexity, reason = "four operands that are used just once")]
    fn row_operands(
        &mut self,
        asked: &Asked<'_>,
    ) -> Option<(AggregateFunction, Option<(NodeId, Span)>, Option<NodeId>, Option<NodeId>)> {
        use AggregateFunction as A;
        let argument = asked.argument;
        let bare = matches!(&argument.kind, ExprKind::Name(name) if name.table.is_none() && self.names.detail(&name.name).is_some());
        let function = match asked.function {
            Function::Sum => A::Sum,
            Function::Average => A::Average,
            Function::Minimum => A::Minimum,
            Function::Maximum => A::Maximum,
            Function::Median => A::Median,
            Function::Last => A::Last,
            _ => A::Count,
        };
        let mut filter =
            match clause(asked.clauses, |clause| if let Clause::Where(expr) = clause { Some(expr) } else { None }) {
                Some(expr) => Some(self.operand(expr, &Kind::Truth)?),
                None => None,
            };
        let value = match (function, bare) {
            (A::Count, true) => None,
            (A::Count, false) if asked.function == Function::CountTrue => {
                let condition = self.operand(argument, &Kind::Truth)?;
                filter = Some(match filter {
                    Some(filter) => self.truth_node(Op::And(filter, condition)),
                    None => condition,
                });
                None
            }
            (A::Count, false) => {
                let table = &self.names.details.get(asked.table)?.name.name;
                self.error(
                    Code::WrongArguments,
                    argument.span,
                    say!("`count` counts rows, so it is given the table", "`count` 数的是行，参数应是明细表"),
                    Some(say!("write `count({table} where …)`", "请写 `count({table} where …)`")),
                );
                return None;
            }
            (_, true) => {
                let (table, name) = (&self.names.details.get(asked.table)?.name.name, function.name());
                self.error(
                    Code::WrongArguments,
                    argument.span,
                    say!(
                        "`{name}` is computed over a column, and `{table}` is a table",
                        "`{name}` 针对的是列，而 `{table}` 是明细表"
                    ),
                    Some(say!(
                        "write `{name}({table}.列)` with one of its columns",
                        "请写 `{name}({table}.列)`，写明其中一列"
                    )),
                );
                return None;
            }
            (A::Sum | A::Average | A::Median, false) => Some((self.operand(argument, &Kind::Number)?, argument.span)),
            (_, false) => Some((self.expr(argument)?, argument.span)),
        };
        let by = match clause(asked.clauses, |clause| if let Clause::By(expr) = clause { Some(expr) } else { None }) {
            Some(expr) => {
                let id = self.expr(expr)?;
                self.comparable(id, expr.span)?;
                Some(id)
            }
            None => None,
        };
        Some((function, value, filter, by))
    }

    /// What can be put in an order: numbers, dates, texts, grades.
    pub(crate) fn comparable(&mut self, id: NodeId, span: Span) -> Option<()> {
        let kind = self.facts(id).kind.clone();
        let fine = match &kind {
            Kind::Number | Kind::Date | Kind::Text => true,
            Kind::Choice(list) => list.ordered,
            Kind::Truth | Kind::Missing => false,
        };
        if fine {
            return Some(());
        }
        let (en, zh) = kind.told();
        self.error(Code::TypeMismatch, span, say!("{en} has no order", "{zh}没有大小之分"), None);
        None
    }

    fn aggregate(
        &mut self,
        table: usize,
        function: AggregateFunction,
        (value, filter, by): (Option<(NodeId, Span)>, Option<NodeId>, Option<NodeId>),
        when_empty: Option<(NodeId, Span)>,
        asked: &Asked<'_>,
    ) -> Option<NodeId> {
        use AggregateFunction as A;
        self.row_clauses(function, by.is_some(), asked)?;
        if let (A::Minimum | A::Maximum, Some((id, span))) = (function, value) {
            self.comparable(id, span)?;
        }
        if let (A::Sum | A::Average, Some((id, span))) = (function, value) {
            self.decimal(id, span)?;
        }
        let mut facts = match value {
            Some((id, _)) => self.facts(id).clone(),
            None => Facts { kind: Kind::Number, may_be_missing: false, unit: Unit::plain(), size: Size::COUNT },
        };
        facts.may_be_missing &= function == A::Last;
        facts.size = match function {
            A::Sum => facts.size.many(ROWS),
            A::Average => facts.size.many(ROWS).quotient(Size::COUNT),
            A::Median => facts.size.sum(facts.size).product(Size::decimal(0, 1)),
            _ => facts.size,
        };
        if let Some((id, span)) = when_empty {
            if let (Kind::Choice(list), Some(Value::Text(_))) = (facts.kind.clone(), self.constant(id)) {
                self.word(id, &list, span)?;
            }
            self.demand(id, &facts.kind, span)?;
            let other = self.facts(id).clone();
            facts.may_be_missing |= other.may_be_missing;
            facts.size = facts.size.either(other.size);
            facts.unit = match facts.unit.together(&other.unit) {
                Ok(unit) => unit,
                Err(clash) => {
                    self.clash(&clash, span);
                    return None;
                }
            };
        }
        let table = DetailId(u32::try_from(table).ok()?);
        let (value, when_empty) = (value.map(|(id, _)| id), when_empty.map(|(id, _)| id));
        let op = Op::Aggregate(Box::new(Aggregate { table, function, value, filter, by, when_empty }));
        match facts.kind {
            Kind::Number => {
                let may_be_missing = facts.may_be_missing;
                let id = self.sized(op, facts.unit, facts.size)?;
                self.may_be_missing(id, may_be_missing);
                Some(id)
            }
            _ => Some(self.push(op, facts)),
        }
    }

    /// Which words a function over rows takes, and needs.
    fn row_clauses(&mut self, function: AggregateFunction, ordered: bool, asked: &Asked<'_>) -> Option<()> {
        use AggregateFunction as A;
        let name = function.name();
        for (clause, span) in asked.clauses {
            let word = match clause {
                Clause::Where(_) => continue,
                Clause::WhenEmpty(_) if !matches!(function, A::Sum | A::Count) => continue,
                Clause::WhenEmpty(_) => "when_empty",
                Clause::By(_) if function == A::Last => continue,
                Clause::By(_) => "by",
                Clause::Direction(_) => "asc / desc",
                Clause::Ties(_) => "ties",
                Clause::Within(_) => "within",
            };
            let help = match clause {
                Clause::WhenEmpty(_) => Some(say!("over no rows it is 0", "没有明细行时就是 0")),
                _ => None,
            };
            self.error(
                Code::WrongClause,
                *span,
                say!("`{name}` over detail rows takes no `{word}`", "对明细的 `{name}` 不能带 `{word}`"),
                help,
            );
            return None;
        }
        if function == A::Last && !ordered {
            let table = self.names.details.get(asked.table).map(|detail| Arc::clone(&detail.name.name))?;
            self.error(
                Code::WrongClause,
                asked.span,
                say!("`last` needs to say by what rows are ordered", "`last` 须写明按什么排序"),
                Some(say!("write `last({table}.… by {table}.日期)`", "请写 `last({table}.… by {table}.日期)`")),
            );
            return None;
        }
        Some(())
    }

    /// What is added over many rows must be decimal, so that the sum stays exact at a fixed cost.
    pub(crate) fn decimal(&mut self, id: NodeId, span: Span) -> Option<()> {
        if self.facts(id).size.places.is_some() {
            return Some(());
        }
        self.error(
            Code::NotDecimal,
            span,
            say!(
                "what is added over many rows must be a decimal, and a quotient is none",
                "多行相加的值须是小数，而除法的商不一定是"
            ),
            Some(say!("divide after summing, or round it first", "请先求和再相除，或先取小数位")),
        );
        None
    }

    /// Marks a node that may be missing without a fault.
    pub(crate) fn may_be_missing(&mut self, id: NodeId, may_be_missing: bool) {
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.facts.may_be_missing = may_be_missing;
        }
    }

    /// The column of a detail table, in the row that is looked at.
    pub(crate) fn row_column(&mut self, table: usize, column: &str, span: Span) -> Option<NodeId> {
        let detail = self.names.details.get(table)?;
        let name = qualified(&detail.name.name, column);
        match self.by_name.get(&name).copied() {
            Some(id) => self.read_column(id),
            None if self.failed.contains(&name) => None,
            None => {
                let table = &detail.name.name;
                let inputs = detail.columns.iter().map(|input| &*input.common.name.name);
                let all = inputs.chain(detail.computed.iter().map(|computed| &*computed.common.name.name));
                let near = nearest(column, all);
                self.error(
                    Code::UnknownName,
                    span,
                    say!("the table `{table}` has no column `{column}`", "`{table}` 没有 `{column}` 这一列"),
                    near.map(|near| say!("did you mean `{table}.{near}`?", "是不是 `{table}.{near}`？")),
                );
                None
            }
        }
    }

    /// A name in a formula of detail rows: a column of the row, unless it stands for something of the person, too.
    pub(crate) fn own_column(&mut self, name: &str, span: Span) -> Option<Option<NodeId>> {
        let table = self.own_table?;
        let detail = self.names.details.get(table)?;
        if !super::definitions::has_column(detail, name) {
            return None;
        }
        if matches!(self.names.get(name), Some(Symbol::Column | Symbol::Given(_) | Symbol::Parameter(_))) {
            let own = &detail.name.name;
            self.error(
                Code::ShadowedName,
                span,
                say!(
                    "`{name}` is a column of `{own}` and stands for something else in the scheme, too",
                    "`{name}` 既是 `{own}` 的列，在方案中又另有所指"
                ),
                Some(say!(
                    "write `{own}.{name}` for the row's own, or rename one",
                    "要用本行的值请写 `{own}.{name}`，或改名"
                )),
            );
            return Some(None);
        }
        Some(self.row_column(table, name, span))
    }
}

/// Whether a function can be asked of detail rows.
pub(crate) const fn is_over_rows(function: Function) -> bool {
    use Function as F;
    matches!(function, F::Sum | F::Average | F::Count | F::CountTrue | F::Minimum | F::Maximum | F::Median | F::Last)
}

/// The first clause of a kind.
pub(crate) fn clause<'e, T>(clauses: &'e [(Clause, Span)], of: impl Fn(&'e Clause) -> Option<T>) -> Option<T> {
    clauses.iter().find_map(|(clause, _)| of(clause))
}
