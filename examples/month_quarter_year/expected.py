"""Month → quarter → year of a tobacco company, worked out from the regulation with fractions.

    python3 expected.py           writes expected-month.csv, expected-quarter.csv and expected.csv,
                                  and 月度.csv and 季度.csv, the detail tables the next schemes read
    python3 expected.py --check   holds them against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, day, lines, seats, table, write  # noqa: E402

LEVELS = [("高级", F("0.2")), ("中级", F("0.5")), ("初级", F("0.3"))]
MONTH = {"工号": None, "月份": None, "批准请假": None, "得分": 2, "销量得分": 2, "拜访得分": 2, "日志得分": 2, "月度考核": 2}
QUARTER = {"工号": None, "请假月数": None, "月均分": None, "季度得分": 2, "检查": None, "季度等次": None}
YEAR = {"请假月数": None, "月均分": None, "检查": None, "五方评价": 2, "年度得分": 2, "年度等级.seated": None, "年度等级": None}


def weighted(*parts):
    """The weighted mean of (weight, score); what has no score gives its weight to the others."""
    there = [(weight, score) for weight, score in parts if score is not None]
    return sum(weight * score for weight, score in there) / F(sum(weight for weight, _ in there))


def months():
    """Each month: sales 50, visits 30, logs 20 where any was checked; no score on approved leave."""
    for cells in table(HERE / "staff-month.csv"):
        sheet = Sheet(cells)
        sheet.text("工号")
        sheet["月份"] = day(cells["考核月"])
        sheet.truth("请假批准", default=False)
        sheet["批准请假"] = sheet["请假批准"]
        for fact in ("销量", "拜访户数", "抽查日志", "合格日志"):
            sheet.number(fact, least=0, default=F(0))
        sheet.number("销量计划", above=0)
        sheet.number("应访户数", above=0)
        sheet.work("销量得分", lambda: 100 * min(sheet["销量"] / sheet["销量计划"], F("1.2")), 2)
        sheet.work("拜访得分", lambda: 100 * min(sheet["拜访户数"] / sheet["应访户数"], F(1)), 2)
        sheet.work("日志得分", lambda: 100 * sheet["合格日志"] / sheet["抽查日志"] if sheet["抽查日志"] else None, 2)
        parts = (50, "销量得分"), (30, "拜访得分"), (20, "日志得分")
        sheet.work("月度考核", lambda: weighted(*((weight, sheet[item]) for weight, item in parts)), 2)
        sheet.work("得分", lambda: None if sheet["批准请假"] else sheet["月度考核"])
        yield sheet


def mean_of_months(sheet, mine):
    """The months there should be, without those on approved leave; one that is not there is nought."""
    sheet["请假月数"] = F(sum(month["得分"] is None and month["批准请假"] for month in mine))
    counted = sheet["应考核月数"] - sheet["请假月数"]
    total = sum(month["得分"] or 0 for month in mine)
    sheet["月均分"] = total / counted if counted > 0 else None


def quarters(all_months):
    """Each quarter: 70 % its months, 30 % the inspection."""
    for cells in table(HERE / "staff-quarter.csv"):
        sheet = Sheet(cells)
        sheet.text("工号")
        first, last = day(cells["季初"]), day(cells["季末"])
        sheet.number("应考核月数", least=0, most=3, whole=True)
        sheet.number("检查得分", least=0, most=100)
        sheet.work("检查", lambda: sheet["检查得分"])
        mine = [month for month in all_months if month["工号"] == sheet["工号"] and first <= month["月份"] <= last]
        mean_of_months(sheet, mine)
        sheet.work("季度得分", lambda: weighted((70, sheet["月均分"]), (30, sheet["检查"])), 2)
        edges = ("优秀", 90), ("称职", 75), ("基本称职", 60)
        sheet.work("季度等次", lambda: next((word for word, least in edges if sheet["季度得分"] >= least), "不称职"))
        yield sheet


def year(all_months, all_quarters):
    """Each person's year: months 50, inspection 20, five sources 30; then levels by quota, one step a year at most."""
    people = []
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        for source in ("客户评价", "工业评价", "自我评价", "营销部评价"):
            sheet.number(source, least=0, most=100)
        sheet.number("技能考试", least=0, most=100, default=None)
        sheet.number("应考核月数", least=0, whole=True)
        sheet.choice("现等级", [level for level, _ in LEVELS], default=None)
        mean_of_months(sheet, [month for month in all_months if month["工号"] == cells["工号"]])
        inspections = [quarter["检查"] for quarter in all_quarters if quarter["工号"] == cells["工号"]]
        sheet["检查"] = sum(inspections) / F(len(inspections)) if inspections else F(0)
        others = [(20, sheet[source]) for source in ("客户评价", "工业评价", "自我评价", "营销部评价")]
        sheet.work("五方评价", lambda: weighted((20, sheet["月均分"]), *others), 2)
        sheet.work("年度得分", lambda: weighted((50, sheet["月均分"]), (20, sheet["检查"]), (30, sheet["五方评价"])), 2)
        people.append(sheet)
    grade(people)
    return people


def grade(people):
    """Seats by 20/50/30 from the top; senior only with 80 in the examination; then one step from the last level at most."""
    waiting = sorted(people, key=lambda s: (-s["年度得分"], -s["检查"], s.cells["工号"]))
    names, left_over = [level for level, _ in LEVELS], 0
    for (level, _), count in zip(LEVELS, seats(len(people), [share for _, share in LEVELS])):
        may = [sheet for sheet in waiting if level != "高级" or (sheet["技能考试"] or 0) >= 80]
        seated = may[: count + left_over]
        left_over = count + left_over - len(seated)  # what nobody may have flows down
        for sheet in seated:
            sheet["年度等级.seated"] = level
            waiting.remove(sheet)
    for sheet in people:
        at = names.index(sheet["年度等级.seated"])
        was = names.index(sheet["现等级"]) if sheet["现等级"] else at
        sheet["年度等级"] = names[max(was - 1, min(was + 1, at))]


if __name__ == "__main__":
    all_months = list(months())
    all_quarters = list(quarters(all_months))
    write(HERE, {
        "expected-month.csv": lines("单号", MONTH, all_months),
        "月度.csv": lines("单号", {name: MONTH[name] for name in ("工号", "月份", "批准请假", "得分")}, all_months, faults=False),
        "expected-quarter.csv": lines("单号", QUARTER, all_quarters),
        "季度.csv": lines("单号", {name: QUARTER[name] for name in ("工号", "季度得分", "检查")}, all_quarters, faults=False),
        "expected.csv": lines("工号", YEAR, year(all_months, all_quarters)),
    })  # fmt: skip
