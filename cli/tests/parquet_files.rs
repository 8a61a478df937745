//! Parquet files as other programs write them: written here, then read, then damaged.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal32Array, Decimal64Array,
    Decimal128Array, Decimal256Array, DictionaryArray, Float16Array, Float32Array, Float64Array, Int8Array, Int64Array,
    LargeStringArray, ListArray, NullArray, RecordBatch, StringArray, StringViewArray, Time32SecondArray,
    TimestampMicrosecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
    types::{Float16Type, Float64Type, Int32Type},
};
use arrow_buffer::i256;
use kaohe_cli::table::{self, Code, Date, Limits, Options, Problem, RawCell, RawTable};
use parquet::{
    arrow::{ArrowWriter, arrow_writer::ArrowWriterOptions},
    basic::{Compression, ZstdLevel},
    file::{
        metadata::KeyValue,
        properties::{WriterProperties, WriterVersion},
    },
};
use proptest::prelude::*;

fn options() -> Options {
    Options {
        expected: ["工号", "得分"].map(|name| vec![name.to_owned()]).to_vec(),
        key: vec!["工号".to_owned()],
        ..Options::default()
    }
}

fn file_with(columns: Vec<(&str, ArrayRef)>, properties: WriterProperties) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

fn file(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    file_with(columns, WriterProperties::default())
}

fn array(array: impl arrow_array::Array + 'static) -> ArrayRef {
    Arc::new(array)
}

fn texts<const N: usize>(texts: [&str; N]) -> ArrayRef {
    array(StringArray::from(texts.to_vec()))
}

/// The cells of a file with one column.
fn cells(column: ArrayRef) -> Vec<RawCell> {
    // beside it one that is never empty, as a row of nothing is none
    let row = array(Int64Array::from_iter_values(0..column.len() as i64));
    let table = table::read(&file(vec![("x", column), ("row", row)]), &Options::default()).unwrap();
    table.rows.into_iter().map(|row| row.cells[0].clone()).collect()
}

/// The first of the cells.
fn cell(column: ArrayRef) -> RawCell {
    cells(column).swap_remove(0)
}

/// A number of 16 bits.
type Half = <Float16Type as ArrowPrimitiveType>::Native;

fn numbers(column: ArrayRef) -> Vec<Option<String>> {
    cells(column).iter().map(|cell| cell.as_number_text().unwrap()).collect()
}

fn some<const N: usize>(numbers: [&str; N]) -> Vec<Option<String>> {
    numbers.iter().map(|text| Some((*text).to_owned())).collect()
}

fn problems(bytes: &[u8], options: &Options) -> Vec<Problem> {
    table::read(bytes, options).unwrap_err()
}

#[test]
fn whole_numbers_are_whole_to_the_last_digit() {
    assert_eq!(numbers(array(Int8Array::from(vec![Some(-128), None]))), [Some("-128".to_owned()), None]);
    let long = cells(array(Int64Array::from(vec![622_202_123_456_789_012, i64::MIN])));
    assert_eq!(long[0].as_identifier().unwrap().as_deref(), Some("622202123456789012"));
    assert_eq!(long[1].as_number_text().unwrap().as_deref(), Some("-9223372036854775808"));
    assert_eq!(numbers(array(UInt64Array::from(vec![u64::MAX]))), some(["18446744073709551615"]));
    // the serial of a day is one in a workbook only; eight digits are a day everywhere
    let days = cells(array(Int64Array::from(vec![46_204, 20_260_701])));
    assert_eq!(days[0].as_date().unwrap_err().code, Code::NotADate);
    assert_eq!(days[1].as_date().unwrap(), Date::new(2026, 7, 1));
}

