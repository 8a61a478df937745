"""On PySpark the figures are the local ones, row for row. Skipped without PySpark or Java."""

import os
import random
import shutil
import sys
from datetime import date, timedelta
from decimal import Decimal

import pyarrow
import pytest

from kaohe import DataError, Scheme

pyspark = pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("no Java", allow_module_level=True)

from kaohe import spark as on_spark  # noqa: E402

RULES = """
kaohe: 1
scheme: 例
given: {{ 加分: {{ type: number, missing: 0 }} }}
inputs:
  工号: {{ type: text, key: true }}
  网点: {{ type: text }}
  级别: {{ type: choice, values: [高, 低] }}
  得分: {{ type: number, missing: allow }}
computed:
  折半: {{ formula: 得分 / 2 + 加分, round: 2 }}
  档: if 得分 >= 50 then “上” else “下”
{}
grades:
  等级: {{ ladder: [优, 差], thresholds: {{ of: 折半, at_least: [[30, 优]], else: 差 }} }}
"""
ROWS = RULES.format("")
BRANCHES = RULES.format("  名次: rank(得分 desc ties min within 网点)\n  级内: rank(得分 desc ties min within [网点, 级别])")
EVERYBODY = RULES.format("  名次: rank(得分 desc ties min within 网点)\n  份额: share(得分)")


@pytest.fixture(scope="module")
def session():
    # workers are started by this variable, not by the session's setting
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        pyspark.sql.SparkSession.builder.master("local[2]")
        .appName("kaohe")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def people():
    dice = random.Random(4)
    return [
        {"工号": f"{at:04d}", "网点": f"网点{dice.randrange(7)}", "级别": dice.choice(["高", "低"]),
         "得分": None if at % 97 == 5 else Decimal(dice.randrange(10000)).scaleb(-2), "备注": [at]}
        for at in range(500)
    ]  # fmt: skip


SCHEMA = "`工号` string, `网点` string, `级别` string, `得分` decimal(12,2), `备注` array<int>"


def in_order(rows):
    return sorted(rows, key=lambda row: row["工号"])


@pytest.mark.parametrize("rules", [ROWS, BRANCHES, EVERYBODY], ids=["rows", "branches", "everybody"])
def test_the_figures_are_the_local_ones(session, people, rules):
    scheme = Scheme.parse(rules)
    df = session.createDataFrame(people, SCHEMA).repartition(4)
    options = {"given": {"加分": 1}}
    found = on_spark.score(df, scheme, **options, whole_population=rules == EVERYBODY)
    local = scheme.score(pyarrow.Table.from_pylist(people), **options)
    assert found.columns == local.frame.column_names
    assert in_order(row.asDict() for row in found.collect()) == in_order(local.frame.to_pylist())
    errors = on_spark.errors(df, scheme, **options, whole_population=rules == EVERYBODY)
    key = lambda row: (row["key"], row["column"], row["code"])  # noqa: E731
    wanted = [{name: cell for name, cell in row.items() if name != "row"} for row in local.errors.to_pylist()]
    assert sorted((row.asDict() for row in errors.collect()), key=key) == sorted(wanted, key=key)


def test_some_columns_alone(session, people):
    df = session.createDataFrame(people, SCHEMA)
    found = on_spark.score(df, Scheme.parse(EVERYBODY), columns=["工号", "名次"])
    local = Scheme.parse(EVERYBODY).score(pyarrow.Table.from_pylist(people), columns=["工号", "名次"])
    assert in_order(row.asDict() for row in found.collect()) == in_order(local.frame.to_pylist())


def test_a_figure_over_everybody_is_refused(session, people):
    df = session.createDataFrame(people, SCHEMA)
    with pytest.raises(DataError, match="份额") as caught:
        on_spark.score(df, Scheme.parse(EVERYBODY))
    assert caught.value.offenders == ["份额"] and "whole_population" in caught.value.help


def test_who_is_of_no_group_is_told(session, people):
    df = session.createDataFrame([*people, {**people[0], "工号": "x", "网点": None}], SCHEMA)
    scored = on_spark.score(df, Scheme.parse(BRANCHES))
    with pytest.raises(pyspark.errors.PythonException, match="`网点` is missing"):
        scored.collect()


