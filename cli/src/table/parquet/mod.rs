//! Parquet: only the columns that are asked for, every value as exactly as it is stored.

mod cells;
mod guard;
mod thrift;

use std::{
    io::{self, Read as _},
    ops::Range,
    sync::Arc,
};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use kaohe_grammar::{Message, say};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
    },
    basic::Compression,
    file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetStatisticsPolicy},
};

use super::{
    Header, Limits, Options, RawCell, RawTable,
    problem::{Code, Problem, shortened},
    shape::{self, Record},
};

/// What a Parquet file begins and ends with.
pub(crate) const MARK: &[u8] = b"PAR1";

/// Rows that are unpacked at a time.
const BLOCK: usize = 4_096;

/// Reads a table from the bytes of a Parquet file.
///
/// Whole numbers and decimals are exact; a binary number is its shortest decimal text, and missing when it is not a
/// number. A moment is a day when it is midnight. The line of a row is its number, from 1.
///
/// # Errors
///
/// Everything that is wrong with the file and the shape of its table, at least one [`Problem`]. A column of lists or
/// other things that are no cells is one only when somebody asks for it.
pub fn read_parquet(bytes: &[u8], options: &Options) -> Result<RawTable, Vec<Problem>> {
    let limits = &options.limits;
    if bytes.len() > limits.bytes {
        return Err(vec![shape::too_large(limits.bytes)]);
    }
    let description = description(bytes).map_err(|problem| vec![problem])?;
    thrift::check_description(description)
        .map_err(|_| vec![damaged(say!("its description is cut short", "说明部分不完整"))])?;
    guard::guarded(|| read_checked(bytes, options))
        .unwrap_or_else(|| Err(vec![damaged(say!("it contradicts itself", "内容自相矛盾"))]))
}

/// Reads a table from the bytes of a file whose description can be what it says.
fn read_checked(bytes: &[u8], options: &Options) -> Result<RawTable, Vec<Problem>> {
    let limits = &options.limits;
    let bytes = Bytes::copy_from_slice(bytes);
    let mut notes = Vec::new();
    let file = open(&bytes, &mut notes).map_err(|problem| vec![problem])?;

    let fields = file.schema().fields();
    if fields.len() > limits.columns {
        return Err(vec![shape::too_many_columns(1, limits.columns)]);
    }
    let headers: Vec<Header> = fields.iter().map(|field| Header::new(field.name())).collect();
    let (read, unread): (Vec<usize>, Vec<usize>) =
        (0..headers.len()).partition(|&at| headers.get(at).is_some_and(|header| shape::is_wanted(header, options)));
    let problems: Vec<Problem> =
        read.iter().filter_map(|&at| fields.get(at)).filter_map(|field| unreadable(field)).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    check_sizes(&bytes, file.metadata(), &read, limits).map_err(|problem| vec![problem])?;
    let records = if read.is_empty() { Vec::new() } else { records(bytes, file, &read, limits)? };
    let columns = shape::Columns { headers, read, unread };
    shape::named(columns, records, options, notes)
}

/// The description at the end of the file, whose length stands behind it.
fn description(bytes: &[u8]) -> Result<&[u8], Problem> {
    /// Every few bytes of it become a structure of many.
    const LONGEST: usize = 32 << 20;
    let cut = || damaged(say!("it ends early", "文件不完整"));
    if bytes.ends_with(b"PARE") {
        return Err(damaged(say!("it is encrypted", "文件已加密")));
    }
    let before = bytes.strip_suffix(MARK).ok_or_else(cut)?;
    let (before, length) = before.split_last_chunk::<4>().ok_or_else(cut)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| cut())?;
    if length > LONGEST {
        return Err(shape::too_large(LONGEST));
    }
    let start = before.len().checked_sub(length).ok_or_else(cut)?;
    before.get(start..).ok_or_else(cut)
}

