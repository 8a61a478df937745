//! From the tree and its comments to lines.

use crate::document::tree::{Comment, Entry, Layout, Node, NodeValue, Scalar, ScalarStyle};

use super::lines::{Cell, Line, align, columns, join};
use super::quote::{is_safe, is_typed, quote};
use super::{Notes, WIDTH, is_block_text};

/// The document as text.
pub(super) fn lay(source: &str, root: &Node, comments: &[Comment], notes: &Notes) -> String {
    let mut starts = vec![0];
    starts.extend(source.match_indices('\n').map(|(at, _)| at + 1));
    let json = root.layout == Layout::Flow;
    let mut lay = Lay { source, starts, comments, next: 0, notes, json, lines: Vec::new(), opened: false };
    let whole = Place { indent: 0, until: source.len(), column: -1 };
    if json {
        lay.bracketed(Head { text: "", end: 0 }, root, "", whole, false);
    } else {
        lay.children(root, whole);
    }
    lay.flush(source.len(), 0);
    join(&lay.lines)
}

struct Lay<'s> {
    source: &'s str,
    /// Where each line of the source begins.
    starts: Vec<usize>,
    comments: &'s [Comment],
    /// The first comment that has not been written.
    next: usize,
    notes: &'s Notes,
    /// Whether the document is JSON, so that quotes and brackets stay.
    json: bool,
    lines: Vec<Line>,
    /// Whether the last line opens what comes next, so that no empty line goes between.
    opened: bool,
}

/// Where something is written.
#[derive(Clone, Copy)]
struct Place {
    indent: usize,
    /// Where in the source the next thing begins, or everything ends.
    until: usize,
    /// In which column of the source the map or list round it begins; -1 for the document itself.
    column: isize,
}

/// What stands before a value on its line: `key:`, `-` or nothing.
#[derive(Clone, Copy)]
struct Head<'t> {
    text: &'t str,
    /// Where it ends in the source.
    end: usize,
}

impl Head<'_> {
    /// The head and `text` on one line.
    fn with(self, text: &str) -> String {
        match (self.text, text) {
            ("", text) => text.to_owned(),
            (head, "") => head.to_owned(),
            (head, text) => format!("{head} {text}"),
        }
    }
}

