"""Detail tables on Spark: each person's rows are brought beside him, and taken apart again where he is scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import refusal
from ._scheme import Scheme

#: Columns beside those of people: whether there is a person at all, and the rows of each table.
_THERE = "__kaohe_there"
_ROWS = "__kaohe_rows_"
_KEY = "__kaohe_key"


class Beside:
    """Which detail tables a frame of people has its rows of, by their names in the scheme."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def apart(self, table: Any) -> tuple[Any, dict[str, Any]]:
        """The people, and by name the detail tables with their rows; those of nobody are among them, to be told."""
        if not self.names:
            return table, {}
        columns = [f"{_ROWS}{at}" for at in range(len(self.names))]
        people = table.filter(table.column(_THERE).is_valid()).drop_columns([_THERE, *columns])
        return people, {name: _rows(table.column(column)) for name, column in zip(self.names, columns, strict=True)}


def _rows(lists: Any) -> Any:
    import pyarrow

    flat = lists.combine_chunks().flatten()
    fields = [flat.type.field(at).name for at in range(flat.type.num_fields)]
    return pyarrow.table({name: flat.field(name) for name in fields})


def _among(names: Iterable[str], wanted: Iterable[str]) -> str:
    """The one of these names that is wanted. Spark joins by it, so it is looked for as it is written."""
    wanted = tuple(wanted)
    found = next((name for name in names if name.strip() in wanted), None)
    if found is None:
        raise refusal(
            "K0801",
            f"none of the names is written `{wanted[0]}` as in the scheme",
            f"没有与方案中写法相同的 `{wanted[0]}`",
            "write tables and their keys on Spark as the scheme does",
            "在 Spark 中请按方案的写法书写表名和键列名",
            [wanted[0]],
        )
    return found


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def empty(headers: list[str]) -> Any:
    """A table of these headers without rows."""
    import pyarrow

    return pyarrow.table({header: pyarrow.array([], pyarrow.string()) for header in headers})


def bring(df: Any, scheme: Scheme, tables: Mapping[str, Any], given: Mapping[str, Any] | None) -> tuple[Any, Beside]:
    """People with the rows of detail tables beside them, one row for each still.

    Raises:
        DataError: when tables or columns are not there, as `Scheme.score` says it, or people belong to a table by a
            computed column.
    """
    from pyspark.sql import functions

    # what is wrong with tables and headers needs no rows to be told
    scheme.score(empty(df.columns), details={name: empty(frame.columns) for name, frame in tables.items()}, given=given)
    if not tables:
        return df, Beside([])
    known = {detail.name: detail for detail in scheme.details}
    brought = []
    df = df.withColumn(_THERE, functions.lit(True))
    for at, (name, frame) in enumerate(tables.items()):
        detail = known[_among(known, [name.strip()])]
        brought.append(detail.name)
        read = next((each for each in scheme.inputs if each.name == detail.key), None)
        if read is None:
            raise refusal(
                "K0104",
                f"`{name}` belongs to people by `{detail.key}`, which is computed first",
                f"`{name}` 按计算得出的 `{detail.key}` 归属于人员",
                "score this scheme on one machine, or hand its figures over as inputs",
                "请在单机计算该方案，或先汇总为输入列",
                [name],
            )
        own = _among(frame.columns, detail.headers)
        headers = {header for column in detail.columns for header in column.headers}
        columns = [each for each in frame.columns if each == own or each.strip() in headers]
        whose = frame.select(
            functions.col(_quoted(own)).cast("string").alias(_KEY),
            functions.struct(*(functions.col(_quoted(each)) for each in columns)).alias("row"),
        )
        # rows come in any order: theirs is that of their cells
        rows = functions.sort_array(functions.collect_list("row")).alias(f"{_ROWS}{at}")
        person = functions.col(_quoted(_among(df.columns, read.headers))).cast("string")
        whose = whose.groupBy(_KEY).agg(rows)
        df = df.join(whose, person == functions.col(_KEY), "full_outer").drop(_KEY)
    return df, Beside(brought)
