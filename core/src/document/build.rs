//! From the events of the YAML reader to the tree, with everything that a scheme does not allow told on the way.

use std::collections::HashMap;
use std::ops::ControlFlow;

use granit_parser::{Event, Parser, ScalarStyle as Written, ScanError, StructureStyle};
use kaohe_grammar::{Span, fold_name, say};

use super::cut::{self, Cut, Form, Sign};
use super::tree::{
    Comment, Entry, Layout, MAX_DEPTH, MAX_KEY_CHARACTERS, MAX_NODES, MAX_PROBLEMS, MAX_SCALAR_BYTES, Node, NodeValue,
    Reading, Scalar, ScalarStyle, control_character, is_refused, offset,
};
use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// The tree while it is being built: one frame for every map and list that is open.
pub(super) struct Build<'s> {
    pub(super) source: &'s str,
    repairs: &'s [Cut],
    reading: Reading,
    pub(super) frames: Vec<Frame>,
    /// How deep we are inside a key that is a map or list, which is left out.
    skipped: usize,
    nodes: usize,
    documents: usize,
    /// Where the last key, value or bracket ended.
    pub(super) last_end: usize,
    /// The last text that was read.
    pub(super) last_scalar: Option<Scalar>,
    /// Where the last `{…}` or `[…]` began and ended.
    pub(super) last_flow: Span,
    /// What ended the reading before the end of the text.
    pub(super) stop: Option<ScanError>,
}

/// A map or list whose end has not been seen.
pub(super) struct Frame {
    pub(super) start: u32,
    pub(super) layout: Layout,
    pub(super) parts: Parts,
}

pub(super) enum Parts {
    Map { entries: Vec<Entry>, seen: HashMap<String, Span>, key: Option<Key> },
    List(Vec<Node>),
}

/// A key that waits for its value.
pub(super) struct Key {
    pub(super) scalar: Scalar,
    /// Not when it stands twice, or is no key at all: its value is read and left out.
    kept: bool,
}

impl<'s> Build<'s> {
    /// Reads `patched`, which is `source` with the values in `repairs` made readable.
    pub(super) fn of(source: &'s str, patched: &str, repairs: &'s [Cut]) -> Self {
        let options = granit_parser::options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            emit_comments: true,
            max_buffered_comment_events: MAX_NODES,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let mut build = Self {
            source,
            repairs,
            reading: Reading::default(),
            frames: Vec::new(),
            skipped: 0,
            nodes: 0,
            documents: 0,
            last_end: 0,
            last_scalar: None,
            last_flow: Span::default(),
            stop: None,
        };
        for repair in repairs {
            build.reading.problems.push(repair.tell(source));
        }
        for event in Parser::new_from_str_with_options(patched, options) {
            match event {
                Ok((event, place)) => {
                    if build.take(event, place).is_break() {
                        break;
                    }
                }
                Err(error) => {
                    build.stop = Some(error);
                    break;
                }
            }
        }
        build
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        let path = if diagnostic.path.is_empty() { self.path() } else { diagnostic.path.clone() };
        self.reading.problems.push(diagnostic.at(path));
    }