impl Lay<'_> {
    // ------------------------------------------------------------------------------------- places in the source

    fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn line_text(&self, line: usize) -> &str {
        let start = self.starts.get(line).copied().unwrap_or(0);
        let end = self.starts.get(line + 1).copied().unwrap_or(self.source.len());
        self.source.get(start..end).unwrap_or("")
    }

    /// Whether the line before the one of `at` is empty.
    fn blank_above(&self, at: usize) -> bool {
        let line = self.line_of(at);
        line > 0 && self.line_text(line - 1).trim().is_empty()
    }

    /// The column of a place, in characters.
    fn column_of(&self, at: usize) -> isize {
        let start = self.starts.get(self.line_of(at)).copied().unwrap_or(0);
        let before = self.source.get(start..at).unwrap_or("");
        isize::try_from(before.trim_start_matches('\u{feff}').chars().count()).unwrap_or(isize::MAX)
    }

    /// Where the `-` of a list item stands; in brackets, where the item begins.
    fn item_start(&self, list: &Node, item: &Node) -> usize {
        let at = item.span.start as usize;
        let before = self.source.get(..at).unwrap_or("");
        let dash = before.trim_end_matches(|each: char| each != '-');
        if list.layout == Layout::Flow || dash.is_empty() { at } else { dash.len() - 1 }
    }

    // ------------------------------------------------------------------------------------------------- comments

    /// The next comment, if it begins before `until`.
    fn comment(&self, until: usize) -> Option<&Comment> {
        self.comments.get(self.next).filter(|comment| (comment.span.start as usize) < until)
    }

    fn has_comment(&self, node: &Node) -> bool {
        let at = self.comments.partition_point(|comment| comment.span.start < node.span.start);
        self.comments.get(at).is_some_and(|comment| comment.span.start < node.span.end)
    }

    /// Writes the comments that stand before `until` on lines of their own.
    fn flush(&mut self, until: usize, indent: usize) {
        while let Some(comment) = self.comment(until) {
            let blank = comment.own_line && self.blank_above(comment.span.start as usize);
            self.flush_one(indent, blank);
        }
    }

    /// Writes the next comment on a line of its own.
    fn flush_one(&mut self, indent: usize, blank: bool) {
        let Some(comment) = self.comments.get(self.next) else { return };
        self.next += 1;
        self.push(indent, written(comment), blank);
        if let Some(line) = self.lines.last_mut() {
            line.is_comment = true;
        }
    }

    /// Writes the comments at the end of a map or list that stand as deep as its entries.
    fn flush_inner(&mut self, column: isize, place: Place) {
        while let Some(comment) = self.comment(place.until).filter(|comment| comment.own_line) {
            let at = self.column_of(comment.span.start as usize);
            if at < column || at <= place.column {
                break;
            }
            let end = comment.span.end as usize;
            self.flush(end, place.indent);
        }
    }

    /// Takes the comment that stands behind `end` on its line, with its column.
    fn trailing(&mut self, end: usize, until: usize) -> Option<(String, usize)> {
        let comment = self.comment(until).filter(|comment| !comment.own_line)?;
        let at = comment.span.start as usize;
        let line = self.line_of(at);
        if at < end || line != self.line_of(end) {
            return None;
        }
        let text = written(comment);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let column = columns(self.source.get(start..at).unwrap_or(""));
        self.next += 1;
        Some((text, column))
    }

    // ---------------------------------------------------------------------------------------------------- lines

    fn push(&mut self, indent: usize, text: String, blank_before: bool) {
        let blank_before = blank_before && !self.opened && !self.lines.is_empty();
        self.opened = false;
        self.lines.push(Line { indent, text, comment: None, blank_before, is_comment: false });
    }

    fn set_comment(&mut self, comment: Option<(String, usize)>) {
        if let Some(line) = self.lines.last_mut() {
            line.comment = comment;
        }
    }

    // -------------------------------------------------------------------------------------------- maps and lists

    /// The entries of a map or the items of a list, each on lines of its own.
    fn children(&mut self, node: &Node, place: Place) {
        match &node.value {
            NodeValue::Map(entries) => self.entries(entries, place),
            NodeValue::List(items) => self.items(node, items, place),
            NodeValue::Scalar(_) => {}
        }
        if node.layout == Layout::Flow {
            self.flush((node.span.end as usize).min(place.until), place.indent);
        }
    }

    fn entries(&mut self, entries: &[Entry], place: Place) {
        let column = entries.first().map_or(0, |first| self.column_of(first.key.span.start as usize));
        let mut cells = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let (start, end) = (entry.key.span.start as usize, entry.key.span.end as usize);
            let until = entries.get(at + 1).map_or(place.until, |next| next.key.span.start as usize);
            let first = self.lines.len();
            self.flush(start, place.indent);
            let head = format!("{}:", self.text(&entry.key, &entry.key.text, false));
            let blank = self.blank_above(start);
            let line = self.value(Head { text: &head, end }, &entry.value, Place { until, column, ..place }, blank);
            let wide = self.wide_column(entry);
            cells.push(Cell { line, first, key: head.len(), wide });
        }
        align(&mut self.lines, &cells);
        self.flush_inner(column, place);
    }

    /// How many columns after its key a value begins, when more than one space stands behind the colon.
    fn wide_column(&self, entry: &Entry) -> Option<usize> {
        let (start, end) = (entry.key.span.start as usize, entry.key.span.end as usize);
        let value = entry.value.span.start as usize;
        let spaces = self.source.get(end..value)?.trim_start().strip_prefix(':')?;
        let is_wide = spaces.len() > 1 && spaces.chars().all(|each| each == ' ');
        is_wide.then(|| columns(self.source.get(start..value).unwrap_or("")))
    }

    fn items(&mut self, list: &Node, items: &[Node], place: Place) {
        let starts: Vec<usize> = items.iter().map(|item| self.item_start(list, item)).collect();
        let column = starts.first().map_or(0, |start| self.column_of(*start));
        for (at, item) in items.iter().enumerate() {
            let end = starts.get(at).copied().unwrap_or(0);
            let until = starts.get(at + 1).copied().unwrap_or(place.until);
            self.flush(item.span.start as usize, place.indent);
            let blank = self.blank_above(end);
            self.value(Head { text: "-", end }, item, Place { until, column, ..place }, blank);
        }
        self.flush_inner(column, place);
    }

    /// A value with its head; the answer is its line, when it has just one.
    ///
    /// * `blank`: whether an empty line goes before it.
    fn value(&mut self, head: Head<'_>, node: &Node, place: Place, blank: bool) -> Option<usize> {
        let used = place.indent + columns(head.text) + 1;
        let is_broken = self.line_of(node.span.start as usize) < self.line_of(node.span.end as usize);
        let wrapped = if is_broken { self.wrapped(node, used).filter(|lines| lines.len() > 1) } else { None };
        if let (None, Some(text)) = (&wrapped, self.single(node, used)) {
            self.pushed(head, node, place, blank, &[text]);
            return Some(self.lines.len() - 1);
        }
        match &node.value {
            NodeValue::Scalar(scalar) => self.block_text(head, node, scalar, place, blank),
            _ => match wrapped.or_else(|| self.wrapped(node, used)) {
                Some(lines) => self.pushed(head, node, place, blank, &lines),
                None => self.nested(head, node, place, blank),
            },
        }
        None
    }

    /// A value in its own lines, the first of them behind the head and the others below the first.
    fn pushed(&mut self, head: Head<'_>, node: &Node, place: Place, blank: bool, lines: &[String]) {
        let mut blank = blank;
        let end = node.span.end as usize;
        // What stands between the head and the end of the value goes before both.
        while self.comment(end.min(place.until)).is_some() {
            self.flush_one(place.indent, blank);
            blank = false;
        }
        for (at, text) in lines.iter().enumerate() {
            if at == 0 {
                self.push(place.indent, head.with(text), blank);
            } else {
                self.push(place.indent + columns(head.text) + 1, text.clone(), false);
            }
        }
        let comment = self.trailing(end, place.until);
        self.set_comment(comment);
    }

    /// A map or list on lines of its own below its head; the first item of a list stands behind its `-`.
    fn nested(&mut self, head: Head<'_>, node: &Node, place: Place, blank: bool) {
        let inner = Place { indent: place.indent + 2, ..place };
        let first_child = match &node.value {
            NodeValue::Map(entries) => entries.first().map(|entry| entry.key.span.start),
            NodeValue::List(items) => items.first().map(|item| item.span.start),
            NodeValue::Scalar(_) => None,
        };
        let first_child = first_child.unwrap_or(node.span.start) as usize;
        if head.text != "-" {
            let comment = self.trailing(head.end, first_child);
            self.push(place.indent, head.text.to_owned(), blank);
            self.set_comment(comment);
            self.opened = true;
            return self.children(node, inner);
        }
        let mut blank = blank;
        while self.comment(first_child).is_some() {
            self.flush_one(place.indent, blank);
            blank = false;
        }
        let first = self.lines.len();
        self.opened = true;
        self.children(node, inner);
        // Comments that an inner value has put before itself come before the `-`.
        for line in self.lines.iter_mut().skip(first) {
            line.indent = place.indent;
            line.blank_before = std::mem::replace(&mut blank, false) && first > 0;
            if !line.is_comment {
                line.text.insert_str(0, "- ");
                break;
            }
        }
    }

    /// A text under `|` or `>`, its lines as they are.
    fn block_text(&mut self, head: Head<'_>, node: &Node, scalar: &Scalar, place: Place, blank: bool) {
        let mut blank = blank;
        let begin = scalar.span.start as usize;
        let comment = self.trailing(head.end, begin);
        while self.comment(begin).is_some() {
            self.flush_one(place.indent, blank);
            blank = false;
        }
        let sign = self.block_sign(node).unwrap_or_default().to_owned();
        self.push(place.indent, head.with(&sign), blank);
        self.set_comment(comment);
        let depth = usize::try_from(self.column_of(begin)).unwrap_or(0);
        let (first, last) = (self.line_of(node.span.start as usize) + 1, self.line_of(scalar.span.end as usize));
        let mut texts: Vec<String> = (first..=last)
            .take_while(|line| {
                // The span reaches up to what comes next.
                let spaces = self.line_text(*line).bytes().take_while(|each| *each == b' ').count();
                self.starts.get(*line).is_some_and(|start| start + spaces < scalar.span.end as usize)
            })
            .map(|line| self.line_text(line).trim_end_matches(['\n', '\r']).get(depth..).unwrap_or("").to_owned())
            .collect();
        while texts.last().is_some_and(|text| text.trim().is_empty()) {
            texts.pop();
        }
        for text in texts {
            self.push(place.indent + 2, text, false);
        }
    }

    /// The sign a block text begins with, `>-`; nothing when it says more than whether the last line end counts.
    fn block_sign(&self, node: &Node) -> Option<&str> {
        let rest = self.source.get(node.span.start as usize..)?;
        let length = rest.find(|each: char| !matches!(each, '|' | '>' | '-' | '+' | '0'..='9')).unwrap_or(rest.len());
        rest.get(..length).filter(|sign| matches!(*sign, "|" | ">" | "|-" | ">-"))
    }

    // ------------------------------------------------------------------------------------------------- on one line

    /// The value on one line, when it is one and fits behind `used` columns.
    fn single(&self, node: &Node, used: usize) -> Option<String> {
        match &node.value {
            NodeValue::Scalar(scalar) if is_block_text(scalar) && self.block_sign(node).is_some() => None,
            NodeValue::Scalar(scalar) => Some(self.scalar(scalar, self.json)),
            NodeValue::Map(entries) if entries.is_empty() => Some("{}".to_owned()),
            NodeValue::List(items) if items.is_empty() => Some("[]".to_owned()),
            _ if node.layout == Layout::Block || self.has_comment(node) => None,
            _ => self.inline(node).filter(|text| used + columns(text) <= WIDTH),
        }
    }

    /// A map or list in brackets; nothing when it is longer than any line.
    fn inline(&self, node: &Node) -> Option<String> {
        let parts = self.parts(node)?;
        let joined = parts.join(", ");
        Some(match &node.value {
            NodeValue::Scalar(_) => joined,
            NodeValue::Map(_) if parts.is_empty() => "{}".to_owned(),
            NodeValue::Map(_) => format!("{{ {joined} }}"),
            NodeValue::List(_) => format!("[{joined}]"),
        })
    }

    /// The entries or items of a map or list in brackets; of a text the text.
    fn parts(&self, node: &Node) -> Option<Vec<String>> {
        // No character takes more than four bytes, or less than one column.
        const MOST_BYTES: usize = 4 * WIDTH;
        let mut length = 0;
        let mut parts = Vec::new();
        let mut take = |part: String| {
            length += part.len();
            parts.push(part);
            (length <= MOST_BYTES).then_some(())
        };
        match &node.value {
            NodeValue::Scalar(scalar) => take(self.scalar(scalar, true))?,
            NodeValue::List(items) => items.iter().try_for_each(|item| take(self.inline(item)?))?,
            NodeValue::Map(entries) => entries.iter().try_for_each(|entry| {
                take(format!("{}: {}", self.text(&entry.key, &entry.key.text, true), self.inline(&entry.value)?))
            })?,
        }
        Some(parts)
    }

    /// Facts, and lists of plain values, over as many lines as it takes.
    fn wrapped(&self, node: &Node, used: usize) -> Option<Vec<String>> {
        let is_plain = match &node.value {
            NodeValue::List(items) => items.iter().all(is_plain_or_pair),
            _ => false,
        };
        let is_facts = self.notes.facts.contains(&node.span.start);
        if node.layout == Layout::Block || !(is_plain || is_facts) || self.has_comment(node) {
            return None;
        }
        let (open, close) = if matches!(node.value, NodeValue::Map(_)) { ("{ ", " }") } else { ("[", "]") };
        // Each part with the lines of the source it begins and ends on.
        let lines_of = |start: u32, end: u32| (self.line_of(start as usize), self.line_of(end as usize));
        let parts: Vec<(String, (usize, usize))> = match &node.value {
            NodeValue::Scalar(_) => return None,
            NodeValue::List(items) => {
                let part = |item: &Node| Some((self.inline(item)?, lines_of(item.span.start, item.span.end)));
                items.iter().map(part).collect::<Option<_>>()?
            }
            NodeValue::Map(entries) => {
                let part = |entry: &Entry| {
                    let key = self.text(&entry.key, &entry.key.text, true);
                    let text = format!("{key}: {}", self.inline(&entry.value)?);
                    Some((text, lines_of(entry.key.span.start, entry.value.span.end)))
                };
                entries.iter().map(part).collect::<Option<_>>()?
            }
        };
        let count = parts.len();
        let mut lines = Vec::new();
        let mut line = open.to_owned();
        let mut line_before = None;
        for (at, (part, (begins, ends))) in parts.into_iter().enumerate() {
            let is_broken = line_before.replace(ends).is_some_and(|before| before < begins);
            let after = if at + 1 == count { close } else { "," };
            let fits = |line: &str, space: &str| {
                used + columns(line) + columns(space) + columns(&part) + columns(after) <= WIDTH
            };
            let space = if at == 0 { "" } else { " " };
            if at > 0 && (is_broken || !fits(&line, space)) {
                lines.push(std::mem::replace(&mut line, " ".repeat(open.len())));
            } else {
                line.push_str(space);
            }
            if !fits(&line, "") {
                return None;
            }
            line.push_str(&part);
            line.push_str(after);
        }
        lines.push(line);
        Some(lines)
    }

    fn scalar(&self, scalar: &Scalar, flow: bool) -> String {
        self.text(scalar, self.notes.text(scalar), flow)
    }

    /// A text, in quotes where it needs them or where its author had a reason for them.
    fn text(&self, scalar: &Scalar, text: &str, flow: bool) -> String {
        let was_quoted = scalar.style != ScalarStyle::Plain;
        let by_choice = was_quoted && (self.json || is_typed(text) || text.contains(", "));
        if is_safe(text, flow) && !by_choice { text.to_owned() } else { quote(text, self.json) }
    }

    // -------------------------------------------------------------------------------------------------------- JSON

    /// A value between brackets over several lines, as JSON is written.
    fn bracketed(&mut self, head: Head<'_>, node: &Node, tail: &str, place: Place, blank: bool) {
        let mut blank = blank;
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        while self.comment(start.min(place.until)).is_some() {
            self.flush_one(place.indent, blank);
            blank = false;
        }
        let on_one_line = self.line_of(start) == self.line_of(end.saturating_sub(1));
        let used = place.indent + columns(head.text) + 1 + tail.len();
        let single = self.single(node, used).filter(|_| on_one_line || node.scalar().is_some());
        let text = match single {
            Some(text) => head.with(&text),
            None => {
                let map = matches!(node.value, NodeValue::Map(_));
                let opened = self.trailing(start + 1, self.first_inside(node));
                self.push(place.indent, head.with(if map { "{" } else { "[" }), blank);
                self.set_comment(opened);
                self.opened = true;
                self.inside(node, Place { indent: place.indent + 2, until: end.saturating_sub(1), ..place });
                self.opened = false;
                blank = false;
                if map { "}" } else { "]" }.to_owned()
            }
        };
        self.push(place.indent, format!("{text}{tail}"), blank);
        let comment = self.trailing(end, place.until);
        self.set_comment(comment);
    }

    /// Where the first entry or item begins; in an empty map or list its end.
    fn first_inside(&self, node: &Node) -> usize {
        let first = match &node.value {
            NodeValue::Map(entries) => entries.first().map(|entry| entry.key.span.start),
            NodeValue::List(items) => items.first().map(|item| item.span.start),
            NodeValue::Scalar(_) => None,
        };
        first.unwrap_or(node.span.end) as usize
    }

    fn inside(&mut self, node: &Node, place: Place) {
        let children: Vec<(Option<&Scalar>, &Node)> = match &node.value {
            NodeValue::Map(entries) => entries.iter().map(|entry| (Some(&entry.key), &entry.value)).collect(),
            NodeValue::List(items) => items.iter().map(|item| (None, item)).collect(),
            NodeValue::Scalar(_) => Vec::new(),
        };
        let start_of =
            |child: &(Option<&Scalar>, &Node)| child.0.map_or(child.1.span.start, |key| key.span.start) as usize;
        for (at, child) in children.iter().enumerate() {
            let start = start_of(child);
            let until = children.get(at + 1).map_or(place.until, start_of);
            self.flush(start, place.indent);
            let head = child.0.map(|key| format!("{}:", self.text(key, &key.text, true))).unwrap_or_default();
            let tail = if at + 1 < children.len() { "," } else { "" };
            let blank = self.blank_above(start);
            let end = child.0.map_or(start, |key| key.span.end as usize);
            self.bracketed(Head { text: &head, end }, child.1, tail, Place { until, ..place }, blank);
        }
        self.flush(place.until, place.indent);
    }
}

/// Whether it is a text, or a list of texts: an edge and its value.
fn is_plain_or_pair(node: &Node) -> bool {
    match &node.value {
        NodeValue::Scalar(_) => true,
        NodeValue::List(items) => node.layout == Layout::Flow && items.iter().all(|item| item.scalar().is_some()),
        NodeValue::Map(_) => false,
    }
}

fn written(comment: &Comment) -> String {
    format!("#{}", comment.text.trim_end())
}
