"""The qualification examination, marked from the regulation with sets: exact keys, and half marks for some of the right.

    python3 expected.py           writes expected.csv
    python3 expected.py --check   holds it against what is worked out
"""

import sys
from fractions import Fraction as F
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from exact import Sheet, lines, table, write  # noqa: E402

KEYS = {
    "S": "A A A B C C C C B D".split(),
    "M": "BD BCD ABCD ABCD ABCD ABCD ABCD ABC ABD ABCD".split(),
    "T": "F F F F T T T T T F".split(),
}
PARTS = {"单选": ("S", 3), "多选": ("M", 4), "判断": ("T", 3)}
WORDS = {"T": {"T", "TRUE", "对", "正确", "√", "是"}, "F": {"F", "FALSE", "错", "错误", "×", "否"}}
# full width, as input methods give it, and what stands between letters
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
BETWEEN = str.maketrans("", "", " \u3000,、;/")


class NoAnswer(Exception):
    """Something that cannot be an answer to the question."""


def chosen(kind, text):
    """The options of an answer as a set; empty for a blank."""
    text = text.translate(HALF_WIDTH).strip().upper()
    if not text:
        return set()
    if kind == "T":
        for letter, words in WORDS.items():
            if text in words:
                return {letter}
        raise NoAnswer
    letters = text.translate(BETWEEN)
    if set(letters) - set("ABCD") or len(set(letters)) < len(letters) or (kind == "S" and len(letters) > 1):
        raise NoAnswer
    return set(letters)


def earned(kind, key, answer, marks):
    """All marks for the key, half for some of several right options and no wrong one."""
    if answer == set(key):
        return F(marks)
    return F(marks, 2) if kind == "M" and answer and answer < set(key) else F(0)


def marked(sheet, answers):
    """The parts of a paper and their total; none for who has not sat it, or gave what cannot be an answer."""
    if answers is None:
        sheet.faults.append("成绩: missing")
        return
    for part, (kind, marks) in PARTS.items():
        points = []
        for number, key in enumerate(KEYS[kind], 1):
            try:
                points.append(earned(kind, key, chosen(kind, answers[f"{kind}{number}"]), marks))
            except NoAnswer:
                sheet.faults.append(f"资格考试.{kind}{number}: no_answer")
        if len(points) == len(KEYS[kind]):
            sheet[f"资格考试.{part}"] = sum(points)
    sheet.work("资格考试", lambda: sum(sheet[f"资格考试.{part}"] for part in PARTS))
    sheet.work("资格考试.通过", lambda: sheet["资格考试"] >= 70)
    sheet.work("笔试", lambda: sheet["资格考试"], 2)
    sheet.work("成绩", lambda: sheet["笔试"], 2)
    sheet.work("结论", lambda: "合格" if sheet["成绩"] >= 70 else "不合格")


def people():
    sheets = {row["工号"]: row for row in table(HERE / "资格考试.csv")}
    for cells in table(HERE / "staff.csv"):
        sheet = Sheet(cells)
        marked(sheet, sheets.get(cells["工号"]))
        yield sheet


if __name__ == "__main__":
    parts = {f"资格考试.{part}": None for part in PARTS}
    columns = parts | {"资格考试": None, "资格考试.通过": None, "笔试": 2, "成绩": 2, "结论": None}
    write(HERE, {"expected.csv": lines("工号", columns, people())})
