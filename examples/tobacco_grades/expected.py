"""Three levels of three grades (三级九档), worked out from the regulation with fractions, and the pay that follows them.

    python3 expected.py           writes expected.csv (twelve people, with pay) and expected-grades.csv (71 people)
    python3 expected.py --check   holds them against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, half_up, lines, seats, table, write  # noqa: E402

LEVELS = [("高级", F("0.2")), ("中级", F("0.5")), ("初级", F("0.3"))]
FLOATING = {"高级": 900, "中级": 600, "初级": 350}
COEFFICIENTS = {
    "高级": {"A": "2.0", "B": "1.8", "C": "1.6"},
    "中级": {"A": "1.4", "B": "1.3", "C": "1.2"},
    "初级": {"A": "1.1", "B": "1.0", "C": "0.9"},
}
GRADES = {"综合得分": 2, "级别": None, "档次.seated": None, "档次": None}
PAY = {"工龄工资": 2, "效益工资": 2, "应发工资": 2}


def people(name):
    """The people of a table, scored: examination 40 %, results 40 %, review 20 %."""
    found = []
    for cells in table(HERE / name):
        sheet = Sheet(cells)
        for fact in ("考试", "业绩", "评议"):
            sheet.number(fact, least=0, most=100)
        sheet.truth("服务农村")
        sheet.work("综合得分", lambda: (40 * sheet["考试"] + 40 * sheet["业绩"] + 20 * sheet["评议"]) / 100, 2)
        found.append(sheet)
    return found


def in_order(sheets):
    """By score, then results, then examination, all falling, then by number."""
    return sorted(sheets, key=lambda s: (-s["综合得分"], -s["业绩"], -s["考试"], s.cells["工号"]))


def seat(sheets, grading, shares):
    """Gives out the seats of a grading from the top of the order."""
    line = iter(in_order(sheets))
    for (grade, _), count in zip(shares, seats(len(sheets), [share for _, share in shares])):
        for _ in range(count):
            next(line)[grading] = grade


def grade(sheets):
    """Levels by 20/50/30, thirds inside a level, and one grade up, never out of the level, for serving the countryside."""
    seat(sheets, "级别", LEVELS)
    for level, _ in LEVELS:
        seat([sheet for sheet in sheets if sheet["级别"] == level], "档次.seated", [(each, F(1, 3)) for each in "ABC"])
    for sheet in sheets:
        seated = sheet["档次.seated"]
        sheet["档次"] = {"A": "A", "B": "A", "C": "B"}[seated] if sheet["服务农村"] else seated
    return sheets


def pay(sheet):
    """Base 1500, the level's floating pay, seniority, and 1234.56 by the grade's coefficient and the score."""
    sheet.number("任职年限", least=0)
    sheet.truth("合同制")
    years = sheet["任职年限"] // 1  # completed years
    a_year = 4 if years <= 10 else 6 if years <= 15 else 8
    sheet["浮动工资"] = F(FLOATING[sheet["级别"]])
    sheet["工龄工资"] = F(a_year * years if sheet["合同制"] and sheet["任职年限"] >= 3 else 0)
    coefficient = F(COEFFICIENTS[sheet["级别"]][sheet["档次"]])
    sheet["效益工资"] = half_up(F("1234.56") * coefficient * sheet["综合得分"] / 100, 2)
    sheet["应发工资"] = 1500 + sheet["浮动工资"] + sheet["工龄工资"] + sheet["效益工资"]
    return sheet


if __name__ == "__main__":
    twelve = [pay(sheet) for sheet in grade(people("staff.csv"))]
    write(HERE, {
        "expected.csv": lines("工号", GRADES | PAY, twelve, faults=False),
        "expected-grades.csv": lines("工号", GRADES, grade(people("staff-grades.csv"))),
    })  # fmt: skip
