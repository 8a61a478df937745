"""What comes out for a table."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from . import _frames, _kaohe
from ._errors import refusal
from ._explanation import Explanation
from ._frames import Figures, Table
from ._rows import Figure


class Result:
    """A scored table: the figures of every row, and for each that is absent the reason.

    >>> from kaohe import Scheme
    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 例
    ... inputs:
    ...   工号: { type: text, key: true }
    ...   存款: { type: number }
    ...   任务: { type: number }
    ... computed:
    ...   完成率: { formula: 存款 / 任务, round: 4 }
    ... ''')
    >>> result = scheme.score([
    ...     {"工号": "001", "存款": 3, "任务": 4},
    ...     {"工号": "002", "存款": 3, "任务": 0},
    ... ])
    >>> result.frame
    [{'工号': '001', '完成率': Decimal('0.7500')}, {'工号': '002', '完成率': None}]
    >>> [(each["key"], each["column"], each["code"]) for each in result.errors]
    [('002', '完成率', 'K0902')]
    """

    __slots__ = ("_batch", "_columns", "_errors", "_frame", "_scheme", "_table")

    def __init__(self, scheme: _kaohe.Scheme, table: Table, batch: _kaohe.Batch) -> None:
        self._scheme = scheme
        self._table = table
        self._batch = batch
        self._columns: list[Figures] | None = None
        self._errors: list[Figures] | None = None
        self._frame: Any = None

    def _figures(self) -> list[Figures]:
        if self._columns is None:
            self._columns = [
                Figures(name, kind, places, partial(self._batch.column, at), partial(self._batch.decimals, at))
                for at, (name, kind, places, _) in enumerate(self._scheme.columns())
            ]
        return self._columns

    @property
    def frame(self) -> Any:
        """The figures of every row, as a table of the kind that came in.

        Its columns are those people are shown: the key and the other texts, and everything computed. A rounded number
        has exactly its places. Lists and dictionaries hold `Decimal`; Arrow, polars and pandas (with pyarrow) tables a
        decimal type with the column's places, or twelve where it is not rounded. A pandas frame keeps its index.
        """
        if self._frame is None:
            self._frame = _frames.BUILD[self._table.kind](self._figures(), self._table.index)
        return self._frame

    @property
    def errors(self) -> Any:
        """Every empty cell with its reason, as a table of the kind that came in.

        Its columns are ``row`` (from 1), ``key``, ``column``, ``code``, ``message``, ``message_zh`` and ``blocked_by``:
        the column whose fault it is, where this one only reads it.
        """
        return _frames.BUILD[self._table.kind](self._problems(), None)

    def _problems(self) -> list[Figures]:
        if self._errors is None:
            names = ("row", "key", "column", "code", "message", "message_zh", "blocked_by")
            values: dict[str, list[Any]] = {name: [] for name in names}
            keys = self._keys()
            for row, told in self._batch.problems():
                for problem in json.loads(told):
                    problem.update(row=row + 1, key=None if keys is None else str(keys[row]))
                    for name in names:
                        values[name].append(problem[name])
            self._errors = [
                Figures(name, "whole" if name == "row" else "text", None, partial(list, values[name])) for name in names
            ]
        return self._errors

    def _keys(self) -> list[Figure] | None:
        key = next((name for name, _, is_key, _, _ in self._scheme.inputs() if is_key), None)
        return next((column.values for column in self._figures() if column.name == key), None)

    @property
    def is_complete(self) -> bool:
        """Whether every cell of every row has come out."""
        return self._batch.is_complete()

    def explain(self, key: object, column: str | None = None) -> Explanation:
        """Why a person's column is what it is, with everything it was computed from; without one, the whole row.

        Raises:
            DataError: when no row has that key, or the scheme has no such column.
        """
        row = self._batch.row_of(str(key))
        if row is None:
            raise refusal(
                "K0804",
                f"no row has the key `{key}`",
                f"没有键为 `{key}` 的行",
                "give the key as the table has it",
                "请按表中的写法给出键",
                [str(key)],
            )
        return Explanation(self._batch.explain(row, column))

    def to_pandas(self) -> Any:
        """The figures as a pandas frame; see `frame`."""
        return _frames.BUILD["pandas"](self._figures(), self._table.index)

    def to_polars(self) -> Any:
        """The figures as a polars frame, its numbers decimals."""
        return _frames.BUILD["polars"](self._figures(), None)

    def to_arrow(self) -> Any:
        """The figures as a pyarrow table, its numbers ``decimal128`` of 28 digits."""
        return _frames.BUILD["arrow"](self._figures(), None)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The figures for anything that reads Arrow streams, as DuckDB or polars."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return self._table.rows

    def __repr__(self) -> str:
        empty = "" if self.is_complete else ", with empty cells (see .errors)"
        return f"<kaohe.Result of {self._scheme.name()!r}: {self._table.rows} rows{empty}>"
