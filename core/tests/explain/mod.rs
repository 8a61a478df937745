//! Explanations as files, for the tests that hold what is said against them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::PathBuf;

/// Holds a text against the file of that name; with `BLESS=1` the file is written instead.
pub(crate) fn golden(name: &str, found: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "explain", name].iter().collect();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(wanted == found, "{name} is not what was found; BLESS=1 writes it anew\n{found}");
}
