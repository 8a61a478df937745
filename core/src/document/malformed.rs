//! Where the YAML reader gives up: which value has to be quoted, or else what to tell the author.

use granit_parser::{ErrorKind, ScanError};
use kaohe_grammar::{Message, Span, say};

use super::build::{Build, line, too_deep};
use super::cut::{self, Cut, Form, Sign};
use super::tree::{Layout, ScalarStyle, offset};
use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// The value that stopped the reader, when the stop is one of those that a formula without quotes causes.
pub(super) fn cut_value(build: &Build<'_>, stop: &ScanError) -> Option<Cut> {
    let at = place(stop);
    if matches!(stop.kind(), ErrorKind::RecursionLimitExceeded) || is_tag(stop.kind()) || is_tab(stop.kind()) {
        return None;
    }
    let ahead = Ahead::of(build, at);
    let in_ahead = |sign| ahead.as_ref().map(|ahead| (ahead.start, sign));
    let (start, sign) = match (stop.kind(), torn(build, at)) {
        (_, Some(found)) => found,
        (ErrorKind::InvalidTrailingDoubleQuotedScalar, None) => {
            in_ahead(Sign::Quote).or_else(|| Some((build.sign_before('"', at)?, Sign::Quote)))?
        }
        (ErrorKind::InvalidTrailingSingleQuotedScalar, None) => {
            in_ahead(Sign::Quote).or_else(|| Some((build.sign_before('\'', at)?, Sign::Quote)))?
        }
        (ErrorKind::UnexpectedCharacter { character }, None) => (offset(at), Sign::Beginning(*character)),
        (ErrorKind::UnclosedQuotedScalar, None) => return None,
        (_, None) => stumble(build, at)?,
    };
    let ahead = ahead.filter(|ahead| ahead.start == start);
    let end = match &ahead {
        Some(_) => offset(cut::end_in_flow(build.source, start as usize)?),
        None => end_of_value(build, start)?,
    };
    let span = Span::new(start, end);
    let text = span.of(build.source);
    // A comment hides what follows on its line, so the reader stumbles further down.
    if text.is_empty() || ((end as usize) < at && sign != Sign::Comment) || is_key(build, span) {
        return None;
    }
    // `"a "b" c"` is a text whose inner quotes need an escape, not a formula.
    let is_text =
        sign == Sign::Quote && text.len() > 1 && text.ends_with(['"', '\'']) && !text.contains(['=', '<', '>']);
    let (form, path) = match ahead {
        Some(ahead) => {
            let path = [build.path(), ahead.key.clone().unwrap_or_default()];
            let form = ahead.key.map_or(Form::Bare, Form::FlowKey);
            (form, path.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("."))
        }
        None => (build.form(start), build.path_of(start)),
    };
    (!is_text).then_some(Cut { span, at: sign, form, path })
}

/// The value that the reader stopped at, when it had seen a bracket before it without handing it over yet.
struct Ahead {
    start: u32,
    key: Option<String>,
}

impl Ahead {
    /// Looks through what stands between the last thing that was handed over and the stop: brackets, keys and signs.
    fn of(build: &Build<'_>, at: usize) -> Option<Self> {
        let gap = build.source.get(build.last_end..at)?;
        let (mut open, mut item, mut key, mut quote) = (0_usize, 0, None, None);
        let mut characters = gap.char_indices().peekable();
        while let Some((here, character)) = characters.next() {
            let next = here + character.len_utf8();
            match (quote, character) {
                (Some(sign), _) if sign == character => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(character),
                (None, '{' | '[') => (open, item, key) = (open + 1, next, None),
                (None, '}' | ']') => open = open.saturating_sub(1),
                (None, ',') => (item, key) = (next, None),
                (None, ':') if characters.peek().is_none_or(|&(_, after)| after.is_whitespace()) => {
                    (key, item) = (gap.get(item..here), next);
                }
                _ => {}
            }
        }
        let rest = gap.get(item..)?;
        let start = offset(build.last_end + item + rest.len() - rest.trim_start().len());
        (open > 0).then(|| Self { start, key: key.map(|key| key.trim().to_owned()) })
    }
}

