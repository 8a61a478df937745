//! The laws of the formatter, on the examples and on layouts nobody would choose.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::format;
use super::quote::{is_safe, quote};
use crate::code::Code;
use crate::document::tree::{Node, NodeValue, read};
use crate::fingerprint::of_document;

/// Every example scheme, and every mistake that can be read.
fn files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut folders = vec![root.join("examples"), root.join("tests/bad")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

fn fingerprint(source: &str) -> String {
    read(source).root.as_ref().map(of_document).unwrap_or_default()
}

/// What must hold for any text that can be formatted.
fn assert_laws(source: &str) -> String {
    let once = format(source).unwrap_or_else(|error| panic!("{error}\n{source}"));
    let twice = format(&once).unwrap_or_else(|error| panic!("{error}\n{once}"));
    assert_eq!(once, twice, "formatting twice is formatting once\n{source}");
    assert_eq!(fingerprint(source), fingerprint(&once), "the fingerprint stays\n{source}\n{once}");
    once
}

#[test]
fn the_examples_are_formatted_without_a_loss() {
    let mut formatted = 0;
    for (path, text) in files() {
        match format(&text) {
            Ok(_) => {
                assert_laws(&text);
                formatted += 1;
            }
            Err(error) => assert!(!path.to_string_lossy().contains("examples"), "{}: {error}", path.display()),
        }
    }
    assert!(formatted > 80, "{formatted}");
}

#[test]
fn a_text_that_cannot_be_read_is_not_formatted() {
    for source in ["", "a text", "a: [1", "a: 1\na: 2", "computed: { a: 1 + }", "computed:\n  a: 007"] {
        assert!(format(source).is_err(), "{source}");
    }
    // The place of a mistake in a formula is told.
    let error = format("computed:\n  a: 1 + * 2\n").unwrap_err();
    let place = error.diagnostics()[0].location.as_ref().unwrap();
    assert_eq!((place.line, &*place.underlined), (2, "+ *"), "{error}");
    // A draft whose names and keys make no sense yet is formatted all the same.
    assert_eq!(format("computed: {a: b+c}\nfoo: 1,2").unwrap(), "computed: { a: b + c }\nfoo: 1,2\n");
}

/// What goes in and what comes out.
#[test]
fn the_layout_is_as_described() {
    for (name, source, wanted) in [
        (
            "two spaces a level",
            "a:\n    b:\n     - c: 1\n       d: 2\n     -\n       - x\n",
            "a:\n  b:\n    - c: 1\n      d: 2\n    - - x\n",
        ),
        (
            "lists are indented below their key",
            "a:\n- 1\n# own\n- 2\n# of b\nb: 1\n",
            "a:\n  - 1\n  # own\n  - 2\n# of b\nb: 1\n",
        ),
        ("at most one empty line", "\n\na: 1\n\n\n\nb: 2\n\n", "a: 1\n\nb: 2\n"),
        ("no empty line below a key", "a:\n\n  b: 1\n", "a:\n  b: 1\n"),
        (
            "comments stay where they belong",
            "# top\n\na:   # of a\n  # of b\n  b: 1  # behind\n  # last of a\n\n# of c\nc: 1\n# end",
            "# top\n\na:   # of a\n  # of b\n  b: 1  # behind\n  # last of a\n\n# of c\nc: 1\n# end\n",
        ),
        (
            "a comment in brackets makes lines of them",
            "a: { b: 1, # one\n  c: [x, y] }  # two\nd: 1",
            "a:\n  b: 1     # one\n  c: [x, y]    # two\nd: 1\n",
        ),
        (
            "a comment before a value goes before its key",
            "a:\n  # why\n  text\n- x".trim_end_matches("\n- x"),
            "# why\na: text\n",
        ),
        ("a comment behind a dash", "a:\n  - # first\n    b: 1\n", "a:\n  # first\n  - b: 1\n"),
        ("brackets stay", "a: {b: [1,2], c:  {}}\n", "a: { b: [1, 2], c: {} }\n"),
        (
            "quotes only where they are needed",
            "a: 'x'\nb: \"007\"\nc: 'a: b'\nd: 'say \"x\"'\ne: \"it's\"\nf: '#1'\ng: \"1, 2\"\nh: ''\n",
            "a: x\nb: \"007\"\nc: \"a: b\"\nd: say \"x\"\ne: it's\nf: \"#1\"\ng: \"1, 2\"\nh: \"\"\n",
        ),
        (
            "formulas between brackets",
            "computed: { a: 'x[k]', b: 'max(1,2)' }",
            "computed: { a: \"x[k]\", b: \"max(1, 2)\" }\n",
        ),
        (
            "words stay as they are written",
            "computed:\n  a: 若且 且 非 b\n  c: x AND y\n",
            "computed:\n  a: 若且 且 非 b\n  c: x AND y\n",
        ),
        (
            "lines of a long formula stay",
            "computed:\n    a: >-   # why\n        case when x then 1\n          else 2\n\n        end\n\n    b: 1\n",
            "computed:\n  a: >-     # why\n    case when x then 1\n      else 2\n\n    end\n\n  b: 1\n",
        ),
        (
            "values stay aligned but for long keys",
            "a:    1\nbb:   2\nccccccccc: 3\n\nd: 4\n",
            "a:    1\nbb:   2\nccccccccc: 3\n\nd: 4\n",
        ),
        ("values are not further apart than need be", "a:          1\n存款: 2\n", "a:    1\n存款: 2\n"),
        (
            "facts keep their lines",
            "cases:\n  - row: { a: 1,\n     b: 2 }\n",
            "cases:\n  - row: { a: 1,\n           b: 2 }\n",
        ),
        (
            "populations keep their lines, as maps and as a table",
            "cases:\n  - rows: [{ a: 1,   b: 2 },\n    { a: 3, b: 4 }]\n    expect: {\"01\": {c: 5},\n      2: {c: 6}}\n",
            "cases:\n  - rows: [{ a: 1, b: 2 },\n           { a: 3, b: 4 }]\n    expect: { \"01\": { c: 5 },\n              2: { c: 6 } }\n",
        ),
        (
            "a table of facts",
            "cases:\n  - rows:\n        columns: [a,b]\n        values: [[\"01\",1],[\"02\",2],\n          [\"03\",3]]\n",
            "cases:\n  - rows:\n      columns: [a, b]\n      values: [[\"01\", 1], [\"02\", 2],\n               [\"03\", 3]]\n",
        ),
        (
            "an order stays as it is written",
            "grades: { a: { order: [ b desc,\"「c d」 asc\" ] } }\n",
            "grades: { a: { order: [b desc, 「c d」 asc] } }\n",
        ),
        ("quotes for what YAML would cut", "a: 'x #y'\nb: '1) x'\nc: 'x:'\n", "a: \"x #y\"\nb: \"1) x\"\nc: \"x:\"\n"),
        (
            "json stays json",
            "{\"a\":{\"b\":\"x\",\"c\":[1,2]},\n \"d\": true}",
            "{\n  \"a\": { \"b\": \"x\", \"c\": [1, 2] },\n  \"d\": true\n}\n",
        ),
        ("windows line ends stay", "a:   1\r\nb: 2\r\n", "a: 1\r\nb: 2\r\n"),
    ] {
        assert_eq!(format(source).unwrap_or_else(|error| panic!("{name}: {error}")), wanted, "{name}");
        assert_eq!(format(wanted).unwrap(), wanted, "{name}, twice");
    }
}

#[test]
fn what_does_not_fit_on_a_line_is_broken_up() {
    // 120 columns fit, 121 do not; a Chinese character takes two.
    let map = |fill: usize| format!("a: {{ b: {}, c: {{ d: 存款 }} }}\n", "x".repeat(fill));
    let fits = map(94);
    assert_eq!(format(&fits).unwrap(), fits);
    let broken = format(&map(95)).unwrap();
    assert_eq!(broken, format!("a:\n  b: {}\n  c: {{ d: 存款 }}\n", "x".repeat(95)));
    // Lists of plain values are wrapped.
    let list = format(&format!("a: [{}]\n", vec!["存款余额"; 30].join(", "))).unwrap();
    let widths: Vec<usize> = list.lines().map(super::lines::columns).collect();
    assert_eq!(widths, [113, 113, 83], "{list}");
    assert!(list.lines().skip(1).all(|line| line.starts_with("    存")), "{list}");
    assert_eq!(format(&list).unwrap(), list);
}

/// Lays a tree out in a way nobody would.
struct Scramble {
    random: u64,
    comments: usize,
    /// Whether the last line is one of a text under `|` or `>`, which would take an indented comment for its own.
    in_text: bool,
}

impl Scramble {
    /// A number below `most`.
    fn below(&mut self, most: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % most
    }

    fn spaces(&mut self, most: u64) -> String {
        " ".repeat(self.below(most + 1) as usize)
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        let space = self.spaces(1);
        format!("#{space}备注, {{ {} ]: \"", self.comments)
    }

    /// Lines of comments and empty lines that may stand between entries, or nothing.
    fn between(&mut self) -> String {
        let mut out = String::new();
        for _ in 0..self.below(12).saturating_sub(8) {
            if self.below(2) == 0 {
                let indent = if self.in_text { 0 } else { 14 };
                let (indent, comment) = (self.spaces(indent), self.comment());
                out.push_str(&format!("{indent}{comment}"));
            }
            out.push('\n');
        }
        out
    }

    /// The end of a line, with a comment or not.
    fn line_end(&mut self) -> String {
        if self.below(8) > 0 {
            return "\n".to_owned();
        }
        let (space, comment) = (self.spaces(3), self.comment());
        format!(" {space}{comment}\n")
    }

    fn scalar(&mut self, text: &str, flow: bool) -> String {
        match self.below(4) {
            0 => quote(text, true),
            1 if !text.contains(['\n', '\t']) => format!("'{}'", text.replace('\'', "''")),
            _ if is_safe(text, flow) => text.to_owned(),
            _ => quote(text, false),
        }
    }

    /// White space between brackets, perhaps with a comment and a new line.
    fn gap(&mut self, indent: usize) -> String {
        match self.below(10) {
            0 => format!("{}{}", self.line_end(), " ".repeat(indent)),
            1 => " ".repeat(self.below(3) as usize + 1),
            _ => " ".to_owned(),
        }
    }

    fn in_brackets(&mut self, node: &Node, indent: usize) -> String {
        match &node.value {
            NodeValue::Scalar(scalar) => self.scalar(&scalar.text, true),
            NodeValue::List(items) => {
                let mut out = format!("[{}", self.gap(indent));
                for (at, item) in items.iter().enumerate() {
                    let (before, item, after) = (self.gap(indent), self.in_brackets(item, indent), self.gap(indent));
                    let comma = if at + 1 < items.len() { "," } else { "" };
                    out.push_str(&format!("{before}{item}{after}{comma}"));
                }
                format!("{out}{}]", self.gap(indent))
            }
            NodeValue::Map(entries) => {
                let mut out = format!("{{{}", self.gap(indent));
                for (at, entry) in entries.iter().enumerate() {
                    let key = self.scalar(&entry.key.text, true);
                    let (before, value) = (self.gap(indent), self.in_brackets(&entry.value, indent));
                    let comma = if at + 1 < entries.len() { "," } else { "" };
                    let (space, after) = (self.spaces(2), self.gap(indent));
                    out.push_str(&format!("{before}{key}: {space}{value}{after}{comma}"));
                }
                format!("{out}{}}}", self.gap(indent))
            }
        }
    }

    /// What follows a key or a dash, up to the end of its line or of its lines.
    fn behind(&mut self, node: &Node, indent: usize, dash: bool) -> String {
        self.in_text = false;
        let is_empty = match &node.value {
            NodeValue::Scalar(_) => false,
            NodeValue::Map(entries) => entries.is_empty(),
            NodeValue::List(items) => items.is_empty(),
        };
        if let NodeValue::Scalar(scalar) = &node.value {
            let text = &scalar.text;
            let plain = !text.is_empty() && text.trim() == text && !text.contains(['\n', '\t']);
            if plain && self.below(8) == 0 {
                let sign = if self.below(2) == 0 { "|-" } else { ">-" };
                let deeper = indent + 1 + self.below(5) as usize;
                let end = self.line_end();
                self.in_text = true;
                return format!(" {sign}{end}{}{text}\n", " ".repeat(deeper));
            }
            let (space, text, end) = (self.spaces(3), self.scalar(text, false), self.line_end());
            return format!(" {space}{text}{end}");
        }
        if is_empty || self.below(3) == 0 {
            let (text, end) = (self.in_brackets(node, indent + 3), self.line_end());
            return format!(" {text}{end}");
        }
        if dash && self.below(2) == 0 {
            // The first entry stands behind the dash, the others below it.
            let text = self.lines(node, indent + 2, true);
            return format!(" {}", text.trim_start());
        }
        let deeper = indent + 1 + self.below(5) as usize;
        let end = self.line_end();
        format!("{end}{}", self.lines(node, deeper, false))
    }

    fn lines(&mut self, node: &Node, indent: usize, behind_dash: bool) -> String {
        let mut out = String::new();
        let pad = " ".repeat(indent);
        match &node.value {
            NodeValue::Scalar(_) => return self.behind(node, indent, false),
            NodeValue::Map(entries) => {
                for (at, entry) in entries.iter().enumerate() {
                    if !(behind_dash && at == 0) {
                        out.push_str(&self.between());
                    }
                    let (key, value) = (self.scalar(&entry.key.text, false), self.behind(&entry.value, indent, false));
                    out.push_str(&format!("{pad}{key}:{value}"));
                }
            }
            NodeValue::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    if !(behind_dash && at == 0) {
                        out.push_str(&self.between());
                    }
                    let value = self.behind(item, indent, true);
                    out.push_str(&format!("{pad}-{value}"));
                }
            }
        }
        out
    }
}

