//! Divisors that may be zero.

use std::collections::HashSet;

use kaohe_grammar::{Message, say};

use super::Checker;
use super::assume::Class;
use crate::code::Code;
use crate::plan::{Arithmetic, NodeId, Op, Role};

impl Checker<'_> {
    /// Warns of a divisor that the declared ranges let be zero, once for each figure.
    pub(super) fn divisors(&mut self) {
        let mut told: HashSet<Class> = HashSet::new();
        let nodes: Vec<NodeId> = self.insight.nodes().collect();
        for id in nodes {
            let divisor = match &self.plan().node(id).op {
                Op::Arithmetic(Arithmetic::Divide, _, divisor) => *divisor,
                Op::Power(base, exponent) if *exponent < 0 => *base,
                _ => continue,
            };
            let seen = self.insight.seen(id, divisor);
            // a divisor that is written as zero is told when it is read
            let written = self.insight.plainly(divisor).range().is_some_and(|range| range.single().is_some());
            let Some(range) = seen.range().filter(|range| range.has_zero() && !written) else { continue };
            if told.insert(self.insight.classes.of(divisor)) {
                let told = range.told(false);
                let input = self.column_of(divisor).filter(|column| matches!(column.role, Role::Input(_)));
                let help = match input {
                    Some(column) => {
                        let name = &column.name;
                        say!(
                            "declare `{name}` with `above: 0`, or say what holds then: `ratio(…, {name}, 0)`",
                            "请给 `{name}` 声明 `above: 0`，或写明为零时的取值：`ratio(…, {name}, 0)`"
                        )
                    }
                    None => say!(
                        "say what holds when it is zero, as in `ratio(a, b, 0)` or `if b = 0 then 0 else a / b`",
                        "请写明为零时的取值，如 `ratio(a, b, 0)` 或 `if b = 0 then 0 else a / b`"
                    ),
                };
                let (en, zh) = match self.column_of(divisor) {
                    Some(column) => (format!(" `{}`", column.name), format!(" `{}` ", column.name)),
                    None => (String::new(), String::new()),
                };
                let message = Message::new(
                    format!("the divisor{en} may be zero: by the declared ranges it is {}", told.en),
                    format!("除数{zh}可能为零：按声明的范围，它{}", told.zh),
                );
                self.warn_at(Code::MayBeZero, divisor, message, help);
            }
        }
    }
}
