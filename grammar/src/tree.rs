//! From pest's pairs to the syntax tree; here operators find their operands.

use std::iter::Peekable;
use std::vec::IntoIter;

use pest::iterators::{Pair, Pairs};

use crate::error::excerpt;
use crate::fold::{Folded, compose};
use crate::grammar::Rule;
use crate::lexeme::unquoted;
use crate::nesting::too_deep;
use crate::{
    BinaryOperator, Clause, ComparisonOperator, Direction, Expr, ExprKind, Name, Span, SyntaxCode, SyntaxError,
    UnaryOperator, literal, say,
};

/// How many levels a tree may have, so that whoever walks it by recursion is safe.
///
/// A chain of operators is as deep as it is long: `a + b + c` has three levels.
pub const MAX_DEPTH: usize = 128;

/// Reading has ended early; the reason is among the errors.
struct Stop;

type Read<T> = Result<T, Stop>;

/// An expression and the number of its levels.
struct Built {
    expr: Expr,
    depth: usize,
}

/// One piece of a flat row of operands and operators.
enum Item {
    Prefix(UnaryOperator, Span),
    Operand(Built),
    Infix(Infix, Span),
    List(Vec<Expr>, usize, Span),
}

/// What stands between two operands.
#[derive(Clone, Copy, PartialEq)]
enum Infix {
    Binary(BinaryOperator),
    Compare(ComparisonOperator),
    Between,
    In,
}

impl Infix {
    fn new(written: &str) -> Option<Self> {
        Some(match written {
            "或" => Self::Binary(BinaryOperator::Or),
            "且" => Self::Binary(BinaryOperator::And),
            "+" => Self::Binary(BinaryOperator::Add),
            "-" => Self::Binary(BinaryOperator::Subtract),
            "*" | "×" => Self::Binary(BinaryOperator::Multiply),
            "/" | "÷" => Self::Binary(BinaryOperator::Divide),
            "^" => Self::Binary(BinaryOperator::Power),
            "=" | "==" => Self::Compare(ComparisonOperator::Equal),
            "!=" | "<>" | "≠" => Self::Compare(ComparisonOperator::NotEqual),
            "<" => Self::Compare(ComparisonOperator::Less),
            "<=" | "≤" => Self::Compare(ComparisonOperator::AtMost),
            ">" => Self::Compare(ComparisonOperator::Greater),
            ">=" | "≥" => Self::Compare(ComparisonOperator::AtLeast),
            word if word.eq_ignore_ascii_case("or") => Self::Binary(BinaryOperator::Or),
            word if word.eq_ignore_ascii_case("and") => Self::Binary(BinaryOperator::And),
            word if word.eq_ignore_ascii_case("between") => Self::Between,
            word if word.eq_ignore_ascii_case("in") => Self::In,
            _ => return None,
        })
    }
}

struct Items(Peekable<IntoIter<Item>>);

impl Items {
    /// The operator that comes next, if it is one of these; it is taken.
    fn take(&mut self, among: &[BinaryOperator]) -> Option<(BinaryOperator, Span)> {
        let wanted = |item: &Item| matches!(item, Item::Infix(Infix::Binary(operator), _) if among.contains(operator));
        match self.0.next_if(wanted)? {
            Item::Infix(Infix::Binary(operator), span) => Some((operator, span)),
            _ => None,
        }
    }

    /// The comparison sign that comes next; it is taken.
    fn take_comparison(&mut self) -> Option<ComparisonOperator> {
        match self.0.next_if(|item| matches!(item, Item::Infix(Infix::Compare(_), _)))? {
            Item::Infix(Infix::Compare(operator), _) => Some(operator),
            _ => None,
        }
    }
}

