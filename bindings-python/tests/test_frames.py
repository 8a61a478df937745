"""Tables of every kind: the answer is of the kind that came in, its figures exact."""

import datetime
import threading
from decimal import Decimal

import numpy
import pandas
import polars
import pyarrow
import pytest

from kaohe import DataError, Scheme

WANT = {
    "工号": ["001", "002", "003"],
    "完成率": [Decimal("0.8625"), None, Decimal("1.3")],
    "完成率四位": [Decimal("0.8625"), None, Decimal("1.3000")],
    "年份": [Decimal("2020"), Decimal("2021"), Decimal("1999")],
    "入职": [datetime.date(2020, 2, 29), datetime.date(2021, 7, 1), datetime.date(1999, 12, 31)],
    "案件": [False, True, False],
    "存款": [Decimal("86.25"), None, Decimal("120.00")],
    "投诉": [Decimal("95.00"), Decimal("100.00"), Decimal("100.00")],
    "得分": [Decimal("87.13"), None, Decimal("118.00")],
    "等级": ["良", None, "优"],
}

TYPES = {"日均存款": float, "存款任务": int, "入职日期": datetime.date.fromisoformat}


def typed(people):
    """The people with numbers and dates as what they are rather than as text."""
    truth = {"否": False, "是": True, None: None}
    return [
        {name: TYPES[name](cell) if name in TYPES else truth[cell] if name == "重大案件" else cell
         for name, cell in person.items()}
        for person in people
    ]  # fmt: skip


def to_lists(people):
    return {name: [person[name] for person in people] for name in people[0]}