/// Where the value that begins at `start` ends in its author's eyes.
fn end_of_value(build: &Build<'_>, start: u32) -> Option<u32> {
    let end = match build.layout() {
        Layout::Flow => cut::end_in_flow(build.source, start as usize),
        Layout::Block => cut::end_in_block(build.source, start as usize),
    };
    end.map(offset)
}

/// Whether the text is rather a key: a colon follows, or stands in it where a key is expected.
fn is_key(build: &Build<'_>, span: Span) -> bool {
    let after = build.source.get(span.end as usize..).unwrap_or("").trim_start_matches([' ', '\t']);
    let is_colon = |rest: &str| rest.is_empty() || rest.starts_with(char::is_whitespace);
    after.strip_prefix(':').is_some_and(is_colon)
        || (!build.awaits_value() && !build.is_value(span.start) && span.of(build.source).contains(": "))
}

/// Whether the value that begins at `start` goes on beyond `at` in its author's eyes.
fn reaches(build: &Build<'_>, start: u32, at: usize) -> bool {
    (start as usize) <= at && end_of_value(build, start).is_some_and(|end| end as usize > at)
}

/// A value between brackets of which YAML has torn off the beginning: whatever it stumbles over then is a part of it.
///
/// `{ f: max(0, rate[level]) }`, `{ f: sum(x # y) }`
fn torn(build: &Build<'_>, at: usize) -> Option<(u32, Sign)> {
    let value = build.first_cut()?;
    let start = value.span.start;
    let is_comment = cut::is_followed_by_comment(build.source, value.span.end as usize);
    if is_comment && end_of_value(build, start).is_some_and(|end| end > value.span.end) {
        return Some((start, Sign::Comment));
    }
    reaches(build, start, at).then_some((start, Sign::Comma))
}

/// The value that the reader was at when it stumbled, and over what.
fn stumble(build: &Build<'_>, at: usize) -> Option<(u32, Sign)> {
    let source = build.source;
    let next = character(source, at);
    let directly = |end: u32| {
        source.get(end as usize..at).is_some_and(|gap| gap.chars().all(|character| matches!(character, ' ' | '\t')))
    };
    // `[a] + 1`, `{产品} * 2`
    let flow = build.last_flow;
    if flow.end > flow.start && flow.end as usize == build.last_end && directly(flow.end) && next != Some(':') {
        return Some((flow.start, Sign::Bracket));
    }
    if let Some(start) = build.awaited_start() {
        // `a: - x`, `{ f: rate[*x] }`: nothing of the value has been handed over yet
        let first = character(source, start as usize);
        return match first {
            Some('"' | '\'' | '{' | '[') | None => None,
            Some(sign) if start as usize == at => Some((start, Sign::Beginning(sign))),
            Some(_) => reaches(build, start, at).then_some((start, Sign::Bracket)),
        };
    }
    let scalar = build.last_scalar.as_ref().filter(|scalar| scalar.style == ScalarStyle::Plain)?;
    let start = scalar.span.start;
    if scalar.span.of(source).contains(['\n', '\r']) || !build.is_value(start) {
        return None;
    }
    let after = source.get(scalar.span.end as usize..)?.trim_start_matches([' ', '\t']).chars().next();
    match (after, build.layout()) {
        // `系数[级别]` between brackets
        (Some('[' | '{'), Layout::Flow) => Some((start, Sign::Bracket)),
        (Some(':'), Layout::Block) => directly(scalar.span.end).then_some((start, Sign::Colon)),
        // `{ a: b: c }`; `{ a: 1 b: 2 }` rather lacks a comma
        (Some(':'), Layout::Flow) => {
            (directly(scalar.span.end) && !scalar.text.contains(char::is_whitespace)).then_some((start, Sign::Colon))
        }
        _ => None,
    }
}

