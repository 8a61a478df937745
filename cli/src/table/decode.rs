//! Bytes of a text file to text: what the mark says, else UTF-8, else GB18030; never a replacement character.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8};
use kaohe_grammar::say;

use super::{
    fold,
    problem::{Code, Problem},
};

/// Decodes a whole file; `encoding` forces one, `expected` headers settle what bytes alone cannot.
pub(crate) fn decode<'b>(
    bytes: &'b [u8],
    encoding: Option<&str>,
    expected: &[Vec<String>],
) -> Result<Cow<'b, str>, Problem> {
    let text = match encoding {
        Some(name) => {
            let encoding = Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| {
                Problem::new(Code::UnknownEncoding, say!("no encoding is called `{name}`", "没有名为 `{name}` 的编码"))
                    .help(say!(
                        "use `utf-8`, `gb18030`, `gbk`, `big5` or `utf-16le`",
                        "可用 `utf-8`、`gb18030`、`gbk`、`big5`、`utf-16le`"
                    ))
            })?;
            decode_as(encoding, without_mark(bytes, encoding)).ok_or_else(|| {
                let line = first_bad_line(encoding, bytes);
                Problem::new(
                    Code::Undecodable,
                    say!("line {line} is not text in the encoding `{name}`", "第 {line} 行不是 `{name}` 编码的文字"),
                )
                .help(say!("leave `--encoding` out to have it detected", "不写 `--encoding` 可自动识别"))
            })?
        }
        None => detect(bytes, expected)?,
    };
    match text.find('\0') {
        None => Ok(text),
        Some(at) => {
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            Err(Problem::new(
                Code::Undecodable,
                say!(
                    "line {line} holds zero bytes, so this is not a text file",
                    "第 {line} 行含有零字节，不是文本文件"
                ),
            )
            .help(say!(
                "if it was exported as Unicode text, add `--encoding utf-16le`",
                "若是导出的 Unicode 文本，请加 `--encoding utf-16le`"
            )))
        }
    }
}

fn detect<'b>(bytes: &'b [u8], expected: &[Vec<String>]) -> Result<Cow<'b, str>, Problem> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, without_mark(bytes, encoding)).ok_or_else(|| {
            let line = first_bad_line(encoding, bytes);
            let name = encoding.name();
            Problem::new(
                Code::Undecodable,
                say!(
                    "the file says it is {name}, but line {line} is not",
                    "文件标明是 {name} 编码，但第 {line} 行不是"
                ),
            )
            .help(say!("export the file again", "请重新导出文件"))
        });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Two bytes of GB18030 can by accident be one letter of UTF-8, as in the word 系统; three cannot.
        let may_be_chance = !text.is_ascii() && text.chars().all(|c| c < '\u{800}');
        if may_be_chance
            && let Some(other) = decode_as(GB18030, bytes)
            && expected_in(&other, expected) > expected_in(text, expected)
        {
            return Ok(other);
        }
        return Ok(Cow::Borrowed(text));
    }
    if is_damaged_utf8(bytes) {
        let line = first_bad_line(UTF_8, bytes);
        return Err(Problem::new(
            Code::Undecodable,
            say!("the file is UTF-8, but line {line} is damaged", "文件是 UTF-8 编码，但第 {line} 行已损坏"),
        )
        .help(say!("export the file again", "请重新导出文件")));
    }
    decode_as(GB18030, bytes).ok_or_else(|| {
        let line = first_bad_line(GB18030, bytes);
        Problem::new(
            Code::Undecodable,
            say!(
                "line {line} is text neither in UTF-8 nor in GB18030",
                "第 {line} 行既不是 UTF-8 也不是 GB18030 编码的文字"
            ),
        )
        .help(say!("name the encoding with `--encoding`", "请用 `--encoding` 指明编码"))
    })
}

/// How many of the expected headers the beginning of the text holds.
fn expected_in(text: &str, expected: &[Vec<String>]) -> usize {
    let beginning: String = text.lines().take(20).map(|line| fold::folded(line) + "\n").collect();
    expected.iter().filter(|names| names.iter().any(|name| beginning.contains(&fold::folded(name)))).count()
}

/// Whether the bytes are UTF-8 but for a few: GB18030 text has hardly a character that is UTF-8 too.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|&c| c >= '\u{800}').count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 3 && bad * 4 <= good
}

fn without_mark<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> &'b [u8] {
    match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => bytes.get(length..).unwrap_or_default(),
        _ => bytes,
    }
}

fn decode_as<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// The line of the first bytes that mean nothing in the encoding.
fn first_bad_line(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut rest = bytes;
    let mut lines = 1;
    let mut piece = String::with_capacity(4096);
    loop {
        piece.clear();
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut piece, true);
        lines += piece.matches('\n').count();
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::OutputFull => {}
            DecoderResult::InputEmpty | DecoderResult::Malformed(..) => return lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes, None, &[vec!["系统".into()]]).unwrap().into_owned()
    }

    fn problem(bytes: &[u8], encoding: Option<&str>) -> Problem {
        decode(bytes, encoding, &[]).unwrap_err()
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let mark = "\u{FEFF}".encode_utf16();
        mark.chain(text.encode_utf16())
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    const SAMPLE: &str = "工号,姓名\r\n001,张三㐀\r\n";

    #[test]
    fn every_usual_encoding_is_detected() {
        assert_eq!(text(SAMPLE.as_bytes()), SAMPLE);
        assert_eq!(text(format!("\u{FEFF}{SAMPLE}").as_bytes()), SAMPLE);
        assert_eq!(text(&GB18030.encode(SAMPLE).0), SAMPLE);
        assert_eq!(text(&utf16(SAMPLE, false)), SAMPLE);
        assert_eq!(text(&utf16(SAMPLE, true)), SAMPLE);
        assert_eq!(text(b""), "");
    }

    #[test]
    fn a_word_that_is_both_encodings_is_settled_by_the_headers() {
        let (gb, _, _) = GB18030.encode("系统");
        assert!(std::str::from_utf8(&gb).is_ok());
        assert_eq!(text(&gb), "系统");
        assert_eq!(text("é".as_bytes()), "é");
    }

    #[test]
    fn a_forced_encoding_is_used() {
        assert_eq!(decode(&GB18030.encode(SAMPLE).0, Some("GBK"), &[]).unwrap(), SAMPLE);
        assert_eq!(decode(&utf16(SAMPLE, false), Some("utf-16le"), &[]).unwrap(), SAMPLE);
        assert_eq!(problem(b"a", Some("klingon")).code, Code::UnknownEncoding);
        let wrong = problem(&GB18030.encode(SAMPLE).0, Some("utf-8"));
        assert!(wrong.message.en.contains("line 1"), "{wrong:?}");
    }

    #[test]
    fn what_is_no_text_is_an_error_with_its_line() {
        let mut damaged = "工号,姓名\n001,张三\n002,".as_bytes().to_vec();
        damaged.extend(b"\xE5\xBC\n");
        let found = problem(&damaged, None);
        assert_eq!(
            (found.code, found.message.en.as_str()),
            (Code::Undecodable, "the file is UTF-8, but line 3 is damaged")
        );

        let found = problem(b"a\nb\n\xFF\xFF\n", None);
        assert!(found.message.en.starts_with("line 3 is text neither"), "{found:?}");

        let found = problem(b"a\0b\0\n\0", None);
        assert!(found.message.en.starts_with("line 1 holds zero bytes"), "{found:?}");

        let mut half = utf16(SAMPLE, false);
        half.pop();
        assert_eq!(problem(&half, None).code, Code::Undecodable);
    }
}
