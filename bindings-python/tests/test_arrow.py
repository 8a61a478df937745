"""Tables by the Arrow PyCapsule interface: taken as they are, cut anywhere, and handed back as columns."""

import datetime
import os
import random
import signal
import threading
from decimal import Decimal

import numpy
import pandas
import polars
import pyarrow
import pytest
from conftest import told

from kaohe import DataError, Scheme

MANY = """
kaohe: 1
scheme: 例
inputs:
  k: { type: text, key: true }
  g: { type: choice, values: [甲, 乙, 丙], missing: allow }
  a: { type: number, missing: allow }
  n: { type: number, min: -1000000000000, max: 1000000000000, missing: 0 }
  t: { type: bool, missing: false }
  d: { type: date, missing: allow }
computed:
  half: { formula: a / 2, round: 3 }
  third: a / 3
  sum: n + 1
  not_t: not t
  next: d
  who: g
  mark: if n > 3 then “多” else “少”
grades:
  等级:
    ladder: [优, 良, 差]
    thresholds: { of: n, at_least: [[90, 优], [60, 良]], else: 差 }
"""


@pytest.fixture(scope="module")
def many():
    return Scheme.parse(MANY)


def people(dice, rows, of_type):
    """Random columns by name, of which each value is a cell."""
    absent = lambda value: None if dice.random() < 0.1 else value  # noqa: E731
    numbers = {
        "decimal": lambda: Decimal(dice.randrange(-(10**9), 10**9)).scaleb(-2),
        "int": lambda: dice.randrange(-(10**6), 10**6),
        "float": lambda: dice.randrange(-(10**9), 10**9) / 100,
        "text": lambda: str(Decimal(dice.randrange(-(10**9), 10**9)).scaleb(-2)),
    }
    return {
        "k": [str(at) for at in range(rows)],
        "g": [absent(dice.choice(["甲", "乙", "丙", "丁"])) for _ in range(rows)],
        "a": [absent(numbers[of_type]()) for _ in range(rows)],
        "n": [absent(dice.randrange(200)) for _ in range(rows)],
        "t": [absent(dice.random() < 0.5) for _ in range(rows)],
        "d": [absent(datetime.date(2020, 1, 1) + datetime.timedelta(days=dice.randrange(2000))) for _ in range(rows)],
    }


def cut(table, dice):
    """The same table of chunks, some of them slices of longer arrays."""
    places = sorted(dice.randrange(table.num_rows + 1) for _ in range(4))
    parts = [table.slice(start, end - start) for start, end in zip([0, *places], [*places, table.num_rows], strict=True)]
    return pyarrow.concat_tables(parts)


def coded(table):
    """The same with texts as dictionaries."""
    columns = [
        column.dictionary_encode() if pyarrow.types.is_string(column.type) else column for column in table.columns
    ]
    return pyarrow.table(columns, names=table.column_names)


FORMS = {
    "arrow": lambda table, dice: table,
    "chunked": cut,
    "sliced": lambda table, dice: pyarrow.concat_tables([table, table]).slice(table.num_rows),
    "dictionary": lambda table, dice: coded(cut(table, dice)),
    "batch": lambda table, dice: pyarrow.RecordBatch.from_pydict(table.to_pydict(), table.schema),
    "reader": lambda table, dice: cut(table, dice).to_reader(max_chunksize=7),
    "large": lambda table, dice: table.cast(
        pyarrow.schema([field.with_type(pyarrow.large_string()) if pyarrow.types.is_string(field.type) else field
                        for field in table.schema])
    ),
    "views": lambda table, dice: table.cast(
        pyarrow.schema([field.with_type(pyarrow.string_view()) if pyarrow.types.is_string(field.type) else field
                        for field in table.schema])
    ),
    "polars": lambda table, dice: polars.from_arrow(table),
    "lazy": lambda table, dice: polars.from_arrow(table).lazy(),
    "pandas": lambda table, dice: table.to_pandas(types_mapper=pandas.ArrowDtype),
    "pandas of numpy": lambda table, dice: table.to_pandas(),
    "series": lambda table, dice: dict(zip(table.column_names, table.to_pandas().items(), strict=True)) and {
        name: column for name, column in table.to_pandas(types_mapper=pandas.ArrowDtype).items()
    },
    "lists": lambda table, dice: table.to_pydict(),
}  # fmt: skip