    /// One event; `Break` when reading has to stop.
    fn take(&mut self, event: Event<'_>, place: granit_parser::Span) -> ControlFlow<()> {
        let range = place.byte_range().unwrap_or(0..0);
        let span = Span::new(offset(range.start), offset(range.end));
        if let Some(tag) = place.tag_span().and_then(|tag| tag.byte_range()) {
            self.tag(Span::new(offset(tag.start), offset(tag.end)));
        }
        if event.is_node() || matches!(event, Event::Comment(..)) {
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                let message = say!(
                    "the document has more than {MAX_NODES} keys, values and comments",
                    "文档中的键、值和注释超过 {MAX_NODES} 个"
                );
                let help = say!(
                    "keep tables of people and details in files of their own",
                    "请把人员表和明细表放在单独的文件中"
                );
                self.report(Diagnostic::error(Code::TooMany, span, message).help(help));
                return ControlFlow::Break(());
            }
        }
        let is_comment = matches!(event, Event::Comment(..) | Event::Anchor(..));
        match event {
            Event::Comment(text, _) => self.comment(text.into_owned(), span),
            Event::DocumentStart(..) => return self.document(span),
            Event::Anchor(..) => self.not_allowed(
                span,
                say!("the anchor `{}` is not allowed", "不允许使用锚点 `{}`", cut::shorten(span.of(self.source))),
                say!(
                    "write the value out where it is needed; if it is text, put it in quotes",
                    "请在需要的地方直接写出值；如果是文本，请加引号"
                ),
            ),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.not_allowed(
                    span,
                    say!("the alias `{}` is not allowed", "不允许使用别名 `{}`", cut::shorten(span.of(self.source))),
                    say!(
                        "write the value out where it is needed; if it is text, put it in quotes",
                        "请在需要的地方直接写出值；如果是文本，请加引号"
                    ),
                );
                let text = String::new();
                self.scalar(Scalar { text, style: ScalarStyle::Plain, span }, true);
            }
            Event::Scalar(text, style, _, _) => {
                let scalar = self.read_scalar(text.into_owned(), style, span);
                self.last_scalar = Some(scalar.clone());
                let missing = scalar.style == ScalarStyle::Plain && span.start == span.end;
                self.scalar(scalar, false);
                if missing {
                    // What is not there has no end.
                    return self.check_problems();
                }
            }
            Event::SequenceStart(style, ..) => return self.open(style, span, Parts::List(Vec::new())),
            Event::MappingStart(style, ..) => {
                return self.open(style, span, Parts::Map { entries: Vec::new(), seen: HashMap::new(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            _ => {}
        }
        if !is_comment {
            self.last_end = self.last_end.max(range.end);
        }
        self.check_problems()
    }

    /// Whether enough has been told.
    pub(super) fn is_full(&self) -> bool {
        self.reading.problems.len() >= MAX_PROBLEMS
    }

    fn check_problems(&mut self) -> ControlFlow<()> {
        if !self.is_full() {
            return ControlFlow::Continue(());
        }
        let span = Span::new(offset(self.last_end), offset(self.last_end));
        let message = say!(
            "there are more than {MAX_PROBLEMS} problems, what follows was not read",
            "问题超过 {MAX_PROBLEMS} 个，其后的内容没有读取"
        );
        self.report(Diagnostic::error(Code::TooMany, span, message));
        ControlFlow::Break(())
    }

    fn not_allowed(&mut self, span: Span, message: kaohe_grammar::Message, help: kaohe_grammar::Message) {
        self.report(Diagnostic::error(Code::NotAllowed, span, message).help(help));
    }

    fn tag(&mut self, span: Span) {
        self.not_allowed(
            span,
            say!("the tag `{}` is not allowed", "不允许使用标签 `{}`", cut::shorten(span.of(self.source))),
            say!(
                "leave it out, the key decides what a value means; if it is text, put it in quotes",
                "请去掉它，值的含义由键决定；如果是文本，请加引号"
            ),
        );
    }

    fn comment(&mut self, text: String, span: Span) {
        let before = self.source.get(..span.start as usize).unwrap_or("");
        let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let own_line =
            before.get(line_start..).is_none_or(|line| line.trim_start_matches('\u{feff}').trim().is_empty());
        self.reading.comments.push(Comment { text, span, own_line });
    }

    /// A document begins: one is right, and directives before it are not.
    fn document(&mut self, span: Span) -> ControlFlow<()> {
        let gap = self.source.get(self.last_end..span.start as usize).unwrap_or("");
        let mut at = self.last_end;
        for line in gap.split_inclusive(['\n', '\r']) {
            let directive = line.trim_start_matches('\u{feff}');
            if directive.starts_with('%') {
                let start = at + line.len() - directive.len();
                let place = Span::new(offset(start), offset(start + directive.trim_end().len()));
                self.not_allowed(
                    place,
                    say!(
                        "the directive `{}` is not allowed",
                        "不允许使用指令 `{}`",
                        cut::shorten(directive.trim_end())
                    ),
                    say!("delete the line", "请删除这一行"),
                );
            }
            at += line.len();
        }
        self.documents += 1;
        if self.documents == 1 {
            // An implicit document begins where its first node does; what stands there is still to come.
            if span.of(self.source) == "---" {
                self.last_end = span.end as usize;
            }
            return self.check_problems();
        }
        self.not_allowed(
            span,
            say!(
                "a second document begins here, a scheme is one document",
                "这里开始了第二个文档，而一个方案只能是一个文档"
            ),
            say!("put it in a file of its own, or delete the line", "请放到单独的文件中，或删除这一行"),
        );
        ControlFlow::Break(())
    }

    /// The text as it was written, with what is wrong with its characters told.
    fn read_scalar(&mut self, text: String, style: Written, span: Span) -> Scalar {
        let style = match style {
            Written::SingleQuoted => ScalarStyle::SingleQuoted,
            Written::DoubleQuoted => ScalarStyle::DoubleQuoted,
            Written::Literal => ScalarStyle::Literal,
            Written::Folded => ScalarStyle::Folded,
            _ => ScalarStyle::Plain,
        };
        let mut scalar = Scalar { text, style, span };
        if style == ScalarStyle::Plain && span.start == span.end {
            // The reader gives `~` for what is not there.
            scalar.text.clear();
        }
        if style == ScalarStyle::Plain
            && self.repairs.iter().any(|repair| repair.span.start < span.end && span.start < repair.span.end)
        {
            span.of(self.source).clone_into(&mut scalar.text);
        }
        if scalar.text.len() > MAX_SCALAR_BYTES {
            let message = say!(
                "this value has {} bytes, more than the limit of {MAX_SCALAR_BYTES}",
                "这个值有 {} 字节，超过上限 {MAX_SCALAR_BYTES} 字节",
                scalar.text.len()
            );
            self.report(
                Diagnostic::error(Code::TooLong, span, message)
                    .help(say!("name its parts as columns of their own", "请把它的各部分写成单独命名的列")),
            );
        }
        // Only an escape can bring such a character in; the text of the document has been looked through.
        if style == ScalarStyle::DoubleQuoted
            && let Some((at, character)) = scalar.text.char_indices().find(|&(_, character)| is_refused(character))
        {
            let inner = Span::new(offset(at), offset(at + character.len_utf8()));
            let place = scalar.source_span(self.source, inner);
            self.report(control_character(character, place));
        }
        scalar
    }

    /// A text in the place of a key or of a value.
    ///
    /// * `told`: it stands for something that was refused.
    fn scalar(&mut self, scalar: Scalar, told: bool) {
        if self.skipped > 0 {
            return;
        }
        if let Some(Frame { parts: Parts::Map { key: None, .. }, .. }) = self.frames.last() {
            return self.key(scalar, told);
        }
        if !told {
            self.check_value(&scalar);
        }
        let span = match scalar.style {
            // The sign that begins the text stands on a line before it.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let sign = if scalar.style == ScalarStyle::Literal { '|' } else { '>' };
                let start = self.sign_before(sign, scalar.span.start as usize).unwrap_or(scalar.span.start);
                Span::new(start, scalar.span.end)
            }
            _ => scalar.span,
        };
        self.place(Node { span, layout: Layout::Block, value: NodeValue::Scalar(scalar) });
    }

    /// A value that is there, and whole.
    fn check_value(&mut self, scalar: &Scalar) {
        if scalar.style != ScalarStyle::Plain {
            return;
        }
        if scalar.text.is_empty() {
            return self.empty_value(scalar.span);
        }
        // Between brackets the other parts of a cut value have to be seen first.
        if self.layout() == Layout::Block && !self.is_repaired(scalar.span) && !cut::is_balanced(&scalar.text) {
            let end = scalar.span.end as usize;
            let (at, span) = if cut::is_followed_by_comment(self.source, end) {
                (Sign::Comment, cut::rest_of_line(self.source, scalar.span.start as usize))
            } else {
                (Sign::Bracket, scalar.span)
            };
            let cut = Cut { span, at, form: self.form(scalar.span.start), path: self.path() };
            self.report(cut.tell(self.source));
        }
    }

    pub(super) fn is_repaired(&self, span: Span) -> bool {
        self.repairs.iter().any(|repair| repair.span.start < span.end && span.start < repair.span.end)
    }

    fn empty_value(&mut self, span: Span) {
        let Some(frame) = self.frames.last() else { return };
        // Between brackets it may be a part of the text before it: it is told when all of them are there.
        if frame.layout == Layout::Flow {
            return;
        }
        let (span, message) = match &frame.parts {
            Parts::Map { key: Some(key), .. } => {
                let name = cut::shorten(&key.scalar.text);
                (key.scalar.span, say!("the key `{name}` has no value", "键 `{name}` 没有值"))
            }
            _ => (span, say!("this `-` has no value", "这个 `-` 后面没有值")),
        };
        let help = say!("write a value, or delete the line", "请写出值，或删除这一行");
        self.report(Diagnostic::error(Code::EmptyValue, span, message).help(help));
    }

    /// Where `sign` stands between the last key, value or bracket and `end`, comments left out.
    pub(super) fn sign_before(&self, sign: char, end: usize) -> Option<u32> {
        let mut at = self.last_end;
        for line in self.source.get(at..end)?.split_inclusive(['\n', '\r']) {
            let code = line.split('#').next().unwrap_or("");
            if let Some(found) = code.find(sign) {
                return Some(offset(at + found));
            }
            at += line.len();
        }
        None
    }

    /// A text in the place of a key.
    fn key(&mut self, scalar: Scalar, told: bool) {
        let mut kept = !told;
        let name = cut::shorten(&scalar.text);
        let length = scalar.text.chars().count();
        let explicit = self.sign_before('?', scalar.span.start as usize);
        if let Some(start) = explicit {
            self.not_allowed(
                Span::new(start, start + 1),
                say!("a key that begins with `?` is not allowed", "不允许使用以 `?` 开头的键"),
                say!("write `{name}: …`", "请写成 `{name}: …`"),
            );
        } else if scalar.style == ScalarStyle::Plain && scalar.text == "<<" {
            self.not_allowed(
                scalar.span,
                say!("the merge key `<<` is not allowed", "不允许使用合并键 `<<`"),
                say!("write the keys out where they are needed", "请在需要的地方直接写出这些键"),
            );
            kept = false;
        } else if length > MAX_KEY_CHARACTERS {
            let message = say!(
                "the key `{name}` has {length} characters, more than the limit of {MAX_KEY_CHARACTERS}",
                "键 `{name}` 有 {length} 个字符，超过上限 {MAX_KEY_CHARACTERS} 个"
            );
            self.report(
                Diagnostic::error(Code::TooLong, scalar.span, message)
                    .help(say!("give it a short name and a `label`", "请用简短的名称，完整的说明写在 `label` 中")),
            );
        } else if !told && scalar.text.is_empty() {
            let message = say!("a key is missing here", "这里缺少键");
            let help = say!("write `name: value`", "请写成 `名称: 值`");
            self.report(Diagnostic::error(Code::EmptyValue, scalar.span, message).help(help));
        } else if scalar.style == ScalarStyle::Plain
            && self.layout() == Layout::Block
            && !cut::is_balanced(&scalar.text)
        {
            let cut = Cut { span: scalar.span, at: Sign::Bracket, form: Form::Bare, path: self.path() };
            self.report(cut.tell(self.source));
        }
        if let Some(Frame { parts: Parts::Map { key, .. }, .. }) = self.frames.last_mut() {
            *key = Some(Key { scalar, kept });
        }
    }

    /// A map or list begins.
    fn open(&mut self, style: StructureStyle, span: Span, parts: Parts) -> ControlFlow<()> {
        let layout = if style == StructureStyle::Flow { Layout::Flow } else { Layout::Block };
        if self.frames.len() + self.skipped >= MAX_DEPTH {
            self.report(too_deep(span));
            return ControlFlow::Break(());
        }
        if self.skipped > 0 {
            self.skipped += 1;
        } else if let Some(Frame { parts: Parts::Map { key: key @ None, .. }, .. }) = self.frames.last_mut() {
            let scalar = Scalar { text: String::new(), style: ScalarStyle::Plain, span };
            *key = Some(Key { scalar, kept: false });
            self.skipped = 1;
            self.not_allowed(
                span,
                say!("a map or list as a key is not allowed", "不允许用映射或列表作键"),
                say!("a key is a plain text; put a formula in quotes", "键应是普通文本；公式请加引号"),
            );
        } else {
            self.frames.push(Frame { start: span.start, layout, parts });
        }
        self.last_end = self.last_end.max(span.end as usize);
        self.check_problems()
    }

    /// The map or list ends.
    fn close(&mut self, span: Span) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        self.close_frame(span.end);
    }

