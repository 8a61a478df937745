"""Detail tables on Spark: each person's rows are brought beside him, and taken apart again where he is scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._errors import refusal
from ._scheme import Detail, Input, Scheme

#: Columns beside those of people: whether there is a person at all, and the rows of each table.
_THERE = "__kaohe_there"
_ROWS = "__kaohe_rows_"
_KEY = "__kaohe_key"


class Beside:
    """Which detail tables a frame of people has its rows of."""

    def __init__(self, tables: list[tuple[str, str, str]]) -> None:
        #: For each table its name, the column of people it belongs by, and the column that names people in it.
        self.tables = tables

    def apart(self, table: Any) -> tuple[Any, dict[str, Any]]:
        """The people, and by name the detail tables with their rows.

        Raises:
            DataError: when rows belong to nobody; it names their keys.
        """
        if not self.tables:
            return table, {}
        names = [_THERE, *(f"{_ROWS}{at}" for at in range(len(self.tables)))]
        people = table.drop_columns(names)
        found = {}
        for at, (name, key, own) in enumerate(self.tables):
            lists = table.column(f"{_ROWS}{at}").combine_chunks()
            _nobodys(name, own, table.column(_THERE), lists)
            found[name] = _rows(lists, people.column(key), own)
        return people, found


def _rows(lists: Any, keys: Any, own: str) -> Any:
    import pyarrow
    import pyarrow.compute

    flat = lists.flatten()
    fields = [flat.type.field(at).name for at in range(flat.type.num_fields)]
    # by the person's own key, as text and number of one key are not the same to Spark
    whose = keys.take(pyarrow.compute.list_parent_indices(lists))
    return pyarrow.table({name: whose if name == own else flat.field(name) for name in fields})


def _nobodys(name: str, own: str, there: Any, lists: Any) -> None:
    import pyarrow.compute

    orphans = lists.filter(pyarrow.compute.is_null(there).combine_chunks()).flatten()
    if len(orphans) == 0:
        return
    keys = sorted({str(key) for key in orphans.field(own).to_pylist() if key is not None})
    if not keys:
        raise refusal(
            "K0803",
            f"detail table `{name}`: rows without a usable `{own}`",
            f"明细表 `{name}`：有些行的 `{own}` 缺失或无法使用",
            "say whose each row is",
            "请写明每行属于谁",
            [],
        )
    told = [f"`{key}`" for key in keys[:20]]
    raise refusal(
        "K0806",
        f"detail table `{name}` has rows of a `{own}` that nobody has: {', '.join(told)}",
        f"明细表 `{name}` 中有些行的 `{own}` 不属于任何人：{'、'.join(told)}",
        "add the people, or remove the rows",
        "请补上人员，或删去这些行",
        keys,
    )


def _column(frame: Any, headers: tuple[str, ...]) -> str | None:
    return next((name for name in frame.columns if name.strip() in headers), None)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def bring(df: Any, scheme: Scheme, tables: Mapping[str, Any]) -> tuple[Any, Beside]:
    """People with the rows of detail tables beside them, one row for each still.

    Raises:
        DataError: when the scheme has no such table, one is not given, a table lacks its key, or people belong to it by a computed column.
    """
    from pyspark.sql import functions

    known = {detail.name: detail for detail in scheme.details}
    lacking = [name for name in known if name not in tables]
    if lacking:
        raise refusal(
            "K0810",
            f"the run lacks the tables {', '.join(f'`{name}`' for name in lacking)}",
            f"缺少表 {'、'.join(f'`{name}`' for name in lacking)}",
            "give each of them as a Spark frame; one without rows is a table, too",
            "请逐一提供 Spark 数据框；没有行的也算一张表",
            lacking,
        )
    if not tables:
        return df, Beside([])
    brought = []
    df = df.withColumn(_THERE, functions.lit(True))
    for at, (name, frame) in enumerate(tables.items()):
        detail = known.get(name)
        if detail is None:
            raise refusal(
                "K0809",
                f"the scheme has no detail table `{name}`",
                f"方案没有明细表 `{name}`",
                f"the scheme has {', '.join(f'`{each}`' for each in known)}" if known else "the scheme has none",
                f"方案有 {'、'.join(f'`{each}`' for each in known)}" if known else "方案没有声明",
                [name],
            )
        key, own = _key(df, scheme, detail), _column(frame, detail.headers)
        if own is None:
            raise _lacks(name, detail.headers[0])
        headers = {header for column in detail.columns for header in column.headers}
        read = [each for each in frame.columns if each == own or each.strip() in headers]
        whose = frame.select(
            functions.col(_quoted(own)).cast("string").alias(_KEY),
            functions.struct(*(functions.col(_quoted(each)) for each in read)).alias("row"),
        )
        # rows come in any order: theirs is that of their cells
        rows = functions.sort_array(functions.collect_list("row")).alias(f"{_ROWS}{at}")
        whose = whose.groupBy(_KEY).agg(rows)
        person = functions.col(_quoted(key)).cast("string")
        df = df.join(whose, person == functions.col(_KEY), "full_outer").drop(_KEY)
        brought.append((name, key, own))
    return df, Beside(brought)


def _key(df: Any, scheme: Scheme, detail: Detail) -> str:
    """The column of people that says whose rows of a table are."""
    read: Input | None = next((each for each in scheme.inputs if each.name == detail.key), None)
    if read is None:
        raise refusal(
            "K0104",
            f"`{detail.name}` belongs to people by `{detail.key}`, which is computed first",
            f"`{detail.name}` 按计算得出的 `{detail.key}` 归属于人员",
            "score this scheme on one machine, or hand its figures over as inputs",
            "请在单机计算该方案，或先汇总为输入列",
            [detail.name],
        )
    found = _column(df, read.headers)
    if found is None:
        raise _lacks(None, detail.key)
    return found


def _lacks(table: str | None, column: str) -> Exception:
    where = ("", "") if table is None else (f"detail table `{table}`: ", f"明细表 `{table}`：")
    return refusal(
        "K0801",
        f"{where[0]}there is no column `{column}`",
        f"{where[1]}没有 `{column}` 列",
        "name a column so, or give its header in the scheme",
        "请按此命名列，或在方案中写明其表头",
        [column],
    )
