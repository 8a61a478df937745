"""Figures over detail rows and over groups against rational arithmetic: random tables, and not one difference is allowed."""

import datetime
import os
import random
from decimal import Decimal
from fractions import Fraction

import pandas
import polars
import pyarrow
from conftest import told
from formulas import Maker, literal, rounded
from populations import Figure, Person, answer, over_group, over_rows, root

from kaohe import Scheme, SchemeError

#: How many times the ordinary run's work the long run does.
TIMES = 20 if os.environ.get("KAOHE_LONG") else 1
#: The codes of a random formula that is refused for its size or for a constant.
REFUSED = {"K0501", "K0407", "K0604", "K0902", "K0502"}
LIMIT = 10**28
NAMES = ["x", "y"]

SCHEME = """
kaohe: 1
scheme: 例
inputs:
  k: { type: text, key: true }
  g: { type: text }
  h: { type: choice, values: [甲, 乙] }
  x: { type: number, places: 2, min: -100000, max: 100000 }
  y: { type: number, places: 3, min: -100000, max: 100000 }
"""
DETAILS = """
details:
  明细:
    key: k
    columns:
      a: { type: number, places: 2, min: -100000, max: 100000 }
      b: { type: number, places: 1, min: -1000, max: 1000 }
      起: { type: date }
    computed:
      c: { formula: "%s", round: %d }
  网点表:
    key: g
    columns:
      a: { type: number, places: 2, min: -100000, max: 100000 }
      b: { type: number, places: 1, min: -1000, max: 1000 }
      起: { type: date }
"""


def parsed(text):
    """The scheme; nothing when a formula of it is refused for its size."""
    try:
        return Scheme.parse(text)
    except SchemeError as error:
        codes = {each.code for each in error.diagnostics if each.severity == "error"}
        assert codes <= REFUSED, f"{text}\n{error}"
        return None


def cell(dice):
    """Small numbers with many equals, noughts and ties."""
    return dice.choice(
        [
            Fraction(dice.randint(-3, 3)),
            Fraction(dice.randint(-20, 20), 4),
            Fraction(dice.randint(-(10**6), 10**6), 100),
            Fraction(dice.choice([60, 80, 100])),
        ]
    )


def person(dice, at, missing):
    cells = {"k": f"{at:04}", "g": dice.choice(["东", "西", "南", f"独{dice.randrange(5)}"]), "h": dice.choice("甲乙")}
    if dice.random() < missing:
        del cells["h"]
    for name in NAMES:
        if dice.random() >= missing:
            cells[name] = cell(dice)
    return Person(cells)


def detail_row(dice, missing):
    row = {}
    for name, places in (("a", 2), ("b", 1)):
        if dice.random() >= missing:
            row[name] = rounded(cell(dice), places, "half_up") if name == "a" else Fraction(dice.randint(-50, 50), 10)
    if dice.random() >= missing:
        row["起"] = datetime.date(2026, 7, 1) + datetime.timedelta(days=dice.randrange(12))
    return row