    fn close_frame(&mut self, end: u32) {
        self.mend();
        let Some(frame) = self.frames.pop() else { return };
        let last = match &frame.parts {
            Parts::Map { entries, .. } => entries.last().map(|entry| entry.key.span.to(entry.value.span).end),
            Parts::List(items) => items.last().map(|item| item.span.end),
        };
        let end = match frame.layout {
            // The end of a block is only known by what follows it.
            Layout::Block => last.unwrap_or(frame.start),
            Layout::Flow => end,
        };
        let span = Span::new(frame.start, end.max(frame.start));
        if frame.layout == Layout::Flow {
            self.last_flow = span;
        }
        let value = match frame.parts {
            Parts::Map { entries, .. } => NodeValue::Map(entries),
            Parts::List(items) => NodeValue::List(items),
        };
        self.place(Node { value, span, layout: frame.layout });
    }

    /// A finished value goes where it belongs.
    fn place(&mut self, node: Node) {
        let Some(frame) = self.frames.last_mut() else {
            if self.reading.root.is_none() {
                self.reading.root = Some(node);
            }
            return;
        };
        match &mut frame.parts {
            Parts::List(items) => items.push(node),
            Parts::Map { entries, seen, key } => {
                let Some(Key { scalar, kept }) = key.take() else { return };
                if !kept {
                    return;
                }
                // Between brackets the pieces of a cut value look like keys: they are compared when it is mended.
                if frame.layout == Layout::Flow {
                    return entries.push(Entry { key: scalar, value: node });
                }
                let name = fold_name(&scalar.text);
                match seen.get(&name) {
                    Some(&first) => self.duplicate(&scalar, first),
                    None => {
                        seen.insert(name, scalar.span);
                        entries.push(Entry { key: scalar, value: node });
                    }
                }
            }
        }
    }