#[test]
fn binary_numbers_are_their_shortest_decimal_text() {
    let floats = Float64Array::from(vec![0.1, 0.1 + 0.2, -0.0, 1e-7, 1e21 / 10.0, f64::NAN]);
    let floats = cells(array(floats));
    let shown: Vec<_> = floats[..4].iter().map(|cell| cell.as_number_text().unwrap()).collect();
    assert_eq!(shown, some(["0.1", "0.30000000000000004", "0", "0.0000001"]));
    let lost = floats[4].as_number_text().unwrap_err();
    assert_eq!(lost.code, Code::LostDigits);
    assert_eq!(
        lost.message.en,
        "`100000000000000000000` is a number past 15 digits, and a binary float does not keep more"
    );
    assert_eq!(floats[5], RawCell::Empty);
    assert_eq!(numbers(array(Float32Array::from(vec![0.1, 16_777_216.0]))), some(["0.1", "16777216"]));
    let half = Float16Array::from_iter_values([0.1, 1.5, 65_504.0, -0.0].map(Half::from_f32));
    assert_eq!(numbers(array(half)), some(["0.1", "1.5", "65500", "0"]));
    for endless in cells(array(Float64Array::from(vec![f64::INFINITY, f64::NEG_INFINITY]))) {
        assert_eq!(endless.as_number_text().unwrap_err().code, Code::NotANumber);
    }
    let whole = cells(array(Float64Array::from(vec![1001.0, 46_204.0])));
    assert_eq!(whole[0].as_identifier().unwrap().as_deref(), Some("1001"));
    assert_eq!(whole[1].as_date().unwrap_err().code, Code::WrongKind);
}

#[test]
fn decimals_of_every_width_keep_every_digit() {
    let d32 = Decimal32Array::from(vec![-1, 150]).with_precision_and_scale(9, 3).unwrap();
    assert_eq!(numbers(array(d32)), some(["-0.001", "0.15"]));
    let d64 = Decimal64Array::from(vec![999_999_999_999_999_999]).with_precision_and_scale(18, 0).unwrap();
    assert_eq!(numbers(array(d64)), some(["999999999999999999"]));
    let d128 = Decimal128Array::from(vec![i128::MAX / 2]).with_precision_and_scale(38, 12).unwrap();
    assert_eq!(numbers(array(d128)), some(["85070591730234615865843651.857942052863"]));
    let d256 = i256::from_string(&"9".repeat(76)).unwrap();
    let d256 = Decimal256Array::from(vec![d256]).with_precision_and_scale(76, 76).unwrap();
    assert_eq!(numbers(array(d256)), vec![Some(format!("0.{}", "9".repeat(76)))]);
}

