//! `kaohe report`: reports that are handed out, of people or of the team they are.

use std::collections::HashMap;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use kaohe::Run;
use kaohe::report::Format;
use kaohe_grammar::say;

use super::facts::{Unreadable, facts};
use super::files::Files;
use super::population::scored;
use super::{CLEAN, ERRORS, Failure, USAGE, names, read_scheme};
use crate::arguments::Report;
use crate::language::Language;
use crate::output::{cannot_write, write_whole};
use crate::table::Code;

pub(super) fn run(asked: &Report, language: Language) -> Result<u8, Failure> {
    // it is better to say so before scoring than after
    let format = format(asked)?;
    let scheme = read_scheme(&asked.scheme, Some(&asked.data), language)?;
    names::check(&[&scheme], &asked.data)?;
    let files = Files::read(&[&scheme], &asked.data, language)?;
    let facts = facts(&scheme, &files, &asked.data)?;
    drop(files);
    let (run, unreadable) = scored(&scheme, facts, language)?;
    if asked.team {
        let report = run.team_report(asked.by.as_deref())?;
        write(asked.out.as_deref(), std::iter::once(report.to_format(format, language.into())))?;
        return Ok(if run.is_complete() { CLEAN } else { ERRORS });
    }
    let rows = rows(asked, &run)?;
    match &asked.out_dir {
        Some(folder) => each(folder, &run, &rows, format, language)?,
        None => write(asked.out.as_deref(), pieces(&run, &rows, format, language))?,
    }
    tell_unreadable(&run, &rows, &unreadable, language);
    let clean = rows.iter().all(|row| run.incomplete().binary_search(row).is_err());
    Ok(if clean { CLEAN } else { ERRORS })
}

/// The form that was asked for, else that of the file, else Markdown, which a terminal can show.
fn format(asked: &Report) -> Result<Format, Failure> {
    if let Some(form) = asked.format {
        return Ok(form.into());
    }
    let Some(path) = &asked.out else {
        return Ok(if asked.out_dir.is_some() { Format::Html } else { Format::Markdown });
    };
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    Format::from_name(&extension).ok_or_else(|| {
        let path = path.display();
        let message =
            say!("the name `{path}` does not say what kind of report to write", "文件名 `{path}` 没有说明要写哪种报告");
        let help = say!(
            "name a file ending in `.html`, `.md` or `.json`, or say `--format`",
            "文件名请以 `.html`、`.md` 或 `.json` 结尾，或用 `--format` 指明"
        );
        Failure::new(Some(Code::WrongFile.id().to_owned()), message, Some(help), USAGE)
    })
}

/// The rows that were asked for, in that order, each once.
fn rows(asked: &Report, run: &Run) -> Result<Vec<usize>, Failure> {
    if asked.all {
        return Ok((0..run.rows()).collect());
    }
    let mut rows = Vec::new();
    for key in &asked.row {
        let row = run.row_named(key.trim())?;
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// One person alone is a report of its own; several are one text.
fn pieces<'r>(
    run: &'r Run,
    rows: &[usize],
    format: Format,
    language: Language,
) -> Box<dyn Iterator<Item = String> + 'r> {
    match rows {
        [row] => Box::new(run.report(*row).into_iter().map(move |report| report.to_format(format, language.into()))),
        _ => Box::new(run.reports(rows.to_vec(), format, language.into())),
    }
}

/// Writes pieces to a file, which appears whole or not at all, or to standard output.
fn write(path: Option<&Path>, pieces: impl Iterator<Item = String>) -> Result<(), Failure> {
    let Some(path) = path else {
        pieces.for_each(|piece| put!("{piece}"));
        return Ok(());
    };
    let written = write_whole(path, |file| {
        let mut file = BufWriter::new(file);
        for piece in pieces {
            file.write_all(piece.as_bytes())?;
        }
        file.flush()
    });
    written.map_err(|error| cannot_write(path, &error).into())
}

/// A file for each person, called by the key.
fn each(folder: &Path, run: &Run, rows: &[usize], format: Format, language: Language) -> Result<(), Failure> {
    let mut taken: HashMap<String, String> = HashMap::new();
    let mut files: Vec<(usize, PathBuf)> = Vec::new();
    for row in rows {
        let key = run.key(*row);
        let name = format!("{}.{}", file_name(&key), format.name());
        // a disk may not tell large from small letters
        if let Some(other) = taken.insert(name.to_lowercase(), key.clone()) {
            let message = say!(
                "the reports of `{other}` and `{key}` would be one file on many disks",
                "`{other}` 与 `{key}` 的报告在许多磁盘上会成为同一个文件"
            );
            let help = say!("write them with `--row` and `--out`", "请用 `--row` 和 `--out` 分别写出");
            return Err(Failure::new(Some(Code::CannotWrite.id().to_owned()), message, Some(help), ERRORS));
        }
        files.push((*row, folder.join(name)));
    }
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    for (row, path) in files {
        let report = run.report(row)?.to_format(format, language.into());
        write(Some(&path), std::iter::once(report))?;
    }
    let (count, folder) = (rows.len(), folder.display());
    put_line!("{}", language.of(&say!("{count} reports written to `{folder}`", "已写出 {count} 份报告到 `{folder}`")));
    Ok(())
}

/// A key as the name of a file: letters and digits as they are, everything else by its bytes.
fn file_name(key: &str) -> String {
    let mut name = String::new();
    for sign in key.chars() {
        if sign.is_alphanumeric() || matches!(sign, '-' | '_') {
            name.push(sign);
        } else {
            let mut bytes = [0; 4];
            for byte in sign.encode_utf8(&mut bytes).bytes() {
                name.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    name
}

/// What stood in cells that could not be read: only the files know.
fn tell_unreadable(run: &Run, rows: &[usize], unreadable: &Unreadable, language: Language) {
    for row in rows {
        for (input, problem) in unreadable.of_person(run.line(*row)) {
            eprint!("{}, {input}: {}", run.key(*row), problem.render(language));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_file_name_and_no_way_out_of_the_folder() {
        for (key, name) in [("007", "007"), ("张三-A_1", "张三-A_1"), ("../a b", "%2E%2E%2Fa%20b"), ("%41", "%2541")]
        {
            assert_eq!(file_name(key), name);
        }
    }
}