    pub(super) fn duplicate(&mut self, key: &Scalar, first: Span) {
        let name = cut::shorten(&key.text);
        let (here, there) = (line(self.source, key.span.start), line(self.source, first.start));
        let message = if here == there {
            say!("the key `{name}` stands twice in line {here}", "键 `{name}` 在第 {here} 行出现了两次")
        } else {
            say!(
                "the key `{name}` stands twice, in line {there} and in line {here}",
                "键 `{name}` 出现了两次：第 {there} 行和第 {here} 行"
            )
        };
        let help = say!("delete one of them, or give it another name", "请删除其中一个，或改用别的名称");
        let path = self.path_to(&key.text);
        self.report(Diagnostic::error(Code::DuplicateKey, key.span, message).help(help).at(path));
    }

    /// The tree and all problems, in the order they stand.
    pub(super) fn finish(mut self) -> Reading {
        while !self.frames.is_empty() {
            let end = offset(self.last_end);
            self.close_frame(end);
        }
        let nothing = self.reading.root.as_ref().is_none_or(is_nothing);
        if nothing && self.stop.is_none() && self.reading.problems.is_empty() {
            self.reading.root = None;
            let message = say!("the document is empty", "文档是空的");
            let help = say!("begin with `kaohe: 1` and `scheme: name`", "请以 `kaohe: 1` 和 `scheme: 名称` 开头");
            self.reading.problems.push(Diagnostic::error(Code::EmptyDocument, Span::new(0, 0), message).help(help));
        }
        self.reading.in_order();
        self.reading
    }

