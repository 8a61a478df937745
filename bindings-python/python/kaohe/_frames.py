"""Tables of every kind: taken apart into columns of Python values, and put together again as the kind that came in.

pandas, polars and pyarrow are known by their objects, and imported only to make such an object.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._errors import DataError, refusal

#: Decimals of a column that is not rounded, in tables that need one number of decimals for a whole column.
PLACES = 12
#: Digits a figure has at the most, and so those of an Arrow column.
DIGITS = 28
#: Digits of a polars decimal, whose sums do not widen by themselves.
POLARS_DIGITS = 38


class Figures:
    """A column on its way out."""

    __slots__ = ("_decimals", "_make", "_values", "kind", "name", "places")

    def __init__(
        self,
        name: str,
        kind: str,
        places: int | None,
        make: Callable[[], list[Any]],
        decimals: Callable[[int], tuple[bytes, bytes | None] | None] | None = None,
    ) -> None:
        self.name = name
        #: ``number``, ``text``, ``bool``, ``date``, ``choice``, ``grade``, ``whole`` or ``texts``.
        self.kind = kind
        #: The decimals of a rounded number.
        self.places = places
        self._make = make
        self._decimals = decimals
        self._values: list[Any] | None = None

    @property
    def values(self) -> list[Any]:
        """The figures as Python has them."""
        if self._values is None:
            self._values = self._make()
        return self._values

    @property
    def is_unlimited(self) -> bool:
        """Whether some figure has no limit, which no decimal of Arrow can say."""
        return self.kind == "number" and any(value is not None and value.is_infinite() for value in self.values)

    @property
    def texts(self) -> list[str | None]:
        """The numbers as text, ``unlimited`` where there is no limit."""
        return [None if value is None else "unlimited" if value.is_infinite() else str(value) for value in self.values]

    def arrow(self, pyarrow: Any) -> Any:
        """The figures as an Arrow array; numbers go by their buffers, not one by one."""
        match self.kind:
            case "number":
                # one number of decimals for the whole column: as rounded, else as many as a figure can have
                places = PLACES if self.places is None else self.places
                type_ = pyarrow.decimal128(DIGITS, places)
                buffers = None if self._decimals is None else self._decimals(places)
                if buffers is not None:
                    data, present = buffers
                    bits = None if present is None else pyarrow.py_buffer(present)
                    rows = len(data) // type_.byte_width
                    return pyarrow.Array.from_buffers(type_, rows, [bits, pyarrow.py_buffer(data)])
                if self.is_unlimited:
                    return pyarrow.array(self.texts, pyarrow.string())
            case "bool":
                type_ = pyarrow.bool_()
            case "date":
                type_ = pyarrow.date32()
            case "whole":
                type_ = pyarrow.int64()
            case "texts":
                type_ = pyarrow.list_(pyarrow.string())
            case _:
                type_ = pyarrow.string()
        return pyarrow.array(self.values, type_)


@dataclass(frozen=True)
class Table:
    """A table on its way in."""

    #: What kind it was, which is the kind of the answer: a key of `BUILD`.
    kind: str
    headers: list[str]
    rows: int
    #: The values of the column at a place.
    column: Callable[[int], list[Any]]
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
    if hasattr(frame, "__arrow_c_stream__"):
        return _read_stream(frame)
    # a PyArrow reader, a generator of dictionaries
    if hasattr(frame, "__iter__") and not isinstance(frame, (str, bytes, bytearray)):
        return _read_rows(list(frame))
    raise _no_table(frame)


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


def _values(column: Any) -> list[Any]:
    """The values of one column, whatever holds it."""
    library = type(column).__module__.split(".")[0]
    if library == "pandas" and hasattr(column, "dtype"):
        return _pandas_values(column)
    if library == "polars":
        return _polars_values(column)
    if library == "pyarrow" and hasattr(column, "to_pylist"):
        return _arrow_values(column)
    if library == "numpy" and column.dtype.kind in "biuUO" or _is_double(column):
        values: list[Any] = column.tolist()
        return values
    return list(column)


def _is_double(column: Any) -> bool:
    return type(column).__module__ == "numpy" and column.dtype.kind == "f" and column.dtype.itemsize == 8


def _read_pandas(frame: Any) -> Table:
    headers = [str(name) for name in frame.columns]
    return Table("pandas", headers, len(frame), lambda at: _pandas_values(frame.iloc[:, at]), index=frame.index)


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
    return Table("polars", list(frame.columns), frame.height, lambda at: _polars_values(columns[at]))


def _polars_values(series: Any) -> list[Any]:
    if str(series.dtype) in ("Float32", "Float16"):
        return list(series.to_numpy())
    values: list[Any] = series.to_list()
    return values


def _read_arrow(table: Any, kind: str) -> Table:
    return Table(kind, list(table.schema.names), table.num_rows, lambda at: _arrow_values(table.column(at)))


def _arrow_values(column: Any) -> list[Any]:
    if str(column.type) in ("float", "halffloat"):
        import numpy

        short = numpy.float32 if str(column.type) == "float" else numpy.float16
        return [None if value is None else short(value) for value in column.to_pylist()]
    values: list[Any] = column.to_pylist()
    return values


def _read_stream(stream: Any) -> Table:
    """Anything that speaks the Arrow PyCapsule protocol: DuckDB, arro3, ADBC, DataFusion."""
    pyarrow = _optional("pyarrow")
    if pyarrow is not None:
        try:
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


def _rows(columns: Sequence[Figures], index: Any) -> list[dict[str, Any]]:
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*(column.values for column in columns), strict=True)]


def _columns(columns: Sequence[Figures], index: Any) -> dict[str, list[Any]]:
    return {column.name: column.values for column in columns}


def _arrow(columns: Sequence[Figures], index: Any) -> Any:
    pyarrow = _imported("pyarrow")
    return pyarrow.table([column.arrow(pyarrow) for column in columns], names=[column.name for column in columns])


def _record_batch(columns: Sequence[Figures], index: Any) -> Any:
    pyarrow = _imported("pyarrow")
    arrays = [column.arrow(pyarrow) for column in columns]
    return pyarrow.record_batch(arrays, names=[column.name for column in columns])


def _pandas(columns: Sequence[Figures], index: Any) -> Any:
    """Numbers, dates and truth values are Arrow's where pyarrow is there; otherwise `Decimal` and `date` objects."""
    pandas = _imported("pandas")
    pyarrow = _optional("pyarrow")
    plain = {"bool": "boolean", "whole": "Int64", "number": "object", "date": "object", "texts": "object"}
    series = {}
    for column in columns:
        if pyarrow is not None and column.kind in ("number", "date", "bool"):
            values, dtype = pandas.arrays.ArrowExtensionArray(column.arrow(pyarrow)), None
        else:
            values, dtype = column.values, plain.get(column.kind, "string")
        series[column.name] = pandas.Series(values, dtype=dtype, index=index)
    return pandas.DataFrame(series, index=index)


def _polars(columns: Sequence[Figures], index: Any) -> Any:
    polars = _imported("polars")
    pyarrow = _optional("pyarrow")
    types = {
        "bool": polars.Boolean,
        "date": polars.Date,
        "whole": polars.Int64,
        "texts": polars.List(polars.String),
    }
    series = []
    for column in columns:
        if column.kind == "number":
            dtype = polars.Decimal(POLARS_DIGITS, PLACES if column.places is None else column.places)
            if column.is_unlimited:
                series.append(polars.Series(column.name, column.texts, dtype=polars.String))
                continue
            if pyarrow is not None:
                series.append(polars.Series(column.name, column.arrow(pyarrow)).cast(dtype))
                continue
        else:
            dtype = types.get(column.kind, polars.String)
        series.append(polars.Series(column.name, column.values, dtype=dtype))
    return polars.DataFrame(series)


#: How a table of each kind is put together.
BUILD: Mapping[str, Callable[[Sequence[Figures], Any], Any]] = {
    "rows": _rows,
    "columns": _columns,
    "pandas": _pandas,
    "polars": _polars,
    "arrow": _arrow,
    "record_batch": _record_batch,
}
