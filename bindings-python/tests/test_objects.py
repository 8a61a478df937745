"""Schemes, formulas and what they give as Python objects: read, compared, pickled, sent to other processes."""

import copy
import datetime
import multiprocessing
import pickle
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import SMALL

import kaohe
from kaohe import CellError, DataError, Formula, Outcome, Problem, Scheme, SchemeError


def test_what_a_scheme_says_of_itself(scheme):
    assert (scheme.name, scheme.edition, scheme.as_of) == ("存款考核", "2026Q3", datetime.date(2026, 9, 30))
    assert scheme.source == SMALL
    assert repr(scheme) == "<kaohe.Scheme '存款考核', edition '2026Q3'>"
    key, deposits, *_ = scheme.inputs
    assert (key.name, key.kind, key.key, key.headers) == ("工号", "text", True, ("工号", "员工编号"))
    assert (deposits.kind, deposits.key, deposits.unit) == ("number", False, "万元")
    columns = {column.name: column for column in scheme.columns}
    assert columns["完成率四位"].places == 4 and columns["完成率"].places is None
    assert columns["完成率"].formula == "日均存款 / 存款任务" and columns["得分"].formula is None
    assert columns["等级"].kind == "grade" and columns["入职"].kind == "date"
    assert scheme.fingerprint.startswith("sha256:")
    assert Scheme.parse(SMALL + "# a comment\n").fingerprint == scheme.fingerprint
    with pytest.raises(TypeError, match="Scheme.parse"):
        Scheme()
    with pytest.raises(AttributeError):
        scheme.name = "x"


def test_warnings_are_told_and_do_not_stop():
    scheme = Scheme.parse("kaohe: 1\nscheme: 例\ninputs: { k: { type: text, key: true }, a: { type: number } }")
    assert [found.code for found in scheme.warnings] == ["K0701"]
    assert scheme.warnings[0].severity == "warning" and scheme.warnings == Scheme.check(scheme.source)


def test_an_outcome_reads_like_a_dictionary(scheme, people):
    outcome = scheme.score_row(people[0])
    assert isinstance(outcome, Outcome)
    assert dict(outcome) == outcome.figures and list(outcome) == [column.name for column in scheme.columns]
    assert len(outcome) == len(scheme.columns)
    assert outcome["得分"] == Decimal("87.13") and str(outcome["得分"]) == "87.13"
    # a column nobody is shown can be asked for
    assert outcome["日均存款"] == Decimal("862.5") and "日均存款" in outcome and "日均存款" not in list(outcome)
    assert outcome.get("奖金") is None and "奖金" not in outcome
    with pytest.raises(KeyError):
        outcome["奖金"]
    assert outcome.is_complete and outcome.problems == []
    assert outcome["年份"] == 2020 and outcome["案件"] is False and outcome["入职"] == datetime.date(2020, 2, 29)
    assert "得分" in repr(outcome)


def test_what_has_no_value_is_none_with_a_reason(scheme, people):
    outcome = scheme.score_row(people[1])
    assert outcome["得分"] is None and not outcome.is_complete
    first, *blocked = outcome.problems
    assert isinstance(first, Problem)
    assert (first.column, first.code, first.blocked_by) == ("完成率", "K0902", None)
    assert first.underlined == "日均存款 / 存款任务" and first.line and first.message != first.message_zh
    assert {(each.code, each.blocked_by) for each in blocked} == {("K0920", "完成率")}
    assert outcome["投诉"] == Decimal("100.00")
    assert "87.13" not in outcome.explain("得分").to_text()


def test_any_mapping_is_a_row(scheme, people):
    import types

    import pandas

    want = scheme.score_row(people[0]).figures
    assert scheme.score_row(types.MappingProxyType(people[0])).figures == want
    assert scheme.score_row(pandas.Series(people[0])).figures == want
    assert scheme.score_row(pandas.DataFrame(people).iloc[0]).figures == want
    for wrong in (None, "001", [1], people, 5):
        with pytest.raises(DataError, match="is no row"):
            scheme.score_row(wrong)


def test_a_misspelt_name_is_not_a_default(scheme, people):
    row = people[0] | {"投诉次教": 3}
    del row["投诉次数"]
    with pytest.raises(DataError) as caught:
        scheme.score_row(row)
    assert caught.value.code == "K0805" and "投诉次数" in caught.value.help and "投诉次数" in caught.value.help_zh


def test_from_a_file(tmp_path):
    path = tmp_path / "方案.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert Scheme.load(path) == Scheme.load(str(path)) == Scheme.parse(SMALL)
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert Scheme.load(path) == Scheme.parse(SMALL)
    path.write_bytes(SMALL.encode("gb18030"))
    with pytest.raises(SchemeError, match="not UTF-8"):
        Scheme.load(path)
    with pytest.raises(FileNotFoundError):
        Scheme.load(tmp_path / "nowhere.yaml")
    path.write_text(SMALL.replace("/ 存款任务", "/ 存款任勿"), encoding="utf-8")
    with pytest.raises(SchemeError) as caught:
        Scheme.load(path)
    assert f"{path}:15:" in str(caught.value)


