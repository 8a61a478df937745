"""Answers to exams and sheets of raters: how they are handed over, and what is told of questions."""

from decimal import Decimal

import pandas
import pytest
from conftest import ROOT, read_csv

import kaohe

EXAM = """
kaohe: 1
scheme: 考试
inputs: { 工号: { type: text, key: true } }
exams:
  初试:
    pass: 4
    parts:
      - { name: 单选, kind: single, questions: S, options: 4, marks: 2, key: [A, B] }
      - { name: 判断, kind: true_false, questions: T, marks: 1, key: [T] }
"""
SECOND = EXAM.replace("exams:", "exams:\n  复试: { parts: [{ name: 判断, kind: true_false, questions: T, marks: 1, key: [F] }] }")
RATINGS = """
kaohe: 1
scheme: 测评
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    scale: { A: 100%, B: 80% }
    items: [{ name: 服务, points: 60 }, { name: 协作, points: 40 }]
    roles: { 上级: { weight: 60 }, 同事: { weight: 40, minimum: 2 } }
    when_role_missing: renormalise
    round: 2
"""
PEOPLE = [{"工号": "001"}, {"工号": "002"}, {"工号": "003"}]
ANSWERS = [{"工号": "001", "S1": "a", "S2": "Ｂ", "T1": True}, {"工号": "002", "S1": "AB", "S2": None, "T1": "错"}]


@pytest.mark.parametrize("make", [list, pandas.DataFrame, lambda rows: {name: [row[name] for row in rows] for name in rows[0]}])
def test_answers_are_a_table(make):
    scheme = kaohe.Scheme.parse(EXAM)
    (exam,) = scheme.details
    assert (exam.name, exam.kind, [each.name for each in exam.columns]) == ("初试", "answers", ["S1", "S2", "T1"])
    for answers in (make(ANSWERS), {"初试": make(ANSWERS)}):
        result = scheme.score(PEOPLE, answers=answers)
        first, second, third = result.frame
        assert (first["初试"], first["初试.通过"]) == (Decimal(5), True)
        assert (second["初试.单选"], second["初试.判断"], third["初试"]) == (None, Decimal(0), None)
        told = [(each["key"], each["column"], each["code"]) for each in result.errors if not each["blocked_by"]]
        assert told == [("002", "初试.S1", "K0940")]


def test_one_person_answers_in_a_dictionary():
    scheme = kaohe.Scheme.parse(EXAM)
    for answers in ({"S1": "A", "S2": "", "T1": "对"}, {"初试": {"S1": "A", "S2": "", "T1": "对"}}, [{"S1": "A", "S2": None, "T1": "√"}]):
        assert scheme.score_row({"工号": "001"}, answers=answers)["初试"] == Decimal(3)
    assert scheme.score_row({"工号": "001"}).problems[0].code == "K0928"


def test_several_exams_are_told_apart():
    scheme = kaohe.Scheme.parse(SECOND)
    with pytest.raises(kaohe.DataError, match="more than one examination") as caught:
        scheme.score(PEOPLE, answers=ANSWERS)
    assert (caught.value.code, caught.value.offenders) == ("K0809", ["复试", "初试"])
    second = [{"工号": "003", "T1": "×"}]
    result = scheme.score(PEOPLE, answers={"初试": ANSWERS, "复试": second})
    assert result.frame[2]["复试"] == Decimal(1)
    with pytest.raises(kaohe.DataError, match="lacks the tables"):
        scheme.score(PEOPLE, answers={"初试": ANSWERS})
    with pytest.raises(kaohe.DataError, match="more than one"):
        result.exam_statistics()
    assert result.exam_statistics("复试").sheets == 1


def test_questions_are_told_about():
    folder = ROOT / "examples" / "qualification_exam"
    answers = read_csv(folder / "资格考试.csv")
    scheme = kaohe.Scheme.load(folder / "scheme.yaml")
    told = scheme.score(read_csv(folder / "staff.csv"), answers=answers).exam_statistics()
    assert (told.exam, told.sheets, told.left_out, told.group) == ("资格考试", 16, (4, 5, 6), 4)
    assert len(told.questions) == 30
    first = told.questions[0]
    assert (first.part, first.question, first.key) == ("单选", "S1", "A")
    marked = [row["S1"] for row in answers if row["工号"] not in ("004", "005", "007")]
    right = sum(answer.strip().upper() in ("A", "Ａ") for answer in marked)
    assert (first.right, first.blank, first.invalid) == (right, marked.count(""), 0)
    assert first.difficulty == Decimal(right) / 16
    for question in told.questions:
        assert 0 <= question.difficulty <= 1 and -1 <= question.discrimination <= 1
        assert question.correlation is None or -1 <= question.correlation <= 1


