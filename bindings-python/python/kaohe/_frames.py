"""Tables of every kind: taken apart into columns of Python values, and put together again as the kind that came in.

pandas, polars and pyarrow are known by their objects, and imported only to make such an object.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import _kaohe
from ._errors import DataError, refusal

#: Decimals of a column that is not rounded, in tables that need one number of decimals for a whole column.
PLACES = 12
#: Digits a figure has at the most, and so those of an Arrow column.
DIGITS = 28
#: Digits of a polars decimal, whose sums do not widen by themselves.
POLARS_DIGITS = 38


class Figures:
    """A column on its way out."""

    __slots__ = ("_make", "_values", "kind", "name", "places", "words")

    def __init__(
        self,
        name: str,
        kind: str,
        make: Callable[[], list[Any]],
        places: int | None = None,
        words: list[str] | None = None,
    ) -> None:
        self.name = name
        #: ``number``, ``text``, ``bool``, ``date``, ``choice``, ``grade``, ``whole`` or ``texts``.
        self.kind = kind
        #: The decimals of a rounded number.
        self.places = places
        #: The words of a choice or grade, a ladder from its foot to its top.
        self.words = words
        self._make = make
        self._values: list[Any] | None = None

    @property
    def values(self) -> list[Any]:
        """The figures as Python has them."""
        if self._values is None:
            self._values = self._make()
        return self._values

    def arrow(self, pyarrow: Any) -> Any:
        """The column as an Arrow array."""
        match self.kind:
            case "number":
                type_ = pyarrow.decimal128(DIGITS, PLACES if self.places is None else self.places)
            case "bool":
                type_ = pyarrow.bool_()
            case "whole":
                type_ = pyarrow.int64()
            case "texts":
                type_ = pyarrow.list_(pyarrow.string())
            case _:
                type_ = pyarrow.string()
        return pyarrow.array(self.values, type_)


@dataclass(frozen=True)
class Out:
    """A table on its way out."""

    columns: Sequence[Figures]
    #: All of them as Arrow, decimals of so many digits; ``None`` where they are lists alone.
    arrow: Callable[[int], _kaohe.Batches] | None = None
    #: The index of the pandas frame that came in.
    index: Any = None


@dataclass(frozen=True)
class Table:
    """A table on its way in."""

    #: What kind it was, which is the kind of the answer: a key of `BUILD`.
    kind: str
    headers: list[str]
    rows: int
    #: The column at a place: a list of values, a numpy array, or what speaks the Arrow PyCapsule interface.
    column: Callable[[int], Any]
    #: The index of a pandas frame, which the answer keeps.
    index: Any = None
    #: The rows themselves, where some lack a name that others have.
    uneven: Sequence[Mapping[Any, Any]] = ()

    def parts(self) -> Any:
        """What the compiled part takes: headers, number of rows and columns, or dictionaries."""
        if self.uneven:
            return [row if isinstance(row, dict) else dict(row) for row in self.uneven]
        # half a surrogate pair is no text there; such a header is nobody's
        headers = [header.encode("utf-8", "replace").decode("utf-8") for header in self.headers]
        return headers, self.rows, self.column


def read(frame: Any) -> Table:
    """A table of any kind, taken apart."""
    library = type(frame).__module__.split(".")[0]
    if library == "pandas" and type(frame).__name__ == "DataFrame":
        return _read_pandas(frame)
    if library == "polars" and hasattr(frame, "collect"):
        frame = frame.collect()
    if library == "polars" and hasattr(frame, "get_columns"):
        return _read_polars(frame)
    if library == "pyarrow" and hasattr(frame, "schema") and hasattr(frame, "column"):
        return _read_arrow(frame, "record_batch" if type(frame).__name__ == "RecordBatch" else "arrow")
    if isinstance(frame, Mapping):
        return _read_columns(frame)
    if isinstance(frame, Sequence) and not isinstance(frame, (str, bytes, bytearray)):
        return _read_rows(frame)
    if hasattr(frame, "__arrow_c_stream__") or hasattr(frame, "__arrow_c_array__"):
        return _read_stream(frame)
    # a PyArrow reader, a generator of dictionaries
    if hasattr(frame, "__iter__") and not isinstance(frame, (str, bytes, bytearray)):
        return _read_rows(list(frame))
    raise _no_table(frame)


class Batches:
    """Batches of one schema on their way in."""

    __slots__ = ("failure", "reader")

    def __init__(self, stream: Any) -> None:
        #: What their source raised, where it is written in Python.
        self.failure: BaseException | None = None
        if type(stream).__module__.split(".")[0] == "polars" and hasattr(stream, "collect"):
            stream = stream.collect()
        #: What speaks the Arrow PyCapsule protocol.
        self.reader = stream if hasattr(stream, "__arrow_c_stream__") else self._read(stream)

    def _read(self, source: Any) -> Any:
        if not hasattr(source, "__iter__") or isinstance(source, (str, bytes, bytearray, Mapping)):
            raise _no_table(source)
        pyarrow = _imported("pyarrow")
        batches = iter(source)
        first = next(batches, None)
        if first is None:
            return pyarrow.table({})
        if not isinstance(first, pyarrow.RecordBatch):
            raise _no_table(first)
        return pyarrow.RecordBatchReader.from_batches(first.schema, self._watched(first, batches))

    def _watched(self, first: Any, batches: Iterator[Any]) -> Iterator[Any]:
        """The batches; what their source raises is kept, as Arrow carries only its text."""
        try:
            yield first
            yield from batches
        except BaseException as failure:
            self.failure = failure
            raise


def _no_table(frame: Any) -> DataError:
    name = f"{type(frame).__module__}.{type(frame).__qualname__}".removeprefix("builtins.")
    return refusal(
        "K0103",
        f"a value of type `{name}` is no table",
        f"`{name}` 类型的值不是表",
        "give a list of dictionaries, a dictionary of lists, or a pandas, polars or Arrow table",
        "请给出字典的列表、列表的字典，或 pandas、polars、Arrow 表",
    )


# taking apart


def _read_rows(rows: Sequence[Any]) -> Table:
    for at, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise refusal(
                "K0103",
                f"row {at + 1} is a value of type `{type(row).__name__}`, not a dictionary",
                f"第 {at + 1} 行的类型是 `{type(row).__name__}`，不是字典",
                "give each person as a dictionary of column and value",
                "每个人给出一个“列名：值”的字典",
                [str(at + 1)],
            )
    headers: dict[Any, None] = {}
    for row in rows:
        headers.update(dict.fromkeys(row))
    names = list(headers)
    uneven = rows if any(len(row) < len(names) for row in rows) else ()
    return Table("rows", list(map(str, names)), len(rows), lambda at: [row.get(names[at]) for row in rows], uneven=uneven)


def _read_columns(columns: Mapping[Any, Any]) -> Table:
    names = list(columns)
    lengths = {}
    for name in names:
        column = columns[name]
        if isinstance(column, (str, bytes, bytearray, Mapping)) or not hasattr(column, "__len__"):
            raise refusal(
                "K0103",
                f"the column `{name}` is a value of type `{type(column).__name__}`, not a list",
                f"`{name}` 列的类型是 `{type(column).__name__}`，不是列表",
                "give each column as a list; one person goes to `score_row`",
                "每一列给出一个列表；单个人请用 `score_row`",
                [str(name)],
            )
        lengths[name] = len(column)
    rows = max(lengths.values(), default=0)
    short = [str(name) for name, length in lengths.items() if length < rows]
    if short:
        told = ", ".join(f"`{name}` ({lengths[name]})" for name in lengths)
        raise refusal(
            "K0103",
            f"the columns are not of one length: {told}",
            f"各列长度不一：{told}",
            "give a value for every row, `None` where there is none",
            "每行都给出值，没有的用 `None`",
            short,
        )
    return Table("columns", list(map(str, names)), rows, lambda at: _values(columns[names[at]]))


def _values(column: Any) -> Any:
    """One column, whatever holds it, in the form it is taken over in."""
    library = type(column).__module__.split(".")[0]
    if library == "pandas" and hasattr(column, "dtype"):
        return _pandas_column(column)
    if library == "polars" and hasattr(column, "dtype"):
        return _polars_column(column)
    if library == "pyarrow" and hasattr(column, "to_pylist"):
        return _arrow_column(column)
    if library == "numpy":
        if _is_plain(column):
            return column
        # a short float would become a long one of other digits
        if column.dtype.kind in "biuUO":
            return column.tolist()
    return list(column)


def _is_plain(array: Any) -> bool:
    """Whether a numpy array is of numbers or truth values that are taken over as a whole."""
    dtype = array.dtype
    return (
        type(array).__name__ == "ndarray"
        and array.ndim == 1
        and dtype.isnative
        and (dtype.kind in "biu" or (dtype.kind == "f" and dtype.itemsize in (4, 8)))
    )


def _read_pandas(frame: Any) -> Table:
    names = list(frame.columns)
    # by name where that is one column, which is several times as quick as by place
    by_name = frame.columns.nlevels == 1 and frame.columns.is_unique

    def column(at: int) -> Any:
        return _pandas_column(frame[names[at]] if by_name and isinstance(names[at], str) else frame.iloc[:, at])

    return Table("pandas", [str(name) for name in names], len(frame), column, index=frame.index)


def _pandas_column(series: Any) -> Any:
    dtype = series.dtype
    if type(dtype).__module__.split(".")[0] == "numpy":
        if dtype.kind in "biuf" and _is_plain(values := series.to_numpy()):
            return values
        if dtype.kind != "M":
            return _pandas_values(series)
    elif getattr(dtype, "tz", None) is not None:
        return _pandas_values(series)
    pyarrow = _optional("pyarrow")
    if pyarrow is None:
        return _pandas_values(series)
    # what Arrow holds already is never written to; everything else is copied, because it may be changed later
    is_arrow = type(dtype).__name__ == "ArrowDtype" or getattr(dtype, "storage", "python") != "python"
    try:
        array = series.array.__arrow_array__() if is_arrow else pyarrow.array(series.array.copy(), from_pandas=True)
    except (pyarrow.ArrowException, TypeError, ValueError):
        return _pandas_values(series)
    return _arrow_column(array) if _is_facts(pyarrow, array.type) else _pandas_values(series)


def _pandas_values(series: Any) -> list[Any]:
    # a short float widened to a long one has other digits, so it is not
    if str(series.dtype).lower().removesuffix("[pyarrow]") in ("float32", "float16", "float", "halffloat"):
        import numpy

        short = numpy.float16 if "16" in str(series.dtype) or "half" in str(series.dtype) else numpy.float32
        absent = series.isna()
        return [None if gone else short(value) for value, gone in zip(series, absent, strict=True)]
    values: list[Any] = series.tolist()
    return values


def _read_polars(frame: Any) -> Table:
    columns = frame.get_columns()
    return Table("polars", list(frame.columns), frame.height, lambda at: _polars_column(columns[at]))


#: The types of polars whose columns are taken over as a whole; of others each value is looked at.
_POLARS = frozenset(
    "Boolean Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Decimal String Categorical Enum Date "
    "Datetime".split()
)


def _polars_column(series: Any) -> Any:
    name = str(series.dtype.base_type())
    if name in _POLARS and getattr(series.dtype, "time_zone", None) is None and hasattr(series, "__arrow_c_stream__"):
        return series
    if name == "Float16":
        return list(series.to_numpy())
    values: list[Any] = series.to_list()
    return values


def _read_arrow(table: Any, kind: str) -> Table:
    return Table(kind, list(table.schema.names), table.num_rows, lambda at: _arrow_column(table.column(at)))


def _is_facts(pyarrow: Any, type_: Any) -> bool:
    """Whether a column of this Arrow type is taken over as a whole; of others each value is looked at."""
    of = pyarrow.types
    if of.is_dictionary(type_):
        return not of.is_dictionary(type_.value_type) and _is_facts(pyarrow, type_.value_type)
    return bool(
        of.is_null(type_)
        or of.is_boolean(type_)
        or of.is_integer(type_)
        or of.is_floating(type_)
        or of.is_decimal128(type_)
        or of.is_date(type_)
        or of.is_string(type_)
        or of.is_large_string(type_)
        or (hasattr(of, "is_string_view") and of.is_string_view(type_))
        or (of.is_timestamp(type_) and type_.tz is None)
    )


def _arrow_column(column: Any) -> Any:
    if _is_facts(_imported("pyarrow"), column.type):
        return column
    values: list[Any] = column.to_pylist()
    return values


def _read_stream(stream: Any) -> Table:
    """Anything that speaks the Arrow PyCapsule protocol: DuckDB, arro3, ADBC, DataFusion."""
    pyarrow = _optional("pyarrow")
    if pyarrow is not None:
        try:
            if not hasattr(stream, "__arrow_c_stream__"):
                return _read_arrow(pyarrow.record_batch(stream), "record_batch")
            return _read_arrow(pyarrow.table(stream), "arrow")
        except pyarrow.ArrowException as error:
            raise refusal(
                "K0103",
                f"the Arrow stream cannot be read: {error}",
                f"无法读取 Arrow 数据流：{error}",
                "see to it that it is a stream of record batches",
                "请确认它是记录批的数据流",
            ) from error
    polars = _optional("polars")
    if polars is None:
        raise _needs("pyarrow")
    return _read_polars(polars.DataFrame(stream))


def _needs(library: str) -> DataError:
    return refusal(
        "K0103",
        f"`{library}` is not installed",
        f"没有安装 `{library}`",
        f"run `pip install {library}`",
        f"请运行 `pip install {library}`",
        [library],
    )


def _optional(library: str) -> Any:
    try:
        return importlib.import_module(library)
    except ImportError:
        return None


def _imported(library: str) -> Any:
    module = _optional(library)
    if module is None:
        raise _needs(library)
    return module


# putting together


def _rows(table: Out) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(column.values for column in table.columns), strict=True)]


def _columns(table: Out) -> dict[str, list[Any]]:
    return {column.name: column.values for column in table.columns}


def _arrow(table: Out) -> Any:
    pyarrow = _imported("pyarrow")
    if table.arrow is not None:
        return pyarrow.table(table.arrow(DIGITS))
    names = [column.name for column in table.columns]
    return pyarrow.table([column.arrow(pyarrow) for column in table.columns], names=names)


def _record_batch(table: Out) -> Any:
    pyarrow = _imported("pyarrow")
    if table.arrow is not None:
        return pyarrow.record_batch(table.arrow(DIGITS))
    arrays = [column.arrow(pyarrow) for column in table.columns]
    return pyarrow.record_batch(arrays, names=[column.name for column in table.columns])


def _pandas(table: Out) -> Any:
    """Numbers, dates and truth values are Arrow's where pyarrow is there; otherwise `Decimal` and `date` objects."""
    pandas = _imported("pandas")
    pyarrow = _optional("pyarrow")
    if pyarrow is None or table.arrow is None:
        columns = {column.name: _pandas_plain(pandas, pyarrow, column, table.index) for column in table.columns}
        return pandas.DataFrame(columns, index=table.index)
    arrow = pyarrow.table(table.arrow(DIGITS))
    arrays = {}
    for column, array in zip(table.columns, arrow.columns, strict=True):
        values: Any
        if column.words is not None:
            values = _categories(pandas, pyarrow, column, array)
        elif column.kind == "text":
            values = pandas.StringDtype("pyarrow").__from_arrow__(array)
        else:
            values = pandas.arrays.ArrowExtensionArray(array)
        arrays[column.name] = values
    return pandas.DataFrame(arrays, index=table.index, copy=False)