DOCUMENT = {
    "kaohe": 1,
    "scheme": "例",
    "period": {"kind": "quarter", "start": datetime.date(2026, 7, 1), "end": "2026-09-30"},
    "inputs": {
        "k": {"type": "text", "key": True, "header": ["工号", "员工编号"]},
        "a": {"type": "number", "min": Decimal("0.000000000001"), "max": 1e-7, "missing": 0.00000005},
    },
    "computed": {"b": "a * 2", "c": {"formula": "a + 0.1", "round": 3}},
    "scores": {"总分": {"items": {"项": {"weight": 100, "bands": {"of": "c", "at_least": [[0.3, 90], (0.1, 60)], "else": 0}}}}},
}


def test_from_a_dictionary():
    scheme = Scheme.from_dict(DOCUMENT)
    outcome = scheme.score_row({"k": "1"})
    assert outcome["b"] == Decimal("0.0000001") and str(outcome["c"]) == "0.100" and outcome["总分"] == 60
    assert scheme.as_of == datetime.date(2026, 9, 30)
    assert pickle.loads(pickle.dumps(scheme)) == scheme == Scheme.from_dict(DOCUMENT)
    # thirty digits are thirty digits
    parts = {"parameters": {"p": Decimal("0.123456789012345678901234567890")}}
    long = Scheme.from_dict(DOCUMENT | parts | {"computed": {"b": "p * 1000000000000000000 - 123456789012345678", "c": "a"}})
    assert str(long.score_row({"k": "1"})["b"]) == "0.90123456789"


def test_errors_of_a_dictionary_have_paths():
    with pytest.raises(SchemeError) as caught:
        Scheme.from_dict(DOCUMENT | {"computed": {"b": "a * x", "c": {"formula": "a", "rond": 2}}})
    found = {each.path: each for each in caught.value.diagnostics}
    assert found.keys() >= {"computed.b", "computed.c.rond"} or found.keys() >= {"computed.b", "computed.c"}
    assert all(each.line is None for each in found.values())
    assert "--> computed.b" in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [{1, 2}, b"x", object(), float("nan"), float("inf"), Decimal("NaN"), 1j, datetime.datetime(2026, 7, 1, 12),
     Decimal("1E+99999999")],
    ids=repr,
)
def test_what_no_scheme_can_have_is_refused_with_its_path(value):
    with pytest.raises(DataError) as caught:
        Scheme.from_dict(DOCUMENT | {"edition": {"x": [1, value]}})
    assert caught.value.offenders == ["edition.x.1"]


def test_a_dictionary_that_holds_itself_is_refused():
    circle = dict(DOCUMENT)
    circle["scheme"] = circle
    with pytest.raises(DataError, match="nested deeper"):
        Scheme.from_dict(circle)


def test_equal_by_text_and_day(scheme):
    same = Scheme.parse(SMALL)
    assert same == scheme and hash(same) == hash(scheme) and same is not scheme
    moved = scheme.with_as_of(datetime.date(2026, 8, 1))
    assert moved != scheme and moved.as_of == datetime.date(2026, 8, 1) and scheme.as_of == datetime.date(2026, 9, 30)
    assert moved.with_as_of(datetime.date(2026, 9, 30)) == scheme
    assert scheme != SMALL
    for wrong in (None, "2026-08-01", datetime.datetime(2026, 8, 1)):
        with pytest.raises(DataError, match="as_of"):
            scheme.with_as_of(wrong)
    assert Formula("a+1") == Formula("a+1") != Formula("a + 1") != Formula("a + 1", {"a": "number"})
    assert len({Formula("a"), Formula("a"), Formula("b")}) == 2


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickled_as_text(scheme, protocol):
    for each in (scheme, scheme.with_as_of(datetime.date(2026, 8, 1)), Formula("a / b"), Formula("a", {"a": "text"})):
        again = pickle.loads(pickle.dumps(each, protocol))
        assert again == each and type(again) is type(each) and hash(again) == hash(each)
    assert copy.copy(scheme) is scheme and copy.deepcopy(scheme) is scheme
    assert copy.deepcopy([Formula("a")]) == [Formula("a")]


def failing():
    yield lambda: Scheme.parse("kaohe: 1\nscheme: 例\ninputs: { k: { type: txt, key: true } }")
    yield lambda: Formula("a / b").evaluate({"a": 1, "b": 0})
    yield lambda: Formula("a / b").evaluate({"a": 1, "b": []})


@pytest.mark.parametrize("fail", list(failing()))
def test_errors_survive_a_pickle(fail):
    with pytest.raises(kaohe.KaoheError) as caught:
        fail()
    error = caught.value
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error) and vars(again) == vars(error)
    assert again.args == error.args and isinstance(again, ValueError)


def work(task):
    scheme, person = task
    return scheme.score_row(person).figures