@pytest.mark.parametrize("of_type", ["decimal", "int", "float", "text"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_rows(many, form, of_type):
    dice = random.Random(f"{form} {of_type}")
    for rows in (0, 1, 50):
        columns = people(dice, rows, of_type)
        wanted = many.score([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
        frame = FORMS[form](pyarrow.table(columns) if rows else empty(columns), dice)
        found = many.score(frame)
        if rows:
            assert found.to_arrow().to_pylist() == [
                {name: value for name, value in row.items()} for row in wanted.frame
            ]
        assert told(found) == [{**each, "left_out": each["left_out"]} for each in wanted.errors]
        assert len(found) == rows


def empty(columns):
    types = {"k": pyarrow.string(), "g": pyarrow.string(), "t": pyarrow.bool_(), "d": pyarrow.date32()}
    return pyarrow.table({name: pyarrow.array([], types.get(name, pyarrow.int64())) for name in columns})


def test_duckdb(many):
    duckdb = pytest.importorskip("duckdb")
    columns = people(random.Random(7), 5000, "decimal")
    table = people_of_table = pyarrow.table(columns)
    assert people_of_table is table
    relation = duckdb.sql("from people_of_table")
    result = many.score(relation)
    assert type(result.frame) is pyarrow.Table
    assert result.frame == many.score(table).frame
    assert duckdb.sql("select count(half) as n from result").fetchall() == [(5000 - columns["a"].count(None),)]


def test_numpy_columns(many):
    rows = 100
    columns = {
        "k": numpy.array([str(at) for at in range(rows)]),
        "g": ["甲"] * rows,
        "a": numpy.arange(rows) / 8,
        "n": numpy.arange(2 * rows, dtype="int16")[::2],
        "t": numpy.arange(rows) % 3 == 0,
        "d": numpy.datetime64("2026-01-01") + numpy.arange(rows),
    }
    lists = {name: list(column) if name == "d" else getattr(column, "tolist", lambda c=column: c)() for name, column in columns.items()}
    assert many.score(columns).frame == many.score(lists).frame
    for kind in ("int8", "int32", "uint8", "uint16", "uint32", "uint64", "float32", "float16", ">i4", ">f8"):
        assert many.score(columns | {"a": numpy.arange(rows).astype(kind)}).frame["half"] == [
            (Decimal(at) / 2).quantize(Decimal("0.001")) for at in range(rows)
        ]
    large = many.score(columns | {"a": numpy.full(rows, 2**64 - 1, dtype="uint64")}).to_arrow()
    assert set(large.column("half").to_pylist()) == {None}


def test_what_was_scored_stays_as_it_was(many):
    """A frame may be written to afterwards; what is asked of the result is about what was scored."""
    columns = people(random.Random(3), 5, "float") | {"a": numpy.array([1.0, 2.0, 3.0, 4.0, 5.0])}
    masked = pandas.array([1, 2, 3, 4, None], dtype="Int64")
    for frame, change in [
        (columns, lambda: columns["a"].__setitem__(0, 100.0)),
        (pandas.DataFrame(columns | {"a": columns["a"].copy()}), lambda: None),
        (pandas.DataFrame(columns | {"a": masked}), lambda: None),
    ]:
        result = many.score(frame)
        before = result.explain("0", "half").to_text()
        change()
        if isinstance(frame, pandas.DataFrame):
            frame.loc[0, "a"] = 100
            frame["a"].array[0] = 100
            frame["a"].to_numpy().flags.writeable and frame["a"].to_numpy().__setitem__(0, 100)
        assert result.explain("0", "half").to_text() == before


def test_what_nobody_reads_may_be_of_any_type(many):
    columns = people(random.Random(1), 3, "int")
    table = pyarrow.table(columns)
    beside = {
        "list": pyarrow.array([[1], None, []]),
        "struct": pyarrow.array([{"x": 1}] * 3),
        "duration": pyarrow.array([1, 2, 3], pyarrow.duration("s")),
        "binary": pyarrow.array([b"x"] * 3),
        "ree": pyarrow.RunEndEncodedArray.from_arrays([3], [1]),
    }
    for name, array in beside.items():
        table = table.append_column(name, array)
    assert many.score(table).frame == many.score(pyarrow.table(columns)).frame
    frame = pandas.DataFrame(columns).assign(x=[object(), {}, []])
    assert many.score(frame).to_arrow() == many.score(pandas.DataFrame(columns)).to_arrow()


@pytest.mark.parametrize(("name", "array"), [
    ("list", pyarrow.array([[1], [2], [3]])),
    ("struct", pyarrow.array([{"x": 1}] * 3)),
    ("binary", pyarrow.array([b"x"] * 3)),
    ("time", pyarrow.array([datetime.time(1)] * 3)),
    ("zone", pyarrow.array([datetime.datetime(2026, 1, 1)] * 3, pyarrow.timestamp("us", "UTC"))),
    ("hour", pyarrow.array([datetime.datetime(2026, 1, 1, at) for at in range(3)])),
])  # fmt: skip
def test_types_that_hold_no_facts_are_refused_by_name(many, name, array):
    table = pyarrow.table(people(random.Random(1), 3, "int") | {"d": array})
    frames = [table, table.to_batches()[0], table.to_pandas(), table.to_reader()]
    if name not in ("struct", "time"):
        frames.append(polars.from_arrow(table))
    for frame in frames:
        with pytest.raises(DataError, match="`d`") as caught:
            many.score(frame)
        assert caught.value.offenders == ["d"] and caught.value.code in ("K0830", "K0906") and caught.value.help


def test_categories_that_are_no_texts(many):
    frame = pandas.DataFrame(people(random.Random(1), 4, "int"))
    frame["a"] = pandas.Categorical([1, 2, None, 1])
    assert many.score(frame).to_arrow().column("half").to_pylist() == [Decimal("0.500"), 1, None, Decimal("0.500")]
    frame["a"] = pandas.Categorical([(1, 2), (3,), None, (3,)])
    with pytest.raises(DataError, match="`a`"):
        many.score(frame)


def test_types_of_what_comes_out(many):
    columns = people(random.Random(5), 20, "decimal")
    arrow = many.score(pyarrow.table(columns)).frame
    words = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    assert {field.name: field.type for field in arrow.schema} == {
        "k": pyarrow.string(), "half": pyarrow.decimal128(28, 3), "third": pyarrow.decimal128(28, 12),
        "sum": pyarrow.decimal128(28, 12), "not_t": pyarrow.bool_(), "next": pyarrow.date32(), "who": words,
        "mark": pyarrow.string(), "等级": words,
    }  # fmt: skip
    pandas_ = many.score(pandas.DataFrame(columns, index=range(100, 120))).frame
    assert list(pandas_.index) == list(range(100, 120))
    grades = pandas_["等级"].dtype
    assert grades == pandas.CategoricalDtype(["差", "良", "优"], ordered=True)
    assert (pandas_["等级"] >= "良").tolist() == [(n or 0) >= 60 for n in columns["n"]]
    assert not pandas_["who"].dtype.ordered and pandas_["k"].dtype == "string"
    assert pandas_["half"].dtype == pandas.ArrowDtype(pyarrow.decimal128(28, 3))
    polars_ = many.score(polars.DataFrame(columns, schema_overrides={"a": polars.Decimal(20, 2)})).frame
    assert polars_.schema["half"] == polars.Decimal(38, 3) and polars_.schema["next"] == polars.Date
    assert polars_.schema["等级"] == polars.Enum(["差", "良", "优"]) and polars_.schema["mark"] == polars.String
    assert polars_["等级"].to_list() == arrow.column("等级").to_pylist()


def test_some_columns_alone(many):
    columns = people(random.Random(2), 10, "int")
    whole = many.score(columns)
    some = many.score(columns, columns=["等级", "half"])
    assert some.frame == {name: whole.frame[name] for name in ("等级", "half")}
    assert {each["column"] for each in told(some)} <= {"等级", "half", "a", "n"}
    assert many.score(polars.DataFrame(columns), columns=("half",)).frame.columns == ["half"]
    with pytest.raises(DataError) as caught:
        many.score(columns, columns=["hafl"])
    assert caught.value.code == "K0805" and "half" in caught.value.help
    for wrong in ("half", 5, [1]):
        with pytest.raises(DataError, match="columns"):
            many.score(columns, columns=wrong)


def test_a_bar_of_progress(many, capsys):
    pytest.importorskip("tqdm")
    columns = people(random.Random(2), 10, "int")
    assert many.score(columns, progress=True).frame == many.score(columns).frame
    assert "10/10" in capsys.readouterr().err.replace(".0", "")


def test_tables_beside_are_frames_as_well():
    scheme = Scheme.parse("""
kaohe: 1
scheme: 例
inputs: { 工号: { type: text, key: true } }
details: { 存款: { key: 工号, columns: { 余额: { type: number }, 起: { type: date } } } }
computed: { 合计: sum(存款.余额), 最近: last(存款.余额 by 存款.起) }
""")
    rows = {"工号": ["b", "a", "b"], "余额": [Decimal("1.50"), Decimal(2), Decimal(3)],
            "起": [datetime.date(2026, 1, 2), datetime.date(2026, 1, 1), datetime.date(2026, 1, 1)]}  # fmt: skip
    wanted = {"工号": ["a", "b"], "合计": [Decimal(2), Decimal("4.5")], "最近": [Decimal(2), Decimal("1.5")]}
    beside = pyarrow.table(rows).append_column("x", pyarrow.array([[1]] * 3))
    for table in [rows, beside, polars.from_arrow(beside), pandas.DataFrame(rows), coded(pyarrow.table(rows)),
                  pyarrow.table(rows).to_reader(max_chunksize=1)]:  # fmt: skip
        assert scheme.score({"工号": ["a", "b"]}, details={"存款": table}).frame == wanted


# batches


ALONE = "half: { formula: a / 2, round: 2 }"
TOGETHER = ALONE + ", place: rank(n desc ties min)"


def scheme_of(computed):
    return Scheme.parse(
        "kaohe: 1\nscheme: 例\ninputs: { k: { type: text, key: true }, a: { type: number }, n: { type: number } }\n"
        f"computed: {{ {computed} }}"
    )


@pytest.mark.parametrize("computed", [ALONE, TOGETHER], ids=["alone", "together"])
def test_batches_are_the_table_in_parts(computed):
    scheme = scheme_of(computed)
    columns = people(random.Random(11), 1000, "decimal")
    table = pyarrow.table(columns | {"n": list(range(1000))}).append_column("x", pyarrow.array([[1]] * 1000))
    whole = scheme.score(table)
    sources = [
        lambda: table.to_reader(max_chunksize=77),
        lambda: table.to_batches(max_chunksize=77),
        lambda: (batch for batch in table.to_batches(max_chunksize=77)),
        lambda: table,
        lambda: polars.from_arrow(table),
    ]
    for source in sources:
        scored = scheme.score_batches(source())
        assert scored.schema == whole.frame.schema
        batches = list(scored)
        assert pyarrow.Table.from_batches(batches).to_pylist() == whole.frame.to_pylist()
        assert list(scored.errors) == told(whole) and list(scored.errors) == [] and scored.rows == 1000
    assert pyarrow.table(scheme.score_batches(table)) == whole.frame
    handed = pyarrow.RecordBatchReader.from_stream(scheme.score_batches(table.to_reader(max_chunksize=100)))
    assert [batch.num_rows for batch in handed] == [100] * 10
    assert polars.DataFrame(scheme.score_batches(table, columns=["half"])).columns == ["half"]


@pytest.mark.parametrize("computed", [ALONE, TOGETHER], ids=["alone", "together"])
def test_a_key_of_two_batches(computed):
    table = pyarrow.table({"k": ["1", "2", "3", "1"], "a": [1, 2, 3, 4], "n": [1, 2, 3, 4]})
    with pytest.raises(DataError) as caught:
        list(scheme_of(computed).score_batches(table.to_reader(max_chunksize=2)))
    assert caught.value.code == "K0802" and caught.value.offenders == ["1"]
    with pytest.raises(Exception, match="same `k`"):
        pyarrow.table(scheme_of(computed).score_batches(table.to_reader(max_chunksize=2)))


def test_batches_come_when_they_are_asked_for():
    asked = []

    def source():
        for at in range(5):
            asked.append(at)
            yield pyarrow.record_batch({"k": [str(at)], "a": [at], "n": [at]})

    scored = scheme_of(ALONE).score_batches(source())
    assert asked == [0]
    assert next(scored).column("half").to_pylist() == [Decimal("0.00")]
    next(scored)
    assert asked == [0, 1]


def test_a_source_that_breaks_off():
    def source():
        yield pyarrow.record_batch({"k": ["1"], "a": [1], "n": [1]})
        raise RuntimeError("the disk is gone")

    scored = scheme_of(ALONE).score_batches(source())
    next(scored)
    with pytest.raises(DataError, match="the disk is gone") as caught:
        next(scored)
    assert caught.value.code == "K0831" and isinstance(caught.value.__cause__, RuntimeError)
    with pytest.raises(StopIteration):
        next(scored)
    for wrong in (5, "x", {"k": ["1"]}, [1]):
        with pytest.raises(DataError):
            scheme_of(ALONE).score_batches(wrong)
    with pytest.raises(DataError, match="n"):
        list(scheme_of(ALONE).score_batches(pyarrow.table({"k": ["1"], "a": [1]})))


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals are sent otherwise here")
def test_a_stream_is_stopped_by_the_keyboard():
    def source():
        for at in range(10_000):
            yield pyarrow.record_batch({"k": [f"{at}-{row}" for row in range(1000)], "a": [1] * 1000, "n": [2] * 1000})

    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        for _ in scheme_of(TOGETHER).score_batches(source()):
            pass
    timer.join()
