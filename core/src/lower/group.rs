//! Figures over groups: rank, share, total and the like, in formulas and in rules.

use std::sync::Arc;

use kaohe_grammar::{Clause, Expr, ExprKind, Message, say};

use super::builder::Builder;
use super::detail::clause;
use super::names::Symbol;
use crate::code::Code;
use crate::diagnostic::Span;
use crate::document::model::Named;
use crate::document::suggest::nearest;
use crate::functions::{Function, FunctionSpec};
use crate::limits::{PLAN_DEPTH, ROWS};
use crate::plan::{
    Column, ColumnId, Direction, Facts, Formula, Group, GroupFunction, GroupId, NodeId, Op, PercentileKind, Role, Show,
    Ties,
};
use crate::size::Size;
use crate::unit::Unit;
use crate::value::Kind;

impl Builder<'_> {
    /// A call of a function over the group.
    pub(crate) fn group_call(
        &mut self,
        spec: &FunctionSpec,
        arguments: &[Expr],
        clauses: &[(Clause, Span)],
        span: Span,
    ) -> Option<NodeId> {
        self.among_people(spec.name, span)?;
        self.group_clauses(spec, clauses)?;
        let direction = clause(clauses, |clause| match clause {
            Clause::Direction(direction) => Some(*direction),
            _ => None,
        });
        let function = match spec.function {
            Function::Rank => {
                let direction = self.stated(direction, spec, span)?;
                GroupFunction::Rank { direction, ties: self.ties(clauses, spec, span)? }
            }
            Function::CumulativeShare => {
                GroupFunction::CumulativeShare { direction: self.stated(direction, spec, span)? }
            }
            Function::Percentile => GroupFunction::Percentile {
                kind: self.percentile_kind(arguments.get(1)?)?,
                direction: direction.unwrap_or(Direction::Ascending),
            },
            Function::Share => GroupFunction::Share,
            Function::GroupSum => GroupFunction::Sum,
            Function::GroupAverage => GroupFunction::Average,
            Function::GroupCount => GroupFunction::Count,
            Function::GroupMinimum => GroupFunction::Minimum,
            Function::GroupMaximum => GroupFunction::Maximum,
            Function::GroupMedian => GroupFunction::Median,
            Function::GroupDeviation => GroupFunction::Deviation,
            _ => return None,
        };
        let value = match arguments.first() {
            Some(argument) => {
                let id = self.expr(argument)?;
                Some((id, argument))
            }
            None => None,
        };
        let filter = match clause(clauses, |clause| if let Clause::Where(expr) = clause { Some(expr) } else { None }) {
            Some(expr) => {
                let id = self.operand(expr, &Kind::Truth)?;
                Some(self.operand_column(id, expr)?)
            }
            None => None,
        };
        let within = clause(clauses, |clause| if let Clause::Within(exprs) = clause { Some(exprs) } else { None });
        let mut groups = Vec::new();
        for expr in within.into_iter().flatten() {
            let id = self.expr(expr)?;
            groups.push(self.operand_column(id, expr)?);
        }
        let stood = self.stand(Some(span));
        let id = self.over_group(function, value, filter, groups);
        self.stand(stood);
        id
    }

    /// A figure over the group: `value` is what it is computed of, with how that is written.
    pub(crate) fn over_group(
        &mut self,
        function: GroupFunction,
        value: Option<(NodeId, &Expr)>,
        filter: Option<ColumnId>,
        within: Vec<ColumnId>,
    ) -> Option<NodeId> {
        let of = match value {
            Some((id, expr)) => {
                self.group_operand(&function, id, expr.span)?;
                Some((self.operand_column(id, expr)?, id))
            }
            None => None,
        };
        self.over_column(function, of, filter, within)
    }

    /// The same of a column that is at hand, with the node it is the value of.
    pub(super) fn over_column(
        &mut self,
        function: GroupFunction,
        of: Option<(ColumnId, NodeId)>,
        filter: Option<ColumnId>,
        within: Vec<ColumnId>,
    ) -> Option<NodeId> {
        let of_facts = of.map(|(_, id)| self.facts(id).clone());
        let group = Group {
            function,
            value: of.map(|(column, _)| column),
            filter,
            within: within.into(),
            level: 0,
            span: Some(self.here()),
        };
        let facts = Self::group_facts(&group, of_facts);
        self.group(group, facts)
    }

    /// A figure over the group, as a value.
    pub(crate) fn group(&mut self, group: Group, facts: Facts) -> Option<NodeId> {
        let id = GroupId(u32::try_from(self.groups.len()).ok()?);
        self.groups.push(group);
        let may_be_missing = facts.may_be_missing;
        if facts.kind != Kind::Number {
            return Some(self.push(Op::Group(id), facts));
        }
        let node = self.sized(Op::Group(id), facts.unit, facts.size)?;
        self.may_be_missing(node, may_be_missing);
        Some(node)
    }

    /// What is known of a figure over a group.
    fn group_facts(group: &Group, of: Option<Facts>) -> Facts {
        use GroupFunction as G;
        let plain = Facts { kind: Kind::Number, may_be_missing: false, unit: Unit::plain(), size: Size::COUNT };
        let of = of.unwrap_or_else(|| plain.clone());
        let places = |size: Size, places| Size { places: Some(places), ..size };
        // who does not count has no place
        let own = Facts { may_be_missing: group.filter.is_some(), ..plain.clone() };
        let sum = of.size.many(ROWS);
        match &group.function {
            G::Rank { ties: Ties::Average, .. } => {
                Facts { size: places(Size::COUNT.sum(Size::decimal(0, 1)), 1), ..own }
            }
            G::Rank { .. } => own,
            G::Percentile { .. } => Facts { size: Size::COUNT.quotient(Size::COUNT), ..own },
            G::Share => Facts { size: of.size.quotient(sum), ..own },
            G::CumulativeShare { .. } => Facts { size: sum.quotient(sum), ..own },
            G::Count => plain,
            G::Sum => Facts { size: sum, may_be_missing: false, ..of },
            G::Average => Facts { size: sum.quotient(Size::COUNT), may_be_missing: false, ..of },
            G::Median => Facts { size: of.size.sum(of.size).product(Size::decimal(0, 1)), may_be_missing: false, ..of },
            G::Deviation => Facts { size: sum.product(sum).quotient(Size::COUNT).root(), may_be_missing: false, ..of },
            G::Minimum | G::Maximum | G::Seats(_) | G::Allot(_) | G::Severity(_) => {
                Facts { may_be_missing: false, ..of }
            }
        }
    }

    /// What a figure over a group can be computed of.
    pub(super) fn group_operand(&mut self, function: &GroupFunction, id: NodeId, span: Span) -> Option<()> {
        use GroupFunction as G;
        match function {
            // who has a value counts, whatever it is
            G::Count => Some(()),
            G::Rank { .. } | G::Percentile { .. } | G::Minimum | G::Maximum => self.comparable(id, span),
            G::Median => self.demand(id, &Kind::Number, span).map(drop),
            _ => {
                self.demand(id, &Kind::Number, span)?;
                self.decimal(id, span)
            }
        }
    }

    /// The column an operand is: its own when it is one, otherwise one made for it.
    pub(crate) fn operand_column(&mut self, id: NodeId, expr: &Expr) -> Option<ColumnId> {
        if let Op::Column(column) = self.node(id).op {
            return Some(column);
        }
        if self.depth(id) > PLAN_DEPTH {
            self.error(
                Code::TooDeep,
                expr.span,
                say!("this is nested too deep", "这里嵌套过深"),
                Some(say!("compute a part of it in a column of its own", "请把其中一部分写成单独的一列")),
            );
            return None;
        }
        let text: Arc<str> = expr.to_string().into();
        Some(self.column(Column {
            name: Arc::clone(&text),
            body: id,
            role: Role::Operand,
            places: None,
            formula: Some(Formula { text, expr: Arc::new(expr.clone()) }),
            label: None,
            show: Show::default(),
            source: None,
            span: Some(expr.span),
            detail: None,
            hidden: true,
            better: None,
        }))
    }

    /// The columns that form groups, by name, as rules and gradings list them.
    pub(crate) fn group_columns(&mut self, names: &[Named]) -> Option<Vec<ColumnId>> {
        let columns: Vec<_> = names.iter().map(|named| self.column_of_people(named)).collect();
        columns.into_iter().collect()
    }

    /// A column of people by its name.
    pub(crate) fn column_of_people(&mut self, named: &Named) -> Option<ColumnId> {
        let name = &named.name;
        if let Some(id) = self.by_name.get(name).copied() {
            self.read.insert(Arc::clone(name));
            return Some(id);
        }
        if self.failed.contains(name) {
            return None;
        }
        match self.names.get(name) {
            None => {
                self.unknown_name(name, named.span);
                return None;
            }
            // one whose formula could not be read, which is told there
            Some(Symbol::Column | Symbol::Failed) => return None,
            Some(_) => {}
        }
        self.error(
            Code::TypeMismatch,
            named.span,
            say!("`{name}` is no column of people", "`{name}` 不是人员的列"),
            Some(say!("name an input or a column that is computed", "请写输入列或计算出来的列")),
        );
        None
    }

    /// Groups are of people: a detail row is in none.
    fn among_people(&mut self, name: &str, span: Span) -> Option<()> {
        if self.own_table.is_none() && self.rows.is_empty() {
            return Some(());
        }
        self.error(
            Code::WrongClause,
            span,
            say!(
                "`{name}` is a figure among people, and this is computed for detail rows",
                "`{name}` 是人员之间的计算，不能用于明细行"
            ),
            Some(say!("compute it in a column of people and read that", "请先在人员的列中算好，再引用")),
        );
        None
    }

    fn stated(&mut self, direction: Option<Direction>, spec: &FunctionSpec, span: Span) -> Option<Direction> {
        if direction.is_none() {
            let (name, signature) = (spec.name, spec.signature);
            self.error(
                Code::WrongClause,
                span,
                say!("`{name}` needs to say which end comes first", "`{name}` 须写明谁排在前"),
                Some(say!(
                    "write `desc` for the largest first or `asc` for the smallest first: {signature}",
                    "大的在前写 `desc`，小的在前写 `asc`：{signature}"
                )),
            );
        }
        direction
    }

    fn ties(&mut self, clauses: &[(Clause, Span)], spec: &FunctionSpec, span: Span) -> Option<Ties> {
        let signature = spec.signature;
        let stated = clauses.iter().find_map(|(clause, span)| match clause {
            Clause::Ties(word) => Some((word, *span)),
            _ => None,
        });
        let Some((word, word_span)) = stated else {
            self.error(
                Code::WrongClause,
                span,
                say!("`rank` needs to say the place of equals", "`rank` 须写明同分者的名次"),
                Some(say!(
                    "write `ties min` for 1 2 2 4: {signature}",
                    "并列取前名次（1 2 2 4）写 `ties min`：{signature}"
                )),
            );
            return None;
        };
        let found = Ties::from_word(word);
        if found.is_none() {
            self.error(
                Code::UnknownWord,
                word_span,
                say!("`{word}` is no place of equals", "`{word}` 不是同分处理方式"),
                Some(say!("it is one of min, max, average, dense", "应为 min、max、average、dense 之一")),
            );
        }
        found
    }

    fn percentile_kind(&mut self, argument: &Expr) -> Option<PercentileKind> {
        let word = match &argument.kind {
            ExprKind::Name(name) if name.table.is_none() => &*name.name,
            ExprKind::Text(text) => text,
            _ => "",
        };
        let found = PercentileKind::from_word(word);
        if found.is_none() {
            let near = nearest(word, PercentileKind::WORDS.iter().map(|(known, _)| *known));
            let help = match near {
                Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
                None => Message::new("it is one of rank, weak, strict, mean", "应为 rank、weak、strict、mean 之一"),
            };
            self.error(
                Code::UnknownWord,
                argument.span,
                say!("the second argument says which percentile", "第二个参数应写明是哪一种百分位"),
                Some(help),
            );
        }
        found
    }

    /// Which words a function over the group takes.
    fn group_clauses(&mut self, spec: &FunctionSpec, clauses: &[(Clause, Span)]) -> Option<()> {
        let directed = matches!(spec.function, Function::Rank | Function::Percentile | Function::CumulativeShare);
        for (clause, span) in clauses {
            let word = match clause {
                Clause::Where(_) | Clause::Within(_) => continue,
                Clause::Direction(_) if directed => continue,
                Clause::Ties(_) if spec.function == Function::Rank => continue,
                Clause::Direction(_) => "asc / desc",
                Clause::Ties(_) => "ties",
                Clause::WhenEmpty(_) => "when_empty",
                Clause::By(_) => "by",
            };
            let (name, signature) = (spec.name, spec.signature);
            self.error(
                Code::WrongClause,
                *span,
                say!("`{name}` takes no `{word}`", "`{name}` 不能带 `{word}`"),
                Some(say!("it is written {signature}", "写法：{signature}")),
            );
            return None;
        }
        Some(())
    }
}
