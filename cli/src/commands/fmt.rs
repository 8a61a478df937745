//! `kaohe fmt`: a scheme in canonical layout, comments and order kept.

use std::io::Write as _;

use kaohe_grammar::{Message, say};

use super::{CLEAN, ERRORS, Failure, read_text};
use crate::arguments::Fmt;
use crate::language::Language;
use crate::output::write_whole;

pub(super) fn run(fmt: &Fmt, language: Language) -> Result<u8, Failure> {
    let text = read_text(&fmt.scheme)?;
    let file = fmt.scheme.display().to_string();
    let formatted = kaohe::format(&text).map_err(|error| Failure {
        ready: Message::new(
            error.render(Some(&file), Language::English.into()),
            error.render(Some(&file), Language::Chinese.into()),
        ),
        ..Failure::default()
    })?;
    if formatted == text {
        return Ok(CLEAN);
    }
    if fmt.check {
        put_line!("{}", language.of(&say!("`{file}` is not in canonical layout", "`{file}` 未按规范排版")));
        return Ok(ERRORS);
    }
    write_whole(&fmt.scheme, |mut file| file.write_all(formatted.as_bytes())).map_err(|error| {
        let message = say!("the file `{file}` could not be written: {error}", "文件 `{file}` 无法写入：{error}");
        Failure::new(None, message, None, ERRORS)
    })?;
    Ok(CLEAN)
}
