//! `exam`: the result of an examination, out of its full marks.

use kaohe_grammar::say;

use super::{Item, Rule};
use crate::code::Code;
use crate::document::model::{FormulaText, Named};
use crate::document::read::{Reader, name_of};
use crate::document::shape::{Key, Shape};
use crate::document::suggest::nearest;
use crate::document::tree::Node;
use crate::lower::Builder;
use crate::plan::{Arithmetic, NodeId, Op, Role, Step};

pub(crate) const KEY: Key =
    Key::new("exam", Shape::Name, "the result of an examination: full marks × its total / full marks of the paper");

#[derive(Debug)]
struct Exam {
    name: Named,
}

pub(crate) fn read(_: &mut Reader<'_>, node: &Node) -> Option<Box<dyn Rule>> {
    Some(Box::new(Exam { name: name_of(node.scalar()?) }))
}

impl Rule for Exam {
    fn formulas(&self) -> Vec<&FormulaText> {
        Vec::new()
    }

    fn columns(&self) -> Vec<&Named> {
        vec![&self.name]
    }

    fn lower(&self, builder: &mut Builder<'_>, item: &Item<'_>) -> Option<NodeId> {
        let name = &self.name.name;
        if builder.failed.contains(name) {
            return None;
        }
        let names = builder.names;
        if names.exam(name).is_none() {
            if names.is_unbuilt(name) {
                return None; // told where it stands
            }
            let near = nearest(name, names.exams.iter().map(|exam| &*exam.common.name.name));
            builder.error(
                Code::UnknownName,
                self.name.span,
                say!("there is no examination `{name}`", "没有名为 `{name}` 的考试"),
                Some(match near {
                    Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
                    None => say!("describe it under `exams:`", "请在 `exams:` 中写明"),
                }),
            );
            return None;
        }
        let column = builder.by_name.get(name).copied()?;
        let Role::Composite(role) = &builder.columns.get(column.index())?.role else { return None };
        let paper = role.full;
        let stood = builder.stand(Some(self.name.span));
        let total = builder.read_column(column)?;
        let score = match (builder.constant_number(paper), builder.constant_number(item.full)) {
            (Some(paper), Some(full)) if paper == full => total,
            _ => {
                let factor = builder.arithmetic(Arithmetic::Divide, item.full, paper)?;
                let scaled = builder.scaled(total, factor)?;
                let scaled = builder.tell(Step::OutOf, scaled)?;
                let absent = builder.truth_node(Op::IsMissing(total));
                let missing = builder.missing();
                builder.choose(absent, missing, scaled)?
            }
        };
        builder.stand(stood);
        Some(score)
    }
}