def _pandas_plain(pandas: Any, pyarrow: Any, column: Figures, index: Any) -> Any:
    if pyarrow is not None and column.kind in ("number", "bool"):
        return pandas.Series(pandas.arrays.ArrowExtensionArray(column.arrow(pyarrow)), index=index)
    if column.words is not None:
        values = pandas.Categorical(column.values, categories=column.words, ordered=column.kind == "grade")
        return pandas.Series(values, index=index)
    plain = {"bool": "boolean", "whole": "Int64", "number": "object", "date": "object", "texts": "object"}
    return pandas.Series(column.values, dtype=plain.get(column.kind, "string"), index=index)


def _categories(pandas: Any, pyarrow: Any, column: Figures, array: Any) -> Any:
    """Words by their places in the list; those of a ladder are in order."""
    chunks = [chunk.indices.fill_null(-1) for chunk in array.chunks]
    codes = pyarrow.chunked_array(chunks, pyarrow.int32()).to_numpy()
    return pandas.Categorical.from_codes(codes, categories=column.words, ordered=column.kind == "grade")


def _polars(table: Out) -> Any:
    polars = _imported("polars")
    if table.arrow is not None:
        frame = polars.DataFrame(table.arrow(POLARS_DIGITS))
        words = {column.name: column.words for column in table.columns if column.words}
        return frame.with_columns(polars.col(name).cast(polars.Enum(each)) for name, each in words.items())
    types = {
        "number": polars.Decimal(POLARS_DIGITS, PLACES),
        "bool": polars.Boolean,
        "whole": polars.Int64,
        "texts": polars.List(polars.String),
    }
    return polars.DataFrame(
        [polars.Series(column.name, column.values, dtype=types.get(column.kind, polars.String)) for column in table.columns]
    )


#: How a table of each kind is put together.
BUILD: Mapping[str, Callable[[Out], Any]] = {
    "rows": _rows,
    "columns": _columns,
    "pandas": _pandas,
    "polars": _polars,
    "arrow": _arrow,
    "record_batch": _record_batch,
}