#[test]
fn texts_truths_and_nothing() {
    let expected = [RawCell::text("甲"), RawCell::Empty, RawCell::text("乙"), RawCell::text("甲")];
    let words = || vec![Some("甲"), None, Some("乙"), Some("甲")];
    let categories: DictionaryArray<Int32Type> = words().into_iter().collect();
    for column in [
        array(StringArray::from(words())),
        array(LargeStringArray::from(words())),
        array(StringViewArray::from(words())),
        array(categories),
    ] {
        let kind = column.data_type().to_string();
        assert_eq!(cells(column), expected, "{kind}");
    }
    assert_eq!(
        cells(array(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        [RawCell::Truth(true), RawCell::Empty, RawCell::Truth(false)]
    );
    assert_eq!(cells(array(NullArray::new(2))), [RawCell::Empty, RawCell::Empty]);
}

#[test]
fn moments_at_midnight_are_days() {
    let july = RawCell::Date(Date::new(2026, 7, 1).unwrap());
    let day: i32 = 20_635;
    let seconds = i64::from(day) * 86_400;
    assert_eq!(cell(array(Date32Array::from(vec![day]))), july);
    assert_eq!(cell(array(Date64Array::from(vec![seconds * 1_000]))), july);
    assert_eq!(cell(array(TimestampSecondArray::from(vec![seconds]))), july);
    assert_eq!(cell(array(TimestampNanosecondArray::from(vec![seconds * 1_000_000_000]))), july);
    let before = RawCell::Date(Date::new(1969, 12, 31).unwrap());
    assert_eq!(cells(array(TimestampMicrosecondArray::from(vec![-86_400_000_000]))), [before]);

    // midnight is that of the zone the column is in
    let shanghai = || TimestampMicrosecondArray::from(vec![(seconds - 8 * 3_600) * 1_000_000]);
    assert_eq!(cell(array(shanghai().with_timezone("Asia/Shanghai"))), july);
    assert_eq!(cell(array(shanghai().with_timezone("+08:00"))), july);
    let other = cell(array(shanghai().with_timezone("UTC")));
    assert_eq!(other, RawCell::text("2026-06-30 16:00:00"));
    let problem = other.as_date().unwrap_err();
    assert_eq!(
        (problem.code, problem.message.en.as_str()),
        (Code::NotADate, "`2026-06-30 16:00:00` has a time of day")
    );
    let nanosecond = cell(array(TimestampNanosecondArray::from(vec![seconds * 1_000_000_000 + 1])));
    assert_eq!(nanosecond.as_date().unwrap_err().code, Code::NotADate);
    // beyond the calendar
    for column in [
        array(Date32Array::from(vec![i32::MAX])),
        array(TimestampSecondArray::from(vec![i64::MAX])),
        array(Date64Array::from(vec![i64::MIN / 86_400_000 * 86_400_000])),
    ] {
        assert_eq!(cell(column).as_date().unwrap_err().code, Code::NotADate);
    }
}

#[test]
fn only_what_is_asked_for_is_read() {
    let lists = || array(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)]), None, None]));
    let bytes = file(vec![
        ("附件", lists()),
        ("得分（分）", array(Float64Array::from(vec![1.5, 2.5, 4.0]))),
        ("姓名", texts(["甲", "乙", "丙"])),
        ("工号", texts(["001", "002", " 合计 "])),
    ]);
    let table = table::read(&bytes, &options()).unwrap();
    let headers: Vec<&str> = table.headers.iter().map(|header| header.text.as_str()).collect();
    // those that are read come first
    assert_eq!(headers, ["得分（分）", "工号", "附件", "姓名"]);
    assert_eq!(table.find(&["得分"]).unwrap(), Some(0));
    assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2]);
    assert!(table.rows.iter().all(|row| row.cells.len() == 2));
    assert_eq!(table.totals, [3]);

    let asked = Options { expected: vec![vec!["附件".into()]], ..options() };
    let told = problems(&bytes, &asked);
    assert_eq!(told[0].code, Code::UnreadableColumn);
    assert_eq!(told[0].message.en, "the column `附件` holds lists, which are not read");
    assert_eq!(told[0].message.zh, "列 `附件` 存的是列表，不能读取");
    // nobody asks for anything: all is read
    assert_eq!(problems(&bytes, &Options::default())[0].code, Code::UnreadableColumn);
}

#[test]
fn what_is_no_cell_is_said_of_every_such_column() {
    let bytes = file(vec![
        ("工号", array(BinaryArray::from(vec![b"1".as_slice()]))),
        ("得分", array(Time32SecondArray::from(vec![1]))),
    ]);
    let told: Vec<String> = problems(&bytes, &options()).into_iter().map(|problem| problem.message.en).collect();
    assert_eq!(
        told,
        [
            "the column `工号` holds bytes, which are not read",
            "the column `得分` holds times of day, which are not read"
        ]
    );
}

#[test]
fn a_kind_of_arrow_that_is_unknown_does_no_harm() {
    let columns = || vec![("工号", texts(["001"])), ("得分", array(Float64Array::from(vec![1.5])))];
    let mut properties = WriterProperties::builder();
    let unknown = KeyValue::new("ARROW:schema".to_owned(), "AAAA".to_owned());
    properties = properties.set_key_value_metadata(Some(vec![unknown]));
    let batch = RecordBatch::try_from_iter(columns()).unwrap();
    let options_of_writer =
        ArrowWriterOptions::new().with_properties(properties.build()).with_skip_arrow_metadata(true);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new_with_options(&mut bytes, batch.schema(), options_of_writer).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let table = table::read(&bytes, &options()).unwrap();
    let plain = table::read(&file(columns()), &options()).unwrap();
    assert_eq!(table.rows, plain.rows);
    let notes: Vec<&str> = table.notes.iter().map(|note| note.en.as_str()).collect();
    assert_eq!(
        notes,
        ["the kinds of Arrow that the file names cannot be read; its columns are of the kinds of parquet"]
    );
}