def test_sheets_come_together():
    scheme = kaohe.Scheme.parse(RATINGS)
    sheets = [
        {"工号": "001", "角色": "上级", "考评人": "x", "评分": "AB"},
        {"工号": "001", "角色": "同事", "考评人": "y", "评分": "AA"},
        {"工号": "001", "角色": "同事", "考评人": "z", "评分": "BB"},
        {"工号": "002", "角色": "同事", "考评人": "y", "评分": "BB"},
        {"工号": "002", "角色": "上级", "考评人": "x", "评分": "BA"},
    ]
    for ratings in (sheets, {"测评": pandas.DataFrame(sheets)}):
        result = scheme.score(PEOPLE, ratings=ratings)
        assert [row["测评"] for row in result.frame] == [Decimal("91.20"), Decimal("88.00"), None]
        assert [row["测评.同事"] for row in result.frame] == [Decimal(90), None, None]
    alone = [{key: cell for key, cell in sheet.items() if key != "工号"} for sheet in sheets[:3]]
    assert scheme.score_row({"工号": "001"}, ratings=alone)["测评"] == Decimal("91.20")
    with pytest.raises(kaohe.DataError) as caught:
        scheme.score(PEOPLE, ratings=[*sheets, sheets[1]])
    assert caught.value.code == "K0807"


SEVERE = """
kaohe: 1
scheme: 考评
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    marks: { max: 100 }
    items: [{ name: 服务, points: 100 }]
    severity: additive
    roles: { 同事: { weight: 80 }, 本人: { weight: 20, self: true } }
    when_role_missing: renormalise
"""


def severe(marks):
    return [{"工号": key, "角色": "同事", "考评人": rater, "服务": mark} for key, rater, mark in marks]


def test_sheets_count_without_severity():
    scheme = kaohe.Scheme.parse(SEVERE)
    marks = [("001", "rater-a", 80), ("002", "rater-a", 70), ("002", "rater-b", 80), ("003", "rater-b", 60)]
    result = scheme.score(PEOPLE, ratings=severe(marks))
    assert [row["测评.同事"] for row in result.frame] == [Decimal(85), Decimal(75), Decimal(55)]
    why = result.explain("003", "测评.同事")
    assert "rated 60, the rater's effect +5, counts as 55" in why.to_text()
    assert "评为 60，考评人宽严 +5，计为 55" in why.to_text("zh")
    result = scheme.score(PEOPLE, ratings=severe([*marks[:2], *marks[3:]]))
    assert {row["code"] for row in result.errors if row["column"] == "测评.同事"} == {"K1025"}
    (note,) = result.notes
    assert note.code == "K1025" and "1 rater of `003`" in note.message and "rater-" not in note.message + note.message_zh
    assert scheme.score_row({"工号": "001"}, ratings=severe(marks[:1])).problems[0].code == "K0921"


def test_raters_of_a_run_agree():
    scheme = kaohe.Scheme.parse(SEVERE)
    marks = [(key, rater, mark) for key, row in zip(["001", "002", "003"], [[90, 80], [70, 75], [60, 50]], strict=True)
             for rater, mark in zip(["rater-a", "rater-b"], row, strict=True)]
    result = scheme.score(PEOPLE, ratings=severe(marks))
    frame = [{"ratee": key, "rater": rater, "rating": mark} for key, rater, mark in marks]
    wanted = kaohe.agreement(frame, ratee="ratee", rater="rater", rating="rating")
    for found in (result.agreement(), result.agreement("测评", incomplete="leave_out")):
        assert (found.rating, [role.role for role in found.roles], found.left_out) == ("测评", ["同事"], ())
        role = found["同事"]
        assert (role.sheets, role.raters, role.ratees) == (6, 2, 3)
        assert dict(role.whole) == dict(role.items["服务"]) == dict(wanted)
        assert role.whole.exact("icc_2_1") == wanted.exact("icc_2_1")
        assert "rater-" not in repr(found)
    with pytest.raises(KeyError):
        result.agreement()["本人"]
    with pytest.raises(kaohe.DataError) as caught:
        result.agreement("测苹")
    assert caught.value.code == "K0809"
    with pytest.raises(kaohe.DataError):
        result.agreement(incomplete="never")
    partly = scheme.score(PEOPLE, ratings=[*severe(marks[:3]), {"工号": "003", "角色": "同事", "考评人": "", "服务": 5}])
    assert partly.agreement().left_out == (4,)