class Stream:
    """Somebody's table that says nothing of itself but how it is read as Arrow."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


KINDS = {
    "rows": (lambda people: people, lambda frame: to_lists(frame)),
    "tuple": (lambda people: tuple(people), lambda frame: to_lists(frame)),
    "generator": (lambda people: (person for person in people), lambda frame: to_lists(frame)),
    "columns": (to_lists, lambda frame: frame),
    "pandas": (pandas.DataFrame, lambda frame: to_lists(pandas_rows(frame))),
    "pandas with Arrow types": (
        lambda people: pyarrow.Table.from_pylist(people).to_pandas(types_mapper=pandas.ArrowDtype),
        lambda frame: to_lists(pandas_rows(frame)),
    ),
    "polars": (polars.DataFrame, lambda frame: frame.to_dict(as_series=False)),
    "lazy": (lambda people: polars.LazyFrame(people), lambda frame: frame.to_dict(as_series=False)),
    "arrow": (pyarrow.Table.from_pylist, lambda frame: frame.to_pydict()),
    "batch": (pyarrow.RecordBatch.from_pylist, lambda frame: frame.to_pydict()),
    "stream": (lambda people: Stream(pyarrow.Table.from_pylist(people)), lambda frame: frame.to_pydict()),
    "reader": (lambda people: pyarrow.Table.from_pylist(people).to_reader(), lambda frame: frame.to_pydict()),
    "arrays": (
        lambda people: {name: numpy.array(column, dtype=object) for name, column in to_lists(people).items()},
        lambda frame: frame,
    ),
    "series": (
        lambda people: {name: pandas.Series(column) for name, column in to_lists(people).items()},
        lambda frame: frame,
    ),
}
TYPE = {
    "rows": list, "tuple": list, "generator": list, "columns": dict, "arrays": dict, "series": dict,
    "pandas": pandas.DataFrame, "pandas with Arrow types": pandas.DataFrame, "polars": polars.DataFrame,
    "lazy": polars.DataFrame, "arrow": pyarrow.Table, "stream": pyarrow.Table, "reader": pyarrow.Table,
    "batch": pyarrow.RecordBatch,
}  # fmt: skip


def pandas_rows(frame):
    """The rows of a pandas frame, absence as `None`."""
    return [{name: None if cell is pandas.NA or cell is None else cell for name, cell in row.items()}
            for row in frame.astype(object).where(frame.notna(), None).to_dict("records")]  # fmt: skip


@pytest.mark.parametrize("as_typed", [False, True], ids=["text", "typed"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table(kind, as_typed, scheme, people):
    make, unmake = KINDS[kind]
    result = scheme.score(make(typed(people) if as_typed else people))
    assert type(result.frame) is TYPE[kind]
    assert unmake(result.frame) == WANT
    assert type(result.errors) is TYPE[kind]
    errors = unmake(result.errors)
    assert list(errors) == [
        "row", "key", "column", "code", "message", "message_zh", "blocked_by", "detail", "detail_line", "left_out",
    ]  # fmt: skip
    assert errors["key"] == ["002"] * 5 and errors["row"] == [2] * 5
    assert dict(zip(errors["column"], errors["code"], strict=True)) == {
        "完成率": "K0902", "完成率四位": "K0920", "存款": "K0920", "得分": "K0920", "等级": "K0920",
    }  # fmt: skip
    assert set(errors["blocked_by"]) == {None, "完成率"}
    assert not result.is_complete and len(result) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_rows(kind, scheme, people):
    make, unmake = KINDS[kind]
    if kind in ("rows", "tuple", "generator"):
        assert scheme.score(make([])).frame == []
        return
    if kind in ("polars", "lazy"):
        empty = polars.DataFrame(people).clear()
        empty = empty.lazy() if kind == "lazy" else empty
    elif kind in ("columns", "arrays", "series"):
        empty = make(people)
        empty = {name: column[:0] for name, column in empty.items()}
    elif kind in ("pandas", "pandas with Arrow types"):
        empty = make(people).iloc[:0]
    else:
        table = pyarrow.Table.from_pylist(people).slice(0, 0)
        empty = {"arrow": table, "stream": Stream(table), "reader": table.to_reader(),
                 "batch": pyarrow.RecordBatch.from_pylist(people).slice(0, 0)}[kind]  # fmt: skip
    result = scheme.score(empty)
    assert result.is_complete and len(result) == 0
    if not kind.startswith("pandas"):
        assert unmake(result.frame) == {name: [] for name in WANT}
    assert list(scheme.score(empty).to_arrow().schema.names) == list(WANT)


def test_types_of_the_answer(scheme, people):
    result = scheme.score(people)
    arrow = result.to_arrow().schema
    assert arrow.field("得分").type == pyarrow.decimal128(28, 2)
    assert arrow.field("完成率").type == pyarrow.decimal128(28, 12)
    assert arrow.field("入职").type == pyarrow.date32() and arrow.field("案件").type == pyarrow.bool_()
    assert result.to_polars().schema["得分"] == polars.Decimal(38, 2)
    assert result.to_pandas()["得分"].dtype == pandas.ArrowDtype(pyarrow.decimal128(28, 2))
    assert str(result.to_pandas()["得分"].iloc[0]) == "87.13"
    # what is written from them can be read by whoever speaks Arrow
    assert polars.DataFrame(result)["得分"].to_list() == WANT["得分"]
    assert pyarrow.table(result).equals(result.to_arrow())


def test_pandas_without_pyarrow(scheme, people, monkeypatch):
    import sys

    frame = pandas.DataFrame(people)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = scheme.score(frame).frame
    assert result["得分"].dtype == object and str(result["得分"].iloc[0]) == "87.13"
    with pytest.raises(DataError, match="pip install pyarrow"):
        scheme.score(frame).to_arrow()


def test_pandas_keeps_its_index(scheme, people):
    frame = pandas.DataFrame(people, index=pandas.Index(["x", "y", "z"], name="谁"))
    result = scheme.score(frame).frame
    assert result.index.equals(frame.index) and result.index.name == "谁"
    assert frame.join(result["得分"])["得分"].iloc[2] == Decimal("118.00")
    # a filtered frame's index has holes and may repeat
    doubled = pandas.DataFrame(people, index=[7, 7, 3])
    assert list(scheme.score(doubled).frame.index) == [7, 7, 3]


def test_short_floats_are_their_own_shortest_text():
    scheme = Scheme.parse("kaohe: 1\nscheme: 例\ninputs: { k: { type: text, key: true }, a: { type: number } }\ncomputed: { b: a }")
    wanted = [Decimal("0.1"), None, Decimal("2.7")]
    short = numpy.array([0.1, numpy.nan, 2.7], dtype="float32")
    keys = ["1", "2", "3"]
    tables = [
        {"k": keys, "a": short},
        pandas.DataFrame({"k": keys, "a": short}),
        pandas.DataFrame({"k": keys, "a": pandas.array([0.1, None, 2.7], dtype="Float32")}),
        pandas.DataFrame({"k": keys, "a": pandas.array([0.1, None, 2.7], dtype="float[pyarrow]")}),
        polars.DataFrame({"k": keys, "a": [0.1, None, 2.7]}, schema={"k": polars.String, "a": polars.Float32}),
        pyarrow.table({"k": keys, "a": pyarrow.array([0.1, None, 2.7], pyarrow.float32())}),
        pyarrow.table({"k": keys, "a": pyarrow.array(short)}),
    ]
    for table in tables:
        result = scheme.score(table)
        errors = result.errors
        found = result.to_arrow().column("b").to_pylist()
        assert [found[0], found[2]] == [wanted[0], wanted[2]], type(table)
        codes = errors["code"] if not isinstance(errors, list) else [each["code"] for each in errors]
        assert set(map(str, codes.to_pylist() if hasattr(codes, "to_pylist") else codes)) <= {"K0901", "K0920"}


def test_dates_of_tables(scheme, people):
    for frame in [
        pandas.DataFrame(people).assign(入职日期=lambda frame: pandas.to_datetime(frame["入职日期"])),
        polars.DataFrame(people).with_columns(polars.col("入职日期").str.to_date().cast(polars.Datetime("us"))),
        polars.DataFrame(people).with_columns(polars.col("入职日期").str.to_date()),
    ]:
        assert scheme.score(frame).to_arrow().column("入职").to_pylist() == WANT["入职"]
    late = pandas.DataFrame(people).assign(入职日期=pandas.Timestamp("2026-07-01 08:00"))
    with pytest.raises(DataError, match="入职日期") as caught:
        scheme.score(late)
    assert "row 1" in str(caught.value)


def test_categories_and_wide_integers(people, scheme):
    frame = pandas.DataFrame(people)
    frame["重大案件"] = frame["重大案件"].astype("category")
    frame["存款任务"] = frame["存款任务"].astype("int64")
    frame["投诉次数"] = frame["投诉次数"].astype("Int64")
    assert scheme.score(frame).to_arrow().to_pydict() == WANT
    polar = polars.DataFrame(people).with_columns(
        polars.col("存款任务").cast(polars.Int128), polars.col("日均存款").cast(polars.Decimal(20, 4)),
        polars.col("工号").cast(polars.Categorical),
    )  # fmt: skip
    assert scheme.score(polar).to_arrow().to_pydict() == WANT


def test_a_missing_column_names_all(scheme, people):
    for person in people:
        del person["存款任务"], person["重大案件"]
    for frame in [people, to_lists(people), pandas.DataFrame(people), polars.DataFrame(people)]:
        with pytest.raises(DataError) as caught:
            scheme.score(frame)
        assert caught.value.code == "K0801" and caught.value.offenders == ["存款任务", "重大案件"]
        assert "存款任务" in caught.value.message and "重大案件" in caught.value.message_zh


def test_headers_go_by_their_other_names(scheme, people):
    renamed = [{("员工编号" if name == "工号" else name): cell for name, cell in person.items()} for person in people]
    assert to_lists(scheme.score(renamed).frame) == WANT
    with pytest.raises(DataError) as caught:
        scheme.score([person | {"员工编号": "x"} for person in people])
    assert caught.value.code == "K0309"


def test_a_misspelt_name_in_one_row_is_not_a_default(scheme, people):
    people[1]["投诉次教"] = people[1].pop("投诉次数")
    with pytest.raises(DataError, match="投诉次数") as caught:
        scheme.score(people)
    assert caught.value.offenders == ["投诉次教"]


def test_duplicate_and_missing_keys(scheme, people):
    with pytest.raises(DataError) as caught:
        scheme.score(people + people[:2] + people[:1])
    assert caught.value.code == "K0802" and caught.value.offenders == ["001", "002"]
    people[0]["工号"] = people[2]["工号"] = None
    with pytest.raises(DataError) as caught:
        scheme.score(people)
    assert caught.value.code == "K0803" and caught.value.offenders == ["1", "3"]
    # a number and its text are the same key
    with pytest.raises(DataError) as caught:
        scheme.score([people[1] | {"工号": 7}, people[1] | {"工号": "7"}])
    assert caught.value.code == "K0802"


def test_a_thousand_duplicates_are_counted(scheme, people):
    many = [people[0] | {"工号": str(at % 500)} for at in range(1000)]
    with pytest.raises(DataError) as caught:
        scheme.score(many)
    assert len(caught.value.offenders) == 500
    assert "and 480 more" in str(caught.value) and len(str(caught.value)) < 400


@pytest.mark.parametrize("value", [None, 5, "工号,存款\n1,2", b"x", object(), pandas.Series([1]), [1, 2], [["a"]]],
                         ids=lambda value: type(value).__name__)
def test_what_is_no_table_is_refused(scheme, value):
    with pytest.raises(DataError) as caught:
        scheme.score(value)
    assert caught.value.help and caught.value.message_zh


def test_columns_of_different_length(scheme, people):
    columns = to_lists(people)
    columns["存款任务"] = columns["存款任务"][:2]
    with pytest.raises(DataError, match="not of one length") as caught:
        scheme.score(columns)
    assert caught.value.offenders == ["存款任务"]
    with pytest.raises(DataError, match="score_row"):
        scheme.score(people[0])


@pytest.mark.parametrize("option", ["ratings", "answers"])
def test_a_table_for_what_the_scheme_does_not_have_is_refused(scheme, people, option):
    with pytest.raises(DataError, match="the scheme has no") as caught:
        scheme.score(people, **{option: {}})
    assert caught.value.code == "K0809"


def many(people, count):
    return {name: [person[name] for person in people] * (count // 3) for name in people[0]} | {
        "工号": [str(at) for at in range(count // 3 * 3)]
    }


def test_threads_change_nothing(scheme, people):
    table = many(people, 30_000)
    one = scheme.score(table, threads=1)
    for threads in (2, 3, 7, None):
        other = scheme.score(table, threads=threads)
        assert other.frame == one.frame and other.errors == one.errors
    for threads in (0, -1, True, 1.5, "2"):
        with pytest.raises(DataError, match="threads"):
            scheme.score(table, threads=threads)


def test_progress_is_told_and_can_stop(scheme, people):
    told = []
    scheme.score(many(people, 50_000), progress=lambda done, rows: told.append((done, rows)))
    assert told[-1] == (49_998, 49_998) and len(told) > 1 and told == sorted(told)

    class Enough(Exception):
        pass

    def stop(done, rows):
        raise Enough

    with pytest.raises(Enough):
        scheme.score(many(people, 50_000), progress=stop)


def test_other_threads_run_while_a_table_is_scored(scheme, people):
    """The interpreter's lock is not held while rows are computed."""
    table = many(people, 90_000)
    results = [None] * 4

    def work(at):
        results[at] = scheme.score(table, threads=1).frame

    workers = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert results[0] == results[1] == results[2] == results[3] is not None