#[test]
fn two_columns_of_one_name_are_told() {
    let bytes = file(vec![("得分", texts(["1"])), ("得　分", texts(["2"])), ("工号", texts(["001"]))]);
    let told = problems(&bytes, &options());
    assert_eq!(told[0].code, Code::DuplicateHeader);
    assert_eq!(told[0].message.en, "columns A and B have the same header `得　分`");
}

#[test]
fn a_row_of_nothing_is_left_out_only_when_all_of_it_was_read() {
    let names = || array(StringArray::from(vec![Some("001"), None]));
    let scores = || array(Float64Array::from(vec![Some(1.0), None]));
    let all = table::read(&file(vec![("工号", names()), ("得分", scores())]), &options()).unwrap();
    assert_eq!(all.rows.len(), 1);
    let others = file(vec![("工号", names()), ("得分", scores()), ("姓名", texts(["甲", "乙"]))]);
    assert_eq!(table::read(&others, &options()).unwrap().rows.len(), 2);
}

#[test]
fn every_codec_of_usual_programs_is_read() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(parquet::basic::GzipLevel::default()),
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    let columns = || {
        let keys: Vec<String> = (0..10_000).map(|row| format!("{row:05}")).collect();
        let scores = Float64Array::from_iter_values((0..10_000).map(|row| f64::from(row) / 8.0));
        vec![("工号", array(StringArray::from(keys))), ("得分", array(scores))]
    };
    let mut read: Option<RawTable> = None;
    for codec in codecs {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = WriterProperties::builder()
                .set_compression(codec)
                .set_writer_version(version)
                .set_max_row_group_row_count(Some(3_000))
                .set_data_page_row_count_limit(1_000);
            let table = table::read(&file_with(columns(), properties.build()), &options()).unwrap();
            assert_eq!(table.rows.len(), 10_000);
            assert_eq!(table.rows[9_999].line, 10_000);
            assert_eq!(*read.get_or_insert_with(|| table.clone()), table, "{codec:?}");
        }
    }
}

#[test]
fn a_codec_that_is_not_unpacked_here_is_named() {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = file_with(vec![("x", texts(["001"]))], properties);
    // the name of the column, and after it the number of the codec
    let snappy = bytes.windows(3).rposition(|window| window == b"x\x15\x02").unwrap();
    bytes[snappy + 2] = 8;
    let told = &problems(&bytes, &Options::default())[0];
    assert_eq!(told.code, Code::WrongFile);
    assert_eq!(told.message.en, "the parquet file is compressed with brotli, which is not read");
    assert_eq!(table::read(&bytes, &options()).unwrap().rows, []);
}

#[test]
fn what_is_too_much_is_refused_before_it_is_read() {
    let bytes = file(vec![("工号", texts(["001", "002"])), ("得分", texts(["1", "长长长"]))]);
    let limits = Limits::default();
    let code = |limits| problems(&bytes, &Options { limits, ..options() })[0].code;
    assert_eq!(code(Limits { rows: 1, ..limits }), Code::TooManyRows);
    assert_eq!(code(Limits { cells: 3, ..limits }), Code::TooManyRows);
    assert_eq!(code(Limits { columns: 1, ..limits }), Code::TooManyColumns);
    assert_eq!(code(Limits { cell_bytes: 8, ..limits }), Code::CellTooLong);
    assert_eq!(code(Limits { bytes: 100, ..limits }), Code::FileTooLarge);

    // a small file that unpacks to a large one, and one of many rows with one long text
    let long = "长".repeat(40_000);
    let same = || array(StringArray::from(vec![long.as_str(); 200]));
    let properties = |dictionary| {
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
        properties.set_dictionary_enabled(dictionary).build()
    };
    for dictionary in [true, false] {
        let bomb = file_with(vec![("工号", same())], properties(dictionary));
        assert!(bomb.len() < 600_000, "{}", bomb.len());
        let limits = Limits { bytes: 1 << 20, ..limits };
        assert_eq!(problems(&bomb, &Options { limits, ..options() })[0].code, Code::FileTooLarge);
        assert_eq!(table::read(&bomb, &options()).unwrap().rows.len(), 200);
    }
}