/// What to tell the author about an error that no quotes would mend.
pub(super) fn tell(build: &Build<'_>, stop: &ScanError) -> Diagnostic {
    let at = if is_tab(stop.kind()) { after_tab(build.source, place(stop)) } else { place(stop) };
    let length = character(build.source, at).filter(|next| !matches!(next, '\n' | '\r')).map_or(0, char::len_utf8);
    let span = Span::new(offset(at), offset(at + length));
    let (code, message, help) = match stop.kind() {
        ErrorKind::RecursionLimitExceeded => return too_deep(span),
        kind if is_directive(kind) => (
            Code::NotAllowed,
            say!("a directive is not allowed", "不允许使用指令"),
            Some(say!("delete the line", "请删除这一行")),
        ),
        kind if is_tag(kind) => (
            Code::NotAllowed,
            say!("a tag is not allowed", "不允许使用标签"),
            Some(say!(
                "leave it out, the key decides what a value means; if it is text, put it in quotes",
                "请去掉它，值的含义由键决定；如果是文本，请加引号"
            )),
        ),
        ErrorKind::MissingAnchorOrAliasName | ErrorKind::AnchorCountOverflow | ErrorKind::UnknownAnchor => (
            Code::NotAllowed,
            say!("`&` and `*` at the beginning of a value are not allowed", "值的开头不允许使用 `&` 和 `*`"),
            Some(say!("if it is text, put it in quotes", "如果是文本，请加引号")),
        ),
        kind => {
            let (message, help) = sentence(build, kind, at);
            (Code::Malformed, message, help)
        }
    };
    let told = Diagnostic::error(code, span, message);
    match help {
        Some(help) => told.help(help),
        None => told,
    }
}

/// Whether the reader stopped at a tab.
const fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as K;
    matches!(
        kind,
        K::TabNotAllowed
            | K::TabInBlockIndentation
            | K::TabInIndentation
            | K::TabAtBlockScalarStart
            | K::TabInPlainScalar
    )
}

/// What stands behind the tabs of an indentation, on the line of the stop or the next that has any: the reader may stop
/// at the end of the value before.
fn after_tab(source: &str, stop: usize) -> usize {
    let mut start = source.get(..stop).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    for line in source.get(start..).unwrap_or("").split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line.get(..indentation).is_some_and(|blank| blank.contains('\t')) {
            return start + indentation;
        }
        start += line.len();
    }
    stop
}