/// The file with the kinds of its columns: texts, however they are kept, as views of the bytes they stand in, because the
/// same long text a million times over would else be copied as often.
fn open(bytes: &Bytes, notes: &mut Vec<Message>) -> Result<ArrowReaderMetadata, Problem> {
    let options = || ArrowReaderOptions::new().with_column_stats_policy(ParquetStatisticsPolicy::SkipAll);
    let file = match guard::guarded(|| ArrowReaderMetadata::load(bytes, options())) {
        Some(Ok(file)) => file,
        // Beside the kinds of Parquet a file may name those of Arrow, one of which the library may never have heard of,
        // as the whole numbers of 128 bits that polars has.
        _ => {
            let options = options().with_skip_arrow_metadata(true);
            let file = ArrowReaderMetadata::load(bytes, options).map_err(|error| undecoded(&error))?;
            notes.push(say!(
                "the kinds of Arrow that the file names cannot be read; its columns are of the kinds of parquet",
                "文件所注明的 Arrow 类型无法读取，各列按 parquet 类型读取"
            ));
            file
        }
    };
    let fields = file.schema().fields().iter().map(|field| match plain(field.data_type()) {
        Some(kind) => Arc::new(Field::clone(field).with_data_type(kind)),
        None => Arc::clone(field),
    });
    let schema = Schema::new_with_metadata(fields.collect::<Vec<_>>(), file.schema().metadata().clone());
    ArrowReaderMetadata::try_new(Arc::clone(file.metadata()), options().with_schema(Arc::new(schema)))
        .map_err(|error| undecoded(&error))
}

/// The kind a column is read as, when it is another than it was written as.
fn plain(kind: &DataType) -> Option<DataType> {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 => Some(DataType::Utf8View),
        DataType::Dictionary(_, values) => Some(plain(values).unwrap_or_else(|| DataType::clone(values))),
        _ => None,
    }
}

/// What is wrong with a column that is asked for.
fn unreadable(field: &Field) -> Option<Problem> {
    let Message { en, zh } = cells::not_read(field.data_type())?;
    let name = shortened(field.name());
    Some(
        Problem::new(
            Code::UnreadableColumn,
            say!("the column `{name}` holds {en}, which are not read", "列 `{name}` 存的是{zh}，不能读取"),
        )
        .help(say!(
            "store it as numbers, text, dates or truth values, one in each row",
            "请存为数字、文本、日期或真假值，每行一个"
        )),
    )
}

/// Checks that the rows and what is unpacked for them stay within the limits, before any of it is unpacked.
fn check_sizes(bytes: &[u8], file: &ParquetMetaData, read: &[usize], limits: &Limits) -> Result<(), Problem> {
    let schema = file.file_metadata().schema_descr();
    let (mut rows, mut left) = (0_usize, limits.bytes);
    for group in file.row_groups() {
        let count =
            usize::try_from(group.num_rows()).map_err(|_| damaged(say!("a number of rows is negative", "行数为负")))?;
        rows = rows.saturating_add(count);
        if rows > limits.rows || rows.saturating_mul(read.len()) > limits.cells {
            return Err(shape::too_many_rows(limits));
        }
        let columns = group.columns().iter().enumerate();
        let columns = columns.filter(|&(leaf, _)| {
            leaf < schema.num_columns() && read.binary_search(&schema.get_column_root_idx(leaf)).is_ok()
        });
        for (_, column) in columns {
            check_codec(column)?;
            let end_early = || damaged(say!("a column ends early", "有一列不完整"));
            let mut chunk = place(column).and_then(|place| bytes.get(place)).ok_or_else(end_early)?;
            while !chunk.is_empty() {
                let page = thrift::page_sizes(chunk)
                    .map_err(|_| damaged(say!("a page has no proper header", "有一页的页头无法读取")))?;
                left = left.checked_sub(page.unpacked).ok_or_else(|| shape::too_large(limits.bytes))?;
                let (_, body) = chunk.split_at_checked(page.header).ok_or_else(end_early)?;
                let (body, after) = body.split_at_checked(page.packed).ok_or_else(end_early)?;
                let packed = body.get(page.plain..).unwrap_or_default();
                check_unpacked(packed, column.compression(), page.unpacked, limits)?;
                chunk = after;
            }
        }
    }
    if usize::try_from(file.file_metadata().num_rows()) != Ok(rows) {
        return Err(damaged(say!("its numbers of rows contradict each other", "所述行数互相矛盾")));
    }
    Ok(())
}

/// Checks that a column is packed in a way that is unpacked here.
fn check_codec(column: &ColumnChunkMetaData) -> Result<(), Problem> {
    let codec = match column.compression() {
        Compression::BROTLI(_) => "brotli",
        Compression::LZO => "lzo",
        _ => return Ok(()),
    };
    Err(Problem::new(
        Code::WrongFile,
        say!("the parquet file is compressed with {codec}, which is not read", "不读取用 {codec} 压缩的 parquet 文件"),
    )
    .help(say!("write it with zstd or snappy", "请改用 zstd 或 snappy 压缩")))
}