#[test]
fn a_page_that_is_longer_than_it_says_is_refused() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        let many: Vec<String> = (0..2_000_u64).map(|row| (row * row * row * 7_919).to_string()).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::GZIP(parquet::basic::GzipLevel::default()))
            .set_writer_version(version)
            .set_dictionary_enabled(false);
        let bytes = file_with(vec![("x", array(StringArray::from(many)))], properties.build());
        // so small a limit that the page is looked into
        let limits = Limits { bytes: 1 << 17, ..Limits::default() };
        let small = Options { limits, ..Options::default() };
        assert_eq!(table::read(&bytes, &small).unwrap().rows.len(), 2_000);
        // the header of the first page: its kind, and its length unpacked in three bytes, of which the last is the highest
        assert_eq!((bytes[4], bytes[6]), (0x15, 0x15));
        let mut lying = bytes.clone();
        lying[9] -= 1;
        assert_eq!(
            problems(&lying, &small)[0].message.en,
            "the file is not a parquet file that can be read: a page is longer than it says"
        );
    }
}

/// A file with everything that a reader could stumble over.
fn rich(version: WriterVersion) -> Vec<u8> {
    let words: DictionaryArray<Int32Type> = ["甲", "乙", "甲", "丙"].into_iter().collect();
    let lists =
        ListArray::from_iter_primitive::<Float64Type, _, _>(vec![Some(vec![Some(1.0), None]), None, None, None]);
    let columns = vec![
        ("工号", texts(["001", "002", "003", "004"])),
        ("得分", array(Float64Array::from(vec![Some(1.5), None, Some(0.1), Some(7.0)]))),
        ("档次", array(words)),
        ("人数", array(Int64Array::from(vec![Some(1), Some(2), None, Some(4)]))),
        ("达标", array(BooleanArray::from(vec![true, true, false, true]))),
        ("金额", array(Decimal128Array::from(vec![1, 2, 3, 4]).with_precision_and_scale(28, 2).unwrap())),
        ("日期", array(Date32Array::from(vec![1, 2, 3, 4]))),
        ("明细", array(lists)),
    ];
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_writer_version(version)
        .set_max_row_group_row_count(Some(3));
    file_with(columns, properties.build())
}

fn all_but_lists() -> Options {
    let names = ["工号", "得分", "档次", "人数", "达标", "金额", "日期"];
    Options { expected: names.map(|name| vec![name.to_owned()]).to_vec(), ..options() }
}

#[test]
fn a_file_that_is_cut_anywhere_is_a_problem() {
    let good = rich(WriterVersion::PARQUET_1_0);
    assert_eq!(table::read(&good, &all_but_lists()).unwrap().rows.len(), 4);
    for length in 4..good.len() {
        assert_eq!(problems(&good[..length], &all_but_lists())[0].code, Code::NotParquet, "{length}");
    }
    let told = problems(&good[..good.len() - 1], &options());
    assert_eq!(told[0].message.en, "the file is not a parquet file that can be read: it ends early");
    let mut locked = good.clone();
    locked.splice(good.len() - 4.., *b"PARE");
    let told = problems(&locked, &options());
    assert_eq!(told[0].message.zh, "文件不是可读取的 parquet 文件：文件已加密");
}

#[test]
fn a_file_with_any_byte_changed_does_no_harm() {
    for (from, version) in [(4, WriterVersion::PARQUET_1_0), (5, WriterVersion::PARQUET_2_0)] {
        let good = rich(version);
        for at in (from..good.len()).step_by(2) {
            let mut bad = good.clone();
            bad[at] ^= [0x01, 0x10, 0x80, 0xFF][at / 2 % 4];
            if let Err(problems) = table::read(&bad, &all_but_lists()) {
                assert!(!problems.is_empty(), "{at}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is done to the bytes of a file, it is a table or a problem.
    #[test]
    fn broken_files_do_no_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(), dropped in 0_usize..3,
    ) {
        let mut bad = rich(WriterVersion::PARQUET_1_0);
        for (at, byte) in changes {
            let at = 4 + at.index(bad.len() - 8);
            bad[at] = byte;
        }
        let cut = 4 + cut.index(bad.len() - 16);
        bad.drain(cut..cut + dropped);
        match table::read(&bad, &all_but_lists()) {
            Ok(table) => prop_assert!(table.rows.iter().all(|row| row.cells.len() <= table.headers.len())),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
