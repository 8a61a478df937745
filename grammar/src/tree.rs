//! From pest's pairs to the syntax tree; operators.rs finds their operands.

use pest::iterators::{Pair, Pairs};

use crate::error::excerpt;
use crate::fold::{Folded, compose};
use crate::grammar::Rule;
use crate::lexeme::unquoted;
use crate::nesting::too_deep;
use crate::operators::{Infix, Item};
use crate::{Clause, Direction, Expr, ExprKind, Name, Span, SyntaxCode, SyntaxError, UnaryOperator, literal, say};

/// How many levels a tree may have, so that whoever walks it by recursion is safe.
///
/// A chain of operators is as deep as it is long: `a + b + c` has three levels.
pub const MAX_DEPTH: usize = 128;

/// Reading has ended early; the reason is among the errors.
pub(crate) struct Stop;

pub(crate) type Read<T> = Result<T, Stop>;

/// An expression and the number of its levels.
pub(crate) struct Built {
    pub(crate) expr: Expr,
    pub(crate) depth: usize,
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

/// Makes trees, and collects what is wrong on the way.
pub(crate) struct Builder<'a> {
    folded: &'a Folded<'a>,
    pub(crate) original: &'a str,
    pub(crate) errors: &'a mut Vec<SyntaxError>,
}

impl Builder<'_> {
    // -------------------------------------------------------------------------------------------- plumbing

    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let place = pair.as_span();
        // pest counts the blanks before a repetition that did not happen.
        let end = place.start() + place.as_str().trim_end().len();
        Span::new(self.folded.original(place.start()), self.folded.original(end))
    }

    pub(crate) fn text(&self, span: Span) -> String {
        excerpt(span.of(self.original))
    }

    /// One more level on top of parts with so many.
    pub(crate) fn node(&mut self, kind: ExprKind, span: Span, parts: usize) -> Read<Built> {
        if parts >= MAX_DEPTH {
            self.errors.push(too_deep(span));
            return Err(Stop);
        }
        Ok(Built { expr: Expr { kind, span }, depth: parts + 1 })
    }

    /// The grammar and this file disagree; the author is told as much as is known.
    pub(crate) fn odd<T>(&mut self, span: Span) -> Read<T> {
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
