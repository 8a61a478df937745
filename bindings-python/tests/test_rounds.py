"""Rounds of rating: the tables that Rust and Node run too, ids apart from the library, and what is Python's own."""

import hashlib
import pickle
import random
import tomllib
from datetime import UTC, datetime

import pytest
from conftest import ROOT

import kaohe

TABLES = sorted((ROOT / "tests" / "cases" / "rounds").glob("*.toml"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in TABLES
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def meant(played, step):
    if "sheet_of" in step:
        return played.sheet_of(*step["sheet_of"]).id
    if "entry" in step:
        return next(sheet.id for sheet in played.sheets(step["rater"]) if sheet.entry == step["entry"])
    return played.sheet_of(step["rater"], step["ratee"]).id


def do(played, step, at, device):
    stamp = {"at": at, "device": device}
    match step["do"]:
        case "open" | "close" as turn:
            return getattr(played, turn)(step["by"], **stamp)
        case "reopen":
            return played.reopen(meant(played, step), step["by"], step["reason"], **stamp)
        case "mark":
            return played.mark(step["rater"], meant(played, step), step["item"], step["mark"], **stamp)
        case "clear":
            return played.clear(step["rater"], meant(played, step), step["item"], **stamp)
        case verb:
            return getattr(played, verb)(step["rater"], meant(played, step), **stamp)


def play(scheme, case):
    played, fork = kaohe.RatingRound(scheme, case["members"]), None
    for number, step in enumerate(case.get("steps", [])):
        match step["do"]:
            case "leave":
                played = kaohe.RatingRound(scheme, case["members"], log=played.to_json_lines())
                continue
            case "fork":
                fork = kaohe.RatingRound(scheme, case["members"], log=played.to_json_lines().encode())
                continue
            case "merge":
                played.merge(fork)
                continue
            case "members":
                played = kaohe.RatingRound(scheme, step["members"], log=played.to_json_lines())
                continue
        at = step.get("at", f"2026-10-01T09:00:{number:02}")
        on_fork = step.get("on") == "fork"
        target, device = (fork, "pc2") if on_fork else (played, "pc")
        try:
            got = "nothing" if do(target, step, at, device) is None else "done"
        except kaohe.DataError as error:
            got = error.code
            if "offenders" in step:
                assert error.offenders == step["offenders"]
        assert got == step.get("refused", "nothing" if step.get("nothing") else "done"), f"step {number}"
    return played


@pytest.mark.parametrize("case", CASES)
def test_round(case):
    scheme = kaohe.Scheme.parse(case["scheme"])
    if "error" in case:
        with pytest.raises(kaohe.DataError) as caught:
            kaohe.RatingRound(scheme, case["members"])
        assert (caught.value.code, caught.value.offenders) == (case["error"], case["offenders"])
        return
    made = kaohe.RatingRound(scheme, case["members"])
    assert [note.code for note in made.notes] == case.get("notes", [])
    if "ids" in case:
        assert [sheet.id for sheet in made.sheets()] == case["ids"]
    if "sheets" in case:
        every = [item for sheet in made.sheets() for item in sheet.marks]
        items = lambda sheet: " ".join(sheet.marks) if len(sheet.marks) < len(set(every)) else ""  # noqa: E731
        found = [[each.rater, each.role, each.ratee, each.group or "", items(each)] for each in made.sheets()]
        assert found == case["sheets"]
    played = play(scheme, case)
    for rater, want in case.get("tasks", {}).items():
        assert [f"{task.ratee}: {' '.join(task.outstanding)}" for task in played.tasks(rater)] == want
    if "submitted" in case:
        rows = [[s.ratee, s.role, s.rater, *[mark or "" for mark in s.marks.values()]] for s in played.submitted()]
        assert rows == case["submitted"]
    if "progress" in case:
        found = [[p.role, p.group or "", p.sheets, p.untouched, p.started, p.submitted] for p in played.progress()]
        assert found == case["progress"]
    for rater, want in case.get("reopened", {}).items():
        assert [f"{r.by}: {r.reason}" for sheet in played.sheets(rater) for r in sheet.reopened] == want
    assert [f"{each.event} {each.code}" for each in played.refused()] == case.get("refused", [])
    lines = played.to_json_lines().splitlines()
    if "events" in case:
        assert len(lines) == case["events"]
    if "log" in case:
        assert played.to_json_lines() == case["log"]
    # any order, with repetitions, comes to the same
    again = kaohe.RatingRound(scheme, case["members"]) if not any(s["do"] == "members" for s in case.get("steps", [])) else None
    if again is not None:
        shuffled = lines * 2
        random.Random(7).shuffle(shuffled)
        for line in shuffled:
            again.insert(line)
        assert again.to_json_lines() == played.to_json_lines()
        assert again.sheets() == played.sheets()


def test_there_are_tables():
    assert len(CASES) > 15


SCHEME = """
kaohe: 1
scheme: 客户经理考核
edition: 2026Q3
inputs: { 工号: { type: text, key: true } }
ratings:
  测评:
    marks: { max: 10, places: 1 }
    items: [{ name: 服务, points: 100 }]
    roles: { 上级: { weight: 100 } }
    plan: [{ rated: 经理, raters: [上级] }]
"""
PEOPLE = [("王", "上级", None), ("甲", "经理", "东"), ("乙", "经理")]


def played():
    made = kaohe.RatingRound(kaohe.Scheme.parse(SCHEME), PEOPLE)
    made.open("人事部", at=datetime(2026, 10, 1, 8))
    made.mark("王", made.sheet_of("王", "甲").id, "服务", 9, at=datetime(2026, 10, 1, 8, 30, 0, 250_000))
    return made


def digest(*fields):
    return hashlib.sha256("".join(f"{len(each.encode())}:{each}\n" for each in fields).encode()).hexdigest()[:16]


def test_ids_are_as_they_are_defined():
    for sheet in played().sheets():
        names = ["客户经理考核", "2026Q3", "", "", "测评", "经理", sheet.role, sheet.rater, sheet.ratee]
        assert sheet.id == digest("kaohe sheet 1", *names)


def test_it_is_pickled_with_all_that_happened():
    made = played()
    again = pickle.loads(pickle.dumps(made))
    assert again.to_json_lines() == made.to_json_lines()
    assert again.sheets() == made.sheets()
    assert repr(again) == "<kaohe.RatingRound '测评', open>"
    assert again.fingerprint == made.fingerprint


def test_a_log_cut_off_says_so_and_an_altered_one_is_refused():
    log = played().to_json_lines()
    cut = kaohe.RatingRound(kaohe.Scheme.parse(SCHEME), PEOPLE, log=log.encode()[:-30])
    assert cut.lost.code == "K1015"
    assert played().lost is None
    assert len(cut.to_json_lines().splitlines()) == 1
    with pytest.raises(kaohe.DataError, match="line 2") as caught:
        kaohe.RatingRound(kaohe.Scheme.parse(SCHEME), PEOPLE, log=log.replace('"9"', '"6"'))
    assert caught.value.code == "K1014"


def test_what_is_wrong_is_told():
    scheme = kaohe.Scheme.parse(SCHEME)
    for members, code in [([("王",)], "K0906"), ([("王", 5)], "K0906"), ([("", "上级")], "K0803")]:
        with pytest.raises(kaohe.DataError) as caught:
            kaohe.RatingRound(scheme, members)
        assert caught.value.code == code
    with pytest.raises(kaohe.DataError) as caught:
        kaohe.RatingRound(scheme, PEOPLE, rating="测")
    assert caught.value.code == "K0809"
    made = played()
    with pytest.raises(kaohe.DataError) as caught:
        made.close("人事部", at=datetime(2026, 10, 2, tzinfo=UTC))
    assert caught.value.code == "K1016"
    with pytest.raises(kaohe.DataError) as caught:
        made.mark("王", made.sheet_of("王", "甲").id, "服务", 10.05, at="2026-10-02T08:00:00")
    assert caught.value.code == "K0941"
    other = kaohe.RatingRound(kaohe.Scheme.parse(SCHEME.replace("2026Q3", "2026Q4")), PEOPLE)
    other.open("人事部", at="2026-10-01T08:00:00")
    for refused in [lambda: made.merge(other), lambda: made.insert(other.to_json_lines())]:
        with pytest.raises(kaohe.DataError) as caught:
            refused()
        assert caught.value.code == "K1013"


def test_somebody_is_asked_for_by_text_alone():
    # the sheets of the rater 7 are not those of all
    made = played()
    for ask in [lambda: made.sheets(7), lambda: made.tasks(7), lambda: made.sheet_of("王", "甲", role=5)]:
        with pytest.raises(kaohe.DataError) as caught:
            ask()
        assert caught.value.code == "K0906"
    assert len(made.sheets()) == len(made.sheets(None)) == 2


def test_a_sheet_says_what_is_asked_and_how_it_is_marked():
    [sheet, _] = played().sheets()
    assert sheet.items == (kaohe.SheetItem(name="服务", standard=None, anchors={}),)
    assert sheet.scale == {"min": 0, "max": 10, "places": 1}
    source = SCHEME.replace("marks: { max: 10, places: 1 }", "scale: { A: 100%, B_1: 80% }").replace(
        "points: 100", "points: 100, standard: 待客主动, anchors: { A: 客户致谢, B_1: 一般 }"
    )
    [sheet, _] = kaohe.RatingRound(kaohe.Scheme.parse(source), PEOPLE).sheets()
    assert sheet.items == (kaohe.SheetItem("服务", "待客主动", {"A": "客户致谢", "B_1": "一般"}),)
    assert sheet.scale == {"letters": ["A", "B_1"]}
