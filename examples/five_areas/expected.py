"""Five areas, quarter and year, worked out from the regulation with fractions.

    python3 expected.py           writes expected-quarter.csv and expected.csv, and 季度.csv, which the year reads
    python3 expected.py --check   holds them against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, day, lines, table, write  # noqa: E402

WEIGHTS = {"经营业绩": 40, "职业道德": 15, "基础管理": 15, "贷款操作": 15, "服务质量": 15}
AREAS = dict.fromkeys(WEIGHTS, 2)
QUARTER = {"截止日": None, "存款": 2, "收息": 2, **AREAS, "满意": 2, "投诉": 2, "季度得分": 2}
YEAR = {**AREAS, "年度得分": 2, "年度等次": None}
GRADES = ("优秀", 90), ("称职", 75), ("基本称职", 60)


def whole(sheet):
    """The areas by weight; what has no score gives its weight to the others."""
    there = [(weight, sheet[area]) for area, weight in WEIGHTS.items() if sheet[area] is not None]
    return sum(weight * score for weight, score in there) / F(sum(weight for weight, _ in there))


def quarters():
    for cells in table(HERE / "staff-quarter.csv"):
        sheet = Sheet(cells)
        sheet.text("工号")
        sheet["截止日"] = day(cells["季末"])
        sheet.number("存款增量")
        for fact in ("存款任务", "应收利息"):
            sheet.number(fact, above=0)
        sheet.number("实收利息", least=0)
        for fact in ("违规次数", "抽查档案", "合格档案", "投诉次数"):
            sheet.number(fact, least=0, whole=True, default=F(0))
        for fact in ("不良率", "满意率"):
            sheet.number(fact, least=0, most=1)
        sheet.work("存款", lambda: 100 * min(max(sheet["存款增量"] / sheet["存款任务"], F(0)), F("1.2")), 2)
        sheet.work("收息", lambda: collected(sheet["实收利息"] / sheet["应收利息"]), 2)
        sheet.work("经营业绩", lambda: (25 * sheet["存款"] + 15 * sheet["收息"]) / 40, 2)
        sheet.work("职业道德", lambda: max(100 - 20 * sheet["违规次数"], F(0)), 2)
        sheet.work("基础管理", lambda: 100 * sheet["合格档案"] / sheet["抽查档案"] if sheet["抽查档案"] else None, 2)
        sheet.work("贷款操作", lambda: bad_loans(sheet["不良率"]), 2)
        sheet.work("满意", lambda: 100 * sheet["满意率"], 2)
        sheet.work("投诉", lambda: max(100 - 25 * sheet["投诉次数"], F(0)), 2)
        sheet.work("服务质量", lambda: (10 * sheet["满意"] + 5 * sheet["投诉"]) / 15, 2)
        sheet.work("季度得分", lambda: whole(sheet), 2)
        yield sheet


def collected(share):
    bands = (F("0.98"), 100), (F("0.95"), 90), (F("0.9"), 75)
    return F(next((points for least, points in bands if share >= least), 0))


def bad_loans(share):
    bands = (F("0.005"), 100), (F("0.01"), 90), (F("0.02"), 70)
    return F(next((points for most, points in bands if share <= most), 0))


def year(all_quarters):
    """Each area the mean of its quarters: every one of them is needed, but for basic management."""
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        mine = [quarter for quarter in all_quarters if quarter["工号"] == cells["工号"]]
        for area in WEIGHTS:
            if area == "基础管理":
                there = [quarter[area] for quarter in mine if quarter[area] is not None]
                sheet[area] = sum(there) / F(len(there)) if there else None
                sheet.work(area, lambda: sheet[area], 2)
                continue
            if any(area not in quarter for quarter in mine):
                sheet.faults.append(f"季度.{area}: missing")
            sheet.work(area, lambda: sum(quarter[area] for quarter in mine) / F(len(mine)), 2)
        sheet.work("年度得分", lambda: whole(sheet), 2)
        sheet.work("年度等次", lambda: next((word for word, least in GRADES if sheet["年度得分"] >= least), "不称职"))
        yield sheet


if __name__ == "__main__":
    all_quarters = list(quarters())
    areas = {"工号": None, "截止日": None, **AREAS}
    write(HERE, {
        "expected-quarter.csv": lines("单号", QUARTER, all_quarters),
        "季度.csv": lines("单号", areas, all_quarters, faults=False),
        "expected.csv": lines("工号", YEAR, year(all_quarters)),
    })  # fmt: skip