def host(dice, rows, columns):
    """Rows as a table of some kind: as dictionaries or lists of numbers, or as a frame of their text."""
    cells = {name: [written(row.get(name)) for row in rows] for name in columns}
    text = {name: [None if each is None else str(each) for each in column] for name, column in cells.items()}
    match dice.randrange(5):
        case 0:
            return [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
        case 1:
            return cells
        case 2:
            return pandas.DataFrame(text)
        case 3:
            return polars.DataFrame(text)
    return pyarrow.table(text)


def written(value):
    return Decimal(literal(value).text) if isinstance(value, Fraction) else value


def published(value, places):
    """What comes out of a value at its places; without any, twelve."""
    if not isinstance(value, Fraction):
        return value
    if places is not None:
        value = rounded(value, places, "half_up")
    at = 12 if places is None else places
    value = rounded(value, at, "half_up")
    return "K0908" if abs(value * 10**at) >= LIMIT else value


def differences(wanted, result, left_out=None):
    """What is not as it is wanted; `wanted`: for each column a figure, or the code of its fault, for each person."""
    frame, errors = result.to_arrow().to_pydict(), told(result)
    codes = {(each["key"], each["column"]): each["code"] for each in errors if each["code"] != "K0927"}
    beside = {(each["key"], each["column"]): list(each["left_out"]) for each in errors if each["code"] == "K0927"}
    wrong = []
    for column, figures in wanted.items():
        for key, want, got in zip(frame["k"], figures, frame[column], strict=True):
            got = codes.get((key, column)) if got is None else Fraction(got)
            if got != want:
                wrong.append((column, key, want, got))
            if left_out is not None:
                want, got = left_out[column][int(key)], beside.get((key, column), [])
                if want != got:
                    wrong.append((column, key, "left out", want, got))
    return wrong


def test_detail_rows():
    figures, faults, made, wrong = 0, 0, 0, []
    for seed in range(220 * TIMES):
        dice = random.Random(f"details {seed}")
        inner, places = Maker(dice, ["a", "b", "x"]).number(dice.choice([1, 2])), dice.choice([0, 1, 2])
        columns: dict[str, tuple[Figure, int | None]] = {}
        for at in range(4):
            figure = over_rows(dice, "明细", ["a", "b", "c"] if dice.random() < 0.5 else ["a", "b"], NAMES)
            columns[f"列{at}"] = (figure, dice.choice([None, 0, 2, 4]))
        columns["列4"] = (over_rows(dice, "网点表", ["a", "b"], NAMES), None)
        columns["列5"] = (sum_of(columns["列0"][0], over_rows(dice, "明细", ["b", "a"], NAMES)), 3)
        text = SCHEME + DETAILS % (inner.text, places) + "computed:\n"
        for name, (figure, round_) in columns.items():
            text += f'  {name}: {{ formula: "{figure.text}"' + ("" if round_ is None else f", round: {round_}") + " }\n"
        made += 1
        scheme = parsed(text)
        if scheme is None:
            continue
        missing = dice.choice([0, 0, 0.03])
        people = [person(dice, at, missing) for at in range(40)]
        own = {each.cells["k"]: [detail_row(dice, missing) for _ in range(dice.choice([0, 1, 1, 2, 3, 6]))] for each in people}
        shared = {each.cells["g"]: [] for each in people}
        for rows in shared.values():
            rows += [detail_row(dice, missing) for _ in range(dice.choice([0, 1, 3]))]
        for each in people:
            each.details = {
                "明细": [row | computed(row, each, inner, places) for row in own[each.cells["k"]]],
                "网点表": shared[each.cells["g"]],
            }
        listed = [row | {"k": key} for key, rows in own.items() for row in rows]
        by_branch = [row | {"g": key} for key, rows in shared.items() for row in rows]
        details = {
            "明细": host(dice, listed, ["k", "a", "b", "起"]),
            "网点表": host(dice, by_branch, ["a", "起", "g", "b"]),
        }
        result = scheme.score(
            host(dice, [each.cells for each in people], ["k", "g", "h", "x", "y"]), details=details, threads=1 + seed % 2
        )
        wanted = {
            name: [published(answer(lambda: figure.value(each)), round_) for each in people]
            for name, (figure, round_) in columns.items()
        }
        figures += sum(map(len, wanted.values()))
        faults += sum(isinstance(each, str) for column in wanted.values() for each in column)
        wrong += [(text, each) for each in differences(wanted, result)]
        assert wrong[:3] == []
        # one person alone, whose rows need no key
        alone = people[seed % len(people)]
        outcome = scheme.score_row(
            {name: written(each) for name, each in alone.cells.items()},
            details={
                "明细": [{name: written(row.get(name)) for name in ("a", "b", "起")} for row in own[alone.cells["k"]]],
                "网点表": [{name: written(row.get(name)) for name in ("a", "b", "起")} for row in alone.details["网点表"]],
            },
        )
        codes = {problem.column: problem.code for problem in outcome.problems}
        for name, column in wanted.items():
            got = codes.get(name) if outcome[name] is None else Fraction(outcome[name])
            assert got == column[seed % len(people)], (text, name)
    # hardly any is refused; most figures have a value, some have none
    assert figures > 40_000 * TIMES and figures > made * 240 * 0.85
    assert 0 < faults < figures / 2


def computed(row, person, inner, places):
    """The column that is computed of each row; none where it has a fault, which whoever reads it is told."""
    value = answer(lambda: rounded(inner.value(person.cells | row), places, "half_up"))
    return {} if isinstance(value, str) else {"c": value}


def sum_of(first, second):
    return Figure(f"({first.text}) + ({second.text})", lambda person: first.value(person) + second.value(person))


def test_groups():
    figures, faults, provisional, made, wrong = 0, 0, 0, 0, []
    for seed in range(260 * TIMES):
        dice = random.Random(f"groups {seed}")
        columns = {f"列{at}": over_group(dice, NAMES, ["g", "h"]) for at in range(6)}
        text = SCHEME + "computed:\n" + "".join(f'  {name}: "{figure.text}"\n' for name, figure in columns.items())
        made += 1
        scheme = parsed(text)
        if scheme is None:
            continue
        missing = dice.choice([0, 0, 0.02])
        people = [person(dice, at, missing) for at in range(dice.choice([1, 7, 60, 60]))]
        table = host(dice, [each.cells for each in people], ["k", "g", "h", "x", "y"])
        result = scheme.score(table, threads=1 + seed % 3)
        found = {name: figure.values(people) for name, figure in columns.items()}
        wanted = {name: [published(value, None) for value, _ in each] for name, each in found.items()}
        left_out = {name: [[f"{at:04}" for at in sorted(rest)] for _, rest in each] for name, each in found.items()}
        figures += sum(map(len, wanted.values()))
        faults += sum(isinstance(each, str) for column in wanted.values() for each in column)
        provisional += sum(bool(each) for column in left_out.values() for each in column)
        wrong += [(text, each) for each in differences(wanted, result, left_out)]
        assert wrong[:3] == []
    assert figures > 35_000 * TIMES
    assert 0 < faults < figures / 4 and provisional > 200


def test_one_third_is_two_sixths():
    """Equal quotients are equals, whatever their digits, and unequal ones are not, however near."""
    scheme = Scheme.parse("""
kaohe: 1
scheme: 例
inputs: { k: { type: text, key: true }, x: { type: number, whole: true }, y: { type: number, whole: true, above: 0 } }
computed: { place: rank(x / y asc ties min) }
""")
    pairs = [(1, 3), (2, 6), (333333333333333, 1000000000000000), (333333333333334, 1000000000000000), (1000000, 3000000),
             (3333333333333333, 9999999999999999), (3333333333333332, 9999999999999999)]  # fmt: skip
    rows = [{"k": str(at), "x": x, "y": y} for at, (x, y) in enumerate(pairs)]
    found = [int(row["place"]) for row in scheme.score(rows).frame]
    ratios = [Fraction(x, y) for x, y in pairs]
    assert found == [1 + sum(other < own for other in ratios) for own in ratios]


def test_the_root_of_the_oracle():
    assert root(Fraction(4)) == 2 and root(Fraction(2)) == Fraction(1414213562373, 10**12)
    # on a tie, and a hair below it
    assert root(Fraction(5, 10**13) ** 2) == Fraction(1, 10**12)
    assert root(Fraction(5, 10**13) ** 2 - Fraction(1, 10**40)) == 0
