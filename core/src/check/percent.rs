//! Percentages where plain numbers are meant, and plain numbers where percentages are.

use kaohe_grammar::{Message, say};

use super::Checker;
use super::range::{End, Range};
use crate::code::Code;
use crate::number::Number;
use crate::plan::{Column, NodeId, Op, Role, Step};

/// How figures of a column are written.
enum Scale {
    /// As parts of one: 100 % is 1. In words why.
    Percent(Message),
    /// As plain numbers up to this one.
    Plain(Number),
}

impl Checker<'_> {
    /// Warns of literals that are written on another scale than the figure they are held against.
    pub(super) fn percents(&mut self) {
        let nodes: Vec<NodeId> = self.insight.nodes().collect();
        for id in nodes {
            match &self.plan().node(id).op {
                Op::Compare(_, a, b) => {
                    self.held(*a, &[*b]);
                    self.held(*b, &[*a]);
                }
                Op::Bands(bands) => {
                    let edges: Vec<_> = bands.bands.iter().map(|(edge, _)| *edge).collect();
                    self.held(bands.value, &edges);
                }
                Op::Interpolate(line) => {
                    let places: Vec<_> = line.knots.iter().map(|(place, _)| *place).collect();
                    self.held(line.value, &places);
                }
                Op::Extreme(_, operands) => {
                    if let [value, limit] = **operands {
                        self.held(value, &[limit]);
                    }
                }
                _ => {}
            }
        }
    }

    /// Looks at the literals a figure is held against.
    fn held(&mut self, value: NodeId, literals: &[NodeId]) {
        let Some(scale) = self.scale(value) else { return };
        for id in literals {
            let Some((number, percent)) = self.literal(*id) else { continue };
            let message = match &scale {
                // a completion of 1000 % is no target anybody sets
                Scale::Percent(why) if !percent && number >= Number::from_integer(10) => {
                    let hundredfold = number.multiply(&Number::HUNDRED);
                    Message::new(
                        format!("{number} is {hundredfold}% here: {}", why.en),
                        format!("这里的 {number} 等于 {hundredfold}%：{}", why.zh),
                    )
                }
                Scale::Plain(most) if percent && number <= Number::from_integer(2) && number.sign() > 0 => {
                    let written = number.multiply(&Number::HUNDRED);
                    let (en, zh) = self.called(value, ("the figure", "该值"));
                    say!(
                        "{written}% is {number}, and {en} goes up to {most}",
                        "{written}% 等于 {number}；{zh}最大为 {most}"
                    )
                }
                _ => continue,
            };
            let help = match &scale {
                Scale::Percent(_) => say!("write `{number}%`", "请写 `{number}%`"),
                Scale::Plain(_) => {
                    let plain = number.multiply(&Number::HUNDRED);
                    say!("write `{plain}`", "请写 `{plain}`")
                }
            };
            if self.explained.insert(*id) {
                self.warn_at(Code::OtherScale, *id, message, help);
                // who writes one edge so writes the others so
                self.explained.extend(literals);
                return;
            }
        }
    }

    /// A number as it is written, and whether in percent.
    fn literal(&self, id: NodeId) -> Option<(Number, bool)> {
        let node = self.plan().node(id);
        match &node.op {
            Op::Constant(crate::value::Value::Number(number)) => Some((number.clone(), self.in_percent(id))),
            _ => None,
        }
    }

    fn scale(&self, value: NodeId) -> Option<Scale> {
        match &self.plan().node(value).op {
            Op::Tell(Step::Attainment, _) => {
                let why = say!("a target that is met exactly is 100%", "完成率恰好达标时为 100%");
                Some(Scale::Percent(why))
            }
            Op::Tell(Step::Floor | Step::Cap, inner) => match &self.plan().node(*inner).op {
                Op::Extreme(_, operands) => {
                    self.scale(*operands.first()?).filter(|scale| matches!(scale, Scale::Percent(_)))
                }
                _ => None,
            },
            Op::Tell(Step::Of, inner) => self.scale(*inner),
            Op::Column(column) => self.scale_of(self.plan().column(*column)),
            _ => None,
        }
    }

    fn scale_of(&self, column: &Column) -> Option<Scale> {
        let name = &column.name;
        let plain = |most: &Number| (*most > Number::from_integer(5)).then(|| Scale::Plain(most.clone()));
        match &column.role {
            Role::Input(_) => {
                let text = self.document.inputs.iter().find(|input| input.common.name.name == *name)?;
                let [_, max, _, below] = &text.range;
                let most = max.as_ref().or(below.as_ref())?;
                let known = self.insight.at(column.body).range()?;
                let (End::At(highest) | End::Past(highest)) = &known.high else { return None };
                if most.text.trim_end().ends_with('%') {
                    let (most, one) = (&most.text, Number::from_integer(2));
                    let why = say!("`{name}` goes up to {most}", "`{name}` 最大为 {most}");
                    return (*highest <= one).then_some(Scale::Percent(why));
                }
                plain(highest)
            }
            Role::Computed if column.show.percent => {
                Some(Scale::Percent(say!("`{name}` is shown in percent", "`{name}` 按百分数显示")))
            }
            Role::Item(item) => plain(self.insight.plainly(item.full).range().and_then(Range::single)?),
            Role::Composite(composite) => plain(self.insight.plainly(composite.full).range().and_then(Range::single)?),
            _ => None,
        }
    }
}
