//! Which operand belongs to which operator: one function a level, from the loosest to the tightest.

use std::iter::Peekable;
use std::vec::IntoIter;

use crate::tree::{Builder, Built, Read, Stop};
use crate::{BinaryOperator, ComparisonOperator, Expr, ExprKind, Span, SyntaxCode, SyntaxError, UnaryOperator, say};

/// One piece of a flat row of operands and operators.
pub(crate) enum Item {
    Prefix(UnaryOperator, Span),
    Operand(Built),
    Infix(Infix, Span),
    List(Vec<Expr>, usize, Span),
}

/// What stands between two operands.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Infix {
    Binary(BinaryOperator),
    Compare(ComparisonOperator),
    Between,
    In,
}

impl Infix {
    pub(crate) fn new(written: &str) -> Option<Self> {
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

impl Builder<'_> {
    /// The tree of a whole row.
    pub(crate) fn sort(&mut self, items: Vec<Item>, span: Span) -> Read<Built> {
        let mut items = Items(items.into_iter().peekable());
        let built = self.either(&mut items)?;
        match items.0.next() {
            None => Ok(built),
            Some(_) => self.odd(span),
        }
    }

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
}
