//! `docs/reference.md` is written from the tables the library works by. `KAOHE_BLESS=1` writes it anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test")]

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::Path;

use kaohe::code::Code;
use kaohe::document::format::SCHEME;
use kaohe::document::shape::{Forms, Key, MapShape, Shape};
use kaohe::functions::FUNCTIONS;
use kaohe::limits::TABLE;
use kaohe_grammar::{KEYWORDS, SyntaxCode};

const HEAD: &str = "\
# Reference

Every key of a scheme, every function of its formulas, every limit and every error code of this version.
Written from the library's own tables by `make docs`; the language by example is in [language.md](language.md).

- [The scheme](#the-scheme)
- [Functions](#functions)
- [Words of the formula language](#words-of-the-formula-language)
- [Limits](#limits)
- [Error codes](#error-codes)

";

const SCHEME_HEAD: &str = "\
## The scheme

One document, YAML or JSON. The key decides what a value means, so `no`, `007` and `2026-07-01` are their characters.
What has order is a list; the order of a map is for people only.

| form | what is written |
|---|---|
| text | text for people: a name, a label, a source |
| name | the name of a column, a table, a grade |
| formula | a formula; a constant is one, too |
| whole number | digits, in the stated range |
| places | decimals to round to, 0 to 12, or `none` |
| day | a day of the calendar, `2026-07-01` |
| truth | `true` or `false`, `是` or `否` |
| order | a column and which end comes first: `得分 desc`, `「得 分」 asc` |
| facts | values by column |

";

/// The part of a heading that a link ends with, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|each| each.is_alphanumeric() || matches!(each, '-' | '_')).collect()
}

/// The maps of the format in the order they are first met, each with a heading of its own.
struct Maps {
    found: Vec<(&'static MapShape, String)>,
    waiting: VecDeque<&'static MapShape>,
}

impl Maps {
    fn new() -> Self {
        let mut maps = Self { found: Vec::new(), waiting: VecDeque::new() };
        maps.heading(&SCHEME, "");
        maps
    }

    /// The heading of a map; what it is called, and where it stands when another one is called the same.
    fn heading(&mut self, map: &'static MapShape, key: &str) -> String {
        if let Some((_, heading)) = self.found.iter().find(|(known, _)| std::ptr::eq(*known, map)) {
            return heading.clone();
        }
        let what = map.what.0.trim_start_matches("an ").trim_start_matches("a ");
        let mut heading = format!("{}{}", what[..1].to_uppercase(), &what[1..]);
        while self.found.iter().any(|(_, known)| *known == heading) {
            write!(heading, " ({key})").unwrap();
        }
        self.found.push((map, heading.clone()));
        self.waiting.push_back(map);
        heading
    }

    fn form(&mut self, shape: &Shape, key: &str) -> String {
        match shape {
            Shape::Text => "text".to_owned(),
            Shape::Name => "name".to_owned(),
            Shape::Formula => "formula".to_owned(),
            Shape::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
            Shape::Whole(least, most) if least == most => format!("`{least}`"),
            Shape::Whole(least, most) => format!("whole number, {least} to {most}"),
            Shape::Places => "places".to_owned(),
            Shape::Day => "day".to_owned(),
            Shape::Truth => "truth".to_owned(),
            Shape::Order => "order".to_owned(),
            Shape::Facts => "facts".to_owned(),
            Shape::Sheet => "facts, or `{}`".to_owned(),
            Shape::List(each) => format!("list: {}", self.form(each, key)),
            Shape::Tuple(shapes) => {
                let each: Vec<String> = shapes.iter().map(|shape| self.form(shape, key)).collect();
                format!("`[` {} `]`", each.join(", "))
            }
            Shape::Map(map) => {
                let heading = self.heading(map, key);
                format!("[{}](#{})", map.what.0, anchor(&heading))
            }
            Shape::Names(each) => format!("by name: {}", self.form(each, key)),
            Shape::Forms(forms) => self.forms(forms, key),
        }
    }

    fn forms(&mut self, forms: &Forms, key: &str) -> String {
        let mut each = Vec::new();
        if let Some(shape) = &forms.scalar {
            let short = forms.text_is_short_for().map(|key| format!(" (short for `{}`)", key.name));
            each.push(self.form(shape, key) + &short.unwrap_or_default());
        }
        if let Some(shape) = &forms.list {
            let short = forms.list_is_short_for().map(|key| format!(" (short for `{}`)", key.name));
            each.push(self.form(shape, key) + &short.unwrap_or_default());
        }
        match &forms.map {
            // A table by key has tables by key inside.
            Some(Shape::Names(inner)) if matches!(**inner, Shape::Forms(again) if std::ptr::eq(again, forms)) => {
                each.push("the same by a further key".to_owned());
            }
            Some(shape) => each.push(self.form(shape, key)),
            None => {}
        }
        each.join("; or ")
    }

    fn key(&mut self, key: &Key) -> String {
        let form = self.form(&key.shape, key.name);
        let mut doc = key.doc.to_owned();
        if let Some(default) = key.default {
            write!(doc, "; `{default}` when not stated").unwrap();
        }
        if key.display {
            doc.push_str(" (no part of the fingerprint)");
        }
        let state = if key.required { "required" } else { "" };
        format!("| `{}` | {} | {state} | {} |\n", key.name, cell(&form), cell(&doc))
    }

    fn section(&mut self, map: &'static MapShape) -> String {
        let heading = self.heading(map, "");
        let mut out = format!("### {heading}\n\n{}\n\n| key | form | | meaning |\n|---|---|---|---|\n", map.what.1);
        for key in map.keys() {
            out.push_str(&self.key(key));
        }
        for (names, required) in map.one_of {
            let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            write!(out, "\n{} of {names}.\n", if *required { "Just one" } else { "At most one" }).unwrap();
        }
        out.push('\n');
        out
    }
}

/// A text as a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn scheme() -> String {
    let mut maps = Maps::new();
    let mut out = SCHEME_HEAD.to_owned();
    while let Some(map) = maps.waiting.pop_front() {
        out.push_str(&maps.section(map));
    }
    out
}

fn functions() -> String {
    let mut out = "## Functions\n\nA name in letters of any case, or the Chinese one.\n\n\
                   | function | 中文 | meaning |\n|---|---|---|\n"
        .to_owned();
    for spec in FUNCTIONS {
        writeln!(out, "| `{}` | {} | {} |", cell(spec.signature), spec.alias, cell(spec.doc)).unwrap();
    }
    let words = KEYWORDS.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" ");
    write!(
        out,
        "\nBesides them the names `as_of`, `period_start`, `period_end` (days) and `period_days` (a number).\n\n\
         ## Words of the formula language\n\n{words}\n\nA column called like one of them is written `「end」`.\n\n"
    )
    .unwrap();
    out
}

fn limits() -> String {
    let mut out = "## Limits\n\nNothing a person writes by hand comes near them; each stops an input made to hang \
                   or to fill the memory.\n\n| what | most | code |\n|---|---:|---|\n"
        .to_owned();
    for limit in TABLE {
        writeln!(out, "| {} | {} | `{}` |", cell(limit.what), grouped(limit.most), limit.code.id()).unwrap();
    }
    out.push('\n');
    out
}

/// `4194304` as `4 194 304`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

fn codes() -> String {
    let mut all: Vec<(&str, &str)> = Code::ALL.iter().map(|code| (code.id(), code.meaning())).collect();
    all.extend(SyntaxCode::ALL.iter().map(|code| (code.id(), code.meaning())));
    all.sort_unstable();
    let mut out = "## Error codes\n\nA code keeps its meaning for ever. K00 is the text of the document, K01 its form, \
                   K02 the text of formulas, K03 names, K04 kinds and units, K05 sizes, K06 the rules of the field, K07 \
                   warnings, K08 the table of facts, K09 one cell, K10 ratings.\n\n| code | meaning |\n|---|---|\n"
        .to_owned();
    for (id, meaning) in all {
        writeln!(out, "| `{id}` | {} |", cell(meaning)).unwrap();
    }
    out
}

#[test]
fn the_reference_is_up_to_date() {
    let wanted = [HEAD.to_owned(), scheme(), functions(), limits(), codes()].concat();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference.md");
    if std::env::var_os("KAOHE_BLESS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/reference.md is out of date; `make docs` writes it anew");
}

#[test]
fn every_link_of_the_reference_leads_somewhere() {
    let text = [HEAD.to_owned(), scheme(), functions(), limits(), codes()].concat();
    let anchors: Vec<String> = text
        .lines()
        .filter(|line| line.starts_with("##"))
        .map(|line| anchor(line.trim_start_matches('#').trim()))
        .collect();
    for (at, anchor) in anchors.iter().enumerate() {
        assert!(!anchors[..at].contains(anchor), "two headings with the anchor `{anchor}`");
    }
    for part in text.split("](#").skip(1) {
        let target = part.split(')').next().unwrap();
        assert!(anchors.iter().any(|anchor| anchor == target), "no heading for `#{target}`");
    }
}
