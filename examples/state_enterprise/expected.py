"""A state enterprise's appraisal, worked out with fractions: the quantitative part by the efficacy coefficient (功效系数法),
the qualitative part from the marks of at least seven experts.

    python3 expected.py           writes expected-quantitative.csv and expected.csv
    python3 expected.py --check   holds them against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, exact, lines, table, write  # noqa: E402

COEFFICIENTS = [F("0.2"), F("0.4"), F("0.6"), F("0.8"), F(1)]
INDICATORS = {  # item: indicator, points, standard values from the worst to the best
    "盈利": ("净资产收益率", 20, "2% 4% 6% 8% 10%"),
    "报酬": ("总资产报酬率", 14, "1% 2% 4% 6% 8%"),
    "周转": ("总资产周转率", 9, "0.2 0.4 0.6 0.9 1.2"),
    "回款": ("应收账款周转率", 13, "2 4 7 11 16"),
    "负债": ("资产负债率", 12, "90% 80% 70% 60% 50%"),
    "偿付": ("已获利息倍数", 10, "0 1 2 4 6"),
    "增长": ("销售增长率", 12, "-10% 0% 8% 16% 25%"),
    "保值": ("保值增值率", 10, "95% 100% 103% 106% 110%"),
}
NOT_NEGATIVE = {"总资产周转率", "应收账款周转率", "资产负债率"}
COLUMNS = dict.fromkeys([*INDICATORS, "定量评价", "综合得分"], 2) | {"等级": None}


def efficacy(actual, points, standards):
    """Points × own coefficient, and the share of the way to the next standard of what the next coefficient adds."""
    if standards[0] > standards[-1]:  # a smaller figure is better: the same on the mirrored line
        actual, standards = -actual, [-standard for standard in standards]
    if actual <= standards[0]:
        return points * COEFFICIENTS[0]
    for at in range(len(standards) - 1):
        own, upper = standards[at], standards[at + 1]
        if own <= actual < upper:
            base, upper_base = points * COEFFICIENTS[at], points * COEFFICIENTS[at + 1]
            return base + (actual - own) / (upper - own) * (upper_base - base)
    return F(points)


MARKS = {"优": F(1), "良": F("0.8"), "中": F("0.6"), "低": F("0.4"), "差": F("0.2")}
JUDGED = {
    "战略管理": 18, "发展创新": 15, "经营决策": 16, "风险控制": 13, "基础管理": 14, "人力资源": 8, "行业影响": 8, "社会贡献": 8,
}  # fmt: skip
EXPERTS = 7


def judged(sheet, rows):
    """The mean of the experts' sheets, of which there are seven at least; an item left unmarked spoils its sheet."""
    mine = [row for row in rows if row["企业"] == sheet.cells["企业"]]
    if len(mine) < EXPERTS:
        sheet.faults.append("专家评议: too_few")
        return
    unmarked = [item for row in mine for item in JUDGED if not row[item]]
    if unmarked:
        sheet.faults.append(f"专家评议.{unmarked[0]}: missing")
        return
    scores = [sum(MARKS[row[item]] * points for item, points in JUDGED.items()) for row in mine]
    sheet["专家评议.专家"] = sum(scores, F(0)) / len(scores)
    sheet.work("专家评议", lambda: sheet["专家评议.专家"], 2)
    sheet.work("定性评价", lambda: sheet["专家评议"], 2)


def enterprises(staff, rows=None):
    """Each enterprise with the points of its indicators, their sum, the total and its grade."""
    for cells in table(HERE / staff):
        sheet = Sheet(cells)
        for indicator, _, _ in INDICATORS.values():
            sheet.number(indicator, least=0 if indicator in NOT_NEGATIVE else None)
        if rows is None:
            sheet.number("定性评价", least=0, most=100)
        else:
            judged(sheet, rows)
        for item, (indicator, points, standards) in INDICATORS.items():
            values = [exact(standard) for standard in standards.split()]
            sheet.work(item, lambda: efficacy(sheet[indicator], points, values), 2)
        sheet.work("定量评价", lambda: sum(sheet[item] for item in INDICATORS), 2)
        sheet.work("综合得分", lambda: (70 * sheet["定量评价"] + 30 * sheet["定性评价"]) / 100, 2)
        edges = list(zip("ABCD", (85, 70, 50, 40)))
        sheet.work("等级", lambda: next((grade for grade, least in edges if sheet["综合得分"] >= least), "E"))
        yield sheet


if __name__ == "__main__":
    both = {"专家评议.专家": None, "专家评议": 2, "定性评价": 2} | COLUMNS
    write(HERE, {
        "expected-quantitative.csv": lines("企业", COLUMNS, enterprises("staff-quantitative.csv")),
        "expected.csv": lines("企业", both, enterprises("staff.csv", table(HERE / "专家评议.csv"))),
    })  # fmt: skip
