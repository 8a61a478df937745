//! Tables as Arrow's bytes: a stream, or a file, which has its parts where its table of contents says.
//!
//! Whatever is wrong with bytes is an error with a code. Every length in them is held to the bytes there are before it is
//! believed, so that a broken one neither asks for memory nor is cut out of anything.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::fb_to_schema;
use arrow_ipc::reader::{FileDecoder, StreamDecoder};
use arrow_ipc::writer::StreamWriter;
use arrow_ipc::{Block, Message, root_as_footer, root_as_message};
use arrow_schema::SchemaRef;
use kaohe::code::Code;
use kaohe::limits::ROWS;
use kaohe::{Run, Table};
use kaohe_grammar::{Message as Why, say};

use crate::error::{Result, internal, refused};

/// How a file begins and ends.
const FILE: &[u8] = b"ARROW1";
/// How a message begins, in all versions but the oldest.
const CONTINUATION: u32 = u32::MAX;
/// How a stream ends.
const END: [u8; 8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];

/// The table in these bytes.
///
/// # Errors
///
/// They are no Arrow stream or file, are cut short or broken, or are compressed.
pub(crate) fn read(bytes: &Buffer) -> Result<Table> {
    let read = quietly(|| decoded(bytes));
    let (schema, batches) =
        read.unwrap_or_else(|| Err(say!("their parts contradict each other", "各部分互相矛盾"))).map_err(|why| {
            let Why { en, zh } = why;
            refused(
                Code::ArrowBytes,
                say!("the bytes are no Arrow table that can be read: {en}", "无法将这些字节读作 Arrow 表：{zh}"),
                Some(say!(
                    "pass the whole of an Arrow IPC stream or file, written without compression",
                    "请传入完整的 Arrow IPC 流或文件，写出时不要压缩"
                )),
            )
        })?;
    Ok(Table::of_batches(&schema, batches))
}

thread_local! {
    /// Whether what goes wrong on this thread is told by an error of its own.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does what stops where it holds something impossible, without a word on the host's terminal; nothing when it has stopped.
fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |stopped| {
            if !QUIET.get() {
                before(stopped);
            }
        }));
    });
    QUIET.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    done.ok()
}

/// What decoding gives: a table, or why there is none.
type Decoded<T> = std::result::Result<T, Why>;

/// What the library for Arrow says, in the one language it has.
fn said(error: impl std::fmt::Display) -> Why {
    say!("{error}", "{error}")
}

fn cut() -> Why {
    say!("they are cut short", "字节不完整")
}

fn without_schema() -> Why {
    say!("there is no schema in them", "其中没有表结构")
}

fn decoded(bytes: &Buffer) -> Decoded<(SchemaRef, Vec<RecordBatch>)> {
    if bytes.starts_with(FILE) { of_file(bytes) } else { of_stream(bytes.clone()) }
}

/// The batches of a table, as long as they are not too many together.
#[derive(Default)]
struct Batches {
    all: Vec<RecordBatch>,
    rows: usize,
}

impl Batches {
    fn add(&mut self, batch: RecordBatch) -> Decoded<()> {
        self.rows = self.rows.saturating_add(batch.num_rows());
        if self.rows > ROWS {
            return Err(say!("there are more than {ROWS} rows", "超过 {ROWS} 行"));
        }
        self.all.push(batch);
        Ok(())
    }
}

fn of_stream(mut rest: Buffer) -> Decoded<(SchemaRef, Vec<RecordBatch>)> {
    let (mut decoder, mut batches, mut ended) = (StreamDecoder::new(), Batches::default(), false);
    while !ended {
        let length = message(&rest)?;
        // what has no body is looked at when the next part comes, and the end always comes
        let mut part = length.map_or_else(|| Buffer::from(END), |length| rest.slice_with_length(0, length));
        (ended, rest) = (length.is_none(), rest.slice(length.unwrap_or(0)));
        while !part.is_empty() {
            if let Some(batch) = decoder.decode(&mut part).map_err(said)? {
                batches.add(batch)?;
            }
        }
    }
    let schema = decoder.schema().ok_or_else(without_schema)?;
    Ok((schema, batches.all))
}

/// A file has its parts where the table of contents says, which stands before its length and the last mark.
fn of_file(bytes: &Buffer) -> Decoded<(SchemaRef, Vec<RecordBatch>)> {
    let before = bytes.strip_suffix(FILE).and_then(|before| before.split_last_chunk::<4>());
    let (before, length) = before.ok_or_else(cut)?;
    let length = usize::try_from(i32::from_le_bytes(*length)).map_err(|_| cut())?;
    let content = before.len().checked_sub(length).and_then(|start| before.get(start..)).ok_or_else(cut)?;
    let footer =
        root_as_footer(content).map_err(|_| say!("the file's table of contents is broken", "文件目录已损坏"))?;
    let schema = footer.schema().ok_or_else(without_schema)?;
    let schema: SchemaRef = Arc::new(fb_to_schema(schema));
    let mut decoder = FileDecoder::new(Arc::clone(&schema), footer.version());
    let part = |block: &Block| {
        let start = usize::try_from(block.offset()).map_err(|_| cut())?;
        let head = usize::try_from(block.metaDataLength()).map_err(|_| cut())?;
        let body = usize::try_from(block.bodyLength()).map_err(|_| cut())?;
        let length = head.checked_add(body).ok_or_else(cut)?;
        let part = start.checked_add(length).filter(|end| *end <= before.len()).ok_or_else(cut)?;
        let part = bytes.slice_with_length(start, part.saturating_sub(start));
        // what the message says of itself is what the table of contents says of it
        match message(&part)? {
            Some(told) if told <= length => Ok(part),
            _ => Err(cut()),
        }
    };
    for block in footer.dictionaries().into_iter().flatten() {
        decoder.read_dictionary(block, &part(block)?).map_err(said)?;
    }
    let mut batches = Batches::default();
    for block in footer.recordBatches().into_iter().flatten() {
        if let Some(batch) = decoder.read_record_batch(block, &part(block)?).map_err(said)? {
            batches.add(batch)?;
        }
    }
    Ok((schema, batches.all))
}

