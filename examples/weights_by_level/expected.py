"""Three emphases in one scheme, worked out with fractions: the weights of the level, and what is missing shared out.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, lines, table, write  # noqa: E402

WEIGHTS = {  # by indicator: junior, intermediate, senior
    "业务量": (40, 15, 5), "满意度": (30, 10, 10), "达成率": (15, 35, 15),
    "客户关系": (10, 30, 10), "战略执行": (0, 5, 30), "团队": (5, 5, 30),
}  # fmt: skip
LEVELS = ["初级", "中级", "高级"]


def total(sheet):
    """Σ weight × score over Σ weight, without the strategy of who was not appraised in it."""
    at = LEVELS.index(sheet["级别"])
    parts = [(weights[at], sheet[name]) for name, weights in WEIGHTS.items()]
    parts = [(weight, score) for weight, score in parts if score is not None]
    return sum(weight * score for weight, score in parts) / F(sum(weight for weight, _ in parts))


def people():
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        sheet.choice("级别", LEVELS)
        for name in WEIGHTS:
            most = 120 if name in ("业务量", "达成率") else 100
            if name == "战略执行":
                sheet.number(name, least=0, most=most, default=None)
            else:
                sheet.number(name, least=0, most=most)
        sheet.work("得分", lambda: total(sheet), 2)
        yield sheet


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", {"得分": 2}, people())})
