"""What the tests share: where the project's own schemes and tables stand."""

import csv
import datetime
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SMALL = """
kaohe: 1
scheme: 存款考核
edition: 2026Q3
period: { kind: quarter, start: 2026-07-01, end: 2026-09-30 }
rounding: { items: 2, totals: 2 }
inputs:
  工号:     { type: text, key: true, header: [员工编号] }
  日均存款: { type: number, unit: 万元, min: 0 }
  存款任务: { type: number, unit: 万元, min: 0 }
  投诉次数: { type: number, whole: true, min: 0, missing: 0 }
  入职日期: { type: date, missing: allow }
  重大案件: { type: bool, missing: false }
computed:
  完成率: 日均存款 / 存款任务
  完成率四位: { formula: 完成率, round: 4 }
  年份: year(入职日期)
  入职: 入职日期
  案件: 重大案件
scores:
  得分:
    items:
      存款: { weight: 90, completion: { of: 完成率, gate: 60%, cap: 120% } }
      投诉: { weight: 10, formula: "max(0, 100 - 5 * 投诉次数)" }
grades:
  等级:
    ladder: [优, 良, 差]
    thresholds: { of: 得分, at_least: [[90, 优], [60, 良]], else: 差 }
"""


@pytest.fixture(scope="session")
def scheme():
    import kaohe

    return kaohe.Scheme.parse(SMALL)


@pytest.fixture
def people():
    """Three people; the second has no target, so that what reads the quotient is empty."""
    return [
        {"工号": "001", "日均存款": "862.50", "存款任务": "1000", "投诉次数": 1, "入职日期": "2020-02-29", "重大案件": "否"},
        {"工号": "002", "日均存款": "862.50", "存款任务": "0", "投诉次数": 0, "入职日期": "2021-07-01", "重大案件": "是"},
        {"工号": "003", "日均存款": "1300", "存款任务": "1000", "投诉次数": None, "入职日期": "1999-12-31", "重大案件": None},
    ]


def read_csv(path):
    """The rows of a CSV file as dictionaries of text."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def percent(cell):
    """Tables of the examples write percentages; a cell is a plain number."""
    return str(Decimal(cell[:-1]) / 100) if cell.endswith("%") else cell


def shown(figure):
    """A figure as the tables write it."""
    match figure:
        case None:
            return "missing"
        case bool():
            return str(figure).lower()
        case Decimal():
            return "unlimited" if figure.is_infinite() else format(figure, "f")
        case datetime.date():
            return figure.isoformat()
    return figure


def told(result):
    """The lines of the errors as dictionaries, whatever kind of table they stand in."""
    errors = result.errors
    match type(errors).__module__.split(".")[0]:
        case "pandas":
            return errors.astype(object).where(errors.notna(), None).to_dict("records")
        case "polars":
            return errors.to_dicts()
        case "pyarrow":
            return errors.to_pylist()
    if isinstance(errors, dict):
        return [dict(zip(errors, row, strict=True)) for row in zip(*errors.values(), strict=True)]
    return errors