/// Makes the tree of a formula that pest has read, and says what pest could not see.
pub(crate) fn build(
    folded: &Folded<'_>,
    original: &str,
    formula: Pairs<'_, Rule>,
    errors: &mut Vec<SyntaxError>,
) -> Option<Expr> {
    let mut builder = Builder { folded, original, errors };
    let expression = formula.into_iter().find(|pair| pair.as_rule() == Rule::expression)?;
    builder.expression(expression).ok().map(|built| built.expr)
}

struct Builder<'a> {
    folded: &'a Folded<'a>,
    original: &'a str,
    errors: &'a mut Vec<SyntaxError>,
}

impl Builder<'_> {
    // -------------------------------------------------------------------------------------------- plumbing

    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let place = pair.as_span();
        // pest counts the blanks before a repetition that did not happen.
        let end = place.start() + place.as_str().trim_end().len();
        Span::new(self.folded.original(place.start()), self.folded.original(end))
    }

    fn text(&self, span: Span) -> String {
        excerpt(span.of(self.original))
    }

    /// One more level on top of parts with so many.
    fn node(&mut self, kind: ExprKind, span: Span, parts: usize) -> Read<Built> {
        if parts >= MAX_DEPTH {
            self.errors.push(too_deep(span));
            return Err(Stop);
        }
        Ok(Built { expr: Expr { kind, span }, depth: parts + 1 })
    }

    /// The grammar and this file disagree; the author is told as much as is known.
    fn odd<T>(&mut self, span: Span) -> Read<T> {
        let shown = self.text(span);
        let message = say!("`{shown}` could not be read", "无法读懂 `{shown}`");
        self.errors.push(SyntaxError::new(SyntaxCode::Unexpected, span, message));
        Err(Stop)
    }

    fn next<'text>(&mut self, pairs: &mut Pairs<'text, Rule>, span: Span) -> Read<Pair<'text, Rule>> {
        match pairs.next() {
            Some(pair) => Ok(pair),
            None => self.odd(span),
        }
    }

    /// The next expression among the pairs; words between are passed over.
    fn next_expression(&mut self, pairs: &mut Pairs<'_, Rule>, span: Span) -> Read<Built> {
        match pairs.find(|pair| pair.as_rule() == Rule::expression) {
            Some(pair) => self.expression(pair),
            None => self.odd(span),
        }
    }

    // --------------------------------------------------------------------------------------- the flat row

    fn expression(&mut self, pair: Pair<'_, Rule>) -> Read<Built> {
        let span = self.span(&pair);
        let mut items = Vec::new();
        for part in pair.into_inner() {
            items.push(self.item(part)?);
        }
        self.sort(items, span)
    }

    fn item(&mut self, pair: Pair<'_, Rule>) -> Read<Item> {
        let span = self.span(&pair);
        let written = pair.as_str();
        Ok(match pair.as_rule() {
            Rule::prefix if written == "-" => Item::Prefix(UnaryOperator::Negate, span),
            Rule::prefix => Item::Prefix(UnaryOperator::Not, span),
            Rule::infix | Rule::in_word => match Infix::new(written) {
                Some(infix) => Item::Infix(infix, span),
                None => return self.odd(span),
            },
            Rule::list => {
                let (list, depth) = self.list(pair)?;
                Item::List(list, depth, span)
            }
            _ => Item::Operand(self.primary(pair)?),
        })
    }

    fn sort(&mut self, items: Vec<Item>, span: Span) -> Read<Built> {
        let mut items = Items(items.into_iter().peekable());
        let built = self.either(&mut items)?;
        match items.0.next() {
            None => Ok(built),
            Some(_) => self.odd(span),
        }
    }

    // ------------------------------------------------------------------------------------- loosest to tightest

    fn either(&mut self, items: &mut Items) -> Read<Built> {
        let mut left = self.both(items)?;
        while items.take(&[BinaryOperator::Or]).is_some() {
            let right = self.both(items)?;
            left = self.binary(BinaryOperator::Or, left, right)?;
        }
        Ok(left)
    }

    fn both(&mut self, items: &mut Items) -> Read<Built> {
        let mut left = self.denial(items)?;
        while items.take(&[BinaryOperator::And]).is_some() {
            let right = self.denial(items)?;
            left = self.binary(BinaryOperator::And, left, right)?;
        }
        Ok(left)
    }

    fn denial(&mut self, items: &mut Items) -> Read<Built> {
        let mut denials = Vec::new();
        while let Some(Item::Prefix(_, span)) =
            items.0.next_if(|item| matches!(item, Item::Prefix(UnaryOperator::Not, _)))
        {
            denials.push(span);
        }
        let mut built = self.comparison(items)?;
        for span in denials.into_iter().rev() {
            built = self.unary(UnaryOperator::Not, span, built)?;
        }
        Ok(built)
    }

    fn comparison(&mut self, items: &mut Items) -> Read<Built> {
        let first = self.sum(items)?;
        let built = match items.0.peek() {
            Some(Item::Infix(Infix::In, _)) => self.among(items, first)?,
            Some(&Item::Infix(Infix::Between, word)) => self.between(items, first, word)?,
            Some(Item::Infix(Infix::Compare(_), _)) => self.chain(items, first)?,
            _ => return Ok(first),
        };
        match items.0.peek() {
            Some(&Item::Infix(Infix::Compare(_) | Infix::In | Infix::Between, sign)) => {
                let split = format!("({}) {} …", self.text(built.expr.span), self.text(sign));
                self.comparison_chain(built.expr.span.to(sign), &split);
                Err(Stop)
            }
            _ => Ok(built),
        }
    }

    fn among(&mut self, items: &mut Items, value: Built) -> Read<Built> {
        items.0.next();
        match items.0.next() {
            Some(Item::List(list, depth, span)) => {
                let (depth, span) = (depth.max(value.depth), value.expr.span.to(span));
                self.node(ExprKind::In { value: Box::new(value.expr), list }, span, depth)
            }
            _ => self.odd(value.expr.span),
        }
    }

    fn between(&mut self, items: &mut Items, value: Built, word: Span) -> Read<Built> {
        items.0.next();
        let low = self.sum(items)?;
        if items.take(&[BinaryOperator::And]).is_none() {
            let (value, low) = (self.text(value.expr.span), self.text(low.expr.span));
            let message = say!("`between` has no `and` with an upper end", "`between` 后缺少 `and` 和上限");
            let help = say!("write `{value} between {low} and …`", "请写作 `{value} between {low} and …`");
            self.errors.push(SyntaxError::new(SyntaxCode::BadBetween, word, message).help(help));
            return Err(Stop);
        }
        let high = self.sum(items)?;
        let depth = value.depth.max(low.depth).max(high.depth);
        let span = value.expr.span.to(high.expr.span);
        let (value, low, high) = (Box::new(value.expr), Box::new(low.expr), Box::new(high.expr));
        self.node(ExprKind::Between { value, low, high }, span, depth)
    }

    fn chain(&mut self, items: &mut Items, first: Built) -> Read<Built> {
        let mut depth = first.depth;
        let mut span = first.expr.span;
        let mut rest: Vec<(ComparisonOperator, Expr)> = Vec::new();
        while let Some(operator) = items.take_comparison() {
            let right = self.sum(items)?;
            depth = depth.max(right.depth);
            span = span.to(right.expr.span);
            rest.push((operator, right.expr));
        }
        let one_way = |wanted: &[ComparisonOperator]| rest.iter().all(|(operator, _)| wanted.contains(operator));
        let rising = one_way(&[ComparisonOperator::Less, ComparisonOperator::AtMost]);
        let falling = one_way(&[ComparisonOperator::Greater, ComparisonOperator::AtLeast]);
        if rest.len() > 1 && !rising && !falling {
            let split = self.split_chain(&first.expr, &rest);
            self.comparison_chain(span, &split);
        }
        self.node(ExprKind::Comparison { first: Box::new(first.expr), rest }, span, depth)
    }

    /// `a < b > c` as `a < b and b > c`.
    fn split_chain(&self, first: &Expr, rest: &[(ComparisonOperator, Expr)]) -> String {
        let mut left = first.span;
        let mut pairs = Vec::new();
        for (operator, right) in rest.iter().take(3) {
            pairs.push(format!("{} {} {}", self.text(left), operator.sign(), self.text(right.span)));
            left = right.span;
        }
        pairs.join(" and ")
    }

    fn comparison_chain(&mut self, span: Span, split: &str) {
        let shown = self.text(span);
        let message =
            say!("the comparisons in `{shown}` do not run in one direction", "`{shown}` 中的连续比较方向不一致");
        let help = say!(
            "only chains like `a <= b < c` are read; write `{split}`",
            "只接受 `a <= b < c` 这样的连续比较，请写作 `{split}`"
        );
        self.errors.push(SyntaxError::new(SyntaxCode::ComparisonChain, span, message).help(help));
    }

    fn sum(&mut self, items: &mut Items) -> Read<Built> {
        let mut left = self.product(items)?;
        while let Some((operator, _)) = items.take(&[BinaryOperator::Add, BinaryOperator::Subtract]) {
            let right = self.product(items)?;
            left = self.binary(operator, left, right)?;
        }
        Ok(left)
    }

    fn product(&mut self, items: &mut Items) -> Read<Built> {
        let mut left = self.signed(items)?;
        while let Some((operator, _)) = items.take(&[BinaryOperator::Multiply, BinaryOperator::Divide]) {
            let right = self.signed(items)?;
            left = self.binary(operator, left, right)?;
        }
        Ok(left)
    }

    /// An operand with the signs before it, and perhaps a power.
    fn signed(&mut self, items: &mut Items) -> Read<Built> {
        let signs = self.signs(items);
        let mut built = self.operand(items)?;
        let base_span = built.expr.span;
        if items.take(&[BinaryOperator::Power]).is_some() {
            let exponent_signs = self.signs(items);
            let exponent = self.operand(items)?;
            let exponent = self.under(exponent_signs, exponent)?;
            if let Some((_, sign)) = items.take(&[BinaryOperator::Power]) {
                return self.power_chain(base_span, exponent.expr.span, sign, items);
            }
            if let Some((UnaryOperator::Negate, sign)) = signs.last() {
                self.negated_power(*sign, base_span, exponent.expr.span);
            }
            built = self.binary(BinaryOperator::Power, built, exponent)?;
        }
        self.under(signs, built)
    }

    fn operand(&mut self, items: &mut Items) -> Read<Built> {
        match items.0.next() {
            Some(Item::Operand(built)) => Ok(built),
            Some(Item::Prefix(_, span) | Item::Infix(_, span) | Item::List(_, _, span)) => self.odd(span),
            None => self.odd(Span::new(0, crate::fold::offset_of(self.original.len()))),
        }
    }

    /// The signs before an operand; `not` may not be among them.
    fn signs(&mut self, items: &mut Items) -> Vec<(UnaryOperator, Span)> {
        let mut signs = Vec::new();
        while let Some(Item::Prefix(operator, span)) = items.0.next_if(|item| matches!(item, Item::Prefix(..))) {
            if operator == UnaryOperator::Not {
                let shown = self.text(span);
                let message = say!(
                    "`{shown}` stands inside a calculation or comparison without brackets",
                    "`{shown}` 位于计算或比较之中，却没有括号"
                );
                let help =
                    say!("put it and what it denies in brackets: `({shown} …)`", "请连同其后内容加括号：`({shown} …)`");
                self.errors.push(SyntaxError::new(SyntaxCode::NotNeedsBrackets, span, message).help(help));
            }
            signs.push((operator, span));
        }
        signs
    }

    fn under(&mut self, signs: Vec<(UnaryOperator, Span)>, mut built: Built) -> Read<Built> {
        for (operator, span) in signs.into_iter().rev() {
            built = self.unary(operator, span, built)?;
        }
        Ok(built)
    }

    fn negated_power(&mut self, sign: Span, base: Span, exponent: Span) {
        let whole = sign.to(exponent);
        let (shown, base, exponent) = (self.text(whole), self.text(base), self.text(exponent));
        let message = say!(
            "`{shown}` is read in two ways: Excel negates first, mathematics takes the power first",
            "`{shown}` 有两种读法：Excel 先取负，数学上先乘方"
        );
        let help = say!(
            "write `-({base} ^ {exponent})` or `(-{base}) ^ {exponent}`",
            "请写作 `-({base} ^ {exponent})` 或 `(-{base}) ^ {exponent}`"
        );
        self.errors.push(SyntaxError::new(SyntaxCode::NegatedPower, whole, message).help(help));
    }

    fn power_chain(&mut self, base: Span, middle: Span, sign: Span, items: &mut Items) -> Read<Built> {
        let last = loop {
            match items.0.next() {
                Some(Item::Operand(built)) => break built.expr.span,
                Some(Item::Prefix(..)) => {}
                _ => break sign,
            }
        };
        let whole = base.to(last);
        let (a, b, c) = (self.text(base), self.text(middle), self.text(last));
        let shown = self.text(whole);
        let message = say!(
            "`{shown}` is read in two ways: Excel goes from the left, mathematics from the right",
            "`{shown}` 有两种读法：Excel 从左算起，数学上从右算起"
        );
        let help = say!(
            "write `({a} ^ {b}) ^ {c}` or `{a} ^ ({b} ^ {c})`",
            "请写作 `({a} ^ {b}) ^ {c}` 或 `{a} ^ ({b} ^ {c})`"
        );
        self.errors.push(SyntaxError::new(SyntaxCode::PowerChain, whole, message).help(help));
        Err(Stop)
    }

    fn unary(&mut self, operator: UnaryOperator, sign: Span, operand: Built) -> Read<Built> {
        let span = sign.to(operand.expr.span);
        self.node(ExprKind::Unary { operator, operand: Box::new(operand.expr) }, span, operand.depth)
    }

    fn binary(&mut self, operator: BinaryOperator, left: Built, right: Built) -> Read<Built> {
        let span = left.expr.span.to(right.expr.span);
        let depth = left.depth.max(right.depth);
        let (left, right) = (Box::new(left.expr), Box::new(right.expr));
        self.node(ExprKind::Binary { operator, left, right }, span, depth)
    }

    // -------------------------------------------------------------------------------------------- operands

    fn primary(&mut self, pair: Pair<'_, Rule>) -> Read<Built> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::group => {
                let mut built = self.next_expression(&mut pair.into_inner(), span)?;
                // With its brackets, so that what is underlined is balanced.
                built.expr.span = span;
                return Ok(built);
            }
            Rule::if_form => return self.if_form(pair, span),
            Rule::case_form => return self.case_form(pair, span),
            Rule::named => return self.named(pair, span),
            Rule::number => ExprKind::Number(literal::number(pair.as_str())),
            // A date that is not one has been told of already.
            Rule::date => literal::date(pair.as_str()).unwrap_or(ExprKind::Missing),
            Rule::text => ExprKind::Text(inner(pair.as_str()).into()),
            Rule::constant => constant(pair.as_str()),
            _ => return self.odd(span),
        };
        self.node(kind, span, 0)
    }

    fn if_form(&mut self, pair: Pair<'_, Rule>, span: Span) -> Read<Built> {
        let mut parts = pair.into_inner();
        let mut condition = self.next_expression(&mut parts, span)?;
        let rest = self.next(&mut parts, span)?;
        let (then, otherwise) = match rest.as_rule() {
            Rule::if_arguments => {
                let mut arguments = rest.into_inner();
                (self.next_expression(&mut arguments, span)?, self.next_expression(&mut arguments, span)?)
            }
            Rule::if_bracketed => {
                let (whole, branches) = self.bracketed_condition(condition, rest)?;
                condition = whole;
                branches
            }
            _ => (self.next_expression(&mut parts, span)?, self.next_expression(&mut parts, span)?),
        };
        let depth = condition.depth.max(then.depth).max(otherwise.depth);
        let kind = ExprKind::If {
            condition: Box::new(condition.expr),
            then: Box::new(then.expr),
            otherwise: Box::new(otherwise.expr),
        };
        self.node(kind, span, depth)
    }

    /// `if (a) + b > c then …`: the bracket was only the first operand of the condition.
    fn bracketed_condition(&mut self, mut first: Built, rest: Pair<'_, Rule>) -> Read<(Built, (Built, Built))> {
        let span = self.span(&rest);
        let mut parts = rest.into_inner();
        let closing = self.next(&mut parts, span)?;
        let closing = self.span(&closing);
        // The bracket opened just before the condition, perhaps after blanks.
        let opening = self.original.get(..first.expr.span.start as usize).and_then(|before| before.rfind(['(', '（']));
        if let Some(opening) = opening {
            first.expr.span = Span::new(crate::fold::offset_of(opening), closing.end);
        }
        let mut whole = first.expr.span;
        let mut items = vec![Item::Operand(first)];
        let mut branches = Vec::new();
        for part in parts {
            match part.as_rule() {
                Rule::then_word | Rule::else_word => {}
                Rule::expression => branches.push(self.expression(part)?),
                _ => {
                    whole = whole.to(self.span(&part));
                    items.push(self.item(part)?);
                }
            }
        }
        let condition = self.sort(items, whole)?;
        match (branches.pop(), branches.pop()) {
            (Some(otherwise), Some(then)) => Ok((condition, (then, otherwise))),
            _ => self.odd(span),
        }
    }

    fn case_form(&mut self, pair: Pair<'_, Rule>, span: Span) -> Read<Built> {
        let mut depth = 0;
        let mut parts = Vec::new();
        for part in pair.into_inner().filter(|part| part.as_rule() == Rule::expression) {
            let built = self.expression(part)?;
            depth = depth.max(built.depth);
            parts.push(built.expr);
        }
        let Some(otherwise) = parts.pop() else {
            return self.odd(span);
        };
        let mut arms = Vec::new();
        let mut parts = parts.into_iter();
        while let (Some(when), Some(then)) = (parts.next(), parts.next()) {
            arms.push((when, then));
        }
        self.node(ExprKind::Case { arms, otherwise: Box::new(otherwise) }, span, depth)
    }

    // -------------------------------------------------------------------------------- names, keys and calls

    fn named(&mut self, pair: Pair<'_, Rule>, span: Span) -> Read<Built> {
        let mut parts = pair.into_inner();
        let name = self.next(&mut parts, span)?;
        let quoted = name.as_str().ends_with(['」', '`']);
        let name = self.name(name)?;
        match parts.next() {
            None => self.node(ExprKind::Name(name), span, 0),
            Some(part) if part.as_rule() == Rule::list => {
                let (keys, depth) = self.list(part)?;
                self.node(ExprKind::Index { name, keys }, span, depth)
            }
            Some(part) => {
                if quoted || name.table.is_some() {
                    self.bad_function_name(&name);
                }
                self.call(name, part, span)
            }
        }
    }

    fn name(&mut self, pair: Pair<'_, Rule>) -> Read<Name> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner().map(|part| match part.as_rule() {
            Rule::quoted_name => unquoted(part.as_str()),
            _ => compose(part.as_str()),
        });
        match (parts.next(), parts.next()) {
            (Some(name), None) => Ok(Name { table: None, name: name.into(), span }),
            (Some(table), Some(name)) => Ok(Name { table: Some(table.into()), name: name.into(), span }),
            _ => self.odd(span),
        }
    }

    fn bad_function_name(&mut self, name: &Name) {
        let shown = self.text(name.span);
        let plain = excerpt(&name.name);
        let message = say!("`{shown}` cannot be the name of a function", "`{shown}` 不能作函数名");
        let help = match &name.table {
            Some(table) => {
                let table = excerpt(table);
                say!("write the function first: `{plain}({table}.…)`", "请把函数写在前面：`{plain}({table}.…)`")
            }
            None => say!("write a function's name without quotes: `{plain}(…)`", "函数名不加引号：`{plain}(…)`"),
        };
        self.errors.push(SyntaxError::new(SyntaxCode::BadFunctionName, name.span, message).help(help));
    }

    fn list(&mut self, pair: Pair<'_, Rule>) -> Read<(Vec<Expr>, usize)> {
        let mut depth = 0;
        let mut list = Vec::new();
        for part in pair.into_inner() {
            let built = self.expression(part)?;
            depth = depth.max(built.depth);
            list.push(built.expr);
        }
        Ok((list, depth))
    }

    fn call(&mut self, name: Name, pair: Pair<'_, Rule>, span: Span) -> Read<Built> {
        let mut depth = 0;
        let (mut arguments, mut clauses) = (Vec::new(), Vec::new());
        for part in pair.into_inner() {
            if part.as_rule() == Rule::expression {
                let built = self.expression(part)?;
                depth = depth.max(built.depth);
                arguments.push(built.expr);
            } else {
                let place = self.span(&part);
                let (clause, levels) = self.clause(part, place)?;
                depth = depth.max(levels);
                clauses.push((clause, place));
            }
        }
        let kind = ExprKind::Call { function: name.name, function_span: name.span, arguments, clauses };
        self.node(kind, span, depth)
    }

    fn clause(&mut self, pair: Pair<'_, Rule>, span: Span) -> Read<(Clause, usize)> {
        let rule = pair.as_rule();
        let mut parts = pair.into_inner();
        let word = self.next(&mut parts, span)?;
        match rule {
            Rule::direction_clause => {
                let falling = word.as_rule() == Rule::descending_word;
                let direction = if falling { Direction::Descending } else { Direction::Ascending };
                Ok((Clause::Direction(direction), 0))
            }
            Rule::ties_clause => {
                let ties = self.next(&mut parts, span)?;
                Ok((Clause::Ties(compose(ties.as_str()).into()), 0))
            }
            Rule::within_clause => {
                let part = self.next(&mut parts, span)?;
                if part.as_rule() == Rule::list {
                    let (list, depth) = self.list(part)?;
                    return Ok((Clause::Within(list), depth));
                }
                let built = self.expression(part)?;
                Ok((Clause::Within(vec![built.expr]), built.depth))
            }
            _ => {
                let built = self.next_expression(&mut parts, span)?;
                let clause = match rule {
                    Rule::where_clause => Clause::Where(built.expr),
                    Rule::when_empty_clause => Clause::WhenEmpty(built.expr),
                    Rule::by_clause => Clause::By(built.expr),
                    _ => return self.odd(span),
                };
                Ok((clause, built.depth))
            }
        }
    }
}

fn constant(written: &str) -> ExprKind {
    match written {
        "是" => ExprKind::Truth(true),
        "否" => ExprKind::Truth(false),
        word if word.eq_ignore_ascii_case("true") => ExprKind::Truth(true),
        word if word.eq_ignore_ascii_case("false") => ExprKind::Truth(false),
        _ => ExprKind::Missing,
    }
}

/// A text without its quotes.
fn inner(quoted: &str) -> &str {
    let mut chars = quoted.chars();
    chars.next();
    chars.next_back();
    chars.as_str()
}
