"""People scored batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import _frames, _kaohe
from ._errors import DataError


class ScoredBatches:
    """An iterator of pyarrow record batches: for each batch of people that comes in one of figures comes out.

    It is an Arrow stream as well, so that it can be handed on as it is: to ``pyarrow.RecordBatchReader.from_stream``,
    ``polars.DataFrame``, DuckDB. It can be read once.

    >>> import pyarrow
    >>> from kaohe import Scheme
    >>> scheme = Scheme.parse('''
    ... kaohe: 1
    ... scheme: 例
    ... inputs: { 工号: { type: text, key: true }, 存款: { type: number } }
    ... computed: { 万元: { formula: 存款 / 10000, round: 2 } }
    ... ''')
    >>> people = pyarrow.table({"工号": ["001", "002", "003"], "存款": [12345, None, 67890]})
    >>> scored = scheme.score_batches(people.to_reader(max_chunksize=2))
    >>> [batch.column("万元").to_pylist() for batch in scored]
    [[Decimal('1.23'), None], [Decimal('6.79')]]
    >>> [(each["row"], each["key"], each["column"], each["code"]) for each in scored.errors]
    [(2, '002', '存款', 'K0901'), (2, '002', '万元', 'K0920')]
    """

    __slots__ = ("_core", "_source")

    def __init__(self, core: _kaohe.Stream, source: _frames.Batches) -> None:
        self._core = core
        self._source = source

    @property
    def schema(self) -> Any:
        """The pyarrow schema of what comes out."""
        return _frames._imported("pyarrow").schema(self._core)

    @property
    def rows(self) -> int:
        """How many rows have come out."""
        return self._core.rows()

    @property
    def errors(self) -> Iterator[dict[str, Any]]:
        """The empty cells and provisional figures of the batches that have come out, each once, as dictionaries.

        They have the columns of `Result.errors`; ``row`` counts from 1 over the whole stream. At most 100 000 rows wait
        here to be asked for; how many more there were, `errors_forgotten` says.
        """
        told = self._core.problems()
        for row in zip(*told.values(), strict=True):
            yield dict(zip(told, row, strict=True))

    @property
    def errors_forgotten(self) -> int:
        """How many rows with errors were not kept, because nobody asked for those before."""
        return self._core.forgotten()

    def __iter__(self) -> ScoredBatches:
        return self

    def __next__(self) -> Any:
        try:
            batch = self._core.next()
        except DataError as error:
            failure = self._source.failure
            if failure is None:
                raise
            if not isinstance(failure, Exception):
                # Ctrl-C while the source was at work
                raise failure from None
            raise error from failure
        if batch is None:
            raise StopIteration
        return _frames._imported("pyarrow").record_batch(batch)

    def __arrow_c_schema__(self) -> object:
        """The schema for anything that reads Arrow."""
        return self._core.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The figures for anything that reads Arrow streams."""
        return self._core.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<kaohe.ScoredBatches: {self.rows} rows so far>"
