"""Products × managers, worked out from the regulation with fractions.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, exact, lines, table, write  # noqa: E402

COEFFICIENTS = {"对公": F(1), "储蓄": F("1.1"), "保证金": F("0.3")}
COLUMNS = {
    "折算合计": None, "贡献度": None, "组内名次": None, "组内位置": None,
    "网点人均": None, "网点名次": None, "网点对比": None, "名次分": 2, "网点分": 2, "得分": 2,
}  # fmt: skip


def mean(values):
    return F(sum(values)) / len(values)


def people():
    """Everybody, held against the branch and the branch against the others."""
    rows = table(HERE / "产品业绩.csv")
    everybody = [Sheet(cells) for cells in table(HERE / "staff.csv")]
    for sheet in everybody:
        mine = [row for row in rows if row["工号"] == sheet.cells["工号"]]
        sheet["折算合计"] = F(sum(exact(row["业绩"]) * COEFFICIENTS[row["产品"]] for row in mine))
    branches = {}
    for sheet in everybody:
        branches.setdefault(sheet.cells["网点"], []).append(sheet["折算合计"])
    means = {branch: mean(totals) for branch, totals in branches.items()}
    for sheet in everybody:
        own, branch = sheet["折算合计"], branches[sheet.cells["网点"]]
        sheet["网点人均"] = means[sheet.cells["网点"]]
        sheet["网点名次"] = 1 + sum(other > sheet["网点人均"] for other in set(means.values()))
        sheet["组内名次"] = 1 + sum(other > own for other in branch)
        sheet["组内位置"] = F(sum(other <= own for other in branch), len(branch))
        sheet.work("贡献度", lambda: own / sum(branch))
        sheet["网点对比"] = sheet["网点人均"] / mean([each["折算合计"] for each in everybody])
        sheet.work("名次分", lambda: max(F(100 - 5 * (sheet["组内名次"] - 1)), F(60)), 2)
        sheet.work("网点分", lambda: 100 * min(sheet["网点对比"], F("1.2")), 2)
        sheet.work("得分", lambda: (60 * sheet["名次分"] + 40 * sheet["网点分"]) / 100, 2)
    return everybody


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", COLUMNS, people())})