fn tree_of(node: &Node) -> String {
    match &node.value {
        NodeValue::Scalar(scalar) => format!("{:?}", scalar.text),
        NodeValue::List(items) => format!("[{}]", items.iter().map(tree_of).collect::<Vec<_>>().join(",")),
        NodeValue::Map(entries) => {
            let each: Vec<String> =
                entries.iter().map(|entry| format!("{:?}:{}", entry.key.text, tree_of(&entry.value))).collect();
            format!("{{{}}}", each.join(","))
        }
    }
}

/// One example in one layout.
fn scrambled(text: &str, seed: u64) -> String {
    let root = read(text).root.unwrap();
    let mut scramble = Scramble { random: seed | 1, comments: 0, in_text: false };
    for _ in 0..8 {
        scramble.below(2);
    }
    let laid = if scramble.below(6) == 0 { scramble.in_brackets(&root, 2) } else { scramble.lines(&root, 0, false) };
    let again = read(&laid);
    assert!(again.problems.is_empty(), "{:?}\n{laid}", again.problems);
    assert_eq!(again.comments.len(), scramble.comments, "{laid}");
    assert_eq!(tree_of(&again.root.unwrap()), tree_of(&root), "{laid}");
    laid
}

#[test]
fn every_layout_of_every_example_keeps_the_laws() {
    let rounds: u64 = std::env::var("KAOHE_ROUNDS").map_or(4, |rounds| rounds.parse().unwrap());
    for (path, text) in files() {
        if !path.to_string_lossy().contains("examples") {
            continue;
        }
        for seed in 1..=rounds {
            let laid = scrambled(&text, seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let once = assert_laws(&laid);
            assert_eq!(read(&once).comments.len(), read(&laid).comments.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// A text with something cut out of it, or put into it, is refused or formatted by the laws.
    #[test]
    fn broken_texts_are_refused_or_formatted(
        file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cut in 0_usize..12,
        put in "[ #:,\\-\"'{}\\[\\]\\n|>a1是\t\u{85}\r（]{0,6}",
    ) {
        let files = files();
        let (_, text) = file.get(&files);
        let characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        let before: String = characters.iter().take(at).collect();
        let after: String = characters.iter().skip(at + cut).collect();
        let broken = format!("{before}{put}{after}");
        match format(&broken) {
            Ok(_) => { assert_laws(&broken); }
            Err(error) => {
                let internal = error.diagnostics().iter().any(|found| found.code == Code::Internal);
                prop_assert!(!internal, "{broken}");
            }
        }
    }
}
