//! Where in the tree the reader is: the open map or list, the value it awaits, the path.

use super::build::{Build, Frame, Parts};
use super::cut::{self, Form};
use super::tree::{Layout, Node, NodeValue, Scalar, ScalarStyle, offset};

impl Build<'_> {
    /// The layout of the map or list that is open.
    pub(super) fn layout(&self) -> Layout {
        self.frames.last().map_or(Layout::Block, |frame| frame.layout)
    }

    /// Where the innermost bracket that is open stands.
    pub(super) fn open_bracket(&self) -> Option<u32> {
        self.frames.last().filter(|frame| frame.layout == Layout::Flow).map(|frame| frame.start)
    }

    /// The first value in the open `{…}` or `[…]` that has lost the partner of a bracket or quote.
    pub(super) fn first_cut(&self) -> Option<&Scalar> {
        let frame = self.frames.last().filter(|frame| frame.layout == Layout::Flow)?;
        let cut = |node: &'_ Node| match &node.value {
            NodeValue::Scalar(scalar) => scalar.style == ScalarStyle::Plain && !cut::is_balanced(&scalar.text),
            NodeValue::Map(_) | NodeValue::List(_) => false,
        };
        let node = match &frame.parts {
            Parts::Map { entries, .. } => entries.iter().map(|entry| &entry.value).find(|node| cut(node)),
            Parts::List(items) => items.iter().find(|node| cut(node)),
        };
        node.and_then(Node::scalar)
    }

    /// Where the value of the key that was read last begins, when nothing of it has been read: after the colon, on its line.
    pub(super) fn awaited_start(&self) -> Option<u32> {
        let Parts::Map { key: Some(key), .. } = &self.frames.last()?.parts else { return None };
        let after = self.source.get(key.scalar.span.end as usize..)?;
        let value = after.trim_start_matches([' ', '\t']).strip_prefix(':')?.trim_start_matches([' ', '\t']);
        Some(key.scalar.span.end + offset(after.len() - value.len()))
    }

    /// Whether a key has been read and its value has not, or a list is open: what comes is no key.
    pub(super) fn awaits_value(&self) -> bool {
        self.frames.last().is_some_and(|frame| !matches!(frame.parts, Parts::Map { key: None, .. }))
    }

    /// How the help writes the value that begins at `start`.
    pub(super) fn form(&self, start: u32) -> Form {
        let Some(frame) = self.frames.last() else { return Form::Bare };
        let key = match &frame.parts {
            Parts::List(_) => return Form::Bare,
            Parts::Map { entries, key, .. } => entries
                .iter()
                .find(|entry| entry.value.span.start == start)
                .map(|entry| &entry.key)
                .or(key.as_ref().map(|key| &key.scalar)),
        };
        match (key, frame.layout) {
            (None, _) => Form::Bare,
            (Some(key), Layout::Flow) => Form::FlowKey(key.span.of(self.source).to_owned()),
            (Some(key), Layout::Block) => Form::BlockKey(key.span.of(self.source).to_owned()),
        }
    }

    /// Whether a value that has been read begins at `start`, or the one that is awaited.
    pub(super) fn is_value(&self, start: u32) -> bool {
        match self.frames.last().map(|frame| &frame.parts) {
            Some(Parts::Map { entries, .. }) => entries.last().is_some_and(|entry| entry.value.span.start == start),
            Some(Parts::List(items)) => items.last().is_some_and(|item| item.span.start == start),
            None => false,
        }
    }

    /// Whether a line ends between the two places.
    pub(super) fn is_on_an_earlier_line(&self, earlier: u32, at: usize) -> bool {
        self.source.get(earlier as usize..at).is_some_and(|between| between.contains('\n'))
    }

    /// The keys and positions that lead to what is being read.
    pub(super) fn path(&self) -> String {
        path_through(&self.frames, None)
    }

    /// The keys and positions that lead to the part `last` of the map or list that is open.
    pub(super) fn path_to(&self, last: &str) -> String {
        let outer = self.frames.split_last().map_or(&[][..], |(_, outer)| outer);
        path_through(outer, Some(last))
    }

    /// The keys and positions that lead to the value that begins at `start`, read already or still awaited.
    pub(super) fn path_of(&self, start: u32) -> String {
        let read = self.frames.last().and_then(|frame| match &frame.parts {
            Parts::Map { entries, .. } => {
                entries.iter().find(|entry| entry.value.span.start == start).map(|entry| entry.key.text.clone())
            }
            Parts::List(items) => items.iter().any(|item| item.span.start == start).then(|| {
                // The pieces of a cut value count as one.
                let (mut count, mut covered) = (0_usize, 0);
                for item in items.iter().take_while(|item| item.span.start < start) {
                    if item.span.start >= covered {
                        count += 1;
                        let cut = item.scalar().is_some_and(|scalar| !cut::is_balanced(&scalar.text));
                        let end = if cut { cut::end_in_flow(self.source, item.span.start as usize) } else { None };
                        covered = end.map_or(covered, offset);
                    }
                }
                count.to_string()
            }),
        });
        read.map_or_else(|| self.path(), |last| self.path_to(&last))
    }
}

fn path_through(frames: &[Frame], last: Option<&str>) -> String {
    let mut path = Vec::new();
    for frame in frames {
        match &frame.parts {
            Parts::Map { key: Some(key), .. } => path.push(key.scalar.text.clone()),
            Parts::Map { .. } => {}
            Parts::List(items) => path.push(items.len().to_string()),
        }
    }
    path.extend(last.map(str::to_owned));
    path.join(".")
}