def fail(text):
    return Formula(text).evaluate({})


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_other_processes(scheme, people, method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    # threads were used before the process is split
    scheme.score({"工号": list(map(str, range(2000)))} | {name: [people[0][name]] * 2000 for name in people[0] if name != "工号"})
    with multiprocessing.get_context(method).Pool(2) as pool:
        figures = pool.map(work, [(scheme, person) for person in people])
        with pytest.raises(SchemeError) as caught:
            pool.apply(fail, ("1 +",))
    assert figures == [scheme.score_row(person).figures for person in people]
    assert caught.value.diagnostics[0].line == 1


def test_formulas():
    formula = Formula("if(级别 = “高级”, 效益 * 1.2, 效益)", types={"级别": {"type": "choice", "values": ["高级", "中级"]}})
    assert formula.names == ("级别", "效益") and formula.text.startswith("if(")
    assert formula.evaluate({"级别": "高级", "效益": 10}) == 12
    assert formula.evaluate({"级别": "中级", "效益": 10}, exact=True) == 10
    assert Formula("a > 1").evaluate({"a": 2}, exact=True) is True
    assert Formula("add_months(d, 1)").evaluate({"d": datetime.date(2026, 1, 31)}) == datetime.date(2026, 2, 28)
    assert Formula("if(a > 0, missing, 1)").evaluate({"a": 1}) is None
    assert Formula("if(a > 0, missing, 1)").evaluate({"a": 1}, exact=True) is None
    with pytest.raises(CellError) as caught:
        formula.evaluate({"级别": "低级", "效益": 10})
    assert caught.value.code == "K0907" and caught.value.message_zh
    with pytest.raises(CellError) as caught:
        Formula("a + 1").evaluate({})
    assert caught.value.code == "K0901"
    with pytest.raises(SchemeError):
        Formula("a", types={"a": "nmuber"})


def test_a_long_fraction_comes_out_whole():
    """Two thousand digits, far more than any decimal has."""
    formula = Formula("1 / a^64 / a^64", {"a": {"type": "number", "whole": True}})
    found = formula.evaluate({"a": 9999999999999999}, exact=True)
    assert found == Fraction(1, 9999999999999999**128)
    assert len(str(found)) > 2000


def test_the_text_of_an_error_shows_the_place():
    with pytest.raises(SchemeError) as caught:
        Scheme.parse(SMALL.replace("/ 存款任务", "/ 存款任勿"))
    error = caught.value
    assert str(error).startswith("the scheme has 1 error\n")
    assert "did you mean `存款任务`?" in str(error)
    line = next(line for line in str(error).splitlines() if "存款任勿" in line and "|" in line)
    caret = str(error).splitlines()[str(error).splitlines().index(line) + 1]
    wide = sum(2 if ord(each) > 0x2E80 else 1 for each in line[: line.index("存款任勿")])
    assert caret.index("^") == wide and caret.count("^") == 8
    assert "是不是" in error.render("zh") and "错误[" in error.render("zh")
    first = error.diagnostics[0]
    assert (first.severity, first.line, first.underlined) == ("error", 15, "存款任勿")
    assert first.text[first.column - 1 : first.end_column - 1] == "存款任勿"
    with pytest.raises(ValueError, match="language"):
        error.render("fr")


def test_many_errors_are_counted():
    lines = "\n".join(f"  c{at}: x{at}{at} + 1" for at in range(50))
    with pytest.raises(SchemeError) as caught:
        Scheme.parse(f"kaohe: 1\nscheme: 例\ninputs: {{ k: {{ type: text, key: true }} }}\ncomputed:\n{lines}")
    assert len(caught.value.diagnostics) >= 50
    assert "and 30 more in `.diagnostics`" in str(caught.value)


def test_a_failed_case_tells_the_difference():
    scheme = Scheme.parse("""
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, a: { type: number } }
computed: { b: a * 2 }
cases:
  - { name: 对, row: { k: "1", a: 2 }, expect: { b: 4 } }
  - { name: 错, row: { k: "1", a: 2 }, expect: { b: 5 } }
""")
    right, wrong = scheme.run_cases()
    assert (right.name, right.verdict, right.figures, right.differences) == ("对", "passed", 1, ())
    assert wrong.verdict == "failed"
    assert (wrong.differences[0].column, wrong.differences[0].expected, wrong.differences[0].found) == ("b", "5", "4")
    assert wrong.differences[0].key is None


def test_a_failed_case_of_several_people_tells_whose_figure_it_is():
    scheme = Scheme.parse("""
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, a: { type: number } }
computed: { place: rank(a desc ties min) }
cases:
  - name: 错
    rows: [{ k: "1", a: 2 }, { k: "2", a: 3 }]
    expect: { "1": { place: 2 }, "2": { place: 2 } }
""")
    (result,) = scheme.run_cases()
    (difference,) = result.differences
    assert (difference.key, difference.column, difference.expected, difference.found) == ("2", "place", "2", "1")


def test_version():
    assert kaohe.__version__ == "0.1.0"
    assert (Path(kaohe.__file__).parent / "py.typed").exists()
    with pytest.raises(AttributeError):
        kaohe.nothing
