"""The shared case tables: the same answers as in Rust and Node, to the last digit, and the same codes."""

import tomllib

import pytest
from conftest import ROOT, shown

import kaohe

CASES = ROOT / "tests" / "cases"


def cases(folder):
    for path in sorted((CASES / folder).glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


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


def groups():
    """The cases of people scored together, some with their answers to exams and the sheets of those who rated them."""
    return [*cases("groups"), *cases("sheets")]


def test_there_are_groups():
    assert len(groups()) > 10


@pytest.mark.parametrize("case", groups())
def test_group(case):
    scheme = kaohe.Scheme.parse(case["scheme"])
    names = {name: None for row in case["rows"] for name in row}
    details = {name: [dict(row) for row in rows] for name, rows in case.get("details", {}).items()}
    sheets = {option: case[option] for option in ("answers", "ratings") if option in case}
    result = scheme.score([names | row for row in case["rows"]], details=details, given=case.get("given"), **sheets)
    key = next(each.name for each in scheme.inputs if each.key)
    found = {row[key]: {column: shown(figure) for column, figure in row.items()} for row in result.frame}
    codes, left_out = {}, {}
    for each in result.errors:
        if each["left_out"] is None:
            codes[each["key"], each["column"]] = each["code"]
        else:
            left_out.setdefault(each["key"], {})[each["column"]] = list(each["left_out"])
    wrong = []
    for part in ("want", "fault"):
        for person, columns in case.get(part, {}).items():
            for column, want in columns.items():
                got = found[person][column] if part == "want" else codes.get((person, column))
                if got != want:
                    wrong.append((person, column, want, got))
    for person in {*case.get("want", {}), *case.get("fault", {}), *case.get("provisional", {})}:
        want, got = case.get("provisional", {}).get(person, {}), left_out.get(person, {})
        if want != got:
            wrong.append((person, "provisional", want, got))
    assert wrong == []


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
