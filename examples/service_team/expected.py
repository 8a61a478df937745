"""Customer-service teams, worked out from the regulation with fractions: scores by place in the team, grades by 20/70/10.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out

Who cannot be scored is left out of the places and seats of the team; `left_out` names them beside the others.
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, line, lines, seats, table, write  # noqa: E402

COLUMNS = {"满意": 2, "解决": 2, "投诉扣分": None, "表扬加分": None, "得分": 2, "等级": None, "left_out": None}
SHARES = [("A", F("0.2")), ("B", F("0.7")), ("C", F("0.1"))]


def people():
    """The facts of everybody."""
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        sheet.text("团队")
        for fact in ("满意率", "一次解决率", "出勤率"):
            sheet.number(fact, least=0, most=1)
        for fact in ("投诉", "表扬信"):
            sheet.number(fact, least=0, whole=True, default=F(0))
        yield sheet


def better(rate, team):
    """How many of the team did better: none before the first, and as many before each of equals."""
    return sum(other["一次解决率"] > rate for other in team if "一次解决率" in other)


def score(sheet, team):
    """Satisfaction 40, first calls by place 25 falling by one to 10, complaints to −15, letters to +5."""
    sheet.work("满意", lambda: line([(F("0.8"), 0), (F("0.95"), 40)], sheet["满意率"]), 2)
    sheet.work("解决", lambda: max(F(25 - better(sheet["一次解决率"], team)), F(10)), 2)
    sheet.work("投诉扣分", lambda: max(-3 * sheet["投诉"], F(-15)))
    sheet.work("表扬加分", lambda: min(sheet["表扬信"], F(5)))
    sheet.work("得分", lambda: sum(sheet[part] for part in ("满意", "解决", "投诉扣分", "表扬加分")), 2)


def by_thresholds(team):
    """58 is an A, 45 a B; never above C with less than 90 % attendance."""
    for sheet in team:
        found = "A" if sheet["得分"] >= 58 else "B" if sheet["得分"] >= 45 else "C"
        sheet["等级"] = found if sheet["出勤率"] >= F("0.9") else "C"


def by_seats(team):
    """Seats from the top among those who may have them; equals on both sides of a cut all go up; the rest is C."""
    may = sorted((sheet for sheet in team if sheet["出勤率"] >= F("0.9")), key=lambda sheet: -sheet["得分"])
    for sheet in team:
        sheet["等级"] = "C"
    start = 0
    for (grade, _), count in list(zip(SHARES, seats(len(team), [share for _, share in SHARES])))[:2]:
        end = min(start + count, len(may))
        for sheet in may[start:end]:
            sheet["等级"] = grade
        start = end
    for above, below in zip(may, may[1:]):  # from the top, so that a grade is handed down through all equals
        if above["得分"] == below["得分"]:
            below["等级"] = above["等级"]


def teams():
    """Every team scored and graded; one of 25 or more by seats, a smaller one by thresholds."""
    everybody = list(people())
    for name in dict.fromkeys(sheet["团队"] for sheet in everybody):
        team = [sheet for sheet in everybody if sheet["团队"] == name]
        for sheet in team:
            score(sheet, team)
        scored = [sheet for sheet in team if "得分" in sheet]
        (by_seats if len(scored) >= 25 else by_thresholds)(scored)
        absent = " ".join(sheet.cells["工号"] for sheet in team if "得分" not in sheet)
        for sheet in scored:
            sheet["left_out"] = absent
    return everybody


if __name__ == "__main__":
    write(HERE, {"expected.csv": lines("工号", COLUMNS, teams())})
