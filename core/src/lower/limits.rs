//! Limits of a figure: floor and cap, gate, the limit of a step, and numbers that must not be negative. What is constant is
//! judged when the scheme is read; what depends on the row is held to the same rule for each row.

use kaohe_grammar::{ComparisonOperator, Message, say};

use super::builder::Builder;
use crate::code::Code;
use crate::document::model::FormulaText;
use crate::fault::FaultCode;
use crate::number::Number;
use crate::plan::{Extreme, NodeId, Step};

impl Builder<'_> {
    /// At least `floor`, at most `cap`; constant limits the wrong way round are reported.
    pub(crate) fn limits(
        &mut self,
        value: NodeId,
        floor: Option<&FormulaText>,
        cap: Option<&FormulaText>,
    ) -> Option<NodeId> {
        let floor_node = match floor {
            Some(floor) => Some(self.number(floor)?),
            None => None,
        };
        let cap_node = match cap {
            Some(cap) => Some(self.number(cap)?),
            None => None,
        };
        let mut value = value;
        if let (Some(low), Some(high), Some(text)) = (floor_node, cap_node, cap) {
            let crossed = match (self.constant_number(low), self.constant_number(high)) {
                (Some(low), Some(high)) => Some(low > high),
                _ => None,
            };
            match crossed {
                Some(false) => {}
                Some(true) => {
                    self.inside(&text.path, text.span, |this| {
                        this.error(
                            Code::LimitOrder,
                            text.span,
                            say!("the upper limit `{}` is below the lower one", "上限 `{}` 低于下限", text.text),
                            Some(say!("swap the two limits", "请对调上下限")),
                        );
                    });
                    return None;
                }
                None => value = self.guard_order(low, high, value)?,
            }
        }
        if let Some(low) = floor_node {
            let raised = self.extreme(Extreme::Maximum, vec![value, low])?;
            value = self.tell(Step::Floor, raised)?;
        }
        if let Some(high) = cap_node {
            let lowered = self.extreme(Extreme::Minimum, vec![value, high])?;
            value = self.tell(Step::Cap, lowered)?;
        }
        Some(value)
    }

    /// A gate above the cap would let nobody through to what the cap allows.
    pub(crate) fn gate_below_cap(&mut self, gate: NodeId, text: &FormulaText, cap: Option<&FormulaText>) -> Option<()> {
        let Some(cap) = cap else { return Some(()) };
        let cap = self.number(cap)?;
        let above = match (self.constant_number(gate), self.constant_number(cap)) {
            (Some(gate), Some(cap)) => gate > cap,
            _ => false,
        };
        if !above {
            return Some(());
        }
        self.inside(&text.path, text.span, |this| {
            this.error(
                Code::LimitOrder,
                text.span,
                say!("the gate `{}` is above the cap", "门槛 `{}` 高于封顶", text.text),
                Some(say!("swap the two", "请对调二者")),
            );
        });
        None
    }

    /// The value when `low` is not above `high`, otherwise a fault: limits that depend on the row.
    pub(crate) fn guard_order(&mut self, low: NodeId, high: NodeId, value: NodeId) -> Option<NodeId> {
        let ordered = self.compare(ComparisonOperator::AtMost, low, high)?;
        let crossed = self.fail(FaultCode::LimitsCross, value);
        self.choose(ordered, value, crossed)
    }

    /// The change of one side of a step, limited in the direction of its points.
    pub(crate) fn signed_limit(&mut self, change: NodeId, points: NodeId, limit: &FormulaText) -> Option<NodeId> {
        let most = self.number(limit)?;
        let signs = (self.constant_number(points).map(Number::sign), self.constant_number(most).map(Number::sign));
        if let (Some(points), Some(limit_sign)) = signs
            && points * limit_sign < 0
        {
            self.inside(&limit.path, limit.span, |this| {
                this.error(
                    Code::LimitOrder,
                    limit.span,
                    say!(
                        "the limit `{}` has another sign than the points",
                        "限额 `{}` 与分值的正负号不一致",
                        limit.text
                    ),
                    Some(say!("points of -2 have a limit such as -10", "分值为 -2 时限额应如 -10")),
                );
            });
            return None;
        }
        if signs.0 == Some(0) {
            return Some(change);
        }
        let limited = match signs.0 {
            Some(sign) if sign < 0 => self.extreme(Extreme::Maximum, vec![change, most])?,
            Some(_) => self.extreme(Extreme::Minimum, vec![change, most])?,
            None => {
                let zero = self.zero();
                let negative = self.compare(ComparisonOperator::Less, points, zero)?;
                let positive = self.compare(ComparisonOperator::Greater, points, zero)?;
                let down = self.extreme(Extreme::Maximum, vec![change, most])?;
                let up = self.extreme(Extreme::Minimum, vec![change, most])?;
                let up = self.choose(positive, up, change)?;
                self.choose(negative, down, up)?
            }
        };
        let limited = self.tell(Step::Cap, limited)?;
        if let (Some(_), Some(_)) = signs {
            return Some(limited);
        }
        // signs that depend on the row are held to the same rule as constant ones
        let zero = self.zero();
        let product = self.scaled(points, most)?;
        let agree = self.compare(ComparisonOperator::AtLeast, product, zero)?;
        let fault = self.fail(FaultCode::NotInOrder, limited);
        self.choose(agree, limited, fault)
    }

    /// A number that must be above zero.
    pub(crate) fn positive(&mut self, value: NodeId, formula: &FormulaText) -> Option<NodeId> {
        self.positive_or(value, formula, sign_of_points())
    }

    /// The same with the way out when it is not.
    pub(crate) fn positive_or(&mut self, value: NodeId, formula: &FormulaText, way_out: Message) -> Option<NodeId> {
        self.bounded_below(value, formula, (ComparisonOperator::Greater, FaultCode::NotInOrder), way_out)
    }

    /// A number that must not be below zero.
    pub(crate) fn not_negative(&mut self, value: NodeId, formula: &FormulaText) -> Option<NodeId> {
        self.bounded_below(value, formula, (ComparisonOperator::AtLeast, FaultCode::NotInOrder), sign_of_points())
    }

    /// Money, or what it is counted by, that must not be below zero, with the way out when it is.
    pub(crate) fn not_negative_or(&mut self, value: NodeId, formula: &FormulaText, way_out: Message) -> Option<NodeId> {
        self.bounded_below(value, formula, (ComparisonOperator::AtLeast, FaultCode::Negative), way_out)
    }

    fn bounded_below(
        &mut self,
        value: NodeId,
        formula: &FormulaText,
        (sign, code): (ComparisonOperator, FaultCode),
        way_out: Message,
    ) -> Option<NodeId> {
        let above = sign == ComparisonOperator::Greater;
        match self.constant_number(value).map(Number::sign) {
            Some(found) if found > 0 || (found == 0 && !above) => Some(value),
            Some(_) => {
                let (en, zh) = if above { ("positive", "大于零") } else { ("zero or more", "不小于零") };
                let text = &formula.text;
                self.inside(&formula.path, formula.span, |this| {
                    this.error(
                        Code::BadConstant,
                        formula.span,
                        say!("`{text}` must be {en}", "`{text}` 必须{zh}"),
                        Some(way_out),
                    );
                });
                None
            }
            None => {
                let zero = self.zero();
                let fine = self.compare(sign, value, zero)?;
                let fault = self.fail_at(code, value, formula);
                self.choose(fine, value, fault)
            }
        }
    }
}

fn sign_of_points() -> Message {
    say!("the direction is said by the sign of the points", "方向由分值的正负号表示")
}
