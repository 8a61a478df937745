//! What stands beside the row: detail tables, and values of the run.

use kaohe_grammar::say;

use super::{Reader, named, names, scalar};
use crate::document::model::{DetailText, InputText};
use crate::document::tree::{Node, Scalar};
use crate::plan::DetailKind;

impl Reader<'_> {
    /// A detail table; nothing when a part of it cannot be read, so that what reads that part is no mistake of its own.
    pub(super) fn detail(&mut self, key: &Scalar, node: &Node) -> Option<DetailText> {
        let failed = self.failed.len();
        let columns = self.named(node, "columns", Self::detail_column);
        let computed = self.named(node, "computed", Self::computed);
        if self.failed.len() > failed {
            self.failed.truncate(failed); // they are names of the table, not of the scheme
            return None;
        }
        Some(DetailText {
            name: named(key),
            path: self.path(),
            key: named(scalar(node, "key")?),
            columns,
            computed,
            unique: names(node, "unique"),
            kind: DetailKind::Rows,
        })
    }

    fn detail_column(&mut self, key: &Scalar, node: &Node) -> Option<InputText> {
        let why = say!("the `key` of the table says whose its rows are", "明细属于谁由明细表的 `key` 决定");
        self.without_effect(node, &["key"], &why);
        self.input(key, node)
    }

    /// A value of the run.
    pub(super) fn given(&mut self, key: &Scalar, node: &Node) -> Option<InputText> {
        let why = say!("a value of the run stands in no table", "本次运行的给定值不在表格里");
        self.without_effect(node, &["key", "header"], &why);
        self.input(key, node)
    }
}
