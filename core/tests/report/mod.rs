//! Reports as files, tables as texts, and what every written report must be.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    reason = "a test that cannot go on has failed, and no test file needs all of it"
)]

use std::path::{Path, PathBuf};

use kaohe::number::Number;
use kaohe::{Data, Options, Row, Run, Scheme, Table};

/// Holds a text against the file of that name; with `KAOHE_BLESS=1` the file is written instead.
pub(crate) fn golden(name: &str, found: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "report", name].iter().collect();
    if std::env::var_os("KAOHE_BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(wanted == found, "{name} is not what was found; KAOHE_BLESS=1 writes it anew\n{found}");
}

/// The text of a file of the examples.
pub(crate) fn example(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A table of comma-separated cells; `3.6%` and `是` are read as people mean them, and lines count as those of a file.
pub(crate) fn table(text: &str) -> Table {
    let mut lines = text.trim().lines();
    let head: Vec<&str> = lines.next().unwrap().trim_start_matches('\u{feff}').split(',').collect();
    let rows: Vec<Row> = lines.map(|line| row(&head, line)).collect();
    let lines = (2..).take(rows.len()).collect();
    Table::of_rows(rows).with_lines(lines)
}

fn row(head: &[&str], line: &str) -> Row {
    let mut row = Row::new();
    for (name, cell) in head.iter().zip(line.split(',')) {
        match cell.trim() {
            "" => {}
            "是" => row.set(name, true),
            "否" => row.set(name, false),
            cell => match cell.strip_suffix('%').map(Number::parse) {
                Some(Ok(percent)) => row.set(name, percent.multiply(&Number::parse("0.01").unwrap()).to_string()),
                _ => row.set(name, cell),
            },
        }
    }
    row
}

/// An example scored as its folder says.
pub(crate) fn scored(scheme: &str, staff: &str, details: &[&str]) -> Run {
    let folder = scheme.split_once('/').unwrap().0;
    let mut data = Data::of(table(&example(staff)));
    for detail in details {
        data = data.detail(detail, table(&example(&format!("{folder}/{detail}.csv"))));
    }
    let scheme = Scheme::parse(&example(scheme)).unwrap();
    scheme.score(data, Options::default()).unwrap()
}

/// Every element is closed in its order, every sign that is none stands for itself, and no element is one that acts.
pub(crate) fn well_formed(html: &str) {
    let known = [
        "html", "head", "meta", "title", "style", "body", "article", "h1", "h2", "h3", "p", "dl", "dt", "dd", "div",
        "b", "span", "small", "code", "table", "thead", "tbody", "tr", "th", "td", "svg", "path", "rect",
    ];
    let body = html.strip_prefix("<!DOCTYPE html>\n").unwrap();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = body;
    while let Some((text, tag)) = rest.split_once('<') {
        assert!(!text.contains('>') || open.last() == Some(&"style"), "a stray > in {text}");
        let mut entities = text;
        while let Some((_, after)) = entities.split_once('&') {
            let name = after.split_once(';').unwrap_or_else(|| panic!("a stray & in {text}")).0;
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "&{name};");
            entities = after;
        }
        let (tag, after) = tag.split_once('>').unwrap();
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed in another order");
            continue;
        }
        let (name, attributes) = tag.trim_end_matches('/').split_once(' ').unwrap_or((tag.trim_end_matches('/'), ""));
        assert!(known.contains(&name), "<{name}> is no element of a report");
        for attribute in attributes.split("\" ").map(|each| each.trim_end_matches('"')).filter(|each| !each.is_empty())
        {
            let (name, value) = attribute.split_once("=\"").unwrap_or_else(|| panic!("{attribute} in <{tag}>"));
            assert!(!name.starts_with("on") && !["src", "href"].contains(&name), "{name} acts");
            assert!(!value.contains('"'), "{value}");
        }
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert_eq!((rest, open.len()), ("\n", 0), "what is open is closed");
    assert!(!html.contains("@import") && !html.contains("url("), "nothing is fetched");
}

/// Every row of every table has as many cells as its head.
pub(crate) fn tables_hold(markdown: &str) {
    let cells = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let mut head = None;
    for line in markdown.lines().map(str::trim_start) {
        if !line.starts_with('|') {
            head = None;
            continue;
        }
        let count = cells(line);
        assert_eq!(*head.get_or_insert(count), count, "{line}");
    }
}
