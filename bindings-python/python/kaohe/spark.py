"""Scoring on PySpark: rows where they lie, groups by their keys.

>>> from kaohe import spark
>>> spark.score(df, scheme)                     # doctest: +SKIP
DataFrame[工号: string, 得分: decimal(28,2), ...]

A scheme without figures over groups is scored partition by partition (`mapInArrow`). Where all figures over groups are
within the same columns, people are brought together by these (`applyInArrow`). A figure over the whole population needs
all people in one place; that is done when ``whole_population=True`` says so, and refused otherwise.

Detail tables are Spark frames, too: each person's rows are brought beside him before he is scored.

The scheme is pickled once, as its text. Every worker needs kaohe and pyarrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ._errors import refusal
from ._scheme import Scheme
from ._spark_tables import Beside, bring, empty

__all__ = ["errors", "score"]

#: The columns by which people are brought together; their names stand before nothing that a scheme reads.
_GROUP = "__kaohe_group_"


def score(
    df: Any,
    scheme: Scheme,
    *,
    details: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    ratings: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    as_of: date | None = None,
    columns: Iterable[str] | None = None,
    whole_population: bool = False,
) -> Any:
    """The figures of every row of a Spark frame, as a Spark frame: those of `Scheme.score`, in no order.

    Numbers are ``decimal(28, places)``, grades strings. A key that stands in two partitions or groups is not seen.

    Args:
        df: the people.
        details: for each detail table of the scheme its rows, a Spark frame.
        answers: for each exam the answers, a Spark frame.
        ratings: for each appraisal the sheets of raters, a Spark frame.
        given: the values of the run.
        as_of: the day that counts.
        columns: the columns wanted; all when not stated.
        whole_population: whether everybody may be brought to one worker, where a figure is over everybody.

    Raises:
        DataError: when a figure is over people whom no column brings together and ``whole_population`` is not given; it
            names the column; when a detail table is not given or lacks its key. What is wrong with the data, rows of
            nobody among it, is raised by Spark, from the worker that met it.
    """
    tables = {**(details or {}), **(answers or {}), **(ratings or {})}
    return _run((df, tables), scheme, given, as_of, columns, whole_population, _figures, None)


def errors(
    df: Any,
    scheme: Scheme,
    *,
    details: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    ratings: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    as_of: date | None = None,
    columns: Iterable[str] | None = None,
    whole_population: bool = False,
) -> Any:
    """Every empty cell and every provisional figure of a Spark frame, as a Spark frame of the columns of `Result.errors`.

    Rows have no numbers in Spark, so ``row`` is left out and ``detail_line`` is null; the key says whose cell it is.
    """
    tables = {**(details or {}), **(answers or {}), **(ratings or {})}
    return _run((df, tables), scheme, given, as_of, columns, whole_population, _problems, _PROBLEMS)


#: What a table of figures is made of a result.
_Made = Callable[[Any], Any]
_PROBLEMS = (
    "key string, column string, code string, message string, message_zh string, blocked_by string, detail string, "
    "detail_line bigint, left_out array<string>"
)


def _figures(result: Any) -> Any:
    return _plain(result.to_arrow())


def _problems(result: Any) -> Any:
    import pyarrow

    errors = result.errors.drop_columns(["row"])
    # which row of a table it is says nothing where the rows have no order
    at = errors.schema.get_field_index("detail_line")
    field = errors.schema.field(at)
    return errors.set_column(at, field, pyarrow.nulls(errors.num_rows, field.type))


def _plain(table: Any) -> Any:
    """The same without dictionaries, which Spark does not read."""
    import pyarrow

    fields = [
        field.with_type(field.type.value_type) if pyarrow.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pyarrow.schema(fields))


def _run(
    facts: tuple[Any, Mapping[str, Any]],
    scheme: Scheme,
    given: Mapping[str, Any] | None,
    as_of: date | None,
    columns: Iterable[str] | None,
    whole_population: bool,
    make: _Made,
    schema: str | None,
) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StringType, StructField, StructType

    if as_of is not None:
        scheme = scheme.with_as_of(as_of)
    names = None if columns is None else list(columns)
    options: dict[str, Any] = {"given": given, "columns": names, "threads": 1}
    df, beside = bring(facts[0], scheme, facts[1], given)
    out: Any = schema
    if out is None:
        nobody = empty([each.name for each in scheme.inputs])
        figures = scheme.score_batches(nobody, details=_empties(scheme, beside), **options).schema
        out = from_arrow_schema(_plain(figures.empty_table()).schema)
    kind, keys = scheme._core.apart(names)
    if kind == "rows":
        return df.mapInArrow(_by_batch(scheme, beside, options, make), out)
    if kind == "whole" and not whole_population:
        raise refusal(
            "K0104",
            f"`{keys[0]}` is a figure over people whom no column brings together",
            f"`{keys[0]}` 的统计范围是全体人员，没有可分组的列",
            "say `within` in the scheme, or `whole_population=True` to bring everybody to one worker",
            "请在方案中写明 `within`，或用 `whole_population=True` 将全体集中到一个节点计算",
            [keys[0]],
        )
    if kind == "whole":
        return df.groupBy().applyInArrow(_by_group(scheme, beside, options, make, 0), out)
    # by the scheme's own reading of these columns, so that groups are those it would form
    helpers = [f"{_GROUP}{at}" for at in range(len(keys))]
    wider = StructType([*df.schema.fields, *(StructField(name, StringType()) for name in helpers)])
    grouped = df.mapInArrow(_with_groups(scheme, beside, keys, helpers, options["given"]), wider)
    return grouped.groupBy(*helpers).applyInArrow(_by_group(scheme, beside, options, make, len(helpers)), out)


def _empties(scheme: Scheme, beside: Beside) -> dict[str, Any]:
    """The detail tables that were brought, without rows."""
    brought = (each for each in scheme.details if each.name in beside.names)
    return {each.name: empty([each.key, *(column.name for column in each.columns)]) for each in brought}


def _by_batch(
    scheme: Scheme, beside: Beside, options: dict[str, Any], make: _Made
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def score_each(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        for batch in batches:
            people, details = beside.apart(pyarrow.Table.from_batches([batch]))
            yield from make(scheme.score(people, details=details, **options)).to_batches()

    return score_each


def _by_group(
    scheme: Scheme, beside: Beside, options: dict[str, Any], make: _Made, helpers: int
) -> Callable[[Any], Any]:
    key = next((each for each in scheme.inputs if each.key), None)

    def score_group(table: Any) -> Any:
        people = table.select(range(table.num_columns - helpers))
        # rows come in any order; what is told in an order goes by their keys
        known = [] if key is None else [name for name in people.column_names if name in key.headers]
        if known:
            people = people.sort_by(known[0])
        people, details = beside.apart(people)
        return make(scheme.score(people, details=details, **options))

    return score_group


def _with_groups(
    scheme: Scheme, beside: Beside, keys: list[str], helpers: list[str], given: Mapping[str, Any] | None
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def add(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        for batch in batches:
            people, details = beside.apart(pyarrow.Table.from_batches([batch]))
            found = scheme.score(people, details=details, given=given, columns=keys, threads=1)
            figures = _plain(found.to_arrow())
            wider = batch
            for key, name in zip(keys, helpers, strict=True):
                column = figures.column(key).cast(pyarrow.string()).combine_chunks()
                if column.null_count:
                    raise refusal(
                        "K0901",
                        f"`{key}` is missing in a row, so its group is not known",
                        f"有一行缺少 `{key}`，无法确定其分组",
                        "fill it in, or take these rows out",
                        "请补全，或先去掉这些行",
                        [key],
                    )
                wider = wider.append_column(name, column)
            yield wider

    return add
