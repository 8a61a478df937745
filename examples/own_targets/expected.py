"""One person, one table, worked out with fractions: own targets, own weights, which total 100 or are a fault.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, lines, table, write  # noqa: E402

KINDS = [("存款", "存款"), ("贷款", "贷款"), ("客户", "新客户")]
COLUMNS = {"存款完成率": None, "贷款完成率": None, "客户完成率": None, "存款得分": 2, "贷款得分": 2, "客户得分": 2, "得分": 2}


def people():
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        for kind, result in KINDS:
            sheet.number(result, least=0, whole=kind == "客户")
            sheet.number(f"{kind}任务", least=0, whole=kind == "客户")
            sheet.number(f"{kind}权重", least=0, most=100)
        for kind, result in KINDS:
            sheet.work(f"{kind}完成率", lambda: sheet[result] / sheet[f"{kind}任务"] if sheet[f"{kind}任务"] else F(0))
            sheet.work(f"{kind}得分", lambda: 100 * min(sheet[f"{kind}完成率"], F("1.2")), 2)
        weights = [f"{kind}权重" for kind, _ in KINDS]
        if sheet.has(*weights) and sum(sheet[weight] for weight in weights) != 100:
            sheet.faults.append("得分: weights")
        else:
            sheet.work("得分", lambda: sum(sheet[f"{kind}权重"] * sheet[f"{kind}得分"] for kind, _ in KINDS) / 100, 2)
        yield sheet


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", COLUMNS, people())})
