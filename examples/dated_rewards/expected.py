"""Rewards and faults as dated entries, worked out from the regulation with fractions.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, day, exact, lines, table, write  # noqa: E402

START, END = day("2026-01-01"), day("2026-12-31")
COLUMNS = {
    "奖金": None, "升档": None, "奖惩分": None, "得分": 2,
    "考核等级.seated": None, "考核等级.calculated": None, "考核等级": None,
}  # fmt: skip


def people():
    """Points within −10 and 5, money, a step up, and the decision that replaces the calculated grade."""
    entries, decisions = table(HERE / "奖惩.csv"), {row["工号"]: row["等级"] for row in table(HERE / "决定.csv")}
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        sheet.number("基础分", least=0, most=100)
        mine = [row for row in entries if row["工号"] == cells["工号"] and START <= day(row["日期"]) <= END]
        sums = {kind: F(sum(exact(row["数值"]) for row in mine if row["类别"] == kind)) for kind in ("加减分", "奖金", "升档")}
        sheet["奖金"], sheet["升档"] = sums["奖金"], sums["升档"]
        sheet["奖惩分"] = max(F(-10), min(F(5), sums["加减分"]))
        sheet.work("得分", lambda: sheet["基础分"] + sheet["奖惩分"], 2)
        edges = ("A", 90), ("B", 80), ("C", 60)
        sheet.work("考核等级.seated", lambda: next((grade for grade, least in edges if sheet["得分"] >= least), "D"))
        up = {"A": "A", "B": "A", "C": "B", "D": "C"}
        shift = sheet["升档"] >= 1
        sheet.work("考核等级.calculated", lambda: up[sheet["考核等级.seated"]] if shift else sheet["考核等级.seated"])
        sheet.work("考核等级", lambda: decisions.get(cells["工号"]) or sheet["考核等级.calculated"])
        yield sheet


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", COLUMNS, people())})
