//! A round as lines of JSON: written by appending, safe to be cut off anywhere.

use std::sync::Arc;

use kaohe_grammar::{Message, say};

use crate::code::Code;
use crate::error::DataError;
use crate::limits::LINE_BYTES;
use crate::ratings::problem::refuse;
use crate::ratings::{Event, RatingRound, Sheets, line};
use crate::run::Note;

/// A log that was read.
#[derive(Debug, Clone)]
pub struct LogReading {
    /// The round its events make.
    pub round: RatingRound,
    /// How many bytes of it are sound; what comes after is a last line that was cut off.
    pub sound_bytes: usize,
    /// Whether the last sound line lacks its end: then one has to be written before the next line.
    pub lacks_end: bool,
    /// What was lost, when the last line was cut off.
    pub cut_off: Option<Note>,
}

impl LogReading {
    /// The round, and what was lost.
    #[must_use]
    pub fn sound(self) -> (RatingRound, Option<Note>) {
        (self.round, self.cut_off)
    }
}

impl Event {
    /// The event as a line of JSON, with its end.
    #[must_use]
    pub fn to_json_line(&self) -> String {
        let mut text = line::write(self);
        text.push('\n');
        text
    }

    /// The event of a line of JSON.
    ///
    /// # Errors
    ///
    /// [`DataError`] when it is none, or says more than this version knows.
    pub fn from_json_line(text: &str) -> Result<Self, DataError> {
        read_line(1, text.as_bytes())
    }
}

impl RatingRound {
    /// All events as lines of JSON, in their order: rounds of the same events give the same bytes.
    #[must_use]
    pub fn to_json_lines(&self) -> String {
        self.events().into_iter().map(Event::to_json_line).collect()
    }

    /// Reads a log: one event a line, in any order, each as often as it likes.
    ///
    /// A last line without an end that cannot be read was cut off while it was written: it is left out, and told in
    /// [`LogReading::cut_off`]. Nothing else is ever left out.
    ///
    /// # Errors
    ///
    /// [`DataError`] with the number of the line for any other line that cannot be read, was altered, or says more than
    /// this version knows, and for the opening of another plan.
    pub fn from_json_lines(sheets: impl Into<Arc<Sheets>>, log: &[u8]) -> Result<LogReading, DataError> {
        let mut round = Self::new(sheets);
        let (mut events, mut at, mut sound_bytes) = (Vec::new(), 0, 0);
        let (mut lacks_end, mut cut_off) = (false, None);
        for text in log.split_inclusive(|byte| *byte == b'\n') {
            at += 1;
            let (whole, text) = match text.strip_suffix(b"\n") {
                Some(text) => (true, text),
                None => (false, text),
            };
            match read_line(at, text) {
                Ok(event) => {
                    round.belongs(&event).map_err(|error| in_line(at, error))?;
                    events.push(event);
                    sound_bytes += text.len() + usize::from(whole);
                    lacks_end = !whole;
                }
                Err(error) if whole => return Err(error),
                Err(_) => cut_off = Some(cut(at, text)),
            }
        }
        round.extend(events.into_iter())?;
        Ok(LogReading { round, sound_bytes, lacks_end, cut_off })
    }
}

fn read_line(at: usize, text: &[u8]) -> Result<Event, DataError> {
    let corrupt = |why: Message| {
        let Message { en, zh } = why;
        refuse(
            Code::LogCorrupt,
            &at.to_string(),
            say!("line {at} of the log cannot be read: {en}", "日志第 {at} 行无法读取：{zh}"),
            Some(say!(
                "restore the log from a copy, or take the line out if the event may be lost",
                "请从备份恢复日志；如该事件可以舍弃，请删去这一行"
            )),
        )
    };
    if text.len() > LINE_BYTES {
        return Err(corrupt(say!("it has more than {LINE_BYTES} bytes", "超过 {LINE_BYTES} 字节")));
    }
    line::read(text).map_err(corrupt)
}

fn in_line(at: usize, error: DataError) -> DataError {
    let Message { en, zh } = &error.message;
    DataError { message: say!("line {at}: {en}", "第 {at} 行：{zh}"), ..error }
}

fn cut(at: usize, text: &[u8]) -> Note {
    let bytes = text.len();
    Note {
        code: Code::LogCutOff,
        message: say!(
            "line {at} of the log, its last, was cut off after {bytes} bytes, and is left out",
            "日志最后一行（第 {at} 行）写到 {bytes} 字节时中断，该行未计入"
        ),
    }
}
