"""Floating grades, worked out from the regulation: the highest whose standards all hold, up and down alike.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, lines, table, write  # noqa: E402


def grade(sheet):
    """The highest grade all of whose standards hold."""
    deposits, customers, bad = sheet["日均存款"], sheet["有效户"], sheet["不良率"]
    if deposits >= 8000 and customers >= 120 and bad <= F("0.005") and sheet["收息率"] >= F("0.99"):
        return "一等"
    if deposits >= 5000 and customers >= 80 and bad <= F("0.01"):
        return "二等"
    return "三等" if deposits >= 2000 and bad <= F("0.02") else "见习"


def change(sheet):
    last = sheet["上期等级"]
    return "新定" if last is None else "不变" if last == sheet["等级"] else "浮动"


def people():
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        sheet.number("日均存款", least=0)
        sheet.number("有效户", least=0, whole=True)
        sheet.number("不良率", least=0, most=1)
        sheet.number("收息率", least=0, most=1)
        sheet.choice("上期等级", ["一等", "二等", "三等"], default=None)
        sheet.work("等级", lambda: grade(sheet))
        sheet.work("变动", lambda: change(sheet))
        yield sheet


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", {"等级": None, "变动": None}, people())})