/// Checks that a page does not unpack to more than it says, where the codec that unpacks it does not stop there.
fn check_unpacked(packed: &[u8], codec: Compression, stated: usize, limits: &Limits) -> Result<(), Problem> {
    /// How many bytes a packed byte becomes at most.
    const MOST_OF_GZIP: usize = 1_032;
    const MOST_OF_LZ4: usize = 255;
    match codec {
        // most pages are so small that they could not do harm, and are not unpacked twice
        Compression::GZIP(_) if packed.len() > limits.bytes / MOST_OF_GZIP => {
            let most = u64::try_from(stated).unwrap_or(u64::MAX);
            let mut unpacked = MultiGzDecoder::new(packed).take(most.saturating_add(1));
            let length = io::copy(&mut unpacked, &mut io::sink()).map_err(|error| undecoded(&error))?;
            if length > most {
                Err(damaged(say!("a page is longer than it says", "有一页比所述更长")))
            } else {
                Ok(())
            }
        }
        Compression::LZ4 if packed.len() > limits.bytes / MOST_OF_LZ4 => Err(shape::too_large(limits.bytes)),
        _ => Ok(()),
    }
}

/// Where the pages of a column stand.
fn place(column: &ColumnChunkMetaData) -> Option<Range<usize>> {
    let start = usize::try_from(column.dictionary_page_offset().unwrap_or(column.data_page_offset())).ok()?;
    let length = usize::try_from(column.compressed_size()).ok()?;
    Some(start..start.checked_add(length)?)
}

/// The rows, with the cells of the columns that are read.
fn records(
    bytes: Bytes,
    file: ArrowReaderMetadata,
    read: &[usize],
    limits: &Limits,
) -> Result<Vec<Record>, Vec<Problem>> {
    let mask = ProjectionMask::roots(file.parquet_schema(), read.iter().copied());
    let rows = usize::try_from(file.metadata().file_metadata().num_rows()).unwrap_or_default();
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, file)
        .with_projection(mask)
        .with_batch_size(BLOCK)
        .build()
        .map_err(|error| vec![undecoded(&error)])?;
    let mut records = Vec::with_capacity(rows);
    let mut left = limits.bytes;
    for batch in reader {
        let batch = batch.map_err(|error| vec![undecoded(&error)])?;
        append(&batch, &mut records, limits, &mut left)?;
    }
    if records.len() != rows {
        return Err(vec![damaged(say!("it has fewer rows than it says", "行数少于所述"))]);
    }
    Ok(records)
}

/// Appends the rows of a block; `left` are the bytes that texts may still take.
fn append(
    batch: &RecordBatch,
    records: &mut Vec<Record>,
    limits: &Limits,
    left: &mut usize,
) -> Result<(), Vec<Problem>> {
    let first = records.len();
    let width = batch.num_columns();
    records.extend((1..=batch.num_rows()).map(|row| Record { line: first + row, cells: Vec::with_capacity(width) }));
    for (array, field) in batch.columns().iter().zip(batch.schema_ref().fields()) {
        let cells = cells::cells(array.as_ref()).ok_or_else(|| {
            let (name, kind) = (shortened(field.name()), field.data_type().to_string());
            let kind = shortened(&kind);
            vec![Problem::new(
                Code::UnreadableColumn,
                say!("the column `{name}` cannot be read as `{kind}`", "列 `{name}` 不能按 `{kind}` 读取"),
            )]
        })?;
        for (row, record) in records.iter_mut().skip(first).enumerate() {
            let cell = cells(row);
            if let RawCell::Text(text) = &cell {
                if text.len() > limits.cell_bytes {
                    return Err(vec![shape::cell_too_long(record.line, limits.cell_bytes)]);
                }
                *left = left.checked_sub(text.len()).ok_or_else(|| vec![shape::too_large(limits.bytes)])?;
            }
            record.cells.push(cell);
        }
    }
    Ok(())
}

/// What the library says, in the one language it has.
fn undecoded(error: &dyn std::fmt::Display) -> Problem {
    // its reason stands behind what kind of error it takes it for
    let reason = error.to_string();
    let reason = shortened(reason.rsplit("rror: ").next().unwrap_or_default());
    damaged(say!("{reason}", "内容无法解码（{reason}）"))
}

fn damaged(Message { en, zh }: Message) -> Problem {
    Problem::new(
        Code::NotParquet,
        say!("the file is not a parquet file that can be read: {en}", "文件不是可读取的 parquet 文件：{zh}"),
    )
    .help(say!("write it again where it comes from, without encryption", "请在来源处重新导出，不要加密"))
}