/// The sentence for an error of the text itself, and the way out.
fn sentence(build: &Build<'_>, kind: &ErrorKind, at: usize) -> (Message, Option<Message>) {
    use ErrorKind as K;
    let quotes = || say!("put the value in quotes", "请给这个值加引号");
    match kind {
        kind if is_tab(kind) => (
            say!("a tab stands where YAML needs spaces", "YAML 要求用空格的地方出现了制表符"),
            Some(say!("indent with spaces", "请用空格缩进")),
        ),
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => (
            say!("the quote that opens here is never closed", "这里打开的引号没有闭合"),
            Some(say!("close it at the end of the value", "请在值的末尾补上引号")),
        ),
        K::UnclosedFlowCollection { .. }
        | K::ExpectedFlowMappingSeparator
        | K::ExpectedFlowSequenceSeparator
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::ExpectedNodeContent
            if character(build.source, at) == Some(',') =>
        {
            (
                say!("a value is missing before this comma", "这个逗号之前缺少值"),
                Some(say!("write a value, or delete the comma", "请写出值，或删除多余的逗号")),
            )
        }
        K::UnclosedFlowCollection { open } => unclosed(*open),
        K::UnexpectedEofFlowSequence => unclosed('['),
        K::UnexpectedEofFlowMapping | K::UnexpectedEofImplicitFlowMapping => unclosed('{'),
        K::MismatchedFlowCollectionEnd { open, close } => (
            say!("the bracket `{open}` is closed by `{close}`", "括号 `{open}` 被 `{close}` 闭合"),
            Some(say!(
                "close it with its partner; if it belongs to a formula, put the formula in quotes",
                "请用配对的括号闭合；如果括号属于公式，请给公式加引号"
            )),
        ),
        K::MisplacedFlowCollectionEnd => (
            say!("this bracket closes nothing", "这个括号没有对应的左括号"),
            Some(say!(
                "delete it; if it belongs to a formula, put the formula in quotes",
                "请删除它；如果括号属于公式，请给公式加引号"
            )),
        ),
        K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => (
            say!("something follows the closing quote", "右引号之后还有内容"),
            Some(match kind {
                K::InvalidTrailingDoubleQuotedScalar => say!(
                    "write a quote inside the text as `\\\"`; between entries write a comma",
                    "文本中的引号请写成 `\\\"`；各项之间请写逗号"
                ),
                _ => say!(
                    "write a quote inside the text as `''`; between entries write a comma",
                    "文本中的引号请写成 `''`；各项之间请写逗号"
                ),
            }),
        ),
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => (
            say!("the escape in this text is not one that YAML knows", "文本中的转义写法无效"),
            Some(say!(
                "write a backslash as `\\\\`, or put the text in single quotes",
                "反斜杠请写成 `\\\\`，或改用单引号"
            )),
        ),
        K::SimpleKeyExpected | K::InvalidSimpleKey => missing_space(build, at).unwrap_or_else(|| {
            (
                say!("this line has no colon, so it is no key", "这一行没有冒号，不是键"),
                Some(say!(
                    "write `name: value`; if it goes on with the text above it, indent it deeper",
                    "请写成 `名称: 值`；如果它是上文的延续，请缩进更深"
                )),
            )
        }),
        K::MappingValueNotAllowed | K::MappingKeyNotAllowed => {
            missing_space(build, at).unwrap_or_else(|| {
                (
                    say!("a key is not allowed here", "这里不能出现键"),
                    Some(say!(
                        "check that the line begins in the same column as its neighbours; if the colon belongs to a text, put the text in quotes",
                        "请检查这一行是否与相邻的行对齐；如果冒号属于文本，请给文本加引号"
                    )),
                )
            })
        }
        K::ExpectedFlowMappingSeparator | K::ExpectedFlowSequenceSeparator | K::InvalidColonPlacement => {
            match build.open_bracket().filter(|&open| build.is_on_an_earlier_line(open, at)) {
                Some(open) => {
                    let bracket = character(build.source, open as usize).unwrap_or('{');
                    let line = line(build.source, open);
                    (
                        say!(
                            "a comma or the end of the `{bracket}` in line {line} is missing before this",
                            "此处之前缺少逗号，或第 {line} 行的 `{bracket}` 没有闭合"
                        ),
                        Some(say!("write `,` or the closing bracket", "请补上逗号或右括号")),
                    )
                }
                None => (
                    say!("a comma is missing before this", "此处之前缺少逗号"),
                    Some(say!(
                        "write `,` between the entries; if this belongs to the value before it, put the value in quotes",
                        "各项之间请写逗号；如果这里属于前面的值，请给那个值加引号"
                    )),
                ),
            }
        }
        K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry | K::InvalidIndentation | K::BlockSequenceEntryNotAllowed => {
            missing_space(build, at).unwrap_or_else(|| {
                (
                    say!("this line does not fit what stands above it", "这一行与上文的结构不符"),
                    Some(say!(
                        "begin it in the same column as its neighbours; keys (`name: value`) and list lines (`- value`) do not mix",
                        "请与相邻的行对齐；`键: 值` 与 `- 值` 不能混用"
                    )),
                )
            })
        }
        K::InvalidBlockScalarIndent | K::InvalidQuotedScalarIndent | K::InvalidFlowScalarIndent => (
            say!("the lines of this text are not indented alike", "这段文本各行的缩进不一致"),
            Some(say!("indent every line of it deeper than its key", "每一行都应比它的键缩进更深")),
        ),
        K::InvalidBlockScalarHeader | K::ZeroBlockScalarIndent => (
            say!("`|` and `>` at the beginning of a value begin a text of several lines", "值开头的 `|` 和 `>` 表示多行文本"),
            Some(quotes()),
        ),
        K::BlockEntryInFlowCollection | K::PlainScalarStartsWithDashFlowIndicator | K::InvalidBlockEntryWhitespace => (
            say!("`-` cannot begin a value here", "这里的值不能以 `-` 开头"),
            Some(quotes()),
        ),
        K::UnexpectedCharacter { character } => (
            say!("a value cannot begin with `{character}`", "值不能以 `{character}` 开头"),
            Some(quotes()),
        ),
        K::ExpectedNodeContent => (
            say!("a value is missing before this", "此处之前缺少值"),
            Some(say!("write a value, or delete the comma", "请写出值，或删除多余的逗号")),
        ),
        K::CommentNotSeparated | K::CommentInterceptedScalar | K::ExpectedWhitespace => (
            say!("a comment or value begins where a space is needed", "注释或值之前缺少空格"),
            Some(say!("write a space; if `#` belongs to a text, put the text in quotes", "请加空格；如果 `#` 属于文本，请给文本加引号")),
        ),
        K::FlowMappingValueAdjacentCollection | K::InvalidMappingValueWhitespace => (
            say!("a space is missing after the colon", "冒号之后缺少空格"),
            Some(say!("write `name: value`", "请写成 `名称: 值`")),
        ),
        _ => (
            say!("the text cannot be read from here on", "从这里起无法读取"),
            Some(say!("check the brackets, quotes and indentation", "请检查括号、引号和缩进")),
        ),
    }
}

