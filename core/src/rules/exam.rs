//! `exam`: the result of an examination, out of its full marks.

use kaohe_grammar::{Message, say};

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
        let exams = builder.names.exams;
        let known: Vec<&str> = exams.iter().map(|exam| &*exam.common.name.name).collect();
        result(builder, item, &self.name, &known, &say!("examination", "考试"), &say!("exams", "exams"))
    }
}

/// The result of an exam or of an appraisal on the item's full marks; missing where that is.
pub(super) fn result(
    builder: &mut Builder<'_>,
    item: &Item<'_>,
    named: &Named,
    known: &[&str],
    what: &Message,
    section: &Message,
) -> Option<NodeId> {
    let name = &named.name;
    // what is wrong with it is told where it stands
    if builder.failed.contains(name) || builder.names.has_failed(name) {
        return None;
    }
    if !known.contains(&&**name) {
        let (Message { en, zh }, section) = (what, &section.en);
        builder.error(
            Code::UnknownName,
            named.span,
            say!("there is no {en} `{name}`", "没有名为 `{name}` 的{zh}"),
            Some(match nearest(name, known.iter().copied()) {
                Some(near) => say!("did you mean `{near}`?", "是不是 `{near}`？"),
                None => say!("describe it under `{section}:`", "请在 `{section}:` 中写明"),
            }),
        );
        return None;
    }
    let column = builder.by_name.get(name).copied()?;
    let Role::Composite(role) = &builder.columns.get(column.index())?.role else { return None };
    let own = role.full;
    let stood = builder.stand(Some(named.span));
    let total = builder.read_column(column)?;
    let score = match (builder.constant_number(own), builder.constant_number(item.full)) {
        (Some(own), Some(full)) if own == full => total,
        _ => {
            let factor = builder.arithmetic(Arithmetic::Divide, item.full, own)?;
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