/// How many bytes the next message has, with all that belongs to it; nothing at the end.
fn message(bytes: &[u8]) -> Decoded<Option<usize>> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let (first, mut rest) = bytes.split_first_chunk::<4>().ok_or_else(cut)?;
    let mut length = u32::from_le_bytes(*first);
    if length == CONTINUATION {
        let (second, after) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        (length, rest) = (u32::from_le_bytes(*second), after);
    }
    if length == 0 {
        return Ok(None);
    }
    let head = usize::try_from(length).ok().and_then(|length| rest.get(..length)).ok_or_else(cut)?;
    let told = root_as_message(head)
        .map_err(|_| say!("there is something else than a message in them", "其中有非消息内容"))?;
    let body = usize::try_from(told.bodyLength()).ok().filter(|body| *body <= rest.len().saturating_sub(head.len()));
    let body = body.ok_or_else(cut)?;
    hold(&told, body)?;
    let prefix = bytes.len().saturating_sub(rest.len());
    Ok(Some(prefix.saturating_add(head.len()).saturating_add(body)))
}

/// Holds a message to its body: every array of it lies within.
fn hold(message: &Message<'_>, body: usize) -> Decoded<()> {
    let batch = match message.header_as_dictionary_batch() {
        Some(dictionary) => dictionary.data(),
        None => message.header_as_record_batch(),
    };
    let Some(batch) = batch else { return Ok(()) };
    if batch.compression().is_some() {
        return Err(say!("they are compressed", "数据经过压缩"));
    }
    let is_within = |offset: i64, length: i64| {
        let end = offset.checked_add(length).and_then(|end| usize::try_from(end).ok());
        offset >= 0 && length >= 0 && end.is_some_and(|end| end <= body)
    };
    let buffers = batch.buffers().into_iter().flatten();
    let rows = batch.length() >= 0 && batch.nodes().into_iter().flatten().all(|node| node.length() >= 0);
    if rows && buffers.into_iter().all(|buffer| is_within(buffer.offset(), buffer.length())) {
        Ok(())
    } else {
        Err(say!("an array of them lies outside", "有数组超出范围"))
    }
}

/// The figures of a run as the bytes of a stream.
///
/// # Errors
///
/// They cannot be written, which is a mistake of the library.
pub(crate) fn write(run: &Run) -> Result<Vec<u8>> {
    let batch = run.record_batch();
    let written = StreamWriter::try_new(Vec::new(), &batch.schema()).and_then(|mut writer| {
        writer.write(&batch)?;
        writer.into_inner()
    });
    written.map_err(|why| internal(&why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use arrow_ipc::writer::FileWriter;

    fn batch() -> RecordBatch {
        let keys: ArrayRef = Arc::new(StringArray::from(vec![Some("001"), None, Some("003")]));
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        RecordBatch::try_from_iter([("k", keys), ("n", numbers)]).unwrap()
    }

    fn both() -> [Vec<u8>; 2] {
        let batch = batch();
        let mut stream = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        let mut file = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        for _ in 0..2 {
            stream.write(&batch).unwrap();
            file.write(&batch).unwrap();
        }
        [stream.into_inner().unwrap(), file.into_inner().unwrap()]
    }

    #[test]
    fn a_stream_and_a_file_are_the_same_table() {
        for bytes in both() {
            let (schema, batches) = decoded(&bytes.into()).unwrap();
            assert_eq!(schema, batch().schema());
            assert_eq!(batches, [batch(), batch()]);
        }
    }

    #[test]
    fn a_stream_without_its_end_is_read_and_a_table_without_rows_too() {
        let [mut stream, _] = both();
        stream.truncate(stream.len() - END.len());
        assert_eq!(decoded(&stream.into()).unwrap().1.len(), 2);
        let bare = StreamWriter::try_new(Vec::new(), &batch().schema()).unwrap().into_inner().unwrap();
        assert_eq!(decoded(&bare.clone().into()).unwrap().1.len(), 0);
        assert_eq!(decoded(&bare[..bare.len() - END.len()].into()).unwrap().1.len(), 0);
    }

    /// Bytes with a mistake are refused or mean another table; whatever they are, reading them ends.
    #[test]
    fn no_broken_bytes_are_more_than_refused() {
        for bytes in both() {
            for at in 0..bytes.len() {
                for flip in [0x01_u8, 0x80, 0xFF] {
                    let mut broken = bytes.clone();
                    broken[at] ^= flip;
                    drop(read(&broken.into()));
                }
                drop(read(&bytes[..at].into()));
            }
        }
    }
}