def test_explain_a_row_of_a_table(scheme, people):
    result = scheme.score(pandas.DataFrame(people))
    why = result.explain("001", "得分")
    assert "87.13" in why.to_text() and "87.13" in why.to_text("zh") and why.to_text() != why.to_text("zh")
    assert why.to_dict() == scheme.score_row(people[0]).explain("得分").to_dict()
    assert "K0902" in str(result.explain("002")) or "division by zero" in str(result.explain("002"))
    with pytest.raises(DataError) as caught:
        result.explain("999")
    assert caught.value.code == "K0804"
    with pytest.raises(DataError) as caught:
        result.explain("001", "完成串")
    assert caught.value.code == "K0805" and "完成率" in caught.value.help


def test_a_fault_nobody_reads_is_told_all_the_same():
    """An input that nothing reads is out of its range: a table tells it just as a row does."""
    scheme = Scheme.parse("kaohe: 1\nscheme: 例\ninputs: { k: { type: text, key: true }, a: { type: number, min: 0 } }\ncomputed: { b: 1 + 1 }")
    row = {"k": "1", "a": -1}
    assert [problem.column for problem in scheme.score_row(row).problems] == ["a"]
    assert [each["column"] for each in scheme.score([row]).errors] == ["a"]


def test_as_of_of_a_run():
    scheme = Scheme.parse("""
kaohe: 1
scheme: 例
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
inputs: { k: { type: text, key: true } }
parameters:
  p:
    - { from: 2026-01-01, value: 5 }
    - { from: 2026-08-01, value: 4 }
computed: { b: p, day: as_of }
""")
    assert scheme.score([{"k": "1"}]).frame == [{"k": "1", "b": 4, "day": datetime.date(2026, 9, 30)}]
    earlier = scheme.score([{"k": "1"}], as_of=datetime.date(2026, 7, 31))
    assert earlier.frame == [{"k": "1", "b": 5, "day": datetime.date(2026, 7, 31)}]
    with pytest.raises(DataError, match="as_of"):
        scheme.score([{"k": "1"}], as_of="2026-07-31")


def test_buffers_are_the_same_figures(scheme, people):
    """Arrow columns are made of bytes, not of objects: every figure is there, at its row."""
    table = many(people, 3000)
    table["日均存款"] = [Decimal(at * 7919 % 1_000_003) / 100 for at in range(3000)]
    table["存款任务"] = [0 if at % 11 == 0 else at for at in range(3000)]
    result = scheme.score(table)
    for name, figures in result.frame.items():
        for column in (result.to_arrow().column(name), result.to_polars()[name].to_arrow()):
            assert column.to_pylist() == figures
            column.validate(full=True)
    # the largest and the smallest there are
    wide = Scheme.parse(
        "kaohe: 1\nscheme: 例\ninputs: { k: { type: text, key: true }, a: { type: number } }\ncomputed: { b: a, c: { formula: a, round: 0 } }"
    )
    edges = [Decimal("9999999999999999.999999999999"), Decimal("-9999999999999999.999999999999"), Decimal("1E-12"), None]
    found = wide.score({"k": list("1234"), "a": edges}).to_arrow()
    assert found.column("b").to_pylist() == edges
    assert found.column("c").to_pylist() == [Decimal(10**16), Decimal(-(10**16)), Decimal(0), None]
