//! The laws of the formatter, on the examples and on layouts nobody would choose.

use std::path::{Path, PathBuf};

use super::format;
use crate::document::tree::read;
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
        if let Ok(once) = format(&text) {
            if let Ok(to) = std::env::var("DUMP") {
                std::fs::write(format!("{to}/{}", path.display().to_string().replace('/', "_")), &once).unwrap();
            }
            assert_laws(&text);
            formatted += 1;
        } else {
            assert!(
                !path.components().any(|part| part.as_os_str() == "examples"),
                "{}: {}",
                path.display(),
                format(&text).unwrap_err()
            );
        }
    }
    assert!(formatted > 80, "{formatted}");
}
