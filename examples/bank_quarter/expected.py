"""The bank's quarter, worked out from the regulation with fractions: 70 % seven indicators, 30 % qualities, adjustments, a veto.

    python3 expected.py           writes expected.csv, expected-figures.csv and expected-full.csv
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


QUALITIES = {"服务": 20, "工作程序": 20, "综合素质": 10, "专业素质": 15, "团队精神": 15, "能力": 10, "道德修养": 10}
LETTERS = {"A": F(1), "B": F("0.8"), "C": F("0.6"), "D": F("0.4"), "E": F("0.2")}
ROLES = {"上级": 50, "同事": 20, "客户": 20, "本人": 10}


def facts(sheet, given=True):
    """The cells of one account manager, each within its limits; without the score of the marking sheets for `given=False`."""
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
    if given:
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


def sheet_score(sheet, marks):
    """Points of the seven qualities by their letters; none when one of the letters is no mark."""
    letters = marks.replace("，", "")
    wrong = [quality for quality, letter in zip(QUALITIES, letters) if letter not in LETTERS]
    sheet.faults.extend(f"综合素质测评.{quality}: no_mark" for quality in wrong)
    return None if wrong else sum(LETTERS[letter] * points for letter, points in zip(letters, QUALITIES.values()))


def role_score(role, scores):
    """The mean of the sheets; of five colleagues and more without the highest and the lowest."""
    scores = sorted(scores)
    kept = scores[1:-1] if role == "同事" and len(scores) >= 5 else scores
    return sum(kept, F(0)) / len(kept)


def qualities(sheet, rows):
    """Each role that has rated, and the roles by weight; a role without sheets gives its weight to the others."""
    mine = [row for row in rows if row["工号"] == sheet.cells["工号"]]
    complete = bool(mine)
    for role in ROLES:
        scores = [sheet_score(sheet, row["评分"]) for row in mine if row["角色"] == role]
        if None in scores:
            complete = False
        elif scores:
            sheet[f"综合素质测评.{role}"] = role_score(role, scores)
    if not mine:
        sheet.faults.append("综合得分: missing")
    if complete:
        there = {role: weight for role, weight in ROLES.items() if f"综合素质测评.{role}" in sheet}
        total = sum(weight * sheet[f"综合素质测评.{role}"] for role, weight in there.items())
        sheet.work("综合素质测评", lambda: total / sum(there.values()), 2)
        sheet.work("定性得分", lambda: sheet["综合素质测评"], 2)


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


def from_sheets():
    """The whole quarter, the qualities from the marks that superiors, colleagues, customers and everybody himself gave."""
    balances, entries, marks = (table(HERE / f"{name}.csv") for name in ("存款", "加减分事项", "综合素质测评"))
    for cells in table(HERE / "staff-full.csv"):
        sheet = Sheet(cells)
        facts(sheet, given=False)
        deposits(sheet, balances)
        events(sheet, entries)
        qualities(sheet, marks)
        yield score(sheet)


if __name__ == "__main__":
    of_roles = {f"综合素质测评.{role}": None for role in ROLES} | {"综合素质测评": 2, "定性得分": 2}
    detailed = DEPOSITS | COLUMNS | {"加减分": None}
    write(HERE, {
        "expected.csv": lines("工号", detailed, from_details()),
        "expected-figures.csv": lines("工号", COLUMNS, from_figures()),
        "expected-full.csv": lines("工号", detailed | of_roles, from_sheets()),
    })  # fmt: skip