DETAILS = """
kaohe: 1
scheme: 例
inputs:
  工号: { type: text, key: true }
  网点: { type: text }
  得分: { type: number, missing: allow }
details:
  存款:
    key: 工号
    columns:
      余额: { type: number, min: 0 }
      产品: { type: choice, values: [对公, 储蓄] }
      日: { type: date, missing: allow }
    computed: { 折: 余额 * (if 产品 = “对公” then 1 else 1.1) }
  事项: { key: 工号, columns: { 分值: { type: number } } }
computed:
  合计: { formula: sum(存款.折), round: 2 }
  最近: { formula: "last(存款.余额 by 存款.日 when_empty 0)", round: 2 }
  加减: sum(事项.分值)
  总分: coalesce(得分, 0) + 合计 / 1000 + 加减
"""
AMONG = DETAILS + "  名次: rank(合计 desc ties min within 网点)\n"
DEPOSITS = "`工号` string, `余额` decimal(12,2), `产品` string, `日` date, `柜员` int"


@pytest.fixture(scope="module")
def tables(people):
    dice = random.Random(5)
    day = lambda: None if dice.random() < 0.01 else date(2026, 7, 1) + timedelta(dice.randrange(90))  # noqa: E731
    deposits = [
        {"工号": dice.choice(people)["工号"], "余额": Decimal(dice.randrange(-100, 9_000_000)).scaleb(-2),
         "产品": dice.choice(["对公", "储蓄"]), "日": day(), "柜员": at}
        for at in range(1500)
    ]  # fmt: skip
    events = [{"工号": dice.choice(people)["工号"], "分值": dice.randrange(-3, 4)} for _ in range(80)]
    return deposits, events


def told(rows):
    """What errors say, but for the place of a row in its table, which is no more than the order of a file."""
    untold = ("row", "detail_line", "message", "message_zh")
    return sorted(repr(sorted((name, str(cell)) for name, cell in row.items() if name not in untold)) for row in rows)


@pytest.mark.parametrize("rules", [DETAILS, AMONG], ids=["rows", "branches"])
def test_detail_tables_are_brought_to_their_people(session, people, tables, rules):
    scheme = Scheme.parse(rules)
    deposits, events = tables
    df = session.createDataFrame(people, SCHEMA).repartition(4)
    frames = {
        "存款": session.createDataFrame(deposits, DEPOSITS).repartition(3),
        "事项": session.createDataFrame(events, "`工号` string, `分值` int"),
    }
    local = scheme.score(
        pyarrow.Table.from_pylist(people),
        details={"存款": pyarrow.Table.from_pylist(deposits), "事项": pyarrow.Table.from_pylist(events)},
    )
    found = on_spark.score(df, scheme, details=frames)
    assert in_order(row.asDict() for row in found.collect()) == in_order(local.frame.to_pylist())
    errors = on_spark.errors(df, scheme, details=frames)
    assert len(local.errors) > 0
    assert told(row.asDict() for row in errors.collect()) == told(local.errors.to_pylist())


def test_what_is_wrong_with_detail_tables_is_told(session, people, tables):
    scheme = Scheme.parse(DETAILS)
    df = session.createDataFrame(people, SCHEMA)
    events = session.createDataFrame(tables[1], "`工号` string, `分值` int")
    stray = session.createDataFrame([{"工号": "nobody", "余额": Decimal(1)}], "`工号` string, `余额` decimal(12,2)")
    stray = stray.selectExpr("`工号`", "`余额`", "'对公' as `产品`", "cast(null as date) as `日`")
    with pytest.raises(DataError, match="lacks the tables `存款`"):
        on_spark.score(df, scheme, details={"事项": events})
    with pytest.raises(DataError, match="不存在"):
        on_spark.score(df, scheme, details={"事项": events, "存款": stray, "不存在": events})
    with pytest.raises(DataError, match="detail table `事项`.*`工号`"):
        on_spark.score(df, scheme, details={"事项": events.withColumnRenamed("工号", "谁"), "存款": stray})
    with pytest.raises(DataError, match="detail table `存款`.*`余额`"):
        on_spark.score(df, scheme, details={"事项": events, "存款": events})
    scored = on_spark.score(df, scheme, details={"事项": events, "存款": stray})
    with pytest.raises(pyspark.errors.PythonException, match="`nobody`"):
        scored.collect()
