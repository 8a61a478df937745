"""The bank's quarter, worked out from the regulation with fractions: 70 % seven indicators, 30 % qualities, adjustments, a veto.

    python3 expected.py           writes expected.csv and expected-figures.csv
    python3 expected.py --check   holds them against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, day, days, exact, line, lines, table, write  # noqa: E402

START, END = day("2026-07-01"), day("2026-09-30")
COEFFICIENTS = {"对公": F(1), "储蓄": F("1.1"), "保证金": F("0.3")}

DEPOSITS = {"折算日均存款": None}
COLUMNS = {
    "日均增量": None, "计划完成率": None, "收息率": None, "不良率": None, "投诉率": None, "出勤率": None,
    "存款增量": 2, "收息": 2, "不良": 2, "满意": 2, "投诉": 2, "流失": 2, "出勤": 2,
    "定量得分": 2, "综合得分": 2, "等级": None,
}  # fmt: skip


def facts(sheet):
    """The cells of one account manager, each within its limits."""
    sheet.number("基数", least=0)
    sheet.number("增量计划", above=0)
    sheet.number("应收利息", above=0)
    sheet.number("实收利息", least=0)
    sheet.number("不良贷款", least=0)
    sheet.number("贷款余额", above=0)
    sheet.number("满意度", least=0, most=5)
    sheet.number("投诉次数", least=0, whole=True)
    sheet.number("客户数", least=0, whole=True)
    sheet.number("流失率", least=0, most=1)
    sheet.number("出勤天数", least=0)
    sheet.number("应出勤", above=0)
    sheet.number("定性得分", least=0, most=100)
    sheet.truth("重大案件", default=False)


def deposits(sheet, rows):
    """Balance × coefficient × days over the days of the quarter: divided once, after summing."""
    mine = [row for row in rows if row["工号"] == sheet.cells["工号"]]
    if any(not row["余额"].strip() for row in mine):
        sheet.faults.append("存款.余额: missing")
        return
    total = sum(exact(row["余额"]) * COEFFICIENTS[row["产品"]] * days(day(row["起"]), day(row["止"])) for row in mine)
    sheet["折算日均存款"] = F(total) / days(START, END)


def events(sheet, rows):
    """Additions and deductions of this quarter, both its ends included."""
    mine = [row for row in rows if row["工号"] == sheet.cells["工号"] and START <= day(row["日期"]) <= END]
    sheet["加减分值"] = F(sum(exact(row["分值"]) for row in mine))


def completion(rate):
    """30 points in proportion; nothing below 60 %, no more than 120 % counts."""
    return 30 * min(rate, F("1.2")) if rate >= F("0.6") else F(0)


def collection(rate):
    """20 points; 2 for each point below 98 %, in proportion; 1 for each above, 2 at most."""
    points = (rate - F("0.98")) * 100
    return 20 + (min(points, 2) if points > 0 else 2 * points)


def bad_loans(rate):
    """15 points; 3 for each full tenth of a point above 2 %, 15 at most."""
    full = max(0, (rate - F("0.02")) // F("0.001"))
    return 15 - min(3 * full, 15)


def complaints(rate):
    """10 points to 0.1 %, 8 to 0.3 %, 5 to 0.5 %, and none above."""
    return F(next((points for most, points in (("0.001", 10), ("0.003", 8), ("0.005", 5)) if rate <= F(most)), 0))


def score(sheet):
    """Everything that follows from the facts, each figure from those above it."""
    work = sheet.work
    work("日均增量", lambda: sheet["折算日均存款"] - sheet["基数"])
    work("计划完成率", lambda: sheet["日均增量"] / sheet["增量计划"])
    work("收息率", lambda: sheet["实收利息"] / sheet["应收利息"])
    work("不良率", lambda: sheet["不良贷款"] / sheet["贷款余额"])
    work("投诉率", lambda: sheet["投诉次数"] / sheet["客户数"])
    work("出勤率", lambda: sheet["出勤天数"] / sheet["应出勤"])
    work("存款增量", lambda: completion(sheet["计划完成率"]), 2)
    work("收息", lambda: collection(sheet["收息率"]), 2)
    work("不良", lambda: bad_loans(sheet["不良率"]), 2)
    work("满意", lambda: 10 - max(0, F("4.5") - sheet["满意度"]) / F("0.1"), 2)
    work("投诉", lambda: complaints(sheet["投诉率"]), 2)
    work("流失", lambda: 10 - min(max(0, sheet["流失率"] - F("0.05")) * 100 * 2, 10), 2)
    work("出勤", lambda: line([(F("0.9"), 0), (1, 5)], sheet["出勤率"]), 2)
    items = ["存款增量", "收息", "不良", "满意", "投诉", "流失", "出勤"]
    work("定量得分", lambda: sum(sheet[item] for item in items), 2)
    work("加减分", lambda: max(-5, min(5, sheet["加减分值"])))
    work("综合得分", lambda: composite(sheet), 2)
    work("等级", lambda: grade(sheet))
    return sheet


def composite(sheet):
    """70 : 30, the adjustments, and never above 59 after a major case."""
    total = (70 * sheet["定量得分"] + 30 * sheet["定性得分"]) / 100 + sheet["加减分"]
    return min(total, 59) if sheet["重大案件"] else total


def grade(sheet):
    """S from 95, A from 85, B from 70, C from 60, D below and after a major case."""
    total = sheet["综合得分"]
    return "D" if sheet["重大案件"] else next((g for g, least in zip("SABC", (95, 85, 70, 60)) if total >= least), "D")


def from_details():
    """The quarter from balances by product and day, and dated events."""
    balances, entries = table(HERE / "存款.csv"), table(HERE / "加减分事项.csv")
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        facts(sheet)
        deposits(sheet, balances)
        events(sheet, entries)
        yield score(sheet)


def from_figures():
    """The same with the daily average and the sum of adjustments brought in as figures."""
    for cells in table(HERE / "staff-figures.csv"):
        sheet = Sheet(cells)
        facts(sheet)
        sheet.number("折算日均存款", least=0)
        sheet.number("加减分值", default=F(0))
        yield score(sheet)


if __name__ == "__main__":
    detailed = DEPOSITS | COLUMNS | {"加减分": None}
    write(HERE, {
        "expected.csv": lines("工号", detailed, from_details()),
        "expected-figures.csv": lines("工号", COLUMNS, from_figures()),
    })  # fmt: skip
