//! The program as people run it, for the tests of what it prints and how it exits.
#![allow(dead_code, reason = "no test file needs all of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run printed and how it ended.
pub(crate) struct Run {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) exit: Option<i32>,
}

/// Runs the program in the folder of the project.
pub(crate) fn kaohe(arguments: &[&str]) -> Run {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(env!("CARGO_BIN_EXE_kaohe"))
        .args(arguments)
        .current_dir(root)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    Run {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        exit: output.status.code(),
    }
}

/// A folder of one test alone; it goes when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// An empty folder; `name` is that of the test.
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("kaohe-program-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// Writes a file and says where it is.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Where a file of that name is.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// Runs the program; what stands between `<` and `>` is a file of this folder.
    pub(crate) fn kaohe(&self, line: &str) -> Run {
        let arguments = line.split_whitespace().map(|part| match part.split_once('<') {
            Some((before, name)) => format!("{before}{}", self.path(name.trim_end_matches('>'))),
            None => part.to_owned(),
        });
        let arguments: Vec<String> = arguments.collect();
        kaohe(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
