"""Ten grades by two standards that must both be met, one grade a quarter at most, worked out with fractions.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, day, days, exact, lines, table, write  # noqa: E402

QUARTER = days(day("2026-07-01"), day("2026-09-30"))
LADDER = [f"{each}级" for each in "一二三四五六七八九十"]
LEAST = [(300_000 * F(4, 5) ** step, 60_000_000 * F(4, 5) ** step) for step in range(10)]


def highest(profit, average):
    """The best grade both of whose standards are met; nothing when not even the tenth's are."""
    return next((grade for grade, (least, least_average) in zip(LADDER, LEAST) if profit >= least and average >= least_average), None)


def grade(sheet):
    """The highest grade, at most one from the last; who had none is not held back. Below the tenth there is no grade."""
    found, last = highest(sheet["模拟利润"], sheet["日均增量"]), sheet["现等级"]
    if found is None or last is None:
        return found or "未入级"
    at, was = LADDER.index(found), LADDER.index(last)
    return LADDER[max(was - 1, min(was + 1, at))]


def people():
    """Each person with the daily-average increment: Σ (balance × coefficient − base) × days, over the days of the quarter."""
    deposits = table(HERE / "存款.csv")
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        sheet.number("模拟利润")
        sheet.choice("现等级", LADDER, default=None)
        mine = [row for row in deposits if row["工号"] == cells["工号"]]
        total = sum((exact(r["余额"]) * exact(r["折算系数"]) - exact(r["基数"])) * days(day(r["起"]), day(r["止"])) for r in mine)
        sheet["日均增量"] = F(total) / QUARTER
        sheet.work("等级", lambda: grade(sheet))
        yield sheet


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", {"日均增量": None, "等级": None}, people())})
