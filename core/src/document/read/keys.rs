//! The keys of a map while it is read: which are there, and which were meant.

use kaohe_grammar::Span;

use super::{Reader, entries_of};
use crate::document::conform::meant;
use crate::document::shape::MapShape;
use crate::document::tree::Node;

/// The keys of a map, with those that were meant by misspelt ones: the mistake is told once.
pub(super) struct Keys<'n> {
    pub(super) node: &'n Node,
    pub(super) meant: Vec<&'static str>,
}

impl<'n> Keys<'n> {
    pub(super) fn of(node: &'n Node, map: &'static MapShape) -> Self {
        let meant = meant(entries_of(node), map);
        Self { node, meant }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.node.get(key).is_some() || self.meant.contains(&key)
    }

    /// Where the key stands.
    pub(super) fn span(&self, key: &str) -> Option<Span> {
        entries_of(self.node).iter().find(|entry| entry.key.text == key).map(|entry| entry.key.span)
    }
}

impl Reader<'_> {
    /// Reads what stands under `key`.
    pub(super) fn under<T>(
        &mut self,
        node: &Node,
        key: &str,
        read: impl FnOnce(&mut Self, &Node) -> Option<T>,
    ) -> Option<T> {
        let under = node.get(key)?;
        self.inside(key, |this| read(this, under))
    }
}