    /// The same after an error that ended the reading.
    ///
    /// An error of the text is not told when something on its line has been told already, as that is then its cause.
    pub(super) fn finish_with(self, error: Diagnostic) -> Reading {
        let (source, path) = (self.source, self.path());
        let at = error.span.map_or(0, |span| span.start as usize);
        let (before, after) = (source.get(..at).unwrap_or(""), source.get(at..).unwrap_or(""));
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = offset(line_start)..=offset(at + after.find('\n').unwrap_or(after.len()));
        let mut reading = self.finish();
        let is_told = |problem: &Diagnostic| problem.span.is_some_and(|span| line.contains(&span.start));
        if error.code == Code::TooDeep || !reading.problems.iter().any(is_told) {
            reading.problems.push(error.at(path));
            reading.in_order();
        }
        reading
    }
}

/// Nested deeper than the limit, at `span`.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = say!("maps and lists are nested deeper than {MAX_DEPTH}", "映射和列表的嵌套超过 {MAX_DEPTH} 层");
    let help = say!("give the inner parts names of their own", "请给内层的部分单独命名");
    Diagnostic::error(Code::TooDeep, span, message).help(help)
}

/// The line of a place, from 1.
pub(super) fn line(source: &str, at: u32) -> usize {
    source.get(..at as usize).unwrap_or("").matches('\n').count() + 1
}

pub(super) fn is_nothing(node: &Node) -> bool {
    node.scalar().is_some_and(Scalar::is_nothing)
}
