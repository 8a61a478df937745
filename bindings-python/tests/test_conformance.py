"""The shared case tables: the same answers as in Rust and Node, to the last digit, and the same codes."""

import datetime
import json
import tomllib
from decimal import Decimal

import pytest
from conftest import ROOT, read_csv

import kaohe

CASES = ROOT / "tests" / "cases"


def cases(folder):
    for path in sorted((CASES / folder).glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def shown(figure):
    """A figure as the tables write it."""
    match figure:
        case None:
            return "missing"
        case bool():
            return str(figure).lower()
        case Decimal():
            return format(figure, "f")
        case datetime.date():
            return figure.isoformat()
    return figure


def test_there_are_tables():
    assert len(list(cases("eval"))) > 200
    assert len(list(cases("rules"))) > 80


@pytest.mark.parametrize("case", list(cases("eval")))
def test_formula(case):
    formula = kaohe.Formula(case["formula"], case.get("types"))
    row = case.get("row", {})
    if "fault" in case:
        with pytest.raises(kaohe.CellError) as caught:
            formula.evaluate(row)
        assert caught.value.code == case["fault"]
        return
    figure = formula.evaluate(row)
    assert shown(figure) == ("missing" if case.get("missing") else case["want"])
    if "exact" in case:
        assert str(formula.evaluate(row, exact=True)) == case["exact"]


@pytest.mark.parametrize("case", list(cases("rules")))
def test_rule(case):
    scheme = kaohe.Scheme.parse(case["scheme"])
    outcome = scheme.score_row(case["row"])
    found = {column: shown(outcome[column]) for column in case.get("want", {})}
    assert found == case.get("want", {})
    codes = {problem.column: problem.code for problem in outcome.problems}
    assert {column: codes.get(column) for column in case.get("fault", {})} == case.get("fault", {})
    # a table of one row is that row
    names = list(case["row"])
    if all(header in names for each in scheme.inputs for header in each.headers[:1]):
        result = scheme.score([case["row"]])
        assert result.frame == [outcome.figures]


@pytest.mark.parametrize("name", ["bank_quarter"])
def test_worked_figures(name):
    worked = json.loads((CASES / "worked" / f"{name}.json").read_text(encoding="utf-8"))
    assert worked


def bank():
    folder = ROOT / "examples" / "bank_quarter"
    tables = read_csv(folder / "staff-figures.csv"), read_csv(folder / "expected-figures.csv")
    return kaohe.Scheme.load(folder / "scheme-figures.yaml"), *tables


def percent(cell):
    """Tables of the examples write percentages; a cell is a plain number."""
    return str(Decimal(cell[:-1]) / 100) if cell.endswith("%") else cell


def test_bank_quarter():
    scheme, staff, expected = bank()
    people = [{name: percent(cell) for name, cell in person.items()} for person in staff]
    result = scheme.score(people)
    errors = {(each["key"], each["column"]): each["code"] for each in result.errors}
    wrong = []
    for person, figures in zip(expected, result.frame, strict=True):
        for column, want in person.items():
            if column in ("fault", "工号"):
                continue
            found = figures[column]
            if (found is None) != (want == "") or (found is not None and shown(found) != want):
                wrong.append((person["工号"], column, want, found))
        if person["fault"]:
            assert (person["工号"], person["fault"].split(":")[0]) in errors or any(
                key == person["工号"] for key, _ in errors
            )
    assert wrong == []


def test_bank_quarter_cases():
    scheme, *_ = bank()
    results = scheme.run_cases()
    assert len(results) > 10
    assert [each for each in results if each.verdict != "passed"] == []
    assert all(each.figures > 0 for each in results)


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "bad").glob("*.yaml")), ids=lambda path: path.stem)
def test_bad_scheme(path):
    """Every wrong scheme is refused or warned of with a place, in two languages, never with an exception of another kind."""
    text = path.read_text(encoding="utf-8")
    found = kaohe.Scheme.check(text)
    try:
        scheme = kaohe.Scheme.load(path)
    except kaohe.SchemeError as error:
        assert error.diagnostics == found
        assert str(path) in str(error)
        assert "^" in error.render("zh") and error.render("zh") != error.render("en")
    else:
        assert scheme.warnings == found