fn unclosed(open: char) -> (Message, Option<Message>) {
    let close = if open == '[' { ']' } else { '}' };
    (
        say!("the bracket `{open}` that opens here is never closed", "这里打开的括号 `{open}` 没有闭合"),
        Some(say!(
            "write `{close}` where it ends; a ` #` before it makes it part of a comment",
            "请在结尾处写 `{close}`；前面若有 ` #`，它会成为注释的一部分"
        )),
    )
}

/// `a:b`, then a line with a proper key: YAML reads both lines as one text.
fn missing_space(build: &Build<'_>, at: usize) -> Option<(Message, Option<Message>)> {
    let scalar = build.last_scalar.as_ref().filter(|scalar| scalar.style == ScalarStyle::Plain)?;
    let source = build.source;
    // The line before the one that the error is on, and that line itself.
    let before = source.get(..at)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let above = before.get(..line_start)?.trim_end().rsplit('\n').next()?;
    let here = source.get(line_start..)?.split('\n').next()?;
    [above, here].into_iter().find_map(|line| {
        let line = line.trim();
        let (name, value) = line.split_once([':', '：'])?;
        let is_part = scalar.text.contains(line) || line == here.trim();
        let sticks = !value.is_empty()
            && !value.starts_with([' ', '\t'])
            && !line.contains(": ")
            && !name.contains(['"', '\'', '/']);
        (is_part && sticks).then(|| {
            let shown = cut::shorten(line);
            let written = cut::shorten(&format!("{}: {}", name.trim(), value.trim()));
            (
                say!(
                    "a colon and a space are needed between key and value in `{shown}`",
                    "`{shown}` 的键和值之间需要半角冒号加空格"
                ),
                Some(say!("write `{written}`", "请写成 `{written}`")),
            )
        })
    })
}

fn is_directive(kind: &ErrorKind) -> bool {
    use ErrorKind as K;
    matches!(
        kind,
        K::DuplicateVersionDirective
            | K::UnsupportedYamlMajorVersion
            | K::DuplicateTagDirective
            | K::MissingDocumentEndBeforeDirective
            | K::ExpectedTagDirectiveBang
            | K::InvalidDirectiveTerminator
            | K::DirectiveDisallowed
            | K::MissingYamlVersionSeparator
            | K::MissingDirectiveName
            | K::InvalidDirectiveName
            | K::DirectiveByteLimitExceeded { .. }
            | K::TooManyReservedDirectiveParams { .. }
            | K::YamlVersionTooLong
            | K::MissingYamlVersion
            | K::InvalidTagDirectiveTerminator
    )
}

fn is_tag(kind: &ErrorKind) -> bool {
    use ErrorKind as K;
    matches!(
        kind,
        K::UndeclaredTagHandle
            | K::ExpectedTagBang
            | K::InvalidGlobalTagCharacter
            | K::InvalidTagTerminator
            | K::MissingTagUri
            | K::UnclosedVerbatimTag
            | K::InvalidTagEscape
            | K::InvalidTagUtf8LeadingByte
            | K::InvalidTagUtf8TrailingByte
            | K::InvalidTagUtf8
    )
}

fn place(stop: &ScanError) -> usize {
    stop.marker().byte_offset().unwrap_or(0)
}

fn character(source: &str, at: usize) -> Option<char> {
    source.get(at..)?.chars().next()
}
